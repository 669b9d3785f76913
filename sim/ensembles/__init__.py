"""Many histories of a debate, counted: batches that are played anywhere and add up to the same bits.

May use `model` and what is below. Open `batch` first: what is counted of an ensemble. `summary` counts in the compiled
core, `branches` plays once what several worlds have in common, `executor` plays any work in threads or on a cluster,
`checkpoint` stores what is worked out, and `ensemble` turns the counts into tables.
"""

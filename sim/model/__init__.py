"""The model: a debate as arrays, the rules, and what each moment of the timeline does to a history.

May use `errors` and `scenario`. Open `dynamics` first: it plays the moments in their order, on the
tables of `plan` that `arrays` fills, with the random numbers of `random_streams` and the draws of `priors`. `state` is
what it changes, `attendance` says who is there, `movement` moves stances, `ballots` decides. `rules` has one file a
family of rules; `jit` says what is compiled and where it is kept, `compiler` how; `history` plays one
history, `transcript` tells it, `mesa_model` shows it to Mesa.
"""

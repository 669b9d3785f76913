"""What if: a debate and the same debate with a few differences, played in pairs on common random numbers and compared.

`comparison.py` comes first: `whatif` and the tables of its result. Below it, `pair.py` says what corresponds to what in
the two worlds, and `paired_dynamics.py` plays them. `headline.py` and `extrapolation.py` put a comparison into words,
`overview.py` compares many what-ifs with one base. May use the ensembles and what is below them; does not know analysis
or calibration.
"""

"""How fast the ensemble is beside what people use today, measured in one run on one machine.

`make bench` installs the peers, measures, and writes results.md, results.json and the picture; the reading order:

    committee       the test debate, as numbers for everybody and as a scenario for this program
    endings         what histories come to, and the check that all play the same debate
    with_ensemble, with_numpy, with_mesa, with_agentpy, with_ndlib     who plays it
    rounds          timing, everybody in turn in every round
    inside          where the ensemble's time goes, moment by moment; the share of random numbers
    machine         its name, and the most that its arithmetic can do
    growth, memory  with histories and with members
    whole           a whole command, with each of its numbers
    page, picture   the table and the figure
"""

"""What pairing is worth: intervals of two worlds with the same random numbers against two with numbers of their own.

`python -m benchmarks.pairs [RUNS]` prints, for each shipped what-if, how many times narrower the paired interval of a
difference is than the unpaired one of the same size: for mean stances (of those that differ), and for decisions.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas

import sim
from sim.counterfactuals.comparison import Comparison, standard_error
from sim.counterfactuals.paired_dynamics import BASE, DIFFERENCE, OTHER


def of_stances(compared: Comparison) -> pandas.Series:
    """By date and member, how many times narrower; only where the worlds differ at all."""
    table = compared.precision
    table = table[(table.member != "") & (table.paired > 0)]
    return table.unpaired / table.paired


def of_decisions(compared: Comparison) -> np.ndarray:
    """By decision that flips in any history, how many times narrower."""
    error = standard_error(compared.tally["ballot_mean"], compared.tally["ballot_square"], compared.draws)
    moved = error[:, DIFFERENCE] > 0
    return np.asarray(np.hypot(error[moved, BASE], error[moved, OTHER]) / error[moved, DIFFERENCE])


def measured(runs: int) -> pandas.DataFrame:
    """A row a what-if: how many times narrower, the least, the median and the most over dates and members."""
    debate, rows = sim.load("monopoly-1922"), []
    for name in sim.whatif_names():
        compared = sim.whatif(debate, name, runs=runs)
        stances, decisions = of_stances(compared), of_decisions(compared)
        rows.append(
            {
                "what_if": name,
                "least": stances.min(),
                "in_twenty": stances.quantile(0.05),
                "median": stances.median(),
                "most": stances.max(),
                "decisions_least": decisions.min() if decisions.size else np.nan,
                "decisions_most": decisions.max() if decisions.size else np.nan,
            }
        )
    return pandas.DataFrame(rows)


if __name__ == "__main__":
    sys.stdout.write(measured(int(sys.argv[1]) if sys.argv[1:] else 2_000).round(2).to_string(index=False) + "\n")

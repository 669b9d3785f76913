"""Why a decision falls as it does: causes, tipping points, power, sensitivity, influence, polarisation.

One file is one question: `attribution.py` (with `causes.py`, `shapley.py`), `tipping_points.py` (with `inputs.py`),
`power.py` (with `power_indices.py`, `pivotal_votes.py`), `sensitivity.py`, `influence.py`, `polarisation.py`. Each has
a public function of that name, a result with tables, and the work that the executor plays; `outcomes.py` plays many
variants of a debate. Open `attribution.py` first. May use the ensembles and what is below them; does not know
counterfactuals or calibration.
"""

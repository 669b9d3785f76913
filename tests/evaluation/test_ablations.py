"""The model without a part: what is taken out, what stays, and what cannot be taken out by itself."""

from __future__ import annotations

import pytest

import sim
from sim.ensembles.executor import play_runs
from sim.evaluation import ablations
from sim.evaluation.ablations import ABLATIONS, DEFERENCE, LETTERS, TALK
from tests.debates import ballot, debate
from tests.evaluation.test_baselines import lively


@pytest.mark.parametrize("name", ABLATIONS)
def test_what_is_fitted_anew_and_what_is_played_unfitted_are_one_model(name: str) -> None:
    """The debate without a part plays, count by count, as the debate with the part's parameters held at zero."""
    scenario = lively()
    held = play_runs(scenario, 64, seed=3, fixed=ablations.off(scenario, name))
    written = play_runs(ablations.without(scenario, name), 64, seed=3)
    whole = play_runs(scenario, 64, seed=3)
    assert all((held[one] == written[one]).all() for one in held.arrays)
    assert any((held[one] != whole[one]).any() for one in held.arrays)


@pytest.mark.parametrize("name", sim.shipped())
def test_every_part_of_a_shipped_debate_can_be_taken_out_or_it_is_said_why_not(name: str) -> None:
    """Deference, letters and talk; what a debate lacks is named as that."""
    scenario = sim.load(name)
    for ablation in ABLATIONS:
        if ablation == DEFERENCE and scenario.debate.dynamics.deference is None:
            with pytest.raises(ValueError, match="there is none in this debate"):
                ablations.without(scenario, ablation)
        else:
            changed = ablations.without(scenario, ablation).debate.parameters
            assert all(changed[one].value == 0 for one in ablations.off(scenario, ablation))


def test_a_part_that_is_not_there_or_shares_a_number_is_no_candidate() -> None:
    """Without letters there is nothing to take out; a number with a second use would take that away, too."""
    scenario = debate({"ann": 1.0, "bob": 0.0}, ballot("vote", 1, 0, 1))
    with pytest.raises(ValueError, match="there is none"):
        ablations.without(scenario, LETTERS)
    shared = lively().with_changes({"set": "dynamics.letters.receptiveness", "to": "openness"})
    with pytest.raises(ValueError, match="'openness' is used for more than that"):
        ablations.without(shared, TALK)

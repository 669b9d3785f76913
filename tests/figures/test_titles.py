"""Titles of figures that are drawn from a table alone: true at ties, at the edges, and of what is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.counterfactuals.title import what_is_different
from sim.figures import overlaps
from sim.figures.charts import candidates, overview, posterior, power, scores, sensitivity
from sim.figures.charts.event_lanes import clusters
from sim.figures.data import Names, one_outcome, those
from sim.figures.labels import names_of
from sim.results.labels import decision_name
from sim.web.view.debate import moments
from tests.debates import ballot, debate, letter

NAMES = Names("A debate", {"ann": "Ann", "bob": "Bob", "cat": "Cat", "dan": "Dan"}, {"motion": "The motion"})


def test_names_in_a_sentence_are_at_most_three() -> None:
    """One, two or three names are written; of more it is said how many there are."""
    assert [those(["Ann", "Bob", "Cat", "Dan"][:n]) for n in (1, 2, 3, 4)] == [
        "Ann", "Ann and Bob", "Ann, Bob and Cat", "4 members",
    ]  # fmt: skip


def test_that_all_outcomes_are_the_same_is_said() -> None:
    """One outcome alone on record is named; two kinds, or none, are not."""
    assert one_outcome(["carried", "carried"]) == " All outcomes on record are “carried”."
    assert one_outcome(["carried", "rejected"]) == one_outcome([]) == ""


def test_letters_of_few_days_are_one_mark() -> None:
    """Days nearer to the one before than the bound are together, however many; others are apart."""
    assert clusters([20.0, 1.0, 3.0, 5.0], 3.0) == [[1.0, 3.0, 5.0], [20.0]]
    assert clusters([], 3.0) == []


def powers(formal: list[float], influence: list[float]) -> pd.DataFrame:
    """Members with these powers, each with a vote if they have formal power."""
    members = ["ann", "bob", "cat", "dan"][: len(formal)]
    table = pd.DataFrame({"member": members, "shapley_shubik": formal, "banzhaf": formal, "influence": influence})
    return table.assign(votes=[float(share > 0) for share in formal], pivotal=0.1, leverage=0.1)


@pytest.mark.parametrize(
    ("formal", "influence", "said"),
    [
        ([0.25] * 4, [0.1, 0.3, 0.2, 0.1], "by the rules each vote has 25.0 % of the power; most influence: Bob "
         "(0.300)"),
        ([0.4, 0.4, 0.2], [0.1, 0.1, 0.1], "most formal power: Ann and Bob (40.0 %); most influence: Ann, Bob and Cat "
         "(0.100)"),
        ([1.0, 0.0], [0.0, 0.0], "by the rules the one vote has 100.0 % of the power; nobody has influence to be seen"),
    ],
)  # fmt: skip
def test_nobody_is_said_to_have_most_power_where_others_have_as_much(
    formal: list[float], influence: list[float], said: str
) -> None:
    """Equal votes are said to be equal, and all who share the first place are named."""
    assert power.title_of(powers(formal, influence), "Board", NAMES) == f"Board: {said}"


def test_people_alike_are_one_row_of_power() -> None:
    """Their bar is the mean, with the least and the most beside it; what is the same for all is not drawn."""
    names = Names("A debate", NAMES.members, {}, "", {"cat": "Cat and 1 alike", "dan": "Cat and 1 alike"})
    rows = power.rows_of(powers([0.25] * 4, [0.4, 0.3, 0.2, 0.1]), names).set_index("label")
    assert list(rows.index) == ["Ann", "Bob", "Cat and 1 alike"]
    assert rows.loc["Cat and 1 alike", ["influence_min", "influence_mean", "influence_max"]].tolist() == pytest.approx(
        [0.1, 0.15, 0.2]
    )
    written = [text.get_text() for text in power.power(powers([0.25] * 4, [0.4, 0.3, 0.2, 0.1]), "Board", names).texts]
    assert not any("by the rules alone" in text for text in written if text != written[1])


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["better", "not-told-apart"], "does better than 1 of 2 baselines and cannot be told apart from 1"),
        (["worse"], "does worse than 1 of one baseline"),
        ([], "has no baseline to be compared with"),
    ],
)
def test_a_score_is_told_baseline_by_baseline(verdicts: list[str], said: str) -> None:
    """The title counts baselines by what can be told of the model beside each."""
    title = scores.title_of(pd.DataFrame({"verdict": verdicts}), "One step ahead")
    assert title == f"One step ahead, the model {said}"


def rivals(*differences: float) -> pd.DataFrame:
    """The own model and others with these differences of log evidence."""
    return pd.DataFrame({"label": ["own way", "b", "c"][: len(differences) + 1], "difference": [0.0, *differences],
                         "is_own": [True] + [False] * len(differences)})  # fmt: skip


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ((0.0, -1.0), "The record cannot tell 3 candidate models apart: under none is it 20 times less probable "
         "than under the best (own way, the own)"),
        ((1.0, -4.0), "The record tells against 1 of 3 candidate models, and cannot tell the others from the best "
         "(b)"),
        ((math.nan, -1.0), "The record cannot tell 2 candidate models apart: under none is it 20 times less probable "
         "than under the best (own way, the own)"),
    ],
)  # fmt: skip
def test_candidates_are_told_apart_by_strong_evidence_alone(differences: tuple[float, ...], said: str) -> None:
    """The own model stands before others as good, and candidates of other data are not counted."""
    assert candidates.title_of(rivals(*differences), 20.0) == said


def indices(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Total orders by decision and parameter."""
    table = pd.DataFrame(rows, columns=["decision", "parameter", "total_order"])
    return table.assign(measure="carried", first_order=0.1, total_order_error=0.1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("a", "x-y", 0.6), ("a", "z", 0.4), ("b", "x-y", 0.5), ("b", "z", 0.1)),
         "Of what is assumed, x y matters most for the outcome of 2 of 2 decisions"),
        ((("a", "x-y", 0.6), ("a", "z", 0.4), ("b", "x-y", 0.1), ("b", "z", 0.5)),
         "Of what is assumed, x y and z matter most for the outcome of 1 each of 2 decisions"),
        ((("a", "x-y", math.nan),), "No decision is seen to hang on any of the assumed ranges"),
    ],
)  # fmt: skip
def test_what_matters_most_is_counted_over_decisions(rows: tuple[tuple[str, str, float], ...], said: str) -> None:
    """The parameter with the largest part in most decisions, with all that have it in as many."""
    assert sensitivity.title_of(indices(*rows)) == said


def changes(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Changes of decisions by what-if."""
    table = pd.DataFrame(rows, columns=["what_if", "decision", "difference"])
    more = {"title": table["what_if"], "put": 1.0, "carried": 0.5, "carried_other": 0.5 + table["difference"]}
    return table.assign(date=pd.Timestamp("1922-10-06"), **more)


def test_what_ifs_are_ordered_by_their_effect() -> None:
    """The what-if that changes a decision most comes first, and a decision that none changes has no column."""
    table = changes(("a", "motion", -0.1), ("a", "idle", 0.0), ("b", "motion", 0.3), ("b", "idle", 0.001),
                    ("b", "own", 0.9))  # fmt: skip
    what_ifs, decisions, own = overview.shown(table)
    assert (what_ifs, decisions, list(own["decision"])) == (["b", "a"], ["motion"], ["own"])
    assert overview.title_of(changes(("a", "motion", 0.0)), NAMES).startswith("None of these what-ifs changes")


MANY = [f"motion-{number}" for number in range(300)]


def foretold() -> Figure:
    """Two predictors of many decisions."""
    predictions = pd.DataFrame({
        "predictor": ["fitted"] * 300 + ["coin"] * 300, "decision": MANY * 2, "outcome": "carried",
        "probability": [number / 300 for number in range(300)] + [0.5] * 300,
    })  # fmt: skip
    totals = pd.DataFrame({"predictor": ["fitted", "coin"], "label": ["Fitted", "A coin"], "log_score": [-1.0, -2.0]})
    return scores.scores(predictions, totals, "A title", "fitted", NAMES)


def hanging() -> Figure:
    """Many decisions that hang on a number."""
    table = indices(*((motion, "sharpness", number / 300) for number, motion in enumerate(MANY)))
    return sensitivity.sensitivity(table.assign(first_order=0.1, total_order_error=0.01), NAMES)


def changed() -> Figure:
    """A what-if that changes many decisions."""
    table = changes(*(("a", motion, number / 300) for number, motion in enumerate(MANY)))
    table = table.assign(title="Another world", low=0.0, high=1.0, carried=0.5, carried_other=0.6)
    end = pd.DataFrame({"what_if": ["a"], "mean": 1.0, "difference": 0.1, "low": 0.0, "high": 0.2})
    return overview.overview(table, end, NAMES)


@pytest.mark.parametrize("draw", [foretold, hanging, changed])
def test_of_many_decisions_the_columns_that_say_most_are_drawn(draw: Callable[[], Figure]) -> None:
    """Of 300 decisions twelve have a column that can be read, and it is said how many there are and which these are."""
    figure = draw()
    written = " ".join(text.get_text().replace("\n", " ") for text in figure.texts)
    assert "Of 300 decisions the 12 are shown that" in written
    shown = range(12) if draw is foretold else range(288, 300)
    assert all(f"motion {number}" in written for number in shown)
    assert overlaps(figure) == []


def learnt(*gains: float) -> pd.DataFrame:
    """Parameters of which so much was learnt."""
    return pd.DataFrame({"kind": "parameter", "name": ["x-y", "z", "w"][: len(gains)], "information_gain": gains})


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ((1.5, 0.2, 0.0), "The record says most of x y (1.5 bits), and hardly anything of 1 of 3 parameters"),
        ((1.5, 1.5, 0.2), "The record says most of x y and z (1.5 bits)"),
        ((0.0, 0.0), "The record says hardly anything of any of these numbers"),
    ],
)
def test_what_was_learnt_most_is_named(gains: tuple[float, ...], said: str) -> None:
    """All parameters of which most was learnt, as written; nothing learnt is said to be so."""
    assert posterior.title_of(learnt(*gains), NAMES) == said


def test_a_moment_is_called_by_its_title() -> None:
    """What the file calls a ballot or a letter, figures, answers and the page call it, too; else its id is its name."""
    world = debate(
        {"ann": 0.2, "bob": 0.7},
        letter("note", "ann", ["bob"], 0.5, 1, title="Ann's great note"),
        ballot("vote-of-may", 1, 0, 2, title="The vote of all votes"),
        ballot("later-vote", 1, 0, 3),
    )
    names = names_of(world)
    assert names.ballots == {"vote-of-may": "The vote of all votes", "later-vote": "Later vote"}
    assert decision_name(world.debate, "vote-of-may") == "The vote of all votes"
    assert [moment["title"] for moment in moments(world)][:2] == ["Ann's great note", "The vote of all votes"]
    assert what_is_different(world, world.with_changes({"remove": "note"})) == "Without “Ann's great note”"

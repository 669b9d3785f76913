"""The figures of what-ifs and of what explains a decision can be read, and their titles say what is drawn."""

from __future__ import annotations

import functools

import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim
from sim import figures
from sim.analysis import tipping_points
from sim.analysis.power import power
from sim.counterfactuals.overview import overview
from sim.figures import overlaps, save
from sim.figures.charts import tipping, two_worlds, waterfall
from sim.figures.charts.tipping import Scale
from sim.figures.data import Names
from sim.figures.labels import names_of
from sim.figures.style import heading
from sim.scenario.library import what_ifs_of

NAMES = Names("A debate", {"lenin": "Lenin"}, {"motion": "The motion"})


@functools.cache
def drawn(name: str) -> Figure:
    """A figure of the shipped debate, from a few histories."""
    debate = sim.load("monopoly-1922", prior=True)
    if name == "whatif":
        return figures.worlds(sim.whatif(debate, "lenin-in-the-room", runs=128, title="Lenin in the room"))
    if name == "nothing":
        same = debate.with_changes({"set": "lenin-letter-1922-10-13.strength", "to": 4})
        return figures.worlds(sim.whatif(debate, same, runs=64))
    if name == "overview":
        return figures.overview(overview(debate, what_ifs_of("monopoly-1922"), runs=64))
    if name == "attribution":
        return figures.waterfall(sim.attribute(debate, causes=("letters:lenin", "deference", "krasin-*"), runs=64))
    if name == "tipping":
        return figures.tipping(tipping_points.tipping(debate, ["deference-weight"], "may-confirmation", runs=64))
    if name == "dates":
        return figures.tipping(
            tipping_points.tipping(debate, ["lenin-letter-1922-10-13.date"], "october-deferral", runs=64)
        )
    if name == "map":
        pair = ("lenin-letter-1922-05-15.strength", "deference-weight")
        return figures.map(tipping_points.tipping(debate, pair, "may-confirmation", runs=16))
    return figures.power(power(debate, "central-committee" if name == "power" else "congress-12", runs=16))


EVERY = ("whatif", "nothing", "overview", "attribution", "tipping", "dates", "map", "power", "many")


@pytest.mark.parametrize("name", EVERY)
def test_no_label_runs_into_another_or_off_the_sheet(name: str) -> None:
    """Every word of every figure of the shipped debate can be read."""
    assert overlaps(drawn(name)) == []


@pytest.mark.parametrize("name", ["whatif", "overview", "attribution", "tipping", "map", "power"])
def test_the_same_figure_gives_the_same_bytes(name: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A figure saved twice is the same file."""
    one, two = (save(drawn(name), tmp_path / number, ["svg", "png"]) for number in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def decisions(difference: float) -> pd.DataFrame:
    """One decision that is carried in half of the histories here."""
    return pd.DataFrame({"decision": ["motion"], "carried": [0.5], "carried_other": [0.5 + difference],
                         "difference": [difference]})  # fmt: skip


def test_a_title_says_which_decision_differs_most() -> None:
    """The numbers of the title are those of the table; where nothing differs it says so."""
    said = two_worlds.title_of(decisions(-0.2), "No letter", NAMES)
    assert said == "The motion is put and carried in 50 % of histories as it was, in 30 % with “No letter”"
    assert two_worlds.title_of(decisions(0.0), "No letter", NAMES).startswith("Nothing is decided differently")
    assert heading(drawn("nothing")).startswith("Nothing is decided differently")


ENDS = "20 % without any of these causes, 50 % with all"


def contributions(*values: float) -> pd.DataFrame:
    """Causes with these contributions, the first that of Lenin's letters."""
    causes = ["letters of lenin", "deference", "absences of lenin"][: len(values)]
    return pd.DataFrame({"cause": causes, "contribution": values})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((-0.125, 0.1), f"{ENDS}; the most is due to letters of Lenin, −12.5 points"),
        ((0.15, 0.15), f"{ENDS}; the most is due to letters of Lenin and deference, +15.0 points each"),
        ((0.0, 0.0), "none of these causes has any part in it"),
    ],
)  # fmt: skip
def test_the_title_of_a_waterfall_is_its_largest_bars(values: tuple[float, ...], said: str) -> None:
    """The largest contribution with its sign, of all who share it, and members by their names."""
    assert waterfall.title_of(contributions(*values), (0.2, 0.5), "The motion", True, NAMES) == f"The motion: {said}"


@pytest.mark.parametrize(
    ("at", "ends", "said"),
    [
        (0.5, (0.4, 0.6), "The motion is even at sharpness 0.50 (95 %: 0.40 to 0.60); the debate has 1.00"),
        (0.5, (float("-inf"), 0.6), "The motion is even at sharpness 0.50 (95 %: beyond to 0.60); the debate has 1.00"),
        (
            float("nan"),
            (float("nan"), float("nan")),
            "The motion turns nowhere in the range of sharpness; the debate has 1.00",
        ),
    ],
)
def test_the_title_of_a_curve_is_where_it_turns(at: float, ends: tuple[float, float], said: str) -> None:
    """Value and interval, an open end as such; or that it turns nowhere; and where the debate is."""
    assert tipping.title_of("The motion", Scale("sharpness", "", 1.0), at, ends) == said


def test_days_are_written_as_days() -> None:
    """A lever that is a date has dates on its axis."""
    assert Scale("date of a letter", "", 0.0, is_day=True).shown(pd.Timestamp("1922-10-06").toordinal()) == "1922-10-06"


def test_names_are_the_labels_of_the_file() -> None:
    """Members by their labels, ballots by their ids in words, in both worlds."""
    debate = sim.load("monopoly-1922")
    names = names_of(debate, debate.with_changes("frumkin-compromise-in-may"))
    assert names.member("lenin") == "Lenin"
    assert names.ballot("frumkin-compromise") == "Frumkin compromise"
    assert names.cause("letters:lenin") == "letters of Lenin"

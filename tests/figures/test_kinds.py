"""Every kind of figure, from the results of its command: it can be read in print, and says what it rests on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import matplotlib
import pytest
from matplotlib.figure import Figure

import sim
from sim import figures
from sim.analysis import tipping_points
from sim.analysis.power import power
from sim.counterfactuals.overview import overview
from sim.figures import KINDS, encoded, overlaps
from sim.scenario.library import what_ifs_of
from tests.evaluation.test_model_comparison import divided

#: The width of a printed page in millimetres, the least that can be read on it in points, and an inch in millimetres.
PAGE, LEAST, INCH = 183.0, 6.0, 25.4
#: Little work for a fit.
EFFORT = sim.Effort(particles=64, independent_runs=1)


def sunday() -> sim.Scenario:
    """The small shipped debate."""
    return sim.load("library-sunday", prior=True)


def all_what_ifs() -> Any:
    """The shipped what-ifs of the first debate."""
    return overview(sim.load("monopoly-1922", prior=True), what_ifs_of("monopoly-1922"), runs=16)


@functools.cache
def replayed() -> sim.Replay:
    """A replay of the small debate."""
    return sim.replay(sunday(), 64)


@functools.cache
def scored() -> sim.Score:
    """The score of a debate with something to learn."""
    return sim.score(divided(), 1, EFFORT)


#: Results from which each kind can be drawn.
MADE: dict[str, Callable[[], Any]] = {
    **dict.fromkeys([name for name, kind in KINDS.items() if kind.command == "replay"], replayed),
    "worlds": lambda: sim.whatif(sunday(), sunday().with_changes({"remove": "eve-writes"}), runs=64),
    "overview": all_what_ifs,
    "waterfall": lambda: sim.attribute(sunday(), runs=64),
    "tipping": lambda: tipping_points.tipping(sunday(), ["openness"], runs=64),
    "map": lambda: tipping_points.tipping(sunday(), ["openness", "sharpness"], runs=16),
    "power": lambda: power(sunday(), "committee", runs=16),
    "posterior": lambda: sim.calibrate(divided(), 1, EFFORT),
    **dict.fromkeys(["scores", "differences"], scored),
    "candidates": lambda: sim.compare(divided(), 1, EFFORT),
    "sensitivity": lambda: sim.sensitivity(divided(), 16, 4),
}


@functools.cache
def drawn(name: str) -> Figure:
    """The figure of a kind, from few histories."""
    return getattr(figures, name)(MADE[name]())


def texts(figure: Figure) -> list[matplotlib.text.Text]:
    """What is written on a figure."""
    found = figure.findobj(matplotlib.text.Text)
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def test_every_kind_is_here() -> None:
    """No kind of figure is left out below."""
    assert set(MADE) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_all_can_be_read_on_a_printed_page(name: str) -> None:
    """Printed 183 mm wide, no text is smaller than 6 points; none runs into another or off the sheet."""
    figure = drawn(name)
    scale = PAGE / INCH / figure.get_figwidth()
    assert min(text.get_fontsize() for text in texts(figure)) * scale >= LEAST
    assert overlaps(figure) == []


@pytest.mark.parametrize("name", KINDS)
def test_it_says_what_it_rests_on(name: str) -> None:
    """Fitted or not, how much was played or drawn, and the seed stand under the title."""
    written = " ".join(text.get_text().replace("\n", " ") for text in texts(drawn(name)))
    assert "Basis: " in written
    assert "fitted" in written.split("Basis: ")[1].split(";")[0]
    assert ", seed 19" in written or ", seed 1." in written


@pytest.mark.parametrize("name", ["stances", "worlds"])
def test_a_figure_shows_itself_in_a_notebook(name: str) -> None:
    """What a notebook shows of a figure, without a word about backends, is the file that would be written."""
    assert drawn(name)._repr_png_() == encoded(drawn(name), "png")

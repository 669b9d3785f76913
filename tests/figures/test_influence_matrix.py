"""Who moved whom, drawn: a matrix whose rows add up, and the strongest ties as a network."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text

from sim import figures
from sim.figures import Picture
from sim.figures.charts.influence_matrix import CHANCE, OTHERS, SELF, WHOLE, Ties, matrix
from sim.figures.charts.influence_network import MOST_TIES, network_ties
from sim.figures.data import COLUMNS
from sim.figures.style import HIGH_SIDE, LOW_SIDE, side_colour
from sim.figures.text import percent
from tests.pictures import PICTURES, SHIPPED, picture, shown, title


def moved(*rows: tuple[str, str, str, float]) -> Picture:
    """Three people and these moves: channel, mover, member, net."""
    whole = [(channel, mover, member, net, net, net, abs(net)) for channel, mover, member, net in rows]
    table = pd.DataFrame(whole, columns=list(COLUMNS["influence"]))
    return dataclasses.replace(picture(members=3, named=2), influence=table)


class TestMatrix:
    """The matrix."""

    @pytest.mark.parametrize("data", PICTURES)
    def test_a_row_adds_up_to_its_last_column(self, data: str) -> None:
        """In every row the movers, the own first view and chance add up to the whole move."""
        cells = matrix(PICTURES[data]())
        np.testing.assert_allclose(cells.drop(columns=WHOLE).sum(axis=1), cells[WHOLE], atol=1e-9)

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_it_holds_all_moves_of_a_shipped_debate(self, scenario: str, evidence: str) -> None:
        """Rows of one person have his move from first to last, and each mover's cells are those of the table."""
        drawn = shown(scenario, evidence)
        cells, table = matrix(drawn), drawn.table("influence")
        for member in drawn.members.loc[drawn.members["named"], "member"]:
            own = table[table["member"] == member]
            row = cells.loc[drawn.label(member)]
            assert row[WHOLE] == pytest.approx(own["net"].sum(), abs=1e-9)
            for mover in set(own["mover"]) - {member, ""}:
                if drawn.label(mover) in cells.columns:
                    both = own[(own["mover"] == mover)]["net"].sum()
                    assert row[drawn.label(mover)] == pytest.approx(both, abs=1e-9)

    @pytest.mark.parametrize("data", PICTURES)
    def test_there_is_a_box_for_every_cell(self, data: str) -> None:
        """As many boxes and numbers are drawn as the table has cells, each on its side's hue."""
        drawn = PICTURES[data]()
        cells = matrix(drawn)
        (axes,) = figures.influence(drawn).axes
        boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        assert len(boxes) == len(axes.texts) == cells.size

    def test_a_cell_says_how_far_and_which_way(self) -> None:
        """A cell's number has a sign, and its colour is that of the side moved to; nothing is a dot."""
        drawn = moved(("letter", "m0", "m1", 0.5), ("talk", "m1", "m0", -0.25), ("conviction", "m1", "m1", -0.1))
        (axes,) = figures.influence(drawn).axes
        said = [text.get_text() for text in axes.texts]
        for number in ("+0.50", "\N{MINUS SIGN}0.25", "\N{MINUS SIGN}0.10", "·"):
            assert number in said
        # The last column, the whole move, has no hue.
        hues = {
            t.get_text(): box.get_facecolor()
            for t, box in zip(axes.texts, axes.patches, strict=True)
            if box.get_x() < 4
        }
        green, ochre = hues["+0.50"], hues["\N{MINUS SIGN}0.25"]
        assert green[1] > green[0]
        assert ochre[0] > ochre[2]

    def test_the_title_says_whose_most_moves_are(self) -> None:
        """The title has the share of the one who moved the others furthest, and how much of that by letter."""
        said = title(
            figures.influence(moved(("letter", "m0", "m1", 0.6), ("talk", "m0", "m2", -0.2), ("talk", "m1", "m2", 0.2)))
        )
        assert said == "Of all that people moved each other, 80 % goes back to Lena, 75 % of that by letter"
        alone = title(figures.influence(moved(("letter", "m0", "m1", 0.6))))
        assert alone == "Of all that people moved each other, 100 % goes back to Lena, all of it by letter"

    def test_where_nobody_moved_anybody_the_title_says_so(self) -> None:
        """Without any move between people there is none to speak of, and the figure can still be drawn."""
        still = moved(("conviction", "m0", "m0", 0.1))
        assert title(figures.influence(still)) == "The trade monopoly: nobody moved anybody"
        assert title(figures.network(still)) == "The trade monopoly: nobody moved anybody"

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_titles_of_a_shipped_debate_hold(self, scenario: str, evidence: str) -> None:
        """The share in the title is what the table says, counted another way."""
        drawn = shown(scenario, evidence)
        table = drawn.table("influence")
        between = table[table["channel"].isin(("talk", "letter"))]
        pairs = between.groupby(["mover", "member"])["net"].sum().abs()
        by_mover = pairs.groupby("mover").sum()
        first = by_mover.idxmax()
        name = drawn.label(str(first)) if first else "unsigned news"
        assert f"{percent(by_mover[first] / pairs.sum())} goes back to {name}" in title(figures.influence(drawn))

    def test_a_mover_who_signed_nothing_has_a_name(self) -> None:
        """Unsigned news has a column of its own, and columns of no person come last."""
        columns = list(matrix(moved(("letter", "", "m1", 0.5), ("talk", "m0", "m1", 0.1))).columns)
        assert columns == ["unsigned news", "Lena", SELF, CHANCE, WHOLE]


class TestNetwork:
    """The network."""

    @pytest.mark.parametrize("data", PICTURES)
    def test_there_is_an_arrow_for_every_tie(self, data: str) -> None:
        """As many arrows are drawn as there are ties to draw, at most thirty, the strongest."""
        drawn = PICTURES[data]()
        ties = network_ties(Ties(drawn))
        (axes,) = figures.network(drawn).axes
        assert len([patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]) == len(ties) <= MOST_TIES
        assert ties["net"].abs().is_monotonic_decreasing
        ends = {*ties["mover"], *ties["member"]}
        assert len([line for line in axes.lines if line.get_marker() == "o"]) == len(ends)

    @pytest.mark.parametrize("data", PICTURES)
    def test_nothing_leaves_the_ring(self, data: str) -> None:
        """Every dot and arrow lies on the sheet."""
        figure = figures.network(PICTURES[data]())
        figures.overlaps(figure)
        (axes,) = figure.axes
        for patch in axes.patches:
            box = patch.get_window_extent()
            assert box.x0 > 0
            assert box.x1 < figure.bbox.x1
            assert box.y0 > 0
            assert box.y1 < figure.bbox.y1

    def test_colour_and_width_are_the_ties(self) -> None:
        """A tie up is green, one down ochre; the stronger is wider, and what was mostly said in talk is dashed."""
        drawn = moved(("letter", "m0", "m1", 0.8), ("talk", "m1", "m0", -0.2))
        (axes,) = figures.network(drawn).axes
        weak, strong = sorted(axes.patches, key=lambda patch: patch.get_linewidth())
        assert strong.get_linewidth() == pytest.approx(4 * weak.get_linewidth())
        assert side_colour(0.8, 0.0) == HIGH_SIDE
        assert [_hex(strong), _hex(weak)] == [HIGH_SIDE, LOW_SIDE]
        assert strong.get_linestyle() == "solid"
        assert weak.get_linestyle() != "solid"

    def test_the_title_names_the_strongest_tie(self) -> None:
        """The title says who moved whom furthest, which way, and that all ties are drawn where they are."""
        drawn = moved(("letter", "m0", "m1", -0.8), ("talk", "m1", "m0", 0.2))
        assert title(figures.network(drawn)) == "Lena moved Stan furthest, down by 0.80; all 2 ties are drawn"

    def test_the_others_are_one_dot(self) -> None:
        """Whoever has no dot of his own is one of the others: their mean is what each of them was moved."""
        drawn = picture(members=60, named=9)
        rows = [("letter", "m0", f"m{i}", 0.4, 0.4, 0.4, 0.4) for i in range(1, 60)]
        drawn = dataclasses.replace(drawn, influence=pd.DataFrame(rows, columns=list(COLUMNS["influence"])))
        ties = network_ties(Ties(drawn))
        others = ties[ties["member"] == OTHERS].iloc[0]
        assert (others["net"], others["number"]) == (pytest.approx(0.4), 51)
        assert (ties["net"] * ties["number"]).sum() == pytest.approx(59 * 0.4)
        texts = [text.get_text() for text in figures.network(drawn).findobj(Text)]
        assert f"{OTHERS} (mean)" in texts

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_its_title_holds_in_a_shipped_debate(self, scenario: str, evidence: str) -> None:
        """The strongest tie of the title is the strongest of the table."""
        drawn = shown(scenario, evidence)
        table = drawn.table("influence")
        between = table[table["channel"].isin(("talk", "letter"))]
        pairs = between.groupby(["mover", "member"], sort=False)["net"].sum()
        mover, member = pairs.abs().idxmax()
        said = title(figures.network(drawn))
        assert said.startswith(f"{Ties(drawn).label(mover)} moved {drawn.label(member)} furthest, ")
        number = re.search(r"by (\d+\.\d+)", said)
        assert number is not None
        assert float(number.group(1)) == pytest.approx(abs(pairs[mover, member]), abs=0.051)


def _hex(patch: FancyArrowPatch) -> str:
    red, green, blue, _ = patch.get_edgecolor()
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"

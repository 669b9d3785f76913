"""Who moved whom, drawn: a matrix whose rows add up."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sim.figures import FigureData
from sim.figures.charts.influence_matrix import CHANCE, SELF, WHOLE, matrix
from sim.figures.data import COLUMNS
from sim.results.wording import percent
from tests.pictures import PICTURES, SHIPPED, charts, picture, shown, title


def moved(*rows: tuple[str, str, str, float]) -> FigureData:
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
        """Rows of one person have their move from first to last, and each mover's cells are those of the table."""
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
    def test_every_cell_has_its_colour_and_its_number(self, data: str) -> None:
        """As many numbers are drawn as the table has cells, and as many colours, but for the whole moves."""
        drawn = PICTURES[data]()
        cells = matrix(drawn)
        (axes,) = charts.influence(drawn).axes
        (mesh,) = axes.collections
        assert len(axes.texts) == cells.size
        assert mesh.get_array().count() == cells.drop(columns=WHOLE).size

    def test_a_cell_says_how_far_and_which_way(self) -> None:
        """A cell's number has a sign, and its colour is that of the side moved to; nothing is a dot."""
        drawn = moved(("letter", "m0", "m1", 0.5), ("talk", "m1", "m0", -0.25), ("initial_stance", "m1", "m1", -0.1))
        (axes,) = charts.influence(drawn).axes
        minus = "\N{MINUS SIGN}"
        assert [text.get_text() for text in axes.texts[:15]] == [
            "·", f"{minus}0.25", "·", "·", f"{minus}0.25",
            "+0.50", "·", f"{minus}0.10", "·", "+0.40",
            "·", "·", "·", "·", "·",
        ]  # fmt: skip
        (mesh,) = axes.collections
        colours = mesh.to_rgba(mesh.get_array())
        green, ochre = colours[1, 0], colours[0, 2]
        assert green[1] > green[0]
        assert ochre[0] > ochre[2]

    def test_the_title_says_whose_most_moves_are(self) -> None:
        """The title has the share of the one who moved the others furthest, and how much of that by letter."""
        said = title(
            charts.influence(moved(("letter", "m0", "m1", 0.6), ("talk", "m0", "m2", -0.2), ("talk", "m1", "m2", 0.2)))
        )
        assert said == "Of all that people moved each other, 80 % goes back to Lena, 75 % of that by letter"
        alone = title(charts.influence(moved(("letter", "m0", "m1", 0.6))))
        assert alone == "Of all that people moved each other, 100 % goes back to Lena, all of it by letter"

    def test_where_nobody_moved_anybody_the_title_says_so(self) -> None:
        """Without any move between people there is none to speak of, and the figure can still be drawn."""
        still = moved(("initial_stance", "m0", "m0", 0.1))
        assert title(charts.influence(still)) == "The trade monopoly: nobody moved anybody"

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
        assert f"{percent(by_mover[first] / pairs.sum())} goes back to {name}" in title(charts.influence(drawn))

    def test_a_mover_who_signed_nothing_has_a_name(self) -> None:
        """Unsigned news has a column of its own, and columns of no person come last."""
        columns = list(matrix(moved(("letter", "", "m1", 0.5), ("talk", "m0", "m1", 0.1))).columns)
        assert columns == ["unsigned news", "Lena", SELF, CHANCE, WHOLE]

"""The policy in force and the measures of polarisation, drawn over time."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection

from sim import figures
from sim.analysis.polarisation import MEASURES
from sim.figures.charts.polarisation import DIVIDED, PANELS, bodies, ends
from sim.figures.charts.policy import agreement
from sim.figures.style import HIGH_SIDE, LOW_SIDE, NEITHER
from sim.results.wording import percent
from tests.pictures import PICTURES, SHIPPED, charts, figure_of, picture, shown, title


@pytest.mark.parametrize("data", PICTURES)
@pytest.mark.parametrize("kind", ["stances", "members", "policy", "polarisation"])
def test_lines_over_time_are_steps(kind: str, data: str) -> None:
    """What was counted on a day holds until the next count: a line does not rise before its cause."""
    for axes in figure_of(kind, data).axes:
        courses = [line for line in axes.lines if len(line.get_xdata()) >= 10 and line.get_linestyle() != "None"]
        assert all(line.get_drawstyle() == "steps-post" for line in courses)
        for lines in (found for found in axes.collections if isinstance(found, LineCollection)):
            for corners in lines.get_segments():
                turns = np.diff(corners, axis=0)
                assert len(turns) < 10 or not turns.all(axis=1).any()


def over_days(*rows: tuple[str, float, float, float]) -> figures.FigureData:
    """A picture with these shares of policies: date, policy, share running free, share as recorded."""
    table = pd.DataFrame(rows, columns=["date", "policy", "share", "share_as_recorded"])
    return dataclasses.replace(picture(members=3), policy_shares=table.assign(date=pd.to_datetime(table["date"])))


class TestPolicy:
    """The policy in force."""

    @pytest.mark.parametrize("data", PICTURES)
    def test_there_is_a_strip_for_every_policy(self, data: str) -> None:
        """Each policy has a strip in its side's colour, and at the end its share in words."""
        drawn = PICTURES[data]()
        shares = drawn.table("policy_shares")
        axes = max(figure_of("policy", data).axes, key=lambda panel: len(panel.collections))
        strips = [found for found in axes.collections if isinstance(found, PolyCollection)]
        assert len(strips) == shares["policy"].nunique()
        colours = {HIGH_SIDE: 0, NEITHER: 0, LOW_SIDE: 0}
        for place in shares["policy"].unique():
            colours[HIGH_SIDE if place > drawn.middle else LOW_SIDE if place < drawn.middle else NEITHER] += 1
        found = [_hex(strip) for strip in strips]
        assert {colour: found.count(colour) for colour in colours} == colours
        said = [text.get_text() for text in axes.texts]
        last = shares[shares["date"] == shares["date"].max()]
        assert said == [percent(share) for share in last.sort_values("policy")["share"]]

    def test_a_strip_is_as_thick_as_its_share(self) -> None:
        """Of two policies with three quarters and a quarter of the histories one strip is three times the other."""
        drawn = over_days(
            ("1922-01-01", 1, 0.75, 1),
            ("1922-02-01", 1, 0.75, 1),
            ("1922-01-01", -1, 0.25, 0),
            ("1922-02-01", -1, 0.25, 0),
        )
        axes = max(charts.policy(drawn).axes, key=lambda panel: len(panel.collections))
        low, high = (
            np.ptp(strip.get_paths()[0].vertices[:, 1])
            for strip in axes.collections
            if isinstance(strip, PolyCollection)
        )
        assert high == pytest.approx(3 * low)

    def test_strips_never_touch(self) -> None:
        """Policies that lie close together have thinner strips, so that none lies over another."""
        rows = [
            (date, at, share, share) for date in ("1922-01-01", "1922-02-01") for at, share in ((0.0, 0.5), (0.1, 0.5))
        ]
        axes = max(charts.policy(over_days(*rows)).axes, key=lambda panel: len(panel.collections))
        ends = [strip.get_paths()[0].vertices[:, 1] for strip in axes.collections if isinstance(strip, PolyCollection)]
        assert ends[0].max() < ends[1].min()

    def test_the_title_counts_days_and_histories(self) -> None:
        """Each date counts for as long as its policy lasts, and the end by itself."""
        rows = [("1922-01-01", 1, 1.0, 1), ("1922-01-01", 0, 0.0, 0)]
        rows += [
            (date, at, share, at == 0) for date in ("1922-01-31", "1922-03-02") for at, share in ((1, 0.4), (0, 0.6))
        ]
        drawn = over_days(*rows)
        assert agreement(drawn) == (pytest.approx(0.8), pytest.approx(0.6))
        assert title(charts.policy(drawn)) == (
            "Left to itself, the model is in the policy on record 80 % of the time, and ends in it in 60 % of histories"
        )

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_its_shares_are_all_histories(self, scenario: str, evidence: str) -> None:
        """In a shipped debate the shares of a date add up to one, and their mean is that of the policy in force."""
        shares = shown(scenario, evidence).table("policy_shares")
        for column in ("share", "share_as_recorded"):
            np.testing.assert_allclose(shares.groupby("date")[column].sum(), 1.0)
        policy = shown(scenario, evidence).policy.set_index("date")["mean"]
        recorded = (shares["policy"] * shares["share_as_recorded"]).groupby(shares["date"]).sum()
        np.testing.assert_allclose(recorded, policy, atol=1e-6)


class TestPolarisation:
    """The measures over time."""

    @pytest.mark.parametrize("data", PICTURES)
    def test_there_is_a_panel_a_measure_and_a_line_a_body(self, data: str) -> None:
        """Six panels, one for each measure; in each a line for every body, and one band."""
        drawn = PICTURES[data]()
        panels = figure_of("polarisation", data).axes
        assert [panel.measure for panel in PANELS] == list(MEASURES)
        assert len(panels) == len(PANELS)
        dates = drawn.table("polarisation")["date"].nunique()
        for panel in panels:
            lines = [line for line in panel.lines if len(line.get_xdata()) == dates]
            assert len(lines) == len(bodies(drawn)) == 3
            assert len([found for found in panel.collections if isinstance(found, PolyCollection)]) == 1

    def test_the_body_with_most_ballots_comes_first(self) -> None:
        """The body with most ballots is drawn first, in ink, and is the title's."""
        assert bodies(picture()) == ["bureau", "committee", ""]
        assert title(charts.polarisation(picture())).startswith("The Bureau is on average ")

    @pytest.mark.parametrize(
        ("last", "said"),
        [
            (
                0.3,
                "less divided at the end than at first by 4 of 4 measures (dispersion 0.50, then 0.30)",
            ),
            (
                0.502,
                "as divided at the end as at first (dispersion 0.50, then 0.50)",
            ),
            (
                0.8,
                "more divided at the end than at first by 4 of 4 measures (dispersion 0.50, then 0.80)",
            ),
        ],
    )
    def test_the_title_counts_the_measures_that_fell(self, last: float, said: str) -> None:
        """The title says by how many measures the body ends less or more divided than it began."""
        drawn = picture()
        table = drawn.table("polarisation")
        end = table["date"] == table["date"].max()
        drawn = dataclasses.replace(drawn, polarisation=table.assign(mean=table["mean"].where(~end, last)))
        assert title(charts.polarisation(drawn)) == f"The Bureau is on average {said}"

    def test_two_against_two_is_said_to_be_so(self) -> None:
        """Where half of the measures fell and half rose, the title does not take a side."""
        drawn = picture()
        table = drawn.table("polarisation")
        end = (table["date"] == table["date"].max()) & table["measure"].isin(DIVIDED[:2])
        drawn = dataclasses.replace(drawn, polarisation=table.assign(mean=table["mean"].where(~end, 0.9)))
        assert "less divided at the end than at first by 2 of 4 measures, more by 2" in title(
            charts.polarisation(drawn)
        )

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_its_title_holds_in_a_shipped_debate(self, scenario: str, evidence: str) -> None:
        """The numbers of the title are the first and last dispersion of a body that none has more ballots than."""
        drawn = shown(scenario, evidence)
        numbers = re.findall(r"\d+\.\d+", title(charts.polarisation(drawn)))
        ballots, told = drawn.decisions["body"].value_counts(), []
        for body in ballots[ballots == ballots.max()].index:
            rows = drawn.table("polarisation").query("body == @body and measure == 'dispersion'").sort_values("date")
            assert ends(drawn, body, "dispersion") == (rows["mean"].iloc[0], rows["mean"].iloc[-1])
            told.append([f"{rows['mean'].iloc[0]:.2f}", f"{rows['mean'].iloc[-1]:.2f}"])
        assert numbers in told


def test_a_figure_without_its_table_says_which_it_needs() -> None:
    """A picture without the table that a figure is drawn from is refused by the table's name."""
    bare = dataclasses.replace(picture(members=3), influence=None, polarisation=None, policy_shares=None)
    for draw, table in ((charts.influence, "influence"),
                        (charts.polarisation, "polarisation"), (charts.policy, "policy_shares")):  # fmt: skip
        with pytest.raises(ValueError, match=f"needs the table '{table}'"):
            draw(bare)


def _hex(found: PolyCollection) -> str:
    red, green, blue = found.get_facecolor()[0][:3]
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"

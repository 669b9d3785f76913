"""The titles of figures say what the data drawn say, and nothing is left out of a figure unsaid."""

from __future__ import annotations

import dataclasses
import re

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

from sim import figures
from sim.figures.style import member_colours
from sim.results.wording import percent
from tests.pictures import DRAWN, PICTURES, SHIPPED, charts, data_of, figure_of, many_ballots, picture, played, title


def moved(by: dict[str, float], named: int = 2, back: bool = False) -> figures.FigureData:
    """Three people who all stand still at 0 but for a week of April 1923; with `back`, for that week alone."""
    data = picture(members=3, named=named)
    dates = sorted(data.stances["date"].unique())
    when = [dates[-2]] if back else [date for date in dates if date > dates[-2]]
    far = data.stances["member"].map(by).fillna(0.0).where(data.stances["date"].isin(when), 0.0)
    return dataclasses.replace(data, stances=data.stances.assign(q50=far))


class TestFindings:
    """Titles say what the data drawn say."""

    @pytest.mark.parametrize("data", PICTURES)
    def test_decisions_title_counts_the_rows(self, data: str) -> None:
        """The decisions' title counts the documented outcomes given more than even odds, and all documented ones."""
        drawn, figure = PICTURES[data](), figure_of("decisions", data)
        rows = drawn.decisions[drawn.decisions["documented"] != ""]
        given = np.where(rows["documented"] == "carried", rows["probability"], 1 - rows["probability"])
        expected = [int((given > 0.5).sum()), len(rows)] if len(rows) else []
        assert [int(n) for n in re.findall(r"\d+", title(figure))] == expected

    def test_a_fitted_outcome_is_not_said_to_be_foretold(self) -> None:
        """Outcomes that the model was fitted to are counted apart from those that it was not."""
        data = picture()
        table = data.decisions.assign(documented="carried", probability=[0.9] * 8 + [0.4, 0.6])
        drawn = dataclasses.replace(data, decisions=table, fitted=True, shown_only=frozenset({"d7", "d8", "d9"}))
        assert title(charts.decisions(drawn)) == (
            "The model gives more than even odds to 2 of 3 documented outcomes that it was not fitted to, "
            "and to 7 of 7 that it was"
        )
        drawn = dataclasses.replace(drawn, shown_only=frozenset())
        assert title(charts.decisions(drawn)).endswith(
            "9 of 10 documented outcomes, all of which it was fitted to: that proves nothing"
        )
        texts = " ".join(text.get_text().replace("\n", " ") for text in charts.decisions(drawn).texts)
        assert "All outcomes on record are “carried”." in texts

    def test_ballots_title_counts_the_votes(self) -> None:
        """The ballots' title counts the recorded votes and those that the model names as the likeliest."""
        data = picture()
        rows = data.ballots[data.ballots["documented"] != ""]
        hits = sum(
            row.documented == max(("yes", "no", "abstain"), key=lambda v: getattr(row, v)) for row in rows.itertuples()
        )
        said = f"Of {len(rows)} votes on record by name, the model finds {hits} the likeliest; it was fitted to none"
        assert title(charts.ballots(data)) == said

    def test_a_ballots_title_says_what_was_fitted_and_that_all_said_the_same(self) -> None:
        """Recorded votes that are all alike are said to be so, those fitted are counted, and a tie is no hit."""
        data = picture(members=3, named=2)
        first = data.ballots[data.ballots["decision"].isin(["d0", "d1"])]
        even = first.assign(yes=[0.4] * len(first), no=0.4, abstain=0.0, absent=0.2, documented="yes")
        even.loc[even["decision"] == "d1", "yes"] = 0.6
        drawn = dataclasses.replace(data, ballots=even, fitted=True, shown_only=frozenset({"d1"}))
        hits, fitted = int((even["decision"] == "d1").sum()), int((even["decision"] == "d0").sum())
        assert title(charts.ballots(drawn)) == (
            f"Of {len(even)} votes on record by name, all of them yes, the model finds {hits} the likeliest; "
            f"it was fitted to {fitted}"
        )

    def test_small_multiples_title_counts_observations(self) -> None:
        """A stance on record stands for what is nearest to it: the title counts bands and medians that get there."""
        data = picture(members=3, named=2)
        course = data.stances.assign(q05=0.6, q50=0.8, q95=1.4)
        seen = pd.DataFrame({
            "member": "m0", "date": course["date"].min(), "until": pd.NaT, "evidence": "documented",
            "stance": [1.0, 2.0, 0.0, -1.0],
        })  # fmt: skip
        drawn = charts.members(dataclasses.replace(data, stances=course, observations=seen))
        assert title(drawn) == "The model's 90 % band reaches 1 of 4 stances on record; its median is nearest to 1"
        fitted = charts.members(dataclasses.replace(data, stances=course, observations=seen, fitted=True))
        assert "1 of 4 stances on record, to which it was fitted;" in title(fitted)

    def test_the_end_of_the_axis_can_be_reached(self) -> None:
        """Somebody said to stand at the end of the axis need not stand on its last point."""
        data = picture(members=3, named=2)
        course = data.stances.assign(q05=1.55, q50=1.6, q95=1.97)
        seen = pd.DataFrame({
            "member": ["m0"], "date": course["date"].min(), "until": pd.NaT, "evidence": "documented", "stance": 2.0,
        })  # fmt: skip
        drawn = charts.members(dataclasses.replace(data, stances=course, observations=seen))
        assert title(drawn) == "The model's 90 % band reaches 1 of one stance on record; its median is nearest to 1"

    def test_a_period_is_held_to_its_mean(self) -> None:
        """A stance said of a whole period is compared with the mean over the period."""
        data = picture(members=3, named=2)
        late = data.stances["date"] > data.stances["date"].median()
        course = data.stances.assign(q05=np.where(late, 0.4, 0.4), q50=np.where(late, 0.8, 0.4), q95=1.0)
        seen = pd.DataFrame({
            "member": "m0", "date": course["date"].min(), "until": [course["date"].max(), pd.NaT],
            "evidence": "documented", "stance": 1.0,
        })  # fmt: skip
        drawn = charts.members(dataclasses.replace(data, stances=course, observations=seen))
        assert title(drawn).endswith("its median is nearest to 1")

    def test_without_stances_on_record_the_title_says_who_ends_where(self) -> None:
        """Where no stance is on record, the small multiples say how far apart the medians end."""
        data = picture(members=3, named=2)
        ends = data.stances.assign(q50=data.stances["member"].map({"m0": 1.9, "m1": -0.9, "m2": 0.2}))
        drawn = charts.members(dataclasses.replace(data, stances=ends, observations=data.observations.head(0)))
        assert (
            title(drawn)
            == "At the end, medians reach from near “loosen” (Stan) to near “uphold unconditionally” (Lena)"
        )

    def test_one_documented_outcome_has_its_chance_in_the_title(self) -> None:
        """With a single documented outcome the title says what chance the model gave it."""
        data = picture(members=3, named=2)
        lost = data.decisions.head(1).assign(documented="rejected", probability=0.93)
        said = title(charts.decisions(dataclasses.replace(data, decisions=lost)))
        assert said == "The model gives a chance of 7 % to the one documented outcome"

    @pytest.mark.parametrize(
        ("share", "shown"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.5, "50 %"), (0.996, "> 99 %"), (1.0, "100 %")]
    )
    def test_only_what_is_certain_is_a_hundred_percent(self, share: float, shown: str) -> None:
        """A chance that is not quite none or all is never written as 0 % or 100 %."""
        assert percent(share) == shown

    def test_stances_title_names_who_moved_furthest(self) -> None:
        """The title names the named member who moved furthest within four weeks, how far, when, and who went along."""
        still = moved({"m1": -1.8})
        said = title(charts.stances(still))
        assert said == (
            "Stan moved furthest, by 1.8 towards “abolish” between 2 Apr and 9 Apr 1923; no other named "
            "member went the same way"
        )

    def test_a_move_that_is_undone_counts(self) -> None:
        """Somebody who moves and comes back has moved, though first and last are the same."""
        data = moved({"m0": 0.5}, back=True)
        assert title(charts.stances(data)).startswith("Lena moved furthest, by 0.5 towards “uphold unconditionally”")

    def test_nobody_is_put_before_others_who_moved_as_far(self) -> None:
        """Of members who moved equally far none is said to have moved furthest alone."""
        assert title(charts.stances(moved({"m0": 0.5, "m1": 0.5}))) == (
            "Lena and Stan moved furthest within four weeks, by 0.5 each"
        )

    def test_stances_title_says_when_nobody_moved(self) -> None:
        """When no named member's median moved, the title says so."""
        data = picture(members=3, named=2)
        said = title(charts.stances(dataclasses.replace(data, stances=data.stances.assign(q50=0.4))))
        assert said == "The trade monopoly: no named member moved"

    def test_stances_title_does_not_overlook_the_crowd(self) -> None:
        """When somebody in grey moved further than all who are named, the title speaks of the named only."""
        assert title(charts.stances(moved({"m1": -0.3, "m2": -1.0}))).startswith(
            "Stan moved furthest of those named, by 0.3 towards “abolish”"
        )

    def test_on_a_single_date_nobody_is_said_to_stand_still(self) -> None:
        """With stances of one date only, the title says how far apart they stand."""
        data = picture(members=3, named=2)
        once = data.stances[data.stances["date"] == data.stances["date"].min()]
        once = once.assign(q50=once["member"].map({"m0": 1.9, "m1": -0.9, "m2": 0.2}))
        drawn = charts.stances(
            dataclasses.replace(data, stances=once, policy=data.policy.head(1), decisions=data.decisions.head(0),
                                ballots=data.ballots.head(0), marks=data.marks.head(0))
        )  # fmt: skip
        assert title(drawn) == (
            "Median stances on 7 Nov 1921 reach from near “loosen” (Stan) to near “uphold unconditionally” (Lena)"
        )
        assert figures.overlaps(drawn) == []

    def test_without_named_members_the_title_is_about_all(self) -> None:
        """When nobody is named, the title names whoever of all members moved furthest."""
        assert title(charts.stances(moved({"m2": -0.3}, named=0))).startswith(
            "Tristan moved furthest, by 0.3 towards “abolish” between 2 Apr and 9 Apr 1923; no other member went"
        )


class TestContents:
    """What is shown, and what is left out."""

    @pytest.mark.parametrize("members", [3, 14, 27, 48])
    def test_one_panel_a_member(self, members: int) -> None:
        """The small multiples have a panel for every member, with their name and their median."""
        drawn = picture(members=members)
        (axes,) = charts.members(drawn).axes
        assert set(drawn.members["label"]) <= {text.get_text() for text in axes.texts}
        assert members in [len(lines.get_segments()) for lines in axes.collections if isinstance(lines, LineCollection)]

    @pytest.mark.parametrize("name", ["members", "ballots", "influence"])
    def test_who_is_alike_is_drawn_as_one(self, name: str) -> None:
        """People alike to the model, of whom nothing is recorded, are one row or panel, their numbers averaged."""
        drawn = DRAWN[name](picture(members=5, stand_ins=6))
        names = [text.get_text() for text in drawn.findobj(matplotlib.text.Text)]
        assert names.count("delegates") == 1
        assert not any(name.startswith("Delegate ") for name in names)

    @pytest.mark.parametrize("name", ["decisions", "ballots"])
    def test_of_many_decisions_those_are_drawn_that_disagree_most(self, name: str) -> None:
        """Of 300 decisions 20 are drawn, those with the least chance for what happened; how many there are is said."""
        drawn = many_ballots(300)
        figure = DRAWN[name](drawn)
        written = " ".join(text.get_text().replace("\n", " ") for text in figure.texts)
        assert "Of 300 decisions the 20 are shown to whose outcome" in written
        assert figure.get_figheight() < 24
        table = drawn.decisions.assign(
            given=[
                row.probability if row.documented == "carried"
                else 1 - row.probability if row.documented == "rejected"
                else max(row.probability, 1 - row.probability)
                for row in drawn.decisions.itertuples()
            ]
        )  # fmt: skip
        shown = table["decision"].isin(drawn.shown_decisions["decision"])
        assert shown.sum() == 20
        assert table.loc[shown, "given"].max() <= table.loc[~shown, "given"].min()

    def test_few_decisions_are_all_drawn(self) -> None:
        """As long as they fit on a sheet every decision is drawn, and nothing is said of others."""
        drawn = many_ballots()
        assert list(drawn.shown_decisions["decision"]) == list(drawn.decisions["decision"])
        assert drawn.said_of_shown == ""

    def test_too_many_ballots_have_no_flags(self) -> None:
        """Of 300 ballots none is named above the stances, and the note says what their lines are."""
        figure = charts.stances(many_ballots(300))
        assert "Each thin line is one of 300 ballots: too many to be named." in [t.get_text() for t in figure.texts]
        assert figure.get_figheight() < 12

    @pytest.mark.parametrize("name", ["members", "ballots"])
    def test_of_many_members_the_last_are_drawn_as_one(self, name: str) -> None:
        """Of 90 members 59 have a panel or a row of their own; the other 31 share one, and it says so."""
        names = [text.get_text() for text in DRAWN[name](picture(members=90)).findobj(matplotlib.text.Text)]
        assert "the other 31 (mean)" in [text.replace("\n", " ") for text in names]
        assert sum(text.startswith("Member ") for text in names) == 50

    def test_of_a_large_crowd_some_have_a_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of more unnamed members than there is room for, one in so many has a grey line, and the figure says so."""
        monkeypatch.setattr("sim.figures.charts.stances.MOST_LINES", 10)
        figure = charts.stances(picture(members=60))
        assert "One in 6 of them has a line." in " ".join(text.get_text().replace("\n", " ") for text in figure.texts)
        crowds = [len(found.get_segments()) for found in figure.axes[0].collections if type(found) is LineCollection]
        assert 9 in crowds

    def test_every_ballot_has_its_flag(self) -> None:
        """Each ballot is labelled with its short name and day in the chart of stances."""
        texts = {text.get_text() for text in charts.stances(picture()).findobj(matplotlib.text.Text)}
        assert {
            "Theses, 4 Mar",
            "Final theses, 10 Mar",
            "Decree, 13 Mar",
            "Relaxation, 6 Oct",
            "Postponement, 16 Oct",
        } <= texts


class TestShipped:
    """The titles of the shipped debates."""

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED[1:])
    def test_titles_of_a_shipped_debate_hold(self, scenario: str, evidence: str) -> None:
        """What the titles claim of a shipped debate is what its tables say, counted another way."""
        many = played(scenario, evidence)
        table = many.decisions
        right = sum(
            (p > 0.5) if outcome == "carried" else (p < 0.5)
            for p, outcome in zip(table.probability, table.documented, strict=True)
        )
        said = [int(number) for number in re.findall(r"\d+", title(figures.decisions(many)))]
        assert (sum(said[0::2]), sum(said[1::2])) == (right, len(table))
        drawn = data_of(many)
        courses = drawn.stances.pivot_table(index="date", columns="member", values="q50")[list(member_colours(drawn))]
        reach = {
            member: max(
                abs(later - now)
                for date, now in course.items()
                for later in course[(course.index > date) & (course.index <= date + pd.Timedelta(days=28))]
            )
            for member, course in courses.iloc[:-1].items()
        }
        furthest = drawn.label(str(max(reach, key=lambda member: reach[member])))
        assert furthest in title(figures.stances(many)).split(" moved furthest")[0]
        places = np.array(sorted(value for _, value in drawn.positions))
        reached = nearest = 0
        for member in many.scenario.debate.members:
            course = drawn.stances[drawn.stances["member"] == member].set_index("date")
            for seen in drawn.observations[drawn.observations["member"] == member].itertuples():
                if pd.isna(seen.until):
                    then = course.iloc[[np.abs(course.index - seen.date).argmin()]]
                else:
                    then = course[(course.index >= seen.date) & (course.index <= seen.until)]
                low, middle, high = then[["q05", "q50", "q95"]].mean()
                spots = {*places[np.abs(places[:, None] - np.linspace(low, high, 4001)).argmin(axis=0)]}
                reached += seen.stance in spots
                nearest += abs(seen.stance - middle) <= np.abs(places - middle).min() + 1e-9
        said = f"The model's 90 % band reaches {reached} of {len(drawn.observations)} stances on record"
        fitted = ", to which it was fitted" if many.scenario.posterior else ""
        assert title(figures.members(many)) == f"{said}{fitted}; its median is nearest to {nearest}"

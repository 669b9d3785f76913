"""The figures can be read, say what the data say, and come out the same twice.

Most data here are invented; the pictures of the shipped scenarios come from a few histories of each.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim import figures, results
from sim.figures import Picture
from sim.figures.from_results import named_members, short_name
from sim.figures.from_results import picture as picture_of
from sim.figures.picture import COLUMNS
from sim.figures.style import COLOURS, apart, flag_rows, member_colours, percent, wrap
from sim.results import Ensemble
from sim.scenario import load

NAMED = ("Lena", "Stan", "Tristan", "Zina", "Kamil", "Boris", "Sokol", "Krasa", "Frum")
DRAWN: dict[str, Callable[[Picture], Figure]] = {
    "stances": figures.stances,
    "small_multiples": figures.small_multiples,
    "decisions": figures.decisions,
    "ballots": figures.ballots,
}

#: (date, body, short name, motion, documented, chance): three close together in March, two in October.
BALLOTS = (
    ("1921-11-10", "bureau", "Riga plan", "Reject the plan, brought from the fair, to end it", "carried", 0.93),
    ("1922-01-04", "commission", "First theses", "Adopt the theses on foreign trade", "carried", 0.71),
    ("1922-03-04", "bureau", "Theses", "Adopt the theses on foreign trade, with amendments", "carried", 0.88),
    ("1922-03-10", "bureau", "Final theses", "Approve the theses in final form", "carried", 0.9),
    ("1922-03-13", "presidium", "Decree", "Publish the decision on trade in the newspaper", "", 0.64),
    ("1922-05-22", "bureau", "Confirmation", "Confirm the monopoly and stop everywhere any work on merging the offices"
     " of the council with those of the commissariat", "carried", 0.97),
    ("1922-10-06", "committee", "Relaxation", "Open some ports and allow some goods for a time", "carried", 0.38),
    ("1922-10-16", "committee", "Postponement", "Defer execution and settle it at the plenum", "carried", 0.81),
    ("1922-12-18", "committee", "Reaffirmation", "Rescind the October decision; keep the monopoly", "carried", 0.86),
    ("1923-04-25", "congress", "Congress", "Reaffirm categorically that the monopoly stands", "rejected", 0.55),
)  # fmt: skip


def picture(members: int = 27, named: int = 9, stand_ins: int = 0, long_names: bool = False, seed: int = 1) -> Picture:
    """An invented debate over 75 weeks, ten ballots and as many people as asked for."""
    luck = np.random.default_rng(seed)
    names = list(NAMED) + [f"Member {i}" for i in range(len(NAMED), 99)]
    if long_names:
        names = [f"{name} of the Very Long Department for Everything" for name in names]
    ids = [f"m{i}" for i in range(members)] + [f"delegate-{i}" for i in range(stand_ins)]
    table = pd.DataFrame({
        "member": ids,
        "label": [names[i] for i in range(members)] + [f"Delegate {i}" for i in range(stand_ins)],
        "named": [i < named for i in range(members)] + [False] * stand_ins,
        "group": [""] * members + ["delegates"] * stand_ins,
    })  # fmt: skip
    dates = pd.date_range("1921-11-07", periods=75, freq="7D")
    time = np.linspace(0, 1, 75)
    stances = []
    for i, member in enumerate(ids):
        first = 1.7 if i == 0 else luck.uniform(-1.4, 1.2)
        dip = -0.5 * np.exp(-(((time - 0.6) / 0.12) ** 2)) if i else 0
        middle = np.clip(
            first + (1.35 - first) * time**2 * luck.uniform(0.3, 1) + dip + luck.normal(0, 0.04, 75).cumsum() / 3, -2, 2
        )
        wide = 0.25 + 0.4 * time
        stances.append(pd.DataFrame({"date": dates, "member": member, "mean": middle, **{
            q: np.clip(middle + z * wide, -2, 2)
            for q, z in (("q05", -1.64), ("q25", -0.67), ("q50", 0), ("q75", 0.67), ("q95", 1.64))
        }}))  # fmt: skip
    moved = pd.concat(stances, ignore_index=True)
    rows = [
        {"decision": f"d{k}", "date": pd.Timestamp(date), "body": body, "motion": motion, "documented": outcome,
         "probability": chance, "low": max(chance - 0.22, 0), "high": min(chance + 0.15, 1), "mc_error": 0.01,
         "score": np.log(chance if outcome == "carried" else 1 - chance) if outcome else np.nan, "put": 0.97,
         "probability_free": np.clip(chance - 0.07, 0, 1), "tally_mean": 14.2, "tally_low": 9.0, "tally_high": 19.0,
         "documented_tally": "14–1" if k == 7 else ""}
        for k, (date, body, _, motion, outcome, chance) in enumerate(BALLOTS)
    ]  # fmt: skip
    ballots = []
    for k in range(len(BALLOTS)):
        for i, member in enumerate(ids):
            if i % 3 and BALLOTS[k][1] == "bureau":
                continue
            yes, no, abstain, absent = luck.dirichlet((4, 1.2, 0.3, 0.7) if (i + k) % 4 else (0.4, 3, 0.2, 0.5))
            recorded = ("yes", "no", "abstain")[int(luck.integers(3))] if i < 4 and k % 2 else ""
            ballots.append((f"d{k}", member, 0.4, 0.6, yes, no, abstain, absent, recorded))
    marks = [(pd.Timestamp(b[0]), "ballot", b[2], "", pd.NaT, f"d{k}") for k, b in enumerate(BALLOTS)]
    for k in range(30):
        author = f"m{int(luck.integers(min(members, 6)))}"
        marks.append(
            (dates[int(luck.integers(75))] + pd.Timedelta(days=2), "letter", f"letter {k}", author, pd.NaT, f"l{k}")
        )
    for date, until in (("1921-12-06", "1922-03-01"), ("1922-05-26", "1922-10-01"), ("1922-12-16", "1923-06-30")):
        marks.append((pd.Timestamp(date), "absence", "away", "m0", pd.Timestamp(until), f"a{date}"))
    marks.append((pd.Timestamp("1922-04-03"), "event", "A secretary", "", pd.NaT, "e1"))
    seen = []
    for k in range(30):
        date = dates[int(luck.integers(70))]
        until = date + pd.Timedelta(days=90) if k % 5 == 0 else pd.NaT
        evidence = ("documented", "attributed", "conjecture")[k % 3]
        seen.append((f"m{int(luck.integers(members))}", date, until, float(luck.integers(-1, 3)), evidence))
    sittings = [
        ("bureau", "Bureau", "1921-11-01", "1923-04-30"), ("commission", "Commission", "1921-12-20", "1922-01-10"),
        ("presidium", "Presidium", "1922-03-12", "1922-03-14"), ("committee", "Committee", "1922-10-05", "1922-10-17"),
        ("committee", "Committee", "1922-12-15", "1922-12-19"), ("congress", "Congress", "1923-04-17", "1923-04-25"),
    ]  # fmt: skip
    return Picture(
        title="The trade monopoly",
        question="How far should the state's monopoly of foreign trade go?",
        axis_label="stance on the monopoly, from abolishing it to upholding it",
        low=-2.0,
        high=2.0,
        positions=(
            ("abolish", -2.0), ("loosen", -1.0), ("relax-partly", 0.0), ("uphold", 1.0),
            ("uphold-unconditionally", 2.0),
        ),
        stances=moved,
        decisions=pd.DataFrame(rows),
        ballots=pd.DataFrame(ballots, columns=list(COLUMNS["ballots"])),
        policy=pd.DataFrame({
            "date": dates, "mean": 1.0, "q05": 0.0, "q95": 1.0,
            "q50": np.where((dates > "1922-10-06") & (dates < "1922-12-18"), 0.0, 1.0),
        }),
        members=table,
        marks=pd.DataFrame(marks, columns=["date", "kind", "label", "member", "until", "id"]),
        observations=pd.DataFrame(seen, columns=["member", "date", "until", "stance", "evidence"]),
        bodies=pd.DataFrame(
            [(body, label, pd.Timestamp(start), pd.Timestamp(end)) for body, label, start, end in sittings],
            columns=["body", "label", "start", "end"],
        ),
    )  # fmt: skip


def bare() -> Picture:
    """Three people, one month, one ballot; nothing on record, nobody absent, no letters."""
    whole = picture(members=3, named=2)
    until = whole.stances["date"].min() + pd.Timedelta(days=30)
    return dataclasses.replace(
        whole,
        stances=whole.stances[whole.stances["date"] <= until],
        policy=whole.policy[whole.policy["date"] <= until],
        decisions=whole.decisions.head(1).assign(documented="", score=np.nan),
        ballots=whole.ballots[whole.ballots["decision"] == "d0"].assign(documented=""),
        marks=whole.marks[whole.marks["id"] == "d0"],
        observations=whole.observations.head(0),
        bodies=whole.bodies.head(0),
    )


def never_put() -> Picture:
    """One motion that no history put to the vote, and one at exactly even odds."""
    whole = picture()
    table = whole.decisions.copy()
    table.loc[
        3, ["probability", "low", "high", "score", "probability_free", "tally_mean", "tally_low", "tally_high"]
    ] = np.nan
    table.loc[4, "documented"], table.loc[4, "probability"] = "carried", 0.5
    return dataclasses.replace(whole, decisions=table, shown_only=frozenset({"d4"}))


def many_ballots() -> Picture:
    """Twenty ballots, a week apart, on an axis of other units."""
    whole = picture(members=8, named=3)
    count, dates = 20, pd.date_range("1922-01-03", periods=20, freq="7D")
    repeat = [k % len(BALLOTS) for k in range(count)]
    names = [f"e{k}" for k in range(count)]
    cells = [
        whole.ballots[whole.ballots["decision"] == f"d{k}"].assign(decision=name)
        for k, name in zip(repeat, names, strict=True)
    ]
    labels = [BALLOTS[k][2] for k in repeat]
    flags = pd.DataFrame({"date": dates, "kind": "ballot", "label": labels, "member": "", "until": pd.NaT, "id": names})
    scaled = whole.stances.copy()
    scaled.iloc[:, 2:] = (scaled.iloc[:, 2:] + 2) * 12.5
    return dataclasses.replace(
        whole,
        low=0.0,
        high=50.0,
        positions=(("never", 0.0), ("monthly", 12.0), ("once-more", 13.0), ("fortnightly", 26.0), ("always", 50.0)),
        stances=scaled,
        decisions=whole.decisions.iloc[repeat].assign(decision=names, date=dates),
        ballots=pd.concat(cells),
        marks=pd.concat([whole.marks[whole.marks["kind"] == "letter"], flags]),
        observations=whole.observations.head(0),
    )


def no_ballots() -> Picture:
    """A debate in which nothing was ever put to the vote."""
    whole = picture(members=5, named=5)
    marks = whole.marks[whole.marks["kind"] != "ballot"]
    return dataclasses.replace(whole, decisions=whole.decisions.head(0), ballots=whole.ballots.head(0), marks=marks)


PICTURES: dict[str, Callable[[], Picture]] = {
    "twenty-seven members": picture,
    "few members": lambda: picture(members=3, named=2),
    "long names": lambda: picture(long_names=True, stand_ins=4),
    "fourteen members, none named": lambda: picture(members=14, named=0),
    "seventy-five with stand-ins": lambda: picture(members=40, stand_ins=35, seed=2),
    "sixty people": lambda: picture(members=60, named=12, seed=3),
    "a month": bare,
    "a motion never put": never_put,
    "no ballots": no_ballots,
    "twenty ballots": many_ballots,
}


def title(figure: Figure) -> str:
    """The heading of a figure: its largest text."""
    return max(figure.texts, key=lambda text: text.get_fontsize()).get_text().replace("\n", " ")


class TestLegibility:
    """What is written can be read."""

    @pytest.mark.parametrize("data", PICTURES)
    @pytest.mark.parametrize("name", DRAWN)
    def test_no_text_overlaps_another_or_is_cut(self, name: str, data: str) -> None:
        """No text in any figure runs into another text or leaves the sheet."""
        assert figures.overlaps(DRAWN[name](PICTURES[data]())) == []

    @pytest.mark.parametrize("name", DRAWN)
    def test_no_text_is_smaller_than_eight_points(self, name: str) -> None:
        """No text is smaller than 8 points on a sheet 12 inches wide."""
        figure = DRAWN[name](picture())
        assert figure.get_figwidth() == 12
        texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_text().strip() and t.get_visible()]
        assert min(text.get_fontsize() for text in texts) >= 8

    def test_overlaps_are_found(self) -> None:
        """Two texts on one spot and a text half off the sheet are both reported."""
        figure = Figure(figsize=(4, 3))
        figure.text(0.5, 0.5, "one")
        figure.text(0.51, 0.51, "two")
        figure.text(0.98, 0.2, "leaving")
        assert figures.overlaps(figure) == [("one", "two"), ("leaving", "the edge")]

    def test_a_dollar_sign_is_text(self) -> None:
        """Names with dollar signs are written as they are, not read as formulas."""
        data = picture(members=3, named=2)
        data = dataclasses.replace(data, members=data.members.assign(label=["$x^2", "a $b$ c", "_$_"]))
        assert figures.overlaps(figures.stances(data)) == []

    @pytest.mark.parametrize("members", [9, 27])
    def test_members_have_colours_of_their_own(self, members: int) -> None:
        """Each named member has a colour, no two the same, and the same one in every figure."""
        colours = member_colours(picture(members=members))
        assert len(colours) == 9
        assert len(set(colours.values())) == 9

    def test_colours_differ_for_all_eyes(self) -> None:
        """Any two members' colours stay apart when red and green look alike (deuteranopia, Viénot 1999)."""
        seen = [_as_deuteranope(colour) for colour in COLOURS]
        distances = [float(np.abs(a - b).sum()) for i, a in enumerate(seen) for b in seen[i + 1 :]]
        assert min(distances) > 0.1


def _as_deuteranope(colour: str) -> np.ndarray:
    linear = np.array(matplotlib.colors.to_rgb(colour)) ** 2.2
    matrix = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
    return np.clip(matrix @ linear, 0, 1) ** (1 / 2.2)


class TestFindings:
    """Titles say what the data drawn say."""

    @pytest.mark.parametrize("data", PICTURES)
    def test_decisions_title_counts_the_rows(self, data: str) -> None:
        """The decisions' title counts the documented outcomes given more than even odds, and all documented ones."""
        drawn = PICTURES[data]()
        rows = drawn.decisions[drawn.decisions["documented"] != ""]
        given = np.where(rows["documented"] == "carried", rows["probability"], 1 - rows["probability"])
        expected = [int((given > 0.5).sum()), len(rows)] if len(rows) else []
        assert [int(n) for n in re.findall(r"\d+", title(figures.decisions(drawn)))] == expected

    def test_ballots_title_counts_the_votes(self) -> None:
        """The ballots' title counts the recorded votes and those that the model names as the likeliest."""
        data = picture()
        rows = data.ballots[data.ballots["documented"] != ""]
        hits = sum(
            row.documented == max(("yes", "no", "abstain"), key=lambda v: getattr(row, v)) for row in rows.itertuples()
        )
        assert [int(n) for n in re.findall(r"\d+", title(figures.ballots(data)))] == [hits, len(rows)]

    def test_small_multiples_title_counts_observations(self) -> None:
        """A stance on record stands for what is nearest to it: the title counts bands and medians that get there."""
        data = picture(members=3, named=2)
        course = data.stances.assign(q05=0.6, q50=0.8, q95=1.4)
        seen = pd.DataFrame({
            "member": "m0", "date": course["date"].min(), "until": pd.NaT, "evidence": "documented",
            "stance": [1.0, 2.0, 0.0, -1.0],
        })  # fmt: skip
        drawn = figures.small_multiples(dataclasses.replace(data, stances=course, observations=seen))
        assert title(drawn) == "The 90 % band reaches 1 of 4 stances on record; the median is nearest to 1"

    def test_the_end_of_the_axis_can_be_reached(self) -> None:
        """Somebody said to stand at the end of the axis need not stand on its last point."""
        data = picture(members=3, named=2)
        course = data.stances.assign(q05=1.55, q50=1.6, q95=1.97)
        seen = pd.DataFrame({
            "member": ["m0"], "date": course["date"].min(), "until": pd.NaT, "evidence": "documented", "stance": 2.0,
        })  # fmt: skip
        drawn = figures.small_multiples(dataclasses.replace(data, stances=course, observations=seen))
        assert title(drawn) == "The 90 % band reaches 1 of 1 stance on record; the median is nearest to 1"

    def test_a_period_is_held_to_its_mean(self) -> None:
        """A stance said of a whole period is compared with the mean over the period."""
        data = picture(members=3, named=2)
        late = data.stances["date"] > data.stances["date"].median()
        course = data.stances.assign(q05=np.where(late, 0.4, 0.4), q50=np.where(late, 0.8, 0.4), q95=1.0)
        seen = pd.DataFrame({
            "member": "m0", "date": course["date"].min(), "until": [course["date"].max(), pd.NaT],
            "evidence": "documented", "stance": 1.0,
        })  # fmt: skip
        drawn = figures.small_multiples(dataclasses.replace(data, stances=course, observations=seen))
        assert title(drawn).endswith("the median is nearest to 1")

    def test_without_stances_on_record_the_title_says_who_ends_where(self) -> None:
        """Where no stance is on record, the small multiples say how far apart the medians end."""
        data = picture(members=3, named=2)
        ends = data.stances.assign(q50=data.stances["member"].map({"m0": 1.9, "m1": -0.9, "m2": 0.2}))
        drawn = figures.small_multiples(dataclasses.replace(data, stances=ends, observations=data.observations.head(0)))
        assert (
            title(drawn)
            == "At the end, medians reach from near “loosen” (Stan) to near “uphold unconditionally” (Lena)"
        )

    def test_one_documented_outcome_has_its_chance_in_the_title(self) -> None:
        """With a single documented outcome the title says what chance the model gave it."""
        data = picture(members=3, named=2)
        lost = data.decisions.head(1).assign(documented="rejected", probability=0.93)
        said = title(figures.decisions(dataclasses.replace(data, decisions=lost)))
        assert said == "The model gives a chance of 7 % to the one documented outcome"

    @pytest.mark.parametrize(
        ("share", "shown"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.5, "50 %"), (0.996, "> 99 %"), (1.0, "100 %")]
    )
    def test_only_what_is_certain_is_a_hundred_percent(self, share: float, shown: str) -> None:
        """A chance that is not quite none or all is never written as 0 % or 100 %."""
        assert percent(share) == shown

    def test_stances_title_names_who_moved_furthest(self) -> None:
        """The title of the stances names the named member whose median moved furthest, from where to where."""
        data = picture(members=3, named=2)
        still = data.stances.assign(q50=1.7)
        still.loc[(still["member"] == "m1") & (still["date"] == still["date"].max()), "q50"] = -0.1
        said = title(figures.stances(dataclasses.replace(data, stances=still)))
        assert (
            said == "From first to last, Stan moved furthest: from near “uphold unconditionally” to near “relax partly”"
        )

    def test_stances_title_says_when_nobody_moved(self) -> None:
        """When no named member's median moved, the title says so."""
        data = picture(members=3, named=2)
        said = title(figures.stances(dataclasses.replace(data, stances=data.stances.assign(q50=0.4))))
        assert said == "The trade monopoly: no named member moved"

    def test_stances_title_does_not_overlook_the_crowd(self) -> None:
        """When somebody in grey moved further than all who are named, the title speaks of the named only."""
        data = picture(members=3, named=2)
        last = data.stances["date"] == data.stances["date"].max()
        still = data.stances.assign(q50=0.9)
        still.loc[last & (still["member"] == "m1"), "q50"] = 0.6
        still.loc[last & (still["member"] == "m2"), "q50"] = -1.0
        said = title(figures.stances(dataclasses.replace(data, stances=still)))
        assert said.startswith("From first to last, Stan moved furthest of those named, down by 0.3,")

    def test_on_a_single_date_nobody_is_said_to_stand_still(self) -> None:
        """With stances of one date only, the title says how far apart they stand."""
        data = picture(members=3, named=2)
        once = data.stances[data.stances["date"] == data.stances["date"].min()]
        once = once.assign(q50=once["member"].map({"m0": 1.9, "m1": -0.9, "m2": 0.2}))
        drawn = figures.stances(
            dataclasses.replace(data, stances=once, policy=data.policy.head(1), decisions=data.decisions.head(0),
                                ballots=data.ballots.head(0), marks=data.marks.head(0))
        )  # fmt: skip
        assert title(drawn) == (
            "Median stances on 7 Nov 1921 reach from near “loosen” (Stan) to near “uphold unconditionally” (Lena)"
        )
        assert figures.overlaps(drawn) == []

    def test_without_named_members_the_title_is_about_all(self) -> None:
        """When nobody is named, the title names whoever of all members moved furthest."""
        data = picture(members=3, named=0)
        still = data.stances.assign(q50=0.9)
        still.loc[(still["member"] == "m2") & (still["date"] == still["date"].max()), "q50"] = 0.6
        said = title(figures.stances(dataclasses.replace(data, stances=still)))
        assert (
            said
            == "From first to last, Tristan moved furthest, down by 0.3, and ends, as at first, nearest to “uphold”"
        )


class TestContents:
    """What is shown, and what is left out."""

    @pytest.mark.parametrize("members", [3, 14, 27, 48])
    def test_one_panel_a_member(self, members: int) -> None:
        """The small multiples have as many panels as members."""
        assert len(figures.small_multiples(picture(members=members)).axes) == members

    def test_stand_ins_are_left_out_of_a_crowded_sheet(self) -> None:
        """With more than 48 members the stand-ins have no panel, and the note says how many were left out."""
        drawn = figures.small_multiples(picture(members=40, stand_ins=35))
        assert len(drawn.axes) == 40
        assert any("Left out: 35 stand-ins" in text.get_text().replace("\n", " ") for text in drawn.texts)

    def test_stand_ins_share_a_row(self) -> None:
        """Stand-ins of one kind are one row of the ballots, their shares averaged."""
        drawn = figures.ballots(picture(members=5, stand_ins=6))
        names = [text.get_text() for text in drawn.texts]
        assert "delegates (mean of 6)" in names
        assert not any(name.startswith("Delegate ") for name in names)

    def test_every_ballot_has_its_flag(self) -> None:
        """Each ballot is labelled with its short name and day in the chart of stances."""
        texts = {text.get_text() for text in figures.stances(picture()).findobj(matplotlib.text.Text)}
        assert {
            "Theses, 4 Mar",
            "Final theses, 10 Mar",
            "Decree, 13 Mar",
            "Relaxation, 6 Oct",
            "Postponement, 16 Oct",
        } <= texts


class TestSaving:
    """Files come out the same twice."""

    @pytest.mark.parametrize("name", DRAWN)
    def test_the_same_data_give_the_same_bytes(self, name: str, tmp_path: Path) -> None:
        """Drawn twice from the same data, a figure's SVG and PNG are identical, and the PNG is 1200 pixels wide."""
        first = figures.save(DRAWN[name](picture()), tmp_path / "first")
        second = figures.save(DRAWN[name](picture()), tmp_path / "second")
        assert [path.name for path in first] == ["first.svg", "first.png"]
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
        assert int.from_bytes(first[1].read_bytes()[16:20], "big") == 1200
        ElementTree.parse(first[0])
        assert b"<dc:date>" not in first[0].read_bytes()

    def test_the_users_settings_neither_leak_in_nor_change(self, tmp_path: Path) -> None:
        """A user's matplotlib settings do not change a figure, and drawing does not change his settings."""
        expected = [path.read_bytes() for path in figures.save(figures.decisions(picture()), tmp_path / "plain")]
        own = {
            "font.size": 20,
            "axes.facecolor": "pink",
            "savefig.bbox": "tight",
            "lines.linewidth": 9,
            "figure.dpi": 50,
        }
        with matplotlib.rc_context(own):
            before = dict(matplotlib.rcParams)
            saved = figures.save(figures.decisions(picture()), tmp_path / "own")
            assert dict(matplotlib.rcParams) == before
        assert [path.read_bytes() for path in saved] == expected

    def test_a_name_with_a_dot_keeps_it(self, tmp_path: Path) -> None:
        """The suffix is added to the name given, not put in place of what follows a dot."""
        saved = figures.save(Figure(figsize=(4, 3)), tmp_path / "run.1")
        assert [path.name for path in saved] == ["run.1.svg", "run.1.png"]


class TestPicture:
    """What the figures are drawn from, and what they leave alone."""

    def test_figures_run_no_model_and_keep_no_state(self) -> None:
        """No module of the figures imports Mesa, Numba or pyplot's global state; one alone knows the results."""
        for path in Path(figures.__file__).parent.glob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            # What is imported for its type alone, or in a function, does not come with the module.
            imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
            names = {alias.name for node in imports for alias in node.names}
            names |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom) and node.level < 2}
            assert not any(isinstance(node, ast.ImportFrom) and node.level > 1 for node in imports), path.name
            assert not any(re.search(r"pyplot|^mesa|^numba", name) for name in names), path.name
            assert path.name == "from_results.py" or not any(re.search(r"^sim\b", name) for name in names), path.name

    @pytest.mark.parametrize(
        ("module", "heavy"), [("sim.figures", ("mesa", "numba", "scipy")), ("sim.figures.from_results", ("mesa",))]
    )
    def test_figures_bring_no_model_with_them(self, module: str, heavy: tuple[str, ...]) -> None:
        """Importing the figures loads no compiled core, and not even an ensemble's picture loads Mesa."""
        asked = f"import sys, {module}; print(*set({heavy!r}) & set(sys.modules))"
        done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == ("\n", "")

    def test_a_missing_column_is_named(self) -> None:
        """A table without a column is refused with the table's and the column's name."""
        with pytest.raises(ValueError, match="'policy' lacks q50; it has date, mean, q05, q95"):
            dataclasses.replace(picture(members=3), policy=picture(members=3).policy.drop(columns="q50"))

    def test_an_axis_without_length_is_refused(self) -> None:
        """An axis whose low end is not below its high end is refused."""
        with pytest.raises(ValueError, match="'low' is 2, 'high' is 2"):
            dataclasses.replace(picture(members=3), low=2.0)


class TestPlacing:
    """Labels keep out of each other's way."""

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ([], []),
            ([5.0], [5.0]),
            ([5.0, 5.0], [4.5, 5.5]),
            ([9.9, 0.0], [9.9, 0.0]),
            ([10.0, 10.0, 10.0], [8.0, 9.0, 10.0]),
        ],
    )
    def test_labels_are_pushed_apart(self, wanted: list[float], expected: list[float]) -> None:
        """Labels a gap apart stay where they are; others move as little as they must, within the bounds."""
        assert apart(wanted, 1.0, 0.0, 10.0) == pytest.approx(expected)

    def test_too_many_labels_share_the_room(self) -> None:
        """When labels do not fit a gap apart, they share the room evenly."""
        assert apart([3.0] * 5, 4.0, 0.0, 8.0) == pytest.approx([0, 2, 4, 6, 8])

    def test_a_flag_over_others_hoists_higher(self) -> None:
        """A flag that would be pierced by a later pole flies above that pole's own flag."""
        assert flag_rows([0.0, 1.0, 2.0, 9.0], [3.0, 3.0, 3.0, 3.0]) == [2, 1, 0, 0]

    def test_long_text_ends_in_an_ellipsis(self) -> None:
        """Text is wrapped at words, and what does not fit its last line ends in an ellipsis."""
        assert wrap("a b", 5, 9) == ["a b"]
        assert wrap("", 5, 9) == [""]
        cut = wrap("many words that cannot all be shown here", 1.0, 9, lines=2)
        assert len(cut) == 2
        assert cut[1].endswith("…")
        assert wrap("Donaudampfschifffahrtsgesellschaft", 0.8, 9)[0].endswith("…")


#: The shipped debates, by name and evidence.
SHIPPED = (("library-sunday", "all"), ("monopoly-1922", "all"), ("monopoly-1922", "seed"))


@functools.cache
def played(name: str = "monopoly-1922", evidence: str = "all") -> Ensemble:
    """A few histories of a shipped debate."""
    return results.ensemble(load(name, evidence=evidence), runs=64)


class TestResults:
    """From an ensemble to a picture, and the figures of the debates that come with the program."""

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    @pytest.mark.parametrize("name", DRAWN)
    def test_no_text_overlaps_in_a_shipped_debate(self, name: str, scenario: str, evidence: str) -> None:
        """The figures of the shipped debates can be read: no text runs into another or leaves the sheet."""
        draw: Callable[[Ensemble], Figure] = getattr(figures, name)
        assert figures.overlaps(draw(played(scenario, evidence))) == []

    def test_an_ensemble_and_its_picture_are_drawn_alike(self, tmp_path: Path) -> None:
        """A figure of an ensemble is the figure of its picture, to the byte."""
        many = played("library-sunday")
        first = figures.save(figures.decisions(many), tmp_path / "ensemble")
        second = figures.save(figures.decisions(picture_of(many)), tmp_path / "picture")
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

    def test_what_is_no_ensemble_is_refused(self) -> None:
        """A figure of something else is refused, and the message says what would work."""
        with pytest.raises(TypeError, match="of an Ensemble or a Picture, not of a DataFrame"):
            figures.stances(picture(members=3).stances)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_named_are_recorded_members_of_voting_bodies(self, scenario: str, evidence: str) -> None:
        """At most nine are named: the leader, and others of whom a stance is recorded and who sit where ballots are."""
        many = played(scenario, evidence)
        debate, named = many.scenario.debate, named_members(many)
        voting = {ballot.body for ballot in many.ballot_entries}
        seated = {name for body in voting for seats in debate.bodies[body].seats for name in seats.members}
        assert 0 < len(named) <= 9
        if debate.dynamics.deference:
            assert debate.dynamics.deference.leader in named
        for name in named:
            assert name in seated
            assert debate.members[name].first_stance or debate.members[name].observations

    def test_everybody_is_in_the_picture(self) -> None:
        """Every member of the debate has one row, stand-ins last and with the name of their kind."""
        many = played()
        members = picture_of(many).members
        assert sorted(members["member"]) == sorted(many.scenario.arrays[1].members)
        assert (members["group"] != "").is_monotonic_increasing
        assert set(members.loc[members["group"] != "", "group"]) == {"Commission", "Presidium", "Delegates"}

    def test_the_picture_begins_with_first_stances(self) -> None:
        """Stances begin on the first day, with the convictions of the file, and go on as they were counted."""
        many = played("library-sunday")
        stances = picture_of(many).stances
        first = stances[stances["date"] == pd.Timestamp(many.scenario.debate.span.start)].set_index("member")
        assert first["q50"].round(9).to_dict() == {"ada": 12, "ben": 0, "cleo": 26, "dov": 40, "eve": 50}
        pd.testing.assert_frame_equal(stances, many.stance_table)

    def test_the_policy_shown_is_that_of_the_record(self) -> None:
        """The policy drawn follows the documented outcomes, and is exactly one of the positions adopted."""
        policy = picture_of(played()).policy.set_index("date")["q50"]
        for date, value in (
            ("1922-01-02", 1),
            ("1922-06-05", 2),
            ("1922-10-09", 0),
            ("1922-11-06", 1),
            ("1923-01-01", 2),
        ):
            assert policy[date] == value, date

    def test_marks_are_the_moments_that_act(self) -> None:
        """Every ballot and absence is marked, and every letter that argues for something; one that informs is not."""
        many = played()
        marks = picture_of(many).marks
        played_ids = {entry.id for entry in many.scenario.entries}
        expected = {
            item.id
            for item in many.scenario.debate.timeline
            if item.id in played_ids and item.kind != "talk" and getattr(item, "argues_for", "") is not None
        }
        assert set(marks["id"]) == expected
        assert list(marks.loc[marks["kind"] == "ballot", "id"]) == list(many.decisions["decision"])
        assert marks.loc[marks["kind"] == "absence", "until"].notna().all()

    def test_a_body_that_meets_weekly_sat_all_along(self) -> None:
        """Weekly talks are one sitting, and so are the days of one session; a body between them does not sit."""
        bodies = picture_of(played()).bodies.groupby("body").size()
        assert bodies["politburo"] == 1
        assert bodies["congress-12"] == 1
        assert bodies["central-committee"] == 4

    def test_an_unknown_day_is_not_a_period(self) -> None:
        """Only a stance said of a whole period has an end; one whose day is unknown stands at its day."""
        many = played()
        seen = picture_of(many).observations
        said = [item for member in many.scenario.debate.members.values() for item in member.observations]
        assert len(seen) == len(said)
        assert seen["until"].notna().sum() == sum(item.whole_period for item in said)

    def test_what_is_not_fitted_is_shown_only(self) -> None:
        """Ballots that are not fitted, or have no outcome on record, are marked as shown only."""
        assert picture_of(played()).shown_only == {"lezhava-theses-commission", "vtsik-decree", "congress-resolution"}

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED[1:])
    def test_titles_of_a_shipped_debate_hold(self, scenario: str, evidence: str) -> None:
        """What the titles claim of a shipped debate is what its tables say, counted another way."""
        many = played(scenario, evidence)
        table = many.decisions
        right = sum(
            (p > 0.5) if outcome == "carried" else (p < 0.5)
            for p, outcome in zip(table.probability, table.documented, strict=True)
        )
        assert f"odds to {right} of {len(table)} documented" in title(figures.decisions(many))
        drawn = picture_of(many)
        ends = drawn.stances.sort_values("date").groupby("member")["q50"].agg(["first", "last"])
        furthest = (ends["last"] - ends["first"]).abs()[list(member_colours(drawn))].idxmax()
        assert f" {drawn.label(furthest)} moved furthest" in title(figures.stances(many))
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
                spots = {places[np.abs(places - x).argmin()] for x in (*np.linspace(low, high, 4001),)}
                reached += seen.stance in spots
                nearest += seen.stance == places[np.abs(places - middle).argmin()]
        said = f"The 90 % band reaches {reached} of {len(drawn.observations)} stances on record"
        assert title(figures.small_multiples(many)) == f"{said}; the median is nearest to {nearest}"

    @pytest.mark.parametrize(
        ("name", "text", "expected"),
        [
            ("october-relaxation", "", "October relaxation"),
            ("vtsik-decree", "Presidium of the Executive Committee (VTsIK)", "VTsIK decree"),
            ("central-committee", "Central Committee elected by the Congress", "Central Committee"),
            ("2-plenum", "", "2 plenum"),
        ],
    )
    def test_ids_make_short_names(self, name: str, text: str, expected: str) -> None:
        """An id becomes a name: hyphens are spaces, and words are spelt as the full name spells them."""
        assert short_name(name, text) == expected

    def test_a_short_name_keeps_its_words_small(self) -> None:
        """In the name of a ballot only people and abbreviations have capitals within."""
        many = played()
        drawn = picture_of(many)
        assert drawn.ballot_label("lezhava-theses-commission") == "Lezhava theses commission"
        assert drawn.ballot_label("vtsik-decree") == "VTsIK decree"

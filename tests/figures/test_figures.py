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
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

import sim
from sim import figures
from sim.figures.charts.axes import apart
from sim.figures.charts.event_flags import flag_rows
from sim.figures.labels import of_saved
from sim.figures.style import member_colours
from sim.figures.text import measured, wrap
from sim.model.arrays import arrays_of
from sim.results.labels import named_members, short_name
from sim.results.saved import Saved
from tests.pictures import DRAWN, PICTURES, SHIPPED, charts, data_of, figure_of, picture, played, shown


class TestLegibility:
    """What is written can be read."""

    @pytest.mark.parametrize("data", PICTURES)
    @pytest.mark.parametrize("name", DRAWN)
    def test_no_text_overlaps_another_or_is_cut(self, name: str, data: str) -> None:
        """No text in any figure runs into another text or leaves the sheet."""
        assert figures.overlaps(figure_of(name, data)) == []

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
        assert figures.overlaps(charts.stances(data)) == []

    @pytest.mark.parametrize("members", [9, 27])
    def test_members_have_colours_of_their_own(self, members: int) -> None:
        """Each named member has a colour, no two the same, and the same one in every figure."""
        colours = member_colours(picture(members=members))
        assert len(colours) == 9
        assert len(set(colours.values())) == 9


@functools.cache
def written(name: str) -> tuple[Figure, ElementTree.Element]:
    """A figure and its SVG."""
    figure = DRAWN[name](picture())
    return figure, ElementTree.fromstring(figures.encoded(figure, "svg"))


class TestSaving:
    """Files come out the same twice."""

    @pytest.mark.parametrize("name", DRAWN)
    def test_the_same_data_give_the_same_bytes(self, name: str, tmp_path: Path) -> None:
        """Drawn twice from the same data, a figure's SVG and PNG are identical, and the PNG is 1200 pixels wide."""
        first, second = (
            figures.save(DRAWN[name](picture(members=3, named=2)), tmp_path / place, ["svg", "png"])
            for place in ("first", "second")
        )
        assert [path.name for path in first] == ["first.svg", "first.png"]
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
        assert int.from_bytes(first[1].read_bytes()[16:20], "big") == 1200
        ElementTree.parse(first[0])
        assert b"<dc:date>" not in first[0].read_bytes()

    def test_the_users_settings_neither_leak_in_nor_change(self, tmp_path: Path) -> None:
        """A user's matplotlib settings do not change a figure, and drawing does not change those."""
        both = ["svg", "png"]
        expected = [path.read_bytes() for path in figures.save(charts.decisions(picture()), tmp_path / "plain", both)]
        own = {
            "font.size": 20,
            "axes.facecolor": "pink",
            "savefig.bbox": "tight",
            "lines.linewidth": 9,
            "figure.dpi": 50,
        }
        with matplotlib.rc_context(own):
            before = dict(matplotlib.rcParams)
            saved = figures.save(charts.decisions(picture()), tmp_path / "own", both)
            assert dict(matplotlib.rcParams) == before
        assert [path.read_bytes() for path in saved] == expected

    @pytest.mark.parametrize("name", DRAWN)
    def test_what_is_written_is_text_in_the_file(self, name: str) -> None:
        """All that is written on a figure is text in its SVG, line by line, of the width that it was laid out with."""
        figure, root = written(name)
        found = root.iter("{http://www.w3.org/2000/svg}text")
        lines = {str(text.text): float(text.attrib["textLength"]) for text in found}
        texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
        assert set(lines) == {line for text in texts for line in text.split("\n") if line}
        assert min(lines.values()) > 0

    @pytest.mark.parametrize("name", DRAWN)
    def test_what_is_written_lies_on_the_sheet_of_the_file(self, name: str) -> None:
        """Every line of text of an SVG begins and ends within its sheet, in whatever dots the figure is shown."""
        _, root = written(name)
        width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            x, y, length = (float(text.attrib[key]) for key in ("x", "y", "textLength"))
            part = {"middle": 0.5, "end": 1.0}.get(text.attrib.get("text-anchor", ""), 0.0)
            if "transform" not in text.attrib:
                assert -1 <= x - part * length <= x + (1 - part) * length <= width + 1, text.text
            assert 0 <= y <= height, text.text

    def test_a_name_with_a_dot_keeps_it(self, tmp_path: Path) -> None:
        """The suffix is added to the name given, not put in place of what follows a dot."""
        saved = figures.save(Figure(figsize=(4, 3)), tmp_path / "run.1")
        assert [path.name for path in saved] == ["run.1.svg"]


FOLDER = Path(figures.__file__).parent


class TestPicture:
    """What the figures are drawn from, and what they leave alone."""

    @pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: str(path.relative_to(FOLDER)))
    def test_figures_run_no_model_and_keep_no_state(self, path: Path) -> None:
        """No module imports Mesa, Numba or pyplot's global state, and whatever draws knows of figures' data alone."""
        # What is imported for its type alone, or in a function, does not come with the module.
        imports = [
            node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert not any(isinstance(node, ast.ImportFrom) and node.level for node in imports)
        names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
        names |= {
            f"{node.module}.{alias.name}"
            for node in imports
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert not any(re.search(r"\bpyplot\b|^mesa\b|^numba\b", name) for name in names)
        draws = path.parent.name == "charts" or path.stem in (
            "data",
            "style",
            "text",
            "svg",
            "files",
            "frames",
            "storyboard",
        )
        plain = re.compile(
            r"sim\.(errors|model\.array_types|results\.wording|figures\.(charts|data|style|text|svg|files|film))\b"
        )
        assert not draws or not [name for name in names if name.startswith("sim.") and not plain.match(name)]

    @pytest.mark.parametrize(
        ("module", "heavy"), [("sim.figures", ("mesa", "numba", "scipy")), ("sim.figures.labels", ("mesa",))]
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

    @pytest.mark.parametrize("weight", ["normal", "bold"])
    @pytest.mark.parametrize(
        "text", ["Hello, world: gjp", "AVATAR To. P,", "Ёж съел щи", "− 90 % … “x”", "a\u0301", ""]
    )
    def test_a_line_is_as_wide_and_high_as_it_is_drawn(self, text: str, weight: str) -> None:
        """Letters and kerns added up are what matplotlib lays out, to a hundredth of the size."""
        font = FontProperties(family="DejaVu Sans", size=10, weight=weight)
        assert measured(text, 10, weight) == pytest.approx(
            text_to_path.get_text_width_height_descent(text, font, False), abs=0.1
        )

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


@functools.cache
def drawn_of(name: str, scenario: str, evidence: str) -> Figure:
    """A figure of a shipped debate."""
    return DRAWN[name](shown(scenario, evidence))


@functools.cache
def replayed() -> sim.Replay:
    """A replay of the small debate."""
    return sim.replay(sim.load("library-sunday"), 64)


class TestResults:
    """From an ensemble to a picture, and the figures of the debates that come with the program."""

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    @pytest.mark.parametrize("name", DRAWN)
    def test_no_text_overlaps_in_a_shipped_debate(self, name: str, scenario: str, evidence: str) -> None:
        """The figures of the shipped debates can be read: no text runs into another or leaves the sheet."""
        assert figures.overlaps(drawn_of(name, scenario, evidence)) == []

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    @pytest.mark.parametrize("name", DRAWN)
    def test_no_text_is_cut_short_in_a_shipped_debate(self, name: str, scenario: str, evidence: str) -> None:
        """Motions, names and flags of the shipped debates are written out: nothing ends in an ellipsis."""
        texts = [text.get_text() for text in drawn_of(name, scenario, evidence).findobj(matplotlib.text.Text)]
        assert [text for text in texts if "…" in text] == []

    @pytest.mark.parametrize("name", DRAWN)
    def test_a_figure_of_a_result_is_that_of_its_tables(self, name: str) -> None:
        """A figure drawn of a replay is the one that is drawn from its tables as they are written, to the byte."""
        result = replayed()
        drawn = DRAWN[name](of_saved(Saved.of("replay", result)))
        assert figures.encoded(getattr(figures, name)(result), "svg") == figures.encoded(drawn, "svg")

    def test_what_a_figure_cannot_be_drawn_of_is_refused(self) -> None:
        """A figure of no result, or of one without a table that it needs, is refused with what would work."""
        with pytest.raises(TypeError, match="'stances' is drawn of what `sim replay` finds out, not of a DataFrame"):
            figures.stances(picture(members=3).stances)
        with pytest.raises(ValueError, match="table 'influence', which a Ensemble does not have: give what `sim repl"):
            figures.influence(played("library-sunday"))

    @pytest.mark.parametrize(("scenario", "evidence"), SHIPPED)
    def test_named_are_recorded_members_of_voting_bodies(self, scenario: str, evidence: str) -> None:
        """At most nine are named: the leader, and others of whom a stance is recorded and who sit where ballots are."""
        many = played(scenario, evidence)
        debate, named = many.scenario.debate, named_members(many.scenario)
        voting = {ballot.body for ballot in many.ballot_entries}
        seated = {name for body in voting for seats in debate.bodies[body].seats for name in seats.members}
        assert 0 < len(named) <= 9
        if debate.dynamics.deference:
            assert debate.dynamics.deference.leader in named
        for name in named:
            assert name in seated
            assert debate.members[name].first_stance or debate.members[name].observations

    def test_everybody_is_in_the_picture(self) -> None:
        """Every member of the debate has one row; those alike to the model come last, with the name of their kind."""
        many = played()
        members = data_of(many).members
        assert sorted(members["member"]) == sorted(arrays_of(many.scenario).names.members)
        assert (members["group"] != "").is_monotonic_increasing
        assert set(members.loc[members["group"] != "", "group"]) == {
            "Yaroslavsky and 15 alike", "Commission (mean of 4)", "Presidium (mean of 7)", "Delegates (mean of 25)",
        }  # fmt: skip

    def test_the_picture_begins_with_first_stances(self) -> None:
        """Stances begin on the first day, with the convictions of the file, and go on as they were counted."""
        many = played("library-sunday")
        stances = data_of(many).stances
        first = stances[stances["date"] == pd.Timestamp(many.scenario.debate.span.start)].set_index("member")
        assert first["q50"].round(9).to_dict() == {"ada": 12, "ben": 0, "cleo": 26, "dov": 40, "eve": 50}
        pd.testing.assert_frame_equal(stances, many.stance_table)

    def test_the_policy_shown_is_that_of_the_record(self) -> None:
        """The policy drawn follows the documented outcomes, and is exactly one of the positions adopted."""
        policy = data_of(played()).policy.set_index("date")["q50"]
        for date, value in (
            ("1922-01-02", 1),
            ("1922-06-05", 1),
            ("1922-10-09", 0),
            ("1922-11-06", 1),
            ("1923-01-01", 2),
        ):
            assert policy[date] == value, date

    def test_marks_are_the_moments_that_act(self) -> None:
        """Every ballot and absence is marked, and every letter that argues for something; one that informs is not."""
        many = played()
        marks = data_of(many).marks
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
        bodies = data_of(played()).bodies.groupby("body").size()
        assert bodies["politburo"] == 1
        assert bodies["congress-12"] == 1
        assert bodies["central-committee"] == 4

    def test_an_unknown_day_is_not_a_period(self) -> None:
        """Only a stance said of a whole period has an end; one of an unknown day stands at its day."""
        many = played()
        seen = data_of(many).observations
        reported = [item for member in many.scenario.debate.members.values() for item in member.observations]
        said = [item for item in reported if item.stance is not None]
        assert len(seen) == len(said) < len(reported)
        assert seen["until"].notna().sum() == sum(item.whole_period for item in said)

    def test_what_is_not_fitted_is_shown_only(self) -> None:
        """Ballots that are not fitted, or have no outcome on record, are marked as shown only."""
        assert data_of(played()).shown_only == {"lezhava-theses-commission", "vtsik-decree", "congress-resolution"}

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
        drawn = data_of(many)
        assert drawn.ballot_label("lezhava-theses-commission") == "Lezhava theses commission"
        assert drawn.ballot_label("vtsik-decree") == "VTsIK decree"

"""The film: what happens on a day is seen on that day, at the pace and in the order of the model."""

from __future__ import annotations

import dataclasses
import functools
import io
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.figures import overlaps
from sim.figures.film import film
from sim.figures.film.frames import Stage
from sim.figures.film.frames import film as pixels_of
from sim.figures.film.from_results import of_ensemble, of_run, storyboard_of
from sim.figures.film.storyboard import COUNT, FLIGHT, RATE, Frame, Storyboard, between, frames, length
from sim.figures.style import PAPER
from tests.debates import ballot, debate, letter, talk
from tests.pictures import played


@functools.cache
def filmed(name: str, history: int | None) -> Storyboard:
    """The storyboard of a shipped debate: one history, or the medians of a few."""
    return of_ensemble(played(name)) if history is None else of_run(sim.play(sim.load(name), 1922, history))


FILMS = [("library-sunday", None), ("library-sunday", 0), ("monopoly-1922", None), ("monopoly-1922", 3)]


@pytest.mark.parametrize(("name", "history"), FILMS)
def test_every_day_passes_in_order(name: str, history: int | None) -> None:
    """The frames pass every day of the debate once, never back, and the stances with them."""
    sequence = list(frames(filmed(name, history)))
    days = [frame.day for frame in sequence]
    assert days == sorted(days)
    assert set(days) == set(range(filmed(name, history).days.size))
    places = [frame.at for frame in sequence]
    assert places == sorted(places)
    assert all(frame.day - 1 <= frame.at <= frame.day for frame in sequence)


@pytest.mark.parametrize(("name", "history"), FILMS)
def test_letters_and_ballots_have_their_time(name: str, history: int | None) -> None:
    """Each letter travels from its author to its readers on its day, and each ballot is counted on its own."""
    storyboard = filmed(name, history)
    sequence = list(frames(storyboard))
    for number, delivery in enumerate(storyboard.deliveries):
        flight = [frame for frame in sequence if number in frame.letters]
        assert len(flight) == FLIGHT
        assert {frame.day for frame in flight} == {delivery.day}
        assert flight[-1].distance == 1
        assert flight[-1].at == delivery.day
    for number, poll in enumerate(storyboard.polls):
        counting = [frame for frame in sequence if frame.poll == number]
        assert counting[0].day == poll.day
        assert counting[0].counted < 1
        assert counting[COUNT - 1].counted == 1


def test_stances_move_as_a_letter_arrives_and_not_before() -> None:
    """While a letter is on its way nobody has moved; when it is there its readers have, as in the worked example."""
    storyboard = filmed("library-sunday", 0)
    flight = [frame for frame in frames(storyboard) if frame.letters]
    ben = list(storyboard.data.members["member"]).index("ben")
    assert between(storyboard.stances, flight[0].at)[ben] == 0
    assert between(storyboard.stances, flight[FLIGHT // 2 - 1].at)[ben] == 0
    assert between(storyboard.stances, flight[-1].at)[ben] == 25


def test_the_storyboard_of_a_history_is_that_history() -> None:
    """Stances at the end of each day, votes and outcomes on the storyboard are those that the history has."""
    run = sim.play(sim.load("monopoly-1922"), 1922, 3)
    storyboard = filmed("monopoly-1922", 3)
    members = list(storyboard.data.members["member"])
    last = run.stances.groupby("date").last()
    first = run.stances["date"].min()
    for date, row in last.iloc[::40].iterrows():
        np.testing.assert_array_equal(storyboard.stances[:, (date - first).days], row[members].to_numpy(float))
    for entry, poll in zip([e for e in run.scenario.entries if e.kind == "ballot"], storyboard.polls, strict=True):
        votes = run.ballots[run.ballots["decision"] == entry.id]["vote"].value_counts()
        assert {word: number for word, number in poll.votes.items() if number} == votes.to_dict()
    assert any(poll.outcome.startswith("carried") for poll in storyboard.polls)


def test_the_storyboard_of_many_is_their_medians() -> None:
    """On a day on which stances were counted the storyboard has the medians and the bands of the tables."""
    many, storyboard = played("monopoly-1922"), filmed("monopoly-1922", None)
    members, table = list(storyboard.data.members["member"]), many.stance_table
    date = table["date"].unique()[20]
    day = (date - table["date"].min()).days
    rows = table[table["date"] == date].set_index("member").loc[members]
    np.testing.assert_allclose(storyboard.stances[:, day], rows["q50"])
    assert storyboard.bands is not None
    np.testing.assert_allclose(storyboard.bands[:, :, day], rows[["q05", "q25", "q75", "q95"]].T)


def test_the_policy_changes_on_the_day_it_is_set() -> None:
    """The policy stays until a ballot that is carried, and is the new one from that day on."""
    storyboard = filmed("library-sunday", 0)
    (poll,) = storyboard.polls
    assert set(storyboard.policy[: poll.day]) == {12}
    assert set(storyboard.policy[poll.day :]) == {26}


@pytest.mark.parametrize(("name", "history"), FILMS)
def test_what_is_written_on_a_frame_can_be_read(name: str, history: int | None) -> None:
    """On frames with letters, absences and ballots no text runs into another or leaves the picture."""
    storyboard = filmed(name, history)
    stage, sequence = Stage(storyboard), list(frames(storyboard))
    busiest = max(sequence, key=lambda frame: len(frame.letters))
    crowded = [sequence[0], busiest, sequence[-1], *sequence[:: max(len(sequence) // 5, 1)]]
    for frame in crowded:
        stage.draw(frame)
        for artist in (*stage.moving, *chain.from_iterable(stage.changing.values())):
            artist.set_animated(False)
        assert overlaps(stage.figure) == [], frame


def test_who_is_away_is_drawn_so() -> None:
    """An absent member's dot is hollow and their name says that they are away; one who is there has a full dot."""
    storyboard = filmed("library-sunday", 0)
    stage = Stage(storyboard)
    stage.draw(next(frames(storyboard)))
    assert stage.away["eve"].get_text() == "away"
    assert stage.away["ada"].get_text() == ""
    faces = dict(zip(stage.named, map(to_hex, stage.dots.get_facecolor()), strict=True))
    assert (faces["eve"], faces["ada"]) == (PAPER, stage.colours["ada"].lower())


def test_a_letter_is_seen_between_its_author_and_its_readers() -> None:
    """A letter has a mark for each reader, at first with its author and in the end with them."""
    storyboard = filmed("library-sunday", 0)
    stage = Stage(storyboard)
    flight = [frame for frame in frames(storyboard) if frame.letters]
    stage.draw(dataclasses.replace(flight[0], distance=0.0))
    assert list(stage.letters[0].get_xdata()) == [50, 50]
    stage.draw(flight[-1])
    assert list(stage.letters[0].get_xdata()) == [31, 25]
    assert stage.news[0].get_text() == "Eve (letter) to Ada, Ben"


def test_frames_do_not_depend_on_those_before() -> None:
    """A frame drawn after others has the pixels that it has when it is drawn alone."""
    storyboard = filmed("library-sunday", None)
    sequence = list(frames(storyboard))
    stage = Stage(storyboard)
    for frame in sequence[::17]:
        np.testing.assert_array_equal(stage.draw(frame), Stage(storyboard).draw(frame))


@pytest.mark.parametrize("kind", ["mp4", "gif"])
def test_the_same_film_has_the_same_bytes(kind: str) -> None:
    """A film drawn twice is the same file, and begins as such a file does."""
    storyboard = filmed("library-sunday", 0)
    one, other = (film.ENCODERS[kind](pixels_of(storyboard), RATE) for _ in range(2))
    assert one == other
    assert one.startswith(b"GIF89a") if kind == "gif" else one[4:8] == b"ftyp"


def test_a_gif_has_every_fourth_frame() -> None:
    """A GIF shows the film at a quarter of its frames, and smaller."""
    storyboard = filmed("library-sunday", 0)
    moving = Image.open(io.BytesIO(film.gif(pixels_of(storyboard), RATE)))
    # Equal frames in a row are one frame that stands longer.
    assert moving.n_frames <= -(-length(storyboard) // film.GIF_EVERY)
    assert moving.width == film.GIF_WIDTH


def test_the_command_films_and_can_be_verified(tmp_path: Path) -> None:
    """`sim film` leaves a film with its manifest, which `sim verify --rerun` makes again to the byte."""
    made = CliRunner().invoke(
        main.program(), ["film", "library-sunday", "--history", "2", "--as", "gif", "--out", str(tmp_path)]
    )
    assert made.exit_code == 0, made.output
    folder = (tmp_path / "latest").resolve()
    assert sorted(path.name for path in folder.iterdir()) == ["film.gif", "manifest.json"]
    rebuild = CliRunner().invoke(main.program(), ["verify", str(folder), "--rerun"])
    assert rebuild.exit_code == 0, rebuild.output


def test_without_an_encoder_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that encodes MP4 an MP4 is refused before anything is played; else a GIF is made."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = CliRunner().invoke(main.program(), ["film", "library-sunday", "--as", "mp4", "--out", str(tmp_path)])
    assert done.exit_code != 0
    assert "install the extra `film`, or give --as gif" in str(done.exception)
    assert list(tmp_path.iterdir()) == []
    done = CliRunner().invoke(main.program(), ["film", "library-sunday", "--history", "0", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "latest" / "film.gif").exists()


NEWS = {**letter("word", None, ["ann", "bob"], 1.0, 9, authority="say"), "kind": "news"}
ODD = {
    "nothing is put to the vote": debate({"ann": 0.1, "bob": 0.9}, letter("plea", "ann", ["bob"], 0.0, 3), NEWS),
    "nobody is known": debate({"ann": None, "bob": None}, talk("sitting", 3), ballot("vote", 1.0, "policy", 5)),
    "a motion and a letter never come": debate(
        {"ann": 0.9, "bob": 0.9, "cy": 0.8}, ballot("vote", 1.0, 0.0, 5),
        ballot("again", 0.0, 1.0, 6, **{"if": "vote rejected"}),
        letter("plea", "ann", ["bob"], 0.0, 7, **{"if": "vote rejected"}),
    ),
    "it lasts a day": debate({"ann": 0.9, "bob": 0.9}, ballot("vote", 1.0, 0.0, 0), weeks=1),
    "the axis is long": debate({"ann": -4e3, "bob": 9e3}, ballot("vote", 1e3, 0.0, 5), low=-1e4, high=1e4),
}  # fmt: skip


@pytest.mark.parametrize("history", [None, 0])
@pytest.mark.parametrize("odd", ODD)
def test_any_debate_can_be_filmed(odd: str, history: int | None) -> None:
    """A debate with little in it, or with what never happens, is filmed to its end."""
    storyboard = storyboard_of(ODD[odd], 16, 1, history)
    stage = Stage(storyboard)
    sequence = list(frames(storyboard))
    for frame in sequence[:: max(len(sequence) // 5, 1)]:
        assert stage.draw(frame).shape == (720, 1280, 4)
    assert overlaps(stage.figure) == []


def test_what_does_not_happen_is_not_filmed() -> None:
    """A letter whose condition did not hold does not travel, and a motion that was not put has no votes."""
    storyboard = storyboard_of(ODD["a motion and a letter never come"], 16, 1, 0)
    assert storyboard.deliveries == ()
    assert [poll.outcome for poll in storyboard.polls] == ["carried", "not put to the vote"]
    assert sum(storyboard.polls[1].votes.values()) == 0


def test_a_storyboard_without_letters_or_ballots_is_a_frame_a_day() -> None:
    """Where nothing happens a day is one frame."""
    still = dataclasses.replace(filmed("library-sunday", 0), deliveries=(), polls=())
    assert list(frames(still)) == [Frame(float(day), day, (), 0.0, -1, 1.0) for day in range(still.days.size)]

"""Letters: how far they carry a reader, whom they reach, and what holds for every latitude of acceptance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.rules import letters
from tests.debates import Floats, absence, ballot, debate, letter, played
from tests.every_word import LETTERS, of_letters

SHARE = st.floats(0, 1)
STRENGTH = st.floats(0.01, 5)
PLACE = st.floats(-3, 3)


def after_letter(
    latitude: str,
    stances: Floats | float,
    argued: float,
    receptiveness: Floats | float = 0.5,
    authority: Floats | float = 1.0,
    strength: float = 3.0,
    bound: float = 1.0,
) -> Floats:
    """A reader's stances in some histories after a letter, by the word of the latitude."""
    start = np.atleast_1d(np.asarray(stances, dtype=np.float64))
    ready, weight = (
        np.broadcast_to(np.asarray(given, dtype=np.float64), start.shape).copy() for given in (receptiveness, authority)
    )
    dose = letters.doses(ready, weight, float(strength))
    return np.asarray(letters.read(letters.LATITUDES[latitude], start, float(argued), dose, np.full(start.size, bound)))


# ---------------------------------------------------------------- known values


@pytest.mark.parametrize(
    ("strength", "share"), [(3, 1 / 2), (6, 3 / 4), (9, 7 / 8), (1.5, 1 - np.sqrt(1 / 2)), (1, 1 - 0.5 ** (1 / 3))]
)
def test_a_letter_carries_its_reader_a_known_share_of_the_way(strength: float, share: float) -> None:
    """With half of the weight, strength 3 is half the way, and each further dose half of what is left."""
    for receptiveness, authority in ((0.5, 1.0), (1.0, 0.5)):
        end = after_letter("unbounded", 0.2, 0.6, receptiveness, authority, strength)
        assert end == pytest.approx(0.2 + 0.4 * share, abs=1e-14)


def test_a_reader_wholly_receptive_to_a_full_authority_is_won_over_at_once() -> None:
    """With r = A = 1 the reader goes all the way, however weak the letter."""
    assert after_letter("unbounded", -1.0, 2.0, 1.0, 1.0, 0.5)[0] == 2.0


@pytest.mark.parametrize("strength", [0.5, 3.0, 5.0])
def test_nobody_is_moved_by_a_letter_that_he_does_not_take_in(strength: float) -> None:
    """Without receptiveness, or from an author without authority, words move nobody."""
    assert after_letter("unbounded", 0.3, 1.0, 0.0, 1.0, strength)[0] == 0.3
    assert after_letter("unbounded", 0.3, 1.0, 1.0, 0.0, strength)[0] == 0.3


@pytest.mark.parametrize(
    ("latitude", "at_half_the_bound", "at_the_bound", "at_twice_the_bound"),
    [
        ("unbounded", 1, 1, 1),
        ("hegselmann-krause", 1, 1, 0),
        ("soft-bounded-confidence", 9 / 16, 0, 0),
        ("gaussian-bounded-confidence", np.exp(-1 / 8), np.exp(-1 / 2), np.exp(-2)),
    ],
)
def test_latitudes_have_the_values_of_their_formulas(
    latitude: str, at_half_the_bound: float, at_the_bound: float, at_twice_the_bound: float
) -> None:
    """What is argued from further away is taken in less, by the latitude's formula."""
    for gap, h in ((0.5, at_half_the_bound), (1.0, at_the_bound), (2.0, at_twice_the_bound)):
        assert after_letter(latitude, 0.0, gap, 0.6)[0] == pytest.approx(0.6 * h * gap, abs=1e-14)


def test_two_letters_are_one_letter_of_their_joint_strength() -> None:
    """Doses compose: strength 2 and then 1 carry as far as strength 3."""
    twice = after_letter("unbounded", after_letter("unbounded", 0.1, 0.9, 0.7, strength=2.0), 0.9, 0.7, strength=1.0)
    assert twice == pytest.approx(after_letter("unbounded", 0.1, 0.9, 0.7, strength=3.0), abs=1e-14)


# ------------------------------------------------------- whom a letter reaches

READERS = {"ann": 0.0, "bob": 0.0, "cat": 0.0, "dan": 1.0}


def test_a_letter_reaches_its_readers_and_nobody_else() -> None:
    """Those named read it, once each; the author does not persuade themselves."""
    board_and_bob = debate(
        READERS, letter("word", "ann", ["bob", "board"], 1.0), bodies={"board": {"members": ["ann", "bob", "dan"]}}
    )
    assert (played(board_and_bob).stances[-1, :, 0] == [0.0, 0.5, 0.0, 1.0]).all()


def test_a_letter_without_a_direction_moves_nobody() -> None:
    """What only informs changes no stance."""
    assert (
        played(debate(READERS, letter("word", "ann", ["bob", "dan"], None))).stances[-1, :, 0] == [0, 0, 0, 1]
    ).all()


@pytest.mark.parametrize(("reachable", "end"), [(True, 0.5), (False, 0.0)])
def test_a_letter_follows_who_is_away_but_not_who_is_out_of_reach(reachable: bool, end: float) -> None:
    """Somebody absent reads their post if they can be reached at all."""
    travels = absence("away", "bob", 0, 5, reachable=reachable)
    assert played(debate(READERS, travels, letter("word", "ann", ["bob"], 1.0))).of("bob")[-1, 0] == end


def test_who_is_back_can_be_reached() -> None:
    """Being out of reach ends with the absence, on the day after its last."""
    travels = absence("away", "bob", 0, 5, reachable=False)
    words = [letter("on-the-last-day", "ann", ["bob"], 1.0, 5), letter("on-the-day-after", "ann", ["bob"], 1.0, 6)]
    assert [at[0] for at in played(debate(READERS, travels, *words)).of("bob")[-2:]] == [0.0, 0.5]


def test_the_authority_of_a_letter_is_its_own_or_its_authors() -> None:
    """A letter speaks with the authority it names, else with that of its author, else with everybody's."""
    words = [
        letter("common", "ann", ["bob"], 1.0),
        letter("of-the-author", "dan", ["cat"], 1.0),
        letter("its-own", "dan", ["ann"], 1.0, authority="faint"),
        letter("news", None, ["ann"], 1.0, 2, kind="news", authority="faint"),
    ]
    members = {"ann": 0.0, "bob": 0.0, "cat": 0.0, "dan": {"first_stance": 1.0, "authority": "half"}}
    end = played(debate(members, *words, parameters={"half": 0.5, "faint": 0.2, "receptiveness": 0.5})).stances[
        -1, :, 0
    ]
    assert end == pytest.approx([1 - 0.9**2, 0.5, 0.25, 1.0], abs=1e-14)


def test_each_reader_has_a_receptiveness_of_his_own() -> None:
    """A member's own parameter stands before that of the debate."""
    members = {"ann": 1.0, "bob": 0.0, "cat": {"first_stance": 0.0, "receptiveness": "deaf"}}
    end = played(debate(members, letter("word", "ann", ["bob", "cat"], 1.0), parameters={"deaf": 0.1})).stances[
        -1, :, 0
    ]
    assert end == pytest.approx([1.0, 0.5, 0.1])


def test_a_letter_that_hangs_on_a_decision_is_written_only_where_it_was_taken() -> None:
    """In each history a conditional letter moves its reader if, and only if, the motion went that way."""
    undecided = debate(
        READERS,
        ballot("vote", 1.0, 0.0, 1),
        letter("thanks", "ann", ["bob"], 1.0, 2, **{"if": "vote carried"}),
        letter("protest", "ann", ["cat"], 1.0, 2, **{"if": "vote rejected"}),
        ballots={"rule": "fixed", "competence": "competence"},
    )
    histories = played(undecided, 200)
    carried = histories.decided[0] == 1
    assert 20 < carried.sum() < 180
    assert (histories.of("bob")[-1] == np.where(carried, 0.5, 0.0)).all()
    assert (histories.of("cat")[-1] == np.where(carried, 0.0, 0.5)).all()


# ----------------------------------------------- what holds for every latitude

every_latitude = pytest.mark.parametrize("latitude", LETTERS)


@every_latitude
@given(PLACE, PLACE, SHARE, SHARE, STRENGTH)
def test_a_letter_never_carries_its_reader_past_its_position(
    latitude: str, stance: float, argued: float, receptiveness: float, authority: float, strength: float
) -> None:
    """The reader ends between where they stood and what is argued for (to the last bits of a number)."""
    end = after_letter(latitude, stance, argued, receptiveness, authority, strength)[0]
    assert min(stance, argued) - 1e-15 <= end <= max(stance, argued) + 1e-15


@every_latitude
@given(PLACE, PLACE, SHARE, SHARE, STRENGTH, STRENGTH)
def test_a_stronger_letter_never_moves_less(
    latitude: str, stance: float, argued: float, receptiveness: float, authority: float, one: float, other: float
) -> None:
    """Of two letters for the same position, the stronger brings the reader at least as near to it."""
    weak, strong = (
        after_letter(latitude, stance, argued, receptiveness, authority, strength)[0]
        for strength in sorted((one, other))
    )
    assert abs(argued - strong) <= abs(argued - weak) + 1e-15


@every_latitude
@given(PLACE, PLACE, SHARE, SHARE, SHARE)
def test_a_readier_reader_never_moves_less(
    latitude: str, stance: float, argued: float, one: float, other: float, authority: float
) -> None:
    """More receptiveness, like more authority, brings the reader at least as near."""
    low, high = sorted((one, other))
    for less, more in (((low, authority), (high, authority)), ((authority, low), (authority, high))):
        ends = [after_letter(latitude, stance, argued, *shares)[0] for shares in (less, more)]
        assert abs(argued - ends[1]) <= abs(argued - ends[0]) + 1e-15


@every_latitude
@given(PLACE, SHARE, SHARE, STRENGTH)
def test_a_letter_that_says_what_one_thinks_changes_nothing(
    latitude: str, stance: float, receptiveness: float, authority: float, strength: float
) -> None:
    """Who stands where the letter argues stays there."""
    assert after_letter(latitude, stance, stance, receptiveness, authority, strength)[0] == stance


@every_latitude
@given(PLACE, PLACE, st.floats(-3, 3))
def test_letters_know_no_origin_and_no_direction(latitude: str, stance: float, argued: float, shift: float) -> None:
    """Reader and letter moved along the axis, or mirrored in it, do just the same."""
    end = after_letter(latitude, stance, argued)[0]
    assert after_letter(latitude, stance + shift, argued + shift)[0] == pytest.approx(end + shift, abs=1e-9)
    assert after_letter(latitude, -stance, -argued)[0] == -end


@every_latitude
@given(st.integers(0, 2**32 - 1).map(np.random.default_rng))
def test_histories_read_side_by_side_without_hearing_each_other(latitude: str, rng: np.random.Generator) -> None:
    """A reader in one history has the same bits alone and among others."""
    stances, ready, weight = rng.random(9), rng.random(9), rng.random(9)
    together = after_letter(latitude, stances, 0.7, ready, weight)
    alone = [after_letter(latitude, stances[lane], 0.7, ready[lane], weight[lane])[0] for lane in range(9)]
    assert (together == alone).all()


@every_latitude
def test_plain_python_reads_to_the_same_bits(latitude: str, interpreted: dict[str, str]) -> None:
    """The compiler changes nothing but the speed."""
    assert played(of_letters(latitude), 5).bits == interpreted[f"letters {latitude}"]

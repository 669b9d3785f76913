"""Talk: known results of the field, in which direction things move, and what holds for every rule."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensembles import ensemble
from sim.model.rules import persuasion
from sim.model.transcript import play
from sim.scenario.scenario import Scenario
from tests.debates import Floats, absence, debate, letter, played, talk
from tests.every_word import TALK, of_talk

BOUND = 0.3
MEETING_ONCE_A_WEEK = {"talks": "monday"}


def after_talk(
    rule: str,
    stances: Floats,
    first: Floats | None = None,
    present: Floats | None = None,
    openness: float = 0.5,
    attachment: float = 0.0,
    bound: float = BOUND,
    voice: Floats | None = None,
    listening: Floats | None = None,
    order: Floats | None = None,
) -> Floats:
    """Stances (members, lanes) after one talk by the rule's word.

    Who has a row of ones in `listening` goes by the others' voice. Without an order, pairs meet as they are listed, and
    all copy who is in the middle of what they hear.
    """
    stances = np.ascontiguousarray(stances, dtype=np.float64)
    members, lanes = stances.shape
    there = np.ones(stances.shape) if present is None else np.ascontiguousarray(present, dtype=np.float64)
    back = np.full(stances.shape, 1.0 - openness if rule == "friedkin-johnsen" else attachment)
    everybody, openings = np.arange(members), np.concatenate([np.full(stances.shape, openness), back])
    open_minds = persuasion.Openness(openings, everybody, members + everybody, np.full(lanes, bound))
    origin = stances if first is None else np.ascontiguousarray(first, dtype=np.float64)
    if rule == "deffuant-weisbuch":
        pairs = members * (members - 1) // 2
        turns = np.repeat(np.arange(pairs, dtype=np.float64)[:, None], lanes, axis=1) if order is None else order
        return np.asarray(persuasion.meet_in_pairs(stances, origin, there, np.ascontiguousarray(turns), open_minds))
    loud = there * (np.ones(stances.shape) if voice is None else voice)
    ears = np.ones((members, members)) if listening is None else np.ascontiguousarray(listening)
    by_authority = (ears == 1).all(axis=1).astype(np.int64)
    hearing = persuasion.Hearing(np.stack([there, loud]), ears, by_authority)
    if rule == "random-copying":
        turns = np.full(stances.shape, 0.5 * openness) if order is None else np.resize(order, stances.shape)
        return np.asarray(persuasion.copy_at_random(stances, origin, hearing, turns, open_minds))
    return np.asarray(persuasion.talk(persuasion.RULES[rule], everybody, stances, origin, hearing, open_minds))


def row(*stances: float) -> Floats:
    """Stances of one history."""
    return np.array(stances)[:, None]


def on_a_line(members: int, bound: float, weeks: int, step: float = 1.0) -> Scenario:
    """Members at equal steps who talk once a week by Hegselmann and Krause's rule, fully open."""
    return debate(
        {f"m{number}": number * step for number in range(members)},
        high=members * step,
        weeks=weeks,
        parameters={"openness": 1.0, "bound": bound},
        talk={"rule": "hegselmann-krause", "susceptibility": "openness", "bound": "bound"},
        board=MEETING_ONCE_A_WEEK,
    )


def camps(stances: Sequence[float] | Floats) -> list[int]:
    """The sizes of groups that agree (to a millionth), along the axis."""
    return [int(size) for size in np.unique(np.round(stances, 6), return_counts=True)[1]]


# --------------------------------------------------------------- known results


def test_the_published_friedkin_johnsen_example_ends_where_it_was_published() -> None:
    """Four people who never quite give up their first opinions end at 60.020849, 59.983966, 75 and 74.986205.

    Parsegov, Proskurnikov, Tempo and Friedkin 2017, "Novel multidimensional models of opinion dynamics".
    """
    weights = [[0.220, 0.120, 0.360, 0.300], [0.147, 0.215, 0.344, 0.294], [0, 0, 1, 0], [0.090, 0.178, 0.446, 0.286]]
    names = ["one", "two", "three", "four"]
    first = dict(zip(names, (25, 25, 75, 85), strict=True))
    committee = debate(
        {name: {"first_stance": at, "susceptibility": f"openness-{name}"} for name, at in first.items()},
        high=100,
        weeks=60,
        parameters={f"openness-{name}": 1 - weights[i][i] for i, name in enumerate(names)},
        talk={
            "rule": "friedkin-johnsen",
            "susceptibility": "openness",
            "weights": {name: dict(zip(names, row, strict=True)) for name, row in zip(names, weights, strict=True)},
        },
        board=MEETING_ONCE_A_WEEK,
    )
    end = ensemble.ensemble(committee, runs=1).stances.sel(statistic="mean").isel(date=-1)
    assert end.to_numpy() == pytest.approx([60.020849, 59.983966, 75, 74.986205], abs=5e-7)


@pytest.mark.parametrize(("starter", "influence"), [("one", 3 / 11), ("two", 4 / 11), ("three", 4 / 11)])
def test_influence_in_degroots_model_is_the_left_eigenvector(starter: str, influence: float) -> None:
    """Who alone starts at 1 among others at 0 pulls the consensus to exactly their influence (DeGroot 1974)."""
    rows = {
        "one": {"one": 1 / 3, "two": 1 / 3, "three": 1 / 3},
        "two": {"one": 1 / 2, "two": 1 / 2},
        "three": {"two": 1 / 4, "three": 3 / 4},
    }
    committee = debate(
        {name: float(name == starter) for name in rows},
        weeks=120,
        parameters={"openness": 1.0},
        talk={"rule": "degroot", "susceptibility": "openness", "weights": rows},
        board=MEETING_ONCE_A_WEEK,
    )
    end = ensemble.ensemble(committee, runs=1).stances.sel(statistic="mean").isel(date=-1)
    assert end.to_numpy() == pytest.approx(np.full(3, influence), abs=1e-9)


@pytest.mark.parametrize("step", [1.0, 0.1, 1 / 3])
@pytest.mark.parametrize("members", [6, 8, 12, 15, 18, 24, 30])
def test_a_line_of_people_at_the_bound_ends_in_threes(members: int, step: float) -> None:
    """People one bound apart end in camps of three, and one of what is left over after sixes.

    Hegselmann and Krause 2002. Also on a grid of tenths or thirds, where a gap is its bound only to rounding.
    """
    end = played(on_a_line(members, step, weeks=35, step=step)).stances[-1, :, 0]
    left_over = [members % 6] if members % 6 else []
    assert sorted(camps(end)) == sorted([3] * (2 * (members // 6)) + left_over)


@pytest.mark.parametrize(("members", "talks"), [(18, 16), (24, 21), (30, 26)])
def test_a_line_of_people_freezes_after_a_known_number_of_talks(members: int, talks: int) -> None:
    """The line of 18, 24 and 30 people at the bound is at rest from talk 16, 21 and 26 on, and not before."""
    stances = played(on_a_line(members, 1.0, weeks=35)).stances[:, :, 0]
    moved = np.abs(np.diff(stances, axis=0)).max(axis=1) > 1e-9
    assert moved[:talks].all()
    assert not moved[talks:].any()
    history = play(on_a_line(members, 1.0, weeks=35))
    assert history.frozen_since() == history.stances.date[talks]
    assert history.frozen_since(tolerance=members) == history.stances.date[0]


def test_more_confidence_can_end_in_more_camps() -> None:
    """Twelve people on a line agree with a bound of 2 and fall into two camps with 2.25 (cf. Lorenz 2006)."""
    ends = [camps(played(on_a_line(12, bound, weeks=40)).stances[-1, :, 0]) for bound in (2.0, 2.25)]
    assert ends == [[12], [6, 6]]


@pytest.mark.parametrize("mu", [0.1, 0.25, 0.5])
def test_a_deffuant_pair_closes_its_gap_by_a_known_factor(mu: float) -> None:
    """Each meeting within the bound leaves 1 - 2 mu of the gap, and the middle stays where it is."""
    pair = debate(
        {"ann": 0.4, "bob": 0.6},
        weeks=6,
        parameters={"openness": mu, "bound": 0.25},
        talk={"rule": "deffuant-weisbuch", "susceptibility": "openness", "bound": "bound"},
        board=MEETING_ONCE_A_WEEK,
    )
    ann, bob = played(pair).stances[:, :, 0].T
    assert bob - ann == pytest.approx(0.2 * (1 - 2 * mu) ** np.arange(7), abs=1e-12)
    assert ann + bob == pytest.approx(np.ones(7))


def test_a_deffuant_pair_beyond_the_bound_never_moves() -> None:
    """Two who differ by more than the bound talk past each other for ever."""
    pair = debate(
        {"ann": 0.3, "bob": 0.6},
        parameters={"bound": 0.29},
        talk={"rule": "deffuant-weisbuch", "susceptibility": "openness", "bound": "bound"},
        board=MEETING_ONCE_A_WEEK,
    )
    assert (played(pair).stances[-1, :, 0] == [0.3, 0.6]).all()


def test_in_a_deffuant_talk_everybody_meets_at_most_once() -> None:
    """Pairs meet in the order drawn; who has met somebody is taken, and the odd one out stays."""
    order = np.array([[2.0], [0.0], [1.0]])  # the pairs 0-1, 0-2, 1-2
    end = after_talk("deffuant-weisbuch", row(0.0, 0.1, 0.2), order=order)
    assert end == pytest.approx(row(0.1, 0.1, 0.1))


@pytest.mark.parametrize(
    ("rule", "at_half_the_bound", "at_the_bound", "at_twice_the_bound"),
    [
        ("degroot", 1, 1, 1),
        ("hegselmann-krause", 1, 1, 0),
        ("soft-bounded-confidence", 9 / 16, 0, 0),
        ("gaussian-bounded-confidence", np.exp(-1 / 8), np.exp(-1 / 2), np.exp(-2)),
        ("attraction-repulsion", 3 / 5, 0, -3 / 5),
        ("social-impact", 4 / 5, 1 / 2, 1 / 5),
    ],
)
def test_closeness_has_the_values_of_its_formula(
    rule: str, at_half_the_bound: float, at_the_bound: float, at_twice_the_bound: float
) -> None:
    """Of two people, each goes s g / (1 + |g|) of the gap: one share of themselves, and g of the other."""
    for gap, g in ((0.5, at_half_the_bound), (1.0, at_the_bound), (2.0, at_twice_the_bound)):
        end = after_talk(rule, row(0.0, gap), openness=0.4, bound=1.0)
        assert end[0, 0] == pytest.approx(0.4 * gap * g / (1 + abs(g)), abs=1e-14)
        assert end[1, 0] == pytest.approx(gap - 0.4 * gap * g / (1 + abs(g)), abs=1e-14)


# ------------------------------------------------------------------ directions

STANCES = st.lists(st.floats(0, 1), min_size=2, max_size=6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_full_openness_ends_in_agreement(seed: int) -> None:
    """Where all hear each other, however unevenly, and nobody is attached to their past, all end at one place."""
    rng = np.random.default_rng(seed)
    names = [f"m{number}" for number in range(6)]
    committee = debate(
        dict(zip(names, rng.random(6).tolist(), strict=True)),
        weeks=52,
        parameters={"openness": 1.0},
        talk={
            "rule": "degroot",
            "susceptibility": "openness",
            "weights": {name: dict(zip(names, rng.uniform(0.1, 1, 6).tolist(), strict=True)) for name in names},
        },
        board=MEETING_ONCE_A_WEEK,
    )
    end = played(committee).stances[-1, :, 0]
    assert np.ptp(end) < 1e-12


@given(STANCES, st.floats(0, 1), st.floats(0, 1), st.integers(1, 6))
def test_more_susceptibility_never_slows_agreement_under_averaging(
    stances: list[float], one: float, other: float, talks: int
) -> None:
    """Where each is heard by all alike, people who move further at each talk are never further apart after it."""
    apart = []
    for openness in sorted((one, other)):
        end = row(*stances)
        for _ in range(talks):
            end = after_talk("degroot", end, openness=openness, voice=np.linspace(0.2, 1, len(stances))[:, None])
        apart.append(np.ptp(end))
    assert apart[1] <= apart[0] + 1e-12


@given(STANCES, st.floats(0, 1), st.floats(0, 1))
def test_more_authority_brings_the_talk_nearer_to_who_has_it(stances: list[float], one: float, other: float) -> None:
    """Under averaging, the more somebody is listened to, the nearer to them the others go, if they are fully open."""
    distances = []
    for authority in sorted((one, other)):
        end = after_talk("degroot", row(*stances), openness=1.0, voice=row(authority, *[1.0] * (len(stances) - 1)))
        distances.append(np.abs(end[1:] - stances[0]))
    assert (distances[1] <= distances[0] + 1e-12).all()


def test_a_row_of_weights_takes_the_place_of_authority() -> None:
    """Who has a row listens by it alone, and who has none by authority; one's own weight is in the row too."""
    members = {"ann": 0.0, "bob": {"first_stance": 0.4, "authority": "faint"}, "cat": 1.0}
    board = debate(
        members,
        talk("meeting"),
        parameters={"openness": 1.0, "faint": 0.5},
        talk={"rule": "degroot", "susceptibility": "openness", "weights": {"ann": {"ann": 1, "bob": 3}}},
    )
    by_authority = (0.5 * 0.4 + 1.0) / 2.5
    assert played(board).stances[-1, :, 0] == pytest.approx([3 * 0.4 / 4, by_authority, by_authority])


# ------------------------------------------------------------------ random copying


def test_a_listener_copies_one_speaker_by_weight_or_nobody() -> None:
    """Of weights 1, 2 and 1 and s = 1/2: below 1/8 the first, below 3/8 the second, below 1/2 the third, else none."""
    turns = np.array([[0.1, 0.13, 0.3, 0.4, 0.49, 0.51]] * 3)
    stances, voice = np.repeat([[0.0], [0.3], [1.0]], 6, axis=1), np.repeat([[0.5], [1.0], [0.5]], 6, axis=1)
    end = after_talk("random-copying", stances, openness=0.5, voice=voice, order=turns)
    assert end.tolist() == [[0.0, 0.3, 0.3, 1.0, 1.0, own] for own in (0.0, 0.3, 1.0)]


@pytest.mark.parametrize("say", [(1.0, 1.0, 1.0, 1.0, 1.0), (1.0, 0.2, 0.5, 0.1, 0.2)])
def test_an_opinion_takes_all_as_often_as_its_first_weighted_share(say: tuple[float, ...]) -> None:
    """The voter model ends in consensus, on an opinion with the chance of its share of the weights at the start."""
    names, first, runs = "abcde", (1.0, 1.0, 0.0, 0.0, 0.0), 4000
    board = debate(
        {name: {"first_stance": x, "authority": f"say-{name}"} for name, x in zip(names, first, strict=True)},
        weeks=100,
        parameters={"openness": 0.8, **{f"say-{name}": a for name, a in zip(names, say, strict=True)}},
        talk={"rule": "random-copying", "susceptibility": "openness"},
        board=MEETING_ONCE_A_WEEK,
    )
    end = played(board, runs).stances[-1]
    assert (end == end[0]).all(), "a hundred talks are enough for five to agree"
    share = np.dot(say, first) / sum(say)
    assert abs(end[0].mean() - share) < 4 * np.sqrt(share * (1 - share) / runs)


# --------------------------------------------------- what holds for every rule

every_rule = pytest.mark.parametrize("rule", TALK)
lanes_of_talk = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@every_rule
def test_nobody_absent_moves_or_is_heard(rule: str) -> None:
    """Who is away stays where they were, and the others talk as if they did not exist."""
    members = {"ann": 0.1, "bob": 0.2, "cat": 0.35, "dan": 0.6}
    others = {name: at for name, at in members.items() if name != "cat"}
    attached = {} if rule == "friedkin-johnsen" else {"attachment": "attachment"}
    words = {
        "talk": {"rule": rule, "susceptibility": "openness", "bound": "bound", **attached},
        "parameters": {"bound": 0.5, "attachment": 0.2},
    }
    moments = [absence("away", "cat", 0, 100), letter("word", "ann", ["cat"], 0.45, 2), talk("meeting", 3)]
    away, without = played(debate(members, *moments, **words), 20), played(debate(others, moments[-1], **words), 20)
    assert away.of("cat")[-1] == pytest.approx(np.full(20, 0.4))
    for name in others:
        assert (away.of(name)[-1] == without.of(name)[-1]).all()
    assert (away.stances[-1] != away.stances[0]).any()


@every_rule
def test_stances_stay_in_the_range(rule: str) -> None:
    """No talk, however heated, and no week carries anybody off the axis."""
    wild = debate(
        {f"m{number}": {"uniform": [-2, 2]} for number in range(5)},
        low=-2,
        high=2,
        weeks=8,
        parameters={"openness": 0.9, "bound": 0.4, "shake": 0.5},
        talk={"rule": rule, "susceptibility": "openness", "bound": "bound"},
        drift={"reversion": "pull", "noise": "shake"},
        board=MEETING_ONCE_A_WEEK,
    )
    stances = played(wild, 40).stances
    assert stances.min() >= -2
    assert stances.max() <= 2
    assert (stances == 2).any(), "somebody should have been carried to the end of the axis"


@every_rule
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_lone_speaker_moves_only_by_attachment(
    rule: str, stance: float, first: float, openness: float, attachment: float
) -> None:
    """Somebody alone in the room has nobody to move them but their own first conviction."""
    drawn_back = 1 - openness if rule == "friedkin-johnsen" else attachment
    company = row(stance, 0.5)
    end = after_talk(rule, company, row(first, 0.5), row(1, 0), openness, attachment)
    assert end[0, 0] == pytest.approx(stance + drawn_back * (first - stance), abs=1e-15)
    assert end[1, 0] == 0.5


@every_rule
@given(st.floats(-5, 5), st.integers(2, 6), st.floats(0, 1))
def test_agreement_is_a_fixed_point(rule: str, stance: float, members: int, openness: float) -> None:
    """Where all agree, and have always agreed, talk changes nothing."""
    agreed = np.full((members, 2), stance)
    assert (after_talk(rule, agreed, openness=openness, attachment=1 - openness) == agreed).all()


@pytest.mark.parametrize("rule", [rule for rule in TALK if rule != "random-copying"])  # which copies down a list
@given(lanes_of_talk, st.integers(2, 6))
def test_names_do_not_matter(rule: str, rng: np.random.Generator, members: int) -> None:
    """Whoever sits in another order, with the same ears and voices, says and hears the same."""
    stances, first, voice = rng.random((members, 3)), rng.random((members, 3)), rng.uniform(0.1, 1, (members, 3))
    present = (rng.random((members, 3)) < 0.8).astype(np.float64)
    ears, turns = rng.uniform(0.1, 1, (members, members)), rng.random((members, members, 3))
    turns = turns + turns.transpose(1, 0, 2)
    ears[rng.random(members) < 0.5] = 1
    new = rng.permutation(members)

    def order(of: np.ndarray) -> Floats:
        return np.array([turns[of[i], of[j]] for i, j in combinations(range(members), 2)])

    usual = after_talk(
        rule, stances, first, present, 0.4, 0.2, voice=voice, listening=ears, order=order(np.arange(members))
    )
    other = after_talk(
        rule,
        stances[new],
        first[new],
        present[new],
        0.4,
        0.2,
        voice=voice[new],
        listening=ears[np.ix_(new, new)],
        order=order(new),
    )
    assert other == pytest.approx(usual[new], abs=1e-12)


@every_rule
@given(STANCES, st.floats(-3, 3))
def test_the_axis_has_no_origin_and_no_direction(rule: str, stances: list[float], shift: float) -> None:
    """Stances moved along the axis or mirrored in it are talked over just the same."""
    start = row(*stances)
    end = after_talk(rule, start, start[::-1], openness=0.5, attachment=0.2)
    moved = after_talk(rule, start + shift, start[::-1] + shift, openness=0.5, attachment=0.2)
    mirrored = after_talk(rule, -start, -start[::-1], openness=0.5, attachment=0.2)
    assert moved == pytest.approx(end + shift, abs=1e-9)
    assert (mirrored == -end).all()


@every_rule
@given(lanes_of_talk, st.integers(2, 5))
def test_histories_talk_side_by_side_without_hearing_each_other(
    rule: str, rng: np.random.Generator, members: int
) -> None:
    """A history has the same bits alone and among others."""
    stances, voice = rng.random((members, 9)), rng.random((members, 9))
    present = (rng.random((members, 9)) < 0.7).astype(np.float64)
    order = rng.random((members * (members - 1) // 2, 9))
    together = after_talk(rule, stances, present=present, voice=voice, order=order)
    for lane in (0, 4, 8):
        one = np.s_[:, lane : lane + 1]
        assert (
            after_talk(rule, stances[one], present=present[one], voice=voice[one], order=order[one]) == together[one]
        ).all()


@every_rule
def test_plain_python_talks_to_the_same_bits(rule: str, interpreted: dict[str, str]) -> None:
    """The compiler changes nothing but the speed."""
    assert played(of_talk(rule), 5).bits == interpreted[f"talk {rule}"]

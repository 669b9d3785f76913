"""Councils whose power is published: with their procedures as a scenario has them, it comes out as in the tables."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

import sim
from tests.debates import ballot, debate, played

#: Each votes yes or no by the toss of a coin.
COIN = {"parameters": {"competence": 0.5}, "ballots": {"rule": "fixed", "competence": "competence"}}

PERMANENT = ("china", "france", "russia", "uk", "usa")
#: Votes in the Council of the European Union under the Treaty of Nice, 2007 to 2014, from Germany to Malta.
NICE = (29,) * 4 + (27,) * 2 + (14, 13) + (12,) * 5 + (10,) * 3 + (7,) * 5 + (4,) * 5 + (3,)
#: Populations on 1 January 2003 of the twenty-seven members of 2007, in millions, from Germany to Malta.
MILLIONS = (
    82.5, 59.6, 59.3, 57.3, 41.6, 38.2, 21.8, 16.2, 11.0, 10.4, 10.4, 10.2, 10.1, 8.9, 8.1, 7.8, 5.4, 5.4, 5.2, 4.0,
    3.5, 2.3, 2.0, 1.4, 0.7, 0.4, 0.4,
)  # fmt: skip
#: Populations of the twenty-eight members in thousands, as the rules of procedure of the Council had them for 2014:
#: 505 572.5 in all, of which 65 % are 328 622.1.
THOUSANDS = (
    80523.7, 65633.2, 63730.1, 59685.2, 46704.3, 38533.3, 20057.5, 16779.6, 11161.6, 11062.5, 10516.1, 10487.3, 9908.8,
    9555.9, 8451.9, 7284.6, 5602.6, 5426.7, 5410.8, 4591.1, 4262.1, 2971.9, 2058.8, 2023.8, 1324.8, 865.9, 537.0, 421.4,
)  # fmt: skip
SHARE_OF_VOTES = {"majority": "qualified", "share_of": "members"}


def council(votes: Mapping[str, float], **procedure: Any) -> sim.Scenario:
    """A council that holds one ballot, in which everybody tosses a coin."""
    board = {"votes": votes, "procedure": {**SHARE_OF_VOTES, **procedure}}
    return debate(dict.fromkeys(votes, 0.5), ballot("motion", 1.0, 0.0), board=board, **COIN)


def union(votes: tuple[float, ...], **procedure: Any) -> sim.Scenario:
    """The Council of the European Union of twenty-seven members."""
    return council({f"member-{number}": each for number, each in enumerate(votes)}, **procedure)


@functools.cache
def power(world: sim.Scenario) -> dict[str, Any]:
    """The two indices by member, in the order of the seats."""
    table = sim.power(world, runs=1).by_ballot
    return {name: table[name].to_numpy() for name in ("shapley_shubik", "banzhaf")}


def chance(world: sim.Scenario) -> float:
    """The chance of carrying where all toss a coin: Coleman's power of a collectivity to act (1971)."""
    return float(played(world).chance[0, 0])


# ------------------------------------------------------------------------------------------- United Nations


def security_council(elected: int, needed: int) -> sim.Scenario:
    """Five permanent members with a veto and some elected ones, of whom so many together have to say yes."""
    members = (*PERMANENT, *(f"elected-{number}" for number in range(elected)))
    return council(dict.fromkeys(members, 1), share=needed / len(members), vetoes=PERMANENT)


@pytest.mark.parametrize(
    ("elected", "needed", "shapley_shubik", "banzhaf"),
    [
        (6, 7, (Fraction(76, 385), Fraction(1, 462)), (Fraction(19, 105), Fraction(1, 63))),
        (10, 9, (Fraction(421, 2145), Fraction(4, 2145)), (Fraction(106, 635), Fraction(21, 1270))),
    ],
    ids=["1946-1965", "since 1966"],
)
def test_the_security_council_has_its_published_power(
    elected: int, needed: int, shapley_shubik: tuple[Fraction, ...], banzhaf: tuple[Fraction, ...]
) -> None:
    """.1974 and .0022 with seven of eleven votes, .1963 and .0019 with nine of fifteen (Shapley and Shubik 1954)."""
    found = power(security_council(elected, needed))
    for name, (permanent, other) in (("shapley_shubik", shapley_shubik), ("banzhaf", banzhaf)):
        assert found[name] == pytest.approx([float(permanent)] * 5 + [float(other)] * elected, abs=1e-12)


@pytest.mark.parametrize(("elected", "needed"), [(6, 7), (10, 9)])
def test_a_coin_carries_a_motion_in_the_security_council_as_seldom_as_counting_says(elected: int, needed: int) -> None:
    """All five permanent members and enough others: of 2^11 and 2^15 ways to vote, 57 and 848."""
    ways = sum(math.comb(elected, others) for others in range(needed - 5, elected + 1))
    assert ways == {6: 57, 10: 848}[elected]
    assert chance(security_council(elected, needed)) == pytest.approx(ways / 2 ** (5 + elected), rel=1e-12)


# ------------------------------------------------------------------------------------------- European Union


def nice() -> sim.Scenario:
    """255 of 345 votes, and a majority of the members."""
    return union(NICE, share=255 / 345, heads="absolute")


def lisbon(millions: tuple[float, ...] = MILLIONS, **more: Any) -> sim.Scenario:
    """65 % of the population and 55 % of the members; `blocking_minority`: four members have to be against."""
    return union(millions, share=0.65, **{"heads": 0.55, **more})


def test_the_council_under_nice_has_its_published_power() -> None:
    """Banzhaf 7.78 % for the largest four down to .94 % for Malta (Słomczyński and Życzkowski 2006, table of EU-27)."""
    published = [7.78] * 4 + [7.42] * 2 + [4.26, 3.97] + [3.68] * 5 + [3.09] * 3 + [2.18] * 5 + [1.25] * 5 + [0.94]
    assert 100 * power(nice())["banzhaf"] == pytest.approx(published, abs=0.005)


def test_a_majority_of_the_members_adds_next_to_nothing_to_the_votes_of_nice() -> None:
    """Felsenthal and Machover (2001): the second condition of Nice hardly matters; its votes are the first hurdle."""
    assert chance(nice()) == pytest.approx(2_718_758 / 2**27, rel=1e-12)
    by_votes_alone = chance(union(NICE, share=255 / 345))
    assert chance(nice()) < by_votes_alone < 1.0001 * chance(nice())


def test_the_council_decides_more_easily_since_2014() -> None:
    """Coleman's power to act: 2.0 % under Nice and 12.9 % under the double majority (Baldwin and Widgrén 2004)."""
    assert chance(nice()) == pytest.approx(0.020, abs=0.0005)
    assert chance(lisbon(blocking_minority=4)) == pytest.approx(0.129, abs=0.0005)


def test_four_to_block_changes_little() -> None:
    """Of the 2^28 coalitions of 2014, ten more win since it takes four to block (Kurz and Napel 2016)."""
    assert (len(THOUSANDS), round(sum(THOUSANDS), 1)) == (28, 505_572.5)
    millions = tuple(round(each / 1000, 1) for each in THOUSANDS)
    for populations in (THOUSANDS, millions):
        against = itertools.combinations(populations, 3)
        assert sum(sum(three) > 0.35 * sum(populations) for three in against) == 10
    more = chance(lisbon(millions, blocking_minority=4)) - chance(lisbon(millions))
    assert more * 2**28 == pytest.approx(10, abs=1e-3)


def test_without_a_proposal_of_the_commission_more_members_are_needed() -> None:
    """72 % of the members instead of 55 %: twenty-one of twenty-eight, which some coalitions of 65 % have not."""
    millions = tuple(round(each / 1000, 1) for each in THOUSANDS)
    strict, usual = (chance(lisbon(millions, heads=heads, blocking_minority=4)) for heads in (0.72, 0.55))
    assert 0 < strict < usual / 10


def test_a_double_majority_favours_both_ends() -> None:
    """Against Nice the largest and the smallest members gain, and Spain and Poland lose (Leech and Aziz 2007)."""
    gain = power(lisbon(blocking_minority=4))["banzhaf"] / power(nice())["banzhaf"]
    assert gain[0] > 1.5
    assert gain[-1] > 1.5
    assert max(gain[4:6]) < 0.9

"""What the page of a measurement says is worked out from what was measured."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from benchmarks import limit, page, picture, waits
from benchmarks.committee import Committee, scenario
from benchmarks.inside import DISJOINT
from benchmarks.limit import WHOLE
from benchmarks.measurement import ALL, LIMIT, MESA, NUMPY, ONE, SHIPPED
from benchmarks.rounds import Contender, interleaved, ratio

#: Two rounds, the second with the machine at half its speed: ratios within rounds do not see it.
ROUNDS = {ALL: [1e-5, 2e-5], ONE: [2e-5, 4e-5], NUMPY: [2e-4, 4e-4], MESA: [2e-2, 4e-2]}


def found() -> dict[str, Any]:
    """A measurement with round numbers."""
    times = {name: [1e-6, 2e-6] for name in ("a whole chunk", *DISJOINT, "random numbers")} | {LIMIT: [1e-11, 2e-11]}
    return {
        "machine": {"processor": "none", "cores": "2"},
        "peers": {"soft": ROUNDS, "hard": ROUNDS},
        "shipped": {ALL: ROUNDS[ALL]},
        "inside": {"soft": times, "hard": times, SHIPPED: times},
        "limit": {"soft": {WHOLE: [4e-5, 8e-5], "parts": {"talks": {"ours": [2e-5, 4e-5], "in C": [1e-5, 2e-5]}}}},
        "histories": {"100": [4e-5, 8e-5], "20000": [1e-5, 2e-5]},
        "members": {"27": [1e-6, 2e-6], "100": [1e-5, 2e-5]},
        "length": {"10 100": [1e-5, 2e-5], "10 20000": [2e-5, 4e-5]},
        "memory": {"soft": {"1000": 300 * 2**20}},
        "whole": {"members": {"10": wait(4.0), "100": wait(400.0)}},
        "influence": {"1000": 600 * 2**20},
        "waits": {"replay": {"imports": wait(2.0), "first": wait(40.0), "second": wait(7.0)}},
    }


def wait(seconds: float) -> dict[str, float]:
    """A call of so many processor seconds, half of them until its first line."""
    return {"cpu": seconds, "first": seconds / 2, "wall": seconds, "peak": 300 * 2**20}


def test_ratios_are_taken_within_rounds() -> None:
    """A machine that slows down for all slows no ratio."""
    assert ratio(ROUNDS[MESA], ROUNDS[ALL]) == pytest.approx(2000)
    text = page.page(found())
    assert "| Mesa, idiomatic | 33 | 30 | 2,000.0 | 1,000.0 |" in text
    assert "| 100 | 60.00 | 4.00 |" in text
    assert "| 10 and 20,000 | 30.0 | 2.00 |" in text
    assert "| soft | 300 |" in text
    assert "among 1,000 members 600 MiB" in text


def test_pairs_are_those_of_members_present() -> None:
    """27 members who come 19 times in 20 hear 70 times 27 x 26 x .95 x .95 others in a history: 44,349."""
    assert Committee("soft").interactions == pytest.approx(70 * 27 * 26 * 0.95**2)
    assert f"{Committee('soft').interactions / 1.5e-5 / 1e9:.2f} G" in page.page(found())


def test_everybody_is_played_once_before_being_timed() -> None:
    """What a contender does the first time (compile, load) is not measured."""
    played: list[str] = []
    contenders = {name: Contender(lambda name=name: played.append(name), 1) for name in ("one", "other")}
    times = interleaved(contenders, 3)
    assert played == ["one", "other", *["one", "other"] * 3]
    assert all(len(rounds) == 3 for rounds in times.values())


def test_what_c_would_gain_is_a_share_of_the_whole() -> None:
    """Talks of 20 us that take 10 us in C are a quarter of a chunk of 40 us; without a compiler a sentence says so."""
    assert limit.to_gain(found()["limit"]["soft"]) == pytest.approx(0.25)
    assert "| talks | 30.00 | 15.00 |" in page.page(found())
    assert "so much less time: soft 25%." in page.page(found())
    assert "no C compiler" in page.page({**found(), "limit": {"soft": {}}})


@pytest.mark.slow
def test_parts_in_c_are_those_of_the_core() -> None:
    """Talks, luck, weeks and counts written in C have the bits that they have here."""
    in_c = limit.library()
    if in_c is None:
        pytest.skip("no C compiler")
    assert set(limit.parts(scenario(Committee("soft", weeks=8, motions=(0.6,))), in_c)) >= {"talks"}


def test_waiting_is_told_in_times_of_the_imports() -> None:
    """A call of 7 s beside imports of 2 s takes 3.5 times as long, and half of that until its first line."""
    assert "| `replay` | 1.75 | 3.50 | 4 | 7.00 | 7.00 | 300 | 40.0 |" in page.page(found())


def test_growth_is_told_as_a_power_of_the_size() -> None:
    """Ten times the members and a hundred times the seconds are a power of 2; memory that stays is one of 0."""
    assert "| 10 members | 2.0 |  | 4.0 |  | 300 |  |" in page.page(found())
    assert "| 100 members | 200.0 | 2.00 | 400.0 | 2.00 | 300 | 0.00 |" in page.page(found())


def test_a_wait_is_that_of_a_process() -> None:
    """What a process has used until its first line is no more than all that it has used."""
    taken = waits.waited([sys.executable, "-c", "sum(range(10**7)); print('said')"])
    assert 0 < taken["first"] <= taken["cpu"] + 0.02  # seconds until the first line come in hundredths
    assert taken["peak"] > 2**20


def test_the_picture_says_what_was_measured() -> None:
    """The ratio in a title is the one of the page."""
    titles = [axes.get_title(loc="left") for axes in picture.picture(found()).axes]
    assert titles[0] == "soft bound: 2,000 times the idiomatic Mesa model"

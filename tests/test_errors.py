"""What is said of a word that nothing has: what was probably meant, by its beginning, its parts or its spelling."""

from __future__ import annotations

import pytest

from sim.errors import candidates, is_opposite, suggestion, unknown

MOMENTS = [
    "lenin-letter-1922-03-03",
    "lenin-letter-1922-10-13",
    "lenin-returns",
    "krasin-letter-1922-10-11",
    "october-relaxation",
    "october-deferral",
    "december-rescission",
]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lenin-letter", ["lenin-letter-1922-03-03", "lenin-letter-1922-10-13"]),
        ("lenin-leter", ["lenin-letter-1922-03-03", "lenin-letter-1922-10-13"]),
        ("Lenin-Returns", ["lenin-returns"]),
        ("deferral", ["october-deferral"]),
        ("october", ["october-relaxation", "october-deferral"]),
        ("letter-krasin", ["krasin-letter-1922-10-11"]),
        ("10-13", ["lenin-letter-1922-10-13"]),
        ("rescision", ["december-rescission"]),
        ("december-recission", ["december-rescission"]),
        ("lenin-letter-1922-10-14", ["lenin-letter-1922-10-13"]),
        ("zzzz", []),
        ("", []),
    ],
)
def test_what_may_be_meant(word: str, meant: list[str]) -> None:
    """A beginning, a part and a slip are each enough, and all that fit are named."""
    assert candidates(word, MOMENTS) == meant


def test_one_that_fits_is_asked_after_and_several_are_counted() -> None:
    """The number comes before the list, which may be cut short."""
    assert suggestion("deferral", MOMENTS) == ": did you mean 'october-deferral'?"
    several = ": did you mean one of these 2: 'october-relaxation', 'october-deferral'?"
    assert suggestion("october", MOMENTS) == several
    many = [f"letter-{number}" for number in range(10, 22)]
    assert suggestion("letter", many).startswith(": did you mean one of these 12: 'letter-10', 'letter-11'")
    assert suggestion("letter", many).endswith("'letter-17' and 4 more?")


def test_where_nothing_fits_it_is_said_what_there_is() -> None:
    """In full if asked, else the first few."""
    many = [f"letter-{number}" for number in range(10, 22)]
    assert unknown("zzzz", "moment", many).endswith("'letter-17' and 4 more")
    assert unknown("zzzz", "moment", many, most=100).endswith("'letter-21'")
    assert unknown(5, "moment", ["a"]) == "5 is not a moment: there is 'a'"
    assert unknown("x", "option", []) == "'x' is not an option: there is none"


def test_a_long_word_is_no_burden() -> None:
    """Matching takes a bounded part of it."""
    assert candidates("x" * 1_000_000, MOMENTS) == []


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("absent", "present"),
        ("no", "yes"),
        ("rejected", "carried"),
        ("before", "after"),
        ("high", "low"),
        ("if_lost", "if_carried"),
        ("unbounded", "bounded"),
        ("unfit_because", "fit_because"),
        ("vote-not-put", "vote-put"),
    ],
)
def test_nobody_is_asked_whether_they_meant_the_opposite(word: str, other: str) -> None:
    """Of two opposites neither is suggested for the other, whole or part of an id; what there is, is listed."""
    for one, two in ((word, other), (other, word)):
        assert candidates(one, [two]) == []
        assert unknown(one, "word", [two]).endswith(f"there is '{two}'")


def test_a_slip_in_a_word_is_no_opposite_of_it() -> None:
    """The suggestions that are wanted stay: a misspelt word, a part, another number."""
    assert candidates("presnet", ["present", "absent"]) == ["present"]
    assert candidates("carryed", ["carried", "rejected"]) == ["carried"]
    assert not is_opposite("vote-1", "vote-2")
    assert not is_opposite("tally", "totally")

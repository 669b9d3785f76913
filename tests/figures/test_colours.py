"""Colours mean the same everywhere, and can be told apart by all eyes and in grey."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from sim.figures.charts.ballots import VOTE_COLOURS
from sim.figures.style import AGREES, COLOURS, DASHES, DISAGREES, FAILS, HIGH_SIDE, LOW_SIDE, POLICY, member_colours
from sim.results.labels import NAMED
from tests.pictures import DRAWN, picture, shown

#: Simulation of dichromats in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
EYES = {
    "all cones": np.eye(3),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
#: sRGB to XYZ, and the white of D65.
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
MEANINGS = {"high": HIGH_SIDE, "low": LOW_SIDE, "agrees": AGREES, "disagrees": DISAGREES, "fails": FAILS}


def seen(colour: str, eyes: str = "all cones") -> np.ndarray:
    """A colour as such eyes see it: lightness (0 to 100) and two opponent hues, CIELAB 1976."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    ratio = TO_XYZ @ np.clip(EYES[eyes] @ linear, 0, 1) / WHITE
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str, eyes: str = "all cones") -> float:
    """How far apart two colours are to such eyes; 2.3 can just be noticed."""
    return float(np.linalg.norm(seen(one, eyes) - seen(other, eyes)))


def lightness(colour: str) -> float:
    """What is left of a colour in grey print, 0 to 100."""
    return float(seen(colour)[0])


def test_the_measure_of_lightness_is_that_of_the_commission() -> None:
    """Black is 0, white 100, and the middle grey #777777 about 50, as CIE 1976 has it."""
    assert [round(lightness(colour)) for colour in ("#000000", "#777777", "#ffffff")] == [0, 50, 100]


@pytest.mark.parametrize("eyes", EYES)
def test_members_can_be_told_apart(eyes: str) -> None:
    """No two members' colours look alike to any eyes: at least twice what can just be noticed."""
    assert min(apart(one, other, eyes) for one, other in combinations(COLOURS, 2)) > 4.6


def test_members_can_be_told_apart_in_grey() -> None:
    """In grey their lines are told apart by dashes: no two have the same."""
    assert len({str(dash) for dash in DASHES}) == len(DASHES) == len(COLOURS) == NAMED


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(("one", "other"), [(HIGH_SIDE, LOW_SIDE), (AGREES, DISAGREES), (AGREES, FAILS)])
def test_what_is_opposed_is_far_apart_to_all_eyes(one: str, other: str, eyes: str) -> None:
    """The sides of the axis, yes and no, borne out and not: far apart, whatever the eyes."""
    assert apart(one, other, eyes) > 20


def test_what_is_opposed_differs_in_grey() -> None:
    """In grey the high side is darker than the low one; yes is darker than no, and no than abstaining."""
    assert lightness(HIGH_SIDE) + 20 < lightness(LOW_SIDE)
    votes = [lightness(VOTE_COLOURS[vote]) for vote in ("yes", "no", "abstain")]
    assert votes[0] + 25 < votes[1]
    assert votes[1] + 10 < votes[2]


def test_no_meaning_has_the_colour_of_a_member() -> None:
    """What stands for a side, a vote or a verdict is no member's colour, nor that of the policy in force."""
    for meaning, colour in MEANINGS.items():
        assert min(apart(colour, member) for member in COLOURS) > 20, meaning
        assert colour != POLICY


@pytest.mark.parametrize("name", ["stances", "members", "ballots", "influence"])
def test_a_member_has_one_colour_in_every_figure(name: str) -> None:
    """Wherever a named member's name is written in colour, it is their own."""
    for drawn in (picture(), shown()):
        own = {drawn.label(member): colour for member, colour in member_colours(drawn).items()}
        texts = DRAWN[name](drawn).findobj(match=Text)
        named = [text for text in texts if text.get_text() in own and text.get_fontweight() == "bold"]
        assert named
        assert all(text.get_color() == own[text.get_text()] for text in named)

"""The gallery shows every kind of figure, and its pictures are small."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
from PIL import Image

from docs.gallery import small
from sim.figures import KINDS, encoded
from tests.pictures import charts, picture

DOCS = Path(__file__).parent.parent.parent / "docs" / "reference"
PAGE = (DOCS / "gallery.md").read_text("utf-8")
#: Bytes of all pictures that are kept.
MOST = 1.5e6


def test_every_kind_has_its_place() -> None:
    """The page has every kind of figure, in order, with what it shows and how to draw it; and a frame of the film."""
    assert re.findall(r"^## (\S+)$", PAGE, re.MULTILINE) == [*KINDS, "film"]
    for name, kind in KINDS.items():
        entry = PAGE[PAGE.index(f"## {name}\n") :].split("\n## ")[0]
        assert kind.shows in entry
        assert f"`sim plot {name}`" in entry


def test_every_picture_is_there_and_has_words() -> None:
    """Each picture of the page is a file, and is described by what its title says; none lies about unused."""
    pictures = re.findall(r"!\[(.+)\]\(gallery/(\S+)\.png\)", PAGE)
    assert [name for _, name in pictures] == [*KINDS, "film"]
    assert {path.stem for path in (DOCS / "gallery").iterdir()} == {*KINDS, "film"}
    assert all(len(said) > 20 for said, _ in pictures)


def test_pictures_are_small_and_sharp() -> None:
    """All pictures together take less than a megabyte and a half, and each can be read."""
    paths = list((DOCS / "gallery").glob("*.png"))
    assert sum(path.stat().st_size for path in paths) < MOST
    # The width stands in the first chunk of a PNG.
    assert {int.from_bytes(path.read_bytes()[16:20], "big") for path in paths} == {1200}


def test_areas_keep_their_colours() -> None:
    """Made small, a picture has in its areas the colours that were drawn: grey stays grey, whatever else is on it."""
    picture_file = encoded(charts.stances(picture()), "png")
    drawn, kept = (Image.open(io.BytesIO(file)).convert("RGB") for file in (picture_file, small(picture_file)))
    before, after = (np.asarray(image).astype(int) for image in (drawn, kept))
    common = [colour for count, colour in drawn.getcolors(drawn.width * drawn.height) or [] if count >= 1000]
    assert len(common) > 20
    assert np.abs(after - before).max() < 40
    for colour in common:
        there = (before == colour).all(axis=2)
        assert np.abs(after[there] - colour).max() == 0, colour

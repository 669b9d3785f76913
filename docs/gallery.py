"""Makes docs/reference/gallery.md and its pictures from the newest results: `make gallery`.

Every kind of figure has its place; one whose results are not there stops the making, and the message says which
command makes them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from sim.figures import KINDS, encoded
from sim.figures.film import from_results
from sim.figures.film.frames import Stage
from sim.figures.film.storyboard import frames
from sim.figures.labels import of_saved
from sim.figures.style import heading
from sim.results import saved

DOCS = Path(__file__).parent / "reference"
PAGE, PICTURES = DOCS / "gallery.md", DOCS / "gallery"
RESULTS = DOCS.parent.parent / "outputs"
#: Pixels across and colours of a picture: enough to be read, small enough to be kept. The commonest colours, which are
#: those of areas, are kept as they are, and the others near enough.
ACROSS, COLOURS, KEPT = 1200, 255, 96
HEAD = """# Gallery

Every kind of figure, drawn from the debate that comes with the program. `make gallery` makes this page; `sim plot`
draws each from your own results, as SVG, PNG or PDF. The titles are computed from the data that are drawn. A member has
the same colour everywhere. Dark green is the high side of the axis and ochre the low one; of votes and chances, dark is
yes and light is no. All can be told apart in grey, and read on a printed page.
"""


def small(picture: bytes) -> bytes:
    """A picture as a small PNG in few colours, the same bytes every time."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.width != ACROSS:
        image = image.resize((ACROSS, round(ACROSS * image.height / image.width)), Image.Resampling.LANCZOS)
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    kept = [part for _, colour in counted[:KEPT] for part in colour]
    others = image.quantize(COLOURS - KEPT, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette, into = Image.new("P", (1, 1)), io.BytesIO()
    palette.putpalette(kept + others[: 3 * (COLOURS - KEPT)])
    small = image.quantize(palette=palette, dither=Image.Dither.NONE)
    # Pillow takes the nearest but for a few steps of a colour: those kept are put in their places.
    pixels, codes = np.array(small), np.asarray(image).astype(np.int64) @ [65536, 256, 1]
    exact = {red * 65536 + green * 256 + blue: place for place, (_, (red, green, blue)) in enumerate(counted[:KEPT])}
    known = np.array(sorted(exact))
    place = np.searchsorted(known, codes).clip(max=len(known) - 1)
    found = known[place] == codes
    pixels[found] = np.array([exact[code] for code in known])[place[found]]
    done = Image.fromarray(pixels, "P")
    done.putpalette(small.getpalette())
    done.save(into, "PNG", optimize=True)
    return into.getvalue()


def entry(name: str, made_by: str, shows: str, finding: str) -> str:
    """What the page says of one figure."""
    return f"\n## {name}\n\n{shows} `{made_by}`\n\n![{finding}](gallery/{name}.png)\n"


def still(results: saved.Saved) -> tuple[bytes, str]:
    """A frame of the film on which most letters travel, as a PNG, and the day that it shows."""
    storyboard = from_results.of_data(results.scenario, of_saved(results), int(results.manifest["runs"]))
    with_letters = [frame for frame in frames(storyboard) if frame.letters]
    busiest = max(with_letters, key=lambda frame: (len(frame.letters), -abs(frame.distance - 0.5)))
    stage, into = Stage(storyboard), io.BytesIO()
    Image.fromarray(stage.draw(busiest)).save(into, "PNG")
    return into.getvalue(), stage.date.get_text()


def main() -> None:
    """Draws every kind and the film's frame, and writes the page last."""
    page, pictures = HEAD, {}
    for name, kind in KINDS.items():
        results = next((one for one in saved.every(RESULTS) if kind.fits(one)), None)
        if results is None:
            sys.exit(f"no results below {RESULTS} for '{name}': run `sim {kind.call}` first")
        figure = kind.draw(results)
        pictures[name] = small(encoded(figure, "png"))
        page += entry(name, f"sim plot {name}", kind.shows, heading(figure))
        if name == "stances":
            frame, day = still(results)
            pictures["film"] = small(frame)
            film = entry(
                "film", "sim film", "The debate day by day; here a frame of it.", f"A frame of the film: {day}"
            )
    PICTURES.mkdir(exist_ok=True)
    for path in PICTURES.glob("*.png"):
        path.unlink()
    for name, content in pictures.items():
        (PICTURES / f"{name}.png").write_bytes(content)
    PAGE.write_text(page + film, "utf-8")
    print(f"{PAGE}: {len(pictures)} pictures, {sum(map(len, pictures.values())) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()

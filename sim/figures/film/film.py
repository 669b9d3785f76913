"""The film as a file: MP4 by the encoder that the package imageio-ffmpeg brings with it, or GIF by Pillow.

Not by matplotlib's own writers: these draw every frame whole, which takes many times as long, and their GIF has other
colours in every frame, which makes it large.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from sim.ensembles.executor import Executor
from sim.figures.charts.ballots import VOTE_COLOURS
from sim.figures.film import check_encoder
from sim.figures.film.frames import film
from sim.figures.film.from_results import storyboard_of
from sim.figures.film.storyboard import RATE, Pixels, Storyboard
from sim.figures.style import COLOURS, tinted
from sim.results.result import Bundle
from sim.scenario.scenario import Scenario

#: A GIF has every so many frames, so many pixels across: it is for pages that play no film.
GIF_EVERY, GIF_WIDTH = 4, 800
#: How long a GIF's frame stands, in milliseconds.
GIF_PAUSE = 160
#: Two threads whatever the machine, and no names of versions: the same frames give the same bytes.
_MP4 = ["-preset", "veryfast", "-threads", "2", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]


def mp4(pixels: Iterable[Pixels], rate: int) -> bytes:
    """The frames as an MP4. Raises EncoderError without imageio-ffmpeg."""
    check_encoder("mp4")
    import imageio_ffmpeg

    with tempfile.TemporaryDirectory() as folder:
        path, writer = Path(folder) / "film.mp4", None
        for frame in pixels:
            if writer is None:
                size = (frame.shape[1], frame.shape[0])
                writer = imageio_ffmpeg.write_frames(
                    str(path),
                    size,
                    pix_fmt_in="rgba",
                    fps=rate,
                    codec="libx264",
                    quality=None,
                    output_params=["-crf", "23", *_MP4],
                )
                writer.send(None)
            writer.send(frame)
        if writer is not None:
            writer.close()
        return path.read_bytes()


def _palette() -> Image.Image:
    """The colours of a GIF: the house's, as they are and thinned as bands and edges are, and greys."""
    own = [*COLOURS, *VOTE_COLOURS.values()]
    colours = [tinted(colour, share) for colour in own for share in (1.0, 0.7, 0.45, 0.405, 0.15)]
    greys = [(step / 48,) * 3 for step in range(49)]
    flat = [round(255 * part) for colour in (*colours, *greys) for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat + [255] * (768 - len(flat)))
    return palette


def gif(pixels: Iterable[Pixels], rate: int) -> bytes:
    """Some of the frames, smaller and in few colours, as a GIF that begins again at its end."""
    images: list[Image.Image] = []
    palette = _palette()
    for frame in islice(pixels, 0, None, GIF_EVERY):
        image = Image.fromarray(frame).convert("RGB")
        image = image.resize((GIF_WIDTH, GIF_WIDTH * image.height // image.width), Image.Resampling.BILINEAR)
        images.append(image.quantize(palette=palette, dither=Image.Dither.NONE))
    into = io.BytesIO()
    images[0].save(into, "GIF", save_all=True, append_images=images[1:], duration=GIF_PAUSE, loop=0, optimize=False)
    return into.getvalue()


ENCODERS: Mapping[str, Callable[[Iterable[Pixels], int], bytes]] = {"mp4": mp4, "gif": gif}


def result(
    scenario: Scenario,
    storyboard: Storyboard,
    runs: int,
    seed: int,
    history: int | None,
    kind: str,
    report: Callable[[int], None] = lambda frames: None,
) -> Bundle:
    """The film as a file, mp4 or gif; `report` is told how many frames are drawn. Raises EncoderError."""

    def drawn() -> Iterator[Pixels]:
        for number, pixels in enumerate(film(storyboard), start=1):
            yield pixels
            report(number)

    settings = {"history": history, "format": kind}
    files = {f"film.{kind}": ENCODERS[kind](drawn(), RATE)}
    return Bundle(scenario, 1 if history is not None else runs, seed, settings, files=files)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Bundle:
    """The film that a manifest describes."""
    storyboard = storyboard_of(scenario, runs, seed, settings["history"], executor)
    return result(scenario, storyboard, runs, seed, settings["history"], settings["format"])

"""The film of a debate: days pass, letters travel from their authors to their readers, and ballots are counted.

`storyboard` is what a film shows, as plain data, and the order of its frames; `from_results` makes one from a history
or an ensemble; `frames` draws it; `film` writes it as MP4 or GIF.
"""

from __future__ import annotations

import importlib.util


class EncoderError(Exception):
    """The package that encodes films is not installed."""


def check_encoder(kind: str) -> None:
    """Raises EncoderError, before anything is drawn, if films of this kind (mp4, gif) cannot be written."""
    if kind == "mp4" and importlib.util.find_spec("imageio_ffmpeg") is None:
        raise EncoderError("an MP4 needs the package imageio-ffmpeg")

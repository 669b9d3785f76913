"""Standard output and error: a reader who goes, a full disk or a letter that they cannot show stops no command."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import typer

#: Seconds until a reader who is slow is asked again.
PATIENCE = 0.01


class Outlet(io.RawIOBase):
    """Passes on what is written until that fails, which is `lost`; from then on what is written goes nowhere."""

    def __init__(self, raw: io.RawIOBase) -> None:
        super().__init__()
        self.raw = raw
        self.lost: OSError | None = None

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """Of what it passes on to."""
        return self.raw.fileno()

    def isatty(self) -> bool:
        """Whether what it passes on to is a terminal."""
        return self.raw.isatty()

    def write(self, content: Any) -> int:
        """How many bytes have been passed on, or are lost."""
        try:
            while self.lost is None:
                if (done := self.raw.write(content)) is not None:
                    return done
                time.sleep(PATIENCE)
        except OSError as error:
            self.lost = error
        return memoryview(content).nbytes


def _lasting(stream: IO[str] | None) -> tuple[Any, Outlet | None]:
    """A stream that nothing stops, and its outlet where it goes to a file, a pipe or a terminal."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8"), None
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    stream.reconfigure(errors="replace")
    # Where Python was told to keep nothing back, there is no buffer.
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if not isinstance(raw, io.FileIO):
        return stream, None
    outlet = Outlet(raw)
    by_line = stream.line_buffering or stream.write_through
    return io.TextIOWrapper(io.BufferedWriter(outlet), stream.encoding, "replace", line_buffering=by_line), outlet


@contextmanager
def lasting() -> Iterator[None]:
    """Lets no stream stop the program. Ends it with status 1 and a sentence if the answer could not be printed.

    A reader who has gone has read enough.
    """
    sys.stdout, out = _lasting(sys.stdout)
    sys.stderr, _ = _lasting(sys.stderr)
    try:
        yield
    finally:
        sys.stdout.flush()
        if out is not None and out.lost is not None and not isinstance(out.lost, BrokenPipeError):
            typer.echo(f"standard output: {out.lost.strerror}, so not all could be printed; files are whole", err=True)
            raise SystemExit(1)

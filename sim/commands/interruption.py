"""Whoever stops a command is heard at once: by Ctrl-C, by SIGTERM, or by closing its terminal.

Python hears of a signal in its first thread, between two lines of its own. A compiler, a library or a thread to be
waited for can keep it from there for long, and a library's callback can swallow what it hears. So a thread listens as
well: a command that does not end by itself soon is ended, and leaves nothing half, as one that is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

#: Seconds of processor time in which a command may end by itself, and seconds by the clock if it does nothing.
PATIENCE, LONGEST = 0.6, 3.0
STATUS = 130
#: What stops a command, where the system has it.
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
#: As of a terminal whose cursor a progress bar has hidden.
SHOW_CURSOR = b"\x1b[?25h"
STOPPED = "stopped. What is finished is kept: the same command goes on from there."


class _Listener:
    """Hears signals as long as it is listening, and for good once it has heard one."""

    def __init__(self) -> None:
        self._has_heard = self._is_told = False
        self._reading, writing = os.pipe()
        if os.name == "posix":  # elsewhere it need not be
            os.set_blocking(writing, False)
        # What somebody has switched off, as nohup does, stays off.
        defaults = (signal.SIG_DFL, signal.default_int_handler)
        self._before = {one: signal.getsignal(one) for one in SIGNALS if signal.getsignal(one) in defaults}
        for one in self._before:
            signal.signal(one, self._stop)
        self._written_before, self._writing = signal.set_wakeup_fd(writing, warn_on_full_buffer=False), writing
        threading.Thread(target=self._listen, name="listener", daemon=True).start()

    def _stop(self, number: int, frame: FrameType | None) -> NoReturn:
        self._has_heard = True
        # What a library was just making, and has to leave half made, is not to tell of it at the end.
        sys.unraisablehook = lambda _: None
        warnings.simplefilter("ignore")
        raise KeyboardInterrupt

    def _listen(self) -> None:
        while byte := os.read(self._reading, 1):
            if byte[0] in self._before:
                self._end()
        os.close(self._reading)

    def _end(self) -> NoReturn:
        """Ends the program if it does not end by itself."""
        spent, began = time.process_time() + PATIENCE, time.monotonic() + LONGEST
        while time.process_time() < spent and time.monotonic() < began:
            time.sleep(0.02)
        if not self._is_told:
            with contextlib.suppress(OSError):
                os.write(2, (SHOW_CURSOR if os.isatty(2) else b"") + STOPPED.encode() + b"\n")
        os._exit(STATUS)

    def close(self) -> None:
        """Leaves signals to whoever had them, unless the program is ending by one, which has been told by now."""
        self._is_told = self._has_heard
        if not self._has_heard:
            signal.set_wakeup_fd(self._written_before)
            os.close(self._writing)
            for one, handler in self._before.items():
                signal.signal(one, handler)


@contextlib.contextmanager
def heard() -> Iterator[None]:
    """Whoever stops what is done meanwhile is heard, and told; the program ends with status 130."""
    is_first = threading.current_thread() is threading.main_thread()
    listener = _Listener() if is_first and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL else None
    try:
        yield
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        raise SystemExit(STATUS) from None
    finally:
        if listener is not None:
            listener.close()

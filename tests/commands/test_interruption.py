"""Whoever stops a command is heard, whatever it is doing: it ends with one sentence, and at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.commands.interruption import SIGNALS, STOPPED, heard

HERE = Path(__file__).parent
#: What a command may be doing, each for minutes.
DOING = {
    "waiting": "time.sleep(600)",
    "losing what it hears": """
ends = time.monotonic() + 600
while time.monotonic() < ends:
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        pass
""",
    "in compiled code": "hashlib.pbkdf2_hmac('sha256', b'', b'', 600_000_000)",
    "waiting for a thread": """
with ThreadPoolExecutor(1) as pool:
    pool.submit(hashlib.pbkdf2_hmac, 'sha256', b'', b'', 600_000_000)
""",
    "in a loop of events": "asyncio.run(asyncio.sleep(600))",
    "making what is to be closed": """
class Half:
    def __del__(self):
        raise AttributeError("half made")
half = Half()
time.sleep(600)
""",
}
SCRIPT = """
import asyncio, hashlib, signal, sys, time
from concurrent.futures import ThreadPoolExecutor
from sim.commands.interruption import heard

signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may run where these are switched off
for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
    signal.signal(number, signal.SIG_DFL)
with heard():
    print("begun", flush=True)
    DOING
sys.exit("ended by itself")
"""


def started(script: str) -> subprocess.Popen[str]:
    """A process that has begun."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("doing", DOING)
def test_whatever_a_command_is_doing_it_hears_who_stops_it(doing: str, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end it with status 130 and one sentence."""
    body = DOING[doing].strip().replace("\n", "\n    ")
    with started(SCRIPT.replace("DOING", body)) as process:
        process.send_signal(number)
        printed, said = process.communicate()
    assert (process.returncode, printed, said) == (130, "", f"{STOPPED}\n")


def test_what_somebody_has_switched_off_stays_off() -> None:
    """Under nohup a command goes on when its terminal is closed."""
    script = SCRIPT.replace("with heard", "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nwith heard")
    with started(script.replace("DOING", "signal.raise_signal(signal.SIGHUP)")) as process:
        printed, said = process.communicate()
    assert (process.returncode, printed, said) == (1, "", "ended by itself\n")


def test_afterwards_signals_are_whose_they_were() -> None:
    """A program that calls the command line has its own handlers again, and no thread more."""
    before, threads = [signal.getsignal(number) for number in SIGNALS], threading.active_count()
    with heard():
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert threading.active_count() == threads + 1
        listener = next(thread for thread in threading.enumerate() if thread.name == "listener")
    listener.join()
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_while_the_program_is_still_being_loaded_it_hears(tmp_path: Path) -> None:
    """Stopped before the first command is known, it says the same sentence."""
    slow = tmp_path / "typer.py"
    slow.write_text("import time\nprint('begun', flush=True)\ntime.sleep(600)\n")
    script = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nfrom sim.__main__ import main\nmain()"
    with started(script) as process:
        process.send_signal(signal.SIGTERM)
        printed, said = process.communicate()
    assert (process.returncode, printed, said) == (130, "", f"{STOPPED}\n")

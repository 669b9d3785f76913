"""Listening: a port of this machine, an explorer behind it, and a browser that opens it."""

from __future__ import annotations

import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import NamedTuple

from sim.errors import UserError
from sim.model import jit
from sim.scenario.scenario import Scenario
from sim.web.server.security import is_loopback


class Place(NamedTuple):
    """Where to listen. host: a name or address of this machine; port: 0 for any free one."""

    host: str
    port: int


def listening(place: Place) -> socket.socket:
    """A socket that listens there. Raises UserError if it cannot."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # where it lets a port be taken again that was just left, and no more
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(place)
        # From here on nobody else can: not to listen yet would let two have the same port until one of them does.
        made.listen()
    except (OSError, UnicodeError) as error:
        made.close()
        why = error.strerror if isinstance(error, OSError) else "it is no name of a machine"
        remedy = "give another --port, or --port 0 for any free one"
        raise UserError(f"cannot listen on {place.host}, port {place.port}: {why}; {remedy}") from None
    return made


def address(place: Place, port: int) -> str:
    """What to open in a browser."""
    host = "localhost" if is_loopback(place.host) or place.host in ("0.0.0.0", "::") else place.host
    return f"http://{host}:{port}/"


def serve(scenario: Scenario, place: Place, workers: int | None, opens: bool, say: Callable[[str], None]) -> None:
    """Serves the explorer of a scenario until it is stopped. Raises UserError where it cannot listen."""
    with listening(place) as made, jit.watched(say):
        # Where it cannot listen, nobody waits for what it would show.
        import uvicorn

        from sim.web.server.app import application
        from sim.web.server.connections import settings

        port = made.getsockname()[1]
        app = application(scenario, place.host, workers)
        said = "" if is_loopback(place.host) else " (everybody who can reach this machine can open it)"
        say(f"The explorer of {scenario.name} is at {address(place, port)}{said}. Ctrl-C stops it.")
        if opens:
            threading.Timer(0.5, webbrowser.open, [address(place, port)]).start()
        uvicorn.Server(settings(app)).run(sockets=[made])

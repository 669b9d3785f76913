"""Listening: a port of this machine, an explorer behind it, and a browser that opens it."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import NamedTuple

from sim.errors import UserError
from sim.model import jit
from sim.scenario.scenario import Scenario
from sim.web.server.security import is_loopback

#: Connections that are served at once.
MOST_CONNECTIONS = 64


class Place(NamedTuple):
    """Where to listen. host: a name or address of this machine; port: 0 for any free one."""

    host: str
    port: int


def listening(place: Place) -> socket.socket:
    """A socket that listens there. Raises UserError if it cannot."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(place)
    except OSError as error:
        made.close()
        remedy = "give another --port, or --port 0 for any free one"
        raise UserError(f"cannot listen on {place.host}, port {place.port}: {error.strerror}; {remedy}") from None
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

        port = made.getsockname()[1]
        app = application(scenario, place.host, workers)
        said = "" if is_loopback(place.host) else " (everybody who can reach this machine can open it)"
        say(f"The explorer of {scenario.name} is at {address(place, port)}{said}. Ctrl-C stops it.")
        if opens:
            threading.Timer(0.5, webbrowser.open, [address(place, port)]).start()
        settings = uvicorn.Config(
            app, log_level="warning", server_header=False, limit_concurrency=MOST_CONNECTIONS, lifespan="off"
        )
        uvicorn.Server(settings).run(sockets=[made])

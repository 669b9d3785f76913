"""The explorer's server: a page, and three questions that it may ask.

Every answer is a function of its request alone (the scenario that the server was opened with, controls, seed,
runs). Nothing is kept between requests but a bounded cache of answers, so two pages never see each other's worlds.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sim.ensembles.executor import Executor
from sim.errors import UserError
from sim.scenario.scenario import Scenario
from sim.web.server.cache import Cache
from sim.web.server.requests import Asked, asked
from sim.web.server.security import App, error, guarded
from sim.web.view.answers import answer, compared, world, written

PAGE = Path(__file__).parent.parent / "page"
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
#: Requests that are played at once; others wait. Each uses all cores, so more would only take turns.
AT_ONCE = 2
#: Seconds between two reports of progress.
BETWEEN_REPORTS = 0.1


class Cancelled(Exception):  # noqa: N818 - what the reader of a page does is no error
    """Nobody waits for the answer any more."""


class Explorer:
    """The answers to the questions of a page about one scenario."""

    def __init__(self, opened: Scenario, workers: int | None = None) -> None:
        self.opened, self.workers = opened, workers
        self.cache = Cache()
        self.turns = threading.Semaphore(AT_ONCE)

    def looked_at(self, wanted: Asked) -> bytes:
        """One world, as JSON. Raises UserError."""
        made, executor = world(self.opened, wanted.world), Executor(self.workers)
        key = ("world", made.digest, made.origin.evidence, wanted.seed, wanted.replicate)
        return self.cache.get(key, lambda: written(answer(made, wanted, executor)))

    def compared(self, wanted: Asked, report: Callable[[int], None]) -> bytes:
        """The comparison of the world opened with the one asked for, as JSON. Raises UserError."""
        made = world(self.opened, wanted.world)
        executor = Executor(self.workers, report=report)
        key = ("compared", made.digest, made.origin.evidence, wanted.seed, wanted.runs)
        return self.cache.get(key, lambda: written(compared(self.opened, made, wanted.runs, wanted.seed, executor)))

    def both(self, wanted: Asked, report: Callable[[int], None]) -> bytes:
        """What a page needs once *compare* is pressed: the other world, and what differs."""
        with self.turns, ThreadPoolExecutor(1) as beside:
            looked = beside.submit(self.looked_at, wanted)
            differs = self.compared(wanted, report)
        return b'{"sequence":%d,"world":%b,"comparison":%b}' % (wanted.sequence, looked.result(), differs)

    def one(self, wanted: Asked) -> bytes:
        """What a page needs at first: a world."""
        with self.turns:
            return b'{"sequence":%d,"world":%b}' % (wanted.sequence, self.looked_at(wanted))


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status, media_type="application/json")


async def _file(request: Request) -> Response:
    name = request.path_params.get("name") or "index.html"
    known = {path.name: path for path in PAGE.iterdir() if path.suffix in KINDS}
    if name not in known:
        raise HTTPException(404)
    return Response(known[name].read_bytes(), media_type=KINDS[known[name].suffix])


async def _world(explorer: Explorer, request: Request) -> Response:
    wanted = asked(await request.body())
    return _json(await asyncio.to_thread(explorer.one, wanted))


async def _compare(explorer: Explorer, request: Request) -> Response:
    """Progress as lines of JSON, and the answer as the last one. Who goes away stops the playing."""
    wanted = asked(await request.body())
    # A world that cannot be made is refused before the answer begins, with its own status.
    await asyncio.to_thread(world, explorer.opened, wanted.world)
    return StreamingResponse(_progress(explorer, wanted), media_type="application/x-ndjson")


async def _progress(explorer: Explorer, wanted: Asked) -> AsyncIterator[bytes]:
    done, stopped = 0, threading.Event()

    def report(histories: int) -> None:
        nonlocal done
        done = histories
        if stopped.is_set():
            raise Cancelled

    playing = asyncio.create_task(asyncio.to_thread(_told, explorer, wanted, report))
    try:
        while not playing.done():
            await asyncio.wait([playing], timeout=BETWEEN_REPORTS)
            if not playing.done():
                yield written({"sequence": wanted.sequence, "done": done}) + b"\n"
        yield playing.result() + b"\n"
    finally:
        stopped.set()


def _told(explorer: Explorer, wanted: Asked, report: Callable[[int], None]) -> bytes:
    """The answer, or what went wrong in a sentence: the status has been sent by then."""
    try:
        return explorer.both(wanted, report)
    except Cancelled:
        return error("stopped")
    except (UserError, ValueError) as refusal:
        return error(str(refusal))


async def _refusal(request: Request, refusal: Exception) -> Response:
    return _json(error(str(refusal)), 400)


async def _no_page(request: Request, missing: Exception) -> Response:
    status = missing.status_code if isinstance(missing, HTTPException) else 404
    return _json(error(f"{request.method} {request.url.path[:80]}: there is no such page here"), status)


def application(opened: Scenario, bound: str = "127.0.0.1", workers: int | None = None) -> App:
    """The explorer of a scenario, as an ASGI application that answers only those who call it by `bound`.

    The world opened is played at once, so that the first page need not wait, and compared with itself, so that all
    that a comparison needs is compiled before somebody presses the button.
    """
    explorer = Explorer(opened, workers)
    explorer.looked_at(Asked())
    explorer.compared(Asked(runs=8), lambda done: None)

    def about(handler: Callable[[Explorer, Request], Any]) -> Callable[[Request], Any]:
        async def answered(request: Request) -> Response:
            response: Response = await handler(explorer, request)
            return response

        return answered

    routes = [
        Route("/", _file),
        Route("/{name:str}", _file),
        Route("/api/world", about(_world), methods=["POST"]),
        Route("/api/compare", about(_compare), methods=["POST"]),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={UserError: _refusal, HTTPException: _no_page},
    )
    # Small answers are sent as they are; lines of progress must not wait in a compressor.
    return guarded(partial(_unless_streamed, GZipMiddleware(app, minimum_size=2000, compresslevel=3), app), bound)


async def _unless_streamed(packed: App, plain: App, scope: Any, receive: Any, send: Any) -> None:
    chosen = plain if scope.get("path") == "/api/compare" else packed
    await chosen(scope, receive, send)

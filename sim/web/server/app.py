"""The explorer's server: a page, and the questions that it may ask.

Every answer is a function of its request alone (the scenario that the server was opened with, controls, seed,
runs). Nothing is kept between requests but a bounded cache of answers, so two pages never see each other's worlds.
"""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sim.ensembles.executor import Executor
from sim.errors import ScenarioError, UserError
from sim.scenario.scenario import Scenario
from sim.web.server.requests import Controls, PageRequest, parse
from sim.web.server.security import error, guarded
from sim.web.view import answers, worlds
from sim.web.view.debate import View, what_ifs
from sim.web.view.panel import panel
from sim.web.view.what_if import as_file

PAGE = Path(__file__).parent.parent / "page"
#: Requests that are played at once; others wait. Each uses all cores, so more would only take turns.
AT_ONCE = 2
#: Answers kept, the least lately used going first. Each takes up to a megabyte.
KEPT = 24
#: Seconds between two reports of progress.
BETWEEN_REPORTS = 0.1

# Whatever the machine takes a script for: a browser runs none under another name.
mimetypes.add_type("text/javascript", ".js")


class Cancelled(Exception):  # noqa: N818 - what the reader of a page does is no error
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class Work:
    """An answer, known by everything that it depends on, and how to make it."""

    key: tuple[object, ...]
    make: Callable[[], View] = field(compare=False)


def _silent(done: int) -> None:
    """Tells nobody."""


class Explorer:
    """The answers to the questions of a page about one scenario."""

    def __init__(self, opened: Scenario, workers: int | None = None) -> None:
        self.opened, self.workers = opened, workers
        # It holds what follows from a request alone: nobody can tell from it what others have asked, but by the time
        # that an answer takes. Two who ask for the same at once both make it, and make the same.
        self.answer = lru_cache(KEPT)(lambda work: answers.written(work.make()))
        self.turns = asyncio.Semaphore(AT_ONCE)
        # The ready-made worlds, made ahead: whoever asks for them waits for these, and does not make them again.
        self.ahead: Future[bytes] | None = None

    def _world(self, query: PageRequest, report: Callable[[int], None]) -> bytes:
        world, executor = answers.world(self.opened, query.world), Executor(self.workers, report=report)
        key = ("world", world.digest, world.origin.evidence, query.seed, query.replicate, query.runs)
        return self.answer(Work(key, lambda: answers.answer(world, query, executor)))

    def _comparison(self, query: PageRequest, report: Callable[[int], None]) -> bytes:
        world, executor = answers.world(self.opened, query.world), Executor(self.workers, report=report)
        key = ("comparison", world.digest, world.origin.evidence, query.seed, query.runs)
        return self.answer(Work(key, lambda: answers.compared(self.opened, world, query.runs, query.seed, executor)))

    def world(self, query: PageRequest, report: Callable[[int], None] = _silent) -> bytes:
        """What a page needs at first, as JSON: a world. Raises UserError."""
        return b'{"world":%b}' % self._world(query, report)

    def comparison(self, query: PageRequest, report: Callable[[int], None]) -> bytes:
        """What a page needs once *compare* is pressed: the other world, and what differs. Raises UserError.

        report: is told how many histories are done; what it raises ends the playing.
        """
        with ThreadPoolExecutor(1) as beside:
            world = beside.submit(self._world, query, lambda done: report(0))
            differs = self._comparison(query, report)
        return b'{"world":%b,"comparison":%b}' % (world.result(), differs)

    @cached_property
    def panel(self) -> bytes:
        """The panel of the debate opened, as JSON. To try every rule takes a while, so it is made once."""
        return answers.written({"panel": panel(self.opened)})

    def ready_made(self, query: PageRequest, report: Callable[[int], None] = _silent) -> bytes:
        """The worlds of the what-ifs that come with the debate, as JSON; see `worlds.ready_made`."""
        # A page that compares meanwhile is to have the other threads.
        executor = Executor(max((self.workers or os.cpu_count() or 1) // 2, 1), report=report)

        def make() -> View:
            made = worlds.shipped(self.opened, query.runs, query.seed, executor)
            return worlds.ready_made(self.opened, made, query.runs, query.seed, executor)

        answer = self.answer(Work(("ready-made", query.seed, query.runs), make))
        return b'{"ready_made":%b}' % answer

    def warm_up(self) -> None:
        """Plays what a page opens with and what its story asks, so that nobody waits, and compiles what they need."""
        story, names = self.opened.debate.story, [one["name"] for one in what_ifs(self.opened)]
        self._world(PageRequest(), _silent)
        if story is not None and story.change in names:
            self.comparison(PageRequest(world=Controls(what_ifs={story.change: True})), _silent)
        else:
            self._comparison(PageRequest(runs=8), _silent)

    def work_ahead(self) -> None:
        """Makes the ready-made worlds in the background."""
        ahead = self.ahead = Future[bytes]()
        # Begun: nobody who waits for it and leaves can call it off.
        ahead.set_running_or_notify_cancel()

        def make() -> None:
            # Who stops the program meanwhile gets no more threads, and is to see no traceback.
            try:
                ahead.set_result(self.ready_made(PageRequest()))
            except Exception as error:
                ahead.set_exception(error)

        threading.Thread(target=make, daemon=True).start()


@dataclass
class _Playing:
    """What is being played for a page. done: the histories that are."""

    task: asyncio.Task[bytes]
    done: int = 0

    async def wait(self) -> bool:
        """Whether it is still being played, after a while."""
        await asyncio.wait([self.task], timeout=BETWEEN_REPORTS)
        return not self.task.done()


@contextlib.asynccontextmanager
async def _playing(
    explorer: Explorer, make: Callable[[PageRequest, Callable[[int], None]], bytes], query: PageRequest
) -> AsyncIterator[_Playing]:
    """What answers a query, being played in its turn; it stops when the page is left."""
    left = threading.Event()

    def report(histories: int) -> None:
        playing.done = max(playing.done, histories)
        if left.is_set():
            raise Cancelled

    async def play() -> bytes:
        # Who waits here takes no thread, so that nobody who has given up stands in the way of others.
        async with explorer.turns:
            with contextlib.suppress(Cancelled):
                return b"" if left.is_set() else await asyncio.to_thread(make, query, report)
        return b""

    playing = _Playing(asyncio.create_task(play()))
    try:
        yield playing
    finally:
        left.set()
        # What goes wrong after that is told to nobody.
        playing.task.add_done_callback(lambda task: task.cancelled() or task.exception())


async def _whole(explorer: Explorer, request: Request, make: Callable[..., bytes], query: PageRequest) -> Response:
    """The answer at once. Who goes away stops the playing."""
    async with _playing(explorer, make, query) as playing:
        while await playing.wait():
            if await request.is_disconnected():
                raise ClientDisconnect
        return Response(playing.task.result(), media_type="application/json")


async def _world(explorer: Explorer, request: Request) -> Response:
    return await _whole(explorer, request, explorer.world, parse(await request.body()))


async def _ready_made(explorer: Explorer, request: Request) -> Response:
    query, known = parse(await request.body()), PageRequest()
    if explorer.ahead is None or (query.seed, query.runs) != (known.seed, known.runs):
        return await _whole(explorer, request, explorer.ready_made, query)
    return Response(await asyncio.wrap_future(explorer.ahead), media_type="application/json")


async def _what_if(explorer: Explorer, request: Request) -> Response:
    query = parse(await request.body())
    return Response(await asyncio.to_thread(as_file, explorer.opened, query), media_type="application/yaml")


async def _panel(explorer: Explorer, request: Request) -> Response:
    answer = await asyncio.to_thread(lambda: explorer.panel)
    return Response(answer, media_type="application/json")


async def _compare(explorer: Explorer, request: Request) -> Response:
    """Progress as lines of JSON, and the answer as the last one. Who goes away stops the playing."""
    query = parse(await request.body())
    # A world that cannot be made is refused before the answer begins, with its own status.
    await asyncio.to_thread(answers.world, explorer.opened, query.world)
    return StreamingResponse(_progress(explorer, query), media_type="application/x-ndjson")


async def _progress(explorer: Explorer, query: PageRequest) -> AsyncIterator[bytes]:
    async with _playing(explorer, explorer.comparison, query) as playing:
        while await playing.wait():
            yield answers.written({"done": playing.done}) + b"\n"
        try:
            yield playing.task.result() + b"\n"
        except (UserError, ValueError) as refusal:
            # The status has been sent by then.
            yield answers.written({"error": _said(refusal)}) + b"\n"


def _said(refusal: Exception) -> str:
    """What a page is told: a file by its name, since where it lies is nobody's business there."""
    if not isinstance(refusal, ScenarioError):
        return str(refusal)
    return str(ScenarioError(replace(one, file=Path(one.file).name) for one in refusal.problems))


async def _refusal(request: Request, refusal: Exception) -> Response:
    return error(_said(refusal), 400)


async def _no_page(request: Request, missing: Exception) -> Response:
    status = missing.status_code if isinstance(missing, HTTPException) else 404
    return error(f"{request.method} {request.url.path[:80]}: there is no such page here", status)


def answering(explorer: Explorer, bound: str = "127.0.0.1") -> ASGIApp:
    """An explorer as an ASGI application that answers only those who call it by `bound`."""
    # Small answers are sent as they are; lines of progress must not wait in a compressor.
    packed = [Middleware(GZipMiddleware, minimum_size=2000, compresslevel=3)]
    app = Starlette(
        routes=[
            Route("/api/world", partial(_world, explorer), methods=["POST"], middleware=packed),
            Route("/api/panel", partial(_panel, explorer), methods=["POST"], middleware=packed),
            Route("/api/ready-made", partial(_ready_made, explorer), methods=["POST"], middleware=packed),
            Route("/api/what-if", partial(_what_if, explorer), methods=["POST"]),
            Route("/api/compare", partial(_compare, explorer), methods=["POST"]),
            Mount("/", StaticFiles(directory=PAGE, html=True), middleware=packed),
        ],
        exception_handlers={UserError: _refusal, HTTPException: _no_page},
    )
    return guarded(app, bound)


def application(opened: Scenario, bound: str = "127.0.0.1", workers: int | None = None) -> ASGIApp:
    """The explorer of a scenario, whose first page need not wait."""
    explorer = Explorer(opened, workers)
    explorer.warm_up()
    explorer.work_ahead()
    return answering(explorer, bound)

"""Connections of the explorer: each has to ask in time, and those that do not make room for those that do."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds in which a request has to arrive whole, once a connection is there or its last answer is.
IN_TIME = 10.0
#: Connections there may be at once.
MOST = 64


class Connection(H11Protocol):
    """A connection that is closed if its request does not arrive whole in time, or others need its place sooner.

    Uvicorn itself waits for ever for the rest of a request, and turns everybody away while it waits for too many.
    """

    _late: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether its request, or the rest of it, has yet to arrive."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Makes room for it, and waits for its request."""
        others: Any = self.connections
        waiting = sorted((one for one in others if one.is_waiting), key=lambda one: one.since)
        for one in waiting[: max(len(others) + 1 - MOST, 0)]:
            others.discard(one)
            one.transport.abort()
        self.since = self.loop.time()
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Takes what has arrived."""
        super().data_received(data)
        if not self.is_waiting:
            self._expect_no_more()

    def on_response_complete(self) -> None:
        """Waits for the next request."""
        self._expect()
        super().on_response_complete()
        if not self.is_waiting:
            self._expect_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits for nothing any more."""
        self._expect_no_more()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._expect_no_more()
        self._late = self.loop.call_later(IN_TIME, self.transport.abort)

    def _expect_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()


def settings(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn serves the explorer: by such connections, and believing nobody who says what others asked for."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=2 * MOST,
        timeout_graceful_shutdown=1,
    )

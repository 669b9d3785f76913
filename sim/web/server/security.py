"""What keeps the explorer to the machine it runs on: who may ask, how much, and what a page may load.

Nothing that a page shows comes from anywhere else, and nothing that it knows goes anywhere else: the policy in
`HEADERS` forbids it to the browser, whatever a scenario says.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from sim.web.server.requests import LARGEST

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
LOCAL = "localhost"


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine and no other."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOCAL


def may_be_named(host: str, bound: str) -> bool:
    """Whether a request may call the server by this name.

    A page elsewhere can have its own name point to this machine, and then read what is answered (DNS rebinding);
    an address cannot be made to point elsewhere. So a name is good only if it is `localhost` or the one that the
    server was told to listen on, and an address if it is loopback or the server listens beyond this machine.
    """
    if host in (LOCAL, bound.lower()):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return is_loopback(host) or not is_loopback(bound)


def _host(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


def refused(headers: dict[str, str], method: str, bound: str) -> tuple[int, str] | None:
    """Why a request is not answered, as its status and a sentence; None if it is."""
    named = headers.get("host", "")
    if not may_be_named(_host(named), bound):
        return 403, f"this server does not answer to the name {named[:80]!r}: open it as {LOCAL}"
    if method not in ("GET", "HEAD", "POST"):
        return 405, f"{method} is not understood here"
    if method != "POST":
        return None
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != named.lower():
        return 403, f"a page of {origin[:80]!r} may not ask this server"
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return 415, "send JSON, as application/json"
    size = headers.get("content-length", "")
    if not (size.isascii() and size.isdecimal()):
        return 411, "say how long the request is (content-length)"
    if int(size[:20]) > LARGEST:
        return 413, f"the request has {size[:20]} bytes: at most {LARGEST} are read"
    return None


def error(sentence: str) -> bytes:
    """A refusal as JSON."""
    return json.dumps({"error": sentence}, ensure_ascii=False).encode()


def guarded(app: App, bound: str) -> App:
    """The application, behind the door: requests refused before it sees them, its answers under the policy."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name, value) for name, value in message["headers"] if name.decode() not in HEADERS]
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*given, *own]}
            await send(message)

        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        no = refused(headers, scope["method"], bound)
        if no is None:
            await app(scope, receive, closed)
            return
        body = error(no[1])
        plain = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await closed({"type": "http.response.start", "status": no[0], "headers": plain})
        await closed({"type": "http.response.body", "body": body})

    return door

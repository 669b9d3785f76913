"""What keeps the explorer to the machine it runs on: who may ask, how much, and what a page may load.

Nothing that a page shows comes from anywhere else, and nothing that it knows goes anywhere else: the policy in
`HEADERS` forbids it to the browser, whatever a scenario says.
"""

from __future__ import annotations

import contextlib
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.web.server.requests import LARGEST

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
    """Whether a request may call the server, which listens at `bound`, by this name.

    A page elsewhere can have its own name point to this machine, and then read what is answered (DNS rebinding);
    an address cannot be made to point elsewhere. So a name is good only if it is `localhost` or the one that the
    server was told to listen on, and an address if it is loopback or the server listens beyond this machine.
    Starlette's TrustedHostMiddleware knows no addresses in general, and none of IPv6.
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


def error(sentence: str, status: int) -> JSONResponse:
    """A sentence that says why there is no answer."""
    return JSONResponse({"error": sentence}, status)


def refusal(request: Request, bound: str) -> JSONResponse | None:
    """Why a request is not answered; None if it is."""
    headers, named = request.headers, request.headers.get("host", "")
    if not may_be_named(_host(named), bound):
        return error(f"this server does not answer to the name {named[:80]!r}: open it as {LOCAL}", 403)
    if request.method not in ("GET", "HEAD", "POST"):
        return error(f"{request.method} is not understood here", 405)
    if request.method != "POST":
        return None
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"{request.url.scheme}://{named.lower()}":
        return error(f"a page of {origin[:80]!r} is not allowed to ask this server", 403)
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return error("send JSON, as application/json", 415)
    size = headers.get("content-length", "")
    if not (size.isascii() and size.isdecimal()):
        return error("say how long the request is (content-length)", 411)
    if int(size[:20]) > LARGEST:
        return error(f"the request has {size[:20]} bytes: at most {LARGEST} are read", 413)
    return None


def guarded(app: ASGIApp, bound: str) -> ASGIApp:
    """The application behind these checks, every answer with `HEADERS`."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refused = refusal(Request(scope), bound) if scope["type"] == "http" else None
        # Who leaves before all is asked needs no answer.
        with contextlib.suppress(ClientDisconnect):
            await (refused or app)(scope, receive, with_headers)

    return guard

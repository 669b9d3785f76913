"""Looking at a debate in a browser, and changing it there."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sim.commands.options import DEFAULT, Debate, Evidence, EvidenceFilter, Prior, Reading, Workers, load_debate
from sim.errors import UserError

#: What a browser needs from a package that is not installed with the program by itself.
MISSING = "the explorer needs Starlette and uvicorn: pip install 'policy-debate-sim[explore]'"


def explore(
    scenario: Debate = DEFAULT,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on. Others than this machine must be asked for.")] = (
        "127.0.0.1"
    ),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    workers: Workers = None,
    evidence: Evidence = EvidenceFilter.all,
    reading: Reading = None,
    prior: Prior = False,
) -> None:
    """Open the debate in a browser: scrub through it, switch events off, compare two worlds.

    Nothing leaves this machine. Example: `sim explore library-sunday --port 9000`
    """
    try:
        from sim.web.server.serving import Place, serve
    except ImportError as missing:
        raise _unless_installed(missing) from None
    debate = load_debate(scenario, evidence, reading, prior)
    serve(debate, Place(host, port), workers, opens=not no_browser, say=typer.echo)


def _unless_installed(missing: ImportError) -> Any:
    """The refusal that says what to install, or the error itself where it is about something else."""
    name = (missing.name or "").split(".")[0]
    return UserError(MISSING) if name in ("starlette", "uvicorn", "anyio") else missing

"""Whoever imports this puts the command line together once: Typer reads the signature of every command for it.

The tests call commands hundreds of times. Nothing can change the command line, and a call leaves nothing in it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import typer
import typer.testing

from sim.commands import main
from sim.commands.main import COMMANDS, Command

_program, _program_once = main.program, functools.cache(main.program)
typer.testing._get_command = functools.lru_cache(maxsize=4)(typer.testing._get_command)


def _of_all(commands: Iterable[Command] = COMMANDS) -> typer.Typer:
    return _program_once() if commands is COMMANDS else _program(commands)


main.program = _of_all

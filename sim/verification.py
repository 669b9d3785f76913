"""A folder of results put to the test: played again from its manifest, and compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import filming, publish, results
from sim.backtest import ENSEMBLES, replay
from sim.counterfactual import Differing, whatif
from sim.crew import Crew
from sim.transcript import play


def histories(known: Mapping[str, Any]) -> int:
    """How many histories it takes to play a manifest again."""
    return int(known["runs"]) * {"replay": ENSEMBLES, "film": 2}.get(known["command"]["name"], 1)


def played_again(folder: Path, crew: Crew | None = None) -> list[str]:
    """What comes out differently when a folder's manifest is played again, in sentences; empty if nothing does."""
    known = results.read_manifest(folder)
    scenario, command = results.scenario_of(folder), known["command"]
    if command["name"] == "run":
        files = publish.table_files(play(scenario, known["seed"], command["replicate"], command["as_recorded"]).tables)
    elif command["name"] == "whatif":
        differing = Differing(command["readings"], command["changes"])
        other = differing.carried_out(scenario, f"{folder / 'manifest.json'}: changes")
        files = publish.comparison_files(whatif(scenario, other, known["runs"], known["seed"], crew))
    elif command["name"] == "film":
        filmed = filming.reel(scenario, known["runs"], known["seed"], command["history"], crew)
        files = filming.film_files(filmed, command["format"])
    else:
        played = replay(scenario, known["runs"], known["seed"], crew)
        files = publish.replay_files(played)
        if command.get("keep"):
            files["trajectories.nc"] = publish.trajectory_file(played.ensemble)
    files |= publish.posterior_file(scenario)
    found = [
        f"{name} comes out differently"
        for name, content in files.items()
        if known["files"].get(name) != results.digest(content)
    ]
    found += [f"{name} does not come out" for name in known["files"] if name not in files]
    moved = [
        f"{name} was {then}, is {now}"
        for name, now in results.versions().items()
        if (then := known["versions"].get(name)) != now
    ]
    return found and found + moved

"""A folder of results put to the test: played again from its manifest, and compared."""

from __future__ import annotations

from pathlib import Path

from sim import publish, results
from sim.backtest import replay
from sim.crew import Crew
from sim.transcript import play


def played_again(folder: Path, crew: Crew | None = None) -> list[str]:
    """What comes out differently when a folder's manifest is played again, in sentences; empty if nothing does."""
    known = results.read_manifest(folder)
    scenario, command = results.scenario_of(folder), known["command"]
    if command["name"] == "run":
        files = publish.table_files(play(scenario, known["seed"], command["replicate"], command["as_recorded"]).tables)
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

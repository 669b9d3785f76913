"""A debate ready to be played: read, checked, its readings chosen, its changes made, frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.errors import unknown
from sim.model.arrays import Names, Plan, collisions, plan
from sim.scenario import changes
from sim.scenario.posterior import Particles, PosteriorError, read_file
from sim.scenario.schema import Change, DebateFile
from sim.scenario.timeline import Entry, table, timeline
from sim.scenario.validation.check import check, parse, read
from sim.scenario.what_if import WhatIf, check_base, is_what_if, read_what_if, typed
from sim.scenario.yaml_reader import Document, Problem, ScenarioError

if TYPE_CHECKING:
    import pandas

_PACKAGE = Path(__file__).parent.parent
#: The shipped scenarios: inside an installed package, beside it in a checkout.
SHIPPED = _PACKAGE / "scenarios" if (_PACKAGE / "scenarios").exists() else _PACKAGE.parent / "scenarios"


@dataclass(frozen=True)
class Origin:
    """What a scenario was made from: enough to make it again."""

    file: str
    text: str
    readings: Mapping[str, str]
    evidence: str
    changes: tuple[Mapping[str, Any], ...] = ()
    posterior: Particles | None = None


@dataclass(frozen=True)
class Scenario:
    """One debate. Two scenarios with the same `digest` are the same debate.

    document: what the file says, with readings and changes carried out. debate: the same, typed. Where the origin
    has a posterior, parameters and first stances are drawn from it, else by their laws.
    """

    origin: Origin
    document: Document
    debate: DebateFile

    @property
    def name(self) -> str:
        """The scenario's id."""
        return self.debate.scenario

    @property
    def posterior(self) -> Particles | None:
        """What parameters and first stances are drawn from; None if by their laws."""
        return self.origin.posterior

    @cached_property
    def said(self) -> str:
        """Sixteen hexadecimal digits of everything that the scenario says, whatever it is drawn from."""
        text = json.dumps(self.document.tree, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of what it says and of the posterior."""
        if self.posterior is None:
            return self.said
        return hashlib.sha256(f"{self.said}+{self.posterior.digest}".encode()).hexdigest()[:16]

    def from_prior(self) -> Scenario:
        """The same debate, its parameters and first stances drawn by their laws."""
        return self.with_posterior(None)

    def with_posterior(self, posterior: Particles | None) -> Scenario:
        """The same debate, its parameters and first stances drawn from a posterior."""
        return Scenario(replace(self.origin, posterior=posterior), self.document, self.debate)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The timeline."""
        return timeline(self.debate)

    @cached_property
    def arrays(self) -> tuple[Plan, Names]:
        """The plan for the compiled core, and the names of its rows."""
        return plan(self.debate)

    def plan(self) -> pandas.DataFrame:
        """The timeline, as a table: what happens, in the order in which it is played."""
        return table(self.entries)

    def with_changes(
        self, *wanted: str | Path | WhatIf | Change | Mapping[str, Any], called: str = "these changes"
    ) -> Scenario:
        """The debate with some differences, checked as strictly as a file.

        A difference is the name of a shipped what-if, the path of a file of yours, or a single change as in a
        reading: {"set": "eve-writes.strength", "to": 2}, {"remove": ID} or {"add": "timeline", "item": {...}}.
        Raises ScenarioError for one that hits nothing or breaks the debate.
        """
        made = self
        single: list[tuple[Change, str]] = []
        for want in wanted:
            if isinstance(want, str | Path | WhatIf):
                made = made._changed(single)._with_what_if(what_if(want))
                single = []
            else:
                single.append((_change(made.document, want), called))
        return made._changed(single)

    def _with_what_if(self, what_if: WhatIf) -> Scenario:
        """The debate as a what-if has it: first the readings that it takes, then its changes."""
        check_base(what_if, self.debate)
        made = self
        if what_if.said.readings:
            readings = {**(self.document.settled or {}), **what_if.said.readings}
            try:
                made = again(replace(self.origin, readings=readings))
            except ScenarioError as error:
                found = [what_if.problem(("readings",), problem.message) for problem in error.problems]
                raise ScenarioError(found) from None
        changed, problems = made.document, []
        for number, change in enumerate(what_if.said.changes):
            place = what_if.place(number)
            try:
                changed = changes.apply(changed, [change], place)
            except ScenarioError as error:
                said = [problem.message.removesuffix(f" (asked for by {place})") for problem in error.problems]
                problems += [what_if.problem(("changes", number), message) for message in said]
        if problems:
            raise ScenarioError(problems)
        return made._of(changed, what_if.said.changes)

    def _changed(self, single: Sequence[tuple[Change, str]]) -> Scenario:
        changed = self.document
        for change, wants in single:
            changed = changes.apply(changed, [change], wants)
        return self._of(changed, [change for change, _ in single]) if single else self

    def _of(self, document: Document, made: Sequence[Change]) -> Scenario:
        written = tuple(change.model_dump(exclude_unset=True) for change in made)
        origin = replace(self.origin, changes=(*self.origin.changes, *written))
        return Scenario(origin, document, _sound(document))

    def __reduce__(self) -> tuple[Any, tuple[Origin]]:
        # Pickled, a scenario is its text; on the other side it is read again.
        return again, (self.origin,)

    def _repr_html_(self) -> str:
        size = f"{len(self.debate.members)} members, {len(self.entries)} moments"
        return f"<b>{self.debate.title}</b><br>{size}, digest {self.digest}"


def _change(document: Document, wanted: Change | Mapping[str, Any]) -> Change:
    if isinstance(wanted, Change):
        return wanted
    try:
        return Change.model_validate(dict(wanted))
    except ValidationError as error:
        said = "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors())
        raise ScenarioError([Problem(document.file, 0, "changes", f"{dict(wanted)!r} is no change: {said}")]) from None


def shipped() -> list[str]:
    """The names of the scenarios that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find(name: str | Path) -> Path:
    """The file of a shipped name or a path. Raises ScenarioError for a name that is neither."""
    given = Path(name)
    if given.suffix in (".yaml", ".yml") or len(given.parts) > 1 or given.exists():
        return given
    if str(name) in shipped():
        return SHIPPED / f"{name}.yaml"
    message = f"{unknown(str(name), 'file and no scenario that comes with the program', shipped())}"
    raise ScenarioError([Problem(str(name), 0, "", message)])


def whatif_names() -> list[str]:
    """The names of the what-ifs that come with the program."""
    return sorted(path.stem for path in (SHIPPED / "what-if").glob("*.yaml"))


def find_what_if(name: str | Path) -> Path:
    """The file of a shipped what-if or a path. Raises ScenarioError for a name that is neither."""
    given = Path(name)
    if given.suffix in (".yaml", ".yml") or len(given.parts) > 1 or given.exists():
        return given
    if str(name) in whatif_names():
        return SHIPPED / "what-if" / f"{name}.yaml"
    message = unknown(str(name), "file and no what-if that comes with the program", whatif_names())
    raise ScenarioError([Problem(str(name), 0, "", message)])


def what_if(wanted: str | Path | WhatIf) -> WhatIf:
    """A shipped what-if by name, or one of your own by path. Raises ScenarioError for what is neither, or broken."""
    return wanted if isinstance(wanted, WhatIf) else read_what_if(find_what_if(wanted))


def base_of(asked: WhatIf) -> str | Path:
    """The scenario that a what-if differs from: a shipped one, or the file of its name beside it or one folder up.

    Raises ScenarioError if there is none.
    """
    base = asked.said.base
    folder = Path(asked.document.file).parent
    beside = [place / f"{base}.yaml" for place in (folder, folder.parent)]
    found = base if base in shipped() else next((place for place in beside if place.exists()), None)
    if found is None:
        raise ScenarioError([asked.problem(("base",), unknown(base, "scenario", shipped()))])
    return found


def loaded_by(name: str | Path) -> Scenario:
    """The debate that a file makes by itself: a scenario, or a what-if on its base. Raises ScenarioError."""
    document = read(find_what_if(name) if str(name) in whatif_names() else find(name))
    if not is_what_if(document):
        return load(name)
    asked = typed(document)
    return load(base_of(asked)).with_changes(asked)


def load(
    name: str | Path, readings: Mapping[str, str] | None = None, evidence: str = "all", prior: bool = False
) -> Scenario:
    """A shipped scenario by name, or one of your own by path.

    readings: for contested points, the side to take instead of the default. evidence: `all`, `documented`
    (only what a primary source says) or `seed` (only what the document says that the study started from).
    prior: whether to draw parameters and first stances by their laws even where a posterior comes with the
    scenario. Raises ScenarioError with everything that is wrong.
    """
    path = find(name)
    document = read(path)
    made = _made(Origin(path.name, path.read_text("utf-8"), dict(readings or {}), evidence), document)
    return made if prior else made.with_posterior(shipped_posterior(made))


def shipped_posterior(scenario: Scenario) -> Particles | None:
    """The posterior that comes with a scenario, if there is one and it was fitted to this very scenario."""
    path = SHIPPED / "posterior" / f"{scenario.name}.nc"
    if not path.exists():
        return None
    particles = read_file(path)
    return particles if particles.fitted_to == scenario.said else None


def with_posterior_of(scenario: Scenario, path: Path) -> Scenario:
    """The scenario drawn from the posterior in a file. Raises PosteriorError if it was fitted to another."""
    particles = read_file(path)
    if particles.fitted_to != scenario.said:
        raise PosteriorError(
            f"{path} was fitted to another debate than this {scenario.name} (digest {particles.fitted_to}, not "
            f"{scenario.said}): choose the same file, readings and evidence, or calibrate this one"
        )
    return scenario.with_posterior(particles)


def again(origin: Origin) -> Scenario:
    """The scenario made again from what it was made from."""
    return _made(origin, parse(origin.text, origin.file))


def _made(origin: Origin, document: Document) -> Scenario:
    check(document)
    chosen = changes.choose_readings(document, origin.readings)
    kept = changes.keep_evidence(chosen, origin.evidence)
    scenario = Scenario(replace(origin, changes=()), kept, _sound(kept))
    return scenario.with_changes(*origin.changes) if origin.changes else scenario


def _sound(document: Document) -> DebateFile:
    """The debate in a document, once its luck is sure too: no two identities may share a key."""
    debate = check(document)
    clashes = [
        Problem(document.file, 0, "luck", f"'{one}' and '{other}' have the same key: rename one")
        for one, other in collisions(debate)
    ]
    if clashes:
        raise ScenarioError(clashes)
    return debate

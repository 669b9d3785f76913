"""A debate ready to be played: read, checked, its readings chosen, its changes made, frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError, UserError, quoted, unknown
from sim.scenario import changes, evidence
from sim.scenario.library import base_of, find, find_what_if, what_if, whatif_names
from sim.scenario.posterior import Particles, PosteriorError, read_file
from sim.scenario.schema import Ballot, Change, DebateFile
from sim.scenario.shown import as_html, as_text
from sim.scenario.timeline import COLUMNS, Entry, rows, timeline
from sim.scenario.validation import types
from sim.scenario.validation.check import check, check_with_options
from sim.scenario.what_if import WhatIf, check_base, is_what_if, typed
from sim.scenario.yaml_reader import Document, parse, read_text

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Origin:
    """What a scenario was made from: enough to make it again."""

    file: str
    text: str
    readings: Mapping[str, str]
    evidence: str
    changes: tuple[Mapping[str, Any], ...] = ()
    posterior: Particles | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """One debate. Two scenarios with the same `digest` are the same debate.

    document: what the file says, with readings and changes carried out. debate: the same, typed. Where the origin
    has a posterior, parameters and first stances are drawn from it, else from their priors.
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
        """What parameters and first stances are drawn from; None if from their priors."""
        return self.origin.posterior

    @property
    def readings(self) -> dict[str, str]:
        """The option taken of each reading."""
        return dict(self.document.readings_applied or {})

    @property
    def choices(self) -> list[str]:
        """The readings and the evidence that differ from the file's own, in words; none if all are its own."""
        defaults = {name: reading.default for name, reading in self.debate.readings.items()}
        chosen = [f"{name}: {option}" for name, option in self.readings.items() if option != defaults.get(name)]
        return chosen if self.origin.evidence == "all" else [*chosen, f"evidence: {self.origin.evidence}"]

    @property
    def basis(self) -> str:
        """What its results rest on, in words: fitted or not, and the readings and the evidence chosen."""
        drawn = "fitted to its record" if self.posterior else "unfitted: drawn from the assumed ranges"
        return "; ".join([drawn, *self.choices])

    @property
    def people(self) -> str:
        """How many there are, in words: `40 people and 36 stand-ins for the unrecorded`."""
        members = self.debate.members.values()
        named = sum(member.count is None for member in members)
        stand_ins = sum(member.count or 0 for member in members)
        parts = ["one person" if named == 1 else f"{named} people"] if named else []
        if stand_ins:
            noun = "one stand-in" if stand_ins == 1 else f"{stand_ins} stand-ins"
            parts.append(f"{noun} for the unrecorded")
        return " and ".join(parts)

    @property
    def followed(self) -> tuple[str, ...]:
        """What went by itself with the moments that changes took out, a sentence each."""
        return tuple(each.sentence for each in self.document.followed if each.sentence)

    @cached_property
    def content_digest(self) -> str:
        """Sixteen hexadecimal digits of everything that the scenario says, whatever it is drawn from."""
        text = json.dumps(self.document.tree, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of what it says and of the posterior."""
        if self.posterior is None:
            return self.content_digest
        return hashlib.sha256(f"{self.content_digest}+{self.posterior.digest}".encode()).hexdigest()[:16]

    def from_prior(self) -> Scenario:
        """The same debate, its parameters and first stances drawn from their priors."""
        return self.with_posterior(None)

    def with_posterior(self, posterior: Particles | None) -> Scenario:
        """The same debate, its parameters and first stances drawn from a posterior."""
        return Scenario(replace(self.origin, posterior=posterior), self.document, self.debate)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The timeline."""
        return timeline(self.debate)

    def plan(self) -> pandas.DataFrame:
        """The timeline, as a table: what happens, in the order in which it is played."""
        import pandas

        return pandas.DataFrame(rows(self.entries), columns=list(COLUMNS))

    def with_changes(
        self, *wanted: str | Path | WhatIf | Change | Mapping[str, Any], called: str = "these changes"
    ) -> Scenario:
        """The debate with some differences, checked as strictly as a file.

        A difference is the name of a shipped what-if, the path of a file of yours, or a single change as in a
        reading: {"set": "eve-writes.strength", "to": 2}, {"remove": ID} or {"add": "timeline", "item": {...}}.
        Raises ScenarioError for one that hits nothing or breaks the debate.
        """
        world = self
        single: list[Change] = []
        for want in wanted:
            if isinstance(want, str | Path | WhatIf):
                world, single = world._changed(single, called)._with_what_if(what_if(want)), []
            else:
                single.append(_change(want))
        return world._changed(single, called)

    def _with_what_if(self, what_if: WhatIf) -> Scenario:
        """The debate as a what-if has it: first the readings that it takes, then its changes."""
        check_base(what_if, self.debate)
        world, file = self, what_if.file
        if file.readings:
            try:
                world = rebuild(replace(self.origin, readings={**self.readings, **file.readings}))
            except ScenarioError as error:
                messages = [problem.message for problem in error.problems]
                raise ScenarioError(what_if.document.problem(("readings",), text) for text in messages) from None
        document, problems = world.document, []
        for number, change in enumerate(file.changes):
            place = what_if.place(number)
            try:
                document = changes.apply(document, [change], place)
            except ScenarioError as error:
                problems += [what_if.document.problem(("changes", number), p.message) for p in error.problems]
        if problems:
            raise ScenarioError(problems)
        own = what_if.document
        return world._with(document, file.changes, own.file, own.line(("changes",)))

    def _changed(self, single: Sequence[Change], called: str) -> Scenario:
        return self._with(changes.apply(self.document, single, called), single) if single else self

    def _with(self, document: Document, differences: Sequence[Change], file: str = "", line: int = 0) -> Scenario:
        """The debate of a document that these differences have made; what is wrong with it is wrong in their file."""
        try:
            debate = check(document)
        except ScenarioError as error:
            raise ScenarioError(
                replace(one, file=file, line=line) if one.file == document.file else one for one in error.problems
            ) from None
        plain = (change.model_dump(exclude_unset=True) for change in differences)
        origin = replace(self.origin, changes=(*self.origin.changes, *plain))
        return Scenario(origin, document, debate)

    def __reduce__(self) -> tuple[Any, tuple[Origin]]:
        # Pickled, a scenario is its text; on the other side it is read again.
        return rebuild, (self.origin,)

    def __repr__(self) -> str:
        return as_text("Scenario", self.name, self._facts, self.debate.title)

    @property
    def _facts(self) -> tuple[str, ...]:
        return self.people, f"{len(self.entries)} moments", self.basis, f"digest {self.digest}"

    def _repr_html_(self) -> str:
        return as_html(self.debate.title, ", ".join(self._facts), "Its timeline: .plan()")


def _change(wanted: Change | Mapping[str, Any]) -> Change:
    if isinstance(wanted, Change):
        return wanted
    if not isinstance(wanted, Mapping):
        what = "a what-if's name or path, or a mapping such as {'remove': ID} or {'set': 'ID.FIELD', 'to': 2}"
        raise ScenarioError([Problem("", 0, "", f"{quoted(wanted)} is not a change: give {what}")])
    change, findings = types.typed(Change, changes.plain(wanted))
    if change is None:
        raise ScenarioError(Problem("", 0, ".".join(map(str, path)), message) for path, message in findings)
    return change


def check_file(name: str | Path) -> Scenario:
    """The debate that a file makes by itself: a scenario, or a what-if on its base.

    Every option of every reading is tried. Raises ScenarioError with everything that is wrong.
    """
    path = find_what_if(name) if str(name) in whatif_names() else find(name)
    text = read_text(path)
    document = parse(text, str(path))
    if is_what_if(document):
        what_if = typed(document)
        return load(base_of(what_if)).with_changes(what_if)
    return _made(Origin(path.name, text, {}, "all"), document, check_with_options(document))


def load(
    name: str | Path, readings: Mapping[str, str] | None = None, evidence: str = "all", prior: bool = False
) -> Scenario:
    """A shipped scenario by name, or one of your own by path.

    readings: for contested points, the side to take instead of the default. evidence: `all`, `documented`
    (only what a primary source says) or `seed` (only what the document says that the study started from).
    prior: whether to draw parameters and first stances from their priors even where a posterior stands beside the file
    (`NAME.nc`, as `sim calibrate` leaves it) and was fitted to this very debate.

    Returns a Scenario: `.plan()` is its timeline as a table, `.with_changes(...)` another world.
    Raises ScenarioError with everything that is wrong.

    Example: `sim.load("monopoly-1922", readings={"kamenev": "abolition"})`
    """
    if readings is not None and not isinstance(readings, Mapping):
        message = f"'readings' must be a mapping, as {{NAME: OPTION}}, not {quoted(readings)}"
        raise ScenarioError([Problem("", 0, "", message)])
    path = find(name)
    text = read_text(path)
    made = _made(Origin(path.name, text, dict(readings or {}), evidence), parse(text, str(path)))
    return made if prior else made.with_posterior(posterior_beside(made, path))


def posterior_place(scenario: Scenario, path: Path) -> Path:
    """Where the posterior of a scenario is, beside its file: `NAME.nc` for `NAME.yaml`.

    What was fitted to other readings or evidence has them in its name, as `NAME+status-quo=ban.nc`.
    """
    chosen = (choice.replace(": ", "=") for choice in scenario.choices)
    return path.with_name(f"{'+'.join((path.stem, *chosen))}.nc")


def posterior_beside(scenario: Scenario, path: Path) -> Particles | None:
    """The posterior beside the file of a scenario; None if there is none, or it was fitted to another version of it.

    Raises PosteriorError for a file in its place that is none.
    """
    place = posterior_place(scenario, path)
    if not place.exists():
        return None
    particles = read_file(place)
    return particles if particles.fitted_to == scenario.content_digest else None


def with_posterior_of(scenario: Scenario, path: Path) -> Scenario:
    """The scenario drawn from the posterior in a file. Raises PosteriorError if it was fitted to another."""
    particles = read_file(path)
    if particles.fitted_to != scenario.content_digest:
        raise PosteriorError(
            f"{path} was fitted to another debate than this {scenario.name} (digest {particles.fitted_to}, not "
            f"{scenario.content_digest}): choose the same file, readings and evidence, or calibrate this one"
        )
    return scenario.with_posterior(particles)


def rebuild(origin: Origin) -> Scenario:
    """The scenario made again from what it was made from."""
    return _made(origin, parse(origin.text, origin.file))


def _made(origin: Origin, document: Document, debate: DebateFile | None = None) -> Scenario:
    """The scenario of a document as its file has it. Only what is played is checked, unless that fails.

    debate: the one of the file, if it is checked already; it is the one played if the options chosen change nothing.
    """
    try:
        chosen = changes.choose_readings(document, origin.readings)
        kept = evidence.keep_evidence(chosen, origin.evidence)
        played = debate if debate is not None and kept.tree is document.tree else check(kept)
        scenario = Scenario(replace(origin, changes=()), kept, played)
    except ScenarioError:
        check_with_options(document)  # what is wrong with the file itself is told first
        raise
    return scenario.with_changes(*origin.changes) if origin.changes else scenario


def compared_ballots(scenario: Scenario) -> tuple[Ballot, ...]:
    """The ballots that models are fitted to and compared on, in the order of the record."""
    items = (entry.item for entry in scenario.entries)
    return tuple(item for item in items if isinstance(item, Ballot) and item.is_compared)


def last_decision(scenario: Scenario) -> str | None:
    """The last ballot whose outcome the model is compared with; else the last one; None if there is none."""
    held = sorted((item for item in scenario.debate.timeline if isinstance(item, Ballot)), key=lambda item: item.when)
    compared = [item for item in held if item.is_compared]
    last: Sequence[Ballot] = compared or held
    return last[-1].id if last else None


def decision_of(scenario: Scenario, asked: str | None) -> str:
    """The decision asked for, or the last one compared with the record. Raises UserError if there is none."""
    ballots = [item.id for item in scenario.debate.timeline if isinstance(item, Ballot)]
    wanted = asked or last_decision(scenario)
    if wanted is None or wanted not in ballots:
        raise UserError(unknown(wanted, "decision of this debate", ballots))
    return wanted


def body_of(scenario: Scenario, asked: str | None) -> str:
    """The body asked for, or the one of the last decision compared with the record.

    Raises UserError for one that there is not, or that holds no ballot.
    """
    ballots = {item.id: item.body for item in scenario.debate.timeline if isinstance(item, Ballot)}
    body = asked if asked is not None else ballots.get(last_decision(scenario) or "", "")
    if body not in scenario.debate.bodies:
        raise UserError(unknown(body, "body of this debate", scenario.debate.bodies))
    if body not in ballots.values():
        holding = ", ".join(dict.fromkeys(ballots.values()))
        raise UserError(
            f"'{body}' holds no ballot here: {f'name one that does ({holding})' if holding else 'none does'}"
        )
    return body

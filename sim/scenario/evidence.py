"""What a reader may ask to leave out: all that is not known well enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.errors import Problem, ScenarioError, unknown
from sim.scenario.changes import Editor, as_list, as_mapping
from sim.scenario.conditions import conditions_of
from sim.scenario.consequences import names_in
from sim.scenario.validation.short_forms import spelled_out
from sim.scenario.yaml_reader import Document, Path

EVIDENCE = ("all", "documented", "seed")


WORDS_THAT_REACH = ("letter", "report", "note", "speech", "news")


def keep_evidence(document: Document, evidence: str) -> Document:
    """The document with only what is known well enough: `all`, `documented`, or `seed` (the founding source).

    A datum is of the founding source if any of the sources that it cites is, whoever else confirms it.

    Taken out are first stances (they become unknown), observations, letters of all kinds, events,
    recorded talks, ballots, tallies and named votes whose own word fails. With a ballot go the moments
    whose condition names it and the observations that rest on it, and so on; a session that names
    something gone is dropped. What is merely assumed fails both filters, but an assumed talk stays, for
    without talk there is no model. Never taken out: seats, absences, procedures, parameters, dynamics,
    positions, the first policy and sources.

    Choose the readings first: an option may change something that is taken out here. Raises
    ScenarioError for another word.
    """
    if evidence not in EVIDENCE:
        raise ScenarioError([Problem("", 0, "", unknown(evidence, "kind of evidence", EVIDENCE))])
    if evidence == "all":
        return document
    document = spelled_out(document)
    editor = Editor(document)
    timeline = [as_mapping(moment) for moment in as_list(document.tree.get("timeline"))]
    names = [str(moment.get("id")) for moment in timeline]
    weak = (_is_filtered(moment) and not _is_known(moment, evidence) for moment in timeline)
    gone = {name for name, is_weak in zip(names, weak, strict=True) if is_weak}
    while after := {n for n, moment in zip(names, timeline, strict=True) if _waits_for(moment, gone)} - gone:
        gone |= after
    editor.keep(("timeline",), [index for index, name in enumerate(names) if name not in gone])
    for index, moment in enumerate(as_list(editor.tree.get("timeline"))):
        _filter_ballot(editor, ("timeline", index), as_mapping(moment), evidence)
    for name, member in as_mapping(editor.tree.get("members")).items():
        _filter_member(editor, ("members", name), as_mapping(member), evidence)
    # That a letter is not known well enough does not say that it was not written: who moved what stays as it is.
    editor.untie(gone)
    return replace(editor.document(), followed=document.followed)


def _is_known(datum: Mapping[str, Any], evidence: str) -> bool:
    """Whether a datum passes the filter by its own word."""
    if evidence == "seed":
        return "seed" in names_in(datum.get("provenance")) and datum.get("evidence") not in (None, "assumed")
    return datum.get("evidence") == "documented"


def _is_filtered(moment: Mapping[str, Any]) -> bool:
    """Whether a moment is of a kind that the filter looks at."""
    if moment.get("kind") == "talk":
        return moment.get("evidence") not in (None, "assumed")
    return moment.get("kind") in (*WORDS_THAT_REACH, "event", "ballot")


def _waits_for(moment: Mapping[str, Any], gone: set[str]) -> bool:
    """Whether a moment has a condition on a ballot that is gone."""
    return any(condition.moment in gone for condition in conditions_of(moment.get("if")))


def _filter_ballot(editor: Editor, path: Path, moment: Mapping[str, Any], evidence: str) -> None:
    if "tally" in moment and not _is_known(as_mapping(moment["tally"]), evidence):
        editor.drop((*path, "tally"))
    if "roll_call" in moment and not _is_known(as_mapping(moment["roll_call"]), evidence):
        editor.drop((*path, "roll_call"))
    votes = [as_mapping(vote) for vote in as_list(moment.get("votes"))]
    editor.keep((*path, "votes"), [index for index, vote in enumerate(votes) if _is_known(vote, evidence)])


def _filter_member(editor: Editor, path: Path, member: Mapping[str, Any], evidence: str) -> None:
    if "first_stance" in member and not _is_known(as_mapping(member["first_stance"]), evidence):
        editor.drop((*path, "first_stance"))
    observations = [as_mapping(observation) for observation in as_list(member.get("observations"))]
    kept = [index for index, observation in enumerate(observations) if _is_known(observation, evidence)]
    editor.keep((*path, "observations"), kept)

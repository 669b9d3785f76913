"""Whatever stands in tables becomes a debate that is in order, or is refused in sentences that say where."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import ScenarioError, UserError
from sim.tables import exported
from sim.tables.imported import imported
from sim.tables.kinds import matched
from sim.tables.outline import Answers
from sim.tables.record import Origin
from sim.tables.table import read
from tests.commands.test_any_input import WORD, mutated

#: The tables of a shipped debate, and some as people have them.
SHIPPED = {name: content.decode() for name, content in exported.files(sim.load("library-sunday")).items()}
OWN = {
    "actors.csv": "Actor,Position,Capability,body,votes\nAda,0,100,Board,2\nBen,15,80,Board,1\n",
    "roll.csv": "motion,date,Ada,Ben\nFirst,1921-01-01,1,6\nSecond,1921-02-01,9,1\n",
    "lists.csv": "motion,date,roll_call.yes,roll_call.no,absent\nThird,1921-03-01,Ada,Ben,\nLast,1921-04-01,,Ben,Ada\n",
    "said.csv": "person,organization,concept,agreement,date\nAda,Board,Dredge,1,1921-01-03\nBen,,Dredge,0,1921-01-05\n",
}
#: A debate of which little is said.
BEGUN = {
    "debate.csv": "key,value\nquestion,Why?\nspan.from,2024-01-01\nspan.to,2024-12-31\naxis.low,0\naxis.high,1\n",
    "members.csv": "name,position\nAda,0.5\n",
}


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """Files of tables, one of them with words struck out, exchanged or put elsewhere, or of any bytes at all."""
    files = {name: text.encode() for name, text in draw(st.sampled_from([SHIPPED, OWN, BEGUN])).items()}
    name = draw(st.sampled_from(sorted(files)))
    text = files[name].decode()
    changed = st.one_of(mutated(text), st.just(text), st.lists(st.lists(WORD, max_size=4).map(",".join)).map("\n".join))
    files[name] = draw(st.one_of(changed.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=80)))
    return files


@settings(max_examples=100)
@given(folders(), st.sampled_from([Origin(), Origin("A book")]))
def test_whatever_tables_say_is_in_order_or_refused(files: dict[str, bytes], origin: Origin) -> None:
    """A debate that is made comes back from its own tables; what is refused is refused with its file."""
    made = imported_or_refused(files, origin)
    if isinstance(made, sim.Scenario):
        again = imported_or_refused(exported.files(made), Origin())
        assert isinstance(again, sim.Scenario), again
        assert again.origin.text == made.origin.text
    elif isinstance(made, ScenarioError):
        assert all(problem.file for problem in made.problems), made
    else:
        assert "\n" not in str(made)


def imported_or_refused(files: dict[str, bytes], origin: Origin) -> sim.Scenario | UserError:
    """The debate that is made of files in a folder, or what is said instead."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            return imported("any", [matched(table) for table in read(folder)], origin, Answers())
        except UserError as error:
            return error

"""The explorer's answers are the library's numbers, its switches are changes like any others, and its door holds."""

from __future__ import annotations

import asyncio
import colorsys
import contextlib
import datetime
import json
import math
import re
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pandas
import pytest
import uvicorn
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.commands import main, options
from sim.commands import web as commands
from sim.counterfactuals import headline
from sim.counterfactuals.title import with_names
from sim.ensembles.executor import Executor
from sim.errors import UserError
from sim.evaluation.replay import Replay
from sim.figures import style
from sim.results.labels import decision_name
from sim.results.wording import percent, words
from sim.scenario.library import SHIPPED, what_if
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Ballot, Letter
from sim.scenario.seats import place_in_words
from sim.web.server import app, connections, controls, requests, security, serving
from sim.web.view import answers, trust
from sim.web.view.debate import debate_view, moments
from sim.web.view.moments import of_hundred
from sim.web.view.parts import Part
from sim.web.view.what_if import as_file
from sim.web.view.words import in_prose, unparted

SUNDAY = sim.load("library-sunday", prior=True)
BREST = sim.load("brest-1918", prior=True)
MONOPOLY = sim.load("monopoly-1922", prior=True)
PAGE = Path(app.PAGE)


def asked(**fields: Any) -> requests.PageRequest:
    """A request as a page sends it."""
    return requests.parse(json.dumps(fields).encode())


def made(scenario: Scenario, **world: Any) -> Scenario:
    """The world of some controls."""
    return answers.world(scenario, asked(world=world).world)


class Client:
    """A page's connection to an explorer, without a network between them."""

    def __init__(self, app: Any) -> None:
        self.transport = httpx.ASGITransport(app)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request and its whole answer."""

        async def asking() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://127.0.0.1:8765") as http:
                return await http.request(method, path, timeout=None, **how)

        return asyncio.run(asking())

    def get(self, path: str, **how: Any) -> httpx.Response:
        """A GET."""
        return self.ask("GET", path, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        """A POST."""
        return self.ask("POST", path, **how)


@pytest.fixture(scope="module")
def client() -> Client:
    """A page's connection to the explorer of the small debate."""
    return Client(app.application(SUNDAY))


# Worlds ------------------------------------------------------------------------------------------------


def test_controls_that_nobody_touched_are_the_debate_itself() -> None:
    """Without a change the world is the scenario that the page was opened with, to the digest."""
    assert made(MONOPOLY).digest == MONOPOLY.digest


def test_a_page_opened_with_readings_keeps_them() -> None:
    """Controls change what the page was opened with, not what the file has by default."""
    opened = sim.load("monopoly-1922", {"kamenev": "abolition"}, prior=True)
    assert made(opened).digest == opened.digest
    assert made(opened, **{"readings:kamenev": "easing"}).digest == MONOPOLY.digest


@pytest.mark.parametrize(
    ("world", "change"),
    [
        ({"off:eve-writes": True}, {"remove": "eve-writes"}),
        ({"strength:eve-writes": 5}, {"set": "eve-writes.strength", "to": 5.0}),
        ({"rules:dynamics.talk.rule": "degroot"}, {"set": "dynamics.talk.rule", "to": "degroot"}),
    ],
)
def test_a_switch_is_the_change_that_a_file_would_make(world: dict[str, Any], change: Mapping[str, Any]) -> None:
    """What the page does is what the same change does in Python or in a file."""
    assert made(SUNDAY, **world).digest == SUNDAY.with_changes(change).digest


def test_a_held_parameter_is_fixed_and_leaves_all_others_alone() -> None:
    """Holding a parameter sets its value; no other parameter changes."""
    name = next(iter(MONOPOLY.debate.parameters))
    held = made(MONOPOLY, **{f"hold:{name}": 0.05}).debate.parameters
    assert held[name].value == 0.05
    assert {k: v for k, v in held.items() if k != name} == {
        k: v for k, v in MONOPOLY.debate.parameters.items() if k != name
    }


def test_with_a_ballot_goes_whatever_depends_on_it() -> None:
    """What happens only if the ballot was carried does not happen without it, nor what rests on it."""
    world = made(MONOPOLY, **{"off:october-relaxation": True})
    left = {moment.id for moment in world.debate.timeline}
    gone = {moment.id for moment in MONOPOLY.debate.timeline} - left
    assert {"october-relaxation", "october-deferral", "december-rescission", "lenin-letter-1922-12-21"} <= gone
    assert gone == controls.falls_with(MONOPOLY.debate, ("october-relaxation",))
    observations = [seen for member in world.debate.members.values() for seen in member.observations]
    assert not any(gone & set(seen.rests_on) for seen in observations)


def test_without_a_session_the_ballot_is_held_all_the_same() -> None:
    """A talk taken out takes no ballot along that was held in the same sitting."""
    world = made(MONOPOLY, **{"off:cc-plenum-1922-12-18": True})
    (ballot,) = (moment for moment in world.debate.timeline if moment.id == "december-rescission")
    assert isinstance(ballot, Ballot)
    assert ballot.session is None


@pytest.mark.parametrize(
    "ballot", [m.id for m in MONOPOLY.debate.timeline if isinstance(m, Ballot) and not m.by_correspondence]
)
def test_anybody_can_be_moved_in_or_out_of_any_room(ballot: str) -> None:
    """Who has a name and a vote is there for certain when brought in, and for certain away when taken out."""
    (entry,) = (entry for entry in MONOPOLY.entries if entry.id == ballot and entry.kind == "ballot")
    for member in [name for name in entry.who if name in MONOPOLY.debate.members][:9]:
        (held,) = (moment for moment in MONOPOLY.debate.timeline if moment.id == ballot)
        assert isinstance(held, Ballot)
        if member not in held.present:
            inside = made(MONOPOLY, **{f"room:{ballot}:{member}": "in"})
            (held,) = (moment for moment in inside.debate.timeline if moment.id == ballot)
            assert isinstance(held, Ballot)
            assert member in held.present
            assert not away(inside, member, held.date)
        if away(MONOPOLY, member, held.date):
            continue
        outside = made(MONOPOLY, **{f"room:{ballot}:{member}": "out"})
        assert away(outside, member, held.date)


def away(scenario: Scenario, member: str, day: datetime.date) -> list[str]:
    """The absences of a member on a day."""
    return [
        moment.id
        for moment in scenario.debate.timeline
        if isinstance(moment, Absence) and moment.member == member and moment.date <= day <= moment.until
    ]


def test_brought_in_for_a_day_he_is_away_on_all_other_days() -> None:
    """Nothing but the day of the ballot is taken out of an absence."""
    world = made(MONOPOLY, **{"room:december-rescission:lenin": "in"})
    days = [datetime.date(1922, 12, 16) + datetime.timedelta(days=n) for n in range(40)]
    before = {day: bool(away(MONOPOLY, "lenin", day)) for day in days}
    after = {day: bool(away(world, "lenin", day)) for day in days}
    assert {day for day in days if before[day] != after[day]} == {datetime.date(1922, 12, 18)}


def test_taken_out_he_does_not_vote() -> None:
    """A member taken out of the room is absent in every history."""
    ballot = next(moment for moment in SUNDAY.debate.timeline if isinstance(moment, Ballot))
    (entry,) = (entry for entry in SUNDAY.entries if entry.id == ballot.id)
    many = sim.ensemble(made(SUNDAY, **{f"room:{ballot.id}:{entry.who[0]}": "out"}), runs=64)
    assert many.ballots.set_index("member").absent[entry.who[0]] == 1.0


@pytest.mark.parametrize(
    ("world", "message"),
    [
        ({"off:eve-write": True}, "'eve-write' is not a moment of this debate: did you mean 'eve-writes'?"),
        ({"strength:eve-writes": 9}, "eve-writes.strength: must be at most 5"),
        ({"strength:sunday-ballot": 2}, "'sunday-ballot' is a ballot: only letters"),
        ({"room:eve-writes:ada": "in"}, "'eve-writes' is a letter: only at a ballot"),
        ({"room:sunday-ballot:adda": "in"}, "'adda' is not a member: did you mean 'ada'?"),
        ({"room:sunday-ballot:eve": "out"}, "Eve is out of the room on "),
        ({"rules:dynamics.authority": "x"}, "'dynamics.authority' is not a rule with a control"),
        ({"rules:dynamics.talk.rule": "shouting"}, "shouting"),
        ({"hold:nothing": 1}, "'nothing' is not a parameter"),
        ({"readings:nobody": "knows"}, "'nobody' is not a reading"),
    ],
)
def test_a_world_that_cannot_be_is_refused_in_a_sentence(world: dict[str, Any], message: str) -> None:
    """A control that does not fit says which, and what would do."""
    with pytest.raises(UserError, match=re.escape(message)):
        made(SUNDAY, **world)


# Answers -----------------------------------------------------------------------------------------------


def test_answers_are_the_numbers_of_the_library() -> None:
    """Stances, decisions and ballots on the page are those of `sim.ensemble`, rounded and nothing else."""
    answer = json.loads(answers.written(answers.answer(SUNDAY, asked(seed=7))))
    many = sim.ensemble(SUNDAY, runs=requests.RUNS, seed=7)
    for member, series in answer["recorded"]["members"].items():
        for statistic, values in series.items():
            said = many.stances.sel(member=member, statistic=statistic).values
            assert values == pytest.approx(said, abs=0.6 * 10**-answers.DIGITS)
    assert answer["decisions"]["probability"] == pytest.approx(many.decisions.probability.tolist(), abs=1e-4)
    assert answer["recorded"]["votes"]["yes"] == pytest.approx(many.ballots.yes.tolist(), abs=1e-4)
    assert answer["recorded"]["dates"] == [f"{day:%Y-%m-%d}" for day in pandas.to_datetime(many.stances.date.values)]


def test_the_history_on_the_page_is_the_history_of_that_number() -> None:
    """The one history is `sim.play` with the same seed and number, day by day, vote by vote."""
    answer = json.loads(answers.written(answers.answer(SUNDAY, asked(seed=7, replicate=3))))["history"]
    run = sim.play(SUNDAY, seed=7, replicate=3)
    last = run.stances.drop_duplicates("date", keep="last")
    for member, series in answer["members"].items():
        assert series["mean"] == pytest.approx(last[member].tolist(), abs=1e-4)
    assert answer["votes"]["vote"] == run.ballots.vote.tolist()
    for number, vote in enumerate(answer["votes"]["vote"]):
        assert {name: answer["votes"][name][number] for name in ("yes", "no", "abstain", "absent")} == {
            name: float(name == vote) for name in ("yes", "no", "abstain", "absent")
        }


def test_what_is_missing_is_null_and_never_a_number() -> None:
    """NaN is not JSON: what is not known is null on the page."""
    table = pandas.DataFrame(
        {"a": [1.0, math.nan], "b": ["x", None], "c": pandas.to_datetime(["1922-10-06", "1922-12-18"])}
    )
    said = json.loads(answers.written(answers.columns(table)))
    assert said == {"a": [1.0, None], "b": ["x", None], "c": ["1922-10-06", "1922-12-18"]}


def test_the_page_is_told_everything_that_happens_with_its_evidence() -> None:
    """Every moment of the file is on the page with its evidence, its sources and its quotation."""
    shown = {moment["id"]: moment for moment in answers.answer(MONOPOLY, asked())["debate"]["moments"]}
    for moment in MONOPOLY.debate.timeline:
        if moment.date <= MONOPOLY.debate.span.end:
            assert shown[moment.id]["evidence"] == moment.evidence
            known = said(shown[moment.id]["known"])
            assert moment.evidence in known
            assert all(in_a_line(MONOPOLY.debate.sources[key].title) in known for key in moment.source)
            assert in_a_line(getattr(moment, "quote", None) or "") in known


def in_a_line(text: str) -> str:
    """A text with one space wherever it has any."""
    return " ".join(text.split())


def said(parts: list[Part]) -> str:
    """All that is said in parts of a page, in a line."""
    return in_a_line(" ".join(part if isinstance(part, str) else said(part[2:]) for part in parts))


def used(parts: list[Part]) -> Iterator[tuple[str, str]]:
    """The tags of parts of a page, each with every attribute that it has, and with none."""
    for tag, attributes, *content in (part for part in parts if not isinstance(part, str)):
        yield from ((tag, name) for name in ("", *attributes))
        yield from used(content)


@pytest.mark.parametrize("name", ["monopoly-1922", "brest-1918", "library-sunday"])
def test_the_page_draws_every_part_that_the_program_makes(name: str) -> None:
    """No element and no attribute of a moment, a member, a decision or a verdict is missing on the page's lists."""
    script = (app.PAGE / "parts.js").read_text("utf-8")
    (tags,) = re.findall(r'"([a-z0-9 ]+)"\.split', script)
    (attributes,) = re.findall(r"ATTRIBUTES = /(.*)/;", script)
    base = sim.load(name, prior=True)
    debate, shown = debate_view(base), answers.answer(base, asked(runs=8))
    other = base.with_changes({"remove": next(one.id for one in base.debate.timeline if isinstance(one, Letter))})
    compared = answers.comparison_view(sim.whatif(base, other, runs=8))
    whole = [debate["explained"], shown["decided"], shown["trust"], compared["verdict"], compared["decided"]]
    whole += [debate["happened"], compared["happened"]]
    whole += [one["known"] for one in (*debate["members"], *debate["moments"])]
    whole += [one["asked"] for one in debate["moments"] if one["kind"] == "ballot"]
    for tag, attribute in {pair for parts in whole for pair in used(parts)}:
        assert tag in tags.split()
        assert attribute in ("", "href") or re.fullmatch(attributes, attribute)


# The door ----------------------------------------------------------------------------------------------


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=8), st.floats())))
def test_whatever_is_asked_is_answered_or_refused_in_a_sentence(content: dict[str, Any]) -> None:
    """No request makes the server fail: it is a request, or it is refused."""
    with contextlib.suppress(requests.RequestError):
        assert isinstance(requests.parse(json.dumps(content).encode()), requests.PageRequest)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the request is not JSON"),
        (b'{"seed": NaN}', "NaN is not a number that can be played"),
        (b'{"world": {"hold:x": Infinity}}', "Infinity is not a number that can be played"),
        (b'{"world": {"hold:x": 1e999}}', "finite"),
        (b'{"runs": 200001}', "runs"),
        (b'{"runs": 0}', "runs"),
        (b'{"seed": -1}', "seed"),
        (b'{"seed": "18446744073709551616"}', "seed"),
        (b'{"replicate": 4294967296}', "replicate"),
        (b'{"file": "/etc/passwd"}', "file"),
        (b'{"world": {"off:../x": true}}', "world.off.../x"),
        (b'{"world": {"off:a": false}}', "world.off.a"),
        (b'{"world": {"room:vote:ada": "near"}}', "world.room.vote.ada: Input should be 'in' or 'out', not 'near'"),
        (b'{"world": {"off": {"a": true}}}', "'off' leads to several values"),
        (b'{"world": {"evidence": "seed", "evidence:a": "b"}}', "'evidence:a' leads on from what has a value"),
        (b'{"world": ["off:a"]}', "world: "),
        (json.dumps({"world": {f"off:a{n}": True for n in range(requests.MOST + 1)}}).encode(), "world.off"),
        (b"[" * 100_000, "at most"),
        (b"[" * 60_000, "the request is not JSON"),
    ],
)
def test_a_senseless_request_is_refused(body: bytes, message: str) -> None:
    """Sizes are bounded, numbers finite, keys known."""
    with pytest.raises(requests.RequestError, match=re.escape(message)):
        requests.parse(body)


def test_a_seed_keeps_all_its_digits() -> None:
    """A seed beyond what a browser's numbers hold comes as text and is exact."""
    assert asked(seed="18446744073709551615").seed == 2**64 - 1


def test_every_answer_carries_the_policy(client: Client) -> None:
    """Nothing may be loaded from elsewhere, whatever is asked."""
    for response in (client.get("/"), client.get("/nothing"), client.post("/api/world", content="x")):
        assert response.headers["content-security-policy"] == security.POLICY
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
    assert security.POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")


@pytest.mark.parametrize(
    ("host", "bound", "is_let_in"),
    [
        ("localhost", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "127.0.0.1", True),
        ("evil.example", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("192.168.1.5", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("192.168.1.5", "0.0.0.0", True),
        ("evil.example", "0.0.0.0", False),
        ("classroom", "classroom", True),
    ],
)
def test_a_name_that_could_be_made_to_point_here_is_not_answered(host: str, bound: str, is_let_in: bool) -> None:
    """Only this machine's own names are good, so that no page elsewhere can ask through a name of its own."""
    assert security.may_be_named(host, bound) is is_let_in


def test_a_foreign_name_gets_nothing(client: Client) -> None:
    """A request under a foreign name is refused, page and answers alike."""
    refused = client.get("/", headers={"host": "evil.example:8765"})
    assert refused.status_code == 403
    assert "evil.example" in refused.json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"content-type": "application/json", "origin": "https://127.0.0.1:8765"}, 403),
        ({"content-type": "application/json", "origin": "null"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/json", "origin": "http://127.0.0.1:8765"}, 200),
    ],
)
def test_only_the_page_itself_may_ask(client: Client, headers: dict[str, str], status: int) -> None:
    """A form or a script of another page is turned away."""
    given_headers = {"content-type": "application/json", **headers}
    assert client.post("/api/world", content="{}", headers=given_headers).status_code == status


def test_a_long_request_is_not_read(client: Client) -> None:
    """Too long is refused by what it says of itself, before it is read."""
    response = client.post(
        "/api/world", content=b" " * (requests.LARGEST + 1), headers={"content-type": "application/json"}
    )
    assert response.status_code == 413


def test_only_the_files_of_the_page_are_sent(client: Client) -> None:
    """No path leads out of the folder of the page."""
    assert client.get("/page.js").status_code == 200
    for path in ("/server.py", "/..%2fserver.py", "/%2e%2e/server.py", "/page/page.js", "/.env"):
        assert client.get(path).status_code == 404


def test_a_refusal_is_the_sentence_of_the_command_line(client: Client) -> None:
    """What cannot be played is refused with status 400 and the text that `with_changes` gives."""
    response = client.post("/api/compare", json={"world": {"strength:eve-writes": 9}})
    with pytest.raises(UserError) as refusal:
        SUNDAY.with_changes({"set": "eve-writes.strength", "to": 9.0})
    assert response.status_code == 400
    assert response.json() == {"error": str(refusal.value)}


def test_the_same_question_gets_the_same_bytes_whoever_asks_in_between(client: Client) -> None:
    """An answer depends on its question alone: what others ask leaves no trace."""
    first = client.post("/api/world", json={}).content
    client.post("/api/world", json={"world": {"off:eve-writes": True}, "seed": 3})
    assert client.post("/api/world", json={}).content == first
    fresh = app.Explorer(SUNDAY).world(asked())
    assert fresh == first


def test_the_cache_stays_small() -> None:
    """However much is asked, no more than so many answers are kept, and the lately used stay."""
    explorer = app.Explorer(SUNDAY)
    for number in range(1, 3 * app.KEPT):
        explorer.answer(app.Work((number,), dict))
        explorer.answer(app.Work((0,), lambda: {"made": "first"}))
    assert explorer.answer.cache_info().currsize == app.KEPT
    assert explorer.answer(app.Work((0,), lambda: {"made": "again"})) == b'{"made":"first"}'


# The command -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_one_sentence_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sim explore` on a plain installation names the extra that it needs."""
    for name in [name for name in sys.modules if name.startswith("sim.web.server") or name.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UserError, match=re.escape("pip install 'policy-debate-sim[explore]'")):
        commands.explore(options.Draws(), "library-sunday", no_browser=True)


def test_a_port_that_is_taken_is_refused_with_a_remedy() -> None:
    """Where something listens already, the message names the port and another way."""
    with serving.listening(serving.Place("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"cannot listen on 127.0.0.1, port {port}: .*--port 0"):
            serving.listening(serving.Place("127.0.0.1", port))


# The page ----------------------------------------------------------------------------------------------


def test_the_page_knows_nothing_of_any_debate() -> None:
    """All that it says of a debate comes from the scenario."""
    names = [label for member in MONOPOLY.debate.members.values() for label in [member.label] if label]
    for path in PAGE.iterdir():
        text = path.read_text("utf-8")
        found = re.findall(r"lenin|politb|monopol|\b1921\b|\b1923\b", text, re.IGNORECASE)
        assert not found, f"{path.name}: {found}"
        assert not [name for name in names if re.search(rf"\b{name}\b", text)]


def test_the_page_asks_nobody_else() -> None:
    """No address of anywhere else stands in the page, no style or script in its markup, no eval in its code."""
    for path in PAGE.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.findall(r"https?://(?!\\)[a-z]", text)
        assert not re.findall(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
    markup = (PAGE / "index.html").read_text("utf-8")
    assert not re.findall(r"\sstyle=|<style|<script(?! src=)|\son\w+=", markup)


def test_no_script_of_the_page_takes_a_name_of_another() -> None:
    """The scripts share one scope, in which a second function of a name would quietly take the place of the first."""
    texts = (file.read_text("utf-8") for file in PAGE.glob("*.js"))
    names = [
        name for text in texts for name in re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", text, re.M)
    ]
    assert sorted(names) == sorted(set(names))


def test_a_member_has_the_colour_of_the_figures() -> None:
    """The page's light colours have the hues of the figures, in their order; lines need some of them darker."""
    css = (PAGE / "style.css").read_text("utf-8")
    shown = re.findall(r"--m\d: (#\w+);", css)[: len(style.COLOURS)]
    for colour, drawn in zip(map(hsv, shown), map(hsv, style.COLOURS), strict=True):
        assert colour[0] == pytest.approx(drawn[0], abs=0.01)
        assert colour[2] <= drawn[2]


def hsv(colour: str) -> tuple[float, float, float]:
    """Hue, saturation and brightness of a colour."""
    return colorsys.rgb_to_hsv(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))


def test_the_sides_of_the_axis_have_the_colours_of_the_figures() -> None:
    """What leans to the low or to the high end is coloured on the light page as in the figures."""
    text = (PAGE / "style.css").read_text("utf-8")
    first = {side: re.findall(rf"--{side}: (#\w+)", text)[0] for side in ("low", "high")}
    assert first == {"low": style.LOW_SIDE, "high": style.HIGH_SIDE}


# Who asks badly, or not at all ----------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def served(asgi: Any) -> AsyncIterator[int]:
    """An application at a port of this machine, as the command serves it."""
    with serving.listening(serving.Place("127.0.0.1", 0)) as made:
        server = uvicorn.Server(connections.settings(asgi))
        serves = asyncio.create_task(server.serve(sockets=[made]))
        try:
            yield made.getsockname()[1]
        finally:
            server.should_exit = True
            await serves


async def said_to(port: int, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection over which this was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    return reader, writer


def post(path: str, port: int, body: bytes, size: int | None = None) -> bytes:
    """A request, or the beginning of one whose body has `size` bytes."""
    asked = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
    return f"{asked}content-length: {len(body) if size is None else size}\r\n\r\n".encode() + body


async def status_of(port: int, path: str = "/") -> bytes:
    """The first line of the answer to a GET."""
    reader, writer = await said_to(port, f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode())
    line = await reader.readline()
    writer.close()
    return line


HALVES = {
    "nothing": lambda port: b"",
    "half a line": lambda port: b"GET / HT",
    "half a head": lambda port: b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n",
    "half a body": lambda port: post("/api/compare", port, b"{", 100),
}


@pytest.mark.parametrize("sent", HALVES.values(), ids=HALVES)
def test_who_only_half_asks_keeps_nobody_out(sent: Callable[[int], bytes], caplog: pytest.LogCaptureFixture) -> None:
    """However many connections wait for the rest of a request, whoever asks gets an answer, and nothing is logged."""

    async def asking() -> bytes:
        async with served(app.answering(app.Explorer(SUNDAY))) as port:
            half = [await said_to(port, sent(port)) for _ in range(2 * connections.MOST)]
            answer = await status_of(port)
            for _, writer in half:
                writer.close()
            return answer

    assert asyncio.run(asking()) == b"HTTP/1.1 200 OK\r\n"
    assert not caplog.records


@pytest.mark.parametrize("sent", HALVES.values(), ids=HALVES)
def test_a_request_has_to_arrive_in_time(
    sent: Callable[[int], bytes], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that says no more is closed, after an answered request as well."""
    monkeypatch.setattr(connections, "IN_TIME", 0.3)

    async def waiting() -> None:
        async with served(app.answering(app.Explorer(SUNDAY))) as port:
            for before in (b"", f"HEAD / HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode()):
                reader, writer = await said_to(port, before + sent(port))
                with contextlib.suppress(ConnectionError):
                    await reader.read()  # to the end, which only the server can make
                writer.close()

    asyncio.run(waiting())
    assert not caplog.records


def test_who_leaves_stops_the_playing_and_is_in_nobodys_way(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Abandoned comparisons end at their next batch, those that wait for their turn never begin; others are served."""
    begun, ended = [], []

    def compared(opened: Scenario, world: Scenario, runs: int, seed: int, executor: Executor) -> dict[str, Any]:
        begun.append(seed)
        try:
            while True:
                time.sleep(0.01)
                executor.report(1)
        finally:
            ended.append(seed)

    monkeypatch.setattr(answers, "compared", compared)

    async def leaving() -> bytes:
        async with served(app.answering(app.Explorer(SUNDAY))) as port:
            asked = [
                await said_to(port, post("/api/compare", port, b'{"seed":%d}' % seed))
                for seed in range(3 * app.AT_ONCE)
            ]
            for reader, _ in asked:
                assert b"200 OK" in await reader.readline()
            while len(begun) < app.AT_ONCE:
                await asyncio.sleep(0.01)
            for _, writer in asked:
                writer.close()
            reader, writer = await said_to(port, post("/api/world", port, b"{}"))
            answer = await reader.readline()
            writer.close()
            return answer

    assert asyncio.run(leaving()) == b"HTTP/1.1 200 OK\r\n"
    assert sorted(begun) == sorted(ended)
    assert len(begun) == app.AT_ONCE
    assert not caplog.records


@pytest.mark.parametrize("question", ["world", "ready-made"])
def test_no_question_is_played_on_for_nobody(
    question: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world, and ready-made worlds, stop being played within a second once the page that asked for them is left."""
    begun, ended = threading.Event(), threading.Event()

    def endless(*given: Any) -> dict[str, Any]:
        begun.set()
        try:
            while True:
                time.sleep(0.01)
                given[-1].report(1)
        finally:
            ended.set()

    monkeypatch.setattr(answers, "answer", endless)
    monkeypatch.setattr(app.worlds, "shipped", endless)

    async def leaving() -> bool:
        async with served(app.answering(app.Explorer(SUNDAY))) as port:
            _, writer = await said_to(port, post(f"/api/{question}", port, b'{"seed":5}'))
            await asyncio.to_thread(begun.wait, 10)
            writer.close()
            return await asyncio.to_thread(ended.wait, 1)

    assert asyncio.run(leaving())
    assert not caplog.records


def test_who_leaves_the_ready_made_worlds_does_not_stop_those_made_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made once, for whoever comes; waiting for them takes nobody's turn."""
    asked, go = [], threading.Event()

    def make(explorer: app.Explorer, query: requests.PageRequest) -> bytes:
        asked.append(query)
        go.wait(10)
        return b'{"ready_made":1}'

    monkeypatch.setattr(app.Explorer, "ready_made", make)

    async def waiting() -> tuple[bytes, bytes]:
        explorer = app.Explorer(SUNDAY)
        explorer.work_ahead()
        async with served(app.answering(explorer)) as port:
            for _ in range(3 * app.AT_ONCE):
                _, writer = await said_to(port, post("/api/ready-made", port, b"{}"))
                writer.close()
            other, two = await said_to(port, post("/api/world", port, b"{}"))
            last, three = await said_to(port, post("/api/ready-made", port, b"{}"))
            answered = await other.readline()
            go.set()
            both = answered, await last.readline()
            for writer in (two, three):
                writer.close()
            return both

    assert asyncio.run(waiting()) == (b"HTTP/1.1 200 OK\r\n",) * 2
    assert len(asked) == 1


def test_no_page_learns_where_files_are(tmp_path: Path) -> None:
    """Neither an answer nor a refusal names a folder of this machine."""
    (tmp_path / "own.yaml").write_bytes((SHIPPED / "library-sunday.yaml").read_bytes())
    client = Client(app.application(sim.load(tmp_path / "own.yaml")))
    for world in ({}, {"strength:eve-writes": 9}, {"what_ifs:lenin-in-the-room": True}, {"what_ifs:own": True}):
        for path in ("/api/world", "/api/compare", "/api/what-if"):
            answer = client.post(path, json={"world": world, "runs": 64})
            assert str(tmp_path) not in answer.text
            assert str(SHIPPED) not in answer.text


@pytest.mark.parametrize(
    "world",
    [
        {"off:lenin-letter-1922-10-13": True},
        {"what_ifs:lenin-in-the-room": True, "strength:krasin-letter-1922-10-11": 5},
        {"room:december-rescission:lenin": "in", "room:december-rescission:stalin": "out"},
        {"hold:deference-weight": 0.1, "rules:dynamics.ballots.rule": "nearest", "silent:politburo": True},
        {"readings:status-quo": "ban", "what_ifs:frumkin-compromise-in-may": True},
    ],
)
def test_a_world_kept_as_a_file_plays_to_the_same_numbers(world: dict[str, Any], tmp_path: Path) -> None:
    """What `sim whatif` makes of the file is the page's world, to the digest and to every share."""
    query = asked(world=world, runs=64, seed=3)
    text = as_file(MONOPOLY, query)
    (tmp_path / "kept.yaml").write_text(text, "utf-8")
    other = answers.world(MONOPOLY, query.world)
    played = sim.whatif(MONOPOLY, tmp_path / "kept.yaml", runs=64, seed=3)
    assert played.other.digest == other.digest
    shown = answers.compared(MONOPOLY, other, 64, 3, Executor(1))
    assert shown["decisions"]["carried_other"] == answers.columns(played.decisions)["carried_other"]
    for said in (MONOPOLY.debate.title, MONOPOLY.digest, other.digest, "--runs 64 --seed 3"):
        assert said in text.partition("what_if:")[0]


def test_the_command_plays_the_kept_file(tmp_path: Path) -> None:
    """The line that the file says to type is a command that runs."""
    world = {"world": {"off:eve-writes": True}, "runs": 32}
    kept = tmp_path / "kept.yaml"
    kept.write_text(Client(app.answering(app.Explorer(SUNDAY))).post("/api/what-if", json=world).text, "utf-8")
    (words,) = re.findall(r"# To play it: sim (.*)", kept.read_text("utf-8"))
    arguments = [str(kept) if word == "THIS-FILE" else word for word in words.split()]
    result = CliRunner().invoke(main.program(), [*arguments, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("world", "message"), [({}, "nothing is changed"), ({"evidence": "seed"}, "left out for its evidence")]
)
def test_a_world_that_no_file_can_say_is_refused(client: Client, world: dict[str, Any], message: str) -> None:
    """An unchanged world, and one that differs by its evidence, have no file; the sentence says why."""
    answer = client.post("/api/what-if", json={"world": world})
    assert (answer.status_code, message in answer.json()["error"]) == (400, True)


def test_what_is_carried_is_a_share_of_all_histories() -> None:
    """In the world opened as in a comparison: put and carried, of as many histories, in both the same."""
    alone = answers.answer(MONOPOLY, asked(runs=256, seed=1))["decisions"]
    beside = answers.comparison_view(sim.whatif(MONOPOLY, "lenin-in-the-room", runs=256, seed=1))["decisions"]
    for share in ("put", "carried"):
        both = dict(zip(beside["decision"], beside[share], strict=True))
        assert dict(zip(alone["decision"], alone[share], strict=True)) == pytest.approx(both, abs=2e-4)


def test_the_ready_made_worlds_are_the_comparisons_of_the_library_the_largest_effect_first() -> None:
    """Ready-made worlds have the shares, the sentences and the ends that the library gives for the same pairs."""
    ready = json.loads(app.Explorer(BREST, workers=1).ready_made(asked(runs=256, seed=5)))["ready_made"]
    library = {one.label: one for one in sim.overview(BREST, runs=256, seed=5).comparisons}
    assert [one["name"] for one in ready["worlds"]] != []
    assert {one["name"] for one in ready["worlds"]} == set(library)
    effects = [one["effect"] for one in ready["worlds"]]
    assert effects == sorted(effects, reverse=True)
    for one in ready["worlds"]:
        shown, told = one["comparison"], library[one["name"]]
        assert shown["headline"] == unparted(told.headline)
        assert shown["decisions"]["carried_other"] == pytest.approx(list(told.decisions.carried_other), abs=1e-4)
        assert all(end.name in said(shown["verdict"]) for end in told.ends.itertuples())


def test_what_a_ready_made_world_says_of_votes_is_from_as_many_histories_as_its_decisions() -> None:
    """Of a motion that is always put, who votes how adds up over the same number of histories in both tables."""
    ready = json.loads(app.Explorer(BREST, workers=1).ready_made(asked(runs=256, seed=5)))["ready_made"]
    for one in ready["worlds"]:
        votes = one["world"]["free"]["votes"]
        # A history more or less is a 256th: any other number of histories would leave other fractions.
        decisions = one["comparison"]["decisions"]
        put = dict(zip(decisions["decision"], decisions["put_other"], strict=True))
        for decision, share in zip(votes["decision"], votes["yes"], strict=True):
            if put[decision] == 1:
                assert share * 256 == pytest.approx(round(share * 256), abs=0.02)


def test_a_letter_switched_off_and_the_ready_made_world_without_it_are_the_same_world() -> None:
    """What follows from a letter follows it out, by a switch as by a file; and the page is told what does."""
    letter = "lenin-letter-1922-10-13"
    by_switch, by_file = made(MONOPOLY, **{f"off:{letter}": True}), MONOPOLY.with_changes("no-letter-of-13-october")
    assert by_switch.digest == by_file.digest
    (told,) = [moment for moment in debate_view(MONOPOLY)["moments"] if moment["id"] == letter]
    gone = {one.id for one in MONOPOLY.debate.timeline} - {one.id for one in by_switch.debate.timeline}
    assert gone == {letter, *told["falls"]}
    assert told["falls"]


def test_a_ballot_that_a_what_if_adds_has_a_result() -> None:
    """A motion of the other world only is put in all of its histories and in none of the debate as it was."""
    shown = answers.comparison_view(sim.whatif(MONOPOLY, "frumkin-compromise-in-may", runs=256, seed=1))["decisions"]
    row = {name: column[shown["decision"].index("frumkin-compromise")] for name, column in shown.items()}
    assert (row["put"], row["carried"], row["put_other"]) == (0, 0, 1)
    assert row["said"].startswith("was never put; in the other world it is put in 100 % of histories and carried in")


def test_what_falls_away_with_its_cause_is_told_apart_from_what_turns() -> None:
    """With Lenin in the room there is mostly nothing to rescind; the decision of that day itself turns."""
    compared = sim.whatif(sim.load("monopoly-1922"), "lenin-in-the-room", runs=256, seed=1)
    shown = answers.comparison_view(compared)["decisions"]
    said = dict(zip(shown["decision"], shown["said"], strict=True))
    assert "nothing to vote on any more" in said["december-rescission"]
    assert "nothing to vote on any more" not in said["october-relaxation"]
    table = compared.decisions.merge(compared.unput, on="decision")
    assert (table.falls_away <= table.flips_to_lost + 1e-12).all()
    assert (table.comes_up <= table.flips_to_carried + 1e-12).all()


def test_what_mostly_does_not_happen_in_the_other_world_is_told_with_its_shares() -> None:
    """With Lenin in the room his letter of protest is as rare as what it protests against."""
    compared = sim.whatif(MONOPOLY, "lenin-in-the-room", runs=256, seed=1)
    shown = {one["id"]: one for one in answers.comparison_view(compared)["moments"]}
    carried = compared.decisions.set_index("decision").loc["october-relaxation"]
    was, other = of_hundred(carried.carried), of_hundred(carried.carried_other)
    assert (shown["lenin-letter-1922-10-13"]["fate"] == "rare") == (carried.carried_other < 0.5)
    assert shown["lenin-letter-1922-10-13"]["becomes"] == f"happens in {other} (as it was, {was})"


def test_the_policy_of_a_page_is_one_that_can_be_in_force() -> None:
    """On every day it is that of most histories, not a mean between policies."""
    many = sim.ensemble(MONOPOLY, runs=64, seed=1)
    possible = set(many.policy_shares.policy.round(answers.DIGITS))
    shown = answers.stances(many)
    assert set(shown["policy"]) <= possible
    first, _ = (many.policy_shares[many.policy_shares.date == day] for day in shown["dates"][:1] * 2)
    assert shown["policy"][0] == first.policy[first.share_as_recorded.idxmax()]


def test_where_both_worlds_end_is_told_as_the_mean_policy_has_it() -> None:
    """The shares of the policies at the end have the mean that the library gives for the last day."""
    compared = sim.whatif(MONOPOLY, "no-letter-of-13-october", runs=256, seed=1)
    ends, last = compared.ends, compared.policy.iloc[-1]
    assert (ends.policy * ends.share).sum() == pytest.approx(last["mean"], abs=1e-3)
    assert (ends.policy * ends.share_other).sum() == pytest.approx(last["mean_other"], abs=1e-3)
    assert answers.comparison_view(compared)["ends_said"].startswith("The debate ends with “")


def test_a_small_difference_is_said_to_be_practically_none() -> None:
    """Shares less than a point apart are practically the same, in words; those farther apart are not."""
    row = {"put": 1.0, "put_other": 1.0, "carried": 0.88, "falls_away": 0.0, "flips_to_lost": 0.01}
    same = pandas.Series({**row, "carried_other": 0.881, "difference": 0.001})
    less = pandas.Series({**row, "carried_other": 0.83, "difference": -0.05})
    assert headline.of_decision(same) == "is practically as likely: carried in 88 % of histories in both worlds"
    assert headline.of_decision(less) == "is carried in 83 % of histories instead of 88 %"


def test_what_most_histories_still_vote_on_is_not_said_to_fall_away() -> None:
    """There is mostly nothing to vote on where under half of the histories put it, whatever the rest is due to."""
    row = {
        "put": 0.85,
        "carried": 0.7,
        "carried_other": 0.4,
        "difference": -0.3,
        "flips_to_lost": 0.3,
        "falls_away": 0.3,
    }
    said = {put: headline.of_decision(pandas.Series({**row, "put_other": put})) for put in (0.0, 0.4, 0.6)}
    assert [put for put, text in said.items() if "mostly there is nothing to vote on any more" in text] == [0.4]


def test_whose_votes_change_is_told_by_name_and_by_what() -> None:
    """Of the story's decision, the member whose vote changes most often comes first, with that share."""
    compared, decision = sim.whatif(MONOPOLY, "lenin-in-the-room", runs=256, seed=1), "october-relaxation"
    first = compared.votes_changed[compared.votes_changed.decision == decision].iloc[0]
    said = answers.comparison_view(compared)["through_said"][decision]
    start = f"{compared.labels[first.member]}’s in {percent(first.changed)} of histories"
    name = compared.names[decision]
    assert said.startswith(f"Where both worlds put “{name}”, these votes change: {start}")
    assert said.endswith("mostly by deference to Lenin; that they vote as Lenin wishes is an assumption.")


def test_a_place_that_is_a_parameter_is_told_by_the_positions_between_which_it_lies() -> None:
    """By its distribution where that has ends, else by its range; the whole scale is anywhere."""
    debate = sim.load("brest-1918", prior=True).debate
    said = {
        "offer-leads-to": "between peace if attacked and sign now",
        "refusal-leads-to": "between revolutionary war and neither war nor peace",
        "no-drag-out": "anywhere on the scale",
        "sign-now": "sign now",
        "policy": "the policy in force",
    }
    assert {term: place_in_words(debate, term) for term in said} == said


def test_the_record_a_beginning_and_a_condition_are_told_in_words() -> None:
    """Counts say what is not known, a first stance how it is known, and a condition on the policy which way it goes."""
    brest, monopoly = ({one["id"]: one for one in moments(base)} for base in (BREST, MONOPOLY))
    known = {name: said(one["known"]) for name, one in (monopoly | brest).items()}
    assert "the record carried, nobody against; how many for is not known" in known["december-rescission"]
    assert "voted on by Politbureau of the Central Committee" in known["may-confirmation"]
    assert "the record carried, 7 for, 4 against, 4 abstaining" in known["acceptance"]
    assert (
        "happens only if the policy in force goes further than peace if attacked (towards sign now)"
        in known["acceptance"]
    )
    members = {one["id"]: said(one["known"]) for one in debate_view(MONOPOLY)["members"]}
    assert "Began near “relax partly”; how near is assumed." in members["stalin"]
    assert "(moved towards uphold unconditionally since 3 Apr 1922)" in members["rykov"]


def test_who_was_away_is_named_at_the_decision_and_at_themselves() -> None:
    """An absence of a day, too, which no drawing along time can show."""
    debate = debate_view(MONOPOLY)
    decision, lenin = (
        said(one["known"])
        for kind, name in (("moments", "october-relaxation"), ("members", "lenin"))
        for one in debate[kind]
        if one["id"] == name
    )
    assert "away Lenin, Trotsky" in decision
    assert "6 Oct 1922, that day only" in lenin


def test_how_well_a_date_is_known_stands_apart_from_the_evidence_of_what_happened() -> None:
    """Of what a source says without its day, the day is assumed and the thing itself documented."""
    (one,) = [one for one in moments(MONOPOLY) if one["id"] == "congress-11"]
    when, *others = one["known"]
    assert said([when]) == "27 Mar to 2 Apr 1922 day assumed 27 Mar 1922"
    assert "documented" in said(others)


def test_what_the_model_misses_is_named() -> None:
    """Each decision to whose recorded outcome it gives less than even odds, and no other."""
    many = sim.ensemble(MONOPOLY, runs=64, seed=1)
    rows = many.decisions[many.decisions.documented != ""]
    found = rows.probability.where(rows.documented == "carried", 1 - rows.probability)
    told = said(answers.of_decisions(many, Replay(many, executor=Executor(1)))["trust"])
    assert "This page is opened without a fit to what happened" in told
    for row, chance in zip(rows.itertuples(), found, strict=True):
        assert (f"{decision_name(MONOPOLY.debate, str(row.decision))} :" in told) == (chance < 0.5)


def test_how_far_to_trust_a_fitted_model_is_told_by_what_it_was_not_fitted_to() -> None:
    """What it predicts beside the best simple rule, and each decision missed one step ahead, with its chance."""
    fitted = sim.load("monopoly-1922")
    many = sim.ensemble(fitted, runs=64, seed=1)
    replay = Replay(many, executor=Executor(1))
    told = said(trust.of_replay(replay))
    assert "Predicting 7 decisions one step ahead, the model cannot be told apart from the best simple rule" in told
    assert "log score" not in told
    predicted = replay.predicted.set_index("decision")
    ahead = predicted[predicted.predictor == "one-step-ahead"].probability
    assert list(ahead.index[ahead < 0.5]) == ["october-relaxation"]
    beforehand, _, after = told.partition("What it misses after fitting")
    assert f"October relaxation : carried; the model gives {percent(ahead['october-relaxation'])}" in beforehand
    assert "(shown, not compared)" not in beforehand
    assert "October relaxation" not in after


def test_a_world_that_differs_is_not_judged_by_the_record() -> None:
    """Only the debate as it was has outcomes that the model can have missed."""
    other = answers.answer(made(SUNDAY, **{"off:eve-writes": True}), asked(runs=8))
    assert said(other["trust"]).startswith("Evidence")
    assert said(answers.answer(SUNDAY, asked(runs=8))["trust"]).startswith("How well it predicts")


def test_an_invented_debate_has_no_record() -> None:
    """Where all is assumed, the scenario says what the record says elsewhere."""
    told = {one["id"]: one["becomes"] for one in moments(SUNDAY)}
    assert told["sunday-ballot"].startswith("in the scenario ")
    told = {one["id"]: one["becomes"] for one in moments(BREST)}
    assert told["acceptance"] == "in the record carried"
    people = {one["id"]: said(one["known"]) for one in debate_view(SUNDAY)["members"]}
    assert "the record" not in " ".join(people.values()).lower()
    assert "Began at 40 (on the axis “Sundays a year with the doors open”)." in people["dov"]


def test_a_what_if_that_is_the_only_change_keeps_its_title_and_its_reason() -> None:
    """Its file says what the shipped one says; with another change beside it, the title says what is different."""
    shipped = what_if("lenin-in-the-room").file
    alone = yaml.safe_load(as_file(MONOPOLY, asked(world={"what_ifs:lenin-in-the-room": True})))
    assert (alone["title"], alone["why"]) == (shipped.title, shipped.why)
    more = {"what_ifs:lenin-in-the-room": True, "strength:krasin-letter-1922-10-11": 5}
    assert yaml.safe_load(as_file(MONOPOLY, asked(world=more)))["title"] != shipped.title


def test_no_line_ends_between_a_number_and_its_unit() -> None:
    """Of what a page is sent; where a number has no unit, a line may end."""
    assert unparted("in 6 % of 100 histories, < 1 %, −79.8 points; in 7 of 100") == (
        "in 6\xa0% of 100\xa0histories, <\xa01\xa0%, −79.8\xa0points; in 7\xa0of\xa0100"
    )
    assert "6\xa0% of histories" in answers.written({"said": "in 6 % of histories"}).decode()


@pytest.mark.parametrize("name", ["monopoly-1922", "brest-1918", "library-sunday"])
def test_what_a_page_says_has_no_id_in_it(name: str) -> None:
    """No place, fact or sentence on a what-if has the id of a parameter or of a moment, nor the id as words."""
    base = sim.load(name, prior=True)
    parameters = {words(one) for one in base.debate.parameters}
    for moment in moments(base):
        facts = [part for part in moment["known"] if part[0] == "dl"]
        places = re.findall(r"(?:argues for|leads to|, ) (.*?)(?:, with| if carried| if lost)", said(facts))
        assert not parameters & {name for place in places for name in place.split(" or ")}
    letters = [one for one in base.debate.timeline if isinstance(one, Letter)]
    for letter in letters:
        other = base.with_changes({"remove": letter.id})
        notes = [with_names(base.debate, text) for text in other.followed]
        assert not [note for note in notes for one in base.debate.timeline if "-" in one.id and one.id in note]


def test_sentences_of_the_page_have_names_and_dates_in_words() -> None:
    """No id of a member or a moment stands in them, and no date in figures; what is no id of theirs stays."""
    said = "'lenin' comes on 1922-10-06 to 'october-relaxation', not to the 'liberal' one"
    assert in_prose(MONOPOLY.debate, [said]) == [
        "Lenin comes on 6 October 1922 to “October relaxation”, not to the 'liberal' one"
    ]


def test_what_if_names_are_those_of_the_debate() -> None:
    """Who asks for one that is none is told what this debate has, and nothing of another's."""
    with pytest.raises(UserError, match="'nosuch' is not a what-if of this debate") as refused:
        controls.with_controls(BREST, requests.Controls(what_ifs={"nosuch": True}))
    assert "lenin-in-the-room" not in str(refused.value)

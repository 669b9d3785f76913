"""MODEL.md and the pages beside it say what the engine does: their tables, arithmetic, program and figures."""

from __future__ import annotations

import inspect
import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.ensembles import batch, ensemble, executor, summary
from sim.evaluation import baselines, named_votes, predictors, vote_baselines
from sim.model import dynamics, numerics, priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.rules import decisions, letters, persuasion, voting
from sim.model.state import Inputs, VoteRecord, begin, empty_votes
from sim.scenario import timeline
from sim.scenario.library import shipped
from sim.scenario.posterior import FIRST_STANCE, PARAMETER
from sim.scenario.scenario import Scenario, load
from sim.scenario.timeline import ORDER_WITHIN_A_DAY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "MODEL.md").read_text("utf-8")
ANALYSES, BASELINES, RANDOM_NUMBERS, BIBLIOGRAPHY = (
    (ROOT / "docs" / "explanation" / f"{name}.md").read_text("utf-8")
    for name in ("analyses", "baselines", "random-numbers", "bibliography")
)

SEED, RUNS = 1922, 2000
PROTOCOL = (
    "Purpose and patterns",
    "Entities, state variables, scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


def section(title: str) -> str:
    """The text under a heading, up to the next heading of the same or a higher level."""
    level, rest = re.search(rf"^(##+) {re.escape(title)}[^\n]*\n(.*)", PAGE, re.M | re.S).groups()  # type: ignore[union-attr]
    return re.split(rf"^#{{2,{len(level)}}} ", rest, maxsplit=1, flags=re.M)[0]


def fenced(word: str, text: str = PAGE) -> list[str]:
    """The fenced blocks of a word, as ```order."""
    return re.findall(rf"^```{word}\n(.*?)^```$", text, re.M | re.S)


def table(first: str, text: str = PAGE) -> list[dict[str, str]]:
    """The table whose first column has this heading: one mapping a row, without backticks."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    names, rows = _cells(lines[start]), []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(names, _cells(line), strict=True)))
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("`", "").replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def as_printed(value: float, shown: str) -> bool:
    """Whether a number is the one shown, to the digits shown; what lies midway may be rounded either way."""
    digits = len(shown.partition(".")[2])
    return bool(abs(value - float(shown)) <= 0.501 * 10.0**-digits)


def lane(value: float) -> NDArray[np.float64]:
    """One number as one lane."""
    return np.array([float(value)])


# ---------------------------------------------------------------- the protocol


def test_the_page_follows_the_protocol() -> None:
    """The seven elements of ODD come in their order, with all eleven design concepts, then an example, and no more."""
    assert tuple(re.findall(r"^## \d+ (.*)$", PAGE, re.M)) == (*PROTOCOL, "A worked example")
    assert len(PAGE.splitlines()) <= 600
    assert tuple(re.findall(r"^\d+\. \*\*(.*?)\.\*\*", section("4 Design concepts"), re.M)) == CONCEPTS


def test_the_order_within_a_day_is_the_one_played() -> None:
    """The page lists what comes before what on one day just as the timeline sorts it."""
    (block,) = fenced("order")
    assert tuple(block.split("\n")[:-1]) == ORDER_WITHIN_A_DAY


def test_every_source_named_in_the_code_is_listed() -> None:
    """Whoever is cited beside a rule stands in the bibliography, with the year."""
    modules = (voting, decisions, letters, persuasion, random_streams, numerics, baselines)
    listed = "".join(c for c in unicodedata.normalize("NFD", BIBLIOGRAPHY) if not unicodedata.combining(c))
    cited = {
        cite
        for module in modules
        for cite in re.findall(r"([A-Z][a-z]+)(?: et al\.)? (\d{4})\b", inspect.getsource(module))
    }
    assert len(cited) >= 10
    for author, year in cited:
        assert any(author in line and f"({year})" in line for line in listed.splitlines()), f"{author} {year}"


def test_the_constants_are_those_of_the_engine() -> None:
    """Each constant that the page names has the value it has in the code."""
    homes = (timeline, random_streams, summary, batch, ensemble, executor, letters, decisions)
    rows = table("constant", ANALYSES)
    assert {row["constant"] for row in rows} >= {"RUNS_PER_DRAW", "BINS", "COST_OF_A_BATCH", "LANES", "FEWEST_DRAWS"}
    for row in rows:
        (value,) = {getattr(home, row["constant"]) for home in homes if hasattr(home, row["constant"])}
        assert float(row["value"]) == value, row["constant"]
    assert f"2^{int(math.log2(summary.STEPS))}" in ANALYSES
    assert f"2^{int(math.log2(batch.STEPS))}" in ANALYSES


# ---------------------------------------------------------------- the rules


def test_every_rule_of_talk_is_described_by_its_formula() -> None:
    """The page has every word for a rule of talk, and its closeness at half and at twice the bound."""
    near = {
        persuasion.AVERAGING: persuasion.averaging,
        persuasion.THRESHOLD: persuasion.threshold,
        persuasion.BIWEIGHT: persuasion.biweight,
        persuasion.GAUSSIAN: persuasion.gaussian,
        persuasion.REPULSION: persuasion.repulsion,
        persuasion.IMPACT: persuasion.impact,
    }
    rows = table("word", section("7.2"))
    assert [row["word"] for row in rows] == list(persuasion.RULES)
    for row in rows:
        assert row["formula of g(d)"]
        code = persuasion.RULES[row["word"]]
        if code not in (persuasion.MEETING_PAIRS, persuasion.COPYING):
            assert as_printed(near[code](0.5), row["d = b/2"]), row["word"]
            assert as_printed(near[code](-2.0), row["d = 2b"]), row["word"]


def test_every_latitude_of_letters_is_described() -> None:
    """The page has every word for a latitude, and the rule of talk whose closeness it is."""
    rows = table("word", section("7.3"))
    assert [row["word"] for row in rows] == list(letters.LATITUDES)
    for row in rows:
        same_as = "degroot" if row["h(d)"] == "as degroot: 1" else row["word"]
        assert letters.LATITUDES[row["word"]] == persuasion.RULES[same_as]


def test_every_rule_of_voting_is_described_by_its_formula() -> None:
    """The page has every word for a rule of voting, and the chances of yes and no for two utilities and a margin."""
    rows = table("word", section("7.5"))
    assert [row["word"] for row in rows] == list(voting.RULES)
    for row in rows:
        for gain in (2, 0):
            choice = voting.Choice(lane(0.5), lane(0.7), lane(1), lane(0))
            intends = voting.intention(voting.RULES[row["word"]], lane(gain), choice)
            yes, no = row[f"u = {gain}"].split(", ")
            assert as_printed(intends.yes[0], yes), row["word"]
            assert as_printed(1 - intends.yes[0] - intends.abstains[0], no), row["word"]


def test_every_majority_is_described_by_its_formula() -> None:
    """The page has every kind of majority, and what becomes of three yes and two no among seven votes."""
    rows = table("`majority`", section("7.6"))
    assert [(row["majority"], row["of"]) for row in rows] == list(decisions.MAJORITIES)
    for row in rows:
        code = decisions.MAJORITIES[row["majority"], row["of"]]
        procedure = decisions.Procedure(code, 0.6, 0.0, decisions.TIE_REJECTED, 7, 7, 0, 8)
        outcome = "carried" if decisions.verdict(procedure, 3, 2, 3, 0) == 1.0 else "rejected"
        assert row["3 yes, 2 no, M = 7"] == outcome, row["majority"]


def test_every_rule_for_ties_is_described() -> None:
    """The page has every word for what becomes of a tie, and its chance of being carried."""
    rows = table("`ties`", section("7.6"))
    assert [row["ties"] for row in rows] == list(decisions.TIES)
    shown = {row["ties"]: row["chance that it is carried"] for row in rows}
    for word, code in decisions.TIES.items():
        procedure = decisions.Procedure(decisions.SIMPLE, 0.0, 0.0, code, 4, 4, 0, 5)
        yes, no, silent = (decisions.verdict(procedure, 2, 2, 2, chair) for chair in (1, -1, 0))
        if word == "chair":
            assert (yes, no, silent) == (1.0, 0.0, 0.0)
            assert shown[word].startswith("1 if the chair voted yes, else 0")
        else:
            chance = {"0": 0.0, "1": 1.0}.get(shown[word], 0.5 if shown[word].startswith("1/2") else math.nan)
            assert yes == no == silent == chance, word


# ---------------------------------------------------------------- random numbers


@cache
def program() -> dict[str, Any]:
    """What the page's program defines."""
    (block,) = fenced("python", RANDOM_NUMBERS)
    defined: dict[str, Any] = {}
    exec(compile(block, "random-numbers.md", "exec"), defined)
    return defined


def test_the_purposes_of_random_numbers_have_the_codes_of_the_engine() -> None:
    """The page names every purpose of a random number, by the code in its counter."""
    codes = {
        "attendance": random_streams.ATTENDANCE,
        "vote": random_streams.VOTE,
        "week": random_streams.WEEK,
        "meeting": random_streams.MEETING,
        "lot": random_streams.LOT,
        "parameter": PARAMETER,
        "first stance": FIRST_STANCE,
        "particle": random_streams.PARTICLE,
        "proposal": random_streams.PROPOSAL,
        "acceptance": random_streams.ACCEPTANCE,
        "resampling": random_streams.RESAMPLING,
        "order": random_streams.ORDER,
        "bootstrap": random_streams.BOOTSTRAP,
        "design": random_streams.DESIGN,
        "second vote": random_streams.SECOND_VOTE,
    }
    rows = table("code", RANDOM_NUMBERS)
    assert {row["purpose"]: int(row["code"]) for row in rows} == codes
    (counter,) = fenced("counter", RANDOM_NUMBERS)
    assert counter.strip() == "(replicate, key of the moment, purpose, key of the member)"


@pytest.mark.parametrize("seed", [0, 1922, 2**64 - 1])
def test_the_program_on_the_page_makes_the_numbers_of_the_engine(seed: int) -> None:
    """Written anew from the page, words, uniforms and normal numbers are the engine's to the last bit."""
    ours, replicate = program(), np.arange(2000, dtype=np.uint64)
    moment, member = timeline.key("some-moment"), timeline.key("some-member")
    at = (random_streams.seed_words(seed), replicate, moment, random_streams.WEEK, member)
    words, uniforms, normals = random_streams.words(*at), random_streams.uniforms(*at), random_streams.normals(*at)
    for number in range(replicate.size):
        same = (seed, number, moment, random_streams.WEEK, member)
        assert tuple(int(word) for word in words[:, number]) == ours["words"](*same)
        assert uniforms[number] == ours["uniform"](*same)
        assert normals[:, number].tolist() == [float(z) for z in ours["normals"](*same)]


@pytest.mark.parametrize("identity", ["ada", "weeks-26391", "ada ben", "müller"])
def test_the_program_on_the_page_makes_the_keys_of_the_engine(identity: str) -> None:
    """An id has the same key here and there."""
    assert program()["key"](identity) == timeline.key(identity)


def test_the_examples_of_random_numbers_are_what_the_program_gives() -> None:
    """Each call that the page shows gives the result that it shows."""
    rows = table("call", RANDOM_NUMBERS)
    assert len(rows) == 5
    for row in rows:
        given = eval(row["call"], program())
        parts = given if isinstance(given, list | tuple) else [given]
        for part, shown in zip(parts, row["result"].split(), strict=True):
            assert int(shown, 16) == part if shown.startswith("0x") else as_printed(float(part), shown)


@pytest.mark.parametrize("name", shipped())
def test_no_two_ids_of_a_shipped_scenario_share_random_numbers(name: str) -> None:
    """Ids that differ have keys that differ, as the page says of the shipped scenarios."""
    scenario = load(name)
    known = {*arrays_of(scenario).names.members, *scenario.debate.parameters}
    for entry in scenario.entries:
        week = entry.date.toordinal() // 7 // timeline.WEEKS_IN_A_BLOCK
        known |= {f"weeks-{week}"} if entry.kind == "week" else {entry.id, entry.session}
    assert len({timeline.key(identity) for identity in known}) == len(known)


def test_the_weeks_of_the_page_are_the_weeks_of_the_engine() -> None:
    """A week's block and number within it are found from the day's number, as the page says."""
    scenario = load("monopoly-1922")
    moments = arrays_of(scenario).plan.moments
    for row, entry in enumerate(scenario.entries):
        if entry.kind == "week":
            week = math.floor(entry.date.toordinal() / 7)
            assert moments.key[row] == program()["key"](f"weeks-{week // 4}")
            assert moments.word[row] == week % 4


# ---------------------------------------------------------------- the worked example


def arithmetic() -> Iterator[tuple[str, str, str]]:
    """Every line `who: expression = value` of the worked example."""
    for block in fenced("arithmetic", section("8 A worked example")):
        for line in block.splitlines():
            who, _, sum_ = line.partition(": ")
            expression, _, value = sum_.rpartition(" = ")
            yield who, expression, value


@cache
def library() -> tuple[Scenario, dict[str, dict[str, float]], VoteRecord]:
    """The invented debate, history 0: stances after each moment, by member, and the votes."""
    scenario = load("library-sunday")
    plan, names = arrays_of(scenario)
    seed, replicate = random_streams.seed_words(SEED), np.zeros(1, dtype=np.uint64)
    parameters, first = priors.of_replicates(priors.of_debate(scenario.debate), seed, replicate)
    world, state = Inputs(parameters, first, replicate, seed, False), begin(plan, first)
    vote_record = empty_votes(plan, 1)
    after = {"": dict(zip(names.members, first[:, 0].tolist(), strict=True))}
    for row, entry in enumerate(scenario.entries):
        dynamics.play_moment(plan, state, world, row, vote_record)
        after[entry.id] = dict(zip(names.members, state.stance[:, 0].tolist(), strict=True))
    return scenario, after, vote_record


@pytest.mark.parametrize(("who", "expression", "value"), [*arithmetic()])
def test_the_arithmetic_of_the_worked_example_is_right(who: str, expression: str, value: str) -> None:
    """Every sum on the page comes to what the page says."""
    assert re.fullmatch(r"[-+*/^(). 0-9explog]+", expression), expression
    worked = eval(expression.replace("^", "**"), {"exp": math.exp, "log": math.log})
    assert as_printed(worked, value), f"{who}: {expression} is {worked}"


def test_the_worked_example_is_what_the_engine_plays() -> None:
    """Stances, utilities, chances, random numbers and votes of the invented debate are the engine's."""
    _, after, vote_record = library()
    rows = table("member", section("8 A worked example"))
    votes = {voting.YES: "yes", voting.NO: "no", voting.WAS_ABSENT: "absent"}
    assert [row["member"] for row in rows] == list(after[""])
    for number, row in enumerate(rows):
        who = row["member"]
        assert float(row["first stance"]) == after[""][who]
        assert float(row["after the letter"]) == after["eve-writes"][who]
        assert float(row["after the talk"]) == after["committee-talks"][who] == vote_record.voice[number, 0]
        assert row["vote"] == votes[int(vote_record.vote[number, 0])]
        if row["u"]:
            gain = voting.utility(vote_record.voice[number], lane(26), lane(12))
            assert float(row["u"]) == gain[0]
            choice = voting.Choice(lane(0.01), lane(0), lane(0), lane(0))
            assert as_printed(voting.intention(voting.LOGIT, gain, choice).yes[0], row["chance of yes"])
            u = program()["uniform"](SEED, 0, timeline.key("sunday-ballot"), random_streams.VOTE, timeline.key(who))
            assert as_printed(u, row["uniform"])
            assert (u < float(row["chance of yes"])) == (row["vote"] == "yes")


def test_the_sums_of_the_worked_example_end_where_the_engine_does() -> None:
    """What the sums of letter, talk and ballot come to for each member is what the engine has."""
    _, after, vote_record = library()
    blocks = fenced("arithmetic", section("8 A worked example"))
    shown = [dict(line.partition(": ")[::2] for line in block.splitlines()) for block in blocks]
    letter, talk = ({who: float(text.rpartition(" = ")[2]) for who, text in block.items()} for block in shown[:2])
    assert {who: after["eve-writes"][who] for who in ("ada", "ben")} == {who: letter[who] for who in ("ada", "ben")}
    assert {who: after["committee-talks"][who] for who in talk} == talk
    assert as_printed(vote_record.chance[0, 0], shown[3]["carried"].rpartition(" = ")[2])


def test_the_distribution_in_the_worked_example_is_the_exact_one() -> None:
    """The chances of none, one, two and three yes votes beside the chair's are those of the Poisson binomial."""
    rows = [row for row in table("member", section("8 A worked example")) if row["member"] in ("ada", "ben", "dov")]
    chance = np.array([[float(row["chance of yes"])] for row in rows])
    voters = decisions.Voters(
        chance, np.ones((3, 1)), np.ones((3, 1), np.int64), np.zeros((3, 1), np.int8), np.ones(3, np.int8)
    )
    distribution = decisions.distribution_of_yes(voters, -1)
    shown = re.findall(r"f\((\d)\) = ([\d.]+\d)", section("8 A worked example"))
    assert [int(votes) for votes, _ in shown] == [0, 1, 2, 3]
    for votes, value in shown:
        assert abs(distribution[int(votes), 0] - float(value)) < 1e-6


def test_the_replay_of_the_worked_example_gives_the_same_chance() -> None:
    """Where nothing is unknown, the probability of many histories is the one worked out by hand."""
    (row,) = ensemble.ensemble(load("library-sunday"), 64, SEED).decisions.to_dict("records")
    probability = row["probability"]
    (shown,) = re.findall(r"`probability` is ([\d.]+\d)", section("8 A worked example"))
    assert as_printed(probability, shown)
    assert row["low"] == row["high"] == probability


# ---------------------------------------------------------------- results, baselines, figures


def test_the_columns_of_results_are_explained() -> None:
    """Every column of the decisions that holds a number of the model is on the page."""
    explained = {name for row in table("column", ANALYSES) for name in row["column"].split(", ")}
    told = {"decision", "date", "body", "motion", "documented", "documented_tally"}
    assert explained == set(ensemble.ensemble(load("library-sunday"), 8, SEED).decisions.columns) - told


def test_the_baselines_are_those_of_the_engine() -> None:
    """The page describes the baselines of decisions, and those of votes, under the names that results give them."""
    described = re.findall(r"^\d\. \*\*(.*?)\*\*:", BASELINES, re.M)
    of_votes = [named_votes.LABELS[name] for name in vote_baselines.BASELINES]
    assert described == [*(predictors.LABELS[name] for name in predictors.BASELINES), *of_votes]

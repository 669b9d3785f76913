"""The Mesa model: a debate played moment by moment, its members as agents."""

from __future__ import annotations

import copy
import datetime
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest

import sim
from sim import Debate, Member
from tests.debates import ballot, debate, played

SHIPPED = ("library-sunday", "monopoly-1922")
#: Members of three draws, and one far from the beginning.
REPLICATES = (0, 3, 8, 4097)


def to_the_end(model: Debate) -> Debate:
    """The model after its last moment."""
    while model.running:
        model.step()
    return model


def test_a_debate_is_a_mesa_model_whose_agents_are_its_members() -> None:
    """A debate is a Mesa model, and its agents are the members in the order of the file."""
    model = Debate("library-sunday", rng=1922)
    assert isinstance(model, mesa.Model)
    assert all(isinstance(member, Member) and isinstance(member, mesa.Agent) for member in model.agents)
    assert model.agents.get("name") == ["ada", "ben", "cleo", "dov", "eve"]
    assert model.agents.get("stance") == [12.0, 0.0, 26.0, 40.0, 50.0]


def test_a_step_plays_the_next_moment_of_the_timeline() -> None:
    """Each step plays one moment, in the order of the plan, and the model's day and moment are that moment's."""
    model = Debate("library-sunday", rng=1922)
    assert (model.date, model.moment) == (datetime.date(2024, 3, 1), "")
    for number, entry in enumerate(model.script.entries, start=1):
        assert model.upcoming == entry
        model.step()
        assert (model.date, model.moment, model.last, model.steps) == (entry.date, entry.id, entry, number)
    assert model.upcoming is None


def test_the_model_stops_running_after_the_last_moment() -> None:
    """A debate runs until its last moment has been played, and a further step changes nothing."""
    model = Debate("library-sunday", rng=1922)
    for _ in model.script.entries:
        assert model.running
        model.step()
    assert not model.running
    before = [array.copy() for array in (*model.state, *model.votes)]
    collected = len(model.datacollector.get_model_vars_dataframe())
    model.step()
    assert not model.running
    assert model.played == len(model.script.entries)
    assert len(model.datacollector.get_model_vars_dataframe()) == collected
    for was, now in zip(before, (*model.state, *model.votes), strict=True):
        np.testing.assert_array_equal(was, now)


def test_mesas_page_can_begin_a_debate_anew() -> None:
    """A Debate has no scenario of Mesa's kind, which Mesa's page would give to a new one in place of the debate."""
    assert getattr(Debate("library-sunday"), "scenario", None) is None


def test_mesas_own_loop_plays_a_debate_to_its_end() -> None:
    """`run_model`, Mesa's own loop, ends, and ends where stepping ends."""
    looped, stepped = Debate("library-sunday", rng=7), to_the_end(Debate("library-sunday", rng=7))
    looped.run_model()
    assert not looped.running
    assert looped.agents.get("stance") == stepped.agents.get("stance")


def test_the_data_collector_has_a_row_for_the_beginning_and_for_every_step() -> None:
    """The collector holds day, moment and policy, and each member's stance, before the first moment and after each."""
    model = to_the_end(Debate("library-sunday", rng=1922))
    moments = [entry.id for entry in model.script.entries]
    collected = model.datacollector.get_model_vars_dataframe()
    assert list(collected.columns) == ["date", "moment", "policy"]
    assert list(collected.moment) == ["", *moments]
    members = model.datacollector.get_agent_vars_dataframe()
    assert list(members.columns) == ["member", "stance", "away"]
    assert len(members) == (1 + len(moments)) * len(model.agents)
    stances = members.reset_index().pivot_table(index="Step", columns="member", values="stance")
    histories = played(model.script, seed=1922)
    for member in model.names.members:
        assert list(stances[member]) == list(histories.of(member)[:, 0])
    away = members.reset_index().pivot_table(index="Step", columns="member", values="away")
    assert away.eve.tolist() == [0.0, *[1.0] * len(moments)]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("follows_record", [False, True], ids=["free", "as recorded"])
def test_a_history_of_agents_is_bit_for_bit_that_history_of_the_ensemble(name: str, follows_record: bool) -> None:
    """History r played with Mesa agents has, at every moment, the bits that it has among other histories."""
    scenario = sim.load(name)
    together = played(scenario, REPLICATES, seed=1922, follows_record=follows_record)
    for lane, replicate in enumerate(REPLICATES):
        model = Debate(scenario, replicate=replicate, follows_record=follows_record, rng=1922)
        for moment in range(len(scenario.entries) + 1):
            np.testing.assert_array_equal(model.state.stance[:, 0], together.stances[moment, :, lane])
            assert model.policy == together.policies[moment, lane]
            model.step()
        assert model.state.decided[:, 0].tolist() == together.decided[:, lane].tolist()
        for alone, among in (
            (model.votes.vote, together.vote),
            (model.votes.voice, together.voiced),
            (model.votes.stance, together.private),
            (model.votes.chance, together.chance),
        ):
            np.testing.assert_array_equal(alone[:, 0], among[:, lane])


@pytest.mark.parametrize("name", SHIPPED)
def test_agents_decide_what_the_ensemble_counts(name: str) -> None:
    """The outcomes and votes of an ensemble are those of its histories played with agents, added up."""
    scenario, runs = sim.load(name), 9
    many = sim.ensemble(scenario, runs=runs, seed=5)
    models = [to_the_end(Debate(scenario, replicate=replicate, rng=5)) for replicate in range(runs)]
    for row, decision in enumerate(models[0].names.ballots):
        outcomes = [model.outcome(decision) for model in models]
        said = [outcomes.count(word) for word in ("not put", "carried", "rejected")]
        assert said == many.free["outcomes"][row].tolist()
    votes = np.array([[(model.votes.vote[:, 0] == code).astype(int) for code in range(5)] for model in models])
    assert votes.sum(axis=0).T.tolist() == many.free["votes"].tolist()


def test_two_models_in_one_process_do_not_touch_each_other() -> None:
    """Two debates of one scenario, stepped in turn, go as each goes alone."""
    scenario = sim.load("monopoly-1922")
    alone = [to_the_end(Debate(scenario, replicate=replicate, rng=3)) for replicate in (0, 1)]
    disturbed = Debate(scenario, replicate=0, rng=3)
    disturbed.agents[0].stance = 0.5
    one, other = Debate(scenario, replicate=0, rng=3), Debate(scenario, replicate=1, rng=3)
    while one.running:
        one.step()
        other.step()
    for model, expected in zip((one, other), alone, strict=True):
        np.testing.assert_array_equal(model.state.stance, expected.state.stance)
        np.testing.assert_array_equal(model.votes.vote, expected.votes.vote)
    assert (one.state.stance != other.state.stance).any()


def test_what_is_written_to_a_member_is_what_the_rules_read() -> None:
    """To set a member's stance is to set it in the debate's arrays: the next moment starts from it."""
    model = Debate("library-sunday", rng=1922)
    ben = next(member for member in model.agents if member.name == "ben")
    ben.stance = 40
    assert model.state.stance[ben.row, 0] == 40.0
    assert ben.first_stance == 0.0
    while model.moment != "eve-writes":
        model.step()
    assert ben.stance == 45.0  # half the way to the 50 that Eve argues for


@pytest.mark.parametrize("stance", [-0.1, 50.1, float("nan"), float("inf")])
def test_a_stance_off_the_axis_is_refused(stance: float) -> None:
    """A member cannot be given a stance that is not on the axis, and keeps the one they have."""
    model = Debate("library-sunday", rng=1922)
    with pytest.raises(ValueError, match="between 0 and 50"):
        model.agents[0].stance = stance
    assert model.agents[0].stance == 12.0


def test_a_member_knows_whether_he_is_away_and_whether_letters_reach_him() -> None:
    """A member who travels is away; letters reach them if the scenario says that they do."""
    scenario = sim.load("library-sunday")
    for reachable in (True, False):
        model = Debate(scenario.with_changes({"set": "eve-travels.reachable", "to": reachable}), rng=1)
        eve = next(member for member in model.agents if member.name == "eve")
        assert (eve.is_away, eve.is_reachable) == (False, True)
        model.step()
        assert (eve.is_away, eve.is_reachable) == (True, reachable)


def test_agents_can_be_selected_and_counted_the_way_mesa_does() -> None:
    """Mesa's own tools for sets of agents work on members."""
    model = to_the_end(Debate("library-sunday", rng=1922))
    assert model.agents.select(lambda member: member.is_away).get("name") == ["eve"]
    assert model.agents.agg("stance", max) == 50.0
    assert len(model.agents_by_type[Member]) == 5


def test_what_became_of_a_ballot_is_known_by_its_name() -> None:
    """A ballot is not put before its day; then it is carried or rejected; an unknown one is refused by name."""
    scenario = debate({"ann": 0.9, "bob": 0.1}, ballot("yes-to-all", 1, 0, on=2, present=["ann"]))
    model = Debate(scenario, rng=1)
    assert model.outcome("yes-to-all") == "not put"
    to_the_end(model)
    assert model.outcome("yes-to-all") == "rejected"  # a tie
    with pytest.raises(KeyError, match="'no-such' is not a ballot: there is yes-to-all"):
        model.outcome("no-such")


def test_the_seed_alone_makes_a_history() -> None:
    """One seed gives one history, whether it is a Python or a NumPy number; another seed gives another."""
    stances = [
        to_the_end(Debate("monopoly-1922", rng=seed)).state.stance[:, 0].tolist() for seed in (3, np.int64(3), 4)
    ]
    assert stances[0] == stances[1] != stances[2]


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_is_no_seed_is_refused(seed: int) -> None:
    """A seed is a whole number from 0 to 2^64 - 1."""
    with pytest.raises(ValueError, match=r"seed|non-negative|2\^64"):
        Debate("library-sunday", rng=seed)


def test_a_debate_without_a_seed_takes_one_from_mesa() -> None:
    """Mesa takes any `rng`: a generator gives the seed of all random numbers, and none gives a fresh one."""
    one, other = (Debate("monopoly-1922", rng=np.random.default_rng(5)) for _ in range(2))
    assert one.random_seed == other.random_seed
    assert Debate("library-sunday").random_seed != Debate("library-sunday").random_seed


def test_a_debate_that_was_pickled_goes_on_as_it_would_have() -> None:
    """A copy sent to another process, or made in this one, plays the rest of the same history."""
    model = sim.Debate("library-sunday", rng=1)
    model.step()
    copies = pickle.loads(pickle.dumps(model)), copy.deepcopy(model)
    model.run_model()
    for other in copies:
        other.run_model()
        for table in ("get_agent_vars_dataframe", "get_model_vars_dataframe"):
            assert getattr(other.datacollector, table)().equals(getattr(model.datacollector, table)())


def test_a_debate_that_nobody_needs_any_more_is_freed() -> None:
    """Thousands of histories can be played one after another without all of them staying in memory."""
    model = sim.Debate("library-sunday", rng=1)
    model.run_model()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_ids_begin_at_one_in_every_debate() -> None:
    """Who is agent 1 does not depend on what was played before."""
    ids = [[agent.unique_id for agent in sim.Debate("library-sunday", rng=seed).agents] for seed in (1, 2)]
    assert ids[0] == ids[1] == list(range(1, len(ids[0]) + 1))

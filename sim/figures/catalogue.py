"""Every kind of figure by name: what it shows, which tables it is drawn from, and which command makes those.

A figure costs its chart and an entry in `KINDS`: from then on its command writes it, `sim plot` draws it, and
`sim.figures` has a function of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sim.figures.data import Names
from sim.results.labels import short_name
from sim.results.saved import Saved
from sim.results.wording import words
from sim.scenario.scenario import Scenario

# Charts, and what knows of debates (`labels`, inputs, what-ifs), are loaded where a figure is drawn: the first bring
# Matplotlib, the second the compiled core, and a list of what there is needs neither.
if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.figures.charts import tipping


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    call: the command whose results it is drawn from, as one would type it. tables: the names of the tables that it
    needs. shows: what it shows, in a sentence. draw: from results, just made or of a folder, to a Figure.
    """

    call: str
    tables: tuple[str, ...]
    shows: str
    draw: Callable[[Saved], Figure]

    @property
    def command(self) -> str:
        """The command's name alone."""
        return self.call.partition(" ")[0]

    def fits(self, saved: Saved) -> bool:
        """Whether it can be drawn from these results."""
        return saved.command == self.command and saved.has(self.tables)


def _of_data(chart: str) -> Callable[[Saved], Figure]:
    """A figure of the results of a replay. chart: the module and the function that draws it from figure data."""

    def of_saved(saved: Saved) -> Figure:
        from sim.figures import labels

        module, _, name = chart.partition(".")
        figure: Figure = getattr(import_module(f"sim.figures.charts.{module}"), name)(labels.of_saved(saved))
        return figure

    return of_saved


def _names(saved: Saved, *others: Scenario, **basis: str) -> Names:
    """How things are called in the results, and in other worlds; `basis` as for `labels.basis_of`."""
    from sim.figures import labels

    return labels.names_of(saved.scenario, *others, basis=labels.basis_of(saved, **basis))


def _worlds(saved: Saved) -> Figure:
    """Two worlds side by side and their difference."""
    from sim.counterfactuals.comparison import other_world
    from sim.figures import labels
    from sim.figures.charts import two_worlds

    settings, base = saved.settings, saved.scenario
    other = other_world(base, settings)
    tables = {name: saved.table(name) for name in ("decisions", "stances", "policy")}
    pictures = (
        labels.world_data(base, tables["stances"], tables["policy"], "mean"),
        labels.world_data(other, tables["stances"], tables["policy"], "mean_other"),
    )
    title = settings["title"] or words(settings["label"]) or "these changes"
    return two_worlds.worlds(pictures, ("As it was", title), tables, _names(saved, other))


def _overview(saved: Saved) -> Figure:
    """Many what-ifs at a glance."""
    from sim.figures.charts import overview
    from sim.scenario.what_if import typed
    from sim.scenario.yaml_reader import parse

    table = saved.table("overview")
    # Only what-ifs with motions of their own have names that the debate as it was lacks.
    known = [item.id for item in saved.scenario.debate.timeline]
    own = set(table.loc[~table["decision"].isin(known), "what_if"])
    what_ifs = [typed(parse(text, file)) for file, text in saved.settings["what_ifs"].items()]
    others = [saved.scenario.with_changes(what_if) for what_if in what_ifs if what_if.file.what_if in own]
    return overview.overview(table, saved.table("policy"), _names(saved, *others))


def _waterfall(saved: Saved) -> Figure:
    """A decision attributed to its causes."""
    from sim.figures.charts import waterfall

    played = saved.table("coalitions")
    causes = played.drop(columns="value").sum(axis=1)
    ends = float(played.value[causes.argmin()]), float(played.value[causes.argmax()])
    settings = saved.settings
    return waterfall.waterfall(saved.table("attribution"), ends, settings["decision"], settings["of"], _names(saved))


def _tipping(saved: Saved) -> Figure:
    """Where a decision tips over one input."""
    from sim.figures.charts import tipping

    row = saved.table("tipping").iloc[0]
    at = float(row.tipping), float(row.low), float(row.high)
    (scale,) = _scales(saved)
    return tipping.curve(saved.table("curve"), scale, at, row.decision, _names(saved))


def _map(saved: Saved) -> Figure:
    """A decision over two inputs."""
    from sim.figures.charts import tipping

    one, two = _scales(saved)
    return tipping.grid(saved.table("map"), (one, two), saved.settings["decision"], _names(saved))


def _scales(saved: Saved) -> list[tipping.Scale]:
    from sim.analysis.inputs import input_of
    from sim.figures import labels
    from sim.figures.charts import tipping

    inputs = [input_of(saved.scenario, name) for name in saved.settings["inputs"]]
    return [
        tipping.Scale(*labels.input_label(saved.scenario, one.name), one.current, is_day=one.kind == "date")
        for one in inputs
    ]


def _power(saved: Saved) -> Figure:
    """Power in a body, three ways side by side."""
    from sim.figures.charts import power

    body = saved.settings["body"]
    name = short_name(body, saved.scenario.debate.bodies[body].name)
    return power.power(saved.table("power"), name, _names(saved))


def _posterior(saved: Saved) -> Figure:
    """Prior and posterior."""
    from sim.figures.charts import posterior

    debate = saved.scenario.debate
    units = {name: parameter.unit for name, parameter in debate.parameters.items()}
    positions = sorted(((position.name, position.at) for position in debate.axis.positions), key=lambda one: one[1])
    axis = posterior.Axis(debate.axis.low, debate.axis.high, positions)
    return posterior.posterior(saved.table("parameters"), _names(saved, played="particles"), units, axis)


def _scores(saved: Saved) -> Figure:
    """Who predicts how well."""
    from sim.evaluation.predictors import FITTED
    from sim.figures.charts import scores

    names = _names(saved, played="particles", fitted="fitted as each row says")
    title = scores.title_of(_one_step_ahead(saved), "One step ahead")
    return scores.scores(saved.table("predictions"), saved.table("totals"), title, FITTED, names)


def _differences(saved: Saved) -> Figure:
    """The model against simple rules, decision by decision."""
    from sim.evaluation.baselines import SHOWN
    from sim.evaluation.predictors import LABELS, ONE_STEP_AHEAD
    from sim.figures.charts import differences, scores

    names = _names(saved, played="particles", fitted="fitted to what came before each decision")
    each, rules = saved.table("by_decision"), _one_step_ahead(saved)
    title = scores.title_of(rules, "One step ahead")
    return differences.differences(each[each["predictor"] == ONE_STEP_AHEAD], rules, LABELS, title, SHOWN, names)


def _one_step_ahead(saved: Saved) -> pd.DataFrame:
    """The model, one step ahead, beside each baseline from all of its priors."""
    from sim.evaluation.comparison import over_baselines
    from sim.evaluation.predictors import ONE_STEP_AHEAD

    table = saved.table("differences")
    return over_baselines(table[table["predictor"] == ONE_STEP_AHEAD])


def _candidates(saved: Saved) -> Figure:
    """Candidate models."""
    from sim.evaluation.model_comparison import TELLING
    from sim.figures import labels
    from sim.figures.charts import candidates

    names = _names(saved, played="particles each", fitted="each candidate fitted to the record")
    table = saved.table("candidates")
    table["label"] = [labels.candidate_label(saved.scenario, name) for name in table["name"]]
    return candidates.candidates(table, names, TELLING)


def _sensitivity(saved: Saved) -> Figure:
    """What decisions hang on."""
    from sim.figures.charts import sensitivity

    return sensitivity.sensitivity(
        saved.table("sensitivity"), _names(saved, played="histories of each point of the design")
    )


#: The tables that every figure of a replay needs.
OF_A_REPLAY = ("stances", "decisions", "ballots", "policy_as_recorded")


def _replayed(chart: str, shows: str, *more: str) -> Kind:
    return Kind("replay", (*OF_A_REPLAY, *more), shows, _of_data(chart))


KINDS: Mapping[str, Kind] = {
    "stances": _replayed(
        "stances.stances", "How the stances moved, with what happened when: letters, absences, sittings and ballots."
    ),
    "members": _replayed(
        "members.small_multiples",
        "A panel for each member, with the stances on record drawn on top by their evidence.",
    ),
    "decisions": _replayed(
        "decisions.decisions", "What the record says was decided, beside the chance that the model gives it."
    ),
    "ballots": _replayed(
        "ballots.ballots", "Who votes how, and how surely, beside the votes that a source records by name."
    ),
    "policy": _replayed(
        "policy.policy", "The policy in force: the course on record against histories that run free.", "policy_shares"
    ),
    "influence": _replayed(
        "influence_matrix.influence",
        "Who moved whom, how far and which way, as a matrix whose rows add up.",
        "influence",
    ),
    "polarisation": _replayed(
        "polarisation.polarisation",
        "How divided each body was, by four measures and by the shares on either side.",
        "polarisation",
    ),
    "worlds": Kind(
        "whatif WHAT-IF",
        ("decisions", "stances", "policy", "parting"),
        "Two worlds with common random numbers, the difference of the stances, and what became of each decision.",
        _worlds,
    ),
    "overview": Kind(
        "whatif --all",
        ("overview", "policy"),
        "Every what-if: by how much the chance of each decision and the policy at the end change, and how surely.",
        _overview,
    ),
    "waterfall": Kind(
        "attribute",
        ("attribution", "coalitions"),
        "A decision attributed to its causes, from the world without any of them to the world as it was.",
        _waterfall,
    ),
    "tipping": Kind(
        "tipping DECISION --over INPUT",
        ("tipping", "curve"),
        "How surely a decision is carried over the range of one number, and where it is even.",
        _tipping,
    ),
    "map": Kind("tipping DECISION --over INPUT --and INPUT", ("map",), "The same over two numbers at once.", _map),
    "power": Kind(
        "power",
        ("power",),
        "Power in a body: by the rules alone, in the votes as they fall, and over the outcome.",
        _power,
    ),
    "posterior": Kind(
        "calibrate",
        ("parameters",),
        "The posterior of each parameter and first stance, beside its prior, and the information gained.",
        _posterior,
    ),
    "scores": Kind(
        "score",
        ("predictions", "totals", "differences"),
        "Each decision as the model predicts it, by how much of the record it has seen, beside the baselines.",
        _scores,
    ),
    "differences": Kind(
        "score",
        ("by_decision", "differences"),
        "The model against each simple rule, decision by decision, over the priors from which a rule may learn.",
        _differences,
    ),
    "candidates": Kind(
        "compare",
        ("candidates",),
        "Rules, readings and models without a part: how probable each makes the record, and how well it predicts.",
        _candidates,
    ),
    "sensitivity": Kind(
        "sensitivity",
        ("sensitivity",),
        "Which assumed number each decision hangs on: Sobol indices of first and total order.",
        _sensitivity,
    ),
}

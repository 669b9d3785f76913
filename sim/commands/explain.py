"""Commands that explain decisions: attribute, tip, power, sensitivity."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import options, terminal
from sim.errors import UserError

if TYPE_CHECKING:
    from rich.table import Table

    from sim.analysis.attribution import Attribution
    from sim.analysis.power import Power
    from sim.analysis.sensitivity import Sensitivity
    from sim.analysis.tipping_points import Map, Smallest, Turning

Decision = Annotated[
    str | None, typer.Argument(metavar="[DECISION]", help="The id of a ballot; the last one compared with the record.")
]
Base = Annotated[str, typer.Option("--scenario", help="A shipped name or a YAML file.", metavar="NAME")]
Causes = Annotated[
    list[str] | None,
    typer.Option(
        "--cause",
        help="A cause: an id, a pattern as 'letter-*', letters:MEMBER, absences:MEMBER, presence:MEMBER, deference, or "
        "NAME=one+another. May be repeated.",
        metavar="CAUSE",
    ),
]

#: Rows of interactions that the terminal shows; the table has all.
SHOWN = 5
#: Levers that turn a decision, as many as the terminal shows.
MOST_LEVERS = 15


class Value(StrEnum):
    """What is shared out."""

    carried = "carried"
    policy = "policy"


Of = Annotated[Value, typer.Option(help="The probability that it is put and carried, or the policy after it.")]


def attribute(
    decision: Decision = None,
    scenario: Base = options.DEFAULT,
    cause: Causes = None,
    of: Annotated[
        Value, typer.Option(help="The probability that it is put and carried, or the policy after.")
    ] = Value.carried,
    runs: options.Runs = 1_000,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    resume: options.Resume = False,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Share a decision out among its causes: letters, absences, presences, deference (Shapley values).

    Example: `sim attribute december-rescission --cause 'lenin-letter-1922-12-*' --cause letters:krasin`
    """
    from sim.analysis import attribution
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.results.folder import check_place

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior, posterior)
    with terminal.progress(runs) as report:
        executor = Executor(workers, cluster, out / options.UNFINISHED, resume, report)
        found = attribution.attribute(debate, decision, cause or (), of.value, runs, seed, executor)
    terminal.show(_shares(found), _sums(found))
    if len(found.interactions):
        terminal.show(_interactions(found))
    folder = outputs.publish_attribution(out, found)
    executor.delete()
    terminal.show(f"Tables, figures and manifest: {folder}")


def _shown(found: Attribution, value: float) -> str:
    if value != value:
        return "–"
    return f"{value:+.3f}" if found.of == "policy" else f"{100 * value:+.1f}"


def _shares(found: Attribution) -> Table:
    what = (
        "P(put and carried), in hundredths"
        if found.of == "carried"
        else "the mean policy after it, in units of the axis"
    )
    table = terminal.table(
        f"{found.decision}: {what}, shared out among {len(found.causes)} causes",
        *(("cause", "left"), ("share", "right"), ("95 %", "right"), ("alone", "right"), ("last", "right")),
    )
    for row in terminal.rows(found.table):
        interval = f"{_shown(found, row.low)} to {_shown(found, row.high)}"
        table.add_row(row.cause, _shown(found, row.share), interval, _shown(found, row.alone), _shown(found, row.last))
    return table


def _sums(found: Attribution) -> str:
    full, empty = float(found.full), float(found.empty)
    ends = (f"{100 * empty:.1f}", f"{100 * full:.1f}") if found.of == "carried" else (f"{empty:.3f}", f"{full:.3f}")
    how = "all coalitions of causes" if found.is_exact else f"{len(found.orders)} orders, sampled"
    return (
        f"From {ends[0]} without any of them to {ends[1]} with all; shares add up to the difference exactly ({how}).\n"
        "Alone: what it adds where no other cause is. Last: what it adds where all others are.\n"
    )


def _interactions(found: Attribution) -> Table:
    table = terminal.table(
        "What two causes do together beyond what each does", ("one", "left"), ("two", "left"), ("together", "right")
    )
    for row in terminal.rows(found.interactions.head(SHOWN)):
        table.add_row(row.one, row.two, _shown(found, row.interaction))
    return table


Over = Annotated[
    str | None,
    typer.Option(
        help="What to turn: LETTER.strength, MOMENT.date, MOMENT.argues_for, a parameter, a member. Else all.",
        metavar="LEVER",
    ),
]
And = Annotated[str | None, typer.Option("--and", help="A second lever, for a map over both.", metavar="LEVER")]


def tip(
    decision: Decision = None,
    scenario: Base = options.DEFAULT,
    over: Over = None,
    and_: And = None,
    runs: options.Runs = 500,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Find what turns a decision: the value of one number at which it is even, or the smallest single change of all.

    Example: `sim tip may-confirmation --over deference-weight --runs 2000`
    """
    from sim.analysis import tipping_points
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.results.folder import check_place

    if and_ is not None and over is None:
        raise UserError(f"--and {and_}: a map needs two levers: give the first with --over")
    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior, posterior)
    levers = tuple(words for words in (over, and_) if words is not None)
    with terminal.progress(runs) as report:
        found = tipping_points.turned(debate, levers, decision, runs, seed, Executor(workers, cluster, report=report))
    if isinstance(found, tipping_points.Turning):
        _show_turning(found)
    elif isinstance(found, tipping_points.Smallest):
        _show_smallest(found)
    else:
        terminal.show(_map(found))
    folder = outputs.publish_tipping(out, found)
    terminal.show(f"Tables, figures and manifest: {folder}")


def _show_turning(found: Turning) -> None:
    lever = found.lever
    table = terminal.table(
        f"{found.decision} over {lever.name}", ("value", "right"), ("put and carried", "right"), ("95 %", "right")
    )
    for row in terminal.rows(found.table):
        share, interval = _hundredths(row.probability), f"{_hundredths(row.low)} to {_hundredths(row.high)}"
        table.add_row(lever.shown(row.value), share, interval)
    terminal.show(table, f"As the debate is: {lever.name} {lever.shown(lever.now)}, {_hundredths(found.share)}.")
    if found.at != found.at:
        terminal.show("It turns nowhere in this range: nowhere is it even.")
        return
    ends = " to ".join(lever.shown(end) for end in found.interval)
    terminal.show(f"It is even at {lever.name} = {lever.shown(found.at)} (95 % of bootstrap samples of draws: {ends}).")


def _hundredths(share: float) -> str:
    return f"{100 * share:.1f} %"


def _show_smallest(found: Smallest) -> None:
    table = terminal.table(
        f"What turns {found.decision}, put and carried in {_hundredths(found.share)} of histories",
        *(("lever", "left"), ("now", "right"), ("even at", "right"), ("of its range", "right")),
        *(("at one end", "right"), ("at the other", "right")),
    )
    turning = found.table[found.table.tipping.notna()]
    for row in terminal.rows(turning.head(MOST_LEVERS)):
        ends = (_hundredths(row.probability_low), _hundredths(row.probability_high))
        table.add_row(row.lever, f"{row.now:.3g}", f"{row.tipping:.3g}", f"{100 * row.change:.0f} %", *ends)
    terminal.show(table, f"{len(turning)} of {len(found.table)} levers turn it by themselves.")


def _map(found: Map) -> Table:
    values = sorted(found.table.two.unique())
    table = terminal.table(
        f"{found.decision}, put and carried (%): {found.one.name} down, {found.two.name} across",
        *(("", "right"), *((found.two.shown(value), "right") for value in values)),
    )
    for one, rows in found.table.groupby("one"):
        shares = [f"{100 * row.probability:.0f}" for row in terminal.rows(rows.sort_values("two"))]
        table.add_row(found.one.shown(float(str(one))), *shares)
    return table


Body = Annotated[
    str | None, typer.Argument(metavar="[BODY]", help="The id of a body; the one of the last decision compared.")
]


def power(
    body: Body = None,
    scenario: Base = options.DEFAULT,
    runs: options.Runs = 500,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    resume: options.Resume = False,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Power in a body: by the rules alone, by the votes as they fall, and by what comes of each first stance.

    Example: `sim power politburo --runs 1000`
    """
    from sim.analysis import power as powers
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.results.folder import check_place

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior, posterior)
    with terminal.progress(runs) as report:
        executor = Executor(workers, cluster, out / options.UNFINISHED, resume, report)
        found = powers.power(debate, body, runs, seed, executor)
    terminal.show(_power(found), POWER_NOTE)
    folder = outputs.publish_power(out, found)
    executor.delete()
    terminal.show(f"Tables, figures and manifest: {folder}")


POWER_NOTE = (
    "Shapley-Shubik, Banzhaf: of the seats and the procedure alone. Pivotal: histories in which his vote would have "
    "turned a ballot.\nInfluence: units by which the voters' mean stance moves for one unit of his first stance. "
    "Leverage: hundredths by which the chance\nof carrying moves, either way.\n"
)


def _power(found: Power) -> Table:
    many = "one ballot" if len(found.ballots) == 1 else f"{len(found.ballots)} ballots"
    table = terminal.table(
        f"Power in {found.body}, over {many}",
        *(("member", "left"), ("votes", "right"), ("Shapley-Shubik", "right"), ("Banzhaf", "right")),
        *(("takes part", "right"), ("pivotal", "right"), ("influence", "right"), ("leverage", "right")),
    )
    for row in terminal.rows(found.table):
        formal = (f"{row.votes:.3g}", f"{100 * row.shapley_shubik:.1f} %", f"{100 * row.banzhaf:.1f} %")
        played = (terminal.percent(row.attends), _hundredths(row.pivotal), f"{row.influence:.3f}")
        table.add_row(row.member, *formal, *played, f"{100 * row.leverage:.1f}")
    return table


def sensitivity(
    decision: Decision = None,
    scenario: Base = options.DEFAULT,
    runs: Annotated[int, typer.Option(help="Histories of each design point, a multiple of 8.", min=1)] = 16,
    size: Annotated[int, typer.Option(help="Of the design: a power of 2.", min=2, max=2**16)] = 128,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    resume: options.Resume = False,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
) -> None:
    """What decisions hang on: how much of their variance is due to which uncertain parameter (Sobol indices).

    Example: `sim sensitivity december-rescission --size 256`
    """
    from sim.analysis import sensitivity as sensitivities
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.results.folder import check_place
    from sim.scenario.scenario import decision_of

    check_place(out)
    # The assumed laws are independent, a posterior is not: the indices are those of the laws.
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    shown = decision_of(debate, decision)
    with terminal.progress(runs * size * (len(sensitivities.factors(debate)) + 2)) as report:
        executor = Executor(workers, cluster, out / options.UNFINISHED, resume, report)
        found = sensitivities.sensitivity(debate, runs, size, seed, executor)
    terminal.show(_indices(found, shown))
    folder = outputs.publish_sensitivity(out, found)
    executor.delete()
    terminal.show(f"Tables, of every decision, and manifest: {folder}")


def _indices(found: Sensitivity, decision: str) -> Table:
    """The parameters that a decision hangs on most, and beside it how far its voters lie apart."""
    table = terminal.table(
        f"What {decision} hangs on: shares of the variance over {len(found.made.shares)} design points",
        *(("parameter", "left"), ("carried: alone", "right"), ("in all", "right")),
        *(("dispersion: alone", "right"), ("in all", "right")),
    )
    rows = found.table[found.table.decision == decision]
    apart = rows[rows.measure == "dispersion"].set_index("parameter")
    for row in terminal.rows(rows[rows.measure == "carried"].head(MOST_LEVERS)):
        other = apart.loc[row.parameter]
        cells = [(row.first, row.first_error), (row.total, row.total_error)]
        cells += [(other["first"], other.first_error), (other.total, other.total_error)]
        table.add_row(row.parameter, *(f"{value:.2f} ± {error:.2f}" for value, error in cells))
    return table

"""The table of a measurement: what was measured, as ratios first, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from benchmarks import inside
from benchmarks.committee import Committee
from benchmarks.limit import FLAGS, WHOLE, to_gain
from benchmarks.measurement import AGENTPY, ALL, BATCH_1, BATCH_2, LIMIT, MESA, NDLIB, NUMPY, ONE, SHIPPED, Times
from benchmarks.rounds import ratio
from benchmarks.waits import COMMANDS, IMPORTS
from benchmarks.whole import exponents

#: Operations on one pair of members in one talk, both directions, as the core does them: the gap, its closeness, and
#: for either the weight, the pull and what is heard.
OPERATIONS_A_PAIR = {"soft": 18, "hard": 15}
MIB = 2**20

Found = Mapping[str, Any]


def per_second(times: Iterable[float]) -> float:
    """Units a second, by the median round."""
    return 1.0 / median(times)


def pairs_computed(committee: Committee) -> float:
    """Unordered pairs that the core goes through in one history: absent members count with weight 0."""
    return committee.weeks * committee.members * (committee.members - 1) / 2


def share_of_limit(found: Found, rule: str) -> float:
    """Operations a second of talk alone, as a share of the multiply-adds that one thread can do."""
    times, committee = found["inside"][rule], Committee(rule)
    done = OPERATIONS_A_PAIR[rule] * pairs_computed(committee) / median(times["talks"])
    return done * median(times[LIMIT])


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _table(*header: str) -> list[str]:
    return [_row(*header), _row(*(["---"] + ["---:"] * (len(header) - 1)))]


def peers(found: Found, rule: str) -> list[str]:
    """Everybody on the test debate under one rule."""
    times: Times = found["peers"][rule]
    rows = _table(
        f"{rule} bound", "histories a second", "one history, ms", f"{ALL} is faster by", f"{ONE} is faster by"
    )
    for name in (ALL, ONE, NUMPY, MESA, BATCH_1, BATCH_2, AGENTPY, NDLIB):
        if name in times:
            ratios = [f"{ratio(times[name], times[ours]):,.1f}" for ours in (ALL, ONE)]
            rows.append(_row(name, f"{per_second(times[name]):,.0f}", f"{1000 * median(times[name]):.3g}", *ratios))
    return rows


def speed(found: Found) -> list[str]:
    """How many histories, and pairs, a second; how much of it is random numbers; how near the machine's limit."""
    rows = _table("", "histories a second", "pairs a second", "random numbers", "of the limit, in talk")
    for rule in found["peers"]:
        rate = per_second(found["peers"][rule][ALL])
        randomness = median(found["inside"][rule]["random numbers"]) / median(found["inside"][rule]["a whole chunk"])
        pairs = f"{rate * Committee(rule).interactions / 1e9:.2f} G"
        rows.append(
            _row(f"{rule} bound", f"{rate:,.0f}", pairs, f"{randomness:.0%}", f"{share_of_limit(found, rule):.0%}")
        )
    shipped = found["inside"][SHIPPED]
    randomness = median(shipped["random numbers"]) / median(shipped["a whole chunk"])
    rows.append(_row(SHIPPED, f"{per_second(found['shipped'][ALL]):,.0f}", "", f"{randomness:.0%}", ""))
    return rows


def parts(found: Found) -> list[str]:
    """Where the time of one history goes, each part played alone."""
    names = list(found["inside"])
    rows = _table("µs a history, 1 thread", *names)
    for part in ("a whole chunk", *inside.DISJOINT, "random numbers"):
        cells = [
            f"{1e6 * median(found['inside'][name][part]):.2f}" if part in found["inside"][name] else ""
            for name in names
        ]
        rows.append(_row(f"{part} (within the others)" if part == "random numbers" else part, *cells))
    return rows


def in_c(found: Found) -> list[str]:
    """What the inner parts of a history take here and in C, and what a whole chunk would gain."""
    limits = {name: one for name, one in found["limit"].items() if one}
    if not limits:
        return ["Not measured: there was no C compiler on this machine."]
    rows = _table("µs a history, 1 thread", *(f"{name}, {who}" for name in limits for who in ("here", "in C")))
    for part in dict.fromkeys(part for one in limits.values() for part in one["parts"]):
        times = (one["parts"][part][who] for one in limits.values() for who in ("ours", "in C"))
        rows.append(_row(part, *(f"{1e6 * median(rounds):.2f}" for rounds in times)))
    rows.append(_row("a whole chunk", *(cell for one in limits.values() for cell in (_whole(one), ""))))
    told = (f"{name} {to_gain(one):.0%}" for name, one in limits.items())
    gain = "With those of these parts in C that are faster there, a whole chunk would take so much less time"
    return [*rows, "", f"{gain}: {', '.join(told)}."]


def _whole(measured: Found) -> str:
    return f"{1e6 * median(measured[WHOLE]):.2f}"


def growth(found: Found) -> list[str]:
    """How the time of one history grows with their number, of one talk with its members, of a line with the file."""
    histories: Times = found["histories"]
    base = min(histories, key=lambda runs: abs(int(runs) - 20_000))
    rows = _table("histories", "µs a history", f"times that at {int(base):,}")
    for runs, times in histories.items():
        rows.append(_row(f"{int(runs):,}", f"{1e6 * median(times):.2f}", f"{ratio(times, histories[base]):.2f}"))
    members: Times = found["members"]
    smallest = next(iter(members))
    rows += ["", *_table("members", "µs a talk and history", "times the smallest", "times as many pairs")]
    for number, times in members.items():
        pairs = int(number) * (int(number) - 1) / (int(smallest) * (int(smallest) - 1))
        rows.append(
            _row(
                f"{int(number):,}",
                f"{1e6 * median(times):.3g}",
                f"{ratio(times, members[smallest]):,.1f}",
                f"{pairs:,.1f}",
            )
        )
    length: Times = found["length"]
    shortest = next(iter(length))
    rows += ["", *_table("a file of so many members and talks", "µs a line", "times the shortest")]
    for size, times in length.items():
        told = " and ".join(f"{int(number):,}" for number in size.split())
        rows.append(_row(told, f"{1e6 * median(times):.1f}", f"{ratio(times, length[shortest]):.2f}"))
    return rows


def whole(found: Found) -> list[str]:
    """How all that a command takes grows with one number, and with which power of it between neighbouring sizes."""
    rows = _table("", "first line, s", "power", "to the end, s", "power", "memory, MiB", "power")
    for term, grown in found["whole"].items():
        powers = {what: ["", *(f"{one:.2f}" for one in exponents(grown, what))] for what in ("first", "cpu", "peak")}
        for number, (size, taken) in enumerate(grown.items()):
            cells = (f"{taken['first']:.1f}", f"{taken['cpu']:.1f}", f"{taken['peak'] / MIB:,.0f}")
            pairs = zip(cells, powers.values(), strict=True)
            rows.append(_row(f"{int(size):,} {term}", *(cell for one, power in pairs for cell in (one, power[number]))))
    return rows


def memory(found: Found) -> list[str]:
    """The most memory that a fresh process had."""
    sizes = list(next(iter(found["memory"].values())))
    rows = _table("peak memory, MiB", *(f"{int(runs):,} histories" for runs in sizes))
    for name, peaks in found["memory"].items():
        rows.append(_row(name, *(f"{peaks[runs] / MIB:,.0f}" for runs in sizes)))
    told = (f"among {int(members):,} members {peak / MIB:,.0f} MiB" for members, peak in found["influence"].items())
    return [*rows, "", f"Finding out who moved whom takes {', '.join(told)}."]


def waits(found: Found) -> list[str]:
    """What a user waits for, as times of the imports measured in turn with it, and in seconds."""
    rows = _table(
        "`sim ...`", "first line", "to the end", "bar", "processor, s", "wall, s", "memory, MiB", "first call ever, s"
    )
    for command, measured in found["waits"].items():
        unit, second, bar = measured["imports"]["cpu"], measured["second"], COMMANDS.get(command)
        times = [f"{seconds / unit:.2f}" for seconds in (second["first"], second["cpu"])]
        seconds = [f"{second[name]:.2f}" for name in ("cpu", "wall")]
        first = f"{measured['first']['cpu']:.1f}" if "first" in measured else ""
        rows.append(_row(f"`{command}`", *times, bar or "", *seconds, f"{second['peak'] / MIB:,.0f}", first))
    return rows


def machine(found: Found) -> str:
    """The machine in a line."""
    return ", ".join(f"{name} {said}" for name, said in found["machine"].items())


def page(found: Found) -> str:
    """The whole page."""
    limit = 1e-9 / median(found["inside"]["soft"][LIMIT])
    imports = median(measured["imports"]["cpu"] for measured in found["waits"].values())
    sections = [
        "# How fast it is",
        "Made by `make bench`: everybody in turn in every round of one run, medians of the rounds, ratios within"
        " rounds. The debate: 27 members, 70 weekly talks, noise, eleven ballots; `benchmarks/committee.py` has the"
        " numbers. The run checks that all play the same debate; NDlib has no noise and no ballots, so that its nearest"
        " model is timed and not compared.",
        f"Measured on: {machine(found)}. One thread does at most {limit:.0f} G additions and multiplications a second.",
        "![Histories a second, and how the time grows](results.png)",
        "## What a user waits for",
        f'Processor seconds of a call, as times of `python -c "{IMPORTS}"` in turn with it, medians of three'
        f" ({imports:.2f} s): until its first line is on the screen and to its end, when what it compiles is on disk"
        " from a call before. A bar is what the end should stay below. The first call ever compiles, in so many"
        " processor seconds.",
        "\n".join(waits(found)),
        "## Beside the others",
        *("\n".join(peers(found, rule)) for rule in found["peers"]),
        "## How much, and near which limit",
        "\n".join(speed(found)),
        "A pair is one member hearing one other, both present. The limit is that of"
        " fused multiply-adds, which the core may not use: they would give other bits on other machines.",
        "## Where the time goes",
        "\n".join(parts(found)),
        "## Beside plain C",
        "The inner parts written again in C (`benchmarks/limit.c`: the same operations on the same tables to the same"
        f" bits, `cc {' '.join(FLAGS[:-2])}`), of which the faster of two ways of going through the pairs of a"
        " talk counts; a history has as many of each as its debate.",
        "\n".join(in_c(found)),
        "## Growth",
        "\n".join(growth(found)),
        "A whole `sim replay` with its figures, of a debate in which one number grows, and an overview of more and more"
        " what-ifs; processor seconds. A power of 1 is in proportion; the pairs of a talk, and the table of who moved"
        " whom among them, grow with the square of the members.",
        "\n".join(whole(found)),
        "\n".join(memory(found)),
    ]
    return "\n\n".join(sections) + "\n"

"""Invented debates for the tests of figures, and the shipped ones played a few times."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.influence import influence
from sim.analysis.polarisation import MEASURES
from sim.analysis.polarisation import polarisation as polarisation_of
from sim.ensembles import ensemble
from sim.ensembles.ensemble import Ensemble
from sim.figures import FigureData
from sim.figures.charts import ballots, decisions, influence_matrix, members, polarisation, policy, stances
from sim.figures.data import COLUMNS
from sim.figures.labels import of_tables
from sim.scenario.scenario import load

#: Every figure of a picture, by the name of its kind.
DRAWN: dict[str, Callable[[FigureData], Figure]] = {
    "stances": stances.stances,
    "members": members.small_multiples,
    "decisions": decisions.decisions,
    "ballots": ballots.ballots,
    "policy": policy.policy,
    "influence": influence_matrix.influence,
    "polarisation": polarisation.polarisation,
}
#: The same as attributes.
charts = SimpleNamespace(**DRAWN)

NAMED = ("Lena", "Stan", "Tristan", "Zina", "Kamil", "Boris", "Sokol", "Krasa", "Frum")
#: (date, body, short name, motion, documented, chance): three close together in March, two in October.
BALLOTS = (
    ("1921-11-10", "bureau", "Riga plan", "Reject the plan, brought from the fair, to end it", "carried", 0.93),
    ("1922-01-04", "commission", "First theses", "Adopt the theses on foreign trade", "carried", 0.71),
    ("1922-03-04", "bureau", "Theses", "Adopt the theses on foreign trade, with amendments", "carried", 0.88),
    ("1922-03-10", "bureau", "Final theses", "Approve the theses in final form", "carried", 0.9),
    ("1922-03-13", "presidium", "Decree", "Publish the decision on trade in the newspaper", "", 0.64),
    ("1922-05-22", "bureau", "Confirmation", "Confirm the monopoly and stop everywhere any work on merging the offices"
     " of the council with those of the commissariat", "carried", 0.97),
    ("1922-10-06", "committee", "Relaxation", "Open some ports and allow some goods for a time", "carried", 0.38),
    ("1922-10-16", "committee", "Postponement", "Defer execution and settle it at the plenum", "carried", 0.81),
    ("1922-12-18", "committee", "Reaffirmation", "Rescind the October decision; keep the monopoly", "carried", 0.86),
    ("1923-04-25", "congress", "Congress", "Reaffirm categorically that the monopoly stands", "rejected", 0.55),
)  # fmt: skip


def picture(
    members: int = 27, named: int = 9, stand_ins: int = 0, long_names: bool = False, seed: int = 1
) -> FigureData:
    """An invented debate over 75 weeks, ten ballots and as many people as asked for."""
    random = np.random.default_rng(seed)
    names = list(NAMED) + [f"Member {i}" for i in range(len(NAMED), 99)]
    if long_names:
        names = [f"{name} of the Very Long Department for Everything" for name in names]
    ids = [f"m{i}" for i in range(members)] + [f"delegate-{i}" for i in range(stand_ins)]
    table = pd.DataFrame({
        "member": ids,
        "label": [names[i] for i in range(members)] + [f"Delegate {i}" for i in range(stand_ins)],
        "named": [i < named for i in range(members)] + [False] * stand_ins,
        "group": [""] * members + ["delegates"] * stand_ins,
    })  # fmt: skip
    dates = pd.date_range("1921-11-07", periods=75, freq="7D")
    time = np.linspace(0, 1, 75)
    stances = []
    for i, member in enumerate(ids):
        first = 1.7 if i == 0 else random.uniform(-1.4, 1.2)
        dip = -0.5 * np.exp(-(((time - 0.6) / 0.12) ** 2)) if i else 0
        middle = np.clip(
            first + (1.35 - first) * time**2 * random.uniform(0.3, 1) + dip + random.normal(0, 0.04, 75).cumsum() / 3,
            -2,
            2,
        )
        wide = 0.25 + 0.4 * time
        stances.append(pd.DataFrame({"date": dates, "member": member, "mean": middle, **{
            q: np.clip(middle + z * wide, -2, 2)
            for q, z in (("q05", -1.64), ("q25", -0.67), ("q50", 0), ("q75", 0.67), ("q95", 1.64))
        }}))  # fmt: skip
    moved = pd.concat(stances, ignore_index=True)
    rows = [
        {"decision": f"d{k}", "date": pd.Timestamp(date), "body": body, "motion": motion, "documented": outcome,
         "probability": chance, "low": max(chance - 0.22, 0), "high": min(chance + 0.15, 1), "mc_error": 0.01,
         "score": np.log(chance if outcome == "carried" else 1 - chance) if outcome else np.nan, "put": 0.97,
         "probability_free": np.clip(chance - 0.07, 0, 1), "tally_mean": 14.2, "tally_low": 9.0, "tally_high": 19.0,
         "documented_tally": "14–1" if k == 7 else ""}
        for k, (date, body, _, motion, outcome, chance) in enumerate(BALLOTS)
    ]  # fmt: skip
    ballots = []
    for k in range(len(BALLOTS)):
        for i, member in enumerate(ids):
            if i % 3 and BALLOTS[k][1] == "bureau":
                continue
            yes, no, abstain, absent = random.dirichlet((4, 1.2, 0.3, 0.7) if (i + k) % 4 else (0.4, 3, 0.2, 0.5))
            recorded = ("yes", "no", "abstain")[int(random.integers(3))] if i < 4 and k % 2 else ""
            ballots.append((f"d{k}", member, 0.4, 0.6, yes, no, abstain, absent, recorded))
    marks = [(pd.Timestamp(b[0]), "ballot", b[2], "", pd.NaT, f"d{k}") for k, b in enumerate(BALLOTS)]
    for k in range(30):
        author = f"m{int(random.integers(min(members, 6)))}"
        marks.append(
            (dates[int(random.integers(75))] + pd.Timedelta(days=2), "letter", f"letter {k}", author, pd.NaT, f"l{k}")
        )
    for date, until in (("1921-12-06", "1922-03-01"), ("1922-05-26", "1922-10-01"), ("1922-12-16", "1923-06-30")):
        marks.append((pd.Timestamp(date), "absence", "away", "m0", pd.Timestamp(until), f"a{date}"))
    marks.append((pd.Timestamp("1922-04-03"), "event", "A secretary", "", pd.NaT, "e1"))
    seen = []
    for k in range(30):
        date = dates[int(random.integers(70))]
        until = date + pd.Timedelta(days=90) if k % 5 == 0 else pd.NaT
        evidence = ("documented", "attributed", "conjecture")[k % 3]
        seen.append((f"m{int(random.integers(members))}", date, until, float(random.integers(-1, 3)), evidence))
    sittings = [
        ("bureau", "Bureau", "1921-11-01", "1923-04-30"), ("commission", "Commission", "1921-12-20", "1922-01-10"),
        ("presidium", "Presidium", "1922-03-12", "1922-03-14"), ("committee", "Committee", "1922-10-05", "1922-10-17"),
        ("committee", "Committee", "1922-12-15", "1922-12-19"), ("congress", "Congress", "1923-04-17", "1923-04-25"),
    ]  # fmt: skip
    return with_tables(FigureData(
        title="The trade monopoly",
        question="How far should the state's monopoly of foreign trade go?",
        axis_label="stance on the monopoly, from abolishing it to upholding it",
        low=-2.0,
        high=2.0,
        positions=(
            ("abolish", -2.0), ("loosen", -1.0), ("relax-partly", 0.0), ("uphold", 1.0),
            ("uphold-unconditionally", 2.0),
        ),
        stances=moved,
        decisions=pd.DataFrame(rows),
        ballots=pd.DataFrame(ballots, columns=list(COLUMNS["ballots"])),
        policy=pd.DataFrame({
            "date": dates, "mean": 1.0, "q05": 0.0, "q95": 1.0,
            "q50": np.where((dates > "1922-10-06") & (dates < "1922-12-18"), 0.0, 1.0),
        }),
        members=table,
        marks=pd.DataFrame(marks, columns=list(COLUMNS["marks"])[:-2]).assign(first=pd.NaT, last=pd.NaT),
        observations=pd.DataFrame(seen, columns=["member", "date", "until", "stance", "evidence"]),
        bodies=pd.DataFrame(
            [(body, label, pd.Timestamp(start), pd.Timestamp(end)) for body, label, start, end in sittings],
            columns=["body", "label", "start", "end"],
        ),
    ))  # fmt: skip


def with_tables(drawn: FigureData, seed: int = 5) -> FigureData:
    """The picture with invented tables of policies, influence and polarisation for its people and dates."""
    random = np.random.default_rng(seed)
    dates = pd.DatetimeIndex(sorted(drawn.stances["date"].unique()))
    wide = drawn.high - drawn.low
    late = np.linspace(0, 1, len(dates)) > 0.6
    shares = pd.concat([
        pd.DataFrame({"date": dates, "policy": drawn.low + part * wide, "share": share,
                      "share_as_recorded": np.where(late, ended, began)})
        for part, share, began, ended in ((0.25, 0.1, 0.0, 0.0), (0.5, 0.3, 0.2, 1.0), (1.0, 0.6, 0.8, 0.0))
    ], ignore_index=True)  # fmt: skip
    ids, moved = list(drawn.members["member"]), []
    for i, member in enumerate(ids):
        for mover in ids[: 3 + i % 3]:
            if mover != member:
                net = random.normal(0.02 * (len(ids) - i), 0.05) * wide
                channel = "letter" if i % 2 else "talk"
                moved.append((channel, mover, member, net, net - 0.1, net + 0.1, abs(net) * 1.2))
        moved.append(("initial_stance", member, member, -0.1 * wide, -0.3, 0.1, 0.2 * wide))
        moved += [(channel, "", member, 0.01, -0.1, 0.1, 0.05) for channel in ("noise", "clipping")]
    divided = [
        (date, body, measure, middle, 0.7 * middle, middle, min(1.2 * middle, 1.0))
        for body, start in (("", 0.6), ("bureau", 0.5), ("committee", 0.4))
        for measure in MEASURES
        for date, middle in zip(dates, np.linspace(start, 0.3, len(dates)), strict=True)
    ]
    return dataclasses.replace(
        drawn,
        policy_shares=shares,
        influence=pd.DataFrame(moved, columns=list(COLUMNS["influence"])),
        polarisation=pd.DataFrame(divided, columns=list(COLUMNS["polarisation"])),
    )


def bare() -> FigureData:
    """Three people, one month, one ballot; nothing on record, nobody absent, no letters."""
    whole = picture(members=3, named=2)
    until = whole.stances["date"].min() + pd.Timedelta(days=30)
    return with_tables(dataclasses.replace(
        whole,
        stances=whole.stances[whole.stances["date"] <= until],
        policy=whole.policy[whole.policy["date"] <= until],
        decisions=whole.decisions.head(1).assign(documented="", score=np.nan),
        ballots=whole.ballots[whole.ballots["decision"] == "d0"].assign(documented=""),
        marks=whole.marks[whole.marks["id"] == "d0"],
        observations=whole.observations.head(0),
        bodies=whole.bodies.head(0),
    ))  # fmt: skip


def never_put() -> FigureData:
    """One motion that no history put to the vote, and one at exactly even odds."""
    whole = picture()
    table = whole.decisions.copy()
    table.loc[
        3, ["probability", "low", "high", "score", "probability_free", "tally_mean", "tally_low", "tally_high"]
    ] = np.nan
    table.loc[4, "documented"], table.loc[4, "probability"] = "carried", 0.5
    return dataclasses.replace(whole, decisions=table, shown_only=frozenset({"d4"}))


def many_ballots(count: int = 20) -> FigureData:
    """So many ballots over twenty weeks, on an axis of other units."""
    whole = picture(members=8, named=3)
    dates = pd.date_range("1922-01-03", "1922-05-16", periods=count).normalize()
    repeat = [k % len(BALLOTS) for k in range(count)]
    names = [f"e{k}" for k in range(count)]
    cells = [
        whole.ballots[whole.ballots["decision"] == f"d{k}"].assign(decision=name)
        for k, name in zip(repeat, names, strict=True)
    ]
    labels = [BALLOTS[k][2] for k in repeat]
    flags = pd.DataFrame({"date": dates, "kind": "ballot", "label": labels, "member": "", "until": pd.NaT, "id": names})
    flags = flags.assign(first=pd.NaT, last=pd.NaT)
    scaled = whole.stances.copy()
    scaled.iloc[:, 2:] = (scaled.iloc[:, 2:] + 2) * 12.5
    return with_tables(dataclasses.replace(
        whole,
        low=0.0,
        high=50.0,
        positions=(("never", 0.0), ("monthly", 12.0), ("once-more", 13.0), ("fortnightly", 26.0), ("always", 50.0)),
        stances=scaled,
        decisions=whole.decisions.iloc[repeat].assign(decision=names, date=dates),
        ballots=pd.concat(cells),
        marks=pd.concat([whole.marks[whole.marks["kind"] == "letter"], flags]),
        observations=whole.observations.head(0),
    ))  # fmt: skip


def no_ballots() -> FigureData:
    """A debate in which nothing was ever put to the vote."""
    whole = picture(members=5, named=5)
    marks = whole.marks[whole.marks["kind"] != "ballot"]
    return dataclasses.replace(whole, decisions=whole.decisions.head(0), ballots=whole.ballots.head(0), marks=marks)


_PICTURES: dict[str, Callable[[], FigureData]] = {
    "twenty-seven members": picture,
    "few members": lambda: picture(members=3, named=2),
    "long names": lambda: picture(long_names=True, stand_ins=4),
    "fourteen members, none named": lambda: picture(members=14, named=0),
    "seventy-five with stand-ins": lambda: picture(members=40, stand_ins=35, seed=2),
    "sixty people": lambda: picture(members=60, named=12, seed=3),
    "a month": bare,
    "a motion never put": never_put,
    "no ballots": no_ballots,
    "twenty ballots": many_ballots,
    "three hundred ballots": lambda: many_ballots(300),
    "ninety members": lambda: picture(members=90),
}
#: Each is made once, whoever draws it.
PICTURES = {name: functools.cache(made) for name, made in _PICTURES.items()}


@functools.cache
def figure_of(name: str, data: str) -> Figure:
    """A figure of an invented debate, drawn once for all who only look at it."""
    return DRAWN[name](PICTURES[data]())


def title(figure: Figure) -> str:
    """The heading of a figure: its largest text."""
    return max(figure.texts, key=lambda text: text.get_fontsize()).get_text().replace("\n", " ")


#: The shipped debates, by name and evidence.
SHIPPED = (("library-sunday", "all"), ("monopoly-1922", "all"), ("monopoly-1922", "seed"))


@functools.cache
def played(name: str = "monopoly-1922", evidence: str = "all") -> Ensemble:
    """A few histories of a shipped debate."""
    return ensemble.ensemble(load(name, evidence=evidence), runs=64)


@functools.cache
def shown(name: str = "monopoly-1922", evidence: str = "all") -> FigureData:
    """The whole picture of it, with what is computed only where a figure needs it."""
    many = played(name, evidence)
    more = {"influence": influence(many), "polarisation": polarisation_of(many)}
    return of_tables(many.scenario, {**many.tables, **more})


def data_of(many: Ensemble) -> FigureData:
    """What figures show of an ensemble."""
    return of_tables(many.scenario, many.tables)

"""Roll calls: how votes are written in tables, in words or in the codes of the usual collections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sim.errors import UserError

#: What a cell says besides `yes`, `no` and `abstain`: away; of no seat in the body; and nothing at all.
ABSENT, NO_SEAT, OPEN = "absent", "no seat", ""
#: Where a vote stands in the roll call of a file.
LISTS = {"yes": "yes", "no": "no", "abstain": "abstained", ABSENT: "absent"}
_WORDS = {
    "yes": ["yes", "y", "aye", "ayes", "yea", "for", "pro", "ja", "oui", "+"],
    "no": ["no", "n", "nay", "noes", "against", "contra", "nein", "non", "-", "−", "–"],
    "abstain": ["abstain", "abstained", "abstention", "abstaining", "a", "present"],
    ABSENT: ["absent", "x", "not voting", "nonvoting", "nv", "away", "excused"],
    NO_SEAT: ["no seat", "not a member", "n/a", "."],
}
_BY_WORD = {text: vote for vote, texts in _WORDS.items() for text in texts}
#: By the name that `--codes` takes. voteview: cast codes (Lewis et al., Voteview). un: letters, where an empty cell is
#: somebody who took no part. voeten: the codes of Voeten's collection of votes in the General Assembly.
CODES: Mapping[str, Mapping[str, str]] = {
    "words": {**_BY_WORD, OPEN: OPEN},
    "un": {"y": "yes", "n": "no", "a": "abstain", "x": ABSENT, OPEN: ABSENT},
    "voteview": {
        **dict.fromkeys("123", "yes"), **dict.fromkeys("456", "no"), **dict.fromkeys("78", "abstain"),
        "9": ABSENT, "0": NO_SEAT, OPEN: OPEN,
    },
    "voeten": {"1": "yes", "2": "abstain", "3": "no", "8": ABSENT, "9": NO_SEAT, OPEN: OPEN},
    "binary": {"1": "yes", "0": "no", OPEN: OPEN},
}  # fmt: skip
_EVERY = {text for codes in CODES.values() for text in codes}
_IN_WORDS = {*CODES["words"], *CODES["un"]}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def are_votes(cells: Sequence[str], by_number: bool = True) -> bool:
    """Whether most of the cells of a column are votes, in words or, unless numbers mean something else, in codes."""
    return sum(_folded(cell) in (_EVERY if by_number else _IN_WORDS) for cell in cells) * 2 > len(cells)


def codes_of(table: str, cells: Collection[str], asked: str | None) -> str:
    """The name of the codes that a table's votes are in: as asked, or those that its cells tell. Raises UserError."""
    if asked is not None:
        return asked
    digits = {cell for cell in cells if cell.isdecimal()}
    if not digits:
        return "words"
    fitting = [name for name in ("voteview", "voeten", "binary") if digits <= set(CODES[name])]
    if len(fitting) == 1 or not fitting:
        return fitting[0] if fitting else "words"
    # Voteview's pairs are rare, and a roll call with nothing but them has no plain nay.
    if digits & set("238"):
        return "voeten"
    raise UserError(
        f"{table}: the votes {', '.join(sorted(digits))} mean one thing in one collection and another elsewhere: say "
        f"which by --codes, {' or '.join(fitting)}"
    )


def vote(cell: str, codes: str) -> str | None:
    """What a cell says; None for what is none of the codes."""
    return CODES[codes].get(_folded(cell))

"use strict";
// What the page is about: the debate as it was, and another world beside it.

/** The debate as it was, another world beside it, and what differs. */
class Scene {
  constructor(base) {
    this.base = base;
    this.other = this.comparison = this.title = null;
    /** Whether the other world is of an earlier choice than the reader's last. */
    this.isStale = false;
    this.members = new Map(base.debate.members.map((member) => [member.id, member]));
  }

  member(id) {
    return this.members.get(id) || null;
  }

  /** What the other world is called: by the what-if that makes it, or the reader's. */
  get otherName() {
    return this.isStale ? "the other world before its last change" : this.title ? `“${this.title}”` : "the other world";
  }

  label(id) {
    return this.member(id)?.label || inWords(id || "");
  }

  moment(id) {
    return this.moments.find((moment) => moment.id === id) || null;
  }

  /** What happens in either world, by date, each with its fate in the other: "gone", "rare" (in under half of it) or "new". */
  get moments() {
    const was = this.base.debate.moments,
      is = this.other?.debate.moments || was,
      [before, after] = [was, is].map((moments) => new Set(moments.map(({ id }) => id))),
      fate = (id) => (!after.has(id) ? "gone" : this.comparison?.happened[id]?.[1] < 0.5 ? "rare" : "");
    return [
      ...was.map((moment) => ({ ...moment, fate: fate(moment.id) })),
      ...is.filter(({ id }) => !before.has(id)).map((moment) => ({ ...moment, fate: "new" })),
    ].sort((a, b) => a.date.localeCompare(b.date));
  }

  /** What becomes of a moment, in the record and in the other world. */
  becomes({ id, kind, outcome, fate }) {
    const { comparison, otherName } = this,
      [was, is] = comparison?.happened[id] || [],
      held = kind === "ballot" && comparison && rowsOf(comparison.decisions).find(({ decision }) => decision === id),
      shares = held && `; here put in ${ofHundred(held.put_other)}, carried in ${ofHundred(held.carried_other || 0)}`,
      alone = { gone: `not in ${otherName}`, new: `only in ${otherName}` }[fate];
    if (kind === "ballot") return (fate === "new" ? alone : `in the record ${outcome || "not known"}`) + (shares || "");
    return alone || (is === undefined ? "" : `happens in ${ofHundred(is)} (as it was, ${ofHundred(was)})`);
  }

  /** The ballots of either world, by date. */
  get ballots() {
    return this.moments.filter((moment) => moment.kind === "ballot");
  }
}

"use strict";
// The decisions as the program tables them, and who voted how in one of them.

const VOTES = ["yes", "no", "abstain", "absent"];
/** Where a world has its votes, by view of many histories. */
const VOTES_IN = { recorded: "ballots", free: "ballots_free" };

class Ballots {
  draw(scene, state, moment) {
    this.scene = scene;
    this.state = state;
    this.key = null;
    renew(byId("decisions"), ...made((scene.comparison || scene.base).decided));
    this.move(moment);
  }

  /** Shows who votes how in a ballot. */
  move(moment) {
    if (!moment || this.key === moment.id) return;
    this.key = moment.id;
    for (const row of byId("decisions").querySelectorAll("tr[data-decision]"))
      row.classList.toggle("current", row.dataset.decision === moment.id);
    set("ballot-title", { textContent: `${moment.title}, ${whenOf(moment)}` });
    renew(byId("ballot-says"), ...made(moment.asked));
    const says = "Of 100 histories in which it is put.";
    renew(byId("ballot"), this.table(moment), el("p", { class: "aside" }, says));
  }

  table(moment) {
    const { base, other } = this.scene,
      rows = new Map(this.votes(base, moment.id).map((row) => [row.member, row]));
    if (other)
      for (const is of this.votes(other, moment.id))
        rows.set(is.member, { member: is.member, ...rows.get(is.member), is, yours: is.yes, away: is.absent });
    const bars = { text: "", hidden: "true" },
      bar = (row) => (row?.yes === undefined ? bars : { ...bars, text: Ballots.bar(row) }),
      stance = (what) => [what, (row) => stanceText(row[what]), true],
      share = (head, name) => [head, (row) => inHundred(row[name]), true];
    const columns = [
      ["member", ({ member }) => this.scene.label(member)],
      ["the record", ({ member }) => moment.votes[member] || ""],
      stance("stance"),
      stance("voiced"),
      [bars, bar],
      ...VOTES.map((vote) => share(vote, vote)),
      ...(other ? [[bars, ({ is }) => bar(is)], share("then: yes", "yours"), share("then: absent", "away")] : []),
    ];
    return tableBy(`Who votes how: ${moment.title}`, [...rows.values()], columns, ({ member, yes, yours }) => ({
      "data-elector": member,
      "data-yes": yes,
      "data-yours": yours,
    }));
  }

  votes(world, decision) {
    const { view } = this.state,
      isOne = view === "history",
      table = isOne ? world.history.votes : world[VOTES_IN[view]],
      cast = (row) => Object.fromEntries(VOTES.map((vote) => [vote, isOne ? Number(row.vote === vote) : row[vote]]));
    return rowsOf(table).flatMap((row) => (row.decision === decision ? [{ ...row, ...cast(row) }] : []));
  }

  /** Shares of votes as a bar; the numbers stand beside it. */
  static bar(row) {
    let x = 0;
    const parts = VOTES.map((vote) => {
      const width = 110 * (row[vote] || 0);
      x += width;
      return svg("rect", { x: x - width, y: 0, width, height: 10, class: `vote ${vote}` });
    });
    return canvas(110, 10, { class: "votes" }, ...parts);
  }
}

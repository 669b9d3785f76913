"use strict";
// The decisions of one or two worlds beside the record, and who voted how in one of them.

const VOTES = ["yes", "no", "abstain", "absent"];
/** Where a world has its votes, by view of many histories. */
const VOTES_IN = { recorded: "ballots", free: "ballots_free" };

class Ballots {
  constructor(decisions, title, says, ballot, choose, open) {
    this.decisions = decisions;
    this.title = title;
    this.says = says;
    this.ballot = ballot;
    this.choose = choose;
    this.open = open;
  }

  draw(scene, state, day) {
    this.scene = scene;
    this.state = state;
    this.key = null;
    const { base, comparison } = scene,
      by = (table) => new Map(rowsOf(table).map((row) => [row.decision, row])),
      replayed = by(base.decisions),
      shown = comparison ? by(comparison.decisions) : replayed,
      rows = scene.ballots.map((moment) => ({ moment, own: replayed.get(moment.id), ...shown.get(moment.id) }));
    const columns = [
      ["motion", (row) => this.name(row)],
      ["date", ({ moment }) => ({ text: whenOf(moment), class: "day" })],
      ["the record", ({ moment }) => Ballots.recorded(moment)],
    ];
    if (comparison)
      columns.push(
        shares("as it was: put", "put"),
        shares("as it was: carried", "carried"),
        shares("then: put", "put_other"),
        shares("then: carried", "carried_other"),
        [
          "difference (95 %)",
          ({ difference, low, high }) => `${points(difference)} (${points(low)} to ${points(high)})`,
          ({ low, high }) => (low > 0 || high < 0 ? "sure" : "soft"),
        ],
        ["what becomes of it", ({ said }) => ({ text: capital(said), class: "becomes" })],
      );
    else
      columns.push(shares("put", "put"), shares("carried", "carried"), shares("replayed", "probability"), [
        "95 % of draws",
        ({ low, high }) => (low === null ? "–" : `${percent(low)} to ${percent(high)}`),
        () => "soft",
      ]);
    const table = tableBy("The decisions: the record and the model", rows, columns, (row) => ({
      "data-decision": row.decision,
      "data-probability": row.own?.probability,
      "data-put": row.put,
      "data-carried": row.carried,
      "data-put-other": row.put_other,
      "data-carried-other": row.carried_other,
      "data-difference": row.difference,
    }));
    const runs = (comparison || base).runs.toLocaleString("en"),
      fitted =
        "The model is fitted to these decisions, but for those shown and not compared: what it says of them proves nothing.",
      says = comparison
        ? `Then: ${scene.otherName}. Put and carried: shares of all ${runs} histories of each world; the difference in points.`
        : `Put and carried: shares of all ${runs} histories, in which the model decides by itself. Replayed: the probability ` +
          `that it is carried when every earlier decision went as recorded. ${base.debate.fitted ? fitted : ""}`;
    renew(this.decisions, table, el("p", { class: "aside" }, says));
    this.move(day);
  }

  name({ moment, own }) {
    const aside = !own ? " only in the other world" : moment.fit ? "" : " shown, not compared",
      choose = link(moment.title, () => this.choose(moment.id));
    return el("span", { title: moment.summary }, choose, el("span", { class: "aside" }, aside));
  }

  /** The ballot to show: the one chosen, or the last one held by this day. */
  current(day) {
    const { ballots } = this.scene,
      held = ballots.filter((ballot) => dayOf(ballot.date) <= day);
    return ballots.find((ballot) => ballot.id === this.state.ballot) || held.at(-1) || ballots[0] || null;
  }

  move(day) {
    const moment = this.current(day);
    if (!moment || this.key === moment.id) return;
    const { id, title, summary, if_carried, if_lost, facts } = moment;
    this.key = id;
    for (const row of this.decisions.querySelectorAll("[data-decision]"))
      row.classList.toggle("current", row.dataset.decision === id);
    this.title.textContent = `${title}, ${whenOf(moment)}`;
    renew(
      this.says,
      `${capital(summary)}. Voted on by: ${facts["voted on by"]}. The record: ${facts["the record"]}. If carried: ${if_carried.name}; if lost: ${if_lost.name}. `,
      link("Where this is known from", () => this.open(moment)),
    );
    renew(this.ballot, this.table(moment), el("p", { class: "aside" }, "Shares of the histories in which it is put."));
  }

  table(moment) {
    const { base, other } = this.scene,
      rows = new Map(this.votes(base, moment.id).map((row) => [row.member, row]));
    if (other)
      for (const is of this.votes(other, moment.id))
        rows.set(is.member, { member: is.member, ...rows.get(is.member), is, yours: is.yes, away: is.absent });
    const bars = { text: "", hidden: "true" },
      bar = (row) => (row?.yes === undefined ? bars : { ...bars, text: Ballots.bar(row) }),
      stance = (what) => [what, (row) => stanceText(row[what]), true];
    const columns = [
      ["member", ({ member }) => this.scene.label(member)],
      ["the record", ({ member }) => moment.votes[member] || ""],
      stance("stance"),
      stance("voiced"),
      [bars, bar],
      ...VOTES.map((vote) => shares(vote, vote)),
      ...(other ? [[bars, ({ is }) => bar(is)], shares("then: yes", "yours"), shares("then: absent", "away")] : []),
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

  /** What the record says came of it, and how well that is known. */
  static recorded({ facts, evidence }) {
    return el("span", {}, `${facts["the record"]} `, el("span", { class: `evidence ${evidence}` }, evidence));
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

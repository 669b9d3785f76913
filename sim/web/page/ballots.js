"use strict";
// The decisions beside the record, and who voted how in one of them.

const VOTES = ["yes", "no", "abstain", "absent"];

class Ballots {
  constructor(decisions, title, says, ballot, choose, open) {
    Object.assign(this, { decisions, title, says, ballot, choose, open });
  }

  draw(scene, state, day) {
    Object.assign(this, { scene, state });
    this.key = null;
    const compared = scene.comparison
      ? new Map(rowsOf(scene.comparison.decisions).map((row) => [row.decision, row]))
      : null;
    const heads = [
      "motion",
      "date",
      "documented",
      number("replayed"),
      number("95 % of draws"),
      number("put"),
      number("running free"),
    ];
    if (compared) heads.push(number(scene.otherName), number("difference (95 %)"), number("turns carried / lost"));
    const rows = rowsOf(scene.base.decisions).map((row) => {
      const moment = scene.moment(row.decision),
        both = compared?.get(row.decision);
      const name = el(
        "button",
        { type: "button", class: "link", onclick: () => this.choose(row.decision) },
        moment ? capital(moment.summary) : row.decision,
      );
      const cells = [
        el("span", {}, name, moment?.fit ? "" : el("span", { class: "aside" }, " shown, not compared")),
        { text: moment ? whenOf(moment) : dateOf(dayOf(row.date)), class: "day" },
        `${row.documented || "unknown"}${row.documented_tally ? ` ${row.documented_tally}` : ""}`,
        number(percent(row.probability)),
        number(row.low === null ? "–" : `${percent(row.low)} to ${percent(row.high)}`, "soft"),
        number(percent(row.put)),
        number(percent(row.probability_free)),
      ];
      if (compared) cells.push(...Ballots.differences(both));
      return { cells, attributes: { "data-decision": row.decision, "data-probability": row.probability } };
    });
    this.decisions.replaceChildren(
      tableOf("The decisions: the record and the model", heads, rows),
      el(
        "p",
        { class: "aside" },
        "Replayed: the probability that the motion is carried when every earlier decision went as recorded. " +
          "Put and running free: the share of histories without any correction in which it comes to a vote, and is then carried." +
          (scene.base.debate.fitted
            ? " The model is fitted to these decisions, but for those shown and not compared: what it says of them proves nothing."
            : "") +
          (compared
            ? ` ${capital(scene.otherName)}, difference and turns: shares of all such histories in which it is put and carried; the difference in percentage points.`
            : ""),
      ),
    );
    this.move(day);
  }

  static differences(both) {
    if (!both) return [number("not held"), number("–"), number("–")];
    const certain = both.low > 0 || both.high < 0;
    return [
      number(percent(both.carried_other)),
      number(`${points(both.difference)} (${points(both.low)} to ${points(both.high)})`, certain ? "sure" : "soft"),
      number(`${percent(both.flips_to_carried)} / ${percent(both.flips_to_lost)}`),
    ];
  }

  /** The ballot to show: the one chosen, or the last one held by this day. */
  current(day) {
    const ballots = this.scene.base.debate.moments.filter((moment) => moment.kind === "ballot");
    const held = ballots.filter((ballot) => dayOf(ballot.date) <= day);
    return ballots.find((ballot) => ballot.id === this.state.ballot) || held.at(-1) || ballots[0] || null;
  }

  move(day) {
    const moment = this.current(day);
    if (!moment || this.key === moment.id) return;
    this.key = moment.id;
    for (const row of this.decisions.querySelectorAll("[data-decision]"))
      row.classList.toggle("current", row.dataset.decision === moment.id);
    this.title.textContent = `${moment.title}, ${whenOf(moment)}`;
    const record = moment.outcome
      ? `The record: ${moment.outcome}${moment.tally ? ` ${moment.tally}` : ", the count is not known"}.`
      : "What came of it is not recorded.";
    const ends = `Carried, it leads to “${moment.if_carried.name}”; lost, to “${moment.if_lost.name}”.`;
    this.says.replaceChildren(
      `${capital(moment.summary)}. ${record} ${ends} `,
      el("button", { type: "button", class: "link", onclick: () => this.open(moment) }, "Where this is known from"),
    );
    this.ballot.replaceChildren(this.table(moment));
  }

  table(moment) {
    const base = new Map(this.votes(this.scene.base, moment.id).map((row) => [row.member, row]));
    const other = this.scene.other
      ? new Map(this.votes(this.scene.other, moment.id).map((row) => [row.member, row]))
      : null;
    const names = [...new Set([...base.keys(), ...(other ? other.keys() : [])])];
    const heads = [
      "member",
      "documented",
      number("stance"),
      number("voiced"),
      "votes",
      number("yes"),
      number("no"),
      number("abstains"),
      number("absent"),
    ];
    if (other) heads.push(`in ${this.scene.otherName}`, number("yes"), number("absent"));
    const rows = names.map((name) => {
      const was = base.get(name),
        yours = other?.get(name);
      const shares = was ? VOTES.map((vote) => number(percent(was[vote]))) : VOTES.map(() => number("–"));
      const cells = [
        this.scene.label(name),
        moment.votes[name] || "",
        number(was ? stanceText(was.stance) : "–"),
        number(was ? stanceText(was.voiced) : "–"),
        was ? Ballots.bar(was) : "",
        ...shares,
      ];
      if (other)
        cells.push(
          yours ? Ballots.bar(yours) : "",
          number(yours ? percent(yours.yes) : "–"),
          number(yours ? percent(yours.absent) : "–"),
        );
      return {
        cells,
        attributes: { "data-elector": name, "data-yes": was ? was.yes : null, "data-yours": yours ? yours.yes : null },
      };
    });
    return tableOf(`Who votes how: ${moment.title}`, heads, rows);
  }

  votes(world, decision) {
    if (this.state.view === "history") {
      return rowsOf(world.history.votes)
        .filter((row) => row.decision === decision)
        .map((row) => ({ ...row, ...Object.fromEntries(VOTES.map((vote) => [vote, Number(row.vote === vote)])) }));
    }
    return rowsOf(this.state.view === "recorded" ? world.ballots : world.ballots_free).filter(
      (row) => row.decision === decision,
    );
  }

  /** Shares of votes as a bar; the numbers stand beside it. */
  static bar(row) {
    const drawing = canvas(110, 10, { "aria-hidden": "true", class: "votes" });
    let x = 0;
    for (const vote of VOTES) {
      const width = 110 * (row[vote] || 0);
      if (width > 0) drawing.append(svg("rect", { x, y: 0, width, height: 10, class: `vote ${vote}` }));
      x += width;
    }
    return drawing;
  }
}

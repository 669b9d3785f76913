"use strict";
// The decisions of one or two worlds beside the record, and who voted how in one of them.

const VOTES = ["yes", "no", "abstain", "absent"];

class Ballots {
  constructor(decisions, title, says, ballot, choose, open) {
    this.decisions = decisions;
    this.title = title;
    this.says = says;
    this.ballot = ballot;
    this.choose = choose;
    this.open = open;
    // On paper the decisions are there whether or not they are unfolded.
    const around = decisions.closest("details");
    addEventListener("beforeprint", () => {
      this.wasOpen = around.open;
      around.open = true;
    });
    addEventListener("afterprint", () => {
      around.open = this.wasOpen;
    });
  }

  /** Every decision of either world: {decision, date, own: its row in the replay, both: its row in the comparison}. */
  static rows({ base, comparison }) {
    const rows = new Map();
    const add = (table, as) => {
      for (const row of rowsOf(table)) {
        const { decision, date } = row;
        rows.set(decision, { decision, date, ...rows.get(decision), [as]: row });
      }
    };
    add(base.decisions, "own");
    if (comparison) add(comparison.decisions, "both");
    return [...rows.values()].sort((a, b) => a.date.localeCompare(b.date));
  }

  draw(scene, state, day) {
    this.scene = scene;
    this.state = state;
    this.key = null;
    const { base, comparison } = scene,
      sure = ({ both }) => (both.low > 0 || both.high < 0 ? "sure" : "soft");
    const columns = [
      ["motion", (row) => this.name(row)],
      ["date", ({ decision, date }) => ({ text: this.when(decision, date), class: "day" })],
      ["documented", ({ own }) => (own ? `${own.documented || "unknown"} ${own.documented_tally}`.trim() : "–")],
      ...(comparison
        ? [
            shares("as it was: put", ({ both }) => both.put),
            shares("as it was: carried", ({ both }) => both.carried),
            shares("then: put", ({ both }) => both.put_other),
            shares("then: carried", ({ both }) => both.carried_other),
            [
              "difference (95 %)",
              ({ both }) => `${points(both.difference)} (${points(both.low)} to ${points(both.high)})`,
              sure,
            ],
            ["what becomes of it", ({ both }) => capital(both.said)],
          ]
        : [
            shares("put", ({ own }) => own.put),
            shares("carried", ({ own }) => own.carried),
            shares("replayed", ({ own }) => own.probability),
            [
              "95 % of draws",
              ({ own }) => (own.low === null ? "–" : `${percent(own.low)} to ${percent(own.high)}`),
              () => "soft",
            ],
          ]),
    ];
    const table = gridOf(
      "The decisions: the record and the model",
      Ballots.rows(scene),
      columns,
      ({ decision, own, both }) => ({
        "data-decision": decision,
        "data-probability": own?.probability,
        "data-put": both ? both.put : own.put,
        "data-carried": both ? both.carried : own.carried,
        "data-put-other": both?.put_other,
        "data-carried-other": both?.carried_other,
      }),
    );
    const runs = (comparison || base).runs.toLocaleString("en"),
      says = comparison
        ? `Then: ${scene.otherName}. Put and carried: shares of all ${runs} histories of each world; the difference in percentage points.`
        : `Put and carried: shares of all ${runs} histories, in which the model decides by itself. ` +
          "Replayed: the probability that the motion is carried when every earlier decision went as recorded." +
          (base.debate.fitted
            ? " The model is fitted to these decisions, but for those shown and not compared: what it says of them proves nothing."
            : "");
    renew(this.decisions, table, el("p", { class: "aside" }, says));
    this.move(day);
  }

  name({ decision, own }) {
    const moment = this.scene.moment(decision),
      aside = !own ? " only in the other world" : moment?.fit ? "" : " shown, not compared";
    return el(
      "span",
      { title: moment?.summary },
      link(moment?.title || inWords(decision), () => this.choose(decision)),
      aside ? el("span", { class: "aside" }, aside) : null,
    );
  }

  when(decision, date) {
    const moment = this.scene.moment(decision);
    return moment ? whenOf(moment) : dateOf(dayOf(date));
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
    this.key = moment.id;
    for (const row of this.decisions.querySelectorAll("[data-decision]"))
      row.classList.toggle("current", row.dataset.decision === moment.id);
    this.title.textContent = `${moment.title}, ${whenOf(moment)}`;
    const record = moment.outcome
      ? `The record: ${moment.outcome}${moment.tally ? ` ${moment.tally}` : ", the count is not known"}.`
      : "What came of it is not recorded.";
    renew(
      this.says,
      `${capital(moment.summary)}. ${record} Carried, it leads to “${moment.if_carried.name}”; lost, to “${moment.if_lost.name}”. `,
      link("Where this is known from", () => this.open(moment)),
    );
    renew(this.ballot, this.table(moment), el("p", { class: "aside" }, this.counted(moment)));
  }

  /** Of which histories the shares of votes are. */
  counted(moment) {
    if (this.state.view === "history") return "One history of each world.";
    if (this.state.view === "recorded") return "Shares of all histories, earlier decisions as recorded.";
    const row = Ballots.rows(this.scene).find((one) => one.decision === moment.id),
      { both, own } = row,
      of = both
        ? `${percent(both.put)} as it was, ${percent(both.put_other)} in ${this.scene.otherName}`
        : percent(own.put);
    return `Shares of the histories in which it is put: ${of}.`;
  }

  table(moment) {
    const { base, other } = this.scene,
      of = (world) => new Map(world ? this.votes(world, moment.id).map((row) => [row.member, row]) : []),
      [was, is] = [base, other].map(of);
    const votes = (world, all) => [
      ["votes", (name) => (world.has(name) ? Ballots.bar(world.get(name)) : "")],
      ...(all ? VOTES : ["yes", "absent"]).map((vote) => shares(vote, (name) => world.get(name)?.[vote])),
    ];
    const stance = (what) => [what, (name) => stanceText(was.get(name)?.[what]), true];
    const columns = [
      ["member", (name) => this.scene.label(name)],
      ["documented", (name) => moment.votes[name] || ""],
      stance("stance"),
      stance("voiced"),
      ...votes(was, true),
      ...(other ? votes(is).map(([head, ...cell]) => [`then: ${head}`, ...cell]) : []),
    ];
    return gridOf(`Who votes how: ${moment.title}`, [...new Set([...was.keys(), ...is.keys()])], columns, (name) => ({
      "data-elector": name,
      "data-yes": was.get(name)?.yes,
      "data-yours": is.get(name)?.yes,
    }));
  }

  votes(world, decision) {
    const { view } = this.state,
      table = view === "history" ? world.history.votes : world[view === "recorded" ? "ballots" : "ballots_free"],
      rows = rowsOf(table || {}).filter((row) => row.decision === decision);
    if (view !== "history") return rows;
    return rows.map((row) => ({
      ...row,
      ...Object.fromEntries(VOTES.map((vote) => [vote, Number(row.vote === vote)])),
    }));
  }

  /** Shares of votes as a bar; the numbers stand beside it. */
  static bar(row) {
    let x = 0;
    const parts = VOTES.map((vote) => {
      const width = 110 * (row[vote] || 0);
      x += width;
      return svg("rect", { x: x - width, y: 0, width, height: 10, class: `vote ${vote}` });
    });
    return canvas(110, 10, { "aria-hidden": "true", class: "votes" }, ...parts);
  }
}

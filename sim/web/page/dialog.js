"use strict";
// What is known of one thing, and from where.

class Sources {
  constructor(dialog, content) {
    Object.assign(this, { dialog, content });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  show(title, ...parts) {
    this.content.replaceChildren(
      el(
        "div",
        { class: "bar" },
        el("h2", { id: "dialog-title" }, title),
        el(
          "button",
          { type: "button", class: "round", "aria-label": "Close", onclick: () => this.dialog.close() },
          "✕",
        ),
      ),
      ...parts.filter(Boolean),
    );
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  /** Buttons that close the dialog and do something: {what it says: what it does}. */
  actions(list) {
    const buttons = Object.entries(list).map(([says, act]) =>
      el(
        "button",
        {
          type: "button",
          class: "second",
          onclick: () => {
            this.dialog.close();
            act();
          },
        },
        says,
      ),
    );
    return buttons.length ? el("p", { class: "actions" }, ...buttons) : null;
  }

  moment(scene, moment, actions) {
    const day = dayOf(moment.date),
      played = moment.between ? ` (played on ${dateOf(day)})` : "";
    const until = moment.until ? ` to ${dateOf(dayOf(moment.until))}` : "";
    this.show(
      moment.title,
      el("p", { class: "when" }, `${whenOf(moment)}${until}${played}`),
      moment.summary ? el("p", {}, `${capital(moment.summary)}.`.replace(/([.?!])\.$/, "$1")) : null,
      moment.quote ? el("blockquote", {}, `“${moment.quote}”`) : null,
      this.facts(scene, moment),
      this.origin(scene, moment),
      this.told(scene, moment),
      this.actions(actions),
    );
  }

  facts(scene, moment) {
    const facts = [];
    const add = (name, text) => {
      if (text) facts.push(el("dt", {}, name), el("dd", {}, text));
    };
    const names = (ids) =>
      ids.length > 12
        ? `${ids
            .slice(0, 12)
            .map((id) => scene.label(id))
            .join(", ")} and ${ids.length - 12} more`
        : ids.map((id) => scene.label(id)).join(", ");
    if (moment.argues) add("argues for", `${moment.argues.name}, with strength ${moment.strength} of 5`);
    if (moment.strength !== undefined && !moment.argues)
      add("argues for", "nothing in particular: it informs and moves nobody");
    if (moment.kind !== "absence" && moment.who.length)
      add(moment.kind === "ballot" ? "may vote" : moment.kind === "talk" ? "may speak" : "reaches", names(moment.who));
    if (moment.moved_by) add("moved by", scene.label(moment.moved_by));
    if (moment.if_carried) add("leads to", `${moment.if_carried.name} if carried, ${moment.if_lost.name} if lost`);
    if (moment.kind === "ballot")
      add("the record", `${moment.outcome || "outcome unknown"}${moment.tally ? `, ${moment.tally}` : ""}`);
    if (moment.unfit_because) add("not compared", moment.unfit_because);
    if (moment.conditions.length) add("happens only if", moment.conditions.map((text) => inWords(text)).join("; "));
    return facts.length ? el("dl", {}, ...facts) : null;
  }

  /** Evidence, sources and the remark that goes with them. */
  origin(scene, datum) {
    return el(
      "div",
      { class: "origin" },
      el(
        "p",
        {},
        el("span", { class: `evidence ${datum.evidence}` }, datum.evidence),
        ` ${wording.evidence[datum.evidence]}`,
      ),
      datum.sources.length
        ? el(
            "ul",
            { class: "sources" },
            ...datum.sources.map((key) => this.source(scene.base.debate.sources[key], key)),
          )
        : null,
      datum.note ? el("p", { class: "aside" }, datum.note) : null,
      datum.record.length ? el("p", { class: "aside" }, `In the record: ${datum.record.join(", ")}`) : null,
    );
  }

  source(source, key) {
    if (!source) return el("li", {}, key);
    const said = [source.author, source.title, source.work, source.year].filter(Boolean).join(". ");
    const link =
      source.url && /^https?:\/\//.test(source.url)
        ? el("a", { href: source.url, rel: "noreferrer noopener", target: "_blank" }, source.url)
        : null;
    const remarks = [source.kind, source.leaning ? `leaning: ${source.leaning}` : null, source.limits]
      .filter(Boolean)
      .join("; ");
    return el(
      "li",
      {},
      said,
      link ? el("br", {}) : null,
      link,
      remarks ? el("span", { class: "aside" }, ` ${remarks}`) : null,
    );
  }

  /** What the moment did in the one history. */
  told(scene, moment) {
    if (!scene.base.history.told) return null;
    const rows = rowsOf(scene.base.history.told).filter(
      (row) => row.moment === moment.id && row.member && row.before !== null && row.before !== row.after,
    );
    if (!rows.length) return null;
    const shown = rows.map((row) => ({
      cells: [scene.label(row.member), number(stanceText(row.before, 2)), number(stanceText(row.after, 2))],
    }));
    return el(
      "details",
      {},
      el("summary", {}, `Whom it moved in history ${scene.base.replicate}`),
      el(
        "div",
        { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Whom it moved" },
        tableOf("Whom it moved", ["member", number("from"), number("to")], shown),
      ),
    );
  }

  /** Who somebody is, what the record says of them, what they wrote, and what can be done with them. */
  member(scene, member, actions = {}, open = null) {
    const seen = member.observations.map((one) =>
      el(
        "li",
        {},
        el("span", { class: "when" }, whenOf(one, one.from)),
        ` ${one.says} (${one.what})`,
        one.quote ? el("blockquote", {}, `“${one.quote}”`) : null,
        this.origin(scene, one),
      ),
    );
    const letters = scene.base.debate.moments.filter((moment) => moment.author === member.id);
    this.show(
      member.name,
      this.actions(actions),
      member.offices.length ? el("p", {}, member.offices.join("; ")) : null,
      member.first
        ? el("div", {}, el("p", {}, `First stance: ${member.first.says}`), this.origin(scene, member.first))
        : el("p", {}, "No stance of theirs is recorded at the start: unknown, and drawn at random."),
      seen.length
        ? el("h3", {}, "What the record says of them")
        : el("p", {}, "The record never says where they stood."),
      seen.length ? el("ol", { class: "seen-list" }, ...seen) : null,
      letters.length && open ? el("h3", {}, "What they wrote and said") : null,
      letters.length && open
        ? el(
            "ul",
            {},
            ...letters.map((moment) =>
              el(
                "li",
                {},
                el("span", { class: "when" }, `${whenOf(moment)} `),
                el("button", { type: "button", class: "link", onclick: () => open(moment) }, moment.title),
              ),
            ),
          )
        : null,
    );
  }
}

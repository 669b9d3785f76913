"use strict";
// What is known of one thing, and from where.

class Sources {
  constructor(dialog, content) {
    this.dialog = dialog;
    this.content = content;
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  show(title, ...parts) {
    const close = { type: "button", class: "round", "aria-label": "Close", onclick: () => this.dialog.close() };
    this.content.replaceChildren(
      el("div", { class: "bar" }, el("h2", { id: "dialog-title" }, title), el("button", close, "✕")),
      ...parts.filter(Boolean),
    );
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  /** Buttons that close the dialog and do something: {what it says: what it does}. */
  actions(list) {
    const buttons = Object.entries(list).map(([says, act]) => {
      const onclick = () => {
        this.dialog.close();
        act();
      };
      return el("button", { type: "button", class: "second", onclick }, says);
    });
    return buttons.length ? el("p", { class: "actions" }, ...buttons) : null;
  }

  moment(scene, moment, actions) {
    const day = dayOf(moment.date),
      until = moment.until ? ` to ${dateOf(dayOf(moment.until))}` : "",
      played = moment.between ? ` (played on ${dateOf(day)})` : "";
    this.show(
      moment.title,
      el("p", { class: "when" }, `${whenOf(moment)}${until}${played}`),
      moment.summary ? el("p", {}, `${capital(moment.summary)}.`.replace(/([.?!])\.$/, "$1")) : null,
      Sources.quoted(moment),
      Sources.facts(scene, moment),
      this.origin(scene, moment),
      this.told(scene, moment),
      this.actions(actions),
    );
  }

  static quoted({ quote }) {
    return quote ? el("blockquote", {}, `“${quote}”`) : null;
  }

  static facts(scene, moment) {
    const { kind, who, argues, strength, if_carried: carried, if_lost: lost } = moment,
      reach = { ballot: "may vote", talk: "may speak" }[kind] || "reaches",
      more = who.length > 12 ? ` and ${who.length - 12} more` : "",
      informs = strength === undefined ? "" : "nothing in particular: it informs and moves nobody";
    const facts = {
      "argues for": argues ? `${argues.name}, with strength ${strength} of 5` : informs,
      [reach]:
        kind === "absence"
          ? ""
          : who
              .slice(0, 12)
              .map((id) => scene.label(id))
              .join(", ") + more,
      "moved by": moment.moved_by ? scene.label(moment.moved_by) : "",
      "leads to": carried ? `${carried.name} if carried, ${lost.name} if lost` : "",
      "the record":
        kind === "ballot" ? `${moment.outcome || "outcome unknown"}${moment.tally ? `, ${moment.tally}` : ""}` : "",
      "not compared": moment.unfit_because,
      "happens only if": moment.conditions.map(inWords).join("; "),
    };
    const known = Object.entries(facts).filter(([, text]) => text);
    return known.length
      ? el("dl", {}, ...known.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]))
      : null;
  }

  /** Evidence, sources and the remark that goes with them. */
  origin(scene, { evidence, sources, note, record }) {
    const aside = (text) => (text ? el("p", { class: "aside" }, text) : null);
    return el(
      "div",
      { class: "origin" },
      el("p", {}, el("span", { class: `evidence ${evidence}` }, evidence), ` ${wording.evidence[evidence]}`),
      sources.length
        ? el("ul", { class: "sources" }, ...sources.map((key) => Sources.source(scene.base.debate.sources[key], key)))
        : null,
      aside(note),
      aside(record.length ? `In the record: ${record.join(", ")}` : ""),
    );
  }

  static source(source, key) {
    if (!source) return el("li", {}, key);
    const { url } = source,
      isLink = url && /^https?:\/\//.test(url),
      remarks = [source.kind, source.leaning && `leaning: ${source.leaning}`, source.limits].filter(Boolean).join("; ");
    return el(
      "li",
      {},
      [source.author, source.title, source.work, source.year].filter(Boolean).join(". "),
      isLink ? el("br", {}) : null,
      isLink ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, url) : null,
      remarks ? el("span", { class: "aside" }, ` ${remarks}`) : null,
    );
  }

  /** What the moment did in the one history. */
  told(scene, moment) {
    const rows = rowsOf(scene.base.history.told || {}).filter(
      (row) => row.moment === moment.id && row.member && row.before !== null && row.before !== row.after,
    );
    const stance = (name, when) => [name, (row) => stanceText(row[when], 2), true],
      columns = [["member", (row) => scene.label(row.member)], stance("from", "before"), stance("to", "after")],
      title = `Whom it moved in history ${scene.base.replicate}`;
    return rows.length ? folded(title, gridOf(title, rows, columns)) : null;
  }

  /** Who somebody is, what the record says of them, what they wrote, and what can be done with them. */
  member(scene, member, actions = {}, open = null) {
    const letters = open ? scene.base.debate.moments.filter((moment) => moment.author === member.id) : [],
      { first, observations } = member,
      when = (text) => el("span", { class: "when" }, text);
    const seen = observations.map((one) =>
      el(
        "li",
        {},
        when(whenOf(one, one.from)),
        ` ${one.says} (${one.what})`,
        Sources.quoted(one),
        this.origin(scene, one),
      ),
    );
    const wrote = letters.map((moment) =>
      el(
        "li",
        {},
        when(`${whenOf(moment)} `),
        link(moment.title, () => open(moment)),
      ),
    );
    this.show(
      member.name,
      this.actions(actions),
      member.offices.length ? el("p", {}, member.offices.join("; ")) : null,
      first
        ? el("div", {}, el("p", {}, `First stance: ${first.says}`), this.origin(scene, first))
        : el("p", {}, "No stance of theirs is recorded at the start: unknown, and drawn at random."),
      seen.length
        ? el("h3", {}, "What the record says of them")
        : el("p", {}, "The record never says where they stood."),
      seen.length ? el("ol", { class: "seen-list" }, ...seen) : null,
      wrote.length ? el("h3", {}, "What they wrote and said") : null,
      wrote.length ? el("ul", {}, ...wrote) : null,
    );
  }
}

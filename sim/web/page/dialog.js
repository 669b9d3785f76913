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
      becomes = scene.becomes(moment),
      played = moment.between ? ` (played on ${dateOf(day)})` : "";
    this.show(
      moment.title,
      el("p", { class: "when" }, `${whenOf(moment)}${until}${played}`),
      moment.summary ? el("p", {}, `${capital(moment.summary)}.`.replace(/([.?!])\.$/, "$1")) : null,
      becomes ? el("p", { class: "aside" }, becomes) : null,
      Sources.quoted(moment),
      Sources.facts(moment),
      this.origin(scene, moment),
      this.actions(actions),
    );
  }

  /** Moments that lie together: a list, each with what is known of it. */
  moments(scene, moments, open) {
    const one = (moment) =>
      el(
        "li",
        {},
        whenOf(moment),
        " ",
        link(moment.title, () => open(moment)),
        ` ${scene.becomes(moment)}`,
      );
    this.show(together(scene, moments), el("ul", {}, ...moments.map(one)));
  }

  static quoted({ quote }) {
    return quote ? el("blockquote", {}, `“${quote}”`) : null;
  }

  static facts({ facts }) {
    const rows = Object.entries(facts).flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]);
    return rows.length ? el("dl", {}, ...rows) : null;
  }

  /** Evidence, sources and the remark that goes with them. */
  origin(scene, { evidence, sources, note, record }) {
    const known = [...new Set(sources)].map((key) => scene.base.debate.sources[key]).filter(Boolean),
      codes = record.length ? `In the record: ${record.join(", ")}` : "",
      notes = [note, ...known.map(({ remarks }) => remarks), codes].filter(Boolean);
    return el(
      "div",
      { class: "origin" },
      el("p", {}, el("span", { class: `evidence ${evidence}` }, evidence), ` ${wording.evidence[evidence]}`),
      known.length ? el("ul", { class: "sources" }, ...known.map(Sources.source)) : null,
      notes.length
        ? el(
            "details",
            {},
            el("summary", {}, "Notes of the editors"),
            ...notes.map((text) => el("p", { class: "aside" }, text)),
          )
        : null,
    );
  }

  static source({ says, url }) {
    const isLink = /^https?:\/\//.test(url || "");
    return el("li", {}, isLink ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, says) : says);
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
        ? el("div", {}, el("p", {}, first.says), this.origin(scene, first))
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

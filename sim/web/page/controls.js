"use strict";
// The panel: rows of a few kinds, each with its words and its evidence as the server says them, drawn alike.

class Controls {
  constructor(place, list, choices, touched) {
    this.place = place;
    this.list = list;
    this.choices = choices;
    this.touched = touched;
    this.groups = [];
    this.rows = new Map();
    this.wanted = "";
    this.open = new Set(innerWidth < 760 ? [] : ["happened"]);
  }

  get world() {
    return this.choices.now.world;
  }

  /** The groups of rows that the server offers; see view/panel.py. */
  offer(groups) {
    this.groups = groups;
    for (const { title, rows } of groups)
      for (const row of rows) {
        this.rows.set(row.path.join(), row);
        if (row.slider) this.rows.set(row.slider.path.join(), row.slider);
        const says = (row.options || []).map(({ label }) => label);
        row.text = [title, row.when, row.label, row.found ?? row.aside, row.evidence, ...says].join(" ").toLowerCase();
      }
    this.draw();
  }

  /** Sets what a path leads to; back to what it was if that is the value. */
  set(path, value, usual) {
    if (this.choices.change(({ world }) => put(world, path, value === usual ? null : value))) this.touched();
  }

  draw() {
    // What the reader has opened and shut; a search opens groups for itself.
    if (!this.wanted)
      for (const group of this.place.querySelectorAll("details"))
        this.open[group.open ? "add" : "delete"](group.dataset.key);
    this.wanted = byId("find").value.trim().toLowerCase();
    const { wanted } = this,
      groups = this.groups.map((group) => this.group(group, wanted.split(/\s+/))).filter(Boolean),
      many = groups.reduce((sum, group) => sum + group.querySelectorAll(".control-row").length, 0),
      hits = !wanted || !this.groups.length ? "" : many ? `${many} found` : `Nothing here has “${wanted}”.`;
    renew(this.place, el("p", { class: "aside", role: "status", "data-key": "hits" }, hits), ...groups);
    renew(this.list, ...changesOf(this.world).map((change) => this.entry(change)));
    byId("seed").value = this.choices.now.seed;
  }

  /** A group of those rows that have these words in them, of which there are any, and which there is a world for. */
  group({ name, title, hint, rows }, words) {
    const has = ({ needs, text }) => !this.world.off.includes(needs) && words.every((word) => text.includes(word)),
      found = rows.filter(has);
    if (!found.length) return null;
    const open = this.wanted ? true : this.open.has(name);
    const ontoggle = ({ currentTarget }) => {
      if (currentTarget.open !== open) this.draw();
    };
    return el(
      "details",
      { "data-key": name, open, ontoggle },
      el("summary", {}, title),
      hint && el("p", { class: "aside" }, hint),
      ...(open ? found.map((row) => this.row(row, row.path.join("-"))) : []),
    );
  }

  row(row, id) {
    const tag = row.kind === "choice" ? "fieldset" : "div";
    return el(tag, { class: "control-row", "data-key": `row-${id}` }, ...this[row.kind](row, id));
  }

  /** What a row is about, and how well that is known. */
  words({ when, label, aside, evidence, note }) {
    return [
      el(
        "span",
        {},
        when && el("span", { class: "when" }, `${when} `),
        label,
        aside && el("span", { class: "aside" }, ` ${aside}`),
      ),
      evidence && el("span", { class: `evidence ${evidence}`, title: note }, evidence),
    ];
  }

  /** The label of an input, with the input in it or after it. */
  label(row, id, input = null) {
    return el("label", { class: "control", for: id }, input, ...this.words(row));
  }

  switch(row, id) {
    const is = row.on !== Boolean(valueAt(this.world, row.path)),
      onchange = ({ currentTarget }) => this.set(row.path, currentTarget.checked !== row.on, false);
    return [
      this.label(row, id, el("input", { id, type: "checkbox", checked: is, onchange })),
      is && row.slider && this.range(row.slider, row.slider.path.join("-"), row),
    ];
  }

  choice(row, id) {
    const now = valueAt(this.world, row.path) ?? row.value;
    const option = (one) => {
      const own = `${id}-${one.value}`,
        onchange = () => this.set(row.path, one.value, row.value);
      return this.label(
        one,
        own,
        el("input", { id: own, type: "radio", name: id, checked: one.value === now, onchange }),
      );
    };
    return [
      el("legend", {}, row.label),
      ...row.options.map(option),
      row.aside && el("p", { class: "aside" }, row.aside),
    ];
  }

  slider(row, id) {
    return [this.label(row, id), this.range(row, id)];
  }

  range(row, id, of = null) {
    const held = valueAt(this.world, row.path) ?? row.value;
    return el(
      "span",
      { class: "slider" },
      of && el("label", { for: id, class: "aside" }, row.label, el("span", { class: "unseen" }, ` of ${of.label}`)),
      el("input", {
        type: "range",
        id,
        min: row.low,
        max: row.high,
        step: row.step,
        value: held ?? row.at,
        oninput: ({ currentTarget }) => {
          currentTarget.nextElementSibling.textContent = currentTarget.value;
        },
        onchange: ({ currentTarget }) => this.set(row.path, Number(currentTarget.value), row.value),
      }),
      el("output", { for: id }, held ?? "drawn"),
    );
  }

  seat(row, id) {
    const moved = ({ currentTarget }) => {
      const [who, place] = currentTarget.previousElementSibling.value.split(":");
      if (place) this.set([...row.path, who], place);
    };
    const options = [{ value: "", label: "somebody …" }, ...row.options];
    return [
      this.label(row, id),
      el("select", { id }, ...options.map(({ value, label }) => el("option", { value }, label))),
      el("button", { type: "button", class: "quiet", onclick: moved, "aria-label": `Move, ${row.label}` }, "Move"),
    ];
  }

  /** A change as it stands in the list of what differs; it can be taken back there. */
  entry({ path, value }) {
    const row = this.rows.get(path.join()) || this.rows.get(path.slice(0, -1).join()),
      wanted = row?.kind === "seat" ? `${path.at(-1)}:${value}` : value,
      said = row?.options?.find((option) => option.value === wanted)?.label ?? (value === true ? "" : value),
      text = row ? `${row.says}${said}` : inWords([...path, said].join(" ")),
      onclick = () => this.set(path, null),
      back = { type: "button", class: "quiet", "aria-label": `Take back: ${text}`, onclick };
    return el("li", { "data-key": path.join() }, text, " ", el("button", back, "✕"));
  }
}

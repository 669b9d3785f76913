"use strict";
// Switches for everything that a scenario lets one change, each in the scenario's words and with its evidence.

class Controls {
  constructor(place, changed, choices, touched) {
    Object.assign(this, { place, changed, choices, touched, open: new Set(innerWidth < 760 ? [] : ["happened"]) });
  }

  get world() {
    return this.choices.now.world;
  }

  set(make) {
    if (this.choices.change((state) => make(state.world, state))) this.touched();
  }

  draw(scene) {
    this.scene = scene;
    const { debate } = scene.base,
      kept = document.activeElement?.id;
    if (!byId("find").value)
      for (const details of this.place.querySelectorAll("details[data-group]"))
        this.open[details.open ? "add" : "delete"](details.dataset.group);
    const groups = embedded
      ? []
      : [
          this.ready(scene),
          this.happened(debate),
          this.rooms(debate),
          this.readings(debate),
          this.rules(debate),
          this.parameters(debate),
          this.seed(),
        ];
    this.place.replaceChildren(...groups.filter(Boolean));
    if (kept && byId(kept)) byId(kept).focus();
    this.list(debate);
    this.find(byId("find").value);
  }

  /** Shows the switches that have a text in them, in groups that are then open. */
  find(text) {
    const wanted = text.trim().toLowerCase(),
      rows = this.place.querySelectorAll("details > .control-row, details > .control, details > fieldset");
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    for (const group of this.place.querySelectorAll("details[data-group]"))
      group.open = wanted
        ? Boolean(group.querySelector(":scope > :not(summary, .aside, [hidden])"))
        : this.open.has(group.dataset.group);
  }

  group(name, title, hint, ...rows) {
    if (!rows.length) return null;
    return el(
      "details",
      { "data-group": name, open: this.open.has(name) },
      el("summary", {}, title),
      hint ? el("p", { class: "aside" }, hint) : null,
      ...rows,
    );
  }

  known(datum) {
    return el("span", { class: `evidence ${datum.evidence}`, title: datum.note || "" }, datum.evidence);
  }

  switch(id, label, datum, is, flip) {
    return el(
      "label",
      { class: "control check" },
      el("input", { type: "checkbox", id, checked: is, onchange: (event) => flip(event.target.checked) }),
      " ",
      label,
      " ",
      this.known(datum),
    );
  }

  /** What-ifs that come with the program; several can be put together. */
  ready(scene) {
    const found = scene.base.debate.controls.what_ifs;
    if (!found.length) return null;
    const rows = found.map((one) => {
      const is = this.world.what_ifs.includes(one.name);
      const box = el("input", {
        type: "checkbox",
        id: `ready-${one.name}`,
        checked: is,
        onchange: (event) =>
          this.set((world) => {
            world.what_ifs = event.target.checked
              ? [...world.what_ifs, one.name]
              : world.what_ifs.filter((name) => name !== one.name);
          }),
      });
      return el(
        "label",
        { class: "control check", title: one.why },
        box,
        " ",
        el("span", {}, one.title, is ? el("span", { class: "aside" }, ` ${one.why}`) : null),
      );
    });
    return this.group("ready", "Ready-made", null, ...rows);
  }

  happened(debate) {
    const rows = debate.moments
      .filter((moment) => moment.kind !== "event")
      .map((moment) => {
        const is = !this.world.off.includes(moment.id),
          hasStrength = moment.strength !== undefined && moment.argues;
        const more = moment.falls.length
          ? el(
              "span",
              { class: "aside" },
              ` with it go ${plural(moment.falls.length, "other moment")} that depend on it`,
            )
          : null;
        const label = el("span", {}, el("span", { class: "when" }, whenOf(moment)), ` ${moment.title}`, more);
        const row = el(
          "div",
          { class: "control-row" },
          this.switch(`on-${moment.id}`, label, moment, is, (on) =>
            this.set((world) => {
              world.off = on ? world.off.filter((id) => id !== moment.id) : [...world.off, moment.id];
              if (!on) {
                delete world.strength[moment.id];
                delete world.room[moment.id];
              }
            }),
          ),
        );
        if (hasStrength && is)
          row.append(
            this.slider(
              `strength-${moment.id}`,
              "strength",
              {
                low: 1,
                high: 5,
                step: 0.5,
                value: this.world.strength[moment.id] ?? moment.strength,
                text: (value) => String(value),
                set: (value) =>
                  this.set((world) => {
                    if (value === moment.strength) delete world.strength[moment.id];
                    else world.strength[moment.id] = value;
                  }),
              },
              moment.title,
            ),
          );
        return row;
      });
    const talks = debate.bodies
      .filter((body) => body.talks)
      .map((body) =>
        this.switch(
          `talks-${body.id}`,
          `${body.name}: talks every ${body.talks.weekday[0].toUpperCase()}${body.talks.weekday.slice(1)}`,
          body.talks,
          !this.world.silent.includes(body.id),
          (on) =>
            this.set((world) => {
              world.silent = on ? world.silent.filter((id) => id !== body.id) : [...world.silent, body.id];
            }),
        ),
      );
    return this.group(
      "happened",
      "What happened",
      "Take out a letter, an absence, a talk or a ballot, or write a letter more or less strongly (1 neutral, 3 a full dose, 5 an ultimatum).",
      ...rows,
      ...talks,
    );
  }

  slider(id, name, { low, high, step, value, text, set }, of) {
    const out = el("output", { for: id }, text(value));
    return el(
      "span",
      { class: "slider" },
      el("label", { for: id, class: "aside" }, name, el("span", { class: "unseen" }, ` of ${of}`)),
      el("input", {
        type: "range",
        id,
        min: low,
        max: high,
        step,
        value,
        oninput: (event) => {
          out.textContent = text(Number(event.target.value));
        },
        onchange: (event) => set(Number(event.target.value)),
      }),
      out,
    );
  }

  rooms(debate) {
    const ballots = debate.moments.filter(
      (moment) => moment.kind === "ballot" && !moment.by_correspondence && !this.world.off.includes(moment.id),
    );
    const rows = ballots.map((ballot) => {
      const moved = this.world.room[ballot.id] || {},
        away = awayOn(debate, dayOf(ballot.date));
      const select = el(
        "select",
        { id: `who-${ballot.id}` },
        el("option", { value: "" }, "somebody …"),
        ...ballot.who
          .filter((who) => !this.scene.member(who)?.group)
          .map((who) => el("option", { value: who }, `${this.scene.label(who)}${away.has(who) ? " (away)" : ""}`)),
      );
      const move = (place) =>
        el(
          "button",
          {
            type: "button",
            class: "quiet",
            onclick: () => {
              const who = select.value;
              if (who)
                this.set((world) => {
                  world.room[ballot.id] = { ...world.room[ballot.id], [who]: place };
                });
            },
          },
          place === "in" ? "bring in" : "take out",
        );
      const chips = Object.entries(moved).map(([who, place]) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            onclick: () => this.set((world) => Controls.putBack(world, ballot.id, who)),
          },
          `${this.scene.label(who)} ${place === "in" ? "in the room" : "out of it"} ✕`,
          el("span", { class: "unseen" }, ": put back"),
        ),
      );
      return el(
        "div",
        { class: "control-row" },
        el("label", { for: `who-${ballot.id}` }, el("span", { class: "when" }, whenOf(ballot)), ` ${ballot.title}`),
        el("span", { class: "row" }, select, move("in"), move("out")),
        ...chips,
      );
    });
    return this.group(
      "rooms",
      "Who is in the room",
      "Bring somebody into the room for a ballot, whatever kept them away, or take them out of it.",
      ...rows,
    );
  }

  static putBack(world, ballot, who) {
    delete world.room[ballot][who];
    if (!Object.keys(world.room[ballot]).length) delete world.room[ballot];
  }

  readings(debate) {
    const { controls } = debate;
    const rows = controls.readings.map((reading) =>
      el(
        "fieldset",
        {},
        el("legend", {}, reading.question),
        ...reading.options.map((option) => {
          const is = (this.world.readings[reading.id] || reading.default) === option.id;
          return el(
            "label",
            { class: "control check" },
            el("input", {
              type: "radio",
              name: `reading-${reading.id}`,
              id: `reading-${reading.id}-${option.id}`,
              checked: is,
              onchange: () =>
                this.set((world) => {
                  if (option.id === reading.default) delete world.readings[reading.id];
                  else world.readings[reading.id] = option.id;
                }),
            }),
            " ",
            el("span", {}, option.says),
            " ",
            this.known(option),
          );
        }),
      ),
    );
    const kinds = {
      all: "all that the file says",
      documented: "only what a primary source says",
      seed: "only what the founding document says",
    };
    const now = this.world.evidence || controls.evidence;
    rows.push(
      el(
        "fieldset",
        {},
        el("legend", {}, "Which evidence is kept?"),
        ...Object.entries(kinds).map(([kind, says]) =>
          el(
            "label",
            { class: "control check" },
            el("input", {
              type: "radio",
              name: "evidence",
              id: `evidence-${kind}`,
              checked: kind === now,
              onchange: () =>
                this.set((world) => {
                  world.evidence = kind === controls.evidence ? null : kind;
                }),
            }),
            " ",
            says,
          ),
        ),
      ),
    );
    return this.group(
      "readings",
      "Contested points and evidence",
      "Where the sources disagree, the side that your world takes.",
      ...rows,
    );
  }

  rules(debate) {
    const rows = debate.controls.rules.map((rule) => {
      const id = `rule-${rule.path.replaceAll(".", "-")}`;
      return el(
        "div",
        { class: "control-row" },
        el("label", { for: id }, rule.label),
        el(
          "select",
          {
            id,
            onchange: (event) =>
              this.set((world) => {
                if (event.target.value === rule.value) delete world.rules[rule.path];
                else world.rules[rule.path] = event.target.value;
              }),
          },
          ...rule.options.map((word) =>
            el(
              "option",
              { value: word, selected: (this.world.rules[rule.path] || rule.value) === word },
              inWords(word),
            ),
          ),
        ),
      );
    });
    return this.group("rules", "The rules", null, ...rows);
  }

  parameters(debate) {
    const rows = debate.controls.parameters.map((parameter) => {
      const held = this.world.hold[parameter.id],
        is = held !== undefined,
        middle = parameter.value ?? (parameter.low + parameter.high) / 2;
      const digits = Math.max(0, 3 - Math.ceil(Math.log10(Math.max(parameter.high - parameter.low, 1e-6))));
      const row = el(
        "div",
        { class: "control-row" },
        this.switch(
          `hold-${parameter.id}`,
          el(
            "span",
            {},
            inWords(parameter.id),
            el(
              "span",
              { class: "aside" },
              ` ${parameter.meaning} (${parameter.unit}); ${is ? "held" : parameter.distribution}`,
            ),
          ),
          parameter,
          is,
          (on) =>
            this.set((world) => {
              if (on) world.hold[parameter.id] = Number(middle.toPrecision(3));
              else delete world.hold[parameter.id];
            }),
        ),
      );
      if (is)
        row.append(
          this.slider(
            `value-${parameter.id}`,
            "value",
            {
              low: parameter.low,
              high: parameter.high,
              step: (parameter.high - parameter.low) / 200,
              value: held,
              text: (value) => value.toFixed(digits),
              set: (value) =>
                this.set((world) => {
                  world.hold[parameter.id] = Number(value.toPrecision(4));
                }),
            },
            inWords(parameter.id),
          ),
        );
      return row;
    });
    return this.group(
      "parameters",
      "Parameters",
      "Tick one to hold it at a value; the others are drawn anew for every few histories.",
      ...rows,
    );
  }

  seed() {
    const { now } = this.choices;
    return this.group(
      "seed",
      "Random numbers",
      "Another seed gives both worlds other random numbers.",
      el(
        "div",
        { class: "control-row" },
        el("label", { for: "seed" }, "Seed"),
        el("input", {
          id: "seed",
          type: "text",
          inputmode: "numeric",
          pattern: "[0-9]{1,20}",
          value: now.seed,
          onchange: (event) => {
            const { value } = event.target;
            if (/^\d{1,20}$/.test(value))
              this.set((_, state) => {
                state.seed = value;
              });
            else event.target.value = this.choices.now.seed;
          },
        }),
      ),
    );
  }

  /** What differs, as a list; each entry can be taken back. */
  list(debate) {
    const { world } = this,
      entries = [];
    const entry = (text, back) =>
      entries.push(
        el(
          "li",
          {},
          text,
          " ",
          el(
            "button",
            { type: "button", class: "quiet", onclick: () => this.set(back), "aria-label": `Take back: ${text}` },
            "✕",
          ),
        ),
      );
    const title = (id) => {
      const moment = this.scene.moment(id);
      return moment ? `${moment.title}, ${whenOf(moment)}` : id;
    };
    for (const name of world.what_ifs) {
      const one = debate.controls.what_ifs.find((ready) => ready.name === name);
      entry(one ? one.title : name, (w) => {
        w.what_ifs = w.what_ifs.filter((other) => other !== name);
      });
    }
    for (const id of world.off)
      entry(`Without: ${title(id)}`, (w) => {
        w.off = w.off.filter((other) => other !== id);
      });
    for (const [id, value] of Object.entries(world.strength))
      entry(`Strength ${value}: ${title(id)}`, (w) => {
        delete w.strength[id];
      });
    for (const [ballot, members] of Object.entries(world.room))
      for (const [who, place] of Object.entries(members))
        entry(`${this.scene.label(who)} ${place === "in" ? "in the room" : "out of the room"}: ${title(ballot)}`, (w) =>
          Controls.putBack(w, ballot, who),
        );
    for (const id of world.silent)
      entry(`No weekly talks: ${(debate.bodies.find((body) => body.id === id) || { name: id }).name}`, (w) => {
        w.silent = w.silent.filter((other) => other !== id);
      });
    for (const [id, option] of Object.entries(world.readings))
      entry(`Reading ${inWords(id)}: ${inWords(option)}`, (w) => {
        delete w.readings[id];
      });
    if (world.evidence)
      entry(`Evidence: ${world.evidence}`, (w) => {
        w.evidence = null;
      });
    for (const [path, word] of Object.entries(world.rules))
      entry(`Rule: ${inWords(word)}`, (w) => {
        delete w.rules[path];
      });
    for (const [id, value] of Object.entries(world.hold))
      entry(`${capital(inWords(id))} held at ${value}`, (w) => {
        delete w.hold[id];
      });
    this.changed.replaceChildren(...(embedded ? [] : entries));
  }
}

"use strict";
// Stances by date: a line a member, a band for the chosen one, the policy in force, and where they stand on the day.

/** Decisions that are named on the chart, and pixels between marks that a finger can tell apart. */
const NAMED_DECISIONS = 5,
  FINGER = 24;

class Chart {
  /** `choose(id)` when somebody is chosen, `open(moment)` when a decision, a letter or an absence is. */
  constructor(place, chips, choose, open) {
    Object.assign(this, { place, chips, choose, open });
  }

  /** The series of a world under the chosen view: {days, members, policy}. */
  static series(world, view) {
    const shown = world[view];
    if (!shown.days) shown.days = shown.dates.map(dayOf);
    return shown;
  }

  /** A member's stance on a day, or null where they are not of this world. */
  static stance(world, view, member, day, statistic = "mean") {
    const shown = Chart.series(world, view),
      own = shown.members[member];
    return own?.[statistic] ? own[statistic][placeOf(shown.days, day)] : null;
  }

  draw(scene, state, width) {
    Object.assign(this, { scene, state });
    const { debate } = scene.base,
      { axis } = debate,
      members = debate.members;
    this.shown = members.filter((member) => member.colour !== null || state.others || member.id === state.member);
    const named = this.shown.filter((member) => member.colour !== null || member.id === state.member);
    const scale = acrossTime(width, debate, {
      left: axis.positions.flatMap((position) => Chart.rows(position.name)),
      right: named.map((member) => member.label),
    });
    const top = 40,
      bottom = 30,
      height = scale.wide ? 340 : 330;
    Object.assign(this, { scale, top, floor: height - bottom });
    this.y = (stance) => top + 4 + ((axis.high - stance) / (axis.high - axis.low)) * (height - bottom - top - 8);
    const drawing = canvas(width, height, {
      role: "group",
      class: `chart ${scene.other ? "two" : ""}`,
      "aria-label": this.alternative(),
    });
    const { view } = state,
      chosen = scene.member(state.member);
    this.absences(drawing, chosen);
    const names = this.rules(drawing, axis);
    this.band(drawing, chosen);
    for (const member of [...this.shown].reverse()) this.lines(drawing, member);
    if (scene.base[view].policy) this.policy(drawing, scene.base[view], "");
    if (scene.other?.[view].policy) this.policy(drawing, scene.other[view], "yours");
    this.seen(drawing, chosen);
    this.cursor = svg("line", { class: "cursor", y1: top, y2: this.floor });
    drawing.append(...names, this.cursor);
    this.dots = this.shown.flatMap((member) => this.dotsOf(drawing, member));
    this.endNames(drawing, named);
    this.letters(drawing, named);
    this.decisions(drawing);
    this.place.replaceChildren(drawing, this.key());
    this.legend();
  }

  /** What the signs of the chart mean. */
  key() {
    const line = (kind) => svg("path", { d: "M1 7H19", class: kind });
    return legendOf(
      [line("policy"), "the policy in force"],
      [svg("circle", { cx: 10, cy: 7, r: 4, class: "sent" }), "a letter: click to read it"],
      [svg("circle", { cx: 10, cy: 7, r: 4.5, class: "seen plain" }), "what the record says of whoever is chosen"],
      [svg("rect", { x: 1, y: 1, width: 18, height: 12, class: "away" }), "away"],
    );
  }

  /** A long name in two rows. */
  static rows(name) {
    const words = name.split(" "),
      half = name.length > 16 && words.length > 1 ? Math.ceil(words.length / 2) : words.length;
    return [words.slice(0, half).join(" "), words.slice(half).join(" ")].filter(Boolean);
  }

  alternative() {
    const { base, other } = this.scene;
    const how = {
      recorded: "with decisions as recorded",
      free: "with decisions as the model votes",
      history: "in one history",
    }[this.state.view];
    return (
      `Stances of ${base.debate.people} from ${dateOf(this.scale.first)} to ${dateOf(this.scale.last)}, ${how}` +
      `${other ? `, in the debate as it was and in ${this.scene.otherName}` : ""}. The table below has the numbers of the day.`
    );
  }

  /** Something on the chart that can be opened; of several things, one after another. */
  button(kind, moments, text, ...parts) {
    let turn = 0;
    const open = () => this.open?.(moments[turn++ % moments.length]);
    return svg(
      "g",
      {
        class: kind,
        role: "button",
        tabindex: "0",
        "data-opens": moments.map((moment) => moment.id).join(" "),
        "aria-label": text,
        onclick: open,
        onkeydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          open();
          event.preventDefault();
          event.stopPropagation();
        },
      },
      tip(text),
      ...parts,
    );
  }

  /** When the chosen member was away; of those who never were, when anybody who has a colour was. */
  absences(drawing, chosen) {
    const every = this.scene.base.debate.moments.filter((moment) => moment.kind === "absence"),
      own = every.filter((moment) => moment.member === chosen?.id);
    const found = own.length
      ? own
      : every.filter((moment) => (this.scene.member(moment.member)?.colour ?? null) !== null);
    let free = -Infinity;
    for (const moment of found) {
      const { first, last, at } = this.scale;
      const x = at(Math.max(dayOf(moment.date), first)),
        end = at(Math.min(dayOf(moment.until) + 1, last));
      if (end <= x) continue;
      const text = `${this.scene.label(moment.member)} away`,
        isNamed = x > free && end - x > textWidth(text, 11) + 6;
      if (isNamed) free = end;
      drawing.append(
        this.button(
          "absent",
          [moment],
          `${moment.title}, ${dateOf(dayOf(moment.date))} to ${dateOf(dayOf(moment.until))}: ${moment.summary}`,
          svg("rect", { x, y: this.top, width: end - x, height: this.floor - this.top, class: "away" }),
          isNamed ? svg("text", { x: x + 4, y: this.floor - 5, class: "away-name" }, text) : null,
        ),
      );
    }
  }

  /** The decisions that weigh most: the one that the story is of, what the worlds differ in, the fullest rooms. */
  static weighty(scene) {
    const { debate } = scene.base;
    const differences = new Map(
      scene.comparison ? rowsOf(scene.comparison.decisions).map((row) => [row.decision, Math.abs(row.difference)]) : [],
    );
    const weight = (ballot) => [
      Number(ballot.id === debate.story?.decision),
      Math.round(10 * (differences.get(ballot.id) || 0)),
      Number(ballot.fit),
      ballot.who.length,
    ];
    const ballots = debate.moments
      .filter((moment) => moment.kind === "ballot")
      .map((ballot) => ({ ballot, weight: weight(ballot) }));
    return ballots
      .sort((a, b) => {
        const i = a.weight.findIndex((value, at) => value !== b.weight[at]);
        return i < 0 ? 0 : b.weight[i] - a.weight[i];
      })
      .slice(0, NAMED_DECISIONS)
      .map(({ ballot }) => ballot);
  }

  decisions(drawing) {
    const ballots = Chart.weighty(this.scene),
      { at, right } = this.scale,
      { story } = this.scene.base.debate;
    const names = ballots.map((ballot) => `${dateOf(dayOf(ballot.date), false)}: ${ballot.title}`),
      texts = names.map((name) => (textWidth(name, 11.5) > right - this.scale.left ? `${name.slice(0, 30)} …` : name)),
      places = ballots.map((ballot) => at(dayOf(ballot.date))),
      labels = labelled(places, texts, this.scale.left, right + (this.scale.wide ? 60 : 0), 3, 11.5);
    ballots.forEach((ballot, i) => {
      const x = places[i],
        label = labels[i],
        from = label ? this.top - 2 - 13 * label.row : this.top;
      const kind = `decision ${ballot.id === story?.decision ? "featured" : ""}`;
      const line = [
        svg("line", { x1: x, x2: x, y1: from, y2: this.floor }),
        svg("rect", { x: x - 4, y: this.floor - 4, width: 8, height: 8 }),
      ];
      const text = `${whenOf(ballot)}: ${ballot.title}, ${ballot.outcome || "outcome not recorded"}`;
      const words = label
        ? svg("text", { x: label.x, y: this.top - 5 - 13 * label.row, class: "decision-name" }, texts[i])
        : null;
      const reach = svg("rect", { x: x - 12, y: this.floor - 12, width: 24, height: 24, class: "reach" });
      drawing.append(this.button(kind, [ballot], text, reach, ...line, words));
    });
  }

  /** Letters on the line of whoever wrote them; those that lie together are one mark, which opens one after another. */
  letters(drawing, named) {
    const { scene, scale } = this,
      [, world] = this.worlds().at(-1),
      ids = new Set(named.map((member) => member.id));
    const written = Timeline.both(scene).filter(
      (moment) =>
        glyphOf(moment) === "letter" && ids.has(moment.author) && dayOf(moment.date) >= scale.first && moment.argues,
    );
    const points = written.map((moment) => {
      const day = dayOf(moment.date),
        stance = Chart.stance(moment.fate === "new" ? world : scene.base, this.state.view, moment.author, day);
      return [scale.at(day), this.y(stance ?? 0)];
    });
    for (const group of grouped(points, FINGER)) {
      const [x, y] = points[group[0]],
        moments = group.map((i) => written[i]);
      const mark = this.button(
        `sent ${moments.every((moment) => moment.fate === "gone") ? "gone" : ""}`,
        moments,
        moments.map((moment) => `${whenOf(moment)}: ${moment.title}`).join("; "),
        svg("circle", { cx: x, cy: y, r: 12, class: "reach" }),
        svg("circle", { cx: x, cy: y, r: moments.length > 1 ? 7 : 4.5 }),
        moments.length > 1 ? svg("text", { x, y: y + 3.5, class: "count" }, String(moments.length)) : null,
      );
      mark.style.setProperty("--own", memberColour(scene.member(moments[0].author)));
      drawing.append(mark);
    }
  }

  rules(drawing, axis) {
    for (const { day, text, year } of monthsAlong(this.scale)) {
      const x = this.scale.at(day);
      drawing.append(
        svg("line", { x1: x, x2: x, y1: this.top, y2: this.floor, class: "rule" }),
        svg("text", { x, y: this.floor + 15, class: "month" }, text),
      );
      if (year) drawing.append(svg("text", { x, y: this.floor + 27, class: "month year" }, year));
    }
    return axis.positions.map((position) => {
      const y = this.y(position.at);
      drawing.append(svg("line", { x1: this.scale.left, x2: this.scale.right, y1: y, y2: y, class: "rule position" }));
      if (!this.scale.wide) {
        return svg(
          "text",
          { x: this.scale.left + 3, y: y + (position.at === axis.high ? 13 : -4), class: "position-name narrow" },
          position.name,
        );
      }
      const rows = Chart.rows(position.name);
      return svg(
        "text",
        { y: y + 4 - (rows.length - 1) * 7, class: "position-name" },
        tip(position.meaning),
        ...rows.map((row, i) => svg("tspan", { x: this.scale.left - 8, dy: i * 14 }, row)),
      );
    });
  }

  /** A line in steps: what the model has on a day holds until the next day on which it is known. */
  path(days, values) {
    return stepPath(days, values, this.scale.last, this.scale.at, this.y);
  }

  worlds() {
    return this.scene.other
      ? [
          ["record", this.scene.base],
          ["yours", this.scene.other],
        ]
      : [["record", this.scene.base]];
  }

  lines(drawing, member) {
    for (const [which, world] of this.worlds()) {
      const { days, members } = Chart.series(world, this.state.view),
        own = members[member.id];
      if (!own) continue;
      const line = svg("path", {
        d: this.path(days, own.mean),
        class: `line ${which} ${member.colour === null ? "crowd" : ""} ${member.id === this.state.member ? "chosen" : ""}`,
      });
      line.style.stroke = memberColour(member);
      drawing.append(line);
    }
  }

  band(drawing, member) {
    const [, world] = this.worlds().at(-1),
      { days, members } = Chart.series(world, this.state.view),
      own = member && members[member.id];
    if (!own?.q05) return;
    for (const [low, high, kind] of [
      ["q05", "q95", "wide"],
      ["q25", "q75", "narrow"],
    ]) {
      const area = svg("path", {
        d: stepBand(days, own[low], own[high], this.scale.last, this.scale.at, this.y),
        class: `band ${kind}`,
      });
      area.style.fill = memberColour(member);
      drawing.append(area);
    }
  }

  policy(drawing, shown, which) {
    const days = shown.days || shown.dates.map(dayOf);
    drawing.append(
      svg(
        "path",
        { d: this.path(days, shown.policy), class: `policy ${which}` },
        tip("The policy in force, on average"),
      ),
    );
  }

  /** What the record says of the chosen member's stance. */
  seen(drawing, member) {
    for (const seen of member ? member.observations : []) {
      if (seen.stance === null || seen.stance.at === null) continue;
      const x = this.scale.at(Math.max(dayOf(seen.from), this.scale.first)),
        y = this.y(seen.stance.at);
      const text = `${member.label}, ${whenOf(seen, seen.from)}: ${seen.says} (${seen.stance.name}; ${seen.evidence})`;
      const mark = seen.to
        ? svg(
            "line",
            {
              x1: x,
              x2: this.scale.at(Math.min(dayOf(seen.to), this.scale.last)),
              y1: y,
              y2: y,
              class: `seen period ${seen.evidence}`,
            },
            tip(text),
          )
        : svg("circle", { cx: x, cy: y, r: 5, class: `seen ${seen.evidence}` }, tip(text));
      mark.style.stroke = memberColour(member);
      drawing.append(mark);
    }
  }

  dotsOf(drawing, member) {
    return this.worlds()
      .filter(([, world]) => world[this.state.view].members[member.id])
      .map(([which, world]) => {
        const r = which === "record" && this.scene.other ? 3 : member.colour === null ? 2.5 : 4.5;
        const dot = svg("circle", {
          r,
          class: `dot ${which} ${member.colour === null ? "crowd" : ""}`,
          "data-member": member.id,
          "data-world": which,
        });
        dot.style.setProperty("--own", memberColour(member));
        drawing.append(dot);
        return { dot, member, world };
      });
  }

  endNames(drawing, named) {
    const [, world] = this.worlds().at(-1);
    const ends = named
      .map((member) => Chart.stance(world, this.state.view, member.id, this.scale.last))
      .map((at) => this.y(at === null ? 0 : at));
    const places = apart(ends, 15, this.top + 6, this.floor - 4);
    named.forEach((member, i) => {
      const tie = svg("path", {
        d: `M${this.scale.right} ${ends[i]}L${this.scale.right + 9} ${places[i]}`,
        class: "tie",
      });
      tie.style.stroke = memberColour(member);
      drawing.append(
        tie,
        svg(
          "text",
          {
            x: this.scale.right + 12,
            y: places[i] + 4,
            class: `end-name ${member.id === this.state.member ? "chosen" : ""}`,
          },
          member.label,
        ),
      );
    });
  }

  legend() {
    const listed = this.scene.base.debate.members.filter(
      (member) => member.colour !== null || member.id === this.state.member || this.state.others,
    );
    this.values = new Map();
    this.chips.replaceChildren(
      ...listed.map((member) => {
        const value = el("span", { class: "value" }),
          swatch = el("span", { class: "swatch", "aria-hidden": "true" });
        swatch.style.background = memberColour(member);
        this.values.set(member.id, value);
        return el(
          "button",
          {
            type: "button",
            class: "chip",
            "data-chip": member.id,
            "aria-pressed": String(member.id === this.state.member),
            onclick: () => this.choose(member.id),
          },
          swatch,
          member.label,
          value,
        );
      }),
    );
  }

  move(day) {
    const { view } = this.state,
      x = this.scale.at(day);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    for (const { dot, member, world } of this.dots) {
      const stance = Chart.stance(world, view, member.id, day);
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", this.y(stance === null ? 0 : stance));
      dot.dataset.stance = stance;
    }
    const world = this.worlds().at(-1)[1];
    for (const [id, value] of this.values) value.textContent = stanceText(Chart.stance(world, view, id, day));
  }

  /** Where everybody stands on a day. */
  table(day) {
    const { base, other } = this.scene,
      { view } = this.state;
    const heads = [
      "member",
      number("the debate as it was"),
      ...(other ? [number(this.scene.otherName)] : []),
      ...(view === "history" ? [] : [number("5 % of histories below"), number("95 % below")]),
    ];
    const rows = base.debate.members.map((member) => {
      const at = (world, statistic) => number(stanceText(Chart.stance(world, view, member.id, day, statistic), 2));
      return {
        cells: [
          member.label,
          at(base),
          ...(other ? [at(other)] : []),
          ...(view === "history" ? [] : [at(other || base, "q05"), at(other || base, "q95")]),
        ],
      };
    });
    return tableOf(`Stances on ${dateOf(day)}, from ${base.debate.axis.low} to ${base.debate.axis.high}`, heads, rows);
  }
}

"use strict";
// Stances by date: a line a member, a band for the chosen one, the policy in force, and where they stand on the day.

class Chart {
  constructor(place, chips, choose) {
    this.place = place;
    this.chips = chips;
    this.choose = choose;
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
    const scale = acrossTime(width, scene.base.debate),
      axis = scene.base.debate.axis,
      height = scale.wide ? 380 : 300,
      air = 10;
    Object.assign(this, { scale, height });
    this.y = (stance) => air + ((axis.high - stance) / (axis.high - axis.low)) * (height - 2 * air);
    const drawing = svg("svg", {
      width,
      height,
      role: "img",
      class: scene.other ? "two" : "",
      "aria-label": this.alternative(),
    });
    const names = this.rules(drawing, axis);
    const { view } = state,
      members = scene.base.debate.members;
    this.shown = members.filter((member) => member.colour !== null || state.others || member.id === state.member);
    this.band(drawing, scene.member(state.member));
    for (const member of [...this.shown].reverse()) this.lines(drawing, member);
    if (scene.base[view].policy) this.policy(drawing, scene.base[view], "");
    if (scene.other?.[view].policy) this.policy(drawing, scene.other[view], "yours");
    this.seen(drawing, scene.member(state.member));
    this.cursor = svg("line", { class: "cursor", y1: 0, y2: height });
    drawing.append(...names, this.cursor);
    this.dots = this.shown.flatMap((member) => this.dotsOf(drawing, member));
    this.names = scale.wide ? this.endNames(drawing) : null;
    this.place.replaceChildren(drawing);
    this.legend();
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

  rules(drawing, axis) {
    for (const { day } of monthsAlong(this.scale)) {
      drawing.append(
        svg("line", { x1: this.scale.at(day), x2: this.scale.at(day), y1: 0, y2: this.height, class: "rule" }),
      );
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
      const words = position.name.split(" "),
        half = position.name.length > 16 && words.length > 1 ? Math.ceil(words.length / 2) : words.length;
      const rows = [words.slice(0, half).join(" "), words.slice(half).join(" ")].filter(Boolean);
      return svg(
        "text",
        { y: y + 4 - (rows.length - 1) * 7, class: "position-name" },
        svg("title", {}, position.meaning),
        ...rows.map((row, i) => svg("tspan", { x: this.scale.left - 12, dy: i * 14 }, row)),
      );
    });
  }

  path(days, values) {
    let d = "";
    for (let i = 0; i < days.length; i++)
      if (values[i] !== null)
        d += `${d ? "L" : "M"}${this.scale.at(days[i]).toFixed(1)} ${this.y(values[i]).toFixed(1)}`;
    return d;
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
      const there = this.path(days, own[high]),
        back = this.path([...days].reverse(), [...own[low]].reverse()).replace("M", "L");
      const area = svg("path", { d: `${there}${back}Z`, class: `band ${kind}` });
      area.style.fill = memberColour(member);
      drawing.append(area);
    }
  }

  policy(drawing, shown, which) {
    const days = shown.days || shown.dates.map(dayOf);
    let d = "";
    shown.policy.forEach((value, i) => {
      d += i === 0 ? `M${this.scale.at(days[i])} ${this.y(value)}` : `H${this.scale.at(days[i])}V${this.y(value)}`;
    });
    drawing.append(svg("path", { d, class: `policy ${which}` }, svg("title", {}, "The policy in force, on average")));
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
            svg("title", {}, text),
          )
        : svg("circle", { cx: x, cy: y, r: 5, class: `seen ${seen.evidence}` }, svg("title", {}, text));
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

  endNames(drawing) {
    const named = this.shown.filter((member) => member.colour !== null || member.id === this.state.member),
      [, world] = this.worlds().at(-1);
    const ends = named
      .map((member) => Chart.stance(world, this.state.view, member.id, this.scale.last))
      .map((at) => this.y(at === null ? 0 : at));
    const places = apart(ends, 15, 8, this.height - 8);
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

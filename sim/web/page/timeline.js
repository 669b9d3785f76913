"use strict";
// What happened, on a line of time: ballots, letters and talks, absences. Each mark opens its source.

const GLYPHS = {
  letter: (x, y, r) => svg("circle", { cx: x, cy: y, r }),
  talk: (x, y, r) => svg("path", { d: `M${x - r} ${y + r}h${2 * r}L${x} ${y - r}z` }),
  ballot: (x, y, r) => svg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r }),
  event: (x, y, r) => svg("path", { d: `M${x - r} ${y}h${2 * r}M${x} ${y - r}v${2 * r}` }),
};
const glyphOf = (moment) =>
  ["letter", "report", "note", "speech", "news"].includes(moment.kind) ? "letter" : moment.kind;

class Timeline {
  constructor(place, open) {
    this.place = place;
    this.open = open;
    this.at = 0;
  }

  /** All moments of both worlds, each with what became of it in the reader's world. */
  static both(scene) {
    const yours = scene.other ? new Map(scene.other.debate.moments.map((moment) => [moment.id, moment])) : null;
    const was = scene.base.debate.moments.map((moment) => ({
      ...moment,
      fate: yours && !yours.has(moment.id) ? "gone" : "",
    }));
    if (!yours) return was;
    const before = new Set(was.map((moment) => moment.id));
    const added = scene.other.debate.moments
      .filter((moment) => !before.has(moment.id))
      .map((moment) => ({ ...moment, fate: "new" }));
    return [...was, ...added].sort((a, b) => a.date.localeCompare(b.date));
  }

  draw(scene, width) {
    const scale = acrossTime(width, scene.base.debate);
    Object.assign(this, { scene, scale });
    const moments = Timeline.both(scene),
      by = (...kinds) => moments.filter((moment) => kinds.includes(glyphOf(moment)));
    const r = scale.wide ? 4.5 : 3.5,
      gap = 2 * r + 1.5;
    const drawing = canvas(width, 0, {
      role: "group",
      "aria-label": "What happened, by date. Arrow keys move from mark to mark, Enter opens one.",
    });
    let y = 4;
    const lane = (name, kinds, build) => {
      const found = by(...kinds);
      if (!found.length) return;
      const height = build(found, y);
      if (scale.wide)
        drawing.append(svg("text", { x: scale.left - 12, y: y + height - r - 1, class: "lane-name" }, name));
      y += height + 7;
    };
    const marks = [];
    const row = (found, top) => {
      const xs = found.map((moment) => scale.at(dayOf(moment.date))),
        rows = stacked(xs, gap);
      const height = (Math.max(...rows) + 1) * gap;
      found.forEach((moment, i) => {
        marks.push({ moment, x: xs[i], y: top + height - (rows[i] + 0.5) * gap });
      });
      return height;
    };
    lane("ballots", ["ballot"], row);
    lane("letters and talks", ["letter", "talk"], row);
    lane("events", ["event"], row);
    const bars = svg("g", {});
    lane("absences", ["absence"], (found, top) => this.absences(bars, found, top, scale, marks));
    for (const { day, text, year } of monthsAlong(scale)) {
      drawing.prepend(svg("line", { x1: scale.at(day), x2: scale.at(day), y1: 0, y2: y, class: "rule" }));
      drawing.append(svg("text", { x: scale.at(day), y: y + 9, class: "month" }, text));
      if (year) drawing.append(svg("text", { x: scale.at(day), y: y + 22, class: "month year" }, year));
    }
    this.cursor = svg("line", { class: "cursor", y1: 0, y2: y });
    drawing.append(bars, this.cursor, ...this.marks(marks, r));
    drawing.setAttribute("height", y + 26);
    drawing.setAttribute("viewBox", `0 0 ${width} ${y + 26}`);
    this.place.replaceChildren(drawing, Timeline.key());
  }

  /** What the marks mean. */
  static key() {
    const mark = (glyph, kind) => svg("g", { class: `mark ${glyph} ${kind}` }, GLYPHS[glyph](10, 7, 4.5));
    return legendOf(
      [mark("ballot", "carried"), "carried"],
      [mark("ballot", "rejected"), "lost, or not known"],
      [mark("letter", ""), "a letter, in the colour of whoever wrote it"],
      [mark("talk", ""), "a talk"],
      [mark("event", ""), "an event"],
      [svg("rect", { x: 1, y: 3, width: 18, height: 8, class: "mark absence" }), "somebody away"],
    );
  }

  absences(into, found, top, scale, marks) {
    const members = [...new Set(found.map((moment) => moment.member))],
      thick = 9;
    members.forEach((member, i) => {
      const y = top + i * (thick + 3);
      for (const moment of found.filter((one) => one.member === member)) {
        const x = scale.at(dayOf(moment.date)),
          end = scale.at(Math.min(dayOf(moment.until) + 1, scale.last));
        marks.push({ moment, x, y: y + thick / 2, bar: { x, y, width: Math.max(end - x, 3), height: thick } });
      }
      const first = found.find((one) => one.member === member);
      const x = scale.at(dayOf(first.date)) - 4,
        label = this.scene.label(member);
      if (scale.wide && x - label.length * 6 > scale.left)
        into.append(svg("text", { x, y: y + thick - 1, class: "bar-name" }, label));
    });
    return members.length * (thick + 3);
  }

  marks(marks, r) {
    marks.sort((a, b) => a.moment.date.localeCompare(b.moment.date));
    this.buttons = marks.map(({ moment, x, y, bar }, i) => {
      const author = this.scene.member(moment.author || moment.member);
      const shape = bar ? svg("rect", { ...bar, rx: 2 }) : GLYPHS[glyphOf(moment)](x, y, r);
      const other = this.scene.otherName,
        fate = { gone: `, not in ${other}`, new: `, only in ${other}` }[moment.fate] || "";
      const button = svg(
        "g",
        {
          class: `mark ${glyphOf(moment)} ${moment.outcome || "unknown"} ${moment.evidence} ${moment.fate}`,
          role: "button",
          tabindex: i === 0 ? "0" : "-1",
          "data-moment": moment.id,
          "data-day": dayOf(moment.date),
          "aria-label": `${whenOf(moment)}: ${moment.title}${fate}`,
          onclick: () => this.open(moment),
          onkeydown: (event) => this.key(event, i, moment),
        },
        tip(`${whenOf(moment)}: ${moment.title}${fate}`),
        shape,
      );
      if (author && author.colour !== null && (bar || glyphOf(moment) === "letter"))
        button.style.setProperty("--own", memberColour(author));
      if (moment.between && !bar) {
        const { first, last, at } = this.scale;
        const [x1, x2] = moment.between.map((day) => at(Math.min(Math.max(dayOf(day), first), last)));
        button.prepend(svg("line", { class: "between", x1, x2, y1: y, y2: y }));
      }
      if (moment.fate === "gone")
        button.append(svg("line", { class: "strike", x1: x - r - 2, x2: x + r + 2, y1: y + r + 1, y2: y - r - 1 }));
      return button;
    });
    return this.buttons;
  }

  key(event, i, moment) {
    const to = {
      ArrowRight: i + 1,
      ArrowDown: i + 1,
      ArrowLeft: i - 1,
      ArrowUp: i - 1,
      Home: 0,
      End: this.buttons.length - 1,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") this.open(moment);
    else if (to === undefined) return;
    else if (to >= 0 && to < this.buttons.length) {
      this.buttons[i].setAttribute("tabindex", "-1");
      this.buttons[to].setAttribute("tabindex", "0");
      this.buttons[to].focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  move(day) {
    const x = this.scale.at(day);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    for (const button of this.buttons) {
      const is = Number(button.dataset.day) === day;
      if (is !== button.classList.contains("now")) button.classList.toggle("now", is);
    }
  }

  /** Every thing that happened, as a table. */
  table() {
    const rows = Timeline.both(this.scene).map((moment) => ({
      cells: [
        whenOf(moment),
        glyphOf(moment),
        el("button", { type: "button", class: "link", onclick: () => this.open(moment) }, moment.title),
        moment.summary || "",
        moment.evidence,
        { gone: `not in ${this.scene.otherName}`, new: `only in ${this.scene.otherName}` }[moment.fate] || "",
      ],
    }));
    return tableOf(
      "Everything that happened",
      ["date", "kind", "what", "in short", "evidence", this.scene.otherName],
      rows,
    );
  }
}

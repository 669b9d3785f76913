"use strict";
// What differs between the debate as it was and the reader's world, in sentences and in a table.

class Verdict {
  constructor(panel, place) {
    this.panel = panel;
    this.place = place;
  }

  draw(scene) {
    this.panel.hidden = !scene.comparison;
    if (!scene.comparison) return;
    const { comparison } = scene,
      decisions = rowsOf(comparison.decisions);
    const turned = decisions
      .filter((row) => row.flips_to_carried > 0 || row.flips_to_lost > 0)
      .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
    const parts = [el("p", { class: "lead" }, comparison.ends_said), el("p", {}, comparison.headline)];
    if (turned.length) parts.push(this.chart(scene, turned));
    for (const text of Object.values(comparison.through_said)) if (text) parts.push(el("p", {}, text));
    parts.push(
      this.ends(rowsOf(comparison.ends)),
      this.becomes(scene, decisions),
      this.parting(scene, rowsOf(comparison.parting)),
      this.voters(scene, rowsOf(comparison.votes_changed)),
      ...comparison.notes.map((text) => el("p", {}, text)),
      ...comparison.warnings.map((text) => el("p", { class: "warning" }, `Warning: ${text}.`)),
    );
    parts.push(
      el(
        "p",
        { class: "aside" },
        `${comparison.runs.toLocaleString("en")} histories of each world with the same random numbers (seed ${comparison.seed}), ` +
          "neither corrected to the record. What differs is due to the changes alone; intervals say what other random " +
          "numbers could give, not whether the model is right.",
      ),
    );
    this.place.replaceChildren(...parts.filter(Boolean));
  }

  /** The differences as points with their intervals. */
  chart(scene, turned) {
    const rows = [...turned].sort((a, b) => a.date.localeCompare(b.date)),
      line = 26;
    const width = Math.min(Math.max(this.panel.clientWidth - 36, 240), 720),
      wide = width > 480,
      left = wide ? 210 : 120,
      right = width - (wide ? 96 : 60);
    const reach = Math.max(0.02, ...rows.map((row) => Math.max(Math.abs(row.low), Math.abs(row.high))));
    const at = (value) => (left + right) / 2 + (value / reach) * ((right - left) / 2);
    const drawing = svg("svg", {
      width,
      height: rows.length * line + 30,
      class: "differences",
      role: "img",
      "aria-label":
        "Differences in the share of histories that carry each motion; the numbers are in the table of the decisions.",
    });
    drawing.append(svg("line", { x1: at(0), x2: at(0), y1: 0, y2: rows.length * line, class: "zero" }));
    rows.forEach((row, i) => {
      const y = (i + 0.5) * line,
        moment = scene.moment(row.decision),
        side = row.difference < 0 ? "less" : "more";
      drawing.append(
        svg("text", { x: left - 14, y: y + 4, class: "row-name" }, moment ? moment.title : inWords(row.decision)),
        svg("line", { x1: at(row.low), x2: at(row.high), y1: y, y2: y, class: `interval ${side}` }),
        svg("circle", {
          cx: at(row.difference),
          cy: y,
          r: 4.5,
          class: `difference ${side}`,
          "data-difference": row.difference,
          "data-of": row.decision,
        }),
        svg(
          "text",
          { x: right + 14, y: y + 4, class: "row-value" },
          `${points(row.difference)}${wide ? " points" : ""}`,
        ),
      );
    });
    const y = rows.length * line + 18;
    drawing.append(
      svg("text", { x: left, y, class: "row-end" }, "less often carried"),
      svg("text", { x: right, y, class: "row-end last" }, "more often"),
    );
    return drawing;
  }

  /** The policies in force at the end, as shares of all histories of each world. */
  ends(rows) {
    const heads = ["in force at the end", number("the debate as it was"), number("the other world")];
    return this.disclosure("Where each world ends", rows, heads, (row) => [
      row.name,
      number(percent(row.share)),
      number(percent(row.share_other)),
    ]);
  }

  /** What becomes of every decision of either world, also of one that only one of them has; shares of all histories. */
  becomes(scene, rows) {
    const heads = [
      "motion",
      number("put"),
      number("carried"),
      number("put, other world"),
      number("carried, other world"),
      "what becomes of it",
    ];
    return this.disclosure("What becomes of every decision", rows, heads, (row) => [
      this.name(scene, row.decision),
      number(percent(row.put)),
      number(percent(row.carried)),
      number(percent(row.put_other)),
      number(percent(row.carried_other)),
      capital(row.said),
    ]);
  }

  /** After what, and in whose stance, the worlds first differ. */
  parting(scene, rows) {
    const heads = ["first differs", "after", number("of all histories"), "in whose stance", number("of all histories")];
    return this.disclosure("Where the worlds part", rows, heads, (row) => [
      this.day(row.date),
      this.name(scene, row.moment) || "the beginning",
      number(percent(row.parted)),
      row.member ? scene.label(row.member) : "nobody's: by a vote",
      number(percent(row.share)),
    ]);
  }

  /** Whose votes change, and by what, where both worlds put the motion. */
  voters(scene, rows) {
    const causes = ["by_deference", "by_own_stance", "by_choice", "by_attendance"];
    const heads = ["motion", "member", number("vote changes"), ...causes.map((name) => number(inWords(name)))];
    return this.disclosure(
      "Through whom",
      rows.filter((row) => row.changed > 0),
      heads,
      (row) => [
        this.name(scene, row.decision),
        scene.label(row.member),
        number(percent(row.changed)),
        ...causes.map((name) => number(percent(row[name]))),
      ],
    );
  }

  day(text) {
    return { text: dateOf(dayOf(text)), class: "day" };
  }

  name(scene, id) {
    const moment = scene.moment(id);
    return moment ? moment.title : inWords(id || "");
  }

  disclosure(title, rows, heads, cells) {
    if (!rows.length) return null;
    const table = tableOf(
      title,
      heads,
      rows.slice(0, 20).map((row) => ({ cells: cells(row) })),
    );
    return el(
      "details",
      {},
      el("summary", {}, title),
      el("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": title }, table),
    );
  }
}

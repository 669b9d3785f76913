"use strict";
// What differs between the debate as it was and the reader's world: in sentences, in a drawing, and through whom.

class Verdict {
  constructor(panel, place) {
    this.panel = panel;
    this.place = place;
  }

  draw(scene) {
    const { comparison } = scene;
    this.panel.hidden = !comparison;
    if (!comparison) return;
    const turned = rowsOf(comparison.decisions).filter((row) => row.flips_to_carried > 0 || row.flips_to_lost > 0),
      said = (text, attributes = {}) => el("p", attributes, text),
      name = (id) => scene.moment(id)?.title || inWords(id);
    renew(
      this.place,
      said(comparison.ends_said, { class: "lead" }),
      el(
        "ul",
        { class: "changed", "aria-label": "What is different" },
        ...comparison.changed.map((text) => el("li", {}, capital(text))),
      ),
      said(comparison.headline),
      turned.length ? this.chart(turned, name) : null,
      ...Object.values(comparison.through_said)
        .filter(Boolean)
        .map((text) => said(text)),
      this.table("Where each world ends", comparison.ends, [
        ["in force at the end", (row) => row.name],
        shares("as it was", (row) => row.share),
        shares("then", (row) => row.share_other),
      ]),
      this.table("Where the worlds part", comparison.parting, [
        ["first differs", ({ date }) => ({ text: dateOf(dayOf(date)), class: "day" })],
        ["after", ({ moment }) => (moment ? name(moment) : "the beginning")],
        shares("of all histories", (row) => row.parted),
        ["in whose stance", ({ member }) => (member ? scene.label(member) : "nobody's: by a vote")],
        shares("of all histories", (row) => row.share),
      ]),
      this.table(
        "Through whom, where both worlds put it",
        comparison.votes_changed,
        [
          ["motion", (row) => name(row.decision)],
          ["member", (row) => scene.label(row.member)],
          shares("vote changes", (row) => row.changed),
          ...["deference", "own_stance", "choice", "attendance"].map((cause) =>
            shares(`by ${cause.replace("_", " ")}`, (row) => row[`by_${cause}`]),
          ),
        ],
        (row) => row.changed > 0,
      ),
      ...comparison.notes.map((text) => said(text)),
      ...comparison.warnings.map((text) => said(`Warning: ${text}.`, { class: "warning" })),
      said(
        `${comparison.runs.toLocaleString("en")} histories of each world with the same random numbers (seed ${comparison.seed}), ` +
          "neither corrected to the record. What differs is due to the changes alone; intervals say what other random " +
          "numbers could give, not whether the model is right.",
        { class: "aside" },
      ),
    );
  }

  /** The differences as points with their intervals. */
  chart(rows, name) {
    const line = 26,
      width = Math.min(Math.max(this.panel.clientWidth - 36, 240), 720),
      wide = width > 480,
      left = wide ? 210 : 120,
      right = width - (wide ? 96 : 60),
      foot = rows.length * line,
      reach = Math.max(0.02, ...rows.flatMap((row) => [Math.abs(row.low), Math.abs(row.high)])),
      at = (value) => (left + right) / 2 + (value / reach) * ((right - left) / 2),
      text = (x, y, kind, says) => svg("text", { x, y, class: kind }, says);
    const marks = rows.flatMap(({ decision, difference, low, high }, i) => {
      const y = (i + 0.5) * line,
        side = difference < 0 ? "less" : "more";
      return [
        text(left - 14, y + 4, "row-name", name(decision)),
        svg("line", { x1: at(low), x2: at(high), y1: y, y2: y, class: `interval ${side}` }),
        svg("circle", {
          cx: at(difference),
          cy: y,
          r: 4.5,
          class: `difference ${side}`,
          "data-difference": difference,
          "data-of": decision,
        }),
        text(right + 14, y + 4, "row-value", `${points(difference)}${wide ? " points" : ""}`),
      ];
    });
    const says =
      "Differences in the share of histories that carry each motion; the numbers are in the table of the decisions.";
    return canvas(
      width,
      foot + 30,
      { class: "differences", role: "img", "aria-label": says },
      svg("line", { x1: at(0), x2: at(0), y1: 0, y2: foot, class: "zero" }),
      ...marks,
      text(left, foot + 18, "row-end", "less often carried"),
      text(right, foot + 18, "row-end last", "more often"),
    );
  }

  table(title, table, columns, isShown = () => true) {
    const rows = rowsOf(table).filter(isShown).slice(0, 20);
    return rows.length ? folded(title, gridOf(title, rows, columns)) : null;
  }
}

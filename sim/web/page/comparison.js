"use strict";
// What differs between the debate as it was and the reader's world: in sentences, and through whom.

class Verdict {
  constructor(panel, place) {
    this.panel = panel;
    this.place = place;
  }

  draw(scene) {
    const { comparison } = scene;
    this.panel.hidden = !comparison;
    if (!comparison) return;
    const said = (text, attributes = {}) => el("p", attributes, text),
      name = (id) => scene.moment(id)?.title || inWords(id),
      most = rowsOf(comparison.decisions).find(({ decision }) => decision === comparison.decision);
    renew(
      this.place,
      said(comparison.ends_said, { class: "lead" }),
      el(
        "ul",
        { class: "changed", "aria-label": "What is different" },
        ...comparison.changed.map((text) => el("li", {}, capital(text))),
      ),
      ...[
        most && `“${name(most.decision)}” ${most.said}.`,
        comparison.others_said,
        ...Object.values(comparison.through_said),
      ]
        .filter(Boolean)
        .map((text) => said(text)),
      this.table("Where each world ends", comparison.ends, [
        ["in force at the end", (row) => row.name],
        shares("as it was", "share"),
        shares("then", "share_other"),
      ]),
      this.table("Where the worlds part", comparison.parting, [
        ["first differs", ({ date }) => ({ text: dateOf(dayOf(date)), class: "day" })],
        ["after", ({ moment }) => (moment ? name(moment) : "the beginning")],
        shares("of all histories", "parted"),
        ["in whose stance", ({ member }) => (member ? scene.label(member) : "nobody's: by a vote")],
        shares("of all histories", "share"),
      ]),
      this.table(
        "Through whom, where both worlds put it",
        comparison.votes_changed,
        [
          ["motion", (row) => name(row.decision)],
          ["member", (row) => scene.label(row.member)],
          shares("vote changes", "changed"),
          ...["deference", "own_stance", "choice", "attendance"].map((cause) =>
            shares(`by ${cause.replace("_", " ")}`, `by_${cause}`),
          ),
        ],
        (row) => row.changed > 0,
      ),
      ...comparison.notes.map((text) => said(text)),
      ...comparison.warnings.map((text) => said(`Warning: ${text}.`, { class: "warning" })),
      folded("The numbers behind it", said(comparison.headline)),
      said(
        `${comparison.runs.toLocaleString("en")} histories of each world with the same random numbers (seed ${comparison.seed}), ` +
          `${scene.base.debate.fitted ? "parameters are fitted to the record; " : ""}the histories are not bent to it afterwards. ` +
          "What differs is due to the changes alone; intervals say what other random numbers could give, not whether the " +
          "model is right.",
        { class: "aside" },
      ),
    );
  }

  /** The first rows of a table, and the others on demand. */
  table(title, table, columns, isShown = () => true) {
    const rows = rowsOf(table).filter(isShown).slice(0, 20),
      more = rows.splice(3),
      first = tableBy(title, rows, columns),
      rest = more.length ? folded(`${title}: ${more.length} more`, tableBy(title, more, columns)) : null;
    return rows.length ? folded(title, el("div", {}, first, rest)) : null;
  }
}

"use strict";
// Tables and pictures to keep. They are made in the page, of what it shows.

function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type })),
    link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A table that comes as columns, as CSV. */
function csvOf(columns) {
  const names = Object.keys(columns),
    cell = (value) => {
      const text = value === null || value === undefined ? "" : String(value);
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
  const rows = names.length
    ? columns[names[0]].map((_, i) => names.map((name) => cell(columns[name][i])).join(","))
    : [];
  return `${[names.join(","), ...rows].join("\n")}\n`;
}

/** The stances of the chosen view, one row a date and member, both worlds if there are two. */
function stanceColumns(scene, view) {
  const out = { world: [], date: [], member: [], mean: [], q05: [], q25: [], q75: [], q95: [] };
  for (const [name, world] of [
    ["record", scene.base],
    ["yours", scene.other],
  ]) {
    if (!world) continue;
    for (const [member, series] of Object.entries(world[view].members)) {
      world[view].dates.forEach((date, i) => {
        out.world.push(name);
        out.date.push(date);
        out.member.push(member);
        for (const statistic of ["mean", "q05", "q25", "q75", "q95"])
          out[statistic].push(series[statistic] ? series[statistic][i] : null);
      });
    }
  }
  return out;
}

const DRAWN = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "fill-opacity",
  "stroke-opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "display",
  "paint-order",
];

/** What a picture is of, and from where, in rows: for whoever meets it without its page. */
function provenance(scene, view) {
  const { debate, seed, runs } = scene.base,
    shown = { recorded: "decisions go as recorded", free: "decisions go as the model votes", history: "one history" };
  return [
    debate.title,
    `Stances, ${dateOf(dayOf(debate.from))} to ${dateOf(dayOf(debate.to))}; ${shown[view]}` +
      (scene.other ? `; dotted: the debate as it was, whole: ${scene.otherName}` : ""),
    "Dashed: the policy in force. Shaded: away. Envelopes: letters, with their number where several lie together.",
    `Scenario ${debate.scenario}, digest ${debate.digest}; ${runs.toLocaleString("en")} histories, seed ${seed}`,
  ];
}

/**
 * A drawing with its looks written into it and rows of text around it, so that it can be opened anywhere.
 * @param {any} drawing
 * @param {string[]} said
 */
function standalone(drawing, [title, ...rows]) {
  const copy = drawing.cloneNode(true),
    from = [drawing, ...drawing.querySelectorAll("*")],
    to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of DRAWN) to[i].setAttribute(name, style.getPropertyValue(name));
    to[i].removeAttribute("style");
  });
  const style = getComputedStyle(document.documentElement),
    [paper, ink] = ["--paper", "--ink"].map((name) => style.getPropertyValue(name).trim()),
    [width, height] = ["width", "height"].map((name) => Number(drawing.getAttribute(name))),
    above = 26,
    whole = above + height + 18 * rows.length + 8;
  const row = (text, y, size, weight) =>
    svg("text", { x: 6, y, fill: ink, "font-size": size, "font-weight": weight, "font-family": "sans-serif" }, text);
  for (const reach of copy.querySelectorAll(".reach")) reach.remove();
  copy.prepend(svg("rect", { y: -above, width, height: whole, fill: paper }));
  copy.append(row(title, 18 - above, 15, 700), ...rows.map((text, i) => row(text, height + 14 + 18 * i, 11, 400)));
  copy.setAttribute("viewBox", `0 ${-above} ${width} ${whole}`);
  copy.setAttribute("height", String(whole));
  copy.setAttribute("xmlns", SVG);
  return new XMLSerializer().serializeToString(copy);
}

/** What each button that keeps something does, by its id. */
function keeping(page) {
  const table = (name, columns) => save(`${name}.csv`, "text/csv", csvOf(columns)),
    { state } = page;
  return {
    "save-stances": () => table("stances", stanceColumns(page.scene, state.view)),
    "save-decisions": () => table("decisions", (page.scene.comparison || page.scene.base).decisions),
    "save-ballots": () =>
      table("ballots", (page.scene.other || page.scene.base)[state.view === "recorded" ? "ballots" : "ballots_free"]),
    "save-chart": () =>
      save(
        "stances.svg",
        "image/svg+xml",
        standalone(byId("chart").firstElementChild, provenance(page.scene, state.view)),
      ),
  };
}

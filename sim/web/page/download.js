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
];

/** A drawing with its looks written into it, so that it can be opened anywhere. */
function standalone(drawing) {
  const copy = drawing.cloneNode(true),
    from = [drawing, ...drawing.querySelectorAll("*")],
    to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((node, i) => {
    const style = getComputedStyle(node);
    for (const name of DRAWN) to[i].setAttribute(name, style.getPropertyValue(name));
    to[i].removeAttribute("style");
  });
  const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  copy.prepend(svg("rect", { width: "100%", height: "100%", fill: paper }));
  copy.setAttribute("xmlns", SVG);
  return new XMLSerializer().serializeToString(copy);
}

"use strict";
// Where things stand in a drawing: across time, in steps, side by side without touching. Numbers only, no elements.

/**
 * The place of days across a drawing of that many pixels; `ends` are the longest names at its sides.
 * @param {number} width
 * @param {{from: string, to: string}} debate
 * @param {{left?: string[], right?: string[]}} [ends]
 */
function acrossTime(width, debate, ends = {}) {
  const first = dayOf(debate.from),
    last = dayOf(debate.to),
    wide = width >= 560;
  const widest = (names, least) => Math.max(least, ...(names || []).map((name) => textWidth(name) + 16));
  const left = wide ? Math.min(widest(ends.left, 100), 124) : 4,
    right =
      width - (wide ? Math.min(widest(ends.right, 40), 130) : ends.right ? Math.min(widest(ends.right, 40), 92) : 6);
  return {
    first,
    last,
    left,
    right,
    wide,
    at: (day) => left + ((day - first) / Math.max(last - first, 1)) * (right - left),
  };
}

/** About how many pixels a text of 12 takes, without asking the browser: rather too many than too few. */
const textWidth = (text, size = 12) => text.length * size * 0.58;

/** Months or years under a line of time, as many as there is room for. */
function monthsAlong(scale) {
  const months = [],
    start = new Date(scale.first * DAY);
  for (let n = 0; n < 2400; n++) {
    const day = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + n, 1) / DAY;
    if (day > scale.last) break;
    if (day >= scale.first) months.push(day);
  }
  if (months.length < 2) return [scale.first, scale.last].map((day) => ({ day, text: dateOf(day, false), year: "" }));
  const most = Math.max(2, Math.floor((scale.right - scale.left) / 44));
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => months.length / n <= most) || 240;
  const chosen = months.filter((day) => {
    const date = new Date(day * DAY);
    return (date.getUTCFullYear() * 12 + date.getUTCMonth()) % step === 0;
  });
  let year = null;
  return chosen.map((day) => {
    const date = new Date(day * DAY),
      isNew = date.getUTCFullYear() !== year;
    year = date.getUTCFullYear();
    return { day, text: MONTHS[date.getUTCMonth()], year: isNew ? String(year) : "" };
  });
}

/**
 * The corners of a line in steps, as places: what holds on a day holds until the next that is given, and then jumps.
 * Where a value is missing, the line breaks off. `until` is the day on which the last value ends.
 */
function corners(days, values, until, across, down) {
  const pieces = [];
  let piece = null;
  days.forEach((day, i) => {
    if (values[i] === null || values[i] === undefined) {
      piece = null;
      return;
    }
    const from = across(day),
      to = across(i + 1 < days.length ? days[i + 1] : Math.max(until, day)),
      y = down(values[i]);
    if (!piece) {
      piece = [[from, y]];
      pieces.push(piece);
    }
    if (piece.at(-1)[1] !== y) piece.push([from, y]);
    // A level that goes on is one line.
    if (piece.length > 1 && piece.at(-2)[1] === y) piece.pop();
    piece.push([to, y]);
  });
  return pieces;
}

const shortly = (number) => String(Math.round(number * 10) / 10);

/** A line in steps as the `d` of a path. */
function stepPath(days, values, until, across, down) {
  return corners(days, values, until, across, down)
    .map((piece) => `M${piece.map(([x, y]) => `${shortly(x)} ${shortly(y)}`).join("L")}`)
    .join("");
}

/** What lies between two lines in steps, as the `d` of a path. */
function stepBand(days, low, high, until, across, down) {
  const under = corners(days, low, until, across, down);
  return corners(days, high, until, across, down)
    .map((piece, i) => {
      const round = [...piece, ...(under[i] || []).slice().reverse()];
      return `M${round.map(([x, y]) => `${shortly(x)} ${shortly(y)}`).join("L")}Z`;
    })
    .join("");
}

/** Places as near as may be to those wanted, at least `gap` apart, between low and high; the order is kept. */
function apart(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const space = wanted.length > 1 ? Math.min(gap, (high - low) / (wanted.length - 1)) : gap;
  const places = new Array(wanted.length);
  let last = -Infinity;
  for (const i of order) last = places[i] = Math.max(wanted[i], last + space, low);
  let next = Infinity;
  for (const i of order.reverse()) next = places[i] = Math.min(places[i], next - space, high);
  return places;
}

/** Rows so that marks at these places do not lie over each other, the first row lowest. */
function stacked(places, gap) {
  const ends = [];
  return places.map((x) => {
    let row = ends.findIndex((end) => x - end >= gap);
    if (row < 0) row = ends.length;
    ends[row] = x;
    return row;
  });
}

/**
 * Labels over places, in the order of their weight, in few rows and inside the drawing: {x, row} for each that has room,
 * null for the others. `x` is where the label begins.
 */
function labelled(places, texts, low, high, rows, size = 12) {
  const taken = Array.from({ length: rows }, () => []);
  return places.map((place, i) => {
    const width = textWidth(texts[i], size),
      x = Math.min(Math.max(place - width / 2, low), high - width);
    if (width > high - low) return null;
    const row = taken.findIndex((others) => others.every(([from, to]) => x + width + 8 <= from || to + 8 <= x));
    if (row < 0) return null;
    taken[row].push([x, x + width]);
    return { x, row };
  });
}

/** Things that are nearer to one another than a finger can tell, together: lists of their numbers. */
function grouped(points, gap) {
  const groups = [];
  points.forEach(([x, y], i) => {
    const near = groups.find(({ at }) => Math.abs(at[0] - x) < gap && Math.abs(at[1] - y) < gap);
    if (near) near.members.push(i);
    else groups.push({ at: [x, y], members: [i] });
  });
  return groups.map(({ members }) => members);
}

"use strict";
// Where things stand in a drawing: across time, in steps, side by side without touching. Numbers only, no elements.

/** Pixels between the middles of marks that a finger can tell apart. */
const FINGER = 24;

/** The place of a value: `low` stands at `from`, `high` at `to`. */
const linear = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** About how many pixels a text takes, without asking the browser: rather too many than too few. */
const textWidth = (text, size = 12) => text.length * size * 0.62;

/** As much of a text as there is room for. */
function cut(text, room, size = 12) {
  const most = Math.floor(room / textWidth("m", size));
  return text.length > most ? `${text.slice(0, Math.max(most - 1, 1)).trimEnd()}…` : text;
}

/**
 * The place of days across a drawing of that many pixels; `ends` are the names at its sides.
 * @param {number} width
 * @param {{from: string, to: string}} debate
 * @param {{left?: string[], right?: string[]}} [ends]
 */
function acrossTime(width, debate, { left: before = [], right: after = [] } = {}) {
  const widest = (names, least) => within(Math.max(...names.map((name) => textWidth(name) + 16)), least, width * 0.26);
  const first = dayOf(debate.from),
    last = dayOf(debate.to),
    wide = width >= 560,
    left = wide ? widest(before, 40) : 4,
    right = width - widest(after, 12);
  return { first, last, left, right, wide, at: linear(first, last, left, right) };
}

/** Months or years under a line of time, as many as there is room for; a year is named once. */
function monthsAlong({ first, last, left, right }) {
  const days = Array.from({ length: last - first + 1 }, (_, i) => new Date((first + i) * DAY)),
    months = days.filter((date) => date.getUTCDate() === 1),
    most = Math.max(2, Math.floor((right - left) / 44)),
    step = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => months.length / n <= most) || 240;
  if (months.length < 2) return [first, last].map((day) => ({ day, text: dateOf(day, false), year: "" }));
  let named = null;
  return months
    .filter((date) => (date.getUTCFullYear() * 12 + date.getUTCMonth()) % step === 0)
    .map((date) => {
      const year = String(date.getUTCFullYear()),
        isNew = year !== named;
      named = year;
      return { day: date.getTime() / DAY, text: MONTHS[date.getUTCMonth()], year: isNew ? year : "" };
    });
}

/**
 * The corners of a line in steps: what holds on a day holds until the next that is given, and then jumps; the last value
 * holds to the end of the scale. Where a value is missing, the line breaks off.
 */
function corners(days, values, { last, at, y }) {
  const pieces = [];
  let piece = null;
  days.forEach((day, i) => {
    if (values[i] === null || values[i] === undefined) {
      piece = null;
      return;
    }
    const level = y(values[i]);
    if (!piece) {
      piece = [[at(day), level]];
      pieces.push(piece);
    } else if (piece.at(-1)[1] === level) piece.pop();
    else piece.push([at(day), level]);
    piece.push([at(days[i + 1] ?? Math.max(last, day)), level]);
  });
  return pieces;
}

const shortly = (number) => String(Math.round(number * 10) / 10);
const trace = (points) => `M${points.map(([x, y]) => `${shortly(x)} ${shortly(y)}`).join("L")}`;

/** A line in steps as the `d` of a path. */
const stepPath = (days, values, scale) => corners(days, values, scale).map(trace).join("");

/** What lies between two lines in steps, as the `d` of a path. */
function stepBand(days, low, high, scale) {
  const under = corners(days, low, scale);
  return corners(days, high, scale)
    .map((piece, i) => `${trace([...piece, ...(under[i] || []).toReversed()])}Z`)
    .join("");
}

/** Places near those wanted, at least `gap` apart, between low and high; the order is kept. */
function apart(wanted, gap, low, high) {
  const last = wanted.length - 1,
    space = Math.min(gap, (high - low) / Math.max(last, 1)),
    order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]),
    free = order.map((i, rank) => within(wanted[i] - rank * space, low, high - last * space)),
    places = [];
  // Those that push each other give way to both sides alike.
  order.forEach((i, rank) => {
    places[i] = rank * space + (Math.max(...free.slice(0, rank + 1)) + Math.min(...free.slice(rank))) / 2;
  });
  return places;
}

/** Where a finger finds what lies from x to end at a height: its middle, and how far it reaches to either side. */
const reachOf = (x, end, y) => ({ x: (x + end) / 2, y, half: Math.max(end - x, FINGER) / 2 });

const touch = (one, other) => Math.abs(one.x - other.x) < one.half + other.half && Math.abs(one.y - other.y) < FINGER;

/** Marks of one kind that touch the first of them, together: lists of their numbers. */
function grouped(marks, kinds = []) {
  const groups = [];
  marks.forEach((mark, i) => {
    const near = groups.find(([first]) => kinds[first] === kinds[i] && touch(marks[first], mark));
    if (near) near.push(i);
    else groups.push([i]);
  });
  return groups;
}

/** Rows in which stretches, in the order of their beginnings, do not touch; the first row is 0. */
function stacked(stretches) {
  const ends = [];
  return stretches.map(([from, to]) => {
    const row = ends.findIndex((end) => end <= from);
    if (row < 0) return ends.push(to) - 1;
    ends[row] = to;
    return row;
  });
}

/**
 * Labels on stems, each where it begins and in which row, in the order given. From the last stem on, each begins at its own
 * and is above all that it reaches, so that no stem crosses a label but where one has to begin before its stem.
 */
function labelled(stems, widths, low, high) {
  const put = [];
  for (const i of stems.map((_, i) => i).sort((a, b) => stems[b] - stems[a])) {
    const x = within(stems[i] - 2, low, high - widths[i]),
      reached = put.filter((other) => other && other.x < x + widths[i] + 8);
    put[i] = { stem: stems[i], x, row: Math.max(-1, ...reached.map(({ row }) => row)) + 1 };
  }
  return put;
}

/** Where a key leads from one of so many things in a row; undefined if nowhere. */
function stepped(key, at, count) {
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[
    key
  ];
  return to === undefined ? to : within(to, 0, count - 1);
}

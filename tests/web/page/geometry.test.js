"use strict";
// Where the page draws things: true of any debate and any width.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const vm = require("node:vm");

const page = path.join(__dirname, "../../../sim/web/page");
const scripts = ["drawing.js", "geometry.js"].map((name) => readFileSync(path.join(page, name), "utf-8"));
const names =
  "acrossTime, apart, corners, cut, grouped, labelled, linear, monthsAlong, reachOf, stepBand, stepPath, stepped, stacked, textWidth, touch";
const drawn = vm.runInNewContext(`${scripts.join("\n")}\n;({${names}})`, { Intl });
const plain = (value) => JSON.parse(JSON.stringify(value));
const same = (x) => x;
const DEBATE = { from: "1921-11-01", to: "1923-04-25" };

/** Numbers between 0 and 1, the same at every run. */
function drawing(seed) {
  let state = seed;
  return () => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const until = (last) => ({ last, at: same, y: same });

test("a stance jumps on its day, and the line has no slope", () => {
  const [piece] = plain(drawn.corners([0, 10, 20], [1, 1, 5], until(30)));
  assert.deepEqual(piece, [
    [0, 1],
    [20, 1],
    [20, 5],
    [30, 5],
  ]);
});

test("a line breaks off where nothing is known, and the last value holds to the end", () => {
  assert.equal(drawn.stepPath([0, 1, 2], [3, null, 4], until(9)), "M0 3L1 3M2 4L9 4");
  assert.equal(drawn.stepPath([], [], until(9)), "");
});

test("a band goes along its upper edge and back along its lower one", () => {
  assert.equal(drawn.stepBand([0, 1], [0, 1], [5, 6], until(2)), "M0 5L1 5L1 6L2 6L2 1L1 1L1 0L0 0Z");
});

test("the first and the last day stand at the ends of the drawing, at any width, and names beside it fit", () => {
  for (const width of [280, 390, 560, 1400]) {
    const scale = drawn.acrossTime(width, DEBATE, { left: ["uphold"], right: ["Sokolnikov"] });
    assert.equal(scale.at(scale.first), scale.left);
    assert.equal(scale.at(scale.last), scale.right);
    assert.ok(drawn.textWidth(drawn.cut("Sokolnikov", width - scale.right)) <= width - scale.right);
  }
});

test("names at the ends of lines never overlap, keep their order, stay inside and move no more than they must", () => {
  const random = drawing(1);
  for (let turn = 0; turn < 500; turn++) {
    const wanted = Array.from({ length: 1 + Math.floor(random() * 12) }, () => 300 * random() ** (1 + 3 * random())),
      gap = 15,
      places = plain(drawn.apart(wanted, gap, 10, 290)),
      order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    order.forEach((i, rank) => {
      assert.ok(places[i] >= 10 - 1e-9 && places[i] <= 290 + 1e-9);
      if (rank) assert.ok(places[i] - places[order[rank - 1]] >= gap - 1e-9);
    });
    // Without a gap to keep they would stand here; the farthest of those that are in each other's way goes half of it.
    const free = order.map((i, rank) => wanted[i] - rank * gap),
      pushed = Math.max(...free.map((one, rank) => (one - Math.min(...free.slice(rank))) / 2)),
      out = Math.max(
        0,
        10 - free[0],
        ...free.map((one) => one - (290 - (wanted.length - 1) * gap)),
        10 - Math.min(...free),
      );
    for (const i of order) assert.ok(Math.abs(places[i] - wanted[i]) <= pushed + out + 1e-9);
  }
});

test("labels never lie on one another, stay in the drawing, and are seldom crossed by a stem", () => {
  const random = drawing(2);
  let crossed = 0;
  for (let turn = 0; turn < 500; turn++) {
    const width = turn % 2 ? 340 : 700,
      stems = Array.from({ length: 5 }, () => width * random()),
      widths = stems.map(() => 60 + 120 * random()),
      labels = plain(drawn.labelled(stems, widths, 4, width));
    labels.forEach((one, i) => {
      assert.ok(one.x >= 4 && one.x + widths[i] <= width && one.row < 5);
      labels.forEach((other, j) => {
        if (i !== j && one.row === other.row) assert.ok(one.x + widths[i] < other.x || other.x + widths[j] < one.x);
        if (width === 700) crossed += one.row > other.row && stems[i] > other.x && stems[i] < other.x + widths[j];
      });
    });
  }
  assert.ok(crossed < 150);
});

test("marks that a finger cannot tell apart are one, and what is left is a finger apart", () => {
  const random = drawing(3),
    boxes = Array.from({ length: 60 }, () => [300 * random(), 200 * random()]).map(([x, y]) => drawn.reachOf(x, x, y)),
    first = plain(drawn.grouped(boxes)).map(([i]) => boxes[i]);
  assert.ok(first.length < 60);
  first.forEach((box, i) => {
    assert.ok(first.slice(i + 1).every((other) => !drawn.touch(box, other)));
  });
  const kinds = ["a", "b", "a"],
    near = [0, 1, 2].map((x) => drawn.reachOf(x, x, 0));
  assert.deepEqual(plain(drawn.grouped(near, kinds)), [[0, 2], [1]]);
});

test("a stretch is found where it lies, and never within less than a finger", () => {
  assert.deepEqual(plain(drawn.reachOf(0, 100, 5)), { x: 50, y: 5, half: 50 });
  assert.deepEqual(plain(drawn.reachOf(10, 12, 5)), { x: 11, y: 5, half: 12 });
});

test("months along a narrow line leave room for one another, and each year is named once", () => {
  for (const width of [320, 700, 1400]) {
    const scale = drawn.acrossTime(width, DEBATE),
      months = plain(drawn.monthsAlong(scale)),
      years = months.map(({ year }) => year).filter(Boolean);
    months.slice(1).forEach(({ day }, i) => {
      assert.ok(scale.at(day) - scale.at(months[i].day) > 30);
    });
    assert.deepEqual(years, [...new Set(years)]);
  }
  const days = plain(drawn.monthsAlong(drawn.acrossTime(320, { from: "2024-10-06", to: "2024-10-20" })));
  assert.deepEqual(
    days.map(({ text }) => text),
    ["6 Oct", "20 Oct"],
  );
  const march = plain(drawn.monthsAlong(drawn.acrossTime(1400, { from: "1968-12-01", to: "1970-03-02" })));
  assert.deepEqual([march[0].text, march[0].year, march[1].year, march.at(-1).text], ["Dec", "1968", "1969", "Mar"]);
});

test("stretches of one row do not touch", () => {
  const rows = [
    [0, 10],
    [5, 30],
    [10, 20],
    [20, 40],
  ];
  assert.deepEqual(plain(drawn.stacked(rows)), [0, 1, 0, 0]);
});

test("arrows lead from thing to thing and stop at the ends", () => {
  assert.equal(drawn.stepped("ArrowRight", 2, 3), 2);
  assert.equal(drawn.stepped("ArrowLeft", 2, 3), 1);
  assert.equal(drawn.stepped("End", 0, 3), 2);
  assert.equal(drawn.stepped("x", 0, 3), undefined);
});

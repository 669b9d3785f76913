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
  "acrossTime, apart, corners, dayOf, grouped, labelled, monthsAlong, stepBand, stepPath, stacked, textWidth";
const drawn = vm.runInNewContext(`${scripts.join("\n")}\n;({${names}})`, { Intl });
const plain = (value) => JSON.parse(JSON.stringify(value));
const same = (x) => x;
const DEBATE = { from: "1921-11-01", to: "1923-04-25" };

test("a stance jumps on its day, and the line has no slope", () => {
  const [piece] = plain(drawn.corners([0, 10, 20], [1, 1, 5], 30, same, same));
  assert.deepEqual(piece, [
    [0, 1],
    [20, 1],
    [20, 5],
    [30, 5],
  ]);
  piece.slice(1).forEach(([x, y], i) => {
    assert.ok(x === piece[i][0] || y === piece[i][1]);
  });
});

test("a line breaks off where nothing is known, and the last value holds to the end", () => {
  assert.equal(drawn.stepPath([0, 1, 2], [3, null, 4], 9, same, same), "M0 3L1 3M2 4L9 4");
  assert.equal(drawn.stepPath([], [], 9, same, same), "");
});

test("a band goes along its upper edge and back along its lower one", () => {
  assert.equal(drawn.stepBand([0, 1], [0, 1], [5, 6], 2, same, same), "M0 5L1 5L1 6L2 6L2 1L1 1L1 0L0 0Z");
});

test("the first and the last day stand at the ends of the drawing, at any width", () => {
  for (const width of [280, 560, 1400]) {
    const scale = drawn.acrossTime(width, DEBATE, { right: ["Sokolnikov"] });
    assert.equal(scale.at(scale.first), scale.left);
    assert.equal(scale.at(scale.last), scale.right);
    assert.ok(scale.right + drawn.textWidth("Sokolnikov") <= width);
  }
});

test("names at the ends of lines never overlap, keep their order and stay inside", () => {
  const places = drawn.apart([50, 50, 51, 52, 10, 99], 15, 0, 100);
  const sorted = [...places].sort((a, b) => a - b);
  sorted.slice(1).forEach((place, i) => {
    assert.ok(place - sorted[i] >= 15 - 1e-9);
  });
  assert.ok(sorted[0] >= 0 && sorted.at(-1) <= 100);
  assert.ok(places[4] < places[0] && places[0] < places[2] && places[2] < places[5]);
});

test("labels do not lie over each other or beyond the drawing; the weightiest has room first", () => {
  const places = [300, 310, 320, 330, 5],
    texts = places.map((_, i) => `A decision, number ${i}`);
  const labels = plain(drawn.labelled(places, texts, 0, 400, 2));
  assert.equal(labels[0].row, 0);
  assert.equal(labels[3], null);
  const boxes = labels.flatMap((label, i) => (label ? [{ ...label, end: label.x + drawn.textWidth(texts[i]) }] : []));
  for (const one of boxes) {
    assert.ok(one.x >= 0 && one.end <= 400);
    for (const other of boxes)
      assert.ok(one === other || one.row !== other.row || one.end < other.x || other.end < one.x);
  }
});

test("marks that a finger cannot tell apart are one", () => {
  const groups = plain(
    drawn.grouped(
      [
        [0, 0],
        [10, 5],
        [10, 60],
        [40, 0],
      ],
      24,
    ),
  );
  assert.deepEqual(groups, [[0, 1], [2], [3]]);
});

test("months along a narrow line leave room for one another, and each year is named once", () => {
  const scale = drawn.acrossTime(320, DEBATE);
  const months = plain(drawn.monthsAlong(scale));
  months.slice(1).forEach(({ day }, i) => {
    assert.ok(scale.at(day) - scale.at(months[i].day) > 30);
  });
  const years = months.map(({ year }) => year).filter(Boolean);
  assert.deepEqual(years, [...new Set(years)]);
});

test("marks of one row stand a gap apart", () => {
  assert.deepEqual(plain(drawn.stacked([0, 1, 2, 30], 10)), [0, 1, 2, 0]);
});

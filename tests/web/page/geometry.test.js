"use strict";
// Where the page draws things: true of any debate and any width.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const vm = require("node:vm");

const page = path.join(__dirname, "../../../sim/web/page");
const scripts = ["drawing.js", "geometry.js"].map((name) => readFileSync(path.join(page, name), "utf-8"));
const names = "acrossTime, apart, cut, gathered, monthsAlong, reachOf, stepBand, stepPath, stepped, textWidth, touch";
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
	assert.equal(drawn.stepPath([0, 10, 20], [1, 2, 5], until(30)), "M0.0 1.0H10.0V2.0H20.0V5.0H30.0");
});

test("a line breaks off where nothing is known, and the last value holds to the end", () => {
	assert.equal(drawn.stepPath([0, 1, 2], [3, null, 4], until(9)), "M0.0 3.0H1.0M2.0 4.0H9.0");
	assert.equal(drawn.stepPath([], [], until(9)), "");
});

test("a band is all that lies between its edges on each stretch, and nothing where they are not known", () => {
	assert.equal(
		drawn.stepBand([0, 1, 2], [0, 1, null], [5, 6, null], until(9)),
		"M0.0 0.0H1.0V5.0H0.0ZM1.0 1.0H2.0V6.0H1.0Z",
	);
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

test("groups of marks are a finger apart, have each mark once, are of one kind, and stand within what they are of", () => {
	const random = drawing(3);
	for (let turn = 0; turn < 200; turn++) {
		const marks = Array.from({ length: 40 }, (_, i) => {
				const from = 300 * random(),
					end = i % 5 ? from : from + 40 * random();
				return { from, end, y: i % 2 ? 0 : 200 * random(), kind: i % 3 ? "a" : "b", moments: [i] };
			}),
			most = 12 + 12 * random(),
			groups = plain(drawn.gathered(marks, most, 100));
		assert.deepEqual(
			groups.flatMap(({ moments }) => moments).sort((a, b) => a - b),
			marks.map((_, i) => i),
		);
		groups.forEach(({ x, y, half, kind, moments }, i) => {
			const own = moments.map((one) => marks[one]),
				from = Math.min(...own.map((mark) => mark.from)),
				end = Math.max(...own.map((mark) => mark.end));
			assert.ok(own.every((mark) => mark.kind === kind));
			assert.ok(own.length === 1 || end - from <= most);
			assert.ok(x >= (from + end) / 2 - 1e-9 && x <= Math.max(end, (from + end) / 2) + 1e-9 && half >= 12);
			assert.ok(own.some((mark) => Math.abs(y - mark.y - 24 * Math.round((y - mark.y) / 24)) < 1e-9));
			assert.ok(groups.slice(i + 1).every((other) => !drawn.touch({ x, y, half }, other)));
		});
	}
});

test("marks that touch are one as far as they may be", () => {
	const found = plain(
		drawn.gathered(
			[0, 1, 2, 20, 26].map((from, i) => ({ from, end: from, y: 0, kind: i === 1 ? "b" : "a", moments: [i] })),
			20,
			9,
		),
	);
	assert.deepEqual(
		found.map(({ moments, y }) => [moments, y]),
		[
			[[0, 2, 3], 0],
			[[1], 24],
			[[4], 24],
		],
	);
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

test("arrows lead from thing to thing and stop at the ends", () => {
	assert.equal(drawn.stepped("ArrowRight", 2, 3), 2);
	assert.equal(drawn.stepped("ArrowLeft", 2, 3), 1);
	assert.equal(drawn.stepped("End", 0, 3), 2);
	assert.equal(drawn.stepped("x", 0, 3), undefined);
});

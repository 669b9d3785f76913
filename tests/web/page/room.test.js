"use strict";
// Where seats are: true of any number of members and any width.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const vm = require("node:vm");

const page = path.join(__dirname, "../../../sim/web/page");
const scripts = ["drawing.js", "geometry.js", "room.js"].map((name) => readFileSync(path.join(page, name), "utf-8"));
const room = vm.runInNewContext(`${scripts.join("\n")}\n;Room`, { Intl, WeakMap });
const LONG = "Ordzhonikidze";

test("no two seats overlap, all are inside, and each is large enough for a finger, or a pointer where there are many", () => {
	for (let count = 2; count <= 440; count += count < 70 ? 1 : 37)
		for (let width = 280; width <= 700; width += 30)
			for (const name of ["", "Ada", LONG]) {
				const { places, size, height } = room.places(new Array(count).fill(name), width),
					[wide, high] = size,
					told = `${count} seats in ${width}`;
				assert.equal(places.length, count);
				assert.ok(Math.min(wide, high) >= (count > 60 ? 24 : 44), told);
				places.forEach(([x, y], i) => {
					assert.ok(x - wide / 2 >= -1e-9 && x + wide / 2 <= width + 1e-9, told);
					assert.ok(y - high / 2 >= -1e-9 && y + high / 2 <= height + 1e-9, told);
					for (const [u, v] of places.slice(i + 1))
						assert.ok(Math.abs(x - u) >= wide - 1e-6 || Math.abs(y - v) >= high - 1e-6, told);
				});
			}
});

test("rows are bent to arcs: of seats equally far from the middle none is higher than one nearer to it", () => {
	const { places } = room.places(new Array(27).fill(LONG), 550),
		tops = new Map();
	for (const [x, y] of places) {
		const off = Math.round(Math.abs(x - 275));
		tops.set(off, Math.min(y, tops.get(off) ?? Infinity));
	}
	const outward = [...tops].sort(([a], [b]) => a - b);
	outward.slice(1).forEach(([, y], i) => {
		assert.ok(y > outward[i][1]);
	});
});

test("seats go from left to right, and a name has room", () => {
	const { places, size } = room.places(new Array(27).fill(LONG), 550);
	places.slice(1).forEach(([x], i) => {
		assert.ok(x >= places[i][0] - 1e-9);
	});
	assert.ok(size[0] >= 66);
});

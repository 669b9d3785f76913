"use strict";
// What is chosen: changed and taken back, and the same again from its address.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const vm = require("node:vm");

const page = path.join(__dirname, "../../../sim/web/page");
const scripts = ["drawing.js", "state.js"].map((name) => readFileSync(path.join(page, name), "utf-8"));
const names = "changesIn, Choices, fromAddress, madeBy, put, toAddress, worldOf";
const window = { history: { pushState() {}, replaceState() {} }, clearTimeout() {}, setTimeout() {} };
const made = vm.runInNewContext(`${scripts.join("\n")}\n;({${names}})`, { ...window, Intl, URLSearchParams });
const plain = (value) => JSON.parse(JSON.stringify(value));
const HOME = { seed: "7", runs: 3000, on: "2024-01-02", member: "ada", ballot: "auto" };

const CHANGES = [
	["what_ifs:no-letter", true],
	["readings:who", "eve"],
	["evidence", "seed"],
	["off:eve-writes", true],
	["off:ben-writes", true],
	["silent:board", true],
	["strength:ada-writes", 4.5],
	["room:vote:eve", "in"],
	["room:vote:ben", "out"],
	["rules:dynamics.talk.rule", "degroot"],
	["hold:openness", 0.25],
];

/** Some of the changes, in some order: the same for the same number. */
function some(number) {
	let state = number;
	const next = () => {
		state = (1664525 * state + 1013904223) % 2 ** 32;
		return state / 2 ** 32;
	};
	return CHANGES.map((change) => ({ change, at: next() }))
		.filter(() => next() < 0.6)
		.sort((a, b) => a.at - b.at)
		.map(({ change }) => change);
}

const worldWith = (changes) => changes.reduce((world, change) => made.put(world, ...change), {});

test("a world is the same whatever the order of its changes, and again from its address", () => {
	for (let number = 0; number < 300; number++) {
		const changes = some(number),
			world = worldWith(changes),
			state = made.fromAddress(made.toAddress({ ...made.fromAddress("", HOME), world }), HOME);
		assert.equal(made.changesIn(world), changes.length);
		assert.equal(JSON.stringify(worldWith(changes.toReversed())), JSON.stringify(world));
		assert.equal(JSON.stringify(state.world), JSON.stringify(world));
		const left = changes.reduce((rest, [place]) => made.put(rest, place), state.world);
		assert.deepEqual(plain(left), {});
	}
});

test("an address is as it was written ever since", () => {
	const world = worldWith(CHANGES),
		address =
			"what-ifs=no-letter&readings=who:eve&evidence=seed&off=ben-writes,eve-writes&silent=board&" +
			"strength=ada-writes:4.5&room=vote:ben:out,vote:eve:in&rules=dynamics.talk.rule:degroot&hold=openness:0.25";
	assert.equal(made.toAddress({ ...made.fromAddress("", HOME), world, view: "free" }), address);
});

test("what is taken out has no strength and no room", () => {
	const world = worldWith([
		["strength:eve-writes", 5],
		["strength:ada-writes", 5],
		["room:vote:eve", "in"],
		["off:vote", true],
		["off:eve-writes", true],
	]);
	assert.deepEqual(plain(world), { "off:eve-writes": true, "off:vote": true, "strength:ada-writes": 5 });
});

test("only the world of one what-if and of nothing else is made by it", () => {
	const whatIfs = [{ name: "no-letter" }, { name: "no-talk" }];
	assert.equal(made.madeBy(made.worldOf("no-talk"), whatIfs), whatIfs[1]);
	for (const world of [{}, made.put(made.worldOf("no-talk"), "off:vote", true), made.worldOf("of-another-debate")])
		assert.equal(made.madeBy(world, whatIfs), undefined);
});

test("every change can be undone and redone", () => {
	const choices = new made.Choices(made.fromAddress("", HOME)),
		worlds = [plain(choices.now.world)];
	for (const [place, value] of CHANGES) {
		assert.equal(choices.change({ world: made.put(choices.now.world, place, value) }), true);
		assert.equal(choices.change({ world: made.put(choices.now.world, place, value) }), false);
		worlds.push(plain(choices.now.world));
	}
	for (const world of worlds.slice(0, -1).reverse()) {
		choices.undo();
		assert.deepEqual(plain(choices.now.world), world);
	}
	for (const world of worlds.slice(1)) {
		choices.redo();
		assert.deepEqual(plain(choices.now.world), world);
	}
});

test("as it is opened there is nothing in the address, and what differs is", () => {
	const state = made.fromAddress("", HOME);
	assert.equal(made.toAddress(state), "");
	for (const [name, value] of Object.entries({
		on: "2024-02-03",
		others: true,
		guess: 0,
		view: "free",
		replicate: 9,
	})) {
		const address = made.toAddress({ ...state, [name]: value });
		assert.equal(made.fromAddress(`#${address}`, HOME)[name], value);
		assert.equal(address.split("&").length, 1);
	}
});

test("what makes no sense in an address is left out, but for a world, which the server refuses", () => {
	const state = made.fromAddress("#off=,&on=soon&seed=x&runs=9999999&view=all&unheard=of", HOME);
	assert.equal(made.toAddress(state), "");
	assert.deepEqual(plain(made.fromAddress("#room=vote:eve", HOME).world), { "room:vote": "eve" });
});

"use strict";
// What is chosen: changed and taken back, and the same again from its address.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const vm = require("node:vm");

const page = path.join(__dirname, "../../../sim/web/page");
const scripts = ["drawing.js", "state.js"].map((name) => readFileSync(path.join(page, name), "utf-8"));
const names = "changesIn, changesOf, fromAddress, put, toAddress, untouched, valueAt";
const made = vm.runInNewContext(`${scripts.join("\n")}\n;({${names}})`, { Intl, URLSearchParams });
const plain = (value) => JSON.parse(JSON.stringify(value));
const HOME = { seed: "7", runs: 3000, on: "2024-01-02", member: "ada", ballot: "auto" };

const CHANGES = [
  [["what_ifs", "no-letter"], true],
  [["readings", "who"], "eve"],
  [["evidence"], "seed"],
  [["off", "eve-writes"], true],
  [["silent", "board"], true],
  [["strength", "ada-writes"], 4.5],
  [["room", "vote", "eve"], "in"],
  [["room", "vote", "ben"], "out"],
  [["rules", "dynamics.talk.rule"], "degroot"],
  [["hold", "openness"], 0.25],
];

test("every change can be made, seen, carried in an address, and taken back", () => {
  const world = made.untouched();
  for (const [place, value] of CHANGES) made.put(world, place, value);
  assert.equal(made.changesIn(world), CHANGES.length);
  const state = made.fromAddress(made.toAddress({ ...made.fromAddress("", HOME), world }), HOME);
  assert.deepEqual(plain(state.world), plain(world));
  for (const [place, value] of CHANGES) {
    assert.equal(made.valueAt(state.world, place), value);
    made.put(state.world, place, null);
  }
  assert.deepEqual(plain(state.world), plain(made.untouched()));
});

test("what is taken out has no strength and no room", () => {
  const world = made.untouched();
  made.put(world, ["strength", "eve-writes"], 5);
  made.put(world, ["strength", "ada-writes"], 5);
  made.put(world, ["off", "eve-writes"], true);
  assert.deepEqual(plain(made.changesOf(world)), [
    { path: ["off", "eve-writes"], value: true },
    { path: ["strength", "ada-writes"], value: 5 },
  ]);
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

test("what makes no sense in an address is left out", () => {
  const state = made.fromAddress("#room=vote:eve&hold=openness:wide&off=,&on=soon&seed=x&runs=9999999&view=all", HOME);
  assert.equal(made.toAddress(state), "");
});

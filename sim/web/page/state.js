"use strict";
// What the reader has chosen, as one value: written into the address, undone and redone.

/** The kinds of changes, in the order in which an address has them. */
const KINDS = ["what_ifs", "readings", "evidence", "off", "silent", "strength", "room", "rules", "hold"];

/**
 * A world is its changes by their paths, `{"off:ada-writes": true, "room:october:eve": "in"}`, in the order of these: with
 * one more, which takes the place of an earlier one; undefined takes that back. What is taken out has no strength or room.
 */
function put(world, path, value) {
	const [kind, id] = path.split(":"),
		isLost = (other) => other === path || (kind === "off" && other.split(":")[1] === id),
		changes = Object.entries(world).filter(([other]) => !isLost(other));
	if (value !== undefined) changes.push([path, value]);
	return Object.fromEntries(changes.sort());
}

const changesIn = (world) => Object.keys(world).length;

const worldOf = (name) => ({ [`what_ifs:${name}`]: true });

/** The what-if that makes a world, and nothing else does; undefined of any other world. */
const madeBy = (world, whatIfs) => whatIfs.find(({ name }) => changesIn(world) === 1 && world[`what_ifs:${name}`]);

/** Two worlds can be compared as the model votes in them; one is seen at first with its decisions as recorded. */
const viewOf = (world) => (changesIn(world) ? "free" : "recorded");

const whole =
	(least, most, /** @type {(text: string) => any} */ made = Number) =>
	(text) =>
		/^\d{1,20}$/.test(text) && BigInt(text) >= least && BigInt(text) <= most ? made(text) : null;

/** What is chosen besides a world, and how each is read from an address; null is what makes no sense. */
const CHOSEN = {
	seed: whole(0, 2n ** 64n - 1n, String),
	runs: whole(100, 200000),
	replicate: whole(0, 2 ** 32 - 1),
	on: (text) => (Number.isNaN(dayOf(text)) ? null : text),
	view: (text) => (["recorded", "free", "history"].includes(text) ? text : null),
	guess: whole(0, 100),
	member: String,
	ballot: String,
	others: (text) => text === "true" || null,
};

const usualOf = ({ world, home }, name) => (name === "view" ? viewOf(world) : home[name]);

const called = (name) => (name === "replicate" ? "history" : name.replace("_", "-"));

/** The choices as the part of an address after '#': whatever the picture depends on, and nothing else. */
function toAddress(state) {
	const parts = new URLSearchParams(),
		changes = Object.entries(state.world).map((change) => change.filter((part) => part !== true).join(":"));
	for (const kind of KINDS) {
		const own = changes.filter((text) => text.startsWith(`${kind}:`)).map((text) => text.slice(kind.length + 1));
		if (own.length) parts.set(called(kind), own.join(","));
	}
	for (const name of Object.keys(CHOSEN))
		if (state[name] !== usualOf(state, name)) parts.set(called(name), state[name]);
	return parts.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** The choices in an address, as far as they have a sense; whether such a world can be is for the server to say. */
function fromAddress(hash, usual) {
	const parts = new URLSearchParams(hash.replace(/^#/, "")),
		home = { replicate: 0, guess: null, others: false, ...usual },
		state = { home, world: {} };
	for (const kind of KINDS)
		for (const text of (parts.get(called(kind)) || "").split(",").filter(Boolean)) {
			const path = [kind, ...text.split(":")],
				value = /what_ifs|off|silent/.test(kind) || path.pop(),
				isNumber = /strength|hold/.test(kind);
			state.world = put(state.world, path.join(":"), isNumber ? Number(value) : value);
		}
	for (const [name, read] of Object.entries(CHOSEN)) {
		const text = parts.get(called(name));
		state[name] = (text ? read(text) : null) ?? usualOf(state, name);
	}
	return state;
}

/** The choices with their past and future: what can be undone is what makes a world, not where one looks. */
class Choices {
	constructor(state) {
		this.now = state;
		this.before = [];
		this.after = [];
		this.waiting = 0;
	}

	static world({ world, seed }) {
		return JSON.stringify({ world, seed });
	}

	/** Another choice; whether it makes another world, which can be undone. */
	change(choice) {
		const old = Choices.world(this.now),
			isStep = this.to(choice, old);
		if (isStep) {
			this.before = [...this.before.slice(-199), old];
			this.after = [];
		}
		return isStep;
	}

	step(from, to) {
		if (!from.length) return false;
		const old = Choices.world(this.now);
		to.push(old);
		return this.to(JSON.parse(from.pop()), old);
	}

	undo() {
		return this.step(this.before, this.after);
	}
	redo() {
		return this.step(this.after, this.before);
	}

	/** Another world is a step that Back takes back, and seen as usual if the old one was; looking elsewhere is none. */
	to(choice, old) {
		Object.assign(this.now, choice);
		const isStep = Choices.world(this.now) !== old;
		if (isStep && this.now.view === viewOf(JSON.parse(old).world)) this.now.view = viewOf(this.now.world);
		clearTimeout(this.waiting);
		const write = () => history[isStep ? "pushState" : "replaceState"](null, "", `#${toAddress(this.now)}`);
		if (isStep) write();
		// Browsers slow down pages that rewrite their address at every frame.
		else this.waiting = setTimeout(write, 150);
		return isStep;
	}
}

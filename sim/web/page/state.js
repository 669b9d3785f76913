"use strict";
// What the reader has chosen, as one value: written into the address, undone and redone.

const untouched = () => ({
  what_ifs: [],
  readings: {},
  evidence: null,
  off: [],
  silent: [],
  strength: {},
  room: {},
  rules: {},
  hold: {},
});

/** Everything that differs in a world from the debate as it was: its path, such as ["room", ballot, member], and value. */
function changesOf(world) {
  const within = (part, path) => {
    if (Array.isArray(part)) return part.map((id) => ({ path: [...path, id], value: true }));
    if (part === null || typeof part !== "object") return part === null ? [] : [{ path, value: part }];
    return Object.entries(part).flatMap(([key, inner]) => within(inner, [...path, key]));
  };
  return within(world, []);
}

/** Whether a change is of what a path leads to. */
const isAt = (path) => (change) => change.path.join() === path.join();

const valueAt = (world, path) => changesOf(world).find(isAt(path))?.value;

/** Changes what a path leads to; null takes the change back. What is taken out has no strength, and no room. */
function put(world, path, value) {
  const goes = (change) => isAt(path)(change) || (path[0] === "off" && change.path[1] === path[1]),
    changes = changesOf(world).filter((change) => !goes(change));
  if (value !== null) changes.push({ path, value });
  Object.assign(world, untouched());
  for (const {
    path: [kind, key, inner],
    value: own,
  } of changes)
    if (key === undefined) world[kind] = own;
    else if (Array.isArray(world[kind])) world[kind].push(key);
    else if (inner === undefined) world[kind][key] = own;
    else world[kind][key] = { ...world[kind][key], [inner]: own };
}

const changesIn = (world) => changesOf(world).length;

/** The title of a world that one what-if makes, and nothing else; null of any other. */
function titleOf(world, debate) {
  const [name] = changesIn(world) === 1 ? world.what_ifs : [];
  return debate.controls.what_ifs.find((one) => one.name === name)?.title || null;
}

/** Two worlds can be compared as the model votes in them; one is seen at first with its decisions as recorded. */
const viewOf = (world) => (changesIn(world) ? "free" : "recorded");

const whole = (most) => (text) => (/^\d{1,10}$/.test(text) && Number(text) <= most ? Number(text) : null);

/** What is chosen besides a world, and how each is read from an address; null is what makes no sense. */
const CHOSEN = {
  seed: (text) => (/^\d{1,20}$/.test(text) && Number(text) < 2 ** 64 ? text : null),
  runs: whole(200000),
  replicate: whole(2 ** 32 - 1),
  on: (text) => (Number.isNaN(dayOf(text)) ? null : text),
  view: (text) => (["recorded", "free", "history"].includes(text) ? text : null),
  guess: whole(100),
  member: String,
  ballot: String,
  others: (text) => text === "true" || null,
};

/** What a choice is called in an address. */
const called = (name) => (name === "replicate" ? "history" : name.replace("_", "-"));

/** The choices as the part of an address after '#': whatever the picture depends on, and nothing else. */
function toAddress(state) {
  const parts = new URLSearchParams(),
    changes = changesOf(state.world);
  for (const kind of Object.keys(state.world)) {
    const own = changes.filter(({ path }) => path[0] === kind);
    const texts = own.map(({ path, value }) => [...path.slice(1), ...(value === true ? [] : [value])].join(":"));
    if (own.length) parts.set(called(kind), texts.join(","));
  }
  for (const name of Object.keys(CHOSEN)) {
    const usual = name === "view" ? viewOf(state.world) : state.home[name];
    if (state[name] !== usual) parts.set(called(name), state[name]);
  }
  return parts.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** The choices in an address, as far as they have a sense; whether such a world can be is for the server to say. */
function fromAddress(hash, usual) {
  const parts = new URLSearchParams(hash.replace(/^#/, "")),
    home = { replicate: 0, guess: null, others: false, ...usual },
    world = untouched();
  for (const [kind, empty] of Object.entries(untouched()))
    for (const text of (parts.get(called(kind)) || "").split(",").filter(Boolean)) {
      const words = text.split(":"),
        last = Array.isArray(empty) ? true : words.pop(),
        isNumber = kind === "strength" || kind === "hold",
        depth = kind === "room" ? 2 : empty === null ? 0 : 1;
      if (words.length === depth && words.every(Boolean) && !(isNumber && Number.isNaN(Number(last))))
        put(world, [kind, ...words], isNumber ? Number(last) : last);
    }
  const state = { home, world };
  for (const [name, read] of Object.entries(CHOSEN)) {
    const text = parts.get(called(name));
    state[name] = (text ? read(text) : null) ?? (name === "view" ? viewOf(world) : home[name]);
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

  /** Everything that makes a world, as text. */
  static world({ world, seed, replicate }) {
    return JSON.stringify({ world, seed, replicate });
  }

  /** Makes a change to what makes a world; it can be undone. */
  change(make) {
    const old = Choices.world(this.now);
    make(this.now);
    if (Choices.world(this.now) === old) return false;
    this.before = [...this.before.slice(-199), old];
    this.after = [];
    this.moved(old);
    return true;
  }

  /** Looks elsewhere: nothing to undo. */
  look(make) {
    make(this.now);
    this.write();
  }

  step(from, to) {
    if (!from.length) return false;
    const old = Choices.world(this.now);
    to.push(old);
    Object.assign(this.now, JSON.parse(from.pop()));
    this.moved(old);
    return true;
  }

  undo() {
    return this.step(this.before, this.after);
  }
  redo() {
    return this.step(this.after, this.before);
  }

  /** Whoever sees a world as it is usually seen goes on to do so. */
  moved(old) {
    if (this.now.view === viewOf(JSON.parse(old).world)) this.now.view = viewOf(this.now.world);
    this.write(true);
  }

  /** Another world is a step that Back takes back; looking elsewhere is none. */
  write(isStep = false) {
    clearTimeout(this.waiting);
    const write = () => history[isStep ? "pushState" : "replaceState"](null, "", `#${toAddress(this.now)}`);
    if (isStep) write();
    // Browsers slow down pages that rewrite their address at every frame.
    else this.waiting = setTimeout(write, 150);
  }
}

"use strict";
// What the reader has chosen, as one value: written into the address, undone and redone.

const KINDS_OF_CONTROL = ["what_ifs", "off", "silent"];
const PAIRS_OF_CONTROL = { reading: "readings", strength: "strength", rule: "rules", hold: "hold" };
const VIEWS = ["recorded", "free", "history"];

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

/** How many things differ in a world from the debate as it was. */
function changesIn(world) {
  const inRoom = Object.values(world.room).reduce((sum, members) => sum + Object.keys(members).length, 0);
  const listed = KINDS_OF_CONTROL.reduce((sum, kind) => sum + world[kind].length, 0);
  const paired = Object.values(PAIRS_OF_CONTROL).reduce((sum, kind) => sum + Object.keys(world[kind]).length, 0);
  return inRoom + listed + paired + (world.evidence === null ? 0 : 1);
}

/** The title of a world that one what-if makes, and nothing else; null of any other. */
function titleOf(world, debate) {
  const [name] = world.what_ifs;
  const found = changesIn(world) === 1 && debate.controls.what_ifs.find((one) => one.name === name);
  return found ? found.title : null;
}

/** The choices as the part of an address after '#'. */
function toAddress(state) {
  const parts = new URLSearchParams();
  const put = (name, text) => {
    if (text) parts.set(name, text);
  };
  for (const kind of KINDS_OF_CONTROL) put(kind.replace("_", "-"), state.world[kind].join(","));
  for (const [name, kind] of Object.entries(PAIRS_OF_CONTROL)) {
    put(
      name,
      Object.entries(state.world[kind])
        .map(([key, value]) => `${key}:${value}`)
        .join(","),
    );
  }
  put(
    "room",
    Object.entries(state.world.room)
      .flatMap(([ballot, members]) => Object.entries(members).map(([member, place]) => `${ballot}:${member}:${place}`))
      .join(","),
  );
  put("evidence", state.world.evidence);
  if (state.seed !== state.home.seed) put("seed", state.seed);
  if (state.runs !== state.home.runs) put("runs", String(state.runs));
  if (state.replicate) put("history", String(state.replicate));
  put("on", state.on);
  if (state.guess !== null) put("guess", String(state.guess));
  for (const name of ["view", "member", "ballot"]) if (state[name] !== state.home[name]) put(name, state[name]);
  return parts.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** The choices in an address, as far as they make sense; what does not is left out. */
function fromAddress(hash, home) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const list = (name) => (parts.get(name) || "").split(",").filter(Boolean);
  const world = untouched();
  for (const kind of KINDS_OF_CONTROL) world[kind] = list(kind.replace("_", "-"));
  for (const [name, kind] of Object.entries(PAIRS_OF_CONTROL)) {
    for (const pair of list(name)) {
      const [key, value] = pair.split(":");
      const isNumber = kind === "strength" || kind === "hold";
      if (key && value && !(isNumber && !Number.isFinite(Number(value))))
        world[kind][key] = isNumber ? Number(value) : value;
    }
  }
  for (const triple of list("room")) {
    const [ballot, member, place] = triple.split(":");
    if (place === "in" || place === "out") world.room[ballot] = { ...world.room[ballot], [member]: place };
  }
  const evidence = parts.get("evidence");
  world.evidence = ["all", "documented", "seed"].includes(evidence) ? evidence : null;
  const whole = (name, otherwise, most) => {
    const text = parts.get(name);
    return /^\d{1,20}$/.test(text || "") && Number(text) <= most ? text : otherwise;
  };
  return {
    home,
    world,
    seed: whole("seed", home.seed, 2 ** 64),
    runs: Number(whole("runs", home.runs, 200000)),
    replicate: Number(whole("history", 0, 2 ** 32 - 1)),
    on: /^\d{4}-\d\d-\d\d$/.test(parts.get("on") || "") ? parts.get("on") : home.on,
    view: VIEWS.includes(parts.get("view")) ? parts.get("view") : home.view,
    guess: /^(\d\d?|100)$/.test(parts.get("guess") || "") ? Number(parts.get("guess")) : null,
    member: parts.get("member") || home.member,
    ballot: parts.get("ballot") || home.ballot,
  };
}

/** The choices with their past and future: what can be undone is what makes a world, not where one looks. */
class Choices {
  constructor(state) {
    this.now = state;
    this.before = [];
    this.after = [];
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
    this.before.push(old);
    if (this.before.length > 200) this.before.shift();
    this.after = [];
    this.write(true);
    return true;
  }

  /** Looks elsewhere: nothing to undo. */
  look(make) {
    make(this.now);
    this.write();
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(Choices.world(this.now));
    Object.assign(this.now, JSON.parse(from.pop()));
    this.write(true);
    return true;
  }

  undo() {
    return this.step(this.before, this.after);
  }
  redo() {
    return this.step(this.after, this.before);
  }

  /** Another world is a step that Back takes back; looking elsewhere is none. */
  write(isStep) {
    clearTimeout(this.waiting);
    const put = () => history[isStep ? "pushState" : "replaceState"](null, "", `#${toAddress(this.now)}`);
    if (isStep) put();
    // Browsers slow down pages that rewrite their address at every frame.
    else this.waiting = setTimeout(put, 150);
  }
}

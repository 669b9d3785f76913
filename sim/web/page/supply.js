"use strict";
// Where answers come from: the server that sent this page, or, in a report, what was worked out beforehand.

const embedded = byId("embedded-data") ? JSON.parse(byId("embedded-data").textContent) : null;
if (embedded) for (const view of ["recorded", "free"]) embedded.base[view] = unpacked(embedded.base[view]);

/** That a world cannot be, told from that nobody answers. */
const refusal = (text) => Object.assign(new Error(text), { name: "Refusal" });

/** A series from its steps, as view/worlds.py writes them, on top of another. */
function risen([still, ...steps], under) {
  let sum = 0;
  return under.map((value, i) => {
    sum += steps[i - still] || 0;
    return Math.round(value * 1e4 + sum * 100) / 1e4;
  });
}

/** Stances from their steps. */
function unpacked({ dates, members, policy }) {
  const level = dates.map(() => 0),
    each = (parts, make) => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, make(part)])),
    whole = each(members, (series) => each(series, (steps) => risen(steps, level)));
  return { dates, members: whole, policy: risen(policy, level) };
}

/** Another world's mean stances, from their differences from the stances of the debate as it was. */
function beside(base, { dates, members, policy }) {
  const days = dates || base.dates,
    places = days.map((day) => placeOf(base.dates, day)),
    on = (steps, values) =>
      risen(
        steps,
        places.map((i) => (values ? values[i] : 0)),
      );
  const whole = {};
  for (const name of Object.keys({ ...base.members, ...members }))
    if (members[name] !== null) whole[name] = { mean: on(members[name] || [], base.members[name]?.mean) };
  return { dates: days, members: whole, policy: on(policy, base.policy) };
}

class Supply {
  constructor() {
    this.stop = this.ready = this.played = null;
  }

  /** What the server answers to a question about a world. */
  async ask(question, { world, seed, replicate, runs }, signal = null) {
    let response;
    try {
      response = await fetch(`/api/${question}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ world, seed, replicate, runs }),
        signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The program that sent this page does not answer any more: start it again and reload.");
    }
    if (!response.ok) throw refusal((await response.json()).error);
    return response;
  }

  /** What it answers about the debate as it was. */
  async asked(question, state, runs = state.runs, signal = null) {
    return (await this.ask(question, { ...state, runs, world: {} }, signal)).json();
  }

  /** The debate as it was, from as many histories as the page begins with: more are played when worlds are compared. */
  async base(state) {
    this.played = embedded ? embedded.base : (await this.asked("world", state, state.home.runs)).world;
    return this.played;
  }

  /** The groups of the panel, see view/panel.py; a report has none. */
  async panel(state) {
    return embedded ? [] : (await this.asked("panel", state)).panel;
  }

  /** The ready-made worlds, the one with the largest effect first; {featured, worlds}, see view/worlds.py. */
  async readyMade(state) {
    this.ready = (embedded || (await this.asked("ready-made", state))).ready_made;
    return this.ready;
  }

  /** A ready-made world by its name, as `compared` gives it and without asking anybody; null if it is not here yet. */
  readyWorld(name) {
    const found = (embedded ? embedded.ready_made : this.ready)?.worlds.find((one) => one.name === name);
    return found ? Supply.unfolded(found, this.played) : null;
  }

  /** Another world, and the debate as it was, from as many histories: {base, world, comparison}; tells `progress` how many histories are done. */
  async compared(state, progress) {
    if (embedded) throw refusal("This world is none of those that the report has.");
    this.cancel();
    const stop = new AbortController();
    this.stop = stop;
    try {
      const response = await this.ask("compare", state, stop.signal),
        reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "",
        last = null;
      for (let done = false; !done; ) {
        const read = await reader.read();
        done = read.done;
        const rows = (text + (read.value || "")).split("\n");
        text = rows.pop();
        for (const row of rows.filter(Boolean)) {
          last = JSON.parse(row);
          if (last.error) throw refusal(last.error);
          if (last.done !== undefined) progress(last.done);
        }
      }
      const { played } = this,
        base = state.runs === played.runs ? played : (await this.asked("world", state, state.runs, stop.signal)).world;
      return { ...last, base };
    } finally {
      if (this.stop === stop) this.stop = null;
    }
  }

  /** A ready-made world whole: what it shares with the debate as it was is written there only. */
  static unfolded({ world: { gone, changed, free, ballots_free, ...world }, comparison }, base) {
    const { debate } = base,
      now = new Map([...debate.moments, ...changed].map((moment) => [moment.id, moment]));
    for (const id of gone) now.delete(id);
    const moments = [...now.values()].sort((a, b) => a.date.localeCompare(b.date)),
      votes = [rowsOf(base.ballots_free), rowsOf(ballots_free)],
      other = new Set([...gone, ...ballots_free.decision]);
    return {
      base,
      world: {
        ...world,
        debate: { ...debate, moments },
        free: beside(base.free, free),
        ballots_free: columnsOf([...votes[0].filter((row) => !other.has(row.decision)), ...votes[1]]),
      },
      comparison,
    };
  }

  /** The reader's world as the text of a file that `sim whatif` takes. */
  async whatIf(state) {
    return (await this.ask("what-if", state)).text();
  }

  /** Stops what is being compared. */
  cancel() {
    this.stop?.abort();
    this.stop = null;
  }
}

"use strict";
// Where answers come from: the server that sent this page, or, in a report, what was worked out beforehand.

const embedded = byId("embedded-data") ? JSON.parse(byId("embedded-data").textContent) : null;
if (embedded) for (const view of ["recorded", "free"]) embedded.base[view] = unpacked(embedded.base[view]);

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

/** Answers are numbered, and one that was overtaken by a later question is dropped. */
class Supply {
  constructor() {
    this.asked = { world: 0, compare: 0 };
    this.stop = this.ready = this.played = null;
  }

  request(state, world, runs, sequence) {
    return { world, seed: state.seed, replicate: state.replicate, runs, sequence };
  }

  async post(path, body, signal) {
    let response;
    try {
      response = await fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The program that sent this page does not answer any more: start it again and reload.");
    }
    if (!response.ok) throw new Error((await response.json()).error);
    return response;
  }

  /**
   * The debate as it was, from as many histories as the page begins with: more are played when two worlds are compared.
   * null if another question has been asked since.
   */
  async base(state) {
    if (embedded) {
      this.played = embedded.base;
      return this.played;
    }
    const sequence = ++this.asked.world;
    const response = await this.post("/api/world", this.request(state, untouched(), state.home.runs, sequence));
    const answer = await response.json();
    if (answer.sequence !== this.asked.world) return null;
    this.played = answer.world;
    return this.played;
  }

  /** The groups of the panel, see view/panel.py; a report has none. */
  async panel() {
    return embedded ? [] : (await (await this.post("/api/panel", {})).json()).panel;
  }

  /** The ready-made worlds, the one with the largest effect first; {featured, worlds}, see view/worlds.py. */
  async readyMade(state) {
    if (embedded) this.ready = embedded.ready_made;
    else {
      const response = await this.post("/api/ready-made", this.request(state, untouched(), state.runs, 0));
      this.ready = (await response.json()).ready_made;
    }
    return this.ready;
  }

  /** A ready-made world by its name, as `compared` gives it and without asking anybody; null if it is not here yet. */
  readyWorld(name) {
    const found = (embedded ? embedded.ready_made : this.ready)?.worlds.find((one) => one.name === name);
    return found ? Supply.unfolded(found, this.played) : null;
  }

  /** Another world, and the debate as it was, from as many histories: {base, world, comparison}; tells `progress` how many histories are done. */
  async compared(state, progress) {
    if (embedded) return this.readyWorld(state.world.what_ifs[0]);
    this.cancel();
    const sequence = ++this.asked.compare,
      stop = new AbortController();
    this.stop = stop;
    const ask = (path, world) => this.post(path, this.request(state, world, state.runs, sequence), stop.signal),
      response = await ask("/api/compare", state.world);
    const reader = response.body.getReader(),
      decoder = new TextDecoder();
    let text = "",
      last = null;
    for (;;) {
      const { done, value } = await reader.read();
      text += decoder.decode(value, { stream: !done });
      const rows = text.split("\n");
      text = rows.pop();
      for (const row of rows.filter(Boolean)) {
        last = JSON.parse(row);
        if (last.error) throw new Error(last.error);
        if (last.done !== undefined && sequence === this.asked.compare) progress(last.done);
      }
      if (done) break;
    }
    const { played } = this,
      base = state.runs === played.runs ? played : (await (await ask("/api/world", untouched())).json()).world;
    if (this.stop === stop) this.stop = null;
    return last?.world && last.sequence === this.asked.compare ? { ...last, base } : null;
  }

  /** A ready-made world whole: what it shares with the debate as it was is written there only. */
  static unfolded(found, base) {
    const { gone, changed, free, ballots_free, ...world } = found.world,
      { debate } = base,
      now = new Map(changed.map((moment) => [moment.id, moment]));
    const kept = debate.moments
      .filter((moment) => !gone.includes(moment.id))
      .map((moment) => now.get(moment.id) || moment);
    const added = changed.filter((moment) => !kept.includes(moment));
    const moments = [...kept, ...added].sort((a, b) => a.date.localeCompare(b.date));
    const votes = [rowsOf(base.ballots_free), rowsOf(ballots_free)],
      other = new Set([...gone, ...ballots_free.decision]);
    return {
      base,
      world: {
        ...world,
        debate: { ...debate, moments },
        free: beside(base.free, free),
        ballots_free: columnsOf([...votes[0].filter((row) => !other.has(row.decision)), ...votes[1]]),
      },
      comparison: found.comparison,
    };
  }

  /** The reader's world as the text of a file that `sim whatif` takes. */
  async whatIf(state) {
    return (await this.post("/api/what-if", this.request(state, state.world, state.runs, 0))).text();
  }

  /** Stops what is being compared. */
  cancel() {
    if (this.stop) this.stop.abort();
    this.stop = null;
  }
}

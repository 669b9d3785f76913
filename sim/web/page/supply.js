"use strict";
// Where answers come from: the server that sent this page, or, in a report, what was worked out beforehand.

const embedded = byId("embedded-data") ? JSON.parse(byId("embedded-data").textContent) : null;

/** Answers are numbered, and one that was overtaken by a later question is dropped. */
class Supply {
  constructor() {
    this.asked = { world: 0, compare: 0 };
    this.stop = this.ready = this.debate = null;
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
      this.debate = embedded.base.debate;
      return embedded.base;
    }
    const sequence = ++this.asked.world;
    const response = await this.post("/api/world", this.request(state, untouched(), state.home.runs, sequence));
    const answer = await response.json();
    if (answer.sequence !== this.asked.world) return null;
    this.debate = answer.world.debate;
    return answer.world;
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
    return found ? Supply.unfolded(found, this.debate) : null;
  }

  /** Another world beside it: {world, comparison}; tells `progress` how many histories are done. */
  async compared(state, progress) {
    if (embedded) return this.readyWorld(state.world.what_ifs[0]);
    this.cancel();
    const sequence = ++this.asked.compare,
      stop = new AbortController();
    this.stop = stop;
    const response = await this.post(
      "/api/compare",
      this.request(state, state.world, state.runs, sequence),
      stop.signal,
    );
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
    if (this.stop === stop) this.stop = null;
    return last?.world && last.sequence === this.asked.compare ? last : null;
  }

  /** A ready-made world whole: what it shares with the debate as it was is written there only. */
  static unfolded(found, debate) {
    const { gone, changed, ...world } = found.world,
      now = new Map(changed.map((moment) => [moment.id, moment]));
    const kept = debate.moments
      .filter((moment) => !gone.includes(moment.id))
      .map((moment) => now.get(moment.id) || moment);
    const added = changed.filter((moment) => !kept.includes(moment));
    const moments = [...kept, ...added].sort((a, b) => a.date.localeCompare(b.date));
    return { world: { ...world, debate: { ...debate, moments } }, comparison: found.comparison };
  }

  /** Stops what is being compared. */
  cancel() {
    if (this.stop) this.stop.abort();
    this.stop = null;
  }
}

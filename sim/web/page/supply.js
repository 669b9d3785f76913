"use strict";
// Where answers come from: the server that sent this page, or, in a report, what was worked out beforehand.

const embedded = byId("embedded-data") ? JSON.parse(byId("embedded-data").textContent) : null;

/** Answers are numbered, and one that was overtaken by a later question is dropped. */
class Supply {
  constructor() {
    this.asked = { world: 0, compare: 0 };
    this.stop = null;
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

  /** The debate as it was; null if another question has been asked since. */
  async base(state) {
    if (embedded) return embedded.base;
    const sequence = ++this.asked.world;
    const response = await this.post("/api/world", this.request(state, untouched(), 1, sequence));
    const answer = await response.json();
    return answer.sequence === this.asked.world ? answer.world : null;
  }

  /** Another world beside it: {world, comparison}; tells `progress` how many histories are done. */
  async compared(state, progress) {
    if (embedded) return Supply.unfolded(embedded.worlds.find((one) => one.name === state.world.what_ifs[0]));
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

  /** A world of a report: what it shares with the debate as it was is written there only. */
  static unfolded(found) {
    if (!found) return null;
    const { gone, changed, ...world } = found.world,
      { debate } = embedded.base,
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

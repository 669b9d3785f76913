"use strict";
// Where answers come from: the server that sent this page, or, in a report, what was worked out beforehand.

/** Whatever a report carries, see report/embedded_data.py; null on the page of a server. */
const embedded = byId("embedded-data");

async function carried() {
	const bytes = Uint8Array.from(atob(embedded.textContent), (sign) => sign.charCodeAt(0));
	return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/** That a world cannot be, told from that nobody answers. */
const refusal = (text) => Object.assign(new Error(text), { name: "Refusal" });

class Supply {
	constructor() {
		this.ready = this.played = null;
		this.stop = new AbortController();
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

	async asked(question, state, signal = null) {
		return (await this.ask(question, { ...state, world: {} }, signal)).json();
	}

	/** The debate as it was, from as many histories as the page begins with: more are played when worlds are compared. */
	async base(state, runs = state.home.runs, signal = null) {
		const { played } = this,
			isOther = ["seed", "replicate"].some((name) => played?.[name] !== state[name]) || played.runs !== runs;
		if (!embedded && isOther) this.played = (await this.asked("world", { ...state, runs }, signal)).world;
		else if (!played) ({ base: this.played, ready_made: this.ready } = await carried());
		return this.played;
	}

	/** The groups of the panel, see view/panel.py; a report has none. */
	async panel(state) {
		return embedded ? [] : (await this.asked("panel", state)).panel;
	}

	/** The ready-made worlds, the one with the largest effect first; {featured, worlds}, see view/worlds.py. */
	async readyMade(state) {
		this.ready ||= (await this.asked("ready-made", state)).ready_made;
	}

	/**
	 * Another world, if it is not `ready` yet, and the debate as it was, from as many histories: {base, world, comparison};
	 * tells `progress` how many are done.
	 */
	async compared(state, ready, progress) {
		if (embedded && !ready) throw refusal("This world is none of those that the report has.");
		this.cancel();
		this.stop = new AbortController();
		const { signal } = this.stop;
		if (ready) return { ...ready, base: await this.base(state, state.runs, signal) };
		const response = await this.ask("compare", state, signal),
			reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		let text = "",
			last = null;
		for (let read = await reader.read(); !read.done; read = await reader.read()) {
			const rows = (text + read.value).split("\n");
			text = rows.pop();
			for (const row of rows.filter(Boolean)) {
				last = JSON.parse(row);
				if (last.error) throw refusal(last.error);
				if (last.done !== undefined) progress(last.done);
			}
		}
		return { ...last, base: await this.base(state, state.runs, signal) };
	}

	async whatIf(state) {
		return (await this.ask("what-if", state)).text();
	}

	cancel() {
		this.stop.abort();
	}
}

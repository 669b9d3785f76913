"use strict";
// The day that is shown: moved by hand, by keys, or by playing.

class Player {
	/** `moved` is told of every new day, `asked` of those that somebody has gone to. */
	constructor(moved, asked) {
		this.moved = moved;
		this.asked = asked;
		this.isFresh = true;
		this.day = this.first = this.last = 0;
		this.scene = this.playing = null;
		const acts = { play: () => this.toggle(), previous: () => this.hop(-1), next: () => this.hop(1) };
		for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
		byId("scrub").addEventListener("input", ({ target }) => this.visit(Number(target.value)));
		document.addEventListener("keydown", (event) => this.key(event));
	}

	draw(scene) {
		this.scene = scene;
		const { from, to } = scene.base.debate;
		[this.first, this.last] = [dayOf(from), dayOf(to)];
		this.go(this.day);
	}

	go(day) {
		this.day = Math.min(Math.max(day, this.first), this.last);
		const text = `${weekdayOf(this.day)}, ${dateOf(this.day)}`;
		set("scrub", { min: this.first, max: this.last, value: this.day, ariaValueText: text });
		set("date", { textContent: text });
		this.moved();
	}

	visit(day) {
		this.isFresh = false;
		this.go(day);
		this.asked();
	}

	/** To the next or the last day on which something happened. */
	hop(step) {
		const days = [this.first, ...this.scene.moments.map((moment) => dayOf(moment.date)), this.last],
			ahead = days.filter((day) => (day - this.day) * step > 0);
		if (ahead.length) this.visit(step > 0 ? Math.min(...ahead) : Math.max(...ahead));
	}

	/** All of it in half a minute, from the beginning where no day has been asked for; with less motion wanted, by jumps twice a second. */
	toggle() {
		if (this.playing) {
			clearInterval(this.playing);
			this.playing = null;
			this.asked();
		} else {
			if (this.isFresh || this.day >= this.last) this.go(this.first);
			this.isFresh = false;
			const pace = (this.last - this.first) / 30000,
				beat = Math.max(1 / pace, matchMedia("(prefers-reduced-motion: reduce)").matches ? 500 : 16);
			this.playing = setInterval(() => {
				this.go(this.day + Math.round(pace * beat));
				if (this.day === this.last) this.toggle();
			}, beat);
		}
		set("play", {
			textContent: this.playing ? "❚❚" : "▶",
			ariaLabel: this.playing ? "Pause" : "Play",
		});
	}

	/** Keys that move the day, wherever they mean nothing else. */
	key(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || byId("dialog").open) return;
		if (event.target.closest("input:not(.scrub), select, textarea, .scrolls, [role=region]")) return;
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (step) event.shiftKey ? this.visit(this.day + step) : this.hop(step);
		else if (event.key === " " && event.target.matches(".scrub, #chart")) this.toggle();
		else return;
		event.preventDefault();
	}
}

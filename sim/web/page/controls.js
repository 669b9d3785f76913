"use strict";
// The panel: rows of a few kinds, with the words and the evidence that view/panel.py gives them.

class Controls {
	constructor(choices, touched) {
		this.place = byId("controls");
		this.choices = choices;
		this.touched = touched;
		this.groups = [];
		/** What the list of changes says of each. */
		this.says = {};
		this.wanted = "";
		this.open = new Set(innerWidth < 760 ? [] : ["happened"]);
	}

	get world() {
		return this.choices.now.world;
	}

	offer(groups) {
		this.groups = groups;
		for (const { rows } of groups) for (const { says } of rows) Object.assign(this.says, says);
		this.draw();
	}

	/** Sets what a path leads to; back to what it was if that is the value. */
	set(path, value, usual) {
		if (this.choices.change({ world: put(this.world, path, value === usual ? undefined : value) })) this.touched();
	}

	draw() {
		// What the reader has opened and shut; a search opens groups for itself.
		if (!this.wanted)
			for (const group of this.place.querySelectorAll("details"))
				this.open[group.open ? "add" : "delete"](group.dataset.key);
		this.wanted = byId("find").value.trim().toLowerCase();
		const { wanted } = this,
			groups = this.groups.map((group) => this.group(group, wanted.split(/\s+/))).filter(Boolean),
			many = groups.reduce((sum, group) => sum + group.querySelectorAll(".control-row").length, 0),
			hits = !wanted || !this.groups.length ? "" : many ? `${many} found` : `Nothing here has “${wanted}”.`;
		renew(this.place, el("p", { class: "aside", role: "status", "data-key": "hits" }, hits), ...groups);
		renew(byId("changed"), ...Object.entries(this.world).map((change) => this.entry(...change)));
	}

	/** A group of those rows that have these words in them, of which there are any, and which there is a world for. */
	group({ name, title, hint, rows }, words) {
		const found = rows.filter(({ unless, text }) => !this.world[unless] && words.every((word) => text.includes(word)));
		if (!found.length) return null;
		const open = Boolean(this.wanted) || this.open.has(name);
		const ontoggle = ({ currentTarget }) => {
			if (currentTarget.open !== open) this.draw();
		};
		return el(
			"details",
			{ "data-key": name, open, ontoggle },
			el("summary", {}, title),
			hint && el("p", { class: "aside" }, hint),
			...(open ? found.map((row) => this.row(row)) : []),
		);
	}

	row(row) {
		const tag = row.kind === "choice" ? "fieldset" : "div";
		return el(tag, { class: "control-row", "data-key": `row-${row.path}` }, ...this[row.kind](row));
	}

	label({ words }, id, input = null) {
		return el("label", { class: "control", for: id }, input, ...made(words));
	}

	switch(row) {
		const { path, on, slider } = row,
			checked = on !== Boolean(this.world[path]),
			onchange = ({ currentTarget }) => this.set(path, currentTarget.checked !== on, false);
		return [
			this.label(row, path, el("input", { id: path, type: "checkbox", checked, onchange })),
			checked && slider && this.range(slider, el("label", { for: slider.path, class: "aside" }, ...made(slider.words))),
		];
	}

	choice({ path, label, options, aside, value }) {
		const now = this.world[path] ?? value;
		const option = (one) => {
			const id = `${path}:${one.value}`,
				onchange = () => this.set(path, one.value, value);
			return this.label(one, id, el("input", { id, type: "radio", name: path, checked: one.value === now, onchange }));
		};
		return [el("legend", {}, label), ...options.map(option), aside && el("p", { class: "aside" }, aside)];
	}

	slider(row) {
		return [this.label(row, row.path), this.range(row)];
	}

	range({ path, value, at, low, high, step }, label = null) {
		const held = this.world[path] ?? value;
		return el(
			"span",
			{ class: "slider" },
			label,
			el("input", {
				type: "range",
				id: path,
				min: low,
				max: high,
				step,
				value: held ?? at,
				oninput: ({ currentTarget }) => {
					currentTarget.nextElementSibling.textContent = currentTarget.value;
				},
				onchange: ({ currentTarget }) => this.set(path, Number(currentTarget.value), value),
			}),
			el("output", { for: path }, held ?? "drawn anew every few histories"),
		);
	}

	seat(row) {
		const { path, label, options } = row;
		const onclick = ({ currentTarget }) => {
			const [who, place] = currentTarget.previousElementSibling.value.split(":");
			if (place) this.set(`${path}:${who}`, place);
		};
		const onchange = ({ currentTarget: { nextElementSibling, value } }) => {
			nextElementSibling.ariaDisabled = String(!value);
		};
		const move = { type: "button", class: "quiet", "aria-label": `Move, ${label}`, "aria-disabled": "true", onclick };
		return [
			this.label(row, path),
			el("select", { id: path, onchange }, ...options.map((one) => el("option", { value: one.value }, one.label))),
			el("button", move, "Move"),
		];
	}

	/** A change as it stands in the list of what differs; it can be taken back there. */
	entry(path, value) {
		const change = value === true ? path : `${path}:${value}`,
			text = this.says[change] ?? (path in this.says ? this.says[path] + value : inWords(change)),
			onclick = () => this.set(path),
			back = { type: "button", class: "quiet", "aria-label": `Take back: ${text}`, onclick };
		return el("li", { "data-key": path }, text, " ", el("button", back, "✕"));
	}
}

"use strict";
// Stances by date: a line a member, a band for the chosen one, the policy in force, and where they stand on the day.

/** Decisions that are named on the chart, the height of a name, and the height down to the chart's last line. */
const NAMED_DECISIONS = 5,
	LABEL = 13,
	FLOOR = 260;
const WORLDS = ["record", "yours"];

const pathOf = (d, kind) => svg("path", { d, class: kind });

class Chart extends AlongTime {
	/** `choose(id)` when the name of somebody is pressed. */
	constructor(place, choose, open) {
		super(place, open);
		this.choose = choose;
		this.state = this.day = null;
		this.shown = this.named = this.worlds = this.dots = [];
		byId("stances-table").ontoggle = () => this.table();
	}

	/** A member's stance on a day, or null where they are not of this world. */
	static stance({ days, members }, member, day, statistic = "mean") {
		return members[member]?.[statistic]?.[placeOf(days, day)] ?? null;
	}

	/** A long name in two rows. */
	static rows(name) {
		const words = name.split(" "),
			half = name.length > 16 ? Math.ceil(words.length / 2) : words.length;
		return [words.slice(0, half).join(" "), words.slice(half).join(" ")].filter(Boolean);
	}

	draw(scene, state, width) {
		this.scene = scene;
		this.state = state;
		const { debate } = scene.base,
			{ positions, high, low } = debate.axis,
			chosen = scene.member(state.member),
			hasName = (member) => member.colour !== null || member === chosen;
		this.worlds = [scene.base, scene.other].filter(Boolean).map((world) => world[state.view]);
		for (const world of this.worlds) world.days ||= world.dates.map(dayOf);
		// Those who have a colour lie above the others.
		this.shown = debate.members.filter((member) => hasName(member) || state.others).reverse();
		this.named = this.shown.filter(hasName);
		const top = 2 + LABEL * within(scene.ballots.length, 1, NAMED_DECISIONS),
			y = linear(high, low, top + 4, FLOOR - 4),
			left = positions.flatMap(({ name }) => Chart.rows(name)),
			right = this.named.map(({ label }) => label),
			scale = { ...acrossTime(width, debate, { left, right }), top, y };
		this.scale = scale;
		const ofThem = ({ kind, whose }) => kind === "absence" && whose === chosen.id,
			away = this.together(scene.moments.filter(ofThem), () => FLOOR / 2),
			awayName = `${chosen.label} away`,
			band = this.band(chosen),
			hasRoom = ({ from, end }) => end - from > textWidth(awayName, 11) + 4;
		this.put(
			top,
			FLOOR + FINGER,
			`Stances of ${debate.people} by date.`,
			[
				away.map((group) => this.mark("absent", group, ...this.bars(group.moments, top, FLOOR - top))),
				positions.map(({ at }) => lineOf(scale.left, y(at), scale.right, y(at), "rule position")),
				band,
				this.each(({ id }, kind, { days, members }) => pathOf(stepPath(days, members[id].mean, scale), `line ${kind}`)),
				this.worlds.map(({ days, policy }, i) => pathOf(stepPath(days, policy || [], scale), `policy ${WORLDS[i]}`)),
				chosen.observations.map((seen) => this.seen(chosen, seen)),
				this.each(({ id, colour }, kind) => {
					const r = colour === null ? 2.5 : kind === "yours" ? 5 : 3.5;
					return svg("circle", { r, class: `dot ${kind}`, "data-member": id, "data-world": kind });
				}),
				away.filter(hasRoom).map(({ from }) => textOf(from + 4, FLOOR - 5, "away-name", awayName)),
				positions.map((position) => this.position(position)),
				this.ends(),
				// By date, as they are read aloud.
				[...this.letters().map((group) => this.mark("", group, ...this.signs(group))), ...this.decisions()].sort(byDay),
			],
			[
				[pathOf("M1 7H19", "policy"), "policy most often in force"],
				[sign("letter"), "letter"],
				[sign("letter", "many"), "several"],
				[sign("ballot"), "decision"],
				scene.comparison && [sign("letter", "rare"), "in under half of the other world"],
				chosen.observations.length && [
					svg("circle", { cx: 10, cy: 7, r: 4.5, class: "seen" }),
					"record, which the model may miss",
				],
				away.length && [stretch("absent"), awayName],
				band.length && [pathOf("M0 2H20V12H0Z", "band"), "half, and nine in ten, of histories"],
				[null, "click a name to follow them"],
				[null, link("stances on this day, as a table", () => this.toTable())],
			],
		);
		this.dots = [...this.place.querySelectorAll(".dot")];
	}

	toTable() {
		for (const id of ["more", "stances-table"]) byId(id).open = true;
		byId("stances-table").querySelector("summary").focus();
	}

	/** What is drawn of each member in each world. */
	each(make) {
		return this.shown.flatMap((member) =>
			this.worlds.map((world, i) => world.members[member.id] && owned(member, make(member, WORLDS[i], world))),
		);
	}

	/**
	 * The decisions that weigh most: the story's, those of one world alone, the fullest rooms. Each is a line that leads to
	 * its mark, in a row of their own. Their names go down by date, so that no line crosses a later one's.
	 */
	decisions() {
		const { left, right, width, top, at } = this.scale,
			{ story } = this.scene.base,
			y = FLOOR + FINGER / 2,
			weight = ({ id, fate, fit, who }) =>
				(id === story.decision ? 1e6 : 0) + (fate ? 1e5 : 0) + (fit ? 1e4 : 0) + who.length,
			named = this.scene.ballots
				.sort((a, b) => weight(b) - weight(a))
				.slice(0, NAMED_DECISIONS)
				.sort((a, b) => a.days[0] - b.days[0]),
			stems = named.map(({ days }) => at(days[0])),
			places = apart(stems, FINGER, left, right);
		return named.map((moment, i) => {
			const place = { ...reachOf(places[i], places[i], y), moments: [moment] },
				text = cut(`${dateOf(moment.days[0], false)}: ${moment.title}`, width - left),
				stem = stems[i],
				under = top + LABEL * (i + 1 - named.length);
			return this.mark(
				"decision",
				place,
				lineOf(stem, under - 2, stem, FLOOR, "held"),
				lineOf(stem, FLOOR, place.x, y, "held"),
				...this.signs(place),
				textOf(within(stem - 2, left, width - textWidth(text)), under - 5, "decision-name", text),
			);
		});
	}

	/** Letters on the line of whoever wrote them, or as near to it as there is room. */
	letters() {
		const written = this.scene.moments.filter(
			(moment) => moment.argues && this.named.includes(this.scene.member(moment.whose)),
		);
		const heightOf = ({ whose, days, fate }) => {
			const stance = Chart.stance(this.worlds.at(fate === "gone" ? 0 : -1), whose, days[0]);
			return Math.min(this.scale.y(stance ?? 0), FLOOR - FINGER / 2);
		};
		return this.together(written, heightOf, () => "", (this.scale.top + FLOOR) / 2);
	}

	/** The name of a position: beside its line or, where there is no room, on it. */
	position({ at, name, meaning }) {
		const { wide, left, top, y } = this.scale,
			rows = wide ? Chart.rows(name) : [name],
			// Rings of the record lie on the line.
			middle = wide ? y(at) + 11 - 7 * rows.length : y(at) + (y(at) > top + 20 ? -8 : 17),
			parts = rows.map((row, i) => svg("tspan", { x: wide ? left - 8 : left + 3, dy: i * 14 }, `${row} `));
		return textOf(null, middle, wide ? "position-name" : "position-name narrow", tip(meaning), ...parts);
	}

	/** How sure the model is of the chosen member: where half of the histories, and nine in ten, have them. */
	band(member) {
		const { days, members } = this.worlds.at(-1),
			own = members[member.id];
		if (!own?.q05) return [];
		return [
			[own.q05, own.q95],
			[own.q25, own.q75],
		].map(([low, high]) => owned(member, pathOf(stepBand(days, low, high, this.scale), "band")));
	}

	seen(member, { days, at, evidence, says }) {
		const [x, end] = days.map(this.scale.at),
			y = this.scale.y(at),
			mark = end
				? lineOf(x, y, end, y, "seen period")
				: svg("circle", { cx: x, cy: y, r: 5, class: `seen ${evidence}` });
		mark.append(tip(says));
		mark.dataset.whose = member.id;
		return owned(member, mark);
	}

	/** Names at the ends of the lines; a press chooses whose band is drawn. */
	ends() {
		const { right, top, width, y, last } = this.scale,
			ends = this.named.map(({ id }) => y(Chart.stance(this.worlds.at(-1), id, last) ?? 0)),
			places = apart(ends, FINGER, top + 8, FLOOR + 8);
		return this.named.map((member, i) => {
			const isChosen = member.id === this.state.member,
				/** @type {any} */
				named = {
					class: isChosen ? "end chosen" : "end",
					role: "button",
					tabindex: "-1",
					"aria-pressed": String(isChosen),
					"data-key": `end-${member.id}`,
					"data-whose": member.id,
					// After all that has a day.
					"data-days": "Infinity",
				},
				reach = { x: right, y: places[i] - FINGER / 2, width: width - right, height: FINGER, class: "reach" },
				tie = lineOf(right, ends[i], right + 9, places[i], "tie"),
				name = textOf(right + 12, places[i] + 4, "end-name", member.label);
			return owned(member, svg("g", named, svg("rect", reach), tie, name));
		});
	}

	/** A press on a name, or on what the record says of somebody, is of a member. */
	act(mark) {
		const whose = mark?.dataset.whose;
		if (whose) this.choose(whose);
		else super.act(mark);
	}

	feature(id) {
		for (const mark of this.marks) mark.classList.toggle("featured", mark.dataset.opens === id);
	}

	move(day) {
		super.move(day);
		this.day = day;
		this.table();
		for (const dot of this.dots) {
			const { member, world } = dot.dataset,
				stance = Chart.stance(this.worlds[WORLDS.indexOf(world)], member, day);
			dot.setAttribute("cx", this.scale.at(day));
			dot.setAttribute("cy", this.scale.y(stance ?? 0));
			dot.dataset.stance = stance;
		}
	}

	/** Where everybody stands on the day, once somebody wants to see it. */
	table() {
		if (!byId("stances-table").open) return;
		const { day } = this,
			{ base, other, otherName } = this.scene,
			last = this.worlds.at(-1),
			// One history has none, nor has a world that is ready-made.
			isMany = Object.values(last.members)[0].q05,
			column = (head, world, name) => [head, ({ id }) => stanceText(Chart.stance(world, id, day, name), 2), true];
		const columns = [
			["member", ({ label }) => label],
			column("the debate as it was", this.worlds[0], "mean"),
			other && column(otherName, last, "mean"),
			isMany && column("5 % of histories below", last, "q05"),
			isMany && column("95 % below", last, "q95"),
		];
		renew(byId("stances"), tableBy(`Stances on ${dateOf(day)}`, base.debate.members, columns));
	}
}

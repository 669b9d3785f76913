"use strict";
// Drawings along time, with marks that open what they stand for; and everything that happened, as such a drawing.

const GLYPHS = {
	ballot: "M-.8-.8H.8V.8H-.8Z",
	letter: "M-1-.7H1V.7H-1ZM1-.7L0 .1-1-.7",
	talk: "M-1 .8H1L0-1Z",
	event: "M-1 0L0-1 1 0 0 1Z",
};

/** What moments that lie together are called. */
function together(scene, moments) {
	const [first, last] = [moments[0], moments.at(-1)].map(({ days }) => dateOf(days[0])),
		from = first === last ? "" : `${first.replace(last.slice(-5), "")} to `,
		[lane, other] = new Set(moments.map((moment) => moment.lane)),
		authors = [...new Set(moments.map(({ whose }) => scene.label(whose)).filter(Boolean))].join(", ");
	return `${from}${last}: ${moments.length} ${other ? "things" : lane}${lane === "letters" && !other && authors ? ` from ${authors}` : ""}`;
}

/** What a drawing shows of a member has their colour; of nobody, none. */
function owned(member, node) {
	if (member) node.style.setProperty("--own", member.colour === null ? "var(--crowd)" : `var(--m${member.colour})`);
	if (member?.colour === null) node.classList.add("crowd");
	return node;
}

/** A glyph for moments that lie together, with their number if they are several. */
function glyph({ moments, x, y }) {
	const count = moments.length,
		transform = `translate(${x} ${y}) scale(${count > 1 ? 10 : 6})`;
	return [
		svg("path", { d: GLYPHS[moments[0].kind], transform, "vector-effect": "non-scaling-stroke" }),
		count > 1 ? textOf(x, y + 4, "count", String(count)) : null,
	];
}

const sign = (kind, state = "") => {
	const moments = new Array(state === "many" ? 2 : 1).fill({ kind });
	return svg("g", { class: `mark ${kind} ${state}` }, ...glyph({ moments, x: 10, y: 7 }));
};
const stretch = (kind) =>
	svg("g", { class: `mark ${kind}` }, svg("rect", { y: 2, width: 20, height: 10, class: "bar" }));

const byDay = (one, other) => Number.parseFloat(one.dataset.days) - Number.parseFloat(other.dataset.days);

/** Marks along time. They are one stop for whoever goes by keyboard, and arrows lead from mark to mark. */
class AlongTime {
	/** `open(...moments)` when a mark is pressed that stands for them. */
	constructor(place, open) {
		this.place = place;
		this.open = open;
		this.scene = this.scale = this.cursor = this.stop = null;
		this.marks = [];
		place.addEventListener("click", ({ target }) => this.act(target.closest("[data-opens], [data-whose]")));
		place.addEventListener("keydown", (event) => this.key(event));
	}

	/** Bars of absences; or a glyph, on a line between the days on which it may have been, if it is not known which. */
	signs(group) {
		const { moments, y } = group,
			[{ kind, between }, other] = moments;
		if (kind === "absence") return this.bars(moments, y - 5, 10);
		if (other || !between) return glyph(group);
		const [from, to] = between.map(this.scale.at);
		return [lineOf(from, y, to, y, "between"), ...glyph(group)];
	}

	/**
	 * Moments with their place: those of one kind that a finger could not tell apart are together, for about a month at
	 * most; what is too near to others makes room towards a height.
	 */
	together(moments, heightOf, kindOf = (_moment) => "", height = Infinity) {
		const { at, first, left } = this.scale,
			marks = moments.map((moment) => {
				const [from, end] = moment.days.map(at);
				return { from, end, y: heightOf(moment), kind: kindOf(moment), moments: [moment] };
			}),
			most = moments[0]?.kind === "absence" ? Infinity : within(at(first + 31) - left, FINGER / 2, FINGER),
			groups = gathered(marks, most, height);
		for (const group of groups) group.moments.sort((a, b) => a.days[0] - b.days[0]);
		return groups;
	}

	bars(moments, y, height) {
		let free = 0;
		return moments.map(({ days, evidence }) => {
			const [from, end] = days.map(this.scale.at),
				x = Math.max(from, free),
				width = Math.max(end - x - 1, 2);
			free = x + width + 1;
			return svg("rect", { x, y, width, height, class: `bar ${evidence}` });
		});
	}

	/** What can be opened, made of parts. */
	mark(kind, { moments, x, y, half }, ...parts) {
		const [first, other] = moments,
			one = (name) => moments.every((moment) => moment[name] === first[name]) && first[name],
			opens = moments.map(({ id }) => id).join(" ");
		return owned(
			this.scene.member(one("whose")),
			svg(
				"g",
				{
					class: `mark ${first.kind} ${kind} ${other ? "many" : first.outcome || "unknown"} ${one("fate") || ""}`,
					role: "button",
					tabindex: "-1",
					"data-key": opens,
					"data-opens": opens,
					"data-days": moments.map(({ days }) => days[0]).join(" "),
				},
				tip(other ? together(this.scene, moments) : first.says),
				svg("rect", { x: x - half, y: y - FINGER / 2, width: 2 * half, height: FINGER, class: "reach" }),
				...parts,
			),
		);
	}

	/** Puts layers over months in the place; what is there already stays, and keeps the focus. */
	put(top, floor, says, layers, legend) {
		const { at, width } = this.scale,
			months = monthsAlong(this.scale).flatMap(({ day, text, year }) => {
				const x = at(day),
					middle = within(x, 16, width - 16);
				return [
					lineOf(x, top, x, floor, "rule"),
					textOf(middle, floor + 15, "month", text),
					textOf(middle, floor + 27, "month year", year),
				];
			}),
			drawn = [months, ...layers].map((nodes) => svg("g", {}, ...nodes));
		renew(
			this.place,
			canvas(
				width,
				floor + 30,
				{
					role: "group",
					class: this.place.id,
					"aria-label": `${says} Arrows move from mark to mark, Enter opens one.`,
				},
				...drawn,
				lineOf(0, top, 0, floor, "cursor"),
			),
			legendOf(legend),
		);
		this.cursor = this.place.querySelector(".cursor");
		this.marks = [...this.place.querySelectorAll("[role=button]")].sort(byDay);
		this.stopAt(this.marks.find(({ dataset }) => dataset.key === this.stop) || this.marks[0]);
	}

	/** The mark that the tabulator reaches. */
	stopAt(mark) {
		onlyStop(this.marks, mark);
		this.stop = mark?.dataset.key;
	}

	act(mark) {
		if (!mark) return;
		this.stopAt(mark);
		this.open(...mark.dataset.opens.split(" ").map((id) => this.scene.moment(id)));
	}

	key(event) {
		if (!this.marks.includes(event.target)) return;
		if (event.key === "Enter" || event.key === " ") {
			this.act(event.target);
			event.preventDefault();
			event.stopPropagation();
		} else this.stopAt(stepAmong(this.marks, event));
	}

	/** Shows a day. The keyboard's stop goes with it, unless it is in use. */
	move(day) {
		if (!this.cursor) return;
		for (const name of ["x1", "x2"]) this.cursor.setAttribute(name, this.scale.at(day));
		let last = this.marks[0];
		for (const mark of this.marks) {
			const days = mark.dataset.days.split(" ").map(Number);
			mark.classList.toggle("now", days.includes(day));
			if (days[0] <= day) last = mark;
		}
		if (last?.dataset.key !== this.stop && !this.place.contains(document.activeElement)) this.stopAt(last);
	}
}

/** Everything that happened: a lane a kind, and one for each who was away. */
class Timeline extends AlongTime {
	draw(scene, width) {
		this.scene = scene;
		// Folded away it has no width.
		if (!width) return;
		this.scale = acrossTime(width, scene.base.debate);
		const kindOf = ({ whose, fate }) => `${scene.member(whose)?.colour} ${fate}`,
			lanes = new Set(["decisions", "letters", "talks", "events", ...scene.moments.map(({ lane }) => lane)]),
			drawn = [];
		let floor = 0;
		for (const name of lanes) {
			const moments = scene.moments.filter(({ lane }) => lane === name);
			if (!moments.length) continue;
			const top = floor + 14 + FINGER / 2,
				groups = this.together(moments, () => top, kindOf);
			drawn.push(
				textOf(4, floor + 12, "lane-name", name),
				...groups.map((group) => this.mark("", group, ...this.signs(group))),
			);
			floor = Math.max(...groups.map(({ y }) => y)) + FINGER / 2;
		}
		this.put(
			0,
			floor,
			"What happened, by date.",
			[drawn],
			[
				[sign("ballot", "carried"), "carried"],
				[sign("ballot", "rejected"), "lost, or not known"],
				[sign("letter"), "a letter, in the colour of whoever wrote it"],
				[sign("letter", "many"), "several"],
				[sign("talk"), "a talk"],
				[sign("event"), "an event"],
				drawn.some((node) => node.matches(".absence")) && [stretch(""), "away"],
				scene.other && [sign("letter", "gone"), `in under half of ${scene.otherName}, or not at all`],
			],
		);
	}
}

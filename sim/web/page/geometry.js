"use strict";
// Where things stand in a drawing: across time, in steps, side by side without touching. Numbers only, no elements.

/** Pixels between the middles of marks that a finger can tell apart. */
const FINGER = 24;

/** The place of a value: `low` stands at `from`, `high` at `to`. */
const linear = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** About how many pixels a text takes, without asking the browser: rather too many than too few. */
const textWidth = (text, size = 12) => text.length * size * 0.62;

/** As much of a text as there is room for. */
function cut(text, room, size = 12) {
	const most = Math.floor(room / textWidth("m", size));
	return text.length > most ? `${text.slice(0, Math.max(most - 1, 1)).trimEnd()}…` : text;
}

/** The place of days across a drawing of that many pixels, with names before and after it. */
function acrossTime(width, debate, { left: before = [], right: after = [] } = {}) {
	const widest = (names, least) => within(Math.max(...names.map((name) => textWidth(name) + 16)), least, width * 0.26);
	const first = dayOf(debate.from),
		last = dayOf(debate.to),
		wide = width >= 560,
		left = wide ? widest(before, 40) : 4,
		right = width - widest(after, 12),
		place = linear(first, last, left, right),
		at = (day) => place(within(day, first, last));
	return { first, last, left, right, wide, width, at };
}

/** Months or years under a line of time, as many as there is room for; a year is named once. */
function monthsAlong({ first, last, left, right }) {
	const months = Array.from({ length: last - first + 1 }, (_, i) => {
			const [date, text, year] = dateOf(first + i).split(" ");
			return { day: first + i, date, text, year };
		}).filter(({ date }) => date === "1"),
		most = Math.max(2, Math.floor((right - left) / 44)),
		step = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => months.length / n <= most) || 240;
	if (months.length < 2) return [first, last].map((day) => ({ day, text: dateOf(day, false), year: "" }));
	return months
		.filter(({ text, year }) => (Number(year) * 12 + MONTHS.indexOf(text)) % step === 0)
		.map(({ day, text, year }, i, all) => ({ day, text, year: year === all[i - 1]?.year ? "" : year }));
}

/** Pieces of a path, one for each stretch in which a value holds: until the next day that is given, or to the end. */
const stretches = (days, values, { last, at }, piece) =>
	days
		.map((day, i) => (isKnown(values[i]) ? piece(i, at(day).toFixed(1), at(days[i + 1] ?? last).toFixed(1)) : ""))
		.join("");

/** A line in steps as the `d` of a path: it goes across, and jumps; where a value is missing, it breaks off. */
const stepPath = (days, values, scale) =>
	stretches(days, values, scale, (i, from, to) => {
		const level = scale.y(values[i]).toFixed(1);
		return `${isKnown(values[i - 1]) ? `V${level}` : `M${from} ${level}`}H${to}`;
	});

/** What lies between two lines in steps, as the `d` of a path. */
const stepBand = (days, low, high, scale) =>
	stretches(days, low, scale, (i, from, to) => {
		const [under, over] = [low, high].map((values) => scale.y(values[i]).toFixed(1));
		return `M${from} ${under}H${to}V${over}H${from}Z`;
	});

/** Places near those wanted, at least `gap` apart, between low and high; the order is kept. */
function apart(wanted, gap, low, high) {
	const last = wanted.length - 1,
		space = Math.min(gap, (high - low) / Math.max(last, 1)),
		order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]),
		free = order.map((i, rank) => within(wanted[i] - rank * space, low, high - last * space)),
		places = [];
	// Those that push each other give way to both sides alike.
	order.forEach((i, rank) => {
		places[i] = rank * space + (Math.max(...free.slice(0, rank + 1)) + Math.min(...free.slice(rank))) / 2;
	});
	return places;
}

/** Where a finger finds what lies from x to end at a height: its middle, and how far it reaches to either side. */
const reachOf = (x, end, y) => ({ x: (x + end) / 2, y, half: Math.max(end - x, FINGER) / 2 });

const touch = (one, other) => Math.abs(one.x - other.x) < one.half + other.half && Math.abs(one.y - other.y) < FINGER;

/** Two marks or groups as one: the stretch from the first to the last of what they are of. */
function joined(one, other) {
	const from = Math.min(one.from, other.from),
		end = Math.max(one.end, other.end);
	return { ...one, ...reachOf(from, end, one.y), from, end, moments: [...one.moments, ...other.moments] };
}

/**
 * Marks as groups that do not touch. Marks of one kind that touch are one group, as long as it is no longer than `most`,
 * and stand amid what they are of. What still touches something makes room: up to its last mark, or else step by step
 * towards a height.
 */
function gathered(marks, most, height) {
	const groups = [],
		put = [];
	for (const mark of marks) {
		let group = joined(mark, { ...mark, moments: [] });
		const isOne = (other) => {
			const { from, end } = joined(other, group);
			return other.kind === group.kind && touch(other, group) && end - from <= most;
		};
		for (let i = groups.findIndex(isOne); i >= 0; i = groups.findIndex(isOne))
			group = joined(...groups.splice(i, 1), group);
		groups.push(group);
	}
	for (const group of groups.sort((a, b) => a.from - b.from)) {
		const step = group.y < height ? FINGER : -FINGER,
			amid = group.x,
			isStretch = group.half > FINGER / 2;
		while (put.some((other) => touch(other, group)))
			if (group.x < group.end && !isStretch) group.x = Math.min(group.x + 1, group.end);
			else [group.x, group.y] = [amid, group.y + step];
		put.push(group);
	}
	return put;
}

/** Where a key leads from one of so many things in a row; undefined if nowhere. */
function stepped(key, at, count) {
	const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count }[key];
	return to === undefined ? to : within(to, 0, count - 1);
}

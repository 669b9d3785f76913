"use strict";
// Elements, dates, numbers and colours: what everything else draws with. No text ever becomes markup.

const SVG = "http://www.w3.org/2000/svg";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86400000;

const isKnown = (value) => value !== null && value !== undefined;
const isShown = (child) => isKnown(child) && child !== false;

function dressed(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {}).filter(([, value]) => isShown(value)))
		if (name.startsWith("on")) node[name] = value;
		else node.setAttribute(name, value === true ? "" : value);
	node.append(...children.filter(isShown));
	return node;
}

/** An HTML element: `el("button", {class: "quiet", onclick: f}, "Undo")`. */
function el(tag, attributes, ...children) {
	return dressed(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
	return dressed(document.createElementNS(SVG, tag), attributes, children);
}

/** What a node has besides its attributes: what it holds, and what it does at an event. */
const HELD = "checked selected value onchange onclick onfocus oninput onkeydown ontoggle".split(" ");

/** Makes a node like a new one of the same tag: what it says, does and holds. */
function alike(kept, node) {
	if (node instanceof Text) {
		if (kept.data !== node.data) kept.data = node.data;
		return kept;
	}
	// What a reader has unfolded stays so, but where somebody else hears of it and keeps it in mind.
	for (const name of kept.getAttributeNames())
		if (!node.hasAttribute(name) && (name !== "open" || node.ontoggle)) kept.removeAttribute(name);
	// The policy refuses a style as an attribute.
	for (const { name, value } of node.attributes)
		if (name === "style") kept.style.cssText = value;
		else kept.setAttribute(name, value);
	children(kept, [...node.childNodes]);
	for (const name of HELD) if (name in node && kept[name] !== node[name]) kept[name] = node[name];
	return kept;
}

const isSame = (one, other) =>
	one.nodeName === other.nodeName && one.id === other.id && one.dataset?.key === other.dataset?.key;

function children(place, nodes) {
	const old = [...place.childNodes],
		wanted = nodes.map((node) => {
			const at = old.findIndex((one) => isSame(one, node));
			return at < 0 ? node : alike(...old.splice(at, 1), node);
		});
	for (const node of old) node.remove();
	wanted.forEach((node, i) => {
		if (place.childNodes[i] !== node) place.insertBefore(node, place.childNodes[i] ?? null);
	});
}

/**
 * Puts nodes and texts in a place, as `replaceChildren` does, but keeps every node that is there already (of the same
 * tag, and `id` or `data-key` if they have one) and makes it like the new one: so focus, caret and scroll stay.
 * Look nodes up afterwards, and in a listener by `event.currentTarget`: the ones given may not be the ones kept.
 * If what has the focus goes, what comes next gets it, or else what came before.
 */
function renew(place, ...nodes) {
	const focused = document.activeElement,
		/** @type {() => any[]} */
		stops = () => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")],
		stop = place.contains(focused) ? stops().indexOf(focused) : -1;
	children(
		place,
		nodes.filter(isShown).map((node) => (node instanceof Node ? node : new Text(node))),
	);
	if (stop < 0) return;
	const left = stops();
	[focused, ...left.slice(stop), ...left.slice(0, stop).reverse()].find((node) => {
		node.focus({ preventScroll: true });
		return document.activeElement === node;
	});
}

/** Makes one of several things the stop of the tabulator. */
function onlyStop(things, stop) {
	for (const thing of things) thing.tabIndex = thing === stop ? 0 : -1;
}

/** An arrow leads from one of several things to another; gives the one that has the focus then. */
function stepAmong(things, event) {
	const all = [...things],
		to = stepped(event.key, all.indexOf(event.target), all.length);
	if (to === undefined) return event.target;
	all[to].focus();
	event.preventDefault();
	event.stopPropagation();
	return all[to];
}

/** A drawing of so many pixels, which keeps its shape at any other width. */
function canvas(width, height, attributes, ...children) {
	return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, ...attributes }, ...children);
}

const lineOf = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: kind });
const textOf = (x, y, kind, ...parts) => svg("text", { x, y, class: kind }, ...parts);

const tip = (text) => svg("title", {}, text);

/** What the marks of a drawing mean: pairs of a small drawing, or none, and its words. */
function legendOf(pairs) {
	const item = ([mark, text]) => el("li", {}, mark && canvas(20, 14, { "aria-hidden": "true" }, mark), " ", text);
	return el("ul", { class: "legend" }, ...pairs.filter(Boolean).map(item));
}

/** An element of the page, whatever it is. @type {(id: string) => any} */
const byId = (id) => document.getElementById(id);

/** Days since 1970 of a date written as in a file. */
const dayOf = (text) => Date.parse(`${text}T00:00:00Z`) / DAY;

const isoOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/** A day as people write it: 6 Oct 2024. */
function dateOf(day, year = true) {
	const when = new Date(day * DAY);
	return `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]}${year ? ` ${when.getUTCFullYear()}` : ""}`;
}

const weekdayOf = (day) => new Date(day * DAY).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });

/** A stance with a true minus sign. */
function stanceText(value, digits = 1) {
	if (!isKnown(value)) return "–";
	const text = Math.abs(value).toFixed(digits);
	return Number(text) === 0 ? text : (value < 0 ? "−" : "+") + text;
}

const plural = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
const inWords = (id) => id.replaceAll("-", " ");
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The place of the last date that is not after `day` in an ascending list of days; 0 before the first. */
function placeOf(days, day) {
	return Math.max(
		days.findLastIndex((other) => other <= day),
		0,
	);
}

/** The rows of a table that comes as columns. */
function rowsOf(columns) {
	const named = Object.entries(columns);
	return (named[0]?.[1] || []).map((_, i) => Object.fromEntries(named.map(([name, column]) => [name, column[i]])));
}

/**
 * A table of rows by columns: what stands above each, what is in it, and whether that is a number. In a cell is a text, a
 * node, or {text, hidden}; the first cell of a row is its header.
 */
function tableBy(caption, rows, given, attributes = (_row) => ({})) {
	const columns = given.filter(Boolean),
		cell = (tag, how, said, isNumber) =>
			el(tag, { ...how, class: isNumber && "number", "aria-hidden": said?.hidden }, said?.text ?? said);
	const line = (row) =>
		columns.map(([head, said, isNumber], i) =>
			cell(i ? "td" : "th", i ? { "data-head": head.text ?? head } : { scope: "row" }, said(row), isNumber),
		);
	return el(
		"table",
		{},
		el("caption", { class: "unseen" }, caption),
		el("thead", {}, el("tr", {}, ...columns.map(([head, , isNumber]) => cell("th", { scope: "col" }, head, isNumber)))),
		el("tbody", {}, ...rows.map((row) => el("tr", attributes(row), ...line(row)))),
	);
}

const link = (text, act) => el("button", { type: "button", class: "link", onclick: act }, text);

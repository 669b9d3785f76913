"use strict";
// Tables, pictures and worlds to keep. Each says what it is of, and from where.

/** @param {string} name @param {Blob} content */
function save(name, content) {
	const url = URL.createObjectURL(content);
	el("a", { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Rows as CSV; the remarks come first, each as a line that begins with #. */
function csvOf(rows, remarks) {
	const cell = (value) => {
		const text = String(value ?? "");
		return /[",\n#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	};
	// A world that is ready-made has fewer columns than the debate as it was.
	const names = Object.keys(rows.at(-1) || {}),
		lines = rows.map((row) => names.map((name) => cell(row[name])).join(","));
	return `${[...remarks.map((text) => `# ${text}`), names.join(","), ...lines].join("\n")}\n`;
}

/** Rows of both worlds, or of the one, each with what its world is called. */
const ofWorlds =
	(rows) =>
	({ base, other }, { view }) =>
		Object.entries({ "as it was": base, ...(other && { changed: other }) }).flatMap(([world, one]) =>
			rows(one, view).map((row) => ({ world, ...row })),
		);

/** The stances of a world, a row a date and member. */
function stancesOf(world, view) {
	const { dates, members } = world[view];
	return Object.entries(members).flatMap(([member, series]) =>
		rowsOf({ date: dates, member: dates.map(() => member), ...series }),
	);
}

const LOOKS =
	"fill fill-opacity stroke stroke-width stroke-dasharray stroke-opacity opacity paint-order display " +
	"font-family font-size font-weight text-anchor";

/** How the histories go, or which one it is. */
const goes = ({ view, replicate }) =>
	view === "history" ? `history no. ${replicate}` : byId("view").querySelector(`[value=${view}]`).textContent;

/** What something is of, from when to when, what it shows, and where it is from: for whoever meets it without its page. */
function provenance({ base: { debate, foot }, comparison }, what, legend) {
	const says = [debate.title, `${what}, ${debate.period}`, comparison?.changed, legend, foot];
	return says.filter(Boolean);
}

/** A drawing with its looks written into it and a caption under it, so that it can be opened anywhere. */
function standalone(drawing, says) {
	const copy = drawing.cloneNode(true),
		copies = [copy, ...copy.querySelectorAll("*")],
		{ width, height } = drawing.viewBox.baseVal,
		{ color, backgroundColor } = getComputedStyle(document.documentElement);
	[drawing, ...drawing.querySelectorAll("*")].forEach((node, i) => {
		const style = getComputedStyle(node);
		for (const name of LOOKS.split(" ")) copies[i].setAttribute(name, style.getPropertyValue(name));
		copies[i].removeAttribute("style");
	});
	for (const reach of copy.querySelectorAll(".reach")) reach.remove();
	let bottom = height;
	for (const [i, text] of says.entries()) {
		const size = i ? 11 : 15,
			most = Math.floor(width / textWidth("m", size)) - 2,
			looks = { fill: color, "font-size": size, "font-weight": i ? 400 : 700, "font-family": "sans-serif" };
		for (const line of text.match(new RegExp(`\\S.{0,${most}}(?= |$)|\\S+`, "g")) || []) {
			bottom += 18;
			copy.append(svg("text", { x: 6, y: bottom, ...looks }, line));
		}
	}
	bottom += 8;
	copy.prepend(svg("rect", { width, height: bottom, fill: backgroundColor }));
	for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${bottom}`, height: bottom, xmlns: SVG }))
		copy.setAttribute(name, value);
	return new XMLSerializer().serializeToString(copy);
}

async function dotted(drawing) {
	const image = new Image();
	image.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
	await image.decode();
	const sheet = el("canvas", { width: 2 * image.width, height: 2 * image.height });
	sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
	return new Promise((done) => sheet.toBlob(done, "image/png"));
}

function keeping(page) {
	const keep = (file, type, make) => async () => {
		const { scene, seen } = page;
		try {
			save(`${scene.base.debate.scenario}-${file}`, new Blob([await make(scene, seen)], { type }));
		} catch (error) {
			page.trouble(error.message);
		}
	};
	const table = (what, rows, legend) =>
		keep(`${what}.csv`, "text/csv", (scene, state) => {
			const all = rows(scene, state);
			return csvOf(all, provenance(scene, what, legend(state, all.at(-1))));
		});
	const drawn = (scene, state) => {
		const { signs, worlds } = byId("chart").dataset,
			legend = scene.other ? `${signs} ${worlds}` : signs;
		return standalone(byId("chart").querySelector("svg"), provenance(scene, `stances; ${goes(state)}`, legend));
	};
	return {
		"save-chart": keep("chart.svg", "image/svg+xml", drawn),
		"save-dots": keep("chart.png", "image/png", async (scene, state) => dotted(drawn(scene, state))),
		"save-stances": table(
			"stances",
			ofWorlds(stancesOf),
			(state, { q05 }) =>
				`Stances in units of the axis${q05 === undefined ? "" : ", their mean and quantiles from q05 to q95"}; ${goes(state)}.`,
		),
		"save-decisions": table(
			"decisions",
			({ comparison, base }) => rowsOf((comparison || base).decisions),
			() => byId("save-decisions").dataset.legend,
		),
		"save-ballots": table(
			"ballots",
			ofWorlds((world, view) => rowsOf(world[view].votes)),
			(state) =>
				`Votes${state.view === "history" ? "" : " as shares of the histories in which the motion is put"}; ${goes(state)}.`,
		),
		"save-world": keep("what-if.yaml", "application/yaml", (_, state) => page.supply.whatIf(state)),
	};
}

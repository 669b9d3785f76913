"use strict";
// Two grids of a hundred histories, one sentence, through whom; and cards of the ready-made worlds.

const hundred = (share) => Math.round(100 * share);

/** A share as people say it: only what is certain is none or all of a hundred. */
function inHundred(share) {
	const whole = hundred(share);
	if (!isKnown(share)) return "–";
	if (share > 0 && whole === 0) return "under 1";
	return share < 1 && whole === 100 ? "over 99" : String(whole);
}

const ofHundred = (share) => `${inHundred(share)}\u00a0of\u00a0100`;

/** `guess`: in how many of a hundred it was thought to be carried, or null; `changes`: how many are made. */
function drawAnswer(scene, ballot, guess, isAsked, changes) {
	const { comparison } = scene,
		isPlaying = byId("outcome").ariaBusy === "true",
		decision = scene.decision(ballot.id),
		isFitted = scene.base.debate.fitted && ballot.fit;
	renew(
		byId("answer"),
		gridOf(`The model, nothing changed${isFitted ? " (fitted to what happened)" : ""}`, decision.carried),
		gridOf(
			comparison ? capital(scene.otherName).replace(/[“”]/g, "") : "After your change",
			comparison ? decision.carried_other : null,
			guess,
		),
		el(
			"p",
			{ class: "sentence" },
			isPlaying ? "Playing both worlds … " : scene.isStale ? el("b", {}, "Changed since, compare again. ") : null,
			isPlaying
				? link("Stop", () => byId("cancel").click())
				: comparison
					? `${guess === null ? "" : `You guessed ${guess} of\u00a0100. `}“${ballot.title}” ${decision.said}. ${comparison.ends_said}`
					: changes
						? `${plural(changes, "change")} made, not compared yet.`
						: isAsked
							? "Guess first, then make the change."
							: `As it was, it is carried in ${ofHundred(decision.carried)}.`,
		),
		el("p", { class: "whom" }, comparison?.through_said[ballot.id] || ""),
	);
}

function gridOf(title, share, guess = null) {
	const aside = guess === null ? "" : `; blue outline: your guess, ${guess}`,
		says = (share === null ? "not known yet" : `carried in ${ofHundred(share)}`) + aside,
		full = hundred(share || 0),
		cell = (_, i) =>
			svg("rect", {
				x: (i % 20) * 11 + 1,
				y: Math.floor(i / 20) * 11 + 1,
				width: 9,
				height: 9,
				rx: 2,
				class: `cell${i < full ? " yes" : ""}${i < guess ? " guessed" : ""}`,
			}),
		named = { role: "img", "aria-label": `${title}: ${says}`, "data-share": share };
	return el(
		"div",
		{ class: "world" },
		el("h3", {}, title),
		svg("svg", { viewBox: "0 0 220 55", class: "grid", ...named }, ...Array.from({ length: 100 }, cell)),
		el("p", {}, says),
	);
}

/**
 * The ready-made worlds: a button each, sorted by effect; `choose(world)` when one is pressed, with null once more.
 * `hidden`: the decision whose outcome is still to be guessed.
 */
function drawCards(state, worlds, hidden, choose) {
	const card = ({ name, title, why, comparison }) => {
		const isChosen = `what_ifs:${name}` in state.world,
			named = { "data-key": name, "data-card": name, "aria-pressed": String(isChosen) },
			onclick = () => choose(isChosen ? null : worldOf(name)),
			effect = comparison.decision === hidden ? "Guess first." : comparison.in_short;
		return el(
			"button",
			{ type: "button", class: "card", title: why, ...named, onclick },
			el("b", {}, title),
			el("span", {}, effect),
			el("span", { class: "why soft" }, why),
		);
	};
	const little = worlds.filter((world) => world.little);
	renew(byId("cards"), ...worlds.filter((world) => !world.little).map(card));
	renew(byId("little"), ...little.map(card));
	set("little-title", { hidden: !little.length });
}

"use strict";
// Who votes how in a ballot.

const VOTES = ["yes", "no", "abstain", "absent"];

function votersIn(world, view, { id }) {
	const rows = rowsOf(world[view].votes).filter(({ decision }) => decision === id);
	return new Map(rows.map((row) => [row.member, row]));
}

function drawVotes(scene, { view }, ballot) {
	for (const row of byId("decisions").querySelectorAll("tr[data-decision]"))
		row.classList.toggle("current", row.dataset.decision === ballot.id);
	set("ballot-title", { textContent: `${ballot.title}, ${ballot.dated}` });
	renew(byId("ballot-says"), ...made(ballot.asked));
	const says = view === "history" ? "In this history: 100 is so, 0 is not." : "Of 100 histories in which it is put.";
	const key = VOTES.map((vote) => [svg("rect", { y: 2, width: 20, height: 10, class: `vote ${vote}` }), vote]);
	renew(byId("ballot"), votesTable(scene, view, ballot), legendOf(key), el("p", { class: "aside" }, says));
}

function votesTable(scene, view, ballot) {
	const { base, other } = scene,
		rows = votersIn(base, view, ballot);
	for (const [member, is] of other ? votersIn(other, view, ballot) : [])
		rows.set(member, { member, ...rows.get(member), is, yours: is.yes, away: is.absent });
	// As in the room: the surest yes first.
	const sure = (row) => sureOf(row.yes === undefined ? row.is : row),
		all = [...rows.values()].sort((a, b) => sure(b) - sure(a)),
		bars = (text) => ({ text, hidden: "true" }),
		bar = (row) => bars(row?.yes === undefined ? "" : barOf(row)),
		stance = (what) => [what, (row) => stanceText(row[what]), true],
		share = (head, name) => [head, (row) => inHundred(row[name]), true];
	const columns = [
		["member", ({ member }) => scene.label(member)],
		all.some(({ member }) => ballot.votes[member]) && [
			scene.base.debate.told_by,
			({ member }) => ballot.votes[member] || "",
		],
		all.some((row) => isKnown(row.stance)) && stance("stance"),
		all.some((row) => stanceText(row.voiced) !== stanceText(row.stance)) && stance("voiced"),
		[bars("as it was"), bar],
		...VOTES.map((vote) => share(vote, vote)),
		...(other ? [[bars("then"), ({ is }) => bar(is)], share("then: yes", "yours"), share("then: absent", "away")] : []),
	].filter(Boolean);
	return tableBy(`Who votes how: ${ballot.title}`, all, columns, ({ member, yes, yours }) => ({
		"data-elector": member,
		"data-yes": yes,
		"data-yours": yours,
	}));
}

function barOf(row) {
	let x = 0;
	const parts = VOTES.map((vote) => {
		const width = 110 * (row[vote] || 0);
		x += width;
		return svg("rect", { x: x - width, y: 0, width, height: 10, class: `vote ${vote}` });
	});
	return canvas(110, 10, { class: "votes" }, ...parts);
}

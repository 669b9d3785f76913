"use strict";
// The room at a ballot: a seat a member, shaded by how surely they vote yes. A click changes or reads a person.

/** Seats of so many have a finger's size, and names. */
const FEW = 60;

const px = (number) => `${number}px`;

/** The share of yes among the histories in which somebody is there. */
const sureOf = ({ yes, absent }) => Math.min(1, yes / (1 - absent) || 0);

/** Whether somebody is missing in most histories. */
const isAway = (row) => row.absent >= 0.5;

class Room {
	/** `touch(id, isAway, isMoved)` when a seat is pressed. */
	constructor(touch) {
		this.touch = touch;
		this.place = byId("room");
		/** The seat that the tabulator reaches; arrows go on from there. */
		this.at = null;
	}

	draw(scene, state, ballot, width) {
		const was = votersIn(scene.base, "recorded", ballot),
			now = scene.other ? votersIn(scene.other, "free", ballot) : was,
			isOpen = Boolean(changesIn(state.world)) && (!scene.other || scene.isStale),
			[there, absent] = [false, true].map((isAbsent) =>
				[...(was.size ? was : now).values()]
					.filter((row) => isAway(row) === isAbsent)
					.sort((a, b) => sureOf(b) - sureOf(a)),
			),
			// From the surest yes on the left to the surest no on the right, empty seats in the middle.
			rows = there.toSpliced(Math.ceil(there.length / 2), 0, ...absent),
			// As large as the reader has letters.
			letters = 0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize),
			placesOf = (who) => Room.places(who.map(scene.label, scene), width, letters),
			{ places, size, height } = placesOf(rows.map(({ member }) => member)),
			// As high as for any other ballot of few, so that what is below stays in its place from day to day.
			few = scene.ballots.filter(({ who }) => who.length <= FEW).map(({ who }) => placesOf(who).height);
		this.place.style.height = px(Math.max(height, ...few));
		if (!was.has(this.at)) this.at = rows[0]?.member;
		const seats = rows.map(({ member }, i) => {
			const row = now.get(member) || was.get(member),
				place = state.world[`room:${ballot.id}:${member}`],
				isGone = place ? place === "out" : isAway(row),
				isMoved = Boolean(place) || (was.has(member) && isGone !== isAway(was.get(member))),
				sure = hundred(sureOf(row)),
				seat = this.seat(member, scene.label(member), isGone, isMoved, isOpen ? null : sure),
				[left, top, wide, high] = [...places[i].map((at, side) => at - size[side] / 2), ...size].map(px);
			seat.dataset.yes = row.yes;
			Object.assign(seat.style, { left, top, width: wide, height: high });
			seat.style.setProperty("--sure", `${isOpen && isMoved ? 0 : sure}%`);
			return seat;
		});
		renew(this.place, ...seats);
		const empty = seats.filter((seat) => seat.classList.contains("away")).length,
			isRecorded = Object.keys(ballot.votes).length >= seats.length,
			came = `${empty || "none"} ${isRecorded ? "empty" : "known to be away; who else came is not known"}`,
			when = `${state.on > ballot.date ? "last vote, " : ""}${ballot.dated}`;
		set("room-title", { textContent: ballot.body });
		set("room-says", {
			textContent: `${when}: ${ballot.title}; ${plural(seats.length, "seat")}, ${ballot.by_correspondence ? "by written notes, in no room" : came}`,
		});
	}

	/** `sure`: in how many of a hundred histories in which they are there they vote yes; null: not worked out yet. */
	seat(id, label, isGone, isMoved, sure) {
		const says = isGone ? "absent" : sure === null ? "being worked out" : `votes yes in ${sure} of 100`;
		return el(
			"button",
			{
				type: "button",
				class: `seat${isGone ? " away" : ""}${isMoved ? " moved" : ""}`,
				tabindex: id === this.at ? 0 : -1,
				"aria-label": `${label}: ${says}${isMoved ? ", moved" : ""}`,
				"data-key": id,
				"data-seat": id,
				onclick: () => this.touch(id, isGone, isMoved),
				onfocus: ({ currentTarget }) => {
					this.at = id;
					onlyStop(this.place.children, currentTarget);
				},
				onkeydown: (event) => stepAmong(this.place.children, event),
			},
			el("span", { class: "dot-seat", "data-sure": sure, "aria-hidden": "true" }, isGone && !embedded ? "+" : ""),
			el("span", { class: "seat-name", "aria-hidden": "true" }, label),
		);
	}

	/**
	 * Where the middles of so many seats are, from left to right, in rows that are bent to arcs: {places, size, height}.
	 * A seat is wide enough for its name where there are few; where there are many, seats are smaller and without names.
	 * Neighbours in a row are a width apart, and rows are bent alike: so no two seats overlap.
	 */
	static places(names, width, size = 12) {
		const count = names.length,
			isMany = count > FEW,
			// Names are in the middle of their seats: neighbours need half of each.
			[one = 0, other = one] = names.map((name) => 0.9 * textWidth(name, size)).sort((a, b) => b - a),
			least = isMany ? 24 : Math.min(Math.max(44, (one + other) / 2 + 2), width / 2),
			high = isMany ? 24 : 32 + 1.2 * size,
			columns = Math.ceil(count / Math.ceil(count / Math.floor(width / least))) || 1,
			wide = Math.min(width / columns, 1.6 * least),
			middle = (columns - 1) / 2,
			bend = Math.min(0.45 * middle * wide, 130),
			inward = [...Array(columns).keys()].map((i) => i - middle).sort((a, b) => Math.abs(a) - Math.abs(b)),
			places = [];
		for (let row = 0, left = count; left > 0; row++, left -= columns) {
			// The last row sits around the middle, which stays free if it could not be even otherwise.
			const skip = left < columns && columns % 2 === 1 && left % 2 === 0 ? 1 : 0;
			for (const off of inward.slice(skip, skip + left))
				places.push([width / 2 + off * wide, high * (row + 0.5) + bend * (off / (middle || 1)) ** 2]);
		}
		places.sort(([x, y], [u, v]) => x - u || y - v);
		return { places, size: [wide, high], height: Math.max(0, ...places.map(([, y]) => y)) + high / 2 };
	}
}

"use strict";
// The room at a ballot: a seat a member, shaded by how surely they vote yes. A click changes or reads a person.

/** Seats of so many have a finger's size, and names. */
const FEW = 60;

const px = (number) => `${number}px`;

class Room {
  /** `touch(id, isAway, isMoved)` when a seat is pressed. */
  constructor(touch) {
    this.touch = touch;
    this.place = byId("room");
    /** The seat that the tabulator reaches; arrows go on from there. */
    this.at = null;
  }

  /** Who may vote in a ballot and how often they do, by member. */
  static voters(world, view, ballot) {
    const table = view === "recorded" ? world.ballots : world.ballots_free;
    return new Map(
      rowsOf(table)
        .filter((row) => row.decision === ballot.id)
        .map((row) => [row.member, row]),
    );
  }

  /** The share of yes among the histories in which somebody is there. */
  static sure(row) {
    return row.absent < 1 ? Math.min(1, row.yes / (1 - row.absent)) : 0;
  }

  draw(scene, state, ballot, width) {
    const was = Room.voters(scene.base, "recorded", ballot),
      now = scene.other ? Room.voters(scene.other, "free", ballot) : was,
      moved = (member) => state.world[`room:${ballot.id}:${member}`],
      rows = [...(was.size ? was : now).values()].sort((a, b) => Room.sure(b) - Room.sure(a)),
      seated = rows.filter((row) => row.absent < 0.5),
      isOpen = Boolean(changesIn(state.world)) && (!scene.other || scene.isStale);
    // From the surest yes on the left to the surest no on the right, empty seats in the middle.
    seated.splice(Math.ceil(seated.length / 2), 0, ...rows.filter((row) => row.absent >= 0.5));
    const names = seated.map(({ member }) => scene.label(member)),
      // As large as the reader has letters.
      letters = 0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize),
      { places, size, height } = Room.places(seated.length, width, names, letters);
    if (!was.has(this.at)) this.at = seated[0]?.member;
    // As high as for any other ballot of few, so that what is below stays in its place from day to day.
    const few = scene.ballots.map(({ who }) => who.map((id) => scene.label(id))).filter((who) => who.length <= FEW);
    this.place.style.height = px(
      Math.max(height, ...few.map((who) => Room.places(who.length, width, who, letters).height)),
    );
    const seats = seated.map(({ member }, i) => {
      const row = now.get(member) || was.get(member),
        isAway = moved(member) ? moved(member) === "out" : row.absent >= 0.5,
        isMoved = Boolean(moved(member)) || (was.has(member) && isAway !== was.get(member).absent >= 0.5),
        sure = isOpen ? null : hundred(Room.sure(row)),
        seat = this.seat(member, names[i], isAway, isMoved, sure);
      seat.dataset.yes = row.yes;
      const [left, top, width, height] = [...places[i].map((at, side) => at - size[side] / 2), ...size].map(px);
      Object.assign(seat.style, { left, top, width, height });
      seat.style.setProperty("--sure", `${isOpen && isMoved ? 0 : hundred(Room.sure(row))}%`);
      return seat;
    });
    renew(this.place, ...seats);
    const empty = seats.filter((seat) => seat.classList.contains("away")).length;
    const { name } = scene.base.debate.bodies.find(({ id }) => id === ballot.body) || { name: "The room" },
      isKnown = Object.keys(ballot.votes).length >= seats.length,
      came = `${empty || "none"} ${isKnown ? "empty" : "known to be away; who else came is not recorded"}`,
      when = `${dayOf(state.on) > dayOf(ballot.date) ? "last vote, " : ""}${whenOf(ballot)}`;
    set("room-title", { textContent: name });
    set("room-says", {
      textContent: `${when}: ${ballot.title}; ${plural(seats.length, "seat")}, ${ballot.by_correspondence ? "by written notes, in no room" : came}`,
    });
  }

  /** `sure`: in how many of a hundred histories in which they are there they vote yes; null: not worked out yet. */
  seat(id, label, isAway, isMoved, sure) {
    const says = isAway ? "absent" : sure === null ? "being worked out" : `votes yes in ${sure} of 100`;
    return el(
      "button",
      {
        type: "button",
        class: `seat${isAway ? " away" : ""}${isMoved ? " moved" : ""}`,
        tabindex: id === this.at ? 0 : -1,
        "aria-label": `${label}: ${says}${isMoved ? ", moved" : ""}`,
        "data-key": id,
        "data-seat": id,
        onclick: () => this.touch(id, isAway, isMoved),
        onkeydown: (event) => this.key(event),
        onfocus: (event) => this.reach(event.currentTarget),
      },
      el("span", { class: "dot-seat", "data-sure": sure, "aria-hidden": "true" }, isAway && !embedded ? "+" : ""),
      el("span", { class: "seat-name", "aria-hidden": "true" }, label),
    );
  }

  reach(seat) {
    this.at = seat.dataset.seat;
    for (const other of this.place.children) other.tabIndex = other === seat ? 0 : -1;
  }

  key(event) {
    const seats = [...this.place.children],
      to = stepped(event.key, seats.indexOf(event.currentTarget), seats.length);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    seats[to].focus();
  }

  /**
   * Where the middles of so many seats are, from left to right, in rows that are bent to arcs: {places, size, height}.
   * A seat is wide enough for its name where there are few; where there are many, seats are smaller and without names.
   * Neighbours in a row are a width apart, and rows are bent alike: so no two seats overlap.
   * @param {number} count
   * @param {number} width
   * @param {string[]} [names]
   * @param {number} [size] of their letters
   */
  static places(count, width, names = [], size = 12) {
    const isMany = count > FEW,
      // Names are in the middle of their seats: neighbours need half of each.
      [one = 0, other = one] = names.map((name) => 0.9 * textWidth(name, size)).sort((a, b) => b - a),
      least = isMany ? 24 : Math.min(Math.max(44, (one + other) / 2 + 2), width / 2),
      high = isMany ? 24 : 32 + 1.2 * size,
      rows = Math.max(1, Math.ceil(count / Math.floor(width / least))),
      columns = Math.ceil(count / rows),
      wide = Math.min(width / Math.max(columns, 1), 1.6 * least),
      middle = (columns - 1) / 2,
      bend = Math.min(0.45 * middle * wide, 130),
      inward = [...Array(columns).keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)),
      places = [];
    for (let row = 0, left = count; left > 0; row++, left -= columns) {
      // The last row sits around the middle, which stays free if it could not be even otherwise.
      const skip = left < columns && columns % 2 === 1 && left % 2 === 0 ? 1 : 0;
      for (const column of inward.slice(skip, skip + left)) {
        const off = middle ? (column - middle) / middle : 0;
        places.push([width / 2 + off * middle * wide, high * (row + 0.5) + bend * off * off]);
      }
    }
    places.sort(([x, y], [u, v]) => x - u || y - v);
    return { places, size: [wide, high], height: Math.max(0, ...places.map(([, y]) => y)) + high / 2 };
  }
}

"use strict";
// The room at a ballot: a seat a member, shaded by how surely they vote yes. A click changes or reads a person.

/** Who is away on a day and why. */
function awayOn(debate, day) {
  const away = new Map();
  for (const moment of debate.moments)
    if (moment.kind === "absence" && dayOf(moment.date) <= day && day <= dayOf(moment.until))
      away.set(moment.member, moment);
  return away;
}

class Room {
  constructor(place, title, says, touch) {
    Object.assign(this, { place, title, says, touch, seats: new Map() });
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

  /** Seats are kept from one drawing to the next, so that the one that has the focus keeps it. */
  draw(scene, state, ballot, width) {
    const shown = Room.voters(scene.base, "recorded", ballot);
    const other = scene.other ? Room.voters(scene.other, "free", ballot) : new Map();
    const moved = state.world.room[ballot.id] || {},
      first = [...shown.values()].sort((a, b) => Room.sure(b) - Room.sure(a)),
      here = first.filter((row) => row.absent < 0.5),
      absent = first.filter((row) => row.absent >= 0.5);
    // From the surest yes on the left to the surest no on the right, empty seats in the middle.
    here.splice(Math.ceil(here.length / 2), 0, ...absent);
    const { places, height } = Room.places(here.length, width);
    this.place.style.height = `${height}px`;
    const kept = new Set(here.map((row) => row.member));
    for (const [id, seat] of this.seats)
      if (!kept.has(id)) {
        seat.button.remove();
        this.seats.delete(id);
      }
    this.order = here.map((row) => row.member);
    if (!kept.has(this.at)) this.at = this.order[0];
    let empty = 0;
    here.forEach((was, i) => {
      const row = other.get(was.member) || was,
        seat = this.seats.get(was.member) || this.seat(scene, was.member),
        place = moved[was.member],
        gone = place ? place === "out" : row.absent >= 0.5,
        sure = Math.round(100 * Room.sure(row)),
        [x, y] = places[i];
      empty += gone;
      seat.button.style.left = `${x}px`;
      seat.button.style.top = `${y}px`;
      seat.button.tabIndex = was.member === this.at ? 0 : -1;
      seat.button.className = `seat${gone ? " away" : ""}${place ? " moved" : ""}`;
      seat.button.dataset.yes = row.yes;
      seat.dot.style.background = gone ? "" : `color-mix(in srgb, var(--yes) ${sure}%, var(--unsure))`;
      seat.dot.textContent = gone ? (embedded ? "" : "+") : "";
      const says = gone ? "absent" : `votes yes in ${sure} of 100 replays in which they are there`;
      seat.button.setAttribute("aria-label", `${seat.member.name}: ${says}${place ? ", changed by you" : ""}`);
      seat.button.title = `${seat.member.name}: ${says}`;
    });
    // In the order in which they sit, for those who go by keyboard; nothing moves that is in its place.
    here.forEach((row, i) => {
      const { button } = this.seats.get(row.member);
      if (this.place.children[i] !== button) this.place.insertBefore(button, this.place.children[i] || null);
    });
    this.title.textContent = `The room, ${whenOf(ballot)}`;
    const seats = `${plural(here.length, "seat")}, ${empty ? `${empty} of them empty` : "none empty"}`;
    this.says.textContent = `${ballot.title}. ${seats}.`;
  }

  /** The share of yes among the replays in which somebody is there. */
  static sure(row) {
    return row.absent < 1 ? Math.min(1, row.yes / (1 - row.absent)) : 0;
  }

  seat(scene, id) {
    const member = scene.member(id) || { id, name: id, label: id },
      dot = el("span", { class: "dot-seat", "aria-hidden": "true" });
    const button = el(
      "button",
      {
        type: "button",
        "data-seat": id,
        onclick: () => this.touch(id),
        onkeydown: (event) => this.key(event, id),
      },
      dot,
      el("span", { class: "seat-name", "aria-hidden": "true" }, member.label),
    );
    button.addEventListener("focus", () => this.reach(id));
    const seat = { button, dot, member };
    this.seats.set(id, seat);
    return seat;
  }

  reach(id) {
    this.at = id;
    for (const [other, { button }] of this.seats) button.tabIndex = other === id ? 0 : -1;
  }

  key(event, id) {
    const at = this.order.indexOf(id),
      last = this.order.length - 1,
      to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to >= 0 && to <= last) this.seats.get(this.order[to]).button.focus();
  }

  /** Places in rows around an open floor where there is room, or else one after another. */
  static places(count, width) {
    const line = 58,
      gap = 54,
      places = [];
    const rows = [],
      widest = Math.min(width / 2 - 34, Math.max(110, (count * gap) / Math.PI));
    for (let radius = widest, left = count; left > 0; radius -= line + 6) {
      const fits = Math.min(left, Math.max(1, Math.floor((Math.PI * Math.max(radius, 10) * 0.88) / gap)));
      rows.push({ radius, fits });
      left -= fits;
    }
    if (width < 440 || count === 0 || (rows.length > 1 && rows.at(-1).radius < 60)) {
      const across = Math.max(1, Math.floor(width / 58));
      for (let i = 0; i < count; i++)
        places.push([(width * ((i % across) + 0.5)) / across, 24 + Math.floor(i / across) * line]);
      return { places, height: Math.ceil(count / across) * line + 4 };
    }
    const top = rows[0].radius * 0.86;
    for (const { radius, fits } of rows)
      for (let i = 0; i < fits; i++) {
        const angle = Math.PI * (fits === 1 ? 0.5 : 1 - i / (fits - 1));
        places.push([width / 2 + Math.cos(angle) * radius, 24 + top - Math.sin(angle) * radius * 0.86, angle]);
      }
    places.sort((a, b) => b[2] - a[2]);
    return { places, height: top + 66 };
  }

  static table(scene, ballot) {
    const rows = [...Room.voters(scene.base, "recorded", ballot).values()].map((row) => ({
      cells: [
        scene.label(row.member),
        number(percent(row.yes)),
        number(percent(row.absent)),
        number(stanceText(row.stance, 2)),
      ],
    }));
    return tableOf(
      `Who is in the room: ${ballot.title}`,
      ["member", number("yes"), number("absent"), number("stance")],
      rows,
    );
  }
}

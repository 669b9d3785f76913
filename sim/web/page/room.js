"use strict";
// Who is in the room on a day, how they lean, and whose words reach them.

class Room {
  constructor(place, says) {
    this.place = place;
    this.says = says;
  }

  /** The body to look at: the one chosen, or the one that decides next. */
  static body(debate, chosen, day) {
    const found = debate.bodies.find((body) => body.id === chosen);
    if (found) return found;
    const ballots = debate.moments.filter((moment) => moment.kind === "ballot");
    const next = ballots.find((ballot) => dayOf(ballot.date) >= day) || ballots.at(-1);
    return debate.bodies.find((body) => next && body.id === next.body) || debate.bodies[0];
  }

  static seats(body, day) {
    const seats = [];
    for (const some of body.seats) {
      if (dayOf(some.from) <= day && day <= dayOf(some.to))
        for (const member of some.members) seats.push({ member, votes: some.role === "full" });
    }
    return seats;
  }

  /** Who is away on a day and why; an absence with a condition is only a perhaps. */
  static away(debate, day) {
    const away = new Map();
    for (const moment of debate.moments) {
      if (moment.kind === "absence" && dayOf(moment.date) <= day && day <= dayOf(moment.until))
        away.set(moment.member, moment);
    }
    return away;
  }

  /** The words that are in the air on a day: the last letter, talk or ballot, not more than three days old. */
  static words(debate, body, day) {
    const heard = debate.moments.filter((moment) => {
      const age = day - dayOf(moment.date);
      return age >= 0 && age <= 3 && ["letter", "talk", "ballot"].includes(glyphOf(moment));
    });
    const seated = new Set(Room.seats(body, day).map((seat) => seat.member));
    const near = heard.filter(
      (moment) => moment.body === body.id || moment.who.some((who) => seated.has(who)) || seated.has(moment.author),
    );
    return near.at(-1) || null;
  }

  draw(scene, state, day, width) {
    Object.assign(this, { scene, state, width });
    const debate = (scene.other || scene.base).debate,
      body = Room.body(debate, state.body, day);
    const seats = Room.seats(body, day),
      words = Room.words(debate, body, day);
    this.key = `${body.id} ${seats.length} ${seats.map((seat) => seat.member).join()} ${words ? words.id : ""} ${width}`;
    const places = Room.places(seats.length, width),
      drawing = svg("svg", { width, height: places.height, role: "img" });
    this.drawing = drawing;
    if (words) this.arcs(drawing, words, seats, places);
    this.shown = seats.map((seat, i) => this.seat(drawing, seat, places.at[i]));
    Object.assign(this, { debate, body, seats, words });
    this.place.replaceChildren(drawing);
    this.move(day);
  }

  /** Seats in rows around an open floor where there is room, or else one after another. */
  static places(count, width) {
    const gap = width >= 620 ? 70 : 62,
      line = width >= 620 ? 68 : 54;
    const rows = [];
    let left = count;
    if (width >= 620) {
      // A small body sits close together.
      const most = Math.min(width / 2 - 44, 430, Math.max(120, (count * gap * 1.35) / Math.PI));
      for (let radius = most; left > 0 && radius > 90; radius -= line) {
        const fits = Math.max(1, Math.floor((Math.PI * radius * 0.93) / gap) + 1);
        rows.push({ radius, fits });
        left -= fits;
      }
    }
    if (width < 620 || left > 0 || count === 0) {
      const across = Math.max(1, Math.floor((width - 10) / gap)),
        at = [];
      for (let i = 0; i < count; i++)
        at.push([(width - across * gap) / 2 + ((i % across) + 0.5) * gap, 24 + Math.floor(i / across) * line]);
      return {
        at,
        height: Math.ceil(count / across) * line + 34,
        floor: [width / 2, Math.ceil(count / across) * line + 16],
      };
    }
    // As few rows as hold everybody, filled alike, the outermost the longest.
    let used = 1;
    while (rows.slice(-used).reduce((sum, row) => sum + row.fits, 0) < count) used += 1;
    const kept = rows.slice(-used),
      total = kept.reduce((sum, row) => sum + row.fits, 0),
      at = [],
      top = kept[0].radius;
    let placed = 0;
    kept.forEach((row, n) => {
      const here = n === kept.length - 1 ? count - placed : Math.round((row.fits / total) * count);
      for (let i = 0; i < here; i++) {
        const angle = Math.PI * (here === 1 ? 0.5 : 0.97 - (0.94 * i) / (here - 1));
        at.push([width / 2 + Math.cos(angle) * row.radius, 22 + top * 0.82 - Math.sin(angle) * row.radius * 0.82]);
      }
      placed += here;
    });
    return { at, height: 22 + top * 0.82 + 40, floor: [width / 2, 22 + top * 0.82 + 14] };
  }

  seat(drawing, seat, [x, y]) {
    const member = this.scene.member(seat.member);
    const circle = svg("circle", {
      cx: x,
      cy: y,
      r: seat.votes ? 16 : 13,
      class: seat.votes ? "seat" : "seat candidate",
    });
    const value = svg("text", { x, y: y + 3.5, class: "seat-value" });
    const title = svg("title", {});
    const group = svg(
      "g",
      { class: "place", "data-seat": seat.member },
      title,
      circle,
      value,
      svg("text", { x, y: y + 28, class: "seat-name" }, member.label),
    );
    drawing.append(group);
    return { seat, member, group, circle, value, title };
  }

  arcs(drawing, words, seats, places) {
    const at = new Map(seats.map((seat, i) => [seat.member, places.at[i]]));
    const from = at.get(words.author) || (words.author || glyphOf(words) === "letter" ? places.floor : null);
    const hears = words.who.filter((who) => at.has(who) && who !== words.author);
    const centre = glyphOf(words) === "letter" ? from : places.floor;
    if (!centre) return;
    for (const who of hears) {
      const [x, y] = at.get(who),
        middle = [(x + centre[0]) / 2, (y + centre[1]) / 2 + (centre === places.floor ? 0 : 26)];
      drawing.append(
        svg("path", {
          d: `M${centre[0]} ${centre[1]}Q${middle[0]} ${middle[1]} ${x} ${y}`,
          class: `arc ${glyphOf(words)}`,
        }),
      );
    }
    const outside = glyphOf(words) === "letter" && words.author && !at.has(words.author);
    if (outside)
      drawing.append(
        svg(
          "text",
          { x: centre[0], y: centre[1] + 12, class: "seat-name outside" },
          `${this.scene.label(words.author)}, from outside`,
        ),
      );
  }

  /** Redraws for a day by attributes; the whole only when other people sit there or other words are heard. */
  move(day) {
    const debate = (this.scene.other || this.scene.base).debate,
      body = Room.body(debate, this.state.body, day);
    const seats = Room.seats(body, day),
      words = Room.words(debate, body, day);
    if (
      this.key !==
      `${body.id} ${seats.length} ${seats.map((seat) => seat.member).join()} ${words ? words.id : ""} ${this.width}`
    ) {
      this.draw(this.scene, this.state, day, this.width);
      return;
    }
    const away = Room.away(debate, day),
      axis = debate.axis,
      world = this.scene.other || this.scene.base;
    for (const { seat, member, group, circle, value, title } of this.shown) {
      const stance = Chart.stance(world, this.state.view, seat.member, day),
        gone = away.has(seat.member);
      const { fill, ink } = colourOfLean((stance - axis.low) / (axis.high - axis.low));
      circle.style.fill = gone ? "transparent" : fill;
      circle.style.stroke = fill;
      value.style.fill = gone ? "" : ink;
      value.textContent = stanceText(stance);
      group.classList.toggle("away", gone);
      group.classList.toggle("speaks", Boolean(words && words.author === seat.member && !gone));
      group.dataset.stance = stance;
      const why = gone ? `, away: ${away.get(seat.member).summary}` : "";
      title.textContent = `${member.name}: ${stanceText(stance, 2)}${seat.votes ? "" : ", no vote"}${why}`;
    }
    this.tell(body, seats, away, words);
  }

  tell(body, seats, away, words) {
    const voters = seats.filter((seat) => seat.votes),
      gone = seats.filter((seat) => away.has(seat.member));
    const names = gone
      .slice(0, 4)
      .map((seat) => this.scene.label(seat.member))
      .join(", ");
    const heads = seats.length
      ? `${plural(voters.length, "vote")}${seats.length > voters.length ? ` and ${seats.length - voters.length} without` : ""}`
      : "nobody sits in it on this day";
    const missing = gone.length ? `; away: ${names}` : seats.length ? "; nobody is known to be away" : "";
    const said = words ? ` ${whenOf(words)}: ${words.title}${words.argues ? `, for “${words.argues.name}”` : ""}.` : "";
    const text = `${body.name}: ${heads}${missing}.${said}`;
    if (this.says.textContent !== text) this.says.textContent = text;
    this.drawing.setAttribute("aria-label", text);
  }

  table(day) {
    const debate = (this.scene.other || this.scene.base).debate,
      body = Room.body(debate, this.state.body, day);
    const away = Room.away(debate, day),
      world = this.scene.other || this.scene.base;
    const rows = Room.seats(body, day).map((seat) => ({
      cells: [
        this.scene.label(seat.member),
        seat.votes ? "votes" : "speaks",
        number(stanceText(Chart.stance(world, this.state.view, seat.member, day), 2)),
        away.has(seat.member) ? `away: ${away.get(seat.member).summary}` : "not known to be away",
      ],
    }));
    return tableOf(`${body.name} on ${dateOf(day)}`, ["member", "seat", number("stance"), "in the room?"], rows);
  }
}

"use strict";
// The page: brings the parts together, keeps the day, plays, listens to keys.

/** The debate as it was, another world beside it, and what differs. */
class Scene {
  constructor(base) {
    this.base = base;
    this.other = this.comparison = this.title = null;
    this.members = new Map(base.debate.members.map((member) => [member.id, member]));
  }

  member(id) {
    return this.members.get(id) || null;
  }
  /** What the other world is called: by the what-if that makes it, or the reader's. */
  get otherName() {
    return this.title ? `“${this.title}”` : "your world";
  }

  label(id) {
    const member = this.member(id);
    return member ? member.label : inWords(id || "");
  }

  moment(id) {
    const known = (world) => (world ? world.debate.moments.find((moment) => moment.id === id) : null);
    return known(this.base) || known(this.other) || null;
  }
}

/** What the page opens with: the scenario's own story, or one made of its question and its most open decision. */
function storyOf(base) {
  const { debate } = base,
    { story, controls } = debate,
    ballots = debate.moments.filter((moment) => moment.kind === "ballot"),
    open = new Map(rowsOf(base.decisions).map((row) => [row.decision, Math.abs(row.put * row.probability_free - 0.5)]));
  const ballot =
    ballots.find((moment) => moment.id === story?.decision) ||
    [...ballots].sort((a, b) => (open.get(a.id) ?? 1) - (open.get(b.id) ?? 1))[0];
  const asked = controls.what_ifs.find((one) => one.name === story?.change) || controls.what_ifs[0];
  let change = null;
  if (asked) {
    change = {
      label: asked.title,
      make: (world) => {
        world.what_ifs = [asked.name];
      },
    };
  } else if (ballot && !embedded) {
    // Somebody absent comes, or else somebody present goes.
    const voters = [...Room.voters(base, "recorded", ballot).values()].sort(
        (a, b) => b.absent - a.absent || b.yes - a.yes,
      ),
      [first] = voters.filter((row) => !debate.members.find((member) => member.id === row.member)?.group);
    if (first && !ballot.by_correspondence) {
      const comes = first.absent >= 0.5,
        { label } = debate.members.find((member) => member.id === first.member);
      change = {
        label: comes ? `Seat ${label}` : `Without ${label}`,
        make: (world) => {
          world.room[ballot.id] = { [first.member]: comes ? "in" : "out" };
        },
      };
    }
  }
  return {
    headline: story?.headline || debate.question,
    text: story?.text || (debate.about.match(/[^.!?]+[.!?]+/g) || [debate.about]).slice(0, 2).join("").trim(),
    ballot,
    change,
  };
}

const page = {
  supply: new Supply(),
  scene: null,
  choices: null,
  day: 0,
  playing: null,
  found: new Map(),

  async start() {
    const early = fromAddress(location.hash, { seed: "1922", runs: 3000, on: null, view: "recorded" });
    const base = await this.supply.base(early);
    Object.assign(wording, base.debate.words);
    const { debate } = base,
      colour = debate.members.find((member) => member.colour === 0) || debate.members[0];
    this.story = storyOf(base);
    this.home = {
      seed: base.home_seed || base.seed,
      runs: 3000,
      on: this.story.ballot?.date || debate.from,
      view: "recorded",
      member: colour.id,
      ballot: "auto",
    };
    const state = fromAddress(location.hash, this.home);
    if (early.seed === "1922" && !/[#&]seed=/.test(location.hash)) state.seed = base.seed;
    state.others = false;
    this.choices = new Choices(state);
    this.scene = new Scene(base);
    this.day = this.within(dayOf(state.on));
    this.build();
    this.arrange();
    document.body.dataset.ready = "yes";
    if (changesIn(state.world)) await this.compare();
    else this.ahead();
  },

  within(day) {
    const { debate } = this.scene.base;
    return Math.min(Math.max(day, dayOf(debate.from)), dayOf(debate.to));
  },

  get state() {
    return this.choices.now;
  },

  /** The ballot that the room, the guess and the answer are about: the one chosen, the story's, or the last held. */
  get ballot() {
    const ballots = this.scene.base.debate.moments.filter((moment) => moment.kind === "ballot"),
      featured = this.story.ballot;
    return (
      ballots.find((ballot) => ballot.id === this.state.ballot) ||
      (featured && dayOf(featured.date) === this.day ? featured : null) ||
      ballots.filter((ballot) => dayOf(ballot.date) <= this.day).at(-1) ||
      ballots[0] ||
      null
    );
  },

  build() {
    const { debate } = this.scene.base;
    document.title = debate.title;
    byId("kicker").textContent = debate.title;
    byId("title").textContent = this.story.headline;
    byId("question").textContent = this.story.text;
    const openMoment = (moment) => {
      const isOut = this.state.world.off.includes(moment.id);
      const change = (world) => {
        world.off = isOut ? world.off.filter((id) => id !== moment.id) : [...world.off, moment.id];
      };
      this.dialog.moment(this.scene, moment, {
        "Go to this day": () => this.go(dayOf(moment.date)),
        ...(embedded || moment.kind === "event"
          ? {}
          : { [isOut ? "Put it back" : "Take it out"]: () => this.make(change) }),
      });
    };
    const choose = (id) => {
      if (this.state.member === id) this.dialog.member(this.scene, this.scene.member(id));
      this.choices.look((state) => {
        state.member = id;
      });
      this.redraw();
      const chip = document.querySelector(`[data-chip="${CSS.escape(id)}"]`);
      if (chip && !byId("dialog").open) chip.focus();
    };
    this.openMoment = openMoment;
    this.dialog = new Sources(byId("dialog"), byId("dialog-content"));
    this.timeline = new Timeline(byId("timeline"), openMoment);
    this.chart = new Chart(byId("chart"), byId("chips"), choose, openMoment);
    this.room = new Room(byId("room"), byId("room-title"), byId("room-says"), (id) => this.touch(id));
    this.answer = new Answer(byId("answer"), byId("said"));
    this.cards = new Cards(byId("cards"), (name) =>
      this.make((world) => {
        Object.assign(world, untouched(), { what_ifs: [name] });
      }),
    );
    this.ballots = new Ballots(
      byId("decisions"),
      byId("ballot-title"),
      byId("ballot-says"),
      byId("ballot"),
      (id) => {
        this.choices.look((state) => {
          state.ballot = id;
        });
        this.go(dayOf(this.scene.moment(id).date));
      },
      openMoment,
    );
    this.verdict = new Verdict(byId("verdict"), byId("comparison"));
    this.controls = new Controls(byId("controls"), byId("changed"), this.choices, () => this.changed());
    byId("ready").hidden = !debate.controls.what_ifs.length;
    byId("foot").textContent =
      `${debate.scenario} · scenario ${debate.digest} · ${debate.people} · ${debate.basis} · bands of ${this.scene.base.runs.toLocaleString("en")} histories`;
    if (embedded) {
      for (const hidden of ["build", "own"]) byId(hidden).hidden = true;
      byId("view").querySelector('[value="history"]').remove();
    }
    this.listen();
  },

  /** A click on a seat: an absent member comes, everybody else is read about, and can be sent out or put back. */
  touch(id) {
    const { ballot, scene } = this,
      member = scene.member(id),
      moved = this.state.world.room[ballot.id]?.[id],
      row = Room.voters(scene.base, "recorded", ballot).get(id),
      fixed = embedded || ballot.by_correspondence || !member || member.group;
    const place = (where) => () =>
      this.make((world) => {
        if (where) world.room[ballot.id] = { ...world.room[ballot.id], [id]: where };
        else Controls.putBack(world, ballot.id, id);
      });
    if (!fixed && !moved && row && row.absent >= 0.5) place("in")();
    else if (member)
      this.dialog.member(
        scene,
        member,
        fixed
          ? {}
          : moved
            ? { "Put back as it was": place(null) }
            : { [`Take ${member.label} out of the room`]: place("out") },
        this.openMoment,
      );
  },

  /** Makes a change on the first screen: what comes of it is asked at once. */
  make(change) {
    if (this.choices.change((state) => change(state.world))) this.changed(true);
  },

  trust() {
    const { debate } = this.scene.base;
    this.dialog.show(
      "How far to trust it",
      el("p", {}, debate.about),
      el(
        "p",
        {},
        "A model plays the debate many times. It is a toy: most of its numbers are assumptions with a range, and what nobody recorded is drawn at random, not known. It says what follows from the assumptions, not what would have happened. A click on anything that happened shows where it is known from.",
      ),
      el(
        "dl",
        {},
        ...Object.entries(wording.evidence).flatMap(([word, says]) => [el("dt", {}, word), el("dd", {}, says)]),
      ),
      el("h3", {}, "Keys"),
      el(
        "p",
        {},
        "← → the thing that happened before or next, with Shift a day · Space plays · Home and End the first and last day · Ctrl Z undoes a change, Ctrl Y redoes it · Enter on a mark opens its source",
      ),
    );
  },

  listen() {
    const on = (id, event, act) => byId(id).addEventListener(event, act);
    const look = (id, event, put) =>
      on(id, event, (happened) => {
        this.choices.look((state) => put(state, happened.target));
        this.redraw();
      });
    on("trust", "click", () => this.trust());
    on("guess", "input", (event) => {
      this.choices.look((state) => {
        state.guess = Number(event.target.value);
      });
      this.ask();
    });
    on("act", "click", () => {
      this.make((world) => {
        Object.assign(world, untouched());
        this.story.change.make(world);
      });
    });
    const asItWas = () =>
      this.make((world) => {
        Object.assign(world, untouched());
      });
    on("again", "click", asItWas);
    on("reset", "click", asItWas);
    on("own", "click", () => {
      byId("build").open = true;
      byId("build").scrollIntoView();
      byId("find").focus();
    });
    on("find", "input", () => this.controls.find(byId("find").value));
    on("scrub", "input", (event) => this.go(Number(event.target.value)));
    on("play", "click", () => this.toggle());
    on("previous", "click", () => this.hop(-1));
    on("next", "click", () => this.hop(1));
    on("undo", "click", () => this.back("undo"));
    on("redo", "click", () => this.back("redo"));
    on("compare", "click", () => this.compare(true));
    on("cancel", "click", () => this.supply.cancel());
    look("view", "change", (state, { value }) => {
      state.view = value;
    });
    look("runs", "change", (state, { value }) => {
      state.runs = Number(value);
    });
    look("others", "change", (state, { checked }) => {
      state.others = checked;
    });
    on("replicate", "change", (event) => {
      const given = Number(event.target.value);
      if (!Number.isInteger(given) || given < 0 || given >= 2 ** 32) event.target.value = this.state.replicate;
      else if (
        this.choices.change((state) => {
          state.replicate = given;
        })
      )
        this.changed();
    });
    on("save-stances", "click", () =>
      save("stances.csv", "text/csv", csvOf(stanceColumns(this.scene, this.state.view))),
    );
    on("save-chart", "click", () =>
      save(
        "stances.svg",
        "image/svg+xml",
        standalone(byId("chart").firstElementChild, provenance(this.scene, this.state.view)),
      ),
    );
    on("save-decisions", "click", () =>
      save(
        "decisions.csv",
        "text/csv",
        csvOf(this.scene.comparison ? this.scene.comparison.decisions : this.scene.base.decisions),
      ),
    );
    on("save-ballots", "click", () =>
      save(
        "ballots.csv",
        "text/csv",
        csvOf((this.scene.other || this.scene.base)[this.state.view === "recorded" ? "ballots" : "ballots_free"]),
      ),
    );
    document.addEventListener("keydown", (event) => this.key(event));
    // Back, Forward and a changed address show the world of the address; a link to a place in the page is none.
    window.addEventListener("popstate", () => {
      if (location.hash && !/[=]/.test(location.hash)) return;
      const { others } = this.state;
      Object.assign(this.choices.now, fromAddress(location.hash, this.home), { others });
      this.day = this.within(dayOf(this.state.on));
      this.redraw();
      this.changed(true);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      forgetColours();
      this.redraw();
    });
    let width = 0;
    new ResizeObserver(() => {
      const now = byId("chart").clientWidth;
      if (now !== width) {
        width = now;
        this.redraw();
      }
    }).observe(byId("chart"));
  },

  key(event) {
    const own = event.target.closest?.("input:not(.scrub), select, textarea, dialog");
    if ((event.ctrlKey || event.metaKey) && !own && !embedded) {
      const act = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
      if (act) {
        this.back(act);
        event.preventDefault();
      }
      return;
    }
    if (own || event.ctrlKey || event.metaKey || event.altKey) return;
    const { debate } = this.scene.base,
      isButton = event.target.closest?.("button, summary, a, [role=button]");
    const inTable = event.target.closest?.(".scrolls");
    if (event.key === " " && !isButton) this.toggle();
    else if (inTable) return;
    else if (event.key === "ArrowLeft") {
      if (event.shiftKey) this.go(this.day - 1);
      else this.hop(-1);
    } else if (event.key === "ArrowRight") {
      if (event.shiftKey) this.go(this.day + 1);
      else this.hop(1);
    } else if (event.key === "Home") this.go(dayOf(debate.from));
    else if (event.key === "End") this.go(dayOf(debate.to));
    else return;
    event.preventDefault();
  },

  /** Days on which something happened. */
  days() {
    const moments = Timeline.both(this.scene),
      { debate } = this.scene.base;
    return [...new Set([dayOf(debate.from), ...moments.map((moment) => dayOf(moment.date)), dayOf(debate.to)])].sort(
      (a, b) => a - b,
    );
  },

  hop(step) {
    const days = this.days(),
      next = step > 0 ? days.find((day) => day > this.day) : days.reverse().find((day) => day < this.day);
    if (next !== undefined) this.go(next);
  },

  toggle() {
    if (this.playing) {
      cancelAnimationFrame(this.playing);
      this.playing = null;
    } else {
      const last = dayOf(this.scene.base.debate.to),
        first = dayOf(this.scene.base.debate.from);
      if (this.day >= last) this.go(first);
      // All of it in half a minute; with less motion wanted, by jumps twice a second.
      const jumps = matchMedia("(prefers-reduced-motion: reduce)").matches,
        perSecond = (last - first) / 30;
      let from = performance.now(),
        start = this.day;
      const frame = (now) => {
        if (now < from) from = now;
        const run = ((now - from) / 1000) * perSecond,
          day = Math.floor(start + (jumps ? Math.floor((run / perSecond) * 2) * (perSecond / 2) : run));
        if (day !== this.day) this.go(Math.min(day, last));
        this.playing = this.day >= last ? null : requestAnimationFrame(frame);
        if (!this.playing) this.shown();
      };
      this.playing = requestAnimationFrame(frame);
    }
    this.shown();
  },

  shown() {
    const play = byId("play"),
      is = Boolean(this.playing);
    play.textContent = is ? "❚❚" : "▶";
    play.setAttribute("aria-label", is ? "Pause" : "Play");
    play.setAttribute("aria-pressed", String(is));
  },

  /** Moves to a day: only attributes change. */
  go(day) {
    const { debate } = this.scene.base,
      first = dayOf(debate.from),
      last = dayOf(debate.to);
    this.day = Math.min(Math.max(day, first), last);
    const scrub = byId("scrub"),
      text = `${weekdayOf(this.day)}, ${dateOf(this.day)}`;
    scrub.min = first;
    scrub.max = last;
    scrub.value = this.day;
    scrub.setAttribute("aria-valuetext", text);
    byId("date").textContent = text;
    this.choices.look((state) => {
      state.on = isoOf(this.day);
    });
    this.timeline.move(this.day);
    this.chart.move(this.day);
    if (!this.playing || this.state.ballot === "auto") this.ballots.move(this.day);
    this.ask();
    this.today();
    for (const id of ["stances-table", "room-table"]) if (byId(id).open && byId(id).fill) byId(id).fill();
  },

  /** What happened on the day, or last before it. */
  today() {
    const moments = Timeline.both(this.scene),
      past = moments.filter((moment) => dayOf(moment.date) <= this.day);
    const when = past.length ? past.at(-1).date : null,
      key = `${when} ${Boolean(this.scene.other)}`;
    if (this.todayKey === key) return;
    this.todayKey = key;
    const shown = moments.filter((moment) => moment.date === when);
    byId("today").replaceChildren(
      ...(when
        ? [
            el("p", { class: "when" }, dateOf(dayOf(when))),
            el(
              "ul",
              {},
              ...shown.map((moment) =>
                el(
                  "li",
                  { class: moment.fate },
                  el("button", { type: "button", class: "link", onclick: () => this.openMoment(moment) }, moment.title),
                  el("span", { class: "aside" }, ` ${moment.summary || ""}`),
                ),
              ),
            ),
          ]
        : [el("p", { class: "aside" }, "Nothing has happened yet.")]),
    );
  },

  /** Draws everything anew, at the width there is. */
  arrange() {
    this.controls.draw(this.scene);
    this.redraw();
  },

  redraw() {
    const { state, scene } = this,
      width = Math.max(byId("chart").clientWidth, 200);
    // A report has the other worlds as the model votes only, and no single histories.
    if (embedded && scene.other) state.view = "free";
    if (embedded && state.view === "history") state.view = "recorded";
    byId("view").disabled = Boolean(embedded && scene.other);
    byId("view").value = state.view;
    if (!scene.member(state.member)) state.member = scene.base.debate.members[0].id;
    byId("replicate-label").hidden = state.view !== "history" || Boolean(embedded);
    byId("replicate").value = state.replicate;
    if (![...byId("runs").options].some((option) => Number(option.value) === state.runs))
      byId("runs").append(el("option", { value: state.runs }, state.runs.toLocaleString("en")));
    byId("runs").value = String(state.runs);
    byId("world-key").hidden = !scene.other;
    byId("world-name").textContent = scene.otherName;
    byId("verdict-title").textContent = `${capital(scene.otherName)}, against the debate as it was`;
    const { day } = this;
    this.timeline.draw(scene, width);
    this.chart.draw(scene, state, width);
    this.ballots.draw(scene, state, day);
    this.verdict.draw(scene);
    this.cards.draw(scene, state, this.ready);
    this.todayKey = this.askKey = null;
    disclosed(byId("events-table"), () => this.timeline.table());
    disclosed(byId("stances-table"), () => this.chart.table(this.day));
    if (this.ballot) disclosed(byId("room-table"), () => Room.table(this.scene, this.ballot));
    this.go(day);
    this.buttons();
  },

  /** The room, the guess and the answer, whenever they are of another ballot, world or guess than before. */
  ask() {
    const { ballot, scene, state } = this,
      key = JSON.stringify([ballot?.id, state.guess, state.world, scene.otherName, Boolean(scene.other)]);
    if (!ballot || this.askKey === key) return;
    this.askKey = key;
    const { change } = this.story,
      isAsked = Boolean(change) && !changesIn(state.world),
      hasFocus = document.activeElement === byId("act");
    this.room.draw(scene, state, ballot, Math.max(byId("room").clientWidth, 200));
    byId("ask").hidden = byId("act").hidden = !isAsked;
    byId("again").hidden = !changesIn(state.world);
    if (hasFocus && !isAsked) byId("again").focus();
    if (change) {
      byId("act").textContent = change.label;
      byId("guess-question").textContent =
        `${change.label}: in how many of 100 replays would “${ballot.title}” still be carried?`;
    }
    byId("guess").value = state.guess ?? 50;
    byId("guess-value").textContent = state.guess ?? "?";
    this.answer.draw(scene, ballot, state.guess);
  },

  buttons() {
    byId("undo").disabled = !this.choices.before.length;
    byId("redo").disabled = !this.choices.after.length;
    byId("reset").disabled = !changesIn(this.state.world);
  },

  back(which) {
    if (this.choices[which]()) this.changed();
  },

  /** After a change: what is shown of another world than the one chosen is dim until it is compared. */
  async changed(atOnce = Boolean(embedded)) {
    this.trouble(null);
    this.controls.draw(this.scene);
    this.buttons();
    const count = changesIn(this.state.world);
    if (!count) {
      this.supply.cancel();
      this.scene.other = this.scene.comparison = this.scene.title = null;
      delete document.body.dataset.stale;
      this.redraw();
    } else {
      if (this.scene.other) document.body.dataset.stale = "yes";
      this.ask();
    }
    this.status(count && !atOnce ? `${plural(count, "change")}, not compared yet` : "");
    byId("compare").classList.toggle("waiting", count > 0);
    const { base } = this.scene;
    if (!embedded && (base.seed !== this.state.seed || base.replicate !== this.state.replicate)) await this.anew();
    if (atOnce && count) await this.compare();
  },

  /** The debate as it was, with another seed or another history; the two worlds always share both. */
  async anew() {
    try {
      const base = await this.supply.base(this.state);
      if (!base) return;
      this.scene = new Scene(base);
      this.found.clear();
      this.redraw();
      this.controls.draw(this.scene);
      if (changesIn(this.state.world)) this.status("Other random numbers: compare again");
      this.ahead();
    } catch (error) {
      this.trouble(error.message);
    }
  },

  /** The answer to a world that has been worked out beforehand or asked for already, or null. */
  known({ world, seed, runs }) {
    const kept = this.found.get(JSON.stringify([world, seed, runs, this.state.replicate]));
    return kept || (this.readyFor === `${seed} ${runs}` ? this.readyOne(world) : null);
  },

  /** The ready-made worlds, if they are of these random numbers and as many histories; or null. */
  get ready() {
    return this.readyFor === `${this.state.seed} ${this.state.runs}` ? this.supply.ready : null;
  },

  readyOne(world) {
    return changesIn(world) === 1 && world.what_ifs.length ? this.supply.readyWorld(world.what_ifs[0]) : null;
  },

  async answered(state, progress) {
    const known = this.known(state),
      key = JSON.stringify([state.world, state.seed, state.runs, state.replicate]);
    if (known) return known;
    const answer = await this.supply.compared(state, progress);
    if (answer) this.found.set(key, answer);
    // Each takes up to some megabytes; the oldest goes first.
    if (this.found.size > 20) this.found.delete(this.found.keys().next().value);
    return answer;
  },

  async compare(isPressed) {
    if (!changesIn(this.state.world)) {
      this.status("Change something first.");
      return;
    }
    const bar = byId("progress"),
      asked = Choices.world(this.state),
      isKnown = Boolean(embedded || this.known(this.state));
    this.trouble(null);
    this.status("Playing both worlds …");
    byId("cancel").hidden = bar.hidden = isKnown;
    byId("outcome").setAttribute("aria-busy", String(!isKnown));
    bar.max = this.state.runs;
    bar.removeAttribute("value");
    try {
      const began = performance.now(),
        title = titleOf(this.state.world, this.scene.base.debate),
        answer = await this.answered(this.state, (done) => {
          bar.value = Math.min(done, bar.max);
        });
      // Overtaken by a later question, or by a return to the debate as it was.
      if (!answer || !changesIn(this.state.world)) return;
      const late = asked !== Choices.world(this.state);
      Object.assign(this.scene, { other: answer.world, comparison: answer.comparison, title });
      if (late) document.body.dataset.stale = "yes";
      else delete document.body.dataset.stale;
      if (this.state.view === "recorded") this.state.view = "free";
      this.redraw();
      byId("compare").classList.toggle("waiting", late);
      const spent = performance.now() - began;
      document.body.dataset.compared = String(Math.round(spent));
      const histories = `${answer.comparison.runs.toLocaleString("en")} histories of each world`;
      this.status(late ? "Changed since: compare again" : `${histories}, in ${(spent / 1000).toFixed(1)} s`);
      if (isPressed) byId("verdict").focus();
    } catch (error) {
      if (error.name === "AbortError") this.status("Stopped");
      else {
        this.status("");
        this.trouble(error.message);
      }
    } finally {
      if (!this.supply.stop) {
        byId("cancel").hidden = bar.hidden = true;
        byId("outcome").setAttribute("aria-busy", "false");
      }
    }
    this.ahead();
  },

  /** The ready-made worlds, once they are worked out; without any, the answer to the change that is asked about. */
  async ahead() {
    const { seed, runs } = this.state,
      { what_ifs } = this.scene.base.debate.controls,
      key = `${seed} ${runs}`;
    // With another seed or more histories they would all be played anew, and hold up what the reader asks for.
    if (this.readyFor === key || key !== `${this.home.seed} ${this.home.runs}`) return;
    try {
      if (what_ifs.length) await this.supply.readyMade(this.state);
      else if (this.story.change && !this.supply.stop) {
        const world = untouched();
        this.story.change.make(world);
        await this.answered({ ...this.state, world }, () => {});
      }
      this.readyFor = key;
      this.cards.draw(this.scene, this.state, this.ready);
    } catch {
      // Another question came first, or a world cannot be played: it is told when it is asked for.
    }
  },

  status(text) {
    byId("status").textContent = text;
  },

  trouble(text) {
    byId("trouble").hidden = !text;
    byId("trouble").textContent = text || "";
  },
};

page.start().catch((error) => page.trouble(error.message));

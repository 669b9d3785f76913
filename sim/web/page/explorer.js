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

const page = {
  supply: new Supply(),
  scene: null,
  choices: null,
  day: 0,
  playing: null,
  frames: 0,

  async start() {
    this.first = fromAddress(location.hash, {
      seed: "1922",
      runs: 3000,
      on: null,
      view: "recorded",
      body: "",
      member: "",
      ballot: "",
    });
    const base = await this.supply.base(this.first);
    Object.assign(wording, base.debate.words);
    const { debate } = base,
      colour = debate.members.find((member) => member.colour === 0) || debate.members[0];
    const home = {
      seed: base.home_seed || base.seed,
      runs: 3000,
      on: debate.from,
      view: "recorded",
      body: "auto",
      member: colour.id,
      ballot: "auto",
    };
    const state = fromAddress(location.hash, home);
    if (this.first.seed === "1922" && !/[#&]seed=/.test(location.hash)) state.seed = base.seed;
    state.others = false;
    this.choices = new Choices(state);
    this.scene = new Scene(base);
    this.day = Math.min(Math.max(dayOf(state.on || debate.from), dayOf(debate.from)), dayOf(debate.to));
    this.build();
    this.arrange();
    document.body.dataset.ready = "yes";
    if (embedded ? state.world.what_ifs.length : changesIn(state.world)) await this.compare();
  },

  get state() {
    return this.choices.now;
  },

  build() {
    const { debate } = this.scene.base;
    document.title = debate.title;
    byId("title").textContent = debate.title;
    byId("question").textContent = debate.question;
    byId("about").textContent = debate.about;
    this.story(debate);
    const { axis } = debate,
      end = (at) => (axis.positions.find((position) => position.at === at) || { name: stanceText(at) }).name;
    byId("lean-low").textContent = end(axis.low);
    byId("lean-high").textContent = end(axis.high);
    const openMoment = (moment) => {
      this.dialog.moment(this.scene, moment, (day) => this.go(day));
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
    this.room = new Room(byId("room"), byId("room-says"));
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
    byId("body").append(
      el("option", { value: "auto" }, "the one that decides next"),
      ...debate.bodies.map((body) => el("option", { value: body.id }, body.name)),
    );
    byId("foot").textContent =
      `${debate.scenario} · scenario ${debate.digest} · ${debate.people} · ${debate.basis} · bands of ${this.scene.base.runs.toLocaleString("en")} histories`;
    if (embedded) {
      for (const hidden of ["compare", "runs-label", "undo", "redo"]) byId(hidden).hidden = true;
      byId("view").querySelector('[value="history"]').remove();
    }
    this.listen();
  },

  /** What the debate turns on, and a link to the world that asks of it. */
  story({ story, moments, controls }) {
    if (!story) return;
    byId("story").hidden = false;
    byId("story-headline").textContent = story.headline;
    byId("story-text").textContent = story.text;
    const asked = controls.what_ifs.find((one) => one.name === story.change),
      { date } = moments.find((moment) => moment.id === story.decision);
    byId("story-change").hidden = !asked;
    byId("story-change").textContent = asked ? `What if: ${asked.title}` : "";
    byId("story-change").href = `#what-ifs=${story.change}&on=${date}&ballot=${story.decision}`;
  },

  listen() {
    const on = (id, event, act) => byId(id).addEventListener(event, act);
    on("scrub", "input", (event) => this.go(Number(event.target.value)));
    on("play", "click", () => this.toggle());
    on("previous", "click", () => this.hop(-1));
    on("next", "click", () => this.hop(1));
    on("undo", "click", () => this.back("undo"));
    on("redo", "click", () => this.back("redo"));
    on("reset", "click", () => {
      if (
        this.choices.change((state) => {
          state.world = untouched();
        })
      )
        this.changed();
    });
    on("compare", "click", () => this.compare());
    on("cancel", "click", () => this.supply.cancel());
    on("view", "change", (event) => {
      this.choices.look((state) => {
        state.view = event.target.value;
      });
      this.redraw();
    });
    on("body", "change", (event) => {
      this.choices.look((state) => {
        state.body = event.target.value;
      });
      this.redraw();
    });
    on("runs", "change", (event) =>
      this.choices.look((state) => {
        state.runs = Number(event.target.value);
      }),
    );
    on("others", "change", (event) => {
      this.state.others = event.target.checked;
      this.redraw();
    });
    on("replicate", "change", (event) => {
      const given = Number(event.target.value);
      if (Number.isInteger(given) && given >= 0 && given < 2 ** 32) {
        if (
          this.choices.change((state) => {
            state.replicate = given;
          })
        )
          this.changed();
      } else event.target.value = this.state.replicate;
    });
    on("save-stances", "click", () =>
      save("stances.csv", "text/csv", csvOf(stanceColumns(this.scene, this.state.view))),
    );
    on("save-chart", "click", () => save("stances.svg", "image/svg+xml", standalone(byId("chart").firstElementChild)));
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
    // A link to a place in the page is no state of it.
    window.addEventListener("hashchange", () => {
      if (/[=]/.test(location.hash)) location.reload();
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
    this.room.move(this.day);
    if (!this.playing || this.state.ballot === "auto") this.ballots.move(this.day);
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
      width = Math.max(byId("chart").clientWidth, 200),
      roomWidth = Math.max(byId("room").clientWidth, 200);
    // A report has the other worlds as the model votes only, and no single histories.
    if (embedded && scene.other) state.view = "free";
    if (embedded && state.view === "history") state.view = "recorded";
    byId("view").disabled = Boolean(embedded && scene.other);
    byId("view").value = state.view;
    byId("body").value = state.body;
    if (byId("body").selectedIndex < 0) byId("body").value = state.body = "auto";
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
    this.room.draw(scene, state, day, roomWidth);
    this.ballots.draw(scene, state, day);
    this.verdict.draw(scene);
    this.todayKey = null;
    disclosed(byId("events-table"), () => this.timeline.table());
    disclosed(byId("stances-table"), () => this.chart.table(this.day));
    disclosed(byId("room-table"), () => this.room.table(this.day));
    this.go(day);
    this.buttons();
  },

  buttons() {
    byId("undo").disabled = !this.choices.before.length;
    byId("redo").disabled = !this.choices.after.length;
    byId("reset").disabled = !changesIn(this.state.world);
  },

  back(which) {
    if (this.choices[which]()) this.changed();
  },

  /** After a change: what is shown of the other world is of before, until *compare* is pressed. */
  async changed() {
    this.trouble(null);
    this.controls.draw(this.scene);
    this.buttons();
    const count = changesIn(this.state.world);
    if (!count && this.scene.other) {
      this.scene.other = this.scene.comparison = null;
      this.redraw();
    }
    this.status(embedded ? "" : count ? `${plural(count, "change")}, not compared yet` : "");
    byId("compare").classList.toggle("waiting", count > 0);
    if (embedded) {
      await this.compare();
      return;
    }
    const { base } = this.scene;
    if (base.seed !== this.state.seed || base.replicate !== this.state.replicate) await this.anew();
  },

  /** The debate as it was, with another seed or another history; the two worlds always share both. */
  async anew() {
    try {
      const base = await this.supply.base(this.state);
      if (!base) return;
      this.scene = new Scene(base);
      this.redraw();
      this.controls.draw(this.scene);
      if (changesIn(this.state.world)) this.status("Other random numbers: compare again");
    } catch (error) {
      this.trouble(error.message);
    }
  },

  async compare() {
    if (!changesIn(this.state.world)) {
      this.status("Change something first.");
      return;
    }
    const bar = byId("progress"),
      asked = Choices.world(this.state);
    this.trouble(null);
    this.status("Playing both worlds …");
    byId("cancel").hidden = Boolean(embedded);
    bar.hidden = Boolean(embedded);
    bar.max = this.state.runs;
    bar.removeAttribute("value");
    try {
      const began = performance.now(),
        title = titleOf(this.state.world, this.scene.base.debate),
        answer = await this.supply.compared(this.state, (done) => {
          bar.value = Math.min(done, bar.max);
        });
      if (!answer) return;
      this.scene.other = answer.world;
      this.scene.title = title;
      this.scene.comparison = answer.comparison;
      if (this.state.view === "recorded") this.state.view = "free";
      this.redraw();
      const late = asked !== Choices.world(this.state);
      byId("compare").classList.toggle("waiting", late);
      document.body.dataset.compared = String(Math.round(performance.now() - began));
      this.status(
        late
          ? "Changed since: compare again"
          : embedded
            ? ""
            : `${answer.comparison.runs.toLocaleString("en")} histories of each world, in ${((performance.now() - began) / 1000).toFixed(1)} s`,
      );
    } catch (error) {
      if (error.name === "AbortError") this.status("Stopped");
      else {
        this.status("");
        this.trouble(error.message);
      }
    } finally {
      byId("cancel").hidden = bar.hidden = true;
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

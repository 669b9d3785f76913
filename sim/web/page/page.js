"use strict";
// The page: brings the parts together, asks for answers, and draws what has changed.

const page = {
  supply: new Supply(),
  scene: null,
  story: null,
  home: null,
  choices: null,
  /** Rises with every change and question: what comes back with an earlier one is of no use any more. */
  turn: 0,
  /** Answers by what was asked, and the random numbers for which the ready-made worlds are here. */
  found: new Map(),
  readyFor: null,

  async start() {
    const early = fromAddress(location.hash, { seed: "1922", runs: 3000, on: null, view: "recorded" }),
      base = await this.supply.base(early),
      { debate } = base;
    Object.assign(wording, debate.words);
    this.scene = new Scene(base);
    this.story = storyOf(this.scene);
    this.home = {
      seed: base.home_seed || base.seed,
      runs: 3000,
      on: this.story.ballot?.date || debate.from,
      view: "recorded",
      member: (debate.members.find((member) => member.colour === 0) || debate.members[0]).id,
      ballot: "auto",
    };
    const state = fromAddress(location.hash, this.home);
    if (early.seed === "1922" && !/[#&]seed=/.test(location.hash)) state.seed = base.seed;
    this.choices = new Choices(state);
    this.build();
    this.listen();
    this.controls.draw();
    this.redraw();
    document.body.dataset.ready = "yes";
    this.supply.panel(state).then(
      (groups) => this.controls.offer(groups),
      (error) => this.trouble(error.message),
    );
    if (changesIn(state.world)) await this.compare();
    else this.ahead();
  },

  get state() {
    return this.choices.now;
  },

  /** The ballot that the room, the guess and the answer are about: the one chosen, the story's, or the last held. */
  get ballot() {
    const { ballots } = this.scene,
      { day } = this.player,
      { ballot } = this.story;
    return (
      ballots.find(({ id }) => id === this.state.ballot) ||
      (ballot && dayOf(ballot.date) === day ? ballot : null) ||
      ballots.filter(({ date }) => dayOf(date) <= day).at(-1) ||
      ballots[0] ||
      null
    );
  },

  build() {
    const { debate, runs } = this.scene.base,
      open = (...moments) => this.open(...moments),
      worlds = (name) => ({ ...untouched(), what_ifs: [name] });
    document.title = byId("kicker").textContent = debate.title;
    byId("title").textContent = this.story.headline;
    byId("question").textContent = this.story.text;
    this.dialog = new Sources(byId("dialog"), byId("dialog-content"));
    this.timeline = new Timeline(byId("timeline"), open);
    this.chart = new Chart(byId("chart"), (id) => this.choose(id), open);
    this.room = new Room(byId("room"), byId("room-title"), byId("room-says"), (id) => this.touch(id));
    this.answer = new Answer(byId("answer"), byId("said"));
    this.cards = new Cards(byId("cards"), (name) => this.goTo(worlds(name)));
    this.ballots = new Ballots(
      byId("decisions"),
      byId("ballot-title"),
      byId("ballot-says"),
      byId("ballot"),
      (id) => {
        this.state.ballot = id;
        this.player.go(dayOf(this.scene.moment(id).date));
      },
      open,
    );
    this.verdict = new Verdict(byId("verdict"), byId("comparison"));
    this.controls = new Controls(byId("controls"), byId("changed"), this.choices, () => this.changed());
    this.player = new Player(() => this.moved());
    this.player.day = dayOf(this.state.on);
    this.tables = {
      "events-table": () => this.timeline.table(),
      "stances-table": () => this.chart.table(this.player.day),
      "room-table": () => (this.ballot ? Room.table(this.scene, this.ballot) : ""),
    };
    byId("member").append(...debate.members.map(({ id, name }) => el("option", { value: id }, name)));
    byId("ready").hidden = !debate.controls.what_ifs.length;
    byId("build").hidden = byId("own").hidden = byId("save-world").hidden = Boolean(embedded);
    byId("foot").textContent =
      `${debate.scenario} · scenario ${debate.digest} · ${debate.people} · ${debate.basis} · bands of ${runs.toLocaleString("en")} histories`;
    if (embedded) byId("view").querySelector('[value="history"]').remove();
  },

  listen() {
    const clicks = {
      trust: () => this.trust(),
      act: ({ detail }) => detail > 1 || this.act(),
      own: () => {
        byId("build").open = true;
        byId("build").scrollIntoView();
        byId("find").focus();
      },
      reset: () => this.goTo(untouched()),
      undo: () => this.choices.undo() && this.changed(),
      redo: () => this.choices.redo() && this.changed(),
      compare: () => this.compare(true),
      cancel: () => this.supply.cancel(),
      differs: () => byId("verdict").focus(),
      ...keeping(this),
    };
    for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
    const looks = {
      view: ({ value }) => ({ view: value }),
      member: ({ value }) => ({ member: value }),
      runs: ({ value }) => ({ runs: Number(value) }),
      others: ({ checked }) => ({ others: checked }),
    };
    for (const [id, look] of Object.entries(looks))
      byId(id).addEventListener("change", (event) => this.look(look(event.target)));
    byId("more").addEventListener("toggle", () => this.redraw());
    byId("guess").addEventListener("input", (event) => this.look({ guess: Number(event.target.value) }, true));
    byId("find").addEventListener("input", () => this.controls.draw());
    for (const name of ["seed", "replicate"])
      byId(name).addEventListener("change", ({ target }) => {
        const given = CHOSEN[name](target.value) ?? this.state[name];
        target.value = given;
        if (this.choices.change((state) => Object.assign(state, { [name]: given }))) this.changed();
      });
    document.addEventListener("keydown", (event) => {
      const key = event.key.toLowerCase(),
        isOther = embedded || document.activeElement?.closest("input:not(.scrub), select, textarea, dialog");
      if (isOther || !(event.ctrlKey || event.metaKey) || !"zy".includes(key)) return;
      clicks[key === "y" || event.shiftKey ? "redo" : "undo"]();
      event.preventDefault();
    });
    // Back, Forward and a changed address show the world of the address; a link to a place in the page is none.
    window.addEventListener("popstate", () => {
      if (location.hash && !location.hash.includes("=")) return;
      Object.assign(this.state, fromAddress(location.hash, this.home));
      this.player.day = dayOf(this.state.on);
      this.changed(true);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.redraw();
    });
    let width = byId("chart").clientWidth;
    new ResizeObserver(() => {
      if (width === byId("chart").clientWidth) return;
      width = byId("chart").clientWidth;
      this.redraw();
    }).observe(byId("chart"));
  },

  /** Looks elsewhere, at the same worlds; a guess changes nothing but what asks for it. */
  look(choice, isGuess = false) {
    this.choices.look((state) => Object.assign(state, choice));
    if (isGuess) this.ask();
    else this.redraw();
  },

  /** Opens the first of some moments, from which one goes on to the next. */
  open(moment, ...others) {
    const isOut = this.state.world.off.includes(moment.id),
      take = () => this.make((world) => put(world, ["off", moment.id], isOut ? null : true));
    this.dialog.moment(this.scene, moment, {
      "Go to this day": () => this.player.go(dayOf(moment.date)),
      ...(embedded || moment.kind === "event" ? {} : { [isOut ? "Put it back" : "Take it out"]: take }),
      ...(others.length ? { [`Next: ${others[0].title}`]: () => this.open(...others, moment) } : {}),
    });
  },

  choose(id) {
    if (this.state.member === id) this.dialog.member(this.scene, this.scene.member(id));
    this.look({ member: id });
  },

  /** A click on a seat: an absent member comes, everybody else is read about, and can be sent out or put back. */
  touch(id) {
    const { ballot, scene } = this,
      path = ["room", ballot.id, id],
      moved = valueAt(this.state.world, path),
      member = scene.member(id),
      isFixed = embedded || ballot.by_correspondence || !member || member.group,
      place = (where) => this.make((world) => put(world, path, where));
    if (!isFixed && !moved && Room.voters(scene.base, "recorded", ballot).get(id)?.absent >= 0.5) place("in");
    else if (member) {
      const says = moved ? "Put back as it was" : `Take ${member.label} out of the room`,
        actions = isFixed ? {} : { [says]: () => place(moved ? null : "out") };
      this.dialog.member(scene, member, actions, (moment) => this.open(moment));
    }
  },

  /** The change that is asked about; or back to the debate as it was. */
  act() {
    const { ballot, change } = this.story;
    if (changesIn(this.state.world)) this.goTo(untouched());
    else {
      this.state.ballot = "auto";
      if (ballot) this.player.go(dayOf(ballot.date));
      this.goTo({ ...untouched(), ...change.world });
    }
  },

  goTo(world) {
    this.make((now) => Object.assign(now, structuredClone(world)));
  },

  /** Makes a change on the first screen: what comes of it is asked at once, and is what one sees. */
  make(change) {
    if (!this.choices.change((state) => change(state.world))) return;
    this.changed(true);
    const { top, bottom } = byId("answer").getBoundingClientRect();
    if (changesIn(this.state.world) && (top < 0 || bottom > innerHeight - 80)) byId("outcome").scrollIntoView();
  },

  trust() {
    const words = Object.entries(wording.evidence).flatMap(([word, says]) => [el("dt", {}, word), el("dd", {}, says)]);
    this.dialog.show(
      "How far to trust it",
      el("p", {}, this.scene.base.debate.about),
      byId("trust-text").content.cloneNode(true),
      el("h3", {}, "Evidence"),
      el("dl", {}, ...words),
    );
  },

  /** What happened on the day, or last before it. */
  today() {
    const { moments } = this.scene,
      when = moments.filter((moment) => dayOf(moment.date) <= this.player.day).at(-1)?.date,
      item = (moment) =>
        el(
          "li",
          { class: moment.fate },
          el("button", { type: "button", class: "link", onclick: () => this.open(moment) }, moment.title),
          el("span", { class: "aside" }, ` ${moment.summary || ""}`),
        );
    renew(
      byId("today"),
      el("p", { class: "when" }, when ? dateOf(dayOf(when)) : "Nothing has happened yet."),
      el("ul", {}, ...moments.filter((moment) => moment.date === when).map(item)),
    );
  },

  /** Another day: only attributes change, and what is told of the day. */
  moved() {
    const { day, frame } = this.player;
    this.choices.look((state) => {
      state.on = isoOf(day);
    });
    this.timeline.move(day);
    this.chart.move(day);
    if (!frame || this.state.ballot === "auto") this.ballots.move(day);
    this.ask();
    this.today();
    for (const id of ["stances-table", "room-table"]) byId(id).fill?.();
  },

  /** Draws everything anew, at the width there is. */
  redraw() {
    const { state, scene } = this,
      width = Math.max(byId("chart").clientWidth, 200),
      runs = byId("runs");
    // Ready-made worlds are there as the model votes only, and a report has no single histories.
    const isReady = Boolean(scene.other && !scene.other.recorded);
    if (isReady) state.view = "free";
    else if (embedded && state.view === "history") state.view = "recorded";
    if (!scene.member(state.member)) state.member = this.home.member;
    byId("member").value = state.member;
    byId("view").disabled = isReady;
    byId("view").value = state.view;
    byId("replicate-label").hidden = state.view !== "history" || Boolean(embedded);
    byId("replicate").value = state.replicate;
    byId("others").checked = state.others;
    runs.value = state.runs;
    if (!runs.value) runs.append(el("option", { value: state.runs, selected: true }, state.runs.toLocaleString("en")));
    byId("undo").disabled = !this.choices.before.length;
    byId("redo").disabled = !this.choices.after.length;
    byId("reset").disabled = !changesIn(state.world);
    byId("world-key").hidden = !scene.other;
    byId("world-name").textContent = scene.otherName;
    byId("verdict-title").textContent = `${capital(scene.otherName)}, against the debate as it was`;
    document.body.toggleAttribute("data-stale", scene.isStale);
    this.timeline.draw(scene, byId("timeline").clientWidth);
    this.chart.draw(scene, state, width);
    this.ballots.draw(scene, state, this.player.day);
    this.verdict.draw(scene);
    this.cards.draw(scene, state, this.ready);
    this.asked = null;
    for (const [id, table] of Object.entries(this.tables)) disclosed(byId(id), table);
    this.player.draw(scene);
  },

  /** The room, the guess and the answer, whenever they are of another ballot, world or guess than before. */
  ask() {
    const { ballot, scene, state } = this,
      { change, ballot: featured } = this.story,
      { guess } = state,
      asked = JSON.stringify([ballot?.id, guess, state.world]);
    if (!ballot || this.asked === asked) return;
    this.asked = asked;
    const isChanged = Boolean(changesIn(state.world)),
      // The guess was of the story's change and ballot, and is told of no other.
      isOurs = change && JSON.stringify(state.world) === JSON.stringify({ ...untouched(), ...change.world }),
      about = isOurs || !isChanged ? featured || ballot : ballot,
      own = isOurs ? guess : null,
      { was, is } = Answer.shares(scene, about),
      slider = byId("guess");
    this.room.draw(scene, state, ballot, Math.max(byId("room").clientWidth, 200));
    byId("act").hidden = !change && !isChanged;
    byId("act").textContent = isChanged ? "Back to as it was" : change?.label;
    byId("ask").hidden = !change && !isChanged;
    byId("guess-question").replaceChildren(
      ...(isChanged
        ? [
            el("b", {}, own === null ? "What came of it: " : `You guessed ${own} of 100: `),
            is === null || scene.isStale
              ? `“${about.title}” is being played …`
              : `“${about.title}” is carried in ${ofHundred(is)} replays; as it was, in ${ofHundred(was)}.`,
          ]
        : [
            el("b", {}, "First guess: "),
            `${change?.label}: in how many of 100 replays would “${about.title}” still be carried?`,
          ]),
    );
    if (isChanged && document.activeElement === slider) byId("act").focus();
    slider.disabled = isChanged;
    slider.value = String(guess ?? 50);
    byId("guess-value").textContent = guess ?? "?";
    byId("guesses").classList.toggle("idle", isChanged && own === null);
    this.answer.draw(scene, ballot, about === ballot ? own : null);
  },

  /** After a change: the answer to another world than the one chosen is told so, until they are compared. */
  async changed(atOnce = Boolean(embedded)) {
    const turn = ++this.turn,
      { scene, state } = this,
      count = changesIn(state.world);
    this.supply.cancel();
    this.busy(false);
    this.trouble(null);
    if (!count) scene.other = scene.comparison = scene.title = null;
    scene.isStale = Boolean(scene.other) && scene.answered !== Choices.world(state);
    this.controls.draw();
    this.redraw();
    this.status(count ? `${plural(count, "change")}, not compared yet` : "", scene.isStale ? "stale" : "changed");
    byId("compare").classList.toggle("waiting", count > 0);
    if (scene.base.seed !== state.seed || scene.base.replicate !== state.replicate) await this.anew();
    if (count && turn === this.turn && (atOnce || this.known(state.world))) await this.compare();
  },

  /** The debate as it was, with another seed or another history; the two worlds always share both. */
  async anew() {
    try {
      const base = embedded ? null : await this.supply.base(this.state);
      if (base?.seed !== this.state.seed || base.replicate !== this.state.replicate) return;
      this.scene = new Scene(base);
      this.found.clear();
      this.controls.draw();
      this.redraw();
      if (changesIn(this.state.world)) this.status("Other random numbers: compare again", "stale");
      this.ahead();
    } catch (error) {
      this.trouble(error.message);
    }
  },

  /** The ready-made worlds, if they are of these random numbers and as many histories; or null. */
  get ready() {
    return this.readyFor === `${this.state.seed} ${this.state.runs}` ? this.supply.ready : null;
  },

  /** The answer to a world: worked out beforehand, asked for already, or now; null if it is overtaken. */
  async answered(world, progress) {
    const key = this.key(world),
      answer = this.known(world) || (await this.supply.compared({ ...this.state, world }, progress));
    if (answer) this.found.set(key, answer);
    // Each takes up to some megabytes; the oldest goes first.
    if (this.found.size > 20) this.found.delete(this.found.keys().next().value);
    return answer;
  },

  key(world) {
    const { seed, runs, replicate } = this.state;
    return JSON.stringify([world, seed, runs, replicate]);
  },

  known(world) {
    const isReady = changesIn(world) === 1 && world.what_ifs.length && this.ready;
    return this.found.get(this.key(world)) || (isReady ? this.supply.readyWorld(world.what_ifs[0]) : null);
  },

  async compare(isPressed = false) {
    const turn = ++this.turn,
      { scene, state } = this,
      asked = Choices.world(state),
      bar = byId("progress");
    if (!changesIn(state.world)) {
      this.status("Change something first.");
      return;
    }
    this.trouble(null);
    this.status("Playing both worlds …", "running");
    this.busy(!embedded);
    bar.max = state.runs;
    bar.removeAttribute("value");
    try {
      const began = performance.now(),
        answer = await this.answered(structuredClone(state.world), (done) => {
          bar.value = Math.min(done, bar.max);
        });
      // Overtaken by a later question, by another choice, or by a return to the debate as it was.
      if (!answer || turn !== this.turn) return;
      const { base, world, comparison } = answer;
      Object.assign(scene, { base, other: world, comparison, answered: asked, isStale: false });
      scene.title = titleOf(state.world, scene.base.debate);
      this.redraw();
      byId("compare").classList.remove("waiting");
      document.body.dataset.compared = String(Math.round(performance.now() - began));
      this.status(comparison.headline, "done");
      if (isPressed) byId("status").focus();
    } catch (error) {
      if (turn !== this.turn) return;
      this.status(error.name === "AbortError" ? "Stopped" : "", "stopped");
      if (error.name !== "AbortError") this.trouble(error.message);
    } finally {
      if (turn === this.turn) this.busy(false);
    }
    this.ahead();
  },

  /** The ready-made worlds, once they are worked out; without any, the answer to the change that is asked about. */
  async ahead() {
    const { seed, runs } = this.state,
      key = `${seed} ${runs}`,
      { change } = this.story;
    // With another seed or more histories they would all be played anew, and hold up what the reader asks for.
    if (this.readyFor === key || key !== `${this.home.seed} ${this.home.runs}`) return;
    try {
      if (this.scene.base.debate.controls.what_ifs.length) await this.supply.readyMade(this.state);
      else if (change && !this.supply.stop) await this.answered(change.world, () => {});
      this.readyFor = key;
      this.cards.draw(this.scene, this.state, this.ready);
    } catch {
      // Another question came first, or a world cannot be played: it is told when it is asked for.
    }
  },

  busy(is) {
    byId("cancel").hidden = byId("progress").hidden = !is;
    byId("outcome").setAttribute("aria-busy", String(is));
  },

  /** Where the comparison stands: changed, running, stopped, done, or stale where an older one is still shown. */
  status(text, state = "") {
    byId("status").textContent = text;
    byId("status").toggleAttribute("data-state", Boolean(text));
    if (text) byId("status").dataset.state = state;
    byId("differs").hidden = state !== "done";
  },

  trouble(text) {
    byId("trouble").hidden = !text;
    byId("trouble").textContent = text || "";
  },
};

page.start().catch((error) => page.trouble(error.message));

"use strict";
// The page: brings the parts together, asks for answers, and draws what has changed.

/** Gives an element of the page properties: `set("undo", { disabled: true })`. */
const set = (id, properties) => Object.assign(byId(id), properties);

const page = {
	supply: new Supply(),
	scene: null,
	story: null,
	home: null,
	choices: null,
	/** Rises with every change and question: what comes back with an earlier one is of no use any more. */
	turn: 0,

	async start() {
		const home = { seed: "1922", runs: 3000 },
			base = await this.supply.base(fromAddress(location.hash, home)),
			{ debate } = base;
		this.scene = new Scene(base);
		this.story = { ...base.story, ballot: this.scene.moment(base.story.decision) };
		this.home = {
			...home,
			...(embedded && { seed: base.seed }),
			on: this.story.ballot?.date || debate.from,
			member: debate.members[0].id,
			ballot: this.story.ballot?.id || "auto",
		};
		this.choices = new Choices(fromAddress(location.hash, this.home));
		this.build();
		this.listen();
		const shown = this.visit();
		this.controls.offer(await this.supply.panel(this.state));
		document.body.dataset.ready = "yes";
		await shown;
		await this.supply.readyMade(this.home);
		this.offer();
	},

	/** Shows the world of the address, and what it changes, unless the address says where to look. */
	async visit() {
		Object.assign(this.state, fromAddress(location.hash, this.home));
		this.player.day = dayOf(this.state.on);
		await this.changed({ atOnce: true, aims: !/\b(on|ballot)=/.test(location.hash) });
	},

	get state() {
		return this.choices.now;
	},

	get whatIfs() {
		return this.scene.base.debate.what_ifs;
	},

	/** The ballot that the room, the guess and the answer are about: the one chosen, or the last held. */
	get ballot() {
		const { ballots } = this.scene,
			held = ballots.filter(({ date }) => dayOf(date) <= this.player.day);
		return ballots.find(({ id }) => id === this.state.ballot) || held.at(-1) || ballots[0];
	},

	build() {
		const { debate } = this.scene.base,
			open = (...moments) => this.open(...moments);
		document.title = debate.title;
		set("kicker", { textContent: debate.title });
		set("title", { textContent: this.story.headline });
		set("question", { textContent: this.story.text });
		this.dialog = new Sources();
		this.timeline = new Timeline(byId("timeline"), open);
		this.chart = new Chart(byId("chart"), (id) => this.choose(id), open);
		this.room = new Room((...seat) => this.touch(...seat));
		this.controls = new Controls(this.choices, () => this.changed());
		this.player = new Player(
			() => this.moved(),
			() => this.say(byId("happened").textContent),
		);
		byId("member").append(...debate.members.map(({ id, label }) => el("option", { value: id }, label)));
		set("ready", { hidden: !this.whatIfs.length });
		for (const id of ["build", "own", "save-world"]) set(id, { hidden: Boolean(embedded) });
		if (embedded) byId("view").querySelector('[value="history"]').remove();
	},

	listen() {
		// Buttons of parts lead to a moment or to a decision.
		document.addEventListener("click", (/** @type {any} */ { target }) => {
			const { moment, decision } = target.closest("button")?.dataset || {};
			if (moment) this.open(this.scene.moment(moment));
			else if (decision) {
				this.show(decision);
				this.say(byId("outcome-title").textContent);
				// Who votes how stands under that table.
				if (target.closest("#decisions")) byId("ballot-title").scrollIntoView();
			}
			if (target.closest('a[href^="#what-ifs="]')) byId("outcome").focus();
		});
		const clicks = {
			about: () => this.dialog.show("What was this about?", ...made(this.scene.base.debate.explained)),
			trust: () =>
				this.dialog.show(
					"How far to trust it",
					el("p", {}, byId("trust-says").textContent),
					byId("keys").content.cloneNode(true),
					...made(this.scene.base.trust),
				),
			// The second press of a double click does not take back the first.
			act: ({ detail }) => detail > 1 || this.goTo(changesIn(this.state.world) ? null : this.story.change.world),
			reset: () => this.goTo(null),
			own: () => {
				set("build", { open: true }).scrollIntoView();
				// A touch would have the keyboard of the screen come up.
				if (matchMedia("(pointer: fine)").matches) byId("find").focus();
			},
			undo: () => this.choices.undo() && this.changed({ atOnce: true }),
			redo: () => this.choices.redo() && this.changed({ atOnce: true }),
			compare: () => this.compare({ isPressed: true }),
			cancel: () => this.supply.cancel(),
			differs: () => byId("verdict").focus(),
			happened: () => this.latest.length && this.open(...this.latest),
			...keeping(this),
		};
		for (const [id, act] of Object.entries(clicks))
			byId(id).addEventListener("click", (event) => byId(id).ariaDisabled === "true" || act(event));
		for (const [name, read] of Object.entries(CHOSEN))
			byId(name)?.addEventListener("change", ({ target }) => {
				const given = target.type === "checkbox" ? target.checked : read(target.value),
					isTaken = given !== null;
				target.ariaInvalid = String(!isTaken);
				this.trouble(
					isTaken ? "" : `“${target.value}” is not taken: it has to be a whole number from ${target.dataset.bounds}.`,
				);
				if (isTaken) this.take({ [name]: given });
			});
		// Where it stands is a guess, too, once it is tapped or entered.
		for (const kind of ["input", "click", "keydown"])
			byId("guess").addEventListener(kind, ({ key, target }) => {
				if (key && key !== "Enter" && key !== " ") return;
				this.choices.change({ guess: Number(target.value) });
				this.ask();
				this.offer();
			});
		byId("find").addEventListener("input", () => this.controls.draw());
		byId("more").addEventListener("toggle", () => this.redraw());
		document.addEventListener("keydown", (event) => {
			const key = event.key.toLowerCase(),
				isOther =
					embedded || byId("dialog").open || document.activeElement?.closest("input:not(.scrub), select, textarea");
			if (isOther || !(event.ctrlKey || event.metaKey) || !"zy".includes(key)) return;
			clicks[key === "y" || event.shiftKey ? "redo" : "undo"]();
			event.preventDefault();
		});
		// Back, Forward and a changed address show the world of the address; a link to a place in the page is none.
		window.addEventListener("popstate", () => {
			if (!location.hash || location.hash.includes("=")) this.visit();
		});
		window.addEventListener("resize", () => this.redraw());
	},

	/** Takes a choice, and asks for what is not here. */
	take(choice) {
		const { question } = this;
		this.choices.change(choice);
		if (this.question === question && this.isHere) this.redraw();
		else this.changed();
	},

	/** Whether the histories to be seen are here. */
	get isHere() {
		const { base } = this.scene,
			{ seed, replicate, view } = this.state;
		return embedded || (base.seed === seed && base.replicate === replicate && this.seen.view === view);
	},

	/** The choices as far as they can be drawn: a ready-made world is there as the model votes. */
	get seen() {
		const { scene, state } = this,
			view = (scene.other || scene.base)[state.view]?.dates ? state.view : "free";
		return { ...state, view };
	},

	open(moment, ...others) {
		if (others.length) {
			this.dialog.moments(this.scene, [moment, ...others]);
			return;
		}
		const path = `off:${moment.id}`,
			isOut = path in this.state.world,
			take = () => this.put(path, isOut ? undefined : true),
			acts = {
				"Go to this day": () => {
					this.player.visit(dayOf(moment.date));
					byId("figure").scrollIntoView({ block: "nearest" });
				},
				...(embedded || moment.kind === "event" ? {} : { [isOut ? "Put it back" : "Take it out"]: take }),
			},
			[when, ...rest] = made(moment.known),
			becomes = moment.becomes && el("p", { class: "aside" }, moment.becomes);
		this.dialog.show(moment.title, when, becomes, ...rest, this.dialog.actions(acts));
	},

	choose(id) {
		const { name, known } = this.scene.member(id);
		if (this.state.member === id) this.dialog.show(name, ...made(known));
		this.take({ member: id });
	},

	/** A click on a seat: who sits there is read about, and comes, goes, or is put back. */
	touch(id, isAway, isMoved) {
		const { ballot } = this,
			member = this.scene.member(id);
		if (!member) return;
		const path = `room:${ballot.id}:${id}`,
			isFixed = embedded || ballot.by_correspondence || member.group,
			// Whom a ready-made world has moved goes back with it.
			mover = isMoved && Object.keys(this.state.world).find((key) => key === path || key.startsWith("what_ifs:")),
			says = mover ? "Put back as it was" : isAway ? "Put in the room" : `Take ${member.label} out of the room`,
			act = () => (mover ? this.put(mover) : this.put(path, isAway ? "in" : "out"));
		this.dialog.show(member.name, !isFixed && this.dialog.actions({ [says]: act }), ...made(member.known));
	},

	show(id) {
		this.state.ballot = id;
		this.player.go(dayOf(this.scene.moment(id).date));
	},

	/** Whether the world is the one that the story asks about. */
	get isStory() {
		return JSON.stringify(this.state.world) === JSON.stringify(this.story.change?.world);
	},

	/** To what a world changes: the decision that is shown if that surely changes, and otherwise the one that changes most. */
	aim({ decision }) {
		const { ballot } = this.story,
			now = this.scene.decision(this.ballot?.id),
			isSure = now?.low > 0 || now?.high < 0;
		if (ballot && this.isStory) this.show(ballot.id);
		else if (decision && (this.scene.title || !isSure)) this.show(decision);
	},

	say(text) {
		set("said", { textContent: text });
	},

	/** Makes a change on the first screen, or with undefined takes it back. */
	put(path, value) {
		this.goTo(put(this.state.world, path, value));
	},

	/** To another world on the first screen: what comes of it is asked at once, and is what one sees; null: as it was. */
	goTo(world) {
		if (!this.choices.change({ world: world || {} })) return;
		this.changed({ atOnce: true });
		if (!world && this.story.ballot) this.show(this.story.ballot.id);
		const { top, bottom } = byId("answer").getBoundingClientRect();
		if (changesIn(this.state.world) && (top < 0 || bottom > innerHeight - 80)) byId("outcome").scrollIntoView();
	},

	/** Another day: only attributes change, and what is told of the day. */
	moved() {
		const { day } = this.player,
			{ state, home } = this,
			on = isoOf(day);
		// A decision is chosen as long as one stays on its day.
		if (this.scene.moment(state.ballot)?.date !== on) state.ballot = on === home.on ? home.ballot : "auto";
		this.choices.change({ on });
		this.timeline.move(day);
		this.chart.move(day);
		this.ask();
		const [first, ...others] = this.latest,
			more = others.length ? `, and ${plural(others.length, "other thing")}` : "";
		set("happened", { textContent: first ? `${first.dated}: ${first.title}${more}` : "Nothing yet" });
	},

	/** What happened on the day, or last before it: a decision first, and last who was away. */
	get latest() {
		const { moments } = this.scene,
			before = moments.filter(({ date }) => dayOf(date) <= this.player.day),
			rank = ({ kind }) => ({ ballot: -1, absence: 1 })[kind] || 0;
		return before.filter(({ date }) => date === before.at(-1).date).sort((a, b) => rank(a) - rank(b));
	},

	/** Draws everything anew, at the width there is. */
	redraw() {
		const { state, scene, choices } = this,
			width = Math.max(byId("chart").clientWidth, 200);
		// A report has no other histories than it has.
		if (embedded) state.view = this.seen.view;
		if (!scene.member(state.member)) state.member = this.home.member;
		for (const name of ["member", "view", "seed", "replicate", "runs"])
			set(name, { value: state[name], ariaInvalid: null });
		set("others", { checked: state.others });
		set("view", { disabled: Boolean(embedded && scene.other) });
		set("replicate-label", { hidden: state.view !== "history" });
		// Not disabled, which would lose the focus.
		const reset = changesIn(state.world),
			has = { undo: choices.before.length, redo: choices.after.length, reset, compare: reset, "save-world": reset };
		for (const [id, number] of Object.entries(has)) set(id, { ariaDisabled: String(!number) });
		set("world-key", { hidden: !scene.other });
		set("foot", { textContent: scene.base.foot });
		set("verdict-title", { textContent: `${capital(scene.otherName)}, against the debate as it was` });
		document.body.toggleAttribute("data-stale", scene.isStale);
		this.timeline.draw(scene, byId("timeline").clientWidth);
		this.chart.draw(scene, this.seen, width);
		renew(byId("decisions"), ...made((scene.comparison || scene.base).decided));
		set("verdict", { hidden: !scene.comparison });
		renew(byId("comparison"), ...made(scene.comparison?.verdict || []));
		this.offer();
		this.asked = null;
		renew(byId("events"), ...made((scene.comparison || scene.base.debate).happened));
		this.player.draw(scene);
	},

	offer() {
		const { state, story } = this,
			{ ready } = this.supply,
			isHidden = story.change && state.guess === null && !changesIn(state.world);
		set("ready-says", { hidden: ready && this.isHome, textContent: ready?.says || "Being worked out …" });
		// In their order or not at all.
		if (ready) drawCards(state, ready.worlds, isHidden && story.decision, (world) => this.goTo(world));
	},

	/** The room, the guess and the answer, whenever they are of another ballot, world or guess than before. */
	ask() {
		const { ballot, scene, state, isStory } = this,
			{ world, guess } = state,
			{ change, decision, asks, about } = this.story,
			isChanged = Boolean(changesIn(world)),
			// The guess is of the story's change and ballot, and is told of no other.
			isFeatured = Boolean(change) && ballot?.id === decision,
			isAsked = isFeatured && !isChanged,
			own = isFeatured && isStory ? guess : null,
			asked = JSON.stringify([ballot?.id, state.on > ballot?.date, guess, world, byId("outcome").ariaBusy]);
		if (!ballot || this.asked === asked) return;
		this.asked = asked;
		set("guess-call", { textContent: isAsked ? "First guess: " : own === null ? "" : "Your guess" });
		renew(byId("guess-question"), ...(isAsked ? [asks] : isChanged ? [] : made(about)));
		const act = set("act", {
			hidden: !change && !isChanged,
			textContent: isChanged ? "Back to the debate as it was" : change?.label,
		});
		set("ask", { hidden: act.hidden });
		if (isChanged && document.activeElement === byId("guess")) act.focus();
		set("guess", {
			disabled: !isAsked,
			value: guess ?? 50,
			ariaValueText: guess === null ? "no guess yet" : `${guess} of 100`,
		});
		set("guess-value", { textContent: guess ?? "?" });
		byId("guesses").classList.toggle("idle", !isAsked && own === null);
		set("outcome-title", { textContent: `What comes of “${ballot.title}”, ${ballot.dated}` });
		this.chart.feature(ballot.id);
		this.room.draw(scene, state, ballot, Math.max(byId("room").clientWidth, 200));
		drawAnswer(scene, ballot, own, isAsked, changesIn(world));
		drawVotes(scene, this.seen, ballot);
	},

	/** After a change: the answer to another world than the one chosen is told so, until they are compared. */
	async changed({ atOnce = Boolean(embedded), aims = true } = {}) {
		const turn = ++this.turn,
			{ scene, state } = this,
			count = changesIn(state.world);
		this.supply.cancel();
		this.trouble("");
		if (scene.other && !count) {
			this.say("Back to the debate as it was.");
			scene.other = scene.comparison = scene.title = null;
		}
		scene.isStale = Boolean(scene.other) && scene.answered !== this.question;
		const isShown = scene.other && !scene.isStale,
			isWanted = count && !(isShown && this.isHere);
		this.controls.draw();
		this.redraw();
		if (isShown) this.status(scene.comparison.in_short, "done");
		else this.status(count ? `${plural(count, "change")}, not compared yet` : "", scene.isStale ? "stale" : "changed");
		try {
			// Both worlds share seed and history.
			if (isWanted && (atOnce || isShown || madeBy(state.world, this.whatIfs)))
				await this.compare({ aims: aims && !isShown });
			else if (!this.isHere) {
				const base = await this.supply.base(state);
				if (turn !== this.turn || base === scene.base) return;
				this.scene = new Scene(base);
				this.redraw();
			}
		} catch (error) {
			this.trouble(error.message);
		}
	},

	/** What the answer to the choices depends on. */
	get question() {
		const { world, seed, runs } = this.state;
		return JSON.stringify([world, seed, runs]);
	},

	/** Whether random numbers and histories are those that ready-made worlds are worked out with. */
	get isHome() {
		return this.state.seed === this.home.seed && this.state.runs === this.home.runs;
	},

	/** The other world, where it has been worked out beforehand. */
	get ready() {
		const isThere = this.isHome && (embedded || this.state.view === "free");
		return isThere && madeBy(this.state.world, this.supply.ready?.worlds || []);
	},

	/**
	 * Asks for the answer and shows it, unless a later question, another choice or a return to the debate overtakes it. A
	 * change that cannot be made is taken back.
	 */
	async compare({ isPressed = false, aims = true }) {
		const turn = ++this.turn,
			{ scene, state, question } = this;
		this.trouble("");
		this.status("Playing both worlds …", "running");
		set("progress", { max: state.runs }).removeAttribute("value");
		try {
			const began = performance.now(),
				progress = (done) => set("progress", { value: Math.min(done, state.runs) }),
				answer = await this.supply.compared(state, this.ready, progress);
			if (turn !== this.turn) return;
			const { base, world, comparison } = answer,
				title = madeBy(state.world, this.whatIfs)?.title;
			Object.assign(scene, { base, other: world, comparison, title, answered: question, isStale: false });
			if (aims) this.aim(comparison);
			this.redraw();
			document.body.dataset.compared = String(Math.round(performance.now() - began));
			this.status(comparison.in_short, "done");
			if (isPressed) byId("status").focus();
			else this.say(byId("answer").querySelector(".sentence").textContent);
		} catch ({ name, message }) {
			if (turn !== this.turn) return;
			const isStopped = name === "AbortError";
			this.status(isStopped ? "Stopped" : "", "stopped");
			if (name === "Refusal") {
				if (!this.choices.undo()) this.choices.change({ world: {} });
				this.choices.after = [];
				await this.changed({ atOnce: true, aims: false });
			}
			if (!isStopped) this.trouble(message);
		}
	},

	/** Where the comparison stands: changed, running, stopped, done, or stale where an older one is still shown. */
	status(text, state = "") {
		const isRunning = state === "running",
			status = set("status", { textContent: text });
		if (text && state !== "done") this.say(text);
		if (text) status.dataset.state = state;
		else delete status.dataset.state;
		byId("compare").classList.toggle("waiting", Boolean(text && state) && state !== "done");
		set("differs", { hidden: state !== "done" });
		for (const id of ["cancel", "progress"]) set(id, { hidden: !isRunning });
		set("outcome", { ariaBusy: String(isRunning) });
		this.ask();
	},

	trouble(text) {
		// Near where one acts.
		if (text) (document.activeElement?.closest(".panel, #downloads") || byId("main")).prepend(byId("trouble"));
		set("trouble", { hidden: !text, textContent: text });
	},
};

page.start().catch((error) => page.trouble(error.message));

"use strict";
// The answer: two grids of a hundred replays, one sentence, through whom; and cards of the ready-made worlds.

const hundred = (share) => Math.round(100 * share);

/** A share as people say it: only what is certain is none or all of a hundred. */
function ofHundred(share) {
  const whole = hundred(share);
  if (share > 0 && whole === 0) return "fewer than 1 of 100";
  return share < 1 && whole === 100 ? "more than 99 of 100" : `${whole} of 100`;
}

class Answer {
  constructor(place, said) {
    Object.assign(this, { place, said });
  }

  /** Shares are of all replays, as many of both worlds; the sentences are those of the program. */
  draw(scene, ballot, guess) {
    const { comparison } = scene,
      find = (columns) => rowsOf(columns).find((one) => one.decision === ballot.id),
      row = comparison ? find(comparison.decisions) : null,
      own = find(scene.base.decisions),
      was = row ? row.carried : own ? own.put * own.probability_free : 0,
      is = row ? row.carried_other || 0 : null;
    const text = row
        ? `${ballot.title} ${row.said}. ${comparison.ends_said}`
        : comparison
          ? `${ballot.title} is put in neither world. ${comparison.ends_said}`
          : "",
      whom = comparison?.through_said[ballot.id];
    this.place.replaceChildren(
      Answer.grid("As it was", was || 0),
      Answer.grid(comparison ? capital(scene.otherName).replace(/[“”]/g, "") : "After your change", is),
      el(
        "div",
        { class: "sentence" },
        el(
          "p",
          {},
          row && guess !== null ? el("b", {}, `You guessed ${guess}; it is ${ofHundred(is)}. `) : null,
          text || "Guess first, then make the change: how often is it still carried?",
        ),
        whom ? el("details", { class: "whom" }, el("summary", {}, "Through whom?"), el("p", {}, whom)) : null,
      ),
    );
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  static grid(title, share) {
    const side = 11,
      full = share === null ? 0 : hundred(share),
      drawing = svg("svg", {
        viewBox: "0 0 218 54",
        class: "grid",
        role: "img",
        "aria-label": share === null ? `${title}: not known yet` : `${title}: carried in ${ofHundred(share)}`,
        "data-share": share,
      });
    for (let i = 0; i < 100; i++)
      drawing.append(
        svg("rect", {
          x: (i % 20) * side,
          y: Math.floor(i / 20) * side,
          width: 9,
          height: 9,
          rx: 2,
          class: i < full ? "cell yes" : "cell",
        }),
      );
    const says = share === null ? "not known yet" : `carried in ${ofHundred(share)}`;
    return el("div", { class: "world" }, el("h3", { title }, title), drawing, el("p", {}, says));
  }
}

/** The ready-made worlds: a button each, sorted by effect once they are worked out. */
class Cards {
  constructor(place, choose) {
    Object.assign(this, { place, choose, buttons: new Map() });
  }

  draw(scene, state, ready) {
    const list = ready?.worlds || scene.base.debate.controls.what_ifs;
    list.forEach(({ name, title, why, comparison }, i) => {
      let button = this.buttons.get(name);
      if (!button) {
        button = el("button", { type: "button", class: "card", "data-card": name, onclick: () => this.choose(name) });
        button.append(el("b", {}, title), el("span", {}));
        this.buttons.set(name, button);
      }
      button.lastChild.textContent = comparison ? Cards.says(scene, comparison) : why;
      button.title = why;
      button.setAttribute("aria-pressed", String(state.world.what_ifs.includes(name)));
      if (this.place.children[i] !== button) this.place.insertBefore(button, this.place.children[i] || null);
    });
  }

  /** What becomes of the decision that changes most; or that none surely does. */
  static says(scene, { decisions, decision, headline }) {
    const row = rowsOf(decisions).find((one) => one.decision === decision);
    return row ? `${scene.moment(decision)?.title || row.motion} ${row.said}.` : headline;
  }
}

"use strict";
// What is known of one thing, as the program says it, with what the page can do about it.

class Sources {
	constructor() {
		this.dialog = byId("dialog");
		this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
	}

	show(title, ...parts) {
		const close = { type: "button", class: "round", "aria-label": "Close", onclick: () => this.dialog.close() };
		byId("dialog-content").replaceChildren(
			el("div", { class: "bar" }, el("h2", { id: "dialog-title" }, title), el("button", close, "✕")),
			...parts.filter(Boolean),
		);
		if (!this.dialog.open) this.dialog.showModal();
		this.dialog.scrollTop = 0;
	}

	/** Buttons that close the dialog and do something: {what it says: what it does}. */
	actions(list) {
		const buttons = Object.entries(list).map(([says, act]) => {
			const onclick = () => {
				this.dialog.close();
				act();
			};
			return el("button", { type: "button", class: "second", onclick }, says);
		});
		return el("p", { class: "actions" }, ...buttons);
	}

	/** Moments that lie together: a list, each with what is known of it. */
	moments(scene, moments) {
		const listed = moments.map((moment) => [
			"li",
			{},
			`${moment.dated} `,
			["button", { type: "button", class: "link", "data-moment": moment.id }, moment.title],
			` ${moment.becomes}`,
		]);
		this.show(together(scene, moments), ...made([["ul", {}, ...listed]]));
	}
}

"use strict";
// What is known of one thing, as the program says it, with what the page can do about it.

class Sources {
	constructor() {
		this.dialog = byId("dialog");
		this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
	}

	/** What is opened from within the dialog leads back. */
	show(title, ...parts) {
		const { dialog } = this,
			content = byId("dialog-content"),
			before = [...content.childNodes],
			pressed = dialog.querySelector(":focus"),
			heading = el("h2", { id: "dialog-title", tabindex: "-1" }, title),
			close = { type: "button", class: "round", "aria-label": "Close", onclick: () => dialog.close() },
			onclick = () => {
				content.replaceChildren(...before);
				pressed?.focus();
			},
			back = dialog.open && el("button", { type: "button", class: "second", onclick }, "Back to the list");
		content.replaceChildren(
			el("div", { class: "bar" }, heading, el("button", close, "✕")),
			back || "",
			...parts.filter(Boolean),
		);
		if (back) heading.focus();
		else dialog.showModal();
		dialog.scrollTop = 0;
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

"use strict";
// What the page is about: the debate as it was, and another world beside it.

class Scene {
	constructor(base) {
		this.base = base;
		this.other = this.comparison = this.title = null;
		/** Whether the other world is of an earlier choice than the reader's last. */
		this.isStale = false;
		this.members = new Map(base.debate.members.map((member) => [member.id, member]));
	}

	member(id) {
		return this.members.get(id) || null;
	}

	/** What the other world is called: by the what-if that makes it, or the reader's. */
	get otherName() {
		return this.isStale ? "the other world before its last change" : this.title ? `“${this.title}”` : "the other world";
	}

	label(id) {
		return this.member(id)?.label || inWords(id || "");
	}

	moment(id) {
		return this.moments.find((moment) => moment.id === id) || null;
	}

	/** What becomes of a decision, as shares of all histories: as it was and, beside another world, in that. */
	decision(id) {
		return rowsOf((this.comparison || this.base).decisions).find(({ decision }) => decision === id);
	}

	/** What happens in either world, by date; see view/moments.py. */
	get moments() {
		return this.comparison?.moments || this.base.debate.moments;
	}

	get ballots() {
		return this.moments.filter((moment) => moment.kind === "ballot");
	}
}

"use strict";
// What the program says in elements, see view/parts.py: ["p", {class: "when"}, "6 Oct 2024"].

const TAGS = new Set(
	"a b blockquote button caption dd details div dl dt h3 li ol p span summary table tbody td th thead tr ul".split(" "),
);
const ATTRIBUTES = /^(class|title|type|role|scope|tabindex|rel|target|aria-label|data-[a-z-]+)$/;

/** The nodes of parts. Texts stay texts, and what is on neither list is left out. */
function made(parts) {
	return parts.map((part) => {
		if (!Array.isArray(part)) return part;
		const [tag, attributes, ...content] = part,
			isKnown = ([name, value]) => ATTRIBUTES.test(name) || (name === "href" && /^https?:/.test(value));
		if (!TAGS.has(tag)) return null;
		return el(tag, Object.fromEntries(Object.entries(attributes).filter(isKnown)), ...made(content));
	});
}

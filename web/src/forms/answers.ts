// What was typed into a form, and what of it is an answer.  Pure.
//
// Typed values are kept as they were typed, by place: "weight", or "contact[1]/phone"
// within a group that repeats.  An option is kept as its code after "=", a text that is
// none of the options after "~", a quantity as number and unit with a blank between.

import type { Coding, Condition, Extension, Given, Item, Questionnaire, Value } from "./types";

export interface Answers {
	values: Record<string, string[]>;
	/** How often each repeating group stands there; at least once. */
	times: Record<string, number>;
}

const hl7 = "http://hl7.org/fhir/StructureDefinition/";

export const extensions = (item: { extension?: Extension[] }, name: string) =>
	(item.extension ?? []).filter((e) => e.url.endsWith(`/${name}`));

/** Units that a number may have, the first of them first. */
export const unitsOf = (item: Item): Coding[] =>
	(item.extension ?? []).flatMap((e) =>
		(e.url === `${hl7}questionnaire-unit` || e.url === `${hl7}questionnaire-unitOption`) && e.valueCoding ? [e.valueCoding] : [],
	);

export const isHelp = (item: Item) =>
	item.type === "display" &&
	extensions(item, "questionnaire-itemControl").some((e) => e.valueCodeableConcept?.coding?.some((c) => c.code === "help"));

export const helpOf = (item: Item): string | undefined => item.item?.find(isHelp)?.text;

export const isReckoned = (item: Item) => extensions(item, "sdc-questionnaire-calculatedExpression").length > 0;

export const placeIn = (prefix: string, item: Item) => `${prefix}${item.linkId}`;
export const prefixOf = (group: Item, nth: number) => `${group.linkId}[${nth}]/`;
export const loops = (item: Item) => item.type === "group" && item.repeats === true;
export const timesOf = (answers: Answers, group: Item) => answers.times[group.linkId] ?? 1;

/** The values at a place that say something. */
export const saidAt = (answers: Answers, place: string) => (answers.values[place] ?? []).filter((v) => v.trim() !== "" && v !== "~");

function typedOf(item: Item, v: Value): string | undefined {
	if (v.valueCoding) return `=${v.valueCoding.code}`;
	if (v.valueBoolean !== undefined) return String(v.valueBoolean);
	if (v.valueQuantity) return `${v.valueQuantity.value} ${v.valueQuantity.code ?? ""}`;
	if (v.valueString !== undefined) return item.type === "open-choice" ? `~${v.valueString}` : v.valueString;
	const other = v.valueInteger ?? v.valueDecimal ?? v.valueDate ?? v.valueDateTime ?? v.valueTime;
	return other === undefined ? undefined : String(other);
}

/** A form before anything was typed: with its first values. */
export function beginning(form: Questionnaire): Answers {
	const values: Record<string, string[]> = {};
	const walk = (items: Item[], prefix: string) => {
		for (const item of items) {
			const first = (item.initial ?? []).flatMap((v) => typedOf(item, v) ?? []);
			if (first.length) values[placeIn(prefix, item)] = first;
			walk(item.item ?? [], loops(item) ? prefixOf(item, 0) : prefix);
		}
	};
	walk(form.item, "");
	return { values, times: {} };
}

// ---- what is asked ----

const optionOf = (item: Item, code: string) => item.answerOption?.find((o) => o.valueCoding.code === code)?.valueCoding;

const numberText = /^[+-]?\d+(\.\d+)?$/;

/** A typed value as an answer, or what is wrong with it. */
export function valueOf(item: Item, typed: string): Value | string {
	const text = typed.trim();
	switch (item.type) {
		case "boolean":
			return { valueBoolean: text === "true" };
		case "integer":
			return /^[+-]?\d+$/.test(text) ? { valueInteger: Number(text) } : "Enter a whole number";
		case "decimal":
			return numberText.test(text) ? { valueDecimal: Number(text) } : "Enter a number, such as 37.5";
		case "quantity": {
			const [number = "", unit = ""] = text.split(" ");
			const code = unit || (unitsOf(item)[0]?.code ?? "");
			if (!numberText.test(number)) return "Enter a number, such as 70.5";
			return { valueQuantity: { value: Number(number), unit: code, system: "http://unitsofmeasure.org", code } };
		}
		case "date":
			return { valueDate: text };
		case "dateTime":
			return Number.isNaN(Date.parse(text)) ? "Enter a date and a time" : { valueDateTime: new Date(text).toISOString() };
		case "time":
			return { valueTime: text.length === 5 ? `${text}:00` : text };
		case "choice":
		case "open-choice": {
			if (text.startsWith("~")) return { valueString: text.slice(1).trim() };
			const option = optionOf(item, text.slice(1));
			return option ? { valueCoding: option } : "Choose one of the options";
		}
		default:
			return { valueString: text };
	}
}

const number = (v: Value): number | undefined => {
	const n = v.valueInteger ?? v.valueDecimal;
	if (n !== undefined) return n;
	if (v.valueQuantity) return v.valueQuantity.value;
	const moment = v.valueDateTime ?? v.valueDate;
	if (moment !== undefined) return Date.parse(moment);
	const [h = 0, m = 0, s = 0] = (v.valueTime ?? "").split(":").map(Number);
	return v.valueTime === undefined ? undefined : (h * 60 + m) * 60 + s;
};

const answerOf = (c: Condition): Value => ({
	...(c.answerBoolean === undefined ? {} : { valueBoolean: c.answerBoolean }),
	...(c.answerDecimal === undefined ? {} : { valueDecimal: c.answerDecimal }),
	...(c.answerInteger === undefined ? {} : { valueInteger: c.answerInteger }),
	...(c.answerDate === undefined ? {} : { valueDate: c.answerDate }),
	...(c.answerDateTime === undefined ? {} : { valueDateTime: c.answerDateTime }),
	...(c.answerTime === undefined ? {} : { valueTime: c.answerTime }),
	...(c.answerString === undefined ? {} : { valueString: c.answerString }),
	...(c.answerCoding === undefined ? {} : { valueCoding: c.answerCoding }),
	...(c.answerQuantity === undefined ? {} : { valueQuantity: c.answerQuantity }),
});

function compare(a: Value, b: Value): number | undefined {
	if (a.valueBoolean !== undefined) return a.valueBoolean === b.valueBoolean ? 0 : undefined;
	if (a.valueCoding) return a.valueCoding.code === b.valueCoding?.code && a.valueCoding.system === b.valueCoding?.system ? 0 : undefined;
	if (a.valueString !== undefined) return a.valueString === b.valueString ? 0 : undefined;
	if (a.valueQuantity && a.valueQuantity.code !== (b.valueQuantity?.code ?? b.valueQuantity?.unit)) return undefined;
	const x = number(a), y = number(b);
	return x === undefined || y === undefined ? undefined : Math.sign(x - y);
}

/** Where each question stands, with all that it stands in. */
export interface Place {
	item: Item;
	within: Item[];
}

export function placesOf(form: Questionnaire): Map<string, Place> {
	const places = new Map<string, Place>();
	const walk = (items: Item[], within: Item[]) => {
		for (const item of items) {
			places.set(item.linkId, { item, within });
			walk(item.item ?? [], [...within, item]);
		}
	};
	walk(form.item, []);
	return places;
}

/** Is an item asked, by what else was answered?  prefix: the group's turn it stands in. */
export function isAsked(places: Map<string, Place>, answers: Answers, item: Item, prefix: string): boolean {
	const own = isOwnAsked(places, answers, item, prefix);
	const within = places.get(item.linkId)?.within ?? [];
	return own && within.every((up) => isOwnAsked(places, answers, up, loops(up) ? "" : prefix) && isAnswered(answers, up, prefix));
}

/** What stands within a question is asked once that has an answer. */
const isAnswered = (answers: Answers, up: Item, prefix: string) => up.type === "group" || saidAt(answers, placeIn(prefix, up)).length > 0;

function isOwnAsked(places: Map<string, Place>, answers: Answers, item: Item, prefix: string): boolean {
	const conditions = item.enableWhen ?? [];
	if (conditions.length === 0) return true;
	const holds = (c: Condition): boolean => {
		const question = places.get(c.question);
		if (!question) return false;
		const at = question.within.some(loops) ? prefix : "";
		const said = isAsked(places, answers, question.item, at) ? saidAt(answers, placeIn(at, question.item)) : [];
		if (c.operator === "exists") return said.length > 0 === c.answerBoolean;
		const signs = said.flatMap((typed) => {
			const v = valueOf(question.item, typed);
			return typeof v === "string" ? [] : [compare(v, answerOf(c))];
		});
		switch (c.operator) {
			case "=":
				return signs.includes(0);
			case "!=":
				return !signs.includes(0);
			case ">":
				return signs.includes(1);
			case "<":
				return signs.includes(-1);
			case ">=":
				return signs.includes(1) || signs.includes(0);
			case "<=":
				return signs.includes(-1) || signs.includes(0);
		}
	};
	return item.enableBehavior === "any" ? conditions.some(holds) : conditions.every(holds);
}

// ---- what is sent ----

export interface Sendable {
	items: Given[];
	/** What was typed and is no answer, by place. */
	wrong: Record<string, string>;
}

/** The answers as the items of a response; reckoned: what the server worked out. */
export function toItems(form: Questionnaire, answers: Answers, reckoned: ({ linkId: string } & Value)[] = []): Sendable {
	const wrong: Record<string, string> = {};
	const places = placesOf(form);
	const question = (item: Item, prefix: string): Given[] => {
		const place = placeIn(prefix, item);
		if (isReckoned(item)) {
			const found = reckoned.find((r) => r.linkId === item.linkId);
			if (!found) return [];
			const { linkId, ...value } = found;
			return [{ linkId, answer: [value] }];
		}
		const answer = saidAt(answers, place).flatMap((typed) => {
			const v = valueOf(item, typed);
			if (typeof v !== "string") return [v];
			wrong[place] = v;
			return [];
		});
		if (answer.length === 0) return [];
		const inside = walk(item.item ?? [], prefix);
		return [{ linkId: item.linkId, answer: answer.map((v, i) => (i === 0 && inside.length ? { ...v, item: inside } : v)) }];
	};
	const group = (item: Item, prefix: string): Given[] => {
		const turns = loops(item) ? Array.from({ length: timesOf(answers, item) }, (_, n) => prefixOf(item, n)) : [prefix];
		return turns.flatMap((turn) => {
			const inside = walk(item.item ?? [], turn);
			return inside.length ? [{ linkId: item.linkId, item: inside }] : [];
		});
	};
	const walk = (items: Item[], prefix: string): Given[] =>
		items.flatMap((item) => {
			if (item.type === "display" || !isAsked(places, answers, item, prefix)) return [];
			return item.type === "group" ? group(item, prefix) : question(item, prefix);
		});
	return { items: walk(form.item, ""), wrong };
}

/** Empty turns of a group are not sent: the server's place of one among those that were,
 *  as the place it has on the page. */
export function pageOf(form: Questionnaire, answers: Answers, path: string): string {
	const match = /^([^[\]]+)\[(\d+)\](\/.*)?$/.exec(path);
	const group = match ? placesOf(form).get(match[1] as string)?.item : undefined;
	if (!match || !group || !loops(group)) return path;
	const full = Array.from({ length: timesOf(answers, group) }, (_, n) => n).filter((n) =>
		Object.keys(answers.values).some((place) => place.startsWith(prefixOf(group, n)) && saidAt(answers, place).length > 0),
	);
	return `${match[1]}[${full[Number(match[2])] ?? match[2]}]${match[3] ?? ""}`;
}

/** Takes one turn of a repeating group away; those behind it move up. */
export function withoutTurn(answers: Answers, group: Item, nth: number): Answers {
	const values: Record<string, string[]> = {};
	const start = `${group.linkId}[`;
	for (const [place, v] of Object.entries(answers.values)) {
		const n = place.startsWith(start) ? Number.parseInt(place.slice(start.length), 10) : -1;
		if (n < nth) values[place] = v;
		else if (n > nth) values[`${start}${n - 1}${place.slice(place.indexOf("]"))}`] = v;
	}
	return { values, times: { ...answers.times, [group.linkId]: Math.max(1, timesOf(answers, group) - 1) } };
}

/** Is there anything that was not there at the beginning? */
export const isChanged = (form: Questionnaire, answers: Answers) =>
	JSON.stringify(said(answers)) !== JSON.stringify(said(beginning(form)));

const said = (answers: Answers) =>
	Object.keys(answers.values)
		.filter((place) => saidAt(answers, place).length)
		.sort()
		.map((place) => [place, saidAt(answers, place)]);

/** Answers from a draft: whatever it holds, only what the form can show. */
export function answersOf(body: unknown): Answers | null {
	const b = body as { values?: unknown; times?: unknown } | null;
	if (!b || typeof b.values !== "object" || b.values === null) return null;
	const values: Record<string, string[]> = {};
	for (const [place, v] of Object.entries(b.values))
		if (Array.isArray(v) && v.every((x) => typeof x === "string")) values[place] = v;
	const times: Record<string, number> = {};
	for (const [id, n] of Object.entries((b.times as object | null) ?? {})) if (Number.isInteger(n) && n >= 1 && n <= 50) times[id] = n;
	return { values, times };
}

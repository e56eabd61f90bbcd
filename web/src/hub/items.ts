// The items of the minimum data set (section 2.2), in the order in which they are asked
// for: the intake form, its phone script and the referral page draw the same list.  Which
// of them are missing the server says.

import type { HubInfo, Intake } from "./types";

export type Kind = "text" | "long" | "code" | "yes" | "number" | "time" | "scene" | "sex";

export interface Item {
	/** The member of docs/interfaces/hub.md, as the server names it when it is missing. */
	path: string;
	label: string;
	kind: Kind;
	list?: keyof Pick<HubInfo, "sources" | "urgencies" | "conditions" | "services">;
	/** Asked on the telephone in these words. */
	ask?: string;
	hint?: string;
	/** What is often answered, by one press. */
	quick?: string[];
	max?: number;
}

export interface Group {
	id: string;
	title: string;
	items: Item[];
}

export const newPerson: Item[] = [
	{ path: "person.family", label: "Family name", kind: "text" },
	{ path: "person.given", label: "Given name", kind: "text" },
	{ path: "person.born", label: "Date of birth", kind: "text", hint: "3/3/1942" },
	{ path: "person.sex", label: "Sex", kind: "sex" },
	{ path: "person.nhs", label: "NHS number", kind: "text", max: 14 },
	{ path: "person.phone", label: "Telephone", kind: "text", max: 40 },
	{ path: "person.address", label: "Address", kind: "text" },
	{ path: "person.postcode", label: "Postcode", kind: "text", max: 10 },
	{ path: "person.practice", label: "GP practice", kind: "text", max: 12, hint: "ODS code" },
	{ path: "person.ethnic", label: "Ethnic category", kind: "text", max: 40 },
];

export const groups: Group[] = [
	{
		id: "referrer",
		title: "Who refers",
		items: [
			{
				path: "source",
				label: "Who refers",
				kind: "code",
				list: "sources",
				ask: "Who are you, and where are you calling from?",
			},
			{ path: "referrer.name", label: "Name", kind: "text" },
			{
				path: "referrer.phone",
				label: "Call-back number",
				kind: "text",
				max: 40,
				ask: "What number can we ring you back on, if we are cut off?",
			},
			{
				path: "referrer.org",
				label: "Organisation",
				kind: "text",
				max: 12,
				hint: "ODS code, as B83001",
			},
			{ path: "referrer.role", label: "Role", kind: "text" },
			{ path: "decided", label: "Decided", kind: "time" },
		],
	},
	{
		id: "reason",
		title: "What is asked for, and why",
		items: [
			{
				path: "problem",
				label: "Presenting problem",
				kind: "long",
				ask: "What has happened, and what worries you most?",
			},
			{ path: "condition", label: "Condition group", kind: "code", list: "conditions" },
			{
				path: "asked",
				label: "Urgency asked for",
				kind: "code",
				list: "urgencies",
				ask: "How soon does somebody need to be there?",
			},
			{ path: "service", label: "Service asked for", kind: "code", list: "services" },
			{
				path: "expectation",
				label: "What is expected",
				kind: "text",
				ask: "What are you hoping we will do?",
				quick: ["Assess and treat at home"],
			},
			{ path: "onset", label: "When it began", kind: "text", ask: "When did it begin?" },
			{ path: "tried", label: "What has been tried", kind: "text", ask: "What has been tried so far?" },
			{
				path: "location",
				label: "Where the person is now, if elsewhere",
				kind: "text",
				ask: "Is the person at home now?",
			},
		],
	},
	{
		id: "risk",
		title: "Safety",
		items: [
			{
				path: "safeguarding",
				label: "Safeguarding",
				kind: "text",
				quick: ["None known"],
				ask: "Is anybody hurting, neglecting or frightening the person, or are you worried that they might?",
			},
			{
				path: "scene",
				label: "Scene safety",
				kind: "scene",
				ask: "Is it safe for our staff to go in?",
			},
			{ path: "loneWorker", label: "Risk to lone workers", kind: "text", quick: ["None known"] },
			{
				path: "access",
				label: "Access to the home",
				kind: "text",
				ask: "How do we get in? Key safe, dog, stairs?",
				hint: "key safe, dog, stairs",
			},
			{ path: "alone", label: "Lives alone", kind: "yes", ask: "Does the person live alone?" },
		],
	},
	{
		id: "clinical",
		title: "Clinical",
		items: [
			{ path: "cfs", label: "Clinical Frailty Scale (1 to 9)", kind: "number" },
			{
				path: "allergies",
				label: "Allergies",
				kind: "text",
				quick: ["None known"],
				ask: "Any allergies?",
			},
			{
				path: "medicines",
				label: "Medicines",
				kind: "text",
				ask: "What medicines does the person take?",
			},
			{
				path: "history",
				label: "Relevant history",
				kind: "text",
				ask: "Any illnesses we should know of?",
			},
			{ path: "infection", label: "Infection risk", kind: "text", quick: ["None known"] },
		],
	},
	{
		id: "wishes",
		title: "Wishes and support",
		items: [
			{
				path: "consentRefer",
				label: "Consent to the referral",
				kind: "yes",
				ask: "Does the person agree to this referral?",
			},
			{
				path: "consentShare",
				label: "Consent to sharing",
				kind: "yes",
				ask: "Does the person agree that those who care for them share what they know?",
			},
			{ path: "capacity", label: "Capacity, or best interests", kind: "text" },
			{ path: "respect", label: "ReSPECT, advance decision, LPA", kind: "text" },
			{ path: "adjustments", label: "Reasonable adjustments", kind: "text" },
			{ path: "language", label: "Language", kind: "text", quick: ["English"] },
			{ path: "interpreter", label: "Needs an interpreter", kind: "yes" },
			{
				path: "support",
				label: "Carer, next of kin, care package",
				kind: "text",
				ask: "Who helps the person, and are they there?",
			},
		],
	},
];

/** Where an item is on the page; "news2.…" and others of a group lead to its first. */
export const fieldId = (path: string) => `f-${path.replace(/\./g, "-")}`;

export function getAt(intake: Intake, path: string): unknown {
	const [first, second] = path.split(".") as [string, string?];
	const value = intake[first];
	if (!second) return value;
	return typeof value === "object" && value !== null
		? (value as Record<string, unknown>)[second]
		: undefined;
}

/** The same intake with one item other; what is empty is left out. */
export function setAt(intake: Intake, path: string, value: unknown): Intake {
	const [first, second] = path.split(".") as [string, string?];
	const next = { ...intake };
	const empty = value === undefined || value === "";
	if (!second) {
		if (empty) delete next[first];
		else next[first] = value;
		return next;
	}
	const part = { ...((next[first] as Record<string, unknown> | undefined) ?? {}) };
	if (empty) delete part[second];
	else part[second] = value;
	if (Object.keys(part).length === 0) delete next[first];
	else next[first] = part;
	return next;
}

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** A date of birth as people write it, as FHIR has it; undefined when it is none. */
export function readDate(typed: string): string | undefined {
	const text = typed.trim().toLowerCase();
	if (!text) return undefined;
	const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text);
	const own = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text);
	const named = /^(\d{1,2})[ -]?([a-z]{3,9})[ -]?(\d{4})$/.exec(text);
	let y: number, m: number | undefined, d: number | undefined;
	if (iso)
		[y, m, d] = [
			Number(iso[1]),
			iso[2] ? Number(iso[2]) : undefined,
			iso[3] ? Number(iso[3]) : undefined,
		];
	else if (own) [d, m, y] = [Number(own[1]), Number(own[2]), Number(own[3])];
	else if (named) {
		const at = monthNames.indexOf((named[2] as string).slice(0, 3));
		if (at < 0) return undefined;
		[d, m, y] = [Number(named[1]), at + 1, Number(named[3])];
	} else return undefined;
	const two = (n: number) => String(n).padStart(2, "0");
	if (y < 1880 || y > 2200 || (m !== undefined && (m < 1 || m > 12))) return undefined;
	if (m === undefined) return String(y);
	if (d === undefined) return `${y}-${two(m)}`;
	const day = new Date(Date.UTC(y, m - 1, d));
	if (day.getUTCMonth() !== m - 1 || day.getUTCDate() !== d) return undefined;
	return `${y}-${two(m)}-${two(d)}`;
}

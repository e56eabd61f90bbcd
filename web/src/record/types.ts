// What the server answers to the pages: docs/interfaces/api.md, in types.
// A member that may be absent is absent, never an empty string.

import type { OpenGlass } from "../access/types";

export interface Failure {
	error: { code: string; text: string; path?: string };
}

/** What kind of thing an entry is, as access is decided. */
export type Content =
	| "demographic"
	| "contact"
	| "appointment"
	| "letter"
	| "task"
	| "plan"
	| "today"
	| "alert"
	| "medicine"
	| "dose"
	| "problem"
	| "social"
	| "clinical";

/** One line of a search result; the banner starts with the same. */
export interface PersonLine {
	id: string;
	name: string;
	born?: string;
	bornText?: string;
	age?: string;
	died?: string;
	deceased: boolean;
	sex?: string;
	nhsNumber?: string;
	nhsNumberStatus?: string;
	nhsNumberVerified: boolean;
	address?: string;
	practice?: string;
	match?: string[];
}

export interface People {
	q: string;
	understood: { kind: string; text: string }[];
	people: PersonLine[];
	more: boolean;
	next?: string;
	hint?: string;
	/** "own": only people whom the reader's own work brings them to. */
	scope?: "own" | "all";
}

/** One thing the record says: an entry of the timeline, a line of the summary. */
export interface Fact {
	ref: string;
	kind: string;
	kindText: string;
	title: string;
	value?: string;
	flag?: string;
	flagText?: string;
	detail?: string;
	status?: string;
	/** As the record has it, with its own precision. */
	at?: string;
	until?: string;
	/** The same for a reader: day in London, and time of day where there is one. */
	day?: string;
	dayText?: string;
	time?: string;
	instant?: string;
	atText?: string;
	by?: string;
	org?: string;
	orgRef?: string;
	setting?: string;
	settingText?: string;
	noSource?: boolean;
}

export interface Contact {
	ref: string;
	name: string;
	role?: string;
	org?: string;
	phone?: string;
}

export interface Alert {
	ref: string;
	text: string;
	category?: string;
	since?: string;
}

export interface Banner extends PersonLine {
	otherNames: string[];
	phones: { use?: string; value: string }[];
	practicePhone?: string;
	practiceRef?: string;
	language?: string;
	interpreter?: boolean;
	alerts: Alert[];
	carers: Contact[];
	allergies: AllergyState;
	linked: number;
}

export interface AllergyState {
	state: "some" | "none-known" | "none-recorded" | "restricted" | "not-shown";
	text: string;
	items: Fact[];
}

export interface Series {
	latest: Fact;
	unit?: string;
	points: { instant: string; value: number; text: string }[];
	change?: "up" | "down" | "same";
	changeText?: string;
}

export interface Summary {
	problems: { active: Fact[]; past: Fact[]; more: number };
	medicines: { current: Fact[]; past: Fact[]; more: number };
	observations: { items: Series[]; more: number };
	plans: Fact[];
	matters: Fact[];
	involved: Contact[];
	lastContacts: Fact[];
	nextContacts: Fact[];
}

export interface Timeline {
	entries: Fact[];
	next?: string;
	/** How many entries the filter leaves, when that was cheap to know. */
	total?: number;
	kinds: { code: string; text: string; n: number }[];
	note?: string;
}

export interface PersonView {
	banner: Banner;
	summary: Summary;
	timeline: Timeline;
	resources: number;
	/** Kinds of content of which something is there that is not shown. */
	restricted?: Content[];
	/** Kinds of content that the reader's role does not see here at all. */
	notShown?: Content[];
	/** The record is open through a broken glass. */
	glass?: OpenGlass;
}

export interface Sources {
	settings: { code: string; text: string; n: number }[];
	organisations: { ref: string; name: string; settingText: string; n: number }[];
	withoutSource: number;
}

export interface Opened {
	fact: Fact;
	type: string;
	version: number;
	recorded: string;
	recordedText: string;
	/** Reference → the name of what it points to. */
	names: Record<string, string>;
	/** The resource as it is stored, to the byte. */
	source: string;
}

export interface Figures {
	people: number;
	resources: number;
	organisations: number;
	types: { type: string; text: string; n: number }[];
}

export interface Organisations {
	organisations: {
		ref: string;
		name: string;
		kind?: string;
		settingText?: string;
		code?: string;
		address?: string;
		partOf?: string;
		closed: boolean;
	}[];
	more: boolean;
}

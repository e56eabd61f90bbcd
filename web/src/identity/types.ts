// What /api/identity answers: docs/interfaces/identity.md, in types.

export interface Line {
	id?: string;
	/** Deleted, or not for this user. */
	gone?: boolean;
	name?: string;
	born?: string;
	age?: string;
	sex?: string;
	nhsNumber?: string;
	nhsNumberVerified?: boolean;
}

export interface Said {
	text: string;
	use?: string;
}

export interface Whole extends Line {
	names?: Said[];
	addresses?: Said[];
	phones?: Said[];
	identifiers?: { system: string; value: string; use?: string }[];
	practice?: string;
	source?: string;
	multipleBirth?: string;
	died?: string;
	changedAt?: string;
	version?: number;
	entries?: number;
	lastEntry?: string;
	recordsOfPerson?: number;
}

export interface FieldSays {
	field: string;
	text: string;
	bits: number;
}

export interface Pair {
	kind: string;
	why: string;
	bits?: number;
	probability?: number;
	fields?: FieldSays[];
	since: string;
	until?: string;
	one: Line;
	other: Line;
}

export interface Fact {
	link: number;
	kind: string;
	state: "linked" | "separated";
	why: string;
	bits?: number;
	fields?: FieldSays[];
	at: string;
	by: string;
	undone?: { at: string; by: string; why: string };
	one: Line;
	other: Line;
}

export interface Side {
	samePerson: boolean;
	one: Whole;
	other: Whole;
	answer: "link" | "review" | "separate";
	rule: string;
	bits: number;
	probability: number;
	fields: FieldSays[];
	review?: {
		state: string;
		kind: string;
		why: string;
		since: string;
		until?: string;
		reason?: string;
		by?: string;
		at?: string;
	};
	links: Fact[];
}

export interface Person {
	records: Whole[];
	links: Fact[];
}

export interface Outcome {
	link?: number;
	onePerson: boolean;
	records: number;
}

export const reasonLeast = 10;
export const reasonMost = 2000;

/** How a pair came to wait. */
export const putUpBy: Record<string, string> = {
	number: "Same NHS number, but something differs",
	match: "Alike",
	fhir: "Another system says they are one person",
	conflict: "Linked, but something speaks against it",
	hand: "Put up by hand",
};

/** How two records came to be linked. */
export const linkedBy: Record<string, string> = {
	number: "by NHS number",
	match: "by the matcher",
	hand: "by hand",
	fhir: "by another system (Patient.link)",
	a40: "by another system (merge message)",
};

export const pairPath = (one: string, other: string) =>
	`/identity/pair/${encodeURIComponent(one)}/${encodeURIComponent(other)}`;

export const linksPath = (id: string) => `/identity/persons/${encodeURIComponent(id)}`;

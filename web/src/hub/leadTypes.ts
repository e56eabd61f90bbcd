// What the server answers about how the hub is doing: docs/interfaces/hub.md, in types.

export interface Triage {
	urgent: boolean;
	n: number;
	late: number;
	waiting: number;
	medianMs?: number;
	p90Ms?: number;
	grossMs?: number;
	oldestMs?: number;
}

export interface Wait {
	urgency: string;
	text: string;
	n: number;
	late: number;
	oldestMs: number;
}

export interface Month {
	/** "2026-11" */
	month: string;
	scope: number;
	contacts: number;
	met: number;
	all: number;
	excluded: { code: string; text: string; n: number }[];
}

export interface LeadRow {
	/** Left out, with the name, when this reader may not see who it is. */
	id?: string;
	name?: string;
	born?: string;
	locality?: string;
	problem?: string;
	urgency?: string;
	asked?: string;
	stateText: string;
	open: boolean;
	received: string;
	triaged?: string;
	contact?: string;
	/** Of the two-hour clock. */
	due?: string;
}

export interface Breach {
	clock: string;
	clockTitle: string;
	at: string;
	reason?: string;
	reasonText?: string;
	note?: string;
	row: LeadRow;
}

export interface Unmet {
	locality?: string;
	localityName?: string;
	service?: string;
	serviceText?: string;
	hour: string;
	n: number;
}

export interface Locality {
	id: string;
	name: string;
	open: number;
	late: number;
	/** Slots of the teams that serve it, in this part of the day. */
	staffed: number;
	committed: number;
	free: number;
	/** committed ÷ staffed in whole percent; none without staffed slots. */
	load?: number;
	/** Outer rings, [longitude, latitude] each. */
	polygon?: [number, number][][];
}

export interface OpelPillar {
	title: string;
	/** 0: too little is known. */
	level: number;
	/** Percent of the weight. */
	known: number;
	parts: OpelPart[];
}

export interface OpelPart {
	/** "community/beds" */
	id: string;
	title: string;
	unit?: string;
	value?: number;
	score?: number;
	/** When it was given by somebody, or measured by the hub. */
	at?: string;
	given?: boolean;
	by?: string;
}

/** Another level that somebody set. */
export interface OpelSet {
	level: number;
	at: string;
	by?: string;
	reason?: string;
}

export interface Opel {
	title: string;
	/** That counts; 0: too little is known. */
	level: number;
	/** Of the values alone. */
	computed: number;
	override?: OpelSet;
	/** Left out before the first record. */
	recorded?: string;
	next?: string;
	mayChange?: boolean;
	demonstration: boolean;
	/** Percent of the weight that has to be known for a level. */
	least: number;
	pillars: OpelPillar[];
}

export interface OpelRecord {
	at: string;
	level: number;
	computed: number;
	override?: OpelSet;
}

/** GET /api/hub/opel. */
export interface OpelHistory extends Opel {
	at: string;
	history: OpelRecord[];
}

export interface Lead {
	at: string;
	arrivals: { hour: string; n: number }[];
	triage: Triage[];
	waits: Wait[];
	months: Month[];
	/** In percent: where sets the threshold. */
	threshold: number;
	breaches: Breach[];
	/** How many breaches there are in all of these days; breaches has the newest. */
	breachDays: number;
	breachReasons: { reason: string; text: string; n: number }[];
	unmet: Unmet[];
	localities: Locality[];
	opel?: Opel;
}

export interface LeadRows {
	at: string;
	n: number;
	rows: LeadRow[];
}

/** What stands behind a figure: the query of GET /api/hub/lead/rows. */
export type Behind = { figure: string } & Record<string, string>;

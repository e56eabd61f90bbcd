// The day list and what is written down on the device: docs/interfaces/hub.md, in
// types.

import type { Code, Named, Row } from "./types";

export interface Risk {
	category: string;
	title: string;
	text?: string;
}

export interface Visit {
	row: Row;
	address?: string;
	phone?: string;
	/** Key safe, dog, stairs. */
	access?: string;
	alone?: boolean;
	loneWorker?: string;
	kin?: { name?: string; phone?: string; relation?: string }[];
	risks: Risk[];
	/** In words, also when there are none or they are not shown. */
	allergies?: string;
	plan?: string;
}

/** What somebody of this user's roles may do from which state, and where it leads. */
export interface DayStep {
	event: string;
	title: string;
	in: string[];
	to: string[];
}

export interface DayList {
	team: Named & { phone?: string };
	at: string;
	visits: Visit[];
	steps: DayStep[];
	states: Code[];
	outcomes: Code[];
}

/** As it is kept: whose it is, and until when. */
export interface KeptList {
	user: string;
	ends: number;
	list: DayList;
}

/** Something recorded here that the server does not have yet. */
export interface Draft {
	/** Its place in the queue; 0 until it is kept. */
	key: number;
	referral: string;
	/** For the one who wrote it: who is it about? */
	person: string;
	/** An event of the pathway, or "message". */
	event: string;
	title: string;
	facts: Record<string, unknown>;
	note?: string;
	/** When it was done, by this device's clock. */
	done: string;
	/** What was seen when it was done: the row's version, and the server's time. */
	version: number;
	seen: string;
	/** The state it was done in, for showing. */
	state: string;
	/** Sent once at least: the answer may have been lost. */
	tried?: boolean;
	conflict?: Conflict;
}

/** Why the server did not take it, and what it takes instead. */
export interface Conflict {
	text: string;
	/** What happened to the referral meanwhile. */
	meanwhile: { at: string; title: string; by?: string; note?: string }[];
	/** Its present version and state; none when it cannot be seen any more. */
	version?: number;
	stateText?: string;
	/** The same can still be done. */
	allowed: boolean;
	/** Why not, in words. */
	why?: string;
}

// What the server answers about the hub: docs/interfaces/hub.md, in types.
// A member that is not known is absent.

export interface Code {
	code: string;
	text: string;
}

export interface Named {
	id: string;
	name: string;
}

export interface Urgency extends Code {
	target?: string;
}

export type View = "triage" | "dispatch" | "team" | "lead" | "new" | "pathways";

/** What this user can do at the hub, and its code lists. */
export interface HubInfo {
	hub?: Named;
	roles: string[];
	teams: Named[];
	views: View[];
	urgencies: Urgency[];
	conditions: Code[];
	sources: Code[];
	skills: Code[];
	outcomes: Code[];
	rejections: Code[];
	cancellations: Code[];
	downgrades: Code[];
	declines: Code[];
	breaches: Code[];
	flags: Code[];
	services: Code[];
}

export type ClockState = "running" | "paused" | "met" | "late" | "ended" | "superseded";

export interface Clock {
	id: string;
	title: string;
	state: ClockState;
	start: string;
	due?: string;
	stopped?: string;
	pausedMs?: number;
	warned?: boolean;
	breached?: boolean;
}

export interface Flag {
	category: string;
	text?: string;
}

export interface Row {
	id: string;
	version: number;
	seq: number;
	person: { id?: string; name: string; born?: string; age?: number | string; sex?: string; nhs?: string };
	open?: boolean;
	locality?: string;
	localityName?: string;
	postcode?: string;
	problem?: string;
	condition?: string;
	conditionText?: string;
	service?: string;
	source?: string;
	sourceText?: string;
	asked?: string;
	urgency?: string;
	state: string;
	stateText: string;
	since?: string;
	received: string;
	flags?: Flag[];
	news2?: { total?: number; at?: string; partial?: boolean };
	cfs?: number;
	owner?: { kind: "hub" | "team"; id?: string; name?: string };
	/** The team that was asked and has not answered. */
	offered?: Named;
	skills?: string[];
	clocks?: Clock[];
	/** When the first running clock is due. */
	next?: string;
	/** Clocks that ran out and have no reason yet. */
	needsReason?: string[];
	unread?: number;
}

export interface BoardAnswer {
	at: string;
	seq: number;
	rows: Row[];
}

export interface Need {
	fact: string;
	title: string;
	kind: "boolean" | "code" | "codes" | "string" | "integer" | "decimal" | "news2";
	codes?: Code[];
	required?: boolean;
}

export interface Move {
	event: string;
	title: string;
	allowed: boolean;
	why?: string;
	needs?: Need[];
}

export interface Step {
	at: string;
	/** Of what was done without a network: when, by the device, and when it was told. */
	done?: string;
	told?: string;
	event: string;
	title: string;
	step?: string;
	to?: string;
	toText?: string;
	by?: { name?: string; role?: string };
	note?: string;
	team?: string;
	/** What was said with it: codes, texts. */
	given?: Record<string, unknown>;
}

export interface WorkTask {
	id: string;
	kind: string;
	at?: string;
	title?: string;
	role?: string;
	due?: string;
	status?: string;
}

/** One item of the minimum data set as it was recorded. */
export interface Said {
	item: string;
	title?: string;
	value?: string;
}

export interface Suggested {
	urgency?: string;
	reasons?: string[];
}

export interface Referral {
	row: Row;
	request: Said[];
	/** How urgent it looks, from what was said. */
	suggested?: Suggested;
	story: Step[];
	moves: Move[];
	messages: { at: string; by?: string; text: string; mine?: boolean }[];
	notices: { at: string; text?: string }[];
	tasks: WorkTask[];
	offers: { team: { id: string; name?: string }; at: string; status: string; reason?: string }[];
}

export interface TeamChoice {
	id: string;
	name: string;
	provider?: string;
	score?: number;
	parts?: Record<string, number>;
	arrival?: string;
	free?: number;
	open?: boolean;
	why?: string[];
	excluded?: string[];
}

export interface Team {
	id: string;
	name: string;
	provider?: string;
	localities?: string[];
	skills?: string[];
	urgencies?: string[];
	open?: boolean;
	closes?: string;
	opens?: string;
	capacity?: { staffed: number; committed: number; reserved: number; free: number };
	load?: number;
	inherited?: number;
	verified?: string;
	stale?: boolean;
	phone?: string;
}

export interface Recent {
	open: Row[];
	closed?: { id: string; at: string; problem?: string; state?: string }[];
	contacts?: { at: string; what?: string; who?: string }[];
	calls72h?: number;
}

/** Items of definitions/scores/news2.json. */
export interface Observations {
	respiration?: number;
	spo2?: number;
	scale?: string;
	oxygen?: string;
	systolic?: number;
	pulse?: number;
	consciousness?: string;
	temperature?: number;
	at?: string;
}

export interface IntakePerson {
	id?: string;
	family?: string;
	given?: string;
	born?: string;
	sex?: string;
	phone?: string;
	address?: string;
	postcode?: string;
	nhs?: string;
	nhsStatus?: string;
	ethnic?: string;
	practice?: string;
	unknown?: boolean;
}

export interface Intake {
	person?: IntakePerson;
	channel?: string;
	referrer?: { org?: string; name?: string; role?: string; phone?: string };
	news2?: Observations;
	[item: string]: unknown;
}

export interface Missing {
	item: string;
	text: string;
}

export interface Checked {
	missing: Missing[];
	ask?: Missing[];
	suggested?: Suggested;
	/** Of the measurements that were typed; partial is no total. */
	news2?: { total?: number; partial?: boolean };
	possible?: { id: string; name: string; born?: string; postcode?: string; open?: number }[];
	same?: Row[];
}

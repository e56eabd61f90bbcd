// What /api/population/lists answers (docs/interfaces/need.md).

export interface Rule {
	id: string;
	version: string;
	title: string;
	purpose: string;
	source: string;
	wte: number;
	people: number;
	months: number;
	starts: number;
}

export interface Head {
	id: number;
	rule: string;
	version: string;
	title: string;
	scope: string;
	day: string;
	madeAt: string;
	places: number;
	/** Counts: null is 1 to 4, for who may not know exactly. */
	eligible: number | null;
	registered: number | null;
	dead: number | null;
	objects: number | null;
	untraced: number | null;
	onCaseload: number | null;
	tooYoung: number | null;
	below: number | null;
	unscored: number | null;
}

export interface Lists {
	day: string;
	names?: boolean;
	rules: Rule[];
	scopes: { scope: string; title: string }[];
	teams: { id: string; name: string }[];
	lists: Head[];
}

export interface Gap {
	id: string;
	title: string;
	action: string;
	overdue: string;
}

export interface Answer {
	answer: string;
	reason?: string;
	task?: string;
	at: string;
}

export interface Listed {
	pos: number;
	chosen?: boolean;
	shown?: boolean;
	why?: string;
	patient?: string;
	name?: string;
	born?: string;
	age?: string;
	practice?: string;
	score?: string;
	efi?: number;
	risk?: number;
	benefit?: string;
	reasons?: string[];
	emergenciesBefore?: number;
	emergenciesAfter?: number;
	gaps?: Gap[];
	answer?: Answer;
}

export interface List extends Head {
	names?: boolean;
	scoreTitle: string;
	impact: { answer: string; people: number | null; admissionsAfter: number | null }[];
	people: Listed[];
}

export interface Why {
	patient: string;
	name: string;
	born?: string;
	age?: string;
	day: string;
	scores: {
		id: string;
		version: string;
		title: string;
		variant?: string;
		points: string;
		band?: string;
		predicts: string;
		horizon: string;
		source: string;
		note?: string;
		codeLists?: { id: number; condition: string; system: string; version: string; file: string; codes: number }[];
		evidence: { title: string; points: string; dropped?: boolean; found: string }[];
	}[];
	segments: { scheme: string; segment: string }[];
	gaps: Gap[];
}

export interface Fairness {
	from: string;
	to: string;
	checks: {
		by: string;
		alert?: boolean;
		finding: string;
		withinRisk?: string;
		groups: {
			title: string;
			people: number | null;
			chosen: number | null;
			outcome: number | null;
			both: number | null;
			sensitivity?: string;
			calibration?: string;
		}[];
	}[];
}

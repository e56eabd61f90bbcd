// What /api/population/measures and /api/population/cube answer: docs/interfaces/measures.md,
// docs/interfaces/population.md.

export interface Figure {
	status: "ok" | "too-few" | "partial" | "not-received" | "suppressed" | "held-back";
	n: number | null;
	of?: number | null;
	value: number | null;
	low?: number | null;
	high?: number | null;
	standard?: number | null;
	standardLow?: number | null;
	standardHigh?: number | null;
	/** Of an indirect standardisation. */
	expected?: number | null;
	ratio?: number | null;
	ratioLow?: number | null;
	ratioHigh?: number | null;
	known?: number | null;
}

interface I {
	value: number | null;
	low: number | null;
	high: number | null;
}

export interface SpcShort {
	chart: string;
	/** Of rare events: what lies between them. */
	pointsAre?: string;
	trend: number;
	variation: string;
	assurance: string;
	trial: boolean;
	received: number;
	/** What it was if nobody had moved limits; only where somebody did. */
	unmarked?: { variation: string; assurance: string; points?: { mean: number | null; low: number | null; high: number | null }[] };
}

export interface Mark {
	mark: number;
	version: number;
	by: string;
	area: string;
	grain: string;
	at: string;
	kind: "note" | "rebase" | "freeze";
	cause?: "shift" | "process";
	reason: string;
	stands: boolean;
	saidAt: string;
	saidBy: string;
	org: string;
}

/** A change at a day, or why it cannot be said. */
export interface Its {
	why?: string;
	first: number;
	at: number;
	before: number;
	after: number;
	step: I;
	bend: I;
	effectLast: I;
	lag: number;
	fitted: number[];
	without: number[];
}

export interface Control {
	why?: string;
	area: string;
	name: string;
	first: number;
	at: number;
	before: number;
	after: number;
	effect: number;
	p: number;
	rmspeBefore: number;
	rmspeAfter: number;
	enough: boolean;
	leftOut: number;
	weights: { id: string; name: string; weight: number }[];
	own: number[];
	synthetic: number[];
}

export interface SpcFull extends SpcShort {
	marks: Mark[];
	points: {
		value: number | null;
		mean: number | null;
		low: number | null;
		high: number | null;
		rules: string[];
		group: number;
		label: string | null;
		good: boolean;
		bad: boolean;
	}[];
}

export interface Period {
	label: string;
	from: string;
	to: string;
}

interface MeasureBase {
	id: string;
	version: string;
	title: string;
	question: string;
	group: string;
	unit: string;
	direction: "higher" | "lower" | "neutral";
	target: number | null;
}

export interface MeasureRow extends MeasureBase {
	series: (number | null)[];
	latest: Figure | null;
	total: Figure;
	change?: I | null;
	spc: SpcShort | null;
}

export interface AllMeasures {
	by: string;
	grain: string;
	from: string;
	to: string;
	data: { first: string; last: string; persons: number | null; basis?: string };
	disclosure: string;
	periods: Period[];
	area?: { id: string; name: string } | null;
	measures: MeasureRow[];
}

export interface AreaFigures {
	id: string;
	name: string;
	figures: Figure[];
	total: Figure;
	baseline?: Figure | null;
	change?: I | null;
	difference?: { points: I; ratio: I; expected: number | null; fewer: number | null; p: number | null } | null;
	spc: SpcFull | null;
	its?: Its;
}

interface Gain {
	target: number;
	events: number | null;
	low: number | null;
	high: number | null;
	tariffPence?: number | null;
	marginalPence?: number | null;
	releasablePence?: number | null;
}

export interface OneMeasure {
	measure: MeasureBase & {
		kind: string;
		hash: string;
		per?: number;
		owner: string;
		review: string;
		source: string;
		counted: string;
		outOf: string;
		leftOut?: string[];
		interval?: string;
		standard?: string;
		chart: string;
		codes?: { id: string; version: string; title: string; sets: string[] }[];
	};
	by: string;
	grain: string;
	from: string;
	to: string;
	data: AllMeasures["data"];
	disclosure: string;
	periods: Period[];
	all: AreaFigures;
	areas: AreaFigures[];
	funnel: {
		mean: number;
		phi: number;
		areas: {
			id: string;
			size: number | null;
			value: number | null;
			low95: number | null;
			high95: number | null;
			low998: number | null;
			high998: number | null;
		}[];
	} | null;
	opportunity: { note: string; areas: { id: string; median: Gain | null; quartile: Gain | null }[] } | null;
	caveats?: string[];
	places?: { from: string; to?: string; places: number | null; per100000: number | null; source: string }[];
	placesOtherwise?: number | null;
	control?: Control;
	effectCaveats?: string[];
}

export interface Dimension {
	code: string;
	text: string;
	values: { code: string; text: string }[];
}

export interface Cube {
	version: number;
	day: string;
	rule: string;
	persons: { n: number | null };
	by?: Dimension[];
	rows?: { values: string[]; n: number | null }[];
	events?: { value?: string; month?: string; n: number | null; pence: number | null }[];
	histograms?: (Dimension & { n: (number | null)[] })[];
}

export interface BehindRow {
	patient: string;
	name: string;
	born?: string;
	age?: string;
	practice?: string;
	day: string;
	what: string;
	amount?: string;
	began?: string;
	ended?: string;
	provider?: string;
	diagnosis?: string;
	why?: string[];
}

/** /api/population/measures/{id}/people */
export interface Behind {
	measure: string;
	title: string;
	from: string;
	to: string;
	side: "counted" | "not";
	hasNot?: boolean;
	names?: boolean;
	/** Rows and people that the caller may see: exact. */
	shown: number;
	people: number;
	/** null: 1 to 4. */
	others: number | null;
	otherSide?: number;
	offset: number;
	rows: BehindRow[];
}

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
	known?: number | null;
}

interface I {
	value: number | null;
	low: number | null;
	high: number | null;
}

export interface SpcShort {
	chart: string;
	trend: number;
	variation: string;
	assurance: string;
	trial: boolean;
	received: number;
}

export interface SpcFull extends SpcShort {
	points: {
		value: number | null;
		mean: number | null;
		low: number | null;
		high: number | null;
		rules: string[];
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

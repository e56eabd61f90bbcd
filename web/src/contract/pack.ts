// What the monthly pack and the register answer: docs/interfaces/contract.md.

import type { OneMeasure } from "../outcomes/types";
import type { CaseItem, Contract, Level, Who } from "./types";

export interface ChartOf {
	component: string;
	line?: string;
	title: string;
	chart: {
		unit: "percent" | "pounds";
		points: {
			month: number;
			value: number | null;
			mean: number | null;
			low: number | null;
			high: number | null;
			rules: string[];
			label?: string;
		}[];
		variation: string;
		trial: boolean;
		received: number;
		special: boolean;
	};
}

export interface GapRow {
	month?: number;
	component?: string;
	title?: string;
	earned: number;
	shadow: number;
	gap: number;
	gapYtd: number;
}

export interface Scheme {
	subject: string;
	title: string;
	state: string;
	stateTitle: string;
	from?: string;
	to?: string;
	baseline?: number;
	avoided?: number;
	avoidedLow?: number;
	avoidedHigh?: number;
	evidence?: string;
	evidenceMeasure?: string;
	marginal?: number;
	releasable?: number;
	released?: number;
	blockChange?: number;
	communityCost?: number;
	net?: number;
	effective?: string;
	spent?: number;
	finding?: string;
	signed: Who[];
}

export interface Register {
	lines: Scheme[];
	states: { state: string; schemes: number; released: number }[];
	spent: number;
	acute: number;
	community: number;
	sum: number;
}

export interface Response {
	subject: string;
	title: string;
	response: string;
	component?: string;
	stateTitle: string;
	expected: { period: number; expected: number; before?: number; differs?: number; actual?: number }[];
}

export interface Pack {
	contract: string;
	title: string;
	commissioner: string;
	provider: string;
	year: string;
	month: number;
	to: string;
	asAt: string;
	dashboard: Contract;
	deviations: { component: string; title: string; deviation: { level: Level; month: number; ytd: number; why: string; inARow: number } }[];
	charts: ChartOf[];
	gap: { months: GapRow[]; components: GapRow[] };
	quality: {
		cuts: string[];
		missing: { line: string; title: string; month: number }[];
		onHold: string[];
		late: { line: string; month: number; pence: number }[];
	};
	measures: { why?: string; from?: string; to?: string; measures?: OneMeasure[] } | null;
	cases: Record<"review" | "transfer" | "posting" | "challenge" | "change" | "action", CaseItem[]>;
	decisions: { subject: string; title: string; event: string; at: string; reason: string; by: Who; party: string }[];
	responses: Response[];
	register: Register;
}

/** 202007 as "July 2020". */
export function periodName(period: number): string {
	const d = new Date(Date.UTC(Math.floor(period / 100), (period % 100) - 1, 1));
	return d.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
}

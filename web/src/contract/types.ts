// What /api/contract answers: docs/interfaces/contract.md.  Money is whole pence.

export type Party = "commissioner" | "provider";

export interface ContractItem {
	id: string;
	title: string;
	form: string;
	status: string;
	demonstration?: boolean;
	year: string;
	from: string;
	to: string;
	party?: Party;
	parties: Record<Party, string>;
	months: number;
	signer: boolean;
}

export interface PoolItem {
	id: string;
	title: string;
	year: string;
	party?: string;
	signer: boolean;
}

export interface Contracts {
	party?: Party;
	contracts: ContractItem[];
	pools: PoolItem[];
}

export interface Amounts {
	plan: number;
	account: number;
	earned: number;
	shadow: number;
	unitsPlan?: number;
	units?: number;
}

export type Level = "none" | "watch" | "amber" | "red";

export interface Line {
	id: string;
	title: string;
	price?: number;
	months: Amounts[];
	ytd: Amounts;
	hold?: boolean;
	/** Priced activity fills it: its months open to rows. */
	activity?: boolean;
}

export interface Component {
	id: string;
	number: string;
	title: string;
	kind: string;
	/** A national rule of the year: its money is in the shadow tariff alone. */
	rule?: string;
	review?: boolean;
	bands?: { from: number; to?: number; over: number; under: number }[];
	months: Amounts[];
	ytd: Amounts;
	adjust?: number[];
	deviation?: { level: Level; month?: number; ytd?: number; why?: string; inARow?: number }[];
	forecast?: {
		earned: { plan: number; runRate: number; back: number; low: number; high: number };
		shadow: { plan: number; runRate: number; back: number; low: number; high: number };
	};
	lines: Line[];
}

export interface Contract {
	id: string;
	version: string;
	title: string;
	form: string;
	status: string;
	demonstration?: boolean;
	year: string;
	from: string;
	to: string;
	summary: string;
	parties: Record<Party, { id: string; name: string }>;
	party?: Party;
	signer: boolean;
	rules: string;
	prices?: string;
	runTo: string;
	months: number;
	partOf?: { days: number; of: number };
	cuts: ("freeze" | "flex" | "none")[];
	components: Component[];
	total: { months: Amounts[]; ytd: Amounts };
	effect: { provider: number; commissioner: number; system: number; whole: boolean };
	bridge?: { plan: number; actual: number; volume: number; mix: number; price: number };
	parts?: { id: string; name: string; share: number; pence: number }[];
	late?: { line: string; month: number; pence: number; units?: number }[];
}

export interface Trace {
	line: string;
	title: string;
	component: string;
	kind: string;
	month: number;
	activity?: boolean;
	inputs: {
		seq: number;
		month: number;
		cut?: string;
		units?: number;
		pence?: number;
		price?: number;
		source?: string;
		at?: string;
		counts?: boolean;
	}[];
	steps: { text: string; rule?: string; pence?: number }[];
	result: number;
}

export interface ActivityRow {
	event: string;
	day: string;
	hrg?: string;
	specialty?: string;
	provider?: string;
	pod: string;
	podTitle: string;
	pence: number;
	excessDays?: number;
}

export interface ActivityRows {
	line: string;
	title: string;
	month: number;
	period: string;
	feeds: string;
	count: number;
	pence: number;
	rows: ActivityRow[];
}

export interface ActivityEvent extends ActivityRow {
	line: string;
	lineTitle: string;
	prices?: string;
	steps: { rule: string; text: string }[];
}

interface Accrual {
	inBed: number;
	nights: number;
	inBedPence: number;
	uncoded: number;
	uncodedPence: number;
	takenBack: number;
	moves: number;
	known: number;
	error: number;
	withoutMean: number;
}

export interface Accruals {
	months: { month: number; total: Accrual; lines: (Accrual & { line: string; title: string })[] }[];
}

export interface Whatif {
	before: { earned: number; shadow: number };
	after: { earned: number; shadow: number };
	change: { provider: number; commissioner: number; system: number };
	components: { id: string; before: Amounts; after: Amounts }[];
}

export interface Who {
	id: string;
	name?: string;
}

export interface Statement {
	quarter: string;
	version: number;
	status: "draft" | "signed" | "agreed";
	hash: string;
	preparedBy?: Who;
	preparedAt?: string;
	signatures?: { party: Party; user: Who; role?: string; org?: string; at: string }[];
}

interface StatementLine {
	id: string;
	title: string;
	plan: number;
	account: number;
	earned: number;
	shadow: number;
	difference: number;
	trueUp: number;
	note?: string;
}

export interface StatementBody {
	contract: string;
	contractVersion: string;
	title: string;
	commissioner: string;
	provider: string;
	quarter: string;
	version: number;
	from: string;
	to: string;
	cut?: string;
	prices?: string;
	rules?: string;
	rulesVersion?: string;
	rounding?: string;
	preparedBy?: string;
	preparedAt?: string;
	components: (StatementLine & { number: string; lines: StatementLine[] })[];
	total: Omit<StatementLine, "id" | "title">;
	late?: { line: string; month: number; pence: number }[];
	corrections?: { component: string; pence: number }[];
	payable?: number;
}

export interface CaseItem {
	subject: string;
	kind: string;
	state: string;
	stateTitle: string;
	ended?: boolean;
	title: string;
	opened?: string;
	openedBy?: Who;
	facts: Record<string, unknown>;
	signed?: Partial<Record<Party, { user: Who; at: string }>>;
	due?: { clock: string; title: string; due: string; state: string }[];
}

export interface Fact {
	fact: string;
	title: string;
	type: string;
	codes?: string[];
}

export interface CaseView extends CaseItem {
	events: {
		seq: number;
		event: string;
		title?: string;
		by?: Who;
		role?: string;
		party?: string;
		at: string;
		reason?: string;
		facts?: Record<string, unknown>;
		from?: string;
		to?: string;
		hash?: string;
	}[];
	chain?: boolean;
	moves: { event: string; title: string; allowed: boolean; why?: string }[];
	wants?: Fact[];
}

export interface Pool {
	id: string;
	title: string;
	year: string;
	summary?: string;
	host?: string;
	parties: Record<string, string | { name: string }>;
	total: number;
	unallocated: number;
	sources: { id: string; title: string; party: string; pence: number; ringFence?: string | boolean; received?: number }[];
	lines: {
		id: string;
		title: string;
		lead: string;
		ringFence?: string | boolean;
		split: Record<string, number>;
		budget: number;
		actual?: number;
		accrued?: number;
		remaining?: number;
		outturn?: number;
		differs?: number;
		share?: Record<string, number>;
		leadAlone?: number;
		repaid?: number;
	}[];
}

export interface PublicSummary {
	contracts: {
		title: string;
		year: string;
		summary: string;
		commissioner: string;
		provider: string;
		status: string;
		plan: number;
		earned?: number;
		upTo?: string;
	}[];
	pools: { title: string; year: string; summary?: string; total: number; lines: { title: string; budget: number }[] }[];
}

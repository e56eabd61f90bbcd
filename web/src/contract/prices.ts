// What /api/contract/prices answers: docs/interfaces/prices.md.  Money is whole pence.

export interface PriceVersion {
	id: string;
	from: string;
	to: string;
	supersedes?: string;
	sha256: string;
	at?: string;
	comesWithProgram: boolean;
	title: string;
	illustrative: boolean;
	source?: string;
	tables: { table: string; rows: number }[];
}

export interface PriceLists {
	mayImport: boolean;
	lists: PriceVersion[];
}

export type PriceRow = { line: number; from: string; to: string } & Record<string, string | number | boolean>;

export interface PriceRows extends PriceVersion {
	table: string;
	offset: number;
	found: number;
	rows: PriceRow[];
	rules: { rounding: string; sseMinAge: number; excludeDelayed: boolean; internalReferral: string; aeFollowUp?: string };
}

export interface PriceChanges {
	id: string;
	before: string;
	counts: { table: string; changes: number }[];
	table: string;
	offset: number;
	found: number;
	changes: { code: string; what: "added" | "removed" | "changed"; before?: PriceRow; after?: PriceRow; columns?: string[] }[];
}

export interface Checked {
	good: boolean;
	list?: Omit<PriceVersion, "at" | "comesWithProgram">;
	errors: number;
	dropped: number;
	findings: { severity: string; at: string; text: string }[];
}

export interface PricedOne {
	list: string;
	listOfDay?: string;
	validOnDay: boolean;
	value: number;
	excessValue: number;
	excessDays: number;
	pod: { code: string; text: string };
	problem?: { code: string; text: string };
	year: string;
	month: number;
	steps: { clause: string; text: string }[];
}

export const tables: Record<string, string> = {
	hrg: "Healthcare resource groups",
	outpatient: "Outpatient attendances",
	ae: "A&E attendances",
	unbundled: "Unbundled items",
	drug: "Medicines and devices at cost",
	mff: "Market forces factors",
	topup: "Top-ups",
};

interface Field {
	name: string;
	head: string;
	kind: "text" | "pence" | "days" | "rate" | "percent" | "yes";
}

const field = (name: string, head: string, kind: Field["kind"] = "text"): Field => ({ name, head, kind });

/** The columns of each table, in the order a page shows them. */
export const columnsOf: Record<string, Field[]> = {
	hrg: [
		field("hrg", "HRG"),
		field("name", "Name"),
		field("oproc", "Outpatient procedure", "pence"),
		field("combined", "Day case or elective", "pence"),
		field("dc", "Day case", "pence"),
		field("el", "Elective", "pence"),
		field("el_trim", "Elective trim point", "days"),
		field("ne", "Non-elective", "pence"),
		field("ne_trim", "Non-elective trim point", "days"),
		field("perday", "For each day beyond", "pence"),
		field("sse_price", "Short stay", "pence"),
		field("sse_pct", "Short stay part", "percent"),
		field("bpt_scope", "Best practice"),
		field("bpt_area", "Best practice area"),
		field("bpt_price_ne", "Best practice, non-elective", "pence"),
		field("bpt_price_el", "Best practice, elective", "pence"),
	],
	outpatient: [field("function", "Treatment function"), field("attendance", "Attendance"), field("single", "One professional", "pence"), field("multi", "Several", "pence")],
	ae: [field("hrg", "HRG"), field("name", "Name"), field("price", "Price", "pence")],
	unbundled: [field("hrg", "HRG"), field("name", "Name"), field("unit", "For each"), field("price", "Price", "pence"), field("mff", "Times the factor", "yes")],
	drug: [field("code", "Code"), field("name", "Name")],
	mff: [field("provider", "Provider"), field("name", "Name"), field("mff", "Factor", "rate")],
	topup: [field("provider", "Provider"), field("service", "Service"), field("percent", "Top-up", "percent")],
};

/** The fields of an activity row that each kind needs; docs/interfaces/prices.md "Activity". */
export const asks: Record<string, string[]> = {
	spell: ["hrg", "provider", "admitted", "day", "method", "cls", "age", "critical", "rehab", "palliative", "flags", "specialised", "quantity"],
	outpatient: ["specialty", "hrg", "provider", "day", "cls", "age", "flags", "quantity"],
	ae: ["hrg", "provider", "day", "cls", "investigation", "treatment", "flags", "quantity"],
	unbundled: ["hrg", "provider", "day", "quantity"],
	drug: ["hrg", "provider", "day", "quantity", "cost"],
};

// What /api/contract/pools answers beyond the board's lines: docs/interfaces/contract.md.  Money is whole pence.

import type { CaseItem, Pool, Who } from "./types";

export type PoolSigner = "nhs" | "council" | "board";

export interface PoolBoard extends Pool {
	party?: string;
	signer?: boolean;
	board?: string;
	boardSigner?: boolean;
	months: number;
	virementThreshold: number;
}

export interface PoolReturn {
	quarter: string;
	version: number;
	status: "draft" | "signed" | "partners" | "agreed";
	hash: string;
	preparedBy?: Who;
	preparedAt?: string;
	signatures: { party: PoolSigner; user: Who; role?: string; at: string }[];
}

interface Sums {
	budget: number;
	virements: number;
	planToDate: number;
	actual: number;
	accrued: number;
	outturn: number;
	differs: number;
	nhs: number;
	council: number;
	leadAlone: number;
	repaid: number;
}

export interface ReturnBody {
	fund: string;
	fundVersion: string;
	title: string;
	host: string;
	nhs: string;
	council: string;
	board: string;
	quarter: string;
	from: string;
	to: string;
	entries: number;
	income: { id: string; title: string; party: "nhs" | "council"; ringFence: string; plan: number; received: number }[];
	incomeTotal: { plan: number; received: number };
	lines: (Sums & { id: string; title: string; lead: "nhs" | "council"; ringFence: string })[];
	total: Sums;
	unallocated: number;
	metrics: {
		id: string;
		title: string;
		measure: string;
		definition: string;
		hash: string;
		unit: string;
		status: string;
		value: string;
		low: string;
		high: string;
		counted: string;
		outOf: string;
	}[];
	narrative: string;
}

export type Posting = CaseItem;

export const partyName = (p: Pool, id: string): string => {
	const at = p.parties[id];
	return typeof at === "string" ? at : (at?.name ?? id);
};

export const returnStates: Record<PoolReturn["status"], string> = {
	draft: "draft, nobody has signed",
	signed: "signed by one partner",
	partners: "signed by both partners; the board has not",
	agreed: "agreed: signed by both partners and the board, it never changes",
};

export const whyNoFigure: Record<string, string> = {
	"not-received": "no activity came for this quarter",
	partial: "the quarter is not over in the data",
	"too-few": "too few to say",
	suppressed: "hidden: small numbers",
	"no-measure": "there is no such measure",
};

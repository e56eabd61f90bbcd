// The privacy officer's queue, reports and the audit: docs/interfaces/audit.md.

export interface Accessed {
	at: string;
	user?: string;
	name?: string;
	role?: string;
	roleName?: string;
	org?: string;
	orgName?: string;
	what: string;
	why?: string;
	rule?: string;
	glass?: string;
	/** Not shown: the access was refused. */
	refused?: boolean;
	behalf?: string;
	n?: number;
}

export interface Notice {
	id: string;
	kind: string;
	at: string;
	due: string;
	overdue?: boolean;
	/** Three or more of this user within 24 hours. */
	often?: boolean;
	recent?: number;
	user: { id: string; name?: string; role?: string; roleName?: string; org?: string; orgName?: string };
	person?: string;
	personName?: string;
	reason?: string;
	reasonText?: string;
	text?: string;
	askedBy?: string;
	until?: string;
	ended?: boolean | string;
	case?: string;
	review?: { at: string; by: string; byName?: string; outcome: string; note?: string };
	accesses?: Accessed[];
}

export interface Report {
	person: string;
	from?: string;
	to?: string;
	accesses: Accessed[];
	/** Searches and exports that showed so many that not each is listed. */
	large?: Accessed[] | number;
	more?: boolean;
}

export interface AuditLine extends Accessed {
	id: string;
	kind?: string;
	action?: string;
	entity?: string;
	people?: string[];
	peopleCount?: number;
	hits?: number;
	purpose?: string;
	decision?: string;
	status?: number;
	address?: string;
	session?: number;
	request?: string;
}

/** Who, in one line: the name, or the id when there is none. */
export const whoText = (u: { id?: string; user?: string; name?: string }) => u.name ?? u.user ?? u.id ?? "";

export const roleOf = (u: { role?: string; roleName?: string; org?: string; orgName?: string }) =>
	[u.roleName ?? u.role, u.orgName ?? u.org].filter(Boolean).join(", ");

export const outcomes = [
	{
		code: "justified",
		text: "Justified",
		hint: "The reason holds; nothing more happens.",
	},
	{
		code: "queried",
		text: "Queried",
		hint: "The user has to explain; their manager is asked.",
	},
	{
		code: "breach",
		text: "Breach",
		hint: "The access was not right; the organisation's incident process begins.",
	},
];

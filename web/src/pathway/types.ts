// What the server answers about pathways: docs/interfaces/pathways.md, in types.
// A member that is not known is absent.

import type { Clock, Code } from "../hub/types";

export interface Task {
	key: string;
	kind: "work" | "alert" | "breach";
	title: string;
	role?: string;
	roleText?: string;
	at: string;
	due?: string;
	mine?: boolean;
	forms: { id: string; filled?: boolean }[];
}

export interface Person {
	id: string;
	name?: string;
	born?: string;
	age?: number;
	nhs?: string;
}

export interface Instance {
	id: string;
	version: number;
	open?: boolean;
	ended?: boolean;
	pathway: { id: string; version: string; title: string; newest?: boolean };
	state: string;
	stateText: string;
	began?: string;
	since?: string;
	person: Person;
	owner: { id?: string; name?: string };
	clocks: Clock[];
	next?: string;
	tasks: Task[];
}

export interface Need {
	fact: string;
	title: string;
	kind: "boolean" | "code" | "string" | "integer" | "decimal";
	min?: number;
	max?: number;
	codes: Code[];
	known?: boolean;
	value?: unknown;
	from?: "record" | "said";
	at?: string;
	why?: string;
}

export interface Start {
	id: string;
	version: string;
	title: string;
	status: string;
	fits: "yes" | "ask" | "no";
	allowed: boolean;
	why?: string;
	needs: Need[];
}

export interface PersonPathways {
	running: Instance[];
	ended: Instance[];
	start: Start[];
}

export interface Move {
	event: string;
	title: string;
	allowed?: boolean;
	why?: string;
	missing?: string;
	needs: Need[];
}

export interface Step {
	at: string;
	event: string;
	title: string;
	toText?: string;
	by?: { name?: string; role?: string };
	note?: string;
	said?: { title: string; value: unknown }[];
	facts?: Record<string, unknown>;
}

export interface InstanceAnswer {
	instance: Instance;
	story: Step[];
	moves: Move[];
}

export interface WorkLine {
	instance: string;
	pathway: string;
	pathwayTitle: string;
	stateText: string;
	owner?: string;
	person: Person;
	task: Task;
}

export interface WorkAnswer {
	at: string;
	tasks: WorkLine[];
	more?: boolean;
}

export interface UserRole {
	id: number;
	role: string;
	roleCode: string;
	org?: string;
	orgCode?: string;
	from?: string;
	until?: string;
	active?: boolean;
	trained?: boolean;
	kiosk?: boolean;
	supervisor?: string;
	team?: string;
}

export interface User {
	id: string;
	login: string;
	name: string;
	state: "active" | "locked" | "ended" | "new";
	roles: UserRole[];
	lastSignIn?: string;
	factor: boolean;
	demonstration?: boolean;
	practitioner?: string;
}

export interface RoleKind {
	code: string;
	name: string;
	group: string;
	groupText?: string;
	needsOrg?: boolean;
	needsSupervisor?: boolean;
}

export interface Once {
	password: string;
	until?: string;
}

export interface Client {
	id: string;
	name: string;
	kind?: string;
	scopes: string[];
	org?: string;
	purpose?: string;
	redirects?: string[];
	since?: string;
	lastUsed?: string;
	ended?: string;
}

export interface Org {
	id: string;
	name: string;
	code?: string;
	kind?: string;
	suspended: boolean;
	since?: string;
	until?: string;
	reason?: string;
	tier?: string;
	tierText?: string;
}

export interface Party {
	code: string;
	name?: string;
}

export interface Agreement {
	id: string;
	from: Party | "*";
	to: Party | "*";
	tier: string;
	tierText?: string;
	categories?: string;
	start?: string;
	ends?: string;
	state?: string;
	dsa?: string;
	dpia?: string;
	expired?: boolean;
	ended?: string;
}

export interface Standing {
	id: string;
	from: { id: string; name?: string };
	to?: { id: string; name?: string };
	org?: string;
	state?: string;
	contents?: string;
	reviewed?: string;
	person?: { id: string; name?: string };
	reason?: string;
	start?: string;
	ends?: string;
	ended?: string;
}

export const stateWords: Record<User["state"], string> = {
	active: "can sign in",
	locked: "locked for now",
	ended: "ended",
	new: "has not signed in yet",
};

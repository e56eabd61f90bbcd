// What the server answers about sign-in, access and administration:
// docs/interfaces/{sign-in,access,audit}.md, in types.

export interface Notice {
	code: string;
	text: string;
}

export interface Role {
	id: number;
	role: string;
	roleCode: string;
	org?: string;
	orgCode?: string;
	current?: boolean;
}

export type Need = "CLINICAL" | "CHANGE" | "ADMINISTER" | "OVERSEE" | "IDENTIFY" | "OPERATE" | "FIGURES" | "CONTRACT" | "PRICES";

/** How far somebody has come in signing in. */
export type Step = "sign-in" | "password" | "totp" | "enrol" | "role" | "done";

export interface Demonstration {
	login: string;
	name: string;
	role: string;
	org?: string;
	sees: string;
}

export interface Session {
	version: string;
	place?: string;
	now: string;
	signedIn: boolean;
	trial?: boolean;
	notices: Notice[];
	signIn?: {
		local: boolean;
		providers: { id: string; name: string }[];
		demonstration: Demonstration[];
	};
	step?: Step;
	csrf?: string;
	actor?: {
		id: string;
		name: string;
		role: string;
		roleCode?: string;
		group?: string;
		org?: string;
		orgCode?: string;
		purpose?: string;
		purposeText?: string;
		caseRef?: string;
		/** "Practitioner/…" or "Patient/…" in the record. */
		who?: string;
	};
	needs?: Need[];
	activities?: string[];
	roles?: Role[];
	purposes?: { code: string; text: string }[];
	session?: {
		idleEnds: string;
		ends: string;
		idleSeconds?: number;
		proved?: string;
		/** How this session shows again who sits here. */
		proof?: "password" | "code" | "demonstration" | "provider";
		provider?: string;
	};
}

export interface List<T> {
	items: T[];
	next?: string;
}

export interface Reason {
	code: string;
	text: string;
}

/** What breaking the glass would be, for one person and this reader. */
export interface GlassOffer {
	offered: boolean;
	reasons: Reason[];
	minutes: number;
	proved?: boolean;
	broken?: OpenGlass;
}

export interface OpenGlass {
	id?: string;
	reason: string;
	reasonText?: string;
	at?: string;
	until: string;
}

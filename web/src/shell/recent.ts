// The people opened lately, in this browser tab only: kept in session storage,
// gone when the tab is closed.  Names are shown again only to whoever opened them.

export interface Recent {
	id: string;
	name: string;
	born?: string;
	nhsNumber?: string;
}

const key = "homefirst.recent";
const most = 8;

export function recentPeople(): Recent[] {
	try {
		const read: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
		if (!Array.isArray(read)) return [];
		return read.filter(
			(r): r is Recent =>
				typeof r === "object" && r !== null && typeof r.id === "string" && typeof r.name === "string",
		);
	} catch {
		return [];
	}
}

export function rememberPerson(person: Recent) {
	try {
		const rest = recentPeople().filter((r) => r.id !== person.id);
		sessionStorage.setItem(key, JSON.stringify([person, ...rest].slice(0, most)));
	} catch {
		// Without session storage there is no list; nothing else depends on it.
	}
}

/** Somebody else may sit here next. */
export function forgetRecent() {
	try {
		sessionStorage.removeItem(key);
	} catch {
		// Nothing was kept.
	}
}

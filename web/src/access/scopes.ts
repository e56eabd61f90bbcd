// SMART scopes in words.  Pure.

const levels: Record<string, string> = {
	patient: "of the one person it is opened for",
	user: "as far as its user may",
	system: "as far as its organisation may",
};

const doing: Record<string, string> = {
	c: "add",
	r: "read",
	u: "change",
	d: "delete",
	s: "search",
};

const known: Record<string, string> = {
	openid: "know who the user is",
	fhirUser: "know which practitioner or person the user is",
	profile: "know the user's name",
	offline_access: "go on while the user is away",
	online_access: "go on while the user is signed in",
	launch: "be opened from within homefirst",
	"launch/patient": "ask for a person when it is opened",
	operate: "read figures about the running server",
	"launch/encounter": "ask for a contact when it is opened",
};

function list(words: string[]): string {
	if (words.length < 2) return words.join("");
	return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** "patient/Observation.rs" → "read and search Observation, of the one person …" */
export function scopeWords(scope: string): string {
	if (known[scope]) return known[scope];
	const m = /^(patient|user|system)\/(\*|[A-Za-z]+)\.([cruds]+|read|write|\*)(\?.*)?$/.exec(scope);
	if (!m) return scope;
	const [, level, type, letters, only] = m;
	const what =
		letters === "read"
			? ["read", "search"]
			: letters === "write"
				? ["add", "change", "delete"]
				: letters === "*"
					? Object.values(doing)
					: [...(letters ?? "")].map((l) => doing[l] ?? l);
	return `${list(what)} ${type === "*" ? "everything" : type}${only ? " (part of it)" : ""}, ${levels[level ?? ""]}`;
}

// FHIR data types in words, for the opened entry.  Pure.

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Obj = { [name: string]: Json };

const isObject = (v: Json | undefined): v is Obj =>
	typeof v === "object" && v !== null && !Array.isArray(v);
const text = (v: Json | undefined): string | null =>
	typeof v === "string" || typeof v === "number" ? String(v) : null;

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A FHIR date in the reader's form, with the precision it has. */
export function dateWords(value: string): string | null {
	const m = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$/.exec(value);
	if (!m) return null;
	if (value.includes("T")) {
		const at = Date.parse(value);
		if (Number.isNaN(at)) return null;
		return new Intl.DateTimeFormat("en-GB", {
			timeZone: "Europe/London",
			day: "2-digit",
			month: "short",
			year: "numeric",
			hour: "2-digit",
			minute: "2-digit",
		}).format(at);
	}
	const [, year, month, day] = m;
	if (!month) return year ?? null;
	return [day, months[Number(month) - 1], year].filter(Boolean).join(" ");
}

function coding(v: Obj): string | null {
	const shown = text(v.display) ?? text(v.code);
	if (shown === null) return null;
	return shown;
}

function concept(v: Obj): string | null {
	const first = Array.isArray(v.coding) ? v.coding.find(isObject) : undefined;
	return text(v.text) ?? (first ? coding(first) : null);
}

function quantity(v: Obj): string | null {
	const value = text(v.value);
	if (value === null) return null;
	const unit = text(v.unit) ?? text(v.code) ?? "";
	return `${text(v.comparator) ?? ""}${value}${unit === "%" ? "" : " "}${unit}`.trim();
}

function humanName(v: Obj): string | null {
	const given = Array.isArray(v.given) ? v.given.filter((g) => typeof g === "string") : [];
	const prefix = Array.isArray(v.prefix) ? v.prefix.filter((g) => typeof g === "string") : [];
	const use = text(v.use);
	const name =
		text(v.text) ?? [...prefix, ...given, text(v.family)].filter(Boolean).join(" ");
	if (!name) return null;
	return use && use !== "official" && use !== "usual" ? `${name} (${use})` : name;
}

function address(v: Obj): string | null {
	const lines = Array.isArray(v.line) ? v.line.filter((l) => typeof l === "string") : [];
	const all = [...lines, text(v.city), text(v.district), text(v.postalCode)].filter(Boolean);
	return text(v.text) ?? (all.length ? all.join(", ") : null);
}

function period(v: Obj): string {
	const from = text(v.start);
	const to = text(v.end);
	const say = (d: string) => dateWords(d) ?? d;
	if (from && to) return `${say(from)} to ${say(to)}`;
	return from ? `since ${say(from)}` : to ? `until ${say(to)}` : "no dates";
}

/** The value in one line, or null when it has to be shown element by element.
 *  names gives the names of what references point to. */
export function words(value: Json, names: Record<string, string>): string | null {
	if (value === null) return "";
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (typeof value === "number") return String(value);
	if (typeof value === "string") return dateWords(value) ?? value;
	if (Array.isArray(value)) return null;
	if (value.reference !== undefined || value.type === "Patient")
		return (
			text(value.display) ??
			names[text(value.reference) ?? ""] ??
			text(value.reference) ??
			null
		);
	if (value.coding !== undefined) return concept(value);
	if (value.system !== undefined && value.code !== undefined && value.value === undefined)
		return coding(value);
	if (value.value !== undefined && (value.unit !== undefined || value.code !== undefined))
		return quantity(value);
	if (value.family !== undefined || value.given !== undefined) return humanName(value);
	if (value.postalCode !== undefined || (value.line !== undefined && value.city !== undefined))
		return address(value);
	const names_ = Object.keys(value).filter((k) => k !== "id" && k !== "extension");
	if (names_.length > 0 && names_.every((k) => k === "start" || k === "end")) return period(value);
	if (names_.length === 1 && names_[0] === "text") return text(value.text);
	if (names_.length === 1 && names_[0] === "display") return text(value.display);
	if (isObject(value.low) || isObject(value.high)) {
		const low = isObject(value.low) ? quantity(value.low) : null;
		const high = isObject(value.high) ? quantity(value.high) : null;
		if (names_.every((k) => k === "low" || k === "high"))
			return low && high ? `${low} to ${high}` : low ? `at least ${low}` : `up to ${high}`;
		return null;
	}
	if (isObject(value.numerator) && isObject(value.denominator))
		return `${quantity(value.numerator) ?? ""} per ${quantity(value.denominator) ?? ""}`;
	if (value.value !== undefined && value.system !== undefined) {
		// Identifier or ContactPoint
		const use = text(value.use);
		return `${text(value.value)}${use ? ` (${use})` : ""}`;
	}
	return null;
}

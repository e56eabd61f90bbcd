// Words for times and numbers.  Pure.

const units: [string, number][] = [
	["year", 365.25 * 864e5],
	["month", 30.44 * 864e5],
	["week", 7 * 864e5],
	["day", 864e5],
	["hour", 36e5],
	["min", 6e4],
];

/** "38 min ago", "in 3 weeks": the largest unit that gives at least 2, so that
 *  nothing is rounded by more than a third. */
export function relative(instant: string | number, now: number): string {
	const at = typeof instant === "number" ? instant : Date.parse(instant);
	if (Number.isNaN(at)) return "";
	const apart = Math.abs(now - at);
	if (apart < 6e4) return "now";
	let n = Math.floor(apart / 6e4);
	let unit = "min";
	for (const [name, ms] of units) {
		const whole = Math.floor(apart / ms);
		if (whole >= 2 || (name === "min" && whole >= 1)) {
			n = whole;
			unit = name;
			break;
		}
	}
	const words = `${n} ${unit}${n === 1 || unit === "min" ? "" : "s"}`;
	return at > now ? `in ${words}` : `${words} ago`;
}

/** The same for a calendar day: "today", "yesterday", "tomorrow", "12 days ago". */
export function relativeDay(day: string, today: string): string {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return "";
	const days = Math.round((Date.parse(day) - Date.parse(today)) / 864e5);
	if (days === 0) return "today";
	if (days === -1) return "yesterday";
	if (days === 1) return "tomorrow";
	return relative(Date.parse(day), Date.parse(today));
}

/** The calendar day in London of an instant. */
export function londonDay(instant: number): string {
	const parts = new Intl.DateTimeFormat("en-GB", {
		timeZone: "Europe/London",
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
	}).formatToParts(instant);
	const get = (t: string) => parts.find((p) => p.type === t)?.value ?? "";
	return `${get("year")}-${get("month")}-${get("day")}`;
}

// Made once: making it takes longer than a hundred numbers.
const counts = new Intl.NumberFormat("en-GB");

export const count = (n: number) => counts.format(n);

export const plural = (n: number, one: string, many = `${one}s`) =>
	`${count(n)} ${n === 1 ? one : many}`;

/** "clinicalStatus" → "Clinical status"; "valueQuantity" → "Value". */
export function label(element: string): string {
	const words = element
		.replace(
			/^(value|effective|onset|abatement|performed|occurrence|deceased|medication|multipleBirth|scheduled|product|timing|asNeeded|rate|dose|serviced|reported|content|defaultValue|location|diagnosis|procedure|item|entity|subject|target|detail|due|start|age|born|created)(Quantity|CodeableConcept|DateTime|Date|String|Boolean|Integer|Period|Reference|Range|Ratio|Age|Timing|Attachment|Time|SampledData|Instant|Coding|Uri|Decimal|Code|Identifier|Address|Duration)$/,
			"$1",
		)
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.toLowerCase();
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Indents JSON text without touching a number or string in it: 1.00 stays 1.00. */
export function indentJson(text: string): string {
	let out = "";
	let depth = 0;
	const line = () => `\n${"  ".repeat(depth)}`;
	for (let i = 0; i < text.length; i++) {
		const c = text[i] as string;
		if (c === '"') {
			let end = i + 1;
			while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
			out += text.slice(i, end + 1);
			i = end;
		} else if (c === "{" || c === "[") {
			const close = c === "{" ? "}" : "]";
			let next = i + 1;
			while (/\s/.test(text[next] ?? "")) next++;
			if (text[next] === close) {
				out += c + close;
				i = next;
			} else {
				depth++;
				out += c + line();
			}
		} else if (c === "}" || c === "]") {
			depth--;
			out += line() + c;
		} else if (c === ",") {
			out += c + line();
		} else if (c === ":") {
			out += ": ";
		} else if (!/\s/.test(c)) {
			out += c;
		}
	}
	return out;
}

/** JSON text with each number as a string, so that reading it keeps 1.00 as 1.00. */
export function numbersAsText(json: string): string {
	return json.replace(
		/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
		(token) => (token.startsWith('"') ? token : `"${token}"`),
	);
}

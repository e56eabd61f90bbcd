// Words, order and clocks of the boards.  Pure: the time comes in.

import type { Clock, Flag, Row } from "./types";

/** "45 min", "1 h 05", "3 days": whole units, rounded down so that no time is
 *  promised that is not there. */
export function span(ms: number): string {
	const min = Math.floor(ms / 6e4);
	if (min < 1) return "under 1 min";
	if (min < 100) return `${min} min`;
	const hours = Math.floor(min / 60);
	if (hours < 48) return `${hours} h ${String(min % 60).padStart(2, "0")}`;
	return `${Math.floor(hours / 24)} days`;
}

export function timeLeft(due: number, now: number): string {
	const left = due - now;
	return left >= 0 ? `${span(left)} left` : `late by ${span(-left)}`;
}

const at = (text: string | undefined) => (text ? Date.parse(text) : Number.NaN);

// Made once: a formatter costs more than all it formats on a board.
const london = (o: Intl.DateTimeFormatOptions) =>
	new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", ...o });
const timeOf = london({ hour: "2-digit", minute: "2-digit" });
const dayOf = london({ day: "2-digit", month: "2-digit", year: "numeric" });
const weekdayOf = london({ weekday: "short" });
const dateOf = london({ day: "numeric", month: "short" });

/** The time of day in London, and the day when it is another one: "14:02", "Tue 14:02",
 *  "3 Feb 14:02". */
export function clockTime(instant: string | number | undefined, now: number): string {
	const t = typeof instant === "number" ? instant : at(instant);
	if (!Number.isFinite(t)) return "";
	const time = timeOf.format(t);
	if (dayOf.format(t) === dayOf.format(now)) return time;
	if (Math.abs(t - now) < 6 * 864e5) return `${weekdayOf.format(t)} ${time}`;
	return `${dateOf.format(t)} ${time}`;
}

export type Tone = "late" | "soon" | "running" | "paused" | "met" | "missed" | "ended";

const soon = 15 * 6e4;

export function toneOf(clock: Clock, now: number): Tone {
	if (clock.state === "paused") return "paused";
	if (clock.state === "met") return "met";
	if (clock.state === "late") return "missed";
	if (clock.state !== "running") return "ended";
	const due = at(clock.due);
	if (!Number.isFinite(due)) return "running";
	if (due < now) return "late";
	return clock.warned || due - now < soon ? "soon" : "running";
}

/** What a chip says: the shape and the colour only repeat it. */
export function chipText(clock: Clock, now: number): string {
	switch (toneOf(clock, now)) {
		case "paused":
			return "paused";
		case "met":
			return "in time";
		case "missed":
			return "was late";
		case "ended":
			return clock.state === "superseded" ? "replaced" : "ended";
		default:
			return clock.due ? timeLeft(at(clock.due), now) : "running";
	}
}

const short: Record<string, string> = {
	C1: "2 hours",
	C2: "2 days",
	C3: "Triage",
	C4: "18 weeks",
	C5: "Hand-over",
	reply: "Reply",
};

export const clockName = (clock: Clock) => short[clock.id] ?? clock.title;

const far = Number.MAX_SAFE_INTEGER;
const dueOf = (clock: Clock) => {
	const due = at(clock.due);
	return clock.state === "running" && Number.isFinite(due) ? due : far;
};

/** The clock that a row is sorted by: the one that is due first, else a paused one,
 *  else the last. */
export function mainClock(row: Row): Clock | undefined {
	const clocks = row.clocks ?? [];
	let best: Clock | undefined;
	for (const c of clocks) if (dueOf(c) < far && (!best || dueOf(c) < dueOf(best))) best = c;
	return best ?? clocks.find((c) => c.state === "paused") ?? clocks[clocks.length - 1];
}

// A row is never changed, only replaced: what it is sorted by is read once.
const dues = new WeakMap<Row, number>();

export function nextDue(row: Row): number {
	let due = dues.get(row);
	if (due === undefined) {
		due = at(row.next);
		if (!Number.isFinite(due)) due = Math.min(far, ...(row.clocks ?? []).map(dueOf));
		dues.set(row, due);
	}
	return due;
}

/** By time left; then who came first; then by id, so that no two rows tie. */
export function byTimeLeft(a: Row, b: Row): number {
	return (
		nextDue(a) - nextDue(b) ||
		(a.received < b.received ? -1 : a.received > b.received ? 1 : 0) ||
		(a.id < b.id ? -1 : 1)
	);
}

/** Safeguarding and scene safety stand first. */
export function inOrder(flags: Flag[] | undefined): Flag[] {
	const rank = (f: Flag) => (f.category === "SG" ? 0 : f.category === "SS" ? 1 : 2);
	return [...(flags ?? [])].sort((a, b) => rank(a) - rank(b));
}

/** Is it less urgent than the referrer asked for?  Advice asked for is no
 *  urgency to be lowered. */
export function isLower(chosen: string | undefined, asked: string | undefined): boolean {
	return !!chosen && !!asked && asked !== "A0" && chosen !== "A0" && chosen > asked;
}

export const placeName = (row: Row) => row.localityName ?? row.locality;

/** Who has it now, and who was asked. */
export function ownerText(row: Row): string {
	if (row.offered) return `offered to ${row.offered.name}`;
	if (row.owner?.kind === "team") return row.owner.name ?? "a team";
	return row.owner ? "the hub" : "";
}

/** A code as words: "community-nurse" is a community nurse. */
export const unhyphened = (code: string | undefined) => (code ?? "").replace(/-/g, " ");

/** The label of a field inside a sentence: "Name" is "name", "ODS code" stays. */
export const inSentence = (label: string) =>
	/^[A-Z][a-z]/.test(label) && !label.startsWith("ReSPECT")
		? label.charAt(0).toLowerCase() + label.slice(1)
		: label;

export const nhsInThrees = (nhs: string | undefined) =>
	nhs?.replace(/\s/g, "").replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");

export const ageText = (age: number | string | undefined) =>
	age === undefined ? "" : typeof age === "number" ? `${age}y` : age;

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "03-Mar-1942", as everywhere on an NHS banner; a shorter date as it is. */
export function bornText(born: string | undefined): string {
	const m = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(born ?? "");
	if (!m) return born ?? "";
	return [m[3], months[Number(m[2]) - 1], m[1]].filter(Boolean).join("-");
}

export const sexText = (sex: string | undefined) => (sex ? sex.charAt(0).toUpperCase() + sex.slice(1) : "");

/** How NEWS2 stands; partial is never told as a total. */
export function newsText(row: Row): { text: string; tone: "high" | "middle" | "low" | "none" } {
	const n = row.news2;
	if (!n || (n.total === undefined && !n.partial)) return { text: "no NEWS2", tone: "none" };
	if (n.partial || n.total === undefined || n.total < 0) return { text: "NEWS2 partial", tone: "none" };
	return {
		text: `NEWS2 ${n.total}`,
		tone: n.total >= 7 ? "high" : n.total >= 5 ? "middle" : "low",
	};
}

/** What changed between two versions of a row, in a word or two. */
export function changeText(before: Row, after: Row): string {
	if (before.state !== after.state) return `was ${before.stateText}`;
	if (before.urgency !== after.urgency) return "urgency changed";
	if ((after.unread ?? 0) > (before.unread ?? 0)) return "new message";
	if (before.owner?.id !== after.owner?.id) return "owner changed";
	return "changed";
}

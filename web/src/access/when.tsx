// A time as people read it: the day and time in London, and how long ago.

import { relative } from "../base/format";
import { dateWords } from "../record/words";

export function whenText(at: string | undefined): string {
	return at ? (dateWords(at) ?? at) : "";
}

export function When({ at, now, none = "never" }: { at: string | undefined; now?: number; none?: string }) {
	if (!at) return <>{none}</>;
	return (
		<time dateTime={at}>
			{whenText(at)} <span className="hf-dim">{relative(at, now ?? Date.now())}</span>
		</time>
	);
}

/** The day a number of days from today, for a date field. */
export function dayFromToday(days: number): string {
	return new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);
}

/** A day from a date field as an instant: its beginning, or its end. */
export const dayStart = (day: string) => (day ? `${day}T00:00:00Z` : "");
export const dayEnd = (day: string) => (day ? `${day}T23:59:59Z` : "");

// What guards ask, as fields: what is known stands in them, with where it comes from.

import { Area, Field, Select } from "../base/form";
import { clockTime } from "../hub/words";
import type { Need } from "./types";

export type Said = Record<string, string>;

const asText = (v: unknown) => (v === undefined || v === null ? "" : String(v));

/** Where a value comes from, in words. */
function from(n: Need): string {
	if (!n.known) return n.why ? `Not known: ${n.why}.` : "Nobody has said it yet.";
	const when = n.at ? `, ${clockTime(n.at, Date.now())}` : "";
	return n.from === "record" ? `From the record${when}.` : `As it was said${when}.`;
}

export function FactField({ need, said, onChange }: { need: Need; said: Said; onChange: (v: string) => void }) {
	const value = said[need.fact] ?? asText(need.value);
	const hint = from(need);
	if (need.kind === "boolean")
		return (
			<Select
				label={need.title}
				hint={hint}
				empty="Not known"
				choices={[
					{ code: "true", text: "Yes" },
					{ code: "false", text: "No" },
				]}
				value={value}
				onChange={onChange}
			/>
		);
	if (need.kind === "code")
		return (
			<Select
				label={need.title}
				hint={hint}
				empty="Not known"
				choices={need.codes}
				value={value}
				onChange={onChange}
			/>
		);
	if (need.kind === "string")
		return <Area label={need.title} hint={hint} rows={2} maxLength={1000} value={value} onChange={onChange} />;
	const range = need.min !== undefined && need.max !== undefined && need.max < 1000000;
	return (
		<Field
			label={range ? `${need.title} (${need.min} to ${need.max})` : need.title}
			hint={hint}
			width="number"
			inputMode={need.kind === "integer" ? "numeric" : "decimal"}
			value={value}
			onChange={onChange}
		/>
	);
}

/** What was changed, as the server takes it; a text that is no number is named. */
export function factsOf(needs: Need[], said: Said): { facts: Record<string, unknown>; wrong?: string } {
	const facts: Record<string, unknown> = {};
	for (const n of needs) {
		const text = said[n.fact]?.trim();
		if (text === undefined || text === asText(n.value)) continue;
		if (text === "") facts[n.fact] = null;
		else if (n.kind === "boolean") facts[n.fact] = text === "true";
		else if (n.kind === "integer" || n.kind === "decimal") {
			const number = Number(text);
			if (Number.isNaN(number)) return { facts, wrong: `${n.title}: enter a number.` };
			facts[n.fact] = number;
		} else facts[n.fact] = text;
	}
	return { facts };
}

// Small parts of the pages about whose records are one person's.

import { Sign, Verified } from "../base/ui";
import type { FieldSays, Line } from "./types";

/** Who a record says somebody is, in two lines. */
export function Who({ of }: { of: Line }) {
	if (of.gone) return <span className="hf-dim">A record that is not there any more</span>;
	return (
		<>
			<strong>{of.name}</strong>
			<div>
				{of.born ? `Born ${of.born}` : "Date of birth not known"}
				{of.age ? ` (${of.age})` : ""}
				{of.sex ? `, ${of.sex}` : ""}
			</div>
			{of.nhsNumber && (
				<div className="hf-number">
					{of.nhsNumber} <Verified ok={of.nhsNumberVerified === true} />
				</div>
			)}
			<div className="hf-dim">Record {of.id}</div>
		</>
	);
}

/** Bits as people can weigh them: for or against, and how much. */
export function Bits({ of }: { of: number }) {
	const strength = Math.abs(of) >= 6 ? "strongly" : Math.abs(of) >= 2 ? "" : "slightly";
	return (
		<span className={of >= 0 ? "hf-for" : "hf-against"}>
			<Sign of={of >= 0 ? "tick" : "warn"} /> {of >= 0 ? "for" : "against"}
			{strength ? `, ${strength}` : ""}{" "}
			<span className="hf-dim">({of > 0 ? "+" : ""}{of.toFixed(1)} bits)</span>
		</span>
	);
}

/** How likely it is, without false precision. */
export function likely(probability: number): string {
	if (probability > 0.999) return "more than 99.9 %";
	if (probability > 0.99) return "more than 99 %";
	if (probability < 0.01) return "less than 1 %";
	return `about ${Math.round(probability * 100)} %`;
}

const fieldNames: Record<string, string> = {
	number: "NHS number",
	family: "Family name",
	given: "Given name",
	middle: "Middle name",
	birth: "Date of birth",
	sex: "Sex",
	place: "Address",
	phone: "Telephone",
};

export const fieldName = (code: string) => fieldNames[code] ?? code;

/** What speaks for and against, the strongest first. */
export function Grounds({ fields }: { fields: FieldSays[] }) {
	const sorted = [...fields].sort((a, b) => Math.abs(b.bits) - Math.abs(a.bits));
	return (
		<ul className="hf-grounds">
			{sorted.map((f) => (
				<li key={f.field}>
					<span className="hf-grounds__text">
						{fieldName(f.field)}: {f.text}
					</span>{" "}
					<Bits of={f.bits} />
				</li>
			))}
		</ul>
	);
}

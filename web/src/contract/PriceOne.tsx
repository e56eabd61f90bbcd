// "Why is it worth that?": one thing done, priced by this list, step by step.  Nothing is kept.

import { useState } from "react";
import { send } from "../base/api";
import { ErrorSummary, Field, Select, useSubmit } from "../base/form";
import { plural } from "../base/format";
import { monthName, pounds } from "./money";
import { asks, type PricedOne } from "./prices";

const kinds = [
	{ code: "spell", text: "A stay in hospital" },
	{ code: "outpatient", text: "An outpatient contact" },
	{ code: "ae", text: "An A&E attendance" },
	{ code: "unbundled", text: "An unbundled item" },
	{ code: "drug", text: "A medicine or device at cost" },
];

const words: Record<string, { label: string; hint?: string; date?: boolean }> = {
	hrg: { label: "HRG or code" },
	provider: { label: "Provider", hint: "ODS code" },
	specialty: { label: "Treatment function", hint: "three digits, as 300" },
	admitted: { label: "Admitted", date: true },
	day: { label: "Discharge or attendance", date: true },
	method: { label: "Admission method", hint: "11 to 13 elective, 21 to 28 emergency, 81 transfer" },
	cls: { label: "Class", hint: "stay: 1 ordinary, 2 day case; outpatient: 1 first, 2 follow-up, 3 procedure; A&E: type of department" },
	age: { label: "Age", hint: "in years" },
	critical: { label: "Days of critical care" },
	rehab: { label: "Days of rehabilitation" },
	palliative: { label: "Days of palliative care" },
	quantity: { label: "Quantity", hint: "1 when left blank" },
	cost: { label: "What it cost", hint: "pounds, all of the quantity" },
	investigation: { label: "Investigation category", hint: "0 to 3" },
	treatment: { label: "Treatment category", hint: "0 to 5" },
	flags: { label: "Flags", hint: "with a blank between: bpt_sus, bpt_local, procedure, multi, internal …" },
	specialised: { label: "Specialised services", hint: "with a blank between: ORTHO, CHILDREN …" },
};

function Answer({ of }: { of: PricedOne }) {
	return (
		<section aria-labelledby="worth">
			<h3 id="worth">
				{of.problem ? "No price" : pounds(of.value)}: {of.pod.text}
			</h3>
			{of.problem && <p className="hf-problem" role="alert">{of.problem.text[0]?.toUpperCase() + of.problem.text.slice(1)}.</p>}
			{of.excessDays > 0 && (
				<p>
					Of it {pounds(of.excessValue)} for {plural(of.excessDays, "day", "days")} beyond the trim point.
				</p>
			)}
			{!of.validOnDay && <p className="hf-problem">The list is not valid on that day.</p>}
			{of.listOfDay && of.listOfDay !== of.list && (
				<p className="hf-problem">That day’s prices are those of {of.listOfDay}: this is what {of.list} would say.</p>
			)}
			<p className="hf-dim">
				It counts in {monthName(of.month)} of {of.year}.
			</p>
			<ol className="hf-steps">
				{of.steps.map((s, i) => (
					<li key={i}>
						{s.text} <span className="hf-dim">({s.clause})</span>
					</li>
				))}
			</ol>
		</section>
	);
}

export function PriceOne({ id }: { id: string }) {
	const [row, setRow] = useState<Record<string, string>>({ kind: "spell" });
	const [answer, setAnswer] = useState<PricedOne>();
	const kind = row.kind ?? "spell";
	const fields = asks[kind] ?? [];
	const set = (name: string, value: string) => setRow({ ...row, [name]: value });
	const of = useSubmit(
		() => (row.day ? {} : { day: "The day of discharge or attendance is needed." }),
		async () => {
			setAnswer(undefined);
			const asked = Object.fromEntries(fields.filter((f) => row[f]).map((f) => [f, row[f]]));
			setAnswer(await send<PricedOne>(`/api/contract/prices/${encodeURIComponent(id)}/price`, { kind, ...asked }));
		},
		fields,
	);
	return (
		<section>
			<h2>Price one</h2>
			<p className="hf-dim">What one thing done is worth by this list, and why. No person is in it, and nothing is kept.</p>
			<form onSubmit={of.submit} noValidate>
				<ErrorSummary of={of} ids={Object.fromEntries(fields.map((f) => [f, `one-${f}`]))} />
				<Select label="What was done" value={kind} onChange={(v) => set("kind", v)} choices={kinds} />
				<div className="hf-prices__fields">
					{fields.map((f) => (
						<Field
							key={f}
							id={`one-${f}`}
							label={words[f]?.label ?? f}
							hint={words[f]?.hint}
							type={words[f]?.date ? "date" : "text"}
							value={row[f] ?? ""}
							error={of.wrong[f]}
							onChange={(v) => set(f, v)}
						/>
					))}
				</div>
				<p>
					<button type="submit" className="hf-main-button hf-main-button--small" disabled={of.busy}>Price it</button>
				</p>
			</form>
			<div aria-live="polite">{answer && <Answer of={answer} />}</div>
		</section>
	);
}

// Results that outcomes are paid by, taken from the measures: the figure, its interval,
// how many cases, and what is on hold.

import { useState } from "react";
import { send } from "../base/api";
import { Done, ErrorSummary, Main, Select, useSubmit } from "../base/form";
import { count } from "../base/format";
import { Table } from "../base/table";
import { monthName } from "./money";
import type { Contract } from "./types";

interface Taken {
	line: string;
	title: string;
	measure: string;
	hash: string;
	area: string;
	hold: boolean;
	status: string;
	value: number | null;
	low: number | null;
	high: number | null;
	n: number;
	source: string;
}

export function Outcomes({ c, again }: { c: Contract; again: () => void }) {
	const lines = c.components.flatMap((p) => p.lines).filter((l) => l.measure);
	const [month, setMonth] = useState(String(Math.max(1, c.months)));
	const [cut, setCut] = useState("flex");
	const [taken, setTaken] = useState<Taken[]>();
	const start = Number(c.from.slice(0, 4));
	const form = useSubmit(
		() => ({}),
		async () => {
			const m = ((Number(month) + 2) % 12) + 1;
			const r = await send<{ taken: Taken[] }>(`/api/contract/${encodeURIComponent(c.id)}/figures/measures`, {
				month: `${m >= 4 ? start : start + 1}-${String(m).padStart(2, "0")}`,
				cut,
			});
			setTaken(r.taken);
			again();
		},
	);
	if (lines.length === 0) return null;
	return (
		<section className="hf-chart hf-lead__row hf-no-print">
			<h2>Results from the measures</h2>
			<p>
				{lines.map((l) => l.title).join("; ")}: the result is taken from the outcome framework, from the contract's first day to the end of a month.
				Fewer cases than the contract asks for hold the payment.
			</p>
			{c.party && (
				<form onSubmit={form.submit} noValidate>
					<ErrorSummary of={form} />
					<Select label="To the end of" value={month} onChange={setMonth} choices={Array.from({ length: 12 }, (_, i) => ({ code: String(i + 1), text: monthName(i + 1) }))} />
					<Select label="Cut" value={cut} onChange={setCut} choices={[{ code: "flex", text: "First cut, provisional" }, { code: "freeze", text: "Final" }]} />
					<Main busy={form.busy}>Take the results</Main>
				</form>
			)}
			{taken && (
				<>
					<Done>The results are kept with what they were taken from.</Done>
					<Table
						caption="What was taken"
						rows={taken}
						id={(t) => t.line}
						columns={[
							{ head: "Outcome", cell: (t) => t.title },
							{ head: "Result", number: true, cell: (t) => (t.hold ? `on hold: ${t.status}` : String(t.value)) },
							{ head: "95% interval", number: true, cell: (t) => (t.hold ? "–" : `${t.low} to ${t.high}`) },
							{ head: "Cases", number: true, cell: (t) => (t.hold ? "–" : count(t.n)) },
							{ head: "Measure", cell: (t) => <>{t.measure} <span className="hf-dim">{t.hash}, {t.area}</span></> },
						]}
					/>
				</>
			)}
		</section>
	);
}

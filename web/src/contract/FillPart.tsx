// The months of a contract out of the place's activity: first what it would make of them,
// with a sentence for each thing that is in no figure; then, when that is right, kept.

import { useState } from "react";
import { send } from "../base/api";
import { count, plural } from "../base/format";
import { Do, Done } from "../base/form";
import { Table } from "../base/table";
import { pounds } from "./money";
import type { Fill } from "./types";

type Cut = "flex" | "freeze";

export function FillPart({ id, months, titles }: { id: string; months: string[]; titles: Record<string, string> }) {
	const [month, setMonth] = useState("");
	const [cut, setCut] = useState<Cut>("flex");
	const [looked, setLooked] = useState<Fill & { of: { month: string; cut: Cut } }>();
	const [done, setDone] = useState("");
	const ask = (dry: boolean) =>
		send<Fill>(`/api/contract/${encodeURIComponent(id)}/figures/activity`, { ...(month && { month }), cut, dry });
	const same = looked && looked.of.month === month && looked.of.cut === cut ? looked : undefined;
	return (
		<details className="hf-chart__behind hf-no-print">
			<summary>Figures out of the activity</summary>
			<p>
				The activity is priced by the list of each day and added up by line and month. What stands as it would be made again is not kept
				again; a month that is final is not changed.
			</p>
			<div className="hf-bar">
				<label>
					Of{" "}
					<select value={month} onChange={(e) => setMonth(e.target.value)}>
						<option value="">every month that has ended</option>
						{months.map((m) => (
							<option key={m}>{m}</option>
						))}
					</select>
				</label>
				<label>
					As{" "}
					<select value={cut} onChange={(e) => setCut(e.target.value as Cut)}>
						<option value="flex">first cut (flex)</option>
						<option value="freeze">final (freeze)</option>
					</select>
				</label>
				<Do
					run={async () => {
						setDone("");
						setLooked({ ...(await ask(true)), of: { month, cut } });
					}}
				>
					Look first
				</Do>
			</div>
			{done && <Done>{done}</Done>}
			{same && (
				<>
					<p aria-live="polite">
						{plural(same.rows.length, "figure")} would be kept; {count(same.unchanged)} stand as they are.
					</p>
					{same.rows.length > 0 && (
						<Table
							caption="What would be kept"
							rows={same.rows}
							id={(r) => `${r.line}-${r.month}`}
							columns={[
								{ head: "Line", cell: (r) => titles[r.line] ?? r.line },
								{ head: "Month", cell: (r) => r.month },
								{ head: "Data", cell: (r) => (r.cut === "freeze" ? "final" : "first cut") },
								{ head: "Units", number: true, cell: (r) => count(r.units) },
								{ head: "Pounds", number: true, cell: (r) => pounds(r.pence) },
							]}
						/>
					)}
					{same.notes.length > 0 && (
						<>
							<h2>In no figure</h2>
							<ul>
								{same.notes.map((n, i) => (
									<li key={i}>{n.text}</li>
								))}
							</ul>
						</>
					)}
					{same.rows.length > 0 && (
						<Do
							run={async () => {
								const r = await ask(false);
								setLooked(undefined);
								setDone(`${plural(r.rows.length, "figure")} kept.`);
							}}
						>
							Keep them as {cut === "freeze" ? "final" : "a first cut"}
						</Do>
					)}
				</>
			)}
		</details>
	);
}

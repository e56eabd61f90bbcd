// What others report of the same measure, beside our own figure of the same days.

import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { intervalText, num, valueText } from "./figure";
import type { Figure, OneMeasure } from "./types";

interface Report {
	id: string;
	source: string;
	version: string;
	sameVersion: boolean;
	from: string;
	to: string;
	unit: string;
	whole: Figure;
	ours: Figure | null;
	by: string;
	strata: (Figure & { name?: string })[];
}

const withInterval = (f: Figure | null, unit: string) => (f === null ? "we have none of these days" : `${valueText(f, unit)}${intervalText(f) && ` (${intervalText(f)})`}`);
const standard = (f: Figure | null) =>
	f === null || f.standard === null || f.standard === undefined ? "–" : `${num(f.standard)} (${num(f.standardLow)} to ${num(f.standardHigh)})`;

export function Outside({ data }: { data: OneMeasure }) {
	const { measure: m } = data;
	const { data: found } = useAsked<{ reports: Report[] }>(`/api/population/measures/${encodeURIComponent(m.id)}/outside`);
	if (!found || found.reports.length === 0) return null;
	const other = found.reports.some((r) => !r.sameVersion);
	const standards = found.reports.some((r) => standard(r.whole) !== "–");
	return (
		<section className="hf-chart hf-lead__row">
			<h2>What others report</h2>
			<p>
				Sent by other places of the same measure, with our own figure of the same days. Compare standardised figures where ages differ; an interval that overlaps shows no difference.
				{other && " Where the version differs, what is counted may differ too."}
			</p>
			<Table
				caption="Reports of others"
				rows={found.reports}
				id={(r) => r.id}
				columns={[
					{ head: "Who", cell: (r) => r.source || "not said" },
					{ head: "Days", cell: (r) => `${r.from} to ${r.to}` },
					{ head: "Counted", number: true, cell: (r) => (r.whole.n === null ? "–" : count(r.whole.n)) },
					{ head: "Theirs (95% interval)", number: true, cell: (r) => withInterval(r.whole, r.unit || m.unit) },
					{ head: "Ours of the same days", number: true, cell: (r) => withInterval(r.ours, m.unit) },
					...(standards
						? [
								{ head: "Theirs, standardised", number: true, cell: (r: Report) => standard(r.whole) },
								{ head: "Ours, standardised", number: true, cell: (r: Report) => standard(r.ours) },
							]
						: []),
					{ head: "Definition", cell: (r) => (r.sameVersion ? "the same" : r.version ? `version ${r.version}, ours ${m.version}` : "version not said") },
				]}
			/>
			{found.reports.some((r) => r.strata.length > 0) && (
				<details className="hf-chart__behind">
					<summary>By their areas</summary>
					{found.reports
						.filter((r) => r.strata.length > 0)
						.map((r) => (
							<Table
								key={r.id}
								caption={`${r.source || "Not said"}, ${r.from} to ${r.to}, by ${r.by || "area"}`}
								rows={r.strata}
								id={(s) => s.name ?? ""}
								columns={[
									{ head: "Area", cell: (s) => s.name ?? "not named" },
									{ head: "Counted", number: true, cell: (s) => (s.n === null ? "–" : count(s.n)) },
									{ head: "Value (95% interval)", number: true, cell: (s) => withInterval(s, r.unit || m.unit) },
								]}
							/>
						))}
				</details>
			)}
		</section>
	);
}

// Why people come back: readmissions by chapter of their main diagnosis, whether it is
// that of the stay before, and after how many days.

import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import type { OneMeasure } from "./types";

interface Answer {
	total: { from: string; to: string };
	n: number | null;
	reasons: { chapter: string; other: number | null; same: number | null; n: number | null }[];
	gaps: { days: string; n: number | null }[];
}

const shown = (n: number | null) => (n === null ? "*" : count(n));

export function Reasons({ data, area }: { data: OneMeasure; area: string }) {
	const { id } = data.measure;
	const here = area === "all" ? "" : `?by=${encodeURIComponent(data.by)}&area=${encodeURIComponent(area)}`;
	const { data: found } = useAsked<Answer>(id.startsWith("readmissions-") ? `/api/population/measures/${encodeURIComponent(id)}/reasons${here}` : null);
	if (!found) return null;
	const rows = [...found.reasons].sort((a, b) => (b.n ?? 0) - (a.n ?? 0));
	return (
		<section className="hf-chart hf-lead__row">
			<h2>Why people come back</h2>
			<p>
				{found.n === null ? "Few" : count(found.n)} readmissions after discharges from {found.total.from} to {found.total.to} (the day after the last), by the main diagnosis of the readmission. “The
				same” is of the same chapter as the stay before: it may be the same illness, and may be another.
			</p>
			<Table
				caption="By chapter of the main diagnosis"
				rows={rows}
				id={(r) => r.chapter}
				columns={[
					{ head: "Chapter", cell: (r) => r.chapter },
					{ head: "The same as before", number: true, cell: (r) => shown(r.same) },
					{ head: "Another", number: true, cell: (r) => shown(r.other) },
					{ head: "Together", number: true, cell: (r) => shown(r.n) },
				]}
			/>
			<Table
				caption="Days from discharge to readmission"
				rows={found.gaps}
				id={(r) => r.days}
				columns={[
					{ head: "After", cell: (r) => r.days },
					{ head: "Readmissions", number: true, cell: (r) => shown(r.n) },
				]}
			/>
			<p className="hf-dim">* 1 to 4, or what they could be told from. Whether a readmission could have been prevented is for those who look at the notes: it is not told from codes.</p>
		</section>
	);
}

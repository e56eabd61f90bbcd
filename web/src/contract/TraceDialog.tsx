// How a figure came about: what went in, each step with its rule, the result.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Dialog, Problem, Waiting } from "../base/ui";
import { monthName, pounds } from "./money";
import type { Trace } from "./types";

/** Where a figure came from; of a hash its beginning, which is enough to compare by. */
function From({ source }: { source: string | undefined }) {
	return source ? <span title={source}>{source.replace(/(sha256 [0-9a-f]{12})[0-9a-f]+$/, "$1…")}</span> : <>–</>;
}

export function TraceDialog(props: { id: string; line: string; month: number; onClose: () => void }) {
	const { data, error, again } = useAsked<Trace>(
		`/api/contract/${encodeURIComponent(props.id)}/trace?line=${encodeURIComponent(props.line)}&month=${props.month}`,
	);
	return (
		<Dialog
			title={data ? `${data.title}: ${pounds(data.result)}` : "How it came about"}
			className="hf-dialog--side"
			onClose={props.onClose}
		>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the steps" />}
			{data && (
				<>
					<p className="hf-dim">The year to date, to {monthName(data.month)}.</p>
					<ol className="hf-trace">
						{data.steps.map((s, i) => (
							<li key={i}>
								{s.text}
								{s.pence !== undefined && <strong> {pounds(s.pence)}</strong>}
								{s.rule && <span className="hf-dim"> ({s.rule})</span>}
							</li>
						))}
					</ol>
					<Table
						caption="What went in"
						rows={data.inputs}
						id={(r) => String(r.seq)}
						columns={[
							{
								head: "Month",
								cell: (r) =>
									data.activity ? (
										<Link
											href={`/contract/${encodeURIComponent(props.id)}/activity?line=${encodeURIComponent(data.line)}&month=${r.month}`}
										>
											{monthName(r.month)}
											<span className="nhsuk-u-visually-hidden">: open its activity</span>
										</Link>
									) : (
										monthName(r.month)
									),
							},
							{ head: "Data", cell: (r) => (r.counts === false ? "after the freeze: does not count" : r.cut === "freeze" ? "final" : "first cut") },
							{ head: "Units", number: true, cell: (r) => (r.units === undefined ? "–" : count(r.units)) },
							{ head: "Pounds", number: true, cell: (r) => (r.pence === undefined ? "–" : pounds(r.pence)) },
							{ head: "From", cell: (r) => <From source={r.source} /> },
						]}
					/>
				</>
			)}
		</Dialog>
	);
}

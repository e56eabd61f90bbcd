// A pooled budget: who put in what, what it is for, and who bears what differs.

import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Chart } from "../chart/Chart";
import { Intervals } from "../chart/Intervals";
import { pounds } from "./money";
import { Difference } from "./parts";
import type { Pool } from "./types";

const partyName = (p: Pool, id: string): string => {
	const at = p.parties[id];
	return typeof at === "string" ? at : (at?.name ?? id);
};

export function PoolPage({ id }: { id: string }) {
	const { data: p, error, again } = useAsked<Pool>(`/api/contract/pools/${encodeURIComponent(id)}`);
	useTitle(p?.title ?? "Pooled budget");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!p) return <div className="hf-page"><Waiting what="the fund" /></div>;
	const over = p.lines.filter((l) => (l.differs ?? 0) > 0);
	const parties = Object.keys(p.parties);
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<h1>{p.title}</h1>
			<p className="hf-dim">{p.summary}</p>
			<ul className="hf-tiles">
				<li><span className="hf-tiles__n">{pounds(p.total)}</span> put in</li>
				<li><span className="hf-tiles__n">{pounds(p.unallocated)}</span> not allocated</li>
				<li><span className="hf-tiles__n">{over.length}</span> lines heading over budget</li>
			</ul>
			<div className="hf-lead__grid">
				<section className="hf-chart">
					<h2>Who put in what</h2>
					<Table
						caption="Contributions"
						rows={p.sources}
						id={(s) => s.id}
						columns={[
							{ head: "Source", cell: (s) => s.title },
							{ head: "From", cell: (s) => partyName(p, s.party) },
							{ head: "For", cell: (s) => (s.ringFence ? `only: ${typeof s.ringFence === "string" ? s.ringFence : "its lines"}` : "any line") },
							{ head: "Pounds", number: true, cell: (s) => pounds(s.pence) },
						]}
					/>
				</section>
				<Chart
					title="Forecast against budget"
					says={over.length === 0 ? "No line is heading over its budget." : `${over.map((l) => l.title).join(", ")}: heading over budget.`}
					method="Outturn is actual and accrued so far, and what remains. An overspend up to a part of the line is shared as the line is split; beyond it falls to who leads."
					drawing={(wide) => (
						<Intervals
							wide={wide}
							reference={100}
							rows={p.lines.map((l) => ({
								key: l.id,
								label: l.title,
								value: l.outturn !== undefined && l.budget > 0 ? (100 * l.outturn) / l.budget : undefined,
								instead: "no figures yet",
							}))}
						/>
					)}
					table={
						<Table
							caption="Lines"
							rows={p.lines}
							id={(l) => l.id}
							columns={[
								{ head: "Line", cell: (l) => l.title },
								{ head: "Budget", number: true, cell: (l) => pounds(l.budget) },
								{ head: "Outturn", number: true, cell: (l) => (l.outturn === undefined ? "–" : pounds(l.outturn)) },
								{ head: "Differs", number: true, cell: (l) => (l.differs === undefined ? "–" : <Difference pence={l.differs} />) },
							]}
						/>
					}
				/>
				<section className="hf-chart hf-lead__row">
					<h2>Who bears what differs</h2>
					<Table
						caption="Shares of each line"
						rows={p.lines}
						id={(l) => l.id}
						columns={[
							{ head: "Line", cell: (l) => l.title },
							{ head: "Leads", cell: (l) => partyName(p, l.lead) },
							{ head: "Split", cell: (l) => parties.map((x) => `${partyName(p, x)} ${l.split[x] ?? 0}%`).join(", ") },
							{ head: "Budget", number: true, cell: (l) => pounds(l.budget) },
							{ head: "Actual and accrued", number: true, cell: (l) => pounds((l.actual ?? 0) + (l.accrued ?? 0)) },
							{ head: "Differs", number: true, cell: (l) => (l.differs === undefined ? "–" : <Difference pence={l.differs} />) },
							...parties.map((x) => ({
								head: partyName(p, x),
								number: true,
								cell: (l: Pool["lines"][number]) => (l.share?.[x] === undefined ? "–" : <Difference pence={l.share[x] ?? 0} />),
							})),
						]}
					/>
				</section>
			</div>
		</div>
	);
}

// "Where is the pooled budget heading, and who bears it?": contributions, lines, variations, claims, returns.

import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Chart } from "../chart/Chart";
import { Waterfall, type Step } from "../chart/Waterfall";
import { Postings } from "./PoolPostings";
import { Returns } from "./PoolReturns";
import { inShort, monthName, pounds, signed } from "./money";
import { Difference } from "./parts";
import { partyName, type PoolBoard } from "./pool";

type Line = PoolBoard["lines"][number];

function Contributions({ p }: { p: PoolBoard }) {
	return (
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
					{ head: "Agreed", number: true, cell: (s) => pounds(s.pence) },
					{ head: "Received", number: true, cell: (s) => pounds(s.received ?? 0) },
				]}
			/>
		</section>
	);
}

/** From the budgets to where they are heading, line by line. */
function Forecast({ p }: { p: PoolBoard }) {
	const budget = p.lines.reduce((n, l) => n + l.budget, 0);
	const outturn = p.lines.reduce((n, l) => n + (l.outturn ?? l.budget), 0);
	const steps: Step[] = [
		{ key: "budget", label: "Budgets", total: true, value: budget },
		...p.lines.filter((l) => (l.differs ?? 0) !== 0).map((l) => ({ key: l.id, label: l.title, value: l.differs ?? 0 })),
		{ key: "outturn", label: "Forecast outturn", total: true, value: outturn },
	];
	return (
		<Chart
			title="From budget to forecast"
			says={
				outturn === budget
					? "The fund is heading for its budget."
					: `The fund is heading ${signed(outturn - budget)} against its budget of ${inShort(budget)}.`
			}
			method={`Outturn is actual and accrued so far, and the budget of the months that remain after ${p.months > 0 ? monthName(p.months) : "the year begins"}. Virements are in the budgets: they add up to nothing.`}
			drawing={(wide) => <Waterfall wide={wide} steps={steps} say={inShort} />}
			table={
				<Table
					caption="Lines"
					rows={p.lines}
					id={(l) => l.id}
					columns={[
						{ head: "Line", cell: (l: Line) => l.title },
						{ head: "Budget", number: true, cell: (l: Line) => pounds(l.budget) },
						{ head: "Of it moved", number: true, cell: (l: Line) => <Difference pence={l.virements ?? 0} /> },
						{ head: "Actual", number: true, cell: (l: Line) => pounds(l.actual ?? 0) },
						{ head: "Accrued", number: true, cell: (l: Line) => pounds(l.accrued ?? 0) },
						{ head: "Remaining", number: true, cell: (l: Line) => pounds(l.remaining ?? 0) },
						{ head: "Outturn", number: true, cell: (l: Line) => (l.outturn === undefined ? "–" : pounds(l.outturn)) },
						{ head: "Differs", number: true, cell: (l: Line) => (l.differs === undefined ? "–" : <Difference pence={l.differs} />) },
					]}
				/>
			}
		/>
	);
}

function Shares({ p }: { p: PoolBoard }) {
	const parties = Object.keys(p.parties);
	return (
		<section className="hf-chart hf-lead__row">
			<h2>Who bears what differs</h2>
			<p className="hf-dim">
				An overspend up to a part of the line goes by its split; beyond that it is the lead’s alone unless both agree. An underspend first
				repays earlier overspends.
			</p>
			<Table
				caption="Shares of each line"
				rows={p.lines}
				id={(l) => l.id}
				columns={[
					{ head: "Line", cell: (l) => <>{l.title}{l.ringFence && <span className="hf-dim"> (ring-fenced)</span>}</> },
					{ head: "Leads", cell: (l) => partyName(p, l.lead) },
					{ head: "Split", cell: (l) => parties.map((x) => `${partyName(p, x)} ${l.split[x] ?? 0}%`).join(", ") },
					{ head: "Differs", number: true, cell: (l) => (l.differs === undefined ? "–" : <Difference pence={l.differs} />) },
					...parties.map((x) => ({
						head: partyName(p, x),
						number: true,
						cell: (l: Line) => (l.share?.[x] === undefined ? "–" : <Difference pence={l.share[x] ?? 0} />),
					})),
					{ head: "The lead alone", number: true, cell: (l) => <Difference pence={l.leadAlone ?? 0} /> },
					{ head: "Repaid", number: true, cell: (l) => pounds(l.repaid ?? 0) },
				]}
			/>
		</section>
	);
}

export function PoolPage({ id }: { id: string }) {
	const { data: p, error, again } = useAsked<PoolBoard>(`/api/contract/pools/${encodeURIComponent(id)}`);
	useTitle(p?.title ?? "Pooled budget");
	if (error) return <div className="hf-page"><h1>Pooled budget</h1><Problem error={error} again={again} /></div>;
	if (!p) return <div className="hf-page"><Waiting what="the fund" /></div>;
	const over = p.lines.filter((l) => (l.differs ?? 0) > 0);
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<h1>{p.title}</h1>
			<p className="hf-dim">
				{p.summary}
				{p.host && ` Held by: ${p.host}.`}
			</p>
			<ul className="hf-tiles">
				<li><span className="hf-tiles__n">{pounds(p.total)}</span> agreed to be put in</li>
				<li><span className="hf-tiles__n">{pounds(p.unallocated)}</span> not allocated</li>
				<li><span className="hf-tiles__n">{over.length}</span> {over.length === 1 ? "line" : "lines"} heading over budget</li>
			</ul>
			<div className="hf-lead__grid">
				<Contributions p={p} />
				<Forecast p={p} />
				<Shares p={p} />
			</div>
			<Postings p={p} again={again} />
			<Returns p={p} />
		</div>
	);
}

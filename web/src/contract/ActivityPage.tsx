// "What is in this figure?": the priced rows of a line and month, and why a row is worth
// what it is.  Nobody is named: a row has the name that its contents make.

import { useState } from "react";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Listing, usePaged } from "../base/table";
import { Dialog, Problem, Waiting, useTitle } from "../base/ui";
import { monthName, pounds } from "./money";
import { ContractNav } from "./parts";
import type { ActivityEvent, ActivityRow, ActivityRows, Contract } from "./types";

function EventDialog(props: { id: string; line: string; month: string; event: string; onClose: () => void }) {
	const { data, error, again } = useAsked<ActivityEvent>(
		`/api/contract/${encodeURIComponent(props.id)}/activity/${encodeURIComponent(props.event)}/trace` +
			`?line=${encodeURIComponent(props.line)}&month=${encodeURIComponent(props.month)}`,
	);
	return (
		<Dialog
			title={data ? `${data.podTitle}, ${data.hrg ?? "no group"}: ${pounds(data.pence)}` : "Why it is worth what it is"}
			className="hf-dialog--side"
			onClose={props.onClose}
		>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the steps" />}
			{data && (
				<>
					<p className="hf-dim">
						Row {data.event}, {data.day}; prices {data.prices}. Who it was is not said here, and cannot be asked.
					</p>
					<ol className="hf-trace">
						{data.steps.map((s, i) => (
							<li key={i}>
								{s.text} <span className="hf-dim">({s.rule})</span>
							</li>
						))}
					</ol>
				</>
			)}
		</Dialog>
	);
}

export function ActivityPage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const [opened, setOpened] = useState<string>();
	const base = `/api/contract/${encodeURIComponent(id)}`;
	const contract = useAsked<Contract>(base);
	const c = contract.data;
	const lines = c ? c.components.flatMap((p) => p.lines.filter((l) => l.activity)) : [];
	const line = query.get("line") ?? lines[0]?.id ?? "";
	const month = query.get("month") ?? String(c?.months ?? "");
	const of = usePaged<ActivityRow>(
		c && line ? `${base}/activity?line=${encodeURIComponent(line)}&month=${encodeURIComponent(month)}` : null,
		"rows",
		"from",
	);
	const first = of.first as (ActivityRows & { next?: string }) | undefined;
	useTitle(c ? `Activity: ${c.title}` : "Activity");
	if (contract.error) return <div className="hf-page"><Problem error={contract.error} again={contract.again} /></div>;
	if (!c) return <div className="hf-page"><Waiting what="the contract" /></div>;
	if (lines.length === 0)
		return (
			<div className="hf-page hf-page--wide">
				<h1>{c.title}</h1>
				<ContractNav id={id} at="activity" />
				<p>This contract does not say which activity belongs to which line: its figures come as they are sent.</p>
			</div>
		);
	return (
		<div className="hf-page hf-page--wide">
			<h1>Activity behind a figure</h1>
			<p className="hf-dim">{c.title}</p>
			<ContractNav id={id} at="activity" />
			<div className="hf-bar">
				<label>
					Line{" "}
					<select value={line} onChange={(e) => change({ line: e.target.value })}>
						{lines.map((l) => (
							<option key={l.id} value={l.id}>
								{l.title}
							</option>
						))}
					</select>
				</label>
				<label>
					Month{" "}
					<select value={month} onChange={(e) => change({ month: e.target.value })}>
						{Array.from({ length: 12 }, (_, i) => (
							<option key={i} value={i + 1}>
								{monthName(i + 1)}
							</option>
						))}
					</select>
				</label>
			</div>
			{first && (
				<p aria-live="polite">
					<strong>{pounds(first.pence)}</strong> in {count(first.count)} rows: {first.title}, {monthName(first.month)}. From {first.feeds},
					priced as it stands now. What the figure counts is what was kept at the cut; a row that came later is shown here and not in it.
				</p>
			)}
			<Listing
				of={of}
				what="the rows"
				one="row"
				many="rows"
				empty="Nothing was done of this line in this month."
				id={(r) => r.event}
				columns={[
					{ head: "Day", cell: (r) => r.day },
					{ head: "Row", cell: (r) => <code>{r.event.slice(8)}</code> },
					{ head: "Group (HRG)", cell: (r) => r.hrg ?? "–" },
					{ head: "Specialty", cell: (r) => r.specialty ?? "–" },
					{ head: "Point of delivery", cell: (r) => r.podTitle },
					{
						head: "Price",
						number: true,
						cell: (r) => (
							<button type="button" className="hf-linklike" onClick={() => setOpened(r.event)}>
								{pounds(r.pence)}
								<span className="nhsuk-u-visually-hidden">: why row {r.event} is worth this</span>
							</button>
						),
					},
				]}
			/>
			{opened && <EventDialog id={id} line={line} month={month} event={opened} onClose={() => setOpened(undefined)} />}
		</div>
	);
}

// The contracts in plain words, for everybody who works with the place.

import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { pounds } from "./money";
import type { PublicSummary } from "./types";

export function PublicPage() {
	useTitle("Where the money goes");
	const { data, error, again } = useAsked<PublicSummary>("/api/contract/public");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!data) return <div className="hf-page"><Waiting what="the summary" /></div>;
	return (
		<div className="hf-page">
			<h1>Where the money goes</h1>
			{data.contracts.length + data.pools.length === 0 && <p className="hf-empty">No contract or fund is published here.</p>}
			{data.contracts.map((c) => (
				<section key={c.title + c.year} className="hf-also">
					<h2>{c.title.includes(c.year) ? c.title : `${c.title}, ${c.year}`}</h2>
					<p>{c.summary}</p>
					<p>
						{c.commissioner} planned to pay {c.provider} <strong>{pounds(c.plan)}</strong> in the year.{" "}
						{c.earned === undefined
							? "No quarter has been agreed yet."
							: `Up to ${c.upTo} both agreed that ${pounds(c.earned)} was earned.`}
					</p>
				</section>
			))}
			{data.pools.map((p) => (
				<section key={p.title} className="hf-also">
					<h2>{p.title.includes(p.year) ? p.title : `${p.title}, ${p.year}`}</h2>
					{p.summary && <p>{p.summary}</p>}
					<Table
						caption={`${p.title}: ${pounds(p.total)} in all`}
						rows={p.lines}
						id={(l) => l.title}
						columns={[
							{ head: "For", cell: (l) => l.title },
							{ head: "Pounds", number: true, cell: (l) => pounds(l.budget) },
						]}
					/>
				</section>
			))}
		</div>
	);
}

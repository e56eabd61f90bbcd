// "Which agreements do we have?": contracts and pooled budgets of the user's organisation.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { monthName } from "./money";
import type { ContractItem, Contracts } from "./types";

export const forms: Record<string, string> = {
	"aligned-incentive": "Aligned incentive",
	"aligned-payment-and-incentive": "Aligned payment and incentive",
	block: "Block",
	"cost-and-volume": "Cost and volume",
	"lead-provider": "Lead provider",
	"outcome-based": "Outcome-based payment",
	capitated: "Capitated budget",
};

/** What is worked with first: those with figures, the newest year before the older. */
const sorted = (list: ContractItem[]): ContractItem[] =>
	[...list].sort((a, b) => Number(b.months > 0) - Number(a.months > 0) || b.year.localeCompare(a.year));

export function ContractsPage() {
	useTitle("Contracts");
	const { data, error, again } = useAsked<Contracts>("/api/contract");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Contracts</h1>
			<p className="hf-dim">
				What we owe, what tariff would have said, and where we are heading. Both parties see the same.{" "}
				<Link href="/contract/public">The summary for everybody</Link>, <Link href="/contract/prices">price lists</Link>
			</p>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the contracts" />}
			{data && data.contracts.length === 0 && (
				<p className="hf-empty">
					Your organisation is no party of a contract here. The administrator says which organisation you work for.
				</p>
			)}
			{data && data.contracts.length > 0 && (
				<Table
					caption="Contracts"
					rows={sorted(data.contracts)}
					id={(c) => c.id}
					columns={[
						{ head: "Contract", cell: (c) => <Link href={`/contract/${encodeURIComponent(c.id)}`}>{c.title}</Link> },
						{ head: "Form", cell: (c) => forms[c.form] ?? c.form },
						{ head: "Year", cell: (c) => <span className="hf-nowrap">{c.year}</span> },
						{ head: "Commissioner", cell: (c) => c.parties.commissioner },
						{ head: "Provider", cell: (c) => c.parties.provider },
						{ head: "Figures to", cell: (c) => (c.months > 0 ? monthName(c.months) : "none yet") },
						{
							head: "State",
							cell: (c) => (
								<>
									{c.status}
									{c.demonstration && <span className="hf-dim">, an example</span>}
								</>
							),
						},
					]}
				/>
			)}
			{data && data.pools.length > 0 && (
				<Table
					caption="Pooled budgets"
					rows={data.pools}
					id={(p) => p.id}
					columns={[
						{ head: "Fund", cell: (p) => <Link href={`/contract/pools/${encodeURIComponent(p.id)}`}>{p.title}</Link> },
						{ head: "Year", cell: (p) => <span className="hf-nowrap">{p.year}</span> },
					]}
				/>
			)}
		</div>
	);
}

// The quarters' statements of a contract: which there are, and making the next.

import { Link, useLocation } from "wouter";
import { send, useAsked } from "../base/api";
import { Do } from "../base/form";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { When } from "../access/when";
import { monthName, quarterName } from "./money";
import { ContractNav } from "./parts";
import type { Contract, Statement } from "./types";

const states: Record<Statement["status"], string> = {
	draft: "draft, nobody has signed",
	signed: "signed by one party",
	agreed: "agreed: signed by both, it never changes",
};

export function StatementsPage({ id }: { id: string }) {
	const at = `/api/contract/${encodeURIComponent(id)}`;
	const contract = useAsked<Contract>(at);
	const { data, error, again } = useAsked<{ statements: Statement[] }>(`${at}/statements`);
	const [, go] = useLocation();
	useTitle("Statements");
	const c = contract.data;
	const months = c?.months ?? 0;
	return (
		<div className="hf-page hf-page--wide">
			<h1>Statements{c && `: ${c.title}`}</h1>
			<ContractNav id={id} at="statements" />
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the statements" />}
			{data && data.statements.length === 0 && <p className="hf-empty">No quarter has a statement yet.</p>}
			{data && data.statements.length > 0 && (
				<Table
					caption="Statements, newest first"
					rows={[...data.statements].sort((a, b) => b.quarter.localeCompare(a.quarter) || b.version - a.version)}
					id={(s) => `${s.quarter} ${s.version}`}
					columns={[
						{
							head: "Quarter",
							cell: (s) => (
								<Link href={`/contract/${encodeURIComponent(id)}/statements/${s.quarter}?version=${s.version}`}>
									{quarterName(s.quarter)}
								</Link>
							),
						},
						{ head: "Version", number: true, cell: (s) => s.version },
						{ head: "State", cell: (s) => states[s.status] },
						{ head: "Prepared", cell: (s) => <>{s.preparedBy?.name} {s.preparedAt && <When at={s.preparedAt} />}</> },
					]}
				/>
			)}
			{c?.party && (
				<section className="hf-also">
					<h2>Make one</h2>
					<p className="hf-dim">
						From the figures there are now. A quarter that both signed has its statement for good; what comes later
						is a correction in the next.
					</p>
					<p className="hf-buttons">
						{[1, 2, 3, 4].map((quarter) =>
							months < quarter * 3 ? (
								<span key={quarter} className="hf-dim">
									Quarter {quarter}: the figures end with {months > 0 ? monthName(months) : "nothing"}.
								</span>
							) : (
								<Do
									key={quarter}
									run={async () => {
										const s = await send<Statement>(`${at}/statements`, { quarter });
										again();
										go(`/contract/${encodeURIComponent(id)}/statements/${s.quarter}?version=${s.version}`);
									}}
								>
									Quarter {quarter}
								</Do>
							),
						)}
					</p>
				</section>
			)}
		</div>
	);
}

// Every posted line, never changed: a correction is another line.

import { When } from "../access/when";
import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { pounds } from "./money";
import { ContractNav } from "./parts";
import type { Contract } from "./types";

interface Entry {
	id: string | number;
	period: number;
	line: string;
	version: number;
	kind: string;
	words?: string;
	document?: string;
	prepared?: { name?: string } | string;
	approved?: { name?: string } | string;
	reverses?: string | number;
	at: string;
	legs: { party: string; pence: number }[];
}

const nameOf = (who: Entry["prepared"]) => (typeof who === "string" ? who : who?.name);

export function LedgerPage({ id }: { id: string }) {
	const at = `/api/contract/${encodeURIComponent(id)}`;
	const contract = useAsked<Contract>(at);
	const { data, error, again } = useAsked<{ entries: Entry[]; closed: number[] }>(`${at}/ledger`);
	useTitle("Ledger");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Ledger{contract.data && `: ${contract.data.title}`}</h1>
			<ContractNav id={id} at="ledger" />
			<p className="hf-dim">Each entry's legs add up to nought. Nothing is changed: a correction is an entry that reverses another.</p>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the ledger" />}
			{data && data.entries.length === 0 && <p className="hf-empty">Nothing has been posted yet. Agreed statements, transfers and postings come here.</p>}
			{data && data.entries.length > 0 && (
				<Table
					caption="Entries"
					rows={data.entries}
					id={(e) => String(e.id)}
					columns={[
						{ head: "Period", cell: (e) => String(e.period) },
						{ head: "Line", cell: (e) => e.line },
						{ head: "What", cell: (e) => <>{e.words ?? e.kind}{e.reverses !== undefined && `, reverses ${e.reverses}`}</> },
						{
							head: "Legs",
							cell: (e) => e.legs.map((l) => <div key={`${l.party}${l.pence}`}>{l.party}: {pounds(l.pence)}</div>),
						},
						{ head: "Prepared, approved", cell: (e) => [nameOf(e.prepared), nameOf(e.approved)].filter(Boolean).join("; ") },
						{ head: "Posted", cell: (e) => <When at={e.at} /> },
					]}
				/>
			)}
			{data && data.closed.length > 0 && <p className="hf-dim">Closed periods: {data.closed.join(", ")}</p>}
		</div>
	);
}

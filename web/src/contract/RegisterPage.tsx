// "Where does the money that hospitals no longer need go?": every scheme with its
// evidence, what it may release, what was moved, and sums that balance.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { casePath } from "./CasesPage";
import { pounds } from "./money";
import type { Register, Scheme } from "./pack";
import { ContractNav, Difference } from "./parts";
import type { Contract } from "./types";

const money = (v: number | undefined) => (v === undefined ? "–" : pounds(v));

function avoided(s: Scheme) {
	if (s.avoided === undefined) return "–";
	const sure = s.avoidedLow !== undefined && s.avoidedHigh !== undefined;
	return (
		<>
			{count(s.avoided)}
			{sure && ` (${s.avoidedLow} to ${s.avoidedHigh})`}
			{sure && (s.avoidedLow ?? 0) <= 0 && <div className="hf-dim">It may be none: the interval goes below one.</div>}
		</>
	);
}

export function SchemeTable({ id, of }: { id: string; of: Register }) {
	if (of.lines.length === 0)
		return <p className="hf-empty">No scheme is in the register. Open a transfer to the community to begin one.</p>;
	return (
		<Table
			caption="Schemes"
			rows={of.lines}
			id={(s) => s.subject}
			columns={[
				{ head: "Scheme", cell: (s) => <Link href={casePath(id, s.subject)}>{s.title}</Link> },
				{ head: "State", cell: (s) => s.stateTitle },
				{
					head: "Moves",
					cell: (s) => (
						<>
							{s.from ?? "–"} → {s.to ?? "–"}
							<div className="hf-dim">{s.effective ? `from ${s.effective}` : "no day yet"}</div>
						</>
					),
				},
				{
					head: "Avoided, by what evidence",
					cell: (s) => (
						<>
							{avoided(s)}
							{s.baseline !== undefined && <div className="hf-dim">{count(s.baseline)} before</div>}
							<div className="hf-dim">{s.evidence ?? "no evidence yet"}</div>
						</>
					),
				},
				{
					head: "Released",
					number: true,
					cell: (s) => (
						<>
							{money(s.released)}
							{s.released !== undefined && (
								<div className="hf-dim">
									{count(s.avoided ?? 0)} × {money(s.marginal)} × {(s.releasable ?? 0) / 100}%
								</div>
							)}
						</>
					),
				},
				{ head: "Agreed block change", number: true, cell: (s) => money(s.blockChange) },
				{
					head: "In the community",
					number: true,
					cell: (s) => (
						<>
							{money(s.communityCost)}
							{s.net !== undefined && <div className="hf-dim">net <Difference pence={s.net} /></div>}
							{s.spent !== undefined && <div className="hf-dim">spent {pounds(s.spent)}</div>}
						</>
					),
				},
				{ head: "Signed by", cell: (s) => s.signed.map((w) => w.name ?? w.id).join(" and ") || "nobody yet" },
			]}
		/>
	);
}

const words: Record<string, string> = {
	identified: "Identified",
	evidenced: "Evidenced",
	agreed: "Agreed",
	transferred: "Transferred",
	spent: "Spent",
	evaluated: "Evaluated",
	rejected: "Rejected",
};

export function StateTable({ of }: { of: Register }) {
	return (
		<>
			<Table
				caption="By state"
				rows={of.states}
				id={(s) => s.state}
				columns={[
					{ head: "State", cell: (s) => words[s.state] ?? s.state },
					{ head: "Schemes", number: true, cell: (s) => count(s.schemes) },
					{ head: "Released", number: true, cell: (s) => pounds(s.released) },
				]}
			/>
			<p>
				In the ledger: acute <Difference pence={of.acute} />, community <Difference pence={of.community} />, together <strong>{pounds(of.sum)}</strong>
				{of.sum === 0 ? ", as it has to be" : ": that does not balance, ask the operator"}. Spent so far: {pounds(of.spent)}.
			</p>
		</>
	);
}

export function RegisterPage({ id }: { id: string }) {
	const at = `/api/contract/${encodeURIComponent(id)}`;
	const contract = useAsked<Contract>(at);
	const { data, error, again } = useAsked<{ register: Register }>(`${at}/register`);
	useTitle("Reinvestment register");
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<h1>Reinvestment register{contract.data && `: ${contract.data.title}`}</h1>
			<ContractNav id={id} at="register" />
			<p className="hf-dim">
				Released: what was avoided, times what one costs at the margin, times the part that can be released. Never more than the agreed change of
				the block; moved only when both signed.
			</p>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the register" />}
			{data && <SchemeTable id={id} of={data.register} />}
			{data && <StateTable of={data.register} />}
			<p>
				<Link href={`/contract/${encodeURIComponent(id)}/reviews?kind=transfer`}>Transfers, and opening a new one</Link>
			</p>
		</div>
	);
}

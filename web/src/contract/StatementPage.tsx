// "Can both of us sign this?": the quarter's statement as it will be filed.

import { Link } from "wouter";
import { useState } from "react";
import { When } from "../access/when";
import { useQuery } from "../base/address";
import { send, useAsked } from "../base/api";
import { Do, Done } from "../base/form";
import { Problem, Waiting, useTitle } from "../base/ui";
import { monthName, pounds, quarterName } from "./money";
import { TraceDialog } from "./TraceDialog";
import { Difference } from "./parts";
import type { Contract, Statement, StatementBody } from "./types";

type Answer = Statement & { body: StatementBody; reproduced?: boolean };

type Sums = { plan: number; account: number; earned: number; shadow: number; difference: number; trueUp: number };

/** open: a figure opens to how it came about. */
function Cells({ of, title, open }: { of: Sums; title?: string; open?: () => void }) {
	return (
		<>
			{(["plan", "account", "earned", "shadow"] as const).map((k) => (
				<td key={k} className="hf-table__n">
					{open && (k === "earned" || k === "shadow") ? (
						<button type="button" className="hf-linklike" onClick={open}>
							{pounds(of[k])}
							<span className="nhsuk-u-visually-hidden">: how {title} came about</span>
						</button>
					) : (
						pounds(of[k])
					)}
				</td>
			))}
			<td className="hf-table__n"><Difference pence={of.difference} /></td>
			<td className="hf-table__n"><Difference pence={of.trueUp} /></td>
		</>
	);
}

function Sheet({ body, open }: { body: StatementBody; open: (line: string) => void }) {
	return (
		<div className="hf-scroll" tabIndex={0} role="region" aria-label="Statement, table">
			<table className="hf-table hf-statement">
				<caption>
					{body.title}: {quarterName(body.quarter)}
				</caption>
				<thead>
					<tr>
						{["Line", "Plan", "On account", "Earned", "Shadow tariff", "Earned less shadow", "True-up", "Note"].map((h, i) => (
							<th key={h} scope="col" className={i > 0 && i < 7 ? "hf-table__n" : undefined}>{h}</th>
						))}
					</tr>
				</thead>
				<tbody>
					{body.components.map((c) => (
						<ComponentRows key={c.id} c={c} open={open} />
					))}
					<tr className="hf-statement__total">
						<th scope="row">Total</th>
						<Cells of={body.total} />
						<td />
					</tr>
				</tbody>
			</table>
		</div>
	);
}

function ComponentRows({ c, open }: { c: StatementBody["components"][number]; open: (line: string) => void }) {
	const only = c.lines.length === 1 ? c.lines[0] : undefined;
	return (
		<>
			<tr className="hf-statement__part">
				<th scope="row">{c.number} {c.title}</th>
				<Cells of={c} title={c.title} {...(only && { open: () => open(only.id) })} />
				<td>{c.note}</td>
			</tr>
			{c.lines.length > 1 &&
				c.lines.map((l) => (
					<tr key={l.id}>
						<th scope="row" className="hf-statement__line">{l.title}</th>
						<Cells of={l} title={l.title} open={() => open(l.id)} />
						<td>{l.note}</td>
					</tr>
				))}
		</>
	);
}

function Signatures({ s, c, id, again }: { s: Answer; c: Contract; id: string; again: () => void }) {
	const [done, setDone] = useState("");
	const mine = (s.signatures ?? []).some((x) => x.party === c.party);
	const why = !c.party
		? "Your organisation is no party of this contract."
		: mine
			? "Your party has signed."
			: !c.signer
				? "Your role does not sign: the contract names who does."
				: undefined;
	return (
		<section className="hf-also">
			<h2>Signatures</h2>
			{done && <Done>{done}</Done>}
			<ul className="hf-signed">
				{(["commissioner", "provider"] as const).map((party) => {
					const x = (s.signatures ?? []).find((y) => y.party === party);
					return (
						<li key={party}>
							<strong>{c.parties[party].name}</strong>:{" "}
							{x ? (
								<>signed by {x.user.name ?? x.user.id}{x.role && `, ${x.role}`}, <When at={x.at} /></>
							) : (
								"not signed yet"
							)}
						</li>
					);
				})}
			</ul>
			<p className="hf-dim">
				What is signed is this statement to the byte: SHA-256 {s.hash}
				{s.reproduced !== undefined &&
					(s.reproduced ? ". Made again from the same inputs just now, it is the same." : ". Made again from what there is now, it differs: figures came since.")}
			</p>
			{why ? (
				<p className="hf-dim">{why}</p>
			) : (
				<Do
					run={async () => {
						const r = await send<{ agreed: boolean }>(
							`/api/contract/${encodeURIComponent(id)}/statements/${s.quarter}/sign`,
							{ version: s.version, hash: s.hash },
						);
						setDone(r.agreed ? "Both have signed: the statement is agreed and never changes." : "You signed for your party. The other has to sign as well.");
						again();
					}}
				>
					Sign for {c.party && c.parties[c.party].name}
				</Do>
			)}
		</section>
	);
}

export function StatementPage({ id, quarter }: { id: string; quarter: string }) {
	const [query] = useQuery();
	const [traced, setTraced] = useState<string>();
	const version = query.get("version");
	const base = `/api/contract/${encodeURIComponent(id)}`;
	const path = `${base}/statements/${encodeURIComponent(quarter)}`;
	const which = version ? `version=${encodeURIComponent(version)}&` : "";
	const contract = useAsked<Contract>(base);
	const { data: s, error, again } = useAsked<Answer>(`${path}?${which}format=json`);
	useTitle(`Statement of ${quarterName(quarter)}`);
	const wrong = error ?? contract.error;
	if (wrong) return <div className="hf-page"><Problem error={wrong} again={again} /></div>;
	if (!s || !contract.data) return <div className="hf-page"><Waiting what="the statement" /></div>;
	const { body } = s;
	return (
		<div className="hf-page hf-page--wide">
			<p>
				<Link href={`/contract/${encodeURIComponent(id)}/statements`}>All statements</Link>
			</p>
			<h1>Statement of {quarterName(quarter)}</h1>
			<p>
				Version {s.version}, {s.status === "agreed" ? "agreed by both" : s.status === "signed" ? "signed by one party" : "a draft"}.{" "}
				<span className="hf-dim">
					{body.commissioner} and {body.provider}; contract {body.contract} {body.contractVersion}; {body.from} to {body.to}; data {body.cut};
					prices {body.prices ?? "none"}; rules {body.rules} {body.rulesVersion}; rounding {body.rounding}.
				</span>
			</p>
			<Sheet body={body} open={setTraced} />
			{body.payable !== undefined && (
				<p>
					To be paid with the true-up: <strong>{pounds(body.payable)}</strong>
				</p>
			)}
			{(body.late ?? []).length > 0 && (
				<p className="hf-dim">
					After the freeze and not counted: {(body.late ?? []).map((l) => `${l.line}, ${monthName(l.month)}: ${pounds(l.pence)}`).join("; ")}
				</p>
			)}
			<p className="hf-buttons">
				{(["pdf", "ods", "csv"] as const).map((f) => (
					<a key={f} className="hf-button" href={`${path}?${which}format=${f}`} download>
						{f === "pdf" ? "Document to file (PDF)" : f === "ods" ? "Workbook (ODS)" : "CSV"}
					</a>
				))}
				<button type="button" className="hf-button" onClick={() => window.print()}>
					Print
				</button>
			</p>
			<Signatures s={s} c={contract.data} id={id} again={again} />
			{traced && <TraceDialog id={id} line={traced} month={Number(quarter.slice(-1)) * 3} onClose={() => setTraced(undefined)} />}
		</div>
	);
}

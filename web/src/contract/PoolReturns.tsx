// The quarterly returns of a pooled fund: which there are, making the next, and one to look at and sign.

import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useQuery } from "../base/address";
import { send, useAsked } from "../base/api";
import { Area, Do, Done, ErrorSummary, Main, Select, useSubmit, type Wrong } from "../base/form";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { When } from "../access/when";
import { pounds, quarterName } from "./money";
import { Difference } from "./parts";
import { partyName, returnStates, whyNoFigure, type PoolBoard, type PoolReturn, type PoolSigner, type ReturnBody } from "./pool";

const at = (id: string) => `/api/contract/pools/${encodeURIComponent(id)}`;
const pathOf = (id: string, r: PoolReturn) => `/contract/pools/${encodeURIComponent(id)}/returns/${r.quarter}?version=${r.version}`;

function Make({ p, again }: { p: PoolBoard; again: () => void }) {
	const [quarter, setQuarter] = useState("1");
	const [narrative, setNarrative] = useState("");
	const [, go] = useLocation();
	const form = useSubmit(
		() => {
			const wrong: Wrong = {};
			if (!narrative.trim()) wrong["narrative"] = "Say what the quarter was like";
			return wrong;
		},
		async () => {
			const r = await send<PoolReturn>(`${at(p.id)}/returns`, { quarter: Number(quarter), narrative: narrative.trim() });
			again();
			go(pathOf(p.id, r));
		},
		["narrative"],
	);
	return (
		<form onSubmit={form.submit} noValidate className="hf-also">
			<h3>Make one</h3>
			<p className="hf-dim">
				From the ledger up to the quarter’s end, with the metrics as the outcome framework has them now. Both partners sign it, then the
				{" "}{p.board ?? "board"}; whoever prepares it does not. With the last signature its months take no more postings.
			</p>
			<ErrorSummary of={form} ids={{ narrative: "return-narrative" }} />
			<Select label="Quarter" value={quarter} onChange={setQuarter} choices={["1", "2", "3", "4"].map((q) => ({ code: q, text: `quarter ${q}` }))} />
			<Area id="return-narrative" label="Narrative" hint="What was done, what differs and why" value={narrative} onChange={setNarrative} error={form.wrong["narrative"]} rows={5} maxLength={4000} />
			<Main busy={form.busy}>Make the return</Main>
		</form>
	);
}

export function Returns({ p }: { p: PoolBoard }) {
	const { data, error, again } = useAsked<{ returns: PoolReturn[] }>(`${at(p.id)}/returns`);
	return (
		<section>
			<h2>Quarterly returns</h2>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the returns" />}
			{data && data.returns.length === 0 && <p className="hf-empty">No quarter has a return yet.</p>}
			{data && data.returns.length > 0 && (
				<Table
					caption="Returns, newest first"
					rows={[...data.returns].sort((a, b) => b.quarter.localeCompare(a.quarter) || b.version - a.version)}
					id={(r) => `${r.quarter} ${r.version}`}
					columns={[
						{ head: "Quarter", cell: (r) => <Link href={pathOf(p.id, r)}>{quarterName(r.quarter)}</Link> },
						{ head: "Version", number: true, cell: (r) => r.version },
						{ head: "State", cell: (r) => returnStates[r.status] },
						{ head: "Prepared", cell: (r) => <>{r.preparedBy?.name} {r.preparedAt && <When at={r.preparedAt} />}</> },
					]}
				/>
			)}
			{p.party && !p.boardSigner && <Make p={p} again={again} />}
		</section>
	);
}

function Metrics({ body }: { body: ReturnBody }) {
	if (body.metrics.length === 0) return null;
	return (
		<Table
			caption="Metrics of the quarter"
			rows={body.metrics}
			id={(m) => m.id}
			columns={[
				{ head: "Metric", cell: (m) => <Link href={`/outcomes/${encodeURIComponent(m.measure)}`}>{m.title}</Link> },
				{
					head: "Figure",
					number: true,
					cell: (m) => (m.value ? `${m.value}${m.status === "partial" ? " so far" : ""}` : (whyNoFigure[m.status] ?? m.status)),
				},
				{ head: "95 % from, to", number: true, cell: (m) => (m.low && m.high ? `${m.low} to ${m.high}` : "–") },
				{ head: "Unit", cell: (m) => m.unit },
				{ head: "Of", number: true, cell: (m) => (m.counted ? `${m.counted} of ${m.outOf}` : "–") },
				{ head: "Definition", cell: (m) => <>{m.definition} <code className="hf-key">{m.hash}</code></> },
			]}
		/>
	);
}

function Money({ body, p }: { body: ReturnBody; p: PoolBoard }) {
	const total = { ...body.total, id: "total", title: "Total", lead: "" };
	return (
		<>
			<Table
				caption="Income"
				rows={[...body.income, { ...body.incomeTotal, id: "total", title: "Total", party: "", ringFence: "" }]}
				id={(s) => s.id}
				columns={[
					{ head: "Source", cell: (s) => (s.id === "total" ? <strong>{s.title}</strong> : s.title) },
					{ head: "From", cell: (s) => (s.party ? partyName(p, s.party) : "") },
					{ head: "Only for", cell: (s) => s.ringFence || "–" },
					{ head: "Plan of the year", number: true, cell: (s) => pounds(s.plan) },
					{ head: "Received to date", number: true, cell: (s) => pounds(s.received) },
				]}
			/>
			<Table
				caption="Expenditure against plan"
				rows={[...body.lines, total]}
				id={(l) => l.id}
				columns={[
					{ head: "Line", cell: (l) => (l.id === "total" ? <strong>{l.title}</strong> : l.title) },
					{ head: "Budget", number: true, cell: (l) => pounds(l.budget) },
					{ head: "Of it moved", number: true, cell: (l) => <Difference pence={l.virements} /> },
					{ head: "Plan to date", number: true, cell: (l) => pounds(l.planToDate) },
					{ head: "Actual", number: true, cell: (l) => pounds(l.actual) },
					{ head: "Accrued", number: true, cell: (l) => pounds(l.accrued) },
					{ head: "Outturn", number: true, cell: (l) => pounds(l.outturn) },
					{ head: "Differs", number: true, cell: (l) => <Difference pence={l.differs} /> },
					{ head: partyName(p, "nhs"), number: true, cell: (l) => <Difference pence={l.nhs} /> },
					{ head: partyName(p, "council"), number: true, cell: (l) => <Difference pence={l.council} /> },
					{ head: "The lead alone", number: true, cell: (l) => <Difference pence={l.leadAlone} /> },
				]}
			/>
		</>
	);
}

function Sign({ p, r, again }: { p: PoolBoard; r: PoolReturn & { reproduced?: boolean }; again: () => void }) {
	const [done, setDone] = useState("");
	const mine: PoolSigner | undefined = p.boardSigner ? "board" : (p.party as PoolSigner | undefined);
	const nameOf = (s: PoolSigner) => (s === "board" ? (p.board ?? "The board") : partyName(p, s));
	const both = (["nhs", "council"] as const).every((s) => r.signatures.some((x) => x.party === s));
	const why = !mine
		? "Your organisation is no partner of this fund."
		: r.signatures.some((x) => x.party === mine)
			? "Yours has signed."
			: !p.signer && !p.boardSigner
				? "Your role does not sign: the fund names who does."
				: mine === "board" && !both
					? "The board signs when both partners have."
					: undefined;
	return (
		<section className="hf-also">
			<h2>Signatures</h2>
			{done && <Done>{done}</Done>}
			<ul className="hf-signed">
				{(["nhs", "council", "board"] as const).map((s) => {
					const x = r.signatures.find((y) => y.party === s);
					return (
						<li key={s}>
							<strong>{nameOf(s)}</strong>:{" "}
							{x ? <>signed by {x.user.name ?? x.user.id}{x.role && `, ${x.role}`}, <When at={x.at} /></> : "not signed yet"}
						</li>
					);
				})}
			</ul>
			<p className="hf-dim">
				What is signed is this return to the byte: SHA-256 <code className="hf-key">{r.hash}</code>
				{r.reproduced !== undefined &&
					(r.reproduced ? ". Made again from the same ledger just now, it is the same." : ". Made again from the ledger there is now, it differs.")}
			</p>
			{why ? (
				<p className="hf-dim">{why}</p>
			) : (
				<Do
					run={async () => {
						const s = await send<{ agreed: boolean }>(`${at(p.id)}/returns/${r.quarter}/sign`, { version: r.version, hash: r.hash });
						setDone(s.agreed ? "All three have signed: the return is agreed, and its months are closed." : "You signed. It is agreed when both partners and the board have.");
						again();
					}}
				>
					Sign for {mine && nameOf(mine)}
				</Do>
			)}
		</section>
	);
}

export function PoolReturnPage({ id, quarter }: { id: string; quarter: string }) {
	const [query] = useQuery();
	const version = query.get("version");
	const which = version ? `version=${encodeURIComponent(version)}&` : "";
	const path = `${at(id)}/returns/${encodeURIComponent(quarter)}`;
	const pool = useAsked<PoolBoard>(at(id));
	const { data: r, error, again } = useAsked<PoolReturn & { body: ReturnBody; reproduced?: boolean }>(`${path}?${which}format=json`);
	useTitle(`Return of ${quarterName(quarter)}`);
	const wrong = error ?? pool.error;
	if (wrong) return <div className="hf-page"><h1>Return of a pooled budget</h1><Problem error={wrong} again={again} /></div>;
	if (!r || !pool.data) return <div className="hf-page"><Waiting what="the return" /></div>;
	const { body } = r;
	return (
		<div className="hf-page hf-page--wide hf-prices">
			<p>
				<Link href={`/contract/pools/${encodeURIComponent(id)}`}>{body.title}</Link>
			</p>
			<h1>Return of {quarterName(quarter)}</h1>
			<p>
				Version {r.version}: {returnStates[r.status]}.{" "}
				<span className="hf-dim">
					{body.nhs}, {body.council} and {body.board}; held by {body.host}; {body.from} to {body.to}; {plural(body.entries, "entry", "entries")} of the ledger.
				</span>
			</p>
			<section>
				<h2>Money</h2>
				<Money body={body} p={pool.data} />
			</section>
			<section>
				<h2>Metrics</h2>
				<Metrics body={body} />
			</section>
			<section>
				<h2>Narrative</h2>
				{body.narrative.split("\n").map((line, i) => (
					<p key={i}>{line}</p>
				))}
			</section>
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
			<Sign p={pool.data} r={r} again={again} />
		</div>
	);
}

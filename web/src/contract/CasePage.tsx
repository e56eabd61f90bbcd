// One review, transfer or posting: its story, and what can happen next or why not.

import { useState } from "react";
import { Link } from "wouter";
import { When } from "../access/when";
import { send, useAsked } from "../base/api";
import { Area, Done, ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Problem, Waiting, useTitle } from "../base/ui";
import { kinds } from "./CasesPage";
import { pounds } from "./money";
import type { CaseView, Fact } from "./types";

const said = (name: string, v: unknown): string =>
	typeof v === "number" && /pence/i.test(name) ? pounds(v) : typeof v === "boolean" ? (v ? "yes" : "no") : String(v);

/** What was typed, as the fact's type wants it; an empty answer is none. */
function valueOf(f: Fact, text: string): unknown {
	if (text === "") return undefined;
	if (f.type === "boolean") return text === "yes";
	if (f.type === "integer" || f.type === "decimal" || f.type === "number") return Number(text);
	return text;
}

function Answer({ f, value, onChange }: { f: Fact; value: string; onChange: (v: string) => void }) {
	if (f.codes && f.codes.length > 0)
		return <Select label={f.title} value={value} onChange={onChange} empty="choose" choices={f.codes.map((c) => ({ code: c, text: c.replace(/-/g, " ") }))} />;
	if (f.type === "boolean")
		return <Select label={f.title} value={value} onChange={onChange} empty="not said" choices={[{ code: "yes", text: "Yes" }, { code: "no", text: "No" }]} />;
	if (f.type === "date") return <Field label={f.title} type="date" value={value} onChange={onChange} />;
	return (
		<Field
			label={f.title}
			hint={/pence/i.test(f.fact) ? "In pence" : undefined}
			value={value}
			onChange={onChange}
			{...(f.type === "string" ? {} : { inputMode: "numeric" as const, width: "short" as const })}
		/>
	);
}

function Step({ id, of, again }: { id: string; of: CaseView; again: () => void }) {
	const able = of.moves.filter((m) => m.allowed);
	const [event, setEvent] = useState(able[0]?.event ?? "");
	const [facts, setFacts] = useState<Record<string, string>>({});
	const [reason, setReason] = useState("");
	const [key, setKey] = useState(() => crypto.randomUUID());
	const [done, setDone] = useState("");
	const form = useSubmit(
		() => ({}),
		async () => {
			const given = Object.fromEntries(
				(of.wants ?? []).flatMap((f) => {
					const v = valueOf(f, facts[f.fact] ?? "");
					return v === undefined ? [] : [[f.fact, v]];
				}),
			);
			await send(`/api/contract/${encodeURIComponent(id)}/cases/${of.subject}/steps`, {
				key,
				event,
				...(reason ? { reason } : {}),
				...(Object.keys(given).length > 0 ? { facts: given } : {}),
			});
			setKey(crypto.randomUUID());
			setFacts({});
			setReason("");
			setDone(able.find((m) => m.event === event)?.title ?? "Done");
			again();
		},
	);
	return (
		<section className="hf-also">
			<h2>What can happen next</h2>
			{done && <Done>Done: {done}</Done>}
			{able.length === 0 && <p className="hf-dim">Nothing that your role and party can do now.</p>}
			{able.length > 0 && (
				<form onSubmit={form.submit} noValidate>
					<ErrorSummary of={form} />
					<Select label="Step" value={event} onChange={setEvent} choices={able.map((m) => ({ code: m.event, text: m.title }))} />
					{(of.wants ?? []).length > 0 && (
						<details className="hf-chart__behind" open={event === "propose"}>
							<summary>What is said with it</summary>
							{(of.wants ?? []).map((f) => (
								<Answer key={f.fact} f={f} value={facts[f.fact] ?? ""} onChange={(v) => setFacts({ ...facts, [f.fact]: v })} />
							))}
						</details>
					)}
					<Area label="Reason" value={reason} onChange={setReason} rows={2} maxLength={1000} />
					<Main busy={form.busy}>{able.find((m) => m.event === event)?.title ?? "Do it"}</Main>
				</form>
			)}
			{of.moves.some((m) => !m.allowed) && (
				<details className="hf-chart__behind">
					<summary>Not possible now, and why</summary>
					<ul>
						{of.moves.filter((m) => !m.allowed).map((m) => (
							<li key={m.event}>
								<strong>{m.title}</strong>: {m.why}
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

export function CasePage({ id, kind, which }: { id: string; kind: string; which: string }) {
	const path = `/api/contract/${encodeURIComponent(id)}/cases/${encodeURIComponent(kind)}/${encodeURIComponent(which)}`;
	const { data: of, error, again } = useAsked<CaseView>(path);
	useTitle(of?.title ?? kinds[kind]?.one ?? "Case");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!of) return <div className="hf-page"><Waiting what="the story" /></div>;
	return (
		<div className="hf-page">
			<p>
				<Link href={`/contract/${encodeURIComponent(id)}/reviews?kind=${kind}`}>All {kinds[kind]?.one.toLowerCase()}s</Link>
			</p>
			<h1>{of.title}</h1>
			<p>
				{kinds[kind]?.one}: <strong>{of.stateTitle}</strong>
				{of.chain === false && <strong className="hf-minus"> The chain of its events does not hold: ask the operator.</strong>}
			</p>
			<dl className="hf-how">
				{Object.entries(of.facts).filter(([k]) => k !== "title").map(([k, v]) => (
					<div key={k}>
						<dt>{k.replace(/([A-Z])/g, " $1").toLowerCase()}</dt>
						<dd>{said(k, v)}</dd>
					</div>
				))}
			</dl>
			{(of.due ?? []).length > 0 && (
				<ul>
					{(of.due ?? []).map((d) => (
						<li key={d.clock}>
							{d.title}: {d.state}, due <When at={d.due} />
						</li>
					))}
				</ul>
			)}
			<Step key={of.events.length} id={id} of={of} again={again} />
			<section className="hf-also">
				<h2>Story</h2>
				<ol className="hf-trace">
					{of.events.map((e) => (
						<li key={e.seq}>
							<strong>{e.title ?? e.event}</strong> <When at={e.at} />
							<div className="hf-dim">
								{e.by?.name ?? e.by?.id}
								{e.party && `, ${e.party}`}
								{e.from && e.to && e.from !== e.to && `: ${e.from} → ${e.to}`}
							</div>
							{e.reason && <div>{e.reason}</div>}
							{e.facts && Object.keys(e.facts).length > 0 && (
								<div className="hf-dim">
									{Object.entries(e.facts).map(([k, v]) => `${k}: ${said(k, v)}`).join("; ")}
								</div>
							)}
						</li>
					))}
				</ol>
			</section>
		</div>
	);
}

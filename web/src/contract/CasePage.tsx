// One review, transfer or posting: its story, and what can happen next or why not.

import { useState } from "react";
import { Link } from "wouter";
import { When } from "../access/when";
import { send, useAsked } from "../base/api";
import { Area, Done, ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Table } from "../base/table";
import { kinds } from "./CasesPage";
import { pounds, signed } from "./money";
import { periodName } from "./pack";
import { Difference } from "./parts";
import type { CaseView, Fact } from "./types";

/** Facts that are whole pence: typed and shown in pounds. */
const inPence = (f: { fact: string; title: string }) => /, pence$/.test(f.title);
const titleOf = (of: CaseView, fact: string) =>
	(of.wants ?? []).find((f) => f.fact === fact)?.title.replace(/, pence$/, "").replace(/, hundredths of a percent$/, "").replace(/, as 202004$/, "") ?? fact;

function said(of: CaseView, fact: string, v: unknown): string {
	const f = (of.wants ?? []).find((w) => w.fact === fact);
	if (fact === "expected" && typeof v === "string")
		return v
			.split(" ")
			.map((one) => one.split(":"))
			.map(([m, p]) => `${periodName(Number(m))}: ${signed(Number(p))}`)
			.join("; ");
	if (fact === "releasable" && typeof v === "number") return `${v / 100}%`;
	if (fact === "period" && typeof v === "number") return periodName(v);
	if (typeof v === "number") return f && inPence(f) ? pounds(v) : String(v);
	if (typeof v === "boolean") return v ? "yes" : "no";
	return String(v);
}

/** What was typed, as the fact's type wants it; an empty answer is none. */
function valueOf(f: Fact, text: string): unknown {
	if (text.trim() === "") return undefined;
	if (f.type === "boolean") return text === "yes";
	if (f.fact === "releasable") return Math.round(Number(text) * 100);
	if (inPence(f) && f.type === "integer") return Math.round(Number(text) * 100);
	if (f.type === "integer" || f.type === "decimal" || f.type === "number") return Number(text);
	return text.trim();
}

/** Is it what the fact takes?  A sentence when not. */
function wrongWith(f: Fact, text: string): string | undefined {
	if (text.trim() === "" || f.type !== "integer") return undefined;
	if (f.fact === "releasable") return /^\d{1,3}(\.\d{1,2})?$/.test(text.trim()) ? undefined : "A percentage with at most two places";
	if (inPence(f)) return /^-?\d{1,12}(\.\d{1,2})?$/.test(text.trim()) ? undefined : "Pounds with at most two places";
	return /^-?\d{1,14}$/.test(text.trim()) ? undefined : "A whole number";
}

/** Twelve months of what is expected: pounds more (or, with a minus, less) each month. */
function Expected({ value, onChange }: { value: string; onChange: (v: string) => void }) {
	const [from, setFrom] = useState("");
	const [amounts, setAmounts] = useState<string[]>(Array.from({ length: 12 }, () => ""));
	const write = (start: string, all: string[]) => {
		const m = /^(\d{4})-(\d{2})$/.exec(start);
		if (!m) return onChange("");
		const first = Number(m[1]) * 12 + Number(m[2]) - 1;
		onChange(
			all
				.flatMap((a, i) => {
					const v = Number(a);
					if (a.trim() === "" || Number.isNaN(v)) return [];
					return [`${Math.floor((first + i) / 12) * 100 + ((first + i) % 12) + 1}:${Math.round(v * 100)}`];
				})
				.join(" "),
		);
	};
	const start = /^(\d{4})-(\d{2})$/.exec(from);
	return (
		<fieldset className="hf-expected">
			<legend>Expected effect by month, pounds: less is minus</legend>
			<Field
				label="First month"
				hint="As 2020-07"
				width="short"
				value={from}
				onChange={(v) => {
					setFrom(v);
					write(v, amounts);
				}}
			/>
			{start && (
				<div className="hf-expected__months">
					{amounts.map((a, i) => {
						const at = Number(start[1]) * 12 + Number(start[2]) - 1 + i;
						return (
							<Field
								key={i}
								label={periodName(Math.floor(at / 12) * 100 + (at % 12) + 1)}
								width="short"
								inputMode="decimal"
								value={a}
								onChange={(v) => {
									const next = amounts.map((old, k) => (k === i ? v : old));
									setAmounts(next);
									write(from, next);
								}}
							/>
						);
					})}
				</div>
			)}
			{value === "" && start && <p className="hf-dim">Say at least one month.</p>}
		</fieldset>
	);
}

function Answer({ f, value, error, onChange }: { f: Fact; value: string; error?: string | undefined; onChange: (v: string) => void }) {
	const id = `fact-${f.fact}`;
	if (f.fact === "expected") return <Expected value={value} onChange={onChange} />;
	if (f.codes && f.codes.length > 0)
		return <Select id={id} label={f.title} value={value} onChange={onChange} empty="choose" choices={f.codes.map((c) => ({ code: c, text: c.replace(/-/g, " ") }))} />;
	if (f.type === "boolean")
		return <Select id={id} label={f.title} value={value} onChange={onChange} empty="not said" choices={[{ code: "yes", text: "Yes" }, { code: "no", text: "No" }]} />;
	if (/^(effective|reviewOn|dueOn)$/.test(f.fact)) return <Field id={id} label={f.title} type="date" value={value} onChange={onChange} error={error} />;
	if (/^(why|impact|terms|actions|finding|saysCommissioner|saysProvider|done)$/.test(f.fact))
		return <Area id={id} label={f.title} value={value} onChange={onChange} rows={2} maxLength={2000} error={error} />;
	const number = f.type === "integer";
	return (
		<Field
			id={id}
			label={f.title.replace(/, pence$/, ", pounds").replace(/, hundredths of a percent$/, ", %")}
			value={value}
			error={error}
			onChange={onChange}
			{...(number ? { inputMode: "decimal" as const, width: "short" as const } : {})}
		/>
	);
}

function Step({ id, of, again }: { id: string; of: CaseView; again: () => void }) {
	const able = of.moves.filter((m) => m.allowed || m.asks);
	const [event, setEvent] = useState(able[0]?.event ?? "");
	const [facts, setFacts] = useState<Record<string, string>>({});
	const [reason, setReason] = useState("");
	const [key, setKey] = useState(() => crypto.randomUUID());
	const [done, setDone] = useState("");
	const chosen = able.find((m) => m.event === event);
	const wants = (of.wants ?? []).filter((f) => (chosen?.says ?? []).includes(f.fact) && !/^evidence(Measure|Hash|Area|Over|Method)$/.test(f.fact));
	const first = wants.filter((f) => (chosen?.needs ?? []).includes(f.fact) && of.facts[f.fact] === undefined);
	const rest = wants.filter((f) => !first.includes(f) && f.fact !== "title");
	const form = useSubmit(
		() => ({
			...Object.fromEntries(wants.flatMap((f) => {
				const wrong = wrongWith(f, facts[f.fact] ?? "");
				return wrong ? [[f.fact, wrong]] : [];
			})),
			...(reason.trim() ? {} : { reason: "Say why, in a few words" }),
		}),
		async () => {
			const given = Object.fromEntries(
				wants.flatMap((f) => {
					const v = valueOf(f, facts[f.fact] ?? "");
					return v === undefined ? [] : [[f.fact, v]];
				}),
			);
			await send(`/api/contract/${encodeURIComponent(id)}/cases/${of.subject}/steps`, {
				key,
				event,
				reason: reason.trim(),
				...(Object.keys(given).length > 0 ? { facts: given } : {}),
			});
			setKey(crypto.randomUUID());
			setFacts({});
			setReason("");
			setDone(chosen?.title ?? "Done");
			again();
		},
		["reason", ...wants.map((f) => f.fact)],
	);
	const answer = (f: Fact) => (
		<Answer key={`${event}${f.fact}`} f={f} value={facts[f.fact] ?? ""} error={form.wrong[f.fact]} onChange={(v) => setFacts((old) => ({ ...old, [f.fact]: v }))} />
	);
	return (
		<section className="hf-also hf-no-print">
			<h2>What can happen next</h2>
			{done && <Done>Done: {done}</Done>}
			{able.length === 0 && <p className="hf-dim">Nothing that your role and party can do now.</p>}
			{able.length > 0 && (
				<form onSubmit={form.submit} noValidate>
					<ErrorSummary of={form} ids={{ reason: "case-reason", ...Object.fromEntries(wants.map((f) => [f.fact, `fact-${f.fact}`])) }} />
					<Select
						label="Step"
						value={event}
						onChange={(e) => {
							setEvent(e);
							setFacts({});
						}}
						choices={able.map((m) => ({ code: m.event, text: m.title }))}
					/>
					{first.map(answer)}
					{rest.length > 0 && (
						<details className="hf-chart__behind">
							<summary>{first.length > 0 ? "More that can be said" : "What can be said with it"}</summary>
							{rest.map(answer)}
						</details>
					)}
					<Area id="case-reason" label="Reason" value={reason} onChange={setReason} rows={2} maxLength={1000} error={form.wrong["reason"]} />
					<Main busy={form.busy}>{chosen?.title ?? "Do it"}</Main>
				</form>
			)}
			{of.moves.some((m) => !m.allowed && !m.asks) && (
				<details className="hf-chart__behind">
					<summary>Not possible now, and why</summary>
					<ul>
						{of.moves.filter((m) => !m.allowed && !m.asks).map((m) => (
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

/** Evidence of a scheme, reckoned from a measure: nobody types what was avoided. */
function Evidence({ id, of, again }: { id: string; of: CaseView; again: () => void }) {
	const [measure, setMeasure] = useState("emergency-admissions-65");
	const [by, setBy] = useState("locality");
	const [area, setArea] = useState("");
	const [method, setMethod] = useState("difference");
	const [from, setFrom] = useState("");
	const [to, setTo] = useState("");
	const [before, setBefore] = useState("");
	const [reason, setReason] = useState("");
	const [done, setDone] = useState("");
	const list = useAsked<{ measures: { id: string; title: string }[] }>("/api/population/measures?by=place");
	const one = useAsked<{ areas: { id: string; name: string }[] }>(`/api/population/measures/${encodeURIComponent(measure)}?by=${by}&grain=year`);
	const form = useSubmit(
		() => ({
			...(area ? {} : { area: "Choose the area" }),
			...(from ? {} : { from: "From which day" }),
			...(to ? {} : { to: "To before which day" }),
			...(method === "opportunity" || before ? {} : { before: "From which day it is compared with" }),
			...(reason.trim() ? {} : { reason: "Say why, in a few words" }),
		}),
		async () => {
			await send(`/api/contract/${encodeURIComponent(id)}/cases/${of.subject}/evidence`, {
				key: crypto.randomUUID(),
				reason: reason.trim(),
				measure,
				by,
				area,
				from,
				to,
				method,
				...(method === "difference" ? { baseline: `${before}:${from}` } : {}),
			});
			setDone("The evidence is in the register.");
			again();
		},
		["area", "from", "to", "before", "reason"],
	);
	return (
		<details className="hf-also hf-no-print">
			<summary>Evidence from a measure</summary>
			{done && <Done>{done}</Done>}
			<form onSubmit={form.submit} noValidate>
				<ErrorSummary of={form} ids={{ area: "ev-area", from: "ev-from", to: "ev-to", before: "ev-before", reason: "ev-reason" }} />
				<Select label="Measure" value={measure} onChange={setMeasure} choices={(list.data?.measures ?? [{ id: measure, title: measure }]).map((m) => ({ code: m.id, text: m.title }))} />
				<Select label="By" value={by} onChange={(v) => { setBy(v); setArea(""); }} choices={["locality", "practice", "partnership"].map((b) => ({ code: b, text: b }))} />
				<Select id="ev-area" label="Area of the scheme" value={area} onChange={setArea} empty="choose" error={form.wrong["area"]} choices={(one.data?.areas ?? []).map((a) => ({ code: a.id, text: a.name }))} />
				<Select label="Method" value={method} onChange={setMethod} choices={[{ code: "difference", text: "Change against how the other areas changed" }, { code: "opportunity", text: "What the rate of the better quarter would avoid" }]} />
				<Field id="ev-from" label="From" type="date" value={from} onChange={setFrom} error={form.wrong["from"]} />
				<Field id="ev-to" label="To before" type="date" value={to} onChange={setTo} error={form.wrong["to"]} />
				{method === "difference" && <Field id="ev-before" label="Compared with the time from" hint="Up to the first day above" type="date" value={before} onChange={setBefore} error={form.wrong["before"]} />}
				<Area id="ev-reason" label="Reason" value={reason} onChange={setReason} rows={2} maxLength={1000} error={form.wrong["reason"]} />
				<Main busy={form.busy}>Reckon it</Main>
			</form>
		</details>
	);
}

function Followed({ of }: { of: CaseView }) {
	if (!of.expected || of.expected.length === 0) return null;
	return (
		<section className="hf-also">
			<h2>What was expected, and what followed</h2>
			<Table
				caption="By month"
				rows={of.expected}
				id={(e) => String(e.period)}
				columns={[
					{ head: "Month", cell: (e) => periodName(e.period) },
					{ head: "Expected", number: true, cell: (e) => <Difference pence={e.expected} /> },
					{ head: "Difference from plan", number: true, cell: (e) => (e.differs === undefined ? "not known yet" : <Difference pence={e.differs} />) },
					{ head: "Mean of the months before", number: true, cell: (e) => (e.before === undefined ? "–" : <Difference pence={e.before} />) },
					{ head: "Followed", number: true, cell: (e) => (e.actual === undefined ? "not known yet" : <Difference pence={e.actual} />) },
				]}
			/>
			<p className="hf-dim">Followed: the month's difference from plan less the mean of the months before the response. It does not say why.</p>
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
				{typeof of.facts["settles"] === "number" && ` Gives back ${pounds(of.facts["settles"])}.`}
				{of.chain === false && <strong className="hf-minus"> The chain of its events does not hold: ask the operator.</strong>}
			</p>
			<dl className="hf-how">
				{Object.entries(of.facts).filter(([k, v]) => k !== "title" && k !== "expected" && v !== false).map(([k, v]) => (
					<div key={k}>
						<dt>{titleOf(of, k)}</dt>
						<dd>{said(of, k, v)}</dd>
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
			<Followed of={of} />
			<Step key={of.events.length} id={id} of={of} again={again} />
			{kind === "transfer" && /^(identified|evidenced)$/.test(of.state) && <Evidence id={id} of={of} again={again} />}
			<section className="hf-also">
				<h2>Story</h2>
				<ol className="hf-trace">
					{of.events.map((e) => (
						<li key={e.seq}>
							<strong>{e.event === "open" ? "Opened" : (of.moves.find((m) => m.event === e.event)?.title ?? e.event)}</strong> <When at={e.at} />
							<div className="hf-dim">
								{e.by?.name ?? e.by?.id}
								{e.party && `, ${e.party}`}
								{e.from && e.to && e.from !== e.to && `: ${e.from} → ${e.to}`}
							</div>
							{e.reason && <div>{e.reason}</div>}
							{e.facts && Object.keys(e.facts).length > 0 && (
								<div className="hf-dim">
									{Object.entries(e.facts).map(([k, v]) => `${titleOf(of, k)}: ${said(of, k, v)}`).join("; ")}
								</div>
							)}
						</li>
					))}
				</ol>
			</section>
		</div>
	);
}

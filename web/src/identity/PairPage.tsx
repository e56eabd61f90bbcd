// "Are these two one person?": two records side by side, what agrees and differs, and
// the decision.

import { useId, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { When, dayFromToday, whenText } from "../access/when";
import { forgetAll, send, useAsked } from "../base/api";
import { Area, Done, ErrorSummary, Field, Main, Radios, useSubmit } from "../base/form";
import { count, plural } from "../base/format";
import { Problem, Sign, Verified, Waiting, useTitle } from "../base/ui";
import { Bits, Grounds, likely } from "./parts";
import {
	linkedBy,
	linksPath,
	reasonLeast,
	reasonMost,
	type FieldSays,
	type Outcome,
	type Said,
	type Side,
	type Whole,
} from "./types";

const answers = {
	link: "The matcher takes them for one person.",
	review: "The matcher cannot tell.",
	separate: "The matcher takes them for two people.",
};

function Several({ of }: { of: Said[] | undefined }) {
	if (!of || of.length === 0) return <span className="hf-dim">not recorded</span>;
	return (
		<ul className="hf-plain">
			{of.map((s, i) => (
				<li key={i}>
					{s.text}
					{s.use && s.use !== "official" && <span className="hf-dim"> ({s.use})</span>}
				</li>
			))}
		</ul>
	);
}

const or = (text: string | undefined, none = "not recorded"): ReactNode =>
	text ? text : <span className="hf-dim">{none}</span>;

interface Row {
	head: string;
	/** The fields of the matcher that speak about it. */
	of: string[];
	cell: (r: Whole) => ReactNode;
	/** Left out when neither record has it. */
	has?: (r: Whole) => boolean;
}

const rows: Row[] = [
	{ head: "Names", of: ["family", "given", "middle"], cell: (r) => <Several of={r.names} /> },
	{
		head: "Date of birth",
		of: ["birth"],
		cell: (r) => (r.born ? `${r.born}${r.age ? ` (${r.age})` : ""}` : or(undefined)),
	},
	{ head: "Sex", of: ["sex"], cell: (r) => or(r.sex) },
	{
		head: "NHS number",
		of: ["number"],
		cell: (r) =>
			r.nhsNumber ? (
				<span className="hf-number">
					{r.nhsNumber} <Verified ok={r.nhsNumberVerified === true} />
				</span>
			) : (
				or(undefined)
			),
	},
	{ head: "Addresses", of: ["place"], cell: (r) => <Several of={r.addresses} /> },
	{ head: "Telephone", of: ["phone"], cell: (r) => <Several of={r.phones} /> },
	{
		head: "Child of a multiple birth",
		of: [],
		cell: (r) => or(r.multipleBirth),
		has: (r) => r.multipleBirth !== undefined,
	},
	{ head: "Died", of: [], cell: (r) => or(r.died), has: (r) => r.died !== undefined },
	{ head: "Practice", of: [], cell: (r) => or(r.practice), has: (r) => r.practice !== undefined },
	{
		head: "Other identifiers",
		of: [],
		cell: (r) => (
			<Several
				of={(r.identifiers ?? [])
					.filter((i) => !i.system.endsWith("/nhs-number"))
					.map((i) => ({ text: i.value, ...(i.use ? { use: i.use } : {}) }))}
			/>
		),
		has: (r) => (r.identifiers ?? []).some((i) => !i.system.endsWith("/nhs-number")),
	},
	{
		head: "What the record holds",
		of: [],
		cell: (r) => (
			<>
				{plural(r.entries ?? 0, "entry", "entries")}
				{r.lastEntry ? `, the last of ${r.lastEntry}` : ""}
				{(r.recordsOfPerson ?? 1) > 1 && (
					<div>
						One of {count(r.recordsOfPerson ?? 1)} records of this person
					</div>
				)}
			</>
		),
	},
	{ head: "Last changed", of: [], cell: (r) => <When at={r.changedAt} /> },
	{ head: "Source", of: [], cell: (r) => or(r.source), has: (r) => r.source !== undefined },
];

function Says({ fields }: { fields: FieldSays[] }) {
	if (fields.length === 0) return <span className="hf-dim">says nothing</span>;
	return (
		<ul className="hf-plain">
			{fields.map((f) => (
				<li key={f.field}>
					{f.text}: <Bits of={f.bits} />
				</li>
			))}
		</ul>
	);
}

function Compared({ side }: { side: Side }) {
	const shown = rows.filter((r) => !r.has || r.has(side.one) || r.has(side.other));
	return (
		<div className="hf-scroll" tabIndex={0} role="region" aria-label="The two records, table">
			<table className="hf-table hf-table--stack hf-sides">
				<caption>The two records side by side</caption>
				<thead>
					<tr>
						<td />
						<th scope="col">
							{side.one.name} <span className="hf-dim">record {side.one.id}</span>
						</th>
						<th scope="col">
							{side.other.name} <span className="hf-dim">record {side.other.id}</span>
						</th>
						<th scope="col">What it says</th>
					</tr>
				</thead>
				<tbody>
					{shown.map((row) => (
						<tr key={row.head}>
							<th scope="row" data-head="">
								<div>{row.head}</div>
							</th>
							<td data-head="One record">
								<div>{row.cell(side.one)}</div>
							</td>
							<td data-head="Other record">
								<div>{row.cell(side.other)}</div>
							</td>
							<td data-head="What it says">
								<div>
									{row.of.length > 0 && (
										<Says fields={side.fields.filter((f) => row.of.includes(f.field))} />
									)}
								</div>
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

const choicesOf = (same: boolean) => [
	...(same
		? []
		: [
				{
					code: "link",
					text: "They are one person: link them",
					hint: "Everybody who may see the one record sees the other. Nothing is moved; the link can be taken back.",
				},
			]),
	{
		code: "separate",
		text: "They are two people: keep them apart",
		hint: "No automatic link joins them from then on, and the pair is not put up again.",
	},
	...(same ? [] : [{ code: "later", text: "Look again later", hint: "When something has to be asked first." }]),
];

function Decide({ side, path, onDone }: { side: Side; path: string; onDone: (o: Outcome, what: string) => void }) {
	const id = useId();
	const [decision, setDecision] = useState("");
	const [reason, setReason] = useState("");
	const [until, setUntil] = useState(dayFromToday(7));
	const ids = { decision: `${id}-decision`, reason: `${id}-reason`, until: `${id}-until` };
	const form = useSubmit(
		() => ({
			...(decision ? {} : { decision: "Choose what they are" }),
			...(reason.trim().length >= reasonLeast
				? {}
				: { reason: `Say why, in at least ${reasonLeast} characters` }),
		}),
		async () => {
			const done = await send<Outcome>(path, {
				decision,
				reason: reason.trim(),
				...(decision === "later" ? { until } : {}),
			});
			onDone(done, decision);
		},
		["decision", "reason", "until"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Your decision</h2>
			<ErrorSummary of={form} ids={ids} />
			<Radios
				id={ids.decision}
				label="Are these two one person?"
				choices={choicesOf(side.samePerson)}
				value={decision}
				onChange={setDecision}
				error={form.wrong.decision}
			/>
			{decision === "later" && (
				<Field
					id={ids.until}
					label="Put up again on"
					type="date"
					width="middle"
					value={until}
					onChange={setUntil}
					error={form.wrong.until}
				/>
			)}
			<Area
				id={ids.reason}
				label="Why"
				hint="What you checked and whom you asked. No clinical details."
				value={reason}
				onChange={setReason}
				error={form.wrong.reason}
				maxLength={reasonMost}
			/>
			<Main busy={form.busy} danger={decision === "link"}>
				Record this decision
			</Main>
		</form>
	);
}

const doneTexts: Record<string, string> = {
	link: "The two records are linked: they are one person’s now.",
	separate: "It is recorded that they are two people.",
	later: "The pair was put off.",
};

export function PairPage({ one, other }: { one: string; other: string }) {
	useTitle("Two records compared");
	const path = `/api/identity/review/${encodeURIComponent(one)}/${encodeURIComponent(other)}`;
	const { data, error, again } = useAsked<Side>(path);
	const [done, setDone] = useState("");
	if (error)
		return (
			<div className="hf-page">
				<h1>Two records compared</h1>
				<Problem error={error} again={again} />
				<p>
					<Link href="/identity">Back to the list</Link>
				</p>
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the two records" />
			</div>
		);
	const decided = data.review && !["open", "later"].includes(data.review.state);
	return (
		<div className="hf-page hf-page--wide">
			<p>
				<Link href="/identity">Back to the list</Link>
			</p>
			<h1>{data.samePerson ? "These two are one person’s records" : "Are these two one person?"}</h1>
			{done && (
				<Done>
					<p>{doneTexts[done]}</p>
					<p>
						<Link href={linksPath(one)}>All links of this person</Link>, to see and to undo ·{" "}
						<Link href="/identity">Back to the list</Link>
					</p>
				</Done>
			)}
			<div className={`hf-verdict hf-verdict--${data.answer}`}>
				<p>
					<strong>
						<Sign of={data.answer === "separate" ? "warn" : "tick"} /> {answers[data.answer]}
					</strong>{" "}
					One person: {likely(data.probability)} ({data.rule}).
				</p>
				<Grounds fields={data.fields} />
			</div>
			{data.review && (
				<p className="hf-also">
					{decided
						? `Decided ${whenText(data.review.at)} by ${data.review.by ?? "somebody"}: ${data.review.reason ?? ""}`
						: `Waits since ${whenText(data.review.since)}: ${data.review.why}.`}
				</p>
			)}
			<Compared side={data} />
			{data.links.length > 0 && (
				<section aria-labelledby="between-title">
					<h2 id="between-title">What was decided about them before</h2>
					<ul className="hf-plain">
						{data.links.map((l) => (
							<li key={l.link}>
								{l.state === "linked" ? `Linked ${linkedBy[l.kind] ?? ""}` : "Decided to be two people"},{" "}
								{whenText(l.at)} by {l.by}: {l.why}
								{l.undone && ` – taken back ${whenText(l.undone.at)} by ${l.undone.by}: ${l.undone.why}`}
							</li>
						))}
					</ul>
				</section>
			)}
			{data.samePerson && (
				<p>
					<Link href={linksPath(one)}>All links of this person</Link>, to see and to undo
				</p>
			)}
			{!done && (
				<Decide
					key={String(data.samePerson)}
					side={data}
					path={path}
					onDone={(_, what) => {
						forgetAll();
						setDone(what);
						again();
					}}
				/>
			)}
		</div>
	);
}

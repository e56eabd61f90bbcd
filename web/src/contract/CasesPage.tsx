// What both parties look at together: reviews, transfers, postings, and how each stands.

import { useState } from "react";
import { Link, useLocation } from "wouter";
import { When } from "../access/when";
import { useQuery } from "../base/address";
import { send, useAsked } from "../base/api";
import { ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { monthName } from "./money";
import { ContractNav } from "./parts";
import type { CaseItem, Contract } from "./types";

export const kinds: Record<string, { one: string; what: string }> = {
	review: { one: "Joint review", what: "Something differs from plan: why, how much, and what both do about it." },
	transfer: { one: "Transfer to the community", what: "Acute money that was released, moved when both agreed." },
	posting: { one: "Posting", what: "An accrual, a settlement or a correction, prepared by one and approved by another." },
	challenge: { one: "Challenge", what: "The commissioner challenges what was counted or priced; the provider answers; both sign what is given back." },
	change: { one: "Driver or counting change", what: "What moves demand, or is counted otherwise than before, with each party's own view." },
	action: { one: "Decision or action", what: "What a meeting decided, or is to be done: who, and by when." },
};

const grounds = ["coding", "duplicate", "price", "not-commissioned", "not-ours", "data"];

/** What a challenge says: it stands once it is raised. */
interface Claim {
	line: string;
	month: string;
	pounds: string;
	grounds: string;
	evidence: string;
}

const noClaim: Claim = { line: "", month: "", pounds: "", grounds: "", evidence: "" };

function wrongIn(c: Claim): Record<string, string> {
	const wrong: Record<string, string> = {};
	if (!c.line) wrong["line"] = "Choose the line";
	if (!c.month) wrong["period"] = "Choose the month";
	if (!/^\d{1,12}(\.\d{1,2})?$/.test(c.pounds.trim()) || Number(c.pounds) <= 0) wrong["pence"] = "Pounds above nought, with at most two places";
	if (!c.grounds) wrong["grounds"] = "Choose the grounds";
	return wrong;
}

function ClaimFields({ of, claim, set, wrong }: { of: Contract; claim: Claim; set: (c: Claim) => void; wrong: Record<string, string> }) {
	const start = Number(of.from.slice(0, 4));
	const lines = of.components.flatMap((p) => p.lines);
	return (
		<>
			<Select id="claim-line" label="Line" value={claim.line} onChange={(line) => set({ ...claim, line })} empty="choose" error={wrong["line"]} choices={lines.map((l) => ({ code: l.id, text: l.title }))} />
			<Select
				id="claim-month"
				label="Month"
				value={claim.month}
				onChange={(month) => set({ ...claim, month })}
				empty="choose"
				error={wrong["period"]}
				choices={Array.from({ length: of.months }, (_, i) => {
					const month = ((i + 3) % 12) + 1;
					const year = month >= 4 ? start : start + 1;
					return { code: String(year * 100 + month), text: `${monthName(i + 1)} ${year}` };
				})}
			/>
			<Field id="claim-pounds" label="Claimed back, pounds" width="short" inputMode="decimal" value={claim.pounds} onChange={(pounds) => set({ ...claim, pounds })} error={wrong["pence"]} />
			<Select id="claim-grounds" label="Grounds" value={claim.grounds} onChange={(g) => set({ ...claim, grounds: g })} empty="choose" error={wrong["grounds"]} choices={grounds.map((g) => ({ code: g, text: g.replace(/-/g, " ") }))} />
			<Field id="claim-evidence" label="Evidence (optional)" hint="Where it is: a reference, no names of patients" value={claim.evidence} onChange={(evidence) => set({ ...claim, evidence })} maxLength={500} />
		</>
	);
}

const claimIds = { title: "case-title", line: "claim-line", period: "claim-month", pence: "claim-pounds", grounds: "claim-grounds" };

export const casePath = (id: string, subject: string) => `/contract/${encodeURIComponent(id)}/cases/${subject}`;

function Open({ id, kind, of }: { id: string; kind: string; of: Contract }) {
	const [title, setTitle] = useState("");
	const [claim, setClaim] = useState(noClaim);
	const challenge = kind === "challenge";
	const [, go] = useLocation();
	const [key] = useState(() => crypto.randomUUID());
	const form = useSubmit(
		(): Record<string, string> => ({
			...(title.trim() ? {} : { title: "Say in a few words what it is about" }),
			...(challenge ? wrongIn(claim) : {}),
		}),
		async () => {
			const r = await send<{ subject: string }>(`/api/contract/${encodeURIComponent(id)}/cases`, {
				kind,
				key,
				facts: {
					title: title.trim(),
					...(challenge
						? {
								line: claim.line,
								period: Number(claim.month),
								pence: Math.round(Number(claim.pounds) * 100),
								grounds: claim.grounds,
								...(claim.evidence.trim() ? { evidence: claim.evidence.trim() } : {}),
							}
						: {}),
				},
			});
			go(casePath(id, r.subject));
		},
		challenge ? ["title", "line", "period", "pence", "grounds"] : ["title"],
	);
	return (
		<form onSubmit={form.submit} className="hf-also" noValidate>
			<h2>Open one</h2>
			<ErrorSummary of={form} ids={claimIds} />
			<Field
				id="case-title"
				label="What it is about"
				hint={kinds[kind]?.what}
				value={title}
				onChange={setTitle}
				error={form.wrong["title"]}
				maxLength={200}
			/>
			{challenge && <ClaimFields of={of} claim={claim} set={setClaim} wrong={form.wrong} />}
			<Main busy={form.busy}>Open: {kinds[kind]?.one}</Main>
		</form>
	);
}

export function CasesPage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const kind = query.get("kind") ?? "review";
	const at = `/api/contract/${encodeURIComponent(id)}`;
	const contract = useAsked<Contract>(at);
	const { data, error, again } = useAsked<{ cases: CaseItem[] }>(`${at}/cases?kind=${encodeURIComponent(kind)}`);
	useTitle("Reviews, challenges and actions");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Reviews, challenges and actions{contract.data && `: ${contract.data.title}`}</h1>
			<ContractNav id={id} at="reviews" />
			<Select
				label="Which"
				value={kind}
				onChange={(k) => change({ kind: k })}
				choices={Object.entries(kinds).map(([code, k]) => ({ code, text: `${k.one}s` }))}
			/>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the cases" />}
			{data && data.cases.length === 0 && <p className="hf-empty">None is open and none was. {kinds[kind]?.what}</p>}
			{data && data.cases.length > 0 && (
				<Table
					caption={`${kinds[kind]?.one ?? kind}s`}
					rows={data.cases}
					id={(c) => c.subject}
					columns={[
						{ head: "About", cell: (c) => <Link href={casePath(id, c.subject)}>{c.title}</Link> },
						{ head: "State", cell: (c) => c.stateTitle },
						{ head: "Opened", cell: (c) => <>{c.openedBy?.name} <When at={c.opened} /></> },
						{
							head: "Due",
							cell: (c) => {
								const next = (c.due ?? []).find((d) => d.state === "running" || d.state === "late");
								return next ? <>{next.state === "late" ? "late: " : ""}{next.title}, <When at={next.due} /></> : "–";
							},
						},
						{
							head: "Signed",
							cell: (c) =>
								(["commissioner", "provider"] as const).filter((p) => c.signed?.[p]).join(" and ") || "nobody yet",
						},
					]}
				/>
			)}
			{contract.data?.party && kind === "challenge" && contract.data.party !== "commissioner" && (
				<p className="hf-dim">The commissioner raises challenges; yours is to answer them.</p>
			)}
			{contract.data?.party && (kind !== "challenge" || contract.data.party === "commissioner") && (
				<Open key={kind} id={id} kind={kind} of={contract.data} />
			)}
		</div>
	);
}

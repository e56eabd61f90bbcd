// What both parties look at together: reviews, transfers, postings, and how each stands.

import { useState } from "react";
import { Link, useLocation } from "wouter";
import { When } from "../access/when";
import { useQuery } from "../base/address";
import { send, useAsked } from "../base/api";
import { ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { ContractNav } from "./parts";
import type { CaseItem, Contract } from "./types";

export const kinds: Record<string, { one: string; what: string }> = {
	review: { one: "Joint review", what: "Something differs from plan: why, how much, and what both do about it." },
	transfer: { one: "Transfer to the community", what: "Acute money that was released, moved when both agreed." },
	posting: { one: "Posting", what: "An accrual, a challenge's settlement or a correction, prepared by one and approved by another." },
};

export const casePath = (id: string, subject: string) => `/contract/${encodeURIComponent(id)}/cases/${subject}`;

function Open({ id, kind }: { id: string; kind: string }) {
	const [title, setTitle] = useState("");
	const [, go] = useLocation();
	const [key] = useState(() => crypto.randomUUID());
	const form = useSubmit(
		() => (title.trim() ? {} : { title: "Say in a few words what it is about" }),
		async () => {
			const r = await send<{ subject: string }>(`/api/contract/${encodeURIComponent(id)}/cases`, {
				kind,
				key,
				facts: { title: title.trim() },
			});
			go(casePath(id, r.subject));
		},
		["title"],
	);
	return (
		<form onSubmit={form.submit} className="hf-also" noValidate>
			<h2>Open one</h2>
			<ErrorSummary of={form} ids={{ title: "case-title" }} />
			<Field
				id="case-title"
				label="What it is about"
				hint={kinds[kind]?.what}
				value={title}
				onChange={setTitle}
				error={form.wrong["title"]}
				maxLength={200}
			/>
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
	useTitle("Reviews and transfers");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Reviews and transfers{contract.data && `: ${contract.data.title}`}</h1>
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
			{contract.data?.party && <Open key={kind} id={id} kind={kind} />}
		</div>
	);
}

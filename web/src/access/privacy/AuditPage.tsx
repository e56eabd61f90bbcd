// "What happened?": the audit, searched by person, user, event and time.

import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "../../base/address";
import { Field, Main, Select, useSubmit } from "../../base/form";
import { count } from "../../base/format";
import { Listing, usePaged } from "../../base/table";
import { useTitle } from "../../base/ui";
import { PersonPick, personKey } from "../PersonPick";
import { dayEnd, dayStart, whenText } from "../when";
import { roleOf, whoText, type AuditLine } from "./types";

const events = [
	{ code: "read", text: "Records read" },
	{ code: "search", text: "Searches" },
	{ code: "change", text: "Changes" },
	{ code: "denied", text: "Refusals" },
	{ code: "sign-in", text: "Sign-ins and sign-outs" },
	{ code: "glass", text: "Broken glasses" },
	{ code: "export", text: "Exports" },
	{ code: "admin", text: "Administration" },
];

const names = ["person", "user", "action", "outcome", "from", "to"] as const;

export function AuditPage() {
	useTitle("Audit");
	const [query, change] = useQuery();
	const [typed, setTyped] = useState<Record<string, string>>(() =>
		Object.fromEntries(names.map((n) => [n, query.get(n) ?? ""])),
	);
	const set = (name: string) => (value: string) => setTyped((t) => ({ ...t, [name]: value }));
	const form = useSubmit(
		() => ({}),
		async () => change({ ...typed, person: personKey(typed.person ?? "") }),
	);
	const asked = new URLSearchParams({ _count: "100" });
	for (const n of names) {
		const value = query.get(n);
		if (value) asked.set(n, n === "from" ? dayStart(value) : n === "to" ? dayEnd(value) : value);
	}
	const list = usePaged<AuditLine>(`/api/audit?${asked}`, "lines", "before");
	return (
		<div className="hf-page hf-page--wide">
			<h1>What happened?</h1>
			<form onSubmit={form.submit} noValidate aria-label="Search the audit">
				<div className="hf-row">
					<PersonPick value={typed.person ?? ""} onChange={set("person")} />
					<Field
						label="User or system"
						hint="User name or id"
						value={typed.user ?? ""}
						onChange={set("user")}
						maxLength={80}
					/>
					<Select
						label="Event"
						value={typed.action ?? ""}
						onChange={set("action")}
						empty="All"
						choices={events}
					/>
					<Field label="From" type="date" value={typed.from ?? ""} onChange={set("from")} />
					<Field label="To" type="date" value={typed.to ?? ""} onChange={set("to")} />
					<Main busy={false}>Search</Main>
				</div>
			</form>
			<Listing
				of={list}
				what="the audit"
				one="line"
				many="lines"
				id={(l) => `${l.seq ?? ""} ${l.at} ${l.action ?? l.what} ${l.session ?? ""}`}
				empty="No line fits. Choose more days, or leave a field empty."
				columns={[
					{ head: "When", cell: (l) => <span title={l.at}>{whenText(l.at)}</span> },
					{
						head: "Who",
						cell: (l) => (
							<>
								{whoText(l)}
								<div className="hf-dim">{roleOf(l)}</div>
							</>
						),
					},
					{ head: "What", cell: (l) => l.actionText ?? l.action ?? l.what },
					{
						head: "Whose record",
						cell: (l) =>
							l.person ? (
								<Link href={`/privacy/looked?person=${encodeURIComponent(l.person)}`}>
									{l.person}
								</Link>
							) : (
								""
							),
					},
					{
						head: "Outcome",
						cell: (l) => (
							<>
								{l.outcome}
								{l.rule && <span className="hf-dim"> (rule {l.rule})</span>}
							</>
						),
					},
					{ head: "Entries", cell: (l) => (l.n === undefined ? "" : count(l.n)), number: true },
					{ head: "From", cell: (l) => l.address ?? "" },
				]}
			/>
		</div>
	);
}

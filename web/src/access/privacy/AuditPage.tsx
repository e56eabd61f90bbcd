// "What happened?": the audit, searched by person, user, event and time.

import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "../../base/address";
import { Field, Main, Select, useSubmit } from "../../base/form";
import { count } from "../../base/format";
import { Listing, usePaged } from "../../base/table";
import { useTitle } from "../../base/ui";
import { useRoles } from "../admin/UsersPage";
import { PersonPick, personKey } from "../PersonPick";
import { dayEnd, dayStart, whenText } from "../when";
import { roleOf, whoText, type AuditLine } from "./types";

const kinds = [
	{ code: "read", text: "Read" },
	{ code: "search", text: "Searched" },
	{ code: "history", text: "Read the history" },
	{ code: "operation", text: "Asked for much at once" },
	{ code: "export", text: "Exported" },
	{ code: "create", text: "Created" },
	{ code: "update", text: "Changed" },
	{ code: "delete", text: "Deleted" },
	{ code: "break-glass", text: "Broke the glass" },
	{ code: "review", text: "Reviewed an access" },
	{ code: "sign-in", text: "Signed in" },
	{ code: "sign-out", text: "Signed out" },
	{ code: "role", text: "Chose a role" },
	{ code: "token", text: "Got a token" },
	{ code: "link", text: "Decided whose records are one person's" },
	{ code: "log", text: "Looked into the audit" },
	{ code: "admin", text: "Administered access" },
];

const results = [
	{ code: "0", text: "Done" },
	{ code: "4", text: "Refused" },
	{ code: "8", text: "Failed" },
];

const names = ["person", "user", "kind", "outcome", "from", "to"] as const;

function result(l: AuditLine): string {
	const status = l.status ?? 0;
	if (status >= 500) return "failed";
	if (status >= 400) return "refused";
	return "done";
}

function Persons({ of }: { of: AuditLine }) {
	const people = of.people ?? [];
	const more = (of.peopleCount ?? people.length) - Math.min(people.length, 3);
	return (
		<>
			{people.slice(0, 3).map((id) => (
				<div key={id}>
					<Link href={`/privacy/looked?person=${encodeURIComponent(id)}`}><code className="hf-id" title={id}>
						{id.length > 13 ? `${id.slice(0, 13)}…` : id}
					</code></Link>
				</div>
			))}
			{more > 0 && <span className="hf-dim">and {count(more)} more</span>}
		</>
	);
}

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
	const roleNames = new Map(useRoles().map((r) => [r.code, r.name]));
	const asked = new URLSearchParams({ limit: "50" });
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
						value={typed.kind ?? ""}
						onChange={set("kind")}
						empty="All"
						choices={kinds}
					/>
					<Select
						label="Outcome"
						value={typed.outcome ?? ""}
						onChange={set("outcome")}
						empty="All"
						choices={results}
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
				id={(l) => l.id}
				empty="No line fits. Choose more days, or leave a field empty."
				columns={[
					{ head: "When", cell: (l) => (
							<span className="hf-nowrap" title={l.at}>
								{whenText(l.at)}
							</span>
						) },
					{
						head: "Who",
						cell: (l) => (
							<>
								{whoText(l)}
								<div className="hf-dim">{roleOf({ ...l, roleName: roleNames.get(l.role ?? "") ?? l.role ?? "" })}</div>
							</>
						),
					},
					{
						head: "What",
						cell: (l) => (
							<>
								{l.glass && <strong>Glass broken. </strong>}
								{l.what}
								{l.why && <div className="hf-dim">{l.why}</div>}
							</>
						),
					},
					{ head: "Whose record", cell: (l) => <Persons of={l} /> },
					{
						head: "Outcome",
						cell: (l) => (
							<>
								{result(l)}
								{l.rule && <span className="hf-dim"> (rule {l.rule})</span>}
							</>
						),
					},
					{
						head: "Entries",
						cell: (l) => (l.hits === undefined ? "" : count(l.hits)),
						number: true,
					},
					{ head: "From", cell: (l) => <span className="hf-nowrap">{l.address ?? ""}</span> },
				]}
			/>
		</div>
	);
}

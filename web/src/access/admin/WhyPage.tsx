// "Why can X see Y?": the rule that decides, and the relationships behind it.

import { useState } from "react";
import { useAsked } from "../../base/api";
import { useQuery } from "../../base/address";
import { ErrorSummary, Field, Main, Select, useSubmit } from "../../base/form";
import { Table } from "../../base/table";
import { Problem, Sign, Waiting, useTitle } from "../../base/ui";
import { PersonPick, personKey } from "../PersonPick";
import { dayEnd, whenText } from "../when";
import { roleChoices, useRoles } from "./UsersPage";
import { OrgSelect } from "./orgs";

interface Decision {
	outcome: string;
	rule: string;
	text?: string;
	breakGlass?: string[];
	notes?: string[];
}

interface Why {
	answer?: string;
	rule?: { id: string; text?: string; version?: string };
	suspended?: boolean;
	objection?: boolean;
	tier?: string;
	tierText?: string;
	relationships: {
		kind: string;
		text?: string;
		from?: string;
		until?: string;
		to?: string;
		counts: boolean;
		reason?: string;
		practitioner?: string;
		source?: { type: string; id: string; text?: string } | string;
	}[];
	decisions: {
		content: string;
		text?: string;
		level: string;
		category?: string;
		own: Decision;
		others: Decision;
	}[];
}

const outcomeWords: Record<string, string> = {
	ALLOW: "sees it",
	MASK: "sees that something is there, not what",
	PSEUDO: "sees it without a name, in figures only",
	BTG: "after breaking the glass",
	DENY: "does not see it",
};

const purposes = [
	{ code: "DIRECT", text: "direct care" },
	{ code: "SAFEGUARD", text: "safeguarding" },
	{ code: "PLAN", text: "planning of services" },
	{ code: "CASEFIND", text: "case finding" },
	{ code: "FINANCE", text: "payment" },
	{ code: "AUDIT", text: "audit of access" },
	{ code: "RESEARCH", text: "research" },
	{ code: "TRAIN", text: "training" },
];

const names = ["person", "user", "role", "org", "purpose", "at"] as const;

function Outcome({ of }: { of: Decision }) {
	return (
		<>
			<span className="hf-outcome">
				<Sign of={of.outcome === "ALLOW" ? "tick" : "warn"} />{" "}
				{outcomeWords[of.outcome] ?? of.outcome}
			</span>{" "}
			<span className="hf-dim" title={of.text}>
				({of.rule})
			</span>
		</>
	);
}

function source(s: Why["relationships"][number]["source"]): string {
	if (!s) return "";
	return typeof s === "string" ? s : (s.text ?? `${s.type}/${s.id}`);
}

function Answer({ query }: { query: URLSearchParams }) {
	const asked = new URLSearchParams();
	for (const n of names) {
		const value = query.get(n);
		if (value) asked.set(n, n === "at" ? dayEnd(value) : value);
	}
	const { data, error, again } = useAsked<Why>(`/api/why?${asked}`);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the answer" />;
	return (
		<>
			{data.suspended && (
				<p className="hf-warning">
					<Sign of="warn" /> The organisation is suspended: nobody who works for it sees anything.
				</p>
			)}
			{data.answer && (
				<div className="hf-inset" role="status">
					<p>
						<strong>{data.answer}</strong>
					</p>
					{data.rule && (
						<p className="hf-dim">
							Rule {data.rule.id}
							{data.rule.text && `: ${data.rule.text}`}
							{data.rule.version && ` (documents: ${data.rule.version})`}
						</p>
					)}
				</div>
			)}
			<section aria-labelledby="relations-title">
				<h2 id="relations-title">What joins them</h2>
				{data.relationships.length === 0 ? (
					<p className="hf-empty">
						Nothing in the record joins this user or their organisation to the person.
					</p>
				) : (
					<Table
						caption="Relationships that the record tells of"
						rows={data.relationships.map((r, i) => ({ ...r, key: String(i) }))}
						id={(r) => r.key}
						columns={[
							{ head: "Relationship", cell: (r) => r.text ?? r.kind },
							{ head: "From", cell: (r) => whenText(r.from) || "not said" },
							{ head: "Until", cell: (r) => whenText(r.until ?? r.to) || "open" },
							{
								head: "Counts",
								cell: (r) => (
									<>
										<Sign of={r.counts ? "tick" : "warn"} /> {r.counts ? "yes" : "no"}
										{r.reason && r.reason !== r.text && (
											<span className="hf-dim">, {r.reason}</span>
										)}
									</>
								),
							},
							{
								head: "Source",
								cell: (r) => (
									<>
										{source(r.source)}
										{r.practitioner && <div className="hf-dim">{r.practitioner}</div>}
									</>
								),
							},
						]}
					/>
				)}
			</section>
			{(data.tierText ?? data.tier) && (
				<p className="hf-also">
					What others share with this organisation: {data.tierText ?? data.tier}
					{data.tierText && ` (${data.tier})`}.
					{data.objection && " The person objects to sharing."}
				</p>
			)}
			<section aria-labelledby="decisions-title">
				<h2 id="decisions-title">What follows for each kind of content</h2>
				<Table
					caption="The rule that decided stands in brackets"
					rows={data.decisions.map((d, i) => ({ ...d, key: String(i) }))}
					id={(d) => d.key}
					columns={[
						{
							head: "Content",
							cell: (d) => (
								<>
									{d.text ?? d.content}
									{" "}
									<span className="hf-dim">{d.level}</span>
								</>
							),
						},
						{ head: "Of the own organisation", cell: (d) => <Outcome of={d.own} /> },
						{ head: "Of others", cell: (d) => <Outcome of={d.others} /> },
					]}
				/>
			</section>
		</>
	);
}

export function WhyPage() {
	useTitle("Why can X see Y?");
	const [query, change] = useQuery();
	const roles = useRoles();
	const [typed, setTyped] = useState<Record<string, string>>(() =>
		Object.fromEntries(names.map((n) => [n, query.get(n) ?? ""])),
	);
	const set = (name: string) => (value: string) => setTyped((t) => ({ ...t, [name]: value }));
	const form = useSubmit(
		() => ({
			...(typed.person?.trim() ? {} : { person: "Enter the person" }),
			...(typed.user?.trim() || typed.role ? {} : { user: "Enter a user, or choose a role" }),
		}),
		async () => change({ ...typed, person: personKey(typed.person ?? "") }),
	);
	const complete = query.get("person") && (query.get("user") || query.get("role"));
	return (
		<div className="hf-page hf-page--wide">
			<h1>Why can X see Y?</h1>
			<form onSubmit={form.submit} noValidate aria-label="Who, and whose record">
				<ErrorSummary of={form} ids={{ person: "why-person", user: "why-user" }} />
				<div className="hf-row">
					<PersonPick id="why-person" value={typed.person ?? ""} onChange={set("person")} error={form.wrong.person} />
					<Field id="why-user" label="User" hint="User name; or a role and an organisation" value={typed.user ?? ""} onChange={set("user")} error={form.wrong.user} maxLength={200} />
					<Select label="Role" empty="The user's own" choices={roleChoices(roles)} value={typed.role ?? ""} onChange={set("role")} />
					<OrgSelect label="Organisation" empty="The user's own" value={typed.org ?? ""} onChange={set("org")} />
					<Select label="Purpose" empty="The role's usual one" choices={purposes} value={typed.purpose ?? ""} onChange={set("purpose")} />
					<Field label="On the day" type="date" value={typed.at ?? ""} onChange={set("at")} />
					<Main busy={false}>Ask</Main>
				</div>
			</form>
			{complete && <Answer query={query} />}
		</div>
	);
}

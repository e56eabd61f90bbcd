// "What is mine to do?": open tasks of pathways, what is due soonest first.

import { Link } from "wouter";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { Select } from "../base/form";
import { Table, type Column } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { At } from "../hub/ReferralParts";
import type { WorkAnswer, WorkLine } from "./types";

const kinds = { work: "To do", alert: "To know", breach: "Late" } as const;

const columns: Column<WorkLine>[] = [
	{
		head: "Person",
		cell: (l) => (
			<>
				<Link href={`/people/${encodeURIComponent(l.person.id)}`}>{l.person.name ?? "Unknown"}</Link>
				{l.person.age !== undefined && <span className="hf-dim"> {l.person.age}y</span>}
			</>
		),
	},
	{ head: "Due", cell: (l) => (l.task.due ? <At at={l.task.due} /> : <span className="hf-dim">no time set</span>) },
	{
		head: "Task",
		cell: (l) => (
			<>
				<span className="hf-status">{kinds[l.task.kind]}</span> {l.task.title}
			</>
		),
	},
	{ head: "For", cell: (l) => l.task.roleText ?? "" },
	{
		head: "Pathway",
		cell: (l) => (
			<>
				<Link href={`/instances/${encodeURIComponent(l.instance)}`}>{l.pathwayTitle}</Link>
				<span className="hf-dim"> {l.stateText}</span>
			</>
		),
	},
];

export function WorkPage() {
	useTitle("Pathway tasks");
	const [query, change] = useQuery();
	const role = query.get("role") ?? "";
	const { data, error, again } = useAsked<WorkAnswer>("/api/pathways/work");
	if (error)
		return (
			<div className="hf-page">
				<h1>Pathway tasks</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the tasks" />
			</div>
		);
	const roles = [...new Map(data.tasks.map((l) => [l.task.role ?? "", l.task.roleText ?? ""]))]
		.map(([code, text]) => ({ code, text }))
		.sort((a, b) => a.text.localeCompare(b.text));
	const lines = role ? data.tasks.filter((l) => l.task.role === role) : data.tasks;
	return (
		<div className="hf-page hf-page--wide">
			<h1>
				Pathway tasks <span className="hf-board__question">What is mine to do?</span>
			</h1>
			{roles.length > 1 && (
				<div className="hf-no-print">
					<Select
						label="For which role"
						empty="All of mine"
						choices={roles}
						value={role}
						onChange={(v) => change({ role: v || null })}
					/>
				</div>
			)}
			{lines.length === 0 ? (
				<p className="hf-empty">Nothing of a pathway waits for you.</p>
			) : (
				<Table
					caption="Open tasks, what is due soonest first"
					columns={columns}
					rows={lines}
					id={(l) => `${l.instance} ${l.task.key}`}
				/>
			)}
			{data.more && <p className="hf-dim">There is more than fits here: these are due first.</p>}
		</div>
	);
}

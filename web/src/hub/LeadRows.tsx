// Which referrals are behind a figure.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Dialog, Problem, Waiting } from "../base/ui";
import type { Behind, LeadRow, LeadRows } from "./leadTypes";
import { bornText, clockTime, span } from "./words";

export function Whose({ row }: { row: LeadRow }) {
	if (!row.id) return <>Not shown to your role</>;
	return (
		<Link href={`/hub/referrals/${encodeURIComponent(row.id)}`}>
			{row.name ?? "Not shown to your role"}
			{row.born && <span className="hf-dim"> born {bornText(row.born)}</span>}
		</Link>
	);
}

/** How the contact stands to the two-hour clock. */
function contactText(row: LeadRow, now: number): string {
	if (!row.contact) return row.due && row.open ? `none; due ${clockTime(row.due, now)}` : "none";
	const at = clockTime(row.contact, now);
	if (!row.due) return at;
	const late = Date.parse(row.contact) - Date.parse(row.due);
	return late > 0 ? `${at}, late by ${span(late)}` : `${at}, in time`;
}

export function RowsDialog({ of, onClose }: { of: Behind; onClose: () => void }) {
	const query = new URLSearchParams(of).toString();
	const { data, error, again } = useAsked<LeadRows>(`/api/hub/lead/rows?${query}`);
	const now = data ? Date.parse(data.at) : Date.now();
	return (
		<Dialog
			title={data ? plural(data.n, "referral") : "Referrals"}
			className="hf-dialog--side"
			onClose={onClose}
		>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the referrals" />}
			{data && data.rows.length === 0 && (
				<p className="hf-empty">There are none any more: the figure has changed since.</p>
			)}
			{data && data.rows.length > 0 && (
				<Table<LeadRow>
					caption={
						data.n > data.rows.length
							? `The newest ${data.rows.length} of ${data.n}`
							: "All of them, newest first"
					}
					rows={data.rows}
					id={(r) => `${r.id ?? ""} ${r.received}`}
					columns={[
						{ head: "Person", cell: (r) => <Whose row={r} /> },
						{ head: "Received", cell: (r) => clockTime(r.received, now) },
						{ head: "Urgency", cell: (r) => r.urgency ?? r.asked ?? "none yet" },
						{ head: "Locality", cell: (r) => r.locality ?? "not known" },
						{ head: "State", cell: (r) => r.stateText },
						{ head: "Contact", cell: (r) => contactText(r, now) },
					]}
				/>
			)}
		</Dialog>
	);
}

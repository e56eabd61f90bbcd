// Clocks that ran out: why?  A reason from the list (R-2.18), given once and kept.

import { useState } from "react";
import { useAsked, send } from "../base/api";
import { plural } from "../base/format";
import { Area, ErrorSummary, Main, Select, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Whose } from "./LeadRows";
import type { Breach, Lead } from "./leadTypes";
import type { Code, HubInfo } from "./types";
import { clockTime } from "./words";

const keyOf = (b: Breach) => `${b.row.id ?? b.row.received}-${b.clock}-${b.at}`;

function Reason(props: { breach: Breach; reasons: Code[]; done: () => void }) {
	const { breach } = props;
	const [reason, setReason] = useState("");
	const [note, setNote] = useState("");
	const key = keyOf(breach);
	const ids = { reason: `reason-${key}`, note: `note-${key}` };
	const form = useSubmit(
		() => (reason ? {} : { reason: "Choose the reason" }),
		async () => {
			await send(`/api/hub/breaches/${encodeURIComponent(breach.row.id ?? "")}`, {
				clock: breach.clock,
				reason,
				...(note.trim() ? { note: note.trim() } : {}),
			});
			props.done();
		},
		["reason", "note"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label={`Reason: ${breach.clockTitle}`}>
			<ErrorSummary of={form} ids={ids} />
			<Select
				id={ids.reason}
				label="Reason"
				value={reason}
				onChange={setReason}
				error={form.wrong.reason}
				empty="Choose"
				choices={props.reasons}
			/>
			<Area
				id={ids.note}
				label="What happened, if it helps"
				rows={2}
				value={note}
				onChange={setNote}
				error={form.wrong.note}
				maxLength={1000}
			/>
			<Main busy={form.busy}>Record the reason</Main>
		</form>
	);
}

export function Breaches({ lead, again }: { lead: Lead; again: () => void }) {
	const { data: hub } = useAsked<HubInfo>("/api/hub");
	const [asking, setAsking] = useState("");
	const now = Date.parse(lead.at);
	const all = lead.breachReasons.reduce((sum, r) => sum + r.n, 0);
	const without = lead.breachReasons.find((r) => r.reason === "")?.n ?? 0;
	return (
		<section aria-labelledby="breaches-title">
			<h2 id="breaches-title" tabIndex={-1}>
				Breaches and their reasons
			</h2>
			<p>
				{all === 0
					? `No clock ran out in the last ${lead.breachDays} days.`
					: `${plural(all, "clock")} ran out in the last ${lead.breachDays} days. ${
							without > 0
								? `${plural(without, "of them has", "of them have")} no reason yet.`
								: "All have a reason."
						}`}
			</p>
			{lead.breachReasons.length > 0 && (
				<ul className="hf-reasons">
					{lead.breachReasons.map((r) => (
						<li key={r.reason}>
							<strong>{r.n}</strong> {r.text}
						</li>
					))}
				</ul>
			)}
			{lead.breaches.length > 0 && (
				<Table<Breach>
					caption="Those without a reason first, then the newest"
					rows={lead.breaches}
					id={keyOf}
					columns={[
						{
							head: "Person",
							cell: (b) => <Whose row={b.row} />,
						},
						{ head: "Clock", cell: (b) => b.clockTitle },
						{ head: "Ran out", cell: (b) => clockTime(b.at, now) },
						{ head: "Locality", cell: (b) => b.row.locality ?? "not known" },
						{
							head: "Reason",
							cell: (b) =>
								b.reason ? (
									<>
										{b.reasonText ?? b.reason}
										{b.note && <span className="hf-dim"> {b.note}</span>}
									</>
								) : !b.row.id ? (
									"none yet"
								) : asking === keyOf(b) ? (
									<Reason
										breach={b}
										reasons={hub?.breaches ?? []}
										done={() => {
											setAsking("");
											again();
										}}
									/>
								) : (
									<button type="button" className="hf-button hf-button--quiet" onClick={() => setAsking(keyOf(b))}>
										Give the reason
										<span className="nhsuk-u-visually-hidden">
											: {b.clockTitle}, {b.row.name}
										</span>
									</button>
								),
						},
					]}
				/>
			)}
		</section>
	);
}

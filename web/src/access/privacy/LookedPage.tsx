// "Who looked at this record?": one person's report, for them to have.

import { useState } from "react";
import { useAsked } from "../../base/api";
import { useQuery } from "../../base/address";
import { ErrorSummary, Field, Main, useSubmit } from "../../base/form";
import { plural } from "../../base/format";
import { Table } from "../../base/table";
import { Problem, Waiting, useTitle } from "../../base/ui";
import { PersonPick, personKey } from "../PersonPick";
import { dayEnd, dayStart, whenText } from "../when";
import { roleOf, whoText, type Report } from "./types";

function Shown({ query }: { query: URLSearchParams }) {
	const person = query.get("person") ?? "";
	const asked = new URLSearchParams();
	if (query.get("from")) asked.set("from", dayStart(query.get("from") ?? ""));
	if (query.get("to")) asked.set("to", dayEnd(query.get("to") ?? ""));
	const path = `/api/people/${encodeURIComponent(person)}/access-report`;
	const { data, error, again } = useAsked<Report>(`${path}?${asked}`);
	asked.set("format", "csv");
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the report" />;
	return (
		<section aria-labelledby="report-title">
			<h2 id="report-title">Record {data.person}</h2>
			{data.accesses.length === 0 ? (
				<p className="hf-empty">Nobody opened this record in these days.</p>
			) : (
				<>
					<p className="hf-buttons hf-no-print">
						<button type="button" className="hf-button hf-button--quiet" onClick={() => window.print()}>
							Print
						</button>
						<a className="hf-button hf-button--quiet" href={`${path}?${asked}`} download>
							Download as CSV
						</a>
					</p>
					<Table
						caption={`${plural(data.accesses.length, "access", "accesses")}${data.more ? ", and more: choose fewer days" : ""}`}
						rows={data.accesses.map((i, k) => ({ ...i, key: String(k) }))}
						id={(i) => i.key}
						columns={[
							{ head: "When", cell: (i) => whenText(i.at) },
							{
								head: "Who",
								cell: (i) => (
									<>
										{whoText(i)}
										<div className="hf-dim">{roleOf(i)}</div>
									</>
								),
							},
							{ head: "What", cell: (i) => i.what },
							{
								head: "Why they could",
								cell: (i) => (
									<>
										{i.glass && <strong>Glass broken: {i.glass}. </strong>}
										{i.why ?? ""}
									</>
								),
							},
							{ head: "Outcome", cell: (i) => (i.refused ? "refused, not shown" : "shown") },
						]}
					/>
				</>
			)}
		</section>
	);
}

export function LookedPage() {
	useTitle("Who looked at this record?");
	const [query, change] = useQuery();
	const [person, setPerson] = useState(query.get("person") ?? "");
	const [from, setFrom] = useState(query.get("from") ?? "");
	const [to, setTo] = useState(query.get("to") ?? "");
	const form = useSubmit(
		() => (person.trim() ? {} : { person: "Enter whose record it is" }),
		async () => change({ person: personKey(person), from, to }),
	);
	return (
		<div className="hf-page hf-page--wide">
			<h1>Who looked at this record?</h1>
			<form onSubmit={form.submit} noValidate className="hf-no-print" aria-label="Whose record">
				<ErrorSummary of={form} ids={{ person: "looked-person" }} />
				<div className="hf-row">
					<PersonPick
						id="looked-person"
						value={person}
						onChange={setPerson}
						error={form.wrong.person}
					/>
					<Field label="From" type="date" value={from} onChange={setFrom} />
					<Field label="To" type="date" value={to} onChange={setTo} />
					<Main busy={false}>Show</Main>
				</div>
			</form>
			{query.get("person") && <Shown query={query} />}
		</div>
	);
}

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

/** The report at path for the days in the address. */
function Shown(props: { path: string; query: URLSearchParams; own?: boolean }) {
	const { path, query, own } = props;
	const asked = new URLSearchParams();
	if (query.get("from")) asked.set("from", dayStart(query.get("from") ?? ""));
	if (query.get("to")) asked.set("to", dayEnd(query.get("to") ?? ""));
	const { data, error, again } = useAsked<Report>(`${path}?${asked}`);
	asked.set("format", "csv");
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the report" />;
	return (
		<section aria-labelledby="report-title">
			<h2 id="report-title">{own ? "Everybody who looked" : `Record ${data.person}`}</h2>
			{data.accesses.length === 0 ? (
				<p className="hf-empty">
					{own ? "Nobody opened your record in these days." : "Nobody opened this record in these days."}
				</p>
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
			{query.get("person") && (
				<Shown
					path={`/api/people/${encodeURIComponent(query.get("person") ?? "")}/access-report`}
					query={query}
				/>
			)}
		</div>
	);
}

/** The same for the person whose record it is. */
export function OwnLookedPage() {
	useTitle("Who looked at my record");
	const [query, change] = useQuery();
	const [from, setFrom] = useState(query.get("from") ?? "");
	const [to, setTo] = useState(query.get("to") ?? "");
	const form = useSubmit(
		() => ({}),
		async () => change({ from, to }),
	);
	return (
		<div className="hf-page hf-page--wide">
			<h1>Who looked at my record</h1>
			<p>
				Everybody who looked at your record, when, and why they could. If you do not know why
				somebody looked, ask the practice that gave you this user.
			</p>
			<form onSubmit={form.submit} noValidate className="hf-no-print" aria-label="Which days">
				<ErrorSummary of={form} ids={{}} />
				<div className="hf-row">
					<Field label="From" type="date" value={from} onChange={setFrom} />
					<Field label="To" type="date" value={to} onChange={setTo} />
					<Main busy={false}>Show</Main>
				</div>
			</form>
			<Shown path="/api/me/access-report" query={query} own />
		</div>
	);
}

// The figures behind the start page: entries by kind, and the organisations.

import { Link } from "wouter";
import { has, useSession } from "../access/session";
import { useAsked } from "../base/api";
import { count, plural } from "../base/format";
import { Problem, Waiting, useTitle } from "../base/ui";
import type { Figures, Organisations } from "../record/types";

export function FiguresPage() {
	useTitle("What the record holds");
	const { session } = useSession();
	const { data, error, again } = useAsked<Figures>("/api/figures");
	const people = data && plural(data.people, "person", "people");
	return (
		<div className="hf-page">
			<h1>What the record holds</h1>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the figures" />}
			{data && (
				<>
					<p>
						{has(session, "CLINICAL") ? <Link href="/people">{people}</Link> : people},{" "}
						{plural(data.resources, "entry", "entries")} in their present state,{" "}
						<Link href="/organisations">{plural(data.organisations, "organisation")}</Link>.
					</p>
					<div className="hf-scroll" tabIndex={0} role="region" aria-label="Entries by kind, table">
					<table className="hf-table">
						<caption>Entries by kind, present state, deleted ones left out</caption>
						<thead>
							<tr>
								<th scope="col">Kind</th>
								<th scope="col">FHIR resource</th>
								<th scope="col" className="hf-table__n">
									Entries
								</th>
							</tr>
						</thead>
						<tbody>
							{data.types.map((t) => (
								<tr key={t.type}>
									<th scope="row">{t.text}</th>
									<td>{t.type}</td>
									<td className="hf-table__n">{count(t.n)}</td>
								</tr>
							))}
						</tbody>
					</table>
					</div>
				</>
			)}
		</div>
	);
}

export function OrganisationsPage() {
	useTitle("Organisations");
	const { data, error, again } = useAsked<Organisations>("/api/organisations");
	return (
		<div className="hf-page">
			<h1>Organisations</h1>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the organisations" />}
			{data && data.organisations.length === 0 && (
				<p className="hf-empty">
					No organisation is in the record yet. Import some, or generate a place with{" "}
					<code>homefirst generate</code>.
				</p>
			)}
			{data && data.organisations.length > 0 && (
				<>
					<div className="hf-scroll" tabIndex={0} role="region" aria-label="Organisations, table">
						<table className="hf-table">
							<caption>
								{plural(data.organisations.length, "organisation")}
								{data.more && ", the first of more"}
							</caption>
							<thead>
								<tr>
									<th scope="col">Name</th>
									<th scope="col">What it is</th>
									<th scope="col">ODS code</th>
									<th scope="col">Part of</th>
									<th scope="col">Address</th>
								</tr>
							</thead>
							<tbody>
								{data.organisations.map((o) => (
									<tr key={o.ref}>
										<th scope="row">
											{o.name}
											{o.closed && " (closed)"}
										</th>
										<td>{o.kind ?? o.settingText ?? "not recorded"}</td>
										<td>{o.code ?? "not recorded"}</td>
										<td>{o.partOf ?? "none recorded"}</td>
										<td>{o.address ?? "not recorded"}</td>
									</tr>
								))}
							</tbody>
						</table>
					</div>
				</>
			)}
		</div>
	);
}

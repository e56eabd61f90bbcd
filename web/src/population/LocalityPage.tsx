// The page a locality's team meeting is run from: who is to be talked about, what came of
// last time, whom to offer help to next, what is missing in care, and how the locality does.

import { Link } from "wouter";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Signs } from "../chart/Icon";
import { assuranceOf, intervalText, valueText, variationOf, withUnit, worse } from "../outcomes/figure";
import type { AllMeasures, MeasureRow } from "../outcomes/types";
import { Agenda } from "./Agenda";
import { LocalityList } from "./LocalityList";
import type { Lists } from "./needTypes";

function Measures({ area }: { area: string }) {
	const { data, error, again } = useAsked<AllMeasures>(
		`/api/population/measures?by=locality&area=${encodeURIComponent(area)}`,
	);
	const all = data?.measures ?? [];
	const sorted = all.filter((m) => m.latest !== null || m.spc !== null).sort((a, b) => worse(a.spc) - worse(b.spc));
	const none = all.filter((m) => m.latest === null && m.spc === null);
	const href = (m: MeasureRow) => `/outcomes/${encodeURIComponent(m.id)}?by=locality&area=${encodeURIComponent(area)}`;
	return (
		<section aria-labelledby="locality-measures">
			<h2 id="locality-measures">How the locality does</h2>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the outcomes" />}
			{data && (
				<Table<MeasureRow>
					caption={`Worst first; ${data.periods[0]?.label ?? ""} to ${data.periods[data.periods.length - 1]?.label ?? ""}${data.disclosure !== "none" ? "; small numbers hidden" : ""}`}
					rows={sorted}
					id={(m) => m.id}
					columns={[
						{ head: "Measure", cell: (m) => <Link href={href(m)}>{m.title}</Link> },
						{ head: "More than chance?", cell: (m) => <Signs variation={variationOf(m.spc)} assurance={assuranceOf(m.spc)} /> },
						{ head: "Latest month", number: true, cell: (m) => valueText(m.latest, m.unit) },
						{ head: "95% interval", number: true, cell: (m) => intervalText(m.latest) || "–" },
						{ head: "Target", number: true, cell: (m) => (m.target === null ? "none" : withUnit(m.target, m.unit)) },
					]}
				/>
			)}
			{none.length > 0 && (
				<p className="hf-dim">Too few in a month to be shown, or nothing was received: {none.map((m) => m.title.toLowerCase()).join("; ")}.</p>
			)}
		</section>
	);
}

/** The teams that serve a locality: the reader's own, then those of few localities. */
function teamsOf(all: Lists, id: string) {
	return all.teams
		.filter((t) => t.localities.length === 0 || t.localities.includes(id))
		.sort(
			(a, b) =>
				Number(b.own ?? false) - Number(a.own ?? false) ||
				(a.localities.length || 1e9) - (b.localities.length || 1e9) ||
				a.name.localeCompare(b.name),
		);
}

export function LocalityPage() {
	const [query, change] = useQuery();
	const { data: all, error, again } = useAsked<Lists>("/api/population/lists");
	const localities = (all?.scopes ?? []).filter((s) => s.scope.startsWith("locality:"));
	const id = query.get("locality") ?? localities[0]?.scope.slice("locality:".length) ?? "";
	const name = localities.find((s) => s.scope === `locality:${id}`)?.title ?? id;
	const teams = all && id ? teamsOf(all, id) : [];
	const team = query.get("team") ?? teams[0]?.id ?? "";
	useTitle(id ? `Team meeting: ${name}` : "Team meeting");
	return (
		<div className="hf-page hf-page--wide hf-meeting">
			<h1>{id ? `Team meeting: ${name}` : "Team meeting"}</h1>
			{error && <Problem error={error} again={again} />}
			{!all && !error && <Waiting what="the localities" />}
			{all && localities.length === 0 && (
				<p className="hf-empty">No locality has a practice with people in it yet, or none is yours.</p>
			)}
			{all && id && (
				<>
					<p className="hf-dim">
						{new Date().toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" })}. Data to {all.day}.{" "}
						{plural(teams.length, "team serves", "teams serve")} this locality.
					</p>
					<div className="hf-bar">
						<label>
							Locality{" "}
							<select value={id} onChange={(e) => change({ locality: e.target.value, team: null })}>
								{localities.map((s) => (
									<option key={s.scope} value={s.scope.slice("locality:".length)}>
										{s.title}
									</option>
								))}
							</select>
						</label>
						<label>
							Agenda of{" "}
							<select value={team} onChange={(e) => change({ team: e.target.value })}>
								{teams.map((t) => (
									<option key={t.id} value={t.id}>
										{t.name}
									</option>
								))}
							</select>
						</label>
						<button type="button" className="hf-button" onClick={() => window.print()}>
							Print
						</button>
					</div>
					{all.names && team && <Agenda key={team} team={team} />}
					{!all.names && <p>Your role sees numbers. Who is talked about is for the practices and the teams.</p>}
					<LocalityList key={id} scope={`locality:${id}`} rules={all.rules} names={all.names ?? false} />
					<Measures key={`m${id}`} area={id} />
				</>
			)}
		</div>
	);
}

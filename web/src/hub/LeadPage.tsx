// "Are we keeping up?": the hub lead's figures.  Each opens to the referrals behind it.

import { useEffect, useMemo } from "react";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Breaches } from "./LeadBreaches";
import { OpelSection } from "./LeadOpel";
import { RowsDialog } from "./LeadRows";
import { Bars, Percents } from "../chart/Bars";
import { Chart } from "../chart/Chart";
import { MapView, bandOf } from "./MapView";
import { UnmetNeed } from "./LeadUnmet";
import type { Behind, Lead, Month, Triage } from "./leadTypes";
import { clockTime, span } from "./words";

export type Open = (behind: Behind) => void;

/** A number that opens what is behind it. */
export function Figure({ n, of, what, open }: { n: number; of: Behind; what: string; open: Open }) {
	if (n === 0) return <>0</>;
	return (
		<button type="button" className="hf-linklike" onClick={() => open(of)}>
			{n}
			<span className="nhsuk-u-visually-hidden"> {what}: show them</span>
		</button>
	);
}

const percent = (part: number, of: number) => (of > 0 ? Math.round((part / of) * 1000) / 10 : undefined);
const percentText = (m: Month) => {
	const p = percent(m.met, m.contacts);
	return p === undefined ? "no contacts yet" : `${p}% (${m.met} of ${m.contacts})`;
};

// ---- parts ----

function Tiles({ lead, open }: { lead: Lead; open: Open }) {
	const arrived = lead.arrivals.reduce((sum, a) => sum + a.n, 0);
	const waiting = lead.waits.reduce((sum, w) => sum + w.n, 0);
	const late = lead.waits.reduce((sum, w) => sum + w.late, 0);
	const untriaged = lead.triage.reduce((sum, t) => sum + t.waiting, 0);
	const month = lead.months[0];
	const two = month && percent(month.met, month.contacts);
	const unexplained = lead.breachReasons.find((r) => r.reason === "")?.n ?? 0;
	return (
		<ul className="hf-tiles">
			<li>
				<span className="hf-tiles__n">
					<Figure n={arrived} of={{ figure: "arrived" }} what="arrived in 24 hours" open={open} />
				</span>{" "}
				arrived in 24 hours
			</li>
			<li>
				<span className="hf-tiles__n">{untriaged}</span> <a href="#triage-title">wait for triage</a>
			</li>
			<li>
				<span className="hf-tiles__n">{waiting}</span>{" "}
				<a href="#waits-title">wait for a contact</a>
				{late > 0 && <strong className="hf-tiles__late">, {late} late</strong>}
			</li>
			<li>
				<span className="hf-tiles__n">{two === undefined ? "–" : `${two}%`}</span> of U1 seen in two
				hours this month{" "}
				<span className="hf-dim">
					{month && (
						<>
							<Figure n={month.met} of={{ figure: "met", month: month.month }} what="in time" open={open} />{" "}
							of{" "}
							<Figure
								n={month.contacts}
								of={{ figure: "contacts", month: month.month }}
								what="contacts"
								open={open}
							/>
						</>
					)}
					, standard {lead.threshold}%
				</span>
			</li>
			<li>
				<span className="hf-tiles__n">{unexplained}</span>{" "}
				<a href="#breaches-title">breaches without a reason</a>
			</li>
			{lead.opel && (
				<li>
					<span className="hf-tiles__n">{lead.opel.level || "–"}</span>{" "}
					<a href="#opel-title">OPEL{lead.opel.level === 0 && ", too little is known"}</a>{" "}
					{lead.opel.demonstration && <span className="hf-dim">demonstration</span>}
				</li>
			)}
		</ul>
	);
}

function Arrivals({ lead, open }: { lead: Lead; open: Open }) {
	const now = Date.parse(lead.at);
	const total = lead.arrivals.reduce((sum, a) => sum + a.n, 0);
	const most = lead.arrivals.reduce((best, a) => (a.n > best.n ? a : best), { hour: "", n: 0 });
	const hour = (a: { hour: string }) => clockTime(a.hour, Date.parse(a.hour)).slice(0, 2);
	return (
		<Chart
			title="Arrivals by hour"
			says={
				total === 0
					? "Nothing arrived in the last 24 hours."
					: `${plural(total, "referral")} in 24 hours; most from ${clockTime(most.hour, now)}: ${most.n}.`
			}
			method="By the hour in which the hub received them, the last 24 hours; the last bar is not over yet."
			drawing={(wide) => (
				<Bars
					wide={wide}
					bars={lead.arrivals.map((a, i) => ({
						key: a.hour,
						label: hour(a),
						n: a.n,
						partial: i === lead.arrivals.length - 1,
						...(a.n > 0 ? { open: () => open({ figure: "arrived", hour: a.hour }) } : {}),
					}))}
				/>
			)}
			table={
				<Table
					caption="Referrals received, by hour"
					rows={[...lead.arrivals].reverse()}
					id={(a) => a.hour}
					columns={[
						{ head: "From", cell: (a) => clockTime(a.hour, now) },
						{
							head: "Received",
							number: true,
							cell: (a) => (
								<Figure n={a.n} of={{ figure: "arrived", hour: a.hour }} what="received" open={open} />
							),
						},
					]}
				/>
			}
		/>
	);
}

const spanOf = (ms: number | undefined) => (ms === undefined ? "–" : span(ms));

function TriageTimes({ lead, open }: { lead: Lead; open: Open }) {
	return (
		<section aria-labelledby="triage-title" className="hf-lead__row">
			<h2 id="triage-title">Time to triage</h2>
			<Table<Triage>
				caption="Decided in the last 24 hours, without pauses"
				rows={lead.triage}
				id={(t) => String(t.urgent)}
				columns={[
					{ head: "Asked for", cell: (t) => (t.urgent ? "U0 to U3: 15 minutes" : "Others: 4 working hours") },
					{
						head: "Decided",
						number: true,
						cell: (t) => (
							<Figure n={t.n} of={{ figure: "triaged", urgent: String(t.urgent) }} what="decided" open={open} />
						),
					},
					{
						head: "Late",
						number: true,
						cell: (t) => (
							<Figure
								n={t.late}
								of={{ figure: "triaged-late", urgent: String(t.urgent) }}
								what="decided late"
								open={open}
							/>
						),
					},
					{ head: "Median", number: true, cell: (t) => spanOf(t.medianMs) },
					{ head: "Nine in ten", number: true, cell: (t) => spanOf(t.p90Ms) },
					{ head: "Median with pauses", number: true, cell: (t) => spanOf(t.grossMs) },
					{
						head: "Wait now",
						number: true,
						cell: (t) => (
							<Figure
								n={t.waiting}
								of={{ figure: "untriaged", urgent: String(t.urgent) }}
								what="wait for triage"
								open={open}
							/>
						),
					},
					{ head: "Longest", number: true, cell: (t) => spanOf(t.oldestMs) },
				]}
			/>
		</section>
	);
}

function Waits({ lead, open }: { lead: Lead; open: Open }) {
	return (
		<section aria-labelledby="waits-title">
			<h2 id="waits-title">Waiting for a contact</h2>
			{lead.waits.length === 0 ? (
				<p className="hf-empty">Nobody waits.</p>
			) : (
				<Table
					caption="Open referrals without a contact, by urgency"
					rows={lead.waits}
					id={(w) => w.urgency}
					columns={[
						{
							head: "Urgency",
							cell: (w) => (w.urgency ? `${w.urgency} ${w.text}` : "Not said yet"),
						},
						{
							head: "Wait",
							number: true,
							cell: (w) => (
								<Figure n={w.n} of={{ figure: "waiting", urgency: w.urgency }} what="wait" open={open} />
							),
						},
						{
							head: "Late",
							number: true,
							cell: (w) => (
								<Figure n={w.late} of={{ figure: "waiting-late", urgency: w.urgency }} what="late" open={open} />
							),
						},
						{ head: "Longest", number: true, cell: (w) => span(w.oldestMs) },
					]}
				/>
			)}
		</section>
	);
}

const monthText = (month: string, form: "short" | "long") =>
	new Intl.DateTimeFormat("en-GB", {
		timeZone: "UTC",
		month: form,
		...(form === "long" ? { year: "numeric" as const } : {}),
	}).format(Date.parse(`${month}-01T00:00:00Z`));

function TwoHours({ lead, open }: { lead: Lead; open: Open }) {
	const month = lead.months[0];
	const of = (figure: string, m: Month) => ({ figure, month: m.month });
	const number = (head: string, figure: string, n: (m: Month) => number, what: string) => ({
		head,
		number: true,
		cell: (m: Month) => <Figure n={n(m)} of={of(figure, m)} what={what} open={open} />,
	});
	return (
		<Chart
			title="Urgent community response in two hours"
			says={month ? `${monthText(month.month, "long")} so far: ${percentText(month)}.` : "Nothing counted yet."}
			method="By month of referral received. Denominator: U1 with the two-hour clock and a contact that took place; numerator: contact in person within 120 minutes of the clock's start. Referrals that ended without a contact are listed apart, by how. A U1 that was late stays in scope when its urgency is lowered afterwards."
			drawing={(wide) => (
				<Percents
					wide={wide}
					threshold={lead.threshold}
					points={[...lead.months].reverse().map((m) => {
						const value = percent(m.met, m.contacts);
						return {
							key: m.month,
							label: monthText(m.month, "short"),
							...(value === undefined ? {} : { value }),
							...(m.contacts > 0 ? { open: () => open(of("contacts", m)) } : {}),
						};
					})}
				/>
			)}
			table={
				<Table<Month>
					caption="Two-hour response by month of referral received"
					rows={lead.months}
					id={(m) => m.month}
					columns={[
						{ head: "Month", cell: (m) => monthText(m.month, "long") },
						{ head: "Within two hours", number: true, cell: (m) => percentText(m) },
						number("In time", "met", (m) => m.met, "in time"),
						number("Late", "missed", (m) => m.contacts - m.met, "late"),
						number("In scope", "scope", (m) => m.scope, "in scope"),
						number("All two-hour contacts", "all-contacts", (m) => m.all, "contacts"),
						{
							head: "Ended without a contact",
							cell: (m) =>
								m.excluded.length === 0
									? "none"
									: m.excluded.map((e) => (
											<div key={e.code}>
												{e.text}:{" "}
												<Figure
													n={e.n}
													of={{ ...of("excluded", m), exit: e.code }}
													what={e.text}
													open={open}
												/>
											</div>
										)),
						},
					]}
				/>
			}
		/>
	);
}

function Localities({ lead, open }: { lead: Lead; open: Open }) {
	const fullest = [...lead.localities].sort((a, b) => (b.load ?? -1) - (a.load ?? -1))[0];
	return (
		<Chart
			title="Load by locality"
			says={
				fullest?.load === undefined
					? "No team has staffed slots in this part of the day."
					: `Fullest: ${fullest.name}, ${fullest.load}% of its teams' slots taken.`
			}
			method="Slots of 60 minutes of the teams that serve the locality, in this part of the day; a team that serves several counts in each. On the map: share of slots taken, then open referrals."
			drawing={(wide) => (
				<MapView
					wide={wide}
					localities={lead.localities}
					onOpen={(id) => open({ figure: "locality", locality: id })}
				/>
			)}
			table={
				<Table
					caption="Open referrals and capacity by locality"
					rows={lead.localities}
					id={(l) => l.id}
					columns={[
						{ head: "Locality", cell: (l) => l.name },
						{
							head: "Open",
							number: true,
							cell: (l) => (
								<Figure n={l.open} of={{ figure: "locality", locality: l.id }} what="open" open={open} />
							),
						},
						{
							head: "Late",
							number: true,
							cell: (l) => (
								<Figure
									n={l.late}
									of={{ figure: "locality-late", locality: l.id }}
									what="late"
									open={open}
								/>
							),
						},
						{ head: "Slots staffed", number: true, cell: (l) => l.staffed },
						{ head: "Taken", number: true, cell: (l) => l.committed },
						{ head: "Free", number: true, cell: (l) => l.free },
						{
							head: "Load",
							number: true,
							cell: (l) => (l.load === undefined ? "–" : `${l.load}%, ${bandOf(l.load)?.text}`),
						},
					]}
				/>
			}
		/>
	);
}

const refreshEvery = 60_000;

/** What can say which referrals are meant: the state of the dialog is in the address. */
const keys = ["figure", "hour", "month", "urgent", "urgency", "locality", "service", "exit"];

function readBehind(query: URLSearchParams): Behind | undefined {
	const figure = query.get("figure");
	if (!figure) return undefined;
	const rest = keys.filter((k) => query.has(k)).map((k) => [k, query.get(k) ?? ""]);
	return { figure, ...(Object.fromEntries(rest) as Record<string, string>) };
}

export function LeadPage() {
	useTitle("How the hub is doing");
	const { data: lead, error, again } = useAsked<Lead>("/api/hub/lead");
	const [query, change] = useQuery();
	const behind = useMemo(() => readBehind(query), [query.toString()]);
	const open: Open = (of) =>
		change(Object.fromEntries(keys.map((k) => [k, of[k] ?? null])) as Record<string, string | null>);
	const close = () => change(Object.fromEntries(keys.map((k) => [k, null])));
	useEffect(() => {
		const timer = setInterval(() => document.visibilityState === "visible" && again(), refreshEvery);
		return () => clearInterval(timer);
	}, [again]);
	if (!lead)
		return (
			<div className="hf-page">
				<h1>Are we keeping up?</h1>
				{error ? <Problem error={error} again={again} /> : <Waiting what="the figures" />}
			</div>
		);
	const now = Date.parse(lead.at);
	return (
		<div className="hf-page hf-lead">
			<div className="hf-lead__head">
				<h1>Are we keeping up?</h1>
				<p className="hf-dim">
					{error ? `As of ${clockTime(lead.at, now)}: ${error.message}` : `At ${clockTime(lead.at, now)}`}
				</p>
			</div>
			<Tiles lead={lead} open={open} />
			<div className="hf-lead__grid">
				<Arrivals lead={lead} open={open} />
				<TwoHours lead={lead} open={open} />
				<Localities lead={lead} open={open} />
				<Waits lead={lead} open={open} />
				<TriageTimes lead={lead} open={open} />
				<UnmetNeed lead={lead} open={open} />
			</div>
			<Breaches lead={lead} again={again} />
			{lead.opel && <OpelSection opel={lead.opel} now={now} again={again} />}
			{behind && <RowsDialog of={behind} onClose={close} />}
		</div>
	);
}

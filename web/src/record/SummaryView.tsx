// The left side: what matters about this person now.  Each line opens its source.

import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { withQuery } from "../base/address";
import { relative } from "../base/format";
import { FlagMark } from "../base/ui";
import { useNone } from "./limits";
import type { AllergyState, Contact, Fact, Series, Summary } from "./types";

function Part(props: { id: string; title: string; n?: number; children: ReactNode }) {
	return (
		<section className="hf-part" aria-labelledby={`part-${props.id}`}>
			<h3 id={`part-${props.id}`}>
				{props.title}
				{props.n !== undefined && props.n > 0 && (
					<span className="hf-part__n"> {props.n}</span>
				)}
			</h3>
			{props.children}
		</section>
	);
}

function Empty({ children }: { children: ReactNode }) {
	return <p className="hf-empty">{children}</p>;
}

function FactLine({ fact, now, ahead }: { fact: Fact; now: number; ahead?: boolean }) {
	return (
		<li className="hf-line">
			<Link href={withQuery({ open: fact.ref })} className="hf-line__link">
				{fact.title}
			</Link>
			{fact.value && <span className="hf-line__value"> {fact.value}</span>}
			{fact.status && <> <span className="hf-status">{fact.status}</span></>}
			{fact.detail && <span className="hf-line__detail">{fact.detail}</span>}
			<span className="hf-line__from">
				{fact.atText ?? "no date recorded"}
				{fact.instant && ` (${relative(fact.instant, now)})`}
				{!ahead && fact.until && ` to ${fact.until}`}
				{fact.org ? ` · ${fact.org}` : fact.by ? ` · ${fact.by}` : " · source not recorded"}
			</span>
		</li>
	);
}

function Lines({ facts, now, ahead }: { facts: Fact[]; now: number; ahead?: boolean }) {
	return (
		<ul className="hf-lines">
			{facts.map((f) => (
				<FactLine key={f.ref} fact={f} now={now} {...(ahead ? { ahead } : {})} />
			))}
		</ul>
	);
}

/** What is over: drawn only when it is opened. */
function Past({ facts, what, now }: { facts: Fact[]; what: string; now: number }) {
	const [open, setOpen] = useState(false);
	if (facts.length === 0) return null;
	return (
		<details className="hf-past" onToggle={(e) => setOpen(e.currentTarget.open)}>
			<summary>
				{facts.length} {what}
			</summary>
			{open && <Lines facts={facts} now={now} />}
		</details>
	);
}

function More({ n, kind, text }: { n: number; kind: string; text?: string }) {
	if (n === 0) return null;
	return (
		<p className="hf-dim">
			<Link href={withQuery({ kind, setting: null, org: null, q: null })}>
				{text ?? `${n} older in the timeline`}
			</Link>
		</p>
	);
}

/** A line of the last values, drawn; the words beside it say the same. */
function Trend({ series }: { series: Series }) {
	const points = series.points;
	if (points.length < 2) return null;
	const w = 64;
	const h = 18;
	const times = points.map((p) => Date.parse(p.instant));
	const values = points.map((p) => p.value);
	const [t0, t1] = [Math.min(...times), Math.max(...times)];
	const [v0, v1] = [Math.min(...values), Math.max(...values)];
	const x = (t: number) => 2 + ((t - t0) / (t1 - t0 || 1)) * (w - 6);
	const y = (v: number) => h - 3 - ((v - v0) / (v1 - v0 || 1)) * (h - 6);
	const path = points.map((p, i) => `${i ? "L" : "M"}${x(times[i]!).toFixed(1)} ${y(p.value).toFixed(1)}`);
	const newest = times.indexOf(t1);
	return (
		<svg className="hf-trend" viewBox={`0 0 ${w} ${h}`} width={w} height={h} aria-hidden="true">
			<path d={path.join("")} fill="none" stroke="currentColor" strokeWidth="1.5" />
			<circle cx={x(t1)} cy={y(values[newest]!)} r="2.2" fill="currentColor" />
		</svg>
	);
}

const arrows = { up: "↑", down: "↓", same: "→" } as const;

function Observations({ items, now }: { items: Series[]; now: number }) {
	return (
		<table className="hf-obs">
			<colgroup>
				<col className="hf-obs__what" />
				<col />
				<col className="hf-obs__trend" />
				<col className="hf-obs__date" />
			</colgroup>
			<thead className="nhsuk-u-visually-hidden">
				<tr>
					<th scope="col">What</th>
					<th scope="col">Latest</th>
					<th scope="col">Trend</th>
					<th scope="col">When</th>
				</tr>
			</thead>
			<tbody>
				{items.map((s) => (
					<tr key={s.latest.ref + s.latest.title}>
						<th scope="row">
							<Link href={withQuery({ open: s.latest.ref })}>{s.latest.title}</Link>
						</th>
						<td>
							<strong>{s.latest.value ?? "no value"}</strong>
							<FlagMark fact={s.latest} />
						</td>
						<td>
							{s.change && (
								<span title={s.changeText}>
									<span aria-hidden="true">{arrows[s.change]}</span>
									<span className="nhsuk-u-visually-hidden">{s.changeText}</span>
								</span>
							)}
							<Trend series={s} />
						</td>
						<td className="hf-obs__when">
							{s.latest.atText}
							{s.latest.instant && <span> {relative(s.latest.instant, now)}</span>}
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function People({ people }: { people: Contact[] }) {
	return (
		<ul className="hf-lines">
			{people.map((p) => (
				<li key={p.ref + (p.role ?? "")} className="hf-line">
					<span className="hf-line__value">{p.name}</span>
					{p.role && <span> {p.role}</span>}
					{(p.org || p.phone) && (
						<span className="hf-line__from">{[p.org, p.phone].filter(Boolean).join(" · ")}</span>
					)}
				</li>
			))}
		</ul>
	);
}

function Contacts({ summary, now }: { summary: Summary; now: number }) {
	const none = useNone();
	return (
		<Part id="contacts" title="Contacts">
			<h4>Next</h4>
			{summary.nextContacts.length === 0 ? (
				<Empty>{none("No appointment recorded.", "appointment")}</Empty>
			) : (
				<Lines facts={summary.nextContacts} now={now} ahead />
			)}
			<h4>Last</h4>
			{summary.lastContacts.length === 0 ? (
				<Empty>{none("No contact recorded.", "clinical")}</Empty>
			) : (
				<Lines facts={summary.lastContacts} now={now} />
			)}
		</Part>
	);
}

export function SummaryView(props: {
	summary: Summary;
	allergies: AllergyState;
	now: number;
	/** What stands before all else: pathways and their clocks. */
	above?: ReactNode;
}) {
	const { summary, allergies, now } = props;
	const { problems, medicines, observations } = summary;
	const none = useNone();
	return (
		<div className="hf-summary" id="summary" tabIndex={-1} role="region" aria-label="Summary">
			<h2 className="hf-record__title">Summary</h2>
			{props.above}
			<Part id="problems" title="Problems" n={problems.active.length}>
				{problems.active.length === 0 ? (
					<Empty>
						{none(
							problems.past.length === 0
								? "No problems recorded."
								: "No active problems recorded.",
							"problem",
						)}
					</Empty>
				) : (
					<Lines facts={problems.active} now={now} />
				)}
				<Past facts={problems.past} what="past" now={now} />
				<More n={problems.more} kind="problem" />
			</Part>
			<Part id="allergies" title="Allergies" n={allergies.items.length}>
				{allergies.items.length === 0 ? (
					<Empty>{none(`${allergies.text}.`, "alert")}</Empty>
				) : (
					<Lines facts={allergies.items} now={now} />
				)}
			</Part>
			<Part id="medicines" title="Medicines" n={medicines.current.length}>
				{medicines.current.length === 0 ? (
					<Empty>
						{none(
							medicines.past.length === 0
								? "No medicines recorded."
								: "No current medicines recorded.",
							"medicine",
						)}
					</Empty>
				) : (
					<Lines facts={medicines.current} now={now} />
				)}
				<Past facts={medicines.past} what="past" now={now} />
				<More n={medicines.more} kind="medicine" />
			</Part>
			<Part id="observations" title="Latest observations">
				{observations.items.length === 0 ? (
					<Empty>{none("No observations recorded.", "clinical")}</Empty>
				) : (
					<Observations items={observations.items} now={now} />
				)}
				<More
					n={observations.more}
					kind="observation"
					text="All observations, in the timeline"
				/>
			</Part>
			<Part id="plans" title="Plans and what matters">
				{summary.matters.length > 0 && (
					<>
						<h4>What matters to this person</h4>
						<Lines facts={summary.matters} now={now} />
					</>
				)}
				{summary.plans.length > 0 ? (
					<Lines facts={summary.plans} now={now} />
				) : (
					<Empty>{none("No care plan recorded.", "plan")}</Empty>
				)}
			</Part>
			<Part id="involved" title="Who is involved">
				{summary.involved.length === 0 ? (
					<Empty>{none("Nobody recorded.", "contact")}</Empty>
				) : (
					<People people={summary.involved} />
				)}
			</Part>
			<Contacts summary={summary} now={now} />
		</div>
	);
}

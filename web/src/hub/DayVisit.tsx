// One visit: who, where, what to beware of, what to do, and what happened.

import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { Sign } from "../base/ui";
import { NoAccess, Note, Outcome, type Facts, type Record_ } from "./DayForms";
import type { Queue } from "./offlineQueue";
import type { DayList } from "./offlineTypes";
import type { Standing } from "./useDay";
import { ageText, bornText, chipText, clockTime, mainClock, newsText, nhsInThrees, toneOf } from "./words";

const telephone = (text: string) => `tel:${text.replace(/[^\d+]/g, "")}`;

function Phone({ number, whom }: { number: string; whom: string }) {
	return (
		<a className="hf-visit__phone" href={telephone(number)} aria-label={`Call ${whom}: ${number}`}>
			{number}
		</a>
	);
}

/** Safeguarding and scene safety stand first: the server gives them in order. */
function Risks({ of }: { of: Standing }) {
	const { visit } = of;
	if (visit.risks.length === 0)
		return <p className="hf-visit__none">No risks recorded</p>;
	return (
		<ul className="hf-visit__risks" aria-label="Risks">
			{visit.risks.map((r, i) => (
				<li key={i} className={r.category === "SG" || r.category === "SS" ? "hf-visit__risk--first" : ""}>
					<Sign of="warn" /> <strong>{r.title}</strong>
					{r.text && <>: {r.text}</>}
				</li>
			))}
		</ul>
	);
}

function Item({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Where({ of, cut }: { of: Standing; cut: boolean }) {
	const { visit, row } = of;
	const news = newsText(row);
	return (
		<dl className="hf-visit__facts">
			<Item name="Address">
				{visit.address ?? <span className="hf-empty">not recorded</span>}
			</Item>
			<Item name="Phone">
				{visit.phone ? (
					<Phone number={visit.phone} whom={row.person.name} />
				) : (
					<span className="hf-empty">not recorded</span>
				)}
			</Item>
			<Item name="Access">
				{visit.access ?? <span className="hf-empty">nothing recorded about access</span>}
				{visit.alone !== undefined && (
					<div>Lives {visit.alone ? "alone" : "with somebody"}</div>
				)}
			</Item>
			{visit.loneWorker && <Item name="Lone worker">{visit.loneWorker}</Item>}
			<Item name="Problem">{row.problem ?? <span className="hf-empty">not recorded</span>}</Item>
			<Item name="Observations">
				{news.text}
				{row.cfs !== undefined && row.cfs > 0 && <>, CFS {row.cfs}</>}
			</Item>
			<Item name="Allergies">
				{visit.allergies ?? <span className="hf-empty">none recorded</span>}
			</Item>
			<Item name="Plan">{visit.plan ? <span className="hf-visit__lines">{visit.plan}</span> : <span className="hf-empty">no plan recorded</span>}</Item>
			{(visit.kin ?? []).map((k, i) => (
				<Item key={i} name={k.relation ?? "Contact"}>
					{k.name} {k.phone && <Phone number={k.phone} whom={k.name ?? k.relation ?? "contact"} />}
				</Item>
			))}
			{row.person.id && (
				<Item name="Forms">
					{cut ? (
						<span className="hf-empty">need a network</span>
					) : (
						<Link href={`/people/${encodeURIComponent(row.person.id)}/forms`} className="hf-visit__form">
							Fill in a form
							<span className="nhsuk-u-visually-hidden"> about {row.person.name}</span>
						</Link>
					)}
				</Item>
			)}
		</dl>
	);
}

/** What one can say of a visit with one press; the others ask something first. */
const atOnce: Record<string, Facts> = { "set-off": {}, "start-contact": { inPerson: true } };
const onThePhone = ["set-off", "start-contact", "no-access", "record-outcome"];

export function DayVisit(props: {
	n: number;
	of: Standing;
	list: DayList;
	queue: Queue;
	now: number;
	/** There is no network. */
	cut: boolean;
}) {
	const { n, of, list, queue, now } = props;
	const { row } = of;
	const [asking, setAsking] = useState("");
	const clock = mainClock(row);
	const id = `visit-${n}`;
	const add = (event: string, title: string, facts: Facts, note?: string) =>
		queue.add({
			referral: row.id,
			person: row.person.name,
			event,
			title,
			facts,
			...(note ? { note } : {}),
			done: new Date().toISOString(),
			version: row.version,
			seen: list.at,
			state: of.stateText,
		});
	const record: Record_ = async (step, facts, note) => {
		await add(step.event, step.title, facts, note);
		setAsking("");
	};
	const steps = of.steps.filter((s) => onThePhone.includes(s.event));
	const step = steps.find((s) => s.event === asking);
	return (
		<li className="hf-visit">
			<article aria-labelledby={id}>
				<div className="hf-visit__head">
					<h2 id={id}>
						<span className="hf-visit__n">{n}</span> {row.person.name}{" "}
						<span className="hf-dim">{ageText(row.person.age)}</span>
					</h2>
					{clock && (
						<p className={`hf-visit__due hf-visit__due--${toneOf(clock, now)}`}>
							{clock.due && <>{clockTime(clock.due, now)} · </>}
							{chipText(clock, now)}
						</p>
					)}
				</div>
				<p className="hf-visit__who">
					{row.person.born && <>born {bornText(row.person.born)}</>}
					{row.person.nhs && <> · NHS {nhsInThrees(row.person.nhs)}</>}
				</p>
				<p className="hf-visit__state">
					<strong>{of.stateText}</strong>
					{of.drafts.length > 0 && (
						<>
							{" "}
							<span className="hf-status">
								{of.drafts.length === 1
									? `“${of.drafts[0]?.title}” not sent yet`
									: `${of.drafts.length} not sent yet`}
							</span>
						</>
					)}
				</p>
				<Risks of={of} />
				<Where of={of} cut={props.cut} />
				<div className="hf-visit__do hf-no-print">
					{steps.map((s) =>
						atOnce[s.event] ? (
							<button
								key={s.event}
								type="button"
								className="hf-main-button"
								onClick={() => void record(s, atOnce[s.event] ?? {})}
							>
								{s.title}
								<span className="nhsuk-u-visually-hidden">: {row.person.name}</span>
							</button>
						) : (
							<button
								key={s.event}
								type="button"
								className="hf-button"
								aria-expanded={asking === s.event}
								onClick={() => setAsking((a) => (a === s.event ? "" : s.event))}
							>
								{s.title}
								<span className="nhsuk-u-visually-hidden">: {row.person.name}</span>
							</button>
						),
					)}
					<button
						type="button"
						className="hf-button"
						aria-expanded={asking === "message"}
						onClick={() => setAsking((a) => (a === "message" ? "" : "message"))}
					>
						Write a note
						<span className="nhsuk-u-visually-hidden">: {row.person.name}</span>
					</button>
				</div>
				{step?.event === "no-access" && <NoAccess step={step} record={record} id={id} of={row.id} />}
				{step?.event === "record-outcome" && (
					<Outcome step={step} record={record} id={id} of={row.id} list={list} />
				)}
				{asking === "message" && (
					<Note
						id={id}
						of={row.id}
						send={async (text) => {
							await add("message", "Note to the hub", {}, text);
							setAsking("");
						}}
					/>
				)}
			</article>
		</li>
	);
}

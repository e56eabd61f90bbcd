// "Whose records are this person's, and why?": the records of a person, every link that
// was ever made between them, and taking one back.

import { useId, useState } from "react";
import { Link } from "wouter";
import { When, whenText } from "../access/when";
import { forgetAll, send, useAsked } from "../base/api";
import { Area, Check, Done, ErrorSummary, Main, useSubmit } from "../base/form";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Dialog, Problem, Sign, Waiting, useTitle } from "../base/ui";
import { Grounds, Who } from "./parts";
import {
	linkedBy,
	pairPath,
	reasonLeast,
	reasonMost,
	type Fact,
	type Outcome,
	type Person,
	type Whole,
} from "./types";

type Ask = { what: "undo"; fact: Fact } | { what: "part"; record: Whole };

function Why(props: { ask: Ask; id: string; onClose: () => void; onDone: (text: string) => void }) {
	const { ask, id, onClose, onDone } = props;
	const own = useId();
	const [reason, setReason] = useState("");
	const [apart, setApart] = useState(false);
	const ids = { reason: `${own}-reason` };
	const byHand = ask.what === "undo" && ask.fact.kind === "hand" && ask.fact.state === "linked";
	const form = useSubmit(
		() =>
			reason.trim().length >= reasonLeast
				? ({} as Record<string, string>)
				: { reason: `Say why, in at least ${reasonLeast} characters` },
		async () => {
			const base = "/api/identity/persons/";
			const done =
				ask.what === "undo"
					? await send<Outcome>(`${base}${encodeURIComponent(id)}/links/${ask.fact.link}/undo`, {
							reason: reason.trim(),
							...(byHand ? { apart } : {}),
						})
					: await send<Outcome>(`${base}${encodeURIComponent(ask.record.id ?? "")}/part`, {
							reason: reason.trim(),
						});
			forgetAll();
			onDone(
				ask.what === "part"
					? "The record was taken out. It stands by itself now."
					: done.onePerson
						? "The link was taken back. Other links still make the two one person’s."
						: "The link was taken back. Each record is as it would be without it.",
			);
		},
		["reason"],
	);
	return (
		<Dialog
			title={
				ask.what === "part"
					? `Take the record of ${ask.record.name} out of this person?`
					: ask.fact.state === "separated"
						? "Take back that they are two people?"
						: "Undo this link?"
			}
			onClose={onClose}
			closeText="Cancel"
		>
			<form onSubmit={form.submit} noValidate>
				<ErrorSummary of={form} ids={ids} />
				<p>
					{ask.what === "part"
						? "Everything that links it to the others is taken back, and it is recorded that it is not of this person."
						: ask.fact.state === "separated"
							? "They may be linked again from then on, by hand or by what comes in."
							: byHand
								? "No record is changed: what was written meanwhile stays where it was written."
								: "It was not made by hand: that the two are two people is recorded too, so that it is not made again."}
				</p>
				{byHand && (
					<Check
						label="They are two people: no automatic link is to join them again"
						checked={apart}
						onChange={setApart}
					/>
				)}
				<Area
					id={ids.reason}
					label="Why"
					hint="What you checked and whom you asked. No clinical details."
					value={reason}
					onChange={setReason}
					error={form.wrong.reason}
					maxLength={reasonMost}
				/>
				<Main busy={form.busy} danger>
					{ask.what === "part" ? "Take it out" : "Take it back"}
				</Main>
			</form>
		</Dialog>
	);
}

function Records({ of, onPart }: { of: Whole[]; onPart: (r: Whole) => void }) {
	return (
		<Table
			caption={plural(of.length, "record", "records")}
			rows={of}
			id={(r) => r.id ?? "gone"}
			columns={[
				{ head: "Record", cell: (r) => <Who of={r} /> },
				{
					head: "Holds",
					cell: (r) => (
						<>
							{plural(r.entries ?? 0, "entry", "entries")}
							{r.lastEntry && <div className="hf-dim">the last of {r.lastEntry}</div>}
						</>
					),
				},
				{ head: "From", cell: (r) => r.source ?? <span className="hf-dim">not recorded</span> },
				{ head: "Changed", cell: (r) => <When at={r.changedAt} /> },
				{
					head: "Not of this person?",
					cell: (r) =>
						of.length > 1 && !r.gone ? (
							<button type="button" className="hf-button hf-button--quiet" onClick={() => onPart(r)}>
								Take out<span className="nhsuk-u-visually-hidden"> the record of {r.name}</span>…
							</button>
						) : (
							""
						),
				},
			]}
		/>
	);
}

function State({ of }: { of: Fact }) {
	if (of.undone)
		return (
			<>
				Taken back {whenText(of.undone.at)} by {of.undone.by}
				<div className="hf-quote">“{of.undone.why}”</div>
			</>
		);
	return (
		<strong>
			<Sign of={of.state === "linked" ? "tick" : "warn"} />{" "}
			{of.state === "linked" ? "Linked" : "Kept apart"}
		</strong>
	);
}

export function LinksPage({ id }: { id: string }) {
	useTitle("Links of a person");
	const { data, error, again } = useAsked<Person>(
		`/api/identity/persons/${encodeURIComponent(id)}/links`,
	);
	const [asked, setAsked] = useState<Ask | null>(null);
	const [done, setDone] = useState("");
	if (error)
		return (
			<div className="hf-page">
				<h1>Links of a person</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the links" />
			</div>
		);
	return (
		<div className="hf-page hf-page--wide">
			<p>
				<Link href="/identity">Back to the list</Link>
			</p>
			<h1>Records of {data.records[0]?.name ?? "a person"}</h1>
			{done && (
				<Done>
					<p>{done}</p>
				</Done>
			)}
			<Records of={data.records} onPart={(record) => setAsked({ what: "part", record })} />
			<section aria-labelledby="history-title">
				<h2 id="history-title">What linked them, and what kept them apart</h2>
				{data.links.length === 0 ? (
					<p className="hf-empty">Nothing was ever decided about this record.</p>
				) : (
					<Table
						caption={`${plural(data.links.length, "decision", "decisions")}, the newest first`}
						rows={data.links}
						id={(l) => String(l.link)}
						columns={[
							{
								head: "Between",
								cell: (l) => (
									<>
										<Who of={l.one} />
										<div className="hf-dim">and</div>
										<Who of={l.other} />
										{l.one.id && l.other.id && (
											<Link href={pairPath(l.one.id, l.other.id)}>
												Compare<span className="nhsuk-u-visually-hidden"> {l.one.name} with {l.other.name}, link {l.link}</span>
											</Link>
										)}
									</>
								),
							},
							{
								head: "How",
								cell: (l) => (
									<>
										{l.state === "linked"
											? `Linked ${linkedBy[l.kind] ?? l.kind}`
											: "Decided to be two people"}
										<div className="hf-dim">
											<When at={l.at} /> by {l.by}
										</div>
										<div className="hf-quote">“{l.why}”</div>
										{l.fields && l.fields.length > 0 && <Grounds fields={l.fields} />}
									</>
								),
							},
							{ head: "Now", cell: (l) => <State of={l} /> },
							{
								head: "Undo",
								cell: (l) =>
									l.undone ? (
										""
									) : (
										<button
											type="button"
											className="hf-button hf-button--quiet"
											onClick={() => setAsked({ what: "undo", fact: l })}
										>
											Undo
											<span className="nhsuk-u-visually-hidden"> link {l.link} {linkedBy[l.kind]}</span>…
										</button>
									),
							},
						]}
					/>
				)}
			</section>
			{asked && (
				<Why
					ask={asked}
					id={id}
					onClose={() => setAsked(null)}
					onDone={(text) => {
						setAsked(null);
						setDone(text);
						again();
					}}
				/>
			)}
		</div>
	);
}

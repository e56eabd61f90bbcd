// "Was this access right?": one item of the queue, with what was seen, and its
// review.

import { useId, useState } from "react";
import { Link } from "wouter";
import { forgetAll, send, useAsked } from "../../base/api";
import { Area, Done, ErrorSummary, Main, Radios, useSubmit } from "../../base/form";
import { plural } from "../../base/format";
import { Table } from "../../base/table";
import { Problem, Sign, Waiting, useTitle } from "../../base/ui";
import { When, whenText } from "../when";
import { Due, personText, whatText } from "./QueuePage";
import { outcomes, roleOf, whoText, type Notice } from "./types";

const least = 15;

function Review({ item, onDone }: { item: Notice; onDone: () => void }) {
	const id = useId();
	const [outcome, setOutcome] = useState("");
	const [note, setNote] = useState("");
	const ids = { outcome: `${id}-outcome`, note: `${id}-note` };
	const form = useSubmit(
		() => ({
			...(outcome ? {} : { outcome: "Choose an outcome" }),
			...(outcome === "justified" || outcome === "" || note.trim().length >= least
				? {}
				: { note: `Say what you found, in at least ${least} characters` }),
		}),
		async () => {
			await send(`/api/privacy/queue/${encodeURIComponent(item.id)}/review`, {
				outcome,
				note: note.trim(),
			});
			onDone();
		},
		["outcome", "note"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Your review</h2>
			<ErrorSummary of={form} ids={ids} />
			<Radios
				id={ids.outcome}
				label="Was the access right?"
				choices={outcomes}
				value={outcome}
				onChange={setOutcome}
				error={form.wrong.outcome}
			/>
			<Area
				id={ids.note}
				label="What you found"
				hint="Whom you asked and what they said. No clinical details."
				value={note}
				onChange={setNote}
				error={form.wrong.note}
				maxLength={2000}
			/>
			<Main busy={form.busy}>Close this review</Main>
		</form>
	);
}

function Facts({ item }: { item: Notice }) {
	return (
		<dl className="hf-facts">
			<div>
				<dt>Who</dt>
				<dd>
					{[whoText(item.user), roleOf(item.user)].filter(Boolean).join(", ")}
					{item.recent !== undefined && item.recent > 1 && (
						<div className={item.often ? "hf-flag" : "hf-dim"}>
							{item.often && <Sign of="warn" />}{" "}
							{plural(item.recent, "broken glass", "broken glasses")} within 24 hours
						</div>
					)}
				</dd>
			</div>
			<div>
				<dt>Whose record</dt>
				<dd>
					{personText(item)}
					{item.person && (
						<>
							{" · "}
							<Link href={`/privacy/looked?person=${encodeURIComponent(item.person)}`}>
								who looked at it
							</Link>
						</>
					)}
				</dd>
			</div>
			<div>
				<dt>When</dt>
				<dd>
					<When at={item.at} />
					{item.until && ` · ${item.ended ? "ended" : "until"} ${whenText(item.until)}`}
				</dd>
			</div>
			{item.text && (
				<div>
					<dt>In the user's words</dt>
					<dd className="hf-quote">“{item.text}”</dd>
				</div>
			)}
			{item.askedBy && (
				<div>
					<dt>Who asked the person</dt>
					<dd>{item.askedBy}</dd>
				</div>
			)}
			<div>
				<dt>Review</dt>
				<dd>
					<Due item={item} />
					{item.review && ` by ${item.review.byName ?? item.review.by}`}
					{item.review?.note && <div className="hf-quote">“{item.review.note}”</div>}
				</dd>
			</div>
		</dl>
	);
}

export function ReviewPage({ id }: { id: string }) {
	useTitle("Review of an access");
	const path = `/api/privacy/queue/${encodeURIComponent(id)}`;
	const { data, error, again } = useAsked<Notice>(path);
	const [done, setDone] = useState(false);
	if (error)
		return (
			<div className="hf-page">
				<h1>Review of an access</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the access" />
			</div>
		);
	const seen = data.accesses ?? [];
	return (
		<div className="hf-page">
			<p>
				<Link href="/privacy">Back to the queue</Link>
			</p>
			<h1>{whatText(data)}</h1>
			{done && (
				<Done>
					<p>The review is closed. It stays in the list of what was reviewed.</p>
				</Done>
			)}
			<Facts item={data} />
			<section aria-labelledby="seen-title">
				<h2 id="seen-title">What was opened through it</h2>
				{seen.length === 0 ? (
					<p className="hf-empty">Nothing was opened through it.</p>
				) : (
					<Table
						caption={plural(seen.length, "access", "accesses")}
						rows={seen.map((s, i) => ({ ...s, key: String(i) }))}
						id={(s) => s.key}
						columns={[
							{ head: "When", cell: (s) => <When at={s.at} /> },
							{ head: "What", cell: (s) => s.what },
						]}
					/>
				)}
			</section>
			{!data.review && (
				<section>
					<Review
						item={data}
						onDone={() => {
							forgetAll();
							setDone(true);
							again();
						}}
					/>
				</section>
			)}
		</div>
	);
}

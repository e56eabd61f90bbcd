// Something recorded here that the server did not take: what happened meanwhile, what
// of mine is kept, and what shall become of it.

import { plural } from "../base/format";
import { Do } from "../base/form";
import type { Queue } from "./offlineQueue";
import type { Draft } from "./offlineTypes";
import { clockTime } from "./words";

function said(value: unknown): string {
	if (value === true) return "yes";
	if (value === false) return "no";
	if (typeof value !== "object" || value === null) return String(value);
	return Object.entries(value)
		.map(([name, v]) => `${name} ${said(v)}`)
		.join(" ");
}

/** What the hub reads when it is sent in words. */
function inWords(draft: Draft, now: number): string {
	const facts = Object.entries(draft.facts)
		.map(([name, value]) => `${name}: ${said(value)}`)
		.join(", ");
	return [
		`Recorded at ${clockTime(draft.done, now)} without a network: ${draft.title}.`,
		facts && `(${facts})`,
		draft.note,
	]
		.filter(Boolean)
		.join(" ");
}

export function DayConflict(props: {
	draft: Draft;
	/** Others of mine about this person that wait for the choice. */
	behind: number;
	queue: Queue;
	now: number;
	cut: boolean;
}) {
	const { draft, behind, queue, now, cut } = props;
	const { conflict } = draft;
	if (!conflict) return null;
	const title = `conflict-${draft.key}`;
	const against = cut
		? "there is no network."
		: conflict.allowed
			? ""
			: (conflict.why ?? "as the referral stands now this can no longer be done.");
	return (
		<section className="hf-problem hf-conflict" aria-labelledby={title}>
			<h2 id={title} className="hf-problem__title">
				Not sent: {draft.title}, {draft.person}
			</h2>
			<p>{conflict.text}</p>
			<h3>What happened meanwhile</h3>
			{conflict.meanwhile.length > 0 ? (
				<ul className="hf-conflict__list">
					{conflict.meanwhile.map((m, i) => (
						<li key={i}>
							<strong>{clockTime(m.at, now)}</strong> {m.title}
							{m.by && <>, {m.by}</>}
							{m.note && <>: {m.note}</>}
						</li>
					))}
				</ul>
			) : (
				<p>
					{conflict.version === undefined
						? "You can no longer see this referral: it may be with another team."
						: "Nothing that is shown to you."}
				</p>
			)}
			{conflict.stateText && (
				<p>
					Now: <strong>{conflict.stateText}</strong>
				</p>
			)}
			<h3>What is kept of yours</h3>
			<p>
				{draft.title} at {clockTime(draft.done, now)}
				{draft.note && <>: “{draft.note}”</>}. It stays on this device until you choose.
				{behind > 0 && <> {plural(behind, "later record")} about this person waits behind it.</>}
			</p>
			<div className="hf-buttons">
				{against ? (
					<button type="button" className="hf-button" disabled aria-describedby={`${title}-why`}>
						Record it all the same
					</button>
				) : (
					<Do run={() => queue.sendAnyway(draft)} about={`${draft.title}, ${draft.person}`}>
						Record it all the same
					</Do>
				)}
				{draft.event !== "message" && conflict.version !== undefined && (
					<Do run={() => queue.sendAsMessage(draft, inWords(draft, now))} about={draft.person}>
						Send it to the hub as a note
					</Do>
				)}
				<Do run={() => queue.drop(draft)} danger about={`${draft.title}, ${draft.person}`}>
					Delete it from this device
				</Do>
			</div>
			{against && (
				<p id={`${title}-why`} className="hf-dim">
					It cannot be recorded as it is: {against}
				</p>
			)}
		</section>
	);
}

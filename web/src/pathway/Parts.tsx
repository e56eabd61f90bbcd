// Clocks and tasks of somebody on a pathway.

import { useState } from "react";
import { Link } from "wouter";
import { asApiError, send } from "../base/api";
import { Area } from "../base/form";
import { Chip } from "../hub/Clocks";
import { At } from "../hub/ReferralParts";
import type { Clock } from "../hub/types";
import { clockTime } from "../hub/words";
import type { Instance, Task } from "./types";

const goesOn = (c: Clock) => c.state === "running" || c.state === "paused";

/** A clock that stopped is shown on the page of the instance, not in the panel. */
export function Clocks({ of, all }: { of: Clock[]; all?: boolean }) {
	const shown = all ? of : of.filter((c) => goesOn(c));
	if (shown.length === 0) return <p className="hf-dim">No clock runs.</p>;
	return (
		<ul className="hf-case-clocks">
			{shown.map((c) => (
				<li key={c.id}>
					<Chip clock={c} plain /> <span>{c.title}</span>
					{c.due && goesOn(c) && <span className="hf-dim"> due {clockTime(c.due, Date.now())}</span>}
					{c.stopped && <span className="hf-dim"> stopped {clockTime(c.stopped, Date.now())}</span>}
				</li>
			))}
		</ul>
	);
}

const kinds = { work: "To do", alert: "To know", breach: "Late" } as const;

/** One task: whose it is, until when, its forms, and a way to say that it is done. */
export function TaskLine(props: {
	task: Task;
	instance: string;
	person: string;
	onDone: (instance: Instance) => void;
}) {
	const { task, instance, person } = props;
	const [asked, setAsked] = useState(false);
	const [note, setNote] = useState("");
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState("");
	const done = () => {
		if (busy) return;
		if (task.kind === "breach" && !note.trim()) {
			setError("Say why it was late.");
			return;
		}
		setBusy(true);
		setError("");
		send<{ instance: Instance }>(`/api/instances/${encodeURIComponent(instance)}/done`, {
			task: task.key,
			...(note.trim() ? { note: note.trim() } : {}),
		})
			.then((r) => props.onDone(r.instance))
			.catch((thrown: unknown) => setError(asApiError(thrown).message))
			.finally(() => setBusy(false));
	};
	return (
		<li className={`hf-case-task hf-case-task--${task.kind}`}>
			<div>
				<span className="hf-status">{kinds[task.kind]}</span> <strong>{task.title}</strong>
				{task.roleText && <span className="hf-dim">, for {task.roleText}</span>}
				{task.due && (
					<span>
						, due <At at={task.due} />
					</span>
				)}
			</div>
			{task.forms.length > 0 && (
				<ul className="hf-case-forms">
					{task.forms.map((f) => (
						<li key={f.id}>
							<Link href={`/people/${encodeURIComponent(person)}/forms/${encodeURIComponent(f.id)}`}>
								{f.id.replace(/-/g, " ")}
							</Link>{" "}
							<span className="hf-dim">{f.filled ? "filled in" : "to be filled in"}</span>
						</li>
					))}
				</ul>
			)}
			{task.mine && !asked && (
				<button
					type="button"
					className="hf-button hf-button--quiet hf-no-print"
					aria-label={`Done: ${task.title}`}
					onClick={() => setAsked(true)}
				>
					Done…
				</button>
			)}
			{asked && (
				<form
					className="hf-move hf-no-print"
					onSubmit={(e) => {
						e.preventDefault();
						done();
					}}
				>
					<Area
						label={task.kind === "breach" ? "Why it was late" : "Note (optional)"}
						rows={2}
						maxLength={2000}
						value={note}
						onChange={setNote}
						error={error || undefined}
					/>
					<button type="submit" className="hf-main-button hf-main-button--small" aria-disabled={busy}>
						It is done
					</button>{" "}
					<button type="button" className="hf-button hf-button--quiet" onClick={() => setAsked(false)}>
						Cancel
					</button>
				</form>
			)}
		</li>
	);
}

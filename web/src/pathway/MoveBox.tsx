// What can happen next to somebody on a pathway: each possible move with what it asks,
// and why the others are not possible.

import { useState } from "react";
import { asApiError, send } from "../base/api";
import { Area } from "../base/form";
import { FactField, factsOf, type Said } from "./Facts";
import type { Instance, Move } from "./types";

function MoveForm(props: {
	instance: Instance;
	move: Move;
	onMoved: () => void;
	onCancel: () => void;
}) {
	const { instance, move } = props;
	const [said, setSaid] = useState<Said>({});
	const [note, setNote] = useState("");
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState("");
	const submit = () => {
		if (busy) return;
		const { facts, wrong } = factsOf(move.needs, said);
		if (wrong) {
			setError(wrong);
			return;
		}
		setBusy(true);
		setError("");
		send(`/api/instances/${encodeURIComponent(instance.id)}/moves`, {
			version: instance.version,
			event: move.event,
			...(Object.keys(facts).length > 0 ? { facts } : {}),
			...(note.trim() ? { note: note.trim() } : {}),
		})
			.then(props.onMoved)
			.catch((thrown: unknown) => setError(asApiError(thrown).message))
			.finally(() => setBusy(false));
	};
	return (
		<form
			className="hf-move"
			aria-label={move.title}
			onSubmit={(e) => {
				e.preventDefault();
				submit();
			}}
		>
			<h4>{move.title}</h4>
			{move.missing && <p className="hf-dim">As it stands: {move.missing}</p>}
			{move.needs.map((n) => (
				<FactField
					key={n.fact}
					need={n}
					said={said}
					onChange={(v) => setSaid((s) => ({ ...s, [n.fact]: v }))}
				/>
			))}
			<Area label="Note (optional)" rows={2} maxLength={2000} value={note} onChange={setNote} />
			{error && (
				<p className="hf-problem" role="alert">
					{error}
				</p>
			)}
			<button type="submit" className="hf-main-button hf-main-button--small" aria-disabled={busy}>
				{move.title}
			</button>{" "}
			<button type="button" className="hf-button hf-button--quiet" onClick={props.onCancel}>
				Cancel
			</button>
		</form>
	);
}

export function MoveBox({ instance, moves, onMoved }: { instance: Instance; moves: Move[]; onMoved: () => void }) {
	const [chosen, setChosen] = useState("");
	const can = moves.filter((m) => m.allowed);
	const cannot = moves.filter((m) => !m.allowed);
	const open = can.find((m) => m.event === chosen);
	return (
		<section className="hf-moves hf-no-print" aria-labelledby="moves-title">
			<h2 id="moves-title">What can happen next</h2>
			{can.length === 0 && (
				<p className="hf-empty">
					{instance.ended
						? `Nothing more: ${instance.stateText}.`
						: "Nothing that you could do now. Below is what others can, and who."}
				</p>
			)}
			<div className="hf-buttons">
				{can.map((m) => (
					<button
						key={m.event}
						type="button"
						className="hf-button hf-button--quiet"
						aria-expanded={chosen === m.event}
						data-do={m.event}
						onClick={() => setChosen(chosen === m.event ? "" : m.event)}
					>
						{m.title}…
					</button>
				))}
			</div>
			{open && (
				<MoveForm
					key={open.event}
					instance={instance}
					move={open}
					onCancel={() => setChosen("")}
					onMoved={() => {
						setChosen("");
						onMoved();
					}}
				/>
			)}
			{cannot.length > 0 && (
				<details className="hf-past" open={can.length === 0}>
					<summary>Not possible for you ({cannot.length}), and why</summary>
					<ul className="hf-cannot">
						{cannot.map((m) => (
							<li key={m.event}>
								<strong>{m.title}</strong>: <span>{m.why ?? "not in this state"}</span>
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

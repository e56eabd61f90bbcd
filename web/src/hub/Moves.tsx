// What can happen next to a referral: possible moves as buttons with their forms, and why
// the others are not possible.

import { useEffect, useRef, useState } from "react";
import { closesTriage, consequence, MoveForm, MoveProblem, type Moving } from "./MoveForm";
import type { HubInfo, Move, Referral } from "./types";
import { unhyphened } from "./words";

/** Done at one press: everybody knows what follows, and the next step mends it. */
const atOnce = ["open-triage", "acknowledge", "team-accept", "set-off", "no-access"];

const first = [
	"open-triage",
	"accept",
	"team-accept",
	"set-off",
	"start-contact",
	"record-outcome",
	"safe-and-well",
	"ambulance-outcome",
	"hand-over",
	"supply-information",
];

export function Moves(props: {
	referral: Referral;
	hub: HubInfo | undefined;
	moving: Moving;
	dangersSeen: boolean;
	skip: string[];
}) {
	const { referral, hub, moving, dangersSeen } = props;
	const moves = referral.moves.filter((m) => !props.skip.includes(m.event));
	const can = moves
		.filter((m) => m.allowed)
		.sort((a, b) => (first.indexOf(a.event) + 1 || 99) - (first.indexOf(b.event) + 1 || 99));
	const cannot = moves.filter((m) => !m.allowed);
	const [chosen, setChosen] = useState<string>();
	const opener = can.find((m) => m.event === "accept" || m.event === "record-outcome");
	// The form that most come for is open; another is opened in its place.
	const open = chosen ?? opener?.event;
	const there = moves.find((m) => m.event === open);
	// A move that somebody was filling in while another was made keeps its form, and
	// says why it cannot be sent any more: nothing typed is lost.
	const before = useRef<Move | undefined>(undefined);
	const last = referral.story[referral.story.length - 1];
	const kept = chosen && !there && before.current?.event === chosen ? before.current : undefined;
	const openMove =
		there ??
		(kept && {
			...kept,
			allowed: false,
			why: `${last?.by?.name ?? "Somebody"} did “${last?.title ?? "something"}” meanwhile: it is ${referral.row.stateText.toLowerCase()} now.`,
		});
	useEffect(() => {
		if (there) before.current = there;
	});
	const needsForm = (m: Move) => !atOnce.includes(m.event);
	return (
		<section className="hf-moves hf-no-print" aria-labelledby="moves-title">
			<h3 id="moves-title">What can happen next</h3>
			{can.length === 0 && (
				<p className="hf-empty">
					{cannot.length > 0
						? "Nothing that you could do now. Below is what others can, and who."
						: `Nothing more: it is ${referral.row.stateText.toLowerCase()}.`}
				</p>
			)}
			<div className="hf-buttons">
				{can.map((m) =>
					needsForm(m) ? (
						<button
							key={m.event}
							type="button"
							className={`hf-button hf-button--quiet ${m.event === "call-999" ? "hf-button--danger" : ""}`}
							aria-expanded={open === m.event}
							data-do={m.event}
							onClick={() => {
								moving.setError(undefined);
								setChosen(open === m.event ? "" : m.event);
							}}
						>
							{m.title}…
						</button>
					) : (
						<button
							key={m.event}
							type="button"
							className="hf-main-button hf-main-button--small"
							aria-disabled={!!moving.busy || (closesTriage(m, referral.row) && !dangersSeen)}
							data-do={m.event}
							onClick={() => void moving.run(m.event, {})}
						>
							{consequence(m)}
						</button>
					),
				)}
			</div>
			{openMove && needsForm(openMove) ? (
				<MoveForm
					key={openMove.event}
					referral={referral}
					move={openMove}
					hub={hub}
					moving={moving}
					dangersSeen={dangersSeen}
					onTyped={() => setChosen(openMove.event)}
					onDone={() => setChosen(undefined)}
				/>
			) : (
				!props.skip.includes("allocate") && <MoveProblem error={moving.error} />
			)}
			{cannot.length > 0 && (
				<details className="hf-past" open={can.length === 0}>
					<summary>Not possible now ({cannot.length}), why, and who can</summary>
					<ul className="hf-cannot">
						{cannot.map((m) => (
							<li key={m.event}>
								<button type="button" className="hf-button hf-button--quiet" disabled>
									{m.title}
								</button>{" "}
								<span>
									{m.why
										? m.why.replace(/This is for: .*/, unhyphened)
										: "Not in this state."}
								</span>
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

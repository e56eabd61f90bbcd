// One possible move of a referral: its button, and the small form that it needs.
// What was typed stays until it was sent, whatever happens in between.

import { useRef, useState, type FormEvent } from "react";
import { asApiError, send, useAsked, type ApiError } from "../base/api";
import { Area, Select } from "../base/form";
import { useSession } from "../access/session";
import { useDraft } from "./hub";
import { Fact, labelled } from "./MoveFact";
import { dangersInShort } from "./parts";
import type { HubInfo, Move, Need, Referral, Row, Team } from "./types";
import { isLower } from "./words";

/** What a button does, said so that nobody is surprised. */
const consequences: Record<string, string> = {
	"find-duplicate": "Merge with the one that is open, and tell the referrer",
	"ask-information": "Ask the referrer, and pause the triage clock",
	"supply-information": "Add the information, and put it back to triage",
	"open-triage": "Open triage",
	advise: "Give advice, close, and tell the referrer",
	accept: "Accept, send to dispatch, and tell the referrer",
	reject: "Reject and tell the referrer",
	acknowledge: "Take the referral back from the hub",
	redirect: "Redirect, close here, and tell the referrer",
	"call-999": "999 is called: stop here and tell the referrer",
	allocate: "Offer to the team",
	"team-accept": "Accept for the team",
	"team-decline": "Decline, and give it back to dispatch",
	"set-off": "Set off",
	"start-contact": "Start the contact (stops the response clock)",
	"no-access": "No access: start the safe-and-well check",
	"safe-and-well": "Record the safe-and-well check",
	"record-outcome": "Record the outcome",
	"hand-over": "Hand over, close here, and tell the referrer",
	discharge: "Discharge, close, and tell the referrer",
	cancel: "Cancel and tell the referrer",
	void: "Mark as entered in error",
	"ambulance-outcome": "Record what the ambulance did",
	retriage: "Triage again, and take it back from the team",
};

export const consequence = (move: Move) => consequences[move.event] ?? move.title;

/** Moves that close triage: safeguarding and scene safety come first. */
const closes = new Set(["accept", "advise", "reject", "redirect"]);
export const closesTriage = (move: Move, row: Row) => closes.has(move.event) && row.state === "in-triage";

const withTeam = (event: string) => event === "redirect";
const dangerous = (event: string) => ["call-999", "reject", "cancel", "void"].includes(event);

interface Typed {
	facts?: Record<string, unknown>;
	note?: string;
	team?: string;
}

function TeamPick({
	value,
	onChange,
	error,
}: {
	value: string;
	onChange: (v: string) => void;
	error?: string | undefined;
}) {
	const { data } = useAsked<{ teams: Team[] }>("/api/hub/teams");
	return (
		<Select
			id="move-team"
			label="To which team"
			error={error}
			empty="Choose one"
			value={value}
			onChange={onChange}
			choices={(data?.teams ?? []).map((t) => ({ code: t.id, text: t.name }))}
		/>
	);
}

/** Is this need asked for now?  A reason for a lower urgency only when it is lower; the
 *  urgency itself only where it is decided. */
function isAsked(need: Need, event: string, facts: Record<string, unknown>, row: Row): boolean {
	if (need.fact === "downgradeReason") return isLower(facts.urgency as string | undefined, row.asked);
	if (need.fact === "urgency") return event === "accept" || event === "retriage";
	return true;
}

/** NEWS2 of a contact that was clinical; everything else that is asked. */
const isNeeded = (need: Need, facts: Record<string, unknown>) =>
	need.required ?? (need.fact !== "news2" || facts.clinical === true);

function numbersRead(needs: Need[], facts: Record<string, unknown>) {
	const out: Record<string, unknown> = { ...facts };
	for (const n of needs)
		if ((n.kind === "integer" || n.kind === "decimal") && typeof out[n.fact] === "string")
			out[n.fact] = Number(out[n.fact]);
	return out;
}

/** Sends a move.  `moved`: somebody was faster, and the page loads what they did. */
export function useMove(referral: Referral, onMoved: (row: Row, event: string) => void, again: () => void) {
	const [error, setError] = useState<ApiError>();
	const [busy, setBusy] = useState("");
	const now = useRef(false);
	const run = async (event: string, more: Typed & { noteText?: string }) => {
		if (now.current) return false;
		now.current = true;
		setBusy(event);
		setError(undefined);
		try {
			const { row } = await send<{ row: Row }>(
				`/api/hub/referrals/${encodeURIComponent(referral.row.id)}/moves`,
				{
					version: referral.row.version,
					event,
					facts: more.facts ?? {},
					...(more.note?.trim() ? { note: more.note.trim() } : {}),
					...(more.team ? { team: more.team } : {}),
				},
			);
			onMoved(row, event);
			return true;
		} catch (e) {
			const failed = asApiError(e);
			setError(failed);
			if (failed.status === 409) again();
			return false;
		} finally {
			now.current = false;
			setBusy("");
		}
	};
	return { run, error, busy, setError };
}

export type Moving = ReturnType<typeof useMove>;

export function MoveProblem({ error }: { error: ApiError | undefined }) {
	if (!error) return null;
	const moved = error.status === 409;
	return (
		<div className="hf-problem hf-problem--small" role="alert">
			<p>
				<strong>{moved ? "Somebody was faster. " : "Not done. "}</strong>
				{error.message}
				{moved && " The referral is shown as it is now; what you typed is still here."}
			</p>
		</div>
	);
}

export function MoveForm(props: {
	referral: Referral;
	move: Move;
	hub: HubInfo | undefined;
	moving: Moving;
	/** Safeguarding and scene safety have been on the screen. */
	dangersSeen: boolean;
	/** Something was typed: the form stays, whatever others do. */
	onTyped?: () => void;
	onDone?: () => void;
}) {
	const { referral, move, hub, moving, dangersSeen } = props;
	const { row } = referral;
	const { session } = useSession();
	const key = `move.${session?.actor?.id ?? ""}.${row.id}.${move.event}`;
	const first: Typed =
		move.event === "accept" || move.event === "retriage"
			? { facts: row.condition ? { condition: row.condition } : {} }
			: {};
	const [typed, keep, clear] = useDraft<Typed>(key, first);
	const setTyped = (next: Typed) => {
		keep(next);
		props.onTyped?.();
	};
	const [wrong, setWrong] = useState<Record<string, string>>({});
	const form = useRef<HTMLFormElement>(null);
	const facts = typed.facts ?? {};
	const needs = (move.needs ?? []).filter((n) => isAsked(n, move.event, facts, row)).map(labelled);
	const idOf = (fact: string) => `move-${move.event}-${fact}`;
	const set = (fact: string, value: unknown) => {
		const next = { ...facts };
		if (value === undefined) delete next[fact];
		else next[fact] = value;
		setTyped({ ...typed, facts: next });
	};
	const gate = closesTriage(move, row) && !dangersSeen;

	const submit = (e: FormEvent) => {
		e.preventDefault();
		if (gate || moving.busy || !move.allowed) return;
		const found: Record<string, string> = {};
		for (const n of needs) {
			const v = facts[n.fact];
			if ((isNeeded(n, facts) || n.fact === "downgradeReason") && v === undefined)
				found[n.fact] = `${n.title.replace(/[?:(].*$/, "").trim()}: this is needed.`;
			else if (v !== undefined && n.kind === "integer" && !/^-?\d+$/.test(String(v)))
				found[n.fact] = `${n.title}: write a whole number.`;
			else if (v !== undefined && n.kind === "decimal" && !Number.isFinite(Number(v)))
				found[n.fact] = `${n.title}: write a number.`;
		}
		if (withTeam(move.event) && !typed.team) found.team = "Choose to which team.";
		setWrong(found);
		const firstWrong = Object.keys(found)[0];
		if (firstWrong) {
			document.getElementById(firstWrong === "team" ? "move-team" : idOf(firstWrong))?.focus();
			return;
		}
		const sent = Object.fromEntries(
			Object.entries(facts).filter(([f]) => needs.some((n) => n.fact === f)),
		);
		void moving.run(move.event, { ...typed, facts: numbersRead(needs, sent) }).then((ok) => {
			if (ok) {
				clear();
				props.onDone?.();
			}
		});
	};
	return (
		<form
			ref={form}
			className="hf-move"
			onSubmit={submit}
			onKeyDown={(e) => {
				if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) form.current?.requestSubmit();
			}}
			data-move={move.event}
			noValidate
		>
			{needs.map((n) => (
				<Fact
					key={n.fact}
					id={idOf(n.fact)}
					need={n}
					hub={hub}
					row={row}
					value={facts[n.fact]}
					onChange={(v) => set(n.fact, v)}
					error={wrong[n.fact]}
				/>
			))}
			{withTeam(move.event) && (
				<TeamPick
					value={typed.team ?? ""}
					onChange={(team) => setTyped({ ...typed, team })}
					error={wrong.team}
				/>
			)}
			<Area
				id={idOf("note")}
				label="Note (optional)"
				rows={2}
				maxLength={2000}
				value={typed.note ?? ""}
				onChange={(note) => setTyped({ ...typed, note })}
			/>
			{closesTriage(move, row) && (
				<p className="hf-move__dangers">{dangersInShort(row, referral.request)}</p>
			)}
			<MoveProblem error={moving.error} />
			<div className="hf-buttons">
				<button
					type="submit"
					className={`hf-main-button ${dangerous(move.event) ? "hf-main-button--danger" : ""}`}
					aria-disabled={gate || !!moving.busy || !move.allowed}
				>
					{move.event === "accept" && facts.urgency
						? `Accept as ${String(facts.urgency)}, send to dispatch, and tell the referrer`
						: consequence(move)}
				</button>
				{gate && (
					<span className="hf-field__error">
						Read safeguarding and scene safety at the top first.
					</span>
				)}
				{!move.allowed && <span className="hf-field__error">{move.why}</span>}
			</div>
		</form>
	);
}

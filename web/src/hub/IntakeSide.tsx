// Intake, beside and below the form: what is missing, and how urgent it looks.  The
// server says both.

import { useEffect, useRef, useState } from "react";
import { ApiError, asApiError, send } from "../base/api";
import { Sign } from "../base/ui";
import { textOf } from "./hub";
import { fieldId } from "./items";
import type { Checked, HubInfo, Intake, Missing } from "./types";

export function toItem(path: string) {
	const field =
		document.getElementById(fieldId(path)) ??
		document.getElementById(fieldId(path.split(".")[0] as string));
	field?.focus();
	field?.scrollIntoView({ block: "center" });
}

export function MissingList({ items, title, none }: { items: Missing[]; title: string; none: string }) {
	return (
		<>
			<h3>
				{title} <span className="hf-part__n">{items.length > 0 && `(${items.length})`}</span>
			</h3>
			{items.length === 0 ? (
				<p className="hf-intake__all">
					<Sign of="tick" /> {none}
				</p>
			) : (
				<ul className="hf-missing">
					{items.map((m) => (
						<li key={m.item}>
							<button type="button" className="hf-linklike" onClick={() => toItem(m.item)}>
								{m.text}
							</button>
						</li>
					))}
				</ul>
			)}
		</>
	);
}

/** Asks the server what is missing, a moment after the last key. */
export function useChecked(intake: Intake, on: boolean) {
	const [checked, setChecked] = useState<Checked>();
	const [error, setError] = useState<ApiError>();
	const body = JSON.stringify(intake);
	const round = useRef(0);
	useEffect(() => {
		if (!on) return;
		const mine = ++round.current;
		const timer = setTimeout(() => {
			send<Checked>("/api/hub/check", JSON.parse(body)).then(
				(c) => {
					if (mine !== round.current) return;
					setChecked(c);
					setError(undefined);
				},
				(e: unknown) => {
					if (mine === round.current) setError(asApiError(e));
				},
			);
		}, 250);
		return () => clearTimeout(timer);
	}, [body, on]);
	return { checked, error };
}

export function Suggestion({
	checked,
	hub,
	asked,
	onAsk,
}: {
	checked: Checked | undefined;
	hub: HubInfo;
	asked: string | undefined;
	onAsk: (urgency: string) => void;
}) {
	const s = checked?.suggested;
	return (
		<section className="hf-suggestion" aria-labelledby="suggestion-title">
			<h2 id="suggestion-title">How urgent it looks</h2>
			{!s?.urgency ? (
				<p className="hf-empty">
					Nothing can be suggested yet: it takes the problem, its group or measurements.
				</p>
			) : (
				<>
					<p>
						<strong>
							{s.urgency} {textOf(hub.urgencies, s.urgency)}
						</strong>
						{hub.urgencies.find((u) => u.code === s.urgency)?.target &&
							`, ${hub.urgencies.find((u) => u.code === s.urgency)?.target}`}
					</p>
					{(s.reasons?.length ?? 0) > 0 && (
						<ul className="hf-bullets">
							{s.reasons?.map((r) => (
								<li key={r}>{r}</li>
							))}
						</ul>
					)}
					{s.urgency === "U0" && (
						<p className="hf-dangers__yes">
							<Sign of="warn" /> <strong>Ring 999 now</strong>, or tell the caller to; then send
							this.
						</p>
					)}
					{asked !== s.urgency && (
						<button
							type="button"
							className="hf-button hf-button--quiet"
							onClick={() => onAsk(s.urgency as string)}
						>
							{asked ? `Ask for ${s.urgency} instead of ${asked}` : `Ask for ${s.urgency}`}
						</button>
					)}
				</>
			)}
		</section>
	);
}

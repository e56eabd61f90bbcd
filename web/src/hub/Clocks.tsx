// Clock chips: shape, word and colour; opened, everything that a clock went through.

import { useState, type ReactNode } from "react";
import { relative } from "../base/format";
import { Dialog } from "../base/ui";
import { serverNow } from "./live";
import { useMinute, useTick } from "./hub";
import type { Clock, Row } from "./types";
import { chipText, clockName, clockTime, mainClock, span, toneOf, type Tone } from "./words";

// A shape for each tone: told apart without colour, and drawn without a font.
const shapes: Record<Tone, ReactNode> = {
	late: <path d="M8 1 15.5 15H.5zM7.1 6v4.2h1.8V6zm0 5.4v1.8h1.8v-1.8z" fillRule="evenodd" />,
	soon: <path d="M8 .5 15.5 8 8 15.5.5 8z" />,
	running: (
		<path d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1m.8 3v3.6l2.6 1.6-.8 1.3-3.3-2V4z" fillRule="evenodd" />
	),
	paused: <path d="M3 2h3.6v12H3zm6.4 0H13v12H9.4z" />,
	met: <path d="m6.2 13.6-5-5L3 6.8l3.2 3.1 6.9-7.5L15 4.1z" />,
	missed: <path d="M8 1 15.5 15H.5zm0 4.2L4 13h8z" fillRule="evenodd" />,
	ended: <path d="M2 6.8h12v2.4H2z" />,
};

export function Shape({ of }: { of: Tone }) {
	return (
		<svg
			className="hf-shape"
			viewBox="0 0 16 16"
			width="13"
			height="13"
			aria-hidden="true"
			focusable="false"
		>
			<g fill="currentColor">{shapes[of]}</g>
		</svg>
	);
}

export function Chip({ clock, plain = false }: { clock: Clock; plain?: boolean }) {
	const tone = useTick((now) => toneOf(clock, now)) as Tone;
	const text = useTick((now) => chipText(clock, now));
	return (
		<span className={`hf-clock hf-clock--${tone}`}>
			<Shape of={tone} /> {!plain && <span className="hf-clock__name">{clockName(clock)}</span>}{" "}
			<span className="hf-clock__left">{text}</span>
		</span>
	);
}

/** The clock that matters, as a button that opens them all. */
export function RowClock({ row, tabIndex }: { row: Row; tabIndex?: number }) {
	const [open, setOpen] = useState(false);
	const clock = mainClock(row);
	if (!clock) return <span className="hf-dim">no clock</span>;
	const now = serverNow();
	const others = (row.clocks ?? []).filter(
		(c) => c !== clock && (c.state === "running" || c.state === "paused"),
	);
	return (
		<>
			<button
				type="button"
				className="hf-clock-button"
				aria-haspopup="dialog"
				data-clocks
				tabIndex={tabIndex}
				onClick={(e) => {
					e.preventDefault();
					e.stopPropagation();
					setOpen(true);
				}}
			>
				<Chip clock={clock} plain />
				<span className="hf-clock__due">
					{clockName(clock)}
					{clock.due && clock.state === "running" && `, due ${clockTime(clock.due, now)}`}
					{others.length > 0 && ` · +${others.length}`}
				</span>
			</button>
			{open && (
				<Dialog title={`Clocks of ${row.person.name}`} onClose={() => setOpen(false)}>
					<ClockTable row={row} />
				</Dialog>
			)}
		</>
	);
}

const instant = (at: string | undefined, now: number) =>
	at ? `${clockTime(at, now)} (${relative(at, now)})` : "";

/** Every clock with its start, due time, pauses and stop. */
export function ClockTable({ row }: { row: Row }) {
	const now = useMinute() + 30_000;
	const clocks = row.clocks ?? [];
	if (clocks.length === 0) return <p className="hf-empty">No clock runs on this referral.</p>;
	return (
		<ul className="hf-clocks">
			{clocks.map((c, i) => (
				<li key={`${c.id}-${i}`} className="hf-clocks__one">
					<div>
						<Chip clock={c} plain /> <strong>{c.title}</strong>
					</div>
					<dl className="hf-clocks__events">
						<div>
							<dt>Started</dt>
							<dd>{instant(c.start, now)}</dd>
						</div>
						{c.due && (
							<div>
								<dt>Due</dt>
								<dd>{instant(c.due, now)}</dd>
							</div>
						)}
						{(c.state === "paused" || (c.pausedMs ?? 0) > 0) && (
							<div>
								<dt>Paused</dt>
								<dd>
									{c.state === "paused" && "now"}
									{c.state === "paused" && (c.pausedMs ?? 0) > 0 && "; "}
									{(c.pausedMs ?? 0) > 0 && `${span(c.pausedMs ?? 0)} in all`}
								</dd>
							</div>
						)}
						{c.warned && (
							<div>
								<dt>Warned</dt>
								<dd>yes</dd>
							</div>
						)}
						{c.breached && (
							<div>
								<dt>Ran out</dt>
								<dd>
									{instant(c.due, now)}
									{row.needsReason?.includes(c.id) && ", no reason given yet"}
								</dd>
							</div>
						)}
						<div>
							<dt>Stopped</dt>
							<dd>
								{c.stopped
									? instant(c.stopped, now)
									: toneOf(c, now) === "ended"
										? "with the referral"
										: "not yet"}
							</dd>
						</div>
					</dl>
				</li>
			))}
		</ul>
	);
}

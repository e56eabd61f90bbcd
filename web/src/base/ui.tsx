// Small parts used on every page.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { ApiError } from "./api";

/** Says what happened, what was kept and what to do. */
export function Problem({ error, again }: { error: ApiError; again?: () => void }) {
	return (
		<div className="hf-problem" role="alert">
			<h2 className="hf-problem__title">
				{error.status === 404 || error.status === 410
					? "Not found"
					: "This could not be shown"}
			</h2>
			<p>{error.message}</p>
			{again && (
				<button type="button" className="hf-button" onClick={again}>
					Try again
				</button>
			)}
		</div>
	);
}

/** Shown only when waiting takes longer than a moment. */
export function Waiting({ what }: { what: string }) {
	const [late, setLate] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLate(true), 250);
		return () => clearTimeout(timer);
	}, []);
	return (
		<p className="hf-waiting" role="status">
			{late ? `Loading ${what}…` : ""}
		</p>
	);
}

/** The title of the document, for tabs, history and screen readers. */
export function useTitle(title: string) {
	useEffect(() => {
		document.title = title ? `${title} – homefirst` : "homefirst";
	}, [title]);
}

/** A modal dialog: Esc and the close button end it, focus goes back where it was
 *  (the browser's own <dialog> does both). */
export function Dialog(props: {
	title: ReactNode;
	className?: string;
	onClose: () => void;
	closeText?: string;
	children: ReactNode;
}) {
	const ref = useRef<HTMLDialogElement>(null);
	const { onClose } = props;
	useEffect(() => {
		const dialog = ref.current;
		const before = document.activeElement;
		if (dialog && !dialog.open) dialog.showModal();
		return () => {
			dialog?.close();
			if (before instanceof HTMLElement && before.isConnected) before.focus();
		};
	}, []);
	return (
		<dialog
			ref={ref}
			className={`hf-dialog ${props.className ?? ""}`}
			aria-labelledby="hf-dialog-title"
			onCancel={(e) => {
				e.preventDefault();
				onClose();
			}}
			onClick={(e) => {
				if (e.target === ref.current) onClose();
			}}
		>
			<div className="hf-dialog__inner">
				<div className="hf-dialog__head">
					<h2 id="hf-dialog-title" tabIndex={-1}>
						{props.title}
					</h2>
					<button type="button" className="hf-button hf-button--quiet" onClick={onClose}>
						{props.closeText ?? "Close"} <kbd aria-hidden="true">Esc</kbd>
					</button>
				</div>
				{props.children}
			</div>
		</dialog>
	);
}

const paths = {
	tick: "M2 9l4 4 8-9",
	warn: "M8 2 15 14H1zM8 6v4M8 11.5v1",
	flag: "M3 15V2h9l-2 3 2 3H3",
	up: "M8 3 14 13H2z",
	down: "M8 13 2 3h12z",
	twice: "M5 2v7M5 11.5v1.5M11 2v7M11 11.5v1.5",
	diamond: "M8 2l6 6-6 6-6-6z",
} as const;

/** A small sign, drawn: no font has to have it. */
export function Sign({ of }: { of: keyof typeof paths }) {
	const filled = of === "up" || of === "down" || of === "diamond" || of === "flag";
	return (
		<svg className="hf-sign" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
			<path
				d={paths[of]}
				fill={filled ? "currentColor" : "none"}
				stroke="currentColor"
				strokeWidth="2"
				strokeLinejoin="round"
			/>
		</svg>
	);
}

/** "(verified)" with a sign and words; colour comes last. */
export function Verified({ ok, text }: { ok: boolean; text?: string | undefined }) {
	return (
		<span className={ok ? "hf-verified" : "hf-unverified"}>
			<Sign of={ok ? "tick" : "warn"} />{" "}
			{text ?? (ok ? "verified" : "not verified")}
		</span>
	);
}

const marks: Record<string, keyof typeof paths> = {
	high: "up",
	low: "down",
	critical: "twice",
	abnormal: "diamond",
};

/** What the source says of a value: a sign and a word. */
export function FlagMark({ fact }: { fact: { flag?: string; flagText?: string } }) {
	if (!fact.flagText) return null;
	return (
		<>
			{" "}
			<span className={`hf-flag hf-flag--${fact.flag}`}>
				<Sign of={marks[fact.flag ?? ""] ?? "diamond"} />{" "}
				{fact.flagText}
			</span>
		</>
	);
}

// What happened at a visit.  What is typed is kept on the device, encrypted, until it is
// recorded: a locked screen or a browser that closes takes nothing away.

import { useCallback, useEffect, useRef, useState } from "react";
import { Area, ErrorSummary, Main, Radios, Select, useSubmit } from "../base/form";
import { News2 } from "./News2";
import { dropTyped, keepTyped, keptTyped } from "./offlineStore";
import type { DayList, DayStep, Draft } from "./offlineTypes";
import type { Observations } from "./types";

export type Facts = Draft["facts"];
export type Record_ = (step: DayStep, facts: Facts, note?: string) => Promise<void>;

/** A form's fields, kept under a name.  ready: what was kept has been read. */
function useTyped<T extends object>(name: string, empty: T) {
	const [value, setValue] = useState(empty);
	const [ready, setReady] = useState(false);
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	useEffect(() => {
		let here = true;
		void keptTyped<T>(name).then((kept) => {
			if (!here) return;
			if (kept) setValue(kept);
			setReady(true);
		});
		return () => {
			here = false;
		};
	}, [name]);
	const change = useCallback(
		(part: Partial<T>) =>
			setValue((before) => {
				const next = { ...before, ...part };
				clearTimeout(timer.current);
				timer.current = setTimeout(() => void keepTyped(name, next), 400);
				return next;
			}),
		[name],
	);
	const done = useCallback(async () => {
		clearTimeout(timer.current);
		await dropTyped(name);
	}, [name]);
	return { value, change, ready, done };
}

const yesNo = [
	{ code: "yes", text: "Yes" },
	{ code: "no", text: "No" },
];

interface FormProps {
	/** Of the fields. */
	id: string;
	/** The referral. */
	of: string;
}

export function NoAccess(props: FormProps & { step: DayStep; record: Record_ }) {
	const { step, record, id } = props;
	const typed = useTyped(`no-access ${props.of}`, { note: "" });
	const { note } = typed.value;
	const ids = { note: `${id}-note` };
	const form = useSubmit(
		() => (note.trim() ? {} : { note: "Enter what you tried and saw" }),
		async () => {
			await record(step, {}, note.trim());
			await typed.done();
		},
		["note"],
	);
	if (!typed.ready) return null;
	return (
		<form onSubmit={form.submit} noValidate aria-label={step.title}>
			<ErrorSummary of={form} ids={ids} />
			<Area
				id={ids.note}
				label="What did you try, and what did you see?"
				hint="Door, telephone, neighbours, key safe. The hub calls for a safe-and-well check."
				value={note}
				onChange={(text) => typed.change({ note: text })}
				error={form.wrong.note}
				maxLength={2000}
			/>
			<Main busy={form.busy}>No access: tell the hub</Main>
		</form>
	);
}

interface OutcomeTyped {
	outcome: string;
	clinical: string;
	ongoing: string;
	note: string;
	news2?: Observations | undefined;
}

export function Outcome(props: FormProps & { step: DayStep; record: Record_; list: DayList }) {
	const { step, record, id } = props;
	const typed = useTyped<OutcomeTyped>(`outcome ${props.of}`, {
		outcome: "",
		clinical: "",
		ongoing: "",
		note: "",
	});
	const { outcome, clinical, ongoing, note, news2 } = typed.value;
	const ids = {
		outcome: `${id}-outcome`,
		clinical: `${id}-clinical`,
		news2: `${id}-news2`,
		ongoing: `${id}-ongoing`,
	};
	const form = useSubmit(
		() => ({
			...(outcome ? {} : { outcome: "Choose the outcome" }),
			...(clinical ? {} : { clinical: "Say whether the contact was clinical" }),
			...(clinical === "yes" && !news2
				? { news2: "Enter what you measured: a clinical contact needs a NEWS2, whole or partial" }
				: {}),
			...(ongoing ? {} : { ongoing: "Say whether treatment goes on" }),
		}),
		async () => {
			await record(
				step,
				{
					outcome,
					clinical: clinical === "yes",
					...(clinical === "yes" && news2 ? { news2 } : {}),
					ongoing: ongoing === "yes",
				},
				note.trim() || undefined,
			);
			await typed.done();
		},
		["outcome", "clinical", "news2", "ongoing"],
	);
	if (!typed.ready) return null;
	return (
		<form onSubmit={form.submit} noValidate aria-label={step.title}>
			<ErrorSummary of={form} ids={ids} />
			<Select
				id={ids.outcome}
				label="Outcome"
				value={outcome}
				onChange={(code) => typed.change({ outcome: code })}
				error={form.wrong.outcome}
				empty="Choose"
				choices={props.list.outcomes}
			/>
			<Radios
				id={ids.clinical}
				label="Was it a clinical contact?"
				choices={yesNo}
				inline
				value={clinical}
				onChange={(code) => typed.change({ clinical: code })}
				error={form.wrong.clinical}
			/>
			{clinical === "yes" && (
				<>
					{form.wrong.news2 && (
						<p className="hf-field__error">
							<span className="nhsuk-u-visually-hidden">Error:</span> {form.wrong.news2}
						</p>
					)}
					<News2 id={ids.news2} value={news2} onChange={(v) => typed.change({ news2: v })} />
				</>
			)}
			<Radios
				id={ids.ongoing}
				label="Does treatment by your team go on?"
				choices={yesNo}
				inline
				value={ongoing}
				onChange={(code) => typed.change({ ongoing: code })}
				error={form.wrong.ongoing}
			/>
			<Area
				id={`${id}-note`}
				label="Note"
				value={note}
				onChange={(text) => typed.change({ note: text })}
				maxLength={4000}
			/>
			<Main busy={form.busy}>Record the outcome</Main>
		</form>
	);
}

export function Note(props: FormProps & { send: (text: string) => Promise<void> }) {
	const { id } = props;
	const typed = useTyped(`note ${props.of}`, { text: "" });
	const { text } = typed.value;
	const ids = { note: `${id}-message` };
	const form = useSubmit(
		() => (text.trim() ? {} : { note: "Enter a note" }),
		async () => {
			await props.send(text.trim());
			await typed.done();
		},
		["note"],
	);
	if (!typed.ready) return null;
	return (
		<form onSubmit={form.submit} noValidate aria-label="Write to the hub">
			<ErrorSummary of={form} ids={ids} />
			<Area
				id={ids.note}
				label="Note for the hub"
				hint="It stands in the referral, and the hub reads it."
				value={text}
				onChange={(t) => typed.change({ text: t })}
				error={form.wrong.note}
				maxLength={2000}
			/>
			<Main busy={form.busy}>Keep this note and send it</Main>
		</form>
	);
}

// Forms as the NHS design system has them: label, hint, error at the field and in
// a summary that takes the focus.  What was typed stays as it was typed.

import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { asApiError } from "./api";

/** What is wrong, by field; "" is about the form as a whole. */
export type Wrong = Record<string, string>;

const anything = (wrong: Wrong) => Object.keys(wrong).length > 0;

/** Checks, sends, and says what was wrong.  run() does the sending. */
export function useSubmit(check: () => Wrong, run: () => Promise<void>, fields: string[] = []) {
	const [wrong, setWrong] = useState<Wrong>({});
	const [busy, setBusy] = useState(false);
	const [tries, setTries] = useState(0);
	const here = useRef(true);
	useEffect(() => {
		here.current = true;
		return () => {
			here.current = false;
		};
	}, []);
	const submit = (e?: FormEvent) => {
		e?.preventDefault();
		if (busy) return;
		const found = check();
		setWrong(found);
		setTries((n) => n + 1);
		if (anything(found)) return;
		setBusy(true);
		run()
			.catch((thrown: unknown) => {
				const error = asApiError(thrown);
				const field = error.path && fields.includes(error.path) ? error.path : "";
				if (here.current) setWrong({ [field]: error.message });
			})
			.finally(() => {
				if (here.current) {
					setBusy(false);
					setTries((n) => n + 1);
				}
			});
	};
	return { wrong, busy, submit, tries, setWrong };
}

export type Submit = ReturnType<typeof useSubmit>;

/** The summary above a form; ids are those of the fields. */
export function ErrorSummary({ of, ids = {} }: { of: Submit; ids?: Record<string, string> }) {
	const ref = useRef<HTMLDivElement>(null);
	const { wrong, tries } = of;
	useEffect(() => {
		if (tries > 0 && anything(wrong)) ref.current?.focus();
	}, [tries, wrong]);
	if (!anything(wrong)) return null;
	return (
		<div className="hf-problem" ref={ref} tabIndex={-1} role="alert">
			<h2 className="hf-problem__title">There is a problem</h2>
			<ul>
				{Object.entries(wrong).map(([field, text]) => (
					<li key={field}>
						{ids[field] ? (
							<a
								href={`#${ids[field]}`}
								onClick={(e) => {
									e.preventDefault();
									document.getElementById(ids[field] as string)?.focus();
								}}
							>
								{text}
							</a>
						) : (
							text
						)}
					</li>
				))}
			</ul>
		</div>
	);
}

interface FieldProps {
	label: string;
	id?: string | undefined;
	hint?: ReactNode;
	error?: string | undefined;
	value: string;
	onChange: (value: string) => void;
}

function Group(props: {
	id: string;
	label: string;
	hint?: ReactNode;
	error?: string | undefined;
	children: ReactNode;
}) {
	const { id, label, hint, error, children } = props;
	return (
		<div className={`hf-field ${error ? "hf-field--wrong" : ""}`}>
			<label htmlFor={id} className="hf-field__label">
				{label}
			</label>
			{hint && (
				<div id={`${id}-hint`} className="hf-field__hint">
					{hint}
				</div>
			)}
			{error && (
				<p id={`${id}-error`} className="hf-field__error">
					<span className="nhsuk-u-visually-hidden">Error:</span> {error}
				</p>
			)}
			{children}
		</div>
	);
}

const described = (id: string, hint: ReactNode, error: string | undefined) =>
	[hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;

export function Field(
	props: FieldProps & {
		type?: "text" | "password" | "date" | "search" | "datetime-local" | "time";
		width?: "short" | "middle" | "code" | "number";
		autoComplete?: string;
		inputMode?: "numeric" | "decimal" | "text";
		autoFocus?: boolean;
		maxLength?: number;
		max?: string;
	},
) {
	const made = useId();
	const id = props.id ?? made;
	const [shown, setShown] = useState(false);
	const secret = props.type === "password";
	return (
		<Group id={id} label={props.label} hint={props.hint} error={props.error}>
			<div className={secret ? "hf-secret" : undefined}>
				<input
					id={id}
					className={`nhsuk-input hf-input ${props.width ? `hf-input--${props.width}` : ""}`}
					type={secret ? (shown ? "text" : "password") : (props.type ?? "text")}
					value={props.value}
					onChange={(e) => props.onChange(e.target.value)}
					autoComplete={props.autoComplete ?? "off"}
					autoCapitalize="off"
					spellCheck={false}
					// eslint-disable-next-line jsx-a11y/no-autofocus
					autoFocus={props.autoFocus}
					{...(props.inputMode ? { inputMode: props.inputMode } : {})}
					{...(props.maxLength ? { maxLength: props.maxLength } : {})}
					{...(props.max ? { max: props.max } : {})}
					aria-invalid={props.error ? true : undefined}
					aria-describedby={described(id, props.hint, props.error)}
				/>
				{secret && (
					<button
						type="button"
						className="hf-button hf-button--quiet"
						aria-pressed={shown}
						aria-controls={id}
						onClick={() => setShown((s) => !s)}
					>
						{shown ? "Hide" : "Show"}
						<span className="nhsuk-u-visually-hidden"> {props.label.toLowerCase()}</span>
					</button>
				)}
			</div>
		</Group>
	);
}

export function Area(props: FieldProps & { rows?: number; maxLength?: number }) {
	const made = useId();
	const id = props.id ?? made;
	return (
		<Group id={id} label={props.label} hint={props.hint} error={props.error}>
			<textarea
				id={id}
				className="nhsuk-textarea hf-input"
				rows={props.rows ?? 3}
				value={props.value}
				onChange={(e) => props.onChange(e.target.value)}
				{...(props.maxLength ? { maxLength: props.maxLength } : {})}
				aria-invalid={props.error ? true : undefined}
				aria-describedby={described(id, props.hint, props.error)}
			/>
		</Group>
	);
}

export interface Choice {
	code: string;
	text: string;
	hint?: string | undefined;
}

export function Select(props: FieldProps & { choices: Choice[]; empty?: string }) {
	const made = useId();
	const id = props.id ?? made;
	return (
		<Group id={id} label={props.label} hint={props.hint} error={props.error}>
			<select
				id={id}
				className="nhsuk-select hf-input"
				value={props.value}
				onChange={(e) => props.onChange(e.target.value)}
				aria-invalid={props.error ? true : undefined}
				aria-describedby={described(id, props.hint, props.error)}
			>
				{props.empty !== undefined && <option value="">{props.empty}</option>}
				{props.choices.map((c) => (
					<option key={c.code} value={c.code}>
						{c.text}
					</option>
				))}
			</select>
		</Group>
	);
}

export function Radios(props: FieldProps & { choices: Choice[]; inline?: boolean }) {
	const made = useId();
	const id = props.id ?? made;
	return (
		<fieldset
			className={`hf-field ${props.error ? "hf-field--wrong" : ""}`}
			aria-describedby={described(id, props.hint, props.error)}
		>
			<legend className="hf-field__label">{props.label}</legend>
			{props.hint && (
				<div id={`${id}-hint`} className="hf-field__hint">
					{props.hint}
				</div>
			)}
			{props.error && (
				<p id={`${id}-error`} className="hf-field__error">
					<span className="nhsuk-u-visually-hidden">Error:</span> {props.error}
				</p>
			)}
			<div className={props.inline ? "hf-radios hf-radios--inline" : "hf-radios"}>
				{props.choices.map((c, i) => (
					<div key={c.code} className="hf-radio">
						<input
							type="radio"
							id={i === 0 ? id : `${id}-${i}`}
							name={id}
							value={c.code}
							checked={props.value === c.code}
							onChange={() => props.onChange(c.code)}
							aria-describedby={c.hint ? `${id}-${i}-hint` : undefined}
						/>
						<label htmlFor={i === 0 ? id : `${id}-${i}`}>{c.text}</label>
						{c.hint && (
							<span id={`${id}-${i}-hint`} className="hf-radio__hint">
								{c.hint}
							</span>
						)}
					</div>
				))}
			</div>
		</fieldset>
	);
}

export function Check(props: {
	label: ReactNode;
	id?: string;
	checked: boolean;
	onChange: (on: boolean) => void;
	error?: string | undefined;
}) {
	const made = useId();
	const id = props.id ?? made;
	return (
		<div className={`hf-field ${props.error ? "hf-field--wrong" : ""}`}>
			{props.error && (
				<p id={`${id}-error`} className="hf-field__error">
					<span className="nhsuk-u-visually-hidden">Error:</span> {props.error}
				</p>
			)}
			<div className="hf-radio">
				<input
					type="checkbox"
					id={id}
					checked={props.checked}
					onChange={(e) => props.onChange(e.target.checked)}
					aria-describedby={props.error ? `${id}-error` : undefined}
				/>
				<label htmlFor={id}>{props.label}</label>
			</div>
		</div>
	);
}

/** The button that does what the form is for. */
export function Main(props: { busy: boolean; children: ReactNode; danger?: boolean }) {
	return (
		<button
			type="submit"
			className={`hf-main-button ${props.danger ? "hf-main-button--danger" : ""}`}
			aria-disabled={props.busy}
		>
			{props.children}
		</button>
	);
}

/** A button that does one thing at once and says how it went. */
export function Do(props: {
	run: () => Promise<void>;
	children: ReactNode;
	danger?: boolean;
	quiet?: boolean;
	about?: string;
}) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState("");
	return (
		<>
			<button
				type="button"
				className={`hf-button ${props.quiet ? "hf-button--quiet" : ""} ${props.danger ? "hf-button--danger" : ""}`}
				aria-disabled={busy}
				onClick={() => {
					if (busy) return;
					setBusy(true);
					setError("");
					props
						.run()
						.catch((e: unknown) => setError(asApiError(e).message))
						.finally(() => setBusy(false));
				}}
			>
				{props.children}
				{props.about && <span className="nhsuk-u-visually-hidden"> {props.about}</span>}
			</button>
			{error && (
				<p className="hf-field__error" role="alert">
					{error}
				</p>
			)}
		</>
	);
}

/** Something that was done, said once; takes the focus so that it is heard. */
export function Done({ children }: { children: ReactNode }) {
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => ref.current?.focus(), []);
	return (
		<div className="hf-done" role="status" ref={ref} tabIndex={-1}>
			{children}
		</div>
	);
}

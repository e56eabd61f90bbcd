// One item of the minimum data set as a field: dense, with its question when it is asked
// on the telephone.

import { useState } from "react";
import { fieldId, type Item } from "./items";
import type { HubInfo } from "./types";

const sexes = [
	["female", "Female"],
	["male", "Male"],
	["other", "Other"],
	["unknown", "Not known"],
] as const;

const scenes = [
	["S", "Safe"],
	["U", "Unsafe"],
	["UNK", "Not known"],
] as const;

/** The instant as a field for local time wants it, and back. */
function toLocal(instant: unknown): string {
	const at = typeof instant === "string" ? new Date(instant) : null;
	if (!at || Number.isNaN(at.getTime())) return "";
	return new Date(at.getTime() - at.getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
}
function fromLocal(local: string): string | undefined {
	const at = new Date(local);
	return local && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

function Pick(props: {
	id: string;
	value: string;
	options: readonly (readonly [string, string])[];
	onChange: (value: string) => void;
}) {
	return (
		<select
			id={props.id}
			className="nhsuk-select hf-input"
			value={props.value}
			onChange={(e) => props.onChange(e.target.value)}
		>
			<option value=""></option>
			{props.options.map(([code, text]) => (
				<option key={code} value={code}>
					{text}
				</option>
			))}
		</select>
	);
}

function Control({
	item,
	id,
	hub,
	value,
	onChange,
}: {
	item: Item;
	id: string;
	hub: HubInfo;
	value: unknown;
	onChange: (value: unknown) => void;
}) {
	const text = value === undefined || value === null ? "" : String(value);
	const set = (v: string) => onChange(v === "" ? undefined : v);
	switch (item.kind) {
		case "code": {
			const list = item.list ? hub[item.list] : [];
			const options = list.map(
				(c) => [c.code, item.list === "urgencies" ? `${c.code} ${c.text}` : c.text] as const,
			);
			return <Pick id={id} value={text} options={options} onChange={set} />;
		}
		case "sex":
			return <Pick id={id} value={text} options={sexes} onChange={set} />;
		case "scene":
			return <Pick id={id} value={text} options={scenes} onChange={set} />;
		case "yes":
			return (
				<Pick
					id={id}
					value={value === undefined ? "" : value ? "yes" : "no"}
					options={[
						["yes", "Yes"],
						["no", "No"],
					]}
					onChange={(v) => onChange(v === "" ? undefined : v === "yes")}
				/>
			);
		case "number":
			return (
				<Pick
					id={id}
					value={text}
					options={Array.from({ length: 9 }, (_, i) => [String(i + 1), String(i + 1)] as const)}
					onChange={(v) => onChange(v === "" ? undefined : Number(v))}
				/>
			);
		case "time":
			return (
				<input
					id={id}
					type="datetime-local"
					className="nhsuk-input hf-input"
					value={toLocal(value)}
					onChange={(e) => onChange(fromLocal(e.target.value))}
				/>
			);
		case "long":
			return (
				<textarea
					id={id}
					className="nhsuk-textarea hf-input"
					rows={2}
					maxLength={item.max ?? 4000}
					value={text}
					onChange={(e) => set(e.target.value)}
				/>
			);
		default:
			return (
				<input
					id={id}
					className="nhsuk-input hf-input"
					autoComplete="off"
					maxLength={item.max ?? 4000}
					value={text}
					aria-describedby={item.hint ? `${id}-hint` : undefined}
					onChange={(e) => set(e.target.value)}
				/>
			);
	}
}

export function FieldOf(props: {
	item: Item;
	hub: HubInfo;
	phone?: boolean;
	value: unknown;
	onChange: (value: unknown) => void;
	error?: string | undefined;
}) {
	const { item, hub, phone, value, onChange, error } = props;
	const id = fieldId(item.path);
	const [left, setLeft] = useState(false);
	const wide = item.kind === "long";
	return (
		<div
			className={`hf-item ${wide ? "hf-item--wide" : ""} ${phone && item.ask ? "hf-item--asked" : ""}`}
			onBlur={() => setLeft(true)}
			onFocus={() => setLeft(false)}
		>
			{phone && item.ask && <p className="hf-say">“{item.ask}”</p>}
			<div className="hf-item__label">
				<label htmlFor={id}>{item.label}</label>
				{item.hint && (
					<span id={`${id}-hint`} className="hf-dim">
						{item.hint}
					</span>
				)}
				{!value &&
					item.quick?.map((q) => (
						<button
							key={q}
							type="button"
							className="hf-linklike"
							tabIndex={-1}
							onClick={() => onChange(q)}
						>
							{q}
							<span className="nhsuk-u-visually-hidden">, for {item.label.toLowerCase()}</span>
						</button>
					))}
			</div>
			<Control item={item} id={id} hub={hub} value={value} onChange={onChange} />
			{error && left && <p className="hf-field__error">{error}</p>}
		</div>
	);
}

// The seven measurements of NEWS2 in one row.  The page adds nothing up: the server
// tells the score, and "partial" when one is missing.

import { useId } from "react";
import type { Observations } from "./types";

const numbers: {
	key: "respiration" | "spo2" | "systolic" | "pulse" | "temperature";
	label: string;
	unit: string;
	decimal?: boolean;
}[] = [
	{ key: "respiration", label: "Respiration", unit: "/min" },
	{ key: "spo2", label: "SpO₂", unit: "%" },
	{ key: "systolic", label: "Systolic BP", unit: "mmHg" },
	{ key: "pulse", label: "Pulse", unit: "/min" },
	{ key: "temperature", label: "Temperature", unit: "°C", decimal: true },
];

/** Reads what was typed; a number that is none is not sent. */
function number(text: string, decimal: boolean | undefined): number | undefined {
	const plain = text.trim().replace(",", ".");
	if (!(decimal ? /^\d{1,3}(\.\d{1,2})?$/ : /^\d{1,3}$/).test(plain)) return undefined;
	return Number(plain);
}

export function News2(props: {
	id?: string;
	value: Observations | undefined;
	onChange: (value: Observations | undefined) => void;
}) {
	const made = useId();
	const id = props.id ?? made;
	const value = props.value ?? {};
	const set = (key: keyof Observations, v: unknown) => {
		const next: Record<string, unknown> = { ...value };
		if (v === undefined || v === "") delete next[key];
		else next[key] = v;
		const measured = Object.keys(next).some((k) => k !== "at" && k !== "scale");
		if (!measured) {
			props.onChange(undefined);
			return;
		}
		next.at ??= new Date().toISOString();
		props.onChange(next as Observations);
	};
	return (
		<fieldset className="hf-obs2">
			<legend className="hf-field__label">NEWS2 measurements</legend>
			<div className="hf-obs2__items">
				{numbers.map((n, i) => (
					<div key={n.key} className="hf-obs2__item">
						<label htmlFor={i === 0 ? id : `${id}-${n.key}`}>
							{n.label} <span className="hf-dim">{n.unit}</span>
						</label>
						<input
							id={i === 0 ? id : `${id}-${n.key}`}
							className="nhsuk-input hf-input"
							inputMode="decimal"
							autoComplete="off"
							maxLength={5}
							defaultValue={value[n.key] ?? ""}
							onChange={(e) => set(n.key, number(e.target.value, n.decimal))}
						/>
					</div>
				))}
				<div className="hf-obs2__item">
					<label htmlFor={`${id}-oxygen`}>Air or oxygen</label>
					<select
						id={`${id}-oxygen`}
						className="nhsuk-select hf-input"
						value={value.oxygen ?? ""}
						onChange={(e) => set("oxygen", e.target.value)}
					>
						<option value=""></option>
						<option value="air">Air</option>
						<option value="oxygen">Oxygen</option>
					</select>
				</div>
				<div className="hf-obs2__item">
					<label htmlFor={`${id}-consciousness`}>Consciousness</label>
					<select
						id={`${id}-consciousness`}
						className="nhsuk-select hf-input"
						value={value.consciousness ?? ""}
						onChange={(e) => set("consciousness", e.target.value)}
					>
						<option value=""></option>
						<option value="A">A Alert</option>
						<option value="C">C New confusion</option>
						<option value="V">V Voice</option>
						<option value="P">P Pain</option>
						<option value="U">U Unresponsive</option>
					</select>
				</div>
				<div className="hf-obs2__item">
					<label htmlFor={`${id}-scale`}>SpO₂ scale</label>
					<select
						id={`${id}-scale`}
						className="nhsuk-select hf-input"
						value={value.scale ?? "1"}
						onChange={(e) => set("scale", e.target.value === "2" ? "2" : undefined)}
					>
						<option value="1">1</option>
						<option value="2">2 (target 88 to 92 % authorised)</option>
					</select>
				</div>
			</div>
		</fieldset>
	);
}

// What a move asks, as fields: a code, several, a yes or no, a text, measurements.

import { Area, Field, Radios, Select } from "../base/form";
import { textOf } from "./hub";
import { News2 } from "./News2";
import type { HubInfo, Need, Observations, Row } from "./types";

interface FactProps {
	need: Need;
	hub: HubInfo | undefined;
	row: Row;
	value: unknown;
	onChange: (value: unknown) => void;
	id: string;
	error?: string | undefined;
}

const given = (need: Need) => (need.codes?.length ? need.codes : undefined);

function UrgencyFact({ need, hub, row, value, onChange, id, error }: FactProps) {
	const codes = given(need) ?? hub?.urgencies.filter((u) => u.code !== "A0") ?? [];
	return (
		<Radios
			id={id}
			label={need.title}
			hint={row.asked ? `Asked for: ${row.asked} ${textOf(hub?.urgencies, row.asked)}` : undefined}
			error={error}
			value={(value as string | undefined) ?? ""}
			onChange={onChange}
			choices={codes.map((c) => {
				const known = hub?.urgencies.find((u) => u.code === c.code);
				return {
					code: c.code,
					text: `${c.code} ${known?.text ?? c.text}${known?.target ? `: ${known.target}` : ""}`,
				};
			})}
		/>
	);
}

function CodesFact({ need, hub, value, onChange, id, error }: FactProps) {
	const chosen = Array.isArray(value) ? (value as string[]) : [];
	const codes = given(need) ?? hub?.skills ?? [];
	return (
		<fieldset className={`hf-field ${error ? "hf-field--wrong" : ""}`}>
			<legend className="hf-field__label">{need.title}</legend>
			{error && (
				<p className="hf-field__error" id={`${id}-error`}>
					{error}
				</p>
			)}
			<div className="hf-checks">
				{codes.map((c, i) => (
					<label key={c.code} className="hf-checks__one">
						<input
							type="checkbox"
							id={i === 0 ? id : undefined}
							checked={chosen.includes(c.code)}
							onChange={(e) => {
								const next = e.target.checked
									? [...chosen, c.code]
									: chosen.filter((s) => s !== c.code);
								onChange(next.length > 0 ? next : undefined);
							}}
						/>
						{c.text}
					</label>
				))}
			</div>
		</fieldset>
	);
}

/** What is asked, where the pathway only says that it has to be there. */
const asks: Record<string, string> = {
	condition: "Condition group",
	skills: "Skills needed",
	downgradeReason: "Why less urgent than was asked for (the referrer is told)",
	reason: "Why",
	alternative: "What instead: a named alternative, or advice",
	advice: "Advice",
	missing: "Is something missing that is needed? Say what in the note",
	lifeThreatening: "Is it life-threatening?",
	script: "Does the script say 999?",
	inPerson: "Is the contact in person?",
	receiverAccepts: "Has the receiving service or team accepted?",
	clinical: "Was the contact clinical?",
	ongoing: "Does treatment go on?",
	summary: "Was the summary sent to the GP and the referrer?",
	conveyed: "Did the ambulance take the person to hospital?",
	safeAndWell: "Is the check done: person, next of kin, key safe, police if concerned; 3 attempts?",
};
export const labelled = (need: Need): Need => ({ ...need, title: asks[need.fact] ?? need.title });

export function Fact(props: FactProps) {
	const { need, hub, value, onChange, id, error } = props;
	if (need.fact === "urgency") return <UrgencyFact {...props} />;
	if (need.kind === "codes" || need.fact === "skills") return <CodesFact {...props} />;
	if (need.kind === "news2" || need.fact === "news2")
		return <News2 id={id} value={value as Observations | undefined} onChange={onChange} />;
	const common = { id, label: need.title, error };
	if (need.kind === "boolean")
		return (
			<Radios
				{...common}
				inline
				value={value === undefined ? "" : value ? "yes" : "no"}
				onChange={(v) => onChange(v === "yes")}
				choices={[
					{ code: "yes", text: "Yes" },
					{ code: "no", text: "No" },
				]}
			/>
		);
	if (need.kind === "code") {
		const lists: Record<string, HubInfo["skills"] | undefined> = {
			condition: hub?.conditions,
			outcome: hub?.outcomes,
			downgradeReason: hub?.downgrades,
		};
		return (
			<Select
				{...common}
				empty="Choose one"
				value={(value as string | undefined) ?? ""}
				onChange={(v) => onChange(v || undefined)}
				choices={given(need) ?? lists[need.fact] ?? []}
			/>
		);
	}
	if (need.kind === "string")
		return (
			<Area
				{...common}
				rows={2}
				maxLength={4000}
				value={(value as string | undefined) ?? ""}
				onChange={(v) => onChange(v || undefined)}
			/>
		);
	return (
		<Field
			{...common}
			width="middle"
			inputMode="numeric"
			value={value === undefined ? "" : String(value)}
			onChange={(v) => onChange(v === "" ? undefined : v)}
		/>
	);
}

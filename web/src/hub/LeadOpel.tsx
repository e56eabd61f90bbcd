// OPEL: the level that the hub goes by, what it is made of, and who set another one.
// The clinical lead gives what the hub does not measure itself, and may set a level with
// a reason (R-2.20).

import { useState } from "react";
import { send, useAsked } from "../base/api";
import { Area, ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Problem } from "../base/ui";
import type { Opel, OpelHistory, OpelPart, OpelRecord } from "./leadTypes";
import { clockTime } from "./words";

const levelText = (level: number) => (level > 0 ? `OPEL ${level}` : "OPEL not known");

const partText = (part: OpelPart) => `${part.value} ${part.unit ?? ""}`.trim();

function ValueForm({ opel, done }: { opel: Opel; done: () => void }) {
	const [part, setPart] = useState("");
	const [value, setValue] = useState("");
	const ids = { part: "opel-part", value: "opel-value" };
	const number = value.trim().replace(",", ".");
	const form = useSubmit(
		() => ({
			...(part ? {} : { part: "Choose what the value is of" }),
			...(number === "" || /^\d+(\.\d+)?$/.test(number) ? {} : { value: "Enter a number, such as 92.5" }),
		}),
		async () => {
			await send("/api/hub/opel", { inputs: { [part]: number === "" ? null : Number(number) } });
			setPart("");
			setValue("");
			done();
		},
		["part", "value"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby="opel-value-title">
			<h3 id="opel-value-title">Give a value</h3>
			<ErrorSummary of={form} ids={ids} />
			<Select
				id={ids.part}
				label="Of what"
				value={part}
				onChange={setPart}
				error={form.wrong.part}
				empty="Choose"
				choices={opel.pillars.flatMap((p) =>
					p.parts.map((one) => ({
						code: one.id,
						text: `${p.title}: ${one.title}${one.unit ? ` (${one.unit})` : ""}`,
					})),
				)}
			/>
			<Field
				id={ids.value}
				label="Value"
				hint="Counts for 24 hours. Leave empty to take back what was given."
				value={value}
				onChange={setValue}
				error={form.wrong.value ?? form.wrong.inputs}
				width="number"
				inputMode="decimal"
				maxLength={12}
			/>
			<Main busy={form.busy}>Record the value</Main>
		</form>
	);
}

function LevelForm({ opel, done }: { opel: Opel; done: () => void }) {
	const [level, setLevel] = useState("");
	const [reason, setReason] = useState("");
	const ids = { level: "opel-level", reason: "opel-reason" };
	const form = useSubmit(
		() => ({
			...(level ? {} : { level: "Choose the level" }),
			...(reason.trim() || level === "computed" ? {} : { reason: "Say why" }),
		}),
		async () => {
			await send("/api/hub/opel", {
				override: level === "computed" ? null : { level: Number(level), reason: reason.trim() },
			});
			setLevel("");
			setReason("");
			done();
		},
		["level", "reason"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby="opel-level-title">
			<h3 id="opel-level-title">Set the level</h3>
			<ErrorSummary of={form} ids={ids} />
			<Select
				id={ids.level}
				label="Level"
				value={level}
				onChange={setLevel}
				error={form.wrong.level}
				empty="Choose"
				choices={[
					...[1, 2, 3, 4].map((n) => ({ code: String(n), text: `OPEL ${n}` })),
					...(opel.override ? [{ code: "computed", text: "The level of the values again" }] : []),
				]}
			/>
			{level !== "computed" && (
				<Area
					id={ids.reason}
					label="Reason"
					hint="It counts, with your name, until it is lifted."
					rows={2}
					value={reason}
					onChange={setReason}
					error={form.wrong.reason}
					maxLength={500}
				/>
			)}
			<Main busy={form.busy}>{level === "computed" ? "Lift the level that was set" : "Set the level"}</Main>
		</form>
	);
}

function History({ of, now }: { of: OpelHistory; now: number }) {
	if (of.history.length === 0) return <p className="hf-empty">Nothing was recorded in the last seven days.</p>;
	return (
		<Table<OpelRecord>
			caption="Recorded in the last seven days"
			rows={of.history}
			id={(r) => r.at}
			columns={[
				{ head: "At", cell: (r) => clockTime(r.at, now) },
				{ head: "Level", cell: (r) => levelText(r.level) },
				{ head: "Of the values", cell: (r) => levelText(r.computed) },
				{
					head: "Set by",
					cell: (r) => (r.override ? `${r.override.by ?? "not known"}: ${r.override.reason ?? ""}` : "–"),
				},
			]}
		/>
	);
}

export function OpelSection({ opel, now, again }: { opel: Opel; now: number; again: () => void }) {
	const { data: all, error, again: askAgain } = useAsked<OpelHistory>("/api/hub/opel");
	const done = () => {
		again();
		askAgain();
	};
	return (
		<section aria-labelledby="opel-title">
			<h2 id="opel-title" tabIndex={-1}>
				{levelText(opel.level)}
			</h2>
			{opel.demonstration && (
				<p className="hf-dim">Parameters and thresholds are a demonstration: approve your own.</p>
			)}
			<p>
				{opel.recorded ? `Recorded ${clockTime(opel.recorded, now)}.` : "Not recorded yet; as it is now."}
				{opel.next && ` Next ${clockTime(opel.next, now)}.`}
				{opel.level >= 3 &&
					" 40% of the slots are kept for urgent referrals, and the clinical lead allocates routine ones."}
			</p>
			{opel.override && (
				<p>
					<strong>
						Set to {opel.override.level} by {opel.override.by ?? "somebody"},{" "}
						{clockTime(opel.override.at, now)}:
					</strong>{" "}
					{opel.override.reason} (the values make {levelText(opel.computed)})
				</p>
			)}
			{opel.pillars
				.filter((p) => p.known > 0)
				.map((p) => (
					<Table<OpelPart>
						key={p.title}
						caption={
							p.level > 0
								? `${p.title}: level ${p.level}`
								: `${p.title}: no level; ${p.known}% of the weight is known, ${opel.least}% is needed`
						}
						rows={p.parts}
						id={(part) => part.id}
						columns={[
							{ head: "Parameter", cell: (part) => part.title },
							{
								head: "Value",
								number: true,
								cell: (part) => (part.value === undefined ? "not known" : partText(part)),
							},
							{ head: "Score", number: true, cell: (part) => part.score ?? "–" },
							{
								head: "From",
								cell: (part) =>
									part.value === undefined || !part.at
										? "–"
										: `${part.given ? (part.by ?? "somebody") : "measured"}, ${clockTime(part.at, now)}`,
							},
						]}
					/>
				))}
			{opel.mayChange && (
				<div className="hf-lead__grid">
					<ValueForm opel={opel} done={done} />
					<LevelForm opel={opel} done={done} />
				</div>
			)}
			{all ? <History of={all} now={now} /> : error && <Problem error={error} again={askAgain} />}
		</section>
	);
}

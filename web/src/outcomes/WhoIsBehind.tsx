// "Who is behind it": the people that a figure counted, for who looks after them.

import { useState } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { count, plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting } from "../base/ui";
import { Propose } from "../population/Propose";
import type { Behind, BehindRow, OneMeasure } from "./types";

const otherWords = (n: number | null): string => (n === null ? "1 to 4" : n === 0 ? "no" : `about ${count(n)}`);

function Rows({ data, onPropose }: { data: Behind; onPropose: (row: BehindRow) => void }) {
	return (
		<Table
			caption={`${data.side === "not" ? "Not reached" : "Counted"}: ${data.offset + 1} to ${data.offset + data.rows.length} of ${data.shown}`}
			rows={data.rows.map((r, i) => ({ r, i }))}
			id={({ i }) => String(i)}
			columns={[
				{
					head: "Person",
					cell: ({ r }) => (
						<>
							<Link href={`/people/${encodeURIComponent(r.patient)}`}>{r.name}</Link>
							<br />
							<span className="hf-dim">
								{r.born && `born ${r.born}`} {r.age && `(${r.age})`}
							</span>
						</>
					),
				},
				{
					head: "What was counted",
					cell: ({ r }) => (
						<>
							{r.what}
							{r.amount && `, ${r.amount}`}
							<br />
							<span className="hf-dim">
								{r.began ?? r.day}
								{r.ended && ` to ${r.ended}`}
								{r.provider && `, ${r.provider}`}
							</span>
						</>
					),
				},
				{
					head: "Reason",
					cell: ({ r }) => (
						<>
							{r.why?.join("; ")}
							{r.why && r.why.length > 0 && r.diagnosis && <br />}
							{r.diagnosis ? <span className="hf-dim">diagnosis {r.diagnosis}</span> : !r.why?.length && "–"}
						</>
					),
				},
				{
					head: "What next",
					cell: ({ r }) => (
						<button type="button" className="hf-button hf-button--quiet" onClick={() => onPropose(r)}>
							Propose to a team<span className="nhsuk-u-visually-hidden">: {r.name}</span>
						</button>
					),
				},
			]}
		/>
	);
}

function Counts({ data }: { data: Behind }) {
	const whole = data.shown + (data.otherSide ?? 0);
	const counted = data.side === "not" ? (data.otherSide ?? 0) : data.shown;
	return (
		<p>
			<strong>
				{plural(data.shown, "row", "rows")} of {plural(data.people, "person", "people")}
			</strong>{" "}
			whom you may see: exact. Besides them {otherWords(data.others)} {data.others === 0 ? "others" : "more that you may not see"}.
			{data.otherSide !== undefined && whole > 0 && (
				<>
					{" "}
					Of those you may see, {count(counted)} of {count(whole)} are counted ({((100 * counted) / whole).toFixed(0)}%).
				</>
			)}
		</p>
	);
}

export function WhoIsBehind({ data, by, area }: { data: OneMeasure; by: string; area: string | null }) {
	const [open, setOpen] = useState(false);
	const [period, setPeriod] = useState("");
	const [side, setSide] = useState("counted");
	const [offset, setOffset] = useState(0);
	const [propose, setPropose] = useState<BehindRow | null>(null);
	const query = new URLSearchParams({ by, side, offset: String(offset) });
	if (area) query.set("area", area);
	if (period) query.set("period", period);
	const asked = useAsked<Behind>(
		open ? `/api/population/measures/${encodeURIComponent(data.measure.id)}/people?${query.toString()}` : null,
	);
	const shown = asked.data;
	const from = (what: () => void) => {
		what();
		setOffset(0);
	};
	return (
		<section className="hf-chart hf-lead__row hf-behind" aria-labelledby="behind">
			<h2 id="behind">Who is behind it</h2>
			<p className="hf-dim">
				For who looks after the people counted. Whom you see here is decided as for their record, and that you looked is
				written down. Everybody else is a number, small ones hidden.
			</p>
			{!open && (
				<p className="hf-buttons">
					<button type="button" className="hf-button" onClick={() => setOpen(true)}>
						Show who is behind it
					</button>
				</p>
			)}
			{open && (
				<div className="hf-bar">
					<label>
						In{" "}
						<select value={period} onChange={(e) => from(() => setPeriod(e.target.value))}>
							<option value="">the last twelve months</option>
							{[...data.periods].reverse().map((p) => (
								<option key={p.label} value={p.label}>
									{p.label}
								</option>
							))}
						</select>
					</label>
					{shown?.hasNot && (
						<label>
							Show{" "}
							<select value={side} onChange={(e) => from(() => setSide(e.target.value))}>
								<option value="counted">who was counted</option>
								<option value="not">who was not</option>
							</select>
						</label>
					)}
				</div>
			)}
			{open && asked.error && <Problem error={asked.error} again={asked.again} />}
			{open && !shown && !asked.error && <Waiting what="who is behind it" />}
			{shown && !shown.names && (
				<p>Your role sees numbers, not people. Who they are is for the practice and the teams that look after them.</p>
			)}
			{shown?.names && (
				<>
					<Counts data={shown} />
					{shown.rows.length > 0 && <Rows data={shown} onPropose={setPropose} />}
					{shown.shown > 50 && (
						<p className="hf-buttons">
							<button type="button" className="hf-button" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - 50))}>
								Page before
							</button>
							<button type="button" className="hf-button" disabled={offset + 50 >= shown.shown} onClick={() => setOffset(offset + 50)}>
								Next page
							</button>
						</p>
					)}
				</>
			)}
			{propose && (
				<Propose
					patient={propose.patient}
					name={propose.name}
					measure={data.measure.id}
					onClose={() => setPropose(null)}
				/>
			)}
		</section>
	);
}

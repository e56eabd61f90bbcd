// What a form comes to as it is filled in, and how a score went over time.

import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Sign } from "../base/ui";
import { whenText } from "../access/when";
import { sentence } from "./FormFields";
import type { Score, ScoreTable, ScoreValues } from "./types";

/** The total with its band, or what is missing: never a part as a total. */
export function ScoreView({ score, table }: { score: Score | undefined; table: ScoreTable }) {
	return (
		<section className="hf-score" aria-label={table.title} aria-live="polite">
			<h2 className="hf-score__title">{table.title}</h2>
			{!table.scored && <p>There are no tables for this score here: what is measured is kept without a number.</p>}
			{table.scored && !score && <p className="hf-dim">Nothing yet</p>}
			{score?.refused && table.scored && <p>{sentence(score.refused)}</p>}
			{score && !score.refused && !score.complete && <p className="hf-score__partial">{sentence(score.missingText ?? "partial")}</p>}
			{score?.complete && (
				<>
					<p className="hf-score__total">
						<strong>{score.total}</strong> <span className="hf-dim">out of {table.max}</span>
					</p>
					{score.level && <p className="hf-score__level">{score.level.title}</p>}
					{score.level?.action && <p>{sentence(score.level.action)}</p>}
				</>
			)}
			{(score?.raised ?? []).map((r) => (
				<p key={r.task} className="hf-warning">
					<Sign of="flag" /> When you record this, a task for today is made: {r.title}
				</p>
			))}
		</section>
	);
}

const width = 520;
const height = 150;
const edge = { left: 30, right: 34, top: 16, bottom: 22 };

/** Totals over time, oldest at the left.  Each point says its number; the table below
 *  says everything. */
function Chart({ data }: { data: ScoreValues }) {
	const points = data.values
		.flatMap((v) => (v.complete && v.total !== undefined && v.at ? [{ at: Date.parse(v.at), total: v.total }] : []))
		.sort((a, b) => a.at - b.at);
	const first = points[0], last = points.at(-1);
	if (!first || !last || points.length < 2) return null;
	const span = Math.max(1, last.at - first.at);
	const x = (at: number) => edge.left + ((at - first.at) / span) * (width - edge.left - edge.right);
	const y = (total: number) => height - edge.bottom - (total / Math.max(1, data.score.max)) * (height - edge.top - edge.bottom);
	const shown = points.length > 12 ? new Set([points[0], ...points.slice(-6)]) : new Set(points);
	return (
		<svg className="hf-scores__chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${data.score.title} over time; the table below has each value`}>
			<line x1={edge.left} x2={width - edge.right} y1={y(0)} y2={y(0)} />
			<line x1={edge.left} x2={width - edge.right} y1={y(data.score.max)} y2={y(data.score.max)} strokeDasharray="2 4" />
			<text x={edge.left - 6} y={y(0) + 4} textAnchor="end">
				0
			</text>
			<text x={edge.left - 6} y={y(data.score.max) + 4} textAnchor="end">
				{data.score.max}
			</text>
			<polyline points={points.map((p) => `${x(p.at)},${y(p.total)}`).join(" ")} />
			{points.map((p) => (
				<g key={p.at}>
					<circle cx={x(p.at)} cy={y(p.total)} r="3.5" />
					{shown.has(p) && (
						<text x={x(p.at)} y={y(p.total) - 8} textAnchor="middle" className="hf-scores__n">
							{p.total}
						</text>
					)}
				</g>
			))}
			<text x={edge.left} y={height - 5}>
				{whenText(new Date(first.at).toISOString())}
			</text>
			<text x={width - edge.right} y={height - 5} textAnchor="end">
				{whenText(new Date(last.at).toISOString())}
			</text>
		</svg>
	);
}

/** Earlier values of a score, with a picture from two on. */
export function Trend({ person, score }: { person: string; score: ScoreTable }) {
	const { data, error, again } = useAsked<ScoreValues>(`/api/people/${encodeURIComponent(person)}/scores/${encodeURIComponent(score.id)}`);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return null;
	const totals = data.values.filter((v) => v.complete);
	const [newest, before] = totals;
	return (
		<section className="hf-scores" aria-labelledby="scores-title">
			<h2 id="scores-title">
				{!newest
					? `${score.title}: no earlier value`
					: before
						? `${score.title}: last ${newest.total}, before that ${before.total}`
						: `${score.title}: last ${newest.total}`}
			</h2>
			<Chart data={data} />
			{data.values.length > 0 && (
				<Table
					caption={`${score.title}, newest first${data.more ? "; older ones are in the record" : ""}`}
					rows={data.values}
					id={(v) => v.ref}
					columns={[
						{ head: "When", cell: (v) => whenText(v.at) },
						{ head: "Total", cell: (v) => (v.complete ? v.total : "none"), number: true },
						{ head: "Meaning", cell: (v) => v.levelText ?? v.missingText ?? "" },
					]}
				/>
			)}
		</section>
	);
}

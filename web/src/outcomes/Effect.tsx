// Did something change at a day?  An interrupted time series of the area shown, and the
// area against a mixture of the others, with what they can and cannot say.

import { useId } from "react";
import { useQuery } from "../base/address";
import { Table } from "../base/table";
import { Chart } from "../chart/Chart";
import { Lines } from "../chart/Lines";
import { num } from "./figure";
import type { AreaFigures, Control, Its, OneMeasure } from "./types";

/** What the address of the page adds to the question. */
export function effectQuery(query: URLSearchParams): string {
	const at = query.get("at");
	if (!at) return "";
	// Places are compared with places; ages or sexes are no controls of each other.
	const by = query.get("by") ?? "locality";
	const control = by === "locality" || by === "partnership" ? query.get("area") : null;
	return `&its=${encodeURIComponent(at)}${control ? `&control=${encodeURIComponent(control)}&since=${encodeURIComponent(at)}` : ""}`;
}

const fit = (all: number, first: number, values: number[], from = 0): (number | undefined)[] =>
	[...Array(all).keys()].map((i) => (i - first >= from ? values[i - first] : undefined));

const range = (i: { value: number | null; low: number | null; high: number | null }) => `${num(i.value)} (${num(i.low)} to ${num(i.high)})`;

function Series({ data, a, its }: { data: OneMeasure; a: AreaFigures; its: Its }) {
	const { unit } = data.measure;
	const labels = data.periods.map((p) => p.label.slice(2));
	const own = a.figures.map((f) => f.value ?? undefined);
	const sure = (its.effectLast.low ?? 0) > 0 || (its.effectLast.high ?? 0) < 0;
	return (
		<Chart
			title={`Before and after ${data.periods[its.at]?.label ?? ""}: ${a.name}`}
			says={
				sure
					? `At the end it is ${range(its.effectLast)} ${unit} from where the line of before would have led: more than chance.`
					: `At the end it is ${range(its.effectLast)} ${unit} from where the line of before would have led: the interval includes no change.`
			}
			method={`Interrupted time series, least squares; errors that follow each other up to ${its.lag} periods (Newey-West). ${its.before} periods before, ${its.after} after. Season is not taken out.`}
			drawing={(wide) => (
				<Lines
					wide={wide}
					periods={labels}
					lines={[
						{ key: "own", label: "as it was", style: "thin", values: own },
						{ key: "fit", label: "line through it", style: "solid", values: fit(labels.length, its.first, its.fitted) },
						{ key: "without", label: "as before", style: "dashed", values: fit(labels.length, its.first, its.without, its.at - its.first) },
					]}
				/>
			)}
			table={
				<Table
					caption="What changed"
					rows={[
						{ what: "Change of level at that day", i: its.step },
						{ what: "Change of slope, a period", i: its.bend },
						{ what: "With less without, at the end", i: its.effectLast },
					]}
					id={(r) => r.what}
					columns={[
						{ head: "What", cell: (r) => r.what },
						{ head: `${unit}, with 95% interval`, number: true, cell: (r) => range(r.i) },
					]}
				/>
			}
		/>
	);
}

function Mixture({ data, c }: { data: OneMeasure; c: Control }) {
	const labels = data.periods.map((p) => p.label.slice(2));
	const used = c.weights.filter((w) => w.weight >= 0.005);
	return (
		<Chart
			title={`${c.name} against a mixture of the others`}
			says={`Since then ${num(Math.abs(c.effect))} ${data.measure.unit} ${c.effect < 0 ? "below" : "above"} the mixture, on average. ${c.enough ? `Of all areas ${num(c.p * 100)}% stand out as much.` : "A hint only: too few areas or periods to say how often chance does this."}`}
			method={`Synthetic control: ${used.map((w) => `${w.name} ${num(w.weight * 100)}%`).join(", ")}, fitted to ${c.before} periods before (gap then ${num(c.rmspeBefore)}, after ${num(c.rmspeAfter)}). ${c.leftOut ? `${c.leftOut} areas are left out: not known in all periods.` : ""}`}
			drawing={(wide) => (
				<Lines
					wide={wide}
					periods={labels}
					lines={[
						{ key: "own", label: c.name, style: "solid", values: fit(labels.length, c.first, c.own) },
						{ key: "mix", label: "the mixture", style: "dashed", values: fit(labels.length, c.first, c.synthetic) },
					]}
				/>
			)}
			table={
				<Table
					caption="By period"
					rows={c.own.map((own, i) => ({ label: data.periods[c.first + i]?.label ?? "", own, mix: c.synthetic[i] }))}
					id={(r) => r.label}
					columns={[
						{ head: "Period", cell: (r) => r.label },
						{ head: c.name, number: true, cell: (r) => num(r.own) },
						{ head: "The mixture", number: true, cell: (r) => num(r.mix) },
						{ head: "Gap", number: true, cell: (r) => num(r.mix === undefined ? undefined : r.own - r.mix) },
					]}
				/>
			}
		/>
	);
}

export function ChangedAt({ data, a }: { data: OneMeasure; a: AreaFigures }) {
	const [query, change] = useQuery();
	const at = query.get("at") ?? "";
	const id = useId();
	const { control } = data;
	return (
		<>
			<section className="hf-chart">
				<h2>Did something change?</h2>
				<div className="hf-bar">
					<label htmlFor={id}>From</label>
					<select id={id} value={at} onChange={(e) => change({ at: e.target.value || null })}>
						<option value="">choose a period</option>
						{data.periods.slice(4, -3).map((p) => (
							<option key={p.label} value={p.from}>{p.label}</option>
						))}
					</select>
				</div>
				{at === "" && <p>Choose when something began: the time before and after is compared, and an area chosen under “Show” with a mixture of the others.</p>}
				{a.its?.why && <p>Over time it cannot be said: {a.its.why}.</p>}
				{control?.why && <p>Against the others it cannot be said: {control.why}.</p>}
				{(data.effectCaveats ?? []).length > 0 && (
					<>
						<h3>What this can and cannot say</h3>
						<ul>
							{(data.effectCaveats ?? []).map((c) => (
								<li key={c}>{c}</li>
							))}
						</ul>
					</>
				)}
			</section>
			{a.its && !a.its.why && <Series data={data} a={a} its={a.its} />}
			{control && !control.why && <Mixture data={data} c={control} />}
		</>
	);
}

// "Is it better, where, and how sure are we?": one measure, over time and by area.

import { Link } from "wouter";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { AreaMap } from "../chart/AreaMap";
import { Chart } from "../chart/Chart";
import { Funnel } from "../chart/Funnel";
import { assuranceWords, Signs, variationWords } from "../chart/Icon";
import { Intervals } from "../chart/Intervals";
import { Spc, signalWords, type Signal, type SpcPoint } from "../chart/Spc";
import type { Ring } from "../chart/shape";
import { inShort } from "../contract/money";
import { Comments } from "./Comments";
import { ChangedAt, effectQuery } from "./Effect";
import { Marks, noteAt, wasAt, Without } from "./Marks";
import { Outside } from "./Outside";
import { Reasons } from "./Reasons";
import { assuranceOf, intervalText, num, valueText, variationOf, withUnit } from "./figure";
import { Peers } from "./Peers";
import type { AreaFigures, OneMeasure } from "./types";
import { WhoIsBehind } from "./WhoIsBehind";

const bys: [string, string][] = [
	["locality", "locality"],
	["practice", "practice"],
	["partnership", "partnership"],
	["age", "age"],
	["sex", "sex"],
	["deprivation", "deprivation"],
	["ethnicity", "ethnicity"],
	["segment", "group of need"],
	["provider", "provider"],
	["pathway", "pathway"],
];

function pointsOf(data: OneMeasure, a: AreaFigures): SpcPoint[] {
	return data.periods.map((p, i) => {
		const s = a.spc?.points[i];
		const f = a.figures[i];
		return {
			key: p.label,
			label: p.label.slice(2),
			value: s?.value ?? (a.spc?.pointsAre ? undefined : f?.value) ?? undefined,
			mean: s?.mean ?? undefined,
			lower: s?.low ?? undefined,
			upper: s?.high ?? undefined,
			signal: (s?.label ?? undefined) as Signal | undefined,
			way: s?.good ? "better" : s?.bad ? "worse" : undefined,
			rebased: i > 0 && s !== undefined && s.group !== a.spc?.points[i - 1]?.group,
			was: wasAt(a, i),
			note: noteAt(data, a, i),
		};
	});
}

function OverTime({ data, a }: { data: OneMeasure; a: AreaFigures }) {
	const { measure: m } = data;
	const points = pointsOf(data, a);
	const variation = variationOf(a.spc);
	const assurance = assuranceOf(a.spc);
	return (
		<Chart
			title={`Over time: ${a.name}`}
			says={
				<>
					{variation ? variationWords[variation] : "Too few points for a chart of chance"}.
					{assurance && ` ${assuranceWords[assurance]}.`}
					<Without a={a} />
				</>
			}
			method={`${m.chart} chart${a.spc?.pointsAre ? ` of ${a.spc.pointsAre}` : ""}, 3-sigma limits${a.spc ? `, trend of ${a.spc.trend}` : ""}${a.spc?.trial ? "; trial limits, fewer than 12 points" : ""}. Squares: for the worse; triangles: for the better. NHS rules (Making Data Count).`}
			drawing={(wide) => <Spc wide={wide} points={points} target={m.target ?? undefined} />}
			table={
				<Table
					caption="By period"
					rows={data.periods.map((p, i) => ({ p, f: a.figures[i], s: points[i] }))}
					id={(r) => r.p.label}
					columns={[
						{ head: "Period", cell: (r) => r.p.label },
						{ head: "Counted", number: true, cell: (r) => (r.f?.n === null || r.f?.n === undefined ? "–" : count(r.f.n)) },
						{ head: "Out of", number: true, cell: (r) => num(r.f?.of) },
						{ head: "Value", number: true, cell: (r) => (r.f ? valueText(r.f, m.unit) : "–") },
						{ head: "95% interval", number: true, cell: (r) => (r.f ? intervalText(r.f) || "–" : "–") },
						{ head: "More than chance?", cell: (r) => (r.s?.signal ? signalWords[r.s.signal] : "no") },
					]}
				/>
			}
		/>
	);
}

function ByArea({ data, word }: { data: OneMeasure; word: string }) {
	const { measure: m } = data;
	const standard = data.areas.some((a) => a.total.standard !== null && a.total.standard !== undefined);
	const ratio = data.areas.some((a) => a.total.ratio !== null && a.total.ratio !== undefined);
	const rows = data.areas.map((a) => ({
		key: a.id,
		label: a.name,
		value: (standard ? a.total.standard : a.total.value) ?? undefined,
		lower: (standard ? a.total.standardLow : a.total.low) ?? undefined,
		upper: (standard ? a.total.standardHigh : a.total.high) ?? undefined,
		instead: valueText(a.total, m.unit),
	}));
	const all = standard ? data.all.total.standard : data.all.total.value;
	const apart = rows.filter((r) => all !== null && all !== undefined && r.lower !== undefined && r.upper !== undefined && (r.lower > all || r.upper < all));
	return (
		<Chart
			title={`By ${word}`}
			says={
				apart.length === 0
					? "No interval lies wholly apart from the whole."
					: `${apart.map((r) => r.label).join(", ")}: the interval lies apart from the whole.`
			}
			method={`${standard ? (ratio ? `Standardised ${m.standard}; compare an area with the whole, not with another` : "Directly standardised by age and sex to the European Standard Population 2013, Dobson interval") : `Crude, ${m.interval ?? "95 % interval"}`}. The line is the whole. Areas are not a league table: where intervals overlap there is no order.`}
			drawing={(wide) => <Intervals wide={wide} rows={rows} reference={all ?? undefined} />}
			table={
				<Table
					caption={`By ${word}`}
					rows={data.areas}
					id={(a) => a.id}
					columns={[
						{ head: word, cell: (a) => a.name },
						{ head: "Counted", number: true, cell: (a) => (a.total.n === null ? "–" : count(a.total.n)) },
						{ head: "Out of", number: true, cell: (a) => num(a.total.of) },
						{ head: "Crude", number: true, cell: (a) => valueText(a.total, m.unit) },
						{ head: "95% interval", number: true, cell: (a) => intervalText(a.total) || "–" },
						...(standard
							? [
									{ head: "Standardised", number: true, cell: (a: AreaFigures) => num(a.total.standard) },
									{
										head: "95% interval, standardised",
										number: true,
										cell: (a: AreaFigures) =>
											a.total.standardLow === null || a.total.standardLow === undefined
												? "–"
												: `${num(a.total.standardLow)} to ${num(a.total.standardHigh)}`,
									},
								]
							: []),
						...(ratio
							? [
									{ head: "Expected", number: true, cell: (a: AreaFigures) => num(a.total.expected) },
									{
										head: "100 × counted / expected",
										number: true,
										cell: (a: AreaFigures) => (a.total.ratio === null || a.total.ratio === undefined ? "–" : `${num(a.total.ratio)} (${num(a.total.ratioLow)} to ${num(a.total.ratioHigh)})`),
									},
								]
							: []),
						{ head: "More than chance?", cell: (a) => <Signs variation={variationOf(a.spc)} assurance={assuranceOf(a.spc)} /> },
					]}
				/>
			}
		/>
	);
}

function WhoDiffers({ data }: { data: OneMeasure }) {
	const f = data.funnel;
	if (!f) return null;
	const nameOf = (id: string) => data.areas.find((a) => a.id === id)?.name ?? id;
	const known = f.areas.filter((a) => a.size !== null && a.value !== null);
	const beyond = (a: (typeof known)[number]) =>
		(a.value as number) > (a.high998 ?? Infinity) || (a.value as number) < (a.low998 ?? -Infinity)
			? ("99.8" as const)
			: (a.value as number) > (a.high95 ?? Infinity) || (a.value as number) < (a.low95 ?? -Infinity)
				? ("95" as const)
				: undefined;
	const out = known.filter((a) => beyond(a) === "99.8");
	return (
		<Chart
			title="Who differs by more than chance"
			says={out.length === 0 ? "Nobody lies outside the outer limits." : `${out.map((a) => nameOf(a.id)).join(", ")}: outside the outer limits. Ask why before judging.`}
			method={`Funnel at 95 % and 99.8 %${f.phi > 1 ? `, widened for over-dispersion (φ ${f.phi.toFixed(2)})` : ""}.`}
			drawing={(wide) => (
				<Funnel
					wide={wide}
					centre={f.mean}
					size="size: people or events counted out of"
					points={known.map((a) => ({ key: a.id, label: nameOf(a.id), n: a.size as number, value: a.value as number, beyond: beyond(a) }))}
					limits={known
						.filter((a) => a.low95 !== null && a.high95 !== null)
						.map((a) => ({ n: a.size as number, lower95: a.low95 as number, upper95: a.high95 as number, lower998: a.low998 ?? (a.low95 as number), upper998: a.high998 ?? (a.high95 as number) }))}
				/>
			)}
			table={
				<Table
					caption="Limits by area"
					rows={f.areas}
					id={(a) => a.id}
					columns={[
						{ head: "Area", cell: (a) => nameOf(a.id) },
						{ head: "Size", number: true, cell: (a) => num(a.size) },
						{ head: "Value", number: true, cell: (a) => num(a.value) },
						{ head: "95% limits", number: true, cell: (a) => (a.low95 === null ? "–" : `${num(a.low95)} to ${num(a.high95)}`) },
						{ head: "99.8% limits", number: true, cell: (a) => (a.low998 === null ? "–" : `${num(a.low998)} to ${num(a.high998)}`) },
					]}
				/>
			}
		/>
	);
}

function Opportunity({ data }: { data: OneMeasure }) {
	const o = data.opportunity;
	if (!o || o.areas.length === 0) return null;
	const nameOf = (id: string) => data.areas.find((a) => a.id === id)?.name ?? id;
	return (
		<section className="hf-chart hf-lead__row">
			<h2>The size of the opportunity</h2>
			<p>What it would be at the median, and at the best quarter, of the areas shown.</p>
			<Table
				caption="Fewer events, and what they would have cost"
				rows={o.areas}
				id={(a) => a.id}
				columns={[
					{ head: "Area", cell: (a) => nameOf(a.id) },
					{ head: "At the median", number: true, cell: (a) => (a.median ? `${num(a.median.events)} (${num(a.median.low)} to ${num(a.median.high)})` : "–") },
					{ head: "At the best quarter", number: true, cell: (a) => (a.quartile ? `${num(a.quartile.events)} (${num(a.quartile.low)} to ${num(a.quartile.high)})` : "–") },
					{ head: "Tariff value", number: true, cell: (a) => (typeof a.quartile?.tariffPence === "number" ? inShort(a.quartile.tariffPence) : "–") },
					{ head: "Marginal cost", number: true, cell: (a) => (typeof a.quartile?.marginalPence === "number" ? inShort(a.quartile.marginalPence) : "–") },
					{ head: "Cash that comes free", number: true, cell: (a) => (typeof a.quartile?.releasablePence === "number" ? inShort(a.quartile.releasablePence) : "–") },
				]}
			/>
			<p className="hf-dim">{o.note}</p>
		</section>
	);
}

function Place({ data }: { data: OneMeasure }) {
	const shapes = useAsked<{ localities: { id: string; polygon?: Ring[] }[] }>(data.by === "locality" ? "/api/population/shapes" : null);
	if (!shapes.data) return null;
	const { unit } = data.measure;
	return (
		<Chart
			title="On the map"
			says="Where it is higher and lower."
			method="Crude values of the whole time, in fifths of the areas shown. Differences on a map can be chance: the intervals say."
			drawing={(wide) => (
				<AreaMap
					wide={wide}
					says={data.measure.title}
					areas={data.areas.map((a) => ({
						id: a.id,
						name: a.name,
						polygon: shapes.data?.localities.find((l) => l.id === a.id)?.polygon,
						value: a.total.value ?? undefined,
						text: a.total.value === null ? "*" : withUnit(a.total.value, unit === "%" ? "%" : "").trim(),
					}))}
				/>
			)}
			table={<p>The table of “By locality” has the same numbers.</p>}
		/>
	);
}

export function MeasurePage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const by = query.get("by") ?? "locality";
	const area = query.get("area");
	const grain = query.get("grain") ?? "month";
	const effect = `${grain === "month" ? "" : `&grain=${encodeURIComponent(grain)}`}${effectQuery(query)}`;
	const { data, error, again } = useAsked<OneMeasure>(`/api/population/measures/${encodeURIComponent(id)}?by=${encodeURIComponent(by)}${effect}`);
	useTitle(data?.measure.title ?? "Measure");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!data) return <div className="hf-page"><Waiting what="the measure" /></div>;
	const { measure: m } = data;
	const shown = data.areas.find((a) => a.id === area) ?? data.all;
	const word = bys.find(([code]) => code === by)?.[1] ?? by;
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<p>
				<Link href="/outcomes">How are we doing?</Link>
			</p>
			<h1>{m.title}</h1>
			<p>{m.question}</p>
			<div className="hf-bar">
				<label>
					By{" "}
					<select value={by} onChange={(e) => change({ by: e.target.value, area: null })}>
						{bys.map(([code, text]) => (
							<option key={code} value={code}>{text}</option>
						))}
					</select>
				</label>
				<label>
					Show{" "}
					<select value={shown === data.all ? "" : shown.id} onChange={(e) => change({ area: e.target.value || null })}>
						<option value="">the whole</option>
						{data.areas.map((a) => (
							<option key={a.id} value={a.id}>{a.name}</option>
						))}
					</select>
				</label>
				<label>
					Each point{" "}
					<select value={grain} onChange={(e) => change({ grain: e.target.value === "month" ? null : e.target.value, at: null })}>
						{["day", "week", "month", "quarter", "year"].map((g) => (
							<option key={g} value={g}>a {g}</option>
						))}
					</select>
				</label>
				<span className="hf-dim">
					whole: {valueText(data.all.total, m.unit)} {intervalText(data.all.total) && `(${intervalText(data.all.total)})`}
					{m.target !== null && `; target ${withUnit(m.target, m.unit)}`}
					{data.disclosure !== "none" && "; small numbers hidden"}
				</span>
			</div>
			<div className="hf-lead__grid">
				<OverTime data={data} a={shown} />
				<Marks data={data} a={shown} again={again} />
				<ChangedAt data={data} a={shown} />
				<ByArea data={data} word={word} />
				<Place data={data} />
				<WhoDiffers data={data} />
				<Reasons data={data} area={shown.id} />
				<Comments id={m.id} />
				<Opportunity data={data} />
				<Outside data={data} />
				<Peers id={id} />
				<WhoIsBehind key={`${by} ${area ?? ""}`} data={data} by={by} area={area} />
				<section className="hf-chart hf-lead__row">
					<h2>How it is computed</h2>
					<dl className="hf-how">
						<div><dt>Counted</dt><dd>{m.counted}</dd></div>
						<div><dt>Out of</dt><dd>{m.outOf}</dd></div>
						{m.leftOut && m.leftOut.length > 0 && <div><dt>Left out</dt><dd>{m.leftOut.join("; ")}</dd></div>}
						{data.places && (
							<div>
								<dt>Places</dt>
								<dd>
									{data.places.map((p) => (
										<span key={p.from}>{`${p.places === null ? `${num(p.per100000)} per 100,000 adults` : num(p.places)} from ${p.from}${p.to ? ` until ${p.to}` : ""} (${p.source}); `}</span>
									))}
									{`${num(data.placesOtherwise)} per 100,000 adults where nothing is told`}
								</dd>
							</div>
						)}
						<div><dt>Who answers for it</dt><dd>{m.owner}, reviewed {m.review}</dd></div>
						<div><dt>Source</dt><dd>{m.source}</dd></div>
						<div><dt>Definition</dt><dd>{m.id} {m.version}, {m.hash.slice(0, 12)}</dd></div>
						{m.codes && m.codes.length > 0 && <div><dt>Codes</dt><dd>{m.codes.map((c) => `${c.title} ${c.version}`).join("; ")}</dd></div>}
						<div><dt>Data</dt><dd>{data.data.first} to {data.data.last}{data.data.basis && `, ${data.data.basis}`}</dd></div>
					</dl>
					{(data.caveats ?? []).length > 0 && (
						<ul>
							{(data.caveats ?? []).map((c) => (
								<li key={c}>{c}</li>
							))}
						</ul>
					)}
					<p className="hf-buttons">
						<a className="hf-button" href={`/api/population/measures/${encodeURIComponent(id)}?by=${by}`} download={`${m.id}.json`}>
							Download (JSON)
						</a>
						<button type="button" className="hf-button" onClick={() => window.print()}>
							Print
						</button>
					</p>
				</section>
			</div>
		</div>
	);
}

// "What do we owe, what would tariff have said, where are we heading?"

import { useState } from "react";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Chart } from "../chart/Chart";
import { Lines } from "../chart/Lines";
import { Waterfall, type Step } from "../chart/Waterfall";
import { forms } from "./ContractsPage";
import { AccrualsPart } from "./AccrualsPart";
import { TraceDialog } from "./TraceDialog";
import { inShort, monthName, monthShort, percentOf, pounds, signed } from "./money";
import { ContractNav, Difference, LevelMark, Tile } from "./parts";
import type { Amounts, Component, Contract } from "./types";

type Open = (line: string, month: number) => void;

const upTo = (values: number[], n: number): (number | undefined)[] => {
	let sum = 0;
	return values.map((v, i) => (i < n ? (sum += v) : undefined));
};

/** Twelve months, whatever the run has. */
const all = (months: Amounts[], of: keyof Amounts) => Array.from({ length: 12 }, (_, i) => (months[i]?.[of] as number) ?? 0);

function OverTheYear({ c }: { c: Contract }) {
	const outturn = c.components.every((p) => p.forecast)
		? {
				at: c.components.reduce((s, p) => s + (p.forecast?.earned.runRate ?? 0), 0),
				low: c.components.reduce((s, p) => s + (p.forecast?.earned.low ?? 0), 0),
				high: c.components.reduce((s, p) => s + (p.forecast?.earned.high ?? 0), 0),
			}
		: undefined;
	const earned = upTo(all(c.total.months, "earned"), c.months);
	const now = earned[c.months - 1] ?? 0;
	const ahead = (to: number) =>
		Array.from({ length: 12 }, (_, i) =>
			i < c.months - 1 ? undefined : now + ((to - now) * (i - c.months + 1)) / Math.max(1, 12 - c.months),
		);
	const planned = upTo(all(c.total.months, "plan"), c.total.months.length >= 12 ? 12 : c.months);
	const gap = c.total.ytd.earned - c.total.ytd.shadow;
	return (
		<Chart
			title="Over the year"
			says={
				<>
					To {monthName(c.months)} the contract earns {inShort(c.total.ytd.earned)};{" "}
					{gap === 0
						? "tariff would have said the same"
						: `tariff would have said ${inShort(Math.abs(gap))} ${gap < 0 ? "more" : "less"}`}
					{outturn && `; the year is heading for ${inShort(outturn.at)}`}.
				</>
			}
			method="Sums of the months so far. Shadow: the same activity at tariff under the rules in force. Forecast: what is left of the plan, moved by the variance so far; its band from back-to-plan to the run of the worst and best month."
			drawing={(wide) => (
				<Lines
					wide={wide}
					periods={Array.from({ length: 12 }, (_, i) => monthShort(i + 1))}
					zero
					say={inShort}
					lines={[
						{ key: "plan", label: "plan", values: planned, style: "dashed" },
						{ key: "earned", label: "earned", values: earned, style: "solid" },
						{ key: "shadow", label: "shadow tariff", values: upTo(all(c.total.months, "shadow"), c.months), style: "dotted" },
						...(outturn && c.months < 12
							? [
									{
										key: "forecast",
										label: "forecast",
										values: ahead(outturn.at),
										style: "thin" as const,
										band: ahead(outturn.low).map((low, i): [number, number] | undefined =>
											low === undefined ? undefined : [low, ahead(outturn.high)[i] ?? low],
										),
									},
								]
							: []),
					]}
				/>
			)}
			table={
				<Table
					caption="Month by month"
					rows={c.total.months.slice(0, c.months).map((m, i) => ({ ...m, month: i + 1, cut: c.cuts[i] }))}
					id={(m) => String(m.month)}
					columns={[
						{ head: "Month", cell: (m) => monthName(m.month) },
						{ head: "Data", cell: (m) => (m.cut === "freeze" ? "final (freeze)" : m.cut === "flex" ? "first cut (flex)" : "none") },
						{ head: "Plan", number: true, cell: (m) => pounds(m.plan) },
						{ head: "On account", number: true, cell: (m) => pounds(m.account) },
						{ head: "Earned", number: true, cell: (m) => pounds(m.earned) },
						{ head: "Shadow tariff", number: true, cell: (m) => pounds(m.shadow) },
						{ head: "Earned less shadow", number: true, cell: (m) => <Difference pence={m.earned - m.shadow} /> },
					]}
				/>
			}
		/>
	);
}

function FromPlan({ c }: { c: Contract }) {
	const steps: Step[] = [
		{ key: "plan", label: "Plan to date", total: true, value: c.total.ytd.plan },
		...c.components
			.filter((p) => p.ytd.earned !== p.ytd.plan)
			.map((p) => ({ key: p.id, label: p.title, value: p.ytd.earned - p.ytd.plan })),
		{ key: "earned", label: "Earned to date", total: true, value: c.total.ytd.earned },
		{ key: "shadow", label: "Tariff against contract", value: c.total.ytd.shadow - c.total.ytd.earned },
		{ key: "tariff", label: "Shadow tariff", total: true, value: c.total.ytd.shadow },
	];
	return (
		<Chart
			title="From plan to earned, and to tariff"
			says={`The true-up against what was paid on account is ${signed(c.total.ytd.earned - c.total.ytd.account)}.`}
			method="Each step is what a component earns above or below its plan, year to date."
			drawing={(wide) => <Waterfall wide={wide} steps={steps} say={inShort} />}
			table={
				<Table
					caption="The steps"
					rows={steps}
					id={(s) => s.key}
					columns={[
						{ head: "Step", cell: (s) => s.label },
						{ head: "Pounds", number: true, cell: (s) => (s.total ? pounds(s.value) : <Difference pence={s.value} />) },
					]}
				/>
			}
		/>
	);
}

function Effect({ c }: { c: Contract }) {
	const rows = [
		{ who: c.parties.provider.name, what: "the provider", pence: c.effect.provider },
		{ who: c.parties.commissioner.name, what: "the commissioner", pence: c.effect.commissioner },
		{ who: "The system", what: "both together", pence: c.effect.system },
	];
	return (
		<section className="hf-chart">
			<h2>What it means for each</h2>
			<p>Against plan, year to date: better is plus. The two add up to the system.</p>
			<Table
				caption="Effect on each party"
				rows={rows}
				id={(r) => r.what}
				columns={[
					{ head: "Who", cell: (r) => <>{r.who} <span className="hf-dim">({r.what})</span></> },
					{ head: "Effect", number: true, cell: (r) => <Difference pence={r.pence} /> },
				]}
			/>
			{!c.effect.whole && (
				<p className="hf-dim">What activity costs is not said for every component: the effect on the system is in part.</p>
			)}
			{c.bridge && (
				<Table
					caption="Why priced activity differs from plan"
					rows={[
						{ what: "Volume: more or fewer", pence: c.bridge.volume },
						{ what: "Mix: dearer or cheaper kinds", pence: c.bridge.mix },
						{ what: "Price: each one dearer or cheaper", pence: c.bridge.price },
						{ what: "Together", pence: c.bridge.actual - c.bridge.plan },
					]}
					id={(r) => r.what}
					columns={[
						{ head: "Reason", cell: (r) => r.what },
						{ head: "Pounds", number: true, cell: (r) => <Difference pence={r.pence} /> },
					]}
				/>
			)}
		</section>
	);
}

function Lines_({ p, month, open }: { p: Component; month: number; open: Open }) {
	const rows = p.lines.length > 0 ? p.lines : [{ id: p.id, title: p.title, months: p.months, ytd: p.ytd }];
	return (
		<Table
			caption={`Lines of ${p.title}, year to date`}
			rows={rows}
			id={(l) => l.id}
			columns={[
				{ head: "Line", cell: (l) => l.title },
				{ head: "Units planned", number: true, cell: (l) => (l.ytd.unitsPlan ? count(l.ytd.unitsPlan) : "–") },
				{ head: "Units", number: true, cell: (l) => (l.ytd.units ? count(l.ytd.units) : "–") },
				{ head: "Plan", number: true, cell: (l) => pounds(l.ytd.plan) },
				{
					head: "Earned",
					number: true,
					cell: (l) => (
						<button type="button" className="hf-linklike" onClick={() => open(l.id, month)}>
							{pounds(l.ytd.earned)}
							<span className="nhsuk-u-visually-hidden">: how {l.title} came about</span>
						</button>
					),
				},
				{
					head: "Shadow tariff",
					number: true,
					cell: (l) => (
						<button type="button" className="hf-linklike" onClick={() => open(l.id, month)}>
							{pounds(p.rule && rows.length === 1 ? p.ytd.shadow : l.ytd.shadow)}
							<span className="nhsuk-u-visually-hidden">: how {l.title} came about</span>
						</button>
					),
				},
			]}
		/>
	);
}

function Components({ c, open }: { c: Contract; open: Open }) {
	return (
		<section className="hf-chart hf-lead__row">
			<h2>By component</h2>
			<Table
				caption="Year to date"
				rows={c.components}
				id={(p) => p.id}
				columns={[
					{ head: "Component", cell: (p) => `${p.number} ${p.title}` },
					{ head: "Plan", number: true, cell: (p) => pounds(p.ytd.plan) },
					{ head: "On account", number: true, cell: (p) => pounds(p.ytd.account) },
					{ head: "Earned", number: true, cell: (p) => pounds(p.ytd.earned) },
					{ head: "Shadow tariff", number: true, cell: (p) => pounds(p.ytd.shadow) },
					{ head: "True-up", number: true, cell: (p) => <Difference pence={p.ytd.earned - p.ytd.account} /> },
					{ head: "Tariff against plan", number: true, cell: (p) => percentOf(p.ytd.shadow - p.ytd.plan, p.ytd.plan) ?? "–" },
					{
						head: "Forecast",
						number: true,
						cell: (p) => (p.forecast ? pounds(p.forecast.earned.runRate) : "–"),
					},
					{
						head: "Against the rules",
						cell: (p) => {
							const last = p.deviation?.[c.months - 1];
							return last ? <LevelMark level={last.level} why={last.why} /> : "–";
						},
					},
				]}
			/>
			{c.components.map((p) => (
				<details key={p.id} className="hf-chart__behind">
					<summary>
						{p.number} {p.title}: its lines
					</summary>
					{p.bands && p.bands.length > 0 && (
						<p className="hf-dim">
							Of what differs from plan:{" "}
							{p.bands
								.map((b) => `${b.from} to ${b.to ?? "…"}%: ${b.over}% is paid above, ${b.under}% given back below`)
								.join("; ")}
							.
						</p>
					)}
					<Lines_ p={p} month={c.months} open={open} />
				</details>
			))}
			{c.late && c.late.length > 0 && (
				<details className="hf-chart__behind">
					<summary>Came after the freeze, and does not count ({c.late.length})</summary>
					<Table
						caption="Activity after the freeze"
						rows={c.late.map((l, i) => ({ ...l, key: `${l.line}-${l.month}-${i}` }))}
						id={(l) => l.key}
						columns={[
							{ head: "Line", cell: (l) => l.line },
							{ head: "Month", cell: (l) => monthName(l.month) },
							{ head: "Pounds", number: true, cell: (l) => pounds(l.pence) },
						]}
					/>
				</details>
			)}
		</section>
	);
}

export function ContractPage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const to = query.get("to");
	const { data: c, error, again } = useAsked<Contract>(
		`/api/contract/${encodeURIComponent(id)}${to ? `?to=${encodeURIComponent(to)}` : ""}`,
	);
	const [traced, setTraced] = useState<{ line: string; month: number }>();
	useTitle(c?.title ?? "Contract");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!c) return <div className="hf-page"><Waiting what="the contract" /></div>;
	const outturn = c.components.reduce((s, p) => s + (p.forecast?.earned.runRate ?? 0), 0);
	const ends = Array.from({ length: 12 }, (_, i) => {
		const start = Number(c.from.slice(0, 4));
		const month = ((i + 3) % 12) + 1;
		const year = month >= 4 ? start : start + 1;
		return { month: i + 1, day: `${year}-${String(month).padStart(2, "0")}-${new Date(year, month, 0).getDate()}` };
	});
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<div className="hf-lead__head">
				<h1>{c.title}</h1>
				<p className="hf-dim">
					{forms[c.form] ?? c.form} · {c.year} · {c.parties.commissioner.name} and {c.parties.provider.name}
					{c.demonstration && " · an example: its numbers are invented"}
				</p>
			</div>
			<ContractNav id={id} at="overview" />
			<div className="hf-bar">
				<label>
					To{" "}
					<select value={to ?? c.runTo} onChange={(e) => change({ to: e.target.value })}>
						{ends.some((e) => e.day === (to ?? c.runTo)) || <option value={to ?? c.runTo}>{to ?? c.runTo}</option>}
						{ends.map((e) => (
							<option key={e.day} value={e.day}>
								the end of {monthName(e.month)}
							</option>
						))}
					</select>
				</label>
				<span className="hf-dim">
					rules {c.rules}
					{c.prices && `, prices ${c.prices}`}; data: {c.cuts.slice(0, c.months).includes("flex") ? "in part first cut, provisional" : "final"}
				</span>
			</div>
			<ul className="hf-tiles">
				<Tile says="plan to date" pence={c.total.ytd.plan} />
				<Tile says="earned to date" pence={c.total.ytd.earned} of={c.total.ytd.plan} />
				<Tile says="tariff would have said" pence={c.total.ytd.shadow} of={c.total.ytd.plan} />
				<Tile says="paid on account" pence={c.total.ytd.account} />
				{outturn > 0 && <Tile says="forecast for the year" pence={outturn} />}
			</ul>
			<div className="hf-lead__grid">
				<OverTheYear c={c} />
				<FromPlan c={c} />
				<Components c={c} open={(line, month) => setTraced({ line, month })} />
				<Effect c={c} />
				{c.components.some((p) => p.lines.some((l) => l.activity)) && <AccrualsPart id={id} />}
				{c.parts && c.parts.length > 0 && (
					<section className="hf-chart">
						<h2>Who gets what</h2>
						<Table
							caption="Sub-contracts of the lead provider"
							rows={c.parts}
							id={(p) => p.id}
							columns={[
								{ head: "Partner", cell: (p) => p.name },
								{ head: "Share", number: true, cell: (p) => `${p.share}%` },
								{ head: "Pounds", number: true, cell: (p) => pounds(p.pence) },
							]}
						/>
					</section>
				)}
			</div>
			{traced && <TraceDialog id={id} {...traced} onClose={() => setTraced(undefined)} />}
		</div>
	);
}

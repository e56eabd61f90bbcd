// "What do we talk about this month?": the oversight pack, one page to look at, print and
// file (contract-and-governance.md 2.4).

import { Link } from "wouter";
import { When } from "../access/when";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Chart } from "../chart/Chart";
import { Lines } from "../chart/Lines";
import { Spc, signalWords, type Signal, type SpcPoint } from "../chart/Spc";
import { Signs } from "../chart/Icon";
import { assuranceOf, intervalText, num, valueText, variationOf } from "../outcomes/figure";
import type { OneMeasure } from "../outcomes/types";
import { casePath } from "./CasesPage";
import { inShort, monthName, monthShort, percentOf, pounds, signed } from "./money";
import { periodName, type ChartOf, type Pack } from "./pack";
import { ContractNav, Difference, LevelMark, Tile } from "./parts";
import { SchemeTable, StateTable } from "./RegisterPage";
import type { CaseItem } from "./types";

const text = (c: CaseItem, fact: string): string => {
	const v = c.facts[fact];
	return typeof v === "string" || typeof v === "number" ? String(v) : "–";
};
const pence = (c: CaseItem, fact: string): string => (typeof c.facts[fact] === "number" ? pounds(c.facts[fact]) : "–");

function None({ what }: { what: string }) {
	return <p className="hf-empty">{what}</p>;
}

function Dashboard({ p }: { p: Pack }) {
	const c = p.dashboard;
	const m = p.month - 1;
	const loud = p.deviations.filter((d) => d.deviation.level !== "watch");
	return (
		<section>
			<h2>1. At a glance</h2>
			<ul className="hf-tiles">
				<Tile says="plan to date" pence={c.total.ytd.plan} />
				<Tile says="earned to date" pence={c.total.ytd.earned} of={c.total.ytd.plan} />
				<Tile says="tariff would have said" pence={c.total.ytd.shadow} of={c.total.ytd.plan} />
				<Tile says="earned less tariff" pence={p.gap.months[m]?.gapYtd ?? 0} />
			</ul>
			{p.deviations.length === 0 && <None what="Nothing differs from plan by as much as both agreed to look at." />}
			{p.deviations.length > 0 && (
				<ul>
					{p.deviations.map((d) => (
						<li key={d.component}>
							<strong>{d.title}</strong> <LevelMark level={d.deviation.level} why={d.deviation.why} />: {signed(d.deviation.ytd)} against plan in
							the year to date, {signed(d.deviation.month)} in the month.
						</li>
					))}
				</ul>
			)}
			<p>
				{loud.length} to look at; {p.cases.review.filter((r) => !r.ended).length} joint reviews and{" "}
				{p.cases.challenge.filter((r) => !r.ended).length} challenges are open; {p.cases.action.filter((a) => !a.ended).length} actions are not done.
			</p>
		</section>
	);
}

function AgainstPlan({ p }: { p: Pack }) {
	const m = p.month - 1;
	return (
		<section>
			<h2>2. Against plan, with forecast</h2>
			<Table
				caption={monthName(p.month)}
				rows={p.dashboard.components}
				id={(c) => c.id}
				columns={[
					{ head: "Component", cell: (c) => `${c.number} ${c.title}` },
					{ head: "Plan", number: true, cell: (c) => pounds(c.months[m]?.plan ?? 0) },
					{ head: "Earned", number: true, cell: (c) => pounds(c.months[m]?.earned ?? 0) },
					{ head: "Tariff", number: true, cell: (c) => pounds(c.months[m]?.shadow ?? 0) },
					{
						head: "By the rules both agreed",
						cell: (c) => {
							const d = c.deviation?.[m];
							return d ? <LevelMark level={d.level} why={d.level === "none" ? undefined : d.why} /> : "–";
						},
					},
				]}
			/>
			<Table
				caption="Year to date, and forecast"
				rows={p.dashboard.components}
				id={(c) => c.id}
				columns={[
					{ head: "Component", cell: (c) => `${c.number} ${c.title}` },
					{ head: "Plan", number: true, cell: (c) => pounds(c.ytd.plan) },
					{ head: "Earned", number: true, cell: (c) => pounds(c.ytd.earned) },
					{ head: "Tariff", number: true, cell: (c) => pounds(c.ytd.shadow) },
					{ head: "Tariff against plan", number: true, cell: (c) => percentOf(c.ytd.shadow - c.ytd.plan, c.ytd.plan) ?? "–" },
					{ head: "Year as it goes on", number: true, cell: (c) => (c.forecast ? pounds(c.forecast.earned.runRate) : "–") },
					{ head: "Year back to plan", number: true, cell: (c) => (c.forecast ? pounds(c.forecast.earned.back) : "–") },
				]}
			/>
		</section>
	);
}

const pointsOf = (c: ChartOf): SpcPoint[] =>
	c.chart.points.map((p) => ({
		key: String(p.month),
		label: monthShort(p.month),
		value: p.value ?? undefined,
		mean: p.mean ?? undefined,
		lower: p.low ?? undefined,
		upper: p.high ?? undefined,
		signal: p.label as Signal | undefined,
	}));

function Control({ c }: { c: ChartOf }) {
	const unit = c.chart.unit === "percent" ? "% of the month's plan" : "pounds";
	return (
		<Chart
			title={`${c.title}${c.line ? " (line)" : ""}`}
			says={
				c.chart.received < 6
					? `${c.chart.received} months: too few to tell chance from a signal.`
					: c.chart.special
						? "The last month is more than chance."
						: "The last month is within what chance does."
			}
			method={`XmR chart of ${unit}, limits of 2.66 mean moving ranges, rules of Making Data Count${c.chart.trial ? "; trial limits, fewer than 12 points" : ""}.`}
			drawing={(wide) => <Spc wide={wide} high={200} points={pointsOf(c)} />}
			table={
				<Table
					caption={`${c.title}, ${unit}`}
					rows={c.chart.points}
					id={(r) => String(r.month)}
					columns={[
						{ head: "Month", cell: (r) => monthName(r.month) },
						{ head: "Value", number: true, cell: (r) => num(r.value) },
						{ head: "Mean", number: true, cell: (r) => num(r.mean) },
						{ head: "Limits", number: true, cell: (r) => `${num(r.low)} to ${num(r.high)}` },
						{ head: "More than chance?", cell: (r) => (r.label ? signalWords[r.label as Signal] : "no") },
					]}
				/>
			}
		/>
	);
}

function Gap({ p }: { p: Pack }) {
	const last = p.gap.months[p.gap.months.length - 1];
	return (
		<section>
			<h2>4. Contract against tariff, running</h2>
			<Chart
				title="Earned less shadow tariff, year to date"
				says={last ? `To the end of ${monthName(p.month)} the provider earns ${signed(last.gapYtd)} against tariff.` : "There are no months yet."}
				method="What the contract pays less what the national tariff would have paid for the same activity; below nought the provider earns less."
				drawing={(wide) => (
					<Lines
						wide={wide}
						periods={p.gap.months.map((g) => monthShort(g.month ?? 0))}
						say={inShort}
						zero
						lines={[
							{ key: "ytd", label: "year to date", style: "solid", values: p.gap.months.map((g) => g.gapYtd) },
							{ key: "month", label: "month", style: "dotted", values: p.gap.months.map((g) => g.gap) },
						]}
					/>
				)}
				table={
					<Table
						caption="By month"
						rows={p.gap.months}
						id={(g) => String(g.month)}
						columns={[
							{ head: "Month", cell: (g) => monthName(g.month ?? 0) },
							{ head: "Earned", number: true, cell: (g) => pounds(g.earned) },
							{ head: "Shadow tariff", number: true, cell: (g) => pounds(g.shadow) },
							{ head: "Gap", number: true, cell: (g) => <Difference pence={g.gap} /> },
							{ head: "Year to date", number: true, cell: (g) => <Difference pence={g.gapYtd} /> },
						]}
					/>
				}
			/>
			<Table
				caption="The gap by component"
				rows={p.gap.components}
				id={(g) => g.component ?? ""}
				columns={[
					{ head: "Component", cell: (g) => g.title },
					{ head: "Month", number: true, cell: (g) => <Difference pence={g.gap} /> },
					{ head: "Year to date", number: true, cell: (g) => <Difference pence={g.gapYtd} /> },
				]}
			/>
		</section>
	);
}

function OneOf({ of }: { of: OneMeasure }) {
	const { measure: m, all } = of;
	const points: SpcPoint[] = of.periods.map((p, i) => {
		const s = all.spc?.points[i];
		return {
			key: p.label,
			label: p.label.slice(2),
			value: s?.value ?? all.figures[i]?.value ?? undefined,
			mean: s?.mean ?? undefined,
			lower: s?.low ?? undefined,
			upper: s?.high ?? undefined,
			signal: (s?.label ?? undefined) as Signal | undefined,
			way: s?.good ? "better" : s?.bad ? "worse" : undefined,
		};
	});
	return (
		<Chart
			title={m.title}
			says={
				<>
					{valueText(all.total, m.unit)}
					{intervalText(all.total) && `, 95% interval ${intervalText(all.total)}`}.{" "}
					<Signs variation={variationOf(all.spc)} assurance={assuranceOf(all.spc)} />
				</>
			}
			method={`${m.counted} of ${m.outOf}. Small numbers are hidden, others rounded. Measure ${m.id} ${m.version}, definition ${m.hash}.`}
			drawing={(wide) => <Spc wide={wide} high={180} points={points} target={m.target ?? undefined} />}
			table={
				<Table
					caption={m.title}
					rows={of.periods.map((p, i) => ({ p, f: all.figures[i], s: points[i] }))}
					id={(r) => r.p.label}
					columns={[
						{ head: "Month", cell: (r) => r.p.label },
						{ head: "Value", number: true, cell: (r) => (r.f ? valueText(r.f, m.unit) : "–") },
						{ head: "95% interval", number: true, cell: (r) => (r.f ? intervalText(r.f) || "–" : "–") },
						{ head: "More than chance?", cell: (r) => (r.s?.signal ? signalWords[r.s.signal] : "no") },
					]}
				/>
			}
		/>
	);
}

function Measures({ p }: { p: Pack }) {
	const all = p.measures?.measures ?? [];
	const there = all.filter((m) => m.all.figures.some((f) => f?.value !== null && f?.value !== undefined));
	const not = all.filter((m) => !there.includes(m));
	return (
		<section>
			<h2>5. Pathway measures</h2>
			{(p.measures?.why || !p.measures) && <None what={p.measures?.why ?? "There are none."} />}
			{there.length > 0 && (
				<div className="hf-lead__grid">
					{there.map((m) => (
						<OneOf key={m.measure.id} of={m} />
					))}
				</div>
			)}
			{not.length > 0 && (
				<p>
					Not to be shown by month, from {p.measures?.from} to before {p.measures?.to}; in brackets the last twelve months:{" "}
					{not.map((m) => `${m.measure.title} (${valueText(m.all.total, m.measure.unit)})`).join("; ")}.
				</p>
			)}
		</section>
	);
}

function Changes({ p, id }: { p: Pack; id: string }) {
	return (
		<section>
			<h2>6. Drivers of demand, and counting changes</h2>
			{p.cases.change.length === 0 && <None what="Neither party noted any." />}
			{p.cases.change.length > 0 && (
				<Table
					caption="As both parties see them"
					rows={p.cases.change}
					id={(c) => c.subject}
					columns={[
						{ head: "What", cell: (c) => <Link href={casePath(id, c.subject)}>{c.title}</Link> },
						{ head: "Kind", cell: (c) => text(c, "kind").replace("-", " ") },
						{ head: "From", cell: (c) => text(c, "effective") },
						{ head: "A month", number: true, cell: (c) => pence(c, "pence") },
						{ head: p.commissioner, cell: (c) => `${text(c, "viewCommissioner")}: ${text(c, "saysCommissioner")}` },
						{ head: p.provider, cell: (c) => `${text(c, "viewProvider")}: ${text(c, "saysProvider")}` },
						{ head: "State", cell: (c) => c.stateTitle },
					]}
				/>
			)}
		</section>
	);
}

function Followed({ p, id }: { p: Pack; id: string }) {
	if (p.responses.length === 0) return null;
	return (
		<section>
			<h3>What was expected of responses, and what followed</h3>
			{p.responses.map((r) => (
				<div key={r.subject}>
					<Table
						caption={`${r.title}: ${r.response.replace(/-/g, " ")}, ${r.stateTitle.toLowerCase()}`}
						rows={r.expected}
						id={(e) => String(e.period)}
						columns={[
							{ head: "Month", cell: (e) => periodName(e.period) },
							{ head: "Expected", number: true, cell: (e) => <Difference pence={e.expected} /> },
							{ head: "Followed", number: true, cell: (e) => (e.actual === undefined ? "not known yet" : <Difference pence={e.actual} />) },
						]}
					/>
					<p className="hf-dim">
						<Link href={casePath(id, r.subject)}>The review</Link>. Followed: the month's difference from plan less the mean difference of the
						months before. It does not say why.
					</p>
				</div>
			))}
		</section>
	);
}

function Issues({ p, id }: { p: Pack; id: string }) {
	return (
		<section>
			<h2>7. Emergent issues, reviews and challenges</h2>
			{p.cases.review.length === 0 && <None what="No joint review is open." />}
			{p.cases.review.length > 0 && (
				<Table
					caption="Joint reviews"
					rows={p.cases.review}
					id={(c) => c.subject}
					columns={[
						{ head: "Issue", cell: (c) => <Link href={casePath(id, c.subject)}>{c.title}</Link> },
						{ head: "State", cell: (c) => c.stateTitle },
						{ head: "Nature", cell: (c) => text(c, "nature") },
						{ head: "Scale", number: true, cell: (c) => pence(c, "scale") },
						{ head: "Owners", cell: (c) => `${text(c, "ownerCommissioner")}; ${text(c, "ownerProvider")}` },
						{
							head: "Due",
							cell: (c) => {
								const next = (c.due ?? []).find((d) => d.state === "running" || d.state === "late");
								return next ? <>{next.state === "late" && "late: "}{next.title}, <When at={next.due} /></> : "–";
							},
						},
					]}
				/>
			)}
			{p.cases.challenge.length > 0 && (
				<Table
					caption="Challenges"
					rows={p.cases.challenge}
					id={(c) => c.subject}
					columns={[
						{ head: "Challenge", cell: (c) => <Link href={casePath(id, c.subject)}>{c.title}</Link> },
						{ head: "Line and month", cell: (c) => `${text(c, "line")}, ${typeof c.facts["period"] === "number" ? periodName(c.facts["period"]) : "–"}` },
						{ head: "Grounds", cell: (c) => text(c, "grounds").replace(/-/g, " ") },
						{ head: "Claimed", number: true, cell: (c) => pence(c, "pence") },
						{ head: "Gives back", number: true, cell: (c) => pence(c, "settles") },
						{ head: "State", cell: (c) => c.stateTitle },
					]}
				/>
			)}
			<Followed p={p} id={id} />
		</section>
	);
}

function Decided({ p, id }: { p: Pack; id: string }) {
	return (
		<section>
			<h2>8. Decisions and actions</h2>
			{p.decisions.length === 0 && p.cases.action.length === 0 && <None what="None in the last 60 days." />}
			{p.decisions.length > 0 && (
				<Table
					caption="Decided in the last 60 days"
					rows={p.decisions.map((d, i) => ({ ...d, key: `${d.subject}${i}` }))}
					id={(d) => d.key}
					columns={[
						{ head: "About", cell: (d) => <Link href={casePath(id, d.subject)}>{d.title}</Link> },
						{ head: "Decision", cell: (d) => d.event },
						{ head: "Why", cell: (d) => d.reason },
						{ head: "By", cell: (d) => `${d.by.name ?? d.by.id}, ${d.party}` },
						{ head: "When", cell: (d) => <When at={d.at} /> },
					]}
				/>
			)}
			{p.cases.action.length > 0 && (
				<Table
					caption="Decisions and actions of meetings"
					rows={p.cases.action}
					id={(c) => c.subject}
					columns={[
						{ head: "What", cell: (c) => <Link href={casePath(id, c.subject)}>{c.title}</Link> },
						{ head: "Kind", cell: (c) => text(c, "kind") },
						{ head: "Owner", cell: (c) => text(c, "owner") },
						{ head: "By", cell: (c) => text(c, "dueOn") },
						{ head: "State", cell: (c) => c.stateTitle },
					]}
				/>
			)}
		</section>
	);
}

function Quality({ p }: { p: Pack }) {
	const q = p.quality;
	const flex = q.cuts.flatMap((c, i) => (c === "flex" ? [monthName(i + 1)] : []));
	return (
		<section>
			<h2>9. Data quality</h2>
			<ul>
				<li>
					{flex.length > 0
						? `First cut, provisional: ${flex.join(", ")}.`
						: q.cuts.every((c) => c === "freeze")
							? "All months are final."
							: "No month is whole yet."}
				</li>
				<li>
					{q.missing.length === 0
						? "Every line has figures for every month."
						: `Without figures: ${q.missing.map((m) => `${m.title}, ${monthName(m.month)}`).join("; ")}.`}
				</li>
				<li>
					{q.late.length === 0
						? "Nothing came after its freeze."
						: `After the freeze and not counted: ${q.late.map((l) => `${l.line}, ${monthName(l.month)}: ${pounds(l.pence)}`).join("; ")}.`}
				</li>
				{q.onHold.length > 0 && <li>Payment on hold, too few cases or data not good enough: {q.onHold.join("; ")}.</li>}
			</ul>
		</section>
	);
}

export function PackPage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const month = query.get("month");
	const at = query.get("at");
	const base = `/api/contract/${encodeURIComponent(id)}/pack`;
	const which = [month && `month=${encodeURIComponent(month)}`, at && `at=${encodeURIComponent(at)}`].filter(Boolean).join("&");
	const contract = useAsked<{ months: number }>(`/api/contract/${encodeURIComponent(id)}`);
	const { data: p, error, again } = useAsked<Pack>(which ? `${base}?${which}` : base);
	useTitle("Monthly pack");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!p) return <div className="hf-page"><Waiting what="the pack" /></div>;
	const months = contract.data?.months ?? p.month;
	const file = (f: string) => `${base}?month=${p.month}&at=${p.asAt}&format=${f}`;
	return (
		<div className="hf-page hf-page--wide hf-lead hf-pack">
			<h1>
				Monthly pack, {monthName(p.month)}: {p.title}
			</h1>
			<p className="hf-dim">
				{p.year}, year to {p.to}. {p.commissioner} and {p.provider}. As it stood on {p.asAt}.
			</p>
			<ContractNav id={id} at="pack" />
			<div className="hf-bar hf-no-print">
				<label>
					Month{" "}
					<select value={p.month} onChange={(e) => change({ month: e.target.value })}>
						{Array.from({ length: Math.max(months, p.month) }, (_, i) => (
							<option key={i} value={i + 1}>
								{monthName(i + 1)}
							</option>
						))}
					</select>
				</label>
			</div>
			<p className="hf-buttons">
				{(["pdf", "ods", "csv"] as const).map((f) => (
					<a key={f} className="hf-button" href={file(f)} download>
						{f === "pdf" ? "Document to file (PDF)" : f === "ods" ? "Workbook (ODS)" : "CSV"}
					</a>
				))}
				<button type="button" className="hf-button" onClick={() => window.print()}>
					Print
				</button>
			</p>
			<Dashboard p={p} />
			<AgainstPlan p={p} />
			<section>
				<h2>3. Is it more than chance?</h2>
				{p.charts.length === 0 && <None what="No component has monthly figures to chart." />}
				<div className="hf-lead__grid">
					{p.charts.map((c) => (
						<Control key={`${c.component}/${c.line ?? ""}`} c={c} />
					))}
				</div>
			</section>
			<Gap p={p} />
			<Measures p={p} />
			<Changes p={p} id={id} />
			<Issues p={p} id={id} />
			<Decided p={p} id={id} />
			<Quality p={p} />
			<section>
				<h2>10. Reinvestment</h2>
				<SchemeTable id={id} of={p.register} />
				<StateTable of={p.register} />
			</section>
		</div>
	);
}

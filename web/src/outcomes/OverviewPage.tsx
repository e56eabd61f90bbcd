// "How are we doing?": the outcome framework, worst first; for the place or one locality.

import { Link } from "wouter";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Signs } from "../chart/Icon";
import { Spc } from "../chart/Spc";
import { assuranceOf, inTwo, intervalText, valueText, variationOf, withUnit, worse } from "./figure";
import type { AllMeasures, Cube, MeasureRow } from "./types";

const href = (m: MeasureRow, area: string | null) =>
	`/outcomes/${encodeURIComponent(m.id)}${area ? `?area=${encodeURIComponent(area)}` : ""}`;

function Card({ m, area }: { m: MeasureRow; area: string | null }) {
	return (
		<li className={`hf-card hf-card--${worse(m.spc) <= 1 ? "worse" : "plain"}`}>
			<h2>
				<Link href={href(m, area)}>{m.title}</Link>
			</h2>
			<p>
				<span className="hf-tiles__n">{inTwo(m.latest, m.unit)[0]}</span> {inTwo(m.latest, m.unit)[1]}
				{intervalText(m.latest) && <span className="hf-dim"> ({intervalText(m.latest)})</span>}
			</p>
			<div aria-hidden="true">
				<Spc
					spark
					wide={240}
					target={m.target ?? undefined}
					points={m.series.map((v, i) => ({ key: String(i), label: "", value: v ?? undefined }))}
				/>
			</div>
			<Signs variation={variationOf(m.spc)} assurance={assuranceOf(m.spc)} />
			{m.target !== null && <p className="hf-dim">target {withUnit(m.target, m.unit)}</p>}
			{m.spc?.trial && <p className="hf-dim">trial limits: fewer than 12 points</p>}
		</li>
	);
}

/** The localities there are, from the explorer's own list. */
function useLocalities() {
	const { data } = useAsked<Cube>("/api/population/cube?by=locality");
	return data?.by?.[0]?.values.filter((v) => v.code !== "") ?? [];
}

export function OverviewPage() {
	const [query, change] = useQuery();
	const area = query.get("area");
	const { data, error, again } = useAsked<AllMeasures>(
		`/api/population/measures${area ? `?by=locality&area=${encodeURIComponent(area)}` : ""}`,
	);
	const localities = useLocalities();
	const name = data?.area?.name ?? localities.find((l) => l.code === area)?.text;
	useTitle(area ? `How is ${name ?? "the locality"} doing?` : "How are we doing?");
	const sorted = [...(data?.measures ?? [])].sort((a, b) => worse(a.spc) - worse(b.spc));
	const worsening = sorted.filter((m) => m.spc?.variation.startsWith("concern"));
	const better = sorted.filter((m) => m.spc?.variation.startsWith("improvement"));
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<h1>{area ? `How is ${name ?? "the locality"} doing?` : "How are we doing?"}</h1>
			<div className="hf-bar">
				<label>
					For{" "}
					<select value={area ?? ""} onChange={(e) => change({ area: e.target.value || null })}>
						<option value="">the whole place</option>
						{localities.map((l) => (
							<option key={l.code} value={l.code}>
								{l.text}
							</option>
						))}
					</select>
				</label>
				{area && <Link href="/need">People most in need here</Link>}
				<Link href="/explore">What explains this?</Link>
			</div>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the outcomes" />}
			{data && (
				<>
					<p>
						{worsening.length === 0 ? "Nothing is getting worse by more than chance" : `${plural(worsening.length, "measure")} got worse by more than chance`}
						{better.length > 0 && `, ${plural(better.length, "measure")} got better`}.{" "}
						<span className="hf-dim">
							{data.periods[0]?.label} to {data.periods[data.periods.length - 1]?.label}; data to {data.data.last}
							{data.disclosure !== "none" && "; small numbers hidden"}
						</span>
					</p>
					{sorted.length === 0 && <p className="hf-empty">No activity has been received yet: nothing can be counted.</p>}
					<ul className="hf-cards">
						{sorted.map((m) => (
							<Card key={m.id} m={m} area={area} />
						))}
					</ul>
					<details className="hf-chart__behind">
						<summary>All as a table</summary>
						<Table
							caption="The framework"
							rows={sorted}
							id={(m) => m.id}
							columns={[
								{ head: "Measure", cell: (m) => <Link href={href(m, area)}>{m.title}</Link> },
								{ head: "Latest", number: true, cell: (m) => valueText(m.latest, m.unit) },
								{ head: "95% interval", number: true, cell: (m) => intervalText(m.latest) || "–" },
								{ head: "All months", number: true, cell: (m) => valueText(m.total, m.unit) },
								{ head: "Target", number: true, cell: (m) => (m.target === null ? "none" : withUnit(m.target, m.unit)) },
								{ head: "More than chance?", cell: (m) => <Signs variation={variationOf(m.spc)} assurance={assuranceOf(m.spc)} /> },
							]}
						/>
					</details>
				</>
			)}
		</div>
	);
}

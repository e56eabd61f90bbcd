// Where the place stands beside its peers, and what it would be worth to be as good: by
// published figures, each with its interval, never as a league table (population.md 5).

import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem } from "../base/ui";
import { Chart } from "../chart/Chart";
import { Funnel } from "../chart/Funnel";
import { Intervals } from "../chart/Intervals";
import { inShort } from "../contract/money";
import { num } from "./figure";

interface PeerGain {
	target: number;
	events: number | null;
	low: number | null;
	high: number | null;
	tariffPence?: number | null;
	marginalPence?: number | null;
	marginalPenceLow?: number | null;
	marginalPenceHigh?: number | null;
	releasablePence?: number | null;
}

interface Valued {
	n: number | null;
	of: number | null;
	value: number | null;
	low: number | null;
	high: number | null;
}

interface Peer extends Valued {
	id: string;
	name: string;
	low95: number | null;
	high95: number | null;
	low998: number | null;
	high998: number | null;
}

interface Group {
	id: string;
	version: string;
	title: string;
	source: string;
	frozen: string;
	from?: string;
	to?: string;
	own: Valued;
	position: string;
	median: number | null;
	betterQuarter: number | null;
	worseQuarter: number | null;
	mean: number | null;
	phi: number | null;
	peers: Peer[];
	opportunity: { what: string; median: PeerGain; quarter: PeerGain; note: string } | null;
	leftOut: { id: string; name: string; why: string }[];
	caveats: string[];
	files: { id: number; map: string; version: string; source: string; file: string; sha: string }[];
}

interface PeersAnswer {
	unit: string;
	direction: "higher" | "lower" | "neutral";
	groups: Group[];
}

const positions: Record<string, string> = {
	unknown: "Where the place stands cannot be said: there is no interval, or fewer than four peers",
	"around-the-median": "The place cannot be told apart from the median of its peers",
	"better-than-the-median": "The place is better than the median of its peers",
	"better-quarter": "The place is with the better quarter of its peers",
	"worse-than-the-median": "The place is worse than the median of its peers",
	"worse-quarter": "The place is with the worse quarter of its peers",
	"above-the-median": "The place lies above the median of its peers, which is neither good nor bad",
	"below-the-median": "The place lies below the median of its peers, which is neither good nor bad",
};

const range = (v: { low: number | null; high: number | null }) => (v.low === null || v.high === null ? "–" : `${num(v.low)} to ${num(v.high)}`);
const beyond = (p: Peer) => {
	if (p.value === null || p.low998 === null || p.high998 === null) return undefined;
	if (p.value > p.high998 || p.value < p.low998) return "99.8" as const;
	return p.value > (p.high95 ?? Infinity) || p.value < (p.low95 ?? -Infinity) ? ("95" as const) : undefined;
};
/** Names of trusts come in capitals. */
const plain = (name: string) => (name === name.toUpperCase() && name.length > 8 ? name.toLowerCase().replace(/\b[a-z]/g, (c) => c.toUpperCase()).replace(/\bNhs\b/g, "NHS") : name);

function PeerTable({ group }: { group: Group }) {
	return (
		<Table
			caption={`${group.title}, by code`}
			rows={group.peers}
			id={(p) => p.id}
			columns={[
				{ head: "Code", cell: (p) => p.id },
				{ head: "Peer", cell: (p) => plain(p.name) },
				{ head: "Counted", number: true, cell: (p) => (p.n === null ? "–" : count(p.n)) },
				{ head: "Out of", number: true, cell: (p) => num(p.of) },
				{ head: "Value", number: true, cell: (p) => num(p.value) },
				{ head: "95% interval", number: true, cell: (p) => range(p) },
				{ head: "99.8% limits", number: true, cell: (p) => (p.low998 === null ? "–" : `${num(p.low998)} to ${num(p.high998)}`) },
			]}
		/>
	);
}

function Standing({ group, unit }: { group: Group; unit: string }) {
	const months = group.from && group.to ? `${group.from} to ${group.to}` : "";
	const rows = [
		{ key: "own", label: "This place", value: group.own.value ?? undefined, lower: group.own.low ?? undefined, upper: group.own.high ?? undefined },
		{ key: "better", label: "Better quarter begins", value: group.betterQuarter ?? undefined },
		{ key: "median", label: "Median of the peers", value: group.median ?? undefined },
		{ key: "worse", label: "Worse quarter begins", value: group.worseQuarter ?? undefined },
	];
	return (
		<Chart
			title={`Beside peers: ${group.title}`}
			says={`${positions[group.position] ?? group.position}.`}
			method={`${group.peers.length} peers, ${months}. ${unit}. The line is their median. There is no rank: where intervals overlap there is no order.`}
			drawing={(wide) => <Intervals wide={wide} rows={rows} reference={group.median ?? undefined} />}
			table={
				<Table
					caption="The place and its peers"
					rows={rows}
					id={(r) => r.key}
					columns={[
						{ head: "What", cell: (r) => r.label },
						{ head: "Value", number: true, cell: (r) => num(r.value) },
						{ head: "95% interval", number: true, cell: (r) => (r.lower === undefined || r.upper === undefined ? "–" : `${num(r.lower)} to ${num(r.upper)}`) },
					]}
				/>
			}
		/>
	);
}

function Among({ group, unit }: { group: Group; unit: string }) {
	const known = group.peers.filter((p) => p.value !== null && p.of !== null);
	const limits = known.filter((p) => p.low95 !== null);
	const out = known.filter((p) => beyond(p) === "99.8");
	return (
		<Chart
			title="Peers by size"
			says={limits.length === 0 ? "Each peer with its interval is in the table." : out.length === 0 ? "No peer lies outside the outer limits." : `${out.length} of ${known.length} peers lie outside the outer limits.`}
			method={`${unit}. ${limits.length === 0 ? "No limits: people are counted on one day a month." : `Limits at 95 % and 99.8 % about the mean of the peers${group.phi !== null && group.phi > 1 ? `, widened for over-dispersion (φ ${group.phi.toFixed(1)})` : ""}.`}`}
			drawing={(wide) =>
				limits.length === 0 ? (
					<Intervals wide={wide} rows={group.peers.map((p) => ({ key: p.id, label: p.id, value: p.value ?? undefined, lower: p.low ?? undefined, upper: p.high ?? undefined }))} reference={group.own.value ?? undefined} />
				) : (
					<Funnel
						wide={wide}
						centre={group.mean ?? 0}
						size="size: what it is counted out of"
						points={known.map((p) => ({ key: p.id, label: p.id, n: p.of as number, value: p.value as number, beyond: beyond(p) }))}
						limits={limits.map((p) => ({ n: p.of as number, lower95: p.low95 as number, upper95: p.high95 as number, lower998: p.low998 as number, upper998: p.high998 as number }))}
					/>
				)
			}
			table={<PeerTable group={group} />}
		/>
	);
}

const pounds = (pence: number | null | undefined) => (typeof pence === "number" ? inShort(pence) : "–");

function Worth({ group }: { group: Group }) {
	const o = group.opportunity;
	return (
		<section className="hf-chart hf-lead__row">
			<h2>What it would be worth to be as good</h2>
			{o ? (
				<>
					<Table
						caption={`Size of the opportunity: ${o.what}, in a year`}
						rows={[
							{ key: "median", label: "As the median", g: o.median },
							{ key: "quarter", label: "As the better quarter", g: o.quarter },
						]}
						id={(r) => r.key}
						columns={[
							{ head: "If the place were", cell: (r) => r.label },
							{ head: "That is", number: true, cell: (r) => num(r.g.target) },
							{ head: "Events", number: true, cell: (r) => num(r.g.events) },
							{ head: "Range", number: true, cell: (r) => range(r.g) },
							{ head: "Tariff value", number: true, cell: (r) => pounds(r.g.tariffPence) },
							{ head: "Marginal cost", number: true, cell: (r) => pounds(r.g.marginalPence) },
							{ head: "Its range", number: true, cell: (r) => (typeof r.g.marginalPenceLow === "number" ? `${pounds(r.g.marginalPenceLow)} to ${pounds(r.g.marginalPenceHigh)}` : "–") },
							{ head: "Cash that comes free", number: true, cell: (r) => pounds(r.g.releasablePence) },
						]}
					/>
					<p className="hf-dim">{o.note}</p>
				</>
			) : (
				<p>It cannot be said for this measure.</p>
			)}
			<ul>
				{group.caveats.map((c) => (
					<li key={c}>{c}</li>
				))}
			</ul>
			{group.leftOut.length > 0 && (
				<details>
					<summary>{group.leftOut.length} left out</summary>
					<ul>
						{group.leftOut.map((l) => (
							<li key={l.id}>{`${l.id} ${l.name === l.id ? "" : plain(l.name)}: ${l.why}`}</li>
						))}
					</ul>
				</details>
			)}
			<p className="hf-dim">{`${group.source}. Group ${group.id} ${group.version}, fixed ${group.frozen}.`}</p>
			{group.files.length > 0 && (
				<details>
					<summary>{group.files.length === 1 ? "The file it is of" : `The ${group.files.length} files it is of`}</summary>
					<ul>
						{group.files.map((f) => (
							<li key={f.id}>{`${f.file} (map ${f.map} ${f.version}, SHA-256 ${f.sha.slice(0, 12)}…)`}</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

export function Peers({ id }: { id: string }) {
	const { data, error, again } = useAsked<PeersAnswer>(`/api/population/measures/${encodeURIComponent(id)}/peers`);
	if (error) return <Problem error={error} again={again} />;
	const groups = (data?.groups ?? []).filter((g) => g.peers.length > 0);
	return (
		<>
			{groups.map((g) => [
				<Standing key={`${g.id}-standing`} group={g} unit={data?.unit ?? ""} />,
				<Among key={`${g.id}-among`} group={g} unit={data?.unit ?? ""} />,
				<Worth key={`${g.id}-worth`} group={g} />,
			])}
		</>
	);
}

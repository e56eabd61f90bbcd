// Who differs by more than chance: each area at its size and value, between limits that
// narrow as areas grow (population.md 5).

import { scaleOf } from "./scale";

export interface FunnelPoint {
	key: string;
	label: string;
	/** Size: people, discharges, expected number. */
	n: number;
	value: number;
	/** Beyond 95 % or 99.8 %; named on the drawing where beyond the outer. */
	beyond?: "95" | "99.8" | undefined;
	open?: (() => void) | undefined;
}

/** Limits over a grid of sizes, as the server reckons them. */
export interface FunnelLimit {
	n: number;
	lower95: number;
	upper95: number;
	lower998: number;
	upper998: number;
}

const high = 300;
const left = 52;
const right = 16;
const top = 12;
const foot = 36;

export function Funnel(props: {
	points: FunnelPoint[];
	limits: FunnelLimit[];
	centre: number;
	wide: number;
	/** What n counts, "registered people". */
	size: string;
}) {
	const { points, limits, centre, wide } = props;
	const sized = [...limits].sort((a, b) => a.n - b.n);
	const x = scaleOf([...points.map((p) => p.n), ...sized.map((m) => m.n)], left, wide - right);
	const y = scaleOf(
		[...points.map((p) => p.value), ...sized.flatMap((m) => [m.lower998, m.upper998])],
		high - foot,
		top,
	);
	const curve = (of: (m: FunnelLimit) => number) => sized.map((m) => `${x.at(m.n)},${y.at(of(m))}`).join(" ");
	return (
		<svg viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} className="hf-svg" focusable="false">
			{y.ticks.map((v) => (
				<g key={v}>
					<line x1={left} x2={wide - right} y1={y.at(v)} y2={y.at(v)} className="hf-svg__grid" />
					<text x={left - 6} y={y.at(v) + 4} textAnchor="end">
						{y.say(v)}
					</text>
				</g>
			))}
			{x.ticks.map((v) => (
				<text key={v} x={x.at(v)} y={high - 20} textAnchor="middle">
					{x.say(v)}
				</text>
			))}
			<text x={(left + wide - right) / 2} y={high - 4} textAnchor="middle" className="hf-svg__marktext">
				{props.size}
			</text>
			<line x1={left} x2={wide - right} y1={y.at(centre)} y2={y.at(centre)} className="hf-spc__mean" />
			<polyline points={curve((m) => m.upper95)} className="hf-funnel__95" />
			<polyline points={curve((m) => m.lower95)} className="hf-funnel__95" />
			<polyline points={curve((m) => m.upper998)} className="hf-funnel__998" />
			<polyline points={curve((m) => m.lower998)} className="hf-funnel__998" />
			{points.map((p) => (
				<g key={p.key} onClick={p.open} className={p.open ? "hf-svg__open" : undefined}>
					{p.beyond === "99.8" ? (
						<rect x={x.at(p.n) - 5} y={y.at(p.value) - 5} width="10" height="10" className="hf-funnel__point hf-funnel__point--out" />
					) : (
						<circle
							cx={x.at(p.n)}
							cy={y.at(p.value)}
							r={p.beyond ? 5 : 4}
							className={p.beyond ? "hf-funnel__point hf-funnel__point--near" : "hf-funnel__point"}
						/>
					)}
					{p.beyond === "99.8" && (
						<text
							x={x.at(p.n) + (x.at(p.n) > wide * 0.7 ? -9 : 9)}
							y={y.at(p.value) + 4}
							textAnchor={x.at(p.n) > wide * 0.7 ? "end" : "start"}
						>
							{p.label}
						</text>
					)}
				</g>
			))}
		</svg>
	);
}

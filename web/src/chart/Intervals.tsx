// Values with how sure we may be: a dot and its interval a row, the reference as a line.

import { scaleOf } from "./scale";

export interface IntervalRow {
	key: string;
	label: string;
	value?: number | undefined;
	lower?: number | undefined;
	upper?: number | undefined;
	/** Instead of a value: "fewer than 5", "not received". */
	instead?: string | undefined;
	open?: (() => void) | undefined;
}

const row = 26;
const top = 8;
const foot = 24;

export function Intervals(props: { rows: IntervalRow[]; wide: number; reference?: number | undefined; named?: string }) {
	const { rows, wide, reference } = props;
	const left = Math.min(210, wide * 0.4);
	const high = top + rows.length * row + foot;
	const x = scaleOf(
		[...rows.flatMap((r) => [r.value, r.lower, r.upper].filter((v) => v !== undefined)), ...(reference === undefined ? [] : [reference])],
		left,
		wide - 16,
	);
	return (
		<svg viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} className="hf-svg" focusable="false">
			{x.ticks.map((v) => (
				<g key={v}>
					<line x1={x.at(v)} x2={x.at(v)} y1={top} y2={high - foot} className="hf-svg__grid" />
					<text x={x.at(v)} y={high - 6} textAnchor="middle">
						{x.say(v)}
					</text>
				</g>
			))}
			{reference !== undefined && (
				<line x1={x.at(reference)} x2={x.at(reference)} y1={top} y2={high - foot} className="hf-spc__mean" />
			)}
			{rows.map((r, i) => {
				const y = top + row * (i + 0.5);
				return (
					<g key={r.key} onClick={r.open} className={r.open ? "hf-svg__open" : undefined}>
						<rect x="0" y={y - row / 2} width={wide} height={row} fill="transparent" />
						<text x={left - 10} y={y + 4} textAnchor="end">
							{r.label.length > 32 ? `${r.label.slice(0, 31)}…` : r.label}
						</text>
						{r.value === undefined ? (
							<text x={left + 6} y={y + 4} className="hf-svg__marktext">
								{r.instead ?? "not known"}
							</text>
						) : (
							<>
								{r.lower !== undefined && r.upper !== undefined && (
									<path
										d={`M${x.at(r.lower)} ${y - 4}v8M${x.at(r.lower)} ${y}H${x.at(r.upper)}M${x.at(r.upper)} ${y - 4}v8`}
										className="hf-interval"
									/>
								)}
								<circle cx={x.at(r.value)} cy={y} r="4.5" className="hf-funnel__point" />
							</>
						)}
					</g>
				);
			})}
		</svg>
	);
}

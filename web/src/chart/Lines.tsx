// A few lines over time, each named at its end: plan, actual, shadow, forecast.

import { compact, everyOf, scaleOf } from "./scale";

export interface LineOf {
	key: string;
	label: string;
	/** One a period; none where there is none. */
	values: (number | undefined)[];
	/** How it is drawn: shape tells them apart as well as colour. */
	style: "solid" | "dashed" | "dotted" | "thin";
	/** A band about it: [lower, upper] a period. */
	band?: ([number, number] | undefined)[];
}

const left = 60;
const top = 14;
const foot = 26;

/** Labels that would stand on each other are moved apart. */
function apart(at: number[]): number[] {
	const order = at.map((v, i) => [v, i] as const).sort((a, b) => a[0] - b[0]);
	const out = [...at];
	let before = -Infinity;
	for (const [v, i] of order) {
		before = Math.max(v, before + 14);
		out[i] = before;
	}
	return out;
}

export function Lines(props: { periods: string[]; lines: LineOf[]; wide: number; high?: number; zero?: boolean; say?: (v: number) => string }) {
	const { periods, lines, wide } = props;
	const high = props.high ?? 260;
	const right = Math.min(150, wide * 0.28);
	const say = props.say ?? ((v: number) => compact(v));
	const y = scaleOf(
		lines.flatMap((l) => [...l.values, ...(l.band ?? []).flatMap((b) => b ?? [])]).filter((v) => v !== undefined),
		high - foot,
		top,
		props.zero,
	);
	const step = (wide - left - right) / Math.max(1, periods.length);
	const x = (i: number) => left + step * (i + 0.5);
	const every = everyOf(step, 40);
	const ends = lines.map((l) => {
		let i = l.values.length - 1;
		while (i > 0 && l.values[i] === undefined) i--;
		return y.at(l.values[i] ?? 0);
	});
	const named = apart(ends);
	return (
		<svg viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} className="hf-svg" focusable="false">
			{y.ticks.map((v) => (
				<g key={v}>
					<line x1={left} x2={wide - right} y1={y.at(v)} y2={y.at(v)} className="hf-svg__grid" />
					<text x={left - 6} y={y.at(v) + 4} textAnchor="end">
						{say(v)}
					</text>
				</g>
			))}
			{lines.map((l, n) => {
				const known = l.values.flatMap((v, i) => (v === undefined ? [] : [`${x(i)},${y.at(v)}`]));
				const band = (l.band ?? []).flatMap((b, i) => (b ? [{ i, b }] : []));
				return (
					<g key={l.key}>
						{band.length > 0 && (
							<polygon
								points={[
									...band.map(({ i, b }) => `${x(i)},${y.at(b[1])}`),
									...band.reverse().map(({ i, b }) => `${x(i)},${y.at(b[0])}`),
								].join(" ")}
								className="hf-lines__band"
							/>
						)}
						<polyline points={known.join(" ")} className={`hf-lines__line hf-lines__line--${l.style}`} />
						<text x={wide - right + 4} y={(named[n] ?? 0) + 4}>
							{l.label}
						</text>
					</g>
				);
			})}
			{periods.map(
				(p, i) =>
					(periods.length - 1 - i) % every === 0 && (
						<text key={p} x={x(i)} y={high - 8} textAnchor="middle">
							{p}
						</text>
					),
			)}
		</svg>
	);
}

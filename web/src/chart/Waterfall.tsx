// From one total to another in steps: what each adds or takes away.

import { scaleOf } from "./scale";

export interface Step {
	key: string;
	label: string;
	/** A total stands on the ground; a change stands on what was before it. */
	total?: boolean;
	value: number;
	open?: (() => void) | undefined;
}

const high = 280;
const left = 64;
const top = 18;
const foot = 44;

/** Where each bar begins and ends. */
export function heights(steps: Step[]): [number, number][] {
	let at = 0;
	return steps.map((s) => {
		const from = s.total ? 0 : at;
		at = s.total ? s.value : at + s.value;
		return [from, at];
	});
}

export function Waterfall(props: { steps: Step[]; wide: number; say: (v: number) => string }) {
	const { steps, wide, say } = props;
	const bars = heights(steps);
	const totals = steps.filter((s) => s.total).map((s) => s.value);
	// Large totals that differ a little: the drawing begins below the lowest, and says so.
	const lowest = Math.min(...bars.flat().filter((v) => v !== 0));
	const spread = Math.max(...bars.flat()) - lowest;
	const cut = totals.length > 1 && lowest > 0 && spread < lowest / 4;
	const shown = bars.map(([a, b]) => [cut && a === 0 ? lowest - spread / 3 : a, b] as const);
	const y = scaleOf(shown.flat(), high - foot, top, !cut);
	const floor = cut ? y.ticks[0] ?? 0 : 0;
	const step = (wide - left) / Math.max(1, steps.length);
	return (
		<svg viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} className="hf-svg" focusable="false">
			{y.ticks.map((v) => (
				<g key={v}>
					<line x1={left} x2={wide} y1={y.at(v)} y2={y.at(v)} className="hf-svg__grid" />
					<text x={left - 6} y={y.at(v) + 4} textAnchor="end">
						{say(v)}
					</text>
				</g>
			))}
			{cut && (
				<text x={left + 4} y={10} className="hf-svg__marktext">
					the axis begins at {say(floor)}, not at nought
				</text>
			)}
			{steps.map((s, i) => {
				const [a, b] = bars[i] ?? [0, 0];
				const from = y.at(s.total ? floor : a);
				const to = y.at(b);
				const cls = s.total ? "total" : s.value < 0 ? "less" : "more";
				const words = s.label.split(" ");
				const half = Math.ceil(words.length / 2);
				return (
					<g key={s.key} onClick={s.open} className={s.open ? "hf-svg__open" : undefined}>
						<rect
							x={left + i * step + step * 0.15}
							y={Math.min(from, to)}
							width={step * 0.7}
							height={Math.max(1, Math.abs(from - to))}
							className={`hf-fall hf-fall--${cls}`}
						/>
						<text x={left + (i + 0.5) * step} y={Math.min(from, to) - 4} textAnchor="middle">
							{!s.total && s.value > 0 ? "+" : ""}
							{say(s.value)}
						</text>
						<text x={left + (i + 0.5) * step} y={high - foot + 16} textAnchor="middle">
							{words.slice(0, half).join(" ")}
						</text>
						<text x={left + (i + 0.5) * step} y={high - foot + 30} textAnchor="middle">
							{words.slice(half).join(" ")}
						</text>
					</g>
				);
			})}
		</svg>
	);
}

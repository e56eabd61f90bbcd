// A run of a measure with its mean, limits and target (population.md 4): what is more
// than chance is marked by shape as well as colour.

import { compact, everyOf, scaleOf } from "./scale";

/** What a point is, by the rules of Making Data Count. */
export type Signal = "beyond" | "trend" | "two-of-three" | "shift";

export interface SpcPoint {
	key: string;
	label: string;
	value?: number | undefined;
	mean?: number | undefined;
	lower?: number | undefined;
	upper?: number | undefined;
	signal?: Signal | undefined;
	/** Is the signal for the better, or worse?  Neither where the measure has no direction. */
	way?: "better" | "worse" | undefined;
	/** Limits as they were before somebody moved them: they stay in sight. */
	was?: { mean?: number | undefined; lower?: number | undefined; upper?: number | undefined } | undefined;
	/** Where limits begin anew: they are not joined to those before. */
	rebased?: boolean | undefined;
	/** What somebody noted at this point. */
	note?: string | undefined;
	open?: (() => void) | undefined;
}

export const signalWords: Record<Signal, string> = {
	beyond: "outside the limits",
	trend: "part of a trend",
	"two-of-three": "two of three near a limit",
	shift: "part of a run on one side of the mean",
};

const left = 52;
const right = 84;
const top = 16;
const foot = 26;

type Line = "mean" | "lower" | "upper" | "value";

/** The runs of a line: broken where it is not known and, for limits, where they begin anew. */
function runs(points: SpcPoint[], line: Line): number[][] {
	const out: number[][] = [];
	points.forEach((p, i) => {
		if (p[line] === undefined) return;
		const last = out[out.length - 1];
		const joined = last && last[last.length - 1] === i - 1 && !(line !== "value" && p.rebased);
		if (joined) last.push(i);
		else out.push([i]);
	});
	return out;
}

function Mark({ x, y, p }: { x: number; y: number; p: SpcPoint }) {
	if (!p.signal) return <circle cx={x} cy={y} r="3.5" className="hf-spc__point" />;
	const kind = p.way ?? "neither";
	if (kind === "worse")
		return <rect x={x - 5} y={y - 5} width="10" height="10" className="hf-spc__point hf-spc__point--worse" />;
	const up = `M${x} ${y - 6.5}L${x + 6} ${y + 4.5}H${x - 6}Z`;
	return <path d={up} className={`hf-spc__point hf-spc__point--${kind}`} />;
}

export function Spc(props: {
	points: SpcPoint[];
	wide: number;
	high?: number;
	target?: number | undefined;
	/** A bare line without words, for a tile. */
	spark?: boolean;
}) {
	const { points, wide, target, spark } = props;
	const high = props.high ?? (spark ? 60 : 260);
	const [l, r, t, f] = spark ? [4, 4, 6, 6] : [left, right, top, foot];
	const y = scaleOf(
		[...points.flatMap((p) => [p.value, p.lower, p.upper, p.was?.lower, p.was?.upper].filter((v) => v !== undefined)), ...(target === undefined ? [] : [target])],
		high - f,
		t,
	);
	const step = (wide - l - r) / Math.max(1, points.length);
	const x = (i: number) => l + step * (i + 0.5);
	const every = everyOf(step, 46);
	const drawn = (line: Line, cls: string) =>
		runs(points, line).map((run) => (
			<polyline
				key={`${line}${run[0]}`}
				points={(run.length === 1 && line !== "value" ? [run[0] as number, run[0] as number] : run)
					.map((i, k, all) => {
						const off = line === "value" || all.length > 2 ? 0 : all[0] === all[1] ? (k - 0.5) * step : 0;
						return `${x(i) + off},${y.at(points[i]?.[line] as number)}`;
					})
					.join(" ")}
				className={cls}
			/>
		));
	const was = (line: "mean" | "lower" | "upper") => {
		const at = points.flatMap((p, i) => (p.was?.[line] === undefined ? [] : [`${x(i)},${y.at(p.was[line])}`]));
		return at.length > 1 && <polyline points={at.join(" ")} className="hf-spc__was" />;
	};
	const last = points[points.length - 1];
	const named: [string, number | undefined][] = [
		["upper", last?.upper],
		["mean", last?.mean],
		["lower", last?.lower],
	];
	return (
		<svg viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} className="hf-svg" focusable="false">
			{!spark &&
				y.ticks.map((v) => (
					<g key={v}>
						<line x1={l} x2={wide - r} y1={y.at(v)} y2={y.at(v)} className="hf-svg__grid" />
						<text x={l - 6} y={y.at(v) + 4} textAnchor="end">
							{y.say(v)}
						</text>
					</g>
				))}
			{!spark && was("upper")}
			{!spark && was("mean")}
			{!spark && was("lower")}
			{drawn("upper", "hf-spc__limit")}
			{drawn("lower", "hf-spc__limit")}
			{drawn("mean", "hf-spc__mean")}
			{target !== undefined && (
				<line x1={l} x2={wide - r} y1={y.at(target)} y2={y.at(target)} className="hf-spc__target" />
			)}
			{drawn("value", "hf-spc__line")}
			{points.map((p, i) => (
				<g key={p.key} onClick={p.open} className={p.open ? "hf-svg__open" : undefined}>
					{p.open && <rect x={x(i) - step / 2} y={t} width={step} height={high - t - f} fill="transparent" />}
					{p.value !== undefined && (!spark || p.signal || i === points.length - 1) && (
						<Mark x={x(i)} y={y.at(p.value)} p={p} />
					)}
					{!spark && p.note && p.value !== undefined && (
						<>
							<line x1={x(i)} x2={x(i)} y1={t} y2={y.at(p.value) - 8} className="hf-spc__note" />
							<text x={x(i)} y={t - 4} textAnchor={i > points.length * 0.7 ? "end" : "start"}>
								{p.note.length > 40 ? `${p.note.slice(0, 39)}…` : p.note}
							</text>
						</>
					)}
					{!spark && (points.length - 1 - i) % every === 0 && (
						<text x={x(i)} y={high - 8} textAnchor="middle">
							{p.label}
						</text>
					)}
				</g>
			))}
			{!spark &&
				named.map(
					([name, v]) =>
						v !== undefined && (
							<text key={name} x={wide - r + 4} y={y.at(v) + 4} className="hf-svg__marktext">
								{name} {compact(v)}
							</text>
						),
				)}
			{!spark && target !== undefined && (
				<text x={l + 4} y={y.at(target) - 4} className="hf-spc__targettext">
					target {compact(target)}
				</text>
			)}
		</svg>
	);
}

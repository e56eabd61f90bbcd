// Bars from zero, and percent by month against a standard: small SVG of our own.

import type { ReactNode } from "react";
import { everyOf, roundUp } from "./scale";

const high = 170;
const left = 42;
const top = 18;
const foot = 22;

function Frame(props: { wide: number; most: number; unit?: string; children: ReactNode }) {
	const { wide } = props;
	const y = (v: number) => top + (high - top - foot) * (1 - v / props.most);
	return (
		<svg viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} className="hf-svg" focusable="false">
			{[0, 0.5, 1].map((part) => (
				<g key={part}>
					<line x1={left} x2={wide} y1={y(part * props.most)} y2={y(part * props.most)} className="hf-svg__grid" />
					{Number.isInteger(part * props.most) && (
						<text x={left - 6} y={y(part * props.most) + 4} textAnchor="end">
							{part * props.most}
							{props.unit}
						</text>
					)}
				</g>
			))}
			{props.children}
		</svg>
	);
}

export interface Bar {
	key: string;
	label: string;
	n: number;
	/** Not over yet. */
	partial?: boolean;
	open?: () => void;
}

/** Bars from zero; as many are named below as there is room for. */
export function Bars({ bars, wide }: { bars: Bar[]; wide: number }) {
	const most = roundUp(Math.max(1, ...bars.map((b) => b.n)));
	const step = (wide - left) / Math.max(1, bars.length);
	const full = high - top - foot;
	const every = everyOf(step, 24);
	return (
		<Frame wide={wide} most={most}>
			{bars.map((b, i) => {
				const h = (full * b.n) / most;
				const x = left + i * step;
				return (
					<g key={b.key} onClick={b.open} className={b.open ? "hf-svg__open" : undefined}>
						<rect x={x} y={top} width={step} height={full} fill="transparent" />
						<rect
							x={x + 2}
							y={top + full - h}
							width={step - 4}
							height={h}
							className={b.partial ? "hf-svg__bar hf-svg__bar--partial" : "hf-svg__bar"}
						/>
						{b.n > 0 && (step > 18 || b.n === most || i % 2 === 0) && (
							<text x={x + step / 2} y={top + full - h - 4} textAnchor="middle">
								{b.n}
							</text>
						)}
						{(bars.length - 1 - i) % every === 0 && (
							<text x={x + step / 2} y={high - 6} textAnchor="middle">
								{b.label}
							</text>
						)}
					</g>
				);
			})}
		</Frame>
	);
}

export interface Point {
	key: string;
	label: string;
	/** Percent; none where there is nothing to divide by. */
	value?: number;
	open?: () => void;
}

/** Percent by month against a threshold; gaps where nothing was counted. */
export function Percents(props: { points: Point[]; threshold: number; wide: number }) {
	const { points, threshold, wide } = props;
	const step = (wide - left) / Math.max(1, points.length);
	const x = (i: number) => left + step * (i + 0.5);
	const y = (v: number) => top + (high - top - foot) * (1 - v / 100);
	const every = everyOf(step, 34);
	const lines = points.slice(1).flatMap((p, i) => {
		const before = points[i]?.value;
		return before === undefined || p.value === undefined
			? []
			: [{ key: p.key, x1: x(i), y1: y(before), x2: x(i + 1), y2: y(p.value) }];
	});
	return (
		<Frame wide={wide} most={100} unit="%">
			<line x1={left} x2={wide} y1={y(threshold)} y2={y(threshold)} className="hf-svg__mark" />
			<text x={left + 2} y={y(threshold) + 14} className="hf-svg__marktext">
				standard {threshold}%
			</text>
			{lines.map(({ key, ...at }) => (
				<line key={key} {...at} className="hf-svg__line" />
			))}
			{points.map((p, i) => (
				<g key={p.key} onClick={p.open} className={p.open ? "hf-svg__open" : undefined}>
					{p.value !== undefined && (
						<>
							<circle cx={x(i)} cy={y(p.value)} r="5" className="hf-svg__point" />
							{(points.length - 1 - i) % every === 0 && (
								<text x={x(i)} y={y(p.value) + (p.value > 90 ? 18 : -10)} textAnchor="middle">
									{Math.round(p.value)}%
								</text>
							)}
						</>
					)}
					{(points.length - 1 - i) % every === 0 && (
						<text x={x(i)} y={high - 6} textAnchor="middle">
							{p.label}
						</text>
					)}
				</g>
			))}
		</Frame>
	);
}

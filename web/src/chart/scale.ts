// From numbers to places on a drawing.  Pure.

/** The next round number: 1, 2, 5, 10, 20, 50 … */
export function roundUp(n: number): number {
	if (n <= 1) return 1;
	const power = 10 ** Math.floor(Math.log10(n));
	return [1, 2, 5, 10].map((k) => k * power).find((k) => k >= n) ?? 10 * power;
}

export interface Scale {
	/** Where a number stands. */
	at: (v: number) => number;
	/** The round numbers to draw a line at. */
	ticks: number[];
	/** A number as it is written beside its line. */
	say: (v: number) => string;
}

/** A scale over all numbers given, from their range widened to round numbers, onto
 *  [from, to] of the drawing (from may be below to).  zero: the range begins at 0. */
export function scaleOf(values: number[], from: number, to: number, zero = false): Scale {
	const known = values.filter(Number.isFinite);
	let low = Math.min(...known, zero ? 0 : Infinity);
	let most = Math.max(...known, zero ? 0 : -Infinity);
	if (!Number.isFinite(low) || !Number.isFinite(most)) [low, most] = [0, 1];
	if (low === most) [low, most] = low === 0 ? [0, 1] : [low - Math.abs(low) / 10, most + Math.abs(most) / 10];
	const raw = (most - low) / 4;
	const power = 10 ** Math.floor(Math.log10(raw));
	const step = ([1, 2, 2.5, 5, 10].find((k) => k * power >= raw * 0.999) ?? 10) * power;
	const first = Math.floor(low / step + 1e-9);
	const last = Math.ceil(most / step - 1e-9);
	const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
	const [a, b] = [first * step, last * step];
	const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
	return {
		at: (v) => from + ((v - a) / (b - a)) * (to - from),
		ticks,
		say: (v) => compact(v, digits),
	};
}

/** 1,250,000 as "1.25m", 12,000 as "12k", 1.5 as "1.5". */
export function compact(v: number, digits = 1): string {
	const big = Math.abs(v);
	if (big >= 1e6) return `${trim((v / 1e6).toFixed(2))}m`;
	if (big >= 1e4) return `${trim((v / 1e3).toFixed(1))}k`;
	return v.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

const trim = (s: string) => s.replace(/\.?0+$/, "");

/** Which of n labels of a width fit below each other's: every how many. */
export const everyOf = (step: number, label: number) => Math.max(1, Math.ceil(label / step));

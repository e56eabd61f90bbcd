// Figures in words: a number with how sure we may be, or why there is none.  Pure.

import type { Assurance, Variation } from "../chart/Icon";
import type { Figure, SpcShort } from "./types";

/** Three significant digits, never fewer than the whole number. */
export function num(v: number | null | undefined): string {
	if (v === null || v === undefined) return "–";
	const size = Math.abs(v);
	const places = size >= 100 ? 0 : size >= 10 ? 1 : 2;
	return v.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: places });
}

const missing: Record<Figure["status"], string> = {
	ok: "nothing to count out of",
	"too-few": "too few to say",
	partial: "not over yet",
	"not-received": "not received",
	suppressed: "hidden: fewer than 5",
	"held-back": "held back: the data are not good enough",
};

/** The number and its unit apart, for large and small letters. */
export const inTwo = (f: Figure | null, unit: string): [string, string] =>
	f === null || f.value === null ? ["–", valueText(f, unit)] : [`${num(f.value)}${unit.startsWith("%") ? "%" : ""}`, unit.replace(/^%\s*/, "")];

/** Percent stands at the number, another unit after it. */
export const withUnit = (v: number | null | undefined, unit: string): string =>
	v === null || v === undefined ? "–" : unit.startsWith("%") ? `${num(v)}${unit}` : `${num(v)} ${unit}`;

export function valueText(f: Figure | null, unit: string): string {
	if (f === null) return "no whole period yet";
	if (f.value === null) return missing[f.status];
	return `${withUnit(f.value, unit)}${f.status === "partial" ? " so far" : ""}`;
}

export const intervalText = (f: Figure | null): string =>
	f === null || f.low === null || f.low === undefined || f.high === null || f.high === undefined ? "" : `${num(f.low)} to ${num(f.high)}`;

export const variationOf = (s: SpcShort | null): Variation | undefined =>
	s === null ? undefined : s.variation === "common-cause" ? "common" : (s.variation as Variation);

const assurances: Record<string, Assurance> = { passes: "pass", fails: "fail", "hit-or-miss": "hit-or-miss" };
export const assuranceOf = (s: SpcShort | null): Assurance | undefined => (s === null ? undefined : assurances[s.assurance]);

/** Worst first: getting worse, failing its target, hit or miss, then the rest. */
export function worse(s: SpcShort | null): number {
	if (s === null) return 5;
	if (s.variation.startsWith("concern")) return s.assurance === "fails" ? 0 : 1;
	if (s.assurance === "fails") return 2;
	if (s.assurance === "hit-or-miss") return 3;
	return s.variation.startsWith("improvement") ? 6 : 4;
}

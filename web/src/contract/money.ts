// Pence as people read them.  Pure.

const full = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });

/** "£44,659,685.95", "−£750.00". */
export const pounds = (pence: number): string => full.format(pence / 100).replace("-", "−");

/** "£44.66m", "£750k", "£12": for tiles and axes. */
export function inShort(pence: number): string {
	const size = Math.abs(pence) / 100;
	const sign = pence < 0 ? "−" : "";
	if (size >= 1e6) return `${sign}£${(size / 1e6).toFixed(2)}m`;
	if (size >= 1e3) return `${sign}£${Math.round(size / 1e3)}k`;
	return `${sign}£${size.toFixed(0)}`;
}

/** "+£322,936.45": a difference says which way. */
export const signed = (pence: number): string => (pence > 0 ? `+${pounds(pence)}` : pounds(pence));

/** Of the whole, with one place: "−2.1%"; nothing to divide by is nothing to say. */
export const percentOf = (part: number, whole: number): string | undefined =>
	whole === 0 ? undefined : `${part > 0 ? "+" : part < 0 ? "−" : ""}${Math.abs((100 * part) / whole).toFixed(1)}%`;

const names = ["April", "May", "June", "July", "August", "September", "October", "November", "December", "January", "February", "March"];

/** Month 1 of a financial year is April. */
export const monthName = (month: number): string => names[month - 1] ?? `month ${month}`;
export const monthShort = (month: number): string => monthName(month).slice(0, 3);

/** "2020-Q1" as "quarter 1 (April to June 2020)". */
export function quarterName(quarter: string): string {
	const m = /^(\d{4})-Q([1-4])$/.exec(quarter);
	if (!m) return quarter;
	const q = Number(m[2]);
	const year = Number(m[1]) + (q === 4 ? 1 : 0);
	return `quarter ${q} (${monthName(q * 3 - 2)} to ${monthName(q * 3)} ${year})`;
}

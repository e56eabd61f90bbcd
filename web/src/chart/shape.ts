// The place's own shapes onto a drawing: no tiles, nothing from outside.  Pure.

export type Ring = [number, number][];

const highMost = 460;

/** Longitude and latitude onto the drawing; a degree east is shorter than one north. */
export function fit(rings: Ring[], wide: number) {
	const all = rings.flat();
	const mid = all.reduce((sum, [, lat]) => sum + lat, 0) / Math.max(1, all.length);
	const squeeze = Math.cos((mid * Math.PI) / 180);
	const xs = all.map(([lon]) => lon * squeeze);
	const ys = all.map(([, lat]) => lat);
	const x0 = Math.min(...xs);
	const y1 = Math.max(...ys);
	const w = Math.max(...xs) - x0 || 1;
	const h = y1 - Math.min(...ys) || 1;
	const scale = Math.min((wide - 8) / w, (highMost - 8) / h);
	const to = ([lon, lat]: [number, number]): [number, number] => [
		4 + (lon * squeeze - x0) * scale,
		4 + (y1 - lat) * scale,
	];
	return { to, width: w * scale + 8, height: h * scale + 8 };
}

const area = (ring: Ring) =>
	ring.reduce((sum, [x, y], i) => {
		const [x2, y2] = ring[(i + 1) % ring.length] ?? [x, y];
		return sum + x * y2 - x2 * y;
	}, 0) / 2;

/** The middle of the largest ring. */
export function middle(rings: Ring[]): [number, number] {
	const ring = [...rings].sort((a, b) => Math.abs(area(b)) - Math.abs(area(a)))[0] ?? [];
	const a = area(ring);
	if (Math.abs(a) < 1e-9) return ring[0] ?? [0, 0];
	let cx = 0;
	let cy = 0;
	ring.forEach(([x, y], i) => {
		const [x2, y2] = ring[(i + 1) % ring.length] ?? [x, y];
		const cross = x * y2 - x2 * y;
		cx += (x + x2) * cross;
		cy += (y + y2) * cross;
	});
	return [cx / (6 * a), cy / (6 * a)];
}

/** The rings as one path of SVG. */
export const path = (rings: Ring[]) =>
	rings
		.map((r) => `M${r.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`)
		.join("");

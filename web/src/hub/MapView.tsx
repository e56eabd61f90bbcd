// Where is the pressure?  The place's localities from its own shapes, no tiles: how
// full the teams are that serve each, by colour, pattern and number.

import type { Locality } from "./leadTypes";

export interface Band {
	id: string;
	text: string;
	from: number;
}

/** Of staffed slots that are taken. */
export const bands: Band[] = [
	{ id: "room", text: "under 70%", from: 0 },
	{ id: "busy", text: "70 to 89%", from: 70 },
	{ id: "tight", text: "90 to 99%", from: 90 },
	{ id: "full", text: "100% and more", from: 100 },
];

export const bandOf = (load: number | undefined): Band | undefined =>
	load === undefined ? undefined : [...bands].reverse().find((b) => load >= b.from);

type Ring = [number, number][];

const highMost = 460;

/** Longitude and latitude onto the drawing; a degree east is shorter than one north. */
function fit(rings: Ring[], wide: number) {
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
function middle(rings: Ring[]): [number, number] {
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

const path = (rings: Ring[]) =>
	rings
		.map((r) => `M${r.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`)
		.join("");

function Patterns() {
	return (
		<defs>
			<pattern id="map-busy" width="8" height="8" patternUnits="userSpaceOnUse">
				<rect width="8" height="8" className="hf-map__busy" />
				<circle cx="4" cy="4" r="1.2" className="hf-map__ink" />
			</pattern>
			<pattern id="map-tight" width="8" height="8" patternUnits="userSpaceOnUse">
				<rect width="8" height="8" className="hf-map__tight" />
				<path d="M-1 9 9-1M-5 5 5-5M3 13 13 3" className="hf-map__stroke" />
			</pattern>
			<pattern id="map-full" width="8" height="8" patternUnits="userSpaceOnUse">
				<rect width="8" height="8" className="hf-map__full" />
				<path d="M-1 9 9-1M-1-1 9 9" className="hf-map__stroke" />
			</pattern>
		</defs>
	);
}

const fills: Record<string, string> = {
	room: "var(--map-room)",
	busy: "url(#map-busy)",
	tight: "url(#map-tight)",
	full: "url(#map-full)",
};

function Legend() {
	return (
		<ul className="hf-map__legend">
			{bands.map((b) => (
				<li key={b.id}>
					<svg viewBox="0 0 24 16" width="24" height="16" focusable="false">
						<rect width="24" height="16" fill={fills[b.id]} className="hf-map__shape" />
					</svg>{" "}
					{b.text}
				</li>
			))}
			<li>
				<svg viewBox="0 0 24 16" width="24" height="16" focusable="false">
					<rect width="24" height="16" fill="none" className="hf-map__shape hf-map__shape--none" />
				</svg>{" "}
				no slots staffed
			</li>
		</ul>
	);
}

export function MapView(props: {
	localities: Locality[];
	wide: number;
	onOpen: (id: string) => void;
}) {
	const shaped = props.localities.filter((l) => l.polygon && l.polygon.length > 0);
	if (shaped.length === 0)
		return <p className="hf-empty">The place's record holds no shapes of its localities.</p>;
	const small = props.wide < 420;
	const { to, width, height } = fit(shaped.flatMap((l) => l.polygon ?? []), props.wide);
	return (
		<div className={small ? "hf-map hf-map--small" : "hf-map"}>
			<svg
				viewBox={`0 0 ${width.toFixed(0)} ${height.toFixed(0)}`}
				width={width.toFixed(0)}
				height={height.toFixed(0)}
				focusable="false"
				className="hf-svg"
			>
				<Patterns />
				{shaped.map((l) => {
					const rings = (l.polygon ?? []).map((r) => r.map(to));
					const [x, y] = middle(rings);
					const band = bandOf(l.load);
					return (
						<g key={l.id} onClick={() => props.onOpen(l.id)} className="hf-svg__open">
							<path
								d={path(rings)}
								fill={band ? fills[band.id] : "transparent"}
								className={`hf-map__shape ${band ? "" : "hf-map__shape--none"}`}
							/>
							<text x={x} y={y - 4} textAnchor="middle" className="hf-map__name">
								{l.name.replace(/ (Locality|Neighbourhood)$/, "")}
							</text>
							<text x={x} y={y + 14} textAnchor="middle" className="hf-map__n">
								{l.load === undefined ? "–" : `${l.load}%`} · {l.open}
								{l.late > 0 && !small && ` (${l.late} late)`}
							</text>
						</g>
					);
				})}
			</svg>
			<Legend />
		</div>
	);
}

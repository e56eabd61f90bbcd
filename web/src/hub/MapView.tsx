// Where is the pressure?  The place's localities from its own shapes, no tiles: how
// full the teams are that serve each, by colour, pattern and number.

import { fit, middle, path } from "../chart/shape";
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

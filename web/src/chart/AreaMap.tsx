// A measure on the place's own shapes: five bands of the values shown, by shade and
// number.  No tiles, nothing from outside.

import { fit, middle, path, type Ring } from "./shape";

export interface Area {
	id: string;
	name: string;
	polygon?: Ring[] | undefined;
	value?: number | undefined;
	/** The value as it is written; "*" where withheld. */
	text: string;
	open?: (() => void) | undefined;
}

/** Which fifth of the values shown; none without a value. */
export function shadeOf(areas: Area[], a: Area): number | undefined {
	if (a.value === undefined) return undefined;
	const sorted = areas.flatMap((b) => (b.value === undefined ? [] : [b.value])).sort((p, q) => p - q);
	if (sorted.length < 2 || sorted[0] === sorted[sorted.length - 1]) return 2;
	const below = sorted.filter((v) => v < (a.value as number)).length;
	return Math.min(4, Math.floor((5 * below) / (sorted.length - 1 || 1)));
}

export function AreaMap(props: { areas: Area[]; wide: number; says: string }) {
	const shaped = props.areas.filter((a) => a.polygon && a.polygon.length > 0);
	if (shaped.length === 0)
		return <p className="hf-empty">The place's record holds no shapes of its localities.</p>;
	const small = props.wide < 420 || shaped.length > 20;
	const { to, width, height } = fit(shaped.flatMap((a) => a.polygon ?? []), Math.min(props.wide, 620));
	return (
		<div className={small ? "hf-map hf-map--small" : "hf-map"}>
			<svg viewBox={`0 0 ${width.toFixed(0)} ${height.toFixed(0)}`} width={width.toFixed(0)} height={height.toFixed(0)} focusable="false" className="hf-svg">
				{shaped.map((a) => {
					const rings = (a.polygon ?? []).map((r) => r.map(to));
					const [x, y] = middle(rings);
					const shade = shadeOf(shaped, a);
					return (
						<g key={a.id} onClick={a.open} className={a.open ? "hf-svg__open" : undefined}>
							<path d={path(rings)} className={`hf-map__shape hf-map__shade--${shade ?? "none"}`} />
							{shaped.length <= 40 && (
								<>
									<text x={x} y={y - 4} textAnchor="middle" className="hf-map__name">
										{a.name.replace(/ (Locality|Neighbourhood)$/, "")}
									</text>
									<text x={x} y={y + 14} textAnchor="middle" className="hf-map__n">
										{a.text}
									</text>
								</>
							)}
						</g>
					);
				})}
			</svg>
			<p className="hf-dim">{props.says}: the darker, the higher. Dashed: not shown.</p>
		</div>
	);
}

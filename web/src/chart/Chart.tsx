// A figure of ours: what it found, the drawing, the numbers behind it, how they are
// counted.  A drawing is for the eye; everything in it stands in the table, where each
// number opens by keyboard too.

import { useEffect, useRef, useState, type ReactNode } from "react";

export function Chart(props: {
	title: string;
	/** The finding, in words. */
	says: ReactNode;
	/** How it is counted. */
	method: string;
	/** Drawn to the width there is, so that its words keep their size. */
	drawing: (wide: number) => ReactNode;
	table: ReactNode;
}) {
	const ref = useRef<HTMLDivElement>(null);
	const [wide, setWide] = useState(0);
	useEffect(() => {
		const at = ref.current;
		if (!at) return;
		const measure = new ResizeObserver(() => setWide(Math.floor(at.clientWidth)));
		measure.observe(at);
		return () => measure.disconnect();
	}, []);
	return (
		<figure className="hf-chart">
			<figcaption>
				<h2>{props.title}</h2>
				<p>{props.says}</p>
			</figcaption>
			<div className="hf-chart__drawing" aria-hidden="true" ref={ref}>
				{wide > 0 && props.drawing(wide)}
			</div>
			<details className="hf-chart__behind">
				<summary>
					The numbers<span className="nhsuk-u-visually-hidden">: {props.title}</span>
				</summary>
				{props.table}
				<p className="hf-dim">{props.method}</p>
			</details>
		</figure>
	);
}

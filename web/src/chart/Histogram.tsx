// One dimension of a cohort: each bar is a filter.  The bars are buttons, so that the
// keyboard filters as the pointer does; what all people are stands as a pale bar behind.

import { count } from "../base/format";

export interface HistogramBar {
	key: string;
	label: string;
	/** Of the cohort; none where it is withheld. */
	n?: number | undefined;
	/** Of everybody, for the pale bar. */
	of?: number | undefined;
	on: boolean;
}

export function Histogram(props: {
	title: string;
	bars: HistogramBar[];
	/** Choose or leave out one bar. */
	choose: (key: string) => void;
	clear?: (() => void) | undefined;
}) {
	const { bars } = props;
	const most = Math.max(1, ...bars.map((b) => Math.max(b.n ?? 0, b.of ?? 0)));
	const chosen = bars.some((b) => b.on);
	return (
		<fieldset className="hf-histogram">
			<legend>
				{props.title}
				{chosen && props.clear && (
					<button type="button" className="hf-histogram__clear" onClick={props.clear}>
						all<span className="nhsuk-u-visually-hidden"> of {props.title}</span>
					</button>
				)}
			</legend>
			<ul>
				{bars.map((b) => (
					<li key={b.key}>
						<button
							type="button"
							aria-pressed={b.on}
							className={chosen && !b.on ? "hf-histogram__bar hf-histogram__bar--off" : "hf-histogram__bar"}
							onClick={() => props.choose(b.key)}
						>
							<span className="hf-histogram__label">{b.label}</span>
							<span className="hf-histogram__track" aria-hidden="true">
								<span className="hf-histogram__of" style={{ width: `${(100 * (b.of ?? 0)) / most}%` }} />
								<span className="hf-histogram__n" style={{ width: `${(100 * (b.n ?? 0)) / most}%` }} />
							</span>
							<span className="hf-histogram__count">{b.n === undefined ? "*" : count(b.n)}</span>
						</button>
					</li>
				))}
			</ul>
		</fieldset>
	);
}

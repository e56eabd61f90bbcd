// One dimension of a cohort: each bar is a filter.  The bars are buttons, so that the
// keyboard filters as the pointer does; what all people are stands as a pale bar behind.
// A bar that is the same as before is not drawn anew: there may be two hundred on a page.

import { memo, useCallback } from "react";
import { count } from "../base/format";

const Bar = memo(function Bar(props: {
	code: string;
	label: string;
	/** Of the cohort and of everybody; null where it is withheld. */
	n: number | null;
	of: number | null;
	most: number;
	on: boolean;
	pale: boolean;
	choose: (code: string) => void;
}) {
	const wide = (n: number | null) => ({ width: `${(100 * (n ?? 0)) / props.most}%` });
	return (
		<li>
			<button
				type="button"
				aria-pressed={props.on}
				className={props.pale ? "hf-histogram__bar hf-histogram__bar--off" : "hf-histogram__bar"}
				onClick={() => props.choose(props.code)}
			>
				<span className="hf-histogram__label" title={props.label}>
					{props.label || "not known"}
				</span>
				<span className="hf-histogram__track" aria-hidden="true">
					<span className="hf-histogram__of" style={wide(props.of)} />
					<span className="hf-histogram__n" style={wide(props.n)} />
				</span>
				<span className="hf-histogram__count">{props.n === null ? "*" : count(props.n)}</span>
			</button>
		</li>
	);
});

export const Histogram = memo(function Histogram(props: {
	of: { code: string; text: string; values: { code: string; text: string }[]; n: (number | null)[] };
	/** Everybody, by value. */
	all: (number | null)[] | undefined;
	/** The values that are chosen. */
	on: Set<string> | undefined;
	/** Choose or leave out one bar; take all of a dimension's choices off. */
	choose: (dimension: string, code: string) => void;
	clear: (dimension: string) => void;
}) {
	const { of, all, on, choose } = props;
	const most = Math.max(1, ...of.n.map((n) => n ?? 0), ...(all ?? []).map((n) => n ?? 0));
	const chosen = of.values.some((v) => on?.has(v.code));
	const one = useCallback((code: string) => choose(of.code, code), [choose, of.code]);
	return (
		<fieldset className="hf-histogram">
			<legend>
				{of.text}
				{chosen && (
					<button type="button" className="hf-histogram__clear" onClick={() => props.clear(of.code)}>
						all<span className="nhsuk-u-visually-hidden"> of {of.text}</span>
					</button>
				)}
			</legend>
			<ul>
				{of.values.map((v, i) => (
					<Bar
						key={v.code}
						code={v.code}
						label={v.text}
						n={of.n[i] ?? null}
						of={all?.[i] ?? null}
						most={most}
						on={on?.has(v.code) ?? false}
						pale={chosen && !on?.has(v.code)}
						choose={one}
					/>
				))}
			</ul>
		</fieldset>
	);
});

// Small parts of the contract's pages.

import type { ReactNode } from "react";
import { Link } from "wouter";
import { Sign } from "../base/ui";
import { inShort, percentOf, pounds, signed } from "./money";
import type { Level } from "./types";

const levels: Record<Level, string> = {
	none: "as planned",
	watch: "watch",
	amber: "amber: look at it",
	red: "red: joint review",
};

/** How far from plan, by the rules both agreed: word, sign, colour. */
export function LevelMark({ level, why }: { level: Level; why?: string | undefined }) {
	return (
		<span className={`hf-level hf-level--${level}`}>
			{level !== "none" && <Sign of={level === "red" ? "warn" : "diamond"} />} {levels[level]}
			{why && <span className="hf-dim"> {why}</span>}
		</span>
	);
}

export function Tile(props: { says: string; pence: number; of?: number | undefined; children?: ReactNode }) {
	const part = props.of === undefined ? undefined : percentOf(props.pence - props.of, props.of);
	return (
		<li>
			<span className="hf-tiles__n" title={pounds(props.pence)}>
				{inShort(props.pence)}
			</span>{" "}
			{props.says}
			{part && <div className="hf-dim">{part} against plan</div>}
			{props.children}
		</li>
	);
}

/** A difference, with its direction in the sign as well as the words. */
export function Difference({ pence }: { pence: number }) {
	return <span className={pence < 0 ? "hf-minus" : undefined}>{pence === 0 ? pounds(0) : signed(pence)}</span>;
}

export type Part = "overview" | "activity" | "what-if" | "reviews" | "statements" | "ledger";

const parts: { part: Part; text: string }[] = [
	{ part: "overview", text: "Overview" },
	{ part: "activity", text: "Activity" },
	{ part: "what-if", text: "What if" },
	{ part: "reviews", text: "Reviews and transfers" },
	{ part: "statements", text: "Statements" },
	{ part: "ledger", text: "Ledger" },
];

/** From one page of a contract to the next. */
export function ContractNav({ id, at }: { id: string; at: Part }) {
	return (
		<nav className="hf-subnav" aria-label="Of this contract">
			<ul>
				{parts.map((p) => (
					<li key={p.part}>
						<Link
							href={`/contract/${encodeURIComponent(id)}${p.part === "overview" ? "" : `/${p.part}`}`}
							aria-current={p.part === at ? "page" : undefined}
						>
							{p.text}
						</Link>
					</li>
				))}
			</ul>
		</nav>
	);
}

// The two signs of Making Data Count, drawn by us: is the last point more than chance,
// and will the target be met.  The words stand beside the sign, never the sign alone.

export type Variation =
	| "common"
	| "improvement-high"
	| "improvement-low"
	| "concern-high"
	| "concern-low"
	| "neutral-high"
	| "neutral-low";
export type Assurance = "pass" | "fail" | "hit-or-miss";

export const variationWords: Record<Variation, string> = {
	common: "No more than chance",
	"improvement-high": "Better: higher than chance explains",
	"improvement-low": "Better: lower than chance explains",
	"concern-high": "Worse: higher than chance explains",
	"concern-low": "Worse: lower than chance explains",
	"neutral-high": "Higher than chance explains",
	"neutral-low": "Lower than chance explains",
};

export const assuranceWords: Record<Assurance, string> = {
	pass: "The target is met month after month",
	fail: "The target will not be met unless something changes",
	"hit-or-miss": "The target is met by chance: some months yes, some no",
};

const kindOf = (v: Variation) => v.split("-")[0];

export function VariationIcon({ of }: { of: Variation }) {
	const up = of.endsWith("high");
	return (
		<svg viewBox="0 0 32 32" width="32" height="32" className={`hf-icon hf-icon--${kindOf(of)}`} focusable="false" aria-hidden="true">
			<circle cx="16" cy="16" r="14" className="hf-icon__ring" />
			{of === "common" ? (
				<path d="M6 18 11 13 16 19 21 13 26 18" className="hf-icon__path" />
			) : (
				<>
					<path d={up ? "M7 22 13 19 18 20 24 10" : "M7 10 13 13 18 12 24 22"} className="hf-icon__path" />
					<circle cx="24" cy={up ? 10 : 22} r="3" className="hf-icon__dot" />
				</>
			)}
		</svg>
	);
}

export function AssuranceIcon({ of }: { of: Assurance }) {
	return (
		<svg viewBox="0 0 32 32" width="32" height="32" className={`hf-icon hf-icon--${of}`} focusable="false" aria-hidden="true">
			<circle cx="16" cy="16" r="14" className="hf-icon__ring" />
			{of === "pass" && <path d="M9 17 14 22 23 10" className="hf-icon__path" />}
			{of === "fail" && <path d="M11 11 21 21M21 11 11 21" className="hf-icon__path" />}
			{of === "hit-or-miss" && <path d="M12 13a4 4 0 1 1 5 4q-1 .5-1 3M16 23v.5" className="hf-icon__path" />}
		</svg>
	);
}

export function Signs({ variation, assurance }: { variation?: Variation | undefined; assurance?: Assurance | undefined }) {
	return (
		<span className="hf-icons">
			{variation && (
				<span>
					<VariationIcon of={variation} /> {variationWords[variation]}
				</span>
			)}
			{assurance && (
				<span>
					<AssuranceIcon of={assurance} /> {assuranceWords[assurance]}
				</span>
			)}
		</span>
	);
}

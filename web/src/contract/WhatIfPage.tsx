// "What if?": change a band, a price or a volume, and see both parties' effect at once.
// Nothing is kept.

import { useEffect, useRef, useState } from "react";
import { asApiError, send, useAsked, type ApiError } from "../base/api";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { pounds } from "./money";
import { ContractNav, Difference } from "./parts";
import type { Contract, Whatif } from "./types";

interface Change {
	volumes: Record<string, number>;
	prices: Record<string, number>;
	bands: Record<string, number>;
}

const none: Change = { volumes: {}, prices: {}, bands: {} };

const asked = (of: Change) => ({
	volumes: Object.entries(of.volumes).map(([line, percent]) => ({ line, percent })),
	prices: Object.entries(of.prices).map(([line, pence]) => ({ line, pence })),
	bands: Object.entries(of.bands).map(([key, commissioner]) => {
		const [component, band] = key.split("|");
		return { component, band: Number(band), commissioner };
	}),
});

/** Asks as the slider moves, the newest answer only. */
function useWhatIf(id: string, of: Change) {
	const [answer, setAnswer] = useState<Whatif>();
	const [error, setError] = useState<ApiError>();
	const newest = useRef(0);
	const body = JSON.stringify(asked(of));
	useEffect(() => {
		const mine = ++newest.current;
		const timer = setTimeout(() => {
			send<Whatif>(`/api/contract/${encodeURIComponent(id)}/what-if`, JSON.parse(body)).then(
				(w) => {
					if (mine !== newest.current) return;
					setAnswer(w);
					setError(undefined);
				},
				(e: unknown) => mine === newest.current && setError(asApiError(e)),
			);
		}, 60);
		return () => clearTimeout(timer);
	}, [id, body]);
	return { answer, error };
}

function Slider(props: { label: string; value: number; from: number; to: number; unit: string; change: (v: number) => void }) {
	return (
		<label className="hf-slider">
			<span>{props.label}</span>
			<input
				type="range"
				min={props.from}
				max={props.to}
				value={props.value}
				onChange={(e) => props.change(Number(e.target.value))}
			/>
			<output>
				{props.value}
				{props.unit}
			</output>
		</label>
	);
}

export function WhatIfPage({ id }: { id: string }) {
	const { data: c, error, again } = useAsked<Contract>(`/api/contract/${encodeURIComponent(id)}`);
	const [of, setOf] = useState<Change>(none);
	const { answer, error: refused } = useWhatIf(id, of);
	useTitle(c ? `What if: ${c.title}` : "What if");
	if (error) return <div className="hf-page"><Problem error={error} again={again} /></div>;
	if (!c) return <div className="hf-page"><Waiting what="the contract" /></div>;
	const lines = c.components.flatMap((p) =>
		(p.lines.length > 0 ? p.lines : [p]).map((l) => ({ id: l.id, title: l.title, of: p.title })),
	);
	const bands = c.components.flatMap((p) => (p.bands ?? []).map((b, i) => ({ ...b, key: `${p.id}|${i}`, title: p.title })));
	const touched = JSON.stringify(of) !== JSON.stringify(none);
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<h1>What if: {c.title}</h1>
			<ContractNav id={id} at="what-if" />
			<div className="hf-lead__grid">
				<section>
					<h2>Change</h2>
					<h3>How much is done</h3>
					{lines.map((l) => (
						<Slider
							key={l.id}
							label={l.title === l.of ? l.title : `${l.of}: ${l.title}`}
							value={of.volumes[l.id] ?? 100}
							from={50}
							to={150}
							unit="%"
							change={(v) => setOf({ ...of, volumes: { ...of.volumes, [l.id]: v } })}
						/>
					))}
					{bands.length > 0 && <h3>What the commissioner bears of a band</h3>}
					{bands.map((b) => (
						<Slider
							key={b.key}
							label={`${b.title}, ${b.from} to ${b.to ?? "…"}%`}
							value={of.bands[b.key] ?? b.over}
							from={0}
							to={100}
							unit="%"
							change={(v) => setOf({ ...of, bands: { ...of.bands, [b.key]: v } })}
						/>
					))}
					<p>
						<button type="button" className="hf-button" disabled={!touched} onClick={() => setOf(none)}>
							As it is
						</button>
					</p>
				</section>
				<section aria-live="polite">
					<h2>Then</h2>
					{refused && <Problem error={refused} />}
					{answer && (
						<>
							<Table
								caption="Each party, against as it is"
								rows={[
									{ who: c.parties.provider.name, pence: answer.change.provider },
									{ who: c.parties.commissioner.name, pence: answer.change.commissioner },
									{ who: "The system, both together", pence: answer.change.system },
								]}
								id={(r) => r.who}
								columns={[
									{ head: "Who", cell: (r) => r.who },
									{ head: "Better or worse", number: true, cell: (r) => <Difference pence={r.pence} /> },
								]}
							/>
							<Table
								caption="The contract"
								rows={[
									{ what: "Earned", a: answer.before.earned, b: answer.after.earned },
									{ what: "Shadow tariff", a: answer.before.shadow, b: answer.after.shadow },
									...answer.components.map((p) => ({
										what: c.components.find((x) => x.id === p.id)?.title ?? p.id,
										a: p.before.earned,
										b: p.after.earned,
									})),
								]}
								id={(r) => r.what}
								columns={[
									{ head: "What", cell: (r) => r.what },
									{ head: "As it is", number: true, cell: (r) => pounds(r.a) },
									{ head: "Then", number: true, cell: (r) => pounds(r.b) },
									{ head: "Difference", number: true, cell: (r) => <Difference pence={r.b - r.a} /> },
								]}
							/>
						</>
					)}
					<p className="hf-dim">Nothing is kept. A change of the contract is proposed as a review or a transfer, and both sign.</p>
				</section>
			</div>
		</div>
	);
}

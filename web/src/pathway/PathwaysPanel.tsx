// On the person's page: the pathways they are on, and those that could begin.

import { useState } from "react";
import { Link, useLocation } from "wouter";
import { asApiError, forgetAll, send, useAsked } from "../base/api";
import { Area, Select } from "../base/form";
import { At } from "../hub/ReferralParts";
import { FactField, factsOf, type Said } from "./Facts";
import { Clocks } from "./Parts";
import type { Instance, PersonPathways, Start } from "./types";

function Running({ of }: { of: Instance }) {
	const mine = of.tasks.filter((t) => t.mine).length;
	return (
		<li className="hf-case">
			<div className="hf-case__head">
				<Link href={`/instances/${encodeURIComponent(of.id)}`}>{of.pathway.title}</Link>{" "}
				<span className="hf-status">{of.stateText}</span>
			</div>
			<Clocks of={of.clocks} />
			<p className="hf-dim">
				{of.tasks.length === 0
					? "Nothing is left to do"
					: `${of.tasks.length} to do${mine ? `, ${mine} of them for you` : ""}`}
				{of.owner.name && `; looked after by ${of.owner.name}`}
			</p>
		</li>
	);
}

const fits = { yes: "fits", ask: "ask first", no: "not for them, by what is known" } as const;

function Begin({ person, start }: { person: string; start: Start[] }) {
	const [chosen, setChosen] = useState("");
	const [said, setSaid] = useState<Said>({});
	const [note, setNote] = useState("");
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState("");
	const [, go] = useLocation();
	const one = start.find((s) => s.id === chosen);
	const submit = () => {
		if (!one || busy) return;
		const { facts, wrong } = factsOf(one.needs, said);
		if (wrong) {
			setError(wrong);
			return;
		}
		setBusy(true);
		setError("");
		send<{ instance: Instance }>(`/api/people/${encodeURIComponent(person)}/pathways`, {
			pathway: one.id,
			...(Object.keys(facts).length > 0 ? { facts } : {}),
			...(note.trim() ? { note: note.trim() } : {}),
		})
			.then((r) => {
				forgetAll();
				go(`/instances/${encodeURIComponent(r.instance.id)}`);
			})
			.catch((thrown: unknown) => setError(asApiError(thrown).message))
			.finally(() => setBusy(false));
	};
	const can = start.filter((s) => s.allowed);
	const cannot = start.filter((s) => !s.allowed);
	return (
		<details className="hf-past hf-no-print">
			<summary>Begin a pathway</summary>
			<form
				className="hf-move"
				aria-label="Begin a pathway"
				onSubmit={(e) => {
					e.preventDefault();
					submit();
				}}
			>
				{can.length === 0 ? (
					<p className="hf-empty">None that you could begin for them.</p>
				) : (
					<Select
						label="Pathway"
						empty="Choose one"
						choices={can.map((s) => ({ code: s.id, text: `${s.title} (${fits[s.fits]})` }))}
						value={chosen}
						onChange={(v) => {
							setChosen(v);
							setSaid({});
							setError("");
						}}
					/>
				)}
				{one?.why && <p>{one.why}.</p>}
				{one?.status === "draft" && <p className="hf-dim">A draft that nobody has approved: for trials.</p>}
				{one?.needs.map((n) => (
					<FactField
						key={n.fact}
						need={n}
						said={said}
						onChange={(v) => setSaid((s) => ({ ...s, [n.fact]: v }))}
					/>
				))}
				{one && <Area label="Note (optional)" rows={2} maxLength={2000} value={note} onChange={setNote} />}
				{error && (
					<p className="hf-problem" role="alert">
						{error}
					</p>
				)}
				{one && (
					<button type="submit" className="hf-main-button hf-main-button--small" aria-disabled={busy}>
						Begin {one.title}
					</button>
				)}
			</form>
			{cannot.length > 0 && (
				<ul className="hf-cannot">
					{cannot.map((s) => (
						<li key={s.id}>
							<strong>{s.title}</strong>: {s.why ?? "not possible"}
						</li>
					))}
				</ul>
			)}
		</details>
	);
}

export function PathwaysPanel({ person }: { person: string }) {
	const { data, error } = useAsked<PersonPathways>(`/api/people/${encodeURIComponent(person)}/pathways`);
	return (
		<section className="hf-part hf-pathways" aria-labelledby="part-pathways">
			<h3 id="part-pathways">
				Pathways
				{data && data.running.length > 0 && <span className="hf-part__n"> {data.running.length}</span>}
			</h3>
			{error && <p className="hf-dim">Pathways cannot be shown: {error.message}</p>}
			{data && data.running.length === 0 && <p className="hf-empty">On no pathway that you may see.</p>}
			{data && data.running.length > 0 && (
				<ul className="hf-cases">
					{data.running.map((i) => (
						<Running key={i.id} of={i} />
					))}
				</ul>
			)}
			{data && data.ended.length > 0 && (
				<details className="hf-past">
					<summary>{data.ended.length} that ended</summary>
					<ul className="hf-cases">
						{data.ended.map((i) => (
							<li key={i.id}>
								<Link href={`/instances/${encodeURIComponent(i.id)}`}>{i.pathway.title}</Link>:{" "}
								{i.stateText} {i.since && <At at={i.since} />}
							</li>
						))}
					</ul>
				</details>
			)}
			{data && <Begin person={person} start={data.start} />}
		</section>
	);
}

// "Who is this, whom my work has not brought to me yet?": tracing by at least three
// terms.  It shows the least that tells people apart and opens nothing.

import { useId, useState } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { useQuery } from "../base/address";
import { ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { plural } from "../base/format";
import { Problem, Waiting, useTitle } from "../base/ui";
import type { People } from "./types";

const names = ["family", "given", "born", "number", "postcode", "sex"] as const;

const sexes = [
	{ code: "female", text: "Female" },
	{ code: "male", text: "Male" },
];

function Found({ query }: { query: URLSearchParams }) {
	const asked = new URLSearchParams();
	for (const n of names) {
		const value = query.get(n);
		if (value) asked.set(n, value);
	}
	const { data, error, again } = useAsked<People>(`/api/trace?${asked}`);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="people" />;
	return (
		<section aria-labelledby="traced-title">
			<h2 id="traced-title">
				{data.people.length === 0
					? "Nobody fits all of this"
					: `${plural(data.people.length, "person", "people")} found${data.more ? ", and more: add a term" : ""}`}
			</h2>
			{data.people.length === 0 ? (
				<p className="hf-empty">
					{data.hint ?? "Check the spelling, or leave one term out and add another."}
				</p>
			) : (
				<ul className="hf-people">
					{data.people.map((p) => (
						<li key={p.id} className="hf-person">
							<div className="hf-person__main">
								<h3 className="hf-person__name">
									<Link href={`/people/${encodeURIComponent(p.id)}`}>{p.name}</Link>
								</h3>
								<p>
									{p.bornText ? `Born ${p.bornText}` : "No date of birth recorded"}
									{p.age && ` (${p.age})`}
									{p.sex && ` · ${p.sex}`}
								</p>
							</div>
							<dl className="hf-person__facts">
								<div>
									<dt>NHS number</dt>
									<dd>{p.nhsNumber ?? "not recorded"}</dd>
								</div>
								<div>
									<dt>GP practice</dt>
									<dd>{p.practice ?? "not recorded"}</dd>
								</div>
							</dl>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

export function TracePage() {
	useTitle("Trace a person");
	const id = useId();
	const [query, change] = useQuery();
	const [typed, setTyped] = useState<Record<string, string>>(() =>
		Object.fromEntries(names.map((n) => [n, query.get(n) ?? ""])),
	);
	const set = (name: string) => (value: string) => setTyped((t) => ({ ...t, [name]: value }));
	const given = names.filter((n) => typed[n]?.trim()).length;
	const form = useSubmit(
		() => (given >= 3 ? {} : { family: `Enter at least three of these; ${given === 0 ? "none is" : given === 1 ? "one is" : "two are"} there` }),
		async () => change(Object.fromEntries(names.map((n) => [n, typed[n]?.trim() ?? ""]))),
	);
	const asked = names.filter((n) => query.get(n)).length >= 3;
	return (
		<div className="hf-page">
			<h1>Trace a person</h1>
			<p className="hf-also">
				For somebody whom your work has not brought to you yet. Enter at least three terms. The
				search is written down under your name, and it opens no record.
			</p>
			<form onSubmit={form.submit} noValidate aria-label="Trace a person">
				<ErrorSummary of={form} ids={{ family: `${id}-family` }} />
				<div className="hf-row">
					<Field id={`${id}-family`} label="Family name" value={typed.family ?? ""} onChange={set("family")} error={form.wrong.family} maxLength={80} />
					<Field label="Given name" value={typed.given ?? ""} onChange={set("given")} maxLength={80} />
					<Field label="Date of birth" type="date" value={typed.born ?? ""} onChange={set("born")} />
					<Field label="NHS number" value={typed.number ?? ""} onChange={set("number")} maxLength={20} />
					<Field label="Postcode" value={typed.postcode ?? ""} onChange={set("postcode")} maxLength={12} />
					<Select label="Sex" empty="Not said" choices={sexes} value={typed.sex ?? ""} onChange={set("sex")} />
					<Main busy={false}>Trace</Main>
				</div>
			</form>
			{asked && <Found query={query} />}
		</div>
	);
}

// "What did this person choose about sharing?", and the copy of the opt-out list.

import { useId, useState } from "react";
import { forgetAll, send, useAsked } from "../../base/api";
import { useQuery } from "../../base/address";
import { Area, Done, ErrorSummary, Main, Radios, useSubmit } from "../../base/form";
import { count, relative } from "../../base/format";
import { Problem, Sign, Waiting, useTitle } from "../../base/ui";
import { PersonPick, personKey } from "../PersonPick";
import { whenText } from "../when";

interface Choices {
	objection: { on: boolean; since?: string; ref?: string };
	type1: { on: boolean; since?: string };
	ndo: { on: boolean; listAt?: string };
}

const state = (c: { on: boolean; since?: string }) =>
	c.on ? `yes${c.since ? `, since ${whenText(c.since)}` : ""}` : "no";

function Record({ path, choices, onDone }: { path: string; choices: Choices; onDone: () => void }) {
	const id = useId();
	const [choice, setChoice] = useState("");
	const [note, setNote] = useState("");
	const offered = [
		choices.objection.on
			? { code: "objection off", text: "They withdraw their objection to sharing" }
			: {
					code: "objection on",
					text: "They object to sharing",
					hint: "Other organisations than those they came to then see nothing, but in an emergency.",
				},
		choices.type1.on
			? { code: "type1 off", text: "They withdraw their Type 1 opt-out" }
			: {
					code: "type1 on",
					text: "Type 1 opt-out",
					hint: "Their general practice data leave the practice for care only.",
				},
	];
	const form = useSubmit(
		() => ({
			...(choice ? {} : { choice: "Choose what they said" }),
			...(note.trim() ? {} : { note: "Say how and when they told you" }),
		}),
		async () => {
			const [name, on] = choice.split(" ");
			await send(path, { choice: name, on: on === "on", note: note.trim() });
			onDone();
		},
		["choice", "note"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Record what they said</h2>
			<ErrorSummary of={form} ids={{ choice: `${id}-choice`, note: `${id}-note` }} />
			<Radios id={`${id}-choice`} label="What they chose" choices={offered} value={choice} onChange={setChoice} error={form.wrong.choice} />
			<Area id={`${id}-note`} label="How and when" hint="For example: letter of 3 March; told the receptionist" rows={2} value={note} onChange={setNote} error={form.wrong.note} maxLength={500} />
			<Main busy={form.busy}>Record</Main>
		</form>
	);
}

function Person({ person }: { person: string }) {
	const path = `/api/people/${encodeURIComponent(person)}/choices`;
	const { data, error, again } = useAsked<Choices>(path);
	const [done, setDone] = useState(0);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the choices" />;
	return (
		<>
			{done > 0 && (
				<Done key={done}>
					<p>Recorded. It counts from now on.</p>
				</Done>
			)}
			<dl className="hf-facts">
				<div>
					<dt>Objects to sharing</dt>
					<dd>{state(data.objection)}</dd>
				</div>
				<div>
					<dt>Type 1 opt-out</dt>
					<dd>{state(data.type1)}</dd>
				</div>
				<div>
					<dt>National Data Opt-Out</dt>
					<dd>
						{data.ndo.on ? "yes" : "no"}
						{data.ndo.listAt
							? `, by the list of ${whenText(data.ndo.listAt)}`
							: ": there is no copy of the list, so it is taken as yes where it applies"}
						. It is changed at the NHS, not here.
					</dd>
				</div>
			</dl>
			<Record
				key={done}
				path={path}
				choices={data}
				onDone={() => {
					setDone((n) => n + 1);
					forgetAll();
					again();
				}}
			/>
		</>
	);
}

function OptOutList() {
	const { data, error } = useAsked<{ at?: string; n: number; days?: number; stale: boolean }>(
		"/api/admin/optout",
	);
	if (error) return <Problem error={error} />;
	if (!data) return null;
	return (
		<p className={data.stale ? "hf-warning" : "hf-inset"}>
			{data.stale && <Sign of="warn" />}{" "}
			{data.at
				? `The copy of the National Data Opt-Out list is of ${whenText(data.at)} (${relative(data.at, Date.now())}) and holds ${count(data.n)} numbers.`
				: "There is no copy of the National Data Opt-Out list."}{" "}
			{data.stale
				? "What the opt-out covers is blocked until a fresh one is loaded: homefirst optout load FILE."
				: "A new one is loaded with homefirst optout load FILE."}
		</p>
	);
}

export function ChoicesPage() {
	useTitle("Sharing choices");
	const [query, change] = useQuery();
	const [typed, setTyped] = useState(query.get("person") ?? "");
	const person = query.get("person") ?? "";
	const form = useSubmit(
		() => (typed.trim() ? {} : { person: "Enter whose choices" }),
		async () => change({ person: personKey(typed) }),
	);
	return (
		<div className="hf-page">
			<h1>What did this person choose about sharing?</h1>
			<form onSubmit={form.submit} noValidate aria-label="Whose choices">
				<ErrorSummary of={form} ids={{ person: "choices-person" }} />
				<div className="hf-row">
					<PersonPick id="choices-person" value={typed} onChange={setTyped} error={form.wrong.person} />
					<Main busy={false}>Show</Main>
				</div>
			</form>
			{person && <Person key={person} person={person} />}
			<section aria-labelledby="list-title">
				<h2 id="list-title">The opt-out list</h2>
				<OptOutList />
			</section>
		</div>
	);
}

// "What did this person choose about sharing, and where does it count?"

import { useId, useState } from "react";
import { Link } from "wouter";
import { has, useSession } from "../access/session";
import { whenText } from "../access/when";
import { forgetAll, send, useAsked } from "../base/api";
import { Area, Done, ErrorSummary, Main, Radios, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Problem, Sign, Waiting, useTitle } from "../base/ui";
import type { PersonView } from "./types";

interface Choice {
	on?: boolean;
	ref?: string;
	applies?: string[];
	appliesNot?: string[];
}

interface Choices {
	objection: Choice;
	type1: Choice;
	ndo: Choice & { listAt?: string; stale?: boolean };
	consents?: {
		ref: string;
		org?: string;
		practitioner?: string;
		from?: string;
		to?: string;
		counts?: boolean;
	}[];
}

/** A text of the rules without its full stop. */
const plain = (text: string) => text.replace(/\.$/, "");

function Where({ of }: { of: Choice }) {
	return (
		<>
			{(of.applies ?? []).length > 0 && (
				<p className="hf-dim">It counts: {of.applies?.map(plain).join("; ")}.</p>
			)}
			{(of.appliesNot ?? []).length > 0 && (
				<p className="hf-dim">It does not: {of.appliesNot?.map(plain).join("; ")}.</p>
			)}
		</>
	);
}

function Say({ path, choices, onDone }: { path: string; choices: Choices; onDone: () => void }) {
	const id = useId();
	const [choice, setChoice] = useState("");
	const [note, setNote] = useState("");
	const offered = [
		choices.objection.on
			? { code: "objection off", text: "They withdraw their objection to sharing" }
			: {
					code: "objection on",
					text: "They object to sharing",
					hint: "Organisations other than those they came to then see nothing, but in an emergency.",
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
		() => (choice ? {} : { choice: "Choose what they said" }),
		async () => {
			const [name, on] = choice.split(" ");
			await send(path, {
				choice: name,
				on: on === "on",
				...(note.trim() ? { note: note.trim() } : {}),
			});
			onDone();
		},
		["choice", "note"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Record what they said</h2>
			<ErrorSummary of={form} ids={{ choice: `${id}-choice`, note: `${id}-note` }} />
			<Radios
				id={`${id}-choice`}
				label="What they chose"
				choices={offered}
				value={choice}
				onChange={setChoice}
				error={form.wrong.choice}
			/>
			<Area
				id={`${id}-note`}
				label="How and when (optional)"
				hint="For example: letter of 3 March; told the receptionist"
				rows={2}
				value={note}
				onChange={setNote}
				error={form.wrong.note}
				maxLength={500}
			/>
			<Main busy={form.busy}>Record</Main>
		</form>
	);
}

const yes = (on: boolean | undefined) => (on ? "yes" : "no");

export function ChoicesPage({ id }: { id: string }) {
	const { session } = useSession();
	const person = useAsked<PersonView>(`/api/people/${encodeURIComponent(id)}`);
	const path = `/api/people/${encodeURIComponent(id)}/choices`;
	const { data, error, again } = useAsked<Choices>(path);
	const [done, setDone] = useState(0);
	const banner = person.data?.banner;
	useTitle(banner ? `Sharing choices of ${banner.name}` : "Sharing choices");
	const wrong = error ?? person.error;
	if (wrong)
		return (
			<div className="hf-page">
				<h1>Sharing choices</h1>
				<Problem error={wrong} again={again} />
			</div>
		);
	if (!data || !banner)
		return (
			<div className="hf-page">
				<Waiting what="the choices" />
			</div>
		);
	return (
		<div className="hf-page">
			<p>
				<Link href={`/people/${encodeURIComponent(id)}`}>Back to the record</Link>
			</p>
			<h1>Sharing choices</h1>
			<p className="hf-opened__person">
				{banner.name} · born {banner.bornText ?? "not recorded"} · NHS number{" "}
				{banner.nhsNumber ?? "not recorded"}
			</p>
			{done > 0 && (
				<Done key={done}>
					<p>Recorded. It counts from now on.</p>
				</Done>
			)}
			<dl className="hf-facts">
				<div>
					<dt>Objects to sharing</dt>
					<dd>
						<p>{yes(data.objection.on)}</p>
						<Where of={data.objection} />
					</dd>
				</div>
				<div>
					<dt>Type 1 opt-out</dt>
					<dd>
						<p>{yes(data.type1.on)}</p>
						<Where of={data.type1} />
					</dd>
				</div>
				<div>
					<dt>National Data Opt-Out</dt>
					<dd>
						{data.ndo.on !== undefined && <p>{yes(data.ndo.on)}</p>}
						<p>
							{data.ndo.stale && <Sign of="warn" />}{" "}
							{data.ndo.listAt
								? `Held in the list of ${whenText(data.ndo.listAt)}${data.ndo.stale ? ", which is too old: what it covers is blocked" : ""}.`
								: "There is no copy of the list here: what it covers is blocked."}{" "}
							The person changes it with the NHS, not here.
						</p>
						<Where of={data.ndo} />
					</dd>
				</div>
			</dl>
			{(data.consents ?? []).length > 0 && (
				<section aria-labelledby="consents-title">
					<h2 id="consents-title">Whom they named</h2>
					<Table
						caption="Consents that open the record to somebody"
						rows={data.consents ?? []}
						id={(c) => c.ref}
						columns={[
							{ head: "Who", cell: (c) => c.org ?? c.practitioner ?? "" },
							{ head: "From", cell: (c) => whenText(c.from) || "not said" },
							{ head: "Until", cell: (c) => whenText(c.to) || "open" },
							{ head: "Counts", cell: (c) => yes(c.counts) },
						]}
					/>
				</section>
			)}
			{has(session, "CHANGE") && (
				<section>
					<Say
						key={done}
						path={path}
						choices={data}
						onDone={() => {
							setDone((n) => n + 1);
							forgetAll();
							again();
						}}
					/>
				</section>
			)}
		</div>
	);
}

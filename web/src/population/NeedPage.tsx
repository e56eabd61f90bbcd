// Whom should we offer help to?  Which lists there are, and making one.

import { useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { send, useAsked } from "../base/api";
import { ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { few } from "./needWords";
import type { Head, Lists, Rule } from "./needTypes";

function Rules({ rules }: { rules: Rule[] }) {
	return (
		<details className="hf-needs__about">
			<summary>What the lists are, and what they are not</summary>
			{rules.map((r) => (
				<section key={r.id}>
					<h3>
						{r.title} <span className="hf-dim">version {r.version}</span>
					</h3>
					<p>{r.purpose}</p>
					<p>
						Room for {r.starts} people a month: {r.wte} staff × {r.people} people each ÷{" "}
						{r.months} months on the caseload.
					</p>
					<p className="hf-dim">{r.source}</p>
				</section>
			))}
		</details>
	);
}

function Make({ data, scope }: { data: Lists; scope: string }) {
	const [, go] = useLocation();
	const [rule, setRule] = useState(data.rules[0]?.id ?? "");
	const [places, setPlaces] = useState("");
	const chosen = data.rules.find((r) => r.id === rule);
	const form = useSubmit(
		() =>
			places && !/^[1-9]\d{0,2}$/.test(places.trim())
				? { places: "Enter a whole number from 1 to 400, or leave it empty." }
				: {},
		async () => {
			const body = places ? { rule, scope, places: Number(places) } : { rule, scope };
			const made = await send<{ id: number }>("/api/population/lists", body);
			go(`/need/${made.id}`);
		},
		["places", "rule", "scope"],
	);
	return (
		<form className="hf-form" onSubmit={form.submit} noValidate>
			<h2>Make a list</h2>
			<ErrorSummary of={form} ids={{ places: "need-places", rule: "need-rule", scope: "need-scope" }} />
			<Select
				id="need-rule"
				label="List"
				value={rule}
				onChange={setRule}
				choices={data.rules.map((r) => ({ code: r.id, text: r.title }))}
				error={form.wrong.rule}
			/>
			<Field
				id="need-places"
				label="Free places"
				hint={`Empty: what is free of ${chosen?.starts ?? 0} a month, and no more than a team has slots for.`}
				width="short"
				inputMode="numeric"
				value={places}
				onChange={setPlaces}
				error={form.wrong.places}
			/>
			<Main busy={form.busy}>Make the list as of {data.day}</Main>
		</form>
	);
}

function Made({ lists }: { lists: Head[] }) {
	if (lists.length === 0)
		return <p className="hf-empty">No list has been made here yet. Make one below.</p>;
	return (
		<Table<Head>
			caption="Lists that were made, newest first"
			rows={lists}
			id={(l) => String(l.id)}
			columns={[
				{ head: "List", cell: (l) => <Link href={`/need/${l.id}`}>{l.title}</Link> },
				{ head: "As of", cell: (l) => l.day },
				{ head: "Made", cell: (l) => (l.because === "month" ? "by itself, for the month" : "by hand") },
				{ head: "Places", cell: (l) => l.places, number: true },
				{ head: "To choose from", cell: (l) => few(l.eligible), number: true },
				{ head: "Registered", cell: (l) => few(l.registered), number: true },
			]}
		/>
	);
}

export function NeedPage() {
	useTitle("Most in need");
	const [, go] = useLocation();
	const asked = new URLSearchParams(useSearch()).get("scope") ?? "";
	const { data: all, error, again } = useAsked<Lists>("/api/population/lists");
	const scope = asked || (all?.scopes[0]?.scope ?? "");
	const one = useAsked<Lists>(
		scope ? `/api/population/lists?scope=${encodeURIComponent(scope)}` : null,
	);
	return (
		<div className="hf-page">
			<h1>Most in need: whom should we offer help to?</h1>
			<p>
				A list finds people to look at. It is no diagnosis, and nobody is refused care for not
				standing on it.
			</p>
			{error && <Problem error={error} again={again} />}
			{!all && !error && <Waiting what="the lists" />}
			{all && all.scopes.length === 0 && (
				<p className="hf-empty">
					There is no activity or register of a practice here yet. Import feeds, or wait until the
					record has been read.
				</p>
			)}
			{all && all.scopes.length > 0 && (
				<Select
					id="need-scope"
					label="Of whom"
					value={scope}
					onChange={(to) => go(`/need?scope=${encodeURIComponent(to)}`)}
					choices={all.scopes.map((s) => ({ code: s.scope, text: s.title }))}
				/>
			)}
			{one.error && <Problem error={one.error} again={one.again} />}
			{one.data && <Made lists={one.data.lists} />}
			{one.data?.names && <Make data={one.data} scope={scope} />}
			{all && !all.names && (
				<p>Your role sees how many there are. Who they are is for the practice and the team.</p>
			)}
			{all && <Rules rules={all.rules} />}
		</div>
	);
}

// On the meeting's page: the newest list of the locality, what changed on it, and what is
// missing in the care of who stands on it.

import { useState } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting } from "../base/ui";
import { NeedAnswer } from "./NeedAnswer";
import { NeedChanged } from "./NeedChanged";
import { answerText, few } from "./needWords";
import type { List, Listed, Lists, Rule } from "./needTypes";

function Gaps({ list }: { list: List }) {
	const gaps = new Map<string, { title: string; people: Listed[] }>();
	for (const p of list.people)
		for (const g of p.gaps ?? []) {
			const at = gaps.get(g.id) ?? { title: g.action, people: [] };
			at.people.push(p);
			gaps.set(g.id, at);
		}
	const rows = [...gaps.entries()].sort((a, b) => b[1].people.length - a[1].people.length);
	return (
		<section aria-labelledby="locality-gaps">
			<h2 id="locality-gaps">Gaps in care</h2>
			{rows.length === 0 && (
				<p className="hf-empty">None was found among those on the list whose care you may see.</p>
			)}
			{rows.length > 0 && (
				<Table
					caption="Of those on the list whose care you may see"
					rows={rows}
					id={([id]) => id}
					columns={[
						{ head: "What to do", cell: ([, g]) => g.title },
						{ head: "People", number: true, cell: ([, g]) => g.people.length },
						{
							head: "Who",
							cell: ([, g]) =>
								g.people.map((p, i) => (
									<span key={p.pos}>
										{i > 0 && "; "}
										<Link href={`/people/${encodeURIComponent(p.patient ?? "")}`}>{p.name}</Link>
									</span>
								)),
						},
					]}
				/>
			)}
		</section>
	);
}

function People({ list, onAnswer }: { list: List; onAnswer: (row: Listed) => void }) {
	const shown = list.people.filter((p) => p.chosen && p.shown);
	const hidden = list.people.filter((p) => p.chosen && !p.shown).length;
	return (
		<>
			<Table<Listed>
				caption={`${plural(shown.length, "person", "people")} whom you may see`}
				rows={shown}
				id={(r) => String(r.pos)}
				columns={[
					{ head: "Place", cell: (r) => r.pos, number: true },
					{
						head: "Person",
						cell: (r) => (
							<>
								<Link href={`/people/${encodeURIComponent(r.patient ?? "")}`}>{r.name}</Link>{" "}
								<span className="hf-dim">{r.age && `(${r.age})`}</span>
							</>
						),
					},
					{
						head: "Why",
						cell: (r) => (r.clinical ? r.reasons?.join(", ") : <span className="hf-dim">not shown to your role</span>),
					},
					{
						head: "What next",
						cell: (r) => (
							<>
								{r.answer && (
									<>
										{answerText(r.answer.answer)}
										<br />
									</>
								)}
								<button type="button" className="hf-button hf-button--quiet" onClick={() => onAnswer(r)}>
									{r.answer ? "Change" : "Propose or not now"}
									<span className="nhsuk-u-visually-hidden"> {r.name}</span>
								</button>
							</>
						),
					},
				]}
			/>
			{hidden > 0 && <p className="hf-dim">{hidden} more stand on the list whom your role is not shown.</p>}
		</>
	);
}

function TheList({ id, names }: { id: number; names: boolean }) {
	const { data, error, again } = useAsked<List>(`/api/population/lists/${id}`);
	const [answer, setAnswer] = useState<Listed | null>(null);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the list" />;
	return (
		<>
			<p>
				<Link href={`/need/${id}`}>{data.title}</Link>, as of {data.day}: {plural(data.places, "place", "places")},{" "}
				{few(data.eligible)} to choose from.{" "}
				<span className="hf-dim">It finds people to look at; it is no diagnosis.</span>
			</p>
			{names && <People list={data} onAnswer={setAnswer} />}
			<NeedChanged list={data} />
			{names && <Gaps list={data} />}
			{answer && (
				<NeedAnswer
					id={String(id)}
					row={answer}
					onClose={(changed) => {
						setAnswer(null);
						if (changed) again();
					}}
				/>
			)}
		</>
	);
}

export function LocalityList(props: { scope: string; rules: Rule[]; names: boolean }) {
	const { scope, rules } = props;
	const { data, error, again } = useAsked<Lists>(`/api/population/lists?scope=${encodeURIComponent(scope)}`);
	const [rule, setRule] = useState("");
	const made = data?.lists ?? [];
	const there = rules.filter((r) => made.some((l) => l.rule === r.id));
	const shown = made.find((l) => l.rule === (rule || there[0]?.id));
	return (
		<section aria-labelledby="locality-list">
			<h2 id="locality-list">Most in need</h2>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the lists" />}
			{data && !shown && (
				<p className="hf-empty">
					No list was made for this locality yet.{" "}
					{props.names && <Link href={`/need?scope=${encodeURIComponent(scope)}`}>Make one</Link>}; it is renewed each month from
					then on.
				</p>
			)}
			{there.length > 1 && (
				<div className="hf-bar">
					<label>
						List{" "}
						<select value={shown?.rule ?? ""} onChange={(e) => setRule(e.target.value)}>
							{there.map((r) => (
								<option key={r.id} value={r.id}>
									{r.title}
								</option>
							))}
						</select>
					</label>
				</div>
			)}
			{shown && <TheList key={shown.id} id={shown.id} names={props.names} />}
		</section>
	);
}

// The agenda of a team's meeting, and who was talked about last time.

import { useState } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting } from "../base/ui";
import { AgendaAnswer } from "./AgendaAnswer";
import { answerText, dayText } from "./needWords";
import type { Agenda as TheAgenda, AgendaItem } from "./needTypes";

function Who({ item }: { item: AgendaItem }) {
	if (!item.shown) return <span className="hf-dim">not shown to your role</span>;
	return (
		<>
			<Link href={`/people/${encodeURIComponent(item.patient ?? "")}`}>{item.name}</Link>
			<br />
			<span className="hf-dim">
				{item.born && `born ${item.born}`} {item.age && `(${item.age})`}
			</span>
		</>
	);
}

function Notes({ item }: { item: AgendaItem }) {
	return (
		<>
			{item.title}
			{item.notes?.map((n, i) => (
				<div key={i} className="hf-dim">
					{n}
				</div>
			))}
		</>
	);
}

function Past({ items }: { items: AgendaItem[] }) {
	return (
		<section aria-labelledby="agenda-past">
			<h2 id="agenda-past">Last time, and what followed</h2>
			{items.length === 0 && <p className="hf-empty">Nobody was talked about in the last two months.</p>}
			{items.length > 0 && (
				<Table<AgendaItem>
					caption="Who was talked about, the newest first"
					rows={items}
					id={(i) => i.task}
					columns={[
						{ head: "Person", cell: (i) => <Who item={i} /> },
						{ head: "When", cell: (i) => dayText(i.closed) },
						{ head: "Outcome", cell: (i) => answerText(i.outcome ?? "") },
						{ head: "Notes", cell: (i) => <Notes item={i} /> },
						{
							head: "Emergency admissions since",
							cell: (i) => (i.emergenciesAfter === undefined ? "–" : i.emergenciesAfter),
							number: true,
						},
					]}
				/>
			)}
		</section>
	);
}

export function Agenda({ team }: { team: string }) {
	const { data, error, again } = useAsked<TheAgenda>(`/api/population/agenda?team=${encodeURIComponent(team)}`);
	const [answer, setAnswer] = useState<AgendaItem | null>(null);
	return (
		<>
			<section aria-labelledby="agenda-open">
				<h2 id="agenda-open">Today's agenda</h2>
				{error && <Problem error={error} again={again} />}
				{!data && !error && <Waiting what="the agenda" />}
				{data && data.open.length === 0 && (
					<p className="hf-empty">Nobody is proposed to this team. Propose people from the list below.</p>
				)}
				{data && data.open.length > 0 && (
					<Table<AgendaItem>
						caption={`${plural(data.open.length, "person", "people")} to talk about, who waits longest first${data.more ? `; ${data.more} more` : ""}`}
						rows={data.open}
						id={(i) => i.task}
						columns={[
							{ head: "Person", cell: (i) => <Who item={i} /> },
							{ head: "Proposed", cell: (i) => dayText(i.at) },
							{ head: "From, and what was said", cell: (i) => <Notes item={i} /> },
							{
								head: "Agreed",
								cell: (i) =>
									i.shown ? (
										<button type="button" className="hf-button hf-button--quiet" onClick={() => setAnswer(i)}>
											Record what was agreed<span className="nhsuk-u-visually-hidden"> about {i.name}</span>
										</button>
									) : (
										"–"
									),
							},
						]}
					/>
				)}
			</section>
			{data && <Past items={data.past} />}
			{answer && (
				<AgendaAnswer
					item={answer}
					onClose={(changed) => {
						setAnswer(null);
						if (changed) again();
					}}
				/>
			)}
		</>
	);
}

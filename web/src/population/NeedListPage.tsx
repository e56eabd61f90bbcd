// One list: who stands on it and why, what is missing in their care, what was answered,
// whether the list is fair, and what followed.

import { useState } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Sign, Waiting, useTitle } from "../base/ui";
import { NeedAnswer } from "./NeedAnswer";
import { NeedChanged } from "./NeedChanged";
import { NeedFair } from "./NeedFair";
import { NeedWhy } from "./NeedWhy";
import { answerText, few, leftOut, riskText, roomText } from "./needWords";
import type { List, Listed } from "./needTypes";

function Person({ row }: { row: Listed }) {
	if (!row.shown) return <span className="hf-dim">{row.why ?? "not shown to your role"}</span>;
	return (
		<>
			<Link href={`/people/${encodeURIComponent(row.patient ?? "")}`}>{row.name}</Link>
			<br />
			<span className="hf-dim">
				{row.born && `born ${row.born}`} {row.age && `(${row.age})`}
			</span>
		</>
	);
}

function Gaps({ row }: { row: Listed }) {
	if (!row.clinical) return <>–</>;
	if (!row.gaps || row.gaps.length === 0) return <>none found</>;
	return (
		<ul className="hf-needs__gaps">
			{row.gaps.map((g) => (
				<li key={g.id} title={g.title}>
					{g.action} <span className="hf-dim">({g.overdue})</span>
				</li>
			))}
		</ul>
	);
}

function People(props: { list: List; onWhy: (row: Listed) => void; onAnswer: (row: Listed) => void }) {
	const { list, onWhy, onAnswer } = props;
	const show = (rows: Listed[], caption: string) => (
		<Table<Listed>
			caption={caption}
			rows={rows}
			id={(r) => String(r.pos)}
			columns={[
				{ head: "Place", cell: (r) => r.pos, number: true },
				{ head: "Person", cell: (r) => <Person row={r} /> },
				{
					head: "Why they stand here",
					cell: (r) =>
						r.shown && !r.clinical ? (
							<span className="hf-dim">not shown to your role</span>
						) : r.shown ? (
							<>
								{r.reasons?.join(", ")}
								<br />
								<span className="hf-dim">
									{list.scoreTitle} {r.score}; {r.efi ?? 0} of 36 deficits; {riskText(r.risk)}
								</span>
								<br />
								<button type="button" className="hf-button hf-button--quiet" onClick={() => onWhy(r)}>
									Evidence<span className="nhsuk-u-visually-hidden"> about {r.name}</span>
								</button>
							</>
						) : (
							"–"
						),
				},
				{
					head: "Emergency admissions in the year before",
					cell: (r) => (r.clinical ? (r.emergenciesBefore ?? 0) : "–"),
					number: true,
				},
				{ head: "Gaps in care", cell: (r) => <Gaps row={r} /> },
				{
					head: "What next",
					cell: (r) =>
						r.shown ? (
							<>
								{r.answer && (
									<span>
										{answerText(r.answer.answer)}
										{r.answer.reason && `: ${r.answer.reason}`}
										<br />
									</span>
								)}
								<button type="button" className="hf-button hf-button--quiet" onClick={() => onAnswer(r)}>
									{r.answer ? "Change" : "Propose or not now"}
									<span className="nhsuk-u-visually-hidden"> {r.name}</span>
								</button>
							</>
						) : (
							"–"
						),
				},
			]}
		/>
	);
	const chosen = list.people.filter((p) => p.chosen);
	const next = list.people.filter((p) => !p.chosen);
	return (
		<>
			{show(chosen, `${plural(chosen.length, "person", "people")} for ${list.places} places`)}
			{next.length > 0 && show(next, "Who comes next, when somebody declines")}
		</>
	);
}

function Counts({ list }: { list: List }) {
	return (
		<details className="hf-needs__about">
			<summary>
				{few(list.registered)} people are registered, {few(list.eligible)} could be chosen; why the
				others are not on the list
			</summary>
			<Table<{ why: string; n: string }>
				caption="Everybody registered who is not on the list, once each"
				rows={leftOut(list)}
				id={(r) => r.why}
				columns={[
					{ head: "Why not", cell: (r) => r.why },
					{ head: "People", cell: (r) => r.n, number: true },
				]}
			/>
		</details>
	);
}

function Impact({ list }: { list: List }) {
	return (
		<section aria-labelledby="need-impact">
			<h2 id="need-impact">What followed</h2>
			<p>
				{list.followedDays ? `Followed for ${Math.min(365, list.followedDays)} days after ${list.day}.` : "Nothing can have followed yet."}{" "}
				Compare with what is expected and with who came next, not with the year before: whoever was chosen for a bad year
				mostly has a better one next, whatever is done (regression to the mean). Groups that chose themselves differ too: it
				is no proof.
			</p>
			<Table<List["impact"][number]>
				caption="Chosen people by what was answered, and who came next"
				rows={list.impact}
				id={(r) => r.answer}
				columns={[
					{ head: "Answer", cell: (r) => answerText(r.answer) },
					{ head: "People", cell: (r) => few(r.people), number: true },
					{ head: "Emergency admissions in the year before", cell: (r) => few(r.admissionsBefore), number: true },
					{ head: "Since", cell: (r) => few(r.admissionsAfter), number: true },
					{ head: "Expected by their risk", cell: (r) => (r.expected === null ? "–" : r.expected), number: true },
					{ head: "Died", cell: (r) => few(r.died), number: true },
				]}
			/>
		</section>
	);
}

export function NeedListPage({ id }: { id: string }) {
	const path = `/api/population/lists/${encodeURIComponent(id)}`;
	const { data, error, again } = useAsked<List>(path);
	const [why, setWhy] = useState<Listed | null>(null);
	const [answer, setAnswer] = useState<Listed | null>(null);
	useTitle(data ? `${data.title}, ${data.day}` : "Most in need");
	return (
		<div className="hf-page">
			<p>
				<Link href={data ? `/need?scope=${encodeURIComponent(data.scope)}` : "/need"}>All lists</Link>
			</p>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the list" />}
			{data && (
				<>
					<h1>{data.title}</h1>
					<p>
						As of {data.day}, by rule version {data.version}.{" "}
						<span className="hf-needs__note">
							<Sign of="warn" /> It finds people to look at; it is no diagnosis.
						</span>
					</p>
					{data.because === "month" && <p className="hf-dim">Made by itself for the new month. Places: {roomText(data.room)}.</p>}
					<Counts list={data} />
					{data.names ? (
						<People list={data} onWhy={setWhy} onAnswer={setAnswer} />
					) : (
						<p>Your role sees counts. Who they are is for the practice and the team.</p>
					)}
					<NeedChanged list={data} />
					<NeedFair id={id} />
					<Impact list={data} />
				</>
			)}
			{why && <NeedWhy id={id} pos={why.pos} onClose={() => setWhy(null)} />}
			{answer && data && (
				<NeedAnswer
					id={id}
					row={answer}
					onClose={(changed) => {
						setAnswer(null);
						if (changed) again();
					}}
				/>
			)}
		</div>
	);
}

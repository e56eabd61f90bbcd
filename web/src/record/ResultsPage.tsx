// "Is this the person?": who was found, with what tells people apart.

import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../access/session";
import { type ApiError, ask, useAsked } from "../base/api";
import { useQuery } from "../base/address";
import { plural } from "../base/format";
import { Problem, Verified, Waiting, useTitle } from "../base/ui";
import type { People, PersonLine } from "./types";

function Line({ person }: { person: PersonLine }) {
	return (
		<li className="hf-person">
			<div className="hf-person__main">
				<h2 className="hf-person__name">
					<Link href={`/people/${encodeURIComponent(person.id)}`}>{person.name}</Link>
				</h2>
				<p>
					{person.bornText ? `Born ${person.bornText}` : "No date of birth recorded"}
					{person.age && ` (${person.age})`}
					{person.deceased && (
						<strong> · Died{person.died && ` ${person.died}`}</strong>
					)}
					{` · ${person.sex ?? "sex not recorded"}`}
				</p>
			</div>
			<dl className="hf-person__facts">
				<div>
					<dt>NHS number</dt>
					<dd>
						{person.nhsNumber ? (
							<>
								<span className="hf-number">{person.nhsNumber}</span>{" "}
								<Verified ok={person.nhsNumberVerified} text={person.nhsNumberStatus} />
							</>
						) : (
							"not recorded"
						)}
					</dd>
				</div>
				<div>
					<dt>Address</dt>
					<dd>{person.address ?? "not recorded"}</dd>
				</div>
				<div>
					<dt>GP practice</dt>
					<dd>{person.practice ?? "not recorded"}</dd>
				</div>
				{person.match && person.match.length > 0 && (
					<div>
						<dt>Agrees on</dt>
						<dd>{person.match.join(", ")}</dd>
					</div>
				)}
			</dl>
		</li>
	);
}

function addressOf(q: string) {
	return `/api/people?q=${encodeURIComponent(q)}&limit=25`;
}

export function ResultsPage() {
	const [query] = useQuery();
	const { session } = useSession();
	const traces = !session?.trial && (session?.activities ?? []).includes("TRACE");
	const q = query.get("q") ?? "";
	useTitle(q ? `${q} – people` : "People");
	const first = useAsked<People>(addressOf(q));
	const [further, setFurther] = useState<{ q: string; pages: People[]; error?: ApiError }>({
		q,
		pages: [],
	});
	const pages = useMemo(
		() => [...(first.data ? [first.data] : []), ...(further.q === q ? further.pages : [])],
		[first.data, further, q],
	);
	const people = pages.flatMap((p) => p.people);
	const last = pages[pages.length - 1];
	const showMore = () => {
		if (!last?.next) return;
		ask<People>(`${addressOf(q)}&after=${encodeURIComponent(last.next)}`).then(
			(page) =>
				setFurther((f) => ({ q, pages: f.q === q ? [...f.pages, page] : [page] })),
			(error: ApiError) =>
				setFurther((f) => ({ q, pages: f.q === q ? f.pages : [], error })),
		);
	};
	return (
		<div className="hf-page">
			<h1>{q ? "Is this the person?" : "People"}</h1>
			{first.data && first.data.understood.length > 0 && (
				<p className="hf-understood">
					Looked for{" "}
					{first.data.understood.map((u, i) => (
						<span key={u.text}>
							{i > 0 && (i === first.data!.understood.length - 1 ? " and " : ", ")}
							{u.kind} <strong>{u.text}</strong>
						</span>
					))}
					.
				</p>
			)}
			{first.error && <Problem error={first.error} again={first.again} />}
			{!first.data && !first.error && <Waiting what="people" />}
			{first.data && (
				<p role="status" className="hf-dim">
					{people.length > 0 &&
						`${plural(people.length, "person", "people")} shown${last?.more ? ", there are more" : ""}.`}
				</p>
			)}
			{first.data?.hint && <p className="hf-empty">{first.data.hint}</p>}
			{first.data && people.length === 0 && traces && (
				<p className="hf-also">
					You find the people whom your work brings you to.{" "}
					<Link href="/trace">Trace somebody else</Link>
				</p>
			)}
			{people.length > 0 && (
				<ul className="hf-people">
					{people.map((p) => (
						<Line key={p.id} person={p} />
					))}
				</ul>
			)}
			{further.q === q && further.error && <Problem error={further.error} again={showMore} />}
			{last?.next && (
				<button type="button" className="hf-button" onClick={showMore}>
					Show more people
				</button>
			)}
		</div>
	);
}

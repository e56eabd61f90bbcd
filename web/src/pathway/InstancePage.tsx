// "Where are they on this pathway, and what is next?": one instance with its story.

import { Link } from "wouter";
import { forgetAll, useAsked } from "../base/api";
import { Problem, Waiting, useTitle } from "../base/ui";
import { At } from "../hub/ReferralParts";
import { unhyphened } from "../hub/words";
import { MoveBox } from "./MoveBox";
import { Clocks, TaskLine } from "./Parts";
import type { InstanceAnswer, Step } from "./types";

const word = (v: unknown): string =>
	typeof v === "boolean" ? (v ? "yes" : "no") : v === null ? "not known any more" : String(v);

function Given({ step }: { step: Step }) {
	const said = step.said ?? [];
	if (said.length === 0) return null;
	return <div className="hf-story__facts">{said.map((s) => `${s.title}: ${word(s.value)}`).join(" · ")}</div>;
}

export function Story({ story }: { story: Step[] }) {
	return (
		<ol className="hf-story" reversed>
			{[...story].reverse().map((s, i) => (
				<li key={story.length - i} className={s.event.startsWith("@") ? "hf-story__time" : ""}>
					<At at={s.at} />
					<div>
						<strong>{s.title}</strong>
						{s.toText && <span className="hf-dim"> → {s.toText}</span>}
						{s.by?.name && (
							<span>
								{" "}
								by {s.by.name}
								{s.by.role && <span className="hf-dim">, {unhyphened(s.by.role)}</span>}
							</span>
						)}
						<Given step={s} />
						{s.note && <div className="hf-story__note">{s.note}</div>}
					</div>
				</li>
			))}
		</ol>
	);
}

export function InstancePage({ id }: { id: string }) {
	const { data, error, again } = useAsked<InstanceAnswer>(`/api/instances/${encodeURIComponent(id)}`);
	useTitle(data ? data.instance.pathway.title : "Pathway");
	const reload = () => {
		forgetAll();
		again();
	};
	if (error)
		return (
			<div className="hf-page">
				<h1>Pathway</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the pathway" />
			</div>
		);
	const { instance, story, moves } = data;
	const person = `/people/${encodeURIComponent(instance.person.id)}`;
	return (
		<div className="hf-page hf-page--wide">
			<h1>
				{instance.pathway.title}{" "}
				<span className="hf-board__question">Where are they, and what is next?</span>
			</h1>
			<p>
				<Link href={person}>{instance.person.name ?? "The person"}</Link>
				{instance.person.age !== undefined && `, ${instance.person.age} years`}
				{instance.person.nhs && `, NHS ${instance.person.nhs}`}
			</p>
			<dl className="hf-case-facts">
				<div>
					<dt>State</dt>
					<dd>
						<strong>{instance.stateText}</strong>
						{instance.since && (
							<>
								{" "}
								since <At at={instance.since} />
							</>
						)}
						{instance.ended && instance.open && ". It has ended, and something is left to do."}
					</dd>
				</div>
				<div>
					<dt>Looked after by</dt>
					<dd>{instance.owner.name ?? instance.owner.id}</dd>
				</div>
				<div>
					<dt>Version</dt>
					<dd>
						{instance.pathway.version}
						{!instance.pathway.newest && ", which a newer one has followed"}
					</dd>
				</div>
			</dl>
			<MoveBox key={instance.version} instance={instance} moves={moves} onMoved={reload} />
			<section aria-labelledby="clocks-title">
				<h2 id="clocks-title">Clocks</h2>
				<Clocks of={instance.clocks} all />
			</section>
			<section aria-labelledby="tasks-title">
				<h2 id="tasks-title">What is left to do</h2>
				{instance.tasks.length === 0 && <p className="hf-empty">Nothing.</p>}
				<ul className="hf-case-tasks">
					{instance.tasks.map((t) => (
						<TaskLine
							key={t.key}
							task={t}
							instance={instance.id}
							person={instance.person.id}
							onDone={reload}
						/>
					))}
				</ul>
			</section>
			<section aria-labelledby="story-title">
				<h2 id="story-title">What happened</h2>
				<Story story={story} />
			</section>
		</div>
	);
}

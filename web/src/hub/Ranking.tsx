// Who can be there in time: teams for one referral, best first, with what
// speaks for each and what stands against the others.
//
// Keys: 1 to 9 go to a team's button; Enter offers.

import { useState } from "react";
import { useAsked } from "../base/api";
import { Field } from "../base/form";
import { Problem, Sign, Waiting } from "../base/ui";
import { MoveProblem, type Moving } from "./MoveForm";
import { useMinute } from "./hub";
import type { Referral, TeamChoice } from "./types";
import { clockTime } from "./words";

function Facts({ team, now }: { team: TeamChoice; now: number }) {
	const facts = [
		team.arrival && `there by ${clockTime(team.arrival, now)}`,
		team.free !== undefined && `${team.free} free ${team.free === 1 ? "slot" : "slots"}`,
		team.open === false && "closed now",
		team.provider,
	].filter(Boolean);
	return <span className="hf-dim">{facts.join(" · ")}</span>;
}

const partNames: Record<string, string> = {
	continuity: "knows the person",
	locality: "its locality",
	arrival: "how soon it can be there",
	load: "how free it is",
};

/** What speaks for it: in the server's words, else the points of each part. */
function reasons(team: TeamChoice): string[] {
	if (team.why?.length) return team.why;
	return Object.entries(team.parts ?? {})
		.filter(([, n]) => n > 0)
		.map(([part, n]) => `${Math.round(n)} for ${partNames[part] ?? part}`);
}

function Choice(props: {
	team: TeamChoice;
	first: TeamChoice | undefined;
	n: number;
	now: number;
	moving: Moving;
}) {
	const { team, first, n, now, moving } = props;
	const [asking, setAsking] = useState(false);
	const [reason, setReason] = useState("");
	const [wrong, setWrong] = useState("");
	const excluded = (team.excluded?.length ?? 0) > 0;
	const override = excluded || (first !== undefined && first.id !== team.id);
	const offer = () => {
		if (moving.busy) return;
		if (override && !asking) {
			setAsking(true);
			return;
		}
		if (override && !reason.trim()) {
			setWrong("Say why: the reason is kept with the referral.");
			return;
		}
		void moving.run("allocate", { team: team.id, ...(override ? { note: reason } : {}) });
	};
	return (
		<li className={`hf-choice ${excluded ? "hf-choice--not" : ""}`}>
			<div className="hf-choice__head">
				{!excluded && <span className="hf-choice__n">{n}</span>}
				<span className="hf-choice__name">
					<strong>{team.name}</strong>
					{team.score !== undefined && !excluded && (
						<span className="hf-choice__score"> {Math.round(team.score)} of 100</span>
					)}
					<br />
					<Facts team={team} now={now} />
				</span>
				{!asking && (
					<button
						type="button"
						className={
							n === 1 && !excluded
								? "hf-main-button hf-main-button--small"
								: "hf-button hf-button--quiet"
						}
						aria-disabled={!!moving.busy}
						data-offer={excluded ? undefined : n}
						onClick={offer}
					>
						{excluded ? "Offer all the same…" : "Offer"}
						<span className="nhsuk-u-visually-hidden"> to {team.name}</span>
						{override && !excluded && "…"}
					</button>
				)}
			</div>
			{!excluded && <p className="hf-choice__why">{reasons(team).join(" · ")}</p>}
			{excluded && (
				<p className="hf-choice__why hf-against">
					<Sign of="warn" /> {team.excluded?.join("; ")}
				</p>
			)}
			{asking && (
				<form
					className="hf-choice__override"
					onSubmit={(e) => {
						e.preventDefault();
						offer();
					}}
				>
					<Field
						label={
							first && !excluded
								? `Why not ${first.name}, which stands first?`
								: "Why this team all the same?"
						}
						value={reason}
						onChange={setReason}
						error={wrong || undefined}
						autoFocus
						maxLength={500}
					/>
					<div className="hf-buttons">
						<button
							type="submit"
							className="hf-main-button hf-main-button--small"
							aria-disabled={!!moving.busy}
						>
							Offer to {team.name}
						</button>
						<button
							type="button"
							className="hf-button hf-button--quiet"
							onClick={() => setAsking(false)}
						>
							Leave it
						</button>
					</div>
				</form>
			)}
		</li>
	);
}

export function Ranking({ referral, moving }: { referral: Referral; moving: Moving }) {
	const { row } = referral;
	const { data, error, again } = useAsked<{ at: string; teams: TeamChoice[] }>(
		`/api/hub/referrals/${encodeURIComponent(row.id)}/teams`,
	);
	const now = useMinute();
	const [all, setAll] = useState(false);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the teams" />;
	const fit = data.teams.filter((t) => (t.excluded?.length ?? 0) === 0);
	const not = data.teams.filter((t) => (t.excluded?.length ?? 0) > 0);
	return (
		<section className="hf-ranking" aria-labelledby="ranking-title">
			<h3 id="ranking-title">Who can be there in time</h3>
			<MoveProblem error={moving.error} />
			{fit.length === 0 && (
				<p className="hf-empty">
					No team fits now: below is what stands against each. Offer to one all the same with a
					reason, redirect, or tell the clinical lead.
				</p>
			)}
			<ol className="hf-choices">
				{(all ? fit : fit.slice(0, 6)).map((t, i) => (
					<Choice key={t.id} team={t} first={fit[0]} n={i + 1} now={now} moving={moving} />
				))}
			</ol>
			{!all && fit.length > 6 && (
				<button type="button" className="hf-button hf-button--quiet" onClick={() => setAll(true)}>
					Show {fit.length - 6} more
				</button>
			)}
			{not.length > 0 && (
				<details className="hf-past" open={fit.length === 0}>
					<summary>
						{not.length} {not.length === 1 ? "team does" : "teams do"} not fit, and why
					</summary>
					<ol className="hf-choices">
						{not.slice(0, 40).map((t, i) => (
							<Choice
								key={t.id}
								team={t}
								first={fit[0]}
								n={fit.length + i + 1}
								now={now}
								moving={moving}
							/>
						))}
					</ol>
				</details>
			)}
		</section>
	);
}

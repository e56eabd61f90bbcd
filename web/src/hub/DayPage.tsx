// "Where do I go next?": a team's visits of the day on a phone, with or without a
// network.

import { useEffect, useState } from "react";
import { useQuery } from "../base/address";
import { plural } from "../base/format";
import { Select } from "../base/form";
import { Problem, Waiting, useTitle } from "../base/ui";
import { useAsked } from "../base/api";
import { DayConflict } from "./DayConflict";
import { DayVisit } from "./DayVisit";
import { standing, useDay, type Day } from "./useDay";
import { clockTime } from "./words";
import type { HubInfo } from "./types";

/** How old is what stands here, and what became of what was recorded? */
function Standing({ day, now }: { day: Day; now: number }) {
	const { list, cut, state } = day;
	const waiting = state.drafts.filter((d) => !d.conflict).length;
	const stuck = state.drafts.length - waiting;
	return (
		<div className={`hf-day-state ${cut ? "hf-day-state--cut" : ""}`} role="status">
			{list && (
				<p>
					<strong>
						{cut
							? `As of ${clockTime(list.at, now)}, no network`
							: `Up to date at ${clockTime(list.at, now)}`}
					</strong>
					{cut && !day.nothingKept && (
						<> What you record is kept on this device and sent when the network is back.</>
					)}
				</p>
			)}
			{day.nothingKept && (
				<p>
					This browser keeps nothing (a private window, or storage is off): without a network you
					see nothing here and can record nothing.
				</p>
			)}
			{waiting > 0 && (
				<p>
					<strong>{plural(waiting, "record")} not sent yet.</strong>{" "}
					{state.busy
						? "Sending…"
						: state.waits === "sign-in"
							? "Sign in again to send them."
							: "They go in the order in which they were done."}
				</p>
			)}
			{stuck > 0 && (
				<p className="hf-day-state__stuck">
					<strong>{plural(stuck, "record")} could not be sent.</strong> Choose below what becomes
					of {stuck === 1 ? "it" : "them"}.
				</p>
			)}
			{state.expired > 0 && (
				<p>
					{plural(state.expired, "record")} from before could not be sent within 7 days and{" "}
					{state.expired === 1 ? "was" : "were"} deleted.
				</p>
			)}
			{(cut || waiting > 0) && !state.busy && (
				<button type="button" className="hf-button hf-button--quiet hf-no-print" onClick={day.again}>
					Try again now
				</button>
			)}
		</div>
	);
}

/** Teams to choose from, when there is more than one. */
function TeamChoice({ team, onChoose }: { team: string; onChoose: (id: string) => void }) {
	const { data } = useAsked<HubInfo>("/api/hub");
	const teams = data?.teams ?? [];
	if (teams.length < 2) return null;
	return (
		<div className="hf-no-print">
			<Select
				label="Team"
				value={team}
				onChange={onChoose}
				choices={teams.map((t) => ({ code: t.id, text: t.name }))}
			/>
		</div>
	);
}

function useNow() {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 15_000);
		return () => clearInterval(timer);
	}, []);
	return now;
}

export function DayPage() {
	const [query, change] = useQuery();
	const team = query.get("team") ?? undefined;
	const day = useDay(team);
	const now = useNow();
	const { list, error, state, queue } = day;
	useTitle(list ? `Visits: ${list.team.name}` : "Visits");
	if (!list)
		return (
			<div className="hf-page hf-visits">
				<h1>Visits today</h1>
				{error ? (
					<>
						<Problem error={error} again={day.again} />
						{day.cut && (
							<p>
								No list is kept on this device: it is kept when you open this page with a network,
								and removed when you sign out or your session ends.
							</p>
						)}
					</>
				) : (
					<Waiting what="the visits" />
				)}
			</div>
		);
	const all = list.visits.map((v) => standing(list, v, state));
	const open = all.filter((s) => !s.over);
	const over = all.filter((s) => s.over);
	const conflicts = state.drafts.filter((d) => d.conflict);
	return (
		<div className="hf-page hf-visits">
			<h1>
				{plural(open.length, "visit")} <span className="hf-dim">{list.team.name}</span>
			</h1>
			<Standing day={day} now={now} />
			{error && !day.cut && <Problem error={error} again={day.again} />}
			{conflicts.map((d) => (
				<DayConflict
					key={d.key}
					draft={d}
					behind={state.drafts.filter((o) => o.referral === d.referral && o.key > d.key).length}
					queue={queue}
					now={now}
					cut={day.cut}
				/>
			))}
			{!day.cut && (
				<TeamChoice team={list.team.id} onChoose={(id) => change({ team: id }, true)} />
			)}
			{open.length === 0 && (
				<p className="hf-empty">
					Nobody waits for a visit of this team now. What the hub gives to the team comes here once
					somebody of the team has accepted it.
				</p>
			)}
			<ol className="hf-visits__list">
				{open.map((s, i) => (
					<DayVisit
						key={s.row.id}
						n={i + 1}
						of={s}
						list={list}
						queue={queue}
						now={now}
						cut={day.cut}
					/>
				))}
			</ol>
			{over.length > 0 && (
				<section aria-labelledby="visits-over">
					<h2 id="visits-over">Done or with somebody else</h2>
					<ul className="hf-visits__over">
						{over.map((s) => (
							<li key={s.row.id}>
								{s.row.person.name} <span className="hf-dim">{s.stateText}</span>
								{s.drafts.length > 0 && <span className="hf-status">not sent yet</span>}
							</li>
						))}
					</ul>
				</section>
			)}
			{list.team.phone && (
				<p className="hf-also">
					Team lead: <a href={`tel:${list.team.phone.replace(/[^\d+]/g, "")}`}>{list.team.phone}</a>
				</p>
			)}
		</div>
	);
}

// The teams beside the dispatch board: free slots, skills, place and load.

import { useEffect, useMemo, useRef } from "react";
import { useAsked } from "../base/api";
import { Problem, Sign, Waiting } from "../base/ui";
import { textOf, useMinute } from "./hub";
import type { Board, ListState } from "./live";
import type { HubInfo, Team } from "./types";
import { clockTime, placeName } from "./words";

function Free({ team }: { team: Team }) {
	const c = team.capacity;
	if (!c) return <span className="hf-dim">capacity not known</span>;
	const used = c.staffed > 0 ? Math.min(100, Math.round((c.committed / c.staffed) * 100)) : 100;
	return (
		<span className={`hf-free ${c.free <= 0 ? "hf-free--none" : ""}`}>
			<strong>{c.free > 0 ? `${c.free} free` : "none free"}</strong>
			<span className="hf-dim">
				{" "}
				of {c.staffed}
				{c.reserved > 0 && `, ${c.reserved} kept for urgent`}
			</span>
			<svg
				className="hf-load"
				viewBox="0 0 100 6"
				width="72"
				height="6"
				role="img"
				aria-label={`${used} % taken`}
			>
				<rect width="100" height="6" className="hf-load__all" />
				<rect width={used} height="6" className="hf-load__used" />
			</svg>
		</span>
	);
}

export function Teams({
	hub,
	board,
	list,
	locality,
}: {
	hub: HubInfo;
	board: Board;
	list: ListState;
	locality: string;
}) {
	const { data, error, again } = useAsked<{ at: string; teams: Team[] }>("/api/hub/teams");
	const now = useMinute();
	// What moves on the board takes or frees slots: the figures follow, not too often.
	const last = useRef(0);
	useEffect(() => {
		const wait = Math.max(400, last.current + 3000 - Date.now());
		const timer = setTimeout(() => {
			last.current = Date.now();
			again();
		}, wait);
		return () => clearTimeout(timer);
	}, [list.ids, now, again]);
	const teams = useMemo(
		() =>
			(data?.teams ?? [])
				.filter(
					(t) => !locality || (t.localities ?? []).length === 0 || t.localities?.includes(locality),
				)
				.sort(
					(a, b) =>
						Number(b.open ?? true) - Number(a.open ?? true) ||
						(b.capacity?.free ?? 0) - (a.capacity?.free ?? 0) ||
						a.name.localeCompare(b.name),
				),
		[data, locality],
	);
	const names = useMemo(
		() => new Map(board.all().map((r) => [r.locality ?? "", placeName(r)])),
		[board, list],
	);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the teams" />;
	return (
		<>
			<h2 className="hf-board__title">Teams</h2>
			<p className="hf-dim">
				Open a referral on the left to see who can be there in time, and to offer it.
			</p>
			{teams.length === 0 && (
				<p className="hf-empty">
					{locality
						? `No team works in ${names.get(locality) ?? locality}. Clear the filter to see all teams.`
						: "No team is in the directory yet."}
				</p>
			)}
			<ul className="hf-teams">
				{teams.map((t) => (
					<li key={t.id} className={t.open === false ? "hf-teams__closed" : ""}>
						<div className="hf-teams__line">
							<strong>{t.name}</strong>
							<Free team={t} />
						</div>
						<div className="hf-teams__second">
							{[
								t.open === false
									? `closed${t.opens ? `, opens ${clockTime(t.opens, now)}` : ""}`
									: t.closes && `open until ${clockTime(t.closes, now)}`,
								(t.localities ?? []).map((l) => names.get(l) ?? l).join(", "),
								(t.skills ?? []).map((s) => textOf(hub.skills, s)).join(", "),
								(t.urgencies ?? []).length > 0 &&
									`${t.urgencies?.[0]} to ${t.urgencies?.[t.urgencies.length - 1]}`,
								(t.inherited ?? 0) > 0 && `${t.inherited} inherited`,
								t.phone,
							]
								.filter(Boolean)
								.join(" · ")}
							{t.stale && (
								<span className="hf-against">
									{" "}
									<Sign of="warn" /> entry not verified for 90 days
								</span>
							)}
						</div>
					</li>
				))}
			</ul>
		</>
	);
}

// "What needs me now?" on the start page: my boards' clocks, late and due within the
// hour, with the first of each.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { plural } from "../base/format";
import { Chip } from "./Clocks";
import { hasView } from "./hub";
import type { BoardAnswer, HubInfo, Row, View } from "./types";
import { byTimeLeft, mainClock, nextDue } from "./words";

const names: Record<View, string> = {
	triage: "Triage",
	dispatch: "Dispatch",
	team: "Your team",
	lead: "The hub",
	new: "New referral",
	pathways: "Pathway tasks",
};

function First({ row, view }: { row: Row; view: string }) {
	const clock = mainClock(row);
	return (
		<li>
			<Link href={`/hub/${view}?row=${encodeURIComponent(row.id)}`}>{row.person.name}</Link>{" "}
			{clock && <Chip clock={clock} />}
		</li>
	);
}

function Tile({ view }: { view: "triage" | "dispatch" }) {
	const { data, error } = useAsked<BoardAnswer>(`/api/hub/board?view=${view}`);
	// The boards themselves say what is wrong; here a tile is missing then.
	if (error || !data) return null;
	const now = Date.parse(data.at);
	const rows = [...data.rows].sort(byTimeLeft);
	const late = rows.filter((r) => nextDue(r) < now).length;
	const hour = rows.filter((r) => nextDue(r) >= now && nextDue(r) < now + 36e5).length;
	return (
		<li className={`hf-now ${late > 0 ? "hf-now--late" : ""}`}>
			<h3>
				<Link href={`/hub/${view}`}>{names[view]}</Link>
			</h3>
			<p>
				<strong>{late} late</strong>, {hour} due within the hour, {plural(rows.length, "referral")} in
				all
			</p>
			<ul>
				{rows.slice(0, 3).map((r) => (
					<First key={r.id} row={r} view={view} />
				))}
			</ul>
		</li>
	);
}

export function MyClocks({ hub }: { hub: HubInfo | undefined }) {
	if (!hub) return null;
	const views = (["triage", "dispatch"] as const).filter((v) => hasView(hub, v));
	if (views.length === 0) return null;
	return (
		<section aria-labelledby="my-clocks">
			<h2 id="my-clocks">What needs me now</h2>
			<ul className="hf-nows">
				{views.map((v) => (
					<Tile key={v} view={v} />
				))}
			</ul>
		</section>
	);
}

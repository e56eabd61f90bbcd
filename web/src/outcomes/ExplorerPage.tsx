// "What explains this?": twelve histograms, the map and the trend; each bar is a filter, and
// all are drawn anew.

import { useCallback, useMemo, useRef } from "react";
import { Link } from "wouter";
import { useQuery } from "../base/address";
import { askAhead, useAsked } from "../base/api";
import { count } from "../base/format";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Histogram } from "../chart/Histogram";
import { OverTime, Where, settings } from "./ExplorerParts";
import type { Cube } from "./types";

type Filters = Map<string, Set<string>>;

function filtersOf(query: URLSearchParams): Filters {
	const out: Filters = new Map();
	for (const f of query.getAll("f").flatMap((x) => x.split(";"))) {
		const at = f.indexOf("=");
		if (at > 0) out.set(f.slice(0, at), new Set(f.slice(at + 1).split(",")));
	}
	return out;
}

const words = (filters: Filters) =>
	[...filters].filter(([, v]) => v.size > 0).map(([d, v]) => `${d}=${[...v].join(",")}`);

/** All that the page shows, in one answer. */
const cubeOf = (filters: Filters, events: string) =>
	`/api/population/cube?histograms=all&monthly=true&events=${encodeURIComponent(events)}` +
	words(filters).map((f) => `&filter=${encodeURIComponent(f)}`).join("");

const whole = "/api/population/cube?histograms=all";

export function ExplorerPage() {
	useTitle("What explains this?");
	const [query, change] = useQuery();
	const text = query.toString();
	const filters = useMemo(() => filtersOf(new URLSearchParams(text)), [text]);
	const events = query.get("events") ?? settings[0][0];
	const all = useAsked<Cube>(whole);
	const now = useAsked<Cube>(cubeOf(filters, events));
	// While the next answer comes, the last one stays.
	const last = useRef<Cube>(undefined);
	if (now.data) last.current = now.data;
	const cube = now.data ?? last.current;
	const error = now.error ?? all.error;

	// The server is asked before the page is drawn, not after.
	const keep = useCallback(
		(next: Filters, events: string) => {
			askAhead(cubeOf(next, events));
			change({ f: words(next).join(";") || null, events: events === settings[0][0] ? null : events }, true);
		},
		[change],
	);
	const alter = useCallback(
		(dimension: string, how: (set: Set<string>) => Set<string>) => {
			const query = new URLSearchParams(window.location.search);
			const next = filtersOf(query);
			next.set(dimension, how(next.get(dimension) ?? new Set()));
			keep(next, query.get("events") ?? settings[0][0]);
		},
		[keep],
	);
	const choose = useCallback(
		(dimension: string, code: string) =>
			alter(dimension, (set) => (set.delete(code) ? set : set.add(code))),
		[alter],
	);
	const clear = useCallback((dimension: string) => alter(dimension, () => new Set()), [alter]);
	const ofAll = useMemo(() => new Map(all.data?.histograms?.map((h) => [h.code, h])), [all.data]);
	const localities = cube?.histograms?.find((h) => h.code === "locality");
	return (
		<div className="hf-page hf-page--wide hf-lead hf-explorer" aria-busy={all.loading || now.loading}>
			<h1>What explains this?</h1>
			<p className="hf-dim">
				Choose bars: all other bars, the map and the trend are of the people who are left. The pale bar is everybody.{" "}
				<Link href="/outcomes">How are we doing?</Link>
			</p>
			{error && <Problem error={error} again={now.again} />}
			{!cube && !error && <Waiting what="the population" />}
			{cube && (
				<>
					<p role="status">
						<strong>{cube.persons.n === null ? "Fewer than 5" : count(cube.persons.n)}</strong> people
						{filters.size > 0 && (
							<>
								{" "}of {all.data?.persons.n ? count(all.data.persons.n) : "all"}{" "}
								<button type="button" className="hf-linklike" onClick={() => keep(new Map(), events)}>
									take all filters off
								</button>
							</>
						)}{" "}
						<span className="hf-dim">on {cube.day}; numbers rounded, small ones hidden (*)</span>
					</p>
					<div className="hf-histograms">
						{(cube.histograms ?? []).map((h) => (
							<Histogram
								key={h.code}
								of={h}
								all={ofAll.get(h.code)?.n}
								on={filters.get(h.code)}
								choose={choose}
								clear={clear}
							/>
						))}
					</div>
					<div className="hf-bar">
						<label>
							Over time{" "}
							<select value={events} onChange={(e) => keep(filters, e.target.value)}>
								{settings.map(([code, text]) => (
									<option key={code} value={code}>{text}</option>
								))}
							</select>
						</label>
					</div>
					<div className="hf-explorer__seen">
						<OverTime months={cube.events} of={events} all={filters.size === 0} />
						{localities && (
							<Where of={localities} all={ofAll.get("locality")?.n} on={filters.get("locality")} choose={choose} />
						)}
					</div>
				</>
			)}
		</div>
	);
}

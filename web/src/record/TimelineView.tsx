// The right side: everything from every organisation, newest first, by day.  Fifty
// entries at a time: more come when the end of the list is reached or asked for.

import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link } from "wouter";
import { ApiError, ask, useAsked } from "../base/api";
import { withQuery } from "../base/address";
import { count, londonDay, relative, relativeDay } from "../base/format";
import { FlagMark, Problem, Waiting } from "../base/ui";
import { type Filter, filterIsEmpty, filterNames, filterQuery } from "./filter";
import { useNone } from "./limits";
import type { Fact, Sources, Timeline } from "./types";

type SetFilter = (change: Record<string, string | null>, replace?: boolean) => void;

function Choice(props: {
	id: string;
	name: string;
	all: string;
	value: string;
	options: { value: string; text: string; n: number }[];
	loading?: boolean;
	onChange: (value: string) => void;
	onOpen?: () => void;
}) {
	const known = props.value === "" || props.options.some((o) => o.value === props.value);
	return (
		<div className="hf-filter__field">
			<label htmlFor={props.id}>{props.name}</label>
			<select
				id={props.id}
				className="nhsuk-select"
				value={props.value}
				onFocus={props.onOpen}
				onPointerDown={props.onOpen}
				onChange={(e) => props.onChange(e.target.value)}
			>
				<option value="">{props.all}</option>
				{!known && <option value={props.value}>{props.loading ? "…" : props.value}</option>}
				{props.options.map((o) => (
					<option key={o.value} value={o.value}>
						{o.text} ({count(o.n)})
					</option>
				))}
			</select>
		</div>
	);
}

function Words({ value, onChange }: { value: string; onChange: (q: string) => void }) {
	const [typed, setTyped] = useState(value);
	const sent = useRef(value);
	useEffect(() => {
		if (value !== sent.current) {
			sent.current = value;
			setTyped(value);
		}
	}, [value]);
	useEffect(() => {
		if (typed === sent.current) return;
		const timer = setTimeout(() => {
			sent.current = typed;
			onChange(typed);
		}, 250);
		return () => clearTimeout(timer);
	}, [typed, onChange]);
	return (
		<div className="hf-filter__field">
			<label htmlFor="filter-q">Words</label>
			<input
				id="filter-q"
				type="text"
				enterKeyHint="search"
				className="nhsuk-input"
				autoComplete="off"
				value={typed}
				onChange={(e) => setTyped(e.target.value)}
			/>
		</div>
	);
}

function Filters(props: {
	path: string;
	kinds: Timeline["kinds"];
	filter: Filter;
	setFilter: SetFilter;
}) {
	const { filter, setFilter } = props;
	// Which organisations there are takes reading the whole record, so it is asked
	// for after the first screen stands.
	const [wanted, setWanted] = useState(filter.setting !== "" || filter.org !== "");
	useEffect(() => {
		const timer = setTimeout(() => setWanted(true), 600);
		return () => clearTimeout(timer);
	}, []);
	const { data: sources, loading } = useAsked<Sources>(wanted ? `${props.path}/sources` : null);
	const want = () => setWanted(true);
	const setQ = useMemo(() => (q: string) => setFilter({ q: q || null }, true), [setFilter]);
	return (
		<form
			className="hf-filter"
			role="search"
			aria-label="Filter the timeline"
			onSubmit={(e) => e.preventDefault()}
		>
			<Choice
				id="filter-kind"
				name="Kind"
				all="All kinds"
				value={filter.kind}
				options={props.kinds.map((k) => ({ value: k.code, text: k.text, n: k.n }))}
				onChange={(kind) => setFilter({ kind: kind || null })}
			/>
			<Choice
				id="filter-setting"
				name="Setting"
				all="All settings"
				value={filter.setting}
				loading={loading}
				options={(sources?.settings ?? []).map((s) => ({ value: s.code, text: s.text, n: s.n }))}
				onOpen={want}
				onChange={(setting) => setFilter({ setting: setting || null })}
			/>
			<Choice
				id="filter-org"
				name="Organisation"
				all="All organisations"
				value={filter.org}
				loading={loading}
				options={(sources?.organisations ?? []).map((o) => ({ value: o.ref, text: o.name, n: o.n }))}
				onOpen={want}
				onChange={(org) => setFilter({ org: org || null })}
			/>
			<Words value={filter.q} onChange={setQ} />
			<button
				type="button"
				className="hf-button hf-button--quiet"
				disabled={filterIsEmpty(filter)}
				onClick={() => setFilter(Object.fromEntries(filterNames.map((n) => [n, null])))}
			>
				Clear
			</button>
		</form>
	);
}

const Entry = memo(function Entry({ fact, now }: { fact: Fact; now: number }) {
	return (
		<li className="hf-entry">
			<span className="hf-entry__time">
				{fact.time ? <time dateTime={fact.instant}>{fact.time}</time> : <span aria-hidden="true">–</span>}
			</span>
			<span className={`hf-kind hf-kind--${fact.kind}`}>{fact.kindText}</span>
			<span className="hf-entry__what">
				<Link href={withQuery({ open: fact.ref })} className="hf-entry__link" data-entry>
					{fact.title}
				</Link>
				{fact.value && <strong className="hf-entry__value"> {fact.value}</strong>}
				<FlagMark fact={fact} />
				{fact.status && <> <span className="hf-status">{fact.status}</span></>}
				{fact.detail && <span className="hf-entry__detail">{fact.detail}</span>}
			</span>
			<span className="hf-entry__from">
				{fact.org ?? (fact.by ? "" : "source not recorded")}
				{fact.by && <span>{fact.org ? `, ${fact.by}` : fact.by}</span>}
				{!fact.org && fact.settingText && fact.setting !== "other" && ` · ${fact.settingText}`}
				{fact.time && fact.instant && Date.now() - Date.parse(fact.instant) < 2 * 864e5 && (
					<span className="hf-dim"> · {relative(fact.instant, now)}</span>
				)}
			</span>
		</li>
	);
});

interface Day {
	key: string;
	text: string;
	facts: Fact[];
}

function byDay(facts: Fact[]): Day[] {
	const days: Day[] = [];
	for (const fact of facts) {
		const key = fact.day ?? "";
		const last = days[days.length - 1];
		if (last && last.key === key) last.facts.push(fact);
		else days.push({ key, text: fact.dayText ?? "No date recorded", facts: [fact] });
	}
	return days;
}

/** Arrow keys go from entry to entry; Enter opens, as a link does. */
function moveAmongEntries(e: KeyboardEvent<HTMLElement>) {
	if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
	const links = [...e.currentTarget.querySelectorAll<HTMLElement>("[data-entry]")];
	const at = links.indexOf(document.activeElement as HTMLElement);
	if (at < 0) return;
	const to = links[at + (e.key === "ArrowDown" ? 1 : -1)];
	if (!to) return;
	e.preventDefault();
	to.focus();
	to.scrollIntoView({ block: "nearest" });
}

function usePages(path: string, first: Timeline, filter: Filter) {
	const plain = filterIsEmpty(filter);
	const query = filterQuery(filter);
	const asked = useAsked<Timeline>(plain ? null : `${path}/timeline?${query}`);
	const start = plain ? first : asked.data;
	const [further, setFurther] = useState<{
		of: Timeline | undefined;
		pages: Timeline[];
		error?: ApiError;
		busy: boolean;
	}>({ of: undefined, pages: [], busy: false });
	const pages = start ? [start, ...(further.of === start ? further.pages : [])] : [];
	const next = pages[pages.length - 1]?.next;
	const busy = further.of === start && further.busy;
	const more = () => {
		if (!next || busy) return;
		const before = further.of === start ? further.pages : [];
		setFurther({ of: start, pages: before, busy: true });
		ask<Timeline>(`${path}/timeline?${filterQuery(filter, next)}`).then(
			(page) => setFurther({ of: start, pages: [...before, page], busy: false }),
			(error: unknown) =>
				setFurther({
					of: start,
					pages: before,
					busy: false,
					error: error instanceof ApiError ? error : new ApiError(0, "fault", String(error)),
				}),
		);
	};
	return {
		pages,
		next,
		more,
		busy,
		error: asked.error ?? (further.of === start ? further.error : undefined),
		again: asked.error ? asked.again : more,
		waiting: !start && !asked.error,
	};
}

export function TimelineView(props: {
	path: string;
	first: Timeline;
	filter: Filter;
	setFilter: SetFilter;
	now: number;
}) {
	const { path, first, filter, setFilter, now } = props;
	const none = useNone();
	const { pages, next, more, busy, error, again, waiting } = usePages(path, first, filter);
	const facts = useMemo(() => pages.flatMap((p) => p.entries), [pages.length, pages[0]]);
	const days = useMemo(() => byDay(facts), [facts]);
	const today = londonDay(now);
	const end = useRef<HTMLDivElement>(null);
	const moreNow = useRef(more);
	moreNow.current = more;

	useEffect(() => {
		const mark = end.current;
		if (!mark || !next) return;
		const watch = new IntersectionObserver(
			(seen) => seen.some((s) => s.isIntersecting) && moreNow.current(),
			{ rootMargin: "300px" },
		);
		watch.observe(mark);
		return () => watch.disconnect();
	}, [next]);

	const total = pages[0]?.total;
	const note = pages[pages.length - 1]?.note;
	const said = waiting
		? ""
		: facts.length === 0
			? "No entries."
			: `${count(facts.length)}${total !== undefined ? ` of ${count(total)}` : next ? " of more" : ""} ${facts.length === 1 ? "entry" : "entries"} shown.`;
	return (
		<div className="hf-timeline" id="timeline" tabIndex={-1} role="region" aria-label="Timeline">
			<div className="hf-timeline__head">
				<h2 className="hf-record__title">
					Timeline{" "}
					<span className="hf-dim hf-timeline__count" role="status">
						{said}
					</span>
				</h2>
				<Filters path={path} kinds={first.kinds} filter={filter} setFilter={setFilter} />
			</div>
			{error && <Problem error={error} again={again} />}
			{waiting && <Waiting what="the entries" />}
			{!waiting && facts.length === 0 && !error && (
				<p className="hf-empty">
					{filterIsEmpty(filter)
						? none("Nothing is recorded for this person yet.", "clinical")
						: "No entry fits the filter. Take a part of it away, or clear it."}
				</p>
			)}
			<div onKeyDown={moveAmongEntries}>
				{days.map((day) => (
					<section key={day.key} className="hf-day" aria-label={day.text}>
						<h3 className="hf-day__title">
							{day.text} <span className="hf-dim">{relativeDay(day.key, today)}</span>
						</h3>
						<ol className="hf-entries">
							{day.facts.map((f) => (
								<Entry key={f.ref} fact={f} now={now} />
							))}
						</ol>
					</section>
				))}
			</div>
			{note && <p className="hf-empty">{note}</p>}
			<div ref={end} />
			{next ? (
				<button type="button" className="hf-button" onClick={more} aria-disabled={busy}>
					{busy ? "Loading older entries…" : "Show older entries"}
				</button>
			) : (
				facts.length > 0 && (
					<p className="hf-dim">
						That is all{filterIsEmpty(filter) ? "" : " that fits the filter"}.
					</p>
				)
			)}
		</div>
	);
}

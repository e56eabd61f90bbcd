// The boards: who is next and who is late; who can be there in time.  The list on the
// left, one referral (or the teams) on the right; which one is in the address.

import { useCallback, useEffect, useMemo, useRef, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useQuery } from "../base/address";
import { plural } from "../base/format";
import { useKeys } from "../base/keys";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Filter, useFilter } from "./Filter";
import { hasView, useBoard, useHub, useTick } from "./hub";
import { Dead, List } from "./List";
import type { Board, ListState } from "./live";
import { ReferralView } from "./ReferralView";
import { Teams } from "./Teams";
import type { HubInfo, View } from "./types";
import { nextDue, timeLeft } from "./words";

/** "3 late, 5 within the hour, 12 in all" */
function Counts({ board, list }: { board: Board; list: ListState }) {
	const text = useTick((now) => {
		let late = 0;
		let soon = 0;
		for (const id of list.ids) {
			const s = board.seen(id);
			if (!s || s.gone) continue;
			const due = nextDue(s.row);
			if (due < now) late++;
			else if (due < now + 36e5) soon++;
		}
		return `${late} late, ${soon} due within the hour, ${plural(list.ids.length, "referral")} in all`;
	});
	return <p className="hf-board__counts">{list.loaded && text}</p>;
}

function sayToList(what: "n" | "list") {
	document.dispatchEvent(new CustomEvent("hf-list", { detail: what }));
}

/** To go on with after a move: the row that is due first and is not this one. */
function Next({
	board,
	list,
	id,
	onOpen,
}: {
	board: Board;
	list: ListState;
	id: string;
	onOpen: (id: string) => void;
}) {
	const next = [...list.ids, ...list.waiting]
		.map((i) => board.seen(i))
		.find((s) => s && !s.gone && s.row.id !== id)?.row;
	const left = useTick((now) => (next ? timeLeft(nextDue(next), now) : ""));
	if (!next) return <>Nobody else waits.</>;
	return (
		<button
			type="button"
			className="hf-button hf-button--quiet"
			data-next
			onClick={() => onOpen(next.id)}
		>
			Next: {next.person.name}
			{nextDue(next) < Number.MAX_SAFE_INTEGER && `, ${left}`}
		</button>
	);
}

function BoardPage(props: {
	view: View;
	title: string;
	question: string;
	empty: ReactNode;
	dispatch?: boolean;
	hub: HubInfo;
}) {
	const { view, title, question, hub, dispatch = false } = props;
	useTitle(title);
	const [query, change] = useQuery();
	const [path] = useLocation();
	const { board, list } = useBoard(`view=${view}`);
	const filter = useFilter(board);
	const opened = query.get("row") ?? undefined;
	const side = useRef<HTMLElement>(null);
	const search = query.toString();

	const open = useCallback((id: string) => change({ row: id }, true), [change]);
	const close = useCallback(() => {
		change({ row: null }, true);
		sayToList("list");
	}, [change]);
	const hrefOf = useCallback(
		(id: string) => {
			const next = new URLSearchParams(search);
			next.set("row", id);
			return `${path}?${next}`;
		},
		[path, search.replace(/&?row=[^&]*/, "")],
	);
	// What was opened takes the focus, so that it is read and worked with at once.
	useEffect(() => {
		if (!opened) return;
		const go = () => side.current?.querySelector<HTMLElement>("[data-panel-title]");
		if (go()) {
			go()?.focus();
			return;
		}
		const watch = new MutationObserver(() => {
			const title_ = go();
			if (!title_) return;
			watch.disconnect();
			title_.focus();
		});
		if (side.current) watch.observe(side.current, { childList: true, subtree: true });
		return () => watch.disconnect();
	}, [opened]);
	const keys = useMemo(() => {
		const table: Record<string, () => void> = {
			n: () => sayToList("n"),
			Escape: () => opened && close(),
			l: () => sayToList("list"),
		};
		for (let i = 1; i <= 9; i++)
			table[String(i)] = () => side.current?.querySelector<HTMLElement>(`[data-offer="${i}"]`)?.focus();
		return table;
	}, [close, opened]);
	useKeys(keys);

	return (
		<div
			className={`hf-board ${opened ? "hf-board--opened" : ""} ${dispatch ? "hf-board--dispatch" : ""}`}
		>
			<div className="hf-board__head">
				<h1>
					{title} <span className="hf-board__question">{question}</span>
				</h1>
				<Counts board={board} list={list} />
				<Filter board={board} list={list} hub={hub} of={filter} />
			</div>
			<Dead since={list.dead} />
			{list.error && !list.loaded && <Problem error={list.error} again={() => void board.load()} />}
			<div className="hf-board__columns">
				<section className="hf-board__list" aria-label={title}>
					{!list.loaded && !list.error && <Waiting what="the board" />}
					{list.loaded && (
						<List
							board={board}
							list={list}
							label={title}
							empty={
								filter.locality || filter.urgency ? (
									<p>No referral fits the filter. Clear it to see all of them.</p>
								) : (
									props.empty
								)
							}
							opened={opened}
							hrefOf={hrefOf}
							onOpen={open}
						/>
					)}
				</section>
				{opened ? (
					<aside
						className="hf-board__side"
						aria-label="The referral that is open"
						ref={side}
						onKeyDown={(e) => {
							// In a field too: what is typed there is kept.
							if (e.key === "Escape" && !e.defaultPrevented) close();
						}}
					>
						<p className="hf-board__close hf-no-print">
							<button type="button" className="hf-button hf-button--quiet" onClick={close}>
								Close <kbd aria-hidden="true">Esc</kbd>
							</button>
						</p>
						<ReferralView
							key={opened}
							id={opened}
							board={board}
							hub={hub}
							next={<Next board={board} list={list} id={opened} onOpen={open} />}
						/>
					</aside>
				) : (
					dispatch && (
						<aside className="hf-board__side" aria-label="Teams" tabIndex={0}>
							<Teams hub={hub} board={board} list={list} locality={filter.locality} />
						</aside>
					)
				)}
			</div>
		</div>
	);
}

/** The page of a board for whoever has it; for others who it is for. */
export function ForView(props: { view?: View; children: (hub: HubInfo) => ReactNode }) {
	const { data, error, again } = useHub();
	if (error)
		return (
			<div className="hf-page">
				<h1>The hub</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the hub" />
			</div>
		);
	if (props.view && !hasView(data, props.view))
		return (
			<div className="hf-page">
				<h1>Not a board of your role</h1>
				<p>
					This board is for {whose[props.view]} of {data.hub?.name ?? "the hub"}. If another of your
					roles has it, switch to that role at the top.
				</p>
			</div>
		);
	return <>{props.children(data)}</>;
}

const whose: Record<View, string> = {
	triage: "staff",
	dispatch: "staff",
	team: "members of a team",
	lead: "staff",
	new: "referrers",
	pathways: "those with a role of a pathway",
};

export function TriagePage() {
	return (
		<ForView view="triage">
			{(hub) => (
				<BoardPage
					view="triage"
					hub={hub}
					title="Triage"
					question="Who is next, and who is late?"
					empty={
						<p>
							Nobody waits for triage. New referrals appear here by themselves, as soon as they
							are sent.
						</p>
					}
				/>
			)}
		</ForView>
	);
}

export function DispatchPage() {
	return (
		<ForView view="dispatch">
			{(hub) => (
				<BoardPage
					view="dispatch"
					hub={hub}
					dispatch
					title="Dispatch"
					question="Who can be there in time?"
					empty={<p>Nobody waits for a team. What triage accepts appears here by itself.</p>}
				/>
			)}
		</ForView>
	);
}

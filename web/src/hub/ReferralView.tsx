// One referral with everything about it: on a page of its own, and at the side of a
// board.

import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { Problem, Waiting } from "../base/ui";
import { ClockTable, Chip } from "./Clocks";
import { useSeen, useTick } from "./hub";
import type { Board } from "./live";
import { useMove } from "./MoveForm";
import { Moves } from "./Moves";
import { Dangers, Flags, News, UrgencyMark, Who, valueOf } from "./parts";
import { Ranking } from "./Ranking";
import { Asked, At, Messages, Story, Suggestion, Work } from "./ReferralParts";
import type { HubInfo, Referral, Row } from "./types";
import { mainClock, ownerText, span } from "./words";

/** Has everything down to an element been on the screen?  It stands at the end of what
 *  has to be read, which may be higher than the window. */
function useSeenOnScreen(of: string): [React.RefObject<HTMLDivElement | null>, boolean] {
	const ref = useRef<HTMLDivElement>(null);
	const [seen, setSeen] = useState(false);
	useEffect(() => setSeen(false), [of]);
	useEffect(() => {
		const box = ref.current;
		if (!box || seen) return;
		const watch = new IntersectionObserver((entries) => {
			if (entries.some((e) => e.isIntersecting)) setSeen(true);
		});
		watch.observe(box);
		return () => watch.disconnect();
	});
	return [ref, seen];
}

function Head({ row }: { row: Row }) {
	const owner = ownerText(row);
	const clock = mainClock(row);
	const since = useTick((now) => (row.since ? span(now - Date.parse(row.since)) : ""));
	return (
		<div className="hf-head">
			{clock && <Chip clock={clock} />}
			<span>
				<strong>{row.stateText}</strong>
				{since && ` for ${since}`}
				{owner && `, ${row.offered ? owner : `with ${owner}`}`}
			</span>
			<UrgencyMark row={row} />
			<News row={row} />
			<Flags
				flags={(row.flags ?? []).filter((f) => f.category !== "SG" && f.category !== "SS")}
				most={6}
			/>
		</div>
	);
}

export function useReferral(id: string) {
	return useAsked<Referral>(`/api/hub/referrals/${encodeURIComponent(id)}`);
}

export function ReferralView(props: {
	id: string;
	board: Board;
	hub: HubInfo | undefined;
	/** A page of its own: everything open; else the side of a board. */
	whole?: boolean;
	/** Grows when something may have been missed: it is loaded anew. */
	opens?: number;
	/** Shown after a move: where to go next. */
	next?: ReactNode;
	onMoved?: (row: Row) => void;
}) {
	const { id, board, hub, whole = false } = props;
	const { data, error, again } = useReferral(id);
	const seen = useSeen(board, id);
	const [done, setDone] = useState("");
	const [dangers, dangersSeen] = useSeenOnScreen(id);
	const doneRef = useRef<HTMLDivElement>(null);
	const toForm = useRef(false);

	// Somebody changed it: what is shown here follows.
	const live = seen?.row.version ?? 0;
	const shown = data?.row.version ?? 0;
	useEffect(() => {
		if (live > shown && shown > 0) again();
	}, [live, shown, again]);
	const opens = props.opens ?? 0;
	useEffect(() => {
		if (opens > 0) again();
	}, [opens, again]);
	useEffect(() => {
		board.looked(id);
	}, [board, id, live]);

	const onMoved = useCallback(
		(row: Row, event: string) => {
			board.mine(row);
			const title = data?.moves.find((m) => m.event === event)?.title ?? "Done";
			// Who opens triage goes on to decide; every other move is told, and what is next.
			toForm.current = event === "open-triage";
			setDone(toForm.current ? "" : `${title}: ${row.stateText.toLowerCase()} now.`);
			again();
			props.onMoved?.(row);
		},
		[board, again, data],
	);
	useEffect(() => {
		if (done) doneRef.current?.focus();
	}, [done]);
	useEffect(() => {
		const field = toForm.current && document.getElementById("move-accept-urgency");
		if (!field) return;
		toForm.current = false;
		field.focus();
	}, [data]);
	const changed = useCallback(
		(row: Row | undefined) => {
			if (row) board.mine(row);
			again();
		},
		[board, again],
	);
	const moving = useMove(data ?? ({ row: { id } } as Referral), onMoved, again);

	if (error && !data) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="the referral" />;
	const { row, request } = data;
	const allocate = data.moves.find((m) => m.event === "allocate");
	const ranks = !!allocate?.allowed;
	const triage = row.state === "in-triage";
	const story = (
		<section aria-labelledby="story-title">
			<h3 id="story-title">Story</h3>
			<Story story={data.story} tasks={data.tasks} hub={hub} />
		</section>
	);
	const asked = (
		<section aria-labelledby="asked-title">
			<h3 id="asked-title">What was asked</h3>
			<Asked request={request} hub={hub} whole={whole} />
			{!whole && (
				<p>
					<Link href={`/hub/referrals/${encodeURIComponent(id)}`}>Open the whole referral</Link>
				</p>
			)}
		</section>
	);
	const notices = (
		<section aria-labelledby="notices-title">
			<h3 id="notices-title">Told to the referrer</h3>
			{data.notices.length === 0 ? (
				<p className="hf-empty">Nothing was sent to the referrer yet.</p>
			) : (
				<ul className="hf-work">
					{data.notices.map((n, i) => (
						<li key={i}>
							<At at={n.at} /> {n.text}
						</li>
					))}
				</ul>
			)}
		</section>
	);
	return (
		<article
			className={`hf-referral ${whole ? "hf-referral--whole" : ""}`}
			aria-label={`Referral of ${row.person.name}`}
		>
			<div className="hf-referral__top">
				<Who row={row} request={request} />
			</div>
			<Dangers row={row} request={request} />
			<div ref={dangers} className="hf-dangers__end" />
			{done && (
				<div className="hf-done hf-done--small" role="status" tabIndex={-1} ref={doneRef}>
					{done} {props.next}
				</div>
			)}
			<Head row={row} />
			<p className="hf-referral__problem">
				<strong>{row.problem ?? "No problem was written."}</strong>{" "}
				<span className="hf-dim">
					{[
						row.conditionText,
						row.sourceText,
						valueOf(request, "referrer.name"),
						valueOf(request, "referrer.phone"),
					]
						.filter(Boolean)
						.join(" · ")}
				</span>
			</p>
			<div className="hf-referral__columns">
				<div>
					{triage && <Suggestion of={data.suggested} hub={hub} />}
					{ranks && <Ranking referral={data} moving={moving} />}
					<Moves
						referral={data}
						hub={hub}
						moving={moving}
						dangersSeen={dangersSeen}
						skip={ranks ? ["allocate"] : []}
					/>
					<Work referral={data} hub={hub} onDone={changed} />
					{!whole && asked}
					<Messages referral={data} onSent={changed} />
					{whole && asked}
				</div>
				<div>
					<section aria-labelledby="clocks-title">
						<h3 id="clocks-title">Clocks</h3>
						<ClockTable row={row} />
					</section>
					{story}
					{notices}
				</div>
			</div>
		</article>
	);
}

// One referral with everything about it: on a page of its own, and at the side of a
// board.

import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useSession } from "../access/session";
import { asApiError, send, useAsked } from "../base/api";
import { relative } from "../base/format";
import { Area, Select } from "../base/form";
import { Problem, Waiting } from "../base/ui";
import { ClockTable, Chip } from "./Clocks";
import { groups, newPerson } from "./items";
import { textOf, useDraft, useMinute, useSeen, useTick } from "./hub";
import type { Board } from "./live";
import { closesTriage, consequence, MoveForm, MoveProblem, useMove, type Moving } from "./MoveForm";
import { Dangers, Flags, News, UrgencyMark, Who, valueOf } from "./parts";
import { Ranking } from "./Ranking";
import type { HubInfo, Move, Referral, Row, Said, Step, Suggested, WorkTask } from "./types";
import { clockTime, inSentence, mainClock, ownerText, span, unhyphened } from "./words";

/** Has an element been wholly on the screen? */
function useSeenOnScreen(of: string): [React.RefObject<HTMLDivElement | null>, boolean] {
	const ref = useRef<HTMLDivElement>(null);
	const [seen, setSeen] = useState(false);
	useEffect(() => setSeen(false), [of]);
	useEffect(() => {
		const box = ref.current;
		if (!box || seen) return;
		const watch = new IntersectionObserver(
			(entries) => {
				// A block higher than the window counts once most of it was there.
				if (entries.some((e) => e.isIntersecting && e.intersectionRatio > 0.9)) setSeen(true);
			},
			{ threshold: [0.91] },
		);
		watch.observe(box);
		return () => watch.disconnect();
	});
	return [ref, seen];
}

function At({ at }: { at: string }) {
	const now = useMinute() + 30_000;
	return (
		<time dateTime={at}>
			{clockTime(at, now)} <span className="hf-dim">{relative(at, now)}</span>
		</time>
	);
}

// ---- what was asked ----

const items = [...newPerson, ...groups.flatMap((g) => g.items)];
const elsewhere = ["problem", "safeguarding", "scene", "loneWorker", "channel", "person.id"];
const yes: Record<string, string> = { true: "Yes", false: "No", yes: "Yes", no: "No" };
const measures: Record<string, string> = {
	respiration: "respiration",
	spo2: "SpO₂",
	oxygen: "on",
	systolic: "systolic BP",
	pulse: "pulse",
	consciousness: "consciousness",
	temperature: "temperature",
};

function valueText(said: Said, hub: HubInfo | undefined): string {
	const text = said.value ?? "";
	const item = items.find((i) => i.path === said.item);
	if (item?.list === "services") return hub?.services.find((s) => s.code === text)?.text ?? text;
	if (item?.list === "urgencies") return `${text} ${textOf(hub?.urgencies, text)}`;
	if (item?.list) return textOf(hub?.[item.list], text);
	if (item?.kind === "time") return clockTime(text, Date.now()) || text;
	return yes[text] ?? text;
}

function Asked({ request, hub, whole }: { request: Said[]; hub: HubInfo | undefined; whole: boolean }) {
	const first = ["service", "expectation", "onset", "tried", "location", "allergies", "medicines", "access", "alone", "capacity", "respect"];
	const said = request.filter((s) => s.value && !elsewhere.includes(s.item) && !s.item.startsWith("news2."));
	const taken = valueOf(request, "news2.at");
	const news = Object.entries(measures)
		.map(([k, name]) => [name, valueOf(request, `news2.${k}`)])
		.filter(([, v]) => v)
		.map(([name, v]) => `${name} ${v}`)
		.join(", ");
	const shown = whole ? said : said.filter((s) => first.includes(s.item));
	const wanted = items.filter((i) => !elsewhere.includes(i.path) && (whole ? !i.path.startsWith("person.") : first.includes(i.path)));
	const missing = wanted
		.filter((i) => !said.some((s) => s.item === i.path))
		.map((i) => inSentence(i.label));
	if (request.length === 0) return <p className="hf-empty">What was said is not shown to your role.</p>;
	return (
		<>
			{news && (
				<p className="hf-asked__news">
					<span className="hf-dim">Measured{taken && ` ${clockTime(taken, Date.now())}`}:</span> {news}
				</p>
			)}
			<dl className="hf-asked">
				{shown.map((s, i) => (
					<div key={`${s.item}-${i}`}>
						<dt>{items.find((k) => k.path === s.item)?.label ?? s.title ?? s.item}</dt>
						<dd>{valueText(s, hub)}</dd>
					</div>
				))}
			</dl>
			{missing.length > 0 && <p className="hf-dim hf-asked__missing">Not recorded: {missing.join(", ")}.</p>}
		</>
	);
}

function Suggestion({ of, hub }: { of: Suggested | undefined; hub: HubInfo | undefined }) {
	if (!of?.urgency) return null;
	return (
		<p className="hf-suggested">
			<strong>
				Suggested: {of.urgency} {textOf(hub?.urgencies, of.urgency)}
			</strong>
			{of.reasons && of.reasons.length > 0 && `, because: ${of.reasons.join("; ")}.`} You decide.
		</p>
	);
}

// ---- what can be done ----

/** Done at one press: everybody knows what follows, and the next step mends it. */
const atOnce = ["open-triage", "acknowledge", "team-accept", "set-off", "no-access"];

const first = ["open-triage", "accept", "team-accept", "set-off", "start-contact", "record-outcome", "safe-and-well", "ambulance-outcome", "hand-over", "supply-information"];

function Moves(props: {
	referral: Referral;
	hub: HubInfo | undefined;
	moving: Moving;
	dangersSeen: boolean;
	skip: string[];
}) {
	const { referral, hub, moving, dangersSeen } = props;
	const moves = referral.moves.filter((m) => !props.skip.includes(m.event));
	const can = moves
		.filter((m) => m.allowed)
		.sort((a, b) => (first.indexOf(a.event) + 1 || 99) - (first.indexOf(b.event) + 1 || 99));
	const cannot = moves.filter((m) => !m.allowed);
	const [chosen, setChosen] = useState<string>();
	const opener = can.find((m) => m.event === "accept" || m.event === "record-outcome");
	// The form that most come for is open; another is opened in its place.
	const open = chosen ?? opener?.event;
	const there = moves.find((m) => m.event === open);
	// A move that somebody was filling in while another was made keeps its form, and
	// says why it cannot be sent any more: nothing typed is lost.
	const before = useRef<Move | undefined>(undefined);
	const last = referral.story[referral.story.length - 1];
	const kept = chosen && !there && before.current?.event === chosen ? before.current : undefined;
	const openMove =
		there ??
		(kept && {
			...kept,
			allowed: false,
			why: `${last?.by?.name ?? "Somebody"} did “${last?.title ?? "something"}” meanwhile: it is ${referral.row.stateText.toLowerCase()} now.`,
		});
	useEffect(() => {
		if (there) before.current = there;
	});
	const needsForm = (m: Move) => !atOnce.includes(m.event);
	return (
		<section className="hf-moves hf-no-print" aria-labelledby="moves-title">
			<h3 id="moves-title">What can happen next</h3>
			{can.length === 0 && (
				<p className="hf-empty">
					{cannot.length > 0
						? "Nothing that you could do now. Below is what others can, and who."
						: `Nothing more: it is ${referral.row.stateText.toLowerCase()}.`}
				</p>
			)}
			<div className="hf-buttons">
				{can.map((m) =>
					needsForm(m) ? (
						<button
							key={m.event}
							type="button"
							className={`hf-button hf-button--quiet ${m.event === "call-999" ? "hf-button--danger" : ""}`}
							aria-expanded={open === m.event}
							data-do={m.event}
							onClick={() => {
								moving.setError(undefined);
								setChosen(open === m.event ? "" : m.event);
							}}
						>
							{m.title}…
						</button>
					) : (
						<button
							key={m.event}
							type="button"
							className="hf-main-button hf-main-button--small"
							aria-disabled={!!moving.busy || (closesTriage(m, referral.row) && !dangersSeen)}
							data-do={m.event}
							onClick={() => void moving.run(m.event, {})}
						>
							{consequence(m)}
						</button>
					),
				)}
			</div>
			{openMove && needsForm(openMove) ? (
				<MoveForm
					key={openMove.event}
					referral={referral}
					move={openMove}
					hub={hub}
					moving={moving}
					dangersSeen={dangersSeen}
					onTyped={() => setChosen(openMove.event)}
					onDone={() => setChosen(undefined)}
				/>
			) : (
				!props.skip.includes("allocate") && <MoveProblem error={moving.error} />
			)}
			{cannot.length > 0 && (
				<details className="hf-past" open={can.length === 0}>
					<summary>Not possible now ({cannot.length}), why, and who can</summary>
					<ul className="hf-cannot">
						{cannot.map((m) => (
							<li key={m.event}>
								<button type="button" className="hf-button hf-button--quiet" disabled>
									{m.title}
								</button>{" "}
								<span>{m.why ? m.why.replace(/This is for: .*/, unhyphened) : "Not in this state."}</span>
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

// ---- what was said ----

function Messages({ referral, onSent }: { referral: Referral; onSent: (row: Row | undefined) => void }) {
	const { session } = useSession();
	const [draft, setDraft, clear] = useDraft<{ text?: string }>(
		`message.${session?.actor?.id ?? ""}.${referral.row.id}`,
		{},
	);
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const to = referral.row.owner?.kind === "team" ? `the hub and ${referral.row.owner.name ?? "the team"}` : "everybody on this referral";
	return (
		<section aria-labelledby="messages-title">
			<h3 id="messages-title">Messages</h3>
			{referral.messages.length === 0 && <p className="hf-empty">No messages yet.</p>}
			<ul className="hf-messages">
				{referral.messages.map((m, i) => (
					<li key={i} className={m.mine ? "hf-messages__mine" : ""}>
						<span className="hf-messages__by">
							{m.mine ? "You" : (m.by ?? "Somebody")}, <At at={m.at} />
						</span>
						<span className="hf-messages__text">{m.text}</span>
					</li>
				))}
			</ul>
			<form
				className="hf-move hf-no-print"
				onSubmit={(e) => {
					e.preventDefault();
					const text = draft.text?.trim();
					if (!text || busy) return;
					setBusy(true);
					setError("");
					send<{ row?: Row }>(`/api/hub/referrals/${encodeURIComponent(referral.row.id)}/messages`, { text })
						.then(({ row }) => {
							clear();
							onSent(row);
						})
						.catch((thrown: unknown) => setError(`Not sent, and kept here. ${asApiError(thrown).message}`))
						.finally(() => setBusy(false));
				}}
			>
				<Area
					label={`Message to ${to}`}
					rows={2}
					maxLength={4000}
					value={draft.text ?? ""}
					onChange={(text) => setDraft({ text })}
					error={error || undefined}
				/>
				<button type="submit" className="hf-button hf-button--quiet" aria-disabled={busy || !draft.text?.trim()}>
					Send message
				</button>
			</form>
		</section>
	);
}

const kinds: Record<string, string> = { alert: "Alert", breach: "Late", work: "To do" };
const taskText = (t: WorkTask) =>
	`${kinds[t.kind] ?? "Task"}: ${t.title ?? ""}${t.role && t.kind !== "breach" ? `, for ${unhyphened(t.role)}` : ""}`;

function factText(facts: Record<string, unknown> | undefined, hub: HubInfo | undefined): string {
	if (!facts) return "";
	const lists = hub
		? [hub.urgencies, hub.conditions, hub.outcomes, hub.rejections, hub.cancellations, hub.downgrades, hub.declines, hub.skills]
		: [];
	const word = (v: unknown): string => {
		if (Array.isArray(v)) return v.map(word).join(", ");
		if (typeof v === "object" && v !== null) return "";
		for (const list of lists) {
			const found = list.find((c) => c.code === v);
			if (found) return found.code.length <= 2 && /^[UA]\d$/.test(found.code) ? found.code : found.text;
		}
		return typeof v === "string" ? v : "";
	};
	return Object.values(facts).map(word).filter(Boolean).join(" · ");
}

function Story({ story, tasks, hub }: { story: Step[]; tasks: WorkTask[]; hub: HubInfo | undefined }) {
	return (
		<ol className="hf-story">
			{[...story].reverse().map((s, i) => {
				// What the time that passed set going stands at the same instant.
				const facts = s.event.startsWith("@time")
					? tasks.filter((t) => t.at === s.at).map(taskText).join("; ")
					: factText(s.given, hub);
				return (
					<li key={story.length - i} className={s.event.startsWith("@") ? "hf-story__time" : ""}>
						<At at={s.at} />
						<div>
							<strong>{s.title}</strong>
							{s.team && ` (${s.team})`}
							{s.toText && s.to !== story[story.length - 2 - i]?.to && (
								<span className="hf-dim"> → {s.toText}</span>
							)}
							{s.by?.name && (
								<span>
									{" "}
									by {s.by.name}
									{s.by.role && <span className="hf-dim">, {unhyphened(s.by.role)}</span>}
								</span>
							)}
							{facts && <div className="hf-story__facts">{facts}</div>}
							{s.note && <div className="hf-story__note">{s.note}</div>}
						</div>
					</li>
				);
			})}
		</ol>
	);
}

// ---- work, offers, late clocks ----

function Late(props: {
	referral: Referral;
	clock: string;
	hub: HubInfo | undefined;
	onDone: (row: Row | undefined) => void;
}) {
	const { referral, clock, hub } = props;
	const [reason, setReason] = useState("");
	const [note, setNote] = useState("");
	const [error, setError] = useState("");
	const title = referral.row.clocks?.find((c) => c.id === clock)?.title ?? clock;
	return (
		<form
			className="hf-move"
			onSubmit={(e) => {
				e.preventDefault();
				if (!reason) {
					setError("Choose why it was late.");
					return;
				}
				send<{ row?: Row }>(`/api/hub/breaches/${encodeURIComponent(referral.row.id)}`, {
					clock,
					reason,
					...(note.trim() ? { note: note.trim() } : {}),
				})
					.then(({ row }) => props.onDone(row))
					.catch((thrown: unknown) => setError(asApiError(thrown).message));
			}}
		>
			<Select
				label={`Why was it late: ${title}`}
				empty="Choose one"
				choices={hub?.breaches ?? []}
				value={reason}
				onChange={setReason}
				error={error || undefined}
			/>
			<Area label="Note (optional)" rows={1} maxLength={2000} value={note} onChange={setNote} />
			<button type="submit" className="hf-button hf-button--quiet">
				Record why it was late
			</button>
		</form>
	);
}

const isOpen = (t: WorkTask) => !["completed", "cancelled", "rejected", "failed"].includes(t.status ?? "");

function Work({ referral, hub, onDone }: {
	referral: Referral;
	hub: HubInfo | undefined;
	onDone: (row: Row | undefined) => void;
}) {
	const late = referral.row.needsReason ?? [];
	const rest = referral.tasks.filter((t) => t.kind !== "breach" && t.kind !== "offer");
	if (late.length === 0 && rest.length === 0 && referral.offers.length === 0) return null;
	return (
		<section aria-labelledby="work-title">
			<h3 id="work-title">Work and offers</h3>
			{rest.length > 0 && (
				<ul className="hf-work">
					{rest.map((t) => (
						<li key={t.id} className={isOpen(t) ? "" : "hf-dim"}>
							<strong>{t.title ?? "Task"}</strong>
							{t.role && `, for ${unhyphened(t.role)}`}
							{t.due && isOpen(t) && (
								<>
									, due <At at={t.due} />
								</>
							)}{" "}
							<span className="hf-status">{isOpen(t) ? "open" : t.status}</span>
						</li>
					))}
				</ul>
			)}
			{referral.offers.length > 0 && (
				<ul className="hf-work">
					{referral.offers.map((o, i) => (
						<li key={`${o.team.id}-${i}`}>
							Offered to <strong>{o.team.name}</strong>, <At at={o.at} />{" "}
							<span className="hf-status">{{ requested: "waits for an answer" }[o.status] ?? o.status}</span>
							{o.reason && ` ${textOf(hub?.declines, o.reason)}`}
						</li>
					))}
				</ul>
			)}
			{late.map((clock) => (
				<Late key={clock} referral={referral} clock={clock} hub={hub} onDone={onDone} />
			))}
		</section>
	);
}

// ---- the whole ----

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
			<Flags flags={(row.flags ?? []).filter((f) => f.category !== "SG" && f.category !== "SS")} most={6} />
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
		<article className={`hf-referral ${whole ? "hf-referral--whole" : ""}`} aria-label={`Referral of ${row.person.name}`}>
			<div className="hf-referral__top">
				<Who row={row} request={request} />
			</div>
			<div ref={dangers}>
				<Dangers row={row} request={request} />
			</div>
			{done && (
				<div className="hf-done hf-done--small" role="status" tabIndex={-1} ref={doneRef}>
					{done} {props.next}
				</div>
			)}
			<Head row={row} />
			<p className="hf-referral__problem">
				<strong>{row.problem ?? "No problem was written."}</strong>{" "}
				<span className="hf-dim">
					{[row.conditionText, row.sourceText, valueOf(request, "referrer.name"), valueOf(request, "referrer.phone")]
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


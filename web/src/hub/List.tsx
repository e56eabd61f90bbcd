// The rows of a board.  Thousands may be there: they stand in groups, and a group far
// from what is looked at is an empty space of the height it had.
//
// Keys: arrows, Home and End move; Enter opens; c shows the clocks; n fetches what
// waits.  One row takes part in the Tab order: the one that had the focus last.

import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { plural } from "../base/format";
import { useTick } from "./hub";
import type { Board, ListState } from "./live";
import { RowLine } from "./RowLine";
import { clockTime, nextDue, timeLeft } from "./words";

const groupOf = 20;
const rowHeight = 52;

interface GroupProps {
	board: Board;
	ids: readonly string[];
	first: number;
	total: number;
	/** Drawn whatever the window shows: it has the focus, or is printed. */
	always: boolean;
	watch: IntersectionObserver | null;
	active: string | undefined;
	opened: string | undefined;
	hrefOf: (id: string) => string;
	onOpen: (id: string) => void;
}

const sameIds = (a: readonly string[], b: readonly string[]) =>
	a.length === b.length && a.every((id, i) => id === b[i]);

const Group = memo(
	function Group(props: GroupProps) {
		const ref = useRef<HTMLDivElement>(null);
		const [near, setNear] = useState(props.first < 2 * groupOf);
		const height = useRef(rowHeight * props.ids.length);
		const drawn = near || props.always;
		useEffect(() => {
			const box = ref.current;
			if (!box || !props.watch) return;
			const heard = (e: Event) => setNear((e as CustomEvent<boolean>).detail);
			box.addEventListener("hf-near", heard);
			props.watch.observe(box);
			return () => {
				box.removeEventListener("hf-near", heard);
				props.watch?.unobserve(box);
			};
		}, [props.watch]);
		useLayoutEffect(() => {
			if (drawn && ref.current) height.current = ref.current.offsetHeight || height.current;
		});
		return (
			<div
				ref={ref}
				role="presentation"
				style={
					drawn
						? undefined
						: { height: (height.current / Math.max(1, props.ids.length)) * props.ids.length }
				}
			>
				{drawn &&
					props.ids.map((id, i) => (
						<RowLine
							key={id}
							board={props.board}
							id={id}
							index={props.first + i}
							total={props.total}
							active={props.active === id}
							opened={props.opened === id}
							href={props.hrefOf(id)}
							onOpen={props.onOpen}
						/>
					))}
			</div>
		);
	},
	(a, b) =>
		a.board === b.board &&
		a.first === b.first &&
		a.total === b.total &&
		a.always === b.always &&
		a.watch === b.watch &&
		a.hrefOf === b.hrefOf &&
		a.onOpen === b.onOpen &&
		sameIds(a.ids, b.ids) &&
		(a.active === b.active || (!a.ids.includes(a.active ?? "") && !b.ids.includes(b.active ?? ""))) &&
		(a.opened === b.opened || (!a.ids.includes(a.opened ?? "") && !b.ids.includes(b.opened ?? ""))),
);

/** Tells each group whether it is near what is looked at. */
function useWatch(scroller: React.RefObject<HTMLElement | null>): IntersectionObserver | null {
	const [watch, setWatch] = useState<IntersectionObserver | null>(null);
	useEffect(() => {
		const box = scroller.current;
		if (!box) return;
		const make = () => {
			const inner = getComputedStyle(box).overflowY === "auto";
			return new IntersectionObserver(
				(entries) => {
					for (const e of entries)
						e.target.dispatchEvent(new CustomEvent("hf-near", { detail: e.isIntersecting }));
				},
				{ root: inner ? box : null, rootMargin: "600px 0px" },
			);
		};
		let made = make();
		setWatch(made);
		const again = () => {
			made.disconnect();
			made = make();
			setWatch(made);
		};
		const wide = window.matchMedia("(min-width: 1000px) and (min-height: 560px)");
		wide.addEventListener("change", again);
		return () => {
			wide.removeEventListener("change", again);
			made.disconnect();
		};
	}, [scroller]);
	return watch;
}

function usePrinting(): boolean {
	const [on, setOn] = useState(false);
	useEffect(() => {
		const before = () => flushSync(() => setOn(true));
		const after = () => setOn(false);
		window.addEventListener("beforeprint", before);
		window.addEventListener("afterprint", after);
		return () => {
			window.removeEventListener("beforeprint", before);
			window.removeEventListener("afterprint", after);
		};
	}, []);
	return on;
}

/** "3 new, the first due in 12 min": what waits while the list is read. */
function Waits({ board, list, show }: { board: Board; list: ListState; show: () => void }) {
	const soonest = Math.min(
		...list.waiting.map((id) => (board.seen(id) ? nextDue(board.seen(id)!.row) : Infinity)),
	);
	const left = useTick((now) => (soonest < Number.MAX_SAFE_INTEGER ? timeLeft(soonest, now) : ""));
	if (list.waiting.length === 0) return null;
	return (
		<button type="button" className="hf-waits" onClick={show} data-waits>
			<strong>{list.waiting.length} new</strong>
			{left && `, the first ${left}`} <kbd aria-hidden="true">n</kbd>
		</button>
	);
}

export function Dead({ since }: { since: number | undefined }) {
	if (since === undefined) return null;
	return (
		<p className="hf-dead" role="status">
			<strong>Not live since {clockTime(since, since)}.</strong> What you see may be old. It is tried
			again by itself; what you do is still sent, and refused if somebody was faster.
		</p>
	);
}

export function List(props: {
	board: Board;
	list: ListState;
	label: string;
	empty: React.ReactNode;
	opened: string | undefined;
	hrefOf: (id: string) => string;
	onOpen: (id: string) => void;
}) {
	const { board, list, opened, onOpen } = props;
	const scroller = useRef<HTMLDivElement>(null);
	const watch = useWatch(scroller);
	const printing = usePrinting();
	const [last, setLast] = useState<string>();
	const wanted = useRef<string | undefined>(undefined);
	const reading = useRef({ pointer: false, focus: false, scrolled: false });
	const ids = list.ids;
	const active = last && ids.includes(last) ? last : opened && ids.includes(opened) ? opened : ids[0];

	const said = () => {
		const r = reading.current;
		board.setReading(r.pointer || r.focus || r.scrolled);
	};
	useEffect(() => {
		const watchScroll = () => {
			const box = scroller.current;
			if (!box) return;
			const inner = getComputedStyle(box).overflowY === "auto";
			const past = inner ? box.scrollTop > 30 : box.getBoundingClientRect().top < -30;
			if (past === reading.current.scrolled) return;
			reading.current.scrolled = past;
			said();
		};
		const box = scroller.current;
		box?.addEventListener("scroll", watchScroll, { passive: true });
		window.addEventListener("scroll", watchScroll, { passive: true });
		return () => {
			box?.removeEventListener("scroll", watchScroll);
			window.removeEventListener("scroll", watchScroll);
			board.setReading(false);
		};
	}, [board]);

	const focusRow = useCallback((id: string | undefined) => {
		if (!id) return;
		wanted.current = id;
		setLast(id);
	}, []);
	useLayoutEffect(() => {
		const id = wanted.current;
		if (!id) return;
		const link = scroller.current?.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(id)}"]`);
		if (!link) return;
		wanted.current = undefined;
		link.focus({ preventScroll: true });
		link.closest("[data-row]")?.scrollIntoView({ block: "nearest" });
	});

	const showNew = useCallback(() => {
		const first = board.list().waiting[0];
		board.sort();
		const at = board.list().waiting.length === 0 ? board.list().ids : [];
		const fresh = at.find((id) => board.seen(id)?.mark === "new") ?? first;
		focusRow(fresh);
	}, [board, focusRow]);

	// Where the list is not focused, n still fetches what waits.
	useEffect(() => {
		const key = (e: Event) => {
			// At once: the next key is meant for the row.
			const what = (e as CustomEvent<string>).detail;
			flushSync(() => (what === "n" ? showNew() : focusRow(active)));
		};
		document.addEventListener("hf-list", key);
		return () => document.removeEventListener("hf-list", key);
	}, [showNew, focusRow, active]);

	const onKeyDown = (e: KeyboardEvent) => {
		if (e.ctrlKey || e.altKey || e.metaKey) return;
		const at = active ? ids.indexOf(active) : -1;
		const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 600) / rowHeight) - 1);
		const to: Record<string, number> = {
			ArrowDown: at + 1,
			ArrowUp: at - 1,
			PageDown: at + page,
			PageUp: at - page,
			Home: 0,
			End: ids.length - 1,
		};
		const next = to[e.key];
		if (next !== undefined && ids.length > 0) {
			e.preventDefault();
			focusRow(ids[Math.max(0, Math.min(ids.length - 1, next))]);
			return;
		}
		if (e.key === "c" && active) {
			e.preventDefault();
			const row = scroller.current?.querySelector(`[data-row="${CSS.escape(active)}"]`);
			row?.querySelector<HTMLElement>("[data-clocks]")?.click();
		}
	};

	const groups = [];
	for (let i = 0; i < ids.length; i += groupOf) groups.push(ids.slice(i, i + groupOf));
	return (
		<div
			className="hf-list"
			ref={scroller}
			onKeyDown={onKeyDown}
			onPointerEnter={(e) => {
				if (e.pointerType === "touch") return;
				reading.current.pointer = true;
				said();
			}}
			onPointerLeave={() => {
				reading.current.pointer = false;
				said();
			}}
			onFocus={(e) => {
				const row = (e.target as HTMLElement).closest<HTMLElement>("[data-row]");
				if (row?.dataset.row) setLast(row.dataset.row);
				reading.current.focus = true;
				said();
			}}
			onBlur={(e) => {
				if (scroller.current?.contains(e.relatedTarget)) return;
				reading.current.focus = false;
				said();
			}}
		>
			<Waits board={board} list={list} show={showNew} />
			<div className="hf-list__heads" aria-hidden="true">
				<span>Time left</span>
				<span>Person</span>
				<span>Problem, source, place</span>
				<span>Flags</span>
				<span>NEWS2, urgency</span>
				<span>State, who has it</span>
			</div>
			{ids.length === 0 ? (
				<div className="hf-empty hf-list__empty">{props.empty}</div>
			) : (
				<div role="list" aria-label={`${props.label}, ${plural(ids.length, "referral")}`}>
					{groups.map((g, k) => (
						<Group
							key={k}
							board={board}
							ids={g}
							first={k * groupOf}
							total={ids.length}
							always={printing || (!!active && g.includes(active) && active === last)}
							watch={watch}
							active={active}
							opened={opened}
							hrefOf={props.hrefOf}
							onOpen={onOpen}
						/>
					))}
				</div>
			)}
		</div>
	);
}

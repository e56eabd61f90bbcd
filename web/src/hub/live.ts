// A board that stays as the server has it: loaded once, then changed row by row by
// server-sent events.
//
// While somebody reads the list its order stands still: what changes is drawn in its
// place and marked, what is new waits until it is asked for, what left stays visible
// and says so.  Only rows that changed are drawn again.

import { ApiError, asApiError, ask } from "../base/api";
import type { BoardAnswer, Row } from "./types";
import { byTimeLeft, changeText } from "./words";

/** Between our clock and the server's, in ms: time left is the server's. */
let skew = 0;

export const serverNow = () => Date.now() + skew;

export function setServerTime(at: string | undefined) {
	const t = at ? Date.parse(at) : Number.NaN;
	// Less than what the network takes is no difference.
	if (Number.isFinite(t)) skew = Math.abs(t - Date.now()) > 1500 ? t - Date.now() : 0;
}

export interface Seen {
	row: Row;
	/** What somebody else changed, until it has been seen for a while. */
	mark?: string;
	gone?: boolean;
}

export interface ListState {
	ids: readonly string[];
	/** New rows that wait until the list is not being read. */
	waiting: readonly string[];
	loaded: boolean;
	/** Since when nothing comes from the server. */
	dead?: number;
	error?: ApiError;
	/** How often something may have been missed (of one referral that is followed). */
	opens: number;
}

const markedFor = 60_000;
const deadAfter = 4_000;
const hiddenFor = 30_000;

type Event_ = { row: Row; gone?: undefined } | { row?: undefined; gone: string };

export class Board {
	private rows = new Map<string, Seen>();
	private state: ListState = { ids: [], waiting: [], loaded: false, opens: 0 };
	private ears = new Set<() => void>();
	private rowEars = new Map<string, Set<() => void>>();
	private reading = false;
	private keep: (row: Row) => boolean = () => true;
	private source: EventSource | null = null;
	/** Of the board that was loaded: what came since is asked for. */
	private seq = 0;
	/** What came while the board was being loaded; null: it is loaded. */
	private early: Event_[] | null = [];
	private deadTimer: ReturnType<typeof setTimeout> | undefined;
	private retry: ReturnType<typeof setTimeout> | undefined;
	private hideTimer: ReturnType<typeof setTimeout> | undefined;
	private unmark: ReturnType<typeof setTimeout> | undefined;
	private marked = new Map<string, number>();
	private wait = 1000;
	private own = new Map<string, number>();
	private loading: AbortController | null = null;

	/** query: "view=triage", "view=team&team=…".  only: one referral is followed, and
	 *  no board is loaded; whoever shows it loads it anew when `opens` grows. */
	constructor(
		private readonly query: string,
		private readonly only?: string,
	) {}

	// ---- what the page listens to ----

	listen = (ear: () => void) => {
		this.ears.add(ear);
		return () => this.ears.delete(ear);
	};
	list = () => this.state;
	listenRow(id: string, ear: () => void) {
		let ears = this.rowEars.get(id);
		if (!ears) this.rowEars.set(id, (ears = new Set()));
		ears.add(ear);
		return () => {
			ears.delete(ear);
			if (ears.size === 0) this.rowEars.delete(id);
		};
	}
	seen = (id: string) => this.rows.get(id);
	all = (): Row[] => [...this.rows.values()].filter((s) => !s.gone).map((s) => s.row);

	private tell(change: Partial<ListState>) {
		this.state = { ...this.state, ...change };
		for (const ear of this.ears) ear();
	}
	private tellRow(id: string) {
		for (const ear of this.rowEars.get(id) ?? []) ear();
	}

	// ---- the order ----

	filter(keep: (row: Row) => boolean) {
		this.keep = keep;
		if (this.state.loaded) this.sort();
	}

	setReading(on: boolean) {
		if (this.reading === on) return;
		this.reading = on;
		if (!on) this.sort();
	}

	/** Puts everything where it belongs, with what was waiting. */
	sort = () => {
		for (const [id, s] of this.rows) if (s.gone) this.rows.delete(id);
		const rows = [...this.rows.values()].map((s) => s.row).filter(this.keep);
		const ids = rows.sort(byTimeLeft).map((r) => r.id);
		const same = ids.length === this.state.ids.length && ids.every((id, i) => id === this.state.ids[i]);
		if (same && this.state.waiting.length === 0) return;
		this.tell({ ids: same ? this.state.ids : ids, waiting: [] });
	};

	// ---- changes ----

	private mark(id: string, text: string) {
		const s = this.rows.get(id);
		if (!s) return;
		this.rows.set(id, { ...s, mark: text });
		this.marked.set(id, Date.now() + markedFor);
		this.unmark ??= setTimeout(this.unmarkOld, markedFor + 100);
	}
	private unmarkOld = () => {
		this.unmark = undefined;
		for (const [id, until] of this.marked) if (until <= Date.now()) this.looked(id);
		if (this.marked.size > 0) this.unmark = setTimeout(this.unmarkOld, 5000);
	};

	/** Somebody looked at it: it needs no mark any more. */
	looked(id: string) {
		this.marked.delete(id);
		const s = this.rows.get(id);
		if (!s?.mark) return;
		const { mark: _, ...rest } = s;
		this.rows.set(id, rest);
		this.tellRow(id);
	}

	/** What this page itself did: known at once, and not marked when it comes again. */
	mine(row: Row) {
		this.own.set(row.id, row.version);
		if (this.rows.has(row.id)) this.take([row]);
	}

	private take(rows: Row[]) {
		if (rows.length === 0) return;
		let order = false;
		const waiting: string[] = [];
		for (const row of rows) {
			const known = this.rows.get(row.id);
			if (known && !known.gone && row.version <= known.row.version) continue;
			this.rows.set(row.id, { row });
			const ours = (this.own.get(row.id) ?? -1) >= row.version;
			if (!ours) this.mark(row.id, known && !known.gone ? changeText(known.row, row) : "new");
			if (this.state.ids.includes(row.id)) this.tellRow(row.id);
			else if (this.reading && this.keep(row) && !this.state.waiting.includes(row.id))
				waiting.push(row.id);
			order = true;
		}
		if (waiting.length > 0) this.tell({ waiting: [...this.state.waiting, ...waiting] });
		if (order && !this.reading) this.sort();
	}

	private leave(id: string) {
		const known = this.rows.get(id);
		if (!known || known.gone) return;
		if (this.reading && this.state.ids.includes(id)) {
			this.rows.set(id, { row: known.row, gone: true });
			this.tellRow(id);
			return;
		}
		this.rows.delete(id);
		if (this.state.waiting.includes(id))
			this.tell({ waiting: this.state.waiting.filter((w) => w !== id) });
		if (!this.reading) this.sort();
	}

	// ---- the server ----

	/** Loads the board anew; true: it is there. */
	async load(): Promise<boolean> {
		this.loading?.abort();
		this.early ??= [];
		const stop = (this.loading = new AbortController());
		try {
			const board = await ask<BoardAnswer>(`/api/hub/board?${this.query}`, stop.signal);
			if (stop.signal.aborted) return false;
			setServerTime(board.at);
			this.put(board);
			return true;
		} catch (e) {
			if (stop.signal.aborted) return false;
			const error = asApiError(e);
			this.tell({ error });
			if (this.state.loaded) this.dead();
			// Refused for good: the page says why.  Else it is tried again.
			if (error.status < 400 || error.status >= 500 || error.status === 401) this.later();
			return false;
		}
	}

	private put(board: BoardAnswer) {
		const { error: _, ...rest } = this.state;
		this.state = rest;
		this.seq = board.seq;
		if (!this.state.loaded) {
			for (const row of board.rows) this.rows.set(row.id, { row });
			const ids = board.rows
				.filter(this.keep)
				.sort(byTimeLeft)
				.map((r) => r.id);
			this.tell({ loaded: true, ids });
		} else {
			const there = new Set(board.rows.map((r) => r.id));
			for (const id of [...this.rows.keys()]) if (!there.has(id)) this.leave(id);
			this.take(board.rows);
			this.tell({});
		}
		const early = this.early ?? [];
		this.early = null;
		this.work(early);
	}

	start() {
		this.connect();
		document.addEventListener("visibilitychange", this.visibility);
		window.addEventListener("homefirst:goes-on", this.connect);
	}

	stop() {
		document.removeEventListener("visibilitychange", this.visibility);
		window.removeEventListener("homefirst:goes-on", this.connect);
		this.disconnect();
		clearTimeout(this.unmark);
		this.unmark = undefined;
	}

	private disconnect() {
		this.source?.close();
		this.source = null;
		this.loading?.abort();
		clearTimeout(this.deadTimer);
		clearTimeout(this.retry);
		clearTimeout(this.hideTimer);
		this.deadTimer = undefined;
	}

	/** A browser opens few connections to one server: a board that nobody looks at
	 *  lets go of its own and comes back when it is looked at. */
	private visibility = () => {
		clearTimeout(this.hideTimer);
		if (document.visibilityState === "hidden")
			this.hideTimer = setTimeout(() => this.disconnect(), hiddenFor);
		else if (!this.source) this.connect();
	};

	private later() {
		clearTimeout(this.retry);
		this.retry = setTimeout(() => {
			this.wait = Math.min(30_000, this.wait * 2);
			this.connect();
		}, this.wait);
	}

	private dead() {
		if (this.deadTimer || this.state.dead !== undefined) return;
		const since = serverNow();
		this.deadTimer = setTimeout(() => this.tell({ dead: since }), deadAfter);
	}

	connect = () => {
		this.disconnect();
		if (this.only) {
			this.early = null;
			this.follow();
			return;
		}
		this.early = [];
		void this.load().then((there) => {
			// Behind what is shown: nothing falls between the two.
			if (there) this.follow(`&after=${this.seq}`);
		});
	};

	private follow(after = "") {
		const source = (this.source = new EventSource(`/api/hub/events?${this.query}${after}`));
		source.onopen = () => {
			clearTimeout(this.deadTimer);
			this.deadTimer = undefined;
			this.wait = 1000;
			const { dead, ...rest } = this.state;
			if (dead !== undefined) this.state = rest;
			if (this.only) this.tell({ loaded: true, opens: this.state.opens + 1 });
			else if (dead !== undefined) this.tell({});
		};
		source.onerror = () => {
			this.dead();
			// Else the browser comes back by itself, and is told what it missed.
			if (source.readyState === EventSource.CLOSED) this.later();
		};
		const on = (name: string, run: (data: unknown) => void) =>
			source.addEventListener(name, (e) => run(JSON.parse((e as MessageEvent<string>).data)));
		on("row", (data) => this.queue({ row: data as Row }));
		on("gone", (data) => this.queue({ gone: (data as { id: string }).id }));
		on("again", () => {
			if (this.only) this.tell({ opens: this.state.opens + 1 });
			else void this.load();
		});
	}

	// Many changes in one moment are drawn once, in the order in which they came.
	private todo: Event_[] = [];
	private worked = 0;
	private queue(event: Event_) {
		if (this.only && (event.row?.id ?? event.gone) !== this.only) return;
		if (this.early) {
			this.early.push(event);
			return;
		}
		this.todo.push(event);
		if (this.todo.length > 1) return;
		// One change at once; a flood in larger lots.
		setTimeout(
			() => {
				const todo = this.todo;
				this.todo = [];
				this.worked = Date.now();
				this.work(todo);
			},
			Date.now() - this.worked < 250 ? 100 : 10,
		);
	}

	private work(events: Event_[]) {
		let rows: Row[] = [];
		for (const e of events) {
			if (e.row) {
				rows.push(e.row);
				continue;
			}
			this.take(rows);
			rows = [];
			this.leave(e.gone);
		}
		this.take(rows);
	}
}

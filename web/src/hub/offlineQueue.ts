// What was recorded on the device, on its way to the server: in the order in which it
// was done, one at a time, and never lost without being shown.
//
// Drafts of one referral wait for each other; those of others go on.  When the server
// has moved on meanwhile, what happened is fetched and the user chooses; when only
// clocks did, the same is sent again by itself.

import { ApiError, asApiError, ask, send } from "../base/api";
import { addDraft, changeDraft, keptDrafts, removeDraft } from "./offlineStore";
import type { Conflict, Draft } from "./offlineTypes";
import type { Referral, Row, Step } from "./types";

export interface QueueState {
	drafts: readonly Draft[];
	/** Sent since the page was opened: key, and the row the server answered. */
	sent: readonly { draft: Draft; row?: Row }[];
	busy: boolean;
	/** The last attempt found no network, or a server that could not. */
	waits?: string;
	expired: number;
	/** Nothing can be kept here: what is recorded is sent at once or not at all. */
	nothingKept?: boolean;
}

type Change = (state: QueueState) => Partial<QueueState>;

/** Only a clock: marks and breaches happen by themselves. */
const byClock = (s: Step) => s.event.startsWith("@");

const referralOf = (id: string) => `/api/hub/referrals/${encodeURIComponent(id)}`;

/** Did the server get it, though its answer was lost? */
const isThis = (step: Step, draft: Draft) =>
	step.event === draft.event &&
	step.done !== undefined &&
	Date.parse(step.done) === Date.parse(draft.done);

/** What others did after draft's author had looked. */
function sinceThen(draft: Draft, now: Referral | undefined, sent: QueueState["sent"]): Step[] {
	const seen = Date.parse(draft.seen);
	return (now?.story ?? []).filter(
		(s) => Date.parse(s.told ?? s.at) > seen && !sent.some((mine) => isThis(s, mine.draft)),
	);
}

function conflictOf(
	error: ApiError,
	draft: Draft,
	now: Referral | undefined,
	since: Step[],
): Conflict {
	const shown = since.length > 0 ? since : (now?.story ?? []).slice(-3);
	const move = now?.moves.find((m) => m.event === draft.event);
	return {
		text: error.message,
		meanwhile: shown
			.filter((s) => !byClock(s))
			.map((s) => ({
				at: s.at,
				title: s.title,
				...(s.by?.name ? { by: s.by.name } : {}),
				...(s.note ? { note: s.note } : {}),
			})),
		...(now ? { version: now.row.version, stateText: now.row.stateText } : {}),
		allowed: draft.event === "message" ? now !== undefined : (move?.allowed ?? false),
		...(move?.why ? { why: move.why } : {}),
	};
}

export class Queue {
	private state: QueueState = { drafts: [], sent: [], busy: false, expired: 0 };
	private ears = new Set<() => void>();
	private again: ReturnType<typeof setTimeout> | undefined;

	listen = (ear: () => void) => {
		this.ears.add(ear);
		return () => this.ears.delete(ear);
	};
	now = () => this.state;

	private tell(change: Partial<QueueState> | Change) {
		const next = typeof change === "function" ? change(this.state) : change;
		this.state = { ...this.state, ...next };
		for (const ear of this.ears) ear();
	}

	/** Reads what is kept, and sends it. */
	async load() {
		try {
			const { drafts, expired } = await keptDrafts();
			this.tell((s) => ({ drafts, expired: s.expired + expired }));
		} catch {
			this.tell({ nothingKept: true });
			return;
		}
		await this.flush();
	}

	/** Keeps it first; only then is it sent. */
	async add(draft: Omit<Draft, "key">) {
		try {
			const key = await addDraft(draft);
			this.tell((s) => ({ drafts: [...s.drafts, { ...draft, key }] }));
		} catch {
			// Nowhere to keep it: it goes at once, or the page says that it did not.
			this.tell({ nothingKept: true });
			await this.post({ ...draft, key: 0 });
			return;
		}
		void this.flush();
	}

	/** One tab of the browser sends at a time. */
	async flush() {
		if (this.state.busy || this.state.drafts.length === 0) return;
		const work = () => this.work();
		if (!navigator.locks) return work();
		await navigator.locks.request("homefirst-day", { ifAvailable: true }, (lock) =>
			lock ? work() : undefined,
		);
	}

	private async work() {
		clearTimeout(this.again);
		// Another tab may have sent some of them.
		const { drafts } = await keptDrafts();
		const { waits: _, ...rest } = this.state;
		this.state = rest;
		this.tell({ drafts, busy: true });
		try {
			let next: Draft | undefined;
			while ((next = this.ready())) await this.one(next);
		} catch (e) {
			const error = asApiError(e);
			this.tell({ waits: error.status === 401 ? "sign-in" : error.message });
			if (error.status !== 401) this.again = setTimeout(() => void this.flush(), 20_000);
		} finally {
			this.tell({ busy: false });
		}
	}

	/** The oldest one that no older one of its referral stands before. */
	private ready(): Draft | undefined {
		const held = new Set<string>();
		for (const d of this.state.drafts) {
			if (!d.conflict && !held.has(d.referral)) return d;
			held.add(d.referral);
		}
		return undefined;
	}

	private async post(draft: Draft): Promise<Row | undefined> {
		if (draft.event === "message") {
			await send(`${referralOf(draft.referral)}/messages`, { text: draft.note ?? "" });
			return undefined;
		}
		const { row } = await send<{ row: Row }>(`${referralOf(draft.referral)}/moves`, {
			version: draft.version,
			event: draft.event,
			facts: draft.facts,
			done: draft.done,
			...(draft.note ? { note: draft.note } : {}),
		});
		return row;
	}

	/** Sends one.  Throws when there is no use in going on to the next. */
	private async one(draft: Draft) {
		try {
			if (!draft.tried) await this.put({ ...draft, tried: true });
			await this.over(draft, await this.post(draft));
		} catch (e) {
			const error = asApiError(e);
			if (error.status === 0 || error.status === 401 || error.status >= 500 || error.status === 429)
				throw error;
			await this.moved(draft, error);
		}
	}

	private async over(draft: Draft, row: Row | undefined) {
		await removeDraft(draft.key);
		this.tell((s) => ({
			drafts: s.drafts.filter((d) => d.key !== draft.key),
			sent: [...s.sent, { draft, ...(row ? { row } : {}) }],
		}));
		if (!row) return;
		// What was done after it was done knowing it.
		for (const later of this.state.drafts)
			if (later.referral === draft.referral && later.version <= row.version)
				await this.put({ ...later, version: row.version });
	}

	/** The server said no: what is the matter now? */
	private async moved(draft: Draft, error: ApiError) {
		let now: Referral | undefined;
		try {
			now = await ask<Referral>(referralOf(draft.referral));
		} catch (e) {
			const other = asApiError(e);
			if (other.status === 0 || other.status === 401 || other.status >= 500) throw other;
		}
		if (now && draft.tried && now.story.some((s) => isThis(s, draft))) {
			await this.over(draft, now.row);
			return;
		}
		const since = sinceThen(draft, now, this.state.sent);
		const conflict = conflictOf(error, draft, now, since);
		const clocksOnly =
			error.status === 409 &&
			conflict.allowed &&
			conflict.version !== undefined &&
			conflict.version > draft.version &&
			since.every(byClock);
		await this.put(
			clocksOnly && conflict.version !== undefined
				? { ...draft, version: conflict.version }
				: { ...draft, conflict },
		);
	}

	private async put(draft: Draft) {
		await changeDraft(draft);
		this.tell((s) => ({ drafts: s.drafts.map((d) => (d.key === draft.key ? draft : d)) }));
	}

	// ---- the user chooses ----

	/** The same, on top of what happened. */
	async sendAnyway(draft: Draft) {
		const { conflict, ...rest } = draft;
		const seen = new Date().toISOString();
		await this.put({ ...rest, version: conflict?.version ?? draft.version, seen });
		await this.flush();
	}

	/** What was recorded reaches the hub in words, and changes nothing by itself. */
	async sendAsMessage(draft: Draft, text: string) {
		const { conflict: _, ...rest } = draft;
		await this.put({ ...rest, event: "message", facts: {}, note: text });
		await this.flush();
	}

	async drop(draft: Draft) {
		await removeDraft(draft.key);
		this.tell((s) => ({ drafts: s.drafts.filter((d) => d.key !== draft.key) }));
		await this.flush();
	}
}

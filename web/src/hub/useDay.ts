// The day list as the page has it: from the server while there is a network, from the
// device when there is none, with what was recorded here on top.

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useSession } from "../access/session";
import { type ApiError, asApiError, ask } from "../base/api";
import { Queue, type QueueState } from "./offlineQueue";
import { NothingKept, beginDevice, keepList, keptList, whoOf } from "./offlineStore";
import type { DayList, DayStep, Draft, Visit } from "./offlineTypes";
import type { Row } from "./types";

export interface Day {
	list?: DayList;
	/** The server did not answer: list is what was kept. */
	cut: boolean;
	error?: ApiError;
	/** This browser keeps nothing. */
	nothingKept: boolean;
	queue: Queue;
	state: QueueState;
	again: () => void;
}

const refreshEvery = 60_000;
const hours12 = 12 * 36e5;

/** The page's files are kept by a worker that sees this address only. */
function startWorker() {
	// Without a worker the page works as long as it stays open.
	void navigator.serviceWorker
		?.register("/sw.js", { scope: "/hub/day", updateViaCache: "none" })
		.catch(() => undefined);
}

/** The team asked for; else the one looked at last on this device; else the first. */
async function fetchList(team: string | undefined, signal: AbortSignal): Promise<DayList> {
	const last = team ? undefined : (await keptList().catch(() => undefined))?.list.team.id;
	const of = (id: string | undefined) =>
		ask<DayList>(`/api/hub/day${id ? `?team=${encodeURIComponent(id)}` : ""}`, signal);
	try {
		return await of(team ?? last);
	} catch (e) {
		if (!last || asApiError(e).status !== 404) throw e;
		return of(undefined);
	}
}

export function useDay(team: string | undefined): Day {
	const { session, ends, again: askSession } = useSession();
	const who = whoOf(session);
	const [queue] = useState(() => new Queue());
	const state = useSyncExternalStore(queue.listen, queue.now);
	const [round, setRound] = useState(0);
	const [list, setList] = useState<DayList>();
	const [cut, setCut] = useState(false);
	const [error, setError] = useState<ApiError>();
	const [nothingKept, setNothingKept] = useState(false);
	const again = useCallback(() => setRound((n) => n + 1), []);

	useEffect(startWorker, []);

	// A session that goes on after a reload without a network asks for itself first.
	useEffect(() => {
		const back = () => {
			if (document.visibilityState !== "visible") return;
			if (!who) void askSession();
			again();
		};
		const timer = setInterval(back, refreshEvery);
		window.addEventListener("online", back);
		document.addEventListener("visibilitychange", back);
		return () => {
			clearInterval(timer);
			window.removeEventListener("online", back);
			document.removeEventListener("visibilitychange", back);
		};
	}, [who, askSession, again]);

	const endsAt = Number.isFinite(ends) ? Math.round(ends / 6e4) * 6e4 : Date.now() + hours12;
	const ending = useRef(endsAt);
	ending.current = endsAt;
	const begin = useCallback(async () => {
		if (!who) return;
		try {
			await beginDevice(who, ending.current, async () => {
				const { key } = await ask<{ key: string }>("/api/hub/device-key");
				return key;
			});
			setNothingKept(false);
		} catch (e) {
			if (e instanceof NothingKept) setNothingKept(true);
			else throw e;
		}
	}, [who]);

	useEffect(() => {
		const stop = new AbortController();
		const load = async () => {
			try {
				const fresh = await fetchList(team, stop.signal);
				await begin();
				await keepList(fresh).catch(() => setNothingKept(true));
				setList(fresh);
				setCut(false);
				setError(undefined);
				await queue.load();
			} catch (e) {
				if (stop.signal.aborted) return;
				const failed = asApiError(e);
				const none = failed.status === 0 || failed.status >= 500;
				const kept = none ? await keptList().catch(() => undefined) : undefined;
				setCut(none);
				if (kept) setList((now) => now ?? kept.list);
				setError(failed);
				if (kept) await queue.load();
			}
		};
		void load();
		return () => stop.abort();
	}, [team, round, begin, queue]);

	// What the server answered is newer than the list.
	const sent = state.sent.length;
	useEffect(() => {
		if (sent > 0) again();
	}, [sent, again]);

	return {
		...(list ? { list } : {}),
		cut,
		...(error ? { error } : {}),
		nothingKept: nothingKept || state.nothingKept === true,
		queue,
		state,
		again,
	};
}

// ---- a visit with what was recorded here on top ----

export interface Standing {
	visit: Visit;
	row: Row;
	/** Where it stands once everything recorded here is sent. */
	state: string;
	stateText: string;
	drafts: Draft[];
	steps: DayStep[];
	over: boolean;
}

const newest = (row: Row, state: QueueState): Row =>
	state.sent.reduce(
		(best, s) => (s.row && s.row.id === row.id && s.row.version > best.version ? s.row : best),
		row,
	);

/** record-outcome leads on to treatment or to the end, as was said. */
function leadsTo(step: DayStep, draft: Draft): string | undefined {
	if (step.to.length < 2) return step.to[0];
	return draft.facts.ongoing === true
		? step.to.find((s) => s === "in-treatment")
		: step.to.find((s) => s !== "in-treatment");
}

export function standing(list: DayList, visit: Visit, state: QueueState): Standing {
	const row = newest(visit.row, state);
	const drafts = state.drafts.filter((d) => d.referral === row.id);
	let at = row.state;
	for (const d of drafts) {
		if (d.conflict) break;
		const step = list.steps.find((s) => s.event === d.event && s.in.includes(at));
		at = (step && leadsTo(step, d)) ?? at;
	}
	const text = list.states.find((s) => s.code === at)?.text;
	const stuck = drafts.some((d) => d.conflict);
	return {
		visit,
		row,
		state: at,
		stateText: at === row.state ? row.stateText : (text ?? at),
		drafts,
		steps: stuck ? [] : list.steps.filter((s) => s.in.includes(at)),
		over: !list.steps.some((s) => s.in.includes(at)),
	};
}

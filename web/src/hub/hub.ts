// The hub as the pages use it: who this user is to it, its words, the time, a board.

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useAsked, type Asked } from "../base/api";
import { Board, serverNow, type ListState, type Seen } from "./live";
import type { Code, HubInfo, View } from "./types";

export const useHub = (on = true): Asked<HubInfo> => useAsked<HubInfo>(on ? "/api/hub" : null);

/** The text of a code; the code itself when the list has none. */
export const textOf = (list: Code[] | undefined, code: string | undefined): string =>
	code === undefined ? "" : (list?.find((c) => c.code === code)?.text ?? code);

/** Roles of the pathway that may write a referral. */
export const mayRefer = (hub: HubInfo | undefined) =>
	!!hub && (hub.views.includes("new") || hub.roles.some((r) => r === "referrer" || r === "call-handler"));

export const hasView = (hub: HubInfo | undefined, view: View) => !!hub?.views.includes(view);

/** One board for as long as its page is there. */
export function useBoard(query: string, only?: string): { board: Board; list: ListState } {
	const board = useMemo(() => new Board(query, only), [query, only]);
	useEffect(() => {
		board.start();
		return () => board.stop();
	}, [board]);
	return { board, list: useSyncExternalStore(board.listen, board.list) };
}

export function useSeen(board: Board, id: string): Seen | undefined {
	return useSyncExternalStore(
		(ear) => board.listenRow(id, ear),
		() => board.seen(id),
	);
}

// One timer for everything that ticks.
const ticks = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function onTick(ear: () => void) {
	ticks.add(ear);
	timer ??= setInterval(() => {
		for (const t of [...ticks]) t();
	}, 1000);
	return () => {
		ticks.delete(ear);
		if (ticks.size === 0) {
			clearInterval(timer);
			timer = undefined;
		}
	};
}

/** What say() makes of the time; drawn anew only when it says something else. */
export function useTick(say: (now: number) => string): string {
	return useSyncExternalStore(onTick, () => say(serverNow()));
}

/** The time, to the minute: for what is said in whole minutes. */
export function useMinute(): number {
	const minute = useTick((now) => String(Math.floor(now / 6e4)));
	return Number(minute) * 6e4;
}

// ---- what is typed is kept, in this tab, for whoever typed it ----

const prefix = "homefirst.hub.";

function readDraft<T>(key: string): T | undefined {
	try {
		const text = sessionStorage.getItem(prefix + key);
		return text === null ? undefined : (JSON.parse(text) as T);
	} catch {
		return undefined;
	}
}

export function forgetDraft(key: string) {
	try {
		sessionStorage.removeItem(prefix + key);
	} catch {
		// Nothing was kept.
	}
}

/** State that outlives a reload, a lost network and a session that ended.  The key
 *  has to name the user: another user in this tab has drafts of their own. */
export function useDraft<T extends object>(key: string, empty: T) {
	const [value, setValue] = useState<T>(() => readDraft<T>(key) ?? empty);
	const from = useRef(key);
	useEffect(() => {
		if (from.current === key) return;
		from.current = key;
		setValue(readDraft<T>(key) ?? empty);
	}, [key]);
	const set = (next: T) => {
		setValue(next);
		try {
			if (Object.keys(next).length === 0) sessionStorage.removeItem(prefix + key);
			else sessionStorage.setItem(prefix + key, JSON.stringify(next));
		} catch {
			// Without session storage it lasts as long as the page.
		}
	};
	const clear = () => {
		forgetDraft(key);
		setValue(empty);
	};
	return [value, set, clear] as const;
}

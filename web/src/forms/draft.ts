// What was typed is not lost: it is kept in the browser at each change and on the server
// every few seconds.  As soon as the server has it the browser's copy goes, and so does
// what another user or a day long past left: a shared computer keeps nothing of anybody.

import { useCallback, useEffect, useRef, useState } from "react";
import { ask, send } from "../base/api";
import { answersOf, type Answers } from "./answers";

interface Kept {
	at: string;
	body: Answers;
}

const every = 4000;
const afterFailure = 15_000;
const longest = 864e5;
const storeKey = (user: string, key: string) => `homefirst draft ${user} ${key}`;

function readHere(user: string, key: string): Kept | null {
	try {
		const text = localStorage.getItem(storeKey(user, key));
		const kept = text ? (JSON.parse(text) as { at?: unknown; body?: unknown }) : null;
		const body = kept ? answersOf(kept.body) : null;
		return body && typeof kept?.at === "string" ? { at: kept.at, body } : null;
	} catch {
		return null;
	}
}

function writeHere(user: string, key: string, kept: Kept | null) {
	try {
		if (kept) localStorage.setItem(storeKey(user, key), JSON.stringify(kept));
		else localStorage.removeItem(storeKey(user, key));
	} catch {
		/* full or forbidden: the server has it every few seconds */
	}
}

/** Takes away what others left here, and what is older than a day. */
function tidyHere(user: string) {
	try {
		for (const name of Object.keys(localStorage)) {
			if (!name.startsWith("homefirst draft ")) continue;
			const kept = JSON.parse(localStorage.getItem(name) ?? "{}") as { at?: string };
			const old = Date.now() - Date.parse(kept.at ?? "");
			if (!name.startsWith(storeKey(user, "")) || !(old < longest)) localStorage.removeItem(name);
		}
	} catch {
		/* no storage here, or not ours to read */
	}
}

async function readThere(key: string): Promise<Kept | null> {
	const { drafts } = await ask<{ drafts: { key: string }[] }>("/api/drafts");
	if (!drafts.some((d) => d.key === key)) return null;
	const found = await ask<{ at: string; body: unknown }>(`/api/drafts/${encodeURIComponent(key)}`);
	const body = answersOf(found.body);
	return body ? { at: found.at, body } : null;
}

export type DraftState = "none" | "waiting" | "kept" | "here";

export const draftKey = (person: string, form: string) => `form.${person}.${form}`;

/** Draft of one form: found is what was there, undefined while that is asked. */
export function useDraft(user: string | undefined, key: string) {
	const [found, setFound] = useState<Kept | null>();
	const [state, setState] = useState<DraftState>("none");
	const latest = useRef<Kept | null>(null);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const busy = useRef<Promise<void>>(undefined);

	useEffect(() => {
		if (!user) return;
		let gone = false;
		tidyHere(user);
		const here = readHere(user, key);
		readThere(key)
			.catch(() => null)
			.then((there) => {
				if (!gone) setFound(here && (!there || here.at > there.at) ? here : there);
			});
		return () => {
			gone = true;
		};
	}, [user, key]);

	const put = useCallback(() => {
		clearTimeout(timer.current);
		timer.current = undefined;
		const mine = latest.current;
		if (!mine || !user || busy.current) return;
		let again = every;
		busy.current = send(`/api/drafts/${encodeURIComponent(key)}`, mine.body, "PUT")
			.then(
				() => {
					if (latest.current !== mine) return;
					latest.current = null;
					writeHere(user, key, null);
					setState("kept");
				},
				() => {
					again = afterFailure;
					setState("here");
				},
			)
			.finally(() => {
				busy.current = undefined;
				if (latest.current) timer.current ??= setTimeout(put, again);
			});
	}, [user, key]);

	const keep = useCallback(
		(body: Answers) => {
			if (!user) return;
			latest.current = { at: new Date().toISOString(), body };
			writeHere(user, key, latest.current);
			setState("waiting");
			timer.current ??= setTimeout(put, every);
		},
		[user, key, put],
	);

	/** It was sent, or is not wanted any more. */
	const drop = useCallback(async () => {
		clearTimeout(timer.current);
		timer.current = undefined;
		latest.current = null;
		if (user) writeHere(user, key, null);
		setState("none");
		await busy.current; // what is on its way would come back otherwise
		await send(`/api/drafts/${encodeURIComponent(key)}`, undefined, "DELETE");
	}, [user, key]);

	// Whoever leaves the page leaves the newest on the server.
	useEffect(
		() => () => {
			if (timer.current) put();
		},
		[put],
	);
	return { found, state, keep, drop };
}

// Asking the server: one function, and a hook that keeps what was asked lately so
// that going back shows at once.  The answers live in memory only.

import { useCallback, useEffect, useState } from "react";
import type { Failure } from "../record/types";

export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		text: string,
		/** The field that the server means, when it names one. */
		readonly path?: string,
		/** The whole answer: some refusals tell what could be done instead. */
		readonly body?: unknown,
	) {
		super(text);
	}
}

const unreachable =
	"The server does not answer. Nothing was changed. Check that homefirst is running, then try again.";

/** What the rest of the pages is told of the session by the way. */
export interface SessionEars {
	/** An answer came for whoever is signed in: the idle time begins anew. */
	used: () => void;
	/** The server no longer knows who is asking. */
	ended: () => void;
	/** It wants to be shown again who is asking; true: it was. */
	prove: () => Promise<boolean>;
	/** Another tab changed the session: its token is asked for again. */
	renew: () => Promise<unknown>;
}

/** The event of a session that goes on after it had ended. */
const goesOn = "homefirst:goes-on";

export function sayGoesOn() {
	window.dispatchEvent(new Event(goesOn));
}

let ears: SessionEars | null = null;
let csrf = "";

export function listen(to: SessionEars | null) {
	ears = to;
}

export function setCsrf(token: string) {
	csrf = token;
}

function failure(status: number, body: unknown): ApiError {
	const known = body as { error?: Failure["error"]; issue?: { diagnostics?: string; details?: { text?: string } }[] };
	const issue = known.issue?.[0];
	return new ApiError(
		status,
		known.error?.code ?? "failed",
		known.error?.text ??
			issue?.diagnostics ??
			issue?.details?.text ??
			`The server refused (status ${status}).`,
		known.error?.path,
		body,
	);
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
	let reply: Response;
	try {
		reply = await fetch(path, { credentials: "same-origin", ...init });
	} catch (e) {
		if (e instanceof DOMException && e.name === "AbortError") throw e;
		throw new ApiError(0, "unreachable", unreachable);
	}
	let body: unknown = {};
	try {
		const text = await reply.text();
		if (text) body = JSON.parse(text);
	} catch {
		throw new ApiError(
			reply.status,
			"unreadable",
			`The server gave an answer that could not be read (status ${reply.status}). Try again.`,
		);
	}
	// A session that proved itself or changed has another token from then on.
	if (reply.ok && path.startsWith("/auth/")) {
		const next = (body as { csrf?: unknown }).csrf;
		if (typeof next === "string") setCsrf(next);
	}
	if (reply.status === 401 && !path.startsWith("/auth/")) ears?.ended();
	if (!reply.ok) throw failure(reply.status, body);
	// Asking how the session stands does not lengthen it.
	if (path !== "/api/session") ears?.used();
	return body as T;
}

export function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
	return request<T>(path, {
		headers: { accept: "application/json" },
		...(signal ? { signal } : {}),
	});
}

/** Changes something.  When the server asks who it is again, that is done on the
 *  page and the same is sent once more. */
export async function send<T>(
	path: string,
	body: unknown = {},
	method: "POST" | "PUT" | "DELETE" = "POST",
): Promise<T> {
	const once = () =>
		request<T>(path, {
			method,
			headers: {
				accept: "application/json",
				...(method === "DELETE" ? {} : { "content-type": "application/json" }),
				...(csrf ? { "x-csrf-token": csrf } : {}),
			},
			...(method === "DELETE" ? {} : { body: JSON.stringify(body) }),
		});
	try {
		return await once();
	} catch (e) {
		if (!(e instanceof ApiError) || e.status !== 403 || !ears) throw e;
		if (e.path === "X-CSRF-Token") await ears.renew();
		else if (e.code !== "proof" || !(await ears.prove())) throw e;
		return once();
	}
}

/** Whatever was thrown, as something that can be shown. */
export function asApiError(e: unknown): ApiError {
	return e instanceof ApiError ? e : new ApiError(0, "fault", String(e));
}

const kept = new Map<string, unknown>();
const keptMost = 30;

/** Forgets every answer: somebody else may sit here now. */
export function forgetAll() {
	kept.clear();
}

function keep(path: string, value: unknown) {
	kept.delete(path);
	kept.set(path, value);
	for (const oldest of kept.keys()) {
		if (kept.size <= keptMost) break;
		kept.delete(oldest);
	}
}

interface Flight {
	path: string;
	stop: AbortController;
	answer: Promise<unknown>;
}

let early: Flight | null = null;

function fly(path: string): Flight {
	const stop = new AbortController();
	return { path, stop, answer: ask<unknown>(path, stop.signal) };
}

/** Asks at once for what a change of the page is about to need: useAsked() of the same
 *  path takes the answer over.  One at a time: the one before is given up. */
export function askAhead(path: string) {
	if (early?.path === path) return;
	early?.stop.abort();
	early = fly(path);
	early.answer.catch(() => undefined); // whoever takes it over is told
}

function takeOver(path: string): Flight {
	const flight = early?.path === path ? early : fly(path);
	if (flight === early) early = null;
	return flight;
}

export interface Asked<T> {
	data?: T;
	error?: ApiError;
	loading: boolean;
	again: () => void;
}

/** Asks for path (null: nothing).  While a new path is asked, data of the old one
 *  is not shown: two persons are never mixed on a screen. */
export function useAsked<T>(path: string | null): Asked<T> {
	const [round, setRound] = useState(0);
	const [answer, setAnswer] = useState<{
		path: string;
		round: number;
		data?: T;
		error?: ApiError;
	} | null>(null);

	useEffect(() => {
		if (path === null) return;
		const { stop, answer } = takeOver(path);
		answer.then(
			(data) => {
				keep(path, data);
				setAnswer({ path, round, data: data as T });
			},
			(e: unknown) => {
				if (stop.signal.aborted) return;
				setAnswer({ path, round, error: asApiError(e) });
			},
		);
		return () => stop.abort();
	}, [path, round]);

	const again = useCallback(() => setRound((n) => n + 1), []);
	const refused = answer?.path === path && answer?.error?.status === 401;
	useEffect(() => {
		if (!refused) return;
		// What was refused because the session had ended is asked once it goes on.
		window.addEventListener(goesOn, again);
		return () => window.removeEventListener(goesOn, again);
	}, [refused, again]);
	if (path === null) return { loading: false, again };
	if (answer && answer.path === path) {
		return {
			...(answer.data === undefined ? {} : { data: answer.data }),
			...(answer.error === undefined ? {} : { error: answer.error }),
			loading: answer.round !== round,
			again,
		};
	}
	const before = kept.get(path) as T | undefined;
	return { ...(before === undefined ? {} : { data: before }), loading: true, again };
}

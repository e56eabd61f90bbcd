// Asking the server: one function, and a hook that keeps what was asked lately so
// that going back shows at once.  The answers live in memory only.

import { useEffect, useState } from "react";
import type { Failure } from "../record/types";

export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		text: string,
	) {
		super(text);
	}
}

const unreachable =
	"The server does not answer. Nothing was changed. Check that homefirst is running, then try again.";

export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
	let reply: Response;
	try {
		reply = await fetch(path, {
			headers: { accept: "application/json" },
			...(signal ? { signal } : {}),
		});
	} catch (e) {
		if (e instanceof DOMException && e.name === "AbortError") throw e;
		throw new ApiError(0, "unreachable", unreachable);
	}
	let body: unknown;
	try {
		body = await reply.json();
	} catch {
		throw new ApiError(
			reply.status,
			"unreadable",
			`The server gave an answer that could not be read (status ${reply.status}). Try again.`,
		);
	}
	if (reply.ok) return body as T;
	const error = (body as Partial<Failure>).error;
	throw new ApiError(
		reply.status,
		error?.code ?? "failed",
		error?.text ?? `The server refused (status ${reply.status}).`,
	);
}

const kept = new Map<string, unknown>();
const keptMost = 30;

function keep(path: string, value: unknown) {
	kept.delete(path);
	kept.set(path, value);
	for (const oldest of kept.keys()) {
		if (kept.size <= keptMost) break;
		kept.delete(oldest);
	}
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
		const stop = new AbortController();
		ask<T>(path, stop.signal).then(
			(data) => {
				keep(path, data);
				setAnswer({ path, round, data });
			},
			(e: unknown) => {
				if (stop.signal.aborted) return;
				const error =
					e instanceof ApiError ? e : new ApiError(0, "fault", String(e));
				setAnswer({ path, round, error });
			},
		);
		return () => stop.abort();
	}, [path, round]);

	const again = () => setRound((n) => n + 1);
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

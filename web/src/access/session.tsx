// Who sits here: the session as the server tells it, known to every page.
//
// When it ends while somebody works, what is on the screen is covered and kept: the
// same person signs in again over it and finds every field as it was left.  Anybody
// else starts anew.

import {
	createContext,
	useCallback,
	useContext,
	useEffect,
	useMemo,
	useRef,
	useState,
	type ReactNode,
} from "react";
import { type ApiError, asApiError, ask, forgetAll, listen, sayGoesOn, send, setCsrf } from "../base/api";
import { forgetDevice } from "../hub/offlineStore";
import { forgetRecent } from "../shell/recent";
import type { Need, Session } from "./types";

export interface SessionState {
	session: Session | undefined;
	error: ApiError | undefined;
	/** Somebody was signed in on this page and is not any more. */
	locked: boolean;
	/** When the server ends the session if nothing more is asked, in ms. */
	idleEnds: number;
	ends: number;
	again: () => Promise<Session | undefined>;
	stay: () => Promise<void>;
	signOut: () => Promise<void>;
	proving: ((ok: boolean) => void) | null;
}

const Context = createContext<SessionState | null>(null);

export function useSession(): SessionState {
	const state = useContext(Context);
	if (!state) throw new Error("useSession() outside of SessionProvider");
	return state;
}

/** Roles that search, but never among named people. */
const neverPeople = ["ANALYST", "FIN", "LAY"];
/** Roles that look into a record only for a case they named. */
const onlyCases = ["PRIV", "CALD"];

export function has(session: Session | undefined, need: Need): boolean {
	if (!session) return false;
	if (session.trial) return true;
	if (!(session.needs ?? []).includes(need)) return false;
	if (need !== "CLINICAL" && need !== "CHANGE") return true;
	const group = session.actor?.group ?? "";
	return (
		!neverPeople.includes(group) && (!onlyCases.includes(group) || !!session.actor?.caseRef)
	);
}

/** Tells other tabs of this browser that the session changed. */
const channel =
	typeof BroadcastChannel === "function" ? new BroadcastChannel("homefirst.session") : null;

export function tellTabs() {
	channel?.postMessage("changed");
}

// Somebody who signs out without a network is signed out here at once, and at the
// server as soon as it answers.
const owed = "homefirst.sign-out";

function oweSignOut(on: boolean) {
	try {
		if (on) localStorage.setItem(owed, "yes");
		else localStorage.removeItem(owed);
	} catch {
		// The session ends by itself when nothing is done.
	}
}

function owesSignOut(): boolean {
	try {
		return localStorage.getItem(owed) !== null;
	} catch {
		return false;
	}
}

const apart = (session: Session, at: string | undefined) =>
	at ? Date.parse(at) - Date.parse(session.now) + Date.now() : Number.POSITIVE_INFINITY;

export function SessionProvider({ children }: { children: ReactNode }) {
	const [session, setSession] = useState<Session>();
	const [error, setError] = useState<ApiError>();
	const [locked, setLocked] = useState(false);
	const [idleEnds, setIdleEnds] = useState(Number.POSITIVE_INFINITY);
	const [proving, setProving] = useState<((ok: boolean) => void) | null>(null);
	// Whose work is on the screen: "user/ID as role".
	const whose = useRef<string | null>(null);
	const idleFor = useRef(0);

	const take = useCallback((answer: Session) => {
		// A server that runs open to its own machine says so in its notices.
		const now: Session = {
			...answer,
			trial: answer.trial ?? answer.notices.some((n) => n.code === "trial"),
		};
		setError(undefined);
		setCsrf(now.csrf ?? "");
		const who = now.signedIn ? `${now.actor?.id} ${now.actor?.roleCode} ${now.actor?.orgCode}` : null;
		if (who && whose.current && who !== whose.current) {
			// Nothing of what the one saw is left for the other.
			forgetAll();
			forgetRecent();
			void forgetDevice().finally(() => window.location.assign("/"));
			return;
		}
		if (who) {
			whose.current = who;
			setLocked((was) => {
				if (was) setTimeout(sayGoesOn, 0);
				return false;
			});
			setSession(now);
		} else if (whose.current) {
			setLocked(true);
			void forgetDevice();
			// What is behind the cover stays as it was, with what its role has.
			setSession((before) => {
				const { step: _, signIn: __, ...kept } = before ?? now;
				return {
					...kept,
					signedIn: false,
					...(now.step ? { step: now.step } : {}),
					...(now.signIn ? { signIn: now.signIn } : {}),
				};
			});
		} else {
			// Nobody yet: what the last one in this tab opened is no business of the next.
			if (!now.signedIn && !now.trial) {
				forgetRecent();
				void forgetDevice();
			}
			setSession(now);
		}
		const ends = apart(now, now.session?.idleEnds);
		idleFor.current = now.session?.idleSeconds
			? now.session.idleSeconds * 1000
			: ends - Date.now();
		setIdleEnds(ends);
	}, []);

	const again = useCallback(async () => {
		try {
			let now = await ask<Session>("/api/session");
			if (owesSignOut()) {
				setCsrf(now.csrf ?? "");
				if (now.signedIn) await send("/auth/sign-out");
				oweSignOut(false);
				now = await ask<Session>("/api/session");
			}
			take(now);
			return now;
		} catch (e) {
			setError(asApiError(e));
			return undefined;
		}
	}, [take]);

	useEffect(() => {
		void again();
		const heard = () => void again();
		channel?.addEventListener("message", heard);
		const back = () => document.visibilityState === "visible" && void again();
		document.addEventListener("visibilitychange", back);
		return () => {
			channel?.removeEventListener("message", heard);
			document.removeEventListener("visibilitychange", back);
		};
	}, [again]);

	useEffect(() => {
		listen({
			used: () => {
				if (idleFor.current > 0 && Number.isFinite(idleFor.current))
					setIdleEnds((before) => {
						const next = Date.now() + idleFor.current;
						// A few seconds' difference need not draw the page anew.
						return next - before > 5000 ? next : before;
					});
			},
			ended: () => void again(),
			renew: again,
			prove: () =>
				new Promise<boolean>((done) =>
					setProving(() => (ok: boolean) => {
						setProving(null);
						done(ok);
					}),
				),
		});
		return () => listen(null);
	}, [again]);

	const stay = useCallback(async () => {
		try {
			await send("/auth/stay");
		} finally {
			await again();
		}
	}, [again]);

	const signOut = useCallback(async () => {
		let reached = false;
		try {
			await send("/auth/sign-out");
			reached = true;
		} catch (e) {
			if (asApiError(e).status === 0) oweSignOut(true);
			else reached = true;
		} finally {
			forgetAll();
			forgetRecent();
			await forgetDevice();
			tellTabs();
			// Without a network only the visits' page is there, and it has nothing left.
			window.location.assign(reached ? "/sign-in?out=1" : window.location.pathname);
		}
	}, []);

	const ends = session ? apart(session, session.session?.ends) : Number.POSITIVE_INFINITY;
	const state = useMemo<SessionState>(
		() => ({ session, error, locked, idleEnds, ends, again, stay, signOut, proving }),
		[session, error, locked, idleEnds, again, stay, signOut, proving],
	);
	return <Context.Provider value={state}>{children}</Context.Provider>;
}

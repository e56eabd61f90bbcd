// Who is signed in, as what, and for what; switching the role; the time left.

import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { asApiError, send } from "../base/api";
import { plural } from "../base/format";
import { ErrorSummary, Field, Main, Radios, useSubmit } from "../base/form";
import { Dialog, Problem } from "../base/ui";
import { unsent, whoOf } from "../hub/offlineStore";
import { RoleChoice, SignIn } from "./SignIn";
import { tellTabs, useSession } from "./session";
import { Proof } from "./Proof";

const wantsCase = (code: string) => code === "SAFEGUARD" || code === "AUDIT";

/** What one works for just now; some purposes are for a named case. */
function PurposeChoice({ onDone }: { onDone: () => void }) {
	const { session } = useSession();
	const [purpose, setPurpose] = useState(session?.actor?.purpose ?? "");
	const [caseRef, setCaseRef] = useState(session?.actor?.caseRef ?? "");
	const ids = { purpose: "purpose-choice", caseRef: "purpose-case" };
	const form = useSubmit(
		() => ({
			...(purpose ? {} : { purpose: "Choose a purpose" }),
			...(purpose === "SAFEGUARD" && !caseRef.trim()
				? { caseRef: "Enter the reference of the case" }
				: {}),
		}),
		async () => {
			await send("/auth/purpose", {
				purpose,
				...(wantsCase(purpose) && caseRef.trim() ? { caseRef: caseRef.trim() } : {}),
			});
			onDone();
		},
		["purpose", "caseRef"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Purpose">
			<ErrorSummary of={form} ids={ids} />
			<Radios
				id={ids.purpose}
				label="What do you look at records for?"
				hint="It is written down with everything you open, and decides what is shown."
				choices={(session?.purposes ?? []).map((p) => ({ code: p.code, text: p.text }))}
				value={purpose}
				onChange={setPurpose}
				error={form.wrong.purpose}
			/>
			{wantsCase(purpose) && (
				<Field
					id={ids.caseRef}
					label={purpose === "AUDIT" ? "Case reference (to look into a record)" : "Case reference"}
					hint="Of the enquiry or referral; no names"
					width="middle"
					value={caseRef}
					onChange={setCaseRef}
					error={form.wrong.caseRef}
					maxLength={64}
				/>
			)}
			<Main busy={form.busy}>Go on for this purpose</Main>
		</form>
	);
}

/** What was recorded without a network is not thrown away by signing out, and nobody
 *  can read it until this user comes back: said before. */
function Unsent(props: { n: number; onClose: () => void; signOut: () => void }) {
	return (
		<Dialog title="Not everything is sent yet" className="hf-dialog--small" onClose={props.onClose}>
			<p>
				{plural(props.n, "record")} of your visits {props.n === 1 ? "is" : "are"} still on this
				device only. Signed out, nobody can read or send {props.n === 1 ? "it" : "them"}: sign in
				again on this device within 7 days.
			</p>
			<p className="hf-buttons">
				<Link href="/hub/day" className="hf-main-button" onClick={props.onClose}>
					Go to the visits and send
				</Link>
				<button type="button" className="hf-button" onClick={props.signOut}>
					Sign out all the same
				</button>
			</p>
		</Dialog>
	);
}

export function SessionBar() {
	const { session, signOut } = useSession();
	const [choosing, setChoosing] = useState(false);
	const [purpose, setPurpose] = useState(false);
	const [left, setLeft] = useState(0);
	const actor = session?.actor;
	if (!session?.signedIn || session.trial || !actor) return null;
	const roles = session.roles ?? [];
	const changes = (session.purposes ?? []).length > 1 || actor.purpose === "AUDIT";
	return (
		<div className="hf-bar" role="region" aria-label="You are signed in">
			<p className="hf-bar__who">
				<span className="nhsuk-u-visually-hidden">Signed in as </span>
				<strong>{actor.name}</strong>
				<span className="hf-bar__role">
					{actor.role}
					{actor.org && `, ${actor.org}`}
				</span>
				{actor.purposeText && !changes && (
					<span className="hf-bar__why">for {actor.purposeText}</span>
				)}
			</p>
			<div className="hf-bar__do">
				{changes && (
					<button type="button" aria-haspopup="dialog" onClick={() => setPurpose(true)}>
						<span className="nhsuk-u-visually-hidden">Change the purpose: </span>
						for {actor.purposeText}
						{actor.caseRef && ` (case ${actor.caseRef})`}
					</button>
				)}
				{roles.length > 1 && (
					<button type="button" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
						Switch role
					</button>
				)}
				<button
					type="button"
					onClick={() =>
						void unsent(whoOf(session) ?? "").then((n) => (n > 0 ? setLeft(n) : signOut()))
					}
				>
					Sign out
				</button>
			</div>
			{left > 0 && (
				<Unsent n={left} onClose={() => setLeft(0)} signOut={() => void signOut()} />
			)}
			{purpose && (
				<Dialog title="Purpose" className="hf-dialog--small" onClose={() => setPurpose(false)}>
					<PurposeChoice
						onDone={() => {
							tellTabs();
							window.location.assign("/");
						}}
					/>
				</Dialog>
			)}
			{choosing && (
				<Dialog title="Switch role" className="hf-dialog--small" onClose={() => setChoosing(false)}>
					<p>What is open now is closed, and you start at the start page.</p>
					<RoleChoice
						roles={roles}
						level={2}
						title="In which role do you go on?"
						go="Switch"
						next={() => {
							tellTabs();
							window.location.assign("/");
						}}
					/>
				</Dialog>
			)}
		</div>
	);
}

const warnBefore = 120_000;

/** Minutes while there are minutes, then seconds by tens: said aloud, it must not
 *  interrupt every second. */
export function leftWords(ms: number): string {
	const s = Math.max(0, Math.ceil(ms / 1000));
	if (s > 60) {
		const m = Math.ceil(s / 60);
		return `${m} minutes`;
	}
	return s > 10 ? `${Math.ceil(s / 10) * 10} seconds` : "a few seconds";
}

/** While somebody types or reads, the server is told now and then that they are
 *  here; the page says before the session ends. */
export function TimeLeft() {
	const { session, locked, idleEnds, ends, stay, again, signOut } = useSession();
	const [now, setNow] = useState(Date.now());
	const [warned, setWarned] = useState(false);
	const [failed, setFailed] = useState<unknown>();
	const lastSeen = useRef(Date.now());
	const lastTold = useRef(Date.now());
	const on = session?.signedIn === true && !session.trial && !locked;
	const end = Math.min(idleEnds, ends);

	useEffect(() => {
		if (!on) return;
		const seen = () => {
			lastSeen.current = Date.now();
			// At most once a minute, and never to go on after the warning: that is asked.
			if (Date.now() - lastTold.current < 60_000 || document.querySelector(".hf-time-left")) return;
			lastTold.current = Date.now();
			stay().catch(() => undefined);
		};
		for (const what of ["keydown", "pointerdown"]) document.addEventListener(what, seen);
		return () => {
			for (const what of ["keydown", "pointerdown"]) document.removeEventListener(what, seen);
		};
	}, [on, stay]);

	useEffect(() => {
		if (!on || !Number.isFinite(end)) return;
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, [on, end]);

	const left = end - now;
	const close = on && Number.isFinite(end) && left < warnBefore;
	useEffect(() => {
		if (!close) {
			setWarned(false);
			return;
		}
		// Another tab may have been used meanwhile: the server knows.
		if (!warned) void again().then(() => setWarned(true));
	}, [close, warned, again]);
	useEffect(() => {
		if (on && Number.isFinite(end) && left <= 0) void again();
	}, [on, end, left <= 0, again]);

	if (!close || !warned || left <= 0) return null;
	const forGood = ends <= idleEnds;
	return (
		<Dialog
			title={forGood ? "You will be signed out soon" : "Are you still there?"}
			className="hf-dialog--small hf-time-left"
			onClose={() => void stay().catch(setFailed)}
			closeText={forGood ? "Go on" : "Stay signed in"}
		>
			<p role="timer" aria-live="polite" aria-atomic="true">
				You will be signed out in <strong>{leftWords(left)}</strong>.
			</p>
			<p>
				{forGood
					? "A session ends after its longest time however busy it is. What you are filling in stays on this page; sign in again to go on."
					: "Nothing was done for a while. What you are filling in stays on this page in any case."}
			</p>
			{failed !== undefined && <Problem error={asApiError(failed)} />}
			<p className="hf-buttons">
				{!forGood && (
					<button type="button" className="hf-main-button" onClick={() => void stay().catch(setFailed)}>
						Stay signed in
					</button>
				)}
				<button type="button" className="hf-button" onClick={() => void signOut()}>
					Sign out now
				</button>
			</p>
		</Dialog>
	);
}

/** Covers the page after the session ended under somebody's work. */
export function Locked() {
	const { session, locked, again } = useSession();
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!locked) return;
		window.scrollTo(0, 0);
		ref.current?.focus({ preventScroll: true });
	}, [locked]);
	if (!locked || !session) return null;
	return (
		<div className="hf-page hf-sign-in" ref={ref} tabIndex={-1}>
			<div className="hf-inset" role="status">
				<h1>You were signed out</h1>
				<p>
					Nothing was done for a while, or the session was ended. The page you were on is kept
					behind this one with everything you typed.
				</p>
				<p>
					Sign in again{session.actor && ` as ${session.actor.name}`} to go on where you were.
					Somebody else can sign in too: then this page is closed and nothing of it is shown.
				</p>
			</div>
			<SignIn session={session} level={2} back={null} onDone={() => void again()} />
		</div>
	);
}

export function ProofDialog() {
	const { proving } = useSession();
	if (!proving) return null;
	return (
		<Dialog title="Show that it is you" className="hf-dialog--small" onClose={() => proving(false)}>
			<Proof onDone={() => proving(true)} />
		</Dialog>
	);
}

// Signing in, step by step: name and password, a new password when the one given
// was for once, the second factor (or setting it up), the role.

import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { ApiError, asApiError, ask, send } from "../base/api";
import { ErrorSummary, Field, Main, Radios, Check, useSubmit } from "../base/form";
import { Problem, Waiting } from "../base/ui";
import { Qr } from "./Qr";
import { tellTabs } from "./session";
import type { Demonstration, Role, Session, Step } from "./types";

interface Answer {
	step: Step;
	recovery?: string[];
	recoveryLeft?: number;
}

type Next = (answer: Answer) => void;

/** Each step begins at its heading, so that it is heard. */
function Head({ children, level }: { children: ReactNode; level: 1 | 2 }) {
	const ref = useRef<HTMLHeadingElement>(null);
	const Tag = level === 1 ? "h1" : "h2";
	return (
		<Tag ref={ref} tabIndex={-1}>
			{children}
		</Tag>
	);
}

function Password({ next, level, hint }: { next: Next; level: 1 | 2; hint?: string | undefined }) {
	const id = useId();
	const [login, setLogin] = useState("");
	const [password, setPassword] = useState("");
	const ids = { login: `${id}-login`, password: `${id}-password` };
	const form = useSubmit(
		() => ({
			...(login.trim() ? {} : { login: "Enter your user name" }),
			...(password ? {} : { password: "Enter your password" }),
		}),
		async () => {
			try {
				next(await send<Answer>("/auth/sign-in", { login: login.trim(), password }));
			} catch (e) {
				if (e instanceof ApiError && e.status === 401)
					throw new ApiError(401, e.code, "The user name or the password is wrong.");
				throw e;
			}
		},
		["login", "password"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Sign in">
			<Head level={level}>Sign in</Head>
			{hint && <p>{hint}</p>}
			<ErrorSummary of={form} ids={ids} />
			<Field
				id={ids.login}
				label="User name"
				autoComplete="username"
				value={login}
				onChange={setLogin}
				error={form.wrong.login}
				maxLength={200}
			/>
			<Field
				id={ids.password}
				label="Password"
				type="password"
				autoComplete="current-password"
				value={password}
				onChange={setPassword}
				error={form.wrong.password}
				maxLength={1000}
			/>
			<Main busy={form.busy}>{form.busy ? "Signing in…" : "Sign in"}</Main>
			<details className="hf-help">
				<summary>I cannot sign in</summary>
				<p>
					After several wrong passwords you have to wait a little between tries; the
					page says how long. If you forgot your password or lost your phone, ask whoever
					administers users in your organisation: they give you a password for one sign-in
					and you set up the second factor again.
				</p>
			</details>
		</form>
	);
}

function NewPassword({ next, level }: { next: Next; level: 1 | 2 }) {
	const id = useId();
	const [password, setPassword] = useState("");
	const ids = { password: `${id}-new` };
	const form = useSubmit(
		() => (password.length >= 12 ? {} : { password: "Enter at least 12 characters" }),
		async () => next(await send<Answer>("/auth/password", { password })),
		["password"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Choose a password">
			<Head level={level}>Choose your password</Head>
			<p>The one you were given was for this sign-in only.</p>
			<ErrorSummary of={form} ids={ids} />
			<Field
				id={ids.password}
				label="New password"
				type="password"
				hint="At least 12 characters. Three or four words that do not belong together are easy to remember and hard to guess."
				autoComplete="new-password"
				value={password}
				onChange={setPassword}
				error={form.wrong.password}
				maxLength={1000}
			/>
			<Main busy={form.busy}>Keep this password</Main>
		</form>
	);
}

const digits = (text: string) => text.replace(/\s/g, "");

function Totp({ next, level }: { next: Next; level: 1 | 2 }) {
	const id = useId();
	const [code, setCode] = useState("");
	const [recovery, setRecovery] = useState(false);
	const ids = { code: `${id}-code`, recovery: `${id}-code` };
	const form = useSubmit(
		() =>
			recovery
				? code.trim()
					? {}
					: { code: "Enter a recovery code" }
				: /^\d{6}$/.test(digits(code))
					? {}
					: { code: "Enter the 6 digits that your app shows" },
		async () =>
			next(
				await send<Answer>("/auth/totp", recovery ? { recovery: code.trim() } : { code: digits(code) }),
			),
		["code", "recovery"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Second factor">
			<Head level={level}>{recovery ? "Use a recovery code" : "Enter the code from your app"}</Head>
			<ErrorSummary of={form} ids={ids} />
			<Field
				key={recovery ? "recovery" : "code"}
				id={ids.code}
				label={recovery ? "Recovery code" : "6-digit code"}
				hint={
					recovery
						? "One of the codes you kept when you set up your app. Each works once."
						: "Open your authenticator app and look for homefirst. The code changes every 30 seconds."
				}
				width={recovery ? "middle" : "code"}
				inputMode={recovery ? "text" : "numeric"}
				autoComplete="one-time-code"
				value={code}
				onChange={setCode}
				error={form.wrong.code ?? form.wrong.recovery}
				autoFocus
				maxLength={40}
			/>
			<Main busy={form.busy}>Continue</Main>
			<p className="hf-also">
				<button
					type="button"
					className="hf-linklike"
					onClick={() => {
						setRecovery((r) => !r);
						setCode("");
						form.setWrong({});
					}}
				>
					{recovery ? "Use my app instead" : "I do not have my phone: use a recovery code"}
				</button>
			</p>
		</form>
	);
}

interface Secret {
	secret: string;
	uri: string;
}

function Enrol({ next, level }: { next: (a: Answer) => void; level: 1 | 2 }) {
	const id = useId();
	const [secret, setSecret] = useState<Secret>();
	const [failed, setFailed] = useState<unknown>();
	const [code, setCode] = useState("");
	const asked = useRef(false);
	useEffect(() => {
		if (asked.current) return;
		asked.current = true;
		send<Secret>("/auth/enrol").then(setSecret, setFailed);
	}, []);
	const ids = { code: `${id}-code` };
	const form = useSubmit(
		() => (/^\d{6}$/.test(digits(code)) ? {} : { code: "Enter the 6 digits that your app shows" }),
		async () => next(await send<Answer>("/auth/enrol", { code: digits(code) })),
		["code"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Set up the second factor">
			<Head level={level}>Set up your second factor</Head>
			<p>
				Besides your password, homefirst asks for a code from an app on your phone, so that a
				stolen password opens nothing.
			</p>
			{failed !== undefined && <Problem error={asApiError(failed)} />}
			{!secret && failed === undefined && <Waiting what="the secret" />}
			{secret && (
				<>
					<ErrorSummary of={form} ids={ids} />
					<ol className="hf-steps">
						<li>Install an authenticator app on your phone, if there is none.</li>
						<li>
							Scan this with the app, or type the key into it.
							<div className="hf-enrol">
								<Qr text={secret.uri} label="QR code of the key below, for the app" />
								<p>
									Key
									<br />
									<code className="hf-key">{secret.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
								</p>
							</div>
						</li>
						<li>Enter the code that the app shows now.</li>
					</ol>
					<Field
						id={ids.code}
						label="6-digit code"
						width="code"
						inputMode="numeric"
						autoComplete="one-time-code"
						value={code}
						onChange={setCode}
						error={form.wrong.code}
						maxLength={12}
					/>
					<Main busy={form.busy}>Continue</Main>
				</>
			)}
		</form>
	);
}

function Recovery({ codes, onKept, level }: { codes: string[]; onKept: () => void; level: 1 | 2 }) {
	const [kept, setKept] = useState(false);
	const [copied, setCopied] = useState("");
	const form = useSubmit(
		() => (kept ? {} : { kept: "Tick the box when you have put the codes away" }),
		async () => onKept(),
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Recovery codes">
			<Head level={level}>Keep these recovery codes</Head>
			<p>
				When your phone is lost or broken, each of them signs you in once. They are shown only
				now. Print them and lock them away, or put them into a password manager.
			</p>
			<ErrorSummary of={form} ids={{ kept: "recovery-kept" }} />
			<ul className="hf-codes" aria-label="Recovery codes">
				{codes.map((c) => (
					<li key={c}>
						<code>{c}</code>
					</li>
				))}
			</ul>
			<p className="hf-also">
				<button type="button" className="hf-button hf-button--quiet" onClick={() => window.print()}>
					Print
				</button>{" "}
				<button
					type="button"
					className="hf-button hf-button--quiet"
					onClick={() =>
						navigator.clipboard.writeText(codes.join("\n")).then(
							() => setCopied("Copied."),
							() => setCopied("The browser did not allow it; select the codes instead."),
						)
					}
				>
					Copy
				</button>{" "}
				<span role="status">{copied}</span>
			</p>
			<Check
				id="recovery-kept"
				label="I have put these codes away safely"
				checked={kept}
				onChange={setKept}
				error={form.wrong.kept}
			/>
			<Main busy={form.busy}>Continue</Main>
		</form>
	);
}

export function roleText(r: { role: string; org?: string }) {
	return r.org ? `${r.role}, ${r.org}` : r.role;
}

export function RoleChoice(props: {
	roles: Role[];
	next: Next;
	level: 1 | 2;
	title: string;
	go: string;
}) {
	const [role, setRole] = useState(() => String(props.roles.find((r) => r.current)?.id ?? ""));
	const form = useSubmit(
		() => (role ? {} : { role: "Choose a role" }),
		async () => props.next(await send<Answer>("/auth/role", { role: Number(role) })),
		["role"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label={props.title}>
			<Head level={props.level}>{props.title}</Head>
			<ErrorSummary of={form} ids={{ role: "role-choice" }} />
			<Radios
				id="role-choice"
				label="Your roles"
				hint="What you may see follows from it, and it is written down with everything you open."
				choices={props.roles.map((r) => ({ code: String(r.id), text: r.role, hint: r.org }))}
				value={role}
				onChange={setRole}
				error={form.wrong.role}
			/>
			<Main busy={form.busy}>{props.go}</Main>
		</form>
	);
}

function Roles({ next, level }: { next: Next; level: 1 | 2 }) {
	const [roles, setRoles] = useState<Role[]>();
	const [failed, setFailed] = useState<unknown>();
	useEffect(() => {
		ask<Session>("/api/session").then((s) => setRoles(s.roles ?? []), setFailed);
	}, []);
	if (failed !== undefined) return <Problem error={asApiError(failed)} />;
	if (!roles) return <Waiting what="your roles" />;
	if (roles.length === 0)
		return (
			<>
				<Head level={level}>You have no role now</Head>
				<p>
					Your user name is good, but no role of yours is open today, so there is nothing
					to show. Ask whoever administers users in your organisation.
				</p>
			</>
		);
	return (
		<RoleChoice roles={roles} next={next} level={level} title="In which role do you work?" go="Continue" />
	);
}

function Demonstrations({ people, next }: { people: Demonstration[]; next: Next }) {
	const [failed, setFailed] = useState<unknown>();
	const [busy, setBusy] = useState("");
	return (
		<section aria-labelledby="demo-title" className="hf-demo">
			<h2 id="demo-title">Demonstration: sign in as …</h2>
			<p>
				Every person and record of this place is invented. Whoever can reach this page can sign
				in here without a password; real places are never run this way.
			</p>
			{failed !== undefined && <Problem error={asApiError(failed)} />}
			<ul className="hf-cards">
				{people.map((d) => (
					<li key={d.login} className="hf-card">
						<h3>
							<button
								type="button"
								className="hf-card__go"
								aria-disabled={busy !== ""}
								aria-describedby={`demo-${d.login}`}
								onClick={() => {
									if (busy) return;
									setBusy(d.login);
									setFailed(undefined);
									send<Answer>("/auth/demonstration", { login: d.login })
										.then(next, setFailed)
										.finally(() => setBusy(""));
								}}
							>
								{d.role}
							</button>
						</h3>
						<div id={`demo-${d.login}`}>
							<p className="hf-card__who">
								{d.name}
								{d.org && `, ${d.org}`}
							</p>
							<p>{d.sees}</p>
						</div>
					</li>
				))}
			</ul>
		</section>
	);
}

/** The whole way from nobody to signed in.  onDone runs once it is done. */
export function SignIn(props: {
	session: Session;
	level: 1 | 2;
	hint?: string | undefined;
	/** Where a provider sends the browser back to; null: opens beside this page. */
	back: string | null;
	onDone: () => void;
}) {
	const { session, level, onDone } = props;
	const [step, setStep] = useState<Step>(session.step && session.step !== "done" ? session.step : "sign-in");
	const [recovery, setRecovery] = useState<{ codes: string[]; then: Step }>();
	const go = (to: Step) => {
		setStep(to);
		if (to === "done") {
			tellTabs();
			onDone();
		}
	};
	const next: Next = (answer) => {
		if (answer.recovery && answer.recovery.length > 0)
			setRecovery({ codes: answer.recovery, then: answer.step });
		else go(answer.step);
	};
	if (recovery)
		return (
			<Recovery
				codes={recovery.codes}
				level={level}
				onKept={() => {
					setRecovery(undefined);
					go(recovery.then);
				}}
			/>
		);
	if (step === "done") return <Waiting what="your page" />;
	if (step === "password") return <NewPassword next={next} level={level} />;
	if (step === "totp") return <Totp next={next} level={level} />;
	if (step === "enrol") return <Enrol next={next} level={level} />;
	if (step === "role") return <Roles next={next} level={level} />;
	const offered = session.signIn;
	const providers = offered?.providers ?? [];
	const demonstration = offered?.demonstration ?? [];
	return (
		<>
			{(offered?.local ?? true) && <Password next={next} level={level} hint={props.hint} />}
			{providers.length > 0 && (
				<section aria-labelledby="provider-title" className="hf-providers">
					<h2 id="provider-title">
						{(offered?.local ?? true) ? "Or sign in with" : "Sign in with"}
					</h2>
					<ul>
						{providers.map((p) => (
							<li key={p.id}>
								<a
									className="hf-button"
									href={`/auth/oidc/${encodeURIComponent(p.id)}?return=${encodeURIComponent(props.back ?? "/sign-in?done=1")}`}
									{...(props.back === null ? { target: "_blank", rel: "noopener" } : {})}
								>
									{p.name}
								</a>
							</li>
						))}
					</ul>
				</section>
			)}
			{demonstration.length > 0 && <Demonstrations people={demonstration} next={next} />}
		</>
	);
}

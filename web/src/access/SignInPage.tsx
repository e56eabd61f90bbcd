// "Who are you?": the page of signing in.

import { useEffect } from "react";
import { useLocation } from "wouter";
import { useQuery } from "../base/address";
import { Problem, Waiting, useTitle } from "../base/ui";
import { SignIn } from "./SignIn";
import { needsLoading, ownPath } from "./returning";
import { useSession } from "./session";

/** What became of a sign-in at a provider. */
const errors: Record<string, string> = {
	provider:
		"The provider did not answer as it should. Try again; if it stays so, tell whoever runs homefirst.",
	refused:
		"What the provider said of the sign-in was not accepted: it was ended there, or it is weaker than asked for here. Try again with your strongest way to sign in.",
	unknown:
		"The provider knows you, but you have no account here. Ask whoever administers users.",
	norole:
		"You are known here, but no role of yours is open today. Ask whoever administers users.",
	expired: "The sign-in took too long. Begin again.",
	stale: "The provider did not ask you again. Sign in there with password or card, then come back.",
	another: "Somebody else was signed in at the provider. Sign out there, then try again.",
};

export function SignInPage() {
	useTitle("Sign in");
	const { session, error, again } = useSession();
	const [query] = useQuery();
	const [, go] = useLocation();
	const to = ownPath(query.get("return"));
	const error_ = query.get("error");
	const signedIn = session?.signedIn === true;
	useEffect(() => {
		if (!signedIn) return;
		if (needsLoading(to)) window.location.assign(to);
		else go(to, { replace: true });
	}, [signedIn, to, go]);
	if (error && !session)
		return (
			<div className="hf-page">
				<h1>Sign in</h1>
				<Problem error={error} again={() => void again()} />
			</div>
		);
	if (!session || signedIn)
		return (
			<div className="hf-page">
				<Waiting what="the page" />
			</div>
		);
	return (
		<div
			className={`hf-page hf-sign-in ${(session.signIn?.demonstration ?? []).length > 0 ? "hf-sign-in--demo" : ""}`}
		>
			{query.get("out") && (
				<div className="hf-done" role="status">
					<p>You have signed out.</p>
				</div>
			)}
			{error_ && (
				<div className="hf-problem" role="alert">
					<h2 className="hf-problem__title">You are not signed in</h2>
					<p>
						{errors[error_] ??
							"The sign-in at the provider did not work. Try again; if it stays so, tell whoever runs homefirst."}
					</p>
				</div>
			)}
			<SignIn
				session={session}
				level={1}
				back={to}
				hint={
					query.get("return") && to !== "/"
						? "The page you asked for is shown once you have signed in."
						: undefined
				}
				onDone={() => void again()}
			/>
		</div>
	);
}

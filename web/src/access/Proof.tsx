// Proving again who one is, before something that matters.

import { useId, useState } from "react";
import { send } from "../base/api";
import { ErrorSummary, Field, Main, useSubmit } from "../base/form";
import { useSession } from "./session";

export function Proof({ onDone }: { onDone: () => void }) {
	const id = useId();
	const [password, setPassword] = useState("");
	const [code, setCode] = useState("");
	const how = useSession().session?.session;
	const demonstration = how?.proof === "demonstration";
	const wantsPassword = (how?.proof ?? "password") === "password";
	const ids = { password: `${id}-password`, code: `${id}-code` };
	const form = useSubmit(
		() =>
			demonstration
				? {}
				: {
						...(password || !wantsPassword ? {} : { password: "Enter your password" }),
						...(/^\s*(\d\s*){6}$/.test(code)
							? {}
							: { code: "Enter the 6 digits that your app shows" }),
					},
		async () => {
			await send(
				"/auth/prove",
				demonstration
					? {}
					: { ...(wantsPassword ? { password } : {}), code: code.replace(/\s/g, "") },
			);
			onDone();
		},
		["password", "code"],
	);
	if (how?.proof === "provider")
		return (
			<>
				<p>Your provider has to ask you. What you typed here is kept; come back to this tab then.</p>
				<p className="hf-buttons">
					<a
						className="hf-button"
						href={`/auth/oidc/${encodeURIComponent(how.provider ?? "")}?prove=1&return=${encodeURIComponent("/sign-in?done=1")}`}
						target="_blank"
						rel="noopener"
					>
						Ask my provider
					</a>
					<button type="button" className="hf-main-button" onClick={onDone}>
						I have done it
					</button>
				</p>
			</>
		);
	if (demonstration)
		return (
			<form onSubmit={form.submit} noValidate aria-label="Show that it is you">
				<p>
					Here your password and the code from your app are asked again. Demonstration users
					have neither: go on.
				</p>
				<ErrorSummary of={form} />
				<Main busy={form.busy}>Continue</Main>
			</form>
		);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Show that it is you">
			<p>This step is kept for you alone, even if somebody finds your screen open.</p>
			<ErrorSummary of={form} ids={ids} />
			{wantsPassword && (
				<Field
					id={ids.password}
					label="Password"
					type="password"
					autoComplete="current-password"
					value={password}
					onChange={setPassword}
					error={form.wrong.password}
				/>
			)}
			<Field
				id={ids.code}
				label="6-digit code from your app"
				width="code"
				inputMode="numeric"
				autoComplete="one-time-code"
				value={code}
				onChange={setCode}
				error={form.wrong.code}
				maxLength={12}
			/>
			<Main busy={form.busy}>Continue</Main>
		</form>
	);
}

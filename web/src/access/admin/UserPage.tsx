// "What may this user do, and is that still right?": joining, moving, leaving.

import { useId, useState } from "react";
import { Link } from "wouter";
import { forgetAll, send, useAsked } from "../../base/api";
import { Area, Check, Do, ErrorSummary, Field, Main, Select, useSubmit } from "../../base/form";
import { Table } from "../../base/table";
import { Problem, Waiting, useTitle } from "../../base/ui";
import { When, dayEnd, dayStart, whenText } from "../when";
import { OnceShown } from "./OnceShown";
import { StateTag, factorText, roleChoices, useRoles } from "./UsersPage";
import { OrgSelect } from "./orgs";
import type { Once, User } from "./types";

function AddRole({ path, onDone }: { path: string; onDone: () => void }) {
	const id = useId();
	const roles = useRoles();
	const [role, setRole] = useState("");
	const [org, setOrg] = useState("");
	const [from, setFrom] = useState("");
	const [until, setUntil] = useState("");
	const [supervisor, setSupervisor] = useState("");
	const [trained, setTrained] = useState(false);
	const [kiosk, setKiosk] = useState(false);
	const kind = roles.find((r) => r.code === role);
	const ids = {
		role: `${id}-role`,
		org: `${id}-org`,
		from: `${id}-from`,
		until: `${id}-until`,
		supervisor: `${id}-supervisor`,
	};
	const form = useSubmit(
		() => ({
			...(role ? {} : { role: "Choose a role" }),
			...(kind?.needsOrg && !org ? { org: "Choose where they work in this role" } : {}),
			...(kind?.needsSupervisor && !supervisor.trim()
				? { supervisor: "Enter who supervises the student" }
				: {}),
			...(from && until && until < from ? { until: "The last day is before the first" } : {}),
		}),
		async () => {
			await send(`${path}/roles`, {
				role,
				...(org ? { org } : {}),
				...(from ? { from: dayStart(from) } : {}),
				...(until ? { until: dayEnd(until) } : {}),
				...(kind?.needsSupervisor ? { supervisor: supervisor.trim() } : {}),
				...(trained ? { trained } : {}),
				...(kiosk ? { kiosk } : {}),
			});
			setRole("");
			onDone();
		},
		["role", "org", "from", "until", "supervisor"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Add a role</h2>
			<ErrorSummary of={form} ids={ids} />
			<div className="hf-row">
				<Select id={ids.role} label="Role" empty="Choose a role" choices={roleChoices(roles)} value={role} onChange={setRole} error={form.wrong.role} />
				<OrgSelect id={ids.org} label="Organisation" empty="None" value={org} onChange={setOrg} error={form.wrong.org} />
				<Field id={ids.from} label="First day (optional)" type="date" value={from} onChange={setFrom} error={form.wrong.from} />
				<Field id={ids.until} label="Last day (optional)" type="date" value={until} onChange={setUntil} error={form.wrong.until} />
				{kind?.needsSupervisor && (
					<Field id={ids.supervisor} label="Supervisor" hint="Practitioner/…" value={supervisor} onChange={setSupervisor} error={form.wrong.supervisor} maxLength={80} />
				)}
			</div>
			<Check label="Trained in safeguarding" checked={trained} onChange={setTrained} />
			<Check
				label="Works at shared machines: signed out after 5 minutes without use"
				checked={kiosk}
				onChange={setKiosk}
			/>
			<Main busy={form.busy}>Add the role</Main>
		</form>
	);
}

function Leave({ user, path, onDone }: { user: User; path: string; onDone: () => void }) {
	const id = useId();
	const [reason, setReason] = useState("");
	const form = useSubmit(
		() => (reason.trim() ? {} : { reason: "Say why" }),
		async () => {
			await send(`${path}/end`, { reason: reason.trim() });
			onDone();
		},
		["reason"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Leaving</h2>
			<p>
				All roles and sessions of {user.name} end at once. What they did stays under their name.
			</p>
			<ErrorSummary of={form} ids={{ reason: `${id}-reason` }} />
			<Area id={`${id}-reason`} label="Why" rows={2} value={reason} onChange={setReason} error={form.wrong.reason} maxLength={500} />
			<Main busy={form.busy} danger>
				End this user's access
			</Main>
		</form>
	);
}

export function UserPage({ id }: { id: string }) {
	const path = `/api/admin/users/${encodeURIComponent(id)}`;
	const { data: user, error, again } = useAsked<User>(path);
	const [once, setOnce] = useState<Once>();
	useTitle(user ? user.name : "User");
	const changed = () => {
		forgetAll();
		again();
	};
	if (error)
		return (
			<div className="hf-page">
				<h1>User</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!user)
		return (
			<div className="hf-page">
				<Waiting what="the user" />
			</div>
		);
	const open = (until: string | undefined) => !until || Date.parse(until) > Date.now();
	return (
		<div className="hf-page">
			<p>
				<Link href="/admin/users">Back to all users</Link>
			</p>
			<h1>{user.name}</h1>
			{once && (
				<OnceShown
					title="A new password for one sign-in"
					rows={[["Password for one sign-in", once.password]]}
					note="Shown only now. The second factor has been taken away: at the next sign-in the user chooses a password and sets up their app again."
				/>
			)}
			<dl className="hf-facts">
				<div>
					<dt>User name</dt>
					<dd>{user.login}</dd>
				</div>
				<div>
					<dt>State</dt>
					<dd>
						<StateTag user={user} />
					</dd>
				</div>
				<div>
					<dt>Second factor</dt>
					<dd>{factorText(user)}</dd>
				</div>
				<div>
					<dt>Last sign-in</dt>
					<dd>
						<When at={user.lastSignIn} />
					</dd>
				</div>
				<div>
					<dt>In the record</dt>
					<dd>{user.practitioner ?? "not joined to a practitioner"}</dd>
				</div>
			</dl>
			<section aria-labelledby="roles-title">
				<h2 id="roles-title">Roles</h2>
				{user.roles.length === 0 ? (
					<p className="hf-empty">No role is open: nothing is shown to this user.</p>
				) : (
					<Table
						caption="Roles, open and ended"
						rows={user.roles}
						id={(r) => String(r.id)}
						columns={[
							{
								head: "Role",
								cell: (r) => (
									<>
										{r.role}
										{r.trained && <div className="hf-dim">trained in safeguarding</div>}
										{r.kiosk && <div className="hf-dim">at shared machines</div>}
										{r.supervisor && <div className="hf-dim">supervised by {r.supervisor}</div>}
									</>
								),
							},
							{ head: "Organisation", cell: (r) => r.org ?? "none" },
							{ head: "Since", cell: (r) => whenText(r.from) || "the beginning" },
							{ head: "Until", cell: (r) => whenText(r.until) || "open" },
							{
								head: "Change",
								cell: (r) =>
									open(r.until) && user.state !== "ended" ? (
										<Do
											quiet
											about={`the role ${r.role}`}
											run={async () => {
												await send(`${path}/roles/${r.id}/end`);
												changed();
											}}
										>
											End now
										</Do>
									) : (
										"ended"
									),
							},
						]}
					/>
				)}
			</section>
			{user.state === "ended" ? (
				<section aria-labelledby="again-title">
					<h2 id="again-title">Coming back</h2>
					<p>The user can be let in again; roles are given anew.</p>
					<Do
						run={async () => {
							setOnce(await send<Once>(`${path}/again`));
							changed();
						}}
					>
						Let this user in again
					</Do>
				</section>
			) : (
				<>
					<section>
						<AddRole path={path} onDone={changed} />
					</section>
					<section aria-labelledby="reset-title">
						<h2 id="reset-title">Forgotten password, lost phone</h2>
						<p>Make sure that it is really them who ask.</p>
						<p className="hf-buttons">
							<Do
								run={async () => {
									setOnce(await send<Once>(`${path}/reset`));
									changed();
								}}
							>
								Give a new password for one sign-in
							</Do>
							{user.state === "locked" && (
								<Do
									run={async () => {
										await send(`${path}/unlock`);
										changed();
									}}
								>
									Unlock now
								</Do>
							)}
						</p>
					</section>
					<section>
						<Leave user={user} path={path} onDone={changed} />
					</section>
				</>
			)}
		</div>
	);
}

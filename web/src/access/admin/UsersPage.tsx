// "Who can sign in?": the users, found by name, and a new one.

import { useId, useState } from "react";
import { Link } from "wouter";
import { forgetAll, send, useAsked } from "../../base/api";
import { useQuery } from "../../base/address";
import { ErrorSummary, Field, Main, Select, useSubmit } from "../../base/form";
import { Listing, usePaged } from "../../base/table";
import { Sign, useTitle } from "../../base/ui";
import { When } from "../when";
import { OnceShown } from "./OnceShown";
import { OrgSelect } from "./orgs";
import { stateWords, type Once, type RoleKind, type User } from "./types";

export function useRoles() {
	const { data } = useAsked<{ roles: RoleKind[] }>("/api/admin/roles");
	return data?.roles ?? [];
}

export const roleChoices = (roles: RoleKind[]) =>
	roles
		.map((r) => ({
			code: r.code,
			text: r.groupText && r.groupText !== r.name ? `${r.name} (${r.groupText})` : r.name,
		}))
		.sort((a, b) => a.text.localeCompare(b.text, "en-GB"));

function Add({ onAdded }: { onAdded: (made: Once & { id: string; login: string }) => void }) {
	const id = useId();
	const roles = useRoles();
	const [login, setLogin] = useState("");
	const [name, setName] = useState("");
	const [role, setRole] = useState("");
	const [org, setOrg] = useState("");
	const [practitioner, setPractitioner] = useState("");
	const [supervisor, setSupervisor] = useState("");
	const kind = roles.find((r) => r.code === role);
	const ids = {
		login: `${id}-login`,
		name: `${id}-name`,
		role: `${id}-role`,
		org: `${id}-org`,
		practitioner: `${id}-practitioner`,
		supervisor: `${id}-supervisor`,
	};
	const form = useSubmit(
		() => ({
			...(name.trim() ? {} : { name: "Enter the user's name" }),
			...(login.trim() ? {} : { login: "Enter a user name" }),
			...(role ? {} : { role: "Choose a role" }),
			...(kind?.needsOrg && !org ? { org: "Choose where they work in this role" } : {}),
			...(kind?.needsSupervisor && !supervisor.trim()
				? { supervisor: "Enter who supervises the student" }
				: {}),
		}),
		async () => {
			const made = await send<Once & { id: string; login: string }>("/api/admin/users", {
				login: login.trim(),
				name: name.trim(),
				role,
				...(org ? { org } : {}),
				...(practitioner.trim() ? { practitioner: practitioner.trim() } : {}),
				...(kind?.needsSupervisor ? { supervisor: supervisor.trim() } : {}),
			});
			forgetAll();
			setLogin("");
			setName("");
			setPractitioner("");
			onAdded(made);
		},
		["login", "name", "role", "org", "practitioner", "supervisor"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Add a user">
			<ErrorSummary of={form} ids={ids} />
			<Field id={ids.name} label="Name" hint="As colleagues see it in reports of access" value={name} onChange={setName} error={form.wrong.name} maxLength={200} />
			<Field id={ids.login} label="User name" hint="What they type to sign in; an e-mail address is usual" value={login} onChange={setLogin} error={form.wrong.login} maxLength={200} />
			<Select id={ids.role} label="Role" empty="Choose a role" choices={roleChoices(roles)} value={role} onChange={setRole} error={form.wrong.role} />
			<OrgSelect id={ids.org} label="Organisation" hint="Whose people they may see follows from it" empty="None" value={org} onChange={setOrg} error={form.wrong.org} />
			{kind?.needsSupervisor && (
				<Field id={ids.supervisor} label="Supervisor" hint="Practitioner/… of whoever supervises the student" value={supervisor} onChange={setSupervisor} error={form.wrong.supervisor} maxLength={80} />
			)}
			<Field id={ids.practitioner} label="Practitioner in the record (optional)" hint="Practitioner/… when the record names them: caseloads and care teams then count for them" value={practitioner} onChange={setPractitioner} error={form.wrong.practitioner} maxLength={80} />
			<Main busy={form.busy}>Add the user</Main>
		</form>
	);
}

export const factorText = (u: User) =>
	u.demonstration ? "none: demonstration" : u.factor ? "set up" : "not yet";

export function StateTag({ user }: { user: User }) {
	const bad = user.state === "ended" || user.state === "locked";
	return (
		<span className={`hf-status ${bad ? "hf-status--off" : ""}`}>
			{bad && <Sign of="warn" />} {stateWords[user.state] ?? user.state}
		</span>
	);
}

export function UsersPage() {
	useTitle("Users");
	const [query, change] = useQuery();
	const [typed, setTyped] = useState(query.get("q") ?? "");
	const [made, setMade] = useState<Once & { id: string; login: string }>();
	const q = query.get("q") ?? "";
	const state = query.get("state") ?? "";
	const adding = query.get("add") === "1";
	const asked = new URLSearchParams({ limit: "50" });
	if (q) asked.set("q", q);
	if (state) asked.set("state", state);
	const list = usePaged<User>(`/api/admin/users?${asked}`);
	const form = useSubmit(
		() => ({}),
		async () => change({ q: typed.trim() }),
	);
	return (
		<div className="hf-page hf-page--wide">
			<h1>Who can sign in?</h1>
			{made && (
				<OnceShown
					title={`${made.login} was added`}
					rows={[
						["User name", made.login],
						["Password for one sign-in", made.password],
					]}
					note="Shown only now. Give it to the user in person or by a way you trust; at their first sign-in they choose their own and set up the second factor."
				/>
			)}
			<p className="hf-also">
				<button
					type="button"
					className="hf-button"
					aria-expanded={adding}
					onClick={() => change({ add: adding ? null : "1" })}
				>
					{adding ? "Close the form" : "Add a user"}
				</button>{" "}
				<Link href="/admin/sessions">Who is signed in now</Link>
			</p>
			{adding && (
				<section className="hf-part" aria-label="Add a user">
					<Add
						onAdded={(m) => {
							setMade(m);
							change({ add: null });
							list.again();
						}}
					/>
				</section>
			)}
			<form onSubmit={form.submit} role="search" aria-label="Find a user">
				<div className="hf-row">
					<Field label="Name or user name" value={typed} onChange={setTyped} maxLength={80} />
					<Select
						label="State"
						value={state}
						onChange={(s) => change({ state: s })}
						empty="All"
						choices={Object.entries(stateWords).map(([code, text]) => ({ code, text }))}
					/>
					<Main busy={false}>Find</Main>
				</div>
			</form>
			<Listing
				of={list}
				what="users"
				one="user"
				many="users"
				id={(u) => u.id}
				empty={q || state ? "No user fits. Change the search, or leave it empty." : "There is no user yet."}
				columns={[
					{
						head: "Name",
						cell: (u) => (
							<>
								<Link href={`/admin/users/${encodeURIComponent(u.id)}`}>{u.name}</Link>
								<div className="hf-dim">{u.login}</div>
							</>
						),
					},
					{
						head: "Roles",
						cell: (u) =>
							u.roles.length === 0 ? (
								<span className="hf-dim">none open</span>
							) : (
								<ul>
									{u.roles.map((r) => (
										<li key={r.id}>
											{r.role}
											{r.org && <span className="hf-dim">, {r.org}</span>}
										</li>
									))}
								</ul>
							),
					},
					{ head: "State", cell: (u) => <StateTag user={u} /> },
					{ head: "Second factor", cell: (u) => factorText(u) },
					{ head: "Last sign-in", cell: (u) => <When at={u.lastSignIn} /> },
				]}
			/>
		</div>
	);
}

// "Which programs use the record, and what may they do?"

import { useId, useState } from "react";
import { forgetAll, send } from "../../base/api";
import { useQuery } from "../../base/address";
import { Area, Do, ErrorSummary, Field, Main, Select, useSubmit } from "../../base/form";
import { Listing, usePaged } from "../../base/table";
import { useTitle } from "../../base/ui";
import { scopeWords } from "../scopes";
import { When } from "../when";
import { OnceShown } from "./OnceShown";
import { OrgSelect } from "./orgs";
import type { Client } from "./types";

interface Made {
	id: string;
	secret?: string;
}

const purposes = [
	{ code: "DIRECT", text: "direct care" },
	{ code: "PLAN", text: "planning of services" },
	{ code: "FINANCE", text: "payment" },
	{ code: "AUDIT", text: "audit of access" },
];

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

function Add({ onAdded }: { onAdded: (made: Made) => void }) {
	const id = useId();
	const [name, setName] = useState("");
	const [scopes, setScopes] = useState("");
	const [org, setOrg] = useState("");
	const [purpose, setPurpose] = useState("DIRECT");
	const [redirects, setRedirects] = useState("");
	const ids = {
		name: `${id}-name`,
		scopes: `${id}-scopes`,
		org: `${id}-org`,
		purpose: `${id}-purpose`,
		redirects: `${id}-redirects`,
	};
	const asked = words(scopes);
	const form = useSubmit(
		() => ({
			...(name.trim() ? {} : { name: "Enter a name" }),
			...(asked.length ? {} : { scopes: "Say what it may do" }),
		}),
		async () => {
			const made = await send<Made>("/api/admin/clients", {
				name: name.trim(),
				scopes: asked,
				purpose,
				...(org ? { org } : {}),
				...(words(redirects).length ? { redirects: words(redirects) } : {}),
			});
			forgetAll();
			onAdded(made);
		},
		["name", "scopes", "org", "purpose", "redirects"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Add a system or app">
			<ErrorSummary of={form} ids={ids} />
			<Field id={ids.name} label="Name" value={name} onChange={setName} error={form.wrong.name} maxLength={200} />
			<Area id={ids.scopes} label="What it may do" hint="SMART scopes with blanks between, for example system/Patient.rs system/Observation.crus" value={scopes} onChange={setScopes} error={form.wrong.scopes} />
			{asked.length > 0 && (
				<ul className="hf-bullets hf-dim" aria-label="In words">
					{asked.map((s) => (
						<li key={s}>{scopeWords(s)}</li>
					))}
				</ul>
			)}
			<OrgSelect id={ids.org} label="Organisation it works for" hint="Its rights are those of this organisation" empty="The whole place" value={org} onChange={setOrg} error={form.wrong.org} />
			<Select id={ids.purpose} label="Purpose" choices={purposes} value={purpose} onChange={setPurpose} error={form.wrong.purpose} />
			<Area id={ids.redirects} label="Addresses to come back to (apps with users only)" hint="One https:// address a line" rows={2} value={redirects} onChange={setRedirects} error={form.wrong.redirects} />
			<Main busy={form.busy}>Add</Main>
		</form>
	);
}

export function ClientsPage() {
	useTitle("Systems and apps");
	const [query, change] = useQuery();
	const adding = query.get("add") === "1";
	const [made, setMade] = useState<Made>();
	const list = usePaged<Client>("/api/admin/clients");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Which programs use the record?</h1>
			{made && (
				<OnceShown
					title={made.secret ? "Its id and secret" : "Its id"}
					rows={[["Client id", made.id], ...(made.secret ? ([["Secret", made.secret]] as [string, string][]) : [])]}
					note="The secret is shown only now. Put it into the program's own configuration, never into an e-mail."
				/>
			)}
			<p className="hf-also">
				<button type="button" className="hf-button" aria-expanded={adding} onClick={() => change({ add: adding ? null : "1" })}>
					{adding ? "Close the form" : "Add a system or app"}
				</button>
			</p>
			{adding && (
				<section className="hf-part" aria-label="Add a system or app">
					<Add
						onAdded={(m) => {
							setMade(m);
							change({ add: null });
							list.again();
						}}
					/>
				</section>
			)}
			<Listing
				of={list}
				what="the programs"
				one="program"
				many="programs"
				id={(c) => c.id}
				empty="No program uses the record yet."
				columns={[
					{
						head: "Name",
						cell: (c) => (
							<>
								{c.name}
								<div className="hf-dim">{c.id}</div>
							</>
						),
					},
					{ head: "Works for", cell: (c) => c.org ?? "the whole place" },
					{
						head: "May",
						cell: (c) => (
							<ul>
								{c.scopes.map((s) => (
									<li key={s} title={s}>
										{scopeWords(s)}
									</li>
								))}
							</ul>
						),
					},
					{ head: "Last used", cell: (c) => <When at={c.lastUsed} /> },
					{
						head: "Change",
						cell: (c) =>
							c.ended ? (
								<>
									ended <When at={c.ended} />
								</>
							) : (
								<div className="hf-buttons">
									<Do
										quiet
										about={`for ${c.name}`}
										run={async () => {
											const s = await send<{ secret: string }>(
												`/api/admin/clients/${encodeURIComponent(c.id)}/secret`,
											);
											setMade({ id: c.id, secret: s.secret });
										}}
									>
										New secret
									</Do>
									<Do
										quiet
										danger
										about={c.name}
										run={async () => {
											await send(`/api/admin/clients/${encodeURIComponent(c.id)}/end`);
											forgetAll();
											list.again();
										}}
									>
										End
									</Do>
								</div>
							),
					},
				]}
			/>
		</div>
	);
}

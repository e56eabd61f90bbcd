// "Who stands in for whom?": delegations between colleagues, and people who act for
// a person.

import { useId, useState } from "react";
import { forgetAll, send } from "../../base/api";
import { Do, ErrorSummary, Field, Main, useSubmit } from "../../base/form";
import { Listing, usePaged } from "../../base/table";
import { useTitle } from "../../base/ui";
import { PersonPick, personKey } from "../PersonPick";
import { dayEnd, dayFromToday, whenText } from "../when";
import type { Standing } from "./types";

function Add({ path, proxy, onDone }: { path: string; proxy: boolean; onDone: () => void }) {
	const id = useId();
	const [from, setFrom] = useState("");
	const [to, setTo] = useState("");
	const [person, setPerson] = useState("");
	const [reason, setReason] = useState("");
	const [ends, setEnds] = useState(dayFromToday(proxy ? 365 : 14));
	const ids = { from: `${id}-from`, to: `${id}-to`, person: `${id}-person`, reason: `${id}-reason`, ends: `${id}-ends` };
	const form = useSubmit(
		() => ({
			...(proxy || from.trim() ? {} : { from: "Enter who hands over" }),
			...(to.trim() ? {} : { to: proxy ? "Enter who acts for the person" : "Enter who stands in" }),
			...(proxy && !person.trim() ? { person: "Enter for whom" } : {}),
			...(reason.trim() ? {} : { reason: "Say why" }),
			...(ends > dayFromToday(0) ? {} : { ends: "Enter a day to come" }),
		}),
		async () => {
			// Whoever acts for a person is the one it comes "from".
			await send(path, {
				from: proxy ? to.trim() : from.trim(),
				...(proxy ? {} : { to: to.trim() }),
				...(person.trim() ? { person: personKey(person) } : {}),
				reason: reason.trim(),
				ends: dayEnd(ends),
			});
			setFrom("");
			setTo("");
			setPerson("");
			setReason("");
			onDone();
		},
		["from", "to", "person", "reason", "ends"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label={proxy ? "Let somebody act for a person" : "Record a delegation"}>
			<ErrorSummary of={form} ids={ids} />
			<div className="hf-row">
				{!proxy && (
					<Field id={ids.from} label="Who hands over" hint="User name" value={from} onChange={setFrom} error={form.wrong.from} maxLength={200} />
				)}
				<Field id={ids.to} label={proxy ? "Who acts" : "Who stands in"} hint="User name" value={to} onChange={setTo} error={form.wrong.to} maxLength={200} />
				<PersonPick id={ids.person} value={person} onChange={setPerson} error={form.wrong.person} />
				<Field id={ids.reason} label="Why" hint={proxy ? "For example: parent, attorney" : "For example: annual leave"} value={reason} onChange={setReason} error={form.wrong.reason} maxLength={200} />
				<Field id={ids.ends} label="Last day" type="date" value={ends} onChange={setEnds} error={form.wrong.ends} />
				<Main busy={form.busy}>Record</Main>
			</div>
		</form>
	);
}

/** Administrators see who a user is, never who a person is. */
const name = (p: { id: string; name?: string } | undefined, none = "") => (p ? (p.name ?? p.id) : none);

function Standings({ path, proxy }: { path: string; proxy: boolean }) {
	const list = usePaged<Standing>(path);
	const changed = () => {
		forgetAll();
		list.again();
	};
	return (
		<>
			<Listing
				of={list}
				what="the list"
				one={proxy ? "person who acts for another" : "delegation"}
				many={proxy ? "people who act for another" : "delegations"}
				id={(s) => s.id}
				empty={proxy ? "Nobody acts for a person." : "Nobody stands in for a colleague."}
				columns={[
					{
						head: proxy ? "Who acts" : "Who stands in",
						cell: (s) => name(proxy ? s.from : s.to),
					},
					...(proxy
						? []
						: [
								{
									head: "For whom",
									cell: (s: Standing) => `${name(s.from)}${s.org ? `, ${s.org}` : ""}`,
								},
							]),
					{ head: "Person", cell: (s) => name(s.person, "all of theirs") },
					{ head: "Why", cell: (s) => s.reason ?? "" },
					{ head: "Until", cell: (s) => (s.ended ? `ended ${whenText(s.ended)}` : whenText(s.ends) || "open") },
					{
						head: "Change",
						cell: (s) =>
							s.ended || (s.ends && Date.parse(s.ends) < Date.now()) ? (
								""
							) : (
								<Do
									quiet
									danger
									about={`of ${name(proxy ? s.from : s.to)}`}
									run={async () => {
										await send(`${path}/${encodeURIComponent(s.id)}/end`);
										changed();
									}}
								>
									End now
								</Do>
							),
					},
				]}
			/>
			<details className="hf-help">
				<summary>{proxy ? "Let somebody act for a person" : "Record a delegation"}</summary>
				<Add path={path} proxy={proxy} onDone={changed} />
			</details>
		</>
	);
}

export function DelegationsPage() {
	useTitle("Standing in");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Who stands in for whom?</h1>
			<section aria-labelledby="delegations-title">
				<h2 id="delegations-title">Between colleagues</h2>
				<p className="hf-also">
					While a delegation lasts, whoever stands in sees the people of the one who handed over.
				</p>
				<Standings path="/api/admin/delegations" proxy={false} />
			</section>
			<section aria-labelledby="proxies-title">
				<h2 id="proxies-title">For a person</h2>
				<p className="hf-also">Parents, carers and attorneys who were given access to a person's record.</p>
				<Standings path="/api/admin/proxies" proxy />
			</section>
		</div>
	);
}

// "What does each organisation share with which other, and until when?"

import { useId, useState } from "react";
import { forgetAll, send, useAsked } from "../../base/api";
import { useQuery } from "../../base/address";
import { Do, ErrorSummary, Field, Main, Radios, useSubmit } from "../../base/form";
import { count, relative } from "../../base/format";
import { Listing, usePaged } from "../../base/table";
import { Problem, Sign, useTitle } from "../../base/ui";
import { dayEnd, dayFromToday, whenText } from "../when";
import { OrgSelect } from "./orgs";
import type { Agreement, Party } from "./types";

const tiers = [
	{ code: "T0", text: "Nothing" },
	{ code: "T1", text: "Who the person is", hint: "Name, address, and that they are known there." },
	{ code: "T2", text: "Summary", hint: "Problems, medicines, allergies, alerts and care plan." },
	{ code: "T3", text: "Full record but what is sensitive" },
	{
		code: "T4",
		text: "Full record and agreed sensitive content",
		hint: "Name the categories agreed below; all of them when none is named.",
	},
];

const tierWords = (a: Agreement) => a.tierText ?? tiers.find((t) => t.code === a.tier)?.text ?? a.tier;

const party = (p: Party | "*") => (p === "*" ? "every organisation" : (p.name ?? p.code));

const all = [{ code: "*", text: "Every organisation" }];

function Add({ onDone }: { onDone: () => void }) {
	const id = useId();
	const [from, setFrom] = useState("");
	const [to, setTo] = useState("");
	const [tier, setTier] = useState("");
	const [categories, setCategories] = useState("");
	const [ends, setEnds] = useState(dayFromToday(365));
	const [dsa, setDsa] = useState("");
	const [dpia, setDpia] = useState("");
	const ids = {
		from: `${id}-from`,
		to: `${id}-to`,
		tier: `${id}-tier`,
		categories: `${id}-categories`,
		ends: `${id}-ends`,
		dsa: `${id}-dsa`,
		dpia: `${id}-dpia`,
	};
	const open = tier !== "" && tier !== "T0";
	const form = useSubmit(
		() => ({
			...(from ? {} : { from: "Choose who shares" }),
			...(to ? {} : { to: "Choose with whom" }),
			...(tier ? {} : { tier: "Choose how much" }),
			...(ends > dayFromToday(0) ? {} : { ends: "Enter a day to come: every agreement ends" }),
			...(dsa.trim() || !open ? {} : { dsa: "Name the signed agreement" }),
			...(dpia.trim() || !open ? {} : { dpia: "Name the impact assessment" }),
		}),
		async () => {
			const list = categories.trim();
			await send("/api/admin/agreements", {
				from,
				to,
				tier,
				ends: dayEnd(ends),
				...(dsa.trim() ? { dsa: dsa.trim() } : {}),
				...(dpia.trim() ? { dpia: dpia.trim() } : {}),
				...(tier === "T4" && list ? { categories: list } : {}),
			});
			onDone();
		},
		["from", "to", "tier", "categories", "ends", "dsa", "dpia"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Record an agreement">
			<ErrorSummary of={form} ids={ids} />
			<div className="hf-row">
				<OrgSelect id={ids.from} label="Who shares" empty="Choose" more={all} value={from} onChange={setFrom} error={form.wrong.from} />
				<OrgSelect id={ids.to} label="With whom" empty="Choose" more={all} value={to} onChange={setTo} error={form.wrong.to} />
			</div>
			<Radios id={ids.tier} label="How much" choices={tiers} value={tier} onChange={setTier} error={form.wrong.tier} />
			{tier === "T4" && (
				<Field id={ids.categories} label="Categories of sensitive content (optional)" hint="For example: hiv sti, with blanks between" value={categories} onChange={setCategories} error={form.wrong.categories} />
			)}
			<div className="hf-row">
				<Field id={ids.ends} label="Last day" type="date" value={ends} onChange={setEnds} error={form.wrong.ends} />
				<Field id={ids.dsa} label="Signed agreement (DSA)" hint="Its reference" value={dsa} onChange={setDsa} error={form.wrong.dsa} maxLength={100} />
				<Field id={ids.dpia} label="Impact assessment (DPIA)" hint="Its reference" value={dpia} onChange={setDpia} error={form.wrong.dpia} maxLength={100} />
			</div>
			<Main busy={form.busy}>Record the agreement</Main>
		</form>
	);
}

interface OptOuts {
	at?: string;
	n: number;
	most?: number;
	stale: boolean;
}

function OptOutList() {
	const { data, error } = useAsked<OptOuts>("/api/admin/optout");
	if (error) return <Problem error={error} />;
	if (!data) return null;
	return (
		<p className={data.stale ? "hf-warning" : "hf-inset"}>
			{data.stale && <Sign of="warn" />}{" "}
			{data.at
				? `The copy of the list is of ${whenText(data.at)} (${relative(data.at, Date.now())}) and holds ${count(data.n)} numbers.`
				: "There is no copy of the list."}{" "}
			{data.stale
				? "What the opt-out covers (planning and research, never a person's own care) is blocked until a fresh one is read with: homefirst optout import."
				: `A new one is due within ${data.most ?? 21} days of that; it is read with: homefirst optout import.`}
		</p>
	);
}

export function AgreementsPage() {
	useTitle("Sharing agreements");
	const [query, change] = useQuery();
	const adding = query.get("add") === "1";
	const list = usePaged<Agreement>("/api/admin/agreements");
	const changed = () => {
		forgetAll();
		list.again();
	};
	return (
		<div className="hf-page hf-page--wide">
			<h1>What does each organisation share, and with whom?</h1>
			<p className="hf-also">
				Where there is no agreement an organisation shares nothing. One that has expired shares
				only who the person is.
			</p>
			<p className="hf-also">
				<button type="button" className="hf-button" aria-expanded={adding} onClick={() => change({ add: adding ? null : "1" })}>
					{adding ? "Close the form" : "Record an agreement"}
				</button>
			</p>
			{adding && (
				<section className="hf-part" aria-label="Record an agreement">
					<Add
						onDone={() => {
							change({ add: null });
							changed();
						}}
					/>
				</section>
			)}
			<Listing
				of={list}
				what="the agreements"
				one="agreement"
				many="agreements"
				id={(a) => a.id}
				empty="No agreement is recorded: each organisation sees its own entries only."
				columns={[
					{ head: "Who shares", cell: (a) => party(a.from) },
					{ head: "With whom", cell: (a) => party(a.to) },
					{
						head: "How much",
						cell: (a) => (
							<>
								{tierWords(a)} <span className="hf-dim">({a.tier})</span>
								{a.categories && <div className="hf-dim">{a.categories}</div>}
							</>
						),
					},
					{
						head: "Until",
						cell: (a) =>
							a.ended ? (
								<>ended {whenText(a.ended)}</>
							) : a.expired ? (
								<span className="hf-chip hf-chip--late">
									<Sign of="warn" /> expired {whenText(a.ends)}
								</span>
							) : (
								<>
									{a.ends ? (
										<>
											{whenText(a.ends)}{" "}
											<span className="hf-dim">{relative(a.ends, Date.now())}</span>
										</>
									) : (
										"open"
									)}
									{a.state === "begins later" && (
										<div className="hf-dim">begins {whenText(a.start)}</div>
									)}
								</>
							),
					},
					{
						head: "Papers",
						cell: (a) =>
							[a.dsa && `DSA ${a.dsa}`, a.dpia && `DPIA ${a.dpia}`].filter(Boolean).join(", ") ||
							"none named",
					},
					{
						head: "Change",
						cell: (a) =>
							a.ended ? (
								""
							) : (
								<Do
									quiet
									danger
									about={`the agreement of ${party(a.from)} with ${party(a.to)}`}
									run={async () => {
										await send(`/api/admin/agreements/${encodeURIComponent(a.id)}/end`);
										changed();
									}}
								>
									End now
								</Do>
							),
					},
				]}
			/>
			<section aria-labelledby="optout-title">
				<h2 id="optout-title">The National Data Opt-Out list</h2>
				<OptOutList />
			</section>
		</div>
	);
}

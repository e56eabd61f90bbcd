// Variations and claims of a pooled fund: what was proposed, who approved it, and proposing another.

import { useState } from "react";
import { Link } from "wouter";
import { send, useAsked } from "../base/api";
import { Done, ErrorSummary, Field, Main, Select, useSubmit, type Wrong } from "../base/form";
import { Table } from "../base/table";
import { Problem, Waiting } from "../base/ui";
import { When } from "../access/when";
import { pounds } from "./money";
import { partyName, type PoolBoard, type Posting } from "./pool";

const kindWords: Record<string, string> = {
	spend: "Claim: money spent",
	accrual: "Accrual: owed and not invoiced",
	contribution: "Contribution paid in",
	virement: "Variation: money moved between lines",
};

const text = (c: Posting, fact: string) => (c.facts[fact] === undefined ? "" : String(c.facts[fact]));
const month = (c: Posting) => {
	const p = text(c, "period");
	return p.length === 6 ? `${p.slice(0, 4)}-${p.slice(4)}` : "–";
};

function titleOf(p: PoolBoard, id: string): string {
	return p.lines.find((l) => l.id === id)?.title ?? p.sources.find((s) => s.id === id)?.title ?? id;
}

function List({ p, rows, caption }: { p: PoolBoard; rows: Posting[]; caption: string }) {
	return (
		<Table
			caption={caption}
			rows={rows}
			id={(c) => c.subject}
			columns={[
				{ head: "About", cell: (c) => <Link href={`/contract/${encodeURIComponent(p.id)}/cases/${c.subject}`}>{c.title}</Link> },
				{ head: "Kind", cell: (c) => kindWords[text(c, "kind")] ?? text(c, "kind") },
				{
					head: "Line",
					cell: (c) => `${titleOf(p, text(c, "line"))}${text(c, "toLine") ? ` to ${titleOf(p, text(c, "toLine"))}` : ""}`,
				},
				{ head: "Month", cell: month },
				{ head: "Pounds", number: true, cell: (c) => pounds(Number(c.facts["pence"] ?? 0)) },
				{ head: "Document", cell: (c) => text(c, "document") || "–" },
				{ head: "State", cell: (c) => c.stateTitle },
				{ head: "Proposed", cell: (c) => <>{c.openedBy?.name} {c.opened && <When at={c.opened} />}</> },
			]}
		/>
	);
}

function Propose({ p, again }: { p: PoolBoard; again: () => void }) {
	const [key, setKey] = useState(() => crypto.randomUUID());
	const [v, setV] = useState<Record<string, string>>({ kind: "spend", party: p.party ?? "nhs" });
	const [done, setDone] = useState("");
	const set = (name: string, value: string) => setV({ ...v, [name]: value });
	const kind = v["kind"] ?? "spend";
	const moves = kind === "virement";
	const lines = kind === "contribution" ? p.sources : p.lines;
	const from = p.lines.find((l) => l.id === v["line"]);
	const form = useSubmit(
		() => {
			const wrong: Wrong = {};
			if (!(v["title"] ?? "").trim()) wrong["title"] = "Say in a few words what it is for";
			if (!v["line"]) wrong["line"] = "Choose the line";
			if (moves && (!v["toLine"] || v["toLine"] === v["line"])) wrong["toLine"] = "Choose another line";
			if (!/^\d{4}-\d{2}$/.test(v["month"] ?? "")) wrong["month"] = "A month, as 2020-06";
			if (!/^-?\d{1,10}(\.\d{1,2})?$/.test((v["pounds"] ?? "").replace(/,/g, ""))) wrong["pounds"] = "Pounds, with at most two places";
			if (!(v["document"] ?? "").trim()) wrong["document"] = "Name the document it is taken from";
			return wrong;
		},
		async () => {
			await send(`/api/contract/${encodeURIComponent(p.id)}/cases`, {
				kind: "posting",
				key,
				facts: {
					title: (v["title"] ?? "").trim(),
					kind,
					line: v["line"],
					...(moves ? { toLine: v["toLine"] } : { party: v["party"] }),
					period: Number((v["month"] ?? "").replace("-", "")),
					pence: Math.round(Number((v["pounds"] ?? "").replace(/,/g, "")) * 100),
					document: (v["document"] ?? "").trim(),
				},
			});
			setKey(crypto.randomUUID());
			setDone(`Proposed: ${v["title"]}. Somebody else approves and posts it.`);
			setV({ kind, party: v["party"] ?? "nhs" });
			again();
		},
		["title", "line", "toLine", "month", "pounds", "document"],
	);
	return (
		<details className="hf-chart__behind">
			<summary>Propose a claim or a variation</summary>
			{done && <Done>{done}</Done>}
			<form onSubmit={form.submit} noValidate>
				<ErrorSummary
					of={form}
					ids={{ title: "post-title", line: "post-line", toLine: "post-to", month: "post-month", pounds: "post-pounds", document: "post-document" }}
				/>
				<p className="hf-dim">
					Who proposes does not approve. A variation above {pounds(p.virementThreshold)} is signed by both partners; ring-fenced money stays in
					its lines.
				</p>
				<div className="hf-prices__fields">
					<Select label="Kind" value={kind} onChange={(k) => setV({ ...v, kind: k, line: "" })} choices={Object.entries(kindWords).map(([code, t]) => ({ code, text: t }))} />
					<Field id="post-title" label="What it is for" value={v["title"] ?? ""} onChange={(t) => set("title", t)} error={form.wrong["title"]} maxLength={200} />
					<Select
						id="post-line"
						label={kind === "contribution" ? "Source" : moves ? "From line" : "Line"}
						value={v["line"] ?? ""}
						onChange={(t) => set("line", t)}
						error={form.wrong["line"]}
						empty="choose"
						choices={lines.map((l) => ({ code: l.id, text: l.title }))}
					/>
					{moves && (
						<Select
							id="post-to"
							label="To line"
							value={v["toLine"] ?? ""}
							onChange={(t) => set("toLine", t)}
							error={form.wrong["toLine"]}
							empty="choose"
							choices={p.lines.filter((l) => !from?.ringFence || l.ringFence === from.ringFence).map((l) => ({ code: l.id, text: l.title }))}
						/>
					)}
					{!moves && (
						<Select
							label="Party"
							value={v["party"] ?? "nhs"}
							onChange={(t) => set("party", t)}
							choices={Object.keys(p.parties).map((x) => ({ code: x, text: partyName(p, x) }))}
						/>
					)}
					<Field id="post-month" label="Month" hint="as 2020-06" value={v["month"] ?? ""} onChange={(t) => set("month", t)} error={form.wrong["month"]} width="short" />
					<Field id="post-pounds" label="Pounds" inputMode="decimal" value={v["pounds"] ?? ""} onChange={(t) => set("pounds", t)} error={form.wrong["pounds"]} width="middle" />
					<Field id="post-document" label="Source document" hint="invoice, claim or minute" value={v["document"] ?? ""} onChange={(t) => set("document", t)} error={form.wrong["document"]} maxLength={200} />
				</div>
				<Main busy={form.busy}>Propose it</Main>
			</form>
		</details>
	);
}

export function Postings({ p, again }: { p: PoolBoard; again: () => void }) {
	const asked = useAsked<{ cases: Posting[] }>(`/api/contract/${encodeURIComponent(p.id)}/cases?kind=posting`);
	const rows = asked.data?.cases ?? [];
	const variations = rows.filter((c) => text(c, "kind") === "virement");
	const claims = rows.filter((c) => text(c, "kind") !== "virement");
	return (
		<section className="hf-prices">
			<h2>Variations and claims</h2>
			{asked.error && <Problem error={asked.error} again={asked.again} />}
			{!asked.data && !asked.error && <Waiting what="the postings" />}
			{asked.data && rows.length === 0 && <p className="hf-empty">Nothing was proposed yet.</p>}
			{variations.length > 0 && <List p={p} rows={variations} caption="Variations" />}
			{claims.length > 0 && <List p={p} rows={claims} caption="Claims, accruals, contributions and corrections" />}
			<Propose
				p={p}
				again={() => {
					asked.again();
					again();
				}}
			/>
		</section>
	);
}

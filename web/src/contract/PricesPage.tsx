// "What are we paid by?": the versions of price lists, and bringing one in.

import { useState } from "react";
import { Link } from "wouter";
import { asApiError, send, useAsked, type ApiError } from "../base/api";
import { Do, Done } from "../base/form";
import { count, plural } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { When } from "../access/when";
import { tables, type Checked, type PriceLists, type PriceVersion } from "./prices";

const most = 12 << 20;

function Versions({ lists }: { lists: PriceVersion[] }) {
	return (
		<Table
			caption="Price lists, by their first day"
			rows={lists}
			id={(l) => l.id}
			columns={[
				{ head: "List", cell: (l) => <Link href={`/contract/prices/${encodeURIComponent(l.id)}`}>{l.id}</Link> },
				{
					head: "Title",
					cell: (l) => (
						<>
							{l.title}
							{l.illustrative && <strong> Illustrative: of no year’s tariff.</strong>}
						</>
					),
				},
				{ head: "Valid", cell: (l) => `${l.from} to ${l.to}` },
				{ head: "Supersedes", cell: (l) => l.supersedes ?? "none" },
				{ head: "Groups", number: true, cell: (l) => count(l.tables.find((t) => t.table === "hrg")?.rows ?? 0) },
				{ head: "Brought in", cell: (l) => (l.at ? <When at={l.at} /> : "comes with the program") },
				{ head: "SHA-256", cell: (l) => <code title={l.sha256}>{l.sha256.slice(0, 12)}…</code> },
			]}
		/>
	);
}

function Found({ of }: { of: Checked }) {
	return (
		<>
			<p>
				{of.good
					? `The list ${of.list?.id ?? ""} is in order: it can be brought in.`
					: `${plural(of.errors, "error", "errors")}: it cannot be brought in, whole or in part.`}
			</p>
			{of.list && (
				<p className="hf-dim">
					{of.list.title}, {of.list.from} to {of.list.to}
					{of.list.supersedes && `, in place of ${of.list.supersedes}`};{" "}
					{of.list.tables.filter((t) => t.rows > 0).map((t) => `${tables[t.table] ?? t.table}: ${count(t.rows)}`).join(", ")}. SHA-256{" "}
					<code className="hf-key">{of.list.sha256}</code>
				</p>
			)}
			{of.findings.length > 0 && (
				<Table
					caption="What was found"
					rows={of.findings.map((f, i) => ({ ...f, n: i }))}
					id={(f) => String(f.n)}
					columns={[
						{ head: "Where", cell: (f) => f.at },
						{ head: "What", cell: (f) => f.text },
						{ head: "Weight", cell: (f) => f.severity },
					]}
				/>
			)}
			{of.dropped > 0 && <p className="hf-dim">And {count(of.dropped)} more.</p>}
		</>
	);
}

/** The files of a list, looked at first; kept only when that is asked for. */
function Bring({ mayImport, again }: { mayImport: boolean; again: () => void }) {
	const [files, setFiles] = useState<Record<string, string>>({});
	const [checked, setChecked] = useState<Checked>();
	const [error, setError] = useState<ApiError>();
	const [done, setDone] = useState("");
	const look = async (chosen: File[]) => {
		setChecked(undefined);
		setError(undefined);
		setDone("");
		if (chosen.length === 0) return;
		try {
			const read: Record<string, string> = {};
			let bytes = 0;
			for (const f of chosen) bytes += f.size;
			if (bytes > most) throw new Error(`The files have ${count(Math.ceil(bytes / 1e6))} MB together; at most 12 are taken.`);
			for (const f of chosen) read[f.name] = await f.text();
			setFiles(read);
			setChecked(await send<Checked>("/api/contract/prices/check", { files: read }));
		} catch (e) {
			setError(asApiError(e));
		}
	};
	return (
		<section className="hf-also">
			<h2>Look at a list{mayImport && ", and bring it in"}</h2>
			<p className="hf-dim" id="files-hint">
				Its CSV files together: list.csv, hrg.csv, mff.csv and those of the other tables. Looking keeps nothing.
				{!mayImport && " Bringing one in is for the finance team of the organisation that commissions."}
			</p>
			<div className="hf-field">
				<label className="hf-field__label" htmlFor="files">Files of the list</label>
				<input
					id="files"
					type="file"
					multiple
					accept=".csv,text/csv"
					aria-describedby="files-hint"
					onChange={(e) => {
						const chosen = Array.from(e.target.files ?? []);
						// So that the same names, corrected, are a change again.
						e.target.value = "";
						void look(chosen);
					}}
				/>
			</div>
			<div aria-live="polite">
				{error && <Problem error={error} />}
				{done && <Done>{done}</Done>}
				{checked && <Found of={checked} />}
			</div>
			{checked?.good && mayImport && !done && (
				<Do
					run={async () => {
						const kept = await send<{ id: string }>("/api/contract/prices", { files });
						setDone(`The list ${kept.id} was brought in. It never changes; another supersedes it.`);
						again();
					}}
				>
					Bring it in
				</Do>
			)}
		</section>
	);
}

export function PricesPage() {
	useTitle("Price lists");
	const { data, error, again } = useAsked<PriceLists>("/api/contract/prices");
	return (
		<div className="hf-page hf-page--wide hf-prices">
			<p>
				<Link href="/contract">Contracts</Link>
			</p>
			<h1>Price lists</h1>
			<p className="hf-dim">
				The day of discharge or attendance chooses the list. A version is kept as it came and never changed, so that what was priced by
				it can be priced again, the same.
			</p>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the price lists" />}
			{data && (
				<>
					{data.lists.some((l) => l.comesWithProgram) && (
						<p className="hf-empty">
							No list was brought in yet: an invented one that comes with the program stands in. It is of no year’s tariff.
						</p>
					)}
					<Versions lists={data.lists} />
					<Bring mayImport={data.mayImport} again={again} />
				</>
			)}
		</div>
	);
}

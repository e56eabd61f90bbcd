// A price list: its tables with search, what it changed, and one thing done priced line by line.

import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { Field, Select } from "../base/form";
import { count, plural } from "../base/format";
import { Table, type Column } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { PriceOne } from "./PriceOne";
import { pounds } from "./money";
import { columnsOf, tables, type PriceChanges, type PriceRow, type PriceRows } from "./prices";

const pageRows = 50;

/** A field of a row as people read it. */
function shown(row: PriceRow | undefined, name: string, kind: string): string {
	const v = row?.[name];
	if (v === undefined || v === "") return "–";
	if (kind === "pence") return pounds(Number(v));
	if (kind === "days") return plural(Number(v), "day", "days");
	if (kind === "percent") return `${(100 * Number(v)).toFixed(2).replace(/\.?0+$/, "")}%`;
	if (kind === "yes") return v ? "yes" : "no";
	return String(v);
}

const headOf = (table: string, name: string) => columnsOf[table]?.find((c) => c.name === name);

/** Columns that some row of the page has: a list without day cases shows no empty ones. */
function columns(list: PriceRows): Column<PriceRow>[] {
	const used = (columnsOf[list.table] ?? []).filter((c, i) => i === 0 || list.rows.some((r) => r[c.name] !== undefined));
	const own = list.rows.some((r) => r.from !== list.from || r.to !== list.to);
	return [
		...used.map((c) => ({
			head: c.head,
			number: c.kind !== "text" && c.kind !== "yes",
			cell: (r: PriceRow) => shown(r, c.name, c.kind),
		})),
		...(own ? [{ head: "Valid", cell: (r: PriceRow) => `${r.from} to ${r.to}` }] : []),
	];
}

function Steps(props: { offset: number; found: number; go: (offset: number) => void }) {
	const { offset, found, go } = props;
	if (found <= pageRows) return null;
	return (
		<p className="hf-buttons">
			<button type="button" className="hf-button" disabled={offset === 0} onClick={() => go(Math.max(0, offset - pageRows))}>
				Before
			</button>
			<button type="button" className="hf-button" disabled={offset + pageRows >= found} onClick={() => go(offset + pageRows)}>
				After
			</button>
			<span className="hf-dim">
				{count(offset + 1)} to {count(Math.min(found, offset + pageRows))} of {count(found)}
			</span>
		</p>
	);
}

function Changes({ id, table, choose }: { id: string; table: string; choose: (table: string) => void }) {
	const [offset, setOffset] = useState(0);
	const { data, error, again } = useAsked<PriceChanges>(
		`/api/contract/prices/${encodeURIComponent(id)}/changes?table=${table}&from=${offset}&limit=${pageRows}`,
	);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="what changed" />;
	return (
		<>
			<p>
				Against {data.before}:{" "}
				{data.counts.map((c, i) => (
					<span key={c.table}>
						{i > 0 && ", "}
						{c.table === table ? (
							<strong>{tables[c.table]} {count(c.changes)}</strong>
						) : (
							<button type="button" className="hf-button hf-button--quiet" onClick={() => choose(c.table)}>
								{tables[c.table]} {count(c.changes)}
							</button>
						)}
					</span>
				))}
			</p>
			{data.found === 0 ? (
				<p className="hf-empty">No row of this table changed.</p>
			) : (
				<Table
					caption={`${plural(data.found, "row", "rows")} changed, by code`}
					rows={data.changes}
					id={(c) => `${c.code} ${c.before?.line ?? ""} ${c.after?.line ?? ""}`}
					columns={[
						{ head: "Code", cell: (c) => c.code },
						{ head: "What", cell: (c) => c.what },
						{
							head: "Before and after",
							cell: (c) =>
								c.what !== "changed"
									? (columnsOf[table] ?? [])
											.slice(1)
											.filter((f) => (c.after ?? c.before)?.[f.name] !== undefined)
											.map((f) => `${f.head} ${shown(c.after ?? c.before, f.name, f.kind)}`)
											.join(", ")
									: (c.columns ?? []).length === 0
										? `valid ${c.before?.from} to ${c.before?.to}, now ${c.after?.from} to ${c.after?.to}`
										: (c.columns ?? [])
												.map((name) => {
													const f = headOf(table, name);
													return `${f?.head ?? name} ${shown(c.before, name, f?.kind ?? "text")}, now ${shown(c.after, name, f?.kind ?? "text")}`;
												})
												.join("; "),
						},
					]}
				/>
			)}
			<Steps offset={data.offset} found={data.found} go={setOffset} />
		</>
	);
}

export function PriceListPage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const table = query.get("table") ?? "hrg";
	const q = query.get("q") ?? "";
	const offset = Number(query.get("from") ?? 0);
	const [typed, setTyped] = useState(q);
	const { data: list, error, again } = useAsked<PriceRows>(
		`/api/contract/prices/${encodeURIComponent(id)}?table=${encodeURIComponent(table)}&q=${encodeURIComponent(q)}&from=${offset}&limit=${pageRows}`,
	);
	useTitle(`Price list ${id}`);
	if (error) return <div className="hf-page"><h1>Price list</h1><Problem error={error} again={again} /></div>;
	if (!list) return <div className="hf-page"><Waiting what="the price list" /></div>;
	return (
		<div className="hf-page hf-page--wide hf-prices">
			<p>
				<Link href="/contract/prices">All price lists</Link>
			</p>
			<h1>Price list {list.id}</h1>
			<p>
				{list.title}. Valid {list.from} to {list.to}
				{list.supersedes && `, in place of ${list.supersedes}`}.{" "}
				{list.illustrative && <strong>Illustrative: invented, of no year’s tariff.</strong>}
			</p>
			<p className="hf-dim">
				{list.source && `${list.source}. `}Rounding {list.rules.rounding === "half-away" ? "half away from zero" : "half to even"}, once; short-stay price from age{" "}
				{list.rules.sseMinAge}; delayed days {list.rules.excludeDelayed ? "do not count" : "count"} in long stays. SHA-256 <code className="hf-key">{list.sha256}</code>
			</p>
			<section>
				<h2>Rows</h2>
				<form
					className="hf-prices__form"
					role="search"
					onSubmit={(e) => {
						e.preventDefault();
						change({ q: typed.trim() || null, from: null });
					}}
				>
					<Select
						label="Table"
						value={table}
						onChange={(t) => change({ table: t, from: null, q: null })}
						choices={list.tables.map((t) => ({ code: t.table, text: `${tables[t.table] ?? t.table} (${count(t.rows)})` }))}
					/>
					<Field label="Code or name" type="search" width="middle" value={typed} onChange={setTyped} maxLength={100} />
					<button type="submit" className="hf-button">Find</button>
				</form>
				<div aria-live="polite">
					{list.found === 0 ? (
						<p className="hf-empty">{q ? `No row has a code that begins with “${q}”, or a name with it.` : "This table has no rows."}</p>
					) : (
						<Table
							caption={`${tables[list.table] ?? list.table}: ${plural(list.found, "row", "rows")}${q ? ` for “${q}”` : ""}`}
							rows={list.rows}
							id={(r) => String(r.line)}
							columns={columns(list)}
						/>
					)}
				</div>
				<Steps offset={list.offset} found={list.found} go={(n) => change({ from: n ? String(n) : null })} />
			</section>
			<section>
				<h2>What it changed</h2>
				{list.supersedes ? (
					<Changes key={table} id={id} table={table} choose={(t) => change({ table: t, from: null, q: null })} />
				) : (
					<p className="hf-empty">It supersedes no other list.</p>
				)}
			</section>
			<PriceOne id={id} />
		</div>
	);
}

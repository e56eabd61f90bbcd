// "What explains this?": twelve histograms; each bar is a filter, and all are drawn anew.

import { useMemo } from "react";
import { Link } from "wouter";
import { useQuery } from "../base/address";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting, useTitle } from "../base/ui";
import { Chart } from "../chart/Chart";
import { Histogram } from "../chart/Histogram";
import { Lines } from "../chart/Lines";
import { inShort, pounds } from "../contract/money";
import type { Cube } from "./types";

const settings: [string, string][] = [
	["NE", "Emergency admissions"],
	["AE", "A&E attendances"],
	["EL,DC", "Planned admissions"],
	["OP", "Outpatients"],
	["UCR", "Urgent community response"],
	["COM", "Community contacts"],
	["GP", "General practice"],
	["MH", "Mental health"],
	["ASC", "Social care"],
	["111,AMB", "111 and ambulance"],
];

export function ExplorerPage() {
	useTitle("What explains this?");
	const [query, change] = useQuery();
	const filters = useMemo(() => {
		const out = new Map<string, Set<string>>();
		for (const f of query.getAll("f").flatMap((x) => x.split(";"))) {
			const at = f.indexOf("=");
			if (at > 0) out.set(f.slice(0, at), new Set(f.slice(at + 1).split(",")));
		}
		return out;
	}, [query.toString()]);
	const events = query.get("events") ?? "NE";
	const filterQuery = [...filters].map(([d, v]) => `&filter=${encodeURIComponent(`${d}=${[...v].join(",")}`)}`).join("");
	const all = useAsked<Cube>("/api/population/cube?histograms=all");
	const now = useAsked<Cube>(`/api/population/cube?histograms=all${filterQuery}`);
	const trend = useAsked<Cube>(`/api/population/cube?events=${events}&monthly=1${filterQuery}`);
	// While the next answer comes, the last one stays.
	const cube = now.data ?? all.data;
	const error = now.error ?? all.error;
	const keep = (next: Map<string, Set<string>>) =>
		change({ f: [...next].filter(([, v]) => v.size > 0).map(([d, v]) => `${d}=${[...v].join(",")}`).join(";") || null }, true);
	const choose = (dimension: string, code: string) => {
		const next = new Map([...filters].map(([d, v]) => [d, new Set(v)]));
		const set = next.get(dimension) ?? new Set<string>();
		if (set.has(code)) set.delete(code);
		else set.add(code);
		next.set(dimension, set);
		keep(next);
	};
	const months = (trend.data?.events ?? []).filter((e) => e.month !== undefined);
	return (
		<div className="hf-page hf-page--wide hf-lead">
			<h1>What explains this?</h1>
			<p className="hf-dim">
				Choose bars: all other bars and the trend are of the people who are left. The pale bar is everybody.{" "}
				<Link href="/outcomes">How are we doing?</Link>
			</p>
			{error && <Problem error={error} again={now.again} />}
			{!cube && !error && <Waiting what="the population" />}
			{cube && (
				<>
					<p role="status">
						<strong>{cube.persons.n === null ? "Fewer than 5" : count(cube.persons.n)}</strong> people
						{filters.size > 0 && (
							<>
								{" "}of {all.data?.persons.n ? count(all.data.persons.n) : "all"}{" "}
								<button type="button" className="hf-linklike" onClick={() => keep(new Map())}>
									take all filters off
								</button>
							</>
						)}{" "}
						<span className="hf-dim">on {cube.day}; numbers rounded, small ones hidden (*)</span>
					</p>
					<div className="hf-histograms">
						{(cube.histograms ?? []).map((h) => {
							const whole = all.data?.histograms?.find((x) => x.code === h.code);
							return (
								<Histogram
									key={h.code}
									title={h.text}
									bars={h.values.map((v, i) => ({
										key: v.code,
										label: v.text || "not known",
										n: h.n[i] ?? undefined,
										of: whole?.n[i] ?? undefined,
										on: filters.get(h.code)?.has(v.code) ?? false,
									}))}
									choose={(code) => choose(h.code, code)}
									clear={() => {
										const next = new Map(filters);
										next.delete(h.code);
										keep(next);
									}}
								/>
							);
						})}
					</div>
				</>
			)}
			<div className="hf-bar">
				<label>
					Over time{" "}
					<select value={events} onChange={(e) => change({ events: e.target.value }, true)}>
						{settings.map(([code, text]) => (
							<option key={code} value={code}>{text}</option>
						))}
					</select>
				</label>
			</div>
			{trend.error && <Problem error={trend.error} again={trend.again} />}
			{months.length > 0 && (
				<Chart
					title={settings.find(([c]) => c === events)?.[1] ?? events}
					says={`By month, of the people chosen${filters.size === 0 ? " (everybody)" : ""}.`}
					method="Counts are rounded to 5, hidden below 5; cost to the nearest £1,000."
					drawing={(wide) => (
						<Lines
							wide={wide}
							zero
							periods={months.map((m) => (m.month ?? "").slice(2))}
							lines={[{ key: "n", label: "events", values: months.map((m) => m.n ?? undefined), style: "solid" }]}
						/>
					)}
					table={
						<Table
							caption="By month"
							rows={months}
							id={(m) => m.month ?? ""}
							columns={[
								{ head: "Month", cell: (m) => m.month },
								{ head: "Events", number: true, cell: (m) => (m.n === null ? "*" : count(m.n)) },
								{ head: "Cost", number: true, cell: (m) => (m.pence === null ? "*" : <span title={pounds(m.pence)}>{inShort(m.pence)}</span>) },
							]}
						/>
					}
				/>
			)}
		</div>
	);
}

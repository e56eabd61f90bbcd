// The explorer's trend and map.

import { memo } from "react";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem } from "../base/ui";
import { AreaMap } from "../chart/AreaMap";
import { Chart } from "../chart/Chart";
import { Lines } from "../chart/Lines";
import type { Ring } from "../chart/shape";
import { inShort, pounds } from "../contract/money";
import type { Cube, Dimension } from "./types";

/** What the trend can be of: settings of an event, and their words. */
export const settings: [[string, string], ...[string, string][]] = [
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

export const OverTime = memo(function OverTime(props: { months: Cube["events"]; of: string; all: boolean }) {
	const months = (props.months ?? []).filter((e) => e.month !== undefined);
	const title = settings.find(([c]) => c === props.of)?.[1] ?? props.of;
	return (
		<Chart
			title={title}
			says={
				months.length === 0
					? "There is none among the people chosen."
					: `By month, of the people chosen${props.all ? " (everybody)" : ""}.`
			}
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
	);
});

/** Where those who are left live: how many of each locality's people.  A shape is a filter
 *  as its bar is. */
export const Where = memo(function Where(props: {
	of: Dimension & { n: (number | null)[] };
	/** Everybody, by value. */
	all: (number | null)[] | undefined;
	on: Set<string> | undefined;
	choose: (dimension: string, code: string) => void;
}) {
	const shapes = useAsked<{ localities: { id: string; polygon?: Ring[] }[] }>("/api/population/shapes");
	const areas = props.of.values.flatMap((v, i) => {
		const n = props.of.n[i] ?? null;
		const all = props.all?.[i] ?? null;
		if (v.code === "") return [];
		// Of rounded parts, and not of fewer than 10.
		const share = n === null || all === null || all < 10 ? undefined : (100 * Math.min(n, all)) / all;
		return [{ code: v.code, name: v.text, n, all, share, on: props.on?.has(v.code) ?? false }];
	});
	if (shapes.error) return <Problem error={shapes.error} again={shapes.again} />;
	return (
		<Chart
			title="Where they live"
			says="Of each locality's people, how many are among those chosen; by the filters of the other dimensions."
			method="Shares are of rounded numbers, in fifths of the localities shown."
			drawing={(wide) => (
				<AreaMap
					wide={wide}
					says="People chosen, of all of the locality"
					areas={areas.map((a) => ({
						id: a.code,
						name: a.on ? `✓ ${a.name}` : a.name,
						polygon: shapes.data?.localities.find((l) => l.id === a.code)?.polygon,
						value: a.share,
						text: a.share === undefined ? "*" : `${a.share.toFixed(1)} %`,
						open: () => props.choose("locality", a.code),
					}))}
				/>
			)}
			table={
				<Table
					caption="By locality"
					rows={areas}
					id={(a) => a.code}
					columns={[
						{ head: "Locality", cell: (a) => a.name },
						{ head: "Chosen", number: true, cell: (a) => (a.n === null ? "*" : count(a.n)) },
						{ head: "Everybody", number: true, cell: (a) => (a.all === null ? "*" : count(a.all)) },
						{ head: "Share", number: true, cell: (a) => (a.share === undefined ? "*" : `${a.share.toFixed(1)} %`) },
					]}
				/>
			}
		/>
	);
});

// What of a board is shown: by locality and urgency, kept in the address.

import { useEffect, useMemo } from "react";
import { useQuery } from "../base/address";
import type { Board, ListState } from "./live";
import type { HubInfo, Row } from "./types";
import { placeName } from "./words";

const urgencyOf = (row: Row) => row.urgency ?? row.asked ?? "";

export function useFilter(board: Board) {
	const [query, change] = useQuery();
	const locality = query.get("locality") ?? "";
	const urgency = query.get("urgency") ?? "";
	useEffect(() => {
		board.filter((r) => (!locality || r.locality === locality) && (!urgency || urgencyOf(r) === urgency));
	}, [board, locality, urgency]);
	return { locality, urgency, change };
}

function counted(rows: Row[], of: (row: Row) => string): [string, number][] {
	const n = new Map<string, number>();
	for (const r of rows) {
		const key = of(r);
		if (key) n.set(key, (n.get(key) ?? 0) + 1);
	}
	return [...n].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

export function Filter(props: {
	board: Board;
	list: ListState;
	hub: HubInfo | undefined;
	of: ReturnType<typeof useFilter>;
}) {
	const { board, list, hub, of } = props;
	const rows = useMemo(() => board.all(), [board, list]);
	const localities = counted(rows, (r) => r.locality ?? "");
	const urgencies = counted(rows, urgencyOf);
	const names = new Map(rows.map((r) => [r.locality ?? "", placeName(r)]));
	const words = new Map(hub?.urgencies.map((u) => [u.code, u.text]));
	const here = (list: [string, number][], value: string) =>
		value && !list.some(([v]) => v === value) ? [[value, 0] as [string, number], ...list] : list;
	return (
		<div className="hf-filter hf-board__filter" role="group" aria-label="Show only">
			<div className="hf-filter__field">
				<label htmlFor="filter-locality">Locality</label>
				<select
					id="filter-locality"
					className="nhsuk-select"
					value={of.locality}
					onChange={(e) => of.change({ locality: e.target.value })}
				>
					<option value="">All localities</option>
					{here(localities, of.locality).map(([name, n]) => (
						<option key={name} value={name}>
							{names.get(name) ?? name} ({n})
						</option>
					))}
				</select>
			</div>
			<div className="hf-filter__field">
				<label htmlFor="filter-urgency">Urgency</label>
				<select
					id="filter-urgency"
					className="nhsuk-select"
					value={of.urgency}
					onChange={(e) => of.change({ urgency: e.target.value })}
				>
					<option value="">All urgencies</option>
					{here(urgencies, of.urgency).map(([code, n]) => (
						<option key={code} value={code}>
							{code} {words.get(code) ?? ""} ({n})
						</option>
					))}
				</select>
			</div>
			{(of.locality || of.urgency) && (
				<button
					type="button"
					className="hf-button hf-button--quiet"
					onClick={() => of.change({ locality: null, urgency: null })}
				>
					Clear
				</button>
			)}
		</div>
	);
}

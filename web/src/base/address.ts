// The state of a view is in its address: reading and changing the query part.

import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

export function useQuery(): [
	URLSearchParams,
	(change: Record<string, string | null>, replace?: boolean) => void,
] {
	const search = useSearch();
	const [path, go] = useLocation();
	const query = new URLSearchParams(search);
	const change = useCallback(
		(changes: Record<string, string | null>, replace = false) => {
			const next = new URLSearchParams(window.location.search);
			for (const [name, value] of Object.entries(changes)) {
				if (value === null || value === "") next.delete(name);
				else next.set(name, value);
			}
			const text = next.toString();
			go(text ? `${path}?${text}` : path, { replace });
		},
		[path, go],
	);
	return [query, change];
}

/** The address of the same view with changes, for links. */
export function withQuery(changes: Record<string, string | null>): string {
	const next = new URLSearchParams(window.location.search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null) next.delete(name);
		else next.set(name, value);
	}
	const text = next.toString();
	return text ? `?${text}` : window.location.pathname;
}

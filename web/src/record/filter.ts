// The timeline's filter, as it stands in the address.

export interface Filter {
	kind: string;
	setting: string;
	org: string;
	q: string;
}

export const filterNames = ["kind", "setting", "org", "q"] as const;

export function filterOf(query: URLSearchParams): Filter {
	return {
		kind: query.get("kind") ?? "",
		setting: query.get("setting") ?? "",
		org: query.get("org") ?? "",
		q: query.get("q") ?? "",
	};
}

export const filterIsEmpty = (f: Filter) => filterNames.every((n) => f[n] === "");

export function filterQuery(f: Filter, before?: string): string {
	const query = new URLSearchParams();
	for (const name of filterNames) if (f[name]) query.set(name, f[name]);
	if (before) query.set("before", before);
	return query.toString();
}

// A table that can be scrolled sideways by keyboard on a small screen, and lists
// that come in pages.

import { useState, type ReactNode } from "react";
import { type ApiError, asApiError, ask, useAsked } from "./api";
import { plural } from "./format";
import { Problem, Waiting } from "./ui";

export interface Column<T> {
	head: string;
	cell: (row: T) => ReactNode;
	number?: boolean;
}

export function Table<T>(props: {
	caption: string;
	columns: Column<T>[];
	rows: T[];
	id: (row: T) => string;
}) {
	const { columns, rows } = props;
	return (
		<div className="hf-scroll" tabIndex={0} role="region" aria-label={`${props.caption}, table`}>
			<table className="hf-table hf-table--stack">
				<caption>{props.caption}</caption>
				<thead>
					<tr>
						{columns.map((c) => (
							<th key={c.head} scope="col" className={c.number ? "hf-table__n" : undefined}>
								{c.head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((r) => (
						<tr key={props.id(r)}>
							{columns.map((c, i) =>
								i === 0 ? (
									<th key={c.head} scope="row" data-head={c.head}>
										<div>{c.cell(r)}</div>
									</th>
								) : (
									<td key={c.head} data-head={c.head} className={c.number ? "hf-table__n" : undefined}>
										<div>{c.cell(r)}</div>
									</td>
								),
							)}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

type Page = Record<string, unknown> & { next?: string };

/** A list of the server, page after page.  list is the member that holds the rows,
 *  cursor the parameter that takes the mark of the next page. */
export function usePaged<T>(path: string | null, list = "items", cursor = "after") {
	const first = useAsked<Page>(path);
	const [further, setFurther] = useState<{ of: unknown; pages: Page[]; error?: ApiError }>({
		of: undefined,
		pages: [],
	});
	const pages = first.data
		? [first.data, ...(further.of === first.data ? further.pages : [])]
		: [];
	const next = pages[pages.length - 1]?.next;
	const more = () => {
		if (!next || !path || !first.data) return;
		const of = first.data;
		const before = further.of === of ? further.pages : [];
		ask<Page>(`${path}${path.includes("?") ? "&" : "?"}${cursor}=${encodeURIComponent(next)}`).then(
			(page) => setFurther({ of, pages: [...before, page] }),
			(e: unknown) => setFurther({ of, pages: before, error: asApiError(e) }),
		);
	};
	return {
		first: first.data,
		items: first.data ? pages.flatMap((p) => (p[list] ?? []) as T[]) : undefined,
		more: next ? more : undefined,
		error: first.error ?? (further.of === first.data ? further.error : undefined),
		again: first.again,
	};
}

/** A list with its states: waiting, refused, empty, there. */
export function Listing<T>(props: {
	of: ReturnType<typeof usePaged<T>>;
	what: string;
	one: string;
	many: string;
	empty: ReactNode;
	columns: Column<T>[];
	id: (row: T) => string;
}) {
	const { of } = props;
	if (of.error) return <Problem error={of.error} again={of.again} />;
	if (!of.items) return <Waiting what={props.what} />;
	if (of.items.length === 0) return <div className="hf-empty">{props.empty}</div>;
	return (
		<>
			<Table
				caption={`${plural(of.items.length, props.one, props.many)}${of.more ? ", the first of more" : ""}`}
				columns={props.columns}
				rows={of.items}
				id={props.id}
			/>
			{of.more && (
				<p className="hf-also">
					<button type="button" className="hf-button" onClick={of.more}>
						Show more
					</button>
				</p>
			)}
		</>
	);
}

export interface Whom {
	id: string;
	name?: string;
}

// What changed on a list since the version before.

import { Link } from "wouter";
import { Table } from "../base/table";
import { few } from "./needWords";
import type { List, Turned } from "./needTypes";

function Rows({ rows, caption }: { rows: Turned[]; caption: string }) {
	const shown = rows.filter((r) => r.shown);
	const others = rows.length - shown.length;
	if (rows.length === 0) return null;
	return (
		<>
			<Table<Turned>
				caption={caption}
				rows={shown}
				id={(r) => r.patient ?? ""}
				columns={[
					{
						head: "Person",
						cell: (r) => <Link href={`/people/${encodeURIComponent(r.patient ?? "")}`}>{r.name}</Link>,
					},
					{ head: "Why", cell: (r) => r.why ?? "–" },
					{ head: "Place before", cell: (r) => r.was || "–", number: true },
					{ head: "Place now", cell: (r) => r.now || "–", number: true },
				]}
			/>
			{others > 0 && <p className="hf-dim">and {others} whom your role is not shown.</p>}
		</>
	);
}

export function NeedChanged({ list }: { list: List }) {
	const { changed } = list;
	if (!changed) return null;
	return (
		<section aria-labelledby="need-changed">
			<h2 id="need-changed">What changed</h2>
			<p>
				{few(changed.entered)} came onto the list and {few(changed.left)} left it since{" "}
				<Link href={`/need/${list.before}`}>the version before</Link>.
			</p>
			<Rows rows={changed.people.filter((p) => p.entered)} caption="Who came onto the list" />
			<Rows rows={changed.people.filter((p) => !p.entered)} caption="Who left the list" />
		</section>
	);
}

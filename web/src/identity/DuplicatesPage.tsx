// "Which records may be one person's?": the queue of pairs that somebody must look at.

import { useId, useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import { When, whenText } from "../access/when";
import { useQuery } from "../base/address";
import { Field } from "../base/form";
import { plural } from "../base/format";
import { Listing, usePaged } from "../base/table";
import { useTitle } from "../base/ui";
import { Who, likely } from "./parts";
import { pairPath, putUpBy, type Pair } from "./types";

/** Any two records can be compared, also when nobody put them up. */
function Compare() {
	const id = useId();
	const [, go] = useLocation();
	const [one, setOne] = useState("");
	const [other, setOther] = useState("");
	const [wrong, setWrong] = useState("");
	const submit = (e: FormEvent) => {
		e.preventDefault();
		const ids = [one, other].map((s) => s.trim().replace(/^Patient\//, ""));
		if (!ids[0] || !ids[1] || ids[0] === ids[1])
			setWrong("Give the ids of two records");
		else go(pairPath(ids[0], ids[1]));
	};
	return (
		<form className="hf-compare" onSubmit={submit} noValidate aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Compare two records that are not in the list</h2>
			<div className="hf-compare__fields">
				<Field label="Id of a record" value={one} onChange={setOne} width="middle" error={wrong} />
				<Field label="Id of the other record" value={other} onChange={setOther} width="middle" />
				<button type="submit" className="hf-button">
					Compare
				</button>
			</div>
		</form>
	);
}

export function DuplicatesPage() {
	useTitle("Possible duplicates");
	const [query, change] = useQuery();
	const state = query.get("state") === "later" ? "later" : "open";
	const list = usePaged<Pair>(`/api/identity/review?limit=20&state=${state}`, "pairs", "after");
	const open = list.first?.open as number | undefined;
	const later = list.first?.later as number | undefined;
	return (
		<div className="hf-page hf-page--wide">
			<h1>Which records may be one person’s?</h1>
			{open !== undefined && (
				<p className="hf-also" role="status">
					{open === 0 ? "No pair waits to be looked at" : `${plural(open, "pair", "pairs")} to look at`}
					{later ? `, ${later} put off` : ""}.
				</p>
			)}
			<div className="hf-switch" role="group" aria-label="Which ones">
				<button
					type="button"
					className="hf-button hf-button--quiet"
					aria-pressed={state === "open"}
					onClick={() => change({ state: null })}
				>
					To look at
				</button>
				<button
					type="button"
					className="hf-button hf-button--quiet"
					aria-pressed={state === "later"}
					onClick={() => change({ state: "later" })}
				>
					Put off
				</button>
			</div>
			<Listing
				of={list}
				what="the list"
				one="pair"
				many="pairs"
				id={(p) => `${p.one.id ?? ""},${p.other.id ?? ""},${p.since}`}
				empty={
					state === "later"
						? "Nothing was put off."
						: "Nothing waits. Records that come in are compared with the others within seconds."
				}
				columns={[
					{
						head: "Record",
						cell: (p) => <Who of={p.one} />,
					},
					{ head: "Other record", cell: (p) => <Who of={p.other} /> },
					{
						head: "Why",
						cell: (p) => (
							<>
								{p.one.id && p.other.id ? (
									<Link href={pairPath(p.one.id, p.other.id)}>
										{putUpBy[p.kind] ?? p.kind}
										<span className="nhsuk-u-visually-hidden">
											: compare {p.one.name} with {p.other.name}
										</span>
									</Link>
								) : (
									(putUpBy[p.kind] ?? p.kind)
								)}
								<div className="hf-dim">{p.why}</div>
								{p.probability !== undefined && (
									<div>One person: {likely(p.probability)}</div>
								)}
							</>
						),
					},
					{
						head: state === "later" ? "Comes back" : "Since",
						cell: (p) => (p.until ? whenText(p.until) : <When at={p.since} />),
					},
				]}
			/>
			<Compare />
		</div>
	);
}

// Does the list treat groups alike?  Asked only when somebody opens it.

import { useState } from "react";
import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Problem, Sign, Waiting } from "../base/ui";
import { few } from "./needWords";
import type { Fairness } from "./needTypes";

type Check = Fairness["checks"][number];
type Group = Check["groups"][number];

function One({ check }: { check: Check }) {
	return (
		<section>
			<h3>
				{check.by}: {check.alert ? "look at this" : "no alert"}{" "}
				{check.alert && <Sign of="warn" />}
			</h3>
			<p>
				{check.finding} {check.withinRisk}
			</p>
			<Table<Group>
				caption={`${check.by}: who would have been chosen a year ago, and who was in need after`}
				rows={check.groups}
				id={(g) => g.title}
				columns={[
					{ head: "Group", cell: (g) => g.title },
					{ head: "Could be chosen", cell: (g) => few(g.people), number: true },
					{ head: "Chosen", cell: (g) => few(g.chosen), number: true },
					{ head: "In need after", cell: (g) => few(g.outcome), number: true },
					{ head: "Of these chosen", cell: (g) => few(g.both), number: true },
					{ head: "Share found", cell: (g) => g.sensitivity ?? "too few", number: true },
					{ head: "Seen for one expected", cell: (g) => g.calibration ?? "too few", number: true },
				]}
			/>
		</section>
	);
}

function Checks({ id }: { id: string }) {
	const { data, error, again } = useAsked<Fairness>(
		`/api/population/lists/${encodeURIComponent(id)}/fairness`,
	);
	return (
		<>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the check" />}
			{data && (
				<>
					<p className="hf-dim">
						The same rule as of {data.from}, and who was admitted as an emergency by {data.to}. Below
						four fifths it asks a question; it does not answer it. Groups of fewer than 20 in need are
						not compared. Counts of 1 to 4 are not shown, others to the nearest 5.
					</p>
					{data.checks.map((c) => (
						<One key={c.by} check={c} />
					))}
				</>
			)}
		</>
	);
}

export function NeedFair({ id }: { id: string }) {
	const [open, setOpen] = useState(false);
	return (
		<section aria-labelledby="need-fair">
			<h2 id="need-fair">Is it fair?</h2>
			{open ? (
				<Checks id={id} />
			) : (
				<button type="button" className="hf-button hf-button--quiet" onClick={() => setOpen(true)}>
					Check across deprivation, ethnicity and sex
				</button>
			)}
		</section>
	);
}

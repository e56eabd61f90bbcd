// What was done by the end of a month and is not billed by it: an estimate, beside the
// figures and in none of them.

import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";
import { Problem, Waiting } from "../base/ui";
import { monthName, pounds } from "./money";
import { Difference } from "./parts";
import type { Accruals } from "./types";

export function AccrualsPart({ id }: { id: string }) {
	const { data, error, again } = useAsked<Accruals>(`/api/contract/${encodeURIComponent(id)}/accruals`);
	const months = data?.months ?? [];
	const last = months[months.length - 1];
	return (
		<section className="hf-chart hf-lead__row">
			<h2>Accruals: done and not billed</h2>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the estimates" />}
			{last && (
				<>
					<p>
						At the end of {monthName(last.month)} {count(last.total.inBed)} people were in bed and {count(last.total.uncoded)} spells were not
						coded: about {pounds(last.total.inBedPence + last.total.uncodedPence)}, which is in no figure above. The next month takes it back by
						itself.
					</p>
					<Table
						caption="Estimates at the mean of the specialty"
						rows={months}
						id={(m) => String(m.month)}
						columns={[
							{ head: "Month", cell: (m) => monthName(m.month) },
							{ head: "In bed", number: true, cell: (m) => count(m.total.inBed) },
							{ head: "Estimate, in bed", number: true, cell: (m) => pounds(m.total.inBedPence) },
							{ head: "Not coded", number: true, cell: (m) => count(m.total.uncoded) },
							{ head: "Estimate, not coded", number: true, cell: (m) => pounds(m.total.uncodedPence) },
							{ head: "Taken back", number: true, cell: (m) => <Difference pence={m.total.takenBack} /> },
							{ head: "Moves", number: true, cell: (m) => <Difference pence={m.total.moves} /> },
							{
								head: "Was wrong by",
								number: true,
								cell: (m) =>
									m.total.known === 0 ? (
										"not known yet"
									) : (
										<>
											<Difference pence={m.total.error} />{" "}
											<span className="hf-dim">
												of {count(m.total.known)} stays that have ended
											</span>
										</>
									),
							},
						]}
					/>
				</>
			)}
		</section>
	);
}

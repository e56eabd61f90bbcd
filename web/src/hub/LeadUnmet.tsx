// Where and when was there nobody to send?  Refusals for want of capacity by locality
// and hour (R-2.16).

import { Fragment } from "react";
import { plural } from "../base/format";
import { Figure, type Open } from "./LeadPage";
import type { Lead, Unmet } from "./leadTypes";
import { clockTime } from "./words";

/** Darker for more; the number says it. */
const depth = (n: number, most: number) => Math.min(4, Math.ceil((4 * n) / Math.max(1, most)));

export function UnmetNeed({ lead, open }: { lead: Lead; open: Open }) {
	const now = Date.parse(lead.at);
	const total = lead.unmet.reduce((sum, u) => sum + u.n, 0);
	const lines = new Map<string, { head: string; cells: Unmet[] }>();
	for (const u of lead.unmet) {
		const key = `${u.locality ?? ""} ${u.service ?? ""}`;
		const head = [u.localityName ?? "Locality not known", u.serviceText ?? u.service]
			.filter(Boolean)
			.join(", ");
		const line = lines.get(key) ?? { head, cells: [] };
		line.cells.push(u);
		lines.set(key, line);
	}
	const hours = lead.arrivals.map((a) => a.hour);
	const most = Math.max(1, ...lead.unmet.map((u) => u.n));
	return (
		<section aria-labelledby="unmet-title" className="hf-lead__row">
			<h2 id="unmet-title">Declined for want of capacity</h2>
			<p>
				{total === 0
					? "Nothing was declined for want of capacity in the last 24 hours."
					: `${plural(total, "refusal")} in the last 24 hours: teams that declined, and referrals the hub rejected.`}
			</p>
			{total > 0 && (
				<div className="hf-scroll" tabIndex={0} role="region" aria-label="Unmet need, table">
					<table className="hf-table hf-heat">
						<caption>Refusals by locality, service and hour</caption>
						<thead>
							<tr>
								<th scope="col">Locality, service</th>
								<th scope="col" className="hf-table__n">
									All
								</th>
								{hours.map((h) => (
									<th key={h} scope="col" className="hf-table__n">
										<abbr title={`from ${clockTime(h, now)}`}>
											{clockTime(h, Date.parse(h)).slice(0, 2)}
										</abbr>
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{[...lines].map(([key, line]) => (
								<tr key={key}>
									<th scope="row">{line.head}</th>
									<td className="hf-table__n">{line.cells.reduce((sum, c) => sum + c.n, 0)}</td>
									{hours.map((h) => {
										const cell = line.cells.find((c) => c.hour === h);
										return (
											<td
												key={h}
												className={`hf-table__n ${cell ? `hf-heat__${depth(cell.n, most)}` : ""}`}
											>
												{cell ? (
													<Figure
														n={cell.n}
														of={{
															figure: "unmet",
															hour: h,
															locality: cell.locality ?? "",
															service: cell.service ?? "",
														}}
														what={`refused, ${line.head}, from ${clockTime(h, now)}`}
														open={open}
													/>
												) : (
													<Fragment />
												)}
											</td>
										);
									})}
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}

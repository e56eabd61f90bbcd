// "Which access has to be looked at, and by when?": the privacy officer's queue.

import { Link } from "wouter";
import { useQuery } from "../../base/address";
import { londonDay, plural, relative } from "../../base/format";
import { Listing, usePaged } from "../../base/table";
import { Sign, useTitle } from "../../base/ui";
import { When, whenText } from "../when";
import { outcomes, roleOf, whoText, type Notice } from "./types";

const kinds: Record<string, string> = {
	glass: "Glass broken",
	safeguard: "Opened for safeguarding",
	content: "Content opened for a case of yours",
	challenge: "Opened for a payment that is challenged",
	agreement: "An agreement on sharing has expired",
};

export const outcomeText = (code: string) =>
	outcomes.find((o) => o.code === code.toLowerCase())?.text ?? code;

export function Due({ item }: { item: Notice }) {
	if (item.review)
		return (
			<>
				<strong>{outcomeText(item.review.outcome)}</strong>, {whenText(item.review.at)}
			</>
		);
	const late = item.overdue ?? Date.parse(item.due) < Date.now();
	// Due is the end of a working day: midnight is said as the day before.
	const day = londonDay(Date.parse(item.due) - 1);
	return (
		<span className={late ? "hf-chip hf-chip--late" : "hf-chip"}>
			{late && <Sign of="warn" />} {late ? "late, was due by the end of" : "due by the end of"}{" "}
			<time dateTime={item.due}>{whenText(day)}</time>{" "}
			<span className="hf-dim">{relative(item.due, Date.now())}</span>
		</span>
	);
}

export function whatText(n: Notice) {
	const kind = kinds[n.kind] ?? "Unusual access";
	const reason = n.reasonText ?? n.reason;
	return reason ? `${kind}: ${reason}` : kind;
}

export const personText = (n: Notice) =>
	n.personName ?? (n.person ? `record ${n.person}` : "no one person");

export function QueuePage() {
	useTitle("Privacy queue");
	const [query, change] = useQuery();
	const all = query.get("all") === "1";
	const list = usePaged<Notice>(`/api/privacy/queue?limit=50${all ? "&all=1" : ""}`, "notices", "before");
	const open = list.first?.open as number | undefined;
	const overdue = list.first?.overdue as number | undefined;
	return (
		<div className="hf-page hf-page--wide">
			<h1>Which access has to be looked at?</h1>
			{open !== undefined && (
				<p className="hf-also" role="status">
					{open === 0 ? "Nothing is open" : `${plural(open, "access", "accesses")} to review`}
					{overdue ? (
						<>
							, <strong className="hf-flag">{overdue} overdue</strong>
						</>
					) : (
						""
					)}
					.
				</p>
			)}
			<div className="hf-switch" role="group" aria-label="Which ones">
				<button
					type="button"
					className="hf-button hf-button--quiet"
					aria-pressed={!all}
					onClick={() => change({ all: null })}
				>
					To be reviewed
				</button>
				<button
					type="button"
					className="hf-button hf-button--quiet"
					aria-pressed={all}
					onClick={() => change({ all: "1" })}
				>
					All, with reviewed ones
				</button>
			</div>
			<Listing
				of={list}
				what="the queue"
				one="access"
				many="accesses"
				id={(n) => n.id}
				empty={
					all
						? "There was no broken glass and no alert yet."
						: "Nothing waits for a review. A broken glass or an unusual access comes here at once."
				}
				columns={[
					{
						head: "What happened",
						cell: (n) => (
							<>
								<Link href={`/privacy/${encodeURIComponent(n.id)}`}>{whatText(n)}</Link>
								{n.text && <div className="hf-quote">“{n.text}”</div>}
							</>
						),
					},
					{
						head: "Who",
						cell: (n) => (
							<>
								{whoText(n.user)}
								<div className="hf-dim">{roleOf(n.user)}</div>
								{n.recent !== undefined && n.recent > 1 && (
									<div className={n.often ? "hf-flag" : "hf-dim"}>
										{n.often && <Sign of="warn" />} {n.recent} in 24 hours
									</div>
								)}
							</>
						),
					},
					{ head: "Whose record", cell: (n) => personText(n) },
					{ head: "When", cell: (n) => <When at={n.at} /> },
					{ head: "Review", cell: (n) => <Due item={n} /> },
				]}
			/>
		</div>
	);
}

import { Link } from "wouter";
import { has, useSession } from "../access/session";
import type { Need } from "../access/types";
import { useTitle } from "../base/ui";
import { focusSearch } from "./PersonSearch";

export function MissingPage() {
	useTitle("Page not found");
	const { session } = useSession();
	return (
		<div className="hf-page">
			<h1>Page not found</h1>
			<p>
				There is no page at this address. If you typed it, check it; if a link brought
				you here, the link is wrong.
			</p>
			<p>
				<Link href="/">Go to the start page</Link>
				{has(session, "CLINICAL") && (
					<>
						{" "}
						or{" "}
						<button type="button" className="hf-linklike" onClick={focusSearch}>
							search for a person
						</button>
					</>
				)}
				.
			</p>
		</div>
	);
}

const whose: Record<Need, string> = {
	CLINICAL: "people who take part in care",
	CHANGE: "people who take part in care",
	OVERSEE: "the privacy officer and the Caldicott Guardian",
	ADMINISTER: "administrators",
	IDENTIFY: "health records staff",
	OPERATE: "operators",
	FIGURES: "analysts, clinicians, managers and lay partners",
	CONTRACT: "the finance teams of both parties",
	PRICES: "finance teams, of the organisation that commissions",
};

/** Whose pages those with any of the needs are. */
export const whoHas = (needs: Need[]): string[] => [...new Set(needs.map((n) => whose[n]))];

export function NotYoursPage({ whom }: { whom: string[] }) {
	useTitle("Not a page of your role");
	const { session } = useSession();
	const others = (session?.roles?.length ?? 0) > 1;
	return (
		<div className="hf-page">
			<h1>Not a page of your role</h1>
			<p>
				This page is for {whom.join(" and for ")}. You are
				signed in as {session?.actor?.role ?? "somebody else"}.
				{others && " If another of your roles has it, switch to that role at the top."}
			</p>
			<p>
				<Link href="/">Go to the start page</Link>
			</p>
		</div>
	);
}

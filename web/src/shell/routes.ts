// What there is to go to, and who has it: the one list behind navigation, start
// page and keys.

import { has } from "../access/session";
import type { Need, Session } from "../access/types";
import { hasView, mayRefer } from "../hub/hub";
import type { HubInfo, View } from "../hub/types";

export interface Place {
	href: string;
	text: string;
	/** One sentence for the start page. */
	what: string;
	need: Need;
	/** Of the hub: for whoever it gives this view to, or lets refer. */
	hub?: View | "refer";
	keys?: string;
	/** Groups of roles it is nothing to, though they may. */
	notFor?: string[];
	/** Not in the navigation's first row: on the start page and in its section only. */
	minor?: boolean;
	/** Groups of roles that have it there all the same. */
	mainFor?: string[];
}

export const places: Place[] = [
	{
		href: "/people",
		text: "People",
		what: "Find a person and read their record.",
		need: "CLINICAL",
		keys: "g p",
	},
	{
		href: "/hub/new",
		text: "New referral",
		what: "Refer somebody to the hub, in writing or by telephone.",
		need: "CLINICAL",
		hub: "refer",
		keys: "g n",
	},
	{
		href: "/hub/triage",
		text: "Triage",
		what: "Referrals that wait for triage, by time left.",
		need: "CLINICAL",
		hub: "triage",
		keys: "g b",
	},
	{
		href: "/hub/dispatch",
		text: "Dispatch",
		what: "Referrals that wait for a team, and who can be there in time.",
		need: "CLINICAL",
		hub: "dispatch",
		keys: "g v",
	},
	{
		href: "/hub/day",
		text: "Visits",
		what: "Your team's visits of today, in order; works without a network.",
		need: "CLINICAL",
		hub: "team",
		keys: "g y",
	},
	{
		href: "/pathways/work",
		text: "Pathway tasks",
		what: "What pathways ask of your role, what is due soonest first.",
		need: "CLINICAL",
		hub: "pathways",
		keys: "g k",
	},
	{
		href: "/hub/lead",
		text: "Hub lead",
		what: "Arrivals, waits, late clocks with reasons, capacity and unmet need.",
		need: "CLINICAL",
		hub: "lead",
		keys: "g h",
	},
	{
		href: "/outcomes",
		text: "Outcomes",
		what: "How are we doing? The outcome framework, worst first, with how sure we may be.",
		need: "FIGURES",
		keys: "g o",
	},
	{
		href: "/explore",
		text: "Explore",
		what: "What explains this? Groups of people by twelve dimensions, and what happened to them.",
		need: "FIGURES",
		keys: "g e",
		minor: true,
	},
	{
		href: "/contract",
		text: "Contracts",
		what: "Plan, actual, shadow tariff and forecast; reviews, statements, pooled budgets.",
		need: "CONTRACT",
		keys: "g c",
	},
	{
		href: "/contract/prices",
		text: "Price lists",
		what: "What each thing done is worth, by which version, and why; bringing a list in.",
		need: "CONTRACT",
		minor: true,
	},
	{
		href: "/contract/public",
		text: "Where the money goes",
		what: "The contracts and pooled budgets in plain words.",
		need: "FIGURES",
		minor: true,
		mainFor: ["LAY"],
	},
	{
		href: "/need",
		text: "Most in need",
		what: "Whom to offer help to: lists sized to free places, why each, and what followed.",
		need: "FIGURES",
		notFor: ["FIN", "LAY"],
		keys: "g m",
	},
	{
		href: "/meeting",
		text: "Team meeting",
		what: "One locality: today's agenda, what came of last time, the list, gaps in care, how it does.",
		need: "FIGURES",
		notFor: ["FIN", "LAY", "ANALYST", "PRIV", "CALD"],
		keys: "g t",
	},
	{
		href: "/privacy",
		text: "Privacy queue",
		what: "Glasses that were broken and unusual access, by when they are due.",
		need: "OVERSEE",
		keys: "g q",
	},
	{
		href: "/privacy/looked",
		text: "Who looked",
		what: "Who looked at one person's record, why, and by what right.",
		need: "OVERSEE",
		keys: "g l",
	},
	{
		href: "/privacy/audit",
		text: "Audit",
		what: "Every read, change, refusal and sign-in, by person, user and time.",
		need: "OVERSEE",
		keys: "g a",
	},
	{
		href: "/identity",
		text: "Possible duplicates",
		what: "Records that may be one person's, to link or keep apart.",
		need: "IDENTIFY",
		keys: "g d",
	},
	{
		href: "/admin/users",
		text: "Users",
		what: "Who can sign in, and in which roles: joiners, movers and leavers.",
		need: "ADMINISTER",
		keys: "g u",
	},
	{
		href: "/admin/sessions",
		text: "Sessions",
		what: "Who is signed in now.",
		need: "ADMINISTER",
		minor: true,
	},
	{
		href: "/admin/organisations",
		text: "Organisations",
		what: "Suspend an organisation's access, or let it in again.",
		need: "ADMINISTER",
	},
	{
		href: "/admin/agreements",
		text: "Agreements",
		what: "What each organisation shares with which other, and until when; the opt-out list.",
		need: "ADMINISTER",
	},
	{
		href: "/admin/delegations",
		text: "Standing in",
		what: "Delegations between colleagues, and who acts for a person.",
		need: "ADMINISTER",
		minor: true,
	},
	{
		href: "/admin/clients",
		text: "Systems and apps",
		what: "Programs that use the record: what they may do, their secrets, their end.",
		need: "ADMINISTER",
	},
	{
		href: "/why",
		text: "Why can X see Y?",
		what: "The rule that decides whether somebody sees a person's record.",
		need: "OVERSEE",
		keys: "g w",
	},
	{
		href: "/figures",
		text: "Figures",
		what: "What the record holds, counted.",
		need: "OPERATE",
		keys: "g i",
	},
];

/** Is it the person themself, with a record of theirs?  Who acts for them is not. */
export const isThemself = (session: Session | undefined): boolean =>
	session?.actor?.roleCode === "patient" && !!session.actor.who?.startsWith("Patient/");

/** What the person has beside their record, which is on the start page. */
const own: Place[] = [
	{
		href: "/me/access",
		text: "Who looked at my record",
		what: "Everybody who looked at your record, when, and why they could.",
		need: "CLINICAL",
		keys: "g l",
	},
];

/** hub: what the hub answered about this user; without it none of its places. */
export function placesOf(session: Session | undefined, hub?: HubInfo): Place[] {
	if (session?.actor?.group === "PAT") return isThemself(session) ? own : [];
	const at = (p: Place) => !p.hub || (p.hub === "refer" ? mayRefer(hub) : hasView(hub, p.hub));
	const group = session?.actor?.group ?? "";
	return places.filter((p) => has(session, p.need) && at(p) && !p.notFor?.includes(group));
}

/** Does it make sense to ask what the hub has for them? */
export const asksHub = (session: Session | undefined): boolean =>
	has(session, "CLINICAL") && session?.actor?.group !== "PAT";

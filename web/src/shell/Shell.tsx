// What stands around every page: header with search, who is signed in, navigation by
// what the role has, notices, footer, routes, keys.

import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { SkipLink } from "nhsuk-react-components";
import { Link, Route, Switch, useLocation, useSearch } from "wouter";
import { ExplorerPage } from "../outcomes/ExplorerPage";
import { MeasurePage } from "../outcomes/MeasurePage";
import { OverviewPage } from "../outcomes/OverviewPage";
import { ActivityPage } from "../contract/ActivityPage";
import { CasePage } from "../contract/CasePage";
import { CasesPage } from "../contract/CasesPage";
import { ContractPage } from "../contract/ContractPage";
import { ContractsPage } from "../contract/ContractsPage";
import { LedgerPage } from "../contract/LedgerPage";
import { PackPage } from "../contract/PackPage";
import { PoolPage } from "../contract/PoolPage";
import { PoolReturnPage } from "../contract/PoolReturns";
import { PriceListPage } from "../contract/PriceListPage";
import { PricesPage } from "../contract/PricesPage";
import { PublicPage } from "../contract/PublicPage";
import { RegisterPage } from "../contract/RegisterPage";
import { StatementPage } from "../contract/StatementPage";
import { StatementsPage } from "../contract/StatementsPage";
import { WhatIfPage } from "../contract/WhatIfPage";
import { AgreementsPage } from "../access/admin/AgreementsPage";
import { ClientsPage } from "../access/admin/ClientsPage";
import { DelegationsPage } from "../access/admin/DelegationsPage";
import { OrganisationsAdminPage } from "../access/admin/OrganisationsAdminPage";
import { SessionsPage } from "../access/admin/SessionsPage";
import { UserPage } from "../access/admin/UserPage";
import { UsersPage } from "../access/admin/UsersPage";
import { WhyPage } from "../access/admin/WhyPage";
import { AuditPage } from "../access/privacy/AuditPage";
import { LookedPage, OwnLookedPage } from "../access/privacy/LookedPage";
import { QueuePage } from "../access/privacy/QueuePage";
import { ReviewPage } from "../access/privacy/ReviewPage";
import { Locked, ProofDialog, SessionBar, TimeLeft } from "../access/SessionBar";
import { SignInPage } from "../access/SignInPage";
import { SessionProvider, has, useSession } from "../access/session";
import type { Need, Session } from "../access/types";
import { useAsked } from "../base/api";
import { useKeys } from "../base/keys";
import { Problem, Waiting } from "../base/ui";
import { FormPage } from "../forms/FormPage";
import { FormsPage } from "../forms/FormsPage";
import { DayPage } from "../hub/DayPage";
import { LeadPage } from "../hub/LeadPage";
import { LocalityPage } from "../population/LocalityPage";
import { NeedListPage } from "../population/NeedListPage";
import { NeedPage } from "../population/NeedPage";
import { DuplicatesPage } from "../identity/DuplicatesPage";
import { LinksPage } from "../identity/LinksPage";
import { PairPage } from "../identity/PairPage";
import { DispatchPage, TriagePage } from "../hub/BoardPages";
import { HubPage } from "../hub/HubPage";
import { IntakePage } from "../hub/IntakePage";
import { ReferralPage } from "../hub/ReferralPage";
import { useHub } from "../hub/hub";
import type { HubInfo } from "../hub/types";
import { InstancePage } from "../pathway/InstancePage";
import { WorkPage } from "../pathway/WorkPage";
import { ChoicesPage } from "../record/ChoicesPage";
import { PersonPage } from "../record/PersonPage";
import { ResultsPage } from "../record/ResultsPage";
import { TracePage } from "../record/TracePage";
import { FiguresPage, OrganisationsPage } from "./FiguresPage";
import { KeysDialog } from "./KeysDialog";
import { MissingPage, NotYoursPage, whoHas } from "./MissingPage";
import { PersonSearch, focusSearch } from "./PersonSearch";
import { StartPage } from "./StartPage";
import { asksHub, isThemself, placesOf } from "./routes";

/** How many accesses wait for the privacy officer: " (2, 1 overdue)". */
function useWaits(session: Session | undefined): string {
	const oversees = has(session, "OVERSEE") && !session?.trial;
	const { data } = useAsked<{ open: number; overdue: number }>(
		oversees ? "/api/privacy/count" : null,
	);
	if (!data || data.open === 0) return "";
	return ` (${data.open}${data.overdue ? `, ${data.overdue} overdue` : ""})`;
}

function Header(props: {
	session: Session | undefined;
	hub: HubInfo | undefined;
	search: boolean;
	onKeys: () => void;
}) {
	const { session, hub, search, onKeys } = props;
	const [path] = useLocation();
	const places = placesOf(session, hub).filter(
		(p) => !p.minor || p.mainFor?.includes(session?.actor?.group ?? ""),
	);
	// Where the search takes no room, or the places take much, who it is goes above.
	const above = !search && places.length > 3;
	const waits = useWaits(session);
	return (
		<header className="hf-header" role="banner">
			<div className="hf-header__inner">
				<Link href="/" className="hf-header__name" aria-label="homefirst, start page">
					<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
						<path d="M16 5 4 15h3.4v12h6v-8h5.2v8h6V15H28z" fill="currentColor" />
					</svg>
					<span>homefirst</span>
				</Link>
				{session?.place && <span className="hf-header__place">{session.place}</span>}
				{search && <PersonSearch />}
				{above && <SessionBar />}
				<div className="hf-header__keys">
					<button type="button" onClick={onKeys} aria-haspopup="dialog">
						Keys <kbd aria-hidden="true">?</kbd>
					</button>
				</div>
			</div>
			{(session?.signedIn || session?.trial) && (
				<div className="hf-second">
					<nav className="hf-nav" aria-label="Main">
						<ul>
							{places.map((p) => (
								<li key={p.href}>
									<Link href={p.href} aria-current={path === p.href ? "page" : undefined}>
										{p.text}
										{p.href === "/privacy" && waits}
									</Link>
								</li>
							))}
						</ul>
					</nav>
					{!above && <SessionBar />}
				</div>
			)}
		</header>
	);
}

function Notices({ session }: { session: Session | undefined }) {
	if (!session || session.notices.length === 0) return null;
	return (
		<aside className="hf-notice" aria-label="Notice">
			<div className="hf-notice__inner">
				{session.notices.map((n) => (
					<p key={n.code}>{n.text}</p>
				))}
			</div>
		</aside>
	);
}

/** After a move to another page the reader starts at its main heading. */
function useFocusOnMove(path: string) {
	const before = useRef(path);
	useEffect(() => {
		if (before.current === path) return;
		before.current = path;
		window.scrollTo(0, 0);
		document.getElementById("maincontent")?.focus({ preventScroll: true });
	}, [path]);
}

function toPart(id: string) {
	const part = document.getElementById(id);
	if (!part) return;
	part.scrollIntoView({ block: "start" });
	part.focus({ preventScroll: true });
}

/** Shows what is inside to whoever has one of the needs; to others, who has it. */
function For({ needs, children }: { needs: Need[]; children: ReactNode }) {
	const { session } = useSession();
	if (needs.some((n) => has(session, n))) return children;
	return <NotYoursPage whom={whoHas(needs)} />;
}

function Pages({ session }: { session: Session }) {
	return (
		<Switch>
			<Route path="/">
				<StartPage session={session} />
			</Route>
			<Route path="/people">
				<For needs={["CLINICAL"]}>
					<ResultsPage />
				</For>
			</Route>
			<Route path="/trace">
				<For needs={["CLINICAL"]}>
					<TracePage />
				</For>
			</Route>
			<Route path="/people/:id">
				{(params) => (
					<For needs={["CLINICAL"]}>
						<PersonPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/people/:id/choices">
				{(params) => (
					<For needs={["CLINICAL"]}>
						<ChoicesPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/people/:id/forms">
				{(params) => (
					<For needs={["CLINICAL"]}>
						<FormsPage key={params.id} person={params.id} />
					</For>
				)}
			</Route>
			<Route path="/people/:id/forms/:form">
				{(params) => (
					<For needs={["CLINICAL"]}>
						<FormPage key={`${params.id} ${params.form}`} person={params.id} form={params.form} />
					</For>
				)}
			</Route>
			<Route path="/instances/:id">
				{(params) => (
					<For needs={["CLINICAL"]}>
						<InstancePage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/pathways/work">
				<For needs={["CLINICAL"]}>
					<WorkPage />
				</For>
			</Route>
			<Route path="/hub">
				<For needs={["CLINICAL"]}>
					<HubPage />
				</For>
			</Route>
			<Route path="/hub/new">
				<For needs={["CLINICAL"]}>
					<IntakePage />
				</For>
			</Route>
			<Route path="/hub/triage">
				<For needs={["CLINICAL"]}>
					<TriagePage />
				</For>
			</Route>
			<Route path="/hub/dispatch">
				<For needs={["CLINICAL"]}>
					<DispatchPage />
				</For>
			</Route>
			<Route path="/hub/referrals/:id">
				{(params) => (
					<For needs={["CLINICAL"]}>
						<ReferralPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/figures">
				<For needs={["OPERATE"]}>
					<FiguresPage />
				</For>
			</Route>
			<Route path="/organisations">
				<For needs={["OPERATE", "CLINICAL", "ADMINISTER"]}>
					<OrganisationsPage />
				</For>
			</Route>
			<Route path="/me/access">
				{isThemself(session) ? <OwnLookedPage /> : <NotYoursPage whom={["the person whose record it is"]} />}
			</Route>
			<Route path="/privacy">
				<For needs={["OVERSEE"]}>
					<QueuePage />
				</For>
			</Route>
			<Route path="/privacy/looked">
				<For needs={["OVERSEE"]}>
					<LookedPage />
				</For>
			</Route>
			<Route path="/privacy/audit">
				<For needs={["OVERSEE"]}>
					<AuditPage />
				</For>
			</Route>
			<Route path="/privacy/:id">
				{(params) => (
					<For needs={["OVERSEE"]}>
						<ReviewPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/identity">
				<For needs={["IDENTIFY"]}>
					<DuplicatesPage />
				</For>
			</Route>
			<Route path="/identity/pair/:one/:other">
				{(params) => (
					<For needs={["IDENTIFY"]}>
						<PairPage key={`${params.one},${params.other}`} one={params.one} other={params.other} />
					</For>
				)}
			</Route>
			<Route path="/identity/persons/:id">
				{(params) => (
					<For needs={["IDENTIFY"]}>
						<LinksPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/hub/day">
				<For needs={["CLINICAL"]}>
					<DayPage />
				</For>
			</Route>
			<Route path="/need">
				<For needs={["FIGURES"]}>
					<NeedPage />
				</For>
			</Route>
			<Route path="/meeting">
				<For needs={["FIGURES"]}>
					<LocalityPage />
				</For>
			</Route>
			<Route path="/need/:id">
				{(p) => (
					<For needs={["FIGURES"]}>
						<NeedListPage id={p.id} />
					</For>
				)}
			</Route>
			<Route path="/hub/lead">
				<For needs={["CLINICAL"]}>
					<LeadPage />
				</For>
			</Route>
			<Route path="/outcomes">
				<For needs={["FIGURES"]}>
					<OverviewPage />
				</For>
			</Route>
			<Route path="/outcomes/:id">
				{(params) => (
					<For needs={["FIGURES"]}>
						<MeasurePage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/explore">
				<For needs={["FIGURES"]}>
					<ExplorerPage />
				</For>
			</Route>
			<Route path="/contract">
				<For needs={["CONTRACT"]}>
					<ContractsPage />
				</For>
			</Route>
			<Route path="/contract/public">
				<For needs={["FIGURES"]}>
					<PublicPage />
				</For>
			</Route>
			<Route path="/contract/prices">
				<For needs={["CONTRACT"]}>
					<PricesPage />
				</For>
			</Route>
			<Route path="/contract/prices/:id">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<PriceListPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/pools/:id">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<PoolPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/pools/:id/returns/:quarter">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<PoolReturnPage key={`${params.id},${params.quarter}`} id={params.id} quarter={params.quarter} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<ContractPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/pack">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<PackPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/register">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<RegisterPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/activity">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<ActivityPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/what-if">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<WhatIfPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/reviews">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<CasesPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/cases/:kind/:case">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<CasePage key={`${params.id},${params.kind},${params.case}`} id={params.id} kind={params.kind} which={params.case} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/statements">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<StatementsPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/statements/:quarter">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<StatementPage key={`${params.id},${params.quarter}`} id={params.id} quarter={params.quarter} />
					</For>
				)}
			</Route>
			<Route path="/contract/:id/ledger">
				{(params) => (
					<For needs={["CONTRACT"]}>
						<LedgerPage key={`${params.id}`} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/why">
				<For needs={["OVERSEE"]}>
					<WhyPage />
				</For>
			</Route>
			<Route path="/admin/users">
				<For needs={["ADMINISTER"]}>
					<UsersPage />
				</For>
			</Route>
			<Route path="/admin/users/:id">
				{(params) => (
					<For needs={["ADMINISTER"]}>
						<UserPage key={params.id} id={params.id} />
					</For>
				)}
			</Route>
			<Route path="/admin/sessions">
				<For needs={["ADMINISTER"]}>
					<SessionsPage />
				</For>
			</Route>
			<Route path="/admin/organisations">
				<For needs={["ADMINISTER"]}>
					<OrganisationsAdminPage />
				</For>
			</Route>
			<Route path="/admin/agreements">
				<For needs={["ADMINISTER"]}>
					<AgreementsPage />
				</For>
			</Route>
			<Route path="/admin/delegations">
				<For needs={["ADMINISTER"]}>
					<DelegationsPage />
				</For>
			</Route>
			<Route path="/admin/clients">
				<For needs={["ADMINISTER"]}>
					<ClientsPage />
				</For>
			</Route>
			<Route>
				<MissingPage />
			</Route>
		</Switch>
	);
}

/** Whoever is not signed in goes to sign in, and comes back here. */
function ToSignIn() {
	const [path, go] = useLocation();
	const query = useSearch();
	useEffect(() => {
		const here = query ? `${path}?${query}` : path;
		go(here === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(here)}`, { replace: true });
	}, [path, query, go]);
	return null;
}

function Main() {
	const { session, error, again, locked } = useSession();
	const [path] = useLocation();
	if (path === "/sign-in") return <SignInPage />;
	// Opened with the network gone: what the device keeps for whoever was signed in.
	if (!session && error?.status === 0 && path === "/hub/day") return <DayPage />;
	if (!session)
		return (
			<div className="hf-page">
				{error ? (
					<>
						<h1>homefirst</h1>
						<Problem error={error} again={() => void again()} />
					</>
				) : (
					<Waiting what="the page" />
				)}
			</div>
		);
	if (!session.signedIn && !session.trial && !locked) return <ToSignIn />;
	return (
		<>
			<Locked />
			<div hidden={locked}>
				<Pages session={session} />
			</div>
		</>
	);
}

function Framed() {
	const { session, locked } = useSession();
	const [path, go] = useLocation();
	const [showKeys, setShowKeys] = useState(false);
	useFocusOnMove(path);
	const works = (session?.signedIn === true || session?.trial === true) && !locked;
	const clinical = works && has(session, "CLINICAL") && session?.actor?.group !== "PAT";
	const { data: hub } = useHub(works && asksHub(session));
	const places = placesOf(works ? session : undefined, hub);
	const table = useMemo(() => {
		const keys: Record<string, () => void> = { "?": () => setShowKeys((on) => !on) };
		if (!works) return keys;
		keys["g s"] = () => go("/");
		for (const p of places) if (p.keys) keys[p.keys] = () => go(p.href);
		if (clinical) {
			keys["/"] = focusSearch;
			keys["g o"] = () => go("/organisations");
			keys["g m"] = () => toPart("summary");
			keys["g t"] = () => toPart("timeline");
			keys["g f"] = () => document.getElementById("filter-kind")?.focus();
		}
		return keys;
	}, [go, works, clinical, places.length]);
	useKeys(table);
	return (
		<>
			<SkipLink />
			<Header
				session={works ? session : session && { ...session, needs: [], signedIn: false, trial: false }}
				hub={works ? hub : undefined}
				search={clinical && path !== "/" && path !== "/sign-in"}
				onKeys={() => setShowKeys(true)}
			/>
			<Notices session={session} />
			<main className="hf-main" id="maincontent" tabIndex={-1}>
				<Main />
			</main>
			<footer className="hf-footer">
				<p>homefirst {session?.version ?? ""}</p>
			</footer>
			<TimeLeft />
			<ProofDialog />
			{showKeys && (
				<KeysDialog places={places} clinical={clinical} onClose={() => setShowKeys(false)} />
			)}
		</>
	);
}

export function Shell() {
	return (
		<SessionProvider>
			<Framed />
		</SessionProvider>
	);
}

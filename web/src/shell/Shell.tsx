// What stands around every page: header with search, notice, footer, routes, keys.

import { useEffect, useMemo, useRef, useState } from "react";
import { SkipLink } from "nhsuk-react-components";
import { Link, Route, Switch, useLocation } from "wouter";
import { useAsked } from "../base/api";
import { useKeys } from "../base/keys";
import type { Session } from "../record/types";
import { PersonPage } from "../record/PersonPage";
import { ResultsPage } from "../record/ResultsPage";
import { FiguresPage, OrganisationsPage } from "./FiguresPage";
import { KeysDialog } from "./KeysDialog";
import { MissingPage } from "./MissingPage";
import { PersonSearch, focusSearch } from "./PersonSearch";
import { StartPage } from "./StartPage";

function Header(props: {
	place?: string | undefined;
	search: boolean;
	onKeys: () => void;
}) {
	const { place, search, onKeys } = props;
	return (
		<header className="hf-header" role="banner">
			<div className="hf-header__inner">
				<Link href="/" className="hf-header__name" aria-label="homefirst, start page">
					<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
						<path d="M16 5 4 15h3.4v12h6v-8h5.2v8h6V15H28z" fill="currentColor" />
					</svg>
					<span>homefirst</span>
				</Link>
				{place && <span className="hf-header__place">{place}</span>}
				{search && <PersonSearch />}
				<nav className="hf-header__nav" aria-label="Main">
					<Link href="/figures">Figures</Link>
					<button type="button" onClick={onKeys} aria-haspopup="dialog">
						Keys <kbd aria-hidden="true">?</kbd>
					</button>
				</nav>
			</div>
		</header>
	);
}

function Notices({ session }: { session: Session | undefined }) {
	if (!session || session.notices.length === 0) return null;
	return (
		<aside className="hf-notice" aria-label="Notice">
			<div className="hf-notice__inner">
				{session.notices.map((n) => (
					<p key={n.code}>
						{n.text}
					</p>
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

export function Shell() {
	const { data: session } = useAsked<Session>("/api/session");
	const [path, go] = useLocation();
	const [showKeys, setShowKeys] = useState(false);
	useFocusOnMove(path);
	useKeys(
		useMemo(
			() => ({
				"/": focusSearch,
				"?": () => setShowKeys((on) => !on),
				"g s": () => go("/"),
				"g p": () => go("/people"),
				"g i": () => go("/figures"),
				"g o": () => go("/organisations"),
				"g m": () => toPart("summary"),
				"g t": () => toPart("timeline"),
				"g f": () => document.getElementById("filter-kind")?.focus(),
			}),
			[go],
		),
	);
	return (
		<>
			<SkipLink />
			<Header place={session?.place} search={path !== "/"} onKeys={() => setShowKeys(true)} />
			<Notices session={session} />
			<main className="hf-main" id="maincontent" tabIndex={-1}>
				<Switch>
					<Route path="/">
						<StartPage session={session} />
					</Route>
					<Route path="/people">
						<ResultsPage />
					</Route>
					<Route path="/people/:id">
						{(params) => <PersonPage key={params.id} id={params.id} />}
					</Route>
					<Route path="/figures">
						<FiguresPage />
					</Route>
					<Route path="/organisations">
						<OrganisationsPage />
					</Route>
					<Route>
						<MissingPage />
					</Route>
				</Switch>
			</main>
			<footer className="hf-footer">
				<p>
					homefirst {session?.version ?? ""}
					{session && ` · you are ${session.actor.name} (${session.actor.role})`}
				</p>
			</footer>
			{showKeys && <KeysDialog onClose={() => setShowKeys(false)} />}
		</>
	);
}

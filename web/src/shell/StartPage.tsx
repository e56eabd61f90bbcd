// "What do I do here?": search and the people opened lately for whoever takes part
// in care; for others, what their role has.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Problem, Waiting, useTitle } from "../base/ui";
import { has } from "../access/session";
import type { Session } from "../access/types";
import { useHub } from "../hub/hub";
import { MyClocks } from "../hub/MyClocks";
import type { Figures } from "../record/types";
import { PersonSearch } from "./PersonSearch";
import { recentPeople } from "./recent";
import { asksHub, placesOf, type Place } from "./routes";

function Figure({ n, text, href }: { n: number; text: string; href: string }) {
	return (
		<li>
			<Link href={href} className="hf-figure">
				<span className="hf-figure__n">{count(n)}</span> <span>{text}</span>
			</Link>
		</li>
	);
}

function PlaceFigures({ session }: { session: Session }) {
	const { data, error, again } = useAsked<Figures>("/api/figures");
	return (
		<section aria-labelledby="figures-title">
			<h2 id="figures-title">{session.place ?? "This place"} in figures</h2>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the figures" />}
			{data && (
				<ul className="hf-figures">
					<Figure
						n={data.people}
						text="people"
						href={has(session, "CLINICAL") ? "/people" : "/figures"}
					/>
					<Figure n={data.resources} text="entries in the record" href="/figures" />
					<Figure n={data.organisations} text="organisations" href="/organisations" />
				</ul>
			)}
		</section>
	);
}

function Clinical({ session }: { session: Session }) {
	const recent = recentPeople();
	const { data: hub } = useHub(asksHub(session));
	return (
		<>
			<h1>Find a person</h1>
			<PersonSearch big />
			{!session.trial && (
				<p className="hf-also">
					You find the people whom your work brings you to.{" "}
					{(session.activities ?? []).includes("TRACE") && (
						<Link href="/trace">Trace somebody else</Link>
					)}
				</p>
			)}
			<MyClocks hub={hub} />
			<section aria-labelledby="recent-title">
				<h2 id="recent-title">Opened in this tab</h2>
				{recent.length === 0 ? (
					<p className="hf-empty">
						Nobody yet. People you open are listed here until you close the tab.
					</p>
				) : (
					<ul className="hf-recent">
						{recent.map((r) => (
							<li key={r.id}>
								<Link href={`/people/${encodeURIComponent(r.id)}`}>{r.name}</Link>{" "}
								<span className="hf-dim">
									{r.born && `born ${r.born}`}
									{r.nhsNumber && ` · NHS number ${r.nhsNumber}`}
								</span>
							</li>
						))}
					</ul>
				)}
			</section>
		</>
	);
}

const later: Record<string, { title: string; text: string }> = {
	ANALYST: {
		title: "Nothing to analyse here yet",
		text: "Analysts work with figures and lists without names. Those are not built yet; records of named people are never shown to this role.",
	},
	FIN: {
		title: "No activity lines here yet",
		text: "Finance works with lines of activity without names. They are not built yet; records of named people are not shown to this role.",
	},
	LAY: {
		title: "Nothing to read here yet",
		text: "Lay partners read the programme's reports and figures. They are not built yet; records of people are never shown to this role.",
	},
};

function PlaceCard({ place }: { place: Place }) {
	return (
		<li className="hf-card">
			<h2>
				<Link href={place.href} className="hf-card__go">
					{place.text}
				</Link>
			</h2>
			<p>{place.what}</p>
		</li>
	);
}

function OwnRecord({ session }: { session: Session }) {
	const who = session.actor?.who;
	const id = who?.startsWith("Patient/") ? who.slice(8) : undefined;
	return (
		<>
			<h1>Your record</h1>
			{id ? (
				<ul className="hf-cards">
					<li className="hf-card">
						<h2>
							<Link href={`/people/${encodeURIComponent(id)}`} className="hf-card__go">
								Read your record
							</Link>
						</h2>
						<p>What those who care for you have written, and who they are.</p>
					</li>
					{placesOf(session).map((p) => (
						<PlaceCard key={p.href} place={p} />
					))}
				</ul>
			) : (
				<p>
					Your user is not joined to a record yet. Ask the practice that gave you this user.
				</p>
			)}
		</>
	);
}

function Own({ session }: { session: Session }) {
	const places = placesOf(session);
	const group = session.actor?.group ?? "";
	const coming = later[group];
	return (
		<>
			<h1>{coming?.title ?? "What would you like to do?"}</h1>
			{coming?.text && <p>{coming.text}</p>}
			{places.length > 0 ? (
				<ul className="hf-cards">
					{places.map((p) => (
						<PlaceCard key={p.href} place={p} />
					))}
				</ul>
			) : (
				!coming && (
					<p>
						Your role has no page in homefirst yet. If you expected one, ask whoever administers
						users whether you have the right role.
					</p>
				)
			)}
		</>
	);
}

export function StartPage({ session }: { session: Session }) {
	const clinical = has(session, "CLINICAL");
	const own = session.actor?.group === "PAT";
	useTitle(own ? "Your record" : clinical ? "Find a person" : "Start");
	return (
		<div className="hf-page hf-start">
			{own ? (
				<OwnRecord session={session} />
			) : clinical ? (
				<Clinical session={session} />
			) : (
				<Own session={session} />
			)}
			{has(session, "OPERATE") && <PlaceFigures session={session} />}
		</div>
	);
}

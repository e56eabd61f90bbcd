// "Who do I want to see?": search, the people opened lately, the place in figures.

import { Link } from "wouter";
import { count } from "../base/format";
import { useTitle } from "../base/ui";
import type { Session } from "../record/types";
import { PersonSearch } from "./PersonSearch";
import { recentPeople } from "./recent";

function Figure({ n, text, href }: { n: number; text: string; href: string }) {
	return (
		<li>
			<Link href={href} className="hf-figure">
				<span className="hf-figure__n">{count(n)}</span> <span>{text}</span>
			</Link>
		</li>
	);
}

export function StartPage({ session }: { session: Session | undefined }) {
	useTitle("Find a person");
	const recent = recentPeople();
	return (
		<div className="hf-page hf-start">
			<h1>Find a person</h1>
			<PersonSearch big />
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
			{session && (
				<section aria-labelledby="figures-title">
					<h2 id="figures-title">{session.place ?? "This place"} in figures</h2>
					<ul className="hf-figures">
						<Figure n={session.figures.people} text="people" href="/people" />
						<Figure n={session.figures.resources} text="entries in the record" href="/figures" />
						<Figure n={session.figures.organisations} text="organisations" href="/organisations" />
					</ul>
				</section>
			)}
		</div>
	);
}

// "Which form do I need for this person?"

import { Link } from "wouter";
import { Denied, isDenied } from "../access/Denied";
import { useSession } from "../access/session";
import { whenText } from "../access/when";
import { useAsked } from "../base/api";
import { Problem, Waiting, useTitle } from "../base/ui";
import { BannerView } from "../record/BannerView";
import type { PersonView } from "../record/types";
import { notForAge } from "./FormPage";
import { draftKey } from "./draft";
import type { FormLine } from "./types";

interface Drafts {
	drafts: { key: string; at: string }[];
}

function Line({ person, form, age, draft }: { person: string; form: FormLine; age: string | undefined; draft: string | undefined }) {
	const unfit = notForAge(age, form.ageMin, form.ageMax);
	return (
		<li>
			<h3>
				{unfit ? (
					<span className="hf-dim">
						{form.title} <span className="hf-tag">{unfit}</span>
					</span>
				) : (
					<Link href={`/people/${encodeURIComponent(person)}/forms/${encodeURIComponent(form.id)}`}>{form.title}</Link>
				)}
			</h3>
			{draft && (
				<p>
					<strong>You have a draft of {whenText(draft)}</strong>
				</p>
			)}
			<p className="hf-dim">{form.description}</p>
		</li>
	);
}

export function FormsPage({ person }: { person: string }) {
	const { session } = useSession();
	const who = useAsked<PersonView>(`/api/people/${encodeURIComponent(person)}`);
	const { data, error, again } = useAsked<{ forms: FormLine[] }>("/api/forms");
	const drafts = useAsked<Drafts>("/api/drafts").data?.drafts ?? [];
	useTitle(who.data ? `Forms – ${who.data.banner.name}` : "Forms");
	if (who.error && isDenied(who.error) && !session?.trial) return <Denied person={person} onOpen={who.again} />;
	const wrong = error ?? who.error;
	if (wrong)
		return (
			<div className="hf-page">
				<h1>Forms</h1>
				<Problem error={wrong} again={again} />
			</div>
		);
	if (!data || !who.data)
		return (
			<div className="hf-page">
				<Waiting what="the forms" />
			</div>
		);
	const { banner } = who.data;
	const draftOf = (f: FormLine) => drafts.find((d) => d.key === draftKey(person, f.id))?.at;
	const part = (title: string, forms: FormLine[]) => (
		<section aria-label={title}>
			<h2>{title}</h2>
			<ul className="hf-forms">
				{forms.map((f) => (
					<Line key={f.id} person={person} form={f} age={banner.age} draft={draftOf(f)} />
				))}
			</ul>
		</section>
	);
	return (
		<article aria-label={`Forms of ${banner.name}`}>
			<BannerView banner={banner} />
			<div className="hf-page hf-page--form">
				<p>
					<Link href={`/people/${encodeURIComponent(person)}`}>Back to the record</Link>
				</p>
				<h1>Which form?</h1>
				{part("Scores", data.forms.filter((f) => f.score))}
				{part("Assessments and plans", data.forms.filter((f) => !f.score))}
			</div>
		</article>
	);
}

// "What do I find?": one form for one person, scored as it is filled in.

import { useCallback, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { Denied, isDenied } from "../access/Denied";
import { has, useSession } from "../access/session";
import { whenText } from "../access/when";
import { asApiError, ApiError, forgetAll, send, useAsked } from "../base/api";
import { Done, ErrorSummary, Field, Main, useSubmit, type Wrong } from "../base/form";
import { Problem, Waiting, useTitle } from "../base/ui";
import { BannerView } from "../record/BannerView";
import type { PersonView } from "../record/types";
import { FormFields, fieldId, sentence } from "./FormFields";
import { ScoreView, Trend } from "./ScoreView";
import { beginning, extensions, isChanged, pageOf, toItems, type Answers } from "./answers";
import { check, useChecked } from "./check";
import { draftKey, useDraft, type DraftState } from "./draft";
import type { Finding, Form, Recorded } from "./types";

const base = "form";

const draftWords: Record<DraftState, string> = {
	none: "",
	waiting: "Draft kept on this device",
	kept: "Draft kept",
	here: "The server cannot be reached: the draft is kept on this device",
};

/** Findings of the server as what is wrong at each field. */
function wrongOf(form: Form, answers: Answers, findings: Finding[]): Wrong {
	const wrong: Wrong = {};
	for (const f of findings) {
		const place = pageOf(form.questionnaire, answers, f.path);
		wrong[place] ??= sentence(f.text);
	}
	return wrong;
}

/** What the summary says: the question, then what is wrong with it. */
function named(form: Form, wrong: Wrong): Wrong {
	const texts = new Map<string, string>();
	const walk = (items: Form["questionnaire"]["item"]) => {
		for (const i of items) {
			if (i.text) texts.set(i.linkId, i.text);
			walk(i.item ?? []);
		}
	};
	walk(form.questionnaire.item);
	return Object.fromEntries(
		Object.entries(wrong).map(([place, text]) => {
			const id = place.split("/").at(-1)?.replace(/\[\d+\]$/, "") ?? "";
			const turn = /\[(\d+)\]\//.exec(place)?.[1];
			const what = texts.get(id);
			return [place, what ? `${what}${turn ? ` (${Number(turn) + 1})` : ""}: ${text}` : text];
		}),
	);
}

function Filling({ person, form, onDone }: { person: string; form: Form; onDone: (r: Recorded) => void }) {
	const { questionnaire, score } = form;
	const { session } = useSession();
	const user = session?.trial ? "trial" : session?.actor?.id;
	const first = useMemo(() => beginning(questionnaire), [questionnaire]);
	const [answers, setAnswers] = useState(first);
	const [confirmed, setConfirmed] = useState<string[]>([]);
	const [when, setWhen] = useState("");
	const [restored, setRestored] = useState("");
	const { found, state, keep, drop } = useDraft(user, draftKey(person, questionnaire.id));
	const checked = useChecked(form, answers);

	useEffect(() => {
		if (!found || isChanged(questionnaire, answers)) return;
		setAnswers(found.body);
		setRestored(found.at);
		// Only what is there when the page opens is put back.
		// eslint-disable-next-line react-hooks/exhaustive-deps
	}, [found]);

	const change = useCallback(
		(next: Answers) => {
			setAnswers(next);
			keep(next);
		},
		[keep],
	);
	const submit = useSubmit(
		() => {
			const { wrong, items } = toItems(questionnaire, answers);
			return Object.keys(wrong).length ? wrong : items.length ? {} : { "": "Nothing is filled in yet" };
		},
		async () => {
			const now = await check(form, answers);
			try {
				const done = await send<Recorded>(`/api/people/${encodeURIComponent(person)}/forms/${encodeURIComponent(questionnaire.id)}`, {
					version: questionnaire.version,
					item: toItems(questionnaire, answers, now.reckoned).items,
					confirmed,
					...(when ? { at: new Date(when).toISOString() } : {}),
				});
				await drop().catch(() => undefined);
				forgetAll();
				onDone(done);
			} catch (e) {
				const error = asApiError(e);
				const findings = (error.body as { findings?: Finding[] } | undefined)?.findings;
				if (!(error instanceof ApiError) || !findings?.length) throw e;
				submit.setWrong(wrongOf(form, answers, findings));
			}
		},
		["at"],
	);
	// The summary takes the focus when this changes, so it is the same until it does.
	const summary = useMemo(() => named(form, submit.wrong), [form, submit.wrong]);
	const ids = Object.fromEntries(Object.keys(submit.wrong).map((place) => [place, place === "at" ? "form-when" : fieldId(base, place)]));
	const wording = extensions(questionnaire, "form-wording")[0]?.valueString;
	return (
		<form className={`hf-filling ${score ? "" : "hf-filling--alone"}`} onSubmit={submit.submit} noValidate>
			<div className="hf-filling__fields">
				{restored && (
					<div className="hf-inset" role="status">
						<p>
							You have a draft of {whenText(restored)}. It is filled in below.{" "}
							<button
								type="button"
								className="hf-button hf-button--quiet"
								onClick={() => {
									setAnswers(first);
									setRestored("");
									void drop().catch(() => undefined);
								}}
							>
								Throw the draft away
							</button>
						</p>
					</div>
				)}
				<ErrorSummary of={{ ...submit, wrong: summary }} ids={ids} />
				{wording && <p className="hf-inset">{wording}</p>}
				<FormFields
					form={form}
					base={base}
					value={answers}
					onChange={change}
					wrong={submit.wrong}
					checked={checked}
					confirmed={confirmed}
					onConfirm={(id, on) => setConfirmed((c) => (on ? [...c, id] : c.filter((x) => x !== id)))}
				/>
				<Field
					id="form-when"
					type="datetime-local"
					width="middle"
					label="When this was done"
					hint="Leave it empty for now"
					value={when}
					onChange={setWhen}
					error={submit.wrong.at}
				/>
				<div className="hf-buttons">
					<Main busy={submit.busy}>Record</Main>
					<span className="hf-dim" role="status">
						{draftWords[state]}
					</span>
				</div>
				{questionnaire.copyright && <p className="hf-dim hf-form__rights">{questionnaire.copyright}</p>}
			</div>
			{score && (
				<div className="hf-filling__score">
					<ScoreView score={checked?.score} table={score} />
				</div>
			)}
		</form>
	);
}

function RecordedView({ form, done, onAgain }: { form: Form; done: Recorded; onAgain: () => void }) {
	return (
		<Done>
			<h2>Recorded</h2>
			{done.score && form.score && (
				<p>
					{done.score.complete
						? [`${form.score.title}: ${done.score.total} out of ${form.score.max}`, done.score.level?.title, done.score.level?.action].filter(Boolean).map((t) => sentence(t as string)).join(". ")
						: `${form.score.title}: ${done.score.missingText || "kept without a number"}`}
				</p>
			)}
			{done.tasks.map((t) => (
				<p key={t.ref}>
					<strong>A task was made for today:</strong> {t.title}
				</p>
			))}
			<p>
				<button type="button" className="hf-button" onClick={onAgain}>
					Fill it in again
				</button>
			</p>
		</Done>
	);
}

/** Why the score of a form does not hold for somebody of this age; "" when it does. */
export function notForAge(age: string | undefined, ageMin = 0, ageMax = 150): string {
	const years = /^(\d+)\s*y/.exec(age ?? "")?.[1];
	// An age of weeks or months is below one year.
	const n = years ? Number(years) : age && /\d/.test(age) ? 0 : undefined;
	if (n === undefined || (n >= ageMin && n <= ageMax)) return "";
	return n < ageMin ? `From ${ageMin} years on` : `Up to ${ageMax} years`;
}

export function FormPage({ person, form }: { person: string; form: string }) {
	const { session } = useSession();
	const who = useAsked<PersonView>(`/api/people/${encodeURIComponent(person)}`);
	const { data, error, again } = useAsked<Form>(`/api/forms/${encodeURIComponent(form)}`);
	const [done, setDone] = useState<Recorded>();
	const [round, setRound] = useState(0);
	const title = data?.questionnaire.title ?? "Form";
	useTitle(who.data ? `${title} – ${who.data.banner.name}` : title);
	if (who.error && isDenied(who.error) && !session?.trial) return <Denied person={person} onOpen={who.again} />;
	const wrong = error ?? who.error;
	if (wrong)
		return (
			<div className="hf-page">
				<h1>Form</h1>
				<Problem error={wrong} again={again} />
			</div>
		);
	if (!data || !who.data)
		return (
			<div className="hf-page">
				<Waiting what="the form" />
			</div>
		);
	const unfit = data.score?.scored ? notForAge(who.data.banner.age, data.score.ageMin, data.score.ageMax) : "";
	const may = has(session, "CHANGE");
	return (
		<article aria-label={`${title} of ${who.data.banner.name}`}>
			<BannerView banner={who.data.banner} />
			<div className="hf-page hf-page--form">
				<p>
					<Link href={`/people/${encodeURIComponent(person)}`}>Back to the record</Link> ·{" "}
					<Link href={`/people/${encodeURIComponent(person)}/forms`}>All forms</Link>
				</p>
				<h1>{title}</h1>
				{data.questionnaire.description && <p className="hf-form__about">{data.questionnaire.description}</p>}
				{done && (
					<RecordedView
						form={data}
						done={done}
						onAgain={() => {
							setDone(undefined);
							setRound((n) => n + 1);
						}}
					/>
				)}
				{!done && unfit && <p className="hf-warning">{data.score?.title} does not hold for this person: {unfit.toLowerCase()}.</p>}
				{!done && !may && <p className="hf-inset">Your role reads records and fills in no forms. A clinician or care worker of this person can.</p>}
				{!done && !unfit && may && <Filling key={round} person={person} form={data} onDone={setDone} />}
				{data.score && <Trend key={done ? "after" : "before"} person={person} score={data.score} />}
			</div>
		</article>
	);
}

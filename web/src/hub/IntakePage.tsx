// "Can we take this referral in two minutes?": the person first, with what is open for
// them; then the minimum data set on one page; what is missing at the side; how urgent
// it looks at the end.  Nothing here blocks: the server says what is missing.

import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../access/session";
import { useQuery } from "../base/address";
import { ApiError, asApiError, send } from "../base/api";
import { plural } from "../base/format";
import { Waiting, useTitle } from "../base/ui";
import { ForView } from "./BoardPages";
import { Chip } from "./Clocks";
import { mayRefer, useDraft } from "./hub";
import { FieldOf } from "./IntakeField";
import { OpenRow, PersonPart, type Draft } from "./IntakePerson";
import { MissingList, Suggestion, toItem, useChecked } from "./IntakeSide";
import { fieldId, getAt, groups, readDate, setAt, type Group } from "./items";
import { News2 } from "./News2";
import type { Checked, HubInfo, Intake, Row } from "./types";
import { ageText, mainClock } from "./words";

/** Who referred last: often the same one refers the next. */
type Last = Pick<Intake, "referrer"> & { source?: string };

function GroupFields(props: {
	group: Group;
	intake: Intake;
	hub: HubInfo;
	phone: boolean;
	checked: Checked | undefined;
	onItem: (path: string, value: unknown) => void;
}) {
	const { group, intake, hub, phone, checked, onItem } = props;
	return (
		<section aria-labelledby={`g-${group.id}`} className="hf-intake__group">
			<h2 id={`g-${group.id}`}>{group.title}</h2>
			<div className="hf-intake__fields">
				{group.items.map((i) => (
					<FieldOf
						key={i.path}
						item={i}
						hub={hub}
						phone={phone}
						value={getAt(intake, i.path)}
						onChange={(v) => onItem(i.path, v)}
					/>
				))}
			</div>
			{group.id === "clinical" && (
				<News2 id={fieldId("news2")} value={intake.news2} onChange={(v) => onItem("news2", v)} />
			)}
			{group.id === "clinical" && intake.news2 && checked?.news2 && (
				<p role="status">
					<strong>
						{checked.news2.partial
							? "NEWS2 partial: a measurement is missing"
							: `NEWS2 ${checked.news2.total}`}
					</strong>
				</p>
			)}
		</section>
	);
}

/** Read first on the telephone; what to do stands beside it. */
function Alarm() {
	return (
		<div className="hf-warning hf-alarm">
			<p className="hf-say">“Is the person awake, breathing as usual, and not bleeding heavily?”</p>
			<p>
				If not: <strong>the caller rings 999 now.</strong> Ask for U0 and send what is known; do not
				wait for the rest.
			</p>
		</div>
	);
}

function Sent({
	row,
	took,
	another,
	missing,
}: {
	row: Row;
	took: number;
	another: () => void;
	missing: number;
}) {
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => ref.current?.focus(), []);
	const clock = mainClock(row);
	return (
		<div className="hf-done" role="status" ref={ref} tabIndex={-1}>
			<h2>Sent to triage</h2>
			<p>
				<strong>{row.person.name}</strong>
				{row.person.age !== undefined && ` (${ageText(row.person.age)})`}, {row.problem}, asked as{" "}
				{row.asked ?? "nothing"}. {clock && <Chip clock={clock} />}
			</p>
			{missing > 0 && <p>{plural(missing, "item")} still missing: triage will ask for them.</p>}
			{took > 0 && (
				<p className="hf-dim">
					It took {Math.floor(took / 60)} min {took % 60} s.
				</p>
			)}
			<div className="hf-buttons">
				<button type="button" className="hf-main-button" onClick={another}>
					Write another
				</button>
				<Link href={`/hub/referrals/${encodeURIComponent(row.id)}`} className="hf-button">
					Open this referral
				</Link>
			</div>
		</div>
	);
}

function Form({ hub }: { hub: HubInfo }) {
	const { session } = useSession();
	const [query, change] = useQuery();
	const phone = query.get("channel") === "phone";
	useTitle(phone ? "Referral by telephone" : "New referral");
	const [draft, setDraft, clear] = useDraft<Draft>(`intake.${session?.actor?.id ?? ""}`, {});
	const [sent, setSent] = useState<{ row: Row; took: number; missing: number }>();
	const [error, setError] = useState<ApiError>();
	const [busy, setBusy] = useState(false);
	const form = useRef<HTMLFormElement>(null);
	const problem = useRef<HTMLDivElement>(null);
	const begun = !!draft.kind;
	const intake: Intake = { ...draft.intake, channel: phone ? "phone" : "page" };
	const [last, setLast] = useDraft<Last>(`referrer.${session?.actor?.id ?? ""}`, {});
	const { checked, error: checkError } = useChecked(intake, begun && !sent);
	const set = useCallback(
		(next: Draft) => setDraft({ ...next, began: next.began ?? Date.now() }),
		[setDraft],
	);

	const onItem = (path: string, value: unknown) => {
		if (path === "person.born") {
			const born = String(value ?? "");
			set({ ...draft, born, intake: setAt(draft.intake ?? {}, path, readDate(born)) });
			return;
		}
		set({ ...draft, intake: setAt(draft.intake ?? {}, path, value) });
	};

	// Decided now, by whoever sits here, unless somebody says otherwise.
	useEffect(() => {
		if (!begun || draft.intake?.decided) return;
		const actor = session?.actor;
		const own = !hub.roles.includes("call-handler") && actor && !draft.intake?.referrer;
		const referrer = own
			? { name: actor.name, role: actor.role, ...(actor.orgCode ? { org: actor.orgCode } : {}) }
			: draft.intake?.referrer;
		set({
			...draft,
			intake: { ...draft.intake, decided: new Date().toISOString(), ...(referrer ? { referrer } : {}) },
		});
	}, [begun]);
	// The draft lasts as long as this tab.
	useEffect(() => {
		if (!begun || sent) return;
		const warn = (e: BeforeUnloadEvent) => e.preventDefault();
		window.addEventListener("beforeunload", warn);
		return () => window.removeEventListener("beforeunload", warn);
	}, [begun, sent]);
	useEffect(() => {
		if (error) problem.current?.focus();
	}, [error]);

	const submit = () => {
		if (busy || !begun) return;
		setBusy(true);
		setError(undefined);
		send<{ row: Row }>("/api/hub/referrals", intake)
			.then(({ row }) => {
				setSent({
					row,
					took: draft.began ? Math.round((Date.now() - draft.began) / 1000) : 0,
					missing: missing.length,
				});
				setLast({
					...(intake.source ? { source: String(intake.source) } : {}),
					...(intake.referrer ? { referrer: intake.referrer } : {}),
				});
				clear();
				window.scrollTo(0, 0);
			})
			.catch((e: unknown) => setError(asApiError(e)))
			.finally(() => setBusy(false));
	};
	const refused = (error?.body as Checked | undefined)?.missing ?? [];
	const missing = checked?.missing ?? [];
	const ask = checked?.ask ?? [];
	if (sent)
		return (
			<div className="hf-page hf-page--wide">
				<h1>{phone ? "Referral by telephone" : "New referral"}</h1>
				<Sent {...sent} another={() => setSent(undefined)} />
			</div>
		);
	return (
		<div className="hf-page hf-page--wide hf-intake">
			<div className="hf-intake__title">
				<h1>{phone ? "Referral by telephone" : "New referral"}</h1>
				<div className="hf-switch" role="group" aria-label="How it comes">
					<button
						type="button"
						className="hf-button hf-button--quiet"
						aria-pressed={!phone}
						onClick={() => change({ channel: null }, true)}
					>
						Written
					</button>
					<button
						type="button"
						className="hf-button hf-button--quiet"
						aria-pressed={phone}
						onClick={() => change({ channel: "phone" }, true)}
					>
						By telephone, with what to ask
					</button>
				</div>
				{begun && (
					<button type="button" className="hf-button hf-button--quiet" onClick={clear}>
						Begin again
					</button>
				)}
			</div>
			{phone && <Alarm />}
			<PersonPart draft={draft} hub={hub} checked={checked} set={set} onItem={onItem} />
			{(checked?.same?.length ?? 0) > 0 && (
				<div className="hf-warning">
					<p>
						<strong>The same is open already.</strong> You can still send this; nothing is
						blocked.
					</p>
					<ul className="hf-bullets">
						{checked?.same?.map((r) => (
							<OpenRow key={r.id} row={r} />
						))}
					</ul>
				</div>
			)}
			{begun && (
				<div className="hf-intake__columns">
					<form
						ref={form}
						noValidate
						onSubmit={(e) => {
							e.preventDefault();
							submit();
						}}
						onKeyDown={(e) => {
							if (e.key !== "Enter") return;
							if (e.ctrlKey || e.metaKey) {
								e.preventDefault();
								submit();
							} else if (e.target instanceof HTMLInputElement && e.target.type !== "submit") {
								// Enter in a field is no decision to send it.
								e.preventDefault();
							}
						}}
					>
						{last.referrer && !intake.source && (
							<p className="hf-intake__last">
								<button
									type="button"
									className="hf-button hf-button--quiet"
									onClick={() => {
										const { source, referrer } = last;
										set({
											...draft,
											intake: {
												...draft.intake,
												...(source ? { source } : {}),
												...(referrer ? { referrer } : {}),
											},
										});
										toItem("problem");
									}}
								>
									The same referrer as before:{" "}
									{[last.referrer.name, last.referrer.org, last.referrer.phone]
										.filter(Boolean)
										.join(", ")}
								</button>
							</p>
						)}
						{groups.map((g) => (
							<GroupFields
								key={g.id}
								group={g}
								intake={intake}
								hub={hub}
								phone={phone}
								checked={checked}
								onItem={onItem}
							/>
						))}
						<Suggestion
							checked={checked}
							hub={hub}
							asked={intake.asked as string | undefined}
							onAsk={(u) => onItem("asked", u)}
						/>
						{error && (
							<div className="hf-problem" role="alert" tabIndex={-1} ref={problem}>
								<h2 className="hf-problem__title">Not sent, and kept as you typed it</h2>
								<p>{error.message}</p>
								{refused.length > 0 && (
									<ul className="hf-missing">
										{refused.map((m) => (
											<li key={m.item}>
												<button
													type="button"
													className="hf-linklike"
													onClick={() => toItem(m.item)}
												>
													{m.text}
												</button>
											</li>
										))}
									</ul>
								)}
							</div>
						)}
						<div className="hf-buttons hf-intake__send">
							<button type="submit" className="hf-main-button" aria-disabled={busy}>
								{phone && missing.length > 0
									? "Send what is known to triage"
									: "Send to triage"}
							</button>
							<span className="hf-dim">
								<kbd>Ctrl</kbd> <kbd>Enter</kbd> from any field
							</span>
						</div>
					</form>
					<aside className="hf-intake__side" aria-label="What is missing">
						{checkError ? (
							<p className="hf-field__error" role="status">
								{checkError.path && checkError.status === 400 ? (
									<button
										type="button"
										className="hf-linklike"
										onClick={() => toItem(checkError.path as string)}
									>
										{checkError.message}
									</button>
								) : (
									`What is missing cannot be told now: ${checkError.message}`
								)}
							</p>
						) : !checked ? (
							<Waiting what="what is missing" />
						) : (
							<>
								<MissingList
									items={missing}
									title="Missing"
									none="All that is needed is there."
								/>
								{ask.length > 0 && <MissingList items={ask} title="Ask if known" none="" />}
								<p className="nhsuk-u-visually-hidden" role="status">
									{missing.length === 0
										? "Nothing is missing."
										: `${plural(missing.length, "item")} missing.`}
								</p>
							</>
						)}
					</aside>
				</div>
			)}
		</div>
	);
}

export function IntakePage() {
	return (
		<ForView>
			{(hub) =>
				mayRefer(hub) ? (
					<Form hub={hub} />
				) : (
					<div className="hf-page">
						<h1>New referral</h1>
						<p>
							Your role writes no referrals to {hub.hub?.name ?? "the hub"}. Referrers and call
							handlers do; ring the hub if somebody needs help.
						</p>
					</div>
				)
			}
		</ForView>
	);
}

// Intake, first part: whom it is about, with what is open for them, somebody new,
// or somebody nobody knows.

import { Link } from "wouter";
import { useAsked } from "../base/api";
import { plural, relative } from "../base/format";
import { Problem, Sign, Waiting } from "../base/ui";
import type { PersonLine } from "../record/types";
import { PersonSearch } from "../shell/PersonSearch";
import { Chip } from "./Clocks";
import { FieldOf } from "./IntakeField";
import { fieldId, getAt, newPerson, readDate } from "./items";
import type { Checked, HubInfo, Intake, Recent, Row } from "./types";
import { bornText, clockTime, mainClock, nhsInThrees } from "./words";

/** What is kept while it is being written. */
export interface Draft {
	intake?: Intake;
	/** The line of the person who was chosen, to be shown. */
	line?: Pick<PersonLine, "id" | "name" | "bornText" | "age" | "sex" | "nhsNumber" | "address">;
	kind?: "known" | "new" | "unknown";
	/** As typed; the intake holds what it was read as. */
	born?: string;
	began?: number;
}

export function OpenRow({ row }: { row: Row }) {
	const clock = mainClock(row);
	return (
		<li>
			<Link href={`/hub/referrals/${encodeURIComponent(row.id)}`}>{row.problem ?? "Referral"}</Link>,{" "}
			{row.stateText.toLowerCase()}
			{row.owner?.kind === "team" && `, with ${row.owner.name ?? "a team"}`}{" "}
			{clock && <Chip clock={clock} />}
		</li>
	);
}

/** Before the form is filled in: what is open, and who was in touch. */
function RecentOf({ id }: { id: string }) {
	const { data, error, again } = useAsked<Recent>(`/api/hub/people/${encodeURIComponent(id)}/recent`);
	if (error) return <Problem error={error} again={again} />;
	if (!data) return <Waiting what="what is open for this person" />;
	const now = Date.now();
	const { open, closed = [], contacts = [], calls72h = 0 } = data;
	const busy = open.length > 0 || calls72h > 1;
	return (
		<section className={`hf-recent72 ${busy ? "hf-recent72--busy" : ""}`} aria-labelledby="recent72">
			<h2 id="recent72">{busy && <Sign of="warn" />} Open for this person, and the last 72 hours</h2>
			<div className="hf-recent72__columns">
				<div>
					{open.length === 0 ? (
						<p className="hf-empty">No referral is open.</p>
					) : (
						<>
							<p>
								<strong>{plural(open.length, "referral")} open.</strong> If this is about the
								same, add to it rather than write another:
							</p>
							<ul className="hf-bullets">
								{open.map((r) => (
									<OpenRow key={r.id} row={r} />
								))}
							</ul>
						</>
					)}
					{closed.length > 0 && (
						<p className="hf-dim">
							Closed lately:{" "}
							{closed
								.slice(0, 3)
								.map(
									(c) =>
										`${c.problem ?? "referral"} (${c.state ?? "ended"}, ${relative(c.at, now)})`,
								)
								.join("; ")}
						</p>
					)}
				</div>
				<div>
					{calls72h > 0 && (
						<p>
							<strong>
								{plural(calls72h, "call")} in 72 hours{calls72h > 1 && ": a repeat caller"}.
							</strong>
						</p>
					)}
					{contacts.length === 0 ? (
						<p className="hf-empty">No contacts in the last 72 hours.</p>
					) : (
						<ul className="hf-bullets">
							{contacts.slice(0, 5).map((c, i) => (
								<li key={i}>
									{clockTime(c.at, now)}{" "}
									<span className="hf-dim">{relative(c.at, now)}</span> {c.what}
									{c.who && `, ${c.who}`}
								</li>
							))}
						</ul>
					)}
				</div>
			</div>
		</section>
	);
}

export function PersonPart(props: {
	draft: Draft;
	hub: HubInfo;
	checked: Checked | undefined;
	set: (next: Draft) => void;
	onItem: (path: string, value: unknown) => void;
}) {
	const { draft, set, checked, onItem } = props;
	const intake = draft.intake ?? {};
	const choose = (p: PersonLine) => {
		set({
			...draft,
			kind: "known",
			intake: { ...intake, person: { id: p.id } },
			line: {
				id: p.id,
				name: p.name,
				...(p.bornText ? { bornText: p.bornText } : {}),
				...(p.age ? { age: p.age } : {}),
				...(p.sex ? { sex: p.sex } : {}),
				...(p.nhsNumber ? { nhsNumber: p.nhsNumber } : {}),
				...(p.address ? { address: p.address } : {}),
			},
		});
		setTimeout(() => document.getElementById(fieldId("source"))?.focus(), 0);
	};
	const other = () => {
		const { line: _, kind: __, born: ___, ...rest } = draft;
		const { person: ____, ...kept } = intake;
		set({ ...rest, intake: kept });
	};
	const begin = (kind: "new" | "unknown") => {
		set({ ...draft, kind, intake: { ...intake, person: kind === "unknown" ? { unknown: true } : {} } });
		setTimeout(
			() =>
				document
					.getElementById(fieldId(kind === "unknown" ? "person.sex" : "person.family"))
					?.focus(),
			0,
		);
	};
	if (draft.kind === "known" && draft.line) {
		const p = draft.line;
		return (
			<>
				<div className="hf-who hf-who--banner">
					<h2 className="hf-who__name">{p.name}</h2>
					<dl className="hf-who__line">
						<div>
							<dt>Born</dt>
							<dd>
								{p.bornText ?? "not known"} {p.age && `(${p.age})`}
							</dd>
						</div>
						<div>
							<dt>Sex</dt>
							<dd>{p.sex ?? "not known"}</dd>
						</div>
						<div>
							<dt>NHS number</dt>
							<dd className="hf-number">{nhsInThrees(p.nhsNumber) ?? "none"}</dd>
						</div>
						<div>
							<dt>Address</dt>
							<dd>{p.address ?? "not known"}</dd>
						</div>
					</dl>
					<button type="button" className="hf-button hf-button--quiet" onClick={other}>
						Another person
					</button>
				</div>
				<RecentOf id={p.id} />
			</>
		);
	}
	if (draft.kind === "new" || draft.kind === "unknown")
		return (
			<section aria-labelledby="person-title">
				<h2 id="person-title">{draft.kind === "new" ? "A new person" : "Nobody knows who it is"}</h2>
				{draft.kind === "unknown" && (
					<p className="hf-dim">
						Write what is known, or nothing; it is asked for again when they are met.
					</p>
				)}
				<div className="hf-intake__fields">
					{newPerson.map((i) => (
						<FieldOf
							key={i.path}
							item={i}
							hub={props.hub}
							value={i.path === "person.born" ? (draft.born ?? "") : getAt(intake, i.path)}
							onChange={(v) => onItem(i.path, v)}
							error={
								i.path === "person.born" && draft.born && !readDate(draft.born)
									? "Day, month and year, as 3/3/1942"
									: undefined
							}
						/>
					))}
				</div>
				{(checked?.possible?.length ?? 0) > 0 && (
					<div className="hf-warning">
						<p>
							<strong>Is it one of these?</strong>
						</p>
						<ul className="hf-bullets">
							{checked?.possible?.map((p) => (
								<li key={p.id}>
									<strong>{p.name}</strong> {p.born && `born ${bornText(p.born)}`}{" "}
									{p.postcode}
									{(p.open ?? 0) > 0 && `, ${plural(p.open ?? 0, "referral")} open`}{" "}
									<button
										type="button"
										className="hf-button hf-button--quiet"
										onClick={() =>
											set({
												...draft,
												kind: "known",
												intake: { ...intake, person: { id: p.id } },
												line: {
													id: p.id,
													name: p.name,
													...(p.born ? { bornText: bornText(p.born) } : {}),
													...(p.postcode ? { address: p.postcode } : {}),
												},
											})
										}
									>
										It is this person
									</button>
								</li>
							))}
						</ul>
					</div>
				)}
				<p>
					<button type="button" className="hf-button hf-button--quiet" onClick={other}>
						Search again
					</button>
				</p>
			</section>
		);
	return (
		<section aria-labelledby="person-title">
			<h2 id="person-title">Who is it about?</h2>
			<PersonSearch big autoFocus onChoose={choose} />
			<div className="hf-buttons">
				<button type="button" className="hf-button hf-button--quiet" onClick={() => begin("new")}>
					Not found: a new person
				</button>
				<button type="button" className="hf-button hf-button--quiet" onClick={() => begin("unknown")}>
					Nobody knows who it is
				</button>
			</div>
		</section>
	);
}

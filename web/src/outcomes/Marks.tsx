// What people wrote on a chart: notes, limits that begin anew, limits that are frozen.
// Nothing is hidden by it: limits of before stay in sight, and what they said.

import { useId, useState } from "react";
import { send, useAsked } from "../base/api";
import { Area, ErrorSummary, Main, Radios, Select, useSubmit } from "../base/form";
import { Table } from "../base/table";
import { Dialog } from "../base/ui";
import { variationWords } from "../chart/Icon";
import { variationOf } from "./figure";
import type { AreaFigures, Mark, OneMeasure } from "./types";

const kinds: Record<Mark["kind"], string> = { note: "Note", rebase: "Limits begin anew", freeze: "Limits frozen of what was before" };
const causes = { shift: "a run of seven begins here", process: "how it is done changed" };

const periodOf = (data: OneMeasure, at: string) => data.periods.find((p) => at >= p.from && at < p.to)?.label ?? at;
const marksOf = (a: AreaFigures) => a.spc?.marks ?? [];

export function noteAt(data: OneMeasure, a: AreaFigures, i: number): string | undefined {
	// The words stand below, by number: on the chart they would stand on each other.
	const here = marksOf(a).flatMap((m, n) => (periodOf(data, m.at) === data.periods[i]?.label ? [n + 1] : []));
	return here.length === 0 ? undefined : here.join(", ");
}

/** Limits as if nobody had marked anything. */
export function wasAt(a: AreaFigures, i: number) {
	const p = a.spc?.unmarked?.points?.[i];
	return p && { mean: p.mean ?? undefined, lower: p.low ?? undefined, upper: p.high ?? undefined };
}

/** What it says without the limits that were moved. */
export function Without({ a }: { a: AreaFigures }) {
	const was = a.spc?.unmarked;
	if (!a.spc || !was) return null;
	const before = variationOf({ ...a.spc, variation: was.variation });
	return (
		<>
			{" "}
			Somebody moved the limits; {was.variation === a.spc.variation ? "without that it says the same" : `without that it says: ${before ? variationWords[before] : was.variation}`}. The limits of
			before are dotted.
		</>
	);
}

function Write(props: { data: OneMeasure; a: AreaFigures; done: () => void; close: () => void }) {
	const { data, a } = props;
	const [kind, setKind] = useState<string>("note");
	const [at, setAt] = useState("");
	const [cause, setCause] = useState("");
	const [reason, setReason] = useState("");
	const ids = { kind: useId(), at: useId(), cause: useId(), reason: useId() };
	const form = useSubmit(
		() => ({
			...(at === "" ? { at: "Choose the point it is about" } : {}),
			...(kind === "rebase" && cause === "" ? { cause: "Say why limits may begin anew" } : {}),
			...(reason.trim().length < (kind === "note" ? 1 : 10) ? { reason: kind === "note" ? "Write the note" : "Write the reason, in ten characters or more" } : {}),
		}),
		async () => {
			await send(`/api/population/measures/${encodeURIComponent(data.measure.id)}/marks`, {
				by: data.by,
				area: a.id,
				grain: data.grain,
				at,
				kind,
				reason: reason.trim(),
				...(kind === "rebase" ? { cause } : {}),
			});
			props.done();
		},
		["at", "kind", "cause", "reason"],
	);
	return (
		<Dialog title={`Write on the chart of ${a.name}`} onClose={props.close}>
			<form onSubmit={form.submit} noValidate>
				<ErrorSummary of={form} ids={ids} />
				<Radios
					label="What"
					id={ids.kind}
					value={kind}
					onChange={setKind}
					error={form.wrong.kind}
					choices={[
						{ code: "note", text: "A note", hint: "Words at a point. Do not name or describe a person." },
						{ code: "rebase", text: "Limits begin anew here", hint: "Where a change has lasted and you know why. The limits of before stay in sight." },
						{ code: "freeze", text: "Limits are those of the points before", hint: "Twelve points or more, to judge what comes after." },
					]}
				/>
				<Select
					label="At"
					id={ids.at}
					value={at}
					onChange={setAt}
					error={form.wrong.at}
					empty="choose a period"
					choices={data.periods.map((p) => ({ code: p.from, text: p.label })).reverse()}
				/>
				{kind === "rebase" && (
					<Radios
						label="Because"
						id={ids.cause}
						value={cause}
						onChange={setCause}
						error={form.wrong.cause}
						choices={[
							{ code: "shift", text: "A run of seven points on one side of the mean begins here" },
							{ code: "process", text: "How it is done changed here", hint: "Needs twelve points since." },
						]}
					/>
				)}
				<Area label={kind === "note" ? "Note" : "Reason"} id={ids.reason} value={reason} onChange={setReason} error={form.wrong.reason} maxLength={500} />
				<Main busy={form.busy}>Write it</Main>
			</form>
		</Dialog>
	);
}

/** Another version of one: other words, or withdrawn. */
function Change(props: { id: string; mark: Mark; done: () => void; close: () => void }) {
	const { mark } = props;
	const [reason, setReason] = useState("");
	const reasonId = useId();
	const path = `/api/population/measures/${encodeURIComponent(props.id)}/marks/${mark.mark}`;
	const form = useSubmit(
		() => (reason.trim().length < 10 ? { reason: "Write why, in ten characters or more" } : ({} as Record<string, string>)),
		async () => {
			await send(path, { version: mark.version, stands: !mark.stands, reason: reason.trim() });
			props.done();
		},
		["reason"],
	);
	return (
		<Dialog title={mark.stands ? "Withdraw what was written" : "Let it stand again"} onClose={props.close}>
			<form onSubmit={form.submit} noValidate>
				<ErrorSummary of={form} ids={{ reason: reasonId }} />
				<p>
					{kinds[mark.kind]}, {mark.at}: “{mark.reason}”. What was written stays readable under “All versions”.
				</p>
				<Area label="Why" id={reasonId} value={reason} onChange={setReason} error={form.wrong.reason} maxLength={500} />
				<Main busy={form.busy}>{mark.stands ? "Withdraw it" : "Let it stand"}</Main>
			</form>
		</Dialog>
	);
}

function Rows(props: { caption: string; data: OneMeasure; marks: Mark[]; numbered?: boolean; act?: ((m: Mark) => void) | undefined }) {
	const { data, act } = props;
	return (
		<Table
			caption={props.caption}
			rows={props.marks}
			id={(m) => `${m.mark}.${m.version}`}
			columns={[
				...(props.numbered ? [{ head: "On the chart", number: true, cell: (m: Mark) => String(props.marks.indexOf(m) + 1) }] : []),
				{ head: "At", cell: (m) => periodOf(data, m.at) },
				{ head: "What", cell: (m) => `${kinds[m.kind]}${m.cause ? `: ${causes[m.cause]}` : ""}${m.stands ? "" : " (withdrawn)"}` },
				{ head: "Words", cell: (m) => m.reason },
				{ head: "Who and when", cell: (m) => `${m.saidBy}${m.org ? `, ${m.org}` : ""}, ${new Date(m.saidAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}${m.version > 1 ? `, version ${m.version}` : ""}` },
				...(act
					? [
							{
								head: "Change",
								cell: (m: Mark) => (
									<button type="button" className="hf-button hf-button--quiet hf-nowrap" onClick={() => act(m)}>
										{m.stands ? "Withdraw" : "Let it stand"}
										<span className="nhsuk-u-visually-hidden">: {m.reason}</span>
									</button>
								),
							},
						]
					: []),
			]}
		/>
	);
}

export function Marks({ data, a, again }: { data: OneMeasure; a: AreaFigures; again: () => void }) {
	const [open, setOpen] = useState<"write" | "all" | Mark | null>(null);
	const kept = useAsked<{ mayMark: boolean; marks: Mark[] }>(`/api/population/measures/${encodeURIComponent(data.measure.id)}/marks`);
	const here = marksOf(a);
	const may = kept.data?.mayMark ?? false;
	const close = () => setOpen(null);
	const done = () => {
		close();
		kept.again();
		again();
	};
	if (!a.spc || (here.length === 0 && !may && (kept.data?.marks.length ?? 0) === 0)) return null;
	return (
		<section className="hf-chart">
			<h2>Written on this chart</h2>
			{here.length === 0 ? <p>Nothing yet.</p> : <Rows caption={`Written on the chart of ${a.name}`} data={data} marks={here} numbered act={may ? setOpen : undefined} />}
			<p className="hf-buttons">
				{may && (
					<button type="button" className="hf-button" onClick={() => setOpen("write")}>
						Write on this chart
					</button>
				)}
				{(kept.data?.marks.length ?? 0) > 0 && (
					<button type="button" className="hf-button hf-button--quiet" onClick={() => setOpen("all")}>
						All versions, all areas
					</button>
				)}
			</p>
			{open === "write" && <Write data={data} a={a} done={done} close={close} />}
			{open === "all" && (
				<Dialog title={`All that was written on ${data.measure.title}`} onClose={close}>
					<Rows caption="Every version, the oldest first" data={data} marks={kept.data?.marks ?? []} act={may ? (m) => setOpen(latest(kept.data?.marks ?? [], m)) : undefined} />
				</Dialog>
			)}
			{open !== null && typeof open === "object" && <Change id={data.measure.id} mark={open} done={done} close={close} />}
		</section>
	);
}

/** The newest version of a mark: only that can be changed. */
const latest = (all: Mark[], m: Mark): Mark => all.filter((x) => x.mark === m.mark).reduce((x, y) => (y.version > x.version ? y : x), m);

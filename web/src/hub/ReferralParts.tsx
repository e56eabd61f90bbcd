// What stands on a referral: what was asked, messages, its story, work and offers.

import { useState } from "react";
import { useSession } from "../access/session";
import { asApiError, send } from "../base/api";
import { relative } from "../base/format";
import { Area, Select } from "../base/form";
import { textOf, useDraft, useMinute } from "./hub";
import { groups, newPerson } from "./items";
import { valueOf } from "./parts";
import type { HubInfo, Referral, Row, Said, Step, Suggested, WorkTask } from "./types";
import { clockTime, inSentence, unhyphened } from "./words";

export function At({ at }: { at: string }) {
	const now = useMinute() + 30_000;
	return (
		<time dateTime={at}>
			{clockTime(at, now)} <span className="hf-dim">{relative(at, now)}</span>
		</time>
	);
}

// ---- what was asked ----

const items = [...newPerson, ...groups.flatMap((g) => g.items)];
const elsewhere = ["problem", "safeguarding", "scene", "loneWorker", "channel", "person.id"];
const yes: Record<string, string> = { true: "Yes", false: "No", yes: "Yes", no: "No" };
const measures: Record<string, string> = {
	respiration: "respiration",
	spo2: "SpO₂",
	oxygen: "on",
	systolic: "systolic BP",
	pulse: "pulse",
	consciousness: "consciousness",
	temperature: "temperature",
};

function valueText(said: Said, hub: HubInfo | undefined): string {
	const text = said.value ?? "";
	const item = items.find((i) => i.path === said.item);
	if (item?.list === "services") return hub?.services.find((s) => s.code === text)?.text ?? text;
	if (item?.list === "urgencies") return `${text} ${textOf(hub?.urgencies, text)}`;
	if (item?.list) return textOf(hub?.[item.list], text);
	if (item?.kind === "time") return clockTime(text, Date.now()) || text;
	return yes[text] ?? text;
}

export function Asked({
	request,
	hub,
	whole,
}: {
	request: Said[];
	hub: HubInfo | undefined;
	whole: boolean;
}) {
	const first = [
		"service",
		"expectation",
		"onset",
		"tried",
		"location",
		"allergies",
		"medicines",
		"access",
		"alone",
		"capacity",
		"respect",
	];
	const said = request.filter(
		(s) => s.value && !elsewhere.includes(s.item) && !s.item.startsWith("news2."),
	);
	const taken = valueOf(request, "news2.at");
	const news = Object.entries(measures)
		.map(([k, name]) => [name, valueOf(request, `news2.${k}`)])
		.filter(([, v]) => v)
		.map(([name, v]) => `${name} ${v}`)
		.join(", ");
	const shown = whole ? said : said.filter((s) => first.includes(s.item));
	const wanted = items.filter(
		(i) =>
			!elsewhere.includes(i.path) && (whole ? !i.path.startsWith("person.") : first.includes(i.path)),
	);
	const missing = wanted
		.filter((i) => !said.some((s) => s.item === i.path))
		.map((i) => inSentence(i.label));
	if (request.length === 0) return <p className="hf-empty">What was said is not shown to your role.</p>;
	return (
		<>
			{news && (
				<p className="hf-asked__news">
					<span className="hf-dim">Measured{taken && ` ${clockTime(taken, Date.now())}`}:</span>{" "}
					{news}
				</p>
			)}
			<dl className="hf-asked">
				{shown.map((s, i) => (
					<div key={`${s.item}-${i}`}>
						<dt>{items.find((k) => k.path === s.item)?.label ?? s.title ?? s.item}</dt>
						<dd>{valueText(s, hub)}</dd>
					</div>
				))}
			</dl>
			{missing.length > 0 && (
				<p className="hf-dim hf-asked__missing">Not recorded: {missing.join(", ")}.</p>
			)}
		</>
	);
}

export function Suggestion({ of, hub }: { of: Suggested | undefined; hub: HubInfo | undefined }) {
	if (!of?.urgency) return null;
	return (
		<p className="hf-suggested">
			<strong>
				Suggested: {of.urgency} {textOf(hub?.urgencies, of.urgency)}
			</strong>
			{of.reasons && of.reasons.length > 0 && `, because: ${of.reasons.join("; ")}.`} You decide.
		</p>
	);
}

// ---- what was said ----

export function Messages({
	referral,
	onSent,
}: {
	referral: Referral;
	onSent: (row: Row | undefined) => void;
}) {
	const { session } = useSession();
	const [draft, setDraft, clear] = useDraft<{ text?: string }>(
		`message.${session?.actor?.id ?? ""}.${referral.row.id}`,
		{},
	);
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const to =
		referral.row.owner?.kind === "team"
			? `the hub and ${referral.row.owner.name ?? "the team"}`
			: "everybody on this referral";
	return (
		<section aria-labelledby="messages-title">
			<h3 id="messages-title">Messages</h3>
			{referral.messages.length === 0 && <p className="hf-empty">No messages yet.</p>}
			<ul className="hf-messages">
				{referral.messages.map((m, i) => (
					<li key={i} className={m.mine ? "hf-messages__mine" : ""}>
						<span className="hf-messages__by">
							{m.mine ? "You" : (m.by ?? "Somebody")}, <At at={m.at} />
						</span>
						<span className="hf-messages__text">{m.text}</span>
					</li>
				))}
			</ul>
			<form
				className="hf-move hf-no-print"
				onSubmit={(e) => {
					e.preventDefault();
					const text = draft.text?.trim();
					if (!text || busy) return;
					setBusy(true);
					setError("");
					send<{ row?: Row }>(
						`/api/hub/referrals/${encodeURIComponent(referral.row.id)}/messages`,
						{ text },
					)
						.then(({ row }) => {
							clear();
							onSent(row);
						})
						.catch((thrown: unknown) =>
							setError(`Not sent, and kept here. ${asApiError(thrown).message}`),
						)
						.finally(() => setBusy(false));
				}}
			>
				<Area
					label={`Message to ${to}`}
					rows={2}
					maxLength={4000}
					value={draft.text ?? ""}
					onChange={(text) => setDraft({ text })}
					error={error || undefined}
				/>
				<button
					type="submit"
					className="hf-button hf-button--quiet"
					aria-disabled={busy || !draft.text?.trim()}
				>
					Send message
				</button>
			</form>
		</section>
	);
}

const kinds: Record<string, string> = { alert: "Alert", breach: "Late", work: "To do" };
const taskText = (t: WorkTask) =>
	`${kinds[t.kind] ?? "Task"}: ${t.title ?? ""}${t.role && t.kind !== "breach" ? `, for ${unhyphened(t.role)}` : ""}`;

function factText(facts: Record<string, unknown> | undefined, hub: HubInfo | undefined): string {
	if (!facts) return "";
	const lists = hub
		? [
				hub.urgencies,
				hub.conditions,
				hub.outcomes,
				hub.rejections,
				hub.cancellations,
				hub.downgrades,
				hub.declines,
				hub.skills,
			]
		: [];
	const word = (v: unknown): string => {
		if (Array.isArray(v)) return v.map(word).join(", ");
		if (typeof v === "object" && v !== null) return "";
		for (const list of lists) {
			const found = list.find((c) => c.code === v);
			if (found) return found.code.length <= 2 && /^[UA]\d$/.test(found.code) ? found.code : found.text;
		}
		return typeof v === "string" ? v : "";
	};
	return Object.values(facts).map(word).filter(Boolean).join(" · ");
}

export function Story({ story, tasks, hub }: { story: Step[]; tasks: WorkTask[]; hub: HubInfo | undefined }) {
	return (
		<ol className="hf-story">
			{[...story].reverse().map((s, i) => {
				// What the time that passed set going stands at the same instant.
				const facts = s.event.startsWith("@time")
					? tasks
							.filter((t) => t.at === s.at)
							.map(taskText)
							.join("; ")
					: factText(s.given, hub);
				return (
					<li key={story.length - i} className={s.event.startsWith("@") ? "hf-story__time" : ""}>
						<At at={s.at} />
						<div>
							<strong>{s.title}</strong>
							{s.team && ` (${s.team})`}
							{s.toText && s.to !== story[story.length - 2 - i]?.to && (
								<span className="hf-dim"> → {s.toText}</span>
							)}
							{s.by?.name && (
								<span>
									{" "}
									by {s.by.name}
									{s.by.role && <span className="hf-dim">, {unhyphened(s.by.role)}</span>}
								</span>
							)}
							{facts && <div className="hf-story__facts">{facts}</div>}
							{s.note && <div className="hf-story__note">{s.note}</div>}
						</div>
					</li>
				);
			})}
		</ol>
	);
}

// ---- work, offers, late clocks ----

function Late(props: {
	referral: Referral;
	clock: string;
	hub: HubInfo | undefined;
	onDone: (row: Row | undefined) => void;
}) {
	const { referral, clock, hub } = props;
	const [reason, setReason] = useState("");
	const [note, setNote] = useState("");
	const [error, setError] = useState("");
	const title = referral.row.clocks?.find((c) => c.id === clock)?.title ?? clock;
	return (
		<form
			className="hf-move"
			onSubmit={(e) => {
				e.preventDefault();
				if (!reason) {
					setError("Choose why it was late.");
					return;
				}
				send<{ row?: Row }>(`/api/hub/breaches/${encodeURIComponent(referral.row.id)}`, {
					clock,
					reason,
					...(note.trim() ? { note: note.trim() } : {}),
				})
					.then(({ row }) => props.onDone(row))
					.catch((thrown: unknown) => setError(asApiError(thrown).message));
			}}
		>
			<Select
				label={`Why was it late: ${title}`}
				empty="Choose one"
				choices={hub?.breaches ?? []}
				value={reason}
				onChange={setReason}
				error={error || undefined}
			/>
			<Area label="Note (optional)" rows={1} maxLength={2000} value={note} onChange={setNote} />
			<button type="submit" className="hf-button hf-button--quiet">
				Record why it was late
			</button>
		</form>
	);
}

const isOpen = (t: WorkTask) => !["completed", "cancelled", "rejected", "failed"].includes(t.status ?? "");

export function Work({
	referral,
	hub,
	onDone,
}: {
	referral: Referral;
	hub: HubInfo | undefined;
	onDone: (row: Row | undefined) => void;
}) {
	const late = referral.row.needsReason ?? [];
	const rest = referral.tasks.filter((t) => t.kind !== "breach" && t.kind !== "offer");
	if (late.length === 0 && rest.length === 0 && referral.offers.length === 0) return null;
	return (
		<section aria-labelledby="work-title">
			<h3 id="work-title">Work and offers</h3>
			{rest.length > 0 && (
				<ul className="hf-work">
					{rest.map((t) => (
						<li key={t.id} className={isOpen(t) ? "" : "hf-dim"}>
							<strong>{t.title ?? "Task"}</strong>
							{t.role && `, for ${unhyphened(t.role)}`}
							{t.due && isOpen(t) && (
								<>
									, due <At at={t.due} />
								</>
							)}{" "}
							<span className="hf-status">{isOpen(t) ? "open" : t.status}</span>
						</li>
					))}
				</ul>
			)}
			{referral.offers.length > 0 && (
				<ul className="hf-work">
					{referral.offers.map((o, i) => (
						<li key={`${o.team.id}-${i}`}>
							Offered to <strong>{o.team.name}</strong>, <At at={o.at} />{" "}
							<span className="hf-status">
								{{ requested: "waits for an answer" }[o.status] ?? o.status}
							</span>
							{o.reason && ` ${textOf(hub?.declines, o.reason)}`}
						</li>
					))}
				</ul>
			)}
			{late.map((clock) => (
				<Late key={clock} referral={referral} clock={clock} hub={hub} onDone={onDone} />
			))}
		</section>
	);
}

// Small parts of the hub's pages: who it is, what is dangerous, how it stands.

import type { ReactNode } from "react";
import { Link } from "wouter";
import { useAsked } from "../base/api";
import { Sign } from "../base/ui";
import type { PersonView } from "../record/types";
import type { Flag, Row, Said } from "./types";
import { ageText, bornText, inOrder, newsText, nhsInThrees, placeName, sexText } from "./words";

/** "84y, Female" */
export const ageAndSex = (row: Row) =>
	[ageText(row.person.age), sexText(row.person.sex)].filter(Boolean).join(", ");

const shortFlags: Record<string, string> = {
	SG: "Safeguarding",
	SS: "Scene safety",
	RS: "Rejected services",
	RA: "Adjustment",
	IR: "Infection",
	RC: "Repeat caller",
	RT: "ReSPECT",
	AC: "Agency contacted",
	API: "More on the person",
	CW: "Call warning",
};

export const flagName = (flag: Flag) => shortFlags[flag.category] ?? flag.category;

/** The flags of a row, safeguarding and scene safety first and as words. */
export function Flags({ flags, most = 4 }: { flags: Flag[] | undefined; most?: number }) {
	const all = inOrder(flags);
	if (all.length === 0) return null;
	const more = all.slice(most);
	return (
		<span className="hf-flags">
			{all.slice(0, most).map((f, i) => (
				<span
					key={`${f.category}-${i}`}
					className={`hf-flagged hf-flagged--${f.category.toLowerCase()}`}
					title={f.text}
				>
					{(f.category === "SG" || f.category === "SS") && (
						<Sign of={f.category === "SG" ? "flag" : "warn"} />
					)}
					{flagName(f)}
				</span>
			))}
			{more.length > 0 && (
				<span className="hf-flagged" title={more.map(flagName).join(", ")}>
					+{more.length}
				</span>
			)}
		</span>
	);
}

export function News({ row }: { row: Row }) {
	const { text, tone } = newsText(row);
	const band = tone === "high" ? "high" : tone === "middle" ? "medium" : "";
	return (
		<span className={`hf-news hf-news--${tone}`}>
			{tone === "high" && <Sign of="up" />} {text}{" "}
			{band && <span className="hf-news__band">{band}</span>}
		</span>
	);
}

/** "U1", and what was asked for when that is something else. */
export function UrgencyMark({ row }: { row: Row }) {
	const now = row.urgency ?? row.asked;
	if (!now) return null;
	const asked = row.urgency && row.asked && row.asked !== row.urgency ? row.asked : undefined;
	return (
		<span className={`hf-urgency hf-urgency--${now.toLowerCase()}`}>
			<strong>{now}</strong>
			{!row.urgency && <span className="hf-dim"> asked</span>}
			{asked && <span className="hf-dim"> (asked {asked})</span>}
		</span>
	);
}

/** Who it is: stays in view wherever something about them is read or done.  What the
 *  record adds comes a moment later, as far as the reader's role sees it. */
export function Who({ row, request }: { row: Row; request: Said[] }) {
	const p = row.person;
	const { data } = useAsked<PersonView>(p.id ? `/api/people/${encodeURIComponent(p.id)}` : null);
	const banner = data?.banner;
	const plan = data?.summary?.plans?.find((f) => /contingency|escalation|respect/i.test(f.title));
	const address = banner?.address ?? valueOf(request, "person.address") ?? row.postcode;
	const phone = banner?.phones?.[0]?.value ?? valueOf(request, "person.phone");
	const record = p.id && `/people/${encodeURIComponent(p.id)}`;
	return (
		<div className="hf-who">
			<h2 className="hf-who__name" tabIndex={-1} data-panel-title>
				{p.name}
			</h2>
			<dl className="hf-who__line">
				<Item name="Born">
					{p.born ? bornText(p.born) : "not known"}
					{p.age !== undefined && ` (${ageText(p.age)})`}
				</Item>
				<Item name="Sex">{sexText(p.sex) || "not known"}</Item>
				<Item name="NHS number">
					<span className="hf-number">{nhsInThrees(p.nhs) ?? "none"}</span>
				</Item>
				<Item name="Address">
					{[address, placeName(row)].filter(Boolean).join(", ") || "not known"}
				</Item>
				{phone && (
					<Item name="Phone">
						<span className="hf-number">{phone}</span>
					</Item>
				)}
				{banner?.practice && <Item name="GP">{banner.practice}</Item>}
				{banner && (
					<Item name="Allergies">
						<span
							className={banner.allergies.state === "some" ? "hf-alert hf-alert--allergy" : ""}
						>
							{banner.allergies.text}
						</span>
					</Item>
				)}
				{(banner?.alerts.length ?? 0) > 0 && (
					<Item name="Alerts">{banner?.alerts.map((a) => a.text).join("; ")}</Item>
				)}
				{record && (
					<div className="hf-no-print">
						<dt className="nhsuk-u-visually-hidden">More</dt>
						<dd>
							<Link href={record}>Record</Link>
							{" · "}
							<Link
								href={
									plan
										? `${record}?open=${encodeURIComponent(plan.ref)}`
										: `${record}?kind=plan`
								}
							>
								{plan ? plan.title : "Plans"}
							</Link>
						</dd>
					</div>
				)}
			</dl>
		</div>
	);
}

function Item({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

const scenes: Record<string, string> = {
	S: "Scene said to be safe",
	U: "Scene is unsafe",
	UNK: "Not known whether the scene is safe",
};

/** What was recorded of one item; undefined: nothing. */
export const valueOf = (request: Said[], item: string) =>
	request.find((s) => s.item === item)?.value?.trim() || undefined;

/** What has to be read before triage can be closed: said when it is there,
 *  and that nobody asked when it is not. */
export function Dangers({ row, request, id }: { row: Row; request: Said[]; id?: string }) {
	const of = (category: string) =>
		(row.flags ?? []).filter((f) => f.category === category).map((f) => f.text || flagName(f));
	const words = valueOf(request, "safeguarding");
	const safeguarding = [...new Set([...of("SG"), ...(words ? [words] : [])])];
	const none = safeguarding.length === 0 || safeguarding.every((t) => /^(none|no|nil)\b/i.test(t));
	const scene = valueOf(request, "scene");
	const lone = valueOf(request, "loneWorker");
	const sceneTexts = [
		...(scene ? [scenes[scene] ?? scene] : []),
		// The flag that the answer itself has set says nothing more.
		...of("SS").filter((t) => !scene || !/^(unsafe scene|scene safety)$/i.test(t)),
		...(lone ? [`Lone workers: ${lone}`] : []),
	];
	const nothing =
		request.length > 0 ? "nothing was said" : "no flag; what was said is not shown to your role";
	const danger = scene === "U" || (scene !== "S" && of("SS").length > 0);
	return (
		<div className="hf-dangers" id={id}>
			<p className={safeguarding.length === 0 ? "hf-dangers__unknown" : none ? "" : "hf-dangers__yes"}>
				<Sign of="flag" /> <strong>Safeguarding:</strong>{" "}
				{safeguarding.length > 0 ? safeguarding.join("; ") : nothing}
			</p>
			<p className={danger ? "hf-dangers__yes" : sceneTexts.length === 0 ? "hf-dangers__unknown" : ""}>
				<Sign of="warn" /> <strong>Scene safety:</strong>{" "}
				{sceneTexts.length > 0 ? sceneTexts.join("; ") : nothing}
			</p>
		</div>
	);
}

/** The same in one line, beside the button that closes triage. */
export function dangersInShort(row: Row, request: Said[]): string {
	const sg =
		valueOf(request, "safeguarding") ??
		(row.flags?.some((f) => f.category === "SG") ? "see above" : "nothing was said");
	const scene = valueOf(request, "scene");
	return `Safeguarding: ${sg}. Scene: ${scene ? (scenes[scene] ?? scene).toLowerCase() : "nothing was said"}.`;
}

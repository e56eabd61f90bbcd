// "You cannot open this record": why, how to ask, and breaking the glass where the
// role may.

import { useId, useState } from "react";
import { Link } from "wouter";
import { type ApiError, send, useAsked } from "../base/api";
import { Area, ErrorSummary, Field, Main, Radios, useSubmit } from "../base/form";
import { Waiting, useTitle } from "../base/ui";
import type { GlassOffer } from "./types";

/** Refused, or not there: the server does not tell the one from the other to
 *  whoever may not know that the person exists. */
export const isDenied = (error: ApiError) => error.status === 403 || error.status === 404;

const least = 15;

function BreakGlass(props: { person: string; offer: GlassOffer; onOpen: () => void }) {
	const { person, offer } = props;
	const id = useId();
	const [reason, setReason] = useState("");
	const [text, setText] = useState("");
	const [askedBy, setAskedBy] = useState("");
	const ids = { reason: `${id}-reason`, text: `${id}-text`, askedBy: `${id}-asked` };
	const consent = reason === "PATIENT_CONSENT";
	const form = useSubmit(
		() => ({
			...(reason ? {} : { reason: "Choose a reason" }),
			...(text.trim().length >= least
				? {}
				: { text: `Say in your own words why, in at least ${least} characters` }),
			...(consent && !askedBy.trim() ? { askedBy: "Say who asked the person" } : {}),
		}),
		async () => {
			await send(`/api/people/${encodeURIComponent(person)}/break-glass`, {
				reason,
				text: text.trim(),
				...(consent ? { askedBy: askedBy.trim() } : {}),
			});
			props.onOpen();
		},
		["reason", "text", "askedBy"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-labelledby={`${id}-title`} className="hf-glass-form">
			<h2 id={`${id}-title`}>Open it all the same</h2>
			<div className="hf-warning">
				<p>
					<strong>The privacy officer is told at once</strong> and looks at your reason within 5
					working days. The person can learn of it. What you open is written down under your
					name.
				</p>
				<p>
					The record opens for {offer.minutes} minutes, for you alone and for reading only. You
					are asked for your password and code first.
				</p>
			</div>
			<ErrorSummary of={form} ids={ids} />
			<Radios
				id={ids.reason}
				label="Why do you need this record now?"
				choices={offer.reasons}
				value={reason}
				onChange={setReason}
				error={form.wrong.reason}
			/>
			{consent && (
				<Field
					id={ids.askedBy}
					label="Who asked the person"
					value={askedBy}
					onChange={setAskedBy}
					error={form.wrong.askedBy}
					maxLength={200}
				/>
			)}
			<Area
				id={ids.text}
				label="In your own words"
				hint={`At least ${least} characters. Say what is happening, not who the person is.`}
				value={text}
				onChange={setText}
				error={form.wrong.text}
				maxLength={1000}
			/>
			<Main busy={form.busy} danger>
				Open the record and tell the privacy officer
			</Main>
		</form>
	);
}

export function Denied({ person, onOpen }: { person: string; onOpen: () => void }) {
	const { data: offer, error } = useAsked<GlassOffer>(
		`/api/people/${encodeURIComponent(person)}/break-glass`,
	);
	const offered = offer?.offered === true && offer.reasons.length > 0;
	useTitle("You cannot open this record");
	if (!offer && !error)
		return (
			<div className="hf-page">
				<Waiting what="what you may do" />
			</div>
		);
	return (
		<div className="hf-page hf-denied">
			<h1>You cannot open this record</h1>
			<p>
				If there is a record at this address, nothing in it joins you or your organisation to
				the person now: no registration, referral, caseload, stay, appointment or care team.
			</p>
			<section aria-labelledby="ask-title">
				<h2 id="ask-title">How to get access</h2>
				<ul className="hf-bullets">
					<li>
						<strong>A referral to your team.</strong> Ask the person's GP practice, or whoever
						cares for them now, to refer them. The record opens once the referral is recorded.
					</li>
					<li>
						<strong>Taking them on.</strong> If the person is yours already, ask your own office
						to record the episode, the appointment or the care team; that is what opens it.
					</li>
					<li>
						<strong>Standing in for somebody.</strong> A colleague whose patient this is can hand
						over for a time: whoever administers users records a delegation.
					</li>
					<li>
						<strong>The person's consent.</strong> When they agree that you see their record,
						have the consent recorded.
					</li>
				</ul>
			</section>
			{offered && offer ? (
				<BreakGlass person={person} offer={offer} onOpen={onOpen} />
			) : (
				<p className="hf-inset">
					Opening a record without any of these is not offered to your role here. In an
					emergency ask a clinician who may.
				</p>
			)}
			<p>
				<Link href="/">Back to the start page</Link>
			</p>
		</div>
	);
}

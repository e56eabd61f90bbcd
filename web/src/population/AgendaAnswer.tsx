// What the meeting agreed about somebody on its agenda.

import { useState } from "react";
import { send } from "../base/api";
import { ErrorSummary, Field, Main, Radios, useSubmit } from "../base/form";
import { Dialog } from "../base/ui";
import type { AgendaItem } from "./needTypes";

const outcomes = [
	{ code: "accepted", text: "Accepted. The team takes it on." },
	{ code: "declined", text: "Declined. The person does not want it now." },
	{ code: "unsuitable", text: "Not suitable. It would not help this person, or not now." },
	{ code: "later", text: "Later. It stays on the agenda." },
];

export function AgendaAnswer(props: { item: AgendaItem; onClose: (changed: boolean) => void }) {
	const { item, onClose } = props;
	const [outcome, setOutcome] = useState("accepted");
	const [note, setNote] = useState("");
	const form = useSubmit(
		() =>
			(outcome === "declined" || outcome === "unsuitable") && !note.trim()
				? { note: "Say why, in a few words." }
				: {},
		async () => {
			await send(`/api/population/agenda/${encodeURIComponent(item.task)}`, {
				version: item.version,
				outcome,
				...(note.trim() ? { note: note.trim() } : {}),
			});
			onClose(true);
		},
		["outcome", "note"],
	);
	return (
		<Dialog title={`What was agreed about ${item.name ?? ""}`} onClose={() => onClose(false)}>
			<form className="hf-form" onSubmit={form.submit} noValidate>
				<ErrorSummary of={form} ids={{ outcome: "agenda-outcome", note: "agenda-note" }} />
				<Radios id="agenda-outcome" label="Outcome" value={outcome} onChange={setOutcome} choices={outcomes} />
				<Field
					id="agenda-note"
					label={outcome === "accepted" || outcome === "later" ? "What is done next, by whom (may be empty)" : "Reason"}
					value={note}
					maxLength={200}
					onChange={setNote}
					error={form.wrong.note}
				/>
				<Main busy={form.busy}>Record it</Main>
			</form>
		</Dialog>
	);
}

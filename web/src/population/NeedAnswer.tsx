// What is answered about somebody on a list: a proposal on a team's agenda, or why not.

import { useState } from "react";
import { send, useAsked } from "../base/api";
import { ErrorSummary, Field, Main, Radios, Select, useSubmit } from "../base/form";
import { Dialog, Waiting } from "../base/ui";
import type { Listed, Lists } from "./needTypes";

const choices = [
	["proposed", "Propose to a team", "It goes on the team's agenda, as a task they see."],
	["accepted", "Accepted", "The person accepts the help offered."],
	["declined", "Declined", "The person does not want it now."],
	["unsuitable", "Not suitable", "It would not help this person, or not now."],
] as const;

export function NeedAnswer(props: { id: string; row: Listed; onClose: (changed: boolean) => void }) {
	const { id, row, onClose } = props;
	const { data } = useAsked<Lists>("/api/population/lists");
	const [answer, setAnswer] = useState<string>("proposed");
	const [team, setTeam] = useState("");
	const [reason, setReason] = useState("");
	const form = useSubmit(
		() => {
			const wrong: Record<string, string> = {};
			if (answer === "proposed" && !team) wrong.team = "Choose the team.";
			if ((answer === "declined" || answer === "unsuitable") && !reason.trim())
				wrong.reason = "Say why, in a few words.";
			return wrong;
		},
		async () => {
			await send(`/api/population/lists/${encodeURIComponent(id)}/people/${row.pos}`, {
				answer,
				...(reason.trim() ? { reason: reason.trim() } : {}),
				...(answer === "proposed" ? { team } : {}),
			});
			onClose(true);
		},
		["team", "reason", "answer"],
	);
	return (
		<Dialog title={`What next for ${row.name ?? ""}`} onClose={() => onClose(false)}>
			{!data && <Waiting what="the teams" />}
			{data && (
				<form className="hf-form" onSubmit={form.submit} noValidate>
					<ErrorSummary of={form} ids={{ team: "need-team", reason: "need-reason", answer: "need-answer" }} />
					<Radios
						id="need-answer"
						label="Answer"
						value={answer}
						onChange={setAnswer}
						choices={choices.map(([code, text, hint]) => ({ code, text: `${text}. ${hint}` }))}
					/>
					{answer === "proposed" && (
						<Select
							id="need-team"
							label="Team"
							value={team}
							onChange={setTeam}
							empty="Choose a team"
							choices={data.teams.map((t) => ({ code: t.id, text: t.name }))}
							error={form.wrong.team}
						/>
					)}
					<Field
						id="need-reason"
						label={answer === "proposed" ? "What the team should know (may be empty)" : "Reason"}
						value={reason}
						maxLength={200}
						onChange={setReason}
						error={form.wrong.reason}
					/>
					<Main busy={form.busy}>
						{answer === "proposed" ? "Put on the team's agenda" : "Record the answer"}
					</Main>
				</form>
			)}
		</Dialog>
	);
}

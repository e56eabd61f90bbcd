// Somebody is put on the agenda of a team, from wherever their name stands.

import { useState } from "react";
import { send, useAsked } from "../base/api";
import { Done, ErrorSummary, Field, Main, Select, useSubmit } from "../base/form";
import { Dialog, Waiting } from "../base/ui";
import type { Lists } from "./needTypes";

export function Propose(props: { patient: string; name: string; measure?: string; onClose: () => void }) {
	const { data } = useAsked<Lists>("/api/population/lists");
	const [team, setTeam] = useState("");
	const [reason, setReason] = useState("");
	const [done, setDone] = useState(false);
	const form = useSubmit(
		() => (team ? {} : { team: "Choose the team." }),
		async () => {
			await send("/api/population/agenda", {
				patient: props.patient,
				team,
				...(reason.trim() ? { reason: reason.trim() } : {}),
				...(props.measure ? { measure: props.measure } : {}),
			});
			setDone(true);
		},
		["team", "reason"],
	);
	return (
		<Dialog title={`Propose ${props.name} to a team`} onClose={props.onClose}>
			{done && <Done>{props.name} is on the team's agenda.</Done>}
			{!done && !data && <Waiting what="the teams" />}
			{!done && data && (
				<form className="hf-form" onSubmit={form.submit} noValidate>
					<ErrorSummary of={form} ids={{ team: "propose-team", reason: "propose-reason" }} />
					<Select
						id="propose-team"
						label="Team"
						value={team}
						onChange={setTeam}
						empty="Choose a team"
						choices={data.teams.map((t) => ({ code: t.id, text: t.name }))}
						error={form.wrong.team}
					/>
					<Field
						id="propose-reason"
						label="What the team should know (may be empty)"
						value={reason}
						maxLength={200}
						onChange={setReason}
						error={form.wrong.reason}
					/>
					<Main busy={form.busy}>Put on the team's agenda</Main>
				</form>
			)}
		</Dialog>
	);
}

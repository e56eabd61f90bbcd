// Scoring as one types: the server reckons, so that the page and the record agree.

import { useEffect, useRef, useState } from "react";
import { send } from "../base/api";
import { toItems, type Answers } from "./answers";
import type { Checked, Form } from "./types";

/** Asks once what these answers come to. */
export function check(form: Form, answers: Answers): Promise<Checked> {
	const { questionnaire } = form;
	return send<Checked>(`/api/forms/${encodeURIComponent(questionnaire.id)}/check`, {
		version: questionnaire.version,
		item: toItems(questionnaire, answers).items,
	});
}

/** What the answers come to, asked a moment after the last change; what was known stays
 *  until the next answer is there, and when the server cannot be reached. */
export function useChecked(form: Form | undefined, answers: Answers | undefined): Checked | undefined {
	const [checked, setChecked] = useState<Checked>();
	const round = useRef(0);
	const sent = form && answers ? JSON.stringify(toItems(form.questionnaire, answers).items) : "";
	useEffect(() => {
		if (!form || !answers || !sent) return;
		const mine = ++round.current;
		const timer = setTimeout(() => {
			check(form, answers).then(
				(found) => {
					if (round.current === mine) setChecked(found);
				},
				() => {
					/* the next change asks again; sending says what is wrong */
				},
			);
		}, 350);
		return () => clearTimeout(timer);
		// eslint-disable-next-line react-hooks/exhaustive-deps
	}, [sent, form]);
	return checked;
}

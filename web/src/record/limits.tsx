// What of a record the reader is not shown, so that nothing hidden looks like "none".

import { createContext, useContext } from "react";
import type { Content } from "./types";

export interface Limits {
	restricted: Content[];
	notShown: Content[];
}

export const contentWords: Partial<Record<Content, string>> = {
	demographic: "who the person is",
	contact: "people involved",
	appointment: "appointments",
	letter: "letters",
	task: "tasks",
	plan: "care plan",
	today: "plan for today",
	alert: "alerts and allergies",
	medicine: "medicines",
	dose: "medicines to give",
	problem: "problems",
	social: "social care",
	clinical: "other clinical entries",
};

export const LimitsContext = createContext<Limits>({ restricted: [], notShown: [] });

/** What to say where a list is empty: that there is none, that the role does not see
 *  it, or that there is more than may be shown. */
export function useNone() {
	const limits = useContext(LimitsContext);
	return (none: string, content: Content) =>
		limits.notShown.includes(content)
			? "Not shown to your role."
			: limits.restricted.includes(content)
				? "None that you may see: restricted entries exist."
				: none;
}

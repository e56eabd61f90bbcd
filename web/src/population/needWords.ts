// Words of the lists.  Pure.

/** A count that may be hidden because it is small. */
export const few = (n: number | null | undefined): string =>
	n === null ? "1 to 4" : n === undefined ? "0" : String(n);

const answers: Record<string, string> = {
	none: "Not answered yet",
	proposed: "On a team's agenda",
	accepted: "Accepted",
	declined: "Declined",
	unsuitable: "Not suitable",
	next: "Came next, not chosen",
};
export const answerText = (answer: string): string => answers[answer] ?? answer;

const risks = [
	"",
	"top 0.5 %: case management",
	"0.5 to 5 %: disease management",
	"5 to 20 %: supported self-care",
	"prevention",
];
export const riskText = (risk: number | undefined): string => risks[risk ?? 0] ?? "";

/** The reasons why registered people are not on a list, those that apply. */
export function leftOut(head: {
	dead: number | null;
	objects: number | null;
	untraced: number | null;
	onCaseload: number | null;
	tooYoung: number | null;
	below: number | null;
	unscored: number | null;
}): { why: string; n: string }[] {
	const all: [string, number | null][] = [
		["Died", head.dead],
		["Object to this use of their data", head.objects],
		["Without a valid NHS number", head.untraced],
		["On a caseload already", head.onCaseload],
		["Younger than the list is for", head.tooYoung],
		["Below the list's threshold", head.below],
		["Could not be scored", head.unscored],
	];
	return all.filter(([, n]) => n !== 0).map(([why, n]) => ({ why, n: few(n) }));
}

/** "22 Nov 2026" of a moment. */
export const dayText = (at: string | undefined): string =>
	at ? new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "Europe/London" }) : "–";

const rooms: Record<string, string> = {
	asked: "the number that was asked for",
	rule: "what begins in a month, less who was taken in the last 30 days",
	slots: "the free slots of the team",
};
export const roomText = (room: string | undefined): string => rooms[room ?? ""] ?? "";

// One referral on a board: two lines, with what decides first.

import { memo } from "react";
import { RowClock } from "./Clocks";
import { useSeen, useTick } from "./hub";
import type { Board } from "./live";
import { Flags, News, UrgencyMark, ageAndSex } from "./parts";
import type { Row } from "./types";
import {
	chipText,
	clockName,
	inOrder,
	mainClock,
	nhsInThrees,
	ownerText,
	placeName,
	span,
	toneOf,
} from "./words";
import { flagName } from "./parts";

/** What a screen reader says when the row has the focus. */
function spoken(row: Row, now: number, mark: string | undefined, gone: boolean): string {
	const clock = mainClock(row);
	return [
		row.person.name,
		ageAndSex(row),
		clock && `${clockName(clock)} ${chipText(clock, now)}`,
		...inOrder(row.flags)
			.filter((f) => f.category === "SG" || f.category === "SS")
			.map(flagName),
		row.problem,
		row.urgency ?? row.asked,
		row.stateText,
		mark,
		gone && "no longer on this board",
	]
		.filter(Boolean)
		.join(", ");
}

function Since({ row }: { row: Row }) {
	const text = useTick((now) => (row.since ? span(now - Date.parse(row.since)) : ""));
	return <>{text}</>;
}

export const RowLine = memo(function RowLine(props: {
	board: Board;
	id: string;
	index: number;
	total: number;
	active: boolean;
	opened: boolean;
	href: string;
	onOpen: (id: string) => void;
}) {
	const { board, id, index, total, active, opened, href, onOpen } = props;
	const seen = useSeen(board, id);
	const tone = useTick((now) => {
		const clock = seen && mainClock(seen.row);
		return clock ? toneOf(clock, now) : "ended";
	});
	const label = useTick((now) => (seen && active ? spoken(seen.row, now, seen.mark, !!seen.gone) : ""));
	if (!seen) return null;
	const { row, mark, gone } = seen;
	const owner = ownerText(row);
	return (
		<div
			role="listitem"
			aria-setsize={total}
			aria-posinset={index + 1}
			className={`hf-ref hf-ref--${tone} ${opened ? "hf-ref--opened" : ""} ${mark ? "hf-ref--marked" : ""} ${gone ? "hf-ref--gone" : ""}`}
			data-row={id}
		>
			<div className="hf-ref__clock">
				<RowClock row={row} tabIndex={active ? 0 : -1} />
			</div>
			<div className="hf-ref__who">
				<a
					href={href}
					className="hf-ref__link"
					data-row-link={id}
					tabIndex={active ? 0 : -1}
					aria-current={opened ? "true" : undefined}
					aria-label={label || undefined}
					onClick={(e) => {
						if (e.ctrlKey || e.metaKey || e.shiftKey) return;
						e.preventDefault();
						onOpen(id);
					}}
				>
					{row.person.name}
				</a>
				<span className="hf-ref__second">
					{ageAndSex(row)}
					{row.person.nhs && <span className="hf-number"> · {nhsInThrees(row.person.nhs)}</span>}
				</span>
			</div>
			<div className="hf-ref__what">
				<span className="hf-ref__problem">{row.problem ?? row.conditionText}</span>
				<span className="hf-ref__second">
					{[row.sourceText, placeName(row), row.postcode].filter(Boolean).join(" · ")}
				</span>
			</div>
			<div className="hf-ref__flags">
				<Flags flags={row.flags} most={3} />
				{(row.unread ?? 0) > 0 && (
					<span className="hf-flagged">
						{row.unread} {row.unread === 1 ? "message" : "messages"}
					</span>
				)}
				{(row.needsReason?.length ?? 0) > 0 && <span className="hf-flagged">why late?</span>}
			</div>
			<div className="hf-ref__end">
				<div className="hf-ref__news">
					<News row={row} />
					<UrgencyMark row={row} />
				</div>
				<div className="hf-ref__state">
					<span>
						{gone ? "No longer on this board" : row.stateText}
						{mark && !gone && <span className="hf-ref__mark"> {mark}</span>}
					</span>
					<span className="hf-ref__second">
						<Since row={row} />
						{owner && <span> · {owner}</span>}
					</span>
				</div>
			</div>
		</div>
	);
});

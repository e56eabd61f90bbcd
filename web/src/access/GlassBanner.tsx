// The record is open through a broken glass: why, how long, and ending it.

import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { forgetAll, send } from "../base/api";
import { Do } from "../base/form";
import { Sign } from "../base/ui";
import { leftWords } from "./SessionBar";
import { contentWords } from "../record/limits";
import type { Content } from "../record/types";
import type { OpenGlass } from "./types";

export function GlassBanner(props: {
	person: string;
	glass: OpenGlass;
	onEnd: () => void;
}) {
	const { person, glass, onEnd } = props;
	const [, go] = useLocation();
	const [now, setNow] = useState(Date.now());
	const left = Date.parse(glass.until) - now;
	const over = left <= 0;
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 5000);
		return () => clearInterval(timer);
	}, []);
	useEffect(() => {
		if (over) onEnd();
	}, [over, onEnd]);
	return (
		<aside className="hf-glass" aria-label="Glass broken">
			<p>
				<Sign of="warn" /> <strong>Glass broken: {glass.reasonText ?? glass.reason.toLowerCase()}.</strong> For reading only,
				another <strong>{leftWords(left)}</strong>. The privacy officer has been told.
			</p>
			<Do
				quiet
				run={async () => {
					await send(`/api/people/${encodeURIComponent(person)}/break-glass`, {}, "DELETE");
					forgetAll();
					go("/");
				}}
			>
				End now
			</Do>
		</aside>
	);
}

/** Something is there that is not shown, said where it could be missed. */
export function Restricted({ contents }: { contents: Content[] }) {
	if (contents.length === 0) return null;
	return (
		<aside className="hf-restricted" aria-label="Restricted information">
			<p>
				<Sign of="warn" /> <strong>Restricted information exists</strong> that is not shown to
				you: {contents.map((c) => contentWords[c] ?? c).join(", ")}.
			</p>
		</aside>
	);
}

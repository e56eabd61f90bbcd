// One entry, whole: every element in words, and its source on request.

import { useState } from "react";
import { useAsked } from "../base/api";
import { indentJson } from "../base/format";
import { Dialog, Problem, Waiting } from "../base/ui";
import { ResourceView } from "./ResourceView";
import type { Banner, Opened } from "./types";

function OpenedBody({ opened }: { opened: Opened }) {
	const [source, setSource] = useState(false);
	const [copied, setCopied] = useState("");
	const fact = opened.fact;
	const json = indentJson(opened.source);
	return (
		<>
			<dl className="hf-opened__facts">
				<div>
					<dt>When</dt>
					<dd>
						{fact.atText ?? "no date recorded"}
						{fact.time && `, ${fact.time}`}
						{fact.until && ` to ${fact.until}`}
					</dd>
				</div>
				<div>
					<dt>From</dt>
					<dd>{[fact.org, fact.by].filter(Boolean).join(", ") || "source not recorded"}</dd>
				</div>
				<div>
					<dt>Recorded here</dt>
					<dd>
						{opened.recordedText}, version {opened.version}
					</dd>
				</div>
			</dl>
			<ResourceView source={opened.source} names={opened.names} />
			<p>
				<button
					type="button"
					className="hf-button"
					aria-expanded={source}
					onClick={() => setSource((s) => !s)}
				>
					{source ? "Hide source" : "Show source"}
				</button>
			</p>
			{source && (
				<div className="hf-source">
					<p>
						FHIR resource {fact.ref}, as stored.{" "}
						<button
							type="button"
							className="hf-linklike"
							onClick={() =>
								navigator.clipboard.writeText(opened.source).then(
									() => setCopied("Copied."),
									() => setCopied("The browser did not allow it; select the text instead."),
								)
							}
						>
							Copy
						</button>{" "}
						<span role="status">{copied}</span>
					</p>
					<pre tabIndex={0} role="region" aria-label="Source, JSON">
						<code>{json}</code>
					</pre>
				</div>
			)}
		</>
	);
}

export function OpenedDialog(props: { reference: string; person: Banner; onClose: () => void }) {
	const { reference, person } = props;
	const path = reference.split("/").map(encodeURIComponent).join("/");
	const { data, error, again } = useAsked<Opened>(`/api/resources/${path}`);
	return (
		<Dialog
			className="hf-dialog--side"
			title={data ? `${data.fact.kindText}: ${data.fact.title}` : "Entry"}
			onClose={props.onClose}
		>
			<p className="hf-opened__person">
				{person.name} · born {person.bornText ?? "not recorded"} · NHS number{" "}
				{person.nhsNumber ?? "not recorded"}
			</p>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the entry" />}
			{data && <OpenedBody opened={data} />}
		</Dialog>
	);
}

// A FHIR resource in words: each element with its name and its value, nothing left
// out but technical marks (ids, profiles), which the source shows.

import type { ReactNode } from "react";
import { label, numbersAsText } from "../base/format";
import { words } from "./words";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Names = Record<string, string>;

const hidden = new Set([
	"resourceType",
	"id",
	"meta",
	"implicitRules",
	"contained",
	"text",
	"subject",
	"patient",
]);

const isObject = (v: Json): v is { [name: string]: Json } =>
	typeof v === "object" && v !== null && !Array.isArray(v);

function Value({ value, names, depth }: { value: Json; names: Names; depth: number }): ReactNode {
	const said = words(value, names);
	if (said !== null) return said;
	if (Array.isArray(value)) {
		if (value.length === 1) return <Value value={value[0]!} names={names} depth={depth} />;
		return (
			<ul className="hf-values">
				{value.map((v, i) => (
					<li key={i}>
						<Value value={v} names={names} depth={depth + 1} />
					</li>
				))}
			</ul>
		);
	}
	if (isObject(value)) return <Elements of={value} names={names} depth={depth + 1} />;
	return String(value);
}

function extensionName(url: string): string {
	const last = url.split(/[/#]/).pop() ?? url;
	return label(last.replace(/^Extension-|^UKCore-|-/g, " ").trim());
}

function Elements(props: { of: { [name: string]: Json }; names: Names; depth: number }) {
	const rows: { name: string; value: Json }[] = [];
	for (const [name, value] of Object.entries(props.of)) {
		if (props.depth === 0 && hidden.has(name)) continue;
		if (name === "id" || name.startsWith("_")) continue;
		if ((name === "extension" || name === "modifierExtension") && Array.isArray(value)) {
			for (const e of value) {
				if (!isObject(e)) continue;
				const given = Object.entries(e).find(([n]) => n.startsWith("value"));
				rows.push({
					name: extensionName(String(e.url ?? "extension")),
					value: given ? given[1] : (e.extension ?? null),
				});
			}
			continue;
		}
		rows.push({ name: label(name), value });
	}
	return (
		<dl className={props.depth === 0 ? "hf-elements" : "hf-elements hf-elements--in"}>
			{rows.map((r, i) => (
				<div key={i}>
					<dt>{r.name}</dt>
					<dd>
						<Value value={r.value} names={props.names} depth={props.depth} />
					</dd>
				</div>
			))}
		</dl>
	);
}

export function ResourceView({ source, names }: { source: string; names: Names }) {
	const resource = JSON.parse(numbersAsText(source)) as Json;
	if (!isObject(resource)) return null;
	return <Elements of={resource} names={names} depth={0} />;
}

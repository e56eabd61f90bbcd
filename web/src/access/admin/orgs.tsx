// Choosing an organisation by its ODS code.

import { useAsked } from "../../base/api";
import { Select } from "../../base/form";
import type { Organisations } from "../../record/types";

export function useOrganisations() {
	const { data, error } = useAsked<Organisations>("/api/organisations");
	const choices = (data?.organisations ?? [])
		.filter((o) => o.code && !o.closed)
		.map((o) => ({ code: o.code as string, text: `${o.name} (${o.code})` }))
		.sort((a, b) => a.text.localeCompare(b.text, "en-GB"));
	return { choices, error };
}

export function OrgSelect(props: {
	id?: string;
	label: string;
	hint?: string;
	empty: string;
	value: string;
	onChange: (code: string) => void;
	error?: string | undefined;
	more?: { code: string; text: string }[];
}) {
	const { choices, error } = useOrganisations();
	return (
		<Select
			id={props.id}
			label={props.label}
			hint={props.hint}
			empty={props.empty}
			value={props.value}
			onChange={props.onChange}
			choices={[...(props.more ?? []), ...choices]}
			error={props.error ?? (error ? `The organisations could not be listed. ${error.message}` : undefined)}
		/>
	);
}

// Choosing a person for a question about access, by id or NHS number: whoever asks
// need not be allowed to see the record.

import { useId } from "react";
import { Field } from "../base/form";

export function PersonPick(props: {
	value: string;
	onChange: (v: string) => void;
	error?: string | undefined;
	id?: string;
}) {
	const made = useId();
	return (
		<Field
			id={props.id ?? made}
			label="Person"
			hint="NHS number or id of the record"
			value={props.value}
			onChange={props.onChange}
			error={props.error}
			maxLength={80}
		/>
	);
}

/** An NHS number without its blanks; an id as it is. */
export const personKey = (typed: string) => {
	const plain = typed.replace(/\s/g, "");
	return /^\d{10}$/.test(plain) ? plain : typed.trim().replace(/^.*\/people\//, "");
};

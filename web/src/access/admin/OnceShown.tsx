// A secret that is shown once.

import { useState } from "react";
import { Done } from "../../base/form";

export function OnceShown(props: { title: string; rows: [string, string][]; note: string }) {
	const [copied, setCopied] = useState("");
	return (
		<Done>
			<h2>{props.title}</h2>
			<dl className="hf-facts">
				{props.rows.map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>
							<code className="hf-key">{value}</code>{" "}
							<button
								type="button"
								className="hf-button hf-button--quiet"
								onClick={() =>
									navigator.clipboard.writeText(value).then(
										() => setCopied(`${name} copied.`),
										() => setCopied("The browser did not allow it; select the text instead."),
									)
								}
							>
								Copy<span className="nhsuk-u-visually-hidden"> {name.toLowerCase()}</span>
							</button>
						</dd>
					</div>
				))}
			</dl>
			<p>
				{props.note} <span role="status">{copied}</span>
			</p>
		</Done>
	);
}

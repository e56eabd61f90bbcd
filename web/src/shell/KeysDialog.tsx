// The list of keys, and the switch that turns the single ones off.

import { setKeysOn, useKeysOn } from "../base/keys";
import { Dialog } from "../base/ui";
import type { Place } from "./routes";

function keysOf(places: Place[], clinical: boolean): [string, string][] {
	const rows: [string, string][] = [["?", "this list"], ["g s", "start page"]];
	for (const p of places) if (p.keys) rows.push([p.keys, p.text.toLowerCase()]);
	if (clinical)
		rows.push(
			["/", "search for a person"],
			["g o", "organisations"],
			["g m", "summary of this person"],
			["g t", "timeline of this person"],
			["g f", "filters of the timeline"],
			["↑ ↓", "move through results or through the timeline"],
		);
	if (places.some((p) => p.href === "/hub/triage"))
		rows.push(
			["l", "the list of a board"],
			["n", "what is new on a board"],
			["c", "clocks of the row"],
			["1 … 9", "the offer to a team"],
			["Ctrl Enter", "send the form"],
		);
	rows.push(["Enter", "open"], ["Esc", "close, or leave the search"]);
	return rows;
}

export function KeysDialog(props: {
	places: Place[];
	clinical: boolean;
	onClose: () => void;
}) {
	const { onClose } = props;
	const keys = keysOf(props.places, props.clinical);
	const on = useKeysOn();
	return (
		<Dialog title="Keys" onClose={onClose} className="hf-dialog--small">
			<table className="hf-keys">
				<thead className="nhsuk-u-visually-hidden">
					<tr>
						<th scope="col">Key</th>
						<th scope="col">What it does</th>
					</tr>
				</thead>
				<tbody>
					{keys.map(([key, what]) => (
						<tr key={key}>
							<td>
								{key.split(" ").map((k) => (
									<kbd key={k}>{k}</kbd>
								))}
							</td>
							<td>{what}</td>
						</tr>
					))}
				</tbody>
			</table>
			<label className="hf-check">
				<input
					type="checkbox"
					checked={on}
					onChange={(e) => setKeysOn(e.target.checked)}
				/>
				Single keys do something (turn off when you speak to the computer or a key is
				pressed by mistake)
			</label>
		</Dialog>
	);
}

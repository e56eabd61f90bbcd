// The list of keys, and the switch that turns the single ones off.

import { setKeysOn, useKeysOn } from "../base/keys";
import { Dialog } from "../base/ui";

const keys: [string, string][] = [
	["/", "search for a person"],
	["?", "this list"],
	["g s", "start page"],
	["g p", "people"],
	["g m", "summary of this person"],
	["g t", "timeline of this person"],
	["g f", "filters of the timeline"],
	["g i", "figures of this place"],
	["g o", "organisations"],
	["↑ ↓", "move through results or through the timeline"],
	["Enter", "open"],
	["Esc", "close, or leave the search"],
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
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

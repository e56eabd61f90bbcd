// "Who is signed in now?"

import { forgetAll, send } from "../../base/api";
import { Do } from "../../base/form";
import { Listing, usePaged } from "../../base/table";
import { useTitle } from "../../base/ui";
import { When, whenText } from "../when";

interface Signed {
	id: string;
	user: string;
	name: string;
	role?: string;
	org?: string;
	since: string;
	seen?: string;
	ends?: string;
	from?: string;
	current?: boolean;
}

export function SessionsPage() {
	useTitle("Sessions");
	const list = usePaged<Signed>("/api/admin/sessions");
	return (
		<div className="hf-page hf-page--wide">
			<h1>Who is signed in now?</h1>
			<Listing
				of={list}
				what="the sessions"
				one="session"
				many="sessions"
				id={(s) => s.id}
				empty="Nobody is signed in."
				columns={[
					{
						head: "Who",
						cell: (s) => (
							<>
								{s.name}
								<div className="hf-dim">{[s.role, s.org].filter(Boolean).join(", ")}</div>
							</>
						),
					},
					{ head: "Since", cell: (s) => <When at={s.since} /> },
					{ head: "Last asked", cell: (s) => <When at={s.seen} none="" /> },
					{ head: "Ends at the latest", cell: (s) => whenText(s.ends) },
					{ head: "From", cell: (s) => s.from ?? "" },
					{
						head: "Change",
						cell: (s) =>
							s.current ? (
								"this is you"
							) : (
								<Do
									quiet
									about={`the session of ${s.name}`}
									run={async () => {
										await send(`/api/admin/sessions/${encodeURIComponent(s.id)}/end`);
										forgetAll();
										list.again();
									}}
								>
									End
								</Do>
							),
					},
				]}
			/>
		</div>
	);
}

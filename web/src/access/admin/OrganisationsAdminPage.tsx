// "Which organisations are let in?": suspending one and letting it in again.

import { useId, useState } from "react";
import { forgetAll, send } from "../../base/api";
import { Area, Do, ErrorSummary, Main, useSubmit } from "../../base/form";
import { Listing, usePaged } from "../../base/table";
import { Dialog, Sign, useTitle } from "../../base/ui";
import { When } from "../when";
import type { Org } from "./types";

function Suspend({ org, onDone }: { org: Org; onDone: () => void }) {
	const id = useId();
	const [reason, setReason] = useState("");
	const form = useSubmit(
		() => (reason.trim() ? {} : { reason: "Say why" }),
		async () => {
			await send(`/api/admin/organisations/${encodeURIComponent(org.code ?? org.id)}/suspend`, {
				reason: reason.trim(),
			});
			onDone();
		},
		["reason"],
	);
	return (
		<form onSubmit={form.submit} noValidate aria-label="Suspend">
			<p>
				Nobody who works for {org.name} sees anything from now on, and its systems are refused,
				until it is let in again. Its records stay.
			</p>
			<ErrorSummary of={form} ids={{ reason: `${id}-reason` }} />
			<Area id={`${id}-reason`} label="Why" rows={2} value={reason} onChange={setReason} error={form.wrong.reason} maxLength={500} />
			<Main busy={form.busy} danger>
				Suspend {org.name}
			</Main>
		</form>
	);
}

export function OrganisationsAdminPage() {
	useTitle("Organisations let in");
	const list = usePaged<Org>("/api/admin/organisations");
	const [of, setOf] = useState<Org>();
	const changed = () => {
		setOf(undefined);
		forgetAll();
		list.again();
	};
	return (
		<div className="hf-page hf-page--wide">
			<h1>Which organisations are let in?</h1>
			<Listing
				of={list}
				what="the organisations"
				one="organisation"
				many="organisations"
				id={(o) => o.id}
				empty="No organisation is in the record yet."
				columns={[
					{ head: "Name", cell: (o) => o.name },
					{ head: "ODS code", cell: (o) => o.code ?? "none recorded" },
					{ head: "What it is", cell: (o) => o.kind ?? "" },
					{
						head: "Every organisation shares with it",
						cell: (o) => o.tierText ?? o.tier ?? "",
					},
					{
						head: "State",
						cell: (o) =>
							o.suspended ? (
								<>
									<span className="hf-status hf-status--off">
										<Sign of="warn" /> suspended
									</span>{" "}
									<When at={o.since} none="" />
									{o.reason && <div className="hf-quote">“{o.reason}”</div>}
								</>
							) : (
								"let in"
							),
					},
					{
						head: "Change",
						cell: (o) =>
							!o.code ? (
								""
							) : o.suspended ? (
								<Do
									quiet
									about={o.name}
									run={async () => {
										await send(`/api/admin/organisations/${encodeURIComponent(o.code ?? "")}/resume`);
										changed();
									}}
								>
									Let in again
								</Do>
							) : (
								<button type="button" className="hf-button hf-button--quiet" aria-haspopup="dialog" onClick={() => setOf(o)}>
									Suspend<span className="nhsuk-u-visually-hidden"> {o.name}</span>
								</button>
							),
					},
				]}
			/>
			{of && (
				<Dialog title={`Suspend ${of.name}`} className="hf-dialog--small" onClose={() => setOf(undefined)}>
					<Suspend org={of} onDone={changed} />
				</Dialog>
			)}
		</div>
	);
}

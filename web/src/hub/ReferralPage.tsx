// "What has happened and what can happen?": one referral, from its first event to its
// next.

import { Link } from "wouter";
import { useTitle } from "../base/ui";
import { ForView } from "./BoardPages";
import { useBoard } from "./hub";
import { Dead } from "./List";
import { ReferralView } from "./ReferralView";
import { hasView } from "./hub";
import type { HubInfo } from "./types";

function Page({ id, hub }: { id: string; hub: HubInfo }) {
	useTitle("Referral");
	const { board, list } = useBoard("view=open", id);
	const back = hasView(hub, "triage") ? "triage" : hasView(hub, "dispatch") ? "dispatch" : undefined;
	return (
		<div className="hf-page hf-page--wide hf-referral-page">
			<h1 className="hf-referral-page__title">
				Referral <span className="hf-board__question">What has happened, and what can happen?</span>
			</h1>
			{back && (
				<p className="hf-no-print">
					<Link href={`/hub/${back}?row=${encodeURIComponent(id)}`}>On the {back} board</Link>
				</p>
			)}
			<Dead since={list.dead} />
			<ReferralView key={id} id={id} board={board} hub={hub} opens={list.opens} whole />
		</div>
	);
}

export function ReferralPage({ id }: { id: string }) {
	return <ForView>{(hub) => <Page id={id} hub={hub} />}</ForView>;
}

// "What is going on with this person?": banner, summary, timeline in one request.

import { useCallback, useEffect } from "react";
import { Link } from "wouter";
import { Denied, isDenied } from "../access/Denied";
import { GlassBanner, Restricted } from "../access/GlassBanner";
import { useSession } from "../access/session";
import { forgetAll, useAsked } from "../base/api";
import { useQuery } from "../base/address";
import { Problem, Waiting, useTitle } from "../base/ui";
import { PathwaysPanel } from "../pathway/PathwaysPanel";
import { rememberPerson } from "../shell/recent";
import { BannerView } from "./BannerView";
import { OpenedDialog } from "./OpenedDialog";
import { SummaryView } from "./SummaryView";
import { TimelineView } from "./TimelineView";
import { filterOf } from "./filter";
import { LimitsContext } from "./limits";
import type { PersonView } from "./types";

export function PersonPage({ id }: { id: string }) {
	const [query, change] = useQuery();
	const { session } = useSession();
	const filter = filterOf(query);
	const path = `/api/people/${encodeURIComponent(id)}`;
	const { data, error, again } = useAsked<PersonView>(path);
	useTitle(data ? data.banner.name : "Person");
	const opened = query.get("open");

	useEffect(() => {
		if (!data) return;
		const { name, bornText, nhsNumber } = data.banner;
		rememberPerson({
			id,
			name,
			...(bornText ? { born: bornText } : {}),
			...(nhsNumber ? { nhsNumber } : {}),
		});
	}, [data, id]);

	const reload = useCallback(() => {
		forgetAll();
		again();
		window.scrollTo(0, 0);
	}, [again]);

	if (error && isDenied(error) && !session?.trial)
		return <Denied person={id} onOpen={reload} />;
	if (error)
		return (
			<div className="hf-page">
				<h1>Person</h1>
				<Problem error={error} again={again} />
			</div>
		);
	if (!data)
		return (
			<div className="hf-page">
				<Waiting what="the record" />
			</div>
		);
	const now = Date.now();
	const limits = { restricted: data.restricted ?? [], notShown: data.notShown ?? [] };
	return (
		<LimitsContext.Provider value={limits}>
		<article className="hf-record" aria-label={`Record of ${data.banner.name}`}>
			<BannerView
				banner={data.banner}
				above={data.glass && <GlassBanner person={id} glass={data.glass} onEnd={reload} />}
			/>
			<Restricted contents={data.restricted ?? []} />
			<div className="hf-record__columns">
				<SummaryView
					summary={data.summary}
					allergies={data.banner.allergies}
					now={now}
					above={<PathwaysPanel person={id} />}
				/>
				<TimelineView
					path={path}
					first={data.timeline}
					filter={filter}
					setFilter={change}
					now={now}
				/>
			</div>
			<p className="hf-record__more">
				<Link href={`/people/${encodeURIComponent(id)}/forms`}>Forms and scores</Link>
			</p>
			{!session?.trial && (
				<p className="hf-record__more">
					<Link href={`/people/${encodeURIComponent(id)}/choices`}>
						Sharing choices of this person
					</Link>
				</p>
			)}
			{opened && (
				<OpenedDialog
					reference={opened}
					person={data.banner}
					onClose={() => change({ open: null })}
				/>
			)}
		</article>
		</LimitsContext.Provider>
	);
}

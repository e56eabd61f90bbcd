// Why somebody stands on a list: each score opens to what gave its points.

import { useAsked } from "../base/api";
import { Table } from "../base/table";
import { Dialog, Problem, Waiting } from "../base/ui";
import type { Why } from "./needTypes";

type Evidence = Why["scores"][number]["evidence"][number];

function Score({ score }: { score: Why["scores"][number] }) {
	return (
		<section>
			<h3>
				{score.title}
				{score.variant && ` – ${score.variant}`}: {score.points}
				{score.band && ` (${score.band})`}
			</h3>
			{score.evidence.length > 0 ? (
				<Table<Evidence>
					caption={`What gave the points of ${score.title}${score.variant ? `, ${score.variant}` : ""}, version ${score.version}`}
					rows={score.evidence}
					id={(e) => e.title}
					columns={[
						{ head: "What", cell: (e) => e.title },
						{
							head: "Points",
							cell: (e) => (e.dropped ? "0, a worse one counts" : e.points),
							number: true,
						},
						{ head: "Found", cell: (e) => e.found },
					]}
				/>
			) : (
				<p className="hf-dim">Nothing gave points.</p>
			)}
			<p className="hf-dim">
				Predicts {score.predicts} over {score.horizon}. {score.source}. {score.note}
			</p>
			{score.codeLists && score.codeLists.length > 0 && (
				<details>
					<summary>{`By ${score.codeLists.length} imported ${score.codeLists.length === 1 ? "list" : "lists"} of codes`}</summary>
					<ul>
						{score.codeLists.map((l) => (
							<li key={l.id}>{`${l.condition}, ${l.system}: ${l.codes} codes, ${l.version ? `version ${l.version}, ` : ""}list ${l.id} (${l.file})`}</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

export function NeedWhy(props: { id: string; pos: number; onClose: () => void }) {
	const { data, error, again } = useAsked<Why>(
		`/api/population/lists/${encodeURIComponent(props.id)}/people/${props.pos}`,
	);
	return (
		<Dialog
			title={data ? `Evidence about ${data.name}` : "Evidence"}
			className="hf-dialog--side"
			onClose={props.onClose}
		>
			{error && <Problem error={error} again={again} />}
			{!data && !error && <Waiting what="the evidence" />}
			{data && (
				<>
					<p>
						{data.born && `Born ${data.born}`} {data.age && `(${data.age})`}, as of {data.day}
					</p>
					<ul>
						{data.segments.map((s) => (
							<li key={s.scheme}>
								{s.segment} <span className="hf-dim">({s.scheme})</span>
							</li>
						))}
					</ul>
					<h3>Gaps in care</h3>
					{data.gaps.length === 0 ? (
						<p>None found.</p>
					) : (
						<ul>
							{data.gaps.map((g) => (
								<li key={g.id}>
									{g.title}: {g.overdue}. {g.action}.
								</li>
							))}
						</ul>
					)}
					{data.scores.map((s) => (
						<Score key={`${s.id} ${s.variant ?? ""}`} score={s} />
					))}
				</>
			)}
		</Dialog>
	);
}

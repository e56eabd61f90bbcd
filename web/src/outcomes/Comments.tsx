// What people wrote, by theme; the words for whoever may read them.

import { useState } from "react";
import { useAsked } from "../base/api";
import { count } from "../base/format";
import { Table } from "../base/table";

interface Answer {
	scheme: { id: string; version: string; title: string; source: string };
	n: number | null;
	mayRead: boolean;
	themes: { id: string; title: string; good: number | null; neither: number | null; bad: number | null; n: number | null }[];
	comments: { month: string; asked: string; service: string; mayQuote: boolean; text: string; themes: string[] }[];
}

const shown = (n: number | null) => (n === null ? "*" : count(n));

/** Measures of experience have words behind them. */
export const hasWords = (id: string) => /^(fft|theme|prom)-/.test(id);

export function Comments({ id }: { id: string }) {
	const own = id.startsWith("theme-") ? id.slice(6) : "";
	const [theme, setTheme] = useState(own);
	const { data } = useAsked<Answer>(hasWords(id) ? `/api/population/comments${theme ? `?theme=${encodeURIComponent(theme)}` : ""}` : null);
	if (!data || data.n === 0) return null;
	const titleOf = (word: string) => {
		const [at, said] = word.split(":");
		return `${data.themes.find((t) => t.id === at)?.title ?? at}${said === "good" ? " (good)" : said === "bad" ? " (bad)" : ""}`;
	};
	return (
		<section className="hf-chart hf-lead__row">
			<h2>What people wrote</h2>
			<p>
				{data.n === null ? "A few" : count(data.n)} comments, coded by lists of words ({data.scheme.id} {data.scheme.version}). The lists miss what they do not name, and are wrong about one time in ten:
				read the words before you act on a number.
			</p>
			<Table
				caption="By theme; a comment may have several"
				rows={data.themes}
				id={(t) => t.id}
				columns={[
					{ head: "Theme", cell: (t) => t.title },
					{ head: "Well", number: true, cell: (t) => shown(t.good) },
					{ head: "Neither, or both", number: true, cell: (t) => shown(t.neither) },
					{ head: "Badly", number: true, cell: (t) => shown(t.bad) },
					{ head: "All", number: true, cell: (t) => shown(t.n) },
				]}
			/>
			<p className="hf-dim">* 1 to 4, or what they could be told from; others to the nearest five.</p>
			{data.mayRead ? (
				<>
					<div className="hf-bar">
						<label>
							Words about{" "}
							<select value={theme} onChange={(e) => setTheme(e.target.value)}>
								<option value="">anything</option>
								{data.themes.map((t) => (
									<option key={t.id} value={t.id}>{t.title}</option>
								))}
							</select>
						</label>
					</div>
					{data.comments.length === 0 ? (
						<p>Fewer than five: their words are not shown.</p>
					) : (
						<details className="hf-chart__behind">
							<summary>The words of the latest {count(data.comments.length)}</summary>
							<p>Names and numbers that were told from the text are taken out; somebody may still be recognised. Do not pass words on unless “may be quoted” stands there.</p>
							<Table
								caption="Comments, the latest first"
								rows={data.comments.map((c, i) => ({ ...c, key: String(i) }))}
								id={(c) => c.key}
								columns={[
									{ head: "Month", cell: (c) => c.month },
									{ head: "About", cell: (c) => c.service || "not said" },
									{ head: "Words", cell: (c) => c.text },
									{ head: "Themes", cell: (c) => c.themes.map(titleOf).join("; ") || "none" },
									{ head: "Quoting", cell: (c) => (c.mayQuote ? "may be quoted" : "not to be quoted") },
								]}
							/>
						</details>
					)}
				</>
			) : (
				<p>The words are for analysts.</p>
			)}
		</section>
	);
}

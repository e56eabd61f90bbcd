import { Link } from "wouter";
import { useTitle } from "../base/ui";
import { focusSearch } from "./PersonSearch";

export function MissingPage() {
	useTitle("Page not found");
	return (
		<div className="hf-page">
			<h1>Page not found</h1>
			<p>
				There is no page at this address. If you typed it, check it; if a link brought
				you here, the link is wrong.
			</p>
			<p>
				<Link href="/">Go to the start page</Link> or{" "}
				<button type="button" className="hf-linklike" onClick={focusSearch}>
					search for a person
				</button>
				.
			</p>
		</div>
	);
}

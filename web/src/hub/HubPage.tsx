// What the hub has for this user.

import { Link } from "wouter";
import { useSession } from "../access/session";
import { useTitle } from "../base/ui";
import { placesOf } from "../shell/routes";
import { ForView } from "./BoardPages";

export function HubPage() {
	useTitle("The hub");
	const { session } = useSession();
	return (
		<ForView>
			{(hub) => {
				const places = placesOf(session, hub).filter((p) => p.href.startsWith("/hub/"));
				return (
					<div className="hf-page">
						<h1>{hub.hub?.name ?? "The hub"}</h1>
						{places.length === 0 ? (
							<p>Your role has nothing to do at the hub.</p>
						) : (
							<ul className="hf-cards">
								{places.map((p) => (
									<li key={p.href} className="hf-card">
										<h2>
											<Link href={p.href} className="hf-card__go">
												{p.text}
											</Link>
										</h2>
										<p>{p.what}</p>
									</li>
								))}
							</ul>
						)}
					</div>
				);
			}}
		</ForView>
	);
}

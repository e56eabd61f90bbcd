// Where the pages start.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Shell } from "./shell/Shell";

const root = document.getElementById("root");
if (root) {
	createRoot(root).render(
		<StrictMode>
			<Shell />
		</StrictMode>,
	);
}

// Where to go after signing in: an address of these pages and nothing else.  Pure.

const elsewhere = "https://homefirst.invalid";

/** The path to go to, or "/" when what is asked for is not ours. */
export function ownPath(asked: string | null): string {
	if (!asked || !asked.startsWith("/") || asked.length > 2000) return "/";
	// Backslashes and control characters are read as slashes or left out by browsers.
	if (/[\\\u0000-\u001f\u007f]/.test(asked)) return "/";
	let url: URL;
	try {
		url = new URL(asked, elsewhere);
	} catch {
		return "/";
	}
	if (url.origin !== elsewhere || url.pathname.startsWith("//")) return "/";
	if (/^\/(sign-in|api|fhir|health|metrics|assets)(\/|$)/.test(url.pathname)) return "/";
	return url.pathname + url.search + url.hash;
}

/** Addresses the server answers by itself: the browser has to load them. */
export const needsLoading = (path: string) => path.startsWith("/auth/");

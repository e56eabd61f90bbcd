// The service worker of the day list: keeps the page's files, so that the list opens
// with the network gone.  It sees the addresses under /hub/day and nothing else, and
// keeps no answer of /api: what is about people lies encrypted in offlineStore.ts.

/** Put in by web/build.mjs: what the page consists of, and a hash over it. */
declare const SHELL: { hash: string; files: string[] };

interface Extendable extends Event {
	waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Extendable {
	request: Request;
	respondWith(answer: Promise<Response>): void;
}
interface Scope {
	location: Location;
	skipWaiting(): Promise<void>;
	clients: { claim(): Promise<void> };
	addEventListener(name: "install" | "activate", run: (e: Extendable) => void): void;
	addEventListener(name: "fetch", run: (e: Fetching) => void): void;
}

const scope = self as unknown as Scope;
const page = "/hub/day";
const prefix = "homefirst-day-";
const cacheName = prefix + SHELL.hash;
const patience = 4000;

scope.addEventListener("install", (e) => {
	const keep = async () => {
		const cache = await caches.open(cacheName);
		await cache.addAll([page, ...SHELL.files]);
		await scope.skipWaiting();
	};
	e.waitUntil(keep());
});

scope.addEventListener("activate", (e) => {
	const tidy = async () => {
		for (const other of await caches.keys())
			if (other.startsWith(prefix) && other !== cacheName) await caches.delete(other);
		await scope.clients.claim();
	};
	e.waitUntil(tidy());
});

const keptCopy = async (path: string) => (await caches.open(cacheName)).match(path);

/** A network that is there but does not answer is as good as none. */
async function fromServer(request: Request): Promise<Response> {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), patience);
	try {
		return await fetch(request, { signal: stop.signal });
	} finally {
		clearTimeout(timer);
	}
}

async function openPage(request: Request): Promise<Response> {
	try {
		const answer = await fromServer(request);
		if (answer.status < 500) return answer;
		return (await keptCopy(page)) ?? answer;
	} catch (e) {
		const kept = await keptCopy(page);
		if (kept) return kept;
		throw e;
	}
}

scope.addEventListener("fetch", (e) => {
	const { request } = e;
	const url = new URL(request.url);
	if (request.method !== "GET" || url.origin !== scope.location.origin) return;
	if (request.mode === "navigate") e.respondWith(openPage(request));
	else if (SHELL.files.includes(url.pathname))
		e.respondWith(keptCopy(url.pathname).then((kept) => kept ?? fetch(request)));
});
export {};

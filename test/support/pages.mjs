// What the browser tests share: a server with an invented place, and a browser.
// HF_BIN is the binary; HF_CHROMIUM the browser (Debian's chromium when not set).

import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const bin = process.env.HF_BIN ?? "build/homefirst";
const browserPath = process.env.HF_CHROMIUM ?? "/usr/bin/chromium";

/** Why the browser tests cannot run here; "" when they can. */
export function cannot() {
	if (!existsSync(bin)) return `there is no binary at ${bin}`;
	if (!existsSync(browserPath)) return `there is no browser at ${browserPath}`;
	return "";
}

/** An invented place in a folder of its own, served on a free port. */
export async function startServer() {
	const data = mkdtempSync(join(tmpdir(), "homefirst-pages-"));
	const run = (...args) =>
		execFileSync(bin, args, { stdio: ["ignore", "ignore", "inherit"], timeout: 120_000 });
	run("init", "--data", data);
	run("generate", "--data", data, "--people", "2000", "--full", "200", "--seed", "7");
	const server = spawn(bin, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--open-loopback"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const url = await new Promise((done, fail) => {
		let text = "";
		server.stdout.on("data", (chunk) => {
			text += chunk;
			const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
			if (found) done(found[0]);
		});
		server.once("exit", (code) => fail(new Error(`the server ended with ${code}`)));
	});
	return {
		url,
		ask: async (path) => (await fetch(url + path)).json(),
		stop: async () => {
			const ended = new Promise((done) => server.once("exit", done));
			server.kill("SIGTERM");
			await ended;
			rmSync(data, { recursive: true, force: true });
		},
	};
}

/** A browser with a profile of its own.  Errors on the page fail the test. */
export async function startBrowser() {
	const profile = mkdtempSync(join(tmpdir(), "homefirst-browser-"));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: browserPath,
		headless: true,
		viewport: { width: 1366, height: 768 },
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
	const errors = [];
	const page = context.pages()[0] ?? (await context.newPage());
	page.setDefaultTimeout(15_000);
	page.on("pageerror", (e) => errors.push(e.message));
	page.on("console", (m) => {
		// A 404 that the page shows in words is logged by the browser as well.
		if (m.type() === "error" && !m.text().includes("status of 404"))
			errors.push(m.text());
	});
	return {
		page,
		errors,
		stop: async () => {
			await context.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
}

/** The person with the longest record among the first thousand by name. */
export async function longestRecord(server) {
	let best = { resources: 0 };
	let after = "";
	for (let page = 0; page < 40; page++) {
		const list = await server.ask(
			`/api/people?limit=50${after && `&after=${encodeURIComponent(after)}`}`,
		);
		for (const line of list.people) {
			const view = await server.ask(`/api/people/${line.id}`);
			if (view.resources > best.resources) best = view;
		}
		if (!list.next) break;
		after = list.next;
	}
	return best;
}

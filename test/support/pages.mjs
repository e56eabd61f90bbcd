// What the browser tests share: a server with an invented place, and a browser.
// HF_BIN is the binary; HF_CHROMIUM the browser (Debian's chromium when not set).

import { spawn, execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
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

/** An invented place in a folder of its own, served on a free port: open to whoever is
 *  on this machine, or with the users of the demonstration.  prepare(data) is called before
 *  it is served. */
export async function startServer({ demonstration = false, options = [], place = [], prepare } = {}) {
	const data = mkdtempSync(join(tmpdir(), "homefirst-pages-"));
	const run = (...args) =>
		execFileSync(bin, args, { stdio: ["ignore", "ignore", "inherit"], timeout: 120_000 });
	run("init", "--data", data);
	run("generate", "--data", data, "--people", "2000", "--full", "200", "--seed", "7", ...place);
	if (demonstration) {
		run("user", "demo", "--data", data);
		run(
			...["agreement", "add", "--data", data, "--from", "*", "--to", "*", "--tier", "T3"],
			...["--until", "2099-12-31", "--dsa", "DSA-1", "--dpia", "DPIA-1"],
		);
	}
	if (prepare) await prepare(data);
	const server = await serveData(data, { demonstration, options });
	return {
		...server,
		data,
		stop: async () => {
			await server.stop();
			rmSync(data, { recursive: true, force: true });
		},
	};
}

/** A place that is there, served on a free port. */
export async function serveData(data, { demonstration = false, options = [] } = {}) {
	const how = demonstration ? "--demonstration" : "--open-loopback";
	const server = spawn(
		bin,
		["serve", "--data", data, "--listen", "127.0.0.1:0", how, ...options],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
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
		},
	};
}

const browserArgs = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

function collectErrors(page, errors) {
	page.setDefaultTimeout(15_000);
	page.on("pageerror", (e) => errors.push(e.message));
	page.on("console", (m) => {
		// A refusal that the page shows in words is logged by the browser as well.
		if (m.type() === "error" && !/status of (401|403|404|409|422|429)/.test(m.text()))
			errors.push(m.text());
	});
}

/** Several users, each at a screen of their own, signed in with one click: an object of
 *  their pages by login. */
export async function startScreens(server, logins) {
	const browser = await chromium.launch({
		executablePath: browserPath,
		headless: true,
		args: browserArgs,
	});
	const errors = [];
	const screens = {};
	for (const login of logins) {
		const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
		const page = await context.newPage();
		collectErrors(page, errors);
		await page.goto(`${server.url}/sign-in`);
		await page.locator(`[aria-describedby="demo-${login}"]`).click();
		await page.locator(".hf-bar").waitFor();
		screens[login] = page;
	}
	return { screens, errors, stop: () => browser.close() };
}

/** A browser with a profile of its own.  Errors on the page fail the test. */
export async function startBrowser() {
	const profile = mkdtempSync(join(tmpdir(), "homefirst-browser-"));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: browserPath,
		headless: true,
		viewport: { width: 1366, height: 768 },
		args: browserArgs,
	});
	const errors = [];
	const page = context.pages()[0] ?? (await context.newPage());
	collectErrors(page, errors);
	return {
		page,
		errors,
		stop: async () => {
			await context.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
}

const axeSource = readFileSync(
	createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
	"utf8",
);

/** What axe finds on the page: WCAG 2.2 AA and best practice. */
export async function axeFinds(page) {
	// The policy of the pages forbids inline script: axe comes in by the debugger.
	await page.evaluate(axeSource);
	return page.evaluate(async () => {
		const found = await globalThis.axe.run(document, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		});
		return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ; ")}`);
	});
}

/** How far the page sticks out of the window at the side, in px. */
export async function sticksOut(page) {
	return page.evaluate(
		() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
	);
}

/** The six digits that an authenticator app shows (RFC 6238) for a base32 key. */
export function totp(secret, at = Date.now()) {
	const bits = [...secret.replace(/[\s=]/g, "").toUpperCase()]
		.map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
		.join("");
	const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
	const mac = createHmac("sha1", key).update(step).digest();
	const n = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
	return String(n % 1_000_000).padStart(6, "0");
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

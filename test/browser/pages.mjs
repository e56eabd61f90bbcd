// The pages in a real browser: finding a person, reading their story, opening an
// entry, filtering, by mouse and by keyboard alone, and axe on every page.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import {
	axeFinds,
	cannot,
	longestRecord,
	startBrowser,
	startServer,
	sticksOut,
} from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
let server, browser, page, person;

if (!why) {
	before(async () => {
		server = await startServer();
		browser = await startBrowser();
		page = browser.page;
		person = await longestRecord(server);
	});
	after(async () => {
		await browser?.stop();
		await server?.stop();
	});
	afterEach(async () => {
		const seen = browser.errors.splice(0);
		await page.setViewportSize({ width: 1366, height: 768 });
		await page.emulateMedia({ forcedColors: "none", media: "screen" });
		assert.deepEqual(seen, [], "the page reports no error");
	});
}

const banner = () => page.locator(".hf-banner");
const entries = () => page.locator("[data-entry]");

async function open(path) {
	await page.goto(server.url + path);
	await page.waitForSelector("main h1");
}

async function openPerson(query = "") {
	await page.goto(`${server.url}/people/${person.banner.id}${query}`);
	await banner().waitFor();
}

async function search(text) {
	await page.keyboard.press("/");
	await page.keyboard.type(text);
	await page.waitForSelector("[role=option]");
}

async function noViolations(what) {
	assert.deepEqual(await axeFinds(page), [], `axe on ${what}`);
}

async function fitsWidth(what) {
	const out = await sticksOut(page);
	assert.ok(out <= 0, `${what} sticks out by ${out} px`);
}

test("a person is found by name and opened with the arrow keys", skip, async () => {
	await open("/");
	const [family, given] = person.banner.name.split(/, | \(/);
	await search(`${given.split(" ")[0]} ${family}`.toLowerCase());
	await page.keyboard.press("ArrowDown");
	const first = page.locator("[role=option]").first();
	assert.equal(await first.getAttribute("aria-selected"), "true");
	assert.match(await first.innerText(), new RegExp(family));
	await page.keyboard.press("Enter");
	await banner().waitFor();
	assert.match(await page.locator("h1").innerText(), new RegExp(family));
});

test("a date of birth in any usual spelling finds the same person", skip, async () => {
	const [y, m, d] = person.banner.born.split("-").map(Number);
	const month = new Date(Date.UTC(y, m - 1, d)).toLocaleString("en-GB", {
		month: "long",
		timeZone: "UTC",
	});
	const family = person.banner.name.split(",")[0];
	for (const text of [
		`${d}/${m}/${y}`,
		`${d}.${m}.${y}`,
		`${d} ${month} ${y}`,
		`${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`,
		`${String(d).padStart(2, "0")}${String(m).padStart(2, "0")}${y}`,
		`${d}${month.slice(0, 3)}${y}`,
	]) {
		await open("/");
		await search(`${family} ${text}`);
		const texts = await page.locator("[role=option]").allInnerTexts();
		assert.ok(
			texts.some((t) => t.includes(person.banner.nhsNumber)),
			`"${text}" finds ${person.banner.bornText}`,
		);
	}
});

test("an NHS number finds one person, with blanks and without", skip, async () => {
	for (const text of [person.banner.nhsNumber, person.banner.nhsNumber.replaceAll(" ", "")]) {
		await open("/");
		await search(text);
		assert.equal(await page.locator("[role=option]").count(), 1);
		assert.match(
			await page.locator("[role=option]").innerText(),
			new RegExp(person.banner.nhsNumber),
		);
	}
});

test("an empty result says what to do, and is announced", skip, async () => {
	await open("/");
	await page.keyboard.press("/");
	await page.keyboard.type("qqxx zzyy");
	const said = page.locator("[role=status]", { hasText: "Nobody found" });
	await said.first().waitFor({ state: "attached" });
	await page.keyboard.press("Enter");
	await page.waitForURL(/\/people\?q=/);
	await page.locator("p.hf-empty", { hasText: "Nobody found" }).waitFor();
});

test("a wrong check digit of an NHS number is told", skip, async () => {
	const digits = person.banner.nhsNumber.replaceAll(" ", "");
	const wrong = digits.slice(0, 9) + ((Number(digits[9]) + 1) % 10);
	await open(`/people?q=${wrong}`);
	await page.locator("p.hf-empty", { hasText: "check digit" }).waitFor();
});

test("the results page has its state in the address and says what it looked for", skip, async () => {
	const family = person.banner.name.split(",")[0].toLowerCase();
	await open(`/people?q=${family}`);
	await page.locator(".hf-person").first().waitFor();
	assert.match(await page.locator(".hf-understood").innerText(), new RegExp(family));
	assert.match(await page.locator(".hf-person").first().innerText(), /NHS number/);
});

test("the first screen of a long record is one request and comes fast", skip, async () => {
	assert.ok(person.resources > 3000, `a long record: ${person.resources}`);
	await open("/");
	const asked = [];
	page.on("request", (r) => asked.push(new URL(r.url()).pathname));
	const started = Date.now();
	await openPerson();
	const before = asked.filter((p) => p.startsWith("/api/people"));
	// What the person is on may follow it: the record does not wait for that.
	const own = `/api/people/${person.banner.id}`;
	assert.equal(before[0], own);
	assert.deepEqual(before.slice(1).filter((p) => p !== `${own}/pathways`), []);
	assert.ok(Date.now() - started < 2000, "the banner is there within two seconds");
	assert.equal(await entries().count() >= 50, true);
	page.removeAllListeners("request");
});

test("older entries come as the reader goes on, each once", skip, async () => {
	await openPerson();
	for (let k = 0; k < 3; k++) {
		await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
		await page.waitForTimeout(300);
	}
	await page.waitForFunction(() => document.querySelectorAll("[data-entry]").length >= 150);
	const refs = await entries().evaluateAll((all) => all.map((a) => a.getAttribute("href")));
	assert.equal(new Set(refs).size, refs.length);
});

test("the banner stays in view while the story is read", skip, async () => {
	await openPerson();
	await page.evaluate(() => window.scrollTo(0, 2500));
	const box = await page.locator(".hf-banner__name").boundingBox();
	assert.ok(box && box.y >= 0 && box.y < 200, "the name is on the screen");
	await page.setViewportSize({ width: 360, height: 740 });
	await page.evaluate(() => window.scrollTo(0, 2500));
	const small = await page.locator(".hf-banner__name").boundingBox();
	assert.ok(small && small.y >= 0 && small.y < 100, "on a phone too");
});

test("filters narrow the timeline and stand in the address", skip, async () => {
	await openPerson();
	await page.selectOption("#filter-kind", "observation");
	await page.waitForURL(/kind=observation/);
	await page.waitForFunction(() =>
		[...document.querySelectorAll(".hf-kind")].every((k) => k.textContent === "Observation"),
	);
	await page.fill("#filter-q", "blood pressure");
	await page.waitForURL(/q=blood/);
	await page.waitForFunction(() =>
		[...document.querySelectorAll("[data-entry]")].every((a) => /Blood pressure/.test(a.textContent)),
	);
	const url = page.url();
	await page.goto("about:blank");
	await page.goto(url);
	await page.waitForSelector("[data-entry]");
	assert.equal(await page.inputValue("#filter-q"), "blood pressure");
	await page.click("text=Clear");
	await page.waitForFunction(() => !location.search);
});

test("organisations and settings can be chosen, and nothing else is shown then", skip, async () => {
	await openPerson();
	await page.focus("#filter-org");
	await page.waitForFunction(() => document.querySelectorAll("#filter-org option").length > 2);
	const org = await page.locator("#filter-org option").nth(1).evaluate((o) => ({
		value: o.value,
		text: o.textContent.replace(/ \([\d,]+\)$/, ""),
	}));
	await page.selectOption("#filter-org", org.value);
	await page.waitForURL(/org=/);
	await page.waitForFunction(
		(name) => {
			const from = [...document.querySelectorAll(".hf-entry__from")];
			return from.length > 0 && from.every((f) => f.textContent.startsWith(name));
		},
		org.text,
	);
});

test("a filter that nothing fits says so", skip, async () => {
	await openPerson("?q=zzqqxx");
	await page.locator("text=No entry fits the filter").waitFor();
});

test("an entry opens whole, with its source to the byte, and gives focus back", skip, async () => {
	await openPerson();
	const link = entries().nth(3);
	const title = await link.innerText();
	const ref = new URLSearchParams((await link.getAttribute("href")).slice(1)).get("open");
	await link.focus();
	await page.keyboard.press("Enter");
	const dialog = page.locator("dialog[open]");
	await dialog.waitFor();
	await dialog.locator("h2", { hasText: title }).waitFor();
	assert.match(await dialog.innerText(), new RegExp(person.banner.nhsNumber));
	await dialog.locator("text=Show source").click();
	const shown = await dialog.locator("pre").innerText();
	const stored = await (await fetch(`${server.url}/fhir/${ref}`)).text();
	assert.equal(shown.replace(/\s/g, ""), stored.replace(/\s/g, ""));
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "detached" });
	assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute("data-entry")), true);
});

test("the keyboard alone does everything: search, read, move, open, filter, keys", skip, async () => {
	await open("/figures");
	await page.keyboard.press("?");
	await page.locator("dialog[open] >> text=search for a person").waitFor();
	await page.keyboard.press("Escape");
	await page.keyboard.press("g");
	await page.keyboard.press("s");
	await page.waitForURL(/\/$/);
	await search(person.banner.nhsNumber);
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await banner().waitFor();
	await page.keyboard.press("g");
	await page.keyboard.press("t");
	assert.equal(await page.evaluate(() => document.activeElement?.id), "timeline");
	await page.keyboard.press("g");
	await page.keyboard.press("f");
	assert.equal(await page.evaluate(() => document.activeElement?.id), "filter-kind");
	for (let k = 0; k < 12; k++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate(() => document.activeElement?.hasAttribute("data-entry"))) break;
	}
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	const at = await page.evaluate(() =>
		[...document.querySelectorAll("[data-entry]")].indexOf(document.activeElement),
	);
	assert.equal(at, 2);
	const visible = await page.evaluate(() => {
		const box = document.activeElement.getBoundingClientRect();
		const top = document.elementFromPoint(box.x + 3, box.y + box.height / 2);
		return document.activeElement.contains(top);
	});
	assert.ok(visible, "what has focus is not hidden behind the banner");
	await page.keyboard.press("Enter");
	await page.locator("dialog[open]").waitFor();
	await page.keyboard.press("Escape");
	await page.locator("dialog[open]").waitFor({ state: "detached" });
});

test("single keys can be turned off, and typing never triggers them", skip, async () => {
	await open("/figures");
	await page.keyboard.press("?");
	await page.locator("dialog[open] input[type=checkbox]").click();
	await page.keyboard.press("Escape");
	await page.keyboard.press("g");
	await page.keyboard.press("s");
	await page.waitForTimeout(200);
	assert.match(page.url(), /figures/);
	await page.click("text=Keys");
	await page.locator("dialog[open] input[type=checkbox]").click();
	await page.keyboard.press("Escape");
	await page.focus("input[data-person-search]");
	await page.keyboard.type("g s?");
	assert.equal(await page.inputValue("input[data-person-search]"), "g s?");
});

test("people opened in this tab are listed on the start page", skip, async () => {
	await openPerson();
	await page.click("a.hf-header__name");
	await page.locator(".hf-recent a", { hasText: person.banner.name }).waitFor();
});

test("an address that leads nowhere says so and shows a way on", skip, async () => {
	const reply = await page.goto(`${server.url}/no/such/page`);
	assert.equal(reply.status(), 404);
	await page.locator("h1", { hasText: "Page not found" }).waitFor();
	await openNobody();
	async function openNobody() {
		await page.goto(`${server.url}/people/nobody-at-all`);
		await page.locator("[role=alert]", { hasText: "No person has this address" }).waitFor();
	}
});

test("axe finds nothing on any page, wide, narrow and in forced colours", skip, async () => {
	const family = person.banner.name.split(",")[0].toLowerCase();
	for (const size of [
		{ width: 1366, height: 768 },
		{ width: 360, height: 740 },
	]) {
		await page.setViewportSize(size);
		for (const path of ["/", `/people?q=${family}`, "/people?q=qqxxzz", "/figures", "/organisations", "/nowhere"]) {
			await open(path);
			await page.waitForLoadState("networkidle");
			await noViolations(`${path} at ${size.width}`);
			if (path !== "/organisations") await fitsWidth(`${path} at ${size.width}`);
		}
		await openPerson();
		await page.waitForLoadState("networkidle");
		await noViolations(`person at ${size.width}`);
		await fitsWidth(`person at ${size.width}`);
		await entries().nth(1).click();
		await page.locator("dialog[open] .hf-elements").first().waitFor();
		await page.locator("dialog[open] >> text=Show source").click();
		await noViolations(`entry at ${size.width}`);
		await page.keyboard.press("Escape");
		await open("/");
		await search(family);
		await noViolations(`search list at ${size.width}`);
	}
	await page.setViewportSize({ width: 1366, height: 768 });
	await page.emulateMedia({ forcedColors: "active" });
	await openPerson();
	await noViolations("person in forced colours");
});

test("at 200 % zoom and on a phone nothing is cut off at the side", skip, async () => {
	for (const size of [
		{ width: 683, height: 384 },
		{ width: 360, height: 740 },
		{ width: 320, height: 600 },
	]) {
		await page.setViewportSize(size);
		await openPerson();
		await fitsWidth(`person at ${size.width}`);
	}
});

test("print leaves the header and filters out and keeps who it is", skip, async () => {
	await openPerson();
	await page.emulateMedia({ media: "print" });
	assert.equal(await page.locator(".hf-header").isVisible(), false);
	assert.equal(await page.locator(".hf-filter").isVisible(), false);
	assert.equal(await page.locator(".hf-banner__name").isVisible(), true);
});

test("the pages allow no inline script and keep no record in the browser's cache", skip, async () => {
	const html = await fetch(`${server.url}/`);
	assert.match(html.headers.get("content-security-policy"), /script-src 'self'/);
	assert.doesNotMatch(html.headers.get("content-security-policy"), /unsafe-inline/);
	const again = await fetch(`${server.url}/`, {
		headers: { "if-none-match": html.headers.get("etag") },
	});
	assert.equal(again.status, 304);
	const view = await fetch(`${server.url}/api/people/${person.banner.id}`);
	assert.equal(view.headers.get("cache-control"), "no-store");
	assert.equal((await fetch(`${server.url}/api/people?nonsense=1`)).status, 400);
	const error = await (await fetch(`${server.url}/api/people?limit=0`)).json();
	assert.equal(error.error.path, "limit");
	assert.match(error.error.text, /^[A-Z].*\.$/);
});

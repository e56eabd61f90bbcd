// Whose records are one person's, in a real browser: the queue, two records side by side,
// the decision and its undo, with the keyboard alone where that is said, and axe.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { axeFinds, cannot, startBrowser, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const reason = "she came to the desk and showed both letters";
const verified = {
	url: "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
	valueCodeableConcept: { coding: [{ code: "01" }] },
};
const number = (value) => [
	{ extension: [verified], system: "https://fhir.nhs.uk/Id/nhs-number", value },
];
let server, browser, page;

async function put(id, more) {
	const r = await fetch(`${server.url}/fhir/Patient/${id}`, {
		method: "PUT",
		headers: { "content-type": "application/fhir+json" },
		body: JSON.stringify({
			resourceType: "Patient",
			id,
			name: [{ family: "Featherstone", given: ["Mary"] }],
			gender: "female",
			birthDate: "1942-03-05",
			address: [{ line: ["14 Orchard Street"], postalCode: "WZ3 4CD" }],
			...more,
		}),
	});
	assert.ok(r.ok, await r.text());
}

if (!why) {
	before(async () => {
		server = await startServer();
		browser = await startBrowser();
		page = browser.page;
		await put("one", { identifier: number("9990000018") });
		await put("two", { identifier: number("9990000018"), birthDate: "1942-03-06" });
		await put("three", { identifier: number("9990000026"), birthDate: "1950-01-02" });
		await put("four", { identifier: number("9990000026"), birthDate: "1950-01-02" });
	});
	after(async () => {
		await browser?.stop();
		await server?.stop();
	});
	afterEach(async () => {
		const seen = browser.errors.splice(0);
		await page.setViewportSize({ width: 1366, height: 768 });
		assert.deepEqual(seen, [], "the page reports no error");
	});
}

async function open(path) {
	await page.goto(server.url + path);
	await page.waitForSelector("main h1");
}

async function noViolations(what) {
	assert.deepEqual(await axeFinds(page), [], `axe on ${what}`);
}

/** Goes on by Tab until an element of this selector has the focus. */
async function tabTo(selector) {
	for (let i = 0; i < 80; i++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
	}
	assert.fail(`Tab never reaches ${selector}`);
}

test("a pair that waits is found, compared and decided by keyboard alone", skip, async () => {
	await open("/identity");
	await page.waitForSelector("table");
	await noViolations("the queue");
	await tabTo('main a[href*="/identity/pair/one/two"]');
	await page.keyboard.press("Enter");
	await page.waitForSelector(".hf-sides");
	await noViolations("a pair");
	const table = await page.locator(".hf-sides").innerText();
	assert.match(table, /05-Mar-1942/);
	assert.match(table, /06-Mar-1942/);
	assert.match(table, /alike but for one digit/);
	// Without a decision and a reason it says what is missing, and where.
	await tabTo("main form button[type=submit]");
	await page.keyboard.press("Enter");
	await page.waitForSelector(".hf-problem");
	assert.match(await page.locator(".hf-problem").innerText(), /Choose what they are/);
	assert.match(await page.locator(".hf-problem").innerText(), /at least 10 characters/);
	await noViolations("a pair with mistakes");
	await tabTo("main input[type=radio]");
	await page.keyboard.press("Space");
	await tabTo("main textarea");
	await page.keyboard.type(reason);
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	await page.waitForSelector(".hf-done");
	assert.match(await page.locator("h1").innerText(), /one person/);
	assert.match(await page.locator(".hf-done").innerText(), /linked/);
	await noViolations("a pair that was decided");
});

test("a link is undone on the page of its person, with a reason", skip, async () => {
	await open("/identity/persons/one");
	await page.waitForSelector("table");
	await noViolations("the links of a person");
	assert.equal(await page.locator("table").first().locator("tbody tr").count(), 2);
	await page.locator("button", { hasText: "Undo link" }).first().click();
	await page.waitForSelector("dialog[open]");
	await noViolations("the question before undoing");
	await page.locator("dialog textarea").fill("too short");
	await page.locator("dialog button[type=submit]").click();
	assert.match(await page.locator("dialog .hf-problem").innerText(), /at least 10 characters/);
	await page.locator("dialog textarea").fill("it was her sister who came");
	await page.locator("dialog button[type=submit]").click();
	await page.waitForSelector(".hf-done");
	assert.match(await page.locator(".hf-done").innerText(), /as it would be without it/);
	await page.waitForFunction(
		() => document.querySelector("table")?.querySelectorAll("tbody tr").length === 1,
	);
	assert.match(await page.locator("main").innerText(), /it was her sister who came/);
	// It waits again.
	await open("/identity");
	await page.waitForSelector('main a[href*="/identity/pair/one/two"]');
});

test("a record is taken out of its person and is not linked again", skip, async () => {
	await open("/identity/persons/three");
	await page.waitForSelector("table");
	assert.equal(await page.locator("table").first().locator("tbody tr").count(), 2);
	await page.locator("button", { hasText: "Take out" }).nth(1).click();
	await page.locator("dialog textarea").fill("a number given to the wrong one");
	await page.locator("dialog button[type=submit]").click();
	await page.waitForSelector(".hf-done");
	await put("four", { identifier: number("9990000026"), birthDate: "1950-01-02", gender: "female", active: true });
	await open("/identity/persons/three");
	await page.waitForSelector("table");
	assert.equal(await page.locator("table").first().locator("tbody tr").count(), 1);
	assert.match(await page.locator("main").innerText(), /Kept apart/);
});

test("what is not there is said, and nothing sticks out of a small screen", skip, async () => {
	await open("/identity/pair/one/nobody");
	await page.waitForSelector(".hf-problem");
	await page.setViewportSize({ width: 360, height: 740 });
	for (const path of ["/identity", "/identity/pair/one/two", "/identity/persons/one"]) {
		await open(path);
		await page.waitForSelector("table", { state: "attached" });
		const out = await sticksOut(page);
		assert.ok(out <= 0, `${path} sticks out by ${out} px`);
		await noViolations(`${path} on a small screen`);
	}
});

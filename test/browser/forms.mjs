// Forms in a real browser: by keyboard alone where that is said, scored as one types, kept
// as a draft, in words for a screen reader (axe), on a phone.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { axeFinds, cannot, startBrowser, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
let server, browser, page;

const born = (years) => new Date(Date.now() - years * 365.25 * 864e5).toISOString().slice(0, 10);

async function put(id, years) {
	const r = await fetch(`${server.url}/fhir/Patient/${id}`, {
		method: "PUT",
		headers: { "content-type": "application/fhir+json" },
		body: JSON.stringify({
			resourceType: "Patient",
			id,
			name: [{ family: "Featherstone", given: [id] }],
			birthDate: born(years),
		}),
	});
	assert.ok(r.ok, await r.text());
}

if (!why) {
	before(async () => {
		server = await startServer();
		browser = await startBrowser();
		page = browser.page;
		await put("mary", 82);
		await put("tom", 9);
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

async function openForm(form, person = "mary") {
	await open(`/people/${person}/forms/${form}`);
	await page.waitForSelector(".hf-form");
}

async function noViolations(what) {
	assert.deepEqual(await axeFinds(page), [], `axe on ${what}`);
}

/** Goes on by Tab until the element with this id has the focus. */
async function tabTo(selector) {
	for (let i = 0; i < 80; i++) {
		if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
		await page.keyboard.press("Tab");
	}
	assert.fail(`Tab never reaches ${selector}`);
}

async function type(id, text) {
	await tabTo(`#form-${id}`);
	await page.keyboard.type(text);
}

const score = () => page.locator(".hf-score").innerText();
const scoreSays = (what) =>
	page.waitForFunction((t) => new RegExp(t).test(document.querySelector(".hf-score")?.innerText ?? ""), what);
const get = async (path) => (await fetch(server.url + path)).json();

test("the forms of a person are found from their record, with why one is not for them", skip, async () => {
	await open("/people/tom");
	await page.click('a:text-is("Forms and scores")');
	await page.waitForSelector(".hf-forms");
	await noViolations("the list of forms");
	const list = await page.locator("main").innerText();
	assert.match(list, /NEWS2: is this person deteriorating\? From 16 years on/);
	assert.equal(await page.locator('a:has-text("NEWS2")').count(), 0);
	assert.equal(await page.locator('a:has-text("National PEWS")').count(), 1);
	await openForm("pews", "tom");
	assert.match(await score(), /no tables for this score here/);
});

test("NEWS2 by keyboard alone: partial until all seven are there, then its level (R-3.5)", skip, async () => {
	await openForm("news2");
	await noViolations("NEWS2");
	await type("respiration", "22");
	await tabTo("#form-oxygen");
	await page.keyboard.press("Space"); // air
	await type("spo2", "95");
	await type("systolic", "105");
	await type("pulse", "95");
	await tabTo("#form-consciousness");
	await page.keyboard.press("Space"); // alert
	await scoreSays("Partial: Temperature missing");
	assert.doesNotMatch(await score(), /out of 20/);
	await type("temperature", "38.05");
	await scoreSays("out of 20");
	const now = await score();
	assert.match(now, /^NEWS2\s+6 out of 20\s+Medium: urgent response threshold/);
	assert.match(now, /think sepsis/);
	await tabTo("main form button[type=submit]");
	await page.keyboard.press("Enter");
	await page.waitForSelector(".hf-done");
	assert.match(await page.locator(".hf-done").innerText(), /NEWS2: 6 out of 20\. Medium: urgent response threshold/);
	await noViolations("NEWS2 after it was recorded");
	await page.waitForSelector(".hf-scores table");
	// It is in the timeline of the person, in words.
	await page.click('a:text-is("Back to the record")');
	await page.waitForSelector(".hf-record");
	const record = await page.locator("main").innerText();
	assert.match(record, /6 out of 20/);
	assert.match(record, /Medium: urgent response threshold/);
	assert.match(record, /NEWS2: is this person deteriorating\?/);
});

test("what is impossible is said at its field, what is extreme is asked again", skip, async () => {
	await openForm("news2");
	await page.fill("#form-spo2", "101");
	await page.waitForSelector("#form-spo2-error");
	assert.match(await page.locator("#form-spo2-error").innerText(), /impossible/);
	await page.fill("#form-spo2", "9o");
	await page.click('button:text-is("Record")');
	await page.waitForSelector(".hf-problem");
	assert.match(await page.locator(".hf-problem").innerText(), /Oxygen saturation \(SpO2\): Enter a whole number/);
	await page.fill("#form-spo2", "95");
	await page.fill("#form-pulse", "260");
	await page.waitForSelector(".hf-form__extreme");
	await noViolations("an extreme value");
	await page.click('button:text-is("Record")');
	await page.waitForFunction(() => /extreme/.test(document.querySelector(".hf-problem")?.innerText ?? ""));
	await noViolations("a form with mistakes");
	// The summary has the focus, and leads to the field.
	assert.ok(await page.evaluate(() => document.activeElement?.classList.contains("hf-problem")));
	await page.locator(".hf-problem a").first().click();
	assert.equal(await page.evaluate(() => document.activeElement?.id), "form-pulse");
	await page.check(".hf-form__extreme input");
	await page.click('button:text-is("Record")');
	await page.waitForSelector(".hf-done");
	assert.match(await page.locator(".hf-done").innerText(), /partial: .*Temperature missing/);
	// Once there is more than one value, there is a picture and a table behind it.
	const table = await page.locator(".hf-scores").innerText();
	assert.match(table, /partial/);
});

test("a draft is kept, comes back with its time, and goes", skip, async () => {
	await openForm("about-me");
	await page.fill("#form-matters", "my garden, and that nobody hurries me");
	// In the browser at once …
	assert.match(await page.evaluate(() => JSON.stringify(localStorage)), /my garden/);
	// … and on the server a few seconds later; then the browser's copy goes.
	await page.waitForFunction(() => [...document.querySelectorAll("[role=status]")].some((e) => e.innerText === "Draft kept"), null, { timeout: 15_000 });
	assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /my garden/);
	const { drafts } = await get("/api/drafts");
	assert.deepEqual(drafts.map((d) => d.key), ["form.mary.about-me"]);
	await open("/people/mary/forms");
	await page.waitForSelector("text=You have a draft of");
	await openForm("about-me");
	await page.waitForSelector("text=You have a draft of");
	assert.equal(await page.inputValue("#form-matters"), "my garden, and that nobody hurries me");
	await noViolations("a form with its draft");
	await page.click('button:text-is("Throw the draft away")');
	assert.equal(await page.inputValue("#form-matters"), "");
	await page.waitForFunction(async () => (await (await fetch("/api/drafts")).json()).drafts.length === 0);
	// What the server does not have comes back from the browser.
	await page.fill("#form-matters", "typed just before the lights went out");
	await page.reload();
	await page.waitForSelector("text=You have a draft of");
	assert.equal(await page.inputValue("#form-matters"), "typed just before the lights went out");
	await page.click('button:text-is("Throw the draft away")');
});

test("questions come and go by what was answered; groups repeat; mistakes are named by their turn", skip, async () => {
	await openForm("contingency");
	await noViolations("the contingency plan");
	assert.equal(await page.locator("#form-anticipatory-where").count(), 0);
	await page.locator("#form-anticipatory").check();
	await page.waitForSelector("#form-anticipatory-where");
	await page.locator('fieldset:has(#form-anticipatory) label:text-is("No")').click();
	assert.equal(await page.locator("#form-anticipatory-where").count(), 0);
	await page.fill("#form-trigger_0__sign", "more breathless");
	await page.fill("#form-trigger_0__do", "rescue pack");
	await page.fill("#form-trigger_0__call", "the hub");
	await page.click('button:has-text("Add another When this happens")');
	await page.fill("#form-trigger_1__sign", "a fall");
	await page.fill("#form-agreed", "her daughter");
	await page.fill("#form-agreed-on", "2026-02-03");
	await page.click('button:text-is("Record")');
	await page.waitForSelector(".hf-problem");
	const problem = await page.locator(".hf-problem").innerText();
	assert.match(problem, /What should happen \(2\): An answer is needed/);
	assert.doesNotMatch(problem, /What should happen \(1\)/);
	await page.locator(".hf-problem a").first().click();
	assert.equal(await page.evaluate(() => document.activeElement?.id), "form-trigger_1__do");
	// Going on typing, the focus stays where it is.
	await page.keyboard.type("stay with her");
	assert.equal(await page.evaluate(() => document.activeElement?.id), "form-trigger_1__do");
	// The first turn goes; the second is the first then, as it was typed.
	await page.locator('button:has-text("Remove When this happens (1)")').click();
	assert.equal(await page.inputValue("#form-trigger_0__sign"), "a fall");
	await page.fill("#form-trigger_0__do", "ring the hub");
	await page.fill("#form-trigger_0__call", "the hub");
	await page.click('button:text-is("Record")');
	await page.waitForSelector(".hf-done");
	const found = await get("/fhir/QuestionnaireResponse?patient=mary&questionnaire=https://homefirst.example/Questionnaire/contingency%7C1.0.0");
	const [plan] = found.entry.map((e) => e.resource).filter((r) => r.resourceType === "QuestionnaireResponse");
	assert.equal(plan.item.filter((i) => i.linkId === "trigger").length, 1);
});

test("what a form reckons is shown as one types and recorded", skip, async () => {
	await openForm("must");
	await page.fill("#form-weight", "48.5");
	await page.fill("#form-height", "165");
	await page.waitForFunction(() => /17\.8/.test(document.querySelector(".hf-reckoned output")?.textContent ?? ""));
	await noViolations("MUST");
	await page.locator('label:text-is("under 18.5")').click();
	await page.locator('label:text-is("under 5 %")').click();
	await page.locator('fieldset:has(#form-acute) label:text-is("No")').click();
	await scoreSays("out of 6");
	await page.click('button:text-is("Record")');
	await page.waitForSelector(".hf-done");
	assert.match(await page.locator(".hf-done").innerText(), /MUST: 2 out of 6\. High risk/);
});

test("item 9 of PHQ-9 says, before and after, that a task is made for today", skip, async () => {
	await openForm("phq-9");
	await page.locator('fieldset:has(#form-q9) label:text-is("Several days")').click();
	await scoreSays("a task for today is made");
	await noViolations("PHQ-9");
	await page.waitForSelector("#form-q9-said");
	await page.click('button:text-is("Record")');
	await page.waitForSelector(".hf-done");
	assert.match(await page.locator(".hf-done").innerText(), /A task was made for today/);
});

test("forms fit a phone, and the score stays in sight", skip, async () => {
	await page.setViewportSize({ width: 360, height: 740 });
	for (const form of ["news2", "contingency", "cga", "falls-risk", "must"]) {
		await openForm(form);
		assert.ok((await sticksOut(page)) <= 0, `${form} sticks out by ${await sticksOut(page)} px`);
		await noViolations(`${form} on a phone`);
	}
	await openForm("news2");
	await page.fill("#form-respiration", "22");
	await scoreSays("Partial");
	await page.locator("#form-systolic").evaluate((e) => e.scrollIntoView({ block: "center" }));
	const box = await page.locator(".hf-score").boundingBox();
	assert.ok(box.y + box.height <= 741 && box.y > 300, JSON.stringify(box));
	await open("/people/mary/forms");
	assert.ok((await sticksOut(page)) <= 0);
});

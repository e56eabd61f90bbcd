// People on pathways in a real browser: the panel of the person's page, begin, move, a
// task, the story, the work list; words for a screen reader (axe), a phone, what is refused.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { axeFinds, cannot, startBrowser, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
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

const shot = async (name) => {
	if (!shots) return;
	mkdirSync(shots, { recursive: true });
	await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};

async function looksRight(name) {
	await shot(name);
	assert.deepEqual(await axeFinds(page), [], `${name}: axe`);
	await page.setViewportSize({ width: 320, height: 640 });
	assert.ok((await sticksOut(page)) <= 0, `${name}: nothing sticks out at 320 px`);
	await shot(`${name}-phone`);
	await page.setViewportSize({ width: 1366, height: 768 });
}

if (!why) {
	before(async () => {
		server = await startServer();
		browser = await startBrowser();
		page = browser.page;
		await put("mary", 82);
	});
	after(async () => {
		await browser?.stop();
		await server?.stop();
	});
	afterEach(async () => {
		assert.deepEqual(browser.errors.splice(0), [], "the page reports no error");
	});
}

test("a pathway begins on the person's page, says what it needs, and is moved to its end", { ...skip, timeout: 120_000 }, async () => {
	await page.goto(`${server.url}/people/mary`);
	await page.locator("#part-pathways").waitFor();
	await page.getByText("On no pathway that you may see.").waitFor();
	await page.getByText("Begin a pathway").click();
	await page.getByLabel("Pathway", { exact: true }).selectOption("frailty");
	await looksRight("begin");
	// What is not known is asked: it does not begin.
	await page.getByRole("button", { name: "Begin Frailty at home" }).click();
	await page.getByRole("alert").filter({ hasText: "needs to know more" }).waitFor();
	await page.getByLabel(/Clinical Frailty Scale/).fill("6");
	await page.getByLabel("The person has declined this pathway").selectOption("false");
	await page.getByRole("button", { name: "Begin Frailty at home" }).click();
	await page.getByRole("heading", { name: /Frailty at home/ }).waitFor();

	const go = async (event, title, fill) => {
		await page.locator(`[data-do="${event}"]`).click();
		const form = page.getByRole("form", { name: title });
		if (fill) await fill(form);
		await form.getByRole("button", { name: title }).click();
	};
	await go("start", "Invite");
	await page.getByText("Answer to the invitation").waitFor();
	await page.getByRole("button", { name: "Done: Invite" }).click();
	await page.getByRole("button", { name: "It is done" }).click();
	await page.getByText("Task done").waitFor();
	await go("agreed", "Agrees");
	await page.getByText("Comprehensive geriatric assessment").waitFor();
	await looksRight("instance");

	await page.goto(`${server.url}/people/mary`);
	await page.locator(".hf-case").getByText("Being assessed").waitFor();
	await page.locator(".hf-case").getByText("Assessment within 28 days").waitFor();
	await looksRight("person");

	await page.goto(`${server.url}/pathways/work`);
	await page.getByRole("link", { name: /FEATHERSTONE/i }).first().waitFor();
	await page.getByLabel("For which role").selectOption("pharmacist");
	await page.getByText("Medicines review").waitFor();
	assert.equal(await page.getByText("Comprehensive geriatric assessment").count(), 0);
	await looksRight("work");
});

test("a form that a task asks for closes it", { ...skip, timeout: 60_000 }, async () => {
	await put("tom", 40);
	const post = (path, body) =>
		fetch(server.url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).then((r) => r.json());
	const { instance } = await post("/api/people/tom/pathways", { pathway: "mental-health-crisis", facts: { priority: "2" } });
	for (const [event, facts] of [["detain-136", {}], ["release-136", {}]])
		assert.ok((await post(`/api/instances/${instance.id}/moves`, { event, facts })).instance, event);
	await page.goto(`${server.url}/instances/${instance.id}`);
	await page.getByRole("link", { name: "safety plan" }).click();
	await page.waitForURL(/forms\/safety-plan/);
});

// The chart of a measure as somebody marks it, asks what changed, and sees what others
// report: in a real browser; axe, a narrow screen.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeFinds, cannot, startScreens, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
let server, screens, errors, stop, page;

async function looks(name) {
	await page.waitForLoadState("networkidle");
	if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
	assert.deepEqual(await axeFinds(page), [], name);
	await page.setViewportSize({ width: 320, height: 640 });
	assert.equal(await sticksOut(page), 0, `${name} at 320 px`);
	if (shots) await page.screenshot({ path: join(shots, `${name}-320.png`), fullPage: true });
	await page.setViewportSize({ width: 1366, height: 768 });
}

if (!why) {
	before(async () => {
		server = await startServer({ demonstration: true });
		({ screens, errors, stop } = await startScreens(server, ["analyst", "lay"]));
		page = screens.analyst;
		for (let i = 0; i < 100; i++) {
			const r = await page.request.get(`${server.url}/api/population/measures`);
			if (r.status() === 200) break;
			await new Promise((go) => setTimeout(go, 200));
		}
	});
	after(async () => {
		await stop?.();
		await server?.stop();
	});
}

test("an analyst writes on a chart and withdraws it; others read it", skip, async () => {
	await page.goto(`${server.url}/outcomes/ae-attendances`);
	await page.getByRole("button", { name: "Write on this chart" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Write it" }).click();
	await dialog.getByText("There is a problem").waitFor();
	const month = await dialog.getByLabel("At").locator("option").nth(12).getAttribute("value");
	await dialog.getByLabel("At").selectOption(month);
	await dialog.getByLabel("Note", { exact: true }).fill("A walk-in centre closed.");
	await looks("chart-write");
	await dialog.getByRole("button", { name: "Write it" }).click();
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("cell", { name: "A walk-in centre closed.", exact: true }).waitFor();
	// Limits that are not to begin anew: the rule is said at the field.
	await page.getByRole("button", { name: "Write on this chart" }).click();
	await dialog.getByLabel("Limits begin anew here").check();
	await dialog.getByLabel("At").selectOption({ index: 1 });
	await dialog.getByLabel("A run of seven").check();
	await dialog.getByLabel("Reason").fill("We would like it to look better.");
	await dialog.getByRole("button", { name: "Write it" }).click();
	await dialog.getByText(/fewer than 7 points|no run of 7|no point/i).first().waitFor();
	await page.keyboard.press("Escape");
	// Limits frozen of the points before: those of before stay in sight.
	await page.getByRole("button", { name: "Write on this chart" }).click();
	await dialog.getByLabel("Limits are those of the points before").check();
	await dialog.getByLabel("At").selectOption({ index: 18 });
	await dialog.getByLabel("Reason").fill("The year and a half before the programme.");
	await dialog.getByRole("button", { name: "Write it" }).click();
	await dialog.waitFor({ state: "detached" });
	await page.getByText("Somebody moved the limits").waitFor();
	assert.ok((await page.locator(".hf-spc__was").count()) === 3);
	await looks("chart-marked");
	await screens.lay.goto(`${server.url}/outcomes/ae-attendances`);
	await screens.lay.getByRole("cell", { name: "A walk-in centre closed.", exact: true }).waitFor();
	assert.equal(await screens.lay.getByRole("button", { name: "Write on this chart" }).count(), 0);
	await page.getByRole("button", { name: /^Withdraw.*programme/ }).click();
	await dialog.getByLabel("Why").fill("The programme has not begun.");
	await dialog.getByRole("button", { name: "Withdraw it" }).click();
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("button", { name: "All versions, all areas" }).click();
	await dialog.getByText("(withdrawn)").first().waitFor();
	await looks("chart-versions");
	await page.keyboard.press("Escape");
});

test("what changed at a day is drawn with what it cannot say", skip, async () => {
	await page.goto(`${server.url}/outcomes/ae-attendances`);
	await page.getByLabel("From").selectOption({ index: 14 });
	await page.getByText("What this can and cannot say").waitFor();
	await page.getByRole("heading", { name: /^Before and after/ }).waitFor();
	await looks("chart-effect");
	// In a small area too much is hidden: it says so, and draws nothing.
	await page.getByLabel("Show").selectOption({ index: 2 });
	await page.getByText(/cannot be said|against a mixture of the others/).first().waitFor();
	await looks("chart-effect-small");
	assert.deepEqual(errors, []);
});

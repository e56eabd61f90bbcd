// Most in need, in a real browser: a list is made, its rows open to the evidence, a name
// goes onto a team's agenda by keyboard, and the check for fairness has its tables.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { bin, serve } from "../support/e2e.mjs";
import { axeFinds, cannot, startScreens, startServer, sticksOut } from "../support/pages.mjs";
import { demoUser } from "../support/people.mjs";

const fill = join(dirname(bin), "test/unit/population/need_fill");
const why = cannot() || (existsSync(fill) ? "" : `there is no ${fill}`);
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
let server, screens, errors, stop;

async function prepare(data) {
	const one = await serve(data, ["--demonstration"], { open: false });
	const ods = (await (await demoUser(one.url, "gp")).session()).actor.orgCode;
	await one.stop();
	execFileSync(fill, [data, ods]);
}

async function shot(page, name) {
	if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

if (!why) {
	before(async () => {
		// The rows of the population are written while no server has the store.
		server = await startServer({ demonstration: true, prepare });
		({ screens, errors, stop } = await startScreens(server, ["pharmacist", "analyst"]));
	});
	after(async () => {
		await stop?.();
		await server?.stop();
	});
}

test("a list is made, explained, answered and checked", skip, async () => {
	const page = screens.pharmacist;
	await page.goto(`${server.url}/need`);
	for (let i = 0; i < 50 && (await page.getByRole("button", { name: /^Make the list/ }).count()) === 0; i++) {
		await page.waitForTimeout(200);
		await page.reload();
		await page.waitForLoadState("networkidle");
	}
	await shot(page, "need-start");
	assert.deepEqual(await axeFinds(page), []);
	await page.getByLabel("List", { exact: true }).selectOption("most-in-need");
	await page.getByLabel("Free places").fill("12");
	await page.getByRole("button", { name: /^Make the list/ }).click();
	await page.getByRole("heading", { level: 1, name: /Most in need/ }).waitFor();
	await page.getByText("for 12 places").waitFor();
	assert.ok((await page.getByText("it is no diagnosis").count()) > 0);
	await shot(page, "need-list");
	assert.deepEqual(await axeFinds(page), []);

	const evidence = page.getByRole("button", { name: /^Evidence about/ }).first();
	await evidence.focus();
	await page.keyboard.press("Enter");
	await page.getByRole("dialog").getByText("What gave the points").first().waitFor();
	await shot(page, "need-evidence");
	assert.deepEqual(await axeFinds(page), []);
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "detached" });

	await page.getByRole("button", { name: /^Propose or not now/ }).first().press("Enter");
	await page.getByRole("combobox", { name: "Team" }).selectOption({ index: 1 });
	await shot(page, "need-answer");
	assert.deepEqual(await axeFinds(page), []);
	await page.getByRole("button", { name: "Put on the team's agenda" }).press("Enter");
	await page.getByText("On a team's agenda").first().waitFor();

	await page.getByRole("button", { name: /^Check across/ }).press("Enter");
	await page.getByRole("heading", { name: /^Deprivation/ }).waitFor();
	await shot(page, "need-fair");
	assert.deepEqual(await axeFinds(page), []);
	await page.setViewportSize({ width: 320, height: 700 });
	assert.equal(await sticksOut(page), 0);
	await shot(page, "need-phone");
	await page.setViewportSize({ width: 1366, height: 768 });
	assert.deepEqual(errors.splice(0), []);
});

test("an analyst sees counts and no names", skip, async () => {
	const page = screens.analyst;
	await page.goto(`${server.url}/need/1`);
	await page.getByText("Your role sees counts").waitFor();
	assert.equal(await page.getByRole("button", { name: /^Evidence/ }).count(), 0);
	await shot(page, "need-analyst");
	assert.deepEqual(await axeFinds(page), []);
	assert.deepEqual(errors.splice(0), []);
});

// Outcomes, the explorer and the contract, in a real browser: what a figure says, opens
// and hides; axe, a narrow screen, the keyboard.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bin } from "../support/e2e.mjs";
import { axeFinds, cannot, startScreens, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
let server, screens, errors, stop;

const figures = new URL("../../definitions/contracts/figures/acute-2020.csv", import.meta.url).pathname;

async function shot(page, name) {
	if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

async function at(page, path, name) {
	await page.goto(server.url + path);
	await page.waitForLoadState("networkidle");
	await page.getByRole("heading", { level: 1 }).waitFor();
	await shot(page, name);
	assert.deepEqual(await axeFinds(page), [], path);
	await page.setViewportSize({ width: 320, height: 640 });
	assert.equal(await sticksOut(page), 0, `${path} at 320 px`);
	await page.setViewportSize({ width: 1366, height: 768 });
}

if (!why) {
	before(async () => {
		server = await startServer({
			demonstration: true,
			prepare: async (data) =>
				execFileSync(bin, ["contract", "input", "--data", data, "acute-2020", figures], { stdio: "ignore" }),
		});
		({ screens, errors, stop } = await startScreens(server, ["analyst", "signatory", "trustsignatory", "lay"]));
		for (let i = 0; i < 100; i++) {
			const r = await screens.analyst.request.get(`${server.url}/api/population/measures`);
			if (r.status() === 200) break;
			await new Promise((go) => setTimeout(go, 200));
		}
	});
	after(async () => {
		await stop?.();
		await server?.stop();
	});
}

test("the framework is shown, each measure opens to its charts and numbers", skip, async () => {
	const page = screens.analyst;
	await at(page, "/outcomes", "outcomes");
	assert.ok((await page.locator(".hf-card").count()) >= 25);
	await page.getByRole("link", { name: "Emergency admissions", exact: true }).first().press("Enter");
	await page.getByRole("heading", { level: 1, name: "Emergency admissions" }).waitFor();
	await at(page, "/outcomes/emergency-admissions", "measure");
	const numbers = page.getByText("The numbers: By locality");
	await numbers.press("Enter");
	assert.ok((await page.getByRole("table", { name: "By locality" }).getByRole("row").count()) > 5);
	await page.locator(".hf-bar select").first().selectOption("sex");
	await page.getByRole("heading", { name: "By sex" }).waitFor();
});

test("each bar of the explorer is a filter, by keyboard too, and all is reckoned anew", skip, async () => {
	const page = screens.analyst;
	await at(page, "/explore", "explore");
	const people = async () => Number((await page.getByRole("status").locator("strong").innerText()).replace(/,/g, ""));
	const before = await people();
	const old = page.getByRole("button", { name: /^75 to 84/ });
	await old.focus();
	const began = Date.now();
	await page.keyboard.press("Enter");
	await page.getByRole("button", { name: "take all filters off" }).waitFor();
	await page.waitForFunction((n) => Number(document.querySelector('[role="status"] strong')?.textContent?.replace(/,/g, "")) < n, before);
	console.log(`a filter to the new number on screen: ${Date.now() - began} ms`);
	assert.ok((await people()) < before / 5);
	assert.match(page.url(), /f=age/);
	// The map is of those who are left, and a shape is a filter as its bar is.
	const shape = page.locator(".hf-map g").first();
	assert.doesNotMatch(await shape.textContent(), /100\.0 %/);
	await shape.click();
	await page.locator('.hf-histogram').first().locator('[aria-pressed="true"]').waitFor();
	assert.match(decodeURIComponent(page.url()), /locality=/);
	await page.getByText("The numbers: Where they live").press("Enter");
	await page.getByRole("table", { name: "By locality" }).waitFor();
	await page.getByLabel("Over time").selectOption("GP");
	await page.getByRole("heading", { name: "General practice" }).waitFor();
	await page.getByRole("button", { name: "take all filters off" }).press("Enter");
	await page.waitForFunction((n) => Number(document.querySelector('[role="status"] strong')?.textContent?.replace(/,/g, "")) === n, before);
});

test("a quarter is stated, signed by both parties, and opens to how it came about", skip, async () => {
	const one = screens.signatory;
	const other = screens.trustsignatory;
	await at(one, "/contract/acute-2020", "contract");
	await one.getByText("3 Cost & volume: its lines").press("Enter");
	await one.getByRole("button", { name: /how MRI/ }).press("Enter");
	await one.getByRole("dialog").getByText("£178,637.48").waitFor();
	assert.deepEqual(await axeFinds(one), []);
	await one.keyboard.press("Escape");

	await at(one, "/contract/acute-2020/statements", "statements");
	await one.getByRole("button", { name: "Quarter 1" }).press("Enter");
	await one.getByRole("heading", { level: 1, name: /Statement of quarter 1/ }).waitFor();
	assert.ok((await one.getByText("+£322,936.45").count()) > 0);
	await one.getByRole("button", { name: /^Sign for/ }).press("Enter");
	await one.getByText("You signed for your party").waitFor();
	await other.goto(one.url());
	await other.getByRole("button", { name: /^Sign for/ }).press("Enter");
	await other.getByText("agreed and never changes").waitFor();
	await shot(other, "statement");
	assert.deepEqual(await axeFinds(other), []);
	const pdf = await other.request.get(`${server.url}/api/contract/acute-2020/statements/2020-Q1?version=1&format=pdf`);
	assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");
	await at(other, "/contract/acute-2020/what-if", "what-if");
	await at(other, "/contract/acute-2020/reviews", "reviews");
	await at(other, "/contract/acute-2020/ledger", "ledger");
	await at(one, "/contract/pools/better-care-2020", "pool");
});

test("a lay partner has the summary in plain words, and not the contract", skip, async () => {
	const page = screens.lay;
	await at(page, "/contract/public", "public");
	assert.ok((await page.getByText("£44,659,685.95").count()) > 0);
	await page.goto(`${server.url}/contract/acute-2020`);
	await page.getByRole("heading", { name: "Not a page of your role" }).waitFor();
	assert.equal((await page.request.get(`${server.url}/api/contract/acute-2020`)).status(), 403);
});

test("no page has failed meanwhile", skip, () => assert.deepEqual(errors, []));

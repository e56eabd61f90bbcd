// Oversight of a contract in a real browser: the monthly pack, a challenge from claim to
// settlement by four people, the register with evidence, results from measures; axe, a
// narrow screen, the keyboard.

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
	if (!shots) return;
	for (const wide of [1280, 400]) {
		await page.setViewportSize({ width: wide, height: 900 });
		await page.screenshot({ path: join(shots, `${name}-${wide}.png`), fullPage: true });
	}
	await page.setViewportSize({ width: 1366, height: 768 });
}

async function good(page, name) {
	await page.waitForLoadState("networkidle");
	await page.getByRole("heading", { level: 1 }).waitFor();
	await shot(page, name);
	assert.deepEqual(await axeFinds(page), [], name);
	await page.setViewportSize({ width: 320, height: 640 });
	assert.equal(await sticksOut(page), 0, `${name} at 320 px`);
	await page.setViewportSize({ width: 1366, height: 768 });
}

const at = async (page, path, name) => {
	await page.goto(server.url + path);
	await good(page, name);
};

/** Takes a step of the case that is shown: choices and texts by their labels. */
async function step(page, title, facts = {}, more) {
	await page.getByLabel("Step", { exact: true }).selectOption({ label: title });
	await more?.();
	for (const [label, value] of Object.entries(facts)) {
		const field = page.getByLabel(label, { exact: true });
		if ((await field.evaluate((e) => e.tagName)) === "SELECT") await field.selectOption({ label: value });
		else await field.fill(value);
	}
	await page.getByLabel("Reason", { exact: true }).first().fill("Because it was agreed");
	const stories = page.locator(".hf-trace li");
	const n = await stories.count();
	await page.getByRole("button", { name: title, exact: true }).press("Enter");
	await page.waitForFunction((k) => document.querySelectorAll(".hf-trace > li").length > k, n);
}

if (!why) {
	before(async () => {
		server = await startServer({
			demonstration: true,
			prepare: async (data) =>
				execFileSync(bin, ["contract", "input", "--data", data, "acute-2020", figures], { stdio: "ignore" }),
		});
		({ screens, errors, stop } = await startScreens(server, ["finance", "trustfinance", "signatory", "trustsignatory"]));
		for (let i = 0; i < 100; i++) {
			const r = await screens.finance.request.get(`${server.url}/api/contract/outcomes-2025/pack?month=1`);
			if (r.status() === 200) break;
			await new Promise((go) => setTimeout(go, 200));
		}
	});
	after(async () => {
		await stop?.();
		await server?.stop();
	});
}

test("a challenge goes from claim to settlement, each side by its own people", skip, async () => {
	const { finance, trustfinance, signatory, trustsignatory } = screens;
	await at(trustfinance, "/contract/acute-2020/reviews?kind=challenge", "challenges-provider");
	assert.equal(await trustfinance.getByRole("heading", { name: "Open one" }).count(), 0);
	await at(finance, "/contract/acute-2020/reviews?kind=challenge", "challenges");
	await finance.getByRole("button", { name: /^Open: Challenge/ }).press("Enter");
	await finance.getByRole("alert").or(finance.locator(".hf-field--wrong").first()).first().waitFor();
	assert.equal(await finance.locator(".hf-field--wrong").count(), 5);
	await finance.getByLabel("What it is about").fill("MRI counted twice");
	await finance.getByLabel("Line", { exact: true }).selectOption({ label: "MRI, direct access" });
	await finance.getByLabel("Month", { exact: true }).selectOption({ label: "June 2020" });
	await finance.getByLabel("Claimed back, pounds").fill("1483.70");
	await finance.getByLabel("Grounds").selectOption({ label: "duplicate" });
	await finance.getByRole("button", { name: /^Open: Challenge/ }).press("Enter");
	await finance.getByRole("heading", { level: 1, name: "MRI counted twice" }).waitFor();
	await good(finance, "challenge");
	const path = new URL(finance.url()).pathname;

	await at(trustfinance, path, "challenge-provider");
	await step(trustfinance, "Answer", { "Answer of the provider": "part", "Why that answer": "Seven of the ten were", "Offered or decided, pounds": "1038.59" });
	await finance.reload();
	await step(finance, "Accept the answer");
	await signatory.goto(server.url + path);
	await step(signatory, "Sign");
	await trustsignatory.goto(server.url + path);
	await step(trustsignatory, "Sign");
	await step(trustsignatory, "Settle");
	await trustsignatory.getByText("Gives back £1,038.59.").waitFor();
	await good(trustsignatory, "challenge-settled");
	await finance.goto(`${server.url}/contract/acute-2020/ledger`);
	await finance.getByText("commissioner: £1,038.59").waitFor();
});

test("a response names what is expected of it, and what followed is beside it", skip, async () => {
	const { finance, trustfinance, signatory, trustsignatory } = screens;
	await finance.goto(`${server.url}/contract/acute-2020/reviews?kind=review`);
	await finance.getByLabel("What it is about").fill("Emergency care above the block");
	await finance.getByRole("button", { name: /^Open: Joint review/ }).press("Enter");
	await finance.getByRole("heading", { level: 1, name: "Emergency care above the block" }).waitFor();
	await step(finance, "Triage", { Nature: "demand", "Owner at the commissioner": "Ruth Lane", "Owner at the provider": "Omar Pell" });
	await step(finance, "Begin the review", { "Reviewer of the commissioner": "Max Field", "Reviewer of the provider": "Ida Brook", "Terms of the review": "Why, how much, what to do" });
	await step(
		finance,
		"Propose a response",
		{ Response: "demand management", "Impact on people and services": "Advice and guidance before a referral" },
		async () => {
			await finance.getByLabel("Takes effect on").fill("2020-06-01");
			await finance.getByLabel("First month").fill("2020-06");
			await finance.getByLabel("June 2020").fill("-50000");
			await finance.getByLabel("July 2020").fill("-75000");
			await finance.getByLabel("Component of the contract").fill("ne");
		},
	);
	const path = new URL(finance.url()).pathname;
	await signatory.goto(server.url + path);
	await step(signatory, "Sign");
	await trustsignatory.goto(server.url + path);
	await step(trustsignatory, "Sign");
	await trustfinance.goto(server.url + path);
	await step(trustfinance, "Agree the response");
	/* June differs by 105,000; April and May by 275,000 on average: 170,000 less. */
	await trustfinance.getByRole("table", { name: "By month" }).getByText("−£170,000.00").waitFor();
	await good(trustfinance, "review");
});

test("evidence is reckoned from a measure, and the register balances", skip, async () => {
	const { trustfinance } = screens;
	await trustfinance.goto(`${server.url}/contract/acute-2020/reviews?kind=transfer`);
	await trustfinance.getByLabel("What it is about").fill("Falls service");
	await trustfinance.getByRole("button", { name: /^Open: Transfer/ }).press("Enter");
	await trustfinance.getByRole("heading", { level: 1, name: "Falls service" }).waitFor();
	await step(trustfinance, "Give the evidence", {
		"Acute line": "ne", "Community line": "community", "Activity avoided": "600", "Measure that shows it": "a count of our own",
		"Marginal cost of one, pounds": "1110.00", "Releasable, %": "40", "Agreed change of the block, pounds": "300000", "Takes effect on": "2027-10-01",
	});
	await trustfinance.getByText("Evidence from a measure").press("Enter");
	await good(trustfinance, "transfer");
	await at(trustfinance, "/contract/acute-2020/register", "register");
	assert.ok((await trustfinance.getByText("£266,400.00").count()) > 0, "CON-T13");
	await trustfinance.getByText("as it has to be").waitFor();
});

test("the pack of a month has its ten parts, and files are of the same bytes", skip, async () => {
	const { finance, trustfinance } = screens;
	await at(finance, "/contract/acute-2020/pack", "pack");
	assert.equal(await finance.locator(".hf-pack section > h2").count(), 10);
	await finance.getByText("−£964,439.50").first().waitFor();
	for (const [format, begins] of [["pdf", "%PDF-"], ["ods", "PK"]]) {
		const path = `${server.url}/api/contract/acute-2020/pack?month=3&at=2026-11-22&format=${format}`;
		const [one, two] = await Promise.all([finance.request.get(path), trustfinance.request.get(path)]);
		const body = await one.body();
		assert.equal(body.subarray(0, begins.length).toString(), begins);
		assert.deepEqual(body, await two.body());
	}
	await finance.emulateMedia({ media: "print" });
	if (shots) await finance.screenshot({ path: join(shots, "pack-print.png"), fullPage: true });
	await finance.emulateMedia({ media: "screen" });
	await at(finance, "/contract/outcomes-2025", "outcomes-contract");
	await finance.getByLabel("To the end of", { exact: true }).selectOption({ label: "December" });
	await finance.getByRole("button", { name: "Take the results" }).press("Enter");
	await finance.getByRole("table", { name: "What was taken" }).waitFor();
	await good(finance, "outcomes-taken");
	await at(finance, "/contract/outcomes-2025/pack", "outcomes-pack");
});

test("no page has failed meanwhile", skip, () => assert.deepEqual(errors, []));

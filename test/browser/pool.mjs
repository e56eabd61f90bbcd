// The pooled budget in a real browser: the board as finance and the council see it, a posting proposed, a return made
// and signed by both partners and the board, and refusals in words; axe, a narrow screen, the keyboard.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeFinds, cannot, startScreens, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
const fund = "/contract/pools/better-care-2025";
let server, screens, errors, stop;

async function look(page, path, name) {
	await page.waitForLoadState("networkidle");
	if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
	assert.deepEqual(await axeFinds(page), [], path);
	await page.setViewportSize({ width: 320, height: 640 });
	if (shots) await page.screenshot({ path: join(shots, `${name}-320.png`), fullPage: true });
	assert.equal(await sticksOut(page), 0, `${path} at 320 px`);
	await page.setViewportSize({ width: 1366, height: 768 });
}

/** What the pages' user sends, in their own session. */
async function post(page, path, body) {
	const { csrf } = await (await page.request.get(`${server.url}/api/session`)).json();
	const r = await page.request.post(server.url + path, { data: body, headers: { "x-csrf-token": csrf } });
	assert.equal(r.status(), 200, await r.text());
	return r.json();
}

if (!why) {
	before(async () => {
		server = await startServer({ demonstration: true });
		({ screens, errors, stop } = await startScreens(server, ["finance", "trustfinance", "signatory", "councilsignatory", "board", "lay"]));
		for (let i = 0; i < 100; i++) {
			const r = await screens.finance.request.get(`${server.url}/api/population/measures`);
			if (r.status() === 200) break;
			await new Promise((go) => setTimeout(go, 200));
		}
	});
	after(async () => {
		await stop?.();
		await server?.stop();
	});
}

test("finance proposes a claim, its signatory posts it, and the board shows where the fund is heading", skip, async () => {
	const page = screens.finance;
	await page.goto(`${server.url}/contract`);
	await page.getByRole("link", { name: "Better Care Fund 2025/26" }).press("Enter");
	await page.getByRole("heading", { level: 1, name: "Better Care Fund 2025/26" }).waitFor();
	await page.getByText("The fund is heading for its budget.").waitFor();
	await page.getByText("Propose a claim or a variation").press("Enter");
	await page.getByRole("button", { name: "Propose it" }).press("Enter");
	await page.getByRole("alert").filter({ hasText: "Choose the line" }).waitFor();
	await page.getByLabel("What it is for").fill("Home care in April");
	await page.getByLabel("Line", { exact: true }).selectOption("home-first");
	await page.getByLabel("Month", { exact: true }).fill("2025-06");
	await page.getByLabel("Pounds", { exact: true }).fill("2,250,000.00");
	await page.getByLabel("Source document").fill("claim 12");
	await page.getByRole("button", { name: "Propose it" }).press("Enter");
	await page.getByText(/Proposed: Home care in April\. Somebody else approves/).waitFor();
	const { cases } = await (await page.request.get(`${server.url}/api/contract/better-care-2025/cases?kind=posting`)).json();
	await post(screens.signatory, `/api/contract/better-care-2025/cases/${cases[0].subject}/steps`, { key: "k1", event: "post", reason: "Checked" });
	await page.reload();
	// 2.25 m of April to June and nine months of 8.4 m; the lines nobody claimed on are heading below.
	await page.getByText(/The fund is heading −£[\d,.]+ against its budget/).waitFor();
	const shares = page.getByRole("region", { name: "Shares of each line, table" });
	assert.match(await shares.getByRole("row", { name: /Help at home after hospital/ }).innerText(), /\+£150,000\.00[\s\S]*\+£90,000\.00[\s\S]*\+£60,000\.00/);
	await look(page, fund, "pool-board");
});

test("a return is made, signed by both partners and then the board, and read by each", skip, async () => {
	const page = screens.finance;
	await page.goto(server.url + fund);
	await page.getByRole("button", { name: "Make the return" }).press("Enter");
	await page.getByRole("alert").filter({ hasText: "Say what the quarter was like" }).waitFor();
	await page.getByLabel("Narrative").fill("The year began.\nHelp at home is ahead of plan.");
	await page.getByRole("button", { name: "Make the return" }).press("Enter");
	await page.getByRole("heading", { level: 1, name: /Return of quarter 1/ }).waitFor();
	await page.getByText("Your role does not sign: the fund names who does.").waitFor();
	await page.getByText("Help at home is ahead of plan.").waitFor();
	await look(page, `${fund}/returns/2025-Q1`, "pool-return");

	const board = screens.board;
	await board.goto(`${server.url}${fund}/returns/2025-Q1`);
	await board.getByText("The board signs when both partners have.").waitFor();
	for (const login of ["signatory", "councilsignatory"]) {
		const p = screens[login];
		await p.goto(`${server.url}${fund}/returns/2025-Q1`);
		await p.getByRole("button", { name: /^Sign for/ }).press("Enter");
		await p.getByText(/You signed\. It is agreed when both partners and the board have/).waitFor();
	}
	await board.reload();
	await board.getByRole("button", { name: "Sign for Health and Wellbeing Board" }).press("Enter");
	await board.getByText(/All three have signed: the return is agreed/).waitFor();
	await look(board, `${fund}/returns/2025-Q1`, "pool-return-agreed");
	await page.goto(server.url + fund);
	await page.getByText("agreed: signed by both partners and the board, it never changes").waitFor();
});

test("who is no partner, and who has nothing to do with money, is told so", skip, async () => {
	const hospital = screens.trustfinance;
	await hospital.goto(`${server.url}${fund}/returns/2025-Q1`);
	await hospital.getByText(/There is no such contract for you/).first().waitFor();
	await look(hospital, fund, "pool-refused");
	const lay = screens.lay;
	await lay.goto(server.url + fund);
	await lay.getByText(/the finance teams of both parties/).waitFor();
	await look(lay, fund, "pool-lay");
});

test("no script failed meanwhile", skip, () => assert.deepEqual(errors, []));

// From a figure to the people behind it, and the page of a team meeting, in a real browser:
// as a GP, a care coordinator and an analyst, who must see no name.

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
let server, screens, errors, stop, ods, names;

async function prepare(data) {
	const one = await serve(data, ["--demonstration"], { open: false });
	ods = (await (await demoUser(one.url, "gp")).session()).actor.orgCode;
	await one.stop();
	execFileSync(fill, [data, ods]);
}

async function shot(page, name) {
	if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

async function narrow(page, what) {
	await page.setViewportSize({ width: 320, height: 640 });
	assert.equal(await sticksOut(page), 0, `${what} at 320 px`);
	await page.setViewportSize({ width: 1366, height: 768 });
}

if (!why) {
	before(async () => {
		server = await startServer({ demonstration: true, prepare });
		({ screens, errors, stop } = await startScreens(server, ["gp", "coordinator", "analyst"]));
		const gp = await demoUser(server.url, "gp");
		for (let i = 0; i < 100 && (await gp.get("/api/population/lists")).status !== 200; i++)
			await new Promise((go) => setTimeout(go, 200));
		// The list of the GP's locality, and two people on the agenda of a team of it.
		const { scopes, teams } = (await gp.get("/api/population/lists")).body;
		const { scope } = scopes.find((s) => s.scope.startsWith("locality:"));
		const made = await gp.post("/api/population/lists", { rule: "most-in-need", scope, places: 200 });
		assert.equal(made.status, 200, JSON.stringify(made.body));
		const list = `/api/population/lists/${made.body.id}`;
		const shown = (await gp.get(list)).body.people.filter((p) => p.shown);
		names = shown.map((p) => p.name);
		const id = scope.slice("locality:".length);
		const of = teams.filter((t) => t.localities.length === 0 || t.localities.includes(id)).sort((a, b) => a.name.localeCompare(b.name));
		for (const p of shown.slice(0, 2))
			assert.equal((await gp.post(`${list}/people/${p.pos}`, { answer: "proposed", team: of[0].id, reason: "lives alone" })).status, 200);
	});
	after(async () => {
		await stop?.();
		await server?.stop();
	});
}

let team; // that somebody is proposed to

test("a GP opens a figure to their own people, by keyboard", skip, async () => {
	const page = screens.gp;
	await page.goto(`${server.url}/outcomes/emergency-admissions?by=practice&area=${ods}`);
	const open = page.getByRole("button", { name: "Show who is behind it" });
	await open.focus();
	await page.keyboard.press("Enter");
	await page.getByText("whom you may see: exact").waitFor();
	const row = page.locator(".hf-behind tbody tr").first();
	assert.match(await row.innerText(), /Emergency stay/);
	await shot(page, "behind-gp");
	assert.deepEqual(await axeFinds(page), []);
	await narrow(page, "who is behind it");
	await row.getByRole("button", { name: /^Propose to a team/ }).press("Enter");
	[team] = await page.getByRole("combobox", { name: "Team" }).selectOption({ index: 1 });
	await page.getByRole("button", { name: "Put on the team's agenda" }).press("Enter");
	await page.getByText(/is on the team.s agenda|on the team.s agenda already/).first().waitFor();
	await shot(page, "behind-proposed");
	await page.keyboard.press("Escape");
	await row.getByRole("link").click();
	await page.waitForURL(/\/people\//);
});

test("the meeting: what was agreed goes from the agenda to last time", skip, async () => {
	const page = screens.gp;
	await page.goto(`${server.url}/meeting`);
	await page.getByRole("heading", { level: 1, name: /^Team meeting/ }).waitFor();
	await page.getByRole("combobox", { name: "Agenda of" }).selectOption(team);
	await page.getByRole("button", { name: /^Record what was agreed/ }).first().waitFor();
	await page.getByRole("table", { name: /Worst first/ }).waitFor();
	await shot(page, "meeting-gp");
	assert.deepEqual(await axeFinds(page), []);
	await narrow(page, "the meeting");
	await page.setViewportSize({ width: 320, height: 640 });
	await shot(page, "meeting-narrow");
	await page.setViewportSize({ width: 1366, height: 768 });
	const before = await page.getByRole("button", { name: /^Record what was agreed/ }).count();
	await page.getByRole("button", { name: /^Record what was agreed/ }).first().press("Enter");
	await page.getByLabel(/What is done next/).fill("nurse visits on Monday");
	await shot(page, "meeting-agreed");
	assert.deepEqual(await axeFinds(page), []);
	await page.getByRole("button", { name: "Record it" }).press("Enter");
	await page.getByText("nurse visits on Monday").waitFor();
	assert.equal(await page.getByRole("button", { name: /^Record what was agreed/ }).count(), before - 1);
	await page.emulateMedia({ media: "print" });
	await shot(page, "meeting-print");
	await page.emulateMedia({ media: "screen" });
});

test("a coordinator sees who, not why; an analyst sees numbers alone", skip, async () => {
	const coordinator = screens.coordinator;
	await coordinator.goto(`${server.url}/meeting`);
	await coordinator.getByRole("heading", { name: "Today's agenda" }).waitFor();
	await coordinator.getByRole("table", { name: /Worst first/ }).waitFor();
	await shot(coordinator, "meeting-coordinator");
	assert.deepEqual(await axeFinds(coordinator), []);

	const analyst = screens.analyst;
	for (const path of ["/meeting", `/outcomes/emergency-admissions?by=practice&area=${ods}`]) {
		await analyst.goto(server.url + path);
		await analyst.getByRole("heading", { level: 1 }).waitFor();
		const show = analyst.getByRole("button", { name: "Show who is behind it" });
		if (path !== "/meeting") {
			await show.press("Enter");
			await analyst.getByText("Your role sees numbers, not people").waitFor();
		} else await analyst.getByRole("table", { name: /Worst first/ }).waitFor();
		await analyst.waitForLoadState("networkidle");
		await shot(analyst, path === "/meeting" ? "meeting-analyst" : "behind-analyst");
		const text = await analyst.locator("main").innerText();
		for (const name of names) assert.ok(!text.includes(name), name);
		assert.deepEqual(await axeFinds(analyst), []);
	}
});

test("no page had an error of its own", skip, () => assert.deepEqual(errors, []));

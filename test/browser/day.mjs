// A team's visits on a phone: with a network, without one, and what comes of what was
// recorded in between.  And the lead's figures, which open to what is behind them.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { axeFinds, cannot, startBrowser, startServer, sticksOut } from "../support/pages.mjs";
import { staffAllDay } from "../support/e2e.mjs";
import { demoUser } from "../support/people.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
let server, browser, page, context, team;
/** The visits that the tests are about: { id, name } each. */
let visits;
const phone = { width: 360, height: 740 };

const shot = async (name) => {
	if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};
const ok = async (asked) => {
	const { status, body } = await asked;
	assert.equal(status, 200, JSON.stringify(body));
	return body;
};
const move = (who, id, event, facts = {}, more = {}) =>
	who.post(`/api/hub/referrals/${id}/moves`, { event, facts, ...more });

/** A referral that a team of the nurse's organisation has taken. */
async function taken(people, person) {
	const { triage, dispatcher, lead } = people;
	const { row } = await ok(
		triage.post("/api/hub/referrals", {
			...{ person: { id: person.id }, channel: "phone", source: "gp", service: "ucr", asked: "U1" },
			...{ referrer: { org: "Y00001", phone: "01632 960001" }, decided: new Date().toISOString() },
			...{ expectation: "See today", problem: "Fall in the kitchen", condition: "fall" },
			...{ access: "Key safe by the back door", alone: true, infection: "MRSA" },
			...{ safeguarding: "Concern about money", consentRefer: true, consentShare: true },
		}),
	);
	await ok(move(triage, row.id, "open-triage"));
	await ok(move(triage, row.id, "accept", { urgency: "U1", condition: "fall", skills: ["nursing"] }));
	if (!team) {
		const { teams: own } = await ok(people.nurse.get("/api/hub"));
		const { teams } = await ok(dispatcher.get(`/api/hub/referrals/${row.id}/teams`));
		team = teams.find((t) => t.free > 3 && own.some((o) => o.id === t.id)).id;
	}
	await ok(move(dispatcher, row.id, "allocate", {}, { team, note: "For the test" }));
	const accepted = await ok(move(lead, row.id, "team-accept"));
	return { id: row.id, name: accepted.row.person.name };
}

const people = {};

if (!why) {
	before(async () => {
		server = await startServer({ demonstration: true, prepare: (data) => staffAllDay(["--data", data]) });
		browser = await startBrowser();
		page = browser.page;
		context = page.context();
		for (const [name, login] of [["triage", "triage"], ["dispatcher", "dispatcher"], ["lead", "team"], ["nurse", "nurse"]])
			people[name] = await demoUser(server.url, login);
		const { people: found } = await ok(people.nurse.get("/api/people?limit=4"));
		visits = [];
		for (const person of found) visits.push(await taken(people, person));
	});
	after(async () => {
		await browser?.stop();
		await server?.stop();
	});
	afterEach(async () => {
		await context.setOffline(false);
		// Without a network the browser says so of each request; so it does of a conflict.
		const seen = browser.errors.splice(0).filter((e) => !/ERR_INTERNET_DISCONNECTED|status of 409/.test(e));
		assert.deepEqual(seen, [], "the page reports no error");
	});
}

async function signIn(login, at = server.url) {
	await context.clearCookies();
	await page.goto(`${at}/sign-in`);
	await page.locator(`[aria-describedby="demo-${login}"]`).click();
	const choice = page.getByRole("heading", { name: "In which role do you work?" });
	await page.locator(".hf-bar").or(choice).first().waitFor();
	if (await choice.isVisible()) {
		await page.getByRole("radio").first().check();
		await page.getByRole("button", { name: "Continue", exact: true }).click();
	}
	await page.locator(".hf-bar").waitFor();
}

async function clean(what) {
	assert.deepEqual(await axeFinds(page), [], `axe on ${what}`);
	assert.ok((await sticksOut(page)) <= 0, `${what} fits the window`);
}

const card = (visit) => page.locator(".hf-visit", { hasText: visit.name });
const press = (visit, name) => card(visit).getByRole("button", { name: new RegExp(`^${name}`) }).first().click();
const openDay = async () => {
	await page.goto(`${server.url}/hub/day?team=${team}`);
	await page.getByText(/Up to date at/).waitFor();
};
/** What lies on the device: names of what is kept, drafts, and all bytes as text. */
const onDevice = () =>
	page.evaluate(async () => {
		const db = await new Promise((done, fail) => {
			const asked = indexedDB.open("homefirst-day", 1);
			asked.onsuccess = () => done(asked.result);
			asked.onerror = () => fail(asked.error);
		});
		const all = (store) =>
			new Promise((done) => {
				const asked = db.transaction(store).objectStore(store).getAll();
				asked.onsuccess = () => done(asked.result);
			});
		const kept = await all("kept"), drafts = await all("drafts");
		db.close();
		const text = [...kept, ...drafts].map((k) => (k.bytes ? new TextDecoder("latin1").decode(k.bytes) : "")).join(" ");
		const key = kept.find((k) => k.name === "key")?.key;
		const caches_ = [];
		for (const name of await caches.keys())
			for (const r of await (await caches.open(name)).keys()) caches_.push(new URL(r.url).pathname);
		return { kept: kept.map((k) => k.name), drafts: drafts.length, text, extractable: key?.extractable, caches: caches_ };
	});
const state = async (visit) => (await ok(people.lead.get(`/api/hub/referrals/${visit.id}`))).row.state;

test("a visit has its address, access, telephone and risks on a phone", skip, async () => {
	await page.setViewportSize(phone);
	await signIn("nurse");
	await openDay();
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	for (const v of visits) await card(v).waitFor();
	const text = await card(visits[0]).innerText();
	assert.match(text, /Key safe by the back door/);
	assert.match(text, /Safeguarding: Concern about money[\s\S]*Infection risk: MRSA/);
	assert.match(await card(visits[0]).locator('a[href^="tel:"]').first().getAttribute("href"), /^tel:\+?\d+$/);
	await clean("the visits");
	await shot("day-360");
	await page.setViewportSize({ width: 1366, height: 768 });
	await clean("the visits on a desk");
	await shot("day-1366");
});

test("without a network the list is there, says how old it is, and nothing of it can be read from the disk", skip, async () => {
	await page.setViewportSize(phone);
	await openDay();
	await context.setOffline(true);
	await page.reload();
	await page.getByText(/^As of \d\d:\d\d, no network/).waitFor();
	for (const v of visits) await card(v).waitFor();
	await clean("the visits without a network");
	const device = await onDevice();
	assert.deepEqual(device.kept.sort(), ["key", "list"]);
	assert.equal(device.extractable, false);
	const family = visits[0].name.split(",")[0];
	for (const word of [family, "Key safe", "Concern", "visits", visits[0].id])
		assert.ok(!device.text.includes(word), `${word} cannot be read`);
	// The worker keeps files of the page and nothing of the interface.
	assert.ok(device.caches.length >= 3);
	assert.ok(device.caches.every((p) => p === "/hub/day" || p.startsWith("/assets/")), device.caches.join(" "));
});

test("what is done without a network waits in order, outlives a reload, and arrives with its time", skip, async () => {
	const [a, b] = visits;
	await openDay();
	await context.setOffline(true);
	await page.reload();
	await page.getByText(/no network/).waitFor();
	const began = Date.now();
	await press(a, "Set off");
	await press(a, "Contact starts");
	await press(a, "Record the outcome");
	await card(a).getByLabel("Note", { exact: true }).fill("Sat up, eating and drinking");
	await press(b, "Set off");
	await page.getByText("3 records not sent yet.").waitFor();
	await page.waitForTimeout(600);
	await page.reload();
	await page.getByText("3 records not sent yet.").waitFor();
	assert.match(await card(a).locator(".hf-visit__state").innerText(), /With the person/);
	// What was being typed is there, encrypted like the rest.
	assert.ok(!(await onDevice()).text.includes("eating"));
	await press(a, "Record the outcome");
	const form = card(a).getByRole("form", { name: "Record the outcome" });
	assert.equal(await form.getByLabel("Note", { exact: true }).inputValue(), "Sat up, eating and drinking");
	await form.getByLabel("Outcome").selectOption("stayed-home-ongoing-care");
	await form.getByRole("group", { name: "Was it a clinical contact?" }).getByLabel("No").check();
	await form.getByRole("group", { name: /treatment by your team/ }).getByLabel("Yes").check();
	await form.getByRole("button", { name: "Record the outcome" }).click();
	await page.getByText("4 records not sent yet.").waitFor();
	await shot("day-offline-360");
	assert.equal(await state(a), "team-accepted", "the server knows nothing yet");

	await context.setOffline(false);
	await page.getByText(/Up to date at/).waitFor();
	await page.getByText(/not sent yet/).first().waitFor({ state: "detached" });
	assert.equal(await state(a), "in-treatment");
	assert.equal(await state(b), "en-route");
	const { story } = await ok(people.lead.get(`/api/hub/referrals/${a.id}`));
	const told = story.filter((s) => s.told);
	assert.deepEqual(told.map((s) => s.event), ["set-off", "start-contact", "record-outcome"]);
	for (const s of told) {
		assert.ok(Date.parse(s.done) >= began && Date.parse(s.done) <= Date.parse(s.told));
		assert.ok(s.by.name);
	}
	assert.equal(told[2].note, "Sat up, eating and drinking");
	assert.equal((await onDevice()).drafts, 0);
});

test("a conflict shows what happened meanwhile and what is kept, and leaves the choice", skip, async () => {
	const [, , c, d] = visits;
	await openDay();
	await context.setOffline(true);
	await press(c, "Set off");
	await press(d, "No access");
	await card(d).getByLabel("What did you try, and what did you see?").fill("Rang twice, curtains drawn");
	await card(d).getByRole("button", { name: /No access: tell/ }).click();
	await page.getByText("2 records not sent yet.").waitFor();
	// Meanwhile the team's lead does something else with both.
	await ok(move(people.lead, c.id, "set-off", {}, { note: "I go myself" }));
	await ok(move(people.lead, d.id, "start-contact", { inPerson: true }));
	await context.setOffline(false);
	const conflict = (v) => page.locator(".hf-conflict", { hasText: v.name });
	await conflict(c).waitFor({ timeout: 30_000 });
	await conflict(d).waitFor();
	assert.match(await conflict(c).innerText(), /What happened meanwhile[\s\S]*Set off[\s\S]*I go myself[\s\S]*What is kept of yours[\s\S]*Set off at/);
	await clean("a conflict");
	await shot("day-conflict-360");
	// It cannot be done any more: said, with the button shown.
	assert.ok(await conflict(d).getByRole("button", { name: "Record it all the same" }).isDisabled());
	await conflict(d).getByRole("button", { name: /as a note/ }).click();
	await conflict(d).waitFor({ state: "detached" });
	await conflict(c).getByRole("button", { name: /^Delete it/ }).click();
	await conflict(c).waitFor({ state: "detached" });
	const { messages } = await ok(people.lead.get(`/api/hub/referrals/${d.id}`));
	assert.match(messages.at(-1).text, /without a network: No access.*Rang twice, curtains drawn/);
	assert.equal(await state(c), "en-route");
	assert.equal((await onDevice()).drafts, 0);
});

test("when the session ends list and key leave the device; what was not sent waits for its author", skip, async () => {
	const [, b] = visits;
	await openDay();
	await context.setOffline(true);
	await press(b, "Write a note");
	await card(b).getByLabel("Note for the hub").fill("Needs a second key");
	await card(b).getByRole("button", { name: "Keep this note and send it" }).click();
	await page.getByText("1 record not sent yet.").waitFor();
	// The session is over at the server, as after a quarter of an hour.
	await context.clearCookies();
	await context.setOffline(false);
	await page.getByRole("heading", { name: "You were signed out" }).waitFor();
	await page.waitForTimeout(300);
	let device = await onDevice();
	assert.deepEqual(device.kept, []);
	assert.equal(device.drafts, 1);
	assert.ok(!device.text.includes("second key"));
	// Somebody else sees nothing of it.
	await signIn("lead");
	await page.goto(`${server.url}/hub/day?team=${team}`);
	await page.getByText(/Up to date at/).waitFor();
	assert.equal(await page.getByText(/not sent/).count(), 0);
	assert.equal((await onDevice()).drafts, 1);
	// Its author does, and it goes.
	await signIn("nurse");
	await openDay();
	await page.waitForFunction(async () => {
		const r = await fetch(location.href);
		return r.ok;
	});
	for (let i = 0; i < 50 && (await onDevice()).drafts > 0; i++) await page.waitForTimeout(100);
	device = await onDevice();
	assert.equal(device.drafts, 0);
	const { messages } = await ok(people.lead.get(`/api/hub/referrals/${b.id}`));
	assert.equal(messages.at(-1).text, "Needs a second key");
});

test("signing out warns of what is not sent, and takes everything that can be read away", skip, async () => {
	const [, b] = visits;
	await openDay();
	await context.setOffline(true);
	await press(b, "Write a note");
	await card(b).getByLabel("Note for the hub").fill("Left the kitchen light on");
	await card(b).getByRole("button", { name: "Keep this note and send it" }).click();
	await page.getByText("1 record not sent yet.").waitFor();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByRole("heading", { name: "Not everything is sent yet" }).waitFor();
	await page.getByRole("button", { name: "Sign out all the same" }).click();
	await page.getByText("No list is kept on this device").waitFor();
	assert.deepEqual((await onDevice()).kept, []);
	// The server hears of it as soon as it answers.
	await context.setOffline(false);
	await page.goto(`${server.url}/hub/day`);
	await page.getByRole("heading", { name: "Sign in", exact: true, level: 1 }).waitFor();
});

test("the lead's figures open to the referrals behind them, drawn and in tables", skip, async (t) => {
	// A week of referrals, so that every part has something to show.
	const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(new Date());
	const busy = await startServer({ demonstration: true, place: ["--date", today, "--referrals", "160"] });
	t.after(() => busy.stop());
	await page.setViewportSize({ width: 1366, height: 768 });
	await signIn("lead", busy.url);
	await page.goto(`${busy.url}/hub/lead`);
	await page.getByRole("heading", { name: "Are we keeping up?" }).waitFor();
	await page.locator("path.hf-map__shape").first().waitFor();
	await clean("the lead's figures");
	await shot("lead-1366");
	assert.equal((await page.locator("path.hf-map__shape").count()) > 5, true);
	const arrived = page.getByRole("button", { name: /arrived in 24 hours: show them/ });
	const n = /\d+/.exec(await arrived.innerText())[0];
	await arrived.click();
	await page.getByRole("heading", { name: new RegExp(`^${n} referrals?`) }).waitFor();
	assert.match(page.url(), /figure=arrived/);
	await clean("the referrals behind a figure");
	await page.reload();
	await page.getByRole("heading", { name: /^\d+ referrals?/ }).waitFor();
	await page.keyboard.press("Escape");
	await page.waitForURL(/\/hub\/lead$/);
	// By keyboard: the table behind a drawing.
	await page.locator("summary", { hasText: "The numbers: Load by locality" }).focus();
	await page.keyboard.press("Enter");
	await page.getByRole("table", { name: "Open referrals and capacity by locality" }).waitFor();
	await clean("with a table open");
	// A reason for a clock that ran out.
	const give = page.getByRole("button", { name: /^Give the reason/ });
	const waiting = await give.count();
	await give.first().click();
	const form = page.getByRole("form", { name: /^Reason:/ });
	await form.getByRole("button", { name: "Record the reason" }).click();
	await page.getByRole("alert").getByText("Choose the reason").waitFor();
	await form.getByLabel("Reason", { exact: true }).selectOption("capacity");
	await form.getByRole("button", { name: "Record the reason" }).click();
	await form.waitFor({ state: "detached" });
	for (let i = 0; i < 50 && (await give.count()) >= waiting; i++) await page.waitForTimeout(100);
	assert.ok((await give.count()) < waiting, "it has a reason now");
	await page.setViewportSize(phone);
	await clean("the lead's figures on a phone");
	await shot("lead-360");
});

// Who sees what, in a real browser: each user of the demonstration signs in with one
// click and finds just their work; who is refused learns how to ask; a broken glass
// opens a record and the privacy officer sees it; a new user is added, enrols and
// signs in; the keyboard alone suffices; axe finds nothing on any page.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import {
	axeFinds,
	cannot,
	startBrowser,
	startServer,
	sticksOut,
	totp,
} from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
let server, browser, page;

if (!why) {
	before(async () => {
		server = await startServer({ demonstration: true });
		browser = await startBrowser();
		page = browser.page;
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

const heading = (text) => page.getByRole("heading", { name: text, exact: true });
const button = (name) => page.getByRole("button", { name, exact: true });
/** Where they can go, once the hub has said what it has for them. */
async function nav() {
	await page.waitForLoadState("networkidle");
	return page.locator("nav[aria-label=Main] a").allInnerTexts();
}

/** What the page itself asks, as whoever is signed in. */
const ask = (path) =>
	page.evaluate(async (p) => {
		const reply = await fetch(p);
		return { status: reply.status, body: await reply.json().catch(() => null) };
	}, path);

async function signOut() {
	await page.context().clearCookies();
	await page.goto(`${server.url}/sign-in`);
	await heading("Sign in").waitFor();
}

/** One click on a card of the demonstration; the first role where there are several. */
async function signIn(login, role) {
	await signOut();
	await page.locator(`[aria-describedby="demo-${login}"]`).click();
	const choice = heading("In which role do you work?");
	await page.locator(".hf-bar").or(choice).first().waitFor();
	if (await choice.isVisible()) {
		const radio = role ? page.getByLabel(role, { exact: true }) : page.getByRole("radio").first();
		await radio.check();
		await button("Continue").click();
	}
	await page.locator(".hf-bar").waitFor();
	await page.locator("main h1").waitFor();
}

async function go(path) {
	await page.goto(server.url + path);
	await page.locator("main h1, main h2").first().waitFor();
}

async function clean(what) {
	await page.waitForLoadState("networkidle");
	assert.deepEqual(await axeFinds(page), [], `axe on ${what}`);
	assert.ok((await sticksOut(page)) <= 0, `${what} fits the window`);
}

/** Somebody whom login's own search finds. */
async function ownPerson() {
	const found = await ask("/api/people?limit=25");
	assert.equal(found.status, 200, JSON.stringify(found.body));
	assert.ok(found.body.people.length > 0, "there is somebody to see");
	return found.body.people;
}

test("whoever is not signed in is asked to, and comes back to the page they wanted", skip, async () => {
	await page.context().clearCookies();
	await page.goto(`${server.url}/figures`);
	await heading("Sign in").waitFor();
	assert.match(page.url(), /\/sign-in\?return=%2Ffigures$/);
	await page.locator('[aria-describedby="demo-operator"]').click();
	await heading("What the record holds").waitFor();
	assert.match(page.url(), /\/figures$/);
});

test("the way back leads to this server only", skip, async () => {
	for (const evil of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
		await page.context().clearCookies();
		await page.goto(`${server.url}/sign-in?return=${encodeURIComponent(evil)}`);
		await page.locator('[aria-describedby="demo-operator"]').click();
		await page.locator(".hf-bar").waitFor();
		assert.equal(new URL(page.url()).origin, server.url, evil);
		assert.equal(new URL(page.url()).pathname, "/", evil);
	}
});

test("a wrong password is told in plain words, and not which of the two was wrong", skip, async () => {
	await signOut();
	await page.getByLabel("User name").fill("nobody.at.all");
	await page.getByLabel("Password", { exact: true }).fill("not the right one");
	await button("Sign in").click();
	const said = page.getByRole("alert");
	await said.waitFor();
	assert.match(await said.innerText(), /There is a problem/);
	assert.equal(await page.getByLabel("User name").inputValue(), "nobody.at.all");
});

// For whoever may see figures.
const population = ["Outcomes", "Most in need"];
const care = [...population, "Team meeting"];
const work = {
	gp: ["People", "New referral", "Pathway tasks", ...care],
	nurse: ["People", "New referral", "Visits", "Pathway tasks", ...care],
	team: ["People", "New referral", "Visits", "Pathway tasks", ...care],
	handler: ["People", "New referral", "Triage", "Dispatch", "Pathway tasks", "Hub lead", ...care],
	triage: ["People", "New referral", "Triage", "Dispatch", "Pathway tasks", "Hub lead", ...care],
	dispatcher: ["People", "New referral", "Triage", "Dispatch", "Pathway tasks", "Hub lead", ...care],
	lead: ["People", "New referral", "Triage", "Dispatch", "Pathway tasks", "Hub lead", ...care],
	ward: ["People", "New referral", "Pathway tasks", ...care],
	mental: ["People", "New referral", "Visits", "Pathway tasks", ...care],
	social: ["People", "New referral", "Visits", "Pathway tasks", ...care],
	pharmacist: ["People", "New referral", "Pathway tasks", ...care],
	coordinator: ["People", "New referral", "Pathway tasks", ...care],
	receptionist: ["People", "New referral"],
	carer: ["People", "New referral"],
	student: ["People"],
	records: ["Possible duplicates"],
	operator: ["Figures"],
	admin: [
		"Users",
		"Organisations",
		"Agreements",
		"Systems and apps",
		"Figures",
	],
	privacy: [...population, "Privacy queue", "Who looked", "Audit", "Why can X see Y?"],
	caldicott: [...population, "Privacy queue", "Who looked", "Audit", "Why can X see Y?"],
	analyst: population,
	finance: ["Outcomes", "Contracts"],
	lay: ["Outcomes", "Where the money goes"],
	patient: ["Who looked at my record"],
};

for (const [login, pages] of Object.entries(work))
	test(`the demonstration's ${login} signs in and finds just their work`, skip, async () => {
		await signIn(login);
		// What waits for a review stands behind the name.
		assert.deepEqual((await nav()).map((n) => n.replace(/ \(.*\)$/, "")), pages);
		await clean(`start page of ${login}`);
		if (!pages.includes("People") && login !== "patient") {
			const { status, body } = await ask("/api/people?limit=1");
			assert.ok(
				[403, 404].includes(status) || body.people.length === 0,
				`people for ${login}: ${status}`,
			);
			await go("/people");
			await heading("Not a page of your role").waitFor();
		}
	});

for (const login of ["gp", "nurse", "ward", "social"])
	test(`the demonstration's ${login} opens the record of somebody their work brings`, skip, async () => {
		await signIn(login);
		const [first] = await ownPerson();
		await page.goto(`${server.url}/people/${first.id}`);
		await page.locator(".hf-banner__name").waitFor();
		assert.equal(await page.locator(".hf-banner__name").innerText(), first.name);
	});

test("the person's own user reads their own record and nobody else's", skip, async () => {
	await signIn("patient");
	await page.getByRole("link", { name: "Read your record" }).click();
	await page.locator(".hf-banner__name").waitFor();
	const own = page.url().split("/").pop();
	const others = await ask("/api/people?limit=25");
	if (others.status === 200)
		assert.ok(others.body.people.every((p) => p.id === own), "nobody else is found");
});

test("the person finds who looked at their record, and nobody else does", skip, async () => {
	await signIn("patient");
	await page.getByRole("link", { name: "Read your record" }).click();
	await page.locator(".hf-banner__name").waitFor();
	const own = page.url().split("/").pop();
	await signIn("gp");
	await page.goto(`${server.url}/people/${own}`);
	await page.locator(".hf-banner__name").waitFor();
	assert.equal((await ask("/api/me/access-report")).status, 403);
	await go("/me/access");
	await heading("Not a page of your role").waitFor();

	await signIn("patient");
	await page.locator(".hf-card").getByRole("link", { name: "Who looked at my record" }).click();
	await heading("Who looked at my record").waitFor();
	const rows = page.locator("tbody tr");
	await rows.filter({ hasText: "GP" }).filter({ hasText: "opened the record" }).first().waitFor();
	await clean("who looked at my record");
	const file = page.waitForEvent("download");
	await page.getByRole("link", { name: "Download as CSV" }).click();
	assert.equal((await file).suggestedFilename(), "access-report.csv");
	// Days long before: nobody.
	await page.getByLabel("To", { exact: true }).fill("2001-01-01");
	await button("Show").click();
	await page.getByText("Nobody opened your record in these days.").waitFor();
	assert.match(page.url(), /\/me\/access\?to=2001-01-01$/);
	await clean("who looked at my record, nobody");
});

test("what a role is not shown is said, never told as none", skip, async () => {
	await signIn("receptionist");
	const [first] = await ownPerson();
	await page.goto(`${server.url}/people/${first.id}`);
	await page.locator(".hf-banner__name").waitFor();
	const problems = page.locator("section[aria-labelledby=part-problems]");
	assert.match(await problems.innerText(), /Not shown to your role/);
	assert.doesNotMatch(await page.locator(".hf-summary").innerText(), /No problems recorded/);
});

/** Somebody whom the GP sees and the community nurse does not. */
async function stranger() {
	await signIn("gp");
	const listed = await ownPerson();
	await signIn("nurse");
	for (const p of listed) {
		const offer = await ask(`/api/people/${p.id}/break-glass`);
		if (offer.status === 200 && offer.body.offered) return p;
	}
	return assert.fail("nobody is a stranger to the nurse");
}

test("a denied person shows how to ask; a broken glass opens the record and the privacy officer sees it", skip, async () => {
	const person = await stranger();
	await page.goto(`${server.url}/people/${person.id}`);
	await heading("You cannot open this record").waitFor();
	await heading("How to get access").waitFor();
	assert.equal(await page.getByText(person.name).count(), 0, "not even the name");
	await clean("denied");

	const open = button("Open the record and tell the privacy officer");
	await open.click();
	await page.getByRole("alert").waitFor();
	assert.match(await page.getByRole("alert").innerText(), /Choose a reason/);
	await page.getByRole("radio", { name: "Emergency" }).check();
	const said = `Found on the floor at home ${Date.now()}`;
	await page.getByLabel("In your own words").fill(said);
	await open.click();
	await page.locator(".hf-banner__name").or(page.locator("dialog[open]")).first().waitFor();
	if (await page.locator("dialog[open]").isVisible()) {
		await page.locator("dialog[open]").getByRole("button", { name: "Continue" }).click();
		await page.locator(".hf-banner__name").waitFor();
	}
	const broken = page.getByRole("complementary", { name: "Glass broken" });
	await broken.waitFor();
	assert.match(await broken.innerText(), /emergency/i);
	assert.match(await broken.innerText(), /minutes/);
	await clean("a record behind broken glass");

	await broken.getByRole("button", { name: "End now" }).click();
	await heading("Find a person").waitFor();
	await page.goto(`${server.url}/people/${person.id}`);
	await heading("You cannot open this record").waitFor();

	await signIn("privacy");
	await page.getByRole("link", { name: /^Privacy queue \(\d/ }).first().waitFor();
	await go("/privacy");
	await page.getByText(said).waitFor();
	await clean("privacy queue");
	await page
		.getByRole("row")
		.filter({ hasText: said })
		.getByRole("link")
		.first()
		.click();
	await heading("What was opened through it").waitFor();
	assert.ok((await page.locator("table tbody tr").count()) > 0, "what was seen is listed");
	await clean("review");
	await page.getByRole("radio", { name: "Justified" }).check();
	await page.getByLabel("What you found").fill("The ambulance crew confirms it.");
	await button("Close this review").click();
	await page.getByText("The review is closed.").waitFor();
	await go("/privacy");
	assert.equal(await page.getByText(said).count(), 0, "it has left the queue");

	await go(`/privacy/looked?person=${person.nhsNumber.replaceAll(" ", "")}`);
	await page.getByText("Glass broken", { exact: false }).first().waitFor();
	await clean("who looked");
	await go("/privacy/audit?user=nurse&kind=break-glass");
	await page.getByRole("row").nth(1).waitFor();
	assert.match(await page.locator("tbody").innerText(), /broke the glass/);
	await go("/privacy/audit");
	await page.getByRole("row").nth(1).waitFor();
	await clean("audit");
});

/** Signs in by the keyboard alone with password and code. */
async function typeSignIn(login, password) {
	await signOut();
	await page.locator("#maincontent").focus();
	await page.keyboard.press("Tab");
	await page.keyboard.type(login);
	await page.keyboard.press("Tab");
	await page.keyboard.type(password);
	await page.keyboard.press("Enter");
}

test("an administrator adds a user, who chooses a password, enrols and signs in by keyboard alone", skip, async () => {
	const login = `new.nurse.${Date.now()}`;
	const password = "correct horse battery staple";
	await signIn("admin");
	await go("/admin/users?add=1");
	await clean("add a user");
	const form = page.getByRole("form", { name: "Add a user" });
	await form.getByLabel("Name", { exact: true }).fill("New Nurse");
	await form.getByLabel("User name").fill(login);
	await form.locator("select").nth(0).selectOption("community-nurse");
	const org = await form
		.locator("select")
		.nth(1)
		.locator("option", { hasText: "Community" })
		.first()
		.getAttribute("value");
	await form.locator("select").nth(1).selectOption(org);
	await form.getByRole("button", { name: "Add the user" }).click();
	await heading(`${login} was added`).waitFor();
	const once = await page.locator("code.hf-key").nth(1).innerText();
	await clean("a password shown once");

	await typeSignIn(login, once);
	await heading("Choose your password").waitFor();
	await clean("choose a password");
	await page.keyboard.press("Tab");
	await page.keyboard.type(password);
	await page.keyboard.press("Enter");
	await heading("Set up your second factor").waitFor();
	const secret = await page.locator("code.hf-key").innerText();
	await clean("enrolment");
	await page.getByLabel("6-digit code").focus();
	await page.keyboard.type(totp(secret));
	await page.keyboard.press("Enter");
	await heading("Keep these recovery codes").waitFor();
	await clean("recovery codes");
	const codes = await page.locator(".hf-codes code").allInnerTexts();
	assert.ok(codes.length >= 8, "there are recovery codes");
	await page.getByLabel("I have put these codes away safely").focus();
	await page.keyboard.press("Space");
	await page.keyboard.press("Enter");
	await page.locator(".hf-bar").waitFor();
	assert.match(await page.locator(".hf-bar").innerText(), /New Nurse/);

	// The next time, with one of the recovery codes; then not again with the same.
	for (const good of [true, false]) {
		await typeSignIn(login, password);
		await heading("Enter the code from your app").waitFor();
		await page.getByRole("button", { name: /use a recovery code/ }).focus();
		await page.keyboard.press("Enter");
		await page.getByLabel("Recovery code").fill(codes[0]);
		await page.keyboard.press("Enter");
		if (good) await page.locator(".hf-bar").waitFor();
		else await page.getByRole("alert").waitFor();
	}

	await signIn("admin");
	await go(`/admin/users?q=${login}`);
	await page.getByRole("link", { name: "New Nurse" }).click();
	await heading("New Nurse").waitFor();
	await clean("a user");
	await page.getByLabel("Why").fill("Left for another trust");
	await button("End this user's access").click();
	await heading("Coming back").waitFor();
	await typeSignIn(login, password);
	await page.getByRole("alert").waitFor();
});

test("the administrator's pages are there and show no record", skip, async () => {
	await signIn("admin");
	for (const path of [
		"/admin/users",
		"/admin/sessions",
		"/admin/organisations",
		"/admin/agreements?add=1",
		"/admin/delegations",
		"/admin/clients?add=1",
	]) {
		await go(path);
		await page.waitForLoadState("networkidle");
		assert.equal(await page.locator(".hf-problem").count(), 0, `${path} has what it needs`);
		for (const size of [
			{ width: 1366, height: 768 },
			{ width: 320, height: 640 },
		]) {
			await page.setViewportSize(size);
			await clean(`${path} at ${size.width}`);
		}
	}
	const refused = await ask("/api/people?limit=1");
	assert.ok([403, 404].includes(refused.status));
});

test("the sign-in page and the GP's pages fit a phone and 200 % zoom", skip, async () => {
	await signOut();
	for (const width of [683, 320]) {
		await page.setViewportSize({ width, height: 640 });
		await clean(`sign-in at ${width}`);
	}
	await signIn("gp");
	for (const width of [683, 320]) {
		await page.setViewportSize({ width, height: 640 });
		for (const path of ["/", "/trace", "/people?q=a"]) {
			await go(path);
			await clean(`${path} at ${width}`);
		}
	}
});

test("a role can be switched, and what was open is gone", skip, async () => {
	await signIn("gp");
	const before = await page.locator(".hf-bar__role").innerText();
	await button("Switch role").click();
	await clean("switch role");
	const other = page.locator("dialog[open] [role=radio], dialog[open] input[type=radio]");
	for (let i = 0; i < (await other.count()); i++)
		if (!(await other.nth(i).isChecked())) {
			await other.nth(i).check();
			break;
		}
	await button("Switch").click();
	await page.waitForFunction(
		(text) => {
			const bar = document.querySelector(".hf-bar__role");
			return bar && bar.textContent !== text && !document.querySelector("dialog[open]");
		},
		before,
	);
});

test("when the session ends while a form is filled in, nothing typed is lost", skip, async () => {
	await signIn("admin");
	await go("/admin/users?add=1");
	const form = page.getByRole("form", { name: "Add a user" });
	await form.getByLabel("Name", { exact: true }).fill("Half Typed");
	await page.evaluate(async () => {
		const session = await (await fetch("/api/session")).json();
		const out = await fetch("/auth/sign-out", {
			method: "POST",
			headers: { "content-type": "application/json", "x-csrf-token": session.csrf },
			body: "{}",
		});
		await out.text();
	});
	await form.getByLabel("User name").fill("half.typed");
	await form.locator("select").nth(0).selectOption({ index: 1 });
	await form.getByRole("button", { name: "Add the user" }).click();
	await heading("You were signed out").waitFor();
	assert.equal(await form.isVisible(), false, "what is behind is not to be seen");
	await clean("signed out over a page");
	await page.locator('[aria-describedby="demo-admin"]').click();
	await form.waitFor();
	assert.equal(await form.getByLabel("Name", { exact: true }).inputValue(), "Half Typed");
	assert.equal(await form.getByLabel("User name").inputValue(), "half.typed");
});

test("who runs the system sees how much the record holds, and no way to the people", skip, async () => {
	await signIn("operator");
	await go("/");
	const shown = page.locator(".hf-figure__n");
	await shown.first().waitFor();
	const real = (await ask("/api/figures")).body;
	assert.ok(real.people > 0 && real.resources > real.people);
	assert.deepEqual((await shown.allInnerTexts()).map((n) => Number(n.replaceAll(",", ""))),
		[real.people, real.resources, real.organisations]);
	await go("/figures");
	await page.getByText(/entries in their present state/).waitFor();
	assert.equal(await page.locator('main a[href="/people"]').count(), 0);
});

test("before the session ends the page says so, and one key keeps it", skip, async () => {
	await signIn("operator");
	await go("/figures");
	await page.waitForLoadState("networkidle");
	let soon = true;
	await page.route("**/api/session", async (route) => {
		const reply = await route.fetch();
		const session = await reply.json();
		if (soon && session.session)
			session.session.idleEnds = new Date(Date.parse(session.now) + 90_000).toISOString();
		await route.fulfill({ response: reply, json: session });
	});
	try {
		// Coming back to a tab asks how the session stands.
		await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
		const dialog = page.getByRole("dialog", { name: "Are you still there?" });
		await dialog.waitFor();
		assert.match(await dialog.innerText(), /signed out in 2 minutes/);
		await clean("the warning before the session ends");
		const stayed = page.waitForRequest("**/auth/stay");
		soon = false;
		await dialog.locator(".hf-main-button").focus();
		await page.keyboard.press("Enter");
		await stayed;
		await dialog.waitFor({ state: "detached" });
	} finally {
		await page.unrouteAll({ behavior: "wait" });
	}
});

test("somebody else who signs in over a page finds nothing of it", skip, async () => {
	await signIn("gp");
	const [first] = await ownPerson();
	await page.goto(`${server.url}/people/${first.id}`);
	await page.locator(".hf-banner__name").waitFor();
	await page.evaluate(async () => {
		const session = await (await fetch("/api/session")).json();
		const out = await fetch("/auth/sign-out", {
			method: "POST",
			headers: { "content-type": "application/json", "x-csrf-token": session.csrf },
			body: "{}",
		});
		await out.text();
	});
	await page.fill("#filter-q", "blood");
	await heading("You were signed out").waitFor();
	assert.equal(await page.getByText(first.name).filter({ visible: true }).count(), 0);
	await page.locator('[aria-describedby="demo-operator"]').click();
	await page.locator(".hf-bar").waitFor();
	await heading("What would you like to do?").waitFor();
	assert.equal(await page.getByText(first.name).count(), 0, "not even hidden");
	assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

test("tracing takes three terms, finds the person and opens no record", skip, async () => {
	const person = await stranger();
	await go("/trace");
	await button("Trace").click();
	assert.match(await page.getByRole("alert").innerText(), /at least three/);
	const [family, given] = person.name.split(/, | \(/);
	await page.getByLabel("Family name").fill(family);
	await page.getByLabel("Given name").fill(given);
	await page.getByLabel("Date of birth", { exact: true }).fill(person.born);
	await button("Trace").click();
	const found = page.getByRole("link", { name: person.name });
	await found.waitFor();
	await clean("traced");
	await found.click();
	await heading("You cannot open this record").waitFor();
});

test("the privacy officer asks why somebody sees a record, and gets the rule", skip, async () => {
	await signIn("gp");
	const [first] = await ownPerson();
	await signIn("privacy");
	await go(`/why?person=${first.id}&user=gp`);
	await heading("What joins them").waitFor();
	assert.match(await page.locator("main").innerText(), /registered at the practice/);
	assert.match(await page.locator(".hf-inset").first().innerText(), /Rule R/);
	await clean("why");
	await page.setViewportSize({ width: 320, height: 640 });
	await clean("why on a phone");
});

test("an objection to sharing is recorded, counts, and can be withdrawn", skip, async () => {
	await signIn("gp");
	const listed = await ownPerson();
	const path = `/people/${listed.at(-1).id}/choices`;
	for (const [choice, state] of [
		["They object to sharing", "yes"],
		["They withdraw their objection to sharing", "no"],
	]) {
		await go(path);
		await clean("sharing choices");
		await page.getByLabel(choice).check();
		await page.getByLabel("How and when (optional)").fill("told the receptionist today");
		await button("Record").click();
		await page.getByText("It counts from now on.").waitFor();
		const row = page.locator(".hf-facts > div").filter({ hasText: "Objects to sharing" });
		await row.getByText(state, { exact: true }).waitFor();
	}
});

test("signing out ends the session at the server", skip, async () => {
	await signIn("operator");
	await button("Sign out").click();
	await page.getByText("You have signed out.").waitFor();
	assert.equal((await ask("/api/figures")).status, 401);
});

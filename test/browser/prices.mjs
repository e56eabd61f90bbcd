// Price lists in a real browser: found, searched, priced from, checked, brought in by who may, and refused to who may
// not; axe, a narrow screen, the keyboard.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeFinds, cannot, startScreens, startServer, sticksOut } from "../support/pages.mjs";

const why = cannot();
const skip = why ? { skip: why } : {};
const shots = process.env.HF_SHOTS;
let server, screens, errors, stop, dir;

async function shot(page, name) {
	if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

async function look(page, path, name) {
	await page.waitForLoadState("networkidle");
	await shot(page, name);
	assert.deepEqual(await axeFinds(page), [], path);
	await page.setViewportSize({ width: 320, height: 640 });
	await shot(page, `${name}-320`);
	assert.equal(await sticksOut(page), 0, `${path} at 320 px`);
	await page.setViewportSize({ width: 1366, height: 768 });
}

const hrg = (rows) =>
	"hrg,name,oproc,combined,dc,el,el_trim,ne,ne_trim,perday,sse_applicable,sse_pct,sse_price,bpt_scope,bpt_area,bpt_price_ne,bpt_price_el,valid_from,valid_to,currency_unit\n" +
	rows.map(([code, price, trim]) => `${code},Name of ${code},,,,,,${price},${trim},215,no,,,,,,,,,GBP\n`).join("");

function files(id, rows, more = "") {
	return Object.entries({
		"list.csv": `setting,value\nid,${id}\ntitle,Test\nillustrative,yes\nvalid_from,2020-04-01\nvalid_to,2021-03-31\n${more}`,
		"hrg.csv": hrg(rows),
		"mff.csv": "provider,name,mff,valid_from,valid_to\nRZ1,A trust,1.0423,,\n",
	}).map(([name, text]) => {
		const path = join(dir, name);
		writeFileSync(path, text);
		return path;
	});
}

if (!why) {
	before(async () => {
		dir = mkdtempSync(join(tmpdir(), "hf-prices-"));
		server = await startServer({ demonstration: true });
		({ screens, errors, stop } = await startScreens(server, ["finance", "trustfinance", "lay"]));
	});
	after(async () => {
		await stop?.();
		await server?.stop();
		rmSync(dir, { recursive: true, force: true });
	});
}

test("a list is found, searched, and one thing priced from it by keyboard", skip, async () => {
	const page = screens.trustfinance;
	await page.goto(`${server.url}/contract`);
	await page.getByRole("link", { name: "price lists" }).press("Enter");
	await page.getByRole("heading", { level: 1, name: "Price lists" }).waitFor();
	await page.getByText("an invented one that comes with the program stands in").waitFor();
	await look(page, "/contract/prices", "prices");
	await page.getByRole("link", { name: "ILL-2020.1" }).press("Enter");
	await page.getByRole("heading", { level: 1, name: "Price list ILL-2020.1" }).waitFor();
	await page.getByLabel("Code or name").fill("xx0");
	await page.getByLabel("Code or name").press("Enter");
	await page.getByText("Healthcare resource groups: 3 rows for “xx0”").waitFor();
	await page.getByText("£2,380.00").waitFor();
	await look(page, "/contract/prices/ILL-2020.1", "price-list");
	for (const [label, value] of [["HRG or code", "XX01A"], ["Provider", "RZ1"], ["Admitted", "2020-06-06"], ["Discharge or attendance", "2020-07-01"], ["Admission method", "21"], ["Class", "1"], ["Age", "78"]])
		await page.getByLabel(label, { exact: true }).fill(value);
	await page.getByRole("button", { name: "Price it" }).press("Enter");
	await page.getByRole("heading", { name: /£4,049\.34/ }).waitFor();
	assert.ok((await page.locator(".hf-steps li").count()) >= 5);
	await look(page, "/contract/prices/ILL-2020.1", "price-one");
	await page.getByLabel("Quantity").fill("-3");
	await page.getByRole("button", { name: "Price it" }).press("Enter");
	await page.getByRole("alert").filter({ hasText: "less than nothing: correct it" }).waitFor();
	await page.getByLabel("Discharge or attendance").fill("");
	await page.getByRole("button", { name: "Price it" }).press("Enter");
	await page.getByRole("alert").filter({ hasText: "There is a problem" }).waitFor();
	await look(page, "/contract/prices/ILL-2020.1", "price-refused");
});

test("a list is looked at, what is wrong stands on the screen, and who may brings it in", skip, async () => {
	const page = screens.finance;
	await page.goto(`${server.url}/contract/prices`);
	await page.getByLabel("Files of the list").setInputFiles(files("T-1", [["AA01A", 100, 18], ["AA01A", 120, 18], ["AA02A", 100, ""]]));
	await page.getByText(/valid on days that line/).first().waitFor();
	await page.getByText(/the trim point is missing/).waitFor();
	await page.getByText(/it cannot be brought in, whole or in part/).waitFor();
	assert.equal(await page.getByRole("button", { name: "Bring it in" }).count(), 0);
	await look(page, "/contract/prices", "prices-wrong");
	await page.getByLabel("Files of the list").setInputFiles(files("T-1", [["AA01A", 100, 18], ["AA02A", 200, 18]]));
	await page.getByRole("button", { name: "Bring it in" }).press("Enter");
	await page.getByText(/The list T-1 was brought in/).waitFor();
	await page.getByLabel("Files of the list").setInputFiles(files("T-2", [["AA01A", 110, 18]]));
	await page.getByText(/are valid on the same days; say which supersedes the other/).waitFor();
	await page.getByLabel("Files of the list").setInputFiles(files("T-2", [["AA01A", 110, 18], ["AA02A", 200, 18]], "supersedes,T-1\n"));
	await page.getByRole("button", { name: "Bring it in" }).press("Enter");
	await page.getByText(/The list T-2 was brought in/).waitFor();
	await page.getByRole("link", { name: "T-2" }).press("Enter");
	await page.getByText("Non-elective £100.00, now £110.00").waitFor();
	await look(page, "/contract/prices/T-2", "prices-changes");

	// The provider's team looks and checks; bringing one in is not theirs.
	const other = screens.trustfinance;
	await other.goto(`${server.url}/contract/prices`);
	await other.getByText(/for the finance team of the organisation that commissions/).waitFor();
	await other.getByLabel("Files of the list").setInputFiles(files("T-3", [["AA01A", 110, 18]], "supersedes,T-2\n"));
	await other.getByText(/are valid on the same days|is in order/).waitFor();
	assert.equal(await other.getByRole("button", { name: "Bring it in" }).count(), 0);
});

test("a reader without the right is told so, in words", skip, async () => {
	const page = screens.lay;
	await page.goto(`${server.url}/contract/prices`);
	await page.getByText(/the finance teams of both parties/).waitFor();
	await look(page, "/contract/prices", "prices-lay");
});

test("no script failed meanwhile", skip, () => assert.deepEqual(errors, []));

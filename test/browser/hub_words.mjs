// The hub's words and order, without a browser: time left, the order of a board, dates
// as people write them, what is less urgent than was asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as esbuild from "esbuild";

async function load(path) {
	const built = await esbuild.build({
		entryPoints: [new URL(`../../web/src/${path}`, import.meta.url).pathname],
		bundle: true,
		write: false,
		format: "esm",
		logLevel: "silent",
	});
	const text = Buffer.from(built.outputFiles[0].text).toString("base64");
	return import(`data:text/javascript;base64,${text}`);
}

const words = await load("hub/words.ts");
const items = await load("hub/items.ts");
const now = Date.parse("2026-11-22T12:00:00Z");
const at = (minutes) => new Date(now + minutes * 60_000).toISOString();
const clock = (due, more = {}) => ({ id: "C1", title: "", state: "running", start: at(-60), due: at(due), ...more });
const row = (id, due, more = {}) => ({ id, received: at(-60), clocks: [], ...(due === null ? {} : { next: at(due) }), ...more });

test("time left is told rounded down, and late as late", () => {
	for (const [minutes, said] of [
		[0.5, "under 1 min left"],
		[12.9, "12 min left"],
		[99, "99 min left"],
		[125, "2 h 05 left"],
		[3 * 1440 + 5, "3 days left"],
		[-0.5, "late by under 1 min"],
		[-41, "late by 41 min"],
	])
		assert.equal(words.timeLeft(now + minutes * 60_000, now), said);
});

test("a clock says how it stands in a word; a paused one never says a time", () => {
	for (const [c, tone, said] of [
		[clock(-1), "late", "late by 1 min"],
		[clock(14), "soon", "14 min left"],
		[clock(60), "running", "60 min left"],
		[clock(60, { warned: true }), "soon", "60 min left"],
		[clock(60, { state: "paused" }), "paused", "paused"],
		[clock(60, { state: "met" }), "met", "in time"],
		[clock(-60, { state: "late" }), "missed", "was late"],
		[clock(60, { state: "superseded" }), "ended", "replaced"],
	]) {
		assert.equal(words.toneOf(c, now), tone);
		assert.equal(words.chipText(c, now), said);
	}
});

test("a board is in order of time left, then of coming, then of id; no clock is last", () => {
	const rows = [row("e", null), row("d", 30), row("c", 30, { received: at(-90) }), row("b", 30), row("a", -5)];
	assert.deepEqual(rows.sort(words.byTimeLeft).map((r) => r.id), ["a", "c", "b", "d", "e"]);
});

test("safeguarding and scene safety come before every other flag (R-2.7)", () => {
	const flags = ["RC", "SS", "IR", "SG"].map((category) => ({ category }));
	assert.deepEqual(words.inOrder(flags).map((f) => f.category), ["SG", "SS", "RC", "IR"]);
});

test("what is less urgent than was asked for needs a reason; advice asked for does not (R-2.10)", () => {
	assert.equal(words.isLower("U3", "U1"), true);
	assert.equal(words.isLower("U1", "U1"), false);
	assert.equal(words.isLower("U0", "U1"), false);
	assert.equal(words.isLower("U5", "A0"), false);
	assert.equal(words.isLower("U5", undefined), false);
});

test("a partial NEWS2 is never told as a number (R-3.5)", () => {
	assert.equal(words.newsText({ news2: { total: 7 } }).text, "NEWS2 7");
	assert.equal(words.newsText({ news2: { partial: true } }).text, "NEWS2 partial");
	assert.equal(words.newsText({ news2: { partial: true, total: 5 } }).text, "NEWS2 partial");
	assert.equal(words.newsText({}).text, "no NEWS2");
});

test("a date of birth is read as people write it, day before month; what is none is not sent", () => {
	for (const [typed, read] of [
		["3/3/1942", "1942-03-03"],
		["3.12.1942", "1942-12-03"],
		["03121942", "1942-12-03"],
		["3 March 1942", "1942-03-03"],
		["3mar1942", "1942-03-03"],
		["1942-03-03", "1942-03-03"],
		["1942", "1942"],
		["1942-3", "1942-03"],
		["30/2/1942", undefined],
		["12/13/1942", undefined],
		["yesterday", undefined],
		["", undefined],
	])
		assert.equal(items.readDate(typed), read, typed);
});

test("an item is put where the interface has it, and taken out when it is empty", () => {
	const one = items.setAt({ source: "gp" }, "referrer.phone", "01632 960001");
	assert.deepEqual(one, { source: "gp", referrer: { phone: "01632 960001" } });
	assert.equal(items.getAt(one, "referrer.phone"), "01632 960001");
	assert.deepEqual(items.setAt(one, "referrer.phone", ""), { source: "gp" });
	assert.deepEqual(items.setAt({ alone: true }, "alone", false), { alone: false });
});

test("every item of the form is an item of the minimum data set, once", () => {
	const all = [...items.newPerson, ...items.groups.flatMap((g) => g.items)].map((i) => i.path);
	assert.equal(new Set(all).size, all.length);
	for (const needed of ["source", "referrer.org", "referrer.phone", "decided", "service", "asked", "expectation", "problem", "consentRefer", "consentShare", "scene", "safeguarding"])
		assert.ok(all.includes(needed), needed);
});

// The pages' own words: times, labels, JSON that keeps its digits.  The sources are
// bundled as they are and run without a browser.

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

const format = await load("base/format.ts");
const { words, dateWords } = await load("record/words.ts");
const now = Date.parse("2026-11-22T12:00:00Z");

test("a time is told by the largest unit of which there are at least two", () => {
	for (const [at, said] of [
		["2026-11-22T11:59:30Z", "now"],
		["2026-11-22T11:22:00Z", "38 min ago"],
		["2026-11-22T10:31:00Z", "89 min ago"],
		["2026-11-22T09:00:00Z", "3 hours ago"],
		["2026-11-20T11:00:00Z", "2 days ago"],
		["2026-11-04T11:00:00Z", "2 weeks ago"],
		["2026-03-01T11:00:00Z", "8 months ago"],
		["1990-03-01T11:00:00Z", "36 years ago"],
		["2026-12-20T12:00:00Z", "in 4 weeks"],
		["never", ""],
	])
		assert.equal(format.relative(at, now), said, at);
});

test("days are today, yesterday and tomorrow by the calendar, not by hours", () => {
	assert.equal(format.relativeDay("2026-11-22", "2026-11-22"), "today");
	assert.equal(format.relativeDay("2026-11-21", "2026-11-22"), "yesterday");
	assert.equal(format.relativeDay("2026-11-23", "2026-11-22"), "tomorrow");
	assert.equal(format.relativeDay("2026", "2026-11-22"), "");
	assert.equal(format.londonDay(Date.parse("2026-06-30T23:30:00Z")), "2026-07-01");
});

test("JSON is indented without touching a number or a string", () => {
	const text = '{"a":1.00,"b":[1e3,-0.50],"c":"x{\\"}, y","d":{},"e":[]}';
	const shown = format.indentJson(text);
	assert.deepEqual(JSON.parse(shown), JSON.parse(text));
	assert.ok(shown.includes('"a": 1.00') && shown.includes("-0.50") && shown.includes("1e3"));
	assert.ok(shown.includes('"c": "x{\\"}, y"'));
	assert.ok(shown.includes('"d": {}') && shown.includes('"e": []'));
});

test("numbers read as text keep their digits, and strings are left alone", () => {
	const read = JSON.parse(format.numbersAsText('{"v":1.00,"s":"a 1.00 \\" 2","n":[-3e2]}'));
	assert.deepEqual(read, { v: "1.00", s: 'a 1.00 " 2', n: ["-3e2"] });
});

test("element names become words, choices without their type", () => {
	assert.equal(format.label("clinicalStatus"), "Clinical status");
	assert.equal(format.label("valueQuantity"), "Value");
	assert.equal(format.label("onsetDateTime"), "Onset");
	assert.equal(format.label("medicationCodeableConcept"), "Medication");
});

test("data types are said in one line, others are left to be shown by element", () => {
	const names = { "Organization/1": "Mill Lane Surgery" };
	for (const [value, said] of [
		[{ reference: "Organization/1" }, "Mill Lane Surgery"],
		[{ reference: "Organization/2", display: "Ward 7" }, "Ward 7"],
		[{ value: "72.50", unit: "kg" }, "72.50 kg"],
		[{ coding: [{ code: "x", display: "Fall" }] }, "Fall"],
		[{ start: "2026-01-02", end: "2026-01" }, "02 Jan 2026 to Jan 2026"],
		[{ low: { value: "1", unit: "g" }, high: { value: "2", unit: "g" } }, "1 g to 2 g"],
		[true, "yes"],
		[["a"], null],
		[{ something: { else: true } }, null],
	])
		assert.equal(words(value, names), said, JSON.stringify(value));
	assert.equal(dateWords("1942"), "1942");
	assert.equal(dateWords("not a date"), null);
});

// homefirst fhirpath: one expression, a batch, and whether another implementation
// (npm fhirpath) comes to the same on expressions made at random.
//
// HF_FHIRPATH_PAIRS pairs are tried (3000).  Where the two differ the difference has
// to be one of those that were decided from the specification: see explain().
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bin as BIN } from '../support/e2e.mjs';

const require = createRequire(import.meta.url);
const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');

const PAIRS = Number(process.env.HF_FHIRPATH_PAIRS ?? 3000);
const SEED = BigInt(process.env.HF_FHIRPATH_SEED ?? 1);
const EXAMPLES = new URL('../../../shared/data/nhs-ig-examples', import.meta.url).pathname;

let dir;
before(() => {
	dir = mkdtempSync(join(tmpdir(), 'hf-fhirpath-'));
});
after(() => rmSync(dir, { recursive: true, force: true }));

const patient = {
	resourceType: 'Patient',
	id: 'p1',
	active: true,
	name: [
		{ use: 'official', family: 'Chalmers', given: ['Peter', 'James'] },
		{ use: 'usual', given: ['Jim'] },
	],
	gender: 'male',
	birthDate: '1974-12-25',
	_birthDate: { extension: [{ url: 'http://x/time', valueDateTime: '1974-12-25T14:35:45Z' }] },
	deceasedBoolean: false,
	telecom: [{ system: 'phone', value: '01902 555 647', rank: 1 }],
	multipleBirthInteger: 2,
	managingOrganization: { reference: 'Organization/1' },
};

function run(...args) {
	return spawnSync(BIN, ['fhirpath', ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
}

function write(name, resource) {
	const path = join(dir, name);
	writeFileSync(path, JSON.stringify(resource, null, 2));
	return path;
}

test('an expression is evaluated on a file', () => {
	const file = write('p.json', patient);
	const r = run('name.given', file);
	assert.equal(r.status, 0, r.stderr);
	assert.deepEqual(JSON.parse(r.stdout), [
		{ type: 'string', value: 'Peter' },
		{ type: 'string', value: 'James' },
		{ type: 'string', value: 'Jim' },
	]);
	assert.equal(r.stdout.trimEnd().split('\n').length, 1);
	assert.deepEqual(JSON.parse(run('name.first()', file).stdout)[0].type, 'HumanName');
});

test('what is wrong is said, with exit code 1', () => {
	const file = write('p.json', patient);
	for (const [expression, says] of [
		["name.given1", /no element given1 in HumanName/],
		["Encounter.name", /asks for a Encounter/],
		["name.(", /column/],
		["name.given + 1", /several/],
	]) {
		const r = run(expression, file);
		assert.equal(r.status, 1, expression);
		assert.match(r.stderr, says);
		assert.equal(r.stdout, '');
	}
	assert.equal(run('name', join(dir, 'none.json')).status, 1);
	assert.equal(run('name', write('broken.json', 'x')).status, 1);
	assert.equal(run('name').status, 2);
});

test('a batch answers each line and goes on after a wrong one', () => {
	const file = write('p.json', patient);
	const lines = [
		{ id: 1, expr: 'active', file },
		{ id: 'b', expr: 'active.', file },
		{ id: { n: 3 }, expr: 'birthDate', file: join(dir, 'none.json') },
		{ id: 4, expr: 'telecom.rank + 1', file },
	];
	const batch = join(dir, 'batch.ndjson');
	writeFileSync(batch, lines.map((l) => JSON.stringify(l)).join('\n') + '\n\n');
	const r = run('--batch', batch);
	assert.equal(r.status, 0, r.stderr);
	const answers = r.stdout.trimEnd().split('\n').map((l) => JSON.parse(l));
	assert.deepEqual(answers[0], { id: 1, ok: true, result: [{ type: 'boolean', value: true }] });
	assert.equal(answers[1].ok, false);
	assert.match(answers[1].error, /column/);
	assert.deepEqual(answers[2].id, { n: 3 });
	assert.equal(answers[2].ok, false);
	assert.deepEqual(answers[3].result, [{ type: 'integer', value: 2 }]);
	writeFileSync(batch, '{"id":1,"expr":"x"}\nnot json\n');
	const wrong = run('--batch', batch);
	assert.equal(wrong.status, 1);
	assert.match(wrong.stderr, /line 1: .*"expr" and "file"/);
	assert.match(wrong.stderr, /line 2/);
});

// ---- expressions at random ----

let state = SEED;
function random() {
	state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
	return Number(state >> 33n) / 2 ** 31;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const chance = (p) => random() < p;

const choices =
	/^(value|author|event|deceased|effective|onset|multipleBirth|performed|medication|occurrence|abatement|answer|product|serviced|location|timing|dose|rate|born|age|scheduled|reported)([A-Z]\w+)$/;

/* The names that lead to something in the document. */
function pathIn(doc) {
	const parts = [];
	let node = doc;
	for (let depth = 1 + Math.floor(random() * 4); depth > 0; depth--) {
		if (Array.isArray(node)) node = pick(node);
		if (node === null || typeof node !== 'object') break;
		const keys = Object.keys(node).filter(
			(k) => !['resourceType', 'div', 'fhir_comments', 'id'].includes(k) && !k.startsWith('_'),
		);
		if (keys.length === 0) break;
		const key = pick(keys);
		const choice = key === 'valueSet' ? null : key.match(choices);
		node = node[key];
		const index = Array.isArray(node) && chance(0.15) ? `[${Math.floor(random() * 3)}]` : "";
		parts.push((choice ? choice[1] : key) + index);
	}
	return parts.join('.') || 'meta';
}

const strings = ["'a'", "''", "'Peter'", "'1'", "'1.5'", "'true'", "'2012-01-01'", "'abc def'", "'A'"];
const numbers = ['0', '1', '2', '3', '10', '1.5', '0.1', '2.50', '100', '7', '3.14159', '1000000'];
const dates = ['@2012', '@2012-04', '@2012-04-15', '@2012-04-15T15:00:00Z', '@2012-04-15T10:00:00+01:00', '@1974-12-25', '@T12:00', '@T12:30:15', '@T12:30:15.5'];
const quantities = ["1 'mg'", "1000 'ug'", "2 'g'", "5 'cm'", "0.05 'm'", '4 days', '1 week', '7 days', '12 months', '1 year', '120 minutes', "100 'kg'", "185 '[lb_av]'", "1 'L'", "10 'dL'"];
const onStrings = ['.length()', '.upper()', '.lower()', ".startsWith('a')", ".endsWith('l')", ".contains('e')", ".indexOf('e')", '.substring(1)', '.substring(0,2)', ".replace('e','X')", '.toChars()', ".split('-')", '.trim()', ".matches('[0-9]+')", ".matches('^P')", ".replaceMatches('[0-9]','#')", ".encode('base64')", ".encode('hex')", " & 'x'", " + 'y'"];
const onNumbers = ['.abs()', '.ceiling()', '.floor()', '.round()', '.round(1)', '.truncate()', '.sqrt()', '.exp()', '.ln()', '.log(10)', '.power(2)', '.power(0.5)', ' + 1', ' - 1.5', ' * 2', ' / 3', ' div 2', ' mod 3'];
const onLists = ['.first()', '.last()', '.tail()', '.skip(1)', '.take(2)', '.count()', '.exists()', '.empty()', '.distinct()', '.isDistinct()', '.children().count()', '.descendants().count()', '.hasValue()', '.type().name', '.extension.url', '.ofType(string)', '.where($this.exists())', '.select($this)', '.all($this.exists())', '.aggregate($total + 1, 0)', '.repeat(children()).count()', ".trace('t')", '.select($index)', '.where($index > 0)'];
const conversions = ['Integer', 'Decimal', 'String', 'Boolean', 'Date', 'DateTime', 'Time', 'Quantity'];
const sets = ['.combine', '.union', '.intersect', '.exclude', '.subsetOf', '.supersetOf'];
const types = ['System.String', 'HumanName', 'code', 'Quantity', 'boolean', 'dateTime'];

const literal = () => pick([strings, numbers, dates, quantities, ['true', 'false'], ['{}']].map((l) => pick(l)));
const bracket = (l) => (/^[@0-9]/.test(l) || l.includes(" ") ? `(${l})` : l);

function after1(doc) {
	const r = random();
	if (r < 0.3) return pick(onLists);
	if (r < 0.5) return `.to${pick(conversions)}()`;
	if (r < 0.65) return `.convertsTo${pick(conversions)}()`;
	if (r < 0.75) return `${pick(sets)}(${chance(0.5) ? pathIn(doc) : bracket(literal())})`;
	if (r < 0.9) return `.where(${comparison(doc)})`;
	return `.select(${pick(["$this", "children().count()", "type().name"])})`;
}

function comparison(doc) {
	const left = chance(0.5) ? '$this' : pathIn(doc);
	return `${left} ${pick(["=", "!="])} ${chance(0.5) ? literal() : pathIn(doc)}`;
}

function expression(doc) {
	const r = random();
	if (r < 0.2) return bracket(pick(strings)) + pick(onStrings) + (chance(0.3) ? after1(doc) : '');
	if (r < 0.35) return bracket(pick(numbers)) + pick(onNumbers) + (chance(0.3) ? after1(doc) : '');
	if (r < 0.45) return `${pick(quantities)} ${pick(["=", "!=", "<", ">", "<=", ">="])} ${pick(quantities)}`;
	if (r < 0.55) return `${pick(dates)} ${pick(["=", "!=", "<", ">", "<=", ">="])} ${pick(dates)}`;
	if (r < 0.6) return `${pick(dates)} ${pick(["+", "-"])} ${pick(["4 days", "1 week", "7 days", "12 months", "1 year", "120 minutes"])}`;
	if (r < 0.65) return `${pathIn(doc)} is ${pick(types)}`;
	if (r < 0.7) {
		const logic = () => pick(["true", "false", "{}", `${pathIn(doc)}.exists()`]);
		return `${logic()} ${pick(["and", "or", "xor", "implies"])} ${logic()}`;
	}
	if (r < 0.75) return `iif(${pathIn(doc)}.exists(), ${pathIn(doc)}, ${literal()})`;
	if (r < 0.8) return `${pathIn(doc)} | ${chance(0.5) ? pathIn(doc) : literal()}`;
	if (r < 0.85) return comparison(doc).replace('$this', pathIn(doc));
	let e = pathIn(doc);
	for (let n = Math.floor(random() * 4); n > 0; n--) e += after1(doc);
	return e;
}

// ---- what they say ----

const words = /^(year|month|week|day|hour|minute|second|millisecond)s?$/;
function plain(item) {
	const v = item.value;
	if (item.type === 'TypeInfo') return v.name;
	if (item.type === 'Quantity' && v && Object.keys(v).join() === 'value,unit')
		return words.test(v.unit) ? `${v.value} ${v.unit}` : `${v.value} '${v.unit}'`;
	return v;
}
function sorted(v) {
	if (Array.isArray(v)) return v.map(sorted);
	if (v === null || typeof v !== 'object') return v;
	return Object.fromEntries(Object.keys(v).filter((k) => k !== '__path__').sort().map((k) => [k, sorted(v[k])]));
}
function same(a, b) {
	if (typeof a === 'number' && typeof b === 'number')
		return Math.abs(a - b) <= 1e-7 * Math.max(1, Math.abs(a), Math.abs(b));
	const q = /^(-?[\d.]+) '1'$/;
	if (typeof a === 'string' && typeof b === 'string' && q.test(a) && q.test(b))
		return same(Number(a.match(q)[1]), Number(b.match(q)[1]));
	return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}
function theirs(doc, text) {
	try {
		const result = fhirpath.evaluate(doc, text, {}, r4, { traceFn() {} });
		return { ok: true, result: result.map((v) => (v === undefined ? null : v)) };
	} catch (e) {
		return { ok: false, error: String(e.message ?? e) };
	}
}

/* Which decided difference it is; undefined for none. */
function explain(text, ours, other) {
	if (!ours.ok && /wrong at column/.test(ours.error)) return "refused for the type before it is evaluated";
	if (!ours.ok && /no order/.test(ours.error)) return "booleans and values of two types have no order";
	if (!ours.ok && other.ok && other.result.length === 0) return 'a wrong type is an error here, empty there';
	if (ours.ok && ours.result.length === 0 && !other.ok) return 'empty here, an error there';
	if (/\b(and|or|implies|iif)\b/.test(text) && !other.ok) return "the side that does not matter is not evaluated";
	if (/^[\d.]+ \S.* (=|!=|<|>|<=|>=) [\d.]+ \S/.test(text) && ours.ok && ours.result.length === 0)
		return 'quantities of two kinds, or years and months with days, cannot be compared';
	if (/^@.*[+-] .*(day|week|month|year|minute)/.test(text) && other.ok && /00:00"/.test(JSON.stringify(other.result)))
		return 'they write a sum in UTC, here it keeps its zone';
	if (/\.(toString|convertsToString)\(\)/.test(text) && /object Object|true/.test(JSON.stringify(other.result)))
		return 'an element with elements is no string';
	if (!ours.ok && /expected one value/.test(ours.error)) return "several values where one is asked for are an error";
	if (/\.(ln|log|exp)\(/.test(text) && ours.ok) return "what is no number, or has more than 36 digits, is empty";
	if (/@T12:30:15\.5/.test(text)) return "they lose the fraction of a second";
	if (/1000 'ug'/.test(text) && /1 'mg'/.test(text)) return "they compare in binary fractions";
	if (!other.ok && /has a comparator/.test(other.error)) return "a Quantity with a comparator is compared as it stands";
	if (/is System.String|ofType\(string\)|type\(\)/.test(text) && /url|[iI]d\b/.test(text)) return "ids and Extension.url have FHIR types here";
	if (/value (=|!=) value/.test(text)) return "a quantity of another kind, or something else, than what it is compared with";
	if (/(=|!=) [\d.]+ ('|day|week|month|year|minute)/.test(text)) return "a quantity of another kind, or something else, than what it is compared with";
	if (/(sqrt|round|power|truncate|abs|ceiling|floor|\+ 1|- 1|\* 2|value).*(type\(\)|[tT]oInteger\(\))/.test(text)) return "a decimal is no integer, whatever its value";
	if (/(sqrt|power|\+|\*|-|\/).*(toString|toQuantity)/.test(text)) return "decimals are exact here, and quantities have a unit";
	if (/([cC]onvertsToDate|toDate|convertsToDateTime)\(\)/.test(text)) return "a dateTime has a date";
	if (/toTime\(\)/.test(text)) return "digits alone are no time";
	if (/\|/.test(text)) return "a union has nothing twice";
	if (/type\(\)/.test(text)) return "they do not tell the type of an Extension by itself";
	if (/(toString|convertsToString)\(\)/.test(text)) return "an element with elements is no string";
	if (/(!=|=) '/.test(text) && /lastUpdated|[dD]ate|timestamp|issued|recorded|start|end|period/.test(text)) return "a time and a string are not equal";
	return undefined;
}

test(`${PAIRS} expressions at random come to the same as in npm fhirpath`, { timeout: 600000 }, (t) => {
	const docs = [{ file: write('p.json', patient), doc: patient }];
	const made = join(dir, 'made.ndjson');
	const g = spawnSync(BIN, ['generate', '--out', made, '--people', '3', '--full', '3', '--seed', '7'], { encoding: 'utf8' });
	assert.equal(g.status, 0, g.stderr);
	const seen = new Map();
	for (const line of readFileSync(made, 'utf8').split('\n').filter(Boolean)) {
		const doc = JSON.parse(line);
		for (const r of doc.entry?.map((e) => e.resource) ?? [doc]) {
			const n = seen.get(r.resourceType) ?? 0;
			seen.set(r.resourceType, n + 1);
			if (n < 3) docs.push({ file: write(`${r.resourceType}-${n}.json`, r), doc: r });
		}
	}
	if (existsSync(EXAMPLES))
		for (const f of readdirSync(EXAMPLES, { recursive: true, withFileTypes: true })
			.filter((f) => f.isFile() && f.name.endsWith('.json'))
			.map((f) => join(f.parentPath ?? f.path, f.name))
			.sort()
			.filter((_, i) => i % 9 === 0)
			.slice(0, 60)) {
			const doc = JSON.parse(readFileSync(f, "utf8").replace(/^\uFEFF/, ""));
			if (typeof doc.resourceType === "string") docs.push({ file: write(`x${docs.length}.json`, doc), doc });
		}
	const pairs = Array.from({ length: PAIRS }, (_, id) => {
		const { file, doc } = pick(docs);
		return { id, expr: expression(doc), file, doc };
	});
	const batch = join(dir, 'pairs.ndjson');
	writeFileSync(batch, pairs.map(({ id, expr, file }) => JSON.stringify({ id, expr, file })).join('\n'));
	const r = run('--batch', batch);
	assert.equal(r.status, 0, r.stderr);
	const answers = r.stdout.trimEnd().split('\n').map((l) => JSON.parse(l));
	assert.equal(answers.length, PAIRS);
	const tally = new Map();
	const unexplained = [];
	for (const [i, { expr, doc, file }] of pairs.entries()) {
		const ours = answers[i];
		const other = theirs(doc, expr);
		let what;
		if (!ours.ok && !other.ok) what = 'both refuse';
		else if (ours.ok && other.ok && ours.result.length === other.result.length && ours.result.every((v, k) => same(plain(v), other.result[k]) || same(v.value, other.result[k])))
			what = 'agree';
		else what = explain(expr, ours, other);
		if (!what)
			unexplained.push(`${expr}\n    on ${file}\n    ours   ${JSON.stringify(ours.ok ? ours.result.map(plain) : ours.error).slice(0, 200)}\n    theirs ${JSON.stringify(other.ok ? other.result : other.error).slice(0, 200)}`);
		tally.set(what ?? 'unexplained', (tally.get(what ?? 'unexplained') ?? 0) + 1);
	}
	for (const [what, n] of tally) t.diagnostic(`figure ${n} of ${PAIRS}: ${what}`);
	assert.deepEqual(unexplained.slice(0, 20), [], `${unexplained.length} differ`);
	assert.ok((tally.get('agree') ?? 0) > PAIRS * 0.7, 'most expressions have a result');
});

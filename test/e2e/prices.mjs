// prices.mjs - price lists imported, listed and refused; activity priced on the command
// line, with its trace (docs/interfaces/prices.md; CON-T01, CON-T04).
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { at, engines, folder, hf, hfOk, storeOf } from '../support/e2e.mjs';

const HRG = 'hrg,name,oproc,combined,dc,el,el_trim,ne,ne_trim,perday,sse_applicable,sse_pct,sse_price,' +
	'bpt_scope,bpt_area,bpt_price_ne,bpt_price_el,valid_from,valid_to,currency_unit';
const shared = '../shared/data/prices';

// A list in a folder of its own.
function list(dir, id, from, to, rows, more = '') {
	const path = join(dir, id);
	mkdirSync(path);
	writeFileSync(join(path, 'list.csv'),
		`setting,value\nid,${id}\ntitle,Test\nillustrative,yes\nvalid_from,${from}\nvalid_to,${to}\n${more}`);
	writeFileSync(join(path, 'hrg.csv'), `${HRG}\n${rows.join('\n')}\n`);
	writeFileSync(join(path, 'mff.csv'), 'provider,name,mff,valid_from,valid_to\nRZ1,A trust,1.0423,,\n');
	return path;
}

// A non-elective price and its trim point.
const ne = (hrg, price, trim = 18) => `${hrg},,,,,,,${price},${trim},215,no,,,,,,,,,GBP`;

function csv(dir, rows) {
	const path = join(dir, 'activity.csv');
	writeFileSync(path, 'id,kind,day,admitted,hrg,provider,method,cls,age,critical,specialty,flags\n' +
		`${rows.join('\n')}\n`);
	return path;
}

const vectors = [ // CON-T01 a, b, d, i, j, k, l, n; CON-T04: 2 first and 5 follow-up
	['1,spell,2020-07-01,2020-06-25,XX01A,RZ1,21,1,78,,,', '2480.67'],
	['2,spell,2020-07-01,2020-06-30,XX01A,RZ1,21,1,45,,,', '1116.30'],
	['3,spell,2020-07-01,2020-06-06,XX01A,RZ1,21,1,78,,,', '4049.34'],
	['4,spell,2020-07-01,2020-07-01,XX02B,RZ1,11,2,60,,,', '854.69'],
	['5,spell,2020-07-01,2020-06-23,XX02B,RZ1,11,1,60,,,', '2522.37'],
	['6,spell,2020-07-01,2020-07-01,XX01A,RZ1,12,1,60,,,', '1511.34'],
	['7,spell,2020-07-01,2020-06-11,XX03C,RZ1,21,1,85,,,bpt_local', '7228.35'],
	['8,spell,2020-07-01,2020-06-25,XX99Z,RZ1,21,1,78,,,', '0.00'],
	...[0, 1].map((i) => [`${10 + i},outpatient,2020-08-01,,,RZ1,,1,40,,100,`, '192.83']),
	...[0, 1, 2, 3, 4].map((i) => [`${20 + i},outpatient,2020-08-01,,,RZ1,,2,40,,100,`, '95.89']),
];

test('the vectors are priced on the command line, as lines, sums and JSON', (t) => {
	const input = csv(folder(t), vectors.map(([row]) => row));
	const lines = hfOk(['contract', 'price', '--input', input, '--format', 'csv']).out.trim().split('\n').slice(1)
		.map((l) => l.split(','));
	assert.deepEqual(lines.map((l) => l[4]), vectors.map(([, value]) => value));
	assert.deepEqual(lines[7].slice(1), ['NE', '2020/21', '4', '0.00', '0', '0.00', 'NO_HRG', 'ILL-2020.1', 'XX99Z', 'RZ1', '']);
	assert.deepEqual(lines[2].slice(5, 7), ['7', '1568.67']);

	const json = JSON.parse(hfOk(['contract', 'price', '--input', input, '--format', 'json']).out);
	const op = json.totals.filter((s) => s.pod.startsWith('OP'));
	assert.deepEqual(op.map((s) => [s.year, s.period, s.pod, s.lines, s.value]),
		[['2020/21', 5, 'OPFA', 2, '385.66'], ['2020/21', 5, 'OPFUP', 5, '479.45']]);
	const pence = (v) => Math.round(Number(v) * 100);
	assert.equal(json.totals.reduce((n, s) => n + pence(s.value), 0), pence(json.total.value));
	assert.equal(vectors.reduce((n, [, v]) => n + pence(v), 0), pence(json.total.value));
	assert.deepEqual(json.problems.map((p) => [p.code, p.lines]), [['NO_HRG', 1]]);

	const table = hfOk(['contract', 'price', '--input', input]).out;
	assert.match(table, /^total .* £20,628\.17/m);
	assert.match(table, /1 LOCAL at £0\.00, NO_HRG: the price list has no row/);
});

test('a line tells why it is worth what it is', (t) => {
	const input = csv(folder(t), ['3,spell,2020-07-01,2020-06-02,XX01A,RZ1,21,1,78,4,,']);
	const text = hfOk(['contract', 'price', '--input', input, '--trace', '3']).out;
	assert.match(text, /1\.2 step 1: Length of stay 29 days - 4 critical care = 25 days\./);
	assert.match(text, /Market forces factor: 388500p x 1\.0423 = 404933\.55p\./);
	assert.match(text, /half away from zero: 404934p = £4,049\.34\./);
	const json = JSON.parse(hfOk(['contract', 'price', '--input', input, '--trace', '3', '--format', 'json']).out);
	assert.equal(json.value, '4049.34');
	assert.equal(json.steps.at(-1).clause, '1.2 step 7');
	assert.match(hf(['contract', 'price', '--input', input, '--trace', '4']).err, /no row has this id/);
});

test('a wrong row is told with its line and in no figure', (t) => {
	const input = csv(folder(t), [vectors[0][0], 'two,spell,2020-07-01,,,,,,,,,', '3,stay,2020-07-01,,,,,,,,,']);
	const r = hf(['contract', 'price', '--input', input, '--format', 'json']);
	assert.equal(r.status, 1);
	assert.match(r.err, /line 3: id: takes a whole number/);
	assert.match(r.err, /line 4: kind: takes spell, outpatient/);
	assert.equal(JSON.parse(r.out).wrong_rows, 2);
	assert.equal(JSON.parse(r.out).total.value, '2480.67');
});

test('what is asked wrongly is told', (t) => {
	const dir = folder(t);
	const input = csv(dir, []);
	assert.match(hf(['contract', 'price']).err, /--input FILE\.csv/);
	assert.match(hf(['contract', 'price', '--input', input, '--format', 'xml']).err, /table, csv or json/);
	assert.match(hf(['contract', 'price', '--input', join(dir, 'none')]).err, /No such file/);
	assert.match(hf(['contract', 'price', '--input', input, '--list', 'NONE']).err, /no price list NONE/);
	assert.match(hf(['contract', 'guess']).err, /none of its verbs/);
	assert.match(hf(['contract']).err, /say what to do/);
	assert.match(hfOk(['contract', '--help']).out, /prices check\|list\|import/);
});

test('check tells every wrong row with its line', (t) => {
	const dir = folder(t);
	const path = list(dir, 'T1', '2020-04-01', '2021-03-31',
		[ne('AA01A', 100), ne('AA02A', -100), ne('AA03A', 100, ''), ne('AA01A', 200)]);
	const r = hf(['contract', 'prices', 'check', path]);
	assert.equal(r.status, 1);
	assert.match(r.err, /hrg\.csv:3: ne: a price is not less than nothing/);
	assert.match(r.err, /hrg\.csv:4: ne_trim: the trim point is missing/);
	assert.match(r.err, /hrg\.csv:5: AA01A: valid on days that line 2 is valid on too/);
	assert.match(r.out, /3 errors: it cannot be imported/);
	assert.match(hfOk(['contract', 'prices', 'check', 'definitions/prices/ILL-2020.1']).out, /^ILL-2020\.1 .*illustrative/);
	assert.match(hf(['contract', 'prices', 'check', join(dir, 'none')]).err, /No such file/);
	assert.match(hfOk(['contract', 'prices', 'list']).out, /^ILL-2020\.1 /);
});

for (const engine of engines) {
	test(`lists are imported whole or not at all, and chosen by date (${engine})`, (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const dir = folder(t);
		const prices = (...args) => hf(['contract', 'prices', ...args, ...at(store)]);
		const first = list(dir, 'T19', '2019-04-01', '2020-03-31', [ne('AA01A', 100)]);
		const second = list(dir, 'T20', '2020-04-01', '2021-03-31', [ne('AA01A', 200)]);
		const over = list(dir, 'T21', '2020-10-01', '2022-03-31', [ne('AA01A', 300)]);
		const instead = list(dir, 'T20b', '2021-01-01', '2021-03-31', [ne('AA01A', 250)], 'supersedes,T20\n');
		const bad = list(dir, 'T22', '2022-04-01', '2023-03-31', [ne('AA01A', 100), ne('AA02A', -1)]);

		assert.match(prices('list').out, /^ILL-2020\.1 /);
		assert.equal(prices('import', first).status, 0);
		assert.equal(prices('import', second).status, 0);
		assert.match(prices('import', second).err, /a price list T20 already/);
		assert.match(prices('import', over).err, /price lists T21 and T20 are valid on the same days/);
		assert.match(prices('import', bad).err, /hrg\.csv:3: ne: .*\n.*nothing was imported/);
		assert.equal(prices('import', instead).status, 0);
		assert.deepEqual(prices('list').out.trim().split('\n').map((l) => l.split(' ')[0]), ['T19', 'T20', 'T20b']);

		const input = csv(dir, ['2020-03-31', '2020-04-01', '2020-12-31', '2021-01-01', '2021-04-01']
			.map((day, i) => `${i},spell,${day},2020-03-25,AA01A,RZ1,81,1,70,${i < 2 ? 0 : 400},,`));
		const lines = hfOk(['contract', 'price', '--input', input, '--format', 'csv', ...at(store)]).out
			.trim().split('\n').slice(1).map((l) => l.split(','));
		assert.deepEqual(lines.map((l) => [l[4], l[7], l[8]]), [['104.23', '', 'T19'], ['208.46', '', 'T20'],
			['208.46', '', 'T20'], ['260.58', '', 'T20b'], ['0.00', 'NO_LIST', '']]);
		assert.match(hfOk(['contract', 'price', '--input', input, '--trace', '1', ...at(store)]).out,
			/The stay began on 2020-03-25, before the end of a financial year; all of it belongs to 2020\/21/);

		hfOk(['check', ...at(store)]);
		const key = join(dir, 'words');
		writeFileSync(key, 'a passphrase of some length\n');
		hfOk(['backup', ...at(store), '--out', join(dir, 'backup'), '--passphrase-file', key]);
		hfOk(['restore', '--data', join(dir, 'again'), '--passphrase-file', key, join(dir, 'backup')]);
		assert.equal(hfOk(['contract', 'prices', 'list', '--data', join(dir, 'again')]).out, prices('list').out);
		assert.equal(hfOk(['contract', 'price', '--input', input, '--format', 'csv', '--data', join(dir, 'again')]).out,
			hfOk(['contract', 'price', '--input', input, '--format', 'csv', ...at(store)]).out);
	});
}

test('a kept list that is not as it was imported is not priced by', (t) => {
	const store = storeOf('SQLite', t);
	const dir = folder(t);
	hfOk(['contract', 'prices', 'import', '--data', store, list(dir, 'T20', '2020-04-01', '2021-03-31', [ne('AA01A', 200)])]);
	// A byte of its body in the database.
	const file = join(store, 'homefirst.db');
	const bytes = readFileSync(file);
	const at = bytes.indexOf('AA01A,,,,,,,200');
	assert.ok(at > 0);
	bytes.write('9', at + 12);
	writeFileSync(file, bytes);
	const r = hf(['contract', 'price', '--input', csv(dir, []), '--data', store]);
	assert.equal(r.status, 1);
	assert.match(r.err, /price list T20 of the store is not as it was imported/);
});

test('what happened to an invented place is priced, the same each time', (t) => {
	const data = join(folder(t), 'place');
	hfOk(['generate', '--data', data, '--people', '2000', '--activity-only', '--seed', '1']);
	const year = ['--data', data, '--from', '2025-04-01', '--to', '2026-04-01'];
	const csv = hfOk(['contract', 'price', ...year, '--format', 'csv']).out;
	const lines = csv.trim().split('\n').slice(1).map((l) => l.split(','));
	assert.equal(hfOk(['contract', 'price', ...year, '--format', 'csv']).out, csv);
	assert.ok(lines.every((l) => l[2] === '2025/26'));
	const pence = (v) => Math.round(Number(v) * 100);
	const json = JSON.parse(hfOk(['contract', 'price', ...year, '--format', 'json']).out);
	assert.equal(lines.reduce((n, l) => n + pence(l[4]), 0), pence(json.total.value));
	assert.equal(json.total.lines, lines.length);
	for (const pod of ['AE', 'DC', 'EL', 'NE', 'NEL', 'OPFA', 'OPFUP'])
		assert.ok(json.totals.some((s) => s.pod === pod && s.value !== '0.00'), pod);
	// Every stay and A&E attendance of the place has a price, but for regular admissions.
	const local = new Set(lines.filter((l) => ['AE', 'DC', 'EL', 'NE', 'NEL'].includes(l[1])).map((l) => l[7]));
	assert.deepEqual([...local], ['']);
	const invoices = hfOk(['contract', 'price', ...year, '--format', 'fhir']).out.trim().split('\n').map((l) => JSON.parse(l));
	assert.equal(invoices.length, 12);
	assert.equal(invoices.reduce((n, i) => n + pence(i.totalNet.value), 0), pence(json.total.value));
	const stay = lines.find((l) => l[1] === 'NE');
	assert.match(hfOk(['contract', 'price', ...year, '--trace', stay[0]]).out, /1\.2 step 7: Market forces factor/);
	assert.match(hf(['contract', 'price', ...year.slice(0, 2), '--from', 'May']).err, /YYYY-MM-DD/);
});

// Costs, not a tariff: what a list of the size of a real one is made of.
test('real cost collections and trim points are imported', { skip: !existsSync(shared) && 'no ../shared' }, (t) => {
	const dir = folder(t);
	const trims = new Map(readFileSync(join(shared, 'hrg_trimpoints.csv'), 'utf8').trim().split('\n').slice(1)
		.map((l) => l.split(',')).map(([h, el, em]) => [h, { el, em }]));
	const costs = new Map();
	for (const line of gunzipSync(readFileSync(join(shared, 'ncc.csv.gz'))).toString().split('\n').slice(1)) {
		const m = /^"([^"]*)","([^"]*)","((?:[^"]|"")*)",([^,]*),([^,]*),/.exec(line);
		if (!m || !/^[A-Z]{2}\d\d[A-Z]$/.test(m[2]) || !Number(m[5])) continue;
		const row = costs.get(m[2]) ?? {};
		row[m[1]] = Number(m[5]).toFixed(2);
		costs.set(m[2], { name: m[3], ...row });
	}
	const rows = [...costs].map(([hrg, c]) => {
		const trim = trims.get(hrg) ?? { el: '', em: '' };
		return [hrg, `"${c.name}"`, c['Outpatient Procedures'] ?? '', '', c.Daycase ?? '', c['Elective Inpatients'] ?? '',
			trim.el, c['Non-Elective Inpatient - Long Stay'] ?? '', trim.em, trims.has(hrg) ? '250' : '', 'no', '', '', '', '', '',
			'', '', '', 'GBP'].join(',');
	});
	const path = list(dir, 'NCC-2024', '2024-04-01', '2025-03-31', rows);
	const r = hfOk(['contract', 'prices', 'check', path]);
	const groups = Number(/(\d+) groups/.exec(r.out)[1]);
	assert.ok(groups > 2500, `${groups} groups`);
	assert.equal(groups, costs.size);
	t.diagnostic(`figure: a list of ${groups} groups with ${trims.size} trim points`);
});

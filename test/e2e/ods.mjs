// Files of organisations into a real store (R-1.2, R-1.14).
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, contents, engines, folder, hf, hfOk, newStore, storeOf, write } from '../support/e2e.mjs';

// As the real files are: 27 columns in quotes, no header, dates as text.
const row = (code, name, { opened = '19740401', closed = '', status = 'A', setting = '4', postcode = 'WZ1 1AA', phone = '01632 960001' } = {}) =>
	[code, name, 'Y63', 'QZ9', '1 MILL LANE', '', '', 'WRENFORD', '', postcode, opened, closed, status, 'B', '16C', '', '',
		phone, '', '', '', '0', '', '16C', '', setting, ''].map((f) => `"${f}"`).join(',');
const epraccur = (...rows) => `${rows.join('\r\n')}\r\n`;
const pcn = (date, ...rows) => `EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME\n${rows.map((r) => `${date},${r}`).join('\n')}\n`;
const real = ['../shared/data/ods'].find(existsSync);

const org = (store, code) => contents(store).find((r) => r.resourceType === 'Organization' && r.identifier[0].value === code);
const links = (r) => r.extension.filter((e) => e.url.endsWith('/part-of')).map((e) => [
	e.extension[0].valueReference.reference.replace('Organization/ods-', ''), e.extension[1]?.valuePeriod]);

for (const engine of engines)
	test(`practices come with their dates, and again nothing changes: ${engine}`, (t) => {
		const store = storeOf(engine, t), dir = folder(t);
		if (!store) return;
		const file = write(dir, 'epraccur.csv', epraccur(
			row('z99001', 'MILL SURGERY'),
			row('Z99002', 'OLD SURGERY', { closed: '20260331', status: 'C' }),
			row('Z99003', 'HOSTEL', { setting: '9' })));
		assert.match(hfOk(['import', ...at(store), file]).out, /\n3 new, 0 changed, 0 unchanged/);
		const mill = org(store, 'Z99001'), old = org(store, 'Z99002');
		assert.equal(mill.id, 'ods-Z99001');
		assert.equal(mill.active, true);
		assert.equal(mill.type[0].coding[0].code, 'general-practice');
		assert.equal(org(store, 'Z99003').type[0].coding[0].code, 'prescribing-cost-centre');
		assert.equal(old.active, false);
		assert.deepEqual(old.extension[0].valuePeriod, { start: '1974-04-01', end: '2026-03-31' });
		const before = contents(store);
		assert.match(hfOk(['import', ...at(store), file]).out, /\n0 new, 0 changed, 3 unchanged/);
		assert.deepEqual(contents(store), before);
	});

test('a practice that moves keeps where it was, and an older file does not move it back', (t) => {
	const store = newStore(t), dir = folder(t);
	const first = write(dir, 'first.csv', pcn('01Jan2025', 'Z99001,MILL,U99001,NORTH PCN', 'Z99002,OAK,U,Unallocated'));
	const second = write(dir, 'second.csv', pcn('01Apr2026', 'Z99001,MILL,U99002,SOUTH PCN', 'Z99002,OAK,U99001,NORTH PCN'));
	assert.match(hfOk(['import', '--data', store, first]).out, /\n3 new/);
	assert.match(hfOk(['import', '--data', store, second]).out, /\n1 new, 2 changed/);
	const moved = [['U99001', { start: '2025-01-01', end: '2026-03-31' }], ['U99002', { start: '2026-04-01' }]];
	assert.deepEqual(links(org(store, 'Z99001')), moved);
	assert.equal(org(store, 'Z99001').partOf.reference, 'Organization/ods-U99002');
	assert.match(hfOk(['import', '--data', store, first]).out, /\n0 new, 0 changed/);
	assert.deepEqual(links(org(store, 'Z99001')), moved);
	// Another network for a time that is spoken for.
	const older = write(dir, 'older.csv', pcn('01Jan2024', 'Z99001,MILL,U99003,EAST PCN'));
	const r = hf(['import', '--data', store, older]);
	assert.equal(r.status, 1);
	assert.match(r.err, /older\.csv line 2: a later assignment/);
	assert.deepEqual(links(org(store, 'Z99001')), moved);
	// Where the networks belong is the place's own to say.
	const place = write(dir, 'place.ndjson', JSON.stringify({
		resourceType: 'Organization', id: 'north', name: 'North',
		identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'ZW200' }],
	}));
	hfOk(['import', '--data', store, place]);
	const tree = write(dir, 'tree.csv', 'code,part_of,from\nu99001,zw200,2026-04-01\n');
	assert.match(hfOk(['import', '--data', store, tree]).out, /\n0 new, 1 changed/);
	assert.equal(org(store, 'U99001').partOf.reference, 'Organization/north');
});

test('rows that say nothing sensible are refused with their line, and the rest is taken', (t) => {
	const store = newStore(t), dir = folder(t), rejects = join(dir, 'rejects.ndjson');
	const file = write(dir, 'epraccur.csv', epraccur(
		row('Z99001', 'MILL SURGERY'),
		row('Z99002', 'OAK SURGERY', { opened: '20261340' }),
		'"Z99003","SHORT"',
		'"Z99004","OPEN',
		row('Z99005', 'ASH SURGERY')));
	const r = hf(['import', '--data', store, '--rejects', rejects, file]);
	assert.equal(r.status, 1);
	assert.match(r.out, /\n2 new/);
	assert.match(r.err, /3 refused/);
	assert.match(r.err, /line 2: column 11: expected a date/);
	assert.match(r.err, /line 3: expected 27 columns, there are 2/);
	assert.match(r.err, /line 4: text stands after a closing quote/);
	const lines = readFileSync(rejects, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
	assert.deepEqual(lines.map((l) => l.rejected.line), [2, 3, 4]);
	assert.equal(lines[1].text, '"Z99003","SHORT"');
});

test('a successor is linked, and one for nobody is refused', (t) => {
	const store = newStore(t), dir = folder(t);
	hfOk(['import', '--data', store, write(dir, 'epraccur.csv', epraccur(row('Z99001', 'MILL SURGERY')))]);
	const r = hf(['import', '--data', store, write(dir, 'succ.csv', 'Z99001,Z99009,S,20260401,\nZ99404,Z99001,S,20260401,\n')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /line 2: there is no organisation with the code Z99404/);
	const ext = org(store, 'Z99001').extension.find((e) => e.url.endsWith('/successor'));
	assert.equal(ext.extension[0].valueReference.identifier.value, 'Z99009');
	assert.equal(ext.extension[1].valueDate, '2026-04-01');
});

test('a CSV file that nobody can tell is refused before anything is done', (t) => {
	const store = newStore(t), dir = folder(t);
	const what = write(dir, 'what.csv', 'a,b\n1,2\n'), json = write(dir, 'p.json', '{}');
	const r = hf(['import', '--data', store, what]);
	assert.equal(r.status, 1);
	assert.match(r.err, /--map/);
	assert.equal(hf(['import', '--data', store, what, json]).status, 2);
	assert.equal(hf(['import', '--data', store, '--map', 'what', what]).status, 2);
	assert.match(hf(['import', '--data', store, '--map', 'tree', what]).err, /header/);
	assert.equal(hf(['import', '--data', store, join(dir, 'none.csv')]).status, 1);
	const named = write(dir, 'mine.csv', epraccur(row('Z99001', 'MILL SURGERY')));
	assert.match(hfOk(['import', '--data', store, '--map', 'ods-epraccur', named]).out, /\n1 new/);
});

test('the organisations of the invented place keep what they are', (t) => {
	const store = newStore(t), dir = folder(t);
	hfOk(['generate', '--data', store, '--people', '30', '--full', '0']);
	const was = org(store, 'Z99001');
	hfOk(['import', '--data', store, write(dir, 'epraccur.csv', epraccur(row('Z99001', was.name.toUpperCase())))]);
	const is = org(store, 'Z99001');
	assert.equal(is.id, was.id);
	assert.deepEqual(is.type, was.type);
	assert.deepEqual(is.partOf, was.partOf);
	assert.equal(is.name, was.name.toUpperCase());
});

test('the real files import without a refusal, and again nothing changes', { skip: !real && 'no ../shared/data/ods' }, (t) => {
	const store = newStore(t);
	const files = ['etr-nhs-trusts-2025.csv', 'epraccur-2023.csv.gz', 'gp-practice-to-pcn-ccg-stp-2022-01.csv.gz']
		.map((f) => join(real, f));
	const first = hfOk(['import', '--data', store, ...files]);
	assert.match(first.out, /\n17,435 new, 0 changed, 0 unchanged/);
	assert.match(hfOk(['import', '--data', store, ...files]).out, /\n0 new, 0 changed, 16,181 unchanged/);
	const densham = org(store, 'A81001');
	assert.equal(densham.name, 'THE DENSHAM SURGERY');
	assert.deepEqual(links(densham), [['U89141', { start: '2022-01-01' }]]);
});

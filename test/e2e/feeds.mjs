// Files of activity into a real store: population.md 1.1, 7 (POP-T31) and 8 (POP-T32), and
// what a feed does when it is bad: findings, not wrong figures.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoUser } from '../support/people.mjs';
import { at, engines, folder, hf, hfOk, newStore, serve, storeOf, write } from '../support/e2e.mjs';

// Numbers of the range that is never issued, with their check digits.
export const nhs = (k) => {
	for (let nine = 999000000 + k * 7; ; nine++) {
		const d = String(nine).split('').map(Number);
		const r = 11 - (d.reduce((s, v, i) => s + (10 - i) * v, 0) % 11);
		if (r !== 10) return `${nine}${r === 11 ? 0 : r}`;
	}
};
const header = 'NHS_NUMBER,NHS_NUMBER_STATUS,ADMIDATE,ADMITIME,DISDATE,DISTIME,ADMIMETH,CLASSPAT,DISDEST,PROCODE,DIAG_01,DIAG_02';
const spell = (k, o = {}) => {
	const day = String(1 + (k % 27)).padStart(2, '0');
	const v = { nhs: nhs(k), status: '01', adm: `2024-0${1 + (k % 3)}-${day}`, at: '10:00', dis: `2024-0${1 + (k % 3)}-${day}`, to: '18:30',
		method: '21', class: '1', dest: '19', org: 'Z01', dx: 'I50.1', dx2: 'E119', ...o };
	return Object.values(v).join(',');
};
const rows = (n, from = 0) => Array.from({ length: n }, (_, i) => spell(from + i));
const file = (dir, name, lines, head = header) => write(dir, name, `${[head, ...lines].join('\n')}\n`);
const load = (store, path, ...more) => {
	const r = hf(['import', ...at(store), '--source', 'Z01', '--json', ...more, path]);
	return { ...r, feed: r.out.startsWith('{') ? JSON.parse(r.out) : null };
};
const found = (r, code) => r.feed.quality.findings.find((f) => f.code === code);
const show = (store, id) => JSON.parse(hfOk(['feed', 'show', String(id), ...at(store)]).out);

for (const engine of engines)
	test(`a file of spells is told by its header, taken once, and replaced by a corrected one: ${engine}`, (t) => {
		const store = storeOf(engine, t), dir = folder(t);
		if (!store) return;
		const first = load(store, file(dir, 'a.csv', rows(60)));
		assert.equal(first.status, 0, first.err);
		assert.equal(first.feed.map, 'spells');
		assert.equal(first.feed.quality.taken, 60);
		assert.equal(first.feed.quality.measures.linkage, 100);
		assert.equal(first.feed.quality.measures.diagnosisDepth, 2);
		assert.deepEqual(first.feed.quality.months, [1, 2, 3].map((m) => ({ month: `2024-0${m}`, n: 20 })));
		// The same bytes under another name: refused, and which feed they were.
		const again = load(store, file(dir, 'b.csv', rows(60)));
		assert.equal(again.status, 1);
		assert.match(again.err, /the same bytes were received as feed 1/);
		// A corrected one: other bytes, the same source, kind and months.
		const corrected = load(store, file(dir, 'c.csv', [...rows(58), spell(61), spell(61, { adm: '2024-03-20', dis: '2024-03-22' })]));
		assert.equal(corrected.feed.quality.replaces.feed, 1);
		assert.equal(corrected.feed.quality.replaces.taken, 60);
		assert.ok(found(corrected, 'resent').n === 60);
		assert.ok(corrected.feed.quality.replaces.months.every((m) => m.before !== m.now));
		assert.equal(show(store, 1).replacedBy, 2);
		const list = hfOk(['feed', 'list', '--json', ...at(store)]).out.trim().split('\n').map(JSON.parse);
		assert.deepEqual(list.map((f) => [f.id, f.kind, f.source, f.from, f.to, f.events]), [
			[1, 'spells', 'Z01', '2024-01-01', '2024-03-31', 60], [2, 'spells', 'Z01', '2024-01-01', '2024-03-31', 60]]);
	});

test('what cannot be is refused row by row with line, column and reason, and no value of the row', (t) => {
	const store = newStore(t), dir = folder(t), rejects = join(dir, 'rejects.csv');
	const r = load(store, file(dir, 'a.csv', [
		...rows(40),
		spell(50, { dis: '2023-12-01' }), // 42: left before they came
		spell(51, { adm: '2024-02-30' }),
		spell(52, { method: '77' }),
		`${spell(53)},x`, // one column too many
		`x,${spell(54).replace(/,[^,]*$/, '')}`, // every value one column off
		spell(0), // 47: stands there already
		spell(55, { org: '"Z01' }), // a quote that is not closed
		spell(56, { adm: '2024-01-05', dis: '2024-01-12' }),
		spell(56, { adm: '2024-01-09', dis: '2024-01-10' }), // 50: within the one above
	]), '--rejects', rejects);
	assert.equal(r.status, 1);
	assert.equal(r.feed.quality.rows, 49);
	assert.equal(r.feed.quality.taken, 41);
	assert.equal(r.feed.quality.refused, 8);
	assert.equal(found(r, 'shifted_columns').n, 2);
	assert.deepEqual(found(r, 'end_before_start').lines, [42]);
	assert.deepEqual(found(r, 'overlapping_spells').lines, [50]);
	assert.deepEqual(found(r, 'duplicate_rows').lines, [47]);
	const told = readFileSync(rejects, 'utf8').trim().split('\n');
	assert.equal(told[0], 'file,line,column,code,reason');
	assert.equal(told.length, 9);
	assert.ok(told.includes('"a.csv",42,end,BACKWARDS,"the end lies before the start"'));
	// Nothing that could be about a person: no number, day or diagnosis.
	assert.doesNotMatch(told.join('\n') + r.err, /\d{4}-\d\d-\d\d,|999\d{6}|I50/);
});

test('a file whose columns are shifted throughout is not taken at all', (t) => {
	const store = newStore(t), dir = folder(t);
	const r = load(store, file(dir, 'a.csv', rows(100).map((l) => `x,${l.replace(/,[^,]*$/, '')}`)));
	assert.equal(r.status, 1);
	assert.match(r.err, /100 of 100 rows are refused, more than 20 %: nothing was taken/);
	assert.match(r.err, /rows whose values stand one column off/);
	assert.match(hfOk(['feed', 'list', ...at(store)]).out, /no feed was received yet/);
});

test('a tenth of unknown numbers: counted, not linked, and figures of it are not to be published (POP-T31)', (t) => {
	const store = newStore(t), dir = folder(t);
	const r = load(store, file(dir, 'a.csv', [...rows(90),
		...Array.from({ length: 4 }, (_, i) => spell(200 + i, { nhs: '' })),
		...Array.from({ length: 3 }, (_, i) => spell(300 + i, { nhs: '9990000000' })),
		...Array.from({ length: 3 }, (_, i) => spell(400 + i, { nhs: nhs(1), status: '02', at: `0${i}:00` }))]));
	assert.equal(r.status, 0, r.err);
	assert.equal(r.feed.quality.taken, 100);
	assert.equal(r.feed.quality.publishable, false);
	assert.equal(r.feed.quality.measures.linkage, 90);
	assert.equal(found(r, 'untraced').n, 7);
	assert.equal(found(r, 'unverified').n, 3);
	assert.equal(found(r, 'linkage_low').n, 10);
	// 90 people; seven rows that are a person each, as a wrong number may be anybody's; and
	// one who is known to this source alone.
	assert.equal(r.feed.quality.persons, 98);
});

test('figures of a feed that is too bad are held back until a better one is sent (section 8)', async (t) => {
	const store = newStore(t), dir = folder(t);
	hfOk(['generate', '--people', '800', '--full', '10', '--seed', '3', ...at(store)]);
	hfOk(['user', 'demo', ...at(store)]);
	const all = Array.from({ length: 200 }, (_, i) => spell(i, { dx: 'J181' }));
	const bad = load(store, file(dir, 'bad.csv', all.map((l, i) => (i % 10 ? l : l.replace(/^\d+/, '')))), '--from', '2024-01-01', '--to', '2024-03-31');
	assert.equal(bad.feed?.quality.publishable, false, bad.err);
	const figures = async (want) => {
		const server = await serve(store, ['--demonstration'], { open: false });
		const analyst = await demoUser(server.url, 'analyst');
		for (let i = 0; i < 200; i++) {
			const r = await analyst.get('/api/population/measures/emergency-admissions?from=2024-01-01&to=2024-04-01');
			if (r.status === 503) { await new Promise((done) => setTimeout(done, 50)); continue; }
			assert.equal(r.status, 200, JSON.stringify(r.body));
			const shown = [...r.body.all.figures, r.body.all.total];
			assert.ok(shown.every((f) => (f.status === 'held-back') === want), JSON.stringify(shown));
			if (want) assert.ok(shown.every((f) => f.n === null && f.value === null && f.standard === null));
			break;
		}
		await server.stop();
	};
	await figures(true);
	const good = load(store, file(dir, 'good.csv', all), '--from', '2024-01-01', '--to', '2024-03-31');
	assert.equal(good.feed?.quality.publishable, true, JSON.stringify(good.feed?.quality ?? good.err));
	await figures(false);
});

test('two births, a practice in two localities and a birth in two months are findings', (t) => {
	const store = newStore(t), dir = folder(t);
	const births = load(store, file(dir, 'a.csv', [...rows(30), spell(80, { adm: '2024-01-03', dis: '2024-01-04', method: '82', dx: 'Z380' }),
		spell(80, { adm: '2024-02-03', dis: '2024-02-04', method: '82', dx: 'Z380' })]));
	assert.equal(found(births, 'two_births').n, 1);
	assert.equal(births.feed.quality.taken, 31);
	const register = load(store, file(dir, 'r.csv', [
		`${nhs(1)},1940-05-17,2,Y00001,2010-01-01,2024-06-30,North`,
		`${nhs(2)},1950-05-17,1,Y00001,2010-01-01,,South`,
		`${nhs(3)},1960-05-17,1,Y00002,2010-01-01,,South`,
		`${nhs(3)},1961-05-17,1,Y00002,2012-01-01,,South`,
	], 'NHS Number,Date of Birth,Sex,GP Practice Code,Registration Start Date,Registration End Date,Locality'),
	'--from', '2024-04-01', '--to', '2025-03-31');
	assert.equal(register.feed.map, 'register');
	assert.equal(found(register, 'practice_moved').n, 1);
	assert.equal(found(register, 'two_births').n, 1);
	assert.equal(show(store, register.feed.feed).registrations, 4);
});

test('other separators, names, encodings and dates are one map', (t) => {
	const store = newStore(t), dir = folder(t);
	const text = ['Extract of March', '',
		'NHS Number;EC Arrival Date;EC Arrival Time;EC Department Type;Attendance Disposal;Site Code',
		...Array.from({ length: 10 }, (_, i) => `${nhs(i).replace(/(...)(...)(....)/, '$1 $2 $3')};1${i}/03/2024;09:1${i};01;Admitted to hospital;Z01`)].join('\r\n');
	const path = write(dir, 'ae.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
	const r = load(store, path);
	assert.equal(r.status, 0, r.err);
	assert.equal(r.feed.map, 'ae');
	assert.equal(r.feed.quality.taken, 10);
	assert.equal(show(store, 1).events, 10);
});

test('what a header goes with is asked when it is not clear, and mistakes in a map have their line', (t) => {
	const store = newStore(t), dir = folder(t);
	const odd = load(store, file(dir, 'a.csv', ['1,2'], 'A,B'), '--map', 'spells');
	assert.equal(odd.status, 1);
	assert.match(odd.err, /the file has no column for: person, start, method, class/);
	const map = write(dir, 'm.json', '{"id":"m","version":"1","title":"M","source":"S",\n"kind":"ae","dates":["YYYY-MM-DD"],\n"columns":[{"field":"person","header":["P"]},\n{"field":"begin","header":["S"]}]}');
	const wrong = hf(['feed', 'check', map]);
	assert.equal(wrong.status, 1);
	assert.match(wrong.err, /m\.json:4: there is no field "begin"/);
	assert.match(hfOk(['feed', 'maps']).out, /^spells 1\.0 {2}Admitted patient care/m);
});

// The simulated hospital of shared/data: deliberately imperfect, maps of its own.
const real = '../shared/data/hospital-episodes';
test('a hospital of 72,000 rows comes in by maps of its own', { skip: !existsSync(real) && 'no shared data' }, (t) => {
	const store = newStore(t), dir = folder(t);
	const go = (map, name) => load(store, join(real, name), '--map', `test/support/maps/${map}.json`, '--rejects', join(dir, `${map}.csv`));
	const spells = go('hospital-spells', 'inpatient_data.csv.gz'), ae = go('hospital-ae', 'ed_data.csv.gz');
	assert.equal(spells.feed.quality.rows, 38122);
	assert.equal(spells.feed.quality.taken + spells.feed.quality.refused, 38122);
	assert.ok(found(spells, 'overlapping_spells').n > 100);
	assert.ok(found(spells, 'day_case_stayed').n > 100);
	assert.equal(found(spells, 'unknown_codes'), undefined);
	assert.equal(ae.feed.quality.taken, 33722);
	// Rows refused are told, each with its line.
	assert.equal(readFileSync(join(dir, 'hospital-spells.csv'), 'utf8').trim().split('\n').length - 1, spells.feed.quality.refused);
	assert.ok(readdirSync(dir).length === 1);
});

// ---- from the record ----

const sct = (code) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });
const person = (id, k) => ({
	resourceType: 'Patient', id, gender: 'female', birthDate: '1941-02-03', name: [{ family: 'Testfamily' }],
	identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhs(k) }],
});
const put = async (url, r) => {
	const answer = await fetch(`${url}/fhir/${r.resourceType}/${r.id}`, { method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify(r) });
	assert.ok(answer.ok, await answer.text());
};
// The rows of the record as the address tells them, once they are as wanted; how long it took.
const until = async (url, wanted) => {
	for (const begun = Date.now(); ;) {
		const { record } = await (await fetch(`${url}/api/population/feeds`)).json();
		if (wanted(record)) return { record, ms: Date.now() - begun };
		if (Date.now() - begun > 20000) assert.fail(`the rows did not follow: ${JSON.stringify(record)}`);
		await new Promise((done) => setTimeout(done, 50));
	}
};

for (const engine of engines)
	test(`what the record says of a person follows each commit, and made again it is the same: ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		let server = await serve(store);
		t.after(() => server.stop());
		await put(server.url, person('one', 1));
		await put(server.url, person('two', 2));
		const first = (await until(server.url, (r) => r.people === 2)).record;
		await put(server.url, { resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/one' }, code: sct('84114007'), onsetDateTime: '2020-01-01' });
		const { ms } = await until(server.url, (r) => r.changed > first.changed);
		t.diagnostic(`a condition was in the rows after ${ms} ms`);
		// Two records become one person's rows, and two again.
		const merge = await fetch(`${server.url}/fhir/Patient/$merge`, { method: 'POST', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify({
			resourceType: 'Parameters', parameter: [{ name: 'source-patient', valueReference: { reference: 'Patient/one' } },
				{ name: 'target-patient', valueReference: { reference: 'Patient/two' } }] }) });
		assert.equal(merge.status, 200, await merge.text());
		await until(server.url, (r) => r.people === 1);
		const { links } = await (await fetch(`${server.url}/api/identity/persons/two/links`)).json();
		const undone = await fetch(`${server.url}/api/identity/persons/two/links/${links[0].link}/undo`, { method: 'POST',
			headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reason: 'They are two people, seen together at the desk.' }) });
		assert.equal(undone.status, 200, await undone.text());
		await until(server.url, (r) => r.people === 2);
		await server.stop();
		// What changed while no server looked is made up for at the next start.
		const more = ['import', ...at(store), write(folder(t), 'more.ndjson', [person('three', 3), { resourceType: 'Encounter', id: 'e', status: 'finished', class: { code: 'EMER' },
			subject: { reference: 'Patient/three' }, period: { start: '2024-05-01T10:00:00+01:00', end: '2024-05-01T12:00:00+01:00' } }].map((r) => JSON.stringify(r)).join('\n'))];
		hfOk(more);
		server = await serve(store);
		const before = (await until(server.url, (r) => r.people === 3)).record;
		await server.stop();
		// Somebody is on the list of opt-outs now: marked in the rows.
		const list = write(folder(t), 'list.txt', `${nhs(3)}\n`);
		hfOk(['optout', 'import', ...at(store), '--list-file', list, '--made', new Date(Date.now() - 86400000).toISOString().slice(0, 10)]);
		server = await serve(store);
		await until(server.url, (r) => r.changed > before.changed);
		await server.stop();
		assert.match(hfOk(['rebuild', ...at(store)]).out, /3 people: the rows of 0 were other ones/);
	});

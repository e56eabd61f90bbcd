// The FHIR REST interface, as docs/interfaces/fhir.md tells it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { issues, onEachEngine } from '../support/fhir.mjs';

const person = (family = 'Testfamily', more = {}) => ({
	resourceType: 'Patient', name: [{ family, given: ['Given'] }], gender: 'female', birthDate: '1950-02-03', ...more,
});
const reading = (patient, value = 1, more = {}) => ({
	resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
	subject: { reference: patient }, effectiveDateTime: '2024-03-01T10:00:00Z', valueQuantity: { value }, ...more,
});
const identified = (value, system = 'http://example.org/ids') => ({ identifier: [{ system, value }] });
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

onEachEngine('create and read', (s) => {
	test('a created resource is at its Location, with ETag and Last-Modified', async () => {
		const made = await s.post('Patient', person());
		assert.equal(made.status, 201);
		assert.equal(made.headers.get('etag'), 'W/"1"');
		assert.ok(made.headers.get('last-modified'));
		assert.match(made.headers.get('location'), new RegExp(`^${s.base}/Patient/[A-Za-z0-9.-]{1,64}/_history/1$`));
		assert.equal(made.body.meta.versionId, '1');
		const read = await s.get(`Patient/${made.body.id}`);
		assert.equal(read.status, 200);
		assert.match(read.headers.get('content-type'), /^application\/fhir\+json/);
		assert.equal(read.headers.get('etag'), 'W/"1"');
		assert.deepEqual(read.body, made.body);
		assert.deepEqual((await s.get(made.headers.get('location'))).body, made.body);
	});

	test('the server gives the id, whatever id the resource carries', async () => {
		const made = await s.post('Patient', { ...person(), id: 'mine' });
		assert.equal(made.status, 201);
		assert.notEqual(made.body.id, 'mine');
		assert.equal((await s.get('Patient/mine')).status, 404);
	});

	test('numbers and strings come back to the byte', async () => {
		const text = '{"resourceType":"Observation","status":"final","code":{"text":"\\u00e9 \\"x\\" 😀"},"valueQuantity":{"value":1.00}}';
		const made = await s.post('Observation', text);
		assert.equal(made.status, 201, made.text);
		const read = await s.get(`Observation/${made.body.id}`);
		assert.match(read.text, /"value":1\.00[},]/);
		assert.equal(read.body.code.text, 'é "x" 😀');
	});

	test('Prefer says what a change answers with', async () => {
		const minimal = await s.post('Patient', person(), { prefer: 'return=minimal' });
		assert.equal(minimal.status, 201);
		assert.equal(minimal.text, '');
		assert.ok(minimal.headers.get('location'));
		const outcome = await s.post('Patient', person(), { prefer: 'return=OperationOutcome' });
		assert.equal(outcome.body.resourceType, 'OperationOutcome');
		const whole = await s.post('Patient', person(), { prefer: 'return=representation' });
		assert.equal(whole.body.resourceType, 'Patient');
		assert.equal((await s.post('Patient', person(), { prefer: 'return=all' })).status, 400);
	});

	test('what the client has already is not sent again', async () => {
		const { body, headers } = await s.post('Patient', person());
		const at = `Patient/${body.id}`;
		assert.equal((await s.get(at, { 'if-none-match': 'W/"1"' })).status, 304);
		assert.equal((await s.get(at, { 'if-none-match': 'W/"2"' })).status, 200);
		assert.equal((await s.get(at, { 'if-modified-since': headers.get('last-modified') })).status, 304);
		assert.equal((await s.get(at, { 'if-modified-since': 'Sun, 06 Nov 1994 08:49:37 GMT' })).status, 200);
	});

	test('HEAD tells what GET would, without the body', async () => {
		const { body } = await s.post('Patient', person());
		const head = await s.ask('HEAD', `Patient/${body.id}`);
		assert.equal(head.status, 200);
		assert.equal(head.headers.get('etag'), 'W/"1"');
		assert.equal(head.text, '');
		assert.equal(Number(head.headers.get('content-length')), Buffer.byteLength(JSON.stringify(body)));
	});

	test('_summary and _elements cut what is read', async () => {
		const { body } = await s.post('Patient', person('Cut', { maritalStatus: { text: 'x' } }));
		const cut = await s.get(`Patient/${body.id}?_elements=birthDate`);
		assert.equal(cut.status, 200, cut.text);
		assert.equal(cut.body.birthDate, '1950-02-03');
		assert.equal(cut.body.name, undefined);
		const summary = await s.get(`Patient/${body.id}?_summary=true`);
		assert.equal(summary.body.maritalStatus, undefined);
		assert.equal(summary.body.name[0].family, 'Cut');
		assert.equal((await s.get(`Patient/${body.id}?_summary=count`)).status, 400);
	});

	test('a body in gzip is taken', async () => {
		const r = await s.post('Patient', gzipSync(JSON.stringify(person('Packed'))), { 'content-encoding': 'gzip' });
		assert.equal(r.status, 201);
		assert.equal(r.body.name[0].family, 'Packed');
	});

	test('_pretty gives the same JSON on many lines', async () => {
		const { body } = await s.post('Patient', person());
		const r = await s.get(`Patient/${body.id}?_pretty=true&_format=json`);
		assert.ok(r.text.split('\n').length > 5);
		assert.deepEqual(r.body, body);
	});
});

onEachEngine('update and delete', (s) => {
	test('a read sees every change that was acknowledged, whichever connection asks', async () => {
		const { body } = await s.post('Basic', { resourceType: 'Basic', code: { text: '0' } });
		const at = `Basic/${body.id}`;
		let going = true;
		const readers = Array.from({ length: 6 }, async () => {
			while (going) assert.equal((await s.get(at)).status, 200);
		});
		for (let i = 1; i <= 60; i++) {
			assert.equal((await s.put(at, { ...body, code: { text: `${i}` } })).status, 200);
			const seen = await Promise.all(Array.from({ length: 4 }, () => s.get(at)));
			assert.deepEqual(seen.map((r) => r.body.code.text), Array(4).fill(`${i}`));
		}
		going = false;
		await Promise.all(readers);
	});

	test('an update makes a version; the one before stays readable', async () => {
		const { body } = await s.post('Patient', person('Before'));
		const at = `Patient/${body.id}`;
		const changed = await s.put(at, { ...body, name: [{ family: 'After' }] });
		assert.equal(changed.status, 200);
		assert.equal(changed.headers.get('etag'), 'W/"2"');
		assert.equal((await s.get(at)).body.name[0].family, 'After');
		assert.equal((await s.get(`${at}/_history/1`)).body.name[0].family, 'Before');
		assert.equal((await s.get(`${at}/_history/2`)).body.name[0].family, 'After');
		assert.equal((await s.get(`${at}/_history/3`)).status, 404);
		assert.equal((await s.get(`${at}/_history/x`)).status, 404);
	});

	test('If-Match lets one of two writers win', async () => {
		const { body } = await s.post('Patient', person('One'));
		const at = `Patient/${body.id}`;
		assert.equal((await s.put(at, { ...body, gender: 'male' }, { 'if-match': 'W/"1"' })).status, 200);
		const late = await s.put(at, { ...body, gender: 'other' }, { 'if-match': 'W/"1"' });
		assert.equal(late.status, 412);
		assert.match(issues(late), /version 2/);
		assert.equal((await s.get(at)).body.gender, 'male');
		assert.equal((await s.put(at, body, { 'if-match': 'what' })).status, 400);
	});

	test('a PUT to a free id creates under it', async () => {
		const made = await s.put('Patient/my-own.id', { ...person(), id: 'my-own.id' });
		assert.equal(made.status, 201);
		assert.equal((await s.get('Patient/my-own.id')).status, 200);
		assert.equal((await s.put('Patient/my-own.id', { ...person('Two'), id: 'my-own.id' }, { 'if-none-match': '*' })).status, 412);
		assert.equal((await s.put('Patient/another', { ...person(), id: 'another' }, { 'if-none-match': '*' })).status, 201);
	});

	test('the id in the body and in the address are one', async () => {
		assert.equal((await s.put('Patient/abc', { ...person(), id: 'def' })).status, 400);
		assert.equal((await s.put('Patient/abc', person())).status, 400);
		assert.equal((await s.put('Patient/a_b', { ...person(), id: 'a_b' })).status, 400);
		assert.equal((await s.put(`Patient/${'a'.repeat(65)}`, { ...person(), id: 'a'.repeat(65) })).status, 400);
	});

	test('what was deleted is gone, has its history, and can come back', async () => {
		const { body } = await s.post('Patient', person());
		const at = `Patient/${body.id}`;
		assert.equal((await s.delete(at)).status, 204);
		const gone = await s.get(at);
		assert.equal(gone.status, 410);
		assert.match(issues(gone), /deleted/);
		assert.equal((await s.get(`${at}/_history/1`)).status, 200);
		assert.equal((await s.get(`${at}/_history/2`)).status, 410);
		assert.equal((await s.get(`${at}/_history`)).body.entry.length, 2);
		assert.equal((await s.get('Patient?family=Testfamily&_id=' + body.id)).body.total ?? 0, 0);
		assert.equal((await s.delete(at)).status, 204);
		const back = await s.put(at, body);
		assert.equal(back.status, 201);
		assert.equal(back.headers.get('etag'), 'W/"3"');
		assert.equal((await s.get(at)).status, 200);
	});

	test('deleting what never was is no failure', async () => {
		assert.equal((await s.delete('Patient/never-was')).status, 204);
	});

	test('a delete with If-Match of an older version is refused', async () => {
		const { body } = await s.post('Patient', person());
		await s.put(`Patient/${body.id}`, { ...body, gender: 'male' });
		assert.equal((await s.delete(`Patient/${body.id}`, { 'if-match': 'W/"1"' })).status, 412);
		assert.equal((await s.delete(`Patient/${body.id}`, { 'if-match': 'W/"2"' })).status, 204);
	});
});

onEachEngine('conditions', (s) => {
	const where = (value) => `identifier=http://example.org/ids|${value}`;

	test('If-None-Exist creates once', async () => {
		const body = person('Once', identified('c1'));
		const first = await s.post('Patient', body, { 'if-none-exist': where('c1') });
		assert.equal(first.status, 201, first.text);
		const second = await s.post('Patient', body, { 'if-none-exist': where('c1') });
		assert.equal(second.status, 200);
		assert.equal(second.body.id, first.body.id);
	});

	test('of many at once with one condition exactly one creates', async () => {
		const all = await Promise.all(Array.from({ length: 20 }, () =>
			s.post('Patient', person('Race', identified('race')), { 'if-none-exist': where('race') })));
		assert.deepEqual(all.map((r) => r.status).sort(), [...Array(19).fill(200), 201]);
		assert.equal(new Set(all.map((r) => r.body.id)).size, 1);
	});

	test('a conditional update creates, then updates, and refuses several', async () => {
		const made = await s.put(`Patient?${where('u1')}`, person('First', identified('u1')));
		assert.equal(made.status, 201, made.text);
		const changed = await s.put(`Patient?${where('u1')}`, person('Second', identified('u1')));
		assert.equal(changed.status, 200);
		assert.equal(changed.body.id, made.body.id);
		assert.equal(changed.body.meta.versionId, '2');
		const wrong = await s.put(`Patient?${where('u1')}`, { ...person('Third', identified('u1')), id: 'someone' });
		assert.equal(wrong.status, 400);
		await s.post('Patient', person('Other', identified('u1')));
		assert.equal((await s.put(`Patient?${where('u1')}`, person('X', identified('u1')))).status, 412);
		await s.put('Patient/their-own', { ...person('Own', identified('u3')), id: 'their-own' });
		const own = await s.put(`Patient?${where('u3')}`, person('Own again', identified('u3')));
		assert.equal(own.status, 200);
		assert.equal(own.body.id, 'their-own', 'an id that a client gave is kept');
		assert.equal((await s.get(`Patient?${where('u3')}`)).body.entry.length, 1);
		assert.equal((await s.delete(`Patient?${where('u3')}`)).status, 204);
		assert.equal((await s.get('Patient/their-own')).status, 410);
		const named = await s.put(`Patient?${where('u2')}`, { ...person('Named', identified('u2')), id: 'named-by-me' });
		assert.equal(named.status, 201);
		assert.equal(named.body.id, 'named-by-me');
	});

	test('a conditional delete takes one, and refuses several', async () => {
		const { body } = await s.post('Patient', person('D', identified('d1')));
		assert.equal((await s.delete(`Patient?${where('d1')}`)).status, 204);
		assert.equal((await s.get(`Patient/${body.id}`)).status, 410);
		assert.equal((await s.delete(`Patient?${where('d1')}`)).status, 204);
		await s.post('Patient', person('D', identified('d2')));
		await s.post('Patient', person('D', identified('d2')));
		assert.equal((await s.delete(`Patient?${where('d2')}`)).status, 412);
	});

	test('a condition that no index serves, or that is none, is refused', async () => {
		assert.equal((await s.delete('Patient')).status, 400);
		assert.equal((await s.put('Patient', person())).status, 400);
		const costly = await s.delete('Patient?language=en');
		assert.ok([400, 422].includes(costly.status), costly.text);
		assert.equal((await s.post('Patient', person(), { 'if-none-exist': 'nonsense=1' })).status, 400);
	});
});

onEachEngine('history', (s) => {
	test('newest first, with request and response of each, deletes too', async () => {
		const { body } = await s.post('Patient', person('H'));
		const at = `Patient/${body.id}`;
		await s.put(at, { ...body, gender: 'male' });
		await s.delete(at);
		const h = (await s.get(`${at}/_history`)).body;
		assert.equal(h.type, 'history');
		assert.equal(h.total, 3);
		assert.deepEqual(h.entry.map((e) => e.request.method), ['DELETE', 'PUT', 'POST']);
		assert.deepEqual(h.entry.map((e) => e.response.etag), ['W/"3"', 'W/"2"', 'W/"1"']);
		assert.equal(h.entry[0].resource, undefined);
		assert.equal(h.entry[1].resource.gender, 'male');
		assert.equal(h.entry[2].request.url, 'Patient');
		assert.equal(h.entry[1].fullUrl, `${s.base}/${at}`);
		assert.ok(h.entry.every((e) => e.response.lastModified));
	});

	test('pages follow each other without gap or repeat while others write', async () => {
		const ids = [];
		for (let i = 0; i < 7; i++) ids.push((await s.post('Basic', { resourceType: 'Basic', code: { text: `${i}` } })).body.id);
		const seen = [];
		let next = 'Basic/_history?_count=3';
		while (next) {
			const page = (await s.get(next)).body;
			seen.push(...page.entry.map((e) => e.resource.id));
			next = page.link.find((l) => l.relation === 'next')?.url;
			await s.post('Basic', { resourceType: 'Basic', code: { text: 'meanwhile' } });
		}
		assert.deepEqual(seen, ids.reverse());
	});

	test('_since leaves out what is older, _at gives what was current', async () => {
		const { body } = await s.post('Group', { resourceType: 'Group', type: 'person', actual: true, name: 'one' });
		const at = `Group/${body.id}`;
		await pause(20);
		const between = new Date().toISOString();
		await pause(20);
		await s.put(at, { ...body, name: 'two' });
		const since = (await s.get(`${at}/_history?_since=${between}`)).body;
		assert.deepEqual(since.entry.map((e) => e.resource.name), ['two']);
		for (const level of [at, 'Group', '']) {
			const was = (await s.get(`${level}${level ? '/' : ''}_history?_at=${between}`)).body;
			const names = was.entry.map((e) => e.resource).filter((r) => r?.resourceType === 'Group').map((r) => r.name);
			assert.deepEqual(names, ['one'], level);
		}
		const both = (await s.get(`${at}/_history?_at=${new Date().getUTCFullYear()}`)).body;
		assert.deepEqual(both.entry.map((e) => e.resource.name), ['two', 'one']);
	});

	test('the system history has every type', async () => {
		await s.post('Patient', person());
		await s.post('Basic', { resourceType: 'Basic', code: { text: 'x' } });
		const types = new Set((await s.get('_history?_count=2')).body.entry.map((e) => e.resource.resourceType));
		assert.deepEqual([...types].sort(), ['Basic', 'Patient']);
	});

	test('what is not understood is refused', async () => {
		for (const q of ['_count=0', '_count=x', '_since=yesterday', '_at=x', '_page=1', 'name=x', '_since=2020&_at=2020'])
			assert.equal((await s.get(`Patient/_history?${q}`)).status, 400, q);
		assert.equal((await s.get('Patient/never-was/_history')).status, 404);
		assert.equal((await s.get('Patient/_history?name=x', { prefer: 'handling=lenient' })).status, 200);
	});
});

onEachEngine('search', (s) => {
	test('by GET and by POST, with self link, total and modes', async () => {
		await s.post('Patient', person('Searched', { birthDate: '1961-01-01' }));
		await s.post('Patient', person('Searched', { birthDate: '1962-01-01' }));
		const all = await s.get('Patient?family=searched&birthdate=ge1962');
		assert.equal(all.status, 200, all.text);
		assert.equal(all.body.type, 'searchset');
		assert.equal(all.body.entry.length, 1);
		assert.equal(all.body.entry[0].search.mode, 'match');
		assert.match(all.body.entry[0].fullUrl, new RegExp(`^${s.base}/Patient/`));
		const self = all.body.link.find((l) => l.relation === 'self').url;
		assert.deepEqual((await s.get(self)).body.entry, all.body.entry);
		const form = 'application/x-www-form-urlencoded';
		const posted = await s.ask('POST', 'Patient/_search', { body: 'family=searched&birthdate=ge1962', type: form });
		assert.deepEqual(posted.body.entry, all.body.entry);
		const both = await s.ask('POST', 'Patient/_search?family=searched', { body: 'birthdate=ge1962', type: form });
		assert.deepEqual(both.body.entry, all.body.entry);
		assert.equal((await s.ask('POST', 'Patient/_search', { body: '{}', type: 'application/json' })).status, 415);
	});

	test('unknown parameters are refused, or ignored and said so', async () => {
		const strict = await s.get('Patient?shoesize=44');
		assert.equal(strict.status, 400);
		assert.match(issues(strict), /shoesize/);
		const lenient = await s.get('Patient?shoesize=44&family=searched', { prefer: 'handling=lenient' });
		assert.equal(lenient.status, 200);
		assert.doesNotMatch(lenient.body.link.find((l) => l.relation === 'self').url, /shoesize/);
		const note = lenient.body.entry.find((e) => e.search.mode === 'outcome');
		assert.match(JSON.stringify(note.resource), /shoesize/);
	});

	test('pages go through everything once', async () => {
		const patient = (await s.post('Patient', person('Paged'))).body;
		for (let i = 0; i < 7; i++) await s.post('Observation', reading(`Patient/${patient.id}`, i));
		const seen = [];
		let next = `Observation?patient=${patient.id}&_count=3&_sort=-date`;
		while (next) {
			const page = await s.get(next);
			assert.equal(page.status, 200, page.text);
			seen.push(...page.body.entry.map((e) => e.resource.id));
			next = page.body.link.find((l) => l.relation === 'next')?.url;
		}
		assert.equal(seen.length, 7);
		assert.equal(new Set(seen).size, 7);
	});

	test('_include brings what is referred to', async () => {
		const patient = (await s.post('Patient', person('Included'))).body;
		await s.post('Observation', reading(`Patient/${patient.id}`));
		const r = await s.get(`Observation?patient=${patient.id}&_include=Observation:patient`);
		assert.deepEqual(r.body.entry.map((e) => `${e.search.mode} ${e.resource.resourceType}`), ['match Observation', 'include Patient']);
	});

	test('_summary=count gives the total and nothing else', async () => {
		await s.post('Patient', person('Counted'));
		const { body } = await s.get('Patient?family=Counted&_summary=count');
		assert.equal(body.total, 1);
		assert.equal(body.entry, undefined);
		assert.equal((await s.get('Patient?_summary=count')).body.entry, undefined);
	});

	test('across types with _type', async () => {
		const { body } = await s.post('Patient', person('Across'));
		await s.post('Observation', reading(`Patient/${body.id}`));
		const r = await s.get('?_type=Patient,Observation&_count=50');
		assert.equal(r.status, 200, r.text);
		const matches = r.body.entry.filter((e) => e.search.mode === 'match');
		assert.deepEqual([...new Set(matches.map((e) => e.resource.resourceType))].sort(), ['Observation', 'Patient']);
	});

	test('every parameter that metadata names is taken, for every type', async () => {
		const { body } = await s.get('metadata');
		const examples = { date: '2020', number: '1', quantity: '1', reference: 'Patient/x', string: 'x', token: 'x', uri: 'http://example.org/x' };
		let n = 0;
		const refused = [];
		for (const resource of body.rest[0].resource)
			for (const p of resource.searchParam) {
				n++;
				const value = p.name === '_type' ? resource.type : examples[p.type];
				const r = await s.get(`${resource.type}?${p.name}=${encodeURIComponent(value)}&_count=1`);
				if (r.status !== 200) refused.push(`${resource.type}?${p.name} ${r.status} ${r.text.slice(0, 200)}`);
			}
		assert.deepEqual(refused.slice(0, 5), []);
		assert.ok(n > 1000, `${n} parameters`);
	});
});

onEachEngine('transaction', (s) => {
	const transaction = (...entry) => ({ resourceType: 'Bundle', type: 'transaction', entry });
	const post = (resource, more = {}, request = {}) => ({ resource, request: { method: 'POST', url: resource.resourceType, ...request }, ...more });

	test('entries refer to each other by fullUrl; the response is in their order', async () => {
		const r = await s.post('', transaction(
			post(reading('urn:uuid:5c1a8d2e-0000-4000-8000-000000000001')),
			post(person('T1'), { fullUrl: 'urn:uuid:5c1a8d2e-0000-4000-8000-000000000001' })));
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.type, 'transaction-response');
		const [o, p] = r.body.entry.map((e) => e.response);
		assert.equal(o.status, '201 Created');
		assert.match(o.location, /^Observation\/[^/]+\/_history\/1$/);
		assert.match(p.location, /^Patient\//);
		assert.equal(o.etag, 'W/"1"');
		assert.ok(o.lastModified);
		const read = await s.get(o.location);
		assert.equal(read.body.subject.reference, p.location.replace('/_history/1', ''));
	});

	test('a transaction is all or nothing, and tells every finding with its place', async () => {
		const marker = 'Nobody';
		const r = await s.post('', transaction(
			post(person(marker)),
			post({ resourceType: 'Patient', gender: 'blue' }),
			post({ ...reading('Patient/x'), status: undefined })));
		assert.equal(r.status, 400, r.text);
		assert.match(issues(r), /Bundle\.entry\[1\]\.resource\.gender/);
		assert.match(issues(r), /Bundle\.entry\[2\]\.resource/);
		assert.equal((await s.get(`Patient?family=${marker}`)).body.entry, undefined);
	});

	test('a version that does not match undoes the rest', async () => {
		const { body } = await s.post('Patient', person('Stale'));
		const r = await s.post('', transaction(
			post(person('Undone')),
			{ resource: { ...body, gender: 'male' }, request: { method: 'PUT', url: `Patient/${body.id}`, ifMatch: 'W/"7"' } }));
		assert.equal(r.status, 412);
		assert.match(issues(r), /Bundle\.entry\[1\]/);
		assert.equal((await s.get('Patient?family=Undone')).body.entry, undefined);
	});

	test('writes go DELETE, POST, PUT, and reads see them', async () => {
		const old = (await s.post('Patient', person('Old'))).body;
		const kept = (await s.post('Patient', person('Kept'))).body;
		const r = await s.post('', transaction(
			{ request: { method: 'GET', url: `Patient/${kept.id}` } },
			{ request: { method: 'GET', url: 'Patient?family=Changed' } },
			{ resource: { ...kept, name: [{ family: 'Changed' }] }, request: { method: 'PUT', url: `Patient/${kept.id}` } },
			{ request: { method: 'DELETE', url: `Patient/${old.id}` } },
			{ request: { method: 'GET', url: `Patient/${kept.id}/_history` } }));
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.entry[0].resource.name[0].family, 'Changed');
		assert.equal(r.body.entry[1].resource.entry.length, 1);
		assert.equal(r.body.entry[2].response.status, '200 OK');
		assert.equal(r.body.entry[3].response.status, '204 No Content');
		assert.equal(r.body.entry[4].resource.entry.length, 2);
		assert.equal((await s.get(`Patient/${old.id}`)).status, 410);
	});

	test('conditions: ifNoneExist, conditional update and delete', async () => {
		const at = (v) => `Patient?identifier=http://example.org/ids|${v}`;
		const bundle = transaction(
			post(person('C', identified('t1')), { fullUrl: 'urn:uuid:5c1a8d2e-0000-4000-8000-000000000002' },
				{ ifNoneExist: 'identifier=http://example.org/ids|t1' }),
			post(reading('urn:uuid:5c1a8d2e-0000-4000-8000-000000000002')),
			{ resource: person('CU', identified('t2')), request: { method: 'PUT', url: at('t2') } },
			{ request: { method: 'DELETE', url: at('t3') } });
		const first = await s.post('', bundle);
		assert.equal(first.status, 200, first.text);
		assert.deepEqual(first.body.entry.map((e) => e.response.status), ['201 Created', '201 Created', '201 Created', '204 No Content']);
		const again = await s.post('', bundle);
		assert.equal(again.status, 200, again.text);
		assert.deepEqual(again.body.entry.map((e) => e.response.status.slice(0, 3)), ['200', '201', '200', '204']);
		const id = first.body.entry[0].response.location.split('/')[1];
		assert.equal(again.body.entry[0].response.location.split('/')[1], id);
		const o = await s.get(again.body.entry[1].response.location);
		assert.equal(o.body.subject.reference, `Patient/${id}`);
	});

	test('a condition finds what stands under an id that a client gave', async () => {
		const at = (v) => `Patient?identifier=http://example.org/ids|${v}`;
		await s.put('Patient/given-id', { ...person('Given', identified('g1')), id: 'given-id' });
		const put = (p) => ({ resource: p, request: { method: 'PUT', url: at('g1') } });
		const r = await s.post('', transaction(put(person('Changed', identified('g1')))));
		assert.equal(r.status, 200, r.text);
		assert.match(r.body.entry[0].response.location, /Patient\/given-id\/_history\/2$/);
		const both = { resource: { ...person(), id: 'given-id' }, request: { method: 'PUT', url: 'Patient/given-id' } };
		assert.equal((await s.post('', transaction(put(person('X', identified('g1'))), both))).status, 400);
		const gone = await s.post('', transaction({ request: { method: 'DELETE', url: at('g1') } }));
		assert.equal(gone.status, 200, gone.text);
		assert.equal((await s.get('Patient/given-id')).status, 410);
	});

	test('two entries under one condition are refused: neither can see the other', async () => {
		const one = post(person('Twin', identified('twin')), {}, { ifNoneExist: 'identifier=http://example.org/ids|twin' });
		const r = await s.post('', transaction(one, one));
		assert.equal(r.status, 400, r.text);
		assert.match(issues(r), /same condition/);
		assert.equal((await s.get('Patient?identifier=http://example.org/ids|twin')).body.entry, undefined);
	});

	test('references by search are resolved, or the transaction is refused', async () => {
		const made = await s.post('Practitioner', { resourceType: 'Practitioner', ...identified('dr1', 'http://example.org/drs') });
		const by = (v) => ({ performer: [{ reference: `Practitioner?identifier=http://example.org/drs|${v}` }] });
		const r = await s.post('', transaction(post(reading('Patient/somebody', 1, by('dr1')))));
		assert.equal(r.status, 200, r.text);
		const o = await s.get(r.body.entry[0].response.location);
		assert.equal(o.body.performer[0].reference, `Practitioner/${made.body.id}`);
		const none = await s.post('', transaction(post(reading('Patient/somebody', 1, by('dr2')))));
		assert.equal(none.status, 412);
		assert.match(issues(none), /Bundle\.entry\[0\]/);
	});

	test('one resource twice in one transaction is refused', async () => {
		const { body } = await s.post('Patient', person('Twice'));
		const put = { resource: body, request: { method: 'PUT', url: `Patient/${body.id}` } };
		assert.equal((await s.post('', transaction(put, put))).status, 400);
		const del = { request: { method: 'DELETE', url: `Patient/${body.id}` } };
		for (const both of [[put, del], [del, put], [del, del]]) {
			const r = await s.post('', transaction(...both));
			assert.equal(r.status, 400, r.text);
			assert.match(issues(r), /stands twice/);
		}
		assert.equal((await s.get(`Patient/${body.id}`)).body.meta.versionId, '1');
	});

	test('Prefer: return=representation gives the resources', async () => {
		const r = await s.post('', transaction(post(person('Rep'))), { prefer: 'return=representation' });
		assert.equal(r.body.entry[0].resource.name[0].family, 'Rep');
	});

	test('what is no transaction is told apart', async () => {
		assert.equal((await s.post('', { resourceType: 'Bundle', type: 'collection' })).status, 400);
		assert.equal((await s.post('', person())).status, 400);
		assert.equal((await s.post('', transaction())).status, 200);
		for (const bad of [{}, { request: {} }, { request: { method: 'GET' } }, { request: { method: 'PATCH', url: 'Patient/1' } },
			{ request: { method: 'POST', url: 'Nothing' }, resource: person() }, { request: { method: 'POST', url: 'Observation' }, resource: person() },
			{ request: { method: 'PUT', url: 'Patient/1' }, resource: person() }, { request: { method: 'POST', url: 'Patient' } },
			{ request: { method: 'GET', url: 'Patient/1/$everything' } }, 7]) {
			const r = await s.post('', transaction(bad));
			assert.equal(r.status, 400, JSON.stringify(bad));
			assert.match(issues(r), /Bundle\.entry\[0\]/);
		}
	});
});

onEachEngine('batch', (s) => {
	test('each entry stands or falls on its own', async () => {
		const { body } = await s.post('Patient', person('B'));
		const r = await s.post('', { resourceType: 'Bundle', type: 'batch', entry: [
			{ request: { method: 'GET', url: `Patient/${body.id}` } },
			{ resource: person('B2'), request: { method: 'POST', url: 'Patient' } },
			{ resource: { resourceType: 'Patient', gender: 'blue' }, request: { method: 'POST', url: 'Patient' } },
			{ request: { method: 'GET', url: 'Patient/never-was' } },
			{ request: { method: 'DELETE', url: 'Patient/never-was' } },
			{ request: { method: 'GET', url: 'Patient?shoesize=1' } },
			{ request: { method: 'BREW', url: 'Coffee' } },
			{ resource: { ...body, gender: 'male' }, request: { method: 'PUT', url: `Patient/${body.id}`, ifMatch: 'W/"9"' } },
			{ resource: person('B3', identified('b3')), request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=http://example.org/ids|b3' } },
			{ resource: person('B3', identified('b3')), request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=http://example.org/ids|b3' } },
			{ request: { method: 'GET', url: `Patient/${body.id}`, ifNoneMatch: 'W/"1"' } },
		] });
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.type, 'batch-response');
		const got = r.body.entry.map((e) => e.response.status.slice(0, 3));
		assert.deepEqual(got, ['200', '201', '400', '404', '204', '400', '400', '412', '201', '200', '304']);
		assert.equal(r.body.entry[0].resource.name[0].family, 'B');
		assert.match(JSON.stringify(r.body.entry[2].response.outcome), /gender/);
		assert.equal(r.body.entry[8].response.location.split('/')[1], r.body.entry[9].response.location.split('/')[1]);
	});
});

onEachEngine('$everything', (s) => {
	test('gives the whole record, and a part of it by _type, _since, start and end', async () => {
		const org = (await s.post('Organization', { resourceType: 'Organization', name: 'Practice' })).body;
		const p = (await s.post('Patient', person('All', { managingOrganization: { reference: `Organization/${org.id}` } }))).body;
		const other = (await s.post('Patient', person('Other'))).body;
		await s.post('Observation', reading(`Patient/${other.id}`));
		await s.post('Observation', reading(`Patient/${p.id}`, 1, { effectiveDateTime: '2020-01-01' }));
		await s.post('Observation', reading(`Patient/${p.id}`, 2, { effectiveDateTime: '2024-01-01' }));
		await s.post('Condition', { resourceType: 'Condition', subject: { reference: `Patient/${p.id}` }, code: { text: 'x' } });
		const types = async (query = '') => {
			const r = await s.get(`Patient/${p.id}/$everything${query}`);
			assert.equal(r.status, 200, r.text);
			assert.equal(r.body.total, r.body.entry?.length ?? 0);
			return (r.body.entry ?? []).map((e) => e.resource.resourceType).sort();
		};
		assert.deepEqual(await types(), ['Condition', 'Observation', 'Observation', 'Organization', 'Patient']);
		assert.deepEqual(await types('?_type=Observation'), ['Observation', 'Observation']);
		assert.deepEqual(await types('?_type=Observation&start=2023-01-01'), ['Observation']);
		assert.deepEqual(await types('?_type=Observation&end=2023-01-01'), ['Observation']);
		assert.deepEqual(await types(`?_since=${new Date(Date.now() + 60000).toISOString()}`), []);
		assert.equal((await s.get(`Patient/${p.id}/$everything?colour=red`)).status, 400);
		assert.equal((await s.get(`Patient/${p.id}/$everything?_type=Nothing`)).status, 400);
		assert.equal((await s.get('Patient/never-was/$everything')).status, 404);
	});
});

onEachEngine('bad input', (s) => {
	test('what is not valid R4 is refused with every finding and its place', async () => {
		const r = await s.post('Patient', { resourceType: 'Patient', gender: 'blue', birthDate: '1950-13-01', shoeSize: 44, name: { family: 'x' } });
		assert.equal(r.status, 400);
		for (const place of [/Patient\.gender/, /Patient\.birthDate/, /Patient\.shoeSize/, /Patient\.name/]) assert.match(issues(r), place);
		assert.ok(r.body.issue.length >= 4);
	});

	test('what is no JSON, no resource or another type is refused', async () => {
		for (const body of ['', '{', '[]', '7', '{"a":1}', '{"resourceType":"Nothing"}', '{"resourceType":"Observation"}',
			'{"resourceType":"Patient","resourceType":"Patient"}', `{"resourceType":"Patient","x":${'['.repeat(10000)}${']'.repeat(10000)}}`]) {
			const r = await s.post('Patient', body);
			assert.equal(r.status >= 400 && r.status < 500, true, `${r.status} for ${body.slice(0, 60)}`);
			assert.ok(issues(r));
		}
		const bytes = Buffer.concat([Buffer.from('{"resourceType":"Patient","name":[{"family":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}]}')]);
		assert.equal((await s.post('Patient', bytes)).status, 400);
	});

	test('other media types are refused, both ways', async () => {
		assert.equal((await s.ask('POST', 'Patient', { body: '<Patient/>', type: 'application/fhir+xml' })).status, 415);
		assert.equal((await s.ask('POST', 'Patient', { body: JSON.stringify(person()), type: 'text/plain' })).status, 415);
		assert.equal((await s.get('Patient?_format=xml')).status, 406);
		assert.equal((await s.get('Patient', { accept: 'application/fhir+xml' })).status, 406);
		assert.equal((await s.get('Patient?_format=application/fhir%2Bjson')).status, 200);
	});

	test('unknown types, addresses and methods are told', async () => {
		assert.equal((await s.get('Nothing/1')).status, 404);
		assert.equal((await s.get('Patient/1/2/3/4')).status, 404);
		assert.equal((await s.get(`${s.base}/../elsewhere`)).status, 404);
		const patch = await s.ask('PATCH', 'Patient/1', { body: '[]', type: 'application/json-patch+json' });
		assert.equal(patch.status, 405);
		assert.equal(patch.headers.get('allow'), 'GET, HEAD, PUT, DELETE, OPTIONS');
		assert.ok(issues(patch));
		const options = await s.ask('OPTIONS', 'Patient');
		assert.equal(options.status, 204);
		assert.match(options.headers.get('allow'), /POST/);
		assert.equal((await s.get('Patient/1?x=1')).status >= 400, true);
	});

	test('a resource that is too long is refused before it is sent', async () => {
		const r = await s.raw({ method: 'POST', path: '/fhir/Patient', headers: { 'content-type': 'application/fhir+json', 'content-length': 200 << 20 } }, '');
		assert.equal(r.status, 413);
		assert.match(r.text, /import/);
	});

	test('pages of other sites get nothing', async () => {
		assert.equal((await s.raw({ path: '/fhir/Patient', headers: { host: 'evil.example:80' } })).status, 403);
		assert.equal((await s.raw({ path: '/fhir/Patient', headers: { origin: 'http://evil.example' } })).status, 403);
		assert.equal((await s.raw({ path: '/fhir/Patient', headers: { host: 'localhost:1234' } })).status, 200);
	});

	test('broken escapes and control characters in an address do no harm', async () => {
		for (const path of ['/fhir/Patient/%', '/fhir/Patient/%00', '/fhir/Patient/%ff', '/fhir/Patient?family=%zz', '/fhir/Patient/%2e%2e%2f'])
			assert.ok([400, 404].includes((await s.raw({ path })).status), path);
		assert.equal((await s.get('metadata')).status, 200);
	});
});

onEachEngine('metadata and health', (s) => {
	test('metadata tells 4.0.1, all types, and nothing that is not there', async () => {
		const { body, status } = await s.get('metadata');
		assert.equal(status, 200);
		assert.equal(body.resourceType, 'CapabilityStatement');
		assert.equal(body.fhirVersion, '4.0.1');
		const types = body.rest[0].resource;
		assert.equal(types.length, 146);
		const patient = types.find((r) => r.type === 'Patient');
		const interactions = patient.interaction.map((i) => i.code);
		assert.ok(interactions.includes('search-type') && !interactions.includes('patch'));
		assert.ok(patient.searchParam.some((p) => p.name === 'birthdate'));
		assert.ok(!types.some((t) => t.searchParam.some((p) => p.type === 'composite' || ['near', '_text', '_content', '_filter'].includes(p.name))));
		const stored = await s.post('CapabilityStatement', body);
		assert.equal(stored.status, 201, stored.text.slice(0, 2000));
	});

	test('health and metrics answer', async () => {
		assert.equal((await s.get(`${s.running.url}/health/live`)).status, 200);
		assert.equal((await s.get(`${s.running.url}/health/ready`)).text, 'ready\n');
		const metrics = await s.get(`${s.running.url}/metrics`);
		assert.match(metrics.text, /^homefirst_http_requests_total \d+$/m);
		assert.match(metrics.text, /homefirst_route_calls_total\{route="hf_fhir_metadata",method="GET"\} \d+/);
	});
});

onEachEngine('audit', (s) => {
	test('every read and search is in the audit before the answer, without values', async () => {
		const { body } = await s.post('Patient', person('Secretname'));
		await s.get(`Patient/${body.id}`);
		await s.get('Patient?family=Secretname');
		await s.get('Patient/never-was');
		const folder = join(s.data, 'audit');
		const text = readdirSync(folder).filter((f) => f.endsWith('.ndjson'))
			.map((f) => readFileSync(join(folder, f), 'utf8').replaceAll('\0', '')).join('');
		const lines = text.split('\n').filter((l) => l.startsWith('{"seq"')).map((l) => JSON.parse(l));
		const read = lines.find((l) => l.subtype === 'read' && l.entity === `Patient/${body.id}`);
		assert.equal(read.action, 'R');
		assert.equal(read.agent, 'trial');
		assert.equal(read.outcome, 0);
		assert.equal(read.shelves.length, 1);
		const search = lines.find((l) => l.subtype === 'search');
		assert.equal(search.params, 'family');
		assert.equal(search.hits, 1);
		assert.deepEqual(search.shelves, read.shelves);
		assert.match(search.query, /^[0-9a-f]{16}$/);
		assert.equal(lines.find((l) => l.entity === 'Patient/never-was').status, 404);
		assert.doesNotMatch(text, /Secretname/);
	});
});

onEachEngine('stopping', (s) => {
	test('what was acknowledged is there after SIGTERM in the middle of writing', async () => {
		const acknowledged = [];
		let going = true;
		const writers = Array.from({ length: 8 }, async () => {
			while (going) {
				const r = await s.post('Basic', { resourceType: 'Basic', code: { text: 'x' } }).catch(() => null);
				if (r?.status === 201) acknowledged.push(r.body.id);
				else going = false;
			}
		});
		await pause(200);
		const { code } = await s.running.stop();
		await Promise.all(writers);
		assert.equal(code, 0);
		assert.ok(acknowledged.length > 0);
		const { serve } = await import('../support/e2e.mjs');
		s.running = await serve(s.data, s.options);
		s.base = `${s.running.url}/fhir`;
		for (const id of acknowledged) assert.equal((await s.get(`Basic/${id}`)).status, 200);
	});
});

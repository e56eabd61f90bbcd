// Whose records are one person's, over HTTP: links that clients write, Patient/$merge, the
// queue and its decisions, undo, as docs/interfaces/identity.md tells them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, hf, hfOk, serve, write } from '../support/e2e.mjs';
import { onEachEngine } from '../support/fhir.mjs';
import { addUser, enrol } from '../support/people.mjs';

const VERIFIED = {
	url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
	valueCodeableConcept: { coding: [{ code: '01' }] },
};
const number = (value) => [{ extension: [VERIFIED], system: 'https://fhir.nhs.uk/Id/nhs-number', value }];
const patient = (id, more = {}) => ({
	resourceType: 'Patient', id, name: [{ family: 'Featherstone', given: ['Mary'] }], gender: 'female',
	birthDate: '1942-03-05', address: [{ line: ['14 Orchard Street'], postalCode: 'WZ3 4CD' }], ...more,
});
const note = (id, who) => ({
	resourceType: 'Condition', id, code: { text: id }, subject: { reference: `Patient/${who}` },
});
const why = 'the person told us so at the desk';

onEachEngine('identity', (s) => {
	const api = (method, path, body) => s.ask(method, `${s.running.url}/api/identity/${path}`, { body, type: 'application/json' });
	const put = async (resource) => {
		const r = await s.put(`${resource.resourceType}/${resource.id}`, resource);
		assert.ok(r.status === 200 || r.status === 201, r.text);
	};
	const conditions = async (id) => {
		const r = await s.get(`Condition?patient=${id}&_sort=_id`);
		assert.equal(r.status, 200, r.text);
		return (r.body.entry ?? []).map((e) => e.resource.id).sort();
	};
	const persons = async (id) => (await api('GET', `persons/${id}/links`)).body;

	test('a link that a client writes is made in its change and goes with the element', async () => {
		await put(patient('l1'));
		await put(patient('l2', { link: [{ other: { reference: 'Patient/l1' }, type: 'replaces' }] }));
		await put(note('n1', 'l1'));
		await put(note('n2', 'l2'));
		assert.deepEqual(await conditions('l1'), ['n1', 'n2']);
		assert.equal((await persons('l1')).records.length, 2);
		assert.equal((await persons('l1')).links[0].kind, 'fhir');
		await put(patient('l2'));
		assert.deepEqual(await conditions('l1'), ['n1']);
		const { links } = await persons('l2');
		assert.ok(links[0].undone.at);
		// Two of one bundle that name each other by fullUrl.
		const r = await s.post('', { resourceType: 'Bundle', type: 'transaction', entry: [
			{ fullUrl: 'urn:uuid:11111111-1111-4111-8111-111111111111', request: { method: 'POST', url: 'Patient' },
				resource: { ...patient(), id: undefined, link: [{ other: { reference: 'urn:uuid:22222222-2222-4222-8222-222222222222' }, type: 'seealso' }] } },
			{ fullUrl: 'urn:uuid:22222222-2222-4222-8222-222222222222', request: { method: 'POST', url: 'Patient' },
				resource: { ...patient(), id: undefined } },
		] });
		assert.equal(r.status, 200, r.text);
		const id = r.body.entry[0].response.location.split('Patient/')[1].split('/')[0];
		assert.equal((await persons(id)).records.length, 2);
	});

	test('a search that names both Patients of one person finds what stands under either', async () => {
		await put(patient('both1'));
		await put(patient('both2', { link: [{ other: { reference: 'Patient/both1' }, type: 'refer' }] }));
		await put(note('b1', 'both1'));
		await put(note('b2', 'both2'));
		const r = await s.get('Condition?patient=both1&patient=both2');
		assert.deepEqual(r.body.entry.map((e) => e.resource.id).sort(), ['b1', 'b2']);
		await put(patient('both3'));
		const none = await s.get('Condition?patient=both1&patient=both3');
		assert.equal(none.body.entry, undefined);
	});

	test('$merge links and changes no resource; its undo shows each record as it was', async () => {
		await put(patient('m1'));
		await put(patient('m2', { birthDate: '1943-03-05' }));
		const ask = (more = []) => s.post('Patient/$merge', { resourceType: 'Parameters', parameter: [
			{ name: 'source-patient', valueReference: { reference: 'Patient/m1' } },
			{ name: 'target-patient', valueReference: { reference: 'Patient/m2' } }, ...more] });
		const look = await ask([{ name: 'preview', valueBoolean: true }]);
		assert.equal(look.status, 200, look.text);
		assert.match(look.text, /nothing was changed/);
		assert.equal((await persons('m1')).records.length, 1);
		const r = await ask();
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.parameter.find((p) => p.name === 'result').resource.id, 'm2');
		assert.equal((await ask()).status, 409);
		await put(note('after', 'm1'));
		assert.deepEqual(await conditions('m2'), ['after']);
		assert.equal((await s.get('Patient/m2')).body.meta.versionId, '1');
		const { links } = await persons('m2');
		const undone = await api('POST', `persons/m2/links/${links[0].link}/undo`, { reason: why });
		assert.deepEqual(undone.body, { onePerson: false, records: 1 });
		assert.deepEqual(await conditions('m2'), []);
		assert.deepEqual(await conditions('m1'), ['after']);
		// What it cannot do it says.
		for (const [body, status] of [
			[{ resourceType: 'Parameters' }, 400],
			[{ resourceType: 'Parameters', parameter: [{ name: 'result-patient', resource: patient('m2') }] }, 400],
			[{ resourceType: 'Parameters', parameter: [{ name: 'source-patient', valueReference: { reference: 'Group/1' } }] }, 400],
			[{ resourceType: 'Parameters', parameter: [
				{ name: 'source-patient', valueReference: { reference: 'Patient/m1' } },
				{ name: 'target-patient', valueReference: { reference: 'Patient/nobody' } }] }, 422],
			[{ resourceType: 'Parameters', parameter: [
				{ name: 'source-patient', valueReference: { reference: 'Patient/m1' } },
				{ name: 'target-patient', valueReference: { reference: 'Patient/m1' } }] }, 422],
		]) {
			const bad = await s.post('Patient/$merge', body);
			assert.equal(bad.status, status, bad.text);
			assert.equal(bad.body.resourceType, 'OperationOutcome');
		}
	});

	test('a pair that waits is shown side by side and decided, with a reason', async () => {
		await put(patient('w1', { identifier: number('9990000018'), telecom: [{ system: 'phone', value: '01632 960123' }] }));
		await put(patient('w2', { identifier: number('9990000018'), birthDate: '1942-03-06' }));
		const queue = await api('GET', 'review');
		assert.equal(queue.status, 200, queue.text);
		const pair = queue.body.pairs.find((p) => [p.one.id, p.other.id].sort().join() === 'w1,w2');
		assert.ok(pair, queue.text);
		assert.equal(pair.kind, 'number');
		assert.match(pair.why, /dates of birth/);
		const side = (await api('GET', 'review/w1/w2')).body;
		assert.equal(side.samePerson, false);
		assert.ok(['link', 'review'].includes(side.answer));
		assert.equal(side.one.nhsNumber, '999 000 0018');
		assert.equal(side.one.nhsNumberVerified, true);
		assert.deepEqual([side.one.born, side.other.born], ['05-Mar-1942', '06-Mar-1942']);
		assert.equal(side.one.names.length, 1);
		assert.equal(side.one.addresses.length, 1);
		assert.ok(side.fields.some((f) => f.field === 'birth' && f.bits > 0 && f.text));
		assert.equal(side.review.state, 'open');
		assert.equal(side.one.entries, 0);
		const decide = (body) => api('POST', 'review/w1/w2', body);
		assert.equal((await decide({ decision: 'link', reason: 'short' })).status, 400);
		assert.equal((await decide({ decision: 'maybe', reason: why })).status, 400);
		assert.equal((await decide({ decision: 'link', reason: why, more: 1 })).status, 400);
		assert.equal((await decide({ decision: 'later', reason: why, until: '2001-01-01' })).status, 422);
		assert.equal((await decide({ decision: 'later', reason: why })).status, 200);
		assert.ok((await api('GET', 'review?state=later')).body.pairs.length === 1);
		assert.equal((await decide({ decision: 'separate', reason: why })).status, 200);
		const after = (await api('GET', 'review/w2/w1')).body;
		assert.equal(after.review.state, 'separated');
		assert.equal(after.review.reason, why);
		assert.equal(after.links[0].state, 'separated');
		// The same number again does not link what was decided.
		await put(patient('w2', { identifier: number('9990000018') }));
		assert.equal((await api('GET', 'review/w1/w2')).body.samePerson, false);
		assert.deepEqual((await decide({ decision: 'link', reason: why })).body.onePerson, true);
	});

	test('a record is taken out of its person, and what is not there is said', async () => {
		await put(patient('x1', { identifier: number('9990000026') }));
		await put(patient('x2', { identifier: number('9990000026') }));
		await put(patient('x3', { identifier: number('9990000026') }));
		assert.equal((await persons('x1')).records.length, 3);
		const link = (await persons('x1')).links.find((l) => [l.one.id, l.other.id].sort().join() === 'x1,x2');
		assert.equal(link.kind, 'number');
		const one = await api('POST', `persons/x1/links/${link.link}/undo`, { reason: why });
		assert.equal(one.status, 422);
		assert.match(one.body.error.text, /other records still connect/i);
		assert.equal((await api('POST', 'persons/x2/part', { reason: why })).status, 200);
		assert.equal((await persons('x1')).records.length, 2);
		assert.equal((await persons('x2')).records.length, 1);
		assert.equal((await api('POST', 'persons/x2/part', { reason: why })).status, 422);
		assert.equal((await api('POST', `persons/x2/links/${link.link}/undo`, { reason: why })).status, 412);
		assert.equal((await api('POST', 'persons/l1/links/1/undo', { reason: 'no link of this person at all' })).status === 200, false);
		assert.equal((await api('GET', 'persons/nobody/links')).status, 404);
		assert.equal((await api('GET', 'review/x1/x1')).status, 400);
		assert.equal((await api('GET', 'review?after=x1,nobody')).status, 400);
		assert.equal((await api('GET', 'review?state=done')).status, 400);
	});

	test('the queue is given in pages, the likeliest first', async () => {
		for (let i = 0; i < 5; i++) {
			await put(patient(`q${i}`, { name: [{ family: `Quill${'abcde'[i]}`, given: ['Hilda'] }], birthDate: `195${i}-10-19`, address: [{ line: [`${i} Mill Lane`], postalCode: 'WZ1 1AA' }] }));
			await put(patient(`r${i}`, { name: [{ family: `Quill${'abcde'[i]}`, given: ['Hilda'] }], birthDate: `195${i}-10-19`, address: [{ line: [`${i} Mill Lane`], postalCode: 'WZ1 1AA' }] }));
		}
		const seen = [];
		// The server looks at who came in by itself.
		for (let tries = 0; tries < 100; tries++) {
			const { body } = await api('GET', 'review?limit=50');
			if (body.pairs.filter((p) => /^[qr]\d$/.test(p.one.id) && p.kind === 'match').length >= 5) break;
			await new Promise((done) => { setTimeout(done, 200); });
		}
		let after = '';
		for (let page = 0; page < 400; page++) {
			const { body } = await api('GET', `review?limit=7${after}`);
			seen.push(...body.pairs);
			if (!body.next) break;
			after = `&after=${body.next}`;
		}
		const keys = seen.map((p) => `${p.one.id},${p.other.id}`);
		assert.equal(new Set(keys).size, keys.length);
		assert.equal(keys.length, (await api('GET', 'review')).body.open);
		for (let i = 0; i < 5; i++) assert.ok(keys.includes(`q${i},r${i}`), keys.join(' '));
		const bits = seen.map((p) => p.bits ?? 0);
		assert.deepEqual(bits, [...bits].sort((a, b) => b - a));
	});

	test('the command lists the queue and compares everybody, also beside a running server', () => {
		const at = s.options.length ? s.options : ['--data', s.data];
		const list = hf(['identity', 'review', ...at]);
		if (s.options.length) return; // its control socket stands in the folder of the audit
		assert.equal(list.status, 0, list.err);
		assert.match(list.out, /wait to be looked at/);
		assert.doesNotMatch(list.out, /Featherstone|Quill/);
		const run = hf(['identity', 'match', ...at]);
		assert.equal(run.status, 0, run.err);
		assert.match(run.out, /records, \d+ pairs compared/);
		assert.match(hf(['identity', 'weights', ...at]).out, /nothing was learned of this place yet/);
		assert.match(hf(['identity', 'train', ...at]).err, /too few to learn from/);
		assert.match(hf(['identity', 'policy', '--rate', '50', ...at]).out, /looks at 50 records/);
	});
});

// Who may: health records staff, and of the records only what tells who somebody is.
test('identity: records staff decide with demographics alone; others may not', async (t) => {
	const dir = folder(t), data = join(dir, 'store');
	const ods = 'https://fhir.nhs.uk/Id/ods-organization-code';
	hfOk(['init', '--data', data]);
	const one = (id, org, n = '9990000018') => ({ ...patient(id, { identifier: number(n) }), meta: { source: `${ods}/${org}` } });
	hfOk(['import', '--data', data, write(dir, 'place.ndjson', [
		...['Y00001', 'Y00002'].map((code) => ({ resourceType: 'Organization', id: code.toLowerCase(), identifier: [{ system: ods, value: code }] })),
		one('p1', 'Y00001'), one('p2', 'Y00001'), one('far', 'Y00002', '9990000026'),
		{ ...note('secret', 'p1'), meta: { source: `${ods}/Y00001` } },
	].map((r) => JSON.stringify(r)).join('\n'))]);
	const users = Object.fromEntries([['rec', 'records-officer'], ['gp', 'named-gp'], ['adm', 'administrator']]
		.map(([login, role]) => [login, addUser(['--data', data], login, { role, org: 'Y00001' })]));
	const server = await serve(data, [], { open: false });
	t.after(() => server.stop());
	const rec = await enrol(server.url, users.rec);
	const gp = await enrol(server.url, users.gp);
	const adm = await enrol(server.url, users.adm);
	for (const [who, path] of [[gp, 'review'], [adm, 'review'], [gp, 'persons/p1/links'], [adm, 'review/p1/p2']])
		assert.equal((await who.get(`/api/identity/${path}`)).status, 403);
	assert.equal((await gp.post('/api/identity/persons/p1/part', { reason: why })).status, 403);
	const links = await rec.get('/api/identity/persons/p1/links');
	assert.equal(links.status, 200, JSON.stringify(links.body));
	const shown = links.body.records.filter((r) => !r.gone);
	assert.deepEqual(shown.map((r) => r.id).sort(), ['p1', 'p2']);
	assert.equal(shown.find((r) => r.id === 'p1').entries, 1);
	assert.doesNotMatch(JSON.stringify(links.body), /secret/);
	// What another organisation does not share is as if it were not there.
	assert.equal((await rec.get('/api/identity/persons/far/links')).status, 404);
	assert.equal((await rec.get('/api/identity/review/p1/far')).status, 404);
	const part = await rec.post('/api/identity/persons/p2/part', { reason: why });
	assert.equal(part.status, 200, JSON.stringify(part.body));
	// Without the token against forgery nothing is decided.
	assert.equal((await rec.post('/api/identity/review/p1/p2', { decision: 'link', reason: why }, { 'X-CSRF-Token': null })).status, 403);
	assert.equal((await rec.post('/api/identity/review/p1/p2', { decision: 'link', reason: why })).status, 200);
	const after = await rec.get('/api/identity/persons/p1/links');
	assert.equal(after.body.links.find((l) => !l.undone && l.kind === 'hand').by, `user/${users.rec.id}`);
	// It is in the log of changes, with who and from where.
	assert.equal((await rec.get('/fhir/Condition/secret')).status === 200, false);
});

// What a user may not see answers as what is not there, at every address; what they may
// not write is refused and changes nothing; tracing tells who it is and nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mark, Place } from '../support/place.mjs';

const place = new Place();
let gp, ward, social;
before(async () => {
	await place.start([], { only: ['gp', 'ward', 'social', 'carer', 'receptionist'] });
	gp = place.as.gp;
	ward = place.as.ward;
	social = place.as.social;
});
after(() => place.stop());

// The same question about what is hidden and about what never was; both answers with the
// id taken out.
async function both(who, method, path, body, headers) {
	const answers = [];
	for (const id of ['stranger', 'nobodyatall']) {
		const name = (s) => s.replaceAll('ID', id);
		const r = await who.ask(method, name(path), body && name(JSON.stringify(body)), headers);
		const text = JSON.stringify(r.body).replaceAll(id, 'ID');
		answers.push({ status: r.status, text, etag: r.headers.get('etag'), length: text.length });
	}
	return answers;
}

const reads = [
	'/fhir/Patient/ID', '/fhir/Patient/ID/_history', '/fhir/Patient/ID/_history/1', '/fhir/Patient/ID/$everything',
	'/fhir/Observation/ID-finding', '/fhir/Observation/ID-finding/_history/1', '/fhir/Patient?_id=ID',
	'/fhir/Condition?patient=ID', '/fhir/Condition?patient=ID&_summary=count', '/fhir/Condition?subject=Patient/ID&_total=accurate',
	'/fhir/Patient?_id=ID&_revinclude=Condition:patient', '/fhir/Observation?_id=ID-finding&_include=Observation:patient',
	'/api/people/ID', '/api/people/ID/timeline', '/api/people/ID/sources', '/api/resources/Condition/ID-problem',
	'/api/people/ID/break-glass', '/api/people/ID/scores/news2',
];

for (const path of reads)
	test(`who is hidden and who never was answer alike: ${path}`, async () => {
		for (const who of [gp, ward, social, place.as.carer, place.as.receptionist]) {
			const [hidden, never] = await both(who, 'GET', path);
			assert.deepEqual(hidden, never);
			assert.doesNotMatch(hidden.text, /Zz/);
		}
	});

test('what is in somebody\'s own care is there', async () => {
	assert.equal((await gp.get('/fhir/Patient/own')).status, 200);
	assert.equal((await gp.get('/fhir/Observation/own-finding')).status, 200);
	assert.equal((await gp.get('/fhir/Condition?patient=own&_summary=count')).body.total, 1);
	assert.equal((await gp.get('/fhir/Patient?_summary=count')).body.total, 2);
});

test('a client that has a hidden version in its cache is told nothing of it', async () => {
	for (const header of [{ 'If-None-Match': 'W/"1"' }, { 'If-Modified-Since': 'Wed, 01 Jan 2031 00:00:00 GMT' }]) {
		const [hidden, never] = await both(gp, 'GET', '/fhir/Patient/ID', undefined, header);
		assert.deepEqual(hidden, never);
		assert.equal(hidden.status, 404);
	}
});

test('deleting, conditions and If-Match tell nothing of what is hidden', async () => {
	const asks = [
		['DELETE', '/fhir/Observation/ID-finding'],
		['DELETE', '/fhir/Observation/ID-finding', undefined, { 'If-Match': 'W/"1"' }],
		['DELETE', '/fhir/Observation?_id=ID-finding'],
		['POST', '/api/people/ID/forms/about-me', { item: [] }],
		['POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/ID' } }, { request: { method: 'GET', url: 'Condition?patient=ID' } }] }],
	];
	for (const ask of asks) {
		const [hidden, never] = await both(gp, ...ask);
		assert.deepEqual(hidden, never, JSON.stringify(ask));
	}
});

test('an id that is hidden is not written over, and a stranger is not written about', async () => {
	const finding = (id, patient) => ({ resourceType: 'Observation', id, status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${patient}` } });
	assert.equal((await gp.ask('PUT', '/fhir/Observation/stranger-finding', finding('stranger-finding', 'own'))).status, 403);
	const refused = await gp.ask('POST', '/fhir/Observation', finding(undefined, 'stranger'));
	assert.equal(refused.status, 403);
	assert.match(refused.body.issue[0].details.text, /not yours to write/);
	const moved = await gp.ask('PUT', '/fhir/Observation/own-finding', finding('own-finding', 'stranger'));
	assert.equal(moved.status, 403);
	const system = await place.token('ofPlace');
	const kept = await fetch(`${place.url}/fhir/Observation/stranger-finding`, { headers: { Authorization: `Bearer ${system}` } });
	assert.match(JSON.stringify(await kept.json()), new RegExp(mark('stranger', 'finding')));
});

test('what a user writes comes from their organisation, and names no other', async () => {
	const note = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/own' } };
	const made = await gp.ask('POST', '/fhir/Observation', note);
	assert.equal(made.status, 201);
	assert.equal(made.body.meta.source, 'https://fhir.nhs.uk/Id/ods-organization-code/Y00001');
	const forged = await gp.ask('POST', '/fhir/Observation', { ...note, meta: { source: 'https://fhir.nhs.uk/Id/ods-organization-code/RX2' } });
	assert.equal(forged.status, 422);
});

test('nobody gives themself a relationship through the place', async () => {
	const role = { resourceType: 'PractitionerRole', practitioner: { reference: 'Practitioner/pr-ward' }, organization: { reference: 'Organization/org-elsewhere' } };
	const org = { resourceType: 'Organization', id: 'org-practice', name: 'x', identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'Y00002' }] };
	assert.equal((await ward.ask('POST', '/fhir/PractitionerRole', role)).status, 403);
	assert.equal((await gp.ask('PUT', '/fhir/Organization/org-practice', org)).status, 403);
});

test('tracing asks for three terms that agree and tells no more than who it is', async () => {
	const family = mark('stranger', 'name');
	const few = await gp.get(`/api/trace?family=${family}&given=Ada`);
	assert.equal(few.status, 422);
	const found = await gp.get(`/api/trace?family=${family}&given=Ada&born=1950-03-04`);
	assert.equal(found.status, 200);
	assert.equal(found.body.people.length, 1);
	assert.equal(found.body.people[0].id, 'stranger');
	assert.equal(found.body.people[0].address, undefined);
	assert.equal((await gp.get('/fhir/Patient/stranger')).status, 404);
	assert.equal((await gp.get(`/api/trace?family=${family}&given=Ada&born=1951-03-04`)).body.people.length, 0);
	assert.equal((await place.as.carer.get(`/api/trace?family=${family}&given=Ada&born=1950-03-04`)).status, 403);
	assert.deepEqual((await gp.get(`/api/people?q=${family}`)).body.people, []);
});

test('a role that sees no problems is told that they are not shown, never that there are none', async () => {
	const carer = (await place.as.carer.get('/api/people/own')).body;
	assert.ok(carer.notShown.includes('problem'));
	assert.ok(!carer.notShown.includes('alert'));
	const clinician = (await gp.get('/api/people/own')).body;
	assert.deepEqual(clinician.notShown, []);
	// The sensitive problem of another team is one marker, without a word of it.
	assert.deepEqual(clinician.restricted, ['problem']);
	assert.doesNotMatch(JSON.stringify(clinician), new RegExp(mark('own', 'sensitive')));
});

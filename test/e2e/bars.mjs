// Referrals that come as BaRS messages: docs/interfaces/bars.md (R-2.5, R-2.6, R-2.7, section 2.7).
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { at, engines, folder, hfOk, serve, storeOf } from '../support/e2e.mjs';
import { ask, clientToken } from '../support/oauth.mjs';

const json = { 'Content-Type': 'application/fhir+json' };
const sample = (name) => JSON.parse(readFileSync(new URL(`../support/bars/${name}.json`, import.meta.url)));
const resource = (bundle, type) => bundle.entry.map((e) => e.resource).find((r) => r.resourceType === type);
const hours = (n) => new Date(Date.now() + n * 3600000).toISOString().replace(/\.\d+Z$/, 'Z');

let serial = 0;
// A message of test/support/bars as of now, with UUIDs of its own: one request, several messages.
function request(name = 'new') {
	const own = (++serial).toString(16).padStart(4, '0');
	let n = 0;
	return (change = () => {}, reason = 'new', from = name) => {
		const text = JSON.stringify(sample(from)).replaceAll(/urn:uuid:(\w{4})0/g, `urn:uuid:$1${own[0]}`)
			.replaceAll('-0000-4000-8000-000000000000', `-${own}-4000-8000-000000000000`);
		const b = JSON.parse(text);
		n += 1;
		b.id = `bbbbbbbb-${own}-4000-8000-${String(n).padStart(12, '0')}`;
		const header = resource(b, 'MessageHeader'), sr = resource(b, 'ServiceRequest');
		header.reason.coding[0].code = reason;
		sr.meta.lastUpdated = hours(-1 + n / 60);
		if (sr.occurrencePeriod) sr.occurrencePeriod = { start: hours(-1), end: hours(0.9) };
		change(b, sr, header);
		return b;
	};
}

async function place(t, engine, { open = true, clients = [] } = {}) {
	const store = storeOf(engine, t);
	if (!store) return null;
	const more = engine === 'SQLite' ? [] : ['--data', `${folder(t)}/audit`];
	hfOk(['generate', ...at(store), '--people', '12', '--full', '4', '--seed', '7']);
	const made = clients.map(({ name, scope, org }) => JSON.parse(hfOk(['client', 'add', ...at(store), ...more, '--json', '--name', name, '--scope', scope,
		...(org ? ['--org', org] : [])]).out));
	// The ODS code of the place's hub: whoever names it as provider means us.
	const ods = clients.length ? hfOk(['export', ...at(store), ...more, '--type', 'Organization', '--out', '-']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l))
		.find((r) => r.type?.[0].coding?.[0].code === 'hub').identifier[0].value : '';
	const s = await serve(store, more, { open });
	t.after(async () => { await s.stop(); });
	return { ...s, made, ods };
}

// POST of a message: { status, body }.
async function send(s, message, { token, headers = {} } = {}) {
	return ask(`${s.url}/fhir/$process-message`, token, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(message) });
}
const get = async (s, path) => (await ask(`${s.url}${path}`)).body;
async function service(s) {
	const r = await ask(`${s.url}/fhir/HealthcareService/bars-target`, null, { method: 'PUT', headers: json, body: JSON.stringify({
		resourceType: 'HealthcareService', id: 'bars-target', active: true, name: 'Invented response',
		identifier: [{ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '2000000001' }] }) });
	assert.equal(r.status, 201);
}
// The open referrals of a person.
async function rows(s, patient) {
	const { rows: all } = await get(s, '/api/hub/board?view=open');
	return all.filter((r) => r.person.id === patient);
}
const idOf = (answer, type) => resource(answer, type).id;
const issueOf = (r) => ({ code: r.body.issue[0].code, rec: r.body.issue[0].details.coding[0].code });

async function move(s, id, event, facts = {}, more = {}) {
	const r = await ask(`${s.url}/api/hub/referrals/${id}/moves`, null, { method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ event, facts, ...more }) });
	assert.equal(r.status, 200, `${event}: ${JSON.stringify(r.body)}`);
	return r.body.row;
}
async function toTeam(s, id) {
	await move(s, id, 'open-triage');
	await move(s, id, 'accept', { urgency: 'U1', condition: 'fall', skills: ['nursing'] });
	const { teams } = await get(s, `/api/hub/referrals/${id}/teams`);
	await move(s, id, 'allocate', {}, { team: teams[0].id, note: 'asked by telephone' });
	await move(s, id, 'team-accept');
}

for (const engine of engines) {
	test(`a message becomes a referral, once, and all it holds is kept (${engine})`, async (t) => {
		const s = await place(t, engine);
		if (!s) return;
		await service(s);
		const message = request()();
		const r = await send(s, message);
		assert.equal(r.status, 200, JSON.stringify(r.body));
		assert.equal(r.body.type, 'message');
		const header = resource(r.body, 'MessageHeader');
		assert.deepEqual(header.response, { identifier: message.id, code: 'ok' });
		const encounters = r.body.entry.map((e) => e.resource).filter((x) => x.resourceType === 'Encounter');
		assert.equal(encounters.at(-1).status, 'planned');
		const patient = idOf(r.body, 'Patient');
		const open = await rows(s, patient);
		assert.equal(open.length, 1);
		assert.equal(open[0].state, 'received');
		assert.equal(open[0].asked, 'U1');
		assert.equal(open[0].source, '999');
		assert.equal(open[0].clocks.some((c) => c.id === 'C1' && c.state === 'running'), true);
		// safeguarding and scene safety first.
		assert.deepEqual(open[0].flags.slice(0, 2).map((f) => f.category), ['SG', 'SS']);

		// What it holds is in the record; organisations and people of the sender are in the log.
		for (const e of r.body.entry.filter((x) => x.resource.id && x.resource !== encounters.at(-1) && x.resource.resourceType !== 'OperationOutcome')) {
			const kept = await ask(`${s.url}/fhir/${e.resource.resourceType}/${e.resource.id}`);
			assert.equal(kept.status, 200, e.resource.resourceType);
		}
		const sr = await get(s, `/fhir/ServiceRequest/${idOf(r.body, 'ServiceRequest')}`);
		assert.equal(sr.subject.reference, `Patient/${patient}`);
		assert.equal(sr.intent, 'plan');
		const alone = r.body.entry.map((e) => e.resource).filter((x) => x.resourceType === 'Observation').at(-1);
		assert.equal((await get(s, `/fhir/Observation/${alone.id}`)).subject.reference, `Patient/${patient}`);
		const log = await get(s, `/fhir/Communication/${sr.id}`);
		assert.deepEqual([...new Set(log.contained.map((x) => x.resourceType))].sort(),
			['Flag', 'HealthcareService', 'Location', 'MessageHeader', 'Organization', 'Practitioner', 'PractitionerRole']);
		assert.equal(log.statusReason.coding[0].code, 'made');
		const directory = await get(s, '/fhir/Organization?name=Invented');
		assert.equal(directory.total ?? directory.entry?.length ?? 0, 0);

		// Twice: the same answer and nothing new; a retry by its X-Request-ID is told so.
		const again = await send(s, message);
		assert.deepEqual(again.body, r.body);
		assert.equal((await rows(s, patient)).length, 1);
		assert.equal((await get(s, `/fhir/Communication/${sr.id}`)).meta.versionId, '1');
		const next = request()();
		assert.equal((await send(s, next, { headers: { 'X-Request-ID': 'retry-1', 'X-Correlation-ID': 'journey-1' } })).status, 200);
		const retry = await send(s, next, { headers: { 'X-Request-ID': 'retry-1', 'X-Correlation-ID': 'journey-1' } });
		assert.equal(retry.status, 409);
		assert.deepEqual(issueOf(retry), { code: 'duplicate', rec: 'REC_CONFLICT' });
		assert.equal(retry.headers.get('x-correlation-id'), 'journey-1');
	});

	test(`updates in and out of order each have one outcome (${engine})`, async (t) => {
		const s = await place(t, engine);
		if (!s) return;
		await service(s);
		const make = request();
		const first = make(), older = make((b, sr) => { sr.meta.lastUpdated = hours(-3); }, 'update');
		const r = await send(s, first);
		const patient = idOf(r.body, 'Patient'), id = idOf(r.body, 'ServiceRequest');
		const [row] = await rows(s, patient);

		const update = make((b) => {
			resource(b, 'CarePlan').activity[0].outcomeCodeableConcept[0].coding[0].display = 'Falls, now short of breath';
			resource(b, 'Flag').code.coding[0].code = 'S';
		}, 'update');
		let u = await send(s, update);
		assert.equal(u.status, 200, JSON.stringify(u.body));
		assert.equal(idOf(u.body, 'ServiceRequest'), id);
		let [now] = await rows(s, patient);
		assert.equal(now.id, row.id);
		assert.equal(now.problem, 'Falls, now short of breath');
		assert.deepEqual(now.flags.map((f) => f.category), ['SG']);
		const { story } = await get(s, `/api/hub/referrals/${row.id}`);
		assert.deepEqual(story.map((e) => e.event), ['submit', '@amended']);
		// each version of the request is kept.
		const plan = `/fhir/CarePlan/${idOf(u.body, 'CarePlan')}/_history`;
		assert.equal((await get(s, plan)).entry.length, 2);
		assert.equal((await get(s, `/fhir/Communication/${id}/_history`)).entry.length, 2);

		// Older than what is there: kept beside, nothing changed.
		u = await send(s, older);
		assert.equal(u.status, 409);
		assert.deepEqual(issueOf(u), { code: 'conflict', rec: 'REC_CONFLICT' });
		[now] = await rows(s, patient);
		assert.equal(now.problem, 'Falls, now short of breath');
		assert.equal((await get(s, plan)).entry.length, 2);
		const log = await get(s, `/fhir/Communication/${id}`);
		assert.equal(log.statusReason.coding[0].code, 'older');
		const beside = log.about.map((a) => a.reference).find((x) => x.startsWith('ServiceRequest/'));
		assert.notEqual(beside, `ServiceRequest/${id}`);
		assert.equal((await get(s, `/fhir/${beside}`)).meta.versionId, '1');
		assert.deepEqual((await send(s, older)).body, u.body);

		// A referral that waits for information goes on.
		const other = request();
		const asked = await send(s, other((b) => { delete resource(b, 'Patient').telecom; }));
		const [waits] = await rows(s, idOf(asked.body, 'Patient'));
		await move(s, waits.id, 'ask-information', { missing: true }, { note: 'A telephone number' });
		assert.equal((await send(s, other(undefined, 'update'))).status, 200);
		assert.equal((await rows(s, idOf(asked.body, 'Patient')))[0].state, 'received');

		// An update before its new: nothing is lost, and the new is older then.
		const early = request();
		const fresh = early(), sooner = early(undefined, 'update');
		u = await send(s, sooner);
		assert.equal(u.status, 200);
		assert.match(resource(u.body, 'OperationOutcome').issue.map((i) => i.diagnostics).join(), /had not come/);
		assert.equal((await rows(s, idOf(u.body, 'Patient'))).length, 1);
		assert.equal((await send(s, fresh)).status, 409);
		assert.equal((await rows(s, idOf(u.body, 'Patient'))).length, 1);

		// Another person under the same request.
		u = await send(s, make((b) => { const p = resource(b, 'Patient'); p.identifier[0].value = '9990000026'; }, 'update'));
		assert.equal(u.status, 422);
		assert.deepEqual(issueOf(u), { code: 'business-rule', rec: 'REC_UNPROCESSABLE_ENTITY' });
	});

	test(`what is taken back is cancelled, unless somebody is with the person (${engine})`, async (t) => {
		const s = await place(t, engine);
		if (!s) return;
		await service(s);
		let make = request();
		let r = await send(s, make());
		let patient = idOf(r.body, 'Patient');
		let [row] = await rows(s, patient);
		let back = await send(s, make(undefined, 'update', 'revoked'));
		assert.equal(back.status, 200, JSON.stringify(back.body));
		assert.equal((await rows(s, patient)).length, 0);
		let seen = await get(s, `/api/hub/referrals/${row.id}`);
		assert.deepEqual(seen.story.map((e) => e.event), ['submit', 'cancel']);
		assert.equal((await get(s, `/fhir/ServiceRequest/${idOf(r.body, 'ServiceRequest')}`)).status, 'revoked');

		// delete: entered in error.
		make = request();
		r = await send(s, make());
		patient = idOf(r.body, 'Patient');
		[row] = await rows(s, patient);
		const error = (b, sr) => { sr.status = 'entered-in-error'; };
		back = await send(s, make(error, 'delete', 'revoked'));
		assert.equal(back.status, 200, JSON.stringify(back.body));
		seen = await get(s, `/api/hub/referrals/${row.id}`);
		assert.deepEqual(seen.story.map((e) => e.event), ['submit', 'void']);

		// Before it came: kept, and the request makes no referral then.
		make = request();
		const late = make(), first = make(error, 'delete', 'revoked');
		back = await send(s, first);
		assert.equal(back.status, 404);
		assert.deepEqual(issueOf(back), { code: 'not-found', rec: 'REC_NOT_FOUND' });
		assert.equal((await send(s, late)).status, 409);
		assert.deepEqual((await get(s, '/api/hub/board?view=open')).rows, []);

		// Somebody is there.
		make = request();
		r = await send(s, make());
		patient = idOf(r.body, 'Patient');
		[row] = await rows(s, patient);
		await toTeam(s, row.id);
		await move(s, row.id, 'set-off');
		await move(s, row.id, 'start-contact', { inPerson: true });
		back = await send(s, make(error, 'delete', 'revoked'));
		assert.equal(back.status, 409);
		assert.match(back.body.issue[0].diagnostics, /with the person/);
		assert.equal((await rows(s, patient))[0].state, 'in-contact');
		assert.equal((await get(s, `/fhir/ServiceRequest/${idOf(r.body, 'ServiceRequest')}`)).status, 'active');
	});

	test(`only the sender of a request reaches it, and gets its responses (${engine})`, async (t) => {
		const s = await place(t, engine, { open: false, clients: [
			{ name: 'Ambulance', scope: 'system/MessageHeader.cr' }, { name: 'Other', scope: 'system/MessageHeader.cr' },
			{ name: 'Feeder', scope: 'system/Patient.cruds' }] });
		if (!s) return;
		const [own, other, feeder] = await Promise.all(s.made.map((c) => clientToken(s.url, { id: c.id, secret: c.secret })));
		const make = request();
		// Ours by the organisation that provides the service: the hub's.
		const hub = (b) => {
			resource(b, 'MessageHeader').destination[0].endpoint = 'https://fhir.nhs.uk/Id/dos-service-id|1';
			resource(b, 'HealthcareService').identifier[0].value = '1';
			b.entry.map((e) => e.resource).find((x) => x.name === 'Invented Community Trust').identifier[0].value = s.ods;
		};
		assert.equal((await send(s, make(hub), { token: feeder })).status, 403);
		assert.equal((await send(s, make(hub))).status, 401);
		const r = await send(s, make(hub), { token: own });
		assert.equal(r.status, 200, JSON.stringify(r.body));
		const id = idOf(r.body, 'ServiceRequest');
		const stranger = await send(s, make((b) => { hub(b); resource(b, 'ServiceRequest').id = id; }, 'update'), { token: other });
		assert.notEqual(idOf(stranger.body, 'ServiceRequest'), id);
		const url = `${s.url}/fhir/ServiceRequest/${id}/$bars-responses`;
		assert.equal((await ask(url, own)).status, 200);
		assert.equal((await ask(url, other)).status, 404);
		assert.equal((await ask(url, feeder)).status, 403);
		assert.equal((await ask(url)).status, 401);
		// It may send messages, and nothing else.
		assert.equal((await ask(`${s.url}/fhir/Patient/${idOf(r.body, 'Patient')}`, own)).status, 404);
	});
}

test('whom it is for, what it is and how it is said are checked by element', async (t) => {
	const s = await place(t, 'SQLite');
	await service(s);
	const cases = [
		[(b, sr, h) => { h.eventCoding.code = 'booking-request'; }, 501, 'REC_NOT_IMPLEMENTED', 'Bundle.entry[0].resource.eventCoding'],
		[(b, sr, h) => { h.eventCoding.code = 'servicerequest-response'; }, 501, 'REC_NOT_IMPLEMENTED', 'Bundle.entry[0].resource.eventCoding'],
		[(b, sr) => { sr.status = 'on-hold'; }, 400, 'REC_BAD_REQUEST', 'Bundle.entry[1].resource.status'],
		[(b, sr) => { sr.intent = 'order'; }, 400, 'REC_BAD_REQUEST', 'Bundle.entry[1].resource.intent'],
		[(b) => { b.type = 'collection'; }, 400, 'REC_BAD_REQUEST', 'Bundle.type'],
		[(b) => { b.entry.reverse(); }, 400, 'REC_BAD_REQUEST', 'Bundle.entry[0].resource'],
		[(b) => { resource(b, 'Patient').birthDate = '1941-02-30'; }, 400, 'REC_BAD_REQUEST', 'Bundle.entry[5].resource.birthDate'],
		[(b, sr, h) => { h.destination[0].endpoint = 'https://fhir.nhs.uk/Id/dos-service-id|3000000003'; resource(b, 'HealthcareService').identifier[0].value = '3000000003'; },
			422, 'REC_UNPROCESSABLE_ENTITY', 'ServiceRequest.performer'],
	];
	for (const [change, status, code, path] of cases) {
		const r = await send(s, request()(change));
		assert.equal(r.status, status, JSON.stringify(r.body));
		assert.equal(r.body.issue[0].details.coding[0].code, code);
		assert.deepEqual(r.body.issue[0].expression, [path]);
	}
	assert.deepEqual((await get(s, '/api/hub/board?view=open')).rows, []);
	let r = await ask(`${s.url}/fhir/$process-message`, null, { method: 'POST', headers: json, body: '{"resourceType":"Patient"}' });
	assert.equal(r.status, 400);
	r = await ask(`${s.url}/fhir/$process-message`, null, { method: 'POST', headers: json, body: '{' });
	assert.equal(r.status, 400);
	assert.equal(r.body.issue[0].details.coding[0].code, 'REC_BAD_REQUEST');
	r = await ask(`${s.url}/fhir/$process-message`, null, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{}' });
	assert.equal(r.status, 415);

	const meta = await get(s, '/fhir/metadata');
	assert.deepEqual(meta.rest[0].operation.map((o) => o.name), ['process-message']);
	assert.equal(meta.messaging[0].supportedMessage.length, 3);
});

test('a breach time that has passed, no NHS number, and nobody known are taken', async (t) => {
	const s = await place(t, 'SQLite');
	await service(s);
	let r = await send(s, request()((b, sr) => { sr.occurrencePeriod = { start: hours(-5), end: hours(-3) }; }));
	assert.equal(r.status, 200);
	assert.deepEqual(resource(r.body, 'OperationOutcome').issue.map((i) => [i.severity, i.expression[0]]),
		[['warning', 'ServiceRequest.occurrencePeriod.end']]);
	const [late] = await rows(s, idOf(r.body, 'Patient'));
	assert.match(late.flags.at(-1).text, /breach time had passed/);
	// a number that was not verified is not used.
	r = await send(s, request()((b) => { resource(b, 'Patient').identifier[0].extension[0].valueCodeableConcept.coding[0].code = 'trace-required'; }));
	assert.equal(r.status, 200);
	assert.match(JSON.stringify(resource(r.body, 'OperationOutcome')), /status 01 or 02/);
	//
	r = await send(s, request()((b) => { delete resource(b, 'Patient').identifier; }));
	assert.equal(r.status, 200);
	assert.equal((await rows(s, idOf(r.body, 'Patient'))).length, 1);
	r = await send(s, request('unknown')());
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal((await rows(s, idOf(r.body, 'Patient'))).length, 1);
});

test('responses follow the story: interim, then full, and none for an attempt', async (t) => {
	const s = await place(t, 'SQLite');
	await service(s);
	const message = request()();
	const r = await send(s, message);
	const id = idOf(r.body, 'ServiceRequest');
	const responses = async () => ((await get(s, `/fhir/ServiceRequest/${id}/$bars-responses`)).entry ?? []).map((e) => e.resource);
	const ours = (b) => b.entry.map((e) => e.resource).filter((x) => x.resourceType === 'Encounter').at(-1);
	const [row] = await rows(s, idOf(r.body, 'Patient'));
	assert.deepEqual(await responses(), []);
	await toTeam(s, row.id);
	await move(s, row.id, 'set-off');
	await move(s, row.id, 'no-access');
	let all = await responses();
	assert.equal(all.length, 1);
	assert.equal(ours(all[0]).status, 'in-progress');
	const header = resource(all[0], 'MessageHeader');
	assert.equal(header.eventCoding.code, 'servicerequest-response');
	assert.equal(header.response.identifier, message.id);
	assert.equal(header.destination[0].endpoint, 'https://fhir.nhs.uk/Id/dos-service-id|2000000099');
	assert.match(header.definition, /response-validation-interim$/);
	assert.equal(ours(all[0]).id, r.body.entry.map((e) => e.resource).filter((x) => x.resourceType === 'Encounter').at(-1).id);
	await move(s, row.id, 'safe-and-well', { safeAndWell: true, found: 'safe' });
	all = await responses();
	assert.equal(all.length, 2);
	assert.equal(ours(all[1]).status, 'finished');
	assert.equal(resource(all[1], 'MessageHeader').response.identifier, all[0].id);
	assert.equal(resource(all[1], 'MessageHeader').reason.coding[0].code, 'update');
	assert.deepEqual(await responses(), all);

	// Rejected, with the standard's code.
	const second = await send(s, request()());
	const [other] = await rows(s, idOf(second.body, 'Patient'));
	await move(s, other.id, 'open-triage');
	await move(s, other.id, 'reject', { reason: '22', alternative: 'Ring the out-of-hours service' });
	const [rejected] = (await get(s, `/fhir/ServiceRequest/${idOf(second.body, 'ServiceRequest')}/$bars-responses`)).entry.map((e) => e.resource);
	assert.equal(ours(rejected).status, 'cancelled');
	assert.equal(ours(rejected).reasonCode[0].coding[0].code, 'RRNA');
	assert.match(ours(rejected).reasonCode[0].text, /out-of-hours/);
	assert.equal((await ask(`${s.url}/fhir/ServiceRequest/none/$bars-responses`)).status, 404);
});

test('messages at once of one request make one referral', async (t) => {
	const s = await place(t, 'SQLite');
	await service(s);
	const make = request();
	const first = make();
	// One is taken at a time: others are told to come again (425), and then get its answer.
	const patiently = async (m) => {
		for (;;) {
			const r = await send(s, m);
			if (r.status !== 425) return r;
			assert.deepEqual(issueOf(r), { code: 'duplicate', rec: 'REC_TOO_EARLY' });
		}
	};
	const answers = await Promise.all(Array.from({ length: 8 }, () => patiently(first)));
	for (const r of answers) assert.deepEqual(r.body, answers[0].body);
	assert.equal(answers[0].status, 200);
	assert.equal((await rows(s, idOf(answers[0].body, 'Patient'))).length, 1);
	const updates = await Promise.all([1, 2, 3].map(() => patiently(make(undefined, 'update'))));
	assert.equal(updates.every((r) => r.status === 200 || r.status === 409), true);
	assert.equal((await rows(s, idOf(answers[0].body, 'Patient'))).length, 1);
});

// ---- the published examples, when they are there ----

const shared = new URL('../../../shared/data/nhs-ig-examples/NHSBookingandReferrals/backup/Examples/', import.meta.url);
const plain = (x) => Array.isArray(x) ? x.map(plain) : x && typeof x === 'object'
	? Object.fromEntries(Object.entries(x).filter(([k]) => !k.startsWith('_') && k !== 'fhir_comments').map(([k, v]) => [k, plain(v)])) : x;

test('the published examples each have a clear outcome', { skip: !existsSync(shared) && 'no published examples' }, async (t) => {
	const s = await place(t, 'SQLite');
	const put = await ask(`${s.url}/fhir/HealthcareService/bars-target`, null, { method: 'PUT', headers: json, body: JSON.stringify({
		resourceType: 'HealthcareService', id: 'bars-target', active: true, name: 'As in the examples',
		identifier: [{ system: 'http://fhir.nhs.uk/Id/dos-service-id', value: '111111111' }] }) });
	assert.equal(put.status, 201);
	const told = {};
	let n = 0;
	for (const file of readdirSync(shared).filter((f) => f.endsWith('.json')).sort()) {
		const b = plain(JSON.parse(readFileSync(new URL(file, shared))));
		if (b.resourceType !== 'Bundle' || b.type !== 'message') continue;
		// Most examples are of one request, by its UUID: each is taken for itself here.
		const r = await send(s, JSON.parse(JSON.stringify(b).replaceAll('236bb75d', (0x10000000 + ++n).toString(16))));
		told[file.replace(/_-_.*/, '')] ??= [];
		told[file.replace(/_-_.*/, '')].push(r.status);
		if (r.status !== 200) assert.ok(r.body.issue.every((i) => i.diagnostics && (i.severity !== 'error' || i.details.coding[0].code.startsWith('REC_'))), file);
		else assert.equal(resource(r.body, 'MessageHeader').response.code, 'ok');
	}
	t.diagnostic(JSON.stringify(told));
	// Bookings and responses are not taken.
	for (const [name, statuses] of Object.entries(told))
		if (/^(BOOK|VALRESP0[1-5]A?B?$|REFRESP)/.test(name) && name !== 'VALRESP01') assert.deepEqual([...new Set(statuses)], [501], name);
	assert.deepEqual([told.REFREQ01, told.REFREQ02, told.VALREQ01, told.VALREQ03], [[200], [200], [200], [200]]);

	// And as one story: asked, asked anew, taken back by a message that is older than that.
	const examples = readdirSync(shared).filter((f) => f.endsWith('.json'));
	const example = (name) => plain(JSON.parse(readFileSync(new URL(examples.find((f) => f.startsWith(name)), shared))));
	const story = [];
	for (const name of ['VALREQ01', 'VALREQ02', 'SERVREQ01', 'SERVREQ02']) story.push((await send(s, example(name))).status);
	assert.deepEqual(story, [200, 200, 409, 409]);
});

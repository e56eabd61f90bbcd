// The audit from outside: docs/interfaces/audit.md.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, folder, hf, hfOk, newStore, serve, write } from '../support/e2e.mjs';
import { addUser, enrol, password, totp } from '../support/people.mjs';

const ods = (value) => [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value }];
const source = (code) => ({ source: `https://fhir.nhs.uk/Id/ods-organization-code/${code}` });

// Two practices; p1 is registered at the first, p2 nowhere.
function place(t) {
	const data = newStore(t), dir = folder(t);
	write(dir, 'place.ndjson', [
		{ resourceType: 'Organization', id: 'gp', name: 'Surgery One', identifier: ods('Y00001') },
		{ resourceType: 'Organization', id: 'ed', name: 'Hospital', identifier: ods('RZ2') },
		{ resourceType: 'Patient', id: 'p1', meta: source('Y00001'), name: [{ family: 'Testfamily' }], generalPractitioner: [{ reference: 'Organization/gp' }] },
		{
			resourceType: 'Condition', id: 'c1', meta: source('Y00001'), subject: { reference: 'Patient/p1' },
			code: { coding: [{ system: 'http://snomed.info/sct', code: '44054006', display: 'Diabetes' }] },
		},
		{ resourceType: 'Patient', id: 'p2', meta: source('Y00001'), name: [{ family: 'Otherfamily' }] },
	].map((r) => JSON.stringify(r)).join('\n'));
	hfOk(['import', '--data', data, '--quiet', dir]);
	hfOk(['agreement', 'add', '--data', data, '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-01-01',
		'--dsa', 'DSA-TEST', '--dpia', 'DPIA-TEST']);
	return data;
}

const verify = (data, ...more) => hf(['audit', 'verify', '--data', data, ...more]);
const json = async (url, options) => (await fetch(url, options)).json();

test('audit: every answer has a request id, the client\'s when it is fit to be written down', async (t) => {
	const data = place(t), s = await serve(data);
	const ask = async (id) => (await fetch(`${s.url}/fhir/Patient/p1`, { headers: id === undefined ? {} : { 'X-Request-Id': id } })).headers.get('x-request-id');
	assert.equal(await ask('abc-1.2_3:4'), 'abc-1.2_3:4');
	const made = await ask();
	assert.match(made, /^[0-9a-f]{16}$/);
	for (const bad of ['a b', 'x'.repeat(65), '<script>', '{"a":1}']) {
		const got = await ask(bad);
		assert.match(got, /^[0-9a-f]{16}$/, bad);
		assert.notEqual(got, made);
	}
	const b = await json(`${s.url}/fhir/AuditEvent?patient=p1&subtype=read&_count=1&_format=json`);
	const details = b.entry[0].resource.entity.find((e) => e.name === 'access').detail;
	assert.match(details.find((d) => d.type === 'request').valueString, /^[0-9a-f]{16}$/);
	await s.stop();
});

test('audit: what is changed, cut off or put back is found, and said where', async (t) => {
	const data = place(t), copies = folder(t), audit = join(data, 'audit');
	let s = await serve(data, ['--audit-copy', copies]);
	for (let i = 0; i < 20; i++) await fetch(`${s.url}/fhir/Patient/p1`);
	let r = verify(data);
	assert.equal(r.status, 0, r.err);
	await s.stop();
	s = await serve(data, ['--audit-copy', copies]);
	await fetch(`${s.url}/fhir/Patient/p2`);
	await s.stop();
	const key = hfOk(['audit', 'key', '--data', data]).out.trim();
	assert.match(key, /^[0-9a-f]{64}$/);
	r = verify(data, '--heads', copies, '--key', key);
	assert.equal(r.status, 0, r.err);
	assert.match(r.out, /signed heads: 2; the chain is whole/);
	assert.equal(readdirSync(copies).length, 2);
	const segment = join(audit, '00000001.ndjson'), whole = readFileSync(segment, 'utf8');
	const broken = (text, more = []) => {
		writeFileSync(segment, text);
		const v = verify(data, ...more);
		writeFileSync(segment, whole);
		return v;
	};
	r = broken(whole.replace('"agent":"trial"', '"agent":"other"'));
	assert.equal(r.status, 1);
	assert.match(r.err, /^segment 1, byte \d+: lines from here to the next seal were changed/m);
	assert.match(r.out, /BROKEN/);
	const lines = whole.split('\n');
	const at = lines.findIndex((l) => l.includes('"subtype":"read"'));
	r = broken([...lines.slice(0, at), ...lines.slice(at + 1)].join('\n'));
	assert.equal(r.status, 1);
	assert.match(r.err, /another number than its place|counts other lines than stand here/);
	r = broken([...lines.slice(0, at), lines[at + 1], lines[at], ...lines.slice(at + 2)].join('\n'));
	assert.equal(r.status, 1);
	// The whole folder as it was after the first run, consistently: only the copies tell.
	const head = readFileSync(join(audit, 'head-00000002.json'));
	r = verify(data, '--key', '00'.repeat(32));
	assert.equal(r.status, 1);
	assert.match(r.err, /another key/);
	writeFileSync(join(audit, 'head-00000002.json'), head.toString().replace('"why":"close"', '"why":"day"'));
	r = verify(data, '--heads', copies);
	assert.equal(r.status, 1);
	assert.match(r.err, /head-00000002\.json: the signature does not fit/);
	assert.match(r.err, /head-00000002\.json: it is not the head that was copied elsewhere/);
});

test('audit: a backup taken while the server works verifies after it is restored', async (t) => {
	const data = place(t), dir = folder(t), s = await serve(data);
	let stop = false;
	const busy = (async () => { while (!stop) await fetch(`${s.url}/fhir/Patient/p1`); })();
	writeFileSync(join(dir, 'pass'), 'a passphrase of some length\n', { mode: 0o600 });
	for (let i = 0; i < 5; i++) {
		hfOk(['backup', '--data', data, '--out', join(dir, `b${i}`), '--passphrase-file', join(dir, 'pass')]);
		hfOk(['restore', '--data', join(dir, `r${i}`), '--passphrase-file', join(dir, 'pass'), join(dir, `b${i}`)]);
		const r = verify(join(dir, `r${i}`));
		assert.equal(r.status, 0, r.err);
	}
	stop = true;
	await busy;
	await s.stop();
});

test('audit: reads and changes are one list, newest first, page by page', async (t) => {
	const data = place(t), s = await serve(data);
	await fetch(`${s.url}/fhir/Patient/p1`);
	await fetch(`${s.url}/fhir/Patient/p1`, {
		method: 'PUT', headers: { 'Content-Type': 'application/fhir+json' },
		body: JSON.stringify({ resourceType: 'Patient', id: 'p1', name: [{ family: 'Newname' }], generalPractitioner: [{ reference: 'Organization/gp' }] }),
	});
	await fetch(`${s.url}/fhir/Condition?patient=Patient/p1`);
	await fetch(`${s.url}/fhir/Patient/p2`);
	const all = [];
	let url = `${s.url}/fhir/AuditEvent?patient=Patient/p1&_count=2`;
	while (url) {
		const b = await json(url);
		assert.ok(b.entry.length <= 2);
		all.push(...b.entry.map((e) => e.resource));
		url = b.link.find((l) => l.relation === 'next')?.url;
	}
	assert.deepEqual([...all].sort((a, b) => a.recorded < b.recorded ? 1 : -1).map((r) => r.id), all.map((r) => r.id));
	assert.equal(new Set(all.map((r) => r.id)).size, all.length);
	const kinds = all.map((r) => r.subtype[0].code);
	for (const k of ['search', 'update', 'read', 'batch']) assert.ok(kinds.includes(k), `${k} of ${kinds}`);
	assert.equal(kinds.filter((k) => k === 'update').length, 1);
	assert.ok(all.every((r) => r.entity.some((e) => e.what?.reference === 'Patient/p1')));
	const update = all.find((r) => r.subtype[0].code === 'update');
	assert.equal(update.action, 'U');
	assert.equal(update.agent[0].network.address, '127.0.0.1');
	for (const r of [update, all[0]])
		assert.deepEqual((await json(`${s.url}/fhir/AuditEvent/${r.id}`)), r);
	const count = async (query) => (await json(`${s.url}/fhir/AuditEvent?_count=200&${query}`)).entry?.length ?? 0;
	assert.equal(await count('patient=p1&action=U'), 1);
	assert.equal(await count('patient=p2&subtype=read'), 1);
	assert.equal(await count('patient=nobody'), 0);
	assert.equal(await count('altid=trial&subtype=http://hl7.org/fhir/restful-interaction|update'), 1);
	assert.equal(await count('altid=nobody-known'), 0);
	assert.equal(await count('date=lt2020-01-01'), 0);
	assert.equal(await count('type=http://dicom.nema.org/resources/ontology/DCM|110100'), 1);
	for (const nothing of ['action=X', 'outcome=9', 'subtype=nothing', 'type=x|', 'subtype=read&type=110100'])
		assert.equal(await count(nothing), 0, nothing);
	for (const bad of ['foo=1', 'date=soon', '_page=x', '_count=0', 'altid='])
		assert.equal((await fetch(`${s.url}/fhir/AuditEvent?${bad}`)).status, 400, bad);
	for (const id of ['r-1-3', 'r-99-0', 'w-1', 'r-0-0'])
		assert.equal((await fetch(`${s.url}/fhir/AuditEvent/${id}`)).status, 404, id);
	// Never a value that was searched for.
	await fetch(`${s.url}/fhir/Patient?family=Testfamily`);
	assert.ok(!readFileSync(join(data, 'audit/00000001.ndjson'), 'latin1').includes('Testfamily'));
	const out = hfOk(['audit', 'search', '--data', data, '--person', 'p1', '--json']).out.trim().split('\n').map((l) => JSON.parse(l));
	assert.ok(out.length >= all.length);
	const csv = hfOk(['audit', 'report', '--data', data, '--person', 'p1']).out;
	assert.match(csv, /^When \(London time\),Who,/);
	assert.match(csv, /"opened the record"/);
	await s.stop();
});

test('audit: an index that is gone is made again and finds the same', async (t) => {
	const data = place(t);
	let s = await serve(data);
	for (let i = 0; i < 5; i++) await fetch(`${s.url}/fhir/Patient/p1`);
	await s.stop();
	s = await serve(data);
	await s.stop();
	const ask = () => hfOk(['audit', 'search', '--data', data, '--person', 'p1']).out;
	const first = ask(), index = join(data, 'audit/.00000001.index');
	assert.ok(existsSync(index));
	writeFileSync(index, 'something else');
	assert.equal(ask(), first);
	assert.equal(first.split('\n').filter((l) => l.includes('opened')).length, 5);
});

// ---- with people ----

async function people(t, users) {
	let s;
	t.after(() => s?.stop()); // before the folder goes
	const data = place(t), made = {};
	for (const [login, u] of Object.entries(users)) made[login] = addUser(['--data', data], login, u);
	s = await serve(data, [], { open: false });
	const in_ = {};
	for (const login of Object.keys(users)) in_[login] = await enrol(s.url, made[login]);
	return { data, s, made, ...in_ };
}

const doctor = { name: 'Dr Emergency', role: 'R8000', org: 'RZ2' };
const officer = { name: 'Pat Privacy', role: 'R0001', org: 'RZ2' };

// A proof that is fresh; each code of the app is good once, so the next step's is used.
async function prove(b) {
	for (const steps of [0, 1]) {
		const r = await b.post('/auth/prove', { password, code: totp(b.secret, Date.now(), steps) });
		if (r.status === 200) {
			await b.session();
			return;
		}
	}
	assert.fail('no proof was taken');
}

test('break-glass: opens one record for who has proved themself, and the privacy officer hears of it', async (t) => {
	const p = await people(t, { ed: doctor, privacy: officer, gp: { name: 'Dr Own', role: 'named-gp', org: 'Y00001' } });
	const glass = '/api/people/p1/break-glass';
	assert.equal((await p.ed.get('/fhir/Patient/p1')).status, 404);
	const offer = await p.ed.get(glass);
	assert.equal(offer.status, 200);
	assert.equal(offer.body.offered, true);
	assert.equal(offer.body.minutes, 60);
	assert.ok(offer.body.reasons.some((r) => r.code === 'EMERGENCY' && r.text));
	// The same is said of nobody.
	assert.deepEqual((await p.ed.get('/api/people/nobody/break-glass')).body, offer.body);
	const body = { reason: 'EMERGENCY', text: 'Brought in unconscious, no history.' };
	if (!offer.body.proved) {
		const r = await p.ed.post(glass, body);
		assert.deepEqual([r.status, r.body.error.code], [403, 'proof']);
		await prove(p.ed);
	}
	for (const [bad, path] of [[{ ...body, text: 'too short' }, 'text'], [{ ...body, text: ' '.repeat(40) }, 'text'],
		[{ ...body, reason: 'FUN' }, 'reason'], [{ text: body.text }, 'reason'], [{ ...body, reason: 'PATIENT_CONSENT' }, 'askedBy']]) {
		const r = await p.ed.post(glass, bad);
		assert.equal(r.status, 400, JSON.stringify(r.body));
		assert.equal(r.body.error.path, path);
	}
	assert.equal((await p.ed.post('/api/people/nobody/break-glass', body)).status, 404);
	assert.equal((await p.ed.get('/fhir/Patient/p1')).status, 404);
	let r = await p.ed.post(glass, body);
	assert.equal(r.status, 200, JSON.stringify(r.body));
	// It opens the record; it does not make the person one's own case.
	const begun = await p.ed.post('/api/people/p1/pathways', { pathway: 'urgent-community-response' });
	assert.equal(begun.status, 403, JSON.stringify(begun.body));
	assert.match(begun.body.error.text, /broken glass/);
	const lasts = Date.parse(r.body.glass.until) - Date.parse(r.body.glass.at);
	assert.equal(lasts, 3600000);
	// One person, reading only.
	assert.equal((await p.ed.get('/fhir/Patient/p1')).status, 200);
	assert.equal((await p.ed.get('/fhir/Condition/c1')).status, 200);
	assert.equal((await p.ed.get('/fhir/Patient/p2')).status, 404);
	assert.ok((await p.ed.ask('DELETE', '/fhir/Condition/c1')).status >= 400);
	assert.equal((await p.ed.get('/fhir/Condition/c1')).status, 200);
	// The privacy officer's queue.
	const queue = (await p.privacy.get('/api/privacy/queue')).body;
	assert.deepEqual([queue.open, queue.overdue, queue.notices.length], [1, 0, 1]);
	const notice = queue.notices[0];
	assert.equal(notice.kind, 'glass');
	assert.equal(notice.person, 'p1');
	assert.deepEqual([notice.user.id, notice.user.name, notice.user.orgName], [`user/${p.made.ed.id}`, 'Dr Emergency', 'Hospital']);
	assert.equal(notice.text, body.text);
	assert.ok(Date.parse(notice.due) > Date.now() + 4 * 86400000);
	const one = (await p.privacy.get(`/api/privacy/queue/${notice.id}`)).body;
	assert.equal(one.id, notice.id);
	assert.ok(one.accesses.some((a) => a.what === 'opened the record' && a.glass === 'EMERGENCY'), JSON.stringify(one.accesses));
	// Nobody else looks there.
	for (const b of [p.ed, p.gp])
		for (const path of ['/api/privacy/queue', '/api/privacy/count', '/api/audit', '/fhir/AuditEvent', '/api/people/p1/access-report'])
			assert.equal((await b.get(path)).status, 403, path);
	// In the audit: why it was opened.
	const lines = (await p.privacy.get(`/api/audit?person=p1&user=user/${p.made.ed.id}&glass=1`)).body.lines;
	assert.ok(lines.length >= 2);
	assert.ok(lines.every((l) => l.glass === 'EMERGENCY' && l.role === 'R8000' && l.org === 'RZ2' && l.session && l.policy));
	const report = (await p.privacy.get('/api/people/p1/access-report')).body;
	const opened = report.accesses.find((a) => a.user === `user/${p.made.ed.id}` && a.what === 'opened the record');
	assert.equal(opened.name, 'Dr Emergency');
	assert.equal(opened.orgName, 'Hospital');
	assert.match(opened.why, /^broke the glass: emergency/);
	// Review.
	const review = `/api/privacy/queue/${notice.id}/review`;
	assert.equal((await p.ed.post(review, { outcome: 'justified' })).status, 403);
	assert.equal((await p.privacy.post(review, { outcome: 'fine' })).status, 400);
	assert.equal((await p.privacy.post(review, { outcome: 'breach', note: 'short' })).status, 400);
	r = await p.privacy.post(review, { outcome: 'justified' });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.deepEqual([r.body.review.outcome, r.body.review.byName], ['justified', 'Pat Privacy']);
	assert.equal((await p.privacy.post(review, { outcome: 'justified' })).status, 422);
	assert.deepEqual((await p.privacy.get('/api/privacy/count')).body, { open: 0, overdue: 0 });
	assert.equal((await p.privacy.get('/api/privacy/queue?all=1')).body.notices.length, 1);
	// Given up early.
	assert.equal((await p.ed.ask('DELETE', glass)).body.ended, 1);
	assert.equal((await p.ed.get('/fhir/Patient/p1')).status, 404);
	assert.equal((await p.ed.ask('DELETE', glass)).status, 404);
	await p.s.stop();
	assert.equal(verify(p.data).status, 0);
});

test('break-glass: the third in a day by one user stands out', async (t) => {
	const p = await people(t, { ed: doctor, privacy: officer });
	await prove(p.ed);
	for (const id of ['p1', 'p2', 'p1']) {
		const r = await p.ed.post(`/api/people/${id}/break-glass`, { reason: 'EMERGENCY', text: 'It is needed at once, for their care.' });
		assert.equal(r.status, 200, JSON.stringify(r.body));
		assert.equal((await p.ed.ask('DELETE', `/api/people/${id}/break-glass`)).status, 200);
	}
	const { notices } = (await p.privacy.get('/api/privacy/queue')).body;
	assert.deepEqual(notices.map((n) => [n.recent, n.often ?? false]), [[3, true], [2, false], [1, false]]);
	const first = (await p.privacy.get('/api/privacy/queue?limit=2')).body;
	assert.equal(first.notices.length, 2);
	const rest = (await p.privacy.get(`/api/privacy/queue?limit=2&before=${encodeURIComponent(first.next)}`)).body;
	assert.deepEqual(rest.notices.map((n) => n.id), [notices[2].id]);
});

test('who looked at my record: the person is told, and nobody else', async (t) => {
	const own = '/api/me/access-report', patient = (id) => ['--practitioner', `Patient/${id}`];
	const p = await people(t, {
		gp: { name: 'Dr Own', role: 'named-gp', org: 'Y00001' }, ed: doctor, privacy: officer,
		me: { name: 'The Person', role: 'patient', org: null, more: patient('p1') },
		other: { name: 'Another Person', role: 'patient', org: null, more: patient('p2') },
		proxy: { name: 'Their Daughter', role: 'proxy', org: null, more: patient('p1') },
	});
	assert.equal((await p.gp.get('/api/people/p1')).status, 200);
	await prove(p.ed);
	assert.equal((await p.ed.post('/api/people/p1/break-glass', { reason: 'EMERGENCY', text: 'Brought in unconscious, no history.' })).status, 200);
	assert.equal((await p.ed.get('/fhir/Patient/p1')).status, 200);
	const r = await p.me.get(own);
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.person, 'p1');
	const of = (name, what) => r.body.accesses.find((a) => a.name === name && a.what === what);
	assert.equal(of('Dr Own', 'opened the record').orgName, 'Surgery One');
	const opened = of('Dr Emergency', 'opened the record');
	assert.deepEqual([opened.glass, opened.orgName, opened.roleName], ['EMERGENCY', 'Hospital', 'Clinical Practitioner']);
	assert.match(opened.why, /^broke the glass: emergency/);
	assert.ok(of('Dr Emergency', 'broke the glass'));
	// The privacy officer's has the same lines; what they alone may know is not in it.
	const theirs = (await p.privacy.get('/api/people/p1/access-report')).body.accesses.filter((a) => a.what !== 'looked into the audit');
	assert.deepEqual(r.body.accesses, theirs.map(({ user, ...rest }) => (rest.name ? rest : { user, ...rest })));
	assert.ok(r.body.accesses.every((a) => !a.user || a.user === 'import'));
	const known = ['at', 'user', 'name', 'role', 'roleName', 'org', 'orgName', 'behalf', 'what', 'why', 'glass', 'refused'];
	for (const a of r.body.accesses) assert.deepEqual(Object.keys(a).filter((k) => !known.includes(k)), [], JSON.stringify(a));
	assert.ok(!JSON.stringify(r.body).includes('127.0.0.1'));
	assert.ok(!JSON.stringify(r.body).includes('unconscious'));
	// As a table, and of some days.
	const csv = await p.me.get(`${own}?format=csv`);
	assert.match(csv.headers.get('content-type'), /^text\/csv/);
	assert.match(csv.body, /"Dr Own",.*"opened the record"/);
	assert.deepEqual((await p.me.get(`${own}?to=2001-01-01`)).body.accesses, []);
	assert.equal((await p.me.get(`${own}?person=p2`)).status, 400);
	assert.equal((await p.me.get(`${own}?format=xml`)).status, 400);
	// That they looked is in the audit, as theirs.
	const looked = (await p.privacy.get(`/api/audit?person=p1&user=user/${p.made.me.id}`)).body.lines;
	assert.ok(looked.some((l) => l.kind === 'log' && l.status === 200));
	// Somebody else's own report is of their own record; everybody else has none.
	const others = (await p.other.get(own)).body;
	assert.equal(others.person, 'p2');
	assert.ok(!JSON.stringify(others).includes('Dr Emergency'));
	for (const [b, says] of [[p.gp, /for the person whose record it is/], [p.privacy, /for the person whose record it is/], [p.proxy, /acts for a person does not get/]]) {
		const no = await b.get(own);
		assert.equal(no.status, 403);
		assert.match(no.body.error.text, says);
	}
	assert.equal((await p.me.get('/api/people/p1/access-report')).status, 403);
	assert.equal((await fetch(p.s.url + own)).status, 401);
});

test('audit: signing in, failing to and being refused are lines of their own', async (t) => {
	const p = await people(t, { ed: doctor, privacy: officer });
	const r = await fetch(`${p.s.url}/auth/sign-in`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ login: 'ed', password: 'wrong wrong wrong' }),
	});
	assert.equal(r.status, 401);
	await p.ed.get('/api/audit');
	await fetch(`${p.s.url}/fhir/Patient/p1`);
	const { lines } = (await p.privacy.get('/api/audit?limit=200')).body;
	assert.ok(lines.some((l) => l.kind === 'sign-in' && l.status === 401), 'a failed sign-in');
	assert.ok(lines.some((l) => l.kind === 'sign-in' && l.status === 200), 'a sign-in');
	assert.ok(lines.some((l) => l.kind === 'log' && l.status === 403 && l.decision === 'DENY' && l.rule), 'a denial');
	assert.ok(lines.some((l) => l.kind === 'read' && l.status === 401 && l.user === 'nobody'), 'nobody');
	assert.ok(!JSON.stringify(lines).includes('wrong wrong'));
	assert.ok(lines.some((l) => l.kind === 'start'));
});

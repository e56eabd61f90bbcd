// What is agreed and chosen about sharing decides what a user sees, at once: agreements,
// objections, suspended organisations, delegations, proxies, the opt-out list.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { folder, hf, hfOk, newStore, serve, write } from '../support/e2e.mjs';
import { addUser, enrol, signIn } from '../support/people.mjs';

const ods = (value) => [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value }];
const person = { reference: 'Patient/p1' };
const snomed = (code) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });
const day = (n) => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);
const nhs = (nine) => {
	const rest = 11 - [...nine].reduce((s, d, i) => s + d * (10 - i), 0) % 11;
	return nine + (rest === 11 ? 0 : rest);
};

const records = (source) => [
	{ resourceType: 'Organization', id: 'gp', name: 'Test Practice', identifier: ods('Y00001') },
	{ resourceType: 'Organization', id: 'community', name: 'Test Community', identifier: ods('RZ2') },
	{
		resourceType: 'Patient', id: 'p1', meta: source('Y00001'), name: [{ family: 'Testfamily' }], birthDate: '1950-05-10',
		identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhs('999000001') }],
		generalPractitioner: [{ reference: 'Organization/gp' }],
	},
	{
		resourceType: 'EpisodeOfCare', id: 'e1', meta: source('RZ2'), status: 'active', patient: person,
		managingOrganization: { reference: 'Organization/community' }, period: { start: day(-30) },
	},
	{ resourceType: 'Condition', id: 'gp1', meta: source('Y00001'), subject: person, code: snomed('38341003') },
	{ resourceType: 'Condition', id: 'gp2', meta: source('Y00001'), subject: person, code: snomed('86406008') },
	{ resourceType: 'Condition', id: 'co1', meta: source('RZ2'), subject: person, code: snomed('44054006') },
	{
		resourceType: 'Patient', id: 'child', meta: source('Y00001'), name: [{ family: 'Testchild' }], birthDate: day(-365 * 5),
		generalPractitioner: [{ reference: 'Organization/gp' }],
	},
	{ resourceType: 'Condition', id: 'ch1', meta: source('Y00001'), subject: { reference: 'Patient/child' }, code: snomed('195967001') },
	{ resourceType: 'Patient', id: 'mother', meta: source('Y00001'), name: [{ family: 'Testmother' }], birthDate: '1990-01-01' },
];

async function place(t) {
	let server;
	t.after(() => server?.stop('SIGKILL')); // before its folder goes
	const data = newStore(t), dir = folder(t), where = ['--data', data];
	write(dir, 'place.ndjson', records((code) => ({ source: `https://fhir.nhs.uk/Id/ods-organization-code/${code}` }))
		.map((r) => JSON.stringify(r)).join('\n'));
	hfOk(['import', ...where, '--quiet', dir]);
	server = await serve(data, [], { open: false });
	const user = async (login, options) => {
		const u = addUser(where, login, options);
		const b = await enrol(server.url, u);
		b.user = u;
		return b;
	};
	return { data, where, server, user };
}

const share = (where, tier, ...more) => /id: (\S+)/.exec(hfOk(['agreement', 'add', ...where, '--from', '*', '--to', '*', '--tier', tier,
	'--until', day(300), '--dsa', 'DSA-1', '--dpia', 'DPIA-1', ...more]).out)[1];
const sees = async (b, path) => (await b.get(path, { Accept: 'application/fhir+json' })).status === 200;
const problems = async (b, who = 'p1') => {
	const r = await b.get(`/fhir/Condition?patient=Patient/${who}`, { Accept: 'application/fhir+json' });
	return r.status === 200 ? (r.body.entry ?? []).map((e) => e.resource).filter((x) => x.resourceType === 'Condition').map((x) => x.id).sort() : r.status;
};

test('without an agreement each organisation sees its own; with one, what its tier says, at once', async (t) => {
	const { where, user } = await place(t);
	const gp = await user('gp', { role: 'named-gp', org: 'Y00001' });
	const nurse = await user('nurse', { role: 'R8001', org: 'RZ2' });
	assert.deepEqual(await problems(gp), ['gp1', 'gp2']);
	assert.deepEqual(await problems(nurse), ['co1']);
	const id = share(where, 'T3');
	// T3 leaves out what is sensitive: HIV, known by its code alone.
	assert.deepEqual(await problems(nurse), ['co1', 'gp1']);
	assert.deepEqual(await problems(gp), ['co1', 'gp1', 'gp2']);
	hfOk(['agreement', 'end', ...where, id]);
	assert.deepEqual(await problems(nurse), ['co1']);
	assert.match(hf(['agreement', 'end', ...where, id]).err, /no agreement with this id/);
	share(where, 'T4', '--categories', 'hiv');
	assert.deepEqual(await problems(nurse), ['co1', 'gp1', 'gp2']);
	share(where, 'T1');
	assert.deepEqual(await problems(nurse), ['co1']);
});

test('an objection closes the record to other organisations, and its withdrawal opens it again', async (t) => {
	const { where, user } = await place(t);
	share(where, 'T3');
	const gp = await user('gp', { role: 'named-gp', org: 'Y00001' });
	const nurse = await user('nurse', { role: 'R8001', org: 'RZ2' });
	let r = await gp.get('/api/people/p1/choices');
	assert.equal(r.status, 200);
	assert.equal(r.body.objection.on, false);
	assert.ok(r.body.objection.applies.length > 0 && r.body.objection.appliesNot.length > 0);
	assert.equal(r.body.ndo.on, undefined); // nothing that a GP needs
	r = await gp.post('/api/people/p1/choices', { choice: 'objection', on: true, note: 'said so <on the phone> & twice' });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.objection.on, true);
	assert.deepEqual(await problems(nurse), ['co1']);
	assert.deepEqual(await problems(gp), ['gp1', 'gp2']);
	r = await gp.post('/api/people/p1/choices', { choice: 'objection', on: false });
	assert.equal(r.body.objection.on, false);
	assert.deepEqual(await problems(nurse), ['co1', 'gp1']);
	r = await gp.post('/api/people/p1/choices', { choice: 'type1', on: true });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.type1.on, true);
	for (const body of [{ choice: 'objection' }, { choice: 'x', on: true }, { choice: 'objection', on: 'yes' }, { on: true }])
		assert.equal((await gp.post('/api/people/p1/choices', body)).status, 400, JSON.stringify(body));
	assert.equal((await nurse.post('/api/people/child/choices', { choice: 'objection', on: true })).status, 404);
});

test('nobody of a suspended organisation works', async (t) => {
	const { where, server, user } = await place(t);
	const nurse = await user('nurse', { role: 'R8001', org: 'RZ2' });
	assert.equal(await sees(nurse, '/fhir/Condition/co1'), true);
	hfOk(['organisation', 'suspend', ...where, 'rz2', '--reason', 'incident 1']);
	const r = await nurse.get('/fhir/Condition/co1', { Accept: 'application/fhir+json' });
	assert.ok([401, 403].includes(r.status), String(r.status));
	assert.match(hfOk(['organisation', 'list', ...where]).out, /^RZ2 .*incident 1$/m);
	hfOk(['organisation', 'resume', ...where, 'RZ2']);
	const { browser } = await signIn(server.url, nurse.user, nurse.secret);
	assert.equal(await sees(browser, '/fhir/Condition/co1'), true);
	assert.equal(hf(['organisation', 'resume', ...where, 'RZ2']).status, 1);
});

test('a delegation lends what the delegator has, and ends', async (t) => {
	const { where, user } = await place(t);
	const gp = await user('gp', { role: 'named-gp', org: 'Y00001' });
	const locum = await user('locum', { role: 'named-gp', org: 'Y00002' });
	share(where, 'T3');
	assert.equal(await sees(locum, '/fhir/Patient/p1'), false);
	const { out } = hfOk(['delegate', 'add', ...where, '--from', 'gp', '--to', 'locum', '--until', day(7), '--reason', 'annual leave']);
	assert.equal(await sees(locum, '/fhir/Patient/p1'), true);
	hfOk(['delegate', 'end', ...where, /id: (\S+)/.exec(out)[1]]);
	assert.equal(await sees(locum, '/fhir/Patient/p1'), false);
	assert.equal(hf(['delegate', 'add', ...where, '--from', 'gp', '--to', 'gp', '--until', day(7), '--reason', 'x']).status, 1);
	assert.equal(hf(['delegate', 'add', ...where, '--from', 'gp', '--to', 'locum', '--until', day(700), '--reason', 'x']).status, 1);
	// One person only.
	hfOk(['delegate', 'add', ...where, '--from', gp.user.login, '--to', 'locum', '--person', 'child', '--until', day(7), '--reason', 'x']);
	assert.equal(await sees(locum, '/fhir/Patient/p1'), false);
	assert.equal(await sees(locum, '/fhir/Patient/child'), true);
});

test('a proxy sees what was granted of the person, and of nobody else', async (t) => {
	const { where, user } = await place(t);
	const mother = await user('mother', { role: 'proxy', org: '', more: ['--practitioner', 'Patient/mother'] });
	assert.equal(await sees(mother, '/fhir/Patient/child'), false);
	const { out } = hfOk(['proxy', 'add', ...where, '--holder', 'mother', '--person', 'child', '--relationship', 'parent',
		'--contents', 'DEMOGRAPHIC,PROBLEM', '--until', day(365)]);
	assert.equal(await sees(mother, '/fhir/Patient/child'), true);
	assert.deepEqual(await problems(mother, 'child'), ['ch1']);
	assert.equal(await sees(mother, '/fhir/Patient/p1'), false);
	// An adult has to have named the proxy.
	hfOk(['proxy', 'add', ...where, '--holder', 'mother', '--person', 'p1', '--relationship', 'daughter', '--until', day(365)]);
	assert.equal(await sees(mother, '/fhir/Patient/p1'), false);
	hfOk(['proxy', 'end', ...where, /id: (\S+)/.exec(out)[1]]);
	assert.equal(await sees(mother, '/fhir/Patient/child'), false);
});

test('administration over HTTP: who may, what is refused, and who a person is stays hidden', async (t) => {
	const { where, user } = await place(t);
	const admin = await user('admin', { role: 'administrator', org: 'RZ9' });
	const clerk = await user('clerk', { role: 'receptionist', org: 'Y00001' });
	await user('gp', { role: 'named-gp', org: 'Y00001' });
	await user('locum', { role: 'named-gp', org: 'Y00002' });
	assert.equal((await clerk.get('/api/admin/agreements')).status, 403);
	assert.equal((await clerk.post('/api/admin/agreements', {})).status, 403);
	const good = { from: 'Y00001', to: '*', tier: 'T3', ends: day(300), dsa: 'DSA-1', dpia: 'DPIA-1' };
	let r = await admin.post('/api/admin/agreements', good);
	assert.equal(r.status, 200, JSON.stringify(r.body));
	const { id } = r.body;
	for (const [change, path] of [[{ tier: 'T9' }, 'tier'], [{ from: '' }, 'from'], [{ to: 'Y00001' }, 'to'], [{ ends: undefined }, 'until'],
		[{ ends: 'soon' }, 'ends'], [{ dsa: undefined }, 'dsa'], [{ dpia: undefined }, 'dpia'], [{ categories: 'hiv' }, 'categories'],
		[{ tier: 'T4', categories: 'gender' }, 'categories'], [{ from: 'not a code!' }, 'from']]) {
		r = await admin.post('/api/admin/agreements', { ...good, ...change });
		assert.equal(r.status, 400, JSON.stringify(change));
		assert.equal(r.body.error.path, path, JSON.stringify(change));
	}
	assert.equal((await admin.post('/api/admin/agreements', { ...good, extra: 1 })).status, 400);
	r = await admin.get('/api/admin/agreements');
	assert.deepEqual(r.body.items.map((a) => [a.id, a.from.name, a.to, a.tier, a.state]), [[id, 'Test Practice', '*', 'T3', 'in force']]);
	r = await admin.post('/api/admin/organisations/RZ2/suspend', { reason: 'incident 2' });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	r = await admin.get('/api/admin/organisations');
	const community = r.body.items.find((o) => o.code === 'RZ2');
	assert.equal(community.suspended, true);
	assert.equal(community.reason, 'incident 2');
	assert.equal((await admin.post('/api/admin/organisations/RZ2/resume')).status, 200);
	assert.equal((await admin.post('/api/admin/organisations/RZ2/resume')).status, 404);
	r = await admin.post('/api/admin/delegations', { from: 'gp', to: 'locum', person: 'p1', reason: 'leave', ends: day(5) });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	r = await admin.get('/api/admin/delegations');
	assert.deepEqual(r.body.items[0].person, { id: 'p1' });
	assert.ok(!JSON.stringify(r.body).includes('Testfamily'));
	assert.equal((await admin.post(`/api/admin/delegations/${r.body.items[0].id}/end`)).status, 200);
	r = await admin.post('/api/admin/proxies', { from: 'Patient/mother', person: 'child', reason: 'parent', ends: day(300) });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal((await admin.get('/api/admin/proxies')).body.items[0].reason, 'parent');
	assert.equal((await admin.post(`/api/admin/agreements/${id}/end`)).status, 200);
	assert.equal((await admin.post(`/api/admin/agreements/${id}/end`)).status, 404);
	// An administrator opens nobody's record.
	assert.equal(await sees(admin, '/fhir/Patient/p1'), false);
	assert.match(hfOk(['audit', 'verify', ...where]).out, /./);
});

test('why: the privacy officer asks about anybody and is told ids and codes only', async (t) => {
	const { where, user } = await place(t);
	const officer = await user('officer', { role: 'privacy-officer', org: 'RZ9' });
	const nurse = await user('nurse', { role: 'R8001', org: 'RZ2' });
	share(where, 'T2');
	let r = await officer.get('/api/why?person=p1&user=nurse&from=Y00001');
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.tier, 'T2');
	assert.match(r.body.answer, /^Yes: /);
	assert.equal(r.body.rule.id, 'R11');
	assert.equal(r.body.user, `user/${nurse.user.id}`);
	assert.deepEqual(r.body.relationships.map((x) => [x.kind, x.counts]), [['CASE', true]]);
	const problem = r.body.decisions.find((d) => d.content === 'PROBLEM');
	assert.deepEqual([problem.own.outcome, problem.others.outcome], ['ALLOW', 'ALLOW']);
	assert.ok(!JSON.stringify(r.body).includes('Testfamily'));
	assert.equal((await officer.get('/api/why?person=nobody&user=nurse')).status, 404);
	assert.equal((await officer.get('/api/why?user=nurse')).status, 400);
	assert.equal((await officer.get('/api/why?person=p1&role=king&org=RZ2')).body.error.path, 'role');
	assert.equal((await nurse.get('/api/why?person=p1&user=nurse')).status, 403);
	r = JSON.parse(hfOk(['access', 'why', ...where, '--person', 'p1', '--user', 'nurse', '--json']).out);
	assert.equal(r.role, 'R8001');
});

test('the opt-out list is kept as hashes, and a bad list changes nothing', async (t) => {
	const { where, user } = await place(t);
	const dir = folder(t);
	const file = (text) => write(dir, 'list.txt', text) ?? `${dir}/list.txt`;
	const load = (text, made = day(-1)) => hf(['optout', 'import', ...where, '--list-file', file(text), '--made', made]);
	assert.match(hfOk(['optout', 'status', ...where]).out, /no copy/);
	assert.equal(load(`${nhs('999000001')}\n${nhs('999000002').replace(/^(...)(...)/, '$1 $2 ')}\n\n${nhs('999000001')}\n`).status, 0);
	assert.match(hfOk(['optout', 'status', ...where]).out, /^2 numbers/);
	const bad = load(`${nhs('999000003')}\n1234567890\n`);
	assert.equal(bad.status, 1);
	assert.match(bad.err, /line 2/);
	assert.ok(!bad.err.includes('1234567890'));
	assert.match(load('', day(-30)).err, /older than 21 days/);
	assert.match(load('', day(3)).err, /future/);
	assert.match(hfOk(['optout', 'status', ...where]).out, /^2 numbers/);
	// The person is told theirs.
	const self = await user('self', { role: 'patient', org: '', more: ['--practitioner', 'Patient/p1'] });
	const r = await self.get('/api/people/p1/choices');
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.ndo.on, true);
	assert.equal(r.body.ndo.stale, false);
	const admin = await user('admin', { role: 'administrator', org: 'RZ9' });
	assert.deepEqual((({ n, stale, most }) => ({ n, stale, most }))((await admin.get('/api/admin/optout')).body), { n: 2, stale: false, most: 21 });
});

test('a disclosure leaves out whoever opted out, whole, and is refused with an old list', (t) => {
	const data = newStore(t), dir = folder(t), where = ['--data', data];
	const who = (n) => ({ resourceType: 'Patient', id: `q${n}`, identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhs(`99900000${n}`) }] });
	const entry = (n, id, type, code, when) => ({
		resourceType: type, id, subject: { reference: `Patient/q${n}` }, code: snomed(code),
		...(type === 'Observation' && { status: 'final', effectiveDateTime: when }),
	});
	write(dir, 'p.ndjson', [
		who(1), entry(1, 'a1', 'Condition', '38341003'),
		who(2), entry(2, 'a2', 'Condition', '38341003'), entry(2, 't2', 'Observation', '827241000000103', '2020-01-01'),
		who(3), entry(3, 'a3', 'Condition', '38341003'), entry(3, 't3', 'Observation', '827241000000103', '2020-01-01'),
		entry(3, 'w3', 'Observation', '827261000000102', '2021-01-01'),
		who(4), entry(4, 'a4', 'Condition', '38341003'),
	].map((r) => JSON.stringify(r)).join('\n'));
	hfOk(['import', ...where, '--quiet', dir]);
	const people = (...args) => {
		const r = hf(['export', ...where, ...args]);
		return { ...r, ids: r.out.split('\n').filter(Boolean).map((l) => JSON.parse(l)).filter((x) => x.resourceType !== 'Observation').map((x) => x.id).sort() };
	};
	const all = ['a1', 'a2', 'a3', 'a4', 'q1', 'q2', 'q3', 'q4'];
	assert.deepEqual(people().ids, all);
	// There is no list.
	let r = people('--purpose', 'RESEARCH', '--for', 'RZ9');
	assert.equal(r.status, 1);
	assert.match(r.err, /too old \(rule NDO-list\)/);
	assert.equal(r.out, '');
	write(dir, 'list.txt', `${nhs('999000004')}\n`);
	hfOk(['optout', 'import', ...where, '--list-file', `${dir}/list.txt`, '--made', day(-1)]);
	r = people('--purpose', 'RESEARCH', '--for', 'RZ9');
	assert.deepEqual(r.ids, ['a1', 'a3', 'q1', 'q3'], r.err); // 2: Type 1; 3: withdrawn; 4: on the list
	assert.match(r.err, /^2 people are left out/m);
	assert.deepEqual(people('--purpose', 'PLAN', '--for', 'RZ9', '--basis', 's251').ids, ['a1', 'a3', 'q1', 'q3']);
	// With consent the National Data Opt-Out does not apply; Type 1 still does.
	assert.deepEqual(people('--purpose', 'PLAN', '--for', 'RZ9', '--basis', 'consent').ids, ['a1', 'a3', 'a4', 'q1', 'q3', 'q4']);
	assert.deepEqual(people('--purpose', 'PLAN', '--for', 'RZ9', '--basis', 'law').ids, all);
	for (const args of [['--purpose', 'DIRECT', '--for', 'RZ9'], ['--purpose', 'PLAN'], ['--purpose', 'PLAN', '--for', 'RZ9', '--basis', 'because']])
		assert.equal(people(...args).status, 2, args.join(' '));
});

test('a place has its own documents of access, with a version of their own', async (t) => {
	let server;
	t.after(() => server?.stop('SIGKILL'));
	const data = newStore(t), dir = folder(t), mine = folder(t), where = ['--data', data];
	const rules = readFileSync('definitions/access/rules.json', 'utf8');
	write(mine, 'rules.json', rules.replace('"glass_minutes": 60', '"glass_minutes": 30'));
	let r = hf(['access', 'check', mine]);
	assert.equal(r.status, 1);
	assert.match(r.err, /rules\.json:1: it differs .* same version/);
	write(mine, 'rules.json', rules.replace(/"version": "[^"]+"/, '"version": "here-1"').replace('"level": ["S3"]', '"level": ["S9"]'));
	r = hf(['access', 'check', mine]);
	assert.match(r.err, /^rules\.json:\d+: "S9" is no level$/m);
	await assert.rejects(serve(data, ['--access', mine]), /rules\.json:\d+: "S9" is no level/);
	write(mine, 'rules.json', rules.replace(/"version": "[^"]+"/, '"version": "here-1"'));
	// A code that only this place calls sensitive, in what was written before it did.
	const own = JSON.parse(readFileSync('definitions/access/sensitivity.json', 'utf8'));
	own.version = 'here-2';
	own.categories.push({ code: 'local', name: 'Local', level: 'S2', codes: [{ system: 'snomed', code: '38341003', display: 'x' }] });
	write(mine, 'sensitivity.json', JSON.stringify(own, null, 1));
	assert.match(hfOk(['access', 'check', mine]).out, /^roles \S+, rules here-1, sensitivity here-2, /);
	write(dir, 'place.ndjson', records((code) => ({ source: `https://fhir.nhs.uk/Id/ods-organization-code/${code}` })).map((x) => JSON.stringify(x)).join('\n'));
	hfOk(['import', ...where, '--quiet', dir]);
	share(where, 'T3');
	server = await serve(data, ['--access', mine], { open: false });
	const nurse = await enrol(server.url, addUser(where, 'nurse', { role: 'R8001', org: 'RZ2' }));
	assert.deepEqual(await problems(nurse), ['co1']);
});

test('an agreement that has expired shares no more than T1, and the privacy officer hears of it once', async (t) => {
	const { where, user } = await place(t);
	const officer = await user('officer', { role: 'privacy-officer', org: 'RZ9' });
	const nurse = await user('nurse', { role: 'R8001', org: 'RZ2' });
	const soon = new Date(Date.now() + 2000).toISOString();
	const id = /id: (\S+)/.exec(hfOk(['agreement', 'add', ...where, '--from', 'Y00001', '--to', 'RZ2', '--tier', 'T3', '--until', soon,
		'--dsa', 'DSA-1', '--dpia', 'DPIA-1']).out)[1];
	assert.deepEqual(await problems(nurse), ['co1', 'gp1']);
	const until = Date.now() + 10000;
	while ((await problems(nurse)).length > 1 && Date.now() < until)
		await pause(200);
	assert.deepEqual(await problems(nurse), ['co1']);
	assert.equal(await sees(nurse, '/fhir/Patient/p1'), true); // demographics: T1
	for (let i = 0; i < 2; i++) {
		const { body } = await officer.get('/api/privacy/queue');
		assert.deepEqual(body.notices.map((n) => [n.kind, n.user.id]), [['agreement', `agreement/${id}`]]);
	}
	hfOk(['agreement', 'end', ...where, id]);
	assert.equal(await sees(nurse, '/fhir/Patient/p1'), false);
});

// Every route, asked by every role group about persons with and without a relationship,
// normal, sensitive and restricted entries, and an objection: what comes out is what
// expected.mjs works out from the table, and nothing of what may not be seen stands in any
// answer.  And every command, by somebody who does not own the store.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { bin, contents, hf } from '../support/e2e.mjs';
import { Place, items, mark, persons, purposeOf, sourceOf, users } from '../support/place.mjs';
import { expected, granted } from './expected.mjs';
import { activityOf, commands, routes, verbs } from './routes.mjs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const defined = [...read('src/server/routes.def').matchAll(/^HF_ROUTE\((\w+), "([^"]+)", \w+, (\w+),/gm)].map(([, method, pattern, need]) => ({ key: `${method} ${pattern}`, method, need }));

test('every route has its line in routes.mjs, with the same need, and no line is of a route that is gone', () => {
	const known = new Set(defined.map((r) => r.key));
	assert.deepEqual(defined.filter((r) => !routes[r.key]).map((r) => `${r.key} (${r.need})`), [], 'routes without a case: add them to test/matrix/routes.mjs');
	assert.deepEqual(Object.keys(routes).filter((k) => !known.has(k)), [], 'cases without a route');
	for (const r of defined) assert.equal(r.need, routes[r.key][0], r.key);
});

test('every command and verb has its line in routes.mjs', () => {
	const names = [...read('src/cli/io/commands.def').matchAll(/^HF_CMD\((\w+),/gm)].map((m) => m[1]);
	assert.deepEqual(names.filter((n) => !commands[n]), [], 'commands without a case');
	assert.deepEqual(Object.keys(commands).filter((n) => !names.includes(n)), [], 'cases without a command');
	const admin = [...read('src/server/admin.def').matchAll(/^HF_ADMIN\((\w+), "([^"]+)",/gm)].map(([, g, v]) => `${g} ${v}`);
	assert.deepEqual(admin.filter((n) => !verbs[n]), [], 'verbs without a case');
	assert.deepEqual(Object.keys(verbs).filter((n) => !admin.includes(n)), [], 'cases without a verb');
});

// ---- what a user should see ----

function roleHas(login, need) {
	const [, , group, narrowed] = users[login];
	if (need === 'NOTHING' || need === 'SIGNED') return true;
	return (narrowed ?? granted[group]).includes(activityOf[need]);
}

function relationsOf(login, person) {
	const [, org, group] = users[login];
	if (group === 'PAT') return new Set(person === 'own' ? ['SELF'] : []);
	if (person === 'stranger') return new Set();
	return new Set({ practice: ['GPREG'], community: ['CASE'], mental: ['CASE'], council: ['CASE'], home: ['CASE'], acute: ['INPT'] }[org] ?? []);
}

function answerFor(login, person, content, level, org, activity = 'READ') {
	const [, mine, group] = users[login], own = mine === org;
	const facts = new Set(['VALID', 'MFA', 'ROLE_ACTIVE', 'ORG_ACTIVE']);
	if (own) facts.add('OWN_TEAM');
	if (group === 'STUD') facts.add('SUPERVISED');
	if (person === 'objector') facts.add('OBJECTION');
	return expected({
		group, purpose: purposeOf[group] ?? 'DIRECT', activity, content, level, tier: 'T3', org: own ? 'own' : 'other',
		relations: relationsOf(login, person), facts, audit: true, listAge: 255,
	}).outcome;
}
const orgOf = (person, org) => (person === 'stranger' && org === 'practice' ? 'elsewhere' : org);
const seesItem = (login, person, [, , content, level, org], activity) =>
	answerFor(login, person, content, level, org === null ? sourceOf(person) : orgOf(person, org), activity) === 'ALLOW';
const seesPerson = (login, person) => answerFor(login, person, 'DEMOGRAPHIC', 'S0', sourceOf(person)) === 'ALLOW';

// Every text that a user may not find in any answer.
function secretsFor(login) {
	return persons.flatMap((p) => [
		...(seesPerson(login, p) ? [] : [mark(p, 'name')]),
		...items.filter((i) => !seesItem(login, p, i)).map((i) => mark(p, i[0])),
	]);
}

const bodies = {
	'POST /fhir/_search': ['application/x-www-form-urlencoded', '_type=Condition,Observation'],
	'POST /fhir/{type}/_search': ['application/x-www-form-urlencoded', '_count=100'],
	'POST /fhir': ['application/fhir+json', JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: [
		...persons.map((p) => ({ request: { method: 'GET', url: `Patient/${p}` } })), ...persons.map((p) => ({ request: { method: 'GET', url: `Condition?patient=Patient/${p}` } }))] })],
	'POST /fhir/Patient/$match': ['application/fhir+json', JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: { resourceType: 'Patient', name: [{ family: mark('stranger', 'name'), given: ['Ada'] }], birthDate: '1950-03-04', gender: 'female' } }] })],
};

describe('every route × role × person', () => {
	let place;
	before(async () => { place = await new Place().start(); }, { timeout: 120000 });
	after(async () => {
		const end = await place?.stop();
		assert.equal(end?.code, 0, end?.err);
	});

	const outcomes = {};
	const count = (key, status) => { (outcomes[key] ??= {})[status] = (outcomes[key][status] ?? 0) + 1; };

	test('nobody gets anything but what tells nothing of anybody', async () => {
		for (const { key, method, need } of defined) {
			if (key === 'POST /auth/sign-out') continue;
			const [type, body] = bodies[key] ?? ['application/json', '{}'];
			for (const { path } of routes[key][1]()) {
				const r = await fetch(place.url + path, { method, redirect: 'manual', ...(['POST', 'PUT'].includes(method) && { body, headers: { 'content-type': type } }) });
				const text = await r.text();
				if (need !== 'NOTHING') assert.equal(r.status, 401, `${method} ${path}: ${r.status} ${text.slice(0, 200)}`);
				assert.ok(r.status < 500, `${method} ${path}: ${r.status}`);
				assert.doesNotMatch(text, /Zz\w+zZ/, `${method} ${path}`);
				if (need !== 'NOTHING' && !key.includes('/auth/')) assert.match(r.headers.get('www-authenticate') ?? '', /Bearer/, path);
			}
		}
	});

	for (const login of Object.keys(users)) {
		test(`${login} (${users[login][2]}): reads show what the table allows, and betray nothing else`, { timeout: 120000 }, async () => {
			const b = place.as[login], secrets = secretsFor(login);
			for (const { key, method, need } of defined) {
				if (method !== 'GET' && !bodies[key]) continue;
				for (const { path, person, item } of routes[key][1]()) {
					const [type, body] = bodies[key] ?? [];
					const headers = type ? { 'Content-Type': type } : { Accept: path.startsWith('/api') || path.startsWith('/fhir') ? 'application/json' : 'text/html' };
					const r = await b.ask(method, path, body, headers);
					const where = `${login}: ${method} ${path}: ${r.status}`, text = typeof r.body === 'string' ? r.body : JSON.stringify(r.body);
					count(key, r.status);
					assert.ok(r.status < 500, `${where} ${text.slice(0, 300)}`);
					assert.notEqual(r.status, 401, where);
					if (!roleHas(login, need)) {
						assert.equal(r.status, 403, `${where}: the role has no ${activityOf[need]}`);
						assert.doesNotMatch(text, /Zz\w+zZ/, where);
						continue;
					}
					const asked = decodeURIComponent(path) + (body ?? '');
					// Who decides whose records are one person's sees least demographics (R21).
					for (const s of secrets.filter((x) => need !== 'IDENTIFY' || !persons.some((p) => x === mark(p, 'name')))) if (!asked.includes(s)) assert.ok(!text.includes(s), `${where} shows ${s}`);
					if (need !== 'CLINICAL') continue;
					if (item && key.startsWith('GET /fhir')) assert.equal(r.status, seesItem(login, person, item) ? 200 : 404, `${where}: ${text.slice(0, 200)}`);
					if (item && key.startsWith('GET /fhir') && r.status === 200 && item[0] !== 'self') assert.ok(text.includes(mark(person, item[0])), where);
					if (!item && person && !key.endsWith('break-glass')) {
						const want = seesPerson(login, person);
						// The hub may ask whether anybody has called, and learns nothing of a stranger.
						if (!want && key.endsWith('/recent') && users[login][1] === 'community') assert.deepEqual(r.body, { open: [], calls72h: 0 }, where);
						else assert.equal(r.status === 200, want, `${where}: ${text.slice(0, 200)}`);
						if (!want) await sameAsNobody(b, method, path, person, r);
					}
					if (item && r.status === 404) await sameAsNobody(b, method, path, item[0] === 'self' ? person : `${person}-${item[0]}`, r);
				}
			}
		});

		test(`${login}: changes are taken only where the table allows them`, { timeout: 120000 }, async () => {
			const b = place.as[login];
			for (const { key, method, need } of defined) {
				if (method === 'GET' || bodies[key] || key.startsWith('POST /auth')) continue;
				const has = roleHas(login, need);
				for (const { path, person, item } of routes[key][1]()) {
					// What may be changed is changed elsewhere: here it is what may not.
					if (has && item && seesItem(login, person, item, 'CHANGE')) continue;
					const id = path.split('/').at(-1);
					const body = method === 'DELETE' ? undefined
						: key.startsWith('PUT /fhir/{type}/{id}') ? stolen(item[1], id, person)
							: key === 'POST /fhir/{type}' ? stolen(id, undefined, 'stranger') : key === 'PUT /fhir/{type}' ? { resourceType: 'Patient' } : {};
					if (has && key === 'POST /fhir/{type}' && id === 'Patient') continue; // a new person is nobody's yet
					const r = await b.ask(method, path, body, { 'Content-Type': path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json' });
					const where = `${login}: ${method} ${path}: ${r.status} ${JSON.stringify(r.body).slice(0, 200)}`;
					count(key, r.status);
					assert.ok(r.status < 500, where);
					assert.notEqual(r.status, 401, where);
					if (!has) assert.equal(r.status, 403, `${where}: the role has no ${activityOf[need]}`);
					else if (need === 'CHANGE' && (item || person || key === 'POST /fhir/{type}')) {
						const want = key === 'POST /fhir/{type}' || (person && !seesPerson(login, person)) || item;
						// To delete what one may not see is to delete what is not there: 204, and it stays.
						if (want && method !== 'DELETE') assert.ok(r.status >= 400, `${where}: it was taken`);
					}
				}
			}
		});
	}

	// Systems: rights are scopes ∩ the organisation's relationships ∩ its agreement.
	for (const name of ['ofAcute', 'ofPlace', 'narrow']) {
		test(`a system (${name}): reads show what the table allows, within its scopes`, { timeout: 120000 }, async () => {
			const token = await place.token(name), org = name === 'ofPlace' ? null : 'acute';
			const answer = (person, content, level, from, type) => expected({
				group: 'INT', purpose: 'DIRECT', activity: 'READ', content, level, tier: 'T3', org: org === null ? 'place' : from === org ? 'own' : 'other',
				relations: new Set(person === 'stranger' || org === null ? [] : ['INPT']), audit: true, listAge: 255,
				facts: new Set(['VALID', 'CLIENT_STRONG', 'ROLE_ACTIVE', 'ORG_ACTIVE', 'SCOPED', ...(name !== 'narrow' || type === 'Condition' ? ['IN_SCOPE'] : []),
					...(org === null ? ['PLACE_WIDE'] : []), ...(from === org ? ['OWN_TEAM'] : []), ...(person === 'objector' ? ['OBJECTION'] : [])]),
			}).outcome === 'ALLOW';
			const seen = { 200: 0, 404: 0, 403: 0 };
			for (const { key, need } of defined.filter((r) => r.method === 'GET' && r.key.startsWith('GET /fhir'))) {
				for (const { path, person, item } of routes[key][1]()) {
					const r = await fetch(place.url + path, { headers: { Authorization: `Bearer ${token}` } });
					const text = await r.text(), where = `${name}: ${path}: ${r.status} ${text.slice(0, 200)}`;
					assert.ok(r.status < 500 && r.status !== 401, where);
					if (need === 'OVERSEE') assert.equal(r.status, 403, where);
					for (const p of persons)
						for (const i of items)
							if (!answer(p, i[2], i[3], orgOf(p, i[4]), i[1])) assert.ok(!text.includes(mark(p, i[0])), `${where} shows ${mark(p, i[0])}`);
					if (!item || need !== 'CLINICAL') continue;
					const may = answer(person, item[2], item[3], item[4] === null ? sourceOf(person) : orgOf(person, item[4]), item[1]);
					assert.equal(r.status === 200, may, where);
					seen[r.status]++;
				}
			}
			assert.ok(seen[200] > 0 && seen[404] + seen[403] > 0, JSON.stringify(seen));
			for (const path of ['/api/admin/users', '/api/audit', '/metrics', '/api/identity/review'])
				assert.equal((await fetch(place.url + path, { headers: { Authorization: `Bearer ${token}` } })).status, 403, path);
		});
	}

	test('a system that watches (monitor): figures about the server, and nothing else', { timeout: 120000 }, async () => {
		const token = await place.token('monitor');
		let open = 0;
		for (const { key, method, need } of defined.filter((r) => r.need !== 'NOTHING')) {
			for (const { path } of routes[key][1]()) {
				const figures = need === 'OPERATE' && method === 'GET';
				const r = await fetch(place.url + path, { method, headers: { Authorization: `Bearer ${token}`, ...(method !== 'GET' && { 'Content-Type': 'application/fhir+json' }) }, body: ['POST', 'PUT'].includes(method) ? '{}' : undefined });
				const text = await r.text(), where = `${method} ${path}: ${r.status} ${text.slice(0, 200)}`;
				assert.ok(r.status < 500 && r.status !== 401, where);
				assert.doesNotMatch(text, /Zz\w+zZ/, where);
				if (figures) assert.equal(r.status, 200, where);
				else if (['ADMINISTER', 'OVERSEE', 'IDENTIFY', 'FIGURES', 'CONTRACT'].includes(need)) assert.equal(r.status, 403, where);
				open += figures;
			}
		}
		assert.ok(open >= 2);
	});

	test('after all that, nothing is gone, and nothing of the stranger was changed', () => {
		// The server still runs: a reader looks beside it.
		const now = new Map(contents(place.data).map((r) => [`${r.resourceType}/${r.id}`, r]));
		for (const p of persons)
			for (const [name, type] of items) {
				const r = now.get(`${type}/${p}-${name}`);
				assert.ok(r, `${type}/${p}-${name} is gone`);
				assert.ok(JSON.stringify(r).includes(mark(p, name)), JSON.stringify(r));
			}
		assert.ok(JSON.stringify(now.get('Patient/stranger')).includes(mark('stranger', 'name')));
		assert.equal([...now.values()].filter((r) => JSON.stringify(r).includes('stolen')).length, 0);
	});

	// This place has no referral and no population, and a stream does not end: test/e2e/hub.mjs and need.mjs ask who
	// gets what there.
	const ofReferrals = new Set(['GET /api/hub/events', 'GET /api/hub/referrals/{id}', 'GET /api/hub/referrals/{id}/teams', 'GET /api/instances/{id}', 'GET /api/hub/day', 'GET /fhir/ServiceRequest/{id}/$bars-responses', 'GET /api/population/lists/{id}/people/{pos}', 'GET /api/population/agenda']);
	test('each route that shows records gave both answers', (t) => {
		for (const [key, [need]] of Object.entries(routes)) {
			const seen = Object.entries(outcomes[key] ?? {}).map(([s, n]) => `${s}: ${n}`).join(', ');
			if (/^GET \/(fhir|api)/.test(key) && need === 'CLINICAL' && !ofReferrals.has(key)) assert.ok(outcomes[key]?.[200] && (outcomes[key]?.[403] || outcomes[key]?.[404]), `${key}: ${seen}`);
		}
		t.diagnostic(`figure: ${Object.values(outcomes).flatMap((o) => Object.values(o)).reduce((a, n) => a + n, 0)} requests to ${Object.keys(outcomes).length} routes`);
	});
});

// A resource that somebody without a right tries to put in the place of another.
function stolen(type, id, person) {
	const subject = { reference: `Patient/${person}` };
	const r = { resourceType: type, ...(id && { id }) };
	if (type === 'Patient') return { ...r, name: [{ family: 'stolen' }] };
	if (type === 'AllergyIntolerance') return { ...r, patient: subject, code: { text: 'stolen' } };
	if (type === 'Observation') return { ...r, subject, status: 'final', code: { text: 'stolen' } };
	if (type === 'MedicationRequest') return { ...r, subject, status: 'active', intent: 'order', medicationCodeableConcept: { text: 'stolen' } };
	if (type === 'EpisodeOfCare') return { ...r, patient: subject, status: 'active', type: [{ text: 'stolen' }] };
	if (type === 'Encounter') return { ...r, subject, status: 'planned', class: { code: 'AMB' }, type: [{ text: 'stolen' }] };
	if (type === 'Consent') return { ...r, patient: subject, status: 'active', scope: { text: 'stolen' }, category: [{ text: 'stolen' }], policyRule: { text: 'stolen' } };
	return { ...r, subject, code: { text: 'stolen' } };
}

// What may not be seen answers as what is not there.
async function sameAsNobody(b, method, path, id, r) {
	const other = id.replace(/[a-z]/g, 'q');
	const none = await b.ask(method, path.replace(id, other), undefined, { Accept: 'application/json' });
	assert.equal(none.status, r.status, `${method} ${path} is told apart from what is not there`);
	assert.deepEqual(JSON.parse(JSON.stringify(none.body).replaceAll(other, id)), r.body, `${method} ${path}`);
}

describe('every command, by somebody who does not own the store', { skip: process.getuid() !== 0 && 'needs root to become somebody else' }, () => {
	let place;
	before(async () => {
		place = await new Place().start([], { only: ['gp'] });
		await place.server.stop();
		chmodSync(place.dir, 0o755); // only the store's own folder is closed
	});
	after(() => place.stop().catch(() => {}));

	const asNobody = (args) => spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', bin, ...args], { encoding: 'utf8', timeout: 20000, cwd: '/' });
	const usable = () => spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', bin, 'version'], { cwd: '/' }).status === 0;

	test('they are refused, and learn nothing', (t) => {
		if (!usable()) return t.skip('the binary is not readable for others');
		const at = ['--data', place.data];
		const words = { feed: ['list'], import: ['/etc/passwd'], export: ['--out', '-'], backup: ['--out', '-'], access: ['why', '--person', 'own', '--role', 'named-gp', '--org', 'Y00001'], audit: ['verify'], contract: ['run', 'acute-2020', '--to', '2020-06-30'], serve: ['--listen', '127.0.0.1:0'], generate: ['--people', '10'] };
		const runs = [
			...Object.entries(commands).filter(([name, kind]) => kind === 'store' && !Object.keys(verbs).some((v) => v.startsWith(`${name} `))).map(([name]) => [name, ...(['access', 'audit', 'contract'].includes(name) ? [words[name][0], ...at, ...words[name].slice(1)] : [...at, ...(words[name] ?? [])])]),
			...Object.entries(verbs).map(([v, w]) => [...v.split(' '), ...at, ...w]),
		];
		for (const args of runs) {
			const r = asNobody(args);
			assert.notEqual(r.status, 0, `${args.join(' ')}: ${r.stdout}`);
			assert.doesNotMatch(r.stdout + r.stderr, /Zz\w+zZ|Name of/, args.join(' '));
		}
		return undefined;
	});

	test('the owner may run each of them that reads', () => {
		for (const v of ['user list', 'agreement list', 'organisation list', 'delegate list', 'proxy list', 'optout status', 'identity review']) {
			const r = hf([...v.split(' '), '--data', place.data]);
			assert.equal(r.status, 0, `${v}: ${r.err}`);
		}
	});
});

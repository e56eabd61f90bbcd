// Lists of people most in need over HTTP: who makes and sees them, why somebody stands
// there, a proposal on a team's agenda, what is answered, and whether the list is fair
// (population.md 2.7; HZ-need in the hazard log).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { at, bin, hfOk, newStore, serve } from '../support/e2e.mjs';
import { demoUser } from '../support/people.mjs';

const fill = join(dirname(bin), 'test/unit/population/need_fill');
const skip = existsSync(fill) ? {} : { skip: `there is no ${fill}` };

async function place(t) {
	const store = newStore(t);
	hfOk(['generate', ...at(store), '--people', '600', '--full', '30', '--seed', '4']);
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'D', '--dpia', 'D']);
	// The practice of the demonstration's GP is known once somebody asked.
	let server = await serve(store, ['--demonstration'], { open: false });
	const ods = (await (await demoUser(server.url, 'gp')).session()).actor.orgCode;
	await server.stop();
	execFileSync(fill, [store, ods]);
	server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	return { url: server.url, ods };
}

// The population is read behind the start.
async function ready(user, path) {
	for (let i = 0; i < 100; i++) {
		const r = await user.get(path);
		if (r.status !== 503) return r;
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error('the population was not read in 10 s');
}

test('a list from making it to what was answered (section 2.7)', skip, async (t) => {
	const { url, ods } = await place(t);
	const gp = await demoUser(url, 'gp');
	const scope = `practice:${ods}`;
	const all = (await ready(gp, '/api/population/lists')).body;

	assert.deepEqual(all.scopes.map((s) => s.scope), [scope], 'a practice sees its own');
	assert.equal(all.rules.find((r) => r.id === 'most-in-need').starts, 45, 'POP-T09');
	assert.ok(all.teams.length > 0);
	const made = await gp.post('/api/population/lists', { rule: 'most-in-need', scope, places: 10 });
	assert.equal(made.status, 200, JSON.stringify(made.body));
	const path = `/api/population/lists/${made.body.id}`;
	const list = (await gp.get(path)).body;
	assert.equal(list.places, 10);
	assert.equal(list.people.filter((p) => p.chosen).length, 10);
	const why = ['dead', 'objects', 'untraced', 'onCaseload', 'tooYoung', 'below', 'unscored'];
	assert.equal(list.eligible + why.reduce((n, w) => n + list[w], 0), list.registered, 'everybody is counted once');
	assert.ok(list.objects > 0, 'who objects is counted, and stands nowhere');

	// Names only of who may be seen; nothing at all of the others.
	const shown = list.people.filter((p) => p.shown);
	const hidden = list.people.filter((p) => !p.shown);
	assert.ok(shown.length > 0 && hidden.length > 0);
	for (const p of hidden) assert.deepEqual(Object.keys(p).filter((k) => !['pos', 'chosen', 'shown', 'why'].includes(k)), []);
	for (const p of shown) {
		assert.equal((await gp.get(`/api/people/${p.patient}`)).status, 200);
		assert.ok(p.reasons.length > 0 && p.reasons.length <= 3);
	}

	// The evidence adds up; of somebody not shown there is none.
	const one = shown[0];
	const because = (await gp.get(`${path}/people/${one.pos}`)).body;
	assert.equal(because.patient, one.patient);
	const cms = because.scores.find((s) => s.id === 'cms');
	assert.equal(cms.points, one.score);
	const sum = cms.evidence.reduce((n, e) => n + Number(e.points), 0);
	assert.ok(Math.abs(sum - Number(cms.points)) < 0.001);
	assert.equal((await gp.get(`${path}/people/${hidden[0].pos}`)).status, 404);
	assert.equal((await gp.get(`${path}/people/999`)).status, 404);

	// One click: a Task that the team owns, in the record, once.
	const lead = await demoUser(url, 'team');
	const team = (await lead.get('/api/hub')).body.teams[0].id;
	assert.ok(all.teams.some((x) => x.id === team));
	const propose = () => gp.post(`${path}/people/${one.pos}`, { answer: 'proposed', team, reason: 'lives alone' });
	const proposed = await propose();
	assert.equal(proposed.status, 200, JSON.stringify(proposed.body));
	const task = (await gp.get(`/fhir/${proposed.body.task}`)).body;
	assert.equal(task.code.coding[0].code, 'mdt-proposal');
	assert.equal(task.for.reference, `Patient/${one.patient}`);
	assert.equal(task.owner.reference, `HealthcareService/${team}`);
	assert.equal(task.intent, 'proposal');
	// The team sees the proposal and the person, as of somebody referred to it.
	assert.equal((await lead.get(`/fhir/${proposed.body.task}`)).status, 200);
	assert.equal((await lead.get(`/api/people/${one.patient}`)).status, 200);
	assert.equal((await propose()).status, 409);
	assert.equal((await gp.post(`${path}/people/${hidden[0].pos}`, { answer: 'declined', reason: 'x' })).status, 404);
	assert.equal((await gp.post(`${path}/people/${one.pos}`, { answer: 'proposed', team: 'nowhere' })).status, 400);
	assert.equal((await gp.post(`${path}/people/${one.pos}`, { answer: 'perhaps' })).status, 400);

	// A list is a snapshot; the next one leaves out who is on a caseload.
	const again = (await gp.get(path)).body;
	assert.equal(again.people[one.pos - 1].answer.answer, 'proposed');
	assert.equal(again.impact.find((i) => i.answer === 'proposed').people, null, '1 to 4 are not shown');
	const next = (await gp.post('/api/population/lists', { rule: 'most-in-need', scope, places: 10 })).body;
	const later = (await gp.get(`/api/population/lists/${next.id}`)).body;
	assert.equal(later.onCaseload, 1);
	assert.ok(!later.people.some((p) => p.patient === one.patient));
	assert.equal((await gp.post(`${path}/people/${one.pos}`, { answer: 'declined', reason: 'prefers not to' })).status, 200);
	assert.equal((await gp.get(path)).body.people[one.pos - 1].answer.reason, 'prefers not to');
	assert.deepEqual((await gp.get(`/api/population/lists?scope=${scope}`)).body.lists.map((l) => l.id), [next.id, made.body.id]);
});

test('who may not: analysts see counts, others\' practices nothing, bad asks are named', skip, async (t) => {
	const { url, ods } = await place(t);
	const gp = await demoUser(url, 'gp');
	const scope = `practice:${ods}`;
	await ready(gp, '/api/population/lists');
	const { id } = (await gp.post('/api/population/lists', { rule: 'most-in-need', scope })).body;
	const path = `/api/population/lists/${id}`;

	const analyst = await demoUser(url, 'analyst');
	const counts = await analyst.get(path);
	assert.equal(counts.status, 200);
	assert.deepEqual(counts.body.people, []);
	assert.equal(counts.body.names, false);
	for (const what of ['registered', 'eligible', 'objects', 'below'])
		assert.ok(counts.body[what] === null || counts.body[what] % 5 === 0, what);
	// What is hidden cannot be reckoned from what it is a part of (POP-T30).
	const hides = (parts, total, where) => {
		const gone = parts.filter((n) => n === null).length;
		assert.ok(gone !== 1 || total === null, `${where}: one of ${parts} is hidden alone under ${total}`);
	};
	const parts = ['eligible', 'dead', 'objects', 'untraced', 'onCaseload', 'tooYoung', 'below', 'unscored'];
	hides(parts.map((p) => counts.body[p]), counts.body.registered, 'the list');
	// Two of those who were chosen are answered for: neither they nor what happened to them is told.
	await gp.post(`${path}/people/1`, { answer: 'declined', reason: 'prefers not to' });
	await gp.post(`${path}/people/2`, { answer: 'unsuitable', reason: 'in hospital' });
	const { impact } = (await analyst.get(path)).body;
	hides(impact.map((i) => i.people), 1, 'the impact');
	for (const i of impact) assert.ok(i.people !== null || i.admissionsAfter === null, i.answer);
	assert.ok([403, 404].includes((await analyst.get(`${path}/people/1`)).status));
	assert.equal((await analyst.post('/api/population/lists', { rule: 'most-in-need', scope })).status, 403);

	const fair = (await analyst.get(`${path}/fairness`)).body;
	assert.deepEqual(fair.checks.map((c) => c.by), ['Deprivation', 'Ethnicity', 'Sex']);
	for (const c of fair.checks)
		for (const what of ['people', 'chosen', 'outcome', 'both']) hides(c.groups.map((g) => g[what]), 1, `${c.by} ${what}`);
	for (const c of fair.checks)
		for (const g of c.groups)
			for (const what of ['people', 'chosen', 'outcome', 'both'])
				assert.ok(g[what] === null || g[what] % 5 === 0, `${c.by} ${g.title} ${what}`);

	const handler = await demoUser(url, 'nurse');
	const seen = (await handler.get(path)).body;
	for (const p of seen.people.filter((x) => x.shown))
		assert.equal((await handler.get(`/api/people/${p.patient}`)).status, 200);

	const bad = async (body, field) => {
		const r = await gp.post('/api/population/lists', body);
		assert.equal(r.status, 400, JSON.stringify(r.body));
		assert.equal(r.body.error.path, field);
	};
	await bad({ rule: 'nothing', scope }, 'rule');
	await bad({ rule: 'most-in-need', scope, places: 0 }, 'places');
	await bad({ rule: 'most-in-need', scope, places: 401 }, 'places');
	await bad({ rule: 'most-in-need', scope: 'practice:ZZZ' }, 'scope');
	assert.equal((await gp.get('/api/population/lists/0')).status, 404);
	assert.equal((await gp.get('/api/population/lists/99')).status, 404);
	const operator = await demoUser(url, 'operator');
	assert.equal((await operator.get('/api/population/lists')).status, 403);
});

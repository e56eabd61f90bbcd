// A team's agenda: who was proposed to it, what the meeting agreed, what followed, and who
// sees whom of it (population.md 2.7; contract-and-governance.md 6.2, MDT ±7 days).
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
	let server = await serve(store, ['--demonstration'], { open: false });
	const ods = (await (await demoUser(server.url, 'gp')).session()).actor.orgCode;
	await server.stop();
	execFileSync(fill, [store, ods]);
	server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	const { url } = server;
	const gp = await demoUser(url, 'gp');
	for (let i = 0; i < 100 && (await gp.get('/api/population/lists')).status === 503; i++) await new Promise((done) => setTimeout(done, 100));
	const lead = await demoUser(url, 'team');
	const team = (await lead.get('/api/hub')).body.teams[0].id;
	const scope = `practice:${ods}`;
	const { id } = (await gp.post('/api/population/lists', { rule: 'most-in-need', scope, places: 12 })).body;
	const list = `/api/population/lists/${id}`;
	const shown = (await gp.get(list)).body.people.filter((p) => p.shown);
	return { url, ods, gp, lead, team, list, shown, agenda: `/api/population/agenda?team=${team}` };
}

test('from a name to the agenda, to what was agreed, and back to the list', skip, async (t) => {
	const { gp, lead, team, list, shown, agenda, url } = await place(t);
	const [a, b, c] = shown;
	const ok = (r) => { assert.equal(r.status, 200, JSON.stringify(r.body)); return r.body; };
	assert.deepEqual(ok(await lead.get(agenda)).open, []);

	ok(await gp.post(`${list}/people/${a.pos}`, { answer: 'proposed', team, reason: 'lives alone' }));
	ok(await gp.post('/api/population/agenda', { patient: b.patient, team, measure: 'emergency-admissions' }));
	ok(await gp.post(`${list}/people/${c.pos}`, { answer: 'proposed', team }));
	// Once on an agenda is enough.
	assert.equal((await gp.post('/api/population/agenda', { patient: a.patient, team })).status, 409);
	assert.equal((await gp.post('/api/population/agenda', { patient: 'nobody', team })).status, 404);
	assert.equal((await gp.post('/api/population/agenda', { patient: b.patient, team: 'none' })).status, 400);
	assert.equal((await gp.post('/api/population/agenda', { patient: b.patient, team, measure: 'none' })).status, 400);

	const { open } = ok(await lead.get(agenda));
	assert.deepEqual(open.map((i) => i.patient), [a.patient, b.patient, c.patient], 'in the order they came');
	assert.deepEqual(open[0].notes, ['lives alone']);
	assert.match(open[1].title, /Emergency admissions/);
	for (const i of open) assert.equal((await lead.get(`/api/people/${i.patient}`)).status, 200);

	const say = (i, body) => lead.post(`/api/population/agenda/${i.task}`, body);
	assert.equal((await say(open[0], { outcome: 'declined' })).status, 400, 'a no has a reason');
	assert.equal((await say(open[0], { outcome: 'perhaps' })).status, 400);
	ok(await say(open[0], { outcome: 'accepted', version: open[0].version, note: 'nurse visits on Monday' }));
	assert.equal((await say(open[0], { outcome: 'declined', note: 'x' })).status, 409, 'it was talked about');
	ok(await say(open[1], { outcome: 'later', version: open[1].version, note: 'ask the daughter' }));
	assert.equal((await say(open[1], { outcome: 'accepted', version: open[1].version })).status, 412, 'somebody was quicker');
	ok(await say(open[2], { outcome: 'unsuitable', note: 'in hospital' }));

	const after = ok(await lead.get(agenda));
	assert.deepEqual(after.open.map((i) => i.patient), [b.patient]);
	assert.deepEqual(after.open[0].notes, ['ask the daughter']);
	assert.deepEqual(new Set(after.past.map((i) => `${i.patient} ${i.outcome}`)), new Set([`${a.patient} accepted`, `${c.patient} unsuitable`]));
	assert.ok(after.past.every((i) => i.shown && i.emergenciesAfter === 0), 'the meeting sees them a week longer');

	// What was agreed is the answer on the list that they came from.
	const people = ok(await gp.get(list)).people;
	assert.equal(people[a.pos - 1].answer.answer, 'accepted');
	assert.equal(people[c.pos - 1].answer.answer, 'unsuitable');
	assert.equal(people[c.pos - 1].answer.reason, 'in hospital');

	// Others: no names, no changes.
	const analyst = await demoUser(url, 'analyst');
	assert.ok([403, 404].includes((await analyst.get(agenda)).status));
	assert.equal((await analyst.post('/api/population/agenda', { patient: b.patient, team })).status, 403);
	const ward = await demoUser(url, 'ward');
	const seen = ok(await ward.get(agenda));
	for (const i of [...seen.open, ...seen.past]) if (i.shown) assert.equal((await ward.get(`/api/people/${i.patient}`)).status, 200);
	assert.equal((await lead.get('/api/population/agenda?team=none')).status, 400);
	assert.equal((await say({ task: 'none' }, { outcome: 'accepted' })).status, 404);
});

test('a coordinator sees who, not why: R14', skip, async (t) => {
	const { url, list, gp, team, shown, agenda } = await place(t);
	for (const p of shown.slice(0, 3)) assert.equal((await gp.post(`${list}/people/${p.pos}`, { answer: 'proposed', team })).status, 200);
	const coordinator = await demoUser(url, 'coordinator');
	const { open } = (await coordinator.get(agenda)).body;
	const named = open.filter((i) => i.shown);
	t.diagnostic(`the coordinator sees ${named.length} of ${open.length}`);
	assert.ok(named.length > 0);
	const whole = await coordinator.get(list);
	if (whole.status === 200)
		for (const p of whole.body.people.filter((x) => x.shown)) {
			assert.notEqual(p.clinical, true);
			for (const what of ['reasons', 'gaps', 'score', 'emergenciesBefore']) assert.equal(p[what], undefined, what);
			assert.ok([403, 404].includes((await coordinator.get(`${list}/people/${p.pos}`)).status));
		}
	for (const i of named) assert.equal(i.emergenciesAfter, undefined);
});

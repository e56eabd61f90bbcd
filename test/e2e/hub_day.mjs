// A team's visits: what the list says, to whom, the key for what a device keeps, and what
// was done without a network and is told later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, engines, hfOk, newStore, serve, staffAllDay, storeOf } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const MIN = 60_000;
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
const place = ['generate', '--people', '300', '--full', '20', '--seed', '5', '--date', today(), '--referrals'];

async function trial(t, store) {
	const server = await serve(store);
	t.after(() => server.stop('SIGKILL'));
	const b = new Browser(server.url);
	const ok = async (r) => {
		const answer = await r;
		assert.equal(answer.status, 200, JSON.stringify(answer.body));
		return answer.body;
	};
	return { server, b, ok };
}

// A referral of U1, taken by a team: { id, team, version }.
async function taken({ b, ok }, more = {}) {
	const [person] = (await ok(b.get('/api/people?limit=5'))).people;
	const made = await ok(b.post('/api/hub/referrals', {
		person: { id: person.id }, channel: 'page', source: 'gp', referrer: { org: 'Y00001', phone: '01632 960001' },
		decided: new Date().toISOString(), service: 'ucr', asked: 'U1', expectation: 'See today', problem: 'Fall in the kitchen',
		condition: 'fall', infection: 'MRSA', safeguarding: 'Concern about money', access: 'Key safe; dog', alone: true,
		allergies: 'Penicillin', consentRefer: true, consentShare: true, ...more,
	}));
	const id = made.row.id;
	const move = (event, facts = {}, rest = {}) => b.post(`/api/hub/referrals/${id}/moves`, { event, facts, ...rest });
	await ok(move('open-triage'));
	await ok(move('accept', { urgency: 'U1', condition: 'fall', skills: ['nursing'] }));
	const { teams } = await ok(b.get(`/api/hub/referrals/${id}/teams`));
	await ok(move('allocate', {}, { team: teams[0].id, note: 'For the test' }));
	const { row } = await ok(move('team-accept'));
	return { id, team: teams[0].id, row, move, person };
}

for (const engine of engines) {
	test(`a visit says where, how to get in, whom to call and what to beware of (R-2.7), on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk([...place, '0', ...at(store)]);
		staffAllDay(at(store));
		const here = await trial(t, store);
		const { id, team, person } = await taken(here);
		const day = await here.ok(here.b.get(`/api/hub/day?team=${team}`));
		assert.equal(day.team.id, team);
		const visit = day.visits.find((v) => v.row.id === id);
		assert.equal(visit.row.state, 'team-accepted');
		assert.equal(visit.address, person.address);
		assert.equal(visit.access, 'Key safe; dog');
		assert.equal(visit.alone, true);
		assert.match(visit.allergies, /^Penicillin/);
		assert.match(visit.plan, /^Asked for: See today/);
		assert.deepEqual(visit.risks.slice(0, 2).map((r) => r.category), ['SG', 'IR']);
		assert.equal(visit.risks[0].text, 'Concern about money');
		// What may be done on a device without a network, as the pathway has it.
		const steps = Object.fromEntries(day.steps.map((s) => [s.event, s]));
		assert.deepEqual(Object.keys(steps), ['set-off', 'start-contact', 'no-access', 'record-outcome']);
		assert.deepEqual(steps['set-off'].in, ['team-accepted']);
		assert.deepEqual(steps['record-outcome'].to, ['in-treatment', 'completed']);
		// Who is with somebody stands first; who was only offered does not stand there.
		assert.equal((await here.b.get('/api/hub/day?team=none')).status, 404);
		assert.equal((await here.b.get(`/api/hub/day?team=${team}&x=1`)).status, 400);
	});

	test(`what was done without a network is told by when it was done, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk([...place, '0', ...at(store)]);
		staffAllDay(at(store));
		const here = await trial(t, store);
		const { id, move, row } = await taken(here);
		const story = async () => (await here.ok(here.b.get(`/api/hub/referrals/${id}`))).story;
		const iso = (ms) => new Date(ms).toISOString();
		const before = await story();

		// Of a mistaken clock nothing is believed.
		for (const done of [iso(Date.now() + 10 * MIN), iso(Date.now() - 25 * 60 * MIN), 'yesterday', '2026-11', 7])
			assert.equal((await move('set-off', {}, { done })).status, 400, String(done));
		assert.equal((await story()).length, before.length);

		// Done before what stands there already: not put before it, but kept as it was said.
		const early = Date.parse(row.received) - 5 * MIN;
		await here.ok(move('set-off', {}, { done: iso(early), version: row.version }));
		let last = (await story()).at(-1);
		assert.equal(last.done, iso(early));
		assert.ok(Date.parse(last.at) >= Date.parse(before.at(-1).at));
		assert.ok(Date.parse(last.told) >= Date.parse(last.at));

		// Done since: its time is the one that counts, and stops the clock.
		await new Promise((go) => setTimeout(go, 1200));
		const done = iso(Date.now() - 600);
		const { row: after } = await here.ok(move('start-contact', { inPerson: true }, { done }));
		last = (await story()).at(-1);
		assert.equal(last.at, done);
		assert.ok(Date.parse(last.told) > Date.parse(last.at));
		assert.equal(after.clocks.find((c) => c.id === 'C1').stopped, done);

		// The same sent twice is told as a conflict, with who was first.
		const again = await move('set-off', {}, { done, version: row.version });
		assert.equal(again.status, 409);
		assert.equal(again.body.error.code, 'moved');
	});
}

test('a list is of one\'s own organisation, and the key of one\'s own', async (t) => {
	const store = newStore(t);
	hfOk([...place, '60', ...at(store)]);
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'DSA-1', '--dpia', 'DPIA-1']);
	const server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	const as = (login) => demoUser(server.url, login);
	const nurse = await as('nurse'), gp = await as('gp'), lead = await as('lead'), admin = await as('admin');

	const { teams } = (await nurse.get('/api/hub')).body;
	assert.ok(teams.length > 0);
	let visits = 0;
	for (const team of teams) {
		const day = await nurse.get(`/api/hub/day?team=${team.id}`);
		assert.equal(day.status, 200);
		visits += day.body.visits.length;
		for (const v of day.body.visits) {
			assert.equal(v.row.owner.id, team.id);
			assert.ok(['in-contact', 'en-route', 'team-accepted', 'failed-contact', 'in-treatment'].includes(v.row.state));
		}
		// A practice has no part in it; the hub looks, and does nothing at the door.
		assert.equal((await gp.get(`/api/hub/day?team=${team.id}`)).status, 404);
		const looked = await lead.get(`/api/hub/day?team=${team.id}`);
		assert.equal(looked.status, 200);
		assert.deepEqual(looked.body.steps, []);
	}
	assert.ok(visits > 0, 'somebody is visited');
	assert.equal((await gp.get('/api/hub/day')).status, 404);
	assert.equal((await admin.get('/api/hub/day')).status, 403);
	assert.equal((await new Browser(server.url).get('/api/hub/day')).status, 401);

	const key = async (b) => (await b.get('/api/hub/device-key')).body.key;
	const first = await key(nurse);
	assert.equal(Buffer.from(first, 'base64').length, 32);
	assert.equal(await key(await as('nurse')), first, 'the same after signing in again');
	assert.notEqual(await key(gp), first);
	assert.equal((await new Browser(server.url).get('/api/hub/device-key')).status, 401);
	assert.equal((await nurse.get('/api/hub/device-key')).headers.get('cache-control'), 'no-store');
});

test('the worker of the visits may fetch from here and nothing else, and is asked for each time', async (t) => {
	const store = newStore(t);
	const server = await serve(store);
	t.after(() => server.stop('SIGKILL'));
	const r = await fetch(`${server.url}/sw.js`);
	assert.equal(r.status, 200);
	assert.match(r.headers.get('content-type'), /^text\/javascript/);
	assert.equal(r.headers.get('cache-control'), 'no-cache');
	assert.equal(r.headers.get('content-security-policy'), "default-src 'none'; connect-src 'self'; frame-ancestors 'none'");
	assert.equal(r.headers.get('service-worker-allowed'), null);
	const text = await r.text();
	assert.doesNotMatch(text, /\/api\//, 'it knows no address of data');
	assert.equal((await fetch(`${server.url}/assets/sw.js`)).status, 404);
	const page = await fetch(`${server.url}/hub/day`);
	assert.match(page.headers.get('content-security-policy'), /worker-src 'self'/);
	// What it keeps is there, by the names it knows.
	const files = text.match(/\/assets\/[\w.-]+/g);
	assert.ok(files.length >= 3);
	for (const f of files) assert.equal((await fetch(server.url + f)).status, 200, f);
});

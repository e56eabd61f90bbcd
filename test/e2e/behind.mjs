// Who is behind a figure (GET /api/population/measures/{id}/people): names for who looks
// after the people, a count by the rule of disclosure of everybody else, nothing for who
// sees figures only (population.md 7; HZ15).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { at, bin, hfOk, newStore, serve } from '../support/e2e.mjs';
import { demoUser } from '../support/people.mjs';

const fill = join(dirname(bin), 'test/unit/population/need_fill');
const skip = existsSync(fill) ? {} : { skip: `there is no ${fill}` };
const path = '/api/population/measures/emergency-admissions/people';

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
	return { url: server.url, ods };
}

async function ready(user, address) {
	for (let i = 0; i < 100; i++) {
		const r = await user.get(address);
		if (r.status !== 503) return r;
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error('the population was not read in 10 s');
}

// All pages of an address.
async function everyRow(user, address) {
	const rows = [];
	for (let offset = 0; ; offset += 50) {
		const r = await user.get(`${address}${address.includes('?') ? '&' : '?'}offset=${offset}`);
		assert.equal(r.status, 200, JSON.stringify(r.body));
		assert.ok(r.body.rows.length <= 50, 'a page is bounded');
		rows.push(...r.body.rows);
		if (rows.length >= r.body.shown) return { ...r.body, rows };
	}
}

test('a GP sees their own people behind a figure, and of others how many', skip, async (t) => {
	const { url, ods } = await place(t);
	const gp = await demoUser(url, 'gp');
	await ready(gp, path);
	const all = await everyRow(gp, `${path}?by=practice&area=${ods}`);

	assert.equal(all.names, true);
	assert.equal(all.area, ods);
	assert.ok(all.shown > 0 && all.rows.length === all.shown, 'true: as many as are shown');
	assert.equal(new Set(all.rows.map((r) => r.patient)).size, all.people);
	// need_fill registers everybody with the practice, the record does not.
	assert.ok(all.others === null || (all.others > 0 && all.others % 5 === 0), `others ${all.others}`);
	for (let i = 1; i < all.rows.length; i++) assert.ok(all.rows[i - 1].day >= all.rows[i].day, 'newest first');
	for (const r of all.rows) {
		assert.equal((await gp.get(`/api/people/${r.patient}`)).status, 200, 'the same decision as the record');
		assert.equal(r.what, 'Emergency stay');
		assert.equal(r.diagnosis, 'I501');
		assert.ok(r.began >= all.from && r.began < all.to);
	}
	// The same over a month: those of the month.
	const month = all.rows[0].began.slice(0, 7);
	const less = await everyRow(gp, `${path}?by=practice&area=${ods}&period=${month}`);
	assert.deepEqual(less.rows, all.rows.filter((r) => r.began.startsWith(month)));
	// Each person that was shown stands in the audit of the page that showed them.
	const officer = await demoUser(url, 'privacy');
	for (const r of [all.rows[0], all.rows.at(-1)]) {
		const { lines } = (await officer.get(`/api/audit?person=${r.patient}&limit=50`)).body;
		assert.ok(lines.some((l) => JSON.stringify(l).includes('emergency-admissions')), JSON.stringify(lines.slice(0, 2)));
	}

	// A share tells whom it did not count; a rate does not.
	const same = await everyRow(gp, `/api/population/measures/same-day-emergency/people?by=practice&area=${ods}&side=not`);
	assert.equal(same.shown, all.shown, 'all stays are of four nights');
	assert.equal(same.otherSide, 0);
	const bad = async (query, field) => {
		const r = await gp.get(`${path}?${query}`);
		assert.equal(r.status, 400, `${query}: ${JSON.stringify(r.body)}`);
		assert.equal(r.body.error.path, field);
	};
	await bad('side=not', 'side');
	await bad('side=both', 'side');
	await bad('period=2026-13', 'period');
	await bad('period=2026/28', 'period');
	await bad('from=2026-01-01', 'from');
	await bad('offset=-1', 'offset');
	await bad('by=nothing', 'by');
	assert.equal((await gp.get(`${path}?by=practice&area=none`)).status, 404);
	assert.equal((await gp.get('/api/population/measures/none/people')).status, 404);
	// Answers given in confidence stay so.
	assert.equal((await gp.get('/api/population/measures/fft-negative/people')).status, 403);
});

test('who sees figures only sees no name, a navigator nothing clinical', skip, async (t) => {
	const { url, ods } = await place(t);
	const gp = await demoUser(url, 'gp');
	await ready(gp, path);
	const own = (await gp.get(`${path}?by=practice&area=${ods}`)).body;
	for (const login of ['analyst', 'lay', 'signatory', 'finance', 'admin', 'privacy']) {
		const user = await demoUser(url, login);
		const r = await user.get(path);
		if (r.status === 403) continue; // not even figures
		assert.equal(r.status, 200);
		assert.deepEqual(r.body.rows, []);
		assert.equal(r.body.shown, 0);
		assert.notEqual(r.body.names, true);
		assert.ok(r.body.others === null || r.body.others % 5 === 0);
		for (const row of own.rows) assert.ok(!JSON.stringify(r.body).includes(row.patient));
	}
	// A navigator may see who somebody is, and not why they were admitted (R14-other).
	const navigator = await demoUser(url, 'coordinator');
	const seen = await navigator.get(path);
	assert.equal(seen.status, 200);
	assert.deepEqual(seen.body.rows, []);
	assert.ok(seen.body.others > 0);
	const operator = await demoUser(url, 'operator');
	assert.equal((await operator.get(path)).status, 403);
});

test('breaking the glass widens neither', skip, async (t) => {
	const { url, ods } = await place(t);
	const gp = await demoUser(url, 'gp');
	const other = await demoUser(url, 'nurse');
	const address = `${path}?by=practice&area=${ods}`;
	await ready(gp, path);
	const before = await everyRow(other, address);
	const { rows } = await everyRow(gp, address);
	const one = rows.find((r) => !before.rows.some((b) => b.patient === r.patient));
	assert.ok(one, 'somebody the nurse has nothing to do with');
	assert.notEqual((await other.get(`/api/people/${one.patient}`)).status, 200);
	const broke = await other.post(`/api/people/${one.patient}/break-glass`, { reason: 'EMERGENCY', text: 'Found unconscious at home, no history.' });
	assert.equal(broke.status, 200, JSON.stringify(broke.body));
	assert.equal((await other.get(`/api/people/${one.patient}`)).status, 200);
	const later = await everyRow(other, address);
	assert.deepEqual(later.rows, before.rows);
});

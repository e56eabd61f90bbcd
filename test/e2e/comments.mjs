// What people wrote: taken in masked, coded to themes, counted as measures, read by those
// who may (docs/interfaces/comments.md; population.md 3.7, 7).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, newStore, serve, storeOf } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const bad = 'The wait was awful, hours. Nurse Patel, call me on 07700 900123 or susan@example.org. NHS number 943 476 5919.';
const good = 'The "staff" were kind,\nand my doctor explained everything clearly.';

function file(dir, name, rows) {
	const path = join(dir, name), cell = (x) => `"${String(x).replaceAll('"', '""')}"`;
	writeFileSync(path, [['Response Date', 'Response', 'Ward', 'May_Quote', 'Free Text'], ...rows].map((r) => r.map(cell).join(',')).join('\r\n'));
	return path;
}

async function loaded(b, path) {
	for (;;) {
		const r = await b.get(path);
		if (r.status !== 503) return r;
		await new Promise((done) => setTimeout(done, 50));
	}
}

for (const engine of engines) {
	test(`comments into ${engine}: masked before they are kept, counted by theme, once`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const dir = folder(t);
		hfOk(['generate', '--activity-only', '--people', '2000', '--seed', '5', ...at(store)]);
		const rows = [...Array(12)].map((_, i) => [`2026-03-${10 + i}`, 5, `Ward ${i}`, 'N', `${bad} ${i}`]);
		rows.push(...[...Array(8)].map((_, i) => [`2026-04-${10 + i}`, 1, 'Clinic', 'Y', `${good} ${i}`]), ['2026-04-01', 2, 'Clinic', 'N', 'Parking impossible.'], ['2026-04-02', 2, 'Clinic', 'N', '']);
		const path = file(dir, 'comments.csv', rows);
		const told = hfOk(['import', ...at(store), path]);
		assert.match(told.out + told.err, /comments/);
		// The same comments in another file are the same comments.
		hfOk(['import', ...at(store), file(dir, 'again.csv', [...rows, ['2026-04-20', 1, 'Clinic', 'Y', `${good} last`]])]);
		const server = await serve(store);
		t.after(() => server.stop('SIGKILL'));
		const b = new Browser(server.url);
		const all = (await b.get('/api/population/comments')).body;
		assert.equal(all.n, 20, 'twenty-two, to the nearest five');
		assert.equal(all.mayRead, true);
		assert.equal(all.comments.length, 22);
		const of = (id) => all.themes.find((x) => x.id === id);
		assert.deepEqual([of('waiting').bad, of('waiting').good], [10, 0]);
		assert.equal(of('communication').good, 10);
		assert.equal(of('place').bad, null, 'one is hidden');
		const text = JSON.stringify(all);
		for (const gone of ['Patel', '07700', 'susan', '943', 'example.org']) assert.ok(!text.includes(gone), gone);
		assert.ok(text.includes('[name]') && text.includes('[number]') && text.includes('[address]'));
		const kind = all.comments.find((x) => x.text.includes('kind'));
		assert.deepEqual([kind.month, kind.asked, kind.service, kind.mayQuote], ['2026-04', 'fft', 'Clinic', true]);
		assert.deepEqual(kind.themes, ['staff:good', 'communication:good']);
		assert.ok((await b.get('/api/population/comments?theme=waiting')).body.comments.every((x) => x.themes.some((y) => y.startsWith('waiting'))));
		assert.deepEqual((await b.get('/api/population/comments?theme=place')).body.comments, [], 'one alone is not shown');
		assert.equal((await b.get('/api/population/comments?from=2026-04-01&to=2026-05-01')).body.themes.find((x) => x.id === 'waiting').n, 0);
		for (const [query, status] of [['theme=none', 404], ['from=x', 400], ['colour=red', 400]]) assert.equal((await b.get(`/api/population/comments?${query}`)).status, status);
		await server.stop();

		// Nothing of what names somebody is in the store, nor in a copy of it.
		if (engine === 'SQLite') {
			const grep = (what) => spawnSync('grep', ['-rlaE', what, store], { encoding: 'utf8' }).stdout.trim();
			assert.notEqual(grep('hours. Nurse .name.'), '', 'the words themselves are there');
			assert.equal(grep('Patel|07700 900123|susan@'), '');
		}
		const key = join(dir, 'key'), copy = join(dir, 'copy'), again = join(dir, 'again');
		writeFileSync(key, 'a'.repeat(64));
		hfOk(['backup', ...at(store), '--out', copy, '--key-file', key]);
		hfOk(['restore', ...at(again), '--key-file', key, copy]);
		const second = await serve(again);
		t.after(() => second.stop('SIGKILL'));
		assert.deepEqual((await new Browser(second.url).get('/api/population/comments')).body, all);
	});
}

test('of people who are known, themes are measures by place; the words are for analysts', async (t) => {
	const store = newStore(t);
	const dir = folder(t);
	hfOk(['generate', ...at(store), '--people', '600', '--full', '30', '--seed', '4']);
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'D', '--dpia', 'D']);
	const out = hfOk(['export', ...at(store), '--type', 'Patient']).out;
	const numbers = [...new Set([...out.matchAll(/nhs-number","value":"(\d{10})"/g)].map((m) => m[1]))].slice(0, 200);
	assert.ok(numbers.length >= 100, `${numbers.length} people`);
	const path = join(dir, 'known.csv');
	writeFileSync(path, ['NHS Number,Response Date,Response,Comment', ...numbers.map((n, i) => `${n},2026-03-10,${i % 4 === 0 ? 5 : 1},"${i % 4 === 0 ? 'I waited for ages, awful' : 'Staff were kind'} ${i}"`)].join('\n'));
	hfOk(['import', ...at(store), path]);
	const [m] = JSON.parse(hfOk(['measure', 'theme-waiting', '--from', '2026-03-01', '--to', '2026-04-01', '--format', 'json', ...at(store)]).out);
	const f = m.areas[0].figures[0];
	// Of those who were registered somewhere on that day.
	assert.ok(f.of <= numbers.length && f.of > numbers.length * 0.9);
	assert.ok(Math.abs(f.n - f.of / 4) < 5);
	const [fft] = JSON.parse(hfOk(['measure', 'fft-negative', '--from', '2026-03-01', '--to', '2026-04-01', '--format', 'json', ...at(store)]).out);
	assert.equal(fft.areas[0].figures[0].n, f.n, 'the rating beside the comment is the answer');
	const server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	const analyst = await demoUser(server.url, 'analyst'), lay = await demoUser(server.url, 'lay'), nurse = await demoUser(server.url, 'receptionist');
	const seen = (await loaded(analyst, '/api/population/comments')).body;
	assert.ok(seen.comments.length > 0 && seen.mayRead);
	const counts = (await lay.get('/api/population/comments')).body;
	assert.equal(counts.mayRead, false);
	assert.deepEqual(counts.comments, []);
	assert.deepEqual(counts.themes, seen.themes);
	assert.equal((await nurse.get('/api/population/comments')).status, 403);
	assert.equal(hf(['import', ...at(store), path]).status, 1, 'the same file twice is refused');
});

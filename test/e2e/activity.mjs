// homefirst generate: what happened to the people of the invented place, as a feed.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, contents, engines, folder, hf, hfOk, newStore, storeOf, write } from '../support/e2e.mjs';

const line = /activity since (\S+): ([\d,]+) events of ([\d,]+) lives in [\d.]+ s, feed (\d+)/;
const told = (out) => {
	const m = line.exec(out);
	assert.ok(m, out);
	return { since: m[1], events: Number(m[2].replaceAll(',', '')), lives: Number(m[3].replaceAll(',', '')), feed: Number(m[4]) };
};

for (const engine of engines) {
	test(`a place in ${engine} has activity beside its records, the same for the same seed`, (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const first = told(hfOk(['generate', '--people', '300', '--full', '6', ...at(store)]).out);
		assert.equal(first.feed, 1);
		assert.equal(first.since, '2023-10-01');
		assert.ok(first.lives > 300 && first.lives < 350);
		assert.ok(first.events > 300 * 3 * 4 && first.events < 300 * 3 * 15);
		const other = newStore(t);
		const again = told(hfOk(['generate', '--people', '300', '--full', '0', '--threads', '1', ...at(other)]).out);
		assert.equal(again.events, first.events);
		assert.equal(again.lives, first.lives);
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});

	test(`activity alone goes into ${engine} with the organisations and nobody's record`, (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const r = told(hfOk(['generate', '--activity-only', '--people', '2000', '--years', '1', ...at(store)]).out);
		assert.equal(r.since, '2025-10-01');
		const types = new Set(contents(store).map((x) => x.resourceType));
		assert.ok(types.has('Organization'));
		assert.ok(!types.has('Patient'));
		// A feed of the same days takes the earlier one's place.
		const second = told(hfOk(['generate', '--activity-only', '--people', '2000', '--years', '1', '--seed', '2', ...at(store)]).out);
		assert.equal(second.feed, 2);
	});
}

test('the outcome framework reads of the generated place what is published of England', (t) => {
	const store = newStore(t);
	hfOk(['generate', '--activity-only', '--people', '20000', ...at(store)]);
	// 36 months together, against definitions/synthetic/england.def.
	const ids = ['emergency-admissions', 'ae-attendances', 'ae-4-hours', 'readmissions-30-stat', 'deaths-usual-place'];
	const [head, ...rows] = hfOk(['measure', ...ids, ...at(store), '--format', 'csv']).out.trim().split('\n').map((l) => l.split(','));
	const column = (name) => head.indexOf(name), sum = (of, name) => of.reduce((n, r) => n + Number(r[column(name)]), 0);
	for (const [id, per, low, high] of [
		['emergency-admissions', 1000, 97, 124],
		['ae-attendances', 1000, 410, 492],
		['ae-4-hours', 100, 70, 79],
		['readmissions-30-stat', 100, 11, 16],
		['deaths-usual-place', 100, 43, 56],
	]) {
		const months = rows.filter((r) => r[column('measure')] === id && /^\d{4}-\d{2}$/.test(r[column('period')]));
		assert.equal(months.length, 36, id);
		const value = per * sum(months, 'counted') / sum(months, 'out of');
		assert.ok(value > low && value < high, `${id}: ${value}`);
	}
});

test('records alone have no activity', (t) => {
	const store = newStore(t);
	assert.doesNotMatch(hfOk(['generate', '--people', '30', '--no-activity', ...at(store)]).out, /activity/);
});

test('an intervention makes fewer events, by text and by file', (t) => {
	const dir = folder(t), run = (...args) => told(hfOk(['generate', '--activity-only', '--people', '6000', ...at(newStore(t)), ...args]).out);
	const without = run(), text = 'locality=Millgate,from-month=1,effect=-60%';
	const by = run('--intervention', text);
	assert.ok(by.events < without.events);
	assert.equal(by.lives, without.lives);
	assert.equal(run('--intervention', write(dir, 'known', `# a team\n${text}\n`)).events, by.events);
});

test('what is wrong is named, with what to do', (t) => {
	const store = newStore(t);
	for (const [args, says, status] of [
		[['--intervention', 'locality=9,from-month=2,effect=-3%'], /locality is a number from 1 to 7 or a name as Ashbeck/, 1],
		[['--intervention', 'locality=1,from-month=2'], /a change/, 1],
		[['--intervention', join(folder(t), 'none')], /nor a file that can be read/, 1],
		[['--intervention', 'locality=1,from-month=99,effect=-3%'], /after the last of 36 months/, 1],
		[['--activity-only', '--out', '-'], /goes into a store/, 2],
		[['--activity-only', '--no-activity'], /not together/, 2],
		[['--activity-only', '--years', '9'], /1 to 5 years/, 1],
		[['--people', '1000000'], /909090/, 1],
	]) {
		const where = args.includes('--out') ? [] : at(store);
		const r = hf(['generate', '--people', '100', ...where, ...args]);
		assert.equal(r.status, status, `${args}: ${r.err}`);
		assert.match(r.err, says);
	}
});

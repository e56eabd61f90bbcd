// What the place measures itself by: published figures, peers, lists of codes, deprivation
// and places.  All files are made up.  population.md 2.1, 3.7, 5, 8.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, newStore, serve, storeOf, write } from '../support/e2e.mjs';
import { demoUser } from '../support/people.mjs';

const boards = ['QAA', 'QBB', 'QCC', 'QDD', 'QEE'];
const head = 'date,icb_code,region_code,capacity,num_ward_patients,population';
const months = ['2025-01', '2025-02', '2025-03'];
const wards = (change = {}) => [head, ...months.flatMap((m) => boards.map((b, i) => `${m}-01,${b},Y1,${100 + i},${change[b] ?? 60 + 5 * i},500000`))].join('\n') + '\n';
const figures = (store) => hfOk(['feed', 'figures', '--json', ...at(store)]).out.trim().split('\n').filter(Boolean).map(JSON.parse);
const peers = (store, ...more) => JSON.parse(hfOk(['measure', '--peers', '--format', 'json', ...more, ...at(store)]).out);

for (const engine of engines)
	test(`published figures are told by their header, kept, and replaced by a corrected file: ${engine}`, (t) => {
		const store = storeOf(engine, t), dir = folder(t);
		if (!store) return;
		const first = hf(['import', ...at(store), '--source', 'NHSE', '--json', write(dir, 'vw.csv', wards())]);
		assert.equal(first.status, 0, first.err);
		assert.deepEqual(JSON.parse(first.out), { benchmark: 1, map: 'virtual-ward-stats', organisations: 5, figures: 45, refusedRows: 0, refusedFigures: 0, replaces: 0 });
		// The same bytes again; a correction; a map that does not go with it.
		assert.match(hf(['import', ...at(store), '--source', 'NHSE', write(dir, 'again.csv', wards())]).err, /imported before, as file 1/);
		const fixed = hfOk(['import', ...at(store), '--source', 'NHSE', write(dir, 'fixed.csv', wards({ QCC: 99 }))]);
		assert.match(fixed.out, /it replaces file 1/);
		assert.match(fixed.out, /6 {2}figures that the replaced file had otherwise/);
		assert.deepEqual(figures(store).map((f) => [f.id, f.replacedBy]), [[1, 2], [2, 0]]);
		const wrong = hf(['import', ...at(store), '--map', 'ae-monthly', join(dir, 'vw.csv')]);
		assert.equal(wrong.status, 1);
		assert.match(wrong.err, /needs a column for "period"|needs a column for/);
		// What is refused has its line, and no value.
		const bad = hf(['import', ...at(store), '--source', 'X', '--rejects', join(dir, 'r.csv'), write(dir, 'bad.csv', `${head}\n2025-01-01,QAA,Y1,1,many,9\n2025-01-01,QBB,Y1,10,5,900\n`)]);
		assert.equal(bad.status, 1);
		assert.equal(bad.err.includes('many'), false);
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});

test('a list takes the place of what is shipped, and its findings are told', (t) => {
	const store = newStore(t), dir = folder(t);
	const r = hfOk(['reference', 'add', 'codes', write(dir, 'efi-falls.snomed.txt', '161898004\tFalls\n161898004\tagain\n1\tnone\n217082002\tFall\n217154006\tFall\n217155008\tmistyped\n301485011\ta description\n1912002\tFall\n'), '--most-refused', '50', '--list-version', '2026', '--licence', 'made up', ...at(store)]);
	assert.match(r.out, /codes efi-falls snomed: 4 entries/);
	assert.match(r.out, /1 {2}keys that stand in the list already/);
	assert.match(r.out, /1 {2}SNOMED CT ids of descriptions/);
	const [list] = hfOk(['reference', 'list', '--json', ...at(store)]).out.trim().split('\n').map(JSON.parse);
	assert.equal(list.version, '2026');
	assert.equal(list.licence, 'made up');
	assert.equal(list.sha.length, 64);
	assert.equal(hf(['reference', 'add', 'codes', write(dir, 'unnamed.csv', 'code\n161898004\n'), ...at(store)]).status, 1);
	assert.equal(hf(['reference', 'add', 'weights', write(dir, 'w.csv', 'code,weight\nF00,7.1\n'), ...at(store)]).status, 1);
	assert.equal(hf(['reference', 'add', 'tables', join(dir, 'w.csv'), ...at(store)]).status, 2);
	// A feed of conditions in codes of SNOMED CT: what is on a list is the condition.
	const feed = hf(['import', ...at(store), '--map', 'conditions', '--source', 'F81001', '--json', write(dir, 'c.csv', 'NHS Number,CONDITION_CODE,First Recorded\n9434765919,217082002,2024-01-01\n9434765919,ltc-copd,2024-01-01\n')]);
	assert.equal(feed.status, 0, feed.err);
	assert.equal(JSON.parse(hfOk(['feed', 'show', '1', ...at(store)]).out).conditions, 2);
	assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	hfOk(['reference', 'end', '1', ...at(store)]);
	assert.equal(hf(['reference', 'end', '1', ...at(store)]).status, 1);
});

test('the place stands beside its peers with intervals, in the order of codes, on every way out', async (t) => {
	const store = newStore(t), dir = folder(t);
	hfOk(['generate', ...at(store), '--people', '400', '--full', '20', '--seed', '1']);
	hfOk(['import', ...at(store), write(dir, 'vw.csv', wards())]);
	hfOk(['reference', 'add', 'capacity', write(dir, 'places.csv', 'service,from,to,places\nvirtual-ward,2020-01-01,,3\n'), ...at(store)]);
	const [one] = peers(store, 'virtual-ward-occupancy');
	assert.equal(one.peers.length, 5);
	assert.deepEqual(one.peers.map((p) => p.id), boards);
	assert.ok(one.peers.every((p) => p.low <= p.value && p.value <= p.high));
	assert.equal(one.median, one.peers[2].value);
	assert.ok(one.files.length === 1 && one.files[0].sha.length === 64);
	assert.equal('rank' in one, false);
	const occupancy = JSON.parse(hfOk(['measure', 'virtual-ward-occupancy', '--format', 'json', ...at(store)]).out)[0];
	assert.equal(occupancy.places[0].places, 3);
	assert.equal(hf(['measure', '--peers', '--group', 'nobody', ...at(store)]).status, 1);
	hfOk(['user', 'demo', ...at(store)]);
	const server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop());
	const user = await demoUser(server.url, 'analyst');
	let answer;
	for (let i = 0; i < 100; i++) {
		answer = await user.get('/api/population/measures/virtual-ward-occupancy/peers');
		if (answer.status !== 503) break;
		await new Promise((ok) => setTimeout(ok, 100));
	}
	assert.equal(answer.status, 200);
	const { body } = answer;
	assert.deepEqual(body.groups.map((g) => g.id), ['england-boards']);
	assert.equal(body.groups[0].median, one.median);
	assert.equal((await user.get('/api/population/measures/nothing/peers')).status, 404);
});

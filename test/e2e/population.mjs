// Figures about groups: who may ask, what is refused, what an empty place answers; on the
// command line too (docs/interfaces/population.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, engines, hf, hfOk, serve, storeOf } from '../support/e2e.mjs';
import { Browser } from '../support/people.mjs';

const place = ['generate', '--people', '300', '--full', '5', '--seed', '5'];

async function ready(b) {
	for (let i = 0; i < 200; i++) {
		const { body } = await b.get('/api/population/state');
		if (!body.loading) return body;
		await new Promise((r) => setTimeout(r, 50));
	}
	throw new Error('the population is still being loaded');
}

for (const engine of engines) {
	test(`the cube answers, names what is wrong and hides small counts, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk([...place, ...at(store)]);
		const server = await serve(store);
		t.after(() => server.stop('SIGKILL'));
		const b = new Browser(server.url);
		const state = await ready(b);
		assert.equal(state.failed, undefined);

		const all = (await b.get('/api/population/cube?histograms=all&by=age,sex&filter=age=65-74,75-84,85%2B')).body;
		assert.equal(all.rule, 'strict5');
		assert.deepEqual(all.by.map((d) => d.code), ['age', 'sex']);
		assert.equal(all.histograms.length, 12);
		for (const h of all.histograms) {
			assert.equal(h.n.length, h.values.length, h.code);
			for (const n of h.n) assert.ok(n === null || n % 5 === 0, h.code);
		}
		for (const r of all.rows) assert.ok(r.n === null || (r.n % 5 === 0 && ['65-74', '75-84', '85+'].includes(r.values[0])));

		const events = (await b.get('/api/population/cube?by=locality&events=NE,AE&monthly=true&from=2020-01-01&to=2021-01-01')).body;
		assert.ok(Array.isArray(events.events));

		for (const [query, what] of [
			['by=name', 'dimension'], ['by=age,age', 'by'], ['by=age,sex,imd,home', 'by'], ['filter=age', 'filter'],
			['filter=age=90', 'filter'], ['events=XX', 'events'], ['monthly=true', 'events'], ['events=NE&from=yesterday', 'from'],
			['rule=none', 'rule'], ['histograms=some', 'histograms'], ['person=1', 'person'],
		]) {
			const r = await b.get(`/api/population/cube?${query}`);
			assert.equal(r.status, 400, query);
			assert.ok(JSON.stringify(r.body).includes(what), query);
		}
	});

	test(`cohort prints a table, CSV and JSON, on ${engine}`, (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk([...place, ...at(store)]);
		const csv = hfOk(['cohort', ...at(store), '--by', 'age,sex', '--filter', 'sex=male,female', '--format', 'csv', 'age=85+']).out.trim().split('\n');
		assert.equal(csv[0], 'Age,Sex,Persons');
		for (const line of csv.slice(1)) assert.match(line, /,(\*|\d*[05])$/);
		assert.equal(JSON.parse(hfOk(['cohort', ...at(store), '--format', 'json']).out).rule, 'strict5');
		assert.match(hfOk(['cohort', ...at(store), '--by', 'locality', '--rule', 'hes7']).out, /^Locality +Persons\n/);
		assert.equal(hf(['cohort', ...at(store), '--by', 'name']).status, 2);
		assert.equal(hf(['cohort', ...at(store), '--format', 'xml']).status, 2);
		assert.equal(hf(['cohort', ...at(store), '--monthly']).status, 2);
	});
}

// The hub's week of an invented place: played through the hub itself, until now.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, engines, hf, hfOk, newStore, storeOf } from '../support/e2e.mjs';

// The day in London: the command takes --date for today by it.
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
const place = ['--people', '1500', '--full', '10', '--seed', '3'];
const resources = (store, types) => hfOk(['export', ...at(store), '--types', types, '--out', '-']).out
	.split('\n').filter(Boolean).map((l) => JSON.parse(l));
const referrals = (store) => resources(store, 'Task').filter((t) => t.code?.coding?.[0]?.code === 'instance');
const state = (task) => task.businessStatus.coding[0].code;
const events = (task) => task.input.map((i) => ({ event: i.type.coding[0].code, ...JSON.parse(i.valueString) }));
const ENDS = ['merged', 'advised', 'rejection-acknowledged', 'redirected', 'handed-over', 'completed', 'cancelled', 'closed', 'void'];

for (const engine of engines) {
	test(`the referrals of a week are played into ${engine}, and nothing is later than now`, (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const said = hfOk(['generate', ...place, '--date', today(), '--referrals', '160', ...at(store)]);
		const now = Date.now();
		assert.match(said.out, /\b160 referrals, [\d,]+ moves in .* are open/);
		assert.doesNotMatch(said.err, /not possible/);

		const all = referrals(store);
		assert.equal(all.filter((r) => events(r)[0].event === 'submit').length, 160);
		const open = all.filter((r) => !ENDS.includes(state(r)));
		assert.equal(open.length, Number(/: (\d+) are open/.exec(said.out)[1]));
		assert.ok(open.length >= 30, `${open.length} are open`);
		assert.ok(all.length - open.length >= 60, 'most have ended');
		const waiting = all.filter((r) => ['received', 'in-triage', 'info-requested'].includes(state(r)));
		assert.ok(waiting.length >= 5, `${waiting.length} wait for triage`);
		for (const r of all) {
			const times = events(r).map((e) => Date.parse(e.at));
			for (const [i, time] of times.entries()) {
				assert.ok(time <= now, 'nothing is later than now');
				assert.ok(i === 0 || time >= times[i - 1], 'events stand in order');
			}
			assert.ok(times[0] > now - 8 * 86_400_000);
		}
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});
}

test('a place of another day has no live referrals unless they are asked for', (t) => {
	const store = newStore(t), other = newStore(t);
	hfOk(['generate', ...place, ...at(store)]);
	assert.equal(referrals(store).length, 0);
	hfOk(['generate', ...place, '--date', today(), '--referrals', '0', ...at(other)]);
	assert.equal(referrals(other).length, 0);
});

test('referrals of a given day are the same each time', (t) => {
	const week = () => {
		const store = newStore(t);
		hfOk(['generate', ...place, '--date', '2026-03-11', '--referrals', '60', ...at(store)]);
		return referrals(store).map((r) => JSON.stringify(events(r).map((e) => [e.event, e.at, e.role]))).sort();
	};
	assert.deepEqual(week(), week());
});

test('referrals do not go into a file', () => {
	const r = hf(['generate', '--out', '-', '--referrals', '5']);
	assert.equal(r.status, 2);
	assert.match(r.err, /through the hub into a store/);
});

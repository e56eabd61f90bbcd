// A pooled fund's quarterly return: money posted and approved by another, virements and ring fences, income and
// expenditure to the penny (CON-T14), metrics of the measures with their hashes, signed by both partners and then the
// board, its months closed; on both engines (contract-and-governance.md section 4; docs/interfaces/contract.md).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { at, engines, folder, hfOk, serve, storeOf } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

for (const engine of engines)
	test(`pooled fund: from postings to a return that all three signed, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk(['generate', '--activity-only', '--people', '20000', '--seed', '5', ...at(store)]);
		hfOk(['user', 'demo', ...at(store)]);
		const server = await serve(store, ['--demonstration', ...(engine === 'PostgreSQL' ? ['--data', folder(t)] : [])], { open: false });
		t.after(() => server.stop('SIGKILL'));
		const who = {};
		for (const login of ['finance', 'trustfinance', 'signatory', 'councilsignatory', 'board', 'lay', 'nurse'])
			who[login] = await demoUser(server.url, login);
		const ok = async (asked) => {
			const { status, body } = await asked;
			assert.equal(status, 200, JSON.stringify(body));
			return body;
		};
		const refused = async (asked, status, text) => {
			const r = await asked;
			assert.equal(r.status, status, JSON.stringify(r.body));
			if (text) assert.match(r.body.error.text, new RegExp(text.source, 'i'));
		};
		let key = 0;
		const open = (b, fund, facts) => ok(b.post(`/api/contract/${fund}/cases`, { kind: 'posting', key: `k${++key}`, facts: { title: 'p', document: 'invoice 7', ...facts } }));
		const step = (b, fund, subject, event) => b.post(`/api/contract/${fund}/cases/${subject}/steps`, { key: `s${++key}`, event, reason: 'Because' });
		// Proposed by the commissioner's finance team, approved by its signatory.
		const post = async (fund, facts) => ok(step(who.signatory, fund, (await open(who.finance, fund, facts)).subject, 'post'));

		const fund = 'better-care-2020', API = `/api/contract/pools/${fund}`;
		// A return has metrics: it waits until the population is loaded.
		for (let i = 0; (await who.finance.get('/api/population/measures/falls-65')).status === 503 && i < 200; i++) await new Promise((go) => setTimeout(go, 50));
		await refused(who.finance.post(`${API}/returns`, { quarter: 1, narrative: 'n' }), 422, /nothing was posted/);
		await post(fund, { kind: 'contribution', line: 'minimum', period: 202004, pence: 560425000, party: 'nhs' });
		await post(fund, { kind: 'spend', line: 'home-first', period: 202005, pence: 218750000, party: 'council' });
		// Who prepared it does not approve it; a large virement needs both parties; ring-fenced money stays.
		const own = await open(who.finance, fund, { kind: 'spend', line: 'hub', period: 202005, pence: 100, party: 'nhs' });
		await refused(step(who.finance, fund, own.subject, 'post'), 422);
		const large = await open(who.finance, fund, { kind: 'virement', line: 'hub', toLine: 'carers', period: 202006, pence: 6000000 });
		await refused(step(who.signatory, fund, large.subject, 'post'), 422);
		await ok(step(who.signatory, fund, large.subject, 'sign'));
		await ok(step(who.councilsignatory, fund, large.subject, 'sign'));
		await ok(step(who.signatory, fund, large.subject, 'post'));
		const ring = await open(who.finance, fund, { kind: 'virement', line: 'adaptations', toLine: 'carers', period: 202006, pence: 1000 });
		await refused(step(who.signatory, fund, ring.subject, 'post'), 422, /is ring-fenced for "capital"/);
		const back = await open(who.finance, fund, { kind: 'virement', line: 'carers', toLine: 'adaptations', period: 202006, pence: -1000 });
		await refused(step(who.signatory, fund, back.subject, 'post'), 400, /moves more than nothing/);

		// The return of the first quarter.
		const made = await ok(who.finance.post(`${API}/returns`, { quarter: 1, narrative: 'The year began.\nHome first is ahead of plan.' }));
		assert.deepEqual([made.quarter, made.version, made.status], ['2020-Q1', 1, 'draft']);
		const r1 = await ok(who.councilsignatory.get(`${API}/returns/2020-Q1`));
		assert.deepEqual(r1, await ok(who.finance.get(`${API}/returns/2020-Q1`)), 'all see the same bytes');
		assert.equal(createHash('sha256').update(JSON.stringify(r1.body)).digest('hex'), made.hash);
		assert.ok(r1.reproduced);
		assert.deepEqual(r1.body.incomeTotal, { plan: 3829700000, received: 560425000 });
		const line = (r, id) => r.body.lines.find((l) => l.id === id);
		assert.deepEqual([line(r1, 'hub').budget, line(r1, 'hub').virements, line(r1, 'carers').virements], [714000000, -6000000, 6000000]);
		assert.deepEqual([line(r1, 'home-first').planToDate, line(r1, 'home-first').actual, line(r1, 'home-first').outturn], [210000000, 218750000, 848750000]);
		assert.equal(r1.body.total.virements, 0);
		assert.equal(r1.body.total.budget + r1.body.unallocated, r1.body.incomeTotal.plan);
		// The invented place has no figures of 2020: that is said, with the definition's hash.
		assert.deepEqual(r1.body.metrics.map((m) => m.id), ['avoidable', 'usual-place', 'falls', 'care-homes', 'home-91']);
		assert.ok(r1.body.metrics.every((m) => /^[0-9a-f]{16}$/.test(m.hash) && m.status !== 'ok' && m.value === ''), JSON.stringify(r1.body.metrics));

		// Signed by both partners, then the board; by nobody twice and not by who prepared it.
		const sign = (b, s, version = 1) => b.post(`${API}/returns/2020-Q1/sign`, { version, hash: s.hash });
		await refused(sign(who.finance, made), 403);
		await refused(sign(who.board, made), 422, /both partners have signed/);
		await refused(who.signatory.post(`${API}/returns/2020-Q1/sign`, { version: 1, hash: '0'.repeat(64) }), 412);
		const again = await ok(who.signatory.post(`${API}/returns`, { quarter: 1, narrative: 'Prepared by who would sign.' }));
		assert.equal(again.version, 2);
		await refused(sign(who.signatory, again, 2), 422, /who prepared the return does not approve it/);
		await refused(sign(who.councilsignatory, made), 412, /newer version/);
		const last = await ok(who.finance.post(`${API}/returns`, { quarter: 1, narrative: 'The year began.' }));
		assert.equal((await ok(sign(who.signatory, last, 3))).agreed, false);
		await refused(sign(who.signatory, last, 3), 409);
		assert.equal((await ok(sign(who.councilsignatory, last, 3))).agreed, false);
		assert.equal((await ok(who.finance.get(`${API}/returns/2020-Q1`))).status, 'partners');
		assert.equal((await ok(sign(who.board, last, 3))).agreed, true);
		const agreed = await ok(who.finance.get(`${API}/returns/2020-Q1`));
		assert.equal(agreed.status, 'agreed');
		assert.deepEqual(agreed.signatures.map((s) => [s.party, s.role]), [['nhs', 'contract-signatory'], ['council', 'contract-signatory'], ['board', 'board-signatory']]);
		const payload = JSON.parse(Buffer.from(agreed.signatures[2].jws.split('.')[1], 'base64url'));
		assert.deepEqual([payload.hash, payload.party], [last.hash, 'board']);
		await refused(who.finance.post(`${API}/returns`, { quarter: 1, narrative: 'n' }), 422, /agreed/);
		// Its months are closed, and an agreed return stays as it was after more was posted.
		const late = await open(who.finance, fund, { kind: 'spend', line: 'hub', period: 202006, pence: 500, party: 'nhs' });
		await refused(step(who.signatory, fund, late.subject, 'post'), 422, /closed/);
		await post(fund, { kind: 'spend', line: 'home-first', period: 202012, pence: 681250000, party: 'council' });
		assert.ok((await ok(who.finance.get(`${API}/returns/2020-Q1`))).reproduced);

		// CON-T14: 8.4 m budget, 9.0 m: 5 % of the line shared 60/40, the rest the lead's.
		const q4 = await ok(who.finance.post(`${API}/returns`, { quarter: 4, narrative: 'The year.' }));
		const r4 = await ok(who.finance.get(`${API}/returns/2020-Q4`));
		const { outturn, differs, nhs, council, leadAlone } = line(r4, 'home-first');
		assert.deepEqual([outturn, differs, nhs, council, leadAlone], [900000000, 60000000, 25200000, 16800000, 18000000]);
		assert.equal(q4.version, 1);

		// Files of those bytes.
		for (const [format, begins] of [['csv', 'What,Value'], ['pdf', '%PDF-'], ['ods', 'PK']]) {
			const r = await who.councilsignatory.get(`${API}/returns/2020-Q1?format=${format}`);
			assert.equal(r.status, 200);
			assert.ok(r.body.startsWith(begins), format);
			if (format === 'csv') assert.match(r.body, /home-first,Help at home after hospital,council,8400000\.00,0\.00,2100000\.00,2187500\.00/);
		}
		await refused(who.finance.get(`${API}/returns/2020-Q1?format=doc`), 400);
		await refused(who.finance.get(`${API}/returns/2020-Q3`), 404);
		await refused(who.finance.post(`${API}/returns`, { quarter: 5, narrative: 'n' }), 400);
		await refused(who.finance.post(`${API}/returns`, { quarter: 2 }), 400);

		// A year that the place has figures of: metrics with value, interval and definition.
		await post('better-care-2025', { kind: 'spend', line: 'hub', period: 202505, pence: 1000, party: 'nhs' });
		await ok(who.finance.post('/api/contract/pools/better-care-2025/returns', { quarter: 2, narrative: 'n' }));
		const r25 = await ok(who.finance.get('/api/contract/pools/better-care-2025/returns/2025-Q2'));
		const usual = r25.body.metrics.find((m) => m.id === 'usual-place');
		assert.equal(usual.status, 'ok', JSON.stringify(r25.body.metrics));
		assert.ok(Number(usual.low) < Number(usual.value) && Number(usual.value) < Number(usual.high) && Number(usual.value) > 50, JSON.stringify(usual));
		const measure = await ok(who.finance.get('/api/population/measures/discharge-usual-place'));
		assert.equal(usual.hash, measure.measure?.hash ?? measure.hash);

		// The hospital is no party of it, and who has nothing to do with money sees nothing.
		for (const path of [`${API}/returns`, `${API}/returns/2020-Q1`]) {
			await refused(who.trustfinance.get(path), 404);
			for (const login of ['lay', 'nurse']) await refused(who[login].get(path), 403);
			await refused(new Browser(server.url).get(path), 401);
		}
		await server.stop();
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});

// A contract by the command and by HTTP: the golden months to the penny, the same statement
// for both parties, two who sign, a review and a transfer, a pooled fund; and who sees
// nothing of it (CON-T05 to T14, section 2.2).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, serve, storeOf, write } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const figures = 'definitions/contracts/figures/acute-2020.csv';
const API = '/api/contract/acute-2020';

test('contract: the golden months on the command line, in three forms', () => {
	const run = (...args) => hfOk(['contract', ...args, '--input', figures]).out;
	const table = run('run', 'acute-2020', '--to', '2020-06-30');
	assert.match(table, /total .* £44,336,749\.50 .* £44,659,685\.95 .* £45,624,125\.45 .* £322,936\.45/);
	const csv = run('reconcile', 'acute-2020', '--quarter', '1', '--format', 'csv');
	assert.match(csv, /,Total,44336749\.50,44336749\.50,44659685\.95,45624125\.45,-964439\.50,322936\.45,/);
	const json = run('statement', 'acute-2020', '--quarter', '1', '--format', 'json');
	assert.equal(JSON.parse(json).payable, 32293645);
	assert.equal(json, run('reconcile', 'acute-2020', '--quarter', '1', '--format', 'json'), 'the same bytes again');
	assert.equal(JSON.parse(run('run', 'acute-2020', '--to', '2020-06-30', '--format', 'json')).total.ytd.shadow, 4562412545);
});

test('contract: what is wrong is named with its line', (t) => {
	const dir = folder(t);
	const bad = write(dir, 'bad.csv', 'line,month,cut,units,pounds,price,result,hold\nmri,2020-04,freeze,-3,,,,\n');
	const r = hf(['contract', 'run', 'acute-2020', '--to', '2020-06-30', '--input', bad]);
	assert.equal(r.status, 1);
	assert.match(r.err, /bad\.csv:2: units are a whole number, 0 or more/);
	// A figure that is left out is not taken for nought.
	for (const [row, says] of [['mri,2020-04,freeze,,12.00,,,', /takes units, and there are none/], ['ne,2020-04,freeze,12,,,,', /takes money, and there is none/],
		['mri,2020-04,freeze,1,,,,maybe', /hold is yes, no or empty/], ['mri,2020-13,freeze,1,,,,', /a month is of the contract's year/], ['mri,2021-04,freeze,1,,,,', /a month is of the contract's year/]]) {
		const r = hf(['contract', 'run', 'acute-2020', '--to', '2020-06-30', '--input', write(dir, 'bad.csv', `line,month,cut,units,pounds,price,result,hold\n${row}\n`)]);
		assert.equal(r.status, 1, row);
		assert.match(r.err, says);
	}
	const doc = write(dir, 'c.json', '{"id":"c"}');
	const check = hf(['contract', 'check', doc]);
	assert.equal(check.status, 1);
	assert.match(check.err, /c\.json:1: "version" is needed here/);
	assert.match(hfOk(['contract', 'check']).out, /9 contracts/);
});

for (const engine of engines)
	test(`contract: both parties, from figures to an agreed statement, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk(['generate', '--people', '800', '--full', '10', '--seed', '3', ...at(store)]);
		hfOk(['user', 'demo', ...at(store)]);
		assert.match(hfOk(['contract', 'input', ...at(store), 'acute-2020', figures]).out, /21 figures kept, from number 1/);
		const server = await serve(store, ['--demonstration', ...(engine === 'PostgreSQL' ? ['--data', folder(t)] : [])], { open: false });
		t.after(() => server.stop('SIGKILL'));
		const who = {};
		for (const login of ['finance', 'trustfinance', 'signatory', 'trustsignatory', 'councilsignatory', 'lay', 'nurse', 'analyst'])
			who[login] = await demoUser(server.url, login);
		const ok = async (asked) => {
			const { status, body } = await asked;
			assert.equal(status, 200, JSON.stringify(body));
			return body;
		};
		const refused = async (asked, status, path) => {
			const r = await asked;
			assert.equal(r.status, status, JSON.stringify(r.body));
			if (path) assert.equal(r.body.error.path, path);
		};

		// Both see the same, but for the side they are on.
		const { party, signer, ...ours } = await ok(who.finance.get(API));
		const theirs = await ok(who.trustfinance.get(API));
		assert.deepEqual({ ...theirs, party: 0, signer: 0 }, { ...ours, party: 0, signer: 0 });
		assert.deepEqual([party, theirs.party], ['commissioner', 'provider']);
		assert.equal(ours.total.ytd.earned, 4465968595);
		assert.deepEqual(ours.components[0].deviation.map((d) => d.level), ['amber', 'red', 'red']);
		assert.equal(ours.effect.provider + ours.effect.commissioner, ours.effect.system);

		// A figure opens to how it came about; the pack names what differs.
		const trace = await ok(who.finance.get(`${API}/trace?line=biosimilar&month=3`));
		assert.equal(trace.result, 16056050);
		assert.equal(trace.inputs.filter((i) => i.counts).length, 3);
		const pack = await ok(who.trustfinance.get(`${API}/pack?month=3`));
		assert.deepEqual(pack.deviations.map((d) => d.component), ['ne', 'elective']);

		// Figures that are not right are named, and none of them is kept: all or nothing.
		const good = { line: 'ne', month: '2020-07', cut: 'flex', pence: 100 };
		for (const [bad, path] of [[{ line: 'mri', month: '2020-07', cut: 'flex', units: -1 }, 'mri'], [{ line: 'mri', month: '2020-07', cut: 'flex', pence: 5 }, 'mri'], [{ line: 'ne', month: '2020-07', cut: 'flex' }, 'ne'],
			[{ line: 'ne', month: '2020-07', cut: 'flex', penc: 5 }, 'rows'], [{ ...good, unit: 5 }, 'rows'], [{ ...good, hold: 'yes' }, 'hold'], [{ ...good, price: -5 }, 'price'], [{ ...good, month: '2021-04' }, 'month'], [{ ...good, line: 'x' }, 'line'],
			[{ ...good, pence: 2 ** 52 }, 'ne'], [7, 'rows']])
			await refused(who.finance.post(`${API}/figures`, { source: 'a test', rows: [good, bad] }), 400, path);
		assert.equal((await ok(who.finance.get(API))).months, 3, 'nothing was kept');

		// What if: both sides at once.
		const what = await ok(who.finance.post(`${API}/what-if`, { volumes: [{ line: 'elective', percent: 110 }], bands: [{ component: 'elective', band: 1, commissioner: 60 }] }));
		assert.equal(what.before.earned, 4465968595);
		assert.equal(what.change.provider + what.change.commissioner, what.change.system);
		await refused(who.finance.post(`${API}/what-if`, { bands: [{ component: 'elective', band: 9, commissioner: 60 }] }), 400, 'bands');

		// The statement: made, the same bytes for both, signed by both.
		const made = await ok(who.trustfinance.post(`${API}/statements`, { quarter: 1 }));
		assert.equal(made.status, 'draft');
		const s1 = await ok(who.finance.get(`${API}/statements/2020-Q1`));
		assert.deepEqual(s1, await ok(who.trustfinance.get(`${API}/statements/2020-Q1`)));
		assert.ok(s1.reproduced);
		assert.equal(createHash('sha256').update(JSON.stringify(s1.body)).digest('hex'), made.hash);
		const sign = { version: 1, hash: made.hash };
		await refused(who.finance.post(`${API}/statements/2020-Q1/sign`, sign), 403, 'sign');
		await refused(who.signatory.post(`${API}/statements/2020-Q1/sign`, { ...sign, hash: '0'.repeat(64) }), 412, 'hash');
		// Both parties and one of them twice, all at once: one clear answer each.
		const at_once = await Promise.all([who.signatory, who.trustsignatory, who.signatory].map((b) => b.post(`${API}/statements/2020-Q1/sign`, sign)));
		assert.deepEqual(at_once.map((r) => r.status).sort(), [200, 200, 409]);
		assert.equal(at_once.filter((r) => r.body.agreed).length, 1);
		const s2 = await ok(who.finance.get(`${API}/statements/2020-Q1`));
		assert.equal(s2.status, 'agreed');
		assert.deepEqual(s2.body, s1.body);
		const [head, payload] = s2.signatures[0].jws.split('.').slice(0, 2).map((p) => JSON.parse(Buffer.from(p, 'base64url')));
		assert.equal(head.alg, 'ES384');
		assert.deepEqual([payload.hash, payload.subject], [made.hash, 'statement/acute-2020/2020-Q1/1']);
		await refused(who.trustfinance.post(`${API}/statements`, { quarter: 1 }), 422, 'quarter');
		const { entries, closed } = await ok(who.finance.get(`${API}/ledger`));
		assert.deepEqual(closed, [202004, 202005, 202006]);
		assert.ok(entries.every((e) => e.legs.reduce((n, l) => n + l.pence, 0) === 0));
		assert.equal(entries.flatMap((e) => e.legs).filter((l) => l.party === 'provider').reduce((n, l) => n + l.pence, 0), 4465968595);
		for (const [format, begins] of [['csv', 'What,Value'], ['pdf', '%PDF-'], ['ods', 'PK']]) {
			const r = await who.finance.get(`${API}/statements/2020-Q1?format=${format}`);
			assert.equal(r.status, 200);
			assert.ok(r.body.startsWith(begins), format);
		}

		// A transfer: never before both agreed, and within the year only with both.
		const open = await ok(who.trustfinance.post(`${API}/cases`, { kind: 'transfer', key: 'k1', facts: { title: 'Falls service' } }));
		assert.ok((await ok(who.trustfinance.post(`${API}/cases`, { kind: 'transfer', key: 'k1', facts: { title: 'Falls service' } }))).again);
		const step = (b, key, event, facts) => b.post(`${API}/cases/${open.subject}/steps`, { key, event, reason: 'Because', facts });
		const soon = `${new Date().getFullYear() + 2}-10-01`;
		const facts = { from: 'ne', to: 'community', avoided: 600, evidence: 'm', marginal: 111000, releasable: 4000, blockChange: 30000000, effective: new Date().toISOString().slice(0, 10) };
		await ok(step(who.trustfinance, '1', 'propose', facts));
		await ok(step(who.signatory, '2', 'sign'));
		await ok(step(who.trustsignatory, '3', 'sign'));
		await refused(step(who.finance, '4', 'agree'), 422, 'INYEAR_NOT_AGREED');
		await refused(step(who.finance, '5', 'transfer'), 422);
		await ok(step(who.finance, '6', 'propose', { effective: soon }));
		await refused(step(who.finance, '7', 'sign'), 403, 'sign');
		await ok(step(who.signatory, '8', 'sign'));
		await ok(step(who.trustsignatory, '9', 'sign'));
		await ok(step(who.finance, '10', 'agree'));
		await ok(step(who.finance, '11', 'transfer'));
		const kept = await ok(who.trustfinance.get(`${API}/cases/${open.subject}`));
		assert.equal(kept.released, 26640000);
		assert.equal(kept.state, 'transferred');
		assert.ok(kept.chain);
		assert.deepEqual((await ok(who.finance.get(`${API}/ledger`))).entries.filter((e) => e.kind === 'transfer').map((e) => e.legs.find((l) => l.party !== 'commissioner').pence), [-26640000, 26640000]);

		// The pooled fund: the council and the place, and not the hospital.
		const pool = await ok(who.councilsignatory.get('/api/contract/pools/better-care-2020'));
		assert.equal(pool.total, 3829700000);
		assert.equal(pool.party, 'council');
		await refused(who.trustfinance.get('/api/contract/pools/better-care-2020'), 404);
		await refused(who.councilsignatory.get(API), 404);

		// Everybody has the summary, and nobody else the contract.
		const open_to_all = await ok(who.lay.get('/api/contract/public'));
		assert.equal(open_to_all.contracts.find((c) => c.earned).earned, 4465968595);
		for (const login of ['lay', 'nurse', 'analyst'])
			for (const path of ['/api/contract', API, `${API}/ledger`, `${API}/statements/2020-Q1`])
				await refused(who[login].get(path), 403);
		for (const path of ['/api/people?q=a', '/fhir/Patient'])
			assert.notEqual(((await who.finance.get(path)).body?.people ?? []).length, 1);
		await refused(new Browser(server.url).get(API), 401);

		// What is kept is whole: each entry adds up to 0, each event has its commit.
		await server.stop();
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
		assert.match(hfOk(['contract', 'statement', ...at(store), 'acute-2020', '--quarter', '1']).out, /version 1: agreed/);
	});

// Price lists on HTTP: looked at, searched, checked without being kept, brought in by who may, compared, and one
// thing done priced with its trace (CON-T01, CON-T04; docs/interfaces/prices.md); on both engines.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { at, engines, folder, hfOk, serve, storeOf } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const API = '/api/contract/prices';
const HRG = 'hrg,name,oproc,combined,dc,el,el_trim,ne,ne_trim,perday,sse_applicable,sse_pct,sse_price,' +
	'bpt_scope,bpt_area,bpt_price_ne,bpt_price_el,valid_from,valid_to,currency_unit\n';
const ne = (hrg, price, trim = 18) => `${hrg},Name of ${hrg},,,,,,${price},${trim},215,no,,,,,,,,,GBP\n`;
const list = (id, from, to, rows, more = '') => ({
	'list.csv': `setting,value\nid,${id}\ntitle,"Test, invented"\nillustrative,yes\nvalid_from,${from}\nvalid_to,${to}\n${more}`,
	'hrg.csv': HRG + rows.join(''),
	'mff.csv': 'provider,name,mff,valid_from,valid_to\nRZ1,A trust,1.0423,,\n',
});

for (const engine of engines)
	test(`prices: from looking to bringing one in, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk(['generate', '--people', '500', '--full', '5', '--seed', '3', ...at(store)]);
		hfOk(['user', 'demo', ...at(store)]);
		const server = await serve(store, ['--demonstration', ...(engine === 'PostgreSQL' ? ['--data', folder(t)] : [])], { open: false });
		t.after(() => server.stop('SIGKILL'));
		const who = {};
		for (const login of ['finance', 'trustfinance', 'signatory', 'councilsignatory', 'lay', 'nurse'])
			who[login] = await demoUser(server.url, login);
		const ok = async (asked) => {
			const { status, body } = await asked;
			assert.equal(status, 200, JSON.stringify(body));
			return body;
		};
		const refused = async (asked, status, text) => {
			const r = await asked;
			assert.equal(r.status, status, JSON.stringify(r.body));
			if (text) assert.match(r.body.error.text, text);
		};

		// The one of the program, while the store has none.
		const none = await ok(who.finance.get(API));
		assert.deepEqual(none.lists.map((l) => [l.id, l.illustrative, l.comesWithProgram]), [['ILL-2020.1', true, true]]);
		assert.equal(none.mayImport, true);
		for (const login of ['trustfinance', 'signatory', 'councilsignatory']) assert.equal((await ok(who[login].get(API))).mayImport, false, login);
		const ill = await ok(who.trustfinance.get(`${API}/ILL-2020.1?q=xx0`));
		assert.deepEqual(ill.rows.map((r) => [r.hrg, r.ne, r.ne_trim]), [['XX01A', 238000, 18], ['XX02B', 275000, 14], ['XX03C', 560000, 47]]);
		assert.equal(ill.found, 3);
		assert.match(ill.sha256, /^[0-9a-f]{64}$/);
		const page = await ok(who.finance.get(`${API}/ILL-2020.1?table=mff&from=1&limit=2`));
		assert.equal(page.rows.length, 2);
		assert.equal(page.found, 4);
		await refused(who.finance.get(`${API}/ILL-2020.1?table=nothing`), 400, /hrg, outpatient/);
		await refused(who.finance.get(`${API}/ILL-2020.1?limit=0`), 400);
		await refused(who.finance.get(`${API}/nothing`), 404);

		// One thing done, with its trace: CON-T01 d, e, k, n; CON-T04.
		const price = (more, id = 'ILL-2020.1') => who.trustfinance.post(`${API}/${id}/price`, { kind: 'spell', day: '2020-07-01', provider: 'RZ1', method: '21', cls: '1', age: '78', hrg: 'XX01A', ...more });
		const d = await ok(price({ admitted: '2020-06-06' }));
		assert.equal(d.value, 404934);
		assert.equal(d.excessDays, 7);
		assert.ok(d.steps.length >= 5 && d.steps.every((s) => s.clause && s.text));
		assert.ok(d.steps.some((s) => /4,049\.34|4049\.34/.test(s.text)), JSON.stringify(d.steps));
		assert.equal(d.chargeItem.resourceType, 'ChargeItem');
		assert.equal(d.chargeItem.priceOverride.value, 4049.34);
		assert.equal((await ok(price({ admitted: '2020-06-13' }))).value, 248067);
		assert.equal((await ok(price({ admitted: '2020-07-01', method: '12', age: '60' }))).value, 151134);
		const n = await ok(price({ hrg: 'XX99Z' }));
		assert.deepEqual([n.value, n.problem.code], [0, 'NO_HRG']);
		const negative = await ok(price({ admitted: '2020-06-20', quantity: '-3' }));
		assert.deepEqual([negative.value, negative.problem?.code], [0, 'NEGATIVE']);
		assert.match(negative.problem.text, /less than nothing/);
		assert.equal((await ok(who.finance.post(`${API}/ILL-2020.1/price`, { kind: 'outpatient', day: '2020-08-01', provider: 'RZ1', cls: '1', age: '40', specialty: '100' }))).value, 19283);
		await refused(price({ day: '1 July' }), 400, /a day as YYYY-MM-DD/);
		await refused(price({ kind: 'dream' }), 400, /spell, outpatient/);
		await refused(price({ patient: 'somebody' }), 400, /members taken/);

		// Checked and not kept: what is wrong is listed with its line.
		const bad = list('T-1', '2020-04-01', '2021-03-31', [ne('AA01A', 100), ne('AA01A', 120), ne('AA02A', 100, ''), ne('AA03A', -5)]);
		const found = await ok(who.trustfinance.post(`${API}/check`, { files: bad }));
		assert.equal(found.good, false);
		const said = found.findings.map((f) => `${f.at} ${f.text}`).join('\n');
		assert.match(said, /hrg\.csv:\d+ AA01A: valid on days that line/);
		assert.match(said, /ne_trim: the trim point is missing/);
		assert.match(said, /ne: a price is not less than nothing/);
		await refused(who.finance.post(API, { files: bad }), 422, /nothing of it was kept; the first, hrg\.csv/);
		const unreadable = await ok(who.finance.post(`${API}/check`, { files: { 'list.csv': 'setting,value\nid,X\n' } }));
		assert.ok(!unreadable.good && !unreadable.list && unreadable.findings.length > 0);
		await refused(who.finance.post(`${API}/check`, { files: { '../list.csv': '' } }), 400, /another file/);
		await refused(who.finance.post(`${API}/check`, {}), 400);

		// Brought in by the commissioner's finance team and by nobody else.
		const first = list('T-1', '2020-04-01', '2021-03-31', [ne('AA01A', 100), ne('AA02A', 200), ne('AA03A', 300)]);
		assert.ok((await ok(who.finance.post(`${API}/check`, { files: first }))).good);
		await refused(who.trustfinance.post(API, { files: first }), 403, /commissions/);
		for (const login of ['signatory', 'councilsignatory', 'lay', 'nurse']) await refused(who[login].post(API, { files: first }), 403);
		assert.equal((await ok(who.finance.post(API, { files: first }))).id, 'T-1');
		await refused(who.finance.post(API, { files: first }), 409, /T-1 already/);
		const clash = list('T-2', '2020-10-01', '2021-03-31', [ne('AA01A', 110)]);
		assert.match((await ok(who.finance.post(`${API}/check`, { files: clash }))).findings[0].text, /valid on the same days; say which supersedes/);
		await refused(who.finance.post(API, { files: clash }), 422, /valid on the same days/);
		const next = list('T-2', '2020-10-01', '2021-03-31', [ne('AA01A', 110), ne('AA02A', 200), ne('AA04A', 400)], 'supersedes,T-1\n');
		const kept = await ok(who.finance.post(API, { files: next }));
		const after = await ok(who.trustfinance.get(API));
		assert.deepEqual(after.lists.map((l) => [l.id, l.supersedes, l.comesWithProgram]), [['T-1', undefined, false], ['T-2', 'T-1', false]]);
		assert.equal(after.lists[1].sha256, kept.sha256);

		// What changed, and which list is whose day's.
		const changes = await ok(who.trustfinance.get(`${API}/T-2/changes`));
		assert.equal(changes.before, 'T-1');
		assert.deepEqual(changes.changes.map((c) => [c.code, c.what, c.columns]), [['AA01A', 'changed', ['ne']], ['AA03A', 'removed', undefined], ['AA04A', 'added', undefined]]);
		assert.deepEqual([changes.changes[0].before.ne, changes.changes[0].after.ne], [10000, 11000]);
		await refused(who.finance.get(`${API}/T-1/changes`), 404, /does not say that it supersedes/);
		const on = await ok(price({ hrg: 'AA01A', day: '2020-11-01', admitted: '2020-10-30' }, 'T-1'));
		assert.deepEqual([on.value, on.list, on.listOfDay, on.validOnDay], [10423, 'T-1', 'T-2', true]);
		assert.equal((await ok(price({ hrg: 'AA01A', day: '2020-11-01', admitted: '2020-10-30' }, 'T-2'))).value, 11465);

		// Others see nothing of it, and what was brought in is audited and whole.
		for (const login of ['lay', 'nurse'])
			for (const path of [API, `${API}/T-1`, `${API}/T-2/changes`]) await refused(who[login].get(path), 403);
		await refused(new Browser(server.url).get(API), 401);
		await server.stop();
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});

test('prices: the files of the illustrative list are in order when sent', async (t) => {
	const store = storeOf('SQLite', t);
	const server = await serve(store);
	t.after(() => server.stop('SIGKILL'));
	const dir = 'definitions/prices/ILL-2020.1';
	const files = Object.fromEntries(readdirSync(dir).filter((f) => f.endsWith('.csv')).map((f) => [f, readFileSync(`${dir}/${f}`, 'utf8')]));
	const b = new Browser(server.url);
	const r = await b.post(`${API}/check`, { files });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.good, true);
	assert.equal(r.body.list.tables.find((x) => x.table === 'hrg').rows, 153);
	// The same bytes have the same hash wherever they are.
	assert.equal(r.body.list.sha256, (await b.get(API)).body.lists[0].sha256);
	// A body beyond the bound is refused before it is read.
	// It says so and closes the connection, which may be before the client has sent all of it.
	const big = await b.post(`${API}/check`, { files: { 'hrg.csv': 'x'.repeat(13 << 20) } }).catch(() => ({ status: 'closed' }));
	assert.ok([413, 'closed'].includes(big.status), String(big.status));
	assert.equal((await b.get(API)).status, 200);
});

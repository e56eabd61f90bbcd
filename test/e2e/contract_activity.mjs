// The months of a contract out of the place's own activity: the same to the penny as SQL
// makes of the priced rows, on both engines; opened to rows and traces that name nobody;
// what is in no figure is told; again is nothing (issue 6, section 5).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, newDatabase, serve, storeOf, write } from '../support/e2e.mjs';
import { demoUser } from '../support/people.mjs';

const ID = 'place-2026';
const API = `/api/contract/${ID}`;
const terms = JSON.parse(readFileSync(`definitions/contracts/${ID}.json`, 'utf8'));

// Which rows are a line's, as a table: one row a point of delivery.
const claims = terms.components.flatMap((c) => c.lines ?? []).filter((l) => l.activity)
	.flatMap((l) => l.activity.pods.map((pod) => [l.id, pod, l.activity.hrgs?.[0] ?? '', l.activity.except_hrgs?.[0] ?? '']));

// The second implementation: joins, and nothing of the program's.
const months = `SELECT c.line, p.period, COUNT(*), SUM(p.pence)
  FROM priced AS p
  JOIN claim AS c ON c.pod = p.pod
   AND (c.begins = '' OR substr(p.hrg, 1, length(c.begins)) = c.begins)
   AND (c.leaves = '' OR substr(p.hrg, 1, length(c.leaves)) <> c.leaves)
 WHERE p.problem = '' AND p.year = '2026/27' AND p.provider = 'RZ1'
 GROUP BY c.line, p.period ORDER BY c.line, p.period;`;

function bySql(engine, t, rows) {
	const quote = (v) => `'${v.replaceAll("'", "''")}'`;
	const into = (table, list) => Array.from({ length: Math.ceil(list.length / 500) }, (_, i) =>
		`INSERT INTO ${table} VALUES ${list.slice(i * 500, i * 500 + 500).map((r) => `(${r.map(quote)})`).join(',')};`).join('\n');
	const script = `CREATE TABLE priced (pod TEXT, year TEXT, period INT, pence BIGINT, problem TEXT, hrg TEXT, provider TEXT);
CREATE TABLE claim (line TEXT, pod TEXT, begins TEXT, leaves TEXT);
${into('priced', rows)}
${into('claim', claims)}
${months}`;
	const pg = engine === 'PostgreSQL';
	const r = pg ? spawnSync('psql', [newDatabase(t), '-qAt', '-v', 'ON_ERROR_STOP=1'], { input: script, encoding: 'utf8', maxBuffer: 1 << 28 })
		: spawnSync('sqlite3', [':memory:'], { input: script, encoding: 'utf8', maxBuffer: 1 << 28 });
	if (r.error?.code === 'ENOENT') return null;
	assert.equal(r.status, 0, r.stderr);
	return r.stdout.trim().split('\n').map((l) => l.split('|')).map(([line, m, n, v]) => [line, Number(m), Number(n), Number(v)]);
}

// "2026-07" as a month of the year, 4.
const monthOf = (text) => ((Number(text.slice(5)) + 8) % 12) + 1;

for (const engine of engines)
	test(`contract: a place's activity fills its months as SQL does, and opens, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk(['generate', '--people', '3000', '--full', '10', '--seed', '5', '--date', '2026-11-22', '--referrals', '0', ...at(store)]);
		hfOk(['user', 'demo', ...at(store)]);
		const input = (...more) => hfOk(['contract', 'input', ID, ...at(store), '--from-activity', ...more]);

		// A dry run keeps nothing; the first time all is kept, the second nothing.
		const dry = JSON.parse(input('--dry-run', '--format', 'json').out);
		assert.ok(dry.rows.length > 50);
		const kept = JSON.parse(input('--to', '2026-09', '--cut', 'freeze', '--format', 'json').out);
		assert.deepEqual(kept.rows.map((r) => [r.line, r.month, r.pence, r.source]), dry.rows.filter((r) => r.month <= '2026-09').map((r) => [r.line, r.month, r.pence, r.source]));
		assert.equal(JSON.parse(input('--format', 'json').out).rows.every((r) => r.month === '2026-10' && r.cut === 'flex'), true);
		assert.match(input().out, /\n0 figures kept, 77 stand as they were/);
		assert.match(kept.rows[0].source, /^activity: feed 1; prices ILL-2020\.1; \d+ rows; sha256 [0-9a-f]{64}$/);
		for (const what of [['--month', '2025-03'], ['--month', 'May'], ['--cut', 'soon'], ['--month', '2026-07', '--to', '2026-05']])
			assert.equal(hf(['contract', 'input', ID, ...at(store), '--from-activity', ...what]).status, 1, what.join(' '));

		// The same as SQL, to the penny; what is in no figure is told.
		const rows = hfOk(['contract', 'price', ...at(store), '--from', '2026-04-01', '--to', '2026-11-01', '--format', 'csv']).out.trim().split('\n').slice(1)
			.map((l) => l.split(',')).map(([, pod, year, period, value, , , problem, , hrg, provider]) => [pod, year, period, value.replace('.', ''), problem, hrg, provider]);
		const figures = dry.rows.filter((r) => !r.line.startsWith('readmitted')).map((r) => [r.line, monthOf(r.month), r.units, r.pence])
			.filter(([, , n]) => n > 0).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
		const second = bySql(engine, t, rows);
		if (second) assert.deepEqual(figures, second);
		else t.diagnostic('sqlite3 is not there: the figures were not compared');
		const told = dry.notes.filter((n) => n.kind === 'unpriced').reduce((n, x) => n + x.rows, 0);
		assert.equal(told, rows.filter((r) => r[4] && r[6] === 'RZ1').length);
		const all = rows.filter((r) => !r[4] && r[6] === 'RZ1').reduce((n, r) => n + Number(r[3]), 0);
		const none = dry.notes.filter((n) => n.kind === 'none').reduce((n, x) => n + x.pence, 0);
		assert.equal(figures.reduce((n, f) => n + f[3], 0) + none, all, 'each row is in one line or in none');

		// A file's figure after the freeze is late; the activity says so as well.
		const late = write(folder(t), 'late.csv', 'line,month,cut,units,pounds,price,result,hold\nae,2026-05,flex,1,5.00,,,\n');
		hfOk(['contract', 'input', ID, ...at(store), late]);

		const server = await serve(store, ['--demonstration', ...(engine === 'PostgreSQL' ? ['--data', folder(t)] : [])], { open: false });
		t.after(() => server.stop('SIGKILL'));
		const who = {};
		for (const login of ['finance', 'trustfinance', 'councilsignatory', 'lay', 'nurse', 'analyst'])
			who[login] = await demoUser(server.url, login);
		const ok = async (asked) => {
			const { status, body } = await asked;
			assert.equal(status, 200, JSON.stringify(body));
			return body;
		};
		for (let i = 0; i < 100 && (await who.finance.get(`${API}/accruals`)).status === 503; i++)
			await new Promise((go) => setTimeout(go, 100));

		// Rows sum up to the figure; each has the members that finance may see and no other.
		const list = await ok(who.finance.get(`${API}/activity?line=emergency&month=4&limit=500`));
		const figure = dry.rows.find((r) => r.line === 'emergency' && r.month === '2026-07');
		assert.deepEqual([list.count, list.pence], [figure.units, figure.pence]);
		assert.equal(list.rows.reduce((n, r) => n + r.pence, 0), figure.pence);
		const may = new Set(['event', 'day', 'hrg', 'specialty', 'provider', 'pod', 'podTitle', 'pence', 'excessDays']);
		for (const r of list.rows) assert.ok(Object.keys(r).every((k) => may.has(k)), Object.keys(r).join());
		assert.equal(new Set(list.rows.map((r) => r.event)).size, list.count);
		assert.deepEqual(list, await ok(who.trustfinance.get(`${API}/activity?line=emergency&month=4&limit=500`)), 'both see the same');
		const pages = [];
		for (let from = '0'; from; ) {
			const page = await ok(who.finance.get(`${API}/activity?line=emergency&month=4&limit=7&from=${from}`));
			pages.push(...page.rows);
			from = page.next;
		}
		assert.deepEqual(pages, list.rows);

		// One of them, step by step.
		const one = await ok(who.finance.get(`${API}/activity/${list.rows[0].event}/trace?line=emergency&month=4`));
		assert.equal(one.pence, list.rows[0].pence);
		assert.match(one.steps[0].text, /Price list ILL-2020\.1/);
		assert.ok(!JSON.stringify(one).match(/999\d{7}|[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}\b/));

		// The overview is the figures; rules of the year are lines of it.
		const run = await ok(who.finance.get(`${API}?to=2026-09-30`));
		const shadow = (id) => run.components.find((c) => c.id === id);
		assert.equal(shadow('urgent').ytd.shadow, figures.filter((f) => ['ae', 'emergency', 'transfers'].includes(f[0]) && f[1] <= 6).reduce((n, f) => n + f[3], 0));
		assert.ok(shadow('readmission').ytd.shadow < 0);
		assert.ok(shadow('quality').ytd.shadow > 0);
		assert.equal(run.total.ytd.shadow, run.components.reduce((n, c) => n + c.ytd.shadow, 0));
		assert.deepEqual(run.late.map((l) => [l.line, l.month]), [['ae', 2]]);
		const trace = await ok(who.finance.get(`${API}/trace?line=readmitted-other&month=6`));
		assert.equal(trace.result, shadow('readmission').ytd.shadow);
		assert.ok(trace.activity && trace.inputs.every((i) => i.source.startsWith('activity: feed 1')));

		// By HTTP it is the same; two at once keep nothing twice.
		const both = await Promise.all([who.finance, who.trustfinance].map((b) => b.post(`${API}/figures/activity`, { month: '2026-10', cut: 'freeze' })));
		assert.deepEqual(both.map((r) => r.status), [200, 200]);
		assert.deepEqual(both.map((r) => r.body.rows.length).sort((a, b) => a - b), [0, 11]);

		// Accruals stand beside, and each month takes back the one before.
		const { months: acc } = await ok(who.finance.get(`${API}/accruals`));
		assert.equal(acc.length, 7);
		assert.ok(acc[0].total.inBed > 0);
		for (let i = 1; i < acc.length; i++) assert.equal(acc[i].total.takenBack, -(acc[i - 1].total.inBedPence + acc[i - 1].total.uncodedPence));
		assert.equal(acc.reduce((n, m) => n + m.total.moves, 0), acc[6].total.inBedPence + acc[6].total.uncodedPence);
		assert.deepEqual(JSON.parse(hfOk(['contract', 'accruals', ID, ...at(store), '--format', 'json']).out).months, acc);

		assert.deepEqual((await ok(who.finance.get(`${API}/pack?month=7`))).accruals.months, acc);
		assert.deepEqual(JSON.parse(hfOk(['contract', 'run', ID, ...at(store), '--to', '2026-10-31', '--format', 'json']).out).accruals.months, acc);

		// Who has nothing to do with it sees nothing of it; what is not there is said.
		for (const path of [`${API}/activity?line=emergency&month=4`, `${API}/accruals`, `${API}/activity/${list.rows[0].event}/trace?line=emergency&month=4`]) {
			for (const login of ['lay', 'nurse', 'analyst']) assert.equal((await who[login].get(path)).status, 403, `${login} ${path}`);
			assert.equal((await who.councilsignatory.get(path)).status, 404);
		}
		assert.equal((await who.analyst.post(`${API}/figures/activity`, {})).status, 403);
		for (const [path, status] of [['activity?line=none&month=4', 404], ['activity?line=marginal&month=4', 404], ['activity?line=ae&month=13', 400], ['activity?line=ae&month=4&limit=9999', 400], ['activity/2026-07-0000000000000000/trace?line=ae&month=4', 404]])
			assert.equal((await who.finance.get(`${API}/${path}`)).status, status, path);
		assert.equal((await who.finance.post(`${API}/figures/activity`, { month: '2019-01' })).status, 400);
	});

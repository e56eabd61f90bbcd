// The outcome framework over a generated place: on the command line, with a known effect
// in it, and as it is shown to who may see figures (docs/interfaces/measures.md).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, newStore, serve, storeOf, write } from '../support/e2e.mjs';
import { clientToken } from '../support/oauth.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const generate = (store, people, ...more) => hfOk(['generate', '--activity-only', '--people', String(people), '--seed', '5', ...more, ...at(store)]);
const measure = (store, ...args) => hfOk(['measure', ...args, ...at(store)]).out;

function rows(csv) {
	const [head, ...lines] = csv.trim().split('\r\n').map((l) => [...l.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)].map((m) => m[1].replaceAll('"', '')));
	return lines.map((l) => Object.fromEntries(head.map((h, i) => [h, l[i]])));
}

// The first columns are loaded behind the start.
async function loaded(b, path) {
	for (;;) {
		const r = await b.get(path);
		if (r.status !== 503) return r;
		await new Promise((done) => setTimeout(done, 50));
	}
}

// Every figure of every measure, cut in ways that leave few: where the count is hidden nothing
// made of it is told, and what is told is made of the count that is shown (POP-T30).
async function nothingBesideWhatIsHidden(b, ids) {
	const seen = { hidden: 0, withheld: 0 };
	for (const id of ids)
		for (const by of ['locality', 'practice', 'age', 'ethnicity']) {
			const { status, body } = await b.get(`/api/population/measures/${id}?by=${by}`);
			assert.equal(status, 200);
			const m = body.measure, where = `${id} by ${by}`;
			for (const a of [body.all, ...body.areas])
				for (const [i, f] of [...a.figures, a.total].entries()) {
					const told = `${where} ${a.id} ${JSON.stringify(f)}`;
					if (f.n === null) {
						seen.hidden++;
						assert.ok(f.value === null && (f.standard ?? null) === null && (f.status !== 'suppressed' || f.known === null), told);
						assert.equal(a.spc?.points[i]?.value ?? null, null, told);
						continue;
					}
					if (m.kind !== 'mean') assert.equal(f.n % 5, 0, told);
					if (m.kind === 'rate' && f.value && f.of) assert.ok(Math.abs(f.value / ((f.n / f.of) * m.per) - 1) < 1e-3, told);
					if (f.known !== null) assert.ok(Math.abs(f.known * 100 - Math.round(f.known * 100)) < 1e-6, told);
				}
			for (const a of body.areas) {
				const gain = body.opportunity?.areas.find((o) => o.id === a.id), point = body.funnel?.areas.find((o) => o.id === a.id);
				if (a.total.n === null) assert.ok((gain?.median.events ?? null) === null && (point?.value ?? null) === null, `${where} ${a.id}`);
				// Areas are compared on one footing: not the crude rate of one with the standardised of the others.
				if (m.standard && a.total.standard === null && gain) {
					seen.withheld++;
					assert.equal(gain.median.events, null, `${where} ${a.id}`);
				}
			}
		}
	assert.ok(seen.hidden > 100 && seen.withheld > 0, JSON.stringify(seen));
}

for (const engine of engines) {
	test(`figures of a place in ${engine} are the same twice, and areas add up to the place`, (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		generate(store, 3000);
		const ids = ['emergency-admissions', 'ae-4-hours', 'readmissions-30-stat', 'emergency-bed-days'];
		const by = measure(store, ...ids, '--by', 'locality', '--format', 'csv');
		assert.equal(measure(store, ...ids, '--by', 'locality', '--format', 'csv', '--threads', '1'), by);
		const local = rows(by), place = rows(measure(store, ...ids, '--format', 'csv'));
		for (const p of place) {
			const parts = local.filter((r) => r.area !== 'all' && r.measure === p.measure && r.period === p.period);
			assert.equal(parts.length, 7);
			assert.equal(parts.reduce((n, r) => n + Number(r.counted), 0), Number(p.counted), `${p.measure} ${p.period}`);
			assert.match(p.hash, /^[0-9a-f]{16}$/);
			if (p.low) assert.ok(Number(p.low) <= Number(p.value) && Number(p.value) <= Number(p.high));
		}
		assert.equal(new Set(place.map((r) => r.period)).size, 37);
		const book = join(folder(t), 'x.ods');
		measure(store, ...ids, '--workbook', book);
		assert.equal(readFileSync(book).subarray(0, 2).toString(), 'PK');
		const json = JSON.parse(measure(store, ...ids, '--format', 'json'));
		assert.deepEqual(json.map((m) => m.measure.id), ids.slice().sort());
		for (const by2 of ['partnership', 'practice', 'age', 'sex', 'deprivation', 'ethnicity', 'segment', 'provider', 'pathway'])
			assert.ok(measure(store, 'emergency-admissions', '--by', by2).split('\n').length > 3, by2);
		for (const grain of ['day', 'week', 'quarter', 'year'])
			assert.ok(measure(store, 'emergency-admissions', '--grain', grain).includes('The whole place'));
	});

	test(`who may see figures of ${engine} sees multiples of five, and nobody else anything`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		generate(store, 3000);
		const server = await serve(store);
		t.after(() => server.stop('SIGKILL'));
		const b = new Browser(server.url);
		const list = await loaded(b, '/api/population/measures');
		assert.equal(list.status, 200, JSON.stringify(list.body));
		assert.ok(list.body.measures.length >= 25);
		assert.equal(list.body.periods.length, 36);
		assert.equal(list.body.disclosure, 'strict5');
		for (const m of list.body.measures) {
			assert.equal(m.series.length, 36);
			assert.ok(m.question && m.unit && ['higher', 'lower', 'neutral'].includes(m.direction));
		}
		const one = await b.get('/api/population/measures/emergency-admissions?by=locality&baseline=2023-10-01:2024-10-01');
		assert.equal(one.status, 200);
		const areas = [one.body.all, ...one.body.areas];
		assert.equal(areas.length, 8);
		for (const a of areas) {
			assert.equal(a.figures.length, 36);
			for (const f of [...a.figures, a.total, a.baseline]) {
				if (f.status === 'suppressed') assert.equal(f.n, null);
				else assert.equal(f.n % 5, 0);
			}
			if (a.spc) assert.equal(a.spc.points.length, 36);
		}
		assert.ok(areas.some((a) => a.figures.some((f) => f.status === 'suppressed')));
		assert.ok(one.body.caveats.length >= 5);
		assert.ok(one.body.funnel.areas.every((f) => f.low998 <= f.low95 && f.high95 <= f.high998));
		const again = await b.get('/api/population/measures/emergency-admissions?by=locality&baseline=2023-10-01:2024-10-01');
		assert.deepEqual(again.body, one.body);
		if (engine === 'SQLite') await nothingBesideWhatIsHidden(b, list.body.measures.map((m) => m.id));
		const fhir = await b.get('/fhir/Measure');
		assert.equal(fhir.body.total, list.body.measures.length);
		const ids = fhir.body.entry.map((e) => e.resource.id), paged = [];
		for (let query = '?_count=7'; query;) {
			const page = (await b.get(`/fhir/Measure${query}`)).body;
			assert.ok(page.entry.length <= 7 && page.total === ids.length);
			paged.push(...page.entry.map((e) => e.resource.id));
			query = new URL(page.link.find((l) => l.relation === 'next')?.url ?? page.link[0].url.replace(/\?.*/, '')).search;
		}
		assert.deepEqual(paged, ids, 'pages go through all of them once');
		for (const id of [ids[0], ids.at(-1)]) assert.deepEqual((await b.get(`/fhir/Measure?_id=${id}&_count=1`)).body.entry.map((e) => e.resource.id), [id]);
		assert.equal((await b.get('/fhir/Measure?_id=none')).body.total, 0);
		assert.equal((await b.get('/fhir/Measure?_count=0')).body.entry, undefined);
		assert.equal((await b.get('/fhir/Measure?_count=x')).status, 400);
		assert.equal((await b.get('/fhir/Measure/ae-4-hours')).body.scoring.coding[0].code, 'proportion');
		const report = await b.get('/fhir/Measure/emergency-admissions/$evaluate-measure?periodStart=2025-10-01&periodEnd=2026-09-30&by=locality');
		assert.equal(report.status, 200, JSON.stringify(report.body));
		assert.deepEqual(report.body.period, { start: '2025-10-01', end: '2026-09-30' });
		assert.equal(report.body.group[0].stratifier[0].stratum.length, 7);
		assert.equal(report.body.group[0].population.find((p) => p.code.coding[0].code === 'numerator').count, one.body.all.total.n);
		for (const resource of [report.body, ...fhir.body.entry.slice(0, 5).map((e) => e.resource)]) {
			// What we say stands up to what we ask of others: it is taken as a resource.
			const r = await b.post(`/fhir/${resource.resourceType}`, { ...resource, id: undefined }, { 'Content-Type': 'application/fhir+json' });
			assert.equal(r.status, 201, JSON.stringify(r.body));
		}
		assert.equal((await b.get('/fhir/Measure/none/$evaluate-measure?periodStart=2025-10-01&periodEnd=2026-09-30')).status, 404);
		assert.equal((await b.get('/fhir/Measure/ae-4-hours/$evaluate-measure')).status, 400);
		assert.equal((await b.get('/fhir/Measure/ae-4-hours/$evaluate-measure?periodStart=2025-10-01&periodEnd=2026-09-30&reportType=subject-list')).status, 400);
		for (const [path, status, says] of [
			['measures/none', 404, /no measure/], ['measures?by=street', 400, /one of/], ['measures?from=x', 400, /a day/],
			['measures?colour=red', 400, /colour/], ['measures?by=locality&area=none', 404, /no area/],
			['measures/ae-4-hours?grain=day&from=2024-01-01', 422, /[Aa]t most 400 periods/],
			['measures/ae-4-hours?baseline=2024-01-01', 400, /two days/],
		]) {
			const r = await b.get(`/api/population/${path}`);
			assert.equal(r.status, status, JSON.stringify(r.body));
			assert.match(r.body.error.text, says);
		}
	});
}

// The framework's figures are not for a connected system; a Measure that was sent is, like any resource it may read.
for (const engine of engines)
	test(`a system that reads finds the Measures that were sent, and not the framework, in ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const sent = { resourceType: 'Measure', id: 'sent-1', status: 'active', title: 'Sent by somebody' };
		hfOk(['generate', '--people', '300', '--full', '3', '--seed', '3', ...at(store)]);
		hfOk(['import', ...at(store), write(folder(t), 'm.ndjson', JSON.stringify(sent))]);
		hfOk(['user', 'demo', ...at(store)]);
		const client = JSON.parse(hfOk(['client', 'add', ...at(store), '--name', 'reader', '--scope', 'system/*.rs', '--json']).out);
		const server = await serve(store, ['--demonstration', ...(engine === 'PostgreSQL' ? ['--data', folder(t)] : [])], { open: false });
		t.after(() => server.stop('SIGKILL'));
		const headers = { Authorization: `Bearer ${await clientToken(server.url, client)}` };
		const ask = async (path) => {
			const r = await fetch(server.url + path, { headers });
			return { status: r.status, body: await r.json() };
		};
		const all = await ask('/fhir/Measure');
		assert.equal(all.status, 200, JSON.stringify(all.body));
		const ids = (r) => r.body.entry.filter((e) => e.search.mode === 'match').map((e) => e.resource.id);
		assert.deepEqual(ids(all), ['sent-1']);
		assert.deepEqual(ids(await ask('/fhir/Measure?title=Sent')), ['sent-1']);
		assert.equal((await ask('/fhir/Measure/sent-1')).body.title, 'Sent by somebody');
		assert.equal((await ask('/fhir/Measure/ae-4-hours')).status, 404);
		assert.equal((await ask('/fhir/Measure/ae-4-hours/$evaluate-measure?periodStart=2025-04-01&periodEnd=2026-03-31')).status, 403);
		// Who may see figures gets the framework's, and what was sent by its id.
		const b = await demoUser(server.url, 'analyst');
		assert.ok((await b.get('/fhir/Measure')).body.total >= 25);
		assert.equal((await b.get('/fhir/Measure/ae-4-hours')).status, 200);
	});

test('a locality effect that was put in is found, and the others are not blamed', (t) => {
	const store = newStore(t);
	generate(store, 40000, '--intervention', 'locality=Millgate,from-month=13,effect=-30%');
	const [m] = JSON.parse(measure(store, 'emergency-admissions', '--by', 'locality', '--baseline', '2023-10-01:2024-10-01', '--format', 'json'));
	const ratio = (name) => m.areas.find((a) => a.name.startsWith(name)).difference.ratio;
	const here = ratio('Millgate');
	assert.ok(here.low < 0.7 && 0.7 < here.high, JSON.stringify(here));
	assert.ok(here.high < 0.9, JSON.stringify(here));
	assert.ok(m.phi >= 1 && m.phi < 2);
	assert.equal(m.areas.find((a) => a.name.startsWith('Millgate')).spc.variation === 'concern-high', false);
});

test('documents are checked with their lines, and what is wrong with a question is said', (t) => {
	assert.equal(hfOk(['measure', '--list']).out.trim().split('\n').length >= 25, true);
	assert.match(hfOk(['measure', '--example', 'rotherham']).out, /0\.97219 \(0\.92706 to 1\.01953\)[\s\S]*chance/);
	const bad = hf(['measure', '--check', 'test/e2e/measures.mjs']);
	assert.equal(bad.status, 1);
	assert.match(hfOk(['measure', '--check', 'definitions/measures/ucr-2-hours.json']).out, /ucr-2-hours 1\.0\.0 [0-9a-f]{16}/);
	const store = newStore(t);
	hfOk(['init', ...at(store)]);
	for (const [args, says, status] of [
		[['none'], /no activity|no measure/, 1],
		[['--format', 'xml'], /table, csv or json/, 2],
		[['--example', 'nowhere'], /no example/, 2],
	]) {
		const r = hf(['measure', ...args, ...at(store)]);
		assert.equal(r.status, status, r.err);
		assert.match(r.err, says);
	}
});

test('figures are for those whose role has them', async (t) => {
	const store = newStore(t);
	hfOk(['generate', '--people', '300', '--full', '6', ...at(store)]);
	hfOk(['user', 'demo', ...at(store)]);
	const server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	for (const [login, status] of [['gp', 200], ['analyst', 200], ['lay', 200], ['student', 403], ['receptionist', 403]]) {
		const b = await demoUser(server.url, login);
		assert.equal((await loaded(b, '/api/population/measures')).status, status, login);
		assert.equal((await b.get('/api/population/measures/ae-4-hours')).status, status, login);
	}
	assert.equal((await new Browser(server.url).get('/api/population/measures')).status, 401);
});

// Charts that people mark, what they can and cannot say, and outside figures beside
// ours (docs/interfaces/measures.md; population.md 3.8, 4).
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, newStore, serve, storeOf } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const generate = (store, people, ...more) => hfOk(['generate', '--activity-only', '--people', String(people), '--seed', '5', ...more, ...at(store)]);
const measures = '/api/population/measures';
const one = `${measures}/emergency-admissions`;

// The first columns are loaded behind the start.
async function loaded(b, path) {
	for (;;) {
		const r = await b.get(path);
		if (r.status !== 503) return r;
		await new Promise((done) => setTimeout(done, 50));
	}
}

for (const engine of engines) {
	test(`who marks a chart in ${engine}: rules, versions, undo, and what was before stays`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		generate(store, 40000, '--intervention', 'locality=Millgate,from-month=13,effect=-60%');
		const server = await serve(store);
		t.after(() => server.stop('SIGKILL'));
		const b = new Browser(server.url);
		const first = (await loaded(b, `${one}?by=locality`)).body;
		const place = first.areas.find((a) => a.name.startsWith('Millgate'));
		const area = (body) => body.areas.find((a) => a.id === place.id);
		assert.deepEqual(place.spc.marks, []);
		assert.equal(place.spc.unmarked, undefined);
		assert.ok(place.spc.points.some((p) => p.rules.includes('shift')), 'the effect is a shift');

		const month = (i) => first.periods[i].from;
		// Where the run begins: weights, and so the figures, are each store's own.
		const low = place.spc.points.map((p) => p.value < p.mean);
		const run = low.findIndex((_, i) => i >= 7 && low.slice(i, i + 7).filter(Boolean).length === 7);
		assert.ok(run >= 9 && run <= 16, `it begins at ${run}`);
		const mark = (more) => b.post(`${one}/marks`, { by: 'locality', area: place.id, grain: 'month', at: month(run), kind: 'rebase', cause: 'shift', reason: 'The integrated team began here in this month.', ...more });
		for (const [more, status, says] of [
			[{ reason: '' }, 400, /reason/], [{ reason: 'short' }, 400, /reason/], [{ cause: undefined }, 400, /cause/],
			[{ cause: 'luck' }, 400, /shift or process/], [{ kind: 'hide' }, 400, /note, rebase or freeze/],
			[{ at: '2010-01-01' }, 422, /outside/], [{ at: 'soon' }, 400, /at/], [{ area: 'nowhere' }, 404, /no area/],
			[{ at: month(2) }, 422, /fewer than 7/], [{ at: month(33) }, 422, /fewer than 7/],
			[{ kind: 'freeze', cause: undefined, at: month(5) }, 422, /at least 12/],
			[{ kind: 'note' }, 400, /[Oo]nly a re-base/], [{ colour: 'red' }, 400, /members/],
		]) {
			const r = await mark(more);
			assert.equal(r.status, status, JSON.stringify([more, r.body]));
			assert.match(JSON.stringify(r.body.error), says);
		}
		const made = await mark({});
		assert.equal(made.status, 200, JSON.stringify(made.body));
		const note = await mark({ kind: 'note', cause: undefined, reason: 'Snow', at: month(15) });
		assert.equal(note.status, 200, JSON.stringify(note.body));

		const after = area((await b.get(`${one}?by=locality`)).body);
		assert.deepEqual(after.figures, place.figures, 'figures are as they were');
		assert.deepEqual(after.spc.marks.map((m) => m.kind), ['rebase', 'note']);
		assert.ok(after.spc.marks[0].saidAt && after.spc.marks[0].saidBy && after.spc.marks[0].reason.startsWith('The integrated'));
		assert.notEqual(after.spc.points[run - 1].mean, after.spc.points[run].mean);
		assert.equal(after.spc.points[run].group, 1);
		assert.ok(after.spc.points[run].mean < after.spc.points[run - 1].mean * 0.8);
		// What it was without is beside it: no concern goes by marking.
		assert.equal(after.spc.unmarked.variation, place.spc.variation);
		assert.deepEqual(after.spc.unmarked.points.map((p) => [p.mean, p.low, p.high, p.label]), place.spc.points.map((p) => [p.mean, p.low, p.high, p.label]));
		// Others are as they were, also by another grain, and the place as a whole.
		const others = (body) => body.areas.filter((a) => a.id !== place.id).map((a) => a.spc);
		assert.deepEqual(others((await b.get(`${one}?by=locality`)).body), others(first));
		assert.deepEqual(area((await b.get(`${one}?by=locality&grain=quarter`)).body).spc.marks, []);
		const tile = (await b.get(`${measures}?by=locality&area=${place.id}`)).body.measures.find((m) => m.id === 'emergency-admissions');
		assert.equal(tile.spc.unmarked.variation, place.spc.variation);
		assert.equal(tile.spc.variation, after.spc.variation);

		// Versions: who changed what they had not seen is told so; withdrawn, all is as before.
		const { mark: id } = made.body.mark;
		const change = (body) => b.post(`${one}/marks/${id}`, body);
		assert.equal((await change({ version: 2, stands: false, reason: 'The team began later than this.' })).status, 412);
		assert.equal((await change({ version: 1, stands: false, reason: 'x' })).status, 400);
		const undone = await change({ version: 1, stands: false, reason: 'The team began later than this.' });
		assert.equal(undone.status, 200, JSON.stringify(undone.body));
		assert.equal(undone.body.mark.version, 2);
		assert.deepEqual(area((await b.get(`${one}?by=locality`)).body).spc.points, place.spc.points);
		assert.equal((await change({ version: 2, stands: true, reason: 'It began in this month after all.' })).status, 200);
		assert.equal(area((await b.get(`${one}?by=locality`)).body).spc.marks[0].version, 3);
		const history = (await b.get(`${one}/marks`)).body;
		assert.equal(history.mayMark, true);
		assert.deepEqual(history.marks.map((m) => [m.mark, m.version, m.stands]), [[1, 1, true], [2, 1, true], [1, 2, false], [1, 3, true]]);
		assert.equal((await b.post(`${one}/marks/99`, { version: 1, stands: false, reason: 'There is no such mark.' })).status, 404);
		assert.equal((await b.post(`${measures}/ae-4-hours/marks/1`, { version: 3, stands: false, reason: 'That is of another measure.' })).status, 404);

		// Limits frozen of the points before hold for those after.
		assert.equal((await b.post(`${one}/marks`, { by: 'place', area: 'all', grain: 'month', at: month(12), kind: 'freeze', reason: 'The year before the programme.' })).status, 200);
		const whole = (await b.get(`${one}?by=place`)).body.areas[0].spc;
		const base = whole.points.slice(0, 12), mean = (p) => p.map((x) => x.mean);
		assert.equal(new Set(mean(whole.points)).size, 1);
		assert.ok(mean(base)[0] !== whole.unmarked.points[0].mean);
		assert.deepEqual((await b.get(`${one}?by=sex`)).body.all.spc.marks.map((m) => m.kind), ['freeze'], 'the whole is the whole');

		// A command sees no marks; figures that leave by it are those of the pages.
		await server.stop();
		const args = ['measure', 'emergency-admissions', '--by', 'locality', '--format', 'json', ...at(store)];
		const [told] = JSON.parse(hfOk([...args, '--disclose']).out), [true_] = JSON.parse(hfOk(args).out);
		assert.deepEqual(told.areas.map((a) => a.figures), first.areas.map((a) => a.figures), 'adr/0026: one weight, whatever the way');
		assert.notDeepEqual(true_.areas.map((a) => a.figures), first.areas.map((a) => a.figures));

		// It goes into a copy and comes back.
		const dir = folder(t), key = join(dir, 'key'), copy = join(dir, 'copy'), again = join(dir, 'again');
		writeFileSync(key, 'a'.repeat(64));
		hfOk(['backup', ...at(store), '--out', copy, '--key-file', key]);
		hfOk(['restore', ...at(again), '--key-file', key, copy]);
		const second = await serve(again);
		t.after(() => second.stop('SIGKILL'));
		const b2 = new Browser(second.url);
		const back = (await loaded(b2, `${one}/marks`)).body.marks;
		assert.deepEqual(back.slice(0, 4), history.marks);
	});
}

test('only analysts mark charts', async (t) => {
	const store = newStore(t);
	hfOk(['generate', ...at(store), '--people', '600', '--full', '30', '--seed', '4']);
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'D', '--dpia', 'D']);
	const server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	const note = { by: 'place', area: 'all', grain: 'month', kind: 'note', reason: 'A new front door.' };
	const analyst = await demoUser(server.url, 'analyst'), gp = await demoUser(server.url, 'gp');
	const shown = (await loaded(analyst, `${one}?by=place`)).body;
	const body = { ...note, at: shown.periods.at(-3).from };
	assert.equal((await gp.get(`${one}/marks`)).body.mayMark, false);
	assert.equal((await gp.post(`${one}/marks`, body)).status, 403);
	const made = await analyst.post(`${one}/marks`, body);
	assert.equal(made.status, 200, JSON.stringify(made.body));
	assert.equal((await gp.get(`${one}/marks`)).body.marks[0].reason, 'A new front door.');
	assert.equal((await gp.post(`${one}/marks/1`, { version: 1, stands: false, reason: 'I do not agree with it.' })).status, 403);
});

test('what changed at a day, over time and against a mixture of others, with its caveats', async (t) => {
	const store = newStore(t);
	generate(store, 70000, '--intervention', 'locality=Millgate,from-month=19,effect=-60%');
	const server = await serve(store);
	t.after(() => server.stop('SIGKILL'));
	const b = new Browser(server.url);
	const plain = (await loaded(b, `${one}?by=locality`)).body;
	const at_ = plain.periods[18].from, place = plain.areas.find((a) => a.name.startsWith('Millgate')).id;
	assert.equal(plain.areas[0].its, undefined);
	assert.equal(plain.effectCaveats, undefined);
	const asked = (await b.get(`${one}?by=locality&its=${at_}&control=${place}&since=${at_}`)).body;
	const { its } = asked.areas.find((a) => a.id === place);
	assert.deepEqual([its.before, its.after, its.at], [18, 18, 18]);
	// Each store has weights of its own: an effect that none of them hides.
	assert.ok(its.step.high < 0 && its.effectLast.value < 0, JSON.stringify(its));
	assert.ok(its.step.low <= its.step.value && its.step.value <= its.step.high);
	assert.equal(its.fitted.length, 36);
	assert.equal(its.fitted[17], its.without[17]);
	const calm = asked.areas.filter((a) => a.id !== place && a.its.effectLast.low <= 0 && a.its.effectLast.high >= 0);
	assert.ok(calm.length >= 3, 'most of the others are not blamed');
	const c = asked.control;
	assert.ok(c.effect < 0 && c.enough === false && c.p > 0.14);
	assert.equal(c.weights.length, 6);
	assert.ok(Math.abs(c.weights.reduce((n, w) => n + w.weight, 0) - 1) < 1e-4 && c.weights.every((w) => w.weight >= 0));
	assert.ok(asked.effectCaveats.some((x) => /not why/.test(x)) && asked.effectCaveats.some((x) => /hint/.test(x)));
	// Made of what is shown, and of nothing else: the gap follows from the disclosed figures.
	const shown = (id) => asked.areas.find((a) => a.id === id).figures.map((f) => f.value);
	c.own.forEach((v, i) => assert.equal(v, shown(place)[c.first + i]));
	c.synthetic.forEach((v, i) => {
		const sum = c.weights.reduce((n, w) => n + w.weight * shown(w.id)[c.first + i], 0);
		assert.ok(Math.abs(v - sum) < 0.01, `${v} ${sum}`);
	});
	for (const [query, status, says] of [
		[`its=2001-01-01`, 400, /within the periods/], ['its=x', 400, /a day/], [`control=none&since=${at_}`, 404, /no area/],
		[`control=${place}`, 400, /since/], [`since=${at_}`, 400, /both/], [`by=practice&control=none&since=${at_}`, 404, /no area/],
	]) {
		const r = await b.get(`${one}?by=locality&${query}`.replace('by=locality&by', 'by'));
		assert.equal(r.status, status, JSON.stringify(r.body));
		assert.match(r.body.error.text, says);
	}
	const few = (await b.get(`${one}?by=locality&its=${plain.periods[2].from}`)).body;
	assert.match(few.all.its.why, /four periods/);
	const out = hfOk(['measure', 'emergency-admissions', '--by', 'locality', '--its', at_, '--synthetic-control', place, '--since', at_, ...at(store)]).out;
	assert.match(out, /interrupted time series, Millgate[\s\S]*synthetic control, Millgate[\s\S]*a hint only[\s\S]*- /);
	assert.match(hf(['measure', 'emergency-admissions', '--synthetic-control', 'x', '--since', at_, ...at(store)]).err, /no area/);
});

for (const engine of engines) {
	test(`a report of another place is taken into ${engine} and stands beside our figures`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		const other = newStore(t);
		generate(store, 3000);
		hfOk(['generate', '--activity-only', '--people', '4000', '--seed', '9', ...at(other)]);
		const a = await serve(other), b = await serve(store);
		t.after(() => a.stop('SIGKILL'));
		t.after(() => b.stop('SIGKILL'));
		const they = new Browser(a.url), we = new Browser(b.url);
		const fhir = { 'Content-Type': 'application/fhir+json' };
		const evaluate = (who, more = '') => loaded(who, `/fhir/Measure/emergency-admissions/$evaluate-measure?periodStart=2025-10-01&periodEnd=2026-09-30${more}`);
		const theirs = (await evaluate(they, '&by=locality')).body, mine = (await evaluate(we)).body;
		assert.deepEqual((await we.get(`${one}/outside`)).body.reports, []);
		theirs.reporter = { display: 'Farfield Place' };
		const sent = await we.post('/fhir/MeasureReport', theirs, fhir);
		assert.equal(sent.status, 201, JSON.stringify(sent.body));
		const { reports: [r] } = (await we.get(`${one}/outside`)).body;
		const extension = (score, name) => score.extension?.find((e) => e.url.endsWith(`/measure-${name}`))?.valueDecimal ?? null;
		const count = (g, code) => g.population.find((p) => p.code.coding[0].code === code).count ?? null;
		const same = (f, g) => {
			const hidden = g.measureScore.value === undefined;
			assert.deepEqual(f.status === 'suppressed' ? [null] : [f.n, f.of, f.value, f.low, f.high, f.standard], hidden ? [null] : [count(g, 'numerator'), count(g, 'denominator'), g.measureScore.value, extension(g.measureScore, 'low'), extension(g.measureScore, 'high'), extension(g.measureScore, 'standard')]);
		};
		assert.deepEqual([r.source, r.from, r.to, r.sameVersion], ['Farfield Place', '2025-10-01', '2026-09-30', true]);
		same(r.whole, theirs.group[0]);
		assert.equal(r.by, 'locality');
		assert.equal(r.strata.length, theirs.group[0].stratifier[0].stratum.length);
		r.strata.forEach((s, i) => same(s, theirs.group[0].stratifier[0].stratum[i]));
		// Ours of the same days is what we would send.
		assert.equal(r.ours.n, count(mine.group[0], 'numerator'));
		assert.equal(r.ours.value, mine.group[0].measureScore.value);
		assert.deepEqual((await we.get(`${measures}/ae-4-hours/outside`)).body.reports, [], 'another measure');

		// Not true: refused with the element, also in a bundle.
		const g = (f) => ({ ...theirs, group: [f(structuredClone(theirs.group[0]))] });
		for (const [bad, says] of [
			[{ ...theirs, period: { start: '2026-01-01', end: '2025-01-01' } }, /before it begins/],
			[{ ...theirs, period: { start: '2026-01-01' } }, /first and the last day/],
			[g((x) => { x.population[0].count = -1; return x; }), /0 or more/],
			[g((x) => { x.measureScore.value = 99999; return x; }), /outside its own interval/],
			[g((x) => { x.stratifier[0].stratum[0].population[0].count = -5; return x; }), /0 or more/],
		]) {
			const one_ = await we.post('/fhir/MeasureReport', bad, fhir);
			assert.equal(one_.status, 422, JSON.stringify(one_.body));
			assert.match(JSON.stringify(one_.body), says);
			const many = await we.post('/fhir', { resourceType: 'Bundle', type: 'transaction', entry: [
				{ resource: { resourceType: 'Organization', name: 'Farfield' }, request: { method: 'POST', url: 'Organization' } },
				{ resource: bad, request: { method: 'POST', url: 'MeasureReport' } }] }, fhir);
			assert.equal(many.status, 422, JSON.stringify(many.body));
			assert.match(JSON.stringify(many.body), says);
		}
		// What is about somebody is a record of theirs, and no figure.
		for (const named of [{ ...theirs, type: 'subject-list' }, { ...theirs, subject: { reference: 'Group/x' } }, { ...theirs, evaluatedResource: [{ reference: 'Encounter/x' }] },
			g((x) => { x.population[0].subjectResults = { reference: 'List/x' }; return x; })])
			assert.equal((await we.post('/fhir/MeasureReport', named, fhir)).status, 201);
		assert.equal((await we.get(`${one}/outside`)).body.reports.length, 1);
		// Small numbers of others are hidden as ours are; a later version takes its place.
		const few = g((x) => { x.population.forEach((p) => { p.count = p.code.coding[0].code === 'numerator' ? 3 : 900; }); x.measureScore = { value: 3.3, unit: 'x' }; delete x.stratifier; return x; });
		const put = await we.ask('PUT', `/fhir/MeasureReport/${sent.body.id}`, { ...few, id: sent.body.id }, fhir);
		assert.equal(put.status, 200, JSON.stringify(put.body));
		const after = (await we.get(`${one}/outside`)).body.reports;
		assert.equal(after.length, 1);
		assert.deepEqual([after[0].whole.status, after[0].whole.n, after[0].whole.value], ['suppressed', null, null]);
		const bundle = await we.post('/fhir', { resourceType: 'Bundle', type: 'transaction', entry: [{ resource: theirs, request: { method: 'POST', url: 'MeasureReport' } }] }, fhir);
		assert.equal(bundle.status, 200, JSON.stringify(bundle.body));
		assert.equal((await we.get(`${one}/outside`)).body.reports.length, 2);
	});
}

test('readmissions: expected and ratio of each area, and why people come back, disclosed', async (t) => {
	const store = newStore(t);
	generate(store, 20000);
	const server = await serve(store);
	t.after(() => server.stop('SIGKILL'));
	const b = new Browser(server.url);
	const path = `${measures}/readmissions-30-stat`;
	const m = (await loaded(b, `${path}?by=locality`)).body;
	assert.match(m.measure.standard, /indirectly/);
	assert.ok(Math.abs(m.all.total.ratio - 100) < 2, 'the place is its own reference');
	for (const a of m.areas.filter((x) => x.total.ratio !== null)) {
		assert.ok(a.total.ratioLow <= a.total.ratio && a.total.ratio <= a.total.ratioHigh && a.total.expected > 0);
		assert.ok(Math.abs(a.total.standard / (a.total.ratio * m.all.total.standard / 100) - 1) < 0.02);
	}
	assert.ok(m.areas.some((x) => x.total.ratio !== null));
	for (const query of ['', `?by=locality&area=${m.areas[0].id}`]) {
		const r = (await b.get(`${path}/reasons${query}`)).body;
		assert.deepEqual(r.total, m.total);
		assert.ok(r.reasons.length > 0);
		for (const n of [r.n, ...r.reasons.flatMap((x) => [x.same, x.other, x.n]), ...r.gaps.map((x) => x.n)]) assert.ok(n === null || n % 5 === 0);
		if (!query) assert.ok(Math.abs(r.n - m.all.total.n) <= 5, 'they are the ones that are counted');
	}
	assert.equal((await b.get(`${measures}/ae-4-hours/reasons`)).status, 400);
	assert.equal((await b.get(`${measures}/none/reasons`)).status, 404);
	const [pbr] = JSON.parse(hfOk(['measure', 'readmissions-30-pbr', '--format', 'json', ...at(store)]).out);
	assert.ok(pbr.all.total.n > 0 && pbr.all.total.ratio === undefined, 'the payment rule has no denominator');
});

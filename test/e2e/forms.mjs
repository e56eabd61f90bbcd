// Forms filled in for a person: what is refused and why, what stands in the record after,
// scores over time, drafts (sections 3.2 and 3.3, R-3.5), on both engines.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { at, engines, folder, hfOk, newStore, serve, storeOf, write } from '../support/e2e.mjs';
import { addUser, enrol } from '../support/people.mjs';

const code = (list, c) => ({ valueCoding: { system: `https://homefirst.example/CodeSystem/${list}`, code: c } });
const item = (linkId, answer) => ({ linkId, answer: [answer] });
const group = (linkId, ...items) => ({ linkId, item: items });
const whole = (linkId, n) => item(linkId, { valueInteger: n });

// NEWS2 of section 3.3: 2 + 0 + 1 + 1 + 1 + 0 + 1 = 6.
const breathing = [whole('respiration', 22), item('oxygen', code('news2-oxygen', 'air')), whole('spo2', 95)];
const circulation = [whole('systolic', 105), whole('pulse', 95)];
const alert = item('consciousness', code('news2-consciousness', 'A'));
const warm = item('temperature', { valueDecimal: 38.05 });
const news2 = [group('oxygen-group', ...breathing), group('circulation-group', ...circulation), group('consciousness-group', alert, warm)];
const partial = [group('oxygen-group', ...breathing), group('circulation-group', whole('systolic', 105)), group('consciousness-group', alert)];

const born = (years) => new Date(Date.now() - years * 365.25 * 864e5).toISOString().slice(0, 10);
const people = [
	{ resourceType: 'Patient', id: 'adult', name: [{ family: 'Testadult' }], birthDate: born(80) },
	{ resourceType: 'Patient', id: 'child', name: [{ family: 'Testchild' }], birthDate: born(9) },
];

async function place(engine, t) {
	let server;
	t.after(() => server?.stop('SIGKILL')); // before its folder goes
	const store = storeOf(engine, t);
	if (!store) return null;
	const dir = folder(t);
	write(dir, 'people.ndjson', people.map((p) => JSON.stringify(p)).join('\n'));
	hfOk(['import', ...at(store), '--quiet', dir]);
	server = await serve(store, engine === 'SQLite' ? [] : ['--data', folder(t)]);
	const ask = async (method, path, body) => {
		const r = await fetch(server.url + path, {
			method, headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		return { status: r.status, body: JSON.parse(await r.text()) };
	};
	return {
		server, ask,
		get: (path) => ask('GET', path),
		send: (person, form, items, more = {}) => ask('POST', `/api/people/${person}/forms/${form}`, { item: items, ...more }),
		check: (form, items, more = {}) => ask('POST', `/api/forms/${form}/check`, { item: items, ...more }),
		all: async (type) => ((await ask('GET', `/fhir/${type}?_count=50`)).body.entry ?? []).map((e) => e.resource).filter((r) => r.resourceType === type),
	};
}

const finds = (r, path) => r.body.findings.filter((f) => f.path === path).map((f) => f.text).join('; ');

for (const engine of engines)
	describe(engine, () => {
		test('the forms there are, each whole with the table of its score', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const { forms } = (await p.get('/api/forms')).body;
			for (const id of ['news2', 'pews', 'cfs', '4at', 'phq-9', 'gad-7', 'must', 'waterlow', 'barthel-20', 'barthel-100',
				'restore2-soft-signs', 'falls-risk', 'carer-strain', 'cga', 'about-me', 'contingency', 'medicines-review', 'safety-plan', 'safe-and-well'])
				assert.ok(forms.some((f) => f.id === id), id);
			const { questionnaire, score } = (await p.get('/api/forms/news2')).body;
			assert.equal(questionnaire.resourceType, 'Questionnaire');
			assert.equal(score.max, 20);
			assert.deepEqual(score.levels.map((l) => l.id), ['none', 'low', 'single', 'medium', 'high']);
			assert.equal((await p.get('/api/forms/nothing')).status, 404);
			// They are R4: the store takes each of them as it is.
			for (const f of forms) {
				const { questionnaire: q } = (await p.get(`/api/forms/${f.id}`)).body;
				const r = await fetch(`${p.server.url}/fhir/Questionnaire/${f.id}`, {
					method: 'PUT', headers: { 'Content-Type': 'application/fhir+json' }, body: JSON.stringify(q) });
				assert.equal(r.status, 201, `${f.id}: ${await r.text()}`);
			}
		});

		test('R-3.5: scored as one types, partial is never a total, and nothing is written', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const part = (await p.check('news2', partial)).body;
			assert.equal(part.score.complete, false);
			assert.equal('total' in part.score, false);
			assert.equal(part.score.missingText, 'partial: Pulse, Temperature missing');
			const all = (await p.check('news2', news2)).body;
			assert.equal(all.score.total, 6);
			assert.equal(all.score.level.id, 'medium');
			assert.match(all.score.level.action, /think sepsis/);
			assert.deepEqual(all.findings, []);
			// SpO2 above 100 is refused, a pulse of 260 to be confirmed.
			const odd = (await p.check('news2', [group('oxygen-group', whole('spo2', 101)), group('circulation-group', whole('pulse', 260))])).body;
			assert.match(odd.findings.find((f) => f.path === 'spo2').text, /impossible/);
			assert.deepEqual(odd.score.confirm.map((i) => i.id), ['pulse']);
			// What is reckoned comes with the answer.
			const kg = (v) => ({ valueQuantity: { value: v, code: 'kg' } }), cm = (v) => ({ valueQuantity: { value: v, code: 'cm' } });
			const must = (await p.check('must', [group('measures', item('weight', kg(48.5)), item('height', cm(165)))])).body;
			assert.deepEqual(must.reckoned, [{ linkId: 'index', valueDecimal: 17.8 }]);
			assert.deepEqual(await p.all('QuestionnaireResponse'), []);
			assert.deepEqual(await p.all('Observation'), []);
		});

		test('NEWS2 is one change: response and observation with the codes of section 3.3, its level and its scale', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const when = new Date(Date.now() - 3600e3).toISOString();
			const r = await p.send('adult', 'news2', news2, { at: when, version: '1.0.0' });
			assert.equal(r.status, 201, JSON.stringify(r.body));
			assert.equal(r.body.score.total, 6);
			const [response] = await p.all('QuestionnaireResponse'), [seen] = await p.all('Observation');
			assert.equal(response.questionnaire, 'https://homefirst.example/Questionnaire/news2|1.0.0');
			assert.equal(response.subject.reference, 'Patient/adult');
			assert.equal(response.item[0].item[0].text, 'Respiration rate');
			assert.equal(response.item[2].item[1].answer[0].valueDecimal, 38.05);
			assert.equal(response.meta.lastUpdated, seen.meta.lastUpdated);
			assert.deepEqual(seen.derivedFrom, [{ reference: `QuestionnaireResponse/${response.id}` }]);
			assert.ok(seen.code.coding.some((c) => c.system === 'http://snomed.info/sct' && c.code === '1104051000000101'));
			assert.equal(seen.effectiveDateTime, when);
			assert.deepEqual(seen.valueQuantity, { value: 6, unit: 'out of 20', system: 'http://unitsofmeasure.org', code: '{ScoreOf}' });
			assert.equal(seen.interpretation[0].coding[0].code, 'medium');
			assert.match(seen.note[0].text, /think sepsis/);
			const parts = Object.fromEntries(seen.component.map((c) => [c.code.coding.at(-1).code, c]));
			const snomed = (part) => parts[part].code.coding.filter((c) => c.system === 'http://snomed.info/sct').map((c) => c.code);
			assert.deepEqual(snomed('respiration'), ['86290005']);
			assert.deepEqual(snomed('spo2'), ['103228002']);
			assert.ok(snomed('systolic').includes('75367002'));
			assert.deepEqual(snomed('pulse'), ['364075005']);
			assert.deepEqual(snomed('consciousness'), ['1104441000000107']);
			assert.deepEqual(snomed('temperature'), ['386725007']);
			assert.equal(parts.consciousness.valueCodeableConcept.coding[0].code, '248234008');
			assert.equal(parts.oxygen.valueCodeableConcept.coding[0].code, '722742002');
			assert.equal(parts.respiration.valueQuantity.code, '/min');
			assert.equal(parts.respiration.extension[0].valueInteger, 2);
			assert.equal(parts.scale.valueCodeableConcept.coding[0].code, '1');
			// It shows in the person's timeline, both in words.
			const { timeline } = (await p.get('/api/people/adult')).body;
			const titles = JSON.stringify(timeline);
			assert.match(titles, /NEWS2: is this person deteriorating/);
			assert.match(titles, /Medium: urgent response threshold/);
		});

		test('R-3.5: a partial set is kept with what was measured and without a number', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			assert.equal((await p.send('adult', 'news2', partial)).status, 201);
			const [seen] = await p.all('Observation');
			assert.equal(seen.valueQuantity, undefined);
			assert.equal(seen.interpretation, undefined);
			assert.equal(seen.dataAbsentReason.text, 'partial: Pulse, Temperature missing');
			assert.equal(seen.component.length, 6); // five that were given, and the scale
			const { values } = (await p.get('/api/people/adult/scores/news2')).body;
			assert.deepEqual(values.map((v) => [v.complete, v.total, v.missingText]), [[false, undefined, 'partial: Pulse, Temperature missing']]);
		});

		test('item 9 of PHQ-9 above 0 makes a task of the same day for the role its score names', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const low = (n) => Array.from({ length: 9 }, (_, i) => item(`q${i + 1}`, code(`phq-9-q${i + 1}`, i === 8 ? String(n) : '0')));
			assert.deepEqual((await p.send('adult', 'phq-9', low(0))).body.tasks, []);
			assert.deepEqual(await p.all('Task'), []);
			const r = await p.send('adult', 'phq-9', [...low(1), item('q9-said', { valueString: 'tired of it all' })]);
			assert.equal(r.status, 201, JSON.stringify(r.body));
			assert.equal(r.body.score.total, 1);
			const [task] = await p.all('Task');
			assert.equal(`Task/${task.id}`, r.body.tasks[0].ref);
			assert.equal(task.priority, 'urgent');
			assert.equal(task.for.reference, 'Patient/adult');
			assert.equal(task.focus.reference, r.body.observation);
			assert.equal(task.reasonReference.reference, r.body.response);
			assert.equal(task.performerType[0].coding[0].code, 'mh-practitioner');
			assert.equal(task.code.coding[1].code, 'safety-same-day');
			const day = (d) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', dateStyle: 'short' }).format(d);
			assert.equal(day(new Date(Date.parse(task.restriction.period.end) - 1)), day(new Date(task.authoredOn)));
			// Also when the rest was left out: partial, and the task all the same.
			const alone = await p.send('adult', 'phq-9', [item('q9', code('phq-9-q9', '2'))]);
			assert.equal(alone.body.score.complete, false);
			assert.equal(alone.body.tasks.length, 1);
		});

		test('what cannot be so is refused with its place, and nothing is written', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const impossible = await p.send('adult', 'news2', [group('oxygen-group', whole('spo2', 101))]);
			assert.equal(impossible.status, 422);
			assert.match(finds(impossible, 'spo2'), /impossible/);
			const odd = await p.send('adult', 'news2', [group('circulation-group', whole('pulse', 260))]);
			assert.match(finds(odd, 'pulse'), /extreme/);
			const hidden = await p.send('adult', 'news2', [group('oxygen-group', item('scale-by', { valueString: 'x' }))]);
			assert.match(finds(hidden, 'scale-by'), /not asked/);
			const unnamed = await p.send('adult', 'news2', [group('oxygen-group', item('scale', code('news2-scale', '2')))]);
			assert.match(finds(unnamed, 'scale-by'), /needed/);
			const unknown = await p.send('adult', 'news2', [item('surprise', { valueString: 'Testadult' })]);
			assert.equal(unknown.status, 422);
			assert.doesNotMatch(JSON.stringify(unknown.body), /surprise|Testadult/);
			const reckoned = await p.send('adult', 'must', [group('measures',
				item('weight', { valueQuantity: { value: 48.5, code: 'kg' } }), item('height', { valueQuantity: { value: 165, code: 'cm' } }), item('index', { valueDecimal: 21 }))]);
			assert.match(finds(reckoned, 'index'), /not what the other answers give/);
			assert.equal((await p.send('child', 'news2', news2)).status, 422); // from 16 on
			assert.equal((await p.send('adult', 'news2', [])).status, 422);
			assert.equal((await p.send('adult', 'news2', news2, { version: '0.9.0' })).status, 412);
			assert.equal((await p.send('adult', 'news2', news2, { at: new Date(Date.now() + 864e5).toISOString() })).status, 422);
			assert.equal((await p.send('adult', 'news2', news2, { at: 'yesterday' })).status, 400);
			assert.equal((await p.send('adult', 'news2', news2, { extra: 1 })).status, 400);
			assert.equal((await p.send('nobody', 'news2', news2)).status, 404);
			assert.equal((await p.send('adult', 'nothing', news2)).status, 404);
			assert.deepEqual(await p.all('QuestionnaireResponse'), []);
			assert.deepEqual(await p.all('Observation'), []);
			// Looked at again and confirmed, it is taken.
			assert.equal((await p.send('adult', 'news2', [group('circulation-group', whole('pulse', 260))], { confirmed: ['pulse'] })).status, 201);
		});

		test('a score over time, the two scales of Barthel never mixed', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const barthel = (scale, n) => ['bowels', 'bladder', 'grooming', 'toilet', 'feeding', 'transfer', 'mobility', 'dressing', 'stairs', 'bathing']
				.map((id) => item(id, code(`barthel-${scale}-${id}`, String(n))));
			const ago = (hours) => ({ at: new Date(Date.now() - hours * 3600e3).toISOString() });
			assert.equal((await p.send('adult', 'barthel-20', barthel(20, 1), ago(2))).status, 201);
			assert.equal((await p.send('adult', 'barthel-20', barthel(20, 0), ago(1))).status, 201);
			assert.equal((await p.send('adult', 'barthel-100', barthel(100, 5))).status, 201);
			const of = async (id) => (await p.get(`/api/people/adult/scores/${id}`)).body;
			assert.deepEqual((await of('barthel-20')).values.map((v) => v.total), [0, 10]);
			assert.deepEqual((await of('barthel-100')).values.map((v) => v.total), [50]);
			assert.equal((await of('barthel-20')).score.max, 20);
			assert.equal((await p.get('/api/people/adult/scores/barthel')).status, 404);
			assert.equal((await p.get('/api/people/nobody/scores/news2')).status, 404);
			// NEWS2 that others sent under SNOMED CT stands beside ours.
			await fetch(`${p.server.url}/fhir/Observation`, {
				method: 'POST', headers: { 'Content-Type': 'application/fhir+json' }, body: JSON.stringify({
					resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/adult' }, effectiveDateTime: '2026-01-02T10:00:00Z',
					code: { coding: [{ system: 'http://snomed.info/sct', code: '1104051000000101' }] }, valueInteger: 3,
				}),
			});
			assert.equal((await p.send('adult', 'news2', news2)).status, 201);
			assert.deepEqual((await of('news2')).values.map((v) => v.total), [6, 3]);
		});

		test('the other forms are recorded as well, without a score', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			const words = (s) => ({ valueString: s });
			const r = await p.send('adult', 'contingency', [
				group('trigger', item('sign', words('more breathless than usual')), item('do', words('rescue pack')), item('call', words('the hub'))),
				group('trigger', item('sign', words('a fall')), item('do', words('ring')), item('call', words('the hub'))),
				item('agreed', words('her daughter')), item('agreed-on', { valueDate: '2026-02-03' }),
			]);
			assert.equal(r.status, 201, JSON.stringify(r.body));
			assert.equal(r.body.observation, undefined);
			const without = await p.send('adult', 'contingency', [group('trigger', item('sign', words('a fall')))]);
			assert.match(finds(without, 'trigger[0]/do'), /needed/);
			// PEWS has no tables here: it is kept, and says so instead of a number.
			assert.equal((await p.send('child', 'pews', [whole('respiration', 30)])).status, 201);
			const seen = (await p.all('Observation')).find((o) => o.code.text.includes('PEWS'));
			assert.equal(seen.dataAbsentReason.coding[0].code, 'unsupported');
		});

		test('drafts are kept, listed, read and thrown away; bounded', async (t) => {
			const p = await place(engine, t);
			if (!p) return;
			assert.deepEqual((await p.get('/api/drafts')).body.drafts, []);
			const kept = { item: news2, seen: 'à la carte' };
			assert.equal((await p.ask('PUT', '/api/drafts/form.adult.news2', kept)).status, 200);
			assert.deepEqual((await p.get('/api/drafts/form.adult.news2')).body.body, kept);
			assert.equal((await p.ask('PUT', '/api/drafts/form.adult.news2', { item: [] })).status, 200);
			assert.deepEqual((await p.get('/api/drafts/form.adult.news2')).body.body, { item: [] });
			assert.deepEqual((await p.get('/api/drafts')).body.drafts.map((d) => d.key), ['form.adult.news2']);
			assert.equal((await p.ask('PUT', '/api/drafts/a%20b', kept)).status, 400);
			assert.equal((await p.ask('PUT', '/api/drafts/big', { text: 'x'.repeat(70000) })).status, 413);
			assert.equal((await p.ask('PUT', '/api/drafts/list', [])).status, 400);
			for (let i = 1; i < 50; i++) assert.equal((await p.ask('PUT', `/api/drafts/d${i}`, kept)).status, 200);
			const most = await p.ask('PUT', '/api/drafts/d50', kept);
			assert.equal(most.status, 422);
			assert.match(most.body.error.text, /50 drafts/);
			assert.equal((await p.ask('PUT', '/api/drafts/d49', kept)).status, 200);
			assert.equal((await p.ask('DELETE', '/api/drafts/form.adult.news2')).status, 200);
			assert.equal((await p.ask('DELETE', '/api/drafts/form.adult.news2')).status, 200);
			assert.equal((await p.get('/api/drafts/form.adult.news2')).status, 404);
		});
	});

// Every file under a folder.
const files = (dir) => readdirSync(dir).flatMap((name) => {
	const path = join(dir, name);
	return statSync(path).isDirectory() ? files(path) : [path];
});

test('a draft is its user\'s alone, and stands nowhere in the clear', async (t) => {
	let server;
	t.after(() => server?.stop('SIGKILL'));
	const data = newStore(t), where = ['--data', data];
	server = await serve(data, [], { open: false });
	const one = await enrol(server.url, addUser(where, 'one', { role: 'R8001', org: 'RZ2' }));
	const two = await enrol(server.url, addUser(where, 'two', { role: 'R8001', org: 'RZ2' }));
	const secret = 'Zzyzx-what-she-told-me';
	assert.equal((await one.ask('PUT', '/api/drafts/form.p1.about-me', { words: secret })).status, 200);
	assert.equal((await one.get('/api/drafts/form.p1.about-me')).body.body.words, secret);
	assert.equal((await two.get('/api/drafts/form.p1.about-me')).status, 404);
	assert.deepEqual((await two.get('/api/drafts')).body.drafts, []);
	assert.equal((await two.ask('DELETE', '/api/drafts/form.p1.about-me')).status, 200);
	assert.equal((await one.get('/api/drafts/form.p1.about-me')).status, 200);
	// Without a session nobody has drafts.
	assert.equal((await fetch(`${server.url}/api/drafts`)).status, 401);
	const log = server.log();
	await server.stop();
	server = null;
	assert.doesNotMatch(log, /Zzyzx/);
	for (const file of files(data)) assert.equal(readFileSync(file).includes('Zzyzx'), false, file);
});

// People on pathways by HTTP: walked as the definitions say, by the users of the
// demonstration; what is refused and how; what the record holds; two at once; a restart
// that slept through a limit; versions.  Both engines.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { join } from 'node:path';
import { at, engines, folder, hf, hfOk, patient, serve, storeOf, write } from '../support/e2e.mjs';
import { demoUser } from '../support/people.mjs';

const call = async (url, path, body) => {
	const r = await fetch(url + path, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
	return { status: r.status, body: await r.json() };
};
const ok = async (...args) => {
	const r = await call(...args);
	assert.equal(r.status, 200, `${args[1]}: ${JSON.stringify(r.body)}`);
	return r.body;
};
const frail = { pathway: 'frailty', facts: { cfs: 6, declinedPathway: false } };

// A place's own pathway with a clock of seconds.
const quick = (version, state, limit) => ({
	id: 'quick', version, title: 'Quick', status: 'draft', roles: ['named-gp'],
	states: [{ id: 'new', kind: 'start', title: 'New' }, { id: state, kind: 'normal', title: 'Going on' }, { id: 'x', kind: 'end', title: 'Over', exit: 'over' }],
	events: { go: 'Go', stop: 'Stop' },
	steps: [{ id: 's1', in: 'new', on: 'go', by: 'named-gp', do: ['call:family'], to: state }, { id: 's2', in: ['new', state], on: 'stop', by: 'named-gp', to: 'x' }],
	clocks: [{ id: 'k', title: 'Soon', start: 'go', stop: ['stop'], limit, calendar: 'elapsed', onBreach: ['alert:named-gp'] }],
});

// One way through each of the six, with a guard that refuses and then lets by.
const walks = [
	['frailty', { cfs: 6, declinedPathway: false }, [['start'], ['agreed'], ['cga-signed'], ['plan-agreed'], ['mdt-decided'], ['crisis-call'], ['contact-started'], ['settled-at-home'], ['died']], 'x-died'],
	['end-of-life', { surprise: false, consent: true }, [['offer'], ['agree', { stage: null }, false], ['agree', { stage: 'C', medicinesHome: false }], ['medicines-home', { medicinesHome: true }], ['died', {}, false], ['died', { expected: true, place: 'home' }], ['verified'], ['certified'], ['close']], 'x-closed'],
	['urgent-community-response', { condition: 'fall', atHome: true, lifeThreatening: false, mentalHealthOnly: false, news2: 2 }, [['set-off'], ['contact'], ['observe', { news2: 5 }], ['home', {}, false], ['home', { summary: true }]], 'x-home'],
	['cyp-short-stay', { problem: 'fever', redFlag: false, spo2: 97, under3mFever: false, apnoea: false, pews: 1 }, [['visit-asked'], ['seen', {}, false], ['seen', { safetyNet: true }], ['called-24h', {}, false], ['called-24h', { carerConcern: false }]], 'x-home', 6],
	['mental-health-crisis', { priority: '2' }, [['triage'], ['see'], ['assessed', {}, false], ['assessed', { formulation: true }], ['discharge', {}, false], ['discharge', { safetyPlan: true }], ['follow-up-done']], 'x-home', 30],
	['long-term-conditions', { conditions: 2 }, [['invite'], ['attend'], ['reviewed', { goals: true }, false], ['reviewed', { goals: true, actionPlan: true, rescueMedicines: true }], ['to-frailty', {}, false], ['to-frailty', { cfs: 6 }, false], ['moved']], 'x-moved', 60],
];

const person = (n, years) => ({ ...patient(n), birthDate: `${new Date().getFullYear() - years}-01-01` });
const put = async (url, p) => {
	const r = await fetch(`${url}/fhir/Patient/${p.id}`, { method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify(p) });
	assert.ok(r.ok, await r.text());
	return p.id;
};

for (const engine of engines)
	describe(`pathways on ${engine}`, () => {
		const start = async (t, options = [], { open = true } = {}) => {
			const store = storeOf(engine, t);
			if (!store) return null;
			hfOk(['generate', ...at(store), '--people', '400', '--full', '20', '--seed', '3', '--date', '2026-06-01']);
			const data = engine === 'PostgreSQL' ? ['--data', folder(t)] : [];
			const run = (more = options) => serve(store, [...more, ...data], { open });
			return { store, run };
		};

		test('each of the six is walked: guards both ways, the record, the end', { timeout: 180000 }, async (t) => {
			const s = await start(t);
			if (!s) return;
			const server = await s.run();
			t.after(() => server.stop());
			let n = 700;
			for (const [pathway, facts, steps, end, age = 80] of walks) {
				const id = await put(server.url, person(n++, age));
				const path = `/api/people/${id}/pathways`;
				const begun = await call(server.url, path, { pathway, facts, note: 'a reason' });
				assert.equal(begun.status, 200, `${pathway}: ${JSON.stringify(begun.body)}`);
				const one = `/api/instances/${begun.body.instance.id}`;
				assert.equal((await call(server.url, path, { pathway, facts })).status, 422);
				for (const [event, said = {}, may = true] of steps) {
					const r = await call(server.url, `${one}/moves`, { event, facts: said });
					assert.equal(r.status, may ? 200 : 422, `${pathway} ${event}: ${JSON.stringify(r.body)}`);
				}
				const seen = await ok(server.url, one);
				assert.equal(seen.instance.state, end);
				assert.equal(seen.moves.length, 0);
				assert.ok(seen.story.every((e) => e.at && e.by.name));
				for (const task of seen.instance.tasks) await ok(server.url, `${one}/done`, { task: task.key, note: 'done' });
				const task = await ok(server.url, `/fhir/Task/${begun.body.instance.id}`);
				assert.equal(task.status, 'completed');
				assert.match(task.instantiatesCanonical, new RegExp(`PlanDefinition/${pathway}\\|1`));
				assert.equal((await ok(server.url, `/fhir/${task.focus.reference}`)).status, 'finished');
				assert.ok(task.owner.reference);
				const why = await ok(server.url, `/fhir/Provenance?target=Task/${task.id}`);
				assert.ok(why.entry.length >= steps.filter(([, , may = true]) => may).length, `${pathway}: who and when of each step`);
				// By FHIR nobody makes up what happened.
				const r = await fetch(`${server.url}/fhir/Task/${task.id}`, { method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify({ ...task, status: 'cancelled' }) });
				assert.equal(r.status, 422);
			}
		});

		test('a fact of the record decides, and one that is not there is said so', { timeout: 120000 }, async (t) => {
			const s = await start(t);
			if (!s) return;
			const server = await s.run();
			t.after(() => server.stop());
			const id = await put(server.url, person(720, 80));
			const cfs = async () => (await ok(server.url, `/api/people/${id}/pathways`)).start.find((p) => p.id === 'frailty').needs.find((f) => f.fact === 'cfs');
			assert.equal((await cfs()).why, 'the record does not say it');
			await ok(server.url, `/api/people/${id}/pathways`, { pathway: 'frailty', facts: { eventReason: 'fall', cfs: 5, declinedPathway: false } });
			const [running] = (await ok(server.url, `/api/people/${id}/pathways`)).running;
			const one = `/api/instances/${running.id}`;
			for (const event of ['start', 'agreed']) await ok(server.url, `${one}/moves`, { event });
			// The form of the task is told to the pathway, and its score is the guard's fact.
			const made = await call(server.url, `/api/people/${id}/forms/cfs`, { item: [{ linkId: 'cfs', answer: [{ valueCoding: { system: 'https://homefirst.example/CodeSystem/cfs-cfs', code: '7' } }] }] });
			assert.equal(made.status, 201, JSON.stringify(made.body));
			assert.equal(made.body.pathways, 1);
			const seen = await ok(server.url, one);
			assert.ok(seen.instance.tasks.find((k) => k.key === 'work:cga').forms.find((f) => f.id === 'cfs').filled);
			assert.equal((await cfs()).value, 7);
			await ok(server.url, `${one}/moves`, { event: 'cga-signed' });
			await ok(server.url, `${one}/moves`, { event: 'plan-agreed' });
			assert.equal((await ok(server.url, one)).instance.state, 'mdt');
		});

		test('of two who move it at once one wins and the other is told', { timeout: 120000 }, async (t) => {
			const s = await start(t);
			if (!s) return;
			const server = await s.run();
			t.after(() => server.stop());
			const id = await put(server.url, person(730, 80));
			const both = await Promise.all([0, 1].map(() => call(server.url, `/api/people/${id}/pathways`, frail)));
			assert.deepEqual(both.map((r) => r.status).sort().map((x) => x === 200), [true, false], JSON.stringify(both));
			const { instance } = both.find((r) => r.status === 200).body;
			const moves = await Promise.all([0, 1, 2].map(() => call(server.url, `/api/instances/${instance.id}/moves`, { event: 'start', version: instance.version })));
			assert.equal(moves.filter((r) => r.status === 200).length, 1);
			for (const r of moves.filter((m) => m.status !== 200)) {
				assert.equal(r.status, 409);
				assert.equal(r.body.error.code, 'moved');
			}
			assert.equal((await ok(server.url, `/api/instances/${instance.id}`)).story.length, 2);
		});

		test('a limit that passed while the server slept fires once; versions are kept and taken over', { timeout: 180000 }, async (t) => {
			const dir = folder(t);
			write(dir, 'a.json', quick('1.0.0', 'going', 'PT2S'));
			const s = await start(t, ['--pathways', dir]);
			if (!s) return;
			let server = await s.run();
			const id = await put(server.url, person(740, 40));
			const { instance } = await ok(server.url, `/api/people/${id}/pathways`, { pathway: 'quick' });
			const one = `/api/instances/${instance.id}`;
			await ok(server.url, `${one}/moves`, { event: 'go' });
			await server.stop();
			const due = Date.now() + 2500;
			while (Date.now() < due) await new Promise((done) => setTimeout(done, 100));
			server = await s.run();
			let seen;
			for (let i = 0; i < 100; i++) {
				seen = await ok(server.url, one);
				if (seen.instance.clocks[0].breached) break;
				await new Promise((done) => setTimeout(done, 50));
			}
			assert.ok(seen.instance.clocks[0].breached);
			await server.stop();
			server = await s.run();
			seen = await ok(server.url, one);
			assert.equal(seen.story.filter((e) => e.event === '@time').length, 1);
			await server.stop();

			// An edit that strands: refused, with how many and no names.
			write(dir, 'a.json', quick('1.1.0', 'under-way', 'PT2S'));
			await assert.rejects(s.run(), /quick 1\.0\.0|exit|ended/i);
			const b = folder(t);
			write(b, 'a.json', quick('1.0.0', 'going', 'PT2S'));
			const to = ['--to', join(dir, 'a.json'), '--pathways', b];
			const check = hf(['pathway', 'migrate', ...at(s.store), ...to, '--check']);
			assert.equal(check.status, 1, check.out + check.err);
			assert.match(check.out, /quick 1\.0\.0, going: 1, stranded/);
			const rules = write(dir, 'rules.txt', { from: '1.0.0', to: '1.1.0', states: { going: 'under-way' } });
			const taken = hfOk(['pathway', 'migrate', ...at(s.store), ...to, '--rules', rules ?? join(dir, 'rules.txt')]);
			assert.match(taken.out, /going: 1, 1 taken over/);
			server = await s.run();
			t.after(() => server.stop());
			seen = await ok(server.url, one);
			assert.equal(seen.instance.pathway.version, '1.1.0');
			assert.equal(seen.instance.state, 'under-way');
			await ok(server.url, `${one}/moves`, { event: 'stop' });
		});

		test('who may: by role and by who sees the person; drafts begin on trial alone', { timeout: 180000 }, async (t) => {
			const s = await start(t, ['--demonstration'], { open: false });
			if (!s) return;
			hfOk(['user', 'demo', ...at(s.store)]);
			hfOk(['agreement', 'add', ...at(s.store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'DSA-TEST', '--dpia', 'DPIA-TEST']);
			const server = await s.run();
			t.after(() => server.stop());
			const as = {};
			for (const login of ['gp', 'receptionist', 'nurse', 'lay']) as[login] = await demoUser(server.url, login);
			const people = (await as.gp.get('/api/people?q=a')).body;
			const list = people.people ?? people.items ?? people.results ?? [];
			let made;
			for (const p of list) {
				const r = await as.gp.post(`/api/people/${p.id}/pathways`, { pathway: 'end-of-life', facts: { surprise: false, consent: true } });
				if (r.status === 200) { made = { ...r.body.instance, of: p.id }; break; }
			}
			assert.ok(made, JSON.stringify(list).slice(0, 400));
			// Default deny: a role that the definition has not, and who sees nobody.
			const no = await as.receptionist.post(`/api/people/${made.of}/pathways`, { pathway: 'frailty' });
			assert.ok([403, 404].includes(no.status), JSON.stringify(no.body));
			assert.ok([403, 404].includes((await as.lay.get(`/api/instances/${made.id}`)).status));
			assert.ok([403, 404].includes((await as.receptionist.post(`/api/instances/${made.id}/moves`, { event: 'offer' })).status));
			const moved = await as.gp.post(`/api/instances/${made.id}/moves`, { event: 'offer' });
			assert.equal(moved.status, 200, JSON.stringify(moved.body));
			assert.equal(moved.body.instance.state, 'conversation');
			const last = (await as.gp.get(`/api/instances/${made.id}`)).body.story.at(-1);
			assert.equal(last.by.role, 'named-gp');
		});
	});

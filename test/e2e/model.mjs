// Random clients at once against a model of what must be true.
//
// Each client owns the people it makes and checks after every change that the record
// says what the model says; some resources are fought over by all.  At the end the
// history of the whole store must be the log of what was acknowledged, no more and no
// less.  HF_SEED repeats a run's choices, HF_MODEL_STEPS sets how many each client makes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hf, serve } from '../support/e2e.mjs';
import { onEachEngine } from '../support/fhir.mjs';

const seed = Number(process.env.HF_SEED ?? Date.now() % 1000000);
const CLIENTS = 6;
const STEPS = Number(process.env.HF_MODEL_STEPS ?? 60);
const ID = 'http://example.org/marks';
const CODES = ['8867-4', '29463-7', '8480-6'];

// mulberry32: a small generator, so that a run can be repeated.
function generator(state) {
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	return { upTo: (n) => Math.floor(next() * n), chance: (p) => next() < p, of: (list) => list[Math.floor(next() * list.length)] };
}

const markOf = (r) => r.identifier.find((i) => i.system === ID).value;
const ref = (t) => `${t.type}/${t.id}`;
const dayOf = (r) => r.effectiveDateTime.slice(0, 10);
const versionOf = (etag) => Number(/^W\/"(\d+)"$/.exec(etag)[1]);

// One resource as the model knows it: versions[i] is version i + 1, null for a deletion.
class Thing {
	constructor(type, id) {
		this.type = type;
		this.id = id;
		this.versions = [];
	}

	get now() { return this.versions.at(-1) ?? null; }
	get version() { return this.versions.length; }
}

class Client {
	constructor(server, log, number) {
		this.s = server;
		this.log = log;
		this.number = number;
		this.any = generator(seed * 31 + number);
		this.marks = 0;
		this.things = [];
		this.story = []; // what it did, for whoever reads a failure
	}

	people() { return this.things.filter((t) => t.type === 'Patient' && t.now); }
	readings(filter = () => true) { return this.things.filter((t) => t.type === 'Observation' && t.now && filter(t.now)); }
	mark() { return `c${this.number}-${this.marks++}`; }

	person(id) {
		return {
			resourceType: 'Patient', ...(id && { id }), identifier: [{ system: ID, value: this.mark() }],
			name: [{ family: `Model${this.number}`, given: [this.any.of(['Ann', 'Bob', 'Zoë'])] }],
			gender: this.any.of(['female', 'male']), birthDate: `19${50 + this.any.upTo(40)}-02-03`,
		};
	}

	reading(subject, id) {
		return {
			resourceType: 'Observation', ...(id && { id }), identifier: [{ system: ID, value: this.mark() }], status: 'final',
			code: { coding: [{ system: 'http://loinc.org', code: this.any.of(CODES) }] }, subject: { reference: subject },
			effectiveDateTime: `2024-03-${10 + this.any.upTo(20)}T10:00:00Z`,
			valueQuantity: { value: this.any.upTo(1000) / 10 },
		};
	}

	// A write that was acknowledged: the model and the log take it.
	acknowledged(thing, version, body) {
		if (!this.things.includes(thing)) this.things.push(thing);
		assert.equal(version, thing.version + 1, `${ref(thing)} got version ${version} after ${thing.version}`);
		thing.versions.push(body);
		this.log.push({ key: ref(thing), version, mark: body && markOf(body) });
	}

	// ---- changes ----

	async create() {
		const people = this.people();
		const body = people.length && this.any.chance(0.7) ? this.reading(ref(this.any.of(people))) : this.person();
		const r = await this.s.post(body.resourceType, body);
		assert.equal(r.status, 201, r.text);
		const thing = new Thing(body.resourceType, r.body.id);
		this.acknowledged(thing, versionOf(r.headers.get('etag')), body);
		await this.agrees(thing);
	}

	// A PUT to an id of its own: makes, changes or brings back; may move to another person.
	async put() {
		const own = this.any.chance(0.7) && this.things.length ? this.any.of(this.things) : null;
		const people = this.people();
		const type = own?.type ?? (people.length && this.any.chance(0.6) ? 'Observation' : 'Patient');
		if (type === 'Observation' && !people.length) return;
		const thing = own ?? new Thing(type, `c${this.number}.${this.marks}`);
		const body = type === 'Patient' ? this.person(thing.id) : this.reading(ref(this.any.of(people)), thing.id);
		const match = own?.now && this.any.chance(0.5);
		const right = !match || this.any.chance(0.6);
		const asked = right ? thing.version : thing.version + this.any.of([-1, 1]);
		const r = await this.s.put(ref(thing), body, match ? { 'if-match': `W/"${asked || 99}"` } : {});
		if (!right) {
			assert.equal(r.status, 412, r.text);
		} else {
			assert.equal(r.status, thing.now ? 200 : 201, r.text);
			this.acknowledged(thing, versionOf(r.headers.get('etag')), body);
		}
		await this.agrees(thing);
	}

	// Deletes a reading, or a person of whom nothing speaks.
	async remove() {
		const free = this.people().filter((p) => !this.readings((o) => o.subject.reference === ref(p)).length);
		const list = this.any.chance(0.8) ? this.readings() : free;
		if (!list.length) return;
		const thing = this.any.of(list);
		const right = this.any.chance(0.7);
		const r = await this.s.delete(ref(thing), right ? {} : { 'if-match': `W/"${thing.version + 1}"` });
		assert.equal(r.status, right ? 204 : 412, r.text);
		if (right) this.acknowledged(thing, thing.version + 1, null);
		await this.agrees(thing);
	}

	// Several entries, as a transaction or a batch; some carry a version that is wrong.
	async bundle() {
		const transaction = this.any.chance(0.7);
		const left = [...this.things], plan = [], entry = [];
		const take = () => left.splice(this.any.upTo(left.length), 1)[0];
		const people = this.people().filter((p) => this.any.chance(0.7) && left.splice(left.indexOf(p), 1));
		for (let i = 0, n = 1 + this.any.upTo(6); i < n; i++) {
			const kind = this.any.upTo(4);
			if (kind === 0 || !left.length || !people.length) {
				const body = this.person();
				const full = `urn:uuid:${markOf(body)}`;
				entry.push({ fullUrl: full, resource: body, request: { method: 'POST', url: 'Patient' } });
				plan.push({ type: 'Patient', body, status: 201, full });
				if (!transaction) continue;
				const about = this.reading(full);
				entry.push({ fullUrl: `urn:uuid:${markOf(about)}`, resource: about, request: { method: 'POST', url: 'Observation' } });
				plan.push({ type: 'Observation', body: about, status: 201, about: full });
			} else if (kind === 1) {
				const body = this.reading(ref(this.any.of(people)));
				entry.push({ resource: body, request: { method: 'POST', url: 'Observation' } });
				plan.push({ type: 'Observation', body, status: 201 });
			} else {
				const thing = take();
				const right = this.any.chance(0.85);
				const tag = { ifMatch: `W/"${thing.version + (right ? 0 : 1)}"` };
				const match = thing.now ? (right && this.any.chance(0.5) ? {} : tag) : {};
				const wrong = !right && thing.now;
				if (kind === 2 && thing.type === 'Observation' && thing.now) {
					entry.push({ request: { method: 'DELETE', url: ref(thing), ...match } });
					plan.push({ thing, body: null, status: wrong ? 412 : 204 });
				} else {
					const body = thing.type === 'Patient' ? this.person(thing.id) : this.reading(ref(this.any.of(people)), thing.id);
					entry.push({ resource: body, request: { method: 'PUT', url: ref(thing), ...match } });
					plan.push({ thing, body, status: wrong ? 412 : thing.now ? 200 : 201 });
				}
			}
		}
		const whole = plan.every((p) => p.status < 400);
		const r = await this.s.post('', { resourceType: 'Bundle', type: transaction ? 'transaction' : 'batch', entry });
		if (transaction && !whole) {
			assert.equal(r.status, 412, r.text);
			for (const p of plan) {
				if (p.thing) await this.agrees(p.thing);
				else await this.isNowhere(p.type, markOf(p.body));
			}
			return;
		}
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.entry.length, plan.length);
		const ids = new Map();
		plan.forEach((p, i) => {
			const { response } = r.body.entry[i];
			assert.equal(Number(response.status.slice(0, 3)), p.status, `entry ${i}: ${JSON.stringify(response)}`);
			if (p.full) ids.set(p.full, `Patient/${response.location.split('/').at(-3)}`);
		});
		for (const [i, p] of plan.entries()) {
			if (p.status >= 400) continue;
			const { response } = r.body.entry[i];
			if (p.about) p.body.subject.reference = ids.get(p.about);
			p.thing ??= new Thing(p.type, response.location.split('/').at(-3));
			this.acknowledged(p.thing, p.body ? versionOf(response.etag) : p.thing.version + 1, p.body);
		}
		for (const p of plan) await this.agrees(p.thing);
	}

	// ---- what must be true ----

	async isNowhere(type, mark) {
		const r = await this.s.get(`${type}?identifier=${ID}|${mark}`);
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.entry, undefined, `${mark} was never written, is deleted or replaced, and is found`);
	}

	// Reading, searching by identifier and searching by patient say what the model says.
	async agrees(thing) {
		const r = await this.s.get(ref(thing));
		const before = thing.versions.at(-2);
		if (before) await this.isNowhere(thing.type, markOf(before));
		if (!thing.now) {
			assert.equal(r.status, thing.version ? 410 : 404, r.text);
			return;
		}
		assert.equal(r.status, 200, r.text);
		assert.equal(r.body.meta.versionId, String(thing.version));
		const { meta, ...plain } = r.body;
		assert.deepEqual(plain, { ...thing.now, id: thing.id });
		const found = await this.s.get(`${thing.type}?identifier=${ID}|${markOf(thing.now)}`);
		assert.deepEqual(found.body.entry?.map(({ resource: e }) => `${e.resourceType}/${e.id}/${e.meta.versionId}`),
			[`${ref(thing)}/${thing.version}`], `search of ${ref(thing)} by identifier`);
		if (thing.type === 'Observation') await this.recordOf(thing.now.subject.reference, thing.now.code.coding[0].code);
	}

	// A search within a person gives theirs, all of it, and nothing else.
	async recordOf(patient, code) {
		const day = `2024-03-${10 + this.any.upTo(20)}`;
		const want = this.readings((o) => o.subject.reference === patient && (!code || o.code.coding[0].code === code) && dayOf(o) >= day);
		const query = `Observation?patient=${patient}&date=ge${day}${code ? `&code=http://loinc.org|${code}` : ''}&_sort=-date`;
		const got = await this.pages(`${query}&_count=${1 + this.any.upTo(6)}`);
		assert.deepEqual(got.map(markOf).sort(), want.map((t) => markOf(t.now)).sort(), query);
		const days = got.map(dayOf);
		assert.deepEqual(days, [...days].sort().reverse(), 'newest first');
		const n = await this.s.get(`${query}&_summary=count`);
		assert.equal(n.body.total, want.length, `${query}&_summary=count`);
	}

	async pages(first) {
		const all = [];
		for (let next = first; next;) {
			const r = await this.s.get(next);
			assert.equal(r.status, 200, `${next}: ${r.text}`);
			all.push(...(r.body.entry ?? []).filter((e) => e.search?.mode !== 'outcome' && e.search?.mode !== 'include').map((e) => e.resource));
			next = r.body.link.find((l) => l.relation === 'next')?.url;
		}
		return all;
	}

	async search() {
		const people = this.people();
		if (!people.length) return;
		const p = this.any.of(people);
		await this.recordOf(ref(p), this.any.chance(0.5) ? this.any.of(CODES) : null);
		const want = [p, ...this.readings((o) => o.subject.reference === ref(p))].map((t) => markOf(t.now)).sort();
		const r = await this.s.get(`Patient?_id=${p.id}&_revinclude=Observation:patient`);
		assert.deepEqual((r.body.entry ?? []).map((e) => markOf(e.resource)).sort(), want, `_revinclude of ${ref(p)}`);
		const all = await this.s.get(`Patient/${p.id}/$everything`);
		assert.deepEqual(all.body.entry.map((e) => markOf(e.resource)).sort(), want, `$everything of ${ref(p)}`);
		const batch = await this.s.post('', {
			resourceType: 'Bundle', type: 'batch',
			entry: [{ request: { method: 'GET', url: `Observation?patient=${p.id}&_count=1000` } }, { request: { method: 'GET', url: ref(p) } }],
		});
		assert.deepEqual((batch.body.entry[0].resource.entry ?? []).map((e) => markOf(e.resource)).sort(), want.filter((m) => m !== markOf(p.now)));
		assert.equal(markOf(batch.body.entry[1].resource), markOf(p.now));
	}

	// The family is this client's alone, so its people must be all of the answer.
	async acrossPeople() {
		const want = this.people().map((t) => markOf(t.now)).sort();
		const got = await this.pages(`Patient?family=model${this.number}&_count=${2 + this.any.upTo(9)}`);
		assert.deepEqual(got.map(markOf).sort(), want, 'people by family name');
	}

	// Pages over everybody's readings while everybody writes: nothing twice, nothing of
	// this client's missed (it writes nothing meanwhile), nothing deleted shown.
	async everybody() {
		const code = this.any.of(CODES);
		const got = await this.pages(`Observation?code=${code}&_count=${5 + this.any.upTo(20)}`);
		assert.equal(new Set(got.map((r) => r.id)).size, got.length, 'a page repeats a resource');
		assert.ok(got.every((r) => r.code.coding[0].code === code), 'a search shows what it was not asked for');
		const own = got.map(markOf).filter((m) => m.startsWith(`c${this.number}-`)).sort();
		assert.deepEqual(own, this.readings((o) => o.code.coding[0].code === code).map((t) => markOf(t.now)).sort(), `Observation?code=${code}`);
	}

	async history() {
		if (!this.things.length) return;
		const thing = this.any.of(this.things);
		const seen = [];
		for (let next = `${ref(thing)}/_history?_count=${1 + this.any.upTo(4)}`; next;) {
			const r = await this.s.get(next);
			assert.equal(r.status, 200, r.text);
			if (r.body.total !== undefined) assert.equal(r.body.total, thing.version);
			seen.push(...r.body.entry.map((e) => [versionOf(e.response.etag), e.resource ? markOf(e.resource) : null]));
			next = r.body.link.find((l) => l.relation === 'next')?.url;
		}
		assert.deepEqual(seen, thing.versions.map((b, i) => [i + 1, b && markOf(b)]).reverse(), `history of ${ref(thing)}`);
		const n = 1 + this.any.upTo(thing.version);
		const one = await this.s.get(`${ref(thing)}/_history/${n}`);
		const was = thing.versions[n - 1];
		assert.equal(one.status, was ? 200 : 410, one.text);
		if (was) assert.equal(markOf(one.body), markOf(was));
	}

	// ---- what all fight over ----

	// All clients ask for one of a few people at the same moment; one makes it.
	async race(round, made) {
		const value = `race-${round}`;
		const body = { ...this.person(), identifier: [{ system: 'http://example.org/races', value }, { system: ID, value: this.mark() }] };
		const where = `identifier=http://example.org/races|${value}`;
		const r = await this.s.post('Patient', body, { 'if-none-exist': where });
		assert.ok([200, 201].includes(r.status), r.text);
		if (r.status === 201) {
			made.push(r.body.id);
			this.log.push({ key: `Patient/${r.body.id}`, version: 1, mark: markOf(body) });
		}
		return r.body.id;
	}

	// Reads the shared resource and writes over exactly that version, or is told.
	async contend(id) {
		const was = await this.s.get(`Basic/${id}`);
		assert.equal(was.status, 200, was.text);
		const body = { resourceType: 'Basic', id, identifier: [{ system: ID, value: this.mark() }], code: { text: 'shared' } };
		const r = await this.s.put(`Basic/${id}`, body, { 'if-match': was.headers.get('etag') });
		assert.ok([200, 412].includes(r.status), r.text);
		if (r.status !== 200) return;
		const version = versionOf(r.headers.get('etag'));
		assert.equal(version, versionOf(was.headers.get('etag')) + 1, 'a version came between');
		this.log.push({ key: `Basic/${id}`, version, mark: markOf(body) });
	}

	async step(shared) {
		const todo = this.any.of(['create', 'create', 'create', 'put', 'put', 'put', 'remove', 'bundle', 'bundle',
			'search', 'acrossPeople', 'everybody', 'history', 'contend']);
		this.story.push(todo);
		await this[todo](this.any.of(shared));
	}
}

// The history of the store, oldest first: [key, version, mark].
async function wholeHistory(s) {
	const all = [];
	let last = Infinity;
	for (let next = '_history?_count=100'; next;) {
		const r = await s.get(next);
		assert.equal(r.status, 200, r.text);
		for (const e of r.body.entry ?? []) {
			const key = e.fullUrl.split('/').slice(-2).join('/');
			const at = Date.parse(e.response.lastModified);
			assert.ok(at <= last, 'the history is newest first');
			last = at;
			all.push(`${key}/${versionOf(e.response.etag)} ${e.resource ? markOf(e.resource) : 'deleted'}`);
		}
		next = r.body.link.find((l) => l.relation === 'next')?.url;
	}
	return all;
}

onEachEngine('clients at once against a model', (s) => {
	const log = [], clients = [];

	test(`every client finds what it was told, at every step (HF_SEED=${seed})`, { timeout: 300000 }, async (t) => {
		t.diagnostic(`seed ${seed}`);
		const shared = [];
		for (let i = 0; i < 2; i++) {
			const body = { resourceType: 'Basic', identifier: [{ system: ID, value: `shared-${i}` }], code: { text: 'shared' } };
			const r = await s.post('Basic', body);
			shared.push(r.body.id);
			log.push({ key: `Basic/${r.body.id}`, version: 1, mark: `shared-${i}` });
		}
		for (let i = 0; i < CLIENTS; i++) clients.push(new Client(s, log, i));
		const ends = await Promise.allSettled(clients.map(async (c) => {
			for (let i = 0; i < STEPS; i++) {
				try {
					await c.step(shared);
				} catch (e) {
					throw new Error(`seed ${seed}, client ${c.number}, step ${i} (${c.story.slice(-5).join(', ')}): ${e.message}`, { cause: e });
				}
			}
		}));
		const failed = ends.find((e) => e.status === 'rejected');
		if (failed) throw failed.reason;
		t.diagnostic(`${log.length} acknowledged versions of ${new Set(log.map((l) => l.key)).size} resources`);
	});

	test('of all that ask at once under one condition, one creates', async () => {
		const racers = Array.from({ length: CLIENTS }, (_, i) => new Client(s, log, `r${i}`));
		for (let round = 0; round < 8; round++) {
			const made = [];
			const ids = await Promise.all(racers.flatMap((c) => [c.race(round, made), c.race(round, made)]));
			assert.equal(made.length, 1, `round ${round}: ${made.length} were made`);
			assert.deepEqual([...new Set(ids)], made);
		}
	});

	test('the history of the store is the log of what was acknowledged', async () => {
		const want = log.map((l) => `${l.key}/${l.version} ${l.mark ?? 'deleted'}`).sort();
		const got = await wholeHistory(s);
		assert.deepEqual([...got].sort(), want);
		const versions = new Map();
		for (const line of got.reverse()) {
			const [, key, version] = /^(.*)\/(\d+) /.exec(line);
			assert.equal(Number(version), (versions.get(key) ?? 0) + 1, `${key}: versions in order, without a gap`);
			versions.set(key, Number(version));
		}
	});

	test('after a restart all of it is still true, and check finds nothing', { timeout: 120000 }, async () => {
		const before = await wholeHistory(s);
		assert.equal((await s.running.stop()).code, 0);
		const r = hf(['check', ...(s.options.length ? s.options : ['--data', s.data])]);
		assert.equal(r.status, 0, `${r.out}${r.err}`);
		s.running = await serve(s.data, s.options);
		s.base = `${s.running.url}/fhir`;
		assert.deepEqual(await wholeHistory(s), before);
		for (const c of clients) {
			await c.acrossPeople();
			await c.everybody();
			for (const thing of c.things.slice(0, 20)) await c.agrees(thing);
		}
	});
});

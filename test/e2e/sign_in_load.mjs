// A thousand sign-ins at once: queued and bounded, and nobody else waits for them.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { addUser, enrol, password } from '../support/people.mjs';
import { hfOk, newStore, patient, serve, write, folder } from '../support/e2e.mjs';

const ACCOUNTS = 8, ASKED = 1200;

function post(url, agent, body, localAddress) {
	const text = JSON.stringify(body);
	return new Promise((done, fail) => {
		const r = request(`${url}/auth/sign-in`, {
			method: 'POST', agent, localAddress,
			headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) },
		}, (answer) => {
			answer.resume();
			answer.on('end', () => done({ status: answer.statusCode, retry: answer.headers['retry-after'] }));
		});
		r.on('error', fail);
		r.end(text);
	});
}

const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];

// Reads by id, one after the other, while busy() says so: milliseconds of each.
async function reads(b, path, busy) {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 }), times = [];
	while (busy()) {
		const from = process.hrtime.bigint();
		const status = await new Promise((done, fail) => {
			request(b.url + path, { agent, headers: { Cookie: b.cookieHeader() } }, (r) => {
				r.resume();
				r.on('end', () => done(r.statusCode));
			}).on('error', fail).end();
		});
		times.push(Number(process.hrtime.bigint() - from) / 1e6);
		assert.equal(status, 200);
		await pause(4); // a reader, not a load of its own
	}
	agent.destroy();
	return times;
}

test('1,000 sign-ins wait their turn while others read on', async (t) => {
	const servers = [];
	t.after(() => Promise.all(servers.map((s) => s.stop('SIGKILL'))));
	const store = newStore(t), dir = folder(t);
	write(dir, 'p.ndjson', { resourceType: 'Organization', id: 'o1', meta: { source: 'https://fhir.nhs.uk/Id/ods-organization-code/Y00001' }, name: 'Practice', identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'Y00001' }] });
	const p = { ...patient(1), meta: { source: 'https://fhir.nhs.uk/Id/ods-organization-code/Y00001' } };
	p.generalPractitioner = [{ reference: 'Organization/o1' }];
	write(dir, 'q.ndjson', p);
	hfOk(['import', '--data', store, '--quiet', dir]);
	const where = ['--data', store], pw = write(dir, 'pw', '');
	const { writeFileSync } = await import('node:fs');
	writeFileSync(pw, password);
	for (let i = 0; i < ACCOUNTS; i++) addUser(where, `many${i}`, { more: ['--password-file', pw] });
	const reader = addUser(where, 'reader');
	const server = await serve(store, ['--per-address', '3000', '--connections', '3000'], { open: false });
	servers.push(server);
	const b = await enrol(server.url, reader);
	const path = '/fhir/Patient/p1';
	const quietUntil = Date.now() + 1500;
	const quiet = await reads(b, path, () => Date.now() < quietUntil);

	// More than the queue holds: 1,000 wait, the others are told to come back, at once.
	const agent = new Agent({ maxSockets: 3000 });
	const began = Date.now();
	let left = ASKED;
	const answers = Promise.all(Array.from({ length: ASKED }, (_, i) =>
		post(server.url, agent, { login: `many${i % ACCOUNTS}`, password }).finally(() => { left--; })));
	const busy = await reads(b, path, () => left > 0);
	const all = await answers, seconds = (Date.now() - began) / 1000;
	const done = all.filter((r) => r.status === 200).length, refused = all.filter((r) => r.status === 503);
	assert.equal(done + refused.length, ASKED, JSON.stringify(all.find((r) => ![200, 503].includes(r.status))));
	assert.ok(done >= 1000, `${done} were let in`);
	assert.ok(refused.length > 0, 'the queue is bounded');
	assert.ok(refused.every((r) => Number(r.retry) >= 1));
	const [before, during] = [quantile(quiet, 0.99), quantile(busy, 0.99)];
	t.diagnostic(`${quiet.length} reads alone: p99 ${before.toFixed(1)} ms; ${busy.length} reads beside ${done} sign-ins in ${seconds.toFixed(1)} s: p50 ${quantile(busy, 0.5).toFixed(1)} ms, p99 ${during.toFixed(1)} ms, most ${quantile(busy, 1).toFixed(1)} ms; ${refused.length} refused`);
	assert.ok(busy.length > 50);
	assert.ok(during < 250, `a read waited ${during} ms`);
	assert.equal((await b.session()).signedIn, true);
	agent.destroy();
});

test('who comes from another address does not wait behind those who came in a crowd', async (t) => {
	const servers = [];
	t.after(() => Promise.all(servers.map((s) => s.stop('SIGKILL'))));
	const store = newStore(t), where = ['--data', store], pw = write(folder(t), 'pw', password);
	const { writeFileSync } = await import('node:fs');
	writeFileSync(pw, password);
	for (let i = 0; i < ACCOUNTS; i++) addUser(where, `many${i}`, { more: ['--password-file', pw] });
	addUser(where, 'alone', { more: ['--password-file', pw] });
	const server = await serve(store, ['--per-address', '1000'], { open: false });
	servers.push(server);
	const agent = new Agent({ maxSockets: 1000 });
	let left = 200;
	const crowd = Array.from({ length: 200 }, (_, i) =>
		post(server.url, agent, { login: `many${i % ACCOUNTS}`, password }).finally(() => { left--; }));
	while (left > 190) await pause(2);
	const before = left;
	const r = await post(server.url, new Agent(), { login: 'alone', password }, '127.0.0.2');
	const passed = before - left;
	t.diagnostic(`${passed} of the crowd of ${before} were let in before`);
	assert.equal(r.status, 200);
	assert.ok(passed <= 20, `it waited behind ${passed}`);
	assert.ok((await Promise.all(crowd)).every((x) => x.status === 200));
	agent.destroy();
});

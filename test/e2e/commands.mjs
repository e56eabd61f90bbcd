// The commands around a store: generate, check, rebuild, backup, restore, audit, serve.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bin, bundle, contents, folder, hf, hfOk, newStore, serve, write } from '../support/e2e.mjs';

function filled(t, bundles = 5) {
	const data = newStore(t), dir = folder(t);
	for (let n = 0; n < bundles; n++) write(dir, `b${n}.json`, bundle(n, 4));
	hfOk(['import', '--data', data, '--quiet', dir]);
	return data;
}

test('generate gives the same bytes for the same seed and others for another', () => {
	const make = (...args) => hfOk(['generate', '--people', '30', '--full', '5', '--out', '-', ...args]).out;
	const a = make('--seed', '7');
	assert.equal(make('--seed', '7'), a);
	assert.notEqual(make('--seed', '8'), a);
	const people = a.split('\n').filter(Boolean).map((l) => JSON.parse(l)).filter((r) => r.resourceType === 'Patient');
	assert.equal(people.length, 30);
	for (const p of people) {
		const number = p.identifier.find((i) => i.system === 'https://fhir.nhs.uk/Id/nhs-number');
		assert.match(number.value, /^999\d{7}$/);
	}
});

test('generate into a store gives what it gives as NDJSON', (t) => {
	const data = newStore(t), dir = folder(t), other = newStore(t);
	hfOk(['generate', '--people', '40', '--full', '6', '--data', data]);
	hfOk(['generate', '--people', '40', '--full', '6', '--out', join(dir, 'place.ndjson')]);
	hfOk(['import', '--data', other, '--quiet', dir]);
	assert.deepEqual(contents(data), contents(other));
	assert.match(hfOk(['check', '--data', data]).out, /all is well/);
});

test('rebuild leaves a good store as it is', (t) => {
	const data = filled(t);
	const before = contents(data);
	assert.match(hfOk(['rebuild', '--data', data]).out, /0 entries were wrong/);
	assert.deepEqual(contents(data), before);
	assert.match(hfOk(['check', '--data', data]).out, /^25 resources.*5 people: all is well/);
});

test('a backup made while it serves is restored to the same content', async (t) => {
	const data = filled(t), dir = folder(t);
	const key = write(dir, 'key', 'a'.repeat(64)), out = join(dir, 'backup');
	const server = await serve(data);
	t.after(() => server.stop('SIGKILL'));
	hfOk(['backup', '--data', data, '--out', out, '--key-file', key]);
	assert.equal((await server.stop()).code, 0);
	assert.ok(!readFileSync(out).includes('Testfamily'), 'a backup is encrypted');
	const again = join(dir, 'again');
	hfOk(['restore', '--data', again, '--key-file', key, out]);
	assert.deepEqual(contents(again), contents(data));
	assert.match(hfOk(['check', '--data', again]).out, /all is well/);
	const other = write(dir, 'other', 'b'.repeat(64));
	let r = hf(['restore', '--data', join(dir, 'no'), '--key-file', other, out]);
	assert.equal(r.status, 1);
	truncateSync(out, readFileSync(out).length - 10);
	r = hf(['restore', '--data', join(dir, 'no'), '--key-file', key, out]);
	assert.equal(r.status, 1);
	assert.equal(hf(['export', '--data', join(dir, 'no')]).status, 1, 'nothing half restored');
});

test('the audit of what was read holds, and a changed line is found', async (t) => {
	const data = filled(t);
	const server = await serve(data);
	for (let n = 0; n < 5; n++) assert.equal((await fetch(`${server.url}/fhir/Patient/p${n}`)).status, 200);
	await server.stop();
	assert.match(hfOk(['audit', '--data', data]).out, /the chain is whole/);
	const list = spawnSync('ls', [join(data, 'audit')], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
	const file = list.map((f) => join(data, 'audit', f)).find((f) => readFileSync(f).includes('Patient'));
	assert.ok(file, `no segment speaks of a Patient: ${list}`);
	const bytes = readFileSync(file);
	bytes[bytes.indexOf('Patient')] = 'Q'.charCodeAt(0);
	writeFileSync(file, bytes);
	const r = hf(['audit', '--data', data]);
	assert.equal(r.status, 1);
	assert.match(r.out, /BROKEN/);
});

test('serve says what is wrong with a port, an address and a folder', async (t) => {
	const data = filled(t, 1), other = filled(t, 1);
	const server = await serve(data);
	t.after(() => server.stop('SIGKILL'));
	const port = new URL(server.url).port;
	for (const [args, want, status = 1] of [
		[['--data', other, '--listen', `127.0.0.1:${port}`], /in use|already/i],
		[['--data', other, '--listen', '0.0.0.0:0'], /no sign-in yet.*127\.0\.0\.1/],
		[['--data', other, '--listen', '127.0.0.1:port'], /ADDR:PORT/, 2],
		[['--data', other, '--store', 'mysql://x'], /postgresql:/, 2],
		[['--data', join(data, 'nowhere'), '--listen', '127.0.0.1:0'], /nowhere/],
		[['--data', data, '--listen', '127.0.0.1:0'], /writing this store/],
	]) {
		const r = hf(['serve', ...args], { timeout: 10000 });
		assert.equal(r.status, status, `${args.join(' ')}: ${r.err}`);
		assert.match(r.err, want);
	}
});

test('a store is made only in a folder that holds nothing else', (t) => {
	const dir = folder(t), letter = write(dir, 'letter.txt', 'x');
	for (const args of [['init'], ['generate', '--people', '10']]) {
		const r = hf([...args, '--data', dir]);
		assert.equal(r.status, 1);
		assert.match(r.err, /holds other things than a store: name an empty or a new one/);
	}
	rmSync(letter);
	hfOk(['init', '--data', dir]);
	write(dir, 'letter.txt', 'x');
	hfOk(['init', '--data', dir]); // what is a store already stays one
});

test('a second writer is refused, a reader is not', async (t) => {
	const data = filled(t), dir = folder(t);
	const server = await serve(data);
	t.after(() => server.stop('SIGKILL'));
	const r = hf(['import', '--data', data, write(dir, 'b.json', bundle(77, 1))]);
	assert.equal(r.status, 1);
	assert.notEqual(r.err, '');
	assert.equal(contents(data).length, 25);
	await server.stop();
	hfOk(['import', '--data', data, join(dir, 'b.json')]);
	assert.equal(contents(data).length, 27);
});

test('SIGTERM lets a server end with 0', async (t) => {
	const server = await serve(filled(t, 1));
	assert.deepEqual((await server.stop()).code, 0);
});

test('a store written by a newer version is refused with what to do', (t) => {
	const data = filled(t, 1);
	const sql = 'INSERT INTO hf_migration SELECT * FROM (SELECT max(number) + 1 FROM hf_migration) JOIN '
		+ "(SELECT 'of_tomorrow', sha256, at FROM hf_migration LIMIT 1)";
	const py = spawnSync('python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()',
		join(data, 'homefirst.db'), sql], { encoding: 'utf8' });
	assert.equal(py.status, 0, py.stderr);
	const r = hf(['export', '--data', data]);
	assert.equal(r.status, 1);
	assert.match(r.err, /use the version that wrote it/);
});

test('an export to a pipe that closes is a failure, not a crash', (t) => {
	const data = filled(t, 400);
	const r = spawnSync('sh', ['-c', `${bin} export --data ${data}; echo "ended $?" >&2`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	assert.match(r.stderr, /ended 0/);
	const cut = spawnSync('sh', ['-c', `(${bin} export --data ${data}; echo "ended $?" >&2) | head -c 10 >/dev/null`], { encoding: 'utf8' });
	assert.match(cut.stderr, /ended 1/);
	rmSync(data, { recursive: true });
});

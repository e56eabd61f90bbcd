// The commands around a store: generate, check, rebuild, backup, restore, audit, serve.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, bin, bundle, contents, engines, folder, hf, hfOk, newDatabase, newStore, serve, storeOf, write } from '../support/e2e.mjs';

function filled(t, bundles = 5, engine = 'SQLite') {
	const store = storeOf(engine, t), dir = folder(t);
	if (!store) return null;
	for (let n = 0; n < bundles; n++) write(dir, `b${n}.json`, bundle(n, 4));
	hfOk(['import', ...at(store), '--quiet', '--rejects', join(dir, 'rejects'), dir]);
	return store;
}

// With PostgreSQL the audit of a server lies in a folder of its own.
const audit = (store, t) => store.startsWith('postgresql:') ? ['--data', folder(t)] : [];

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

for (const engine of engines) {
	test(`generate into ${engine} gives what it gives as NDJSON`, (t) => {
		const store = storeOf(engine, t), dir = folder(t), other = newStore(t);
		if (!store) return;
		hfOk(['generate', '--people', '40', '--full', '6', ...at(store)]);
		hfOk(['generate', '--people', '40', '--full', '6', '--out', join(dir, 'place.ndjson')]);
		hfOk(['import', '--data', other, '--quiet', dir]);
		assert.deepEqual(contents(store), contents(other));
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});

	test(`rebuild leaves a good store in ${engine} as it is`, (t) => {
		const store = filled(t, 5, engine);
		if (!store) return;
		const before = contents(store);
		assert.match(hfOk(['rebuild', ...at(store)]).out, /0 entries were wrong/);
		assert.deepEqual(contents(store), before);
		assert.match(hfOk(['check', ...at(store)]).out, /^25 resources.*5 people: all is well/);
	});

	test(`a backup of ${engine} made while it serves is restored to the same content`, async (t) => {
		const store = filled(t, 5, engine), dir = folder(t);
		if (!store) return;
		const key = write(dir, 'key', 'a'.repeat(64)), out = join(dir, 'backup');
		const beside = audit(store, t), server = await serve(store, beside);
		t.after(() => server.stop('SIGKILL'));
		hfOk(['backup', ...at(store), ...beside, '--out', out, '--key-file', key]);
		assert.equal((await server.stop()).code, 0);
		assert.ok(!readFileSync(out).includes('Testfamily'), 'a backup is encrypted');
		const again = join(dir, 'again'), url = newDatabase(t);
		for (const to of url ? [again, url] : [again]) {
			hfOk(['restore', ...at(to), '--key-file', key, out]);
			assert.deepEqual(contents(to), contents(store));
			assert.match(hfOk(['check', ...at(to)]).out, /all is well/);
		}
		const other = write(dir, 'other', 'b'.repeat(64));
		let r = hf(['restore', '--data', join(dir, 'no'), '--key-file', other, out]);
		assert.equal(r.status, 1);
		truncateSync(out, readFileSync(out).length - 10);
		r = hf(['restore', '--data', join(dir, 'no'), '--key-file', key, out]);
		assert.equal(r.status, 1);
		assert.equal(hf(['export', '--data', join(dir, 'no')]).status, 1, 'nothing half restored');
	});

	// As who oversees sees it; a store in PostgreSQL has its audit in a folder.
	const exportsOf = (store, beside) => hfOk(['audit', 'search', ...at(store), ...beside, '--json']).out.split('\n').filter(Boolean)
		.map((l) => JSON.parse(l)).filter((e) => e.subtype[0].code === 'export').reverse();

	test(`who exports from ${engine} or backs it up is in the audit once each, before anything is given out`, async (t) => {
		const store = filled(t, 2, engine), dir = folder(t), beside = store ? audit(store, t) : [];
		if (!store) return;
		const key = write(dir, 'key', 'a'.repeat(64)), me = `operator/${process.getuid()}`;
		mkdirSync(join(store.startsWith('postgresql:') ? beside[1] : store, 'audit'), { recursive: true, mode: 0o700 });
		const lines = () => exportsOf(store, beside).map((e) => [e.agent[0].altId ?? e.agent[0].who?.identifier?.value, JSON.stringify(e)]);
		const want = [];
		const check = (...words) => {
			want.push(words);
			const got = lines();
			assert.equal(got.length, want.length, JSON.stringify(got));
			for (const [i, words] of want.entries()) for (const w of [me, ...words]) assert.ok(got[i][1].includes(w), `${w}: ${got[i][1]}`);
		};
		assert.equal(lines().length, 0);
		const run = async (name) => {
			hfOk(['export', ...at(store), ...beside, '--out', join(dir, `all-${name}`)]);
			check('"export"');
			assert.equal(hfOk(['export', ...at(store), ...beside, '--types', 'Patient']).out.split('\n').filter(Boolean).length, 2);
			check('export types=Patient');
			hfOk(['backup', ...at(store), ...beside, '--out', join(dir, `backup-${name}`), '--key-file', key]);
			check('backup');
			// The list of opt-outs is too old: that it was asked for is noted all the same.
			const r = hf(['export', ...at(store), ...beside, '--purpose', 'RESEARCH', '--for', 'RZ9', '--basis', 'consent']);
			check('export for=RZ9 basis=consent', 'RESEARCH');
			assert.doesNotMatch(r.err, /noted in the audit first/);
			const named = hf(['export', ...at(store), ...beside, '--purpose', 'PLAN', '--for', 'Dr Somebody']);
			assert.equal(named.status, 2);
			assert.match(named.err, /--for takes an ODS code[^]*Nothing was given out/);
			assert.equal(named.out, '');
		};
		await run('alone');
		const server = await serve(store, beside);
		t.after(() => server.stop('SIGKILL'));
		await run('beside');
		const shown = (await (await fetch(`${server.url}/api/audit?kind=export&limit=50`)).json()).lines;
		assert.deepEqual(shown.map((l) => [l.user, l.what]).slice(0, 4), [[me, 'exported (for=RZ9 basis=consent)'],
			[me, 'made a backup of the whole store'], [me, 'exported (types=Patient)'], [me, 'exported the whole store']]);
		assert.equal((await server.stop()).code, 0);
		assert.match(hfOk(['check', ...at(store)]).out, /all is well/);
	});

	test(`what cannot be noted is not given out of ${engine}`, async (t) => {
		const store = filled(t, 2, engine), dir = folder(t), other = newStore(t);
		if (!store) return;
		const key = write(dir, 'key', 'a'.repeat(64)), beside = audit(store, t);
		const server = await serve(store, beside);
		t.after(() => server.stop('SIGKILL'));
		// Nobody to ask there, and then a server that holds another store.
		const socket = join(beside[1] ?? store, 'control.sock');
		if (!beside.length) rmSync(socket);
		const wrong = [beside.length ? ['--data', dir] : []];
		if (beside.length) {
			const stranger = await serve(other);
			t.after(() => stranger.stop('SIGKILL'));
			wrong.push(['--data', other]);
		}
		for (const where of wrong) for (const args of [['export'], ['export', '--out', join(dir, 'out')], ['backup', '--out', join(dir, 'backup'), '--key-file', key]]) {
			const r = hf([...args, ...at(store), ...where]);
			assert.equal(r.status, 1, r.err);
			assert.equal(r.out, '');
			assert.match(r.err, /(writing this store|holds another store)[^]*Nothing was given out: it has to be noted in the audit first/);
			assert.ok(!existsSync(join(dir, 'out')) && !existsSync(join(dir, 'backup')));
		}
		// All the while the server had nothing to write, and is still the one that writes.
		const put = await fetch(`${server.url}/fhir/Patient/p0`, { method: 'DELETE' });
		assert.equal(put.status, 204, await put.text());
		await server.stop();
	});

	test(`SIGTERM lets a server on ${engine} end with 0`, async (t) => {
		const store = filled(t, 1, engine);
		if (!store) return;
		const server = await serve(store, audit(store, t));
		assert.equal((await fetch(`${server.url}/fhir/Patient/p0`)).status, 200);
		assert.deepEqual((await server.stop()).code, 0);
	});
}

test('generate makes the place of a day', () => {
	const make = (date) => hfOk(['generate', '--people', '300', '--full', '60', '--out', '-', '--date', date]).out
		.split('\n').filter(Boolean).map((l) => JSON.parse(l));
	for (const day of ['2024-05-01', '2026-02-03']) {
		const all = make(day);
		const booked = all.filter((r) => r.resourceType === 'Appointment' && r.status === 'booked');
		assert.ok(booked.length > 0);
		for (const r of booked) assert.ok(r.start.slice(0, 10) >= day, `${r.start} is before ${day}`);
		for (const r of all) if (r.resourceType === 'Encounter' && r.status === 'finished')
			assert.ok(r.period.start.slice(0, 10) <= day, `${r.period.start} is after ${day}`);
	}
	assert.equal(hf(['generate', '--out', '-', '--date', 'today']).status, 2);
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
		[['--data', other, '--listen', '0.0.0.0:0'], /has to be encrypted/],
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

test('a store written by a newer version is refused with what to do', (t) => {
	const data = filled(t, 1);
	const sql = 'INSERT INTO hf_migration SELECT * FROM (SELECT max(number) + 1 FROM hf_migration) JOIN '
		+ "(SELECT 'of_tomorrow', sha256, at FROM hf_migration LIMIT 1)";
	const py = spawnSync('python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()',
		join(data, 'homefirst.db'), sql], { encoding: 'utf8' });
	assert.equal(py.status, 0, py.stderr);
	const r = hf(['export', '--data', data]);
	assert.equal(r.status, 1);
	assert.match(r.err, /written by a newer homefirst[^]*use that version/);
});

test('an export to a pipe that closes is a failure, not a crash', (t) => {
	const data = filled(t, 400);
	const r = spawnSync('sh', ['-c', `${bin} export --data ${data}; echo "ended $?" >&2`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	assert.match(r.stderr, /ended 0/);
	const cut = spawnSync('sh', ['-c', `(${bin} export --data ${data}; echo "ended $?" >&2) | head -c 10 >/dev/null`], { encoding: 'utf8' });
	assert.match(cut.stderr, /ended 1/);
	rmSync(data, { recursive: true });
});

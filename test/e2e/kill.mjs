// kill -9 while it imports and while it serves, at random moments, and a full disk:
// nothing acknowledged is lost, nothing is there in half, `check` is clean.
//
// HF_KILLS sets how many kills of each kind (100).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, bin, bundle, contents, engines, folder, hf, hfOk, newStore, serve, storeOf, write } from '../support/e2e.mjs';

const kills = Number(process.env.HF_KILLS ?? 100);

// A generator of our own, so that a run can be repeated.
let state = Number(process.env.HF_SEED ?? 20261122);
function random() {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return state / 2 ** 32;
}
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Stops the process where it is.  Is it inside a write transaction?  Then it holds the
// writer's lock of SQLite, byte 120 of the file beside the log.
function freeze(pid, data) {
	try {
		process.kill(pid, 'SIGSTOP');
		const inode = statSync(join(data, 'homefirst.db-shm')).ino;
		return readFileSync('/proc/locks', 'utf8').split('\n')
			.some((l) => new RegExp(`WRITE ${pid} \\S+:${inode} 120 120$`).test(l));
	} catch {
		return false; // it has ended, or has no store open yet
	}
}

// Did the process end while it wrote a commit?  Then the write-ahead log has frames of
// the present generation after the last one that ends a commit.
function tornCommit(data) {
	const path = join(data, 'homefirst.db-wal');
	if (!existsSync(path)) return false;
	const wal = readFileSync(path);
	if (wal.length < 32) return false;
	const page = wal.readUInt32BE(8), salt = wal.subarray(16, 24);
	let torn = 0;
	for (let at = 32; at + 24 + page <= wal.length; at += 24 + page) {
		if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
		torn = wal.readUInt32BE(at + 4) === 0 ? torn + 1 : 0;
	}
	return torn > 0;
}

function checkClean(data) {
	const r = hf(['check', ...at(data)]);
	assert.equal(r.status, 0, `check: ${r.out}${r.err}`);
}

// The ids of the Bundles that are in; each must be whole.
function wholeBundles(data, size) {
	const seen = new Map();
	for (const r of contents(data)) {
		const n = (r.resourceType === 'Patient' ? r.id : r.subject.reference.replace('Patient/', '')).slice(1);
		seen.set(n, (seen.get(n) ?? 0) + 1);
	}
	for (const [n, count] of seen) assert.equal(count, size, `Bundle ${n} has ${count} of ${size} resources`);
	return seen;
}

test('an import killed at any moment leaves whole Bundles and goes on from there', { timeout: 600000 }, async (t) => {
	const dir = folder(t), files = join(dir, 'in');
	const N = 400, K = 12;
	mkdirSync(files);
	for (let n = 0; n < N; n++) write(files, `b${String(n).padStart(4, '0')}.json`, bundle(n, K));
	let inside = 0, torn = 0, midway = 0, done = 0, at = 0;
	let data = null;
	for (let i = 0; i < kills; i++) {
		if (data === null) {
			data = join(dir, `store${done++}`);
			hfOk(['init', '--data', data]);
			at = 0;
		}
		const child = spawn(bin, ['import', '--data', data, '--quiet', files], { stdio: 'ignore' });
		const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
		await sleep(random() * 250);
		if (child.exitCode === null && freeze(child.pid, data)) inside++;
		child.kill('SIGKILL');
		const code = await ended;
		if (tornCommit(data)) torn++;
		if (code === null) midway++;
		checkClean(data);
		const seen = wholeBundles(data, K + 1);
		assert.ok(seen.size >= at, `${at} Bundles were there, ${seen.size} are`);
		at = seen.size;
		if (at === N || i % 10 === 9) {
			// To its end: the same as an import that nobody disturbed.
			hfOk(['import', '--data', data, '--quiet', files]);
			assert.equal(wholeBundles(data, K + 1).size, N);
			rmSync(data, { recursive: true });
			data = null;
		}
	}
	t.diagnostic(`kills of import: ${kills}, ${midway} before its end, ${inside} inside a transaction, ${torn} left a torn commit`);
	assert.ok(midway > kills / 4, 'too few kills fell into the import');
});

// Posts Bundles one after another; puts the number of each answered one into acked.
function client(url, next, acked, failures) {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	let pending = false;
	const one = () => {
		const n = next();
		const req = http.request(`${url}/fhir`, {
			method: 'POST', agent, headers: { 'content-type': 'application/fhir+json' },
		}, (res) => {
			res.resume();
			res.on('end', () => {
				pending = false;
				if (res.statusCode === 200) acked.add(n);
				else failures.push(res.statusCode);
				one();
			});
			res.on('error', () => {});
		});
		pending = true;
		req.on('error', () => {}); // the server is gone
		const b = bundle(n, 3);
		for (const e of b.entry) e.request = { method: 'PUT', url: `${e.resource.resourceType}/${e.resource.id}` };
		req.end(JSON.stringify(b));
	};
	one();
	return { pending: () => pending, end: () => agent.destroy() };
}

for (const engine of engines) test(`a server on ${engine} killed at any moment keeps what it acknowledged`, { timeout: 600000 }, async (t) => {
	const data = storeOf(engine, t);
	if (!data) return;
	const audit = engine === 'SQLite' ? [] : ['--data', folder(t)];
	const times = engine === 'SQLite' ? kills : Math.ceil(kills / 5);
	const acked = new Set(), failures = [];
	let n = 0, inside = 0, torn = 0, underway = 0;
	for (let i = 0; i < times; i++) {
		const server = await serve(data, audit);
		const clients = Array.from({ length: 8 }, () => client(server.url, () => n++, acked, failures));
		await sleep(5 + random() * 120);
		if (engine === 'SQLite' && freeze(server.pid, data)) inside++;
		const result = server.stop('SIGKILL');
		if (clients.some((c) => c.pending())) underway++;
		await result;
		for (const c of clients) c.end();
		if (engine === 'SQLite' && tornCommit(data)) torn++;
		if (i % 10 !== 9 && i !== times - 1) continue;
		checkClean(data);
		const seen = wholeBundles(data, 4);
		for (const a of acked) assert.ok(seen.has(String(a)), `Bundle ${a} was acknowledged and is gone`);
	}
	assert.deepEqual(failures, []);
	t.diagnostic(`kills of serve on ${engine}: ${times}, ${underway} with changes under way, ${inside} inside a transaction, `
		+ `${torn} left a torn commit, ${acked.size} acknowledged Bundles all there`);
	assert.ok(acked.size > times, 'too little was acknowledged to tell anything');
});

test('a full disk refuses, keeps what was acknowledged, and goes on when there is room', (t) => {
	if (process.getuid() !== 0) return t.skip('a small file system can be mounted by root only');
	let mount = '';
	t.after(() => spawnSync('umount', ['-l', mount])); // before the folder goes
	const dir = folder(t), files = join(dir, 'in');
	mount = join(dir, 'small');
	mkdirSync(mount);
	mkdirSync(files);
	if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', mount]).status !== 0)
		return t.skip('this machine lets nobody mount');
	const N = 3000, K = 12, data = join(mount, 'store');
	for (let n = 0; n < N; n++) write(files, `b${String(n).padStart(4, '0')}.json`, bundle(n, K));
	hfOk(['init', '--data', data]);
	const r = hf(['import', '--data', data, '--quiet', files]);
	assert.equal(r.status, 1, r.out);
	assert.match(r.err, /disk|space/i);
	const told = /^([\d,]+) resources of/m.exec(r.out);
	assert.equal(spawnSync('mount', ['-o', 'remount,size=256m', mount]).status, 0);
	checkClean(data);
	const seen = wholeBundles(data, K + 1);
	assert.ok(seen.size < N);
	if (told) assert.ok(seen.size * (K + 1) >= Number(told[1].replaceAll(',', '')), 'acknowledged and gone');
	hfOk(['import', '--data', data, '--quiet', files]);
	assert.equal(wholeBundles(data, K + 1).size, N);
	checkClean(data);
	t.diagnostic(`kills by a full disk: 1, ${seen.size} Bundles were whole`);
});

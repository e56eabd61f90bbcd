// e2e.mjs - what the end-to-end tests share: running the binary, a store in a
// folder that goes away, a server, and invented records.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const bin = process.env.HF_BIN ?? 'build/homefirst';

// A folder that is removed when the test t ends.
export function folder(t) {
	const dir = mkdtempSync(join(tmpdir(), 'hf-e2e-'));
	t.after(() => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

// Runs homefirst to its end: { status, out, err }.
export function hf(args, options = {}) {
	const r = spawnSync(bin, args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120000, ...options });
	return { status: r.status, signal: r.signal, out: r.stdout, err: r.stderr };
}

// The same, and fails when it does not end with 0.
export function hfOk(args, options) {
	const r = hf(args, options);
	if (r.status !== 0) throw new Error(`homefirst ${args.join(' ')} ended with ${r.status ?? r.signal}: ${r.err}`);
	return r;
}

export function newStore(t) {
	const data = join(folder(t), 'store');
	hfOk(['init', '--data', data]);
	return data;
}

// A new database of the PostgreSQL that scripts/test starts: its URL, or null.
export function newDatabase(t) {
	const base = process.env.HF_TEST_PG;
	if (!base) return null;
	const name = `hf_e2e_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
	const sql = (text) => spawnSync('psql', [base, '-qAtc', text], { encoding: 'utf8' });
	const r = sql(`CREATE DATABASE ${name}`);
	if (r.status !== 0) throw new Error(r.stderr);
	t.after(() => sql(`DROP DATABASE ${name} WITH (FORCE)`));
	const at = base.indexOf('?');
	return base.slice(0, at).replace(/\/[^/]*$/, `/${name}`) + base.slice(at);
}

// The options that name a store: a folder or an address.
export const at = (store) => [store.startsWith('postgresql:') ? '--store' : '--data', store];

// The generated teams have their hours: here each is staffed all day and week, so that a
// test does not end otherwise at night.  where: at(store).
export function staffAllDay(where) {
	const capacity = 'https://homefirst.example/StructureDefinition/capacity';
	const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
	const dir = mkdtempSync(join(tmpdir(), 'hf-e2e-'));
	const file = join(dir, 'teams.ndjson');
	const allDay = (team) => {
		const parts = team.extension.filter((e) => e.url === capacity);
		const slots = Math.max(...parts.map((p) => p.extension.find((e) => e.url === 'slots').valueInteger));
		return {
			...team,
			availableTime: [{ daysOfWeek: days, allDay: true }],
			extension: [...team.extension.filter((e) => e.url !== capacity), {
				url: capacity, extension: [
					{ url: 'from', valueTime: '00:00:00' }, { url: 'to', valueTime: '23:59:59' },
					...days.map((d) => ({ url: 'day', valueCode: d })), { url: 'slots', valueInteger: slots },
				],
			}],
		};
	};
	try {
		const teams = hfOk(['export', ...where, '--types', 'HealthcareService', '--out', '-']).out.split('\n')
			.filter(Boolean).map((l) => JSON.parse(l)).filter((r) => r.extension?.some((e) => e.url === capacity));
		if (teams.length === 0) throw new Error('the place has no teams with slots');
		writeFileSync(file, teams.map((t) => JSON.stringify(allDay(t))).join('\n'));
		hfOk(['import', ...where, file]);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

// The engines that the tests run on.
export const engines = ['SQLite', 'PostgreSQL'];

// A new store of an engine; null when there is no PostgreSQL (the test is skipped).
export function storeOf(engine, t) {
	if (engine === 'SQLite') return newStore(t);
	const url = newDatabase(t);
	if (url) hfOk(['init', '--store', url]);
	else t.skip('HF_TEST_PG names no PostgreSQL');
	return url;
}

// Everything in a store, sorted by type and id, without what the store stamps.
export function contents(data) {
	const { out } = hfOk(['export', ...at(data), '--out', '-']);
	return out.split('\n').filter(Boolean).map((line) => {
		const r = JSON.parse(line);
		delete r.meta?.versionId;
		delete r.meta?.lastUpdated;
		if (r.meta && Object.keys(r.meta).length === 0) delete r.meta;
		return r;
	}).sort((a, b) => key(a) < key(b) ? -1 : 1);
}

export const key = (r) => `${r.resourceType}/${r.id}`;

// Starts a server on a free port: { url, pid, stop(signal), ended, log() }.  Nobody signs
// in to it, unless open is false.
export async function serve(store, options = [], { open = true, env } = {}) {
	const child = spawn(bin, ['serve', ...at(store), '--listen', '127.0.0.1:0', ...(open ? ['--open-loopback'] : []), ...options],
		{ stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
	let err = '';
	child.stderr.on('data', (d) => { err += d; });
	const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal, err })));
	const url = await new Promise((done, fail) => {
		let text = '';
		child.stdout.on('data', (d) => {
			text += d;
			const m = /https?:\/\/[^\s/]+/.exec(text);
			if (m) done(m[0]);
		});
		child.on('exit', (code) => fail(new Error(`the server ended with ${code}: ${err}`)));
	});
	return {
		url, pid: child.pid, ended, log: () => err,
		stop: async (signal = 'SIGTERM') => {
			child.kill(signal);
			return ended;
		},
	};
}

// ---- invented records ----

export function patient(n) {
	return {
		resourceType: 'Patient', id: `p${n}`, active: true, gender: n % 2 ? 'female' : 'male',
		name: [{ family: `Testfamily${n % 97}`, given: [`Given${n}`] }],
		birthDate: `19${20 + (n % 80)}-0${1 + (n % 9)}-1${n % 9}`,
	};
}

export function observation(n, k) {
	return {
		resourceType: 'Observation', id: `o${n}-${k}`, status: 'final',
		code: { coding: [{ system: 'http://loinc.org', code: k % 2 ? '8867-4' : '29463-7' }] },
		subject: { reference: `Patient/p${n}` },
		effectiveDateTime: `202${k % 5}-03-0${1 + (k % 9)}T10:00:00Z`,
		valueQuantity: { value: 60 + k, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
	};
}

// One person's transaction Bundle with k observations; references by fullUrl.
export function bundle(n, k, type = 'transaction') {
	const entry = (r) => ({
		fullUrl: `urn:uuid:${r.id}`, resource: r,
		...(type === 'transaction' && { request: { method: 'POST', url: r.resourceType } }),
	});
	const entries = [entry(patient(n))];
	for (let i = 0; i < k; i++) {
		const o = observation(n, i);
		o.subject.reference = `urn:uuid:p${n}`;
		entries.push(entry(o));
	}
	return { resourceType: 'Bundle', type, entry: entries };
}

export function write(dir, name, value) {
	const path = join(dir, name);
	writeFileSync(path, typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value));
	return path;
}

// bench.mjs - runs the benchmarks and prints a table: figure, at least, aim, measured.
//
// Each row makes what it needs under build/bench-data (kept for the next run), measures
// three times where a run is short, and gives the median.  bench/results/latest.txt has the
// last figure of each row with the day and machine it was measured on.
import { spawn, spawnSync } from 'node:child_process';
import {
	cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const bin = process.env.HF_BIN ?? 'build/homefirst';
const load = process.env.HF_LOAD ?? 'build/bench/load';
const work = process.env.HF_BENCH_DATA ?? 'build/bench-data';
const realBundles = '../shared/data/synthea-us-r4-bundles';
mkdirSync(work, { recursive: true });

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const number = (n) => n >= 100 ? Math.round(n).toLocaleString('en-GB') : n.toFixed(n < 10 ? 2 : 1);

function run(cmd, args, options = {}) {
	const r = spawnSync(cmd, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
	if (r.error) throw r.error;
	return r;
}

function hf(...args) {
	const r = run(bin, args);
	if (r.status !== 0) throw new Error(`homefirst ${args.join(' ')}: ${r.stderr}`);
	return r.stdout;
}

function fresh(name) {
	const dir = join(work, name);
	rmSync(dir, { recursive: true, force: true });
	hf('init', '--data', dir);
	return dir;
}

function sizeOf(dir) {
	return readdirSync(dir, { recursive: true })
		.map((f) => statSync(join(dir, f))).filter((s) => s.isFile()).reduce((n, s) => n + s.size, 0);
}

// One run of bench_match for its several rows: what its line says.
const matched = new Map();
function match(people) {
	if (!matched.has(people)) {
		const r = run(process.env.HF_BENCH_MATCH ?? 'build/bench/bench_match', [String(people)]);
		const m = /precision ([\d.]+), recall ([\d.]+);.*: ([\d.]+) s on .* ([\d.]+) MB/.exec(r.stdout);
		if (!m) throw new Error(`bench_match ${people}: ${r.stderr}`);
		const [precision, recall, seconds, mb] = m.slice(1).map(Number);
		matched.set(people, { precision: precision * 1e5, recall: recall * 1e5, seconds, mb });
	}
	return matched.get(people);
}

// The bundles to import: the real ones where they lie, else generated ones.
function corpus() {
	if (existsSync(realBundles))
		return { dir: realBundles, what: 'real bundles', files: readdirSync(realBundles).filter((f) => f.endsWith('.gz')) };
	const dir = join(work, 'bundles');
	if (!existsSync(dir)) {
		mkdirSync(dir);
		const lines = run(bin, ['generate', '--people', '400', '--full', '208', '--out', '-']).stdout.split('\n');
		const people = new Map();
		for (const line of lines) {
			if (!line) continue;
			const r = JSON.parse(line);
			const m = /"Patient\/([^"]+)"/.exec(line);
			const of = r.resourceType === 'Patient' ? r.id : m?.[1] ?? 'place';
			if (!people.has(of)) people.set(of, []);
			people.get(of).push(r);
		}
		for (const [of, list] of people)
			writeFileSync(join(dir, `${of}.json`), JSON.stringify({
				resourceType: 'Bundle', type: 'transaction', entry: list.map((r) => ({
					fullUrl: `urn:uuid:${r.id}`, resource: r, request: { method: 'PUT', url: `${r.resourceType}/${r.id}` },
				})),
			}));
	}
	return { dir, what: 'generated bundles', files: readdirSync(dir) };
}

// Whatever happens, no server stays behind.
const children = new Set();
process.on('exit', () => { for (const c of children) c.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// Starts a server; cpu pins it to one core.
async function serve(data, { cpu, options = [], as = '--open-loopback' } = {}) {
	const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', as, ...options];
	const begun = process.hrtime.bigint();
	const child = cpu === undefined ? spawn(bin, args, { stdio: ['ignore', 'pipe', 'inherit'] })
		: spawn('taskset', ['-c', `${cpu}`, bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
	children.add(child);
	const ended = new Promise((done) => child.on('exit', (code) => {
		children.delete(child);
		done(code);
	}));
	const address = await new Promise((done, fail) => {
		let text = '';
		child.stdout.on('data', (d) => {
			text += d;
			const m = /http:\/\/([^\s/]+)/.exec(text);
			if (m) done(m[1]);
		});
		child.on('exit', (code) => fail(new Error(`the server ended with ${code}`)));
	});
	return {
		address, url: `http://${address}`, pid: child.pid, begun,
		stop: async () => {
			child.kill('SIGTERM');
			await ended;
		},
	};
}

// Asks what the lines say; gives the numbers of bench/load.
async function ask(server, lines, connections, seconds, { cpu, once } = {}) {
	const file = join(work, 'requests');
	writeFileSync(file, `${lines.join('\n')}\n`);
	const args = [server.address, `${connections}`, `${seconds}`, file, ...(once ? ['--once'] : [])];
	const child = cpu === undefined ? spawn(load, args) : spawn('taskset', ['-c', `${cpu}`, load, ...args]);
	let out = '', err = '';
	child.stdout.on('data', (d) => { out += d; });
	child.stderr.on('data', (d) => { err += d; });
	const code = await new Promise((done) => child.on('exit', done));
	const r = Object.fromEntries([...out.matchAll(/(\w+)=([\d.]+)/g)].map((m) => [m[1], Number(m[2])]));
	if (code !== 0) throw new Error(`load ended with ${code}: ${err}`);
	return r;
}

// A place whose organisations share what is not sensitive.
function peopledStore() {
	const data = join(work, 'peopled');
	if (existsSync(join(data, 'homefirst.db'))) return data;
	fresh('peopled');
	hf('generate', '--data', data, '-n', '3000', '--full', '600');
	const until = `${new Date().getFullYear() + 2}-01-01`;
	hf('agreement', 'add', '--data', data, '--from', '*', '--to', '*', '--tier', 'T3', '--until', until,
		'--dsa', 'DSA-BENCH', '--dpia', 'DPIA-BENCH');
	return data;
}

// What a program of build/bench prints, by the pattern of what is wanted.
const printed = new Map();
function bench(program, pattern) {
	if (!printed.has(program)) {
		const r = run(join(process.env.HF_BENCH_DIR ?? 'build/bench', program), []);
		if (r.status !== 0) throw new Error(`${program}: ${r.stderr}`);
		printed.set(program, r.stdout);
	}
	const m = pattern.exec(printed.get(program));
	if (!m) throw new Error(`${program} does not say ${pattern}`);
	return Number(m[1]);
}

// By how much more processor time a read or a search takes when a GP looks, in %.
const costs = new Map();
function viewed(kind) {
	if (costs.size === 0) {
		const r = run(process.env.HF_BENCH_VIEWER ?? 'build/bench/bench_viewer', [peopledStore(), 'Z99001']);
		const m = /read=(-?[\d.]+) search=(-?[\d.]+)/.exec(r.stdout);
		if (!m) throw new Error(`bench_viewer: ${r.stderr}`);
		costs.set('read', Number(m[1])).set('search', Number(m[2]));
	}
	return costs.get(kind);
}

const shuffled = (list) => {
	let s = 12345;
	for (let i = list.length - 1; i > 0; i--) {
		s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
		const k = s % (i + 1);
		[list[i], list[k]] = [list[k], list[i]];
	}
	return list;
};

// ---- stores that several rows share ----

// 200 people of 500 resources, 2 of 1,000 and their Encounters: records that a bench knows by heart.
function recordsStore() {
	const data = join(work, 'records');
	if (existsSync(join(data, '.whole'))) return data;
	rmSync(data, { recursive: true, force: true });
	hf('init', '--data', data);
	const lines = [];
	const codes = ['8867-4', '29463-7', '8480-6', '8462-4', '8310-5', '2708-6', '9279-1', '4548-4'];
	for (let p = 0; p < 202; p++) {
		const n = p < 200 ? 500 : 1000;
		const at = (i) => new Date(Date.UTC(2016, 0, 1) + i * 86400000 * (3650 / n)).toISOString().slice(0, 19) + 'Z';
		lines.push({ resourceType: 'Patient', id: `b${p}`, name: [{ family: `Bench${p}`, given: ['Test'] }], gender: 'female', birthDate: '1950-01-01' });
		const encounters = Math.floor(n / 10);
		for (let i = 0; i < encounters; i++)
			lines.push({
				resourceType: 'Encounter', id: `b${p}-e${i}`, status: 'finished',
				class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
				subject: { reference: `Patient/b${p}` }, period: { start: at(i * 10), end: at(i * 10) },
			});
		for (let i = encounters + 1; i < n; i++)
			lines.push({
				resourceType: 'Observation', id: `b${p}-o${i}`, status: 'final',
				category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs', display: 'Vital Signs' }] }],
				code: { coding: [{ system: 'http://loinc.org', code: codes[i % 8], display: `measurement ${i % 8}` }], text: `measurement ${i % 8}` },
				subject: { reference: `Patient/b${p}` }, encounter: { reference: `Encounter/b${p}-e${i % encounters}` },
				effectiveDateTime: at(i), issued: at(i).replace('Z', '.000Z'),
				valueQuantity: { value: 50 + (i % 60), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
				// As long as observations of real systems are.
				note: [{ text: `Entry ${i} of record ${p}. ${'Taken at rest, seated, left arm. '.repeat(12)}` }],
			});
	}
	const file = join(work, 'records.ndjson');
	writeFileSync(file, lines.map((l) => JSON.stringify(l)).join('\n'));
	hf('import', '--data', data, '--quiet', file);
	rmSync(file);
	writeFileSync(join(data, '.whole'), '');
	return data;
}

// Everybody of a town of 100,000, demographics only; the names come from an export.
function townStore() {
	const data = join(work, 'town');
	const names = join(work, 'town.names');
	if (!existsSync(names)) {
		rmSync(data, { recursive: true, force: true });
		hf('generate', '--data', data, '--people', '100000', '--full', '0');
		const r = run(bin, ['export', '--data', data, '--types', 'Patient']);
		const list = r.stdout.split('\n').filter(Boolean).map((l) => JSON.parse(l))
			.map((p) => `GET /fhir/Patient?family=${encodeURIComponent(p.name[0].family)}&birthdate=${p.birthDate}`);
		writeFileSync(names, shuffled(list).slice(0, 20000).join('\n'));
	}
	return { data, lines: readFileSync(names, 'utf8').split('\n') };
}

let importedStore = null;
function imported() {
	if (importedStore) return importedStore;
	importedStore = fresh('import');
	hf('import', '--data', importedStore, '--quiet', corpus().dir);
	return importedStore;
}

const rate = (text) => Number(/: ([\d,]+) a second/.exec(text)[1].replaceAll(',', ''));
const count = (text) => Number(/^([\d,]+) resources/m.exec(text)[1].replaceAll(',', ''));

// ---- the hub: a desk writes referrals, many boards show them ----

// A place with a hub and its users, as it was made: what is written goes into a copy.
function hubStore() {
	const data = join(work, 'hub'), copy = join(work, 'hub-run');
	if (!existsSync(join(data, '.whole'))) {
		fresh('hub');
		hf('generate', '--data', data, '-n', '3000', '--full', '300', '--date', new Date().toISOString().slice(0, 10));
		hf('user', 'demo', '--data', data);
		const until = `${new Date().getFullYear() + 2}-01-01`;
		hf('agreement', 'add', '--data', data, '--from', '*', '--to', '*', '--tier', 'T3', '--until', until, '--dsa', 'DSA-BENCH', '--dpia', 'DPIA-BENCH');
		writeFileSync(join(data, '.whole'), '');
	}
	rmSync(copy, { recursive: true, force: true });
	cpSync(data, copy, { recursive: true });
	return copy;
}

// A triage clinician's session, as lines of a request's head.
async function signInAt(url, login) {
	const r = await fetch(`${url}/auth/demonstration`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login }) });
	if (r.status !== 200) throw new Error(`${login} is not signed in: ${await r.text()}`);
	const cookie = r.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
	const { csrf } = await (await fetch(`${url}/api/session`, { headers: { Cookie: cookie } })).json();
	return { Cookie: cookie, 'X-CSRF-Token': csrf };
}

// Referrals of people whom the user sees and of whom nothing is missing; the mark's room
// is what bench/boards.h says.
async function referralsOf(url, headers) {
	const list = [];
	for (let next = `${url}/fhir/Patient?_count=500`; next;) {
		const page = await (await fetch(next, { headers })).json();
		for (const { resource: p } of page.entry ?? [])
			if (p.telecom && p.address && p.name?.[0].given && !p.deceasedDateTime)
				list.push(JSON.stringify({
					person: { id: p.id }, channel: 'page', source: 'gp', referrer: { org: 'Y00001', name: 'A Doctor', role: 'GP', phone: '01632 960000' },
					decided: new Date().toISOString(), service: 'ucr', asked: 'U2', expectation: 'a visit today', condition: 'fall',
					problem: `fell in the kitchen, no injury seen @${'0'.repeat(20)}#000000`, consentRefer: true, consentShare: true,
				}));
		next = page.link?.find((l) => l.relation === 'next')?.url;
	}
	return list;
}

// 200 referrals a second for 20 seconds while 500 boards are open; what hub_load says.
async function hubLoad() {
	const server = await serve(hubStore(), { as: '--demonstration', options: ['--per-address', '1000', '--connections', '1000'] });
	try {
		const headers = await signInAt(server.url, 'triage'), file = join(work, 'referrals');
		writeFileSync(file, `${(await referralsOf(server.url, headers)).join('\n')}\n`);
		const child = spawn(join(process.env.HF_BENCH_DIR ?? 'build/bench', 'hub_load'),
			[server.address, '500', '200', '20', file, ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`)]);
		let out = '', err = '';
		child.stdout.on('data', (d) => { out += d; });
		child.stderr.on('data', (d) => { err += d; });
		const code = await new Promise((done) => child.on('exit', done));
		if (code !== 0) throw new Error(`hub_load ended with ${code}: ${err}${out}`);
		return Object.fromEntries([...out.matchAll(/(\w+)=([\d.]+)/g)].map((m) => [m[1], Number(m[2])]));
	} finally {
		await server.stop();
	}
}

// ---- the rows: name, words, at least, aim, unit, how ----

const rows = [
	['import', `import of ${corpus().files.length} ${corpus().what}`, 10000, 25000, '/s', async () => {
		const r = [];
		for (let i = 0; i < 3; i++) {
			const data = fresh('import');
			r.push(rate(hf('import', '--data', data, '--quiet', corpus().dir)));
			importedStore = data;
		}
		return median(r);
	}],
	['http-import', 'the same as transactions over HTTP, 4 clients', 5000, 12000, '/s', async () => {
		const { dir, files } = corpus();
		const plain = join(work, 'plain');
		mkdirSync(plain, { recursive: true });
		let resources = 0;
		const lines = files.map((f) => {
			let body = readFileSync(join(dir, f));
			if (f.endsWith('.gz')) body = gunzipSync(body);
			resources += JSON.parse(body).entry.length;
			writeFileSync(join(plain, f.replace('.gz', '')), body);
			return `POST /fhir ${join(plain, f.replace('.gz', ''))}`;
		});
		const server = await serve(fresh('http-import'));
		const r = await ask(server, lines, 4, 600, { once: true });
		await server.stop();
		return resources / r.seconds;
	}],
	['small', 'small transactions (Patient + Observation), 32 clients', 3000, 6000, '/s', async () => {
		const dir = join(work, 'small');
		mkdirSync(dir, { recursive: true });
		const lines = [];
		for (let i = 0; i < 500; i++) {
			writeFileSync(join(dir, `${i}.json`), JSON.stringify({
				resourceType: 'Bundle', type: 'transaction', entry: [
					{
						fullUrl: 'urn:uuid:8d3b1a52-0f6a-4c0e-9c7a-5d1c7f6f0a01', request: { method: 'POST', url: 'Patient' },
						resource: { resourceType: 'Patient', name: [{ family: `Small${i}`, given: ['Test'] }], gender: 'male', birthDate: '1980-02-03' },
					},
					{
						request: { method: 'POST', url: 'Observation' },
						resource: {
							resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
							subject: { reference: 'urn:uuid:8d3b1a52-0f6a-4c0e-9c7a-5d1c7f6f0a01' }, effectiveDateTime: '2026-01-01T10:00:00Z',
							valueQuantity: { value: 60 + (i % 40), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
						},
					}],
			}));
			lines.push(`POST /fhir ${join(dir, `${i}.json`)}`);
		}
		const server = await serve(fresh('small-store'));
		const r = await ask(server, lines, 32, 6);
		await server.stop();
		return r.per_second;
	}],
	['read', 'GET by id, 32 connections (a core serving, one asking)', 40000, 70000, '/s', async () => {
		const lines = [];
		for (let p = 0; p < 200; p++) for (let i = 60; i < 160; i++) lines.push(`GET /fhir/Observation/b${p}-o${i}`);
		const server = await serve(recordsStore(), { cpu: 0 });
		await ask(server, shuffled(lines), 32, 2, { cpu: 1 }); // warm
		const r = [];
		for (let i = 0; i < 3; i++) r.push((await ask(server, shuffled(lines), 32, 3, { cpu: 1 })).per_second);
		await server.stop();
		return median(r);
	}],
	['search', 'Observation?patient&code&_sort=-date&_count=20, records of 500', 5000, 12000, '/s', async () => {
		const lines = [];
		for (let p = 0; p < 200; p++)
			for (const code of ['8867-4', '29463-7', '8480-6'])
				lines.push(`GET /fhir/Observation?patient=b${p}&code=http://loinc.org%7C${code}&_sort=-date&_count=20`);
		const server = await serve(recordsStore(), { cpu: 0 });
		await ask(server, shuffled(lines), 32, 2, { cpu: 1 }); // warm
		const r = [];
		for (let i = 0; i < 3; i++) r.push((await ask(server, shuffled(lines), 32, 3, { cpu: 1 })).per_second);
		await server.stop();
		return median(r);
	}],
	['viewer-read', 'rules on each row: reading by id as a GP, over as nobody in particular', 20, 10, '% more', async () => viewed('read')],
	['viewer-search', 'the same of Observation?patient&code', 20, 10, '% more', async () => viewed('search')],
	['include', 'Encounter?date=ge…&_include=Encounter:patient, 2 connections', 1000, 3000, '/s', async () => {
		const lines = [];
		for (let d = 1; d < 28; d++) lines.push(`GET /fhir/Encounter?date=ge2020-03-${String(d).padStart(2, '0')}&_include=Encounter:patient`);
		const server = await serve(recordsStore(), { cpu: 0 });
		const r = await ask(server, lines, 2, 4, { cpu: 1 });
		await server.stop();
		return r.per_second;
	}],
	['person', 'Patient?family&birthdate among 100,000 people, p99', 5, 2, 'ms', async () => {
		const { data, lines } = townStore();
		const server = await serve(data);
		await ask(server, lines, 4, 2);
		const r = await ask(server, lines, 4, 5);
		await server.stop();
		return r.p99_us / 1000;
	}],
	['everything', '$everything of 1,000 resources (1 MB)', 300, 800, '/s', async () => {
		const server = await serve(recordsStore());
		const lines = ['GET /fhir/Patient/b200/$everything', 'GET /fhir/Patient/b201/$everything'];
		const r = await ask(server, lines, 4, 4);
		await server.stop();
		if (r.bytes / r.done < 700000) throw new Error(`an answer has only ${Math.round(r.bytes / r.done)} bytes`);
		return r.per_second;
	}],
	['disk', 'disk per stored resource, all indexes', 600, 350, 'bytes', async () => {
		const data = imported();
		const n = Number(/^([\d,]+) resources/.exec(run(bin, ['export', '--data', data, '--out', '-'], { stdio: ['ignore', 'ignore', 'pipe'] }).stderr)[1].replaceAll(',', ''));
		return sizeOf(data) / n;
	}],
	['start', 'cold start to the first answer', 0.3, 0.1, 's', async () => {
		const data = imported(), r = [];
		for (let i = 0; i < 5; i++) {
			const server = await serve(data);
			await (await fetch(`${server.url}/fhir/metadata`)).text();
			r.push(Number(process.hrtime.bigint() - server.begun) / 1e9);
			await server.stop();
		}
		return median(r);
	}],
	['memory', 'memory of an idle server', 80, 40, 'MB', async () => {
		const server = await serve(imported());
		await (await fetch(`${server.url}/fhir/metadata`)).text();
		const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
		await server.stop();
		return kb / 1000;
	}],
	['page', 'person page of 5,000 resources, on screen', 300, 100, 'ms', async () => {
		const { longestRecord, startBrowser } = await import('../test/support/pages.mjs');
		const data = join(work, 'pages');
		rmSync(data, { recursive: true, force: true });
		hf('generate', '--data', data, '--people', '2000', '--full', '200', '--rich', '1', '--rich-resources', '5200');
		const server = await serve(data);
		const person = await longestRecord({ ask: async (path) => (await fetch(server.url + path)).json() });
		if (person.resources < 4900) throw new Error(`the longest record has only ${person.resources} resources`);
		const browser = await startBrowser();
		const r = [];
		try {
			for (let i = 0; i < 9; i++) {
				await browser.page.goto('about:blank');
				const begun = process.hrtime.bigint();
				await browser.page.goto(`${server.url}/people/${person.banner.id}`, { waitUntil: 'commit' });
				await browser.page.waitForFunction(() => document.querySelectorAll('[data-entry]').length >= 20
					&& new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))));
				r.push(Number(process.hrtime.bigint() - begun) / 1e6);
			}
		} finally {
			await browser.stop();
			await server.stop();
		}
		return median(r);
	}],
	['explorer', 'a bar chosen among 1,000,000 people to all of it painted, p95', 50, 30, 'ms', async () =>
		(await (await import('./screens.mjs')).measure('explorer', bin)).paint.p95],
	['what-if', 'a slider of a contract moved to both parties\' effect painted, p95', 200, 100, 'ms', async () =>
		(await (await import('./screens.mjs')).measure('what-if', bin)).paint.p95],
	['generate', 'generate straight into a store', 20000, 20000, '/s', async () => {
		const data = join(work, 'generated');
		rmSync(data, { recursive: true, force: true });
		return rate(hf('generate', '--data', data, '--people', '3000', '--full', '600'));
	}],
	['generate-ndjson', 'generate as NDJSON', 100000, 100000, '/s', async () => {
		const file = join(work, 'generated.ndjson');
		rmSync(file, { force: true });
		const r = rate(hf('generate', '--people', '3000', '--full', '600', '--out', file));
		rmSync(file);
		return r;
	}],
	['match-right', 'links that are right, of 100,000; 100,000 people, a tenth twice', 99900, 99990, '', async () => match(100000).precision],
	['match-found', 'second records that are linked, of 100,000', 97000, 98000, '', async () => match(100000).recall],
	['match', 'seconds to weigh, compare and settle them', 10, 2, 's', async () => match(100000).seconds],
	['match-million', 'seconds for 909,090 people and 91,000 second records', 60, 20, 's', async () => match(909090).seconds],
	['match-memory', 'memory of that, the making included', 2000, 500, 'MB', async () => match(909090).mb],
	['decide', 'one decision on access, by a rule that is among the last', 1000, 200, 'ns', async () => bench('bench_decide', /decision (\d+) ns, allowed/)],
	['dispatch', 'teams ranked for a referral, of 500', 5, 1, 'ms', async () => bench('bench_dispatch', /ranking of 500 teams ([\d.]+) us/) / 1000],
	['fhirpath', "telecom.where(system = 'phone').exists(), a core", 1e6, 5e6, '/s', async () => 1e6 * bench('bench_fhirpath', /^telecom.* ([\d.]+) M\/s$/m)],
	['price', 'spells priced with their traces, a core', 3e6, 5e6, '/s', async () => 1e6 * bench('bench_contract', /([\d.]+) million\/s with$/m)],
	['price-year', '150,000 spells, 700,000 contacts, 200,000 A&E priced, traces kept', 1, 0.2, 's', async () => bench('bench_contract', /^year (\d+) ms/m) / 1e3],
	['price-whatif', 'that year before and after a change of price and volume', 200, 100, 'ms', async () => bench('bench_contract', /^what-if (\d+) ms/m)],
	...(existsSync('node_modules/@duckdb/node-api') ? [['price-duckdb', 'spells priced without traces, a core, in multiples of DuckDB 1 thread', 1, 5, 'x', async () => {
		const activity = join(work, 'activity.csv');
		const program = join(process.env.HF_BENCH_DIR ?? 'build/bench', 'bench_contract');
		run(program, ['--csv', activity]);
		const r = run('node', ['bench/contract_duckdb.mjs', activity]);
		const theirs = /spells ([\d.]+) million/.exec(r.stdout), worth = /worth (\d+) pence/.exec(r.stdout);
		if (!theirs || Number(worth[1]) !== bench('bench_contract', /^spells worth (\d+) pence/m))
			throw new Error(`DuckDB answers otherwise: ${r.stdout}${r.stderr}`);
		return bench('bench_contract', /spells ([\d.]+) million/) / Number(theirs[1]);
	}]] : []),
	['pathway', 'transitions of referrals, guards and clocks included, a core', 1e6, 2e6, '/s', async () => bench('bench_pathway', /per_second=(\d+)/)],
	['timer', '1,000,000 clocks armed', 2, 0.2, 's', async () => bench('bench_pathway', /arm_s=([\d.]+)/)],
	['timer-due', 'all of them taken off as they are due, in order', 2, 0.5, 's', async () => bench('bench_pathway', /due_s=([\d.]+)/)],
	['timer-memory', 'memory of that', 64, 32, 'MB', async () => bench('bench_pathway', /bytes=(\d+)/) / 1e6],
	['feed', '200 events/s to 500 browsers, from publishing to arrival, p99', 200, 50, 'ms', async () => bench('bench_feed', /p99_us=(\d+)/) / 1e3],
	['hub', '200 referrals/s to 500 boards, from submitting to arrival, p99', 200, 100, 'ms', async () => {
		const r = [];
		for (let i = 0; i < 3; i++) r.push((await hubLoad()).p99_us / 1000);
		return median(r);
	}],
	['feed-core', 'of a core that this takes on the server', 100, 30, '%', async () => 100 * bench('bench_feed', /server_core=([\d.]+)/)],
];

// ---- 10 million resources ----

const large = [
	['large-import', 'import with 10 million resources in the store', 8000, 20000, '/s', async () => {
		const data = join(work, 'large');
		if (!existsSync(join(data, '.whole'))) {
			rmSync(data, { recursive: true, force: true });
			console.error('making a store of 10 million resources …');
			console.error(hf('generate', '--data', data, '--people', '200000', '--full', '75000', '--years', '5'));
			writeFileSync(join(data, '.whole'), '');
		}
		const again = join(work, 'large-more');
		return rate(hf('import', '--data', data, '--quiet', corpus().dir, ...(existsSync(again) ? [again] : [])));
	}],
	['large-read', 'reads by id with 10 million resources in the store', 30000, 60000, '/s', async () => {
		const data = join(work, 'large');
		const ids = run('sh', ['-c', `${bin} export --data ${data} --types Observation 2>/dev/null | awk 'NR % 97 == 0' | head -50000`]).stdout
			.split('\n').filter(Boolean).map((l) => `GET /fhir/Observation/${JSON.parse(l).id}`);
		const server = await serve(data, { cpu: 0 });
		await ask(server, shuffled(ids), 32, 5, { cpu: 1 });
		const r = await ask(server, shuffled(ids), 32, 5, { cpu: 1 });
		await server.stop();
		return r.per_second;
	}],
];

const args = process.argv.slice(2);
const all = [...rows, ...large];
if (args.includes('--list')) {
	for (const [name, words] of all) console.log(`${name.padEnd(16)} ${words}`);
	process.exit(0);
}
const wanted = args.filter((a) => !a.startsWith('--'));
const chosen = wanted.length ? all.filter(([name]) => wanted.includes(name)) : args.includes('--large') ? all : rows;
if (wanted.some((w) => !all.some(([name]) => name === w))) {
	console.error(`there is no row ${wanted.join(', ')}; --list names them`);
	process.exit(2);
}
const machine = `${cpus().length} cores of ${cpus()[0].model}, ${Math.round(totalmem() / 1e9)} GB`;
const results = 'bench/results/latest.txt';
const kept = new Map();
if (existsSync(results))
	for (const line of readFileSync(results, 'utf8').split('\n')) {
		const m = /^([\w-]+)\s+\|/.exec(line);
		if (m) kept.set(m[1], line);
	}
const head = ['row', 'figure', 'at least', 'aim', 'measured', '', 'when'];
const line = (c) => `${c[0].padEnd(16)} | ${c[1].padEnd(66)} | ${c[2].padStart(9)} | ${c[3].padStart(8)} | ${c[4].padStart(9)} ${c[5].padEnd(5)} | ${c[6]}`;
console.log(`${machine}; SQLite, durable; access decision and audit included, no TLS\n\n${line(head)}`);
let missed = 0;
for (const [name, words, least, aim, unit, how] of chosen) {
	let text;
	const when = new Date().toISOString().slice(0, 10);
	try {
		const v = await how();
		const good = ['ns', 'ms', 's', 'MB', 'bytes', '%', '% more'].includes(unit) ? v <= least : v >= least;
		if (!good) missed++;
		text = line([name, words, number(least), number(aim), number(v), unit, when + (good ? '' : '  BELOW')]);
	} catch (e) {
		missed++;
		text = line([name, words, number(least), number(aim), 'failed', '', `${when}  ${e.message.split('\n')[0].slice(0, 160)}`]);
	}
	console.log(text);
	kept.set(name, text);
}
mkdirSync('bench/results', { recursive: true });
const order = all.map(([name]) => name);
writeFileSync(results, `${machine}; SQLite, durable; access decision and audit included, no TLS\n\n${line(head)}\n`
	+ [...kept].filter(([name]) => order.includes(name)).sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])).map(([, l]) => l).join('\n') + '\n');
process.exit(missed ? 1 : 0);

// The downtime pack (HZ13): whole, made again, readable with the server gone, and a disk that
// fails says so.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
	chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, bin, engines, folder, hf, hfOk, serve, storeOf } from '../support/e2e.mjs';

// A place with referrals of today, made once for all tests of an engine.
const places = new Map();
function place(engine, t) {
	if (!places.has(engine)) {
		const store = storeOf(engine, { after() {} });
		if (store) hfOk(['generate', ...at(store), '--people', '300', '--full', '30', '--date', new Date().toISOString().slice(0, 10)]);
		places.set(engine, store);
	}
	if (!places.get(engine)) t.skip('there is no PostgreSQL');
	return places.get(engine);
}
// With PostgreSQL the server's keys and audit lie in a folder of their own.
const beside = (store, t) => store.startsWith('postgresql:') ? ['--data', folder(t)] : [];

const read = (dir, name) => readFileSync(join(dir, name), 'utf8');
const pages = (dir) => readdirSync(dir).filter((f) => f.endsWith('.html'));
const until = async (what, ok) => {
	for (let i = 0; i < 300; i++) {
		const v = await ok();
		if (v) return v;
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error(`it took too long: ${what}`);
};

for (const engine of engines) {
	test(`a pack of ${engine} has each open referral once, on the page of who has it`, (t) => {
		const store = place(engine, t), dir = join(folder(t), 'pack');
		if (!store) return;
		const said = hfOk(['downtime', ...at(store), '--out', dir]).out;
		const n = Number(/^(\d+) open referrals/.exec(said)[1]);
		assert.ok(n > 3, said);
		const sections = pages(dir).flatMap((f) => [...read(dir, f).matchAll(/<section id="r-(\w+)"/g)].map((m) => m[1]));
		assert.equal(sections.length, n);
		assert.equal(new Set(sections).size, n);
		// Every page is led to, and every address that is named is there.
		const index = read(dir, 'index.html');
		const named = new Set([...index.matchAll(/href="([^"#]+)/g)].map((m) => m[1]));
		assert.deepEqual([...named].sort(), pages(dir).filter((f) => f !== 'index.html').sort());
		for (const m of index.matchAll(/href="([^"#]+)#([^"]+)"/g)) assert.ok(read(dir, m[1]).includes(`id="${m[2]}"`), m[0]);
		// What the record says of a person stands there.
		const open = hfOk(['export', ...at(store), '--types', 'Task']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l))
			.filter((r) => r.code?.coding?.[0]?.code === 'instance' && !['completed', 'cancelled', 'rejected', 'failed', 'entered-in-error'].includes(r.status));
		const patients = new Map(hfOk(['export', ...at(store), '--types', 'Patient']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l)).map((p) => [p.id, p]));
		const all = pages(dir).map((f) => read(dir, f)).join('\n');
		for (const task of open) {
			const p = patients.get(task.for.reference.slice(8));
			assert.ok(all.includes(p.name[0].family.toUpperCase().replaceAll("'", '&#39;')), 'the name');
			const phone = p.telecom?.find((c) => c.system === 'phone' && c.use !== 'old')?.value;
			if (phone) assert.ok(all.includes(phone), 'the telephone number');
			if (p.address?.[0]?.postalCode) assert.ok(all.includes(p.address[0].postalCode), 'the postcode');
		}
		// For its owner alone, and without anything to load.
		assert.equal(statSync(dir).mode & 0o777, 0o700);
		for (const f of pages(dir)) {
			assert.equal(statSync(join(dir, f)).mode & 0o777, 0o600);
			assert.doesNotMatch(read(dir, f), /<script|<link|src=|https?:/);
			assert.match(read(dir, f), /Made at \d\d:\d\d on \w+day/);
		}
		// Who made it stands in the audit, as an export does.
		const where = beside(store, t);
		mkdirSync(join(where[1] ?? store, 'audit'), { recursive: true, mode: 0o700 });
		const events = hfOk(['audit', 'search', ...at(store), ...where, '--json', '--count', '20']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l));
		const made = events.find((e) => e.subtype[0].code === 'export' && JSON.stringify(e).includes('"downtime"'));
		assert.ok(JSON.stringify(made ?? '').includes(`operator/${process.getuid()}`));
	});

	test(`a server over ${engine} makes it again, and it is read when the server is killed`, async (t) => {
		const store = place(engine, t), dir = join(folder(t), 'pack');
		if (!store) return;
		const server = await serve(store, [...beside(store, t), '--downtime', dir, '--downtime-every', '1']);
		t.after(() => server.stop('SIGKILL'));
		await until('the first pack', () => existsSync(join(dir, 'index.html')));
		const before = statSync(join(dir, 'index.html')).ino;
		writeFileSync(join(dir, 'team-gone.html'), 'a team that is no more');
		writeFileSync(join(dir, 'notes.txt'), 'not ours');
		await until('another pack', () => statSync(join(dir, 'index.html')).ino !== before && !existsSync(join(dir, 'team-gone.html')));
		assert.equal(read(dir, 'notes.txt'), 'not ours');
		const metrics = await (await fetch(`${server.url}/metrics`)).text();
		assert.match(metrics, /^homefirst_downtime_pack_age_seconds \d+$/m);
		assert.match(metrics, /^homefirst_downtime_pack_failures_total 0$/m);
		assert.equal(await (await fetch(`${server.url}/health/ready`)).text(), 'ready\n');
		// It is not to be had over HTTP.
		for (const path of ['/hub.html', '/index.html', '/pack/index.html', '/downtime/index.html', `/..${dir}/index.html`])
			assert.doesNotMatch(await (await fetch(server.url + path)).text(), /downtime pack/);
		await server.stop('SIGKILL');
		const index = read(dir, 'index.html');
		assert.match(index, /<\/html>\n$/);
		for (const m of index.matchAll(/href="([^"#]+)/g)) assert.match(read(dir, m[1]), /<\/html>\n$/);
	});
}

test('of a restricted person neither address nor telephone is printed', (t) => {
	const store = storeOf('SQLite', t), dir = folder(t), out = join(dir, 'pack');
	hfOk(['generate', ...at(store), '--people', '40', '--full', '5', '--date', new Date().toISOString().slice(0, 10)]);
	const all = () => { hfOk(['downtime', ...at(store), '--out', out]); return pages(out).map((f) => read(out, f)).join('\n'); };
	const before = all();
	const person = hfOk(['export', ...at(store), '--types', 'Patient']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l))
		.find((p) => p.telecom?.[0] && p.address?.[0] && before.split(p.telecom[0].value).length === 2);
	assert.ok(person);
	person.meta = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] };
	writeFileSync(join(dir, 'p.json'), JSON.stringify(person));
	hfOk(['import', ...at(store), '--quiet', join(dir, 'p.json')]);
	const after = all();
	assert.ok(!after.includes(person.telecom[0].value));
	assert.match(after, /Restricted: it is not printed/);
	assert.ok(after.includes(person.name[0].family.toUpperCase().replaceAll("'", '&#39;')), 'but the person is listed');
});

test('a folder that others may enter, or that is none, is refused', (t) => {
	const store = place('SQLite', t), dir = folder(t), out = join(dir, 'pack');
	mkdirSync(out);
	chmodSync(out, 0o755);
	let r = hf(['downtime', ...at(store), '--out', out]);
	assert.equal(r.status, 1);
	assert.match(r.err, /nobody else may enter it \(chmod 700\)/);
	assert.deepEqual(readdirSync(out), []);
	chmodSync(out, 0o700);
	hfOk(['downtime', ...at(store), '--out', out]);
	r = hf(['downtime', ...at(store), '--out', bin]);
	assert.equal(r.status, 1);
	assert.match(r.err, /Not a directory/);
	r = hf(['downtime', ...at(store), '--out', join(dir, 'no', 'pack')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /it cannot be made: No such file/);
	for (const every of ['0m', '5', 'm', '25h', '-1s'])
		assert.equal(hf(['downtime', ...at(store), '--out', out, '--every', every]).status, 2, every);
	assert.equal(hf(['downtime', ...at(store)]).status, 2);
});

test('a disk that fails says so, and what was there stays', async (t) => {
	const store = place('SQLite', t), dir = join(folder(t), 'pack');
	hfOk(['downtime', ...at(store), '--out', dir]);
	const index = read(dir, 'index.html');
	// A page that cannot be put in its place.
	rmSync(join(dir, 'hub.html'));
	mkdirSync(join(dir, 'hub.html'));
	const r = hf(['downtime', ...at(store), '--out', dir]);
	assert.equal(r.status, 1);
	assert.match(r.err, /a page cannot be put in place/);
	assert.equal(read(dir, 'index.html'), index);
	assert.ok(!readdirSync(dir).some((f) => f.includes('.part')));
	const server = await serve(store, ['--downtime', dir, '--downtime-every', '1']);
	t.after(() => server.stop('SIGKILL'));
	await until('a failure that is counted', async () => /^homefirst_downtime_pack_failures_total [1-9]/m.test(await (await fetch(`${server.url}/metrics`)).text()));
	await until('that it is out of date', async () => (await (await fetch(`${server.url}/health/ready`)).text()).includes('the downtime pack is out of date'));
	assert.equal((await fetch(`${server.url}/health/ready`)).status, 200, 'an old pack is no reason to send people elsewhere');
	rmSync(join(dir, 'hub.html'), { recursive: true });
	await until('that it is mended', async () => (await (await fetch(`${server.url}/health/ready`)).text()) === 'ready\n' && existsSync(join(dir, 'hub.html')));
	assert.equal((await server.stop()).code, 0);
});

test('a disk that is full says so', (t) => {
	const store = place('SQLite', t), dir = join(folder(t), 'pack');
	mkdirSync(dir, { mode: 0o700 });
	const r = spawnSync('unshare', ['-m', 'sh', '-c',
		`mount -t tmpfs -o size=64k,mode=0700 none ${dir} || exit 77; ${bin} downtime --data ${store} --out ${dir}; s=$?; ls ${dir}; exit $s`], { encoding: 'utf8' });
	if (r.error || r.status === 77 || /unshare/.test(r.stderr)) return t.skip('it takes root to make a small disk');
	assert.equal(r.status, 1);
	assert.match(r.stderr, /No space left on device/);
	assert.doesNotMatch(r.stdout, /index\.html/);
});

test('with --every it goes on until it is stopped', async (t) => {
	const store = place('SQLite', t), dir = join(folder(t), 'pack');
	const child = spawn(bin, ['downtime', ...at(store), '--out', dir, '--every', '1s'], { stdio: ['ignore', 'pipe', 'inherit'] });
	t.after(() => child.kill('SIGKILL'));
	let out = '';
	child.stdout.on('data', (d) => { out += d; });
	await until('the third pack', () => out.split('\n').length > 3);
	const ended = new Promise((done) => child.on('exit', done));
	child.kill('SIGTERM');
	assert.equal(await ended, 0);
});

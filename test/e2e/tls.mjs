// TLS in process: what is spoken, what is refused, certificates that are renewed while it
// runs, certificates of clients, and a proxy in front.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import tls from 'node:tls';
import { bin, folder, hf, hfOk, newStore, patient, serve } from '../support/e2e.mjs';

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

function openssl(...args) {
	const r = spawnSync('openssl', args, { encoding: 'utf8' });
	assert.equal(r.status, 0, r.stderr);
	return r.stdout;
}

// A self-signed pair for localhost in dir: { cert, key }.
function pair(dir, name, { days = 30, kind = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], subject = '/CN=localhost' } = {}) {
	const cert = join(dir, `${name}.pem`), key = join(dir, `${name}.key`);
	openssl('req', '-x509', '-newkey', ...kind, '-nodes', '-keyout', key, '-out', cert, '-days', String(days),
		'-subj', subject, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
	chmodSync(key, 0o600);
	return { cert, key };
}

// One request: { status, headers, text, serial of the server's certificate }.
function ask(url, options = {}, lib = https) {
	return new Promise((done, fail) => {
		const req = lib.request(url, { agent: false, ...options }, (res) => {
			let text = '';
			const serial = res.socket.getPeerCertificate?.().serialNumber;
			res.on('data', (d) => { text += d; });
			res.on('end', () => done({ status: res.statusCode, headers: res.headers, text, serial }));
		});
		req.on('error', fail);
		req.end(options.body);
	});
}

const serial = (file) => openssl('x509', '-in', file, '-noout', '-serial').trim().replace('serial=', '');

describe('a server that speaks TLS', () => {
	let dir, one, server, ca;
	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'hf-tls-'));
		const data = join(dir, 'store');
		hfOk(['init', '--data', data]);
		one = pair(dir, 'server');
		ca = readFileSync(one.cert);
		server = await serve(data, ['--tls-cert', one.cert, '--tls-key', one.key]);
	});
	after(async () => {
		const end = await server.stop();
		rmSync(dir, { recursive: true, force: true });
		assert.equal(end.code, 0, end.err);
	});
	const url = (path) => server.url.replace('127.0.0.1', 'localhost') + path;

	// What a handshake comes to: the protocol and cipher, or the error.
	const shake = (options) => new Promise((done) => {
		const socket = tls.connect({ host: 'localhost', port: new URL(server.url).port, ca, ciphers: 'ALL:@SECLEVEL=0', ...options }, () => {
			done(`${socket.getProtocol()} ${socket.getCipher().name}`);
			socket.destroy();
		});
		socket.on('error', (e) => done(`error ${e.code}`));
	});

	test('it prints an https address, and links are https', async () => {
		assert.match(server.url, /^https:/);
		const r = await ask(url('/fhir/metadata'), { ca });
		assert.equal(r.status, 200);
		assert.equal(JSON.parse(r.text).implementation.url, url('/fhir'));
		const made = await ask(url('/fhir/Patient'), { ca, method: 'POST', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify(patient(1)) });
		assert.equal(made.status, 201);
		assert.match(made.headers.location, new RegExp(`^${url('/fhir/Patient/')}`));
	});

	test('TLS 1.3 is spoken, and 1.2; nothing older', async () => {
		assert.match(await shake({}), /^TLSv1\.3 /);
		assert.match(await shake({ maxVersion: 'TLSv1.2' }), /^TLSv1\.2 ECDHE-ECDSA-(AES256-GCM|CHACHA20|AES128-GCM)/);
		assert.match(await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }), /^error/);
		assert.match(await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1' }), /^error/);
	});

	test('suites without AEAD or without ephemeral keys are refused', async () => {
		for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES128-SHA', 'AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-CCM8', 'NULL-SHA256'])
			assert.match(await shake({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` }), /^error/, ciphers);
		for (const ciphers of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'])
			assert.match(await shake({ maxVersion: 'TLSv1.2', ciphers }), /^TLSv1\.2/, ciphers);
	});

	test('plain HTTP on the TLS port is answered with what to do', async () => {
		const r = await ask(url('/fhir/metadata').replace('https', 'http'), {}, http);
		assert.equal(r.status, 400);
		assert.match(r.text, /HTTPS/);
		assert.equal((await ask(url('/health/live'), { ca })).status, 200);
	});

	test('noise and silence on the TLS port harm nobody', async () => {
		const port = Number(new URL(server.url).port);
		for (const bytes of [Buffer.from([0x16, 3, 1, 0xff, 0xff, 1]), Buffer.alloc(4096, 0x16), Buffer.alloc(70000), Buffer.from('\x16\x03\x01\x00\x05hello')]) {
			const s = net.connect(port, '127.0.0.1');
			s.on('error', () => {});
			s.write(bytes);
			await pause(20);
			assert.equal((await ask(url('/health/live'), { ca })).status, 200);
			s.destroy();
		}
	});

	test('browsers are told to come by HTTPS only', async () => {
		for (const path of ['/', '/health/live', '/fhir/metadata', '/nothing', '/fhir/Patient/none'])
			assert.match((await ask(url(path), { ca })).headers['strict-transport-security'] ?? '', /max-age=31536000/, path);
	});

	test('a renewed certificate is used for new connections while old ones go on', { timeout: 30000 }, async () => {
		const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
		const old = await ask(url('/health/live'), { ca, agent });
		assert.equal(old.serial, serial(one.cert));
		const two = pair(dir, 'renewed');
		const both = Buffer.concat([ca, readFileSync(two.cert)]);
		renameSync(two.key, one.key);
		renameSync(two.cert, one.cert);
		const want = serial(one.cert);
		let got;
		for (let i = 0; i < 40 && got !== want; i++) {
			await pause(100);
			got = (await ask(url('/health/live'), { ca: both })).serial;
		}
		assert.equal(got, want, 'the new certificate within 4 seconds');
		const still = await ask(url('/health/live'), { ca, agent });
		assert.equal(still.status, 200);
		assert.equal(still.serial, old.serial, 'the old connection');
		agent.destroy();
		ca = both;
	});

	test('a new pair that is no good is told in the log, and the old one stays', { timeout: 30000 }, async () => {
		const was = (await ask(url('/health/live'), { ca })).serial;
		const keep = readFileSync(one.cert);
		for (const bad of ['not a certificate', '', readFileSync(pair(dir, 'other').cert)]) {
			const failures = server.log().split('the old certificate stays').length;
			writeFileSync(one.cert, bad);
			for (let i = 0; i < 40 && server.log().split('the old certificate stays').length === failures; i++) {
				await pause(100);
				assert.equal((await ask(url('/health/live'), { ca })).serial, was);
			}
			assert.equal(server.log().split('the old certificate stays').length, failures + 1, String(bad).slice(0, 20));
		}
		writeFileSync(one.cert, keep);
		const metrics = (await ask(url('/metrics'), { ca })).text;
		assert.match(metrics, /homefirst_tls_reload_failures_total 3/);
		const expires = Number(/homefirst_tls_certificate_expires_seconds (\d+)/.exec(metrics)[1]);
		assert.ok(Math.abs(expires - (Date.now() / 1000 + 30 * 86400)) < 3600, 'when it expires');
	});

	const sanitized = /__[at]san_init/.test(readFileSync(bin, 'latin1'));

	test('the running server has given up starting programs', { skip: sanitized && 'sanitizers need those calls' }, () => {
		const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
		assert.match(status, /NoNewPrivs:\s*1/);
		assert.match(status, /Seccomp:\s*2/);
	});
});

test('a certificate or key that is no good is refused at the start, with the reason', (t) => {
	const dir = folder(t), data = newStore(t);
	const good = pair(dir, 'good'), other = pair(dir, 'other'), weak = pair(dir, 'weak', { kind: ['rsa:1024'] });
	const gone = pair(dir, 'gone', { days: 1 }), open = pair(dir, 'open');
	// A certificate of yesterday: made with a clock that is set back.
	const req = join(dir, 'gone.csr');
	openssl('req', '-new', '-key', gone.key, '-subj', '/CN=localhost', '-out', req);
	const conf = join(dir, 'ca.conf');
	writeFileSync(join(dir, 'index.txt'), '');
	writeFileSync(join(dir, 'serial'), '01');
	writeFileSync(conf, `[ca]\ndefault_ca=d\n[d]\ndir=${dir}\ndatabase=${dir}/index.txt\nserial=${dir}/serial\nnew_certs_dir=${dir}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`);
	openssl('ca', '-batch', '-config', conf, '-in', req, '-out', gone.cert, '-selfsign', '-keyfile', gone.key,
		'-startdate', '20200101000000Z', '-enddate', '20200201000000Z', '-notext');
	chmodSync(open.key, 0o644);
	const locked = join(dir, 'locked.key');
	openssl('pkcs8', '-topk8', '-in', good.key, '-out', locked, '-passout', 'pass:secret');
	chmodSync(locked, 0o600);
	const later = join(dir, 'later.pem');
	cpSync(good.cert, later);
	for (const [cert, key, want, status = 1] of [
		[join(dir, 'nowhere.pem'), good.key, /nowhere\.pem cannot be read: No such file/],
		[good.cert, join(dir, 'nowhere.key'), /nowhere\.key cannot be read/],
		[good.key, good.key, /good\.key holds no certificate in PEM/],
		[good.cert, good.cert, /./],
		[good.cert, other.key, /is not that of the certificate/],
		[good.cert, locked, /without a passphrase/],
		[gone.cert, gone.key, /expired at 2020-02-01/],
		[weak.cert, weak.key, /1024 bits/],
		[open.cert, open.key, /read by every user/],
	]) {
		const r = hf(['serve', '--data', data, '--listen', '127.0.0.1:0', '--tls-cert', cert, '--tls-key', key], { timeout: 10000 });
		assert.equal(r.status, status, `${cert}: ${r.out}${r.err}`);
		assert.match(r.err, want);
		assert.doesNotMatch(r.err, /BEGIN|secret/);
	}
});

test('who may reach a server has to be said in full', (t) => {
	const dir = folder(t), data = newStore(t), { cert, key } = pair(dir, 's');
	const tlsOptions = ['--tls-cert', cert, '--tls-key', key], url = ['--public-url', 'https://care.example.org'];
	for (const [args, want, status] of [
		[['--listen', '0.0.0.0:0'], /has to be encrypted.*--tls-cert/, 1],
		[['--listen', '0.0.0.0:0', '--open-loopback'], /nobody signs in/, 1],
		[['--listen', '0.0.0.0:0', '--open-loopback', ...tlsOptions, ...url], /nobody signs in/, 1],
		[['--open-loopback', '--behind-proxy', '127.0.0.1', ...url], /nobody signs in/, 1],
		[['--listen', '0.0.0.0:0', ...tlsOptions], /--public-url/, 2],
		[['--listen', '0.0.0.0:0', '--insecure-listen', ...url], /--behind-proxy/, 2],
		[['--tls-cert', cert], /go together/, 2],
		[['--http-redirect', '127.0.0.1:0'], /all three/, 2],
		[['--public-url', 'http://care.example.org'], /https:\/\//, 2],
		[['--public-url', 'https://care.example.org/path'], /without a path/, 2],
		[['--behind-proxy', '10.0.0.1/8', ...url], /mask/, 2],
	]) {
		const r = hf(['serve', '--data', data, ...args], { timeout: 10000 });
		assert.equal(r.status, status, `${args.join(' ')}: ${r.out}${r.err}`);
		assert.match(r.err.replace(/\s+/g, ' '), want);
	}
});

test('the plain port does nothing but send to the public address', async (t) => {
	const dir = folder(t), data = newStore(t), { cert, key } = pair(dir, 's');
	const probe = net.createServer().listen(0, '127.0.0.1');
	await new Promise((done) => { probe.on('listening', done); });
	const { port } = probe.address();
	await new Promise((done) => { probe.close(done); });
	const server = await serve(data, ['--tls-cert', cert, '--tls-key', key, '--public-url', 'https://care.example.org', '--http-redirect', `127.0.0.1:${port}`]);
	t.after(() => server.stop());
	const plain = (path, options) => ask(`http://127.0.0.1:${port}`, { path, ...options }, http);
	for (const [path, want] of [
		['/', 'https://care.example.org/'],
		['/people?q=a%20b', 'https://care.example.org/people?q=a%20b'],
		['//evil.example/x', 'https://care.example.org//evil.example/x'],
		['/%0d%0aSet-Cookie:x=y', 'https://care.example.org/%0d%0aSet-Cookie:x=y'],
	]) {
		const r = await plain(path, { headers: { host: 'evil.example' } });
		assert.equal(r.status, 308);
		assert.equal(r.headers.location, want);
		assert.equal(r.headers['set-cookie'], undefined);
	}
	assert.equal((await plain('/fhir/Patient', { method: 'POST' })).status, 403);
});

describe('behind a proxy that does TLS', () => {
	let dir, server, ours;
	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'hf-proxy-'));
		ours = join(dir, 'store');
		hfOk(['init', '--data', ours]);
		server = await serve(ours, ['--behind-proxy', '127.0.0.1', '--public-url', 'https://care.example.org'], { open: false });
	});
	after(async () => {
		await server.stop();
		rmSync(dir, { recursive: true, force: true });
	});
	const through = (path, headers) => ask(server.url + path, { headers }, http);
	const good = { host: 'care.example.org', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.9' };

	test('what came to it by HTTPS is answered, with https links', async () => {
		const r = await through('/fhir/metadata', good);
		assert.equal(r.status, 200, r.text);
		assert.equal(JSON.parse(r.text).implementation.url, 'https://care.example.org/fhir');
		assert.match(r.headers['strict-transport-security'], /max-age/);
		const other = await through('/fhir/metadata', { ...good, host: 'inner.example', 'x-forwarded-host': 'care.example.org' });
		assert.equal(other.status, 200);
	});

	test('what came to it unencrypted, or under another name, is not', async () => {
		assert.equal((await through('/fhir/metadata', { host: 'care.example.org' })).status, 403);
		assert.equal((await through('/fhir/metadata', { ...good, 'x-forwarded-proto': 'https, http' })).status, 403);
		assert.equal((await through('/fhir/metadata', { ...good, host: 'evil.example' })).status, 403);
		assert.equal((await through('/fhir/metadata', { ...good, 'x-forwarded-host': 'evil.example' })).status, 403);
		assert.equal((await through('/fhir/metadata', { ...good, origin: 'http://care.example.org' })).status, 403);
		assert.equal((await through('/fhir/metadata', { ...good, origin: 'https://care.example.org' })).status, 200);
	});

	test('whether it is alive may be asked without all that', async () => {
		assert.equal((await through('/health/live', {})).status, 200);
		assert.equal((await through('/health/ready', {})).status, 200);
	});
});

test('headers of a proxy that was not named change nothing', async (t) => {
	const server = await serve(newStore(t));
	t.after(() => server.stop());
	const r = await ask(`${server.url}/fhir/metadata`, { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' } }, http);
	assert.equal(r.status, 200);
	assert.match(JSON.parse(r.text).implementation.url, /^http:\/\/127\.0\.0\.1/);
	assert.equal(r.headers['strict-transport-security'], undefined);
});

// What a broken or hostile client may send, over bare sockets: the server answers with
// a sentence or hangs up, goes on serving everybody else, and loses nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { hf, hfOk, patient, serve } from '../support/e2e.mjs';

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const JSON_TYPE = 'Content-Type: application/fhir+json\r\n';

let dir, data, server, port;

// Connects, sends the pieces one after another and gives all that comes back until the
// other side hangs up or is silent for so long.
function talk(pieces, { quiet = 400, half = false, until } = {}) {
	return new Promise((done, fail) => {
		const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
		let text = '', timer;
		const finish = () => { clearTimeout(timer); socket.destroy(); done(text); };
		const wait = () => { clearTimeout(timer); timer = setTimeout(finish, quiet); };
		socket.on('data', (d) => {
			text += d.toString('latin1');
			if (until?.(text)) finish();
			else wait();
		});
		socket.on('end', finish);
		socket.on('error', (e) => (['ECONNRESET', 'EPIPE'].includes(e.code) ? finish() : fail(e)));
		socket.on('connect', async () => {
			for (const p of [pieces].flat()) {
				if (socket.destroyed) return;
				if (!socket.write(p)) await new Promise((ok) => { socket.once('drain', ok); socket.once('close', ok); });
			}
			if (half) socket.end();
			wait();
		});
	});
}

const status = (text) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1]));
const get = (path, headers = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const post = (path, body, headers = JSON_TYPE) =>
	[`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, body];
const deep = (n) => '{"extension":['.repeat(n) + ']}'.repeat(n);

async function serves() {
	const begun = process.hrtime.bigint();
	const text = await talk(get('/fhir/Patient/here', 'Connection: close\r\n'), { quiet: 5000 });
	assert.equal(status(text), 200, text.slice(0, 300));
	return Number(process.hrtime.bigint() - begun) / 1e6;
}

const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;

describe('a hostile client', () => {
	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'hf-hostile-'));
		data = join(dir, 'store');
		hfOk(['init', '--data', data]);
		server = await serve(data);
		port = Number(new URL(server.url).port);
		const r = await fetch(`${server.url}/fhir/Patient/here`, {
			method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify({ ...patient(1), id: 'here' }),
		});
		assert.equal(r.status, 201);
	});
	after(async () => {
		const end = await server.stop();
		assert.equal(end.code, 0, end.err);
		assert.doesNotMatch(end.err, /Sanitizer|runtime error|assert/i);
		const r = hf(['check', '--data', data]);
		rmSync(dir, { recursive: true, force: true });
		assert.equal(r.status, 0, `${r.out}${r.err}`);
	});

	test('requests that break off do no harm', async () => {
		const whole = get('/fhir/Patient/here') + post('/fhir/Patient', '{"resourceType":"Patient"}').join('');
		for (let n = 0; n < whole.length; n += 7)
			await talk(whole.slice(0, n), { half: true, quiet: 30 });
		await serves();
	});

	test('what is no HTTP is refused', async () => {
		for (const text of ['\r\n\r\n\r\n', 'HELLO\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n',
			'GET /fhir/Patient/here HTTP/1.1\r\n\r\n', `${'A'.repeat(100000)} / HTTP/1.1\r\n\r\n`, '\0'.repeat(5000),
			'GET http://elsewhere/fhir HTTP/1.1\r\nHost: elsewhere\r\n\r\n']) {
			const r = await talk(text, { quiet: 200, half: true });
			assert.ok(![200, 201].includes(status(r)), `${JSON.stringify(text.slice(0, 40))}: ${r.slice(0, 100)}`);
		}
		await serves();
	});

	test('heads that are too large are refused', async () => {
		const large = await talk(get('/fhir/Patient/here', `X-Large: ${'x'.repeat(1 << 20)}\r\n`));
		assert.ok([0, 400, 413, 431].includes(status(large)), large.slice(0, 100));
		const many = await talk(get('/fhir/Patient/here', Array.from({ length: 20000 }, (_, i) => `X-${i}: ${i}\r\n`).join('')));
		assert.ok([0, 400, 413, 431].includes(status(many)), many.slice(0, 100));
		const uri = await talk(get(`/fhir/Patient/${'x'.repeat(1 << 20)}`));
		assert.ok([0, 400, 404, 413, 414, 431].includes(status(uri)), uri.slice(0, 100));
		await serves();
	});

	test('a body in chunks is read whole; a wrong chunk is refused', async () => {
		const body = JSON.stringify(patient(2));
		const head = `POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n`;
		const chunks = [...body].map((c) => `${Buffer.byteLength(c).toString(16)}\r\n${c}\r\n`).join('');
		assert.equal(status(await talk(`${head}${chunks}0\r\n\r\n`)), 201);
		for (const bad of ['zz\r\n', 'ffffffffffffffffff\r\nx', '-5\r\nxxxxx\r\n', '5\r\nxxxxxxxxx\r\n'])
			assert.notEqual(status(await talk(head + bad, { half: true })), 201, bad);
		// Without an end it is never taken for whole.
		assert.notEqual(status(await talk(head + chunks, { half: true })), 201);
	});

	test('a Content-Length that lies never makes half a body a whole one', async () => {
		const body = '{"resourceType":"Patient"}';
		const head = (n) => `POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Content-Length: ${n}\r\n\r\n`;
		for (const n of ['999', '-1', '1e3', '99999999999999999999999', 'x', '18446744073709551615', `${body.length}\r\nContent-Length: 5`])
			assert.notEqual(status(await talk(head(n) + body, { half: true, quiet: 300 })), 201, n);
		const both = await talk(`POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n${body}\r\n0\r\n\r\nGET /fhir/Patient/here HTTP/1.1\r\nHost: localhost\r\n\r\n`);
		assert.ok(statuses(both).length <= 2, 'smuggled');
		await serves();
	});

	test('requests sent in one go are answered in order', async () => {
		const many = get('/fhir/Patient/here').repeat(50) + get('/fhir/Patient/not-here') + post('/fhir/Patient', JSON.stringify(patient(3))).join('') +
			get('/health/live');
		const r = await talk(many, { quiet: 1000 });
		assert.deepEqual(statuses(r), [...Array(50).fill(200), 404, 201, 200]);
	});

	test('JSON that nests too deep, or is no JSON, is refused', async () => {
		const wrong = ['{', '[]', '"x"', '', '\0', '{"resourceType":"Patient"}\0', '\uFEFF', '{"a":1,"a":2}', '{"resourceType":"Patient","resourceType":"Patient"}',
			'{"resourceType":"Patient","name":[{"family":"\\ud800"}]}', deep(65), deep(10000), '['.repeat(1000000),
			`{"resourceType":"Patient","id":"${'x'.repeat(100)}"}`, `{"resourceType":"Observation","valueQuantity":{"value":1${'0'.repeat(100000)}}}`];
		for (const body of wrong) {
			const r = await talk(post('/fhir/Patient', body), { quiet: 3000, until: (t) => t.includes('\r\n\r\n') });
			assert.ok([400, 413, 415, 422].includes(status(r)), `${JSON.stringify(body.slice(0, 60))}: ${r.slice(0, 200)}`);
		}
		const utf8 = Buffer.concat([Buffer.from('{"resourceType":"Patient","name":[{"family":"'), Buffer.from([0xc0, 0x80, 0xff]), Buffer.from('"}]}')]);
		assert.equal(status(await talk([post('/fhir/Patient', utf8)[0], utf8])), 400);
		await serves();
	});

	test('a body of more than 64 MB is refused before it is in memory', { timeout: 60000 }, async () => {
		const before = memory();
		const told = await talk(`POST /fhir HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Content-Length: 80000000\r\n\r\n`);
		assert.equal(status(told), 413, told.slice(0, 200));
		const block = `4000000\r\n${' '.repeat(1 << 26)}\r\n`;
		const r = await talk([`POST /fhir HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n`, block, '10\r\n0123456789abcdef\r\n0\r\n\r\n'],
			{ quiet: 5000, until: (t) => t.includes('\r\n\r\n') });
		assert.equal(status(r), 413, r.slice(0, 200));
		assert.ok(memory() - before < 300, `${memory() - before} MB more`);
		await serves();
	});

	test('a gzip bomb is refused at the limit of the plain body', { timeout: 60000 }, async () => {
		const bomb = gzipSync(Buffer.alloc(400 << 20, ' '), { level: 9 });
		const before = memory();
		for (const path of ['/fhir/Patient', '/fhir']) {
			const r = await talk([`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`, bomb],
				{ quiet: 10000, until: (t) => t.includes('\r\n\r\n') });
			assert.equal(status(r), 413, r.slice(0, 300));
		}
		const cut = gzipSync(JSON.stringify(patient(4))).subarray(0, 30);
		for (const body of [cut, Buffer.from('not gzip'), gzipSync('')]) {
			const r = await talk([`POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`, body]);
			assert.equal(status(r), 400, r.slice(0, 300));
		}
		assert.ok(memory() - before < 300, `${memory() - before} MB more`);
		await serves();
	});

	test('NUL bytes and bad UTF-8 in paths and queries are refused', async () => {
		for (const path of ['/fhir/Patient/a%00b', '/fhir/Patient/a%ffb', '/fhir/Patient?family=%00', '/fhir/Patient?family=%c0%80', '/fhir/Patient?%ff=x',
			'/fhir/Patient?family=%ed%a0%80', '/fhir/Patient?family=%', '/fhir/Patient?family=%zz', '/fhir/%2e%2e/%2e%2e/etc/passwd', '/../../etc/passwd',
			'/assets/../../../etc/passwd', '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '/api/people?q=%00', '/api/people?q=%ff', '/api/people/%00', '/api/resources/Patient/%ff']) {
			const r = await talk(get(path), { until: (t) => t.includes('\r\n\r\n') });
			assert.ok([400, 404].includes(status(r)), `${path}: ${r.slice(0, 200)}`);
		}
		for (const raw of [Buffer.from('GET /fhir/Patient/a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n'),
			Buffer.from('GET /fhir/Patient?family=\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n', 'latin1')]) {
			const r = await talk(raw);
			assert.ok([0, 400, 404].includes(status(r)), r.slice(0, 200));
		}
		await serves();
	});

	test('queries beyond reason are refused or bounded, at once', async () => {
		const many = (n, p) => Array.from({ length: n }, () => p).join('&');
		const quick = async (path, allowed, body) => {
			const begun = Date.now();
			const r = await talk(body === undefined ? get(path) : post(path, body, 'Content-Type: application/x-www-form-urlencoded\r\n'),
				{ quiet: 8000, until: (t) => t.includes('\r\n\r\n') });
			assert.ok(allowed.includes(status(r)), `${path.slice(0, 80)}: ${r.slice(0, 300)}`);
			assert.ok(Date.now() - begun < 5000, `${path.slice(0, 80)} took ${Date.now() - begun} ms`);
		};
		await quick('/fhir/Patient/_search', [400, 413], many(10000, 'family=a'));
		await quick('/fhir/Patient/_search', [200, 400, 413], `family=${'a,'.repeat(50000)}`);
		await quick(`/fhir/Patient?${many(300, 'family=a')}`, [400, 413]);
		for (const count of ['-1', '0', '1e9', '99999999999999999999', 'x', '2147483648'])
			await quick(`/fhir/Patient?_count=${count}`, [200, 400]);
		await quick(`/fhir/Patient?${many(100, '_include=*')}`, [200, 400]);
		await quick(`/fhir/Patient?${many(100, '_revinclude:iterate=*')}`, [200, 400]);
		await quick('/fhir/Patient?_include:iterate=Patient:link&_revinclude:iterate=Patient:link&_revinclude:iterate=Observation:patient', [200, 400]);
		await quick(`/fhir/Patient?_sort=${'birthdate,'.repeat(1000)}_id`, [200, 400]);
		await quick(`/fhir/Patient?_elements=${'name,'.repeat(3000)}id`, [200, 400]);
		await quick('/fhir/Patient?birthdate=ge9999999999-01-01', [400]);
		await quick('/fhir/Observation?value-quantity=1e999999999', [200, 400]);
		await quick('/fhir/Patient/here/_history?_count=99999999999', [200, 400]);
		await quick('/fhir/Patient/here/_history?_page=ZZZZZZZZ', [400, 410]);
		await quick('/fhir/Patient?_page=AAAAAAAAAAAAAAAAAAAA', [400, 404, 410]);
		await quick(`/api/people?q=${'a%20'.repeat(2000)}`, [400, 413, 414]);
	});

	test('one slow client keeps nobody waiting', async () => {
		const slow = Array.from({ length: 50 }, () => net.connect({ host: '127.0.0.1', port }));
		for (const s of slow) s.on('error', () => {});
		const body = JSON.stringify(patient(5));
		for (const [i, s] of slow.entries())
			s.write(i % 2 ? 'GET /fhir/Patient/he' : `POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}Content-Length: ${body.length}\r\n\r\n{`);
		await pause(100);
		for (let i = 0; i < 20; i++) assert.ok(await serves() < 1000);
		for (const s of slow) s.destroy();
	});

	test('a client that asks and does not read keeps nobody waiting', async () => {
		const deaf = Array.from({ length: 20 }, () => net.connect({ host: '127.0.0.1', port }));
		for (const s of deaf) {
			s.on('error', () => {});
			s.pause();
			s.write(get('/fhir/metadata').repeat(200));
		}
		await pause(300);
		for (let i = 0; i < 20; i++) assert.ok(await serves() < 1000);
		for (const s of deaf) s.destroy();
	});

	test('thousands of connections: those within the limit are served, and all when some go', { timeout: 60000 }, async () => {
		const open = [];
		for (let i = 0; i < 3000; i++) {
			const s = net.connect({ host: '127.0.0.1', port });
			s.on('error', () => {});
			open.push(s);
			if (i % 200 === 199) await pause(20);
		}
		await pause(500);
		for (const s of open) s.destroy();
		await pause(200);
		assert.ok(await serves() < 5000);
	});
});

// A server that has little patience, so that the test need not have much.
describe('a client that is slow on purpose', () => {
	const patience = 2, idle = 3;
	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'hf-slow-'));
		data = join(dir, 'store');
		hfOk(['init', '--data', data]);
		server = await serve(data, ['--request-timeout', String(patience), '--idle-timeout', String(idle), '--per-address', '40']);
		port = Number(new URL(server.url).port);
		const r = await fetch(`${server.url}/fhir/Patient/here`, {
			method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: JSON.stringify({ ...patient(1), id: 'here' }),
		});
		assert.equal(r.status, 201);
	});
	after(async () => {
		const end = await server.stop();
		rmSync(dir, { recursive: true, force: true });
		assert.equal(end.code, 0, end.err);
	});

	// Sends head at once and then a byte twice a second: after how many seconds does the
	// server end it?
	function drip(head, byte) {
		return new Promise((done) => {
			const begun = Date.now(), s = net.connect({ host: '127.0.0.1', port });
			let timer;
			const finish = () => { clearInterval(timer); s.destroy(); done((Date.now() - begun) / 1000); };
			s.on('error', finish);
			s.on('close', finish);
			s.on('end', finish);
			s.on('connect', () => {
				s.write(head);
				timer = setInterval(() => { s.write(byte); if (Date.now() - begun > 25000) finish(); }, 500);
			});
			s.resume();
		});
	}

	test('a byte now and then keeps no connection open', { timeout: 60000 }, async () => {
		const body = `POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n${JSON_TYPE}`;
		const took = await Promise.all([
			drip('', 'G'),
			drip('GET /fhir/Pat', 'x'),
			drip('GET /fhir/Patient/here HTTP/1.1\r\nHost: localhost\r\nX-Long: ', 'x'),
			drip(`${body}Content-Length: 100000\r\n\r\n{`, ' '),
			drip(`${body}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'),
			drip(`${get('/fhir/Patient/here')}GET /fhir`, 'x'), // behind a request that was whole
		]);
		for (const [i, s] of took.entries()) assert.ok(s < patience + idle + 3, `${i}: ${s} s`);
		const metrics = await (await fetch(`${server.url}/metrics`)).text();
		assert.ok(Number(/connections_ended_total (\d+)/.exec(metrics)[1]) >= 5);
		await serves();
	});

	test('a body that comes steadily may take longer', { timeout: 60000 }, async () => {
		const text = JSON.stringify({ ...patient(9), text: undefined }), body = text.padEnd(150000, ' ');
		const s = net.connect({ host: '127.0.0.1', port });
		let answer = '';
		s.on('data', (d) => { answer += d; });
		s.write(post('/fhir/Patient', body)[0]);
		for (let i = 0; i < 10; i++) {
			s.write(body.slice(i * 15000, (i + 1) * 15000));
			await pause(400); // 4 seconds in all: twice the patience, at 37 KB a second
		}
		await pause(500);
		s.destroy();
		assert.equal(status(answer), 201, answer.slice(0, 200));
	});

	test('who asks and never reads the answer is ended', { timeout: 60000 }, async () => {
		// A connection of its own each time: the server ends one that is idle.
		const active = async () => Number(/http_active (\d+)/.exec(await (await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } })).text())[1]);
		const until = async (n) => { for (let i = 0; i < 100 && await active() !== n; i++) await pause(50); };
		await until(1); // what the tests before asked is done
		const s = net.connect({ host: '127.0.0.1', port });
		s.on('error', () => {});
		s.pause();
		s.write(get('/fhir/metadata').repeat(400)); // far more than sockets hold
		await until(2);
		assert.equal(await active(), 2, 'one answer is stuck');
		const begun = Date.now();
		while (await active() > 1 && Date.now() - begun < 20000) await pause(250);
		assert.equal(await active(), 1, 'it is still stuck after 20 s');
		s.destroy();
		await serves();
	});

	test('one address has so many connections and no more', { timeout: 30000 }, async () => {
		const open = [];
		let ended = 0;
		for (let i = 0; i < 100; i++) {
			const s = net.connect({ host: '127.0.0.1', port });
			s.on('error', () => {});
			s.on('close', () => { ended++; });
			s.on('end', () => s.destroy());
			s.resume();
			open.push(s);
		}
		await pause(700);
		assert.ok(ended >= 55 && ended <= 65, `${ended} of 100 were ended`);
		for (const s of open) s.destroy();
		await pause(200);
		assert.ok(await serves() < 5000);
	});
});

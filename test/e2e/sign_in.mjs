// People sign in: the whole way, and what must not work.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { at, engines, folder, hf, hfOk, newStore, serve, storeOf, write } from '../support/e2e.mjs';
import { Browser, addUser, enrol, password, signIn, totp } from '../support/people.mjs';

async function place(t, { engine = 'SQLite', options = [] } = {}) {
	const servers = [];
	// Before the folder goes, which is asked for after this.
	t.after(() => Promise.all(servers.map((s) => s.stop('SIGKILL'))));
	const store = storeOf(engine, t);
	if (!store) return null;
	const extra = engine === 'PostgreSQL' ? ['--data', folder(t)] : [];
	const where = [...at(store), ...extra];
	const start = async () => {
		const s = await serve(store, [...extra, ...options], { open: false });
		servers.push(s);
		return s;
	};
	return { store, where, data: extra[1] ?? store, start, server: await start() };
}

for (const engine of engines) {
	test(`from a password that is good once to a session, on ${engine}`, async (t) => {
		const p = await place(t, { engine });
		if (!p) return;
		const user = addUser(p.where, 'Ada.Lovelace', { name: 'Ada Lovelace' });
		const b = new Browser(p.server.url);
		assert.equal((await b.get('/api/people')).status, 401);
		assert.deepEqual((await b.post('/auth/sign-in', { login: 'ada.lovelace', password: user.once })).body, { step: 'password' });
		assert.equal((await b.session()).step, 'password');
		// A half-way sign-in is nobody.
		assert.equal((await b.get('/api/people')).status, 401);
		const weak = await b.post('/auth/password', { password: 'ada lovelace 1815' });
		assert.equal(weak.status, 422);
		assert.match(weak.body.error.text, /name or login/);
		assert.equal((await b.post('/auth/password', { password: user.once })).status, 422);
		assert.deepEqual((await b.post('/auth/password', { password })).body, { step: 'enrol' });
		const offer = await b.post('/auth/enrol', {});
		assert.match(offer.body.secret, /^[A-Z2-7]{32}$/);
		assert.match(offer.body.uri, /^otpauth:\/\/totp\/homefirst:ada\.lovelace\?secret=[A-Z2-7]{32}&issuer=homefirst/);
		assert.equal((await b.post('/auth/enrol', { code: '000000' })).status, 422);
		const done = await b.post('/auth/enrol', { code: totp(offer.body.secret, Date.now(), -1) });
		assert.equal(done.body.step, 'done');
		assert.equal(done.body.recovery.length, 10);
		const s = await b.session();
		assert.equal(s.signedIn, true);
		assert.equal(s.actor.id, `user/${user.id}`);
		assert.equal(s.actor.roleCode, 'named-gp');
		assert.equal(s.actor.orgCode, 'Y00001');
		assert.equal(s.session.idleSeconds, 900);
		assert.equal(s.session.proof, 'code');
		assert.equal((await b.get('/api/people?q=x')).status, 200);
		// The password that was good once is no longer good.
		const again = new Browser(p.server.url);
		assert.equal((await again.post('/auth/sign-in', { login: user.login, password: user.once })).status, 401);
		// Signing in with both factors; a recovery code in place of the app, once.
		assert.equal((await signIn(p.server.url, user, offer.body.secret)).body.step, 'done');
		const other = new Browser(p.server.url);
		await other.post('/auth/sign-in', { login: user.login, password });
		const rec = await other.post('/auth/totp', { recovery: done.body.recovery[3].toUpperCase() });
		assert.deepEqual(rec.body, { step: 'done', recoveryLeft: 9 });
		const twice = new Browser(p.server.url);
		await twice.post('/auth/sign-in', { login: user.login, password });
		assert.equal((await twice.post('/auth/totp', { recovery: done.body.recovery[3] })).status, 401);
	});

	test(`sessions outlive a restart on ${engine}, and end with their account`, async (t) => {
		const p = await place(t, { engine });
		if (!p) return;
		const user = addUser(p.where, 'bea'), b = await enrol(p.server.url, user);
		assert.equal((await p.server.stop()).code, 0);
		const second = await p.start();
		b.url = second.url;
		assert.equal((await b.session()).signedIn, true);
		assert.equal((await b.get('/api/people?q=x')).status, 200);
		hfOk(['user', 'end', ...p.where, 'bea']);
		assert.equal((await b.get('/api/people?q=x')).status, 401);
		assert.equal((await second.stop()).code, 0);
		const third = await p.start();
		b.url = third.url;
		assert.equal((await b.session()).signedIn, false);
	});
}

test('a session has another token after each step up, and the old one is no good', async (t) => {
	const p = await place(t), user = addUser(p.where, 'cy');
	hfOk(['user', 'role', 'add', ...p.where, 'cy', '--role', 'clinical-lead', '--org', 'Y00002']);
	const b = new Browser(p.server.url), seen = new Set();
	// A cookie planted beforehand is not taken over.
	b.cookies.set('homefirst', 'A'.repeat(43));
	const token = () => b.cookies.get('homefirst');
	const step = async (path, body) => {
		const r = await b.post(path, body);
		assert.equal(r.status, 200, JSON.stringify(r.body));
		assert.ok(!seen.has(token()), `${path} gave a new token`);
		seen.add(token());
		return r.body;
	};
	seen.add(token());
	await step('/auth/sign-in', { login: 'cy', password: user.once });
	await step('/auth/password', { password });
	const { secret } = (await b.post('/auth/enrol', {})).body;
	assert.equal((await step('/auth/enrol', { code: totp(secret, Date.now(), -1) })).step, 'role');
	const half = token();
	const roles = (await b.session()).roles;
	assert.equal(roles.length, 2);
	assert.equal((await b.get('/api/people?q=x')).status, 401);
	await step('/auth/role', { role: roles[0].id });
	await b.session();
	const old = token();
	await step('/auth/prove', { code: totp(secret) });
	await b.session();
	await step('/auth/role', { role: roles[1].id });
	const s = await b.session();
	assert.equal(s.actor.roleCode, 'clinical-lead');
	assert.equal(s.actor.orgCode, 'Y00002');
	for (const dead of [half, old]) {
		const thief = new Browser(p.server.url);
		thief.cookies.set('homefirst', dead);
		assert.equal((await thief.get('/api/people?q=x')).status, 401);
	}
	// Somebody else's role, and one that is not there.
	assert.equal((await b.post('/auth/role', { role: 999 })).status, 403);
	// The cookie: out of reach of scripts, not sent along by other sites.
	const r = await fetch(`${p.server.url}/auth/sign-in`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ login: 'cy', password }),
	});
	assert.match(r.headers.get('set-cookie'), /^homefirst=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
});

test('a change needs the token of its session, JSON, and a page of our own', async (t) => {
	const p = await place(t), user = addUser(p.where, 'dee'), b = await enrol(p.server.url, user);
	const refused = async (headers, path = '/auth/prove', body = { code: '123456' }) => (await b.post(path, body, headers)).status;
	assert.equal(await refused({ 'X-CSRF-Token': null }), 403);
	assert.equal(await refused({ 'X-CSRF-Token': 'x'.repeat(43) }), 403);
	assert.equal(await refused({ Origin: 'https://elsewhere.example' }), 403);
	assert.equal(await refused({ 'Sec-Fetch-Site': 'cross-site' }), 403);
	assert.equal(await refused({ 'Content-Type': 'text/plain' }), 415);
	assert.equal(await refused({ 'X-CSRF-Token': null, 'Content-Type': 'application/fhir+json' }, '/fhir/Patient',
		{ resourceType: 'Patient' }), 403);
	assert.equal(await refused({ 'X-CSRF-Token': null }, '/auth/sign-out', {}), 403);
	assert.equal((await b.session()).signedIn, true);
	// Both credentials at once are refused.
	assert.equal((await b.get('/api/people?q=x', { Authorization: 'Bearer abc' })).status, 401);
	// Two cookies of one name: one of them was planted.
	const two = await fetch(`${p.server.url}/api/people?q=x`, { headers: { Cookie: `homefirst=${b.cookies.get('homefirst')}; homefirst=${'A'.repeat(43)}` } });
	assert.equal(two.status, 401);
	// Another session's token does not do.
	const c = await enrol(p.server.url, addUser(p.where, 'eve'));
	assert.equal(await refused({ 'X-CSRF-Token': c.csrf }), 403);
});

test('signing out ends the session in the server, and a replayed cookie is nobody', async (t) => {
	const p = await place(t), user = addUser(p.where, 'fay'), b = await enrol(p.server.url, user);
	const kept = b.cookies.get('homefirst');
	const r = await b.post('/auth/sign-out');
	assert.equal(r.status, 200);
	assert.ok(!b.cookies.has('homefirst'));
	const thief = new Browser(p.server.url);
	thief.cookies.set('homefirst', kept);
	assert.equal((await thief.get('/api/people?q=x')).status, 401);
	assert.equal((await thief.session()).signedIn, false);
});

test('a session ends when nothing is done, and at its end whatever is done', async (t) => {
	const p = await place(t, { options: ['--idle', '2', '--session', '5'] });
	const user = addUser(p.where, 'gus'), b = await enrol(p.server.url, user);
	const began = Date.now();
	// Asking about the session, and what a page does by itself, does not keep it.
	for (let i = 0; i < 3; i++) {
		await pause(800);
		await b.session();
		await b.get('/api/people?q=x', { 'X-Background': '1' });
		await b.get('/api/people?q=x', { Accept: 'text/event-stream' });
	}
	assert.equal((await b.get('/api/people?q=x')).status, 401);
	const { browser } = await signIn(p.server.url, user, b.secret);
	const start = Date.now();
	assert.ok(start - began > 2000);
	let status = 200;
	while (status === 200 && Date.now() - start < 8000) {
		await pause(400);
		status = (await browser.post('/auth/stay')).status;
	}
	assert.equal(status, 401);
	assert.ok(Date.now() - start >= 4500, 'it lasted until its end');
});

test('one account has three sessions at once: the fourth ends the one used least lately', async (t) => {
	const p = await place(t), user = addUser(p.where, 'hal'), first = await enrol(p.server.url, user);
	const codes = first.recovery;
	const another = async (i) => {
		const b = new Browser(p.server.url);
		await b.post('/auth/sign-in', { login: 'hal', password });
		assert.equal((await b.post('/auth/totp', { recovery: codes[i] })).status, 200);
		await b.session();
		return b;
	};
	const second = await another(0), third = await another(1);
	await first.get('/api/people?q=x');
	const fourth = await another(2);
	assert.equal((await second.get('/api/people?q=x')).status, 401);
	for (const b of [first, third, fourth]) assert.equal((await b.get('/api/people?q=x')).status, 200);
});

test('a code is used once, also by two at the same moment', async (t) => {
	const p = await place(t), user = addUser(p.where, 'ida'), b = await enrol(p.server.url, user);
	const half = async () => {
		const c = new Browser(p.server.url);
		assert.equal((await c.post('/auth/sign-in', { login: 'ida', password })).body.step, 'totp');
		return c;
	};
	const [one, two] = [await half(), await half()];
	const code = totp(b.secret);
	const both = await Promise.all([one.post('/auth/totp', { code }), two.post('/auth/totp', { code })]);
	assert.deepEqual(both.map((r) => r.status).sort(), [200, 401]);
	assert.equal((await (await half()).post('/auth/totp', { code })).status, 401);
});

test('an unknown login, a wrong password and an ended account get one answer', async (t) => {
	const p = await place(t), user = addUser(p.where, 'jo');
	addUser(p.where, 'kim');
	hfOk(['user', 'end', ...p.where, 'kim']);
	const texts = new Set();
	for (const login of ['jo', 'kim', 'nobody', '<>']) {
		const r = await new Browser(p.server.url).post('/auth/sign-in', { login, password: 'not this one 123' });
		assert.equal(r.status, 401);
		texts.add(JSON.stringify(r.body));
	}
	assert.equal(texts.size, 1);
	assert.equal((await new Browser(p.server.url).post('/auth/sign-in', { login: 'jo', password: user.once })).status, 200);
});

test('who guesses has to wait; who signed in there before does not', async (t) => {
	const p = await place(t), user = addUser(p.where, 'lee'), b = await enrol(p.server.url, user);
	const guess = new Browser(p.server.url);
	let r;
	for (let i = 0; i < 8; i++) {
		r = await guess.post('/auth/sign-in', { login: 'lee', password: `wrong guess ${i}` });
		if (r.status === 429) break;
		assert.equal(r.status, 401);
	}
	assert.equal(r.status, 429);
	assert.ok(Number(r.headers.get('retry-after')) >= 1);
	// From the same address, right password, unknown browser: it waits as well.
	assert.equal((await new Browser(p.server.url).post('/auth/sign-in', { login: 'lee', password })).status, 429);
	// The browser that lee used before is let in at once.
	const known = new Browser(p.server.url);
	known.cookies.set('homefirst-device', b.cookies.get('homefirst-device'));
	const good = await known.post('/auth/sign-in', { login: 'lee', password });
	assert.equal(good.status, 200, JSON.stringify(good.body));
	// That cookie helps with no other login, and not when it was made up.
	const other = addUser(p.where, 'mia');
	const a = new Browser(p.server.url);
	a.cookies.set('homefirst-device', b.cookies.get('homefirst-device'));
	for (let i = 0; i < 8; i++) r = await a.post('/auth/sign-in', { login: 'mia', password: 'wrong again' });
	assert.equal(r.status, 429);
	assert.ok(other.once);
});

test('movers and leavers: a role that ends takes its sessions along', async (t) => {
	const p = await place(t), user = addUser(p.where, 'ned'), b = await enrol(p.server.url, user);
	const shown = JSON.parse(hfOk(['user', 'show', ...p.where, 'ned']).out);
	assert.equal(shown.roles.length, 1);
	hfOk(['user', 'role', 'end', ...p.where, 'ned', String(shown.roles[0].id)]);
	assert.equal((await b.get('/api/people?q=x')).status, 401);
	const r = await signIn(p.server.url, user, b.secret);
	assert.equal(r.status, 403);
	hfOk(['user', 'role', 'add', ...p.where, 'ned', '--role', 'receptionist', '--org', 'Y00001']);
	// The code of before was used up: a recovery code.
	const c = new Browser(p.server.url);
	await c.post('/auth/sign-in', { login: 'ned', password });
	assert.equal((await c.post('/auth/totp', { recovery: b.recovery[0] })).status, 200);
	assert.equal((await c.session()).actor.roleCode, 'receptionist');
	const reset = hfOk(['user', 'reset', ...p.where, 'ned']).out;
	assert.match(reset, /password \(shown once/);
	assert.equal((await c.get('/api/people?q=x')).status, 401);
});

test('purpose: safeguarding needs training, a case and a fresh proof', async (t) => {
	const p = await place(t);
	const user = addUser(p.where, 'oz', { role: 'social-worker', org: 'Y00003', more: ['--trained'] });
	const b = await enrol(p.server.url, user);
	assert.equal((await b.post('/auth/purpose', { purpose: 'SAFEGUARD' })).status, 400);
	assert.equal((await b.post('/auth/purpose', { purpose: 'RESEARCH', caseRef: 'A/1' })).status, 403);
	const r = await b.post('/auth/purpose', { purpose: 'SAFEGUARD', caseRef: 'SG-2026/17' });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	const s = await b.session();
	assert.deepEqual([s.actor.purpose, s.actor.caseRef], ['SAFEGUARD', 'SG-2026/17']);
	const plain = await enrol(p.server.url, addUser(p.where, 'pam', { role: 'social-worker', org: 'Y00003' }));
	assert.equal((await plain.post('/auth/purpose', { purpose: 'SAFEGUARD', caseRef: 'SG-1' })).status, 403);
});

test('no secret stands in the store, the audit, the log or an answer to somebody else', async (t) => {
	const p = await place(t), user = addUser(p.where, 'quin'), b = await enrol(p.server.url, user);
	await signIn(p.server.url, user, b.secret);
	await p.server.stop();
	const secrets = [user.once, password, b.secret, ...b.recovery, b.cookies.get('homefirst'), b.cookies.get('homefirst-device')];
	const files = [];
	const walk = (dir) => {
		for (const e of readdirSync(dir, { withFileTypes: true }))
			if (e.isDirectory()) walk(join(dir, e.name));
			else if (e.isFile()) files.push(join(dir, e.name));
	};
	walk(p.data);
	for (const f of files) {
		const bytes = readFileSync(f);
		for (const s of secrets) assert.ok(!bytes.includes(s), `${f} holds a secret`);
	}
	for (const s of secrets) assert.ok(!p.server.log().includes(s));
	assert.equal(statSync(join(p.data, 'keys')).mode & 0o777, 0o700);
	assert.equal(statSync(join(p.data, 'keys', 'account.key')).mode & 0o777, 0o600);
});

test('a backup carries accounts with their second factors, and no session', async (t) => {
	const p = await place(t), user = addUser(p.where, 'rae'), b = await enrol(p.server.url, user);
	const dir = folder(t), key = write(dir, 'key', 'k'.repeat(64)), out = join(dir, 'backup'), to = join(dir, 'back');
	hfOk(['backup', ...p.where, '--out', out, '--key-file', key]);
	await p.server.stop();
	hfOk(['restore', '--data', to, '--key-file', key, out]);
	const server = await serve(to, [], { open: false });
	t.after(() => server.stop('SIGKILL'));
	b.url = server.url;
	assert.equal((await b.session()).signedIn, false);
	const r = await signIn(server.url, user, b.secret);
	assert.equal(r.body.step, 'done', JSON.stringify(r.body));
	await server.stop();
});

test('the command refuses what an account may not be, and never takes a password as a word', (t) => {
	const store = newStore(t), dir = folder(t);
	const add = (...args) => hf(['user', 'add', '--data', store, ...args]);
	assert.equal(add('--login', 'a b', '--name', 'X').status, 1);
	assert.equal(add('--login', 'a', '--name', 'X', '--role', 'no-such-role', '--org', 'Y1').status, 1);
	assert.equal(add('--login', 'a', '--name', 'X', '--role', 'named-gp').status, 1);
	assert.equal(add('--login', 'a', '--name', 'X', '--role', 'patient').status, 1);
	assert.equal(add('--login', 'a', '--name', 'X', '--password', 'not taken here').status, 2);
	assert.equal(add('--login', 'a', '--name', 'X', 'not-taken-here').status, 2);
	const weak = add('--login', 'a', '--name', 'X', '--password-file', write(dir, 'pw', 'short'));
	assert.equal(weak.status, 1);
	assert.match(weak.err, /at least 12 characters/);
	assert.doesNotMatch(weak.err, /short/);
	assert.equal(add('--login', 'a', '--name', 'X', '--password-file', write(dir, 'pw2', 'a good long password\n')).status, 0);
	const strange = add('--login', 'b', '--name', 'X', '--role', 'named-gp', '--org', 'NOWHERE');
	assert.equal(strange.status, 0);
	assert.match(strange.err, /no organisation with the ODS code NOWHERE/);
	// Who signs in at a provider has no password here.
	const away = add('--login', 'c', '--name', 'X', '--issuer', 'https://id.example', '--subject', '42');
	assert.equal(away.status, 0);
	assert.doesNotMatch(away.out, /password/);
	assert.equal(add('--login', 'd', '--name', 'X', '--issuer', 'https://id.example', '--subject', '42').status, 1);
	const twice = add('--login', 'A', '--name', 'Y');
	assert.equal(twice.status, 1);
	assert.match(twice.err, /login is taken/);
	assert.equal(hf(['user', 'list', '--data', store]).out.split('\n').filter((l) => l.includes(' a ')).length, 1);
});

test('the control socket hears its own user only, and survives rubbish', async (t) => {
	const p = await place(t);
	const { createConnection } = await import('node:net');
	const path = join(p.data, 'control.sock');
	assert.equal(statSync(path).mode & 0o777, 0o600);
	const send = (bytes) => new Promise((done) => {
		const c = createConnection(path, () => c.end(bytes));
		c.on('close', () => done());
		c.on('error', () => done());
		c.resume();
	});
	await send(Buffer.alloc(0));
	await send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
	await send(Buffer.concat([Buffer.from('homefirst admin 1\n'), Buffer.alloc(4, 0xff)]));
	await send(Buffer.concat([Buffer.from('homefirst admin 1\n'), Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f])]));
	assert.equal(hf(['user', 'list', ...p.where]).status, 0);
	await p.server.stop();
	assert.throws(() => statSync(path));
});

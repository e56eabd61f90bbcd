// What somebody would try who wants in, or wants more: each attack by its name, against a
// place with one user of each role group.
import assert from 'node:assert/strict';
import http from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { hfOk } from '../support/e2e.mjs';
import { Browser, addUser, enrol, password, signIn, totp } from '../support/people.mjs';
import { Place, mark, orgs, persons } from '../support/place.mjs';
import { routes } from '../matrix/routes.mjs';

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const only = ['gp', 'nurse', 'social', 'privacy', 'admin', 'patient'];

// As the other side of a bare connection sees it, whatever fetch would not send.
function raw(url, { method = 'GET', path = '/', headers = {}, body } = {}) {
	const { hostname, port } = new URL(url);
	return new Promise((done, fail) => {
		const req = http.request({ hostname, port, method, path, headers, agent: false }, (res) => {
			let text = '';
			res.on('data', (d) => { text += d; });
			res.on('end', () => done({ status: res.statusCode, headers: res.headers, rawHeaders: res.rawHeaders, text }));
		});
		req.on('error', fail);
		req.end(body);
	});
}

describe('attacks', () => {
	let place, url;
	const secrets = []; // what may stand in no log
	before(async () => {
		place = await new Place().start([], { only });
		url = place.url;
		for (const b of Object.values(place.as)) secrets.push(b.secret, b.csrf, ...b.cookies.values(), ...b.recovery);
		secrets.push(password, ...Object.values(place.accounts).map((a) => a.once));
	}, { timeout: 120000 });
	after(async () => {
		const end = await place?.stop();
		assert.equal(end?.code, 0, end?.err);
	});
	const fresh = (login, role = 'named-gp', org = orgs.practice) => addUser(['--data', place.data], login, { role, org, name: `Name of ${login}` });

	// ---- sessions ----

	test('session fixation: a cookie from before signing in is worth nothing after it', async () => {
		const user = fresh('fixed'), planted = 'A'.repeat(43);
		const b = new Browser(url);
		for (const name of ['homefirst', '__Host-homefirst']) b.cookies.set(name, planted);
		await b.post('/auth/sign-in', { login: user.login, password: user.once }, { 'X-CSRF-Token': null });
		const signed = await enrol(url, user);
		secrets.push(signed.secret, signed.csrf, ...signed.cookies.values(), ...signed.recovery, user.once);
		const thief = new Browser(url);
		for (const name of ['homefirst', '__Host-homefirst']) thief.cookies.set(name, planted);
		assert.equal((await thief.get('/api/people')).status, 401);
		for (const [, value] of signed.cookies) assert.notEqual(value, planted);
	});

	test('session fixation: each step of signing in, and a change of role, gives a new cookie', async () => {
		const user = fresh('rotates'), at = ['--data', place.data];
		hfOk(['user', 'role', 'add', user.login, ...at, '--role', 'clinical-lead', '--org', orgs.practice]);
		const first = await enrol(url, user, { role: 'named-gp' });
		const { browser } = await signIn(url, user, first.secret, { steps: 0 });
		const seen = new Set();
		const note = () => { const v = [...browser.cookies.values()].join(); assert.ok(!seen.has(v), 'the same cookie again'); seen.add(v); return v; };
		note();
		const { roles } = await browser.session();
		const old = new Map(browser.cookies);
		assert.equal((await browser.post('/auth/role', { role: roles[0].id })).status, 200);
		note();
		await browser.session();
		assert.equal((await browser.post('/auth/role', { role: roles[1].id })).status, 200);
		note();
		const before = new Browser(url);
		before.cookies = old;
		assert.equal((await before.get('/api/people')).status, 401, 'the cookie of the step before');
	});

	test('a session that was signed out, or whose account ended, is over at once', async () => {
		const user = fresh('leaves');
		const b = await enrol(url, user), copy = new Browser(url);
		copy.cookies = new Map(b.cookies);
		assert.equal((await copy.get('/api/people')).status, 200);
		assert.ok((await b.post('/auth/sign-out')).status < 300);
		assert.equal((await copy.get('/api/people')).status, 401);
		const again = await signIn(url, user, b.secret, { steps: 1 });
		assert.equal(again.status, 200, JSON.stringify(again.body));
		assert.equal((await again.browser.get('/api/people')).status, 200);
		hfOk(['user', 'end', user.login, '--data', place.data]);
		assert.equal((await again.browser.get('/api/people')).status, 401);
	});

	test('cookies: not for scripts, not for other sites, not for other paths', async () => {
		const r = await raw(url, { method: 'POST', path: '/auth/sign-in', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'gp', password }) });
		const cookies = [r.headers['set-cookie'] ?? []].flat();
		assert.ok(cookies.length > 0, r.text);
		for (const c of cookies) {
			assert.match(c, /; HttpOnly/);
			assert.match(c, /; SameSite=(Lax|Strict)/);
			assert.match(c, /; Path=\//);
			assert.doesNotMatch(c, /; Domain=/i);
		}
	});

	// ---- other sites ----

	test('CSRF: a request with the cookie and without the token changes nothing', async () => {
		const gp = place.as.gp, problem = { resourceType: 'Condition', subject: { reference: 'Patient/own' }, code: { text: 'forged' } };
		const forged = [
			{}, { 'X-CSRF-Token': '' }, { 'X-CSRF-Token': 'x'.repeat(gp.csrf.length) }, { 'X-CSRF-Token': gp.csrf.slice(1) }, { 'X-CSRF-Token': place.as.nurse.csrf },
		];
		for (const h of forged) {
			for (const [method, path, type] of [['POST', '/fhir/Condition', 'application/fhir+json'], ['PUT', '/fhir/Condition/own-problem', 'application/fhir+json'],
				['DELETE', '/fhir/Condition/own-problem', 'application/fhir+json'], ['POST', '/fhir', 'application/fhir+json'], ['POST', '/auth/stay', 'application/json'],
				['POST', '/auth/purpose', 'application/json'], ['POST', '/api/people/stranger/break-glass', 'application/json'], ['POST', '/api/people/own/choices', 'application/json']]) {
				const r = await raw(url, { method, path, headers: { Cookie: gp.cookieHeader(), 'content-type': type, ...h }, body: method === 'DELETE' ? undefined : JSON.stringify(problem) });
				assert.equal(r.status, 403, `${method} ${path} ${JSON.stringify(h)}: ${r.status} ${r.text.slice(0, 200)}`);
			}
		}
		assert.equal((await gp.get('/fhir/Condition/own-problem')).status, 200);
		assert.ok(!JSON.stringify((await gp.get('/fhir/Condition?patient=Patient/own')).body).includes('forged'));
	});

	test('CSRF: with the token, but from the page of another site, nothing is taken', async () => {
		const gp = place.as.gp;
		for (const Origin of ['http://evil.example', 'https://evil.example', 'null', '', 'http://localhost:1', url.replace('http:', 'https:'), `${url}.evil.example`, 'http://127.0.0.1.evil.example']) {
			const r = await raw(url, { method: 'POST', path: '/auth/stay', headers: { Cookie: gp.cookieHeader(), 'X-CSRF-Token': gp.csrf, 'content-type': 'application/json', Origin }, body: '{}' });
			assert.equal(r.status, 403, `${Origin}: ${r.status} ${r.text.slice(0, 100)}`);
		}
		const cross = await raw(url, { method: 'POST', path: '/auth/stay', headers: { Cookie: gp.cookieHeader(), 'X-CSRF-Token': gp.csrf, 'content-type': 'application/json', 'Sec-Fetch-Site': 'cross-site' }, body: '{}' });
		assert.equal(cross.status, 403);
		assert.equal((await raw(url, { method: 'POST', path: '/auth/stay', headers: { Cookie: gp.cookieHeader(), 'X-CSRF-Token': gp.csrf, 'content-type': 'application/json', Origin: url }, body: '{}' })).status, 200);
	});

	test('CSRF: what a form of another site can send is not read as ours', async () => {
		for (const [type, body] of [['text/plain', '{"login":"gp","password":"x"}'], ['application/x-www-form-urlencoded', 'login=gp&password=x'], ['multipart/form-data; boundary=x', '--x--']]) {
			const r = await raw(url, { method: 'POST', path: '/auth/sign-in', headers: { 'content-type': type }, body });
			assert.ok([400, 403, 415].includes(r.status), `${type}: ${r.status} ${r.text}`);
		}
		const signedIn = await raw(url, { method: 'POST', path: '/auth/sign-in', headers: { 'content-type': 'application/json', Origin: 'http://evil.example' }, body: '{"login":"gp","password":"x"}' });
		assert.equal(signedIn.status, 403, 'signing somebody in from elsewhere');
	});

	test('DNS rebinding: another name for this address gets nothing', async () => {
		for (const Host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', `evil.example:${new URL(url).port}`]) {
			const r = await raw(url, { path: '/api/session', headers: { Host, Cookie: place.as.gp.cookieHeader() } });
			assert.equal(r.status, 403, Host);
			assert.doesNotMatch(r.text, /Name of|csrf/);
		}
	});

	test('clickjacking: no answer may stand in a frame', async () => {
		for (const path of ['/', '/people/own', '/sign-in', '/admin/users', '/api/session', '/fhir/metadata', '/nothing']) {
			const r = await raw(url, { path, headers: { accept: 'text/html' } });
			assert.match(r.headers['content-security-policy'], /frame-ancestors 'none'/, path);
		}
	});

	test('open redirect: wherever one may be sent on to is an address of this server', async () => {
		for (const back of ['//evil.example', 'https://evil.example', '/\\evil.example', '\\\\evil.example', '/%2f/evil.example', 'javascript:alert(1)', '///evil.example', '/\t/evil.example', '@evil.example', '/..//evil.example'])
			for (const path of [`/auth/oidc/none?return=${encodeURIComponent(back)}`, `/auth/oidc/callback?state=x&return=${encodeURIComponent(back)}`, `/sign-in?return=${encodeURIComponent(back)}`]) {
				const r = await raw(url, { path });
				const to = r.headers.location;
				if (to !== undefined) assert.ok(to.startsWith('/') && !/^\/[/\\]/.test(to) && !to.includes('evil'), `${path} sends to ${to}`);
			}
	});

	test('header injection: what comes in does not become a line of the answer', async () => {
		const bad = encodeURIComponent('x\r\nSet-Cookie: stolen=1\r\nX-Evil: yes');
		for (const path of [`/fhir/Patient/${bad}`, `/fhir/Patient?family=${bad}`, `/people/${bad}`, `/api/people?q=${bad}`, `/auth/oidc/${bad}`, `/auth/oidc/none?return=${bad}`, `/fhir/${bad}`, `/assets/${bad}`, `/${bad}`])
			for (const Cookie of ['', place.as.gp.cookieHeader()]) {
				const r = await raw(url, { path, headers: Cookie ? { Cookie } : {} });
				assert.equal(r.headers['x-evil'], undefined, path);
				assert.ok(![r.headers['set-cookie'] ?? []].flat().some((c) => c.includes('stolen')), path);
			}
		const gp = place.as.gp;
		const r = await gp.ask('PUT', '/fhir/Condition/own-problem', { resourceType: 'Condition', id: 'own-problem', subject: { reference: 'Patient/own' }, code: { text: 'x\r\nX-Evil: yes' } }, { 'Content-Type': 'application/fhir+json' });
		assert.equal(r.headers.get('x-evil'), null);
	});

	test('path traversal: no file of the machine is an address', async () => {
		for (const path of ['/../../etc/passwd', '/assets/../../../../etc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets//etc/passwd',
			'/fhir/../../etc/passwd', '/fhir/Patient/..%2f..%2fetc%2fpasswd', '/assets/....//....//etc/passwd', '/assets/%252e%252e%252fetc%252fpasswd', '/assets/index.html%00.js', '/keys/account.key', '/audit/head'])
			for (const Cookie of ['', place.as.admin.cookieHeader()]) {
				const r = await raw(url, { path, headers: Cookie ? { Cookie } : {} });
				assert.doesNotMatch(r.text, /root:|"mac"|PRIVATE/, path);
				assert.ok([400, 401, 403, 404].includes(r.status) || /<!doctype html/i.test(r.text), `${path}: ${r.status}`);
			}
	});

	test('odd methods are refused, and TRACE gives nothing back', async () => {
		for (const method of ['TRACE', 'PATCH', 'PROPFIND', 'CONNECTX', 'LINK'])
			for (const path of ['/', '/api/session', '/fhir/Patient/own']) {
				const r = await raw(url, { method, path, headers: { Cookie: place.as.gp.cookieHeader(), 'X-HTTP-Method-Override': 'DELETE' } });
				assert.ok([400, 404, 405, 501].includes(r.status), `${method} ${path}: ${r.status}`);
				assert.ok(!r.text.includes(place.as.gp.cookieHeader()));
			}
		const r = await raw(url, { method: 'GET', path: '/fhir/Condition/own-problem?_method=DELETE', headers: { Cookie: place.as.gp.cookieHeader(), 'X-HTTP-Method-Override': 'DELETE' } });
		assert.ok([200, 400].includes(r.status));
		assert.equal((await place.as.gp.get('/fhir/Condition/own-problem')).status, 200);
	});

	// ---- guessing and replaying ----

	test('replay: a code of the authenticator app is good once', async () => {
		const user = fresh('replays'), b = await enrol(url, user);
		const code = totp(b.secret, Date.now(), 0);
		const sign = async () => {
			const w = new Browser(url);
			await w.post('/auth/sign-in', { login: user.login, password });
			return { w, r: await w.post('/auth/totp', { code }) };
		};
		const first = await sign();
		assert.equal(first.r.status, 200, JSON.stringify(first.r.body));
		const second = await sign();
		assert.ok(second.r.status >= 400, 'the same code a second time');
		assert.equal((await second.w.get('/api/people')).status, 401);
		const w = new Browser(url);
		await w.post('/auth/sign-in', { login: user.login, password });
		const recovery = await w.post('/auth/totp', { recovery: b.recovery[0] });
		assert.equal(recovery.status, 200, JSON.stringify(recovery.body));
		const w2 = new Browser(url);
		await w2.post('/auth/sign-in', { login: user.login, password });
		assert.ok((await w2.post('/auth/totp', { recovery: b.recovery[0] })).status >= 400, 'the same recovery code a second time');
	});

	test('half a sign-in opens nothing', async () => {
		const b = new Browser(url);
		const r = await b.post('/auth/sign-in', { login: 'gp', password });
		assert.equal(r.body.step, 'totp');
		for (const path of ['/api/people', '/api/people/own', '/fhir/Patient/own', '/api/admin/users', '/api/audit'])
			assert.equal((await b.get(path)).status, 401, path);
		assert.equal((await b.post('/auth/role', { role: 1 })).status >= 400, true);
	});

	test('guessing: who tries a code again and again is slowed down, and nobody else', { timeout: 60000 }, async () => {
		const user = fresh('guessed'), owner = await enrol(url, user);
		const b = new Browser(url);
		await b.post('/auth/sign-in', { login: user.login, password });
		const seen = [];
		for (let i = 0; i < 12; i++) seen.push((await b.post('/auth/totp', { code: String(100000 + i) })).status);
		assert.ok(seen.every((s) => s >= 400), seen.join());
		assert.ok(seen.some((s) => [429, 401].includes(s)), seen.join());
		// The session that stands is not touched, and other accounts sign in as ever.
		assert.equal((await owner.get('/api/people')).status, 200);
		const other = await signIn(url, place.accounts.nurse, place.as.nurse.secret, { steps: 0 });
		assert.equal(other.status, 200, JSON.stringify(other.body));
	});

	test('enumeration: an unknown login and a wrong password answer alike, in words and in time', { timeout: 60000 }, async (t) => {
		const ask = async (login) => {
			const begun = process.hrtime.bigint();
			const r = await raw(url, { method: 'POST', path: '/auth/sign-in', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password: 'wrong horse battery 9' }) });
			return { ms: Number(process.hrtime.bigint() - begun) / 1e6, r };
		};
		const times = { known: [], unknown: [] };
		const logins = Array.from({ length: 12 }, (_, i) => fresh(`known${i}`).login);
		for (let i = 0; i < 12; i++)
			for (const [kind, login] of [['known', logins[i]], ['unknown', `nobody${i}`]]) {
				const { ms, r } = await ask(login);
				times[kind].push(ms);
				times[`${kind}Answer`] ??= { status: r.status, text: r.text.replace(/\d+/g, ''), headers: Object.keys(r.headers).sort() };
			}
		const median = (a) => [...a].sort((x, y) => x - y)[a.length >> 1];
		const known = median(times.known), unknown = median(times.unknown);
		t.diagnostic(`figure: sign-in refused in ${known.toFixed(1)} ms (known), ${unknown.toFixed(1)} ms (unknown)`);
		assert.deepEqual(times.unknownAnswer, times.knownAnswer);
		assert.ok(unknown / known > 0.5 && unknown / known < 2, `${known} ms and ${unknown} ms`);
	});

	test('IDOR: what belongs to another session or account is out of reach', async () => {
		const { admin, gp, nurse, patient } = place.as;
		const sessions = (await admin.get('/api/admin/sessions')).body.items ?? [];
		assert.ok(sessions.length > 0);
		for (const s of sessions) assert.equal((await gp.post(`/api/admin/sessions/${s.id}/end`)).status, 403);
		for (const b of [gp, nurse, patient])
			for (const [method, path] of [['GET', `/api/admin/users/${place.accounts.admin.id}`], ['POST', `/api/admin/users/${place.accounts.gp.id}/reset`], ['POST', `/api/admin/users/${place.accounts.gp.id}/roles`], ['GET', '/api/audit?person=own'], ['GET', '/api/people/own/access-report']]) {
				const r = await b.ask(method, path, method === 'GET' ? undefined : { role: 'administrator', org: orgs.place });
				assert.equal(r.status, 403, `${method} ${path}: ${r.status}`);
			}
		for (const p of persons.filter((x) => x !== 'own')) {
			assert.equal((await patient.get(`/fhir/Patient/${p}`)).status, 404);
			assert.equal((await patient.get(`/api/people/${p}`)).status, 404);
		}
		// An administrator looks after accounts and sees nobody's record.
		for (const path of ['/fhir/Patient/own', '/api/people/own', '/fhir/Condition?patient=Patient/own', '/api/people?q=Zz']) assert.equal((await admin.get(path)).status, 403, path);
	});

	test('mass assignment: members that nobody asked for do not make somebody more', async () => {
		const { gp } = place.as;
		for (const body of [{ role: 1, group: 'SYS', activities: ['ADMINISTER'] }, { role: '1; DROP TABLE account' }, { role: -1 }, { role: 9e15 }, [], null, 'x', { __proto__: { role: 1 } }]) {
			const r = await gp.ask('POST', '/auth/role', JSON.stringify(body), { 'Content-Type': 'application/json' });
			assert.ok(r.status >= 400 && r.status < 500, `${JSON.stringify(body)}: ${r.status}`);
		}
		const s = await gp.session();
		assert.ok(!s.needs.includes('ADMINISTER'));
	});

	test('SQL and search injection: a value stays a value', async () => {
		const { gp } = place.as;
		for (const v of ["' OR '1'='1", "'; DROP TABLE account; --", '%', '_', '*', '\\', '" OR ""="', ') OR 1=1 --', "Zz' UNION SELECT * FROM session --", '${jndi:ldap://evil}', '{{7*7}}']) {
			const e = encodeURIComponent(v);
			for (const path of [`/fhir/Patient?family=${e}`, `/fhir/Patient?_id=${e}`, `/fhir/Patient?identifier=${e}`, `/api/people?q=${e}`, `/fhir/Condition?code=${e}`, `/fhir/Patient/${e}`]) {
				const r = await gp.get(path);
				assert.ok([200, 400, 404].includes(r.status), `${path}: ${r.status}`);
				assert.ok(!JSON.stringify(r.body).includes(mark('stranger', 'name')), path);
			}
		}
		assert.equal((await gp.get('/api/people/own')).status, 200);
	});

	// ---- what answers say of themselves ----

	const isPublic = new Set(['/sw.js', '/auth/jwks', '/fhir/.well-known/smart-configuration']); // told to everybody alike

	test('every answer forbids sniffing, framing and referring; data is kept by nobody', async () => {
		const { gp, admin, privacy } = place.as;
		for (const [key, [need, paths]] of Object.entries(routes)) {
			const [method] = key.split(' ');
			if (key.includes('sign-out')) continue;
			for (const { path } of paths().slice(0, 2))
				for (const b of [new Browser(url), need === 'OVERSEE' ? privacy : need === 'ADMINISTER' || need === 'OPERATE' ? admin : gp]) {
					const r = await b.ask(method === 'GET' ? 'GET' : method, path, ['POST', 'PUT'].includes(method) ? '{' : undefined, { 'X-CSRF-Token': null });
					const h = (n) => r.headers.get(n) ?? '';
					assert.equal(h('x-content-type-options'), 'nosniff', `${key}: ${r.status}`);
					assert.match(h('content-security-policy'), /frame-ancestors 'none'/, key);
					assert.doesNotMatch(h('content-security-policy'), /unsafe-inline|unsafe-eval|\*(?!\.)/, key);
					assert.match(h('referrer-policy'), /same-origin|no-referrer/, key);
					assert.equal(h('server'), '', key);
					assert.equal(h('x-powered-by'), '', key);
					assert.equal(h('access-control-allow-origin'), '', key);
					const page = /text\/html/.test(h('content-type')), file = path.startsWith('/assets/') && r.status === 200;
					if (!page && !file && !isPublic.has(path)) assert.match(h('cache-control'), /no-store/, `${key} ${path}: ${r.status}`);
				}
		}
	});

	test('a flood of sign-ins from one address is told to wait, and a device that is known is let in', { timeout: 60000 }, async () => {
		const statuses = {};
		await Promise.all(Array.from({ length: 200 }, (_, i) => raw(url, {
			method: 'POST', path: '/auth/sign-in', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: i % 2 ? 'social' : `flood${i}`, password: 'some wrong password' }),
		}).then((r) => { statuses[r.status] = (statuses[r.status] ?? 0) + 1; })));
		assert.ok(statuses[429] > 50, JSON.stringify(statuses));
		const stranger = await signIn(url, place.accounts.social, place.as.social.secret, { steps: 0 });
		assert.equal(stranger.status, 429, 'somebody at that address whose device is not known waits');
		const known = new Browser(url);
		for (const [k, v] of place.as.social.cookies) if (!/^(__Host-)?homefirst$/.test(k)) known.cookies.set(k, v);
		assert.ok(known.cookies.size > 0, 'a device cookie');
		const own = await signIn(url, place.accounts.social, place.as.social.secret, { steps: 0, browser: known });
		assert.equal(own.status, 200, JSON.stringify(own.body));
	});

	// The last: all that was done above is in the log and the audit by now.
	test('no secret and no name stands in the log or in the audit', async () => {
		for (const b of Object.values(place.as)) secrets.push(...b.cookies.values(), b.csrf);
		const folder = join(place.data, 'audit');
		const texts = { log: place.server.log() };
		for (const f of readdirSync(folder).filter((n) => n.endsWith('.ndjson') || n.startsWith('head'))) texts[f] = readFileSync(join(folder, f), 'utf8').replaceAll('\0', '');
		assert.ok(Object.values(texts).join('').length > 1000);
		for (const [name, text] of Object.entries(texts)) {
			for (const s of new Set(secrets.filter((x) => x && x.length >= 8))) assert.ok(!text.includes(s), `${name} holds a secret`);
			for (const p of persons) assert.ok(!text.includes(mark(p, 'name')) && !text.includes(mark(p, 'problem')), `${name} holds what a record says`);
			assert.doesNotMatch(text, /wrong horse battery|some wrong password/, name);
		}
	});
});

// Behind a proxy every sign-in comes from an address of its own: nothing but the queue
// holds them up.
describe('1,000 people who sign in at the same moment', () => {
	let place;
	const proxy = (n) => ({ 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'care.example.org', 'X-Forwarded-For': `192.0.${n >> 8}.${n & 255}` });
	before(async () => {
		place = await new Place().start(['--behind-proxy', '127.0.0.1', '--public-url', 'https://care.example.org', '--connections', '2000'], { only: ['gp', 'social'], extra: proxy(65000) });
	}, { timeout: 120000 });
	after(async () => {
		const end = await place?.stop();
		assert.equal(end?.code, 0, end?.err);
	});

	test('cookies behind HTTPS go over HTTPS only', () => {
		const names = [...place.as.gp.cookies.keys()];
		assert.ok(names.some((n) => n.startsWith('__Host-') || n.startsWith('__Secure-')), names.join());
	});

	test('are queued and bounded, and others are served meanwhile', { timeout: 120000 }, async (t) => {
		const agent = new http.Agent({ keepAlive: true, maxSockets: 4 }), { hostname, port } = new URL(place.url);
		const once = () => new Promise((done, fail) => {
			const begun = process.hrtime.bigint();
			http.get({ hostname, port, path: '/fhir/Patient/own', headers: { Cookie: place.as.gp.cookieHeader(), ...proxy(65000) }, agent }, (res) => {
				res.resume();
				res.on('end', () => done({ ms: Number(process.hrtime.bigint() - begun) / 1e6, status: res.statusCode }));
			}).on('error', fail);
		});
		const p99 = (a) => [...a].sort((x, y) => x - y)[Math.ceil(a.length * 0.99) - 1];
		const quiet = [], busy = [], statuses = {};
		for (let i = 0; i < 300; i++) quiet.push((await once()).ms);
		let underway = 1000, during = 0;
		const begun = Date.now();
		const attempts = Array.from({ length: 1000 }, (_, i) => raw(place.url, {
			method: 'POST', path: '/auth/sign-in', headers: { 'content-type': 'application/json', ...proxy(i) }, body: JSON.stringify({ login: `crowd${i}`, password: 'some wrong password' }),
		}).then((r) => { statuses[r.status] = (statuses[r.status] ?? 0) + 1; }, (e) => { statuses[e.code] = (statuses[e.code] ?? 0) + 1; }).finally(() => { underway--; }));
		await pause(200);
		while (underway > 0) {
			const r = await once();
			assert.equal(r.status, 200);
			busy.push(r.ms);
			if (underway > 0) during++;
			await pause(2);
		}
		await Promise.all(attempts);
		agent.destroy();
		const told = Object.entries(statuses).map(([s, n]) => `${n} × ${s}`).join(', ');
		const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${place.server.pid}/status`, 'utf8'))[1]) / 1024;
		t.diagnostic(`figure: GET p99 ${p99(quiet).toFixed(1)} ms alone, ${p99(busy).toFixed(1)} ms while 1,000 sign-ins wait (${during} reads in ${((Date.now() - begun) / 1000).toFixed(1)} s; ${told}; ${memory.toFixed(0)} MB)`);
		for (const s of Object.keys(statuses)) assert.ok(['401', '429', '503'].includes(s), told);
		assert.ok(statuses[401] > 100, told);
		assert.ok(during > 50, `${during} reads while sign-ins waited`);
		assert.ok(p99(busy) < 250, `p99 ${p99(busy)} ms`);
		assert.ok(memory < 600, `${memory} MB`);
		const after = await signIn(place.url, place.accounts.social, place.as.social.secret, { steps: 0, browser: new Browser(place.url, proxy(65001)) });
		assert.equal(after.status, 200, `somebody signs in afterwards: ${JSON.stringify(after.body)}`);
	});
});

// Signing in at an OpenID provider: against panva's oidc-provider with claims in the shape of NHS CIS2, and
// against a provider of our own that lies.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { Provider } from 'oidc-provider';
import { at, folder, hf, hfOk, newStore as emptyStore, serve, write } from '../support/e2e.mjs';
import { ending, jws, newKey, now, run } from '../support/oauth.mjs';

const CLIENT = 'homefirst', SECRET = 'a secret of the tests / with % and +';

function newStore(t) {
	ending(t);
	return emptyStore(t);
}

async function listen(t) {
	const http = createServer();
	await new Promise((done) => { http.listen(0, '127.0.0.1', done); });
	t.after(() => { http.closeAllConnections(); http.close(); });
	return { http, issuer: `http://127.0.0.1:${http.address().port}` };
}

// The configuration file of one provider.
function config(t, issuer, more = {}) {
	const dir = folder(t);
	const clientSecretFile = write(dir, 'secret', `${SECRET}\n`);
	chmodSync(clientSecretFile, 0o600);
	return write(dir, 'oidc.json', {
		providers: [{
			id: 'cis2', name: 'NHS CIS2', issuer, clientId: CLIENT, clientSecretFile, acrValues: 'AAL2_OR_AAL3_ANY',
			acr: ['AAL2', 'AAL3'], authenticationAssurance: 2, idAssurance: 3, create: true, ...more,
		}],
	});
}

// A browser as far as cookies and redirects go.
function browser() {
	const jar = new Map();
	const visit = async (url, options = {}) => {
		const { host } = new URL(url);
		const mine = [...jar].filter(([k]) => k.startsWith(`${host} `)).map(([k, v]) => `${k.split(' ')[1]}=${v}`).join('; ');
		const r = await fetch(url, { redirect: 'manual', ...options, headers: { ...options.headers, ...(mine && { Cookie: mine }) } });
		for (const line of r.headers.getSetCookie()) {
			const [pair] = line.split(';'), cut = pair.indexOf('=');
			const name = pair.slice(0, cut), value = pair.slice(cut + 1);
			if (!value || /max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(`${host} ${name}`);
			else jar.set(`${host} ${name}`, value);
		}
		const to = r.headers.get('location');
		return { status: r.status, headers: r.headers, location: to && new URL(to, url).href, text: await r.text(), url };
	};
	// Follows redirects until stop(url) or a page.
	const follow = async (url, stop = () => false) => {
		let r = await visit(url);
		for (let i = 0; r.location && !stop(r.location) && i < 20; i++) r = await visit(r.location);
		return r;
	};
	return { jar, visit, follow };
}

// A real provider: people by account id, what they say in the claims, and how they signed in.
async function realProvider(t, people, server) {
	const { http, issuer } = await listen(t);
	const start = (redirect) => {
		const provider = new Provider(issuer, {
			clients: [{
				client_id: CLIENT, redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'],
				...(server.key ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [server.key.jwk] } } : { client_secret: SECRET }),
			}],
			pkce: { required: () => true },
			acrValues: ['AAL2_OR_AAL3_ANY', 'AAL2', 'AAL3', 'AAL1'],
			scopes: ['openid', 'profile', 'nationalrbacaccess', 'associatedorgs', 'selectedrole'],
			claims: {
				acr: null, auth_time: null, iss: null, amr: null,
				openid: ['sub', 'authentication_assurance_level', 'id_assurance_level', 'amr'], profile: ['name', 'nhsid_useruid'],
				nationalrbacaccess: ['nhsid_nrbac_roles'], associatedorgs: ['nhsid_user_orgs'],
			},
			features: { devInteractions: { enabled: false } },
			cookies: { keys: [randomBytes(16).toString('hex')] },
			interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
			findAccount: (ctx, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id].claims }) },
			loadExistingGrant: async (ctx) => {
				const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
				grant.addOIDCScope('openid profile nationalrbacaccess associatedorgs');
				await grant.save();
				return grant;
			},
		});
		const callback = provider.callback();
		http.on('request', async (req, res) => {
			if (server.delay) await new Promise((done) => { setTimeout(done, server.delay); });
			if (req.url.startsWith('/interaction/')) {
				const who = people[server.who];
				await provider.interactionFinished(req, res, { login: { accountId: server.who, acr: who.acr ?? 'AAL2', amr: who.amr ?? ['smartcard'], ts: who.ts } }, { mergeWithLastSubmission: false });
				return;
			}
			callback(req, res);
		});
	};
	return { issuer, start };
}

const roles = (...list) => list.map(([code, org], i) => ({ person_orgid: `${i}`, person_roleid: `55500${i}`, org_code: org, role_code: `S8000:G8000:${code}`, role_name: 'x', activity_codes: ['B0825'] }));
const cis2 = (name, list, more = {}) => ({ name, nhsid_useruid: more.uid, authentication_assurance_level: '2', id_assurance_level: '3', amr: ['smartcard'], nhsid_nrbac_roles: roles(...list), ...more });

async function place(t, people, more, key) {
	const store = newStore(t), control = { who: null, delay: 0, key };
	const p = await realProvider(t, people, control);
	const s = await run(t, serve(store, ['--oidc', config(t, p.issuer, more)], { open: false }));
	p.start(`${s.url}/auth/oidc/callback`);
	const signIn = async (who, path = '/people', b = browser()) => {
		control.who = who;
		const end = await b.follow(`${s.url}/auth/oidc/cis2?return=${encodeURIComponent(path)}`, (u) => u.startsWith(s.url) && !u.includes('/auth/'));
		const session = JSON.parse((await b.visit(`${s.url}/api/session`)).text);
		return { b, to: end.location?.replace(s.url, '') ?? `stayed at ${end.url}: ${end.status} ${end.text}`, session, end };
	};
	return { store, s, signIn, control, issuer: p.issuer };
}

const users = (store) => JSON.parse(hfOk(['user', 'list', ...at(store), '--json']).out);

test('a person signs in at the provider: account, role and organisation come from its claims', async (t) => {
	const people = {
		'555000000001': { claims: cis2('Ada Nurse', [['R8001', 'RZ2']], { uid: '555000000001' }) },
		'555000000002': { claims: cis2('Bo Both', [['R8001', 'RZ2'], ['R8003', 'Z99000'], ['R9999', 'XXX']]) },
	};
	const { store, s, signIn } = await place(t, people);
	const ada = await signIn('555000000001', '/people?q=1');
	assert.equal(ada.to, '/people?q=1');
	assert.equal(ada.session.signedIn, true);
	assert.deepEqual([ada.session.actor.name, ada.session.actor.roleCode, ada.session.actor.orgCode], ['Ada Nurse', 'R8001', 'RZ2']);
	assert.ok(![...ada.b.jar.keys()].some((k) => k.endsWith(' hf-oidc')), 'the cookie that bound the sign-in is gone');
	// Again: the same account, nothing is added.
	const before = users(store);
	assert.equal((await signIn('555000000001')).session.actor.id, ada.session.actor.id);
	assert.deepEqual(users(store).map((u) => u.id), before.map((u) => u.id));
	// Two roles that mean something here: one is chosen first.
	const bo = await signIn('555000000002');
	assert.equal(bo.to, '/sign-in');
	assert.deepEqual([bo.session.signedIn, bo.session.step], [false, 'role']);
	assert.deepEqual(bo.session.roles.map((r) => `${r.roleCode} ${r.orgCode}`).sort(), ['R8001 RZ2', 'R8003 Z99000']);
	assert.ok(!s.log().includes('Ada') && !s.log().includes(SECRET));
});

test('a role that the provider no longer says ends, and with none left nobody gets in', async (t) => {
	const person = { claims: cis2('Cy Mover', [['R8001', 'RZ2']]) };
	const { s, signIn } = await place(t, { 1: person });
	const first = await signIn('1');
	assert.equal(first.session.actor.orgCode, 'RZ2');
	person.claims = cis2('Cy Mover', [['R8001', 'RZ9']]);
	const second = await signIn('1');
	assert.equal(second.session.actor.orgCode, 'RZ9');
	assert.equal(second.session.actor.id, first.session.actor.id);
	// The session under the role that ended is over.
	assert.equal(JSON.parse((await first.b.visit(`${s.url}/api/session`)).text).signedIn, false);
	person.claims = cis2('Cy Mover', []);
	const third = await signIn('1');
	assert.equal(third.to, '/sign-in?error=norole');
	assert.equal(third.session.signedIn, false);
});

test('a sign-in that is weaker than asked for is refused', async (t) => {
	const people = {
		acr: { acr: 'AAL1', claims: cis2('A', [['R8001', 'RZ2']]) },
		level: { claims: cis2('B', [['R8001', 'RZ2']], { authentication_assurance_level: '1' }) },
		none: { claims: cis2('C', [['R8001', 'RZ2']], { authentication_assurance_level: undefined }) },
		identity: { claims: cis2('D', [['R8001', 'RZ2']], { id_assurance_level: '1' }) },
		means: { amr: ['sms'], claims: cis2('E', [['R8001', 'RZ2']], { amr: ['sms'] }) },
		good: { claims: cis2('F', [['R8001', 'RZ2']], { authentication_assurance_level: 3 }) },
	};
	const { store, signIn } = await place(t, people, { amr: ['smartcard', 'fido2'] });
	for (const who of ['acr', 'level', 'none', 'identity', 'means']) {
		const r = await signIn(who);
		assert.equal(r.to, '/sign-in?error=refused', who);
		assert.equal(r.session.signedIn, false);
	}
	assert.equal(users(store).length, 0);
	assert.equal((await signIn('good')).to, '/people');
});

test('the provider may know us by a key instead of a secret', async (t) => {
	const key = newKey('ES256');
	const clientKeyFile = write(folder(t), 'key.jwk', { ...key.priv.export({ format: 'jwk' }), kid: key.kid, alg: 'ES256' });
	chmodSync(clientKeyFile, 0o600);
	const { signIn } = await place(t, { 1: { claims: cis2('A', [['R8001', 'RZ2']]) } }, { clientSecretFile: undefined, clientKeyFile }, key);
	assert.equal((await signIn('1')).to, '/people');
});

test('an account that waits with the national user id is taken once, by the first subject with it', async (t) => {
	const people = {
		first: { claims: cis2('A', [['R8001', 'RZ2']], { uid: '555000000009' }) },
		second: { claims: cis2('B', [['R8001', 'RZ2']], { uid: '555000000009' }) },
	};
	const { store, signIn } = await place(t, people, { create: false });
	hfOk(['user', 'add', ...at(store), '--login', 'waiting', '--name', 'Waiting', '--sds-user-id', '555000000009']);
	const a = await signIn('first');
	assert.equal(a.to, '/people');
	assert.equal(a.session.actor.id, `user/${users(store)[0].id}`);
	assert.equal((await signIn('second')).to, '/sign-in?error=unknown');
	assert.equal((await signIn('first')).to, '/people');
});

test('a new proof is of the same person, made just now', async (t) => {
	const people = { 1: { claims: cis2('A', [['R8001', 'RZ2']]) }, 2: { claims: cis2('B', [['R8001', 'RZ2']]) } };
	const { s, signIn, control, issuer } = await place(t, people);
	const { b, session } = await signIn('1');
	const prove = async (who) => {
		control.who = who;
		const end = await b.follow(`${s.url}/auth/oidc/cis2?prove=1&return=/people`, (u) => u.startsWith(s.url) && !u.includes('/auth/'));
		return end.location?.replace(s.url, '') ?? `${end.url} ${end.status} ${end.text}`;
	};
	const before = [...b.jar.values()];
	assert.equal(await prove('1'), '/people');
	const after = JSON.parse((await b.visit(`${s.url}/api/session`)).text);
	assert.deepEqual([after.signedIn, after.actor.id], [true, session.actor.id]);
	assert.ok(after.session.proved);
	assert.notDeepEqual([...b.jar.values()], before, 'the session has another cookie');
	// Somebody else signs in there.
	for (const k of [...b.jar.keys()]) if (k.startsWith(new URL(issuer).host)) b.jar.delete(k);
	assert.equal(await prove('2'), '/sign-in?error=another');
	// Nobody's session is proved by somebody who has none.
	const stranger = browser();
	control.who = '2';
	const end = await stranger.follow(`${s.url}/auth/oidc/cis2?prove=1`, (u) => u.startsWith(s.url) && !u.includes('/auth/'));
	assert.equal(end.location, `${s.url}/sign-in?error=another`);
});

test('whoever has no account gets none unless that is configured', async (t) => {
	const { store, s, signIn } = await place(t, { 1: { claims: cis2('A', [['R8001', 'RZ2']]) } }, { create: false });
	const r = await signIn('1');
	assert.equal(r.to, '/sign-in?error=unknown');
	assert.equal(users(store).length, 0);
	await s.stop();
	hfOk(['audit', 'verify', '--data', store]);
});

test('the way back stays on this server', async (t) => {
	const { signIn } = await place(t, { 1: { claims: cis2('A', [['R8001', 'RZ2']]) } });
	for (const path of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\r\nX: y', 'people', '/a"b'])
		assert.equal((await signIn('1', path)).to, '/', path);
});

test('an answer counts once, and only in the browser that asked', async (t) => {
	const { s, control } = await place(t, { 1: { claims: cis2('A', [['R8001', 'RZ2']]) } });
	control.who = '1';
	const ask = async (b) => (await b.follow(`${s.url}/auth/oidc/cis2`, (u) => u.startsWith(`${s.url}/auth/oidc/callback`))).location;
	const refused = async (b, url, expect = '/sign-in?error=expired') => assert.equal((await b.visit(url)).location, `${s.url}${expect}`);
	const one = browser(), other = browser();
	const back = await ask(one);
	// Log-in CSRF: somebody else's browser is sent there; and then it is used up.
	await refused(other, back);
	await refused(one, back);
	const again = await ask(one);
	assert.equal((await one.visit(again)).location, `${s.url}/`);
	await refused(one, again);
	// Another state, none, one of another server, errors of the provider.
	const third = new URL(await ask(one));
	const without = (name, value) => { const u = new URL(third); if (value === undefined) u.searchParams.delete(name); else u.searchParams.set(name, value); return u.href; };
	await refused(one, without('state', 'x'));
	await refused(one, without('state'));
	await refused(one, without('iss', 'https://other.example'), '/sign-in?error=refused');
	await refused(one, `${s.url}/auth/oidc/callback?error=access_denied&state=${new URL(await ask(one)).searchParams.get('state')}`, '/sign-in?error=refused');
	await refused(one, `${s.url}/auth/oidc/callback?code=made-up&state=${new URL(await ask(one)).searchParams.get('state')}`, '/sign-in?error=refused');
	assert.equal((await one.visit(`${s.url}/auth/oidc/nobody`)).status, 404);
});

test('a provider that is slow or gone holds up nobody else', async (t) => {
	const { s, control, signIn } = await place(t, { 1: { claims: cis2('A', [['R8001', 'RZ2']]) } });
	assert.equal((await signIn('1')).to, '/people');
	control.delay = 1500;
	const waiting = signIn('1');
	const began = Date.now();
	for (let i = 0; i < 20; i++) assert.equal((await fetch(`${s.url}/health/live`)).status, 200);
	assert.ok(Date.now() - began < 1000);
	control.delay = 10000;
	assert.match((await waiting).to, /sign-in\?error=provider|people|stayed/);
});

// ---- a provider that lies ----

// What it answers is made by lies: { claims, header, key, token, userinfo, jwks, tokens }.
async function liar(t, s0) {
	const { http, issuer } = await listen(t);
	const key = newKey('RS256'), codes = new Map();
	const lies = {};
	http.on('request', (req, res) => {
		const url = new URL(req.url, issuer), send = (body, status = 200) => { res.writeHead(status, { 'Content-Type': 'application/json' }); res.end(JSON.stringify(body)); };
		if (url.pathname === '/.well-known/openid-configuration') {
			return send({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/me`, jwks_uri: `${issuer}/jwks`, ...lies.discovery });
		}
		if (url.pathname === '/jwks') return send({ keys: lies.jwks ?? [key.jwk] });
		if (url.pathname === '/me') return send(lies.userinfo ?? { sub: 'u1', ...cis2('Liar', [['R8001', 'RZ2']]) }, lies.userinfoStatus);
		if (url.pathname === '/auth') {
			const code = randomBytes(8).toString('hex');
			codes.set(code, { nonce: url.searchParams.get('nonce'), challenge: url.searchParams.get('code_challenge') });
			const to = new URL(url.searchParams.get('redirect_uri'));
			to.searchParams.set('code', code); to.searchParams.set('state', url.searchParams.get('state'));
			res.writeHead(302, { Location: to.href });
			return res.end();
		}
		let body = '';
		req.on('data', (d) => { body += d; });
		req.on('end', () => {
			const form = new URLSearchParams(body), asked = codes.get(form.get('code'));
			s0.basic = req.headers.authorization;
			if (!asked || createHash('sha256').update(form.get('code_verifier')).digest('base64url') !== asked.challenge) return send({ error: 'invalid_grant' }, 400);
			const access = randomBytes(16).toString('hex');
			const claims = {
				iss: issuer, aud: CLIENT, sub: 'u1', nonce: asked.nonce, iat: now(), exp: now() + 300, acr: 'AAL3', authentication_assurance_level: '3', id_assurance_level: '3',
				at_hash: createHash('sha256').update(access).digest().subarray(0, 16).toString('base64url'), ...lies.claims,
			};
			const signer = lies.key ?? key;
			const id_token = lies.idToken ?? jws({ alg: 'RS256', kid: key.kid, ...lies.header }, claims, lies.header?.alg?.startsWith('HS') ? SECRET : signer.priv);
			send({ access_token: access, token_type: 'Bearer', expires_in: 300, id_token, ...lies.tokens }, lies.tokenStatus);
		});
		return undefined;
	});
	return { issuer, lies, key };
}

test('id tokens and user-info that are not as they must be sign nobody in', async (t) => {
	const store = newStore(t), seen = {};
	const p = await liar(t, seen);
	const s = await run(t, serve(store, ['--oidc', config(t, p.issuer)], { open: false }));
	const attempt = async (lies) => {
		for (const k of Object.keys(p.lies)) delete p.lies[k];
		Object.assign(p.lies, lies);
		const b = browser();
		const end = await b.follow(`${s.url}/auth/oidc/cis2`, (u) => u.startsWith(s.url) && !u.includes('/auth/'));
		return end.location?.replace(s.url, '') ?? `${end.status} ${end.text}`;
	};
	assert.equal(await attempt({}), '/');
	assert.equal(Buffer.from(seen.basic.split(' ')[1], 'base64').toString(), `${CLIENT}:${encodeURIComponent(SECRET)}`);
	const stranger = newKey('RS256', p.key.kid), ec = newKey('ES256');
	const bad = {
		'not signed': { header: { alg: 'none' } },
		'signed with the client secret': { header: { alg: 'HS256' } },
		'signed by another key of the same kid': { key: stranger },
		'of an unknown kid': { header: { kid: 'x' } },
		'of another algorithm': { header: { alg: 'ES256' }, key: ec },
		'of another issuer': { claims: { iss: 'https://evil.example' } },
		'for another client': { claims: { aud: 'other' } },
		'for others too': { claims: { aud: [CLIENT, 'other'] } },
		'made for another': { claims: { azp: 'other' } },
		'of another request': { claims: { nonce: 'x' } },
		'without nonce': { claims: { nonce: undefined } },
		'over': { claims: { exp: now() - 120 } },
		'without end': { claims: { exp: undefined } },
		'without time': { claims: { iat: undefined } },
		'made long ago': { claims: { iat: now() - 1200 } },
		'from the future': { claims: { iat: now() + 600 } },
		'without subject': { claims: { sub: undefined } },
		'with another access token': { claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } },
		'with another access token put in': { tokens: { access_token: 'swapped' } },
		'of weak assurance': { claims: { acr: 'AAL1' } },
		'of a weak level': { claims: { authentication_assurance_level: '1' } },
		'no token': { tokens: { id_token: undefined } },
		'rubbish': { idToken: 'a.b.c' },
		'a refusal': { tokenStatus: 400 },
		'user-info of another': { userinfo: { sub: 'u2', ...cis2('Liar', [['R8001', 'RZ2']]) } },
		'user-info that is none': { userinfo: [] },
	};
	for (const [what, lies] of Object.entries(bad)) assert.equal(await attempt(lies), '/sign-in?error=refused', what);
	assert.equal(await attempt({ userinfoStatus: 500 }), '/sign-in?error=provider');
	assert.equal(await attempt({ tokenStatus: 503 }), '/sign-in?error=provider');
	assert.equal(await attempt({ userinfo: { sub: 'u1', name: 'x'.repeat(300000) } }), '/sign-in?error=provider');
	assert.equal(await attempt({}), '/');
	assert.equal(users(store).length, 1);
	// A proof that is old, or of a time nobody said, renews nothing.
	for (const claims of [{ auth_time: now() - 3600 }, { auth_time: undefined }, { auth_time: 'now' }]) {
		for (const k of Object.keys(p.lies)) delete p.lies[k];
		const b = browser();
		await b.follow(`${s.url}/auth/oidc/cis2`, (u) => u.startsWith(s.url) && !u.includes('/auth/'));
		Object.assign(p.lies, { claims });
		const end = await b.follow(`${s.url}/auth/oidc/cis2?prove=1`, (u) => u.startsWith(s.url) && !u.includes('/auth/'));
		assert.equal(end.location, `${s.url}/sign-in?error=stale`);
	}
});

test('what is wrong with the configuration is said by member, and a secret others may read is refused', async (t) => {
	const store = newStore(t), dir = folder(t);
	const secret = write(dir, 'secret', SECRET);
	chmodSync(secret, 0o600);
	const good = { id: 'a', name: 'A', issuer: 'https://a.example', clientId: 'c', clientSecretFile: secret };
	const bad = [
		[{}, /providers/], [{ providers: [] }, /providers/], [{ providers: [{ ...good, id: 'A/B' }] }, /providers\[0\]\.id/],
		[{ providers: [{ ...good, issuer: 'http://a.example' }] }, /issuer/], [{ providers: [{ ...good, issuer: undefined }] }, /issuer/],
		[{ providers: [{ ...good, clientSecretFile: undefined }] }, /clientSecretFile/], [{ providers: [{ ...good, clientSecret: 'x' }] }, /clientSecret/],
		[{ providers: [{ ...good, authenticationAssurance: 9 }] }, /authenticationAssurance/], [{ providers: [good, good] }, /providers\[1\]\.id/],
		[{ providers: [{ ...good, clientSecretFile: join(dir, 'nothing') }] }, /nothing/], [{ providers: [{ ...good, acr: 'AAL2' }] }, /acr/],
	];
	for (const [value, expect] of bad) {
		const r = hf(['serve', ...at(store), '--listen', '127.0.0.1:0', '--oidc', write(dir, 'c.json', value)], { timeout: 10000 });
		assert.equal(r.status, 1, r.err);
		assert.match(r.err, expect);
	}
	chmodSync(secret, 0o644);
	const r = hf(['serve', ...at(store), '--listen', '127.0.0.1:0', '--oidc', write(dir, 'c.json', { providers: [good] })], { timeout: 10000 });
	assert.equal(r.status, 1);
	assert.match(r.err, /chmod 600/);
});

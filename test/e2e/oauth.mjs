// Tokens for systems: client credentials by secret and by key, as docs/interfaces/oauth.md tells it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, newStore as emptyStore, patient, serve, storeOf, write } from '../support/e2e.mjs';
import { ask, assertion, basic, clientToken, ending, form, jws, newKey, now, run } from '../support/oauth.mjs';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function newStore(t) {
	ending(t);
	return emptyStore(t);
}

function addClient(store, ...args) {
	return JSON.parse(hfOk(['client', 'add', ...at(store), '--json', ...args]).out);
}

async function place(t, store, ...options) {
	return run(t, serve(store, options, { open: false }));
}

const json = { 'Content-Type': 'application/fhir+json' };
const tokenUrl = (s) => `${s.url}/auth/token`;

for (const engine of engines) {
	test(`a system gets a token with its secret and reads and writes within its scopes (${engine})`, async (t) => {
		ending(t);
		const store = storeOf(engine, t);
		if (!store) return;
		const dir = folder(t);
		const more = engine === 'SQLite' ? [] : ['--data', `${dir}/audit`];
		const out = hfOk(['client', 'add', ...at(store), ...more, '--name', 'Feeder', '--scope', 'system/Patient.cruds system/Observation.rs']).out;
		const id = /^id: (\S+)$/m.exec(out)[1], secret = /^secret: (\S+)$/m.exec(out)[1];
		assert.equal(secret.length, 43);
		const s = await place(t, store, ...more);

		let r = await form(tokenUrl(s), { grant_type: 'client_credentials' }, basic(id, secret));
		assert.equal(r.status, 200);
		assert.equal(r.headers.get('cache-control'), 'no-store');
		assert.deepEqual([r.body.token_type, r.body.expires_in, r.body.scope], ['Bearer', 300, 'system/Observation.rs system/Patient.cruds']);
		const token = r.body.access_token;
		r = await ask(`${s.url}/fhir/Patient`, token, { method: 'POST', headers: json, body: JSON.stringify({ resourceType: 'Patient', active: true }) });
		assert.equal(r.status, 201);
		assert.equal((await ask(`${s.url}/fhir/Patient/${r.body.id}`, token)).status, 200);
		r = await ask(`${s.url}/fhir/Patient`, token);
		assert.equal(r.body.total, 1);

		// By the body instead of Basic, and less than it may have.
		r = await form(tokenUrl(s), { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: 'system/Patient.rs system/Task.rs user/Patient.rs' });
		assert.equal(r.status, 200);
		assert.equal(r.body.scope, 'system/Patient.rs');
		const less = r.body.access_token;
		r = await ask(`${s.url}/fhir/Patient`, less, { method: 'POST', headers: json, body: JSON.stringify({ resourceType: 'Patient', active: true }) });
		assert.equal(r.status, 403);
	});
}

test('what does not prove the client is refused in one and the same way', async (t) => {
	const store = newStore(t);
	const c = addClient(store, '--name', 'A', '--scope', 'system/*.rs');
	const s = await place(t, store);
	const type = { grant_type: 'client_credentials' };
	const bad = [
		[type, basic(c.id, 'wrong')], [type, basic('nobody', c.secret)], [type, basic(c.id, '')], [type, {}],
		[{ ...type, client_id: c.id }, {}], [{ ...type, client_id: "' OR 1=1 --", client_secret: c.secret }, {}],
		[type, { Authorization: 'Basic ////' }], [type, { Authorization: 'Basic !' }], [type, { Authorization: 'Negotiate x' }],
		[{ ...type, client_id: 'other' }, basic(c.id, c.secret)],
	];
	const texts = new Set();
	for (const [values, headers] of bad) {
		const r = await form(tokenUrl(s), values, headers);
		assert.equal(r.status, 401, JSON.stringify(values));
		assert.equal(r.body.error, 'invalid_client');
		assert.match(r.headers.get('www-authenticate'), /Basic/);
		texts.add(r.body.error_description);
	}
	assert.equal(texts.size, 1);
	const wrong = [
		[{}, 'invalid_request'], [{ grant_type: 'password' }, 'unsupported_grant_type'],
		[{ grant_type: 'implicit' }, 'unsupported_grant_type'],
		[{ ...type, scope: 'system/Observation.sr' }, 'invalid_scope'], [{ ...type, scope: 'system/Patient.cud' }, 'invalid_scope'],
		[{ ...type, scope: 'system/Observation.rs?category=laboratory' }, 'invalid_scope'], [{ ...type, scope: 'user/*.rs' }, 'invalid_scope'],
		[{ ...type, client_secret: c.secret }, 'invalid_request'],
	];
	for (const [values, error] of wrong) {
		const r = await form(tokenUrl(s), values, basic(c.id, c.secret));
		assert.deepEqual([r.status, r.body.error], [400, error], JSON.stringify(values));
	}
	// Twice the same name; a secret in the address; no form.
	let r = await fetch(tokenUrl(s), { method: 'POST', headers: { ...basic(c.id, c.secret), 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'grant_type=client_credentials&grant_type=client_credentials' });
	assert.equal((await r.json()).error, 'invalid_request');
	r = await fetch(`${tokenUrl(s)}?client_secret=x`, { method: 'POST', headers: { ...basic(c.id, c.secret), 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'grant_type=client_credentials' });
	assert.equal((await r.json()).error, 'invalid_request');
	r = await fetch(tokenUrl(s), { method: 'POST', headers: { ...basic(c.id, c.secret), 'Content-Type': 'application/json' }, body: '{"grant_type":"client_credentials"}' });
	assert.equal((await r.json()).error, 'invalid_request');
	assert.equal((await fetch(tokenUrl(s), { headers: basic(c.id, c.secret) })).status, 404);
	assert.ok(!s.log().includes(c.secret));
});

test('a token that is unknown, revoked or of a client that ended opens nothing', async (t) => {
	const store = newStore(t);
	const c = addClient(store, '--name', 'A', '--scope', 'system/*.rs'), other = addClient(store, '--name', 'B', '--scope', 'system/*.rs');
	const s = await place(t, store);
	const read = (token) => ask(`${s.url}/fhir/Patient`, token);
	const introspect = async (token, who = c) => (await form(`${s.url}/auth/introspect`, { token }, basic(who.id, who.secret))).body;

	for (const token of ['x', 'A'.repeat(43), '', 'A'.repeat(5000)]) assert.equal((await ask(`${s.url}/fhir/Patient`, null, { headers: { Authorization: `Bearer ${token}` } })).status, 401);
	assert.equal((await ask(`${s.url}/fhir/Patient`)).status, 401);
	const one = await clientToken(s.url, c), two = await clientToken(s.url, c), b = await clientToken(s.url, other);
	assert.equal((await read(one)).status, 200);

	const told = await introspect(one);
	assert.deepEqual([told.active, told.client_id, told.sub, told.scope], [true, c.id, c.id, 'system/*.rs']);
	assert.ok(told.exp > now() && told.exp <= now() + 300);
	assert.deepEqual(await introspect(one, other), { active: false });
	assert.deepEqual(await introspect('nothing'), { active: false });
	assert.equal((await form(`${s.url}/auth/introspect`, { token: one })).status, 401);

	// Another client cannot take it away; its own can, twice without harm.
	assert.equal((await form(`${s.url}/auth/revoke`, { token: one }, basic(other.id, other.secret))).status, 200);
	assert.equal((await read(one)).status, 200);
	for (let i = 0; i < 2; i++) assert.equal((await form(`${s.url}/auth/revoke`, { token: one }, basic(c.id, c.secret))).status, 200);
	assert.equal((await read(one)).status, 401);
	assert.equal((await read(two)).status, 200);

	// Through the server's control socket: the client ends, and what it holds with it.
	hfOk(['client', 'end', ...at(store), c.id]);
	assert.equal((await read(two)).status, 401);
	assert.equal((await read(b)).status, 200);
	assert.equal((await form(tokenUrl(s), { grant_type: 'client_credentials' }, basic(c.id, c.secret))).status, 401);
	assert.equal(hf(['client', 'end', ...at(store), c.id]).status, 1);

	// A new secret: the old one is of no more use.
	const next = JSON.parse(hfOk(['client', 'secret', ...at(store), '--json', other.id]).out);
	assert.equal((await form(tokenUrl(s), { grant_type: 'client_credentials' }, basic(other.id, other.secret))).status, 401);
	await clientToken(s.url, next);

	const list = JSON.parse(hfOk(['client', 'list', ...at(store), '--all', '--json']).out);
	assert.deepEqual(list.map((x) => [x.name, !!x.ended]), [['A', true], ['B', false]]);
	const shown = hfOk(['client', 'show', ...at(store), other.id]).out;
	assert.ok(!shown.includes(next.secret) && !/hash|secret":/.test(shown));
});

test('private_key_jwt: the assertion is taken once, for us, for five minutes, from its own key', async (t) => {
	const store = newStore(t), dir = folder(t);
	const rsa = newKey('RS384'), ec = newKey('ES384'), ed = newKey('EdDSA'), stranger = newKey('RS384', rsa.kid);
	const file = write(dir, 'jwks.json', { keys: [rsa.jwk, ec.jwk, ed.jwk] });
	const c = addClient(store, '--name', 'Backend', '--scope', 'system/*.rs', '--jwks-file', file);
	assert.equal(c.secret, undefined);
	const s = await place(t, store);
	await new Promise((done) => { setTimeout(done, 1100); }); // assertions older than the server are refused
	const send = (a, more = {}) => form(tokenUrl(s), { grant_type: 'client_credentials', scope: 'system/Patient.rs', client_assertion_type: TYPE, client_assertion: a, ...more });

	for (const key of [rsa, ec, ed]) {
		const r = await send(assertion(s.url, c.id, key));
		assert.equal(r.status, 200, JSON.stringify(r.body));
		assert.equal((await ask(`${s.url}/fhir/Patient`, r.body.access_token)).status, 200);
	}
	const once = assertion(s.url, c.id, rsa);
	assert.equal((await send(once)).status, 200);
	let r = await send(once);
	assert.equal(r.status, 401);
	assert.match(r.body.error_description, /used before/);

	const made = (claims, header) => assertion(s.url, c.id, rsa, claims, header);
	const hmac = jws({ alg: 'HS256', kid: rsa.kid }, { iss: c.id, sub: c.id, aud: tokenUrl(s), exp: now() + 60, jti: 'j' }, rsa.priv.export({ type: 'pkcs8', format: 'pem' }));
	const bad = {
		'of another key with the same kid': assertion(s.url, c.id, stranger),
		'not signed': jws({ alg: 'none' }, { iss: c.id, sub: c.id, aud: tokenUrl(s), exp: now() + 60, jti: 'j' }),
		'signed with the public key as a secret': hmac,
		'for another server': made({ aud: 'https://elsewhere.example/auth/token' }),
		'for our FHIR base': made({ aud: `${s.url}/fhir` }),
		'over': made({ iat: now() - 400, exp: now() - 100 }),
		'too long': made({ exp: now() + 3600 }),
		'without end': made({ exp: undefined }),
		'without jti': made({ jti: undefined }),
		'from the future': made({ iat: now() + 600, exp: now() + 240 }),
		'of another subject': made({ sub: 'somebody' }),
		'of another issuer': made({ iss: 'somebody' }),
		'with a kid that is a path': made({}, { kid: '../../../dev/null' }),
		'with a kid that is SQL': made({}, { kid: "' UNION SELECT 1 --" }),
		'with a critical header': made({}, { crit: ['exp'] }),
		'with its key in the header': assertion(s.url, c.id, stranger, {}, { jwk: stranger.jwk, kid: undefined }),
		'of another algorithm with the same key': made({}, { alg: 'RS256' }),
		'made before the server began': made({ iat: now() - 120, exp: now() + 60 }),
		'nothing': 'x.y.z',
		'a number of dots': '....',
	};
	for (const [what, a] of Object.entries(bad)) {
		r = await send(a);
		assert.deepEqual([r.status, r.body.error], [401, 'invalid_client'], what);
	}
	assert.equal((await send(made(), { client_secret: 'x' })).body.error, 'invalid_request');
	assert.equal((await send(made(), { client_assertion_type: 'saml' })).body.error, 'invalid_request');
	assert.equal((await send(made(), { client_id: 'other' })).status, 401);
	assert.equal((await send(made(), { client_id: c.id })).status, 200);
});

test('keys at an address are fetched, kept, and asked for again when a new one is named', async (t) => {
	const store = newStore(t);
	let keys = [newKey('ES384')], asked = 0, slow = 0;
	const [first] = keys;
	const publisher = createServer((req, res) => {
		asked++;
		setTimeout(() => { res.setHeader('Content-Type', 'application/json'); res.end(JSON.stringify({ keys: keys.map((k) => k.jwk) })); }, slow);
	});
	await new Promise((done) => { publisher.listen(0, '127.0.0.1', done); });
	t.after(() => publisher.close());
	const uri = `http://127.0.0.1:${publisher.address().port}/jwks`;
	const c = addClient(store, '--name', 'Backend', '--scope', 'system/*.rs', '--jwks-uri', uri);
	const s = await place(t, store);
	await new Promise((done) => { setTimeout(done, 1100); });
	const send = (key) => form(tokenUrl(s), { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion: assertion(s.url, c.id, key) });

	slow = 500;
	// A slow publisher holds up nobody else, and those who wait share one answer.
	const waiting = Promise.all([send(first), send(first), send(first)]);
	await new Promise((done) => { setTimeout(done, 100); });
	const began = Date.now();
	assert.equal((await fetch(`${s.url}/health/live`)).status, 200);
	assert.ok(Date.now() - began < 300);
	assert.deepEqual((await waiting).map((r) => r.status), [200, 200, 200]);
	assert.equal(asked, 1);
	slow = 0;
	assert.equal((await send(first)).status, 200);
	assert.equal(asked, 1);
	// A kid nobody knows asks again at most once a minute: not now.
	keys = [first, newKey('ES384')];
	for (let i = 0; i < 3; i++) assert.equal((await send(keys[1])).status, 401);
	assert.equal(asked, 1);
});

test('a publisher that cannot be reached is told as such and nobody gets in', async (t) => {
	const store = newStore(t);
	const key = newKey('ES384');
	const c = addClient(store, '--name', 'Backend', '--scope', 'system/*.rs', '--jwks-uri', 'http://127.0.0.1:1/jwks');
	const s = await place(t, store);
	await new Promise((done) => { setTimeout(done, 1100); });
	const r = await form(tokenUrl(s), { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion: assertion(s.url, c.id, key) });
	assert.deepEqual([r.status, r.body.error], [503, 'temporarily_unavailable']);
});

test('client add says what is wrong with it, by option', async (t) => {
	const store = newStore(t), dir = folder(t);
	const add = (...args) => hf(['client', 'add', ...at(store), ...args]);
	const priv = newKey('RS384').priv.export({ format: 'jwk' });
	const weak = write(dir, 'weak.json', { kty: 'RSA', n: 'AQAB', e: 'AQAB' });
	const bad = [
		[['--name', 'x'], /--scope/, 2], [['--scope', 'system/*.rs'], /--name/, 2],
		[['--name', 'x', '--scope', 'system/*.sr'], /--scope: system\/\*\.sr/, 1],
		[['--name', 'x', '--scope', 'patient/Observation.rs?category=a', '--redirect', 'https://a.example/b'], /query/, 1],
		[['--name', 'x', '--scope', 'patient/*.rs'], /--redirect/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--public', '--redirect', 'https://a.example/b'], /public/, 1],
		[['--name', 'x', '--scope', 'user/*.rs', '--redirect', 'http://a.example/b'], /--redirect/, 1],
		[['--name', 'x', '--scope', 'user/*.rs', '--redirect', 'https://a.example/b#c'], /--redirect/, 1],
		[['--name', 'x', '--scope', 'user/*.rs', '--redirect', 'javascript:alert(1)', '--public'], /--redirect/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--jwks-uri', 'http://a.example/jwks'], /--jwks-uri/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--jwks-uri', 'file:///etc/passwd'], /--jwks-uri/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--jwks-file', write(dir, 'p.json', priv)], /private key/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--jwks-file', weak], /2048/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--org', "A'B"], /--org/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--purpose', 'FUN'], /--purpose/, 1],
		[['--name', 'x', '--scope', 'system/*.rs', '--role', 'king'], /--role/, 2],
		[['--name', 'x\ny', '--scope', 'system/*.rs'], /--name/, 1],
	];
	for (const [args, expect, status] of bad) {
		const r = add(...args);
		assert.equal(r.status, status, `${args.join(' ')}: ${r.err}`);
		assert.match(r.err, expect);
		assert.equal(r.out, '');
	}
	assert.equal(JSON.parse(hfOk(['client', 'list', ...at(store), '--json']).out).length, 0);
	assert.equal(hf(['client', 'show', ...at(store), 'nobody']).status, 1);
});

test('the audit has who got a token and who did not, and nothing that proves anybody', async (t) => {
	const store = newStore(t);
	const c = addClient(store, '--name', 'A', '--scope', 'system/*.rs');
	const s = await place(t, store);
	const token = await clientToken(s.url, c);
	await form(tokenUrl(s), { grant_type: 'client_credentials' }, basic(c.id, 'not-the-secret'));
	await ask(`${s.url}/fhir/Patient?family=x`, token);
	const { code } = await s.stop();
	assert.equal(code, 0);
	const folder = `${store}/audit`;
	const text = readdirSync(folder).filter((f) => !f.endsWith('.key')).map((f) => readFileSync(`${folder}/${f}`, 'utf8')).join('');
	const lines = text.split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l));
	const tokens = lines.filter((l) => l.route === 'hf_auth_token');
	assert.deepEqual(tokens.map((l) => [l.agent, l.status]), [[`client/${c.id}`, 200], ['nobody', 401]]);
	assert.equal(lines.find((l) => l.route === 'hf_fhir_search_type').agent, `client/${c.id}`);
	for (const secret of [c.secret, token, 'not-the-secret']) assert.ok(!text.includes(secret) && !s.log().includes(secret));
	hfOk(['audit', 'verify', '--data', store]);
	// Neither the store nor the keys hold what proves the client.
	for (const f of readdirSync(store).filter((x) => x.startsWith('homefirst.db'))) assert.ok(!readFileSync(`${store}/${f}`).includes(c.secret));
});

test('what the server says of itself is true', async (t) => {
	const store = newStore(t);
	const s = await place(t, store);
	const smart = (await ask(`${s.url}/fhir/.well-known/smart-configuration`)).body;
	assert.equal(smart.token_endpoint, tokenUrl(s));
	assert.equal(smart.issuer, s.url);
	assert.deepEqual(smart.code_challenge_methods_supported, ['S256']);
	const { keys } = (await ask(smart.jwks_uri)).body;
	assert.equal(keys.length, 1);
	assert.deepEqual([keys[0].kty, keys[0].crv, keys[0].d], ['EC', 'P-384', undefined]);
	const rest = (await ask(`${s.url}/fhir/metadata`)).body.rest[0];
	assert.equal(rest.security.service[0].coding[0].code, 'SMART-on-FHIR');
	const uris = rest.security.extension[0].extension;
	assert.equal(uris.find((e) => e.url === 'token').valueUri, tokenUrl(s));
	// The key stays the same when the server starts again.
	await s.stop();
	const again = await place(t, store);
	assert.deepEqual((await ask(`${again.url}/auth/jwks`)).body.keys, keys);
});

test('a system of one organisation sees what that one may, a system of the place all', async (t) => {
	const store = newStore(t), dir = folder(t);
	const ods = (value) => [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value }];
	const from = (org) => ({ source: `https://fhir.nhs.uk/Id/ods-organization-code/${org}` });
	write(dir, 'place.ndjson', [
		{ resourceType: 'Organization', id: 'gp', identifier: ods('Z99000') },
		{ resourceType: 'Organization', id: 'other', identifier: ods('RZ2') },
		{ ...patient(1), meta: from('Z99000'), generalPractitioner: [{ reference: 'Organization/gp' }] },
		{ ...patient(2), meta: from('RZ2'), generalPractitioner: [{ reference: 'Organization/other' }] },
	].map((r) => JSON.stringify(r)).join('\n'));
	hfOk(['import', '--data', store, '--quiet', dir]);
	const whole = addClient(store, '--name', 'Place', '--scope', 'system/*.rs');
	const one = addClient(store, '--name', 'Practice', '--scope', 'system/*.rs', '--org', 'z99000');
	const s = await place(t, store);
	const ids = async (c) => (await ask(`${s.url}/fhir/Patient`, await clientToken(s.url, c))).body.entry.filter((e) => e.resource.resourceType === 'Patient').map((e) => e.resource.id).sort();
	assert.deepEqual(await ids(whole), ['p1', 'p2']);
	assert.deepEqual(await ids(one), ['p1']);
	const token = await clientToken(s.url, one);
	assert.equal((await ask(`${s.url}/fhir/Patient/p2`, token)).status, 404);
	const told = async (id) => JSON.stringify((await ask(`${s.url}/fhir/Patient/${id}`, token)).body).replace(id, 'ID');
	assert.equal(await told('p2'), await told('nobody'));
});

test('a system that is registered for it reads /metrics with a token of its own, and nothing of anybody', async (t) => {
	const store = newStore(t), dir = folder(t);
	write(dir, 'one.ndjson', JSON.stringify(patient(1)));
	hfOk(['import', '--data', store, '--quiet', dir]);
	const watcher = addClient(store, '--name', 'Prometheus', '--scope', 'operate');
	const other = addClient(store, '--name', 'Other', '--scope', 'system/*.cruds operate');
	const s = await place(t, store);
	const r = await form(`${s.url}/auth/token`, { grant_type: 'client_credentials', scope: 'operate' }, basic(watcher.id, watcher.secret));
	assert.equal(r.body.scope, 'operate');
	const token = r.body.access_token;
	const m = await fetch(`${s.url}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
	assert.equal(m.status, 200);
	assert.match(await m.text(), /^homefirst_http_requests_total \d+$/m);
	for (const path of ['/fhir/Patient', '/fhir/Patient/p1', '/api/people?q=x', '/api/admin/users', '/api/audit']) {
		const got = await ask(s.url + path, token);
		assert.ok(got.status >= 400 || (got.body.total ?? got.body.entry?.length ?? 0) === 0, `${path}: ${got.status} ${JSON.stringify(got.body)}`);
		assert.ok(!JSON.stringify(got.body).includes('"Patient"'), path);
	}
	// One that reads records does not watch, whatever its scopes; without a token nobody does.
	assert.equal((await ask(`${s.url}/metrics`, await clientToken(s.url, other))).status, 403);
	assert.equal((await ask(`${s.url}/metrics`)).status, 401);
	hfOk(['client', 'end', '--data', store, watcher.id]);
	assert.equal((await ask(`${s.url}/metrics`, token)).status, 401);
});

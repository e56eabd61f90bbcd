// SMART App Launch 2: an app asks, a signed-in user says yes or no, and what the app then sees.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { hfOk } from '../support/e2e.mjs';
import { ask, basic, form } from '../support/oauth.mjs';
import { Place } from '../support/place.mjs';

const BACK = 'https://app.example/back?x=1';
let place, gp, url, app, publicApp;

before(async () => {
	place = await new Place().start([], { only: ['gp', 'nurse', 'patient'] });
	({ url } = place);
	gp = place.as.gp;
	const add = (...args) => JSON.parse(hfOk(['client', 'add', '--data', place.data, '--json', ...args]).out);
	const scope = 'openid fhirUser profile launch launch/patient offline_access online_access patient/*.rs user/*.rs user/Task.cruds';
	app = add('--name', 'Growth <chart> & "more"', '--scope', scope, '--redirect', BACK, '--redirect', 'https://app.example/other');
	publicApp = add('--name', 'Phone', '--scope', scope, '--public', '--redirect', 'com.example.phone:/back');
});
after(() => place?.stop());

const pkce = () => {
	const verifier = randomBytes(32).toString('base64url');
	return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};
const fhir = () => `${url}/fhir`;

function authorizeUrl(more = {}, key = pkce()) {
	const q = new URLSearchParams({
		response_type: 'code', client_id: app.id, redirect_uri: BACK, scope: 'launch/patient patient/*.rs openid fhirUser', state: 'st & ate', nonce: 'n-1',
		aud: fhir(), code_challenge: key.challenge, code_challenge_method: 'S256', ...more,
	});
	for (const [k, v] of [...q]) if (v === 'undefined') q.delete(k);
	return `/auth/authorize?${q}`;
}

const location = (r) => r.headers.get('location');
const hidden = (page, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1];

// From the app's request to the consent page: { ask, page }.
async function consent(b, path) {
	let r = await b.get(path);
	assert.equal(r.status, 302, String(r.body));
	const at = location(r);
	assert.match(at, /^\/auth\/consent\?ask=[\w-]{43}$/, at);
	r = await b.get(at);
	assert.equal(r.status, 200);
	return { ask: at.split('=')[1], page: r.body, headers: r.headers };
}

async function answer(b, c, values, headers = {}) {
	return b.ask('POST', '/auth/consent', new URLSearchParams({ ask: c.ask, csrf: hidden(c.page, 'csrf'), ...values }).toString(), { 'Content-Type': 'application/x-www-form-urlencoded', 'X-CSRF-Token': null, ...headers });
}

const token = (values, who = app) => form(`${url}/auth/token`, values, who.secret ? basic(who.id, who.secret) : {});

// The whole way: the token's answer.
async function launch(b, more = {}, values = { answer: 'allow', patient: 'own' }) {
	const key = pkce();
	const c = await consent(b, authorizeUrl(more, key));
	const r = await answer(b, c, values);
	assert.equal(r.status, 303, String(r.body));
	const back = new URL(location(r));
	const code = back.searchParams.get('code');
	assert.ok(code, back.href);
	const exchange = { grant_type: 'authorization_code', code, redirect_uri: more.redirect_uri ?? BACK, code_verifier: key.verifier };
	return { back, exchange, c };
}

test('standalone launch: the user chooses a person, the app gets a code and a token for that record only', async () => {
	const c = await consent(gp, authorizeUrl());
	assert.match(c.page, /Growth &lt;chart&gt; &amp; &quot;more&quot;/);
	assert.match(c.page, /Name of gp/);
	assert.match(c.page, /<li>read, search for everything of the person you choose<\/li>/);
	assert.ok(!c.page.includes('value="allow"'), 'a person has to be chosen first');
	const policy = c.headers.get('content-security-policy');
	assert.match(policy, /default-src 'none'/);
	assert.match(policy, /form-action 'self' https:\/\/app\.example;/);
	assert.match(policy, /frame-ancestors 'none'/);
	const people = await gp.get(`/auth/consent/people?ask=${c.ask}&q=Zzownname`);
	assert.match(people.body, /value="own"/);
	assert.match(people.body, /value="allow"/);

	const { back, exchange } = await launch(gp);
	assert.equal(back.origin + back.pathname, 'https://app.example/back');
	assert.deepEqual([back.searchParams.get('x'), back.searchParams.get('state'), back.searchParams.get('iss')], ['1', 'st & ate', url]);
	const r = await token(exchange);
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.headers.get('cache-control'), 'no-store');
	assert.deepEqual([r.body.token_type, r.body.patient, r.body.scope, r.body.need_patient_banner, r.body.refresh_token], ['Bearer', 'own', 'openid fhirUser launch/patient patient/*.rs', true, undefined]);

	const read = (path) => ask(`${fhir()}/${path}`, r.body.access_token);
	assert.equal((await read('Patient/own')).status, 200);
	assert.equal((await read('Condition?patient=Patient/own')).body.entry.filter((e) => e.search.mode === 'match').length, 1);
	// The GP may see this one too, the app may not; no write, nothing beside FHIR.
	assert.equal((await gp.get('/fhir/Patient/objector')).status, 200);
	assert.equal((await read('Patient/objector')).status, 404);
	assert.deepEqual((await read('Patient')).body.entry.filter((e) => e.search.mode === 'match').map((e) => e.resource.id), ['own']);
	assert.equal((await ask(`${fhir()}/Task`, r.body.access_token, { method: 'POST', headers: { 'Content-Type': 'application/fhir+json' }, body: JSON.stringify({ resourceType: 'Task', status: 'draft', intent: 'order', for: { reference: 'Patient/own' } }) })).status, 403);

	// The id token is ours and says who the user is.
	const [head, body, sig] = r.body.id_token.split('.');
	const [jwk] = (await ask(`${url}/auth/jwks`)).body.keys;
	assert.ok(verify('SHA384', Buffer.from(`${head}.${body}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(sig, 'base64url')));
	const claims = JSON.parse(Buffer.from(body, 'base64url'));
	assert.deepEqual([claims.iss, claims.aud, claims.nonce, claims.sub, JSON.parse(Buffer.from(head, 'base64url')).kid], [url, app.id, 'n-1', place.accounts.gp.id, jwk.kid]);
	assert.equal(claims.at_hash, createHash('sha384').update(r.body.access_token).digest().subarray(0, 24).toString('base64url'));
	assert.equal((await ask(`${url}/.well-known/openid-configuration`)).body.issuer, claims.iss);
	const told = (await form(`${url}/auth/introspect`, { token: r.body.access_token }, basic(app.id, app.secret))).body;
	assert.deepEqual([told.active, told.patient, told.sub], [true, 'own', place.accounts.gp.id]);
});

test('a scope is a ceiling: the rules for the user still hold under it', async () => {
	const { exchange } = await launch(place.as.nurse, { scope: 'user/*.rs' }, { answer: 'allow' });
	const t = (await token(exchange)).body.access_token;
	const ids = async (get) => (await get('/fhir/Patient?family=Zz')).body.entry.filter((e) => e.search.mode === 'match').map((e) => e.resource.id).sort();
	const own = await ids((p) => place.as.nurse.get(p));
	assert.deepEqual(await ids((p) => ask(url + p, t)), own);
	assert.equal((await ask(`${fhir()}/Patient/stranger`, t)).status, 404);
	assert.notEqual((await ask(`${fhir()}/Condition/own-sensitive`, t)).status, 200);
	// A token opens no pages of administration and none of the session.
	for (const path of ['/api/admin/users', '/api/privacy/queue']) assert.notEqual((await ask(url + path, t)).status, 200, path);
});

test('EHR launch: started from a record, for that record and by that user alone', async () => {
	const start = async (b, body) => b.post('/auth/launch', body);
	let r = await start(gp, { client: app.id, patient: 'own' });
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal(r.body.iss, fhir());
	const made = r.body.launch;
	assert.equal((await start(gp, { client: app.id, patient: 'stranger' })).status, 404);
	assert.equal((await start(gp, { client: 'none', patient: 'own' })).status, 404);
	assert.equal((await gp.post('/auth/launch', { client: app.id, patient: 'own' }, { 'X-CSRF-Token': null })).status, 403);

	const key = pkce();
	const path = authorizeUrl({ scope: 'launch patient/*.rs online_access', launch: made }, key);
	const c = await consent(gp, path);
	assert.match(c.page, /started from the record of one person/);
	assert.match(c.page, /value="allow"/);
	// Another user cannot take it over, and it counts once.
	assert.equal((await place.as.nurse.get(`/auth/consent?ask=${c.ask}`)).status, 403);
	r = await gp.get(path);
	assert.equal(new URL(location(r)).searchParams.get('error'), 'invalid_request');
	const code = new URL(location(await answer(gp, c, { answer: 'allow' }))).searchParams.get('code');
	r = await token({ grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: key.verifier });
	assert.deepEqual([r.status, r.body.patient], [200, 'own']);
	assert.ok(r.body.refresh_token);
	// Of another app: not this one's launch.
	const other = (await start(gp, { client: publicApp.id, patient: 'own' })).body.launch;
	assert.equal(new URL(location(await gp.get(authorizeUrl({ scope: 'launch patient/*.rs', launch: other })))).searchParams.get('error'), 'invalid_request');
});

test('what the app asks wrongly is told to the app; a wrong address is told to nobody but the user', async () => {
	const error = async (more) => { const r = await gp.get(authorizeUrl(more)); return r.status === 303 ? new URL(location(r)).searchParams.get('error') : r.status; };
	const wrong = {
		unsupported_response_type: [{ response_type: 'token' }],
		invalid_scope: [{ scope: 'patient/Observation.rs?category=laboratory' }, { scope: 'patient/Observation.sr' }, { scope: 'system/*.rs' }, { scope: 'user/Patient.d' }],
		invalid_request: [{ aud: 'https://evil.example/fhir' }, { aud: 'undefined' }, { code_challenge: 'short' }, { code_challenge: 'undefined' }, { code_challenge_method: 'plain' }, { state: 'undefined' }, { launch: 'made-up' }],
		interaction_required: [{ prompt: 'none' }],
	};
	for (const [expect, list] of Object.entries(wrong)) for (const more of list) assert.equal(await error(more), expect, JSON.stringify(more));
	const elsewhere = ['https://evil.example/', 'https://app.example/back', 'https://app.example/back?x=1&y=2', 'https://app.example.evil.example/back?x=1', '//app.example/back?x=1', 'https://app.example/back?x=1#f', 'javascript:alert(1)', 'undefined', ''];
	for (const redirect_uri of elsewhere) {
		const r = await gp.get(authorizeUrl({ redirect_uri }));
		assert.deepEqual([r.status, location(r)], [400, null], redirect_uri);
		assert.match(r.body, /could not be let in/);
	}
	assert.equal((await gp.get(authorizeUrl({ client_id: 'nobody' }))).status, 400);
	assert.equal((await gp.get(`${authorizeUrl()}&redirect_uri=https%3A%2F%2Fevil.example`)).status, 400);
});

test('whoever is not signed in signs in first and comes back; consent cannot be forged', async () => {
	const { Browser } = await import('../support/people.mjs');
	const stranger = new Browser(url);
	let r = await stranger.get(authorizeUrl());
	const page = location(r);
	r = await stranger.get(page);
	assert.equal(location(r), `/sign-in?return=${encodeURIComponent(page)}`);
	assert.equal((await stranger.get('/auth/consent?ask=made-up')).status, 400);

	const c = await consent(gp, authorizeUrl());
	for (const csrf of ['', 'x', 'A'.repeat(43), hidden((await consent(place.as.nurse, authorizeUrl())).page, 'csrf')])
		assert.equal((await answer(gp, c, { csrf, answer: 'allow', patient: 'own' })).status, 403);
	assert.equal((await answer(gp, c, { answer: 'allow', patient: 'own' }, { Origin: 'https://evil.example' })).status, 403);
	// Whom the user may not see cannot be chosen; nor nobody, nor a path.
	for (const patient of ['stranger', 'nobody', '', '../own', 'own/x']) assert.equal((await answer(gp, c, { answer: 'allow', patient })).status, 404, patient);
	r = await answer(gp, c, { answer: 'deny' });
	const back = new URL(location(r));
	assert.deepEqual([back.searchParams.get('error'), back.searchParams.get('state'), back.searchParams.get('code')], ['access_denied', 'st & ate', null]);
	assert.equal((await answer(gp, c, { answer: 'allow', patient: 'own' })).status, 400);
});

test('a code counts once, for its app, its address and its verifier; using it twice revokes what came of it', async () => {
	for (const change of [{ code_verifier: 'x'.repeat(43) }, { code_verifier: undefined }, { redirect_uri: 'https://app.example/other' }, { redirect_uri: undefined }, { code: 'made-up' }]) {
		const { exchange } = await launch(gp);
		const values = { ...exchange, ...change };
		for (const k of Object.keys(values)) if (values[k] === undefined) delete values[k];
		const r = await token(values);
		assert.deepEqual([r.status, r.body.error], [400, 'invalid_grant'], JSON.stringify(change));
	}
	const other = await launch(gp);
	assert.equal((await form(`${url}/auth/token`, { ...other.exchange, client_id: publicApp.id })).body.error, 'invalid_grant');

	const { exchange } = await launch(gp, { scope: 'patient/*.rs offline_access' });
	const first = await token(exchange);
	assert.equal(first.status, 200);
	assert.equal((await ask(`${fhir()}/Patient/own`, first.body.access_token)).status, 200);
	assert.equal((await token(exchange)).body.error, 'invalid_grant');
	assert.equal((await ask(`${fhir()}/Patient/own`, first.body.access_token)).status, 401);
	assert.equal((await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token })).body.error, 'invalid_grant');
});

test('an app of the person reads their record, but is not told who looked at it', async () => {
	const me = place.as.patient, own = '/api/me/access-report';
	const { exchange } = await launch(me, {}, { answer: 'allow', patient: 'own' });
	const { access_token: held } = (await token(exchange)).body;
	assert.equal((await ask(`${fhir()}/Patient/own`, held)).status, 200);
	const r = await ask(url + own, held);
	assert.equal(r.status, 403, JSON.stringify(r.body));
	assert.match(r.body.error.text, /An app does not get this report/);
	assert.equal((await me.get(own)).status, 200);
});

test('a refresh token is replaced each time; an old one brings all of it down', async () => {
	const { exchange } = await launch(gp, { scope: 'patient/*.rs user/Task.cruds offline_access' });
	const refresh = (refresh_token, more = {}, who = app) => token({ grant_type: 'refresh_token', refresh_token, ...more }, who);
	const one = (await token(exchange)).body;
	assert.equal((await refresh(one.refresh_token, { scope: 'user/*.cruds' })).body.error, 'invalid_scope');
	const two = (await refresh(one.refresh_token, { scope: 'patient/*.rs' })).body;
	assert.notEqual(two.refresh_token, one.refresh_token);
	assert.deepEqual([two.scope, two.patient], ['offline_access patient/*.rs', 'own']);
	const three = (await refresh(two.refresh_token)).body;
	assert.equal(three.scope, 'offline_access patient/*.rs user/Task.cruds');
	assert.equal((await refresh(three.refresh_token, {}, JSON.parse(hfOk(['client', 'add', '--data', place.data, '--json', '--name', 'Other', '--scope', 'system/*.rs']).out))).body.error, 'invalid_grant');
	assert.equal((await ask(`${fhir()}/Patient/own`, three.access_token)).status, 200);
	assert.equal((await refresh(two.refresh_token)).body.error, 'invalid_grant');
	assert.equal((await ask(`${fhir()}/Patient/own`, three.access_token)).status, 401);
	assert.equal((await refresh(three.refresh_token)).body.error, 'invalid_grant');
	assert.equal((await refresh('made-up')).body.error, 'invalid_grant');
});

test('a token goes with the session unless the user let the app go on', async () => {
	const { enrol } = await import('../support/people.mjs');
	const { addUser } = await import('../support/people.mjs');
	const user = addUser(['--data', place.data], 'gp2', { role: 'named-gp', org: 'Y00001' });
	const b = await enrol(url, user);
	const plain = (await token((await launch(b, { scope: 'patient/*.rs' })).exchange)).body;
	const online = (await token((await launch(b, { scope: 'patient/*.rs online_access' })).exchange)).body;
	const offline = (await token((await launch(b, { scope: 'patient/*.rs offline_access' })).exchange)).body;
	const read = async (t) => (await ask(`${fhir()}/Patient/own`, t.access_token)).status;
	assert.deepEqual([await read(plain), await read(online), await read(offline)], [200, 200, 200]);
	assert.equal((await b.post('/auth/sign-out')).status, 200);
	assert.deepEqual([await read(plain), await read(online), await read(offline)], [401, 401, 200]);
	assert.equal((await token({ grant_type: 'refresh_token', refresh_token: online.refresh_token })).body.error, 'invalid_grant');
	const more = (await token({ grant_type: 'refresh_token', refresh_token: offline.refresh_token })).body;
	assert.equal(await read(more), 200);
	// The leaver: nothing goes on.
	hfOk(['user', 'end', '--data', place.data, 'gp2']);
	assert.equal(await read(more), 401);
	assert.equal((await token({ grant_type: 'refresh_token', refresh_token: more.refresh_token })).body.error, 'invalid_grant');
});

test('a public app has no secret and gets a token by PKCE alone', async () => {
	const key = pkce();
	const c = await consent(gp, authorizeUrl({ client_id: publicApp.id, redirect_uri: 'com.example.phone:/back' }, key));
	const to = location(await answer(gp, c, { answer: 'allow', patient: 'own' }));
	assert.ok(to.startsWith('com.example.phone:/back?code='), to);
	const code = new URL(to).searchParams.get('code');
	const values = { grant_type: 'authorization_code', code, redirect_uri: 'com.example.phone:/back', code_verifier: key.verifier, client_id: publicApp.id };
	const r = await form(`${url}/auth/token`, values);
	assert.equal(r.status, 200, JSON.stringify(r.body));
	assert.equal((await form(`${url}/auth/token`, { grant_type: 'client_credentials', client_id: publicApp.id })).body.error, 'unauthorized_client');
	// A confidential app does not become public by leaving its secret out.
	const { exchange } = await launch(gp);
	assert.equal((await form(`${url}/auth/token`, { ...exchange, client_id: app.id })).status, 401);
});

test('what the server says of SMART is true', async () => {
	const smart = (await ask(`${fhir()}/.well-known/smart-configuration`)).body;
	assert.equal(smart.authorization_endpoint, `${url}/auth/authorize`);
	for (const c of ['launch-ehr', 'launch-standalone', 'sso-openid-connect', 'context-standalone-patient', 'permission-offline', 'permission-v2']) assert.ok(smart.capabilities.includes(c), c);
	assert.deepEqual(smart.grant_types_supported, ['authorization_code', 'client_credentials', 'refresh_token']);
});

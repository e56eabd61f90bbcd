// oauth.mjs - keys, signed tokens and requests to the token service, for the tests.
import { createHmac, createSign, generateKeyPairSync, randomBytes, sign as signRaw } from 'node:crypto';

const b64 = (x) => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url');

const kinds = {
	RS256: ['RSA-SHA256'], RS384: ['RSA-SHA384'], PS256: ['RSA-SHA256', { padding: 6, saltLength: 32 }],
	ES256: ['SHA256', { dsaEncoding: 'ieee-p1363' }], ES384: ['SHA384', { dsaEncoding: 'ieee-p1363' }],
};

// A key pair: { kid, priv, jwk } with jwk the public part.
export function newKey(type = 'RS384', kid = randomBytes(8).toString('hex')) {
	const pair = type === 'EdDSA' ? generateKeyPairSync('ed25519')
		: type.startsWith('ES') ? generateKeyPairSync('ec', { namedCurve: type === 'ES256' ? 'P-256' : 'P-384' })
			: generateKeyPairSync('rsa', { modulusLength: 2048 });
	return { kid, priv: pair.privateKey, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: type } };
}

// A compact JWS of payload; header has alg and what else is wanted.
export function jws(header, payload, priv) {
	const text = `${b64(header)}.${b64(payload)}`;
	const { alg } = header;
	let sig;
	if (alg === 'none') return `${text}.`;
	if (alg.startsWith('HS')) sig = createHmac('sha256', priv).update(text).digest();
	else if (alg === 'EdDSA') sig = signRaw(null, Buffer.from(text), priv);
	else sig = createSign(kinds[alg][0]).update(text).sign({ key: priv, ...kinds[alg][1] });
	return `${text}.${sig.toString('base64url')}`;
}

export const now = () => Math.floor(Date.now() / 1000);

// A client assertion as SMART Backend Services asks for it; claims may be changed.
export function assertion(url, id, key, claims = {}, header = {}) {
	return jws({ alg: key.jwk.alg, kid: key.kid, typ: 'JWT', ...header },
		{ iss: id, sub: id, aud: `${url}/auth/token`, iat: now(), exp: now() + 240, jti: randomBytes(16).toString('hex'), ...claims }, key.priv);
}

// POST of a form: { status, headers, body }.
export async function form(url, values, headers = {}) {
	const r = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(values), redirect: 'manual' });
	const text = await r.text();
	let body = text;
	try { body = JSON.parse(text); } catch { /* not JSON */ }
	return { status: r.status, headers: r.headers, body };
}

export const basic = (id, secret) => ({ Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}` });
export const bearer = (token) => ({ Authorization: `Bearer ${token}` });

// A token by client credentials.
export async function clientToken(url, { id, secret }, scope) {
	const r = await form(`${url}/auth/token`, { grant_type: 'client_credentials', ...(scope && { scope }) }, basic(id, secret));
	if (r.status !== 200) throw new Error(`no token: ${r.status} ${JSON.stringify(r.body)}`);
	return r.body.access_token;
}

// GET or another method with a bearer token: { status, body }.
export async function ask(url, token, options = {}) {
	const r = await fetch(url, { ...options, headers: { ...options.headers, ...(token && bearer(token)) } });
	const text = await r.text();
	let body = text;
	try { body = JSON.parse(text); } catch { /* not JSON */ }
	return { status: r.status, headers: r.headers, body };
}

// Servers of a test end before its folders go away, in whatever order they were made.
const running = new WeakMap();
export function ending(t) {
	if (running.has(t)) return;
	running.set(t, []);
	t.after(async () => {
		for (const s of running.get(t)) {
			const { code, err } = await s.stop();
			if (code !== 0) throw new Error(`the server ended with ${code}: ${err}`);
		}
	});
}
export async function run(t, starting) {
	const server = await starting;
	running.get(t).push(server);
	return server;
}

// people.mjs - somebody at a browser, for the end-to-end tests: a cookie jar, the token
// against forgery, an authenticator app.
import { createHmac } from 'node:crypto';
import { hfOk } from './e2e.mjs';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

// The code that an authenticator app shows at a time (ms), steps later.
export function totp(secret, at = Date.now(), steps = 0) {
	let bits = '';
	for (const c of secret) bits += letters.indexOf(c).toString(2).padStart(5, '0');
	const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000) + steps));
	const mac = createHmac('sha1', key).update(counter).digest();
	const from = mac[19] & 15;
	return String((mac.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, '0');
}

export class Browser {
	// extra: headers of every request, as a proxy in front would add them.
	constructor(url, extra = {}) {
		this.url = url;
		this.extra = extra;
		this.cookies = new Map();
		this.csrf = '';
	}

	cookieHeader() {
		return [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
	}

	keep(answer) {
		for (const line of answer.headers.getSetCookie()) {
			const [pair, ...rest] = line.split('; ');
			const at = pair.indexOf('=');
			const name = pair.slice(0, at), value = pair.slice(at + 1);
			if (rest.includes('Max-Age=0')) this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
	}

	// { status, body, headers }; body is JSON when it is, else text.
	async ask(method, path, body, headers = {}) {
		const h = { ...this.extra, ...headers };
		if (this.cookies.size) h.Cookie = this.cookieHeader();
		if (method !== 'GET' && this.csrf && h['X-CSRF-Token'] === undefined) h['X-CSRF-Token'] = this.csrf;
		if (body !== undefined && !h['Content-Type']) h['Content-Type'] = 'application/json';
		for (const k of Object.keys(h)) if (h[k] === null) delete h[k];
		const r = await fetch(this.url + path, {
			method, headers: h, redirect: 'manual',
			body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
		});
		this.keep(r);
		const text = await r.text();
		let json = text;
		try { json = JSON.parse(text); } catch { /* no JSON */ }
		return { status: r.status, body: json, headers: r.headers };
	}

	get(path, headers) { return this.ask('GET', path, undefined, headers); }
	post(path, body = {}, headers) { return this.ask('POST', path, body, headers); }

	// GET /api/session; keeps the token against forgery.
	async session(headers) {
		const r = await this.get('/api/session', headers);
		this.csrf = r.body.csrf ?? '';
		return r.body;
	}
}

// A user of the demonstration, signed in with one click and in the first of their roles.
export async function demoUser(url, login) {
	const b = new Browser(url);
	await b.session();
	const { body } = await b.post('/auth/demonstration', { login });
	const { roles } = await b.session();
	if (body.step === 'role') await b.post('/auth/role', { role: roles[0].id });
	await b.session();
	return b;
}

// Adds an account by the command: { id, login, once }.
export function addUser(where, login, { name = 'Test Person', role = 'named-gp', org = 'Y00001', more = [] } = {}) {
	const args = ['user', 'add', ...where, '--login', login, '--name', name, ...more];
	if (role) args.push('--role', role, ...(org ? ['--org', org] : []));
	const { out } = hfOk(args);
	return { id: /user\/(\S+) added/.exec(out)[1], login, once: /: ([a-z0-9-]+)$/m.exec(out)?.[1] };
}

export const password = 'correct horse battery 9';

// From the password that is good once to a session: password, second factor, role.
// The browser, with .secret and .recovery.
export async function enrol(url, user, { role, extra } = {}) {
	const b = new Browser(url, extra);
	const must = (r, step) => {
		if (r.status !== 200 || (step && r.body.step !== step))
			throw new Error(`expected ${step}: ${r.status} ${JSON.stringify(r.body)}`);
		return r.body;
	};
	must(await b.post('/auth/sign-in', { login: user.login, password: user.once }), 'password');
	must(await b.post('/auth/password', { password }), 'enrol');
	b.secret = must(await b.post('/auth/enrol', {}), 'enrol').secret;
	const done = must(await b.post('/auth/enrol', { code: totp(b.secret, Date.now(), -1) }));
	b.recovery = done.recovery;
	if (done.step === 'role') {
		const { roles } = await b.session();
		must(await b.post('/auth/role', { role: (roles.find((r) => r.roleCode === role) ?? roles[0]).id }), 'done');
	}
	await b.session();
	return b;
}

// Signs in with password and code; steps: which code of the app.
export async function signIn(url, user, secret, { steps = 0, browser = new Browser(url) } = {}) {
	browser.csrf = '';
	const first = await browser.post('/auth/sign-in', { login: user.login, password });
	if (first.status !== 200) return { browser, ...first };
	const r = await browser.post('/auth/totp', { code: totp(secret, Date.now(), steps) });
	await browser.session();
	return { browser, ...r };
}

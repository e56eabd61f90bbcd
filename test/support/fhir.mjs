// fhir.mjs - talking FHIR to a server of the end-to-end tests, on each engine.
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { join } from 'node:path';
import { before, after, describe } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { hfOk, serve } from './e2e.mjs';

const pg = process.env.HF_TEST_PG;
let databases = 0;

function psql(sql) {
	const r = spawnSync('psql', [pg, '-qXc', sql], { encoding: 'utf8' });
	if (r.status !== 0) throw new Error(`psql: ${r.stderr}`);
}

// A server that a group of tests shares: fhir(method, path, options) asks it.
class Server {
	async start(engine) {
		this.engine = engine;
		this.dir = mkdtempSync(join(tmpdir(), 'hf-rest-'));
		this.data = join(this.dir, 'store');
		this.options = [];
		if (engine === 'postgresql') {
			this.database = `hf_rest_${process.pid}_${databases++}`;
			psql(`CREATE DATABASE ${this.database}`);
			const url = new URL(pg);
			this.options = ['--store', pg.replace(url.pathname, `/${this.database}`)];
		}
		hfOk(['init', ...(this.options.length ? this.options : ['--data', this.data])]);
		this.running = await serve(this.data, this.options);
		this.base = `${this.running.url}/fhir`;
	}

	async stop() {
		if (this.running) await this.running.stop();
		if (this.database) psql(`DROP DATABASE ${this.database}`);
		rmSync(this.dir, { recursive: true, force: true });
	}

	// { status, body, text, headers }: body is the JSON of the answer, if it is any.
	async ask(method, path, { body, headers = {}, type = 'application/fhir+json' } = {}) {
		const init = { method, headers: { ...headers } };
		if (body !== undefined) {
			init.body = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
			init.headers['content-type'] ??= type;
		}
		const url = path.startsWith('http') ? path : `${this.base}${path ? '/' : ''}${path}`;
		const r = await fetch(url, init);
		const text = await r.text();
		let json;
		try {
			json = JSON.parse(text);
		} catch {
			json = undefined;
		}
		return { status: r.status, headers: r.headers, text, body: json };
	}

	get(path, headers) { return this.ask('GET', path, { headers }); }
	post(path, body, headers) { return this.ask('POST', path, { body, headers }); }
	put(path, body, headers) { return this.ask('PUT', path, { body, headers }); }
	delete(path, headers) { return this.ask('DELETE', path, { headers }); }

	// A request as fetch would not send it: any Host, Origin, path or length.
	raw(options, body) {
		const { hostname, port } = new URL(this.running.url);
		return new Promise((done, fail) => {
			const req = http.request({ hostname, port, ...options }, (res) => {
				let text = '';
				res.on('data', (d) => { text += d; });
				res.on('end', () => done({ status: res.statusCode, headers: res.headers, text }));
			});
			req.on('error', fail);
			req.end(body);
		});
	}
}

// Runs the group on SQLite, and on PostgreSQL where there is one: else it says
// that it was skipped.
export function onEachEngine(name, group) {
	for (const engine of ['sqlite', 'postgresql']) {
		const skip = engine === 'postgresql' && !pg ? 'no PostgreSQL: HF_TEST_PG is not set' : false;
		describe(`${name} (${engine})`, { skip }, () => {
			const server = new Server();
			before(() => server.start(engine));
			after(() => server.stop());
			group(server);
		});
	}
}

// The text of all issues of an OperationOutcome.
export function issues(r) {
	if (r.body?.resourceType !== 'OperationOutcome') throw new Error(`no OperationOutcome: ${r.status} ${r.text}`);
	return r.body.issue.map((i) => `${i.severity} ${i.code} ${(i.expression ?? []).join()} ${i.details?.text ?? i.diagnostics ?? ''}`).join('\n');
}

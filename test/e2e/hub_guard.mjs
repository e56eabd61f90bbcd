// What stands in the record of a referral is the hub's alone to change: not by REST, in a
// bundle or by a user; an export goes over to another place; and no hub starts without a
// referral that it cannot read.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, engines, folder, hf, hfOk, serve, storeOf } from '../support/e2e.mjs';

const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
const system = 'https://homefirst.example/CodeSystem/pathway-task';
const kinds = ['instance', 'offer', 'alert', 'breach'];
const task = (code, more = {}) => ({
	resourceType: 'Task', status: 'requested', intent: 'order', code: { coding: [{ system, code }] }, ...more,
});

for (const engine of engines) {
	test(`a Task of the hub is changed by the hub alone, on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk(['generate', '--people', '300', '--full', '10', '--seed', '3', '--date', today(), '--referrals', '12', ...at(store)]);
		const server = await serve(store);
		t.after(() => server.stop());
		const ask = async (method, path, body, headers = {}) => {
			const r = await fetch(server.url + path, {
				method, headers: { 'Content-Type': 'application/fhir+json', ...headers },
				...(body && { body: JSON.stringify(body) }),
			});
			const text = await r.text();
			return { status: r.status, body: text ? JSON.parse(text) : null };
		};
		const board = (await ask('GET', '/api/hub/board?view=open')).body;
		const id = board.rows[0].id;
		const before = (await ask('GET', `/fhir/Task/${id}`)).body;
		const refused = (r) => {
			assert.equal(r.status, 422, JSON.stringify(r.body));
			assert.match(JSON.stringify(r.body), /by the hub alone/);
		};

		refused(await ask('PUT', `/fhir/Task/${id}`, { ...before, status: 'completed' }));
		refused(await ask('PUT', `/fhir/Task/${id}`, { ...before, code: { text: 'something else' } }));
		refused(await ask('DELETE', `/fhir/Task/${id}`));
		for (const kind of kinds) refused(await ask('POST', '/fhir/Task', task(kind, { for: before.for })));
		refused(await ask('POST', '/fhir/Task', task('work', { for: before.for, partOf: [{ reference: `Task/${id}` }] })));
		const entry = (method, url, resource) => ({ request: { method, url }, ...(resource && { resource }) });
		refused(await ask('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry: [entry('PUT', `Task/${id}`, { ...before, status: 'completed' })] }));
		const batch = await ask('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry: [
			entry('PUT', `Task/${id}`, { ...before, status: 'completed' }), entry('DELETE', `Task/${id}`), entry('POST', 'Task', task('offer', { for: before.for })),
		] });
		for (const e of batch.body.entry) assert.match(e.response.status, /^422/);
		assert.deepEqual((await ask('GET', `/fhir/Task/${id}`)).body, before);

		// What belongs to no referral is as any other resource.
		assert.equal((await ask('POST', '/fhir/Task', task('work', { for: before.for }))).status, 201);
		// And the hub itself moves on.
		assert.equal((await ask('POST', `/api/hub/referrals/${id}/messages`, { text: 'On our way.' }, { 'Content-Type': 'application/json' })).status, 200);
	});

	test(`an export goes over to another place, and a referral that cannot be read is not lost, on ${engine}`, async (t) => {
		const store = storeOf(engine, t), other = storeOf(engine, t);
		if (!store) return;
		const dir = folder(t), file = join(dir, 'all.ndjson');
		hfOk(['generate', '--people', '300', '--full', '10', '--seed', '3', '--date', today(), '--referrals', '12', ...at(store)]);
		writeFileSync(file, hfOk(['export', ...at(store), '--out', '-']).out);
		hfOk(['import', ...at(other), '--quiet', file]);
		const open = async (where) => {
			const server = await serve(where);
			const r = await (await fetch(`${server.url}/api/hub/board?view=open`)).json();
			await server.stop();
			return r.rows.map((row) => `${row.id} ${row.state}`).sort();
		};
		const rows = await open(other);
		assert.ok(rows.length > 0);
		assert.deepEqual(rows.map((r) => r.split(' ')[0]), (await open(store)).map((r) => r.split(' ')[0]));

		// An event that this version does not know: of a newer one.
		const id = rows[0].split(' ')[0];
		const strange = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l)).find((r) => r.resourceType === 'Task' && r.id === id);
		strange.input[0].type.coding[0].code = 'beam-up';
		const put = (resource) => {
			writeFileSync(join(dir, 'one.ndjson'), JSON.stringify(resource));
			hfOk(['import', ...at(other), '--quiet', join(dir, 'one.ndjson')]);
		};
		put(strange);
		const r = hf(['serve', ...at(other), '--listen', '127.0.0.1:0', '--open-loopback'], { timeout: 30000 });
		assert.notEqual(r.status, 0);
		assert.equal(r.signal, null, 'it ends by itself');
		assert.match(r.err, new RegExp(`1 open referral cannot be read[^]*Task/${id}[^]*entered-in-error`));
		put({ ...strange, status: 'entered-in-error' });
		assert.equal((await open(other)).length, rows.length - 1);
	});
}

// Import and export into a real store.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundle, contents, folder, hf, hfOk, key, newDatabase, newStore, observation, patient, write } from '../support/e2e.mjs';

// Where real bundles that nobody here wrote may lie.
const real = ['../shared/data/synthea-us-r4-bundles'].find(existsSync);

test('a transaction Bundle is imported with its references resolved', (t) => {
	const data = newStore(t), dir = folder(t);
	const r = hfOk(['import', '--data', data, write(dir, 'b.json', bundle(1, 3))]);
	assert.match(r.out, /^4 resources of 1 people/);
	const all = contents(data);
	assert.deepEqual(all.map(key), ['Observation/o1-0', 'Observation/o1-1', 'Observation/o1-2', 'Patient/p1']);
	assert.equal(all[0].subject.reference, 'Patient/p1');
});

test('importing the same input twice changes nothing', (t) => {
	const data = newStore(t), dir = folder(t);
	const path = write(dir, 'b.json', bundle(1, 30));
	const idless = { resourceType: 'Basic', code: { text: 'no identity' } };
	const other = write(dir, 'idless.ndjson', `${JSON.stringify(idless)}\n`);
	hfOk(['import', '--data', data, path, other]);
	const before = contents(data);
	const r = hfOk(['import', '--data', data, path, other]);
	assert.match(r.out, /\n0 new, 0 changed, 32 unchanged, 0 deleted/);
	assert.deepEqual(contents(data), before);
});

test('an export imports again to the same content', (t) => {
	const a = newStore(t), b = newStore(t), dir = folder(t);
	for (let n = 0; n < 20; n++) write(dir, `b${n}.json`, bundle(n, 5));
	hfOk(['import', '--data', a, dir]);
	hfOk(['export', '--data', a, '--out', join(dir, 'out')]);
	assert.deepEqual(readdirSync(join(dir, 'out')).sort(), ['Observation.ndjson', 'Patient.ndjson']);
	hfOk(['import', '--data', b, join(dir, 'out')]);
	assert.deepEqual(contents(b), contents(a));
	assert.equal(contents(b).length, 120);
});

test('an export does not write over another', (t) => {
	const data = newStore(t), dir = folder(t);
	hfOk(['import', '--data', data, write(dir, 'p.json', patient(1))]);
	hfOk(['export', '--data', data, '--out', join(dir, 'out')]);
	const r = hf(['export', '--data', data, '--out', join(dir, 'out')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /holds an export already/);
});

test('NDJSON may refer forward and to nothing, from standard input and gzip', (t) => {
	const data = newStore(t), dir = folder(t);
	const lines = [];
	for (let n = 0; n < 300; n++) lines.push(JSON.stringify(observation(n, 1)));
	for (let n = 0; n < 299; n++) lines.push(JSON.stringify(patient(n)));
	hfOk(['import', '--data', data, '-'], { input: gzipSync(lines.join('\n')) });
	const all = contents(data);
	assert.equal(all.length, 599);
	assert.equal(all.find((r) => r.id === 'o299-1').subject.reference, 'Patient/p299');
});

test('numbers and strings come back to the byte', (t) => {
	const data = newStore(t), dir = folder(t);
	const body = '{"resourceType":"Observation","id":"n","status":"final","code":{"text":"caf\\u00e9 \\"q\\" é"},'
		+ '"valueQuantity":{"value":1.00}}';
	hfOk(['import', '--data', data, write(dir, 'o.json', body)]);
	const { out } = hfOk(['export', '--data', data]);
	assert.ok(out.includes('"value":1.00'), out);
	assert.ok(out.includes('"text":"caf\\u00e9 \\"q\\" é"'), out);
});

test('a Bundle with one bad entry loads nothing and names the entry', (t) => {
	const data = newStore(t), dir = folder(t);
	const b = bundle(1, 3);
	b.entry[2].resource.status = 'perhaps';
	const r = hf(['import', '--data', data, write(dir, 'b.json', b)]);
	assert.equal(r.status, 1);
	assert.match(r.err, /Bundle\.entry\[2\]\.resource\.status/);
	assert.deepEqual(contents(data), []);
});

test('refused resources can be corrected in the rejects file and imported', (t) => {
	const data = newStore(t), dir = folder(t), rejects = join(dir, 'rejects.ndjson');
	const bad = { ...patient(2), birthDate: '1970-13-01' };
	const path = write(dir, 'x.ndjson', [patient(1), bad, patient(3)].map((r) => JSON.stringify(r)).join('\n'));
	const r = hf(['import', '--data', data, '--rejects', rejects, path]);
	assert.equal(r.status, 1);
	assert.match(r.err, /x\.ndjson line 2: Patient\.birthDate/);
	assert.equal(contents(data).length, 2);
	const line = JSON.parse(readFileSync(rejects, 'utf8'));
	assert.equal(line.rejected.line, 2);
	assert.equal(line.rejected.outcome.resourceType, 'OperationOutcome');
	line.resource.birthDate = '1970-12-01';
	hfOk(['import', '--data', data, write(dir, 'corrected.ndjson', JSON.stringify(line))]);
	assert.equal(contents(data).length, 3);
});

test('conditional creates, updates, deletes and references find what is there', (t) => {
	const data = newStore(t), dir = folder(t);
	const identified = (n, extra = {}) => ({
		resourceType: 'Practitioner', identifier: [{ system: 'https://example.org/gp', value: `${n}` }], ...extra,
	});
	const transaction = (...entry) => ({ resourceType: 'Bundle', type: 'transaction', entry });
	const first = write(dir, '1.json', transaction({
		fullUrl: 'urn:uuid:gp1', resource: identified(1), request: { method: 'POST', url: 'Practitioner' },
	}));
	hfOk(['import', '--data', data, first]);
	hfOk(['import', '--data', data, write(dir, '2.json', transaction(
		{
			fullUrl: 'urn:uuid:again', resource: identified(1),
			request: { method: 'POST', url: 'Practitioner', ifNoneExist: 'identifier=https://example.org/gp|1' },
		},
		{
			resource: identified(1, { active: true }),
			request: { method: 'PUT', url: 'Practitioner?identifier=https%3A%2F%2Fexample.org%2Fgp%7C2' }, fullUrl: 'urn:uuid:gp2',
		},
		{
			fullUrl: 'urn:uuid:f', resource: {
				resourceType: 'Flag', status: 'active', code: { text: 'x' }, subject: { reference: 'urn:uuid:again' },
				author: { reference: 'Practitioner?identifier=https://example.org/gp|1' },
			}, request: { method: 'POST', url: 'Flag' },
		}))]);
	const all = contents(data);
	assert.deepEqual(all.map(key), ['Flag/f', 'Practitioner/gp1', 'Practitioner/gp2']);
	assert.equal(all[0].subject.reference, 'Practitioner/gp1');
	assert.equal(all[0].author.reference, 'Practitioner/gp1');
	hfOk(['import', '--data', data, write(dir, '3.json', transaction(
		{ request: { method: 'DELETE', url: 'Flag/f' } }))]);
	assert.deepEqual(contents(data).map(key), ['Practitioner/gp1', 'Practitioner/gp2']);
	const own = { ...identified(3), id: 'own' }, at = 'Practitioner?identifier=https://example.org/gp|3';
	hfOk(['import', '--data', data, write(dir, '4.json', own)]);
	hfOk(['import', '--data', data, write(dir, '5.json', transaction(
		{ resource: identified(3, { active: true }), request: { method: 'PUT', url: at } }))]);
	assert.deepEqual(contents(data).map(key), ['Practitioner/gp1', 'Practitioner/gp2', 'Practitioner/own']);
	hfOk(['import', '--data', data, write(dir, '6.json', transaction({ request: { method: 'DELETE', url: at } }))]);
	assert.deepEqual(contents(data).map(key), ['Practitioner/gp1', 'Practitioner/gp2']);
});

test('wrong input gets a sentence, ends with 1 and loads nothing', (t) => {
	const data = newStore(t), dir = folder(t);
	const cut = gzipSync(JSON.stringify(bundle(1, 50)));
	const cases = [
		['cut.json.gz', cut.subarray(0, cut.length - 100), /cut short/],
		['page.json', '<html></html>', /XML or HTML/],
		['picture.json', Buffer.from([0x89, 0x50, 0x4e, 0x47]), /begins with byte 0x89/],
		['empty.json', '', /empty/],
		['deep.json', `{"resourceType":"Basic","a":${'['.repeat(10000)}${']'.repeat(10000)}}`, /deep/],
		['other.json', '{"hello":"world"}', /resourceType/],
		['large.json', `{"resourceType":"Binary","contentType":"a/b","data":"${'A'.repeat(200e6)}"}`, /one may have/],
	];
	for (const [name, content, want] of cases) {
		const r = hf(['import', '--data', data, write(dir, name, content)]);
		assert.equal(r.status, 1, `${name}: ${r.out}${r.err}`);
		assert.match(r.err, want);
		assert.match(r.err, new RegExp(name));
		rmSync(join(dir, name));
	}
	assert.deepEqual(contents(data), []);
});

test('paths that are not there or cannot be read are named', (t) => {
	const data = newStore(t), dir = folder(t);
	let r = hf(['import', '--data', data, join(dir, 'nowhere')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /nowhere.*nothing was imported/s);
	mkdirSync(join(dir, 'empty'));
	r = hf(['import', '--data', data, join(dir, 'empty')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /nothing to import/);
	if (process.getuid() === 0) return;
	mkdirSync(join(dir, 'closed'));
	chmodSync(join(dir, 'closed'), 0);
	r = hf(['import', '--data', data, join(dir, 'closed')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /closed.*cannot be read/s);
});

test('misuse ends with 2 and help with 0', (t) => {
	const data = newStore(t);
	for (const args of [['import'], ['import', '--data', data], ['import', '--data', data, '--nonsense', 'x'],
		['import', 'x'], ['import', '--data', data, '--threads', '0', 'x'], ['nonsense'], []]) {
		const r = hf(args);
		assert.equal(r.status, 2, args.join(' '));
		assert.notEqual(r.err, '');
	}
	const { out } = hfOk(['--help']);
	for (const m of out.matchAll(/^ {2}(\w+) /gm)) {
		const help = hfOk([m[1], '--help']);
		assert.match(help.out, new RegExp(`^usage: homefirst ${m[1]}\\b`));
	}
});

test('a store that is no store is told', (t) => {
	const dir = folder(t);
	const r = hf(['export', '--data', join(dir, 'nowhere')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /nowhere/);
});

test('PostgreSQL holds the same as SQLite, and check and rebuild agree', (t) => {
	const url = newDatabase(t);
	if (!url) return t.skip('HF_TEST_PG names no PostgreSQL');
	const data = newStore(t), dir = folder(t);
	for (let n = 0; n < 30; n++) write(dir, `b${n}.json`, bundle(n, 6));
	hfOk(['init', '--store', url]);
	hfOk(['import', '--store', url, '--rejects', join(dir, 'r'), dir]);
	hfOk(['import', '--data', data, dir]);
	assert.deepEqual(contents(url), contents(data));
	assert.match(hfOk(['import', '--store', url, '--rejects', join(dir, 'r'), dir]).out, /\n0 new, 0 changed, 210 unchanged/);
	assert.match(hfOk(['rebuild', '--store', url]).out, /0 entries were wrong/);
	assert.match(hfOk(['check', '--store', url]).out, /^210 resources.*all is well/);
});

test('real bundles load whole, and again without a change', { skip: !real && 'no real bundles beside the project' }, (t) => {
	const data = newStore(t);
	const files = readdirSync(real).filter((f) => f.endsWith('.gz')).slice(0, 12).map((f) => join(real, f));
	const r = hfOk(['import', '--data', data, ...files]);
	assert.match(r.out, / resources of 12 people/);
	const again = hfOk(['import', '--data', data, ...files]);
	assert.match(again.out, /\n0 new, 0 changed, /);
});

// access why: which relationships count and what the rules say, as docs/interfaces/access.md tells it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder, hf, hfOk, newStore, write } from '../support/e2e.mjs';

const ods = (value) => [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value }];
const person = { reference: 'Patient/p1' };

function place(t) {
	const data = newStore(t), dir = folder(t);
	write(dir, 'place.ndjson', [
		{ resourceType: 'Organization', id: 'gp', identifier: ods('Z99000') },
		{ resourceType: 'Organization', id: 'community', identifier: ods('RZ2') },
		{ resourceType: 'Patient', id: 'p1', name: [{ family: 'Testfamily' }], generalPractitioner: [{ reference: 'Organization/gp' }] },
		{
			resourceType: 'EpisodeOfCare', id: 'e1', status: 'finished', patient: person,
			managingOrganization: { reference: 'Organization/community' }, period: { start: '2026-01-01', end: '2026-02-01' },
		},
	].map((r) => JSON.stringify(r)).join('\n'));
	hfOk(['import', '--data', data, '--quiet', dir]);
	const why = (...args) => JSON.parse(hfOk(['access', 'why', '--data', data, '--person', 'p1', '--json', ...args]).out);
	return { data, why };
}
const of = (answer, content, level = 'S1') => answer.decisions.find((d) => d.content === content && d.level === level);

test('why: a nurse may look while the caseload counts, and behind glass after it', (t) => {
	const { why } = place(t);
	let r = why('--role', 'R8001', '--org', 'RZ2', '--at', '2026-02-20');
	assert.deepEqual(r.relationships.map((x) => [x.kind, x.counts, x.source]), [['CASE', true, 'EpisodeOfCare/e1']]);
	assert.deepEqual([of(r, 'PROBLEM').own.outcome, of(r, 'PROBLEM').own.rule], ['ALLOW', 'R11']);
	assert.deepEqual([of(r, 'PROBLEM').others.outcome, of(r, 'PROBLEM').others.rule], ['DENY', 'T0']);
	assert.equal(r.relationshipsWithOthers, 1);
	assert.match(r.version, /^roles .*, rules .*, sensitivity .*, optouts /);
	r = why('--role', 'R8001', '--org', 'RZ2', '--at', '2026-03-20');
	assert.equal(r.relationships[0].counts, false);
	assert.deepEqual([of(r, 'PROBLEM').own.outcome, of(r, 'PROBLEM').own.rule], ['BTG', 'R18']);
	r = why('--role', 'R8001', '--org', 'RZ2', '--at', '2026-02-20', '--tier', 'T2');
	assert.equal(of(r, 'PROBLEM').others.outcome, 'ALLOW');
	assert.equal(of(r, 'CLINICAL').others.outcome, 'MASK');
});

test('why: a receptionist sees no clinical content and an operator nothing of a person', (t) => {
	const { why } = place(t);
	let r = why('--role', 'receptionist', '--org', 'z99000');
	assert.equal(of(r, 'DEMOGRAPHIC', 'S0').own.outcome, 'ALLOW');
	assert.equal(of(r, 'APPOINTMENT').own.outcome, 'ALLOW');
	assert.equal(of(r, 'PROBLEM').own.outcome, 'DENY');
	r = why('--role', 'operator', '--org', 'Z99000');
	assert.ok(r.decisions.every((d) => d.own.outcome === 'DENY' && d.others.outcome === 'DENY'));
	r = why('--role', 'patient', '--org', 'none', '--user', 'Patient/p1');
	assert.equal(of(r, 'PROBLEM').own.outcome, 'ALLOW');
});

test('why: it tells ids and codes only, and what is wrong with the question', (t) => {
	const { data } = place(t);
	const ask = (...args) => hf(['access', 'why', '--data', data, ...args]);
	const r = ask('--person', 'p1', '--role', 'R8001', '--org', 'RZ2', '--at', '2026-02-20');
	assert.equal(r.status, 0);
	assert.ok(!r.out.includes('Testfamily'));
	assert.match(r.out, /^CASE +2026-01-01 +2026-02-02 +2026-03-02 +yes +EpisodeOfCare\/e1: an episode of care$/m);
	assert.match(r.out, /^problems +S1 +ALLOW R11 +DENY T0$/m);
	assert.equal(ask('--person', 'nobody', '--role', 'R8001', '--org', 'RZ2').status, 1);
	for (const args of [
		['--role', 'R8001', '--org', 'RZ2'], ['--person', 'p1', '--role', 'king', '--org', 'RZ2'],
		['--person', 'p1', '--role', 'R8001', '--org', 'RZ2', '--purpose', 'FUN'],
		['--person', 'p1', '--role', 'R8001', '--org', 'RZ2', '--tier', 'T9'],
		['--person', 'p1', '--role', 'R8001', '--org', 'RZ2', '--at', 'soon'],
	])
		assert.equal(ask(...args).status, 2, args.join(' '));
	assert.equal(hf(['access', '--data', data]).status, 2);
});

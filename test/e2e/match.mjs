// Patient/$match, as docs/interfaces/identity.md tells it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachEngine } from '../support/fhir.mjs';

const VERIFIED = {
	url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
	valueCodeableConcept: { coding: [{ code: '01' }] },
};
const number = (value) => [{ extension: [VERIFIED], system: 'https://fhir.nhs.uk/Id/nhs-number', value }];
const mary = (more = {}) => ({
	resourceType: 'Patient', name: [{ family: 'Featherstone', given: ['Mary', 'Ellen'] }], gender: 'female',
	birthDate: '1942-03-05', address: [{ line: ['14 Orchard Street'], postalCode: 'WZ3 4CD' }],
	telecom: [{ system: 'phone', value: '01632 960123' }], ...more,
});
const ask = (s, resource, more = []) => s.post('Patient/$match', {
	resourceType: 'Parameters', parameter: [{ name: 'resource', resource }, ...more],
});
const certain = { name: 'onlyCertainMatches', valueBoolean: true };
const grades = (r) => r.body.entry?.filter((e) => e.search.mode === 'match')
	.map((e) => e.search.extension[0].valueCode) ?? [];
const ids = (r) => r.body.entry?.filter((e) => e.search.mode === 'match').map((e) => e.resource.id) ?? [];

onEachEngine('Patient/$match', (s) => {
	let one;

	test('finds a person whatever one thing is written otherwise, with score and grade', async () => {
		one = (await s.post('Patient', mary({ identifier: number('9990000018') }))).body.id;
		for (const change of [
			{}, { name: [{ family: 'Fetherstone', given: ['Mary'] }] }, { name: [{ family: 'Featherstone', given: ['Molly'] }] },
			{ birthDate: '1942-05-03' }, { birthDate: '1942-03-06' }, { telecom: undefined },
			{ telecom: [{ system: 'phone', value: '+441632960123' }] },
			{ address: [{ line: ['14 Orchard St'], postalCode: 'WZ34CD' }] },
			{ name: [{ family: 'Thorne', given: ['Mary'] }] }, { name: [{ family: 'Mary', given: ['Featherstone'] }] },
		]) {
			const r = await ask(s, mary(change));
			assert.equal(r.status, 200, r.text);
			assert.equal(r.body.type, 'searchset');
			assert.deepEqual(ids(r), [one], JSON.stringify(change));
			assert.equal(r.body.total, 1);
			const { search, fullUrl } = r.body.entry[0];
			assert.equal(search.extension[0].url, 'http://hl7.org/fhir/StructureDefinition/match-grade');
			assert.ok(['certain', 'probable'].includes(search.extension[0].valueCode));
			assert.ok(search.score > 0.9 && search.score <= 1);
			assert.equal(fullUrl, `${s.base}/Patient/${one}`);
		}
	});

	test('a verified number is certain, whatever the address', async () => {
		const r = await ask(s, mary({ identifier: number('999 000 0018'), address: undefined, telecom: undefined }), [certain]);
		assert.deepEqual(ids(r), [one]);
		assert.equal(r.body.entry[0].search.score, 1);
		assert.deepEqual(grades(r), ['certain']);
	});

	test('a number given to somebody else is not certain', async () => {
		const other = {
			resourceType: 'Patient', identifier: number('9990000018'), name: [{ family: 'Khan', given: ['Omar'] }],
			gender: 'male', birthDate: '1980-01-02',
		};
		assert.deepEqual(ids(await ask(s, other, [certain])), []);
		const r = await ask(s, other);
		assert.deepEqual(ids(r), [one]);
		assert.notDeepEqual(grades(r), ['certain']);
		assert.ok(r.body.entry[0].search.score < 1);
	});

	test('a twin, a son and a stranger are not given', async () => {
		for (const change of [
			{ name: [{ family: 'Featherstone', given: ['Ruth'] }] },
			{ birthDate: '1971-08-19' },
			{ name: [{ family: 'Khan', given: ['Omar'] }], birthDate: '1980-01-02', gender: 'male' },
		])
			assert.deepEqual(ids(await ask(s, mary(change))), [], JSON.stringify(change));
	});

	test('with several people certain, onlyCertainMatches gives none and says so', async () => {
		await s.post('Patient', mary());
		const all = await ask(s, mary());
		assert.equal(ids(all).length, 2);
		assert.deepEqual(grades(all), ['certain', 'certain']);
		assert.ok(all.body.entry[0].search.score >= all.body.entry[1].search.score);
		const r = await ask(s, mary(), [certain]);
		assert.deepEqual(ids(r), []);
		assert.equal(r.body.total, 0);
		assert.equal(r.body.entry[0].resource.resourceType, 'OperationOutcome');
	});

	test('count bounds the answer', async () => {
		const r = await ask(s, mary(), [{ name: 'count', valueInteger: 1 }]);
		assert.equal(ids(r).length, 1);
	});

	test('records that are linked are one person', async () => {
		const person = (more) => ({
			resourceType: 'Patient', identifier: number('9990000026'), name: [{ family: 'Ashgrove', given: ['Tom'] }],
			gender: 'male', birthDate: '1990-10-11', ...more,
		});
		await s.post('Patient', person());
		await s.post('Patient', person({ telecom: [{ system: 'phone', value: '01632 960555' }] }));
		const r = await ask(s, person(), [certain]);
		assert.equal(ids(r).length, 2);
		assert.deepEqual(grades(r), ['certain', 'certain']);
	});

	test('a Patient alone is a question too', async () => {
		const r = await s.post('Patient/$match', mary({ identifier: number('9990000018') }));
		assert.equal(r.status, 200, r.text);
		assert.ok(ids(r).includes(one));
	});

	test('what is asked wrongly is refused with what is wrong', async () => {
		const bad = [
			{ resourceType: 'Parameters' },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource' }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: { resourceType: 'Group', type: 'person', actual: true } }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mary() }, { name: 'resource', resource: mary() }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mary() }, { name: 'count', valueInteger: 0 }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mary() }, { name: 'count', valueString: '1' }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mary() }, { name: 'onlyCertainMatches', valueString: 'x' }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mary() }, { name: 'fuzzy', valueBoolean: true }] },
			{ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mary({ birthDate: 'soon' }) }] },
			{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
			'{',
		];
		for (const body of bad) {
			const r = await s.post('Patient/$match', body);
			assert.equal(r.status, 400, JSON.stringify(body));
			assert.equal(r.body.resourceType, 'OperationOutcome');
		}
		const little = await ask(s, { resourceType: 'Patient', name: [{ family: 'Featherstone' }] });
		assert.equal(little.status, 422);
		assert.equal((await s.get('Patient/$match')).status, 404);
	});

	test('metadata names the operation', async () => {
		const { body } = await s.get('metadata');
		const patient = body.rest[0].resource.find((r) => r.type === 'Patient');
		assert.ok(patient.operation.some((o) => o.name === 'match'));
	});
});

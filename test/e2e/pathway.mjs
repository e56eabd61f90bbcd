// Definitions of pathways as FHIR and back, and what a new version does to instances.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, hf, hfOk } from '../support/e2e.mjs';

const shipped = readdirSync('definitions/pathways').filter((f) => f.endsWith('.json'));

// Lists of one text may be the text; an empty text, list or object says nothing.
const LISTS = new Set(['in', 'by', 'do', 'start', 'stop', 'pausedIn', 'onBreach', 'forms', 'codes', 'roles']);
function plain(v, key) {
	if (LISTS.has(key)) return [v].flat();
	if (Array.isArray(v)) return v.map((e) => plain(e));
	if (v === null || typeof v !== 'object') return v;
	return Object.fromEntries(Object.entries(v).filter(([, e]) => e !== '' && !(Array.isArray(e) && e.length === 0))
		.map(([k, e]) => [k, plain(e, k)]));
}

for (const file of shipped) {
	const id = file.replace('.json', '');
	test(`${id} comes back from FHIR member for member`, (t) => {
		const dir = folder(t), bundle = join(dir, 'b.json'), back = join(dir, file);
		hfOk(['pathway', 'export', id, '--out', bundle]);
		hfOk(['pathway', 'import', bundle, '--out', back]);
		assert.deepEqual(plain(JSON.parse(readFileSync(back))), plain(JSON.parse(readFileSync(join('definitions/pathways', file)))));
		assert.equal(hfOk(['pathway', 'diff', id, back]).out, '');
		const b = JSON.parse(readFileSync(bundle)), plan = b.entry[0].resource;
		assert.equal(plan.resourceType, 'PlanDefinition');
		assert.equal(plan.url, `https://homefirst.example/PlanDefinition/${id}`);
		// Every definition that an action names is there.
		const names = new Set(b.entry.slice(1).map((e) => `${e.resource.url}|${e.resource.version}`));
		const tasks = [...JSON.stringify(plan).matchAll(/"definitionCanonical":"([^"]*ActivityDefinition[^"]*)"/g)].map((m) => m[1]);
		for (const c of tasks) assert.ok(names.has(c), c);
	});
}

test('the parts of a pathway stand where FHIR looks for them', () => {
	const plan = JSON.parse(hfOk(['pathway', 'export', 'definitions/pathways/referral.json']).out).entry[0].resource;
	const group = (code) => plan.action.find((a) => a.code[0].coding[0].code === code).action;
	const step = group('steps').find((a) => a.id === 'step-t12');
	assert.equal(step.condition[0].expression.expression, '%capacity = true');
	assert.equal(step.trigger[0].name, 'allocate');
	assert.equal(step.participant[0].role.coding[0].code, 'dispatcher');
	const clock = group('clocks').find((a) => a.id === 'clock-C1');
	assert.deepEqual(clock.relatedAction[0].offsetDuration, { value: 2, system: 'http://unitsofmeasure.org', code: 'h' });
});

test('an import that is wrong names the elements and writes nothing', (t) => {
	const dir = folder(t), b = JSON.parse(hfOk(['pathway', 'export', 'referral']).out), out = join(dir, 'out.json');
	b.entry[0].resource.action[0].action[0].condition[0].expression.expression = '%nothing = true';
	b.entry[0].resource.goal = [{ description: { text: 'x' } }];
	writeFileSync(join(dir, 'bad.json'), JSON.stringify(b));
	let r = hf(['pathway', 'import', join(dir, 'bad.json'), '--out', out]);
	assert.equal(r.status, 1);
	assert.match(r.err, /Bundle\.entry\[0\]\.resource\.goal: a pathway has no place for this/);
	delete b.entry[0].resource.goal;
	writeFileSync(join(dir, 'bad.json'), JSON.stringify(b));
	r = hf(['pathway', 'import', join(dir, 'bad.json'), '--out', out]);
	assert.equal(r.status, 1);
	assert.match(r.err, /Bundle\.entry\[0\]\.resource\.action\[0\]\.action\[0\]: "when": .*no such %variable/);
	assert.deepEqual(readdirSync(dir), ['bad.json']);
	r = hf(['pathway', 'import', join(dir, 'none.json')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /No such file/);
	r = hf(['pathway', 'export', 'referral', '--out', join(dir, 'no', 'x.json')]);
	assert.equal(r.status, 1);
	assert.match(r.err, /No such file/);
});

test('a new version that strands instances is told, and a rule settles it', (t) => {
	const dir = folder(t), newer = join(dir, 'new.json'), rules = join(dir, 'rules.json');
	const text = readFileSync('definitions/pathways/referral.json', 'utf8');
	writeFileSync(newer, text.replace('"1.0.0"', '"1.1.0"').replaceAll('"en-route"', '"on-the-way"'));
	let r = hf(['pathway', 'migrate', '--check', 'referral', newer]);
	assert.equal(r.status, 1);
	assert.match(r.err, /instances in the state "en-route" would be stranded/);
	writeFileSync(rules, JSON.stringify({ from: '1.0.0', to: '1.1.0', states: { 'en-route': 'on-the-way' } }));
	assert.match(hfOk(['pathway', 'migrate', '--check', 'referral', newer, rules]).out, /instances of 1\.0\.0 can go on by 1\.1\.0/);
	writeFileSync(rules, JSON.stringify({ from: '1.0.0', to: '1.1.0', states: { 'en-route': 'completed' } }));
	r = hf(['pathway', 'migrate', '--check', 'referral', newer, rules]);
	assert.equal(r.status, 1);
	assert.match(r.err, /would come to an end without an event/);
	assert.equal(hf(['pathway', 'migrate', 'referral', newer]).status, 2, 'it only checks, and wants to be told so');
});

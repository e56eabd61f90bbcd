// The decision against what the table says, for every combination: role group ×
// relationship × sensitivity × content × purpose × preference × agreement, and the
// activities, sessions, facts and broken glasses besides.  expected.mjs works out what
// should come; test/matrix/decide.c asks the program.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bin } from '../support/e2e.mjs';
import { bit, expected, words } from './expected.mjs';

const program = join(dirname(bin), 'test/matrix/matrix_decide');
const outcomeOf = ['ALLOW', 'MASK', 'PSEUDO', 'BTG', 'DENY'];
const all = (kind) => Object.keys(words[kind]);

const session = ['VALID', 'MFA', 'CLIENT_STRONG', 'ROLE_ACTIVE', 'ORG_ACTIVE', 'IN_SCOPE'];
const good = {
	group: all('GROUP'), purpose: ['DIRECT'], session: [null], activity: ['READ'], content: ['PROBLEM'], level: ['S1'],
	tier: ['T3'], relations: [[]], facts: [[]], org: ['own'], glass: [null], list_age: [1], audit: [true],
};
// Facts are said besides a good session; '-X' takes X away.
function factsOf(list) {
	const set = new Set(session);
	for (const f of list) if (f.startsWith('-')) set.delete(f.slice(1)); else set.add(f);
	return set;
}

const coders = {
	group: (v) => words.GROUP[v], purpose: (v) => words.PURPOSE[v], session: (v) => (v ? words.PURPOSE[v] : 0), activity: (v) => words.ACTIVITY[v],
	content: (v) => words.CONTENT[v], level: (v) => words.LEVEL[v], tier: (v) => words.TIER[v], glass: (v) => (v ? words.REASON[v] : 0),
	relations: (v) => v.reduce((n, r) => n + bit('RELATION', r), 0), facts: (v) => [...factsOf(v)].reduce((n, f) => n + bit('FACT', f), 0),
	org: (v) => ['own', 'other', 'unknown', 'place'].indexOf(v), list_age: (v) => v, audit: (v) => Number(v),
};
const order = ['group', 'purpose', 'session', 'activity', 'content', 'level', 'tier', 'relations', 'facts', 'org', 'glass', 'list_age', 'audit'];

function ask(plan) {
	const input = order.map((d) => `${d} ${plan[d].map(coders[d]).join(' ')}`).join('\n');
	const r = spawnSync(program, [], { input: `${input}\n`, maxBuffer: 1 << 30 });
	assert.equal(r.status, 0, r.stderr?.toString() ?? r.error);
	return r.stdout;
}

// Asks all combinations of a plan and compares each; gives how many there were and how
// often each outcome came.
function compare(t, part) {
	const plan = { ...good, ...part };
	const got = ask(plan), seen = {};
	const wrong = [];
	let at = 0;
	const sets = { relations: plan.relations.map((r) => new Set(r)), facts: plan.facts.map(factsOf) };
	const value = {};
	const walk = (d) => {
		if (d < order.length) {
			const name = order[d];
			for (const [i, v] of plan[name].entries()) {
				value[name] = sets[name] ? sets[name][i] : v;
				walk(d + 1);
			}
			return;
		}
		const want = expected({ ...value, sessionPurpose: value.session, listAge: value.list_age });
		const outcome = outcomeOf[got[at]], reasons = got[at + 1];
		at += 2;
		seen[outcome] = (seen[outcome] ?? 0) + 1;
		if (outcome !== want.outcome || reasons !== want.reasons.reduce((n, r) => n + bit('REASON', r), 0)) {
			if (wrong.length < 10)
				wrong.push(`${JSON.stringify(value, (k, v) => (v instanceof Set ? [...v].filter((x) => !session.includes(x)).join('+') : v))}: the program says ${outcome} (${reasons}), the table ${want.outcome} (${want.reasons})`);
			else wrong.length++;
		}
	};
	walk(0);
	assert.equal(got.length, at, 'as many answers as questions');
	assert.equal(wrong.length, 0, `${wrong.length} differ:\n${wrong.slice(0, 10).join('\n')}`);
	t.diagnostic(`figure: ${at / 2} combinations, ${Object.entries(seen).map(([k, n]) => `${n} ${k}`).join(', ')}`);
	return { n: at / 2, seen };
}

const relationships = [[], ...all('RELATION').map((r) => [r]), ['CASE', 'SELF'], ['GPREG', 'APPT'], ['PROXY', 'CASE']];
const levels = all('LEVEL'), contents = all('CONTENT'), purposes = all('PURPOSE'), tiers = all('TIER');
const preferences = [[], ['OBJECTION'], ['NDO', 'S251'], ['TYPE1', 'GP_ITEM'], ['OBJECTION', 'NDO', 'TYPE1', 'S251', 'GP_ITEM']];

test('role group × relationship × sensitivity × content × purpose × preference × agreement', { timeout: 300000 }, (t) => {
	let n = 0;
	const seen = {};
	for (const org of [['own', ['T3']], ['other', tiers]]) {
		const r = compare(t, { relations: relationships, level: levels, content: contents, purpose: purposes, facts: preferences, org: [org[0]], tier: org[1] });
		n += r.n;
		for (const [k, v] of Object.entries(r.seen)) seen[k] = (seen[k] ?? 0) + v;
	}
	assert.ok(n > 5e6);
	for (const o of outcomeOf) assert.ok(seen[o] > 1000, `${o}: ${seen[o]}`);
});

test('every activity × role group × relationship × sensitivity × content', { timeout: 120000 }, (t) => {
	compare(t, { activity: all('ACTIVITY'), relations: [[], ['CASE'], ['SELF'], ['PROXY']], level: levels, content: ['DEMOGRAPHIC', 'PLAN', 'PROBLEM', 'CLINICAL', 'LOG', 'OPERATION', 'PROGRAMME'],
		purpose: ['DIRECT', 'CASEFIND', 'OPERATE', 'AUDIT'], org: ['own', 'other', 'place'],
		facts: [[], ['THREE_TERMS'], ['OBJECTION'], ['TRAINED', 'CASE_REF'], ['PLACE_WIDE'], ['PLACE_WIDE', 'OBJECTION']] });
});

test('a session that is not good, an audit that fails and a scope that does not cover give DENY to everybody', (t) => {
	const broken = ['VALID', 'MFA', 'CLIENT_STRONG', 'ROLE_ACTIVE', 'ORG_ACTIVE', 'IN_SCOPE'].map((f) => [`-${f}`]);
	compare(t, { facts: [...broken, ['SCOPED'], ['SCOPED', '-IN_SCOPE'], []], audit: [true, false], relations: [[], ['CASE'], ['SELF']], purpose: purposes,
		content: ['DEMOGRAPHIC', 'PROBLEM', 'OPERATION', 'LOG'], activity: ['READ', 'CHANGE', 'OPERATE', 'ADMINISTER'], level: ['S0', 'S1', 'S3'] });
	const { seen } = compare(t, { audit: [false], relations: relationships, purpose: purposes });
	assert.deepEqual(Object.keys(seen), ['DENY']);
});

test('the purpose of the question is that of the session', (t) => {
	const { seen } = compare(t, { purpose: ['DIRECT'], session: purposes.filter((p) => p !== 'DIRECT'), relations: relationships });
	assert.deepEqual(Object.keys(seen), ['DENY']);
});

test('facts that open or close something, each alone and in pairs', { timeout: 120000 }, (t) => {
	const alone = ['PLACE_WIDE', 'SUPERVISED', 'TRAINED', 'CASE_REF', 'APPROVAL', 'CHALLENGE', 'THREE_TERMS', 'OWN_TEAM', 'SHARED', 'LISTED', 'WITHHELD', 'GP_ITEM',
		'PROXY_GRANT', 'CHILD_REVIEW', 'OWN_RIGHT', 'OBJECTION', 'NDO', 'TYPE1', 'S251', 'EXPLICIT_CONSENT', 'ANONYMISED', 'LEGAL_DUTY', 'PUBLIC_INTEREST', 'EXEMPT'];
	const pairs = alone.flatMap((a, i) => alone.slice(i + 1).map((b) => [a, b]));
	for (const content of ['DEMOGRAPHIC', 'CLINICAL'])
		compare(t, { facts: [[], ...alone.map((f) => [f]), ...pairs], relations: [[], ['CASE'], ['SELF'], ['PROXY']], level: levels, content: [content],
			purpose: ['DIRECT', 'RESEARCH', 'PLAN', 'SAFEGUARD', 'OWN'], org: ['own', 'other', 'place'] });
});

test('a broken glass opens what was offered for its reason, to be read, and nothing else', (t) => {
	compare(t, { glass: [null, ...all('REASON')], relations: [[], ['CASE']], level: levels, content: contents, facts: [[], ['OBJECTION']],
		activity: ['READ', 'SEARCH', 'CHANGE', 'EXPORT'], org: ['own', 'other', 'unknown'], tier: tiers, group: ['CLIN', 'SOC', 'PHARM', 'COORD', 'CARE', 'STUD', 'INT'] });
});

test('an opt-out list that is too old blocks what it covers', (t) => {
	compare(t, { list_age: [0, 21, 22, 255], purpose: purposes, facts: [[], ['S251'], ['NDO', 'S251'], ['APPROVAL'], ['APPROVAL', 'NDO']], relations: [[], ['CASE']], org: ['own', 'other'] });
});

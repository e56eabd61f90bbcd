// The pages of docs/safety name files and tests as proof: they exist, each of them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { test } from 'node:test';

const pages = readdirSync('docs/safety').filter((f) => f.endsWith('.md'));

for (const page of pages) {
	const text = readFileSync(`docs/safety/${page}`, 'utf8');
	test(`${page} names files that exist`, () => {
		const missing = [...text.matchAll(/`((?:src|test|docs|sql|gen|lint|scripts|packaging|definitions|web|etc|bench)\/[^`\s]*)`/g)].map((m) => m[1]).filter((p) => !existsSync(p.replace(/\/$/, '')));
		assert.deepEqual([...new Set(missing)], []);
	});
	test(`${page} names tests that exist`, () => {
		const missing = [];
		for (const [, path, names] of text.matchAll(/`(test\/[^`\s]+)`((?:,? "[^"\n]+")+)/g)) {
			if (!existsSync(path) || statSync(path).isDirectory()) continue;
			const source = readFileSync(path, 'utf8').replace(/\\'/g, "'");
			for (const [, name] of names.matchAll(/"([^"]+)"/g)) if (!source.includes(name)) missing.push(`${path} "${name}"`);
		}
		assert.deepEqual(missing, []);
	});
}

test('the threat model and the checklist name their proof', () => {
	for (const page of ['threat-model.md', 'asvs.md']) {
		const named = [...readFileSync(`docs/safety/${page}`, 'utf8').matchAll(/`(?:test|src)\/[^`]+`/g)];
		assert.ok(named.length > 40, `${page}: ${named.length}`);
	}
});

test('the hazards of the field are all there, each with a state', () => {
	const log = readFileSync('docs/safety/hazard-log.md', 'utf8');
	for (let i = 1; i <= 15; i++) assert.match(log, new RegExp(`^\\| HZ${i} \\|`, 'm'), `HZ${i}`);
	const rows = [...log.matchAll(/^\| (H-\d+) \|/gm)].map((m) => m[1]);
	assert.equal(new Set(rows).size, rows.length, 'a number is never used twice');
});

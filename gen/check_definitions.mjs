// check_definitions.mjs FOLDER - compares the patched definitions with the official
// package hl7.fhir.r4.core 4.0.1 (FOLDER holds its tar.gz) and lists every
// difference in elements, search parameters, compartment and expanded value sets.
// Ends with 0 when there is none, and with 77 (skipped) when FOLDER is not there.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModel, readOfficial, readPackage } from './definitions.mjs';
import { requiredBindings } from './valuesets.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? path.join(root, '../shared/data/fhir-r4-definitions');
const archive = fs.existsSync(folder) &&
	fs.readdirSync(folder).find((f) => f.endsWith('.tar.gz'));

if (!archive) {
	console.log(`skipped: no official FHIR R4 package in ${folder}`);
	process.exit(77);
}

function official() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fhir-r4-'));

	try {
		execFileSync('tar', ['xzf', path.join(folder, archive), '-C', dir]);
		return buildModel(readOfficial(path.join(dir, 'package')));
	} finally {
		fs.rmSync(dir, { recursive: true });
	}
}

// Everything that matters of a model as lines of one key and one text each.
function facts(model) {
	const out = new Map();
	const add = (key, value) => out.set(key, JSON.stringify(value));

	for (const t of model.types) {
		add(`type ${t.name}`, [t.kind, t.base, t.elements.map((e) => e.name)]);
		for (const e of t.elements)
			add(`element ${e.path} in ${t.name}`, e);
	}
	for (const p of model.params)
		add(`search parameter ${p.id}`, p);
	for (const [type, codes] of model.compartment)
		add(`compartment ${type}`, codes);
	for (const b of requiredBindings(model))
		add(`value set ${b.url}`, b.codes ?? b.open);
	return out;
}

const ours = facts(buildModel(readPackage(path.join(root, 'node_modules'))));
const theirs = facts(official());
let differences = 0;

for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
	if (ours.get(key) === theirs.get(key))
		continue;
	differences++;
	console.log(`${key}:\n  ours     ${ours.get(key)}\n  official ${theirs.get(key)}`);
}
console.log(`${ours.size} facts compared with ${archive}: ${differences} differences`);
process.exit(differences ? 1 : 0);

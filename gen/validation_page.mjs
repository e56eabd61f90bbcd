// validation_page.mjs NODE_MODULES FILE [--check] - writes docs/interfaces/validation.md:
// what is validated, and each required binding with whether its codes are checked.

import { buildModel, order, readPackage } from './definitions.mjs';
import { writeOrCheck } from './page.mjs';
import { requiredBindings } from './valuesets.mjs';

const bindings = requiredBindings(buildModel(readPackage(process.argv[2])));
const closed = bindings.filter((b) => b.codes);
const open = bindings.filter((b) => b.open);
const count = (list) => list.reduce((n, b) => n + b.bound.length, 0);
const elements = (b) => b.bound.map(({ owner, element }) => `${owner}.${element.name}`)
	.sort(order).join(', ');
const row = (...cells) => `| ${cells.join(' | ')} |`;
const capital = (s) => s[0].toUpperCase() + s.slice(1);

const page = `# What is validated

<!-- Written by gen/validation_page.mjs from the FHIR definitions; a test compares it
with them. To change it, change the script and run
node gen/validation_page.mjs node_modules docs/interfaces/validation.md -->

Every resource is validated before it is stored, however it comes in. All findings come
back at once in an OperationOutcome, each with its place as a FHIRPath location
(\`Patient.name[0].given[1]\`) and a sentence; a finding never repeats a value from the
record. At most 100 are listed and the rest counted. A resource with a finding of
severity \`error\` is not stored.

## Checked

| What | Code of the finding |
| --- | --- |
| JSON as the FHIR specification writes it: objects, arrays for what repeats, no null but in the arrays of primitives, no empty object or array (and so ele-1), no \`fhir_comments\` | \`structure\`, \`invariant\` |
| \`resourceType\` is one of the 146 resource types of FHIR R4 (4.0.1) | \`structure\` |
| Elements are those of the definition; a choice (\`value[x]\`) has one type, which is allowed | \`structure\` |
| Required elements are there | \`required\` |
| Primitives have the format of their regular expression in R4; dates exist in the calendar; integers fit; a string has at most 1,048,576 bytes | \`value\`, \`too-long\` |
| Extensions of primitives (\`_birthDate\`) stand beside them, in arrays at the same place | \`structure\` |
| An extension has a URL and either a value or extensions (ext-1) | \`required\`, \`invariant\` |
| A reference is \`Type/id\`, \`Type/id/_history/version\`, \`Type?query\` (resolved in transactions), an absolute URL or URN, or \`#id\` of a contained resource that is there; its type, where it can be seen, is one that the element allows | \`value\` |
| Contained resources have an id and contain no others (dom-2) | \`required\`, \`invariant\` |
| Codes of required bindings to value sets that the definitions hold whole (below) | \`code-invalid\` |
| The narrative is one \`<div>\` | \`value\` |

## Not checked

- Invariants other than ele-1, ext-1 and dom-2; profiles and their slices.
- The XHTML within a narrative, and the text of markdown.
- Codes of extensible, preferred and example bindings, and whether a display fits its code.
- Whether what a reference names exists, and canonical URLs.
- Whether SimpleQuantity leaves out the comparator, and other constraints on datatypes.

## Required bindings

FHIR R4 binds ${count(bindings)} elements to ${bindings.length} value sets with strength *required*. The codes of
${closed.length} value sets (${count(closed)} elements) are checked; those of ${open.length} (${count(open)} elements) are not. For a code the
value must be one of the set; for a CodeableConcept at least one coding with its system,
so text alone is refused.

### Not checked, and why

${[row('Value set', 'Why', 'Elements'), row('---', '---', '---'),
		...open.map((b) => row(b.url, capital(b.open), elements(b)))].join('\n')}

### Checked

${[row('Value set', 'Codes', 'Elements'), row('---', '---', '---'),
		...closed.map((b) => row(b.url, b.codes.length, elements(b)))].join('\n')}
`;

writeOrCheck('gen/validation_page.mjs', page);

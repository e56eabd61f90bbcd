// duplicates.mjs - some people of an invented place once more, as another organisation
// might have written them down: without an NHS number, with a slip in a name or a date.
// Whoever looks after the records then has pairs to decide on.
//
//   homefirst export --types Patient --out - … | node scripts/duplicates.mjs > again.ndjson

import { createInterface } from "node:readline";

const wanted = 6;

/** The n-th kind of slip. */
function slip(patient, n) {
	const name = patient.name[0];
	const born = patient.birthDate;
	switch (n % 3) {
		case 0: // a nickname's worth of the given name
			name.given = [name.given[0].slice(0, Math.max(3, name.given[0].length - 2))];
			break;
		case 1: // two letters changed places
			name.family = name.family.replace(/^(.)(.)(.)/, "$1$3$2");
			break;
		default: // day and month of birth changed places
			patient.birthDate = `${born.slice(0, 5)}${born.slice(8)}-${born.slice(5, 7)}`;
	}
}

let made = 0;
for await (const line of createInterface({ input: process.stdin })) {
	if (made >= wanted) continue;
	const p = JSON.parse(line);
	const day = Number(p.birthDate?.slice(8));
	if (p.deceasedDateTime || p.deceasedBoolean || !p.name?.[0]?.given || !p.address) continue;
	// Only where swapping day and month gives another date.
	if (!(day > 0 && day <= 12) || p.birthDate.slice(5, 7) === p.birthDate.slice(8)) continue;
	const again = {
		resourceType: "Patient",
		id: `again-${made + 1}`,
		name: structuredClone(p.name),
		gender: p.gender,
		birthDate: p.birthDate,
		address: p.address,
		generalPractitioner: p.generalPractitioner,
	};
	slip(again, made++);
	console.log(JSON.stringify(again));
}

// What should come out, worked out a second time and by other means than the program's:
// from the table of role groups, relationships, sensitivity, purposes, preferences and
// sharing tiers (R1 to R20), role group by role group.  It reads no rule document and
// shares no code with what it checks; only the order of the words is taken from
// src/access/words.def, because they are sent as numbers.
import { readFileSync } from 'node:fs';

const def = readFileSync(new URL('../../src/access/words.def', import.meta.url), 'utf8');

// { GROUP: { CLIN: 1, … }, … }: the number of each word.
export const words = {};
for (const [, kind, name] of def.matchAll(/^HF_([A-Z]+)\((\w+)/gm)) {
	words[kind] ??= {};
	words[kind][name] = Object.keys(words[kind]).length + 1;
}
export const bit = (kind, name) => {
	if (!words[kind]?.[name]) throw new Error(`there is no ${kind} ${name}`);
	return 2 ** words[kind][name];
};
export const outcomes = ['DENY', 'BTG', 'PSEUDO', 'MASK', 'ALLOW'];

// ---- who may do what at all (R2) ----

const carers = ['READ', 'SEARCH', 'CHANGE', 'TRACE', 'REIDENTIFY', 'FIGURES'];
export const granted = {
	CLIN: carers, PHARM: carers, SOC: carers,
	CARE: ['READ', 'CHANGE'],
	COORD: ['READ', 'SEARCH', 'CHANGE', 'TRACE', 'FIGURES'],
	ADMIN: ['READ', 'SEARCH', 'CHANGE', 'TRACE'],
	STUD: ['READ', 'SEARCH'],
	ANALYST: ['READ', 'SEARCH', 'EXPORT', 'FIGURES'],
	FIN: ['READ', 'SEARCH', 'EXPORT', 'FIGURES', 'CONTRACT', 'PRICES'],
	PRIV: ['READ', 'SEARCH', 'OVERSEE', 'FIGURES'],
	CALD: ['READ', 'SEARCH', 'OVERSEE', 'FIGURES'],
	SYS: ['OPERATE', 'ADMINISTER'],
	PAT: ['READ', 'SEARCH'],
	INT: ['READ', 'SEARCH', 'CHANGE', 'EXPORT', 'OPERATE'],
	RECORDS: ['IDENTIFY', 'TRACE'],
	LAY: ['READ', 'FIGURES'],
};

const careRelations = new Set(['GPREG', 'REFER', 'CASE', 'INPT', 'APPT', 'MDT', 'HUBCALL', 'DELEG', 'HOME', 'CONSENT']);
const notOfPersons = new Set(['OPERATION', 'PROGRAMME']);
const notOfRecords = new Set([...notOfPersons, 'ACTIVITY', 'LOG']);
const looks = new Set(['READ', 'SEARCH', 'TRACE', 'OPERATE', 'FIGURES']);
const anyReason = ['EMERGENCY', 'PATIENT_CONSENT', 'VITAL_INTEREST', 'SAFEGUARDING', 'LEGAL', 'OTHER'];

const allow = { outcome: 'ALLOW', reasons: [] }, mask = { outcome: 'MASK', reasons: [] }, deny = { outcome: 'DENY', reasons: [] };
const pseudo = { outcome: 'PSEUDO', reasons: [] };
const glass = (...reasons) => ({ outcome: 'BTG', reasons });
const maskAndGlass = { outcome: 'MASK', reasons: anyReason };

// ---- each role group's part of the table ----

// CLIN and PHARM for direct care, with a relationship (R11, R12).
function clinicianWithRelationship(q) {
	if (q.level === 'S0' || q.level === 'S1') return allow;
	if (q.level === 'S2') return q.is('OWN_TEAM') || q.is('SHARED') || q.is('LISTED') ? allow : maskAndGlass;
	return q.level === 'S3' ? allow : null; // R4 has seen to who is not listed
}

// Which content is a social worker's (R13), a navigator's (R14), a carer's (R15), a clerk's (R16).
const socialProfile = new Set(['DEMOGRAPHIC', 'CONTACT', 'APPOINTMENT', 'LETTER', 'TASK', 'PLAN', 'TODAY', 'ALERT', 'MEDICINE', 'DOSE', 'PROBLEM', 'SOCIAL']);
const navigatorsWork = new Set(['CONTACT', 'TASK', 'PLAN', 'ALERT']);
const carersDay = new Set(['TODAY', 'ALERT', 'DOSE']);
const whoAndWhom = new Set(['DEMOGRAPHIC', 'CONTACT']);
const clerksDesk = new Set(['DEMOGRAPHIC', 'CONTACT', 'APPOINTMENT', 'LETTER', 'TASK']);
const clerksPost = new Set(['APPOINTMENT', 'LETTER']);

function socialWorkerWithRelationship(q) {
	if (q.level === 'S0' || q.level === 'S1') return socialProfile.has(q.content) ? allow : maskAndGlass;
	return q.level === 'S2' ? glass(...anyReason) : null;
}

// Tracing by three terms is an activity of its own: least demographics, no record.
const traces = (q) => q.purpose === 'DIRECT' && q.activity === 'TRACE' && q.content === 'DEMOGRAPHIC' && q.level === 'S0' && q.is('THREE_TERMS');

const byGroup = {
	clinician(q) {
		if (q.purpose === 'CASEFIND')
			return q.activity === 'REIDENTIFY' && q.care && q.content === 'DEMOGRAPHIC' && ['S0', 'S1'].includes(q.level) ? allow : deny;
		if (q.purpose === 'SAFEGUARD') // R10
			return q.record && q.level !== 'S3' && ['READ', 'SEARCH'].includes(q.activity) && q.is('TRAINED') && q.is('CASE_REF') ? allow : deny;
		if (q.purpose !== 'DIRECT') return deny; // R19, R20 and the rest
		if (q.objects) return q.record && ['S0', 'S1', 'S2'].includes(q.level) ? glass('VITAL_INTEREST', 'LEGAL') : deny; // R9
		if (q.care && q.record) {
			const r = q.group === 'SOC' ? socialWorkerWithRelationship(q) : clinicianWithRelationship(q);
			if (r) return r;
		}
		if (traces(q)) return allow;
		return !q.care && q.record && ['S0', 'S1', 'S2'].includes(q.level) ? glass(...anyReason) : deny; // R18
	},
	COORD(q) {
		if (q.purpose !== 'DIRECT' || q.objects) return deny;
		if (q.care && q.record) {
			if (q.level === 'S0') return allow;
			if (q.level === 'S1') return navigatorsWork.has(q.content) ? allow : mask;
		}
		return traces(q) ? allow : deny;
	},
	CARE(q) {
		if (q.purpose !== 'DIRECT' || q.objects || !q.care) return deny;
		if (carersDay.has(q.content) && ['S0', 'S1'].includes(q.level)) return allow;
		return whoAndWhom.has(q.content) && q.level === 'S0' ? allow : deny;
	},
	ADMIN(q) {
		if (q.purpose !== 'DIRECT' || q.objects) return deny;
		if (q.care) {
			if (q.level === 'S0' && clerksDesk.has(q.content)) return allow;
			return q.level === 'S1' && clerksPost.has(q.content) ? allow : deny;
		}
		return traces(q) ? allow : deny;
	},
	STUD(q) {
		return q.purpose === 'DIRECT' && !q.objects && q.care && q.record && ['S0', 'S1'].includes(q.level) && q.is('SUPERVISED') ? allow : deny;
	},
	ANALYST(q) { // R7
		if (!['PLAN', 'CASEFIND', 'RESEARCH'].includes(q.purpose) || (q.purpose === 'RESEARCH' && !q.is('APPROVAL'))) return deny;
		return q.record && ['S0', 'S1', 'S2'].includes(q.level) ? pseudo : deny;
	},
	FIN(q) { // R8
		if (q.purpose !== 'FINANCE') return deny;
		if (q.content === 'ACTIVITY' && ['S0', 'S1'].includes(q.level)) return pseudo;
		return q.content === 'DEMOGRAPHIC' && q.level === 'S0' && q.activity === 'READ' && q.is('CHALLENGE') ? allow : deny;
	},
	overseer(q) { // R6
		if (q.purpose !== 'AUDIT') return deny;
		if (q.content === 'LOG' && ['S0', 'S1'].includes(q.level)) return allow;
		return q.record && q.level !== 'S3' && q.activity === 'READ' && q.is('CASE_REF') ? allow : deny;
	},
	SYS(q) { // R3
		return q.content === 'OPERATION' && q.level === 'S0' && ['OPERATE', 'ADMINISTER'].includes(q.activity) ? allow : deny;
	},
	LAY(q) {
		return q.content === 'PROGRAMME' && q.level === 'S0' && q.activity === 'READ' ? allow : deny;
	},
	RECORDS(q) {
		if (q.purpose !== 'DIRECT' || q.objects) return deny;
		if (q.activity === 'IDENTIFY') return q.content === 'DEMOGRAPHIC' && q.level === 'S0' ? allow : deny;
		return traces(q) ? allow : deny;
	},
	PAT(q) { // R4, R5
		if (q.level === 'S3' && (!q.has('SELF') || q.is('WITHHELD'))) return deny;
		if (q.has('SELF') && q.personal) return q.is('WITHHELD') || q.level === 'P' ? mask : allow;
		return q.has('PROXY') && q.record && ['S0', 'S1', 'S2'].includes(q.level) && q.is('PROXY_GRANT')
			&& !q.is('WITHHELD') && !q.is('CHILD_REVIEW') && !q.is('OWN_RIGHT') ? allow : deny;
	},
	INT(q) {
		// One that watches the server (R3-monitor): its figures, for that purpose, and nothing else.
		if (q.purpose === 'OPERATE') return q.content === 'OPERATION' && q.level === 'S0' && q.activity === 'OPERATE' ? allow : deny;
		if (q.purpose !== 'DIRECT' || !q.record) return deny;
		const place = q.place;
		// What comes in for a person is kept whoever may see it later.
		if (place && q.activity === 'CHANGE') return allow;
		if (q.objects) return deny;
		if (q.care && ['S0', 'S1'].includes(q.level)) return allow;
		if (place && ['S0', 'S1', 'S2'].includes(q.level)) return allow;
		if (q.care && q.level === 'S2') return q.is('OWN_TEAM') || q.is('SHARED') ? allow : mask;
		return deny;
	},
};
for (const g of ['CLIN', 'PHARM', 'SOC']) byGroup[g] = byGroup.clinician;
for (const g of ['PRIV', 'CALD']) byGroup[g] = byGroup.overseer;

// ---- what stands above every role ----

// R1: session, second factor (or a strong client), role, organisation, audit.
function sessionIsGood(q) {
	return q.is('VALID') && q.is(q.group === 'INT' ? 'CLIENT_STRONG' : 'MFA') && q.is('ROLE_ACTIVE') && q.is('ORG_ACTIVE') && q.audit;
}

// What opt-outs take away: { none of it, the whole person }.
function optedOut(q) {
	const freed = ['ANONYMISED', 'LEGAL_DUTY'].some((f) => q.is(f));
	const ndoFreed = freed || ['EXPLICIT_CONSENT', 'PUBLIC_INTEREST', 'EXEMPT'].some((f) => q.is(f));
	const ndoCovers = !ndoFreed && (q.purpose === 'RESEARCH' || (['PLAN', 'FINANCE'].includes(q.purpose) && q.is('S251')));
	if (ndoCovers && (q.is('NDO') || q.listAge === 255 || q.listAge > 21)) return true;
	const leavesPractice = q.is('GP_ITEM') && q.otherOrg && ['PLAN', 'FINANCE', 'RESEARCH'].includes(q.purpose);
	return leavesPractice && !freed && q.is('TYPE1');
}

// What the agreement between two organisations covers: the most that may come out.
const summary = new Set(['DEMOGRAPHIC', 'CONTACT', 'PLAN', 'ALERT', 'MEDICINE', 'PROBLEM']);
function ceiling(q) {
	if (q.group === 'PAT' || !q.otherOrg || q.place) return 'ALLOW';
	const secondary = ['PLAN', 'CASEFIND', 'FINANCE', 'RESEARCH'].includes(q.purpose);
	if (q.tier === 'T0') return secondary || q.purpose === 'DIRECT' ? 'DENY' : 'ALLOW';
	if (q.purpose !== 'DIRECT') return 'ALLOW';
	if (q.level === 'S3' || q.level === 'P') return 'DENY';
	if (q.level === 'S2' && q.tier !== 'T4') return 'MASK';
	if (notOfPersons.has(q.content)) return 'ALLOW';
	if (q.tier === 'T1' && q.content !== 'DEMOGRAPHIC') return 'MASK';
	if (q.tier === 'T2' && !summary.has(q.content)) return 'MASK';
	return 'ALLOW';
}

const rank = (o) => outcomes.indexOf(o);

// The answer to one question: { outcome, reasons for which the glass may be broken }.
export function expected(ask) {
	const q = {
		...ask,
		is: (f) => ask.facts.has(f),
		has: (r) => ask.relations.has(r),
		care: [...ask.relations].some((r) => careRelations.has(r)),
		personal: !notOfPersons.has(ask.content),
		record: !notOfRecords.has(ask.content),
		otherOrg: ask.org !== 'own',
		// A system of no organisation serves the whole place, when it was set up so.
		place: ask.group === 'INT' && ask.facts.has('PLACE_WIDE') && ask.org === 'place',
	};
	// R9 looks at items of other organisations, in direct care.
	q.objects = q.is('OBJECTION') && q.otherOrg && q.purpose === 'DIRECT';

	if (q.sessionPurpose && q.sessionPurpose !== q.purpose) return deny;
	if (!sessionIsGood(q)) return deny;
	if (!granted[q.group].includes(q.activity)) return deny;
	if ((q.is('SCOPED') || q.group === 'INT') && !q.is('IN_SCOPE')) return deny;
	const incoming = q.place && q.activity === 'CHANGE' && q.purpose === 'DIRECT' && q.record;
	if (q.level === 'S3' && q.group !== 'PAT' && !q.is('LISTED') && !incoming) return deny;

	let answer = byGroup[q.group](q);
	let offered = answer.reasons;
	let outcome = answer.outcome;
	if (q.glass && offered.includes(q.glass) && looks.has(q.activity)) {
		outcome = 'ALLOW';
		offered = [];
	}
	const most = optedOut(q) ? 'DENY' : ceiling(q);
	// Behind the glass there would be no more than is shown already.
	if (most !== 'ALLOW' && rank(outcome) >= rank(most)) offered = [];
	if (rank(outcome) > rank(most)) outcome = most;
	if (!looks.has(q.activity) && (outcome === 'MASK' || outcome === 'BTG')) {
		outcome = 'DENY';
		offered = [];
	}
	return { outcome, reasons: offered };
}

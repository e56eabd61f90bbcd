// place.mjs - a small place with one user of each role group and four persons, for the
// tests of who may see what: whoever reads a marker in an answer knows whose it is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hfOk, serve, write } from './e2e.mjs';
import { clientToken } from './oauth.mjs';
import { addUser, enrol } from './people.mjs';

const ods = 'https://fhir.nhs.uk/Id/ods-organization-code';
export const orgs = { practice: 'Y00001', elsewhere: 'Y00002', community: 'RX1', acute: 'RX2', mental: 'RX3', council: 'YC1', home: 'YH1', place: 'YP1' };

// login: [role, organisation, group, what its role has of the group's activities]
export const users = {
	gp: ['named-gp', 'practice', 'CLIN'],
	nurse: ['community-nurse', 'community', 'CLIN'],
	ward: ['ward-nurse', 'acute', 'CLIN'],
	mental: ['mh-practitioner', 'mental', 'CLIN'],
	pharmacist: ['pharmacist', 'practice', 'PHARM'],
	social: ['social-worker', 'council', 'SOC'],
	carer: ['care-home-worker', 'home', 'CARE'],
	coordinator: ['care-coordinator', 'community', 'COORD'],
	receptionist: ['receptionist', 'practice', 'ADMIN'],
	student: ['student', 'acute', 'STUD'],
	analyst: ['analyst', 'place', 'ANALYST'],
	finance: ['finance', 'place', 'FIN'],
	privacy: ['privacy-officer', 'place', 'PRIV'],
	caldicott: ['caldicott', 'place', 'CALD'],
	records: ['records-officer', 'acute', 'RECORDS'],
	admin: ['administrator', 'place', 'SYS', ['ADMINISTER', 'OPERATE']],
	operator: ['operator', 'place', 'SYS', ['OPERATE']],
	patient: ['patient', null, 'PAT'],
	lay: ['lay-partner', 'place', 'LAY'],
};
// own: known to every organisation here; stranger: to the practice elsewhere only; objector:
// as own, and objects to sharing.
export const persons = ['own', 'stranger', 'objector'];
export const purposeOf = { ANALYST: 'PLAN', FIN: 'FINANCE', PRIV: 'AUDIT', CALD: 'AUDIT', SYS: 'OPERATE', PAT: 'OWN', LAY: 'PLAN' };

// What each person has: name, type, content class, level, organisation it comes from.
export const items = [
	['problem', 'Condition', 'PROBLEM', 'S1', 'practice'],
	['allergy', 'AllergyIntolerance', 'ALERT', 'S1', 'practice'],
	['finding', 'Observation', 'CLINICAL', 'S1', 'acute'],
	['medicine', 'MedicationRequest', 'DOSE', 'S1', 'practice'], // active: to be given
	['sensitive', 'Condition', 'PROBLEM', 'S2', 'mental'],
	['restricted', 'Condition', 'PROBLEM', 'S3', 'acute'],
];
export const sourceOf = (p) => (p === 'stranger' ? 'elsewhere' : 'practice');
export const mark = (p, item) => `Zz${p}${item}zZ`;

const from = (org) => ({ source: `${ods}/${orgs[org]}` });
const ours = 'https://homefirst.example';
const ref = (type, id) => ({ reference: `${type}/${id}` });
const system = (code) => `http://terminology.hl7.org/CodeSystem/${code}`;

function resources() {
	const list = Object.entries(orgs).map(([name, code]) => ({
		resourceType: 'Organization', id: `org-${name}`, meta: from(name), active: true, name: `The ${name}`, identifier: [{ system: ods, value: code }],
		// The community trust runs the hub.
		...(name === 'community' && { type: [{ coding: [{ system: `${ours}/CodeSystem/provider-kind`, code: 'hub' }] }] }),
	}));
	// A team of it, which nobody has been referred to.
	list.push({
		resourceType: 'HealthcareService', id: 'team', meta: from('community'), active: true, name: 'The team', providedBy: ref('Organization', 'org-community'),
		type: [{ coding: [{ system: `${ours}/CodeSystem/service`, code: 'ucr' }] }], extension: [{ url: `${ours}/StructureDefinition/urgency`, valueCode: 'U1' }],
		availableTime: [{ daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], allDay: true }],
	});
	list.push({ resourceType: 'Practitioner', id: 'pr-ward', meta: from('acute'), name: [{ family: 'Wardley' }] });
	for (const p of persons) {
		const home = sourceOf(p), patient = ref('Patient', p);
		list.push({
			resourceType: 'Patient', id: p, meta: from(home), active: true, gender: 'female', birthDate: '1950-03-04',
			name: [{ family: mark(p, 'name'), given: ['Ada'] }], generalPractitioner: [ref('Organization', `org-${home}`)],
		});
		if (p !== 'stranger') {
			for (const org of ['community', 'mental', 'council', 'home'])
				list.push({ resourceType: 'EpisodeOfCare', id: `${p}-case-${org}`, meta: from(org), status: 'active', patient, managingOrganization: ref('Organization', `org-${org}`), period: { start: '2026-01-01' } });
			list.push({ resourceType: 'Encounter', id: `${p}-stay`, meta: from('acute'), status: 'in-progress', class: { system: system('v3-ActCode'), code: 'IMP' },
				subject: patient, serviceProvider: ref('Organization', 'org-acute'), participant: [{ individual: ref('Practitioner', 'pr-ward') }], period: { start: '2026-11-20T09:00:00Z' } });
		}
		for (const [name, type, , level, org] of items) {
			const at = p === 'stranger' && org === 'practice' ? 'elsewhere' : org, code = { text: mark(p, name) };
			const r = { resourceType: type, id: `${p}-${name}`, meta: from(at) };
			if (level === 'S2') r.meta.security = [{ system: system('v3-ActCode'), code: 'PSY' }];
			if (level === 'S3') r.meta.security = [{ system: system('v3-Confidentiality'), code: 'V' }];
			if (type === 'Condition') Object.assign(r, { subject: patient, code, clinicalStatus: { coding: [{ system: system('condition-clinical'), code: 'active' }] } });
			if (type === 'AllergyIntolerance') Object.assign(r, { patient, code, clinicalStatus: { coding: [{ system: system('allergyintolerance-clinical'), code: 'active' }] } });
			if (type === 'Observation') Object.assign(r, { subject: patient, code, status: 'final', effectiveDateTime: '2026-10-01T10:00:00Z', valueString: mark(p, name) });
			if (type === 'MedicationRequest') Object.assign(r, { subject: patient, medicationCodeableConcept: code, status: 'active', intent: 'order', authoredOn: '2026-10-01' });
			list.push(r);
		}
	}
	list.push({
		resourceType: 'Consent', id: 'objection', meta: from('practice'), status: 'active', patient: ref('Patient', 'objector'), dateTime: '2026-01-01T00:00:00Z',
		scope: { coding: [{ system: system('consentscope'), code: 'patient-privacy' }] }, category: [{ coding: [{ system: system('v3-ActCode'), code: 'INFA' }] }],
		policyRule: { text: 'Shared care record' }, provision: { type: 'deny' },
	});
	return list;
}

export class Place {
	async start(options = [], { only = Object.keys(users), extra } = {}) {
		this.dir = mkdtempSync(join(tmpdir(), 'hf-place-'));
		this.data = join(this.dir, 'store');
		const at = ['--data', this.data];
		hfOk(['init', ...at]);
		hfOk(['import', ...at, write(this.dir, 'place.ndjson', resources().map((r) => JSON.stringify(r)).join('\n'))]);
		hfOk(['agreement', 'add', ...at, '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2030-01-01', '--dsa', 'DSA-TEST', '--dpia', 'DPIA-TEST']);
		this.accounts = {};
		for (const login of only) {
			const [role, org] = users[login], more = [];
			if (login === 'patient') more.push('--practitioner', 'Patient/own');
			if (login === 'ward') more.push('--practitioner', 'Practitioner/pr-ward');
			if (login === 'student') more.push('--supervisor', 'Practitioner/pr-ward');
			this.accounts[login] = addUser(at, login, { name: `Name of ${login}`, role, org: org && orgs[org], more });
		}
		// Systems: of the acute trust, of the place as a whole, one that may read conditions only, and one that watches.
		this.clients = {};
		this.clients.monitor = JSON.parse(hfOk(['client', 'add', ...at, '--name', 'monitor', '--scope', 'operate', '--json']).out);
		for (const [name, scope, org] of [['ofAcute', 'system/*.cruds', 'acute'], ['ofPlace', 'system/*.cruds', null], ['narrow', 'system/Condition.rs', 'acute']])
			this.clients[name] = JSON.parse(hfOk(['client', 'add', ...at, '--name', name, '--scope', scope, ...(org ? ['--org', orgs[org]] : []), '--json']).out);
		this.server = await serve(this.data, options, { open: false });
		this.url = this.server.url;
		this.as = {};
		for (const login of only) this.as[login] = await enrol(this.url, this.accounts[login], { extra });
		return this;
	}

	// A bearer token of one of the systems.
	token(name) {
		return clientToken(this.url, this.clients[name]);
	}

	async stop() {
		const end = this.server ? await this.server.stop() : null;
		rmSync(this.dir, { recursive: true, force: true });
		return end;
	}
}

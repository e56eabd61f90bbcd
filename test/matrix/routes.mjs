// Every address of the server and every command: what it is for, who may use it, and how
// the test asks it.  Written by hand and compared with src/server/routes.def,
// src/cli/io/commands.def and src/server/admin.def: a route or command without a line
// here fails the build.
//
// A route's line: [need, paths].  need is what the table of roles asks for; paths gives the
// addresses to ask, from a place (test/support/place.mjs): { path, item?, person? } each.
import { items, persons } from '../support/place.mjs';

const one = (...paths) => () => paths.map((path) => ({ path }));
// One for each person, one for each item of each person.
const eachPerson = (make) => () => persons.map((person) => ({ path: make(person), person }));
const eachItem = (make) => () => persons.flatMap((person) => [
	{ path: make('Patient', person), person, item: ['self', 'Patient', 'DEMOGRAPHIC', 'S0', null] },
	...items.map((item) => ({ path: make(item[1], `${person}-${item[0]}`), person, item })),
]);
const types = ['Patient', 'Condition', 'AllergyIntolerance', 'Observation', 'MedicationRequest', 'EpisodeOfCare', 'Encounter', 'Consent'];
const eachType = (make) => () => types.map((type) => ({ path: make(type) }));

export const routes = {
	'GET /health/live': ['NOTHING', one('/health/live')],
	'GET /health/ready': ['NOTHING', one('/health/ready')],
	'GET /metrics': ['OPERATE', one('/metrics')],

	'GET /.well-known/openid-configuration': ['NOTHING', one('/.well-known/openid-configuration')],
	'GET /fhir/.well-known/smart-configuration': ['NOTHING', one('/fhir/.well-known/smart-configuration')],
	'GET /fhir/metadata': ['NOTHING', one('/fhir/metadata')],
	'GET /fhir/_history': ['CLINICAL', one('/fhir/_history?_count=200')],
	'GET /fhir': ['CLINICAL', one('/fhir?_type=Condition,Patient&_count=100', '/fhir?_type=Observation')],
	'POST /fhir/_search': ['CLINICAL', one('/fhir/_search')],
	'POST /fhir': ['CHANGE', one('/fhir')],
	'GET /fhir/Patient/{id}/$everything': ['CLINICAL', eachPerson((p) => `/fhir/Patient/${p}/$everything`)],
	'POST /fhir/Patient/$match': ['CLINICAL', one('/fhir/Patient/$match')],
	'POST /fhir/Patient/$merge': ['IDENTIFY', one('/fhir/Patient/$merge')],
	'GET /fhir/AuditEvent': ['OVERSEE', one('/fhir/AuditEvent')],
	'GET /fhir/AuditEvent/{id}': ['OVERSEE', one('/fhir/AuditEvent/none')],
	'GET /fhir/{type}/_history': ['CLINICAL', eachType((t) => `/fhir/${t}/_history?_count=100`)],
	'POST /fhir/{type}/_search': ['CLINICAL', eachType((t) => `/fhir/${t}/_search`)],
	'GET /fhir/{type}/{id}/_history/{version}': ['CLINICAL', eachItem((t, id) => `/fhir/${t}/${id}/_history/1`)],
	'GET /fhir/{type}/{id}/_history': ['CLINICAL', eachItem((t, id) => `/fhir/${t}/${id}/_history`)],
	'GET /fhir/{type}/{id}': ['CLINICAL', eachItem((t, id) => `/fhir/${t}/${id}`)],
	'PUT /fhir/{type}/{id}': ['CHANGE', eachItem((t, id) => `/fhir/${t}/${id}`)],
	'DELETE /fhir/{type}/{id}': ['CHANGE', eachItem((t, id) => `/fhir/${t}/${id}`)],
	'GET /fhir/{type}': ['CLINICAL', () => [
		...types.map((t) => ({ path: `/fhir/${t}?_count=100` })),
		...persons.flatMap((p) => items.map(([, t]) => ({ path: `/fhir/${t}?patient=Patient/${p}&_count=100&_include=${t}:patient&_revinclude=Provenance:target` }))),
		...persons.map((p) => ({ path: `/fhir/Patient?_id=${p}&_revinclude=Condition:patient&_revinclude=Observation:patient&_revinclude=AllergyIntolerance:patient` })),
		{ path: '/fhir/Condition?_total=accurate&_summary=count' },
		{ path: '/fhir/Patient?family=Zz' },
		{ path: '/fhir/Observation?_sort=-date&_elements=code' },
	]],
	'POST /fhir/{type}': ['CHANGE', eachType((t) => `/fhir/${t}`)],
	'PUT /fhir/{type}': ['CHANGE', one('/fhir/Patient?identifier=urn:none|none')],
	'DELETE /fhir/{type}': ['CHANGE', one('/fhir/Patient?identifier=urn:none|none')],

	'POST /auth/token': ['NOTHING', one('/auth/token')],
	'POST /auth/introspect': ['NOTHING', one('/auth/introspect')],
	'POST /auth/revoke': ['NOTHING', one('/auth/revoke')],
	'GET /auth/authorize': ['NOTHING', one('/auth/authorize')],
	'GET /auth/consent': ['NOTHING', one('/auth/consent')],
	'GET /auth/consent/people': ['CLINICAL', one('/auth/consent/people?ask=none&q=Zz')],
	'POST /auth/consent': ['NOTHING', one('/auth/consent')],
	'POST /auth/launch': ['CLINICAL', one('/auth/launch')],
	'GET /auth/oidc/callback': ['NOTHING', one('/auth/oidc/callback')],
	'GET /auth/oidc/{id}': ['NOTHING', one('/auth/oidc/none')],
	'GET /auth/jwks': ['NOTHING', one('/auth/jwks')],
	'POST /auth/sign-in': ['NOTHING', one('/auth/sign-in')],
	'POST /auth/password': ['NOTHING', one('/auth/password')],
	'POST /auth/totp': ['NOTHING', one('/auth/totp')],
	'POST /auth/enrol': ['NOTHING', one('/auth/enrol')],
	'POST /auth/recovery': ['SIGNED', one('/auth/recovery')],
	'POST /auth/role': ['NOTHING', one('/auth/role')],
	'POST /auth/purpose': ['SIGNED', one('/auth/purpose')],
	'POST /auth/prove': ['SIGNED', one('/auth/prove')],
	'POST /auth/stay': ['SIGNED', one('/auth/stay')],
	'POST /auth/sign-out': ['NOTHING', one('/auth/sign-out')],
	'POST /auth/demonstration': ['NOTHING', one('/auth/demonstration')],

	'GET /api/session': ['NOTHING', one('/api/session')],
	'GET /api/figures': ['OPERATE', one('/api/figures')],
	'GET /api/organisations': ['SIGNED', one('/api/organisations')],
	'GET /api/trace': ['SIGNED', one('/api/trace?family=Zzstrangernamez&born=1950-03-04&given=Ada')],
	'GET /api/people': ['CLINICAL', one('/api/people?q=Zz', '/api/people?q=ada')],
	'GET /api/people/{id}': ['CLINICAL', eachPerson((p) => `/api/people/${p}`)],
	'GET /api/people/{id}/timeline': ['CLINICAL', eachPerson((p) => `/api/people/${p}/timeline`)],
	'GET /api/people/{id}/sources': ['CLINICAL', eachPerson((p) => `/api/people/${p}/sources`)],
	'GET /api/people/{id}/break-glass': ['CLINICAL', eachPerson((p) => `/api/people/${p}/break-glass`)],
	'POST /api/people/{id}/break-glass': ['CLINICAL', eachPerson((p) => `/api/people/${p}/break-glass`)],
	'DELETE /api/people/{id}/break-glass': ['CLINICAL', eachPerson((p) => `/api/people/${p}/break-glass`)],
	'GET /api/people/{id}/choices': ['CLINICAL', eachPerson((p) => `/api/people/${p}/choices`)],
	'POST /api/people/{id}/choices': ['CHANGE', eachPerson((p) => `/api/people/${p}/choices`)],
	'GET /api/resources/{type}/{id}': ['CLINICAL', eachItem((t, id) => `/api/resources/${t}/${id}`)],

	'GET /api/identity/review': ['IDENTIFY', one('/api/identity/review')],
	'GET /api/identity/review/{one}/{other}': ['IDENTIFY', one('/api/identity/review/own/stranger')],
	'POST /api/identity/review/{one}/{other}': ['IDENTIFY', one('/api/identity/review/own/stranger')],
	'GET /api/identity/persons/{id}/links': ['IDENTIFY', eachPerson((p) => `/api/identity/persons/${p}/links`)],
	'POST /api/identity/persons/{id}/links/{link}/undo': ['IDENTIFY', eachPerson((p) => `/api/identity/persons/${p}/links/1/undo`)],
	'POST /api/identity/persons/{id}/part': ['IDENTIFY', eachPerson((p) => `/api/identity/persons/${p}/part`)],

	'GET /api/people/{id}/access-report': ['OVERSEE', eachPerson((p) => `/api/people/${p}/access-report`)],
	'GET /api/me/access-report': ['SIGNED', one('/api/me/access-report', '/api/me/access-report?format=csv')],
	'GET /api/audit': ['OVERSEE', one('/api/audit', '/api/audit?person=own')],
	'GET /api/why': ['OVERSEE', one('/api/why?person=own&user=gp')],
	'GET /api/privacy/count': ['OVERSEE', one('/api/privacy/count')],
	'GET /api/privacy/queue': ['OVERSEE', one('/api/privacy/queue')],
	'GET /api/privacy/queue/{id}': ['OVERSEE', one('/api/privacy/queue/none')],
	'POST /api/privacy/queue/{id}/review': ['OVERSEE', one('/api/privacy/queue/none/review')],

	'GET /api/admin/clients': ['ADMINISTER', one('/api/admin/clients')],
	'POST /api/admin/clients': ['ADMINISTER', one('/api/admin/clients')],
	'POST /api/admin/clients/{id}/secret': ['ADMINISTER', one('/api/admin/clients/none/secret')],
	'POST /api/admin/clients/{id}/end': ['ADMINISTER', one('/api/admin/clients/none/end')],
	'GET /api/admin/users': ['ADMINISTER', one('/api/admin/users')],
	'POST /api/admin/users': ['ADMINISTER', one('/api/admin/users')],
	'GET /api/admin/users/{id}': ['ADMINISTER', one('/api/admin/users/none')],
	'POST /api/admin/users/{id}/roles': ['ADMINISTER', one('/api/admin/users/none/roles')],
	'POST /api/admin/users/{id}/roles/{role}/end': ['ADMINISTER', one('/api/admin/users/none/roles/1/end')],
	'POST /api/admin/users/{id}/end': ['ADMINISTER', one('/api/admin/users/none/end')],
	'POST /api/admin/users/{id}/again': ['ADMINISTER', one('/api/admin/users/none/again')],
	'POST /api/admin/users/{id}/reset': ['ADMINISTER', one('/api/admin/users/none/reset')],
	'POST /api/admin/users/{id}/unlock': ['ADMINISTER', one('/api/admin/users/none/unlock')],
	'GET /api/admin/roles': ['SIGNED', one('/api/admin/roles')],
	'GET /api/admin/sessions': ['ADMINISTER', one('/api/admin/sessions')],
	'POST /api/admin/sessions/{id}/end': ['ADMINISTER', one('/api/admin/sessions/999999/end')],
	'GET /api/admin/agreements': ['ADMINISTER', one('/api/admin/agreements')],
	'POST /api/admin/agreements': ['ADMINISTER', one('/api/admin/agreements')],
	'POST /api/admin/agreements/{id}/end': ['ADMINISTER', one('/api/admin/agreements/none/end')],
	'GET /api/admin/organisations': ['ADMINISTER', one('/api/admin/organisations')],
	'POST /api/admin/organisations/{code}/suspend': ['ADMINISTER', one('/api/admin/organisations/NONE/suspend')],
	'POST /api/admin/organisations/{code}/resume': ['ADMINISTER', one('/api/admin/organisations/NONE/resume')],
	'GET /api/admin/delegations': ['ADMINISTER', one('/api/admin/delegations')],
	'POST /api/admin/delegations': ['ADMINISTER', one('/api/admin/delegations')],
	'POST /api/admin/delegations/{id}/end': ['ADMINISTER', one('/api/admin/delegations/none/end')],
	'GET /api/admin/proxies': ['ADMINISTER', one('/api/admin/proxies')],
	'POST /api/admin/proxies': ['ADMINISTER', one('/api/admin/proxies')],
	'POST /api/admin/proxies/{id}/end': ['ADMINISTER', one('/api/admin/proxies/none/end')],
	'POST /api/admin/proxies/{id}/review': ['ADMINISTER', one('/api/admin/proxies/none/review')],
	'GET /api/admin/optout': ['ADMINISTER', one('/api/admin/optout')],

	'GET /': ['NOTHING', one('/')],
	'GET /people': ['NOTHING', one('/people')],
	'GET /people/{id}': ['NOTHING', eachPerson((p) => `/people/${p}`)],
	'GET /figures': ['NOTHING', one('/figures')],
	'GET /sign-in': ['NOTHING', one('/sign-in')],
	'GET /trace': ['NOTHING', one('/trace')],
	'GET /people/{id}/choices': ['NOTHING', one('/people/x/choices')],
	'GET /why': ['NOTHING', one('/why')],
	'GET /me/access': ['NOTHING', one('/me/access')],
	'GET /privacy': ['NOTHING', one('/privacy')],
	'GET /privacy/{rest*}': ['NOTHING', one('/privacy/audit')],
	'GET /admin/{rest*}': ['NOTHING', one('/admin/users')],
	'GET /identity': ['NOTHING', one('/identity')],
	'GET /identity/{rest*}': ['NOTHING', one('/identity/review')],
	'GET /organisations': ['NOTHING', one('/organisations')],
	'GET /hub/day': ['NOTHING', one('/hub/day')],
	'GET /hub/lead': ['NOTHING', one('/hub/lead')],
	'GET /sw.js': ['NOTHING', one('/sw.js')],
	'GET /assets/{file}': ['NOTHING', one('/assets/none.js')],
	'GET /{rest*}': ['NOTHING', one('/nothing-here')],
};

// What a need asks of the role.
export const activityOf = { CLINICAL: 'READ', CHANGE: 'CHANGE', ADMINISTER: 'ADMINISTER', OVERSEE: 'OVERSEE', IDENTIFY: 'IDENTIFY', OPERATE: 'OPERATE' };

// Commands work for whoever owns the store's folder and for nobody else: to them they are
// no question of role, and everybody else is refused by the folder, the lock or the key.
// Those that need no store are named with what they may be asked for instead.
export const commands = {
	init: 'makes', serve: 'store', import: 'store', export: 'store', generate: 'store', rebuild: 'store', check: 'store',
	backup: 'store', restore: 'makes', audit: 'store', access: 'store', fhirpath: 'none', pathway: 'none', version: 'none',
	user: 'store', client: 'store', identity: 'store', agreement: 'store', organisation: 'store', delegate: 'store', proxy: 'store', optout: 'store',
};
// group verb: words that are enough for it to reach the store.
export const verbs = {
	'user add': ['--login', 'x', '--name', 'X'], 'user demo': [], 'user list': [], 'user show': ['gp'], 'user role add': ['gp', '--role', 'named-gp', '--org', 'Y00001'],
	'user role end': ['gp', '1'], 'user end': ['gp'], 'user again': ['gp'], 'user reset': ['gp'], 'user unlock': ['gp'],
	'client add': ['--name', 'x', '--scope', 'system/*.rs'], 'client list': [], 'client show': ['x'], 'client secret': ['x'], 'client end': ['x'],
	'identity train': [], 'identity weights': [], 'identity match': [], 'identity review': [], 'identity policy': [],
	'agreement add': ['--from', '*', '--to', '*', '--tier', 'T0'], 'agreement list': [], 'agreement end': ['x'],
	'organisation suspend': ['X', '--reason', 'x'], 'organisation resume': ['X'], 'organisation list': [],
	'delegate add': [], 'delegate list': [], 'delegate end': ['x'],
	'proxy add': [], 'proxy list': [], 'proxy end': ['x'], 'proxy review': ['x'],
	'optout import': [], 'optout status': [],
	'disclosure note': ['--what', 'export'],
};

// A referral by HTTP, by the users of the demonstration: who may do what and who sees it
// when; what is refused and how; what the record holds after it.  Both engines.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, engines, folder, hfOk, serve, staffAllDay, storeOf } from '../support/e2e.mjs';
import { demoUser } from '../support/people.mjs';

const start = async (t, engine) => {
	const store = storeOf(engine, t);
	if (!store) return null;
	hfOk(['generate', ...at(store), '--people', '400', '--full', '20', '--seed', '3', '--date', '2026-06-01']);
	staffAllDay(at(store));
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'DSA-TEST', '--dpia', 'DPIA-TEST']);
	const server = await serve(store, ['--demonstration', ...(engine === 'PostgreSQL' ? ['--data', folder(t)] : [])], { open: false });
	t.after(() => server.stop());
	return server;
};

const signedIn = (url, login) => demoUser(url, login);

const intake = (more = {}) => ({
	person: { family: 'Zzinvented', given: 'Person', born: '1941-05-06', sex: 'female', phone: '01632 960001', address: '1 Some Street', postcode: 'WZ1 1BB' },
	channel: 'page', source: 'gp', referrer: { org: 'Y00001', name: 'A Doctor', phone: '01632 960000' }, decided: new Date().toISOString(), service: 'ucr',
	asked: 'U2', expectation: 'a visit', problem: 'fell', condition: 'fall', consentRefer: true, consentShare: true, safeguarding: 'neglect', ...more,
});

for (const engine of engines)
	describe(`the hub on ${engine}`, () => {
		test('intake, triage, dispatch, contact, outcome, hand-over: each by whose it is, and nobody else sees it', { timeout: 180000 }, async (t) => {
			const server = await start(t, engine);
			if (!server) return;
			const as = {};
			for (const login of ['handler', 'triage', 'dispatcher', 'lead', 'team', 'nurse', 'gp', 'lay', 'privacy', 'operator']) as[login] = await signedIn(server.url, login);
			const made = await as.handler.post('/api/hub/referrals', intake());
			assert.equal(made.status, 200, JSON.stringify(made.body));
			const { id } = made.body.row;
			const referral = `/api/hub/referrals/${id}`;
			const move = (who, event, facts = {}, more = {}) => as[who].post(`${referral}/moves`, { event, facts, ...more });
			const sees = async (who) => (await as[who].get(referral)).status;
			const done = async (who, event, facts, more) => {
				const r = await move(who, event, facts, more);
				assert.equal(r.status, 200, `${who} ${event}: ${JSON.stringify(r.body)}`);
				return r.body.row;
			};

			// The hub sees it; a practice, a team and those without records do not.
			for (const who of ['handler', 'triage', 'dispatcher', 'lead']) assert.equal(await sees(who), 200, who);
			for (const who of ['gp', 'team', 'nurse']) assert.equal(await sees(who), 404, who);
			for (const who of ['lay', 'privacy', 'operator']) assert.ok([403, 404].includes(await sees(who)), who);
			for (const who of ['gp', 'team']) assert.equal((await as[who].get('/api/hub/board?view=open')).body.rows.filter((r) => r.id === id).length, 0, who);

			// Roles: who takes the call does not triage.
			const handled = await move('handler', 'open-triage');
			assert.equal(handled.status, 403, JSON.stringify(handled.body));
			assert.match(handled.body.error.text, /triage clinician/);
			await done('triage', 'open-triage');
			const page = (await as.triage.get(referral)).body;
			const accept = page.moves.find((m) => m.event === 'accept');
			assert.ok(accept.allowed && accept.needs.some((n) => n.fact === 'urgency' && n.codes.length === 7), JSON.stringify(accept));
			assert.ok(page.moves.every((m) => m.allowed || /This is for/.test(m.why)));
			assert.ok(page.row.flags[0].category === 'SG');
			const row = await done('triage', 'accept', { urgency: 'U1', condition: 'fall', skills: ['nursing'] });
			assert.equal(row.urgency, 'U1');

			// Somebody was faster: the version that was seen is old.
			const late = await move('triage', 'retriage', { urgency: 'U2' }, { version: 1 });
			assert.equal(late.status, 409);
			assert.equal(late.body.error.code, 'moved');

			const ranked = (await as.dispatcher.get(`${referral}/teams`)).body.teams;
			const own = ranked.find((x) => /Urgent community response/.test(x.name));
			assert.ok(own, 'a team for urgent community response');
			await done('dispatcher', 'allocate', {}, { team: own.id, note: 'nearest' });
			// The team that is asked sees it now, and whose it is; others still do not.
			assert.equal(await sees('team'), 200);
			assert.equal(await sees('gp'), 404);
			await done('team', 'team-accept');
			await done('team', 'set-off');
			await done('team', 'start-contact', { inPerson: true });
			assert.equal((await as.team.post(`${referral}/messages`, { text: 'Key safe is empty' })).status, 200);
			assert.equal((await as.triage.get(referral)).body.row.unread, 1);
			await done('team', 'record-outcome', { outcome: 'stayed-home-ongoing-care', clinical: false, ongoing: true });
			const end = await done('team', 'hand-over', { receiverAccepts: true });
			assert.equal(end.state, 'handed-over');
			assert.equal(end.open, false);
			assert.equal(end.clocks.find((c) => c.id === 'C1').state, 'met');
			const story = (await as.triage.get(referral)).body;
			assert.deepEqual(story.story.map((e) => e.event), ['submit', 'open-triage', 'accept', 'allocate', 'team-accept', 'set-off', 'start-contact', '@message', 'record-outcome', 'hand-over']);
			assert.ok(story.story.every((e) => e.at && e.by.name));
			assert.equal(story.offers[0].status, 'accepted');
		});

		test('HZ9: what is said about safeguarding is not in the own view of the person; what else is asked for them is', { timeout: 120000 }, async (t) => {
			const server = await start(t, engine);
			if (!server) return;
			const b = await signedIn(server.url, 'handler'), own = await signedIn(server.url, 'patient');
			const who = (await own.session()).actor.who.slice('Patient/'.length);
			const kinds = ['Task', 'Flag', 'QuestionnaireResponse', 'ServiceRequest', 'Provenance', 'Communication'];
			const shown = async () => {
				const all = {};
				for (const kind of kinds) all[kind] = JSON.stringify((await own.get(`/fhir/${kind}?patient=${who}&_count=200`)).body);
				return { ...all, page: JSON.stringify((await own.get(`/api/people/${who}`)).body), line: JSON.stringify((await own.get(`/api/people/${who}/timeline`)).body) };
			};
			for (const [safeguarding, sees] of [['Zzneglect seen at home', false], [undefined, true]]) {
				const made = await b.post('/api/hub/referrals', intake({ person: { id: who }, problem: sees ? 'Zzplainproblem' : 'Zzotherproblem', safeguarding }));
				assert.equal(made.status, 200, JSON.stringify(made.body));
				const { id } = made.body.row;
				const all = await shown();
				for (const [kind, text] of Object.entries(all)) assert.doesNotMatch(text, /Zzneglect/, kind);
				assert.equal((await own.get(`/fhir/Task/${id}`)).status, sees ? 200 : 404);
			}
		});

		test('what is wrong is named, and nothing is half done', { timeout: 120000 }, async (t) => {
			const server = await start(t, engine);
			if (!server) return;
			const b = await signedIn(server.url, 'handler'), triage = await signedIn(server.url, 'triage');
			const refused = async (body, status, path) => {
				const r = await b.post('/api/hub/referrals', body);
				assert.equal(r.status, status, JSON.stringify(r.body));
				assert.match(r.body.error.path ?? '', path, JSON.stringify(r.body));
			};
			await refused(intake({ asked: 'U9' }), 400, /asked/);
			await refused(intake({ colour: 'red' }), 400, /^$/);
			await refused(intake({ person: { id: 'nobody' } }), 400, /person\.id/);
			await refused(intake({ referrer: { org: 'Y00001' } }), 422, /missing/);
			await refused(intake({ news2: { spo2: 101 } }), 400, /./);
			await refused(intake({ channel: 'message' }), 400, /channel/);
			assert.equal((await triage.get('/api/hub/board?view=open')).body.rows.length, 0);
			for (const [path, status] of [['/api/hub/board', 400], ['/api/hub/board?view=all', 400], ['/api/hub/board?view=team', 400], ['/api/hub/board?view=open&x=1', 400], ['/api/hub/referrals/none', 404], ['/api/hub/referrals/none/teams', 404]]) assert.equal((await triage.get(path)).status, status, path);
			const { id } = (await b.post('/api/hub/referrals', intake({ person: { unknown: true } }))).body.row;
			for (const [event, facts, status] of [['fly', {}, 400], ['@time', {}, 400], ['accept', { urgency: 'U1' }, 422], ['open-triage', { capacity: true }, 400], ['allocate', {}, 422]]) {
				const r = await triage.post(`/api/hub/referrals/${id}/moves`, { event, facts });
				assert.ok(r.status === status || (status === 422 && r.status === 403), `${event}: ${r.status} ${JSON.stringify(r.body)}`);
			}
			assert.equal((await triage.get(`/api/hub/referrals/${id}`)).body.row.version, 1);
			// An error names elements and codes, and nobody.
			const r = await b.post('/api/hub/referrals', intake({ asked: 'U9' }));
			assert.doesNotMatch(JSON.stringify(r.body), /Zzinvented/);
		});
	});

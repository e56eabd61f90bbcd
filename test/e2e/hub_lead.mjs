// The lead's figures over a week of referrals, counted here once more from the events in
// the record; what is behind each; and who says why a clock ran out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, engines, hfOk, newStore, serve, storeOf } from '../support/e2e.mjs';
import { Browser, demoUser } from '../support/people.mjs';

const HOUR = 3_600_000;
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
const place = ['generate', '--people', '1500', '--full', '10', '--seed', '3', '--date', today(), '--referrals'];
const sum = (list, of) => list.reduce((n, x) => n + of(x), 0);

function referrals(store) {
	return hfOk(['export', ...at(store), '--types', 'Task', '--out', '-']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l))
		.filter((r) => r.code?.coding?.[0]?.code === 'instance')
		.map((r) => ({ id: r.id, state: r.businessStatus.coding[0].code, events: r.input.map((i) => ({ event: i.type.coding[0].code, ...JSON.parse(i.valueString) })) }));
}

// in the words of the rule, over events alone: for those whose urgency never changed
// after triage.
function measured(r) {
	const [submit] = r.events;
	const urgency = r.events.findLast((e) => e.facts?.urgency)?.facts.urgency ?? submit.shown?.asked;
	const contact = r.events.find((e) => e.event === 'start-contact');
	return { urgency, received: Date.parse(submit.at), contact: contact && Date.parse(contact.at), plain: !r.events.some((e) => e.event === 'retriage') };
}

for (const engine of engines) {
	test(`figures are what the events say, and each opens to as many as it says (R-2.8, R-2.11, R-2.12, R-2.16, R-2.20), on ${engine}`, async (t) => {
		const store = storeOf(engine, t);
		if (!store) return;
		hfOk([...place, '240', ...at(store)]);
		const all = referrals(store);
		const server = await serve(store);
		t.after(() => server.stop('SIGKILL'));
		const b = new Browser(server.url);
		const lead = (await b.get('/api/hub/lead')).body;
		const rows = async (query) => {
			const r = await b.get(`/api/hub/lead/rows?${new URLSearchParams(query)}`);
			assert.equal(r.status, 200, JSON.stringify(r.body));
			assert.equal(r.body.rows.length, Math.min(r.body.n, 200));
			return r.body;
		};

		// Arrivals: 24 hours of an hour each, the last one not over.
		assert.equal(lead.arrivals.length, 24);
		for (const [i, a] of lead.arrivals.entries()) {
			const from = Date.parse(a.hour);
			assert.ok(i === 0 || from - Date.parse(lead.arrivals[i - 1].hour) === HOUR);
			const here = all.filter((r) => Date.parse(r.events[0].at) >= from && Date.parse(r.events[0].at) < from + HOUR);
			assert.equal(a.n, here.length, a.hour);
			if (a.n) assert.deepEqual((await rows({ figure: 'arrived', hour: a.hour })).rows.map((r) => r.id).sort(), here.map((r) => r.id).sort());
		}
		assert.equal((await rows({ figure: 'arrived' })).n, sum(lead.arrivals, (a) => a.n));

		// Triage.
		for (const k of lead.triage) {
			const of = { urgent: String(k.urgent) };
			assert.equal((await rows({ figure: 'triaged', ...of })).n, k.n);
			assert.equal((await rows({ figure: 'triaged-late', ...of })).n, k.late);
			assert.equal((await rows({ figure: 'untriaged', ...of })).n, k.waiting);
			assert.ok(k.n === 0 ? k.medianMs === undefined : k.medianMs <= k.p90Ms && k.medianMs <= k.grossMs);
		}
		const untriaged = all.filter((r) => ['received', 'info-requested', 'in-triage'].includes(r.state));
		assert.equal(sum(lead.triage, (k) => k.waiting), untriaged.length);

		// Two hours: this month and the one before hold the week.
		for (const m of lead.months) {
			assert.ok(m.met <= m.contacts && m.contacts <= m.scope && m.contacts <= m.all);
			for (const [figure, n] of [['scope', m.scope], ['contacts', m.contacts], ['met', m.met], ['missed', m.contacts - m.met], ['all-contacts', m.all]])
				if (n) assert.equal((await rows({ figure, month: m.month })).n, n, figure);
			for (const e of m.excluded)
				assert.equal((await rows({ figure: 'excluded', month: m.month, exit: e.code })).n, e.n);
		}
		const u1 = all.map(measured).filter((r) => r.urgency === 'U1' && r.plain && r.contact);
		assert.ok(u1.length > 5, 'there are contacts to count');
		const [met] = await Promise.all([Promise.all(lead.months.map((m) => (m.met ? rows({ figure: 'met', month: m.month }) : { rows: [] })))]);
		for (const row of met.flatMap((m) => m.rows)) assert.ok(row.contact <= row.due, 'in time is before the clock is due');

		// Refusals for capacity.
		const refused = all.flatMap((r) => r.events.filter((e) => (e.event === 'team-decline' && e.given?.reason === 'capacity')
			|| (e.event === 'reject' && ['22', 'RRNA', '31'].includes(e.given?.reason))).map((e) => Date.parse(e.at)));
		assert.equal(sum(lead.unmet, (u) => u.n), refused.filter((when) => when >= Date.parse(lead.arrivals[0].hour)).length);

		// Places: open ones stand somewhere, and shapes are of the place's own data.
		const ends = ['merged', 'advised', 'rejection-acknowledged', 'redirected', 'handed-over', 'completed', 'cancelled', 'closed', 'void'];
		assert.ok(sum(lead.localities, (l) => l.open) <= all.filter((r) => !ends.includes(r.state)).length);
		for (const l of lead.localities) {
			assert.equal((await rows({ figure: 'locality', locality: l.id })).n, l.open);
			assert.ok(l.polygon[0].length >= 4 && l.polygon[0].every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90));
		}

		// OPEL of what the hub knows: the rest is said to be not known, and no level is made of it.
		assert.equal(lead.opel.demonstration, true);
		const [community] = lead.opel.pillars;
		const part = (title) => community.parts.find((p) => p.title.startsWith(title));
		const [month] = lead.months;
		if (month.contacts) assert.equal(part('Urgent referrals seen').value, Math.floor(month.met * 100 / month.contacts));
		assert.equal(part('Staff who are absent').value, undefined);
		assert.equal(lead.opel.level, 0);

		// What is asked wrongly is named.
		for (const [query, path] of [['figure=none', 'figure'], ['figure=met', 'month'], ['figure=met&month=2026-13', 'month'], ['figure=arrived&hour=12', 'hour'],
			['figure=excluded&month=2026-11&exit=x', 'exit'], ['figure=triaged&urgent=1', 'urgent'], ['figure=arrived&y=1', undefined]]) {
			const r = await b.get(`/api/hub/lead/rows?${query}`);
			assert.equal(r.status, 400, query);
			if (path) assert.equal(r.body.error.path, path, query);
		}
	});
}

test('a breach has its reason from who answers for it, once the clock ran out (R-2.18)', async (t) => {
	const store = newStore(t);
	hfOk([...place, '240', ...at(store)]);
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'DSA-1', '--dpia', 'DPIA-1']);
	const server = await serve(store, ['--demonstration'], { open: false });
	t.after(() => server.stop('SIGKILL'));
	const as = (login) => demoUser(server.url, login);
	const lead = await as('lead'), triage = await as('triage'), nurse = await as('nurse'), gp = await as('gp');

	// The figures are for who works at the hub.
	assert.equal((await lead.get('/api/hub/lead')).status, 200);
	assert.equal((await triage.get('/api/hub/lead')).status, 200);
	for (const b of [nurse, gp])
		for (const path of ['/api/hub/lead', '/api/hub/lead/rows?figure=arrived']) assert.equal((await b.get(path)).status, 403);

	const figures = async () => (await lead.get('/api/hub/lead')).body;
	const before = await figures();
	const breach = before.breaches.find((b) => !b.reason && b.row.id);
	assert.ok(breach, 'a clock ran out and nobody said why');
	assert.equal(before.breaches.findIndex((b) => b.reason) >= before.breaches.findIndex((b) => !b.reason), before.breaches.some((b) => b.reason));
	const path = `/api/hub/breaches/${breach.row.id}`;
	const give = (b, more = {}) => b.post(path, { clock: breach.clock, reason: 'capacity', note: 'Two off sick', ...more });
	assert.equal((await give(lead, { reason: 'weather' })).status, 400);
	assert.equal((await give(lead, { clock: 'C9' })).status, 400);
	assert.equal((await give(lead, { clock: 'C4' })).status, 422, 'a clock that has not run out');
	assert.equal((await give(triage)).status, 403);
	assert.ok([403, 404].includes((await give(gp)).status));
	assert.equal((await give(lead)).status, 200);

	const after = await figures();
	const same = after.breaches.find((b) => b.row.id === breach.row.id && b.clock === breach.clock);
	assert.equal(same.reason, 'capacity');
	assert.equal(same.reasonText, 'Capacity');
	assert.equal(same.note, 'Two off sick');
	const counted = (f, reason) => f.breachReasons.find((r) => r.reason === reason)?.n ?? 0;
	assert.ok(counted(after, 'capacity') > counted(before, 'capacity'));
});

test('the lead says what OPEL is made of, and the hub goes by it (R-2.20, R-2.21)', async (t) => {
	const store = newStore(t);
	hfOk([...place, '40', ...at(store)]);
	hfOk(['user', 'demo', ...at(store)]);
	hfOk(['agreement', 'add', ...at(store), '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'DSA-1', '--dpia', 'DPIA-1']);
	const start = () => serve(store, ['--demonstration'], { open: false });
	let server = await start();
	t.after(() => server.stop('SIGKILL'));
	let lead = await demoUser(server.url, 'lead');
	const triage = await demoUser(server.url, 'triage'), gp = await demoUser(server.url, 'gp');
	const path = '/api/hub/opel';
	const reserved = async () => sum((await lead.get('/api/hub/teams')).body.teams, (team) => team.capacity.reserved);

	// Before the first record it is what the hub measures now; it is for who works at the hub.
	const before = (await lead.get(path)).body;
	assert.equal(before.recorded, undefined);
	assert.equal(before.mayChange, true);
	assert.ok(before.next > before.at);
	assert.deepEqual(before.history, []);
	assert.equal((await triage.get(path)).body.mayChange, false);
	assert.equal((await gp.get(path)).status, 403);

	for (const b of [triage, gp]) assert.equal((await b.post(path, { inputs: { 'acute/beds': 99 } })).status, 403);
	for (const [body, where] of [[{}, 'inputs'], [{ inputs: { 'acute/bed': 1 } }, 'inputs'], [{ inputs: { 'acute/beds': 'x' } }, 'inputs'],
		[{ override: { level: 7, reason: 'x' } }, 'override.level'], [{ override: { level: 3, reason: '' } }, 'override.reason']]) {
		const wrong = await lead.post(path, body);
		assert.equal(wrong.status, 400);
		assert.equal(wrong.body.error.path, where);
	}

	// Nobody writes such a record past the hub.
	const forged = { resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'https://homefirst.example/CodeSystem/opel', code: 'level' }] },
		focus: [{ reference: 'Organization/hub' }], effectiveDateTime: new Date().toISOString(), valueInteger: 4 };
	for (const b of [lead, gp]) assert.equal((await b.post('/fhir/Observation', forged)).status, 403);

	const kept = await reserved();
	assert.equal((await lead.post(path, { inputs: { 'acute/beds': 99.5, 'acute/four-hours': 55 } })).status, 200);
	const set = await lead.post(path, { override: { level: 3, reason: 'Norovirus on two wards' } });
	assert.equal(set.status, 200, JSON.stringify(set.body));
	assert.equal(set.body.level, 3);
	const beds = set.body.pillars.flatMap((p) => p.parts).find((part) => part.id === 'acute/beds');
	assert.deepEqual([beds.value, beds.score, beds.given], [99.5, 4, true]);
	assert.ok(beds.by);
	const raised = await reserved();
	assert.ok(raised > kept || kept === 0, `${raised} slots are kept, ${kept} before`);

	// It is in the record, and stays over a restart.
	await server.stop();
	const inRecord = hfOk(['export', ...at(store), '--types', 'Observation', '--out', '-']).out.split('\n').filter(Boolean).map((l) => JSON.parse(l))
		.filter((o) => o.code.coding?.[0]?.system === 'https://homefirst.example/CodeSystem/opel');
	assert.equal(inRecord.length, 2);
	assert.ok(inRecord.some((o) => o.valueInteger === 3 && o.note[0].text === 'Norovirus on two wards'));
	server = await start();
	lead = await demoUser(server.url, 'lead');
	const after = (await lead.get(path)).body;
	assert.equal(after.level, 3);
	assert.equal(after.override.reason, 'Norovirus on two wards');
	assert.equal(after.history.length, 2);
	assert.equal((await lead.get('/api/hub/lead')).body.opel.level, 3);
	assert.equal((await lead.post(path, { override: null })).body.override, undefined);
	assert.equal(await reserved(), kept);
});

test('the figures follow what moves, and what ends', async (t) => {
	const store = newStore(t);
	hfOk([...place, '40', ...at(store)]);
	const server = await serve(store);
	t.after(() => server.stop('SIGKILL'));
	const b = new Browser(server.url);
	const waits = async (urgency) => (await b.get('/api/hub/lead')).body.waits.find((w) => w.urgency === urgency)?.n ?? 0;
	const months = async () => (await b.get('/api/hub/lead')).body.months[0];
	const [one] = (await b.get('/api/hub/board?view=triage')).body.rows.filter((r) => r.state === 'received');
	const was = await waits(one.asked), month = await months();
	const { status } = await b.post(`/api/hub/referrals/${one.id}/moves`, { event: 'cancel', facts: { reason: 'died' } });
	assert.equal(status, 200);
	assert.equal(await waits(one.asked), was - 1);
	const later = await months();
	assert.equal(later.contacts, month.contacts);
	if (one.asked === 'U1')
		assert.equal(later.excluded.find((e) => e.code === 'died').n, (month.excluded.find((e) => e.code === 'died')?.n ?? 0) + 1);
});

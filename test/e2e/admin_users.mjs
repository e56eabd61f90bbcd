// Administering users over HTTP: joiners, movers, leavers; who may, and what it takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder, hf, hfOk, newStore, serve } from '../support/e2e.mjs';
import { Browser, addUser, enrol, password, signIn } from '../support/people.mjs';

async function place(t, options = []) {
	const servers = [];
	t.after(() => Promise.all(servers.map((s) => s.stop('SIGKILL'))));
	const store = newStore(t), where = ['--data', store];
	const server = await serve(store, options, { open: false });
	servers.push(server);
	const admin = await enrol(server.url, addUser(where, 'root', { role: 'administrator', org: 'Y00001' }));
	return { store, where, server, admin };
}

test('a joiner is added, moves, leaves and comes back', async (t) => {
	const { server, admin } = await place(t);
	const { roles } = (await admin.get('/api/admin/roles')).body;
	assert.ok(roles.find((r) => r.code === 'named-gp').needsOrg);
	const made = await admin.post('/api/admin/users', { login: 'Zoe', name: 'Zoe Example', role: 'named-gp', org: 'Y00002', until: '2030-01-01' });
	assert.equal(made.status, 200, JSON.stringify(made.body));
	const { id, password: once } = made.body;
	assert.match(once, /^([a-z0-9]{4}-){3}[a-z0-9]{4}$/);
	const zoe = await enrol(server.url, { login: 'zoe', once });
	assert.equal((await zoe.session()).actor.orgCode, 'Y00002');
	// Found by part of the name; the list tells no secret.
	const found = await admin.get('/api/admin/users?q=exam&state=active');
	assert.deepEqual(found.body.items.map((u) => u.id), [id]);
	assert.equal(found.body.items[0].factor, true);
	for (const s of [once, password, zoe.secret]) assert.ok(!JSON.stringify(found.body).includes(s));
	// Signed in, as the administrator sees it.
	const sessions = (await admin.get(`/api/admin/sessions?user=${id}`)).body.items;
	assert.equal(sessions.length, 1);
	assert.equal(sessions[0].current, false);
	assert.equal((await admin.post(`/api/admin/sessions/${sessions[0].id}/end`)).status, 200);
	assert.equal((await zoe.get('/api/people?q=x')).status, 401);
	assert.equal((await admin.post(`/api/admin/sessions/${sessions[0].id}/end`)).status, 404);
	// Moves: one role begins, the other ends.
	const more = await admin.post(`/api/admin/users/${id}/roles`, { role: 'receptionist', org: 'Y00003' });
	assert.equal(more.body.roles.length, 2);
	const old = more.body.roles.find((r) => r.roleCode === 'named-gp');
	assert.equal(old.until, '2030-01-01T00:00:00.000Z');
	const ended = await admin.post(`/api/admin/users/${id}/roles/${old.id}/end`);
	assert.equal(ended.body.roles.find((r) => r.id === old.id).active, false);
	const again = await signIn(server.url, { login: 'zoe' }, zoe.secret);
	assert.equal((await again.browser.session()).actor.roleCode, 'receptionist');
	// Leaves, at once.
	assert.equal((await admin.post(`/api/admin/users/${id}/end`)).body.state, 'ended');
	assert.equal((await again.browser.get('/api/organisations')).status, 401);
	assert.equal((await admin.post(`/api/admin/users/${id}/reset`)).status, 422);
	const back = await admin.post(`/api/admin/users/${id}/again`);
	assert.equal(back.status, 200);
	const b = new Browser(server.url);
	assert.equal((await b.post('/auth/sign-in', { login: 'zoe', password: back.body.password })).body.step, 'password');
});

test('what cannot be is told with the member to blame', async (t) => {
	const { admin } = await place(t);
	const bad = async (body, path, status = 400) => {
		const r = await admin.post('/api/admin/users', body);
		assert.deepEqual([r.status, r.body.error?.path], [status, path], JSON.stringify(r.body));
	};
	await bad({ login: 'a b', name: 'X' }, 'login');
	await bad({ login: 'x', name: '' }, 'name');
	await bad({ login: 'x', name: 'X', role: 'none-such', org: 'Y1' }, 'role');
	await bad({ login: 'x', name: 'X', role: 'named-gp' }, 'org');
	await bad({ login: 'x', name: 'X', role: 'named-gp', org: 'Y1', from: 'soon' }, 'from');
	await bad({ login: 'x', name: 'X', practitioner: 'nobody' }, 'practitioner');
	await bad({ login: 'root', name: 'X' }, 'login', 409);
	assert.equal((await admin.post('/api/admin/users', { login: 'x', name: 'X', admin: true })).status, 400);
	assert.equal((await admin.get('/api/admin/users/nobody')).status, 404);
	assert.equal((await admin.get('/api/admin/users?limit=0')).status, 400);
	// One's own account: somebody else has to end it.
	const me = (await admin.session()).actor.id.slice(5);
	assert.equal((await admin.post(`/api/admin/users/${me}/end`)).status, 422);
});

test('only who administers may, and only with a fresh proof', async (t) => {
	const { server, where, admin } = await place(t);
	const gp = await enrol(server.url, addUser(where, 'gp'));
	for (const path of ['/api/admin/users', '/api/admin/sessions']) assert.equal((await gp.get(path)).status, 403);
	assert.equal((await gp.post('/api/admin/users', { login: 'x', name: 'X' })).status, 403);
	assert.equal((await new Browser(server.url).get('/api/admin/users')).status, 401);
	// An administrator sees no record of care.
	assert.equal((await admin.get('/fhir/Patient')).status, 403);
	// A demonstration user may not be signed in where that is off.
	assert.equal((await new Browser(server.url).post('/auth/demonstration', { login: 'gp' })).status, 404);
});

test('demonstration users sign in by a click where that is on, and nowhere else', async (t) => {
	const { server } = await place(t, ['--demonstration']);
	const plain = await new Browser(server.url).post('/auth/demonstration', { login: 'root' });
	assert.equal(plain.status, 401);
	// A place to show: its users are made while it serves.
	const store = newStore(t), other = ['--data', store];
	hfOk(['generate', '--people', '30', '--full', '4', ...other]);
	const shown = await serve(store, ['--demonstration'], { open: false });
	t.after(() => shown.stop('SIGKILL'));
	hfOk(['user', 'demo', ...other]);
	const b = new Browser(shown.url), { signIn: how, notices } = await b.session();
	assert.equal(notices[0].code, 'demonstration');
	assert.ok(how.demonstration.length >= 10);
	const nurse = how.demonstration.find((u) => u.login === 'nurse');
	assert.ok(nurse.sees && nurse.role && nurse.org);
	assert.deepEqual((await b.post('/auth/demonstration', { login: 'nurse' })).body, { step: 'done' });
	assert.equal((await b.session()).session.proof, 'demonstration');
	assert.equal((await b.post('/auth/prove')).status, 200);
	// Without the option it is nobody's way in, and a password never was.
	await shown.stop();
	const plainly = await serve(store, [], { open: false });
	t.after(() => plainly.stop('SIGKILL'));
	const c = new Browser(plainly.url);
	assert.deepEqual((await c.session()).signIn.demonstration, []);
	assert.equal((await c.post('/auth/demonstration', { login: 'nurse' })).status, 404);
	assert.equal((await c.post('/auth/sign-in', { login: 'nurse', password: 'nurse' })).status, 401);
	await plainly.stop();
	const refuse = (...args) => hf(['serve', '--data', folder(t), '--demonstration', ...args]);
	const open = refuse('--listen', '0.0.0.0:0', '--insecure-listen', '--behind-proxy', '10.0.0.0/8', '--public-url', 'https://care.example');
	assert.equal(open.status, 1);
	assert.match(open.err, /--demonstration/);
	assert.equal(refuse('--listen', '127.0.0.1:0', '--behind-proxy', '10.0.0.0/8', '--public-url', 'https://care.example').status, 1);
});

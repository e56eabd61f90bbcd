// Boards that learn of each other's moves: what one desk does arrives on the other, over
// reconnections too, and not behind the end of a session.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hfOk, serve } from '../support/e2e.mjs';
import { Browser } from '../support/people.mjs';

let dir;
before(() => {
	dir = mkdtempSync(join(tmpdir(), 'hf-live-'));
	const made = ['--data', join(dir, 'made')];
	hfOk(['init', ...made]);
	hfOk(['generate', ...made, '--people', '400', '--full', '20', '--seed', '3']);
	hfOk(['user', 'demo', ...made]);
	hfOk(['agreement', 'add', ...made, '--from', '*', '--to', '*', '--tier', 'T3', '--until', '2099-12-31', '--dsa', 'DSA-TEST', '--dpia', 'DPIA-TEST']);
}, { timeout: 120000 });
after(() => rmSync(dir, { recursive: true, force: true }));

let places = 0;
async function place(t, options = []) {
	const data = join(dir, `place-${places++}`);
	cpSync(join(dir, 'made'), data, { recursive: true });
	const server = await serve(data, ['--demonstration', ...options], { open: false });
	t.after(() => server.stop());
	return server;
}

async function signedIn(url, login) {
	const b = new Browser(url);
	assert.equal((await b.post('/auth/demonstration', { login })).status, 200);
	await b.session();
	return b;
}

// A feed as EventSource reads it: next() gives { event, id, data }, or null at the end.
class Feed {
	static async open(b, path, last) {
		const f = new Feed();
		f.stop = new AbortController();
		const headers = { Accept: 'text/event-stream', Cookie: b.cookieHeader(), ...(last && { 'Last-Event-ID': last }) };
		f.response = await fetch(b.url + path, { headers, signal: f.stop.signal });
		f.status = f.response.status;
		if (f.status === 200) f.reader = f.response.body.pipeThrough(new TextDecoderStream()).getReader();
		f.text = '';
		return f;
	}

	async next() {
		for (;;) {
			const end = this.text.indexOf('\n\n');
			if (end < 0) {
				const { done, value } = await this.reader.read();
				if (done) return null;
				this.text += value;
				continue;
			}
			const got = {};
			for (const line of this.text.slice(0, end).split('\n')) got[line.split(': ')[0]] = line.slice(line.indexOf(': ') + 2);
			this.text = this.text.slice(end + 2);
			if (got.id) this.last = got.id;
			if (got.data) return { ...got, data: JSON.parse(got.data) };
		}
	}

	close() {
		this.stop.abort();
	}
}

async function submit(b, problem) {
	const r = await b.post('/api/hub/referrals', {
		person: { family: 'Invented', given: 'Person', born: '1941-05-06', sex: 'female', phone: '01632 960001', address: '1 Some Street', postcode: 'WZ1 1BB' },
		channel: 'phone', source: 'gp', referrer: { org: 'Y00001', name: 'A Doctor', role: 'GP', phone: '01632 960000' },
		decided: new Date().toISOString(), service: 'ucr', asked: 'U2', expectation: 'a visit', problem, condition: 'fall', consentRefer: true, consentShare: true,
	});
	assert.ok(r.status === 200 || r.status === 201, JSON.stringify(r.body));
	return r.body.row;
}

const board = '/api/hub/events?view=triage';

// The clocks of other referrals run meanwhile: looks for the row of this one.
async function rowOf(feed, id) {
	for (;;) {
		const e = await feed.next();
		assert.ok(e, 'the feed has ended');
		assert.notEqual(e.event, 'again');
		if (e.event === 'row' && e.data.id === id) return e;
	}
}

test('what one desk writes arrives on the other, and once again after a break', { timeout: 60000 }, async (t) => {
	const s = await place(t);
	const one = await signedIn(s.url, 'handler'), other = await signedIn(s.url, 'triage');
	const shown = (await other.get('/api/hub/board?view=triage')).body;
	let feed = await Feed.open(other, board);
	assert.equal(feed.response.headers.get('content-type'), 'text/event-stream');
	assert.equal(feed.response.headers.get('cache-control'), 'no-store');
	const row = await submit(one, 'fell on the stairs');
	const first = await rowOf(feed, row.id);
	assert.equal(first.data.problem, 'fell on the stairs');
	assert.ok(Number.parseInt(first.id, 10) > shown.seq);
	feed.close();
	// Somebody else keeps the board open, so nothing is forgotten meanwhile.
	const third = await Feed.open(await signedIn(s.url, 'triage'), board);
	const missed = await submit(one, 'fell in the bath');
	feed = await Feed.open(other, board, first.id);
	assert.equal((await rowOf(feed, missed.id)).data.problem, 'fell in the bath');
	await rowOf(third, missed.id);
});

test('signing out ends the board at once, and nobody else\'s', { timeout: 60000 }, async (t) => {
	const s = await place(t);
	const one = await signedIn(s.url, 'triage'), other = await signedIn(s.url, 'triage'), desk = await signedIn(s.url, 'handler');
	const mine = await Feed.open(one, board), theirs = await Feed.open(other, board);
	const cookie = one.cookieHeader();
	assert.equal((await one.post('/auth/sign-out')).status, 200);
	while (await mine.next()) continue;
	const back = await Feed.open({ url: s.url, cookieHeader: () => cookie }, board, mine.last);
	assert.equal(back.status, 401);
	const row = await submit(desk, 'fell in the garden');
	await rowOf(theirs, row.id);
});

test('an open board does not keep a session, and does not outlast it', { timeout: 60000 }, async (t) => {
	const s = await place(t, ['--idle', '3']);
	const one = await signedIn(s.url, 'triage');
	assert.equal((await one.get('/api/hub/board?view=triage')).status, 200);
	let last, status = 200;
	while (status === 200) {
		const feed = await Feed.open(one, board, last);
		status = feed.status;
		if (status === 200) while (await feed.next()) continue;
		last = feed.last;
	}
	assert.equal(status, 401);
});

test('a server that stops ends its boards', { timeout: 60000 }, async (t) => {
	const s = await place(t);
	const feeds = await Promise.all(Array.from({ length: 20 }, async () => Feed.open(await signedIn(s.url, 'triage'), board)));
	await s.stop();
	for (const f of feeds) while (await f.next().catch(() => null)) continue;
});

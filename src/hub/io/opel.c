/* io/opel.c - the level of pressure: measured, recorded, read back. */
#include "hub/io/opel.h"

#include "base/io/clock.h"
#include "hub/io/hub_int.h"
#include "record/person_text.h"

enum {
	MEASURED_MOST = 8,
	PAGE = 1000,
	LOOK_MS = 15 * 60000,
	AGAIN_MS = 30000, /* after a failure */
	LOOKED_AT = 8	  /* records at the start: the newest may be another's */
};

/* ---- the records ---- */

struct found {
	hf_rid *rids; /* of the newest, in a ring */
	size_t n, most;
};

/* The records since then.  They are of nobody, so they stand before all people's. */
static enum hf_rc
find(struct hf_hub *hub, struct hf_reader *plain, hf_time since, struct found *f,
     struct hf_err *err)
{
	uint64_t sig = hf_code_sig(HF_SV("level"));
	struct hf_arena page = {.cap = 8 << 20};
	hf_rid next = 0;
	enum hf_rc rc;

	do {
		struct hf_entry *entries = NULL;
		size_t n = 0;

		hf_arena_reset(&page);
		rc = hf_store_scan(plain, hub->observation, next, PAGE, &page, &entries,
				   &n, &next, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			if (entries[i].rid >= HF_RID_MIN(HF_SHELF_PERSON))
				next = 0;
			else if (!entries[i].deleted && (entries[i].sig & sig) == sig &&
				 entries[i].lo >= since)
				f->rids[f->n++ % f->most] = entries[i].rid;
		}
	} while (rc == HF_OK && next > 0);
	hf_arena_free(&page);
	return rc;
}

/* HF_INVALID when it is not a level of this hub. */
static enum hf_rc
read_one(struct hf_hub *hub, struct hf_reader *plain, hf_rid rid,
	 struct hf_arena *arena, struct hf_opel_state *out, struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_sv focus,
	    own = hf_arena_printf(arena, "Organization/%.*s", HF_SV_ARG(hub->org));
	enum hf_rc rc = hf_store_read_rid(plain, rid, 0, arena, &v, err);

	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, arena, &doc, err);
	if (rc)
		return rc;
	focus = hf_dig_text(&doc, 0, "focus.reference", arena);
	if (!hf_sv_eq(focus, own))
		return hf_fail(err, HF_INVALID, "Observation.focus",
			       "it is about another hub");
	return hf_opel_read(hub->opel_def, &doc, arena, out, err);
}

/* The newest most of them, newest first. */
static enum hf_rc
newest(struct hf_hub *hub, hf_time since, size_t most, struct hf_arena *arena,
       struct hf_opel_state **out, size_t *n, struct hf_err *err)
{
	struct found f = {.rids = hf_arena_array(arena, most, sizeof *f.rids),
			  .most = most};
	struct hf_reader *plain = NULL;
	enum hf_rc rc = hf_reader_get(hub->store, &plain, err);
	size_t count;

	if (rc)
		return rc;
	if (!f.rids)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "there are too many records");
	if (rc == HF_OK)
		rc = find(hub, plain, since, &f, err);
	count = f.n < f.most ? f.n : f.most;
	*n = 0;
	*out = hf_arena_array(arena, count + 1, sizeof **out);
	if (rc == HF_OK && !*out)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "there are too many records");
	for (size_t i = 0; rc == HF_OK && i < count; i++) {
		hf_rid rid = f.rids[(f.n - 1 - i) % f.most];

		rc = read_one(hub, plain, rid, arena, &(*out)[*n], err);
		*n += rc == HF_OK;
		if (rc == HF_INVALID || rc == HF_GONE || rc == HF_NOT_FOUND)
			rc = HF_OK; /* somebody else's */
	}
	hf_reader_put(plain);
	return rc;
}

enum hf_rc
hf_hub_opel_history(struct hf_hub *hub, hf_time since, struct hf_arena *arena,
		    struct hf_opel_state **out, size_t *n, struct hf_err *err)
{
	return newest(hub, since, HF_HUB_OPEL_HISTORY, arena, out, n, err);
}

/* ---- opening ---- */

static void
take(struct hf_hub *hub, const struct hf_opel_state *s)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_opel_state kept;

	if (!hf_opel_state_copy(s, &arena, &kept)) {
		hf_arena_free(&arena);
		return;
	}
	hf_arena_free(&hub->opel_arena);
	hub->opel_arena = arena;
	hub->opel = kept;
	hub->opel_next = hf_opel_next(hub->opel_def, s->at);
	hub->opel_look = s->at + LOOK_MS;
}

enum hf_rc
hf_hub_opel_open(struct hf_hub *hub, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &hub->arena};
	struct hf_arena scratch = {.cap = 64 << 20};
	struct hf_opel_state *all = NULL;
	hf_time now = hf_now();
	size_t n = 0;
	enum hf_rc rc;

	hub->opel_def = HF_NEW(&hub->arena, struct hf_opel);
	if (!hub->opel_def || hf_n_opel_builtin == 0)
		return hf_fail(err, HF_FAULT, NULL, "there is no document for OPEL");
	rc = hf_opel_load(hf_opel_builtin[0].name, hf_opel_builtin[0].text, &hub->arena,
			  &issues, hub->opel_def, err);
	hub->opel_next = hf_opel_next(hub->opel_def, now);
	hub->opel_look = now + LOOK_MS;
	if (rc == HF_OK && hub->org.n)
		rc = newest(hub, HF_TIME_MIN, LOOKED_AT, &scratch, &all, &n, err);
	if (rc == HF_OK && n)
		take(hub, &all[0]);
	hf_arena_free(&scratch);
	return rc;
}

/* ---- looking ---- */

const struct hf_opel *
hf_hub_opel_document(const struct hf_hub *hub)
{
	return hub->opel_def;
}

hf_time
hf_hub_opel_next(struct hf_hub *hub)
{
	hf_time at;

	pthread_mutex_lock(&hub->lock);
	at = hub->opel_next;
	pthread_mutex_unlock(&hub->lock);
	return at;
}

/* Slots of urgent response that are free, in percent of those staffed; below 0: none
 * are staffed. */
static int64_t
free_slots(const struct hf_hub_teams *teams)
{
	int64_t staffed = 0, free = 0;

	for (size_t i = 0; i < teams->directory.n; i++) {
		const struct hf_team *t = &teams->directory.items[i];
		struct hf_capacity c = teams->choices[i].capacity;

		if (!t->active || !hf_sv_is(t->service, "ucr"))
			continue;
		staffed += c.staffed;
		free += c.staffed > c.committed ? c.staffed - c.committed : 0;
	}
	return staffed ? free * 100 / staffed : -1;
}

/* What the hub can say itself; the lock is not held. */
static enum hf_rc
measure(struct hf_hub *hub, hf_time now, struct hf_arena *arena,
	struct hf_opel_value values[MEASURED_MOST], size_t *n, struct hf_err *err)
{
	struct hf_hub_teams teams;
	enum hf_rc rc =
	    hf_hub_teams(hub, (struct hf_sv){NULL, 0}, NULL, now, arena, &teams, err);
	int64_t free = rc == HF_OK ? free_slots(&teams) : -1;

	*n = 0;
	if (free >= 0)
		values[(*n)++] = (struct hf_opel_value){
		    HF_SV("community"), HF_SV("ucr-free"), hf_decimal_from_int(free)};
	if (rc == HF_OK && hub->config.measure)
		*n += hub->config.measure(hub->config.ctx, hub, now, values + *n,
					  MEASURED_MOST - *n);
	return rc;
}

static enum hf_rc
copy_now(struct hf_hub *hub, struct hf_arena *arena, struct hf_opel_state *out,
	 struct hf_err *err)
{
	bool ok;

	pthread_mutex_lock(&hub->lock);
	ok = hf_opel_state_copy(&hub->opel, arena, out);
	pthread_mutex_unlock(&hub->lock);
	return ok ? HF_OK : hf_fail(err, HF_TOO_LONG, NULL, "OPEL has too many texts");
}

enum hf_rc
hf_hub_opel(struct hf_hub *hub, hf_time now, struct hf_arena *arena,
	    struct hf_opel_state *out, struct hf_err *err)
{
	struct hf_opel_value values[MEASURED_MOST];
	enum hf_rc rc = copy_now(hub, arena, out, err);
	size_t n = 0;

	if (rc || out->at)
		return rc;
	rc = measure(hub, now, arena, values, &n, err);
	hf_opel_state_settle(out, hub->opel_def, values, n, now);
	return rc;
}

/* ---- recording ---- */

static enum hf_rc
claim(struct hf_hub *hub, struct hf_err *err)
{
	bool busy;

	pthread_mutex_lock(&hub->lock);
	busy = hub->opel_busy;
	hub->opel_busy = true;
	pthread_mutex_unlock(&hub->lock);
	return busy ? hf_fail(err, HF_BUSY, NULL,
			      "somebody else is recording OPEL just now: try again")
		    : HF_OK;
}

static void
let_go(struct hf_hub *hub)
{
	pthread_mutex_lock(&hub->lock);
	hub->opel_busy = false;
	pthread_mutex_unlock(&hub->lock);
}

void
hf_hub_opel_done(struct hf_hub *hub, const struct hub_work *work, bool written)
{
	if (written)
		take(hub, work->opel);
	hub->opel_busy = false;
}

static enum hf_rc
write_one(struct hf_hub *hub, const struct hf_hub_actor *who,
	  const struct hf_opel_state *s, struct hf_arena *arena,
	  struct hf_hub_work **out, struct hf_err *err)
{
	struct hf_hub_work *work = hf_work_new(hub, who, s->at, arena, err);
	struct hf_sv own =
	    hf_arena_printf(arena, "Organization/%.*s", HF_SV_ARG(hub->org));
	struct hf_reader *plain = NULL;
	struct hub_work *w;
	struct hf_buf *b;
	enum hf_rc rc;

	if (!work)
		return HF_TOO_LONG;
	w = hf_work_of(work);
	w->opel = HF_NEW(arena, struct hf_opel_state);
	if (!w->opel)
		return hf_fail(err, HF_TOO_LONG, NULL, "OPEL needs too much memory");
	*w->opel = *s;
	b = hf_work_buf(w);
	hf_opel_write(hub->opel_def, s, own, hub->org_name, who->who, who->name, b);
	hf_work_add(w, b, hub->observation, NULL);
	rc = hf_reader_get(hub->store, &plain, err);
	if (rc == HF_OK)
		rc = hf_work_ready(work, plain, err);
	hf_reader_put(plain);
	*out = work;
	return rc;
}

/* said NULL: as it is.  Claims the record; always: also when the level is the same. */
static enum hf_rc
record(struct hf_hub *hub, const struct hf_hub_actor *who,
       const struct hf_opel_said *said, bool always, hf_time at, struct hf_arena *arena,
       struct hf_hub_work **out, struct hf_err *err)
{
	struct hf_opel_value values[MEASURED_MOST];
	struct hf_opel_state *s = HF_NEW(arena, struct hf_opel_state);
	size_t n = 0;
	int before = 0;
	enum hf_rc rc;

	*out = NULL;
	if (!s)
		return hf_fail(err, HF_TOO_LONG, NULL, "OPEL needs too much memory");
	rc = claim(hub, err);
	if (rc)
		return rc;
	rc = measure(hub, at, arena, values, &n, err);
	if (rc == HF_OK)
		rc = copy_now(hub, arena, s, err);
	if (rc == HF_OK) {
		before = s->computed;
		s->at = at > s->at ? at : s->at + 1;
		if (said)
			hf_opel_state_say(s, said, who->name, who->who, at);
		hf_opel_state_settle(s, hub->opel_def, values, n, at);
	}
	if (rc == HF_OK && (always || s->computed != before))
		rc = write_one(hub, who, s, arena, out, err);
	if (rc != HF_OK || !*out)
		let_go(hub);
	return rc;
}

enum hf_rc
hf_hub_opel_say(struct hf_hub *hub, const struct hf_hub_actor *who,
		const struct hf_opel_said *said, hf_time at, struct hf_arena *arena,
		struct hf_hub_work **out, struct hf_err *err)
{
	if (!hf_hub_is_lead(hub, who))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "the hub's clinical lead says what OPEL is made of");
	if (hub->org.n == 0)
		return hf_fail(err, HF_RULE, NULL, "the place has no hub");
	return record(hub, who, said, true, at, arena, out, err);
}

enum hf_rc
hf_hub_opel_tick(struct hf_hub *hub, hf_time now, bool *wrote, struct hf_err *err)
{
	static const struct hf_hub_actor program = {.id = {"homefirst", 9},
						    .name = {"homefirst", 9},
						    .role = {"", 0},
						    .purpose = {"DIRECT", 6}};
	struct hf_arena arena = {.cap = 256 << 20};
	struct hf_hub_work *work = NULL;
	bool fixed, look;
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&hub->lock);
	fixed = now >= hub->opel_next;
	look = now >= hub->opel_look;
	if (look)
		hub->opel_look = now + LOOK_MS;
	pthread_mutex_unlock(&hub->lock);
	if (wrote)
		*wrote = false;
	if (hub->org.n == 0 || (!fixed && !look))
		return HF_OK;
	rc = record(hub, &program, NULL, fixed, now, &arena, &work, err);
	if (rc == HF_OK && work)
		rc = hf_hub_commit(hub, NULL, work, err);
	if (rc == HF_OK && work && wrote)
		*wrote = true;
	if (rc != HF_OK && fixed) {
		pthread_mutex_lock(&hub->lock);
		hub->opel_next = now + (rc == HF_BUSY ? 0 : AGAIN_MS);
		pthread_mutex_unlock(&hub->lock);
	}
	hf_arena_free(&arena);
	return rc == HF_BUSY ? HF_OK : rc;
}

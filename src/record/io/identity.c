/* identity.c - the matcher over a whole place. */
#include "record/io/identity_int.h"

#include <math.h>
#include <pthread.h>
#include <unistd.h>

#include "record/match_model.h"

enum { A_JOB = 400, STEP = 1000, THREADS_MOST = 8, LEAST_TO_LEARN = 1000 };

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
}

static void
tell(const struct hf_identity_progress *p, const char *what, int64_t done, int64_t of)
{
	if (p && p->step)
		p->step(p->ctx, what, done, of);
}

/* ---- writing ---- */

static enum hf_rc
write_facts(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	    struct hf_err *err)
{
	const struct hf_facts_out *f = ctx;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < f->n; i++)
		rc = hf_link_write(db, &f->links[i], change, err);
	if (rc == HF_OK && f->mark >= 0) {
		char text[24];

		snprintf(text, sizeof text, "%lld", (long long)f->mark);
		rc = hf_db_exec(
		    db, HF_Q_RECORD_SETTING_SET,
		    HF_ARGS(HF_TEXT(HF_IDENTITY_MARK), HF_BLOB(hf_sv_from(text))), NULL,
		    err);
	}
	return rc;
}

enum hf_rc
hf_facts_flush(struct hf_facts_out *f, struct hf_err *err)
{
	struct hf_desk_job job = {.actor = f->by->actor,
				  .purpose = f->by->purpose,
				  .what = HF_SV("identity match"),
				  .trace = f->by->trace,
				  .write = write_facts,
				  .ctx = f};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < f->n; i++)
		job.relinks |=
		    f->links[i].op == HF_LINK_JOIN || f->links[i].op == HF_LINK_END;
	if (f->n > 0 || f->mark >= 0)
		rc = hf_store_desk(f->store, &job, err);
	if (rc == HF_OK && f->report)
		for (size_t i = 0; i < f->n; i++) {
			f->report->linked += f->links[i].op == HF_LINK_JOIN;
			f->report->put_up += f->links[i].op == HF_LINK_REVIEW;
			f->report->gone += f->links[i].op == HF_LINK_GONE;
		}
	f->n = f->size = 0;
	f->links = NULL;
	hf_arena_reset(&f->arena);
	return rc;
}

enum hf_rc
hf_facts_add(struct hf_facts_out *f, const struct hf_link *link, struct hf_err *err)
{
	struct hf_link *to;

	if (f->n == A_JOB) {
		enum hf_rc rc = hf_facts_flush(f, err);

		if (rc != HF_OK)
			return rc;
	}
	if (!f->links) {
		f->links = hf_arena_array(&f->arena, A_JOB, sizeof *f->links);
		if (!f->links)
			return no_memory(err);
	}
	to = &f->links[f->n];
	*to = *link;
	to->why = hf_arena_sv(&f->arena, link->why);
	to->fields = hf_arena_sv(&f->arena, link->fields);
	if (!to->why.p || (link->fields.n && !to->fields.p))
		return no_memory(err);
	f->n++;
	return HF_OK;
}

void
hf_facts_free(struct hf_facts_out *f)
{
	hf_arena_free(&f->arena);
}

struct hf_link
hf_identity_fact(const struct hf_match_result *r, int64_t shelf, int64_t other,
		 bool automatic, struct hf_arena *arena)
{
	bool number = r->answer == HF_MATCH_LINK && r->rule == HF_RULE_NUMBER;
	bool join = number || (r->answer == HF_MATCH_LINK && automatic);

	return (struct hf_link){
	    .op = join ? HF_LINK_JOIN : HF_LINK_REVIEW,
	    .kind = number ? HF_LINK_NUMBER : HF_LINK_MATCH,
	    .shelf = shelf,
	    .other = other,
	    .why = hf_sv_from(hf_match_rule_text(r->rule)),
	    .fields = hf_match_fields(r, arena),
	    .score = (int64_t)lround(r->bits * 1000),
	};
}

/* ---- everybody ---- */

struct place {
	struct hf_store *store;
	struct hf_reader *reader;
	const struct hf_identity_progress *progress;
	struct hf_match_set *set;
	int64_t *shelves; /* of each row of the set */
	size_t n, size;
	struct hf_arena arena;
	struct hf_err *err;
};

static enum hf_rc
take_one(struct place *p, hf_rid rid)
{
	struct hf_match_person who;
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc;

	hf_arena_reset(&p->arena);
	rc = hf_store_read_rid(p->reader, rid, 0, &p->arena, &v, p->err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, &p->arena, &doc, p->err);
	if (rc != HF_OK)
		return rc;
	if (p->n == p->size) {
		size_t size = p->size ? p->size * 2 : 4096;
		int64_t *more = realloc(p->shelves, size * sizeof *more);

		if (!more)
			return no_memory(p->err);
		p->shelves = more;
		p->size = size;
	}
	hf_match_read(&doc, 0, &p->arena, &who);
	rc = hf_match_set_add(p->set, &who, p->err);
	if (rc == HF_OK)
		p->shelves[p->n++] = HF_RID_SHELF(rid);
	return rc;
}

static enum hf_rc
take_all(struct place *p)
{
	struct hf_arena list = {.cap = 64 << 20};
	struct hf_store_stats stats;
	hf_rid after = 0, next = 1;
	enum hf_rc rc = hf_store_stats(p->reader, &stats, p->err);

	while (rc == HF_OK && next) {
		struct hf_entry *entries;
		size_t n;

		hf_arena_reset(&list);
		rc = hf_store_scan(p->reader, hf_patient_type(), after, STEP, &list,
				   &entries, &n, &next, p->err);
		for (size_t i = 0; rc == HF_OK && i < n; i++)
			if (!entries[i].deleted)
				rc = take_one(p, entries[i].rid);
		after = next;
		tell(p->progress, "reading", (int64_t)p->n, stats.people);
	}
	hf_arena_free(&list);
	return rc;
}

static enum hf_rc
open_place(struct place *p)
{
	enum hf_rc rc;

	p->arena = (struct hf_arena){.cap = 128 << 20};
	p->set = hf_match_set_new();
	if (!p->set)
		return no_memory(p->err);
	rc = hf_reader_begin(p->reader, p->err);
	if (rc != HF_OK)
		return rc;
	rc = take_all(p);
	hf_reader_end(p->reader);
	if (rc != HF_OK)
		return rc;
	hf_match_set_weigh(p->set);
	tell(p->progress, "making blocks", 0, 0);
	return hf_match_block(p->set, p->err);
}

static void
close_place(struct place *p)
{
	hf_match_set_free(p->set);
	free(p->shelves);
	hf_arena_free(&p->arena);
}

enum hf_rc
hf_identity_train(struct hf_store *store, struct hf_reader *reader, uint64_t seed,
		  const struct hf_link_by *by,
		  const struct hf_identity_progress *progress, int64_t *version,
		  struct hf_match_model *model, struct hf_identity_report *out,
		  struct hf_err *err)
{
	struct place p = {
	    .store = store, .reader = reader, .progress = progress, .err = err};
	struct hf_match_model m;
	enum hf_rc rc = open_place(&p);

	if (rc == HF_OK && p.n < LEAST_TO_LEARN)
		rc = hf_fail(err, HF_RULE, NULL,
			     "%zu records are too few to learn from (%d at least): the "
			     "weights that came with homefirst go on counting",
			     p.n, LEAST_TO_LEARN);
	tell(progress, "learning", 0, 0);
	if (rc == HF_OK)
		rc = hf_match_train(p.set, seed, &m, err);
	if (rc == HF_OK)
		rc = hf_weights_keep(store, &m, (int64_t)p.n, (int64_t)m.trained_on, by,
				     version, err);
	if (rc == HF_OK) {
		*model = m;
		*out = (struct hf_identity_report){
		    .people = (int64_t)p.n,
		    .left_out = (int64_t)hf_match_left_out(p.set),
		};
	}
	close_place(&p);
	return rc;
}

/* ---- comparing all ---- */

struct part {
	const struct hf_match_set *set;
	const struct hf_match_model *model;
	struct hf_match_pairs pairs;
	struct hf_err err;
	unsigned number, of;
	enum hf_rc rc;
	pthread_t thread;
	bool started;
};

static void *
run_part(void *arg)
{
	struct part *t = arg;

	t->rc = hf_match_run(t->set, t->model, t->number, t->of, &t->pairs, &t->err);
	return NULL;
}

static bool
take_pairs(struct hf_match_pairs *all, struct hf_match_pairs *more)
{
	size_t n = all->n + more->n;
	struct hf_match_pair *items = realloc(all->items, (n ? n : 1) * sizeof *items);

	if (!items)
		return false;
	if (more->n)
		memcpy(items + all->n, more->items, more->n * sizeof *items);
	all->items = items;
	all->n = all->size = n;
	all->compared += more->compared;
	return true;
}

static enum hf_rc
compare_all(struct place *p, const struct hf_match_model *model,
	    struct hf_match_pairs *all)
{
	struct part parts[THREADS_MOST] = {{0}};
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = cores < 1		    ? 1
		     : cores > THREADS_MOST ? THREADS_MOST
					    : (unsigned)cores;
	enum hf_rc rc = HF_OK;

	tell(p->progress, "comparing", 0, 0);
	for (unsigned i = 0; i < n; i++) {
		parts[i].set = p->set;
		parts[i].model = model;
		parts[i].number = i;
		parts[i].of = n;
		parts[i].started =
		    pthread_create(&parts[i].thread, NULL, run_part, &parts[i]) == 0;
		if (!parts[i].started)
			run_part(&parts[i]);
	}
	for (unsigned i = 0; i < n; i++) {
		if (parts[i].started)
			pthread_join(parts[i].thread, NULL);
		if (rc == HF_OK && parts[i].rc != HF_OK)
			rc = hf_fail(p->err, parts[i].rc, parts[i].err.path, "%s",
				     parts[i].err.text);
		if (rc == HF_OK && !take_pairs(all, &parts[i].pairs))
			rc = no_memory(p->err);
		hf_match_pairs_free(&parts[i].pairs);
	}
	return rc == HF_OK ? hf_match_settle(p->set, all, p->err) : rc;
}

/* ---- writing what came of it ---- */

struct two { /* shelves of a pair that somebody is to look at, the lower first */
	int64_t low, high;
};

static int
by_two(const void *pa, const void *pb)
{
	const struct two *a = pa, *b = pb;

	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return (a->high > b->high) - (a->high < b->high);
}

/* Pairs that the matcher put up before and has no doubt about now. */
static enum hf_rc
drop_gone(struct place *p, const struct two *up, size_t n, struct hf_facts_out *out)
{
	static const char *const states[] = {"open", "later"};
	struct hf_arena arena = {.cap = 64 << 20};
	enum hf_rc rc = HF_OK;

	for (size_t s = 0; s < HF_COUNT(states); s++) {
		struct hf_review last, *list;
		const struct hf_review *after = NULL;
		size_t count = STEP;

		while (rc == HF_OK && count == STEP) {
			rc = hf_review_list(p->reader, hf_sv_from(states[s]), after,
					    STEP, &arena, &list, &count, p->err);
			for (size_t i = 0; rc == HF_OK && i < count; i++) {
				struct two key = {list[i].low, list[i].high};
				struct hf_link gone = {
				    .op = HF_LINK_GONE,
				    .kind = HF_LINK_MATCH,
				    .shelf = key.low,
				    .other = key.high,
				    .why = HF_SV("the matcher has no doubt about them "
						 "any more"),
				};

				if (!hf_sv_is(list[i].kind, "match") ||
				    (n && bsearch(&key, up, n, sizeof key, by_two)))
					continue;
				rc = hf_facts_add(out, &gone, p->err);
			}
			if (rc == HF_OK && count) {
				last = list[count - 1];
				after = &last;
			}
			if (rc == HF_OK)
				hf_arena_reset(&arena);
		}
	}
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
write_pairs(struct place *p, const struct hf_match_model *model,
	    const struct hf_match_pairs *all, bool automatic, struct hf_facts_out *out)
{
	struct two *up = malloc((all->n ? all->n : 1) * sizeof *up);
	size_t n = 0;
	enum hf_rc rc = up ? HF_OK : no_memory(p->err);

	for (size_t i = 0; rc == HF_OK && i < all->n; i++) {
		const struct hf_match_pair *pair = &all->items[i];
		int64_t a = p->shelves[pair->a], b = p->shelves[pair->b];
		struct hf_match_result r;
		struct hf_link link;

		if (pair->answer == HF_MATCH_SEPARATE)
			continue;
		hf_arena_reset(&p->arena);
		hf_match_compare(p->set, model, pair->a, pair->b, &r);
		/* What all pairs say together may be less than one says alone. */
		r.answer = (enum hf_match_answer)pair->answer;
		r.rule = (enum hf_match_rule)pair->rule;
		link = hf_identity_fact(&r, a, b, automatic, &p->arena);
		out->report->sure += r.answer == HF_MATCH_LINK;
		out->report->unsure += r.answer == HF_MATCH_REVIEW;
		if (link.op == HF_LINK_REVIEW)
			up[n++] = (struct two){a < b ? a : b, a < b ? b : a};
		rc = hf_facts_add(out, &link, p->err);
		if (i % STEP == 0)
			tell(p->progress, "writing", (int64_t)i, (int64_t)all->n);
	}
	if (rc == HF_OK && n > 1)
		qsort(up, n, sizeof *up, by_two);
	if (rc == HF_OK)
		rc = drop_gone(p, up, n, out);
	if (rc == HF_OK)
		rc = hf_facts_flush(out, p->err);
	free(up);
	return rc;
}

enum hf_rc
hf_identity_run(struct hf_store *store, struct hf_reader *reader,
		const struct hf_link_by *by,
		const struct hf_identity_progress *progress,
		struct hf_identity_report *out, struct hf_err *err)
{
	struct hf_identity_report report = {0};
	struct place p = {
	    .store = store, .reader = reader, .progress = progress, .err = err};
	struct hf_facts_out facts = {
	    .store = store, .by = by, .arena = {.cap = 64 << 20}, .report = &report};
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_match_pairs all = {0};
	struct hf_match_policy policy;
	struct hf_weights weights;
	int64_t change = 0;
	enum hf_rc rc = hf_weights_read(reader, &arena, &weights, err);

	if (rc == HF_OK)
		rc = hf_match_policy_read(reader, &policy, err);
	/* Whoever changes while this runs is looked at after it. */
	if (rc == HF_OK)
		rc = hf_store_last_change(reader, &change, err);
	facts.mark = change;
	if (rc == HF_OK)
		rc = open_place(&p);
	if (rc == HF_OK)
		rc = compare_all(&p, &weights.model, &all);
	if (rc == HF_OK)
		rc = write_pairs(&p, &weights.model, &all, policy.link, &facts);
	if (rc == HF_OK) {
		report.people = (int64_t)p.n;
		report.compared = (int64_t)all.compared;
		report.left_out = (int64_t)hf_match_left_out(p.set);
		*out = report;
	}
	hf_match_pairs_free(&all);
	hf_facts_free(&facts);
	close_place(&p);
	hf_arena_free(&arena);
	return rc;
}

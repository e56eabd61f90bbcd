/* person_timeline.c - everything the record says, newest first, filtered.
 *
 * A filter by kind goes by the entries alone; one by setting, organisation or words
 * opens bodies until the page is full, at most LOOK of them, and says when it had
 * to stop. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/io/person_int.h"

enum { LIMIT = 200, LOOK = 20000, WORDS = 8, SCRATCH = 64 << 20, TYPES = 256 };

/* The kind of each type, worked out once per call. */
struct kinds {
	int8_t of[TYPES];
};

static enum hf_person_kind
kind_of(struct kinds *k, hf_type_id type)
{
	assert(type < TYPES);
	if (k->of[type] == 0)
		k->of[type] = (int8_t)(hf_person_kind_of(type) + 1);
	return (enum hf_person_kind)(k->of[type] - 1);
}

void
hf_person_kinds(const struct hf_person *p, size_t *of)
{
	struct kinds k = {0};

	memset(of, 0, HF_PERSON_KINDS * sizeof(*of));
	for (size_t i = 0; i < p->n; i++)
		of[kind_of(&k, p->entries[i].type)]++;
}

/* ---- where a page begins ---- */

static struct hf_sv
mark(const struct hf_entry *e, struct hf_arena *arena)
{
	return hf_arena_printf(arena, "%" PRId64 ".%" PRId64, e->lo, e->rid);
}

/* The first entry behind the mark. */
static enum hf_rc
begin(const struct hf_person *p, struct hf_sv before, size_t *at, struct hf_err *err)
{
	struct hf_sv rest = before;
	int64_t lo, rid;

	*at = 0;
	if (before.n == 0)
		return HF_OK;
	if (!hf_sv_int(hf_sv_cut(&rest, '.'), &lo) || !hf_sv_int(rest, &rid))
		return hf_fail(err, HF_INVALID, "before",
			       "before is not a mark that this server gave; start from "
			       "the newest entry");
	for (size_t i = 0; i < p->n; i++) {
		const struct hf_entry *e = &p->entries[i];
		bool later = e->lo == lo  ? e->rid >= rid
			     : e->lo == 0 ? false
			     : lo == 0	  ? true
					  : e->lo > lo;

		if (!later)
			break;
		*at = i + 1;
	}
	return HF_OK;
}

/* ---- the filter ---- */

struct filter {
	const struct hf_timeline_query *q;
	struct hf_sv words[WORDS]; /* folded */
	size_t n_words;
	bool bodies; /* needs them */
};

static void
filter_init(struct filter *f, const struct hf_timeline_query *q, struct hf_arena *arena)
{
	struct hf_sv rest = hf_fold(q->words, arena);

	*f = (struct filter){.q = q};
	while (rest.n && f->n_words < WORDS) {
		struct hf_sv word = hf_sv_cut(&rest, ' ');

		if (word.n)
			f->words[f->n_words++] = word;
	}
	f->bodies = q->setting >= 0 || q->org.n || f->n_words;
}

static bool
holds(struct hf_sv text, struct hf_sv word)
{
	return word.n == 0 ||
	       (text.n >= word.n && memmem(text.p, text.n, word.p, word.n));
}

static bool
fits(const struct filter *f, const struct hf_person_fact *fact, struct hf_arena *arena)
{
	struct hf_sv all;

	if (f->q->setting >= 0 && (int)fact->setting != f->q->setting)
		return false;
	if (f->q->org.n && !hf_sv_eq(fact->org_ref, f->q->org))
		return false;
	if (f->n_words == 0)
		return true;
	all = hf_fold(hf_arena_printf(arena, "%.*s %.*s %.*s %.*s %.*s %.*s",
				      HF_SV_ARG(fact->title), HF_SV_ARG(fact->value),
				      HF_SV_ARG(fact->detail), HF_SV_ARG(fact->org),
				      HF_SV_ARG(fact->by), HF_SV_ARG(fact->status)),
		      arena);
	for (size_t i = 0; i < f->n_words; i++)
		if (!holds(all, f->words[i]))
			return false;
	return true;
}

/* Opens entry i in scratch and says whether it fits. */
static enum hf_rc
try_entry(struct hf_person *p, size_t i, const struct filter *f,
	  struct hf_arena *scratch, bool *yes, struct hf_err *err)
{
	struct hf_person_fact fact;
	struct opened o;
	enum hf_rc rc = hf_person_read(p->reader, p->entries[i].rid, scratch, &o, err);

	if (rc)
		return rc;
	hf_person_fact(&p->who, &o, p->now, scratch, &fact);
	*yes = fits(f, &fact, scratch);
	return HF_OK;
}

static enum hf_rc
put_entry(struct hf_person *p, size_t i, struct hf_timeline *out, struct hf_err *err)
{
	struct hf_person_fact fact;
	struct opened o;
	enum hf_rc rc = hf_person_read(p->reader, p->entries[i].rid, p->arena, &o, err);

	if (rc)
		return rc;
	hf_person_fact(&p->who, &o, p->now, p->arena, &fact);
	if (!hf_person_add(&out->facts, &fact, p->arena))
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the page is too large; ask for fewer entries");
	return HF_OK;
}

static enum hf_rc
fill(struct hf_person *p, const struct filter *f, size_t from, struct hf_arena *scratch,
     struct hf_timeline *out, struct hf_err *err)
{
	struct kinds k = {0};

	for (size_t i = from; i < p->n; i++) {
		bool yes = true;
		enum hf_rc rc = HF_OK;

		if (f->q->kind >= 0 &&
		    (int)kind_of(&k, p->entries[i].type) != f->q->kind)
			continue;
		if (out->facts.n == f->q->limit || out->looked >= LOOK) {
			/* i > from: the page is not empty or LOOK were opened. */
			out->next = mark(&p->entries[i - 1], p->arena);
			out->stopped = out->facts.n < f->q->limit;
			return HF_OK;
		}
		if (f->bodies) {
			hf_arena_reset(scratch);
			rc = try_entry(p, i, f, scratch, &yes, err);
		}
		out->looked++;
		if (rc == HF_OK && yes)
			rc = put_entry(p, i, out, err);
		/* It was deleted since the entries were read: not there any more. */
		if (rc && rc != HF_GONE && rc != HF_NOT_FOUND)
			return rc;
	}
	return HF_OK;
}

enum hf_rc
hf_person_timeline(struct hf_person *p, const struct hf_timeline_query *query,
		   struct hf_timeline *out, struct hf_err *err)
{
	struct hf_timeline_query q = *query;
	struct hf_timeline t = {.total = -1};
	struct hf_arena scratch = {.cap = SCRATCH};
	size_t from, of[HF_PERSON_KINDS];
	struct filter f;
	enum hf_rc rc = begin(p, q.before, &from, err);

	if (rc)
		return rc;
	q.limit = q.limit == 0 ? 50 : q.limit > LIMIT ? LIMIT : q.limit;
	filter_init(&f, &q, p->arena);
	if (!f.bodies) {
		hf_person_kinds(p, of);
		t.total = (int64_t)(q.kind < 0 ? p->n : of[q.kind]);
	}
	rc = fill(p, &f, from, &scratch, &t, err);
	hf_arena_free(&scratch);
	if (rc == HF_OK)
		*out = t;
	return rc;
}

/* ---- sources ---- */

struct tally {
	struct hf_source *items;
	size_t n, size;
};

static bool
count(struct tally *t, const struct hf_person_fact *f, struct hf_arena *arena)
{
	for (size_t i = 0; i < t->n; i++)
		if (hf_sv_eq(t->items[i].ref, f->org_ref)) {
			t->items[i].n++;
			return true;
		}
	if (t->n == t->size) {
		size_t size = t->size ? t->size * 2 : 32;
		struct hf_source *more = hf_arena_array(arena, size, sizeof(*more));

		if (!more)
			return false;
		if (t->n)
			memcpy(more, t->items, t->n * sizeof(*more));
		t->items = more;
		t->size = size;
	}
	t->items[t->n++] = (struct hf_source){.ref = hf_arena_sv(arena, f->org_ref),
					      .name = hf_arena_sv(arena, f->org),
					      .setting = f->setting,
					      .n = 1};
	return true;
}

static int
most(const void *pa, const void *pb)
{
	const struct hf_source *a = pa, *b = pb;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return hf_sv_cmp(a->ref, b->ref);
}

enum hf_rc
hf_person_sources(struct hf_person *p, struct hf_source **out, size_t *n,
		  size_t by_setting[HF_SETTINGS], size_t *without, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = SCRATCH};
	struct tally t = {0};
	enum hf_rc rc = HF_OK;

	memset(by_setting, 0, HF_SETTINGS * sizeof(*by_setting));
	*without = 0;
	for (size_t i = 0; i < p->n && i < LOOK; i++) {
		struct hf_person_fact f;
		struct opened o;

		hf_arena_reset(&scratch);
		rc = hf_person_read(p->reader, p->entries[i].rid, &scratch, &o, err);
		if (rc == HF_GONE || rc == HF_NOT_FOUND)
			continue;
		if (rc)
			break;
		hf_person_fact(&p->who, &o, p->now, &scratch, &f);
		by_setting[f.setting]++;
		if (f.org_ref.n == 0)
			(*without)++;
		else if (!count(&t, &f, p->arena))
			rc = hf_fail(err, HF_TOO_LONG, NULL,
				     "the record has too many sources to list");
		if (rc)
			break;
	}
	hf_arena_free(&scratch);
	if (rc && rc != HF_GONE && rc != HF_NOT_FOUND)
		return rc;
	if (t.n)
		qsort(t.items, t.n, sizeof(*t.items), most);
	*out = t.items;
	*n = t.n;
	return HF_OK;
}

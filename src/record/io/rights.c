/* rights.c - the tables of agreements and choices read into a snapshot. */
#include "record/io/rights.h"

#include <stdlib.h>

#include "record/io/store_impl.h"

enum {
	ROWS_MAX = 1000000, /* of one list: beyond that something is wrong */
	NDO_STEP = 50000,
	READ_ONLY_MS = 1000
};

/* A list that grows in an arena. */
struct list {
	char *items;
	size_t n, size, each;
};

struct loading {
	struct hf_db *db;
	struct hf_arena arena;
	struct hf_err *err;
};

static void *
one_more(struct loading *l, struct list *list)
{
	if (list->n == list->size) {
		size_t size = list->size ? 2 * list->size : 16;
		char *more = size <= ROWS_MAX
				 ? hf_arena_array(&l->arena, size, list->each)
				 : NULL;

		if (!more)
			return NULL;
		if (list->n)
			memcpy(more, list->items, list->n * list->each);
		list->items = more;
		list->size = size;
	}
	return list->items + list->n++ * list->each;
}

static struct hf_sv
text_at(struct loading *l, const struct hf_rows *rows, int column)
{
	struct hf_sv s = hf_rows_text(rows, column);

	return s.n ? hf_arena_sv(&l->arena, s) : (struct hf_sv){NULL, 0};
}

static hf_time
earlier(hf_time a, hf_time b)
{
	return a < b ? a : b;
}

/* ---- a row of each table ---- */

static void
agreement_row(struct loading *l, const struct hf_rows *r, void *out)
{
	int64_t tier = hf_rows_int(r, HF_C_RECORD_AGREEMENT_LIST_TIER);

	*(struct hf_agreement *)out = (struct hf_agreement){
	    .id = text_at(l, r, HF_C_RECORD_AGREEMENT_LIST_ID),
	    .from = text_at(l, r, HF_C_RECORD_AGREEMENT_LIST_FROM_ORG),
	    .to = text_at(l, r, HF_C_RECORD_AGREEMENT_LIST_TO_ORG),
	    /* A tier that is not known shares nothing. */
	    .tier =
		tier >= 0 && tier <= 4 ? (enum hf_tier)(HF_TIER_T0 + tier) : HF_TIER_T0,
	    .categories = text_at(l, r, HF_C_RECORD_AGREEMENT_LIST_CATEGORIES),
	    .start = hf_rows_int(r, HF_C_RECORD_AGREEMENT_LIST_START),
	    .until = hf_rows_int(r, HF_C_RECORD_AGREEMENT_LIST_UNTIL),
	    .ended = hf_rows_int(r, HF_C_RECORD_AGREEMENT_LIST_ENDED),
	};
}

static void
suspension_row(struct loading *l, const struct hf_rows *r, void *out)
{
	*(struct hf_suspension *)out = (struct hf_suspension){
	    .org = text_at(l, r, HF_C_RECORD_SUSPENSION_LIST_ORG),
	    .start = hf_rows_int(r, HF_C_RECORD_SUSPENSION_LIST_START),
	    .until = earlier(hf_rows_int(r, HF_C_RECORD_SUSPENSION_LIST_UNTIL),
			     hf_rows_int(r, HF_C_RECORD_SUSPENSION_LIST_ENDED)),
	};
}

static void
delegation_row(struct loading *l, const struct hf_rows *r, void *out)
{
	*(struct hf_delegation *)out = (struct hf_delegation){
	    .from = text_at(l, r, HF_C_RECORD_DELEGATION_OPEN_FROM_USER),
	    .from_org = text_at(l, r, HF_C_RECORD_DELEGATION_OPEN_FROM_ORG),
	    .from_who = text_at(l, r, HF_C_RECORD_DELEGATION_OPEN_FROM_WHO),
	    .to = text_at(l, r, HF_C_RECORD_DELEGATION_OPEN_TO_USER),
	    .shelf = hf_rows_int(r, HF_C_RECORD_DELEGATION_OPEN_SHELF),
	    .start = hf_rows_int(r, HF_C_RECORD_DELEGATION_OPEN_START),
	    .until = earlier(hf_rows_int(r, HF_C_RECORD_DELEGATION_OPEN_UNTIL),
			     hf_rows_int(r, HF_C_RECORD_DELEGATION_OPEN_ROLE_UNTIL)),
	};
}

static void
glass_row(struct loading *l, const struct hf_rows *r, void *out)
{
	int reason = hf_word_find(HF_WORDS_REASON,
				  hf_rows_text(r, HF_C_RECORD_GLASS_OPEN_REASON));

	*(struct hf_broken *)out = (struct hf_broken){
	    .actor = text_at(l, r, HF_C_RECORD_GLASS_OPEN_ACTOR),
	    .shelf = hf_rows_int(r, HF_C_RECORD_GLASS_OPEN_SHELF),
	    .reason = reason > 0 ? (enum hf_reason)reason : HF_REASON_NONE,
	    .start = hf_rows_int(r, HF_C_RECORD_GLASS_OPEN_START),
	    .until = hf_rows_int(r, HF_C_RECORD_GLASS_OPEN_UNTIL),
	};
}

static uint64_t
contents_of(struct hf_sv words)
{
	uint64_t set = 0;

	while (words.n) {
		int word = hf_word_find(HF_WORDS_CONTENT, hf_sv_cut(&words, ' '));

		if (word > 0)
			set |= HF_BIT(word);
	}
	return set;
}

static void
proxy_row(struct loading *l, const struct hf_rows *r, void *out)
{
	*(struct hf_proxy *)out = (struct hf_proxy){
	    .holder = text_at(l, r, HF_C_RECORD_PROXY_LIST_HOLDER),
	    .shelf = hf_rows_int(r, HF_C_RECORD_PROXY_LIST_SHELF),
	    .contents = contents_of(hf_rows_text(r, HF_C_RECORD_PROXY_LIST_CONTENTS)),
	    .born = hf_rows_int(r, HF_C_RECORD_PROXY_LIST_BORN),
	    .reviewed = hf_rows_int(r, HF_C_RECORD_PROXY_LIST_REVIEWED),
	    .named = hf_rows_int(r, HF_C_RECORD_PROXY_LIST_NAMED) == 1,
	    .start = hf_rows_int(r, HF_C_RECORD_PROXY_LIST_START),
	    .until = earlier(hf_rows_int(r, HF_C_RECORD_PROXY_LIST_UNTIL),
			     hf_rows_int(r, HF_C_RECORD_PROXY_LIST_ENDED)),
	};
}

static void
hub_call_row(struct loading *l, const struct hf_rows *r, void *out)
{
	*(struct hf_hub_call *)out = (struct hf_hub_call){
	    .holder = text_at(l, r, HF_C_RECORD_HUB_CALL_LIST_HOLDER),
	    .shelf = hf_rows_int(r, HF_C_RECORD_HUB_CALL_LIST_SHELF),
	    .start = hf_rows_int(r, HF_C_RECORD_HUB_CALL_LIST_START),
	    .until = earlier(hf_rows_int(r, HF_C_RECORD_HUB_CALL_LIST_UNTIL),
			     hf_rows_int(r, HF_C_RECORD_HUB_CALL_LIST_ENDED)),
	};
}

static enum hf_rc
read_list(struct loading *l, enum hf_query q, const struct hf_arg *args,
	  void (*row)(struct loading *, const struct hf_rows *, void *),
	  struct list *list)
{
	struct hf_rows rows;
	enum hf_rc end, rc = hf_db_query(l->db, q, args, &rows, l->err);

	if (rc)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		void *item = one_more(l, list);

		if (item)
			row(l, &rows, item);
		else
			rc = hf_fail(l->err, HF_TOO_LONG, NULL,
				     "there are too many agreements, delegations or "
				     "proxies to hold in memory");
	}
	end = hf_rows_end(&rows, rc == HF_OK ? l->err : NULL);
	return rc == HF_OK ? end : rc;
}

/* ---- the opt-out list ---- */

static enum hf_rc
read_hashes(struct loading *l, int64_t gen, size_t n, int64_t *hashes, size_t *got)
{
	int64_t after = INT64_MIN;
	size_t step = NDO_STEP;
	enum hf_rc rc = HF_OK;

	*got = 0;
	while (rc == HF_OK && step == NDO_STEP) {
		struct hf_rows rows;

		rc = hf_db_query(l->db, HF_Q_RECORD_NDO_OF,
				 HF_ARGS(HF_INT(gen), HF_INT(after), HF_INT(NDO_STEP)),
				 &rows, l->err);
		if (rc)
			return rc;
		for (step = 0; hf_rows_next(&rows); step++) {
			after = hf_rows_int(&rows, HF_C_RECORD_NDO_OF_HASH);
			if (*got < n)
				hashes[(*got)++] = after;
		}
		rc = hf_rows_end(&rows, l->err);
	}
	return rc;
}

/* Reads the list of this generation; an older one that is at hand is let go. */
static enum hf_rc
read_ndo(struct loading *l, struct hf_rights_keeper *k, int64_t gen, size_t n,
	 hf_time list_at, const unsigned char *key)
{
	int64_t *hashes = malloc((n + 1) * sizeof(*hashes));
	struct hf_ndo *ndo = NULL;
	size_t got = 0;
	enum hf_rc rc;

	if (!hashes)
		return hf_fail(l->err, HF_TOO_LONG, NULL,
			       "no memory for the opt-out list");
	rc = read_hashes(l, gen, n, hashes, &got);
	if (rc == HF_OK && got != n)
		rc = hf_fail(l->err, HF_FAULT, NULL,
			     "the opt-out list has %zu numbers and should have %zu: "
			     "import it again",
			     got, n);
	if (rc == HF_OK)
		rc = hf_ndo_new(key, hashes, n, list_at, &ndo, l->err);
	free(hashes);
	if (rc)
		return rc;
	hf_ndo_drop(k->ndo);
	k->ndo = ndo;
	k->ndo_gen = gen;
	return HF_OK;
}

static enum hf_rc
load_ndo(struct loading *l, struct hf_rights_keeper *k)
{
	unsigned char key[HF_NDO_KEY] = {0};
	int64_t gen = 0, n = 0;
	hf_time list_at = 0;
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(l->db, HF_Q_RECORD_NDO_LIST_GET, NULL, &rows, l->err);

	if (rc)
		return rc;
	if (hf_rows_next(&rows)) {
		struct hf_sv secret =
		    hf_rows_blob(&rows, HF_C_RECORD_NDO_LIST_GET_SECRET);

		gen = hf_rows_int(&rows, HF_C_RECORD_NDO_LIST_GET_GEN);
		n = hf_rows_int(&rows, HF_C_RECORD_NDO_LIST_GET_N);
		list_at = hf_rows_int(&rows, HF_C_RECORD_NDO_LIST_GET_LIST_AT);
		if (secret.n == sizeof(key))
			memcpy(key, secret.p, sizeof(key));
	}
	rc = hf_rows_end(&rows, l->err);
	if (rc == HF_OK && gen != 0 && n >= 0 && gen != k->ndo_gen)
		rc = read_ndo(l, k, gen, (size_t)n, list_at, key);
	return rc;
}

/* ---- the snapshot ---- */

static enum hf_rc
build(struct loading *l, struct hf_rights_keeper *k, struct hf_rights **out)
{
	/* What is over by now is over later too. */
	const struct hf_arg now[] = {HF_INT(hf_now())};
	struct list agreements = {.each = sizeof(struct hf_agreement)},
		    suspensions = {.each = sizeof(struct hf_suspension)},
		    glasses = {.each = sizeof(struct hf_broken)},
		    delegations = {.each = sizeof(struct hf_delegation)},
		    proxies = {.each = sizeof(struct hf_proxy)},
		    hub_calls = {.each = sizeof(struct hf_hub_call)};
	const struct {
		enum hf_query q;
		const struct hf_arg *args;
		void (*row)(struct loading *, const struct hf_rows *, void *);
		struct list *list;
	} parts[] = {
	    {HF_Q_RECORD_AGREEMENT_LIST, NULL, agreement_row, &agreements},
	    {HF_Q_RECORD_SUSPENSION_LIST, NULL, suspension_row, &suspensions},
	    {HF_Q_RECORD_GLASS_OPEN, now, glass_row, &glasses},
	    {HF_Q_RECORD_DELEGATION_OPEN, now, delegation_row, &delegations},
	    {HF_Q_RECORD_PROXY_LIST, NULL, proxy_row, &proxies},
	    {HF_Q_RECORD_HUB_CALL_LIST, NULL, hub_call_row, &hub_calls},
	};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(parts); i++)
		rc = read_list(l, parts[i].q, parts[i].args, parts[i].row,
			       parts[i].list);
	if (rc == HF_OK)
		rc = load_ndo(l, k);
	if (rc)
		return rc;
	return hf_rights_build(
	    &(struct hf_rights_lists){
		.agreements = (void *)agreements.items,
		.n_agreements = agreements.n,
		.suspensions = (void *)suspensions.items,
		.n_suspensions = suspensions.n,
		.glasses = (void *)glasses.items,
		.n_glasses = glasses.n,
		.delegations = (void *)delegations.items,
		.n_delegations = delegations.n,
		.proxies = (void *)proxies.items,
		.n_proxies = proxies.n,
		.hub_calls = (void *)hub_calls.items,
		.n_hub_calls = hub_calls.n,
		.ndo = k->ndo,
	    },
	    out, l->err);
}

static enum hf_rc
load(struct hf_store *store, struct hf_rights **out, struct hf_err *err)
{
	struct loading l = {.arena = {.cap = (size_t)512 << 20}, .err = err};
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(store, &reader, err);

	if (rc)
		return rc;
	rc = hf_reader_begin(reader, err);
	l.db = hf_reader_db(reader);
	if (rc == HF_OK)
		rc = build(&l, &store->rights, out);
	hf_reader_put(reader);
	hf_arena_free(&l.arena);
	return rc;
}

/* Is what is kept no longer what stands in the store? */
static bool
is_old(const struct hf_store *store, uint64_t jobs, uint64_t ms)
{
	const struct hf_rights_keeper *k = &store->rights;

	return !k->now || k->jobs != jobs ||
	       (store->read_only && ms - k->ms > READ_ONLY_MS);
}

enum hf_rc
hf_store_rights_get(struct hf_store *store, const struct hf_rights **out,
		    struct hf_err *err)
{
	struct hf_rights_keeper *k = &store->rights;
	uint64_t ms = store->read_only ? hf_mono_ns() / 1000000 : 0;
	struct hf_rights *fresh = NULL;
	enum hf_rc rc = HF_OK;
	uint64_t jobs;

	pthread_mutex_lock(&k->lock);
	/* Counted before it is read: a job in between makes it old at once. */
	jobs = hf_store_desk_jobs_of_rights(store);
	if (is_old(store, jobs, ms)) {
		rc = load(store, &fresh, err);
		if (rc == HF_OK) {
			hf_rights_drop(k->now);
			k->now = fresh;
			k->jobs = jobs;
			k->ms = ms;
		}
	}
	if (rc == HF_OK)
		*out = hf_rights_keep(k->now);
	pthread_mutex_unlock(&k->lock);
	return rc;
}

void
hf_rights_keeper_free(struct hf_rights_keeper *k)
{
	hf_rights_drop(k->now);
	hf_ndo_drop(k->ndo);
	pthread_mutex_destroy(&k->lock);
}

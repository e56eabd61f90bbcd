/* ref_kept.c - lists that others publish, in the store. */
#include "population/io/ref_kept.h"

#include <sodium.h>
#include <stdlib.h>

#include "fhir/json.h"
#include "record/io/desk.h"

enum { ARENA = 512 << 20, LISTS_MOST = 4096 };

struct add {
	const struct hf_ref_about *about;
	struct hf_ref_reader reader;
	struct hf_arena arena;
	struct hf_buf body, found;
	crypto_hash_sha256_state sha;
	char hex[65];
	int64_t id;
};

static void
hash(void *ctx, struct hf_sv in)
{
	crypto_hash_sha256_update(ctx, (const unsigned char *)in.p, in.n);
}

static enum hf_rc
read_all(struct add *a, const struct hf_feed_bytes *bytes, struct hf_err *err)
{
	const struct hf_map as = {.windows1252 = true};
	unsigned char sum[crypto_hash_sha256_BYTES];
	struct hf_feed_reader r;
	struct hf_csv_row row;
	uint64_t line;
	bool broken;
	enum hf_rc rc = hf_feed_reader_open(&r, bytes, &as, err);

	crypto_hash_sha256_init(&a->sha);
	r.saw = hash;
	r.saw_ctx = &a->sha;
	while (rc == HF_OK) {
		rc = hf_feed_reader_next(&r, &row, &line, &broken, err);
		if (rc != HF_OK || (row.n == 0 && !broken))
			break;
		if (broken) {
			a->reader.rows++;
			a->reader.found[HF_REF_FOUND_bad_value]++;
		} else {
			rc = hf_ref_take(&a->reader, &row, line, err);
		}
	}
	hf_feed_reader_close(&r);
	crypto_hash_sha256_final(&a->sha, sum);
	sodium_bin2hex(a->hex, sizeof a->hex, sum, sizeof sum);
	return rc;
}

static bool
is_condition(struct hf_sv name)
{
	static const char *const names[] = {
#define HF_POP_COND(id, code, ...) code,
#include "population/conditions.def"
#undef HF_POP_COND
	};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (hf_sv_eq(hf_sv_from(names[i]), name))
			return true;
	return false;
}

static void
put_found(struct add *a)
{
	struct hf_jw w = {.out = &a->found};

	hf_jw_obj(&w);
	hf_jw_member(&w, "rows");
	hf_jw_int(&w, (int64_t)a->reader.rows);
	hf_jw_member(&w, "findings");
	hf_jw_arr(&w);
	for (int i = 0; i < HF_REF_FINDINGS; i++) {
		if (a->reader.found[i] == 0)
			continue;
		hf_jw_obj(&w);
		hf_jw_field(&w, "code",
			    hf_sv_from(hf_ref_finding_name((enum hf_ref_finding)i)));
		hf_jw_member(&w, "n");
		hf_jw_int(&w, (int64_t)a->reader.found[i]);
		hf_jw_field(&w, "text",
			    hf_sv_from(hf_ref_finding_text((enum hf_ref_finding)i)));
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

static enum hf_rc
last_id(struct hf_db *db, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_REF_LAST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

static enum hf_rc
write_list(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct add *a = ctx;
	const struct hf_ref_about *b = a->about;
	struct hf_sv kind = hf_sv_from(hf_ref_kind_words[b->kind]);
	struct hf_sv system = hf_sv_from(hf_ref_system_words[b->system]);
	int64_t id;
	enum hf_rc rc = last_id(db, &id, err);

	if (rc != HF_OK)
		return rc;
	id++;
	rc = hf_db_exec(
	    db, HF_Q_POPULATION_REF_ADD,
	    HF_ARGS(HF_INT(id), HF_TEXT(kind), HF_TEXT(b->name), HF_TEXT(system),
		    HF_TEXT(b->version), HF_TEXT(b->source), HF_TEXT(b->licence),
		    HF_TEXT(b->file), HF_TEXT(hf_sv_from(a->hex)),
		    HF_INT((int64_t)a->reader.n), HF_TEXT(hf_buf_view(&a->found)),
		    HF_INT(at), HF_INT(change), HF_BLOB(hf_buf_view(&a->body))),
	    NULL, err);
	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_POPULATION_REF_REPLACE,
				HF_ARGS(HF_INT(id), HF_TEXT(kind), HF_TEXT(b->name),
					HF_TEXT(system)),
				NULL, err);
	a->id = rc == HF_OK ? id : 0;
	return rc;
}

static enum hf_rc
at_desk(struct hf_store *store, const char *what,
	enum hf_rc (*write)(void *, struct hf_db *, int64_t, hf_time, struct hf_err *),
	void *ctx, struct hf_err *err)
{
	const struct hf_desk_job job = {.actor = HF_SV("import"),
					.purpose = HF_SV("HOPERAT"),
					.what = hf_sv_from(what),
					.write = write,
					.ctx = ctx,
					.apart = true};

	return hf_store_desk(store, &job, err);
}

enum hf_rc
hf_ref_add(struct hf_store *store, const struct hf_ref_about *about,
	   const struct hf_feed_bytes *bytes, unsigned most_refused,
	   struct hf_ref_result *out, struct hf_err *err)
{
	struct add a = {.about = about,
			.reader = {.kind = about->kind, .system = about->system}};
	struct hf_ref_reader *r = &a.reader;
	uint64_t refused;
	enum hf_rc rc;

	hf_arena_init(&a.arena, ARENA);
	r->arena = &a.arena;
	rc = read_all(&a, bytes, err);
	hf_ref_end(r);
	if (rc == HF_OK && about->kind == HF_REF_CODES && !is_condition(about->name))
		r->found[HF_REF_FOUND_unread]++;
	refused = r->found[HF_REF_FOUND_bad_key] + r->found[HF_REF_FOUND_bad_value] +
		  r->found[HF_REF_FOUND_not_a_concept];
	*out = (struct hf_ref_result){.n = r->n, .rows = r->rows};
	memcpy(out->found, r->found, sizeof out->found);
	memcpy(out->lines, r->lines, sizeof out->lines);
	if (rc == HF_OK && refused * 100 > r->rows * most_refused)
		rc =
		    hf_fail(err, HF_RULE, NULL,
			    "more than %u %% of the rows are refused: nothing is taken",
			    most_refused);
	if (rc == HF_OK && r->n == 0)
		rc = hf_fail(err, HF_INVALID, NULL, "the file has no entry to take");
	if (rc == HF_OK) {
		hf_ref_write(r, &a.body);
		put_found(&a);
		rc = a.body.failed || a.found.failed
			 ? hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list")
			 : at_desk(store, "reference add", write_list, &a, err);
	}
	out->id = rc == HF_OK ? a.id : 0;
	hf_buf_free(&a.body);
	hf_buf_free(&a.found);
	hf_ref_reader_free(r);
	hf_arena_free(&a.arena);
	return rc;
}

static enum hf_rc
write_end(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const int64_t *id = ctx;
	int64_t changed = 0;
	enum hf_rc rc = hf_db_exec(db, HF_Q_POPULATION_REF_END, HF_ARGS(HF_INT(*id)),
				   &changed, err);

	(void)change;
	(void)at;
	if (rc == HF_OK && changed == 0)
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "there is no list of this number that counts");
	return rc;
}

enum hf_rc
hf_ref_end_list(struct hf_store *store, int64_t id, struct hf_err *err)
{
	return at_desk(store, "reference end", write_end, &id, err);
}

/* ---- reading ---- */

enum hf_rc
hf_ref_lists(struct hf_reader *reader, struct hf_arena *arena, struct hf_ref_kept **out,
	     size_t *n, struct hf_err *err)
{
	struct hf_ref_kept *items = hf_arena_array(arena, LISTS_MOST, sizeof *items);
	struct hf_rows rows;
	enum hf_rc rc;

	*n = 0;
	*out = items;
	if (!items)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the lists");
	rc = hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_REF_LISTS, NULL, &rows,
			 err);
	if (rc != HF_OK)
		return rc;
	while (*n < LISTS_MOST && hf_rows_next(&rows)) {
#define TEXT(column)                                                                   \
	hf_arena_sv(arena, hf_rows_text(&rows, HF_C_POPULATION_REF_LISTS_##column))
#define INT(column) hf_rows_int(&rows, HF_C_POPULATION_REF_LISTS_##column)
		items[(*n)++] = (struct hf_ref_kept){.id = INT(ID),
						     .n = INT(N),
						     .replaced_by = INT(REPLACED_BY),
						     .kind = TEXT(KIND),
						     .name = TEXT(NAME),
						     .system = TEXT(SYSTEM),
						     .version = TEXT(VERSION),
						     .source = TEXT(SOURCE),
						     .licence = TEXT(LICENCE),
						     .file = TEXT(FILE),
						     .sha = TEXT(SHA),
						     .found = TEXT(FOUND),
						     .at = INT(AT)};
#undef TEXT
#undef INT
	}
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_ref_now(struct hf_reader *reader, enum hf_ref_kind kind, struct hf_arena *arena,
	   struct hf_ref_now **out, size_t *n, struct hf_err *err)
{
	struct hf_ref_now *items = hf_arena_array(arena, LISTS_MOST, sizeof *items);
	struct hf_rows rows;
	enum hf_rc rc;

	*n = 0;
	*out = items;
	if (!items)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the lists");
	rc = hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_REF_CURRENT,
			 HF_ARGS(HF_TEXT(hf_sv_from(hf_ref_kind_words[kind]))), &rows,
			 err);
	if (rc != HF_OK)
		return rc;
	while (*n < LISTS_MOST && hf_rows_next(&rows)) {
#define TEXT(column)                                                                   \
	hf_arena_sv(arena, hf_rows_text(&rows, HF_C_POPULATION_REF_CURRENT_##column))
		items[(*n)++] = (struct hf_ref_now){
		    .id = hf_rows_int(&rows, HF_C_POPULATION_REF_CURRENT_ID),
		    .n = hf_rows_int(&rows, HF_C_POPULATION_REF_CURRENT_N),
		    .name = TEXT(NAME),
		    .system = TEXT(SYSTEM),
		    .version = TEXT(VERSION),
		    .source = TEXT(SOURCE),
		    .body = hf_arena_sv(
			arena, hf_rows_blob(&rows, HF_C_POPULATION_REF_CURRENT_BODY))};
#undef TEXT
	}
	return hf_rows_end(&rows, err);
}

static int
by_org(const void *a, const void *b)
{
	return hf_sv_cmp(((const struct hf_peer_parent *)a)->org,
			 ((const struct hf_peer_parent *)b)->org);
}

enum hf_rc
hf_ref_parents(struct hf_reader *reader, struct hf_arena *arena,
	       struct hf_peer_parent **out, size_t *n, struct hf_err *err)
{
	struct hf_ref_now *lists;
	struct hf_ref_entry e;
	size_t n_lists, all = 0, kept = 0;
	struct hf_peer_parent *p;
	enum hf_rc rc =
	    hf_ref_now(reader, HF_REF_PARENTS, arena, &lists, &n_lists, err);

	*n = 0;
	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < n_lists; i++)
		all += (size_t)lists[i].n;
	p = hf_arena_array(arena, all + 1, sizeof *p);
	if (!p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the lists");
	/* The newest list first: of the same organisation it is taken. */
	for (size_t i = n_lists; i-- > 0;) {
		size_t before = kept;
		struct hf_sv rest = lists[i].body;

		while (kept < all && hf_ref_line(&rest, &e)) {
			struct hf_peer_parent new = {e.key, e.value, e.more};

			if (before == 0 || !bsearch(&new, p, before, sizeof *p, by_org))
				p[kept++] = new;
		}
		qsort(p, kept, sizeof *p, by_org);
	}
	*out = p;
	*n = kept;
	return HF_OK;
}

/* ---- codes ---- */

static enum hf_ref_system
system_of(struct hf_sv word)
{
	for (int i = 1; i < HF_REF_SYSTEMS; i++)
		if (hf_sv_eq(word, hf_sv_from(hf_ref_system_words[i])))
			return (enum hf_ref_system)i;
	return HF_REF_NO_SYSTEM;
}

enum hf_rc
hf_ref_codes(struct hf_reader *reader, struct hf_arena *arena,
	     struct hf_code_lists *out, struct hf_err *err)
{
	struct hf_ref_now *lists;
	size_t n, all = 0;
	enum hf_rc rc = hf_ref_now(reader, HF_REF_CODES, arena, &lists, &n, err);

	*out = (struct hf_code_lists){0};
	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		all += (size_t)lists[i].n;
	out->items = hf_arena_array(arena, all + 1, sizeof *out->items);
	out->lists = hf_arena_array(arena, n + 1, sizeof *out->lists);
	if (!out->items || !out->lists)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the lists");
	for (size_t i = 0; i < n; i++) {
		struct hf_code_item of = {lists[i].version, lists[i].name,
					  system_of(lists[i].system)};
		struct hf_sv rest = lists[i].body;
		struct hf_ref_entry e;

		if (!is_condition(of.condition))
			continue;
		out->lists[out->n_lists++] = of;
		while (out->n < all && hf_ref_line(&rest, &e)) {
			of.code = e.key;
			out->items[out->n++] = of;
		}
	}
	hf_code_lists_end(out);
	return HF_OK;
}

enum hf_rc
hf_ref_codes_state(struct hf_reader *reader, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader),
				    HF_Q_POPULATION_REF_CODES_STATE, NULL, &rows, err);

	*out = 0;
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, 0);
	return hf_rows_end(&rows, err);
}

/* ---- deprivation ---- */

static int
by_area(const void *key, const void *item)
{
	return hf_sv_cmp(*(const struct hf_sv *)key,
			 ((const struct hf_ref_entry *)item)->key);
}

static bool
any_without(const struct hf_pop_columns *c)
{
	for (uint32_t p = 0; p < c->n_persons; p++)
		if (c->persons[p].imd == 0 && c->persons[p].lsoa)
			return true;
	return false;
}

/* The decile of each code of small areas; the body is in order. */
static enum hf_rc
deciles(const struct hf_pop_columns *c, const struct hf_ref_now *list,
	struct hf_arena *arena, uint8_t *of, struct hf_err *err)
{
	const struct hf_pop_dictionary *d = &c->dict[HF_POP_LSOA];
	struct hf_ref_entry *e = hf_arena_array(arena, (size_t)list->n + 1, sizeof *e);
	struct hf_sv rest = list->body;
	size_t n = 0;

	if (!e)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for deprivation");
	while (n < (size_t)list->n && hf_ref_line(&rest, &e[n]))
		n++;
	for (size_t i = 1; i < d->n; i++) {
		struct hf_sv area = d->text[i];
		const struct hf_ref_entry *at =
		    n ? bsearch(&area, e, n, sizeof *e, by_area) : NULL;
		int64_t decile = 0;

		if (at && hf_sv_int(at->value, &decile) && decile > 0 && decile <= 10)
			of[i] = (uint8_t)decile;
	}
	return HF_OK;
}

enum hf_rc
hf_ref_deprive(struct hf_reader *reader, struct hf_pop_columns *c, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_ref_now *lists;
	uint8_t *of = NULL;
	size_t n = 0;
	enum hf_rc rc = HF_OK;

	if (!any_without(c))
		return HF_OK;
	rc = hf_ref_now(reader, HF_REF_DEPRIVATION, &arena, &lists, &n, err);
	if (rc == HF_OK && n) {
		of = hf_arena_zalloc(&arena, UINT16_MAX + 1);
		rc = of ? deciles(c, &lists[n - 1], &arena, of, err)
			: hf_fail(err, HF_TOO_LONG, NULL, "no memory for deprivation");
	}
	for (uint32_t p = 0; rc == HF_OK && of && p < c->n_persons; p++)
		if (c->persons[p].imd == 0)
			c->persons[p].imd = of[c->persons[p].lsoa];
	hf_arena_free(&arena);
	return rc;
}

/* ---- weights ---- */

static enum hf_rc
put_weights(const struct hf_ref_now *list, struct hf_pop_defs *defs, struct hf_err *err)
{
	struct hf_pop_weight *w =
	    hf_arena_array(&defs->arena, (size_t)list->n + 1, sizeof *w);
	struct hf_sv rest = list->body;
	struct hf_ref_entry e;
	size_t n = 0;

	if (!w)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for weights");
	while (n < (size_t)list->n && hf_ref_line(&rest, &e) &&
	       hf_sv_int(e.value, &w[n].milli))
		w[n++].code = e.key;
	for (size_t i = 0; i < defs->n_scores; i++)
		if (hf_sv_eq(hf_sv_from(defs->scores[i].id), list->name))
			return hf_pop_score_weights(&defs->scores[i], w, n,
						    list->version, list->source,
						    &defs->arena, err);
	return HF_OK; /* of a score that is not there any more */
}

enum hf_rc
hf_ref_weights(struct hf_store *store, struct hf_pop_defs *defs, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_reader *reader = NULL;
	struct hf_ref_now *lists;
	size_t n = 0;
	enum hf_rc rc = hf_reader_get(store, &reader, err);

	if (rc == HF_OK)
		rc = hf_ref_now(reader, HF_REF_WEIGHTS, &arena, &lists, &n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = put_weights(&lists[i], defs, err);
	if (reader)
		hf_reader_put(reader);
	hf_arena_free(&arena);
	return rc;
}

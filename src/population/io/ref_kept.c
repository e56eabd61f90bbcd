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

bool
hf_ref_is_condition(struct hf_sv name)
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
	if (rc == HF_OK && about->kind == HF_REF_CODES &&
	    !hf_ref_is_condition(about->name))
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

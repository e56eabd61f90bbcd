/* bench_import.c - a file of published figures into the store. */
#include "population/io/bench_import.h"

#include <sodium.h>
#include <stdlib.h>

#include "fhir/json.h"
#include "record/io/desk.h"

enum { HEADER_ROWS = 20, ARENA = 256 << 20 };

const char *
hf_bench_finding_name(enum hf_bench_finding f)
{
	static const char *const names[] = {
#define HF_BENCH_FINDING(name, text) #name,
#include "population/bench_finding.def"
#undef HF_BENCH_FINDING
	};
	return names[f];
}

const char *
hf_bench_finding_text(enum hf_bench_finding f)
{
	static const char *const texts[] = {
#define HF_BENCH_FINDING(name, text) text,
#include "population/bench_finding.def"
#undef HF_BENCH_FINDING
	};
	return texts[f];
}

struct row { /* of one organisation and period */
	struct hf_sv org, name, parent;
	uint16_t from, to;
	uint64_t line;
	const struct hf_bench_cell *cells;
	const int64_t *values;
	bool twice;
};

struct import {
	const struct hf_bench_config *config;
	struct hf_bench_result *out;
	struct hf_bench_bound bound;
	struct hf_arena arena;
	struct row *rows;
	size_t n, size;
	int64_t total[HF_BENCH_COLUMNS]; /* as the file has it; INT64_MIN: none */
	crypto_hash_sha256_state sha;
	char hex[65];
	struct hf_buf found;
};

static void
hash(void *ctx, struct hf_sv in)
{
	crypto_hash_sha256_update(ctx, (const unsigned char *)in.p, in.n);
}

static enum hf_rc
refuse(struct import *im, uint64_t line, const char *column, enum hf_bench_why why,
       struct hf_err *err)
{
	const struct hf_bench_refused what = {line, column, why};

	return im->config->refuse ? im->config->refuse(im->config->ctx, &what, err)
				  : HF_OK;
}

static const char *
role_name(const struct hf_bench_map *m, enum hf_bench_role r)
{
	return r < HF_BENCH_ROLES && m->role[r].id ? m->role[r].id : "";
}

/* ---- rows ---- */

static enum hf_rc
keep_row(struct import *im, const struct hf_bench_row *r, uint64_t line,
	 struct hf_err *err)
{
	const struct hf_bench_map *m = im->config->map;
	struct hf_arena *a = &im->arena;
	struct hf_bench_cell *cells;
	int64_t *values;

	if (im->n == HF_BENCH_ROWS_MOST)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "a file of published figures has at most %d rows",
			       HF_BENCH_ROWS_MOST);
	if (im->n == im->size) {
		size_t size = im->size ? im->size * 2 : 512;
		struct row *more = realloc(im->rows, size * sizeof *more);

		if (!more)
			return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
		im->rows = more;
		im->size = size;
	}
	cells = hf_arena_array(a, m->n_figures, sizeof *cells);
	values = hf_arena_array(a, m->n_columns ? m->n_columns : 1, sizeof *values);
	if (!cells || !values)
		return hf_fail(err, HF_TOO_LONG, NULL, "the file is too large");
	memcpy(cells, r->cells, m->n_figures * sizeof *cells);
	memcpy(values, r->values, m->n_columns * sizeof *values);
	im->rows[im->n++] = (struct row){.org = hf_arena_sv(a, r->org),
					 .name = hf_arena_sv(a, r->name),
					 .parent = hf_arena_sv(a, r->parent),
					 .from = r->from,
					 .to = r->to,
					 .line = line,
					 .cells = cells,
					 .values = values};
	return HF_OK;
}

static enum hf_rc
take_row(struct import *im, const struct hf_csv_row *csv, uint64_t line, bool broken,
	 struct hf_err *err)
{
	struct hf_bench_row r = {0};
	enum hf_bench_role blame = HF_BENCH_ROLES;
	enum hf_bench_why why = broken
				    ? HF_BENCH_SHAPE
				    : hf_bench_read(&im->bound, csv, im->config->from,
						    im->config->to, &r, &blame);

	if (why == HF_BENCH_FINE && r.empty) {
		im->out->found[HF_BENCH_FOUND_empty_rows]++;
		return HF_OK;
	}
	if (why == HF_BENCH_FINE && r.total) {
		im->out->found[HF_BENCH_FOUND_total_rows]++;
		memcpy(im->total, r.values, sizeof im->total);
		return HF_OK;
	}
	im->out->rows++;
	if (why == HF_BENCH_FINE)
		return keep_row(im, &r, line, err);
	im->out->refused_rows++;
	return refuse(im, line, role_name(im->config->map, blame), why, err);
}

static enum hf_rc
find_header(struct import *im, struct hf_feed_reader *r, struct hf_err *err)
{
	struct hf_err first = {0}, wrong = {0};
	struct hf_csv_row row;
	bool broken;
	uint64_t line;

	for (int i = 0; i < HEADER_ROWS; i++) {
		enum hf_rc rc = hf_feed_reader_next(r, &row, &line, &broken, err);

		if (rc != HF_OK)
			return rc;
		if (row.n == 0 && !broken)
			break;
		if (broken)
			continue;
		if (hf_bench_bind(im->config->map, &row, &im->bound, &wrong) == HF_OK)
			return im->config->map->headless
				   ? take_row(im, &row, line, false, err)
				   : HF_OK;
		if (first.rc == HF_OK)
			first = wrong;
	}
	if (first.rc == HF_OK)
		return hf_fail(err, HF_INVALID, NULL, "the file has no rows");
	if (err)
		*err = first;
	return first.rc;
}

static enum hf_rc
read_all(struct import *im, struct hf_err *err)
{
	const struct hf_map as = {.windows1252 = im->config->map->windows1252,
				  .separator = im->config->map->separator};
	struct hf_feed_reader r;
	struct hf_csv_row row;
	unsigned char sum[crypto_hash_sha256_BYTES];
	uint64_t line;
	bool broken;
	enum hf_rc rc = hf_feed_reader_open(&r, &im->config->bytes, &as, err);

	crypto_hash_sha256_init(&im->sha);
	r.saw = hash;
	r.saw_ctx = &im->sha;
	if (rc == HF_OK)
		rc = find_header(im, &r, err);
	while (rc == HF_OK) {
		rc = hf_feed_reader_next(&r, &row, &line, &broken, err);
		if (rc != HF_OK || (row.n == 0 && !broken))
			break;
		rc = take_row(im, &row, line, broken, err);
	}
	hf_feed_reader_close(&r);
	crypto_hash_sha256_final(&im->sha, sum);
	sodium_bin2hex(im->hex, sizeof im->hex, sum, sizeof sum);
	return rc;
}

/* ---- the whole ---- */

static int
by_org(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = hf_sv_cmp(x->org, y->org);

	if (c == 0)
		c = (x->from > y->from) - (x->from < y->from);
	return c ? c : (x->line > y->line) - (x->line < y->line);
}

static enum hf_rc
find_twice(struct import *im, struct hf_err *err)
{
	const struct row *last = NULL;
	enum hf_rc rc = HF_OK;

	qsort(im->rows, im->n, sizeof *im->rows, by_org);
	for (size_t i = 0; i < im->n && rc == HF_OK; i++) {
		struct row *r = &im->rows[i];

		if (last && hf_sv_eq(last->org, r->org) && last->from == r->from) {
			r->twice = true;
			im->out->refused_rows++;
			rc = refuse(im, r->line, "organisation", HF_BENCH_TWICE, err);
			continue;
		}
		im->out->organisations += !last || !hf_sv_eq(last->org, r->org);
		last = r;
	}
	return rc;
}

/* Is the sum of the rows what the file says it is?  Only of a file of one period. */
static void
check_totals(struct import *im)
{
	const struct hf_bench_map *m = im->config->map;

	for (size_t i = 1; i < im->n; i++)
		if (im->rows[i].from != im->rows[0].from)
			return;
	if (!im->out->found[HF_BENCH_FOUND_total_rows])
		return;
	for (size_t c = 0; c < m->n_columns; c++) {
		int64_t sum = 0;

		for (size_t i = 0; i < im->n; i++)
			if (!im->rows[i].twice && im->rows[i].values[c] != INT64_MIN)
				sum += im->rows[i].values[c];
		im->out->found[HF_BENCH_FOUND_total_differs] +=
		    im->total[c] != INT64_MIN && im->total[c] != sum;
	}
}

static bool
is_kept(const struct hf_bench_cell *cell)
{
	return cell->why <= HF_BENCH_MISSING;
}

/* Has the file columns for the figure at all? */
static bool
in_file(const struct import *im, const struct hf_bench_figure *f)
{
	const struct hf_bench_side *sides[2] = {&f->count, &f->of};

	for (int s = 0; s < 2; s++) {
		bool any = sides[s]->n == 0;

		for (size_t i = 0; i < sides[s]->n; i++)
			any |= im->bound.column[sides[s]->terms[i].column] >= 0;
		if (!any)
			return false;
	}
	return true;
}

static enum hf_rc
count_cells(struct import *im, struct hf_err *err)
{
	const struct hf_bench_map *m = im->config->map;
	struct hf_bench_result *out = im->out;
	enum hf_rc rc = HF_OK;

	out->from = UINT16_MAX;
	for (size_t i = 0; i < im->n && rc == HF_OK; i++) {
		const struct row *r = &im->rows[i];

		if (r->twice)
			continue;
		out->from = r->from < out->from ? r->from : out->from;
		out->to = r->to > out->to ? r->to : out->to;
		for (size_t f = 0; f < m->n_figures && rc == HF_OK; f++) {
			const struct hf_bench_cell *c = &r->cells[f];

			if (!in_file(im, &m->figures[f]))
				continue;
			out->found[HF_BENCH_FOUND_held_back] +=
			    c->why == HF_BENCH_HELD_BACK;
			out->found[HF_BENCH_FOUND_missing] +=
			    c->why == HF_BENCH_MISSING;
			out->found[HF_BENCH_FOUND_above_whole] +=
			    c->why == HF_BENCH_FINE && c->of >= 0 && c->count > c->of;
			out->figures += is_kept(c);
			if (is_kept(c))
				continue;
			out->refused_figures++;
			rc = refuse(im, r->line,
				    c->column >= 0 ? m->columns[c->column].id
						   : m->figures[f].id,
				    c->why, err);
		}
	}
	for (size_t f = 0; f < m->n_figures; f++)
		out->found[HF_BENCH_FOUND_not_in_file] += !in_file(im, &m->figures[f]);
	out->found[HF_BENCH_FOUND_unread_columns] = im->bound.unread;
	return rc;
}

/* ---- the store ---- */

static enum hf_rc
last_id(struct hf_db *db, enum hf_query q, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, q, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

/* Is the file that rows stand at one that this one takes the place of? */
static bool
is_replaced(const struct import *im, const struct hf_rows *rows)
{
	return hf_sv_eq(hf_rows_text(rows, HF_C_POPULATION_BENCH_FEEDS_MAP),
			hf_sv_from(im->config->map->id)) &&
	       hf_rows_int(rows, HF_C_POPULATION_BENCH_FEEDS_REPLACED_BY) == 0 &&
	       hf_sv_eq(hf_rows_text(rows, HF_C_POPULATION_BENCH_FEEDS_SOURCE),
			im->config->source) &&
	       hf_rows_int(rows, HF_C_POPULATION_BENCH_FEEDS_FROM) >= im->out->from &&
	       hf_rows_int(rows, HF_C_POPULATION_BENCH_FEEDS_TO) <= im->out->to;
}

/* The same bytes before; and the newest file that this one replaces. */
static enum hf_rc
look_back(struct import *im, struct hf_db *db, int64_t *same, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_BENCH_FEEDS, NULL, &rows, err);

	*same = im->out->replaces = 0;
	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t id = hf_rows_int(&rows, HF_C_POPULATION_BENCH_FEEDS_ID);

		if (hf_sv_eq(hf_rows_text(&rows, HF_C_POPULATION_BENCH_FEEDS_MAP),
			     hf_sv_from(im->config->map->id)) &&
		    hf_sv_eq(hf_rows_text(&rows, HF_C_POPULATION_BENCH_FEEDS_SHA),
			     hf_sv_from(im->hex)))
			*same = id;
		if (is_replaced(im, &rows))
			im->out->replaces = id;
	}
	return hf_rows_end(&rows, err);
}

static const struct hf_bench_cell *
cell_of(const struct import *im, struct hf_sv org, int64_t from, struct hf_sv figure)
{
	const struct hf_bench_map *m = im->config->map;
	const struct row key = {.org = org, .from = (uint16_t)from};
	size_t low = 0, high = im->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_org(&im->rows[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == im->n || !hf_sv_eq(im->rows[low].org, org) ||
	    im->rows[low].from != from)
		return NULL;
	for (size_t f = 0; f < m->n_figures; f++)
		if (hf_sv_eq(hf_sv_from(m->figures[f].id), figure))
			return in_file(im, &m->figures[f]) &&
				       is_kept(&im->rows[low].cells[f])
				   ? &im->rows[low].cells[f]
				   : NULL;
	return NULL;
}

/* What one replaced file had otherwise; *before counts what both have. */
static enum hf_rc
compare_one(struct import *im, struct hf_db *db, int64_t feed, uint64_t *before,
	    struct hf_err *err)
{
	struct hf_bench_result *out = im->out;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_BENCH_ROWS_OF,
				    HF_ARGS(HF_INT(feed)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		const struct hf_bench_cell *c =
		    cell_of(im, hf_rows_text(&rows, HF_C_POPULATION_BENCH_ROWS_OF_ORG),
			    hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_OF_FROM),
			    hf_rows_text(&rows, HF_C_POPULATION_BENCH_ROWS_OF_FIGURE));
		int64_t state = hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_OF_STATE);

		if (!c) {
			out->found[HF_BENCH_FOUND_gone]++;
			continue;
		}
		++*before;
		out->found[HF_BENCH_FOUND_changed] +=
		    state != (int64_t)c->why ||
		    (state == 0 &&
		     (hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_OF_NUM) !=
			  c->count ||
		      hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_OF_DEN) != c->of));
	}
	return hf_rows_end(&rows, err);
}

static enum hf_rc
compare(struct import *im, struct hf_db *db, struct hf_err *err)
{
	struct hf_bench_result *out = im->out;
	uint64_t before = 0;
	struct hf_rows rows;
	enum hf_rc rc, end;

	out->found[HF_BENCH_FOUND_changed] = out->found[HF_BENCH_FOUND_gone] =
	    out->found[HF_BENCH_FOUND_added] = 0;
	if (out->replaces == 0)
		return HF_OK;
	rc = hf_db_query(db, HF_Q_POPULATION_BENCH_FEEDS, NULL, &rows, err);
	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows))
		if (is_replaced(im, &rows))
			rc = compare_one(
			    im, db, hf_rows_int(&rows, HF_C_POPULATION_BENCH_FEEDS_ID),
			    &before, err);
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	if (out->figures > before)
		out->found[HF_BENCH_FOUND_added] = out->figures - before;
	return rc ? rc : end;
}

static void
put_found(struct import *im)
{
	struct hf_bench_result *r = im->out;
	struct hf_jw w = {.out = &im->found};
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {{"rows", r->rows},
		      {"organisations", r->organisations},
		      {"figures", r->figures},
		      {"refusedRows", r->refused_rows},
		      {"refusedFigures", r->refused_figures},
		      {"replaces", (uint64_t)r->replaces}};

	im->found.n = 0;
	hf_jw_obj(&w);
	for (size_t i = 0; i < HF_COUNT(counts); i++) {
		hf_jw_key(&w, hf_sv_from(counts[i].name));
		hf_jw_int(&w, (int64_t)counts[i].n);
	}
	hf_jw_member(&w, "findings");
	hf_jw_arr(&w);
	for (int i = 0; i < HF_BENCH_FINDINGS; i++) {
		enum hf_bench_finding f = (enum hf_bench_finding)i;

		if (r->found[i] == 0)
			continue;
		hf_jw_obj(&w);
		hf_jw_field(&w, "code", hf_sv_from(hf_bench_finding_name(f)));
		hf_jw_member(&w, "n");
		hf_jw_int(&w, (int64_t)r->found[i]);
		hf_jw_field(&w, "text", hf_sv_from(hf_bench_finding_text(f)));
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

static enum hf_rc
write_rows(struct import *im, struct hf_db *db, int64_t feed, struct hf_err *err)
{
	const struct hf_bench_map *m = im->config->map;
	int64_t seq = 0;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < im->n; i++)
		for (size_t f = 0; f < m->n_figures && rc == HF_OK; f++) {
			const struct row *r = &im->rows[i];
			const struct hf_bench_cell *c = &r->cells[f];

			if (r->twice || !is_kept(c) || !in_file(im, &m->figures[f]))
				continue;
			rc = hf_db_exec(
			    db, HF_Q_POPULATION_BENCH_ROW_ADD,
			    HF_ARGS(HF_INT(feed), HF_INT(++seq), HF_TEXT(r->org),
				    HF_TEXT(r->name), HF_TEXT(r->parent),
				    HF_INT(r->from), HF_INT(r->to),
				    HF_TEXT(hf_sv_from(m->figures[f].id)),
				    HF_INT(c->why ? 0 : c->count),
				    HF_INT(c->why ? -1 : c->of), HF_INT(c->why)),
			    NULL, err);
		}
	return rc;
}

static enum hf_rc
write_file(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct import *im = ctx;
	const struct hf_bench_config *c = im->config;
	struct hf_bench_result *out = im->out;
	int64_t same, id;
	enum hf_rc rc = look_back(im, db, &same, err);

	if (rc == HF_OK && same)
		rc = hf_fail(err, HF_EXISTS, NULL,
			     "these bytes were imported before, as file %lld of "
			     "published figures",
			     (long long)same);
	if (rc == HF_OK)
		rc = last_id(db, HF_Q_POPULATION_BENCH_FEED_LAST, &id, err);
	if (rc == HF_OK)
		rc = compare(im, db, err);
	if (rc != HF_OK)
		return rc;
	put_found(im);
	id++;
	rc = hf_db_exec(
	    db, HF_Q_POPULATION_BENCH_FEED_ADD,
	    HF_ARGS(HF_INT(id), HF_TEXT(hf_sv_from(c->map->id)),
		    HF_TEXT(hf_sv_from(c->map->version)), HF_TEXT(c->source),
		    HF_TEXT(c->file), HF_TEXT(hf_sv_from(im->hex)), HF_INT(out->from),
		    HF_INT(out->to), HF_INT((int64_t)out->figures),
		    HF_TEXT(hf_buf_view(&im->found)), HF_INT(at), HF_INT(change)),
	    NULL, err);
	if (rc == HF_OK)
		rc = write_rows(im, db, id, err);
	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_POPULATION_BENCH_FEED_REPLACE,
				HF_ARGS(HF_INT(id), HF_TEXT(hf_sv_from(c->map->id)),
					HF_TEXT(c->source), HF_INT(out->from),
					HF_INT(out->to)),
				NULL, err);
	out->feed = rc == HF_OK ? id : 0;
	return rc;
}

static enum hf_rc
settle(struct import *im, struct hf_err *err)
{
	const struct hf_bench_config *c = im->config;
	struct hf_bench_result *out = im->out;
	const struct hf_desk_job job = {.actor = c->actor,
					.purpose = c->purpose,
					.trace = c->trace,
					.what = HF_SV("benchmark add"),
					.write = write_file,
					.ctx = im,
					.apart = true};
	enum hf_rc rc = find_twice(im, err);

	if (rc == HF_OK) {
		check_totals(im);
		rc = count_cells(im, err);
	}
	if (rc == HF_OK && out->refused_rows * 100 > out->rows * c->most_refused)
		rc =
		    hf_fail(err, HF_RULE, NULL,
			    "more than %u %% of the rows are refused: nothing is taken",
			    c->most_refused);
	if (rc == HF_OK && out->figures == 0)
		rc = hf_fail(err, HF_INVALID, NULL, "the file has no figure to take");
	if (rc == HF_OK)
		rc = hf_store_desk(c->store, &job, err);
	if (rc != HF_OK)
		out->feed = 0;
	return rc;
}

enum hf_rc
hf_bench_import(const struct hf_bench_config *config, struct hf_bench_result *out,
		struct hf_err *err)
{
	struct import im = {.config = config, .out = out};
	enum hf_rc rc;

	*out = (struct hf_bench_result){0};
	hf_arena_init(&im.arena, ARENA);
	for (size_t i = 0; i < HF_BENCH_COLUMNS; i++)
		im.total[i] = INT64_MIN;
	rc = read_all(&im, err);
	if (rc == HF_OK)
		rc = settle(&im, err);
	hf_buf_free(&im.found);
	free(im.rows);
	hf_arena_free(&im.arena);
	return rc;
}

/* bench_kept.c - published figures as they are kept. */
#include "population/io/bench_kept.h"

#include <math.h>
#include <stdlib.h>

#include "record/io/desk.h"

enum { FILES_MOST = 100000, VALUES_MOST = 4000000 };

/* Room for one more of size bytes; the array moves. */
static void *
one_more(void **items, size_t n, size_t *room, size_t size, struct hf_err *err)
{
	if (n == *room) {
		size_t more = *room ? *room * 2 : 256;
		void *at = realloc(*items, more * size);

		if (!at) {
			hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
			return NULL;
		}
		*items = at;
		*room = more;
	}
	return (char *)*items + n * size;
}

/* The n items in the arena, and the others given back. */
static enum hf_rc
settle(struct hf_arena *arena, void *items, size_t n, size_t size, void **out,
       enum hf_rc rc, struct hf_err *err)
{
	void *kept = rc == HF_OK ? hf_arena_array(arena, n ? n : 1, size) : NULL;

	if (kept && n)
		memcpy(kept, items, n * size);
	free(items);
	*out = kept;
	if (rc == HF_OK && !kept)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	return rc;
}

enum hf_rc
hf_bench_list(struct hf_reader *reader, struct hf_arena *arena,
	      struct hf_bench_kept **out, size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	void *items = NULL;
	size_t room = 0;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_BENCH_FEEDS,
				    NULL, &rows, err),
		   end;

	*n = 0;
	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && *n < FILES_MOST && hf_rows_next(&rows)) {
		struct hf_bench_kept *k = one_more(&items, *n, &room, sizeof *k, err);

		if (!k) {
			rc = HF_BUSY;
			break;
		}
#define TEXT(column)                                                                   \
	hf_arena_sv(arena, hf_rows_text(&rows, HF_C_POPULATION_BENCH_FEEDS_##column))
#define INT(column) hf_rows_int(&rows, HF_C_POPULATION_BENCH_FEEDS_##column)
		*k = (struct hf_bench_kept){.id = INT(ID),
					    .replaced_by = INT(REPLACED_BY),
					    .map = TEXT(MAP),
					    .version = TEXT(VERSION),
					    .source = TEXT(SOURCE),
					    .file = TEXT(FILE),
					    .sha = TEXT(SHA),
					    .found = TEXT(FOUND),
					    .from = (uint16_t)INT(FROM),
					    .to = (uint16_t)INT(TO),
					    .n = INT(N),
					    .at = INT(AT)};
#undef TEXT
#undef INT
		++*n;
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return settle(arena, items, *n, sizeof **out, (void **)out, rc ? rc : end, err);
}

static double
thousandths(int64_t v)
{
	return (double)v / 1000;
}

enum hf_rc
hf_bench_values(struct hf_reader *reader, struct hf_sv figure, struct hf_arena *arena,
		struct hf_bench_value **out, size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	void *items = NULL;
	size_t room = 0;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_BENCH_ROWS,
				    HF_ARGS(HF_TEXT(figure)), &rows, err),
		   end;

	*n = 0;
	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && *n < VALUES_MOST && hf_rows_next(&rows)) {
		struct hf_bench_value *last =
		    *n ? (struct hf_bench_value *)items + *n - 1 : NULL;
		struct hf_sv org = hf_rows_text(&rows, HF_C_POPULATION_BENCH_ROWS_ORG);
		int64_t from = hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_FROM);
		int64_t state = hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_STATE);
		int64_t den = hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_DEN);
		struct hf_bench_value *v;

		/* Of one organisation and period the newest file comes first. */
		if (last && last->from == from && hf_sv_eq(last->org, org))
			continue;
		v = one_more(&items, *n, &room, sizeof *v, err);
		if (!v) {
			rc = HF_BUSY;
			break;
		}
		*v = (struct hf_bench_value){
		    .org = hf_arena_sv(arena, org),
		    .name = hf_arena_sv(
			arena, hf_rows_text(&rows, HF_C_POPULATION_BENCH_ROWS_NAME)),
		    .parent = hf_arena_sv(
			arena, hf_rows_text(&rows, HF_C_POPULATION_BENCH_ROWS_PARENT)),
		    .from = (uint16_t)from,
		    .to = (uint16_t)hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_TO),
		    .num = state ? NAN
				 : thousandths(hf_rows_int(
				       &rows, HF_C_POPULATION_BENCH_ROWS_NUM)),
		    .den = state || den < 0 ? NAN : thousandths(den),
		    .held_back = state == 1,
		    .feed = hf_rows_int(&rows, HF_C_POPULATION_BENCH_ROWS_FEED)};
		++*n;
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return settle(arena, items, *n, sizeof **out, (void **)out, rc ? rc : end, err);
}

/* fuzz_bench.c - any bytes as a file of published figures by each map that is built in,
 * as a map of them, as a group of peers, and as a list of each kind.  The first byte
 * says which.  What is taken is within its bounds. */
#include <stdlib.h>

#include "population/bench.h"
#include "population/feed_text.h"
#include "population/peer.h"
#include "population/ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look(const struct hf_bench_bound *b, const struct hf_csv_row *csv)
{
	static struct hf_bench_row row;
	enum hf_bench_role role;
	enum hf_bench_why why = hf_bench_read(b, csv, 1, 32, &row, &role);

	if (role > HF_BENCH_ROLES || !*hf_bench_why_text(why))
		abort();
	if (why != HF_BENCH_FINE || row.empty)
		return;
	if (!row.total && (row.org.n == 0 || row.to <= row.from))
		abort();
	for (size_t f = 0; f < b->map->n_figures; f++) {
		const struct hf_bench_cell *c = &row.cells[f];

		if (c->why == HF_BENCH_FINE &&
		    (c->count < 0 || (b->map->figures[f].within && c->count > c->of)))
			abort();
	}
}

static void
read_figures(const struct hf_bench_map *map, struct hf_sv text, struct hf_arena *arena)
{
	struct hf_csv csv = {.rest = text, .separator = hf_feed_separator(text)};
	struct hf_bench_bound b = {0};
	struct hf_csv_row row;

	for (int i = 0; i < 50; i++) {
		if (hf_csv_next(&csv, arena, &row, NULL) != HF_OK)
			continue;
		if (row.n == 0)
			return;
		if (b.map)
			look(&b, &row);
		else if (hf_bench_bind(map, &row, &b, NULL) != HF_OK)
			b.map = NULL;
	}
}

static void
read_list(enum hf_ref_kind kind, enum hf_ref_system system, struct hf_sv text,
	  struct hf_arena *arena)
{
	struct hf_ref_reader r = {.kind = kind, .system = system, .arena = arena};
	struct hf_csv csv = {.rest = text, .separator = hf_feed_separator(text)};
	struct hf_csv_row row;
	struct hf_buf out = {0};
	struct hf_ref_entry e;
	struct hf_sv rest;
	size_t n = 0;

	for (int i = 0; i < 200; i++) {
		if (hf_csv_next(&csv, arena, &row, NULL) != HF_OK)
			continue;
		if (row.n == 0 || hf_ref_take(&r, &row, csv.line, NULL) != HF_OK)
			break;
	}
	hf_ref_end(&r);
	for (size_t i = 1; i < r.n; i++)
		if (hf_sv_cmp(r.entries[i - 1].key, r.entries[i].key) >= 0)
			abort();
	hf_ref_write(&r, &out);
	rest = hf_buf_view(&out);
	while (hf_ref_line(&rest, &e))
		n++;
	if (n != r.n)
		abort();
	hf_buf_free(&out);
	hf_ref_reader_free(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_sv text = {(const char *)data + 1, size ? size - 1 : 0};
	struct hf_bench_map map;
	struct hf_peer_group group;
	uint8_t what = size ? data[0] : 0;

	if (size == 0 || size > 1 << 16)
		return 0;
	if (what % 4 == 0) {
		if (hf_bench_map_load("m.json", text, &arena, &issues, &map, NULL) ==
		    HF_OK)
			read_figures(&map, HF_SV("a,b\n1,2\n"), &arena);
	} else if (what % 4 == 1) {
		hf_peer_group_load("g.json", text, &arena, &issues, &group, NULL);
	} else if (what % 4 == 2) {
		const struct hf_definition_text *d =
		    &hf_benchmark_maps_builtin[what / 4 % hf_n_benchmark_maps_builtin];

		if (hf_bench_map_load(d->name, d->text, &arena, &issues, &map, NULL) !=
		    HF_OK)
			abort();
		read_figures(&map, text, &arena);
	} else {
		read_list((enum hf_ref_kind)(what / 4 % HF_REF_KINDS),
			  (enum hf_ref_system)(what / 32 % HF_REF_SYSTEMS), text,
			  &arena);
	}
	hf_arena_free(&arena);
	return 0;
}

/* fuzz_feed.c - any bytes as a map, and as a file of activity.  The first byte says
 * which: a map (what loads binds to a header of its own and reads rows), or a file that
 * each map that is built in is tried on.  Nothing that is refused has a value. */
#include <stdlib.h>

#include "population/feed.h"
#include "population/feed_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look(const struct hf_map *map, const struct hf_map_bound *b,
     const struct hf_csv_row *csv)
{
	static struct hf_feed_row row;
	enum hf_map_field field;
	struct hf_pop_event e;
	struct hf_feed_who who;
	struct hf_pop_person p = {.birth = INT16_MIN, .death_day = HF_POP_NONE};
	unsigned notes;
	enum hf_feed_why why = hf_feed_read(b, csv, 1, &row, &field);

	if (row.there & (row.missing | row.hidden))
		abort();
	if (why != HF_WHY_FINE) {
		hf_feed_shifted(b, csv);
		if (!*hf_feed_why_text(why) || field > HF_FIELDS)
			abort();
		return;
	}
	hf_feed_who(map, &row, &who);
	if (who.traced && strlen(who.nhs.d) != 10)
		abort();
	hf_feed_person(&row, &p);
	if (map->kind != HF_FEED_REGISTER && map->kind != HF_FEED_CONDITIONS &&
	    hf_feed_event(map, &row, &e, &notes, &field) == HF_WHY_FINE &&
	    (e.day == HF_POP_NONE || e.setting >= HF_POP_SETTINGS ||
	     e.method >= HF_POP_METHODS || e.outcome >= HF_POP_OUTCOMES))
		abort();
}

static void
read_rows(const struct hf_map *maps, size_t n, struct hf_sv text,
	  struct hf_arena *arena)
{
	struct hf_csv csv = {.rest = text, .separator = hf_feed_separator(text)};
	struct hf_csv_row row;
	struct hf_map_bound b = {0};
	size_t which = 0;

	for (int i = 0; i < 50; i++) {
		if (hf_csv_next(&csv, arena, &row, NULL) != HF_OK)
			continue;
		if (row.n == 0)
			return;
		if (b.map)
			look(b.map, &b, &row);
		else if (hf_map_detect(maps, n, &row, &which, NULL) == HF_OK &&
			 hf_map_bind(&maps[which], &row, &b, NULL) != HF_OK)
			abort();
	}
}

/* A header of the names of its own columns, and the same text as a row. */
static void
try_map(const struct hf_map *map, struct hf_arena *arena)
{
	struct hf_csv_row row = {.n = 0};
	struct hf_map_bound b;

	for (size_t i = 0; i < map->n_columns; i++)
		if (map->columns[i].n_names)
			row.fields[row.n++] = map->columns[i].names[0];
	(void)arena;
	if (row.n && hf_map_bind(map, &row, &b, NULL) == HF_OK)
		look(map, &b, &row);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_sv text = {(const char *)data + 1, size ? size - 1 : 0};
	struct hf_feed_text decode = {.windows1252 = size && data[0] & 2};
	struct hf_buf utf8 = {.cap = 4 << 20};
	struct hf_map maps[24];
	struct hf_err err = {0};
	size_t n = 0;

	if (size == 0)
		return 0;
	if (data[0] & 1) {
		enum hf_rc rc = hf_map_load("x", text, &arena, &issues, &maps[0], &err);

		if (rc == HF_OK)
			try_map(&maps[0], &arena);
		else if ((rc != HF_INVALID && rc != HF_TOO_LONG) ||
			 (rc == HF_INVALID && issues.errors == 0))
			abort();
	} else {
		while (n < hf_n_maps_builtin && n < 24 &&
		       hf_map_load(hf_maps_builtin[n].name, hf_maps_builtin[n].text,
				   &arena, &issues, &maps[n], &err) == HF_OK)
			n++;
		hf_feed_text(&decode, text, true, &utf8);
		read_rows(maps, n, hf_buf_view(&utf8), &arena);
	}
	hf_buf_free(&utf8);
	hf_arena_free(&arena);
	return 0;
}

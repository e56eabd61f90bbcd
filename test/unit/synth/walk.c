/* walk.c - see walk.h. */
#include "walk.h"

#include <stdlib.h>

#include "test/hf_test.h"

const hf_time walk_now = (hf_time)1790845200000; /* 2026-10-01T09:00:00Z */

struct hf_synth_place *
walk_place(int64_t people, int64_t full, int64_t rich, uint64_t seed)
{
	struct hf_synth_config c = hf_synth_defaults();
	struct hf_synth_place *place = NULL;
	struct hf_err err = {0};

	c.people = people;
	c.full_records = full;
	c.rich = rich;
	c.seed = seed;
	c.now = walk_now;
	assert_int_equal(hf_synth_place_new(&c, &place, &err), HF_OK);
	return place;
}

void
walk_strings(const struct hf_json *doc, uint32_t node,
	     void (*see)(void *ctx, struct hf_sv key, struct hf_sv text), void *ctx)
{
	struct hf_sv key = {0};

	/* Nodes stand in document order; an array's items have their array's name. */
	for (uint32_t i = node + 1; i < doc->nodes[node].next; i++) {
		if (doc->nodes[i].key_len)
			key = hf_json_key(doc, i);
		if (hf_json_type(doc, i) == HF_JSON_STRING)
			see(ctx, key, hf_json_raw(doc, i));
	}
}

void
walk_parse(const struct hf_synth_unit *unit, size_t i, struct hf_arena *arena,
	   struct hf_json *doc)
{
	struct hf_synth_res r = hf_synth_resource(unit, i);
	struct hf_json_limits limits = {0};
	struct hf_err err = {0};

	hf_arena_reset(arena);
	assert_int_equal(hf_json_parse(r.json, &limits, arena, doc, &err), HF_OK);
}

uint32_t
walk_node(const struct hf_json *doc, const char *path)
{
	struct hf_sv rest = hf_sv_from(path);
	uint32_t node = 0;

	while (rest.n > 0 && node != HF_JSON_NONE) {
		struct hf_sv step = hf_sv_cut(&rest, '.');
		int64_t at;

		node = hf_sv_int(step, &at) ? hf_json_at(doc, node, (uint32_t)at)
					    : hf_json_get(doc, node, step);
	}
	return node;
}

struct hf_sv
walk_text(const struct hf_json *doc, const char *path)
{
	uint32_t node = walk_node(doc, path);

	return node == HF_JSON_NONE ? (struct hf_sv){0} : hf_json_raw(doc, node);
}

uint64_t
walk_hash(uint64_t h, struct hf_sv bytes)
{
	h = h ? h : 14695981039346656037u;
	for (size_t i = 0; i < bytes.n; i++)
		h = (h ^ (unsigned char)bytes.p[i]) * 1099511628211u;
	return h;
}

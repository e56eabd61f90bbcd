/* A resource of any type, with every element and choice, comes back from the store
 * to the byte: only meta.versionId and meta.lastUpdated are the store's.  Before and
 * after the store is opened anew. */
#include "test/hf_test.h"

#include "test/support/sample.h"
#include "test/support/store.h"

/* Copies the members of object i that are not the store's own, in their order. */
static void
copy_members(const struct hf_json *doc, uint32_t i, bool meta, struct hf_buf *out)
{
	hf_buf_char(out, '{');
	for (uint32_t c = i + 1; c < doc->nodes[i].next; c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c);

		if (meta &&
		    (hf_sv_is(key, "versionId") || hf_sv_is(key, "lastUpdated")))
			continue;
		hf_buf_sv(out, key);
		hf_buf_char(out, ':');
		if (!meta && hf_sv_is(key, "meta"))
			copy_members(doc, c, true, out);
		else
			hf_buf_sv(out, hf_json_source(doc, c));
		hf_buf_char(out, '\n');
	}
	hf_buf_char(out, '}');
}

static void
without_ours(struct hf_sv json, struct hf_arena *arena, struct hf_buf *out)
{
	struct hf_err err = {0};
	struct hf_json doc;

	out->n = 0;
	if (hf_json_parse(json, NULL, arena, &doc, &err) != HF_OK)
		fail_msg("%s", err.text);
	copy_members(&doc, 0, false, out);
}

static void
put_one(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s: %.200s", err.path, err.text, json);
}

/* Where two texts part, with a little of both. */
static void
assert_same(const char *type, uint32_t variant, const struct hf_buf *put,
	    const struct hf_buf *got)
{
	size_t i = 0;

	if (put->n == got->n && memcmp(put->p, got->p, put->n) == 0)
		return;
	while (i < put->n && i < got->n && put->p[i] == got->p[i])
		i++;
	i = i > 60 ? i - 60 : 0;
	fail_msg("%s %u differs: put %.*s, got %.*s", type, variant,
		 (int)(put->n - i < 160 ? put->n - i : 160), put->p + i,
		 (int)(got->n - i < 160 ? got->n - i : 160), got->p + i);
}

static void
put_sample(struct hf_test_store *t, hf_type_id type, uint32_t variant)
{
	struct hf_buf json = {0};

	hf_sample_write(type, variant, &json);
	hf_buf_char(&json, '\0');
	put_one(t, json.p);
	hf_buf_free(&json);
}

static void
read_sample(struct hf_test_store *t, hf_type_id type, uint32_t variant)
{
	const char *name = hf_type_get(type)->name;
	struct hf_buf json = {0}, put = {0}, got = {0};
	struct hf_version v = {0};
	struct hf_err err = {0};
	char id[32];

	snprintf(id, sizeof id, "sample-%u", variant);
	hf_sample_write(type, variant, &json);
	without_ours(hf_buf_view(&json), &t->arena, &put);
	if (hf_store_read(t->reader, hf_sv_from(name), hf_sv_from(id), 0, &t->arena, &v,
			  &err) != HF_OK)
		fail_msg("%s/%s: %s", name, id, err.text);
	without_ours(v.body, &t->arena, &got);
	assert_same(name, variant, &put, &got);
	hf_buf_free(&json);
	hf_buf_free(&put);
	hf_buf_free(&got);
}

/* Does one thing with each variant of each type; gives how many there are. */
static size_t
each_sample(struct hf_test_store *t,
	    void (*act)(struct hf_test_store *, hf_type_id, uint32_t))
{
	size_t n = 0;

	for (hf_type_id type = 1; type <= hf_n_resource_types; type++)
		for (uint32_t v = 0; v < hf_sample_variants(type); v++) {
			hf_arena_reset(&t->arena);
			act(t, type, v);
			n++;
		}
	return n;
}

static void
put_and_read(struct hf_test_store *t, hf_type_id type, uint32_t variant)
{
	put_sample(t, type, variant);
	read_sample(t, type, variant);
}

static void
round_trips(int engine)
{
	struct hf_test_store t;

	if (!hf_test_store_open(&t, engine))
		skip();
	print_message("%zu resources\n", each_sample(&t, put_and_read));
	hf_test_store_reopen(&t);
	each_sample(&t, read_sample);
	hf_test_store_close(&t);
}

HF_TEST(every_element_of_every_type_comes_back_to_the_byte_on_sqlite)
{
	round_trips(0);
}

HF_TEST(every_element_of_every_type_comes_back_to_the_byte_on_postgresql)
{
	round_trips(1);
}

HF_TEST_MAIN(
    "record/roundtrip",
    cmocka_unit_test(every_element_of_every_type_comes_back_to_the_byte_on_sqlite),
    cmocka_unit_test(every_element_of_every_type_comes_back_to_the_byte_on_postgresql))

/* store.c - a store of its own for a test. */
#include "test/support/store.h"

#include <ftw.h>
#include <unistd.h>

#include "test/hf_test.h"
#include "test/support/pg.h"

static void
open_it(struct hf_test_store *t, bool create)
{
	struct hf_store_config c = {.create = create, .cache_bytes = 32 << 20};
	struct hf_err err = {0};

	if (t->url)
		c.url = t->url;
	else
		c.data = t->folder;
	if (hf_store_open(&c, &t->store, &err) != HF_OK)
		fail_msg("the store does not open: %s", err.text);
	if (hf_reader_get(t->store, &t->reader, &err) != HF_OK)
		fail_msg("no reader: %s", err.text);
}

bool
hf_test_store_open(struct hf_test_store *t, int engine)
{
	*t = (struct hf_test_store){.arena = {.cap = (size_t)1 << 30}};
	if (engine == 1) {
		const char *url = hf_pg_database();

		if (!url)
			return false;
		t->url = strdup(url);
	} else {
		snprintf(t->folder, sizeof t->folder, "/tmp/hf-store-XXXXXX");
		assert_non_null(mkdtemp(t->folder));
	}
	open_it(t, true);
	return true;
}

void
hf_test_store_reopen(struct hf_test_store *t)
{
	hf_reader_put(t->reader);
	hf_store_close(t->store);
	open_it(t, false);
}

static int
drop(const char *path, const struct stat *st HF_UNUSED, int kind HF_UNUSED,
     struct FTW *f HF_UNUSED)
{
	return remove(path);
}

void
hf_test_store_close(struct hf_test_store *t)
{
	hf_reader_put(t->reader);
	hf_store_close(t->store);
	if (!t->url)
		nftw(t->folder, drop, 16, FTW_DEPTH | FTW_PHYS);
	free(t->url);
	hf_arena_free(&t->arena);
}

enum hf_rc
hf_test_put(struct hf_test_store *t, const char *const *json, size_t n,
	    struct hf_change_item **items, struct hf_err *err)
{
	struct hf_arena *arena = &t->arena;
	struct hf_issues issues = {.arena = arena};
	struct hf_change c = {.arena = arena,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test"),
			      .n = n,
			      .issues = &issues};

	c.items = hf_arena_array(arena, n, sizeof *c.items);
	for (size_t i = 0; i < n; i++) {
		struct hf_json *doc = HF_NEW(arena, struct hf_json);
		struct hf_change_item *it = &c.items[i];
		struct hf_sv text = hf_arena_sv(arena, hf_sv_from(json[i]));

		if (hf_json_parse(text, NULL, arena, doc, err) != HF_OK)
			return err ? err->rc : HF_INVALID;
		it->doc = doc;
		it->type = hf_resource_find(
		    hf_json_str(doc, hf_json_member(doc, 0, "resourceType"), arena));
		it->id = hf_json_str(doc, hf_json_member(doc, 0, "id"), arena);
		it->op = it->id.n ? HF_OP_PUT : HF_OP_CREATE;
	}
	if (items)
		*items = c.items;
	return hf_change_commit(t->store, t->reader, &c, err);
}

/* dict.c - bodies are packed by zstd with a dictionary trained on this store's own
 * resources; each row names the dictionary it was packed with. */
#include <zdict.h>

#include "record/io/store_impl.h"

enum {
	LEVEL = 3,
	DICT_BYTES = 64 * 1024,
	SAMPLES_MOST = 3000,
	SAMPLE_BYTES_MOST = 5 * 1024 * 1024,
	BODY_MOST = 256 * 1024 * 1024 /* more in one frame is taken for damage */
};

bool
hf_dicts_add(struct hf_dicts *dicts, int64_t id, struct hf_sv body)
{
	size_t n = atomic_load(&dicts->n);
	struct hf_dict *d;

	if (n == HF_DICTS_MOST)
		return false;
	d = &dicts->items[n];
	d->id = id;
	d->c = ZSTD_createCDict(body.p, body.n, LEVEL);
	d->d = ZSTD_createDDict(body.p, body.n);
	if (!d->c || !d->d)
		return false;
	atomic_store(&dicts->n, n + 1);
	return true;
}

enum hf_rc
hf_dicts_load(struct hf_dicts *dicts, struct hf_db *db, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_ZDICT_LIST, NULL, &rows, err);
	bool ok = true;

	if (rc != HF_OK)
		return rc;
	while (ok && hf_rows_next(&rows))
		ok = hf_dicts_add(dicts, hf_rows_int(&rows, 0), hf_rows_blob(&rows, 1));
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !ok)
		return hf_fail(err, HF_FAULT, NULL,
			       "a compression dictionary of the store cannot be read: "
			       "run `homefirst check` and restore a backup");
	return rc;
}

void
hf_dicts_free(struct hf_dicts *dicts)
{
	for (size_t i = 0; i < dicts->n; i++) {
		ZSTD_freeCDict(dicts->items[i].c);
		ZSTD_freeDDict(dicts->items[i].d);
	}
	dicts->n = 0;
}

enum hf_rc
hf_dicts_pack(struct hf_dicts *dicts, ZSTD_CCtx *ctx, struct hf_sv kept,
	      struct hf_arena *arena, int64_t *dict, struct hf_sv *out,
	      struct hf_err *err)
{
	size_t n = atomic_load(&dicts->n), bound = ZSTD_compressBound(kept.n), got;
	const struct hf_dict *d = n ? &dicts->items[n - 1] : NULL;
	char *to = hf_arena_alloc(arena, bound);

	if (!to)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the resource is too large for one change");
	got = d ? ZSTD_compress_usingCDict(ctx, to, bound, kept.p, kept.n, d->c)
		: ZSTD_compressCCtx(ctx, to, bound, kept.p, kept.n, LEVEL);
	if (ZSTD_isError(got))
		return hf_fail(err, HF_FAULT, NULL, "packing failed: %s",
			       ZSTD_getErrorName(got));
	/* Give back what the bound asked too much. */
	if (arena->at == to + ((bound + 15) & ~(size_t)15))
		arena->at = to + ((got + 15) & ~(size_t)15);
	*dict = d ? d->id : 0;
	*out = (struct hf_sv){to, got};
	return HF_OK;
}

enum hf_rc
hf_dicts_unpack(struct hf_dicts *dicts, ZSTD_DCtx *ctx, int64_t dict,
		struct hf_sv packed, struct hf_buf *out, struct hf_err *err)
{
	unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
	size_t n = atomic_load(&dicts->n), got;
	const struct hf_dict *d = NULL;
	char *to;

	for (size_t i = n; i-- > 0 && !d;)
		if (dicts->items[i].id == dict)
			d = &dicts->items[i];
	if (size > BODY_MOST || (dict && !d))
		return hf_fail(err, HF_FAULT, NULL,
			       "a stored body is damaged: run `homefirst check`");
	to = hf_buf_room(out, (size_t)size);
	if (!to && size > 0)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to read a resource");
	got = d ? ZSTD_decompress_usingDDict(ctx, to, (size_t)size, packed.p, packed.n,
					     d->d)
		: ZSTD_decompressDCtx(ctx, to, (size_t)size, packed.p, packed.n);
	if (ZSTD_isError(got) || got != size)
		return hf_fail(err, HF_FAULT, NULL,
			       "a stored body is damaged: run `homefirst check`");
	out->n += got;
	return HF_OK;
}

/* Samples as they will be kept, one after the other. */
static void
gather(const struct hf_sv *samples, size_t n, struct hf_buf *bytes, size_t *sizes,
       size_t *count)
{
	struct hf_arena arena = {.cap = 64 * 1024 * 1024};

	*count = 0;
	for (size_t i = 0; i < n && *count < SAMPLES_MOST; i++) {
		struct hf_json doc;
		size_t from = bytes->n;

		hf_arena_reset(&arena);
		if (bytes->n + samples[i].n > SAMPLE_BYTES_MOST ||
		    hf_json_parse(samples[i], NULL, &arena, &doc, NULL) != HF_OK ||
		    hf_json_type(&doc, 0) != HF_JSON_OBJECT)
			continue;
		hf_body_pack(&doc, 0, (struct hf_sv){0}, NULL, NULL, bytes);
		if (bytes->n - from >= 8)
			sizes[(*count)++] = bytes->n - from;
		else
			bytes->n = from;
	}
	hf_arena_free(&arena);
}

/* A dictionary from samples into dict (DICT_BYTES long); 0 when they are too few
 * or too alike for one. */
static size_t
train(const struct hf_sv *samples, size_t n, char *dict)
{
	enum { ENOUGH = 100 };
	struct hf_buf bytes = {0};
	size_t *sizes = calloc(SAMPLES_MOST, sizeof *sizes), count = 0, got = 0;

	if (sizes)
		gather(samples, n, &bytes, sizes, &count);
	if (count >= ENOUGH && !bytes.failed)
		got = ZDICT_trainFromBuffer(dict, DICT_BYTES, bytes.p, sizes,
					    (unsigned)count);
	if (ZDICT_isError(got)) {
		hf_log(HF_LOG_INFO, "record", "no dictionary from %zu samples: %s",
		       count, ZDICT_getErrorName(got));
		got = 0;
	}
	hf_buf_free(&bytes);
	free(sizes);
	return got;
}

enum hf_rc
hf_store_train(struct hf_store *store, const struct hf_sv *samples, size_t n,
	       struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1024 * 1024};
	struct hf_prepared prepared = {0};
	struct hf_change change = {.arena = &arena, .prepared = &prepared};
	char *dict;
	size_t got;
	enum hf_rc rc = HF_OK;

	if (atomic_load(&store->dicts.n) > 0)
		return HF_OK;
	dict = malloc(DICT_BYTES);
	if (!dict)
		return hf_fail(err, HF_FULL, NULL, "no memory to train a dictionary");
	got = train(samples, n, dict);
	if (got) {
		prepared.dict = (struct hf_sv){dict, got};
		change.actor = change.purpose = change.source = HF_SV("homefirst");
		rc = hf_change_commit(store, NULL, &change, err);
	}
	hf_arena_free(&arena);
	free(dict);
	return rc;
}

/* Bodies of the store itself, as samples. */
static size_t
sample_store(struct hf_reader *r, struct hf_arena *arena, struct hf_sv *samples)
{
	struct hf_rows rows;
	size_t n = 0;

	if (hf_db_query(r->db, HF_Q_RECORD_RES_BODIES,
			HF_ARGS(HF_INT(0), HF_INT(INT64_MAX), HF_INT(SAMPLES_MOST)),
			&rows, NULL) != HF_OK)
		return 0;
	while (hf_rows_next(&rows)) {
		struct hf_row row = {
		    .e.rid = hf_rows_int(&rows, HF_C_RECORD_RES_BODIES_RID),
		    .e.type =
			(hf_type_id)hf_rows_int(&rows, HF_C_RECORD_RES_BODIES_TYPE),
		    .e.version = 1,
		    .dict = hf_rows_int(&rows, HF_C_RECORD_RES_BODIES_DICT),
		    .packed = hf_rows_blob(&rows, HF_C_RECORD_RES_BODIES_BODY)};
		struct hf_version v;

		if (hf_row_version(r, &row, arena, &v, NULL) != HF_OK)
			break;
		samples[n++] = v.body;
	}
	hf_rows_end(&rows, NULL);
	return n;
}

size_t
hf_dicts_train(struct hf_store *store, char **dict)
{
	struct hf_arena arena = {.cap = 128 * 1024 * 1024};
	struct hf_sv *samples = hf_arena_array(&arena, SAMPLES_MOST, sizeof *samples);
	struct hf_reader *r = NULL;
	size_t n = 0, got = 0;

	*dict = malloc(DICT_BYTES);
	if (*dict && samples && hf_reader_get(store, &r, NULL) == HF_OK) {
		n = sample_store(r, &arena, samples);
		hf_reader_put(r);
		got = train(samples, n, *dict);
	}
	hf_arena_free(&arena);
	return got;
}

/* store.c - opening and closing a store, its readers, its ids. */
#include "record/io/store_impl.h"
#include "record/io/standing.h"
#include "record/io/viewer_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

hf_type_id
hf_patient_type(void)
{
	static _Atomic hf_type_id id;

	if (id == 0)
		id = hf_resource_find(HF_SV("Patient"));
	return id;
}

static size_t
quarter_of_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (size_t)pages / 4 * (size_t)size : 64u << 20;
}

/* The folder of a SQLite store: made when asked, its lock taken. */
static enum hf_rc
open_folder(struct hf_store *s, const struct hf_store_config *c, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 64 * 1024};
	struct hf_sv lock, file;

	if (c->create && mkdir(c->data, 0700) != 0 && errno != EEXIST)
		return hf_fail(err, HF_FORBIDDEN, c->data,
			       "the data folder cannot be made: %s%s", strerror(errno),
			       errno == ENOENT ? "; make the folder it is in first"
					       : "");
	lock = hf_arena_printf(&arena, "%s/lock", c->data);
	file = hf_arena_printf(&arena, "%s/homefirst.db", c->data);
	if (!lock.p || !file.p) {
		hf_arena_free(&arena);
		return hf_fail(err, HF_TOO_LONG, NULL, "the data path is too long");
	}
	s->url = strndup(file.p, file.n);
	if (!c->read_only) {
		s->lock_fd = open(lock.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (s->lock_fd < 0 && errno == ENOENT) {
			hf_arena_free(&arena);
			return hf_fail(err, HF_NOT_FOUND, c->data,
				       "there is no store in this folder: run "
				       "`homefirst init --data %s` first",
				       c->data);
		}
	}
	hf_arena_free(&arena);
	if (!s->url)
		return hf_fail(err, HF_FULL, NULL, "out of memory");
	if (!c->read_only && s->lock_fd < 0)
		return hf_fail(err, HF_FORBIDDEN, c->data,
			       "this cannot be the folder of a store that is written "
			       "(%s): name the folder that homefirst init made, and "
			       "run as its owner",
			       strerror(errno));
	if (!c->read_only && flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return hf_fail(err, HF_BUSY, c->data,
			       "another homefirst is writing this store: stop it, or "
			       "work through its server");
	return HF_OK;
}

static enum hf_rc
get_setting(struct hf_db *db, const char *name, void *out, size_t size,
	    struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_SETTING_GET,
				    HF_ARGS(HF_TEXT(hf_sv_from(name))), &rows, err);
	bool ok = false;

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		struct hf_sv v = hf_rows_blob(&rows, 0);

		ok = v.n == size;
		if (ok)
			memcpy(out, v.p, size);
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !ok)
		return hf_fail(err, HF_FAULT, name,
			       "the store lacks its %s: it was not made by `homefirst "
			       "init`",
			       name);
	return rc;
}

/* The secret of the ids is made once, with the store. */
static enum hf_rc
add_settings(struct hf_db *db, struct hf_err *err)
{
	unsigned char key[16], tag[2];
	enum hf_rc rc;

	randombytes_buf(key, sizeof key);
	randombytes_buf(tag, sizeof tag);
	rc = hf_db_begin(db, true, err);
	if (rc != HF_OK)
		return rc;
	rc = hf_db_exec(db, HF_Q_RECORD_SETTING_ADD,
			HF_ARGS(HF_TEXT(HF_SV("id-key")),
				HF_BLOB(((struct hf_sv){(char *)key, sizeof key}))),
			NULL, err);
	if (rc == HF_OK)
		rc = hf_db_exec(
		    db, HF_Q_RECORD_SETTING_ADD,
		    HF_ARGS(HF_TEXT(HF_SV("id-tag")),
			    HF_BLOB(((struct hf_sv){(char *)tag, sizeof tag}))),
		    NULL, err);
	if (rc == HF_OK)
		return hf_db_commit(db, err);
	hf_db_rollback(db);
	return rc;
}

static enum hf_rc
read_tallies(struct hf_store *s, struct hf_db *db, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_TALLY_LIST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t type = hf_rows_int(&rows, 0);

		if (type >= 0 && type < HF_TYPES_MOST)
			s->tally[type] = hf_rows_int(&rows, 1);
	}
	return hf_rows_end(&rows, err);
}

/* One number, or 0 when there is no row. */
static enum hf_rc
one_number(struct hf_db *db, enum hf_query q, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, q, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	*out = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : 0;
	return hf_rows_end(&rows, err);
}

/* What a store knows about itself, read through its first connection. */
static enum hf_rc
load(struct hf_store *s, struct hf_db *db, bool create, struct hf_err *err)
{
	int64_t last = 0;
	int schema = 0;
	enum hf_rc rc = hf_db_schema(db, &schema, err);

	if (rc == HF_OK && schema == 0 && !create)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "this store is empty: run `homefirst init` first");
	if (rc == HF_OK && !s->read_only)
		rc = hf_db_migrate(db, NULL, NULL, err);
	else if (rc == HF_OK && schema != hf_db_schema_newest())
		rc = hf_fail(err, HF_RULE, NULL,
			     "the store has schema %d and this homefirst reads %d: "
			     "open it once for writing, or use the version that wrote "
			     "it",
			     schema, hf_db_schema_newest());
	if (rc == HF_OK && schema == 0 && !s->read_only)
		rc = add_settings(db, err);
	if (rc == HF_OK)
		rc = get_setting(db, "id-key", s->ids.key, sizeof s->ids.key, err);
	if (rc == HF_OK)
		rc = get_setting(db, "id-tag", &s->ids.tag, sizeof s->ids.tag, err);
	if (rc == HF_OK)
		rc = hf_dicts_load(&s->dicts, db, err);
	if (rc == HF_OK)
		rc = read_tallies(s, db, err);
	if (rc == HF_OK)
		rc = one_number(db, HF_Q_RECORD_SHELF_LAST, &last, err);
	s->next_shelf = last >= HF_SHELF_PERSON ? last + 1 : HF_SHELF_PERSON;
	if (rc == HF_OK)
		rc = one_number(db, HF_Q_RECORD_CHANGE_LAST, &last, err);
	s->committer.last_change = last;
	return rc;
}

enum hf_rc
hf_store_open(const struct hf_store_config *c, struct hf_store **out,
	      struct hf_err *err)
{
	struct hf_store *s = calloc(1, sizeof *s);
	size_t cache = c->cache_bytes ? c->cache_bytes : quarter_of_memory();
	struct hf_db_config first;
	struct hf_db *db = NULL;
	unsigned char name[16];
	enum hf_rc rc = HF_OK;

	if (!s)
		return hf_fail(err, HF_FULL, NULL, "out of memory");
	if (sodium_init() < 0) {
		free(s);
		return hf_fail(err, HF_FAULT, NULL, "libsodium does not start");
	}
	s->lock_fd = -1;
	s->read_only = c->read_only;
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->rights.lock, NULL);
	hf_claims_init(&s->claims);
	randombytes_buf(name, sizeof name);
	sodium_bin2hex(s->owner, sizeof s->owner, name, sizeof name);
	s->shelves = hf_shelves_new(cache / 4);
	s->standings = hf_standings_new(cache / 8);
	if (!s->shelves || !s->standings)
		rc = hf_fail(err, HF_FULL, NULL, "out of memory");
	else if (c->url)
		s->url = strdup(c->url);
	else if (c->data)
		rc = open_folder(s, c, err);
	else
		rc = hf_fail(err, HF_INVALID, NULL,
			     "name a store: --data DIR or --store postgresql://…");
	if (rc == HF_OK && !s->url)
		rc = hf_fail(err, HF_FULL, NULL, "out of memory");
	s->db = (struct hf_db_config){
	    .url = s->url, .read_only = true, .cache_bytes = cache / 8};
	first = s->db;
	first.read_only = c->read_only;
	first.create = c->create;
	if (rc == HF_OK)
		rc = hf_db_open(&first, &db, err);
	if (rc == HF_OK)
		rc = hf_sp_setup(err);
	if (rc == HF_OK)
		rc = hf_index_setup(err);
	if (rc == HF_OK)
		rc = load(s, db, c->create, err);
	s->committer.db = db;
	if (rc == HF_OK && !c->read_only)
		rc = hf_committer_start(s, err);
	if (rc != HF_OK) {
		hf_store_close(s);
		return rc;
	}
	*out = s;
	return HF_OK;
}

static void
reader_free(struct hf_reader *r)
{
	hf_db_close(r->db);
	ZSTD_freeCCtx(r->cctx);
	ZSTD_freeDCtx(r->dctx);
	hf_buf_free(&r->kept);
	free(r->sight);
	free(r);
}

void
hf_store_close(struct hf_store *s)
{
	if (!s)
		return;
	hf_standings_cool(s);
	hf_committer_stop(s);
	while (s->idle) {
		struct hf_reader *next = s->idle->next;

		reader_free(s->idle);
		s->idle = next;
	}
	hf_db_close(s->committer.db);
	hf_dicts_free(&s->dicts);
	hf_shelves_free(s->shelves);
	hf_standings_free(s->standings);
	hf_claims_free(&s->claims);
	hf_rights_keeper_free(&s->rights);
	pthread_mutex_destroy(&s->lock);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s->url);
	free(s);
}

enum hf_rc
hf_reader_get(struct hf_store *s, struct hf_reader **out, struct hf_err *err)
{
	struct hf_reader *r;
	enum hf_rc rc;

	pthread_mutex_lock(&s->lock);
	r = s->idle;
	if (r)
		s->idle = r->next;
	pthread_mutex_unlock(&s->lock);
	if (r) {
		*out = r;
		return HF_OK;
	}
	r = calloc(1, sizeof *r);
	if (!r)
		return hf_fail(err, HF_FULL, NULL, "out of memory");
	r->store = s;
	r->cctx = ZSTD_createCCtx();
	r->dctx = ZSTD_createDCtx();
	rc = r->cctx && r->dctx ? hf_db_open(&s->db, &r->db, err)
				: hf_fail(err, HF_FULL, NULL, "out of memory");
	if (rc != HF_OK) {
		reader_free(r);
		return rc;
	}
	*out = r;
	return HF_OK;
}

void
hf_reader_put(struct hf_reader *r)
{
	enum { SCRATCH_MOST = 4 * 1024 * 1024 };

	if (!r)
		return;
	if (r->begun)
		hf_reader_end(r);
	hf_reader_as(r, NULL);
	if (r->kept.size > SCRATCH_MOST)
		hf_buf_free(&r->kept);
	pthread_mutex_lock(&r->store->lock);
	r->next = r->store->idle;
	r->store->idle = r;
	pthread_mutex_unlock(&r->store->lock);
}

enum hf_rc
hf_reader_begin(struct hf_reader *r, struct hf_err *err)
{
	enum hf_rc rc;

	r->tick = hf_standings_tick(r->store->standings);
	rc = hf_db_begin(r->db, false, err);
	r->begun = rc == HF_OK;
	return rc;
}

void
hf_reader_end(struct hf_reader *r)
{
	hf_db_rollback(r->db);
	r->begun = false;
}

struct hf_sv
hf_store_id(struct hf_store *s, hf_rid rid, struct hf_arena *arena)
{
	char id[HF_ID_LEN];

	hf_ids_encode(&s->ids, rid, id);
	return hf_arena_sv(arena, (struct hf_sv){id, sizeof id});
}

hf_rid
hf_store_rid_of_id(struct hf_store *s, struct hf_sv id)
{
	return hf_ids_decode(&s->ids, id);
}

uint64_t
hf_store_batches(struct hf_store *s)
{
	return atomic_load(&s->batches);
}

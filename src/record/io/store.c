/* store.c - opening a store, its readers, and reading rows. */
#include "record/io/store_impl.h"

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
			       "the data folder cannot be made: %s", strerror(errno));
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
			       "the data folder cannot be written: %s",
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
	s->allow_live_numbers = c->allow_live_numbers;
	pthread_mutex_init(&s->lock, NULL);
	hf_claims_init(&s->claims);
	randombytes_buf(name, sizeof name);
	sodium_bin2hex(s->owner, sizeof s->owner, name, sizeof name);
	s->shelves = hf_shelves_new(cache / 4);
	if (!s->shelves)
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
	free(r);
}

void
hf_store_close(struct hf_store *s)
{
	if (!s)
		return;
	hf_committer_stop(s);
	while (s->idle) {
		struct hf_reader *next = s->idle->next;

		reader_free(s->idle);
		s->idle = next;
	}
	hf_db_close(s->committer.db);
	hf_dicts_free(&s->dicts);
	hf_shelves_free(s->shelves);
	hf_claims_free(&s->claims);
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
	enum hf_rc rc = hf_db_begin(r->db, false, err);

	r->begun = rc == HF_OK;
	return rc;
}

void
hf_reader_end(struct hf_reader *r)
{
	hf_db_rollback(r->db);
	r->begun = false;
}

enum hf_rc
hf_row_kept(struct hf_reader *r, const struct hf_row *row, struct hf_sv *kept,
	    struct hf_err *err)
{
	enum hf_rc rc;

	r->kept.n = 0;
	r->kept.failed = false;
	rc = hf_dicts_unpack(&r->store->dicts, r->dctx, row->dict, row->packed,
			     &r->kept, err);
	if (rc == HF_OK)
		*kept = hf_buf_view(&r->kept);
	return rc;
}

static enum hf_rc
damaged(struct hf_err *err, hf_rid rid)
{
	return hf_fail(err, HF_FAULT, NULL,
		       "resource %lld is damaged in the store: run `homefirst check`",
		       (long long)rid);
}

enum hf_rc
hf_row_version(struct hf_reader *r, const struct hf_row *row, struct hf_arena *arena,
	       struct hf_version *out, struct hf_err *err)
{
	char text[36], server[HF_ID_LEN];
	struct hf_version v = {.e = row->e, .at = HF_CHANGE_TIME(row->e.change)};
	struct hf_buf body = {0};
	struct hf_sv kept, id;
	enum hf_rc rc = hf_row_kept(r, row, &kept, err);
	size_t bound;

	if (rc != HF_OK)
		return rc;
	if (!hf_body_id(kept, text, &id))
		return damaged(err, row->e.rid);
	if (id.n == 0)
		id = row->id;
	if (id.n == 0) {
		hf_ids_encode(&r->store->ids, row->e.rid, server);
		id = (struct hf_sv){server, HF_ID_LEN};
	}
	v.id = hf_arena_sv(arena, id);
	if (row->e.deleted) {
		*out = v;
		return v.id.p ? HF_OK
			      : hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	}
	bound = hf_body_bound(kept.n);
	body.p = hf_arena_alloc(arena, bound);
	body.size = body.cap = bound;
	if (!v.id.p || !body.p)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the answer is larger than one request may use");
	if (!hf_body_unpack(kept, hf_sv_from(hf_type_get(row->e.type)->name), v.id,
			    row->e.version, v.at, &body))
		return damaged(err, row->e.rid);
	v.body = hf_buf_view(&body);
	/* Give back what the bound asked too much. */
	if (arena->at == body.p + ((bound + 15) & ~(size_t)15))
		arena->at = body.p + ((body.n + 15) & ~(size_t)15);
	*out = v;
	return HF_OK;
}

static void
read_entry(const struct hf_rows *rows, struct hf_entry *e)
{
	int64_t span;

	e->rid = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_RID);
	e->type = (hf_type_id)hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_TYPE);
	e->version = (uint32_t)hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_VERSION);
	e->change = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_CHANGE);
	e->deleted =
	    (hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_FLAGS) & HF_FLAG_DELETED) != 0;
	e->sig = (uint64_t)hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_SIG);
	e->lo = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_LO);
	span = hf_rows_int(rows, HF_C_RECORD_RES_ENTRY_SPAN);
	e->hi = span < 0 ? HF_TIME_MAX : e->lo + span;
}

/* Asks for the row of a rid; *found tells whether there is one.  The caller ends
 * rows when found. */
static enum hf_rc
ask(struct hf_reader *r, enum hf_query q, hf_rid rid, struct hf_rows *rows, bool *found,
    struct hf_err *err)
{
	enum hf_rc rc = hf_db_query(r->db, q, HF_ARGS(HF_INT(rid)), rows, err);

	*found = false;
	if (rc != HF_OK)
		return rc;
	*found = hf_rows_next(rows);
	return *found ? HF_OK : hf_rows_end(rows, err);
}

/* A row borrowed from rows: the packed body is good until hf_rows_end(). */
static void
borrow_row(const struct hf_rows *rows, struct hf_row *row)
{
	*row = (struct hf_row){0};
	read_entry(rows, &row->e);
	row->dict = hf_rows_int(rows, HF_C_RECORD_RES_GET_DICT);
	row->packed = hf_rows_blob(rows, HF_C_RECORD_RES_GET_BODY);
}

enum hf_rc
hf_row_get(struct hf_reader *r, hf_rid rid, struct hf_arena *arena, struct hf_row *out,
	   struct hf_err *err)
{
	struct hf_rows rows;
	bool found;
	enum hf_rc rc = ask(r, HF_Q_RECORD_RES_GET, rid, &rows, &found, err);

	if (rc != HF_OK)
		return rc;
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such resource");
	borrow_row(&rows, out);
	out->packed = hf_arena_sv(arena, out->packed);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !out->packed.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	return rc;
}

/* Follows the forwarding of a rid that has no row; 0 when there is none. */
static enum hf_rc
follow(struct hf_reader *r, hf_rid rid, hf_rid *out, struct hf_err *err)
{
	struct hf_rows rows;
	bool found;
	enum hf_rc rc = ask(r, HF_Q_RECORD_FORWARD_GET, rid, &rows, &found, err);

	*out = 0;
	if (rc != HF_OK || !found)
		return rc;
	*out = hf_rows_int(&rows, 0);
	return hf_rows_end(&rows, err);
}

/* Does a row carry this id? */
static enum hf_rc
carries_id(struct hf_reader *r, const struct hf_row *row, struct hf_sv want,
	   bool *match, struct hf_err *err)
{
	char text[36], server[HF_ID_LEN];
	struct hf_sv kept, id;
	enum hf_rc rc = hf_row_kept(r, row, &kept, err);

	if (rc != HF_OK)
		return rc;
	if (!hf_body_id(kept, text, &id))
		return damaged(err, row->e.rid);
	if (id.n == 0) {
		hf_ids_encode(&r->store->ids, row->e.rid, server);
		id = (struct hf_sv){server, HF_ID_LEN};
	}
	*match = want.n == 0 || hf_sv_eq(id, want);
	return HF_OK;
}

/* Reads the newest version at rid.  want n > 0: only when its id is want and its
 * type is type; *match tells.  Without arena only out->e is read. */
static enum hf_rc
read_at(struct hf_reader *r, hf_rid rid, hf_type_id type, struct hf_sv want,
	struct hf_arena *arena, struct hf_version *out, bool *match, struct hf_err *err)
{
	struct hf_rows rows;
	struct hf_row row;
	bool found;
	enum hf_rc rc = ask(r, HF_Q_RECORD_RES_GET, rid, &rows, &found, err), end;

	*match = false;
	if (rc != HF_OK || !found)
		return rc;
	borrow_row(&rows, &row);
	if (type && row.e.type != type) {
		/* another resource stands there */
	} else if (!arena) {
		out->e = row.e;
		rc = carries_id(r, &row, want, match, err);
	} else {
		rc = hf_row_version(r, &row, arena, out, err);
		*match = rc == HF_OK && (want.n == 0 || hf_sv_eq(out->id, want));
	}
	end = hf_rows_end(&rows, err);
	return rc != HF_OK ? rc : end;
}

/* The version behind an id, whichever way the id leads to it. */
static enum hf_rc
read_by_id(struct hf_reader *r, hf_type_id type, struct hf_sv id,
	   struct hf_arena *arena, struct hf_version *out, bool *match,
	   struct hf_err *err)
{
	hf_rid rid = hf_ids_decode(&r->store->ids, id);
	enum { MOST = 8 };
	hf_rid rids[MOST];
	size_t n = 0;
	struct hf_rows rows;
	enum hf_rc rc = HF_OK;

	*match = false;
	if (rid) {
		rc = read_at(r, rid, type, id, arena, out, match, err);
		if (rc != HF_OK || *match)
			return rc;
		rc = follow(r, rid, &rid, err);
		if (rc == HF_OK && rid)
			/* The id is that of the place it stood at first. */
			rc = read_at(r, rid, type, (struct hf_sv){0}, arena, out, match,
				     err);
		if (rc != HF_OK || *match)
			return rc;
	}
	rc = hf_db_query(r->db, HF_Q_RECORD_IDMAP_GET,
			 HF_ARGS(HF_INT(hf_ids_hash(&r->store->ids, type, id))), &rows,
			 err);
	if (rc != HF_OK)
		return rc;
	while (n < MOST && hf_rows_next(&rows))
		rids[n++] = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; rc == HF_OK && i < n && !*match; i++)
		rc = read_at(r, rids[i], type, id, arena, out, match, err);
	return rc;
}

static enum hf_rc
unknown(struct hf_err *err, struct hf_sv type, struct hf_sv id)
{
	return hf_fail(err, HF_NOT_FOUND, NULL, "there is no %.*s/%.*s",
		       HF_SV_ARG(type), (int)(id.n < 64 ? id.n : 64), id.p);
}

/* An older version, or the newest when it is that one. */
static enum hf_rc
read_version(struct hf_reader *r, uint32_t version, struct hf_arena *arena,
	     struct hf_version *v, struct hf_err *err)
{
	struct hf_row row = {.e = v->e, .id = v->id};
	struct hf_rows rows;
	enum hf_rc rc, end;

	if (version == 0 || version == v->e.version)
		return HF_OK;
	rc = hf_db_query(r->db, HF_Q_RECORD_HIST_GET,
			 HF_ARGS(HF_INT(v->e.rid), HF_INT(version)), &rows, err);
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		row.e.version = version;
		row.e.change = hf_rows_int(&rows, HF_C_RECORD_HIST_GET_CHANGE);
		row.e.deleted = (hf_rows_int(&rows, HF_C_RECORD_HIST_GET_FLAGS) &
				 HF_FLAG_DELETED) != 0;
		row.dict = hf_rows_int(&rows, HF_C_RECORD_HIST_GET_DICT);
		row.packed = hf_rows_blob(&rows, HF_C_RECORD_HIST_GET_BODY);
		rc = hf_row_version(r, &row, arena, v, err);
	} else {
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "there is no version %u of it; the newest is %u", version,
			     v->e.version);
	}
	end = hf_rows_end(&rows, err);
	return rc != HF_OK ? rc : end;
}

static enum hf_rc
gone(struct hf_err *err, const struct hf_version *v)
{
	return hf_fail(err, HF_GONE, NULL, "version %u of it says that it was deleted",
		       v->e.version);
}

enum hf_rc
hf_store_read(struct hf_reader *r, struct hf_sv type, struct hf_sv id, uint32_t version,
	      struct hf_arena *arena, struct hf_version *out, struct hf_err *err)
{
	hf_type_id t = hf_resource_find(type);
	bool match = false;
	struct hf_version v;
	enum hf_rc rc;

	if (t == 0)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "R4 has no resource type of this name");
	rc = read_by_id(r, t, id, arena, &v, &match, err);
	if (rc == HF_OK && !match)
		return unknown(err, type, id);
	if (rc == HF_OK)
		rc = read_version(r, version, arena, &v, err);
	if (rc != HF_OK)
		return rc;
	*out = v;
	return v.e.deleted ? gone(err, &v) : HF_OK;
}

enum hf_rc
hf_store_read_rid(struct hf_reader *r, hf_rid rid, uint32_t version,
		  struct hf_arena *arena, struct hf_version *out, struct hf_err *err)
{
	struct hf_sv any = {0};
	bool match;
	struct hf_version v;
	enum hf_rc rc = read_at(r, rid, 0, any, arena, &v, &match, err);

	if (rc == HF_OK && !match) {
		rc = follow(r, rid, &rid, err);
		if (rc == HF_OK && rid)
			rc = read_at(r, rid, 0, any, arena, &v, &match, err);
	}
	if (rc == HF_OK && !match)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such resource");
	if (rc == HF_OK)
		rc = read_version(r, version, arena, &v, err);
	if (rc != HF_OK)
		return rc;
	*out = v;
	return v.e.deleted ? gone(err, &v) : HF_OK;
}

enum hf_rc
hf_store_locate(struct hf_reader *r, hf_type_id type, struct hf_sv id, hf_rid *rid,
		struct hf_err *err)
{
	struct hf_version v;
	bool match;
	enum hf_rc rc = read_by_id(r, type, id, NULL, &v, &match, err);

	*rid = rc == HF_OK && match ? v.e.rid : 0;
	return rc;
}

enum hf_rc
hf_store_awaited(struct hf_reader *r, int64_t id_hash, hf_rid *rid, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_IDMAP_GET,
				    HF_ARGS(HF_INT(id_hash)), &rows, err);
	hf_rid first = 0;

	*rid = 0;
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		first = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && first) {
		bool found;

		rc = ask(r, HF_Q_RECORD_RES_ENTRY, first, &rows, &found, err);
		if (rc == HF_OK && found)
			return hf_rows_end(&rows, err);
		*rid = first;
	}
	return rc;
}

enum hf_rc
hf_store_find(struct hf_reader *r, hf_type_id type, struct hf_sv id,
	      struct hf_entry *out, struct hf_err *err)
{
	struct hf_version v;
	bool match;
	enum hf_rc rc = read_by_id(r, type, id, NULL, &v, &match, err);

	if (rc == HF_OK && !match)
		return unknown(err, hf_sv_from(hf_type_get(type)->name), id);
	if (rc == HF_OK)
		*out = v.e;
	return rc;
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

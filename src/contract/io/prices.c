/* prices.c - price lists in folders and in the store. */
#include "contract/io/prices.h"

#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>

#include "base/issue.h"
#include "record/io/desk.h"

/* ---- folders ---- */

static enum hf_rc
read_file(const char *path, struct hf_arena *arena, struct hf_sv *out,
	  struct hf_err *err)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	char *p = NULL;
	enum hf_rc rc = HF_OK;

	if (!f)
		return hf_fail(err, errno == ENOENT ? HF_NOT_FOUND : HF_FORBIDDEN, path,
			       "%s", strerror(errno));
	if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode))
		rc = hf_fail(err, HF_FORBIDDEN, path, "it is no file");
	else if (st.st_size > HF_CT_FILE_MOST)
		rc = hf_fail(err, HF_TOO_LONG, path, "it is larger than %d bytes",
			     HF_CT_FILE_MOST);
	else if (!(p = hf_arena_alloc(arena, (size_t)st.st_size + 1)))
		rc = hf_fail(err, HF_TOO_LONG, path, "no memory for it");
	else
		*out = (struct hf_sv){p, fread(p, 1, (size_t)st.st_size, f)};
	if (rc == HF_OK && ferror(f))
		rc = hf_fail(err, HF_FORBIDDEN, path, "it cannot be read");
	fclose(f);
	return rc;
}

enum hf_rc
hf_ct_prices_folder(const char *path, struct hf_arena *arena,
		    struct hf_ct_file files[HF_CT_FILES], size_t *n, struct hf_err *err)
{
	*n = 0;
	for (int t = -1; t < HF_CT_TABLES; t++) {
		const char *name =
		    t < 0 ? "list.csv" : hf_ct_table_file((enum hf_ct_table_name)t);
		char whole[4096];
		enum hf_rc rc;

		if ((size_t)snprintf(whole, sizeof whole, "%s/%s", path, name) >=
		    sizeof whole)
			return hf_fail(err, HF_TOO_LONG, NULL, "the path is too long");
		rc = read_file(whole, arena, &files[*n].text, err);
		if (rc == HF_NOT_FOUND && t >= 0)
			continue; /* the reader says which has to be there */
		if (rc != HF_OK)
			return rc;
		files[(*n)++].name = hf_sv_from(name);
	}
	return HF_OK;
}

static void
sha_part(crypto_hash_sha256_state *state, struct hf_sv s)
{
	unsigned char size[8];

	for (size_t i = 0; i < sizeof size; i++)
		size[i] = (unsigned char)((uint64_t)s.n >> (8 * i));
	crypto_hash_sha256_update(state, size, sizeof size);
	crypto_hash_sha256_update(state, (const unsigned char *)s.p, s.n);
}

void
hf_ct_prices_sha(const struct hf_ct_file *files, size_t n, char out[HF_CT_SHA_TEXT])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	const struct hf_ct_file *last = NULL;
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	for (size_t done = 0; done < n; done++) {
		const struct hf_ct_file *next = NULL;

		for (size_t i = 0; i < n; i++)
			if ((!last || hf_sv_cmp(files[i].name, last->name) > 0) &&
			    (!next || hf_sv_cmp(files[i].name, next->name) < 0))
				next = &files[i];
		assert(next); /* names differ */
		sha_part(&state, next->name);
		sha_part(&state, next->text);
		last = next;
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(out, HF_CT_SHA_TEXT, hash, sizeof hash);
}

/* ---- the store ---- */

static enum hf_rc
load_one(struct hf_db *db, const struct hf_ct_price_version *kept,
	 struct hf_arena *arena, struct hf_ct_list **out, struct hf_err *err)
{
	struct hf_issues issues = {.arena = arena};
	char sha[HF_CT_SHA_TEXT];
	struct hf_ct_file files[HF_CT_FILES];
	struct hf_rows rows;
	size_t n = 0;
	enum hf_rc rc = hf_db_query(db, HF_Q_CONTRACT_PRICE_FILES,
				    HF_ARGS(HF_TEXT(kept->id)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (n < HF_CT_FILES && hf_rows_next(&rows)) {
		files[n].name = hf_arena_sv(
		    arena, hf_rows_text(&rows, HF_C_CONTRACT_PRICE_FILES_NAME));
		files[n].text = hf_arena_sv(
		    arena, hf_rows_blob(&rows, HF_C_CONTRACT_PRICE_FILES_BODY));
		n++;
	}
	rc = hf_rows_end(&rows, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (!files[i].name.p || !files[i].text.p)
			rc = hf_fail(err, HF_TOO_LONG, NULL,
				     "no memory for the price lists");
	if (rc != HF_OK)
		return rc;
	hf_ct_prices_sha(files, n, sha);
	if (!hf_sv_eq(kept->sha, hf_sv_from(sha)))
		return hf_fail(err, HF_FAULT, NULL,
			       "price list %.*s of the store is not as it was imported",
			       HF_SV_ARG(kept->id));
	if (hf_ct_list_read(files, n, arena, &issues, out, NULL) != HF_OK)
		return hf_fail(err, HF_FAULT, NULL,
			       "price list %.*s of the store cannot be read",
			       HF_SV_ARG(kept->id));
	return HF_OK;
}

static enum hf_rc
rows_of(struct hf_db *db, struct hf_arena *arena, struct hf_ct_price_version *out,
	size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_CONTRACT_PRICE_LISTS, NULL, &rows, err);

	*n = 0;
	if (rc != HF_OK)
		return rc;
	while (*n < HF_CT_LISTS_MOST && hf_rows_next(&rows)) {
		struct hf_ct_price_version *v = &out[*n];

		v->id = hf_arena_sv(arena,
				    hf_rows_text(&rows, HF_C_CONTRACT_PRICE_LISTS_ID));
		v->supersedes = hf_arena_sv(
		    arena, hf_rows_text(&rows, HF_C_CONTRACT_PRICE_LISTS_SUPERSEDES));
		v->sha = hf_arena_sv(
		    arena, hf_rows_text(&rows, HF_C_CONTRACT_PRICE_LISTS_SHA));
		v->from =
		    (int32_t)hf_rows_int(&rows, HF_C_CONTRACT_PRICE_LISTS_DAY_FROM);
		v->to = (int32_t)hf_rows_int(&rows, HF_C_CONTRACT_PRICE_LISTS_DAY_TO);
		v->at = hf_rows_int(&rows, HF_C_CONTRACT_PRICE_LISTS_AT);
		if (!v->id.p || !v->supersedes.p || !v->sha.p)
			rc = hf_fail(err, HF_TOO_LONG, NULL,
				     "no memory for the price lists");
		++*n;
	}
	if (rc != HF_OK) {
		hf_rows_end(&rows, NULL);
		return rc;
	}
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_ct_prices_book(struct hf_db *db, struct hf_arena *arena,
		  struct hf_ct_price_book *out, struct hf_err *err)
{
	struct hf_ct_price_version ids[HF_CT_LISTS_MOST];
	struct hf_ct_list *list;
	enum hf_rc rc = HF_OK;
	size_t n = 0;

	*out = (struct hf_ct_price_book){0};
	if (db)
		rc = rows_of(db, arena, ids, &n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		rc = load_one(db, &ids[i], arena, &list, err);
		if (rc == HF_OK)
			rc = hf_ct_price_book_add(out, list, err);
	}
	if (rc != HF_OK || out->n)
		return rc;
	rc = hf_ct_list_builtin(arena, &list, err);
	return rc == HF_OK ? hf_ct_price_book_add(out, list, err) : rc;
}

enum hf_rc
hf_ct_prices_versions(struct hf_db *db, struct hf_arena *arena,
		      struct hf_ct_price_version *out, size_t *n, struct hf_err *err)
{
	struct hf_ct_file files[HF_CT_FILES];
	char sha[HF_CT_SHA_TEXT];
	struct hf_ct_list *list;
	enum hf_rc rc = rows_of(db, arena, out, n, err);

	if (rc != HF_OK || *n)
		return rc;
	rc = hf_ct_list_builtin(arena, &list, err);
	if (rc != HF_OK)
		return rc;
	assert(hf_n_prices_ill_builtin <= HF_CT_FILES);
	for (size_t i = 0; i < hf_n_prices_ill_builtin; i++)
		files[i] =
		    (struct hf_ct_file){hf_sv_from(hf_prices_ill_builtin[i].name),
					hf_prices_ill_builtin[i].text};
	hf_ct_prices_sha(files, hf_n_prices_ill_builtin, sha);
	out[(*n)++] =
	    (struct hf_ct_price_version){.id = list->id,
					 .supersedes = list->supersedes,
					 .sha = hf_arena_sv(arena, hf_sv_from(sha)),
					 .from = list->from,
					 .to = list->to};
	return HF_OK;
}

enum hf_rc
hf_ct_prices_one(struct hf_db *db, struct hf_arena *arena,
		 const struct hf_ct_price_version *version, struct hf_ct_list **out,
		 struct hf_err *err)
{
	return version->at ? load_one(db, version, arena, out, err)
			   : hf_ct_list_builtin(arena, out, err);
}

const struct hf_ct_price_version *
hf_ct_prices_find(const struct hf_ct_price_version *versions, size_t n, struct hf_sv id)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(versions[i].id, id))
			return &versions[i];
	return NULL;
}

/* A book of what versions say of themselves, without rows; lists holds it. */
static void
as_book(const struct hf_ct_price_version *versions, size_t n,
	struct hf_ct_list lists[HF_CT_LISTS_MOST], struct hf_ct_price_book *book)
{
	*book = (struct hf_ct_price_book){0};
	for (size_t i = 0; i < n && i < HF_CT_LISTS_MOST; i++) {
		lists[i] = (struct hf_ct_list){.id = versions[i].id,
					       .supersedes = versions[i].supersedes,
					       .from = versions[i].from,
					       .to = versions[i].to};
		book->lists[book->n++] = &lists[i];
	}
}

enum hf_rc
hf_ct_prices_fit(const struct hf_ct_price_version *versions, size_t n,
		 const struct hf_ct_list *list, struct hf_err *err)
{
	struct hf_ct_list lists[HF_CT_LISTS_MOST];
	struct hf_ct_price_book book;

	as_book(versions, n, lists, &book);
	return hf_ct_price_book_add(&book, list, err);
}

const struct hf_ct_price_version *
hf_ct_prices_on(const struct hf_ct_price_version *versions, size_t n, int32_t day)
{
	struct hf_ct_list lists[HF_CT_LISTS_MOST];
	struct hf_ct_price_book book;
	int at;

	as_book(versions, n, lists, &book);
	at = hf_ct_price_book_on(&book, day);
	return at < 0 ? NULL : &versions[at];
}

struct keep {
	const struct hf_ct_list *list;
	const struct hf_ct_file *files;
	size_t n;
	char sha[HF_CT_SHA_TEXT];
};

/* The same test as the book's, by what the rows say: nothing has to be parsed while
 * everybody's changes wait. */
static enum hf_rc
fits(const struct keep *k, struct hf_db *db, struct hf_err *err)
{
	struct hf_ct_price_version versions[HF_CT_LISTS_MOST];
	struct hf_arena arena = {.cap = 1 << 20};
	size_t n;
	enum hf_rc rc = rows_of(db, &arena, versions, &n, err);

	if (rc == HF_OK)
		rc = hf_ct_prices_fit(versions, n, k->list, err);
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
write_list(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct keep *k = ctx;
	const struct hf_ct_list *l = k->list;
	enum hf_rc rc = fits(k, db, err);

	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_CONTRACT_PRICE_LIST_ADD,
				HF_ARGS(HF_TEXT(l->id), HF_TEXT(l->supersedes),
					HF_INT(l->from), HF_INT(l->to),
					HF_TEXT(hf_sv_from(k->sha)), HF_INT(at),
					HF_INT(change)),
				NULL, err);
	for (size_t i = 0; rc == HF_OK && i < k->n; i++)
		rc = hf_db_exec(db, HF_Q_CONTRACT_PRICE_FILE_ADD,
				HF_ARGS(HF_TEXT(l->id), HF_TEXT(k->files[i].name),
					HF_BLOB(k->files[i].text)),
				NULL, err);
	return rc;
}

enum hf_rc
hf_ct_prices_keep(struct hf_store *store, struct hf_sv actor, struct hf_sv purpose,
		  struct hf_sv trace, const struct hf_ct_list *list,
		  const struct hf_ct_file *files, size_t n, struct hf_err *err)
{
	struct keep k = {.list = list, .files = files, .n = n};
	char what[100];
	struct hf_desk_job job = {.actor = actor,
				  .purpose = purpose,
				  .trace = trace,
				  .write = write_list,
				  .ctx = &k,
				  .apart = true};

	hf_ct_prices_sha(files, n, k.sha);
	snprintf(what, sizeof what, "prices import %.*s", HF_SV_ARG(list->id));
	job.what = hf_sv_from(what);
	return hf_store_desk(store, &job, err);
}

/* copy.c - see copy.h.
 *
 * Stream: "homefirst rows 1\n", the schema as u32; for each table 'T', its name and
 * columns as short strings; batches 'R', number of rows and of bytes as u32 and the
 * rows, value by value: 'n' for null, 'i' and eight bytes, 't' or 'b', a u32 length
 * and bytes; 'E' and the number of rows of the table as u64; after the last table
 * 'Z'.  Numbers are little-endian. */
#include "record/io/copy.h"

#include <endian.h>

#include "base/buf.h"
#include "db/table.h"

enum {
	BATCH_BYTES = 256 * 1024,
	VALUE_MOST = HF_DB_VALUE_MAX,
	KEYS_MOST = 4,
	COLUMNS_MOST = 24,
	/* Rows asked for in one step; those with bodies lie in memory. */
	ROWS = 20000,
	WIDE_ROWS = 1000,
	BULK_ROWS = 64, /* bodies of hundreds of kilobytes */
	ROWS_A_TRANSACTION = 20000
};

static const char stream_magic[] = "homefirst rows 1\n";

/* A table is what its two queries say: the key is what comes before :limit in the
 * one, the columns are what it gives, and the other takes the same. */
static const struct table {
	const char *name;
	enum hf_query copy, load;
	int step; /* rows asked for at a time */
} tables[] = {
    {"setting", HF_Q_RECORD_COPY_SETTING, HF_Q_RECORD_LOAD_SETTING, WIDE_ROWS},
    {"zdict", HF_Q_RECORD_COPY_ZDICT, HF_Q_RECORD_LOAD_ZDICT, WIDE_ROWS},
    {"shelf", HF_Q_RECORD_COPY_SHELF, HF_Q_RECORD_LOAD_SHELF, ROWS},
    {"change", HF_Q_RECORD_COPY_CHANGE, HF_Q_RECORD_LOAD_CHANGE, WIDE_ROWS},
    {"res", HF_Q_RECORD_COPY_RES, HF_Q_RECORD_LOAD_RES, WIDE_ROWS},
    {"hist", HF_Q_RECORD_COPY_HIST, HF_Q_RECORD_LOAD_HIST, WIDE_ROWS},
    {"idmap", HF_Q_RECORD_COPY_IDMAP, HF_Q_RECORD_LOAD_IDMAP, ROWS},
    {"ix", HF_Q_RECORD_COPY_IX, HF_Q_RECORD_LOAD_IX, ROWS},
    {"link", HF_Q_RECORD_COPY_LINK, HF_Q_RECORD_LOAD_LINK, ROWS},
    {"match_weights", HF_Q_RECORD_COPY_MATCH_WEIGHTS, HF_Q_RECORD_LOAD_MATCH_WEIGHTS,
     WIDE_ROWS},
    {"review", HF_Q_RECORD_COPY_REVIEW, HF_Q_RECORD_LOAD_REVIEW, ROWS},
    {"mention", HF_Q_RECORD_COPY_MENTION, HF_Q_RECORD_LOAD_MENTION, ROWS},
    {"forward", HF_Q_RECORD_COPY_FORWARD, HF_Q_RECORD_LOAD_FORWARD, ROWS},
    {"glass", HF_Q_RECORD_COPY_GLASS, HF_Q_RECORD_LOAD_GLASS, ROWS},
    {"notice", HF_Q_RECORD_COPY_NOTICE, HF_Q_RECORD_LOAD_NOTICE, ROWS},
    {"tally", HF_Q_RECORD_COPY_TALLY, HF_Q_RECORD_LOAD_TALLY, ROWS},
    {"account", HF_Q_RECORD_COPY_ACCOUNT, HF_Q_RECORD_LOAD_ACCOUNT, ROWS},
    {"account_role", HF_Q_RECORD_COPY_ACCOUNT_ROLE, HF_Q_RECORD_LOAD_ACCOUNT_ROLE,
     ROWS},
    {"client", HF_Q_RECORD_COPY_CLIENT, HF_Q_RECORD_LOAD_CLIENT, ROWS},
    {"agreement", HF_Q_RECORD_COPY_AGREEMENT, HF_Q_RECORD_LOAD_AGREEMENT, ROWS},
    {"suspension", HF_Q_RECORD_COPY_SUSPENSION, HF_Q_RECORD_LOAD_SUSPENSION, ROWS},
    {"delegation", HF_Q_RECORD_COPY_DELEGATION, HF_Q_RECORD_LOAD_DELEGATION, ROWS},
    {"proxy", HF_Q_RECORD_COPY_PROXY, HF_Q_RECORD_LOAD_PROXY, ROWS},
    {"hub_call", HF_Q_RECORD_COPY_HUB_CALL, HF_Q_RECORD_LOAD_HUB_CALL, ROWS},
    {"ndo", HF_Q_RECORD_COPY_NDO, HF_Q_RECORD_LOAD_NDO, ROWS},
    {"ndo_list", HF_Q_RECORD_COPY_NDO_LIST, HF_Q_RECORD_LOAD_NDO_LIST, WIDE_ROWS},
    {"ct_input", HF_Q_RECORD_COPY_CT_INPUT, HF_Q_RECORD_LOAD_CT_INPUT, ROWS},
    {"ct_event", HF_Q_RECORD_COPY_CT_EVENT, HF_Q_RECORD_LOAD_CT_EVENT, WIDE_ROWS},
    {"ct_entry", HF_Q_RECORD_COPY_CT_ENTRY, HF_Q_RECORD_LOAD_CT_ENTRY, ROWS},
    {"ct_leg", HF_Q_RECORD_COPY_CT_LEG, HF_Q_RECORD_LOAD_CT_LEG, ROWS},
    {"ct_lock", HF_Q_RECORD_COPY_CT_LOCK, HF_Q_RECORD_LOAD_CT_LOCK, ROWS},
    {"ct_statement", HF_Q_RECORD_COPY_CT_STATEMENT, HF_Q_RECORD_LOAD_CT_STATEMENT,
     WIDE_ROWS},
    {"ct_signature", HF_Q_RECORD_COPY_CT_SIGNATURE, HF_Q_RECORD_LOAD_CT_SIGNATURE,
     ROWS},
    {"pop_feed", HF_Q_RECORD_COPY_POP_FEED, HF_Q_RECORD_LOAD_POP_FEED, WIDE_ROWS},
    {"pop_chunk", HF_Q_RECORD_COPY_POP_CHUNK, HF_Q_RECORD_LOAD_POP_CHUNK, BULK_ROWS},
    {"pop_person", HF_Q_RECORD_COPY_POP_PERSON, HF_Q_RECORD_LOAD_POP_PERSON, BULK_ROWS},
    {"pop_code", HF_Q_RECORD_COPY_POP_CODE, HF_Q_RECORD_LOAD_POP_CODE, ROWS},
    {"pop_record", HF_Q_RECORD_COPY_POP_RECORD, HF_Q_RECORD_LOAD_POP_RECORD, WIDE_ROWS},
    {"ct_price_list", HF_Q_RECORD_COPY_CT_PRICE_LIST, HF_Q_RECORD_LOAD_CT_PRICE_LIST,
     WIDE_ROWS},
    {"ct_price_file", HF_Q_RECORD_COPY_CT_PRICE_FILE, HF_Q_RECORD_LOAD_CT_PRICE_FILE,
     BULK_ROWS},
    {"need_list", HF_Q_RECORD_COPY_NEED_LIST, HF_Q_RECORD_LOAD_NEED_LIST, ROWS},
    {"need_person", HF_Q_RECORD_COPY_NEED_PERSON, HF_Q_RECORD_LOAD_NEED_PERSON, ROWS},
    {"need_answer", HF_Q_RECORD_COPY_NEED_ANSWER, HF_Q_RECORD_LOAD_NEED_ANSWER, ROWS},
    {"need_version", HF_Q_RECORD_COPY_NEED_VERSION, HF_Q_RECORD_LOAD_NEED_VERSION,
     ROWS},
    {"need_moved", HF_Q_RECORD_COPY_NEED_MOVED, HF_Q_RECORD_LOAD_NEED_MOVED, ROWS},
    {"pop_quality", HF_Q_RECORD_COPY_POP_QUALITY, HF_Q_RECORD_LOAD_POP_QUALITY, ROWS},
    {"pop_mark", HF_Q_RECORD_COPY_POP_MARK, HF_Q_RECORD_LOAD_POP_MARK, ROWS},
    {"pop_comment", HF_Q_RECORD_COPY_POP_COMMENT, HF_Q_RECORD_LOAD_POP_COMMENT, ROWS},
    {"bench_feed", HF_Q_RECORD_COPY_BENCH_FEED, HF_Q_RECORD_LOAD_BENCH_FEED, WIDE_ROWS},
    {"bench_row", HF_Q_RECORD_COPY_BENCH_ROW, HF_Q_RECORD_LOAD_BENCH_ROW, ROWS},
    {"ref_list", HF_Q_RECORD_COPY_REF_LIST, HF_Q_RECORD_LOAD_REF_LIST, BULK_ROWS},
};

/* hf_migration is made by migrating; a lease is of a process, not of a store; nobody
 * is signed in to a store that was made of a backup, and what somebody was typing then
 * is sealed for the key of that place. */
const char *const hf_copy_left_out[] = {"hf_migration", "lease", "session",
					"refresh",	"draft", NULL};

bool
hf_copy_has(struct hf_sv table, struct hf_sv column)
{
	for (size_t t = 0; t < HF_COUNT(tables); t++) {
		const struct hf_query_def *def = &hf_queries[tables[t].copy];

		if (!hf_sv_eq(table, hf_sv_from(tables[t].name)))
			continue;
		for (int c = 0; c < def->n_out; c++)
			if (hf_sv_eq(column, hf_sv_from(def->out[c].name)))
				return true;
	}
	return false;
}

static void
put_u32(struct hf_buf *b, uint32_t v)
{
	uint32_t le = htole32(v);

	hf_buf_add(b, &le, sizeof le);
}

static void
put_u64(struct hf_buf *b, uint64_t v)
{
	uint64_t le = htole64(v);

	hf_buf_add(b, &le, sizeof le);
}

static void
put_short(struct hf_buf *b, const char *s)
{
	hf_buf_char(b, (char)strlen(s));
	hf_buf_add(b, s, strlen(s));
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

static void
tell(const struct hf_copy_progress *progress, struct hf_vault *v,
     struct hf_copy_report *report)
{
	report->bytes = hf_vault_bytes(v);
	if (progress && progress->step)
		progress->step(progress->ctx, report);
}

/* ---- out ---- */

struct outward {
	struct hf_db *db;
	struct hf_vault *v;
	const struct hf_query_def *def;
	struct hf_buf batch;
	uint32_t rows;		      /* in the batch */
	struct hf_arg key[KEYS_MOST]; /* of the last row */
	struct hf_buf key_text;
	uint64_t total;
	struct hf_err *err;
};

static enum hf_rc
flush(struct outward *o)
{
	struct hf_buf head = {0};
	enum hf_rc rc;

	if (o->rows == 0)
		return HF_OK;
	hf_buf_char(&head, 'R');
	put_u32(&head, o->rows);
	put_u32(&head, (uint32_t)o->batch.n);
	if (head.failed || o->batch.failed) {
		hf_buf_free(&head);
		return no_memory(o->err);
	}
	rc = hf_vault_write(o->v, head.p, head.n, o->err);
	hf_buf_free(&head);
	if (rc == HF_OK)
		rc = hf_vault_write(o->v, o->batch.p, o->batch.n, o->err);
	o->batch.n = 0;
	o->rows = 0;
	return rc;
}

static void
put_value(struct hf_buf *b, const struct hf_rows *rows, int c, enum hf_arg_kind kind)
{
	struct hf_sv s;

	if (hf_rows_null(rows, c)) {
		hf_buf_char(b, 'n');
	} else if (kind == HF_ARG_INT) {
		hf_buf_char(b, 'i');
		put_u64(b, (uint64_t)hf_rows_int(rows, c));
	} else {
		s = kind == HF_ARG_TEXT ? hf_rows_text(rows, c) : hf_rows_blob(rows, c);
		hf_buf_char(b, kind == HF_ARG_TEXT ? 't' : 'b');
		put_u32(b, (uint32_t)s.n);
		hf_buf_sv(b, s);
	}
}

/* Remembers the key of a row, to go on after it. */
static void
keep_key(struct outward *o, const struct hf_rows *rows)
{
	o->key_text.n = 0;
	for (int k = 0; k < o->def->n_in - 1; k++) {
		int c = 0;

		while (strcmp(o->def->out[c].name, o->def->in[k].name) != 0)
			c++;
		if (o->def->in[k].kind == HF_ARG_INT) {
			o->key[k] = HF_INT(hf_rows_int(rows, c));
		} else {
			hf_buf_sv(&o->key_text, hf_rows_text(rows, c));
			o->key[k] = HF_TEXT(hf_buf_view(&o->key_text));
		}
	}
}

/* One step: rows after the key; *n is how many there were. */
static enum hf_rc
copy_step(struct outward *o, const struct table *t, int64_t limit, int64_t *n)
{
	struct hf_arg args[KEYS_MOST + 1];
	struct hf_rows rows;
	enum hf_rc end, rc;

	memcpy(args, o->key, sizeof o->key);
	args[o->def->n_in - 1] = HF_INT(limit);
	rc = hf_db_query(o->db, t->copy, args, &rows, o->err);
	if (rc != HF_OK)
		return rc;
	for (*n = 0; rc == HF_OK && hf_rows_next(&rows); ++*n) {
		for (int c = 0; c < o->def->n_out; c++)
			put_value(&o->batch, &rows, c, o->def->out[c].kind);
		o->rows++;
		if (*n + 1 == limit)
			keep_key(o, &rows);
		if (o->batch.n >= BATCH_BYTES || o->batch.failed)
			rc = flush(o);
	}
	o->total += (uint64_t)*n;
	end = hf_rows_end(&rows, rc == HF_OK ? o->err : NULL);
	return rc == HF_OK ? end : rc;
}

static enum hf_rc
table_head(struct outward *o, const struct table *t)
{
	struct hf_buf b = {0};
	enum hf_rc rc;

	hf_buf_char(&b, 'T');
	put_short(&b, t->name);
	hf_buf_char(&b, (char)o->def->n_out);
	for (int c = 0; c < o->def->n_out; c++)
		put_short(&b, o->def->out[c].name);
	rc = b.failed ? no_memory(o->err) : hf_vault_write(o->v, b.p, b.n, o->err);
	hf_buf_free(&b);
	return rc;
}

static enum hf_rc
table_end(struct outward *o)
{
	struct hf_buf b = {0};
	enum hf_rc rc = flush(o);

	hf_buf_char(&b, 'E');
	put_u64(&b, o->total);
	if (rc == HF_OK)
		rc = b.failed ? no_memory(o->err)
			      : hf_vault_write(o->v, b.p, b.n, o->err);
	hf_buf_free(&b);
	return rc;
}

static enum hf_rc
copy_table(struct outward *o, const struct table *t,
	   const struct hf_copy_progress *progress, struct hf_copy_report *report)
{
	int64_t limit = t->step, n = limit;
	enum hf_rc rc;

	o->def = &hf_queries[t->copy];
	o->total = 0;
	assert(o->def->n_in - 1 <= KEYS_MOST && o->def->n_out <= COLUMNS_MOST);
	for (int k = 0; k < o->def->n_in - 1; k++)
		o->key[k] = o->def->in[k].kind == HF_ARG_INT ? HF_INT(INT64_MIN)
							     : HF_TEXT(HF_SV(""));
	rc = table_head(o, t);
	while (rc == HF_OK && n == limit) {
		rc = copy_step(o, t, limit, &n);
		report->rows += n;
		tell(progress, o->v, report);
	}
	return rc == HF_OK ? table_end(o) : rc;
}

enum hf_rc
hf_copy_out(struct hf_db *db, struct hf_vault *v,
	    const struct hf_copy_progress *progress, struct hf_copy_report *report,
	    struct hf_err *err)
{
	struct outward o = {.db = db, .v = v, .err = err};
	uint32_t schema = htole32((uint32_t)hf_db_schema_newest());
	enum hf_rc rc = hf_vault_write(v, stream_magic, sizeof stream_magic - 1, err);

	if (rc == HF_OK)
		rc = hf_vault_write(v, &schema, sizeof schema, err);
	for (size_t t = 0; rc == HF_OK && t < HF_COUNT(tables); t++)
		rc = copy_table(&o, &tables[t], progress, report);
	if (rc == HF_OK)
		rc = hf_vault_write(v, "Z", 1, err);
	hf_buf_free(&o.batch);
	hf_buf_free(&o.key_text);
	return rc;
}

/* ---- in ---- */

struct inward {
	struct hf_db *db;
	struct hf_vault *v;
	bool one_transaction;
	const struct table *table;
	const struct hf_query_def *load;
	int column[COLUMNS_MOST]; /* parameter that a column of the stream goes to */
	int n_columns;
	struct hf_buf batch;
	uint64_t total, since_commit;
	struct hf_err *err;
};

static enum hf_rc
not_rows(struct inward *in, const char *what)
{
	return hf_fail(in->err, HF_INVALID, in->table ? in->table->name : NULL,
		       "the backup is not of a form this homefirst reads: %s", what);
}

static enum hf_rc
get(struct inward *in, void *p, size_t n)
{
	return hf_vault_read(in->v, p, n, in->err);
}

static enum hf_rc
get_u32(struct inward *in, uint32_t *out)
{
	enum hf_rc rc = get(in, out, sizeof *out);

	*out = le32toh(*out);
	return rc;
}

static enum hf_rc
get_short(struct inward *in, char out[256])
{
	uint8_t n = 0;
	enum hf_rc rc = get(in, &n, 1);

	out[n] = '\0';
	return rc == HF_OK ? get(in, out, n) : rc;
}

static enum hf_rc
start_table(struct inward *in)
{
	char name[256];
	uint8_t n = 0;
	enum hf_rc rc = get_short(in, name);

	in->table = NULL;
	in->total = 0;
	for (size_t t = 0; rc == HF_OK && t < HF_COUNT(tables); t++)
		if (strcmp(tables[t].name, name) == 0)
			in->table = &tables[t];
	if (rc == HF_OK && !in->table)
		return not_rows(in, "it holds a table that is not known");
	if (rc == HF_OK)
		rc = get(in, &n, 1);
	if (rc != HF_OK)
		return rc;
	in->load = &hf_queries[in->table->load];
	in->n_columns = n;
	if (n != in->load->n_in)
		return not_rows(in, "a table has other columns");
	for (int c = 0; rc == HF_OK && c < n; c++) {
		int k = 0;

		rc = get_short(in, name);
		while (rc == HF_OK && k < n && strcmp(in->load->in[k].name, name) != 0)
			k++;
		if (k == n)
			return not_rows(in, "a table has other columns");
		in->column[c] = k;
	}
	return rc;
}

/* Takes one value off *s. */
static bool
take_value(struct hf_sv *s, struct hf_arg *out)
{
	char kind = s->n > 0 ? s->p[0] : '\0';
	uint64_t i;
	uint32_t n;

	*s = hf_sv_from_at(*s, 1);
	switch (kind) {
	case 'n':
		*out = HF_SQLNULL;
		return true;
	case 'i':
		if (s->n < sizeof i)
			return false;
		memcpy(&i, s->p, sizeof i);
		*s = hf_sv_from_at(*s, sizeof i);
		*out = HF_INT((int64_t)le64toh(i));
		return true;
	case 't':
	case 'b':
		if (s->n < sizeof n)
			return false;
		memcpy(&n, s->p, sizeof n);
		n = le32toh(n);
		*s = hf_sv_from_at(*s, sizeof n);
		if (s->n < n)
			return false;
		*out = (struct hf_arg){.kind = kind == 't' ? HF_ARG_TEXT : HF_ARG_BLOB,
				       .text = {s->p, n}};
		*s = hf_sv_from_at(*s, n);
		return true;
	default:
		return false;
	}
}

static enum hf_rc
load_row(struct inward *in, struct hf_sv *s)
{
	struct hf_arg args[COLUMNS_MOST];

	for (int c = 0; c < in->n_columns; c++) {
		struct hf_arg *a = &args[in->column[c]];

		if (!take_value(s, a) || (a->kind != HF_ARG_NULL &&
					  a->kind != in->load->in[in->column[c]].kind))
			return not_rows(in, "a row is broken");
	}
	return hf_db_exec(in->db, in->table->load, args, NULL, in->err);
}

static enum hf_rc
load_batch(struct inward *in, struct hf_copy_report *report)
{
	uint32_t rows = 0, bytes = 0;
	struct hf_sv s;
	enum hf_rc rc = get_u32(in, &rows);

	if (rc == HF_OK)
		rc = get_u32(in, &bytes);
	if (rc == HF_OK && (!in->table || bytes > BATCH_BYTES + (uint32_t)VALUE_MOST))
		return not_rows(in, "a batch is out of place or too long");
	in->batch.n = 0;
	if (rc == HF_OK && !hf_buf_room(&in->batch, bytes + 1u))
		return no_memory(in->err);
	if (rc == HF_OK)
		rc = get(in, in->batch.p, bytes);
	s = (struct hf_sv){in->batch.p, bytes};
	for (uint32_t r = 0; rc == HF_OK && r < rows; r++)
		rc = load_row(in, &s);
	if (rc == HF_OK && s.n > 0)
		return not_rows(in, "a batch is longer than its rows");
	in->total += rows;
	in->since_commit += rows;
	report->rows += rows;
	/* Large transactions would fill SQLite's log; the file gets its name only
	 * when all of it is there. */
	if (rc == HF_OK && !in->one_transaction &&
	    in->since_commit >= ROWS_A_TRANSACTION) {
		in->since_commit = 0;
		rc = hf_db_commit(in->db, in->err);
		if (rc == HF_OK)
			rc = hf_db_begin(in->db, true, in->err);
	}
	return rc;
}

static enum hf_rc
check_total(struct inward *in)
{
	uint64_t total = 0;
	enum hf_rc rc = get(in, &total, sizeof total);

	if (rc == HF_OK && le64toh(total) != in->total)
		return not_rows(in, "rows are missing");
	in->table = NULL;
	return rc;
}

static enum hf_rc
check_head(struct inward *in)
{
	char text[sizeof stream_magic - 1];
	uint32_t schema = 0;
	enum hf_rc rc = get(in, text, sizeof text);

	if (rc == HF_OK && memcmp(text, stream_magic, sizeof text) != 0)
		return not_rows(in, "it does not begin as one");
	if (rc == HF_OK)
		rc = get_u32(in, &schema);
	if (rc == HF_OK && schema != (uint32_t)hf_db_schema_newest())
		return hf_fail(in->err, HF_RULE, NULL,
			       "the backup is of schema %u and this homefirst has %d: "
			       "restore it with the version that made it, then open "
			       "the store with this one",
			       schema, hf_db_schema_newest());
	return rc;
}

static enum hf_rc
load_all(struct inward *in, const struct hf_copy_progress *progress,
	 struct hf_copy_report *report)
{
	enum hf_rc rc = HF_OK;
	char what = '\0';

	while (rc == HF_OK && what != 'Z') {
		rc = get(in, &what, 1);
		if (rc != HF_OK)
			break;
		switch (what) {
		case 'T':
			rc = start_table(in);
			break;
		case 'R':
			rc = load_batch(in, report);
			tell(progress, in->v, report);
			break;
		case 'E':
			rc = in->table ? check_total(in)
				       : not_rows(in, "an end is out of place");
			break;
		case 'Z':
			break;
		default:
			rc = not_rows(in, "a part of it is not known");
		}
	}
	return rc;
}

enum hf_rc
hf_copy_in(struct hf_db *db, struct hf_vault *v, bool one_transaction,
	   const struct hf_copy_progress *progress, struct hf_copy_report *report,
	   struct hf_err *err)
{
	struct inward in = {
	    .db = db, .v = v, .one_transaction = one_transaction, .err = err};
	enum hf_rc rc = check_head(&in);

	if (rc == HF_OK)
		rc = hf_db_begin(db, true, err);
	if (rc != HF_OK)
		return rc;
	rc = load_all(&in, progress, report);
	if (rc != HF_OK)
		hf_db_rollback(db);
	hf_buf_free(&in.batch);
	return rc;
}

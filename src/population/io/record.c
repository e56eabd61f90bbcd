/* record.c - the rows of the record of people, derived and kept. */
#include "population/io/record.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/io/log.h"
#include "population/io/key.h"
#include "population/io/ref_kept.h"
#include "population/io/store.h"
#include "population/record.h"
#include "record/io/change_log.h"
#include "record/io/desk.h"
#include "record/io/rights.h"
#include "record/io/viewer.h"

enum {
	BATCH = 200,		 /* people in one commit */
	BATCH_BYTES = 8 << 20,	 /* or so many bytes of rows */
	PERSON_MOST = 256 << 20, /* bytes to read and derive one record in */
	SCAN = 2000,
	ODS_SLOTS = 4096
};

static const char mark_name[] = "pop-record-mark";
/* Of which opt-out list everybody's rows were derived last. */
static const char list_name[] = "pop-record-optouts";
/* By which lists of codes. */
static const char codes_name[] = "pop-record-codes";

struct body { /* of one shelf; n 0: taken away */
	int64_t shelf;
	size_t at, n;
};

struct derive {
	struct hf_store *store;
	struct hf_reader *reader;
	const struct hf_rights *rights;
	struct hf_pop_key key;
	struct hf_arena arena; /* of one person */
	struct hf_arena names; /* ODS codes by reference */
	struct hf_arena lists; /* of codes, read when somebody is derived */
	struct hf_code_lists codes;
	bool has_codes;
	int64_t codes_state;
	struct {
		struct hf_sv reference, ods;
	} ods[ODS_SLOTS];
	struct body bodies[BATCH * 4];
	size_t n_bodies;
	struct hf_buf bytes;
	int64_t mark; /* written with the next batch; 0: none */
	bool must;    /* write the mark even when no rows changed */
	bool all;     /* everybody's: the opt-out list too */
	struct hf_pop_derive_report *out;
};

/* ---- what a resource refers to ---- */

static struct hf_sv
ods_of(struct derive *d, const struct hf_json *doc)
{
	uint32_t list = hf_json_member(doc, 0, "identifier");

	for (uint32_t i = 0; i < hf_json_count(doc, list); i++) {
		uint32_t id = hf_json_at(doc, list, i);
		struct hf_sv system =
		    hf_json_str(doc, hf_json_member(doc, id, "system"), &d->arena);

		if (hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organization-code"))
			return hf_arena_sv(&d->names,
					   hf_json_str(doc,
						       hf_json_member(doc, id, "value"),
						       &d->arena));
	}
	return (struct hf_sv){NULL, 0};
}

/* An Organization's own code; of a HealthcareService that of who provides it. */
static struct hf_sv
look_up(struct derive *d, struct hf_sv reference, int depth)
{
	struct hf_sv id = reference, type = hf_sv_cut(&id, '/');
	struct hf_version v;
	struct hf_json doc;

	if (depth > 2 || !hf_sv_among(type, "Organization HealthcareService") ||
	    hf_store_read(d->reader, type, id, 0, &d->arena, &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, &d->arena, &doc, NULL) != HF_OK)
		return (struct hf_sv){NULL, 0};
	if (hf_sv_is(type, "Organization"))
		return ods_of(d, &doc);
	return look_up(
	    d,
	    hf_json_str(&doc,
			hf_json_member(&doc, hf_json_member(&doc, 0, "providedBy"),
				       "reference"),
			&d->arena),
	    depth + 1);
}

static struct hf_sv
ods(void *ctx, struct hf_sv reference)
{
	struct derive *d = ctx;
	uint64_t h = 14695981039346656037u;
	size_t at;

	for (size_t i = 0; i < reference.n; i++)
		h = (h ^ (unsigned char)reference.p[i]) * 1099511628211u;
	at = h % ODS_SLOTS;
	if (!hf_sv_eq(d->ods[at].reference, reference)) {
		if (d->names.used > 4 << 20) { /* a place has some thousands */
			hf_arena_reset(&d->names);
			memset(d->ods, 0, sizeof d->ods);
		}
		d->ods[at].ods = look_up(d, reference, 0);
		d->ods[at].reference = hf_arena_sv(&d->names, reference);
	}
	return d->ods[at].ods;
}

/* ---- one person ---- */

static bool
wanted(hf_type_id type)
{
	return hf_sv_among(hf_sv_from(hf_type_get(type)->name), hf_record_types);
}

static enum hf_rc
take_shelf(struct derive *d, int64_t shelf, struct hf_record_rows *rows, bool *any,
	   struct hf_err *err)
{
	struct hf_entry *entries;
	size_t n;
	enum hf_rc rc = hf_store_shelf(d->reader, shelf, &d->arena, &entries, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_version v;
		struct hf_json doc;

		if (!wanted(entries[i].type))
			continue;
		rc =
		    hf_store_read_rid(d->reader, entries[i].rid, 0, &d->arena, &v, err);
		if (rc == HF_GONE || rc == HF_NOT_FOUND) {
			rc = HF_OK;
			continue;
		}
		if (rc == HF_OK)
			rc = hf_json_parse(v.body, NULL, &d->arena, &doc, err);
		if (rc == HF_OK)
			rc = hf_record_rows_take(rows, &doc, err);
		*any = true;
	}
	return rc;
}

static enum hf_rc
add_body(struct derive *d, int64_t shelf, size_t at)
{
	d->bodies[d->n_bodies++] = (struct body){shelf, at, d->bytes.n - at};
	return d->bytes.failed ? HF_BUSY : HF_OK;
}

static void
set_pid(struct derive *d, const struct hf_record_rows *rows, int64_t person,
	struct hf_pop_own *own, bool *objects)
{
	struct hf_nhs nhs;
	char id[32];
	int n;

	if (hf_record_rows_nhs(rows, &nhs)) {
		hf_pop_pid(&d->key, &nhs, own->person.pid);
		*objects = hf_rights_ndo(d->rights, hf_nhs_sv(&nhs));
		return;
	}
	n = snprintf(id, sizeof id, "%lld", (long long)person);
	hf_pop_pid_local(&d->key, HF_SV("record"), (struct hf_sv){id, (size_t)n},
			 own->person.pid);
}

static enum hf_rc
derive_person(struct derive *d, const int64_t *shelves, size_t n, struct hf_err *err)
{
	const struct hf_record_known known = {ods, d, &d->codes};
	struct hf_record_rows *rows = hf_record_rows_new(&d->arena, &known);
	struct hf_pop_own own, with_pid = {0};
	bool any = false, objects = false;
	size_t at = d->bytes.n;
	enum hf_rc rc = HF_OK;

	if (!rows)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	if (!d->has_codes)
		rc = hf_ref_codes(d->reader, &d->lists, &d->codes, err);
	d->has_codes = rc == HF_OK;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = take_shelf(d, shelves[i], rows, &any, err);
	if (rc == HF_OK && any) {
		set_pid(d, rows, shelves[0], &with_pid, &objects);
		rc = hf_record_rows_end(rows, objects, &own, err);
		memcpy(own.person.pid, with_pid.person.pid, sizeof own.person.pid);
	}
	if (rc == HF_OK && any)
		rc = hf_pop_pack(&own, &d->bytes, err);
	if (rc != HF_OK)
		d->bytes.n = at;
	return rc == HF_OK ? add_body(d, shelves[0], at) : rc;
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The person that a shelf is of, unless another shelf of the batch was. */
static enum hf_rc
derive_shelf(struct derive *d, int64_t shelf, struct hf_err *err)
{
	int64_t *shelves;
	size_t n;
	enum hf_rc rc = hf_store_person(d->reader, shelf, &d->arena, &shelves, &n, err);

	if (rc == HF_NOT_FOUND || (rc == HF_OK && n == 0)) {
		/* Nothing stands there any more. */
		return add_body(d, shelf, d->bytes.n);
	}
	if (rc != HF_OK)
		return rc;
	qsort(shelves, n, sizeof *shelves, by_number);
	for (size_t i = 0; i < d->n_bodies; i++)
		if (d->bodies[i].shelf == shelves[0])
			return HF_OK;
	rc = derive_person(d, shelves, n, err);
	for (size_t i = 1; rc == HF_OK && i < n && d->n_bodies < HF_COUNT(d->bodies);
	     i++)
		rc = add_body(d, shelves[i], d->bytes.n);
	return rc;
}

/* ---- writing ---- */

static enum hf_rc
same_as_before(struct hf_db *db, const struct derive *d, const struct body *b,
	       bool *same, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_RECORD_GET,
				    HF_ARGS(HF_INT(b->shelf)), &rows, err);

	*same = b->n == 0; /* what never was need not be taken away */
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		*same = hf_sv_eq(hf_rows_blob(&rows, 0),
				 (struct hf_sv){d->bytes.p + b->at, b->n});
	return hf_rows_end(&rows, err);
}

static enum hf_rc
write_number(struct hf_db *db, const char *name, int64_t v, struct hf_err *err)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%lld", (long long)v);

	return hf_db_exec(db, HF_Q_RECORD_SETTING_SET,
			  HF_ARGS(HF_TEXT(hf_sv_from(name)),
				  HF_BLOB(((struct hf_sv){text, (size_t)n}))),
			  NULL, err);
}

static enum hf_rc
write_batch(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct derive *d = ctx;
	enum hf_rc rc = HF_OK;

	(void)at;
	for (size_t i = 0; rc == HF_OK && i < d->n_bodies; i++) {
		const struct body *b = &d->bodies[i];

		rc = hf_pop_record_put(db, b->shelf, change,
				       (struct hf_sv){d->bytes.p + b->at, b->n}, err);
	}
	if (rc == HF_OK && d->mark)
		rc = write_number(db, mark_name, d->mark, err);
	if (rc == HF_OK && d->mark && d->all)
		rc = write_number(db, list_name, hf_rights_ndo_list_at(d->rights), err);
	if (rc == HF_OK && d->mark && d->all)
		rc = write_number(db, codes_name, d->codes_state, err);
	return rc;
}

/* Writes what is other than it was.  A batch without a change writes nothing. */
static enum hf_rc
flush(struct derive *d, struct hf_err *err)
{
	const struct hf_desk_job job = {.actor = HF_SV("homefirst"),
					.purpose = HF_SV("HSYSADMIN"),
					.what = HF_SV("population record"),
					.write = write_batch,
					.ctx = d,
					.apart = true};
	size_t kept = 0;
	enum hf_rc rc = HF_OK;

	if (d->bytes.failed)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	for (size_t i = 0; rc == HF_OK && i < d->n_bodies; i++) {
		bool same;

		rc = same_as_before(hf_reader_db(d->reader), d, &d->bodies[i], &same,
				    err);
		if (rc == HF_OK && !same)
			d->bodies[kept++] = d->bodies[i];
	}
	d->n_bodies = kept;
	d->out->changed += (int64_t)kept;
	if (rc == HF_OK && (kept || (d->mark && d->must)))
		rc = hf_store_desk(d->store, &job, err);
	d->n_bodies = 0;
	d->bytes.n = 0;
	return rc;
}

static enum hf_rc
begin(struct derive *d, struct hf_store *store, struct hf_pop_derive_report *out,
      struct hf_err *err)
{
	enum hf_rc rc = hf_pop_key_read(store, &d->key, err);

	d->store = store;
	d->out = out;
	hf_arena_init(&d->arena, PERSON_MOST);
	hf_arena_init(&d->names, 16 << 20);
	hf_arena_init(&d->lists, 256 << 20);
	*out = (struct hf_pop_derive_report){0};
	if (rc == HF_OK)
		rc = hf_store_rights_get(store, &d->rights, err);
	if (rc == HF_OK)
		rc = hf_reader_get(store, &d->reader, err);
	if (rc == HF_OK)
		hf_reader_as(d->reader, NULL);
	if (rc == HF_OK)
		rc = hf_ref_codes_state(d->reader, &d->codes_state, err);
	return rc;
}

static void
end(struct derive *d)
{
	if (d->reader)
		hf_reader_put(d->reader);
	if (d->rights)
		hf_rights_drop(d->rights);
	hf_buf_free(&d->bytes);
	hf_arena_free(&d->arena);
	hf_arena_free(&d->names);
	hf_arena_free(&d->lists);
	sodium_memzero(&d->key, sizeof d->key);
	free(d);
}

static enum hf_rc
derive_one(struct derive *d, int64_t shelf, struct hf_err *err)
{
	struct hf_err one = {0};
	enum hf_rc rc = derive_shelf(d, shelf, &one);

	hf_arena_reset(&d->arena);
	d->out->people++;
	/* A record that cannot be read must not hold up everybody else's. */
	if (rc == HF_INVALID || rc == HF_TOO_LONG || rc == HF_FAULT) {
		hf_log(HF_LOG_WARN, "population",
		       "the record at shelf %lld gives no rows: %s", (long long)shelf,
		       one.text);
		d->out->left++;
		rc = HF_OK;
	}
	if (rc != HF_OK && err)
		*err = one;
	if (rc == HF_OK && (d->n_bodies >= BATCH || d->bytes.n > BATCH_BYTES))
		rc = flush(d, err);
	return rc;
}

/* ---- whoever changed ---- */

/* A number that write_number() kept; 0: none was. */
static enum hf_rc
read_number(struct derive *d, const char *name, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(d->reader), HF_Q_RECORD_SETTING_GET,
				    HF_ARGS(HF_TEXT(hf_sv_from(name))), &rows, err);

	*out = 0;
	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		hf_sv_int(hf_rows_blob(&rows, 0), out);
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_pop_derive_changed(struct hf_store *store, size_t max, bool *behind,
		      struct hf_pop_derive_report *out, struct hf_err *err)
{
	struct derive *d = calloc(1, sizeof *d);
	struct hf_arena list = {.cap = (size_t)64 << 20};
	int64_t *shelves, mark, last, optouts = 0, codes = 0;
	size_t n = 0;
	enum hf_rc rc;

	*behind = false;
	if (!d)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	rc = begin(d, store, out, err);
	if (rc == HF_OK)
		rc = read_number(d, mark_name, &mark, err);
	if (rc == HF_OK)
		rc = read_number(d, list_name, &optouts, err);
	if (rc == HF_OK)
		rc = read_number(d, codes_name, &codes, err);
	if (rc == HF_OK &&
	    (optouts != hf_rights_ndo_list_at(d->rights) || codes != d->codes_state)) {
		/* Anybody may be on the new list, or on it no more. */
		end(d);
		return hf_pop_derive_all(store, NULL, NULL, out, err);
	}
	if (rc == HF_OK)
		rc = hf_change_log_shelves(d->reader, mark, max, &list, &shelves, &n,
					   &last, behind, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		/* Many that changed nothing are not to be read again and again. */
		if (i + 1 == n) {
			d->mark = last;
			d->must = n >= BATCH || *behind;
		}
		rc = derive_one(d, shelves[i], err);
	}
	if (rc == HF_OK)
		rc = flush(d, err);
	end(d);
	hf_arena_free(&list);
	return rc;
}

/* ---- everybody ---- */

enum hf_rc
hf_pop_derive_all(struct hf_store *store,
		  void (*progress)(void *ctx, int64_t done, int64_t of), void *ctx,
		  struct hf_pop_derive_report *out, struct hf_err *err)
{
	struct derive *d = calloc(1, sizeof *d);
	struct hf_store_stats stats = {0};
	struct hf_arena list = {.cap = 8 << 20};
	hf_type_id patient = hf_type_find(HF_SV("Patient"));
	hf_rid next = 0;
	int64_t last = 0;
	enum hf_rc rc;

	if (!d)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	rc = begin(d, store, out, err);
	if (rc == HF_OK)
		rc = hf_store_last_change(d->reader, &last, err);
	if (rc == HF_OK)
		rc = hf_store_stats(d->reader, &stats, err);
	do {
		struct hf_entry *entries;
		size_t n = 0;

		hf_arena_reset(&list);
		if (rc == HF_OK)
			rc = hf_store_scan(d->reader, patient, next, SCAN, &list,
					   &entries, &n, &next, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++)
			rc = derive_one(d, HF_RID_SHELF(entries[i].rid), err);
		if (rc == HF_OK && progress)
			progress(ctx, out->people, stats.people);
	} while (rc == HF_OK && next);
	d->mark = last;
	d->must = d->all = true;
	if (rc == HF_OK)
		rc = flush(d, err);
	end(d);
	hf_arena_free(&list);
	return rc;
}

enum hf_rc
hf_pop_record_state(struct hf_reader *reader, int64_t *people, hf_time *at,
		    struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(hf_reader_db(reader), HF_Q_POPULATION_RECORD_STATE,
				    NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		*people = hf_rows_int(&rows, HF_C_POPULATION_RECORD_STATE_N);
		/* A commit number is milliseconds << 10 | a counter. */
		*at = hf_rows_int(&rows, HF_C_POPULATION_RECORD_STATE_CHANGE) >> 10;
	}
	return hf_rows_end(&rows, err);
}

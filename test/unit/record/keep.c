/* keep.c - see keep.h. */
#include "keep.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include "db/table.h"
#include "record/io/store_impl.h"
#include "record/io/weights.h"

int keep_sqlite = 0, keep_pgsql = 1;

#define NHS(number)                                                                    \
	"\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":" \
	"\"" number "\",\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/"            \
	"StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus\","          \
	"\"valueCodeableConcept\":{\"coding\":[{\"code\":\"01\"}]}}]}]"

#define PATIENT(id, family, number)                                                    \
	"{\"resourceType\":\"Patient\",\"id\":\"" id                                   \
	"\"," NHS(number) ",\"name\":[{\"family\":\"" family                           \
			  "\",\"given\":[\"Ann\"]}],\"birthDate\":\"1942-03-03\","     \
			  "\"gender\":\"female\"}"

#define OBSERVATION(id, patient, value)                                                \
	"{\"resourceType\":\"Observation\",\"id\":\"" id                               \
	"\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"                   \
	"\"http://loinc.org\",\"code\":\"8867-4\"}]},\"subject\":{\"reference\":"      \
	"\"Patient/" patient "\"},\"effectiveDateTime\":\"2026-03-01T09:30:00Z\","     \
	"\"valueQuantity\":{\"value\":" value "}}"

static const char *const first[] = {
    PATIENT("pat-1", "HALE", "9990000018"),
    PATIENT("pat-2", "HALE", "9990000018"), /* the same person */
    PATIENT("pat-3", "Thornton", "9990000026"),
    "{\"resourceType\":\"Organization\",\"id\":\"org-1\",\"name\":\"Wrenford GP\"}",
    "{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"Bell\"}]}",
    OBSERVATION("obs-1", "pat-1", "72.0"),
    OBSERVATION("obs-2", "pat-3", "1.00"),
    OBSERVATION("obs-3", "pat-9", "80"), /* of somebody who has not come yet */
    "{\"resourceType\":\"Appointment\",\"id\":\"app-1\",\"status\":\"booked\","
    "\"start\":\"2026-12-01T10:00:00Z\",\"end\":\"2026-12-01T10:20:00Z\","
    "\"participant\":[{\"actor\":{\"reference\":\"Patient/pat-1\"},\"status\":"
    "\"accepted\"},{\"actor\":{\"reference\":\"Patient/pat-3\"},\"status\":"
    "\"accepted\"}]}",
    "{\"resourceType\":\"Condition\",\"id\":\"con-1\",\"subject\":{\"reference\":"
    "\"Patient/pat-1\"},\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\","
    "\"code\":\"73211009\"}]},\"onsetDateTime\":\"2001\"}",
};
static const char *const second[] = {
    OBSERVATION("obs-1", "pat-1", "75.5"),
    OBSERVATION("obs-2", "pat-1", "1.00"), /* it was somebody else's: it moves */
    PATIENT("pat-3", "THORNTON", "9990000026"),
};
static const char *const third[] = {
    OBSERVATION("obs-1", "pat-1", "76.50"),
};

static void
put_all(struct hf_test_store *t, const char *const *json, size_t n)
{
	struct hf_err err = {0};

	keep_ok(hf_test_put(t, json, n, NULL, &err), err);
}

static void
delete_one(struct hf_test_store *t)
{
	struct hf_change_item item = {.op = HF_OP_DELETE,
				      .type = hf_resource_find(HF_SV("Condition")),
				      .id = HF_SV("con-1")};
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_change c = {.arena = &t->arena,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test"),
			      .items = &item,
			      .n = 1,
			      .issues = &issues};
	struct hf_err err = {0};

	keep_ok(hf_change_commit(t->store, t->reader, &c, &err), err);
}

/* Enough alike for a dictionary, and for more than one step of a walk. */
static void
put_many(struct hf_test_store *t)
{
	enum { MANY = 600 };
	struct hf_sv samples[MANY];
	const char *json[MANY];
	struct hf_err err = {0};

	for (int i = 0; i < MANY; i++) {
		struct hf_sv s = hf_arena_printf(
		    &t->arena,
		    "{\"resourceType\":\"Observation\",\"status\":\"final\","
		    "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":"
		    "\"%d-%d\"}]},\"subject\":{\"reference\":\"Patient/pat-1\"},"
		    "\"effectiveDateTime\":\"20%02d-03-01\",\"valueQuantity\":"
		    "{\"value\":%d.%d,\"unit\":\"beats/minute\"},\"note\":[{\"text\":"
		    "\"note %d of a day with the number %d in it\"}]}",
		    8000 + i % 37, i % 7, i % 26, 60 + i % 40, i % 10, i, i * 7919);

		json[i] = hf_arena_cstr(&t->arena, s);
		samples[i] = s;
	}
	keep_ok(hf_store_train(t->store, samples, MANY, &err), err);
	put_all(t, json, MANY);
}

/* Facts about records: a merge by hand that was taken back, a decision that two are
 * two, weights. */
static void
put_facts(struct hf_test_store *t)
{
	struct hf_link_by by = {.actor = HF_SV("user/clerk"),
				.purpose = HF_SV("DIRECT"),
				.reason = HF_SV("as the person told us")};
	struct hf_match_model model = hf_match_model_default();
	struct hf_link_done done = {0};
	struct hf_err err = {0};

	keep_ok(hf_link_merge(t->store, HF_SHELF_PERSON, HF_SHELF_PERSON + 3,
			      HF_LINK_HAND, &by, &done, &err),
		err);
	keep_ok(hf_link_undo(t->store, done.link, true, &by, &done, &err), err);
	keep_ok(hf_weights_keep(t->store, &model, 4, 2, &by, NULL, &err), err);
}

void
keep_fill(struct hf_test_store *t)
{
	put_all(t, first, HF_COUNT(first));
	put_many(t);
	put_all(t, second, HF_COUNT(second));
	put_all(t, third, HF_COUNT(third));
	put_facts(t);
	delete_one(t);
}

static void
raw_sqlite(const char *folder, const char *sql)
{
	char path[100], *message = NULL;
	sqlite3 *h = NULL;

	snprintf(path, sizeof path, "%s/homefirst.db", folder);
	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	sqlite3_busy_timeout(h, 2000);
	if (sqlite3_exec(h, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
	sqlite3_close(h);
}

void
keep_raw(struct hf_test_store *t, const char *sql)
{
	PGconn *c;
	PGresult *res;

	if (!t->url) {
		raw_sqlite(t->folder, sql);
		return;
	}
	c = PQconnectdb(t->url);
	res = PQexec(c, sql);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		fail_msg("%s", PQerrorMessage(c));
	PQclear(res);
	PQfinish(c);
}

static void
dump_rows(struct hf_reader *r, enum hf_query q, const struct hf_arg *args,
	  struct hf_buf *out)
{
	const struct hf_query_def *def = &hf_queries[q];
	struct hf_err err = {0};
	struct hf_rows rows;

	hf_buf_printf(out, "%s\n", def->name);
	keep_ok(hf_db_query(r->db, q, args, &rows, &err), err);
	while (hf_rows_next(&rows)) {
		for (int c = 0; c < def->n_out; c++) {
			struct hf_sv s;

			if (def->out[c].kind == HF_ARG_INT) {
				hf_buf_printf(out, " %lld",
					      (long long)hf_rows_int(&rows, c));
				continue;
			}
			s = def->out[c].kind == HF_ARG_TEXT ? hf_rows_text(&rows, c)
							    : hf_rows_blob(&rows, c);
			hf_buf_char(out, ' ');
			for (size_t i = 0; i < s.n; i++)
				hf_buf_printf(out, "%02x", (unsigned char)s.p[i]);
		}
		hf_buf_char(out, '\n');
	}
	keep_ok(hf_rows_end(&rows, &err), err);
}

char *
keep_dump(struct hf_store *store, bool derived)
{
	static const enum hf_query record[] = {
	    HF_Q_RECORD_COPY_ZDICT, HF_Q_RECORD_COPY_SHELF, HF_Q_RECORD_COPY_CHANGE,
	    HF_Q_RECORD_COPY_RES, HF_Q_RECORD_COPY_FORWARD};
	const struct hf_arg all = HF_INT(1000000), low = HF_INT(INT64_MIN);
	struct hf_reader *r = NULL;
	struct hf_buf out = {0};
	struct hf_err err = {0};

	keep_ok(hf_reader_get(store, &r, &err), err);
	for (size_t i = 0; !derived && i < HF_COUNT(record); i++)
		dump_rows(r, record[i], HF_ARGS(low, all), &out);
	if (!derived) {
		dump_rows(r, HF_Q_RECORD_COPY_SETTING, HF_ARGS(HF_TEXT(HF_SV("")), all),
			  &out);
		dump_rows(r, HF_Q_RECORD_COPY_HIST, HF_ARGS(low, low, all), &out);
		dump_rows(r, HF_Q_RECORD_COPY_IDMAP, HF_ARGS(low, low, all), &out);
		dump_rows(r, HF_Q_RECORD_COPY_REVIEW, HF_ARGS(low, low, all), &out);
		dump_rows(r, HF_Q_RECORD_COPY_LINK, HF_ARGS(low, all), &out);
		dump_rows(r, HF_Q_RECORD_COPY_MATCH_WEIGHTS, HF_ARGS(low, all), &out);
	}
	dump_rows(r, HF_Q_RECORD_COPY_IX, HF_ARGS(low, low, low, all), &out);
	dump_rows(r, HF_Q_RECORD_COPY_MENTION, HF_ARGS(low, low, all), &out);
	dump_rows(r, HF_Q_RECORD_TALLY_LIST, NULL, &out);
	dump_rows(r, HF_Q_RECORD_RES_RANGE, HF_ARGS(low, HF_INT(INT64_MAX), all), &out);
	hf_reader_put(r);
	hf_buf_char(&out, '\0');
	assert_false(out.failed);
	return out.p;
}

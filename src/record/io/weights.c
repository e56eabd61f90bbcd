/* weights.c - see weights.h. */
#include "record/io/weights.h"

#include "record/io/store_impl.h"
#include "record/match_model.h"

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
}

static enum hf_rc
read_row(struct hf_rows *rows, struct hf_arena *arena, struct hf_weights *out,
	 struct hf_err *err)
{
	struct hf_sv text;
	struct hf_json doc;
	enum hf_rc rc;

	out->version = hf_rows_int(rows, HF_C_RECORD_WEIGHTS_LAST_VERSION);
	out->at = HF_CHANGE_TIME(hf_rows_int(rows, HF_C_RECORD_WEIGHTS_LAST_CHANGE));
	out->people = hf_rows_int(rows, HF_C_RECORD_WEIGHTS_LAST_PEOPLE);
	out->pairs = hf_rows_int(rows, HF_C_RECORD_WEIGHTS_LAST_PAIRS);
	out->actor =
	    hf_arena_sv(arena, hf_rows_text(rows, HF_C_RECORD_WEIGHTS_LAST_ACTOR));
	text = hf_arena_sv(arena, hf_rows_text(rows, HF_C_RECORD_WEIGHTS_LAST_MODEL));
	if (!text.p || !out->actor.p)
		return no_memory(err);
	rc = hf_json_parse(text, NULL, arena, &doc, err);
	return rc == HF_OK ? hf_match_model_read(&doc, 0, &out->model, err) : rc;
}

enum hf_rc
hf_weights_read(struct hf_reader *r, struct hf_arena *arena, struct hf_weights *out,
		struct hf_err *err)
{
	struct hf_weights w = {.model = hf_match_model_default()};
	struct hf_rows rows;
	enum hf_rc end,
	    rc = hf_db_query(r->db, HF_Q_RECORD_WEIGHTS_LAST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		rc = read_row(&rows, arena, &w, err);
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	rc = rc == HF_OK ? end : rc;
	if (rc == HF_OK)
		*out = w;
	return rc;
}

/* ---- keeping ---- */

struct keep {
	struct hf_sv model;
	int64_t people, pairs, version;
};

static enum hf_rc
write_keep(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	   struct hf_err *err)
{
	struct keep *k = ctx;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_WEIGHTS_LAST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	k->version = 1;
	if (hf_rows_next(&rows))
		k->version = hf_rows_int(&rows, HF_C_RECORD_WEIGHTS_LAST_VERSION) + 1;
	rc = hf_rows_end(&rows, err);
	if (rc != HF_OK)
		return rc;
	return hf_db_exec(db, HF_Q_RECORD_WEIGHTS_ADD,
			  HF_ARGS(HF_INT(k->version), HF_INT(change), HF_INT(k->people),
				  HF_INT(k->pairs), HF_TEXT(k->model)),
			  NULL, err);
}

enum hf_rc
hf_weights_keep(struct hf_store *store, const struct hf_match_model *model,
		int64_t people, int64_t pairs, const struct hf_link_by *by,
		int64_t *version, struct hf_err *err)
{
	struct hf_buf text = {0};
	struct hf_jw w = {.out = &text};
	struct keep k = {.people = people, .pairs = pairs};
	struct hf_desk_job job = {.actor = by->actor,
				  .purpose = by->purpose,
				  .what = HF_SV("identity train"),
				  .trace = by->trace,
				  .write = write_keep,
				  .ctx = &k};
	enum hf_rc rc;

	hf_match_model_write(model, &w);
	k.model = hf_buf_view(&text);
	rc = text.failed ? no_memory(err) : hf_store_desk(store, &job, err);
	hf_buf_free(&text);
	if (rc == HF_OK && version)
		*version = k.version;
	return rc;
}

/* ---- policy ---- */

#define POLICY_LINK HF_SV("identity.link")
#define POLICY_RATE HF_SV("identity.rate")

static enum hf_rc
setting(struct hf_reader *r, struct hf_sv name, char *out, size_t size,
	struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(r->db, HF_Q_RECORD_SETTING_GET,
				    HF_ARGS(HF_TEXT(name)), &rows, err);

	if (rc != HF_OK)
		return rc;
	out[0] = '\0';
	if (hf_rows_next(&rows))
		snprintf(out, size, "%.*s", HF_SV_ARG(hf_rows_blob(&rows, 0)));
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_match_policy_read(struct hf_reader *r, struct hf_match_policy *out,
		     struct hf_err *err)
{
	char link[16], rate[16];
	int64_t n;
	enum hf_rc rc = setting(r, POLICY_LINK, link, sizeof link, err);

	if (rc == HF_OK)
		rc = setting(r, POLICY_RATE, rate, sizeof rate, err);
	if (rc != HF_OK)
		return rc;
	out->link = strcmp(link, "automatic") == 0;
	out->rate = HF_MATCH_RATE;
	if (hf_sv_int(hf_sv_from(rate), &n) && n >= 0 && n <= HF_MATCH_RATE_MOST)
		out->rate = (unsigned)n;
	return HF_OK;
}

static enum hf_rc
write_policy(void *ctx, struct hf_db *db, int64_t change HF_UNUSED,
	     hf_time at HF_UNUSED, struct hf_err *err)
{
	const struct hf_match_policy *p = ctx;
	char rate[16];
	enum hf_rc rc =
	    hf_db_exec(db, HF_Q_RECORD_SETTING_SET,
		       HF_ARGS(HF_TEXT(POLICY_LINK),
			       HF_BLOB(p->link ? HF_SV("automatic") : HF_SV("review"))),
		       NULL, err);

	snprintf(rate, sizeof rate, "%u", p->rate);
	return rc == HF_OK ? hf_db_exec(db, HF_Q_RECORD_SETTING_SET,
					HF_ARGS(HF_TEXT(POLICY_RATE),
						HF_BLOB(hf_sv_from(rate))),
					NULL, err)
			   : rc;
}

enum hf_rc
hf_match_policy_set(struct hf_store *store, const struct hf_match_policy *policy,
		    const struct hf_link_by *by, struct hf_err *err)
{
	struct hf_match_policy copy = *policy;
	char what[64] = "";
	struct hf_desk_job job = {.actor = by->actor,
				  .purpose = by->purpose,
				  .trace = by->trace,
				  .write = write_policy,
				  .ctx = &copy};

	assert(policy->rate <= HF_MATCH_RATE_MOST);
	snprintf(what, sizeof what, "identity policy %s %u",
		 policy->link ? "automatic" : "review", policy->rate);
	job.what = hf_sv_from(what);
	return hf_store_desk(store, &job, err);
}

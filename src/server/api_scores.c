/* api_scores.c - the values of one score over time, for a person. */
#include "record/io/search.h"
#include "server/api_limits.h"
#include "server/form_write.h"
#include "server/serve.h"

void hf_api_scores(struct hf_call *call);

enum { VALUES = 200 };

#define CODES "https://homefirst.example/CodeSystem/score"

/* Observations of exactly this score: by our code, and by that of SNOMED CT, under
 * which others send it.  Each scale of Barthel is a score of its own, so that they are
 * never mixed. */
static enum hf_rc
find(struct hf_call *c, const struct hf_score *s, struct hf_search_result *out,
     struct hf_err *err)
{
	struct hf_sv code =
	    *s->snomed
		? hf_arena_printf(c->arena, CODES "|%s,http://snomed.info/sct|%s",
				  s->id, s->snomed)
		: hf_arena_printf(c->arena, CODES "|%s", s->id);
	struct hf_param params[] = {
	    {HF_SV("patient"), c->arg[0]},
	    {HF_SV("code"), code},
	    {HF_SV("status"), HF_SV("final,amended,corrected,preliminary,registered")},
	    {HF_SV("_sort"), HF_SV("-date")},
	    {HF_SV("_count"), HF_SV("200")},
	};
	struct hf_search *search;
	enum hf_rc rc = hf_search_parse(hf_resource_find(HF_SV("Observation")), params,
					HF_COUNT(params), false, c->base, c->now,
					c->arena, &search, err);

	return rc ? rc
		  : hf_search_run(c->store, c->reader, search, c->actor->id, c->arena,
				  out, err);
}

static struct hf_sv
text_of(struct hf_call *c, const struct hf_json *d, uint32_t node, const char *name)
{
	struct hf_sv s =
	    hf_json_str(d, hf_json_get(d, node, hf_sv_from(name)), c->arena);

	return s.p ? s : HF_SV("");
}

/* The total: a Quantity or an integer; none when the source gives none. */
static void
write_total(struct hf_jw *w, const struct hf_json *d)
{
	uint32_t value =
	    hf_json_member(d, hf_json_member(d, 0, "valueQuantity"), "value");

	if (value == HF_JSON_NONE)
		value = hf_json_member(d, 0, "valueInteger");
	hf_api_flag(w, "complete", value != HF_JSON_NONE);
	if (value != HF_JSON_NONE && hf_json_type(d, value) == HF_JSON_NUMBER) {
		hf_jw_member(w, "total");
		hf_jw_raw(w, hf_json_raw(d, value));
	}
}

static void
write_value(struct hf_call *c, struct hf_jw *w, const struct hf_hit *hit)
{
	struct hf_json d;
	uint32_t level, from;

	if (hf_json_parse(hit->v.body, NULL, c->arena, &d, NULL) != HF_OK)
		return;
	level = hf_json_at(&d, hf_json_member(&d, 0, "interpretation"), 0);
	from = hf_json_at(&d, hf_json_member(&d, 0, "derivedFrom"), 0);
	hf_jw_obj(w);
	hf_jw_field(
	    w, "ref",
	    hf_arena_printf(c->arena, "Observation/%.*s", HF_SV_ARG(hit->v.id)));
	hf_api_text(w, "at", text_of(c, &d, 0, "effectiveDateTime"));
	write_total(w, &d);
	hf_api_text(w, "levelText", text_of(c, &d, level, "text"));
	hf_api_text(w, "missingText",
		    text_of(c, &d, hf_json_member(&d, 0, "dataAbsentReason"), "text"));
	hf_api_text(w, "response", text_of(c, &d, from, "reference"));
	hf_jw_obj_end(w);
}

void
hf_api_scores(struct hf_call *c)
{
	const struct hf_score *s = hf_forms_score(&c->server->forms, c->arg[1]);
	struct hf_search_result found = {0};
	struct hf_version person;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	c->audit_type = hf_resource_find(HF_SV("Patient"));
	c->audit_id = c->arg[0];
	rc = hf_store_read(c->reader, HF_SV("Patient"), c->arg[0], 0, c->arena, &person,
			   &err);
	if (rc == HF_OK && !s)
		rc = hf_fail(&err, HF_NOT_FOUND, "score",
			     "there is no score of this id");
	if (rc == HF_OK)
		rc = find(c, s, &found, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_call_saw(c, person.e.rid);
	c->audit_hits = (int64_t)found.n;
	hf_api_begin(c, &w);
	hf_form_write_table(&w, s);
	hf_jw_member(&w, "values");
	hf_jw_arr(&w);
	for (size_t i = 0; i < found.n && i < VALUES; i++)
		if (found.hits[i].mode == HF_MODE_MATCH) {
			hf_call_saw(c, found.hits[i].v.e.rid);
			write_value(c, &w, &found.hits[i]);
		}
	hf_jw_arr_end(&w);
	hf_api_flag(&w, "more", found.next.n > 0);
	hf_api_end(c);
}

/* case_facts.c - what guards ask: found in the record by FHIRPath, or said. */
#include "hub/io/case_int.h"

#include <stdlib.h>

#include "record/person_text.h"

enum {
	RESOURCES_MOST = 200, /* of one type, newest first */
	STEPS_MOST = 20000,   /* of one evaluation */
	OBJECT_MOST = 1 << 16
};

/* ---- in the record ---- */

struct finding {
	struct hf_caseload *cl;
	struct hf_reader *reader;
	const struct hf_case_def *def;
	struct hf_arena *arena;
	hf_time now;
	struct hf_entry *entries;
	size_t n;
};

static int
newest_first(const void *a, const void *b)
{
	const struct hf_entry *x = a, *y = b;

	if (x->hi != y->hi)
		return x->hi > y->hi ? -1 : 1;
	return x->rid > y->rid ? -1 : x->rid < y->rid;
}

static enum hf_rc
read_entries(struct finding *f, struct hf_sv patient, struct hf_err *err)
{
	struct hf_entry who, *shelf;
	int64_t *shelves;
	size_t n_shelves = 0, n;
	enum hf_rc rc = hf_store_find(f->reader, f->cl->patient, patient, &who, err);

	if (rc == HF_OK)
		rc = hf_store_person(f->reader, HF_RID_SHELF(who.rid), f->arena,
				     &shelves, &n_shelves, err);
	for (size_t i = 0; rc == HF_OK && i < n_shelves; i++) {
		struct hf_entry *all;

		rc = hf_store_shelf(f->reader, shelves[i], f->arena, &shelf, &n, err);
		if (rc || n == 0)
			continue;
		all = hf_arena_array(f->arena, f->n + n, sizeof *all);
		if (!all)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "the person's record is too long to look at");
		if (f->n)
			memcpy(all, f->entries, f->n * sizeof *all);
		memcpy(all + f->n, shelf, n * sizeof *all);
		f->entries = all;
		f->n += n;
	}
	if (rc == HF_OK && f->n)
		qsort(f->entries, f->n, sizeof *f->entries, newest_first);
	return rc;
}

/* A value as JSON that the fact can have; p NULL when it cannot. */
static struct hf_sv
as_json(const struct hf_pw_fact *f, const struct hf_pv *v, struct hf_arena *arena)
{
	struct hf_sv text = hf_pv_text(v, arena), out = {0};
	struct hf_buf b = {.cap = 4096};
	struct hf_jw w = {.out = &b};
	int64_t n;

	if (v->kind == HF_PV_BOOL)
		return v->b ? HF_SV("true") : HF_SV("false");
	if (v->kind == HF_PV_INT)
		return hf_arena_printf(arena, "%lld", (long long)v->i);
	if (!text.p || text.n > 1000)
		return out;
	switch (f->kind) {
	case HF_PW_BOOLEAN:
		return hf_sv_is(text, "true") || hf_sv_is(text, "false") ? text : out;
	case HF_PW_INTEGER:
		return hf_sv_int(text, &n) && n >= f->min && n <= f->max ? text : out;
	case HF_PW_DECIMAL:
		return text;
	case HF_PW_CODE:
	case HF_PW_STRING:
		hf_jw_str(&w, text);
		out = hf_arena_sv(arena, hf_buf_view(&b));
		hf_buf_free(&b);
		return out;
	}
	return out;
}

static bool
found_in(struct finding *f, size_t i, const struct hf_entry *e,
	 struct hf_case_fact *out)
{
	struct hf_path_env env = {
	    .type = e->type, .max_steps = STEPS_MOST, .now = f->now};
	struct hf_pvs result = {0};
	struct hf_version v;
	struct hf_json *doc = HF_NEW(f->arena, struct hf_json);

	if (!doc ||
	    hf_store_read_rid(f->reader, e->rid, 0, f->arena, &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, f->arena, doc, NULL) != HF_OK)
		return false;
	/* What was recorded by mistake is none. */
	if (hf_sv_is(hf_dig_text(doc, 0, "status", f->arena), "entered-in-error"))
		return false;
	env.doc = doc;
	if (hf_path_eval(f->def->from[i], &env, f->arena, &result, NULL) != HF_OK ||
	    result.n == 0)
		return false;
	out->json = as_json(&f->def->p->facts[i], &result.items[0], f->arena);
	out->known = out->recorded = out->json.p != NULL;
	out->at = e->hi;
	return out->known;
}

static void
find_fact(struct finding *f, size_t i, struct hf_case_fact *out)
{
	size_t looked = 0;

	for (size_t k = 0; k < f->n && !out->known; k++) {
		if (f->entries[k].type != f->def->from_type[i] ||
		    f->entries[k].hi > f->now)
			continue;
		if (++looked > RESOURCES_MOST) {
			out->why = "the record has too many entries to look through";
			return;
		}
		(void)found_in(f, i, &f->entries[k], out);
	}
	if (!out->known)
		out->why = "the record does not say it";
}

/* Whole years in London; below 0: the day is not known. */
static int
age_of(struct hf_reader *reader, struct hf_sv patient, hf_time now,
       struct hf_arena *arena)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_date born;

	if (hf_store_read(reader, HF_SV("Patient"), patient, 0, arena, &v, NULL) !=
		HF_OK ||
	    hf_json_parse(v.body, NULL, arena, &doc, NULL) != HF_OK ||
	    !hf_date_parse(hf_dig_text(&doc, 0, "birthDate", arena), false, &born) ||
	    born.precision < HF_PREC_DAY)
		return -1;
	return hf_age_years(hf_london_day(born.lo), hf_london_day(now));
}

enum hf_rc
hf_case_facts(struct hf_caseload *cl, struct hf_reader *reader,
	      const struct hf_case_def *def, struct hf_sv patient, hf_time now,
	      struct hf_arena *arena, struct hf_case_fact out[HF_PW_FACTS], int *age,
	      struct hf_err *err)
{
	struct finding f = {
	    .cl = cl, .reader = reader, .def = def, .arena = arena, .now = now};
	bool any = false;
	enum hf_rc rc = HF_OK;

	memset(out, 0, HF_PW_FACTS * sizeof *out);
	*age = age_of(reader, patient, now, arena);
	for (size_t i = 0; i < def->p->n_facts; i++)
		any = any || def->from[i];
	if (any)
		rc = read_entries(&f, patient, err);
	for (size_t i = 0; rc == HF_OK && i < def->p->n_facts; i++)
		if (def->from[i])
			find_fact(&f, i, &out[i]);
	return rc;
}

/* ---- said ---- */

void
hf_case_facts_said(const struct hf_case_def *def, const struct hf_story *story,
		   struct hf_arena *arena, struct hf_case_fact facts[HF_PW_FACTS])
{
	hf_pw_set done = 0;

	for (size_t k = story->n; k > 0; k--) {
		const struct hf_hub_event *e = &story->events[k - 1];
		struct hf_json doc;

		if (e->given.n == 0 || hf_sv_is(e->event, HF_CASE_DONE) ||
		    hf_sv_is(e->event, HF_CASE_FORM) ||
		    hf_sv_is(e->event, HF_HUB_TAKEN) ||
		    hf_json_parse(e->given, NULL, arena, &doc, NULL) != HF_OK)
			continue;
		for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
			int i = hf_pw_fact(def->p, hf_json_key(&doc, c));

			if (i < 0 || (done >> i & 1))
				continue;
			done |= (hf_pw_set)1 << i;
			/* What was recorded later counts more. */
			if (facts[i].recorded && facts[i].at > e->at)
				continue;
			facts[i] = (struct hf_case_fact){
			    .known = hf_json_type(&doc, c) != HF_JSON_NULL,
			    .at = e->at,
			    .json = hf_json_source(&doc, c)};
		}
	}
}

/* ---- as guards ask them ---- */

enum hf_rc
hf_case_facts_make(const struct hf_case_def *def,
		   const struct hf_case_fact facts[HF_PW_FACTS], int age,
		   struct hf_sv said, struct hf_arena *arena, struct hf_sv *json,
		   struct hf_pw_facts *out, struct hf_err *err)
{
	const struct hf_pathway *p = def->p;
	struct hf_buf b = {.cap = OBJECT_MOST};
	struct hf_jw w = {.out = &b};
	struct hf_json doc = {0};
	hf_pw_set over = 0;
	enum hf_rc rc = said.n ? hf_json_parse(said, NULL, arena, &doc, err) : HF_OK;

	if (rc == HF_OK && said.n && hf_json_type(&doc, 0) != HF_JSON_OBJECT)
		rc = hf_fail(err, HF_INVALID, "facts", "expected an object");
	if (rc)
		return rc;
	hf_jw_obj(&w);
	for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
		int i = hf_pw_fact(p, hf_json_key(&doc, c));

		if (i < 0) {
			struct hf_sv key = hf_json_key(&doc, c);

			hf_buf_free(&b);
			return hf_fail(err, HF_INVALID, "facts",
				       "%.*s is nothing that %s asks",
				       (int)(key.n < 40 ? key.n : 40), key.p, p->id);
		}
		over |= (hf_pw_set)1 << i;
		if (hf_json_type(&doc, c) == HF_JSON_NULL)
			continue;
		hf_jw_key(&w, hf_sv_from(p->facts[i].id));
		hf_jw_raw(&w, hf_json_source(&doc, c));
	}
	for (size_t i = 0; i < p->n_facts; i++)
		if (facts[i].known && !(over >> i & 1)) {
			hf_jw_key(&w, hf_sv_from(p->facts[i].id));
			hf_jw_raw(&w, facts[i].json);
		}
	hf_jw_obj_end(&w);
	*json = hf_arena_sv(arena, hf_buf_view(&b));
	if (b.failed || !json->p)
		rc = hf_fail(err, HF_TOO_LONG, "facts", "too much is said");
	hf_buf_free(&b);
	return rc ? rc : hf_event_facts(p, *json, age, arena, out, err);
}

/* api_trace.c - tracing a person whom one has no relationship with: by at least three
 * terms that all agree, and no more is shown than tells who it is. */
#include "record/person_query.h"
#include "record/person_text.h"
#include "server/api.h"

void hf_api_trace(struct hf_call *call);

enum { TERMS_LEAST = 3, LINES = 20 };

struct trace {
	struct hf_person_query q;
	struct hf_sv sex;
	size_t terms;
};

static enum hf_rc
parse(struct hf_call *c, const char *name, struct hf_person_query *out, bool *given,
      struct hf_err *err)
{
	struct hf_sv text = hf_sv_trim(hf_call_take_param(c, hf_sv_from(name)));

	*out = (struct hf_person_query){0};
	*given = text.n > 0;
	if (!*given)
		return HF_OK;
	return hf_person_query_parse(text, hf_london_day(c->now), c->arena, out, err);
}

static enum hf_rc
not_read(const char *name, const char *want, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, name, "%s is %s", name, want);
}

static enum hf_rc
take_name(struct hf_call *c, struct trace *t, const char *name, struct hf_err *err)
{
	struct hf_person_query q;
	bool given;
	enum hf_rc rc = parse(c, name, &q, &given, err);

	if (rc || !given)
		return rc;
	if (q.n_names == 0)
		return not_read(name, "a name, or how it begins", err);
	for (size_t i = 0; i < q.n_names && t->q.n_names < HF_PERSON_NAMES; i++)
		t->q.names[t->q.n_names++] = q.names[i];
	t->terms++;
	return HF_OK;
}

static enum hf_rc
take_born(struct hf_call *c, struct trace *t, struct hf_err *err)
{
	struct hf_person_query q;
	bool given;
	enum hf_rc rc = parse(c, "born", &q, &given, err);

	if (rc || !given)
		return rc;
	/* A month or a year would let anybody be found by trying. */
	if (q.n_births == 0 || q.births[0].first != q.births[0].last)
		return not_read("born", "a whole date of birth, as 3/3/1942", err);
	memcpy(t->q.births, q.births, sizeof t->q.births);
	t->q.n_births = q.n_births;
	t->terms++;
	return HF_OK;
}

static enum hf_rc
take_number(struct hf_call *c, struct trace *t, struct hf_err *err)
{
	struct hf_person_query q;
	bool given;
	enum hf_rc rc = parse(c, "number", &q, &given, err);

	if (rc || !given)
		return rc;
	if (!q.has_number)
		return not_read("number", "an NHS number of ten digits", err);
	t->q.has_number = true;
	t->q.number = q.number;
	t->terms++;
	return HF_OK;
}

static enum hf_rc
take_postcode(struct hf_call *c, struct trace *t, struct hf_err *err)
{
	struct hf_person_query q;
	bool given;
	enum hf_rc rc = parse(c, "postcode", &q, &given, err);

	if (rc || !given)
		return rc;
	if (q.postcode.n == 0)
		return not_read("postcode", "a postcode, or its first half", err);
	t->q.postcode = q.postcode;
	t->q.postcode_whole = q.postcode_whole;
	t->terms++;
	return HF_OK;
}

static enum hf_rc
take_terms(struct hf_call *c, struct trace *t, struct hf_err *err)
{
	enum hf_rc rc = take_name(c, t, "family", err);

	if (rc == HF_OK)
		rc = take_name(c, t, "given", err);
	if (rc == HF_OK)
		rc = take_born(c, t, err);
	if (rc == HF_OK)
		rc = take_number(c, t, err);
	if (rc == HF_OK)
		rc = take_postcode(c, t, err);
	t->sex = hf_sv_trim(hf_call_take_param(c, HF_SV("sex")));
	if (rc == HF_OK && t->sex.n && !hf_sv_is(t->sex, "male") &&
	    !hf_sv_is(t->sex, "female") && !hf_sv_is(t->sex, "other") &&
	    !hf_sv_is(t->sex, "unknown"))
		rc = not_read("sex", "male, female, other or unknown", err);
	if (rc)
		return rc;
	t->terms += t->sex.n > 0;
	if (t->terms < TERMS_LEAST)
		return hf_fail(err, HF_RULE, NULL,
			       "give at least three of family name, given name, date "
			       "of birth, NHS number, postcode and sex: %zu %s given",
			       t->terms, t->terms == 1 ? "is" : "are");
	if (t->q.n_names == 0 && t->q.n_births == 0 && !t->q.has_number)
		return hf_fail(err, HF_RULE, NULL,
			       "give a name, a date of birth or an NHS number as well");
	return HF_OK;
}

static bool
has_sex(const struct trace *t, const struct hf_person_line *l)
{
	char first = l->sex.n ? l->sex.p[0] : 0;

	/* The line has it in words: "Female". */
	if (first >= 'A' && first <= 'Z')
		first = (char)(first - 'A' + 'a');
	return t->sex.n == 0 || first == t->sex.p[0];
}

static void
write_line(struct hf_jw *w, const struct hf_person_line *l)
{
	hf_jw_obj(w);
	hf_jw_field(w, "id", l->id);
	hf_jw_field(w, "name", l->name);
	hf_api_text(w, "born", l->born);
	hf_api_text(w, "bornText", l->born_text);
	hf_api_text(w, "age", l->age);
	hf_api_text(w, "sex", l->sex);
	hf_api_text(w, "nhsNumber", l->number);
	hf_api_text(w, "nhsNumberStatus", l->number_status);
	hf_api_flag(w, "nhsNumberVerified", l->verified);
	hf_api_text(w, "practice", l->practice);
	hf_jw_obj_end(w);
}

static void
reply(struct hf_call *c, const struct trace *t, const struct hf_person_found *found)
{
	struct hf_jw w;

	c->audit_hits = 0;
	hf_api_begin(c, &w);
	hf_jw_member(&w, "people");
	hf_jw_arr(&w);
	for (size_t i = 0; i < found->n; i++) {
		if (!has_sex(t, &found->lines[i]))
			continue;
		hf_call_saw(c, found->lines[i].rid);
		c->audit_hits++;
		write_line(&w, &found->lines[i]);
	}
	hf_jw_arr_end(&w);
	hf_api_flag(&w, "more", found->more);
	if (c->audit_hits == 0)
		hf_jw_field(&w, "hint",
			    HF_SV("Nobody agrees with all of this. Check each part, or "
				  "leave out the one you are least sure of."));
	hf_api_end(c);
}

void
hf_api_trace(struct hf_call *c)
{
	struct hf_person_found found = {0};
	struct trace t = {0};
	enum hf_activity was;
	struct hf_err err;
	enum hf_rc rc;

	c->audit_type = hf_resource_find(HF_SV("Patient"));
	rc = take_terms(c, &t, &err);
	if (rc == HF_OK && !hf_reader_may_trace(c->reader))
		rc = hf_fail(&err, HF_FORBIDDEN, NULL,
			     "your role does not trace people (rule R2)");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	if (!hf_api_no_params(c))
		return;
	was = hf_reader_traces(c->reader, t.terms);
	rc = hf_person_find_query(c->store, c->reader, &t.q, LINES, c->now, c->arena,
				  &found, &err);
	hf_reader_does(c->reader, was);
	if (rc)
		hf_api_fail(c, &err);
	else
		reply(c, &t, &found);
}

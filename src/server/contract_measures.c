/* contract_measures.c - see contract_measures.h. */
#include "server/contract_measures.h"

#include <math.h>

#include "contract/show.h"
#include "server/measures.h"

enum { MONTHS_BACK = 24, JSON_BYTES = 16 << 20, FEW = 5 };

static struct hf_sv
day_text(struct hf_arena *arena, int64_t day)
{
	char text[16];

	return hf_arena_sv(arena, hf_sv_from(hf_ct_day_text(day, text, sizeof text)));
}

/* ---- documents ---- */

void
hf_contract_check_measures(const struct hf_ct_terms *t,
			   const struct hf_pop_framework *f, const char *name,
			   struct hf_issues *issues)
{
	struct hf_sv where = hf_arena_printf(issues->arena, "%s:%u", name, t->pack_at);

	for (size_t i = 0; i < t->n_pack; i++)
		if (hf_pop_framework_find(f, hf_sv_from(t->pack[i])) < 0)
			hf_issue_add(issues, HF_SEV_ERROR, "invalid", where,
				     "there is no measure \"%s\" for the pack: "
				     "'homefirst measure --list' names them",
				     t->pack[i]);
	for (size_t i = 0; i < t->n_lines; i++) {
		const struct hf_ct_line *l = &t->lines[i];
		int at =
		    l->measure ? hf_pop_framework_find(f, hf_sv_from(l->measure)) : -1;

		where = hf_arena_printf(issues->arena, "%s:%u", name, l->at);
		if (l->measure && at < 0)
			hf_issue_add(issues, HF_SEV_ERROR, "invalid", where,
				     "there is no measure \"%s\"", l->measure);
		else if (l->measure && l->of_provider &&
			 f->measures[at].scale != HF_POP_SHARE &&
			 f->measures[at].scale != HF_POP_MEAN &&
			 f->measures[at].scale != HF_POP_QUANTILE)
			hf_issue_add(issues, HF_SEV_ERROR, "invalid", where,
				     "\"%s\" is a rate of a population, and a provider "
				     "has none of its own: take it of the place",
				     l->measure);
	}
}

/* ---- the pack ---- */

static enum hf_rc
say_why(const struct hf_contract_source *s, const char *why, struct hf_sv *out,
	struct hf_err *err)
{
	struct hf_buf b = {.cap = 4096};
	struct hf_jw w = {.out = &b};

	hf_jw_obj(&w);
	hf_ct_text(&w, "why", why);
	hf_jw_obj_end(&w);
	*out = (struct hf_sv){NULL, 0};
	if (!b.failed)
		*out = hf_arena_sv(s->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out->p ? HF_OK
		      : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the pack");
}

static uint64_t
bits_of(const struct hf_pop_framework *f, const struct hf_ct_terms *t)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < t->n_pack; i++) {
		int at = hf_pop_framework_find(f, hf_sv_from(t->pack[i]));

		if (at >= 0)
			bits |= UINT64_C(1) << at;
	}
	return bits;
}

static enum hf_rc
write_measures(const struct hf_contract_source *s, const struct hf_pop_question *q,
	       const struct hf_pop_report *r, struct hf_sv *out, struct hf_err *err)
{
	struct hf_buf b = {.cap = JSON_BYTES};
	struct hf_jw w = {.out = &b};

	hf_jw_obj(&w);
	hf_jw_field(&w, "from", q->from);
	hf_jw_field(&w, "to", q->to);
	hf_jw_member(&w, "measures");
	hf_jw_arr(&w);
	for (size_t m = 0; m < r->n_measures; m++)
		hf_pop_report_json(r, m, &w);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
	*out =
	    b.failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(s->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out->p ? HF_OK
		      : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the measures");
}

enum hf_rc
hf_contract_pack_measures(const struct hf_contract_source *s,
			  const struct hf_ct_terms *t, int month, struct hf_sv *out,
			  struct hf_err *err)
{
	uint64_t bits =
	    s->outcomes ? bits_of(hf_outcomes_framework(s->outcomes), t) : 0;
	struct hf_pop_question q = {
	    .from = day_text(s->arena, hf_period_first(t->fy - 2, month + 1)),
	    .to = day_text(s->arena, hf_period_first(t->fy, month + 1))};
	struct hf_measures m = {0};
	struct hf_err wrong;
	enum hf_rc rc;

	if (bits == 0)
		return say_why(s, "the contract names no measures for its pack", out,
			       err);
	rc = hf_measures_make(s->outcomes, s->reader, &q, bits, false, false, s->arena,
			      &m, &wrong);
	if (rc == HF_OK)
		rc = write_measures(s, &q, m.report, out, err);
	else if (rc == HF_BUSY)
		rc = hf_fail(err, HF_BUSY, NULL, "%s", wrong.text);
	else
		rc = say_why(s, wrong.text, out, err);
	hf_measures_free(s->outcomes, &m);
	return rc;
}

/* ---- results that outcomes are paid by ---- */

/* The area of a provider; the place's when the line is of the place.  0: none. */
static size_t
area_of(const struct hf_pop_report *r, const struct hf_ct_terms *t, bool of_provider)
{
	const struct hf_ct_party *p = &t->parties[HF_CT_PROVIDER];

	if (!of_provider)
		return r->n_areas == 2 ? 1 : 0;
	for (size_t o = 0; o < p->n_orgs; o++)
		for (size_t a = 1; a < r->n_areas; a++)
			if (hf_sv_eq(hf_pop_plan_area_id(r->series, a),
				     hf_sv_from(p->orgs[o])))
				return a;
	return 0;
}

/* Fewer than so many on either side could be told from the figure. */
static bool
is_small(const struct hf_pop_measure *m, const struct hf_pop_figure *f, int64_t cases,
	 int64_t least)
{
	if (cases < least || cases < FEW)
		return true;
	return m->scale == HF_POP_SHARE &&
	       ((f->counted > 0 && f->counted < FEW) ||
		(f->out_of > f->counted && f->out_of - f->counted < FEW));
}

static bool
as_decimal(double v, struct hf_decimal *out)
{
	char text[40];

	snprintf(text, sizeof text, "%.1f", v);
	return isfinite(v) && hf_decimal_parse(hf_sv_from(text), out);
}

static struct hf_sv
words_of(const struct hf_contract_source *s, const struct hf_contract_taken *k,
	 const struct hf_pop_question *q, bool held)
{
	if (held)
		return hf_arena_printf(
		    s->arena,
		    "measure %s %s (%s), %.*s, %.*s to before %.*s: on hold, %s",
		    k->measure, k->version, k->hash, HF_SV_ARG(k->area),
		    HF_SV_ARG(q->from), HF_SV_ARG(q->to), k->status);
	return hf_arena_printf(
	    s->arena,
	    "measure %s %s (%s), %.*s, %.*s to before %.*s: %.1f (95 %% %.1f to %.1f), "
	    "%lld cases or a few more",
	    k->measure, k->version, k->hash, HF_SV_ARG(k->area), HF_SV_ARG(q->from),
	    HF_SV_ARG(q->to), k->value, k->low, k->high, (long long)k->n);
}

static void
take_figure(const struct hf_contract_source *s, const struct hf_ct_terms *t,
	    const struct hf_pop_question *q, const struct hf_pop_report *r,
	    struct hf_contract_taken *k)
{
	const struct hf_ct_line *l = &t->lines[k->in.line];
	const struct hf_pop_measure *m = &r->f->measures[r->measure[0]];
	size_t area = area_of(r, t, l->of_provider);
	const struct hf_pop_figure *f =
	    hf_pop_report_at(r, 0, l->of_provider && !area ? 0 : area, r->n_periods);
	double base = m->scale == HF_POP_SHARE ? f->out_of : f->counted;
	int64_t cases = isfinite(base) && base > 0 ? (int64_t)base : 0;
	bool none = l->of_provider && !area;
	bool small = none || is_small(m, f, cases, l->least);
	bool good = f->status == HF_POP_OK && as_decimal(f->value.value, &k->in.result);

	k->measure = m->id;
	k->version = m->version;
	k->hash = m->hash;
	k->area = none ? hf_sv_from(t->parties[HF_CT_PROVIDER].orgs[0])
		       : hf_arena_sv(s->arena, hf_pop_plan_area_id(r->series, area));
	if (k->area.n == 0)
		k->area = HF_SV("the place");
	k->status = none    ? "no activity of the provider"
		    : small ? "too few cases"
			    : hf_pop_status_words[f->status];
	k->value = k->low = k->high = (double)NAN;
	if (small || !good) {
		k->in.hold = true;
		k->in.result = hf_decimal_from_int(0);
	} else {
		k->value = f->value.value;
		k->low = f->value.low;
		k->high = f->value.high;
		k->n = cases - cases % FEW;
		k->in.units = k->n < l->least ? l->least : k->n;
	}
	k->in.source = words_of(s, k, q, k->in.hold);
}

static enum hf_rc
take_line(const struct hf_contract_source *s, const struct hf_ct_terms *t,
	  struct hf_contract_taken *k, struct hf_err *err)
{
	const struct hf_ct_line *l = &t->lines[k->in.line];
	const struct hf_pop_framework *f = hf_outcomes_framework(s->outcomes);
	int at = hf_pop_framework_find(f, hf_sv_from(l->measure));
	struct hf_pop_question q = {
	    .by = l->of_provider ? HF_SV("provider") : HF_SV("place"),
	    .from = day_text(s->arena, t->from),
	    .to = day_text(s->arena, hf_period_first(t->fy, k->in.month + 2))};
	struct hf_measures m = {0};
	enum hf_rc rc;

	if (at < 0)
		return hf_fail(err, HF_INVALID, l->id,
			       "its measure is none of the outcome framework");
	rc = hf_measures_make(s->outcomes, s->reader, &q, UINT64_C(1) << at, true, true,
			      s->arena, &m, err);
	if (rc == HF_OK)
		take_figure(s, t, &q, m.report, k);
	hf_measures_free(s->outcomes, &m);
	if (rc == HF_OK && !k->in.source.p)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the results");
	return rc;
}

enum hf_rc
hf_contract_take_outcomes(const struct hf_contract_source *s,
			  const struct hf_ct_terms *t, int month, bool freeze,
			  struct hf_contract_taken **out, size_t *n, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	*n = 0;
	*out = hf_arena_array(s->arena, HF_CT_LINES, sizeof **out);
	if (!*out)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the results");
	for (size_t l = 0; rc == HF_OK && l < t->n_lines; l++) {
		struct hf_contract_taken *k = &(*out)[*n];

		if (!t->lines[l].measure)
			continue;
		*k = (struct hf_contract_taken){.in = {.line = (uint8_t)l,
						       .month = (uint8_t)month,
						       .freeze = freeze,
						       .price = -1}};
		rc = take_line(s, t, k, err);
		++*n;
	}
	if (rc == HF_OK && *n == 0)
		rc = hf_fail(err, HF_RULE, NULL,
			     "no line of this contract names a measure that its result "
			     "is taken from");
	return rc;
}

/* ---- evidence of a scheme ---- */

/* A report of one measure as it leaves the place, to be asked. */
struct told {
	struct hf_json d;
	uint32_t area;
};

static double
real_of(const struct told *t, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(&t->d, object, hf_sv_from(name));
	char text[40];

	if (node == HF_JSON_NONE || hf_json_type(&t->d, node) != HF_JSON_NUMBER)
		return (double)NAN;
	snprintf(text, sizeof text, "%.*s", HF_SV_ARG(hf_json_raw(&t->d, node)));
	return strtod(text, NULL);
}

static uint32_t
in_list(const struct told *t, uint32_t list, struct hf_sv id, struct hf_arena *arena)
{
	for (uint32_t i = 0; i < hf_json_count(&t->d, list); i++) {
		uint32_t one = hf_json_at(&t->d, list, i),
			 is = hf_json_member(&t->d, one, "id");

		if (is != HF_JSON_NONE && hf_sv_eq(hf_json_str(&t->d, is, arena), id))
			return one;
	}
	return HF_JSON_NONE;
}

static enum hf_rc
round_all(double avoided, double low, double high, double baseline,
	  struct hf_contract_evidence *out, struct hf_err *err)
{
	if (!isfinite(avoided) || !isfinite(low) || !isfinite(high) ||
	    fabs(avoided) > 1e9 || fabs(low) > 1e9 || fabs(high) > 1e9)
		return hf_fail(err, HF_RULE, "measure",
			       "it cannot be said of this area: too few events, or no "
			       "others to compare with");
	out->avoided = llround(avoided);
	out->low = llround(low);
	out->high = llround(high);
	out->baseline = isfinite(baseline) ? llround(baseline) : 0;
	return out->avoided > 0 ? HF_OK
				: hf_fail(err, HF_RULE, "measure",
					  "nothing was avoided by this measure there");
}

/* Events fewer than they would be had the area gone as the others did: the interval is
 * that of the ratio of the changes (POP-T18). */
static enum hf_rc
by_difference(const struct told *t, struct hf_contract_evidence *out,
	      struct hf_err *err)
{
	uint32_t d = hf_json_member(&t->d, t->area, "difference"),
		 total = hf_json_member(&t->d, t->area, "total"),
		 base = hf_json_member(&t->d, t->area, "baseline"),
		 ratio = hf_json_get(&t->d, d, HF_SV("ratio"));
	double had = real_of(t, total, "n");

	return round_all(
	    real_of(t, d, "fewer"), had * (1 / real_of(t, ratio, "high") - 1),
	    had * (1 / real_of(t, ratio, "low") - 1), real_of(t, base, "n"), out, err);
}

/* Events that fall away at the rate of the better quarter of areas. */
static enum hf_rc
by_opportunity(const struct told *t, struct hf_sv area, struct hf_arena *arena,
	       struct hf_contract_evidence *out, struct hf_err *err)
{
	uint32_t all = hf_json_member(&t->d, 0, "opportunity"),
		 one = in_list(t, hf_json_get(&t->d, all, HF_SV("areas")), area, arena),
		 gain = hf_json_get(&t->d, one, HF_SV("quartile")),
		 total = hf_json_member(&t->d, t->area, "total");

	return round_all(real_of(t, gain, "events"), real_of(t, gain, "low"),
			 real_of(t, gain, "high"), real_of(t, total, "n"), out, err);
}

static enum hf_rc
tell(const struct hf_contract_source *s, const struct hf_contract_evidence_ask *ask,
     const struct hf_pop_report *r, struct told *t, struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = JSON_BYTES, .depth = 16, .nodes = 400000};
	struct hf_buf b = {.cap = JSON_BYTES};
	struct hf_jw w = {.out = &b};
	struct hf_sv text;
	enum hf_rc rc;

	hf_pop_report_json(r, 0, &w);
	text =
	    b.failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(s->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	rc = text.p ? hf_json_parse(text, &limits, s->arena, &t->d, err)
		    : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the evidence");
	if (rc)
		return rc;
	t->area = in_list(t, hf_json_member(&t->d, 0, "areas"), ask->area, s->arena);
	return t->area == HF_JSON_NONE
		   ? hf_fail(err, HF_INVALID, "area", "there is no area of this id")
		   : HF_OK;
}

static void
put_words(const struct hf_contract_source *s,
	  const struct hf_contract_evidence_ask *ask, const struct hf_pop_measure *m,
	  struct hf_contract_evidence *out)
{
	out->hash = m->hash;
	out->version = m->version;
	out->measure = ask->measure;
	out->area = hf_arena_printf(s->arena, "%.*s %.*s", HF_SV_ARG(ask->by),
				    HF_SV_ARG(ask->area));
	out->over =
	    ask->opportunity
		? hf_arena_printf(s->arena, "%.*s to before %.*s", HF_SV_ARG(ask->from),
				  HF_SV_ARG(ask->to))
		: hf_arena_printf(s->arena, "%.*s to before %.*s, compared with %.*s",
				  HF_SV_ARG(ask->from), HF_SV_ARG(ask->to),
				  HF_SV_ARG(ask->baseline));
	out->words = hf_arena_printf(
	    s->arena, "%s %s (%s), %.*s, %.*s: %lld fewer (95 %% %lld to %lld), %s",
	    m->id, m->version, m->hash, HF_SV_ARG(out->area), HF_SV_ARG(out->over),
	    (long long)out->avoided, (long long)out->low, (long long)out->high,
	    ask->opportunity ? "at the rate of the better quarter of areas"
			     : "against how the others went");
}

enum hf_rc
hf_contract_evidence(const struct hf_contract_source *s,
		     const struct hf_contract_evidence_ask *ask,
		     struct hf_contract_evidence *out, struct hf_err *err)
{
	const struct hf_pop_framework *f = hf_outcomes_framework(s->outcomes);
	int at = hf_pop_framework_find(f, ask->measure);
	const struct hf_pop_question q = {
	    .by = ask->by,
	    .from = ask->from,
	    .to = ask->to,
	    .baseline = ask->opportunity ? (struct hf_sv){NULL, 0} : ask->baseline};
	struct hf_measures m = {0};
	struct told t;
	enum hf_rc rc;

	*out = (struct hf_contract_evidence){0};
	if (at < 0)
		return hf_fail(err, HF_INVALID, "measure",
			       "there is no measure of this id");
	if (!ask->opportunity && ask->baseline.n == 0)
		return hf_fail(err, HF_INVALID, "baseline",
			       "a difference needs what it is compared with");
	rc = hf_measures_make(s->outcomes, s->reader, &q, UINT64_C(1) << at, true,
			      false, s->arena, &m, err);
	if (rc == HF_OK)
		rc = tell(s, ask, m.report, &t, err);
	if (rc == HF_OK)
		rc = ask->opportunity
			 ? by_opportunity(&t, ask->area, s->arena, out, err)
			 : by_difference(&t, out, err);
	if (rc == HF_OK)
		put_words(s, ask, &f->measures[at], out);
	hf_measures_free(s->outcomes, &m);
	if (rc == HF_OK && !out->words.p)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the evidence");
	return rc;
}

/* activity_read.c - activity as a CSV file. */
#include "contract/activity_read.h"

#include "base/time.h"

static const char *const names[] = {
#define HF_CT_FIELD(name) #name,
#include "contract/activity.def"
#undef HF_CT_FIELD
};

static const char *const kinds[] = {[HF_CT_ACT_SPELL] = "spell",
				    [HF_CT_ACT_OUTPATIENT] = "outpatient",
				    [HF_CT_ACT_AE] = "ae",
				    [HF_CT_ACT_UNBUNDLED] = "unbundled",
				    [HF_CT_ACT_DRUG] = "drug"};

static const struct {
	const char *word;
	uint16_t bit;
} flags[] = {
#define HF_CT_FLAG(name, word) {word, HF_CT_F_##name},
#include "contract/flag.def"
#undef HF_CT_FLAG
};

static const struct {
	const char *word;
	uint8_t bit;
} services[] = {
#define HF_CT_SPECIAL(name, bit, code, text) {code, HF_CT_SP_##name},
#include "contract/special.def"
#undef HF_CT_SPECIAL
};

enum { NOWHERE = HF_CSV_FIELDS };

const char *
hf_ct_act_word(uint8_t kind)
{
	return kind < HF_CT_ACTS ? kinds[kind] : "unknown";
}

enum hf_rc
hf_ct_activity_begin(struct hf_ct_activity_reader *r, struct hf_sv text,
		     struct hf_arena *arena, struct hf_err *err)
{
	enum hf_rc rc;

	r->csv = (struct hf_csv){.rest = text};
	r->arena = arena;
	for (size_t f = 0; f < HF_CT_FIELDS; f++)
		r->at[f] = NOWHERE;
	rc = hf_csv_next(&r->csv, arena, &r->row, err);
	if (rc != HF_OK)
		return rc;
	r->width = r->row.n;
	for (size_t i = 0; i < r->row.n; i++) {
		size_t f = 0;

		while (f < HF_CT_FIELDS &&
		       !hf_sv_eq(r->row.fields[i], hf_sv_from(names[f])))
			f++;
		if (f == HF_CT_FIELDS)
			return hf_fail(err, HF_INVALID, "header",
				       "column %zu is none of an activity file", i + 1);
		if (r->at[f] != NOWHERE)
			return hf_fail(err, HF_INVALID, "header",
				       "the column %s is there twice", names[f]);
		r->at[f] = i;
	}
	for (size_t f = HF_CT_FIELD_id; f <= HF_CT_FIELD_day; f++)
		if (r->at[f] == NOWHERE)
			return hf_fail(err, HF_INVALID, "header",
				       "the column %s is missing", names[f]);
	return HF_OK;
}

static struct hf_sv
field(const struct hf_ct_activity_reader *r, enum hf_ct_field f)
{
	return r->at[f] == NOWHERE ? (struct hf_sv){NULL, 0} : r->row.fields[r->at[f]];
}

/* Values: false leaves *wrong saying what the column takes. */
struct wrong {
	enum hf_ct_field field;
	const char *takes;
};

static bool
bad(struct wrong *w, enum hf_ct_field f, const char *takes)
{
	*w = (struct wrong){f, takes};
	return false;
}

static bool
number(const struct hf_ct_activity_reader *r, enum hf_ct_field f, int64_t lo,
       int64_t hi, int64_t blank, int64_t *out, struct wrong *w)
{
	struct hf_sv s = field(r, f);

	if (s.n == 0) {
		*out = blank;
		return true;
	}
	return (hf_sv_int(s, out) && *out >= lo && *out <= hi) ||
	       bad(w, f, "a whole number within its bounds");
}

static bool
day(const struct hf_ct_activity_reader *r, enum hf_ct_field f, int32_t blank,
    int32_t *out, struct wrong *w)
{
	struct hf_sv s = field(r, f);
	struct hf_date d;

	if (s.n == 0 && f != HF_CT_FIELD_day) {
		*out = blank;
		return true;
	}
	if (!hf_date_parse(s, false, &d) || d.precision != HF_PREC_DAY)
		return bad(w, f, "a day as YYYY-MM-DD");
	*out = (int32_t)hf_london_day(d.lo);
	return true;
}

static bool
code(const struct hf_ct_activity_reader *r, enum hf_ct_field f, hf_ct_code *out,
     struct wrong *w)
{
	return hf_ct_code_parse(field(r, f), out) ||
	       bad(w, f, "at most eight letters and digits");
}

static bool
kind(const struct hf_ct_activity_reader *r, struct hf_ct_activity *a, struct wrong *w)
{
	struct hf_sv s = field(r, HF_CT_FIELD_kind);

	for (uint8_t i = 0; i < HF_COUNT(kinds); i++) {
		if (!hf_sv_eq(s, hf_sv_from(kinds[i])))
			continue;
		a->kind = i;
		return true;
	}
	return bad(w, HF_CT_FIELD_kind, "spell, outpatient, ae, unbundled or drug");
}

/* Words divided by blanks. */
static bool
words(const struct hf_ct_activity_reader *r, struct hf_ct_activity *a, struct wrong *w)
{
	struct hf_sv rest = field(r, HF_CT_FIELD_flags), s;
	size_t i;

	while (rest.n) {
		s = hf_sv_cut(&rest, ' ');
		for (i = 0; i < HF_COUNT(flags); i++)
			if (hf_sv_eq(s, hf_sv_from(flags[i].word)))
				break;
		if (s.n && i == HF_COUNT(flags))
			return bad(w, HF_CT_FIELD_flags,
				   "its words with a blank between");
		if (s.n)
			a->flags |= flags[i].bit;
	}
	rest = field(r, HF_CT_FIELD_specialised);
	while (rest.n) {
		s = hf_sv_cut(&rest, ' ');
		for (i = 0; i < HF_COUNT(services); i++)
			if (hf_sv_eq(s, hf_sv_from(services[i].word)))
				break;
		if (s.n && i == HF_COUNT(services))
			return bad(w, HF_CT_FIELD_specialised,
				   "names of services with a blank between");
		if (s.n)
			a->specialised |= services[i].bit;
	}
	return true;
}

static bool
codes(const struct hf_ct_activity_reader *r, struct hf_ct_activity *a, struct wrong *w)
{
	struct hf_sv method = field(r, HF_CT_FIELD_method);
	struct hf_sv cost = field(r, HF_CT_FIELD_cost);

	if (!code(r, HF_CT_FIELD_hrg, &a->hrg, w) ||
	    !code(r, HF_CT_FIELD_provider, &a->provider, w) ||
	    !code(r, HF_CT_FIELD_specialty, &a->specialty, w))
		return false;
	if (!hf_ct_method_parse(method, &a->method))
		return bad(w, HF_CT_FIELD_method,
			   "an admission method of two characters");
	return cost.n == 0 || hf_pence_parse(cost, &a->cost) ||
	       bad(w, HF_CT_FIELD_cost, "pounds with two places");
}

static bool
numbers(const struct hf_ct_activity_reader *r, struct hf_ct_activity *a,
	struct wrong *w)
{
	static const enum hf_ct_field days[] = {HF_CT_FIELD_critical, HF_CT_FIELD_rehab,
						HF_CT_FIELD_palliative,
						HF_CT_FIELD_other, HF_CT_FIELD_delayed};
	int16_t *into[] = {&a->critical, &a->rehab, &a->palliative, &a->other,
			   &a->delayed};
	static const enum hf_ct_field small[] = {HF_CT_FIELD_age, HF_CT_FIELD_cls,
						 HF_CT_FIELD_investigation,
						 HF_CT_FIELD_treatment};
	static const int64_t blanks[] = {HF_CT_NOT_KNOWN, 0, HF_CT_NOT_KNOWN,
					 HF_CT_NOT_KNOWN};
	uint8_t *small_into[] = {&a->age, &a->cls, &a->investigation, &a->treatment};
	int64_t v = 0;

	for (size_t i = 0; i < HF_COUNT(days); i++) {
		if (!number(r, days[i], -9999, 9999, 0, &v, w))
			return false;
		*into[i] = (int16_t)v;
	}
	for (size_t i = 0; i < HF_COUNT(small); i++) {
		if (!number(r, small[i], 0, 130, blanks[i], &v, w))
			return false;
		*small_into[i] = (uint8_t)v;
	}
	if (!number(r, HF_CT_FIELD_quantity, INT32_MIN, INT32_MAX, 1, &v, w))
		return false;
	a->quantity = (int32_t)v;
	if (field(r, HF_CT_FIELD_id).n == 0 ||
	    !number(r, HF_CT_FIELD_id, 0, INT64_MAX, 0, &v, w))
		return bad(w, HF_CT_FIELD_id, "a whole number");
	a->id = (uint64_t)v;
	return true;
}

static bool
read_row(const struct hf_ct_activity_reader *r, struct hf_ct_activity *a,
	 struct wrong *w)
{
	return kind(r, a, w) && day(r, HF_CT_FIELD_day, 0, &a->day, w) &&
	       day(r, HF_CT_FIELD_admitted, a->day, &a->admitted, w) &&
	       codes(r, a, w) && numbers(r, a, w) && words(r, a, w) &&
	       /* A medicine is paid at cost: one without a cost is not free. */
	       (a->kind != HF_CT_ACT_DRUG || field(r, HF_CT_FIELD_cost).n ||
		bad(w, HF_CT_FIELD_cost, "what the medicine cost, in pounds"));
}

enum hf_rc
hf_ct_activity_next(struct hf_ct_activity_reader *r, struct hf_ct_activity *out,
		    struct hf_err *err)
{
	struct hf_ct_activity a = {0};
	struct wrong wrong = {0};
	char line[40];
	enum hf_rc rc;

	hf_arena_reset(r->arena);
	rc = hf_csv_next(&r->csv, r->arena, &r->row, NULL);
	snprintf(line, sizeof line, "line %llu", (unsigned long long)r->csv.line);
	if (rc != HF_OK)
		return hf_fail(err, HF_INVALID, line,
			       "the row cannot be read: a quote that is not closed, a "
			       "field that is too long, or no UTF-8");
	if (r->row.n == 0)
		return hf_fail(err, HF_NOT_FOUND, line, "the end");
	if (r->row.n != r->width)
		return hf_fail(err, HF_INVALID, line,
			       "the row has %zu fields, the header %zu", r->row.n,
			       r->width);
	if (!read_row(r, &a, &wrong))
		return hf_fail(err, HF_INVALID, line, "%s: takes %s",
			       names[wrong.field], wrong.takes);
	*out = a;
	return HF_OK;
}

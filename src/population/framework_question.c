/* framework_question.c - words and dates of a question. */
#include "population/framework_question.h"

#include "base/time.h"

static enum hf_rc
read_word(struct hf_sv word, const char *name, const char *const *words, size_t n,
	  unsigned *out, struct hf_err *err)
{
	char known[160];
	size_t at = 0;

	if (word.n == 0)
		return HF_OK;
	for (unsigned i = 0; i < n; i++)
		if (hf_sv_eq(word, hf_sv_from(words[i]))) {
			*out = i;
			return HF_OK;
		}
	for (size_t i = 0; i < n && at < sizeof known; i++)
		at += (size_t)snprintf(known + at, sizeof known - at, "%s%s",
				       i ? ", " : "", words[i]);
	return hf_fail(err, HF_INVALID, name, "\"%s\" is one of: %s", name, known);
}

/* "2026-04-01", or "2026-04" for its first day. */
static enum hf_rc
read_day(struct hf_sv text, const char *name, uint16_t *out, struct hf_err *err)
{
	struct hf_date d;
	struct hf_civil c;
	int64_t day;

	if (text.n == 0)
		return HF_OK;
	if (hf_date_parse(text, false, &d) &&
	    (d.precision == HF_PREC_DAY || d.precision == HF_PREC_MONTH)) {
		c = hf_london_civil(d.lo);
		day = hf_days_from_civil(c.year, c.month, c.day) - HF_POP_DAY_ZERO;
		if (day >= 0 && day < HF_POP_NONE) {
			*out = (uint16_t)day;
			return HF_OK;
		}
	}
	return hf_fail(err, HF_INVALID, name,
		       "\"%s\" is a day from 1990 on, as 2026-04-01", name);
}

static enum hf_rc
read_baseline(struct hf_sv text, struct hf_pop_report_ask *out, struct hf_err *err)
{
	struct hf_sv rest = text, from = hf_sv_cut(&rest, ':');
	enum hf_rc rc;

	if (text.n == 0)
		return HF_OK;
	if (from.n == 0 || rest.n == 0)
		return hf_fail(err, HF_INVALID, "baseline",
			       "\"baseline\" is two days, as 2023-04-01:2024-04-01; "
			       "the second is the day after the last");
	rc = read_day(from, "baseline", &out->baseline_from, err);
	if (rc == HF_OK)
		rc = read_day(rest, "baseline", &out->baseline_to, err);
	if (rc == HF_OK && out->baseline_to <= out->baseline_from)
		rc = hf_fail(err, HF_INVALID, "baseline",
			     "the baseline ends before it begins");
	return rc;
}

enum hf_rc
hf_pop_question_read(const struct hf_pop_columns *c, const struct hf_pop_question *q,
		     struct hf_pop_report_ask *out, struct hf_err *err)
{
	struct hf_pop_report_ask a = {.ask.frozen = HF_POP_NONE};
	unsigned by = HF_POP_BY_PLACE, grain = HF_POP_MONTH;
	int64_t trend = 0;
	enum hf_rc rc;

	hf_pop_report_range(c, HF_POP_MONTHS_SHOWN, &a.ask.from, &a.ask.to);
	rc = read_word(q->by, "by", hf_pop_by_words, HF_POP_BYS, &by, err);
	if (rc == HF_OK)
		rc = read_word(q->grain, "grain", hf_pop_grain_words, HF_POP_WHOLE,
			       &grain, err);
	/* Three years of days are more than can be shown. */
	if (rc == HF_OK && grain == HF_POP_DAY)
		hf_pop_report_range(c, HF_POP_TOTAL_MONTHS, &a.ask.from, &a.ask.to);
	if (rc == HF_OK)
		rc = read_day(q->from, "from", &a.ask.from, err);
	if (rc == HF_OK)
		rc = read_day(q->to, "to", &a.ask.to, err);
	if (rc == HF_OK)
		rc = read_day(q->frozen, "frozen", &a.ask.frozen, err);
	if (rc == HF_OK)
		rc = read_baseline(q->baseline, &a, err);
	if (rc == HF_OK)
		rc = read_day(q->its, "its", &a.its, err);
	if (rc == HF_OK)
		rc = read_day(q->since, "since", &a.since, err);
	if (rc == HF_OK && (q->control.n > 0) != (a.since > 0))
		rc = hf_fail(err, HF_INVALID, q->control.n ? "since" : "control",
			     "an area is compared since a day: say both");
	if (rc == HF_OK && q->trend.n &&
	    (!hf_sv_int(q->trend, &trend) || trend < 5 || trend > 9))
		rc = hf_fail(err, HF_INVALID, "trend", "\"trend\" is 5 to 9 points");
	if (rc)
		return rc;
	a.ask.by = (enum hf_pop_by)by;
	a.ask.grain = (enum hf_pop_grain)grain;
	a.trend = (unsigned)trend;
	a.control = q->control;
	*out = a;
	return HF_OK;
}

/* list_setting.c - list.csv: what a price list is called, when it is valid, and the few
 * rules that lists differ in. */
#include "base/time.h"
#include "contract/list_int.h"

enum setting {
#define HF_CT_SETTING(name, text, need) S_##name,
#include "contract/setting.def"
#undef HF_CT_SETTING
	SETTINGS
};

static const struct {
	const char *text;
	bool need;
} settings[] = {
#define HF_CT_SETTING(name, text, need) {text, need},
#include "contract/setting.def"
#undef HF_CT_SETTING
};

bool
hf_ct_value_date(struct hf_ct_reader *r, const char *what, struct hf_sv s, int32_t *out)
{
	struct hf_date d;

	if (!hf_date_parse(s, false, &d) || d.precision != HF_PREC_DAY) {
		hf_ct_find_error(r, "%s: takes a day as YYYY-MM-DD", what);
		return false;
	}
	*out = (int32_t)hf_london_day(d.lo);
	return true;
}

bool
hf_ct_value_yes(struct hf_ct_reader *r, const char *what, struct hf_sv s, bool *out)
{
	bool yes = hf_sv_among(s, "yes Yes YES y Y true TRUE 1");

	if (!yes && !hf_sv_among(s, "no No NO n N false FALSE 0")) {
		hf_ct_find_error(r, "%s: takes yes or no", what);
		return false;
	}
	*out = yes;
	return true;
}

/* One of two words. */
static void
choice(struct hf_ct_reader *r, const char *what, struct hf_sv v, const char *no,
       const char *yes, bool *out)
{
	if (hf_sv_eq(v, hf_sv_from(yes)))
		*out = true;
	else if (hf_sv_eq(v, hf_sv_from(no)))
		*out = false;
	else
		hf_ct_find_error(r, "%s: takes %s or %s", what, no, yes);
}

static void
identifier(struct hf_ct_reader *r, const char *what, struct hf_sv v, struct hf_sv *out)
{
	bool good = v.n > 0 && v.n <= 40;

	for (size_t i = 0; good && i < v.n; i++) {
		char c = v.p[i];

		good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
	}
	if (good && v.p[0] != '.')
		*out = v;
	else
		hf_ct_find_error(r, "%s: takes up to 40 letters, digits, - . and _",
				 what);
}

static void
age(struct hf_ct_reader *r, const char *what, struct hf_sv v, uint8_t *out)
{
	int64_t n;

	if (hf_sv_int(v, &n) && n >= 0 && n <= 120)
		*out = (uint8_t)n;
	else
		hf_ct_find_error(r, "%s: takes years from 0 to 120", what);
}

static void
take(struct hf_ct_reader *r, enum setting s, struct hf_sv v)
{
	struct hf_ct_list *list = r->list;
	const char *what = settings[s].text;
	bool even = false;

	switch (s) {
	case S_ID:
		identifier(r, what, v, &list->id);
		break;
	case S_TITLE:
		list->title = v;
		break;
	case S_ILLUSTRATIVE:
		hf_ct_value_yes(r, what, v, &list->illustrative);
		break;
	case S_VALID_FROM:
		hf_ct_value_date(r, what, v, &list->from);
		break;
	case S_VALID_TO:
		hf_ct_value_date(r, what, v, &list->to);
		break;
	case S_SUPERSEDES:
		if (v.n)
			identifier(r, what, v, &list->supersedes);
		break;
	case S_SOURCE:
		list->source = v;
		break;
	case S_ROUNDING:
		choice(r, what, v, "half-away", "half-even", &even);
		list->rounding = even ? HF_HALF_EVEN : HF_HALF_AWAY;
		break;
	case S_SSE_MIN_AGE:
		age(r, what, v, &list->sse_min_age);
		break;
	case S_EXCLUDE_DELAYED:
		hf_ct_value_yes(r, what, v, &list->exclude_delayed);
		break;
	case S_INTERNAL_REFERRAL:
		choice(r, what, v, "first", "follow_up", &list->internal_follow_up);
		break;
	case S_AE_FOLLOW_UP:
		if (!hf_ct_code_parse(v, &list->ae_follow_up))
			hf_ct_find_error(r, "%s: takes a treatment function", what);
		break;
	case SETTINGS:
		break;
	}
}

static enum setting
setting_named(struct hf_sv name)
{
	size_t s = 0;

	while (s < SETTINGS && !hf_sv_eq(name, hf_sv_from(settings[s].text)))
		s++;
	return (enum setting)s;
}

static void
one(struct hf_ct_reader *r, uint32_t *seen)
{
	enum setting s;

	if (r->row.n != 2) {
		hf_ct_find_error(r, "a row is a setting and its value");
		return;
	}
	s = setting_named(hf_ct_field(r, HF_CT_C_LIST_setting));
	if (s == SETTINGS)
		hf_ct_find_error(r, "there is no such setting");
	else if (*seen & 1u << s)
		hf_ct_find_error(r, "%s: stands twice", settings[s].text);
	else
		take(r, s, hf_ct_field(r, HF_CT_C_LIST_value));
	if (s < SETTINGS)
		*seen |= 1u << s;
}

enum hf_rc
hf_ct_settings_read(struct hf_ct_reader *r, struct hf_sv text, struct hf_err *err)
{
	struct hf_csv csv = {.rest = text};
	size_t errors = r->issues->errors;
	uint32_t seen = 0;
	enum hf_rc rc;

	r->list->sse_min_age = 19;
	rc = hf_ct_header_read(r, HF_CT_C_LIST_setting, HF_CT_C_LIST_value + 1, &csv,
			       err);
	if (rc != HF_OK)
		return rc;
	while ((rc = hf_csv_next(&csv, r->arena, &r->row, err)) == HF_OK && r->row.n) {
		r->line = csv.line;
		one(r, &seen);
	}
	if (rc != HF_OK)
		return hf_fail(err, rc, r->file, "a row cannot be read");
	for (size_t s = 0; s < SETTINGS; s++)
		if (settings[s].need && !(seen & 1u << s))
			return hf_fail(err, HF_INVALID, r->file,
				       "the setting %s is missing", settings[s].text);
	if (r->issues->errors > errors)
		return hf_fail(err, HF_INVALID, r->file,
			       "a setting is wrong; see the findings");
	if (r->list->to < r->list->from)
		return hf_fail(err, HF_INVALID, r->file,
			       "valid_to is before valid_from");
	return HF_OK;
}

/* plan_parts.c - which members of a pathway document lie in which extension. */
#include "pathway/plan_int.h"

#include <stdio.h>

#define CODE(name)                                                                     \
	{                                                                              \
		name, HF_PD_CODE, false, NULL                                          \
	}
#define CODES(name)                                                                    \
	{                                                                              \
		name, HF_PD_CODE, true, NULL                                           \
	}
#define TEXT(name)                                                                     \
	{                                                                              \
		name, HF_PD_TEXT, false, NULL                                          \
	}
#define INTEGER(name)                                                                  \
	{                                                                              \
		name, HF_PD_INTEGER, false, NULL                                       \
	}
#define DECIMAL(name)                                                                  \
	{                                                                              \
		name, HF_PD_DECIMAL, false, NULL                                       \
	}
#define BOOLEAN(name)                                                                  \
	{                                                                              \
		name, HF_PD_BOOLEAN, false, NULL                                       \
	}
#define EXPR(name)                                                                     \
	{                                                                              \
		name, HF_PD_EXPRESSION, false, NULL                                    \
	}
#define PARTS(name, of)                                                                \
	{                                                                              \
		name, HF_PD_PARTS, true, of                                            \
	}
#define MAP(name)                                                                      \
	{                                                                              \
		name, HF_PD_MAP, true, NULL                                            \
	}
#define PART(url, list, fields)                                                        \
	{                                                                              \
		url, list, fields, HF_COUNT(fields)                                    \
	}

static const struct hf_pd_field head[] = {CODES("roles"), MAP("events")};
const struct hf_pd_part hf_pd_head = PART("pathway", NULL, head);

static const struct hf_pd_field approval[] = {TEXT("role"), TEXT("nextReview")};
const struct hf_pd_part hf_pd_approval = PART("pathway-approval", NULL, approval);

static const struct hf_pd_field fact[] = {
    CODE("id"),	    TEXT("title"),  CODE("type"), CODES("codes"),
    INTEGER("min"), INTEGER("max"), EXPR("from")};
static const struct hf_pd_field guard[] = {EXPR("when"), TEXT("title")};
static const struct hf_pd_field state[] = {CODE("id"),	 TEXT("title"),	  CODE("kind"),
					   TEXT("exit"), TEXT("request"), TEXT("task")};
static const struct hf_pd_field measure[] = {
    CODE("id"),	     TEXT("title"), TEXT("num"),      TEXT("den"),
    TEXT("exclude"), TEXT("unit"),  DECIMAL("target")};
const struct hf_pd_part hf_pd_lists[] = {
    PART("pathway-fact", "facts", fact),
    PART("pathway-enter", "enter", guard),
    PART("pathway-exclude", "exclude", guard),
    PART("pathway-state", "states", state),
    PART("pathway-measure", "measures", measure),
};
const size_t hf_pd_n_lists = HF_COUNT(hf_pd_lists);

static const struct hf_pd_field step[] = {CODES("in"), CODE("to"), TEXT("stamp"),
					  BOOLEAN("interrupts"), CODE("otherwise")};
const struct hf_pd_part hf_pd_step = PART("pathway-step", NULL, step);

static const struct hf_pd_field mark[] = {CODE("id"), TEXT("after"), DECIMAL("at"),
					  CODES("in"), CODES("do")};
static const struct hf_pd_part mark_part = PART("", NULL, mark);
static const struct hf_pd_field clocks[] = {
    CODES("start"),   CODES("stop"),  MAP("since"),	CODES("pausedIn"),
    EXPR("when"),     EXPR("unless"), BOOLEAN("again"), PARTS("marks", &mark_part),
    CODES("onBreach")};
const struct hf_pd_part hf_pd_clock = PART("pathway-clock", NULL, clocks);

static const struct hf_pd_field limit[] = {TEXT("limit"), CODE("calendar"),
					   EXPR("when")};
const struct hf_pd_part hf_pd_limit = PART("pathway-limit", NULL, limit);

static const struct hf_pd_field task[] = {TEXT("due")};
const struct hf_pd_part hf_pd_task = PART("pathway-task", NULL, task);

const char *
hf_pd_value(enum hf_pd_kind kind)
{
	static const char *const names[] = {
	    [HF_PD_CODE] = "valueCode",	      [HF_PD_TEXT] = "valueString",
	    [HF_PD_INTEGER] = "valueInteger", [HF_PD_DECIMAL] = "valueDecimal",
	    [HF_PD_BOOLEAN] = "valueBoolean", [HF_PD_EXPRESSION] = "valueExpression",
	};

	return names[kind];
}

/* ---- durations: ISO 8601 and UCUM ---- */

static const struct {
	const char *code;
	const char *before; /* of the number in ISO 8601 */
	char after;
	int64_t ms; /* 0: a step of the calendar */
} units[] = {
    {"h", "PT", 'H', 3600000}, {"min", "PT", 'M', 60000}, {"s", "PT", 'S', 1000},
    {"a", "P", 'Y', 0},	       {"mo", "P", 'M', 0},	  {"wk", "P", 'W', 0},
    {"d", "P", 'D', 0},
};

bool
hf_pd_offset(const struct hf_duration *d, int64_t *value, const char **code)
{
	if ((d->months != 0) + (d->days != 0) + (d->ms != 0) != 1)
		return false;
	if (d->ms == 0) {
		bool years = d->months && d->months % 12 == 0;

		*value = years ? d->months / 12 : d->months ? d->months : d->days;
		*code = years ? "a" : d->months ? "mo" : "d";
		return true;
	}
	for (size_t i = 0; i < HF_COUNT(units); i++) {
		if (units[i].ms == 0 || d->ms % units[i].ms != 0)
			continue;
		*value = d->ms / units[i].ms;
		*code = units[i].code;
		return true;
	}
	return false;
}

bool
hf_pd_iso(struct hf_sv value, struct hf_sv code, char *out, size_t size)
{
	int64_t n;

	if (!hf_sv_int(value, &n) || n <= 0 || n > 1000000)
		return false;
	for (size_t i = 0; i < HF_COUNT(units); i++) {
		if (!hf_sv_eq(code, hf_sv_from(units[i].code)))
			continue;
		snprintf(out, size, "%s%lld%c", units[i].before, (long long)n,
			 units[i].after);
		return true;
	}
	return false;
}

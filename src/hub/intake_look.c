/* intake_look.c - what is missing of a referral, and how urgent it looks. */
#include "hub/intake_int.h"

bool
hf_intake_has(const struct hf_intake *in, const struct hf_intake_item *item)
{
	if (item->kind == HF_ITEM_NUMBER || item->kind == HF_ITEM_YES)
		return *hf_intake_number(in, item) >= 0;
	return hf_intake_text(in, item)->n != 0;
}

bool
hf_intake_said(struct hf_sv text)
{
	return text.n && !hf_sv_is(text, "none") && !hf_sv_is(text, "None") &&
	       !hf_sv_is(text, "no") && !hf_sv_is(text, "No");
}

bool
hf_intake_withheld(const struct hf_intake *in)
{
	bool flagged = false;

	for (size_t i = 0; i < in->n_flags; i++)
		flagged = flagged || hf_sv_is(in->flags[i].category, "SG");
	return flagged || hf_intake_said(in->safeguarding);
}

static bool
is_urgent(const struct hf_intake *in)
{
	return in->asked.n == 2 && in->asked.p[0] == 'U' && in->asked.p[1] <= '3';
}

/* Those who have measured before they refer: NEWS2 is mandatory for urgent clinical
 * referrals. */
static bool
measures(struct hf_sv source)
{
	return hf_sv_is(source, "999") || hf_sv_is(source, "ed") ||
	       hf_sv_is(source, "ward");
}

/* -1: not asked for, 0: required if known, 1: mandatory. */
static int
asked_for(const struct hf_intake *in, const struct hf_intake_item *item, int age)
{
	switch (item->need) {
	case HF_ITEM_NEED_M:
		return 1;
	case HF_ITEM_NEED_P:
		/* Who is known is known; who is not, nobody can say. */
		return in->person.id.n || in->person.unknown ? -1 : 1;
	case HF_ITEM_NEED_C:
		return hf_sv_is(in->service, "ucr") ? 1 : 0;
	case HF_ITEM_NEED_S:
		return hf_sv_is(in->source, "999") ? 1 : 0;
	case HF_ITEM_NEED_R:
		return 0;
	case HF_ITEM_NEED_F:
		return age >= 65 ? 0 : -1;
	case HF_ITEM_NEED_N:
		break;
	}
	return -1;
}

size_t
hf_intake_gaps(const struct hf_intake *in, int age,
	       struct hf_intake_gap gaps[HF_INTAKE_GAPS])
{
	size_t n = 0;

	for (int mandatory = 1; mandatory >= 0; mandatory--) {
		for (size_t i = 0; i < hf_n_intake_items && n < HF_INTAKE_GAPS; i++) {
			const struct hf_intake_item *item = &hf_intake_items[i];

			if (hf_intake_has(in, item) ||
			    asked_for(in, item, age) != mandatory)
				continue;
			/* What a record has needs not be asked for again. */
			if (in->person.id.n &&
			    hf_sv_starts(hf_sv_from(item->path), HF_SV("person.")))
				continue;
			gaps[n++] = (struct hf_intake_gap){item->path, item->text,
							   mandatory == 1};
		}
		/* Mandatory for an urgent clinical referral, asked for otherwise. */
		if (in->n_news2 == 0 && n < HF_INTAKE_GAPS &&
		    (mandatory == 1) == (is_urgent(in) && measures(in->source)))
			gaps[n++] = (struct hf_intake_gap){
			    "news2", "NEWS2 with its values", mandatory == 1};
	}
	return n;
}

enum hf_rc
hf_intake_news2(const struct hf_intake *in, const struct hf_score *score, int age,
		int *total, struct hf_err *err)
{
	struct hf_score_result result;
	enum hf_rc rc;

	*total = -1;
	if (in->n_news2 == 0)
		return HF_OK;
	rc = hf_score_run(score, age < 0 ? 18 : age, in->news2, in->n_news2, &result,
			  err);
	if (rc == HF_OK && result.complete)
		*total = result.total;
	return rc;
}

static void
because(struct hf_intake_urgency *out, const char *urgency, const char *reason)
{
	/* The most urgent of all reasons counts: "U0" is before "U1". */
	if (!*out->urgency || strcmp(urgency, out->urgency) < 0)
		out->urgency = urgency;
	if (out->n < HF_COUNT(out->reasons))
		out->reasons[out->n++] = reason;
}

/* sections 2.3, 2.4, 7.4 and 7.5; NEWS2 by the community adaptation of
 * section 3.3, which a place approves. */
void
hf_intake_suggest(const struct hf_intake *in, const struct hf_score *news2, int age,
		  struct hf_intake_urgency *out)
{
	const struct hf_hub_word *w = hf_hub_word(HF_HUB_CONDITIONS, in->condition);
	int total = -1;

	*out = (struct hf_intake_urgency){.urgency = ""};
	if (hf_intake_news2(in, news2, age, &total, NULL) == HF_OK && total >= 7)
		because(out, "U0",
			"NEWS2 is 7 or more: 999, unless the ceiling of care is home");
	else if (total >= 5)
		because(out, "U1", "NEWS2 is 5 or 6: a clinician within the hour");
	else if (total >= 3)
		because(out, "U1", "NEWS2 is 3 or 4: within 2 hours");
	if (w && strcmp(w->more, "ucr") == 0 && age >= 18)
		because(out, "U1",
			"one of the conditions of the two-hour response, at home");
	else if (w && strcmp(w->more, "ucr") == 0 && age >= 0)
		because(out, "U2", "under 18: the two-hour response is for adults");
	if (hf_sv_is(in->condition, "mental-health-crisis"))
		because(out, "U2", "mental health crisis: very urgent within 4 hours");
	if (hf_sv_is(in->condition, "child-acute"))
		because(out, "U2", "acutely ill child: a visit within 4 hours");
	if (hf_sv_is(in->condition, "reablement"))
		because(out, "U4", "reablement starts within 2 days");
	if (hf_sv_is(in->condition, "long-term-condition"))
		because(out, "U3", "getting worse: next day");
	if (hf_sv_is(in->condition, "wound-care"))
		because(out, "U5", "wound care: within 5 working days");
	if (hf_sv_is(in->condition, "routine-community"))
		because(out, "U6", "routine community care");
	if (in->safeguarding.n && !hf_sv_is(in->safeguarding, "none") &&
	    *out->urgency && strcmp(out->urgency, "U2") > 0)
		because(out, "U2", "safeguarding is said: the same day");
}

/* price_readmission.c - emergency readmissions that a payment rule looked at
 * (population.md 3.3, READM_PBR): within 30 days of the latest discharge, at any
 * provider, and none of the exclusions. */
#include "server/price_activity.h"

enum { WITHIN = 30, LEAST_AGE = 4 };

/* Cancer, its treatment, birth, dialysis, transplant: of either spell. */
static const char *const left_out_dx[] = {"C", "D37", "D38", "D39", "D4",
					  "O", "Z49", "Z51", "Z94"};
static const char *const left_out_hrg[] = {"LD", "SB", "SC", "VA14", "VA15"};

static bool
is_stay(uint8_t setting)
{
	return setting == HF_POP_EL || setting == HF_POP_DC || setting == HF_POP_NE;
}

static bool
begins_with_one(struct hf_sv code, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_starts(code, hf_sv_from(list[i])))
			return true;
	return false;
}

static struct hf_sv
text_of(const struct hf_pop_columns *c, enum hf_pop_kind kind, uint16_t code)
{
	return c->dict[kind].n > code ? c->dict[kind].text[code]
				      : (struct hf_sv){"", 0};
}

static bool
is_left_out(const struct hf_pop_columns *c, uint64_t i)
{
	return begins_with_one(text_of(c, HF_POP_ICD10, c->ev.dx[i]), left_out_dx,
			       HF_COUNT(left_out_dx)) ||
	       begins_with_one(text_of(c, HF_POP_HRG, c->ev.hrg[i]), left_out_hrg,
			       HF_COUNT(left_out_hrg));
}

/* A transport accident among its diagnoses. */
static bool
is_transport(const struct hf_pop_columns *c, uint64_t i)
{
	uint32_t at = c->ev.dx_more ? c->ev.dx_more[i] : 0;

	if (hf_sv_starts(text_of(c, HF_POP_ICD10, c->ev.dx[i]), HF_SV("V")))
		return true;
	for (uint16_t k = 0; at && k < c->dx_pool[at]; k++)
		if (hf_sv_starts(text_of(c, HF_POP_ICD10, c->dx_pool[at + 1u + k]),
				 HF_SV("V")))
			return true;
	return false;
}

static bool
is_emergency(uint8_t method)
{
	return hf_ct_method_kind(method) == HF_CT_MK_EMERGENCY &&
	       method != HF_CT_M_2B; /* a transfer */
}

static int32_t
end_of(const struct hf_pop_columns *c, uint64_t i)
{
	return (int32_t)c->ev.day[i] + c->ev.los[i];
}

/* The stay of the person that ended last before stay r began; n_events: there is none.
 * Events of a person are in the order of days; on one day the earlier row counts. */
static uint64_t
before(const struct hf_pop_columns *c, uint64_t r)
{
	uint64_t found = c->n_events;

	for (uint64_t i = c->ev_first[c->ev.person[r]]; i < r; i++)
		if (is_stay(c->ev.setting[i]) && end_of(c, i) <= c->ev.day[r] &&
		    (found == c->n_events || end_of(c, i) >= end_of(c, found)))
			found = i;
	return found;
}

static uint16_t
flag_of(const struct hf_pop_columns *c, uint64_t r)
{
	const struct hf_pop_person *p = &c->persons[c->ev.person[r]];
	uint64_t i;

	if (c->ev.setting[r] != HF_POP_NE || !is_emergency(c->ev.method[r]) ||
	    is_left_out(c, r) || is_transport(c, r) ||
	    hf_pop_age(p, c->ev.day[r]) < LEAST_AGE)
		return 0;
	i = before(c, r);
	if (i == c->n_events || (int32_t)c->ev.day[r] - end_of(c, i) > WITHIN ||
	    is_left_out(c, i) || c->ev.outcome[i] == HF_POP_O_LEFT ||
	    c->ev.outcome[i] == HF_POP_O_HOSPITAL)
		return 0;
	return hf_ct_method_kind(c->ev.method[i]) == HF_CT_MK_ELECTIVE
		   ? HF_CT_F_READM_EL
		   : HF_CT_F_READM_OTHER;
}

void
hf_price_readmissions(const struct hf_pop_columns *c, struct hf_ct_activity *rows,
		      size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (rows[k].kind == HF_CT_ACT_SPELL)
			rows[k].flags |= flag_of(c, rows[k].id);
}

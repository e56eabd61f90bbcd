/* price_activity.c - events of the population as activity with a price. */
#include "server/price_activity.h"

#include <stdlib.h>

/* Both rooms list the admission methods as the NHS Data Dictionary does. */
static_assert((int)HF_POP_METHODS == (int)HF_CT_METHODS, "admission methods");
static_assert((int)HF_POP_M_28 == (int)HF_CT_M_28, "admission methods");
static_assert((int)HF_POP_M_83 == (int)HF_CT_M_83, "admission methods");

enum { CLASS_ORDINARY = 1, CLASS_DAY_CASE, CLASS_REGULAR_DAY };

struct bridge {
	const struct hf_pop_columns *c;
	hf_ct_code *codes[HF_POP_KINDS]; /* by code of the population */
};

static const enum hf_pop_kind kinds[] = {HF_POP_PROVIDER, HF_POP_SPECIALTY, HF_POP_HRG};

/* A text that is no code of ours is as one that is not known: such a line says so. */
static bool
read_codes(struct bridge *b)
{
	for (size_t i = 0; i < HF_COUNT(kinds); i++) {
		const struct hf_pop_dictionary *d = &b->c->dict[kinds[i]];
		hf_ct_code *codes = calloc(d->n + 1, sizeof *codes);

		if (!codes)
			return false;
		for (size_t k = 1; k < d->n; k++)
			hf_ct_code_parse(d->text[k], &codes[k]);
		b->codes[kinds[i]] = codes;
	}
	return true;
}

static void
drop_codes(struct bridge *b)
{
	for (size_t i = 0; i < HF_COUNT(kinds); i++)
		free(b->codes[kinds[i]]);
}

/* A test has a price of its own when it has a currency of its own. */
static enum hf_ct_act
kind_of(uint8_t setting, uint16_t hrg)
{
	switch (setting) {
	case HF_POP_DIAG:
		return hrg ? HF_CT_ACT_UNBUNDLED : HF_CT_ACTS;
	case HF_POP_EL:
	case HF_POP_DC:
	case HF_POP_NE:
	case HF_POP_RDA:
	case HF_POP_MAT:
		return HF_CT_ACT_SPELL;
	case HF_POP_OP:
		return HF_CT_ACT_OUTPATIENT;
	case HF_POP_AE:
		return HF_CT_ACT_AE;
	default:
		return HF_CT_ACTS;
	}
}

/* Of a feed without the patient classification, what its setting says. */
static uint8_t
class_of(uint8_t setting, uint8_t cls)
{
	if (cls || kind_of(setting, 0) != HF_CT_ACT_SPELL)
		return cls;
	return setting == HF_POP_DC    ? CLASS_DAY_CASE
	       : setting == HF_POP_RDA ? CLASS_REGULAR_DAY
				       : CLASS_ORDINARY;
}

static uint8_t
age_of(const struct hf_pop_columns *c, uint64_t i)
{
	int age = hf_pop_age(&c->persons[c->ev.person[i]], c->ev.day[i]);

	return age < 0 || age > 130 ? HF_CT_NOT_KNOWN : (uint8_t)age;
}

static uint16_t
flags_of(uint8_t flags)
{
	return (uint16_t)((flags & HF_POP_F_BPT ? HF_CT_F_BPT_SUS : 0) |
			  (flags & HF_POP_F_OPEN ? HF_CT_F_OPEN : 0) |
			  (flags & HF_POP_F_PLANNED ? HF_CT_F_PLANNED : 0));
}

static void
fill(const struct bridge *b, uint64_t i, enum hf_ct_act kind, struct hf_ct_activity *a)
{
	const struct hf_pop_events *ev = &b->c->ev;
	bool delayed = ev->flags[i] & HF_POP_F_READY_DELAY && ev->wait[i] < INT16_MAX;

	*a = (struct hf_ct_activity){
	    .id = i,
	    .hrg = b->codes[HF_POP_HRG][ev->hrg[i]],
	    .provider = b->codes[HF_POP_PROVIDER][ev->provider[i]],
	    .specialty = b->codes[HF_POP_SPECIALTY][ev->specialty[i]],
	    .admitted = HF_POP_DAY_ZERO + ev->day[i],
	    .day = HF_POP_DAY_ZERO + ev->day[i],
	    .quantity = 1,
	    .flags = flags_of(ev->flags[i]),
	    .kind = (uint8_t)kind,
	    .method = ev->method[i],
	    .age = age_of(b->c, i),
	    .cls = class_of(ev->setting[i], ev->cls[i]),
	    .investigation = HF_CT_NOT_KNOWN,
	    .treatment = HF_CT_NOT_KNOWN,
	};
	if (kind != HF_CT_ACT_SPELL)
		return;
	a->day += ev->los[i];
	a->other = ev->excluded[i];
	a->delayed = delayed ? (int16_t)ev->wait[i] : 0;
}

static bool
within(const struct hf_pop_columns *c, uint64_t i, enum hf_ct_act kind, int32_t from,
       int32_t to)
{
	int32_t day = HF_POP_DAY_ZERO + c->ev.day[i] +
		      (kind == HF_CT_ACT_SPELL ? c->ev.los[i] : 0);

	return kind != HF_CT_ACTS && day >= from && day < to;
}

enum hf_rc
hf_price_activity(const struct hf_pop_columns *c, int32_t from, int32_t to,
		  struct hf_ct_activity **out, size_t *n, struct hf_err *err)
{
	struct bridge b = {.c = c};
	struct hf_ct_activity *rows = NULL;
	size_t size = 0, at = 0;
	bool good = read_codes(&b);

	for (uint64_t i = 0; i < c->n_events; i++)
		size += within(c, i, kind_of(c->ev.setting[i], c->ev.hrg[i]), from, to);
	good = good && (rows = malloc((size + 1) * sizeof *rows)) != NULL;
	for (uint64_t i = 0; good && i < c->n_events; i++) {
		enum hf_ct_act kind = kind_of(c->ev.setting[i], c->ev.hrg[i]);

		if (within(c, i, kind, from, to))
			fill(&b, i, kind, &rows[at++]);
	}
	drop_codes(&b);
	if (!good)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	*out = rows;
	*n = at;
	return HF_OK;
}

/* made.h - invented activity for tests and benches of prices: every kind, every rule of
 * contract-and-governance.md 1.2 and 1.5, and a part of it wrong.  The same from the
 * same seed. */
#ifndef HF_TEST_CONTRACT_MADE_H
#define HF_TEST_CONTRACT_MADE_H

#include "base/rng.h"
#include "contract/price.h"

/* How wrong it may be: out of so many rows about one is. */
struct made {
	struct hf_rng rng;
	const struct hf_ct_list *list; /* whose codes are drawn */
	int32_t from, days;	       /* when it happens */
	uint32_t wrong;		       /* 0: never */
};

static inline bool
made_chance(struct made *m, uint32_t percent)
{
	return hf_rng_below(&m->rng, 100) < percent;
}

static inline bool
made_wrong(struct made *m)
{
	return m->wrong && hf_rng_below(&m->rng, m->wrong) == 0;
}

static inline hf_ct_code
made_code(struct made *m, enum hf_ct_table_name table)
{
	const struct hf_ct_rows *t = &m->list->table[table];
	const struct hf_ct_key *k;

	if (t->n == 0 || made_wrong(m))
		return made_chance(m, 50) ? 0 : hf_ct_code_of("QQ99Z");
	k = hf_ct_list_row(m->list, table, hf_rng_below(&m->rng, t->n));
	return k->code;
}

static inline void
made_spell(struct made *m, struct hf_ct_activity *a)
{
	static const char *const methods[] = {"21", "21", "21", "22", "28", "2A", "11",
					      "12", "13", "11", "81", "31", "82"};
	int los = made_chance(m, 45)   ? (int)hf_rng_below(&m->rng, 2)
		  : made_chance(m, 80) ? (int)hf_rng_below(&m->rng, 15)
				       : (int)hf_rng_below(&m->rng, 120);

	a->kind = HF_CT_ACT_SPELL;
	a->hrg = made_code(m, HF_CT_T_HRG);
	hf_ct_method_parse(
	    hf_sv_from(methods[hf_rng_below(&m->rng, HF_COUNT(methods))]), &a->method);
	a->admitted = a->day - los;
	a->cls = made_chance(m, 25) ? 2 : 1;
	if (made_chance(m, 10)) {
		a->critical = (int16_t)hf_rng_below(&m->rng, 5);
		a->rehab = (int16_t)hf_rng_below(&m->rng, 5);
		a->palliative = (int16_t)hf_rng_below(&m->rng, 2);
		a->other = (int16_t)hf_rng_below(&m->rng, 2);
		a->delayed = (int16_t)hf_rng_below(&m->rng, 9);
	}
	if (made_chance(m, 15))
		a->flags |= (uint16_t)(1 + hf_rng_below(&m->rng, 7));
	if (made_chance(m, 10))
		a->specialised = (uint8_t)hf_rng_below(&m->rng, 256);
	if (made_wrong(m))
		a->method = (uint8_t)hf_rng_below(&m->rng, HF_CT_METHODS);
	if (made_wrong(m))
		a->cls = (uint8_t)hf_rng_below(&m->rng, 6);
	if (made_wrong(m))
		a->rehab = -1;
	if (made_wrong(m))
		a->admitted = a->day + 1;
	if (made_wrong(m))
		a->flags |= HF_CT_F_OPEN;
}

static inline void
made_outpatient(struct made *m, struct hf_ct_activity *a)
{
	static const uint8_t classes[] = {1, 1, 2, 2, 2, 2, 3, 4, 5};

	a->kind = HF_CT_ACT_OUTPATIENT;
	a->cls = classes[hf_rng_below(&m->rng, HF_COUNT(classes))];
	a->specialty = made_code(m, HF_CT_T_OUTPATIENT);
	if (a->cls == HF_CT_OP_PROCEDURE)
		a->hrg = made_code(m, HF_CT_T_HRG);
	if (made_chance(m, 15))
		a->flags |= HF_CT_F_MULTI;
	if (made_chance(m, 10))
		a->flags |= HF_CT_F_INTERNAL;
	if (made_chance(m, 5))
		a->flags |= HF_CT_F_NOT_CONSULTANT;
	if (made_wrong(m))
		a->cls = (uint8_t)hf_rng_below(&m->rng, 8);
}

static inline void
made_ae(struct made *m, struct hf_ct_activity *a)
{
	static const uint8_t types[] = {1, 1, 1, 1, 2, 3, 4, 5};

	a->kind = HF_CT_ACT_AE;
	a->cls = types[hf_rng_below(&m->rng, HF_COUNT(types))];
	a->investigation = (uint8_t)hf_rng_below(&m->rng, 4);
	a->treatment = (uint8_t)hf_rng_below(&m->rng, 6);
	if (made_chance(m, 30))
		a->hrg = made_code(m, HF_CT_T_AE);
	if (made_chance(m, 3))
		a->flags |= HF_CT_F_PLANNED;
	if (made_chance(m, 2))
		a->flags |= HF_CT_F_DENTAL;
	if (made_chance(m, 1))
		a->flags |= HF_CT_F_DEAD;
	if (made_wrong(m))
		a->cls = (uint8_t)hf_rng_below(&m->rng, 8);
}

static inline void
made_item(struct made *m, struct hf_ct_activity *a, bool drug)
{
	a->kind = drug ? HF_CT_ACT_DRUG : HF_CT_ACT_UNBUNDLED;
	a->hrg = made_code(m, drug ? HF_CT_T_DRUG : HF_CT_T_UNBUNDLED);
	a->quantity = (int32_t)hf_rng_below(&m->rng, 20);
	if (drug)
		a->cost = hf_rng_below(&m->rng, 1000000);
	if (made_wrong(m))
		a->quantity = -a->quantity;
	if (made_wrong(m))
		a->cost = -a->cost;
}

/* A row of a kind; HF_CT_ACTS: any. */
static inline void
made_row(struct made *m, uint64_t id, enum hf_ct_act kind, struct hf_ct_activity *a)
{
	uint32_t any = hf_rng_below(&m->rng, 100);

	*a = (struct hf_ct_activity){.id = id, .quantity = 1};
	a->day = m->from + (int32_t)hf_rng_below(&m->rng, (uint32_t)m->days);
	a->provider = made_code(m, HF_CT_T_MFF);
	a->age = (uint8_t)hf_rng_below(&m->rng, 100);
	if (made_wrong(m))
		a->age = HF_CT_NOT_KNOWN;
	if (kind == HF_CT_ACTS)
		kind = any < 50	  ? HF_CT_ACT_SPELL
		       : any < 75 ? HF_CT_ACT_OUTPATIENT
		       : any < 90 ? HF_CT_ACT_AE
		       : any < 96 ? HF_CT_ACT_UNBUNDLED
				  : HF_CT_ACT_DRUG;
	if (kind == HF_CT_ACT_SPELL)
		made_spell(m, a);
	else if (kind == HF_CT_ACT_OUTPATIENT)
		made_outpatient(m, a);
	else if (kind == HF_CT_ACT_AE)
		made_ae(m, a);
	else
		made_item(m, a, kind == HF_CT_ACT_DRUG);
}

#endif

/* dims.c - see dims.h. */
#include "population/dims.h"

#include <stdlib.h>

#include "population/disclose.h"

enum { ARENA_CAP = 1 << 30, LTCS_MOST = 5 };

const char *const hf_pop_dim_word[HF_POP_DIMS] = {
#define HF_POP_DIM(name, word, text) word,
#include "population/dims.def"
#undef HF_POP_DIM
};
const char *const hf_pop_dim_text[HF_POP_DIMS] = {
#define HF_POP_DIM(name, word, text) text,
#include "population/dims.def"
#undef HF_POP_DIM
};

struct named {
	const char *code, *label;
};

static const struct named ages[] = {{"", "Not known"},	   {"0-4", "0 to 4"},
				    {"5-17", "5 to 17"},   {"18-64", "18 to 64"},
				    {"65-74", "65 to 74"}, {"75-84", "75 to 84"},
				    {"85+", "85 and over"}};
static const struct named sexes[] = {
    {"", "Not known"}, {"male", "Male"}, {"female", "Female"}, {"other", "Other"}};
static const struct named deciles[] = {{"", "Not known"},
				       {"1", "1 (most deprived)"},
				       {"2", "2"},
				       {"3", "3"},
				       {"4", "4"},
				       {"5", "5"},
				       {"6", "6"},
				       {"7", "7"},
				       {"8", "8"},
				       {"9", "9"},
				       {"10", "10 (least deprived)"}};
/* population.md 1.2: what is missing is a group of its own. */
static const struct named ethnics[] = {{"", "Not known or not stated"},
				       {"white", "White"},
				       {"mixed", "Mixed"},
				       {"asian", "Asian or Asian British"},
				       {"black", "Black or Black British"},
				       {"other", "Other"}};
static const struct named ltcs[] = {{"0", "None"}, {"1", "One"},
				    {"2", "Two"},  {"3", "Three"},
				    {"4", "Four"}, {"5+", "Five or more"}};
static const struct named homes[] = {{"own", "Own home, as far as known"},
				     {"care-home", "Care home"},
				     {"housebound", "Housebound"},
				     {"homeless", "Homeless"}};
static const struct named carers[] = {{"no", "Not known to be one"},
				      {"yes", "Unpaid carer"}};
static const struct named unknown[] = {{"", "Not reckoned"}};

enum hf_pop_dim
hf_pop_dim_find(struct hf_sv word)
{
	for (size_t d = 0; d < HF_POP_DIMS; d++)
		if (hf_sv_eq(word, hf_sv_from(hf_pop_dim_word[d])))
			return (enum hf_pop_dim)d;
	return HF_POP_DIMS;
}

void
hf_pop_dims_free(struct hf_pop_dims *d)
{
	hf_arena_free(&d->arena);
	*d = (struct hf_pop_dims){0};
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "not enough memory for the population");
}

static bool
room_for(struct hf_pop_dims *d, enum hf_pop_dim dim, size_t n)
{
	d->code[dim] = hf_arena_array(&d->arena, n, sizeof(struct hf_sv));
	d->label[dim] = hf_arena_array(&d->arena, n, sizeof(struct hf_sv));
	d->values[dim] = n;
	return d->code[dim] && d->label[dim];
}

static bool
name_all(struct hf_pop_dims *d, enum hf_pop_dim dim, const struct named *names,
	 size_t n)
{
	if (!room_for(d, dim, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		d->code[dim][i] = hf_sv_from(names[i].code);
		d->label[dim][i] = hf_sv_from(names[i].label);
	}
	return true;
}

static uint8_t
ethnic_of(uint8_t code)
{
	if (code >= 'A' && code <= 'C')
		return 1;
	if (code >= 'D' && code <= 'G')
		return 2;
	if (code == 'H' || (code >= 'J' && code <= 'L'))
		return 3;
	if (code == 'M' || code == 'N' || code == 'P')
		return 4;
	return code == 'R' || code == 'S' ? 5 : 0;
}

static uint8_t
home_of(uint8_t flags)
{
	if (flags & HF_POP_P_CARE_HOME)
		return 1;
	if (flags & HF_POP_P_HOMELESS)
		return 3;
	return flags & HF_POP_P_HOUSEBOUND ? 2 : 0;
}

/* How many conditions whose code begins with ltc- the person has on the day; rows are
 * by code, so one that began twice counts once. */
static uint8_t
ltcs_of(const struct hf_pop_columns *c, const uint8_t *is_ltc, uint32_t p, uint16_t day)
{
	unsigned n = 0;
	uint16_t last = 0;

	for (uint32_t i = c->cond_first[p]; i < c->cond_first[p + 1]; i++) {
		const struct hf_pop_condition *x = &c->cond[i];

		if (!is_ltc[x->code] || x->code == last || x->from > day ||
		    (x->to <= day && x->to != HF_POP_NONE))
			continue;
		last = x->code;
		n++;
	}
	return (uint8_t)(n > LTCS_MOST ? LTCS_MOST : n);
}

/* Practices get values in the order of their codes; past 254 they are one. */
static bool
name_practices(struct hf_pop_dims *d, const uint16_t *practice, uint8_t *value)
{
	const struct hf_pop_dictionary *dict = &d->c->dict[HF_POP_PRACTICE];
	uint8_t *seen = calloc(dict->n + 1, 1);
	size_t n = 1;

	if (!seen || !room_for(d, HF_POP_DIM_PRACTICE, HF_POP_DIM_VALUES)) {
		free(seen);
		return false;
	}
	for (uint32_t p = 0; p < d->n; p++)
		seen[practice[p]] |= d->in[p];
	d->code[HF_POP_DIM_PRACTICE][0] = HF_SV("");
	d->label[HF_POP_DIM_PRACTICE][0] = HF_SV("Not registered");
	for (size_t i = 1; i < dict->n; i++) {
		if (!seen[i])
			continue;
		if (n == HF_POP_DIM_VALUES - 1) {
			d->code[HF_POP_DIM_PRACTICE][n] = HF_SV("others");
			d->label[HF_POP_DIM_PRACTICE][n] = HF_SV("Other practices");
		} else if (n < HF_POP_DIM_VALUES - 1) {
			d->code[HF_POP_DIM_PRACTICE][n] = dict->text[i];
			d->label[HF_POP_DIM_PRACTICE][n] = dict->text[i];
		}
		value[i] = (uint8_t)(n < HF_POP_DIM_VALUES ? n : HF_POP_DIM_VALUES - 1);
		n += n < HF_POP_DIM_VALUES;
	}
	d->values[HF_POP_DIM_PRACTICE] = n < HF_POP_DIM_VALUES ? n : HF_POP_DIM_VALUES;
	free(seen);
	return true;
}

static bool
name_localities(struct hf_pop_dims *d)
{
	const struct hf_pop_columns *c = d->c;
	size_t n = c->locality.n ? c->locality.n : 1;

	n = n > HF_POP_DIM_VALUES ? HF_POP_DIM_VALUES : n;
	if (!room_for(d, HF_POP_DIM_LOCALITY, n))
		return false;
	d->code[HF_POP_DIM_LOCALITY][0] = HF_SV("");
	d->label[HF_POP_DIM_LOCALITY][0] = HF_SV("No locality");
	for (size_t i = 1; i < n; i++) {
		d->code[HF_POP_DIM_LOCALITY][i] = c->locality_id[i];
		d->label[HF_POP_DIM_LOCALITY][i] = c->locality.text[i];
	}
	return true;
}

static bool
make_room(struct hf_pop_dims *d)
{
	for (size_t i = 0; i < HF_POP_DIMS; i++) {
		d->of[i] = hf_arena_array(&d->arena, d->n + 64u, 1);
		if (!d->of[i])
			return false;
	}
	d->weight = hf_arena_array(&d->arena, d->n + 64u, 1);
	d->in = hf_arena_array(&d->arena, d->n + 64u, 1);
	return d->weight && d->in;
}

static bool
name_rest(struct hf_pop_dims *d)
{
	return name_all(d, HF_POP_DIM_AGE, ages, HF_COUNT(ages)) &&
	       name_all(d, HF_POP_DIM_SEX, sexes, HF_COUNT(sexes)) &&
	       name_all(d, HF_POP_DIM_IMD, deciles, HF_COUNT(deciles)) &&
	       name_all(d, HF_POP_DIM_ETHNIC, ethnics, HF_COUNT(ethnics)) &&
	       name_all(d, HF_POP_DIM_LTCS, ltcs, HF_COUNT(ltcs)) &&
	       name_all(d, HF_POP_DIM_SEGMENT, unknown, 1) &&
	       name_all(d, HF_POP_DIM_FRAILTY, unknown, 1) &&
	       name_all(d, HF_POP_DIM_RISK, unknown, 1) &&
	       name_all(d, HF_POP_DIM_HOME, homes, HF_COUNT(homes)) &&
	       name_all(d, HF_POP_DIM_CARER, carers, HF_COUNT(carers)) &&
	       name_localities(d);
}

struct scratch {
	uint16_t *practice; /* by ordinal */
	uint8_t *value;	    /* by practice */
	uint16_t *locality; /* by practice, on the day */
	uint8_t *is_ltc;    /* by condition */
};

static void
fill(struct hf_pop_dims *d, const struct scratch *s)
{
	const struct hf_pop_columns *c = d->c;

	for (uint32_t p = 0; p < d->n; p++) {
		const struct hf_pop_person *x = &c->persons[p];
		enum hf_pop_band band = hf_pop_band_of(hf_pop_age(x, d->day));
		uint16_t practice = s->practice[p], locality = s->locality[practice];

		d->of[HF_POP_DIM_LOCALITY][p] =
		    locality < HF_POP_DIM_VALUES ? (uint8_t)locality : 0;
		d->of[HF_POP_DIM_PRACTICE][p] = s->value[practice];
		d->of[HF_POP_DIM_AGE][p] =
		    band == HF_POP_AGE_UNKNOWN ? 0 : (uint8_t)(band + 1);
		d->of[HF_POP_DIM_SEX][p] = x->sex < HF_POP_SEXES ? x->sex : 0;
		d->of[HF_POP_DIM_IMD][p] = x->imd <= 10 ? x->imd : 0;
		d->of[HF_POP_DIM_ETHNIC][p] = ethnic_of(x->ethnic);
		d->of[HF_POP_DIM_LTCS][p] = ltcs_of(c, s->is_ltc, p, d->day);
		d->of[HF_POP_DIM_HOME][p] = home_of(x->flags);
		d->of[HF_POP_DIM_CARER][p] = (x->flags & HF_POP_P_CARER) != 0;
	}
}

static bool
scratch_make(struct scratch *s, const struct hf_pop_columns *c, uint16_t day)
{
	s->practice = calloc((size_t)c->n_persons + 1, sizeof(*s->practice));
	s->value = calloc(c->dict[HF_POP_PRACTICE].n + 1, 1);
	s->locality = calloc(c->dict[HF_POP_PRACTICE].n + 1, sizeof(*s->locality));
	s->is_ltc = calloc(c->dict[HF_POP_CONDITION].n + 1, 1);
	if (!s->practice || !s->value || !s->locality || !s->is_ltc)
		return false;
	for (uint32_t p = 0; p < c->n_persons; p++)
		s->practice[p] = hf_pop_practice_on(c, p, day);
	for (size_t i = 1; i < c->dict[HF_POP_PRACTICE].n; i++)
		s->locality[i] = hf_pop_locality_on(c, (uint16_t)i, day);
	for (size_t i = 1; i < c->dict[HF_POP_CONDITION].n; i++)
		s->is_ltc[i] =
		    hf_sv_starts(c->dict[HF_POP_CONDITION].text[i], HF_SV("ltc-"));
	return true;
}

enum hf_rc
hf_pop_dims_make(const struct hf_pop_columns *c, uint16_t day, struct hf_pop_dims *out,
		 struct hf_err *err)
{
	struct hf_pop_dims d = {.c = c, .day = day, .n = c->n_persons};
	struct scratch s = {0};
	enum hf_rc rc = HF_OK;

	hf_arena_init(&d.arena, ARENA_CAP);
	if (!make_room(&d) || !scratch_make(&s, c, day) || !name_rest(&d))
		rc = no_memory(err);
	for (uint32_t p = 0; rc == HF_OK && p < d.n; p++)
		d.in[p] = s.practice[p] != 0 && c->persons[p].death_day > day;
	if (rc == HF_OK && !name_practices(&d, s.practice, s.value))
		rc = no_memory(err);
	if (rc == HF_OK) {
		fill(&d, &s);
		rc = hf_pop_weights(c->persons, s.practice,
				    c->dict[HF_POP_PRACTICE].n + 1, d.n, d.weight, err);
	}
	for (uint32_t p = 0; rc == HF_OK && p < d.n; p++)
		d.weight[p] = d.in[p] ? d.weight[p] : 0;
	free(s.practice);
	free(s.value);
	free(s.locality);
	free(s.is_ltc);
	if (rc == HF_OK)
		*out = d;
	else
		hf_pop_dims_free(&d);
	return rc;
}

enum hf_rc
hf_pop_dims_set(struct hf_pop_dims *d, enum hf_pop_dim dim, const uint8_t *value,
		const struct hf_sv *code, const struct hf_sv *label, size_t n,
		struct hf_err *err)
{
	assert(n > 0 && n <= HF_POP_DIM_VALUES);
	if (!room_for(d, dim, n))
		return no_memory(err);
	for (size_t i = 0; i < n; i++) {
		d->code[dim][i] = hf_arena_sv(&d->arena, code[i]);
		d->label[dim][i] = hf_arena_sv(&d->arena, label[i]);
		if (!d->code[dim][i].p || !d->label[dim][i].p)
			return no_memory(err);
	}
	for (uint32_t p = 0; p < d->n; p++)
		d->of[dim][p] = value[p] < n ? value[p] : 0;
	return HF_OK;
}

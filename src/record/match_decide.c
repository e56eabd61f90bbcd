/* match_decide.c - from levels to an answer: weights, odds, and the rules above
 * them.  The rules are for what weights cannot tell apart: a household shares its
 * name, address and telephone, twins their birthday too. */
#include <math.h>

#include "record/match_set.h"

static const struct level {
	enum hf_match_field field;
	double m, u;
	const char *text;
} levels[HF_AGREES] = {
#define HF_AGREE(field, name, m, u, text)                                              \
	[HF_AGREE_##field##_##name] = {HF_MATCH_##field, m, u, text},
#include "record/match_level.def"
#undef HF_AGREE
};

const char *
hf_match_field_code(enum hf_match_field field)
{
	static const char *const codes[] = {"number", "family", "given", "middle",
					    "birth",  "sex",	"place", "phone"};

	return codes[field];
}

const char *
hf_match_level_text(enum hf_match_level level)
{
	return level ? levels[level].text : "not known of both";
}

enum hf_match_field
hf_match_level_field(enum hf_match_level level)
{
	return levels[level].field;
}

const char *
hf_match_rule_text(enum hf_match_rule rule)
{
	static const char *const texts[] = {
#define HF_MATCH_RULE(name, text) [HF_RULE_##name] = text,
#include "record/match_rule.def"
#undef HF_MATCH_RULE
	};

	return texts[rule];
}

const char *
hf_match_answer_code(enum hf_match_answer answer)
{
	static const char *const codes[] = {"separate", "review", "link"};

	return codes[answer];
}

struct hf_match_model
hf_match_model_default(void)
{
	struct hf_match_model model = {.link = 7, .review = -3};

	for (size_t l = 1; l < HF_AGREES; l++) {
		model.m[l] = levels[l].m;
		model.u[l] = levels[l].u;
	}
	return model;
}

/* ---- weights ---- */

void
hf_match_weights(const struct hf_match_set *s, const struct hf_match_model *model,
		 struct weights *out)
{
	double people = (double)set_people(s);

	out->level[0] = out->m[0] = 0;
	for (size_t l = 1; l < HF_AGREES; l++) {
		out->m[l] = (float)log2(model->m[l]);
		out->level[l] = (float)(log2(model->m[l]) - log2(model->u[l]));
	}
	/* One in four records has a second of the same person, as a guess. */
	out->prior =
	    model->prior != 0 ? model->prior : -log2(people > 1000 ? people : 1000) - 2;
}

static float
bits(const struct hf_match_set *s, hf_word_id id, int use)
{
	return s->words[id].bits[use];
}

static float
least(float a, float b)
{
	return a < b ? a : b;
}

/* The rarest word two lists share, in bits (below 0); 0 for none. */
static float
rarest(const struct hf_match_set *s, const hf_word_id *a, const hf_word_id *b, size_t n)
{
	float best = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			if (a[i] && a[i] == b[k])
				best = least(best, bits(s, a[i], USE_MAIN));
	return best;
}

/* log2 of how many people share what a and b share on this level; 0 where the
 * model's u is to be taken. */
static float
shared_bits(const struct hf_match_set *s, const struct row *a, const struct row *b,
	    enum hf_match_level l)
{
	float code;

	switch (l) {
	case HF_AGREE_FAMILY_EXACT:
		return bits(s, a->family[0], USE_MAIN);
	case HF_AGREE_FAMILY_PART:
		return rarest(s, a->family, b->family, HF_MATCH_NAMES);
	case HF_AGREE_GIVEN_EXACT:
		return a->given[0] == b->given[0] ? bits(s, a->given[0], USE_GIVEN) : 0;
	case HF_AGREE_BIRTH_EXACT:
		return bits(s, a->birth, USE_MAIN);
	case HF_AGREE_PLACE_SAME:
		/* A postcode holds some fifteen addresses. */
		code = rarest(s, a->postcode, b->postcode, HF_MATCH_ADDRESSES);
		return least(code - 3.0f,
			     rarest(s, a->line, b->line, HF_MATCH_ADDRESSES));
	case HF_AGREE_PLACE_POSTCODE:
		return rarest(s, a->postcode, b->postcode, HF_MATCH_ADDRESSES);
	case HF_AGREE_PLACE_LINE:
		return rarest(s, a->line, b->line, HF_MATCH_ADDRESSES);
	case HF_AGREE_PHONE_SAME:
		return rarest(s, a->phone, b->phone, HF_MATCH_ADDRESSES);
	default:
		return 0;
	}
}

double
hf_match_weigh(const struct hf_match_set *s, const struct weights *w,
	       const struct row *a, const struct row *b,
	       const uint8_t level[HF_MATCH_FIELDS], float weight[HF_MATCH_FIELDS])
{
	double sum = w->prior;

	for (size_t f = 0; f < HF_MATCH_FIELDS; f++) {
		float u = shared_bits(s, a, b, level[f]);

		weight[f] = u < 0 ? w->m[level[f]] - u : w->level[level[f]];
		sum += weight[f];
	}
	return sum;
}

/* ---- rules ---- */

static bool
differ_by_a_generation(const struct row *a, const struct row *b)
{
	return a->year && b->year && abs(a->year - b->year) >= 10;
}

/* What speaks against the number's being right for both. */
static enum hf_match_rule
number_rule(const uint8_t level[HF_MATCH_FIELDS])
{
	if (level[HF_MATCH_BIRTH] != HF_AGREE_BIRTH_EXACT)
		return HF_RULE_NUMBER_BIRTH;
	if (level[HF_MATCH_SEX] == HF_AGREE_SEX_DIFFER)
		return HF_RULE_NUMBER_SEX;
	if (level[HF_MATCH_GIVEN] == HF_AGREE_GIVEN_DIFFER)
		return HF_RULE_NUMBER_GIVEN;
	if (level[HF_MATCH_GIVEN] == HF_AGREE_NONE &&
	    level[HF_MATCH_FAMILY] == HF_AGREE_FAMILY_DIFFER)
		return HF_RULE_NUMBER_NAME;
	return HF_RULE_NUMBER;
}

enum hf_match_rule
hf_match_apart(const struct row *a, const struct row *b,
	       const uint8_t level[HF_MATCH_FIELDS])
{
	bool numbers = level[HF_MATCH_NUMBER] == HF_AGREE_NUMBER_DIFFER;

	if (level[HF_MATCH_BIRTH] == HF_AGREE_BIRTH_EXACT && a->order && b->order &&
	    a->order != b->order)
		return HF_RULE_BIRTH_ORDER;
	if (level[HF_MATCH_GIVEN] == HF_AGREE_GIVEN_DIFFER)
		return HF_RULE_GIVEN;
	if (level[HF_MATCH_BIRTH] == HF_AGREE_BIRTH_DIFFER)
		return HF_RULE_BIRTH;
	if (level[HF_MATCH_BIRTH] == HF_AGREE_BIRTH_TWO && differ_by_a_generation(a, b))
		return HF_RULE_GENERATION;
	if (numbers && (level[HF_MATCH_GIVEN] == HF_AGREE_GIVEN_SIMILAR ||
			level[HF_MATCH_SEX] == HF_AGREE_SEX_DIFFER ||
			level[HF_MATCH_BIRTH] != HF_AGREE_BIRTH_EXACT))
		return HF_RULE_NUMBERS_DIFFER;
	return HF_RULE_SCORE;
}

/* What keeps two from being linked without somebody's looking. */
static enum hf_match_rule
doubt(const struct row *a, const struct row *b, const uint8_t level[HF_MATCH_FIELDS])
{
	enum hf_match_level given = level[HF_MATCH_GIVEN];

	if (level[HF_MATCH_NUMBER] == HF_AGREE_NUMBER_DIFFER)
		return HF_RULE_NUMBERS_DIFFER;
	if (level[HF_MATCH_SEX] == HF_AGREE_SEX_DIFFER)
		return HF_RULE_SEX;
	if (level[HF_MATCH_BIRTH] == HF_AGREE_NONE)
		return HF_RULE_BIRTH_UNKNOWN;
	if (differ_by_a_generation(a, b))
		return HF_RULE_GENERATION;
	if (level[HF_MATCH_BIRTH] == HF_AGREE_BIRTH_TWO && a->year != b->year)
		return HF_RULE_BIRTH;
	if (given == HF_AGREE_NONE)
		return HF_RULE_GIVEN_UNKNOWN;
	if (given == HF_AGREE_GIVEN_SIMILAR || given == HF_AGREE_GIVEN_INITIAL ||
	    given == HF_AGREE_GIVEN_MIDDLE)
		return HF_RULE_GIVEN_ALIKE;
	/* Brothers and cousins of one name. */
	if (level[HF_MATCH_MIDDLE] == HF_AGREE_MIDDLE_DIFFER && a->birth != b->birth)
		return HF_RULE_MIDDLE;
	return HF_RULE_SCORE;
}

enum hf_match_answer
hf_match_decide(const struct hf_match_model *model, const struct row *a,
		const struct row *b, const uint8_t level[HF_MATCH_FIELDS],
		const float weight[HF_MATCH_FIELDS], double sum,
		enum hf_match_rule *rule)
{
	bool same_number = level[HF_MATCH_NUMBER] == HF_AGREE_NUMBER_SAME;
	enum hf_match_rule against = same_number ? number_rule(level) : HF_RULE_SCORE;

	*rule = against;
	if (against == HF_RULE_NUMBER && a->verified && b->verified)
		return HF_MATCH_LINK;
	/* A number that something speaks against proves nothing; somebody looks. */
	if (same_number && against != HF_RULE_NUMBER) {
		sum -= weight[HF_MATCH_NUMBER];
		if (sum < model->link || hf_match_apart(a, b, level) ||
		    doubt(a, b, level))
			return HF_MATCH_REVIEW;
		*rule = HF_RULE_SCORE;
		return HF_MATCH_LINK;
	}
	*rule = hf_match_apart(a, b, level);
	if (*rule != HF_RULE_SCORE)
		return HF_MATCH_SEPARATE;
	if (sum < model->review)
		return HF_MATCH_SEPARATE;
	if (sum < model->link)
		return HF_MATCH_REVIEW;
	*rule = doubt(a, b, level);
	return *rule == HF_RULE_SCORE ? HF_MATCH_LINK : HF_MATCH_REVIEW;
}

void
hf_match_compare(const struct hf_match_set *s, const struct hf_match_model *model,
		 size_t a, size_t b, struct hf_match_result *out)
{
	const struct row *x, *y;
	struct weights w;

	assert(a < s->n && b < s->n);
	x = &s->rows[a];
	y = &s->rows[b];
	hf_match_weights(s, model, &w);
	hf_match_levels(s, x, y, NULL, out->level);
	out->bits = hf_match_weigh(s, &w, x, y, out->level, out->weight);
	out->answer = hf_match_decide(model, x, y, out->level, out->weight, out->bits,
				      &out->rule);
	out->probability = 1 / (1 + exp2(-out->bits));
}

enum hf_match_rule
hf_match_number_rule(const struct hf_match_person *a, const struct hf_match_person *b)
{
	struct hf_match_set *s = hf_match_set_new();
	enum hf_match_rule rule = HF_RULE_NUMBER_NAME; /* without memory: no link */
	uint8_t level[HF_MATCH_FIELDS];

	if (s && hf_match_set_add(s, a, NULL) == HF_OK &&
	    hf_match_set_add(s, b, NULL) == HF_OK) {
		hf_match_levels(s, &s->rows[0], &s->rows[1], NULL, level);
		rule = number_rule(level);
	}
	hf_match_set_free(s);
	return rule;
}

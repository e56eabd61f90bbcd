/* match_train.c - what the place's own records say of how people's records agree.
 *
 * u is counted on pairs taken at random.  m is learned by expectation-maximisation
 * on pairs that agree in one thing already, twice: on pairs born on one day for
 * everything but the date, on pairs of one name for the date.  What is known is not
 * guessed: two verified numbers are two people, one number without conflict is one
 * person.  The figures of match_level.def count as if so many pairs had been seen,
 * so that few pairs change little.  (Winkler 2000; Fellegi and Sunter 1969.) */
#include <math.h>

#include "base/rng.h"
#include "record/match_set.h"

enum {
	RANDOM_PAIRS = 200000,
	TRAIN_PAIRS = 300000,
	ROUNDS = 25,
	NAMESAKES = 40, /* blocks of one name beyond this teach nothing */
	SEEN = 50,	/* pairs that the figures of match_level.def count for */
	FEW = 30	/* people found twice: fewer do not change the odds */
};

struct sample {
	uint8_t (*level)[HF_MATCH_FIELDS];
	uint8_t *known; /* 0 not known, 1 one person, 2 two people */
	size_t n;
	double share; /* of all pairs of its kind */
	double twice; /* expected pairs of one person in it */
};

struct train {
	const struct hf_match_set *s;
	struct memo *memo;
	struct hf_rng rng;
	struct hf_match_model *model;
};

static void
count_random(struct train *t)
{
	const struct hf_match_set *s = t->s;
	double seen[HF_AGREES] = {0}, all[HF_MATCH_FIELDS] = {0};
	uint8_t level[HF_MATCH_FIELDS];

	for (size_t i = 0; i < RANDOM_PAIRS && s->n > 1; i++) {
		uint32_t a = hf_rng_below(&t->rng, (uint32_t)s->n);
		uint32_t b = hf_rng_below(&t->rng, (uint32_t)s->n);

		if (a == b)
			continue;
		hf_match_levels(s, &s->rows[a], &s->rows[b], t->memo, level);
		for (size_t f = 0; f < HF_MATCH_FIELDS; f++) {
			seen[level[f]]++;
			all[f] += level[f] != HF_AGREE_NONE;
		}
	}
	/* A small set has pairs of one person among few others. */
	if (s->n < 1000)
		return;
	for (size_t l = 1; l < HF_AGREES; l++) {
		double n = all[hf_match_level_field((enum hf_match_level)l)];

		t->model->u[l] = (seen[l] + SEEN * t->model->u[l]) / (n + SEEN);
	}
}

/* ---- pairs to learn from ---- */

struct member {
	uint64_t key;
	uint32_t row;
};

static int
by_key(const void *pa, const void *pb)
{
	const struct member *a = pa, *b = pb;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static uint64_t
birth_key(const struct row *r)
{
	return r->birth;
}

static uint64_t
name_key(const struct row *r)
{
	return r->family[0] && r->given[0] && r->birth
		   ? (uint64_t)r->family[0] << 32 | r->given[0]
		   : 0;
}

static size_t
members_of(const struct hf_match_set *s, uint64_t (*key)(const struct row *),
	   struct member *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t k = key(&s->rows[i]);

		if (k)
			out[n++] = (struct member){k, (uint32_t)i};
	}
	if (n)
		qsort(out, n, sizeof(*out), by_key);
	return n;
}

static size_t
same_key(const struct member *m, size_t n, size_t from)
{
	size_t to = from + 1;

	while (to < n && m[to].key == m[from].key)
		to++;
	return to;
}

static uint8_t
what_is_known(const struct row *a, const struct row *b,
	      const uint8_t level[HF_MATCH_FIELDS])
{
	/* Twins, and fathers with sons of their name, must not pass for one person
	 * whose records differ. */
	if (hf_match_apart(a, b, level) != HF_RULE_SCORE)
		return 2;
	if (!a->verified || !b->verified)
		return 0;
	if (a->nhs != b->nhs)
		return 2;
	return level[HF_MATCH_BIRTH] == HF_AGREE_BIRTH_EXACT &&
		       level[HF_MATCH_GIVEN] != HF_AGREE_GIVEN_DIFFER
		   ? 1
		   : 0;
}

static void
add_pair(struct train *t, struct sample *p, uint32_t a, uint32_t b)
{
	const struct row *x = &t->s->rows[a], *y = &t->s->rows[b];

	hf_match_levels(t->s, x, y, t->memo, p->level[p->n]);
	p->known[p->n] = what_is_known(x, y, p->level[p->n]);
	p->n++;
}

/* Pairs with the same key, each with the same chance, TRAIN_PAIRS at most or
 * somewhat fewer. */
static bool
take_pairs(struct train *t, uint64_t (*key)(const struct row *), size_t most,
	   struct sample *out)
{
	struct member *m = malloc((t->s->n + 1) * sizeof(*m));
	size_t n = m ? members_of(t->s, key, m) : 0, end;
	double all = 0;

	out->level = calloc(TRAIN_PAIRS, sizeof(*out->level));
	out->known = calloc(TRAIN_PAIRS, 1);
	for (size_t i = 0; i < n; i = end) {
		end = same_key(m, n, i);
		if (end - i <= most)
			all += (double)(end - i) * (double)(end - i - 1) / 2;
	}
	out->share = all > TRAIN_PAIRS * 0.95 ? TRAIN_PAIRS * 0.95 / all : 1;
	for (size_t i = 0; out->level && out->known && i < n; i = end) {
		end = same_key(m, n, i);
		for (size_t a = i; end - i <= most && a < end; a++)
			for (size_t b = a + 1; b < end && out->n < TRAIN_PAIRS; b++)
				if (out->share >= 1 ||
				    hf_rng_unit(&t->rng) < out->share)
					add_pair(t, out, m[a].row, m[b].row);
	}
	free(m);
	return m && out->level && out->known;
}

static void
free_sample(struct sample *p)
{
	free(p->level);
	free(p->known);
}

/* ---- learning ---- */

static double
chance(const struct sample *p, size_t i, double odds, const double *weight,
       unsigned leave)
{
	double sum = odds;

	if (p->known[i])
		return p->known[i] == 1;
	for (size_t f = 0; f < HF_MATCH_FIELDS; f++)
		if (!(leave >> f & 1))
			sum += weight[p->level[i][f]];
	return 1 / (1 + exp2(-sum));
}

/* One round: m of all fields but those of the set leave. */
static double
round_of(struct sample *p, const struct hf_match_model *start, double share,
	 unsigned leave, struct hf_match_model *model)
{
	double seen[HF_AGREES] = {0}, all[HF_MATCH_FIELDS] = {0};
	double weight[HF_AGREES] = {0}, twice = 0;

	for (size_t l = 1; l < HF_AGREES; l++)
		weight[l] = log2(model->m[l] / model->u[l]);
	for (size_t i = 0; i < p->n; i++) {
		double g = chance(p, i, log2(share / (1 - share)), weight, leave);

		twice += g;
		for (size_t f = 0; f < HF_MATCH_FIELDS; f++) {
			seen[p->level[i][f]] += g;
			all[f] += p->level[i][f] ? g : 0;
		}
	}
	for (size_t l = 1; l < HF_AGREES; l++) {
		unsigned f = hf_match_level_field((enum hf_match_level)l);

		if (!(leave >> f & 1))
			model->m[l] = (seen[l] + SEEN * start->m[l]) / (all[f] + SEEN);
	}
	return twice;
}

static void
learn(struct sample *p, unsigned leave, struct hf_match_model *model)
{
	struct hf_match_model start = *model;
	double share = 0.05;

	for (int i = 0; i < ROUNDS && p->n; i++) {
		p->twice = round_of(p, &start, share, leave, model);
		share = (p->twice + 1) / ((double)p->n + 20);
	}
}

static void
learn_both(struct train *t, struct sample *born, struct sample *named)
{
	struct hf_match_model *model = t->model, dates;
	double n = (double)t->s->n, people;

	learn(born, 1u << HF_MATCH_BIRTH, model);
	/* Of the second sample only the date is kept; the rest is known now. */
	dates = *model;
	learn(named, 1u << HF_MATCH_FAMILY | 1u << HF_MATCH_GIVEN, &dates);
	for (size_t l = HF_AGREE_BIRTH_EXACT; l <= HF_AGREE_BIRTH_DIFFER; l++)
		model->m[l] = dates.m[l];
	people = born->twice / born->share / model->m[HF_AGREE_BIRTH_EXACT];
	model->trained_on = born->n + named->n;
	if (people >= FEW)
		model->prior = log2(people) - log2(n) - log2((n - 1) / 2);
}

enum hf_rc
hf_match_train(const struct hf_match_set *s, uint64_t seed, struct hf_match_model *out,
	       struct hf_err *err)
{
	struct hf_match_model model = hf_match_model_default();
	struct train t = {.s = s, .memo = calloc(1, sizeof(*t.memo)), .model = &model};
	struct sample born = {0}, named = {0};
	bool ok = t.memo != NULL;

	hf_rng_seed(&t.rng, seed, 1);
	if (ok)
		count_random(&t);
	ok = ok && take_pairs(&t, birth_key, BLOCK_MOST, &born) &&
	     take_pairs(&t, name_key, NAMESAKES, &named);
	if (ok)
		learn_both(&t, &born, &named);
	free_sample(&born);
	free_sample(&named);
	free(t.memo);
	if (!ok)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to learn weights");
	*out = model;
	return HF_OK;
}

/* match_settle.c - answers about pairs made into answers that agree with each other.
 *
 * A pair is judged alone; links, though, add up: if a is b and b is c then a is c.
 * A record that is like two people who are not each other (a twin whose name is
 * misspelt) is linked to one only if that one is the likelier by far. */
#include "record/match_set.h"

/* A link that beats another by so many bits (a thousand to one) stands. */
static const float margin = 10;
enum { RIVALS = 12 }; /* links of one record that are held against each other */

struct end { /* a link of row */
	uint32_t row, pair;
};

struct settle {
	const struct hf_match_set *s;
	struct hf_match_pair *items;
	size_t n_items;
	struct end *ends; /* of all links, by row; two each */
	size_t n_ends;
	bool *doubted;	  /* of a pair */
	uint32_t *order;  /* links, the surest first */
	uint32_t *parent; /* of a row: the row that stands for its person */
	uint64_t *nhs;	  /* of that row: the person's number */
};

static int
by_rows(const void *pa, const void *pb)
{
	const struct hf_match_pair *a = pa, *b = pb;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

static int
by_end(const void *pa, const void *pb)
{
	const struct end *a = pa, *b = pb;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->pair > b->pair) - (a->pair < b->pair);
}

static bool
is_sure(const struct hf_match_pair *p)
{
	return p->rule == HF_RULE_NUMBER;
}

/* The surest first; then by rows, so that the order is settled. */
static int
by_strength(const void *pa, const void *pb, void *ctx)
{
	const struct hf_match_pair *pairs = ctx;
	const struct hf_match_pair *a = &pairs[*(const uint32_t *)pa];
	const struct hf_match_pair *b = &pairs[*(const uint32_t *)pb];

	if (is_sure(a) != is_sure(b))
		return is_sure(a) ? -1 : 1;
	if (a->bits < b->bits || a->bits > b->bits)
		return a->bits > b->bits ? -1 : 1;
	return by_rows(a, b);
}

/* ---- rivals ---- */

static bool
are_apart(const struct settle *t, uint32_t a, uint32_t b)
{
	const struct row *x = &t->s->rows[a], *y = &t->s->rows[b];
	uint8_t level[HF_MATCH_FIELDS];

	if (x->nhs && y->nhs)
		return x->nhs != y->nhs;
	hf_match_levels(t->s, x, y, NULL, level);
	return hf_match_apart(x, y, level) != HF_RULE_SCORE;
}

/* Of two links of one record to two people: what does not stand. */
static void
weaken(struct settle *t, uint32_t i, uint32_t k)
{
	const struct hf_match_pair *p = &t->items[i], *q = &t->items[k];

	if (!is_sure(p) && (is_sure(q) || p->bits < q->bits + margin))
		t->doubted[i] = true;
	if (!is_sure(q) && (is_sure(p) || q->bits < p->bits + margin))
		t->doubted[k] = true;
}

static uint32_t
other_end(const struct settle *t, const struct end *e)
{
	const struct hf_match_pair *p = &t->items[e->pair];

	return p->a == e->row ? p->b : p->a;
}

static void
find_rivals(struct settle *t)
{
	size_t end;

	for (size_t i = 0; i < t->n_ends; i = end) {
		for (end = i + 1; end < t->n_ends; end++)
			if (t->ends[end].row != t->ends[i].row)
				break;
		for (size_t a = i; a < end && a < i + RIVALS; a++)
			for (size_t b = a + 1; b < end && b < i + RIVALS; b++)
				if (are_apart(t, other_end(t, &t->ends[a]),
					      other_end(t, &t->ends[b])))
					weaken(t, t->ends[a].pair, t->ends[b].pair);
	}
}

static void
doubt_it(struct hf_match_pair *p)
{
	p->answer = HF_MATCH_REVIEW;
	p->rule = HF_RULE_AMBIGUOUS;
}

/* ---- joining ---- */

static uint32_t
person_of(struct settle *t, uint32_t row)
{
	while (t->parent[row] != row) {
		t->parent[row] = t->parent[t->parent[row]];
		row = t->parent[row];
	}
	return row;
}

/* Joins people link by link; a link that would join two numbers is doubted. */
static void
join(struct settle *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_items; i++)
		if (t->items[i].answer == HF_MATCH_LINK)
			t->order[n++] = (uint32_t)i;
	qsort_r(t->order, n, sizeof(*t->order), by_strength, t->items);
	for (size_t i = 0; i < t->s->n; i++) {
		t->parent[i] = (uint32_t)i;
		t->nhs[i] = t->s->rows[i].nhs;
	}
	for (size_t i = 0; i < n; i++) {
		struct hf_match_pair *p = &t->items[t->order[i]];
		uint32_t x = person_of(t, p->a), y = person_of(t, p->b);

		if (x == y)
			continue;
		if (t->nhs[x] && t->nhs[y] && t->nhs[x] != t->nhs[y]) {
			doubt_it(p);
			continue;
		}
		t->parent[x] = y;
		t->nhs[y] = t->nhs[y] ? t->nhs[y] : t->nhs[x];
	}
}

static void
settle_links(struct settle *t)
{
	qsort(t->items, t->n_items, sizeof(*t->items), by_rows);
	for (size_t i = 0; i < t->n_items; i++)
		if (t->items[i].answer == HF_MATCH_LINK) {
			t->ends[t->n_ends++] = (struct end){t->items[i].a, (uint32_t)i};
			t->ends[t->n_ends++] = (struct end){t->items[i].b, (uint32_t)i};
		}
	qsort(t->ends, t->n_ends, sizeof(*t->ends), by_end);
	find_rivals(t);
	for (size_t i = 0; i < t->n_items; i++)
		if (t->doubted[i])
			doubt_it(&t->items[i]);
	join(t);
}

enum hf_rc
hf_match_settle(const struct hf_match_set *s, struct hf_match_pairs *pairs,
		struct hf_err *err)
{
	struct settle t = {
	    .s = s,
	    .items = pairs->items,
	    .n_items = pairs->n,
	    .ends = malloc((pairs->n + 1) * 2 * sizeof(*t.ends)),
	    .doubted = calloc(pairs->n + 1, sizeof(*t.doubted)),
	    .order = malloc((pairs->n + 1) * sizeof(*t.order)),
	    .parent = malloc((s->n + 1) * sizeof(*t.parent)),
	    .nhs = malloc((s->n + 1) * sizeof(*t.nhs)),
	};
	bool ok = t.ends && t.doubted && t.order && t.parent && t.nhs;

	if (ok && pairs->n)
		settle_links(&t);
	free(t.ends);
	free(t.doubted);
	free(t.order);
	free(t.parent);
	free(t.nhs);
	return ok ? HF_OK
		  : hf_fail(err, HF_TOO_LONG, NULL, "no memory to settle links");
}

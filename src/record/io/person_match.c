/* person_match.c - does a Patient agree with what was typed, and how well?  Every
 * term must agree with some part of the resource. */
#include "record/io/person_int.h"

/* What the tests share. */
struct find {
	const struct hf_person_query *q;
	struct hf_arena *arena;
};

/* Does a word of text begin with term?  2 when it is the whole text. */
static int
starts_word(struct hf_sv text, struct hf_sv term)
{
	if (hf_sv_eq(text, term))
		return 2;
	for (size_t i = 0; i + term.n <= text.n; i++)
		if ((i == 0 || text.p[i - 1] == ' ') &&
		    memcmp(text.p + i, term.p, term.n) == 0)
			return 1;
	return 0;
}

struct name_test {
	struct find *f;
	const struct hf_json *doc;
	struct hf_sv term;
	int family, given;
};

static void
test_family(void *ctx, uint32_t node)
{
	struct name_test *t = ctx;
	struct hf_sv text =
	    hf_fold(hf_json_str(t->doc, node, t->f->arena), t->f->arena);
	int hit = starts_word(text, t->term);

	t->family = hit > t->family ? hit : t->family;
}

static void
test_given(void *ctx, uint32_t node)
{
	struct name_test *t = ctx;
	struct hf_sv text =
	    hf_fold(hf_json_str(t->doc, node, t->f->arena), t->f->arena);
	int hit = starts_word(text, t->term);

	t->given = hit > t->given ? hit : t->given;
}

/* Every name typed begins some part of some name; points for how well. */
static bool
names_agree(struct find *f, const struct hf_json *doc, int *score)
{
	for (size_t i = 0; i < f->q->n_names; i++) {
		struct name_test t = {.f = f, .doc = doc, .term = f->q->names[i]};

		hf_person_each(doc, 0, "name.family", test_family, &t);
		hf_person_each(doc, 0, "name.given", test_given, &t);
		if (t.family == 0 && t.given == 0)
			return false;
		*score += t.family == 2	  ? 12
			  : t.given == 2  ? 10
			  : t.family == 1 ? 6
					  : 5;
	}
	return true;
}

static bool
birth_agrees(struct find *f, struct hf_sv born)
{
	struct hf_date d;
	struct hf_civil first, last;
	int64_t from, to;

	if (!hf_date_parse(born, false, &d))
		return false;
	first = hf_london_civil(d.lo);
	last = hf_london_civil(d.hi - 1);
	from = hf_days_from_civil(first.year, first.month, first.day);
	to = hf_days_from_civil(last.year, last.month, last.day);
	for (size_t i = 0; i < f->q->n_births; i++)
		if (from <= f->q->births[i].last && to >= f->q->births[i].first)
			return true;
	return false;
}

struct postcode_test {
	struct find *f;
	const struct hf_json *doc;
	bool hit;
};

static struct hf_sv
without_blanks(struct hf_sv s, struct hf_arena *arena)
{
	struct hf_sv copy = hf_arena_sv(arena, s);
	char *p = (char *)(uintptr_t)copy.p;
	size_t n = 0;

	for (size_t i = 0; p && i < copy.n; i++)
		if (p[i] != ' ')
			p[n++] = p[i];
	return (struct hf_sv){p, n};
}

static void
test_postcode(void *ctx, uint32_t node)
{
	struct postcode_test *t = ctx;
	struct hf_arena *a = t->f->arena;
	struct hf_sv have = without_blanks(hf_fold(hf_json_str(t->doc, node, a), a), a);
	struct hf_sv want = without_blanks(t->f->q->postcode, a);

	/* A first half is followed by a digit and two letters. */
	if (hf_sv_eq(have, want) || (!t->f->q->postcode_whole && have.n == want.n + 3 &&
				     hf_sv_starts(have, want)))
		t->hit = true;
}

static bool
postcode_agrees(struct find *f, const struct hf_json *doc)
{
	struct postcode_test t = {.f = f, .doc = doc};

	hf_person_each(doc, 0, "address.postalCode", test_postcode, &t);
	return t.hit;
}

struct number_test {
	struct find *f;
	const struct hf_json *doc;
	bool hit;
};

static void
test_number(void *ctx, uint32_t node)
{
	struct number_test *t = ctx;
	struct hf_nhs nhs;

	if (hf_nhs_parse(hf_json_str(t->doc, node, t->f->arena), &nhs, NULL) == HF_OK &&
	    hf_sv_eq(hf_nhs_sv(&nhs), hf_nhs_sv(&t->f->q->number)))
		t->hit = true;
}

static bool
number_agrees(struct find *f, const struct hf_json *doc)
{
	struct number_test t = {.f = f, .doc = doc};

	hf_person_each(doc, 0, "identifier.value", test_number, &t);
	return t.hit;
}

int
hf_person_agrees(const struct hf_person_query *q, const struct hf_json *doc,
		 struct hf_arena *arena, int *score)
{
	struct find state = {.q = q, .arena = arena}, *f = &state;
	int all = 0;

	*score = 0;
	if (q->has_number) {
		if (!number_agrees(f, doc))
			return 0;
		all |= AGREES_NUMBER;
		*score += 100;
	}
	if (q->n_births) {
		if (!birth_agrees(f, hf_dig_text(doc, 0, "birthDate", f->arena)))
			return 0;
		all |= AGREES_BIRTH;
		*score += q->births[0].first == q->births[0].last ? 30 : 8;
	}
	if (q->postcode.n) {
		if (!postcode_agrees(f, doc))
			return 0;
		all |= AGREES_POSTCODE;
		*score += q->postcode_whole ? 20 : 5;
	}
	if (q->n_names) {
		if (!names_agree(f, doc, score))
			return 0;
		all |= AGREES_NAME;
	}
	return all;
}

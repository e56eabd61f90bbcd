/* match_set.c - records made into rows of words: folding, tidying, counting. */
#include <math.h>
#include <stdio.h>

#include "fhir/spvalue.h"
#include "record/match_set.h"

enum { SCRATCH = 1 << 20, TEXT_MOST = 200 };

struct hf_match_set *
hf_match_set_new(void)
{
	struct hf_match_set *s = calloc(1, sizeof(*s));

	if (s)
		hf_arena_init(&s->scratch, SCRATCH);
	return s;
}

void
hf_match_set_free(struct hf_match_set *s)
{
	if (!s)
		return;
	hf_arena_free(&s->scratch);
	free(s->rows);
	free(s->words);
	free(s->text);
	free(s->slots);
	free(s->entries);
	free(s->big);
	free(s);
}

size_t
hf_match_set_count(const struct hf_match_set *s)
{
	return s->n;
}

/* ---- words ---- */

static uint64_t
hash_of(enum word_kind kind, struct hf_sv text)
{
	uint64_t h = 14695981039346656037u + (uint64_t)kind;

	for (size_t i = 0; i < text.n; i++)
		h = (h ^ (unsigned char)text.p[i]) * 1099511628211u;
	return h ^ h >> 29;
}

/* The slot of a word, or the free one where it would go. */
static size_t
slot_of(const struct hf_match_set *s, enum word_kind kind, struct hf_sv text)
{
	size_t at = hash_of(kind, text) & (s->n_slots - 1);

	while (s->slots[at] && (s->words[s->slots[at]].kind != kind ||
				!hf_sv_eq(word_text(s, s->slots[at]), text)))
		at = (at + 1) & (s->n_slots - 1);
	return at;
}

hf_word_id
hf_match_word(const struct hf_match_set *s, enum word_kind kind, struct hf_sv text)
{
	return s->n_slots && text.n ? s->slots[slot_of(s, kind, text)] : 0;
}

/* Room for one more of size each; the arrays double. */
static bool
grow(void *array, size_t *size, size_t n, size_t more, size_t each)
{
	size_t want = *size ? *size : 256;
	void *p;

	if (n + more <= *size)
		return true;
	while (want < n + more)
		want *= 2;
	p = realloc(*(void **)array, want * each);
	if (!p)
		return false;
	*(void **)array = p;
	*size = want;
	return true;
}

static bool
grow_slots(struct hf_match_set *s)
{
	size_t n = s->n_slots ? s->n_slots * 2 : 1024;
	hf_word_id *slots;

	if ((s->n_words + 2) * 2 < s->n_slots)
		return true;
	slots = calloc(n, sizeof(*slots));
	if (!slots)
		return false;
	free(s->slots);
	s->slots = slots;
	s->n_slots = n;
	for (hf_word_id id = 1; id < s->n_words; id++)
		s->slots[slot_of(s, s->words[id].kind, word_text(s, id))] = id;
	return true;
}

static void
describe_name(struct word *w, struct hf_sv text)
{
	w->sound = hf_name_sound(text);
	hf_name_groups(text, w->groups);
	if (!w->groups[0])
		hf_name_guess(text, w->guess);
	w->initial = w->groups[0] ? hf_nickname_heads[w->groups[0]][0] : text.p[0];
}

/* The word of text, made when there is none.  *out is 0 for an empty text. */
static bool
add_word(struct hf_match_set *s, enum word_kind kind, struct hf_sv text,
	 hf_word_id *out)
{
	struct word *w;
	size_t at;

	*out = 0;
	if (text.n == 0)
		return true;
	text.n = text.n > TEXT_MOST ? TEXT_MOST : text.n;
	if (s->n_words == 0)
		s->n_words = 1;
	if (!grow_slots(s))
		return false;
	at = slot_of(s, kind, text);
	if (s->slots[at]) {
		*out = s->slots[at];
		return true;
	}
	if (s->n_words >= UINT32_MAX || s->text_n + text.n > UINT32_MAX ||
	    !grow(&s->words, &s->words_size, s->n_words, 1, sizeof(*w)) ||
	    !grow(&s->text, &s->text_size, s->text_n, text.n, 1))
		return false;
	w = &s->words[s->n_words];
	*w = (struct word){
	    .off = (uint32_t)s->text_n, .len = (uint16_t)text.n, .kind = (uint8_t)kind};
	if (kind == WORD_NAME)
		describe_name(w, text);
	memcpy(s->text + s->text_n, text.p, text.n);
	s->text_n += text.n;
	s->slots[at] = *out = (hf_word_id)s->n_words++;
	return true;
}

/* ---- tidying ---- */

static struct hf_sv
joined(struct hf_match_set *s, struct hf_sv folded)
{
	char *p = hf_arena_alloc(&s->scratch, folded.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < folded.n; i++)
		if (folded.p[i] != ' ')
			p[n++] = folded.p[i];
	return (struct hf_sv){p, n};
}

static bool
has_name(const struct row *r, hf_word_id id)
{
	for (size_t i = 0; i < HF_MATCH_NAMES; i++)
		if (r->family[i] == id)
			return true;
	return false;
}

static bool
put_family(struct hf_match_set *s, struct row *r, struct hf_sv text)
{
	hf_word_id id;

	if (text.n == 0 || hf_name_is_placeholder(text))
		return true;
	if (!add_word(s, WORD_NAME, text, &id))
		return false;
	if (!has_name(r, id))
		for (size_t i = 0; i < HF_MATCH_NAMES; i++)
			if (r->family[i] == 0) {
				r->family[i] = id;
				break;
			}
	return true;
}

/* Whole names first, then the parts of double names: Smith-Jones is both. */
static bool
read_families(struct hf_match_set *s, const struct hf_match_person *p, struct row *r)
{
	struct hf_sv folded[HF_MATCH_NAMES];

	for (size_t i = 0; i < HF_MATCH_NAMES; i++) {
		folded[i] = hf_fold(p->family[i], &s->scratch);
		if (!put_family(s, r, joined(s, folded[i])))
			return false;
	}
	for (size_t i = 0; i < HF_MATCH_NAMES; i++)
		while (folded[i].n) {
			struct hf_sv part = hf_sv_cut(&folded[i], ' ');

			if (part.n >= 4 && !put_family(s, r, part))
				return false;
		}
	return true;
}

/* "Twin 2", "Baby B", "Twin two": which of them. */
static uint8_t
order_of(struct hf_sv rest)
{
	static const char *const words[][3] = {
	    {"1", "one", "a"}, {"2", "two", "b"}, {"3", "three", "c"}};

	while (rest.n) {
		struct hf_sv token = hf_sv_cut(&rest, ' ');

		for (size_t k = 0; k < HF_COUNT(words); k++)
			for (size_t i = 0; i < 3; i++)
				if (hf_sv_eq(token, hf_sv_from(words[k][i])))
					return (uint8_t)(k + 1);
	}
	return 0;
}

static bool
begins_placeholder(struct hf_sv folded)
{
	struct hf_sv rest = folded;

	return hf_name_is_placeholder(hf_sv_cut(&rest, ' ')) ||
	       hf_sv_starts(folded, HF_SV("b o "));
}

static bool
read_givens(struct hf_match_set *s, const struct hf_match_person *p, struct row *r)
{
	struct hf_sv usual = hf_fold(p->usual, &s->scratch);
	size_t n = 0;

	for (size_t i = 0; i < HF_MATCH_NAMES; i++) {
		struct hf_sv rest = hf_fold(p->given[i], &s->scratch);

		if (i == 0 && begins_placeholder(rest)) {
			if (r->order == 0)
				r->order = order_of(rest);
			return true;
		}
		while (rest.n && n < 2) {
			struct hf_sv token = hf_sv_cut(&rest, ' ');

			if (token.n && !add_word(s, WORD_NAME, token, &r->given[n++]))
				return false;
		}
	}
	return begins_placeholder(usual) ||
	       add_word(s, WORD_NAME, hf_sv_cut(&usual, ' '), &r->usual);
}

static struct hf_sv
street_word(struct hf_sv token)
{
	static const char *const forms[][2] = {
	    {"st", "street"},	  {"rd", "road"},	 {"ave", "avenue"},
	    {"av", "avenue"},	  {"cl", "close"},	 {"ct", "court"},
	    {"cres", "crescent"}, {"dr", "drive"},	 {"gdns", "gardens"},
	    {"grn", "green"},	  {"gr", "grove"},	 {"la", "lane"},
	    {"ln", "lane"},	  {"pk", "park"},	 {"pl", "place"},
	    {"sq", "square"},	  {"terr", "terrace"},	 {"ter", "terrace"},
	    {"apt", "flat"},	  {"apartment", "flat"}, {"wlk", "walk"},
	    {"hse", "house"},
	};

	for (size_t i = 0; i < HF_COUNT(forms); i++)
		if (hf_sv_eq(token, hf_sv_from(forms[i][0])))
			return hf_sv_from(forms[i][1]);
	return token;
}

/* A line of an address in full words, and its numbers ("flat 2 14 high street" is
 * house 2 14). */
static bool
read_line(struct hf_match_set *s, struct hf_sv text, struct row *r, size_t at)
{
	struct hf_sv rest = hf_fold(text, &s->scratch);
	char line[TEXT_MOST];
	size_t n = 0;
	uint32_t house = 0;

	while (rest.n) {
		struct hf_sv token = street_word(hf_sv_cut(&rest, ' '));

		if (token.n == 0 || n + token.n + 1 > sizeof(line))
			continue;
		if (n)
			line[n++] = ' ';
		memcpy(line + n, token.p, token.n);
		n += token.n;
		if (token.p[0] >= '0' && token.p[0] <= '9')
			house = house * 31 + (uint32_t)hash_of(WORD_LINE, token);
	}
	r->house[at] = house;
	return add_word(s, WORD_LINE, (struct hf_sv){line, n}, &r->line[at]);
}

/* Digits alone, in the national form: +44 7700 900123 is 07700900123. */
static struct hf_sv
phone_digits(struct hf_sv text, char *out, size_t size)
{
	struct hf_sv d = {out + 1, 0};

	out[0] = '0';
	for (size_t i = 0; i < text.n && d.n + 2 < size; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			out[1 + d.n++] = text.p[i];
	if (hf_sv_starts(d, HF_SV("00")))
		d = hf_sv_from_at(d, 2);
	if (hf_sv_starts(d, HF_SV("44")) && d.n >= 11) {
		d = hf_sv_from_at(d, 2);
		if (d.p[0] != '0') {
			out[d.p - out - 1] = '0';
			d = (struct hf_sv){d.p - 1, d.n + 1};
		}
	}
	return d.n >= 7 ? d : (struct hf_sv){0};
}

static struct hf_sv
birth_text(int year, int month, int day, char *buf, size_t size)
{
	return (struct hf_sv){
	    buf, (size_t)snprintf(buf, size, "%04d-%02d-%02d", year, month, day)};
}

/* A date of birth that stands for none: 1 January 1900 and the like. */
static bool
stands_for_none(const struct hf_match_person *p)
{
	return p->year < 1850 ||
	       ((p->year == 1900 || p->year == 1901) && p->month <= 1 && p->day <= 1);
}

static bool
read_birth(struct hf_match_set *s, const struct hf_match_person *p, struct row *r)
{
	char buf[40];

	if (stands_for_none(p))
		return true;
	r->year = p->year;
	r->month = p->month;
	r->day = p->month ? p->day : 0;
	if (!r->day)
		return true;
	return add_word(s, WORD_BIRTH,
			birth_text(r->year, r->month, r->day, buf, sizeof(buf)),
			&r->birth);
}

static bool
read_contacts(struct hf_match_set *s, const struct hf_match_person *p, struct row *r)
{
	char buf[32];

	for (size_t i = 0; i < HF_MATCH_ADDRESSES; i++) {
		struct hf_sv code =
		    joined(s, hf_fold(p->address[i].postcode, &s->scratch));

		if (!read_line(s, p->address[i].line, r, i) ||
		    !add_word(s, WORD_POSTCODE, code, &r->postcode[i]) ||
		    !add_word(s, WORD_PHONE,
			      phone_digits(p->phone[i], buf, sizeof(buf)),
			      &r->phone[i]))
			return false;
	}
	if (!r->phone[0]) {
		r->phone[0] = r->phone[1];
		r->phone[1] = 0;
	}
	return true;
}

/* ---- counting ---- */

static void
count(struct hf_match_set *s, const hf_word_id *ids, size_t n, int use)
{
	for (size_t i = 0; i < n; i++) {
		bool twice = false;

		for (size_t k = 0; k < i; k++)
			twice = twice || ids[k] == ids[i];
		if (ids[i] && !twice)
			s->words[ids[i]].count[use]++;
	}
}

static void
count_row(struct hf_match_set *s, const struct row *r)
{
	hf_word_id given[2] = {r->given[0], r->usual};

	count(s, r->family, HF_MATCH_NAMES, USE_MAIN);
	count(s, given, 2, USE_GIVEN);
	count(s, r->postcode, HF_MATCH_ADDRESSES, USE_MAIN);
	count(s, r->line, HF_MATCH_ADDRESSES, USE_MAIN);
	count(s, r->phone, HF_MATCH_ADDRESSES, USE_MAIN);
	count(s, &r->birth, 1, USE_MAIN);
}

enum hf_rc
hf_match_set_add(struct hf_match_set *s, const struct hf_match_person *p,
		 struct hf_err *err)
{
	struct row r = {
	    .sex = (uint8_t)p->sex,
	    .order = p->order,
	    .verified = p->has_nhs && p->verified,
	};
	bool ok;

	if (p->has_nhs)
		for (size_t i = 0; i < 10; i++)
			r.nhs = r.nhs * 10 + (uint64_t)(p->nhs.d[i] - '0');
	ok = s->n < UINT32_MAX && grow(&s->rows, &s->size, s->n, 1, sizeof(r)) &&
	     read_families(s, p, &r) && read_givens(s, p, &r) && read_birth(s, p, &r) &&
	     read_contacts(s, p, &r);
	hf_arena_reset(&s->scratch);
	if (!ok)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for another record to compare");
	count_row(s, &r);
	s->rows[s->n++] = r;
	return HF_OK;
}

void
hf_match_set_people(struct hf_match_set *s, size_t people)
{
	s->people = people;
}

void
hf_match_set_known(struct hf_match_set *s, enum hf_match_value kind, struct hf_sv text,
		   size_t people)
{
	static const enum word_kind kinds[] = {WORD_NAME, WORD_NAME,  WORD_POSTCODE,
					       WORD_LINE, WORD_PHONE, WORD_BIRTH};
	struct hf_sv folded = text;
	struct row line = {0};
	hf_word_id id = 0;
	char buf[32];

	switch (kind) {
	case HF_VALUE_FAMILY:
	case HF_VALUE_GIVEN:
	case HF_VALUE_POSTCODE:
		folded = joined(s, hf_fold(text, &s->scratch));
		break;
	case HF_VALUE_PHONE:
		folded = phone_digits(text, buf, sizeof(buf));
		break;
	case HF_VALUE_LINE:
		if (read_line(s, text, &line, 0))
			id = line.line[0];
		break;
	case HF_VALUE_BIRTH:
		break;
	}
	if (id == 0)
		id = hf_match_word(s, kinds[kind], folded);
	if (id)
		s->words[id].known[kind == HF_VALUE_GIVEN] = (uint32_t)people;
	hf_arena_reset(&s->scratch);
}

/* Before there is much to count from, a value is taken to be about as common as
 * values of its kind are: so many people's worth of that. */
static const double worth = 3000;

static float
bits_of(const struct hf_match_set *s, const struct word *w, int use)
{
	static const double usual[] = {1.5e-3, 2e-4, 5e-5, 1e-5, 4e-5};
	double most = use == USE_GIVEN ? 9e-3 : usual[w->kind];
	double n = (double)set_people(s) + worth;
	double c = w->known[use] ? w->known[use] : w->count[use];

	if (c < 2)
		c = 2; /* whoever shares it */
	return (float)log2((c + worth * most) / n);
}

void
hf_match_set_weigh(struct hf_match_set *s)
{
	for (size_t i = 1; i < s->n_words; i++)
		for (int use = USE_MAIN; use <= USE_GIVEN; use++)
			s->words[i].bits[use] = bits_of(s, &s->words[i], use);
}

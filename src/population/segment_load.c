/* segment_load.c - a document of definitions/segments. */
#include "population/segment.h"

enum { AGE_MOST = 130, DAYS_MOST = 3660 };

struct load {
	struct hf_doc d;
	struct hf_pop_scheme *s;
};

struct word {
	const char *name;
	uint32_t bit;
};

static const struct word group_words[] = {
    {"LTC", HF_POP_G_LTC},
    {"CANCER", HF_POP_G_CANCER},
    {"SMI", HF_POP_G_SMI},
    {"LD", HF_POP_G_LD},
    {"DISABILITY", HF_POP_G_DISABILITY},
    {"DEMENTIA", HF_POP_G_DEMENTIA},
    {"HOMELESS", HF_POP_G_HOMELESS},
    {"CONTINUING", HF_POP_G_CONTINUING},
    {"PALLIATIVE", HF_POP_G_PALLIATIVE},
};

static const struct word flag_words[] = {
    {"carer", HF_POP_P_CARER},		 {"housebound", HF_POP_P_HOUSEBOUND},
    {"care-home", HF_POP_P_CARE_HOME},	 {"homeless", HF_POP_P_HOMELESS},
    {"palliative", HF_POP_P_PALLIATIVE},
};

static const struct word stay_words[] = {
    {"EL", 1u << HF_POP_EL},
    {"DC", 1u << HF_POP_DC},
    {"NE", 1u << HF_POP_NE},
    {"MAT", 1u << HF_POP_MAT},
};

/* The bits of a list of words. */
static uint32_t
load_words(struct hf_doc *d, uint32_t o, const char *name, const struct word *words,
	   size_t n_words)
{
	size_t n, k;
	const char **ids = hf_doc_ids(d, o, name, false, &n);
	uint32_t bits = 0;

	for (size_t i = 0; ids && i < n; i++) {
		for (k = 0; k < n_words; k++)
			if (strcmp(ids[i], words[k].name) == 0)
				break;
		if (k < n_words)
			bits |= words[k].bit;
		else if (*ids[i])
			hf_doc_wrong(d, o, "there is no \"%s\" among \"%s\"", ids[i],
				     name);
	}
	return bits;
}

static void
load_clause(struct hf_doc *d, uint32_t o, struct hf_pop_segment_clause *k)
{
	uint32_t band;

	hf_doc_only(d, o,
		    "fromAge belowAge groups conditions flags stays days least band");
	k->from_age = (int)hf_doc_int(d, o, "fromAge", 0, AGE_MOST, 0);
	k->below_age = (int)hf_doc_int(d, o, "belowAge", 1, AGE_MOST, 0);
	if (k->below_age && k->below_age <= k->from_age)
		hf_doc_wrong(d, o, "no age is from %d and below %d", k->from_age,
			     k->below_age);
	k->groups =
	    (uint16_t)load_words(d, o, "groups", group_words, HF_COUNT(group_words));
	k->flags = (uint8_t)load_words(d, o, "flags", flag_words, HF_COUNT(flag_words));
	k->stays = load_words(d, o, "stays", stay_words, HF_COUNT(stay_words));
	k->conditions = hf_doc_ids(d, o, "conditions", false, &k->n_conditions);
	if (k->n_conditions > HF_POP_SEGMENT_CODES)
		hf_doc_wrong(d, o, "a clause has at most %d conditions",
			     HF_POP_SEGMENT_CODES);
	k->days = (int)hf_doc_int(d, o, "days", 1, DAYS_MOST, 0);
	k->least = (int)hf_doc_int(d, o, "least", 1, 1000, 0);
	if ((k->stays != 0) != (k->days > 0) || (k->stays != 0) != (k->least > 0))
		hf_doc_wrong(d, o, "\"stays\", \"days\" and \"least\" go together");
	band = hf_doc_member(d, o, "band", HF_JSON_OBJECT, false);
	if (band == HF_JSON_NONE)
		return;
	hf_doc_only(d, band, "score from");
	k->score = hf_doc_id(d, band, "score", true);
	k->band = hf_doc_id(d, band, "from", true);
}

void
hf_pop_clauses_load(struct hf_doc *d, uint32_t object, const char *name,
		    struct hf_pop_segment *out)
{
	uint32_t any = hf_doc_member(d, object, name, HF_JSON_ARRAY, true);
	size_t n = hf_json_count(&d->json, any);

	if (any == HF_JSON_NONE)
		return;
	if (n == 0 || n > HF_POP_SEGMENT_CLAUSES) {
		hf_doc_wrong(d, any, "1 to %d clauses are needed here",
			     HF_POP_SEGMENT_CLAUSES);
		return;
	}
	HF_DOC_EACH(d, c, any) load_clause(d, c, &out->any[out->n++]);
}

static void
load_segment(struct load *l, uint32_t o)
{
	struct hf_pop_segment *g = &l->s->segments[l->s->n];

	hf_doc_only(&l->d, o, "id number title any");
	g->id = hf_doc_id(&l->d, o, "id", true);
	g->title = hf_doc_text(&l->d, o, "title", true);
	g->number = (int)hf_doc_int(&l->d, o, "number", 1, 99, 0);
	for (size_t i = 0; i < l->s->n; i++)
		if (strcmp(l->s->segments[i].id, g->id) == 0 ||
		    l->s->segments[i].number == g->number)
			hf_doc_wrong(&l->d, o, "another segment has this id or number");
	hf_pop_clauses_load(&l->d, o, "any", g);
	l->s->n++;
}

/* Does a clause hold for everybody of this age, whatever else is the case? */
static bool
holds_for_all(const struct hf_pop_segment_clause *k, int age)
{
	return !k->groups && !k->n_conditions && !k->flags && !k->stays && !k->score &&
	       age >= k->from_age && (!k->below_age || age < k->below_age);
}

static bool
takes_all(const struct hf_pop_scheme *s, int age)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->segments[i].n; k++)
			if (holds_for_all(&s->segments[i].any[k], age))
				return true;
	return false;
}

static void
load_segments(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "segments", HF_JSON_ARRAY, true);
	size_t n = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (n == 0 || n > HF_POP_SEGMENTS) {
		hf_doc_wrong(&l->d, list, "1 to %d segments are needed here",
			     HF_POP_SEGMENTS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list) load_segment(l, c);
	/* Beyond the oldest age all is as at it: clauses end below AGE_MOST. */
	for (int age = 0; age <= AGE_MOST; age++)
		if (!takes_all(l->s, age)) {
			hf_doc_wrong(
			    &l->d, list,
			    "somebody aged %d to whom nothing applies would be "
			    "in no segment: end with one that takes all",
			    age);
			return;
		}
}

enum hf_rc
hf_pop_scheme_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		   struct hf_issues *issues, struct hf_pop_scheme *out,
		   struct hf_err *err)
{
	struct hf_pop_scheme *s = HF_NEW(arena, struct hf_pop_scheme);
	struct load l = {.s = s};
	enum hf_rc rc;

	if (!s)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (hf_doc_open(&l.d, name, text, arena, issues)) {
		hf_doc_only(&l.d, 0, "id version title source note segments");
		s->id = hf_doc_id(&l.d, 0, "id", true);
		s->version = hf_doc_id(&l.d, 0, "version", true);
		s->title = hf_doc_text(&l.d, 0, "title", true);
		s->source = hf_doc_text(&l.d, 0, "source", true);
		s->note = hf_doc_text(&l.d, 0, "note", false);
		load_segments(&l);
	}
	rc = hf_doc_close(&l.d, err);
	if (rc == HF_OK)
		*out = *s;
	return rc;
}

/* framework_select.c - selectors of events, read from documents. */
#include "population/framework_int.h"

#include "measure/rate.h"

/* In the order of the enumerations of model.h. */
static const char settings[] =
    "UNK AE EL DC NE RDA MAT OP COM UCR VW MH ASC GP RX DIAG "
    "AMB 111";
static const char methods[] = "unknown 11 12 13 21 22 23 24 25 2A 2B 2C 2D 28 31 32 81 "
			      "82 83 98 99";
static const char flags[] =
    "record ready-delay conveyed planned bpt open crisis urgent";
const char hf_pop_outcome_words[] =
    "unknown home care-home hospital hospice died admitted reablement left elsewhere";

const uint8_t hf_pop_stratum_from[HF_POP_AGE_STRATA] = {
    0, 5, 10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90};

/* ESP 2013; of 15-19 three fifths are 15-17. */
const double hf_pop_stratum_weight[HF_POP_AGE_STRATA] = {
    5000, 5500, 5500, 3300, 2200, 6000, 6000, 6500, 7000, 7000,
    7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000};

uint8_t
hf_pop_stratum(enum hf_pop_sex sex, int age)
{
	uint8_t band;

	if (age < 0 || (sex != HF_POP_MALE && sex != HF_POP_FEMALE))
		return HF_POP_STRATA - 1;
	if (age < 15)
		band = (uint8_t)(age / 5);
	else if (age < 20)
		band = age < 18 ? 3 : 4;
	else
		band = (uint8_t)(age >= 90 ? 19 : age / 5 + 1);
	return (uint8_t)(band + (sex == HF_POP_FEMALE ? HF_POP_AGE_STRATA : 0));
}

const char *const hf_pop_chapter_words[HF_POP_CHAPTERS] = {
    "not known",
    "Infections",
    "Neoplasms",
    "Blood and immunity",
    "Endocrine, nutrition and metabolism",
    "Mental disorders",
    "Nervous system",
    "Eye",
    "Ear",
    "Circulation",
    "Breathing",
    "Digestion",
    "Skin",
    "Muscles and joints",
    "Kidneys and urinary tract",
    "Pregnancy and childbirth",
    "Newborn",
    "Malformations",
    "Symptoms without a diagnosis",
    "Injury and poisoning",
    "External causes",
    "Other contact with care",
    "Special codes",
};

uint8_t
hf_pop_chapter(struct hf_sv icd10)
{
	/* A … Z; D and H are two chapters each. */
	static const uint8_t of[26] = {1,  1,  2,  2,  4,  5,  6,  7,  9,
				       10, 11, 12, 13, 14, 15, 16, 17, 18,
				       19, 19, 22, 20, 20, 20, 20, 21};
	char a;
	int two;

	if (icd10.n < 3 || icd10.p[0] < 'A' || icd10.p[0] > 'Z' || icd10.p[1] < '0' ||
	    icd10.p[1] > '9')
		return 0;
	a = icd10.p[0];
	two = (icd10.p[1] - '0') * 10 +
	      (icd10.p[2] >= '0' && icd10.p[2] <= '9' ? icd10.p[2] - '0' : 0);
	if (a == 'D' && two >= 50)
		return 3;
	if (a == 'H' && two >= 60)
		return 8;
	return of[a - 'A'];
}

uint16_t
hf_pop_indirect(enum hf_pop_sex sex, int age, bool emergency, uint8_t chapter)
{
	unsigned s = hf_pop_stratum(sex, age), band = s % HF_POP_AGE_STRATA / 2;

	if (s == HF_POP_STRATA - 1)
		return HF_POP_INDIRECT - 1;
	return (uint16_t)(((band * 2 + (s >= HF_POP_AGE_STRATA)) * 2 + emergency) *
			      HF_POP_CHAPTERS +
			  chapter);
}

int
hf_pop_word(const char *words, struct hf_sv word)
{
	struct hf_sv rest = hf_sv_from(words);

	for (int i = 0; rest.n; i++)
		if (hf_sv_eq(hf_sv_cut(&rest, ' '), word))
			return i;
	return -1;
}

uint32_t
hf_pop_words_load(struct hf_doc *d, uint32_t object, const char *name,
		  const char *words)
{
	uint32_t bits = 0;
	size_t n = 0;
	const char **list = hf_doc_ids(d, object, name, false, &n);

	for (size_t i = 0; i < n && list; i++) {
		int at = hf_pop_word(words, hf_sv_from(list[i]));

		if (at < 0)
			hf_doc_wrong(d, hf_json_get(&d->json, object, hf_sv_from(name)),
				     "\"%s\" is none of: %s", list[i], words);
		else
			bits |= UINT32_C(1) << at;
	}
	return bits;
}

static void
load_code_test(struct hf_doc *d, uint32_t node, const struct hf_pop_framework *f,
	       struct hf_pop_code_test *out)
{
	const char *doc;
	const char **sets;
	size_t n = 0;

	hf_doc_only(d, node, "document sets none");
	doc = hf_doc_id(d, node, "document", true);
	sets = hf_doc_ids(d, node, "sets", false, &n);
	out->none = hf_doc_bool(d, node, "none", false);
	for (out->doc = 0; out->doc < f->n_docs; out->doc++)
		if (strcmp(f->docs[out->doc].id, doc) == 0)
			break;
	if (out->doc == f->n_docs) {
		hf_doc_wrong(d, node, "there is no document of codes \"%s\"", doc);
		return;
	}
	out->sets = n ? 0
		    : f->docs[out->doc].n >= 64
			? ~UINT64_C(0)
			: (UINT64_C(1) << f->docs[out->doc].n) - 1;
	for (size_t i = 0; i < n && sets; i++) {
		int at = hf_pop_codesets_find(&f->docs[out->doc], hf_sv_from(sets[i]));

		if (at < 0)
			hf_doc_wrong(d, node, "\"%s\" has no set \"%s\"", doc, sets[i]);
		else
			out->sets |= UINT64_C(1) << at;
	}
}

static void
load_codes(struct hf_doc *d, uint32_t node, const struct hf_pop_framework *f,
	   struct hf_pop_select *out)
{
	uint32_t list = hf_doc_member(d, node, "codes", HF_JSON_ARRAY, false);

	if (hf_json_count(&d->json, list) > HF_POP_CODE_TESTS) {
		hf_doc_wrong(d, list, "at most %d tests of codes", HF_POP_CODE_TESTS);
		return;
	}
	HF_DOC_EACH(d, c, list)
	load_code_test(d, c, f, &out->codes[out->n_codes++]);
}

/* {"from": a, "to": b}, both in; what is not said is open. */
static void
load_range(struct hf_doc *d, uint32_t object, const char *name, int64_t most,
	   int64_t *from, int64_t *to)
{
	uint32_t node = hf_doc_member(d, object, name, HF_JSON_OBJECT, false);

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(d, node, "from to");
	*from = hf_doc_int(d, node, "from", 0, most, 0);
	*to = hf_doc_int(d, node, "to", 0, most, most);
	if (*to < *from)
		hf_doc_wrong(d, node, "\"to\" is below \"from\"");
}

static bool
is_edge(int64_t age)
{
	for (size_t i = 0; i < HF_POP_AGE_STRATA; i++)
		if (hf_pop_stratum_from[i] == age)
			return true;
	return age > HF_POP_AGE_MOST;
}

static void
load_ages(struct hf_doc *d, uint32_t node, bool edges, struct hf_pop_select *out)
{
	int64_t from = 0, to = HF_POP_AGE_MOST;
	uint32_t ages = hf_json_get(&d->json, node, HF_SV("ages"));

	load_range(d, node, "ages", HF_POP_AGE_MOST, &from, &to);
	out->age_from = (int16_t)from;
	out->age_to = (int16_t)to;
	if (edges && (!is_edge(from) || !is_edge(to + 1)))
		hf_doc_wrong(d, ages,
			     "ages of a rate begin and end with bands of five years "
			     "or at 18, as the population is counted in these");
}

static void
load_hours(struct hf_doc *d, uint32_t node, struct hf_pop_select *out)
{
	uint32_t hours = hf_doc_member(d, node, "hours", HF_JSON_OBJECT, false);

	out->hours = -1;
	if (hours == HF_JSON_NONE)
		return;
	hf_doc_only(d, hours, "below nights");
	out->hours = (int16_t)hf_doc_int(d, hours, "below", 1, 10000, 24);
	out->hours_nights = (uint16_t)hf_doc_int(d, hours, "nights", 0, 1000, 0);
}

void
hf_pop_select_load(struct hf_doc *d, uint32_t node, const char *others, bool edges,
		   const struct hf_pop_framework *f, struct hf_pop_select *out)
{
	char known[400];
	int64_t from = 0, to = HF_POP_NONE;

	snprintf(known, sizeof known,
		 "settings methods emergency classes outcomes sources flags "
		 "flagsNone ages nights hours wait codes notSpecialties months %s",
		 others);
	memset(out, 0, sizeof *out);
	hf_doc_only(d, node, known);
	out->settings = hf_pop_words_load(d, node, "settings", settings);
	out->methods = hf_pop_words_load(d, node, "methods", methods);
	if (hf_doc_bool(d, node, "emergency", false))
		out->methods |= HF_POP_EMERGENCY;
	out->outcomes = hf_pop_words_load(d, node, "outcomes", hf_pop_outcome_words);
	out->sources = hf_pop_words_load(d, node, "sources", hf_pop_outcome_words);
	out->classes = (uint16_t)hf_pop_words_load(d, node, "classes",
						   "0 1 2 3 4 5 6 7 8 9 10 11 12");
	out->flags_all = (uint8_t)hf_pop_words_load(d, node, "flags", flags);
	out->flags_none = (uint8_t)hf_pop_words_load(d, node, "flagsNone", flags);
	out->months = (uint16_t)(hf_pop_words_load(d, node, "months",
						   "0 1 2 3 4 5 6 7 8 9 10 11 12") >>
				 1);
	load_ages(d, node, edges, out);
	load_range(d, node, "nights", HF_POP_NONE, &from, &to);
	out->los_from = (uint16_t)from;
	out->los_to = (uint16_t)to;
	from = to = HF_POP_NONE;
	load_range(d, node, "wait", HF_POP_NONE - 1, &from, &to);
	out->wait_from = (uint16_t)from;
	out->wait_to = (uint16_t)to;
	load_hours(d, node, out);
	load_codes(d, node, f, out);
	out->not_specialties =
	    hf_doc_ids(d, node, "notSpecialties", false, &out->n_not_specialties);
	if (out->n_not_specialties > HF_POP_SPECIALTIES_MOST)
		hf_doc_wrong(d, node, "at most %d specialties",
			     HF_POP_SPECIALTIES_MOST);
}

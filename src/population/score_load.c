/* score_load.c - a document of definitions/scores-population. */
#include "population/score.h"

enum { POINTS_MOST = 100000, AGE_MOST = 150, DAYS_MOST = 36500, NUMBER_MOST = 100000 };

struct load {
	struct hf_doc d;
	struct hf_pop_score *s;
};

static const char *const fact_names[HF_POP_FACTS] = {
    [HF_POP_FACT_AGE] = "age",
    [HF_POP_FACT_CHEMICALS] = "chemicals",
    [HF_POP_FACT_SUM] = "sum",
    [HF_POP_FACT_LOS] = "nights",
    [HF_POP_FACT_EMERGENCY] = "emergency",
    [HF_POP_FACT_PROCEDURE] = "procedure",
    [HF_POP_FACT_ED] = "ae-before",
    [HF_POP_FACT_ADMISSIONS] = "admissions-before",
};

static void
load_variants(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "variants", HF_JSON_ARRAY, false);
	struct hf_pop_score *s = l->s;

	if (list == HF_JSON_NONE) {
		s->variants[0].id = s->variants[0].title = "";
		s->n_variants = 1;
		return;
	}
	if (hf_json_count(&l->d.json, list) == 0 ||
	    hf_json_count(&l->d.json, list) > HF_POP_SCORE_VARIANTS) {
		hf_doc_wrong(&l->d, list, "1 to %d variants are needed here",
			     HF_POP_SCORE_VARIANTS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		size_t at = s->n_variants++;

		hf_doc_only(&l->d, c, "id title twoDecimals");
		s->variants[at].id = hf_doc_id(&l->d, c, "id", true);
		s->variants[at].title = hf_doc_text(&l->d, c, "title", true);
		s->variants[at].two_dp = hf_doc_bool(&l->d, c, "twoDecimals", false);
		for (size_t i = 0; i < at; i++)
			if (strcmp(s->variants[i].id, s->variants[at].id) == 0)
				hf_doc_wrong(&l->d, c,
					     "the variant \"%s\" stands twice",
					     s->variants[at].id);
	}
}

/* "0.12" of a member as thousandths; false: it is not there, or a finding. */
static bool
load_milli(struct load *l, uint32_t o, const char *name, int32_t *out)
{
	struct hf_decimal v, milli;
	int64_t whole;

	if (!hf_doc_decimal(&l->d, o, name, &v))
		return false;
	if (hf_decimal_mul(v, hf_decimal_from_int(1000), &milli) &&
	    hf_decimal_int(milli, &whole) &&
	    hf_decimal_cmp(milli, hf_decimal_from_int(whole)) == 0 && whole >= 0 &&
	    whole <= (int64_t)NUMBER_MOST * 1000) {
		*out = (int32_t)whole;
		return true;
	}
	hf_doc_wrong(&l->d, o, "\"%s\" is from 0 to %d, with at most 3 decimals", name,
		     NUMBER_MOST);
	return false;
}

static void
load_bands(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "bands", HF_JSON_ARRAY, false);
	struct hf_pop_score *s = l->s;
	size_t n = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (n < 2 || n > HF_POP_SCORE_BANDS) {
		hf_doc_wrong(&l->d, list, "2 to %d bands are needed here",
			     HF_POP_SCORE_BANDS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pop_score_band *b = &s->bands[s->n_bands++];
		bool upto, below = false;

		hf_doc_only(&l->d, c, "id title upTo below");
		b->id = hf_doc_id(&l->d, c, "id", true);
		b->title = hf_doc_text(&l->d, c, "title", true);
		upto = load_milli(l, c, "upTo", &b->milli);
		if (!upto)
			below = load_milli(l, c, "below", &b->milli);
		b->inclusive = upto;
		if ((upto || below) == (s->n_bands == n))
			hf_doc_wrong(&l->d, c,
				     "each band but the last ends \"upTo\" a number "
				     "that is still of it, or \"below\" one");
		if (s->n_bands > 1 && s->n_bands < n && b->milli <= b[-1].milli)
			hf_doc_wrong(&l->d, c, "bands go upwards");
	}
}

/* A whole number for all variants, or an object with one of each. */
static bool
load_points(struct load *l, uint32_t o, const char *name,
	    int32_t out[HF_POP_SCORE_VARIANTS])
{
	uint32_t node = hf_json_get(&l->d.json, o, hf_sv_from(name));

	if (node == HF_JSON_NONE)
		return false;
	if (hf_json_type(&l->d.json, node) == HF_JSON_OBJECT) {
		HF_DOC_EACH(&l->d, c, node)
		{
			bool known = false;

			for (size_t v = 0; v < l->s->n_variants; v++)
				known |= hf_sv_eq(hf_json_key(&l->d.json, c),
						  hf_sv_from(l->s->variants[v].id));
			if (!known)
				hf_doc_wrong(&l->d, c, "there is no variant \"%.*s\"",
					     HF_SV_ARG(hf_json_key(&l->d.json, c)));
		}
		for (size_t v = 0; v < l->s->n_variants; v++) {
			hf_doc_member(&l->d, node, l->s->variants[v].id, HF_JSON_NUMBER,
				      true);
			out[v] = (int32_t)hf_doc_int(&l->d, node, l->s->variants[v].id,
						     -POINTS_MOST, POINTS_MOST, 0);
		}
		return true;
	}
	out[0] = (int32_t)hf_doc_int(&l->d, o, name, -POINTS_MOST, POINTS_MOST, 0);
	for (size_t v = 1; v < l->s->n_variants; v++)
		out[v] = out[0];
	return true;
}

/* "steps": [{"from": 1, "points": 2}, …]; points as of an item. */
static void
load_steps(struct load *l, uint32_t o, struct hf_pop_item *item)
{
	uint32_t list = hf_doc_member(&l->d, o, "steps", HF_JSON_ARRAY, true);
	int64_t last = -1;

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_count(&l->d.json, list) == 0 ||
	    hf_json_count(&l->d.json, list) > HF_POP_SCORE_STEPS) {
		hf_doc_wrong(&l->d, list, "1 to %d steps are needed here",
			     HF_POP_SCORE_STEPS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		int32_t points[HF_POP_SCORE_VARIANTS] = {0};
		int64_t from;

		hf_doc_only(&l->d, c, "from points");
		from = hf_doc_int(&l->d, c, "from", 0, NUMBER_MOST, -1);
		if (from <= last || !load_points(l, c, "points", points))
			hf_doc_wrong(&l->d, c,
				     "a step has \"points\" and begins \"from\" a "
				     "number above the step before");
		last = from;
		for (size_t v = 0; v < l->s->n_variants; v++)
			item->steps[v][item->n_steps[v]++] =
			    (struct hf_pop_step){(int32_t)from, points[v]};
	}
}

static void
load_values(struct load *l, uint32_t o, struct hf_pop_item *item)
{
	uint32_t list = hf_doc_member(&l->d, o, "values", HF_JSON_ARRAY, false);

	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pop_value_rule *r = &item->values[item->n_values];
		const char *sex;

		if (item->n_values == HF_COUNT(item->values)) {
			hf_doc_wrong(&l->d, c, "an item has at most 2 rules of values");
			return;
		}
		hf_doc_only(&l->d, c, "code below sex needed");
		r->code = hf_doc_id(&l->d, c, "code", true);
		if (!load_milli(l, c, "below", &r->below))
			hf_doc_wrong(&l->d, c, "\"below\" is needed here");
		r->needed = hf_doc_bool(&l->d, c, "needed", false);
		sex = hf_doc_text(&l->d, c, "sex", false);
		r->sex = strcmp(sex, "male") == 0     ? HF_POP_MALE
			 : strcmp(sex, "female") == 0 ? HF_POP_FEMALE
						      : HF_POP_SEX_UNKNOWN;
		if (*sex && r->sex == HF_POP_SEX_UNKNOWN)
			hf_doc_wrong(&l->d, c, "\"sex\" is male or female");
		item->n_values++;
	}
}

static int
find_item(const struct hf_pop_score *s, const char *id)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (strcmp(s->items[i].id, id) == 0)
			return (int)i;
	return -1;
}

static enum hf_pop_fact
load_fact(struct load *l, uint32_t o)
{
	const char *name = hf_doc_text(&l->d, o, "fact", false);

	if (!*name)
		return HF_POP_FACT_NONE;
	for (int i = 1; i < HF_POP_FACTS; i++)
		if (strcmp(name, fact_names[i]) == 0) {
			if (i >= HF_POP_FACT_LOS && l->s->index_days == 0)
				hf_doc_wrong(&l->d, o,
					     "\"%s\" is of a stay: the document needs "
					     "\"indexDays\"",
					     name);
			return (enum hf_pop_fact)i;
		}
	hf_doc_wrong(&l->d, o,
		     "\"fact\" is one of age, chemicals, sum, nights, emergency, "
		     "procedure, ae-before, admissions-before");
	return HF_POP_FACT_NONE;
}

static void load_items(struct load *l, uint32_t list, int parent);

static void
load_item(struct load *l, uint32_t o, int parent)
{
	int at = (int)l->s->n_items++;
	struct hf_pop_item *item = &l->s->items[at];
	const char *id = hf_doc_id(&l->d, o, "id", true);

	hf_doc_only(&l->d, o,
		    "id title points fact steps conditions icd10 specialties values "
		    "items");
	item->id = "";
	if (*id && find_item(l->s, id) >= 0)
		hf_doc_wrong(&l->d, o, "the item \"%s\" stands twice", id);
	item->id = id;
	item->title = hf_doc_text(&l->d, o, "title", true);
	item->parent = parent;
	item->fact = load_fact(l, o);
	if (item->fact)
		load_steps(l, o, item);
	if (!load_points(l, o, "points", item->points) && !item->fact)
		hf_doc_wrong(&l->d, o, "\"points\" are needed here");
	item->conditions =
	    hf_doc_ids(&l->d, o, "conditions", false, &item->n_conditions);
	item->icd10 = hf_pop_list_load(&l->d, o, "icd10", false);
	item->specialties =
	    hf_doc_ids(&l->d, o, "specialties", false, &item->n_specialties);
	load_values(l, o, item);
	if (!item->fact &&
	    item->n_conditions + item->icd10.n + item->n_specialties + item->n_values ==
		0)
		hf_doc_wrong(&l->d, o,
			     "an item is found by conditions, icd10, specialties, "
			     "values or a fact");
	if (item->fact == HF_POP_FACT_SUM) {
		if (parent >= 0)
			hf_doc_wrong(&l->d, o, "a sum stands in no other sum");
		load_items(l, hf_doc_member(&l->d, o, "items", HF_JSON_ARRAY, true),
			   at);
	}
}

static void
load_items(struct load *l, uint32_t list, int parent)
{
	HF_DOC_EACH(&l->d, c, list)
	{
		if (l->s->n_items == HF_POP_SCORE_ITEMS) {
			hf_doc_wrong(&l->d, c, "a document has at most %d items",
				     HF_POP_SCORE_ITEMS);
			return;
		}
		load_item(l, c, parent);
	}
}

static void
load_drops(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "drops", HF_JSON_ARRAY, false);
	struct hf_pop_score *s = l->s;

	HF_DOC_EACH(&l->d, c, list)
	{
		int has, loses;

		hf_doc_only(&l->d, c, "has loses");
		has = find_item(s, hf_doc_id(&l->d, c, "has", true));
		loses = find_item(s, hf_doc_id(&l->d, c, "loses", true));
		if (has < 0 || loses < 0 || has == loses ||
		    s->n_drops == HF_POP_SCORE_DROPS) {
			hf_doc_wrong(&l->d, c,
				     "two different items of the document are needed, "
				     "and at most %d pairs",
				     HF_POP_SCORE_DROPS);
			return;
		}
		s->drops[s->n_drops].has = has;
		s->drops[s->n_drops++].loses = loses;
	}
}

static void
load_all(struct load *l)
{
	struct hf_pop_score *s = l->s;
	uint32_t list;
	const char *when;

	hf_doc_only(&l->d, 0,
		    "id version title source licence predicts horizon trained note "
		    "cStatistic calibration divide fromAge bandFromAge conditionsCount "
		    "diagnosisDays indexDays variants bands items drops");
	s->id = hf_doc_id(&l->d, 0, "id", true);
	s->version = hf_doc_id(&l->d, 0, "version", true);
	s->title = hf_doc_text(&l->d, 0, "title", true);
	s->source = hf_doc_text(&l->d, 0, "source", true);
	s->licence = hf_doc_text(&l->d, 0, "licence", true);
	s->predicts = hf_doc_text(&l->d, 0, "predicts", true);
	s->horizon = hf_doc_text(&l->d, 0, "horizon", true);
	s->trained = hf_doc_text(&l->d, 0, "trained", true);
	s->note = hf_doc_text(&l->d, 0, "note", false);
	s->c_statistic = hf_doc_text(&l->d, 0, "cStatistic", true);
	s->calibration = hf_doc_text(&l->d, 0, "calibration", true);
	s->divide = (int32_t)hf_doc_int(&l->d, 0, "divide", 1, 10000, 1);
	s->from_age = (int)hf_doc_int(&l->d, 0, "fromAge", 0, AGE_MOST, 0);
	s->band_from_age = (int)hf_doc_int(&l->d, 0, "bandFromAge", 0, AGE_MOST, 0);
	s->diagnosis_days = (int)hf_doc_int(&l->d, 0, "diagnosisDays", 1, DAYS_MOST, 0);
	s->index_days = (int)hf_doc_int(&l->d, 0, "indexDays", 1, HF_POP_INDEX_MOST, 0);
	when = hf_doc_text(&l->d, 0, "conditionsCount", false);
	s->conditions_ever = strcmp(when, "ever") == 0;
	if (*when && !s->conditions_ever && strcmp(when, "now") != 0)
		hf_doc_wrong(&l->d, 0, "\"conditionsCount\" is ever or now");
	load_variants(l);
	load_bands(l);
	s->items = hf_doc_room(&l->d, HF_POP_SCORE_ITEMS, sizeof *s->items);
	list = hf_doc_member(&l->d, 0, "items", HF_JSON_ARRAY, true);
	if (list == HF_JSON_NONE || !s->items)
		return;
	if (hf_json_count(&l->d.json, list) == 0)
		hf_doc_wrong(&l->d, list, "a score has items");
	load_items(l, list, -1);
	load_drops(l);
}

enum hf_rc
hf_pop_score_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		  struct hf_issues *issues, struct hf_pop_score *out,
		  struct hf_err *err)
{
	struct hf_pop_score s = {0};
	struct load l = {.s = &s};
	enum hf_rc rc;

	if (hf_doc_open(&l.d, name, text, arena, issues))
		load_all(&l);
	rc = hf_doc_close(&l.d, err);
	if (rc == HF_OK)
		*out = s;
	return rc;
}

/* opel_load.c - a document of definitions/opel. */
#include "place/opel.h"
#include "place/place_int.h"

enum { WEIGHT_MOST = 100, SCORE_MOST = 100, SUM_MOST = 1000000, LEAST_USUAL = 50 };

struct load {
	struct hf_doc d;
	struct hf_opel *o;
};

/* "levels": the sums that level 2, 3 and 4 begin with. */
static void
load_thresholds(struct load *l, uint32_t object, int most,
		struct hf_opel_thresholds *out)
{
	uint32_t list = hf_doc_member(&l->d, object, "levels", HF_JSON_ARRAY, true);
	int last = 0;

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_count(&l->d.json, list) != HF_OPEL_LEVELS - 1) {
		hf_doc_wrong(&l->d, list,
			     "3 sums are needed: where level 2, 3 and 4 begin");
		return;
	}
	for (uint32_t i = 0; i < HF_OPEL_LEVELS - 1; i++) {
		uint32_t node = hf_json_at(&l->d.json, list, i);
		int64_t v = 0;

		if (hf_json_type(&l->d.json, node) != HF_JSON_NUMBER ||
		    !hf_sv_int(hf_json_raw(&l->d.json, node), &v) || v <= last ||
		    v > SUM_MOST) {
			hf_doc_wrong(&l->d, node,
				     "a whole number above the one before is needed");
			return;
		}
		last = (int)v;
		out->from[i] = last;
	}
	if (last > most)
		hf_doc_wrong(&l->d, list,
			     "level 4 cannot be reached: the sum is at most %d", most);
}

static void
load_bands(struct load *l, uint32_t object, struct hf_opel_parameter *p)
{
	uint32_t list = hf_doc_member(&l->d, object, "bands", HF_JSON_ARRAY, true);

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_count(&l->d.json, list) < 2 ||
	    hf_json_count(&l->d.json, list) > HF_OPEL_BANDS) {
		hf_doc_wrong(&l->d, list, "2 to %d bands are needed here",
			     HF_OPEL_BANDS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_opel_band *b = &p->bands[p->n_bands];
		bool from;

		hf_doc_only(&l->d, c, "from score");
		from = hf_doc_decimal(&l->d, c, "from", &b->from);
		b->score = (int)hf_doc_int(&l->d, c, "score", 0, SCORE_MOST, -1);
		if (b->score < 0)
			hf_doc_wrong(&l->d, c, "a band has a score from 0 to %d",
				     SCORE_MOST);
		if (from != (p->n_bands > 0))
			hf_doc_wrong(
			    &l->d, c,
			    p->n_bands ? "a band begins \"from\" a value"
				       : "the first band has no \"from\": it takes all "
					 "below the second");
		if (p->n_bands > 1 && hf_decimal_cmp(b[-1].from, b->from) >= 0)
			hf_doc_wrong(&l->d, c,
				     "bands go upwards, each from a higher value");
		p->n_bands++;
	}
}

static int
highest(const struct hf_opel_parameter *p)
{
	int most = 0;

	for (size_t i = 0; i < p->n_bands; i++)
		if (p->bands[i].score > most)
			most = p->bands[i].score;
	return most;
}

/* Gives what the sum can be at most. */
static int
load_parameters(struct load *l, uint32_t object, struct hf_opel_pillar *pillar)
{
	uint32_t list = hf_doc_member(&l->d, object, "parameters", HF_JSON_ARRAY, true);
	int most = 0;

	if (list != HF_JSON_NONE &&
	    (hf_json_count(&l->d.json, list) == 0 ||
	     hf_json_count(&l->d.json, list) > HF_OPEL_PARAMETERS)) {
		hf_doc_wrong(&l->d, list, "1 to %d parameters are needed here",
			     HF_OPEL_PARAMETERS);
		return 0;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_opel_parameter *p = &pillar->parameters[pillar->n];

		hf_doc_only(&l->d, c, "id title unit weight bands");
		p->id = hf_doc_id(&l->d, c, "id", true);
		p->title = hf_doc_text(&l->d, c, "title", true);
		p->unit = hf_doc_text(&l->d, c, "unit", false);
		p->weight = (int)hf_doc_int(&l->d, c, "weight", 1, WEIGHT_MOST, 1);
		load_bands(l, c, p);
		for (size_t i = 0; i < pillar->n; i++)
			if (strcmp(pillar->parameters[i].id, p->id) == 0)
				hf_doc_wrong(&l->d, c,
					     "the parameter \"%s\" stands twice",
					     p->id);
		most += p->weight * highest(p);
		pillar->n++;
	}
	return most;
}

static void
load_pillars(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "pillars", HF_JSON_ARRAY, true);
	struct hf_opel *o = l->o;

	if (list != HF_JSON_NONE &&
	    (hf_json_count(&l->d.json, list) == 0 ||
	     hf_json_count(&l->d.json, list) > HF_OPEL_PILLARS)) {
		hf_doc_wrong(&l->d, list, "1 to %d pillars are needed here",
			     HF_OPEL_PILLARS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_opel_pillar *p = &o->pillars[o->n];
		int most;

		hf_doc_only(&l->d, c, "id title weight parameters levels");
		p->id = hf_doc_id(&l->d, c, "id", true);
		p->title = hf_doc_text(&l->d, c, "title", true);
		p->weight = (int)hf_doc_int(&l->d, c, "weight", 1, WEIGHT_MOST, 1);
		most = load_parameters(l, c, p);
		load_thresholds(l, c, most, &p->levels);
		for (size_t i = 0; i < o->n; i++)
			if (strcmp(o->pillars[i].id, p->id) == 0)
				hf_doc_wrong(&l->d, c, "the pillar \"%s\" stands twice",
					     p->id);
		o->n++;
	}
}

/* "times": ["08:00", …], in order. */
static void
load_times(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "times", HF_JSON_ARRAY, false);
	struct hf_opel *o = l->o;

	HF_DOC_EACH(&l->d, c, list)
	{
		int at = -1;

		if (hf_json_type(&l->d.json, c) == HF_JSON_STRING)
			at = hf_minutes_of(hf_json_raw(&l->d.json, c), false);
		if (at < 0 || o->n_times == HF_OPEL_TIMES ||
		    (o->n_times && o->times[o->n_times - 1] >= at)) {
			hf_doc_wrong(
			    &l->d, c,
			    "a time hh:mm after the one before is needed, and at "
			    "most %d",
			    HF_OPEL_TIMES);
			return;
		}
		o->times[o->n_times++] = (int16_t)at;
	}
}

static void
load_overall(struct load *l)
{
	uint32_t overall = hf_doc_member(&l->d, 0, "overall", HF_JSON_OBJECT, true);
	int most = 0;

	for (size_t i = 0; i < l->o->n; i++)
		most += l->o->pillars[i].weight * HF_OPEL_LEVELS;
	if (overall == HF_JSON_NONE)
		return;
	hf_doc_only(&l->d, overall, "levels");
	load_thresholds(l, overall, most, &l->o->overall);
}

enum hf_rc
hf_opel_load(const char *name, struct hf_sv text, struct hf_arena *arena,
	     struct hf_issues *issues, struct hf_opel *out, struct hf_err *err)
{
	struct hf_opel o = {0};
	struct load l = {.o = &o};
	enum hf_rc rc;

	if (hf_doc_open(&l.d, name, text, arena, issues)) {
		hf_doc_only(&l.d, 0,
			    "id version title source demonstration least times pillars "
			    "overall");
		o.id = hf_doc_id(&l.d, 0, "id", true);
		o.version = hf_doc_id(&l.d, 0, "version", true);
		o.title = hf_doc_text(&l.d, 0, "title", true);
		o.source = hf_doc_text(&l.d, 0, "source", true);
		o.demonstration = hf_doc_bool(&l.d, 0, "demonstration", false);
		o.least = (int)hf_doc_int(&l.d, 0, "least", 1, 100, LEAST_USUAL);
		load_times(&l);
		load_pillars(&l);
		load_overall(&l);
	}
	rc = hf_doc_close(&l.d, err);
	if (rc == HF_OK)
		*out = o;
	return rc;
}

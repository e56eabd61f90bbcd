/* terms_component.c - the components of a contract, their bands and lines. */
#include "contract/share.h"
#include "contract/terms_int.h"

static const char *const kinds[HF_CT_KINDS + 1] = {
    [HF_CT_BLOCK] = "block",	   [HF_CT_SHARE] = "share", [HF_CT_VOLUME] = "volume",
    [HF_CT_COST] = "cost",	   [HF_CT_GAIN] = "gain",   [HF_CT_OUTCOME] = "outcome",
    [HF_CT_CORRIDOR] = "corridor", [HF_CT_RULE] = "rule"};

static const char *const rules[HF_CT_RULE_KINDS + 1] = {
    [HF_CT_RULE_MARGINAL] = "marginal",
    [HF_CT_RULE_READMISSION] = "readmission",
    [HF_CT_RULE_BLENDED] = "blended",
    [HF_CT_RULE_QUALITY] = "quality"};

const char *
hf_ct_rule_word(enum hf_ct_rule rule)
{
	return rules[rule];
}

const char *
hf_ct_kind_word(enum hf_ct_kind kind)
{
	return kinds[kind];
}

/* Bands of variance and tiers of a corridor: each begins where the one before ends. */
static void
read_band(struct hf_doc *d, uint32_t node, struct hf_ct_component *c)
{
	struct hf_ct_band *b = &c->bands[c->n_bands];
	hf_rate from = c->n_bands ? b[-1].to : 0, mine;
	uint32_t under;

	hf_doc_only(d, node, "from to provider commissioner under");
	b->from = hf_ct_read_percent(d, node, "from", 100000, from);
	b->to = hf_ct_read_percent(d, node, "to", 100000, INT64_MAX);
	if (b->from != from)
		hf_doc_wrong(d, node,
			     c->n_bands ? "a band begins where the one before ends"
					: "the first band begins at 0");
	if (b->to <= b->from)
		hf_doc_wrong(d, node, "a band ends above where it begins");
	hf_ct_read_shares(d, node, &mine, &b->over);
	b->under = b->over;
	under = hf_doc_member(d, node, "under", HF_JSON_OBJECT, false);
	if (under != HF_JSON_NONE) {
		hf_doc_only(d, under, "provider commissioner");
		hf_ct_read_shares(d, under, &mine, &b->under);
	}
	c->n_bands++;
}

static void
read_bands(struct hf_doc *d, uint32_t object, const char *name,
	   struct hf_ct_component *c)
{
	uint32_t list = hf_doc_member(d, object, name, HF_JSON_ARRAY, true);
	size_t n = hf_json_count(&d->json, list);

	if (list == HF_JSON_NONE)
		return;
	if (n == 0 || n > HF_CT_BANDS) {
		hf_doc_wrong(d, list, "1 to %d bands are needed here", HF_CT_BANDS);
		return;
	}
	HF_DOC_EACH(d, b, list)
	read_band(d, b, c);
	if (c->bands[c->n_bands - 1].to != INT64_MAX)
		hf_doc_wrong(d, list, "the last band has no end: leave \"to\" out");
}

/* A year's money by months: equal, or by days, to the penny. */
static void
phase(struct hf_doc *d, uint32_t object, hf_pence annual, int fy,
      hf_pence out[HF_CT_MONTHS])
{
	static const char *const words[] = {"equal", "days", NULL};
	int64_t weights[HF_CT_MONTHS];
	int how = 0;

	if (hf_json_get(&d->json, object, HF_SV("phasing")) != HF_JSON_NONE)
		how = hf_ct_read_word(d, object, "phasing", words);
	for (int m = 0; m < HF_CT_MONTHS; m++)
		weights[m] =
		    how == 1 ? hf_period_first(fy, m + 2) - hf_period_first(fy, m + 1)
			     : 1;
	if (!hf_pence_allocate(annual, weights, HF_CT_MONTHS, out))
		hf_doc_wrong(d, object, "the year's money cannot be cut into months");
}

static void
read_plan(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
	  struct hf_ct_line *l)
{
	bool annual = hf_json_get(&d->json, object, HF_SV("annual")) != HF_JSON_NONE;

	if (annual)
		phase(d, object, hf_ct_read_pounds(d, object, "annual", true), t->fy,
		      l->plan);
	else if (!hf_ct_read_pounds_months(d, object, "plan", l->plan))
		hf_doc_wrong(d, object,
			     "a line has a \"plan\" (pounds by month) or \"annual\"");
}

static void
read_volume(struct hf_doc *d, uint32_t object, struct hf_ct_line *l)
{
	l->price = hf_ct_read_pounds(d, object, "price", true);
	if (!hf_ct_read_units_months(d, object, "plan", l->units))
		hf_doc_wrong(d, object, "a line of volume has a \"plan\" in units");
	for (int m = 0; m < HF_CT_MONTHS; m++)
		if (!hf_pence_times(l->price, l->units[m], &l->plan[m]))
			hf_doc_wrong(d, object, "price times units is too much");
}

static void
read_gain(struct hf_doc *d, uint32_t object, struct hf_ct_line *l)
{
	l->price = hf_ct_read_pounds(d, object, "baseline", true);
	l->actual = hf_ct_read_pounds(d, object, "actual", true);
	hf_ct_read_units_months(d, object, "plan", l->units);
}

static void
read_outcome(struct hf_doc *d, uint32_t object, struct hf_ct_line *l)
{
	l->weight = hf_ct_read_percent(d, object, "weight", 100, 0);
	l->least = hf_doc_int(d, object, "least", 0, 1000000000, 50);
	if (!hf_doc_decimal(d, object, "threshold", &l->threshold) ||
	    !hf_doc_decimal(d, object, "target", &l->target) ||
	    hf_decimal_cmp(l->threshold, l->target) == 0)
		hf_doc_wrong(d, object,
			     "a measure has a \"threshold\" and a \"target\" that "
			     "differs from it");
	else if (!hf_ct_result_fits(l->threshold) || !hf_ct_result_fits(l->target))
		hf_doc_wrong(d, object,
			     "threshold and target have at most six places and are "
			     "below a million");
}

static const char *const line_members[HF_CT_KINDS] = {
    [HF_CT_BLOCK] = "id title plan annual phasing activity",
    [HF_CT_SHARE] = "id title plan annual phasing activity",
    [HF_CT_VOLUME] = "id title price plan activity",
    [HF_CT_COST] = "id title plan annual phasing activity",
    [HF_CT_GAIN] = "id title baseline actual plan activity",
    [HF_CT_OUTCOME] = "id title weight threshold target least",
    [HF_CT_CORRIDOR] = "id title activity",
    [HF_CT_RULE] = "id title after"};

static void
read_after(struct hf_doc *d, uint32_t object, struct hf_ct_line *l)
{
	static const char *const words[] = {"elective", "other", NULL};
	int at;

	if (hf_json_get(&d->json, object, HF_SV("after")) == HF_JSON_NONE)
		return;
	at = hf_ct_read_word(d, object, "after", words);
	l->after = at < 0 ? HF_CT_AFTER_NONE : (uint8_t)(at + 1);
}

static void
read_line_of_kind(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
		  enum hf_ct_kind kind, struct hf_ct_line *l)
{
	switch (kind) {
	case HF_CT_BLOCK:
	case HF_CT_SHARE:
	case HF_CT_COST:
		read_plan(d, object, t, l);
		break;
	case HF_CT_VOLUME:
		read_volume(d, object, l);
		break;
	case HF_CT_GAIN:
		read_gain(d, object, l);
		break;
	case HF_CT_OUTCOME:
		read_outcome(d, object, l);
		break;
	case HF_CT_RULE:
		read_after(d, object, l);
		break;
	case HF_CT_CORRIDOR:
	case HF_CT_KINDS:
		break;
	}
	hf_ct_read_select(d, object, t, l);
}

/* A component without "lines" is a line of its own, by its id. */
static void
read_line(struct hf_doc *d, uint32_t object, struct hf_ct_terms *t,
	  struct hf_ct_component *c)
{
	struct hf_ct_line *l = &t->lines[t->n_lines];

	if (t->n_lines == HF_CT_LINES) {
		hf_doc_wrong(d, object, "a contract has at most %d lines", HF_CT_LINES);
		return;
	}
	l->id = hf_doc_id(d, object, "id", true);
	l->title = hf_doc_text(d, object, "title", true);
	l->component = (uint8_t)t->n_components;
	l->at = hf_doc_line(d, object);
	if (hf_ct_line_find(t, hf_sv_from(l->id)) >= 0)
		hf_doc_wrong(d, object, "there is a line \"%s\" already", l->id);
	read_line_of_kind(d, object, t, c->kind, l);
	t->n_lines++;
	c->n++;
}

static void
read_lines(struct hf_doc *d, uint32_t object, struct hf_ct_terms *t,
	   struct hf_ct_component *c)
{
	uint32_t list = hf_doc_member(d, object, "lines", HF_JSON_ARRAY, false);

	c->first = (uint8_t)t->n_lines;
	if (list == HF_JSON_NONE) {
		read_line(d, object, t, c);
		return;
	}
	if (hf_json_count(&d->json, list) == 0)
		hf_doc_wrong(d, list, "at least one line is needed here");
	if (hf_json_get(&d->json, object, HF_SV("activity")) != HF_JSON_NONE)
		hf_doc_wrong(d, object, "each line says its own \"activity\"");
	HF_DOC_EACH(d, l, list)
	{
		hf_doc_only(d, l, line_members[c->kind]);
		read_line(d, l, t, c);
	}
}

static void
check_weights(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
	      const struct hf_ct_component *c)
{
	hf_rate sum = 0;

	for (int i = 0; i < c->n; i++)
		sum += t->lines[c->first + i].weight;
	if (sum != HF_RATE_ONE)
		hf_doc_wrong(d, object,
			     "the weights of the measures have to add up to 100");
}

/* The budget of the year, cut into months (section 3.4). */
static void
read_corridor(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
	      struct hf_ct_component *c, struct hf_ct_line *l)
{
	hf_pence budget = 0;

	c->persons = hf_doc_int(d, object, "persons", 1, 100000000, 0);
	c->per_head = hf_ct_read_pounds(d, object, "per_head", true);
	read_bands(d, object, "tiers", c);
	if (c->persons == 0)
		hf_doc_wrong(d, object, "\"persons\" is needed here");
	if (!hf_pence_times(c->per_head, c->persons, &budget))
		hf_doc_wrong(d, object, "persons times pounds a head is too much");
	else
		phase(d, object, budget, t->fy, l->plan);
}

/* Which components before it a rule looks at. */
static void
read_of(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
	struct hf_ct_component *c)
{
	size_t n;
	const char **ids = hf_doc_ids(d, object, "of", true, &n);

	for (size_t i = 0; i < n; i++) {
		int at = hf_ct_component_find(t, hf_sv_from(ids[i]));

		if (at < 0)
			hf_doc_wrong(d, object, "no component before it is \"%s\"",
				     ids[i]);
		else
			c->of |= (uint16_t)(1u << at);
	}
}

/* Readmissions are counted in two lines, those after an elective stay and others. */
static void
check_after(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
	    const struct hf_ct_component *c)
{
	unsigned seen = 0;

	for (int i = 0; i < c->n; i++)
		seen |= 1u << t->lines[c->first + i].after;
	if (c->rule == HF_CT_RULE_READMISSION ? c->n != 2 || seen != 6
					      : c->n != 1 || seen != 1)
		hf_doc_wrong(d, object,
			     c->rule == HF_CT_RULE_READMISSION
				 ? "the readmission rule has two lines, \"after\" "
				   "elective and \"after\" other"
				 : "a rule has one line, its own");
}

static void
read_rule(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
	  struct hf_ct_component *c)
{
	int rule = hf_ct_read_word(d, object, "rule", rules);

	c->rule = rule < 0 ? HF_CT_RULE_QUALITY : (enum hf_ct_rule)rule;
	read_of(d, object, t, c);
	c->amount = hf_ct_read_pounds(d, object, "amount",
				      rule >= 0 && rule != HF_CT_RULE_QUALITY);
	c->breaks = hf_ct_read_percent(d, object, "breaks", 100, 0);
	check_after(d, object, t, c);
	for (size_t i = 0; i < t->n_components; i++)
		if (c->rule == HF_CT_RULE_READMISSION &&
		    t->components[i].kind == HF_CT_RULE &&
		    t->components[i].rule == c->rule)
			hf_doc_wrong(d, object,
				     "a contract has one readmission rule: a row "
				     "cannot be withheld twice");
}

static void
read_kind(struct hf_doc *d, uint32_t object, struct hf_ct_terms *t,
	  struct hf_ct_component *c)
{
	hf_rate other;

	switch (c->kind) {
	case HF_CT_SHARE:
		read_bands(d, object, "bands", c);
		break;
	case HF_CT_GAIN:
		hf_ct_read_shares(d, object, &c->provider, &other);
		break;
	case HF_CT_OUTCOME:
		c->pool = hf_ct_read_pounds(d, object, "pool", true);
		check_weights(d, object, t, c);
		break;
	case HF_CT_CORRIDOR:
		if (c->n == 1)
			read_corridor(d, object, t, c, &t->lines[c->first]);
		else
			hf_doc_wrong(d, object, "a corridor has one line");
		break;
	case HF_CT_RULE:
		read_rule(d, object, t, c);
		break;
	default:
		break;
	}
}

static void
read_component(struct hf_doc *d, uint32_t object, struct hf_ct_terms *t)
{
	struct hf_ct_component *c = &t->components[t->n_components];
	int kind;

	hf_doc_only(d, object,
		    "id title number kind lines plan annual phasing price baseline "
		    "actual bands tiers provider commissioner pool persons per_head "
		    "marginal_cost marginal_baseline review_beyond activity rule of "
		    "amount breaks");
	c->id = hf_doc_id(d, object, "id", true);
	c->title = hf_doc_text(d, object, "title", true);
	c->number = hf_doc_text(d, object, "number", true);
	c->at = hf_doc_line(d, object);
	kind = hf_ct_read_word(d, object, "kind", kinds);
	if (kind < 0 || kind >= HF_CT_KINDS)
		return;
	c->kind = (enum hf_ct_kind)kind;
	c->marginal = hf_ct_read_percent(d, object, "marginal_cost", 200, -1);
	c->review = hf_ct_read_percent(d, object, "review_beyond", 100, 0);
	c->marginal_baseline = hf_ct_read_pounds(d, object, "marginal_baseline", false);
	if (hf_ct_component_find(t, hf_sv_from(c->id)) >= 0)
		hf_doc_wrong(d, object, "there is a component \"%s\" already", c->id);
	read_lines(d, object, t, c);
	read_kind(d, object, t, c);
	t->n_components++;
}

void
hf_ct_read_components(struct hf_doc *d, struct hf_ct_terms *t)
{
	uint32_t list = hf_doc_member(d, 0, "components", HF_JSON_ARRAY, true);
	size_t n = hf_json_count(&d->json, list);

	if (list == HF_JSON_NONE)
		return;
	if (n == 0 || n > HF_CT_COMPONENTS) {
		hf_doc_wrong(d, list, "1 to %d components are needed here",
			     HF_CT_COMPONENTS);
		return;
	}
	HF_DOC_EACH(d, c, list)
	{
		if (hf_json_type(&d->json, c) == HF_JSON_OBJECT)
			read_component(d, c, t);
		else
			hf_doc_wrong(d, c, "a component is an object");
	}
}

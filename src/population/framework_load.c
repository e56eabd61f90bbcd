/* framework_load.c - documents of definitions/measures read into measures. */
#include "population/framework_int.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/time.h"

const char *const hf_pop_scale_words[HF_POP_SCALES] = {"rate",	   "share", "mean",
						       "quantile", "count", "census"};
const char *const hf_pop_direction_words[3] = {"neutral", "higher", "lower"};

struct load {
	struct hf_doc d;
	const struct hf_pop_framework *f;
	struct hf_pop_measure *m;
};

/* The word of member `name`, as an index in words; otherwise when it is not there. */
static int
load_word(struct load *l, uint32_t object, const char *name, const char *words,
	  int otherwise)
{
	const char *word = hf_doc_text(&l->d, object, name, false);
	int at = hf_pop_word(words, hf_sv_from(word));

	if (!*word)
		return otherwise;
	if (at < 0)
		hf_doc_wrong(&l->d, hf_json_get(&l->d.json, object, hf_sv_from(name)),
			     "\"%s\" is none of: %s", word, words);
	return at < 0 ? otherwise : at;
}

static double
load_number(struct load *l, uint32_t object, const char *name, double otherwise)
{
	struct hf_decimal x;
	uint32_t node = hf_json_get(&l->d.json, object, hf_sv_from(name));
	char text[64];
	struct hf_sv raw;

	if (!hf_doc_decimal(&l->d, object, name, &x))
		return otherwise;
	raw = hf_json_raw(&l->d.json, node);
	snprintf(text, sizeof text, "%.*s", HF_SV_ARG(raw));
	return strtod(text, NULL);
}

static void
load_link(struct load *l, uint32_t numerator)
{
	static const char *const names[] = {"", "again", "then"};
	struct hf_pop_link *k = &l->m->link;
	uint32_t node = HF_JSON_NONE;

	for (int kind = HF_POP_AGAIN; kind <= HF_POP_THEN; kind++) {
		uint32_t c =
		    hf_doc_member(&l->d, numerator, names[kind], HF_JSON_OBJECT, false);

		if (c == HF_JSON_NONE)
			continue;
		if (k->kind)
			hf_doc_wrong(&l->d, c, "only one of again, then, homeAt");
		k->kind = (enum hf_pop_link_kind)kind;
		node = c;
	}
	if (node != HF_JSON_NONE) {
		uint32_t event =
		    hf_doc_member(&l->d, node, "event", HF_JSON_OBJECT, true);

		hf_doc_only(&l->d, node, "from within event");
		k->from = (uint16_t)hf_doc_int(&l->d, node, "from", 0, 400, 0);
		k->within = (uint16_t)hf_doc_int(&l->d, node, "within", 0, 400, 30);
		if (event != HF_JSON_NONE)
			hf_pop_select_load(&l->d, event, "", false, l->f, &k->event);
	}
	if (hf_json_member(&l->d.json, numerator, "homeAt") != HF_JSON_NONE) {
		k->kind = HF_POP_HOME_AT;
		k->within =
		    (uint16_t)hf_doc_int(&l->d, numerator, "homeAt", 1, 400, 91);
	}
}

static void
load_often(struct load *l, uint32_t node)
{
	struct hf_pop_often *o = &l->m->often;
	uint32_t event;

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(&l->d, node, "atLeast within event");
	event = hf_doc_member(&l->d, node, "event", HF_JSON_OBJECT, true);
	o->at_least = (unsigned)hf_doc_int(&l->d, node, "atLeast", 1, 1000, 1);
	o->within = (uint16_t)hf_doc_int(&l->d, node, "within", 1, 400, 365);
	if (event != HF_JSON_NONE)
		hf_pop_select_load(&l->d, event, "", false, l->f, &o->event);
}

static void
load_numerator(struct load *l)
{
	struct hf_pop_measure *m = l->m;
	uint32_t node = hf_doc_member(&l->d, 0, "numerator", HF_JSON_OBJECT, false),
		 range;

	if (node == HF_JSON_NONE)
		return;
	m->has_numerator = true;
	hf_pop_select_load(&l->d, node, "again then homeAt often diedIn values", false,
			   l->f, &m->numerator);
	load_link(l, node);
	load_often(l, hf_doc_member(&l->d, node, "often", HF_JSON_OBJECT, false));
	m->places_of_death =
	    hf_pop_words_load(&l->d, node, "diedIn", hf_pop_outcome_words);
	range = hf_doc_member(&l->d, node, "values", HF_JSON_OBJECT, false);
	if (range != HF_JSON_NONE) {
		hf_doc_only(&l->d, range, "from to");
		m->has_value_range = true;
		m->value_from = (int32_t)(1000 * load_number(l, range, "from", -1e6));
		m->value_to = (int32_t)(1000 * load_number(l, range, "to", 1e6));
	}
}

static void
load_exclusions(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "exclusions", HF_JSON_ARRAY, false);
	struct hf_pop_measure *m = l->m;

	if (hf_json_count(&l->d.json, list) > HF_POP_EXCLUSIONS) {
		hf_doc_wrong(&l->d, list, "at most %d exclusions", HF_POP_EXCLUSIONS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pop_exclusion *x = &m->exclusions[m->n_exclusions++];

		hf_pop_select_load(&l->d, c, "why", false, l->f, &x->event);
		x->why = hf_doc_text(&l->d, c, "why", true);
	}
}

static void
load_price(struct load *l)
{
	uint32_t node = hf_doc_member(&l->d, 0, "price", HF_JSON_OBJECT, false);

	if (node == HF_JSON_NONE)
		return;
	hf_doc_only(&l->d, node, "tariffPence marginal releasable");
	l->m->price.tariff_pence =
	    hf_doc_int(&l->d, node, "tariffPence", 0, 100000000, 0);
	l->m->price.marginal = load_number(l, node, "marginal", 1);
	l->m->price.releasable = load_number(l, node, "releasable", 0);
	if (!(l->m->price.marginal >= 0 && l->m->price.marginal <= 1 &&
	      l->m->price.releasable >= 0 && l->m->price.releasable <= 1))
		hf_doc_wrong(&l->d, node, "shares are from 0 to 1");
}

/* Days of a month, so that 2027-02-30 is no review date. */
static bool
is_date(const char *text)
{
	struct hf_date date;

	return hf_date_parse(hf_sv_from(text), false, &date) &&
	       date.precision == HF_PREC_DAY;
}

static void
check(struct load *l)
{
	struct hf_pop_measure *m = l->m;
	bool counts = m->scale == HF_POP_RATE || m->scale == HF_POP_COUNT;
	bool adds = m->scale == HF_POP_MEAN || m->scale == HF_POP_QUANTILE;

	if (*m->review && !is_date(m->review))
		hf_doc_wrong(&l->d, 0, "\"review\" has to be a date, 2027-03-31");
	if (m->scale == HF_POP_SHARE && !m->has_numerator)
		hf_doc_wrong(&l->d, 0, "a share needs a \"numerator\"");
	if (m->scale != HF_POP_SHARE && m->has_numerator && !m->often.at_least &&
	    m->link.kind != HF_POP_AGAIN)
		hf_doc_wrong(&l->d, 0,
			     "only a share has a \"numerator\"; narrow the \"base\"");
	if (adds != (m->quantity >= HF_POP_Q_NIGHTS))
		hf_doc_wrong(&l->d, 0,
			     "a mean or a quantile is of nights, wait or value, and "
			     "only these are");
	if (m->scale == HF_POP_CENSUS && m->quantity != HF_POP_Q_BED_DAYS)
		hf_doc_wrong(&l->d, 0, "a census is of bed-days");
	if (*m->capacity && isnan(m->places))
		hf_doc_wrong(&l->d, 0,
			     "a measure with a \"capacity\" says how many \"places\" "
			     "are meant where nobody knows");
	if (m->standardise && (m->scale != HF_POP_RATE || m->of != HF_POP_OF_EVENTS))
		hf_doc_wrong(&l->d, 0, "only a rate of events is standardised");
	if (m->indirect && (m->scale != HF_POP_SHARE || m->of != HF_POP_OF_EVENTS))
		hf_doc_wrong(&l->d, 0,
			     "only a share of events is standardised indirectly");
	if (m->change && (m->of != HF_POP_OF_VALUES || m->scale != HF_POP_MEAN))
		hf_doc_wrong(&l->d, 0, "\"change\" is of a mean of values");
	if (m->of == HF_POP_OF_VALUES && !*m->value)
		hf_doc_wrong(&l->d, 0, "\"value\" says which values");
	if (m->of == HF_POP_OF_VALUES && counts)
		hf_doc_wrong(&l->d, 0, "values make a share, a mean or a quantile");
	if (m->of == HF_POP_OF_PERSONS && !m->often.at_least)
		hf_doc_wrong(&l->d, 0, "persons are counted by \"often\"");
	if (m->of <= HF_POP_OF_EVENTS && m->base.settings == 0)
		hf_doc_wrong(&l->d, 0, "the \"base\" names settings");
}

static void
load_measure(struct load *l)
{
	struct hf_pop_measure *m = l->m;
	uint32_t base;

	hf_doc_only(&l->d, 0,
		    "id version title question unit source owner review counted "
		    "outOf group kind of quantity per quantile direction chart target "
		    "places capacity standardise recurring indirect change date base "
		    "numerator exclusions price value confidential");
	m->id = hf_doc_id(&l->d, 0, "id", true);
	m->version = hf_doc_id(&l->d, 0, "version", true);
	m->title = hf_doc_text(&l->d, 0, "title", true);
	m->question = hf_doc_text(&l->d, 0, "question", true);
	m->unit = hf_doc_text(&l->d, 0, "unit", true);
	m->source = hf_doc_text(&l->d, 0, "source", true);
	m->owner = hf_doc_text(&l->d, 0, "owner", true);
	m->review = hf_doc_text(&l->d, 0, "review", true);
	m->counted = hf_doc_text(&l->d, 0, "counted", true);
	m->out_of = hf_doc_text(&l->d, 0, "outOf", true);
	m->group = hf_doc_text(&l->d, 0, "group", true);
	m->scale = (enum hf_pop_scale)load_word(
	    l, 0, "kind", "rate share mean quantile count census", HF_POP_RATE);
	m->of = (enum hf_pop_of)load_word(l, 0, "of", "events deaths values persons",
					  HF_POP_OF_EVENTS);
	m->quantity = (enum hf_pop_quantity)load_word(
	    l, 0, "quantity", "events bed-days nights wait value", HF_POP_Q_EVENTS);
	m->direction = (enum hf_ms_direction)load_word(
	    l, 0, "direction", "neutral higher lower", HF_MS_NEUTRAL);
	m->chart =
	    (enum hf_ms_chart)load_word(l, 0, "chart", "xmr p u g t p' u'", HF_MS_XMR);
	m->per =
	    load_number(l, 0, "per",
			m->scale == HF_POP_SHARE			       ? 100
			: m->scale == HF_POP_RATE || m->scale == HF_POP_CENSUS ? 1000
									       : 1);
	m->quantile = load_number(l, 0, "quantile", 0.5);
	m->target = load_number(l, 0, "target", NAN);
	m->places = load_number(l, 0, "places", NAN);
	m->capacity = hf_doc_id(&l->d, 0, "capacity", false);
	m->standardise = hf_doc_bool(&l->d, 0, "standardise", false);
	m->recurring = hf_doc_bool(&l->d, 0, "recurring", true);
	m->indirect = hf_doc_bool(&l->d, 0, "indirect", false);
	m->change = (uint16_t)hf_doc_int(&l->d, 0, "change", 1, 1000, 0);
	m->by_end = load_word(l, 0, "date", "start end", 0) == 1;
	m->confidential = hf_doc_bool(&l->d, 0, "confidential", false);
	m->value = hf_doc_text(&l->d, 0, "value", false);
	base = hf_doc_member(&l->d, 0, "base", HF_JSON_OBJECT, true);
	if (base != HF_JSON_NONE)
		hf_pop_select_load(&l->d, base, "",
				   m->scale == HF_POP_RATE || m->scale == HF_POP_CENSUS,
				   l->f, &m->base);
	load_numerator(l);
	if (m->of == HF_POP_OF_PERSONS)
		m->scale = HF_POP_SHARE;
	load_exclusions(l);
	load_price(l);
	check(l);
}

bool
hf_pop_measure_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		    struct hf_issues *issues, const struct hf_pop_framework *f,
		    struct hf_pop_measure *out)
{
	struct load l = {.f = f, .m = out};
	size_t before = issues->errors;
	uint8_t hash[crypto_hash_sha256_BYTES];

	memset(out, 0, sizeof *out);
	if (!hf_doc_open(&l.d, name, text, arena, issues))
		return false;
	load_measure(&l);
	crypto_hash_sha256(hash, (const unsigned char *)text.p, text.n);
	sodium_bin2hex(out->hash, sizeof out->hash, hash, (sizeof out->hash - 1) / 2);
	return !l.d.full && issues->errors == before;
}

int
hf_pop_framework_find(const struct hf_pop_framework *f, struct hf_sv id)
{
	for (size_t i = 0; i < f->n; i++)
		if (hf_sv_eq(hf_sv_from(f->measures[i].id), id))
			return (int)i;
	return -1;
}

/* A measure is as new as the codes it counts by: their text goes into its hash. */
static void
hash_codes(struct hf_pop_measure *m, struct hf_sv text,
	   const struct hf_definition_text *codes, size_t n)
{
	crypto_hash_sha256_state state;
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)text.p, text.n);
	for (size_t i = 0; i < n; i++)
		crypto_hash_sha256_update(
		    &state, (const unsigned char *)codes[i].text.p, codes[i].text.n);
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(m->hash, sizeof m->hash, hash, (sizeof m->hash - 1) / 2);
}

static uint32_t
docs_of(const struct hf_pop_select *s)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < s->n_codes; i++)
		bits |= UINT32_C(1) << s->codes[i].doc;
	return bits;
}

static uint32_t
docs_of_measure(const struct hf_pop_measure *m)
{
	uint32_t bits = docs_of(&m->base) | docs_of(&m->numerator) |
			docs_of(&m->link.event) | docs_of(&m->often.event);

	for (size_t i = 0; i < m->n_exclusions; i++)
		bits |= docs_of(&m->exclusions[i].event);
	return bits;
}

enum hf_rc
hf_pop_framework_load(const struct hf_definition_text *measures, size_t n,
		      const struct hf_definition_text *codes, size_t n_codes,
		      struct hf_arena *arena, struct hf_issues *issues,
		      struct hf_pop_framework *out, struct hf_err *err)
{
	struct hf_pop_framework *f = HF_NEW(arena, struct hf_pop_framework);
	size_t before = issues->errors;

	if (n > HF_POP_MEASURES || n_codes > HF_POP_CODE_DOCS)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "at most %d measures and %d documents of codes",
			       HF_POP_MEASURES, HF_POP_CODE_DOCS);
	if (f)
		f->measures = hf_arena_array(arena, n ? n : 1, sizeof *f->measures);
	if (!f || !f->measures)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	for (size_t i = 0; i < n_codes; i++)
		if (hf_pop_codesets_load(codes[i].name, codes[i].text, arena, issues,
					 &f->docs[i], err) == HF_OK)
			f->n_docs = i + 1;
		else
			break;
	for (size_t i = 0; i < n && f->n_docs == n_codes; i++) {
		struct hf_pop_measure *m = &f->measures[i];
		struct hf_definition_text of[HF_POP_CODE_DOCS];
		size_t n_of = 0;

		hf_pop_measure_load(measures[i].name, measures[i].text, arena, issues,
				    f, m);
		if (m->id && hf_pop_framework_find(f, hf_sv_from(m->id)) >= 0)
			hf_issue_add(issues, HF_SEV_ERROR, "duplicate",
				     hf_sv_from(measures[i].name),
				     "another document has the id \"%s\"", m->id);
		for (size_t k = 0; k < n_codes; k++)
			if (docs_of_measure(m) >> k & 1)
				of[n_of++] = codes[k];
		hash_codes(m, measures[i].text, of, n_of);
		f->n = i + 1;
	}
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, NULL, "the framework has %zu mistakes",
			       issues->errors - before);
	*out = *f;
	return HF_OK;
}

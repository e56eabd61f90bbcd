/* score_load.c - a document of definitions/scores read into a score. */
#include "pathway/score.h"

enum { BANDS_MOST = 40, CODES_MOST = 40, LEVELS_MOST = 12, RAISES_MOST = 16 };

struct load {
	struct hf_doc d;
	struct hf_score *s;
};

static void
load_codes(struct load *l, uint32_t object, struct hf_score_code **out, size_t *n)
{
	uint32_t list = hf_doc_member(&l->d, object, "codes", HF_JSON_ARRAY, true);
	size_t count = hf_json_count(&l->d.json, list);

	*n = 0;
	if (list == HF_JSON_NONE)
		return;
	if (count == 0 || count > CODES_MOST) {
		hf_doc_wrong(&l->d, list, "1 to %d codes are needed here", CODES_MOST);
		return;
	}
	*out = hf_doc_room(&l->d, count, sizeof **out);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_score_code *code = *out ? &(*out)[*n] : NULL;

		if (!code)
			return;
		hf_doc_only(&l->d, c, "code title points snomed");
		code->code = hf_doc_id(&l->d, c, "code", true);
		code->title = hf_doc_text(&l->d, c, "title", false);
		code->snomed = hf_doc_text(&l->d, c, "snomed", false);
		code->points = (int)hf_doc_int(&l->d, c, "points", 0, 1000, 0);
		for (size_t i = 0; i < *n; i++)
			if (strcmp((*out)[i].code, code->code) == 0)
				hf_doc_wrong(&l->d, c, "the code \"%s\" stands twice",
					     code->code);
		++*n;
	}
}

static int
find_item(const struct hf_score *s, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->items[i].id, id) == 0)
			return (int)i;
	return -1;
}

static int
code_index(const struct hf_score_code *codes, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(codes[i].code, code) == 0)
			return (int)i;
	return -1;
}

/* "when": {"scale": "2", "oxygen": "air"}: a choice, or an item that stands before. */
static void
load_when(struct load *l, uint32_t table, size_t n_items, struct hf_score_table *t)
{
	uint32_t when = hf_doc_member(&l->d, table, "when", HF_JSON_OBJECT, false);

	HF_DOC_EACH(&l->d, c, when)
	{
		const char *id = hf_arena_cstr(l->d.arena, hf_json_key(&l->d.json, c));
		struct hf_sv text = hf_json_str(&l->d.json, c, l->d.arena);
		const char *value = text.p ? hf_arena_cstr(l->d.arena, text) : NULL;
		int item, code = -1;

		if (!id || !value || t->n_when == HF_SCORE_CHOICES) {
			hf_doc_wrong(&l->d, c,
				     "a code is needed here, and at most %d "
				     "conditions",
				     HF_SCORE_CHOICES);
			continue;
		}
		item = find_item(l->s, n_items, id);
		if (item >= 0)
			code = code_index(l->s->items[item].codes,
					  l->s->items[item].n_codes, value);
		for (size_t k = 0; item < 0 && k < l->s->n_choices; k++) {
			if (strcmp(l->s->choices[k].id, id) != 0)
				continue;
			code = code_index(l->s->choices[k].codes,
					  l->s->choices[k].n_codes, value);
			if (code >= 0)
				item = -1 - (int)k;
			break;
		}
		if (code < 0) {
			hf_doc_wrong(&l->d, c,
				     "there is no choice and no item before this one "
				     "called \"%s\" with the code \"%s\"",
				     id, value);
			continue;
		}
		t->when[t->n_when].item = item;
		t->when[t->n_when++].code = code;
	}
}

static void
load_bands(struct load *l, uint32_t table, struct hf_score_table *t)
{
	uint32_t list = hf_doc_member(&l->d, table, "bands", HF_JSON_ARRAY, true);
	size_t count = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (count == 0 || count > BANDS_MOST) {
		hf_doc_wrong(&l->d, list, "1 to %d bands are needed here", BANDS_MOST);
		return;
	}
	t->bands = hf_doc_room(&l->d, count, sizeof *t->bands);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_score_band *b;

		if (!t->bands)
			return;
		b = &t->bands[t->n_bands++];
		hf_doc_only(&l->d, c, "upTo points");
		b->last = !hf_doc_decimal(&l->d, c, "upTo", &b->upto);
		b->points = (int)hf_doc_int(&l->d, c, "points", 0, 1000, 0);
		if (b->last != (t->n_bands == count))
			hf_doc_wrong(&l->d, c, "each band but the last says \"upTo\"");
		if (t->n_bands > 1 && !b->last && !b[-1].last &&
		    hf_decimal_cmp(b->upto, b[-1].upto) <= 0)
			hf_doc_wrong(&l->d, c, "the bands are not in order");
	}
}

static void
load_number(struct load *l, uint32_t node, size_t n_items, struct hf_score_item *item)
{
	uint32_t tables = hf_doc_member(&l->d, node, "tables", HF_JSON_ARRAY, false);
	size_t count = tables == HF_JSON_NONE ? 1 : hf_json_count(&l->d.json, tables);

	item->unit = hf_doc_text(&l->d, node, "unit", false);
	item->whole = hf_doc_bool(&l->d, node, "whole", true);
	item->round = (int)hf_doc_int(&l->d, node, "round", 0, 6, -1);
	item->as_is = hf_doc_bool(&l->d, node, "asIs", false);
	item->has_min = hf_doc_decimal(&l->d, node, "min", &item->min);
	item->has_max = hf_doc_decimal(&l->d, node, "max", &item->max);
	item->has_low = hf_doc_decimal(&l->d, node, "low", &item->low);
	item->has_high = hf_doc_decimal(&l->d, node, "high", &item->high);
	if (count == 0 || count > BANDS_MOST) {
		hf_doc_wrong(&l->d, node, "1 to %d tables are needed here", BANDS_MOST);
		return;
	}
	if (item->as_is &&
	    (!item->whole || !item->has_min || item->min.m < 0 || !item->has_max ||
	     item->max.scale < 0 || item->max.m > 100000))
		hf_doc_wrong(&l->d, node,
			     "points as they are need whole numbers from "
			     "\"min\" 0 or more to \"max\"");
	if (!l->s->scored || item->as_is)
		return;
	item->tables = hf_doc_room(&l->d, count, sizeof *item->tables);
	if (!item->tables)
		return;
	if (tables == HF_JSON_NONE) {
		load_bands(l, node, &item->tables[item->n_tables++]);
		return;
	}
	HF_DOC_EACH(&l->d, c, tables)
	{
		struct hf_score_table *t = &item->tables[item->n_tables++];

		hf_doc_only(&l->d, c, "when bands");
		load_when(l, c, n_items, t);
		load_bands(l, c, t);
	}
}

static void
load_items(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "items", HF_JSON_ARRAY, true);
	size_t count = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (count == 0 || count > HF_SCORE_ITEMS) {
		hf_doc_wrong(&l->d, list, "1 to %d items are needed", HF_SCORE_ITEMS);
		return;
	}
	l->s->items = hf_doc_room(&l->d, count, sizeof *l->s->items);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_score_item *item;
		size_t before = l->s->n_items;

		if (!l->s->items)
			return;
		item = &l->s->items[l->s->n_items++];
		item->round = -1;
		hf_doc_only(&l->d, c,
			    "id title unit whole asIs round min max low high "
			    "bands tables codes snomed");
		item->id = hf_doc_id(&l->d, c, "id", true);
		item->title = hf_doc_text(&l->d, c, "title", true);
		item->unit = "";
		item->snomed = hf_doc_ids(&l->d, c, "snomed", false, &item->n_snomed);
		if (find_item(l->s, before, item->id) >= 0)
			hf_doc_wrong(&l->d, c, "the item \"%s\" stands twice",
				     item->id);
		if (hf_json_member(&l->d.json, c, "codes") != HF_JSON_NONE) {
			item->kind = HF_SCORE_CODE;
			load_codes(l, c, &item->codes, &item->n_codes);
		} else {
			load_number(l, c, before, item);
		}
	}
}

static void
load_choices(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "choices", HF_JSON_ARRAY, false);
	size_t count = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (count > HF_SCORE_CHOICES) {
		hf_doc_wrong(&l->d, list, "at most %d choices", HF_SCORE_CHOICES);
		return;
	}
	l->s->choices = hf_doc_room(&l->d, count, sizeof *l->s->choices);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_score_choice *choice;
		const char *otherwise;

		if (!l->s->choices)
			return;
		choice = &l->s->choices[l->s->n_choices++];
		hf_doc_only(&l->d, c, "id title codes default");
		choice->id = hf_doc_id(&l->d, c, "id", true);
		choice->title = hf_doc_text(&l->d, c, "title", true);
		load_codes(l, c, &choice->codes, &choice->n_codes);
		otherwise = hf_doc_text(&l->d, c, "default", false);
		choice->otherwise =
		    code_index(choice->codes, choice->n_codes, otherwise);
		if (*otherwise && choice->otherwise < 0)
			hf_doc_wrong(&l->d, c,
				     "the default \"%s\" is none of the codes",
				     otherwise);
	}
}

static int
find_level(const struct hf_score *s, const char *id)
{
	for (size_t i = 0; i < s->n_levels; i++)
		if (strcmp(s->levels[i].id, id) == 0)
			return (int)i;
	return -1;
}

static void
load_levels(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "levels", HF_JSON_ARRAY, false);
	size_t count = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (count > LEVELS_MOST) {
		hf_doc_wrong(&l->d, list, "at most %d levels", LEVELS_MOST);
		return;
	}
	l->s->levels = hf_doc_room(&l->d, count, sizeof *l->s->levels);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_score_level *level;

		if (!l->s->levels)
			return;
		level = &l->s->levels[l->s->n_levels++];
		hf_doc_only(&l->d, c, "id title from to action");
		level->id = hf_doc_id(&l->d, c, "id", true);
		level->title = hf_doc_text(&l->d, c, "title", true);
		level->action = hf_doc_text(&l->d, c, "action", false);
		level->from = (int)hf_doc_int(&l->d, c, "from", 0, 100000, INT32_MAX);
		level->to = (int)hf_doc_int(&l->d, c, "to", 0, 100000, -1);
		/* One without bounds is reached by what a single item raises. */
		if (level->from != INT32_MAX && level->to < level->from)
			hf_doc_wrong(&l->d, c, "\"to\" is below \"from\"");
	}
}

static void
load_raises(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "raises", HF_JSON_ARRAY, false);
	size_t count = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (count > RAISES_MOST) {
		hf_doc_wrong(&l->d, list, "at most %d entries", RAISES_MOST);
		return;
	}
	l->s->raises = hf_doc_room(&l->d, count, sizeof *l->s->raises);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_score_raise *r;
		const char *item, *level;

		if (!l->s->raises)
			return;
		r = &l->s->raises[l->s->n_raises++];
		hf_doc_only(&l->d, c, "item points level task role title");
		item = hf_doc_id(&l->d, c, "item", true);
		level = hf_doc_text(&l->d, c, "level", false);
		r->task = hf_doc_text(&l->d, c, "task", false);
		r->role = hf_doc_text(&l->d, c, "role", *r->task);
		r->title = hf_doc_text(&l->d, c, "title", *r->task);
		r->points = (int)hf_doc_int(&l->d, c, "points", 1, 1000, 1);
		r->item =
		    strcmp(item, "*") == 0 ? -1 : find_item(l->s, l->s->n_items, item);
		r->level = find_level(l->s, level);
		if (r->item < 0 && strcmp(item, "*") != 0)
			hf_doc_wrong(&l->d, c, "there is no item \"%s\"", item);
		if (*level && r->level < 0)
			hf_doc_wrong(&l->d, c, "there is no level \"%s\"", level);
		if (!*level && !*r->task)
			hf_doc_wrong(&l->d, c, "it raises neither a level nor a task");
	}
}

/* The least and the most points that an item can give. */
static void
range_of(const struct hf_score_item *item, int *least, int *most)
{
	int64_t v;

	*least = INT32_MAX;
	*most = 0;
	if (item->as_is && hf_decimal_int(item->min, &v))
		*least = (int)v;
	if (item->as_is && hf_decimal_int(item->max, &v))
		*most = (int)v;
	for (size_t i = 0; i < item->n_codes; i++) {
		if (item->codes[i].points < *least)
			*least = item->codes[i].points;
		if (item->codes[i].points > *most)
			*most = item->codes[i].points;
	}
	for (size_t t = 0; t < item->n_tables; t++)
		for (size_t b = 0; b < item->tables[t].n_bands; b++) {
			int p = item->tables[t].bands[b].points;

			if (p < *least)
				*least = p;
			if (p > *most)
				*most = p;
		}
	if (*least == INT32_MAX)
		*least = 0;
}

/* Every total that can come out has exactly one level, where there are levels. */
static void
check_levels(struct load *l)
{
	struct hf_score *s = l->s;

	for (size_t i = 0; i < s->n_items; i++) {
		int least, most;

		range_of(&s->items[i], &least, &most);
		s->total_min += least;
		s->total_max += most;
	}
	if (!s->scored || s->n_levels == 0)
		return;
	for (int total = s->total_min; total <= s->total_max; total++) {
		size_t n = 0;

		for (size_t i = 0; i < s->n_levels; i++)
			n += total >= s->levels[i].from && total <= s->levels[i].to;
		if (n != 1) {
			hf_doc_wrong(&l->d, 0,
				     "the total %d has %zu levels instead of "
				     "one",
				     total, n);
			return;
		}
	}
}

enum hf_rc
hf_score_load(const char *name, struct hf_sv text, struct hf_arena *arena,
	      struct hf_issues *issues, struct hf_score *out, struct hf_err *err)
{
	struct hf_score s = {0};
	struct load l = {.s = &s};
	enum hf_rc rc;

	if (hf_doc_open(&l.d, name, text, arena, issues)) {
		hf_doc_only(&l.d, 0,
			    "id version title source licence snomed ageMin ageMax "
			    "scored choices items levels raises");
		s.id = hf_doc_id(&l.d, 0, "id", true);
		s.version = hf_doc_id(&l.d, 0, "version", true);
		s.title = hf_doc_text(&l.d, 0, "title", true);
		s.source = hf_doc_text(&l.d, 0, "source", true);
		s.snomed = hf_doc_text(&l.d, 0, "snomed", false);
		s.licence = hf_doc_text(&l.d, 0, "licence", false);
		s.age_min = (int)hf_doc_int(&l.d, 0, "ageMin", 0, 150, 0);
		s.age_max = (int)hf_doc_int(&l.d, 0, "ageMax", 0, 150, 150);
		s.scored = hf_doc_bool(&l.d, 0, "scored", true);
		load_choices(&l);
		load_items(&l);
		load_levels(&l);
		load_raises(&l);
		check_levels(&l);
	}
	rc = hf_doc_close(&l.d, err);
	if (rc == HF_OK)
		*out = s;
	return rc;
}

/* map_load.c - a document of definitions/maps read into a map. */
#include "population/map.h"

#include <stdlib.h>

#include "base/buf.h"
#include "population/map_int.h"

struct load {
	struct hf_doc d;
	struct hf_map *m;
	uint64_t seen; /* fields that have a column */
};

/* The texts of a list or of one text, folded to lower case, sorted. */
static struct hf_sv *
load_words(struct load *l, uint32_t object, const char *name, size_t most,
	   size_t *n_out)
{
	uint32_t list = hf_json_get(&l->d.json, object, hf_sv_from(name));
	uint32_t many = list == HF_JSON_NONE ? 0 : hf_json_count(&l->d.json, list);
	struct hf_sv *words;

	*n_out = 0;
	if (list == HF_JSON_NONE)
		return NULL;
	if (hf_json_type(&l->d.json, list) != HF_JSON_ARRAY || many > most) {
		hf_doc_wrong(&l->d, list,
			     "\"%s\" has to be a list of at most %zu texts", name,
			     most);
		return NULL;
	}
	words = hf_doc_room(&l->d, many, sizeof *words);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_sv s = hf_json_str(&l->d.json, c, l->d.arena);

		if (hf_json_type(&l->d.json, c) != HF_JSON_STRING)
			hf_doc_wrong(&l->d, c, "a text is needed here");
		else if (words)
			words[(*n_out)++] = hf_map_lower(l->d.arena, s);
	}
	if (words)
		qsort(words, *n_out, sizeof *words, hf_map_by_text);
	return words;
}

static void
load_names(struct load *l, uint32_t node, struct hf_map_column *col)
{
	uint32_t list = hf_json_member(&l->d.json, node, "header");
	uint32_t many = list == HF_JSON_NONE ? 0 : hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (hf_json_type(&l->d.json, list) != HF_JSON_ARRAY || many == 0 ||
	    many > HF_MAP_NAMES) {
		hf_doc_wrong(&l->d, list, "\"header\" is a list of 1 to %d names",
			     HF_MAP_NAMES);
		return;
	}
	col->names = hf_doc_room(&l->d, many, sizeof *col->names);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_sv s = hf_json_str(&l->d.json, c, l->d.arena);
		char name[128];
		size_t n = s.p ? hf_map_fold(s, name, sizeof name) : 0;

		if (n == 0) {
			hf_doc_wrong(&l->d, c, "a name of a column is needed here");
			continue;
		}
		if (!col->names)
			return;
		col->names[col->n_names++] =
		    hf_arena_sv(l->d.arena, (struct hf_sv){name, n});
		if (memchr(name, '#', n) && col->field != HF_F_DX_MORE)
			hf_doc_wrong(&l->d, c,
				     "'#' stands for many columns: only dx_more has "
				     "many");
	}
}

/* What a code leads to: a word of the field's set, a number, a code. */
static bool
code_value(struct load *l, const struct hf_map_column *col, struct hf_map_code *code)
{
	int64_t v;

	if (code->text.n == 0) {
		code->value = -1;
		return true;
	}
	switch (hf_map_field_type(col->field)) {
	case HF_MAP_WORD:
		code->value = hf_map_word((enum hf_map_set)hf_map_field_of(col->field),
					  code->text);
		return code->value >= 0;
	case HF_MAP_COUNT:
		if (!hf_sv_int(code->text, &v) || v < 0 ||
		    v > hf_map_field_of(col->field))
			return false;
		code->value = (int32_t)v;
		return true;
	case HF_MAP_CODE:
		code->text = hf_arena_sv(l->d.arena, code->text);
		return true;
	default:
		return false;
	}
}

static int
by_from(const void *a, const void *b)
{
	return hf_sv_cmp(((const struct hf_map_code *)a)->from,
			 ((const struct hf_map_code *)b)->from);
}

static void
load_codes(struct load *l, uint32_t node, struct hf_map_column *col)
{
	uint32_t list = hf_doc_member(&l->d, node, "codes", HF_JSON_OBJECT, false);
	uint32_t many = list == HF_JSON_NONE ? 0 : hf_json_count(&l->d.json, list);

	if (many > HF_MAP_CODES) {
		hf_doc_wrong(&l->d, list, "at most %d codes", HF_MAP_CODES);
		return;
	}
	if (many == 0)
		return;
	col->codes = hf_doc_room(&l->d, many, sizeof *col->codes);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_map_code code = {0};

		code.from = hf_map_lower(l->d.arena, hf_json_key(&l->d.json, c));
		code.text = hf_json_str(&l->d.json, c, l->d.arena);
		if (!code.text.p || !code_value(l, col, &code)) {
			hf_doc_wrong(&l->d, c,
				     "\"%s\" has no such value (\"\" means not known)",
				     hf_map_field_name(col->field));
			continue;
		}
		if (col->codes)
			col->codes[col->n_codes++] = code;
	}
	if (!col->codes)
		return;
	qsort(col->codes, col->n_codes, sizeof *col->codes, by_from);
	for (size_t i = 1; i < col->n_codes; i++)
		if (hf_sv_eq(col->codes[i].from, col->codes[i - 1].from))
			hf_doc_wrong(&l->d, list,
				     "two codes differ in case alone: \"%.*s\"",
				     HF_SV_ARG(col->codes[i].from));
}

static int
find_field(const char *name)
{
	for (int i = 0; i < HF_FIELDS; i++)
		if (strcmp(hf_map_field_name((enum hf_map_field)i), name) == 0)
			return i;
	return -1;
}

static void
load_column(struct load *l, uint32_t node)
{
	struct hf_map_column *col = &l->m->columns[l->m->n_columns];
	const char *name = hf_doc_id(&l->d, node, "field", true);
	int field = find_field(name);
	uint64_t bit;

	hf_doc_only(&l->d, node,
		    "field header position required item threshold codes defaults");
	if (field < 0) {
		hf_doc_wrong(&l->d, node, "there is no field \"%s\"", name);
		return;
	}
	bit = (uint64_t)1 << field;
	if ((l->seen & bit) && field != HF_F_DX_MORE) {
		hf_doc_wrong(&l->d, node, "the field \"%s\" has two columns", name);
		return;
	}
	l->seen |= bit;
	*col = (struct hf_map_column){.field = (enum hf_map_field)field};
	col->position =
	    (unsigned)hf_doc_int(&l->d, node, "position", 1, HF_CSV_FIELDS, 0);
	col->required = hf_doc_bool(&l->d, node, "required", false);
	col->item = hf_doc_bool(&l->d, node, "item", col->required);
	col->threshold = (uint16_t)hf_doc_int(&l->d, node, "threshold", 0, 1000, 0);
	load_names(l, node, col);
	load_codes(l, node, col);
	col->defaults = load_words(l, node, "defaults", HF_MAP_WORDS, &col->n_defaults);
	if ((col->n_names == 0) == (col->position == 0))
		hf_doc_wrong(&l->d, node,
			     "a column has either \"header\" or \"position\"");
	if (col->position == 0 && l->m->headless)
		hf_doc_wrong(&l->d, node,
			     "a file without a header has columns by \"position\"");
	l->m->n_columns++;
}

static void
load_columns(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "columns", HF_JSON_ARRAY, true);
	uint32_t many = list == HF_JSON_NONE ? 0 : hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (many == 0 || many > HF_MAP_COLUMNS) {
		hf_doc_wrong(&l->d, list, "1 to %d columns are needed", HF_MAP_COLUMNS);
		return;
	}
	l->m->columns = hf_doc_room(&l->d, many, sizeof *l->m->columns);
	if (!l->m->columns)
		return;
	HF_DOC_EACH(&l->d, c, list)
	{
		if (hf_json_type(&l->d.json, c) != HF_JSON_OBJECT)
			hf_doc_wrong(&l->d, c, "a column is an object");
		else
			load_column(l, c);
	}
}

static void
load_formats(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "dates", HF_JSON_ARRAY, true);
	uint32_t many = list == HF_JSON_NONE ? 0 : hf_json_count(&l->d.json, list);
	bool day_first = false, month_first = false;

	if (list == HF_JSON_NONE)
		return;
	if (many == 0 || many > HF_MAP_WORDS) {
		hf_doc_wrong(&l->d, list, "1 to %d formats are needed", HF_MAP_WORDS);
		return;
	}
	l->m->formats = hf_doc_room(&l->d, many, sizeof *l->m->formats);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_sv s = hf_json_str(&l->d.json, c, l->d.arena);
		struct hf_map_format f = {0};

		if (!s.p || !hf_map_format_ok(s)) {
			hf_doc_wrong(&l->d, c,
				     "a format is made of YYYY, MM or MMM, DD and "
				     "what stands between them");
			continue;
		}
		memcpy(f.text, s.p, s.n);
		day_first |= strncmp(f.text, "DD/MM", 5) == 0;
		month_first |= strncmp(f.text, "MM/DD", 5) == 0;
		if (day_first && month_first)
			hf_doc_wrong(&l->d, c,
				     "DD/MM and MM/DD read one date differently: "
				     "keep one");
		if (l->m->formats)
			l->m->formats[l->m->n_formats++] = f;
	}
}

/* What each kind cannot do without. */
static const struct {
	const char *name;
	enum hf_map_field needs[4]; /* ended by HF_FIELDS */
} kinds[HF_FEED_KINDS] = {
    [HF_FEED_REGISTER] = {"register", {HF_F_PERSON, HF_FIELDS}},
    [HF_FEED_SPELLS] = {"spells", {HF_F_PERSON, HF_F_START, HF_F_METHOD, HF_FIELDS}},
    [HF_FEED_AE] = {"ae", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_OUTPATIENTS] = {"outpatients", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_COMMUNITY] = {"community", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_UCR] = {"ucr", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_MENTAL_HEALTH] = {"mental-health", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_SOCIAL_CARE] = {"social-care", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_GP] = {"gp", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_PRESCRIBING] = {"prescribing",
			     {HF_F_PERSON, HF_F_START, HF_F_PROC, HF_FIELDS}},
    [HF_FEED_DIAGNOSTICS] = {"diagnostics", {HF_F_PERSON, HF_F_REQUEST, HF_FIELDS}},
    [HF_FEED_VIRTUAL_WARD] = {"virtual-ward", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_AMBULANCE] = {"ambulance", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_111] = {"111", {HF_F_PERSON, HF_F_START, HF_FIELDS}},
    [HF_FEED_CONDITIONS] = {"conditions", {HF_F_PERSON, HF_F_CONDITION, HF_FIELDS}},
    [HF_FEED_VALUES] = {"values", {HF_F_PERSON, HF_F_VALUE, HF_F_NUMBER, HF_F_START}},
    [HF_FEED_COMMENTS] = {"comments", {HF_F_COMMENT, HF_F_START, HF_FIELDS}},
};

const char *
hf_feed_kind_name(enum hf_feed_kind kind)
{
	return kinds[kind].name;
}

enum hf_feed_kind
hf_feed_kind_find(struct hf_sv name)
{
	int i = 0;

	while (i < HF_FEED_KINDS && !hf_sv_eq(name, hf_sv_from(kinds[i].name)))
		i++;
	return (enum hf_feed_kind)i;
}

static void
check_needs(struct load *l)
{
	const enum hf_map_field *needs = kinds[l->m->kind].needs;

	for (size_t i = 0; i < 4 && needs[i] != HF_FIELDS; i++)
		if (!(l->seen & (uint64_t)1 << needs[i]))
			hf_doc_wrong(&l->d, 0, "a map of %s needs the field \"%s\"",
				     kinds[l->m->kind].name,
				     hf_map_field_name(needs[i]));
}

static void
load_shape(struct load *l)
{
	struct hf_map *m = l->m;
	const char *sep = hf_doc_text(&l->d, 0, "separator", false);
	const char *encoding = hf_doc_text(&l->d, 0, "encoding", false);
	const char *person = hf_doc_text(&l->d, 0, "identifier", false);
	const char *rows = hf_doc_text(&l->d, 0, "rows", false);

	m->kind = hf_feed_kind_find(hf_sv_from(hf_doc_id(&l->d, 0, "kind", true)));
	if (m->kind == HF_FEED_KINDS)
		hf_doc_wrong(&l->d, 0, "there is no such \"kind\" of feed");
	if (strlen(sep) > 1 || (*sep && !strchr(",;|\t", *sep)))
		hf_doc_wrong(&l->d, 0, "\"separator\" is one of , ; | and tab");
	m->separator = *sep;
	m->windows1252 = strcmp(encoding, "windows-1252") == 0;
	if (*encoding && !m->windows1252 && strcmp(encoding, "utf-8") != 0)
		hf_doc_wrong(&l->d, 0, "\"encoding\" is utf-8 or windows-1252");
	m->local = strcmp(person, "local") == 0;
	if (*person && !m->local && strcmp(person, "nhs-number") != 0)
		hf_doc_wrong(&l->d, 0, "\"identifier\" is nhs-number or local");
	m->episodes = strcmp(rows, "episodes") == 0;
	if (*rows && !m->episodes && strcmp(rows, "spells") != 0)
		hf_doc_wrong(&l->d, 0, "\"rows\" are spells or episodes");
	m->headless = !hf_doc_bool(&l->d, 0, "header", true);
	m->link_unverified = hf_doc_bool(&l->d, 0, "linkUnverified", false);
	m->cls = (uint8_t)hf_doc_int(&l->d, 0, "cls", 0, 99, 0);
	m->provider = hf_sv_from(hf_doc_text(&l->d, 0, "provider", false));
	m->missing = load_words(l, 0, "missing", HF_MAP_WORDS, &m->n_missing);
	m->suppressed = load_words(l, 0, "suppressed", HF_MAP_WORDS, &m->n_suppressed);
}

enum hf_rc
hf_map_load(const char *name, struct hf_sv text, struct hf_arena *arena,
	    struct hf_issues *issues, struct hf_map *out, struct hf_err *err)
{
	struct hf_map m = {0};
	struct load l = {.m = &m};
	enum hf_rc rc;

	if (hf_doc_open(&l.d, name, text, arena, issues)) {
		hf_doc_only(&l.d, 0,
			    "id version title source kind header separator encoding "
			    "identifier linkUnverified rows cls provider dates missing "
			    "suppressed columns");
		m.id = hf_doc_id(&l.d, 0, "id", true);
		m.version = hf_doc_id(&l.d, 0, "version", true);
		m.title = hf_doc_text(&l.d, 0, "title", true);
		m.source = hf_doc_text(&l.d, 0, "source", true);
		load_shape(&l);
		load_formats(&l);
		load_columns(&l);
		if (m.kind != HF_FEED_KINDS)
			check_needs(&l);
	}
	rc = hf_doc_close(&l.d, err);
	if (rc == HF_OK)
		*out = m;
	return rc;
}

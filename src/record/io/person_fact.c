/* person_fact.c - one resource as one line: what it says, when, from whom.
 *
 * What each resource type shows is a table, person_type.def; only values and states
 * need code. */
#include "record/io/person_int.h"

static const struct hf_sv nothing = {NULL, 0};

static const struct {
	const char *code, *text;
} kinds[] =
    {
#define HF_PERSON_KIND(name, code, text) [HF_KIND_OF_##name] = {code, text},
#include "record/io/person_kind.def"
#undef HF_PERSON_KIND
},
  settings[] = {
#define HF_SETTING(name, code, text) [HF_SETTING_##name] = {code, text},
#include "record/io/person_setting.def"
#undef HF_SETTING
};

static const struct type_row {
	const char *type;
	enum hf_person_kind kind;
	const char *word, *title, *detail, *date, *until, *source;
} rows[] = {
#define HF_PERSON_TYPE(type, kind, word, title, detail, date, until, source)           \
	{type, HF_KIND_OF_##kind, word, title, detail, date, until, source},
#include "record/io/person_type.def"
#undef HF_PERSON_TYPE
};

/* Types without a row of their own: what most resources call these things. */
static const struct type_row other = {
    NULL,
    HF_KIND_OF_OTHER,
    "",
    "title|name|code|type|description",
    "description",
    "date|created|authoredOn|issued|recorded|period.start|effectiveDateTime",
    "period.end",
    "author|performer|recorder|managingOrganization|source"};

const char *
hf_person_kind_code(enum hf_person_kind kind)
{
	return kinds[kind].code;
}

const char *
hf_person_kind_text(enum hf_person_kind kind)
{
	return kinds[kind].text;
}

const char *
hf_setting_code(enum hf_setting setting)
{
	return settings[setting].code;
}

const char *
hf_setting_text(enum hf_setting setting)
{
	return settings[setting].text;
}

hf_type_id
hf_person_type(const char *name)
{
	hf_type_id type = hf_resource_find(hf_sv_from(name));

	assert(type != 0);
	return type;
}

static const struct type_row *
row_of(hf_type_id type)
{
	struct hf_sv name = hf_sv_from(hf_type_get(type)->name);

	for (size_t i = 0; i < HF_COUNT(rows); i++)
		if (hf_sv_eq(name, hf_sv_from(rows[i].type)))
			return &rows[i];
	return &other;
}

enum hf_person_kind
hf_person_kind_of(hf_type_id type)
{
	return row_of(type)->kind;
}

bool
hf_person_add(struct hf_person_facts *facts, const struct hf_person_fact *fact,
	      struct hf_arena *arena)
{
	if (facts->n == facts->size) {
		size_t size = facts->size ? facts->size * 2 : 16;
		struct hf_person_fact *more =
		    hf_arena_array(arena, size, sizeof(*more));

		if (!more)
			return false;
		if (facts->n)
			memcpy(more, facts->items, facts->n * sizeof(*more));
		facts->items = more;
		facts->size = size;
	}
	facts->items[facts->n++] = *fact;
	return true;
}

struct hf_sv
hf_person_ref(const struct hf_entry *e, struct hf_sv id, struct hf_arena *arena)
{
	return hf_arena_printf(arena, "%s/%.*s", hf_type_get(e->type)->name,
			       HF_SV_ARG(id));
}

/* ---- values ---- */

static const char value_paths[] =
    "valueQuantity|valueCodeableConcept|valueString|valueInteger|valueBoolean|"
    "valueRange|valueRatio|valueDateTime|valueTime|valuePeriod|dataAbsentReason";

static bool
is_one_of(const struct hf_json *doc, uint32_t component, const char *const *codes,
	  size_t n)
{
	uint32_t code = hf_json_member(doc, component, "code");

	for (size_t i = 0; i < n; i++)
		if (hf_has_code(doc, code, hf_sv_from(codes[i])))
			return true;
	return false;
}

/* "142/88 mmHg" when two components are systolic and diastolic pressure. */
static struct hf_sv
pressure(const struct hf_json *doc, uint32_t components, struct hf_arena *arena)
{
	static const char *const high[] = {"8480-6", "72313002", "271649006"};
	static const char *const low[] = {"8462-4", "1091811000000102", "271650006"};
	struct hf_sv s = nothing, d = nothing, unit;

	for (uint32_t c = components + 1; c < doc->nodes[components].next;
	     c = doc->nodes[c].next) {
		struct hf_sv v = hf_dig_text(doc, c, "valueQuantity.value", arena);

		if (is_one_of(doc, c, high, HF_COUNT(high)))
			s = v;
		else if (is_one_of(doc, c, low, HF_COUNT(low)))
			d = v;
	}
	if (s.n == 0 || d.n == 0)
		return nothing;
	unit = hf_dig_text(doc, components, "valueQuantity.unit", arena);
	if (unit.n == 0 || hf_sv_is(unit, "mm[Hg]"))
		unit = HF_SV("mmHg");
	return hf_arena_printf(arena, "%.*s/%.*s %.*s", HF_SV_ARG(s), HF_SV_ARG(d),
			       HF_SV_ARG(unit));
}

/* "pulse 72, rhythm regular": the first components that have a value. */
static struct hf_sv
component_words(const struct hf_json *doc, uint32_t components, struct hf_arena *arena)
{
	struct hf_sv all = nothing;
	int n = 0;

	for (uint32_t c = components + 1; c < doc->nodes[components].next;
	     c = doc->nodes[c].next) {
		struct hf_sv name = hf_dig_words(doc, c, "code", arena);
		struct hf_sv value = hf_dig_words(doc, c, value_paths, arena);

		if (value.n == 0)
			continue;
		if (n++ == 4)
			return hf_arena_printf(arena, "%.*s …", HF_SV_ARG(all));
		all = hf_arena_printf(arena, "%.*s%s%.*s %.*s", HF_SV_ARG(all),
				      all.n ? "; " : "", HF_SV_ARG(name),
				      HF_SV_ARG(value));
	}
	return all;
}

struct hf_sv
hf_person_value(const struct hf_json *doc, struct hf_arena *arena)
{
	struct hf_sv value = hf_dig_words(doc, 0, value_paths, arena);
	uint32_t components = hf_json_member(doc, 0, "component");

	if (value.n || components == HF_JSON_NONE ||
	    hf_json_type(doc, components) != HF_JSON_ARRAY)
		return value;
	value = pressure(doc, components, arena);
	return value.n ? value : component_words(doc, components, arena);
}

static void
interpretation(const struct hf_json *doc, struct hf_arena *arena,
	       struct hf_person_fact *out)
{
	static const struct {
		const char *code, *flag, *text;
	} known[] = {
	    {"HH", "critical", "critically high"},
	    {"LL", "critical", "critically low"},
	    {"AA", "critical", "critically abnormal"},
	    {"H", "high", "high"},
	    {"HU", "high", "high"},
	    {"L", "low", "low"},
	    {"LU", "low", "low"},
	    {"A", "abnormal", "abnormal"},
	    {"POS", "abnormal", "positive"},
	    {"R", "abnormal", "resistant"},
	};
	struct hf_sv code = hf_dig_text(doc, 0, "interpretation.coding.code", arena);

	for (size_t i = 0; i < HF_COUNT(known); i++) {
		if (!hf_sv_eq(code, hf_sv_from(known[i].code)))
			continue;
		out->flag = hf_sv_from(known[i].flag);
		out->flag_text = hf_sv_from(known[i].text);
	}
}

/* ---- state ---- */

/* A state worth a word: what everybody expects goes without saying. */
static struct hf_sv
state_words(struct hf_sv code, struct hf_arena *arena)
{
	static const char *const usual[] = {
	    "active",	 "final",     "finished",  "current",  "completed",
	    "fulfilled", "confirmed", "available", "accepted", "amended-final"};
	struct hf_sv copy;
	char *p;

	for (size_t i = 0; i < HF_COUNT(usual); i++)
		if (hf_sv_eq(code, hf_sv_from(usual[i])))
			return nothing;
	if (hf_sv_is(code, "noshow"))
		return HF_SV("did not attend");
	if (hf_sv_is(code, "entered-in-error"))
		return HF_SV("entered in error");
	copy = hf_arena_sv(arena, code);
	p = (char *)(uintptr_t)copy.p;
	for (size_t i = 0; p && i < copy.n; i++)
		if (p[i] == '-')
			p[i] = ' ';
	return copy;
}

static struct hf_sv
state(const struct hf_json *doc, enum hf_person_kind kind, struct hf_arena *arena)
{
	struct hf_sv code = hf_dig_text(
	    doc, 0, "clinicalStatus.coding.code|lifecycleStatus|status", arena);
	struct hf_sv sure =
	    hf_dig_text(doc, 0, "verificationStatus.coding.code", arena);
	struct hf_sv words = state_words(code, arena);

	if (kind == HF_KIND_OF_MEDICINE && hf_sv_is(code, "completed"))
		words = HF_SV("completed");
	sure = state_words(sure, arena);
	if (words.n && sure.n)
		return hf_arena_printf(arena, "%.*s, %.*s", HF_SV_ARG(words),
				       HF_SV_ARG(sure));
	return words.n ? words : sure;
}

/* ---- dates ---- */

/* The date text the entry is placed by: the first that is the entry's own instant,
 * else the first that is a date at all. */
static void
date_of(const struct hf_json *doc, const struct type_row *row, struct hf_arena *arena,
	struct hf_person_fact *out)
{
	struct hf_sv rest = hf_sv_from(row->date);
	struct hf_date d;
	char text[32], path[96];

	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, '|'), at;

		if (one.n >= sizeof(path))
			continue;
		memcpy(path, one.p, one.n);
		path[one.n] = '\0';
		at = hf_dig_text(doc, 0, path, arena);
		if (!hf_date_parse(at, false, &d))
			continue;
		if (out->at.n == 0 || d.lo == out->e.lo)
			out->at = at;
		if (d.lo == out->e.lo)
			break;
	}
	out->instant = out->e.lo;
	if (out->instant == 0 && hf_date_parse(out->at, false, &d))
		out->instant = d.lo;
	if (out->at.n == 0 && out->instant != 0)
		out->at = hf_arena_sv(arena, hf_sv_from(hf_time_format(
						 out->instant, text, sizeof(text))));
	if (row->until[0])
		out->until =
		    hf_date_words(hf_dig_text(doc, 0, row->until, arena), arena);
	if (hf_sv_eq(out->until, hf_date_words(out->at, arena)))
		out->until = nothing;
}

/* ---- the whole ---- */

static const struct {
	const char *code, *title;
} known_observations[] = {
#define HF_PERSON_OBSERVATION(code, title) {code, title},
#include "record/io/person_observation.def"
#undef HF_PERSON_OBSERVATION
};

int
hf_person_rank(const struct hf_json *doc)
{
	uint32_t code = hf_json_member(doc, 0, "code");

	for (size_t i = 0; i < HF_COUNT(known_observations); i++)
		if (hf_has_code(doc, code, hf_sv_from(known_observations[i].code)))
			return (int)i;
	return (int)HF_COUNT(known_observations);
}

static const char *
class_words(struct hf_sv code)
{
	static const struct {
		const char *code, *text;
	} classes[] = {
	    {"AMB", "Clinic contact"},	    {"IMP", "Hospital stay"},
	    {"ACUTE", "Hospital stay"},	    {"NONAC", "Inpatient stay"},
	    {"EMER", "Emergency care"},	    {"HH", "Home visit"},
	    {"VR", "Phone or video"},	    {"FLD", "Care on the scene"},
	    {"OBSENC", "Observation unit"}, {"SS", "Day case"},
	    {"PRENC", "Pre-admission"},
	};

	for (size_t i = 0; i < HF_COUNT(classes); i++)
		if (hf_sv_eq(code, hf_sv_from(classes[i].code)))
			return classes[i].text;
	return NULL;
}

static struct hf_sv
title_of(struct who_cache *cache, const struct opened *o, const struct type_row *row,
	 struct hf_arena *arena)
{
	const struct hf_json *doc = &o->doc;
	struct hf_sv rest = hf_sv_from(row->title), title = nothing;
	const char *class;
	char path[96];

	while (rest.n && title.n == 0) {
		struct hf_sv one = hf_sv_cut(&rest, '|');
		uint32_t at;

		if (one.n >= sizeof(path))
			continue;
		memcpy(path, one.p, one.n);
		path[one.n] = '\0';
		if (strcmp(path, "class.display") == 0) {
			class = class_words(hf_dig_text(doc, 0, "class.code", arena));
			if (class)
				return hf_sv_from(class);
		}
		if (strcmp(path, "name") == 0)
			title = hf_words(
			    doc, hf_name_best(doc, hf_json_member(doc, 0, "name")),
			    arena);
		at = hf_dig(doc, 0, path);
		if (title.n == 0)
			title = hf_words(doc, at, arena);
		if (title.n == 0 && at != HF_JSON_NONE &&
		    hf_json_type(doc, at) == HF_JSON_OBJECT)
			title = hf_who_name(cache, doc, at);
	}
	if (title.n == 0 || hf_sv_starts(title, HF_SV("http")))
		title = hf_sv_from(hf_type_get(o->v.e.type)->name);
	return title;
}

void
hf_person_fact(struct who_cache *cache, const struct opened *o, hf_time now HF_UNUSED,
	       struct hf_arena *arena, struct hf_person_fact *out)
{
	const struct type_row *row = row_of(o->v.e.type);
	const struct hf_json *doc = &o->doc;

	*out = (struct hf_person_fact){.e = o->v.e, .id = o->v.id, .kind = row->kind};
	out->word =
	    hf_sv_from(row->word[0] ? row->word : hf_person_kind_text(row->kind));
	out->title = title_of(cache, o, row, arena);
	if (row->detail[0])
		out->detail = hf_dig_words(doc, 0, row->detail, arena);
	if (hf_sv_eq(out->detail, out->title))
		out->detail = nothing;
	out->status = state(doc, row->kind, arena);
	if (row->kind == HF_KIND_OF_OBSERVATION) {
		int rank = hf_person_rank(doc);

		if (rank < (int)HF_COUNT(known_observations))
			out->title = hf_sv_from(known_observations[rank].title);
		out->value = hf_person_value(doc, arena);
		interpretation(doc, arena, out);
	}
	date_of(doc, row, arena, out);
	hf_person_source(cache, o, row->source, out);
}

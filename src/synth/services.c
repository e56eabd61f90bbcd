/* services.c - the teams of an organisation that can be sent a referral, as entries of
 * the directory (docs/interfaces/directory.md), and the map of the localities. */
#include "synth/out.h"

#include <stdio.h>

enum spread { SPREAD_PLACE, SPREAD_AREA, SPREAD_LOCALITY, SPREAD_EACH };
enum {
	USUAL_PEOPLE = 300000, /* that the slots of the table are for */
	DAY_MS = 86400000,
	STALE_TURN = 13, /* every so many teams one that nobody has verified of late */
	OPENINGS = 4
};

static const struct row {
	enum org_kind kind;
	const char *service, *name;
	enum spread spread;
	const char *parts;
	int weekend;
	const char *urgencies, *ages, *skills, *conditions;
	int travel;
} rows[] = {
#define HF_SERVICE(kind, service, name, spread, parts, weekend, urgencies, ages,       \
		   skills, conditions, travel)                                         \
	{kind,	    service, name,   SPREAD_##spread, parts, weekend,                  \
	 urgencies, ages,    skills, conditions,      travel},
#include "synth/services.def"
#undef HF_SERVICE
};

/* One team of a row. */
struct team {
	const struct row *row;
	const struct org *org;
	uint32_t seq, n; /* n: its number among all, for what differs */
	int32_t part;	 /* area or locality; NO_ORG */
};

#define EXT "https://homefirst.example/StructureDefinition/"

/* ---- extensions ---- */

static void
ext(struct out *o, const char *name)
{
	char url[96];

	snprintf(url, sizeof url, EXT "%s", name);
	obj(o);
	member(o, "url", url);
}

static void
ext_code(struct out *o, const char *name, struct hf_sv code)
{
	ext(o, name);
	key(o, "valueCode");
	hf_put_sv(o, code);
	obj_end(o);
}

static void
ext_int(struct out *o, const char *name, int64_t v)
{
	ext(o, name);
	key(o, "valueInteger");
	hf_put_int(o, v);
	obj_end(o);
}

static void
part_member(struct out *o, const char *url, const char *value, const char *text)
{
	obj(o);
	member(o, "url", url);
	member(o, value, text);
	obj_end(o);
}

/* Calls put for each word. */
static void
each_word(struct out *o, struct hf_sv words, const char *name,
	  void (*put)(struct out *o, const char *name, struct hf_sv word))
{
	while (words.n) {
		struct hf_sv word = hf_sv_cut(&words, ' ');

		if (word.n)
			put(o, name, word);
	}
}

/* ---- hours and slots ---- */

struct opening {
	char from[9], to[9];
	int slots;
};

static size_t
openings_of(const struct row *row, struct opening list[OPENINGS])
{
	struct hf_sv rest = hf_sv_from(row->parts);
	size_t n = 0;

	while (rest.n && n < OPENINGS) {
		struct hf_sv word = hf_sv_cut(&rest, ' ');
		struct hf_sv from = hf_sv_cut(&word, '-');
		struct hf_sv to = hf_sv_cut(&word, '=');
		int64_t slots = 0;

		hf_sv_int(word, &slots);
		snprintf(list[n].from, sizeof list[n].from, "%.*s:00", HF_SV_ARG(from));
		snprintf(list[n].to, sizeof list[n].to, "%.*s:00", HF_SV_ARG(to));
		list[n++].slots = (int)slots;
	}
	return n;
}

static void
put_days(struct out *o, const struct row *row)
{
	key(o, "daysOfWeek");
	json(o, row->weekend
		    ? "[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"]"
		    : "[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]");
}

/* Openings that touch are said as one. */
static void
put_times(struct out *o, const struct row *row)
{
	struct opening list[OPENINGS];
	size_t n = openings_of(row, list);

	key(o, "availableTime");
	arr(o);
	for (size_t i = 0; i < n; i++) {
		size_t last = i;

		while (last + 1 < n && strcmp(list[last].to, list[last + 1].from) == 0)
			last++;
		obj(o);
		put_days(o, row);
		if (strcmp(list[i].from, list[last].to) == 0) {
			raw(o, "allDay", "true");
		} else {
			member(o, "availableStartTime", list[i].from);
			member(o, "availableEndTime", list[last].to);
		}
		obj_end(o);
		i = last;
	}
	arr_end(o);
}

static void
put_slots(struct out *o, const struct opening *p, const char *const *days, size_t n,
	  int64_t slots)
{
	ext(o, "capacity");
	key(o, "extension");
	arr(o);
	part_member(o, "from", "valueTime", p->from);
	part_member(o, "to", "valueTime", p->to);
	for (size_t i = 0; i < n; i++)
		part_member(o, "day", "valueCode", days[i]);
	obj(o);
	member(o, "url", "slots");
	key(o, "valueInteger");
	hf_put_int(o, slots);
	obj_end(o);
	arr_end(o);
	obj_end(o);
}

static void
put_capacity(struct out *o, const struct row *row)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};
	struct opening list[OPENINGS];
	size_t n = openings_of(row, list);
	int64_t people = o->place->config.people;

	for (size_t i = 0; i < n; i++) {
		int64_t slots = list[i].slots;

		if (people > USUAL_PEOPLE)
			slots = (slots * people + USUAL_PEOPLE / 2) / USUAL_PEOPLE;
		put_slots(o, &list[i], days, 5, slots);
		if (row->weekend)
			put_slots(o, &list[i], days + 5, 2,
				  (slots * row->weekend + 99) / 100);
	}
}

/* ---- the entry ---- */

static void
put_coded(struct out *o, const char *system, struct hf_sv code)
{
	char url[96];

	snprintf(url, sizeof url, "https://homefirst.example/CodeSystem/%s", system);
	obj(o);
	key(o, "coding");
	arr(o);
	obj(o);
	member(o, "system", url);
	key(o, "code");
	hf_put_sv(o, code);
	obj_end(o);
	arr_end(o);
	obj_end(o);
}

static void
put_condition(struct out *o, const char *system, struct hf_sv code)
{
	obj(o);
	key(o, "code");
	put_coded(o, system, code);
	obj_end(o);
}

static void
put_ages(struct out *o, const char *ages)
{
	struct hf_sv high = hf_sv_from(ages), low = hf_sv_cut(&high, '-');
	int64_t from = 0, to = 0;

	hf_sv_int(low, &from);
	hf_sv_int(high, &to);
	ext(o, "age-range");
	key(o, "valueRange");
	obj(o);
	key(o, "low");
	json_open(o, "{\"value\":");
	hf_put_int(o, from);
	obj_end(o);
	if (to < 130) {
		key(o, "high");
		json_open(o, "{\"value\":");
		hf_put_int(o, to);
		obj_end(o);
	}
	obj_end(o);
	obj_end(o);
}

static bool
takes_out(const struct row *row)
{
	return row->conditions[0] == '-';
}

static void
put_extensions(struct out *o, const struct team *t)
{
	const struct row *row = t->row;
	int64_t age = t->n % STALE_TURN == STALE_TURN - 1 ? 120 : 5 + t->n * 17 % 70;
	bool all_week = row->weekend > 0;

	key(o, "extension");
	arr(o);
	each_word(o, hf_sv_from(row->urgencies), "urgency", ext_code);
	put_ages(o, row->ages);
	if (takes_out(row))
		each_word(o, hf_sv_from(row->conditions + 1), "condition-excluded",
			  ext_code);
	put_capacity(o, row);
	ext_int(o, "travel-minutes", row->travel);
	/* the nurses of the last locality brought people along whom nobody
	 * else could take. */
	if (row->spread == SPREAD_LOCALITY && t->part == LOCALITIES - 1) {
		ext(o, "inherited-caseload");
		json_more(o, ",\"extension\":[{\"url\":\"people\",\"valueInteger\":38},"
			     "{\"url\":\"exit-plan\",\"valueDate\":");
		hf_put_day(o, hf_london_day(o->place->config.now) + 150);
		glue(o, "}]");
		obj_end(o);
	}
	if (all_week) {
		ext(o, "open-on-bank-holidays");
		raw(o, "valueBoolean", "true");
		obj_end(o);
	}
	ext(o, "last-verified");
	key(o, "valueDate");
	hf_put_day(o, hf_london_day(o->place->config.now) - age);
	obj_end(o);
	arr_end(o);
}

static int32_t
area_of(int32_t locality)
{
	return locality < 3 ? 0 : locality < 5 ? 1 : 2;
}

static void
put_coverage(struct out *o, const struct team *t)
{
	bool areas = t->row->spread == SPREAD_AREA;

	if (t->part == NO_ORG)
		return;
	key(o, "coverageArea");
	arr(o);
	for (int32_t l = 0; l < LOCALITIES; l++)
		if (areas ? area_of(l) == t->part : l == t->part)
			hf_put_place(o, hf_out_org(o, ORG_LOCALITY, (uint32_t)l),
				     SEQ_SITE);
	arr_end(o);
}

static void
put_name(struct out *o, const struct team *t)
{
	char name[128];
	const struct org *part =
	    t->part == NO_ORG
		? NULL
		: hf_out_org(o, t->row->spread == SPREAD_AREA ? ORG_AREA : ORG_LOCALITY,
			     (uint32_t)t->part);

	if (t->row->spread == SPREAD_EACH)
		snprintf(name, sizeof name, "%s, %s", t->row->name, t->org->name);
	else if (!part)
		snprintf(name, sizeof name, "%s", t->row->name);
	else if (t->row->spread == SPREAD_AREA) /* "Wrenford North Partnership" */
		snprintf(name, sizeof name, "%s, %.*s", t->row->name,
			 (int)(strlen(part->name) - strlen("Wrenford  Partnership")),
			 part->name + strlen("Wrenford "));
	else /* "Ashbeck Locality" */
		snprintf(name, sizeof name, "%s, %.*s", t->row->name,
			 (int)(strlen(part->name) - strlen(" Locality")), part->name);
	member(o, "name", name);
}

static void
put_team(struct out *o, const struct team *t)
{
	const struct row *row = t->row;
	char phone[16];

	hf_out_begin(o, "HealthcareService", t->seq, t->org);
	put_extensions(o, t);
	raw(o, "active", "true");
	key(o, "providedBy");
	hf_put_org(o, t->org);
	key(o, "type");
	arr(o);
	put_coded(o, "service", hf_sv_from(row->service));
	arr_end(o);
	key(o, "location");
	arr(o);
	hf_put_place(o, t->org, SEQ_SITE);
	arr_end(o);
	put_name(o, t);
	snprintf(phone, sizeof phone, "01632 960%03u", (500 + t->n) % 1000);
	key(o, "telecom");
	arr(o);
	json_open(o, "{\"system\":\"phone\",\"use\":\"work\",\"value\":");
	hf_put_str(o, phone);
	obj_end(o);
	arr_end(o);
	put_coverage(o, t);
	if (!takes_out(row)) {
		key(o, "eligibility");
		arr(o);
		each_word(o, hf_sv_from(row->conditions), "condition-group",
			  put_condition);
		arr_end(o);
	}
	key(o, "characteristic");
	arr(o);
	each_word(o, hf_sv_from(row->skills), "skill", put_coded);
	arr_end(o);
	put_times(o, row);
	hf_out_end(o);
}

void
hf_synth_make_teams(struct out *o, const struct org *org, uint32_t index)
{
	uint32_t seq = SEQ_DISPATCH, n = 0;

	for (size_t i = 0; i < HF_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		int32_t parts = row->spread == SPREAD_AREA	 ? AREAS
				: row->spread == SPREAD_LOCALITY ? LOCALITIES
								 : 1;

		for (int32_t p = 0; p < parts; p++, n++) {
			struct team t = {.row = row,
					 .org = org,
					 .seq = seq,
					 .n = n + index,
					 .part = parts == 1 ? NO_ORG : p};

			if (row->kind != org->kind ||
			    (index > 0 && row->spread != SPREAD_EACH))
				continue;
			put_team(o, &t);
			seq++;
		}
	}
}

/* ---- the map ---- */

/* Seven localities that tile an area, in hundredths of its width and height, against
 * the sun.  Neighbours share their corners. */
static const struct corner {
	int8_t x, y;
} corners[LOCALITIES][10] = {
    /* Ashbeck, Millgate, Castle Dene: the north */
    {{12, 92}, {5, 80}, {3, 66}, {34, 62}, {38, 98}},
    {{38, 98}, {34, 62}, {42, 63}, {50, 58}, {68, 64}, {66, 97}, {52, 101}},
    {{66, 97}, {68, 64}, {100, 60}, {98, 74}, {92, 86}},
    /* Riverside, Kingsmoor: the middle */
    {{3, 66},
     {-3, 50},
     {0, 34},
     {22, 36},
     {48, 30},
     {49, 45},
     {50, 58},
     {42, 63},
     {34, 62}},
    {{50, 58}, {49, 45}, {48, 30}, {74, 33}, {97, 30}, {102, 45}, {100, 60}, {68, 64}},
    /* Oakhurst, Fernley: the south */
    {{0, 34}, {4, 18}, {14, 6}, {50, 0}, {47, 15}, {48, 30}, {22, 36}},
    {{48, 30}, {47, 15}, {50, 0}, {86, 10}, {95, 18}, {97, 30}, {74, 33}},
};

enum { CORNERS = 10 };

static bool
used(const struct corner *c)
{
	return c->x != 0 || c->y != 0;
}

/* At sea, so that nobody takes it for a town that there is: a hundredth is about 170
 * metres. */
static size_t
polygon_of(uint32_t locality, char *text, size_t size)
{
	const struct corner *c = corners[locality];
	size_t n =
	    (size_t)snprintf(text, size, "{\"type\":\"Polygon\",\"coordinates\":[[");
	size_t count = 0;

	while (count < CORNERS && used(&c[count]))
		count++;
	assert(count > 2);
	for (size_t i = 0; i <= count; i++) {
		const struct corner *at = &c[i % count];

		n += (size_t)snprintf(text + n, size - n, "%s[%.4f,%.4f]", i ? "," : "",
				      1.9 + at->x * 0.0025, 53.4 + at->y * 0.0015);
	}
	n += (size_t)snprintf(text + n, size - n, "]]}");
	return n;
}

void
hf_synth_make_area(struct out *o, const struct org *locality, uint32_t index)
{
	char text[1024];
	struct hf_sv polygon = {text, polygon_of(index, text, sizeof text)};

	hf_out_begin(o, "Location", SEQ_SITE, NULL);
	key(o, "extension");
	json_open(o, "[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"
		     "location-boundary-geojson\",\"valueAttachment\":{\"contentType\":"
		     "\"application/geo+json\",\"data\":");
	hf_put_base64(o, polygon);
	glue(o, "}}]");
	member(o, "status", "active");
	member(o, "name", locality->name);
	member(o, "mode", "instance");
	key(o, "physicalType");
	json(o, "{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
		"location-physical-type\",\"code\":\"area\",\"display\":\"Area\"}]}");
	key(o, "managingOrganization");
	hf_put_org(o, locality);
	hf_out_end(o);
}

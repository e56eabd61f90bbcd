/* Whatever way a search takes, it finds what a look at every resource finds. */
#include "base/rng.h"
#include "test_record_search.h"

enum { PEOPLE = 12, RESOURCES = 400, QUESTIONS = 1500 };

static const char *const families[] = {"Smith",	  "Smithson",	   "Jones",
				       "O'Brien", "\xc5\x81ukasz", "Smythe"};
static const char *const givens[] = {"Ann", "Anna", "Zo\xc3\xab", "Bob"};
static const char *const genders[] = {"male", "female", "other"};
static const char *const codes[] = {"8867-4", "8480-6", "A1", "a1"};
static const char *const systems[] = {"http://loinc.org", "urn:x"};
static const char *const dates[] = {"2020",
				    "2020-06",
				    "2020-06-15",
				    "2020-06-15T10:00:00Z",
				    "2021-01-01",
				    "2021-03-28T01:30:00+01:00",
				    "2019-12-31T23:59:59Z"};
static const char *const days[] = {"1950-01-01", "1950", "1950-01", "1999-12-31"};
static const char *const statuses[] = {"final", "amended"};

#define PICK(rng, list) ((list)[hf_rng_below((rng), (uint32_t)HF_COUNT(list))])

struct world {
	char *json[PEOPLE + RESOURCES];
	struct hf_json docs[PEOPLE + RESOURCES];
	hf_type_id types[PEOPLE + RESOURCES];
	struct hf_arena arena;
	size_t n;
};

static void
add(struct world *w, struct hf_sv json)
{
	struct hf_err err;
	struct hf_json *d = &w->docs[w->n];

	assert_non_null(json.p);
	if (hf_json_parse(json, NULL, &w->arena, d, &err) != HF_OK)
		fail_msg("%s in %.*s", err.text, HF_SV_ARG(json));
	w->types[w->n] = hf_resource_find(
	    hf_json_str(d, hf_json_member(d, 0, "resourceType"), &w->arena));
	w->json[w->n++] = (char *)(uintptr_t)json.p;
}

static void
add_person(struct world *w, struct hf_rng *r, unsigned i)
{
	add(w,
	    hf_arena_printf(
		&w->arena,
		"{\"resourceType\":\"Patient\",\"id\":\"p%02u\",\"name\":[{\"family\":"
		"\"%s\",\"given\":[\"%s\",\"%s\"]}],\"gender\":\"%s\",\"birthDate\":"
		"\"%s\",\"identifier\":[{\"system\":\"%s\",\"value\":\"%s\"}],"
		"\"telecom\":[{\"system\":\"phone\",\"value\":\"(01709) 555-%u\"}]}",
		i, PICK(r, families), PICK(r, givens), PICK(r, givens),
		PICK(r, genders), PICK(r, days), PICK(r, systems), PICK(r, codes),
		hf_rng_below(r, 3)));
}

static void
add_observation(struct world *w, struct hf_rng *r, unsigned i)
{
	struct hf_sv when = HF_SV("");

	switch (hf_rng_below(r, 4)) {
	case 0:
		break;
	case 1:
		when = hf_arena_printf(&w->arena,
				       ",\"effectivePeriod\":{\"start\":\"%s\"}",
				       PICK(r, dates));
		break;
	default:
		when = hf_arena_printf(&w->arena, ",\"effectiveDateTime\":\"%s\"",
				       PICK(r, dates));
	}
	add(w,
	    hf_arena_printf(
		&w->arena,
		"{\"resourceType\":\"Observation\",\"id\":\"b%03u\",\"status\":\"%s\","
		"\"code\":{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\"}]},"
		"\"subject\":{\"reference\":\"Patient/p%02u\"},\"performer\":[{"
		"\"reference\":\"Patient/p%02u\"}]%.*s}",
		i, PICK(r, statuses), PICK(r, systems), PICK(r, codes),
		hf_rng_below(r, PEOPLE), hf_rng_below(r, PEOPLE), HF_SV_ARG(when)));
}

static void
add_encounter(struct world *w, struct hf_rng *r, unsigned i)
{
	struct hf_sv when = HF_SV("");

	switch (hf_rng_below(r, 5)) {
	case 0:
		break;
	case 1:
		when = hf_arena_printf(&w->arena, ",\"period\":{\"start\":\"%s\"}",
				       PICK(r, dates));
		break;
	case 2:
		when = hf_arena_printf(&w->arena, ",\"period\":{\"end\":\"%s\"}",
				       PICK(r, dates));
		break;
	case 3:
		when =
		    hf_arena_printf(&w->arena,
				    ",\"period\":{\"start\":\"2020-01-%02u\",\"end\":"
				    "\"2020-0%u-01T00:00:00Z\"}",
				    1 + hf_rng_below(r, 28), 2 + hf_rng_below(r, 7));
		break;
	default:
		when = hf_arena_printf(&w->arena,
				       ",\"period\":{\"start\":\"%s\",\"end\":\"%s\"}",
				       "2020-06-15T09:30:00Z", "2020-06-15T10:30:00Z");
	}
	add(w, hf_arena_printf(&w->arena,
			       "{\"resourceType\":\"Encounter\",\"id\":\"e%03u\","
			       "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},"
			       "\"subject\":{\"reference\":\"Patient/p%02u\"}%.*s}",
			       i, hf_rng_below(r, PEOPLE), HF_SV_ARG(when)));
}

static void
make_world(struct world *w, struct hf_rng *r, struct place *p)
{
	*w = (struct world){.arena = {.cap = 64 << 20}};
	for (unsigned i = 0; i < PEOPLE; i++)
		add_person(w, r, i);
	for (unsigned i = 0; i < RESOURCES; i++)
		(i % 2 ? add_observation : add_encounter)(w, r, i);
	place_put(p, (const char *const *)w->json, w->n);
}

/* ---- questions ---- */

static const char *const prefixes[] = {"",   "eq", "ne", "gt", "lt",
				       "ge", "le", "sa", "eb"};

static struct hf_sv
ask_date(struct hf_arena *a, struct hf_rng *r, const char *name, bool day)
{
	return hf_arena_printf(a, "%s=%s%s", name, PICK(r, prefixes),
			       day ? PICK(r, days) : PICK(r, dates));
}

static struct hf_sv
patient_part(struct hf_arena *a, struct hf_rng *r)
{
	switch (hf_rng_below(r, 9)) {
	case 0:
		return hf_arena_printf(a, "family=%s", PICK(r, families));
	case 1:
		return hf_arena_printf(a, "family:exact=%s", PICK(r, families));
	case 2:
		return hf_arena_printf(a, "given=%.2s,%s", PICK(r, givens),
				       PICK(r, givens));
	case 3:
		return hf_arena_printf(a, "name=%.3s", PICK(r, families));
	case 4:
		return ask_date(a, r, "birthdate", true);
	case 5:
		return hf_arena_printf(a, "gender%s=%s",
				       hf_rng_below(r, 2) ? ":not" : "",
				       PICK(r, genders));
	case 6:
		return hf_arena_printf(a, "identifier=%s|%s", PICK(r, systems),
				       PICK(r, codes));
	case 7:
		return hf_arena_printf(a, "phone=01709555%u", hf_rng_below(r, 3));
	default:
		return hf_arena_printf(a, "identifier=%s", PICK(r, codes));
	}
}

static struct hf_sv
observation_part(struct hf_arena *a, struct hf_rng *r)
{
	switch (hf_rng_below(r, 7)) {
	case 0:
		return hf_arena_printf(a, "patient=p%02u", hf_rng_below(r, PEOPLE));
	case 1:
		return hf_arena_printf(a, "performer=Patient/p%02u",
				       hf_rng_below(r, PEOPLE));
	case 2:
		return hf_arena_printf(a, "subject:Patient=p%02u,p%02u",
				       hf_rng_below(r, PEOPLE),
				       hf_rng_below(r, PEOPLE));
	case 3:
		return hf_arena_printf(a, "code=%s", PICK(r, codes));
	case 4:
		return hf_arena_printf(a, "code=%s|%s,%s", PICK(r, systems),
				       PICK(r, codes), PICK(r, codes));
	case 5:
		return hf_arena_printf(a, "status=%s", PICK(r, statuses));
	default:
		return ask_date(a, r, "date", false);
	}
}

static struct hf_sv
question(struct hf_arena *a, struct hf_rng *r)
{
	unsigned kind = hf_rng_below(r, 3), parts = 1 + hf_rng_below(r, 3);
	struct hf_sv q = kind == 0   ? HF_SV("Patient?")
			 : kind == 1 ? HF_SV("Observation?")
				     : HF_SV("Encounter?");

	for (unsigned i = 0; i < parts; i++) {
		struct hf_sv part =
		    kind == 0	? patient_part(a, r)
		    : kind == 1 ? observation_part(a, r)
		    : hf_rng_below(r, 3)
			? ask_date(a, r, "date", false)
			: hf_arena_printf(a, "patient=p%02u", hf_rng_below(r, PEOPLE));

		q = hf_arena_printf(a, "%.*s%s%.*s", HF_SV_ARG(q), i ? "&" : "",
				    HF_SV_ARG(part));
	}
	switch (hf_rng_below(r, 4)) {
	case 0:
		return hf_arena_printf(a, "%.*s&_sort=%s", HF_SV_ARG(q),
				       kind == 0 ? "birthdate" : "date");
	case 1:
		return hf_arena_printf(a, "%.*s&_sort=-%s", HF_SV_ARG(q),
				       kind == 0 ? "birthdate" : "date");
	default:
		return q;
	}
}

/* ---- the plain way ---- */

static bool
meets(struct hf_arena *a, const struct hf_json *doc, hf_type_id type,
      struct hf_sv query)
{
	struct hf_param params[PARAMS_MOST];
	size_t n = split_query(query, params, a);

	for (size_t i = 0; i < n; i++) {
		struct hf_sv modifier = params[i].name,
			     code = hf_sv_cut(&modifier, ':');
		struct hf_sp_test t;
		struct hf_err err;
		bool hit;

		if (hf_sv_starts(code, HF_SV("_sort")))
			continue;
		assert_int_equal(hf_sp_test_parse(hf_sp_find(type, code), modifier,
						  params[i].value, 0, a, &t, &err),
				 HF_OK);
		assert_int_equal(hf_sp_test_match(&t, doc, 0, HF_SV(""), a, &hit, &err),
				 HF_OK);
		if (!hit)
			return false;
	}
	return true;
}

static struct hf_sv
plainly(struct world *w, struct hf_arena *a, struct hf_sv url)
{
	struct hf_sv query = url, name = hf_sv_cut(&query, '?');
	hf_type_id type = hf_resource_find(name);
	struct hf_sv out = HF_SV("");

	for (size_t i = 0; i < w->n; i++) {
		if (w->types[i] != type || !meets(a, &w->docs[i], type, query))
			continue;
		out = hf_arena_printf(
		    a, "%.*s%.*s ", HF_SV_ARG(out),
		    HF_SV_ARG(hf_json_str(&w->docs[i],
					  hf_json_member(&w->docs[i], 0, "id"), a)));
	}
	return out;
}

/* The start of the date that is sorted by; HF_TIME_MAX without one. */
static hf_time
start_of(const struct hf_hit *hit, struct hf_arena *a)
{
	struct hf_json doc;
	struct hf_spvs values = {0};
	struct hf_err err;
	bool person = hit->v.e.type == hf_resource_find(HF_SV("Patient"));
	const struct hf_sp *sp =
	    hf_sp_find(hit->v.e.type, person ? HF_SV("birthdate") : HF_SV("date"));

	assert_int_equal(hf_json_parse(hit->v.body, NULL, a, &doc, &err), HF_OK);
	assert_int_equal(hf_sp_values(sp, &doc, 0, a, &values, &err), HF_OK);
	if (values.n == 0)
		return HF_TIME_MAX;
	return values.items[0].date.lo == HF_TIME_MIN ? values.items[0].date.hi - 1
						      : values.items[0].date.lo;
}

static void
check_order(const struct hf_search_result *r, bool down, struct hf_arena *a)
{
	hf_time before = 0;

	for (size_t i = 0; i < r->n; i++) {
		hf_time at = start_of(&r->hits[i], a);

		if (i > 0 && at != HF_TIME_MAX)
			assert_true(down ? at <= before : at >= before);
		if (i > 0 && before == HF_TIME_MAX)
			assert_true(at == HF_TIME_MAX);
		before = at;
	}
}

static int
by_id(const void *a, const void *b)
{
	return hf_sv_cmp(((const struct hf_hit *)a)->v.id,
			 ((const struct hf_hit *)b)->v.id);
}

/* The hits in the order of their ids, as plainly() has them. */
static struct hf_sv
sorted_ids(struct place *p, struct hf_search_result *r)
{
	struct hf_sv out = HF_SV("");

	if (r->n)
		qsort(r->hits, r->n, sizeof *r->hits, by_id);
	for (size_t i = 0; i < r->n; i++)
		out = hf_arena_printf(&p->arena, "%.*s%.*s ", HF_SV_ARG(out),
				      HF_SV_ARG(r->hits[i].v.id));
	return out;
}

BOTH(every_way_to_search_finds_the_same)
{
	static struct world w;
	struct hf_rng rng;
	struct hf_arena scratch = {.cap = 64 << 20};
	size_t hits = 0, scans = 0;

	hf_rng_seed(&rng, 20261122, 1);
	make_world(&w, &rng, p);
	for (unsigned i = 0; i < QUESTIONS; i++) {
		struct hf_search_result r;
		struct hf_sv q, expected, got;
		char url[400];

		hf_arena_reset(&scratch);
		q = question(&scratch, &rng);
		expected = plainly(&w, &scratch, q);
		snprintf(url, sizeof url, "%.*s&_count=1000", HF_SV_ARG(q));
		if (place_ask(p, url, &r) != HF_OK)
			fail_msg("%s: %s", url, p->err.text);
		scans += r.scanned;
		hits += r.n;
		if (strstr(url, "_sort"))
			check_order(&r, strstr(url, "_sort=-") != NULL, &scratch);
		got = sorted_ids(p, &r);
		if (!hf_sv_eq(got, expected))
			fail_msg("%s\n gives %.*s\n  not %.*s", url, HF_SV_ARG(got),
				 HF_SV_ARG(expected));
	}
	/* The questions are not empty ones, and take every way. */
	assert_true(hits > QUESTIONS * 5);
	assert_true(scans > 50 && scans < QUESTIONS - 500);
	hf_arena_free(&scratch);
	hf_arena_free(&w.arena);
}

HF_TEST_MAIN("record/search laws", BOTH_TESTS(every_way_to_search_finds_the_same))

/* test_fhir_spvalue_law.c [FOLDER] - what holds for every search parameter of every
 * type: a resource is found by each value it has, and not by one it has not.  Runs
 * over samples of every type, and over the bundles in FOLDER (*.json.gz) where it
 * is present. */
#include <dirent.h>
#include <zlib.h>

#include "fhir/spvalue.h"
#include "test/hf_test.h"
#include "test/support/sample.h"

static const char *folder;
static struct hf_arena arena = {.cap = 64u << 20};
static size_t n_values, n_queries;
static uint32_t *hits; /* by parameter id */

static int
start(void **state HF_UNUSED)
{
	hits = calloc(hf_n_sps() + 1u, sizeof *hits);
	return !hits || hf_sp_setup(NULL) != HF_OK;
}

static int
stop(void **state HF_UNUSED)
{
	hf_sp_teardown();
	hf_arena_free(&arena);
	free(hits);
	return 0;
}

struct subject {
	const struct hf_sp *sp;
	const struct hf_json *doc;
	uint32_t node;
};

/* Does sp with the modifier find the subject by value? */
static bool
found(const struct subject *s, const char *modifier, struct hf_sv value)
{
	struct hf_err err = {0};
	struct hf_sp_test test;
	bool out = false;

	n_queries++;
	if (hf_sp_test_parse(s->sp, hf_sv_from(modifier), value, 0, &arena, &test,
			     &err) != HF_OK ||
	    hf_sp_test_match(&test, s->doc, s->node, HF_SV("http://me"), &arena, &out,
			     &err) != HF_OK)
		fail_msg("%s:%s=%.*s: %s", s->sp->url, modifier, HF_SV_ARG(value),
			 err.text);
	return out;
}

static void
must(bool yes, const struct subject *s, const char *modifier, struct hf_sv value)
{
	if (found(s, modifier, value) != yes)
		fail_msg("%s of %s: %s%s=%.*s %s", s->sp->url,
			 hf_type_get(s->sp->type)->name, s->sp->code, modifier,
			 HF_SV_ARG(value), yes ? "is not found" : "is found");
}

/* text with the characters that mean something in a query escaped. */
static struct hf_sv
escaped(struct hf_sv text)
{
	char *p = hf_arena_alloc(&arena, text.n * 2 + 1);
	size_t n = 0;

	assert_non_null(p);
	for (size_t i = 0; i < text.n; i++) {
		if (strchr(",|$\\", text.p[i]))
			p[n++] = '\\';
		p[n++] = text.p[i];
	}
	return (struct hf_sv){p, n};
}

#define JOIN(...) hf_arena_printf(&arena, __VA_ARGS__)

static void
check_token(const struct subject *s, const struct hf_spv *v)
{
	struct hf_sv code = escaped(v->code), system = escaped(v->system);

	if (v->code.n) {
		must(true, s, "", code);
		must(false, s, "not", code);
	}
	if (v->has_system && v->code.n) {
		must(true, s, "",
		     JOIN("%.*s|%.*s", HF_SV_ARG(system), HF_SV_ARG(code)));
		must(true, s, "", JOIN("%.*s|", HF_SV_ARG(system)));
		must(false, s, "", JOIN("http://no/such/system|%.*s", HF_SV_ARG(code)));
	}
	if (!v->has_system && v->code.n)
		must(true, s, "", JOIN("|%.*s", HF_SV_ARG(code)));
	if (hf_fold(v->text, &arena).n)
		must(true, s, "text", escaped(v->text));
}

static void
check_string(const struct subject *s, const struct hf_spv *v)
{
	struct hf_sv text = escaped(v->text), folded = hf_fold(v->text, &arena);

	must(true, s, "exact", text);
	if (folded.n == 0)
		return;
	must(true, s, "", text);
	must(true, s, "contains", text);
	must(true, s, "", folded);
	must(true, s, "contains", hf_sv_from_at(folded, folded.n / 2));
	must(false, s, "exact", JOIN("%.*sx", HF_SV_ARG(text)));
}

static void
check_date(const struct subject *s, const struct hf_spv *v)
{
	char at[32];

	if (v->date.lo != HF_TIME_MIN) {
		hf_time_format(v->date.lo, at, sizeof at);
		must(true, s, "", JOIN("ge%s", at));
		hf_time_format(v->date.lo - 1, at, sizeof at);
		must(true, s, "", JOIN("sa%s", at));
		must(true, s, "", JOIN("gt%s", at));
	}
	if (v->date.hi != HF_TIME_MAX) {
		hf_time_format(v->date.hi - 1, at, sizeof at);
		must(true, s, "", JOIN("le%s", at));
		hf_time_format(v->date.hi, at, sizeof at);
		must(true, s, "", JOIN("eb%s", at));
		must(true, s, "", JOIN("lt%s", at));
	}
}

static void
check_number(const struct subject *s, const struct hf_spv *v)
{
	struct hf_sv unit = HF_SV("");

	if (s->sp->kind == HF_SP_QUANTITY && v->has_system && v->code.n)
		unit = JOIN("|%.*s|%.*s", HF_SV_ARG(escaped(v->system)),
			    HF_SV_ARG(escaped(v->code)));
	if (v->number.n && !v->is_range) {
		must(true, s, "",
		     JOIN("%.*s%.*s", HF_SV_ARG(v->number), HF_SV_ARG(unit)));
		must(true, s, "",
		     JOIN("ap%.*s%.*s", HF_SV_ARG(v->number), HF_SV_ARG(unit)));
	}
	if (v->number.n && !v->low_open)
		must(true, s, "",
		     JOIN("le%.*s%.*s", HF_SV_ARG(v->number), HF_SV_ARG(unit)));
	if (v->high.n && !v->high_open)
		must(true, s, "",
		     JOIN("ge%.*s%.*s", HF_SV_ARG(v->high), HF_SV_ARG(unit)));
}

static void
check_reference(const struct subject *s, const struct hf_spv *v)
{
	struct hf_sv system = escaped(v->system);

	if (v->text.n)
		must(true, s, "", escaped(v->text));
	if (v->ident.n) {
		must(true, s, "identifier", escaped(v->ident));
		must(
		    true, s, "identifier",
		    JOIN("%.*s|%.*s", HF_SV_ARG(system), HF_SV_ARG(escaped(v->ident))));
	}
}

static void
check_value(const struct subject *s, const struct hf_spv *v)
{
	switch (s->sp->kind) {
	case HF_SP_TOKEN:
		check_token(s, v);
		break;
	case HF_SP_STRING:
		check_string(s, v);
		break;
	case HF_SP_DATE:
		check_date(s, v);
		break;
	case HF_SP_NUMBER:
	case HF_SP_QUANTITY:
		check_number(s, v);
		break;
	case HF_SP_REFERENCE:
		check_reference(s, v);
		break;
	default:
		must(true, s, "", escaped(v->text));
		must(true, s, "below", escaped(v->text));
		must(true, s, "above", escaped(v->text));
		break;
	}
}

/* A value that no resource has. */
static const char *
absent(enum hf_sp_type kind)
{
	switch (kind) {
	case HF_SP_DATE:
		return "0003-02-01";
	case HF_SP_NUMBER:
	case HF_SP_QUANTITY:
		return "-98765.4321";
	default:
		return "zzqqxx-none";
	}
}

static bool
is_served(const struct hf_sp *sp)
{
	return sp->kind != HF_SP_COMPOSITE && sp->kind != HF_SP_SPECIAL &&
	       sp->expression_id != 0;
}

/* All parameters of the resource at node; the laws too when asked. */
static void
check_resource(hf_type_id type, const struct hf_json *doc, uint32_t node, bool laws)
{
	uint16_t first, n;

	hf_sp_of_type(type, &first, &n);
	for (uint16_t id = first; id < first + n; id++) {
		struct subject s = {hf_sp_get(id), doc, node};
		struct hf_spvs values = {0};
		struct hf_err err = {0};

		hf_arena_reset(&arena);
		if (hf_sp_values(s.sp, doc, node, &arena, &values, &err) != HF_OK)
			fail_msg("%s: %s", s.sp->url, err.text);
		n_values += values.n;
		hits[id] += values.n > 0;
		if (!laws || !is_served(s.sp))
			continue;
		must(values.n == 0, &s, "missing", HF_SV("true"));
		must(values.n > 0, &s, "missing", HF_SV("false"));
		must(false, &s, "", hf_sv_from(absent(s.sp->kind)));
		for (size_t i = 0; i < values.n; i++)
			check_value(&s, &values.items[i]);
	}
}

HF_TEST(each_sample_is_found_by_what_it_has_and_by_nothing_else)
{
	struct hf_arena docs = {.cap = 64u << 20};

	for (hf_type_id type = 1; type <= hf_n_resource_types; type++) {
		for (uint32_t k = 0; k < hf_sample_variants(type); k++) {
			struct hf_buf b = {0};
			struct hf_json doc;

			hf_arena_reset(&docs);
			hf_sample_write(type, k, &b);
			assert_int_equal(
			    hf_json_parse(hf_buf_view(&b), NULL, &docs, &doc, NULL),
			    HF_OK);
			check_resource(type, &doc, 0, true);
			hf_buf_free(&b);
		}
	}
	hf_arena_free(&docs);
	print_message("%zu values, %zu queries\n", n_values, n_queries);
}

/* Samples have every element, so a parameter that never gives a value cannot work;
 * what is left needs a special code, extension or reference. */
HF_TEST(nearly_every_parameter_gives_a_value_of_some_sample)
{
	unsigned silent = 0, all = 0;

	for (uint16_t id = 1; id <= hf_n_sps(); id++) {
		const struct hf_sp *sp = hf_sp_get(id);

		if (!is_served(sp))
			continue;
		all++;
		if (hits[id])
			continue;
		silent++;
		if (!strstr(sp->expression, "where(") &&
		    !strstr(sp->expression, "extension("))
			fail_msg("%s of %s never has a value: %s", sp->url,
				 hf_type_get(sp->type)->name, sp->expression);
	}
	print_message("%u of %u parameters had no value\n", silent, all);
}

static void
inflate_file(const char *path, struct hf_buf *out)
{
	gzFile f = gzopen(path, "rb");
	int n;

	assert_non_null(f);
	out->n = 0;
	do {
		char *room = hf_buf_room(out, 1 << 20);

		assert_non_null(room);
		n = gzread(f, room, 1 << 20);
		assert_true(n >= 0);
		out->n += (size_t)n;
	} while (n > 0);
	gzclose(f);
}

/* Every entry of a bundle; the laws on each 40th. */
static size_t
check_bundle(const struct hf_json *doc)
{
	uint32_t entries = hf_json_member(doc, 0, "entry");
	size_t n = 0;

	assert_int_not_equal(entries, HF_JSON_NONE);
	for (uint32_t e = entries + 1; e < doc->nodes[entries].next;
	     e = doc->nodes[e].next) {
		uint32_t node = hf_json_member(doc, e, "resource");
		uint32_t name = hf_json_member(doc, node, "resourceType");

		check_resource(hf_resource_find(hf_json_raw(doc, name)), doc, node,
			       n++ % 40 == 0);
	}
	return n;
}

HF_TEST(real_patients_are_found_by_what_they_have)
{
	struct hf_arena docs = {.cap = 512u << 20};
	struct hf_buf b = {0};
	size_t resources = 0;
	DIR *dir = folder ? opendir(folder) : NULL;

	if (!dir)
		skip();
	n_values = n_queries = 0;
	for (struct dirent *e; (e = readdir(dir));) {
		struct hf_json doc;
		char path[1024];

		if (!strstr(e->d_name, ".json.gz"))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		inflate_file(path, &b);
		hf_arena_reset(&docs);
		assert_int_equal(
		    hf_json_parse(hf_buf_view(&b), NULL, &docs, &doc, NULL), HF_OK);
		resources += check_bundle(&doc);
	}
	closedir(dir);
	hf_buf_free(&b);
	hf_arena_free(&docs);
	print_message("%zu resources, %zu values, %zu queries\n", resources, n_values,
		      n_queries);
	assert_true(resources > 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_sample_is_found_by_what_it_has_and_by_nothing_else),
	    cmocka_unit_test(nearly_every_parameter_gives_a_value_of_some_sample),
	    cmocka_unit_test(real_patients_are_found_by_what_they_have),
	};

	folder = argc > 1 ? argv[1] : NULL;
	return cmocka_run_group_tests_name("fhir/spvalue law", tests, start, stop);
}

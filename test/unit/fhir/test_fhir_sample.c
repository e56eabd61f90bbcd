/* test_fhir_sample.c - every resource type, with every element and choice, is
 * valid; with one error in it, it is not. */
#include "base/rng.h"
#include "fhir/validate.h"
#include "test/hf_test.h"
#include "test/support/sample.h"

enum { TYPES_MOST = 1024, MUTATIONS = 40 };

static struct hf_arena json_arena = {.cap = 64u << 20};
static struct hf_arena issue_arena = {.cap = 16u << 20};

static void
parse(struct hf_sv text, struct hf_json *doc)
{
	struct hf_err err = {0};

	hf_arena_reset(&json_arena);
	if (hf_json_parse(text, NULL, &json_arena, doc, &err) != HF_OK)
		fail_msg("%s in %.*s", err.text, (int)(text.n < 2000 ? text.n : 2000),
			 text.p);
}

static bool
valid(const struct hf_json *doc, struct hf_issues *issues)
{
	hf_type_id type;

	hf_arena_reset(&issue_arena);
	*issues = (struct hf_issues){.arena = &issue_arena};
	return hf_validate(doc, 0, issues, &type);
}

HF_TEST(every_variant_of_every_type_has_no_finding)
{
	size_t variants = 0, bytes = 0;

	for (hf_type_id type = 1; type <= hf_n_resource_types; type++)
		for (uint32_t v = 0; v < hf_sample_variants(type); v++) {
			struct hf_buf b = {0};
			struct hf_issues issues;
			struct hf_json doc;

			hf_sample_write(type, v, &b);
			parse(hf_buf_view(&b), &doc);
			if (!valid(&doc, &issues) || issues.n)
				fail_msg("%s %u: %.*s: %.*s", hf_type_get(type)->name,
					 v, HF_SV_ARG(issues.items[0].path),
					 HF_SV_ARG(issues.items[0].text));
			variants++;
			bytes += b.n;
			hf_buf_free(&b);
		}
	print_message("%zu resources, %zu bytes\n", variants, bytes);
}

/* Which choices of which elements were met; elements are numbered through. */
static uint64_t met[TYPES_MOST][64];

static void
meet(const struct hf_json *doc, hf_type_id type, uint32_t node)
{
	for (uint32_t c = node + 1; c < doc->nodes[node].next; c = doc->nodes[c].next) {
		const struct hf_elem *e;
		uint32_t first = c, end = c + 1;
		hf_type_id t;

		e = hf_elem_find(type, hf_json_key(doc, c), &t);
		if (!e)
			continue;
		for (uint16_t i = 0; i < e->n_types; i++)
			if (hf_elem_type(e, i) == t)
				met[type][e - hf_elem_get(type, 0)] |= 1ull << i;
		if (hf_type_get(t)->kind == HF_KIND_PRIMITIVE ||
		    hf_type_get(t)->form == HF_FORM_RESOURCE)
			continue;
		if (doc->nodes[c].type == HF_JSON_ARRAY) {
			first = c + 1;
			end = doc->nodes[c].next;
		}
		for (; first < end; first = doc->nodes[first].next)
			meet(doc, t, first);
	}
}

HF_TEST(the_variants_use_every_element_and_every_choice)
{
	size_t choices = 0;

	for (hf_type_id type = 1; type <= hf_n_resource_types; type++)
		for (uint32_t v = 0; v < hf_sample_variants(type); v++) {
			struct hf_buf b = {0};
			struct hf_json doc;

			hf_sample_write(type, v, &b);
			parse(hf_buf_view(&b), &doc);
			meet(&doc, type, 0);
			hf_buf_free(&b);
		}
	for (hf_type_id type = 1; type < TYPES_MOST; type++) {
		if (type > hf_type_find(HF_SV("VisionPrescription.lensSpecification."
					      "prism")))
			break;
		if (hf_type_get(type)->kind == HF_KIND_ABSTRACT ||
		    hf_type_get(type)->kind == HF_KIND_PRIMITIVE)
			continue;
		for (uint16_t k = 0; k < hf_type_get(type)->n_elem; k++) {
			const struct hf_elem *e = hf_elem_get(type, k);
			uint64_t all =
			    e->n_types < 64 ? (1ull << e->n_types) - 1 : ~0ull;

			if (met[type][k] != all)
				fail_msg("%s.%s: choices met %llx of %llx",
					 hf_type_get(type)->name, e->name,
					 (unsigned long long)met[type][k],
					 (unsigned long long)all);
			choices += e->n_types;
		}
	}
	assert_int_equal(choices, 8246 - 56);
}

HF_TEST(a_sample_copied_without_white_space_is_the_same_bytes)
{
	for (hf_type_id type = 1; type <= hf_n_resource_types; type++) {
		struct hf_buf b = {0}, copy = {0};
		struct hf_json doc;

		hf_sample_write(type, 0, &b);
		parse(hf_buf_view(&b), &doc);
		hf_json_minify(&doc, 0, &copy);
		assert_true(hf_sv_eq(hf_buf_view(&b), hf_buf_view(&copy)));
		hf_buf_free(&b);
		hf_buf_free(&copy);
	}
}

/* Replaces len bytes of text at off. */
static void
splice(struct hf_sv text, size_t off, size_t len, const char *with, struct hf_buf *out)
{
	hf_buf_add(out, text.p, off);
	hf_buf_add(out, with, strlen(with));
	hf_buf_add(out, text.p + off + len, text.n - off - len);
}

/* Writes the sample with one error in node i; the kinds of error are numbered. */
static void
mutate(const struct hf_json *doc, uint32_t i, uint32_t kind, struct hf_buf *out)
{
	static const char *const values[] = {"null", "{}", "[]", "{\"x\":1}"};
	struct hf_sv text = {doc->text, doc->len};
	struct hf_sv source = hf_json_source(doc, i);
	size_t at = (size_t)(source.p - doc->text);
	enum hf_json_type type = hf_json_type(doc, i);
	bool in_object = doc->nodes[i].key_len > 0;

	if (kind == 0 && in_object) {
		splice(text, doc->nodes[i].key + doc->nodes[i].key_len, 0, "X", out);
	} else if (kind == 1 && type == HF_JSON_STRING) {
		splice(text, at, source.n, "12", out);
	} else if (kind == 1 && type == HF_JSON_NUMBER) {
		splice(text, at, source.n, "\"12\"", out);
	} else if (kind == 1 && (type == HF_JSON_TRUE || type == HF_JSON_FALSE)) {
		splice(text, at, source.n, "\"true\"", out);
	} else if (kind == 2 && type == HF_JSON_STRING) {
		splice(text, at, source.n, "\"\"", out);
	} else {
		const char *with = values[kind % HF_COUNT(values)];

		/* null stands rightly in the array of a primitive. */
		splice(text, at, source.n, in_object ? with : "{}", out);
	}
}

HF_TEST(a_sample_with_one_error_is_refused)
{
	struct hf_rng rng;
	size_t n = 0;

	hf_rng_seed(&rng, 2, 0);
	for (hf_type_id type = 1; type <= hf_n_resource_types; type++) {
		struct hf_buf b = {0};

		hf_sample_write(type, 1, &b);
		for (uint32_t m = 0; m < MUTATIONS; m++) {
			struct hf_buf bad = {0};
			struct hf_issues issues;
			struct hf_json doc;
			uint32_t i, kind = hf_rng_below(&rng, 6);

			parse(hf_buf_view(&b), &doc);
			i = 1 + hf_rng_below(&rng, doc.n - 1);
			if (hf_json_type(&doc, i) == HF_JSON_NULL) {
				continue; /* would often be right without it */
			}
			mutate(&doc, i, kind, &bad);
			parse(hf_buf_view(&bad), &doc);
			if (valid(&doc, &issues))
				fail_msg("%s node %u kind %u is not refused: %.*s",
					 hf_type_get(type)->name, i, kind,
					 (int)(bad.n < 4000 ? bad.n : 4000), bad.p);
			assert_true(issues.n > 0 && issues.items[0].path.n > 0);
			hf_buf_free(&bad);
			n++;
		}
		hf_buf_free(&b);
	}
	assert_true(n > 5000);
}

HF_TEST_MAIN("fhir/sample",
	     cmocka_unit_test(every_variant_of_every_type_has_no_finding),
	     cmocka_unit_test(the_variants_use_every_element_and_every_choice),
	     cmocka_unit_test(a_sample_copied_without_white_space_is_the_same_bytes),
	     cmocka_unit_test(a_sample_with_one_error_is_refused))

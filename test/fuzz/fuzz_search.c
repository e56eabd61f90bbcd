/* fuzz_search.c - any bytes as the query of a search: the first byte chooses the
 * type, an odd second one asks leniently, the rest is the query.  Nothing crashes; a
 * refusal has a sentence; what was understood (self) is understood again, and as the
 * same. */
#include "record/io/search_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARAMS_MOST = 64 };
static const hf_time now = 1767268800000;

static void
check(bool ok)
{
	if (!ok)
		abort();
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct hf_sv
decoded(struct hf_sv s, struct hf_arena *arena)
{
	char *p = hf_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	check(p != NULL);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && digit(s.p[i + 1]) >= 0 &&
		    digit(s.p[i + 2]) >= 0) {
			p[n++] = (char)(digit(s.p[i + 1]) << 4 | digit(s.p[i + 2]));
			i += 2;
		} else {
			p[n++] = s.p[i];
		}
	}
	return (struct hf_sv){p, n};
}

static size_t
split(struct hf_sv rest, struct hf_arena *arena, struct hf_param *out)
{
	size_t n = 0;

	while (rest.n && n < PARAMS_MOST) {
		struct hf_sv value = hf_sv_cut(&rest, '&');
		struct hf_sv name = hf_sv_cut(&value, '=');

		out[n++] =
		    (struct hf_param){decoded(name, arena), decoded(value, arena)};
	}
	return n;
}

static void
plan(struct hf_search *s, struct hf_arena *arena)
{
	struct hf_err err = {0};
	struct hf_range *ranges;
	size_t n;

	for (size_t i = 0; i < s->n_tests; i++) {
		enum hf_rc rc = hf_search_ranges(s, i, arena, &ranges, &n, &err);

		check(rc == HF_OK || (rc == HF_TOO_LONG && err.text[0]));
	}
	check(hf_search_filter(s, arena, &err) == HF_OK || err.rc == HF_TOO_LONG);
}

static void
again(hf_type_id type, const struct hf_search *s, struct hf_arena *arena)
{
	struct hf_param params[PARAMS_MOST];
	struct hf_search *t;
	struct hf_err err = {0};
	size_t n = split(s->self, arena, params);
	enum hf_rc rc = hf_search_parse(type, params, n, false,
					HF_SV("http://me/fhir/"), now, arena, &t, &err);

	if (rc == HF_TOO_LONG)
		return;
	check(rc == HF_OK && hf_sv_eq(s->self, t->self) && s->n_tests == t->n_tests);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 8u << 20};
	struct hf_param params[PARAMS_MOST];
	struct hf_err err = {0};
	struct hf_search *s;
	hf_type_id type;
	size_t n;

	enum hf_rc rc;
	static bool ready;

	if (size < 2)
		return 0;
	if (!ready && (hf_sp_setup(&err) != HF_OK || hf_index_setup(&err) != HF_OK))
		abort();
	ready = true;
	type = (hf_type_id)(data[0] % (hf_n_resource_types + 1));
	n = split((struct hf_sv){(const char *)data + 2, size - 2}, &arena, params);
	rc = hf_search_parse(type, params, n, data[1] & 1, HF_SV("http://me/fhir/"),
			     now, &arena, &s, &err);
	if (rc == HF_OK) {
		plan(s, &arena);
		again(type, s, &arena);
	} else {
		check(err.text[0] &&
		      (rc == HF_INVALID || rc == HF_MEDIA || rc == HF_TOO_LONG));
	}
	hf_arena_free(&arena);
	return 0;
}

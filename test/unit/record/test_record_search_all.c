/* Every search parameter of every type that is advertised finds what it should and
 * leaves what it should not: asked for a value that a sample has, and for one that
 * it has not. */
#include "test_record_search.h"
#include "test/support/sample.h"

struct sample {
	struct hf_sv id;
	struct hf_json doc;
};

struct samples {
	struct hf_arena arena;
	struct sample *items;
	size_t n;
};

struct tally {
	size_t asked, unshown, failed;
};

/* ---- a query from a value ---- */

static void
put_escaped(struct hf_buf *out, struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c && strchr(",|$\\", c))
			hf_buf_printf(out, "%%5C%%%02X", c);
		else if (c <= ' ' || c >= 0x7f || strchr("%&=+#?", c))
			hf_buf_printf(out, "%%%02X", c);
		else
			hf_buf_char(out, (char)c);
	}
}

static void
put_time(struct hf_buf *out, const char *prefix, hf_time t)
{
	char text[32];

	hf_buf_printf(out, "%s%s", prefix, hf_time_format(t, text, sizeof text));
}

static bool
token_query(const struct hf_spv *v, bool hit, struct hf_buf *out)
{
	if (v->code.n == 0)
		return false;
	if (v->has_system) {
		put_escaped(out, v->system);
		hf_buf_lit(out, "|");
	}
	put_escaped(out, v->code);
	if (!hit)
		hf_buf_lit(out, "-else");
	return true;
}

static bool
date_query(const struct hf_spv *v, bool hit, struct hf_buf *out)
{
	const hf_time day = 86400000;
	bool from = v->date.lo > HF_TIME_MIN, to = v->date.hi < HF_TIME_MAX;

	if (from)
		put_time(out, hit ? "gt" : "eb", v->date.lo - (hit ? day : 0));
	else if (to)
		put_time(out, hit ? "lt" : "sa", v->date.hi + (hit ? day : 0));
	/* years that R4 cannot write, or open at both ends */
	return (from || to) && v->date.lo != -62135596800000;
}

static bool
quantity_query(const struct hf_spv *v, bool hit, struct hf_buf *out)
{
	if (v->number.n == 0 || v->is_range)
		return false;
	put_escaped(out, v->number);
	hf_buf_lit(out, "|");
	put_escaped(out, v->system);
	hf_buf_lit(out, "|");
	put_escaped(out, v->system.n || v->code.n ? v->code : v->unit);
	if (!hit)
		hf_buf_lit(out, "else");
	return true;
}

static bool
write_query(const struct hf_sp *sp, const struct hf_spv *v, bool hit,
	    struct hf_buf *out, struct hf_arena *arena)
{
	switch (sp->kind) {
	case HF_SP_TOKEN:
		return token_query(v, hit, out);
	case HF_SP_STRING:
		if (!hit)
			hf_buf_lit(out, "else");
		put_escaped(out, v->text);
		return hf_fold(v->text, arena).n > 0;
	case HF_SP_DATE:
		return date_query(v, hit, out);
	case HF_SP_QUANTITY:
		return quantity_query(v, hit, out);
	case HF_SP_NUMBER:
		if (!hit)
			hf_buf_lit(out, "987654321.5");
		else
			put_escaped(out, v->number);
		return v->number.n > 0 && !v->is_range;
	default:
		put_escaped(out, v->text);
		if (!hit)
			hf_buf_lit(out, "else");
		return v->text.n > 0;
	}
}

/* ---- asking ---- */

static bool
gives(struct place *p, struct hf_sv url, struct hf_sv id, bool *ok)
{
	struct hf_search_result r;

	*ok = place_ask_sv(p, url, &r) == HF_OK;
	for (size_t i = 0; *ok && i < r.n; i++)
		if (hf_sv_eq(r.hits[i].v.id, id))
			return true;
	return false;
}

/* Whether a query for v finds (or, with hit false, leaves) the sample. */
static bool
asks_well(struct place *p, const struct hf_sp *sp, const struct sample *s,
	  const struct hf_spv *v, bool hit, struct hf_arena *arena)
{
	struct hf_buf url = {0};
	bool ok, got;

	hf_buf_printf(&url, "%s?%s=", hf_type_get(sp->type)->name, sp->code);
	write_query(sp, v, hit, &url, arena);
	hf_buf_printf(&url, "&_count=100");
	got = gives(p, hf_buf_view(&url), s->id, &ok);
	if (!ok || got != hit)
		print_error("%s %.*s: %s (%.*s)\n", hit ? "no hit" : "no miss",
			    HF_SV_ARG(url), !ok ? p->err.text : "", HF_SV_ARG(s->id));
	hf_buf_free(&url);
	return ok && got == hit;
}

/* Tries values of the samples until one makes a query. */
static bool
shown(const struct hf_sp *sp, const struct samples *samples, struct hf_arena *arena,
      const struct sample **s, struct hf_spv *v)
{
	for (size_t i = 0; i < samples->n; i++) {
		struct hf_spvs values = {0};
		struct hf_err err;

		if (hf_sp_values(sp, &samples->items[i].doc, 0, arena, &values, &err) !=
		    HF_OK)
			fail_msg("%s %s: %s", hf_type_get(sp->type)->name, sp->code,
				 err.text);
		for (size_t k = 0; k < values.n; k++) {
			struct hf_buf text = {0};
			bool can =
			    write_query(sp, &values.items[k], true, &text, arena);

			hf_buf_free(&text);
			*s = &samples->items[i];
			*v = values.items[k];
			if (can)
				return true;
		}
	}
	return false;
}

static void
try_param(struct place *p, const struct hf_sp *sp, const struct samples *samples,
	  struct tally *t)
{
	struct hf_arena arena = {.cap = (size_t)256 << 20};
	const struct sample *s;
	struct hf_spv v;

	if (!shown(sp, samples, &arena, &s, &v)) {
		print_error("no sample has %s %s\n", hf_type_get(sp->type)->name,
			    sp->code);
		t->unshown++;
	} else {
		t->asked++;
		if (!asks_well(p, sp, s, &v, true, &arena) ||
		    !asks_well(p, sp, s, &v, false, &arena))
			t->failed++;
	}
	hf_arena_free(&arena);
}

/* Stores the variants of a type and reads them back as the store has them. */
static void
put_samples(struct place *p, hf_type_id type, struct samples *out)
{
	uint32_t n = hf_sample_variants(type);
	const char *json[64];

	assert_true(n <= HF_COUNT(json));
	*out = (struct samples){.arena = {.cap = (size_t)512 << 20}};
	for (uint32_t i = 0; i < n; i++) {
		struct hf_buf text = {0};

		hf_sample_write(type, i, &text);
		json[i] = hf_arena_cstr(&out->arena, hf_buf_view(&text));
		hf_buf_free(&text);
	}
	for (uint32_t i = 0; i < n; i++)
		place_put1(p, json[i]);
	out->items = hf_arena_array(&out->arena, n, sizeof *out->items);
	for (; out->n < n; out->n++) {
		struct sample *s = &out->items[out->n];
		struct hf_version v;

		s->id = hf_arena_printf(&out->arena, "sample-%zu", out->n);
		assert_int_equal(hf_store_read(p->reader,
					       hf_sv_from(hf_type_get(type)->name),
					       s->id, 0, &out->arena, &v, &p->err),
				 HF_OK);
		assert_int_equal(
		    hf_json_parse(v.body, NULL, &out->arena, &s->doc, &p->err), HF_OK);
	}
}

BOTH(every_parameter_finds_what_has_its_value_and_leaves_what_has_not)
{
	struct tally t = {0};
	size_t advertised = 0;

	for (hf_type_id type = 1; type <= hf_n_resource_types; type++) {
		struct samples samples;
		uint16_t first, n;

		put_samples(p, type, &samples);
		hf_sp_of_type(type, &first, &n);
		for (uint16_t i = 0; i < n; i++) {
			const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));

			if (!hf_search_supports(type, sp))
				continue;
			advertised++;
			try_param(p, sp, &samples, &t);
		}
		hf_arena_free(&samples.arena);
	}
	print_message("%zu advertised, %zu asked, %zu without a sample, %zu failed\n",
		      advertised, t.asked, t.unshown, t.failed);
	assert_int_equal(t.failed, 0);
	assert_int_equal(t.unshown, 0);
	assert_true(t.asked > 1300);
}

HF_TEST_MAIN(
    "record/search all",
    BOTH_TESTS(every_parameter_finds_what_has_its_value_and_leaves_what_has_not))

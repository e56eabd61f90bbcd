/* Every search parameter of every type that is advertised finds what it should and
 * leaves what it should not: asked for a value that a sample has, and for one that
 * it has not. */
#include "test_record_search.h"
#include "test/support/sample.h"

struct sample {
	struct hf_sv id;
	struct hf_json doc;
};

enum { SAMPLES_MOST = 40, CONTEXT = 3 };

struct samples {
	hf_type_id type;
	struct hf_arena arena;
	struct sample items[SAMPLES_MOST];
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
	/* A sample's code that says it is an NHS number is none. */
	if (v->code.n == 0 ||
	    (hf_sv_ends(v->system, HF_SV("nhs-number")) && !v->digits))
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

/* The year before or after all; a value without that end meets it. */
static bool
date_query(const struct hf_spv *v, bool hit, struct hf_buf *out)
{
	const hf_time day = 86400000;
	bool from = v->date.lo > HF_TIME_MIN, to = v->date.hi < HF_TIME_MAX;

	if (v->date.lo >= v->date.hi)
		return false; /* a sample's period that ends before it begins */
	if (from && to && hit) {
		put_time(out, "ge", v->date.lo - day);
		return true;
	}
	if (from)
		put_time(out, hit ? "gt" : "eb",
			 hit ? v->date.lo - day : -(hf_time)9999 * 365 / 10 * day);
	else if (to)
		put_time(out, hit ? "lt" : "sa",
			 hit ? v->date.hi + day : (hf_time)9999 * 365 / 10 * day);
	return from || to;
}

/* A range, as a comparator makes one, is asked for by a prefix. */
static void
put_number(const struct hf_spv *v, struct hf_buf *out)
{
	if (v->is_range)
		hf_buf_printf(out, v->number.n ? "gt-1e14" : "lt1e14");
	else
		put_escaped(out, v->number);
}

static bool
quantity_query(const struct hf_spv *v, bool hit, struct hf_buf *out)
{
	put_number(v, out);
	hf_buf_lit(out, "|");
	put_escaped(out, v->system);
	hf_buf_lit(out, "|");
	put_escaped(out, v->system.n || v->code.n ? v->code : v->unit);
	if (!hit)
		hf_buf_lit(out, "else");
	return v->number.n > 0 || v->high.n > 0;
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
		if (hit)
			put_number(v, out);
		else
			hf_buf_lit(out, "987654321.5");
		return v->number.n > 0 || v->high.n > 0;
	default:
		put_escaped(out, v->text);
		if (!hit)
			hf_buf_lit(out, "else");
		/* What is contained, or another's by its own address, has no name here.
		 */
		return v->text.n > 0 && v->text.p[0] != '#';
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

/* ---- samples ---- */

/* Samples are shallow: a concept within a use context has no code in them. */
static void
write_context(hf_type_id type, struct hf_sv id, struct hf_buf *out)
{
	hf_sample_least(type, id, out);
	while (out->n && out->p[out->n - 1] != '}')
		out->n--;
	out->n--;
	hf_buf_lit(out, ",\"useContext\":[{\"code\":{\"code\":\"focus\"},"
			"\"valueCodeableConcept\":{\"coding\":[{\"system\":"
			"\"http://snomed.info/sct\",\"code\":\"271737000\"}]}}]}");
}

/* Stores one more sample of a type and reads it back as the store has it. */
static void
add_sample(struct place *p, struct samples *l)
{
	struct sample *s = &l->items[l->n];
	const char *name = hf_type_get(l->type)->name;
	struct hf_buf text = {0};
	struct hf_version v;

	s->id = hf_arena_printf(&l->arena, "sample-%zu", l->n);
	if (l->n == CONTEXT && hf_elem_by_name(l->type, HF_SV("useContext")))
		write_context(l->type, s->id, &text);
	else
		hf_sample_write(l->type, (uint32_t)l->n, &text);
	l->n++;
	place_put1(p, hf_arena_cstr(&l->arena, hf_buf_view(&text)));
	hf_buf_free(&text);
	assert_int_equal(hf_store_read(p->reader, hf_sv_from(name), s->id, 0, &l->arena,
				       &v, &p->err),
			 HF_OK);
	assert_int_equal(hf_json_parse(v.body, NULL, &l->arena, &s->doc, &p->err),
			 HF_OK);
}

/* A value of a sample that makes a query. */
static bool
shows(const struct hf_sp *sp, const struct sample *s, struct hf_arena *arena,
      struct hf_spv *v)
{
	struct hf_spvs values = {0};
	struct hf_err err;

	if (hf_sp_values(sp, &s->doc, 0, arena, &values, &err) != HF_OK)
		fail_msg("%s %s: %s", hf_type_get(sp->type)->name, sp->code, err.text);
	for (size_t k = 0; k < values.n; k++) {
		struct hf_buf text = {0};
		bool can = write_query(sp, &values.items[k], true, &text, arena);

		hf_buf_free(&text);
		*v = values.items[k];
		if (can)
			return true;
	}
	return false;
}

/* The first sample that has a value; more variants of the type are made for it,
 * for which type a reference leads to differs from one to the next. */
static const struct sample *
find_sample(struct place *p, const struct hf_sp *sp, struct samples *l,
	    struct hf_arena *arena, struct hf_spv *v)
{
	for (size_t i = 0; i < SAMPLES_MOST; i++) {
		if (i == l->n)
			add_sample(p, l);
		if (shows(sp, &l->items[i], arena, v))
			return &l->items[i];
	}
	return NULL;
}

static void
try_param(struct place *p, const struct hf_sp *sp, struct samples *samples,
	  struct tally *t)
{
	struct hf_arena arena = {.cap = (size_t)256 << 20};
	struct hf_spv v;
	const struct sample *s = find_sample(p, sp, samples, &arena, &v);

	if (!s) {
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

BOTH(every_parameter_finds_what_has_its_value_and_leaves_what_has_not)
{
	struct tally t = {0};
	size_t advertised = 0;

	for (hf_type_id type = 1; type <= hf_n_resource_types; type++) {
		static struct samples samples;
		uint16_t first, n;

		samples =
		    (struct samples){.type = type, .arena = {.cap = (size_t)512 << 20}};
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

/* framework_outside.c - see framework_outside.h. */
#include "population/framework_outside.h"

#include <math.h>

#include "record/measure_report.h"

static struct hf_sv
text(const struct hf_json *d, uint32_t node, struct hf_arena *arena)
{
	struct hf_sv s = hf_json_str(d, node, arena);

	return s.p ? s : HF_SV("");
}

/* "https://a.example/fhir/Measure/falls-65|1.0.0" into its parts. */
static bool
name_measure(struct hf_sv url, struct hf_pop_outside *out)
{
	struct hf_sv rest = url, path = hf_sv_cut(&rest, '|'), part = {0};

	out->version = rest.p ? rest : HF_SV("");
	out->source = HF_SV("");
	while (path.n) {
		struct hf_sv next = hf_sv_cut(&path, '/');

		/* https, nothing, the host. */
		if (next.n && out->source.n == 0 && part.p && part.n == 0)
			out->source = next;
		part = next;
	}
	out->measure = part;
	return part.n > 0;
}

static void
name_source(const struct hf_json *d, struct hf_arena *arena, struct hf_pop_outside *out)
{
	uint32_t reporter = hf_json_member(d, 0, "reporter");
	uint32_t id = hf_json_member(d, reporter, "identifier");
	struct hf_sv said[] = {
	    text(d, hf_json_member(d, reporter, "display"), arena),
	    text(d, hf_json_member(d, id, "value"), arena),
	    text(d, hf_json_member(d, reporter, "reference"), arena),
	};

	for (size_t i = 0; i < HF_COUNT(said); i++)
		if (said[i].n) {
			out->source = said[i];
			return;
		}
}

static double
first_of(const struct hf_json *d, uint32_t group, const char *a, const char *b,
	 struct hf_arena *arena)
{
	double n = hf_measure_report_count(d, group, a, arena);

	return isnan(n) ? hf_measure_report_count(d, group, b, arena) : n;
}

static bool
small(double n)
{
	return n > 0 && n < 5;
}

static void
read_figure(const struct hf_json *d, uint32_t group, struct hf_arena *arena,
	    struct hf_pop_outside_figure *out)
{
	uint32_t score = hf_json_member(d, group, "measureScore");

#define BOUND(name) hf_measure_report_bound(d, score, name, arena)
	*out = (struct hf_pop_outside_figure){
	    .n = first_of(d, group, "numerator", "initial-population", arena),
	    .of = first_of(d, group, "denominator", "measure-population", arena),
	    .value = {hf_measure_report_number(d, hf_json_member(d, score, "value")),
		      BOUND("low"), BOUND("high")},
	    .standard = {BOUND("standard"), BOUND("standard-low"),
			 BOUND("standard-high")},
	};
#undef BOUND
	/* What others send is shown by our rule (population.md 7), whatever theirs is.
	 */
	out->hidden = small(out->n) || small(out->of - out->n) ||
		      (isnan(out->value.value) && isnan(out->n));
	if (out->hidden) {
		const struct hf_ms_interval none = {NAN, NAN, NAN};

		out->n = out->of = NAN;
		out->value = out->standard = none;
	}
}

static bool
read_strata(const struct hf_json *d, uint32_t group, struct hf_arena *arena,
	    struct hf_pop_outside *out)
{
	uint32_t by = hf_json_at(d, hf_json_member(d, group, "stratifier"), 0);
	uint32_t list = hf_json_member(d, by, "stratum");
	uint32_t n = hf_json_count(d, list);
	struct hf_pop_outside_figure *items;

	if (n > HF_POP_OUTSIDE_STRATA)
		n = HF_POP_OUTSIDE_STRATA;
	out->by = text(
	    d,
	    hf_json_member(d, hf_json_at(d, hf_json_member(d, by, "code"), 0), "text"),
	    arena);
	items = hf_arena_array(arena, n ? n : 1, sizeof *items);
	for (uint32_t i = 0; items && i < n; i++) {
		uint32_t at = hf_json_at(d, list, i);

		read_figure(d, at, arena, &items[i]);
		items[i].name =
		    text(d, hf_json_member(d, hf_json_member(d, at, "value"), "text"),
			 arena);
	}
	out->strata = items;
	out->n_strata = n;
	return items != NULL;
}

bool
hf_pop_outside_read(const struct hf_json *d, struct hf_arena *arena,
		    struct hf_pop_outside *out)
{
	uint32_t group = hf_json_at(d, hf_json_member(d, 0, "group"), 0);
	uint32_t period = hf_json_member(d, 0, "period");

	*out = (struct hf_pop_outside){.n_strata = 0};
	/* Whoever asks for figures may not see the records of single people. */
	if (!hf_measure_report_counts(d, 0, arena))
		return false;
	if (!name_measure(text(d, hf_json_member(d, 0, "measure"), arena), out))
		return false;
	name_source(d, arena, out);
	out->from = text(d, hf_json_member(d, period, "start"), arena);
	out->to = text(d, hf_json_member(d, period, "end"), arena);
	out->unit =
	    text(d, hf_json_member(d, hf_json_member(d, group, "measureScore"), "unit"),
		 arena);
	read_figure(d, group, arena, &out->whole);
	return read_strata(d, group, arena, out);
}

static void
number(struct hf_jw *w, const char *name, double x)
{
	char out[40];

	hf_jw_key(w, hf_sv_from(name));
	if (!isfinite(x)) {
		hf_jw_null(w);
		return;
	}
	snprintf(out, sizeof out, fabs(x) >= 1e6 ? "%.0f" : "%.6g", x == 0 ? 0 : x);
	hf_jw_raw(w, hf_sv_from(out));
}

void
hf_pop_outside_json(const struct hf_pop_outside_figure *f, struct hf_jw *w)
{
	hf_jw_obj(w);
	if (f->name.n)
		hf_jw_field(w, "name", f->name);
	hf_jw_key(w, HF_SV("status"));
	hf_jw_str(w, f->hidden ? HF_SV("suppressed") : HF_SV("ok"));
	number(w, "n", f->n);
	number(w, "of", f->of);
	number(w, "value", f->value.value);
	number(w, "low", f->value.low);
	number(w, "high", f->value.high);
	number(w, "standard", f->standard.value);
	number(w, "standardLow", f->standard.low);
	number(w, "standardHigh", f->standard.high);
	hf_jw_obj_end(w);
}

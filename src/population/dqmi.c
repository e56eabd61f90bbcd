/* dqmi.c - the quality of all that was received together. */
#include "population/dqmi.h"

#include <math.h>

#include "base/time.h"

static const uint8_t kind_of[HF_POP_SETTINGS] = {
    [HF_POP_UNK] = HF_FEED_KINDS,	[HF_POP_AE] = HF_FEED_AE,
    [HF_POP_EL] = HF_FEED_SPELLS,	[HF_POP_DC] = HF_FEED_SPELLS,
    [HF_POP_NE] = HF_FEED_SPELLS,	[HF_POP_RDA] = HF_FEED_SPELLS,
    [HF_POP_MAT] = HF_FEED_SPELLS,	[HF_POP_OP] = HF_FEED_OUTPATIENTS,
    [HF_POP_COM] = HF_FEED_COMMUNITY,	[HF_POP_UCR] = HF_FEED_UCR,
    [HF_POP_VW] = HF_FEED_VIRTUAL_WARD, [HF_POP_MH] = HF_FEED_MENTAL_HEALTH,
    [HF_POP_ASC] = HF_FEED_SOCIAL_CARE, [HF_POP_GP] = HF_FEED_GP,
    [HF_POP_RX] = HF_FEED_PRESCRIBING,	[HF_POP_DIAG] = HF_FEED_DIAGNOSTICS,
    [HF_POP_AMB] = HF_FEED_AMBULANCE,	[HF_POP_111] = HF_FEED_111};

void
hf_dqmi_expect(const struct hf_pop_framework *f, struct hf_dqmi *out)
{
	out->sets[HF_FEED_REGISTER].expected = true;
	for (size_t m = 0; m < f->n; m++) {
		const struct hf_pop_measure *is = &f->measures[m];

		if (is->of == HF_POP_OF_VALUES)
			out->sets[HF_FEED_VALUES].expected = true;
		for (int s = 0; s < HF_POP_SETTINGS; s++)
			if (is->base.settings >> s & 1 && kind_of[s] < HF_FEED_KINDS)
				out->sets[kind_of[s]].expected = true;
	}
}

/* ---- what a feed says of itself ---- */

static uint64_t
count(const struct hf_json *d, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(d, object, hf_sv_from(name));
	int64_t v = 0;

	return node != HF_JSON_NONE && hf_sv_int(hf_json_raw(d, node), &v) && v > 0
		   ? (uint64_t)v
		   : 0;
}

static enum hf_map_field
field_of(struct hf_sv name)
{
	for (int f = 0; f < HF_FIELDS; f++)
		if (hf_sv_eq(hf_sv_from(hf_map_field_name((enum hf_map_field)f)), name))
			return (enum hf_map_field)f;
	return HF_FIELDS;
}

static void
add_items(struct hf_dqmi_set *set, const struct hf_json *d, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, 0, "items");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t o = hf_json_at(d, list, i);
		enum hf_map_field f =
		    field_of(hf_json_str(d, hf_json_member(d, o, "field"), arena));
		struct hf_dq_item *item;

		if (f == HF_FIELDS)
			continue;
		item = &set->items[f];
		set->fields |= (uint64_t)1 << f;
		item->records += count(d, o, "records");
		item->valid += count(d, o, "valid");
		item->defaults += count(d, o, "defaults");
		/* Of feeds by maps that differ the stricter threshold. */
		if (item->permille == 0 || count(d, o, "threshold") < item->permille)
			item->permille = (unsigned)count(d, o, "threshold");
	}
}

/* Months since 1900-01 of "2026-04". */
static int
month_of(struct hf_sv text)
{
	struct hf_sv rest = text;
	int64_t y = 0, m = 0;

	return hf_sv_int(hf_sv_cut(&rest, '-'), &y) && hf_sv_int(rest, &m)
		   ? (int)((y - 1900) * 12 + m - 1)
		   : -1;
}

static uint16_t
months_in(const struct hf_json *d, int first, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, 0, "months");
	uint16_t bits = 0;

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t o = hf_json_at(d, list, i);
		int at =
		    month_of(hf_json_str(d, hf_json_member(d, o, "month"), arena)) -
		    first;

		if (at >= 0 && at < HF_DQMI_MONTHS && count(d, o, "n"))
			bits |= (uint16_t)(1u << at);
	}
	return bits;
}

/* ---- all of them ---- */

struct sources { /* months of each source of one dataset */
	struct hf_sv name[HF_DQMI_SOURCES];
	uint16_t months[HF_DQMI_SOURCES];
	unsigned n;
};

static void
add_months(struct sources *s, struct hf_sv name, uint16_t months)
{
	unsigned i = 0;

	while (i < s->n && !hf_sv_eq(s->name[i], name))
		i++;
	if (i == HF_DQMI_SOURCES)
		return;
	if (i == s->n)
		s->name[s->n++] = name;
	s->months[i] |= months;
}

static uint16_t
first_day(int month)
{
	int64_t day =
	    hf_days_from_civil(1900 + month / 12, month % 12 + 1, 1) - HF_POP_DAY_ZERO;

	return day < 0 ? 0 : day > HF_POP_NONE ? HF_POP_NONE : (uint16_t)day;
}

static void
one_set(struct hf_dqmi *d, enum hf_feed_kind kind, const struct hf_dqmi_feed *feeds,
	size_t n, struct hf_arena *arena)
{
	/* A list of who is where or has what is as of a day: one is all there is. */
	bool snapshot = kind == HF_FEED_REGISTER || kind == HF_FEED_CONDITIONS;
	uint16_t all = (1u << HF_DQMI_MONTHS) - 1, since = first_day(d->first_month);
	struct hf_dqmi_set *set = &d->sets[kind];
	struct sources s = {.n = 0};

	for (size_t i = 0; i < n; i++) {
		struct hf_json json;

		if (hf_feed_kind_find(feeds[i].kind) != kind ||
		    hf_json_parse(feeds[i].quality, NULL, arena, &json, NULL) != HF_OK)
			continue;
		add_months(&s, feeds[i].source,
			   snapshot ? (feeds[i].to > since ? all : 0)
				    : months_in(&json, d->first_month, arena));
		if (feeds[i].to > since)
			add_items(set, &json, arena);
	}
	for (unsigned i = 0; i < s.n; i++)
		set->received += (unsigned)__builtin_popcount(s.months[i]);
	set->due = HF_DQMI_MONTHS * (s.n ? s.n : set->expected);
}

void
hf_dqmi_reckon(struct hf_dqmi *d, const struct hf_dqmi_feed *feeds, size_t n,
	       uint16_t day, struct hf_arena *arena)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);
	double items[HF_FEED_KINDS * HF_FIELDS], coverage[HF_FEED_KINDS];
	size_t n_items = 0, n_sets = 0;

	d->first_month = (c.year - 1900) * 12 + c.month - 1 - HF_DQMI_MONTHS;
	d->items = d->coverage = 0;
	for (int k = 0; k < HF_FEED_KINDS; k++) {
		struct hf_dqmi_set *set = &d->sets[k];

		one_set(d, (enum hf_feed_kind)k, feeds, n, arena);
		if (set->due == 0)
			continue;
		coverage[n_sets] = (double)set->received / set->due;
		d->coverage += coverage[n_sets++];
		for (uint64_t left = set->fields; left; left &= left - 1) {
			items[n_items] =
			    hf_dq_item_score(&set->items[__builtin_ctzll(left)]) / 100;
			d->items += items[n_items++];
		}
	}
	d->items = n_items ? d->items / (double)n_items : 0;
	d->coverage = n_sets ? d->coverage / (double)n_sets : 0;
	d->score = n_items ? hf_dqmi(items, n_items, coverage, n_sets) : NAN;
}

static void
number(struct hf_jw *w, const char *name, double x)
{
	char text[32];

	hf_jw_key(w, hf_sv_from(name));
	if (isnan(x)) {
		hf_jw_null(w);
		return;
	}
	snprintf(text, sizeof text, "%.2f", x);
	hf_jw_raw(w, hf_sv_from(text));
}

static void
put_item(struct hf_jw *w, enum hf_map_field f, const struct hf_dq_item *item)
{
	const uint64_t counts[] = {item->records, item->valid, item->defaults,
				   item->permille};
	static const char *const names[] = {"records", "valid", "defaults",
					    "threshold"};

	hf_jw_obj(w);
	hf_jw_field(w, "field", hf_sv_from(hf_map_field_name(f)));
	for (size_t i = 0; i < HF_COUNT(counts); i++) {
		hf_jw_key(w, hf_sv_from(names[i]));
		hf_jw_int(w, (int64_t)counts[i]);
	}
	number(w, "score", hf_dq_item_score(item));
	hf_jw_obj_end(w);
}

void
hf_dqmi_write(const struct hf_dqmi *d, struct hf_jw *w)
{
	char text[16];

	hf_jw_obj(w);
	number(w, "score", d->score);
	number(w, "items", 100 * d->items);
	number(w, "coverage", 100 * d->coverage);
	snprintf(text, sizeof text, "%04d-%02d", 1900 + d->first_month / 12,
		 d->first_month % 12 + 1);
	hf_jw_field(w, "from", hf_sv_from(text));
	hf_jw_member(w, "months");
	hf_jw_int(w, HF_DQMI_MONTHS);
	hf_jw_member(w, "datasets");
	hf_jw_arr(w);
	for (int k = 0; k < HF_FEED_KINDS; k++) {
		const struct hf_dqmi_set *set = &d->sets[k];

		if (set->due == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "kind",
			    hf_sv_from(hf_feed_kind_name((enum hf_feed_kind)k)));
		hf_jw_member(w, "received");
		hf_jw_int(w, set->received);
		hf_jw_member(w, "expected");
		hf_jw_int(w, set->due);
		hf_jw_member(w, "items");
		hf_jw_arr(w);
		for (uint64_t left = set->fields; left; left &= left - 1)
			put_item(w, (enum hf_map_field)__builtin_ctzll(left),
				 &set->items[__builtin_ctzll(left)]);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* peer_json.c - the place beside its peers, as answered: docs/interfaces/benchmarks.md.
 */
#include <math.h>

#include "base/time.h"
#include "population/peer.h"

static void
text(struct hf_jw *w, const char *name, const char *value)
{
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(value));
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

static void
day_text(uint16_t at, char out[40])
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)at + HF_POP_DAY_ZERO) * 86400000);

	snprintf(out, 40, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
}

static void
day(struct hf_jw *w, const char *name, uint16_t at)
{
	char out[40];

	day_text(at, out);
	text(w, name, out);
}

static void
put_value(struct hf_jw *w, struct hf_ms_interval v)
{
	number(w, "value", v.value);
	number(w, "low", v.low);
	number(w, "high", v.high);
}

static void
put_peer(struct hf_jw *w, const struct hf_peer *p)
{
	hf_jw_obj(w);
	hf_jw_field(w, "id", p->org);
	hf_jw_field(w, "name", p->name);
	number(w, "n", p->num);
	number(w, "of", p->den);
	put_value(w, p->value);
	number(w, "low95", p->near.low);
	number(w, "high95", p->near.high);
	number(w, "low998", p->far.low);
	number(w, "high998", p->far.high);
	hf_jw_obj_end(w);
}

static void
put_gain(struct hf_jw *w, const struct hf_peers *p, const struct hf_pop_measure *m)
{
	static const char *const names[] = {"median", "quarter"};

	hf_jw_member(w, "opportunity");
	if (!p->has_gain) {
		hf_jw_null(w);
		return;
	}
	hf_jw_obj(w);
	text(w, "what",
	     m->scale == HF_POP_CENSUS		   ? "people on an average day"
	     : m->direction == HF_MS_HIGHER_BETTER ? "more of what is counted"
						   : "fewer of what is counted");
	for (size_t k = 0; k < 2; k++) {
		const struct hf_peer_gain *g = &p->gain[k];

		hf_jw_key(w, hf_sv_from(names[k]));
		hf_jw_obj(w);
		number(w, "target", g->target);
		number(w, "events", g->events.value);
		number(w, "low", g->events.low);
		number(w, "high", g->events.high);
		if (m->price.tariff_pence) {
			number(w, "tariffPence", g->money.tariff);
			number(w, "marginalPence", g->money.marginal);
			number(w, "marginalPenceLow",
			       g->events.low * (double)m->price.tariff_pence *
				   m->price.marginal);
			number(w, "marginalPenceHigh",
			       g->events.high * (double)m->price.tariff_pence *
				   m->price.marginal);
			number(w, "releasablePence", g->money.releasable);
		}
		hf_jw_obj_end(w);
	}
	text(w, "note",
	     "Opportunities of different measures are never added: the same people are "
	     "in several.");
	hf_jw_obj_end(w);
}

static void
put_files(struct hf_jw *w, const struct hf_peers *p, const struct hf_bench_kept *files,
	  size_t n_files)
{
	hf_jw_member(w, "files");
	hf_jw_arr(w);
	for (size_t i = 0; i < n_files; i++) {
		bool used = false;

		for (size_t k = 0; k < p->n_feeds; k++)
			used |= p->feeds[k] == files[i].id;
		if (!used)
			continue;
		hf_jw_obj(w);
		hf_jw_member(w, "id");
		hf_jw_int(w, files[i].id);
		hf_jw_field(w, "map", files[i].map);
		hf_jw_field(w, "version", files[i].version);
		hf_jw_field(w, "source", files[i].source);
		hf_jw_field(w, "file", files[i].file);
		hf_jw_field(w, "sha", files[i].sha);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_peers_json(const struct hf_peers *p, const struct hf_pop_measure *m,
	      const struct hf_bench_kept *files, size_t n_files, struct hf_jw *w)
{
	hf_jw_obj(w);
	text(w, "id", p->group->id);
	text(w, "version", p->group->version);
	text(w, "title", p->group->title);
	text(w, "source", p->group->source);
	text(w, "frozen", p->group->frozen);
	text(w, "figure", p->compare->figure);
	text(w, "over", p->compare->over);
	if (p->n) {
		day(w, "from", p->from);
		day(w, "to", p->to);
	}
	hf_jw_member(w, "own");
	hf_jw_obj(w);
	number(w, "n", p->own_n);
	number(w, "of", p->own_of);
	put_value(w, p->own);
	hf_jw_obj_end(w);
	text(w, "position", hf_peer_position_words[p->position]);
	number(w, "median", p->median);
	number(w, "betterQuarter", p->better_quarter);
	number(w, "worseQuarter", p->worse_quarter);
	number(w, "mean", p->mean);
	number(w, "phi", p->phi);
	hf_jw_member(w, "peers");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n; i++)
		put_peer(w, &p->peers[i]);
	hf_jw_arr_end(w);
	put_gain(w, p, m);
	hf_jw_member(w, "leftOut");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_left; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "id", p->left[i].org);
		hf_jw_field(w, "name", p->left[i].name);
		text(w, "why", p->left[i].why);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "caveats");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_caveats; i++)
		hf_jw_str(w, hf_sv_from(p->caveats[i]));
	hf_jw_arr_end(w);
	put_files(w, p, files, n_files);
	hf_jw_obj_end(w);
}

/* ---- a terminal ---- */

static void
say(struct hf_buf *out, const char *what, struct hf_ms_interval v)
{
	hf_buf_printf(out, "  %-34s %12.6g", what, v.value);
	if (!isnan(v.low) && !isnan(v.high))
		hf_buf_printf(out, "  (%.6g to %.6g)", v.low, v.high);
	hf_buf_char(out, '\n');
}

static void
say_gain(struct hf_buf *out, const char *what, const struct hf_peer_gain *g,
	 const struct hf_pop_measure *m)
{
	double each = (double)m->price.tariff_pence * m->price.marginal / 100;

	hf_buf_printf(out, "  %-34s %12.1f  (%.1f to %.1f)", what, g->events.value,
		      g->events.low, g->events.high);
	if (m->price.tariff_pence)
		hf_buf_printf(
		    out,
		    "  £%.0f at tariff, £%.0f marginal (£%.0f to £%.0f), £%.0f "
		    "releasable",
		    g->money.tariff / 100, g->money.marginal / 100,
		    g->events.low * each, g->events.high * each,
		    g->money.releasable / 100);
	hf_buf_char(out, '\n');
}

void
hf_peers_text(const struct hf_peers *p, const struct hf_pop_measure *m,
	      struct hf_buf *out)
{
	const struct hf_ms_interval none = {NAN, NAN, NAN};
	struct hf_ms_interval v = none;
	char from[40], to[40];

	hf_buf_printf(out, "%s (%s): %s\n", m->title, m->unit, p->group->title);
	if (p->n == 0) {
		hf_buf_printf(out, "  no figures of peers: import files of them\n\n");
		return;
	}
	day_text(p->from, from);
	day_text((uint16_t)(p->to - 1), to);
	hf_buf_printf(out, "  %zu peers, %s to %s; fixed %s\n", p->n, from, to,
		      p->group->frozen);
	say(out, "the place", p->own);
	if (!isnan(p->median)) {
		v.value = p->median;
		say(out, "median of the peers", v);
		v.value = p->better_quarter;
		say(out,
		    m->direction == HF_MS_NEUTRAL ? "lower quarter" : "better quarter",
		    v);
	}
	hf_buf_printf(out, "  %-34s %s\n", "where the place stands",
		      hf_peer_position_words[p->position]);
	if (p->has_gain) {
		say_gain(out, "opportunity at the median", &p->gain[0], m);
		say_gain(out, "opportunity at the better quarter", &p->gain[1], m);
	}
	if (p->n_left)
		hf_buf_printf(out, "  %-34s %zu\n", "left out", p->n_left);
	for (size_t i = 0; i < p->n_caveats; i++)
		hf_buf_printf(out, "  - %s\n", p->caveats[i]);
	hf_buf_char(out, '\n');
}

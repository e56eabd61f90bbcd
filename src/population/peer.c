/* peer.c - the place beside its peers. */
#include "population/peer_int.h"

#include <math.h>
#include <stdlib.h>

#include "measure/peers.h"

/* ---- which months ---- */

static int
by_day(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return (x > y) - (x < y);
}

static int
month_at(const struct hf_peer_work *w, uint16_t from)
{
	for (size_t i = 0; i < w->n_months; i++)
		if (w->first[i] == from)
			return (int)i;
	return -1;
}

/* The last twelve months of the files that end by `until`; when none does, of all. */
static enum hf_rc
pick_months(struct hf_peer_work *w, uint16_t until, struct hf_err *err)
{
	const struct hf_peer_figure *f = &w->in->figure;
	uint16_t *days, last = 0;
	size_t n = 0;

	if (f->n == 0)
		return HF_OK;
	days = hf_arena_array(w->arena, f->n, sizeof *days);
	if (!days)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many published figures");
	for (int late = 0; late < 2 && n == 0; late++)
		for (size_t i = 0; i < f->n; i++)
			if (f->v[i].to <= until || late)
				days[n++] = f->v[i].from;
	qsort(days, n, sizeof *days, by_day);
	for (size_t i = n; i-- > 0 && w->n_months < HF_PEER_MONTHS;)
		if (days[i] != last) {
			last = days[i];
			w->first[w->n_months++] = last;
		}
	qsort(w->first, w->n_months, sizeof *w->first, by_day);
	for (size_t i = 0; i < f->n; i++) {
		int at = month_at(w, f->v[i].from);

		if (at >= 0 && f->v[i].to > w->end[at])
			w->end[at] = f->v[i].to;
	}
	w->out->from = w->first[0];
	w->out->to = w->end[w->n_months - 1];
	return HF_OK;
}

/* ---- sums ---- */

static int
by_code(const void *key, const void *item)
{
	return hf_sv_cmp(*(const struct hf_sv *)key,
			 ((const struct hf_peer_parent *)item)->org);
}

/* Whose figure it is: the organisation, or the board that it belongs to.  Boards that
 * files tell of themselves are themselves.  n 0: it belongs to none. */
static struct hf_sv
owner(const struct hf_peer_work *w, const struct hf_bench_value *v, struct hf_sv *name)
{
	const struct hf_peer_parent *p = NULL;

	*name = v->name.n ? v->name : v->org;
	if (!w->g->boards)
		return v->org;
	if (w->in->n_parents)
		p = bsearch(&v->org, w->in->parents, w->in->n_parents,
			    sizeof *w->in->parents, by_code);
	if (p) {
		*name = p->name.n ? p->name : p->parent;
		return p->parent;
	}
	for (size_t i = 0; i < w->in->n_parents; i++)
		if (hf_sv_eq(w->in->parents[i].parent, v->org)) {
			if (w->in->parents[i].name.n)
				*name = w->in->parents[i].name;
			return v->org;
		}
	/* A list of members says who is a board; without one a file of boards does. */
	return w->in->n_parents ? (struct hf_sv){NULL, 0} : v->org;
}

static struct hf_peer_sum *
sum_of(struct hf_peer_work *w, struct hf_sv org, struct hf_sv name, bool make)
{
	for (size_t i = 0; i < w->n; i++)
		if (hf_sv_eq(w->sums[i].org, org))
			return &w->sums[i];
	if (!make || org.n == 0 || w->n == HF_PEERS_MOST)
		return NULL;
	w->sums[w->n] = (struct hf_peer_sum){.org = org, .name = name};
	for (size_t i = 0; i < HF_PEER_MONTHS; i++)
		w->sums[w->n].month[i] = NAN;
	return &w->sums[w->n++];
}

static void
note_feed(struct hf_peers *out, int64_t feed)
{
	for (size_t i = 0; i < out->n_feeds; i++)
		if (out->feeds[i] == feed)
			return;
	if (out->n_feeds < HF_COUNT(out->feeds))
		out->feeds[out->n_feeds++] = feed;
}

static void
add_figures(struct hf_peer_work *w)
{
	const struct hf_peer_figure *f = &w->in->figure;

	for (size_t i = 0; i < f->n; i++) {
		const struct hf_bench_value *v = &f->v[i];
		int month = month_at(w, v->from);
		struct hf_sv name, org = owner(w, v, &name);
		struct hf_peer_sum *s;

		if (month < 0)
			continue;
		s = sum_of(w, org, name, true);
		if (!s)
			continue;
		note_feed(w->out, v->feed);
		if (isnan(v->num) || (!*w->c->over && isnan(v->den))) {
			s->without++;
			continue;
		}
		if (isnan(s->month[month]))
			s->months++;
		s->month[month] = *w->c->over ? 1 : v->num / v->den;
		s->num += v->num;
		s->den += *w->c->over ? 0 : v->den;
	}
}

/* The newest of each organisation, added up: people registered. */
static void
add_newest(struct hf_peer_work *w, const struct hf_peer_figure *f, bool least)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct hf_bench_value *v = &f->v[i];
		bool last = i + 1 == f->n || !hf_sv_eq(f->v[i + 1].org, v->org);
		struct hf_sv name, org = owner(w, v, &name);
		struct hf_peer_sum *s = sum_of(w, org, name, false);

		if (!s || isnan(v->num))
			continue;
		if (least && month_at(w, v->from) >= 0)
			s->least += v->num;
		if (!least && last) {
			s->over += v->num;
			note_feed(w->out, v->feed);
		}
	}
}

/* ---- who is a peer ---- */

static bool
listed(const char *const *codes, size_t n, struct hf_sv org)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(hf_sv_from(codes[i]), org))
			return true;
	return false;
}

static void
caveat(struct hf_peers *out, const char *text)
{
	if (*text && out->n_caveats < HF_COUNT(out->caveats))
		out->caveats[out->n_caveats++] = text;
}

static int
by_org(const void *a, const void *b)
{
	return hf_sv_cmp(((const struct hf_peer_sum *)a)->org,
			 ((const struct hf_peer_sum *)b)->org);
}

/* The newest value of an organisation's feature. */
static double
feature_of(const struct hf_peer_figure *f, struct hf_sv org)
{
	double x = NAN;

	for (size_t i = 0; i < f->n; i++)
		if (hf_sv_eq(f->v[i].org, org) && !isnan(f->v[i].num))
			x = f->v[i].num;
	return x;
}

/* keep[i]: is sum i among the nearest?  False when it cannot be told. */
static bool
nearest(struct hf_peer_work *w, bool *keep)
{
	size_t k = w->g->n_features, places = w->n + 1;
	double *x = hf_arena_array(w->arena, places * k, sizeof *x);
	double *scratch = hf_arena_array(w->arena, places + 2 * k, sizeof *scratch);
	size_t *order = hf_arena_array(w->arena, places, sizeof *order), n = 0;
	bool known = false;

	if (!x || !scratch || !order)
		return false;
	for (size_t f = 0; f < k; f++) {
		for (size_t i = 0; i < w->n; i++)
			x[i * k + f] = feature_of(&w->in->features[f], w->sums[i].org);
		x[w->n * k + f] = feature_of(&w->in->features[f], hf_sv_from(w->g->to));
		known |= !isnan(x[w->n * k + f]);
	}
	if (!known)
		return false;
	hf_ms_nearest(x, places, k, w->n, order, scratch);
	for (size_t i = 0; i + 1 < places && n < (size_t)w->g->nearest; i++) {
		bool any = false;

		/* Of whom nothing is known stands as near as can be: not a peer. */
		for (size_t f = 0; f < k; f++)
			any |= !isnan(x[order[i] * k + f]);
		if (!any || hf_sv_eq(w->sums[order[i]].org, hf_sv_from(w->g->to)))
			continue;
		keep[order[i]] = true;
		n++;
	}
	return true;
}

static const char *
why_left(const struct hf_peer_work *w, const struct hf_peer_sum *s, bool near)
{
	if (listed(w->g->leave_out, w->g->n_leave_out, s->org) ||
	    hf_sv_eq(hf_sv_from(w->g->to), s->org))
		return "the place's own";
	if (w->g->n_named && !listed(w->g->named, w->g->n_named, s->org))
		return "";
	if (!near)
		return "";
	if (*w->g->least && s->least < w->g->least_n)
		return ""; /* not of this group */
	if (s->months == 0)
		return "no figure in these months";
	if (*w->c->over ? !(s->over > 0) : !(s->den > 0))
		return "nothing to count it out of";
	return NULL;
}

/* ---- values ---- */

/* What values of a month are multiplied by to be in the unit of the measure. */
static double
unit(const struct hf_pop_measure *m)
{
	return m->scale == HF_POP_SHARE || !isnan(m->places) ? 100 : m->per;
}

static double
years(const struct hf_peer_work *w, const struct hf_peer_sum *s)
{
	double days = 0;

	for (size_t i = 0; i < w->n_months; i++)
		if (!isnan(s->month[i]))
			days += w->end[i] - w->first[i];
	return days / 365.25;
}

static void
set_value(const struct hf_peer_work *w, const struct hf_peer_sum *s, struct hf_peer *p)
{
	const struct hf_pop_measure *m = w->m;

	*p = (struct hf_peer){.org = s->org,
			      .name = s->name,
			      .num = s->num,
			      .den = *w->c->over ? s->over * years(w, s) : s->den,
			      .near = {NAN, NAN, NAN},
			      .far = {NAN, NAN, NAN}};
	if (m->scale == HF_POP_SHARE)
		p->value = hf_peer_times(
		    hf_ms_wilson(p->num, p->den, HF_PEER_CONFIDENCE), 100);
	else if (m->scale == HF_POP_RATE)
		p->value = hf_ms_rate(p->num, p->den, m->per, HF_PEER_CONFIDENCE);
	else
		p->value = hf_peer_of_months(p->num / p->den * unit(m), s->month,
					     w->n_months, unit(m));
}

static enum hf_rc
set_peers(struct hf_peer_work *w, struct hf_err *err)
{
	struct hf_peers *out = w->out;
	bool *near = hf_arena_array(w->arena, w->n + 1, sizeof *near);
	bool told = w->g->nearest == 0;

	out->peers = hf_arena_array(w->arena, w->n + 1, sizeof *out->peers);
	out->left =
	    hf_arena_array(w->arena, w->n + w->g->n_named + 1, sizeof *out->left);
	if (!near || !out->peers || !out->left)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many organisations");
	if (!told) {
		told = nearest(w, near);
		if (!told)
			caveat(out, "The nearest cannot be told: no features of the "
				    "own organisation were imported. All are shown.");
		else
			caveat(out, "The nearest by published features; another choice "
				    "of features gives other peers.");
	}
	for (size_t i = 0; i < w->n; i++) {
		const struct hf_peer_sum *s = &w->sums[i];
		const char *why =
		    why_left(w, s, w->g->nearest == 0 || !told || near[i]);

		if (!told && w->g->nearest && why && !*why)
			why = NULL;
		if (!why)
			set_value(w, s, &out->peers[out->n++]);
		else if (*why)
			out->left[out->n_left++] =
			    (struct hf_peer_left){s->org, s->name, why};
	}
	for (size_t i = 0; i < w->g->n_named; i++) {
		struct hf_sv org = hf_sv_from(w->g->named[i]);

		if (!sum_of(w, org, org, false))
			out->left[out->n_left++] =
			    (struct hf_peer_left){org, org, "in none of the files"};
	}
	return HF_OK;
}

static enum hf_rc
sum_up(struct hf_peer_work *w, struct hf_err *err)
{
	w->sums = hf_arena_array(w->arena, HF_PEERS_MOST, sizeof *w->sums);
	if (!w->sums)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many organisations");
	add_figures(w);
	if (*w->c->over)
		add_newest(w, &w->in->over, false);
	if (*w->g->least)
		add_newest(w, &w->in->least, true);
	if (w->n)
		qsort(w->sums, w->n, sizeof *w->sums, by_org);
	return HF_OK;
}

enum hf_rc
hf_peers_reckon(const struct hf_peer_group *group,
		const struct hf_peer_compare *compare, const struct hf_pop_report *r,
		size_t m, const struct hf_peer_input *in, struct hf_arena *arena,
		struct hf_peers *out, struct hf_err *err)
{
	struct hf_peer_work w = {.g = group,
				 .c = compare,
				 .m = &r->f->measures[r->measure[m]],
				 .in = in,
				 .arena = arena,
				 .out = out,
				 .days = r->ask.total_to - r->ask.total_from};
	enum hf_rc rc;

	*out = (struct hf_peers){.group = group, .compare = compare};
	caveat(out, compare->note);
	hf_peer_own(&w, r, m);
	rc = pick_months(&w, r->ask.total_to, err);
	if (rc == HF_OK)
		rc = sum_up(&w, err);
	if (rc == HF_OK)
		rc = set_peers(&w, err);
	if (rc == HF_OK)
		rc = hf_peer_quarters(&w, err);
	if (rc == HF_OK)
		rc = hf_peer_funnel(&w, err);
	if (rc != HF_OK)
		return rc;
	hf_peer_stand(&w);
	if (out->n && (out->from != r->ask.total_from || out->to != r->ask.total_to))
		caveat(out, "The months of the peers are not those of the place.");
	if (out->n && out->n < HF_PEER_FEW)
		caveat(out, "Fewer than four peers have figures: there is no median.");
	caveat(out, "Peers are not a league table: where intervals overlap there is no "
		    "order.");
	return HF_OK;
}

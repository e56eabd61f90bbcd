/* peer.c - the place beside its peers. */
#include "population/peer.h"

#include <math.h>
#include <stdlib.h>

#include "measure/peers.h"

const char *const hf_peer_position_words[HF_PEER_POSITIONS] = {
    "unknown",		"around-the-median",	 "better-than-the-median",
    "better-quarter",	"worse-than-the-median", "worse-quarter",
    "above-the-median", "below-the-median"};

static const double confidence = 0.95;

struct sum { /* of one peer */
	struct hf_sv org, name;
	double num, den, over, least;
	double month[HF_PEER_MONTHS]; /* num / den of each; NAN none */
	unsigned months, without;     /* that it has a value of, or a row without one */
};

struct work {
	const struct hf_peer_group *g;
	const struct hf_peer_compare *c;
	const struct hf_pop_measure *m;
	const struct hf_peer_input *in;
	struct hf_arena *arena;
	struct hf_peers *out;
	struct sum *sums;
	size_t n;
	uint16_t first[HF_PEER_MONTHS + 1]; /* first days of the months compared */
	size_t n_months;
	double days; /* of the place's own total */
};

/* ---- which months ---- */

static int
by_day(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return (x > y) - (x < y);
}

/* The last twelve months of the files that end by `until`; when none does, of all. */
static enum hf_rc
pick_months(struct work *w, uint16_t until, struct hf_err *err)
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
	w->out->from = w->first[0];
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].from == w->first[w->n_months - 1] &&
		    f->v[i].to > w->out->to)
			w->out->to = f->v[i].to;
	return HF_OK;
}

static int
month_at(const struct work *w, uint16_t from)
{
	for (size_t i = 0; i < w->n_months; i++)
		if (w->first[i] == from)
			return (int)i;
	return -1;
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
owner(const struct work *w, const struct hf_bench_value *v, struct hf_sv *name)
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

static struct sum *
sum_of(struct work *w, struct hf_sv org, struct hf_sv name, bool make)
{
	for (size_t i = 0; i < w->n; i++)
		if (hf_sv_eq(w->sums[i].org, org))
			return &w->sums[i];
	if (!make || org.n == 0 || w->n == HF_PEERS_MOST)
		return NULL;
	w->sums[w->n] = (struct sum){.org = org, .name = name};
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
add_figures(struct work *w)
{
	const struct hf_peer_figure *f = &w->in->figure;

	for (size_t i = 0; i < f->n; i++) {
		const struct hf_bench_value *v = &f->v[i];
		int month = month_at(w, v->from);
		struct hf_sv name, org = owner(w, v, &name);
		struct sum *s;

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
add_newest(struct work *w, const struct hf_peer_figure *f, bool least)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct hf_bench_value *v = &f->v[i];
		bool last = i + 1 == f->n || !hf_sv_eq(f->v[i + 1].org, v->org);
		struct hf_sv name, org = owner(w, v, &name);
		struct sum *s = sum_of(w, org, name, false);

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
	return hf_sv_cmp(((const struct sum *)a)->org, ((const struct sum *)b)->org);
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
nearest(struct work *w, bool *keep)
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
why_left(const struct work *w, const struct sum *s, bool near)
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

static struct hf_ms_interval
times(struct hf_ms_interval i, double by)
{
	return (struct hf_ms_interval){i.value * by, i.low * by, i.high * by};
}

/* What values of a month are multiplied by to be in the unit of the measure. */
static double
unit(const struct hf_pop_measure *m)
{
	return m->scale == HF_POP_SHARE || !isnan(m->places) ? 100 : m->per;
}

/* How one month differs from another, where people are counted on a day: t. */
static struct hf_ms_interval
of_months(double value, const double *month, size_t months, double by)
{
	double sum = 0, squares = 0, mean, half;
	size_t n = 0;

	for (size_t i = 0; i < months; i++)
		if (!isnan(month[i])) {
			sum += month[i];
			n++;
		}
	if (n < 3)
		return (struct hf_ms_interval){value, NAN, NAN};
	mean = sum / (double)n;
	for (size_t i = 0; i < months; i++)
		if (!isnan(month[i]))
			squares += (month[i] - mean) * (month[i] - mean);
	half = hf_ms_t_q(0.5 + confidence / 2, (double)n - 1) *
	       sqrt(squares / (double)(n - 1) / (double)n) * by;
	return (struct hf_ms_interval){value, fmax(0, value - half), value + half};
}

static double
years(const struct work *w, const struct sum *s)
{
	double days = 0;

	for (size_t i = 0; i < w->n_months; i++)
		if (!isnan(s->month[i]))
			days += (i + 1 < w->n_months ? w->first[i + 1] : w->out->to) -
				w->first[i];
	return days / 365.25;
}

static void
set_value(const struct work *w, const struct sum *s, struct hf_peer *p)
{
	const struct hf_pop_measure *m = w->m;

	*p = (struct hf_peer){.org = s->org,
			      .name = s->name,
			      .num = s->num,
			      .den = *w->c->over ? s->over * years(w, s) : s->den,
			      .near = {NAN, NAN, NAN},
			      .far = {NAN, NAN, NAN}};
	if (m->scale == HF_POP_SHARE)
		p->value = times(hf_ms_wilson(p->num, p->den, confidence), 100);
	else if (m->scale == HF_POP_RATE)
		p->value = hf_ms_rate(p->num, p->den, m->per, confidence);
	else
		p->value = of_months(p->num / p->den * unit(m), s->month, w->n_months,
				     unit(m));
}

static enum hf_rc
set_peers(struct work *w, struct hf_err *err)
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
		const struct sum *s = &w->sums[i];
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

/* ---- the place among them ---- */

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static enum hf_rc
set_quarters(struct work *w, struct hf_err *err)
{
	struct hf_peers *out = w->out;
	double *x = hf_arena_array(w->arena, out->n + 1, sizeof *x);
	bool higher = w->m->direction == HF_MS_HIGHER_BETTER;

	out->median = out->better_quarter = out->worse_quarter = NAN;
	if (!x)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many organisations");
	if (out->n < HF_PEER_FEW)
		return HF_OK;
	for (size_t i = 0; i < out->n; i++)
		x[i] = out->peers[i].value.value;
	qsort(x, out->n, sizeof *x, by_value);
	out->median = hf_ms_quantile(x, out->n, 0.5);
	out->better_quarter = hf_ms_quantile(x, out->n, higher ? 0.75 : 0.25);
	out->worse_quarter = hf_ms_quantile(x, out->n, higher ? 0.25 : 0.75);
	return HF_OK;
}

/* Limits about the mean of all, widened for over-dispersion, which among trusts there
 * always is (population.md 5). */
static enum hf_rc
set_funnel(struct work *w, struct hf_err *err)
{
	struct hf_peers *out = w->out;
	bool share = w->m->scale == HF_POP_SHARE;
	double num = 0, den = 0, *z;

	out->mean = out->phi = NAN;
	if ((!share && w->m->scale != HF_POP_RATE) || out->n < HF_PEER_FEW)
		return HF_OK;
	for (size_t i = 0; i < out->n; i++) {
		num += out->peers[i].num;
		den += out->peers[i].den;
	}
	out->mean = num / den;
	z = hf_arena_array(w->arena, 2 * out->n, sizeof *z);
	if (!z)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many organisations");
	for (size_t i = 0; i < out->n; i++) {
		const struct hf_peer *p = &out->peers[i];

		z[i] = share ? (p->num / p->den - out->mean) /
				   sqrt(out->mean * (1 - out->mean) / p->den)
			     : 2 * (sqrt(p->num) - sqrt(out->mean * p->den));
	}
	out->phi = fmax(1, hf_ms_phi(z, out->n, 0.1, z + out->n));
	for (size_t i = 0; i < out->n; i++) {
		struct hf_peer *p = &out->peers[i];
		double by = share ? 100 : w->m->per * out->mean;

		p->near = times(
		    share ? hf_ms_funnel_share(out->mean, p->den, 0.95, out->phi)
			  : hf_ms_funnel_ratio(out->mean * p->den, 0.95, out->phi),
		    by);
		p->far = times(
		    share ? hf_ms_funnel_share(out->mean, p->den, 0.998, out->phi)
			  : hf_ms_funnel_ratio(out->mean * p->den, 0.998, out->phi),
		    by);
	}
	out->mean *= share ? 100 : w->m->per;
	return HF_OK;
}

static void
set_own(struct work *w, const struct hf_pop_report *r, size_t m)
{
	const struct hf_pop_figure *f = hf_pop_report_at(r, m, 0, r->n_periods);
	double month[HF_PEER_MONTHS];
	size_t n = 0;

	w->out->own_n = f->counted;
	w->out->own_of = f->out_of;
	w->out->own = f->value;
	if (w->m->scale != HF_POP_CENSUS || r->ask.ask.grain != HF_POP_MONTH)
		return;
	for (size_t i = r->n_periods; i-- > 0 && n < HF_PEER_MONTHS;) {
		const struct hf_pop_figure *p = hf_pop_report_at(r, m, 0, i);

		if (p->status == HF_POP_OK)
			month[n++] = p->value.value;
	}
	w->out->own = of_months(f->value.value, month, n, 1);
}

static enum hf_peer_position
position(const struct hf_peers *p, enum hf_ms_direction d)
{
	bool higher = d == HF_MS_HIGHER_BETTER, above;

	if (isnan(p->median) || isnan(p->own.value) || isnan(p->own.low) ||
	    isnan(p->own.high))
		return HF_PEER_UNKNOWN;
	if (p->own.low <= p->median && p->own.high >= p->median)
		return HF_PEER_AROUND;
	above = p->own.low > p->median;
	if (d == HF_MS_NEUTRAL)
		return above ? HF_PEER_ABOVE : HF_PEER_BELOW;
	if (above == higher)
		return (higher ? p->own.low > p->better_quarter
			       : p->own.high < p->better_quarter)
			   ? HF_PEER_BEST_QUARTER
			   : HF_PEER_BETTER;
	return (higher ? p->own.high < p->worse_quarter : p->own.low > p->worse_quarter)
		   ? HF_PEER_WORST_QUARTER
		   : HF_PEER_WORSE;
}

/* What it would be to be as good: fewer events, or of what is better when higher,
 * more (POP-T22).  Of people counted on a day: people on an average day. */
static void
set_gain(struct work *w)
{
	struct hf_peers *out = w->out;
	const struct hf_pop_measure *m = w->m;
	double targets[2] = {out->median, out->better_quarter}, of = out->own_of,
	       per = m->scale == HF_POP_SHARE ? 100 : m->per;
	struct hf_ms_interval own = out->own;
	double sign = 1;

	out->has_gain = m->direction != HF_MS_NEUTRAL && !isnan(out->median) &&
			!isnan(own.value) && of > 0;
	if (!out->has_gain)
		return;
	if (m->scale == HF_POP_CENSUS) {
		of /= w->days; /* persons on an average day */
		if (!isnan(m->places))
			per = 100 * m->per / m->places;
	}
	if (m->direction == HF_MS_HIGHER_BETTER) {
		sign = -1;
		own = (struct hf_ms_interval){-own.value, -own.high, -own.low};
	}
	for (size_t k = 0; k < 2; k++) {
		struct hf_peer_gain *g = &out->gain[k];

		g->target = targets[k];
		g->events = hf_ms_opportunity(own, sign * targets[k], of, per);
		g->money = hf_ms_opportunity_money(
		    g->events.value, (double)m->price.tariff_pence, m->price.marginal,
		    m->price.releasable);
	}
}

static enum hf_rc
sum_up(struct work *w, struct hf_err *err)
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
	struct work w = {.g = group,
			 .c = compare,
			 .m = &r->f->measures[r->measure[m]],
			 .in = in,
			 .arena = arena,
			 .out = out,
			 .days = r->ask.total_to - r->ask.total_from};
	enum hf_rc rc;

	*out = (struct hf_peers){.group = group, .compare = compare};
	caveat(out, compare->note);
	set_own(&w, r, m);
	rc = pick_months(&w, r->ask.total_to, err);
	if (rc == HF_OK)
		rc = sum_up(&w, err);
	if (rc == HF_OK)
		rc = set_peers(&w, err);
	if (rc == HF_OK)
		rc = set_quarters(&w, err);
	if (rc == HF_OK)
		rc = set_funnel(&w, err);
	if (rc != HF_OK)
		return rc;
	out->position = position(out, w.m->direction);
	set_gain(&w);
	if (out->n && (out->from != r->ask.total_from || out->to != r->ask.total_to))
		caveat(out, "The months of the peers are not those of the place.");
	if (out->n && out->n < HF_PEER_FEW)
		caveat(out, "Fewer than four peers have figures: there is no median.");
	caveat(out, "Peers are not a league table: where intervals overlap there is no "
		    "order.");
	return HF_OK;
}

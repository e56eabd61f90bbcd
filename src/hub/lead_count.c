/* lead_count.c - figures: how many referrals hf_lead_is() says yes to.
 *
 * One pass sorts each referral into its hours and months; test_hub_lead.c holds it
 * against hf_lead_is(). */
#include <stdlib.h>

#include "hub/lead.h"

enum { HOUR_MS = 3600000 };

struct counting {
	const struct hf_lead_referral *all;
	size_t n;
	hf_time now;
	struct hf_arena *arena;
	struct hf_lead_figures *out;
};

static bool
is(const struct counting *c, const struct hf_lead_referral *r, struct hf_lead_ask ask)
{
	return hf_lead_is(r, &ask, c->now);
}

/* ---- arrivals ---- */

static void
count_arrivals(struct counting *c)
{
	struct hf_lead_figures *f = c->out;
	hf_time first = hf_lead_hour(c->now) - (HF_LEAD_HOURS - 1) * (int64_t)HOUR_MS;

	for (int i = 0; i < HF_LEAD_HOURS; i++)
		f->hours[i] = first + i * (int64_t)HOUR_MS;
	for (size_t i = 0; i < c->n; i++) {
		hf_time t = c->all[i].received;

		if (t >= first && t < first + HF_LEAD_HOURS * (int64_t)HOUR_MS)
			f->arrivals[(t - first) / HOUR_MS]++;
	}
}

/* ---- triage (R-2.8) ---- */

static int
by_number(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

/* Half way between the two in the middle when n is even. */
static int64_t
median(int64_t *times, size_t n)
{
	if (n == 0)
		return -1;
	qsort(times, n, sizeof *times, by_number);
	return n % 2 ? times[n / 2] : (times[n / 2 - 1] + times[n / 2]) / 2;
}

static enum hf_rc
count_triage(struct counting *c, bool urgent, struct hf_err *err)
{
	struct hf_lead_triage *t = &c->out->triage[urgent ? 0 : 1];
	int64_t *net = hf_arena_array(c->arena, c->n ? c->n : 1, sizeof *net);
	int64_t *gross = hf_arena_array(c->arena, c->n ? c->n : 1, sizeof *gross);

	if (!net || !gross)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many referrals to count");
	*t = (struct hf_lead_triage){.oldest_ms = -1};
	for (size_t i = 0; i < c->n; i++) {
		const struct hf_lead_referral *r = &c->all[i];
		const struct hf_lead_clock *c3 = &r->c3;

		if (is(c, r,
		       (struct hf_lead_ask){.figure = HF_LEAD_TRIAGED,
					    .urgent = urgent})) {
			gross[t->n] = c3->stopped - c3->start;
			net[t->n] = gross[t->n] - c3->paused_ms;
			t->n++;
			t->late += c3->state == HF_RUN_LATE;
		} else if (is(c, r,
			      (struct hf_lead_ask){.figure = HF_LEAD_UNTRIAGED,
						   .urgent = urgent})) {
			int64_t waits = c->now - r->received;

			t->waiting++;
			t->oldest_ms = waits > t->oldest_ms ? waits : t->oldest_ms;
		}
	}
	t->median_ms = median(net, t->n);
	/* Nearest rank: the smallest that nine in ten are not above. */
	t->p90_ms = t->n ? net[(t->n * 9 + 9) / 10 - 1] : -1;
	t->gross_ms = median(gross, t->n);
	return HF_OK;
}

/* ---- waits ---- */

static void
count_waits(struct counting *c)
{
	static const char *const codes[HF_LEAD_URGENCIES] = {
	    "U0", "U1", "U2", "U3", "U4", "U5", "U6", "A0", ""};
	struct hf_lead_figures *f = c->out;

	for (int u = 0; u < HF_LEAD_URGENCIES; u++) {
		struct hf_lead_wait w = {.urgency = hf_sv_from(codes[u]),
					 .oldest_ms = -1};

		for (size_t i = 0; i < c->n; i++) {
			const struct hf_lead_referral *r = &c->all[i];
			int64_t waits = c->now - r->received;

			if (!is(c, r,
				(struct hf_lead_ask){.figure = HF_LEAD_WAITING,
						     .urgency = w.urgency}))
				continue;
			w.n++;
			w.late +=
			    is(c, r,
			       (struct hf_lead_ask){.figure = HF_LEAD_WAITING_LATE,
						    .urgency = w.urgency});
			w.oldest_ms = waits > w.oldest_ms ? waits : w.oldest_ms;
		}
		if (w.n)
			f->waits[f->n_waits++] = w;
	}
}

/* ---- two hours (R-2.11, R-2.12) ---- */

static int
months_of(int32_t year, int month)
{
	return (int)year * 12 + month - 1;
}

static void
count_month(struct counting *c, const struct hf_lead_referral *r,
	    struct hf_lead_month *m)
{
	struct hf_lead_ask ask = {.year = m->year, .month = m->month};

	ask.figure = HF_LEAD_ALL_CONTACTS;
	m->all += hf_lead_is(r, &ask, c->now);
	ask.figure = HF_LEAD_SCOPE;
	if (!hf_lead_is(r, &ask, c->now))
		return;
	m->scope++;
	ask.figure = HF_LEAD_CONTACTS;
	m->contacts += hf_lead_is(r, &ask, c->now);
	ask.figure = HF_LEAD_MET;
	m->met += hf_lead_is(r, &ask, c->now);
	ask.figure = HF_LEAD_EXCLUDED;
	m->excluded[r->exit] += hf_lead_is(r, &ask, c->now);
}

static void
count_months(struct counting *c)
{
	struct hf_lead_month *months = c->out->months;
	struct hf_civil now = hf_london_civil(c->now);
	int last = months_of(now.year, now.month);

	for (int i = 0; i < HF_LEAD_MONTHS; i++) {
		months[i].year = (last - i) / 12;
		months[i].month = (last - i) % 12 + 1;
	}
	for (size_t i = 0; i < c->n; i++) {
		struct hf_civil at = hf_london_civil(c->all[i].received);
		int back = last - months_of(at.year, at.month);

		if (back >= 0 && back < HF_LEAD_MONTHS)
			count_month(c, &c->all[i], &months[back]);
	}
}

/* ---- unmet need and places ---- */

static int
by_unmet(const void *a, const void *b)
{
	const struct hf_lead_unmet *x = a, *y = b;
	int order;

	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	order = hf_sv_cmp(x->locality, y->locality);
	return order ? order : hf_sv_cmp(x->service, y->service);
}

static enum hf_rc
count_unmet(struct counting *c, struct hf_err *err)
{
	hf_time first = hf_lead_hour(c->now) - (HF_LEAD_HOURS - 1) * (int64_t)HOUR_MS;
	struct hf_lead_unmet *u;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->all[i].n_refusals;
	u = hf_arena_array(c->arena, n ? n : 1, sizeof *u);
	if (!u)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many refusals to count");
	n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct hf_lead_referral *r = &c->all[i];

		for (size_t k = 0; k < r->n_refusals; k++) {
			hf_time at = r->refusals[k].at;

			if (at >= first && at <= c->now)
				u[n++] = (struct hf_lead_unmet){r->locality, r->service,
								hf_lead_hour(at), 1};
		}
	}
	qsort(u, n, sizeof *u, by_unmet);
	for (size_t i = 0; i < n; i++) {
		if (kept && by_unmet(&u[kept - 1], &u[i]) == 0)
			u[kept - 1].n++;
		else
			u[kept++] = u[i];
	}
	c->out->unmet = u;
	c->out->n_unmet = kept;
	return HF_OK;
}

static int
by_locality(const void *a, const void *b)
{
	const struct hf_lead_place *x = a, *y = b;

	return hf_sv_cmp(x->locality, y->locality);
}

static enum hf_rc
count_places(struct counting *c, struct hf_err *err)
{
	struct hf_lead_place *places =
	    hf_arena_array(c->arena, c->n ? c->n : 1, sizeof *places);
	size_t n = 0, kept = 0;

	if (!places)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many referrals to count");
	for (size_t i = 0; i < c->n; i++) {
		const struct hf_lead_referral *r = &c->all[i];
		struct hf_lead_ask late = {.figure = HF_LEAD_LOCALITY_LATE,
					   .any = true};

		if (r->open)
			places[n++] = (struct hf_lead_place){
			    r->locality, 1, hf_lead_is(r, &late, c->now)};
	}
	qsort(places, n, sizeof *places, by_locality);
	for (size_t i = 0; i < n; i++) {
		if (kept && by_locality(&places[kept - 1], &places[i]) == 0) {
			places[kept - 1].open++;
			places[kept - 1].late += places[i].late;
		} else {
			places[kept++] = places[i];
		}
	}
	c->out->places = places;
	c->out->n_places = kept;
	return HF_OK;
}

enum hf_rc
hf_lead_count(const struct hf_lead_referral *referrals, size_t n, hf_time now,
	      struct hf_arena *arena, struct hf_lead_figures *out, struct hf_err *err)
{
	struct hf_lead_figures f = {.at = now};
	struct counting c = {referrals, n, now, arena, &f};
	enum hf_rc rc;

	if (n > HF_LEAD_MOST)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many referrals to count");
	rc = count_triage(&c, true, err);
	if (rc == HF_OK)
		rc = count_triage(&c, false, err);
	if (rc == HF_OK)
		rc = count_unmet(&c, err);
	if (rc == HF_OK)
		rc = count_places(&c, err);
	if (rc)
		return rc;
	count_arrivals(&c);
	count_waits(&c);
	count_months(&c);
	*out = f;
	return HF_OK;
}

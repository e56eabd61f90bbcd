/* score_person.c - the points of one person, and what gave them. */
#include "population/score_int.h"

enum { YEAR = 365, HALF_YEAR = 183 };

/* One score of one person under way. */
struct look {
	const struct hf_pop_scorer *s;
	const struct ready *r;
	const struct hf_pop_scratch *x;
	uint32_t person;
	uint16_t day;
	bool indexed; /* there is an index stay */
	uint64_t index;
	struct hf_pop_items found, dropped;
	bool missing;		      /* a needed value */
	int32_t number[HF_POP_FACTS]; /* of the facts */
	struct hf_pop_evidence *why;  /* by item, NULL: nobody asks */
};

static bool
is_stay(uint8_t setting)
{
	return setting == HF_POP_EL || setting == HF_POP_DC || setting == HF_POP_NE ||
	       setting == HF_POP_RDA || setting == HF_POP_MAT;
}

/* What of the person's events scores look at, up to the end of day. */
static void
gather(const struct hf_pop_columns *c, struct hf_pop_scratch *x, uint32_t person,
       uint16_t day)
{
	const struct hf_pop_events *ev = &c->ev;

	x->n_stays = x->n_visits = 0;
	x->chemicals = 0;
	x->round++;
	x->age = hf_pop_age(&c->persons[person], day);
	for (uint64_t i = c->ev_first[person]; i < c->ev_first[person + 1]; i++) {
		uint8_t setting = ev->setting[i];

		if (ev->day[i] > day)
			break;
		if (setting == HF_POP_RX) {
			uint16_t proc = ev->proc[i];

			if (proc && day - ev->day[i] < YEAR &&
			    x->seen[proc] != x->round) {
				x->seen[proc] = x->round;
				x->chemicals++;
			}
		} else if (setting == HF_POP_AE) {
			x->visits[x->n_visits++ % VISITS_MOST] = i;
		} else if (is_stay(setting)) {
			x->stays[x->n_stays++ % STAYS_MOST] = i;
		}
	}
	if (x->n_stays > STAYS_MOST)
		x->n_stays = STAYS_MOST;
	if (x->n_visits > VISITS_MOST)
		x->n_visits = VISITS_MOST;
}

static int
end_of(const struct hf_pop_events *ev, uint64_t i)
{
	return ev->day[i] + ev->los[i];
}

/* The stay that ended last, alive, at most index_days before day. */
static void
find_index(struct look *l)
{
	const struct hf_pop_events *ev = &l->s->c->ev;
	int best = -1;

	for (size_t k = 0; k < l->x->n_stays; k++) {
		uint64_t i = l->x->stays[k];
		int end = end_of(ev, i);

		if ((ev->setting[i] != HF_POP_EL && ev->setting[i] != HF_POP_NE) ||
		    (ev->flags[i] & HF_POP_F_OPEN) || ev->outcome[i] == HF_POP_O_DIED ||
		    end > l->day || l->day - end > l->r->s->index_days || end < best)
			continue;
		best = end;
		l->index = i;
		l->indexed = true;
	}
}

/* Puts item among what was found; keeps the later evidence (of a condition the
 * earlier). */
static void
find(struct look *l, int item, struct hf_pop_evidence e)
{
	if (l->why) {
		struct hf_pop_evidence *at = &l->why[item];
		bool first = !hf_pop_set_has(&l->found, item);

		e.item = &l->r->s->items[item];
		if (first || (e.by == at->by &&
			      (e.by == HF_POP_BY_CONDITION ? e.day < at->day
							   : e.day >= at->day)))
			*at = e;
	}
	hf_pop_set_add(&l->found, item);
}

static void
find_conditions(struct look *l)
{
	const struct hf_pop_columns *c = l->s->c;

	for (uint32_t i = c->cond_first[l->person]; i < c->cond_first[l->person + 1];
	     i++) {
		const struct hf_pop_condition *k = &c->cond[i];
		uint8_t item = l->r->of_condition[k->code];

		/* An unknown beginning lies before every day. */
		if (item == NO_ITEM || (k->from > l->day && k->from != HF_POP_NONE) ||
		    (!l->r->s->conditions_ever && k->to <= l->day))
			continue;
		find(l, item,
		     (struct hf_pop_evidence){
			 .by = HF_POP_BY_CONDITION, .code = k->code, .day = k->from});
	}
}

static void
find_diagnosis(struct look *l, uint64_t event, uint16_t code)
{
	struct hf_pop_items items = l->r->icd[code];

	for (size_t w = 0; w < SET_WORDS; w++)
		while (items.w[w]) {
			int item = (int)w * 64 + __builtin_ctzll(items.w[w]);

			items.w[w] &= items.w[w] - 1;
			find(l, item,
			     (struct hf_pop_evidence){.by = HF_POP_BY_DIAGNOSIS,
						      .code = code,
						      .event = event,
						      .day = l->s->c->ev.day[event]});
		}
}

static void
find_diagnoses(struct look *l)
{
	const struct hf_pop_columns *c = l->s->c;
	int back = l->r->s->diagnosis_days;

	for (size_t k = 0; k < l->x->n_stays; k++) {
		uint64_t i = l->x->stays[k];
		const uint16_t *more = c->dx_pool + c->ev.dx_more[i];

		if (back && l->day - c->ev.day[i] >= back)
			continue;
		find_diagnosis(l, i, c->ev.dx[i]);
		if (c->ev.dx_more[i])
			for (size_t m = 1; m <= more[0]; m++)
				find_diagnosis(l, i, more[m]);
	}
}

/* The latest value of a code up to the day or, with an index stay, within the stay. */
static const struct hf_pop_value *
latest(const struct look *l, uint16_t code)
{
	const struct hf_pop_columns *c = l->s->c;
	const struct hf_pop_value *best = NULL;
	int from = l->indexed ? c->ev.day[l->index] : 0;
	int to = l->indexed ? end_of(&c->ev, l->index) : l->day;

	if (!code)
		return NULL;
	for (uint32_t i = c->value_first[l->person]; i < c->value_first[l->person + 1];
	     i++) {
		const struct hf_pop_value *v = &c->value[i];

		if (v->code == code && v->day >= from && v->day <= to)
			best = v;
	}
	return best;
}

static void
find_values(struct look *l)
{
	uint8_t sex = l->s->c->persons[l->person].sex;

	for (size_t i = 0; i < l->r->s->n_items; i++) {
		const struct hf_pop_item *item = &l->r->s->items[i];

		for (size_t k = 0; k < item->n_values; k++) {
			const struct hf_pop_value_rule *rule = &item->values[k];
			const struct hf_pop_value *v;

			if (rule->sex != HF_POP_SEX_UNKNOWN && rule->sex != sex)
				continue;
			v = latest(l, l->r->value[i][k]);
			l->missing |= !v && rule->needed;
			if (!v && rule->needed && l->why)
				l->why[i] =
				    (struct hf_pop_evidence){.item = item,
							     .by = HF_POP_BY_MISSING,
							     .code = l->r->value[i][k]};
			if (v && v->milli < rule->below)
				find(l, (int)i,
				     (struct hf_pop_evidence){.by = HF_POP_BY_VALUE,
							      .code = v->code,
							      .day = v->day,
							      .amount = v->milli});
		}
	}
}

/* The visit that led to the index stay: it ended in admission, on the day of it or the
 * day before.  UINT64_MAX: none did. */
static uint64_t
visit_that_led(const struct look *l)
{
	const struct hf_pop_events *ev = &l->s->c->ev;
	uint64_t led = UINT64_MAX;

	for (size_t k = 0; k < l->x->n_visits; k++) {
		uint64_t i = l->x->visits[k];
		int before = ev->day[l->index] - ev->day[i];

		if (before >= 0 && before <= 1 && ev->outcome[i] == HF_POP_O_ADMITTED &&
		    (led == UINT64_MAX || ev->day[i] >= ev->day[led]))
			led = i;
	}
	return led;
}

static int32_t
visits_before(const struct look *l)
{
	const struct hf_pop_events *ev = &l->s->c->ev;
	uint64_t led = visit_that_led(l);
	int32_t n = 0;

	for (size_t k = 0; k < l->x->n_visits; k++) {
		uint64_t i = l->x->visits[k];
		int before = ev->day[l->index] - ev->day[i];

		/* SDEC stands among the types as 5 and is no emergency department. */
		n += i != led && before >= 0 && before <= HALF_YEAR &&
		     ev->cls[i] != 5 && !(ev->flags[i] & HF_POP_F_PLANNED);
	}
	return n;
}

static int32_t
admissions_before(const struct look *l)
{
	const struct hf_pop_events *ev = &l->s->c->ev;
	int32_t n = 0;

	for (size_t k = 0; k < l->x->n_stays; k++) {
		uint64_t i = l->x->stays[k];
		int before = ev->day[l->index] - ev->day[i];

		n += i < l->index && before <= YEAR &&
		     (ev->setting[i] == HF_POP_EL || ev->setting[i] == HF_POP_NE);
	}
	return n;
}

static bool
is_emergency(uint8_t method)
{
	return method >= HF_POP_M_21 && method <= HF_POP_M_28;
}

static void
find_facts(struct look *l)
{
	const struct hf_pop_events *ev = &l->s->c->ev;

	l->number[HF_POP_FACT_AGE] = l->x->age;
	l->number[HF_POP_FACT_CHEMICALS] = l->x->chemicals;
	if (!l->indexed)
		return;
	l->number[HF_POP_FACT_LOS] = ev->los[l->index];
	l->number[HF_POP_FACT_EMERGENCY] = is_emergency(ev->method[l->index]);
	l->number[HF_POP_FACT_PROCEDURE] = ev->proc[l->index] != 0;
	l->number[HF_POP_FACT_ED] = visits_before(l);
	l->number[HF_POP_FACT_ADMISSIONS] = admissions_before(l);
}

static int32_t
step(const struct hf_pop_item *item, size_t variant, int32_t number)
{
	int32_t points = 0;

	for (size_t i = 0; i < item->n_steps[variant]; i++)
		if (number >= item->steps[variant][i].from)
			points = item->steps[variant][i].points;
	return points;
}

/* Points of an item: of its codes, or of its number when they are more. */
static int32_t
points_of(const struct look *l, int i, size_t variant, int32_t number)
{
	const struct hf_pop_item *item = &l->r->s->items[i];
	int32_t by_code = hf_pop_set_has(&l->found, i) ? item->points[variant] : 0;
	int32_t by_number = item->fact ? step(item, variant, number) : 0;

	if (hf_pop_set_has(&l->dropped, i))
		return 0;
	return item->fact && by_number > by_code ? by_number : by_code;
}

/* What is found in one of items whose points go to a sum, -1: to the score. */
static int32_t
sum(const struct look *l, size_t variant, int parent)
{
	const struct hf_pop_score *s = l->r->s;
	struct hf_pop_items left = l->found;
	int32_t total = 0;

	for (size_t k = 0; k < l->r->n_facts; k++)
		hf_pop_set_add(&left, l->r->facts[k]);
	for (size_t w = 0; w < SET_WORDS; w++)
		while (left.w[w]) {
			int i = (int)w * 64 + __builtin_ctzll(left.w[w]);
			int32_t number = l->number[s->items[i].fact];

			left.w[w] &= left.w[w] - 1;
			if (s->items[i].parent != parent)
				continue;
			if (s->items[i].fact == HF_POP_FACT_SUM)
				number = sum(l, variant, i);
			total += points_of(l, i, variant, number);
		}
	return total;
}

static void
drop(struct look *l)
{
	const struct hf_pop_score *s = l->r->s;

	for (size_t i = 0; i < s->n_drops; i++)
		if (hf_pop_set_has(&l->found, s->drops[i].has) &&
		    hf_pop_set_has(&l->found, s->drops[i].loses))
			hf_pop_set_add(&l->dropped, s->drops[i].loses);
}

/* False: the score is not for this person on this day. */
static bool
look(struct look *l)
{
	const struct hf_pop_score *s = l->r->s;
	const struct hf_pop_person *p = &l->s->c->persons[l->person];

	if (p->death_day <= l->day || (s->from_age && l->x->age < s->from_age))
		return false;
	if (s->index_days) {
		find_index(l);
		if (!l->indexed)
			return false;
	}
	if (l->r->looks_at_conditions)
		find_conditions(l);
	if (l->r->has_icd)
		find_diagnoses(l);
	if (l->r->has_specialties) {
		uint16_t code = l->indexed ? l->s->c->ev.specialty[l->index] : 0;

		if (l->r->of_specialty[code] != NO_ITEM)
			find(
			    l, l->r->of_specialty[code],
			    (struct hf_pop_evidence){.by = HF_POP_BY_SPECIALTY,
						     .code = code,
						     .event = l->index,
						     .day = l->s->c->ev.day[l->index]});
	}
	if (l->r->looks_at_values)
		find_values(l);
	if (l->r->n_facts)
		find_facts(l);
	if (s->n_drops)
		drop(l);
	return true;
}

static struct hf_pop_scored
result(const struct look *l, size_t variant)
{
	int32_t points = l->missing ? HF_POP_INCOMPLETE : sum(l, variant, -1);

	return (struct hf_pop_scored){
	    points, hf_pop_band_of_points(l->r->s, variant, points, l->x->age)};
}

void
hf_pop_score_person(const struct hf_pop_scorer *s, struct hf_pop_scratch *x,
		    uint32_t person, uint16_t day, struct hf_pop_scored *out)
{
	gather(s->c, x, person, day);
	for (size_t i = 0; i < s->n; i++) {
		struct look l = {
		    .s = s, .r = &s->ready[i], .x = x, .person = person, .day = day};
		bool scored = look(&l);

		for (size_t v = 0; v < l.r->s->n_variants; v++)
			*out++ = scored ? result(&l, v)
					: (struct hf_pop_scored){HF_POP_NOT_SCORED,
								 HF_POP_UNBANDED};
	}
}

/* What the numbers gave, where no code gave it. */
static void
why_facts(struct look *l, size_t variant)
{
	const struct hf_pop_score *s = l->r->s;

	for (size_t k = 0; k < l->r->n_facts; k++) {
		int i = l->r->facts[k];
		int32_t number = s->items[i].fact == HF_POP_FACT_SUM
				     ? sum(l, variant, i)
				     : l->number[s->items[i].fact];

		if (hf_pop_set_has(&l->found, i) ||
		    points_of(l, i, variant, number) == 0)
			continue;
		l->why[i] = (struct hf_pop_evidence){.item = &s->items[i],
						     .by = HF_POP_BY_FACT,
						     .amount = number,
						     .day = l->day};
	}
}

enum hf_rc
hf_pop_why(const struct hf_pop_scorer *s, size_t column, uint32_t person, uint16_t day,
	   struct hf_arena *arena, struct hf_pop_evidence **out, size_t *n,
	   struct hf_pop_scored *scored, struct hf_err *err)
{
	struct hf_pop_scratch *x = hf_pop_scratch_new(s);
	struct hf_pop_evidence *why =
	    hf_arena_array(arena, HF_POP_SCORE_ITEMS, sizeof *why);
	size_t score, variant, kept = 0;
	struct look l;

	if (!x || !why) {
		hf_pop_scratch_free(x);
		return hf_fail(err, HF_TOO_LONG, "score", "no memory for its reasons");
	}
	hf_pop_scorer_column(s, column, &score, &variant);
	gather(s->c, x, person, day);
	l = (struct look){.s = s,
			  .r = &s->ready[score],
			  .x = x,
			  .person = person,
			  .day = day,
			  .why = why};
	*scored = (struct hf_pop_scored){HF_POP_NOT_SCORED, HF_POP_UNBANDED};
	if (look(&l)) {
		*scored = result(&l, variant);
		why_facts(&l, variant);
	}
	for (int i = 0; i < (int)l.r->s->n_items; i++) {
		int32_t number;

		if (!why[i].item)
			continue;
		number = l.r->s->items[i].fact == HF_POP_FACT_SUM
			     ? sum(&l, variant, i)
			     : l.number[l.r->s->items[i].fact];
		why[i].dropped = hf_pop_set_has(&l.dropped, i);
		/* The points of a part go to its sum, which has them already. */
		why[i].points = points_of(&l, i, variant, number);
		why[kept++] = why[i];
	}
	hf_pop_scratch_free(x);
	*out = why;
	*n = kept;
	return HF_OK;
}

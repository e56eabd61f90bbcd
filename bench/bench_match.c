/* bench_match.c - how well and how fast people who are there twice are found.
 *
 * bench_match [PEOPLE [SHARE [NUMBERS [SEED]]]]: a synthetic place of PEOPLE, twins
 * and fathers with sons of their name among them; SHARE percent of them have a
 * second record, each with at least one thing wrong in it; NUMBERS percent of those
 * carry the person's NHS number, the others none (a few a wrong one).  All records
 * are compared, weights trained on them, and what is linked is held against the
 * truth.  Prints one line; exit 1 when precision is below 0.999 or recall below
 * 0.97.
 *
 * What a second record may have wrong, and how often, is the table rates. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/io/clock.h"
#include "base/rng.h"
#include "record/match.h"
#include "record/match_name.h"
#include "synth/synth.h"

enum { THREADS = 2, TEXT = 64 };

/* Share of second records with each fault. */
static const struct {
	double family_typo, given_typo, nickname, swapped_names, new_surname, initial;
	double day_month, birth_digit, year_only, no_birth;
	double moved, line_abbreviated, no_line, postcode_typo, no_postcode;
	double new_phone, no_phone, no_middle, no_sex, wrong_sex, wrong_number;
} rates = {
    .family_typo = 0.06,
    .given_typo = 0.05,
    .nickname = 0.10,
    .swapped_names = 0.006,
    .new_surname = 0.03,
    .initial = 0.002,
    .day_month = 0.012,
    .birth_digit = 0.025,
    .year_only = 0.004,
    .no_birth = 0.003,
    .moved = 0.10,
    .line_abbreviated = 0.20,
    .no_line = 0.05,
    .postcode_typo = 0.02,
    .no_postcode = 0.03,
    .new_phone = 0.20,
    .no_phone = 0.15,
    .no_middle = 0.35,
    .no_sex = 0.02,
    .wrong_sex = 0.003,
    .wrong_number = 0.002,
};

/* A person with texts of their own. */
struct copy {
	struct hf_match_person p;
	char text[12][TEXT];
	size_t n;
};

struct place {
	struct hf_rng rng;
	struct hf_match_set *set;
	uint32_t *truth; /* of a record: the person's number */
	size_t n, size, people;
	struct copy *seconds; /* second records, added last */
	size_t n_seconds;
	struct copy last[256]; /* people seen lately: names and addresses to take */
	size_t n_last;
	double numbers;
	uint32_t next_number;
	bool failed;
};

static bool
chance(struct place *p, double share)
{
	return hf_rng_unit(&p->rng) < share;
}

static struct hf_sv
keep(struct copy *c, struct hf_sv s)
{
	char *to;

	assert(c->n < HF_COUNT(c->text));
	to = c->text[c->n++];
	s.n = s.n > TEXT - 8 ? TEXT - 8 : s.n;
	if (s.n)
		memcpy(to, s.p, s.n);
	return (struct hf_sv){to, s.n};
}

static void
copy_person(struct copy *c, const struct hf_match_person *p)
{
	*c = (struct copy){.p = *p};
	c->p.family[0] = keep(c, p->family[0]);
	for (size_t i = 0; i < 2; i++) {
		c->p.given[i] = keep(c, p->given[i]);
		c->p.address[i].line = keep(c, p->address[i].line);
		c->p.address[i].postcode = keep(c, p->address[i].postcode);
		c->p.phone[i] = keep(c, p->phone[i]);
	}
	c->p.family[1] = c->p.family[2] = c->p.given[2] = c->p.usual =
	    (struct hf_sv){0};
}

/* A letter changed, left out, doubled or moved. */
static void
typo(struct place *p, struct hf_sv *s, char first, unsigned range)
{
	char *t = (char *)(uintptr_t)s->p;
	size_t at;

	if (s->n < 3)
		return;
	at = 1 + hf_rng_below(&p->rng, (uint32_t)s->n - 1);
	switch (hf_rng_below(&p->rng, 4)) {
	case 0:
		t[at] = (char)(first + (char)hf_rng_below(&p->rng, range));
		return;
	case 1:
		memmove(t + at, t + at + 1, s->n - at - 1);
		s->n--;
		return;
	case 2:
		memmove(t + at + 1, t + at, s->n - at);
		s->n++;
		return;
	default:
		if (at + 1 < s->n) {
			char c = t[at];

			t[at] = t[at + 1];
			t[at + 1] = c;
		}
	}
}

static struct hf_sv
lower(struct copy *c, struct hf_sv s)
{
	struct hf_sv out = keep(c, s);

	for (size_t i = 0; i < out.n; i++)
		if (out.p[i] >= 'A' && out.p[i] <= 'Z')
			((char *)(uintptr_t)out.p)[i] = (char)(out.p[i] + 32);
	return out;
}

static bool
nickname(struct place *p, struct copy *c)
{
	struct hf_sv name = lower(c, c->p.given[0]);
	uint16_t groups[HF_NAME_GROUPS];
	size_t n = 0, pick;

	c->n--;
	hf_name_groups(name, groups);
	for (size_t i = 0; groups[0] && i < hf_n_nicknames; i++)
		n += hf_nicknames[i].group == groups[0];
	if (n < 2)
		return false;
	pick = hf_rng_below(&p->rng, (uint32_t)n);
	for (size_t i = 0; i < hf_n_nicknames; i++)
		if (hf_nicknames[i].group == groups[0] && pick-- == 0)
			c->p.given[0] = hf_sv_from(hf_nicknames[i].name);
	return true;
}

static void
wrong_digit(struct place *p, struct hf_match_person *who)
{
	switch (hf_rng_below(&p->rng, 3)) {
	case 0: /* the year's last two digits */
		who->year =
		    (int16_t)(who->year / 10 * 10 + (int)hf_rng_below(&p->rng, 10));
		return;
	case 1:
		who->month = (int8_t)(1 + hf_rng_below(&p->rng, 9));
		return;
	default:
		who->day =
		    (int8_t)(who->day / 10 * 10 + 1 + (int)hf_rng_below(&p->rng, 8));
	}
}

static void
spoil_names(struct place *p, struct copy *c)
{
	struct hf_match_person *w = &c->p;

	if (chance(p, rates.new_surname * (w->sex == HF_SEX_FEMALE ? 1.7 : 0.3)) &&
	    p->n_last)
		w->family[0] =
		    p->last[hf_rng_below(&p->rng, (uint32_t)p->n_last)].p.family[0];
	if (chance(p, rates.nickname))
		nickname(p, c);
	if (chance(p, rates.no_middle))
		w->given[1] = (struct hf_sv){0};
	w->family[0] = keep(c, w->family[0]);
	w->given[0] = keep(c, w->given[0]);
	if (chance(p, rates.family_typo))
		typo(p, &w->family[0], 'a', 26);
	if (chance(p, rates.given_typo))
		typo(p, &w->given[0], 'a', 26);
	if (chance(p, rates.initial))
		w->given[0].n = 1;
	if (chance(p, rates.swapped_names)) {
		struct hf_sv swap = w->family[0];

		w->family[0] = w->given[0];
		w->given[0] = swap;
	}
}

static void
spoil_birth(struct place *p, struct hf_match_person *w)
{
	if (chance(p, rates.day_month) && w->day <= 12) {
		int8_t swap = w->day;

		w->day = w->month;
		w->month = swap;
	}
	if (chance(p, rates.birth_digit))
		wrong_digit(p, w);
	if (chance(p, rates.year_only))
		w->month = w->day = 0;
	if (chance(p, rates.no_birth))
		w->year = w->month = w->day = 0;
}

static void
spoil_place(struct place *p, struct copy *c)
{
	struct hf_match_person *w = &c->p;

	if (chance(p, rates.moved) && p->n_last) {
		const struct copy *to =
		    &p->last[hf_rng_below(&p->rng, (uint32_t)p->n_last)];

		w->address[0] = to->p.address[0];
	}
	w->address[0].postcode = keep(c, w->address[0].postcode);
	if (chance(p, rates.postcode_typo))
		typo(p, &w->address[0].postcode, '0', 10);
	if (chance(p, rates.no_postcode))
		w->address[0].postcode = (struct hf_sv){0};
	if (chance(p, rates.line_abbreviated) && w->address[0].line.n > 12)
		w->address[0].line.n -= 4; /* "12 High Str" */
	if (chance(p, rates.no_line))
		w->address[0].line = (struct hf_sv){0};
	if (chance(p, rates.new_phone) && w->phone[0].n) {
		w->phone[1] = (struct hf_sv){0};
		w->phone[0].n = (size_t)snprintf((char *)(uintptr_t)w->phone[0].p, TEXT,
						 "07700 900%03u",
						 (unsigned)hf_rng_below(&p->rng, 1000));
	}
	if (chance(p, rates.no_phone))
		w->phone[0] = w->phone[1] = (struct hf_sv){0};
}

static void
spoil(struct place *p, struct copy *c)
{
	struct hf_match_person *w = &c->p;

	spoil_names(p, c);
	spoil_birth(p, w);
	spoil_place(p, c);
	if (chance(p, rates.no_sex))
		w->sex = HF_SEX_UNKNOWN;
	if (chance(p, rates.wrong_sex))
		w->sex = w->sex == HF_SEX_MALE ? HF_SEX_FEMALE : HF_SEX_MALE;
	if (chance(p, rates.wrong_number) && p->n_last)
		w->nhs = p->last[hf_rng_below(&p->rng, (uint32_t)p->n_last)].p.nhs;
	else if (!chance(p, p->numbers))
		w->has_nhs = w->verified = false;
}

static bool
same_text(const struct hf_match_person *a, const struct hf_match_person *b)
{
	return hf_sv_eq(a->family[0], b->family[0]) &&
	       hf_sv_eq(a->given[0], b->given[0]) &&
	       hf_sv_eq(a->given[1], b->given[1]) && a->year == b->year &&
	       a->month == b->month && a->day == b->day && a->sex == b->sex &&
	       hf_sv_eq(a->address[0].line, b->address[0].line) &&
	       hf_sv_eq(a->address[0].postcode, b->address[0].postcode) &&
	       hf_sv_eq(a->phone[0], b->phone[0]);
}

static void
add(struct place *p, const struct hf_match_person *who, uint32_t person)
{
	if (p->n == p->size || hf_match_set_add(p->set, who, NULL) != HF_OK)
		p->failed = true;
	else
		p->truth[p->n++] = person;
}

/* A person, and perhaps a second record of theirs. */
static void
add_person(struct place *p, const struct hf_match_person *who, double share)
{
	uint32_t person = (uint32_t)p->people++;

	add(p, who, person);
	copy_person(&p->last[person % HF_COUNT(p->last)], who);
	if (p->n_last < HF_COUNT(p->last))
		p->n_last++;
	if (chance(p, share)) {
		struct copy *c = &p->seconds[p->n_seconds];

		do {
			copy_person(c, who);
			spoil(p, c);
		} while (same_text(&c->p, who));
		/* Texts may be another's: they are taken along. */
		add(p, &c->p, person);
		p->n_seconds++;
	}
}

/* Half of those who are made here have a number. */
static void
other_number(struct place *p, struct hf_match_person *w)
{
	w->has_nhs = w->verified = chance(p, 0.5);
	while (w->has_nhs && !hf_nhs_make(p->next_number++, &w->nhs))
		;
}

static void
add_twin(struct place *p, const struct hf_match_person *who, double share)
{
	struct hf_match_person w = *who;
	const struct copy *other;

	for (int i = 0; i < 50; i++) {
		other = &p->last[hf_rng_below(&p->rng, (uint32_t)p->n_last)];
		/* The place of the twin themself is about to be written. */
		if (other != &p->last[p->people % HF_COUNT(p->last)] &&
		    abs(other->p.year - who->year) < 20 &&
		    !hf_sv_eq(other->p.given[0], who->given[0])) {
			w.given[0] = other->p.given[0];
			w.given[1] = other->p.given[1];
			w.sex = other->p.sex;
			other_number(p, &w);
			add_person(p, &w, share);
			return;
		}
	}
}

static void
add_namesake_son(struct place *p, const struct hf_match_person *who, double share)
{
	struct hf_match_person w = *who;

	w.year = (int16_t)(w.year + 20 + (int)hf_rng_below(&p->rng, 15));
	w.day = (int8_t)(1 + hf_rng_below(&p->rng, 28));
	w.month = (int8_t)(1 + hf_rng_below(&p->rng, 12));
	other_number(p, &w);
	add_person(p, &w, share);
}

static bool
fill(struct place *p, int64_t people, double share)
{
	struct hf_synth_config config = hf_synth_defaults();
	struct hf_synth_place *from;
	struct hf_synth_unit unit = {0};
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_err err = {0};

	config.people = people < HF_SYNTH_MAX_PEOPLE ? people : HF_SYNTH_MAX_PEOPLE;
	config.full_records = 0;
	if (hf_synth_place_new(&config, &from, &err) != HF_OK)
		return false;
	for (int64_t i = 0; (int64_t)p->people < people && !p->failed; i++) {
		struct hf_match_person who;
		struct hf_json doc;

		if (i == config.people)
			break;
		if (hf_synth_make(from, hf_synth_orgs(from) + i, &unit, &err) ||
		    hf_json_parse(hf_synth_resource(&unit, 0).json, NULL, &arena, &doc,
				  &err))
			return false;
		hf_match_read(&doc, 0, &arena, &who);
		add_person(p, &who, share);
		if (chance(p, 0.015))
			add_twin(p, &who, share);
		if (who.sex == HF_SEX_MALE && who.year < 1985 && chance(p, 0.03))
			add_namesake_son(p, &who, share);
		hf_arena_reset(&arena);
	}
	hf_synth_unit_free(&unit);
	hf_synth_place_free(from);
	hf_arena_free(&arena);
	return !p->failed;
}

/* ---- running ---- */

struct job {
	const struct hf_match_set *set;
	const struct hf_match_model *model;
	struct hf_match_pairs pairs;
	unsigned part;
	enum hf_rc rc;
	pthread_t thread;
};

static void *
work(void *arg)
{
	struct job *j = arg;

	j->rc = hf_match_run(j->set, j->model, j->part, THREADS, &j->pairs, NULL);
	return NULL;
}

static bool
run_all(const struct hf_match_set *set, const struct hf_match_model *model,
	struct hf_match_pairs *all)
{
	struct job jobs[THREADS] = {0};
	bool ok = true;

	for (unsigned i = 0; i < THREADS; i++) {
		jobs[i] = (struct job){.set = set, .model = model, .part = i};
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]) != 0)
			return false;
	}
	for (unsigned i = 0; i < THREADS; i++) {
		struct hf_match_pairs *p = &jobs[i].pairs;

		pthread_join(jobs[i].thread, NULL);
		ok = ok && jobs[i].rc == HF_OK;
		all->compared += p->compared;
		all->items =
		    realloc(all->items, (all->n + p->n + 1) * sizeof(*all->items));
		if (!all->items)
			return false;
		if (p->n)
			memcpy(all->items + all->n, p->items,
			       p->n * sizeof(*all->items));
		all->n += p->n;
		hf_match_pairs_free(p);
	}
	return ok;
}

static double
since(uint64_t *mark)
{
	uint64_t now = hf_mono_ns();
	double s = (double)(now - *mark) / 1e9;

	*mark = now;
	return s;
}

struct score {
	size_t right, wrong, review_right, review_wrong;
};

static struct score
judge(const struct place *p, const struct hf_match_pairs *pairs)
{
	struct score s = {0};

	for (size_t i = 0; i < pairs->n; i++) {
		const struct hf_match_pair *k = &pairs->items[i];
		bool one = p->truth[k->a] == p->truth[k->b];

		if (k->answer == HF_MATCH_LINK)
			*(one ? &s.right : &s.wrong) += 1;
		else
			*(one ? &s.review_right : &s.review_wrong) += 1;
	}
	return s;
}

static double
number(int argc, char **argv, int at, double otherwise)
{
	int64_t v;

	return at < argc && hf_sv_int(hf_sv_from(argv[at]), &v) && v >= 0 ? (double)v
									  : otherwise;
}

int
main(int argc, char **argv)
{
	size_t people = (size_t)number(argc, argv, 1, 100000);
	double share = number(argc, argv, 2, 10) / 100;
	struct place p = {.numbers = number(argc, argv, 3, 50) / 100,
			  .next_number = 998000000};
	struct hf_match_pairs pairs = {0};
	struct hf_match_model model;
	struct score s;
	struct rusage use;
	uint64_t mark = hf_mono_ns(), begun;
	double fill_s, train_s, block_s, run_s, settle_s, precision, recall;

	hf_rng_seed(&p.rng, (uint64_t)number(argc, argv, 4, 1), 7);
	p.set = hf_match_set_new();
	p.size = people + people / 2 + 1000;
	p.truth = calloc(p.size, sizeof(*p.truth));
	p.seconds = calloc(people / 2 + 1000, sizeof(*p.seconds));
	if (!p.set || !p.truth || !p.seconds || share > 0.4 ||
	    !fill(&p, (int64_t)people, share)) {
		fprintf(stderr,
			"usage: bench_match [PEOPLE [SHARE [NUMBERS [SEED]]]]\n");
		return 2;
	}
	fill_s = since(&mark);
	begun = mark;
	hf_match_set_weigh(p.set);
	if (hf_match_block(p.set, NULL))
		return 2;
	block_s = since(&mark);
	if (hf_match_train(p.set, 1, &model, NULL))
		return 2;
	train_s = since(&mark);
	if (!run_all(p.set, &model, &pairs))
		return 2;
	run_s = since(&mark);
	if (hf_match_settle(p.set, &pairs, NULL))
		return 2;
	settle_s = since(&mark);
	s = judge(&p, &pairs);
	precision =
	    (double)s.right / (double)(s.right + s.wrong > 0 ? s.right + s.wrong : 1);
	recall = (double)s.right / (double)(p.n_seconds ? p.n_seconds : 1);
	getrusage(RUSAGE_SELF, &use);
	printf(
	    "match: %zu people, %zu records, %zu second ones (%.0f %% with a number): "
	    "precision %.5f, recall %.4f; to review %zu right, %zu wrong; "
	    "%zu pairs compared, %zu left out; made in %.1f s; block %.2f, train "
	    "%.2f, compare %.2f, settle %.2f: %.2f s on %d threads (%.1f s of "
	    "processor "
	    "with making), %ld MB; prior "
	    "%.1f\n",
	    p.people, p.n, p.n_seconds, p.numbers * 100, precision, recall,
	    s.review_right, s.review_wrong, pairs.compared, hf_match_left_out(p.set),
	    fill_s, block_s, train_s, run_s, settle_s, (double)(mark - begun) / 1e9,
	    THREADS,
	    (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
		(double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
	    use.ru_maxrss / 1024, model.prior);
	hf_match_pairs_free(&pairs);
	hf_match_set_free(p.set);
	free(p.truth);
	free(p.seconds);
	return precision >= 0.999 && recall >= 0.97 ? 0 : 1;
}

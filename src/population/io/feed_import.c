/* feed_import.c - one file of activity into the population. */
#include "population/io/feed_import.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/io/clock.h"
#include "population/io/feed_comments.h"
#include "population/io/feed_int.h"

enum { PRACTICES = 1 << 16, EARLY = 2000 };

struct import {
	const struct hf_feed_config *config;
	struct hf_feed_scan scan;
	struct hf_feed_result *out;
	struct hf_feed_quality *q;
	struct hf_pop_key key;
	struct hf_pop_feed *feed;
	struct hf_feed_people people;
	struct hf_feed_seen seen;
	struct hf_feed_stays stays;
	struct hf_feed_comments comments;
	uint64_t *localities; /* by practice: hash of the first; 1: it moved */
	unsigned char salt[crypto_shorthash_KEYBYTES];
	uint16_t today;
	/* Rows of one person often follow each other. */
	uint8_t pid[HF_POP_PID];
	uint32_t ordinal;
	bool known;
};

static enum hf_rc
told(void *ctx, uint64_t line, enum hf_map_field field, enum hf_feed_why why,
     struct hf_err *err)
{
	struct import *im = ctx;
	const struct hf_feed_refused what = {line, field, why};

	im->q->refused++;
	im->q->by_why[why]++;
	im->q->why_field[why][field]++;
	return im->config->refuse ? im->config->refuse(im->config->ctx, &what, err)
				  : HF_OK;
}

static uint64_t
hash(const struct import *im, struct hf_sv s)
{
	uint64_t h;

	crypto_shorthash((unsigned char *)&h, (const unsigned char *)s.p, s.n,
			 im->salt);
	return h ? h : 1;
}

/* ---- who ---- */

static enum hf_rc
person(struct import *im, const struct hf_feed_row *row, struct hf_feed_who *who,
       struct hf_feed_one **one, struct hf_err *err)
{
	uint8_t pid[HF_POP_PID];
	bool made = false;
	enum hf_rc rc;

	hf_feed_who(im->scan.map, row, who);
	if (who->traced) {
		hf_pop_pid(&im->key, &who->nhs, pid);
	} else if (who->local.n) {
		hf_pop_pid_local(&im->key, im->config->source, who->local, pid);
	} else { /* nobody: each such row is a person of its own */
		char id[96];
		int n = snprintf(id, sizeof id, "%.64s:%llu", im->scan.sha,
				 (unsigned long long)row->line);

		hf_pop_pid_local(&im->key, im->config->source,
				 (struct hf_sv){id, (size_t)n}, pid);
	}
	if (!im->known || memcmp(pid, im->pid, sizeof pid) != 0) {
		rc = hf_pop_feed_person(im->feed, pid, &im->ordinal, &made, err);
		if (rc != HF_OK)
			return rc;
		memcpy(im->pid, pid, sizeof pid);
		im->known = true;
	}
	*one = hf_feed_people_get(&im->people, im->ordinal);
	if (!*one)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	(*one)->fresh |= made;
	memcpy((*one)->p.pid, pid, sizeof pid);
	if (!who->traced && !im->scan.map->local) {
		(*one)->p.flags |= HF_POP_P_UNTRACED;
		hf_feed_find(im->q,
			     who->unverified ? HF_FOUND_unverified : HF_FOUND_untraced,
			     row->line);
	} else if (!who->traced) {
		(*one)->p.flags |= HF_POP_P_UNTRACED;
	}
	return HF_OK;
}

/* ---- codes ---- */

static enum hf_rc
code(struct import *im, const struct hf_feed_row *row, enum hf_map_field field,
     uint16_t *out, struct hf_err *err)
{
	enum hf_pop_kind kind = (enum hf_pop_kind)hf_map_field_of(field);
	struct hf_sv s = row->text[field];
	char text[64];
	size_t n = 0;

	*out = 0;
	if (!((row->there >> field) & 1))
		return HF_OK;
	if (kind == HF_POP_ICD10) {
		s = hf_feed_icd10(s, text);
	} else {
		bool keep = kind >= HF_POP_CONDITION;

		for (size_t i = 0; i < s.n && n < sizeof text; i++) {
			char c = s.p[i];

			if (kind == HF_POP_PROC && c == '.')
				continue;
			text[n++] = !keep && c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		}
		s = (struct hf_sv){text, n};
	}
	return hf_pop_feed_code(im->feed, kind, s, out, err);
}

static enum hf_rc
codes(struct import *im, const struct hf_feed_row *row, struct hf_pop_event *e,
      uint16_t *dx, uint8_t *n_dx, struct hf_err *err)
{
	enum hf_rc rc = code(im, row, HF_F_PROVIDER, &e->provider, err);

	*n_dx = 0;
	if (rc == HF_OK && e->provider == 0)
		rc = hf_pop_feed_code(im->feed, HF_POP_PROVIDER,
				      im->scan.map->provider.n ? im->scan.map->provider
							       : im->config->source,
				      &e->provider, err);
	if (rc == HF_OK)
		rc = code(im, row, HF_F_SPECIALTY, &e->specialty, err);
	if (rc == HF_OK)
		rc = code(im, row, HF_F_HRG, &e->hrg, err);
	if (rc == HF_OK)
		rc = code(im, row, HF_F_DX, &e->dx, err);
	if (rc == HF_OK)
		rc = code(im, row, HF_F_PROC, &e->proc, err);
	for (size_t i = 0; i < row->n_dx && rc == HF_OK; i++) {
		char text[8];

		rc = hf_pop_feed_code(im->feed, HF_POP_ICD10,
				      hf_feed_icd10(row->dx[i], text), &dx[*n_dx], err);
		*n_dx = (uint8_t)(*n_dx + (dx[*n_dx] != 0));
	}
	return rc;
}

/* ---- rows of each kind ---- */

static bool
outside(const struct import *im, const struct hf_pop_event *e)
{
	unsigned last = (unsigned)e->day + e->los;

	return e->day >= im->scan.to || last < im->scan.from;
}

static void
note(struct import *im, const struct hf_feed_row *row, const struct hf_pop_event *e,
     const struct hf_feed_one *one, unsigned notes)
{
	if (notes & HF_NOTE_DAY_CASE_STAYED)
		hf_feed_find(im->q, HF_FOUND_day_case_stayed, row->line);
	if (notes & HF_NOTE_NO_POD)
		hf_feed_find(im->q, HF_FOUND_no_pod, row->line);
	if (notes & HF_NOTE_LONG)
		hf_feed_find(im->q, HF_FOUND_long_stay, row->line);
	if (one->p.death_day != HF_POP_NONE && e->day > one->p.death_day)
		hf_feed_find(im->q, HF_FOUND_after_death, row->line);
	im->q->timed += e->minute != HF_POP_NONE;
	im->q->midnights += (notes & HF_NOTE_MIDNIGHT) != 0;
}

static enum hf_rc
take_event(struct import *im, const struct hf_feed_row *row, struct hf_feed_one *one,
	   bool linked, struct hf_err *err)
{
	struct hf_feed_stay stay = {.line = row->line, .linked = linked};
	uint16_t dx[HF_MAP_DX + 1];
	enum hf_map_field field;
	unsigned notes;
	enum hf_feed_why why =
	    hf_feed_event(im->scan.map, row, &stay.e, &notes, &field);
	enum hf_rc rc;

	if (why == HF_WHY_BACKWARDS)
		hf_feed_find(im->q, HF_FOUND_end_before_start, row->line);
	if (why == HF_WHY_FINE && stay.e.day > im->today)
		why = HF_WHY_FUTURE;
	if (why == HF_WHY_FINE && !(stay.e.flags & HF_POP_F_OPEN) &&
	    outside(im, &stay.e)) {
		why = HF_WHY_OUTSIDE;
		hf_feed_find(im->q, HF_FOUND_outside_period, row->line);
	}
	if (why != HF_WHY_FINE)
		return told(im, row->line, field, why, err);
	/* Who has not left yet: to the data's last day, or to today. */
	if (stay.e.flags & HF_POP_F_OPEN) {
		uint16_t last = im->scan.to - 1 < im->today
				    ? (uint16_t)(im->scan.to - 1)
				    : im->today;

		stay.e.los = last > stay.e.day ? (uint16_t)(last - stay.e.day) : 0;
	}
	note(im, row, &stay.e, one, notes);
	stay.e.person = one->ordinal;
	rc = codes(im, row, &stay.e, dx, &stay.n_dx, err);
	if (rc != HF_OK)
		return rc;
	if (im->scan.map->kind == HF_FEED_SPELLS) {
		if (HF_HAS(row, SPELL))
			stay.spell = hash(im, row->text[HF_F_SPELL]);
		return hf_feed_stays_add(&im->stays, &stay, dx, err);
	}
	im->q->events++;
	im->q->linked += linked;
	hf_feed_quality_event(im->q, &stay.e, im->today);
	return hf_pop_feed_event(im->feed, &stay.e, dx, stay.n_dx, err);
}

static enum hf_rc
take_registration(struct import *im, const struct hf_feed_row *row,
		  struct hf_feed_one *one, struct hf_err *err)
{
	struct hf_pop_registration r = {
	    .person = one->ordinal, .from = im->scan.from, .to = HF_POP_NONE};
	enum hf_rc rc = code(im, row, HF_F_PRACTICE, &r.practice, err);

	if (HF_HAS(row, FROM)) /* before 1990 is from the first day on */
		r.from = row->when[HF_F_FROM].day == HF_POP_NONE
			     ? 0
			     : row->when[HF_F_FROM].day;
	if (HF_HAS(row, TO))
		r.to = row->when[HF_F_TO].day;
	if (rc == HF_OK && r.to != HF_POP_NONE && r.to < r.from) {
		hf_feed_find(im->q, HF_FOUND_end_before_start, row->line);
		return told(im, row->line, HF_F_TO, HF_WHY_BACKWARDS, err);
	}
	if (HF_HAS(row, LOCALITY) && r.practice) {
		uint64_t h = hash(im, row->text[HF_F_LOCALITY]) | 2;
		uint64_t *was = &im->localities[r.practice];

		if (*was > 1 && *was != h)
			hf_feed_find(im->q, HF_FOUND_practice_moved, row->line);
		*was = *was == 0 || *was == h ? h : 1;
	}
	im->q->registrations++;
	return rc == HF_OK ? hf_pop_feed_registration(im->feed, &r, err) : rc;
}

static enum hf_rc
take_condition(struct import *im, const struct hf_feed_row *row,
	       const struct hf_feed_one *one, struct hf_err *err)
{
	struct hf_pop_condition c = {.person = one->ordinal, .to = HF_POP_NONE};
	const struct hf_code_item *item;
	size_t n = hf_code_lists_find(im->config->codes, HF_REF_NO_SYSTEM,
				      row->text[HF_F_CONDITION], &item);
	enum hf_rc rc = HF_OK;

	if (n == 0)
		rc = code(im, row, HF_F_CONDITION, &c.code, err);
	if (HF_HAS(row, FROM) && row->when[HF_F_FROM].day != HF_POP_NONE)
		c.from = row->when[HF_F_FROM].day;
	if (HF_HAS(row, TO))
		c.to = row->when[HF_F_TO].day;
	if (c.to < c.from)
		return told(im, row->line, HF_F_TO, HF_WHY_BACKWARDS, err);
	if (n == 0) {
		im->q->conditions++;
		return rc == HF_OK ? hf_pop_feed_condition(im->feed, &c, err) : rc;
	}
	/* A code of SNOMED CT or Read may be of several conditions, or twice of one. */
	for (size_t i = 0; i < n && rc == HF_OK; i++) {
		if (i && hf_sv_eq(item[i].condition, item[i - 1].condition))
			continue;
		im->q->conditions++;
		rc = hf_pop_feed_code(im->feed, HF_POP_CONDITION, item[i].condition,
				      &c.code, err);
		if (rc == HF_OK)
			rc = hf_pop_feed_condition(im->feed, &c, err);
	}
	return rc;
}

static enum hf_rc
take_value(struct import *im, const struct hf_feed_row *row,
	   const struct hf_feed_one *one, struct hf_err *err)
{
	struct hf_pop_value v = {.person = one->ordinal,
				 .day = row->when[HF_F_START].day};
	enum hf_rc rc;

	if (v.day == HF_POP_NONE || v.day > im->today)
		return told(im, row->line, HF_F_START,
			    v.day == HF_POP_NONE ? HF_WHY_RANGE : HF_WHY_FUTURE, err);
	if (row->num[HF_F_NUMBER] > INT32_MAX || row->num[HF_F_NUMBER] < INT32_MIN)
		return told(im, row->line, HF_F_NUMBER, HF_WHY_NUMBER, err);
	v.milli = (int32_t)row->num[HF_F_NUMBER];
	rc = code(im, row, HF_F_VALUE, &v.code, err);
	im->q->values++;
	return rc == HF_OK ? hf_pop_feed_value(im->feed, &v, err) : rc;
}

static enum hf_rc
put_value(struct import *im, struct hf_pop_value v, struct hf_sv code,
	  struct hf_err *err)
{
	enum hf_rc rc = hf_pop_feed_code(im->feed, HF_POP_VALUE, code, &v.code, err);

	im->q->values++;
	return rc == HF_OK ? hf_pop_feed_value(im->feed, &v, err) : rc;
}

/* The rating as the value that was asked for, and each theme as one of who wrote it:
 * nought where it is not spoken of, so that shares are of all comments. */
static enum hf_rc
take_comment(struct import *im, const struct hf_feed_row *row,
	     const struct hf_feed_one *one, struct hf_err *err)
{
	struct hf_pop_value v = {.person = one->ordinal,
				 .day = row->when[HF_F_START].day};
	struct hf_sv asked = HF_HAS(row, VALUE) ? row->text[HF_F_VALUE] : HF_SV("fft");
	enum hf_pop_said said[HF_POP_THEMES];
	enum hf_rc rc;

	if (v.day == HF_POP_NONE || v.day > im->today)
		return told(im, row->line, HF_F_START,
			    v.day == HF_POP_NONE ? HF_WHY_RANGE : HF_WHY_FUTURE, err);
	if (HF_HAS(row, NUMBER) &&
	    (row->num[HF_F_NUMBER] > INT32_MAX || row->num[HF_F_NUMBER] < INT32_MIN))
		return told(im, row->line, HF_F_NUMBER, HF_WHY_NUMBER, err);
	rc = HF_HAS(row, COMMENT)
		 ? hf_feed_comment(&im->comments, &im->key, row, asked, said, err)
		 : HF_OK;
	if (rc == HF_OK && HF_HAS(row, NUMBER)) {
		v.milli = (int32_t)row->num[HF_F_NUMBER];
		rc = put_value(im, v, asked, err);
	}
	/* Who only gave a mark said nothing of any theme. */
	for (size_t i = 0;
	     rc == HF_OK && HF_HAS(row, COMMENT) && i < im->comments.themes.n; i++) {
		char code[64];
		int n = snprintf(code, sizeof code, "theme-%.40s",
				 im->comments.themes.items[i].id);

		v.milli = 1000 * (int32_t)said[i];
		rc = put_value(im, v, (struct hf_sv){code, (size_t)n}, err);
	}
	return rc;
}

/* Before the feed: after a failure between them the same file adds what is missing. */
static enum hf_rc
keep_comments(struct import *im, struct hf_err *err)
{
	const struct hf_feed_config *c = im->config;
	const struct hf_need_by by = {.actor = c->actor,
				      .org = HF_SV(""),
				      .purpose = c->purpose,
				      .trace = c->trace};
	size_t added;

	return hf_pop_comments_keep(c->store, &by, im->comments.items, im->comments.n,
				    &added, err);
}

static enum hf_rc
about(struct import *im, const struct hf_feed_row *row, struct hf_feed_one *one,
      struct hf_err *err)
{
	bool unborn = one->p.birth == INT16_MIN;

	if (!hf_feed_person(row, &one->p))
		hf_feed_find(im->q, HF_FOUND_two_births, row->line);
	if (unborn && one->p.birth != INT16_MIN && !HF_HAS(row, BIRTH))
		one->estimated = true;
	return HF_HAS(row, LSOA) ? code(im, row, HF_F_LSOA, &one->p.lsoa, err) : HF_OK;
}

static enum hf_rc
take_row(struct import *im, const struct hf_feed_row *row, struct hf_err *err)
{
	uint64_t refused = im->q->refused;
	struct hf_feed_one *one;
	struct hf_feed_who who;
	enum hf_rc rc = person(im, row, &who, &one, err);

	if (rc == HF_OK)
		rc = about(im, row, one, err);
	if (rc != HF_OK)
		return rc;
	switch (im->scan.map->kind) {
	case HF_FEED_REGISTER:
		rc = take_registration(im, row, one, err);
		break;
	case HF_FEED_CONDITIONS:
		rc = take_condition(im, row, one, err);
		break;
	case HF_FEED_VALUES:
		rc = take_value(im, row, one, err);
		break;
	case HF_FEED_COMMENTS:
		rc = take_comment(im, row, one, err);
		break;
	default:
		return take_event(im, row, one, who.traced, err);
	}
	if (refused == im->q->refused)
		im->q->linked += who.traced;
	return rc;
}

/* Two equal items of one day may both have been prescribed. */
static bool
may_repeat(const struct import *im)
{
	return im->scan.map->kind == HF_FEED_PRESCRIBING &&
	       !(im->scan.bound.has >> HF_F_EVENT & 1);
}

static enum hf_rc
one_row(struct import *im, const struct hf_csv_row *csv, uint64_t line, bool broken,
	struct hf_feed_row *row, struct hf_err *err)
{
	enum hf_map_field field = HF_FIELDS;
	enum hf_feed_why why = HF_WHY_CSV;
	bool before = false;
	enum hf_rc rc;

	im->q->rows++;
	if (!broken)
		why = hf_feed_read(&im->scan.bound, csv, line, row, &field);
	if (why != HF_WHY_CSV && why != HF_WHY_WIDTH)
		hf_feed_quality_row(im->q, row);
	if ((why == HF_WHY_WIDTH && (csv->n == im->scan.bound.width + 1 ||
				     csv->n + 1 == im->scan.bound.width)) ||
	    (why != HF_WHY_FINE && !broken && why != HF_WHY_WIDTH &&
	     hf_feed_shifted(&im->scan.bound, csv))) {
		hf_feed_find(im->q, HF_FOUND_shifted_columns, line);
		if (why != HF_WHY_WIDTH)
			why = HF_WHY_SHIFTED;
	}
	if (why != HF_WHY_FINE)
		return told(im, line, field, why, err);
	rc = hf_feed_seen_add(&im->seen, hash(im, csv->text), &before, err);
	if (rc == HF_OK && before) {
		hf_feed_find(im->q, HF_FOUND_duplicate_rows, line);
		if (!may_repeat(im))
			return told(im, line, HF_FIELDS, HF_WHY_TWICE, err);
	}
	return rc == HF_OK ? take_row(im, row, err) : rc;
}

static bool
too_many(const struct import *im)
{
	return im->q->refused * 100 > im->q->rows * im->config->most_refused;
}

static enum hf_rc
refuse_feed(const struct import *im, struct hf_err *err)
{
	return hf_fail(err, HF_RULE, im->scan.map->id,
		       "%llu of %llu rows are refused, more than %u %%: nothing was "
		       "taken. Correct the map or the file",
		       (unsigned long long)im->q->refused,
		       (unsigned long long)im->q->rows, im->config->most_refused);
}

static enum hf_rc
read_rows(struct import *im, struct hf_err *err)
{
	struct hf_feed_reader r;
	struct hf_feed_row *row = calloc(1, sizeof *row);
	struct hf_csv_row csv;
	bool broken = false;
	uint64_t line;
	enum hf_rc rc =
	    row ? hf_feed_reader_open(&r, &im->config->bytes, im->scan.map, err)
		: hf_fail(err, HF_BUSY, NULL, "out of memory: try again");

	if (!row)
		return rc;
	while (rc == HF_OK) {
		rc = hf_feed_reader_next(&r, &csv, &line, &broken, err);
		if (rc != HF_OK || (csv.n == 0 && !broken))
			break;
		if (line <= im->scan.header_line)
			continue;
		rc = one_row(im, &csv, line, broken, row, err);
		if (im->q->rows % 65536 == 0 && im->config->progress)
			im->config->progress(im->config->ctx, r.read, im->q->rows);
		/* A map that does not go with the file need not read all of it. */
		if (rc == HF_OK && im->q->refused >= EARLY && too_many(im))
			rc = refuse_feed(im, err);
	}
	hf_feed_reader_close(&r);
	free(row);
	return rc;
}

/* ---- what is known at the end ---- */

static enum hf_rc
put_stays(struct import *im, struct hf_err *err)
{
	enum hf_rc rc = hf_feed_stays_settle(&im->stays, im->scan.map->episodes,
					     &im->people, im->q, told, im, err);

	for (size_t i = 0; i < im->stays.n && rc == HF_OK; i++) {
		const struct hf_feed_stay *s = &im->stays.items[i];

		if (s->refused)
			continue;
		im->q->events++;
		im->q->linked += s->linked;
		hf_feed_quality_event(im->q, &s->e, im->today);
		rc = hf_pop_feed_event(im->feed, &s->e, im->stays.pool + s->dx, s->n_dx,
				       err);
	}
	return rc;
}

static int
by_ordinal(const void *a, const void *b)
{
	const struct hf_feed_one *x = a, *y = b;

	if (x->used != y->used)
		return x->used ? -1 : 1;
	return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* In order of ordinals: the same file gives the same rows, byte for byte. */
static enum hf_rc
put_people(struct import *im, struct hf_err *err)
{
	struct hf_feed_people *p = &im->people;
	enum hf_rc rc = HF_OK;

	if (p->n)
		qsort(p->slots, p->size, sizeof *p->slots, by_ordinal);
	for (size_t i = 0; i < p->n && rc == HF_OK; i++) {
		struct hf_feed_one *one = &p->slots[i];

		one->p.spare = 0;
		im->q->new_persons += one->fresh;
		if (one->estimated)
			hf_feed_find(im->q, HF_FOUND_age_estimated, 0);
		rc = hf_pop_feed_about_person(im->feed, one->ordinal, &one->p, err);
	}
	im->q->persons = p->n;
	return rc;
}

static enum hf_rc
begin(struct import *im, struct hf_err *err)
{
	const struct hf_feed_config *c = im->config;
	char map[160];
	struct hf_pop_feed_about a = {
	    .actor = c->actor,
	    .purpose = c->purpose,
	    .trace = c->trace,
	    .source = c->source,
	    .kind = hf_sv_from(hf_feed_kind_name(im->scan.map->kind)),
	    .from = im->scan.from,
	    .to = im->scan.to,
	    .file = c->file,
	    .sha = hf_sv_from(im->scan.sha),
	    .cut = c->cut};

	snprintf(map, sizeof map, "%s|%s", im->scan.map->id, im->scan.map->version);
	a.map = hf_sv_from(map);
	randombytes_buf(im->salt, sizeof im->salt);
	im->today = hf_feed_today(c->now);
	im->localities = calloc(PRACTICES, sizeof *im->localities);
	if (!im->localities)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	return hf_pop_feed_open(c->pop, &a, &im->feed, err);
}

static enum hf_rc
finish(struct import *im, struct hf_err *err)
{
	enum hf_rc rc = put_stays(im, err);

	if (rc == HF_OK)
		rc = put_people(im, err);
	im->q->taken =
	    im->q->rows - im->q->refused - im->q->found[HF_FOUND_episodes_joined].n;
	im->q->found[HF_FOUND_columns_unread].n = im->scan.bound.unread;
	hf_feed_quality_end(im->q);
	if (rc == HF_OK && im->q->rows == 0)
		rc = hf_fail(err, HF_INVALID, NULL, "the file has no rows");
	if (rc == HF_OK && (too_many(im) || im->q->taken == 0))
		rc = refuse_feed(im, err);
	return rc;
}

enum hf_rc
hf_feed_import(const struct hf_feed_config *config, struct hf_feed_result *out,
	       struct hf_err *err)
{
	struct import im = {.config = config, .out = out, .q = &out->quality};
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc;

	memset(out, 0, sizeof *out);
	rc = hf_feed_scan(config, &im.scan, err);
	out->map = im.scan.map;
	if (rc != HF_OK)
		return rc;
	out->quality.from = im.scan.from;
	out->quality.to = im.scan.to;
	hf_feed_quality_begin(im.q, &im.scan.bound);
	rc = hf_pop_key_read(config->store, &im.key, err);
	if (rc == HF_OK)
		rc = begin(&im, err);
	if (rc == HF_OK)
		rc = read_rows(&im, err);
	if (rc == HF_OK)
		rc = finish(&im, err);
	if (rc == HF_OK)
		rc = keep_comments(&im, err);
	if (rc == HF_OK) {
		rc = hf_pop_feed_commit(im.feed, &out->feed, err);
		im.feed = NULL;
	}
	hf_pop_feed_drop(im.feed);
	if (rc == HF_OK)
		rc = hf_feed_keep(config, out, err);
	sodium_memzero(&im.key, sizeof im.key);
	hf_feed_people_free(&im.people);
	hf_feed_seen_free(&im.seen);
	hf_feed_stays_free(&im.stays);
	hf_feed_comments_free(&im.comments);
	free(im.localities);
	out->seconds = (double)(hf_mono_ns() - begun) / 1e9;
	return rc;
}

/* match.c - who in the record may this be: candidates from index rows, then the
 * matcher.  The more and the rarer values a record shares, the sooner it is opened. */
#include "record/io/match.h"

#include <math.h>
#include <stdio.h>

#include "fhir/spvalue.h"
#include "record/io/weights.h"

struct vote {
	hf_rid rid;
	double bits;
};

struct find {
	struct hf_reader *reader;
	struct hf_arena *arena;
	struct hf_err *err;
	hf_type_id patient;
	struct hf_match_person who;
	struct hf_match_set *set;
	struct hf_match_model model;
	double people;
	struct vote *votes;
	size_t n_votes, votes_size;
	bool beyond;
	struct hf_arena temp;	   /* of one candidate's body */
	struct hf_match_hit *hits; /* of candidates: row k is number k + 1 of set */
	struct hf_sv *givens;	   /* their first names, folded */
	size_t n;
};

enum { TEMP = 128 << 20 }; /* a resource of 16 MB and its nodes */

static enum hf_rc
no_memory(struct find *f)
{
	return hf_fail(f->err, HF_TOO_LONG, NULL, "no memory for this search");
}

/* ---- candidates ---- */

/* Rows of a parameter from lo to hi; *out (NULL is fine) are their rids. */
static enum hf_rc
rows(struct find *f, const char *param, int64_t lo, int64_t hi, size_t max,
     hf_rid **out, size_t *n)
{
	uint32_t slot = hf_index_slot(f->patient, hf_sv_from(param));
	int64_t *values;

	assert(slot);
	return hf_store_index(f->reader, slot, lo, hi, false, lo, -1, max, f->arena,
			      &values, out, n, f->err);
}

static bool
more_votes(struct find *f, size_t n)
{
	size_t size = f->votes_size ? f->votes_size : HF_MATCH_ROWS;
	struct vote *votes;

	if (f->n_votes + n <= f->votes_size)
		return true;
	while (size < f->n_votes + n)
		size *= 2;
	votes = hf_arena_array(f->arena, size, sizeof(*votes));
	if (!votes)
		return false;
	if (f->n_votes)
		memcpy(votes, f->votes, f->n_votes * sizeof(*votes));
	f->votes = votes;
	f->votes_size = size;
	return true;
}

/* Everybody with a value votes for themself with what the value is worth.  *count
 * gets how many there are; when not all were seen, at least one in some_of. */
static enum hf_rc
vote(struct find *f, const char *param, int64_t lo, int64_t hi, double some_of,
     size_t *count)
{
	hf_rid *rids;
	size_t n = 0;
	double bits;
	enum hf_rc rc = rows(f, param, lo, hi, HF_MATCH_ROWS, &rids, &n);

	if (rc)
		return rc;
	*count = n;
	if (n == HF_MATCH_ROWS) {
		f->beyond = true;
		if (f->people / some_of > (double)n)
			*count = (size_t)(f->people / some_of);
	}
	if (!more_votes(f, n))
		return no_memory(f);
	bits = log2((f->people + 2) / ((double)*count + 1));
	for (size_t i = 0; i < n; i++)
		f->votes[f->n_votes++] = (struct vote){rids[i], bits};
	return HF_OK;
}

static enum hf_rc
by_token(struct find *f, const char *param, struct hf_sv text, size_t *count)
{
	int64_t v = hf_index_token((struct hf_sv){0}, text, true);

	return vote(f, param, v, v, 1000, count);
}

/* "Mary-Jane" is found among those called Mary. */
static struct hf_sv
first_name(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_sv folded = hf_fold(text, arena);

	return hf_sv_cut(&folded, ' ');
}

static enum hf_rc
by_name(struct find *f, const char *param, struct hf_sv text, enum hf_match_value kind)
{
	struct hf_sv folded = kind == HF_VALUE_GIVEN ? first_name(text, f->arena)
						     : hf_fold(text, f->arena);
	size_t count = 0;
	enum hf_rc rc;

	if (folded.n == 0)
		return HF_OK;
	rc = vote(f, param, hf_index_string(folded), hf_index_string_end(folded), 50,
		  &count);
	if (rc == HF_OK)
		hf_match_set_known(f->set, kind, kind == HF_VALUE_GIVEN ? folded : text,
				   count);
	return rc;
}

static enum hf_rc
by_day(struct find *f, int year, int month, int day, bool say)
{
	char text[40];
	struct hf_date d;
	size_t count = 0;
	enum hf_rc rc;

	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	if (!hf_date_parse(hf_sv_from(text), false, &d))
		return HF_OK;
	rc = vote(f, "birthdate", d.lo, d.lo, 1000, &count);
	if (rc == HF_OK && say)
		hf_match_set_known(f->set, HF_VALUE_BIRTH, hf_sv_from(text), count);
	return rc;
}

static enum hf_rc
by_birth(struct find *f)
{
	const struct hf_match_person *w = &f->who;
	enum hf_rc rc;

	if (!w->year || !w->month || !w->day)
		return HF_OK;
	rc = by_day(f, w->year, w->month, w->day, true);
	if (rc == HF_OK && w->day <= 12 && w->day != w->month)
		rc = by_day(f, w->year, w->day, w->month, false);
	return rc;
}

/* A postcode is found with its blank or without. */
static enum hf_rc
by_postcode(struct find *f, struct hf_sv text)
{
	struct hf_sv folded = hf_fold(text, f->arena);
	char with[16], without[16];
	size_t n = 0, count = 0, more = 0;
	struct hf_sv w, o;
	enum hf_rc rc;

	for (size_t i = 0; i < folded.n; i++)
		if (folded.p[i] != ' ' && n + 1 < sizeof(without))
			without[n++] = folded.p[i];
	if (n < 5 || n > 8)
		return HF_OK;
	o = (struct hf_sv){without, n};
	w = (struct hf_sv){with,
			   (size_t)snprintf(with, sizeof(with), "%.*s %.3s",
					    (int)(n - 3), without, without + n - 3)};
	rc = vote(f, "address-postalcode", hf_index_string(w), hf_index_string_end(w),
		  1000, &count);
	if (rc == HF_OK)
		rc = vote(f, "address-postalcode", hf_index_string(o),
			  hf_index_string_end(o), 1000, &more);
	if (rc == HF_OK)
		hf_match_set_known(f->set, HF_VALUE_POSTCODE, text, count + more);
	return rc;
}

/* A telephone number is found in its national and its international form. */
static enum hf_rc
by_phone(struct find *f, struct hf_sv text)
{
	char digits[24], other[40];
	size_t n = 0, count = 0, more = 0;
	enum hf_rc rc;

	for (size_t i = 0; i < text.n && n + 1 < sizeof(digits); i++)
		if ((text.p[i] >= '0' && text.p[i] <= '9') ||
		    (i == 0 && text.p[0] == '+'))
			digits[n++] = text.p[i];
	digits[n] = 0;
	if (n < 7)
		return HF_OK;
	if (digits[0] == '+')
		snprintf(other, sizeof(other), "0%s", digits + 3);
	else
		snprintf(other, sizeof(other), "+44%s", digits + 1);
	rc = by_token(f, "phone", (struct hf_sv){digits, n}, &count);
	if (rc == HF_OK)
		rc = by_token(f, "phone", hf_sv_from(other), &more);
	if (rc == HF_OK)
		hf_match_set_known(f->set, HF_VALUE_PHONE, text, count + more);
	return rc;
}

static enum hf_rc
collect(struct find *f)
{
	const struct hf_match_person *w = &f->who;
	size_t count;
	enum hf_rc rc = HF_OK;

	if (w->has_nhs)
		rc = by_token(f, "identifier", hf_nhs_sv(&w->nhs), &count);
	if (rc == HF_OK)
		rc = by_birth(f);
	for (size_t i = 0; rc == HF_OK && i < HF_MATCH_NAMES; i++)
		rc = by_name(f, "family", w->family[i], HF_VALUE_FAMILY);
	if (rc == HF_OK)
		rc = by_name(f, "given", w->given[0], HF_VALUE_GIVEN);
	if (rc == HF_OK)
		rc = by_name(f, "given", w->usual, HF_VALUE_GIVEN);
	for (size_t i = 0; rc == HF_OK && i < HF_MATCH_ADDRESSES; i++) {
		rc = by_postcode(f, w->address[i].postcode);
		if (rc == HF_OK)
			rc = by_phone(f, w->phone[i]);
		/* Lines have no index: as many as there are streets of one name. */
		hf_match_set_known(f->set, HF_VALUE_LINE, w->address[i].line,
				   2 + (size_t)(f->people / 50000));
	}
	return rc;
}

static int
by_rid(const void *pa, const void *pb)
{
	const struct vote *a = pa, *b = pb;

	return a->rid < b->rid ? -1 : a->rid > b->rid;
}

static int
by_bits(const void *pa, const void *pb)
{
	const struct vote *a = pa, *b = pb;

	if (a->bits < b->bits || a->bits > b->bits)
		return a->bits > b->bits ? -1 : 1;
	return by_rid(a, b);
}

/* One vote a record, the strongest first. */
static void
add_up(struct find *f)
{
	size_t n = 0;

	if (f->n_votes == 0)
		return;
	qsort(f->votes, f->n_votes, sizeof(*f->votes), by_rid);
	for (size_t i = 0; i < f->n_votes; i++) {
		if (n && f->votes[n - 1].rid == f->votes[i].rid)
			f->votes[n - 1].bits += f->votes[i].bits;
		else
			f->votes[n++] = f->votes[i];
	}
	f->n_votes = n;
	qsort(f->votes, n, sizeof(*f->votes), by_bits);
}

/* ---- comparing ---- */

static enum hf_rc
read_one(struct find *f, hf_rid rid)
{
	struct hf_match_person them;
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = hf_store_read_rid(f->reader, rid, 0, &f->temp, &v, f->err);

	/* Deleted since its index row was read. */
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, &f->temp, &doc, f->err);
	if (rc)
		return rc;
	hf_match_read(&doc, 0, &f->temp, &them);
	rc = hf_match_set_add(f->set, &them, f->err);
	if (rc)
		return rc;
	f->hits[f->n].v.e.rid = rid;
	f->givens[f->n++] = hf_arena_sv(f->arena, first_name(them.given[0], &f->temp));
	return HF_OK;
}

/* Bodies may be large (a photograph): only those of the hits are kept. */
static enum hf_rc
open_one(struct find *f, hf_rid rid)
{
	enum hf_rc rc = read_one(f, rid);

	hf_arena_reset(&f->temp);
	return rc;
}

static void
compare_all(struct find *f)
{
	hf_match_set_weigh(f->set);
	for (size_t i = 0; i < f->n; i++)
		hf_match_compare(f->set, &f->model, 0, i + 1, &f->hits[i].r);
}

/* Whether a given name is a slip depends on how many bear it, which for the
 * candidates' names nobody has counted yet. */
static enum hf_rc
count_given(struct find *f, bool *any)
{
	for (size_t i = 0; i < f->n; i++) {
		struct hf_sv name = f->givens[i];
		hf_rid *rids;
		size_t n = 0;
		enum hf_rc rc;

		if (f->hits[i].r.level[HF_MATCH_GIVEN] != HF_AGREE_GIVEN_TYPO ||
		    f->hits[i].r.answer == HF_MATCH_SEPARATE)
			continue;
		rc = rows(f, "given", hf_index_string(name), hf_index_string_end(name),
			  HF_MATCH_ROWS, &rids, &n);
		if (rc)
			return rc;
		hf_match_set_known(f->set, HF_VALUE_GIVEN, name, n);
		*any = true;
	}
	return HF_OK;
}

static int
by_answer(const void *pa, const void *pb)
{
	const struct hf_match_hit *a = pa, *b = pb;

	if (a->r.answer != b->r.answer)
		return a->r.answer > b->r.answer ? -1 : 1;
	if (a->r.bits < b->r.bits || a->r.bits > b->r.bits)
		return a->r.bits > b->r.bits ? -1 : 1;
	return a->v.e.rid < b->v.e.rid ? -1 : a->v.e.rid > b->v.e.rid;
}

/* How many people the certain hits are: linked records are one. */
static enum hf_rc
count_people(struct find *f, struct hf_match_found *out)
{
	for (size_t i = 0; i < out->n && out->hits[i].certain; i++) {
		int64_t *shelves;
		size_t n;
		bool seen = false;
		enum hf_rc rc =
		    hf_store_person(f->reader, HF_RID_SHELF(out->hits[i].v.e.rid),
				    f->arena, &shelves, &n, f->err);

		if (rc)
			return rc;
		for (size_t k = 0; k < i; k++)
			for (size_t j = 0; j < n; j++)
				if (HF_RID_SHELF(out->hits[k].v.e.rid) == shelves[j])
					seen = true;
		out->people += !seen;
	}
	return HF_OK;
}

static enum hf_rc
give(struct find *f, size_t most, struct hf_match_found *out)
{
	struct hf_match_found found = {.hits = f->hits, .beyond = f->beyond};
	enum hf_rc rc;

	for (size_t i = 0; i < f->n; i++) {
		const struct hf_match_result *r = &f->hits[i].r;

		if (r->answer == HF_MATCH_SEPARATE)
			continue;
		f->hits[found.n] = f->hits[i];
		f->hits[found.n++].certain =
		    r->answer == HF_MATCH_LINK &&
		    (r->rule == HF_RULE_NUMBER || r->bits >= 10);
	}
	if (found.n)
		qsort(f->hits, found.n, sizeof(*f->hits), by_answer);
	rc = count_people(f, &found);
	found.n = found.n > most ? most : found.n;
	for (size_t i = 0; i < found.n && rc == HF_OK; i++)
		rc = hf_store_read_rid(f->reader, f->hits[i].v.e.rid, 0, f->arena,
				       &f->hits[i].v, f->err);
	if (rc == HF_OK)
		*out = found;
	return rc;
}

static enum hf_rc
find(struct find *f, size_t most, struct hf_match_found *out)
{
	bool any = false;
	enum hf_rc rc = hf_match_set_add(f->set, &f->who, f->err);

	hf_match_set_people(f->set, (size_t)f->people);
	if (rc == HF_OK)
		rc = collect(f);
	if (rc)
		return rc;
	add_up(f);
	f->hits = hf_arena_array(f->arena, HF_MATCH_CANDIDATES, sizeof(*f->hits));
	f->givens = hf_arena_array(f->arena, HF_MATCH_CANDIDATES, sizeof(*f->givens));
	if (!f->hits || !f->givens)
		return no_memory(f);
	for (size_t i = 0; i < f->n_votes && i < HF_MATCH_CANDIDATES && !rc; i++)
		rc = open_one(f, f->votes[i].rid);
	if (rc)
		return rc;
	compare_all(f);
	rc = count_given(f, &any);
	if (rc == HF_OK && any)
		compare_all(f);
	return rc == HF_OK ? give(f, most, out) : rc;
}

/* Enough to find somebody by: a number, or a name and one thing more. */
static bool
says_enough(const struct hf_match_person *w)
{
	bool name = w->family[0].n || w->given[0].n;
	bool more = w->year || w->address[0].postcode.n || w->phone[0].n;

	return w->has_nhs || (name && more) || (w->family[0].n && w->given[0].n);
}

/* The set, the weights and how many people there are. */
static enum hf_rc
begin(struct find *f)
{
	struct hf_store_stats stats;
	struct hf_weights weights;
	enum hf_rc rc = hf_store_stats(f->reader, &stats, f->err);

	if (rc == HF_OK)
		rc = hf_weights_read(f->reader, f->arena, &weights, f->err);
	if (rc)
		return rc;
	f->model = weights.model;
	f->people = (double)stats.people;
	f->set = hf_match_set_new();
	return f->set ? HF_OK : no_memory(f);
}

static void
end(struct find *f)
{
	hf_match_set_free(f->set);
	hf_arena_free(&f->temp);
}

enum hf_rc
hf_match_find(struct hf_reader *reader, const struct hf_json *doc, uint32_t node,
	      size_t most, struct hf_arena *arena, struct hf_match_found *out,
	      struct hf_err *err)
{
	struct find f = {
	    .reader = reader,
	    .arena = arena,
	    .err = err,
	    .patient = hf_resource_find(HF_SV("Patient")),
	    .temp = {.cap = TEMP},
	};
	enum hf_rc rc;

	hf_match_read(doc, node, arena, &f.who);
	if (!says_enough(&f.who))
		return hf_fail(err, HF_RULE, "Patient",
			       "too little to find anybody by: give an NHS number, or "
			       "a name with a second name, a date of birth, a postcode "
			       "or a telephone number");
	rc = begin(&f);
	if (rc == HF_OK)
		rc = hf_reader_begin(reader, err);
	if (rc == HF_OK) {
		rc = find(&f, most, out);
		hf_reader_end(reader);
	}
	end(&f);
	return rc;
}

static enum hf_rc
compare_two(struct find *f, hf_rid other)
{
	bool any = false;
	enum hf_rc rc = hf_match_set_add(f->set, &f->who, f->err);

	hf_match_set_people(f->set, (size_t)f->people);
	if (rc == HF_OK)
		rc = collect(f);
	f->hits = hf_arena_array(f->arena, 1, sizeof(*f->hits));
	f->givens = hf_arena_array(f->arena, 1, sizeof(*f->givens));
	if (rc == HF_OK && (!f->hits || !f->givens))
		return no_memory(f);
	if (rc == HF_OK)
		rc = open_one(f, other);
	if (rc == HF_OK && f->n == 0)
		rc = hf_fail(f->err, HF_NOT_FOUND, NULL, "there is no such Patient");
	if (rc)
		return rc;
	compare_all(f);
	rc = count_given(f, &any);
	if (rc == HF_OK && any)
		compare_all(f);
	return rc;
}

enum hf_rc
hf_match_two(struct hf_reader *reader, hf_rid one, hf_rid other, struct hf_arena *arena,
	     struct hf_match_result *out, struct hf_err *err)
{
	struct find f = {
	    .reader = reader,
	    .arena = arena,
	    .err = err,
	    .patient = hf_resource_find(HF_SV("Patient")),
	    .temp = {.cap = TEMP},
	};
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = hf_store_read_rid(reader, one, 0, arena, &v, err);

	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, arena, &doc, err);
	if (rc)
		return rc;
	hf_match_read(&doc, 0, arena, &f.who);
	rc = begin(&f);
	if (rc == HF_OK)
		rc = compare_two(&f, other);
	if (rc == HF_OK)
		*out = f.hits[0].r;
	end(&f);
	return rc;
}

/* quality.c - data quality of a feed. */
#include "population/quality.h"

#include "base/time.h"
#include "base/workday.h"
#include "fhir/json.h"

static const struct {
	const char *name, *text;
	enum hf_severity severity;
} findings[HF_FINDINGS] = {
#define HF_FINDING(name, severity, text) {#name, text, HF_SEV_##severity},
#include "population/feed_finding.def"
#undef HF_FINDING
};

const char *
hf_feed_finding_name(enum hf_feed_finding f)
{
	return findings[f].name;
}

const char *
hf_feed_finding_text(enum hf_feed_finding f)
{
	return findings[f].text;
}

enum hf_severity
hf_feed_finding_severity(enum hf_feed_finding f)
{
	return findings[f].severity;
}

double
hf_dq_item_score(const struct hf_dq_item *item)
{
	double records = (double)item->records;
	double excess = (double)item->defaults - item->permille * records / 1000;
	double score;

	if (item->records == 0)
		return 0;
	if (excess < 0)
		excess = 0;
	score = 100 * ((double)item->valid - excess) / records;
	return score < 0 ? 0 : score;
}

static double
mean(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return n ? sum / (double)n : 0;
}

double
hf_dqmi(const double *items, size_t n, const double *coverage, size_t m)
{
	return mean(items, n) * mean(coverage, m) * 100;
}

void
hf_feed_find(struct hf_feed_quality *q, enum hf_feed_finding f, uint64_t line)
{
	struct hf_feed_found *found = &q->found[f];

	found->n++;
	if (line && found->n_lines < HF_QUALITY_LINES)
		found->lines[found->n_lines++] = line;
}

void
hf_feed_quality_begin(struct hf_feed_quality *q, const struct hf_map_bound *bound)
{
	for (size_t i = 0; i < bound->map->n_columns; i++) {
		const struct hf_map_column *c = &bound->map->columns[i];

		if (!c->item)
			continue;
		if (!(bound->has >> c->field & 1)) {
			q->found[HF_FOUND_items_missing].n++;
			continue;
		}
		q->item_mask |= (uint64_t)1 << c->field;
		q->items[c->field].permille = c->threshold;
	}
}

void
hf_feed_quality_row(struct hf_feed_quality *q, const struct hf_feed_row *row)
{
	for (uint64_t left = q->item_mask; left; left &= left - 1) {
		int f = __builtin_ctzll(left);

		/* Who has not left yet has no end to complete. */
		if (f == HF_F_END && (row->missing >> f & 1))
			continue;
		q->items[f].records++;
		q->items[f].valid += row->there >> f & 1;
		q->items[f].defaults += row->there >> f & row->plain >> f & 1;
	}
	for (uint64_t left = row->wrong; left; left &= left - 1) {
		enum hf_feed_why why = row->why[__builtin_ctzll(left)];

		if (__builtin_ctzll(left) == HF_F_PERSON)
			continue; /* counted as untraced */
		q->not_taken[__builtin_ctzll(left)]++;
		hf_feed_find(q,
			     why == HF_WHY_WORD ? HF_FOUND_unknown_codes
						: HF_FOUND_wrong_values,
			     row->line);
	}
	for (uint64_t left = row->hidden; left; left &= left - 1)
		hf_feed_find(q, HF_FOUND_held_back, row->line);
	for (size_t i = 0; i < row->dx_left_out; i++)
		hf_feed_find(q, HF_FOUND_dx_left_out, row->line);
	if (HF_HAS(row, DX)) {
		q->dx_rows++;
		q->dx_codes += 1 + row->n_dx;
	}
}

static unsigned
month_of(uint16_t day)
{
	struct hf_civil c =
	    hf_civil_from_time(((hf_time)day + HF_POP_DAY_ZERO) * 86400000);

	return (unsigned)((c.year - 1990) * 12 + c.month - 1);
}

void
hf_feed_quality_event(struct hf_feed_quality *q, const struct hf_pop_event *e,
		      uint16_t received)
{
	unsigned month = month_of(e->day);
	unsigned last = (unsigned)e->day + (e->los == HF_POP_NONE ? 0 : e->los);
	unsigned late = received > last ? received - last : 0;

	if (month < HF_QUALITY_MONTHS)
		q->months[month]++;
	q->late[late < HF_QUALITY_LATE ? late : HF_QUALITY_LATE]++;
	/* Seven days hold five working days but for holidays; nine and more never. */
	if (late < 12 && hf_workdays_after((int64_t)last + HF_POP_DAY_ZERO, 5) >=
			     (int64_t)received + HF_POP_DAY_ZERO)
		q->within_5++;
}

double
hf_feed_linkage(const struct hf_feed_quality *q)
{
	return q->taken ? (double)q->linked / (double)q->taken : 0;
}

static void
count_months(const struct hf_feed_quality *q, unsigned *expected, unsigned *there)
{
	*expected = *there = 0;
	if (q->to <= q->from || q->events == 0)
		return;
	for (unsigned m = month_of(q->from); m <= month_of((uint16_t)(q->to - 1));
	     m++) {
		++*expected;
		*there += m < HF_QUALITY_MONTHS && q->months[m] != 0;
	}
}

double
hf_feed_coverage(const struct hf_feed_quality *q)
{
	unsigned expected, there;

	count_months(q, &expected, &there);
	/* A register has no months: it is there or not. */
	if (expected == 0)
		return q->taken ? 1 : 0;
	return (double)there / expected;
}

double
hf_feed_score(const struct hf_feed_quality *q)
{
	double items[HF_FIELDS], coverage = hf_feed_coverage(q);
	size_t n = 0;

	for (uint64_t left = q->item_mask; left; left &= left - 1) {
		const struct hf_dq_item *item = &q->items[__builtin_ctzll(left)];

		if (item->records)
			items[n++] = hf_dq_item_score(item) / 100;
	}
	return hf_dqmi(items, n, &coverage, 1);
}

bool
hf_feed_publishable(const struct hf_feed_quality *q)
{
	return hf_feed_linkage(q) >= 0.95 && hf_feed_coverage(q) >= 0.90;
}

void
hf_feed_quality_end(struct hf_feed_quality *q)
{
	unsigned expected, there;

	count_months(q, &expected, &there);
	q->found[HF_FOUND_months_missing].n = expected - there;
	if (q->taken && hf_feed_linkage(q) < 0.95)
		q->found[HF_FOUND_linkage_low].n = q->taken - q->linked;
}

/* ---- as JSON ---- */

static void
put_decimal(struct hf_jw *w, double v)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%.2f", v);

	hf_jw_raw(w, (struct hf_sv){text, (size_t)n});
}

static void
put_count(struct hf_jw *w, const char *name, uint64_t v)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, (int64_t)v);
}

static double
percent(uint64_t part, uint64_t of)
{
	return of ? 100.0 * (double)part / (double)of : 0;
}

static void
put_items(struct hf_jw *w, const struct hf_feed_quality *q)
{
	hf_jw_member(w, "items");
	hf_jw_arr(w);
	for (uint64_t left = q->item_mask; left; left &= left - 1) {
		enum hf_map_field f = (enum hf_map_field)__builtin_ctzll(left);
		const struct hf_dq_item *item = &q->items[f];

		hf_jw_obj(w);
		hf_jw_field(w, "field", hf_sv_from(hf_map_field_name(f)));
		put_count(w, "records", item->records);
		put_count(w, "valid", item->valid);
		put_count(w, "defaults", item->defaults);
		put_count(w, "threshold", item->permille);
		hf_jw_member(w, "score");
		put_decimal(w, hf_dq_item_score(item));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_findings(struct hf_jw *w, const struct hf_feed_quality *q)
{
	hf_jw_member(w, "findings");
	hf_jw_arr(w);
	for (int i = 0; i < HF_FINDINGS; i++) {
		const struct hf_feed_found *found = &q->found[i];

		if (found->n == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(findings[i].name));
		hf_jw_field(w, "severity",
			    hf_sv_from(hf_severity_code(findings[i].severity)));
		put_count(w, "n", found->n);
		hf_jw_field(w, "text", hf_sv_from(findings[i].text));
		hf_jw_member(w, "lines");
		hf_jw_arr(w);
		for (unsigned k = 0; k < found->n_lines; k++)
			hf_jw_int(w, (int64_t)found->lines[k]);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_refused(struct hf_jw *w, const struct hf_feed_quality *q)
{
	hf_jw_member(w, "refusedBecause");
	hf_jw_arr(w);
	for (int y = 1; y < HF_WHYS; y++)
		for (int f = 0; f <= HF_FIELDS; f++) {
			if (q->why_field[y][f] == 0)
				continue;
			hf_jw_obj(w);
			hf_jw_field(w, "field",
				    f == HF_FIELDS ? HF_SV("")
						   : hf_sv_from(hf_map_field_name(
							 (enum hf_map_field)f)));
			put_count(w, "n", q->why_field[y][f]);
			hf_jw_field(w, "text",
				    hf_sv_from(hf_feed_why_text((enum hf_feed_why)y)));
			hf_jw_obj_end(w);
		}
	hf_jw_arr_end(w);
	hf_jw_member(w, "notTaken");
	hf_jw_obj(w);
	for (int f = 0; f < HF_FIELDS; f++)
		if (q->not_taken[f])
			put_count(w, hf_map_field_name((enum hf_map_field)f),
				  q->not_taken[f]);
	hf_jw_obj_end(w);
}

static void
put_months(struct hf_jw *w, const struct hf_feed_quality *q)
{
	char text[16];

	hf_jw_member(w, "months");
	hf_jw_arr(w);
	for (unsigned m = 0; m < HF_QUALITY_MONTHS; m++) {
		if (q->months[m] == 0)
			continue;
		snprintf(text, sizeof text, "%04u-%02u", 1990 + m / 12, m % 12 + 1);
		hf_jw_obj(w);
		hf_jw_field(w, "month", hf_sv_from(text));
		put_count(w, "n", q->months[m]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_measures(struct hf_jw *w, const struct hf_feed_quality *q)
{
	uint64_t all = 0, sum = 0;
	int median = -1;

	for (int i = 0; i <= HF_QUALITY_LATE; i++)
		all += q->late[i];
	for (int i = 0; i <= HF_QUALITY_LATE && median < 0 && all; i++) {
		sum += q->late[i];
		if (sum * 2 >= all)
			median = i;
	}
	hf_jw_member(w, "measures");
	hf_jw_obj(w);
	hf_jw_member(w, "linkage");
	put_decimal(w, 100 * hf_feed_linkage(q));
	hf_jw_member(w, "coverage");
	put_decimal(w, 100 * hf_feed_coverage(q));
	hf_jw_member(w, "daysToArrivalMedian");
	if (median < 0)
		hf_jw_null(w);
	else
		hf_jw_int(w, median);
	hf_jw_member(w, "withinFiveWorkingDays");
	put_decimal(w, percent(q->within_5, all));
	hf_jw_member(w, "duplicates");
	put_decimal(w, percent(q->found[HF_FOUND_duplicate_rows].n, q->rows));
	hf_jw_member(w, "datesInOrder");
	put_decimal(w, 100 - percent(q->found[HF_FOUND_end_before_start].n +
					 q->found[HF_FOUND_after_death].n,
				     q->rows));
	hf_jw_member(w, "ethnicityKnown");
	put_decimal(
	    w, percent(q->items[HF_F_ETHNIC].valid - q->items[HF_F_ETHNIC].defaults,
		       q->items[HF_F_ETHNIC].records));
	hf_jw_member(w, "practiceKnown");
	put_decimal(
	    w, percent(q->items[HF_F_PRACTICE].valid - q->items[HF_F_PRACTICE].defaults,
		       q->items[HF_F_PRACTICE].records));
	hf_jw_member(w, "diagnosisDepth");
	put_decimal(w, q->dx_rows ? (double)q->dx_codes / (double)q->dx_rows : 0);
	hf_jw_member(w, "clockStartPresent");
	put_decimal(
	    w, percent(q->items[HF_F_REQUEST].valid, q->items[HF_F_REQUEST].records));
	hf_jw_member(w, "exactlyMidnight");
	put_decimal(w, percent(q->midnights, q->timed));
	hf_jw_member(w, "personsOfNoOtherFeed");
	put_decimal(w, percent(q->new_persons, q->persons));
	hf_jw_obj_end(w);
}

void
hf_feed_quality_write(const struct hf_feed_quality *q, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};

	hf_jw_obj(&w);
	hf_jw_member(&w, "score");
	put_decimal(&w, hf_feed_score(q));
	hf_jw_member(&w, "publishable");
	hf_jw_bool(&w, hf_feed_publishable(q));
	put_count(&w, "rows", q->rows);
	put_count(&w, "taken", q->taken);
	put_count(&w, "refused", q->refused);
	put_count(&w, "persons", q->persons);
	put_measures(&w, q);
	put_items(&w, q);
	put_findings(&w, q);
	put_refused(&w, q);
	put_months(&w, q);
	hf_jw_obj_end(&w);
}

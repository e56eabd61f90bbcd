/* feed_scan.c - the first reading: hash, header, days. */
#include <sodium.h>
#include <stdlib.h>

#include "base/time.h"
#include "population/io/feed_int.h"

enum { HEADER_ROWS = 20, RARE = 2000 };

uint16_t
hf_feed_today(hf_time now)
{
	int64_t day = hf_london_day(now) - HF_POP_DAY_ZERO;

	return day < 0 || day >= HF_POP_NONE ? HF_POP_NONE - 1 : (uint16_t)day;
}

static void
hash(void *ctx, struct hf_sv in)
{
	crypto_hash_sha256_update(ctx, (const unsigned char *)in.p, in.n);
}

/* Some extracts have rows of title above the header: the first row that a map goes with
 * is it.  What is wrong is said of the first row. */
static enum hf_rc
find_header(const struct hf_feed_config *config, struct hf_feed_reader *r,
	    struct hf_feed_scan *out, struct hf_err *err)
{
	struct hf_err first = {0}, wrong = {0};
	struct hf_csv_row row;
	bool broken;
	uint64_t line;
	size_t which = 0;

	for (int i = 0; i < HEADER_ROWS; i++) {
		enum hf_rc rc = hf_feed_reader_next(r, &row, &line, &broken, err);

		if (rc != HF_OK)
			return rc;
		if (row.n == 0 && !broken)
			break;
		if (broken)
			continue;
		rc = config->n_maps == 1
			 ? hf_map_bind(&config->maps[0], &row, &out->bound, &wrong)
			 : hf_map_detect(config->maps, config->n_maps, &row, &which,
					 &wrong);
		if (rc == HF_OK) {
			out->map = &config->maps[which];
			out->header_line = out->map->headless ? 0 : line;
			return hf_map_bind(out->map, &row, &out->bound, err);
		}
		if (first.rc == HF_OK || rc == HF_RULE)
			first = wrong;
		if (rc == HF_RULE)
			break;
	}
	if (first.rc == HF_OK)
		return hf_fail(err, HF_INVALID, NULL, "the file has no rows");
	if (err)
		*err = first;
	return first.rc;
}

/* The column whose days say what the feed is about. */
static int
day_column(const struct hf_map_bound *b)
{
	enum hf_map_field want =
	    b->map->kind == HF_FEED_DIAGNOSTICS ? HF_F_REQUEST : HF_F_START;

	if (b->map->kind == HF_FEED_REGISTER || b->map->kind == HF_FEED_CONDITIONS)
		return -1;
	/* Of stays the end: extracts are made by it. */
	if (b->has >> HF_F_END & 1 && b->map->kind == HF_FEED_SPELLS)
		want = HF_F_END;
	for (size_t i = 0; i < b->n; i++)
		if (b->map->columns[b->col[i].column].field == want)
			return b->col[i].at;
	return -1;
}

static uint16_t
first_of(unsigned month) /* since 1990-01 */
{
	int64_t day =
	    hf_days_from_civil((int32_t)(1990 + month / 12), (int)(month % 12) + 1, 1) -
	    HF_POP_DAY_ZERO;

	return day >= HF_POP_NONE ? HF_POP_NONE - 1 : (uint16_t)day;
}

static unsigned
month_now(hf_time now)
{
	struct hf_civil c = hf_london_civil(now);

	return c.year < 1990 ? 0 : (unsigned)((c.year - 1990) * 12 + c.month - 1);
}

/* Whole months from the first to the last that has more than one in 2,000 rows: a year
 * mistyped must not make the feed one of decades. */
static void
set_period(const uint32_t *months, unsigned now, struct hf_feed_scan *out)
{
	uint64_t all = 0;
	unsigned first = HF_QUALITY_MONTHS, last = 0;

	for (unsigned m = 0; m < HF_QUALITY_MONTHS; m++)
		all += months[m];
	for (unsigned m = 0; m < HF_QUALITY_MONTHS && m <= now; m++) {
		if (months[m] == 0 || months[m] < all / RARE)
			continue;
		if (m < first)
			first = m;
		last = m;
	}
	if (first == HF_QUALITY_MONTHS)
		first = last = now;
	out->from = first_of(first);
	out->to = first_of(last + 1);
}

static enum hf_rc
read_days(struct hf_feed_reader *r, const struct hf_feed_scan *scan, uint32_t *months,
	  struct hf_err *err)
{
	int at = day_column(&scan->bound);
	struct hf_csv_row row;
	enum hf_rc rc = HF_OK;
	uint64_t line;
	bool broken;

	while (at >= 0 && rc == HF_OK) {
		struct hf_map_when w;

		rc = hf_feed_reader_next(r, &row, &line, &broken, err);
		if (rc != HF_OK || (row.n == 0 && !broken))
			break;
		if (row.n > (size_t)at && hf_map_date(scan->map, row.fields[at], &w) &&
		    w.day != HF_POP_NONE)
			months[w.month - 90 * 12]++;
	}
	return rc;
}

enum hf_rc
hf_feed_scan(const struct hf_feed_config *config, struct hf_feed_scan *out,
	     struct hf_err *err)
{
	struct hf_feed_reader r;
	crypto_hash_sha256_state sha;
	unsigned char sum[crypto_hash_sha256_BYTES];
	uint32_t *months = calloc(HF_QUALITY_MONTHS, sizeof *months);
	const struct hf_map *only = config->n_maps == 1 ? &config->maps[0] : NULL;
	enum hf_rc rc;

	*out = (struct hf_feed_scan){.from = config->from, .to = config->to};
	if (!months)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	crypto_hash_sha256_init(&sha);
	rc = hf_feed_reader_open(&r, &config->bytes, only, err);
	r.saw = hash;
	r.saw_ctx = &sha;
	if (rc == HF_OK)
		rc = find_header(config, &r, out, err);
	if (rc == HF_OK && out->to == 0)
		rc = read_days(&r, out, months, err);
	while (rc == HF_OK && !r.end) { /* for the hash */
		char block[64 << 10];
		size_t got = 0;

		rc = r.bytes->read(r.bytes->ctx, block, sizeof block, &got, err);
		r.end = got == 0;
		hash(&sha, (struct hf_sv){block, got});
	}
	if (rc == HF_OK && out->to == 0)
		set_period(months, month_now(config->now), out);
	crypto_hash_sha256_final(&sha, sum);
	sodium_bin2hex(out->sha, sizeof out->sha, sum, sizeof sum);
	hf_feed_reader_close(&r);
	free(months);
	return rc;
}

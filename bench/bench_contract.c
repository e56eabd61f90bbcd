/* bench_contract.c - how fast activity is priced.
 *
 *   bench_contract [ROUNDS]          prints figures, the best of so many rounds (5)
 *   bench_contract --csv FILE        writes a year's activity for another engine
 *
 * A year of a place: 150,000 spells, 700,000 outpatient contacts, 200,000 A&E
 * attendances, in no order, under the illustrative list. */
#include <stdio.h>
#include <stdlib.h>

#include "base/io/clock.h"
#include "contract/reprice.h"
#include "contract/trace.h"
#include "test/unit/contract/made.h"

enum { SPELLS = 150000, CONTACTS = 700000, ATTENDANCES = 200000 };
enum { YEAR = SPELLS + CONTACTS + ATTENDANCES, FROM = 18353 /* 2020-04-01 */ };

struct year {
	struct hf_arena arena;
	struct hf_ct_list *list;
	struct hf_ct_price_book book;
	struct hf_ct_activity *a;
	struct hf_ct_priced *out;
};

static bool
make(struct year *y)
{
	struct made m = {.from = FROM, .days = 365};
	struct hf_err err;

	*y = (struct year){.arena = {.cap = (size_t)256 << 20}};
	y->a = malloc(sizeof *y->a * YEAR);
	y->out = malloc(sizeof *y->out * YEAR);
	if (!y->a || !y->out ||
	    hf_ct_list_builtin(&y->arena, &y->list, &err) != HF_OK ||
	    hf_ct_price_book_add(&y->book, y->list, &err) != HF_OK)
		return false;
	m.list = y->list;
	hf_rng_seed(&m.rng, 1, 6);
	for (size_t i = 0; i < YEAR; i++)
		made_row(&m, i,
			 i < SPELLS		 ? HF_CT_ACT_SPELL
			 : i < SPELLS + CONTACTS ? HF_CT_ACT_OUTPATIENT
						 : HF_CT_ACT_AE,
			 &y->a[i]);
	return true;
}

/* Nanoseconds of pricing n rows; kept: with traces. */
static uint64_t
price(struct year *y, size_t n, bool kept, struct hf_buf *traces, hf_pence *sum)
{
	static struct hf_ct_pricer p;
	uint64_t begun = hf_mono_ns();

	traces->n = 0;
	hf_ct_pricer_init(&p, &y->book, kept ? traces : NULL);
	hf_ct_price_all(&p, y->a, n, y->out);
	*sum = 0;
	for (size_t i = 0; i < n; i++)
		*sum += y->out[i].value;
	return hf_mono_ns() - begun;
}

static uint64_t
best(struct year *y, size_t n, bool kept, long rounds, struct hf_buf *traces,
     hf_pence *sum)
{
	uint64_t least = UINT64_MAX;

	for (long i = 0; i < rounds; i++) {
		uint64_t took = price(y, n, kept, traces, sum);

		least = took < least ? took : least;
	}
	return least;
}

/* Milliseconds of a what-if: a price and a volume, both sides anew. */
static double
what_if(const struct year *y)
{
	const struct hf_ct_reprice_change changes[] = {
	    {.kind = HF_CT_REPRICE_PRICE,
	     .column = HF_CT_RP_NE,
	     .code = hf_ct_code_of("XX01A"),
	     .price = 250000},
	    {.kind = HF_CT_REPRICE_VOLUME, .pod = HF_CT_POD_AE, .rate = 1050000000}};
	struct hf_arena arena = {.cap = (size_t)64 << 20};
	struct hf_ct_repriced out;
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc =
	    hf_ct_reprice(&y->book, changes, 2, y->a, YEAR, &arena, &out, NULL);
	uint64_t took = hf_mono_ns() - begun;

	hf_arena_free(&arena);
	return rc == HF_OK ? (double)took / 1e6 : -1;
}

static int
write_csv(const struct year *y, const char *path)
{
	FILE *f = fopen(path, "we");
	char hrg[HF_CT_CODE_TEXT], provider[HF_CT_CODE_TEXT], fn[HF_CT_CODE_TEXT];

	if (!f)
		return 1;
	fputs("id,kind,hrg,provider,specialty,day,admitted,critical,rehab,palliative,"
	      "other,flags,method,age,cls,specialised,investigation,treatment\n",
	      f);
	for (size_t i = 0; i < YEAR; i++) {
		const struct hf_ct_activity *a = &y->a[i];

		fprintf(f, "%llu,%d,%s,%s,%s,%d,%d,%d,%d,%d,%d,%d,%s,%d,%d,%d,%d,%d\n",
			(unsigned long long)a->id, a->kind,
			hf_ct_code_text(a->hrg, hrg),
			hf_ct_code_text(a->provider, provider),
			hf_ct_code_text(a->specialty, fn), a->day, a->admitted,
			a->critical, a->rehab, a->palliative, a->other, a->flags,
			hf_ct_method_code(a->method), a->age, a->cls, a->specialised,
			a->investigation, a->treatment);
	}
	return fclose(f) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 5;
	struct hf_buf traces = {0};
	struct year y;
	hf_pence sum = 0, spells = 0;
	uint64_t bare, kept, year;

	if (!make(&y))
		return 1;
	if (argc > 2 && strcmp(argv[1], "--csv") == 0)
		return write_csv(&y, argv[2]);
	if (rounds < 1)
		return 1;
	bare = best(&y, SPELLS, false, rounds, &traces, &spells);
	kept = best(&y, SPELLS, true, rounds, &traces, &spells);
	year = best(&y, YEAR, true, rounds, &traces, &sum);
	printf("spells %.2f million/s without traces, %.2f million/s with\n",
	       SPELLS * 1e3 / (double)bare, SPELLS * 1e3 / (double)kept);
	printf("spells worth %lld pence\n", (long long)spells);
	printf("year %.0f ms with traces of %.1f MB, %d rows worth %lld pence\n",
	       (double)year / 1e6, (double)traces.n / 1e6, YEAR, (long long)sum);
	printf("what-if %.0f ms, both sides of the year\n", what_if(&y));
	hf_buf_free(&traces);
	free(y.a);
	free(y.out);
	hf_arena_free(&y.arena);
	return 0;
}

/* prices.h - what the tests of prices share: a small list as text, and reading it. */
#ifndef HF_TEST_CONTRACT_PRICES_H
#define HF_TEST_CONTRACT_PRICES_H

#include "test/hf_test.h"

#include "base/time.h"
#include "contract/price.h"

#define HRG_HEADER                                                                     \
	"hrg,name,oproc,combined,dc,el,el_trim,ne,ne_trim,perday,sse_applicable,"      \
	"sse_pct,sse_price,bpt_scope,bpt_area,bpt_price_ne,bpt_price_el,valid_from,"   \
	"valid_to,currency_unit\n"
#define LIST_OF(id, from, to)                                                          \
	"setting,value\nid," id "\ntitle,Test\nillustrative,yes\nvalid_from," from     \
	"\nvalid_to," to "\n"
#define MFF_HEADER "provider,name,mff,valid_from,valid_to\n"

struct lists {
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_err err;
};

static inline void
lists_begin(struct lists *l)
{
	*l = (struct lists){.arena = {.cap = (size_t)256 << 20}};
	l->issues.arena = &l->arena;
}

static inline void
lists_end(struct lists *l)
{
	hf_arena_free(&l->arena);
}

/* A list of three files; NULL leaves one out. */
static inline enum hf_rc
read_list(struct lists *l, const char *list, const char *hrg, const char *mff,
	  struct hf_ct_list **out)
{
	struct hf_ct_file files[3];
	size_t n = 0;

	l->issues.n = l->issues.errors = 0;
	if (list)
		files[n++] = (struct hf_ct_file){HF_SV("list.csv"), hf_sv_from(list)};
	if (hrg)
		files[n++] = (struct hf_ct_file){HF_SV("hrg.csv"), hf_sv_from(hrg)};
	if (mff)
		files[n++] = (struct hf_ct_file){HF_SV("mff.csv"), hf_sv_from(mff)};
	return hf_ct_list_read(files, n, &l->arena, &l->issues, out, &l->err);
}

static inline int32_t
on(int y, int m, int d)
{
	return (int32_t)hf_days_from_civil(y, m, d);
}

#endif

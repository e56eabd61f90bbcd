/* fuzz_prices.c - any bytes: read as the files of a price list and as activity without
 * a crash; what was read keeps the promises of list.h, and prices any row of it.
 *
 * The input is files, each after a line "=name.csv"; "=activity.csv" is activity. */
#include "contract/activity_read.h"
#include "contract/price.h"
#include "contract/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 12 };

static size_t
cut(struct hf_sv text, struct hf_ct_file files[FILES])
{
	size_t n = 0;

	while (text.n && n < FILES) {
		struct hf_sv line = hf_sv_cut(&text, '\n');

		if (line.n == 0 || line.p[0] != '=')
			continue;
		files[n].name = hf_sv_from_at(line, 1);
		files[n].text = (struct hf_sv){text.p, 0};
		while (text.n && text.p[0] != '=')
			hf_sv_cut(&text, '\n');
		files[n].text.n =
		    (size_t)((text.p ? text.p : line.p + line.n) - files[n].text.p);
		if (!text.p)
			files[n].text.n = 0;
		n++;
	}
	return n;
}

static void
check(const struct hf_ct_list *list)
{
	for (int t = 0; t < HF_CT_TABLES; t++)
		for (uint32_t i = 0; i < list->table[t].n; i++) {
			enum hf_ct_table_name name = (enum hf_ct_table_name)t;
			const struct hf_ct_key *k = hf_ct_list_row(list, name, i);

			if (hf_ct_list_find(list, name, k->code, k->sub, k->from) !=
				k ||
			    hf_ct_list_find(list, name, k->code, k->sub, k->to) != k)
				abort();
		}
}

static void
price(const struct hf_ct_list *list, struct hf_sv activity)
{
	struct hf_arena row = {.cap = 1 << 20};
	struct hf_buf traces = {0}, text = {0};
	struct hf_ct_activity_reader reader;
	static struct hf_ct_pricer pricer;
	struct hf_ct_price_book book = {.lists = {list}, .n = 1};
	struct hf_ct_activity a;
	struct hf_ct_priced out;
	enum hf_rc rc = hf_ct_activity_begin(&reader, activity, &row, NULL);

	hf_ct_pricer_init(&pricer, &book, &traces);
	while (rc == HF_OK || rc == HF_INVALID) {
		rc = hf_ct_activity_next(&reader, &a, NULL);
		if (rc != HF_OK)
			continue;
		hf_ct_price(&pricer, &a, &out);
		if (out.value < 0 || out.xbd < 0 || out.xbd > out.value)
			abort();
		text.n = 0;
		hf_ct_trace_text(hf_buf_view(&traces), &book, &a, &out, &text);
	}
	hf_buf_free(&traces);
	hf_buf_free(&text);
	hf_arena_free(&row);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 64u << 20}, own = {.cap = 64u << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_ct_file files[FILES];
	struct hf_ct_list *list = NULL;
	size_t n = cut((struct hf_sv){(const char *)data, size}, files), kept = 0;
	struct hf_sv activity = {(const char *)data, size};

	for (size_t i = 0; i < n; i++) {
		if (hf_sv_is(files[i].name, "activity.csv"))
			activity = files[i].text;
		else
			files[kept++] = files[i];
	}
	if (hf_ct_list_read(files, kept, &arena, &issues, &list, NULL) == HF_OK)
		check(list);
	else if (hf_ct_list_builtin(&own, &list, NULL) != HF_OK)
		abort();
	price(list, activity);
	hf_arena_free(&arena);
	hf_arena_free(&own);
	return 0;
}

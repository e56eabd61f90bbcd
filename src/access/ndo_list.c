/* ndo_list.c - the National Data Opt-Out list as it comes: an NHS number a line. */
#include <stdlib.h>

#include "access/rights.h"
#include "base/nhs.h"

enum { NUMBERS_MAX = 20000000 };

static int
in_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum hf_rc
read_lines(struct hf_sv text, const unsigned char key[HF_NDO_KEY],
	   struct hf_ndo_list *list, struct hf_err *err)
{
	while (text.n) {
		struct hf_sv s = hf_sv_trim(hf_sv_cut(&text, '\n'));
		struct hf_nhs nhs;

		list->lines++;
		if (s.n == 0)
			continue;
		if (hf_nhs_parse(s, &nhs, NULL) != HF_OK)
			return hf_fail(err, HF_INVALID, NULL,
				       "line %zu of the list is no NHS number; nothing "
				       "was changed",
				       list->lines);
		list->hashes[list->n++] = hf_ndo_hash(key, hf_nhs_sv(&nhs));
	}
	return HF_OK;
}

/* Sorts, and leaves each once. */
static void
settle(struct hf_ndo_list *list)
{
	size_t n = list->n;

	qsort(list->hashes, n, sizeof(*list->hashes), in_order);
	list->n = 0;
	for (size_t i = 0; i < n; i++)
		if (i == 0 || list->hashes[i] != list->hashes[i - 1])
			list->hashes[list->n++] = list->hashes[i];
	list->doubles = n - list->n;
}

enum hf_rc
hf_ndo_list_read(struct hf_sv text, const unsigned char key[HF_NDO_KEY],
		 struct hf_ndo_list *out, struct hf_err *err)
{
	struct hf_ndo_list list = {0};
	enum hf_rc rc;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	if (n > NUMBERS_MAX)
		return hf_fail(err, HF_TOO_LONG, NULL, "a list has at most %d numbers",
			       NUMBERS_MAX);
	list.hashes = malloc((n + 1) * sizeof(*list.hashes));
	if (!list.hashes)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	rc = read_lines(text, key, &list, err);
	if (rc) {
		free(list.hashes);
		return rc;
	}
	settle(&list);
	*out = list;
	return HF_OK;
}

void
hf_ndo_list_free(struct hf_ndo_list *list)
{
	free(list->hashes);
	*list = (struct hf_ndo_list){0};
}

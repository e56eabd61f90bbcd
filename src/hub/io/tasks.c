/* tasks.c - every Task of a status, one after the other. */
#include "hub/io/hub.h"

enum { PAGE = 1000, ARENA = 64 << 20 };

enum hf_rc
hf_hub_each_task(struct hf_reader *reader, const char *status, hf_hub_task_fn *each,
		 void *of, struct hf_err *err)
{
	uint32_t slot = hf_index_slot(hf_resource_find(HF_SV("Task")), HF_SV("status"));
	int64_t value =
	    hf_index_token((struct hf_sv){NULL, 0}, hf_sv_from(status), true);
	struct hf_arena list = {.cap = ARENA}, scratch = {.cap = ARENA};
	enum hf_rc rc = HF_OK;
	hf_rid after = 0;
	size_t n = PAGE;

	while (rc == HF_OK && n == PAGE) {
		int64_t *values;
		hf_rid *rids = NULL;

		hf_arena_reset(&list);
		rc = hf_store_index(reader, slot, value, value, false, value, after,
				    PAGE, &list, &values, &rids, &n, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			hf_arena_reset(&scratch);
			rc = each(of, reader, rids[i], &scratch, err);
			after = rids[i];
		}
	}
	hf_arena_free(&list);
	hf_arena_free(&scratch);
	return rc;
}

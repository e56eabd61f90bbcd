/* fuzz_instance.c - any bytes as the inputs of an instance's Task: what it stood at
 * when it was taken over, and what was left to do.  What reads well can go on, and
 * comes back the same. */
#include <stdlib.h>

#include "hub/case_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct hf_pathway *p;
static struct hf_arena kept = {.cap = 8 << 20};

static void
load(void)
{
	struct hf_issues issues = {.arena = &kept};
	struct hf_err err;

	for (size_t i = 0; !p && i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "frailty.json") == 0)
			(void)hf_pathway_load("x", hf_pathways_builtin[i].text, NULL,
					      &kept, &issues, &p, &err);
	if (!p)
		abort();
}

static void
go_on(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_replay r;
	struct hf_hub_event e = {.at = 1767268800000,
				 .event = HF_SV(HF_HUB_TAKEN),
				 .given = text,
				 .age = -1};
	struct hf_case_parts *parts = HF_NEW(arena, struct hf_case_parts);
	struct hf_pw_instance again;
	struct hf_buf out = {.cap = 8 << 20};
	struct hf_jw w = {.out = &out};
	struct hf_err err;

	hf_replay_begin(&r, p, arena);
	if (!parts || hf_replay_event(&r, &e, ~(hf_pw_set)0, &err) != HF_OK)
		return;
	hf_case_parts_follow(parts, p, &e, &r, arena);
	hf_jw_obj(&w);
	hf_snapshot_write(p, &r.in, &w);
	hf_case_parts_write(parts, &w);
	hf_jw_obj_end(&w);
	if (out.failed || hf_snapshot_read(p, hf_buf_view(&out), arena, &again, &err) ||
	    again.state != r.in.state || again.n_runs != r.in.n_runs)
		abort();
	hf_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 32 << 20};
	struct hf_sv text = {(const char *)data, size};
	struct hf_pw_instance in;
	struct hf_err err = {0};
	enum hf_rc rc;

	load();
	rc = hf_snapshot_read(p, text, &arena, &in, &err);
	if (rc == HF_OK)
		go_on(text, &arena);
	else if (!err.text[0])
		abort();
	hf_arena_free(&arena);
	return 0;
}

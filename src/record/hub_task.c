/* hub_task.c - see hub_task.h. */
#include "record/hub_task.h"

static bool
says(const struct hf_json *doc, uint32_t coding, const char *name, const char *what,
     struct hf_arena *arena)
{
	uint32_t node = hf_json_get(doc, coding, hf_sv_from(name));

	return node != HF_JSON_NONE && hf_json_type(doc, node) == HF_JSON_STRING &&
	       hf_sv_eq(hf_sv_trim(hf_json_str(doc, node, arena)), hf_sv_from(what));
}

bool
hf_hub_task_is(const struct hf_json *doc, uint32_t node, const char *kind,
	       struct hf_arena *arena)
{
	uint32_t list =
	    hf_json_member(doc, hf_json_member(doc, node, "code"), "coding");

	for (uint32_t i = 0; i < hf_json_count(doc, list); i++) {
		uint32_t coding = hf_json_at(doc, list, i);

		if (says(doc, coding, "system", HF_HUB_TASK_SYSTEM, arena) &&
		    says(doc, coding, "code", kind, arena))
			return true;
	}
	return false;
}

bool
hf_hub_task_is_the_hubs(const struct hf_json *doc, uint32_t node,
			struct hf_arena *arena)
{
	static const char *const kinds[] = {"instance", "pathway", "offer", "alert",
					    "breach"};

	for (size_t i = 0; i < HF_COUNT(kinds); i++)
		if (hf_hub_task_is(doc, node, kinds[i], arena))
			return true;
	return hf_json_member(doc, node, "partOf") != HF_JSON_NONE &&
	       hf_hub_task_is(doc, node, "work", arena);
}

/* hub_task.h - Tasks that are the hub's: a referral, and what stands beside it.
 *
 * Pure.  Their code is of the system below.  A code of the same name in another system
 * is somebody else's Task and makes no referral. */
#ifndef HF_RECORD_HUB_TASK_H
#define HF_RECORD_HUB_TASK_H

#include "fhir/json.h"

#define HF_HUB_TASK_SYSTEM "https://homefirst.example/CodeSystem/pathway-task"

/* Is the Task at node of this kind: instance (a referral), pathway (an instance of any
 * other), offer, alert, work, breach? */
bool hf_hub_task_is(const struct hf_json *doc, uint32_t node, const char *kind,
		    struct hf_arena *arena);
/* Is it one that the hub alone changes?  Work that belongs to no referral is not: a
 * form asks for it, and whoever does it says that it is done. */
bool hf_hub_task_is_the_hubs(const struct hf_json *doc, uint32_t node,
			     struct hf_arena *arena);

#endif

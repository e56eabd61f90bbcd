/* prepare_hub.c - a Task of the hub is changed by the hub alone.
 *
 * Its inputs are what happened to a referral, and its state is their replay: whoever
 * could write it as any other resource could make things up that nobody did. */
#include "record/hub_task.h"
#include "record/io/prepare.h"

/* The hub itself, and what is taken over whole: an export of another place. */
static bool
may(struct hf_sv source)
{
	return hf_sv_is(source, "hub") || hf_sv_is(source, "import");
}

static enum hf_rc
was_the_hubs(struct hf_prep *p, size_t i, bool *was)
{
	const struct hf_work *w = &p->work[i];
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc;

	*was = false;
	if (!w->exists || w->hidden || w->old.e.deleted)
		return HF_OK;
	rc = hf_store_read_rid(p->reader, w->old.e.rid, 0, p->arena, &v, p->err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, p->arena, &doc, p->err);
	if (rc == HF_OK)
		*was = hf_hub_task_is_the_hubs(&doc, 0, p->arena);
	return rc;
}

enum hf_rc
hf_prep_hub_alone(struct hf_prep *p)
{
	hf_type_id task = hf_resource_find(HF_SV("Task"));

	for (size_t i = 0; !may(p->change->source) && i < p->change->n; i++) {
		const struct hf_change_item *it = &p->change->items[i];
		bool was;
		enum hf_rc rc;

		if (it->type != task || it->skip || it->op == HF_OP_READ)
			continue;
		p->change->failed_item = i;
		rc = was_the_hubs(p, i, &was);
		if (rc)
			return rc;
		if (was || (hf_prep_writes_body(it) &&
			    hf_hub_task_is_the_hubs(it->doc, it->node, p->arena)))
			return hf_fail(p->err, HF_RULE, "Task.code",
				       "a Task of this kind is changed by the hub "
				       "alone: see /api/hub");
	}
	p->change->failed_item = SIZE_MAX;
	return HF_OK;
}

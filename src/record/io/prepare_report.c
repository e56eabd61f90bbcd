/* prepare_report.c - a MeasureReport is of groups of people, on whatever way it comes:
 * by itself or in a bundle of others. */
#include "record/io/prepare.h"
#include "record/measure_report.h"

enum hf_rc
hf_prep_reports(struct hf_prep *p)
{
	hf_type_id report = hf_resource_find(HF_SV("MeasureReport"));

	/* What was exported from a place is taken over whole. */
	for (size_t i = 0; !hf_sv_is(p->change->source, "import") && i < p->change->n;
	     i++) {
		const struct hf_change_item *it = &p->change->items[i];
		enum hf_rc rc;

		if (it->type != report || it->skip || !hf_prep_writes_body(it))
			continue;
		p->change->failed_item = i;
		rc = hf_measure_report_check(it->doc, it->node, p->arena, p->err);
		if (rc)
			return rc;
	}
	p->change->failed_item = SIZE_MAX;
	return HF_OK;
}

/* search_support.c - which search parameters are answered as R4 says.
 *
 * A test stores a sample of every type and asks each parameter for a value that it
 * has and one that it has not (test_record_search_all.c); what fails there stands
 * here and is left out of /metadata. */
#include "record/io/search_int.h"

/* Control parameters that the definitions list as search parameters. */
static const char *const left_out[] = {"_text",	 "_content",	  "_filter",
				       "_query", "_has",	  "_list",
				       "_type",	 "_containedType"};

bool
hf_search_supports(hf_type_id type, const struct hf_sp *sp)
{
	(void)type;
	if (sp->kind == HF_SP_COMPOSITE || sp->kind == HF_SP_SPECIAL ||
	    sp->expression_id == 0)
		return false;
	for (size_t i = 0; i < HF_COUNT(left_out); i++)
		if (strcmp(sp->code, left_out[i]) == 0)
			return false;
	return true;
}

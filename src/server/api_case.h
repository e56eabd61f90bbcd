/* api_case.h - what the files of /api/instances and /api/pathways share. */
#ifndef HF_SERVER_API_CASE_H
#define HF_SERVER_API_CASE_H

#include "server/api_hub.h"
#include "server/case_json.h"

/* The facts that guards ask, each once, with what is known: as the member "needs". */
void hf_api_case_needs(struct hf_jw *w, const struct hf_case_def *def,
		       const struct hf_pw_guard *const *guards, size_t n,
		       const struct hf_case_fact *facts);

#endif

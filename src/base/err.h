/* err.h - expected failures, one table for all rooms.
 *
 * A failure is an enum hf_rc with a struct hf_err beside it.  On HF_OK err and
 * on failure outputs are left alone.  Text holds ids and codes only: never a
 * name, an NHS number or free text from a record. */
#ifndef HF_BASE_ERR_H
#define HF_BASE_ERR_H

#include "base/base.h"

enum hf_rc {
	HF_OK,
#define HF_ERR(name, http, issue, text) HF_##name,
#include "base/err.def"
#undef HF_ERR
	HF_RC_COUNT
};

struct hf_err {
	enum hf_rc rc;
	char path[160]; /* FHIRPath location, file:line or setting; "" when none */
	char text[400]; /* what is wrong and what to do, one sentence or two */
};

/* Fills *err (NULL is fine) and gives rc back.  path may be NULL. */
enum hf_rc hf_fail(struct hf_err *err, enum hf_rc rc, const char *path, const char *fmt,
		   ...) HF_PRINTF(4, 5);

#ifdef __clang_analyzer__ /* cannot see that what comes back is rc, never HF_OK */
#define hf_fail(err, rc, ...) (hf_fail((err), (rc), __VA_ARGS__), (rc))
#endif

int hf_rc_http(enum hf_rc rc);		/* 200 for HF_OK */
const char *hf_rc_issue(enum hf_rc rc); /* FHIR issue-type code */
const char *hf_rc_text(enum hf_rc rc);	/* the kind in plain words */

#endif

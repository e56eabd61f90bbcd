/* issue.h - findings about data: a list with a place and a sentence each.
 *
 * A function that finds things succeeds and the list is its result.  Text holds
 * element names, codes and lengths, never a value from a record that could be
 * about a person. */
#ifndef HF_BASE_ISSUE_H
#define HF_BASE_ISSUE_H

#include "base/arena.h"

enum hf_severity { HF_SEV_ERROR, HF_SEV_WARNING, HF_SEV_INFO };

struct hf_issue {
	enum hf_severity severity;
	const char *code;  /* FHIR issue-type code, a literal */
	struct hf_sv path; /* FHIRPath location, e.g. Patient.name[0].family */
	struct hf_sv text;
};

/* At most max are kept (HF_ISSUES_MAX when 0); dropped counts the rest. */
struct hf_issues {
	struct hf_arena *arena;
	struct hf_issue *items;
	size_t n, size, max, errors, dropped;
};

enum { HF_ISSUES_MAX = 100 };

/* Copies path and text into the list's arena. */
void hf_issue_add(struct hf_issues *list, enum hf_severity severity, const char *code,
		  struct hf_sv path, const char *fmt, ...) HF_PRINTF(5, 6);

/* "error", "warning", "information": FHIR issue-severity. */
const char *hf_severity_code(enum hf_severity severity);

#endif

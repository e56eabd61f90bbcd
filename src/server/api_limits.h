/* api_limits.h - what a page does not show to this reader, so that nothing hidden looks
 * like "none", and what is said of a person who may not be opened. */
#ifndef HF_SERVER_API_LIMITS_H
#define HF_SERVER_API_LIMITS_H

#include "server/api.h"

struct hf_api_limits {
	uint64_t restricted; /* set of enum hf_content: there is more than is shown */
	uint64_t not_shown;  /* what this role does not see of anybody like this */
	struct hf_viewer_person person;
};

/* What limits the answer about the person at rid, after it was read. */
enum hf_rc hf_api_limits_of(struct hf_call *call, hf_rid rid, struct hf_api_limits *out,
			    struct hf_err *err);
/* restricted, notShown and glass, inside an object that is open. */
void hf_api_limits_write(struct hf_jw *w, const struct hf_api_limits *limits);

/* Answers for a person who cannot be opened because of err: for whoever could break the
 * glass for somebody, how that is done, whether or not there is such a person. */
void hf_api_not_opened(struct hf_call *call, const struct hf_err *err);

#endif

/* form_write.h - forms and what came of them, in answers of /api. */
#ifndef HF_SERVER_FORM_WRITE_H
#define HF_SERVER_FORM_WRITE_H

#include "server/api.h"
#include "server/form_build.h"

enum { HF_FORM_BODY = 256 * 1024 };

/* Reads the form that {id} at arg of the address names, or answers that there is none
 * (NULL). */
const struct hf_qn *hf_form_of(struct hf_call *call, size_t arg);

/* What a page sends: { item, at, confirmed, version }. */
struct hf_form_sent {
	struct hf_json doc;
	uint32_t items; /* HF_JSON_NONE: none */
	hf_time at;	/* the request's time when it says none */
	uint32_t confirmed;
	int age; /* years; below 0: not said */
};
/* HF_MEDIA, HF_INVALID, HF_TOO_LONG; HF_STALE when it was made with another version. */
enum hf_rc hf_form_read(struct hf_call *call, const struct hf_qn *form,
			const char *members, struct hf_form_sent *out,
			struct hf_err *err);

/* Checks and scores what was sent.  text is the response, for the change that records
 * it; doc is it again, parsed.  Findings in issues. */
enum hf_rc hf_form_fill(struct hf_call *call, const struct hf_qn *form,
			const struct hf_form_sent *sent, const struct hf_form_who *who,
			const struct hf_qn_asked *asked, struct hf_issues *issues,
			struct hf_json *doc, struct hf_filled *out, struct hf_err *err);
/* Extreme values that were not confirmed become findings. */
void hf_form_ask_again(struct hf_call *call, const struct hf_filled *f,
		       const struct hf_form_sent *sent, struct hf_issues *issues);

/* Members of an object that is open: score, as in docs/interfaces/forms.md. */
void hf_form_write_score(struct hf_call *call, struct hf_jw *w,
			 const struct hf_filled *f);
void hf_form_write_findings(struct hf_jw *w, const struct hf_issues *issues);
/* The score itself: bands, bounds, what it raises. */
void hf_form_write_table(struct hf_jw *w, const struct hf_score *score);
/* Sends what hf_api_begin()'s writer wrote, with a status. */
void hf_form_end(struct hf_call *call, int status);

#endif

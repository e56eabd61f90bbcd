/* err.c - the table of failures, and filling a struct hf_err. */
#include "base/err.h"

#include <stdarg.h>

static const struct kind {
	int http;
	const char *issue, *text;
} kinds[HF_RC_COUNT] = {
    [HF_OK] = {200, "informational", "done"},
#define HF_ERR(name, http, issue, text) [HF_##name] = {http, issue, text},
#include "base/err.def"
#undef HF_ERR
};

#undef hf_fail /* see err.h: the analyzer's view of it */

enum hf_rc
hf_fail(struct hf_err *err, enum hf_rc rc, const char *path, const char *fmt, ...)
{
	va_list ap;

	assert(rc > HF_OK && rc < HF_RC_COUNT);
	if (!err)
		return rc;
	err->rc = rc;
	snprintf(err->path, sizeof err->path, "%s", path ? path : "");
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	return rc;
}

int
hf_rc_http(enum hf_rc rc)
{
	assert(rc < HF_RC_COUNT);
	return kinds[rc].http;
}

const char *
hf_rc_issue(enum hf_rc rc)
{
	assert(rc < HF_RC_COUNT);
	return kinds[rc].issue;
}

const char *
hf_rc_text(enum hf_rc rc)
{
	assert(rc < HF_RC_COUNT);
	return kinds[rc].text;
}

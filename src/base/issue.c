/* issue.c - findings about data. */
#include "base/issue.h"

#include <stdarg.h>

void
hf_issue_add(struct hf_issues *list, enum hf_severity severity, const char *code,
	     struct hf_sv path, const char *fmt, ...)
{
	size_t max = list->max ? list->max : HF_ISSUES_MAX;
	char text[512];
	va_list ap;

	if (severity == HF_SEV_ERROR)
		list->errors++;
	if (list->n >= max) {
		list->dropped++;
		return;
	}
	if (list->n == list->size) {
		size_t size = list->size ? list->size * 2 : 8;
		struct hf_issue *items =
		    hf_arena_array(list->arena, size, sizeof *items);

		if (!items) {
			list->dropped++;
			return;
		}
		if (list->n)
			memcpy(items, list->items, list->n * sizeof *items);
		list->items = items;
		list->size = size;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	list->items[list->n++] = (struct hf_issue){
	    .severity = severity,
	    .code = code,
	    .path = hf_arena_sv(list->arena, path),
	    .text = hf_arena_sv(list->arena, hf_sv_from(text)),
	};
}

const char *
hf_severity_code(enum hf_severity severity)
{
	static const char *const codes[] = {"error", "warning", "information"};

	return codes[severity];
}

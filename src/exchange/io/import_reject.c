/* import_reject.c - what was refused, and why, in a file that can be corrected and
 * imported again. */
#include "exchange/io/import_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fhir/validate.h"

enum { COPY_MAX = 64 << 20, TEXT_MAX = 1 << 20 };

/* Is s UTF-8 without control characters that JSON cannot hold as they are? */
static bool
is_text(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == 0)
			return false;
	return true;
}

static void
write_line(struct import *im, const struct reject *r, const struct hf_issues *issues)
{
	struct hf_buf b = {0};
	struct hf_jw w = {.out = &b};

	hf_jw_obj(&w);
	hf_jw_member(&w, "rejected");
	hf_jw_obj(&w);
	hf_jw_field(&w, "file", hf_sv_from(r->path));
	if (r->line != 0) {
		hf_jw_member(&w, "line");
		hf_jw_int(&w, (int64_t)r->line);
	}
	if (r->entry >= 0) {
		hf_jw_member(&w, "entry");
		hf_jw_int(&w, r->entry);
	}
	hf_jw_member(&w, "outcome");
	w.comma = false;
	hf_outcome_write(&b, issues);
	w.comma = true;
	hf_jw_obj_end(&w);
	if (r->doc != NULL && r->node != HF_JSON_NONE &&
	    hf_json_raw(r->doc, r->node).n <= COPY_MAX) {
		hf_jw_member(&w, "resource");
		hf_json_minify(r->doc, r->node, &b);
		w.comma = true;
	} else if (r->text.n != 0 && r->text.n <= TEXT_MAX && is_text(r->text)) {
		hf_jw_field(&w, "text", r->text);
	}
	hf_jw_obj_end(&w);
	hf_buf_char(&b, '\n');
	if (im->rejects == NULL && im->config->rejects != NULL) {
		int fd = open(im->config->rejects,
			      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

		im->rejects = fd < 0 ? NULL : fdopen(fd, "a");
		if (im->rejects == NULL && fd >= 0)
			close(fd);
	}
	if (im->config->rejects != NULL && (b.failed || im->rejects == NULL ||
					    fwrite(b.p, 1, b.n, im->rejects) != b.n)) {
		struct hf_err err;

		hf_fail(&err, HF_FAULT, im->config->rejects,
			"the rejects file cannot be written: %s", strerror(errno));
		hf_import_fatal(im, &err);
	} else if (im->rejects != NULL) {
		im->result->rejects_written = true;
	}
	hf_buf_free(&b);
}

static void
add_reason(struct import *im, const struct reject *r, const struct hf_issues *issues)
{
	struct hf_import_result *res = im->result;
	const struct hf_issue *first = NULL;
	char line[32] = "", entry[32] = "", more[40] = "";
	struct hf_sv text;

	for (size_t i = 0; i < issues->n && first == NULL; i++)
		if (issues->items[i].severity == HF_SEV_ERROR)
			first = &issues->items[i];
	if (r->line != 0)
		snprintf(line, sizeof(line), " line %llu", (unsigned long long)r->line);
	if (r->entry >= 0)
		snprintf(entry, sizeof(entry), " entry %lld", (long long)r->entry);
	if (issues->errors > 1)
		snprintf(more, sizeof(more), " (and %zu more)", issues->errors - 1);
	pthread_mutex_lock(&im->mu);
	res->refused += r->resources;
	if (res->n_reasons < HF_IMPORT_REASONS && first != NULL) {
		text = hf_arena_printf(im->arena, "%s%s%s: %.*s%s%.*s%s", r->path, line,
				       entry, HF_SV_ARG(first->path),
				       first->path.n ? ": " : "",
				       HF_SV_ARG(first->text), more);
		if (text.p != NULL)
			res->reasons[res->n_reasons++] = text.p;
	}
	pthread_mutex_unlock(&im->mu);
}

void
hf_import_reject_issues(struct import *im, const struct reject *r,
			const struct hf_issues *issues)
{
	pthread_mutex_lock(&im->reject_mu);
	write_line(im, r, issues);
	pthread_mutex_unlock(&im->reject_mu);
	add_reason(im, r, issues);
}

void
hf_import_reject_err(struct import *im, const struct reject *r,
		     const struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 16};
	struct hf_issues issues = {.arena = &arena};
	struct hf_sv path = hf_sv_from(err->path);

	if (hf_sv_eq(path, hf_sv_from(r->path)))
		path.n = 0; /* the reason names the file already */
	hf_issue_add(&issues, HF_SEV_ERROR, hf_rc_issue(err->rc), path, "%s",
		     err->text[0] ? err->text : hf_rc_text(err->rc));
	hf_import_reject_issues(im, r, &issues);
	hf_arena_free(&arena);
}

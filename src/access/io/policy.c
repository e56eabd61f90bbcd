/* policy.c (io) - the documents of access from a folder. */
#include "access/io/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The whole file; *text.p NULL when it is not there. */
static enum hf_rc
read_document(const char *path, struct hf_arena *arena, struct hf_sv *text,
	      struct hf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t n = 0;
	char *p;

	*text = (struct hf_sv){NULL, 0};
	if (fd < 0 && errno == ENOENT)
		return HF_OK;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		enum hf_rc rc = hf_fail(err, HF_FORBIDDEN, path,
					"it cannot be read: %s", strerror(errno));

		if (fd >= 0)
			close(fd);
		return rc;
	}
	if (st.st_size > HF_POLICY_FILE_MAX) {
		close(fd);
		return hf_fail(err, HF_TOO_LONG, path,
			       "a document of access has at most %d bytes",
			       HF_POLICY_FILE_MAX);
	}
	p = hf_arena_alloc(arena, (size_t)st.st_size + 1);
	while (p && n < (size_t)st.st_size) {
		ssize_t got = read(fd, p + n, (size_t)st.st_size - n);

		if (got <= 0)
			break;
		n += (size_t)got;
	}
	close(fd);
	if (!p || n != (size_t)st.st_size)
		return hf_fail(err, p ? HF_FORBIDDEN : HF_TOO_LONG, path,
			       "it cannot be read to its end");
	*text = (struct hf_sv){p, n};
	return HF_OK;
}

/* "rules 2" of "roles 2, rules 2, …", by place. */
static struct hf_sv
version_at(const char *versions, int at)
{
	struct hf_sv rest = hf_sv_from(versions), part = rest;

	for (int i = 0; i <= at; i++)
		part = hf_sv_trim(hf_sv_cut(&rest, ','));
	return part;
}

static enum hf_rc
check_versions(const struct hf_policy_text docs[HF_POLICY_DOCS], const char *versions,
	       struct hf_arena *arena, struct hf_issues *issues, struct hf_err *err)
{
	struct hf_policy built_in = {0};
	enum hf_rc rc =
	    hf_policy_load(hf_policy_builtin, arena, issues, &built_in, err);
	size_t before = issues->errors;

	for (int i = 0; rc == HF_OK && i < HF_POLICY_DOCS; i++) {
		char path[64];

		if (hf_sv_eq(docs[i].text, hf_policy_builtin[i].text) ||
		    !hf_sv_eq(version_at(versions, i), version_at(built_in.version, i)))
			continue;
		snprintf(path, sizeof(path), "%s:1", docs[i].name);
		hf_issue_add(issues, HF_SEV_ERROR, "invalid", hf_sv_from(path),
			     "it differs from the document that was built in and has "
			     "the same version: give it one of its own");
	}
	if (rc == HF_OK && issues->errors > before)
		rc = hf_fail(err, HF_INVALID, NULL,
			     "the documents of access have %zu errors",
			     issues->errors - before);
	return rc;
}

static enum hf_rc
read_all(const char *dir, struct hf_arena *arena,
	 struct hf_policy_text docs[HF_POLICY_DOCS], struct hf_err *err)
{
	int found = 0;

	for (int i = 0; i < HF_POLICY_DOCS; i++) {
		char path[4200];
		struct hf_sv text;
		enum hf_rc rc;

		snprintf(path, sizeof(path), "%s/%s", dir, docs[i].name);
		rc = read_document(path, arena, &text, err);
		if (rc)
			return rc;
		if (text.p) {
			docs[i].text = text;
			found++;
		}
	}
	if (found == 0)
		return hf_fail(err, HF_NOT_FOUND, dir,
			       "there is no roles.json, rules.json, sensitivity.json "
			       "or optouts.json in this folder");
	return HF_OK;
}

enum hf_rc
hf_policy_read(const char *dir, struct hf_arena *arena, struct hf_issues *issues,
	       struct hf_policy *out, struct hf_err *err)
{
	struct hf_policy_text docs[HF_POLICY_DOCS];
	struct hf_policy policy = {0};
	enum hf_rc rc = HF_OK;

	memcpy(docs, hf_policy_builtin, sizeof(docs));
	if (dir && strlen(dir) > 4000)
		return hf_fail(err, HF_TOO_LONG, "--access", "the path is too long");
	if (dir)
		rc = read_all(dir, arena, docs, err);
	if (rc == HF_OK)
		rc = hf_policy_load(docs, arena, issues, &policy, err);
	if (rc == HF_OK && dir)
		rc = check_versions(docs, policy.version, arena, issues, err);
	if (rc)
		return rc;
	policy.own_sensitivity = !hf_sv_eq(docs[HF_DOC_SENSITIVITY].text,
					   hf_policy_builtin[HF_DOC_SENSITIVITY].text);
	*out = policy;
	return HF_OK;
}

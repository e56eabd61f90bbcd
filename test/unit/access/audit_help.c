/* audit_help.c - see audit_help.h. */
#include "audit_help.h"

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

char audit_folder[64];
const char *audit_sign_key, *audit_copies;
hf_time (*audit_clock)(void);

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int
audit_setup(void **state)
{
	(void)state;
	audit_sign_key = audit_copies = NULL;
	audit_clock = NULL;
	snprintf(audit_folder, sizeof audit_folder, "/tmp/hf-audit-XXXXXX");
	return mkdtemp(audit_folder) ? 0 : -1;
}

int
audit_teardown(void **state)
{
	(void)state;
	return nftw(audit_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const struct hf_audit_event audit_sample = {
    .at = 1767268800000, /* 2026-01-01T12:00:00Z */
    .actor = {"trial", 5},
    .purpose = {"TRIAL", 5},
    .code = HF_AUDIT_READ,
    .route = {"hf_fhir_read", 12},
    .what = {"Patient/abc", 11},
    .hits = -1,
    .status = 200,
};

struct hf_audit *
audit_begin(void)
{
	struct hf_audit_config config = {.folder = audit_folder,
					 .sign_key = audit_sign_key,
					 .copy_to = audit_copies,
					 .now = audit_clock};
	struct hf_audit *audit;
	struct hf_err err;

	if (hf_audit_open(&config, &audit, &err) != HF_OK)
		fail_msg("%s: %s", err.path, err.text);
	return audit;
}

void
audit_write(int n)
{
	struct hf_audit *audit = audit_begin();
	struct hf_err err;

	for (int i = 0; i < n; i++) {
		struct hf_audit_event e = audit_sample;

		e.status = 200 + i % 3;
		assert_int_equal(hf_audit_put(audit, &e, &err), HF_OK);
		if (i % 5 == 4)
			assert_int_equal(hf_audit_flush(audit, &err), HF_OK);
	}
	hf_audit_close(audit);
}

struct hf_chain_report audit_report;

char audit_said[8192];

static void
keep_said(const struct hf_issues *issues)
{
	size_t n = 0;

	audit_said[0] = '\0';
	for (size_t i = 0; i < issues->n && n < sizeof audit_said; i++)
		n += (size_t)snprintf(audit_said + n, sizeof audit_said - n,
				      "%.*s: %.*s\n", HF_SV_ARG(issues->items[i].path),
				      HF_SV_ARG(issues->items[i].text));
}

size_t
audit_findings_of(const struct hf_audit_verify *what)
{
	struct hf_arena arena;
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err;

	hf_arena_init(&arena, 1 << 20);
	if (hf_audit_verify(what, &audit_report, &issues, &err) != HF_OK)
		fail_msg("%s: %s", err.path, err.text);
	keep_said(&issues);
	hf_arena_free(&arena);
	return issues.errors;
}

size_t
audit_findings(void)
{
	struct hf_audit_verify what = {.folder = audit_folder,
				       .sign_key = audit_sign_key};

	return audit_findings_of(&what);
}

char audit_text[1 << 20];

size_t
audit_load(const char *name)
{
	char path[128];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", audit_folder, name);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(audit_text, 1, sizeof audit_text - 1, f);
	fclose(f);
	audit_text[n] = '\0';
	return n;
}

size_t
audit_load_room(const char *name)
{
	size_t n = audit_load(name);

	assert_int_equal(n, sizeof audit_text - 1);
	return n;
}

void
audit_store(const char *name, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", audit_folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(audit_text, 1, n, f), n);
	fclose(f);
}

/* take_over.c - see take_over.h. */
#include "cli/io/take_over.h"

#include <errno.h>

#include "base/io/clock.h"
#include "hub/io/caseload.h"

enum { FILE_MOST = 1 << 20 };

static bool
read_text(const struct hf_command *cmd, const char *path, struct hf_buf *out)
{
	FILE *f = fopen(path, "re");
	char *room = NULL;
	size_t got = 1;

	out->cap = FILE_MOST;
	while (f && got && (room = hf_buf_room(out, 65536)) != NULL) {
		got = fread(room, 1, 65536, f);
		out->n += got;
	}
	if (!f || out->failed)
		fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, path,
			f ? "it is too long" : strerror(errno));
	if (f)
		fclose(f);
	return f && !out->failed;
}

/* Which document it is: its id and version. */
static enum hf_rc
name_of(struct hf_sv text, struct hf_arena *arena, struct hf_sv *id,
	struct hf_sv *version, struct hf_err *err)
{
	struct hf_json doc;
	enum hf_rc rc = hf_json_parse(text, NULL, arena, &doc, err);

	if (rc)
		return rc;
	*id = hf_json_str(&doc, hf_json_member(&doc, 0, "id"), arena);
	*version = hf_json_str(&doc, hf_json_member(&doc, 0, "version"), arena);
	return id->n && version->n ? HF_OK
				   : hf_fail(err, HF_INVALID, "id", "it is no pathway");
}

static void
print_kinds(const struct hf_case_taken *kinds, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++) {
		printf("%s %.*s, %.*s: %zu", id, HF_SV_ARG(kinds[i].version),
		       HF_SV_ARG(kinds[i].state), kinds[i].n);
		if (kinds[i].taken)
			printf(", %zu taken over", kinds[i].taken);
		printf("%s%s\n", kinds[i].why ? ", stranded: " : "",
		       kinds[i].why ? kinds[i].why : "");
	}
	if (n == 0)
		printf("%s: nobody is on another version\n", id);
}

static enum hf_rc
take(const struct hf_take_over *what, struct hf_store *store, struct hf_sv text,
     struct hf_sv rules, struct hf_arena *arena, struct hf_issues *issues,
     struct hf_err *err)
{
	struct hf_caseload_config config = {.store = store,
					    .folder = what->pathways,
					    .another = what->to,
					    .strays = true};
	struct hf_caseload *cl = NULL;
	struct hf_case_taken *kinds = NULL;
	const struct hf_case_def *def;
	struct hf_sv id, version;
	size_t n = 0;
	enum hf_rc rc = name_of(text, arena, &id, &version, err);

	if (rc == HF_OK)
		rc = hf_caseload_open(&config, &cl, err);
	if (rc)
		return rc;
	def = hf_caseload_def(cl, id, version);
	rc = def ? hf_caseload_migrate(cl, def, what->rules ? what->rules : what->to,
				       rules, what->only_check, hf_now(), arena, issues,
				       &kinds, &n, err)
		 : hf_fail(err, HF_NOT_FOUND, what->to, "it was not loaded");
	if (def)
		print_kinds(kinds, n, def->p->id);
	hf_caseload_close(cl);
	return rc;
}

int
hf_take_over(const struct hf_command *cmd, const struct hf_take_over *what)
{
	struct hf_arena arena = {.cap = (size_t)512 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_buf text = {0}, rules = {0};
	struct hf_store *store = NULL;
	struct hf_err err = {0};
	int status;

	if (!read_text(cmd, what->to, &text) ||
	    (what->rules && !read_text(cmd, what->rules, &rules))) {
		hf_buf_free(&text);
		hf_buf_free(&rules);
		return HF_EXIT_FAILED;
	}
	status = hf_cli_open(cmd, &what->where,
			     what->only_check ? HF_CLI_READ : HF_CLI_WRITE, &store);
	if (status == HF_EXIT_DONE) {
		if (take(what, store, hf_buf_view(&text), hf_buf_view(&rules), &arena,
			 &issues, &err) != HF_OK)
			status = hf_cli_fail(cmd, &err);
		for (size_t i = 0; i < issues.n; i++)
			fprintf(
			    stderr, "%.*s: %s%.*s\n", HF_SV_ARG(issues.items[i].path),
			    issues.items[i].severity == HF_SEV_ERROR ? "" : "warning: ",
			    HF_SV_ARG(issues.items[i].text));
		hf_store_close(store);
	}
	hf_buf_free(&text);
	hf_buf_free(&rules);
	hf_arena_free(&arena);
	return status;
}

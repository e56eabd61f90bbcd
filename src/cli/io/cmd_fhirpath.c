/* cmd_fhirpath.c - homefirst fhirpath: an expression on a resource, or many. */
#include "cli/io/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "fhir/path_show.h"

HF_COMMAND(hf_cmd_fhirpath);
const char hf_help_fhirpath[] =
    "Prints the results as one line of JSON, an array of {\"type\", \"value\"}.  FILE "
    "is a\n"
    "resource in JSON, - for standard input; the expression is checked against its\n"
    "type before it is evaluated.  On an error it says why and ends with 1.\n"
    "\n"
    "With --batch, each line of FILE is {\"id\", \"expr\", \"file\"}; for each a line "
    "is\n"
    "printed: {\"id\", \"ok\", \"result\"} or {\"id\", \"ok\", \"error\"}.  Files "
    "stand relative\n"
    "to the current folder.  It ends with 0 when every line could be read, whether\n"
    "its expression could be evaluated or not.";

enum { FILE_MOST = 64 << 20, LINE_MOST = 1 << 20 };

/* A resource, read once for lines that follow each other. */
struct resource {
	struct hf_arena arena;
	struct hf_buf text;
	struct hf_json doc;
	struct hf_sv name; /* in name_text */
	char name_text[4096];
	bool held;
};

static enum hf_rc
read_whole(const char *path, struct hf_buf *out, struct hf_err *err)
{
	int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	out->n = 0;
	out->cap = FILE_MOST;
	out->failed = false;
	if (fd < 0)
		return hf_fail(err, errno == ENOENT ? HF_NOT_FOUND : HF_FORBIDDEN, path,
			       "it cannot be opened: %s", strerror(errno));
	for (;;) {
		char *room = hf_buf_room(out, 65536);

		if (!room)
			break;
		got = read(fd, room, 65536);
		if (got <= 0)
			break;
		out->n += (size_t)got;
	}
	if (fd > 0)
		close(fd);
	if (out->failed)
		return hf_fail(err, HF_TOO_LONG, path, "it has more than 64 MB");
	if (got < 0)
		return hf_fail(err, HF_FORBIDDEN, path, "it cannot be read: %s",
			       strerror(errno));
	return HF_OK;
}

static enum hf_rc
hold(struct resource *r, const char *path, struct hf_err *err)
{
	size_t n = strlen(path);
	enum hf_rc rc;

	if (n >= sizeof r->name_text)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the name of the file is too "
			       "long");
	if (r->held && hf_sv_eq(r->name, hf_sv_from(path)))
		return HF_OK;
	r->held = false;
	hf_arena_reset(&r->arena);
	rc = read_whole(path, &r->text, err);
	if (rc == HF_OK)
		rc =
		    hf_json_parse(hf_buf_view(&r->text), NULL, &r->arena, &r->doc, err);
	if (rc == HF_OK && hf_json_type(&r->doc, 0) != HF_JSON_OBJECT)
		rc = hf_fail(err, HF_INVALID, path,
			     "expected a resource: {\"resourceType\": …}");
	if (rc != HF_OK)
		return rc;
	memcpy(r->name_text, path, n + 1);
	r->name = (struct hf_sv){r->name_text, n};
	r->held = true;
	return HF_OK;
}

/* Evaluates on the resource and appends the array of results to out. */
static enum hf_rc
evaluate(const struct resource *r, struct hf_sv text, struct hf_buf *out,
	 struct hf_err *err)
{
	struct hf_arena arena = {.cap = (size_t)256 << 20};
	struct hf_path_env env = {.doc = &r->doc, .now = hf_now()};
	struct hf_path_rules rules = {.context = hf_path_type_at(&r->doc, 0)};
	struct hf_path *path = NULL;
	struct hf_pvs results = {0};
	enum hf_rc rc = hf_path_compile_for(text, &rules, &path, err);

	if (rc == HF_OK)
		rc = hf_path_eval(path, &env, &arena, &results, err);
	if (rc == HF_OK)
		rc = hf_path_show(&results, &arena, out, err);
	hf_path_free(path);
	hf_arena_free(&arena);
	return rc;
}

static void
write_id(const struct hf_json *line, uint32_t id, struct hf_jw *w)
{
	hf_jw_raw(w, HF_SV(""));
	hf_json_minify(line, id, w->out);
}

static void
write_answer(const struct hf_json *line, enum hf_rc rc, const struct hf_buf *result,
	     const struct hf_err *err, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};
	uint32_t id = hf_json_member(line, 0, "id");

	hf_jw_obj(&w);
	hf_jw_member(&w, "id");
	if (id == HF_JSON_NONE)
		hf_jw_null(&w);
	else
		write_id(line, id, &w);
	hf_jw_member(&w, "ok");
	hf_jw_bool(&w, rc == HF_OK);
	if (rc == HF_OK) {
		hf_jw_member(&w, "result");
		hf_jw_raw(&w, hf_buf_view(result));
	} else {
		hf_jw_field(&w, "error", hf_sv_from(err->text));
	}
	hf_jw_obj_end(&w);
	hf_buf_char(out, '\n');
}

/* One line of a batch; false when it is none. */
static bool
answer_line(struct hf_sv text, struct resource *r, struct hf_buf *result,
	    struct hf_buf *out, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_json line;
	struct hf_sv expr, file;
	bool read = hf_json_parse(text, NULL, &arena, &line, err) == HF_OK;
	enum hf_rc rc;

	if (read) {
		expr = hf_json_str(&line, hf_json_member(&line, 0, "expr"), &arena);
		file = hf_json_str(&line, hf_json_member(&line, 0, "file"), &arena);
		read = expr.p && file.p;
		if (!read)
			hf_fail(err, HF_INVALID, NULL,
				"it takes \"expr\" and \"file\", both strings");
	}
	if (read) {
		char *name = hf_arena_alloc(&arena, file.n + 1);

		result->n = 0;
		rc = name ? HF_OK : hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
		if (name) {
			memcpy(name, file.p, file.n);
			name[file.n] = '\0';
			rc = hold(r, name, err);
		}
		if (rc == HF_OK)
			rc = evaluate(r, expr, result, err);
		out->n = 0;
		write_answer(&line, rc, result, err, out);
	}
	hf_arena_free(&arena);
	return read;
}

static int
run_batch(const struct hf_command *cmd, const char *path)
{
	struct hf_buf text = {0}, result = {.cap = FILE_MOST}, out = {.cap = FILE_MOST};
	struct resource r = {.arena = {.cap = (size_t)1 << 30}};
	struct hf_err err = {0};
	enum hf_rc rc = read_whole(path, &text, &err);
	struct hf_sv rest = hf_buf_view(&text);
	unsigned long number = 0;
	int status = HF_EXIT_DONE;

	if (rc != HF_OK)
		status = hf_cli_fail(cmd, &err);
	while (rc == HF_OK && rest.n) {
		struct hf_sv line = hf_sv_trim(hf_sv_cut(&rest, '\n'));

		number++;
		if (line.n == 0)
			continue;
		if (line.n > LINE_MOST || !answer_line(line, &r, &result, &out, &err)) {
			fprintf(stderr, "homefirst fhirpath: line %lu: %s\n", number,
				line.n > LINE_MOST ? "it is too long" : err.text);
			status = HF_EXIT_FAILED;
			continue;
		}
		fwrite(out.p, 1, out.n, stdout);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		status = HF_EXIT_FAILED;
	hf_buf_free(&text);
	hf_buf_free(&result);
	hf_buf_free(&out);
	hf_buf_free(&r.text);
	hf_arena_free(&r.arena);
	return status;
}

static int
run_one(const struct hf_command *cmd, const char *expression, const char *path)
{
	struct resource r = {.arena = {.cap = (size_t)1 << 30}};
	struct hf_buf out = {.cap = FILE_MOST};
	struct hf_err err = {0};
	enum hf_rc rc = hold(&r, path, &err);
	int status = HF_EXIT_DONE;

	if (rc == HF_OK)
		rc = evaluate(&r, hf_sv_from(expression), &out, &err);
	if (rc != HF_OK) {
		status = hf_cli_fail(cmd, &err);
	} else {
		hf_buf_char(&out, '\n');
		fwrite(out.p, 1, out.n, stdout);
		if (fflush(stdout) != 0 || ferror(stdout))
			status = HF_EXIT_FAILED;
	}
	hf_buf_free(&out);
	hf_buf_free(&r.text);
	hf_arena_free(&r.arena);
	return status;
}

int
hf_cmd_fhirpath(const struct hf_command *cmd, int argc, char **argv)
{
	const char *batch = NULL;
	const struct hf_opt opts[] = {
	    {.name = "batch",
	     .kind = HF_OPT_TEXT,
	     .arg = "FILE",
	     .help = "evaluate each line of FILE (NDJSON; - for standard input)",
	     .out = &batch},
	};
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (batch && first < argc)
		return hf_misuse(cmd,
				 "with --batch there is no other argument, \"%s\" "
				 "was given",
				 argv[first]);
	if (batch)
		return run_batch(cmd, batch);
	if (argc - first != 2)
		return hf_misuse(cmd, "it takes an expression and a file");
	return run_one(cmd, argv[first], argv[first + 1]);
}

/* note.c - see note.h. */
#include "cli/io/note.h"

#include <time.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "record/io/change_log.h"
#include "server/admin.h"
#include "server/control.h"

#define DEFAULT_FOLDER "homefirst-audit" /* beside --store, as serve has it */

/* Another command that notes holds the store for a moment only. */
enum { WAIT_MS = 5000, PAUSE_MS = 50, WORDS = 12, TEXT_MAX = 64 << 10 };

struct noting {
	const struct hf_command *cmd;
	const struct hf_cli_store *where;
	char *words[WORDS];
	int n;
	struct hf_buf out, err;
	int64_t change; /* the row that was written */
};

static void
add(struct noting *t, const char *word)
{
	assert(t->n < WORDS);
	t->words[t->n++] = (char *)(uintptr_t)word;
}

static void
add_option(struct noting *t, const char *name, const char *value)
{
	if (!value)
		return;
	add(t, name);
	add(t, value);
}

static void
set_words(struct noting *t, const struct hf_cli_note *note)
{
	add(t, "disclosure");
	add(t, "note");
	add_option(t, "--what", note->what);
	add_option(t, "--types", note->types);
	add_option(t, "--purpose", note->purpose);
	add_option(t, "--basis", note->basis);
	add_option(t, "--for", note->to);
}

/* ---- writing it ---- */

static int
run_in(struct noting *t, struct hf_store *store)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_admin run = {.store = store,
			       .now = hf_now(),
			       .arena = &arena,
			       .out = &t->out,
			       .err = &t->err};
	int status = HF_ADMIN_FAILED;

	run.actor = hf_arena_printf(&arena, "operator/%u", (unsigned)getuid());
	if (run.actor.n)
		status = hf_admin_run(&run, t->n, t->words);
	hf_arena_free(&arena);
	return status;
}

/* Writes it here; HF_BUSY: somebody else holds the store. */
static enum hf_rc
note_here(struct noting *t, int *status, struct hf_err *err)
{
	/* A folder beside --store holds keys and the audit, not the store. */
	const struct hf_store_config config = {
	    .data = t->where->url ? NULL : t->where->data,
	    .url = t->where->url,
	    .cache_bytes = (size_t)t->where->cache_mb << 20};
	struct hf_store *store;
	enum hf_rc rc = hf_store_open(&config, &store, err);

	if (rc)
		return rc;
	*status = run_in(t, store);
	hf_store_close(store);
	return HF_OK;
}

static bool
note_there(struct noting *t, int *status)
{
	const char *folder = t->where->data ? t->where->data : DEFAULT_FOLDER;

	return hf_control_ask(folder, t->n, t->words, NULL, 0, &t->out, &t->err,
			      status);
}

static int
refuse(const struct noting *t, const struct hf_err *err)
{
	int status = hf_cli_fail(t->cmd, err);

	if (err->rc == HF_BUSY)
		fprintf(stderr, "A homefirst server is asked through its data folder "
				"(--data, also beside --store);\nanything else that "
				"writes has to end first.\n");
	fprintf(stderr,
		"Nothing was given out: it has to be noted in the audit first.\n");
	return status;
}

static int
write_it(struct noting *t)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	uint64_t until = hf_mono_ns() + WAIT_MS * UINT64_C(1000000);
	int status = HF_EXIT_FAILED;
	struct hf_err err = {0};
	enum hf_rc rc;

	for (;;) {
		rc = note_here(t, &status, &err);
		if (rc != HF_BUSY || note_there(t, &status) || hf_mono_ns() > until)
			break;
		nanosleep(&pause, NULL);
	}
	if (rc && rc != HF_BUSY)
		return refuse(t, &err);
	if (rc == HF_BUSY && t->out.n == 0 && t->err.n == 0)
		return refuse(t, &err);
	if (status && t->err.n)
		fprintf(stderr,
			"%.*sNothing was given out: it has to be noted in the audit "
			"first.\n",
			HF_SV_ARG(hf_buf_view(&t->err)));
	return status;
}

/* ---- looking whether it is there ---- */

/* The server of a folder may be that of another store. */
static enum hf_rc
find_it(struct noting *t, struct hf_store *store, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_sv text = hf_buf_view(&t->out);
	struct hf_reader *reader;
	struct hf_log_row row;
	enum hf_rc rc;

	if (!hf_sv_int(hf_sv_cut(&text, '\n'), &t->change))
		return hf_fail(err, HF_FAULT, NULL,
			       "the server's answer is not understood: is it of the "
			       "same version?");
	rc = hf_reader_get(store, &reader, err);
	if (rc)
		return rc;
	rc = hf_change_log_get(reader, t->change, &arena, &row, err);
	if (rc == HF_NOT_FOUND)
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "the server that was asked holds another store: name the "
			     "folder of the one that holds this with --data");
	hf_reader_put(reader);
	hf_arena_free(&arena);
	return rc;
}

static int
open_and_find(struct noting *t, struct hf_store **out)
{
	struct hf_cli_store where = *t->where;
	struct hf_err err = {0};
	int status;

	if (where.url)
		where.data = NULL;
	status = hf_cli_open(t->cmd, &where, HF_CLI_READ, out);
	if (status == HF_EXIT_DONE && find_it(t, *out, &err) != HF_OK) {
		status = refuse(t, &err);
		hf_store_close(*out);
	}
	return status;
}

int
hf_cli_open_noted(const struct hf_command *cmd, const struct hf_cli_store *where,
		  const struct hf_cli_note *note, struct hf_store **out)
{
	struct noting t = {.cmd = cmd,
			   .where = where,
			   .out = {.cap = TEXT_MAX},
			   .err = {.cap = TEXT_MAX}};
	int status;

	if (!where->data && !where->url)
		return hf_misuse(cmd, "say which store: --data DIR or --store URL");
	if (hf_cli_check_url(cmd, where->url) != HF_EXIT_DONE)
		return HF_EXIT_MISUSED;
	set_words(&t, note);
	status = write_it(&t);
	if (status == HF_EXIT_DONE)
		status = open_and_find(&t, out);
	hf_buf_free(&t.out);
	hf_buf_free(&t.err);
	return status;
}

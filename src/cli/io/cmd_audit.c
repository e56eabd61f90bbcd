/* cmd_audit.c - homefirst audit: is the chain whole, what is its key, who looked. */
#include "cli/io/cli.h"

#include "access/audit_fhir.h"
#include "access/io/audit.h"
#include "fhir/spvalue.h"
#include "server/audit_report.h"

HF_COMMAND(hf_cmd_audit);
const char hf_help_audit[] =
    "verify  checks the whole chain of the audit and every signed head: that no line "
    "was\n"
    "        changed, moved, added or taken away.  It may run beside a server.  It "
    "ends\n"
    "        with 1 when something is wrong and says what and where.\n"
    "key     prints the public key that heads are signed with: keep it elsewhere and\n"
    "        give it to verify with --key.\n"
    "search  prints lines of the audit, newest first; with --json as AuditEvents, one "
    "a\n"
    "        line.\n"
    "report  prints who looked at a person's record, as CSV or with --json.";

struct options {
	struct hf_cli_store where;
	const char *heads, *key, *sign_key;
	const char *person, *user, *from, *to;
	int64_t count;
	bool json;
};

static int
verify(const struct hf_command *cmd, const struct options *o, const char *folder)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_audit_verify what = {.folder = folder,
				       .heads = o->heads,
				       .key = o->key,
				       .sign_key = o->sign_key};
	struct hf_chain_report r = {0};
	struct hf_err err = {0};
	char a[32], b[32], c[32], d[32];
	int status;

	if (hf_audit_verify(&what, &r, &issues, &err) != HF_OK) {
		hf_arena_free(&arena);
		if (err.rc == HF_INVALID)
			return hf_misuse(cmd, "%s: %s", err.path, err.text);
		return hf_cli_fail(cmd, &err);
	}
	for (size_t i = 0; i < issues.n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	if (issues.dropped)
		fprintf(stderr, "and %zu more\n", issues.dropped);
	status = issues.errors ? HF_EXIT_FAILED : HF_EXIT_DONE;
	printf("lines: %s, seals: %s, segments: %s, signed heads: %s; the chain is "
	       "%s\n",
	       hf_cli_count((int64_t)r.lines, a, sizeof(a)),
	       hf_cli_count((int64_t)r.seals, b, sizeof(b)),
	       hf_cli_count((int64_t)r.segments, c, sizeof(c)),
	       hf_cli_count((int64_t)r.heads, d, sizeof(d)),
	       status == HF_EXIT_DONE ? "whole" : "BROKEN");
	hf_arena_free(&arena);
	return status;
}

static int
key(const struct hf_command *cmd, const struct options *o, const char *folder)
{
	struct hf_audit_config config = {.folder = folder, .sign_key = o->sign_key};
	char hex[2 * HF_SIGN_PUBLIC + 1];
	struct hf_err err = {0};

	if (hf_audit_public_key(&config, hex, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	printf("%s\n", hex);
	return HF_EXIT_DONE;
}

/* ---- looking into it ---- */

struct looking {
	const struct options *o;
	struct hf_store *store;
	struct hf_audit_finder *finder;
	struct hf_arena arena;
	struct hf_look look;
	struct hf_err err;
};

/* 0, or the exit code after saying why not. */
static int
open_look(const struct hf_command *cmd, const char *folder, struct looking *l)
{
	int status = hf_cli_open(cmd, &l->o->where, HF_CLI_READ, &l->store);

	if (status)
		return status;
	l->arena.cap = (size_t)512 << 20;
	if (hf_sp_setup(&l->err) != HF_OK ||
	    hf_audit_finder_new(folder, &l->finder, &l->err) != HF_OK ||
	    hf_look_begin(&l->look, l->store, l->finder, &l->arena, &l->err) != HF_OK)
		return hf_cli_fail(cmd, &l->err);
	return HF_EXIT_DONE;
}

static void
close_look(struct looking *l)
{
	hf_look_end(&l->look);
	hf_audit_finder_free(l->finder);
	hf_arena_free(&l->arena);
	if (l->store) {
		hf_store_close(l->store);
		hf_sp_teardown();
	}
}

static bool
read_times(const struct hf_command *cmd, const struct options *o, hf_time *from,
	   hf_time *to, int *status)
{
	struct hf_date d;

	*from = HF_TIME_MIN;
	*to = HF_TIME_MAX;
	*status = HF_EXIT_DONE;
	if (o->from && !hf_date_parse(hf_sv_from(o->from), true, &d))
		*status = hf_misuse(cmd, "--from takes a date, not \"%s\"", o->from);
	else if (o->from)
		*from = d.lo;
	if (o->to && !hf_date_parse(hf_sv_from(o->to), true, &d))
		*status = hf_misuse(cmd, "--to takes a date, not \"%s\"", o->to);
	else if (o->to)
		*to = d.hi;
	return *status == HF_EXIT_DONE;
}

static void
print_json(struct hf_look *look, const struct hf_look_line *line)
{
	enum { PEOPLE = 50 };
	struct hf_sv people[PEOPLE];
	struct hf_audit_fhir a = {.id = line->id,
				  .event = &line->e,
				  .name = hf_look_name(look, line->e.actor),
				  .people = people,
				  .things = line->things,
				  .n_things = line->n_things};
	struct hf_buf out = {.cap = 1 << 20};
	struct hf_jw w = {.out = &out};

	for (size_t i = 0; i < line->e.n_shelves && a.n_people < PEOPLE; i++) {
		struct hf_sv id = hf_look_patient(look, line->e.shelves[i]);

		if (id.n)
			people[a.n_people++] = id;
	}
	hf_audit_fhir(&w, &a);
	if (!out.failed)
		printf("%.*s\n", HF_SV_ARG(hf_buf_view(&out)));
	hf_buf_free(&out);
}

static void
print_line(struct hf_look *look, const struct hf_look_line *line)
{
	const struct hf_audit_event *e = &line->e;
	struct hf_sv why = hf_look_why(e, look->arena);
	char at[32];

	printf("%s  %.*s", hf_time_format(e->at, at, sizeof(at)), HF_SV_ARG(e->actor));
	if (e->role.n)
		printf(" (%.*s at %.*s)", HF_SV_ARG(e->role), HF_SV_ARG(e->org));
	printf("  %.*s", HF_SV_ARG(hf_look_words(line, look->arena)));
	if (e->what.n)
		printf("  %.*s", HF_SV_ARG(e->what));
	if (e->decision.n)
		printf("  %.*s %.*s", HF_SV_ARG(e->decision), HF_SV_ARG(e->rule));
	if (why.n)
		printf("  %.*s", HF_SV_ARG(why));
	printf("  %.*s\n", HF_SV_ARG(line->id));
}

static enum hf_rc
search_all(struct looking *l, struct hf_look_query *q)
{
	int64_t left = l->o->count;
	bool more = true;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && more && left > 0) {
		struct hf_look_line *lines;
		size_t n;

		q->max = left < 500 ? (size_t)left : 500;
		rc = hf_look(&l->look, q, &lines, &n, &more, &l->err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			if (l->o->json)
				print_json(&l->look, &lines[i]);
			else
				print_line(&l->look, &lines[i]);
			q->before = lines[i].after;
			left--;
		}
	}
	return rc;
}

static int
search(const struct hf_command *cmd, const struct options *o, const char *folder)
{
	struct hf_look_query q = {.q = hf_audit_query_all};
	struct looking l = {.o = o};
	int64_t *shelves;
	enum hf_rc rc = HF_OK;
	int status;

	if (!read_times(cmd, o, &q.q.from, &q.q.to, &status))
		return status;
	q.q.actor = hf_sv_from(o->user);
	status = open_look(cmd, folder, &l);
	if (status == HF_EXIT_DONE) {
		if (o->person)
			rc = hf_look_person(&l.look, hf_sv_from(o->person), &shelves,
					    &q.q.n_shelves, &l.err);
		if (rc == HF_OK && o->person)
			q.q.shelves = shelves;
		if (rc == HF_OK)
			rc = search_all(&l, &q);
		if (rc)
			status = hf_cli_fail(cmd, &l.err);
	}
	close_look(&l);
	return status;
}

static int
report(const struct hf_command *cmd, const struct options *o, const char *folder)
{
	struct hf_report r = {.patient = hf_sv_from(o->person)};
	struct hf_buf out = {.cap = (size_t)256 << 20};
	struct looking l = {.o = o};
	int status;

	if (!o->person)
		return hf_misuse(cmd, "say whose record: --person ID");
	if (!read_times(cmd, o, &r.from, &r.to, &status))
		return status;
	status = open_look(cmd, folder, &l);
	if (status == HF_EXIT_DONE && hf_report_read(&l.look, &r, &l.err) != HF_OK)
		status = hf_cli_fail(cmd, &l.err);
	if (status == HF_EXIT_DONE) {
		if (o->json)
			hf_report_json(&r, &out);
		else
			hf_report_csv(&r, &out);
		if (out.failed)
			status = HF_EXIT_FAILED;
		else
			fwrite(out.p, 1, out.n, stdout);
		if (r.large)
			fprintf(stderr,
				"%zu exports or searches with more people than are "
				"listed may have included this person\n",
				r.large);
	}
	hf_buf_free(&out);
	close_look(&l);
	return status;
}

int
hf_cmd_audit(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.count = 100};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "heads", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "verify: hold the signed heads that were copied there against\n"
			 "those of the folder", .out = &o.heads},
		{.name = "key", .kind = HF_OPT_TEXT, .arg = "HEX",
		 .help = "verify: the public key, as \"audit key\" printed it",
		 .out = &o.key},
		{.name = "audit-key", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "the signing key, when serve was given another", .out = &o.sign_key},
		{.name = "person", .kind = HF_OPT_TEXT, .arg = "ID",
		 .help = "search, report: id of the Patient", .out = &o.person},
		{.name = "user", .kind = HF_OPT_TEXT, .arg = "REF",
		 .help = "search: user/ID, client/ID or Practitioner/ID", .out = &o.user},
		{.name = "from", .kind = HF_OPT_TEXT, .arg = "DATE",
		 .help = "search, report: from that day or time on", .out = &o.from},
		{.name = "to", .kind = HF_OPT_TEXT, .arg = "DATE",
		 .help = "search, report: up to it, all of it", .out = &o.to},
		{.name = "count", .letter = 'n', .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "search: how many lines (100)", .out = &o.count, .min = 1,
		 .max = 1000000},
		{.name = "json", .kind = HF_OPT_FLAG, .help = "search, report: as JSON",
		 .out = &o.json},
	};
	/* clang-format on */
	char folder[4096];
	const char *verb;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	verb = first < argc ? argv[first++] : "verify";
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.where.data == NULL && o.where.url == NULL)
		return hf_misuse(cmd, "say which folder: --data DIR");
	if (hf_cli_check_url(cmd, o.where.url) != HF_EXIT_DONE)
		return HF_EXIT_MISUSED;
	/* As serve does beside a store in PostgreSQL. */
	snprintf(folder, sizeof(folder), "%s/audit",
		 o.where.data ? o.where.data : "homefirst-audit");
	/* With both, the store is in PostgreSQL and the folder holds the audit. */
	if (o.where.url)
		o.where.data = NULL;
	if (strcmp(verb, "verify") == 0)
		return verify(cmd, &o, folder);
	if (strcmp(verb, "key") == 0)
		return key(cmd, &o, folder);
	if (strcmp(verb, "search") == 0)
		return search(cmd, &o, folder);
	if (strcmp(verb, "report") == 0)
		return report(cmd, &o, folder);
	return hf_misuse(cmd, "it does verify, key, search or report, not \"%s\"",
			 verb);
}

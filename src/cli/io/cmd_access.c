/* cmd_access.c - homefirst access why: why may this role see this person, or not?
 *
 * It shows ids, codes and times only, and asks the same decision as everything else;
 * agreements, delegations and broken glasses are those of the store. */
#include "cli/io/cli.h"

#include "access/io/policy.h"
#include "base/io/clock.h"
#include "record/io/rights.h"
#include "record/io/why.h"

HF_COMMAND(hf_cmd_access);
const char hf_help_access[] =
    "'access why' tells which relationships the record gives an organisation with a\n"
    "person, and what the rules then say of each kind of content: of the "
    "organisation's\n"
    "own items and of those of others, by the agreements that are recorded.  It "
    "assumes\n"
    "a good session and says what else it assumes.  It reads beside a running "
    "server.\n"
    "'access check' reads the documents of definitions/access as they stand in a "
    "folder "
    "and\n"
    "names what is wrong with each, with its line.";

struct why {
	struct hf_cli_store where;
	const char *person, *role, *org, *purpose, *at, *tier, *user, *from, *dir;
	bool json;
	struct hf_arena arena;
	struct hf_policy policy;
	struct hf_why w;
};

/* ---- as a table ---- */

static const char *
day(hf_time t, char buf[32])
{
	if (t == HF_TIME_MIN || t == HF_TIME_MAX)
		return "-";
	hf_time_format(t, buf, 32);
	buf[10] = '\0';
	return buf;
}

enum { ENDED_SHOWN = 5 };

static void
print_relation(const struct hf_why *w, const struct hf_relation *r, bool counts)
{
	char a[32], b[32], c[32];

	printf("%-8s %-10s  %-10s  %-12s  %-6s  %.*s: %s\n",
	       hf_word(HF_WORDS_RELATION, (int)r->kind), day(r->start, a),
	       day(r->end, b), day(hf_relation_until(w->policy, r), c),
	       counts ? "yes" : "no", HF_SV_ARG(r->source), r->reason);
}

/* All that count, then the last that do not: why somebody may no longer look is
 * asked as often as why they may. */
static void
print_relations(const struct hf_why *w)
{
	size_t others = 0, counting = 0, ended = 0;

	printf("\n%-8s %-10s  %-10s  %-12s  %-6s  %s\n", "RELATION", "FROM", "TO",
	       "COUNTS UNTIL", "COUNTS", "SOURCE AND REASON");
	for (size_t i = 0; i < 2 * w->relations.n; i++) {
		bool first = i < w->relations.n;
		const struct hf_relation *r =
		    &w->relations.items[first ? i : i - w->relations.n];
		bool counts = hf_relation_counts(w->policy, r, w->ask.now);

		if (!hf_relation_is_of(r, w->ask.org, w->who)) {
			others += first;
			continue;
		}
		if (counts != first)
			continue;
		counting += counts;
		ended += !counts;
		if (counts || ended <= ENDED_SHOWN)
			print_relation(w, r, counts);
	}
	for (int k = 1; k < HF_RELATIONS; k++)
		if (w->stored & HF_BIT(k)) {
			counting++;
			printf("%-8s %-10s  %-10s  %-12s  %-6s  kept by "
			       "administration: %s\n",
			       hf_word(HF_WORDS_RELATION, k), "-", "-", "-", "yes",
			       hf_word_text(HF_WORDS_RELATION, k));
		}
	printf("%zu count, %zu do not", counting, ended);
	if (ended > ENDED_SHOWN)
		printf(" (the last %d are shown)", ENDED_SHOWN);
	printf("; %zu are of other organisations\n", others);
}

static void
print_choices(const struct hf_why *w)
{
	const struct hf_relations *r = &w->relations;
	char at[32];

	printf("\nObjection to sharing: %.*s.  Type 1 opt-out: %.*s.\n",
	       HF_SV_ARG(r->objection.n ? r->objection : HF_SV("none recorded")),
	       HF_SV_ARG(r->type1.n ? r->type1 : HF_SV("none recorded")));
	if (w->ask.ndo_list_at == 0)
		printf("National Data Opt-Out: there is no copy of the list, so what "
		       "it covers is blocked.\n");
	else
		printf("National Data Opt-Out: the list was made %s.\n",
		       day(w->ask.ndo_list_at, at));
	if (w->ask.glass.reason != HF_REASON_NONE)
		printf("The user has broken the glass for this person: %s.\n",
		       hf_word_text(HF_WORDS_REASON, (int)w->ask.glass.reason));
	if (!(w->ask.facts & HF_BIT(HF_FACT_ORG_ACTIVE)))
		printf("The organisation is suspended.\n");
	printf("Assumed: a good session%s.\n",
	       w->ask.group == HF_GROUP_INT ? " and a scope that covers it" : "");
	printf("%s%.*s share%s %s: %s (%s).\n", w->from.n ? "" : "Other organisations",
	       HF_SV_ARG(w->from), w->from.n ? "s" : "",
	       hf_word(HF_WORDS_TIER, (int)w->ask.tier),
	       hf_word_text(HF_WORDS_TIER, (int)w->ask.tier),
	       w->tier_asked ? "as asked for with --tier"
	       : w->from.n   ? "by the agreements"
			     : "the least of all by the agreements; name one with "
			       "--from");
}

static void
print_cell(const struct hf_access_answer *a, bool last)
{
	char cell[64];

	snprintf(cell, sizeof(cell), "%s%s %s",
		 hf_word(HF_WORDS_ACCESS, (int)a->outcome),
		 a->glass && a->outcome != HF_BTG ? "+BTG" : "", a->rule);
	printf(last ? "  %s\n" : "  %-24s", cell);
}

/* The text of each rule once. */
static void
print_rules(const struct hf_why *w)
{
	const char *seen[128];
	size_t n = 0;

	putchar('\n');
	for (size_t i = 0; i < 2 * hf_why_lines(w); i++) {
		struct hf_why_line l = hf_why_line_at(w, i / 2);
		struct hf_access_answer a = hf_why_decide(w, &l, i % 2 == 0);
		bool known = false;

		for (size_t k = 0; k < n && !known; k++)
			known = strcmp(seen[k], a.rule) == 0;
		if (known || n == HF_COUNT(seen))
			continue;
		seen[n++] = a.rule;
		printf("%-16s %s\n", a.rule, a.text);
	}
	printf("\nBy %s.\n", w->policy->version);
}

static void
print_table(const struct hf_why *w)
{
	char at[32];

	printf("Patient/%.*s: %s (%s, %s) at %.*s, for %s, at %s\n",
	       HF_SV_ARG(w->person), w->role->code, w->role->name,
	       hf_word(HF_WORDS_GROUP, (int)w->role->group), HF_SV_ARG(w->ask.org),
	       hf_word(HF_WORDS_PURPOSE, (int)w->ask.purpose),
	       hf_time_format(w->ask.now, at, sizeof(at)));
	print_relations(w);
	print_choices(w);
	printf("\n%-50s %-5s  %-24s  %s\n", "CONTENT", "LEVEL", "OF THE ORGANISATION",
	       "OF OTHERS");
	for (size_t i = 0; i < hf_why_lines(w); i++) {
		struct hf_why_line l = hf_why_line_at(w, i);
		struct hf_access_answer own = hf_why_decide(w, &l, true);
		struct hf_access_answer other = hf_why_decide(w, &l, false);

		printf("%-50s %-5s",
		       l.category ? l.category->name
				  : hf_word_text(HF_WORDS_CONTENT, (int)l.content),
		       hf_word(HF_WORDS_LEVEL, (int)l.level));
		print_cell(&own, false);
		print_cell(&other, true);
	}
	print_rules(w);
}

static bool
print_json(const struct hf_why *w)
{
	struct hf_buf buf = {.cap = 16 << 20};
	struct hf_jw j = {.out = &buf};
	bool good;

	hf_jw_obj(&j);
	hf_why_write(w, &j);
	hf_jw_obj_end(&j);
	hf_buf_char(&buf, '\n');
	good = !buf.failed && fwrite(buf.p, 1, buf.n, stdout) == buf.n;
	hf_buf_free(&buf);
	return good;
}

/* ---- the command ---- */

/* Tells what is wrong with the documents, each with its line. */
static enum hf_rc
load_policy(const char *dir, struct why *w, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &w->arena};
	enum hf_rc rc = hf_policy_read(dir, &w->arena, &issues, &w->policy, err);

	for (size_t i = 0; rc && i < issues.n; i++)
		fprintf(stderr, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			HF_SV_ARG(issues.items[i].text));
	return rc;
}

static int
check(const struct hf_command *cmd, struct why *w, const char *dir)
{
	struct hf_err err = {0};
	size_t codes = 0, unverified = 0;

	if (load_policy(dir, w, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	for (size_t i = 0; i < w->policy.n_categories; i++)
		for (size_t k = 0; k < w->policy.categories[i].n_codes; k++) {
			codes++;
			unverified += w->policy.categories[i].codes[k].unverified;
		}
	printf("%s: %zu roles, %zu rules, %zu limits, %zu categories with %zu codes "
	       "(%zu not verified)\n",
	       w->policy.version, w->policy.n_roles, w->policy.rules.n,
	       w->policy.limits.n, w->policy.n_categories, codes, unverified);
	return HF_EXIT_DONE;
}

static struct hf_sv
sv(const char *s)
{
	return s ? hf_sv_from(s) : HF_SV("");
}

/* --user is an account, or a Practitioner or Patient of the record. */
static void
fill(const struct why *w, hf_time at, struct hf_why_form *form)
{
	struct hf_sv user = sv(w->user);
	bool is_ref = hf_sv_starts(user, HF_SV("Practitioner/")) ||
		      hf_sv_starts(user, HF_SV("Patient/"));

	*form = (struct hf_why_form){
	    .person = sv(w->person),
	    .role = sv(w->role),
	    .org = sv(w->org),
	    .user = is_ref ? HF_SV("") : user,
	    .who = is_ref ? user : HF_SV(""),
	    .from = sv(w->from),
	    .purpose = sv(w->purpose),
	    .tier = sv(w->tier),
	    .at = at,
	};
}

static int
run(const struct hf_command *cmd, struct why *w, hf_time at, struct hf_store *store)
{
	const struct hf_rights *rights = NULL;
	struct hf_reader *reader = NULL;
	struct hf_why_form form;
	struct hf_err err = {0};
	int status = HF_EXIT_DONE;
	enum hf_rc rc = hf_store_rights_get(store, &rights, &err);

	fill(w, at, &form);
	if (rc == HF_OK)
		rc = hf_reader_get(store, &reader, &err);
	if (rc == HF_OK)
		rc = hf_why_read(reader, &w->policy, rights, &form, hf_now(), &w->arena,
				 &w->w, &err);
	if (rc == HF_INVALID)
		status = hf_misuse(cmd, "--%s: %s", err.path, err.text);
	else if (rc)
		status = hf_cli_fail(cmd, &err);
	else if (w->json)
		status = print_json(&w->w) ? HF_EXIT_DONE : HF_EXIT_FAILED;
	else
		print_table(&w->w);
	hf_reader_put(reader);
	hf_rights_drop(rights);
	return status;
}

static int
why(const struct hf_command *cmd, struct why *w)
{
	struct hf_store *store;
	struct hf_date at = {0};
	struct hf_err err = {0};
	int status;

	if (!w->person || (!w->user && (!w->role || !w->org)))
		return hf_misuse(cmd, "say --person, --role and --org; or --person and "
				      "--user");
	if (w->at && !hf_date_parse(hf_sv_from(w->at), true, &at))
		return hf_misuse(cmd, "\"%s\" is no time", w->at);
	if (load_policy(w->dir, w, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	status = hf_cli_open(cmd, &w->where, HF_CLI_READ, &store);
	if (status != HF_EXIT_DONE)
		return status;
	status = run(cmd, w, w->at ? at.lo : 0, store);
	hf_store_close(store);
	return status;
}

int
hf_cmd_access(const struct hf_command *cmd, int argc, char **argv)
{
	struct why w = {.arena = {.cap = (size_t)256 << 20}};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&w.where),
		{.name = "person", .kind = HF_OPT_TEXT, .arg = "ID",
		 .help = "the id of the Patient resource", .out = &w.person},
		{.name = "role", .kind = HF_OPT_TEXT, .arg = "CODE",
		 .help = "a role of definitions/access/roles.json: R8001, social-worker",
		 .out = &w.role},
		{.name = "org", .kind = HF_OPT_TEXT, .arg = "ODS",
		 .help = "the organisation that the user works for", .out = &w.org},
		{.name = "purpose", .kind = HF_OPT_TEXT, .arg = "P",
		 .help = "what the role does when it is left out: DIRECT, SAFEGUARD, PLAN,\n"
			 "CASEFIND, FINANCE, AUDIT, RESEARCH, TRAIN, OWN or OPERATE",
		 .out = &w.purpose},
		{.name = "at", .kind = HF_OPT_TEXT, .arg = "TIME",
		 .help = "2026-11-22 or 2026-11-22T09:30:00Z; now when it is left out",
		 .out = &w.at},
		{.name = "tier", .kind = HF_OPT_TEXT, .arg = "T",
		 .help = "what others share with the organisation, T0 (nothing) to T4,\n"
			 "instead of what is agreed",
		 .out = &w.tier},
		{.name = "from", .kind = HF_OPT_TEXT, .arg = "ODS",
		 .help = "whose items the others' are; any other organisation's when it\n"
			 "is left out",
		 .out = &w.from},
		{.name = "user", .kind = HF_OPT_TEXT, .arg = "USER",
		 .help = "an account (its login or user/ID), Practitioner/ID, or Patient/ID\n"
			 "for the person; an account's role and organisation go with it",
		 .out = &w.user},
		{.name = "access", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "the documents of a place, as serve --access has them",
		 .out = &w.dir},
		{.name = "json", .kind = HF_OPT_FLAG, .help = "as JSON", .out = &w.json},
	};
	/* clang-format on */
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc && strcmp(argv[first], "check") == 0 && first + 2 >= argc) {
		status = check(cmd, &w, first + 1 < argc ? argv[first + 1] : w.dir);
		hf_arena_free(&w.arena);
		return status;
	}
	if (first >= argc || strcmp(argv[first], "why") != 0)
		return hf_misuse(cmd, "say what to do: access why, access check [DIR]");
	if (first + 1 < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first + 1]);
	status = why(cmd, &w);
	hf_arena_free(&w.arena);
	return status;
}

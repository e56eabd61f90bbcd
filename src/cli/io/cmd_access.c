/* cmd_access.c - homefirst access why: why may this role see this person, or not?
 *
 * It shows ids, codes and times only, and asks the same decision as everything else. */
#include "cli/io/cli.h"

#include <stdlib.h>

#include "access/access.h"
#include "base/io/clock.h"
#include "record/io/relation.h"

HF_COMMAND(hf_cmd_access);
const char hf_help_access[] =
    "'access why' tells which relationships the record gives an organisation with a\n"
    "person, and what the rules then say of each kind of content: of the "
    "organisation's\n"
    "own items and of those of others.  It assumes a good session and says what else "
    "it\n"
    "assumes.  Until there is sign-in, no read asks these rules: the server runs for "
    "the\n"
    "trial actor alone.";

struct why {
	struct hf_cli_store where;
	const char *person, *role, *org, *purpose, *at, *tier, *user;
	bool json;
	const struct hf_role *found;
	struct hf_arena arena;
	struct hf_policy policy;
	struct hf_relations relations;
	struct hf_access_ask ask;
};

/* ---- asking ---- */

/* The facts of a session or token that passes R1; everything else is not so. */
static uint64_t
assumed(enum hf_group group)
{
	uint64_t facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_ROLE_ACTIVE) |
			 HF_BIT(HF_FACT_ORG_ACTIVE) | HF_BIT(HF_FACT_GP_ITEM);

	if (group == HF_GROUP_INT)
		return facts | HF_BIT(HF_FACT_CLIENT_STRONG) | HF_BIT(HF_FACT_SCOPED) |
		       HF_BIT(HF_FACT_IN_SCOPE);
	return facts | HF_BIT(HF_FACT_MFA);
}

static struct hf_access_answer
decide(const struct why *w, enum hf_content content, enum hf_level level, bool own)
{
	struct hf_access_ask ask = w->ask;
	const struct hf_actor actor = {
	    .kind = ask.group == HF_GROUP_INT ? HF_ACTOR_SYSTEM : HF_ACTOR_PERSON,
	    .id = HF_SV("why"),
	    .purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)ask.purpose)),
	};

	ask.content = content;
	ask.level = level;
	/* The organisation's own items are taken as its own team's. */
	if (own) {
		ask.item_org = ask.org;
		ask.facts |= HF_BIT(HF_FACT_OWN_TEAM);
	}
	return hf_access_decide(&(struct hf_access_facts){.actor = &actor,
							  .need = HF_NEED_CLINICAL,
							  .audit_works = true,
							  .policy = &w->policy,
							  .ask = &ask});
}

/* One line of the answer: a kind of content, or a category of what is sensitive. */
struct line {
	enum hf_content content;
	enum hf_level level;
	const struct hf_category *category;
};

static size_t
n_lines(const struct why *w)
{
	return HF_CONTENT_OPERATION - 1 + w->policy.n_categories;
}

static struct line
line_at(const struct why *w, size_t i)
{
	if (i >= HF_CONTENT_OPERATION - 1) {
		const struct hf_category *c =
		    &w->policy.categories[i - (HF_CONTENT_OPERATION - 1)];

		return (struct line){HF_CONTENT_CLINICAL, c->level, c};
	}
	return (struct line){
	    (enum hf_content)(i + 1),
	    i + 1 == HF_CONTENT_DEMOGRAPHIC ? HF_LEVEL_S0 : HF_LEVEL_S1, NULL};
}

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

/* What ends last comes first; the source settles the rest. */
static int
later(const void *pa, const void *pb)
{
	const struct hf_relation *a = pa, *b = pb;

	if (a->end != b->end)
		return a->end < b->end ? 1 : -1;
	return hf_sv_cmp(a->source, b->source);
}

static void
print_relation(const struct why *w, const struct hf_relation *r, bool counts)
{
	char a[32], b[32], c[32];

	printf("%-8s %-10s  %-10s  %-12s  %-6s  %.*s: %s\n",
	       hf_word(HF_WORDS_RELATION, (int)r->kind), day(r->start, a),
	       day(r->end, b), day(hf_relation_until(&w->policy, r), c),
	       counts ? "yes" : "no", HF_SV_ARG(r->source), r->reason);
}

/* All that count, then the last that do not: why somebody may no longer look is
 * asked as often as why they may. */
static void
print_relations(const struct why *w)
{
	size_t others = 0, counting = 0, ended = 0;

	printf("\n%-8s %-10s  %-10s  %-12s  %-6s  %s\n", "RELATION", "FROM", "TO",
	       "COUNTS UNTIL", "COUNTS", "SOURCE AND REASON");
	for (size_t i = 0; i < 2 * w->relations.n; i++) {
		const struct hf_relation *r = &w->relations.items[i % w->relations.n];
		bool counts = hf_relation_counts(&w->policy, r, w->ask.now);
		bool first = i < w->relations.n;

		if (!hf_relation_is_of(r, w->ask.org, hf_sv_from(w->user))) {
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
	printf("%zu count, %zu do not", counting, ended);
	if (ended > ENDED_SHOWN)
		printf(" (the last %d are shown)", ENDED_SHOWN);
	printf("; %zu are of other organisations\n", others);
}

static void
print_choices(const struct why *w)
{
	const struct hf_relations *r = &w->relations;

	printf("\nObjection to sharing: %.*s.  Type 1 opt-out: %.*s.\n",
	       HF_SV_ARG(r->objection.n ? r->objection : HF_SV("none recorded")),
	       HF_SV_ARG(r->type1.n ? r->type1 : HF_SV("none recorded")));
	printf(
	    "National Data Opt-Out: no copy of the national list is kept yet, so what "
	    "it covers is blocked.\n");
	printf("Assumed: a good session%s; other organisations share %s (%s).\n",
	       w->ask.group == HF_GROUP_INT ? " and a scope that covers it" : "",
	       hf_word(HF_WORDS_TIER, (int)w->ask.tier),
	       w->tier ? "as asked for with --tier"
		       : "no agreement is recorded; try others with --tier");
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
print_rules(const struct why *w)
{
	const char *seen[128];
	size_t n = 0;

	putchar('\n');
	for (size_t i = 0; i < 2 * n_lines(w); i++) {
		struct line l = line_at(w, i / 2);
		struct hf_access_answer a = decide(w, l.content, l.level, i % 2 == 0);
		bool known = false;

		for (size_t k = 0; k < n && !known; k++)
			known = strcmp(seen[k], a.rule) == 0;
		if (known || n == HF_COUNT(seen))
			continue;
		seen[n++] = a.rule;
		printf("%-16s %s\n", a.rule, a.text);
	}
	printf("\nBy %s.\n", w->policy.version);
}

static void
print_table(const struct why *w)
{
	char at[32];

	printf("Patient/%s: %s (%s, %s) at %.*s, for %s, at %s\n", w->person, w->role,
	       w->found->name, hf_word(HF_WORDS_GROUP, (int)w->found->group),
	       HF_SV_ARG(w->ask.org), hf_word(HF_WORDS_PURPOSE, (int)w->ask.purpose),
	       hf_time_format(w->ask.now, at, sizeof(at)));
	print_relations(w);
	print_choices(w);
	printf("\n%-50s %-5s  %-24s  %s\n", "CONTENT", "LEVEL", "OF THE ORGANISATION",
	       "OF OTHERS");
	for (size_t i = 0; i < n_lines(w); i++) {
		struct line l = line_at(w, i);
		struct hf_access_answer own = decide(w, l.content, l.level, true);
		struct hf_access_answer other = decide(w, l.content, l.level, false);

		printf("%-50s %-5s",
		       l.category ? l.category->name
				  : hf_word_text(HF_WORDS_CONTENT, (int)l.content),
		       hf_word(HF_WORDS_LEVEL, (int)l.level));
		print_cell(&own, false);
		print_cell(&other, true);
	}
	print_rules(w);
}

/* ---- as JSON ---- */

static void
put_time(struct hf_jw *j, struct hf_sv key, hf_time t)
{
	char buf[32];

	hf_jw_key(j, key);
	if (t == HF_TIME_MIN || t == HF_TIME_MAX)
		hf_jw_null(j);
	else
		hf_jw_str(j, hf_sv_from(hf_time_format(t, buf, sizeof(buf))));
}

static void
put_words(struct hf_jw *j, enum hf_vocabulary of, uint64_t set)
{
	hf_jw_arr(j);
	for (int i = 1; i < hf_words_count(of); i++)
		if (set & HF_BIT(i))
			hf_jw_str(j, hf_sv_from(hf_word(of, i)));
	hf_jw_arr_end(j);
}

static void
put_answer(struct hf_jw *j, struct hf_sv key, const struct hf_access_answer *a)
{
	hf_jw_key(j, key);
	hf_jw_obj(j);
	hf_jw_field(j, "outcome",
		    hf_sv_from(hf_word(HF_WORDS_ACCESS, (int)a->outcome)));
	hf_jw_field(j, "rule", hf_sv_from(a->rule));
	hf_jw_field(j, "text", hf_sv_from(a->text));
	hf_jw_member(j, "breakGlass");
	put_words(j, HF_WORDS_REASON, a->glass ? a->reasons : 0);
	hf_jw_member(j, "notes");
	put_words(j, HF_WORDS_NOTE, a->notes);
	hf_jw_obj_end(j);
}

static void
put_relations(const struct why *w, struct hf_jw *j)
{
	size_t others = 0;

	hf_jw_member(j, "relationships");
	hf_jw_arr(j);
	for (size_t i = 0; i < w->relations.n; i++) {
		const struct hf_relation *r = &w->relations.items[i];

		if (!hf_relation_is_of(r, w->ask.org, hf_sv_from(w->user))) {
			others++;
			continue;
		}
		hf_jw_obj(j);
		hf_jw_field(j, "kind",
			    hf_sv_from(hf_word(HF_WORDS_RELATION, (int)r->kind)));
		put_time(j, HF_SV("from"), r->start);
		put_time(j, HF_SV("to"), r->end);
		put_time(j, HF_SV("until"), hf_relation_until(&w->policy, r));
		hf_jw_member(j, "counts");
		hf_jw_bool(j, hf_relation_counts(&w->policy, r, w->ask.now));
		hf_jw_field(j, "source", r->source);
		if (r->who.n)
			hf_jw_field(j, "practitioner", r->who);
		hf_jw_field(j, "reason", hf_sv_from(r->reason));
		hf_jw_obj_end(j);
	}
	hf_jw_arr_end(j);
	hf_jw_member(j, "relationshipsWithOthers");
	hf_jw_int(j, (int64_t)others);
}

static void
put_decisions(const struct why *w, struct hf_jw *j)
{
	hf_jw_member(j, "decisions");
	hf_jw_arr(j);
	for (size_t i = 0; i < n_lines(w); i++) {
		struct line l = line_at(w, i);
		struct hf_access_answer own = decide(w, l.content, l.level, true);
		struct hf_access_answer other = decide(w, l.content, l.level, false);

		hf_jw_obj(j);
		hf_jw_field(j, "content",
			    hf_sv_from(hf_word(HF_WORDS_CONTENT, (int)l.content)));
		hf_jw_field(j, "level",
			    hf_sv_from(hf_word(HF_WORDS_LEVEL, (int)l.level)));
		if (l.category)
			hf_jw_field(j, "category", hf_sv_from(l.category->code));
		put_answer(j, HF_SV("own"), &own);
		put_answer(j, HF_SV("others"), &other);
		hf_jw_obj_end(j);
	}
	hf_jw_arr_end(j);
}

static bool
print_json(const struct why *w)
{
	struct hf_buf buf = {.cap = 16 << 20};
	struct hf_jw j = {.out = &buf};
	bool good;

	hf_jw_obj(&j);
	hf_jw_field(&j, "person", hf_sv_from(w->person));
	hf_jw_field(&j, "role", hf_sv_from(w->role));
	hf_jw_field(&j, "group",
		    hf_sv_from(hf_word(HF_WORDS_GROUP, (int)w->found->group)));
	hf_jw_field(&j, "organisation", w->ask.org);
	hf_jw_field(&j, "purpose",
		    hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)w->ask.purpose)));
	put_time(&j, HF_SV("at"), w->ask.now);
	hf_jw_field(&j, "tier", hf_sv_from(hf_word(HF_WORDS_TIER, (int)w->ask.tier)));
	hf_jw_field(&j, "version", hf_sv_from(w->policy.version));
	hf_jw_field(&j, "objection", w->relations.objection);
	hf_jw_field(&j, "type1", w->relations.type1);
	put_relations(w, &j);
	put_decisions(w, &j);
	hf_jw_obj_end(&j);
	hf_buf_char(&buf, '\n');
	good = !buf.failed && fwrite(buf.p, 1, buf.n, stdout) == buf.n;
	hf_buf_free(&buf);
	return good;
}

/* ---- the command ---- */

static enum hf_rc
load_policy(struct why *w, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &w->arena};

	return hf_policy_load(hf_policy_builtin, &w->arena, &issues, &w->policy, err);
}

/* Words of the command line into the question; HF_EXIT_DONE when all are good. */
static int
read_words(const struct hf_command *cmd, struct why *w)
{
	int purpose, tier;
	struct hf_date at;

	w->found = hf_policy_role(&w->policy, hf_sv_from(w->role));
	if (!w->found)
		return hf_misuse(cmd, "there is no role \"%s\" in roles.json", w->role);
	if (!w->purpose)
		w->purpose = w->found->group == HF_GROUP_PAT ? "OWN" : "DIRECT";
	purpose = hf_word_find(HF_WORDS_PURPOSE, hf_sv_from(w->purpose));
	if (purpose <= 0)
		return hf_misuse(cmd, "\"%s\" is no purpose", w->purpose);
	tier = hf_word_find(HF_WORDS_TIER, hf_sv_from(w->tier ? w->tier : "T0"));
	if (tier <= 0)
		return hf_misuse(cmd, "\"%s\" is no tier: T0 to T4", w->tier);
	if (w->at && !hf_date_parse(hf_sv_from(w->at), true, &at))
		return hf_misuse(cmd, "\"%s\" is no time", w->at);
	w->ask = (struct hf_access_ask){
	    .group = w->found->group,
	    .org = hf_sv_from(w->org),
	    .purpose = (enum hf_purpose)purpose,
	    .activity = HF_ACT_READ,
	    .tier = (enum hf_tier)tier,
	    .facts = assumed(w->found->group),
	    .now = w->at ? at.lo : hf_now(),
	};
	return HF_EXIT_DONE;
}

static enum hf_rc
read_person(struct why *w, struct hf_reader *reader, struct hf_err *err)
{
	struct hf_sv self = hf_arena_printf(&w->arena, "Patient/%s", w->person);
	struct hf_care_homes homes;
	enum hf_rc rc = hf_reader_begin(reader, err);

	if (rc)
		return rc;
	rc = hf_care_homes_read(reader, &w->arena, &homes, err);
	if (rc == HF_OK)
		rc = hf_relations_read(reader, hf_sv_from(w->person), &homes, &w->arena,
				       &w->relations, err);
	hf_reader_end(reader);
	if (rc)
		return rc;
	if (w->relations.n)
		qsort(w->relations.items, w->relations.n, sizeof(*w->relations.items),
		      later);
	w->ask.relations =
	    hf_relations_of(&w->policy, w->relations.items, w->relations.n, w->ask.org,
			    hf_sv_from(w->user), w->ask.now);
	if (w->user && hf_sv_eq(self, hf_sv_from(w->user)))
		w->ask.relations |= HF_BIT(HF_REL_SELF);
	if (w->relations.objection.n)
		w->ask.facts |= HF_BIT(HF_FACT_OBJECTION);
	if (w->relations.type1.n)
		w->ask.facts |= HF_BIT(HF_FACT_TYPE1);
	return HF_OK;
}

static int
run(const struct hf_command *cmd, struct why *w, struct hf_store *store)
{
	struct hf_reader *reader;
	struct hf_err err = {0};
	enum hf_rc rc = hf_reader_get(store, &reader, &err);

	if (rc)
		return hf_cli_fail(cmd, &err);
	rc = read_person(w, reader, &err);
	hf_reader_put(reader);
	if (rc)
		return hf_cli_fail(cmd, &err);
	if (w->json)
		return print_json(w) ? HF_EXIT_DONE : HF_EXIT_FAILED;
	print_table(w);
	return HF_EXIT_DONE;
}

static int
why(const struct hf_command *cmd, struct why *w)
{
	struct hf_store *store;
	struct hf_err err = {0};
	int status;

	if (!w->person || !w->role || !w->org)
		return hf_misuse(cmd, "say --person, --role and --org");
	if (load_policy(w, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	status = read_words(cmd, w);
	if (status == HF_EXIT_DONE)
		status = hf_cli_open(cmd, &w->where, HF_CLI_READ, &store);
	if (status != HF_EXIT_DONE)
		return status;
	status = run(cmd, w, store);
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
		 .help = "DIRECT (what is meant when it is left out), SAFEGUARD, PLAN,\n"
			 "CASEFIND, FINANCE, AUDIT, RESEARCH, TRAIN or OWN",
		 .out = &w.purpose},
		{.name = "at", .kind = HF_OPT_TEXT, .arg = "TIME",
		 .help = "2026-11-22 or 2026-11-22T09:30:00Z; now when it is left out",
		 .out = &w.at},
		{.name = "tier", .kind = HF_OPT_TEXT, .arg = "T",
		 .help = "what others share with the organisation: T0 (nothing) to T4",
		 .out = &w.tier},
		{.name = "user", .kind = HF_OPT_TEXT, .arg = "REF",
		 .help = "Practitioner/ID, or Patient/ID for the person",
		 .out = &w.user},
		{.name = "json", .kind = HF_OPT_FLAG, .help = "as JSON", .out = &w.json},
	};
	/* clang-format on */
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first >= argc || strcmp(argv[first], "why") != 0)
		return hf_misuse(cmd, "say what to do: access why");
	if (first + 1 < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first + 1]);
	status = why(cmd, &w);
	hf_arena_free(&w.arena);
	return status;
}

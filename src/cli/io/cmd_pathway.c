/* cmd_pathway.c - homefirst pathway: check, test, draw, diff, export, import, migrate.
 */
#include "cli/io/cli.h"

#include <errno.h>
#include <libgen.h>
#include <unistd.h>

#include "cli/io/take_over.h"
#include "pathway/form.h"
#include "pathway/migrate.h"
#include "pathway/plan_definition.h"

HF_COMMAND(hf_cmd_pathway);
const char hf_help_pathway[] =
    "  check [FILE…]    reads and checks definitions: all that is wrong, with its "
    "line\n"
    "  test [FILE…]     runs the cases beside each (cases/NAME of the same folder)\n"
    "  draw FILE        prints a state diagram as SVG\n"
    "  diff OLD NEW     prints what NEW does otherwise than OLD\n"
    "  export FILE      prints it as FHIR: a Bundle of a PlanDefinition and an\n"
    "                   ActivityDefinition for each task\n"
    "  import FILE      prints the definition that such a Bundle holds, and what in "
    "it\n"
    "                   no definition has a place for\n"
    "  migrate --data DIR --to FILE [--rules FILE] [--check]\n"
    "                   takes the running instances of a place over to a version;\n"
    "                   --pathways DIR has those they began with\n"
    "  migrate --check OLD NEW [RULES]\n"
    "                   tells which running instances NEW would strand: states, "
    "events\n"
    "                   and clocks that it has not and RULES do not name, as\n"
    "                   {\"from\":\"1.0.0\",\"to\":\"1.1.0\",\"states\":{\"old\":"
    "\"new\"}}\n"
    "\n"
    "FILE is a definition in JSON, or the id of one that comes with the program; "
    "check\n"
    "and test without FILE take all of those.  Ends with 1 when something is wrong, a\n"
    "case fails, the two differ, or an instance would be stranded.";

struct definition {
	char name[256];
	struct hf_buf text, cases;
	bool has_cases;
	char cases_name[300];
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_pathway *pathway;
};

static bool
read_file(const char *path, struct hf_buf *out)
{
	FILE *f = fopen(path, "re");
	size_t got = 1;

	out->cap = 8 << 20;
	while (f && got) {
		char *room = hf_buf_room(out, 65536);

		got = room ? fread(room, 1, 65536, f) : 0;
		out->n += got;
	}
	if (f)
		fclose(f);
	return f && !out->failed;
}

static const struct hf_definition_text *
builtin(const struct hf_definition_text *list, size_t n, const char *id)
{
	size_t len = strlen(id);

	for (size_t i = 0; i < n; i++)
		if (strncmp(list[i].name, id, len) == 0 &&
		    (strcmp(list[i].name + len, ".json") == 0 ||
		     list[i].name[len] == '\0'))
			return &list[i];
	return NULL;
}

/* A file, or the definition of this id. */
static bool
find(const struct hf_command *cmd, const char *what, struct definition *d)
{
	const struct hf_definition_text *own =
	    strchr(what, '/') || strchr(what, '.')
		? NULL
		: builtin(hf_pathways_builtin, hf_n_pathways_builtin, what);
	const struct hf_definition_text *cases =
	    own ? builtin(hf_pathway_cases_builtin, hf_n_pathway_cases_builtin, what)
		: NULL;
	char copy[256];

	snprintf(d->name, sizeof d->name, "%s", own ? own->name : what);
	if (own) {
		hf_buf_sv(&d->text, own->text);
		d->has_cases = cases != NULL;
		if (cases)
			hf_buf_sv(&d->cases, cases->text);
		snprintf(d->cases_name, sizeof d->cases_name, "cases/%s", own->name);
		return true;
	}
	if (strlen(what) >= sizeof copy || !read_file(what, &d->text)) {
		fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, what,
			errno ? strerror(errno) : "it cannot be read");
		return false;
	}
	snprintf(copy, sizeof copy, "%s", what);
	snprintf(d->cases_name, sizeof d->cases_name, "%.150s/cases/", dirname(copy));
	snprintf(copy, sizeof copy, "%s", what);
	strncat(d->cases_name, basename(copy), 100);
	d->has_cases = read_file(d->cases_name, &d->cases);
	return true;
}

static void
tell(const struct hf_issues *issues)
{
	for (size_t i = 0; i < issues->n; i++)
		fprintf(stderr, "%.*s: %s%.*s\n", HF_SV_ARG(issues->items[i].path),
			issues->items[i].severity == HF_SEV_ERROR ? "" : "warning: ",
			HF_SV_ARG(issues->items[i].text));
}

static bool
is_pathway(const char *id)
{
	return builtin(hf_pathways_builtin, hf_n_pathways_builtin, id) != NULL;
}

/* What else the program has. */
static const struct hf_pw_world world = {.form = hf_form_is_builtin,
					 .pathway = is_pathway};

static bool
load(const struct hf_command *cmd, const char *what, struct definition *d)
{
	struct hf_err err;

	*d = (struct definition){.arena = {.cap = (size_t)512 << 20}};
	d->issues.arena = &d->arena;
	if (!find(cmd, what, d))
		return false;
	if (hf_pathway_load(d->name, hf_buf_view(&d->text), &world, &d->arena,
			    &d->issues, &d->pathway, &err) != HF_OK)
		d->pathway = NULL;
	tell(&d->issues);
	return d->pathway != NULL;
}

static void
drop(struct definition *d)
{
	hf_pathway_free(d->pathway);
	hf_buf_free(&d->text);
	hf_buf_free(&d->cases);
	hf_arena_free(&d->arena);
}

static bool
check_one(const struct hf_command *cmd, const char *what)
{
	struct definition d;
	bool good = load(cmd, what, &d);

	if (good)
		printf("%s %s: in order; %zu states, %zu steps, %zu clocks%s\n",
		       d.pathway->id, d.pathway->version, d.pathway->n_states,
		       d.pathway->n_steps, d.pathway->n_clocks,
		       strcmp(d.pathway->status, "active") ? ", not active" : "");
	drop(&d);
	return good;
}

static bool
test_one(const struct hf_command *cmd, const char *what)
{
	struct hf_pw_case_report report = {0};
	struct hf_err err;
	struct definition d;
	bool good = load(cmd, what, &d);
	size_t taken = 0;

	if (good && !d.has_cases) {
		fprintf(stderr, "homefirst pathway: there are no cases: %s\n",
			d.cases_name);
		good = false;
	} else if (good) {
		d.issues.n = d.issues.errors = 0;
		good = hf_pw_cases(d.pathway, d.cases_name, hf_buf_view(&d.cases),
				   &d.arena, &d.issues, &report, &err) == HF_OK;
		tell(&d.issues);
		for (size_t i = 0; i < d.pathway->n_steps; i++)
			taken += report.covered[i / 64] >> i % 64 & 1;
		printf("%s %s: %zu cases, %zu failed; %zu of %zu steps taken\n",
		       d.pathway->id, d.pathway->version, report.cases, report.failed,
		       taken, d.pathway->n_steps);
	}
	drop(&d);
	return good;
}

/* All arguments, or all definitions that come with the program. */
static int
each(const struct hf_command *cmd, int argc, char **argv, int first,
     bool (*one)(const struct hf_command *cmd, const char *what))
{
	bool good = true;

	for (int i = first; i < argc; i++)
		good = one(cmd, argv[i]) && good;
	for (size_t i = 0; first == argc && i < hf_n_pathways_builtin; i++) {
		char id[64];

		snprintf(id, sizeof id, "%.*s",
			 (int)strcspn(hf_pathways_builtin[i].name, "."),
			 hf_pathways_builtin[i].name);
		good = one(cmd, id) && good;
	}
	return good ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

static int
draw(const struct hf_command *cmd, const char *what)
{
	struct hf_buf out = {.cap = 16 << 20};
	struct definition d;
	bool good = load(cmd, what, &d);

	if (good) {
		hf_pw_draw(d.pathway, &out);
		fwrite(out.p, 1, out.n, stdout);
	}
	hf_buf_free(&out);
	drop(&d);
	return good ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

static int
diff(const struct hf_command *cmd, const char *older, const char *newer)
{
	struct hf_buf out = {.cap = 16 << 20};
	struct definition a, b;
	bool good = load(cmd, older, &a);

	good = load(cmd, newer, &b) && good;
	if (good) {
		hf_pw_diff(a.pathway, b.pathway, &out);
		fwrite(out.p, 1, out.n, stdout);
		good = out.n == 0;
	}
	hf_buf_free(&out);
	drop(&a);
	drop(&b);
	return good ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

/* To a file, which is whole or not there, or to standard output. */
static bool
give_out(const struct hf_command *cmd, const struct hf_buf *text, const char *out)
{
	char part[4096];
	bool good;
	FILE *f;

	if (!out) {
		fwrite(text->p, 1, text->n, stdout);
		return fflush(stdout) == 0 && !ferror(stdout);
	}
	snprintf(part, sizeof part, "%.4000s.part", out);
	f = fopen(part, "we");
	good = f && fwrite(text->p, 1, text->n, f) == text->n;
	good = f && fclose(f) == 0 && good && rename(part, out) == 0;
	if (!good) {
		fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, out,
			strerror(errno));
		unlink(part);
	}
	return good;
}

static int
to_fhir(const struct hf_command *cmd, const char *what, const char *to)
{
	struct definition d = {.arena = {.cap = (size_t)512 << 20}};
	struct hf_buf out = {.cap = 64 << 20};
	struct hf_err err;
	bool good = find(cmd, what, &d);

	d.issues.arena = &d.arena;
	if (good) {
		good = hf_pd_export(d.name, hf_buf_view(&d.text), &world, &d.arena,
				    &d.issues, &out, &err) == HF_OK;
		tell(&d.issues);
		hf_buf_char(&out, '\n');
	}
	good = good && give_out(cmd, &out, to);
	hf_buf_free(&out);
	drop(&d);
	return good ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

static int
from_fhir(const struct hf_command *cmd, const char *what, const char *to)
{
	struct definition d = {.arena = {.cap = (size_t)512 << 20}};
	struct hf_buf out = {.cap = 16 << 20};
	struct hf_err err;
	int status = HF_EXIT_DONE;

	d.issues.arena = &d.arena;
	if (!read_file(what, &d.text)) {
		fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, what,
			errno ? strerror(errno) : "it cannot be read");
		status = HF_EXIT_FAILED;
	} else if (hf_pd_import(hf_buf_view(&d.text), &world, &d.arena, &d.issues, &out,
				&err) != HF_OK) {
		tell(&d.issues);
		status = hf_cli_fail(cmd, &err);
	} else {
		tell(&d.issues);
		status = give_out(cmd, &out, to) ? HF_EXIT_DONE : HF_EXIT_FAILED;
	}
	hf_buf_free(&out);
	drop(&d);
	return status;
}

static int
migrate(const struct hf_command *cmd, const char *older, const char *newer,
	const char *rules)
{
	struct hf_buf text = {0};
	struct hf_pw_migration m;
	struct definition a, b;
	struct hf_err err;
	bool good = load(cmd, older, &a);

	good = load(cmd, newer, &b) && good;
	if (good && rules && !read_file(rules, &text)) {
		fprintf(stderr, "homefirst %s: %s: %s\n", cmd->name, rules,
			errno ? strerror(errno) : "it cannot be read");
		good = false;
	}
	if (good) {
		b.issues.n = b.issues.errors = 0;
		good = hf_pw_migrate_check(a.pathway, b.pathway, rules ? rules : "",
					   hf_buf_view(&text), &b.arena, &b.issues, &m,
					   &err) == HF_OK;
		tell(&b.issues);
	}
	if (good)
		printf("%s: instances of %s can go on by %s\n", a.pathway->id,
		       a.pathway->version, b.pathway->version);
	hf_buf_free(&text);
	drop(&a);
	drop(&b);
	return good ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

static int
misused(const struct hf_command *cmd, const char *verb)
{
	static const struct {
		const char *verb, *takes;
	} verbs[] = {
	    {"draw", "draw takes one definition"},
	    {"diff", "diff takes two definitions"},
	    {"export", "export takes one definition"},
	    {"import", "import takes one file"},
	    {"migrate",
	     "migrate takes --data and --to, or --check, two definitions and "
	     "a file of rules"},
	};

	for (size_t i = 0; i < HF_COUNT(verbs); i++)
		if (strcmp(verb, verbs[i].verb) == 0)
			return hf_misuse(cmd, "%s", verbs[i].takes);
	return hf_misuse(cmd, "it knows check, test, draw, diff, export, import and "
			      "migrate");
}

int
hf_cmd_pathway(const struct hf_command *cmd, int argc, char **argv)
{
	const char *verb, *out = NULL;
	bool only_check = false;
	struct hf_take_over take = {0};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&take.where),
		{.name = "to", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "migrate: the document that instances go on by",
		 .out = &take.to},
		{.name = "rules", .kind = HF_OPT_TEXT, .arg = "FILE",
		 .help = "migrate: where states, events and clocks go", .out = &take.rules},
		{.name = "pathways", .kind = HF_OPT_TEXT, .arg = "DIR",
		 .help = "migrate: the versions that instances began with",
		 .out = &take.pathways},
	    /* clang-format on */
	    {.name = "out",
	     .letter = 'o',
	     .kind = HF_OPT_TEXT,
	     .arg = "FILE",
	     .help = "export and import: where to write (standard output)",
	     .out = &out},
	    {.name = "check",
	     .kind = HF_OPT_FLAG,
	     .help = "migrate: looks only, and changes nothing",
	     .out = &only_check},
	};
	int first, status, n;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first == argc)
		return hf_misuse(cmd,
				 "say what to do: check, test, draw, diff, export, "
				 "import or migrate");
	verb = argv[first++];
	n = argc - first;
	if (strcmp(verb, "check") == 0)
		return each(cmd, argc, argv, first, check_one);
	if (strcmp(verb, "test") == 0)
		return each(cmd, argc, argv, first, test_one);
	if (strcmp(verb, "draw") == 0 && n == 1)
		return draw(cmd, argv[first]);
	if (strcmp(verb, "diff") == 0 && n == 2)
		return diff(cmd, argv[first], argv[first + 1]);
	if (strcmp(verb, "export") == 0 && n == 1)
		return to_fhir(cmd, argv[first], out);
	if (strcmp(verb, "import") == 0 && n == 1)
		return from_fhir(cmd, argv[first], out);
	if (strcmp(verb, "migrate") == 0 && n == 0 && take.to) {
		take.only_check = only_check;
		return hf_take_over(cmd, &take);
	}
	if (strcmp(verb, "migrate") == 0 && (n == 2 || n == 3) && only_check)
		return migrate(cmd, argv[first], argv[first + 1],
			       n == 3 ? argv[first + 2] : NULL);
	return misused(cmd, verb);
}

/* cmd_contract_prices.c - homefirst contract prices: check, list and import versions of
 * price lists. */
#include "cli/io/cmd_contract.h"

#include "base/time.h"
#include "contract/io/prices.h"
#include "record/io/desk.h"

enum { ARENA = 512 << 20, FINDINGS = 10000 };

struct version {
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_ct_file files[HF_CT_FILES];
	size_t n;
	struct hf_ct_list *list;
};

static void
put_day(int32_t day)
{
	struct hf_civil c = hf_civil_from_time((int64_t)day * 86400000);

	printf("%04d-%02d-%02d", (int)c.year, c.month, c.day);
}

static void
put_line(const struct hf_ct_list *list)
{
	printf("%.*s  ", HF_SV_ARG(list->id));
	put_day(list->from);
	printf(" to ");
	put_day(list->to);
	printf("  %u groups, %u providers%s  %.*s\n",
	       (unsigned)list->table[HF_CT_T_HRG].n,
	       (unsigned)list->table[HF_CT_T_MFF].n,
	       list->illustrative ? ", illustrative" : "", HF_SV_ARG(list->title));
}

/* Findings on standard error, "hrg.csv:12: …"; true when there is no error. */
static bool
read_folder(const struct hf_command *cmd, const char *path, struct version *v)
{
	struct hf_err err;
	enum hf_rc rc;

	*v = (struct version){.arena = {.cap = ARENA}};
	v->issues = (struct hf_issues){.arena = &v->arena, .max = FINDINGS};
	rc = hf_ct_prices_folder(path, &v->arena, v->files, &v->n, &err);
	if (rc == HF_OK)
		rc = hf_ct_list_read(v->files, v->n, &v->arena, &v->issues, &v->list,
				     &err);
	for (size_t i = 0; i < v->issues.n; i++)
		fprintf(stderr, "%.*s: %s%.*s\n", HF_SV_ARG(v->issues.items[i].path),
			v->issues.items[i].severity == HF_SEV_ERROR ? "" : "warning: ",
			HF_SV_ARG(v->issues.items[i].text));
	if (v->issues.dropped)
		fprintf(stderr, "and %zu more\n", v->issues.dropped);
	if (rc != HF_OK)
		hf_cli_fail(cmd, &err);
	return rc == HF_OK && v->issues.errors == 0;
}

static int
check(const struct hf_command *cmd, int argc, char **argv, int first)
{
	int status = HF_EXIT_DONE;

	if (first == argc)
		return hf_misuse(cmd, "check wants the folder of a price list");
	for (int i = first; i < argc; i++) {
		struct version v;
		bool good = read_folder(cmd, argv[i], &v);

		if (v.list)
			put_line(v.list);
		if (v.list && !good)
			printf("%zu errors: it cannot be imported\n", v.issues.errors);
		if (!good)
			status = HF_EXIT_FAILED;
		hf_arena_free(&v.arena);
	}
	return status;
}

static int
list(const struct hf_command *cmd, const struct hf_cli_store *where)
{
	struct hf_arena arena = {.cap = ARENA};
	struct hf_reader *reader = NULL;
	struct hf_store *store = NULL;
	struct hf_ct_price_book book;
	struct hf_err err;
	enum hf_rc rc = HF_OK;
	int status = HF_EXIT_DONE;

	if (where->data || where->url)
		status = hf_cli_open(cmd, where, HF_CLI_READ, &store);
	if (status != HF_EXIT_DONE)
		return status;
	if (store)
		rc = hf_reader_get(store, &reader, &err);
	if (rc == HF_OK)
		rc = hf_ct_prices_book(reader ? hf_reader_db(reader) : NULL, &arena,
				       &book, &err);
	for (size_t i = 0; rc == HF_OK && i < book.n; i++)
		put_line(book.lists[i]);
	if (rc != HF_OK)
		status = hf_cli_fail(cmd, &err);
	if (reader)
		hf_reader_put(reader);
	if (store)
		hf_store_close(store);
	hf_arena_free(&arena);
	return status;
}

static int
import(const struct hf_command *cmd, const struct hf_cli_store *where, int argc,
       char **argv, int first)
{
	struct hf_store *store = NULL;
	struct hf_err err;
	struct version v;
	int status = HF_EXIT_FAILED;

	if (first + 1 != argc)
		return hf_misuse(cmd, "import wants the folder of one price list");
	if (!read_folder(cmd, argv[first], &v)) {
		fprintf(stderr, "homefirst %s: nothing was imported\n", cmd->name);
		hf_arena_free(&v.arena);
		return HF_EXIT_FAILED;
	}
	status = hf_cli_open(cmd, where, HF_CLI_WRITE, &store);
	if (status == HF_EXIT_DONE) {
		if (hf_ct_prices_keep(store, HF_SV("cli"), HF_SV("FINANCE"), HF_SV(""),
				      v.list, v.files, v.n, &err) != HF_OK)
			status = hf_cli_fail(cmd, &err);
		else
			put_line(v.list);
		hf_store_close(store);
	}
	hf_arena_free(&v.arena);
	return status;
}

int
hf_cli_prices(const struct hf_command *cmd, int argc, char **argv)
{
	struct hf_cli_store where = {0};
	const struct hf_opt opts[] = {HF_CLI_STORE_OPTS(&where)};
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc && strcmp(argv[first], "check") == 0)
		return check(cmd, argc, argv, first + 1);
	if (first + 1 == argc && strcmp(argv[first], "list") == 0)
		return list(cmd, &where);
	if (first < argc && strcmp(argv[first], "import") == 0)
		return import(cmd, &where, argc, argv, first + 1);
	return hf_misuse(cmd, "say check, list or import");
}

/* test_fhir_real.c FOLDER - patients that nobody here made: every bundle in FOLDER
 * (*.json.gz) is valid R4.  Skipped where the folder is absent. */
#include <dirent.h>
#include <zlib.h>

#include "fhir/validate.h"
#include "test/hf_test.h"

static const char *folder;

static void
inflate_file(const char *path, struct hf_buf *out)
{
	gzFile f = gzopen(path, "rb");
	int n;

	assert_non_null(f);
	out->n = 0;
	do {
		char *room = hf_buf_room(out, 1 << 20);

		assert_non_null(room);
		n = gzread(f, room, 1 << 20);
		assert_true(n >= 0);
		out->n += (size_t)n;
	} while (n > 0);
	gzclose(f);
}

static void
check_bundle(const char *name, struct hf_sv text, struct hf_arena *arena, size_t *nodes)
{
	struct hf_arena findings = {.cap = 1u << 20};
	struct hf_issues issues = {.arena = &findings};
	struct hf_err err = {0};
	struct hf_json doc;
	hf_type_id type;

	hf_arena_reset(arena);
	if (hf_json_parse(text, NULL, arena, &doc, &err) != HF_OK)
		fail_msg("%s: %s", name, err.text);
	if (!hf_validate(&doc, 0, &issues, &type) || issues.n)
		fail_msg("%s: %.*s: %.*s", name, HF_SV_ARG(issues.items[0].path),
			 HF_SV_ARG(issues.items[0].text));
	*nodes += doc.n;
	hf_arena_free(&findings);
}

HF_TEST(bundles_of_synthetic_patients_have_no_finding)
{
	struct hf_arena arena = {.cap = 512u << 20};
	struct hf_buf b = {0};
	size_t bundles = 0, bytes = 0, nodes = 0;
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));) {
		char path[1024];

		if (!strstr(e->d_name, ".json.gz"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		inflate_file(path, &b);
		check_bundle(e->d_name, hf_buf_view(&b), &arena, &nodes);
		bundles++;
		bytes += b.n;
	}
	closedir(dir);
	hf_buf_free(&b);
	hf_arena_free(&arena);
	print_message("%zu bundles, %zu bytes, %zu values\n", bundles, bytes, nodes);
	assert_true(bundles > 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bundles_of_synthetic_patients_have_no_finding)};
	DIR *dir = argc > 1 ? opendir(argv[1]) : NULL;

	if (!dir) {
		printf("skipped: there is no folder %s\n",
		       argc > 1 ? argv[1] : "given");
		return 77;
	}
	closedir(dir);
	folder = argv[1];
	return cmocka_run_group_tests_name("fhir/real", tests, NULL, NULL);
}

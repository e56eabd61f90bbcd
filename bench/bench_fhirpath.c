/* bench_fhirpath.c - evaluations of simple expressions a second on one core.
 *
 *   bench_fhirpath [ROUNDS]
 *
 * Prints a line for each expression: nanoseconds, millions a second. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fhir/path.h"

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"gender\":\"male\","
    "\"birthDate\":\"1974-12-25\",\"name\":[{\"use\":\"official\",\"family\":\"A\","
    "\"given\":[\"B\",\"C\"]},{\"use\":\"usual\",\"given\":[\"D\"]}],"
    "\"telecom\":[{\"system\":\"phone\",\"value\":\"1\"}]}";

static const char *const expressions[] = {
    "active",
    "name.family",
    "gender = 'male'",
    "birthDate < @1980-01-01",
    "telecom.where(system = 'phone').exists()",
    "name.where(use = 'official').given.first()",
};

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int
main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
	struct hf_arena keep = {.cap = 1 << 20}, arena = {.cap = 1 << 20};
	struct hf_path_env env = {0};
	struct hf_json doc;
	struct hf_err err;

	if (hf_json_parse(hf_sv_from(patient), NULL, &keep, &doc, &err) != HF_OK)
		return 1;
	env.doc = &doc;
	for (size_t i = 0; i < HF_COUNT(expressions); i++) {
		struct hf_path_rules rules = {.context = hf_path_type_at(&doc, 0)};
		struct hf_path *path;
		double begun, each;

		if (hf_path_compile_for(hf_sv_from(expressions[i]), &rules, &path,
					&err) != HF_OK)
			return 1;
		begun = cpu_ns();
		for (long k = 0; k < rounds; k++) {
			struct hf_pvs out = {0};

			hf_arena_reset(&arena);
			if (hf_path_eval(path, &env, &arena, &out, &err) != HF_OK)
				return 1;
		}
		each = (cpu_ns() - begun) / (double)rounds;
		printf("%-44s %6.0f ns %7.2f M/s\n", expressions[i], each, 1e3 / each);
		hf_path_free(path);
	}
	hf_arena_free(&arena);
	hf_arena_free(&keep);
	return 0;
}

/* walk.h - synthetic places for tests, and walks over the resources of a unit. */
#ifndef TEST_SYNTH_WALK_H
#define TEST_SYNTH_WALK_H

#include "fhir/json.h"
#include "synth/synth.h"

/* A place of so many people, of whom full have records; the test fails when it
 * cannot be made. */
struct hf_synth_place *walk_place(int64_t people, int64_t full, int64_t rich,
				  uint64_t seed);
extern const hf_time walk_now; /* of every such place */

/* Calls see for each string below node, with the name of the member it is in. */
void walk_strings(const struct hf_json *doc, uint32_t node,
		  void (*see)(void *ctx, struct hf_sv key, struct hf_sv text),
		  void *ctx);

/* Parses resource i of unit into *doc; the arena is reset first. */
void walk_parse(const struct hf_synth_unit *unit, size_t i, struct hf_arena *arena,
		struct hf_json *doc);

/* A path of members from node; digits are an index: "name.0.family".  The string
 * there, or p NULL. */
struct hf_sv walk_text(const struct hf_json *doc, const char *path);
uint32_t walk_node(const struct hf_json *doc, const char *path);

/* FNV-1a over bytes, to compare long texts. */
uint64_t walk_hash(uint64_t h, struct hf_sv bytes);

#endif

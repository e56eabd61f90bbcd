/* map_int.h - what the files of the maps share. */
#ifndef HF_POPULATION_MAP_INT_H
#define HF_POPULATION_MAP_INT_H

#include "population/map.h"

/* A copy in lower case (ASCII), blanks at its ends taken off, those within made one. */
struct hf_sv hf_map_lower(struct hf_arena *arena, struct hf_sv s);
/* The same into out; what does not fit into size makes it n 0. */
struct hf_sv hf_map_lower_to(struct hf_sv s, char *out, size_t size);
int hf_map_by_text(const void *a, const void *b); /* of struct hf_sv, for qsort */
/* Is s one of the n sorted words? */
bool hf_map_listed(const struct hf_sv *words, size_t n, struct hf_sv s);
bool hf_map_format_ok(struct hf_sv s);

#endif

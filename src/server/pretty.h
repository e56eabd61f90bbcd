/* pretty.h - JSON with line breaks, for a reader's eyes.  Pure. */
#ifndef HF_SERVER_PRETTY_H
#define HF_SERVER_PRETTY_H

#include "base/arena.h"

/* json must be well formed and without white space between tokens.  Strings and
 * numbers stay as they are.  p is NULL when it would be eight times as long or more,
 * or the arena is full. */
struct hf_sv hf_pretty(struct hf_sv json, struct hf_arena *arena);

#endif

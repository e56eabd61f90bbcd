/* base.h - what every file may count on: sizes, string views, counting.
 * A view is borrowed and not NUL terminated; copy it into an arena to keep it. */
#ifndef HF_BASE_BASE_H
#define HF_BASE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/banned.h"

#define HF_COUNT(a)	      (sizeof(a) / sizeof((a)[0]))
#define HF_UNUSED	      __attribute__((unused))
#define HF_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

struct hf_sv {
	const char *p;
	size_t n;
};

/* HF_SV("text") is a view of a literal; HF_SV_ARG goes with "%.*s". */
#define HF_SV(lit)   ((struct hf_sv){"" lit, sizeof(lit) - 1})
#define HF_SV_ARG(s) (int)(s).n, (s).p

static inline struct hf_sv
hf_sv_from(const char *cstr)
{
	return (struct hf_sv){cstr, cstr ? strlen(cstr) : 0};
}

static inline bool
hf_sv_eq(struct hf_sv a, struct hf_sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

#define hf_sv_is(s, lit) hf_sv_eq((s), HF_SV(lit))

static inline bool
hf_sv_starts(struct hf_sv s, struct hf_sv prefix)
{
	return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static inline bool
hf_sv_ends(struct hf_sv s, struct hf_sv suffix)
{
	return s.n >= suffix.n &&
	       memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0;
}

/* The part from at on; empty when at is past the end. */
static inline struct hf_sv
hf_sv_from_at(struct hf_sv s, size_t at)
{
	if (at > s.n)
		at = s.n;
	return (struct hf_sv){s.p + at, s.n - at};
}

/* Bytewise order, shorter first when one starts the other: <0, 0, >0. */
int hf_sv_cmp(struct hf_sv a, struct hf_sv b);

/* Index of the first c, or s.n when there is none. */
size_t hf_sv_find(struct hf_sv s, char c);

/* Cuts *rest at the first sep: gives what stood before it and leaves what
 * stands after it.  Without sep gives all and leaves an empty view (p NULL). */
struct hf_sv hf_sv_cut(struct hf_sv *rest, char sep);

/* Is s one of the words, which stand between single blanks?  Nothing is no word. */
bool hf_sv_among(struct hf_sv s, const char *words);

/* White space (blank, tab, CR, LF) taken off both ends. */
struct hf_sv hf_sv_trim(struct hf_sv s);

/* A whole decimal number with nothing around it; false when it is none or does
 * not fit, and *out is left alone. */
bool hf_sv_int(struct hf_sv s, int64_t *out);

#endif

/* bench.h - published figures of organisations ("Monthly A&E", "virtual ward
 * statistics"): a file of one row an organisation and month, read by a declared map of
 * definitions/benchmark-maps.  Pure.  docs/interfaces/benchmarks.md.
 *
 * They are no persons' rows and never become any.  What always holds of a row that was
 * read: each figure of the map is there, held back, missing or refused, and is never
 * made of a part of its columns. */
#ifndef HF_POPULATION_BENCH_H
#define HF_POPULATION_BENCH_H

#include "base/csv.h"
#include "base/time.h"
#include "fhir/doc.h"

enum {
	HF_BENCH_COLUMNS = 64,
	HF_BENCH_FIGURES = 32,
	HF_BENCH_TERMS = 16, /* columns of one side of a figure */
	HF_BENCH_WORDS = 24,
	HF_BENCH_TEXT = 160 /* bytes of an organisation's name */
};

enum hf_bench_role { /* columns that are no numbers */
		     HF_BENCH_ORG,
		     HF_BENCH_NAME,
		     HF_BENCH_PARENT,
		     HF_BENCH_PERIOD,
		     HF_BENCH_ROLES
};

struct hf_bench_column {
	const char *id;
	struct hf_sv names[HF_BENCH_WORDS]; /* as hf_map_fold() leaves them */
	size_t n_names;
	unsigned position; /* from 1; 0: by name */
	bool optional;	   /* not in every month's file: counts 0 then */
};

struct hf_bench_side { /* the sum of columns, some of them taken off */
	struct {
		uint8_t column;
		bool minus;
	} terms[HF_BENCH_TERMS];
	size_t n;
};

struct hf_bench_figure {
	const char *id, *title, *unit;
	struct hf_bench_side count, of; /* of.n 0: there is none */
	bool within;			/* count is at most of */
};

struct hf_bench_map {
	const char *id, *version, *title, *source, *licence;
	char separator; /* 0: as the header has it */
	bool windows1252, headless;
	struct hf_bench_column role[HF_BENCH_ROLES]; /* id NULL: not in the map */
	const char *formats[HF_BENCH_WORDS];	     /* of the period */
	size_t n_formats;
	struct hf_sv totals[HF_BENCH_WORDS]; /* organisations that are sums of all */
	struct hf_sv missing[HF_BENCH_WORDS], suppressed[HF_BENCH_WORDS];
	size_t n_totals, n_missing, n_suppressed;
	struct hf_bench_column columns[HF_BENCH_COLUMNS];
	size_t n_columns;
	struct hf_bench_figure figures[HF_BENCH_FIGURES];
	size_t n_figures;
};

/* Reads a document.  HF_INVALID: issues has each mistake with its line. */
enum hf_rc hf_bench_map_load(const char *name, struct hf_sv text,
			     struct hf_arena *arena, struct hf_issues *issues,
			     struct hf_bench_map *out, struct hf_err *err);

extern const struct hf_definition_text hf_benchmark_maps_builtin[];
extern const size_t hf_n_benchmark_maps_builtin;

struct hf_bench_bound {
	const struct hf_bench_map *map;
	int role[HF_BENCH_ROLES], column[HF_BENCH_COLUMNS]; /* of the file; -1: none */
	size_t width;  /* of the header; 0: headless */
	size_t unread; /* columns of the file that nobody reads */
};

/* Ties map to header (of a headless file: to its first row).  HF_INVALID names the
 * column that is needed and not there, or stands twice. */
enum hf_rc hf_bench_bind(const struct hf_bench_map *map,
			 const struct hf_csv_row *header, struct hf_bench_bound *out,
			 struct hf_err *err);

enum hf_bench_why {
	HF_BENCH_FINE,
	HF_BENCH_HELD_BACK, /* the source shows no number: kept as such */
	HF_BENCH_MISSING,   /* nothing is there: kept as such */
#define HF_BENCH_WHY(name, text) HF_BENCH_##name,
#include "population/bench_why.def"
#undef HF_BENCH_WHY
	HF_BENCH_WHYS
};
const char *hf_bench_why_name(enum hf_bench_why why); /* "not-a-number" */
const char *hf_bench_why_text(enum hf_bench_why why);

struct hf_bench_row {
	struct hf_sv org, name, parent; /* views of the row */
	bool total, empty;
	uint16_t from, to; /* days since 1990-01-01, [from, to): a month or a day */
	struct hf_bench_cell {
		enum hf_bench_why why;
		int column;	   /* of the map, to blame; -1: none */
		int64_t count, of; /* thousandths; of -1: the figure has none */
	} cells[HF_BENCH_FIGURES];
	/* Of each column, for the totals of the file: thousandths; INT64_MIN none. */
	int64_t values[HF_BENCH_COLUMNS];
};

/* Reads a row.  What is not HF_BENCH_FINE refuses the row whole; *role is to blame
 * (HF_BENCH_ROLES: its shape).  from, to: the period when no column says it. */
enum hf_bench_why hf_bench_read(const struct hf_bench_bound *bound,
				const struct hf_csv_row *csv, uint16_t from,
				uint16_t to, struct hf_bench_row *out,
				enum hf_bench_role *role);

/* The days that a text means by format (YYYY, MM, MMM "APR", MMMM "April", DD, and
 * what stands between; case does not count): the month, or with DD the month of that
 * day.  False: it does not fit, or is before 1990. */
bool hf_bench_period(const char *format, struct hf_sv text, uint16_t *from,
		     uint16_t *to);

/* ---- as they are kept: io/bench_kept.h ---- */

struct hf_bench_kept { /* one file */
	int64_t id, replaced_by;
	struct hf_sv map, version, source, file, sha, found; /* found: JSON */
	uint16_t from, to; /* days since 1990-01-01, [from, to) */
	int64_t n;
	hf_time at;
};

struct hf_bench_value { /* a figure of one organisation and period */
	struct hf_sv org, name, parent;
	uint16_t from, to;
	double num, den; /* den NAN: out of nothing; both NAN: held back or missing */
	bool held_back;
	int64_t feed;
};

#endif

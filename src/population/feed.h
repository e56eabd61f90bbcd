/* feed.h - one row of an activity feed: read by its map, and what it says in terms of
 * the model.  Pure: codes are still text, persons still numbers of the source.
 *
 * What always holds of a row that was read: each field is there, missing, held back by
 * the source, or wrong, and never more than one of these. */
#ifndef HF_POPULATION_FEED_H
#define HF_POPULATION_FEED_H

#include "base/nhs.h"
#include "population/map.h"

enum hf_feed_why { /* why a value is no value, or a row is none */
		   HF_WHY_FINE,
#define HF_WHY(name, text) HF_WHY_##name,
#include "population/feed_why.def"
#undef HF_WHY
		   HF_WHYS
};

const char *hf_feed_why_text(enum hf_feed_why why);
const char *hf_feed_why_name(enum hf_feed_why why); /* "date-unreadable" */

struct hf_feed_row {
	uint64_t line;
	/* bits by field */
	uint64_t there, missing, hidden, wrong, plain; /* plain: a default value */
	uint8_t why[HF_FIELDS];		    /* of a wrong one: enum hf_feed_why */
	struct hf_sv text[HF_FIELDS];	    /* CODE, TEXT, PERSON: views of the row */
	struct hf_map_when when[HF_FIELDS]; /* DATE; TIME: its minute */
	int64_t num[HF_FIELDS]; /* WORD, COUNT; thousandths of NUMBER; pence; years */
	struct hf_sv dx[HF_MAP_DX]; /* dx_more, as written */
	size_t n_dx;
	size_t dx_left_out;
};

#define HF_HAS(row, name) (((row)->there >> HF_F_##name) & 1)

/* Reads the fields of csv that bound ties.  Gives HF_WHY_FINE, or why the row as a
 * whole is refused with *field the one to blame (HF_FIELDS: the row's shape).  Views
 * point into csv. */
enum hf_feed_why hf_feed_read(const struct hf_map_bound *bound,
			      const struct hf_csv_row *csv, uint64_t line,
			      struct hf_feed_row *out, enum hf_map_field *field);

/* Does the row look as if its values stood one column off: two columns or more wrong
 * whose values their neighbours' columns would take?  Asked of refused rows. */
bool hf_feed_shifted(const struct hf_map_bound *bound, const struct hf_csv_row *csv);

/* What a person is known by in this row. */
struct hf_feed_who {
	bool traced;	 /* a valid NHS number that the source does not doubt */
	bool unverified; /* a valid one that it does */
	struct hf_nhs nhs;
	struct hf_sv local; /* n 0: none */
};
void hf_feed_who(const struct hf_map *map, const struct hf_feed_row *row,
		 struct hf_feed_who *out);

/* An ICD-10 code without dot, dagger, asterisk and filler: "I50.1" and "I501D" are
 * "I501", "F03X" is "F03"; n 0: it is none.  out has at least 8 bytes. */
struct hf_sv hf_feed_icd10(struct hf_sv text, char *out);

/* The event of a row: codes 0 but cls, source, outcome …; person 0.  Findings about
 * it are bits of enum hf_feed_note.  HF_WHY_FINE, or why there is none. */
enum hf_feed_note {
	HF_NOTE_DAY_CASE_STAYED = 1, /* 1.1 rule 2: class 2 with a night is elective */
	HF_NOTE_NO_POD = 2,	     /* 1.1 rule 5 */
	HF_NOTE_NO_TIME = 4,	     /* hours of stay cannot be told */
	HF_NOTE_MIDNIGHT = 8,	     /* a time of exactly 00:00 */
	HF_NOTE_NO_CLOCK_START = 16, /* UCR without when it was asked for */
	HF_NOTE_LONG = 32	     /* more than a year */
};
enum hf_feed_why hf_feed_event(const struct hf_map *map, const struct hf_feed_row *row,
			       struct hf_pop_event *out, unsigned *notes,
			       enum hf_map_field *field);

/* What the row says of the person, merged into *p: pid is left alone.  False when it
 * contradicts what an earlier row said of birth, which is unknown then. */
bool hf_feed_person(const struct hf_feed_row *row, struct hf_pop_person *p);

#endif

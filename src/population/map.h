/* map.h - how the columns of an activity feed are read: a document of definitions/maps,
 * loaded, and tied to the header of one file.  Pure.  docs/interfaces/feeds.md.
 *
 * What always holds of a map that was loaded: every field stands in one column at most
 * (dx_more in many), every code leads to a value of its field's set, no two formats
 * read one date differently, and what its kind cannot do without is there. */
#ifndef HF_POPULATION_MAP_H
#define HF_POPULATION_MAP_H

#include "base/csv.h"
#include "fhir/doc.h"
#include "population/model.h"

enum hf_map_type { /* see map_field.def */
		   HF_MAP_PERSON,
		   HF_MAP_DATE,
		   HF_MAP_TIME,
		   HF_MAP_WORD,
		   HF_MAP_CODE,
		   HF_MAP_COUNT,
		   HF_MAP_NUMBER,
		   HF_MAP_MONEY,
		   HF_MAP_TEXT,
		   HF_MAP_AGE
};

enum hf_map_set {
	HF_SET_NHS_STATUS,
	HF_SET_SEX,
	HF_SET_ETHNIC,
	HF_SET_METHOD,
	HF_SET_CLASS,
	HF_SET_OUTCOME,
	HF_SET_LEFT_BY,
	HF_SET_YES,
	HF_SET_BASIS,
	HF_SETS
};

enum hf_map_field {
#define HF_FIELD(name, text, type, of) HF_F_##name,
#include "population/map_field.def"
#undef HF_FIELD
	HF_FIELDS
};

/* What a feed is about; the names are those of definitions/maps. */
enum hf_feed_kind {
	HF_FEED_REGISTER,
	HF_FEED_SPELLS,
	HF_FEED_AE,
	HF_FEED_OUTPATIENTS,
	HF_FEED_COMMUNITY,
	HF_FEED_UCR,
	HF_FEED_MENTAL_HEALTH,
	HF_FEED_SOCIAL_CARE,
	HF_FEED_GP,
	HF_FEED_PRESCRIBING,
	HF_FEED_DIAGNOSTICS,
	HF_FEED_VIRTUAL_WARD,
	HF_FEED_AMBULANCE,
	HF_FEED_111,
	HF_FEED_CONDITIONS,
	HF_FEED_VALUES,
	HF_FEED_COMMENTS,
	HF_FEED_KINDS
};

enum {
	HF_MAP_COLUMNS = 96,
	HF_MAP_NAMES = 24,  /* other names of one column */
	HF_MAP_CODES = 400, /* translations of one column */
	HF_MAP_WORDS = 24,  /* of a list of formats or values */
	HF_MAP_DX = HF_POP_DX_MOST - 1
};

struct hf_map_code {
	struct hf_sv from; /* lower case */
	struct hf_sv text; /* what it stands for; n 0: not known */
	int32_t value;	   /* of a WORD or COUNT */
};

struct hf_map_column {
	enum hf_map_field field;
	struct hf_sv *names; /* as hf_map_fold() leaves them; '#' is a number */
	size_t n_names;
	unsigned position;	   /* from 1; 0: by name */
	bool required, item;	   /* item: counts in the data-quality score */
	uint16_t threshold;	   /* permille of records that may hold a default */
	struct hf_map_code *codes; /* by from */
	size_t n_codes;
	struct hf_sv *defaults; /* lower case: values that say nothing */
	size_t n_defaults;
};

struct hf_map_format {
	char text[24]; /* "DD/MM/YYYY" */
};

struct hf_map {
	const char *id, *version, *title, *source;
	enum hf_feed_kind kind;
	char separator;	  /* 0: as the header has it */
	bool windows1252; /* of bytes that are no UTF-8 */
	bool headless;
	bool local;	      /* persons by ids of the source's own: never traced */
	bool link_unverified; /* takes an unverified NHS number for the person */
	bool episodes;	      /* rows are episodes: those of one spell are joined */
	uint8_t cls;	      /* when no column says it */
	struct hf_map_format *formats;
	size_t n_formats;
	struct hf_sv *missing, *suppressed; /* lower case, sorted */
	size_t n_missing, n_suppressed;
	struct hf_map_column *columns;
	size_t n_columns;
	struct hf_sv provider; /* when no column says it */
};

/* Reads one document.  HF_INVALID: issues has each mistake with its line. */
enum hf_rc hf_map_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		       struct hf_issues *issues, struct hf_map *out,
		       struct hf_err *err);

extern const struct hf_definition_text hf_maps_builtin[];
extern const size_t hf_n_maps_builtin;

const char *hf_feed_kind_name(enum hf_feed_kind kind);
/* HF_FEED_KINDS when there is none called so. */
enum hf_feed_kind hf_feed_kind_find(struct hf_sv name);
const char *hf_map_field_name(enum hf_map_field field);
enum hf_map_type hf_map_field_type(enum hf_map_field field);
int hf_map_field_of(enum hf_map_field field); /* its set, kind or greatest value */

/* The value of a text in a set, -1: none.  Case does not count. */
int hf_map_word(enum hf_map_set set, struct hf_sv text);

/* A name of a column without what people write differently: case, blanks, '_', '-'.
 * At most size bytes to out; gives how many. */
size_t hf_map_fold(struct hf_sv name, char *out, size_t size);

/* Which column of the file is read by which of the map. */
struct hf_map_bound {
	const struct hf_map *map;
	size_t n; /* columns that the file has of the map */
	struct {
		uint16_t at;	 /* column of the file, from 0 */
		uint16_t column; /* of the map */
	} col[HF_CSV_FIELDS];
	size_t width;  /* fields of the header; 0: headless */
	size_t unread; /* columns of the file that nobody reads */
	uint64_t has;  /* bit for each field that some column gives */
};

/* Ties map to header.  HF_INVALID names the columns that are needed and not there, or
 * the name that stands twice. */
enum hf_rc hf_map_bind(const struct hf_map *map, const struct hf_csv_row *header,
		       struct hf_map_bound *out, struct hf_err *err);

/* Which of maps goes with header: its index.  HF_NOT_FOUND when none does, HF_RULE
 * when more than one does: the text names them. */
enum hf_rc hf_map_detect(const struct hf_map *maps, size_t n,
			 const struct hf_csv_row *header, size_t *out,
			 struct hf_err *err);

/* A day and the minute of it, in London. */
struct hf_map_when {
	uint16_t day, minute; /* HF_POP_NONE: before 1990 or after 2168; no time */
	int16_t month;	      /* months since 1900-01; INT16_MIN: out of range */
};

/* A date by one of the formats (YYYY, MM, DD, MMM for "JAN", and what stands between
 * them), with or without a time behind a blank or T, and Z or an offset behind that.
 * False: none fits. */
bool hf_map_date(const struct hf_map *map, struct hf_sv text, struct hf_map_when *out);
/* Thousandths; hundredths of what MONEY is given as come from hf_map_milli() / 10. */
bool hf_map_milli(struct hf_sv text, int64_t *out);

#endif

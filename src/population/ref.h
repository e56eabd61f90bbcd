/* ref.h - lists that others publish, read from files: codes of a condition, weights of
 * a score, deprivation of small areas, who belongs to whom, places of a service.  Pure.
 * docs/interfaces/benchmarks.md.
 *
 * What always holds of a list that was read: keys are well formed, stand once and in
 * order; what was wrong or said twice is counted, with the first lines. */
#ifndef HF_POPULATION_REF_H
#define HF_POPULATION_REF_H

#include "base/buf.h"
#include "base/csv.h"

enum hf_ref_kind {
	HF_REF_CODES,	    /* key: a code */
	HF_REF_WEIGHTS,	    /* key: an ICD-10 code; value: points in thousandths */
	HF_REF_DEPRIVATION, /* key: a small area; value: decile, 1 the most deprived */
	HF_REF_PARENTS,	    /* key: an organisation; value: the board; more: its name */
	HF_REF_CAPACITY,    /* key: service@first day; value: places; more: last day */
	HF_REF_KINDS
};
extern const char *const hf_ref_kind_words[HF_REF_KINDS];

enum hf_ref_system { /* of codes */
		     HF_REF_NO_SYSTEM,
		     HF_REF_SNOMED,
		     HF_REF_CTV3,
		     HF_REF_READV2,
		     HF_REF_ICD10,
		     HF_REF_SYSTEMS
};
extern const char *const hf_ref_system_words[HF_REF_SYSTEMS];

enum hf_ref_finding {
#define HF_REF_FINDING(name, text) HF_REF_FOUND_##name,
#include "population/ref_finding.def"
#undef HF_REF_FINDING
	HF_REF_FINDINGS
};
const char *hf_ref_finding_name(enum hf_ref_finding f);
const char *hf_ref_finding_text(enum hf_ref_finding f);

enum { HF_REF_LINES = 5, HF_REF_COLUMNS = 8, HF_REF_ENTRIES_MOST = 1000000 };

struct hf_ref_entry {
	struct hf_sv key, value, more;
};

struct hf_peer_parent { /* who belongs to whom; sorted by org */
	struct hf_sv org, parent, name;
};

struct hf_ref_reader {
	enum hf_ref_kind kind;
	enum hf_ref_system system;
	struct hf_arena *arena;
	bool begun; /* the columns are known */
	int column[HF_REF_COLUMNS];
	struct hf_ref_entry *entries;
	size_t n, size;
	uint64_t rows, found[HF_REF_FINDINGS];
	uint64_t lines[HF_REF_FINDINGS][HF_REF_LINES]; /* the first of each */
};

/* The next row.  HF_INVALID: the first says no columns that the kind needs.  Free the
 * entries with hf_ref_reader_free(). */
enum hf_rc hf_ref_take(struct hf_ref_reader *r, const struct hf_csv_row *row,
		       uint64_t line, struct hf_err *err);
/* Sorts; what stands twice is told.  Then entries are what the list says. */
void hf_ref_end(struct hf_ref_reader *r);
void hf_ref_reader_free(struct hf_ref_reader *r);

/* Lines of a list as it is kept, "key TAB value TAB more"; and one of them back. */
void hf_ref_write(const struct hf_ref_reader *r, struct hf_buf *out);
bool hf_ref_line(struct hf_sv *rest, struct hf_ref_entry *out);

/* A SNOMED CT concept id: 6 to 18 digits, the partition of concepts, and the check
 * digit (Verhoeff).  *other: it is well formed, and of a description or relationship.
 */
bool hf_ref_snomed(struct hf_sv code, bool *other);
/* A code of a system as it should be written. */
bool hf_ref_code_ok(enum hf_ref_system system, struct hf_sv code);

/* "efi-falls.snomed.txt", "asthma.v1.ctv3.txt": name, version ("" none) and system of a
 * file of codes; views of file.  False: it is not called so. */
bool hf_ref_file_name(struct hf_sv file, struct hf_sv *name, struct hf_sv *version,
		      enum hf_ref_system *system);

#endif

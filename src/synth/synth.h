/* synth.h - a synthetic English place: organisations, staff, people, records.
 *
 * A place is a list of units: first the organisations, each with its sites, wards,
 * services and staff, then every person.  A unit is a list of FHIR R4 resources
 * that depends on (seed, people, index) and nothing else, so units can be made in
 * any order and by several threads, again and again, with the same bytes.
 * References between units are relative ("Organization/…") and always resolve
 * inside the place.  Nothing here reads a clock: now is given.
 *
 * All people are invented.  NHS numbers are of the range 999, telephone numbers of
 * those kept for drama, postcodes of an area that does not exist. */
#ifndef HF_SYNTH_SYNTH_H
#define HF_SYNTH_SYNTH_H

#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"

/* As many as there are numbers in the range 999. */
#define HF_SYNTH_MAX_PEOPLE 909090
/* Of a place that has activity only, where numbers may run out. */
#define HF_SYNTH_MOST_NAMELESS 5000000

struct hf_synth_config {
	int64_t people; /* 1 … HF_SYNTH_MAX_PEOPLE */
	bool nameless;	/* … or HF_SYNTH_MOST_NAMELESS: no documents are made, and
			 * people beyond the first have no NHS number */
	uint64_t seed;
	int64_t full_records;	/* with more than demographics; < 0: at most 3,000 */
	int64_t rich;		/* of these, how many are made very long … */
	int64_t rich_resources; /* … with about this many resources each */
	int years;		/* of care in a full record: 1 … 30 */
	hf_time now;		/* nothing that has happened is later */
};

struct hf_synth_place;

/* One resource of a unit; views lie in the unit. */
struct hf_synth_res {
	struct hf_sv type, id, json;
};

struct hf_synth_mark {
	size_t at, n;	  /* the resource in text, without its line end */
	const char *type; /* static */
	char id[37];
};

/* The caller's, zeroed at first and used again and again; freed with
 * hf_synth_unit_free(). */
struct hf_synth_unit {
	struct hf_buf text; /* NDJSON: one resource a line */
	struct hf_synth_mark *marks;
	size_t n, size;
};

/* One practice, for summaries. */
struct hf_synth_practice {
	const char *name, *ods;
	int64_t list; /* registered people */
};

/* 20,000 people, seed 1, five years, one rich record, a fixed now. */
struct hf_synth_config hf_synth_defaults(void);

/* HF_INVALID names the setting that is out of range; HF_TOO_LONG when there is no
 * memory.  Free with hf_synth_place_free(). */
enum hf_rc hf_synth_place_new(const struct hf_synth_config *config,
			      struct hf_synth_place **out, struct hf_err *err);
void hf_synth_place_free(struct hf_synth_place *place); /* NULL is fine */

/* How many units there are; the first hf_synth_orgs() are organisations, unit
 * hf_synth_orgs() + i is person i. */
int64_t hf_synth_units(const struct hf_synth_place *place);
int64_t hf_synth_orgs(const struct hf_synth_place *place);
/* Does person i have more than demographics, and is theirs a rich record? */
bool hf_synth_is_full(const struct hf_synth_place *place, int64_t person);
bool hf_synth_is_rich(const struct hf_synth_place *place, int64_t person);

const char *hf_synth_name(const struct hf_synth_place *place);
/* Of locality 0 ... 6. */
const char *hf_synth_locality_name(int i);
int64_t hf_synth_practices(const struct hf_synth_place *place);
struct hf_synth_practice hf_synth_practice(const struct hf_synth_place *place,
					   int64_t i);

/* Makes unit index anew into *unit.  Safe from several threads at once with a unit
 * each.  HF_TOO_LONG when there is no memory; index is below hf_synth_units(). */
enum hf_rc hf_synth_make(const struct hf_synth_place *place, int64_t index,
			 struct hf_synth_unit *unit, struct hf_err *err);
struct hf_synth_res hf_synth_resource(const struct hf_synth_unit *unit, size_t i);
void hf_synth_unit_free(struct hf_synth_unit *unit);

/* Takes one unit; anything but HF_OK ends the run. */
typedef enum hf_rc hf_synth_put(void *ctx, int64_t index,
				const struct hf_synth_unit *unit, struct hf_err *err);

/* Makes units from … to - 1 in order and hands each to put. */
enum hf_rc hf_synth_run(const struct hf_synth_place *place, int64_t from, int64_t to,
			hf_synth_put *put, void *ctx, struct hf_err *err);

#endif

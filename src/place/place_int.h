/* place_int.h - shared by the files of this room. */
#ifndef HF_PLACE_PLACE_INT_H
#define HF_PLACE_PLACE_INT_H

#include "base/issue.h"
#include "fhir/json.h"
#include "place/directory.h"

/* Names of our extensions stand behind this. */
#define HF_PLACE_EXT "https://homefirst.example/StructureDefinition/"

enum { HF_SLOT_DAYS = 7 }; /* how far a free slot is looked for */

/* The part of the day at minute of weekday, or the next that day, with slots; NULL when
 * there is none. */
const struct hf_day_part *hf_team_part(const struct hf_team *team, int weekday,
				       int minute);
/* What is free of the part when committed slots are taken. */
struct hf_capacity hf_part_capacity(const struct hf_team *team,
				    const struct hf_day_part *part, int weekday,
				    int committed, bool urgent, int opel);

/* ---- postcodes ---- */

/* Whether a postcode as typed ("zx12ab") is of an area: an outward code, a sector
 * ("ZX1 2") or a whole postcode. */
bool hf_postcode_in(struct hf_sv postcode, struct hf_sv area);

/* ---- places on a map ---- */

/* The geometry in a location-boundary-geojson attachment: base64 of a Polygon, a
 * MultiPolygon, or a Feature with one.  n 0 when it is none of them, is not well
 * formed, or is longer than 256 KiB. */
struct hf_sv hf_boundary_geometry(struct hf_sv base64, struct hf_arena *arena);

/* ---- reading a HealthcareService ---- */

/* A resource being read: what it says is kept in arena, what is wrong goes to issues
 * (NULL is fine). */
struct hf_reading {
	const struct hf_json *doc;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_sv at; /* "HealthcareService/ID", for findings */
	bool full;	 /* the arena is */
};

/* Adds a warning about a part of the resource. */
void hf_reading_wrong(struct hf_reading *r, const char *where, const char *what);
/* Kept texts: the string at path, and the code of a value (valueCode, valueCoding,
 * valueString …) of an extension or element. */
struct hf_sv hf_reading_text(struct hf_reading *r, uint32_t node, const char *path);
struct hf_sv hf_reading_value(struct hf_reading *r, uint32_t node);
/* The name behind HF_PLACE_EXT of an extension; n 0: it is another's. */
struct hf_sv hf_ext_name(const struct hf_json *doc, uint32_t node);
/* The id of "…/TYPE/id[/_history/v]"; n 0 when it is no such reference. */
struct hf_sv hf_ref_id(struct hf_sv reference, const char *type);

/* availableTime, notAvailable and what bank holidays are. */
void hf_team_hours_read(struct hf_reading *r, struct hf_hours *out);
/* One extension "capacity". */
void hf_team_part_read(struct hf_reading *r, uint32_t node, struct hf_team *team);
/* Minutes of the day of "08:00:00", 1440 for midnight at an end; -1: it is no time. */
int hf_minutes_of(struct hf_sv time, bool end);
/* 0 Monday of "mon"; -1. */
int hf_weekday_of(struct hf_sv code);

struct hf_team_refs {
	struct hf_sv provider; /* Organization id */
	struct hf_codes areas; /* Location ids */
	struct hf_sv endpoint; /* Endpoint id */
};
/* Reads what stands in the resource itself.  False: it is not one that can be sent a
 * referral (it names no urgency). */
bool hf_team_read(struct hf_reading *r, struct hf_team *out, struct hf_team_refs *refs);

#endif

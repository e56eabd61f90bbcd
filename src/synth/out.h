/* out.h - inside synth: resources written as JSON straight into a unit.
 *
 * A resource is out_begin(), members, out_end().  A member is key() and one value
 * function.  Its number in the unit (seq) makes its id; out_next() gives a new one,
 * so a reference may be written before the resource is. */
#ifndef HF_SYNTH_OUT_H
#define HF_SYNTH_OUT_H

#include "fhir/json.h"
#include "synth/codes.h"
#include "synth/person.h"

struct out {
	const struct hf_synth_place *place;
	struct hf_synth_unit *unit;
	struct hf_jw w;
	int64_t key; /* the unit's number */
	char prefix[37];
	uint32_t seq;
	const struct person *person; /* whose unit; NULL for organisations */
	struct hf_sv subject;	     /* {"reference":"Patient/…"} */
	char subject_text[64];
	bool failed;
};

void out_init(struct out *o, const struct hf_synth_place *place, int64_t key,
	      struct hf_synth_unit *unit, const struct person *person);
uint32_t out_next(struct out *o);
/* source: the organisation whose record it is; NULL for none. */
void out_begin(struct out *o, const char *type, uint32_t seq, const struct org *source);
void out_end(struct out *o);

#define key(o, name) hf_jw_member(&(o)->w, name)
#define obj(o)	     hf_jw_obj(&(o)->w)
#define obj_end(o)   hf_jw_obj_end(&(o)->w)
#define arr(o)	     hf_jw_arr(&(o)->w)
#define arr_end(o)   hf_jw_arr_end(&(o)->w)
/* A literal that needs no escapes, and JSON as it stands. */
#define lit(o, text)  hf_jw_raw(&(o)->w, HF_SV("\"" text "\""))
#define json(o, text) hf_jw_raw(&(o)->w, HF_SV(text))
/* More of a value that json() began: no comma before it. */
#define glue(o, text)	      hf_buf_lit((o)->w.out, text)
#define member(o, name, text) (key(o, name), lit(o, text))
#define raw(o, name, text)    (key(o, name), json(o, text))

void put_str(struct out *o, const char *text);
void put_sv(struct out *o, struct hf_sv text);
void put_int(struct out *o, int64_t v);
/* v / 10^scale, with that many decimals. */
void put_dec(struct out *o, int64_t v, int scale);
void put_time(struct out *o, hf_time t); /* dateTime with London's offset */
void put_day(struct out *o, int64_t day);
void put_span(struct out *o, hf_time from, hf_time to); /* to 0: still open */
/* {"reference":"type/id"}, to another unit's resource and to one of this. */
void put_ref(struct out *o, const char *type, const char *id);
void put_org(struct out *o, const struct org *org);
void put_own(struct out *o, const char *type, uint32_t seq);
void put_staff(struct out *o, const struct org *org, int k);
void put_place(struct out *o, const struct org *org, uint32_t seq); /* Location */
/* CodeableConcept, and an array of one. */
void put_sct(struct out *o, enum sct c);
void put_sct1(struct out *o, enum sct c);
void put_concept(struct out *o, const struct concept *c);
void put_codings(struct out *o, struct hf_sv a, struct hf_sv b, struct hf_sv text);
/* Base64 of text, as a string. */
void put_base64(struct out *o, struct hf_sv text);
/* "subject" (or "patient") with the person of the unit. */
#define put_subject(o) (key(o, "subject"), hf_jw_raw(&(o)->w, (o)->subject))
#define put_patient(o) (key(o, "patient"), hf_jw_raw(&(o)->w, (o)->subject))

const struct org *org_of(const struct out *o, enum org_kind kind, uint32_t i);

/* The makers of units. */
void make_org(struct out *o, int32_t index);
void make_person(struct out *o);
void make_story(struct out *o);

#endif

/* out.h - inside synth: resources written as JSON straight into a unit.
 *
 * A resource is hf_out_begin(), members, hf_out_end().  A member is key() and one value
 * function.  Its number in the unit (seq) makes its id; hf_out_next() gives a new one,
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
	const char *label; /* code of v3-ActCode that what is begun next gets; NULL */
	bool failed;
};

void hf_out_init(struct out *o, const struct hf_synth_place *place, int64_t key,
		 struct hf_synth_unit *unit, const struct person *person);
uint32_t hf_out_next(struct out *o);
/* source: the organisation whose record it is; NULL for none. */
void hf_out_begin(struct out *o, const char *type, uint32_t seq,
		  const struct org *source);
void hf_out_end(struct out *o);

/* Names and text that need no escapes; strlen() of a literal costs nothing. */
static inline void
key(struct out *o, const char *name)
{
	hf_jw_key(&o->w, hf_sv_from(name));
}

static inline void
obj(struct out *o)
{
	hf_jw_obj(&o->w);
}

static inline void
obj_end(struct out *o)
{
	hf_jw_obj_end(&o->w);
}

static inline void
arr(struct out *o)
{
	hf_jw_arr(&o->w);
}

static inline void
arr_end(struct out *o)
{
	hf_jw_arr_end(&o->w);
}

/* JSON as it stands: a value, or the beginning of one ... */
static inline void
json(struct out *o, const char *text)
{
	hf_jw_raw(&o->w, hf_sv_from(text));
}

/* ... that ends with a name and a colon: a value comes next, without a comma. */
static inline void
json_open(struct out *o, const char *text)
{
	hf_jw_raw(&o->w, hf_sv_from(text));
	o->w.comma = false;
}

/* More of a value that json_open() began: no comma before it. */
static inline void
glue(struct out *o, const char *text)
{
	hf_buf_sv(o->w.out, hf_sv_from(text));
	o->w.comma = true;
}

/* The same, where it goes on with a value. */
static inline void
json_more(struct out *o, const char *text)
{
	hf_buf_sv(o->w.out, hf_sv_from(text));
	o->w.comma = false;
}

/* A member with a string, and one with JSON as it stands. */
static inline void
member(struct out *o, const char *name, const char *text)
{
	key(o, name);
	hf_jw_str(&o->w, hf_sv_from(text));
}

static inline void
raw(struct out *o, const char *name, const char *text)
{
	key(o, name);
	json(o, text);
}

void hf_put_str(struct out *o, const char *text);
void hf_put_sv(struct out *o, struct hf_sv text);
void hf_put_int(struct out *o, int64_t v);
/* v / 10^scale, with that many decimals. */
void hf_put_dec(struct out *o, int64_t v, int scale);
void hf_put_time(struct out *o, hf_time t); /* dateTime with London's offset */
void hf_put_day(struct out *o, int64_t day);
void hf_put_span(struct out *o, hf_time from, hf_time to); /* to 0: still open */
/* {"reference":"type/id"}, to another unit's resource and to one of this. */
void hf_out_ref(struct out *o, const char *type, const char *id);
void hf_put_org(struct out *o, const struct org *org);
void hf_put_own(struct out *o, const char *type, uint32_t seq);
void hf_put_staff(struct out *o, const struct org *org, int k);
void hf_put_place(struct out *o, const struct org *org, uint32_t seq); /* Location */
/* CodeableConcept, and an array of one. */
void hf_put_sct(struct out *o, enum sct c);
void hf_put_sct1(struct out *o, enum sct c);
void hf_out_concept(struct out *o, const struct concept *c);
void hf_put_codings(struct out *o, struct hf_sv a, struct hf_sv b, struct hf_sv text);
/* Base64 of text, as a string. */
void hf_put_base64(struct out *o, struct hf_sv text);
/* "subject" (or "patient") with the person of the unit. */
static inline void
hf_put_subject(struct out *o)
{
	key(o, "subject");
	hf_jw_raw(&o->w, o->subject);
}

static inline void
hf_put_patient(struct out *o)
{
	key(o, "patient");
	hf_jw_raw(&o->w, o->subject);
}

const struct org *hf_out_org(const struct out *o, enum org_kind kind, uint32_t i);

/* The makers of units. */
void hf_synth_make_org(struct out *o, int32_t index);
/* The teams of the index-th organisation of its kind that can be sent a referral. */
void hf_synth_make_teams(struct out *o, const struct org *org, uint32_t index);
/* The Location of the index-th locality, with its outline. */
void hf_synth_make_area(struct out *o, const struct org *locality, uint32_t index);
void hf_synth_make_person(struct out *o);
void hf_synth_make_story(struct out *o);

#endif

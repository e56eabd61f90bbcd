/* out.c - the writer of synthetic resources, and units. */
#include "synth/out.h"

#include <stdio.h>
#include <stdlib.h>

static const char hex[] = "0123456789abcdef";

void
hf_out_init(struct out *o, const struct hf_synth_place *place, int64_t unit_key,
	    struct hf_synth_unit *unit, const struct person *person)
{
	*o = (struct out){
	    .place = place, .unit = unit, .key = unit_key, .seq = 1, .person = person};
	o->w.out = &unit->text;
	hf_synth_place_id(place, unit_key, 0, o->prefix);
	if (person) {
		int n = snprintf(o->subject_text, sizeof(o->subject_text),
				 "{\"reference\":\"Patient/%s\"}", person->id);

		o->subject = (struct hf_sv){o->subject_text, (size_t)n};
	}
}

uint32_t
hf_out_next(struct out *o)
{
	return o->seq++;
}

/* The id of a resource of this unit: only its end differs. */
static void
own_id(const struct out *o, uint32_t seq, char id[37])
{
	memcpy(id, o->prefix, 37);
	for (int i = 35; seq != 0; i--, seq >>= 4)
		id[i] = hex[seq & 15];
}

void
hf_out_begin(struct out *o, const char *type, uint32_t seq, const struct org *source)
{
	struct hf_synth_unit *u = o->unit;
	struct hf_synth_mark *m;

	if (u->n == u->size) {
		size_t size = u->size ? u->size * 2 : 64;
		struct hf_synth_mark *more = realloc(u->marks, size * sizeof(*more));

		if (!more) {
			o->failed = true;
			u->text.failed = true;
			return;
		}
		u->marks = more;
		u->size = size;
	}
	m = &u->marks[u->n++];
	m->at = u->text.n;
	m->type = type;
	own_id(o, seq, m->id);
	o->w.comma = false;
	obj(o);
	member(o, "resourceType", type);
	key(o, "id");
	hf_put_sv(o, (struct hf_sv){m->id, 36});
	if (source) {
		key(o, "meta");
		json(o, "{\"source\":\"https://fhir.nhs.uk/Id/ods-organization-code/");
		hf_buf_sv(&u->text, hf_sv_from(source->ods));
		if (o->label) {
			hf_buf_lit(&u->text, "\",\"security\":[{\"system\":\""
					     "http://terminology.hl7.org/CodeSystem/"
					     "v3-ActCode\",\"code\":\"");
			hf_buf_sv(&u->text, hf_sv_from(o->label));
			hf_buf_lit(&u->text, "\"}]}");
		} else {
			hf_buf_lit(&u->text, "\"}");
		}
	}
}

void
hf_out_end(struct out *o)
{
	struct hf_synth_unit *u = o->unit;

	obj_end(o);
	if (o->failed)
		return;
	u->marks[u->n - 1].n = u->text.n - u->marks[u->n - 1].at;
	hf_buf_char(&u->text, '\n');
}

void
hf_put_str(struct out *o, const char *text)
{
	hf_jw_str(&o->w, hf_sv_from(text));
}

void
hf_put_sv(struct out *o, struct hf_sv text)
{
	hf_jw_str(&o->w, text);
}

void
hf_put_int(struct out *o, int64_t v)
{
	hf_jw_int(&o->w, v);
}

void
hf_put_dec(struct out *o, int64_t v, int scale)
{
	char text[24];
	int64_t unit = 1;
	int n;

	for (int i = 0; i < scale; i++)
		unit *= 10;
	n = snprintf(text, sizeof(text), "%s%lld.%0*lld", v < 0 ? "-" : "",
		     (long long)(llabs(v) / unit), scale, (long long)(llabs(v) % unit));
	hf_jw_raw(&o->w, (struct hf_sv){text, (size_t)n});
}

static char *
two(char *to, int v)
{
	to[0] = (char)('0' + v / 10);
	to[1] = (char)('0' + v % 10);
	return to + 2;
}

static char *
date_text(char *to, const struct hf_civil *c)
{
	to = two(two(to, c->year / 100), c->year % 100);
	*to++ = '-';
	to = two(to, c->month);
	*to++ = '-';
	return two(to, c->day);
}

void
hf_put_time(struct out *o, hf_time t)
{
	struct hf_civil c = hf_london_civil(t);
	int offset = hf_london_offset(t);
	char text[32], *to = text;

	*to++ = '"';
	to = date_text(to, &c);
	*to++ = 'T';
	to = two(to, c.hour);
	*to++ = ':';
	to = two(to, c.minute);
	*to++ = ':';
	to = two(to, c.second);
	*to++ = '+';
	to = two(to, offset / 60);
	*to++ = ':';
	to = two(to, offset % 60);
	*to++ = '"';
	hf_jw_raw(&o->w, (struct hf_sv){text, (size_t)(to - text)});
}

void
hf_put_day(struct out *o, int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);
	char text[16], *to = text;

	*to++ = '"';
	to = date_text(to, &c);
	*to++ = '"';
	hf_jw_raw(&o->w, (struct hf_sv){text, (size_t)(to - text)});
}

void
hf_put_span(struct out *o, hf_time from, hf_time to)
{
	obj(o);
	key(o, "start");
	hf_put_time(o, from);
	if (to) {
		key(o, "end");
		hf_put_time(o, to);
	}
	obj_end(o);
}

void
hf_out_ref(struct out *o, const char *type, const char *id)
{
	struct hf_buf *b = o->w.out;

	json(o, "{\"reference\":\"");
	hf_buf_sv(b, hf_sv_from(type));
	hf_buf_char(b, '/');
	hf_buf_add(b, id, 36);
	hf_buf_lit(b, "\"}");
}

void
hf_put_org(struct out *o, const struct org *org)
{
	hf_out_ref(o, "Organization", org->id);
}

void
hf_put_own(struct out *o, const char *type, uint32_t seq)
{
	char id[37];

	own_id(o, seq, id);
	hf_out_ref(o, type, id);
}

static void
put_part(struct out *o, const char *type, const struct org *org, uint32_t seq)
{
	char id[37];

	hf_synth_place_id(o->place, org - o->place->orgs, seq, id);
	hf_out_ref(o, type, id);
}

void
hf_put_staff(struct out *o, const struct org *org, int k)
{
	int staff = org->staff > 0 ? org->staff : 1;

	put_part(o, "Practitioner", org, SEQ_STAFF + 2 * (uint32_t)(k % staff));
}

void
hf_put_place(struct out *o, const struct org *org, uint32_t seq)
{
	put_part(o, "Location", org, seq);
}

void
hf_put_codings(struct out *o, struct hf_sv a, struct hf_sv b, struct hf_sv text)
{
	obj(o);
	if (a.n || b.n) {
		key(o, "coding");
		arr(o);
		if (a.n)
			hf_jw_raw(&o->w, a);
		if (b.n)
			hf_jw_raw(&o->w, b);
		arr_end(o);
	}
	if (text.n) {
		key(o, "text");
		hf_put_sv(o, text);
	}
	obj_end(o);
}

void
hf_out_concept(struct out *o, const struct concept *c)
{
	hf_put_codings(o, c->coding, (struct hf_sv){0}, c->text);
}

void
hf_put_sct(struct out *o, enum sct c)
{
	hf_put_codings(o, hf_sct_table[c].coding, (struct hf_sv){0}, (struct hf_sv){0});
}

void
hf_put_sct1(struct out *o, enum sct c)
{
	arr(o);
	hf_put_sct(o, c);
	arr_end(o);
}

void
hf_put_base64(struct out *o, struct hf_sv text)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct hf_buf *b = o->w.out;
	char *to;

	json(o, "\"");
	to = hf_buf_room(b, (text.n + 2) / 3 * 4);
	if (!to)
		return;
	for (size_t i = 0; i < text.n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)text.p[i] << 16;

		if (i + 1 < text.n)
			v |= (uint32_t)(unsigned char)text.p[i + 1] << 8;
		if (i + 2 < text.n)
			v |= (unsigned char)text.p[i + 2];
		*to++ = digits[v >> 18];
		*to++ = digits[v >> 12 & 63];
		*to++ = digits[v >> 6 & 63];
		*to++ = digits[v & 63];
	}
	for (size_t pad = (3 - text.n % 3) % 3; pad > 0; pad--)
		to[-(ptrdiff_t)pad] = '=';
	b->n = (size_t)(to - b->p);
	hf_buf_char(b, '"');
}

const struct org *
hf_out_org(const struct out *o, enum org_kind kind, uint32_t i)
{
	return place_org(o->place, kind, i);
}

enum hf_rc
hf_synth_make(const struct hf_synth_place *place, int64_t index,
	      struct hf_synth_unit *unit, struct hf_err *err)
{
	struct person person;
	struct out o;

	assert(index >= 0 && index < hf_synth_units(place));
	unit->text.n = 0;
	unit->text.failed = false;
	unit->n = 0;
	if (index < place->n_orgs) {
		hf_out_init(&o, place, index, unit, NULL);
		hf_synth_make_org(&o, (int32_t)index);
	} else {
		hf_synth_person_load(place, index - place->n_orgs, &person);
		hf_out_init(&o, place, index, unit, &person);
		hf_synth_make_person(&o);
		if (hf_synth_is_full(place, person.index))
			hf_synth_make_story(&o);
	}
	if (unit->text.failed)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for unit %lld of a synthetic place",
			       (long long)index);
	return HF_OK;
}

struct hf_synth_res
hf_synth_resource(const struct hf_synth_unit *unit, size_t i)
{
	const struct hf_synth_mark *m = &unit->marks[i];

	assert(i < unit->n);
	return (struct hf_synth_res){
	    hf_sv_from(m->type), {m->id, 36}, {unit->text.p + m->at, m->n}};
}

void
hf_synth_unit_free(struct hf_synth_unit *unit)
{
	hf_buf_free(&unit->text);
	free(unit->marks);
	*unit = (struct hf_synth_unit){0};
}

enum hf_rc
hf_synth_run(const struct hf_synth_place *place, int64_t from, int64_t to,
	     hf_synth_put *put, void *ctx, struct hf_err *err)
{
	struct hf_synth_unit unit = {0};
	enum hf_rc rc = HF_OK;

	for (int64_t i = from; i < to && rc == HF_OK; i++) {
		rc = hf_synth_make(place, i, &unit, err);
		if (rc == HF_OK)
			rc = put(ctx, i, &unit, err);
	}
	hf_synth_unit_free(&unit);
	return rc;
}

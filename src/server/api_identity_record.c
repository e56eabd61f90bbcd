/* api_identity_record.c - a record side by side with another: who it says somebody is.
 */
#include "server/api_identity.h"

#include <math.h>

#include "base/nhs.h"
#include "record/io/viewer.h"
#include "record/match_model.h"
#include "record/person_text.h"

static enum hf_rc
read_doc(struct hf_call *call, struct hf_identity_record *r, struct hf_err *err)
{
	enum hf_rc rc = hf_json_parse(r->v.body, NULL, call->arena, &r->doc, err);

	if (rc == HF_OK)
		hf_match_read(&r->doc, 0, call->arena, &r->who);
	return rc;
}

enum hf_rc
hf_identity_open(struct hf_call *call, struct hf_sv id, struct hf_identity_record *out,
		 struct hf_err *err)
{
	enum hf_rc rc = hf_store_read(call->reader, HF_SV("Patient"), id, 0,
				      call->arena, &out->v, err);

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no record %.*s",
			       HF_SV_ARG(id));
	if (rc)
		return rc;
	out->rid = out->v.e.rid;
	out->shelf = HF_RID_SHELF(out->rid);
	out->id = out->v.id;
	out->gone = false;
	hf_call_saw(call, out->rid);
	return read_doc(call, out, err);
}

enum hf_rc
hf_identity_of_shelf(struct hf_call *call, int64_t shelf,
		     struct hf_identity_record *out, struct hf_err *err)
{
	enum hf_rc rc;

	*out = (struct hf_identity_record){.rid = HF_RID_MIN(shelf), .shelf = shelf};
	rc = hf_store_read_rid(call->reader, out->rid, 0, call->arena, &out->v, err);
	out->gone = rc == HF_NOT_FOUND || rc == HF_GONE;
	if (out->gone)
		return HF_OK;
	if (rc)
		return rc;
	out->id = out->v.id;
	hf_call_saw(call, out->rid);
	return read_doc(call, out, err);
}

/* ---- writing ---- */

static void
write_number(struct hf_jw *w, const struct hf_match_person *who)
{
	char text[16];

	if (!who->has_nhs)
		return;
	hf_jw_field(w, "nhsNumber",
		    hf_sv_from(hf_nhs_format(&who->nhs, text, sizeof text)));
	hf_jw_member(w, "nhsNumberVerified");
	hf_jw_bool(w, who->verified);
}

void
hf_identity_write_line(struct hf_call *call, struct hf_jw *w,
		       const struct hf_identity_record *r)
{
	struct hf_arena *a = call->arena;
	uint32_t name;
	struct hf_sv born;

	if (r->gone) {
		hf_api_flag(w, "gone", true);
		return;
	}
	name = hf_name_best(&r->doc, hf_json_member(&r->doc, 0, "name"));
	born = hf_dig_text(&r->doc, 0, "birthDate", a);
	hf_jw_field(w, "id", r->id);
	hf_jw_field(w, "name",
		    name == HF_JSON_NONE ? HF_SV("No name recorded")
					 : hf_name_words(&r->doc, name, false, a));
	hf_api_text(w, "born", hf_date_words(born, a));
	hf_api_text(w, "age", hf_age_words(born, call->now, a));
	hf_api_text(w, "sex", hf_dig_text(&r->doc, 0, "gender", a));
	write_number(w, &r->who);
}

/* Each element of an array in words. */
static void
write_words(struct hf_call *call, struct hf_jw *w, const struct hf_identity_record *r,
	    const char *member, const char *key)
{
	uint32_t list = hf_json_get(&r->doc, 0, hf_sv_from(member));

	hf_jw_key(w, hf_sv_from(key));
	hf_jw_arr(w);
	for (uint32_t i = 0; list != HF_JSON_NONE && i < hf_json_count(&r->doc, list);
	     i++) {
		uint32_t one = hf_json_at(&r->doc, list, i);
		struct hf_sv text = hf_words(&r->doc, one, call->arena);
		struct hf_sv use = hf_dig_text(&r->doc, one, "use", call->arena);

		if (text.n == 0)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "text", text);
		hf_api_text(w, "use", use);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_identifiers(struct hf_call *call, struct hf_jw *w,
		  const struct hf_identity_record *r)
{
	uint32_t list = hf_json_member(&r->doc, 0, "identifier");

	hf_jw_member(w, "identifiers");
	hf_jw_arr(w);
	for (uint32_t i = 0; list != HF_JSON_NONE && i < hf_json_count(&r->doc, list);
	     i++) {
		uint32_t one = hf_json_at(&r->doc, list, i);

		hf_jw_obj(w);
		hf_jw_field(w, "system",
			    hf_dig_text(&r->doc, one, "system", call->arena));
		hf_jw_field(w, "value",
			    hf_dig_text(&r->doc, one, "value", call->arena));
		hf_api_text(w, "use", hf_dig_text(&r->doc, one, "use", call->arena));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* How much stands in a record, and when last: a number and a day tell nothing of care,
 * and which of the two is the one in use. */
static enum hf_rc
write_holds(struct hf_call *call, struct hf_jw *w, const struct hf_identity_record *r,
	    struct hf_err *err)
{
	struct hf_entry *entries;
	int64_t *shelves;
	size_t n, n_shelves = 1;
	hf_time newest = HF_TIME_MIN;
	char text[32];
	enum hf_rc rc;

	hf_reader_as(call->reader, NULL);
	rc = hf_store_shelf(call->reader, r->shelf, call->arena, &entries, &n, err);
	if (rc == HF_OK)
		rc = hf_store_person(call->reader, r->shelf, call->arena, &shelves,
				     &n_shelves, err);
	hf_call_look(call, call->reader);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (entries[i].rid != r->rid && entries[i].lo &&
		    entries[i].lo <= call->now && entries[i].lo > newest)
			newest = entries[i].lo;
	hf_api_number(w, "entries", n ? (int64_t)n - 1 : 0);
	if (newest != HF_TIME_MIN) {
		hf_time_format(newest, text, sizeof text);
		hf_jw_field(w, "lastEntry",
			    hf_date_words((struct hf_sv){text, 10}, call->arena));
	}
	hf_api_number(w, "recordsOfPerson", (int64_t)n_shelves);
	return HF_OK;
}

enum hf_rc
hf_identity_write_whole(struct hf_call *call, struct hf_jw *w,
			const struct hf_identity_record *r, struct hf_err *err)
{
	char text[32];

	hf_identity_write_line(call, w, r);
	if (r->gone)
		return HF_OK;
	write_words(call, w, r, "name", "names");
	write_words(call, w, r, "address", "addresses");
	write_words(call, w, r, "telecom", "phones");
	write_identifiers(call, w, r);
	hf_api_text(w, "practice",
		    hf_dig_words(&r->doc, 0, "generalPractitioner", call->arena));
	hf_api_text(w, "source", hf_dig_text(&r->doc, 0, "meta.source", call->arena));
	hf_api_text(w, "multipleBirth",
		    hf_dig_text(&r->doc, 0, "multipleBirthInteger", call->arena));
	hf_api_text(
	    w, "died",
	    hf_date_words(hf_dig_text(&r->doc, 0, "deceasedDateTime", call->arena),
			  call->arena));
	hf_jw_field(w, "changedAt",
		    hf_sv_from(hf_time_format(r->v.at, text, sizeof text)));
	hf_api_number(w, "version", r->v.e.version);
	return write_holds(call, w, r, err);
}

static void
write_decimal(struct hf_jw *w, struct hf_sv key, double v, int digits)
{
	char text[32];

	snprintf(text, sizeof text, "%.*f", digits, v);
	hf_jw_key(w, key);
	hf_jw_raw(w, hf_sv_from(text));
}

void
hf_identity_write_fields(struct hf_jw *w, struct hf_sv fields)
{
	enum hf_match_level level;
	double bits;

	hf_jw_member(w, "fields");
	hf_jw_arr(w);
	while (hf_match_fields_next(&fields, &level, &bits)) {
		enum hf_match_field field = hf_match_level_field(level);

		hf_jw_obj(w);
		hf_jw_field(w, "field", hf_sv_from(hf_match_field_code(field)));
		hf_jw_field(w, "text", hf_sv_from(hf_match_level_text(level)));
		write_decimal(w, HF_SV("bits"), bits, 1);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_identity_write_score(struct hf_jw *w, int64_t score)
{
	double bits = (double)score / 1000;

	write_decimal(w, HF_SV("bits"), bits, 1);
	write_decimal(w, HF_SV("probability"), 1 / (1 + exp2(-bits)), 4);
}

static enum hf_rc
write_end(struct hf_call *call, struct hf_jw *w, const char *key, int64_t shelf,
	  struct hf_err *err)
{
	struct hf_identity_record r;
	enum hf_rc rc = hf_identity_of_shelf(call, shelf, &r, err);

	hf_jw_key(w, hf_sv_from(key));
	hf_jw_obj(w);
	if (rc == HF_OK)
		hf_identity_write_line(call, w, &r);
	hf_jw_obj_end(w);
	return rc;
}

enum hf_rc
hf_identity_write_fact(struct hf_call *call, struct hf_jw *w,
		       const struct hf_link_fact *f, struct hf_err *err)
{
	char text[32];
	int64_t other = f->said == f->low ? f->high : f->low;
	enum hf_rc rc;

	hf_jw_obj(w);
	hf_api_number(w, "link", f->id);
	hf_jw_field(w, "kind", f->kind);
	hf_jw_field(w, "state", f->state);
	hf_jw_field(w, "why", f->why);
	if (f->score)
		hf_identity_write_score(w, f->score);
	if (f->fields.n)
		hf_identity_write_fields(w, f->fields);
	hf_jw_field(w, "at", hf_sv_from(hf_time_format(f->at, text, sizeof text)));
	hf_jw_field(w, "by", f->actor);
	if (f->undone) {
		hf_jw_member(w, "undone");
		hf_jw_obj(w);
		hf_jw_field(
		    w, "at",
		    hf_sv_from(hf_time_format(f->undone_at, text, sizeof text)));
		hf_jw_field(w, "by", f->undone_actor);
		hf_jw_field(w, "why", f->undone_why);
		hf_jw_obj_end(w);
	}
	rc = write_end(call, w, "one", f->said, err);
	if (rc == HF_OK)
		rc = write_end(call, w, "other", other, err);
	hf_jw_obj_end(w);
	return rc;
}

/* ---- deciding ---- */

struct hf_link_by
hf_identity_by(struct hf_call *call, struct hf_sv reason)
{
	return (struct hf_link_by){.actor = call->actor->id,
				   .purpose = call->actor->purpose,
				   .reason = reason,
				   .trace = hf_call_trace(call)};
}

void
hf_identity_done(struct hf_call *call, const struct hf_link_done *done)
{
	struct hf_jw w;

	hf_api_begin(call, &w);
	if (done->link)
		hf_api_number(&w, "link", done->link);
	hf_jw_member(&w, "onePerson");
	hf_jw_bool(&w, done->one);
	hf_api_number(&w, "records", (int64_t)done->records);
	hf_api_end(call);
}

/* contact.c - contacts, referrals, appointments, letters, tasks, messages. */
#include "synth/story.h"

#include <stdio.h>

#define ACT_CODE(code, text)                                                           \
	CODING("http://terminology.hl7.org/CodeSystem/v3-ActCode", code, text)

static struct hf_sv
class_json(const char *class)
{
	switch (class[0]) {
	case 'E':
		return HF_SV(ACT_CODE("EMER", "emergency"));
	case 'I':
		return HF_SV(ACT_CODE("IMP", "inpatient encounter"));
	case 'H':
		return HF_SV(ACT_CODE("HH", "home health"));
	case 'V':
		return HF_SV(ACT_CODE("VR", "virtual"));
	default:
		return HF_SV(ACT_CODE("AMB", "ambulatory"));
	}
}

/* "performer": [who did it, for which organisation]. */
void
hf_out_who(struct tale *t, const char *list, const struct org *org, int staff)
{
	hf_jw_key(&t->o->w, hf_sv_from(list));
	arr(t->o);
	hf_put_staff(t->o, org, staff);
	hf_put_org(t->o, org);
	arr_end(t->o);
}

void
hf_put_reason(struct tale *t, const struct contact *c)
{
	if (!c->reason && !c->complaint.n)
		return;
	key(t->o, "reasonCode");
	arr(t->o);
	hf_put_codings(t->o, c->reason ? c->reason->coding : (struct hf_sv){0},
		       (struct hf_sv){0},
		       c->complaint.n ? c->complaint : c->reason->text);
	arr_end(t->o);
}

static void
put_contact_links(struct tale *t, const struct contact *c)
{
	struct out *o = t->o;

	if (c->episode) {
		key(o, "episodeOfCare");
		arr(o);
		hf_put_own(o, "EpisodeOfCare", c->episode);
		arr_end(o);
	}
	if (c->asked_by) {
		key(o, "basedOn");
		arr(o);
		hf_put_own(o, "ServiceRequest", c->asked_by);
		arr_end(o);
	}
}

uint32_t
hf_put_contact(struct tale *t, const struct contact *c)
{
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "Encounter", seq, c->org);
	member(o, "status", c->end ? "finished" : "in-progress");
	key(o, "class");
	hf_jw_raw(&o->w, class_json(c->class));
	key(o, "type");
	arr(o);
	hf_put_codings(o, hf_sct_table[c->type].coding, (struct hf_sv){0},
		       hf_sv_from(c->text));
	arr_end(o);
	hf_put_subject(o);
	put_contact_links(t, c);
	key(o, "participant");
	arr(o);
	obj(o);
	key(o, "individual");
	hf_put_staff(o, c->org, c->staff);
	obj_end(o);
	arr_end(o);
	key(o, "period");
	hf_put_span(o, c->start, c->end > t->to ? t->to : c->end);
	hf_put_reason(t, c);
	if (c->site) {
		key(o, "location");
		arr(o);
		obj(o);
		key(o, "location");
		hf_put_place(o, c->org, c->site);
		obj_end(o);
		arr_end(o);
	}
	key(o, "serviceProvider");
	hf_put_org(o, c->org);
	if (c->part_of) {
		key(o, "partOf");
		hf_put_own(o, "Encounter", c->part_of);
	}
	hf_out_end(o);
	return seq;
}

void
hf_put_letter(struct tale *t, enum sct kind, const struct org *org, int staff,
	      hf_time at, uint32_t encounter, struct hf_sv text)
{
	struct out *o = t->o;

	hf_out_begin(o, "DocumentReference", hf_out_next(o), org);
	member(o, "status", "current");
	member(o, "docStatus", "final");
	key(o, "type");
	hf_put_sct(o, kind);
	hf_put_subject(o);
	key(o, "date");
	hf_put_time(o, at);
	hf_out_who(t, "author", org, staff);
	key(o, "custodian");
	hf_put_org(o, org);
	key(o, "content");
	json_open(o, "[{\"attachment\":{\"contentType\":\"text/plain; charset=utf-8\","
		     "\"data\":");
	hf_put_base64(o, text);
	key(o, "title");
	hf_put_sv(o, hf_sct_table[kind].text);
	key(o, "creation");
	hf_put_time(o, at);
	glue(o, "}}]");
	if (encounter) {
		key(o, "context");
		obj(o);
		key(o, "encounter");
		arr(o);
		hf_put_own(o, "Encounter", encounter);
		arr_end(o);
		obj_end(o);
	}
	hf_out_end(o);
}

uint32_t
hf_put_referral(struct tale *t, enum sct what, const char *text, const struct org *by,
		int staff, const struct org *to, hf_time at, bool urgent,
		const struct concept *reason)
{
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "ServiceRequest", seq, by);
	member(o, "status", at > t->to - DAYS(20) ? "active" : "completed");
	member(o, "intent", "order");
	key(o, "category");
	hf_put_sct1(o, SCT_REFERRAL);
	member(o, "priority", urgent ? "urgent" : "routine");
	key(o, "code");
	hf_put_codings(o, hf_sct_table[what].coding, (struct hf_sv){0},
		       hf_sv_from(text));
	hf_put_subject(o);
	key(o, "authoredOn");
	hf_put_time(o, at);
	key(o, "requester");
	hf_put_staff(o, by, staff);
	key(o, "performer");
	arr(o);
	hf_put_org(o, to);
	arr_end(o);
	if (reason) {
		key(o, "reasonCode");
		arr(o);
		hf_out_concept(o, reason);
		arr_end(o);
	}
	hf_out_end(o);
	return seq;
}

void
hf_put_appointment(struct tale *t, const struct org *org, int staff, hf_time at,
		   const char *what, uint32_t referral)
{
	struct out *o = t->o;

	hf_out_begin(o, "Appointment", hf_out_next(o), org);
	member(o, "status",
	       at > t->to	      ? "booked"
	       : hf_draw_chance(t, 8) ? "noshow"
				      : "fulfilled");
	member(o, "description", what);
	key(o, "start");
	hf_put_time(o, at);
	key(o, "end");
	hf_put_time(o, at + MINUTES(20));
	if (referral) {
		key(o, "basedOn");
		arr(o);
		hf_put_own(o, "ServiceRequest", referral);
		arr_end(o);
	}
	key(o, "participant");
	arr(o);
	obj(o);
	key(o, "actor");
	hf_jw_raw(&o->w, o->subject);
	member(o, "status", "accepted");
	obj_end(o);
	obj(o);
	key(o, "actor");
	hf_put_staff(o, org, staff);
	member(o, "status", "accepted");
	obj_end(o);
	obj(o);
	key(o, "actor");
	hf_put_place(o, org, SEQ_SITE);
	member(o, "status", "accepted");
	obj_end(o);
	arr_end(o);
	hf_out_end(o);
}

void
hf_put_task(struct tale *t, const struct org *by, const struct org *owner, hf_time at,
	    bool done, const char *what, uint32_t referral)
{
	struct out *o = t->o;

	hf_out_begin(o, "Task", hf_out_next(o), owner);
	member(o, "status", done ? "completed" : "in-progress");
	member(o, "intent", "order");
	member(o, "priority", "routine");
	member(o, "description", what);
	if (referral) {
		key(o, "focus");
		hf_put_own(o, "ServiceRequest", referral);
	}
	key(o, "for");
	hf_jw_raw(&o->w, o->subject);
	key(o, "authoredOn");
	hf_put_time(o, at);
	key(o, "lastModified");
	hf_put_time(o, at);
	key(o, "requester");
	hf_put_org(o, by);
	key(o, "owner");
	hf_put_org(o, owner);
	hf_out_end(o);
}

void
hf_put_message(struct tale *t, const struct org *from, const struct org *to, hf_time at,
	       struct hf_sv text)
{
	struct out *o = t->o;

	hf_out_begin(o, "Communication", hf_out_next(o), from);
	member(o, "status", "completed");
	hf_put_subject(o);
	key(o, "sent");
	hf_put_time(o, at);
	key(o, "recipient");
	arr(o);
	hf_put_org(o, to);
	arr_end(o);
	key(o, "sender");
	hf_put_org(o, from);
	key(o, "payload");
	arr(o);
	obj(o);
	key(o, "contentString");
	hf_put_sv(o, text);
	obj_end(o);
	arr_end(o);
	hf_out_end(o);
}

uint32_t
hf_put_episode(struct tale *t, const struct org *org, int staff, hf_time from,
	       hf_time to, const char *what)
{
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "EpisodeOfCare", seq, org);
	member(o, "status", to ? "finished" : "active");
	key(o, "type");
	arr(o);
	hf_put_codings(o, (struct hf_sv){0}, (struct hf_sv){0}, hf_sv_from(what));
	arr_end(o);
	hf_put_patient(o);
	key(o, "managingOrganization");
	hf_put_org(o, org);
	key(o, "period");
	hf_put_span(o, from, to);
	key(o, "careManager");
	hf_put_staff(o, org, staff);
	hf_out_end(o);
	return seq;
}

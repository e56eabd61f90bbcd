/* api_glass.c - breaking the glass: what is offered for a person, doing it, ending it
 * early.  Whether it is offered is the rules' answer; here is what has to come with
 * it: a reason that was offered, words, and a proof that is fresh. */
#include "record/io/glass.h"
#include "server/api.h"
#include "server/api_body.h"

void hf_api_glass_offer(struct hf_call *call);
void hf_api_glass_break(struct hf_call *call);
void hf_api_glass_end(struct hf_call *call);

static const hf_time proof_ms = 5 * 60000; /* how old a proof may be */

struct breaking {
	struct hf_glass_row row;
	struct hf_glass_by by;
	struct hf_viewer_person person;
	char id[HF_GLASS_ID];
};

/* The person in the address, as the audit names them; *shelf 0: there is none, and
 * *out is what is said of anybody. */
static enum hf_rc
find_person(struct hf_call *call, int64_t *shelf, struct hf_viewer_person *out,
	    struct hf_err *err)
{
	enum hf_rc rc;

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = call->arg[0];
	*out = (struct hf_viewer_person){.outcome = HF_ALLOW};
	*shelf = 0;
	/* Who sees everything has no glass to break. */
	if (call->actor->kind == HF_ACTOR_TRIAL)
		return HF_OK;
	rc = hf_viewer_shelf(call->reader, call->arg[0], shelf, err);
	if (rc)
		return rc;
	return *shelf ? hf_viewer_person(call->reader, *shelf, out, err)
		      : hf_viewer_stranger(call->reader, out, err);
}

static bool
is_proved(const struct hf_call *call)
{
	return call->actor->proved != 0 && call->now - call->actor->proved <= proof_ms;
}

static void
write_glass(struct hf_jw *w, enum hf_reason reason, hf_time at, hf_time until)
{
	char text[32];

	hf_jw_field(w, "reason", hf_sv_from(hf_word(HF_WORDS_REASON, (int)reason)));
	hf_jw_field(w, "reasonText",
		    hf_sv_from(hf_word_text(HF_WORDS_REASON, (int)reason)));
	hf_jw_field(w, "at", hf_sv_from(hf_time_format(at, text, sizeof text)));
	hf_jw_field(w, "until", hf_sv_from(hf_time_format(until, text, sizeof text)));
}

static void
write_reasons(struct hf_jw *w, uint64_t reasons)
{
	hf_jw_member(w, "reasons");
	hf_jw_arr(w);
	for (int i = 1; i < hf_words_count(HF_WORDS_REASON); i++) {
		if (!(reasons & HF_BIT(i)))
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "code", hf_sv_from(hf_word(HF_WORDS_REASON, i)));
		hf_jw_field(w, "text", hf_sv_from(hf_word_text(HF_WORDS_REASON, i)));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* Whoever has no relationship is told the same of everybody, there or not. */
void
hf_api_glass_offer(struct hf_call *call)
{
	struct hf_viewer_person p;
	struct hf_err err;
	struct hf_jw w;
	int64_t shelf;

	if (!hf_api_no_params(call))
		return;
	if (find_person(call, &shelf, &p, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "offered");
	hf_jw_bool(&w, p.glass);
	write_reasons(&w, p.glass ? p.reasons : 0);
	hf_api_number(&w, "minutes", HF_GLASS_MINUTES);
	hf_jw_member(&w, "proved");
	hf_jw_bool(&w, is_proved(call));
	if (p.broken.reason != HF_REASON_NONE) {
		hf_jw_member(&w, "broken");
		hf_jw_obj(&w);
		write_glass(&w, p.broken.reason, p.broken.at, p.until);
		hf_jw_obj_end(&w);
	}
	hf_api_end(call);
}

/* What the user has to say. */
static enum hf_rc
read_words(struct hf_call *call, struct hf_glass_row *row, struct hf_err *err)
{
	struct hf_sv reason;
	struct hf_json doc;
	enum hf_rc rc = hf_api_body(call, "reason text askedBy", &doc, err);
	int word;

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "reason", 1, 32, &reason, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "text", HF_GLASS_WORDS_MIN,
				      HF_GLASS_WORDS_MAX, &row->words, err);
	if (rc)
		return rc;
	word = hf_word_find(HF_WORDS_REASON, reason);
	if (word <= 0)
		return hf_fail(err, HF_INVALID, "reason", "there is no such reason");
	row->reason = (enum hf_reason)word;
	row->asked = HF_SV("");
	if (row->reason == HF_REASON_PATIENT_CONSENT)
		rc = hf_api_body_text(call, &doc, "askedBy", 3, 200, &row->asked, err);
	return rc;
}

/* Is it offered to this user, for this reason? */
static enum hf_rc
check_offer(struct hf_call *call, struct breaking *b, struct hf_err *err)
{
	enum hf_rc rc = find_person(call, &b->row.shelf, &b->person, err);
	const struct hf_viewer_person *p = &b->person;

	if (rc)
		return rc;
	if (b->row.shelf && p->broken.reason != HF_REASON_NONE)
		return hf_fail(err, HF_RULE, NULL,
			       "the glass is broken already; it lasts %d minutes",
			       HF_GLASS_MINUTES);
	if (b->row.shelf && !p->glass && p->outcome == HF_ALLOW)
		return hf_fail(err, HF_RULE, NULL,
			       "you may see this record without breaking the glass");
	if (b->row.shelf == 0 || !p->glass)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no such person, or breaking the glass is not "
			       "offered to you");
	hf_call_saw(call, HF_RID_MIN(b->row.shelf));
	if (!(p->reasons & HF_BIT(b->row.reason)))
		return hf_fail(
		    err, HF_RULE, "reason",
		    "the glass is not broken for this reason here: see which "
		    "are offered");
	return HF_OK;
}

static enum hf_rc
prepare(struct hf_call *call, struct breaking *b, struct hf_err *err)
{
	const struct hf_actor *a = call->actor;
	enum hf_rc rc = read_words(call, &b->row, err);

	if (rc == HF_OK)
		rc = check_offer(call, b, err);
	if (rc)
		return rc;
	call->seen.reason = b->row.reason;
	hf_glass_new_id(b->id);
	b->row.id = hf_sv_from(b->id);
	b->row.actor = a->id;
	b->row.role = a->role;
	b->row.org = a->org;
	b->row.session = a->session;
	b->row.patient = call->arg[0];
	b->by = (struct hf_glass_by){a->id, a->purpose, hf_call_trace(call)};
	return HF_OK;
}

static void
refuse_proof(struct hf_call *call)
{
	struct hf_err err;

	hf_fail(&err, HF_FORBIDDEN, NULL,
		"prove who you are again first: your last proof is older than five "
		"minutes");
	hf_api_fail_as(call, &err, "proof");
}

void
hf_api_glass_break(struct hf_call *call)
{
	struct breaking *b = HF_NEW(call->arena, struct breaking);
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	if (call->actor->kind == HF_ACTOR_PERSON && !is_proved(call)) {
		refuse_proof(call);
		return;
	}
	if (!b || prepare(call, b, &err) != HF_OK ||
	    hf_glass_break(call->store, &b->by, &b->row, &err) != HF_OK) {
		if (!b)
			hf_fail(&err, HF_TOO_LONG, NULL, "no memory");
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "glass");
	hf_jw_obj(&w);
	hf_jw_field(&w, "id", b->row.id);
	write_glass(&w, b->row.reason, b->row.start, b->row.until);
	hf_jw_obj_end(&w);
	hf_api_end(call);
}

void
hf_api_glass_end(struct hf_call *call)
{
	struct hf_viewer_person p;
	struct hf_glass_by by;
	int64_t shelf, *shelves;
	struct hf_err err;
	struct hf_jw w;
	size_t n_shelves, n = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = find_person(call, &shelf, &p, &err);
	if (rc == HF_OK && (shelf == 0 || p.broken.reason == HF_REASON_NONE))
		rc = hf_fail(&err, HF_NOT_FOUND, NULL,
			     "no glass of yours is broken for this person");
	if (rc == HF_OK)
		rc = hf_store_person(call->reader, shelf, call->arena, &shelves,
				     &n_shelves, &err);
	by = (struct hf_glass_by){call->actor->id, call->actor->purpose,
				  hf_call_trace(call)};
	if (rc == HF_OK) {
		hf_call_saw(call, HF_RID_MIN(shelf));
		rc = hf_glass_end(call->store, &by, shelves, n_shelves, &n, &err);
	}
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_api_number(&w, "ended", (int64_t)n);
	hf_api_end(call);
}

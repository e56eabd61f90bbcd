/* api_identity.c - whose records are one person's: a pair side by side, the history of
 * a person's links, and decisions. */
#include "server/api_identity.h"

#include "record/io/match.h"
#include "record/match_model.h"
#include "server/api_body.h"

void hf_api_identity_pair(struct hf_call *call);
void hf_api_identity_decide(struct hf_call *call);
void hf_api_identity_links(struct hf_call *call);
void hf_api_identity_undo(struct hf_call *call);
void hf_api_identity_part(struct hf_call *call);

enum { FACTS_MOST = 200 };

static const hf_time day_ms = 86400000;

/* ---- a pair ---- */

static enum hf_rc
open_two(struct hf_call *call, struct hf_identity_record *one,
	 struct hf_identity_record *other, struct hf_err *err)
{
	enum hf_rc rc = hf_identity_open(call, call->arg[0], one, err);

	if (rc == HF_OK)
		rc = hf_identity_open(call, call->arg[1], other, err);
	if (rc == HF_OK && one->shelf == other->shelf)
		return hf_fail(err, HF_INVALID, NULL, "both are the same record");
	return rc;
}

static void
write_record(struct hf_call *call, struct hf_jw *w, const char *key,
	     const struct hf_identity_record *r, enum hf_rc *rc, struct hf_err *err)
{
	hf_jw_key(w, hf_sv_from(key));
	hf_jw_obj(w);
	if (*rc == HF_OK)
		*rc = hf_identity_write_whole(call, w, r, err);
	hf_jw_obj_end(w);
}

static void
write_answer(struct hf_call *call, struct hf_jw *w, const struct hf_match_result *r)
{
	hf_jw_field(w, "answer", hf_sv_from(hf_match_answer_code(r->answer)));
	hf_jw_field(w, "rule", hf_sv_from(hf_match_rule_text(r->rule)));
	hf_identity_write_score(w, (int64_t)(r->bits * 1000));
	hf_identity_write_fields(w, hf_match_fields(r, call->arena));
}

static enum hf_rc
write_review(struct hf_call *call, struct hf_jw *w, int64_t one, int64_t other,
	     struct hf_err *err)
{
	struct hf_review r;
	struct hf_err why;
	char text[32];
	enum hf_rc rc = hf_review_get(call->reader, one, other, call->arena, &r, &why);

	if (rc == HF_NOT_FOUND)
		return HF_OK;
	if (rc)
		return hf_fail(err, rc, why.path, "%s", why.text);
	hf_jw_member(w, "review");
	hf_jw_obj(w);
	hf_jw_field(w, "state", r.state);
	hf_jw_field(w, "kind", r.kind);
	hf_jw_field(w, "why", r.why);
	hf_jw_field(w, "since", hf_sv_from(hf_time_format(r.at, text, sizeof text)));
	if (r.until)
		hf_jw_field(w, "until",
			    hf_sv_from(hf_time_format(r.until, text, sizeof text)));
	hf_api_text(w, "reason", r.reason);
	if (r.decided) {
		hf_jw_field(w, "by", r.actor);
		hf_jw_field(w, "at",
			    hf_sv_from(hf_time_format(r.decided, text, sizeof text)));
	}
	hf_jw_obj_end(w);
	return HF_OK;
}

/* Facts of a person; with other not 0 those between shelf and other alone. */
static enum hf_rc
write_facts(struct hf_call *call, struct hf_jw *w, int64_t shelf, int64_t other,
	    struct hf_err *err)
{
	struct hf_link_fact *facts;
	size_t n;
	enum hf_rc rc =
	    hf_links_of(call->reader, shelf, FACTS_MOST, call->arena, &facts, &n, err);

	hf_jw_member(w, "links");
	hf_jw_arr(w);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		bool between = (facts[i].low == shelf && facts[i].high == other) ||
			       (facts[i].low == other && facts[i].high == shelf);

		if (other == 0 || between)
			rc = hf_identity_write_fact(call, w, &facts[i], err);
	}
	hf_jw_arr_end(w);
	return rc;
}

static enum hf_rc
same_person(struct hf_call *call, int64_t one, int64_t other, bool *same,
	    struct hf_err *err)
{
	int64_t *shelves;
	size_t n;
	enum hf_rc rc =
	    hf_store_person(call->reader, one, call->arena, &shelves, &n, err);

	*same = false;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		*same |= shelves[i] == other;
	return rc;
}

void
hf_api_identity_pair(struct hf_call *call)
{
	struct hf_identity_record one, other;
	struct hf_match_result r;
	struct hf_err err;
	struct hf_jw w;
	bool same = false;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = open_two(call, &one, &other, &err);
	if (rc == HF_OK)
		rc = hf_match_two(call->reader, one.rid, other.rid, call->arena, &r,
				  &err);
	if (rc == HF_OK)
		rc = same_person(call, one.shelf, other.shelf, &same, &err);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "samePerson");
	hf_jw_bool(&w, same);
	write_record(call, &w, "one", &one, &rc, &err);
	write_record(call, &w, "other", &other, &rc, &err);
	write_answer(call, &w, &r);
	if (rc == HF_OK)
		rc = write_review(call, &w, one.shelf, other.shelf, &err);
	if (rc == HF_OK)
		rc = write_facts(call, &w, one.shelf, other.shelf, &err);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

/* ---- deciding about a pair ---- */

static enum hf_rc
read_until(struct hf_call *call, const struct hf_json *doc, hf_time *until,
	   struct hf_err *err)
{
	struct hf_sv text;
	struct hf_date d;
	enum hf_rc rc = hf_api_body_text(call, doc, "until", 0, 10, &text, err);

	if (rc)
		return rc;
	*until = call->now + 7 * day_ms;
	if (text.n == 0)
		return HF_OK;
	if (text.n != 10 || !hf_date_parse(text, false, &d))
		return hf_fail(err, HF_INVALID, "until", "a day as YYYY-MM-DD");
	*until = d.lo;
	return HF_OK;
}

static enum hf_rc
decide(struct hf_call *call, struct hf_link_done *done, struct hf_err *err)
{
	struct hf_identity_record one, other;
	struct hf_sv what, reason;
	struct hf_link_by by;
	struct hf_json doc;
	hf_time until;
	enum hf_rc rc = hf_api_body(call, "decision reason until", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "decision", 1, 16, &what, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "reason", HF_REASON_LEAST,
				      HF_REASON_MOST, &reason, err);
	if (rc == HF_OK)
		rc = open_two(call, &one, &other, err);
	if (rc)
		return rc;
	by = hf_identity_by(call, reason);
	if (hf_sv_is(what, "link"))
		return hf_link_merge(call->store, one.shelf, other.shelf, HF_LINK_HAND,
				     &by, done, err);
	if (hf_sv_is(what, "separate"))
		return hf_link_separate(call->store, one.shelf, other.shelf, &by, done,
					err);
	if (!hf_sv_is(what, "later"))
		return hf_fail(err, HF_INVALID, "decision",
			       "a decision is link, separate or later");
	rc = read_until(call, &doc, &until, err);
	return rc == HF_OK ? hf_review_later(call->store, one.shelf, other.shelf, until,
					     &by, err)
			   : rc;
}

void
hf_api_identity_decide(struct hf_call *call)
{
	struct hf_link_done done = {0};
	struct hf_err err;

	if (!hf_api_no_params(call))
		return;
	if (decide(call, &done, &err) != HF_OK)
		hf_api_fail(call, &err);
	else
		hf_identity_done(call, &done);
}

/* ---- a person ---- */

static enum hf_rc
write_person(struct hf_call *call, struct hf_err *err)
{
	struct hf_identity_record self;
	int64_t *shelves;
	struct hf_jw w;
	size_t n;
	enum hf_rc rc = hf_identity_open(call, call->arg[0], &self, err);

	if (rc == HF_OK)
		rc = hf_store_person(call->reader, self.shelf, call->arena, &shelves,
				     &n, err);
	if (rc)
		return rc;
	hf_api_begin(call, &w);
	hf_jw_member(&w, "records");
	hf_jw_arr(&w);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_identity_record r;

		rc = hf_identity_of_shelf(call, shelves[i], &r, err);
		hf_jw_obj(&w);
		if (rc == HF_OK)
			rc = hf_identity_write_whole(call, &w, &r, err);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	if (rc == HF_OK)
		rc = write_facts(call, &w, self.shelf, 0, err);
	if (rc == HF_OK)
		hf_api_end(call);
	return rc;
}

void
hf_api_identity_links(struct hf_call *call)
{
	struct hf_err err;

	if (hf_api_no_params(call) && write_person(call, &err) != HF_OK)
		hf_api_fail(call, &err);
}

/* ---- taking back ---- */

/* reason, and whether apart is said. */
static enum hf_rc
read_reason(struct hf_call *call, const char *members, struct hf_sv *reason,
	    bool *apart, struct hf_err *err)
{
	struct hf_json doc;
	uint32_t at;
	enum hf_rc rc = hf_api_body(call, members, &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "reason", HF_REASON_LEAST,
				      HF_REASON_MOST, reason, err);
	if (rc)
		return rc;
	at = hf_json_member(&doc, 0, "apart");
	if (at != HF_JSON_NONE && hf_json_type(&doc, at) != HF_JSON_TRUE &&
	    hf_json_type(&doc, at) != HF_JSON_FALSE)
		return hf_fail(err, HF_INVALID, "apart", "apart is true or false");
	*apart = at != HF_JSON_NONE && hf_json_type(&doc, at) == HF_JSON_TRUE;
	return HF_OK;
}

/* A link is undone on the page of a person: it must be one of theirs. */
static enum hf_rc
check_link(struct hf_call *call, int64_t *link, struct hf_err *err)
{
	struct hf_identity_record self;
	struct hf_link_fact *facts;
	size_t n;
	enum hf_rc rc = hf_identity_open(call, call->arg[0], &self, err);

	if (rc == HF_OK)
		rc = hf_links_of(call->reader, self.shelf, FACTS_MOST, call->arena,
				 &facts, &n, err);
	if (rc)
		return rc;
	if (hf_sv_int(call->arg[1], link))
		for (size_t i = 0; i < n; i++)
			if (facts[i].id == *link)
				return HF_OK;
	return hf_fail(err, HF_NOT_FOUND, NULL, "this person has no such link");
}

void
hf_api_identity_undo(struct hf_call *call)
{
	struct hf_link_done done = {0};
	struct hf_sv reason;
	struct hf_link_by by;
	struct hf_err err;
	int64_t link = 0;
	bool apart = false;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = read_reason(call, "reason apart", &reason, &apart, &err);
	if (rc == HF_OK)
		rc = check_link(call, &link, &err);
	if (rc == HF_OK) {
		by = hf_identity_by(call, reason);
		rc = hf_link_undo(call->store, link, apart, &by, &done, &err);
	}
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_identity_done(call, &done);
}

void
hf_api_identity_part(struct hf_call *call)
{
	struct hf_identity_record self;
	struct hf_link_done done = {0};
	struct hf_sv reason;
	struct hf_link_by by;
	struct hf_err err;
	bool apart;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = read_reason(call, "reason", &reason, &apart, &err);
	if (rc == HF_OK)
		rc = hf_identity_open(call, call->arg[0], &self, &err);
	if (rc == HF_OK) {
		by = hf_identity_by(call, reason);
		rc = hf_link_part(call->store, self.shelf, &by, &done, &err);
	}
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_identity_done(call, &done);
}

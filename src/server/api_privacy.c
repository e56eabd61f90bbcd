/* api_privacy.c - the privacy officer's queue: broken glasses and other notices,
 * their review, and what was seen behind each. */
#include "record/io/glass.h"
#include "server/alert.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/audit_look.h"
#include "server/serve.h"

void hf_api_privacy_count(struct hf_call *call);
void hf_api_privacy_queue(struct hf_call *call);
void hf_api_privacy_notice(struct hf_call *call);
void hf_api_privacy_review(struct hf_call *call);

enum { NOTICES = 50, NOTICES_MOST = 200 };

static void
write_time(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static void
write_who(struct hf_jw *w, const struct hf_call *call, struct hf_look *look,
	  const struct hf_notice *n)
{
	const struct hf_role *role = hf_policy_role(&call->server->policy, n->role);

	hf_jw_member(w, "user");
	hf_jw_obj(w);
	hf_jw_field(w, "id", n->actor);
	hf_api_text(w, "name", hf_look_name(look, n->actor));
	hf_api_text(w, "role", n->role);
	hf_api_text(w, "roleName", hf_sv_from(role ? role->name : NULL));
	hf_api_text(w, "org", n->org);
	hf_api_text(w, "orgName", hf_look_org(look, n->org));
	if (n->session)
		hf_api_number(w, "session", n->session);
	hf_jw_obj_end(w);
}

static void
write_broken(struct hf_jw *w, const struct hf_glass_row *g)
{
	hf_jw_field(w, "reason", hf_sv_from(hf_word(HF_WORDS_REASON, (int)g->reason)));
	hf_jw_field(w, "reasonText",
		    hf_sv_from(hf_word_text(HF_WORDS_REASON, (int)g->reason)));
	hf_jw_field(w, "text", g->words);
	hf_api_text(w, "askedBy", g->asked);
	write_time(w, "until", g->until);
	if (g->ended < g->until)
		write_time(w, "ended", g->ended);
}

static void
write_review(struct hf_jw *w, struct hf_look *look, const struct hf_notice *n)
{
	hf_jw_member(w, "review");
	hf_jw_obj(w);
	write_time(w, "at", n->reviewed);
	hf_jw_field(w, "by", n->reviewer);
	hf_api_text(w, "byName", hf_look_name(look, n->reviewer));
	hf_jw_field(w, "outcome", hf_sv_from(hf_notice_outcome(n->outcome)));
	hf_api_text(w, "note", n->note);
	hf_jw_obj_end(w);
}

static void
write_notice(struct hf_jw *w, struct hf_call *call, struct hf_look *look,
	     const struct hf_notice *n)
{
	hf_jw_field(w, "id", n->id);
	hf_jw_field(w, "kind", hf_sv_from(hf_notice_kind(n->kind)));
	write_time(w, "at", n->at);
	write_time(w, "due", n->due);
	hf_api_flag(w, "overdue", n->reviewed == 0 && n->due < call->now);
	hf_api_flag(w, "often", n->recent >= HF_GLASS_OFTEN);
	if (n->recent)
		hf_api_number(w, "recent", n->recent);
	write_who(w, call, look, n);
	/* Whose notice it is has to be known, whatever else may be seen of them. */
	if (n->patient.n || n->shelf)
		hf_api_text(w, "person",
			    n->patient.n ? n->patient
					 : hf_look_patient(look, n->shelf));
	hf_api_text(w, "case", n->case_ref);
	if (n->kind == HF_NOTICE_GLASS)
		write_broken(w, &n->broken);
	if (n->reviewed)
		write_review(w, look, n);
}

static enum hf_rc
write_counts(struct hf_call *call, struct hf_jw *w, struct hf_err *err)
{
	int64_t open, overdue;
	enum hf_rc rc = hf_notice_count(call->reader, call->now, &open, &overdue, err);

	if (rc)
		return rc;
	hf_jw_member(w, "open");
	hf_jw_int(w, open);
	hf_jw_member(w, "overdue");
	hf_jw_int(w, overdue);
	return HF_OK;
}

void
hf_api_privacy_count(struct hf_call *call)
{
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	hf_api_begin(call, &w);
	if (hf_alert_expired(call, &err) != HF_OK ||
	    write_counts(call, &w, &err) != HF_OK)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

static enum hf_rc
begin_look(struct hf_call *call, struct hf_look *look, struct hf_err *err)
{
	return hf_look_begin(look, call->store, call->server->finder, call->arena, err);
}

/* before=TIME,ID: where the page before ended. */
static enum hf_rc
read_before(struct hf_sv text, struct hf_notice_query *q, struct hf_err *err)
{
	struct hf_sv at = hf_sv_cut(&text, ',');

	if (!hf_sv_int(at, &q->before) || text.n == 0 || text.n > 64)
		return hf_fail(err, HF_INVALID, "before",
			       "give what \"next\" of the page before said");
	q->before_id = text;
	return HF_OK;
}

static enum hf_rc
read_query(struct hf_call *call, struct hf_notice_query *q, struct hf_err *err)
{
	struct hf_sv all = hf_call_take_param(call, HF_SV("all"));
	struct hf_sv before = hf_call_take_param(call, HF_SV("before"));
	enum hf_rc rc = hf_api_limit(call, NOTICES_MOST, &q->max, err);

	(void)hf_call_take_param(call, HF_SV("limit"));
	q->before = HF_TIME_MAX;
	if (q->max == 0)
		q->max = NOTICES;
	if (rc == HF_OK && before.p)
		rc = read_before(before, q, err);
	if (rc == HF_OK && all.p && !hf_sv_is(all, "1") && !hf_sv_is(all, "0"))
		rc = hf_fail(err, HF_INVALID, "all", "it is 0 or 1");
	q->all = all.p && hf_sv_is(all, "1");
	return rc;
}

void
hf_api_privacy_queue(struct hf_call *call)
{
	struct hf_notice_query q = {0};
	struct hf_notice *list = NULL;
	struct hf_look look = {0};
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;
	enum hf_rc rc = read_query(call, &q, &err);

	if (rc == HF_OK && !hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = hf_alert_expired(call, &err);
	if (rc == HF_OK)
		rc = begin_look(call, &look, &err);
	if (rc == HF_OK)
		rc = hf_notice_list(call->reader, &q, call->arena, &list, &n, &err);
	hf_api_begin(call, &w);
	if (rc == HF_OK)
		rc = write_counts(call, &w, &err);
	if (rc) {
		hf_look_end(&look);
		hf_api_fail(call, &err);
		return;
	}
	hf_jw_member(&w, "notices");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(&w);
		write_notice(&w, call, &look, &list[i]);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_look_end(&look);
	if (n == q.max)
		hf_jw_field(&w, "next",
			    hf_arena_printf(call->arena, "%lld,%.*s",
					    (long long)list[n - 1].at,
					    HF_SV_ARG(list[n - 1].id)));
	hf_api_end(call);
}

/* ---- what was seen ---- */

enum { ACCESSES = 200 };

/* Which lines of the audit a notice is about. */
static enum hf_rc
query_of(struct hf_look *look, const struct hf_notice *n, struct hf_look_query *out,
	 struct hf_err *err)
{
	static const hf_time session_ms = 24 * 3600000;
	const struct hf_glass_row *g = &n->broken;
	int64_t *shelves = NULL;
	enum hf_rc rc = HF_OK;

	*out = (struct hf_look_query){.q = hf_audit_query_all, .max = ACCESSES};
	out->q.actor = n->actor;
	if (n->shelf)
		rc = hf_store_person(look->reader, n->shelf, look->arena, &shelves,
				     &out->q.n_shelves, err);
	out->q.shelves = shelves;
	out->q.from = n->at;
	out->q.to = n->at + session_ms;
	if (n->kind == HF_NOTICE_GLASS) {
		out->q.glass = true;
		out->q.to = g->ended < g->until ? g->ended : g->until;
		out->q.to++; /* the end itself */
	} else {
		out->q.from -= 60000; /* the reading that made it came just before */
	}
	return rc;
}

static void
write_access(struct hf_jw *w, struct hf_look *look, const struct hf_look_line *line)
{
	hf_jw_obj(w);
	hf_jw_field(w, "id", line->id);
	write_time(w, "at", line->e.at);
	hf_jw_field(w, "what", hf_look_words(line, look->arena));
	hf_api_text(w, "why", hf_look_why(&line->e, look->arena));
	hf_api_text(w, "entity", line->e.what);
	hf_api_text(w, "glass", line->e.glass);
	hf_api_text(w, "rule", line->e.rule);
	hf_jw_member(w, "status");
	hf_jw_int(w, line->e.status);
	hf_jw_obj_end(w);
}

static enum hf_rc
write_accesses(struct hf_look *look, const struct hf_notice *n, struct hf_jw *w,
	       struct hf_err *err)
{
	struct hf_look_line *lines = NULL;
	struct hf_look_query query;
	bool more = false;
	size_t count = 0;
	enum hf_rc rc = query_of(look, n, &query, err);

	if (rc == HF_OK)
		rc = hf_look(look, &query, &lines, &count, &more, err);
	if (rc == HF_OK) {
		hf_jw_member(w, "accesses");
		hf_jw_arr(w);
		for (size_t i = 0; i < count; i++)
			if (n->session == 0 || lines[i].e.session == n->session)
				write_access(w, look, &lines[i]);
		hf_jw_arr_end(w);
		hf_api_flag(w, "moreAccesses", more);
	}
	return rc;
}

void
hf_api_privacy_notice(struct hf_call *call)
{
	struct hf_look look = {0};
	struct hf_notice notice;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = begin_look(call, &look, &err);
	if (rc == HF_OK)
		rc = hf_notice_get(call->reader, call->arg[0], call->arena, &notice,
				   &err);
	if (rc == HF_OK && notice.shelf)
		hf_call_saw(call, HF_RID_MIN(notice.shelf));
	hf_api_begin(call, &w);
	if (rc == HF_OK) {
		write_notice(&w, call, &look, &notice);
		rc = write_accesses(&look, &notice, &w, &err);
	}
	hf_look_end(&look);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

/* What was not justified is written up. */
enum { NOTE_MIN = 15, NOTE_MAX = 2000 };

static enum hf_rc
read_review(struct hf_call *call, enum hf_notice_outcome *outcome, struct hf_sv *note,
	    struct hf_err *err)
{
	struct hf_json doc;
	struct hf_sv word;
	enum hf_rc rc = hf_api_body(call, "outcome note", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "outcome", 1, 32, &word, err);
	if (rc)
		return rc;
	*outcome = hf_notice_outcome_of(word);
	if (*outcome == HF_NOTICE_OPEN)
		return hf_fail(err, HF_INVALID, "outcome",
			       "it is justified, queried or breach");
	return hf_api_body_text(call, &doc, "note",
				*outcome == HF_NOTICE_JUSTIFIED ? 0 : NOTE_MIN,
				NOTE_MAX, note, err);
}

void
hf_api_privacy_review(struct hf_call *call)
{
	const struct hf_actor *a = call->actor;
	struct hf_glass_by by = {a->id, a->purpose, hf_call_trace(call)};
	enum hf_notice_outcome outcome;
	struct hf_look look = {0};
	struct hf_notice notice;
	struct hf_sv note;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = read_review(call, &outcome, &note, &err);
	if (rc == HF_OK)
		rc = hf_notice_review(call->store, &by, call->arg[0], outcome, note,
				      &err);
	if (rc == HF_OK)
		rc = hf_notice_get(call->reader, call->arg[0], call->arena, &notice,
				   &err);
	if (rc == HF_OK)
		rc = begin_look(call, &look, &err);
	hf_api_begin(call, &w);
	if (rc == HF_OK)
		write_notice(&w, call, &look, &notice);
	hf_look_end(&look);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

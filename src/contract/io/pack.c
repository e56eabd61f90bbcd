/* pack.c - the monthly pack gathered: a run, cases as they stood, the ledger, measures
 * that it is given.  See oversight.h. */
#include "contract/io/book_int.h"
#include "contract/io/oversight.h"

#include "contract/pack.h"

enum { PACK_BYTES = 16 << 20, CASE_BYTES = 16 << 20, DECIDED_DAYS = 60 };

static const int64_t day_ms = 86400000;

struct pack {
	const struct hf_ct_pack_ask *ask;
	const struct hf_ct_terms *terms;
	const struct hf_ct_run *run;
	struct hf_db *db;
	struct hf_arena *arena;
	struct hf_jw *w;
	struct hf_ct_shower shower;
	int month; /* 0 is April */
	int64_t seq;
	struct hf_sv *subjects;
	size_t n_subjects;
};

/* One that is being written. */
struct told {
	struct hf_sv subject;
	struct hf_ct_case k;
	struct hf_ct_event *events;
	size_t n;
};

/* ---- figures ---- */

static enum hf_rc
read_upto(struct hf_db *db, const struct hf_ct_pack_ask *ask, int64_t *seq, int *month,
	  struct hf_err *err)
{
	struct hf_sv id = hf_sv_from(ask->lib->contracts[ask->at]->id);
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_CONTRACT_INPUT_UPTO,
			HF_ARGS(HF_TEXT(id), HF_INT(ask->as_at)), &rows, err);

	*seq = 0;
	*month = 0;
	if (rc)
		return rc;
	if (hf_rows_next(&rows)) {
		*seq = hf_rows_int(&rows, HF_C_CONTRACT_INPUT_UPTO_SEQ);
		*month = (int)hf_rows_int(&rows, HF_C_CONTRACT_INPUT_UPTO_MONTH);
	}
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_ct_pack_month(struct hf_db *db, const struct hf_ct_pack_ask *ask,
		 struct hf_arena *arena HF_UNUSED, int *out, struct hf_err *err)
{
	int64_t seq;
	int month;
	enum hf_rc rc = read_upto(db, ask, &seq, &month, err);

	*out = month + 1;
	return rc;
}

static enum hf_rc
make_run(struct pack *p, struct hf_err *err)
{
	struct hf_ct_run *run;
	int last;
	enum hf_rc rc = read_upto(p->db, p->ask, &p->seq, &last, err);

	p->month = p->ask->month ? p->ask->month - 1 : last;
	if (rc == HF_OK && (p->month < 0 || p->month > last))
		rc = hf_fail(err, HF_INVALID, "month",
			     "a month is 1 (April) to %d, the last with figures",
			     last + 1);
	if (rc == HF_OK)
		rc = hf_ct_book_run(p->db, p->ask->lib, p->ask->at, p->seq,
				    hf_period_first(p->terms->fy, p->month + 2) - 1,
				    p->arena, &run, err);
	if (rc == HF_OK)
		p->run = run;
	return rc;
}

/* ---- cases ---- */

/* Calls one for each case that had begun, in the order of their ids. */
static enum hf_rc
each_case(struct pack *p, enum hf_ct_case_kind kind,
	  void (*one)(struct pack *p, const struct told *t), struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < p->n_subjects; i++) {
		struct hf_arena arena = {.cap = CASE_BYTES};
		struct told t = {.subject = p->subjects[i]};
		struct hf_sv rest = t.subject, contract;
		enum hf_ct_case_kind is = hf_ct_case_find(hf_sv_cut(&rest, '/'));

		if (kind != HF_CT_CASES && is != kind)
			continue;
		rc = hf_ct_book_case_until(p->db, p->ask->lib, t.subject, p->ask->as_at,
					   &arena, &t.k, &contract, &t.events, &t.n,
					   err);
		if (rc == HF_OK)
			one(p, &t);
		else if (rc == HF_NOT_FOUND) /* it was opened later */
			rc = HF_OK;
		hf_arena_free(&arena);
	}
	return rc;
}

/* Open, or ended within the days that a pack looks back. */
static bool
is_shown(const struct pack *p, const struct told *t)
{
	return !t->k.in.ended ||
	       t->events[t->n - 1].at > p->ask->as_at - DECIDED_DAYS * day_ms;
}

static void
put_case(struct pack *p, const struct told *t)
{
	if (!is_shown(p, t))
		return;
	hf_jw_obj(p->w);
	hf_ct_case_write(&p->shower, p->w, t->subject, &t->k);
	hf_jw_obj_end(p->w);
}

static enum hf_rc
put_cases(struct pack *p, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	hf_jw_member(p->w, "cases");
	hf_jw_obj(p->w);
	for (int k = 0; rc == HF_OK && k < HF_CT_CASES; k++) {
		hf_jw_key(p->w, hf_sv_from(hf_ct_case_word((enum hf_ct_case_kind)k)));
		hf_jw_arr(p->w);
		rc = each_case(p, (enum hf_ct_case_kind)k, put_case, err);
		hf_jw_arr_end(p->w);
	}
	hf_jw_obj_end(p->w);
	return rc;
}

/* What was decided: steps that bind, not those that only say something. */
static void
put_decisions_of(struct pack *p, const struct told *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct hf_ct_event *e = &t->events[i];
		int at = hf_pw_event(t->k.pathway, e->event);

		if (!hf_sv_among(e->event, "agree no-action implement close accept "
					   "decide settle transfer post reject "
					   "escalate") ||
		    e->at <= p->ask->as_at - DECIDED_DAYS * day_ms || at < 0)
			continue;
		hf_jw_obj(p->w);
		hf_jw_field(p->w, "subject", t->subject);
		hf_jw_field(p->w, "title", hf_ct_case_text(&t->k, "title"));
		hf_ct_text(p->w, "event", t->k.pathway->event_titles[at]);
		hf_ct_time(p->w, "at", e->at);
		hf_jw_field(p->w, "reason", e->reason);
		hf_ct_user_write(&p->shower, p->w, "by", e->by);
		hf_ct_text(p->w, "party", p->terms->parties[e->party].id);
		hf_jw_obj_end(p->w);
	}
}

static enum hf_rc
put_decisions(struct pack *p, struct hf_err *err)
{
	enum hf_rc rc;

	hf_jw_member(p->w, "decisions");
	hf_jw_arr(p->w);
	rc = each_case(p, HF_CT_CASES, put_decisions_of, err);
	hf_jw_arr_end(p->w);
	return rc;
}

/* Responses that were agreed, with what followed. */
static void
put_response(struct pack *p, const struct told *t)
{
	if (!hf_ct_case_text(&t->k, "expected").p ||
	    !hf_sv_among(hf_sv_from(hf_ct_case_state(&t->k)),
			 "agreed-response implementing closed"))
		return;
	hf_jw_obj(p->w);
	hf_jw_field(p->w, "subject", t->subject);
	hf_jw_field(p->w, "title", hf_ct_case_text(&t->k, "title"));
	hf_jw_field(p->w, "response", hf_ct_case_text(&t->k, "response"));
	hf_jw_field(p->w, "component", hf_ct_case_text(&t->k, "component"));
	hf_ct_text(p->w, "stateTitle", t->k.pathway->states[t->k.in.state].title);
	hf_ct_pack_followed(p->run, p->month, &t->k, p->w);
	hf_jw_obj_end(p->w);
}

static enum hf_rc
put_responses(struct pack *p, struct hf_err *err)
{
	enum hf_rc rc;

	hf_jw_member(p->w, "responses");
	hf_jw_arr(p->w);
	rc = each_case(p, HF_CT_REVIEW, put_response, err);
	hf_jw_arr_end(p->w);
	return rc;
}

/* ---- the whole ---- */

static void
put_heading(struct pack *p)
{
	const struct hf_ct_terms *t = p->terms;
	char text[HF_MONEY_TEXT];

	hf_ct_text(p->w, "kind", "monthly-pack");
	hf_ct_text(p->w, "contract", t->id);
	hf_ct_text(p->w, "contractVersion", t->version);
	hf_ct_text(p->w, "termsSha256", p->ask->lib->sha[p->ask->at]);
	hf_ct_text(p->w, "title", t->title);
	hf_ct_text(p->w, "commissioner", t->parties[HF_CT_COMMISSIONER].name);
	hf_ct_text(p->w, "provider", t->parties[HF_CT_PROVIDER].name);
	hf_ct_text(p->w, "year", hf_fy_text(t->fy, text, sizeof text));
	hf_ct_int(p->w, "month", p->month + 1);
	hf_ct_text(p->w, "to",
		   hf_ct_day_text(hf_period_first(t->fy, p->month + 2) - 1, text,
				  sizeof text));
	hf_ct_text(p->w, "asAt",
		   hf_ct_day_text(hf_london_day(p->ask->as_at), text, sizeof text));
	hf_ct_int(p->w, "inputs", p->seq);
}

static enum hf_rc
write_pack(struct pack *p, struct hf_err *err)
{
	enum hf_rc rc;

	hf_jw_obj(p->w);
	put_heading(p);
	hf_jw_member(p->w, "dashboard");
	hf_jw_obj(p->w);
	hf_ct_run_write(p->run, p->w);
	hf_jw_obj_end(p->w);
	hf_ct_pack_run(p->run, p->month, p->w);
	hf_jw_member(p->w, "measures");
	if (p->ask->measures.n)
		hf_jw_raw(p->w, p->ask->measures);
	else
		hf_jw_null(p->w);
	if (p->ask->accruals.n) {
		hf_jw_member(p->w, "accruals");
		hf_jw_raw(p->w, p->ask->accruals);
	}
	rc = put_cases(p, err);
	if (rc == HF_OK)
		rc = put_decisions(p, err);
	if (rc == HF_OK)
		rc = put_responses(p, err);
	if (rc == HF_OK)
		rc = hf_ct_register_write(&p->shower, p->ask->lib, p->terms,
					  p->ask->as_at, p->w, err);
	hf_jw_obj_end(p->w);
	return rc;
}

enum hf_rc
hf_ct_pack_make(struct hf_db *db, const struct hf_ct_pack_ask *ask,
		struct hf_arena *arena, struct hf_sv *out, struct hf_err *err)
{
	struct hf_buf b = {.cap = PACK_BYTES};
	struct hf_jw w = {.out = &b};
	struct pack p = {.ask = ask,
			 .terms = ask->lib->contracts[ask->at],
			 .db = db,
			 .arena = arena,
			 .w = &w,
			 .shower = {.db = db, .arena = arena, .now = ask->as_at}};
	enum hf_rc rc = make_run(&p, err);

	if (rc == HF_OK)
		rc = hf_ct_book_cases(db, hf_sv_from(p.terms->id), arena, &p.subjects,
				      &p.n_subjects, err);
	if (rc == HF_OK)
		rc = write_pack(&p, err);
	if (rc == HF_OK) {
		*out = (struct hf_sv){NULL, 0};
		if (!b.failed)
			*out = hf_arena_sv(arena, hf_buf_view(&b));
		if (!out->p)
			rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the pack");
	}
	hf_buf_free(&b);
	return rc;
}

/* book_case.c - cases of both parties: their events, and what they post. */
#include "contract/io/book_int.h"

#include "record/io/desk.h"

/* ---- reading ---- */

static void
read_event(const struct hf_rows *rows, struct hf_arena *arena, struct hf_ct_event *e,
	   struct hf_sv *contract)
{
#define COPY(column)                                                                   \
	hf_arena_sv(arena, hf_rows_text(rows, HF_C_CONTRACT_EVENT_LIST_##column))
	struct hf_sv hash = hf_rows_text(rows, HF_C_CONTRACT_EVENT_LIST_HASH);

	*e = (struct hf_ct_event){
	    .seq = hf_rows_int(rows, HF_C_CONTRACT_EVENT_LIST_SEQ),
	    .party = (int)hf_rows_int(rows, HF_C_CONTRACT_EVENT_LIST_PARTY),
	    .signatory = hf_rows_int(rows, HF_C_CONTRACT_EVENT_LIST_SIGNATORY) != 0,
	    .at = hf_rows_int(rows, HF_C_CONTRACT_EVENT_LIST_AT),
	    .key = COPY(TOKEN),
	    .event = COPY(EVENT),
	    .by = COPY(ACTOR),
	    .role = COPY(ROLE),
	    .org = COPY(ORG),
	    .reason = COPY(REASON),
	    .facts = COPY(FACTS),
	    .from = COPY(STATE_FROM),
	    .to = COPY(STATE_TO)};
	*contract = COPY(CONTRACT);
	snprintf(e->hash, sizeof e->hash, "%.*s", HF_SV_ARG(hash));
#undef COPY
}

static enum hf_rc
read_events(struct hf_db *db, struct hf_sv subject, struct hf_arena *arena,
	    struct hf_ct_event **out, size_t *n, struct hf_sv *contract,
	    struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_CONTRACT_EVENT_LIST,
			HF_ARGS(HF_TEXT(subject), HF_INT(HF_CT_EVENTS)), &rows, err);

	*n = 0;
	*contract = (struct hf_sv){0};
	if (rc)
		return rc;
	*out = hf_arena_array(arena, HF_CT_EVENTS, sizeof **out);
	while (*out && *n < HF_CT_EVENTS && hf_rows_next(&rows))
		read_event(&rows, arena, &(*out)[(*n)++], contract);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !*out)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the case");
	return rc;
}

/* Applies what is kept; each has to come out as it was. */
static enum hf_rc
replay(struct hf_ct_case *c, const struct hf_ct_event *events, size_t n,
       struct hf_err *err)
{
	struct hf_pw_effects effects;

	for (size_t i = 0; i < n; i++) {
		struct hf_ct_event e = events[i];
		enum hf_rc rc = hf_ct_case_apply(c, &e, &effects, err);

		if (rc || strcmp(e.hash, events[i].hash) != 0)
			return hf_fail(err, HF_FAULT, NULL,
				       "event %lld of the case is not what was kept",
				       (long long)events[i].seq);
	}
	return HF_OK;
}

static hf_pence
both_above(const struct hf_ct_library *l, struct hf_sv contract)
{
	const struct hf_ct_pool *p = hf_ct_library_pool(l, contract);

	return p ? p->virement : 0;
}

static enum hf_rc
load(struct hf_db *db, const struct hf_ct_library *l, enum hf_ct_case_kind kind,
     struct hf_sv subject, struct hf_arena *arena, struct hf_ct_case *c,
     struct hf_sv *contract, struct hf_ct_event **events, size_t *n, struct hf_err *err)
{
	enum hf_rc rc = read_events(db, subject, arena, events, n, contract, err);

	if (rc)
		return rc;
	hf_ct_case_init(c, kind, l->pathways[kind], both_above(l, *contract), arena);
	return replay(c, *events, *n, err);
}

enum hf_rc
hf_ct_book_case(struct hf_db *db, const struct hf_ct_library *l, struct hf_sv subject,
		struct hf_arena *arena, struct hf_ct_case *out, struct hf_sv *contract,
		struct hf_ct_event **events, size_t *n, struct hf_err *err)
{
	struct hf_sv rest = subject;
	enum hf_ct_case_kind kind = hf_ct_case_find(hf_sv_cut(&rest, '/'));
	enum hf_rc rc = HF_NOT_FOUND;

	*n = 0;
	if (kind != HF_CT_CASES)
		rc = load(db, l, kind, subject, arena, out, contract, events, n, err);
	if (kind == HF_CT_CASES || (rc == HF_OK && *n == 0))
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "there is no such case");
	return rc;
}

enum hf_rc
hf_ct_book_cases(struct hf_db *db, struct hf_sv contract, struct hf_arena *arena,
		 struct hf_sv **out, size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
	    db, HF_Q_CONTRACT_EVENT_CASES,
	    HF_ARGS(HF_TEXT(contract), HF_INT(HF_CT_CASES_SHOWN)), &rows, err);

	*n = 0;
	if (rc)
		return rc;
	*out = hf_arena_array(arena, HF_CT_CASES_SHOWN, sizeof **out);
	while (*out && *n < HF_CT_CASES_SHOWN && hf_rows_next(&rows))
		(*out)[(*n)++] = hf_arena_sv(
		    arena, hf_rows_text(&rows, HF_C_CONTRACT_EVENT_CASES_SUBJECT));
	rc = hf_rows_end(&rows, err);
	return rc || *out ? rc : hf_fail(err, HF_TOO_LONG, NULL, "no memory for cases");
}

/* ---- posting ---- */

struct job {
	const struct hf_ct_by *by;
	const struct hf_ct_library *l;
	struct hf_ct_step *step;
};

static struct hf_ct_entry
entry_of(const struct job *j, const struct hf_ct_case *c, const char *kind)
{
	return (struct hf_ct_entry){.contract = j->step->contract,
				    .kind = hf_sv_from(kind),
				    .words = hf_ct_case_text(c, "title"),
				    .document = hf_ct_case_text(c, "document"),
				    .source = j->step->subject,
				    .prepared = c->proposed_by,
				    .approved = j->by->user,
				    .n_legs = 2};
}

static void
set_legs(struct hf_ct_entry *e, struct hf_sv gets, struct hf_sv gives, hf_pence pence)
{
	e->legs[0] = (struct hf_ct_leg){gets, pence};
	e->legs[1] = (struct hf_ct_leg){gives, -pence};
}

static int64_t
period_of_day(struct hf_sv text)
{
	struct hf_date d;
	struct hf_civil c;

	if (!hf_date_parse(text, false, &d))
		return 0;
	c = hf_london_civil(d.lo);
	return (int64_t)c.year * 100 + c.month;
}

static bool
line_is_known(const struct job *j, struct hf_sv line)
{
	const struct hf_ct_pool *p = hf_ct_library_pool(j->l, j->step->contract);
	const struct hf_ct_terms *t;
	struct hf_err err;

	if (p)
		return hf_ct_pool_find(p, line) >= 0;
	return hf_ct_library_contract(j->l, j->step->contract, &t, NULL, &err) ==
		   HF_OK &&
	       (hf_ct_line_find(t, line) >= 0 || hf_ct_component_find(t, line) >= 0);
}

/* Acute money goes down and community money up, both or none (CON-T13). */
static enum hf_rc
post_transfer(struct hf_db *db, const struct job *j, const struct hf_ct_case *c,
	      int64_t change, hf_time at, struct hf_err *err)
{
	struct hf_ct_entry acute = entry_of(j, c, "transfer"), community = acute;
	hf_pence moved;
	enum hf_rc rc;

	if (!hf_ct_case_released(c, &moved))
		return hf_fail(err, HF_RULE, "pence", "the sum is not known");
	if (!line_is_known(j, hf_ct_case_text(c, "from")))
		return hf_fail(err, HF_INVALID, "from",
			       "the contract has no such line to take it from");
	acute.period = community.period =
	    period_of_day(hf_ct_case_text(c, "effective"));
	acute.document = community.document = hf_ct_case_text(c, "evidence");
	acute.line = hf_ct_case_text(c, "from");
	community.line = hf_ct_case_text(c, "to");
	set_legs(&acute, HF_SV("provider"), HF_SV("commissioner"), -moved);
	set_legs(&community, HF_SV("community"), HF_SV("commissioner"), moved);
	rc = hf_ct_book_post(db, &acute, change, at, err);
	return rc ? rc : hf_ct_book_post(db, &community, change, at, err);
}

/* The entries that are taken back: the one that is named and, of a transfer, both of
 * its lines: money does not go down here and stay up there. */
struct reversed {
	struct hf_ct_entry e[2];
	size_t n;
};

static enum hf_rc
read_reversed(struct hf_db *db, const struct job *j, int64_t id, struct hf_arena *arena,
	      struct reversed *out, struct hf_err *err)
{
	struct hf_ct_entry *all;
	const struct hf_ct_entry *found = NULL;
	size_t n;
	enum hf_rc rc = hf_ct_book_entries(db, j->step->contract, arena, &all, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (all[i].id == id)
			found = &all[i];
	if (rc == HF_OK && !found)
		rc = hf_fail(err, HF_NOT_FOUND, "reverses", "there is no such entry");
	for (size_t i = 0; rc == HF_OK && i < n && out->n < HF_COUNT(out->e); i++)
		if (&all[i] == found || (hf_sv_is(found->kind, "transfer") &&
					 hf_sv_is(all[i].kind, "transfer") &&
					 hf_sv_eq(all[i].source, found->source)))
			out->e[out->n++] = all[i];
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		for (size_t k = 0; k < out->n; k++)
			if (all[i].reverses == out->e[k].id)
				return hf_fail(err, HF_RULE, "reverses",
					       "the entry is taken back already");
	return rc;
}

static enum hf_rc
post_correction(struct hf_db *db, const struct job *j, const struct hf_ct_case *c,
		struct hf_ct_entry *e, int64_t change, hf_time at, struct hf_err *err)
{
	struct reversed was = {.n = 0};
	int64_t id;
	enum hf_rc rc = hf_ct_case_int(c, "reverses", &id)
			    ? read_reversed(db, j, id, c->arena, &was, err)
			    : hf_fail(err, HF_INVALID, "reverses",
				      "a correction names the entry it takes back");

	for (size_t i = 0; rc == HF_OK && i < was.n; i++) {
		e->reverses = was.e[i].id;
		e->line = was.e[i].line;
		e->n_legs = was.e[i].n_legs;
		for (size_t k = 0; k < was.e[i].n_legs; k++)
			e->legs[k] = (struct hf_ct_leg){was.e[i].legs[k].party,
							-was.e[i].legs[k].pence};
		rc = hf_ct_book_post(db, e, change, at, err);
	}
	return rc;
}

/* An accrual is taken back by itself in the next month. */
static enum hf_rc
post_accrual(struct hf_db *db, struct hf_ct_entry *e, int64_t change, hf_time at,
	     struct hf_err *err)
{
	struct hf_ct_entry back = *e;
	enum hf_rc rc = hf_ct_book_post(db, e, change, at, err);

	back.period = e->period % 100 == 12 ? e->period + 89 : e->period + 1;
	back.reverses = e->id;
	for (size_t i = 0; i < back.n_legs; i++)
		back.legs[i].pence = -back.legs[i].pence;
	return rc ? rc : hf_ct_book_post(db, &back, change, at, err);
}

static bool
source_is_known(const struct job *j, struct hf_sv id)
{
	const struct hf_ct_pool *p = hf_ct_library_pool(j->l, j->step->contract);

	for (size_t i = 0; p && i < p->n_sources; i++)
		if (hf_sv_eq(id, hf_sv_from(p->sources[i].id)))
			return true;
	return false;
}

/* Who receives and who gives, by kind: of a fund the fund is one of them. */
static enum hf_rc
legs_of(const struct job *j, const struct hf_ct_case *c, struct hf_ct_entry *e,
	hf_pence pence, struct hf_err *err)
{
	bool fund = hf_ct_library_pool(j->l, j->step->contract) != NULL;
	struct hf_sv party = hf_ct_case_text(c, "party"),
		     to = hf_ct_case_text(c, "toLine");
	const char *known = fund ? "nhs council" : "commissioner provider";

	if (hf_sv_is(e->kind, "virement")) { /* which way may_move() has looked at */
		set_legs(e, to, e->line, pence);
		return HF_OK;
	}
	if (!hf_sv_among(party, known))
		return hf_fail(err, HF_INVALID, "party", "the party is one of: %s",
			       known);
	if (!fund)
		set_legs(e, party,
			 hf_sv_is(party, "provider") ? HF_SV("commissioner")
						     : HF_SV("provider"),
			 pence);
	else if (hf_sv_is(e->kind, "contribution"))
		set_legs(e, HF_SV("fund"), party, pence);
	else
		set_legs(e, party, HF_SV("fund"), pence);
	return HF_OK;
}

/* A fund's books are of its year, and money goes one way; what is wrong is taken back.
 */
static enum hf_rc
check_fund(struct hf_db *db, const struct job *j, const struct hf_ct_case *c,
	   const struct hf_ct_entry *e, hf_pence pence, struct hf_err *err)
{
	const struct hf_ct_pool *p = hf_ct_library_pool(j->l, j->step->contract);
	int year = (int)(e->period / 100), month = (int)(e->period % 100);
	struct hf_ct_entry *all;
	size_t n;
	enum hf_rc rc;

	if (!p)
		return hf_sv_is(e->kind, "virement")
			   ? hf_fail(err, HF_INVALID, "kind",
				     "a virement is of a pooled fund")
			   : HF_OK;
	if ((month >= 4 ? year : year - 1) != p->fy)
		return hf_fail(err, HF_INVALID, "period",
			       "the month is not of the fund's year");
	if (hf_sv_among(e->kind, "contribution accrual") && pence <= 0)
		return hf_fail(err, HF_INVALID, "pence",
			       "it is more than nothing: what is wrong is taken back "
			       "by a correction");
	if (!hf_sv_is(e->kind, "virement"))
		return HF_OK;
	rc = hf_ct_book_entries(db, j->step->contract, c->arena, &all, &n, err);
	return rc ? rc
		  : hf_ct_fund_may_move(p, all, n, e->line,
					hf_ct_case_text(c, "toLine"), pence, err);
}

static enum hf_rc
post_entry(struct hf_db *db, const struct job *j, const struct hf_ct_case *c,
	   int64_t change, hf_time at, struct hf_err *err)
{
	struct hf_ct_entry e = entry_of(j, c, "");
	hf_pence pence = 0;
	enum hf_rc rc;

	e.kind = hf_ct_case_text(c, "kind");
	e.line = hf_ct_case_text(c, "line");
	if (!hf_ct_case_int(c, "period", &e.period) ||
	    !hf_ct_case_int(c, "pence", &pence) || e.period % 100 < 1 ||
	    e.period % 100 > 12 || e.period < 200001 || e.period > 209912)
		return hf_fail(err, HF_INVALID, "period",
			       "a month as 202004 and a sum are needed");
	if (hf_sv_is(e.kind, "correction"))
		return post_correction(db, j, c, &e, change, at, err);
	if (hf_sv_is(e.kind, "contribution") ? !source_is_known(j, e.line)
					     : !line_is_known(j, e.line))
		return hf_fail(err, HF_INVALID, "line", "there is no such line");
	rc = check_fund(db, j, c, &e, pence, err);
	if (rc == HF_OK)
		rc = legs_of(j, c, &e, pence, err);
	if (rc)
		return rc;
	return hf_sv_is(e.kind, "accrual") ? post_accrual(db, &e, change, at, err)
					   : hf_ct_book_post(db, &e, change, at, err);
}

static enum hf_rc
post(struct hf_db *db, const struct job *j, const struct hf_ct_case *c,
     const struct hf_pw_effects *effects, int64_t change, hf_time at,
     struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < effects->n; i++) {
		if (effects->items[i].kind != HF_PW_ACTION)
			continue;
		if (strcmp(effects->items[i].what, "record:transfer") == 0)
			rc = post_transfer(db, j, c, change, at, err);
		else if (strcmp(effects->items[i].what, "record:entry") == 0)
			rc = post_entry(db, j, c, change, at, err);
	}
	return rc;
}

/* ---- a step ---- */

static enum hf_rc
keep(struct hf_db *db, const struct job *j, const struct hf_ct_event *e, int64_t change,
     struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_CONTRACT_EVENT_ADD,
			  HF_ARGS(HF_TEXT(j->step->subject), HF_INT(e->seq),
				  HF_TEXT(j->step->contract), HF_CT_TEXT(e->key),
				  HF_CT_TEXT(e->event), HF_CT_TEXT(e->by),
				  HF_CT_TEXT(e->role), HF_CT_TEXT(e->org),
				  HF_INT(e->party), HF_INT(e->signatory), HF_INT(e->at),
				  HF_CT_TEXT(e->reason), HF_CT_TEXT(e->facts),
				  HF_CT_TEXT(e->from), HF_CT_TEXT(e->to),
				  HF_TEXT(hf_sv_from(e->hash)), HF_INT(change)),
			  NULL, err);
}

/* The same key again is the same event, or a mistake. */
static enum hf_rc
seen_before(const struct job *j, const struct hf_ct_event *events, size_t n,
	    struct hf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct hf_ct_event *e = &events[i];

		if (!hf_sv_eq(e->key, j->step->key))
			continue;
		if (!hf_sv_eq(e->event, j->step->event) ||
		    !hf_sv_eq(e->by, j->by->user))
			return hf_fail(err, HF_EXISTS, "key",
				       "this key was used for something else");
		j->step->again = true;
		j->step->seq = e->seq;
	}
	return HF_OK;
}

static enum hf_rc
take_step(struct hf_db *db, const struct job *j, struct hf_arena *arena, int64_t change,
	  hf_time at, struct hf_err *err)
{
	static const struct hf_ct_event none;
	struct hf_ct_step *s = j->step;
	struct hf_pw_effects effects;
	struct hf_ct_event *events, e = none;
	struct hf_ct_case c;
	struct hf_sv contract;
	size_t n;
	enum hf_rc rc =
	    load(db, j->l, s->kind, s->subject, arena, &c, &contract, &events, &n, err);

	if (rc == HF_OK && n > 0 && !hf_sv_eq(contract, s->contract))
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "there is no such case");
	if (rc == HF_OK)
		rc = seen_before(j, events, n, err);
	if (rc || s->again) {
		if (rc == HF_OK)
			s->state = hf_sv_from(hf_ct_case_state(&c));
		return rc;
	}
	if (n == HF_CT_EVENTS)
		return hf_fail(err, HF_RULE, NULL, "the case has too many events");
	c.both_above = both_above(j->l, s->contract);
	e = (struct hf_ct_event){.key = s->key,
				 .event = s->event,
				 .by = j->by->user,
				 .role = j->by->role,
				 .org = j->by->org,
				 .party = j->by->party,
				 .signatory = j->by->signatory,
				 .at =
				     n && events[n - 1].at > at ? events[n - 1].at : at,
				 .reason = s->reason,
				 .facts = s->facts};
	rc = hf_ct_case_apply(&c, &e, &effects, err);
	if (rc == HF_OK)
		rc = keep(db, j, &e, change, err);
	if (rc == HF_OK)
		rc = post(db, j, &c, &effects, change, at, err);
	s->seq = e.seq;
	s->state = hf_sv_from(hf_ct_case_state(&c));
	return rc;
}

static enum hf_rc
write_step(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct job *j = ctx;
	struct hf_arena arena = {.cap = 32 << 20};
	enum hf_rc rc = hf_ct_book_role(db, j->by, at, err);

	j->step->again = false;
	if (rc == HF_OK)
		rc = take_step(db, j, &arena, change, at, err);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_ct_book_step(struct hf_store *store, const struct hf_ct_by *by,
		const struct hf_ct_library *l, struct hf_ct_step *step,
		struct hf_err *err)
{
	struct job j = {by, l, step};

	return hf_store_desk(store,
			     &(struct hf_desk_job){.actor = by->user,
						   .purpose = by->purpose,
						   .trace = by->trace,
						   .what = step->subject,
						   .write = write_step,
						   .ctx = &j,
						   .apart = true},
			     err);
}

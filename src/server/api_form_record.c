/* api_form_record.c - a form that was filled in for a person, as one change: the
 * response, the observation of its score, the tasks it raises. */
#include "hub/io/caseload.h"
#include "record/io/change.h"
#include "server/api_hub.h"
#include "server/api_limits.h"
#include "server/form_write.h"
#include "server/serve.h"

void hf_api_form_record(struct hf_call *call);

enum { TASKS = 8, WAITING = 8 };

struct recording {
	const struct hf_qn *form;
	struct hf_form_who who;
	struct hf_filled filled;
	struct hf_issues issues;
	struct hf_json docs[2 + TASKS];
	struct hf_change_item items[2 + TASKS];
	const struct hf_score_raise *raises[TASKS];
	size_t n_tasks;
	bool observed;
	struct hf_change change;
	struct hf_hub_work *works[WAITING]; /* pathways that waited for it */
	size_t n_works, n_not;		    /* not: they could not be told */
};

/* The person's age in whole years in London; below 0 when it is not known. */
static int
age_at(const struct hf_json *patient, hf_time at, struct hf_arena *arena)
{
	struct hf_sv born =
	    hf_json_str(patient, hf_json_member(patient, 0, "birthDate"), arena);
	struct hf_date date;

	if (!hf_date_parse(born, false, &date) || date.precision < HF_PREC_DAY)
		return -1;
	return hf_age_years(hf_london_day(date.lo), hf_london_day(at));
}

/* Nobody records for a person whom they may not see. */
static enum hf_rc
read_person(struct hf_call *c, hf_time at, int *age, struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc =
	    hf_store_read(c->reader, HF_SV("Patient"), c->arg[0], 0, c->arena, &v, err);

	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, c->arena, &doc, err);
	if (rc)
		return rc;
	hf_call_saw(c, v.e.rid);
	*age = age_at(&doc, at, c->arena);
	return HF_OK;
}

/* ---- the change ---- */

static enum hf_rc
add(struct recording *x, struct hf_call *c, const char *type, const char *url,
    struct hf_buf *b, struct hf_err *err)
{
	size_t at = x->change.n;
	struct hf_sv text =
	    b->failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(c->arena, hf_buf_view(b));
	enum hf_rc rc = text.p ? hf_json_parse(text, NULL, c->arena, &x->docs[at], err)
			       : hf_fail(err, HF_TOO_LONG, NULL, "no memory for it");

	if (rc)
		return rc;
	x->items[at] =
	    (struct hf_change_item){.op = HF_OP_CREATE,
				    .type = hf_resource_find(hf_sv_from(type)),
				    .doc = &x->docs[at],
				    .full_url = hf_sv_from(url)};
	x->change.n++;
	return HF_OK;
}

static enum hf_rc
add_score(struct recording *x, struct hf_call *c, struct hf_err *err)
{
	const struct hf_filled *f = &x->filled;
	struct hf_buf b = {.cap = 256 * 1024};
	struct hf_jw w = {.out = &b};
	enum hf_rc rc;

	hf_form_build_observation(&w, f, &x->who, c->arena);
	rc = add(x, c, "Observation", HF_FORM_OBSERVATION, &b, err);
	x->observed = rc == HF_OK;
	for (size_t i = 0; rc == HF_OK && f->scored && i < f->score->n_raises; i++) {
		const struct hf_score_raise *raise = &f->score->raises[i];

		if (!(f->result.raised & (uint64_t)1 << i) || !*raise->task ||
		    x->n_tasks == TASKS)
			continue;
		b.n = 0;
		w = (struct hf_jw){.out = &b};
		hf_form_build_task(&w, raise, &x->who);
		rc = add(x, c, "Task", "", &b, err);
		x->raises[x->n_tasks++] = raise;
	}
	hf_buf_free(&b);
	return rc;
}

static enum hf_rc
make_change(struct recording *x, struct hf_call *c, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	x->items[0] = (struct hf_change_item){
	    .op = HF_OP_CREATE,
	    .type = hf_resource_find(HF_SV("QuestionnaireResponse")),
	    .doc = &x->docs[0],
	    .full_url = HF_SV(HF_FORM_RESPONSE)};
	x->change = (struct hf_change){.arena = c->arena,
				       .actor = c->actor->id,
				       .purpose = c->actor->purpose,
				       .source = HF_SV("form"),
				       .trace = hf_call_trace(c),
				       .base = c->base,
				       .items = x->items,
				       .n = 1,
				       .issues = &x->issues};
	if (x->filled.score)
		rc = add_score(x, c, err);
	if (rc == HF_OK)
		rc = hf_change_prepare(c->store, c->reader, &x->change, err);
	if (rc && x->issues.n)
		return hf_fail(err, rc, NULL, "%.*s",
			       HF_SV_ARG(x->issues.items[0].text));
	return rc;
}

/* ---- answers ---- */

static void
write_ref(struct hf_call *c, struct hf_jw *w, const struct hf_change_item *item)
{
	hf_jw_str(w, hf_arena_printf(c->arena, "%s/%.*s", hf_type_get(item->type)->name,
				     HF_SV_ARG(item->out_id)));
}

static void
answer(struct hf_call *c)
{
	struct recording *x = c->state;
	struct hf_jw w;

	for (size_t i = 0; i < x->n_works; i++) {
		hf_caseload_done(c->server->caseload, x->works[i]);
		x->n_not += x->works[i]->change.rc != HF_OK;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "response");
	write_ref(c, &w, &x->items[0]);
	if (x->observed) {
		hf_jw_member(&w, "observation");
		write_ref(c, &w, &x->items[1]);
	}
	hf_jw_member(&w, "tasks");
	hf_jw_arr(&w);
	for (size_t i = 0; i < x->n_tasks; i++) {
		hf_jw_obj(&w);
		hf_jw_member(&w, "ref");
		write_ref(c, &w, &x->items[2 + i]);
		hf_jw_field(&w, "title", hf_sv_from(x->raises[i]->title));
		hf_jw_field(&w, "role", hf_sv_from(x->raises[i]->role));
		hf_write_time(&w, "due", hf_form_end_of_day(c->now));
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_number(&w, "pathways", (int64_t)(x->n_works - x->n_not));
	/* The form stands; the task waits for somebody to say that it is done. */
	if (x->n_not)
		hf_api_number(&w, "pathwaysNotTold", (int64_t)x->n_not);
	hf_form_write_score(c, &w, &x->filled);
	hf_form_end(c, 201);
}

static bool
waits_for(const struct hf_case_row *row, const char *form)
{
	for (size_t i = 0; i < row->n_parts; i++)
		for (size_t k = 0;
		     row->parts[i].task && k < row->parts[i].task->n_forms; k++)
			if (strcmp(row->parts[i].task->forms[k], form) == 0)
				return true;
	return false;
}

/* Pathways of the person whose tasks ask for this form. */
static void
tell_pathways(struct recording *x, struct hf_call *c)
{
	struct hf_caseload *cl = c->server->caseload;
	struct hf_hub_actor who = hf_api_hub_actor(c);
	struct hf_case_row *rows;
	size_t n = 0;

	if (hf_caseload_person(cl, c->reader, c->arg[0], c->arena, &rows, &n, NULL) !=
	    HF_OK)
		return;
	for (size_t i = 0; i < n && x->n_works < WAITING; i++) {
		struct hf_case_move m = {
		    .id = rows[i].id,
		    .event = HF_SV(HF_CASE_FORM),
		    .at = c->now,
		    .facts =
			hf_arena_printf(c->arena,
					"{\"form\":\"%s\",\"response\":"
					"\"QuestionnaireResponse/%.*s\"}",
					x->form->id, HF_SV_ARG(x->items[0].out_id)),
		};

		if (!waits_for(&rows[i], x->form->id))
			continue;
		if (hf_caseload_move(cl, c->reader, &who, &m, c->arena,
				     &x->works[x->n_works], NULL) == HF_OK)
			x->n_works++;
		else
			x->n_not++;
	}
}

static void
recorded(struct hf_call *c, struct hf_change *change)
{
	struct recording *x = c->state;
	struct hf_call_many *many;

	if (change->rc != HF_OK) {
		hf_api_fail(c, &change->err);
		return;
	}
	tell_pathways(x, c);
	many = x->n_works ? hf_call_many_begin(c, answer) : NULL;
	if (!many) {
		answer(c);
		return;
	}
	for (size_t i = 0; i < x->n_works; i++)
		hf_call_many_add(many, &x->works[i]->change);
	hf_call_many_end(many);
}

/* 422 with all that is wrong, by place. */
static void
answer_findings(struct hf_call *c, const struct recording *x)
{
	struct hf_jw w;

	hf_api_begin(c, &w);
	hf_jw_member(&w, "error");
	hf_jw_obj(&w);
	hf_jw_field(&w, "code", HF_SV("business-rule"));
	hf_jw_field(&w, "text",
		    HF_SV("The form was not recorded: some answers are missing or "
			  "cannot be so."));
	hf_jw_obj_end(&w);
	hf_form_write_findings(&w, &x->issues);
	hf_form_write_score(c, &w, &x->filled);
	hf_form_end(c, 422);
}

static enum hf_rc
fill(struct recording *x, struct hf_call *c, struct hf_err *err)
{
	struct hf_form_sent sent;
	struct hf_qn_asked asked = {.whole = true, .now = c->now};
	enum hf_rc rc =
	    hf_form_read(c, x->form, "item at confirmed version", &sent, err);

	if (rc == HF_OK)
		rc = read_person(c, sent.at, &asked.age, err);
	if (rc)
		return rc;
	x->who =
	    (struct hf_form_who){.patient = c->arg[0], .at = sent.at, .now = c->now};
	if (c->actor->who.p && hf_sv_find(c->actor->who, '/') < c->actor->who.n)
		x->who.who = c->actor->who;
	x->issues.arena = c->arena;
	rc = hf_form_fill(c, x->form, &sent, &x->who, &asked, &x->issues, &x->docs[0],
			  &x->filled, err);
	if (rc)
		return rc;
	hf_form_ask_again(c, &x->filled, &sent, &x->issues);
	if (x->filled.answers.n == 0 && x->issues.errors == 0)
		return hf_fail(err, HF_RULE, NULL, "nothing was answered");
	/* A score that does not hold for the person's age is not recorded at all; one
	 * whose tables are not here is, without a number. */
	if (x->filled.score && x->filled.score->scored && !x->filled.scored &&
	    x->filled.refused.rc == HF_RULE)
		return hf_fail(err, HF_RULE, NULL, "%s", x->filled.refused.text);
	return HF_OK;
}

void
hf_api_form_record(struct hf_call *c)
{
	struct recording *x = HF_NEW(c->arena, struct recording);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	if (!x) {
		hf_fail(&err, HF_TOO_LONG, NULL, "no memory for this form");
		hf_api_fail(c, &err);
		return;
	}
	x->form = hf_form_of(c, 1);
	if (!x->form)
		return;
	c->state = x;
	c->audit_type = hf_resource_find(HF_SV("Patient"));
	c->audit_id = c->arg[0];
	rc = fill(x, c, &err);
	if (rc == HF_OK && x->issues.errors) {
		answer_findings(c, x);
		return;
	}
	if (rc == HF_OK)
		rc = make_change(x, c, &err);
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_call_commit(c, &x->change, recorded);
}

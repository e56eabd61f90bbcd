/* api_case_person.c - the pathways of one person: those they are on or were, and those
 * that could begin, with what stands against it. */
#include "server/api_case.h"

#include "server/serve.h"

void hf_api_person_pathways(struct hf_call *call);

static bool
is_running(const struct hf_case_row *rows, size_t n, const struct hf_pathway *p)
{
	for (size_t i = 0; i < n; i++)
		if (!rows[i].ended && strcmp(rows[i].def->p->id, p->id) == 0)
			return true;
	return false;
}

static enum hf_rc
put_start(struct hf_call *call, struct hf_jw *w, const struct hf_case_def *def,
	  bool running, struct hf_err *err)
{
	const struct hf_pathway *p = def->p;
	struct hf_hub_actor who = hf_api_hub_actor(call);
	const char *bar = hf_caseload_bar(call->server->caseload, def, call->now);
	struct hf_case_fact facts[HF_PW_FACTS];
	const struct hf_pw_guard *guards[64];
	struct hf_pw_facts known;
	struct hf_sv all;
	size_t n = 0;
	int age, fits;
	bool has_role = hf_case_roles(p, &who) != 0;
	enum hf_rc rc =
	    hf_case_facts(call->server->caseload, call->reader, def, call->arg[0],
			  call->now, call->arena, facts, &age, err);

	if (rc == HF_OK)
		rc = hf_case_facts_make(def, facts, age, (struct hf_sv){0}, call->arena,
					&all, &known, err);
	if (rc)
		return rc;
	fits = hf_pw_fits(p, &known, call->arena);
	for (size_t i = 0; i < p->n_enter && n < HF_COUNT(guards); i++)
		guards[n++] = &p->enter[i];
	for (size_t i = 0; i < p->n_exclude && n < HF_COUNT(guards); i++)
		guards[n++] = &p->exclude[i];
	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_sv_from(p->id));
	hf_jw_field(w, "version", hf_sv_from(p->version));
	hf_jw_field(w, "title", hf_sv_from(p->title));
	hf_jw_field(w, "status", hf_sv_from(p->status));
	hf_jw_field(w, "fits",
		    fits > 0   ? HF_SV("yes")
		    : fits < 0 ? HF_SV("ask")
			       : HF_SV("no"));
	hf_jw_member(w, "allowed");
	hf_jw_bool(w, has_role && !bar && !running);
	if (running)
		hf_jw_field(w, "why", HF_SV("They are on it"));
	else if (bar)
		hf_jw_field(w, "why", hf_sv_from(bar));
	else if (!has_role)
		hf_jw_field(
		    w, "why",
		    hf_arena_printf(call->arena, "This is for: %s",
				    hf_next_roles(p, ~(hf_pw_set)0, call->arena)));
	else if (age >= 0 && (age < p->age_min || age > p->age_max))
		hf_jw_field(w, "why",
			    hf_arena_printf(call->arena, "It is for ages %d to %d",
					    p->age_min, p->age_max));
	hf_api_case_needs(w, def, guards, n, facts);
	hf_jw_obj_end(w);
	return HF_OK;
}

static void
put_rows(struct hf_call *call, struct hf_jw *w, const char *name,
	 const struct hf_case_row *rows, size_t n, bool ended)
{
	struct hf_hub_actor who = hf_api_hub_actor(call);

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		if (rows[i].open == !ended)
			hf_case_json_row(w, &rows[i],
					 hf_case_roles(rows[i].def->p, &who),
					 call->now);
	hf_jw_arr_end(w);
}

void
hf_api_person_pathways(struct hf_call *call)
{
	struct hf_caseload *cl = call->server->caseload;
	struct hf_case_row *rows;
	struct hf_entry who;
	struct hf_err err;
	struct hf_jw w;
	size_t n, n_defs;
	const struct hf_case_def *defs = hf_caseload_defs(cl, &n_defs);
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = call->arg[0];
	rc = hf_store_find(call->reader, call->audit_type, call->arg[0], &who, &err);
	if (rc == HF_OK) {
		hf_call_saw(call, who.rid);
		rc = hf_caseload_person(cl, call->reader, call->arg[0], call->arena,
					&rows, &n, &err);
	}
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	put_rows(call, &w, "running", rows, n, false);
	put_rows(call, &w, "ended", rows, n, true);
	hf_jw_member(&w, "start");
	hf_jw_arr(&w);
	for (size_t i = 0; rc == HF_OK && i < n_defs; i++)
		if (defs[i].newest)
			rc = put_start(call, &w, &defs[i],
				       is_running(rows, n, defs[i].p), &err);
	hf_jw_arr_end(&w);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
}

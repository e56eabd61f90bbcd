/* case_show.c - a case as JSON: what is known, who signed, what is due. */
#include "contract/io/oversight.h"

#include "access/io/account.h"

void
hf_ct_time(struct hf_jw *w, const char *name, hf_time at)
{
	char text[40];

	if (at == HF_TIME_MIN || at == HF_TIME_MAX)
		return;
	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

void
hf_ct_user_write(const struct hf_ct_shower *s, struct hf_jw *w, const char *name,
		 struct hf_sv user)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_ct_user_item(s, w, user);
}

void
hf_ct_user_item(const struct hf_ct_shower *s, struct hf_jw *w, struct hf_sv user)
{
	struct hf_sv id = user;
	struct hf_account account;
	struct hf_err err;

	hf_jw_obj(w);
	hf_jw_field(w, "id", user);
	hf_sv_cut(&id, '/');
	if (id.p && hf_account_get(s->db, id, s->arena, &account, &err) == HF_OK)
		hf_jw_field(w, "name", account.name);
	hf_jw_obj_end(w);
}

static void
put_facts(struct hf_jw *w, const struct hf_ct_case *k)
{
	hf_jw_member(w, "facts");
	hf_jw_obj(w);
	for (size_t f = 0; f < k->pathway->n_facts; f++) {
		const struct hf_pv *v = &k->facts.values[f];

		if (!(k->facts.known >> f & 1))
			continue;
		hf_jw_key(w, hf_sv_from(k->pathway->facts[f].id));
		if (v->kind == HF_PV_BOOL)
			hf_jw_bool(w, v->b);
		else if (v->kind == HF_PV_INT)
			hf_jw_int(w, v->i);
		else
			hf_jw_str(w, v->text);
	}
	hf_jw_obj_end(w);
}

static void
put_signed(const struct hf_ct_shower *s, struct hf_jw *w, const struct hf_ct_case *k)
{
	static const char *const of_contract[] = {"commissioner", "provider"};
	static const char *const of_fund[] = {"nhs", "council"};

	hf_jw_member(w, "signed");
	hf_jw_obj(w);
	for (int p = 0; p < HF_CT_PARTIES; p++) {
		if (k->signer[p].n == 0)
			continue;
		hf_jw_key(w, hf_sv_from(s->fund ? of_fund[p] : of_contract[p]));
		hf_jw_obj(w);
		hf_ct_user_write(s, w, "user", k->signer[p]);
		hf_ct_time(w, "at", k->signed_at[p]);
		hf_jw_obj_end(w);
	}
	hf_jw_obj_end(w);
}

static void
put_due(const struct hf_ct_shower *s, struct hf_jw *w, const struct hf_ct_case *k)
{
	static const char *const states[] = {"running", "paused", "met",
					     "late",	"ended",  "superseded"};
	struct hf_pw_instance in = k->in;
	struct hf_pw_effects effects;

	hf_pw_tick(k->pathway, &in, s->now, &effects);
	hf_jw_member(w, "due");
	hf_jw_arr(w);
	for (size_t i = 0; i < in.n_runs; i++) {
		const struct hf_pw_clock *clock = &k->pathway->clocks[in.runs[i].clock];

		hf_jw_obj(w);
		hf_ct_text(w, "clock", clock->id);
		hf_ct_text(w, "title", clock->title);
		hf_ct_time(w, "due", in.runs[i].due);
		hf_ct_text(w, "state",
			   in.runs[i].breached && in.runs[i].state == HF_RUN_RUNNING
			       ? "late"
			       : states[in.runs[i].state]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_ct_case_write(const struct hf_ct_shower *s, struct hf_jw *w, struct hf_sv subject,
		 const struct hf_ct_case *k)
{
	hf_pence released;

	hf_jw_field(w, "subject", subject);
	hf_ct_text(w, "kind", hf_ct_case_word(k->kind));
	hf_ct_text(w, "state", hf_ct_case_state(k));
	hf_ct_text(w, "stateTitle", k->pathway->states[k->in.state].title);
	hf_jw_member(w, "ended");
	hf_jw_bool(w, k->in.ended);
	hf_jw_field(w, "title", hf_ct_case_text(k, "title"));
	hf_ct_time(w, "opened", k->opened);
	hf_ct_user_write(s, w, "openedBy", k->opened_by);
	put_facts(w, k);
	put_signed(s, w, k);
	if (k->kind == HF_CT_TRANSFER && hf_ct_case_released(k, &released))
		hf_ct_int(w, "released", released);
	put_due(s, w, k);
}

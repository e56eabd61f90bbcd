/* register.c - the reinvestment register: every scheme with its evidence, what it may
 * release, what was moved and spent; and sums that balance with the ledger.
 * contract-and-governance.md 3.5. */
#include "contract/io/oversight.h"

enum { CASE_BYTES = 16 << 20, STATES = 8 };

struct sums {
	int64_t n[STATES];
	hf_pence released[STATES];
	hf_pence spent;
};

static const char *const states[STATES] = {"identified",  "evidenced", "agreed",
					   "transferred", "spent",     "evaluated",
					   "rejected",	  NULL};

static void
put_int_fact(struct hf_jw *w, const struct hf_ct_case *k, const char *fact)
{
	int64_t v;

	if (hf_ct_case_int(k, fact, &v))
		hf_ct_int(w, fact, v);
}

static void
put_text_fact(struct hf_jw *w, const struct hf_ct_case *k, const char *fact)
{
	struct hf_sv v = hf_ct_case_text(k, fact);

	if (v.p)
		hf_jw_kv(w, hf_sv_from(fact), v);
}

static void
put_line(const struct hf_ct_shower *s, struct hf_jw *w, struct hf_sv subject,
	 const struct hf_ct_case *k, struct sums *sums)
{
	static const char *const numbers[] = {
	    "baseline",	  "avoided",	 "avoidedLow",	  "avoidedHigh", "marginal",
	    "releasable", "blockChange", "communityCost", "spent"};
	static const char *const texts[] = {
	    "from",	    "to",	    "evidence",	    "evidenceMeasure",
	    "evidenceHash", "evidenceArea", "evidenceOver", "evidenceMethod",
	    "effective",    "finding"};
	hf_pence released = 0;
	int64_t cost, spent = 0;
	size_t state = 0;

	while (states[state] && strcmp(states[state], hf_ct_case_state(k)) != 0)
		state++;
	hf_jw_obj(w);
	hf_jw_field(w, "subject", subject);
	hf_jw_field(w, "title", hf_ct_case_text(k, "title"));
	hf_ct_text(w, "state", hf_ct_case_state(k));
	hf_ct_text(w, "stateTitle", k->pathway->states[k->in.state].title);
	for (size_t i = 0; i < HF_COUNT(texts); i++)
		put_text_fact(w, k, texts[i]);
	for (size_t i = 0; i < HF_COUNT(numbers); i++)
		put_int_fact(w, k, numbers[i]);
	if (hf_ct_case_released(k, &released)) {
		hf_ct_int(w, "released", released);
		if (hf_ct_case_int(k, "communityCost", &cost))
			hf_ct_int(w, "net", released - cost);
	}
	hf_jw_member(w, "signed");
	hf_jw_arr(w);
	for (int p = 0; p < HF_CT_PARTIES; p++)
		if (k->signer[p].n)
			hf_ct_user_item(s, w, k->signer[p]);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	sums->n[state]++;
	sums->released[state] += released;
	if (hf_ct_case_int(k, "spent", &spent))
		sums->spent += spent;
}

static enum hf_rc
put_lines(const struct hf_ct_shower *s, const struct hf_ct_library *l,
	  const struct hf_ct_terms *t, hf_time until, struct hf_jw *w,
	  struct sums *sums, struct hf_err *err)
{
	struct hf_sv *subjects;
	size_t n;
	enum hf_rc rc =
	    hf_ct_book_cases(s->db, hf_sv_from(t->id), s->arena, &subjects, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_arena arena = {.cap = CASE_BYTES};
		struct hf_sv rest = subjects[i], contract;
		struct hf_ct_event *events;
		struct hf_ct_case k;
		size_t n_events;

		if (hf_ct_case_find(hf_sv_cut(&rest, '/')) != HF_CT_TRANSFER)
			continue;
		rc = hf_ct_book_case_until(s->db, l, subjects[i], until, &arena, &k,
					   &contract, &events, &n_events, err);
		if (rc == HF_OK)
			put_line(s, w, subjects[i], &k, sums);
		else if (rc == HF_NOT_FOUND)
			rc = HF_OK;
		hf_arena_free(&arena);
	}
	return rc;
}

/* What the ledger says was moved: out of acute lines, into community ones. */
static enum hf_rc
put_posted(const struct hf_ct_shower *s, const struct hf_ct_terms *t, hf_time until,
	   struct hf_jw *w, struct hf_err *err)
{
	struct hf_ct_entry *e;
	hf_pence acute = 0, community = 0;
	size_t n;
	enum hf_rc rc =
	    hf_ct_book_entries(s->db, hf_sv_from(t->id), s->arena, &e, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		for (size_t k = 0; k < e[i].n_legs && e[i].at <= until; k++) {
			if (!hf_sv_is(e[i].kind, "transfer"))
				continue;
			if (hf_sv_is(e[i].legs[k].party, "provider"))
				acute += e[i].legs[k].pence;
			else if (hf_sv_is(e[i].legs[k].party, "community"))
				community += e[i].legs[k].pence;
		}
	hf_ct_int(w, "acute", acute);
	hf_ct_int(w, "community", community);
	hf_ct_int(w, "sum", acute + community);
	return rc;
}

enum hf_rc
hf_ct_register_write(const struct hf_ct_shower *s, const struct hf_ct_library *l,
		     const struct hf_ct_terms *t, hf_time until, struct hf_jw *w,
		     struct hf_err *err)
{
	struct sums sums = {0};
	enum hf_rc rc;

	hf_jw_member(w, "register");
	hf_jw_obj(w);
	hf_jw_member(w, "lines");
	hf_jw_arr(w);
	rc = put_lines(s, l, t, until, w, &sums, err);
	hf_jw_arr_end(w);
	hf_jw_member(w, "states");
	hf_jw_arr(w);
	for (size_t i = 0; states[i]; i++) {
		hf_jw_obj(w);
		hf_ct_text(w, "state", states[i]);
		hf_ct_int(w, "schemes", sums.n[i]);
		hf_ct_int(w, "released", sums.released[i]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_ct_int(w, "spent", sums.spent);
	if (rc == HF_OK)
		rc = put_posted(s, t, until, w, err);
	hf_jw_obj_end(w);
	return rc;
}

/* api_contract_pool.c - pooled funds of health and council, as the ledger has them now.
 */
#include "record/io/desk.h"
#include "server/contract.h"

void hf_api_contract_pool(struct hf_call *call);

static const char *const fund_words[] = {"nhs", "council"};

static bool
put_pool_line(struct hf_jw *w, const struct hf_ct_pool *p, size_t at,
	      const struct hf_ct_entry *e, size_t n)
{
	const struct hf_ct_pool_line *l = &p->lines[at];
	struct hf_ct_pool_now now;
	char text[HF_MONEY_TEXT];
	hf_pence moved;

	if (!hf_ct_fund_line(p, e, n, at, &now, &moved))
		return false;
	hf_jw_obj(w);
	hf_ct_text(w, "id", l->id);
	hf_ct_text(w, "title", l->title);
	hf_ct_text(w, "lead", fund_words[l->lead]);
	if (*l->ring)
		hf_ct_text(w, "ringFence", l->ring);
	hf_jw_member(w, "split");
	hf_jw_obj(w);
	for (int i = 0; i < HF_CT_PARTIES; i++) {
		hf_jw_key(w, hf_sv_from(fund_words[i]));
		hf_jw_raw(
		    w, hf_sv_from(hf_rate_text(l->split[i] * 100, text, sizeof text)));
	}
	hf_jw_obj_end(w);
	hf_ct_int(w, "budget", now.budget);
	hf_ct_int(w, "virements", moved);
	hf_ct_int(w, "actual", now.actual);
	hf_ct_int(w, "accrued", now.accrued);
	hf_ct_int(w, "remaining", now.remaining);
	hf_ct_int(w, "outturn", now.outturn);
	hf_ct_int(w, "differs", now.differs);
	hf_jw_member(w, "share");
	hf_jw_obj(w);
	for (int i = 0; i < HF_CT_PARTIES; i++)
		hf_ct_int(w, fund_words[i], now.share[i]);
	hf_jw_obj_end(w);
	hf_ct_int(w, "leadAlone", now.lead);
	hf_ct_int(w, "repaid", now.repaid);
	hf_jw_obj_end(w);
	return true;
}

static bool
put_sources(struct hf_jw *w, const struct hf_ct_pool *p, const struct hf_ct_entry *e,
	    size_t n)
{
	bool good = true;

	hf_jw_member(w, "sources");
	hf_jw_arr(w);
	for (size_t i = 0; i < p->n_sources; i++) {
		const struct hf_ct_source *s = &p->sources[i];
		hf_pence received = 0;

		good &= hf_ct_fund_received(e, n, s->id, &received);
		hf_jw_obj(w);
		hf_ct_text(w, "id", s->id);
		hf_ct_text(w, "title", s->title);
		hf_ct_text(w, "party", fund_words[s->party]);
		hf_ct_int(w, "pence", s->pence);
		hf_ct_int(w, "received", received);
		if (*s->ring)
			hf_ct_text(w, "ringFence", s->ring);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	return good;
}

static void
put_pool_heading(struct hf_jw *w, const struct hf_contract_ask *a)
{
	const struct hf_ct_pool *p = a->pool;
	char text[HF_MONEY_TEXT];

	hf_ct_text(w, "id", p->id);
	hf_ct_text(w, "title", p->title);
	hf_ct_text(w, "year", hf_fy_text(p->fy, text, sizeof text));
	hf_ct_text(w, "summary", p->summary);
	hf_api_flag(w, "demonstration", p->demonstration);
	hf_ct_text(w, "host", p->host);
	hf_jw_member(w, "parties");
	hf_jw_obj(w);
	for (int i = 0; i < HF_CT_PARTIES; i++)
		hf_ct_text(w, fund_words[i], p->parties[i].name);
	hf_jw_obj_end(w);
	hf_ct_text(w, "party", fund_words[a->by.party]);
	hf_api_flag(w, "signer", a->by.signatory);
	hf_ct_int(w, "total", p->total);
	hf_ct_int(w, "unallocated", p->unallocated);
	hf_ct_int(w, "virementThreshold", p->virement);
}

void
hf_api_contract_pool(struct hf_call *c)
{
	struct hf_contract_ask a;
	struct hf_ct_entry *e;
	struct hf_err err;
	struct hf_jw w;
	bool good = true;
	size_t n;
	enum hf_rc rc;

	if (!hf_api_no_params(c) || !hf_contract_begin(c, &a))
		return;
	rc = a.pool ? hf_ct_book_entries(hf_reader_db(c->reader), a.id, c->arena, &e,
					 &n, &err)
		    : hf_fail(&err, HF_NOT_FOUND, NULL, "there is no such fund");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	put_pool_heading(&w, &a);
	good = put_sources(&w, a.pool, e, n);
	hf_jw_member(&w, "lines");
	hf_jw_arr(&w);
	for (size_t i = 0; i < a.pool->n_lines; i++)
		good &= put_pool_line(&w, a.pool, i, e, n);
	hf_jw_arr_end(&w);
	if (!good) {
		hf_fail(&err, HF_RULE, "lines", "a sum does not fit in 64 bits");
		hf_api_fail(c, &err);
	} else {
		hf_api_end(c);
	}
}

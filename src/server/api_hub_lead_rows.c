/* api_hub_lead_rows.c - which referrals are behind a figure. */
#include "server/api_hub_lead.h"

#include <stdlib.h>

#include "record/person_text.h"
#include "server/serve.h"

void hf_api_hub_lead_rows(struct hf_call *call);

enum { ROWS_SHOWN = 200 };

/* ---- members ---- */

void
hf_lead_put_number(struct hf_jw *w, const char *name, int64_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, n);
}

void
hf_lead_put_span(struct hf_jw *w, const char *name, int64_t ms)
{
	if (ms >= 0)
		hf_lead_put_number(w, name, ms);
}

void
hf_lead_put_time(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	if (t)
		hf_jw_kv(w, hf_sv_from(name),
			 hf_sv_from(hf_time_format(t, text, sizeof text)));
}

struct hf_sv
hf_lead_locality(const struct hf_lead_look *l, struct hf_sv id)
{
	for (size_t i = 0; i < l->n_localities; i++)
		if (hf_sv_eq(l->localities[i].id, id))
			return l->localities[i].name;
	return (struct hf_sv){NULL, 0};
}

/* ---- a referral, as far as the caller may see whose it is ---- */

static void
put_person(struct hf_lead_look *l, hf_rid task)
{
	struct hf_call *c = l->call;
	struct hf_arena *a = c->arena;
	struct hf_version v;
	struct hf_json doc;
	uint32_t name;

	if (hf_store_read_rid(c->reader, HF_RID_MIN(HF_RID_SHELF(task)), 0, a, &v,
			      NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, a, &doc, NULL) != HF_OK)
		return;
	hf_call_saw(c, v.e.rid);
	name = hf_name_best(&doc, hf_json_member(&doc, 0, "name"));
	hf_jw_field(&l->w, "name",
		    name == HF_JSON_NONE ? HF_SV("Unknown person")
					 : hf_name_words(&doc, name, false, a));
	hf_api_text(&l->w, "born", hf_dig_text(&doc, 0, "birthDate", a));
}

void
hf_lead_put_row(struct hf_lead_look *l, size_t i)
{
	const struct hf_lead_referral *r = &l->list.items[i];
	struct hf_entry entry;
	struct hf_jw *w = &l->w;
	int state = hf_pw_state(l->p, r->state);
	bool seen = hf_store_find(l->call->reader, hf_resource_find(HF_SV("Task")),
				  r->id, &entry, NULL) == HF_OK;

	hf_jw_obj(w);
	if (seen) {
		hf_jw_field(w, "id", r->id);
		put_person(l, l->list.rids[i]);
	}
	hf_api_text(w, "locality", hf_lead_locality(l, r->locality));
	hf_api_text(w, "urgency", r->urgency);
	hf_api_text(w, "asked", r->asked);
	hf_jw_field(w, "stateText",
		    state >= 0 ? hf_sv_from(l->p->states[state].title) : r->state);
	hf_jw_member(w, "open");
	hf_jw_bool(w, r->open);
	hf_lead_put_time(w, "received", r->received);
	hf_lead_put_time(w, "triaged", r->c3.stopped);
	hf_lead_put_time(w, "contact", r->contact);
	if (r->c1.began)
		hf_lead_put_time(w, "due", r->c1.due);
	hf_jw_obj_end(w);
}

/* ---- who may ask ---- */

enum hf_rc
hf_lead_look(struct hf_lead_look *l, struct hf_call *call, struct hf_arena *all,
	     struct hf_err *err)
{
	struct hf_server *s = call->server;

	*l = (struct hf_lead_look){.call = call, .p = hf_hub_pathway(s->hub)};
	if (!hf_api_hub_staff(call))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "these figures are for those who work at the hub");
	l->localities = hf_hub_localities(s->hub, &l->n_localities);
	return hf_hub_lead_all(s->lead, s->hub, call->now, all, &l->list, err);
}

/* ---- GET /api/hub/lead/rows ---- */

static enum hf_rc
read_hour(struct hf_call *call, hf_time *out, struct hf_err *err)
{
	struct hf_sv text = hf_call_take_param(call, HF_SV("hour"));
	struct hf_date at;

	*out = 0;
	if (text.n == 0)
		return HF_OK;
	if (!hf_date_parse(text, false, &at) || at.lo != hf_lead_hour(at.lo))
		return hf_fail(err, HF_INVALID, "hour",
			       "expected the start of an hour");
	*out = at.lo;
	return HF_OK;
}

static enum hf_rc
read_month(struct hf_call *call, bool needed, struct hf_lead_ask *out,
	   struct hf_err *err)
{
	struct hf_sv text = hf_call_take_param(call, HF_SV("month"));
	struct hf_date at;
	struct hf_civil c;

	if (!needed && text.n == 0)
		return HF_OK;
	if (!hf_date_parse(text, false, &at) || at.precision != HF_PREC_MONTH)
		return hf_fail(err, HF_INVALID, "month", "expected a month, YYYY-MM");
	c = hf_london_civil(at.lo + 12 * 3600000);
	out->year = c.year;
	out->month = c.month;
	return HF_OK;
}

static enum hf_rc
read_exit(struct hf_call *call, struct hf_lead_ask *out, struct hf_err *err)
{
	struct hf_sv code = hf_call_take_param(call, HF_SV("exit"));

	for (enum hf_lead_exit e = HF_EXIT_NONE; e < HF_EXITS; e++)
		if (hf_sv_eq(code, hf_sv_from(hf_lead_exit_code(e)))) {
			out->exit = e;
			return HF_OK;
		}
	return hf_fail(err, HF_INVALID, "exit", "there is no such way to end");
}

static enum hf_rc
read_ask(struct hf_call *call, struct hf_lead_ask *out, struct hf_err *err)
{
	struct hf_sv figure = hf_call_take_param(call, HF_SV("figure"));
	struct hf_sv urgent = hf_call_take_param(call, HF_SV("urgent"));
	struct hf_sv locality = hf_call_take_param(call, HF_SV("locality"));
	int found = hf_lead_figure_find(figure);
	enum hf_rc rc;

	if (found < 0)
		return hf_fail(err, HF_INVALID, "figure", "there is no such figure");
	if (urgent.n && !hf_sv_is(urgent, "true") && !hf_sv_is(urgent, "false"))
		return hf_fail(err, HF_INVALID, "urgent", "expected true or false");
	*out = (struct hf_lead_ask){
	    .figure = (enum hf_lead_figure)found,
	    .urgent = hf_sv_is(urgent, "true"),
	    .any = !locality.p,
	    .locality = locality,
	    .service = hf_call_take_param(call, HF_SV("service")),
	    .urgency = hf_call_take_param(call, HF_SV("urgency")),
	};
	rc = read_hour(call, &out->hour, err);
	if (rc == HF_OK)
		rc = read_month(call,
				found >= HF_LEAD_SCOPE && found <= HF_LEAD_ALL_CONTACTS,
				out, err);
	return rc ? rc : read_exit(call, out, err);
}

struct found {
	size_t i;
	hf_time received;
};

static int
newest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->received != y->received)
		return x->received > y->received ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static enum hf_rc
put_all(struct hf_lead_look *l, const struct hf_lead_ask *ask, struct hf_arena *all,
	struct hf_err *err)
{
	struct found *found = hf_arena_array(all, l->list.n + 1, sizeof *found);
	size_t n = 0;

	if (!found)
		return hf_fail(err, HF_TOO_LONG, NULL, "there are too many referrals");
	for (size_t i = 0; i < l->list.n; i++)
		if (hf_lead_is(&l->list.items[i], ask, l->call->now))
			found[n++] = (struct found){i, l->list.items[i].received};
	if (n)
		qsort(found, n, sizeof *found, newest_first);
	hf_api_begin(l->call, &l->w);
	hf_lead_put_time(&l->w, "at", l->call->now);
	hf_lead_put_number(&l->w, "n", (int64_t)n);
	hf_jw_member(&l->w, "rows");
	hf_jw_arr(&l->w);
	for (size_t i = 0; i < n && i < ROWS_SHOWN; i++)
		hf_lead_put_row(l, found[i].i);
	hf_jw_arr_end(&l->w);
	l->call->audit_hits = (int64_t)(n < ROWS_SHOWN ? n : ROWS_SHOWN);
	return HF_OK;
}

void
hf_api_hub_lead_rows(struct hf_call *call)
{
	struct hf_arena all = {.cap = 1U << 30};
	struct hf_lead_ask ask;
	struct hf_lead_look l;
	struct hf_err err;
	enum hf_rc rc = read_ask(call, &ask, &err);

	call->audit_type = hf_resource_find(HF_SV("Task"));
	if (rc == HF_OK && !hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = hf_lead_look(&l, call, &all, &err);
	if (rc == HF_OK)
		rc = put_all(&l, &ask, &all, &err);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_api_end(call);
	hf_arena_free(&all);
}

/* fhir_everything.c - Patient/[id]/$everything: one person's whole record. */
#include "server/fhir.h"
#include "server/limits.h"

void hf_fhir_everything(struct hf_call *call);

enum { TYPES_MAX = 160 };

struct question {
	struct hf_everything q;
	hf_type_id types[TYPES_MAX];
};

/* _type=Condition,Observation; may stand more than once. */
static enum hf_rc
parse_types(struct hf_sv value, struct question *out, struct hf_err *err)
{
	while (value.n) {
		struct hf_sv name = hf_sv_cut(&value, ',');
		hf_type_id type = hf_resource_find(name);

		if (!type || out->q.n_types == TYPES_MAX)
			return hf_fail(err, HF_INVALID, NULL,
				       "_type names resource types of FHIR R4, with "
				       "commas between");
		out->types[out->q.n_types++] = type;
	}
	return HF_OK;
}

static enum hf_rc
parse_param(struct hf_call *c, const struct hf_param *p, struct question *out,
	    struct hf_err *err)
{
	bool start = hf_sv_is(p->name, "start"), end = hf_sv_is(p->name, "end");
	struct hf_date date;

	if (hf_sv_is(p->name, "_type"))
		return parse_types(p->value, out, err);
	if (!start && !end && !hf_sv_is(p->name, "_since")) {
		if (c->prefer.lenient)
			return HF_OK;
		return hf_fail(
		    err, HF_INVALID, NULL,
		    "$everything takes _since, _type, start and end; %.*s is "
		    "not known to it",
		    (int)(p->name.n > 64 ? 64 : p->name.n), p->name.p);
	}
	if (!hf_date_parse(p->value, true, &date))
		return hf_fail(err, HF_INVALID, NULL, "%s is a date",
			       start ? "start"
			       : end ? "end"
				     : "_since");
	if (start)
		out->q.start = date.lo;
	else if (end)
		out->q.end = date.hi;
	else
		out->q.since = date.lo;
	return HF_OK;
}

static enum hf_rc
parse(struct hf_call *c, struct question *out, struct hf_err *err)
{
	struct hf_entry entry;
	enum hf_rc rc = HF_OK;

	out->q = (struct hf_everything){
	    .since = HF_TIME_MIN,
	    .start = HF_TIME_MIN,
	    .end = HF_TIME_MAX,
	};
	for (size_t i = 0; i < c->n_params && rc == HF_OK; i++)
		rc = parse_param(c, &c->params[i], out, err);
	if (rc == HF_OK)
		rc = hf_store_find(c->reader, hf_resource_find(HF_SV("Patient")),
				   c->arg[0], &entry, err);
	if (rc)
		return rc;
	out->q.patient = entry.rid;
	out->q.types = out->q.n_types ? out->types : NULL;
	return HF_OK;
}

struct writing {
	struct hf_call *call;
	struct hf_jw w;
	int64_t n;
};

static bool
put(void *ctx, const struct hf_version *v)
{
	struct writing *to = ctx;

	if (to->n++ == 0) {
		hf_jw_member(&to->w, "entry");
		hf_jw_arr(&to->w);
	}
	hf_call_saw(to->call, v->e.rid);
	hf_jw_obj(&to->w);
	hf_fhir_entry_resource(&to->w, to->call->base, v->e.type, v->id, v->body);
	hf_jw_raw(&to->w, HF_SV("\"search\":{\"mode\":\"match\"}"));
	hf_jw_obj_end(&to->w);
	return !to->w.out->failed;
}

void
hf_fhir_everything(struct hf_call *c)
{
	struct question q = {.types = {0}};
	struct writing to = {.call = c, .w = {.out = hf_req_buf(c->req)}};
	struct hf_err err;
	enum hf_rc rc;

	c->audit_type = hf_resource_find(HF_SV("Patient"));
	c->audit_id = hf_fhir_id_valid(c->arg[0]) ? c->arg[0] : HF_SV("");
	rc = parse(c, &q, &err);
	to.w.out->cap = HF_ANSWER_MAX;
	if (rc == HF_OK) {
		hf_fhir_bundle_open(&to.w, "searchset", -1);
		rc = hf_search_everything(c->reader, &q.q, c->arena, put, &to, &err);
	}
	if (rc) {
		hf_call_fail(c, &err);
		return;
	}
	if (to.n)
		hf_jw_arr_end(&to.w);
	/* Counted only now, so it stands behind the entries. */
	hf_jw_member(&to.w, "total");
	hf_jw_int(&to.w, to.n);
	hf_jw_obj_end(&to.w);
	c->audit_hits = to.n;
	hf_call_reply_buf(c, 200);
}
